"""Which cycles the course has, and when each begins."""

from datetime import date

import attrs
from tests.oracle.answers import NOT_ASKED, Asking, Unknown, ask, option
from tests.oracle.breaks import broken_off
from tests.oracle.world import World, after

from protoplan.model.component import Where
from protoplan.model.record import Delayed, MovedOn, Started


@attrs.frozen
class Cycle:
    """One cycle; without dates where it is not known that it comes about.

    Attributes:
        end: The day after its last, by its length.
        began: Its start is recorded.
    """

    label: str
    kind: str
    phase: str
    start: date | None
    end: date | None
    began: bool = False


def cycles(world: World) -> tuple[Cycle, ...]:
    """The cycles in order, laid end to end; phase by phase, each where the record has it."""
    start = world.treatment.start
    moved = {entry.to: entry.date for entry in world.treatment.record if isinstance(entry, MovedOn)}
    found: list[Cycle] = []
    lost = False
    for phase in world.protocol.phases:
        given = ask(phase.when, Asking(world, start))
        if given is False:
            continue
        on = moved.get(phase.name)
        if on is not None:
            found, lost = _begun_before(found, on), False
        lost = lost or isinstance(given, Unknown)
        rows = list(phase.cycles)
        if phase.up_to is not None:
            count = option(world, phase.up_to)
            if isinstance(count, Unknown):
                lost = True
            elif count != NOT_ASKED:
                rows = rows[: int(count)]
        if phase.begins_after is not None:
            last = option(world, phase.begins_after)
            labels = [cycle.label for cycle in found]
            if isinstance(last, Unknown):
                lost = lost or on is None
            elif last in labels:
                found = found[: labels.index(last) + 1]
        for label, kind in rows:
            lost = lost or (on is None and _waits(world, found, label))
            found.append(_dated(world, found, (label, kind, phase.name), on, lost=lost))
            on = None
    end = moved.get("transplant")
    return tuple(found if end is None else _begun_before(found, end))


def _begun_before(found: list[Cycle], on: date) -> list[Cycle]:
    """Those that have begun by then; one that is due on that day has not."""
    return [
        cycle
        for cycle in found
        if cycle.start is not None and (cycle.start < on or (cycle.began and cycle.start == on))
    ]


def _waits(world: World, found: list[Cycle], label: str) -> bool:
    """Whether a cycle waits for its own date, as the one before it was broken off."""
    if not found or not broken_off(world, found[-1].label):
        return False
    record = world.treatment.record
    began = [entry.cycle for entry in record if isinstance(entry, Started)]
    return label not in [*began, *(entry.what for entry in record if isinstance(entry, Delayed))]


def _dated(
    world: World, found: list[Cycle], names: tuple[str, str, str], on: date | None, *, lost: bool
) -> Cycle:
    """A recorded start holds; one that is put off waits until its day, whatever else is not known.

    Args:
        found: The cycles before it.
        names: Its label, its kind and its phase.
        on: The day on which the course moved on to it.
        lost: Something is to be known before it has a day.
    """
    label, kind, _ = names
    record = sorted(world.treatment.record, key=lambda entry: entry.date)
    began = {entry.cycle: entry.date for entry in record if isinstance(entry, Started)}
    put_off = {entry.what: entry.to for entry in record if isinstance(entry, Delayed)}
    due = on
    if due is None and not (found and broken_off(world, found[-1].label)):
        due = found[-1].end if found else world.treatment.start
    day = None if lost and on is None else due
    if label in put_off:
        day = max(put_off[label], due or put_off[label])
    day = began.get(label, day)
    length = next(each.length for each in world.protocol.kinds if each.name == kind)
    return Cycle(*names, day, None if day is None else after(day, length), label in began)


def is_in(where: Where | None, cycle: Cycle, course: tuple[Cycle, ...]) -> bool:
    """Whether something is given in a cycle; nothing stated is every cycle."""
    if where is None:
        return True
    if cycle.kind not in where.names and cycle.label not in where.names:
        return False
    if where.only is None:
        return True
    alike = [c for c in course if c.kind in where.names or c.label in where.names]
    return (alike[0] == cycle) is (where.only == "first")
