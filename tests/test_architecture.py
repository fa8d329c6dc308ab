"""The rooms stand on each other as they should, and the start stays light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "protoplan"
ROOMS = ("reading", "checks", "planning", "comparing", "rendering")
#: Floats here are the likeness of words, not amounts.
LIKENESS = {"problems.py", "shapes.py", "values.py", "findings.py"}
GROUND = ("model", "problems", "source", "quantity")


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or inside its functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def room_of(module: str) -> str:
    """The first part below the package: a room, or a module at the top."""
    return module.split(".")[1] if module.startswith("protoplan.") else ""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_stands_on_itself_and_the_ground_alone(room: str) -> None:
    allowed = {room, *GROUND, ""}

    strangers = {
        f"{path.name} imports {name}"
        for path in (SOURCE / room).glob("*.py")
        for name in imports_of(path)
        if name.startswith("protoplan.") and room_of(name) not in allowed
    }

    assert set() == strangers


def test_the_model_stands_on_the_ground_alone() -> None:
    strangers = {
        f"{path.name} imports {name}"
        for path in (SOURCE / "model").glob("*.py")
        for name in imports_of(path)
        if name.startswith("protoplan.") and room_of(name) not in GROUND
    }

    assert set() == strangers


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("yaml", {"reading/tree.py"}),
        (
            "click",
            {
                "cli/__init__.py",
                "cli/shared.py",
                "cli/plans.py",
                "cli/records.py",
                "cli/files.py",
                "cli/bags.py",
                "cli/calendars.py",
                "cli/differences.py",
                "cli/sheets.py",
                "cli/standing.py",
            },
        ),
        ("typst", {"rendering/calendar_pdf.py"}),
        ("icalendar", {"rendering/ics.py"}),
        ("dateutil", {"planning/course.py"}),
    ],
)
def test_a_library_is_known_in_its_own_place_alone(library: str, homes: set[str]) -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in files()
        for name in imports_of(path)
        if name.split(".")[0] == library
    }

    assert users <= homes


def test_nothing_reads_the_clock_the_environment_or_chance() -> None:
    strangers = {
        f"{path.name} imports {name}"
        for path in files()
        for name in imports_of(path)
        if name.split(".")[0] in {"random", "secrets", "socket", "locale", "time", "uuid"}
        if name not in {"uuid", "uuid.UUID", "uuid.uuid5"}
    }
    calls = {
        f"{path.name}: {node.attr}"
        for path in files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"today", "now", "utcnow", "environ"}
    }

    assert (set(), set()) == (strangers, calls)


def test_no_amount_is_written_as_a_float() -> None:
    floats = {
        f"{path.name}:{node.lineno}"
        for path in files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
        if path.name not in LIKENESS
    }

    assert set() == floats


def test_modules_are_small() -> None:
    """About 300 lines; the ones above are lists of rows and stay so."""
    long = {
        path.relative_to(SOURCE).as_posix()
        for path in files()
        if len(path.read_text("utf-8").splitlines()) > 400
    }

    assert set() == long


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_the_light_flags_import_nothing_heavy(flag: str) -> None:
    code = (
        "import sys\n"
        "from protoplan.cli import main\n"
        "try:\n"
        f"    main(['{flag}'])\n"
        "finally:\n"
        "    heavy = [m for m in sys.modules if m.split('.')[0] in ('yaml', 'icalendar', 'attrs',"
        " 'attr', 'dateutil') or m.startswith(('protoplan.planning', 'protoplan.reading'))]\n"
        "    print(heavy, file=sys.stderr)\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]\n" == ran.stderr
