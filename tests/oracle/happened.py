"""What the record says of each dose: given, held, missed, put off, or fallen away."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

import attrs
from tests.oracle.amounts import amount
from tests.oracle.cycles import Cycle
from tests.oracle.days import Slot
from tests.oracle.world import World

from protoplan.model.record import Delayed, Entry, Given, NotGiven, Stopped


@attrs.frozen
class Happened:
    """One dose as it stands by the record.

    Attributes:
        status: ``given``, ``held``, ``missed`` or ``cancelled``; None where the record is silent.
        lost: The dose by which it is timed is not given, or waits: it has no time any more.
        amount: What was given, in mg or units.
    """

    start: datetime
    end: datetime | None
    status: str | None = None
    lost: bool = False
    amount: Fraction | None = None

    @property
    def waits(self) -> bool:
        """Nothing can be timed by it."""
        return self.lost or self.status in ("held", "missed", "cancelled")


def ids(slots: list[Slot]) -> list[str]:
    """Cycle, day, drug, route, and which of that day's doses it is, as the protocol lays them."""
    seen: Counter[str] = Counter()
    found = []
    for slot in slots:
        name = f"{slot.cycle.label}.d{slot.day}.{slot.component.drug}.{slot.component.route}"
        seen[name] += 1
        found.append(f"{name}.{seen[name]}")
    return found


class Record:
    """The record of a treatment, asked dose by dose."""

    def __init__(self, world: World, course: tuple[Cycle, ...], slots: list[Slot]) -> None:
        self._world = world
        self._course = course
        self._names = dict(zip(map(id, slots), ids(slots), strict=True))
        self._found: dict[int, Happened] = {}
        self._entries: dict[str, list[Entry]] = {}
        # Of one day, that a dose was given is the last word on it.
        record = world.treatment.record
        for entry in sorted(record, key=lambda entry: (entry.date, isinstance(entry, Given))):
            about = getattr(entry, "dose", None) or getattr(entry, "what", None)
            self._entries.setdefault(about or "", []).append(entry)
        self._stops = [e for e in world.treatment.record if isinstance(e, Stopped)]

    def of(self, slot: Slot) -> Happened:
        """How a dose stands; what hangs on another one is asked after that."""
        if id(slot) not in self._found:
            found = self._falls_away(slot, self._happened(slot))
            # A dose of which the record itself speaks stays where the record has it.
            stays = bool(self._of(slot)) or found.status is not None
            self._found[id(slot)] = found if stays else self._timed(slot, found)
        return self._found[id(slot)]

    def _happened(self, slot: Slot) -> Happened:
        found = Happened(slot.start, slot.end)
        for entry in self._of(slot):
            if isinstance(entry, Given):
                at = datetime.combine(entry.date, entry.time or found.start.time())
                found = attrs.evolve(_moved(found, at - found.start), status="given",
                                     amount=amount(entry.amount).value)  # fmt: skip
            elif isinstance(entry, Delayed):
                away = timedelta((entry.to - found.start.date()).days)
                found = attrs.evolve(_moved(found, away), status=None)
            elif isinstance(entry, NotGiven):
                status = "held" if entry.how == "held" else "missed"
                found = attrs.evolve(found, status=status)
        return found

    def _timed(self, slot: Slot, found: Happened) -> Happened:
        """With the dose by which it is timed; where that one waits, as the protocol lays it."""
        if slot.hangs_on is None or slot.sig.begins is None:
            return found
        other = self.of(slot.hangs_on)
        if other.waits:
            return attrs.evolve(found, lost=True)
        if slot.sig.begins.edge == "start":
            return _moved(found, other.start - slot.hangs_on.start)
        assert other.end is not None and slot.hangs_on.end is not None
        return _moved(found, other.end - slot.hangs_on.end)

    def _falls_away(self, slot: Slot, found: Happened) -> Happened:
        """From the day on which its drug was stopped, or the next cycle began too early for it.

        What is held waits no more from then on, whatever its own day.
        """
        if found.status in ("given", "missed"):
            return found
        held = [e.date for e in self._of(slot) if isinstance(e, NotGiven)]
        since = held[-1] if found.status == "held" else None
        for end in self._ends(slot):
            if end >= since if since else found.start.date() >= end:
                return attrs.evolve(found, status="cancelled")
        return found

    def _ends(self, slot: Slot) -> Iterator[date]:
        for stop in self._stops:
            same = stop.drug == slot.component.drug
            if same and stop.route in (None, slot.component.route):
                yield stop.date
        labels = [cycle.label for cycle in self._course]
        here = labels.index(slot.cycle.label)
        for cycle, after in zip(
            self._course[here:], self._course[here + 1 : here + 2], strict=False
        ):
            assert cycle.end is not None and after.start is not None
            if after.start < cycle.end:
                yield after.start

    def _of(self, slot: Slot) -> list[Entry]:
        return self._entries.get(self._names.get(id(slot), "?"), [])


def _moved(found: Happened, by: timedelta) -> Happened:
    return attrs.evolve(found, start=found.start + by, end=found.end and found.end + by)
