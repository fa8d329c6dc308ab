"""Pure days: on which days of the cycles, and at which times, something is given.

Nothing here knows a dose, a patient or a file.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import attrs

from protoplan.model.component import Component, Days, Sig
from protoplan.model.condition import tests_in
from protoplan.model.option import OptionRef
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import ClockPolicy
from protoplan.model.protocol import Protocol, Total
from protoplan.model.record import Given
from protoplan.planning.conditions import ask
from protoplan.planning.course import after, chosen_cycles, cycle_day, date_of
from protoplan.planning.known import YES, Known, Verdict
from protoplan.problems import fault
from protoplan.quantity import Quantity, rising
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


#: Start, end, days, and what is given: an administration before it has a day and a number.
_Giving = tuple[PlannedCycle, Component, Sig, int, Verdict]
_Moment = tuple[datetime, datetime | None, int, _Giving]


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
    for component in protocol.components:
        for sig in component.sigs:
            where = sig.where or component.where
            assert where is not None  # the reader asks for one of the two
            days = days_of(sig, state)
            if days is None:
                continue  # named by `undated`
            tests = (*tests_in(component.when), *tests_in(sig.when))
            by_day = any(test.asks == "measure" for test in tests)
            for cycle in chosen_cycles(where, dated):
                assert cycle.start is not None
                verdict = _verdict(component, sig, state, cycle.start)
                dates: dict[date, int] = {}
                for when in _times(cycle, sig, days, clock):
                    nth = dates.setdefault(when[0].date(), len(dates) + 1)
                    found = _verdict(component, sig, state, when[0].date()) if by_day else verdict
                    if len(moments) > MOST:
                        message = f"the course has more than {MOST:,} administrations"
                        raise fault("PP106", message, sig.at)
                    if whatever and found.answer is None:
                        found = YES
                    if found.answer is not False:
                        moments.append((*when, (cycle, component, sig, nth, found)))
    moments.sort(key=lambda moment: moment[0])
    return _numbered(_within_totals(moments, () if whatever else protocol.totals))


def days_of(sig: Sig, state: Known) -> Days | None:
    """The days of a sig, as printed or as chosen; None while they are not chosen."""
    if isinstance(sig.days, Days):
        return sig.days
    answer = state.options.get(sig.days.option)
    if answer is None:
        return None
    return Days(tuple((day, day) for day in rising(str(answer))), sig.days.at)


def undated(
    protocol: Protocol, cycles: Sequence[PlannedCycle], state: Known
) -> Iterator[tuple[Component, tuple[str, ...]]]:
    """Components that are given on days not yet chosen, and what is to be chosen."""
    for component in protocol.components:
        for sig in component.sigs:
            where = sig.where or component.where
            if isinstance(sig.days, Days) or days_of(sig, state) is not None or where is None:
                continue
            dated = [c for c in chosen_cycles(where, cycles) if c.start is not None]
            starts = [c.start for c in dated if c.start is not None]
            verdicts = [_verdict(component, sig, state, start) for start in starts]
            if any(verdict.answer is not False for verdict in verdicts):
                asked = [sig.days, *([sig.dose] if isinstance(sig.dose, OptionRef) else [])]
                names = [r.option for r in asked if state.options.get(r.option) is None]
                wanted = [n for name in names for n in state.waiting.get(name, (name,))]
                yield component, (*wanted, *(n for v in verdicts[:1] for n in v.needs))


def _verdict(component: Component, sig: Sig, state: Known, on: date) -> Verdict:
    return _both(ask(component.when, state, on), ask(sig.when, state, on))


def _both(one: Verdict, other: Verdict) -> Verdict:
    if one.answer is False or other.answer is False:
        return Verdict(False)
    needs = tuple(dict.fromkeys(one.needs + other.needs))
    return Verdict(None if needs else True, needs)


def _times(
    cycle: PlannedCycle, sig: Sig, days: Days, clock: ClockPolicy
) -> Iterator[tuple[datetime, datetime | None, int]]:
    """Start, end and days of each administration that *sig* asks for in *cycle*."""
    first = clock.first_dose
    for begin, last in _runs(cycle, sig, days):
        length = (last - begin).days + 1
        if sig.rate is not None:
            start = datetime.combine(begin, first)
            yield start, start + timedelta(length), length
            continue
        if sig.every is not None:
            # The site's hour is one of the day's hours, and none falls onto the day after.
            start = datetime.combine(begin, first.replace(hour=first.hour % sig.every))
            gap = timedelta(hours=sig.every)
            moments = [start + gap * k for k in range(length * HOURS_A_DAY // sig.every)]
        else:
            daily = _daily_times(sig.times_a_day, clock)
            moments = [
                datetime.combine(begin + timedelta(k), t) for k in range(length) for t in daily
            ]
        for moment in moments:
            yield moment, moment + timedelta(minutes=sig.over) if sig.over else None, 1


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
    kept = []
    for moment in moments:
        index = shared.get(moment[3][1].name)
        if index is not None:
            left[index] -= 1
        if index is None or left[index] >= 0:
            kept.append(moment)
    return kept


def _numbered(moments: list[_Moment]) -> tuple[Slot, ...]:
    """Number the administrations of a drug by a route on a day of a cycle, in order of time."""
    counts: dict[tuple[str, int, str], int] = {}
    found = []
    for start, end, days, (cycle, component, sig, nth, verdict) in moments:
        assert cycle.start is not None
        day = cycle_day(start.date(), cycle.start)
        key = (cycle.label, day, component.name)
        counts[key] = counts.get(key, 0) + 1
        name = f"{cycle.label}.d{day}.{component.drug}.{component.route}.{counts[key]}"
        found.append(
            Slot(name, cycle, component, sig, day, start, end, nth, days, verdict, start.date())
        )
    return tuple(found)
