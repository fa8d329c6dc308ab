"""What was planned, as it went: given stays as given, what was put off moves, the rest follows.

The schedule gives every dose its id; the record speaks of doses by it. Nothing is placed here that
the record does not place.

PP406: an entry of the record names a dose, a cycle or a phase that the plan does not have.

Good: `given: 1.d8.vincristine.IV.1` where vincristine is planned on day 8 of cycle 1.
Bad: `given: 1.d2.vincristine.IV.1` in the same course.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import attrs

from protoplan.model.plan import PlannedCycle
from protoplan.model.record import DOSE, TRANSPLANT, Delayed, Entry, NotGiven, Stopped
from protoplan.planning.breaking import interrupted
from protoplan.planning.course import Course, cycle_day
from protoplan.planning.following import following
from protoplan.planning.happened import Happened
from protoplan.planning.schedule import Fate, Slot
from protoplan.problems import SLIP, Faulty, Problem, did_you_mean
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
    problems = list(_out_of_order(happened, laid_out))
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
    problems = list(_contradictions(parts, happened, laid_out))
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
    said = after[0].label in happened.started or after[0].label in happened.put_off
    return said or happened.moved_to(after[0].phase) is not None


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
            at = _said_so(after, happened)
            found[cycle.label] = _End(after.start, f"cycle {after.label} began", at)
    end = happened.transplant
    if end is not None and cycles:
        because = f"moved on to transplant: {end.reason}"
        found[cycles[-1].label] = _End(end.date, because, end.at)
    return found


def _said_so(cycle: PlannedCycle, happened: Happened) -> Place:
    """The entry that gives a cycle its start."""
    entry: Entry | None = happened.started.get(cycle.label) or happened.put_off.get(cycle.label)
    entry = entry or happened.moved_to(cycle.phase)
    return entry.at if entry else Place("", 0, 0)


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


def _out_of_order(happened: Happened, laid_out: Course) -> Iterator[Problem]:
    """Cycles of the record that the plan does not have, or that begin before the one before."""
    labels = [cycle.label for cycle in laid_out.cycles]
    gone = {label for _, _, dropped in laid_out.early for label in dropped}
    for label, entry in ({**happened.put_off, **happened.started}).items():
        fell_away = label in gone and label not in happened.started
        if label not in labels and not fell_away:
            yield Problem("PP406", f"the plan has no cycle '{label}'", entry.at)
    phases = tuple(dict.fromkeys(cycle.phase for cycle in laid_out.cycles))
    for moved in happened.moved_on:
        if moved.to not in (*phases, TRANSPLANT):
            message = f"the plan has no phase '{moved.to}', to which the course moved on"
            yield Problem("PP406", message, moved.at, f"it has {', '.join(phases)}")
        elif phases and moved.to == phases[0]:
            message = f"the course moves on to {moved.to}, with which it begins"
            yield Problem("PP405", message, moved.at)
    dated = [cycle for cycle in laid_out.cycles if cycle.start is not None]
    for cycle, after in pairwise(dated):
        assert cycle.start is not None and after.start is not None
        if after.start > cycle.start:
            continue
        at = _said_so(cycle, happened)
        begins = f"began on {cycle.start} ({at})" if at.line else f"is due on {cycle.start}"
        message = (
            f"cycle {after.label} begins on {after.start}, and cycle {cycle.label}, which comes "
            f"before it, {begins}"
        )
        yield Problem("PP405", message, _said_so(after, happened))


def _first_of_its_phase(slot: Slot, laid_out: Course) -> bool:
    here = [cycle.label for cycle in laid_out.cycles if cycle.phase == slot.cycle.phase]
    return here[:1] == [slot.cycle.label]


def _fell_away(name: str, entry: Entry, gone: Collection[str]) -> bool:
    """Whether a dose that was not given is of a cycle that has fallen away since."""
    found = DOSE.fullmatch(name)
    return found is not None and found["cycle"] in gone and isinstance(entry, NotGiven | Delayed)


def _contradictions(
    slots: Sequence[Slot], happened: Happened, laid_out: Course
) -> Iterator[Problem]:
    """Entries that name a dose which is not there, or began or was given before its cycle did."""
    known = {slot.id: slot for slot in slots}
    gone = {label for _, _, dropped in laid_out.early for label in dropped}
    for name, entry in happened.doses.items():
        slot = known.get(name)
        if slot is None and _fell_away(name, entry, gone):
            continue
        if slot is None:
            hint = doses_near(name, list(known))
            yield Problem("PP406", f"the plan has no dose '{name}'", entry.at, hint)
            continue
        begun = happened.begun.get(name)
        if begun is not None and slot.sig.rate is None:
            message = f"{name} is no continuous infusion, of which the beginning is recorded"
            yield Problem("PP405", message, begun.at, "record it as given")
        if slot.id != slot.spot.id:
            yield from _of_a_rest(slot, happened)
        began: Entry | None = happened.started.get(slot.cycle.label)
        if began is None and _first_of_its_phase(slot, laid_out):
            began = happened.moved_to(slot.cycle.phase)
        for went, how in ((happened.given.get(name), "was given"), (begun, "began")):
            if went is None or began is None or went.date >= began.date or slot.spot.day <= 0:
                continue
            message = f"{name} {how} on {went.date}, before its cycle began on {began.date}"
            yield Problem("PP405", f"{message} ({began.at})", went.at)


def _of_a_rest(slot: Slot, happened: Happened) -> Iterator[Problem]:
    """What cannot be said of the rest of an infusion that was interrupted, by an id of its own.

    When it goes on is what the record says of the interruption, and from then on it runs.
    """
    for entry in (happened.begun.get(slot.id), happened.delayed.get(slot.id)):
        if entry is not None:
            message = f"{slot.id} is the rest of {slot.spot.id}, which was interrupted"
            hint = "when it goes on is recorded as resumed, with the id that was interrupted"
            yield Problem("PP405", message, entry.at, hint)
    not_given = happened.not_given.get(slot.id)
    if not_given is not None and slot.begun:
        message = f"{slot.id} goes on since {slot.start:%Y-%m-%d %H:%M}, and is recorded as"
        hint = "an infusion that stopped running is recorded as interrupted"
        yield Problem("PP405", f"{message} {not_given.how}", not_given.at, hint)


#: So many doses of a drug in a cycle are named where one is looked for in vain.
_SHOWN = 8


def doses_near(name: str, known: Sequence[str]) -> str | None:
    """What is said where there is no dose of an id: the doses of its drug in its cycle.

    One is never guessed.

    Args:
        name: The id.
        known: The ids that there are.
    """
    found = DOSE.fullmatch(name)
    if found is None:
        return None
    same = [other for other in known if other.startswith(f"{found['cycle']}.d")]
    drug = [other for other in same if f".{found['drug']}." in other]
    if not same:
        return f"the plan has no doses in a cycle '{found['cycle']}'"
    if not drug:
        given = {dose["drug"] for other in same if (dose := DOSE.fullmatch(other))}
        meant = did_you_mean(found["drug"], given, SLIP) or f"it gives {', '.join(sorted(given))}"
        return f"it gives no {found['drug']} in cycle {found['cycle']}; {meant}"
    more = f" and {len(drug) - _SHOWN} more" if len(drug) > _SHOWN else ""
    return f"of that drug in that cycle it has {', '.join(drug[:_SHOWN])}{more}"
