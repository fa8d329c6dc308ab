"""The smallest shift of a dose that windows and least distances allow; found, never made."""

from collections.abc import Iterator
from datetime import date, timedelta

import attrs

from protoplan.model.plan import NOT_GIVEN, Administration
from protoplan.planning.safety import spacing
from protoplan.planning.scene import Scene
from protoplan.planning.shares import shared

_DAY = timedelta(days=1)


@attrs.frozen
class Shift:
    """Where a dose may go.

    Attributes:
        to: The first legal day; None where there is none.
        why_last: What keeps it from a later day, in words.
        near: What lies too near on each day that was looked at in vain, in words, once each.
    """

    to: date | None
    why_last: str
    near: tuple[str, ...]


def smallest(row: Administration, earliest: date, scene: Scene) -> Shift:
    """The first day from *earliest* on to which a dose may be put off.

    A day is legal that lies inside the dose's window, or, where none is printed, before the next
    dose of the drug by its route and inside the cycle; and on which no least distance is broken and
    no intrathecal dose meets a vinca alkaloid.

    Args:
        row: The dose.
        earliest: Not before this day, nor before the day on which it was due.
        scene: The plan.
    """
    last, why = last_day(row, scene)
    on = max(earliest, row.due)
    near: dict[str, None] = {}
    while on <= last:
        broken = obstacles(row, on, scene)
        if not broken:
            return Shift(on, why, tuple(near))
        near.update(dict.fromkeys(broken))
        on += _DAY
    return Shift(None, why, tuple(near))


def obstacles(row: Administration, on: date, scene: Scene) -> tuple[str, ...]:
    """What speaks against a dose on a day, besides its window; in words.

    What spoke against the day on which it was due, by its own protocol, is not told again.
    """
    before = tuple(_against(row, row.due, scene))
    return tuple(text for text in _against(row, on, scene) if text not in before)


def _against(row: Administration, on: date, scene: Scene) -> Iterator[str]:
    by = on - row.date
    end = None if row.end is None else row.end + by
    moved = attrs.evolve(row, date=on, start=row.start + by, end=end, status="planned")
    others = [other for other in scene.administrations if other.id != row.id]
    in_time = sorted((*others, moved), key=lambda found: found.start)
    there = attrs.evolve(scene, administrations=in_time, shares=shared(in_time))
    yield from spacing.broken_by(moved, there)
    vinca = {a.date for a in scene.given if "vinca" in scene.classes_of(a.order.drug)}
    intrathecal = {a.date for a in scene.given if a.order.route == "IT" and a.id != row.id}
    if row.order.route == "IT" and on in vinca:
        yield "a vinca alkaloid stands on that day"
    if "vinca" in scene.classes_of(row.order.drug) and on in intrathecal:
        yield "an intrathecal dose stands on that day"


def last_day(row: Administration, scene: Scene) -> tuple[date, str]:
    """The last day on which a dose can be, and what keeps it from a later one."""
    if row.window is not None:
        return row.window[1], f"its window ends on {row.window[1]}"
    ends = [
        (other.due - _DAY, f"the next dose of {row.order.drug} is due on {other.due}")
        for other in scene.administrations
        if (other.order.drug, other.order.route) == (row.order.drug, row.order.route)
        and other.due > row.due
        and other.status not in NOT_GIVEN
    ]
    cycle = next(found for found in scene.course.cycles if found.label == row.cycle)
    if cycle.start is not None and cycle.length_days is not None:
        last = cycle.start + timedelta(cycle.length_days - 1)
        ends.append((last, f"the cycle ends on {last}"))
    return min(ends, default=(row.due, f"it was due on {row.due}"))
