"""Looks at the course beside its record: its protocol, its cycles, its weights."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from protoplan.model.plan import Finding
from protoplan.model.record import TRANSPLANT, Pin, Transplant, of
from protoplan.planning import recorded_doses
from protoplan.planning.measuring import change, used
from protoplan.planning.recorded_doses import in_days, printed_name
from protoplan.planning.rounding import signed
from protoplan.planning.scene import Scene
from protoplan.problems import Severity
from protoplan.quantity import decimal_of, printed


def pinned(scene: Scene) -> Iterator[Finding]:
    """PF232: the record was begun with another protocol, or version of it, than is planned."""
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


def after_the_plan(scene: Scene) -> Iterator[Finding]:
    """PF242: entries of days that had not come on the day as of which the plan is made."""
    as_of = scene.state.as_of
    later = [entry.date for entry in scene.treatment.record if entry.date > as_of]
    if later and scene.treatment.as_of == as_of:
        count = "1 entry" if len(later) == 1 else f"{len(later)} entries"
        message = (
            f"the plan is made as of {as_of}, with {count} of the record of later days, up to "
            f"{max(later)}"
        )
        yield Finding("PF242", Severity.WARNING, message)


def starts(scene: Scene) -> Iterator[Finding]:
    """PF233: cycles that begin before their source allows, or later than they were due."""
    for cycle, after in pairwise(scene.course.cycles):
        if cycle.start is None or after.start is None or cycle.length_days is None:
            continue
        apart = (after.start - cycle.start).days
        least = cycle.between[0] if cycle.between else cycle.length_days
        if not after.late or (after.late < 0 and apart >= least):
            continue
        ids = tuple(a.id for a in scene.administrations if a.cycle == after.label)
        if apart < least:
            message = (
                f"cycle {after.label} begins {apart} days after cycle {cycle.label}, and the "
                f"source gives {least} at least"
            )
            yield Finding("PF233", Severity.WARNING, message, ids)
        else:
            because = f": {after.because}" if after.because else ""
            message = f"cycle {after.label} begins {in_days(after.late)} after it was due{because}"
            yield Finding("PF233", Severity.NOTE, message, ids)
    for cycle in scene.course.cycles:
        delay = scene.happened.put_off.get(cycle.label)
        if delay is not None and not cycle.recorded and cycle.start not in (None, delay.to):
            message = (
                f"cycle {cycle.label} is put off to {delay.to}, and begins on {cycle.start}, when "
                "the cycle before it is over"
            )
            yield Finding("PF233", Severity.WARNING, message)


def cancelled(scene: Scene) -> Iterator[Finding]:
    """PF238: doses that fall away for what the record says, by cause and drug."""
    causes: dict[tuple[str, str], list[str]] = {}
    for row in scene.administrations:
        if row.status == "cancelled":
            causes.setdefault((row.order.because or "", printed_name(row)), []).append(row.id)
    for (because, name), ids in causes.items():
        count = f"{len(ids)} dose{'' if len(ids) == 1 else 's'} of {name}"
        message = f"{count} fall{'s' if len(ids) == 1 else ''} away: {because}"
        yield Finding("PF238", Severity.WARNING, message, tuple(ids))


def weight(scene: Scene) -> Iterator[Finding]:
    """PF239: a weight that changed far, or so little that the policy reworks no dose for it."""
    limit = scene.policy.reweighing.warn_above
    kept = used(scene.measures, scene.policy)
    for before, after in pairwise(scene.measures):
        in_use = [measure for measure in kept if measure.date <= before.date][-1]
        percent = change(in_use, after)
        # One decimal, and two for a change that one would lift onto the bound.
        shown = decimal_of(percent, 1)
        if abs(shown) in (limit, scene.policy.reweighing.at_change):
            shown = decimal_of(percent, 2)
        said = (
            f"the weight changed from {in_use.weight.text()} on {in_use.date} to "
            f"{after.weight.text()} on {after.date} ({signed(shown)}%)"
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
    """PF240: doses that are planned on the day of a planned transplant or after it."""
    planned = of(Transplant, scene.treatment.record)
    if not planned or scene.happened.transplant is not None:
        return
    on = planned[-1].on
    rows = [row for row in scene.given if row.status != "given" and row.date >= on]
    if rows:
        doses = "1 dose is" if len(rows) == 1 else f"{len(rows)} doses are"
        message = (
            f"a transplant is planned on {on}, and {doses} planned on that day or after it; record "
            f"that the course moved on to {TRANSPLANT}, or its new day"
        )
        yield Finding("PF240", Severity.WARNING, message, tuple(row.id for row in rows))


def recovery(scene: Scene) -> Iterator[Finding]:
    """PF241: cycles that follow when counts have recovered: it is asked for, never assumed."""
    labels: dict[tuple[tuple[int, int], int, str], list[str]] = {}
    kinds = {kind.name: kind for kind in scene.protocol.kinds}
    for cycle, after in pairwise(scene.course.cycles):
        if cycle.between is None or after.recorded or after.start is None:
            continue
        source = kinds[cycle.kind].grounds.of("between")
        planned = cycle.length_days or cycle.between[1]
        labels.setdefault((cycle.between, planned, source), []).append(after.label)
    for ((least, most), planned, source), names in labels.items():
        cycles = f"cycle {names[0]}" if len(names) == 1 else f"cycles {', '.join(names)}"
        may = f"begin from {least} days on" if planned == most else f"wait until day {most + 1}"
        when = "when counts have recovered" if planned == most else "for counts to recover"
        message = (
            f"{cycles}: planned after {planned} days, and may {may} {when}; ask for the counts and "
            "record each start"
        )
        yield Finding("PF241", Severity.NOTE, message, (), source)


#: In the order in which they are printed.
LOOKS: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    pinned,
    after_the_plan,
    starts,
    cancelled,
    *recorded_doses.LOOKS,
    weight,
    before_transplant,
    recovery,
)
