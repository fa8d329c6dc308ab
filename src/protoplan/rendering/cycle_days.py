"""Which cycle a date belongs to, also where a cycle began late and days lie between two."""

from datetime import date, timedelta

from protoplan.model.plan import Plan, PlannedCycle


def holds(plan: Plan, cycle: PlannedCycle, on: date) -> bool:
    """Whether a date belongs to a cycle: from its start until the next one begins.

    What lies before the course belongs to its first cycle.
    """
    if cycle.start is None or cycle.length_days is None:
        return False
    if on < cycle.start:
        return cycle is plan.cycles[0]
    later = [other.start for other in plan.cycles if other.start and other.start > cycle.start]
    return on < min(later, default=cycle.start + timedelta(cycle.length_days))
