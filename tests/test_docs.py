"""The documents are run: their examples, commands, tables and links cannot lag behind the code.

A fence of the documents says in its info string what is to be done with it:

- ``yaml base KIND``: a whole small file of that kind. It is in order, and examples stand in it.
- ``yaml good KIND``: some sections. They take the place of those of the base and are in order.
- ``yaml bad KIND``: likewise, and what is printed is the ``text`` fence that follows. The sections
  stand first in the file, so that lines and columns are those of the example as it is printed.
- ``yaml good KIND whole`` and ``yaml bad KIND whole``: a whole file, put into nothing.
- ``sh``: every line that begins with ``protoplan`` is run. After ``sh bad`` comes what it says.
- a ``text`` fence under a comment ``output of: COMMAND`` is what it prints.
- a line ``…`` stands for any lines that are left out.

The tutorial and the page on the record are stories: their fences are gone through in order in one
folder, empty at first.

- ``yaml file NAME``: the file is written there.
- ``yaml now NAME``: this is what stands in the file by now.
- ``yaml in NAME``: these sections are put into the protocol, in place of those of the same name.
- ``sh``: is run there; the last command of ``sh bad`` must be refused. A ``text`` fence after it is
  all that is printed.

Tables under a comment ``keys: NAME`` list the keys of the record that problems call by that name.
"""

import importlib
import pkgutil
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.conftest import ROOT, Ran, Run

from protoplan import reading
from protoplan.cli import main
from protoplan.problems import FINDINGS, PROBLEMS
from protoplan.reading.file import READERS
from protoplan.reading.shapes import REQUIRED, ListOf, OneOf, PairsOf, Record
from protoplan.reading.values import Amount

README = ROOT / "README.md"
PROTOCOL_FILES = ROOT / "docs" / "protocol-files.md"
TREATMENT_FILES = ROOT / "docs" / "treatment-files.md"
LANGUAGE = (PROTOCOL_FILES, TREATMENT_FILES)
CALENDARS = ROOT / "docs" / "calendars.md"
STATUS = ROOT / "docs" / "status.md"
BAGS = ROOT / "docs" / "bags.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"
RECORD = ROOT / "docs" / "record.md"
STORIES = (TUTORIAL, RECORD)
DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))

#: Kind of file, the name that an example of it is given, and the command that looks at it.
KINDS = {
    "protocol": ("my-protocol.yaml", "check"),
    "fragment": ("my-fragment.yaml", "check"),
    "formulary": ("vincristine.yaml", "check"),
    "catalogue": ("my-catalogue.yaml", "check"),
    "policy": ("my-policy.yaml", "check"),
    "treatment": ("my-treatment.yaml", "check"),
    "case": ("my-cases.yaml", "test"),
}

CUT = "…"


# -- what stands in the documents ------------------------------------------------------------------


@attrs.frozen
class Fence:
    """A fenced block.

    Attributes:
        words: Its info string.
        above: The line above it.
    """

    path: Path
    line: int
    words: tuple[str, ...]
    above: str
    body: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


def fences_of(path: Path) -> Iterator[Fence]:
    """Every fenced block of a document, in order."""
    lines = path.read_text("utf-8").split("\n")
    opened: int | None = None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = number
            continue
        words = tuple(lines[opened][3:].split())
        body = "".join(f"{row}\n" for row in lines[opened + 1 : number])
        yield Fence(path, opened + 1, words, lines[opened - 1], body)
        opened = None


def prose_of(path: Path) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"(?ms)^```.*?^```$", "", path.read_text("utf-8"))


FENCES = tuple(fence for path in DOCUMENTS if path not in STORIES for fence in fences_of(path))
NEXT = dict(zip(FENCES, (*FENCES[1:], None), strict=True))
BASES = {fence.words[2]: fence.body for fence in FENCES if fence.words[:2] in {("yaml", "base")}}


def fences(*words: str) -> list[Any]:
    """Those whose info string begins with *words*, as parameters with readable names."""
    chosen = [fence for fence in FENCES if fence.words[: len(words)] == words]
    return [pytest.param(fence, id=str(fence)) for fence in chosen]


def said_after(fence: Fence) -> str:
    """The text that a bad example is followed by."""
    following = NEXT[fence]
    assert following is not None and following.words == ("text",), f"no text after {fence}"
    return following.body


def tables_of(path: Path, about: str) -> dict[str, list[list[str]]]:
    """The cells of each table under a comment ``about: NAME``, by name, without its heading."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in path.read_text("utf-8").split("\n"):
        marked = re.fullmatch(rf"<!-- {about}: (.+) -->", line)
        if marked:
            rows = found.setdefault(marked[1], [])
        elif line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif line:
            rows = []
    return {name: table[2:] for name, table in found.items()}


def is_shown(fence: Fence, printed: str) -> bool:
    """Whether a fence shows what is printed; lines with an ellipsis stand for any others."""
    shown = "(?:.*\n)?".join(map(re.escape, fence.body.split(f"{CUT}\n")))
    return re.fullmatch(shown, printed, re.DOTALL) is not None


def ticked(text: str) -> list[str]:
    """The words that stand in backticks."""
    return re.findall(r"`([^`]+)`", text)


# -- examples --------------------------------------------------------------------------------------


def sections_of(text: str) -> dict[str, str]:
    """The parts of a file by the key that each begins with."""
    parts = re.split(r"(?m)^(?=[a-z_]+:)", text)
    return {part.partition(":")[0]: part for part in parts if re.match("[a-z_]+:", part)}


def placed(fence: Fence) -> str:
    """The file that an example makes: its own sections first, then those of the base it lacks."""
    kind, *whole = fence.words[2:]
    if whole:
        return fence.body
    own, rest = sections_of(fence.body), sections_of(BASES[kind])
    return fence.body + "".join(text for key, text in rest.items() if key not in own)


@pytest.fixture
def looked_at(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Fence, str], Ran]:
    """Write an example into an empty folder and look at it there."""

    def look(fence: Fence, text: str) -> Ran:
        name, command = KINDS[fence.words[2]]
        monkeypatch.chdir(tmp_path)
        (tmp_path / name).write_text(text, "utf-8")
        return run(command, name)

    return look


Look = Callable[[Fence, str], Ran]


@pytest.mark.parametrize("fence", fences("yaml", "base"))
def test_each_base_is_in_order(looked_at: Look, fence: Fence) -> None:
    ran = looked_at(fence, fence.body)

    assert (0, "") == (ran.code, ran.err), ran.out


def test_there_is_one_base_for_each_kind_of_file() -> None:
    found = [fence.words[2] for fence in FENCES if fence.words[:2] == ("yaml", "base")]

    assert sorted(KINDS) == sorted(found)


@pytest.mark.parametrize("fence", fences("yaml", "good"))
def test_good_examples_are_in_order(looked_at: Look, fence: Fence) -> None:
    ran = looked_at(fence, placed(fence))

    assert (0, "") == (ran.code, ran.err), ran.out


@pytest.mark.parametrize("fence", fences("yaml", "bad"))
def test_bad_examples_say_what_follows_them(looked_at: Look, fence: Fence) -> None:
    ran = looked_at(fence, placed(fence))

    assert said_after(fence) == ran.out + ran.err
    assert ran.code in {1, 3}


def test_every_yaml_fence_of_the_language_is_run() -> None:
    written = [fence for fence in FENCES if fence.path in LANGUAGE and "yaml" in fence.words]

    strange = [str(f) for f in written if f.words[1:2] not in {("base",), ("good",), ("bad",)}]

    assert [] == strange


@pytest.mark.parametrize("path", LANGUAGE, ids=lambda path: path.name)
def test_every_section_with_a_good_example_has_a_bad_one(path: Path) -> None:
    sections = re.split(r"(?m)^## ", path.read_text("utf-8"))

    lacking = [
        section.partition("\n")[0]
        for section in sections
        if ("\n```yaml good" in section) != ("\n```yaml bad" in section)
    ]

    assert [] == lacking


# -- commands --------------------------------------------------------------------------------------


def commands_of(fence: Fence) -> list[list[str]]:
    """The arguments of each ``protoplan`` line; a line that ends in a backslash goes on."""
    lines = fence.body.replace("\\\n", " ").split("\n")
    return [shlex.split(line)[1:] for line in lines if line.startswith("protoplan ")]


def shells() -> list[Any]:
    """Fences with a command, but for those that are to go wrong."""
    chosen = [fence for fence in FENCES if fence.words in {(), ("sh",)} and commands_of(fence)]
    return [pytest.param(fence, id=str(fence)) for fence in chosen]


@pytest.mark.parametrize("fence", shells())
def test_commands_run(run: Run, fence: Fence) -> None:
    went_wrong = [
        (command, ran.code, ran.err)
        for command in commands_of(fence)
        if (ran := run(*command)).code not in {0, 4, 5, 6}
    ]

    assert [] == went_wrong


@pytest.mark.parametrize("fence", fences("sh", "bad"))
def test_bad_commands_say_what_follows_them(run: Run, fence: Fence) -> None:
    ran = run(*commands_of(fence)[0])

    assert (2, "", said_after(fence)) == (ran.code, ran.out, ran.err)


def outputs() -> list[Any]:
    """Fences that show what a command prints, with the command."""
    found = [
        (fence, marked[1].strip())
        for fence in FENCES
        if (marked := re.fullmatch(r"<!-- output of: protoplan ([^,]+)(,.*)? -->", fence.above))
    ]
    return [pytest.param(fence, command, id=str(fence)) for fence, command in found]


def test_the_readme_shows_the_plan_of_the_first_sample() -> None:
    shown = [param.values[1] for param in outputs() if param.values[0].path == README]

    assert ["plan examples/sample-a.yaml"] == shown


@pytest.mark.parametrize(("fence", "command"), outputs())
def test_output_that_is_shown_is_what_is_printed(run: Run, fence: Fence, command: str) -> None:
    ran = run(*shlex.split(command))

    assert fence.body.strip(f"{CUT}\n") != ""
    assert is_shown(fence, ran.out), f"{fence} is not what is printed:\n{ran.out}{ran.err}"


def test_the_readme_lists_every_command() -> None:
    rows = re.findall(r"(?m)^\| `protoplan ([a-z]+)", README.read_text("utf-8"))

    assert sorted(main.commands) == sorted(rows)


@pytest.mark.parametrize("path", [README, TREATMENT_FILES], ids=lambda path: path.name)
def test_every_exit_code_is_listed(path: Path) -> None:
    rows = re.findall(r"(?m)^\| ([0-9]) \|", path.read_text("utf-8"))

    assert list("0123456") == rows


def test_every_flag_is_described() -> None:
    below = [one for top in main.commands.values() for one in getattr(top, "commands", {}).values()]
    options = [option for command in (*main.commands.values(), *below) for option in command.params]
    flags = {flag for option in options for flag in option.opts if flag.startswith("--")}
    prose = " ".join(
        word
        for path in (*LANGUAGE, CALENDARS, RECORD, STATUS, BAGS)
        for word in ticked(prose_of(path))
    )

    assert set() == flags - set(re.findall(r"--[a-z-]+", prose))


# -- stories ---------------------------------------------------------------------------------------


def put_in(path: Path, body: str) -> None:
    """Put sections into a protocol, in the order of the language."""
    order = ["format", *RECORDS["protocol"][0].fields]
    sections = sections_of(path.read_text("utf-8")) | sections_of(f"{body}\n")
    path.write_text("".join(sections[key] for key in sorted(sections, key=order.index)), "utf-8")


def as_it_is_told(run: Run, told: Fence) -> str:
    """Run the commands of a fence; what they print."""
    ran = [run(*command) for command in commands_of(told)]
    refused = [one.code in {1, 2, 3} for one in ran]

    assert ran != [], f"{told} runs nothing"
    assert [*[False] * (len(ran) - 1), "bad" in told.words] == refused, f"{told}: {ran}"
    return "".join(one.out + one.err for one in ran)


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.name)
def test_a_story_goes_as_it_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    printed: str | None = None
    for told in fences_of(story):
        match told.words:
            case ("yaml", "file", name):
                (tmp_path / name).write_text(f"{told.body}\n", "utf-8")
            case ("yaml", "now", name):
                assert is_shown(told, (tmp_path / name).read_text("utf-8")), f"{told} is not it"
            case ("yaml", "in", name):
                put_in(tmp_path / name, told.body)
            case ("sh",) | ("sh", "bad"):
                printed = as_it_is_told(run, told)
            case ("text",):
                assert printed is not None and is_shown(told, printed), (
                    f"{told} is not what is printed:\n{printed}"
                )
            case strange:
                pytest.fail(f"{told} has the words {strange}")


# -- tables ----------------------------------------------------------------------------------------


def records() -> dict[str, list[Record[Any]]]:
    """Every record of the language by what problems call it; the forms of a condition are one."""
    found: dict[str, list[Record[Any]]] = {}
    for module in pkgutil.iter_modules(reading.__path__, "protoplan.reading."):
        for value in vars(importlib.import_module(module.name)).values():
            for part in value.values() if isinstance(value, dict) else (value,):
                if isinstance(part, Record) and part not in found.get(part.calls, []):
                    found.setdefault(part.calls, []).append(part)
    return found


RECORDS = records()
KEYS = {name: table for path in LANGUAGE for name, table in tables_of(path, "keys").items()}


def test_every_record_has_a_table_of_keys() -> None:
    assert sorted(RECORDS) == sorted(KEYS)


@pytest.mark.parametrize("calls", sorted(RECORDS))
def test_tables_hold_the_keys_and_say_which_must_be_there(calls: str) -> None:
    forms = RECORDS[calls]
    expected = {
        key: all(key in form.fields and form.fields[key].default is REQUIRED for form in forms)
        for form in forms
        for key in form.fields
    }

    written = {key: row[-1] == "yes" for row in KEYS.get(calls, []) for key in ticked(row[0])}

    assert expected == written


@pytest.mark.parametrize("calls", sorted(RECORDS))
def test_tables_name_the_figures_that_can_be_marked(calls: str) -> None:
    shapes: list[Any] = [
        form.fields["assumed"].shape for form in RECORDS[calls] if "assumed" in form.fields
    ]
    names = {name for shape in shapes for name in shape.key.names}

    written = {
        word for row in KEYS.get(calls, []) if "`assumed`" in row[0] for word in ticked(row[1])
    }

    assert names == written - {"source", "assumed", "borrowed"}


def shapes_in(shape: Any) -> Iterator[Any]:
    """A shape and those it is made of."""
    yield shape
    if isinstance(shape, ListOf):
        yield from shapes_in(shape.item)
    elif isinstance(shape, PairsOf):
        yield from (*shapes_in(shape.key), *shapes_in(shape.value))


def test_every_word_and_unit_that_may_stand_in_a_file_is_named() -> None:
    fields = [
        field for forms in RECORDS.values() for form in forms for field in form.fields.values()
    ]
    shapes = [shape for field in fields for shape in shapes_in(field.shape)]
    words = {word for shape in shapes if isinstance(shape, OneOf) for word in shape.words}
    units = {unit for shape in shapes if isinstance(shape, Amount) for unit in shape.units}
    written = {word for path in LANGUAGE for word in ticked(prose_of(path))}

    assert set() == (words | units) - written


def test_every_format_line_is_named() -> None:
    written = {word for path in LANGUAGE for word in ticked(prose_of(path))}

    assert set() == {f"format: {line}" for line in READERS} - written


@pytest.mark.parametrize(
    ("path", "about", "codes"),
    [(PROTOCOL_FILES, "problems", PROBLEMS), (TREATMENT_FILES, "findings", FINDINGS)],
    ids=["problems", "findings"],
)
def test_every_code_is_listed(path: Path, about: str, codes: dict[str, str]) -> None:
    rows = tables_of(path, "codes")[about]

    assert codes == {code.strip("`"): meaning for code, meaning in rows}


# -- links -----------------------------------------------------------------------------------------


def anchors_of(path: Path) -> set[str]:
    """The anchors of a document's headings, as forges make them."""
    headings = re.findall(r"(?m)^#+ (.+)$", prose_of(path))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", prose_of(path))
    broken = []
    for link in links:
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if "://" in link or link.startswith("mailto:"):
            continue
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)

    assert [] == broken
