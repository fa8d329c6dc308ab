"""Two plans compared: what changed, and in how few words it can be said.

Administrations are matched by id, which stays when dates move. What moved exactly with its cycle
is counted and not listed; doses that changed alike for one reason are one record.
"""

from collections import Counter
from collections.abc import Iterator

from protoplan.comparing import cycles, dated, doses, stated
from protoplan.comparing.pairing import Pair, Paired, labels, paired, shifts
from protoplan.model.difference import Carried, Change, Elapsed, PlanDifference, PlanSide, Presence
from protoplan.model.outline import Outline


def compare(
    before: Outline, after: Outline, names: tuple[str, str], elapsed: tuple[Elapsed, ...] = ()
) -> PlanDifference:
    """Return all that differs between two plans.

    Args:
        before: The first plan.
        after: The second plan.
        names: How the user named the two.
        elapsed: What a later day alone makes of one of them.
    """
    pairs = paired(before, after)
    by_cycle = shifts(before, after)
    touched = [pair for pair in pairs.both if _changed(pair, by_cycle)]
    others = {pair.after.id for pair in touched}
    with_cycle = [pair for pair in pairs.both if _moved_with(pair, by_cycle)]
    order = labels(before.cycles, after.cycles)
    told = list(_told(before, after, pairs, by_cycle))
    return PlanDifference(
        before=_side(before, names[0]),
        after=_side(after, names[1]),
        cycles=order,
        stated=tuple(stated.stated(before, after)),
        moves=tuple(
            cycles.moves(
                before, after, by_cycle,
                Counter(pair.after.cycle for pair in with_cycle),
                {dose.cycle for dose in (*pairs.gone, *pairs.new)}
                | {pair.after.cycle for pair in touched},
                order,
            )
        ),
        course=tuple(cycles.changes(before, after, pairs, order)),
        timings=tuple(doses.timings(pairs.both, by_cycle)),
        doses=tuple(doses.changes(pairs.both)),
        statuses=tuple(doses.statuses(pairs.both)),
        recorded=doses.recorded(pairs.both),
        presence=_presence(before, after, pairs),
        totals=tuple(stated.totals(before, after)),
        told=tuple(entry for entry in told if isinstance(entry, Change)),
        carried=tuple(entry for entry in told if isinstance(entry, Carried)),
        unchanged=tuple(
            doses.unchanged([pair for pair in pairs.both if pair.after.id not in others])
        ),
        elapsed=elapsed,
    )  # fmt: skip


def _side(plan: Outline, name: str) -> PlanSide:
    return PlanSide(
        name,
        plan.treatment,
        plan.label,
        plan.revision,
        plan.revision_date,
        plan.as_of,
        plan.protocol,
    )


def _changed(pair: Pair, by_cycle: dict[str, int]) -> bool:
    """Whether anything of a dose changed besides that it moved with its cycle."""
    return (
        pair.before.status != pair.after.status
        or doses.changed_amount(pair) is not None
        or any(doses.changed_times(pair, by_cycle))
    )


def _moved_with(pair: Pair, by_cycle: dict[str, int]) -> bool:
    days = (pair.after.date - pair.before.date).days
    return days != 0 and days == by_cycle.get(pair.after.cycle)


def _presence(before: Outline, after: Outline, pairs: Paired) -> tuple[Presence, ...]:
    """What came or went in cycles of both plans; with a whole cycle its doses are counted."""
    first = {cycle.label for cycle in before.cycles}
    second = {cycle.label for cycle in after.cycles}
    new = [dose for dose in pairs.new if dose.cycle not in second - first]
    gone = [dose for dose in pairs.gone if dose.cycle not in first - second]
    return (*doses.presence(new, new=True), *doses.presence(gone, new=False))


def _told(
    before: Outline, after: Outline, pairs: Paired, by_cycle: dict[str, int]
) -> Iterator[Change | Carried]:
    moved = dated.Moved(
        by_cycle,
        {pair.after.id: (pair.after.date - pair.before.date).days for pair in pairs.both},
    )
    yield from stated.unresolved(before.unresolved, after.unresolved)
    yield from dated.findings(before.findings, after.findings, moved)
    yield from stated.overdue(pairs)
    yield from dated.dated("instruction", before.instructions, after.instructions, moved)
    yield from dated.dated("checklist", before.checklist, after.checklist, moved)
    yield from stated.told("open item", before.open_items, after.open_items)
    yield from stated.told("doses in all", before.numbers, after.numbers)
    yield from stated.limits(before.totals, after.totals)
    yield from stated.told("silence", before.silences, after.silences)
    old, new = dict(before.others), dict(after.others)
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            ends = tuple("as it stood" if key in side else None for side in (old, new))
            yield Change("plan", key, ends[0], ends[1] and "another")
