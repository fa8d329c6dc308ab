"""Looks at doses beside their record: given otherwise, held, put off, interrupted."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from protoplan.model.component import ROUTES
from protoplan.model.plan import Administration, Finding
from protoplan.planning.happened import Break
from protoplan.planning.rounding import percent_between, signed
from protoplan.planning.scene import Scene
from protoplan.planning.shifting import Shift, last_day, obstacles, smallest
from protoplan.problems import Severity


def given_otherwise(scene: Scene) -> Iterator[Finding]:
    """Doses given in another amount than ordered, on another day, or against the plan.

    PF234: a warning past the site's tolerance or outside the window, else a note.

    PF235: what was given counts, though the plan holds it, leaves it out or has dropped it.
    """
    amounts: dict[tuple[str, str, str, str, Severity], list[str]] = {}
    for row in scene.administrations:
        if row.given is None:
            continue
        ordered, amount = row.given.ordered, row.given.amount
        if ordered is not None and row.given.stated and amount != ordered and ordered.value:
            percent = percent_between(ordered, amount)
            far = abs(percent) > scene.policy.tolerance
            severity = Severity.WARNING if far else Severity.NOTE
            key = (printed_name(row), amount.text(), ordered.text(), signed(percent), severity)
            amounts.setdefault(key, []).append(row.id)
        yield from _on_another_day(row, scene)
        if row.order.because and row.order.because.startswith("given "):
            message = f"{printed_name(row)} was {row.order.because}"
            yield Finding("PF235", Severity.WARNING, message, (row.id,))
    for (name, amount_text, ordered_text, by, severity), ids in amounts.items():
        message = f"{name} {amount_text} was given where {ordered_text} was ordered ({by}%)"
        yield Finding("PF234", severity, message, tuple(ids))


def _on_another_day(row: Administration, scene: Scene) -> Iterator[Finding]:
    if row.date == row.due or row.given is None or row.order.rate is not None:
        return
    message = f"{printed_name(row)} was given on {row.date}; it was due on {row.due}"
    outside = _outside(row, scene)
    if outside:
        yield Finding("PF234", Severity.WARNING, f"{message}, and {outside}", (row.id,))
    elif row.window is None:
        yield Finding("PF234", Severity.NOTE, f"{message}, and no window is printed", (row.id,))


def _outside(row: Administration, scene: Scene) -> str | None:
    """Why the day of a dose is past, or before, all on which it may be; in words."""
    begins = next(c.start for c in scene.course.cycles if c.label == row.cycle)
    if begins is not None and row.date < begins and row.printed_day > 0:
        return f"its cycle begins on {begins}"
    if row.window is not None and row.date < row.window[0]:
        return f"its window begins on {row.window[0]}"
    last, why = last_day(row, scene)
    return why if row.date > last else None


def put_off(scene: Scene) -> Iterator[Finding]:
    """PF236: a dose that is held or put off, with the smallest legal shift, or that none is."""
    held: dict[tuple[str, str], list[tuple[Administration, str]]] = {}
    said = {*scene.happened.delayed, *scene.happened.not_given}
    for row in scene.administrations if said else ():
        delay, entry = scene.happened.delayed.get(row.id), scene.happened.not_given.get(row.id)
        if row.status == "held" and entry is not None and entry.how == "held":
            shift = smallest(row, max(entry.date, scene.state.as_of), scene)
            key = (printed_name(row), row.order.because or "")
            held.setdefault(key, []).append((row, _told(shift, row)))
        elif delay is not None and row.date == delay.to and row.status in ("planned", "unresolved"):
            yield _delayed(row, scene)
    for (name, because), rows in held.items():
        yield _held(name, because, rows)


#: So many doses of one cause are told singly.
_SHOWN = 3


def _held(name: str, because: str, rows: Sequence[tuple[Administration, str]]) -> Finding:
    told = [f"cycle {row.cycle} day {row.day}: {shift}" for row, shift in rows[:_SHOWN]]
    more = f"; and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    count = f"{len(rows)} doses of {name} are" if len(rows) > 1 else f"{name} is"
    message = f"{count} {because}; {'; '.join(told)}{more}"
    return Finding("PF236", Severity.WARNING, message, tuple(row.id for row, _ in rows))


def _delayed(row: Administration, scene: Scene) -> Finding:
    """Whether the day to which a dose was put off is legal; else the first that is."""
    delay = scene.happened.delayed[row.id]
    by = (row.date - row.due).days
    how = f"put off by {in_days(by)}" if by >= 0 else f"brought forward by {in_days(-by)}"
    message = f"{printed_name(row)} is {how} to {row.date}: {delay.reason}"
    outside = _outside(row, scene)
    wrong = [*([outside] if outside else []), *obstacles(row, row.date, scene)]
    if not wrong:
        window = "inside its window" if row.window else "no window is printed"
        return Finding("PF236", Severity.NOTE, f"{message}; {window}", (row.id,))
    shift = smallest(row, delay.date, scene)
    text = f"{message}; {'; '.join(wrong)}; {_told(shift, row)}"
    return Finding("PF236", Severity.WARNING, text, (row.id,))


def _told(shift: Shift, row: Administration) -> str:
    """Where a dose may go, in words."""
    if shift.to is None:
        near = f", and on each day before {'; '.join(shift.near)}" if shift.near else ""
        return f"there is no legal day for it: {shift.why_last}{near}"
    by = (shift.to - row.due).days
    window = "" if row.window else ", by least distances alone, for no window is printed"
    days = f"by {in_days(by)} " if by else ""
    return f"the smallest legal shift is {days}to {shift.to}{window}"


def interruptions(scene: Scene) -> Iterator[Finding]:
    """PF237: an infusion was interrupted: when it ends now, or that a new cycle is asked for."""
    for entry in scene.happened.breaks:
        yield _interrupted(entry, scene)


def _interrupted(entry: Break, scene: Scene) -> Finding:
    parts = _parts(entry.interrupted.dose, scene)
    drug, ids = parts[0].order.name, tuple(row.id for row in parts)
    cut = entry.interrupted
    if entry.over:
        message = (
            f"{drug} was interrupted on {cut.date} for {in_days(entry.whole_days)}, more than "
            f"{entry.days}: {cut.reason}; {_answer(parts[0].cycle, scene)}"
        )
        return Finding("PF237", Severity.WARNING, message, ids, entry.source)
    no_limit = "" if entry.source else "; no source that was read says how long a break may be"
    if entry.resumed is None:
        limit = ""
        if entry.days is not None:
            last = cut.date + timedelta(entry.days)
            limit = f"; it may go on until {last} to complete this cycle"
        message = f"{drug} is interrupted since {cut.date}: {cut.reason}{limit}{no_limit}"
        return Finding("PF237", Severity.WARNING, message, ids, entry.source)
    end = max(row.end or row.start for row in parts)
    message = (
        f"{drug} was interrupted on {cut.date} for {in_days(entry.whole_days)} ({cut.reason}) and "
        f"goes on; it ends on {end.date()}, so that all its days are delivered"
    )
    labels = [cycle.label for cycle in scene.course.cycles]
    after = scene.course.cycles[labels.index(parts[0].cycle) + 1 :][:1]
    if after and after[0].start is not None:
        left = (after[0].start - end.date()).days
        has, remain = ("has", "remains") if abs(left) == 1 else ("have", "remain")
        into = f"{in_days(-left)} of cycle {after[0].label} {has} begun by then"
        free = f"{in_days(left)} without it {remain} before cycle {after[0].label}"
        message += f"; {free if left >= 0 else into}"
    return Finding("PF237", Severity.WARNING, message + no_limit, ids, entry.source)


def _answer(cycle: str, scene: Scene) -> str:
    """Whether the new cycle that too long a break asks for has its day."""
    labels = [found.label for found in scene.course.cycles]
    after = scene.course.cycles[labels.index(cycle) + 1 :][:1]
    if after and after[0].start is not None:
        return f"cycle {after[0].label}, which it asks for, begins on {after[0].start}"
    return "a new cycle is asked for"


def _parts(name: str, scene: Scene) -> list[Administration]:
    """Every infusion of the same drug in the cycle of an interrupted one."""
    origin = next(row for row in scene.administrations if row.id == name)
    return [
        row
        for row in scene.administrations
        if row.cycle == origin.cycle
        and (row.order.drug, row.order.route) == (origin.order.drug, origin.order.route)
    ]


def printed_name(row: Administration) -> str:
    """Drug and route of a dose, as they are printed."""
    return f"{row.order.name} {ROUTES[row.order.route]}"


def in_days(count: int) -> str:
    """A number of days, in words."""
    return f"{count} day{'' if count == 1 else 's'}"


#: In the order in which they are printed.
LOOKS: tuple[Callable[[Scene], Iterator[Finding]], ...] = (given_otherwise, put_off, interruptions)
