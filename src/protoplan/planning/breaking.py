"""Continuous infusions that were interrupted: what was delivered, and when the rest runs.

After a break that the label allows, the infusion goes on until its days are complete, and what
follows it in the cycle moves by the length of the break. After a longer one a new cycle is asked
for, and nothing of the old one is placed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from operator import attrgetter

from protoplan.planning.course import cycle_day
from protoplan.planning.happened import Break, Happened
from protoplan.planning.schedule import Fate, Slot
from protoplan.problems import Faulty, Problem

_DAY = timedelta(days=1)


def interrupted(rows: Sequence[Slot], happened: Happened, *, answered: bool) -> tuple[Slot, ...]:
    """The slots of one cycle with each interrupted infusion in its parts.

    Args:
        rows: Of one cycle, in the order of time.
        happened: What the record says.
        answered: After too long a break the start of the next cycle is stated.

    Raises:
        Faulty: If an infusion was not running when it is said to have been interrupted.
    """
    slots, breaks = list(rows), list(happened.breaks)
    # Of one day without a time, a part may be named before the break that makes it.
    while (entry := _next(slots, breaks)) is not None:
        breaks.remove(entry)
        slots = _broken(slots, entry.interrupted.dose, entry, happened, answered=answered)
    return tuple(slots)


def _next(slots: Sequence[Slot], breaks: Sequence[Break]) -> Break | None:
    """The first interruption of an infusion that is there."""
    names = {slot.id for slot in slots}
    return next((entry for entry in breaks if entry.interrupted.dose in names), None)


def _broken(
    slots: list[Slot], name: str, entry: Break, happened: Happened, *, answered: bool
) -> list[Slot]:
    """The slots after one interruption: what ran, and what becomes of the rest."""
    began = entry.began(next(slot for slot in slots if slot.id == name).start.time())
    running = _running(slots, name, entry, began)
    ran = _ran(running, began, entry)
    left = sorted((slot for slot in slots if _follows(slot, running)), key=attrgetter("start"))
    kept = [slot for slot in slots if slot not in left and slot is not running]
    ended = entry.ended(began.time())
    if ended is not None and ended < began:
        _refuse(f"{name} goes on before it was interrupted ({entry.interrupted.at})", entry)
    # The break was counted before the hour at which a later part began was known.
    limit = None if entry.days is None else timedelta(days=entry.days)
    if ended and limit is not None and (ended - began > limit) is not entry.over:
        _refuse(
            f"whether {name} stood still for more than {entry.days} days hangs on the hour at "
            "which it was interrupted, which is not recorded; state its time",
            entry,
        )
    if ended is None or entry.over:
        # What the label allows no more, or not yet, has no day of its own; what began has.
        fate = _waiting(entry, answered=answered)
        waits = [_rest(running, began, began, slots)]
        waits += [slot for slot in left if slot.id not in happened.begun]
        runs = [slot for slot in left if slot.id in happened.begun]
        return [*kept, *ran, *(slot._replace(fate=fate) for slot in waits), *runs]
    again = _rest(running, began, ended, slots)._replace(begun=True)
    return [*kept, *ran, again, *_after(left, entry, ended - began, happened)]


def _ran(running: Slot, began: datetime, entry: Break) -> list[Slot]:
    """What ran until the interruption; nothing where the infusion should just have begun."""
    if began == running.start:
        return []
    fate = Fate("given", f"interrupted: {entry.interrupted.reason}", entry.interrupted.at)
    days, delivered = _days(began - running.start), entry.interrupted.delivered
    return [running._replace(end=began, days=days, fate=fate, delivered=delivered)]


def _rest(running: Slot, began: datetime, start: datetime, slots: Sequence[Slot]) -> Slot:
    """What was left of an infusion when it was interrupted, from *start* on."""
    assert running.end is not None
    length = running.end - began
    return running._replace(
        id=running.id if began == running.start else _free(running, start, slots),
        day=_day(running, start),
        start=start,
        end=start + length,
        due=running.due if began == running.start else start.date(),
        days=_days(length),
        fate=None,
        begun=False,
        delivered=None,
    )


def _running(slots: Sequence[Slot], name: str, entry: Break, began: datetime) -> Slot:
    """The part of an infusion that ran when it was interrupted.

    Raises:
        Faulty: If none did.
    """
    origin = next(slot for slot in slots if slot.id == name)
    parts = [slot for slot in slots if slot.spot is origin.spot and slot.sig.rate is not None]
    for slot in parts:
        if slot.end is not None and slot.start <= began < slot.end:
            return slot
    runs = "; ".join(f"{slot.start:%Y-%m-%d %H:%M} to {slot.end:%Y-%m-%d %H:%M}" for slot in parts)
    said = f"it runs from {runs}" if runs else "it is no continuous infusion"
    _refuse(f"{name} was not running on {began:%Y-%m-%d %H:%M}; {said}", entry)
    raise AssertionError  # the line above raises


def _refuse(message: str, entry: Break) -> None:
    raise Faulty([Problem("PP405", message, entry.interrupted.at)])


def _days(length: timedelta) -> int | Fraction:
    days = Fraction(int(length.total_seconds()), int(_DAY.total_seconds()))
    return int(days) if days.denominator == 1 else days


def _day(slot: Slot, on: datetime) -> int:
    assert slot.cycle.start is not None
    return cycle_day(on.date(), slot.cycle.start)


def _free(slot: Slot, on: datetime, slots: Sequence[Slot]) -> str:
    """An id for the part of an infusion that begins on a day."""
    taken = {other.id for other in slots}
    stem = f"{slot.cycle.label}.d{_day(slot, on)}.{slot.component.name.replace(' ', '.')}"
    return next(name for n in range(1, 100) if (name := f"{stem}.{n}") not in taken)


def _follows(slot: Slot, running: Slot) -> bool:
    """Whether a slot is a later infusion of the same drug in the same cycle."""
    same = slot.component.name == running.component.name and slot.sig.rate is not None
    return same and slot is not running and running.end is not None and slot.start >= running.end


def _after(
    left: Sequence[Slot], entry: Break, gap: timedelta, happened: Happened
) -> Iterator[Slot]:
    """Later infusions, moved by the break until one stands where the record has placed it since."""
    stands = False
    for slot in left:
        stands = stands or slot.id in happened.begun or _put_off_since(slot, entry, happened)
        if stands:
            yield slot
            continue
        start = slot.start + gap
        end = None if slot.end is None else slot.end + gap
        yield slot._replace(start=start, end=end, day=_day(slot, start))


def _put_off_since(slot: Slot, entry: Break, happened: Happened) -> bool:
    """Whether an infusion stands on a day to which it was put off when the break was known."""
    delay = happened.delayed.get(slot.id)
    if delay is None or delay.date < entry.interrupted.date:
        return False
    return delay.to == slot.start.date()


def _waiting(entry: Break, *, answered: bool) -> Fate:
    """What becomes of the rest while the infusion does not go on."""
    cut = entry.interrupted
    if entry.over and answered:
        because = f"broken off on {cut.date} for more than {entry.days} days: a new cycle began"
        return Fate("cancelled", because, cut.at)
    if entry.over:
        text = (
            f"record: the start of a new cycle; {entry.whole_days} days without the infusion are "
            f"more than {entry.days} ({entry.source})"
        )
        return Fate("unresolved", None, cut.at, (text,))
    limit = ""
    if entry.days is not None:
        last = cut.date + timedelta(days=entry.days)
        limit = f"; it may go on until {last} to complete this cycle ({entry.source})"
    return Fate("held", f"interrupted since {cut.date}: {cut.reason}{limit}", cut.at)
