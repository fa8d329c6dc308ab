"""Reads `docs/hazards.yaml`, finds what is broken in its chain, and makes `docs/hazards.md` of it.

``python -m tests.hazards``, or `make hazards`, writes the page anew.
"""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

import attrs
import yaml

ROOT = Path(__file__).parents[1]
REGISTER = ROOT / "docs" / "hazards.yaml"
PAGE = ROOT / "docs" / "hazards.md"

HEAD = """\
# Hazards

What can go wrong when a dose is planned, what holds it, and the tests that fail when that is taken
away. This page is made from [`hazards.yaml`](hazards.yaml) by `make hazards`; change it there.

| id | hazard | cause | control | tests | not held yet |
|---|---|---|---|---|---|
"""


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """A list of texts as it is kept."""
    return tuple(values)


@attrs.frozen
class Hazard:
    """One row.

    Attributes:
        control: What holds it, as ``FILE::NAME`` under ``src/``.
        tests: Those that fail without the control, as ``FILE::NAME`` under ``tests/``.
        lacking: What no control holds as yet.
    """

    id: str
    hazard: str
    cause: str
    control: tuple[str, ...] = attrs.field(converter=texts)
    tests: tuple[str, ...] = attrs.field(converter=texts)
    lacking: str = ""


@attrs.frozen
class Waiting:
    """Hazards of what does not exist yet."""

    ids: tuple[str, ...] = attrs.field(converter=texts)
    reason: str


@attrs.frozen
class Register:
    """The whole file."""

    hazards: tuple[Hazard, ...]
    waiting: Waiting


def read(text: str) -> Register:
    """Read the text of a register.

    Raises:
        TypeError: For a key that is not known, or is missing.
    """
    data = yaml.safe_load(text)
    rows = tuple(Hazard(**row) for row in data.pop("hazards"))
    return Register(rows, Waiting(**data.pop("waiting")), **data)


def broken(found: Register, named: Collection[str] = ()) -> Iterator[str]:
    """Each link of the chain that does not hold, in words.

    Args:
        found: The register.
        named: The ids that the checks of the finished plan name as theirs.
    """
    rows = [row.id for row in found.hazards]
    count = Counter([*rows, *found.waiting.ids])
    yield from (f"{id_} stands {times} times" for id_, times in count.items() if times > 1)
    numbers = range(1, max((int(id_.removeprefix("H")) for id_ in count), default=0) + 1)
    yield from (f"H{n:02} is neither held nor waiting" for n in numbers if f"H{n:02}" not in count)
    yield from (f"{id_} is named by a check and is no row" for id_ in sorted({*named} - {*rows}))
    for row in found.hazards:
        yield from (f"{row.id} has no {what}" for what in ("hazard", "cause", "control", "tests")
                    if not getattr(row, what))  # fmt: skip
        yield from (f"{row.id}: there is no {node}" for node in row.control
                    if not node.startswith("src/") or not _stands(node))  # fmt: skip
        yield from (f"{row.id}: there is no test {node}" for node in row.tests
                    if not node.startswith("tests/") or not _is_test(node))  # fmt: skip


def _is_test(node: str) -> bool:
    """Whether pytest would collect it: a test function of a test file."""
    file, _, name = node.partition("::")
    return Path(file).name.startswith("test_") and name.startswith("test_") and _stands(node)


def _stands(node: str) -> bool:
    """Whether a ``FILE::NAME`` is there."""
    file, _, name = node.partition("::")
    path = ROOT / file
    return path.is_file() and name in _names(path)


@cache
def _names(path: Path) -> frozenset[str]:
    """What a file defines at its top, and the methods of its classes as ``Class.method``."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            found |= {f"{node.name}.{method.name}" for method in methods}
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def page(found: Register) -> str:
    """The page that a register makes."""
    rows = "".join(_row(row) for row in found.hazards)
    ids, reason = ", ".join(found.waiting.ids), found.waiting.reason
    return f"{HEAD}{rows}\nWaiting are {ids}: {reason}.\n"


def _row(row: Hazard) -> str:
    cells = (row.id, row.hazard, row.cause, _links(row.control), _links(row.tests), row.lacking)
    return f"| {' | '.join(cells)} |\n"


def _links(nodes: tuple[str, ...]) -> str:
    """Links to the files, shown without the folder that all of them share."""
    shown = []
    for node in nodes:
        file, _, name = node.partition("::")
        short = file.removeprefix("src/protoplan/").removeprefix("tests/").removesuffix(".py")
        shown.append(f"[`{short}`](../{file}) `{name}`")
    return "<br>".join(shown)


if __name__ == "__main__":
    PAGE.write_text(page(read(REGISTER.read_text("utf-8"))), "utf-8")
