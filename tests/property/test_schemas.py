"""Shipped files, harmed at random: the schema never refuses what the reader takes.

And it refuses what the reader refuses for its structure, whether scalars stand in quotes or not,
but for what `UNSEEN` names.
"""

import random
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.editor import parsed, validator
from tests.test_schemas import SHIPPED, STRUCTURE

from protoplan import api
from protoplan.problems import Problem
from protoplan.quantity import NotAnAmount, parse, pattern
from protoplan.reading.file import READERS
from protoplan.reading.shapes import Log, Refused
from protoplan.reading.tree import Mapping, Node, Scalar, Sequence, compose

#: From each file a sample is taken, the same at every run; small files are harmed as often.
SAMPLE = 40
LARGE, SAMPLE_OF_LARGE = 300, 12

#: What stands in place of a value.
OTHER = (
    "", "zzz", "0", "1", "-1", "3", "01", "1.5", "1e3", "100000", "true", "False", "none",
    "5 mg", "5mg", " 5  mg ", "5 mgs", "5 mg/m2", "5 mg/day", "5 mL", "1,4 mg", ".5 mg", "5.0 mg",
    "5 percent", "5 %", "24 h", "90 min", "2 m2", "7 days", "1 week", "0 days", "28  days",
    "1-3", "1 - 3", "3-1", "every day", "first odd", "+3", "IV", "mosteller", "rituximab",
    "2026-03-02", "2026-13-02", "1800-01-01", "10:00", "24:00", "a b", "x" * 90,
)  # fmt: skip

#: Faults of structure that a schema does not see: what the reader says of them, and why.
UNSEEN = {
    "^'[+]3' is not a (name|number)": "an editor makes the number 3 of it, which is one",
    "^'1e3' is not a number": "an editor makes the number 1000 of it, which is one",
    "^'01' is not a number": "an editor makes the number 1 of it, which is one",
    "^answer 'False' is not known": "an editor makes the truth value of it, which is one",
}


def nodes_of(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Every node with the way to it."""
    yield path, node
    children = (
        [value for _, value in node.items] if isinstance(node, Mapping)
        else node.items if isinstance(node, Sequence) else ()
    )  # fmt: skip
    for number, child in enumerate(children):
        yield from nodes_of(child, (*path, number))


def with_items(node: Mapping | Sequence, items: list[Any]) -> Node:
    return type(node)(tuple(items), node.line, node.column)


def put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    """The tree with *new* at *path*."""
    if not path:
        return new
    assert not isinstance(node, Scalar)
    first, *rest = path
    items: list[Any] = list(node.items)
    if isinstance(node, Mapping):
        items[first] = (items[first][0], put(items[first][1], tuple(rest), new))
    else:
        items[first] = put(items[first], tuple(rest), new)
    return with_items(node, items)


def harmed(node: Node, chance: random.Random) -> Node:
    """What one slip makes of a node."""
    at = {"line": node.line, "column": node.column}
    wrapped: list[Node] = [
        Sequence((node,), **at),
        Mapping(((Scalar("about", **at), node),), **at),
        Scalar(chance.choice(OTHER), **at),
    ]
    if isinstance(node, Scalar):
        same: list[Node] = [Scalar(chance.choice(OTHER), **at) for _ in range(6)]
        return chance.choice([*wrapped, *same, Scalar(f"{node.text}x", **at)])
    items: list[Any] = list(node.items)
    if not items:
        return chance.choice(wrapped)
    which = chance.randrange(len(items))
    less = with_items(node, items[:which] + items[which + 1 :])
    if isinstance(node, Sequence):
        more = with_items(node, [*items, items[which]])
        one: Node = items[which]
        return chance.choice([*wrapped, less, less, more, one, Sequence((), **at)])
    key, value = items[which]
    items[which] = (Scalar(chance.choice([f"{key.text}x", "when", "note", "2"]), **at), value)
    renamed = with_items(node, items)
    return chance.choice([*wrapped, less, less, less, renamed, renamed, Mapping((), **at)])


def view(node: Node, *, quoted: bool) -> Any:
    """What an editor sees, with every scalar in quotes or none."""
    if isinstance(node, Mapping):
        return {key.text: view(value, quoted=quoted) for key, value in node.items}
    if isinstance(node, Sequence):
        return [view(item, quoted=quoted) for item in node.items]
    return node.text if quoted else parsed(node.text.strip())


def problems_of(node: Node, kind: str) -> list[Problem]:
    """What the reader says; it is chosen by the format line, which is left as it is."""
    module, function = next(row for row in READERS.values() if row[0] == kind)
    words = {key: frozenset(value) for key, value in api.vocabularies().items()}
    log = Log("harmed.yaml", words, [])
    try:
        getattr(import_module(f"protoplan.reading.{module}"), function)(node, log, "")
    except Refused:
        assert log.problems
    return log.problems


def unseen(problem: Problem) -> bool:
    return any(re.search(said, problem.message) for said in UNSEEN)


def disagreements(path: Path, kind: str, fits: Callable[[Any], bool]) -> list[Any]:
    """Where the reader and *fits* say different things of a file that was harmed."""
    whole = compose(path.read_text("utf-8"), path.name, [])
    places = dict(nodes_of(whole))
    del places[()], places[0,]  # the format line chooses the reader
    chance = random.Random(path.name)
    found = []
    for _ in range(SAMPLE if len(places) < LARGE else SAMPLE_OF_LARGE):
        way, old = chance.choice(list(places.items()))
        new = harmed(old, chance)
        tree = put(whole, way, new)
        problems = problems_of(tree, kind)
        structure = [p for p in problems if p.code in STRUCTURE and not unseen(p)]
        if problems and not structure:
            continue
        for quoted in (False, True):
            row = (way, quoted, view(new, quoted=True), [str(p) for p in problems])
            found += [row] if fits(view(tree, quoted=quoted)) == bool(structure) else []
    return found


@pytest.mark.parametrize(("path", "kind"), SHIPPED)
def test_schema_and_reader_agree_on_harmed_files(path: Path, kind: str) -> None:
    assert [] == disagreements(path, kind, validator(kind).is_valid)


@pytest.mark.parametrize("verdict", [True, False])
def test_a_schema_that_takes_all_or_nothing_would_be_found_out(verdict: bool) -> None:
    found = disagreements(
        ROOT / "formulary" / "vincristine.yaml", "formulary", lambda data: verdict
    )

    assert len(found) > 20


@pytest.mark.parametrize("allowed", [(), ("mg", "mcg", "mg/m2"), ("percent",), ("10^9/L", "/uL")])
@given(text=st.from_regex(r"[0-9]{0,3}[.,]?[0-9]{1,2} {0,2}(?:%|mc?g(?:/m2)?|percent|years?|10\^9/L|/[uµ]L|h|)", fullmatch=True))  # fmt: skip
def test_the_pattern_of_an_amount_is_what_is_read(allowed: tuple[str, ...], text: str) -> None:
    try:
        parse(text, allowed)
        read = True
    except NotAnAmount:
        read = False

    assert read == bool(re.fullmatch(pattern(allowed), text))
