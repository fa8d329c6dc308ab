"""Shapes of what sources say twice and differently, and of what they leave out."""

from typing import Any

from protoplan.model.component import Days, Where
from protoplan.model.evidence import Contradiction, Reading, Silence, Touch
from protoplan.reading.conditions import condition
from protoplan.reading.cycles import where
from protoplan.reading.shapes import Field, ListOf, Log, Record, text
from protoplan.reading.tree import Mapping, Node
from protoplan.reading.values import citation, days


def _touch(drug: str, where: Where | None, days: Days | None, at: Any) -> Touch:
    numbers = [n for a, b in (days.runs if days else ()) for n in range(a, b + 1) if n]
    return Touch(drug, where.names if where else (), tuple(numbers))


def _touch_rule(values: dict[str, Any]) -> str | None:
    if values["where"] is not None and values["where"].only is not None:
        return "may be in kinds of cycle or labels, not in the first or the later of them"
    return None


_SAYS = Record(lambda value, source, at: Reading(value, source), "reading", {
    "value": Field(text),
    "source": Field(citation),
})  # fmt: skip

_TOUCH = Record(_touch, "touched doses", {
    "drug": Field(text),
    "in": Field(where, None, "where"),
    "days": Field(days, None),
}, _touch_rule)  # fmt: skip


def touch(node: Node, log: Log) -> Touch:
    """A drug, a drug and its route, or ``{drug: …, in: …, days: …}``."""
    return _TOUCH(node, log) if isinstance(node, Mapping) else Touch(text(node, log), (), ())


CONTRADICTION = Record(Contradiction, "contradiction", {
    "about": Field(text),
    "says": Field(ListOf(_SAYS)),
    "chosen": Field(text),
    "because": Field(text),
    "when": Field(condition, None),
    "touches": Field(ListOf(touch, single=True), ()),
}, lambda values: None if len(values["says"]) > 1 else "needs two readings at least")  # fmt: skip

SILENCE = Record(Silence, "silence", {
    "about": Field(text),
    "left": Field(text),
    "source": Field(citation),
})  # fmt: skip
