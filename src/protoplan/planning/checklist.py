"""What is to be asked for before later doses: labs that will be too old by then, toxicities."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from protoplan.model.plan import Administration, CheckLine, PlannedCycle
from protoplan.planning.asking import Standing
from protoplan.planning.known import Known
from protoplan.planning.shares import Share, in_order


def checklist(
    shares: Sequence[Share],
    state: Known,
    rules: Mapping[str, Sequence[Standing]],
    cycles: Sequence[PlannedCycle],
    as_of: date,
) -> tuple[CheckLine, ...]:
    """One line a day on which a lab is to be taken, or toxicities are to be asked for.

    A lab that is taken is fresh for as long as the policy says, so it is asked for again only
    when a dose after that wants it. Toxicities are asked for on the first day of each cycle.

    Args:
        shares: The doses of the whole plan.
        state: What is known; how long a lab is fresh.
        rules: By drug.
        cycles: With their dates.
        as_of: The day the plan is made; what lies before it is not asked for.
    """
    waiting = [share for share in shares if share.order.pending]
    wants = {
        id(share.order): {lab for pending in share.order.pending for lab in pending.wants}
        for share in waiting
    }
    days: dict[date, list[Administration]] = {}
    for row in in_order(waiting):
        days.setdefault(row.date, []).append(row)
    asked = _toxicities(shares, rules, cycles, as_of)
    fresh: dict[str, date] = {}
    lines = []
    for on in sorted({*days, *asked}):
        here = days.get(on, ())
        wanted = set[str]().union(*(wants[id(row.order)] for row in here))
        labs = [lab for lab in sorted(wanted) if fresh.get(lab, date.min) < on]
        fresh.update((lab, on + timedelta(state.fresh_days)) for lab in labs)
        rows = {row.id: row for lab in labs for row in here if lab in wants[id(row.order)]}
        said = {p.would for row in rows.values() for p in row.order.pending if {*p.wants} & {*labs}}
        toxicities = asked.get(on, ())
        if labs or toxicities:
            cycle = _cycle_of(on, cycles)
            lines.append(
                CheckLine(on, cycle, tuple(labs), toxicities, tuple(sorted(said)), tuple(rows))
            )
    return tuple(lines)


def _toxicities(
    shares: Sequence[Share],
    rules: Mapping[str, Sequence[Standing]],
    cycles: Sequence[PlannedCycle],
    as_of: date,
) -> dict[date, tuple[str, ...]]:
    """By the first day of each later cycle, what the rules of its drugs read."""
    drugs: dict[str, set[str]] = {}
    for share in shares:
        for label in {row.cycle for row in share.rows} if share.stands else ():
            drugs.setdefault(label, set()).add(share.order.drug)
    read = {
        drug: [(standing.labels, _read(standing)) for standing in here]
        for drug, here in rules.items()
    }
    found = {}
    for cycle in cycles:
        if cycle.start is None or cycle.start <= as_of:
            continue
        wanted = {
            each
            for drug in drugs.get(cycle.label, ())
            for labels, here in read.get(drug, ())
            if labels is None or cycle.label in labels
            for each in here
        }
        # Whoever asks for a toxicity hears of it whatever its cause.
        plain = {each for each in wanted if each[1] is None or (each[0], None) not in wanted}
        if plain:
            found[cycle.start] = tuple(sorted(_shown(*each) for each in plain))
    return found


def _read(standing: Standing) -> frozenset[tuple[str, str | None]]:
    """The toxicities that a rule reads, each with its cause, unless it changes no dose."""
    if standing.note is not None or standing.aside is not None:
        return frozenset()
    return frozenset((test.name, test.of) for test in standing.of_toxicities)


def _shown(name: str, of: str | None) -> str:
    plain = "any toxicity" if name == "any" else name
    return f"{plain} due to {of}" if of else plain


def _cycle_of(on: date, cycles: Sequence[PlannedCycle]) -> str:
    begun = [cycle for cycle in cycles if cycle.start is not None and cycle.start <= on]
    return begun[-1].label if begun else cycles[0].label
