"""On which days, at what times: each sig is asked on each date, and remembers nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import attrs
from tests.oracle.answers import (
    NOT_ASKED,
    Answer,
    Asking,
    Unknown,
    ask,
    every,
    measured,
    option,
)
from tests.oracle.cycles import Cycle, is_in
from tests.oracle.world import World, after

from protoplan.model.component import Component, Days, Sig
from protoplan.model.option import OptionRef
from protoplan.quantity import parse

#: No dose begins further outside its cycle than this; a sig that does is a fault of the oracle.
SLACK = 8


@attrs.frozen(eq=False)
class Slot:
    """One time at which something is to be given.

    Attributes:
        day: Day of the cycle; day 1 is its first, day -1 the one before it.
        nth: Which of the days of its sig it is, from 0 on; a ramp goes by it.
        given: Whether it is given: yes, or not known.
        hangs_on: The dose by which it is timed.
    """

    cycle: Cycle
    component: Component
    sig: Sig
    start: datetime
    end: datetime | None
    day: int
    nth: int
    given: Answer
    hangs_on: "Slot | None" = None

    @property
    def name(self) -> str:
        return self.component.name


@attrs.frozen
class At:
    """When one dose of a sig begins and ends, and the dose by which it is timed."""

    start: datetime
    end: datetime | None
    nth: int
    hangs_on: Slot | None = None


@attrs.frozen(eq=False)
class Calendar:
    """A course with its cycles, to be asked date by date."""

    world: World
    course: tuple[Cycle, ...]
    _told: dict[tuple[str, int, date], tuple[Slot, ...]] = attrs.field(factory=dict)
    _laid: dict[tuple[str, int], tuple[tuple[date, int, int], ...]] = attrs.field(factory=dict)

    def dates(self) -> Iterator[date]:
        """Every date from before the first cycle to after the last one."""
        starts = [cycle.start for cycle in self.course if cycle.start]
        ends = [cycle.end for cycle in self.course if cycle.end]
        if starts:
            first, last = starts[0] - timedelta(SLACK), ends[-1] + timedelta(SLACK)
            yield from (first + timedelta(n) for n in range((last - first).days))

    def today(self, today: date) -> Iterator[Slot]:
        """All that begins on a date, asked of each sig of each cycle that is near."""
        for cycle in self.course:
            if cycle.start is None or cycle.end is None:
                continue
            if not cycle.start - timedelta(SLACK) <= today < cycle.end + timedelta(SLACK):
                continue
            for component in self.world.protocol.components:
                for sig in component.sigs:
                    yield from self.of_sig(cycle, component, sig, today)

    def of_sig(self, cycle: Cycle, component: Component, sig: Sig, today: date) -> tuple[Slot, ...]:
        """What one sig begins on a date; the answer is kept, as other sigs ask for it too."""
        key = (cycle.label, id(sig), today)
        if key not in self._told:
            self._told[key] = self._of_sig(cycle, component, sig, today)
        return self._told[key]

    def _of_sig(
        self, cycle: Cycle, component: Component, sig: Sig, today: date
    ) -> tuple[Slot, ...]:
        if not is_in(sig.where or component.where, cycle, self.course):
            return ()
        if self.undated(component, sig):
            return ()
        found = list(self._times(cycle, component, sig, today))
        given = self.given(cycle, component, sig, today) if found else False
        return tuple(
            Slot(
                cycle,
                component,
                sig,
                at.start,
                at.end,
                day_of(cycle, today),
                at.nth,
                sure,
                at.hangs_on,
            )
            for at in found
            if (sure := every([given, at.hangs_on.given if at.hangs_on else True])) is not False
        )

    def given(self, cycle: Cycle, component: Component, sig: Sig, today: date) -> Answer:
        """Asked for the first day of the cycle; with an age or a weight in it, for the day itself.

        How long it takes belongs to it, where the prescriber says so.
        """
        assert cycle.start is not None
        asked = (component.when, sig.when)
        on = today if any(map(measured, asked)) else cycle.start
        answers = [ask(when, Asking(self.world, on)) for when in asked]
        if isinstance(sig.over, OptionRef):
            chosen = option(self.world, sig.over.option)
            answers.append(chosen if isinstance(chosen, Unknown) else True)
        return every(answers)

    def _times(self, cycle: Cycle, component: Component, sig: Sig, today: date) -> Iterator[At]:
        if sig.begins is not None:
            return self._anchored(cycle, component, sig, today)
        if sig.rate is not None:
            return self._infused(cycle, sig, today)
        if sig.every is not None:
            return self._in_rows(cycle, sig, today)
        return self._daily(cycle, sig, today)

    def _infused(self, cycle: Cycle, sig: Sig, today: date) -> Iterator[At]:
        """A continuous infusion begins on the first day of a run and runs through all of it."""
        for day, length, nth in self._runs(cycle, sig):
            if day == today:
                start = datetime.combine(today, self.world.policy.clock.first_dose)
                yield At(start, start + timedelta(length), nth)

    def _in_rows(self, cycle: Cycle, sig: Sig, today: date) -> Iterator[At]:
        """Every so many hours: all through the run, or so many doses from each of the days on."""
        assert sig.every is not None
        step, lasts = timedelta(hours=sig.every), self._lasts(sig)
        first = self.world.policy.clock.first_dose
        for day, length, nth in self._runs(cycle, sig):
            if sig.doses is None:
                # The hours that fit the usual time, so that none falls onto the day after.
                begin = datetime.combine(day, first)
                while begin - step >= datetime.combine(day, datetime.min.time()):
                    begin -= step
                count = length * 24 // sig.every
                yield from _row(begin, step, count, today, lasts, nth)
                continue
            for each in range(length):
                begin = datetime.combine(day + timedelta(each), first)
                yield from _row(begin, step, sig.doses, today, lasts, nth)

    def _daily(self, cycle: Cycle, sig: Sig, today: date) -> Iterator[At]:
        """At the site's usual times of each day."""
        clock, lasts = self.world.policy.clock, self._lasts(sig)
        times = dict(clock.times)[sig.times_a_day] if sig.times_a_day > 1 else (clock.first_dose,)
        for day, length, nth in self._runs(cycle, sig):
            for each in range(length):
                if day + timedelta(each) == today:
                    for at in times:
                        start = datetime.combine(today, at)
                        yield At(start, start + lasts if lasts else None, nth + each)

    def _lasts(self, sig: Sig) -> timedelta | None:
        """How long one infusion takes; None where it is not printed, or not chosen."""
        if sig.over is None:
            return None
        if not isinstance(sig.over, OptionRef):
            return timedelta(minutes=sig.over)
        chosen = option(self.world, sig.over.option)
        if isinstance(chosen, Unknown) or chosen == NOT_ASKED:
            return None
        quantity = parse(chosen, ("h", "min"))
        return timedelta(**{"hours" if quantity.unit == "h" else "minutes": float(quantity.value)})

    # -- on which days ---------------------------------------------------------------------------

    def printed_days(self, sig: Sig) -> Days | Unknown | None:
        """The days of a sig, as they are printed or chosen."""
        if not isinstance(sig.days, OptionRef):
            return sig.days
        chosen = option(self.world, sig.days.option)
        if isinstance(chosen, Unknown):
            return chosen
        if chosen == NOT_ASKED:
            return Unknown(frozenset([sig.days.option]))
        days = tuple(int(day) for day in chosen.split(","))
        return Days(tuple((day, day) for day in days), sig.at)

    def _runs(self, cycle: Cycle, sig: Sig) -> tuple[tuple[date, int, int], ...]:
        """Each run of days: its first date, how many days, and how many days came before it."""
        key = (cycle.label, id(sig))
        if key not in self._laid:
            self._laid[key] = tuple(self._all_runs(cycle, sig))
        return self._laid[key]

    def _all_runs(self, cycle: Cycle, sig: Sig) -> Iterator[tuple[date, int, int]]:
        assert cycle.start is not None and cycle.end is not None
        days = self.printed_days(sig)
        if days is None or isinstance(days, Unknown):
            return
        begins = [cycle.start]
        if sig.repeat is not None:
            until = after(cycle.start, sig.repeat.lasting)
            times = 1
            while (begin := after(cycle.start, sig.repeat.every, times)) < until:
                begins.append(begin)
                times += 1
        runs = days.runs or ((1, (cycle.end - cycle.start).days),)
        for begin in begins:
            nth = 0
            for one, other in runs:
                yield _date_of(begin, one), other - one + 1 - (one < 0 < other), nth
                nth += other - one + 1

    # -- times that hang on another dose ---------------------------------------------------------

    def _anchored(self, cycle: Cycle, component: Component, sig: Sig, today: date) -> Iterator[At]:
        assert sig.begins is not None
        others = self._others(cycle, component, sig)
        lasts = self._lasts(sig)
        days = self.printed_days(sig)
        if isinstance(days, Unknown):
            return
        if days is None:
            groups = [others]
        else:
            wanted = [
                day + timedelta(n)
                for day, length, _ in self._runs(cycle, sig)
                for n in range(length)
            ]
            groups = [[slot for slot in others if slot.start.date() == day] for day in wanted]
        for nth, group in enumerate(groups):
            found = _edge(group, sig.begins.edge)
            if found is None:
                continue
            at, on = found
            begin = at + timedelta(minutes=sig.begins.minutes)
            step = timedelta(hours=sig.every or 0)
            yield from _row(begin, step, sig.doses or 1, today, lasts, nth, on)

    def undated(self, component: Component, sig: Sig) -> bool:
        """Whether its days, or those of a dose on which it hangs, are still to be chosen."""
        if isinstance(sig.days, OptionRef) and isinstance(self.printed_days(sig), Unknown):
            return True
        if sig.begins is None:
            return False
        return any(
            self.undated(other, each)
            or (sig.begins.edge == "end" and each.over is not None and self._lasts(each) is None)
            for other, each in self._sources(component, sig)
        )

    def _sources(self, component: Component, sig: Sig) -> list[tuple[Component, Sig]]:
        """On whose doses a sig hangs: the sig above, or a drug by a route."""
        assert sig.begins is not None
        if sig.begins.to is None:
            above = component.sigs[[each is sig for each in component.sigs].index(True) - 1]
            return [(component, above)]
        return [
            (other, each)
            for other in self.world.protocol.components
            if other.name == sig.begins.to
            for each in other.sigs
            if each is not sig
        ]

    def _others(self, cycle: Cycle, component: Component, sig: Sig) -> list[Slot]:
        """The doses of the same cycle on which a sig hangs."""
        assert cycle.start is not None and cycle.end is not None
        near = (cycle.end - cycle.start).days + 2 * SLACK
        return [
            slot
            for n in range(near)
            for other, each in self._sources(component, sig)
            for slot in self.of_sig(cycle, other, each, cycle.start + timedelta(n - SLACK))
        ]


def _edge(group: list[Slot], edge: str) -> tuple[datetime, Slot] | None:
    """The last end, or the first start, and the dose that has it; None where there is none."""
    if not group:
        return None
    if edge == "start":
        first = min(group, key=lambda slot: slot.start)
        return first.start, first
    ends = [(slot.end, slot) for slot in group if slot.end is not None]
    if len(ends) < len(group):
        return None
    return max(ends, key=lambda pair: pair[0])


def _row(
    begin: datetime,
    step: timedelta,
    count: int,
    today: date,
    lasts: timedelta | None,
    nth: int,
    on: Slot | None = None,
) -> Iterator[At]:
    """Those of so many doses, so far apart, that fall on a date."""
    for each in range(count):
        start = begin + each * step
        if start.date() == today:
            days = (start.date() - begin.date()).days
            yield At(start, start + lasts if lasts else None, nth + days, on)


def _date_of(begin: date, day: int) -> date:
    """Day 1 is the first day, day -1 the one before it; there is no day 0."""
    return begin + timedelta(day - 1 if day > 0 else day)


def day_of(cycle: Cycle, day: date) -> int:
    """The day of the cycle that a date is."""
    assert cycle.start is not None
    apart = (day - cycle.start).days
    return apart + 1 if apart >= 0 else apart
