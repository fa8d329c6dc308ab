"""When the doses of one sig begin and end in one cycle: by its days, or by the doses it hangs on.

Nothing here knows a dose, a patient or a file.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from protoplan.model.component import Days, Sig
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import ClockPolicy
from protoplan.planning.course import after, date_of

HOURS_A_DAY = 24


class Dated(Protocol):
    """A dose on which another may hang."""

    @property
    def start(self) -> datetime:
        """When it begins."""

    @property
    def end(self) -> datetime | None:
        """When it ends; None where that is not known."""


Near = TypeVar("Near", bound=Dated)

#: Start, end, days, and the administration by which it is timed.
Time = tuple[datetime, datetime | None, int, Near | None]


def times(
    cycle: PlannedCycle,
    sig: Sig,
    settled: tuple[Days | None, timedelta | None],
    clock: ClockPolicy,
    near: Sequence[Near],
) -> Iterator[Time[Near]]:
    """Each administration that *sig* asks for in *cycle*.

    Args:
        settled: Its days, and how long one infusion takes, as printed or as chosen.
        near: Where its time hangs on others: their doses in the cycle.
    """
    days, takes = settled
    if sig.rate is not None:
        assert days is not None  # the reader asks for them
        for begin, last in _runs(cycle, sig, days):
            start, length = datetime.combine(begin, clock.first_dose), (last - begin).days + 1
            yield start, start + timedelta(length), length, None
        return
    for start, timed_by in _starts(cycle, sig, days, clock, near):
        yield start, None if takes is None else start + takes, 1, timed_by


def _starts(
    cycle: PlannedCycle,
    sig: Sig,
    days: Days | None,
    clock: ClockPolicy,
    near: Sequence[Near],
) -> Iterator[tuple[datetime, Near | None]]:
    """When each dose begins, and the dose by which it is timed."""
    gap = timedelta(hours=sig.every or 0)
    if sig.begins is not None:
        for first, timed_by in _anchored(cycle, sig, days, near):
            yield from ((first + gap * k, timed_by) for k in range(sig.doses or 1))
        return
    assert days is not None  # without 'begins' the reader asks for them
    for begin, last in _runs(cycle, sig, days):
        length = (last - begin).days + 1
        if sig.doses is not None:
            start = datetime.combine(begin, clock.first_dose)
            for k in range(sig.doses):
                yield start + gap * k, None
        elif sig.every is not None:
            # The site's hour is one of the day's hours, and none falls onto the day after.
            hour = clock.first_dose.hour % sig.every
            start = datetime.combine(begin, clock.first_dose.replace(hour=hour))
            for k in range(length * HOURS_A_DAY // sig.every):
                yield start + gap * k, None
        else:
            times = _daily_times(sig.times_a_day, clock)
            for k in range(length):
                on = begin + timedelta(k)
                for usual in times:
                    yield datetime.combine(on, usual), None


def _anchored(
    cycle: PlannedCycle, sig: Sig, days: Days | None, near: Sequence[Near]
) -> Iterator[tuple[datetime, Near]]:
    """When a sig begins whose time hangs on other doses: once, or once for each of its days."""
    assert sig.begins is not None
    away = timedelta(minutes=sig.begins.minutes)
    for on in _dates(cycle, sig, days) if days is not None else (None,):
        there = [moment for moment in near if on in (None, moment.start.date())]
        if sig.begins.edge == "start" and there:
            first = min(there, key=lambda moment: moment.start)
            yield first.start + away, first
        ended = [(moment.end, moment) for moment in there if moment.end is not None]
        if sig.begins.edge == "end" and ended:
            end, last = max(ended, key=lambda pair: pair[0])
            yield end + away, last


def _dates(cycle: PlannedCycle, sig: Sig, days: Days) -> Iterator[date]:
    for begin, last in _runs(cycle, sig, days):
        yield from (begin + timedelta(k) for k in range((last - begin).days + 1))


def _daily_times(often: int, clock: ClockPolicy) -> tuple[time, ...]:
    return dict(clock.times)[often] if often > 1 else (clock.first_dose,)


def _runs(cycle: PlannedCycle, sig: Sig, days: Days) -> Iterator[tuple[date, date]]:
    """First and last date of each run of days, repeated as the sig says."""
    assert cycle.start is not None and cycle.length_days is not None
    if not days.runs:
        yield cycle.start, cycle.start + timedelta(cycle.length_days - 1)
        return
    for anchor in anchors(cycle.start, sig):
        for first, last in days.runs:
            yield date_of(anchor, first), date_of(anchor, last)


def anchors(start: date, sig: Sig) -> Iterator[date]:
    """The dates from which the days of a sig are counted: once, or again and again.

    Args:
        start: Day 1 of the cycle.
        sig: Whose days they are.
    """
    if sig.repeat is None:
        yield start
        return
    end, times = after(start, sig.repeat.lasting), 0
    while (anchor := after(start, sig.repeat.every, times)) < end:
        yield anchor
        times += 1
