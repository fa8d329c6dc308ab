"""Shapes of conditions: small trees of questions about facts, labs, options and measures."""

from decimal import Decimal
from typing import Any

from protoplan.model.condition import All, Bounds, Condition, Not, Test
from protoplan.model.condition import Any as AnyOf
from protoplan.quantity import NotAnAmount, Quantity, number, parse
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    OneOf,
    Record,
    Refused,
    Shape,
    entries_of,
    text,
)
from protoplan.reading.tree import Node
from protoplan.reading.values import fact_name, lab_name, option_name

#: What is measured of a patient and changes with the days; an age is in completed years.
MEASURES = ("age",)

ASKS: dict[str, Shape[str]] = {
    "fact": fact_name,
    "lab": lab_name,
    "option": option_name,
    "measure": OneOf(MEASURES, "measure"),
}
BOUNDS = ("at_least", "above", "below", "at_most")


def condition(node: Node, log: Log) -> Condition:
    """A condition: ``{fact: …, is: …}``, ``{lab: …, at_most: …}``, ``all``, ``any`` or ``not``."""
    keys = [key.text for key, _ in entries_of(node, log)]
    for joint, shape in _JOINTS.items():
        if joint in keys:
            joined: Condition = shape(node, log)
            return joined
    subjects = [key for key in keys if key in ASKS]
    if len(subjects) != 1:
        raise log.refuse("PP209", "a condition asks about one of fact, lab, option or measure, "
                         "or joins conditions by all, any or not", node)  # fmt: skip
    return _TESTS[subjects[0]](node, log)


def _limit(node: Node, log: Log) -> Any:
    """A number, or an amount with its unit."""
    written = text(node, log)
    try:
        return parse(written) if " " in written else number(written)
    except NotAnAmount as wrong:
        raise log.refuse("PP204", wrong.message, node, wrong.hint) from None


def _test(ask: str) -> Record[Test]:
    def build(**values: Any) -> Test:
        bounds = Bounds(**{word: values[word] for word in BOUNDS})
        bare = bounds == Bounds()
        return Test(ask, values["name"], values["words"], None if bare else bounds, values["at"])

    def rule(values: dict[str, Any]) -> str | None:
        given = [values[word] for word in BOUNDS if values[word] is not None]
        if bool(given) == bool(values["words"]):
            return "needs either 'is' or one of at_least, above, below, at_most"
        if ask in ("lab", "measure") and values["words"]:
            return f"asks a {ask} for a word; bound it by at_least, above, below or at_most"
        if ask == "lab" and not all(isinstance(limit, Quantity) for limit in given):
            return "compares a lab with a number that has no unit"
        if ask == "measure" and not all(isinstance(limit, Decimal) for limit in given):
            return "compares an age, which is a bare number of years"
        if values["at_least"] is not None and values["above"] is not None:
            return "has two lower bounds"
        if values["at_most"] is not None and values["below"] is not None:
            return "has two upper bounds"
        return None

    fields = {
        ask: Field(ASKS[ask], into="name"),
        "is": Field(ListOf(text, single=True), (), "words"),
    }
    fields |= {word: Field(_limit, None) for word in BOUNDS}
    return Record(build, "this condition", fields, rule)


_TESTS = {ask: _test(ask) for ask in ASKS}


def _joint(node: Node, log: Log) -> tuple[Condition, ...]:
    parts = ListOf(condition)(node, log)
    if not parts:
        log.refuse("PP203", "a list of conditions was expected, and it is empty", node)
        raise Refused
    return parts


_JOINTS: dict[str, Record[Any]] = {
    "all": Record(
        lambda parts, at: All(parts), "this condition", {"all": Field(_joint, into="parts")}
    ),
    "any": Record(
        lambda parts, at: AnyOf(parts), "this condition", {"any": Field(_joint, into="parts")}
    ),
    "not": Record(
        lambda part, at: Not(part), "this condition", {"not": Field(condition, into="part")}
    ),
}
