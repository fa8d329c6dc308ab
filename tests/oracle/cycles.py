"""Which cycles the course has, and when each begins."""

from datetime import date

import attrs
from tests.oracle.answers import NOT_ASKED, Asking, Unknown, ask, option
from tests.oracle.world import World, after

from protoplan.model.component import Where


@attrs.frozen
class Cycle:
    """One cycle; without dates where it is not known that it comes about."""

    label: str
    kind: str
    phase: str
    start: date | None
    end: date | None


def cycles(world: World) -> tuple[Cycle, ...]:
    """The cycles in order, laid end to end; `end` is the day after the last."""
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
    lengths = {kind.name: kind.length for kind in world.protocol.kinds}
    day = world.treatment.start
    found = []
    for label, kind, phase in listed:
        end = after(day, lengths[kind])
        found.append(Cycle(label, kind, phase, day, end))
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
