"""Where the doses of a course lie, counted from its first day; laid out once for all whom it fits.

Nothing here knows a dose, a patient or a file. What is asked of a patient while a course is laid
out is kept with the answers: wherever all answers are the same, the course is.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple

import attrs

from protoplan.model.component import Component, Days, Sig, Where
from protoplan.model.condition import tests_in
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import ClockPolicy
from protoplan.model.protocol import Protocol, Total
from protoplan.planning.anchors import anchors_of, in_order
from protoplan.planning.course import chosen_cycles, cycle_day
from protoplan.planning.known import YES, Verdict
from protoplan.planning.times import anchors, times
from protoplan.problems import fault

#: More administrations than this are a slip in the file, and would take long to plan.
MOST = 50_000

#: So many courses are kept of a protocol; the one laid out first goes first.
KEPT = 32


@attrs.frozen(eq=False)
class Line:
    """A sig of a protocol, with all of its days that no patient changes.

    Attributes:
        place: In the protocol; doses at one time stand in that order.
        anchors: The sigs on whose doses its time hangs.
        by_day: Whether it is given is asked for each of its days, not once in a cycle.
    """

    place: int
    component: Component
    sig: Sig
    anchors: tuple[Sig, ...]
    by_day: bool

    @property
    def where(self) -> Where:
        """The cycles in which it is given."""
        where = self.sig.where or self.component.where
        assert where is not None  # the reader asks for one of the two
        return where


def lines_of(protocol: Protocol) -> tuple[Line, ...]:
    """Every sig of a protocol, each after those on which it hangs."""
    return tuple(
        Line(
            place,
            component,
            sig,
            anchors_of(component, sig, protocol),
            any(test.asks == "measure"
                for test in (*tests_in(component.when), *tests_in(sig.when))),
        )
        for place, component, sig in in_order(protocol)
    )  # fmt: skip


@attrs.frozen
class Spot:
    """One administration where the protocol places it, for whomever it is given to.

    Attributes:
        id: ``cycle.dDAY.drug.ROUTE.n``, with the day and the number that the schedule gives it.
        cycle: Its cycle, as its number among those that have dates; from 0.
        day: Day of the cycle on which it begins.
        nth: Which of the days of its sig in this cycle this is; from 1.
        days: How many days a continuous infusion runs; 1 for a single dose.
        verdict: Whether its condition holds; never false.
        begins: After midnight of the first day of the course.
        ends: Likewise; None where no duration is known.
        hangs_on: The dose by which it is timed; None for one at the site's own time.
        alike: The same number for those whose doses nothing but their date can make different, in
            whichever course of the protocol they stand.
    """

    id: str
    cycle: int
    component: Component
    sig: Sig
    day: int
    nth: int
    days: int
    verdict: Verdict
    begins: timedelta
    ends: timedelta | None
    hangs_on: str | None
    alike: int


def _by_calendar(sig: Sig) -> bool:
    """Whether the days of a sig are repeated by calendar months or years."""
    spans = () if sig.repeat is None else (sig.repeat.every, sig.repeat.lasting)
    return any(span.unit in ("months", "years") for span in spans)


#: Whether a line is given, in a cycle or on a day.
Question = Callable[[Line, date], Verdict]


@attrs.frozen
class _Laid:
    """A course, and what it rests on: of which line was asked, for which day, and the answer."""

    spots: tuple[Spot, ...]
    answers: tuple[tuple[Line, int, Verdict], ...]

    def fits(self, origin: date, question: Question) -> bool:
        """Whether every question is answered as it was."""
        return all(
            question(line, origin + timedelta(day)) == answer for line, day, answer in self.answers
        )


@attrs.frozen
class Timed:
    """A line with its days and the length of an infusion, as printed or as chosen."""

    line: Line
    days: Days | None
    takes: timedelta | None


class Layouts:
    """The courses of one protocol that were laid out, each kept for all whom it fits."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.lines = lines_of(protocol)
        self._kept: dict[Hashable, list[_Laid]] = {}
        self._numbers: dict[Hashable, int] = {}
        self._monthly = [line for line in self.lines if _by_calendar(line.sig)]

    def __len__(self) -> int:
        """How many courses are kept."""
        return sum(map(len, self._kept.values()))

    def spots(
        self,
        timed: Sequence[Timed],
        cycles: Sequence[PlannedCycle],
        clock: ClockPolicy,
        question: Question,
        *,
        whatever: bool,
    ) -> tuple[Spot, ...]:
        """Every administration of the cycles, in the order of time, then of the protocol.

        Args:
            timed: The lines whose days are chosen.
            cycles: With dates; one at least.
            clock: The site's times.
            question: Whether a line is given.
            whatever: Every dose that can be given: an open answer is a yes, and no number of
                doses in all is an end.
        """
        origin = cycles[0].start
        assert origin is not None
        key = (
            tuple((each.line.place, each.days and each.days.runs, each.takes) for each in timed),
            tuple((c.label, c.kind, c.start and c.start - origin, c.length_days) for c in cycles),
            clock,
            whatever,
            tuple(self._months(cycles, origin)),
        )
        kept = self._kept.get(key, ())
        found = next((laid for laid in kept if laid.fits(origin, question)), None)
        if found is None:
            totals = () if whatever else self.protocol.totals
            laying = _Laying(cycles, clock, question, self._numbers, whatever=whatever)
            found = laying.lay(timed, totals)
            self._kept.setdefault(key, []).append(found)
            self._forget()
        return found.spots

    def _months(self, cycles: Sequence[PlannedCycle], origin: date) -> Iterator[int]:
        """Where days are counted by calendar months: no two months need be of one length."""
        for line in self._monthly:
            for cycle in chosen_cycles(line.where, cycles):
                assert cycle.start is not None
                yield from ((day - origin).days for day in anchors(cycle.start, line.sig))

    def _forget(self) -> None:
        """Let go of the courses that were laid out first, so that memory stays flat."""
        while len(self) > KEPT:
            oldest = next(iter(self._kept))
            del self._kept[oldest][0]
            if not self._kept[oldest]:
                del self._kept[oldest]


class _Moment(NamedTuple):
    """An administration before it has a day and a number; a tuple, for as many as there are doses.

    Attributes:
        hangs_on: The administration by which it is timed.
    """

    start: datetime
    place: int
    end: datetime | None
    days: int
    cycle: int
    line: Line
    nth: int
    verdict: Verdict
    hangs_on: "_Moment | None"


class _Laying:
    """Lays a course out from the day on which it begins, and notes what was asked for it."""

    def __init__(
        self,
        cycles: Sequence[PlannedCycle],
        clock: ClockPolicy,
        question: Question,
        numbers: dict[Hashable, int],
        *,
        whatever: bool,
    ) -> None:
        self._cycles, self._clock, self._whatever = cycles, clock, whatever
        assert cycles[0].start is not None
        self._origin = cycles[0].start
        self._question, self._numbers = question, numbers
        self._answers: list[tuple[Line, int, Verdict]] = []

    def lay(self, timed: Sequence[Timed], totals: Sequence[Total]) -> _Laid:
        """Lay a course out; what is past a number of doses in all is not there to hang on."""
        gone: set[tuple[int, datetime]] = set()
        hung = {id(sig) for each in timed for sig in each.line.anchors}
        while True:
            moments = self._moments(timed, gone)
            kept = _within_totals(moments, totals)
            there = {(moment.place, moment.start) for moment in kept}
            past = {(m.place, m.start) for m in moments if id(m.line.sig) in hung} - there
            if past <= gone:
                return _Laid(self._numbered(kept), tuple(self._answers))
            gone |= past

    def _moments(
        self, timed: Sequence[Timed], gone: Collection[tuple[int, datetime]]
    ) -> list[_Moment]:
        """Every administration in the order of time; none hangs on one that is *gone*."""
        self._count = 0
        moments: list[_Moment] = []
        here: dict[tuple[int, int], list[_Moment]] = {}
        numbers = {id(cycle): n for n, cycle in enumerate(self._cycles)}
        for each in timed:
            for cycle in chosen_cycles(each.line.where, self._cycles):
                n = numbers[id(cycle)]
                near = [m for sig in each.line.anchors for m in here.get((id(sig), n), ())
                        if (m.place, m.start) not in gone]  # fmt: skip
                found = list(self._in_cycle(each, cycle, n, near))
                here.setdefault((id(each.line.sig), n), []).extend(found)
                moments += found
        moments.sort(key=attrgetter("start", "place"))
        return moments

    def _asked(self, line: Line, on: date) -> Verdict:
        answer = self._question(line, on)
        self._answers.append((line, (on - self._origin).days, answer))
        return answer

    def _in_cycle(
        self, timed: Timed, cycle: PlannedCycle, number: int, near: Sequence[_Moment]
    ) -> Iterator[_Moment]:
        """What a line comes to in a cycle."""
        line, dates = timed.line, dict[date, int]()
        assert cycle.start is not None
        verdict = YES if line.by_day else self._asked(line, cycle.start)
        if verdict.answer is False:
            return
        here = times(cycle, line.sig, (timed.days, timed.takes), self._clock, near)
        for start, end, runs, timed_by in here:
            on = start.date()
            nth = dates.setdefault(on, len(dates) + 1)
            found = self._asked(line, on) if line.by_day else verdict
            found = found if timed_by is None else both(found, timed_by.verdict)
            if self._whatever and found.answer is None:
                found = YES
            if found.answer is not False:
                self._count += 1
                if self._count > MOST:
                    message = f"the course has more than {MOST:,} administrations"
                    raise fault("PP106", message, line.sig.at)
                yield _Moment(start, line.place, end, runs, number, line, nth, found, timed_by)

    def _numbered(self, moments: list[_Moment]) -> tuple[Spot, ...]:
        """Number the administrations of a drug by a route on a day of a cycle, in order of time."""
        counts: dict[tuple[int, int, str, str], int] = {}
        names: dict[int, str] = {}
        found = []
        for moment in moments:
            cycle, part = self._cycles[moment.cycle], moment.line.component
            assert cycle.start is not None
            day = cycle_day(moment.start.date(), cycle.start)
            key = (moment.cycle, day, part.drug, part.route)
            counts[key] = nth = counts.get(key, 0) + 1
            name = f"{cycle.label}.d{day}.{part.drug}.{part.route}.{nth}"
            names[id(moment)] = name
            found.append((moment, name, day))
        midnight = datetime.combine(self._origin, time())
        # An anchor may stand behind the doses that hang on it, so every name is known before.
        return tuple(
            Spot(
                id=name,
                cycle=moment.cycle,
                component=moment.line.component,
                sig=moment.line.sig,
                day=day,
                nth=moment.nth,
                days=moment.days,
                verdict=moment.verdict,
                begins=moment.start - midnight,
                ends=None if moment.end is None else moment.end - midnight,
                hangs_on=None if moment.hangs_on is None else names.get(id(moment.hangs_on)),
                alike=self._numbers.setdefault(_like(moment), len(self._numbers)),
            )
            for moment, name, day in found
        )


def _like(moment: _Moment) -> Hashable:
    """What of a moment can make another dose of it, besides its date."""
    nth = moment.nth if moment.line.sig.ramp is not None else 0
    return (moment.place, moment.cycle, moment.days, nth, moment.verdict.needs)


def both(one: Verdict, other: Verdict) -> Verdict:
    """Whether both hold; only a rule can wait for a laboratory value, a dose is not given on it."""
    if one.answer is False or other.answer is False:
        return Verdict(False)
    if one.answer and other.answer:
        return YES
    return Verdict(None, tuple(dict.fromkeys(one.wanted + other.wanted)))


def _within_totals(moments: list[_Moment], totals: Sequence[Total]) -> list[_Moment]:
    """Leave out what comes after the number of doses that the protocol gives in all."""
    left = [total.doses for total in totals]
    shared = {name: index for index, total in enumerate(totals) for name in total.of}
    if not shared:
        return moments
    kept = []
    for moment in moments:
        index = shared.get(moment.line.component.name)
        if index is not None:
            left[index] -= 1
        if index is None or left[index] >= 0:
            kept.append(moment)
    return kept
