"""The whole course, as the oracle sees it."""

from datetime import date, datetime, timedelta
from fractions import Fraction

import attrs
from tests.oracle.amounts import amount
from tests.oracle.answers import Unknown
from tests.oracle.cycles import Cycle, cycles, is_in
from tests.oracle.days import Calendar, Slot, day_of
from tests.oracle.happened import Happened, Record
from tests.oracle.refusals import check
from tests.oracle.rounding import ordered
from tests.oracle.rules import Own, adjust
from tests.oracle.sizes import Body, body, cap_of, size
from tests.oracle.world import World

from protoplan.model.component import Sig
from protoplan.model.option import OptionRef


@attrs.frozen
class Dose:
    """One administration as the oracle sees it; amounts in mg or units.

    Attributes:
        day: The day of the cycle.
        calculated: None where the basis is not known.
        adjusted: After rules and caps; None where there is no number.
        ordered: After rounding; None likewise.
        id: As the record names it.
        given: What was given, by the record.
        per_area: It is printed for each m2.
        area: Over which it counts, in m2; that of the day on which it was given, if it is stated.
    """

    start: datetime
    end: datetime | None
    cycle: str
    day: int
    drug: str
    route: str
    status: str
    calculated: Fraction | None
    adjusted: Fraction | None
    ordered: Fraction | None
    id: str = ""
    given: Fraction | None = None
    per_area: bool = False
    area: Fraction | None = None


def slots(world: World, course: tuple[Cycle, ...]) -> list[Slot]:
    """Walk every date and ask; then leave out what is beyond the numbers of doses in all."""
    calendar = Calendar(world, course)
    found = [slot for day in calendar.dates() for slot in calendar.today(day)]
    found.sort(key=lambda slot: slot.start)
    counts = {id(total): 0 for total in world.protocol.totals}
    kept = []
    for slot in found:
        total = next((t for t in world.protocol.totals if slot.name in t.of), None)
        if total is not None:
            counts[id(total)] += 1
            if counts[id(total)] > total.doses:
                continue
        kept.append(slot)
    return kept


def undated(world: World, course: tuple[Cycle, ...]) -> set[str]:
    """The drugs that may be given in a cycle of the course on days that are still to be chosen."""
    calendar = Calendar(world, course)
    return {
        component.drug
        for cycle in course
        if cycle.start is not None
        for component in world.protocol.components
        for sig in component.sigs
        if is_in(sig.where or component.where, cycle, course)
        if calendar.undated(component, sig)
        if calendar.given(cycle, component, sig, cycle.start) is not False
    }


def plan(world: World) -> tuple[tuple[Cycle, ...], tuple[Dose, ...]]:
    """The cycles, and every administration in the order of time.

    Raises:
        Refused: If the record contradicts itself, or the plan.
    """
    course = cycles(world)
    check(world, course)
    found = slots(world, course)
    dated = tuple(cycle for cycle in course if cycle.start)
    bodies = {cycle.label: body(world, cycle) for cycle in dated}
    record = Record(world, course, found)
    record.check()
    parts = [(slot, part) for slot in found for part in record.parts(slot)]
    days = _own(parts)
    doses = [
        recorded(world, slot, dated, bodies[slot.cycle.label], days, part) for slot, part in parts
    ]
    return course, tuple(sorted(doses, key=lambda dose: dose.start))


def _own(parts: list[tuple[Slot, Happened]]) -> Own:
    """The days on which each drug is given, or may be; of an infusion all through which it runs."""
    found: dict[str, set[date]] = {}
    for slot, part in parts:
        if part.status in ("held", "missed", "cancelled"):
            continue
        first = part.start.date()
        runs = (part.end.date() - first).days if slot.sig.rate is not None and part.end else 0
        here = found.setdefault(slot.component.drug, set())
        here.update(first + timedelta(n) for n in range(runs + 1))
    return {drug: frozenset(dates) for drug, dates in found.items()}


def recorded(
    world: World,
    slot: Slot,
    course: tuple[Cycle, ...],
    measures: Body | None,
    own: Own,
    stands: Happened,
) -> Dose:
    """One administration worked on the day on which it stands, and what the record says of it."""
    moved = attrs.evolve(
        slot, start=stands.start, end=stands.end, day=day_of(slot.cycle, stands.start.date())
    )
    found = attrs.evolve(dose(world, moved, course, measures, own), id=stands.id)
    given = found.ordered if stands.amount is None else stands.amount
    if stands.status == "given" and given is not None:
        return attrs.evolve(found, status="given", given=given, area=stands.area or found.area)
    if stands.status == "given":  # of an infusion that was interrupted, nothing says how much ran
        return attrs.evolve(found, status="unresolved", adjusted=None, ordered=None)
    if stands.status is None and not stands.lost:
        return found
    status = stands.status or "unresolved"
    return attrs.evolve(found, status=status, adjusted=None, ordered=None)


def _per_area(world: World, sig: Sig) -> bool:
    printed = sig.rate or sig.dose
    assert printed is not None
    if isinstance(printed, OptionRef):
        asked = next(each for each in world.protocol.options if each.name == printed.option)
        return "m2" in str(asked.unit).split("/")
    return "m2" in printed.unit.split("/")


def dose(
    world: World, slot: Slot, course: tuple[Cycle, ...], measures: Body | None, own: Own
) -> Dose:
    """One administration worked out: basis, rules, cap, rounding."""
    drug, route = slot.component.drug, slot.component.route
    blank = Dose(
        slot.start,
        slot.end,
        slot.cycle.label,
        slot.day,
        drug,
        route,
        "unresolved",
        None,
        None,
        None,
        per_area=_per_area(world, slot.sig),
    )
    if measures is None:
        return blank
    blank = attrs.evolve(blank, area=measures.area)
    worked = size(world, slot, measures)
    if isinstance(worked, Unknown):
        return blank
    blank = attrs.evolve(blank, calculated=worked.calculated)
    if isinstance(slot.given, Unknown):
        return blank
    found = adjust(world, slot, course, worked, measures, own)
    blank = attrs.evolve(blank, status=found.status)
    if found.dose is None:
        return blank
    printed = cap_of(slot)
    cap = None if printed is None else amount(printed).value
    adjusted = found.dose if cap is None else min(found.dose, cap)
    flat = not worked.basis.per and worked.basis.what != "AUC"
    made = ordered(
        world, drug, route, adjusted, cap, as_printed=flat and adjusted == worked.calculated
    )
    return attrs.evolve(blank, adjusted=adjusted, ordered=made)
