"""Cycles that moved, came, went or last another time."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from protoplan.comparing.pairing import Paired, runs, starts
from protoplan.model.difference import CycleChange, CycleMove
from protoplan.model.outline import CycleDates, Outline


def moves(
    before: Outline,
    after: Outline,
    shifts: Mapping[str, int],
    carried: Mapping[str, int],
    touched: set[str],
    order: Sequence[str],
) -> Iterator[CycleMove]:
    """One record for consecutive cycles that moved by the same number of days.

    Args:
        shifts: By how many days each cycle moved.
        carried: How many administrations of each cycle moved exactly with it.
        touched: Cycles in which anything else changed.
        order: The labels of all cycles.
    """
    first, second = starts(before), starts(after)
    moved = [label for label, days in shifts.items() if days]
    for run in runs(moved, order, shifts.__getitem__):
        yield CycleMove(
            tuple(run),
            shifts[run[0]],
            first[run[0]],
            second[run[0]],
            sum(carried.get(label, 0) for label in run),
            touched.isdisjoint(run),
        )


def changes(
    before: Outline, after: Outline, paired: Paired, order: Sequence[str]
) -> Iterator[CycleChange]:
    """Cycles that came or went, or are others."""
    first = {cycle.label: cycle for cycle in before.cycles}
    second = {cycle.label: cycle for cycle in after.cycles}
    for what, here, there, doses in (
        ("gone", first, second, paired.gone),
        ("new", second, first, paired.new),
    ):
        for run in runs(here.keys() - there.keys(), order, lambda label: ""):
            count = sum(dose.cycle in run for dose in doses)
            words = _span(here[run[0]], here[run[-1]])
            old, now = (words, None) if what == "gone" else (None, words)
            yield CycleChange(tuple(run), what, old, now, count)
    both = [label for label in order if label in first and label in second]
    for what, shown in _FIELDS.items():
        ends = {label: (shown(first[label]), shown(second[label])) for label in both}
        other = [label for label, (old, now) in ends.items() if old != now and old and now]
        if what == "late":  # of a cycle that moved it is told how far
            other = [label for label in other if first[label].start == second[label].start]
        for run in runs(other, order, ends.__getitem__):
            yield CycleChange(tuple(run), what, *ends[run[0]], 0)


def _span(first: CycleDates, last: CycleDates) -> str:
    if first.start is None or last.start is None:
        return "no dates"
    return f"from {first.start}" if first is last else f"from {first.start} to {last.start}"


def _dates(cycle: CycleDates) -> str:
    return "no dates" if cycle.start is None else "dates"


def _length(cycle: CycleDates) -> str:
    return "" if cycle.length_days is None else f"{cycle.length_days} days"


def _late(cycle: CycleDates) -> str:
    """When a cycle with a date begins, as against when it is due."""
    if cycle.start is None or not cycle.late:
        return "on time" if cycle.start else ""
    days = f"{abs(cycle.late)} day{'' if abs(cycle.late) == 1 else 's'}"
    return f"{days} {'late' if cycle.late > 0 else 'early'}"


#: What is looked at in a cycle of both plans, besides when it begins.
_FIELDS: dict[str, Callable[[CycleDates], str]] = {
    "dates": _dates,
    "length": _length,
    "late": _late,
    "kind": lambda cycle: cycle.kind,
    "phase": lambda cycle: cycle.phase,
}
