"""Where in the course a day lies, and what cycle comes next."""

from datetime import date, timedelta

from protoplan.model.plan import Plan, PlannedCycle
from protoplan.model.record import TRANSPLANT, MovedOn, of
from protoplan.model.standing import NextCycle, Position
from protoplan.model.treatment import Treatment
from protoplan.planning.course import cycle_day


def position(plan: Plan, treatment: Treatment, on: date) -> Position:
    """Where in the course a day lies.

    A cycle lasts until the next one begins, and at most for its own length: after that the day
    lies between cycles.

    Args:
        plan: Of the treatment.
        treatment: For an entry of its record that ended the course.
        on: The day.
    """
    begun = [cycle for cycle in plan.cycles if cycle.start is not None and cycle.start <= on]
    current = begun[-1] if begun else None
    later = [cycle for cycle in plan.cycles if cycle not in begun]
    following = _following(current, later[0]) if later else None
    ended = [entry for entry in of(MovedOn, treatment.record)
             if entry.to == TRANSPLANT and entry.date <= on]  # fmt: skip
    if current is None:
        return Position("before the course", None, None, None, False, 0, None, following, None)
    assert current.start is not None and current.length_days is not None
    last = current.start + timedelta(current.length_days - 1)
    day: int | None = None
    if ended:
        state = "moved on to transplant"
    elif on <= last:
        state, day = "in a cycle", cycle_day(on, current.start)
    elif following is None:
        state = "after the course"
    else:
        state = "between cycles" if following.start else "after the dated cycles"
    return Position(
        state=state,
        cycle=current.label,
        day=day,
        days_after=(on - last).days if day is None and on > last else None,
        start_recorded=current.recorded,
        late=current.late,
        because=current.because,
        following=following,
        moved_on=ended[-1] if ended else None,
    )


def _following(current: PlannedCycle | None, cycle: PlannedCycle) -> NextCycle:
    """The next cycle; how long the one before it lasts bounds its start."""
    if current is None or current.start is None or current.between is None:
        return NextCycle(cycle.label, cycle.start, None, None, None)
    fewest, most = current.between
    return NextCycle(
        cycle.label,
        cycle.start,
        current.start + timedelta(fewest),
        current.start + timedelta(most),
        current.between,
    )
