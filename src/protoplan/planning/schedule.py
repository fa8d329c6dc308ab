"""Pure days: on which days of the cycles, and at which times, something is given.

Nothing here knows a dose, a patient or a file.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

import attrs

from protoplan.model.component import Component, Days, Sig
from protoplan.model.condition import tests_in
from protoplan.model.option import OptionRef
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import ClockPolicy
from protoplan.model.protocol import Protocol, Total
from protoplan.model.record import Given
from protoplan.planning.anchors import anchors_of, days_of, in_order, length_of, unchosen
from protoplan.planning.conditions import ask
from protoplan.planning.course import after, chosen_cycles, cycle_day, date_of
from protoplan.planning.known import YES, Known, Verdict
from protoplan.problems import fault
from protoplan.quantity import Quantity
from protoplan.source import Place

HOURS_A_DAY = 24

#: More administrations than this are a slip in the file, and would take long to plan.
MOST = 50_000


@attrs.frozen
class Fate:
    """What became of an administration.

    Attributes:
        status: ``given``, ``held``, ``missed``, ``cancelled`` or ``unresolved``.
        because: Why, in words.
        needs: What must be stated before it is known.
        at: Where the record says so.
    """

    status: str
    because: str | None
    at: Place
    needs: tuple[str, ...] = ()


@attrs.frozen
class Slot:
    """One administration to be, without its dose.

    Attributes:
        id: ``cycle.dDAY.drug.ROUTE.n``, with the day and the number that the schedule gives it.
        day: Day of the cycle on which it begins.
        nth: Which of the days of its sig in this cycle this is; from 1.
        days: How many days a continuous infusion runs; 1 for a single dose.
        verdict: Whether its condition holds; never false.
        due: Its date by the schedule.
        hangs_on: The dose by which it is timed; None for one at the site's own time.
        fate: What became of it; None while nothing is recorded.
        given: What the record says was given.
        begun: The record says that it began; what comes of it is still open.
        delivered: What the record says of a part of an infusion.
    """

    id: str
    cycle: PlannedCycle
    component: Component
    sig: Sig
    day: int
    start: datetime
    end: datetime | None
    nth: int
    days: int | Fraction
    verdict: Verdict
    due: date
    hangs_on: str | None = None
    fate: Fate | None = None
    given: Given | None = None
    begun: bool = False
    delivered: Quantity | None = None

    @property
    def window(self) -> tuple[date, date] | None:
        """The earliest and the latest date it may be moved to."""
        if self.sig.window is None:
            return None
        first, last = self.sig.window
        return self.due + timedelta(first), self.due + timedelta(last)


class _Moment(NamedTuple):
    """An administration before it has a day and a number; a tuple, for as many as there are doses.

    Attributes:
        place: Of its sig in the protocol; doses at one time stand in that order.
        hangs_on: The administration by which it is timed.
    """

    start: datetime
    place: int
    end: datetime | None
    days: int
    cycle: PlannedCycle
    component: Component
    sig: Sig
    nth: int
    verdict: Verdict
    hangs_on: "_Moment | None"


#: Start, end, days, and the administration by which it is timed.
_Time = tuple[datetime, datetime | None, int, _Moment | None]


def slots(
    protocol: Protocol,
    cycles: Sequence[PlannedCycle],
    state: Known,
    clock: ClockPolicy,
    *,
    whatever: bool = False,
) -> tuple[Slot, ...]:
    """Every administration of the dated cycles, in the order of time, then of the protocol.

    Args:
        whatever: Whatever the facts, and also past the number of doses in all: every dose that
            the protocol can give under the options that are chosen.
    """
    if whatever:
        state = attrs.evolve(state, facts={})
    dated = [cycle for cycle in cycles if cycle.start is not None]
    moments: list[_Moment] = []
    laid: dict[tuple[int, str], list[_Moment]] = {}
    for place, component, sig in in_order(protocol):
        where = sig.where or component.where
        assert where is not None  # the reader asks for one of the two
        if unchosen(component, sig, protocol, state):
            continue  # named by `undated`
        anchors = anchors_of(component, sig, protocol)
        tests = (*tests_in(component.when), *tests_in(sig.when))
        by_day = any(test.asks == "measure" for test in tests)
        days, takes = days_of(sig, state), length_of(sig, state)
        for cycle in chosen_cycles(where, dated):
            assert cycle.start is not None
            verdict = _verdict(component, sig, state, cycle.start)
            near = [moment for each in anchors for moment in laid.get((id(each), cycle.label), ())]
            dates: dict[date, int] = {}
            here = laid.setdefault((id(sig), cycle.label), [])
            for start, end, runs, timed_by in _times(cycle, sig, (days, takes), clock, near):
                on = start.date()
                nth = dates.setdefault(on, len(dates) + 1)
                found = _verdict(component, sig, state, on) if by_day else verdict
                found = found if timed_by is None else _both(found, timed_by.verdict)
                if len(moments) > MOST:
                    message = f"the course has more than {MOST:,} administrations"
                    raise fault("PP106", message, sig.at)
                if whatever and found.answer is None:
                    found = YES
                if found.answer is not False:
                    here.append(_Moment(start, place, end, runs, cycle, component, sig, nth, found,
                                        timed_by))  # fmt: skip
                    moments.append(here[-1])
    moments.sort(key=attrgetter("start", "place"))
    return _numbered(_within_totals(moments, () if whatever else protocol.totals))


def undated(
    protocol: Protocol, cycles: Sequence[PlannedCycle], state: Known
) -> Iterator[tuple[Component, tuple[str, ...]]]:
    """Components that are given on days not yet chosen, and what is to be chosen."""
    for component in protocol.components:
        for sig in component.sigs:
            where = sig.where or component.where
            open_days = unchosen(component, sig, protocol, state)
            if not open_days or where is None:
                continue
            dated = [c for c in chosen_cycles(where, cycles) if c.start is not None]
            starts = [c.start for c in dated if c.start is not None]
            verdicts = [_verdict(component, sig, state, start) for start in starts]
            if any(verdict.answer is not False for verdict in verdicts):
                asked = [*open_days, *([sig.dose] if isinstance(sig.dose, OptionRef) else [])]
                names = [r.option for r in asked if state.options.get(r.option) is None]
                wanted = [n for name in names for n in state.waiting.get(name, (name,))]
                yield component, (*wanted, *(n for v in verdicts[:1] for n in v.needs))


def _verdict(component: Component, sig: Sig, state: Known, on: date) -> Verdict:
    """Whether a sig is given; how long it runs belongs to it, where the prescriber says so."""
    found = _both(ask(component.when, state, on), ask(sig.when, state, on))
    if isinstance(sig.over, OptionRef) and length_of(sig, state) is None:
        wanted = state.waiting.get(sig.over.option, (sig.over.option,))
        return _both(found, Verdict(None, wanted))
    return found


def _both(one: Verdict, other: Verdict) -> Verdict:
    """Whether both hold; only a rule can wait for a laboratory value, a dose is not given on it."""
    if one.answer is False or other.answer is False:
        return Verdict(False)
    needs = tuple(dict.fromkeys(one.wanted + other.wanted))
    return Verdict(None if needs else True, needs)


def _times(
    cycle: PlannedCycle,
    sig: Sig,
    settled: tuple[Days | None, timedelta | None],
    clock: ClockPolicy,
    near: Sequence[_Moment],
) -> Iterator[_Time]:
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
    near: Sequence[_Moment],
) -> Iterator[tuple[datetime, _Moment | None]]:
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
    cycle: PlannedCycle, sig: Sig, days: Days | None, near: Sequence[_Moment]
) -> Iterator[tuple[datetime, _Moment]]:
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
    for anchor in _anchors(cycle.start, sig):
        for first, last in days.runs:
            yield date_of(anchor, first), date_of(anchor, last)


def _anchors(start: date, sig: Sig) -> Iterator[date]:
    """The dates from which the days of a sig are counted: once, or again and again."""
    if sig.repeat is None:
        yield start
        return
    end, times = after(start, sig.repeat.lasting), 0
    while (anchor := after(start, sig.repeat.every, times)) < end:
        yield anchor
        times += 1


def _within_totals(moments: list[_Moment], totals: Sequence[Total]) -> list[_Moment]:
    """Leave out what comes after the number of doses that the protocol gives in all."""
    left = [total.doses for total in totals]
    shared = {name: index for index, total in enumerate(totals) for name in total.of}
    if not shared:
        return moments
    kept = []
    for moment in moments:
        index = shared.get(moment.component.name)
        if index is not None:
            left[index] -= 1
        if index is None or left[index] >= 0:
            kept.append(moment)
    return kept


def _numbered(moments: list[_Moment]) -> tuple[Slot, ...]:
    """Number the administrations of a drug by a route on a day of a cycle, in order of time."""
    counts: dict[tuple[str, int, str, str], int] = {}
    names: dict[int, str] = {}
    found = []
    for moment in moments:
        cycle, drug, route = moment.cycle, moment.component.drug, moment.component.route
        assert cycle.start is not None
        due = moment.start.date()
        day = cycle_day(due, cycle.start)
        key = (cycle.label, day, drug, route)
        counts[key] = nth = counts.get(key, 0) + 1
        name = f"{cycle.label}.d{day}.{drug}.{route}.{nth}"
        names[id(moment)] = name
        found.append((moment, name, day, due))
    # An anchor may stand behind the doses that hang on it, so every name is known before.
    return tuple(
        Slot(
            id=name,
            cycle=moment.cycle,
            component=moment.component,
            sig=moment.sig,
            day=day,
            start=moment.start,
            end=moment.end,
            nth=moment.nth,
            days=moment.days,
            verdict=moment.verdict,
            due=due,
            hangs_on=None if moment.hangs_on is None else names.get(id(moment.hangs_on)),
        )
        for moment, name, day, due in found
    )
