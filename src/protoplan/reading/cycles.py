"""Shapes of cycles: kinds, phases, and the words that say in which cycles something is given.

PP304: a kind of cycle, a label or a component that the protocol does not have.

Good: `in: odd` with `odd:` under `kinds:`.
Bad: `in: ood`, in which nothing would ever be given.
"""

import re
from itertools import islice
from typing import Any

import attrs

from protoplan.model.component import Where
from protoplan.model.protocol import Kind, Phase
from protoplan.reading.conditions import condition
from protoplan.reading.shapes import Field, ListOf, Log, PairsOf, Record, Word, text
from protoplan.reading.tree import Node, Scalar, Sequence
from protoplan.reading.values import (
    Whole,
    grounded,
    grounds_fields,
    in_days,
    must_ground,
    name,
    option_name,
    span,
)
from protoplan.source import Grounds

cycle_name = Word("cycle", "kind of cycle or label", "PP304")
kind_name = Word("kind", "kind of cycle", "PP304")


#: The most cycles of a phase.
MOST_CYCLES = 100

#: The most labels of a list. A range stands for up to 1,000, so that a file could name a million.
MOST_LABELS = 1000


def labels_of(written: str) -> list[str]:
    """The labels that a key of ``cycles`` or a part of ``in`` stands for: ``5-8`` is 5, 6, 7, 8."""
    found = re.fullmatch(r"([0-9]{1,3})-([0-9]{1,3})", written)
    if not found or int(found[2]) < int(found[1]):
        return [written]
    return [str(label) for label in range(int(found[1]), int(found[2]) + 1)]


def where(node: Node, log: Log) -> Where:
    """Kinds of cycle or labels: ``odd``, ``[1, 3]``, ``first blinatumomab``."""
    if isinstance(node, Scalar):
        found = re.fullmatch(r"(first|later) (.+)", text(node, log))
        if found:
            name = cycle_name(Scalar(found[2], node.line, node.column), log)
            return Where((name,), found[1], log.place(node))
    entries = node.items if isinstance(node, Sequence) else (node,)
    if not entries:
        raise log.refuse("PP203", "a list of cycles was expected, and it is empty", node)
    written: list[Scalar] = []
    for entry in entries:
        labels = labels_of(text(entry, log))
        if len(written) + len(labels) > MOST_LABELS:
            message = f"a list of more than {MOST_LABELS:,} cycles stands here"
            raise log.refuse("PP106", message, node)
        written += [Scalar(label, entry.line, entry.column) for label in labels]
    return Where(ListOf(cycle_name)(Sequence(tuple(written), 0, 0), log), None, log.place(node))


def range_in_days(node: Node, log: Log) -> tuple[int, int]:
    """The fewest and the most days."""
    ends = ListOf(in_days)(node, log)
    if len(ends) != 2 or not 0 < ends[0] < ends[1]:
        message = "a shorter and a longer length are needed here, such as [21 days, 28 days]"
        raise log.refuse("PP209", message, node)
    return ends[0], ends[1]


def _kind_rule(values: dict[str, Any]) -> str | None:
    length, between = values["length"], values["between"]
    if between is not None:
        days = length.count * {"days": 1, "weeks": 7}.get(length.unit, 0)
        if not between[0] <= days <= between[1]:
            return f"has the length {length}, which does not lie between its own bounds"
    return must_ground("length")(values)


KIND = Record(grounded(Kind), "kind of cycle", {
    "title": Field(text, None),
    "length": Field(span),
    "between": Field(range_in_days, None),
    **grounds_fields(("length", "between")),
}, _kind_rule)  # fmt: skip


def cycles(node: Node, log: Log) -> tuple[tuple[str | None, str], ...]:
    """Labels and kinds as ``{1: odd, 5-8: blinatumomab}``, or kinds alone as a list."""
    if isinstance(node, Sequence):
        return tuple((None, kind) for kind in ListOf(kind_name)(node, log))
    found = PairsOf(name, kind_name)(node, log)
    pairs = ((label, kind) for key, kind in found for label in labels_of(key))
    return tuple(islice(pairs, MOST_CYCLES + 1))  # one more than is allowed tells of all


@attrs.frozen
class _BeginsAfter:
    option: str | None = None
    because: str | None = None
    grounds: Grounds | None = None
    at: Any = None


_UP_TO = Record(lambda option, at: option, "up_to", {"option": Field(option_name)})

_BEGINS_AFTER = Record(grounded(_BeginsAfter), "begins_after", {
    "option": Field(option_name),
    "because": Field(text),
    **grounds_fields(("option",)),
}, must_ground("option"))  # fmt: skip


def _phase(prefix: str | None, times: int, cycles: Any, begins_after: Any, **rest: Any) -> Phase:
    kinds = cycles * times
    if prefix is not None:
        kinds = tuple((f"{prefix}{number}", kind) for number, (_, kind) in enumerate(kinds, 1))
    early = begins_after or _BeginsAfter()
    return Phase(
        cycles=kinds,
        begins_after=early.option,
        because=early.because,
        allowed=early.grounds,
        **rest,
    )


def _phase_rule(values: dict[str, Any]) -> str | None:
    labelled = [label is not None for label, _ in values["cycles"]]
    if not labelled:
        return "has no cycles"
    if len(labelled) * values["times"] > MOST_CYCLES:
        return f"has more than {MOST_CYCLES} cycles"
    if all(labelled) and (values["prefix"] is not None or values["times"] != 1):
        return "labels its cycles; 'prefix' and 'times' go with a list of kinds"
    if not any(labelled) and values["prefix"] is None:
        return "lists kinds of cycle and needs a 'prefix' for their labels"
    return must_ground("cycles")(values)


PHASE = Record(grounded(_phase), "phase", {
    "name": Field(text),
    "when": Field(condition, None),
    "cycles": Field(cycles),
    "prefix": Field(name, None),
    "times": Field(Whole(1, 100), 1),
    "up_to": Field(_UP_TO, None),
    "begins_after": Field(_BEGINS_AFTER, None),
    **grounds_fields(("cycles",)),
}, _phase_rule)  # fmt: skip
