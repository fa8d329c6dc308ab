"""Pure days: on which dates, and at which times, something is given to this patient.

Nothing here knows a dose or a file. Where the doses lie in a course is worked in `layout`.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

import attrs

from protoplan.model.component import Component, Sig
from protoplan.model.option import OptionRef
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import ClockPolicy
from protoplan.model.protocol import Protocol
from protoplan.model.record import Given
from protoplan.planning.anchors import days_of, length_of, unchosen
from protoplan.planning.conditions import ask
from protoplan.planning.course import chosen_cycles
from protoplan.planning.known import Known, Verdict
from protoplan.planning.layout import Layouts, Line, Spot, Timed, both
from protoplan.quantity import Quantity
from protoplan.source import Place


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


class Slot(NamedTuple):
    """One administration to be, without its dose; a tuple, for as many as there are doses.

    Attributes:
        spot: Where the protocol places it; what it says of the dose does not change.
        id: Of the spot; another one for the rest of an infusion that was interrupted.
        day: Day of the cycle on which it begins.
        due: Its date by the schedule.
        days: How many days a continuous infusion runs; 1 for a single dose.
        fate: What became of it; None while nothing is recorded.
        given: What the record says was given.
        begun: The record says that it began; what comes of it is still open.
        delivered: What the record says of a part of an infusion.
    """

    spot: Spot
    id: str
    cycle: PlannedCycle
    day: int
    start: datetime
    end: datetime | None
    due: date
    days: int | Fraction
    fate: Fate | None = None
    given: Given | None = None
    begun: bool = False
    delivered: Quantity | None = None

    @property
    def component(self) -> Component:
        """What it is a dose of."""
        return self.spot.component

    @property
    def sig(self) -> Sig:
        """The line of the component that it follows."""
        return self.spot.sig

    @property
    def window(self) -> tuple[date, date] | None:
        """The earliest and the latest date it may be moved to."""
        if self.sig.window is None:
            return None
        first, last = self.sig.window
        return self.due + timedelta(first), self.due + timedelta(last)


def slots(
    layouts: Layouts,
    cycles: Sequence[PlannedCycle],
    state: Known,
    clock: ClockPolicy,
    *,
    whatever: bool = False,
) -> tuple[Slot, ...]:
    """Every administration of the dated cycles, in the order of time, then of the protocol.

    Args:
        layouts: Of the protocol.
        cycles: Of the course.
        state: What is known.
        clock: The site's times.
        whatever: Whatever the facts, and also past the number of doses in all: every dose that
            the protocol can give under the options that are chosen.
    """
    dated = [cycle for cycle in cycles if cycle.start is not None]
    if not dated or dated[0].start is None:
        return ()
    if whatever:
        state = attrs.evolve(state, facts={})
    timed = [
        Timed(line, days_of(line.sig, state), length_of(line.sig, state))
        for line in layouts.lines
        if not unchosen(line.component, line.sig, layouts.protocol, state)  # named by `undated`
    ]

    def question(line: Line, on: date) -> Verdict:
        return _verdict(line.component, line.sig, state, on)

    midnight = datetime.combine(dated[0].start, time())
    return tuple(
        Slot(
            spot,
            spot.id,
            dated[spot.cycle],
            spot.day,
            start := midnight + spot.begins,
            None if spot.ends is None else midnight + spot.ends,
            start.date(),
            spot.days,
        )
        for spot in layouts.spots(timed, dated, clock, question, whatever=whatever)
    )


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
    found = both(ask(component.when, state, on), ask(sig.when, state, on))
    if isinstance(sig.over, OptionRef) and length_of(sig, state) is None:
        wanted = state.waiting.get(sig.over.option, (sig.over.option,))
        return both(found, Verdict(None, wanted))
    return found
