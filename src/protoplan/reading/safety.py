"""Shapes of what must be so between doses and beside them."""

import re
from typing import Any

from protoplan.model.safety import (
    Calvert,
    Companion,
    Equivalent,
    Interruption,
    Limit,
    Spacing,
    Usual,
)
from protoplan.problems import Severity
from protoplan.quantity import UNITS, compared
from protoplan.reading.components import AMOUNTS
from protoplan.reading.conditions import condition
from protoplan.reading.rules import DOSE_BOUNDS, severity
from protoplan.reading.shapes import Field, ListOf, Log, OneOf, Record, text
from protoplan.reading.tree import Node
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    decimal,
    drug_name,
    grounded,
    grounds_fields,
    in_days,
    must_ground,
    route,
    yes_or_no,
)

UNITS_OF_DOSES = ("mcg", "mg", "g", "units")
UNITS_OF_LIMITS = (*UNITS_OF_DOSES, *(f"{unit}/m2" for unit in UNITS_OF_DOSES))

HOURS_A_DAY = 24


def distance(node: Node, log: Log) -> tuple[int, bool]:
    """A length of time in hours or days: the hours, and whether it was printed in days."""
    written = text(node, log)
    if re.search(r"[0-9 ]h$", written):
        hours = above_nothing(Amount(("h",)))(node, log).value
        if hours % 1:
            raise log.refuse("PP208", f"'{written}' is not a whole number of hours", node)
        return int(hours), False
    days = in_days(node, log)
    if days == 0:
        raise log.refuse("PP209", f"{written} is nothing; more than nothing is needed here", node)
    return days * HOURS_A_DAY, True


_WAYS = ("from", "before", "after")


def _spacing(at_least: tuple[int, bool], drug: str, **values: Any) -> Spacing:
    ways = {way: values.pop(f"way_{way}") for way in _WAYS}
    way = next(way for way in _WAYS if ways[way])
    hours, by_date = at_least
    return Spacing(drug=drug, way=way, other=ways[way], hours=hours, by_date=by_date, **values)


def _spacing_rule(values: dict[str, Any]) -> str | None:
    if sum(values[f"way_{way}"] is not None for way in _WAYS) != 1:
        return "needs one of 'from', 'before' and 'after'"
    return must_ground("at_least")(values)


_SPACING_FIELDS = {
    **{way: Field(text, None, f"way_{way}") for way in _WAYS},
    "at_least": Field(distance),
    "otherwise": Field(severity, Severity.WARNING),
    "says": Field(text, None),
    **grounds_fields(("at_least",)),
}

#: Of the drug in whose file it stands; by one of its routes where that is named.
DRUG_SPACING = Record(grounded(_spacing), "spacing", {
    "route": Field(route, "", "drug"),
    **_SPACING_FIELDS,
}, _spacing_rule)  # fmt: skip

PROTOCOL_SPACING = Record(grounded(_spacing), "spacing", {
    "drug": Field(text),
    **_SPACING_FIELDS,
}, _spacing_rule)  # fmt: skip

COMPANION = Record(grounded(Companion), "companion", {
    "drug": Field(drug_name, None),
    "routes": Field(ListOf(route), ()),
    "for_doses": Field(DOSE_BOUNDS, None),
    "unless": Field(condition, None),
    "otherwise": Field(severity),
    "says": Field(text),
    **grounds_fields(("drug", "for_doses")),
}, must_ground("for_doses"))  # fmt: skip


def _limit_rule(values: dict[str, Any]) -> str | None:
    if (values["most"] is None) == (values["cycles"] is None):
        return "needs either 'most' or 'cycles'"
    if values["cycles"] is not None and (values["over"] == "cycle" or values["equivalents"]):
        return "counts cycles, which go over a lifetime and have no equivalents"
    return must_ground("most" if values["cycles"] is None else "cycles")(values)


_LIMIT_FIELDS = {
    "about": Field(text),
    "most": Field(above_nothing(Amount(UNITS_OF_LIMITS)), None),
    "cycles": Field(Whole(1, 100), None),
    "over": Field(OneOf(("cycle", "lifetime"), "time")),
    "when": Field(condition, None),
    "equivalents": Field(yes_or_no, default=False),
    "otherwise": Field(severity, Severity.STOP),
    "says": Field(text, None),
    **grounds_fields(("most", "cycles")),
}

DRUG_LIMIT = Record(grounded(lambda **values: Limit(drug="", **values)), "limit",
                    dict(_LIMIT_FIELDS), _limit_rule)  # fmt: skip

PROTOCOL_LIMIT = Record(grounded(Limit), "limit", {
    "drug": Field(drug_name),
    **_LIMIT_FIELDS,
}, _limit_rule)  # fmt: skip

EQUIVALENT = Record(grounded(Equivalent), "equivalent", {
    "to": Field(drug_name),
    "table": Field(text),
    "factor": Field(decimal),
    **grounds_fields(("factor",)),
}, must_ground("factor"))  # fmt: skip


def _usual_rule(values: dict[str, Any]) -> str | None:
    low, high = values["low"], values["high"]
    if UNITS[low.unit].dimension != UNITS[high.unit].dimension or compared(low, high) > 0:
        return "needs a smaller and a larger dose of one kind"
    return must_ground("from", "to")(values)


USUAL = Record(grounded(Usual), "usual dose", {
    "routes": Field(ListOf(route), ()),
    "from": Field(Amount(AMOUNTS), into="low"),
    "to": Field(Amount(AMOUNTS), into="high"),
    **grounds_fields(("from", "to")),
}, _usual_rule)  # fmt: skip

CALVERT = Record(grounded(Calvert), "calvert", {
    "clearance_at_most": Field(above_nothing(Amount(("mL/min",))), None, "most"),
    **grounds_fields(("clearance_at_most",)),
}, must_ground("clearance_at_most"))  # fmt: skip

INTERRUPTION = Record(grounded(Interruption), "interruption", {
    "at_most": Field(in_days, into="days"),
    **grounds_fields(("at_most",)),
}, must_ground("at_most"))  # fmt: skip
