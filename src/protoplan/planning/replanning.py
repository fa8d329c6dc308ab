"""What was planned, as it went: given stays as given, what was put off moves, the rest follows.

The schedule gives every dose its id; the record speaks of doses by it. Nothing is placed here that
the record does not place.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import attrs

from protoplan.model.record import NotGiven, Stopped
from protoplan.planning.breaking import interrupted
from protoplan.planning.contradicting import contradictions, out_of_order
from protoplan.planning.course import Course, cycle_day
from protoplan.planning.following import following
from protoplan.planning.happened import Happened
from protoplan.planning.schedule import Fate, Slot
from protoplan.problems import Faulty
from protoplan.source import Place


@attrs.frozen
class _End:
    """A day from which nothing of a cycle, or of a drug, is given any more."""

    on: date
    because: str
    at: Place


def as_it_went(
    rows: Sequence[Slot],
    possible: Callable[[], Sequence[Slot]],
    happened: Happened,
    laid_out: Course,
) -> tuple[Slot, ...]:
    """The slots with what the record says of each, in the order of time.

    Args:
        rows: By the schedule.
        possible: Every dose that the protocol can give under any answers. What was given stays,
            though the answers that are stated now would not give it.
        happened: What the record says.
        laid_out: The cycles, where they really began.

    Raises:
        Faulty: If an entry contradicts the plan; with the place of each.
    """
    problems = list(out_of_order(happened, laid_out))
    if problems:
        raise Faulty(problems)
    if not happened.doses and not happened.stopped and not _ends_of_cycles(happened, laid_out):
        return tuple(rows)
    slots = [*rows, *_given_all_the_same(rows, possible, happened)]
    slots = _in_a_row([_put_off(slot, happened) for slot in slots], slots, happened)
    by_cycle: dict[str, list[Slot]] = {}
    for slot in slots:
        by_cycle.setdefault(slot.cycle.label, []).append(slot)
    parts = [
        part
        for label, here in by_cycle.items()
        for part in interrupted(here, happened, answered=_answered(label, happened, laid_out))
    ]
    problems = list(contradictions(parts, happened, laid_out))
    if problems:
        raise Faulty(problems)
    ends = _ends_of_cycles(happened, laid_out)
    fates = following([_fated(part, happened, ends) for part in parts], rows, happened)
    return tuple(sorted(fates, key=lambda slot: slot.start))


def _answered(label: str, happened: Happened, laid_out: Course) -> bool:
    """Whether the cycle after one that was broken off has its start."""
    labels = [cycle.label for cycle in laid_out.cycles]
    after = laid_out.cycles[labels.index(label) + 1 :]
    if not after:
        return happened.transplant is not None
    return happened.start_of(after[0]) is not None


def _given_all_the_same(
    rows: Sequence[Slot], possible: Callable[[], Sequence[Slot]], happened: Happened
) -> list[Slot]:
    """Doses that were given, though the plan as it stands now has none there."""
    known = {slot.id for slot in rows}
    strange = {name: entry for name, entry in happened.given.items() if name not in known}
    because = "given although the plan, by what is stated now, gives none there"
    return [
        slot._replace(fate=Fate("given", because, strange[slot.id].at))
        for slot in (possible() if strange else ())
        if slot.id in strange
    ]


def _put_off(slot: Slot, happened: Happened) -> Slot:
    """The slot on the day to which it was put off, or at the time at which it began."""
    delay, begun = happened.delayed.get(slot.id), happened.begun.get(slot.id)
    not_given = happened.not_given.get(slot.id)
    if begun is not None:
        moved = _moved(slot, datetime.combine(begun.date, begun.time or slot.start.time()))
        return moved._replace(begun=True)
    if delay is None or (not_given is not None and not_given.date > delay.date):
        return slot
    return _moved(slot, datetime.combine(delay.to, slot.start.time()))


def _in_a_row(slots: Sequence[Slot], scheduled: Sequence[Slot], happened: Happened) -> list[Slot]:
    """Infusions that follow one which began late, or was put off, follow it still.

    Args:
        slots: As they were put off and began.
        scheduled: The same by the schedule.
        happened: What the record says.
    """
    late: dict[tuple[str, str], timedelta] = {}
    found = []
    for slot, printed in zip(slots, scheduled, strict=True):
        key = (slot.cycle.label, slot.component.name)
        if slot.sig.rate is not None and (
            slot.id in happened.begun or slot.id in happened.delayed):  # fmt: skip
            late[key] = slot.start - printed.start
        follows = slot.id not in happened.begun and slot.id not in happened.delayed
        if slot.sig.rate is not None and key in late and follows:
            found.append(_moved(slot, slot.start + late[key]))
        else:
            found.append(slot)
    return found


def _moved(slot: Slot, start: datetime) -> Slot:
    by = start - slot.start
    end = None if slot.end is None else slot.end + by
    assert slot.cycle.start is not None
    return slot._replace(start=start, end=end, day=cycle_day(start.date(), slot.cycle.start))


def _ends_of_cycles(happened: Happened, laid_out: Course) -> dict[str, _End]:
    """By the label of a cycle, the day on which the next began before it was over."""
    found = {}
    cycles = [cycle for cycle in laid_out.cycles if cycle.start is not None]
    for cycle, after in pairwise(cycles):
        assert cycle.start is not None and after.start is not None
        if after.start < cycle.start + timedelta(cycle.length_days or 0):
            said = happened.start_of(after)
            assert said is not None  # without one it begins when the one before it is over
            found[cycle.label] = _End(after.start, f"cycle {after.label} began", said.at)
    end = happened.transplant
    if end is not None and cycles:
        because = f"moved on to transplant: {end.reason}"
        found[cycles[-1].label] = _End(end.date, because, end.at)
    return found


def _fated(slot: Slot, happened: Happened, ends: Mapping[str, _End]) -> Slot:
    """The slot with what became of it; what is recorded of the dose itself comes first."""
    given, not_given = happened.given.get(slot.id), happened.not_given.get(slot.id)
    if given is not None:
        fate = Fate("given", slot.fate.because if slot.fate else None, given.at)
        slot = slot._replace(fate=fate, given=given)
        if slot.delivered is None and slot.begun is False and slot.sig.rate is None:
            slot = _moved(slot, datetime.combine(given.date, given.time or slot.start.time()))
        return slot
    final = not_given is not None and not_given.how != "held"
    if slot.fate is not None and slot.fate.status == "given" and not final:
        return slot
    of_drug = [
        _End(entry.date, _words(entry), entry.at)
        for entry in happened.stopped
        if _of(entry.drug, entry.route, slot)
    ]
    of_cycle = [ends[slot.cycle.label]] if slot.cycle.label in ends else []
    over = sorted((*of_drug, *of_cycle), key=lambda end: end.on)
    waits = slot.fate if slot.fate is not None and slot.fate.status != "given" else None
    held = waits is None and not_given is not None
    if not_given is not None and (
        final or (held and not _settled_since(not_given, slot, happened))):  # fmt: skip
        waits = _not_given(not_given)
    if waits is not None and not final and over:
        # What waits, waits no more once its drug was stopped, or its cycle is over.
        since = not_given.date if not_given is not None else _since(waits, slot, happened)
        ended = next((end for end in over if end.on >= since), None)
        waits = waits if ended is None else Fate("cancelled", ended.because, ended.at)
    if waits is not None:
        return slot._replace(fate=waits)
    for end in over:
        # What began, or went on, runs until the record says that it was interrupted.
        if slot.start.date() >= end.on and not slot.begun:
            return slot._replace(fate=Fate("cancelled", end.because, end.at))
        if slot.sig.rate is not None and slot.end is not None and slot.end.date() > end.on:
            need = f"record: when the infusion was interrupted; {end.because}"
            return slot._replace(fate=Fate("unresolved", None, end.at, (need,)))
    return slot


def _since(waits: Fate, slot: Slot, happened: Happened) -> date:
    """From when a dose waits: from the interruption it waits for, if that came before its day."""
    cuts = (entry.interrupted for entry in happened.breaks)
    return min((slot.due, *(cut.date for cut in cuts if cut.at == waits.at)))


def _settled_since(entry: NotGiven, slot: Slot, happened: Happened) -> bool:
    """Whether a dose that was held was put off to a day, or began, after that."""
    later = (happened.delayed.get(slot.id), happened.begun.get(slot.id))
    return any(one is not None and one.date >= entry.date for one in later)


def _not_given(entry: NotGiven) -> Fate:
    status = "held" if entry.how == "held" else "missed"
    return Fate(status, f"{entry.how} on {entry.date}: {entry.reason}", entry.at)


def _words(entry: Stopped) -> str:
    return f"{entry.drug} stopped for good on {entry.date}: {entry.reason}"


def _of(drug: str, route: str | None, slot: Slot) -> bool:
    return slot.component.drug == drug and route in (None, slot.component.route)
