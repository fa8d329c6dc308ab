"""The first lines of a status: what matters most on the day, for the one who has ten seconds."""

from collections.abc import Iterator

from protoplan.model.plan import Administration
from protoplan.model.standing import Position, Standing
from protoplan.problems import Severity
from protoplan.rendering.standing_doses import name_of, named
from protoplan.rendering.words import counted, dated, lines


def headline(standing: Standing) -> list[str]:
    """A stop, what is due, what has no dose, what runs or is held, what is not recorded."""
    out: list[str] = []
    for finding in standing.findings:
        if finding.severity is Severity.STOP:
            out += lines(f"{finding.message} [{finding.code}]", first="STOP  ")
    for text in (*_of_day(standing), *_infusions(standing), *_past(standing)):
        out += lines(text, later="      ")
    return out


def _of_day(standing: Standing) -> Iterator[str]:
    """What is dated on the day, by what became of it."""
    place = f"{dated(standing.on)}, {_place(standing.position)}"
    by_status: dict[str, list[Administration]] = {}
    for row in standing.doses:
        status = "BEGUN" if row.id in standing.begun else row.status
        by_status.setdefault(status, []).append(row)
    past = standing.on < standing.as_of
    if "planned" in by_status:
        word = "NOT RECORDED" if past else "DUE"
        yield f"{word} on {place}: {named(by_status['planned'])}"
    elif past and standing.doses:
        yield f"NO PLANNED DOSE IS OPEN on {place}"
    else:
        done = {"given", "BEGUN"} & by_status.keys()
        more = "MORE " if done else "NEW " if standing.running else ""
        yield f"NOTHING {more}IS DUE on {place}"
    if "unresolved" in by_status:
        yield f"UNRESOLVED, no dose to give yet: {named(by_status['unresolved'])}"
    for status in ("BEGUN", "held", "missed", "given"):
        if status in by_status:
            yield f"{status}: {named(by_status[status])}"


def _infusions(standing: Standing) -> Iterator[str]:
    """What runs; what is not recorded as begun is not said to."""
    open_ids = {row.id for group in standing.overdue for row in group.doses}
    running = [row for row in standing.running if row.id not in open_ids]
    planned = [row for row in standing.running if row.id in open_ids]
    if running:
        yield f"RUNNING: {named(running)}"
    if planned:
        yield f"RUNNING by the plan, whose beginning is NOT RECORDED: {named(planned)}"


def _past(standing: Standing) -> Iterator[str]:
    """What is held in this cycle, and how much is not recorded."""
    for group in standing.held:
        here = [row for row in group.doses if row.cycle == standing.position.cycle]
        if here:
            yield f"HELD since {dated(here[0].date)}: {name_of(here[0])}"
    late = sum(len(group.doses) for group in standing.overdue)
    if late:
        first = min(group.first for group in standing.overdue)
        yield f"NOT RECORDED before this day: {counted(late, 'dose')}, the oldest of {dated(first)}"


def _place(position: Position) -> str:
    if position.state == "in a cycle":
        return f"cycle {position.cycle} day {position.day}"
    if position.cycle is None:
        return position.state
    if position.state == "moved on to transplant" and position.moved_on is not None:
        return f"moved on to transplant on {dated(position.moved_on.date)}"
    after = f"{counted(position.days_after or 0, 'day')} after the last day of"
    words = {"between cycles": f"between cycles, {after}"}
    return f"{words.get(position.state, f'{position.state}, {after}')} cycle {position.cycle}"
