"""What the days that went by make of a plan, apart from what changed in its treatment."""

from protoplan.model.difference import Elapsed
from protoplan.model.outline import Outline


def elapsed(name: str, compared: Outline, own: Outline) -> Elapsed | None:
    """What a plan has on its own day that it has not on the day of the comparison.

    Args:
        name: How the user named it.
        compared: As of the day on which both sides are compared.
        own: As of its own, later day.

    Returns:
        None where the days change nothing of that.
    """
    before = {dose.id: dose for dose in compared.doses}
    overdue = unresolved = 0
    for dose in own.doses:
        was = before.get(dose.id)
        overdue += dose.overdue and not (was is not None and was.overdue)
        lacked = was is not None and was.status == "unresolved"
        unresolved += dose.status == "unresolved" and not lacked
    said = {found.message for found in compared.findings}
    stops = tuple(
        found.message
        for found in own.findings
        if found.severity == "stop" and found.message not in said
    )
    if not (overdue or unresolved or stops):
        return None
    return Elapsed(name, own.as_of, overdue, unresolved, stops)
