"""What the record says of each dose: given, held, missed, put off, interrupted, or fallen away."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

import attrs
from tests.oracle.amounts import amount, exact
from tests.oracle.breaks import Break, breaks
from tests.oracle.cycles import Cycle
from tests.oracle.days import Slot, day_of
from tests.oracle.refusals import Refused
from tests.oracle.world import World

from protoplan.model.record import (
    DOSE,
    Begun,
    Delayed,
    Entry,
    Given,
    MovedOn,
    NotGiven,
    Started,
    Stopped,
)


@attrs.frozen
class Happened:
    """One dose as it stands by the record, or one part of an infusion that was interrupted.

    Attributes:
        status: ``given``, ``held``, ``missed``, ``cancelled`` or ``unresolved``; None where the
            record is silent.
        lost: The dose by which it is timed is not given, or waits: it has no time any more.
        amount: What was given, in mg or units; None where nothing says how much.
        area: The surface area on the day it was given, in m2, where that is recorded.
        id: As the record names it.
    """

    start: datetime
    end: datetime | None
    status: str | None = None
    lost: bool = False
    amount: Fraction | None = None
    area: Fraction | None = None
    id: str = ""

    @property
    def waits(self) -> bool:
        """Nothing can be timed by it."""
        return self.lost or self.status in ("held", "missed", "cancelled", "unresolved")


@attrs.frozen
class Part:
    """A stretch of an infusion, between two of its interruptions.

    Attributes:
        due: The day on which it was to begin.
        ran: It ended with an interruption.
        again: It went on after one.
        delivered: What is recorded of that.
        waits: Since an interruption it waits: ``held``, ``unresolved`` or ``cancelled``.
        since: The day of that.
    """

    slot: Slot
    id: str
    start: datetime
    end: datetime
    due: date
    ran: bool = False
    again: bool = False
    delivered: Fraction | None = None
    waits: str | None = None
    since: date = date.max


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
        self._dated = [cycle for cycle in course if cycle.start is not None]
        self._slots = slots
        self._names = dict(zip(map(id, slots), ids(slots), strict=True))
        self._found: dict[int, Happened] = {}
        self._rows: dict[tuple[str, str], list[Part]] = {}
        self._entries: dict[str, list[Entry]] = {}
        for entry in sorted(world.treatment.record, key=lambda entry: (entry.date, _rank(entry))):
            about = getattr(entry, "dose", None) or getattr(entry, "what", None)
            self._entries.setdefault(about or "", []).append(entry)
        self._stops = [e for e in world.treatment.record if isinstance(e, Stopped)]
        self._breaks = breaks(world)

    def parts(self, slot: Slot) -> list[Happened]:
        """How a dose stands; an infusion that was interrupted in each of its parts."""
        if slot.sig.rate is None:
            return [self.of(slot)]
        return [self._infused(part) for part in self._row(slot) if part.slot is slot]

    def of(self, slot: Slot) -> Happened:
        """How a dose stands; what hangs on another one is asked after that."""
        if id(slot) not in self._found:
            found = self._falls_away(slot, self._happened(slot))
            # A dose of which the record itself speaks stays where the record has it.
            stays = bool(self._of(slot)) or found.status is not None
            self._found[id(slot)] = found if stays else self._timed(slot, found)
        return self._found[id(slot)]

    def check(self) -> None:
        """What can be told once every dose has its place.

        Raises:
            Refused: If an entry names a dose that is not there, or was given before its cycle.
        """
        parts = [self.parts(slot) for slot in self._slots]
        cycle_of = {
            part.id: slot.cycle
            for slot, row in zip(self._slots, parts, strict=True)
            for part in row
        }
        labels = {cycle.label for cycle in self._course}
        for name, entries in self._entries.items():
            found = DOSE.fullmatch(name)
            if found is None:
                continue
            cycle = cycle_of.get(name)
            if cycle is None:
                last = entries[-1]
                # What fell away with its cycle may have been held, missed or put off.
                if found["cycle"] in labels or not isinstance(last, NotGiven | Delayed):
                    raise Refused(f"no dose {name}")
                continue
            rest = name not in self._names.values()
            for entry in entries:
                runs = isinstance(entry, NotGiven) and self._again(name)
                if rest and (runs or isinstance(entry, Begun | Delayed)):
                    raise Refused(f"{name} is the rest of an infusion")
                early = entry.date < (self._began(cycle) or entry.date)
                if isinstance(entry, Given | Begun) and int(found["day"]) > 0 and early:
                    raise Refused(f"{name} was given, or began, before its cycle did")

    def _again(self, name: str) -> bool:
        """Whether a part of an infusion went on."""
        parts = [part for row in self._rows.values() for part in row]
        return any(part.id == name and part.again for part in parts)

    def _began(self, cycle: Cycle) -> date | None:
        """The day on which a cycle began, where the record says so."""
        first = next(each for each in self._course if each.phase == cycle.phase)
        for entry in self._world.treatment.record:
            if isinstance(entry, Started) and entry.cycle == cycle.label:
                return entry.date
            if isinstance(entry, MovedOn) and entry.to == cycle.phase and first == cycle:
                return entry.date
        return None

    # -- single doses ------------------------------------------------------------------------------

    def _happened(self, slot: Slot) -> Happened:
        found = Happened(slot.start, slot.end, id=self._names[id(slot)])
        put_off = date.max
        for entry in self._of(slot):
            if isinstance(entry, Given):
                at = datetime.combine(entry.date, entry.time or found.start.time())
                found = attrs.evolve(_moved(found, at - found.start), status="given",
                                     amount=amount(entry.amount).value, area=_area(entry))  # fmt: skip
            elif isinstance(entry, Delayed):
                away = timedelta((entry.to - found.start.date()).days)
                found, put_off = attrs.evolve(_moved(found, away), status=None), entry.date
            elif isinstance(entry, NotGiven):
                # What was put off, and held or missed after that, stands on its first day again.
                back = slot.start - found.start if entry.date > put_off else timedelta(0)
                status = "held" if entry.how == "held" else "missed"
                found = attrs.evolve(_moved(found, back), status=status)
        return found

    def _timed(self, slot: Slot, found: Happened) -> Happened:
        """With the dose by which it is timed; where that one waits, as the protocol lays it."""
        if slot.hangs_on is None or slot.sig.begins is None:
            return found
        others = self.parts(slot.hangs_on)
        if slot.sig.begins.edge == "start":
            if others[0].waits:
                return attrs.evolve(found, lost=True)
            return _moved(found, others[0].start - slot.hangs_on.start)
        if any(other.waits for other in others):
            return attrs.evolve(found, lost=True)
        ends = [other.end for other in others if other.end is not None]
        assert slot.hangs_on.end is not None
        return _moved(found, max(ends) - slot.hangs_on.end)

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
        """The days from which on nothing of its drug, or of its cycle, is given any more."""
        for stop in self._stops:
            same = stop.drug == slot.component.drug
            if same and stop.route in (None, slot.component.route):
                yield stop.date
        here = [cycle.label for cycle in self._dated].index(slot.cycle.label)
        for cycle, after in zip(self._dated[here:], self._dated[here + 1 : here + 2], strict=False):
            assert cycle.end is not None and after.start is not None
            if after.start < cycle.end:
                yield after.start
        for entry in self._world.treatment.record:
            last = here == len(self._dated) - 1
            if isinstance(entry, MovedOn) and entry.to == "transplant" and last:
                yield entry.date

    def _of(self, slot: Slot) -> list[Entry]:
        return self._entries.get(self._names.get(id(slot), "?"), [])

    # -- infusions ---------------------------------------------------------------------------------

    def _row(self, slot: Slot) -> list[Part]:
        """The infusions of a drug by a route in one cycle, in all their parts."""
        key = slot.cycle.label, slot.name
        if key not in self._rows:
            row = [
                one
                for one in self._slots
                if (one.cycle.label, one.name) == key and one.sig.rate is not None
            ]
            parts, breaks = self._one_after_the_other(row), list(self._breaks)
            while True:  # a part may be named earlier on a day than the break that makes it
                there = [each for each in breaks if each.cut.dose in [part.id for part in parts]]
                if not there:
                    break
                parts = self._broken(parts, there[0])
                breaks.remove(there[0])
            self._rows[key] = parts
        return self._rows[key]

    def _one_after_the_other(self, row: list[Slot]) -> list[Part]:
        """Each where it began or was put off to; those of which nothing is said follow it."""
        late, found = timedelta(0), []
        for slot in row:
            said = self._said(slot)
            if said is not None:
                late = said - slot.start
            assert slot.end is not None
            begins, ends = slot.start + late, slot.end + late
            found.append(Part(slot, self._names[id(slot)], begins, ends, slot.start.date()))
        return found

    def _said(self, slot: Slot) -> datetime | None:
        """When an infusion began, or was to begin after it was put off; None where nothing is said."""
        found, put_off = None, date.max
        for entry in self._of(slot):
            if isinstance(entry, Begun):
                return datetime.combine(entry.date, entry.time or slot.start.time())
            if isinstance(entry, Delayed):
                found, put_off = datetime.combine(entry.to, slot.start.time()), entry.date
            if isinstance(entry, NotGiven) and entry.date > put_off:
                found = slot.start
        return found

    def _broken(self, parts: list[Part], each: Break) -> list[Part]:
        """With one interruption: what ran, what is left, and what comes after that."""
        named = next(part for part in parts if part.id == each.cut.dose)
        each = self._timed_by(named, each)
        broken = next(
            (p for p in parts if p.slot is named.slot and p.start <= each.off < p.end), None
        )
        if broken is None:
            raise Refused(f"{named.id} was not running on {each.off}")
        waits, stands = self._waits(each), False
        found: list[Part] = []
        for part in parts:
            begun = any(isinstance(entry, Begun) for entry in self._entries.get(part.id, []))
            if part is broken:
                found += self._stretches(broken, each, waits, parts)
            elif part.start < broken.end:
                found.append(part)
            elif waits is not None:
                away = attrs.evolve(part, waits=waits, since=each.cut.date)
                found.append(part if begun else away)
            else:
                # Where one has its day from the record, those after it follow it, and not the break.
                stands = stands or begun or self._put_off_since(part, each)
                assert each.on is not None
                gap = timedelta(0) if stands else each.on - each.off
                found.append(attrs.evolve(part, start=part.start + gap, end=part.end + gap))
        return found

    def _put_off_since(self, part: Part, each: Break) -> bool:
        """Whether it was put off to its day on the day of the interruption, or later."""
        return any(
            isinstance(entry, Delayed)
            and entry.date >= each.cut.date
            and entry.to == part.start.date()
            for entry in self._entries.get(part.id, [])
        )

    def _timed_by(self, named: Part, each: Break) -> Break:
        """The interruption at the hour at which the part began that it names, without one of its own.

        The course was laid out before that hour was known; where it decides, it has to be stated.
        """
        found = attrs.evolve(each, hour=named.start.time())
        if found.on is not None and found.on < found.off:
            raise Refused(f"{named.id} goes on before it stood still")
        if found.too_long(self._world) != each.too_long(self._world):
            raise Refused(f"the hour at which {named.id} stood still is not recorded")
        return found

    def _stretches(
        self, broken: Part, each: Break, waits: str | None, parts: list[Part]
    ) -> Iterator[Part]:
        """What ran until the interruption, and what is left after it."""
        left = broken.end - each.off
        on = each.off if waits is not None or each.on is None else each.on
        name, due = broken.id, broken.due
        if each.off > broken.start:
            given = each.cut.delivered
            delivered = None if given is None else amount(given).value
            yield attrs.evolve(broken, end=each.off, ran=True, delivered=delivered)
            name, due = self._free(broken.slot, on.date(), parts), on.date()
        yield attrs.evolve(broken, id=name, start=on, end=on + left, due=due, waits=waits,
                           since=each.cut.date, again=waits is None)  # fmt: skip

    def _waits(self, each: Break) -> str | None:
        """What becomes of the rest; None where the infusion went on in time."""
        if not each.too_long(self._world):
            return None if each.again is not None else "held"
        return "cancelled" if self._went_on(each.cycle) else "unresolved"

    def _went_on(self, label: str) -> bool:
        """Whether the record says when the cycle after this one begins, or that there is none."""
        here = [cycle.label for cycle in self._course].index(label)
        record = self._world.treatment.record
        moved = {entry.to for entry in record if isinstance(entry, MovedOn)}
        if here == len(self._course) - 1:
            return "transplant" in moved
        after = self._course[here + 1]
        said = {entry.cycle for entry in record if isinstance(entry, Started)}
        said |= {entry.what for entry in record if isinstance(entry, Delayed)}
        return after.label in said or after.phase in moved

    def _free(self, slot: Slot, on: date, parts: list[Part]) -> str:
        """An id of that day which no dose has."""
        stem = f"{slot.cycle.label}.d{day_of(slot.cycle, on)}.{slot.name.replace(' ', '.')}"
        taken = {*self._names.values(), *(part.id for part in parts)}
        number = 1
        while f"{stem}.{number}" in taken:
            number += 1
        return f"{stem}.{number}"

    def _infused(self, part: Part) -> Happened:
        """What became of one part; what the record says of it by its id comes first."""
        found = Happened(part.start, part.end, id=part.id)
        held: list[date] = []
        for entry in self._entries.get(part.id, []):
            if isinstance(entry, Given):
                given = amount(entry.amount).value
                return attrs.evolve(found, status="given", amount=given, area=_area(entry))
            if isinstance(entry, NotGiven) and entry.how != "held":
                return attrs.evolve(found, status="missed")
            if isinstance(entry, NotGiven):
                held.append(entry.date)
            if isinstance(entry, Delayed | Begun):
                held.clear()
        if part.ran:
            return attrs.evolve(found, status="given", amount=part.delivered)
        ends = sorted(self._ends(part.slot))
        waits, since = part.waits, min(part.since, part.due)
        if waits is None and held:
            waits, since = "held", held[-1]
        if waits is not None:
            gone = any(end >= since for end in ends)
            return attrs.evolve(found, status="cancelled" if gone else waits)
        for end in ends:
            # What runs by the record falls away no more; when it was interrupted is asked for.
            runs = part.again or any(isinstance(e, Begun) for e in self._entries.get(part.id, []))
            if part.start.date() >= end and not runs:
                return attrs.evolve(found, status="cancelled")
            if part.end.date() > end:
                return attrs.evolve(found, status="unresolved")
        return found


def _area(entry: Given) -> Fraction | None:
    return exact(entry.bsa.value) if entry.bsa else None


def _rank(entry: Entry) -> int:
    """Of one day: what was held is put off, or begins; what was given or missed is settled."""
    if isinstance(entry, NotGiven):
        return 0 if entry.how == "held" else 2
    return 2 if isinstance(entry, Given) else 1


def _moved(found: Happened, by: timedelta) -> Happened:
    return attrs.evolve(found, start=found.start + by, end=found.end and found.end + by)
