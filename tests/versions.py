"""Runs the tests with the lowest and with the highest versions that `pyproject.toml` allows.

``python -m tests.versions``, or `make versions`, keeps what came of it in `docs/evidence.md`; the
exit code is 1 where something failed. Each interpreter of `PYTHONS` that is here gets an environment
of its own for the lowest and for the highest versions of all runtime dependencies at once. With
``--each`` the oldest interpreter gets one more for each dependency, at its lowest while the others
are at their highest. uv resolves and installs; it must be in the environment of the interpreter that
runs this. With pyenv's shims, name every version for it: ``PYENV_VERSION=3.11.7:3.12.1:3.13.0 make
versions``; one that is not found is told as not run.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
from tests import evidence

ROOT = Path(__file__).parents[1]
PYTHONS: Final = ("3.11", "3.12", "3.13")

#: What is run with every set of versions: each library is used in earnest by some of these.
SELECTION: Final = (
    "tests/unit/planning/test_course.py",
    "tests/unit/planning/test_measures.py",
    "tests/unit/reading",
    "tests/unit/rendering",
    "tests/problems",
    "tests/test_cli.py::test_cases_hold[flag]",
    "tests/test_cli.py::test_cases_hold[pomp]",
    "tests/test_golden.py",
    "tests/test_ics.py",
    "tests/test_calendar.py",
)
#: Left out of it: what takes minutes and says nothing more of the libraries.
SHORT: Final = (
    "-k",
    "not whatever_the_environment"
    " and (not test_calendar.py or glyph or paper_is or (holds_all and bortezomib))",
)


def declared() -> dict[str, str]:
    """The runtime dependencies and those of the extra, by name, with their bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["pdf"]]
    return dict(split(line) for line in lines)


def split(line: str) -> tuple[str, str]:
    """The name and the bounds of a line such as ``attrs>=23.2,<27``."""
    name = re.match(r"[A-Za-z0-9._-]+", line)
    if name is None:
        raise ValueError(f"no name in '{line}'")
    return name[0], line[name.end() :].strip()


def lowest(bounds: str) -> str:
    """The lowest version that bounds allow, as it is written there.

    Raises:
        ValueError: If they have no lower bound.
    """
    found = re.search(r">=\s*([0-9][0-9A-Za-z.]*)", bounds)
    if found is None:
        raise ValueError(f"'{bounds}' has no lower bound")
    return found[1]


@attrs.frozen
class Trial:
    """One environment.

    Attributes:
        python: The version of the interpreter, such as ``3.12``.
        name: What is told of it.
        resolution: uv's word for which versions to take.
        held: Requirements that hold besides.
    """

    python: str
    name: str
    resolution: str
    held: tuple[str, ...]


def trials(pythons: Sequence[str], *, each: bool) -> Iterator[Trial]:
    """Every environment to be tried."""
    for python in pythons:
        yield Trial(python, "all lowest", "lowest-direct", ())
        yield Trial(python, "all highest", "highest", ())
    for name, bounds in declared().items() if each else ():
        yield Trial(pythons[0], f"only {name} lowest", "highest", (f"{name}=={lowest(bounds)}",))


def uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run uv, and say what it said."""
    command = [str(Path(sys.executable).parent / "uv"), "--quiet", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def interpreters() -> tuple[str, ...]:
    """Those of `PYTHONS` that are here; none is fetched."""
    here = [v for v in PYTHONS if not uv("python", "find", "--no-python-downloads", v).returncode]
    return tuple(here)


@attrs.frozen
class Tried:
    """What came of a trial.

    Attributes:
        installed: The versions of the runtime dependencies.
    """

    trial: Trial
    installed: Mapping[str, str]
    ran: evidence.Ran


def tried(trial: Trial, folder: Path) -> Tried:
    """Set an environment up and run the tests in it."""
    home, pins = folder / "environment", folder / "constraints.txt"
    python = str(home / "bin" / "python")
    held = folder / "held.txt"
    held.write_text("".join(f"{line}\n" for line in trial.held), "utf-8")
    steps = (
        ("venv", "--no-python-downloads", "--python", trial.python, str(home)),
        ("pip", "compile", "--no-header", "--no-annotate", "--extra", "pdf", "--resolution",
         trial.resolution, "--constraints", str(held), "--python", python,
         "--output-file", str(pins), "pyproject.toml"),
        ("pip", "install", "--python", python, "--constraints", str(pins), "--group", "test",
         "--editable", "."),
    )  # fmt: skip
    for step in steps:
        done = uv(*step)
        if done.returncode:
            said = " ".join(done.stderr.split())[-300:]
            return Tried(trial, {}, evidence.Ran({"passed": 0}, (f"not set up: {said}",)))
    ask = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    names = tuple(declared())
    asked = subprocess.run([python, "-c", ask, *names], capture_output=True, text=True, check=True)
    installed = dict(zip(names, asked.stdout.split(), strict=True))
    off = [
        f"{name} {installed[name]} is installed, not {lowest(bounds)}"
        for name, bounds in declared().items()
        if trial.name in ("all lowest", f"only {name} lowest")
        and not same(installed[name], lowest(bounds))
    ]
    if off:
        return Tried(trial, installed, evidence.Ran({"passed": 0}, tuple(off)))
    return Tried(trial, installed, evidence.run_pytest((*SELECTION, *SHORT), python))


def same(one: str, other: str) -> bool:
    """Whether two versions are one; zeros at their ends say nothing."""
    return re.sub(r"(\.0+)+$", "", one) == re.sub(r"(\.0+)+$", "", other)


def result(done: Sequence[Tried], made_with: Mapping[str, str]) -> evidence.Result:
    """What all trials came to.

    Args:
        made_with: The versions of protoplan and of uv.
    """
    failed: list[str] = []
    counts: dict[str, int | str] = {"environments": len(done)}
    versions = dict(made_with)
    for entry in done:
        name = f"Python {entry.trial.python}, {entry.trial.name}"
        for word in ("passed", "skipped"):
            counts[f"{name}: {word}"] = entry.ran.counts.get(word, 0)
        failed += [f"{name}: {said}" for said in entry.ran.failed]
        if entry.trial.name.startswith("all"):
            told = ", ".join(f"{lib} {number}" for lib, number in entry.installed.items())
            versions[name] = f"({told})"
    absent = [version for version in PYTHONS if version not in {one.trial.python for one in done}]
    limits = [
        f"A part of the suite is run: {', '.join(SELECTION)}, without what takes minutes.",
        "Versions between the lowest and the highest, and other mixtures of them.",
        "Other systems than Linux on x86-64.",
        *(f"Python {version}: it was not run." for version in absent),
    ]
    what = (
        "A part of the suite with the lowest and with the highest versions of the runtime "
        "dependencies that pyproject.toml allows."
    )
    outcome = "failed" if failed else "passed"
    return evidence.Result(
        what, "make versions", evidence.today(), versions, counts, outcome, failed, limits
    )


def main(flags: Sequence[str]) -> int:
    """Try everything, and keep what came of it."""
    made_with = evidence.versions_here("uv")  # before the run: the commit that is run
    del made_with["Python"]  # each trial has its own
    done = []
    for trial in trials(interpreters(), each="--each" in flags):
        sys.stderr.write(f"\n-- Python {trial.python}, {trial.name}\n")
        with tempfile.TemporaryDirectory() as folder:
            done.append(tried(trial, Path(folder)))
    found = result(done, made_with)
    evidence.keep("versions", found)
    sys.stderr.write("".join(f"{said}\n" for said in found.failed))
    return int(found.result != "passed")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
