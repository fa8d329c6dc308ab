"""Shapes of what is given: doses, sigs and components."""

from itertools import pairwise
from typing import Any

from protoplan.model.component import Anchor, Component, DoseCap, Repeat, Sig
from protoplan.model.option import OptionRef
from protoplan.quantity import UNITS, compared
from protoplan.reading.conditions import condition
from protoplan.reading.cycles import where
from protoplan.reading.shapes import Field, ListOf, Log, Record, text
from protoplan.reading.tree import Mapping, Node
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    days,
    drug_name,
    grounded,
    grounds_fields,
    must_ground,
    option_name,
    route,
    span,
    window,
)

AMOUNTS = tuple(
    name
    for name, unit in UNITS.items()
    if unit.amount in ("mcg", "mg", "g", "units") and name != "AUC"
)
DOSES = tuple(name for name in AMOUNTS if not UNITS[name].time)
WHOLE_DOSES = tuple(name for name in DOSES if not UNITS[name].per)
RATES = tuple(name for name in AMOUNTS if UNITS[name].time)


def dose(node: Node, log: Log) -> Any:
    """An amount, or ``{option: name}`` for an amount that the prescriber chooses."""
    if not isinstance(node, Mapping):
        return Amount((*DOSES, "AUC"))(node, log)
    return _DOSE_OPTION(node, log)


_DOSE_OPTION = Record(OptionRef, "dose", {"option": Field(option_name)})
_RAMP_OPTION = Record(OptionRef, "ramp", {"option": Field(option_name)})
_DAYS_OPTION = Record(OptionRef, "days", {"option": Field(option_name)})
_OVER_OPTION = Record(OptionRef, "over", {"option": Field(option_name)})


def days_or_option(node: Node, log: Log) -> Any:
    """Days of a cycle, or ``{option: name}`` for days that the prescriber chooses."""
    return _DAYS_OPTION(node, log) if isinstance(node, Mapping) else days(node, log)


def ramp(node: Node, log: Log) -> Any:
    """Rising doses of the first days, or ``{option: name}`` for those the prescriber gives."""
    if isinstance(node, Mapping):
        return _RAMP_OPTION(node, log)
    steps = ListOf(above_nothing(Amount(WHOLE_DOSES)))(node, log)
    kinds = {step.dimension for step in steps}
    if len(kinds) != 1 or any(compared(a, b) >= 0 for a, b in pairwise(steps)):
        raise log.refuse("PP209", "the steps of a ramp are amounts that rise", node)
    return steps


#: A week, in minutes.
LONGEST_INFUSION = 7 * 24 * 60


def hours(node: Node, log: Log) -> int:
    """Hours from one dose to the next; the doses of a day must come out even."""
    amount = Amount(("h",))(node, log)
    if amount.value < 1 or amount.value % 1 or 24 % amount.value:
        raise log.refuse("PP208", f"every {amount} does not divide a day evenly", node)
    return int(amount.value)


def minutes(node: Node, log: Log) -> int:
    """The length of an infusion in whole minutes."""
    amount = Amount(("min", "h"))(node, log)
    value = amount.value * (60 if amount.unit == "h" else 1)
    if not 0 < value <= LONGEST_INFUSION or value % 1:
        raise log.refuse("PP208", f"'{amount}' is not a whole number of minutes up to a week", node)
    return int(value)


def over(node: Node, log: Log) -> Any:
    """The length of an infusion, or ``{option: name}`` for one that the prescriber chooses."""
    return _OVER_OPTION(node, log) if isinstance(node, Mapping) else minutes(node, log)


#: The word for the sig that is written above.
ABOVE = "above"

_EDGES = {"after_end_of": "end", "after_start_of": "start", "before_start_of": "start"}


def _anchor(by: int | None, at: Any, **edges: str | None) -> Anchor:
    way = next(key for key in _EDGES if edges[key] is not None)
    name = edges[way]
    away = by or 0
    return Anchor(None if name == ABOVE else name, _EDGES[way],
                  -away if way == "before_start_of" else away, at)  # fmt: skip


def _anchor_rule(values: dict[str, Any]) -> str | None:
    stated = [key for key in _EDGES if values[key] is not None]
    if len(stated) != 1:
        return f"needs one of {', '.join(map(repr, _EDGES))}"
    if stated == ["before_start_of"] and values["by"] is None:
        return "needs 'by' with 'before_start_of'"
    return None


_BEGINS = Record(_anchor, "begins", {
    **{key: Field(text, None) for key in _EDGES},
    "by": Field(minutes, None),
}, _anchor_rule)  # fmt: skip


def cap(node: Node, log: Log) -> DoseCap:
    """The largest single dose, or the word none, which states that there is none."""
    stated = text(node, log)
    dose = None if stated == "none" else above_nothing(Amount(WHOLE_DOSES))(node, log)
    return DoseCap(dose, log.place(node))


_REPEAT = Record(lambda every, lasting, at: Repeat(every, lasting), "repeat", {
    "every": Field(span),
    "for": Field(span, into="lasting"),
})  # fmt: skip


def _sig_rule(values: dict[str, Any]) -> str | None:
    if (values["dose"] is None) == (values["rate"] is None):
        return "needs either a 'dose' or a 'rate'"
    if values["every"] and values["times_a_day"] != 1:
        return "gives both 'every' and 'times_a_day'"
    if values["rate"] is not None and (values["every"] or values["times_a_day"] != 1):
        return "gives a rate more than once a day; a rate runs through all its days"
    wrong = _times_rule(values)
    if wrong is not None:
        return wrong
    if values["rate"] is not None and (values["over"] or values["cap"] or values["ramp"]):
        return "gives 'over', 'cap' or 'ramp' with a rate, which has none of them"
    if values["repeat"] and _overlaps(values["days"], values["repeat"]):
        return "repeats its days before they are over"
    if values["rate"] is not None and isinstance(values["days"], OptionRef):
        return "gives a rate on chosen days; write the first and the last day of the infusion"
    if values["rate"] is not None and not values["days"].runs:
        return "gives a rate on every day; write the first and the last day of the infusion"
    return None


def _times_rule(values: dict[str, Any]) -> str | None:
    """What does not go together of days, 'begins', 'every' and 'doses'."""
    days, begins = values["days"], values["begins"]
    if days is None and begins is None:
        return "needs 'days', or 'begins', which says when"
    if values["doses"] and not values["every"]:
        return "gives 'doses' without 'every', the hours from one to the next"
    if begins is None:
        runs = getattr(days, "runs", ())
        if values["doses"] and (not runs or any(first != last for first, last in runs)):
            return "gives 'doses' from single days on; write each first day, such as [1]"
        return None
    if values["rate"] is not None:
        return "gives 'begins' with a rate, which begins at the site's usual time"
    if values["repeat"] or values["ramp"] or values["times_a_day"] != 1:
        return "gives 'begins' with 'repeat', 'ramp' or 'times_a_day'"
    if days is not None and not getattr(days, "runs", ()):
        return "gives 'begins' on days that are not printed one by one"
    if values["every"] and not values["doses"]:
        return "gives 'begins' and 'every' without 'doses', how many they are"
    return None


def _overlaps(chosen: Any, repeat: Repeat) -> bool:
    """Whether the days run into their own next round; chosen days and every day cannot repeat."""
    if isinstance(chosen, OptionRef) or not chosen.runs:
        return True
    shortest = {"days": 1, "weeks": 7, "months": 28, "years": 365}[repeat.every.unit]
    length: int = chosen.runs[-1][1] - chosen.runs[0][0] + 1
    return length > repeat.every.count * shortest


_FIGURES = (
    "in",
    "when",
    "dose",
    "rate",
    "route",
    "days",
    "begins",
    "every",
    "doses",
    "times_a_day",
    "over",
    "repeat",
    "cap",
    "ramp",
    "window",
)

_SIG = Record(grounded(Sig), "sig", {
    "in": Field(where, None, "where"),
    "when": Field(condition, None),
    "dose": Field(dose, None),
    "rate": Field(Amount(RATES), None),
    "days": Field(days_or_option, None),
    "begins": Field(_BEGINS, None),
    "every": Field(hours, None),
    "doses": Field(Whole(2, 100), None),
    "times_a_day": Field(Whole(1, 4), 1),
    "over": Field(over, None),
    "repeat": Field(_REPEAT, None),
    "cap": Field(cap, None),
    "ramp": Field(ramp, None),
    "window": Field(window, None),
    **grounds_fields(_FIGURES),
}, _sig_rule)  # fmt: skip


def _component_rule(values: dict[str, Any]) -> str | None:
    if not values["sigs"]:
        return "has no sigs"
    for sig in values["sigs"]:
        if (sig.where is None) == (values["where"] is None):
            return "says 'in' once: for the component, or for each of its sigs"
    if values["source"] is None and all(sig.grounds.source for sig in values["sigs"]):
        return None
    return must_ground("dose", "rate", "days")(values)


COMPONENT = Record(grounded(Component), "component", {
    "drug": Field(drug_name),
    "in": Field(where, None, "where"),
    "when": Field(condition, None),
    "route": Field(route),
    "sigs": Field(ListOf(_SIG)),
    "note": Field(text, None),
    **grounds_fields(_FIGURES),
}, _component_rule)  # fmt: skip
