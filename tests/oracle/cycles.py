"""Which cycles the course has, and when each begins."""

from datetime import date

import attrs
from tests.oracle.answers import NOT_ASKED, Asking, Unknown, ask, option
from tests.oracle.world import World, after

from protoplan.model.component import Where
from protoplan.model.record import Delayed, Started


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
    """The cycles in order, laid end to end."""
    start = world.treatment.start
    listed: list[tuple[str, str, str]] = []
    undated: list[tuple[str, str, str]] = []
    for phase in world.protocol.phases:
        given = ask(phase.when, Asking(world, start))
        if given is False:
            continue
        rows = [(label, kind, phase.name) for label, kind in phase.cycles]
        lost = isinstance(given, Unknown) or bool(undated)
        if phase.up_to is not None:
            count = option(world, phase.up_to)
            if isinstance(count, Unknown):
                lost = True
            elif count != NOT_ASKED:
                rows = rows[: int(count)]
        if phase.begins_after is not None:
            last = option(world, phase.begins_after)
            labels = [label for label, _, _ in listed]
            if isinstance(last, Unknown):
                lost = True
            elif last in labels:
                listed = listed[: labels.index(last) + 1]
        (undated if lost else listed).extend(rows)
    return _dated(world, listed) + tuple(Cycle(*row, None, None) for row in undated)


def _dated(world: World, listed: list[tuple[str, str, str]]) -> tuple[Cycle, ...]:
    """One after the other; a recorded start holds, one that is put off waits until its day."""
    lengths = {kind.name: kind.length for kind in world.protocol.kinds}
    record = sorted(world.treatment.record, key=lambda entry: entry.date)
    began = {entry.cycle: entry.date for entry in record if isinstance(entry, Started)}
    put_off = {entry.what: entry.to for entry in record if isinstance(entry, Delayed)}
    day = world.treatment.start
    found = []
    for label, kind, phase in listed:
        day = began.get(label, max(day, put_off.get(label, day)))
        end = after(day, lengths[kind])
        found.append(Cycle(label, kind, phase, day, end, label in began))
        day = end
    return tuple(found)


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
