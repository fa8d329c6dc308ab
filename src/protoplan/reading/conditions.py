"""Shapes of conditions: small trees of questions about facts, labs, options and measures."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from protoplan.model.condition import All, Bounds, Condition, Not, Test
from protoplan.model.condition import Any as AnyOf
from protoplan.problems import SLIP
from protoplan.quantity import NotAnAmount, Quantity, number, parse
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    OneOf,
    Record,
    Refused,
    Shape,
    Word,
    entries_of,
    text,
)
from protoplan.reading.tree import Node
from protoplan.reading.values import fact_name, lab_name, option_name, toxicity_name

#: What is measured of a patient and changes with the days, and the units it is compared in; an age
#: is in completed years, and a bare number.
MEASURES = {"age": (), "weight": ("kg",), "creatinine_clearance": ("mL/min",)}

ASKS: dict[str, Shape[str]] = {
    "fact": fact_name,
    "lab": lab_name,
    "option": option_name,
    "measure": OneOf(tuple(MEASURES), "measure"),
    "medicine": text,
    "class": Word("class", "class", "PP303", SLIP),
    "toxicity": toxicity_name,
    "worst_toxicity": toxicity_name,
}
#: These are true or false by themselves.
BARE = ("medicine", "class")
#: These are graded 1 to 5; 0 is none.
GRADED = ("toxicity", "worst_toxicity")
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
        raise log.refuse("PP209", f"a condition asks about one of {', '.join(ASKS)}, or joins "
                         "conditions by all, any or not", node)  # fmt: skip
    return _TESTS[subjects[0]](node, log)


def limit(node: Node, log: Log) -> Any:
    """A number, or an amount with its unit."""
    written = text(node, log)
    try:
        return _limit(written)
    except NotAnAmount as wrong:
        raise log.refuse("PP204", wrong.message, node, wrong.hint) from None


def _limit(written: str) -> Decimal | Quantity:
    """A bare number where it is one, else an amount, with or without a blank before its unit."""
    try:
        return number(written)
    except NotAnAmount as no_number:
        try:
            return parse(written)
        except NotAnAmount as no_amount:
            raise (no_amount if " " in written else no_number) from None


def _test(ask: str) -> Record[Test]:
    def build(**values: Any) -> Test:
        bounds = Bounds(**{word: values.get(word) for word in BOUNDS})
        bare = bounds == Bounds()
        words, of = values.get("words", ()), values.get("of")
        return Test(ask, values["name"], words, None if bare else bounds, values["at"], of)

    fields = {ask: Field(ASKS[ask], into="name")}
    if ask not in BARE:
        fields["is"] = Field(ListOf(text, single=True), (), "words")
        fields |= {word: Field(limit, None) for word in BOUNDS}
    if ask in GRADED:
        fields["related_to"] = Field(text, None, "of")
    return Record(build, "this condition", fields, None if ask in BARE else _rule_of(ask))


def _rule_of(ask: str) -> Callable[[dict[str, Any]], str | None]:
    def rule(values: dict[str, Any]) -> str | None:
        given = [values[word] for word in BOUNDS if values[word] is not None]
        if bool(given) == bool(values["words"]):
            return "needs either 'is' or one of at_least, above, below, at_most"
        if ask in ("lab", "measure", *GRADED) and values["words"]:
            return f"asks a {ask} for a word; bound it by at_least, above, below or at_most"
        if values["at_least"] is not None and values["above"] is not None:
            return "has two lower bounds"
        if values["at_most"] is not None and values["below"] is not None:
            return "has two upper bounds"
        return unfit(ask, values["name"], given)

    return rule


def unfit(ask: str, name: str, limits: list[Any]) -> str | None:
    """What is wrong with the unit of a bound."""
    if ask == "lab" and not all(isinstance(bound, Quantity) for bound in limits):
        return "compares a lab with a number that has no unit"
    if ask in GRADED and not all(isinstance(bound, Decimal) for bound in limits):
        return "compares a grade, which is a bare number from 1 to 5"
    if len({bound.dimension for bound in limits if isinstance(bound, Quantity)}) > 1:
        return "has two bounds that do not measure the same"
    units = MEASURES.get(name, ()) if ask == "measure" else ()
    if ask == "measure" and not units and not all(isinstance(b, Decimal) for b in limits):
        return "compares an age, which is a bare number of years"
    if units and not all(isinstance(b, Quantity) and b.unit in units for b in limits):
        return f"compares {name}, which is measured in {units[0]}"
    return None


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
