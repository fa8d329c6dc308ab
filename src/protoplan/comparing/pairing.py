"""Which administration of one plan is which of the other, and how far each cycle moved."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

import attrs

from protoplan.model.difference import DrugLine, Spot
from protoplan.model.outline import CycleDates, Dose, Outline

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@attrs.frozen
class Pair:
    """One administration in both plans."""

    before: Dose
    after: Dose


@attrs.frozen
class Paired:
    """Every administration of two plans.

    Attributes:
        both: In the order of the second plan.
        gone: In the first plan alone.
        new: In the second plan alone.
    """

    both: tuple[Pair, ...]
    gone: tuple[Dose, ...]
    new: tuple[Dose, ...]


def paired(before: Outline, after: Outline) -> Paired:
    """Match administrations by id, and then those whose day within the cycle is another.

    The id holds the day of the cycle, so that a dose of day 8 that a changed protocol gives on
    day 11 has another id. It is the same dose where as many of the drug went as came in that
    cycle, and no dose that stayed lies between the two days.
    """
    old = {dose.id: dose for dose in before.doses}
    ids = {dose.id for dose in after.doses}
    both = {dose.id: Pair(old[dose.id], dose) for dose in after.doses if dose.id in old}
    gone = grouped((dose for dose in before.doses if dose.id not in ids), _course)
    new = grouped((dose for dose in after.doses if dose.id not in old), _course)
    stay = grouped((pair.after for pair in both.values()), _course)
    for course, left in gone.items():
        came = new.get(course, [])
        if len(came) == len(left):
            days = {dose.day for dose in stay.get(course, ())}
            moved = [Pair(*ends) for ends in zip(left, came, strict=True)]
            both |= {pair.after.id: pair for pair in moved if not _across(pair, days)}
    was = {pair.before.id for pair in both.values()}
    return Paired(
        tuple(both[dose.id] for dose in after.doses if dose.id in both),
        tuple(dose for dose in before.doses if dose.id not in was),
        tuple(dose for dose in after.doses if dose.id not in both),
    )


def _course(dose: Dose) -> tuple[str, str, str]:
    return dose.cycle, dose.drug, dose.route


def _across(pair: Pair, days: set[int]) -> bool:
    """Whether a dose that stayed lies between the two days, or on one of them."""
    low, high = sorted((pair.before.day, pair.after.day))
    return any(low <= day <= high for day in days)


def starts(plan: Outline) -> Mapping[str, date]:
    """The first day of each cycle that has one."""
    return {cycle.label: cycle.start for cycle in plan.cycles if cycle.start is not None}


def shifts(before: Outline, after: Outline) -> dict[str, int]:
    """By how many days each cycle of both plans moved; positive is later."""
    first, second = starts(before), starts(after)
    return {label: (second[label] - first[label]).days for label in first if label in second}


def labels(before: Sequence[CycleDates], after: Sequence[CycleDates]) -> tuple[str, ...]:
    """The labels of the cycles of both plans, each at its place among the others."""
    out = [cycle.label for cycle in after]
    place = 0
    for cycle in before:
        if cycle.label in out:
            place = out.index(cycle.label) + 1
        else:
            out.insert(place, cycle.label)
            place += 1
    return tuple(out)


def runs(
    chosen: Iterable[str], order: Sequence[str], key: Callable[[str], Hashable]
) -> Iterator[list[str]]:
    """Labels that follow each other in *order* and have the same key."""
    wanted = set(chosen)
    run: list[str] = []
    for label in order:
        if label in wanted and run and key(run[0]) == key(label):
            run.append(label)
            continue
        if run:
            yield run
        run = [label] if label in wanted else []
    if run:
        yield run


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Items by their key, in the order in which each key comes first."""
    out: dict[K, list[T]] = {}
    for item in items:
        out.setdefault(key(item), []).append(item)
    return out


def drug_line(doses: Sequence[Dose]) -> DrugLine:
    """What doses of one drug by one route are told under."""
    first = doses[0]
    spots = tuple(Spot(dose.id, dose.cycle, dose.day) for dose in doses)
    return DrugLine(first.drug, first.name, first.route, spots)
