"""Interruptions of infusions: when they began and ended, and whether they lasted too long."""

from datetime import datetime, time, timedelta

import attrs
from tests.oracle.world import World, formulary

from protoplan.model.record import DOSE, Begun, Interrupted, Resumed, Stopped


@attrs.frozen
class Break:
    """One interruption of an infusion.

    Attributes:
        again: None while it has not gone on.
        hour: At which what it names began, for entries without a time; as far as the record says
            so of infusions by their first ids, until they are laid out in their parts.
    """

    cut: Interrupted
    again: Resumed | None
    hour: time

    @property
    def off(self) -> datetime:
        """When it stopped running."""
        return datetime.combine(self.cut.date, self.cut.time or self.hour)

    @property
    def on(self) -> datetime | None:
        """When it went on; without a time, at the hour of the interruption."""
        if self.again is None:
            return None
        return datetime.combine(self.again.date, self.again.time or self.off.time())

    @property
    def drug(self) -> str:
        return _parts(self.cut.dose)[1]

    @property
    def cycle(self) -> str:
        return _parts(self.cut.dose)[0]

    def too_long(self, world: World) -> bool:
        """Longer than the formulary allows; while it lasts, in whole days up to that of the plan."""
        limit = formulary()[self.drug].interruption
        if limit is None:
            return False
        if self.on is not None:
            return self.on - self.off > timedelta(limit.days)
        return (world.as_of - self.cut.date).days > limit.days


def breaks(world: World) -> list[Break]:
    """Each interruption with the first word after it that the infusion went on, in order of time."""
    record = world.treatment.record
    again: dict[str, list[Resumed]] = {
        entry.dose: [] for entry in record if isinstance(entry, Interrupted)
    }
    for entry in record:
        if isinstance(entry, Resumed):
            again[entry.dose].append(entry)
    found = []
    for cut in sorted(
        (entry for entry in record if isinstance(entry, Interrupted)),
        key=lambda entry: (entry.date, entry.time or time()),
    ):
        rows = again[cut.dose]
        found.append(Break(cut, rows.pop(0) if rows else None, _hour(world, cut.dose)))
    return found


def _hour(world: World, dose: str) -> time:
    """Recorded of the infusion, or of one before it which it follows; else the site's."""
    *names, which = _parts(dose)
    hour = world.policy.clock.first_dose
    begun = [entry for entry in world.treatment.record if isinstance(entry, Begun)]
    for entry in sorted(begun, key=lambda entry: _parts(entry.dose)[3]):
        *same, other = _parts(entry.dose)
        if same == names and other <= which:
            hour = entry.time or world.policy.clock.first_dose
    return hour


def _parts(dose: str) -> tuple[str, str, str, tuple[int, int]]:
    """Cycle, drug, route, and which dose of the cycle it is."""
    found = DOSE.fullmatch(dose)
    assert found is not None
    return found["cycle"], found["drug"], found["route"], (int(found["day"]), int(found["number"]))


def broken_off(world: World, cycle: str) -> bool:
    """Whether a new cycle is asked for, as an infusion of this one stood still for too long."""
    stopped = {entry.drug for entry in world.treatment.record if isinstance(entry, Stopped)}
    return any(
        each.too_long(world)
        for each in breaks(world)
        if each.cycle == cycle and each.drug not in stopped
    )
