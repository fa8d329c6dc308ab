"""The reader of policy files: what a site decides."""

from datetime import time
from decimal import Decimal
from typing import Any

from protoplan.model.bags import BagRules
from protoplan.model.policy import (
    LARGEST_TOLERANCE,
    ClearancePolicy,
    ClockPolicy,
    Policy,
    Reweighing,
    RoundingStep,
    SurfaceAreaPolicy,
)
from protoplan.quantity import Quantity
from protoplan.reading import bags
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    OneOf,
    PairsOf,
    Record,
    Refused,
    entries_of,
    text,
    without,
)
from protoplan.reading.tree import Node, Scalar
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    clock,
    day,
    drug_name,
    in_days,
    lab_name,
    name,
    route,
)

FORMULAS = ("mosteller", "du-bois", "haycock", "gehan-george", "boyd", "schlich")
WEEKDAYS = ("Monday", "Sunday")


def cap(node: Node, log: Log) -> Quantity | None:
    """A surface area in m2, or the word none."""
    return None if text(node, log) == "none" else above_nothing(Amount(("m2",)))(node, log)


_SURFACE_AREA = Record(lambda at, **values: SurfaceAreaPolicy(**values), "body_surface_area", {
    "formula": Field(OneOf(FORMULAS, "formula")),
    "decimals": Field(Whole(1, 4)),
    "cap": Field(cap),
})  # fmt: skip


def times(node: Node, log: Log) -> tuple[tuple[int, tuple[time, ...]], ...]:
    """For n times a day, the n times, in order."""
    found = []
    for key, value in entries_of(node, log):
        often = Whole(2, 4)(key, log)
        row = ListOf(clock)(value, log)
        if len(row) != often or list(row) != sorted(set(row)):
            raise log.refuse("PP209", f"{often} different times in order are needed here", value)
        found.append((often, row))
    return tuple(found)


def _clock(first_dose: time, times: Any, at: Any) -> ClockPolicy:
    return ClockPolicy(first_dose, times)


def _clock_rule(values: dict[str, Any]) -> str | None:
    lacking = {2, 3, 4} - {often for often, _ in values["times"]}
    return f"lacks the times for {sorted(lacking)[0]} times a day" if lacking else None


_CLOCK = Record(_clock, "clock", {"first_dose": Field(clock), "times": Field(times)}, _clock_rule)


def steps(node: Node, log: Log) -> tuple[RoundingStep, ...]:
    """Drug, or drug and route, and the amount in whole steps of which it is ordered."""
    found, refused = [], False
    for key, value in entries_of(node, log):
        try:
            found.append(_step(key, value, log))
        except Refused:
            refused = True
    if refused:
        raise Refused
    return tuple(found)


def _step(key: Scalar, value: Node, log: Log) -> RoundingStep:
    which, _, by = text(key, log).partition(" ")
    drug = drug_name(Scalar(which, key.line, key.column), log)
    if by:
        route(Scalar(by, key.line, key.column), log)
    step = Amount(("mcg", "mg", "g", "units"))(value, log)
    if step.value <= 0:
        raise log.refuse("PP209", "a rounding step must be more than nothing", value)
    return RoundingStep(drug, by or None, step, log.place(key))


def tolerance(node: Node, log: Log) -> Decimal:
    """The most by which rounding may move a dose without a warning, in percent."""
    share = Amount(("percent",))(node, log)
    if not 0 < share.value <= LARGEST_TOLERANCE:
        raise log.refuse("PP209", f"a rounding tolerance of {share.value} percent is not allowed; "
                         f"it lies above 0 and is at most {LARGEST_TOLERANCE} percent",
                         node)  # fmt: skip
    return share.value


_ROUNDING = Record(lambda at, **values: values, "rounding", {
    "tolerance": Field(tolerance),
    "to_vials": Field(ListOf(drug_name), ()),
    "steps": Field(steps),
})  # fmt: skip


#: The decimals of a clearance for a dose by AUC, where the policy does not say how many.
_DECIMALS = 1

_CLEARANCE = Record(lambda at, **values: ClearancePolicy(**values), "creatinine_clearance", {
    "weight": Field(OneOf(("actual", "ideal", "adjusted"), "weight")),
    "decimals": Field(Whole(0, 4), _DECIMALS),
})  # fmt: skip


def percent(node: Node, log: Log) -> Decimal:
    """A share in percent, from 0 to 100."""
    share = Amount(("percent",))(node, log)
    if not 0 <= share.value <= 100:
        raise log.refuse("PP209", f"{share.value} percent lies outside 0 to 100 percent", node)
    return share.value


#: A weight that changed by more is told, where the policy does not say by how much.
WARN_ABOVE = Decimal(10)

_REWEIGHING = Record(lambda at, **values: Reweighing(**values), "reweighing", {
    "at_change": Field(percent, Decimal(0)),
    "warn_above": Field(percent, WARN_ABOVE),
})  # fmt: skip

UNITS_OF_LIMITS = ("mg/dL", "umol/L", "U/L")


def _policy(rounding: dict[str, Any], **rest: Any) -> Policy:
    return Policy(**rounding, **rest)


def upper_limits(node: Node, log: Log) -> tuple[tuple[str, Quantity], ...]:
    """Lab and the upper limit of its normal range."""
    return PairsOf(lab_name, above_nothing(Amount(UNITS_OF_LIMITS)))(node, log)


_HOLIDAY = Record(lambda date, name, at: (date, name), "holiday", {
    "date": Field(day),
    "name": Field(text),
})  # fmt: skip


_POLICY = Record(_policy, "policy", {
    "id": Field(name),
    "version": Field(text),
    "title": Field(text),
    "body_surface_area": Field(_SURFACE_AREA, into="surface_area"),
    "clock": Field(_CLOCK),
    "week_starts": Field(OneOf(WEEKDAYS, "day")),
    "holidays": Field(ListOf(_HOLIDAY), ()),
    "labs_fresh_for": Field(in_days, into="labs_fresh_days"),
    "measured_within": Field(in_days, None, "measured_within_days"),
    "upper_limits": Field(upper_limits, ()),
    "creatinine_clearance": Field(_CLEARANCE, ClearancePolicy("actual", _DECIMALS), "clearance"),
    "reweighing": Field(_REWEIGHING, Reweighing(Decimal(0), WARN_ABOVE)),
    "bags": Field(bags.RULES, BagRules()),
    "choices": Field(PairsOf(text, text), ()),
    "rounding": Field(_ROUNDING),
})  # fmt: skip


def policy(node: Node, log: Log, sha256: str) -> Policy:
    """Read a whole policy file."""
    return _POLICY(without(node, "format"), log, sha256=sha256)
