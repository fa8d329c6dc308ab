"""Pure days: which cycles there are, and on which days and at which times something is given.

Nothing here knows a dose, a patient or a file. Day 1 of a cycle is its first day, the day before
it is day -1, and there is no day 0.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

import attrs

from protoplan.model.component import Component, Days, Sig, Span, Where
from protoplan.model.condition import tests_in
from protoplan.model.option import OptionRef
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import ClockPolicy
from protoplan.model.protocol import Kind, Phase, Protocol, Total
from protoplan.planning.conditions import ask
from protoplan.planning.known import Known, Verdict
from protoplan.problems import fault
from protoplan.quantity import rising
from protoplan.source import Grounds

HOURS_A_DAY = 24

#: More administrations than this are a slip in the file, and would take long to plan.
MOST = 50_000


@attrs.frozen
class Course:
    """The cycles of a treatment.

    Attributes:
        cycles: In order; those after an open question have no dates.
        open: What must be known to go on, and the phase it decides; None when all is known.
        early: Phase, the cycle it begins after, and the labels that fall away for it.
    """

    cycles: tuple[PlannedCycle, ...]
    open: tuple[str, tuple[str, ...]] | None
    early: tuple[tuple[str, str, tuple[str, ...]], ...]


@attrs.frozen
class Slot:
    """One administration to be, without its dose.

    Attributes:
        day: Day of the cycle on which it begins.
        number: Which of the administrations of the drug by this route on this day; from 1.
        nth: Which of the days of its sig in this cycle this is; from 1.
        days: How many days a continuous infusion runs; 1 for a single dose.
        verdict: Whether its condition holds; never false.
    """

    cycle: PlannedCycle
    component: Component
    sig: Sig
    day: int
    start: datetime
    end: datetime | None
    number: int
    nth: int
    days: int
    verdict: Verdict

    @property
    def window(self) -> tuple[date, date] | None:
        """The earliest and the latest date it may be moved to."""
        if self.sig.window is None:
            return None
        on = self.start.date()
        return on + timedelta(self.sig.window[0]), on + timedelta(self.sig.window[1])


#: Start, end, days, and what is given: an administration before it has a day and a number.
_Giving = tuple[PlannedCycle, Component, Sig, int, Verdict]
_Moment = tuple[datetime, datetime | None, int, _Giving]


def date_of(cycle_start: date, cycle_day: int) -> date:
    """The date of a day of a cycle.

    Raises:
        ValueError: For day 0, which no cycle has.
    """
    if cycle_day == 0:
        raise ValueError("a cycle has no day 0")
    return cycle_start + timedelta(cycle_day - 1 if cycle_day > 0 else cycle_day)


def after(start: date, span: Span, times: int = 1) -> date:
    """The date *times* spans after *start*; months and years are calendar months and years.

    A month after the 31st of January is the last of February, and two months after it is the
    31st of March: each is counted from *start*, so that days do not drift.
    """
    count = span.count * times
    if span.unit in ("days", "weeks"):
        return start + timedelta(count * (7 if span.unit == "weeks" else 1))
    from dateutil.relativedelta import relativedelta  # only calendar months need it

    months = count * (12 if span.unit == "years" else 1)
    return start + relativedelta(months=months)


def course(protocol: Protocol, state: Known, start: date) -> Course:
    """Lay the phases of *protocol* end to end from *start*."""
    planned: list[PlannedCycle] = []
    early: list[tuple[str, str, tuple[str, ...]]] = []
    open_question: tuple[str, tuple[str, ...]] | None = None
    kinds = {kind.name: kind for kind in protocol.kinds}
    for phase in protocol.phases:
        verdict = ask(phase.when, state, start)
        if verdict.answer is False:
            continue
        if verdict.answer is None and open_question is None:
            open_question = (phase.name, verdict.needs)
        if phase.begins_after is not None:
            last = state.options.get(phase.begins_after)
            if last is None and open_question is None:
                needs = state.waiting.get(phase.begins_after, (phase.begins_after,))
                open_question = (phase.name, needs)
            kept = _up_to(planned, str(last))
            if len(kept) < len(planned):
                early.append((phase.name, str(last), tuple(c.label for c in planned[len(kept) :])))
                planned = kept
        cycles = phase.cycles
        if phase.up_to is not None:
            count = state.options.get(phase.up_to)
            if count is None and open_question is None:
                open_question = (phase.name, state.waiting.get(phase.up_to, (phase.up_to,)))
            cycles = cycles[: int(str(count))] if count is not None else cycles
        for label, kind in cycles:
            begins = _next_start(planned, start) if open_question is None else None
            planned.append(_cycle(label, kinds[kind], phase, begins))
    return Course(tuple(planned), open_question, tuple(early))


def _cycle(label: str, kind: Kind, phase: Phase, begins: date | None) -> PlannedCycle:
    length = None if begins is None else (after(begins, kind.length) - begins).days
    marked = (
        *_marked(f"cycles of kind {kind.name}", kind.grounds),
        *_marked(f"phase {phase.name}", phase.grounds),
    )
    return PlannedCycle(
        label, kind.name, phase.name, begins, length, kind.title, marked, kind.between
    )


def _marked(what: str, grounds: Grounds) -> tuple[str, ...]:
    """What no source gives of a cycle, and what is borrowed."""
    assumed = tuple(f"{what}, {field}: {reason}" for field, reason in grounds.assumed)
    return assumed + tuple(
        f"{what}, borrowed {field}: {source}" for field, source in grounds.borrowed
    )


def _up_to(planned: list[PlannedCycle], label: str) -> list[PlannedCycle]:
    labels = [cycle.label for cycle in planned]
    return planned[: labels.index(label) + 1] if label in labels else planned


def _next_start(planned: Sequence[PlannedCycle], start: date) -> date:
    if not planned:
        return start
    last = planned[-1]
    assert last.start is not None and last.length_days is not None
    return last.start + timedelta(last.length_days)


def chosen_cycles(where: Where, cycles: Sequence[PlannedCycle]) -> tuple[PlannedCycle, ...]:
    """The cycles that *where* names, by kind or by label, with `first` and `later` applied."""
    found = tuple(c for c in cycles if c.kind in where.names or c.label in where.names)
    if where.only is None:
        return found
    return found[:1] if where.only == "first" else found[1:]


def slots(
    protocol: Protocol, cycles: Sequence[PlannedCycle], state: Known, clock: ClockPolicy
) -> tuple[Slot, ...]:
    """Every administration of the dated cycles, in the order of time, then of the protocol."""
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
                    if found.answer is not False:
                        moments.append((*when, (cycle, component, sig, nth, found)))
    moments.sort(key=lambda moment: moment[0])
    return _numbered(_within_totals(moments, protocol.totals))


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
        day = (start.date() - cycle.start).days + 1
        day = day if day > 0 else day - 1
        key = (cycle.label, day, component.name)
        counts[key] = counts.get(key, 0) + 1
        number = counts[key]
        found.append(Slot(cycle, component, sig, day, start, end, number, nth, days, verdict))
    return tuple(found)
