"""Whatever happens while a command writes, its file is the old one or the new one, whole (H33).

Every command that writes is killed at each line of the module that writes, on disks with and without
second names for files; it meets a full disk and a folder that may only be read; and it runs against
another of its kind. `tests/faults.py` does that in a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import attrs
import click
import pytest
from tests.conftest import ROOT
from tests.faults import CASES, OLD, mark

from protoplan import library
from protoplan.cli import main

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are divided by fork")

TREATMENT = """\
format: protoplan-treatment/1
id: made-up
patient: {label: made up, age: 45}
protocol: ./minimal.yaml
start: 2026-03-02
measurements:
  - {date: 2026-03-01, height: 175 cm, weight: 70 kg}
labs:
  - {date: 2026-03-01, bilirubin: 0.6 mg/dL}
medicines: none
earlier_exposure: none
"""
QUICK = ["--height", "175cm", "--weight", "70kg", "--age", "45", "--start", "2026-03-02"]

#: Each command that writes, with the file that it writes into the folder ``out``.
COMMANDS: dict[str, tuple[list[str], str]] = {
    "list": (["list"], "list.txt"),
    "show": (["show", "./minimal.yaml"], "show.txt"),
    "plan": (["plan", "t.yaml"], "plan.txt"),
    "plan as JSON": (["plan", "t.yaml", "--format", "json"], "plan.json"),
    "plan as CSV": (["plan", "t.yaml", "--format", "csv"], "plan.csv"),
    "explain": (["explain", "t.yaml"], "explain.txt"),
    "cumulative": (["cumulative", "vincristine", "t.yaml"], "sum.txt"),
    "bags": (
        ["bags", "blinatumomab", *QUICK, "--option", "indication=relapsed or refractory"],
        "bags.txt",
    ),
    "diff": (["diff", "t.yaml", "u.yaml"], "diff.txt"),
    "compare": (["compare", "flag", "flag-ida"], "compare.txt"),
    "status": (["status", "t.yaml"], "status.txt"),
    "ics": (["ics", "t.yaml", "--draft"], "days.ics"),
    "calendar": (["calendar", "t.yaml"], "calendar.html"),
    "calendar as PDF": (["calendar", "t.yaml"], "calendar.pdf"),
    "new protocol": (["new", "protocol", "mine"], "mine.yaml"),
}
STAND = ("minimal.yaml", "t.yaml")
RECORD = ["record", "out/t.yaml", "started", "1", "--date", "2026-03-02"]


def writing(command: str) -> list[str]:
    arguments, name = COMMANDS[command]
    return [*arguments, "--output", f"out/{name}"]


def folder(path: Path) -> Path:
    """A folder in which the commands find what they read."""
    (path / "out").mkdir(parents=True)
    minimal = (ROOT / "tests/problems/minimal.yaml").read_text("utf-8")
    for here in (path, path / "out"):
        (here / "minimal.yaml").write_text(minimal, "utf-8")
    (path / "t.yaml").write_text(TREATMENT, "utf-8")
    (path / "u.yaml").write_text(TREATMENT.replace("2026-03-02", "2026-03-03"), "utf-8")
    (path / "out" / "t.yaml").write_text(TREATMENT, "utf-8")
    return path


def asked(here: Path, rows: Sequence[Mapping[str, Any]], *before: str) -> Any:
    """What `tests/faults.py` makes of commands, in the folder *here*."""
    places = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    ran = subprocess.run(
        [*before, sys.executable, "-m", "tests.faults", json.dumps(rows)],
        cwd=here,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (ran.returncode, ran.stderr)
    return json.loads(ran.stdout)


def at_once(*commands: list[str]) -> dict[str, Any]:
    return {"commands": commands}


@pytest.fixture
def here() -> Iterator[Path]:
    """Not pytest's own folder, into which nobody but its owner may go."""
    made = Path(mkdtemp(prefix="faults-"))
    made.chmod(0o755)
    yield folder(made / "work")
    shutil.rmtree(made)


@cache
def tried() -> Mapping[str, Any]:
    """Each command with its name, and what every case made of it."""
    made = Path(mkdtemp(prefix="faults-"))
    made.chmod(0o755)
    few = [case for case in CASES if "without links" not in case]
    rows = [
        {"command": writing(name), "cases": list(CASES) if name == "plan" else few}
        for name in COMMANDS
    ]
    rows.append({"command": RECORD, "cases": [case for case in few if "over another" not in case]})
    try:
        return dict(zip([*COMMANDS, "record"], asked(folder(made / "work"), rows), strict=True))
    finally:
        shutil.rmtree(made)


@attrs.frozen
class Left:
    """What a command left behind.

    Attributes:
        code: Its exit code, or the signal that ended it, below nought.
        file: The length of the file and what it hashes to; None where there is none.
        others: What else lies in the folder.
    """

    code: int
    said: str
    file: str | None
    others: tuple[str, ...]


def left(result: Mapping[str, Any], name: str, others: Sequence[str] = STAND) -> Left:
    files = dict(result["files"])
    file = files.pop(name, None)
    for other in others:
        assert files.pop(other), "a file that was none of the command's business"
    return Left(result["code"], result["said"], file, tuple(sorted(files)))


def of(command: str, case: str) -> list[Left]:
    """What each child left of a case."""
    if command == "record":
        return [left(one, "t.yaml", ("minimal.yaml",)) for one in tried()["record"][case]]
    return [left(one, COMMANDS[command][1]) for one in tried()[command][case]]


def test_every_command_that_writes_is_tried() -> None:
    def writers(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[str]:
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                yield from writers(command, (*names, name))
            elif any("--output" in param.opts for param in command.params):
                yield " ".join((*names, name))

    names = {command.partition(" as ")[0] for command in COMMANDS}

    assert names == set(writers(main))


CAN_WRITE_OVER = [(command, over) for command in COMMANDS for over in ("", ", over another")]
ALL = [*CAN_WRITE_OVER, ("record", "")]


def before(command: str, over: str) -> str | None:
    """What stood there before the command wrote."""
    return mark(TREATMENT.encode()) if command == "record" else mark(OLD) if over else None


@pytest.mark.parametrize(("command", "over"), ALL)
def test_a_command_that_is_killed_leaves_the_old_file_or_the_new_one(
    command: str, over: str
) -> None:
    """At each line of the module that writes, and on a disk without second names for files."""
    (whole,) = of(command, f"nothing{over}")
    name = "t.yaml" if command == "record" else COMMANDS[command][1]
    old = before(command, over)

    assert whole.code in (0, 5, 6), whole.said
    assert whole.file not in (None, old) and () == whole.others
    for how in ["killed", "killed without links"] if command == "plan" else ["killed"]:
        *dead, last = of(command, how + over)
        states = [one.file for one in dead]
        there = states.index(whole.file)

        assert len(dead) > 15 and {-9} == {one.code for one in dead}
        assert whole == last
        assert [old] * there + [whole.file] * (len(states) - there) == states
        for one in dead:
            assert (
                all(other.startswith(f".{name}.") for other in one.others) and len(one.others) < 2
            )


@pytest.mark.parametrize(("command", "over"), ALL)
def test_a_command_that_is_killed_amid_the_bytes_leaves_the_old_file(
    command: str, over: str
) -> None:
    (halved,) = of(command, f"killed amid the bytes{over}")

    assert (-9, before(command, over), 1) == (halved.code, halved.file, len(halved.others))


@pytest.mark.parametrize(("command", "over"), ALL)
def test_a_full_disk_and_a_folder_that_may_only_be_read_leave_what_was_there(
    command: str, over: str
) -> None:
    name = "t.yaml" if command == "record" else COMMANDS[command][1]
    old = before(command, over)

    (small,), (barred,) = of(command, f"small disk{over}"), of(command, f"read only{over}")

    assert Left(1, f"error: out/{name} cannot be written: File too large\n", old, ()) == small
    assert Left(1, f"error: out/{name} cannot be written: Permission denied\n", old, ()) == barred


def test_what_a_killed_command_left_is_never_read_as_data(tmp_path: Path) -> None:
    """Its name does not end as that of a data file does, whatever folder it lies in."""
    name = ".hyper-cvad.yaml.ab12cd34"
    known = {kind: library.ids(kind) for kind in library.FOLDERS}
    copy = tmp_path / "copy"
    for own in library.FOLDERS.values():
        shutil.copytree(library.root() / own, copy / own)
        (copy / own / name).write_text("format: protoplan-protocol/1\n", "utf-8")
    fragments = copy / library.FOLDERS["protocol"] / "fragments"
    (fragments / name).write_text("format: protoplan-fragment/1\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "root", lambda: copy)

        assert known == {kind: library.ids(kind) for kind in library.FOLDERS}
        assert name not in {f"{one}.yaml" for one in library.ids("protocol", "fragments")}


def mounted(here: Path, how: str, *rows: Mapping[str, Any]) -> Any:
    """The same on a disk of its own, where this machine lets one be made."""
    out = here / "out"
    script = 'mount -t tmpfs -o size=32k none "$1" && cp ./*.yaml "$1" && '
    script += f'{{ {how}; }} && shift && exec "$@"'
    probe = ["unshare", "--mount", "sh", "-c", script, "sh", str(out)]
    try:
        can = subprocess.run(
            [*probe, "true"], cwd=here, capture_output=True, check=False
        ).returncode
    except FileNotFoundError:
        can = 1
    if can != 0:
        pytest.skip("no disk can be made here")
    return asked(here, rows, *probe)


def test_a_disk_that_is_full_in_truth_leaves_what_was_there(here: Path) -> None:
    """As large as a few blocks, and none of them free."""
    rows = [at_once(writing("plan as JSON")), at_once(RECORD)]
    fill = 'head -c 100000 /dev/zero > "$1/full" 2>/dev/null || true'

    planned, kept = mounted(here, fill, *rows)

    assert [1] == planned["codes"] == kept["codes"]
    assert ["error: out/plan.json cannot be written: No space left on device\n"] == planned["said"]
    assert ["error: out/t.yaml cannot be written: No space left on device\n"] == kept["said"]
    assert {"full", "minimal.yaml", "t.yaml", "u.yaml"} == set(kept["files"])
    assert mark(TREATMENT.encode()) == kept["files"]["t.yaml"]


def test_a_disk_that_may_only_be_read_leaves_what_was_there(here: Path) -> None:
    rows = [at_once(writing("plan")), at_once(RECORD)]

    planned, kept = mounted(here, 'mount -o remount,ro "$1"', *rows)

    said = "cannot be written: Read-only file system\n"
    assert [1] == planned["codes"] == kept["codes"]
    assert [f"error: out/plan.txt {said}"] == planned["said"]
    assert kept["said"][0].startswith("error: out/t.yaml cannot be written: ")
    assert {"minimal.yaml", "t.yaml", "u.yaml"} == set(kept["files"])
    assert mark(TREATMENT.encode()) == kept["files"]["t.yaml"]


def test_of_writers_at_once_one_writes_and_the_others_are_told(here: Path) -> None:
    """Plans of two treatments under one name, as text and as data."""
    commands = [
        ["plan", f"{name}.yaml", "--format", form, "--output", "out/plan.txt"]
        for name in ("t", "u")
        for form in ("text", "json")
    ]

    (found,) = asked(here, [at_once(*commands)])

    there = "error: out/plan.txt exists and is not overwritten; give --force to overwrite it\n"
    assert [0] + [1] * 3 == sorted(found["codes"])
    assert [""] + [there] * 3 == sorted(found["said"])
    assert {"plan.txt", *STAND} == set(found["files"])
    alone = asked(here, [at_once([*command, "--force"]) for command in commands])
    wholes = [one["files"]["plan.txt"] for one in alone]
    assert found["files"]["plan.txt"] == wholes[found["codes"].index(0)]


def test_of_writers_at_once_over_another_file_each_writes_a_whole_one(here: Path) -> None:
    """Nor does a reader ever see another."""
    commands = [
        ["plan", f"{name}.yaml", "--format", form, "--output", "out/plan.txt", "--force"]
        for name in ("t", "u")
        for form in ("text", "json")
    ]
    alone = asked(here, [at_once(command) for command in commands])
    wholes = {one["files"]["plan.txt"] for one in alone}

    (found,) = asked(here, [at_once(*commands)])

    assert ([0] * 4, [""] * 4) == (found["codes"], found["said"])
    stood = {found["files"][name] for name in STAND}
    assert found["files"]["plan.txt"] in wholes and set(found["seen"]) <= wholes | stood
    assert {"plan.txt", *STAND} == set(found["files"])
