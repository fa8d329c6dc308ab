"""The record laid out by what its entries are about: cycles, doses, drugs, infusions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import attrs

from protoplan.model.formulary import Drug
from protoplan.model.plan import PlannedCycle
from protoplan.model.record import (
    DOSE,
    TRANSPLANT,
    Begun,
    Delayed,
    Entry,
    Given,
    Interrupted,
    MovedOn,
    NotGiven,
    Resumed,
    Started,
    Stopped,
    of,
)


@attrs.frozen
class Break:
    """One interruption of an infusion.

    Attributes:
        resumed: None while it goes on.
        days: The longest break after which the infusion goes on; None where no source says.
        source: Where that is printed.
        over: It is longer than that, or has been by the day of the plan.
        whole_days: How long it is, in days begun; by the day of the plan where it goes on.
    """

    interrupted: Interrupted
    resumed: Resumed | None
    days: int | None
    source: str | None
    over: bool
    whole_days: int

    def began(self, hour: time) -> datetime:
        """When it began; at *hour* where no time is recorded."""
        return datetime.combine(self.interrupted.date, self.interrupted.time or hour)

    def ended(self, hour: time) -> datetime | None:
        """When the infusion went on; at the hour of the interruption where no time is recorded."""
        if self.resumed is None:
            return None
        at = self.resumed.time or self.interrupted.time or hour
        return datetime.combine(self.resumed.date, at)


@attrs.frozen
class Happened:
    """What the record says.

    Attributes:
        started: Cycles that began, by label.
        put_off: Cycles that were put off, by label; the last word on each.
        given: Doses that were given, by id.
        begun: Infusions that began, by id.
        not_given: The last word on each dose that was not given, by id.
        delayed: Doses that were put off, by id; the last word on each.
        stopped: Drugs that were stopped for good.
        moved_on: What the course moved on to, in the order of the days.
        breaks: Interruptions of infusions, in the order of time, whichever part they name.
    """

    started: Mapping[str, Started] = attrs.field(factory=dict)
    put_off: Mapping[str, Delayed] = attrs.field(factory=dict)
    given: Mapping[str, Given] = attrs.field(factory=dict)
    begun: Mapping[str, Begun] = attrs.field(factory=dict)
    not_given: Mapping[str, NotGiven] = attrs.field(factory=dict)
    delayed: Mapping[str, Delayed] = attrs.field(factory=dict)
    stopped: tuple[Stopped, ...] = ()
    moved_on: tuple[MovedOn, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def doses(self) -> dict[str, Entry]:
        """Every dose that the record names, with an entry that names it."""
        named: dict[str, Entry] = {}
        for entry in self.breaks:
            named.setdefault(entry.interrupted.dose, entry.interrupted)
        for group in (self.delayed, self.not_given, self.begun, self.given):
            named.update(group)
        return named

    def moved_to(self, phase: str) -> MovedOn | None:
        """The entry by which the course moved on to a phase, if it did."""
        return next((entry for entry in self.moved_on if entry.to == phase), None)

    def start_of(self, cycle: PlannedCycle) -> Entry | None:
        """The entry that gives a cycle its start: its own, or that which moved on to its phase."""
        own = self.started.get(cycle.label) or self.put_off.get(cycle.label)
        return own or self.moved_to(cycle.phase)

    @property
    def transplant(self) -> MovedOn | None:
        """The entry by which the course ended with a transplant, if it did."""
        return self.moved_to(TRANSPLANT)

    def broken_off(self, cycle: str) -> Break | None:
        """An interruption that was too long for its infusion to go on in this cycle."""
        return next(
            (
                entry
                for entry in self.breaks
                if (found := DOSE.fullmatch(entry.interrupted.dose)) and found["cycle"] == cycle
                if entry.over and not self._stopped(found["drug"])
            ),
            None,
        )

    def _stopped(self, drug: str) -> bool:
        """Whether a drug was stopped for good; then no new cycle of it is asked for."""
        return any(entry.drug == drug for entry in self.stopped)


#: A treatment of which nothing is recorded.
NOTHING = Happened()


def happened(
    record: Sequence[Entry], drugs: Mapping[str, Drug], as_of: date, hour: time
) -> Happened:
    """Lay out a record whose entries do not contradict each other.

    Args:
        record: In the order of the dates.
        drugs: The formulary's entry for every drug of the protocol.
        as_of: The day the plan is made, up to which an open interruption has lasted.
        hour: When infusions begin, for one of which that is not recorded.
    """
    delays = of(Delayed, record)
    return Happened(
        started={entry.cycle: entry for entry in of(Started, record)},
        put_off={entry.what: entry for entry in delays if not DOSE.fullmatch(entry.what)},
        given={entry.dose: entry for entry in of(Given, record)},
        begun={entry.dose: entry for entry in of(Begun, record)},
        not_given={entry.dose: entry for entry in of(NotGiven, record)},
        delayed={entry.what: entry for entry in delays if DOSE.fullmatch(entry.what)},
        stopped=of(Stopped, record),
        moved_on=of(MovedOn, record),
        breaks=_breaks(record, drugs, as_of, hour),
    )


def _breaks(
    record: Sequence[Entry], drugs: Mapping[str, Drug], as_of: date, hour: time
) -> tuple[Break, ...]:
    """Each interruption with the first resumption of the same infusion after it."""
    resumed: dict[str, list[Resumed]] = {}
    for again in sorted(of(Resumed, record), key=_when):
        resumed.setdefault(again.dose, []).append(again)
    found = []
    for entry in sorted(of(Interrupted, record), key=_when):
        rows = resumed.get(entry.dose, [])
        ended = rows.pop(0) if rows else None
        began = _hour(entry.dose, of(Begun, record), hour)
        found.append(_break(entry, ended, drugs, as_of, began))
    return tuple(found)


def _hour(name: str, begun: Sequence[Begun], hour: time) -> time:
    """At which an infusion began: as recorded of it, or of the last one before it."""
    here = _place(name)
    before = [entry for entry in begun if _place(entry.dose)[0] == here[0]]
    before = [entry for entry in before if _place(entry.dose) <= here]
    last = max(before, key=lambda entry: _place(entry.dose), default=None)
    return hour if last is None or last.time is None else last.time


def _place(name: str) -> tuple[tuple[str, ...], int, int]:
    """Cycle, drug and route of a dose, and which of their doses it is."""
    found = DOSE.fullmatch(name)
    if found is None:
        return (), 0, 0
    return (found["cycle"], found["drug"], found["route"]), int(found["day"]), int(found["number"])


def _when(entry: Interrupted | Resumed) -> tuple[date, time]:
    return entry.date, entry.time or time()


def _break(
    entry: Interrupted, ended: Resumed | None, drugs: Mapping[str, Drug], as_of: date, hour: time
) -> Break:
    dose = DOSE.fullmatch(entry.dose)
    drug = drugs.get(dose["drug"]) if dose else None
    limit = drug.interruption if drug else None
    began = datetime.combine(entry.date, entry.time or hour)
    length = timedelta(days=(max(as_of, entry.date) - entry.date).days)
    if ended:
        length = datetime.combine(ended.date, ended.time or began.time()) - began
    over = limit is not None and length > timedelta(days=limit.days)
    return Break(entry, ended, limit.days if limit else None,
                 limit.grounds.of("at_most") if limit else None, over,
                 -(-length // timedelta(days=1)))  # fmt: skip
