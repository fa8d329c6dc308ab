"""What the record says and the plan cannot be, told all at once.

PP406: an entry of the record names a dose, a cycle or a phase that the plan does not have.

Good: `given: 1.d8.vincristine.IV.1` where vincristine is planned on day 8 of cycle 1.
Bad: `given: 1.d2.vincristine.IV.1` in the same course.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from protoplan.model.record import DOSE, TRANSPLANT, Delayed, Entry, NotGiven
from protoplan.planning.course import Course
from protoplan.planning.happened import Happened
from protoplan.planning.schedule import Slot
from protoplan.problems import SLIP, Problem, did_you_mean


def out_of_order(happened: Happened, laid_out: Course) -> Iterator[Problem]:
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
        own, said = happened.start_of(cycle), happened.start_of(after)
        assert said is not None  # without one it begins when the one before it is over
        begins = f"began on {cycle.start} ({own.at})" if own else f"is due on {cycle.start}"
        message = (
            f"cycle {after.label} begins on {after.start}, and cycle {cycle.label}, which comes "
            f"before it, {begins}"
        )
        yield Problem("PP405", message, said.at)


def _first_of_its_phase(slot: Slot, laid_out: Course) -> bool:
    here = [cycle.label for cycle in laid_out.cycles if cycle.phase == slot.cycle.phase]
    return here[:1] == [slot.cycle.label]


def _fell_away(name: str, entry: Entry, gone: Collection[str]) -> bool:
    """Whether a dose that was not given is of a cycle that has fallen away since."""
    found = DOSE.fullmatch(name)
    return found is not None and found["cycle"] in gone and isinstance(entry, NotGiven | Delayed)


def contradictions(
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
