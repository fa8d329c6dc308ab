"""What is timed by another dose follows it: leucovorin, where methotrexate ended late."""

from collections.abc import Sequence
from datetime import timedelta

from protoplan.model.component import spelled
from protoplan.planning.course import cycle_day
from protoplan.planning.happened import Happened
from protoplan.planning.schedule import Fate, Slot

#: What becomes of a dose by which others are timed, so that their times are open.
_OPEN = ("held", "missed", "cancelled", "unresolved")

_NONE = timedelta(0)


def following(
    slots: Sequence[Slot], scheduled: Sequence[Slot], happened: Happened
) -> tuple[Slot, ...]:
    """The slots, those timed by another dose at their times after that dose as it went.

    A dose of which the record itself speaks stays where the record has it. Where the other dose was
    not given, or waits, what hangs on it has no time: that is asked for, never guessed.

    Args:
        slots: As the record has them, each with its fate.
        scheduled: The same by the schedule.
        happened: What the record says.
    """
    walk = _Walk(slots, scheduled, happened)
    return tuple(walk.placed(slot) for slot in slots)


class _Walk:
    """Where each dose went, found once."""

    def __init__(
        self, slots: Sequence[Slot], scheduled: Sequence[Slot], happened: Happened
    ) -> None:
        # An interrupted infusion has several parts, all of one spot.
        self._parts: dict[str, list[Slot]] = {}
        for slot in slots:
            self._parts.setdefault(slot.spot.id, []).append(slot)
        self._was = {slot.id: slot for slot in scheduled}
        self._recorded = happened.doses

    def placed(self, slot: Slot) -> Slot:
        """A slot where it belongs by the dose on which it hangs."""
        name, begins = slot.spot.hangs_on, slot.sig.begins
        if name is None or slot.id in self._recorded or slot.fate is not None:
            return slot
        assert begins is not None  # else it hangs on nothing
        parts = [self.placed(part) for part in self._parts[name]]
        for anchor in parts[:1] if begins.edge == "start" else parts:
            if anchor.fate is not None and anchor.fate.status in _OPEN:
                by = spelled(anchor.component.name)
                need = (
                    f"record: whether and when {slot.component.drug} is given; {by} of "
                    f"{anchor.due}, by which it is timed, is {anchor.fate.status}"
                )
                return slot._replace(fate=Fate("unresolved", None, anchor.fate.at, (need,)))
        late = _late(parts, self._was[name], begins.edge)
        return slot if late == _NONE else _moved(slot, late)


def _late(parts: Sequence[Slot], was: Slot, edge: str) -> timedelta:
    """By how much a dose began, or its last part ended, later than it was scheduled."""
    if edge == "start" or was.end is None:
        return parts[0].start - was.start
    return max(part.end for part in parts if part.end is not None) - was.end


def _moved(slot: Slot, by: timedelta) -> Slot:
    assert slot.cycle.start is not None
    start = slot.start + by
    end = None if slot.end is None else slot.end + by
    on = start.date()
    return slot._replace(start=start, end=end, due=on, day=cycle_day(on, slot.cycle.start))
