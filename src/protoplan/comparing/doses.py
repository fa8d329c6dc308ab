"""Doses that changed: amounts, statuses, days, and what came or went."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

import attrs

from protoplan.comparing import amounts
from protoplan.comparing.pairing import Pair, drug_line, grouped
from protoplan.model.difference import (
    DoseChange,
    Presence,
    Recorded,
    StatusChange,
    Timing,
    Unchanged,
)
from protoplan.model.outline import Dose, WorkedStep
from protoplan.quantity import NotAnAmount, Quantity, parse

GIVEN = "given"

#: What a dose comes to, in the order in which a difference is told: the first that differs is.
_AMOUNTS = (
    ("rate", "rate"),
    ("dose", "ordered"),
    ("printed dose", "basis"),
    ("calculated dose", "calculated"),
    ("dose before rounding", "adjusted"),
)


@attrs.frozen
class Amounts:
    """An amount of one dose that is another, and why."""

    what: str
    before: Quantity | None
    after: Quantity | None
    why: tuple[str, ...]


def changed_amount(pair: Pair) -> Amounts | None:
    """The first amount that differs between the two; None where none does."""
    before, after = pair.before, pair.after
    for what, key in _AMOUNTS:
        old, new = getattr(before, key), getattr(after, key)
        if old == new or (before.status != after.status and None in (old, new)):
            continue  # a dose that is held now has no amount; its status is told
        return Amounts(what, old, new, why(before, after))
    if before.bsa != after.bsa:
        area = [None if one.bsa is None else Quantity(one.bsa, "m2") for one in (before, after)]
        return Amounts("surface area", area[0], area[1], ())
    if before.status == GIVEN == after.status and not amounts.alike(before.given, after.given):
        return Amounts("recorded amount", before.given, after.given, ())
    return None


def why(before: Dose, after: Dose) -> tuple[str, ...]:
    """Why a dose is another: adjustments that came or went, else what differs in its working."""
    old = {(change.rule, change.reason) for change in before.adjustments}
    new = {(change.rule, change.reason) for change in after.adjustments}
    came = [one.reason for one in after.adjustments if (one.rule, one.reason) not in old]
    went = [one.reason for one in before.adjustments if (one.rule, one.reason) not in new]
    if came or went:
        return (*dict.fromkeys(came), *(f"no longer: {reason}" for reason in dict.fromkeys(went)))
    steps = {step.step: step for step in before.working}
    for step in after.working:
        was = steps.get(step.step)
        if was is None:
            return (f"{step.step}: {step.why}",)
        if was.after != step.after:
            return (_step(was, step),)
    now = {step.step for step in after.working}
    return tuple(f"no longer {name}: {step.why}" for name, step in steps.items() if name not in now)


def _step(before: WorkedStep, after: WorkedStep) -> str:
    if after.step == "basis":
        return "the dose as its source prints it"
    return f"{after.step} {_shown(before.after)} → {_shown(after.after)}"


def _shown(written: str) -> str:
    """An amount as it is printed; what is no amount as it stands."""
    try:
        return parse(written).text()
    except NotAnAmount:
        return written


def changes(pairs: Sequence[Pair]) -> Iterator[DoseChange]:
    """Doses that changed in the same way for the same reason, together."""
    found = [(pair, amount) for pair in pairs if (amount := changed_amount(pair)) is not None]
    found += [(pair, amount) for pair in pairs if (amount := _given_otherwise(pair)) is not None]
    groups = grouped(found, lambda one: (one[0].after.drug, one[0].after.route, one[1]))
    for (_, _, amount), members in groups.items():
        yield DoseChange(
            drug_line([pair.after for pair, _ in members]),
            amount.what,
            amount.before,
            amount.after,
            amounts.percent(amount.before, amount.after),
            amount.why,
        )


def _newly_given(pair: Pair) -> bool:
    return pair.after.status == GIVEN != pair.before.status


def _given_otherwise(pair: Pair) -> Amounts | None:
    given, ordered = pair.after.given, pair.after.ordered or pair.before.ordered
    if not _newly_given(pair) or given is None or amounts.alike(given, ordered):
        return None
    return Amounts(GIVEN, ordered, given, ())


def recorded(pairs: Sequence[Pair]) -> Recorded | None:
    """How many doses came to be recorded as given; None where none did."""
    newly = [pair for pair in pairs if _newly_given(pair)]
    otherwise = sum(_given_otherwise(pair) is not None for pair in newly)
    unstated = sum(pair.after.given is None for pair in newly)
    return Recorded(len(newly) - otherwise - unstated, otherwise, unstated) if newly else None


def changed_status(pair: Pair) -> bool:
    """Whether a status is another; that a planned dose was given is told in one line for all."""
    before, after = pair.before.status, pair.after.status
    return before != after and (before, after) != ("planned", GIVEN)


def statuses(pairs: Sequence[Pair]) -> Iterator[StatusChange]:
    """Doses whose status changed alike, together."""

    def key(pair: Pair) -> tuple[object, ...]:
        before, after = pair.before, pair.after
        return (after.drug, after.route, before.status, after.status, _dose(pair), _because(pair))

    for members in grouped(filter(changed_status, pairs), key).values():
        pair = members[0]
        yield StatusChange(
            drug_line([one.after for one in members]),
            pair.before.status,
            pair.after.status,
            _dose(pair),
            _because(pair),
        )


def _dose(pair: Pair) -> Quantity | None:
    before, after = pair.before, pair.after
    return before.rate or before.ordered or after.rate or after.ordered


def _because(pair: Pair) -> str | None:
    after = pair.after
    if after.because or not after.needs:
        return after.because
    return f"not known: {', '.join(after.needs)}"


def presence(doses: Sequence[Dose], *, new: bool) -> Iterator[Presence]:
    """Doses of one plan alone, together by drug, route and amount."""
    groups = grouped(doses, lambda one: (one.drug, one.route, one.rate or one.ordered))
    for (_, _, amount), members in groups.items():
        dates = [dose.date for dose in members]
        yield Presence(drug_line(members), new, amount, min(dates), max(dates))


@attrs.frozen
class _Change:
    """How the time of one dose is another."""

    what: str
    before: str
    after: str
    by: timedelta


def changed_times(
    pair: Pair, shifts: Mapping[str, int]
) -> Iterator[tuple[str, str, str, timedelta]]:
    """How a dose moved otherwise than its cycle: what, before, after, and how far.

    Args:
        pair: The dose in both plans.
        shifts: By how many days each cycle moved.
    """
    before, after = pair.before, pair.after
    none = timedelta(0)
    by = after.date - before.date - timedelta(shifts.get(after.cycle, 0))
    if before.day != after.day:
        yield "cycle day", f"day {_day(before.day)}", f"day {_day(after.day)}", by
    elif by:
        yield "day", before.date.isoformat(), after.date.isoformat(), by
    old, new = _clock(before), _clock(after)
    if old != new:
        yield "time", f"{old[0]:%H:%M}", f"{new[0]:%H:%M}", none
    lasted, lasts = _lasting(before), _lasting(after)
    if lasted != lasts:
        yield "duration", lasted, lasts, none
    could, can = _window(before), _window(after)
    if could != can:
        yield "window", could, can, none


def _clock(dose: Dose) -> tuple[time, int]:
    """The time of day, and by how many days the start lies from the date."""
    return dose.start.time(), (dose.start.date() - dose.date).days


def _day(day: int) -> str:
    return str(day).replace("-", "−")


def _lasting(dose: Dose) -> str:
    if dose.end is None:
        return "a time not known"
    minutes = _minutes(dose.start, dose.end)
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{minutes} minutes"
    return f"{hours // 24} days" if hours > 48 and not hours % 24 else f"{hours} hours"


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds()) // 60


def _window(dose: Dose) -> str:
    if dose.window is None:
        return "no window"
    days = [_offset(end, dose.date) for end in dose.window]
    return f"{days[0]} to {days[1]} days"


def _offset(on: date, dose: date) -> str:
    days = (on - dose).days
    return f"+{days}" if days > 0 else str(days).replace("-", "−")


def timings(pairs: Sequence[Pair], shifts: Mapping[str, int]) -> Iterator[Timing]:
    """Doses that moved alike otherwise than their cycle, together."""
    found = [(pair, _Change(*one)) for pair in pairs for one in changed_times(pair, shifts)]

    def key(one: tuple[Pair, _Change]) -> tuple[object, ...]:
        pair, change = one
        alike = change.by if change.what == "day" else (change.before, change.after)
        return pair.after.drug, pair.after.route, change.what, alike

    for members in grouped(found, key).values():
        change = members[0][1]
        line = drug_line([pair.after for pair, _ in members])
        yield Timing(line, change.what, change.before, change.after, change.by)


def unchanged(pairs: Sequence[Pair]) -> Iterator[Unchanged]:
    """Of doses that stay as they are, the keys of the plan under which something else stands.

    Args:
        pairs: Doses of which nothing that was told before differs.
    """
    found = [(key, pair) for pair in pairs for key in _other_keys(pair)]
    for key, members in grouped(found, lambda one: one[0]).items():
        doses = [pair.after for _, pair in members]
        names = tuple(dict.fromkeys(dose.name for dose in doses))
        yield Unchanged(key, names, drug_line(doses).spots)


def _other_keys(pair: Pair) -> Iterator[str]:
    before, after = pair.before, pair.after
    for key in ("cycle", "drug", "name", "route", "because", "needs", "working", "adjustments"):
        if getattr(before, key) != getattr(after, key):
            yield key
    old, new = dict(before.others), dict(after.others)
    yield from (key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key))
