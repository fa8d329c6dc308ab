"""The cycles of a course, each from the end of the one before, or where the record says it began.

Nothing here knows a dose or a file. Day 1 of a cycle is its first day, the day before it is day -1,
and there is no day 0.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import attrs

from protoplan.model.component import Span, Where
from protoplan.model.plan import PlannedCycle
from protoplan.model.protocol import Kind, Phase, Protocol
from protoplan.model.record import TRANSPLANT
from protoplan.planning.conditions import ask
from protoplan.planning.happened import NOTHING, Happened
from protoplan.planning.known import Known
from protoplan.source import Grounds


@attrs.frozen
class Course:
    """The cycles of a treatment.

    Attributes:
        cycles: In order; those after an open question have no dates.
        open: What is undecided, and what must be known to go on; None when all is known.
        early: Phase or transplant, the cycle it begins after, and the labels that fall away for it.
    """

    cycles: tuple[PlannedCycle, ...]
    open: tuple[str, tuple[str, ...]] | None
    early: tuple[tuple[str, str, tuple[str, ...]], ...]


def date_of(cycle_start: date, cycle_day: int) -> date:
    """The date of a day of a cycle.

    Raises:
        ValueError: For day 0, which no cycle has.
    """
    if cycle_day == 0:
        raise ValueError("a cycle has no day 0")
    return cycle_start + timedelta(cycle_day - 1 if cycle_day > 0 else cycle_day)


def cycle_day(on: date, cycle_start: date) -> int:
    """The day of a cycle that a date is; the day before the first is day -1."""
    days = (on - cycle_start).days
    return days + 1 if days >= 0 else days


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


def course(protocol: Protocol, state: Known, start: date, happened: Happened = NOTHING) -> Course:
    """Lay the phases of *protocol* end to end from *start*, each cycle where it really began."""
    laying = _Laying(protocol, state, start, happened)
    for phase in protocol.phases:
        verdict = ask(phase.when, state, start)
        if verdict.answer is not False:
            laying.lay(phase, verdict.wanted)
    if happened.transplant is not None:
        laying.move_on(TRANSPLANT, happened.transplant.date)
    return Course(tuple(laying.planned), laying.open, tuple(laying.early))


class _Laying:
    """Cycles laid so far; holds what is undecided, after which a cycle has no date."""

    def __init__(self, protocol: Protocol, state: Known, start: date, happened: Happened) -> None:
        self.planned: list[PlannedCycle] = []
        self.early: list[tuple[str, str, tuple[str, ...]]] = []
        self.open: tuple[str, tuple[str, ...]] | None = None
        self._kinds = {kind.name: kind for kind in protocol.kinds}
        self._state, self._start, self._happened = state, start, happened

    def wants(self, about: str, needs: tuple[str, ...]) -> None:
        """The first open question is the one that is told."""
        if needs and self.open is None:
            self.open = (about, needs)

    def move_on(self, to: str, on: date) -> None:
        """End with the cycles that began before a day; nothing of the others is open any more."""
        kept = [
            cycle
            for cycle in self.planned
            if cycle.start is not None
            and (cycle.start < on or (cycle.recorded and cycle.start == on))
        ]
        self.end(to, kept)
        self.open = None

    def lay(self, phase: Phase, needs: tuple[str, ...]) -> None:
        """Add the cycles of a phase, after those that are given before it.

        Args:
            needs: What must be known before it is certain that the phase is given.
        """
        moved = self._happened.moved_to(phase.name)
        if moved is not None:
            self.move_on(phase.name, moved.date)
        self.wants(f"{phase.name} and all that follows", needs)
        if phase.begins_after is not None and (moved is None or self._chosen(phase.begins_after)):
            last = self._answer(phase, phase.begins_after)
            self.end(phase.name, _up_to(self.planned, str(last)))
        cycles = phase.cycles
        if phase.up_to is not None:
            count = self._answer(phase, phase.up_to)
            cycles = cycles[: int(str(count))] if count is not None else cycles
        for n, (label, kind) in enumerate(cycles):
            if moved is not None and n == 0:
                cycle = _cycle(label, self._kinds[kind], phase, moved.date)
                self.planned.append(_as_it_began(cycle, moved.date, self._kinds[kind],
                                                 self._happened))  # fmt: skip
            else:
                due = _next_start(self.planned, self._start)
                self._add(label, self._kinds[kind], phase, due)

    def end(self, before: str, kept: list[PlannedCycle]) -> None:
        """Keep these cycles alone; the others fall away for what begins."""
        dropped = tuple(cycle.label for cycle in self.planned if cycle not in kept)
        if dropped:
            self.early.append((before, kept[-1].label if kept else "", dropped))
        self.planned = kept

    def _chosen(self, option: str) -> bool:
        return self._state.options.get(option) is not None

    def _answer(self, phase: Phase, option: str) -> object:
        answer = self._state.options.get(option)
        if answer is None:
            needs = self._state.waiting.get(option, (option,))
            self.wants(f"{phase.name} and all that follows", needs)
        return answer

    def _add(self, label: str, kind: Kind, phase: Phase, due: date | None) -> None:
        about, needs = _new_cycle(label, self.planned, self._happened)
        self.wants(about, needs)
        cycle = _cycle(label, kind, phase, due if self.open is None else None)
        if self.planned and self._happened.broken_off(self.planned[-1].label) is not None:
            due = None  # the cycle before it is over already
        self.planned.append(_as_it_began(cycle, due, kind, self._happened))


def _new_cycle(
    label: str, planned: Sequence[PlannedCycle], happened: Happened
) -> tuple[str, tuple[str, ...]]:
    """What is to be stated before a cycle has a date: its start, after too long a break."""
    about = f"cycle {label} and all that follows"
    broken = happened.broken_off(planned[-1].label) if planned else None
    if broken is None or label in happened.started or label in happened.put_off:
        return about, ()
    text = (
        f"record: cycle {label} started, or delayed to its day; after more than {broken.days} days "
        f"without the infusion a new cycle begins ({broken.source})"
    )
    return about, (text,)


def _as_it_began(
    cycle: PlannedCycle, due: date | None, kind: Kind, happened: Happened
) -> PlannedCycle:
    """The cycle where the record says that it began, or to where it was put off.

    A cycle that was put off begins no sooner than the one before it is over.
    """
    began, put_off = happened.started.get(cycle.label), happened.put_off.get(cycle.label)
    if began is not None:
        begins, because = began.date, put_off.reason if put_off else None
    elif put_off is not None:
        begins, because = max(put_off.to, due or put_off.to), put_off.reason
    else:
        return cycle
    return attrs.evolve(
        cycle,
        start=begins,
        length_days=(after(begins, kind.length) - begins).days,
        late=(begins - due).days if due else 0,
        recorded=began is not None,
        because=because,
    )


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


def _next_start(planned: Sequence[PlannedCycle], start: date) -> date | None:
    """When the cycle after the last one is due; None after one without a date."""
    if not planned:
        return start
    last = planned[-1]
    if last.start is None or last.length_days is None:
        return None
    return last.start + timedelta(last.length_days)


def chosen_cycles(where: Where, cycles: Sequence[PlannedCycle]) -> tuple[PlannedCycle, ...]:
    """The cycles that *where* names, by kind or by label, with `first` and `later` applied."""
    found = tuple(c for c in cycles if c.kind in where.names or c.label in where.names)
    if where.only is None:
        return found
    return found[:1] if where.only == "first" else found[1:]
