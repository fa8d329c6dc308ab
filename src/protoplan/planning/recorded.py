"""Looks at what the record says beside what was planned: one finding for one cause."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from protoplan.model.component import ROUTES
from protoplan.model.plan import Administration, Finding
from protoplan.model.record import TRANSPLANT, Pin, Transplant, of
from protoplan.planning.happened import Break
from protoplan.planning.measuring import change, used
from protoplan.planning.rounding import percent_between, signed
from protoplan.planning.scene import Scene
from protoplan.planning.shifting import Shift, obstacles, smallest
from protoplan.problems import Severity
from protoplan.quantity import printed


def pinned(scene: Scene) -> Iterator[Finding]:
    """The record was begun with another protocol, or another version of it, than is planned."""
    protocol = scene.protocol
    here = f"{protocol.id}@{protocol.version}"
    pins = of(Pin, scene.treatment.record)
    if not pins:
        if scene.treatment.record:
            message = f"the record pins no version of the protocol; {here} is planned"
            yield Finding("PF232", Severity.NOTE, message)
        return
    pin = pins[-1]
    fragments = tuple(sorted((part.id, part.sha256) for part in protocol.fragments))
    if pin.protocol != here:
        said = f"{pin.protocol}, and {here} is planned"
    elif pin.sha256 != protocol.sha256:
        said = f"{here} as another file (sha256 {pin.sha256[:12]}, now {protocol.sha256[:12]})"
    elif tuple(sorted(pin.fragments)) != fragments:
        said = f"{here} with other fragments than it includes now"
    else:
        return
    message = (
        f"the record pins {said}; compare the two, and accept the one that is planned by recording "
        "the protocol anew"
    )
    yield Finding("PF232", Severity.STOP, message)


def starts(scene: Scene) -> Iterator[Finding]:
    """Cycles that began before their source allows, or later than they were due."""
    for cycle, after in pairwise(scene.course.cycles):
        if cycle.start is None or after.start is None or cycle.length_days is None:
            continue
        apart = (after.start - cycle.start).days
        least = cycle.between[0] if cycle.between else cycle.length_days
        ids = tuple(a.id for a in scene.administrations if a.cycle == after.label)
        if after.late and apart < least:
            message = (
                f"cycle {after.label} begins {apart} days after cycle {cycle.label}, and the "
                f"source gives {least} at least"
            )
            yield Finding("PF233", Severity.WARNING, message, ids)
        elif after.late > 0:
            because = f": {after.because}" if after.because else ""
            message = f"cycle {after.label} begins {_days(after.late)} after it was due{because}"
            yield Finding("PF233", Severity.NOTE, message, ids)


def cancelled(scene: Scene) -> Iterator[Finding]:
    """Doses that fall away for what the record says, by cause and drug."""
    causes: dict[tuple[str, str], list[str]] = {}
    for row in scene.administrations:
        if row.status == "cancelled":
            causes.setdefault((row.order.because or "", _name(row)), []).append(row.id)
    for (because, name), ids in causes.items():
        count = f"{len(ids)} dose{'' if len(ids) == 1 else 's'} of {name}"
        message = f"{count} fall{'s' if len(ids) == 1 else ''} away: {because}"
        yield Finding("PF238", Severity.WARNING, message, tuple(ids))


def given_otherwise(scene: Scene) -> Iterator[Finding]:
    """Doses given in another amount than ordered, on another day, or against the plan."""
    amounts: dict[tuple[str, str, str, str, Severity], list[str]] = {}
    for row in scene.administrations:
        if row.given is None:
            continue
        ordered, amount = row.given.ordered, row.given.amount
        if ordered is not None and row.given.stated and amount != ordered and ordered.value:
            percent = percent_between(ordered, amount)
            far = abs(percent) > scene.policy.tolerance
            severity = Severity.WARNING if far else Severity.NOTE
            key = (_name(row), amount.text(), ordered.text(), signed(percent), severity)
            amounts.setdefault(key, []).append(row.id)
        yield from _on_another_day(row)
        if row.order.because and row.order.because.startswith("given "):
            message = f"{_name(row)} was {row.order.because}"
            yield Finding("PF235", Severity.WARNING, message, (row.id,))
    for (name, amount_text, ordered_text, by, severity), ids in amounts.items():
        message = f"{name} {amount_text} was given where {ordered_text} was ordered ({by}%)"
        yield Finding("PF234", severity, message, tuple(ids))


def _on_another_day(row: Administration) -> Iterator[Finding]:
    if row.date == row.due or row.given is None or row.order.rate is not None:
        return
    message = f"{_name(row)} was given on {row.date}; it was due on {row.due}"
    if row.window is None:
        yield Finding("PF234", Severity.NOTE, f"{message}, and no window is printed", (row.id,))
    elif not row.window[0] <= row.date <= row.window[1]:
        outside = f"{message}, with a window from {row.window[0]} to {row.window[1]}"
        yield Finding("PF234", Severity.WARNING, outside, (row.id,))


def put_off(scene: Scene) -> Iterator[Finding]:
    """Doses that are held or put off: the smallest shift that is legal, or that there is none."""
    for row in scene.administrations:
        delay, held = scene.happened.delayed.get(row.id), scene.happened.not_given.get(row.id)
        if row.status == "held" and held is not None and held.how == "held":
            earliest = max(held.date, scene.state.as_of)
            shift = smallest(row, earliest, scene)
            message = f"{_name(row)} of cycle {row.cycle} day {row.day} is {row.order.because}"
            yield Finding("PF236", Severity.WARNING, f"{message}; {_told(shift, row)}", (row.id,))
        elif delay is not None and row.date == delay.to and row.status in ("planned", "unresolved"):
            yield _delayed(row, scene)


def _delayed(row: Administration, scene: Scene) -> Finding:
    """Whether the day to which a dose was put off is legal; else the first that is."""
    delay = scene.happened.delayed[row.id]
    message = (
        f"{_name(row)} is put off by {_days((row.date - row.due).days)} to {row.date}: "
        f"{delay.reason}"
    )
    wrong = list(obstacles(row, row.date, scene))
    if row.window is not None and row.date > row.window[1]:
        wrong.insert(0, f"its window ends on {row.window[1]}")
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
    days = f"by {_days(by)} " if by else ""
    return f"the smallest legal shift is {days}to {shift.to}{window}"


def interruptions(scene: Scene) -> Iterator[Finding]:
    """Infusions that were interrupted: when they end now, or that a new cycle is asked for."""
    for name, rows in scene.happened.breaks.items():
        for entry in rows:
            yield _interrupted(name, entry, scene)


def _interrupted(name: str, entry: Break, scene: Scene) -> Finding:
    parts = _parts(name, scene)
    drug, ids = parts[0].order.name, tuple(row.id for row in parts)
    cut = entry.interrupted
    if entry.over:
        message = (
            f"{drug} was interrupted on {cut.date} for {_days(entry.whole_days)}, more than "
            f"{entry.days}: {cut.reason}; a new cycle is asked for"
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
        f"{drug} was interrupted on {cut.date} for {_days(entry.whole_days)} ({cut.reason}) and "
        f"goes on; it ends on {end.date()}, so that all its days are delivered"
    )
    after = next((c for c in scene.course.cycles if c.start and c.start >= end.date()), None)
    if after is not None and after.start is not None:
        left = (after.start - end.date()).days
        message += f"; {_days(left)} without it remain before cycle {after.label}"
    return Finding("PF237", Severity.WARNING, message + no_limit, ids, entry.source)


def _parts(name: str, scene: Scene) -> list[Administration]:
    """Every infusion of the same drug in the cycle of an interrupted one."""
    origin = next(row for row in scene.administrations if row.id == name)
    return [
        row
        for row in scene.administrations
        if row.cycle == origin.cycle
        and (row.order.drug, row.order.route) == (origin.order.drug, origin.order.route)
    ]


def weight(scene: Scene) -> Iterator[Finding]:
    """A weight that changed far, and one that changes no dose because it changed little."""
    limit = scene.policy.reweighing.warn_above
    kept = used(scene.measures, scene.policy)
    for before, after in pairwise(scene.measures):
        in_use = [measure for measure in kept if measure.date <= before.date][-1]
        percent = change(in_use, after)
        said = (
            f"the weight changed from {in_use.weight.text()} on {in_use.date} to "
            f"{after.weight.text()} on {after.date} ({signed(percent)}%)"
        )
        if abs(percent) > limit:
            message = f"{said}, more than {printed(limit)}%"
            yield Finding("PF239", Severity.WARNING, message)
        elif after not in kept and percent:
            least = printed(scene.policy.reweighing.at_change)
            message = f"{said}, less than the {least}% from which policy {scene.policy.id} reworks"
            yield Finding(
                "PF239", Severity.NOTE, f"{message} doses; {in_use.weight.text()} is used"
            )


def before_transplant(scene: Scene) -> Iterator[Finding]:
    """Doses that are planned on the day of a planned transplant or after it."""
    planned = of(Transplant, scene.treatment.record)
    if not planned or scene.happened.transplant is not None:
        return
    on = planned[-1].on
    rows = [row for row in scene.given if row.status != "given" and row.date >= on]
    if rows:
        message = (
            f"a transplant is planned on {on}, and {len(rows)} doses are planned on that day or "
            f"after it; record that the course moved on to {TRANSPLANT}, or its new day"
        )
        yield Finding("PF240", Severity.WARNING, message, tuple(row.id for row in rows))


def recovery(scene: Scene) -> Iterator[Finding]:
    """Cycles that follow when counts have recovered: it is asked for, and never assumed."""
    labels: dict[tuple[tuple[int, int], str], list[str]] = {}
    kinds = {kind.name: kind for kind in scene.protocol.kinds}
    for cycle, after in pairwise(scene.course.cycles):
        if cycle.between is None or after.recorded or after.start is None:
            continue
        source = kinds[cycle.kind].grounds.of("between")
        labels.setdefault((cycle.between, source), []).append(after.label)
    for ((least, most), source), names in labels.items():
        cycles = f"cycle {names[0]}" if len(names) == 1 else f"cycles {', '.join(names)}"
        message = (
            f"{cycles}: planned after {most} days, and may begin from {least} days on when counts "
            "have recovered; ask for the counts and record each start"
        )
        yield Finding("PF241", Severity.NOTE, message, (), source)


def _name(row: Administration) -> str:
    return f"{row.order.name} {ROUTES[row.order.route]}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


#: In the order in which they are printed.
LOOKS: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    pinned,
    starts,
    cancelled,
    given_otherwise,
    put_off,
    interruptions,
    weight,
    before_transplant,
    recovery,
)
