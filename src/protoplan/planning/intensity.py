"""Relative dose intensity: what was given per day, over what the protocol prints per day.

For one drug by one route it is (delivered / actual days) / (planned / planned days), and overall
the arithmetic mean over drugs. docs/status.md works it by hand, and says which choices are this
program's.

Read in Blood Advances 2021;5(9):2426-2437, doi 10.1182/bloodadvances.2021004665: the abstract, by
which it is often the delivered over the planned cumulative dose times a factor for time; and the
first rows of Table 2, where the mean over the drugs is the average relative dose intensity.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import attrs

from protoplan.model.component import ROUTES
from protoplan.model.formulary import Drug
from protoplan.model.intensity import DrugIntensity, Intensity
from protoplan.model.plan import NOT_GIVEN, Administration, Plan, PlannedCycle
from protoplan.planning.exposure import SYSTEMIC
from protoplan.quantity import UNITS

#: Classes of the formulary whose drugs act on the disease; those of other classes, or of none, are
#: listed and do not enter the overall value.
COUNTED = ("anthracycline", "asparaginase", "cytotoxic", "vinca")


@attrs.frozen
class _Stretch:
    """The complete cycles, and what the time they took ends with."""

    cycles: tuple[PlannedCycle, ...]
    after: PlannedCycle | None
    first: date
    end: date

    @property
    def planned_days(self) -> int:
        return sum(cycle.length_days or 0 for cycle in self.cycles)

    @property
    def actual_days(self) -> int:
        return (self.end - self.first).days

    @property
    def bounds(self) -> tuple[PlannedCycle, ...]:
        """The cycles whose starts decide how long it took."""
        return self.cycles if self.after is None else (*self.cycles, self.after)


def intensity(
    plan: Plan, drugs: Mapping[str, Drug], on: date, ended: date | None = None
) -> Intensity:
    """The relative dose intensity over the cycles that are complete on a day.

    Args:
        plan: Made for that day or a later one.
        drugs: The formulary's entry for every drug of the plan, for its classes.
        on: The day; a cycle is complete once the next has begun, or its planned start is past.
        ended: The day on which the course moved on to a transplant; a cycle that it broke off is
            never complete.

    Returns:
        Exact shares of 1; None with the reason wherever a dose is not recorded or not known.
    """
    stretch = _complete(plan.cycles, on if ended is None else min(on, ended))
    if stretch is None:
        why = "no cycle is complete yet"
        return Intensity((), None, None, 0, 0, (), (), (), None, why)
    labels = {cycle.label for cycle in stretch.cycles}
    groups: dict[tuple[str, str], list[Administration]] = {}
    for row in plan.administrations:
        if row.cycle in labels:
            groups.setdefault((row.order.drug, row.order.route), []).append(row)
    found = tuple(_of_drug(rows, stretch, plan.as_of, drugs) for _, rows in sorted(groups.items()))
    value, lacking = _overall(found)
    return Intensity(
        cycles=tuple(cycle.label for cycle in stretch.cycles),
        first=stretch.first,
        end=stretch.end,
        planned_days=stretch.planned_days,
        actual_days=stretch.actual_days,
        late=tuple((c.label, c.late) for c in stretch.bounds if c.late),
        unrecorded_starts=tuple(c.label for c in stretch.bounds if not c.recorded),
        drugs=found,
        value=value,
        why=lacking,
    )


def _complete(cycles: Sequence[PlannedCycle], on: date) -> _Stretch | None:
    """The cycles that are over, from the first on; the time after one ends with the next."""
    kept: list[PlannedCycle] = []
    after: PlannedCycle | None = None
    for cycle, following in pairwise((*cycles, None)):
        assert cycle is not None
        if cycle.start is None or not _over(cycle, following, on):
            break
        kept.append(cycle)
        after = following
    if not kept:
        return None
    first, last = kept[0].start, kept[-1]
    assert first is not None and last.start is not None and last.length_days is not None
    end = after.start if after else last.start + timedelta(last.length_days)
    assert end is not None
    return _Stretch(tuple(kept), after, first, end)


def _over(cycle: PlannedCycle, following: PlannedCycle | None, on: date) -> bool:
    """Whether a cycle is over; one whose next has no date has no end that is known."""
    if following is None:
        assert cycle.start is not None and cycle.length_days is not None
        return cycle.start + timedelta(cycle.length_days) <= on
    if following.start is None:
        return False
    return following.start <= on if following.recorded else following.start < on


def _of_drug(
    rows: Sequence[Administration], stretch: _Stretch, as_of: date, drugs: Mapping[str, Drug]
) -> DrugIntensity:
    order = rows[0].order
    printed = [_printed(row) for row in rows]
    open_doses = sum(not _told(row, as_of) for row in rows)
    given = [row for row in rows if row.status == "given"]
    planned, delivered, why = None, None, None
    if None in printed:
        why = f"{_doses(printed.count(None))} without a basis as yet"
    else:
        planned = sum((dose for dose in printed if dose is not None), Fraction(0))
    if open_doses:
        why = f"{_doses(open_doses)} not recorded"
    else:
        counts = [row.order.per_basis for row in given]
        delivered = sum((dose for dose in counts if dose is not None), Fraction(0))
    value = None
    if planned and delivered is not None and stretch.actual_days > 0:
        value = delivered * stretch.planned_days / (planned * stretch.actual_days)
    classes = {name for name, _ in drugs[order.drug].classes}
    return DrugIntensity(
        drug=order.drug,
        name=order.name,
        route=order.route,
        unit=order.exposure_unit,
        planned=planned,
        delivered=delivered,
        doses=len(rows),
        given=len(given),
        not_recorded=open_doses,
        value=value,
        counts=order.route in SYSTEMIC and not classes.isdisjoint(COUNTED),
        why=why,
    )


def _printed(row: Administration) -> Fraction | None:
    """What the protocol prints for a dose, in the unit of exposure; None while it is not known."""
    order, unit = row.order, UNITS[row.order.exposure_unit]
    if order.calculated is None:
        return None
    amount = Fraction(order.calculated.into(unit.amount).value)
    if unit.per != "m2":
        return amount
    return None if order.bsa is None else amount / Fraction(order.bsa)


def _told(row: Administration, as_of: date) -> bool:
    """Whether it is known what came of a dose.

    A dose that a rule leaves out needs no entry. One that a rule holds may have been given all the
    same: what is not recorded of it is not known.
    """
    if row.status == "held":
        return row.date < as_of and not row.overdue
    return row.status in ("given", *NOT_GIVEN)


def _overall(found: Sequence[DrugIntensity]) -> tuple[Fraction | None, str | None]:
    """The mean over the drugs that count, or why there is none."""
    counted = [entry for entry in found if entry.counts]
    if not counted:
        return None, "no drug of these cycles has a class that counts"
    lacking = [f"{entry.name} {ROUTES[entry.route]}" for entry in counted if entry.value is None]
    if lacking:
        return None, f"no value for {', '.join(lacking)}"
    values = [entry.value for entry in counted if entry.value is not None]
    return sum(values, Fraction(0)) / len(values), None


def _doses(count: int) -> str:
    return f"{count} dose{'' if count == 1 else 's'}"
