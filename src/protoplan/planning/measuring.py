"""The body measures that doses are worked with: which measurement, and its surface area."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from protoplan.model.plan import Measure
from protoplan.model.policy import Policy
from protoplan.model.treatment import Measurement, Treatment
from protoplan.planning.measures import SURFACE_AREA, surface_area
from protoplan.quantity import EXACT, Quantity, printed


def measures_of(treatment: Treatment, policy: Policy) -> tuple[Measure, ...]:
    """The measures from each day on which height or weight was taken, in order of days.

    A height or weight that a measurement lacks is the last one taken before it, or, before any
    was taken, the first one taken after it.

    Raises:
        ValueError: If no height or no weight was ever taken, or the formula asks for a sex that
            is not stated; a check says so before.
    """
    taken = sorted(treatment.measurements, key=lambda entry: entry.date)
    heights = [(entry.date, entry.height) for entry in taken if entry.height is not None]
    weights = [(entry.date, entry.weight) for entry in taken if entry.weight is not None]
    if not heights or not weights:
        raise ValueError("a height and a weight are needed")
    return tuple(
        _measure(entry, _last(heights, entry.date), _last(weights, entry.date), treatment, policy)
        for entry in taken
    )


def _last(values: Sequence[tuple[date, Quantity]], on: date) -> Quantity:
    before = [value for day, value in values if day <= on]
    return before[-1] if before else values[0][1]


def _measure(
    entry: Measurement, height: Quantity, weight: Quantity, treatment: Treatment, policy: Policy
) -> Measure:
    rules = policy.surface_area
    exact = surface_area(rules.formula, height, weight, treatment.patient.sex)
    bsa = exact.quantize(Decimal(1).scaleb(-rules.decimals), ROUND_HALF_UP, EXACT)
    formula = SURFACE_AREA[rules.formula]
    shown = exact.quantize(Decimal(1).scaleb(-rules.decimals - 4), ROUND_HALF_UP, EXACT)
    working = (
        f"{formula.working}: {height.into('cm').text()} and {weight.into('kg').text()} give "
        f"{printed(shown)} m², rounded to {printed(bsa)} m²"
    )
    if rules.cap is not None and bsa > rules.cap.value:
        bsa = EXACT.plus(rules.cap.value)
        working += f", capped at {printed(bsa)} m²"
    return Measure(entry.date, height, weight, exact, bsa, rules.formula, working, entry.at)


def used(measures: Sequence[Measure], policy: Policy) -> tuple[Measure, ...]:
    """The measures that doses are worked with: those by which the weight changed far enough.

    A measure that differs from the one in use by less than the policy's *at_change* changes no
    dose; the next is held against the one in use, so that small steps add up.
    """
    kept = [measures[0]]
    for measure in measures[1:]:
        same_height = measure.height == kept[-1].height
        if abs(change(kept[-1], measure)) >= policy.reweighing.at_change or not same_height:
            kept.append(measure)
    return tuple(kept)


def change(before: Measure, after: Measure) -> Fraction:
    """By how many percent the weight changed, exactly."""
    old, new = before.weight.into("kg").value, after.weight.into("kg").value
    return Fraction(new - old) * 100 / Fraction(old)


def measure_for(cycle_start: date, measures: Sequence[Measure]) -> Measure:
    """The last measure taken up to the cycle's first day; before any was taken, the first."""
    before = [measure for measure in measures if measure.date <= cycle_start]
    return before[-1] if before else measures[0]
