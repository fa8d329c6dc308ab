"""What patients and calendars do not get: a range with a stop finding or an unresolved dose."""

from collections.abc import Iterator

import attrs

from protoplan.model.component import spelled
from protoplan.model.plan import Administration, Plan, Unresolved
from protoplan.problems import Severity


@attrs.frozen
class Bar:
    """Why a range of a plan is not handed out.

    Attributes:
        stops: What must not be given as it stands, a sentence for each cause.
        lacks: What is unresolved, likewise.
    """

    stops: tuple[str, ...]
    lacks: tuple[str, ...]

    @property
    def why(self) -> tuple[str, ...]:
        """Every sentence, the stops first."""
        return self.stops + self.lacks


def in_range(plan: Plan, cycle: str | None) -> tuple[Administration, ...]:
    """The administrations of one cycle; of the whole course where it is None."""
    return tuple(row for row in plan.administrations if cycle in (None, row.cycle))


def bar(plan: Plan, cycle: str | None = None) -> Bar | None:
    """What keeps a range from being handed out; None where nothing does.

    What is about no administration at all may touch any of them, and so bars every range.
    """
    rows = in_range(plan, cycle)
    ids = {row.id for row in rows}
    stops = tuple(
        f"{found.message} [{found.code}]"
        for found in plan.findings
        if found.severity is Severity.STOP and _touches(found.administrations, ids)
    )
    lacks = tuple(dict.fromkeys(_lacks(plan, rows, cycle)))
    return Bar(stops, lacks) if stops or lacks else None


def _lacks(plan: Plan, rows: tuple[Administration, ...], cycle: str | None) -> Iterator[str]:
    ids = {row.id for row in rows}
    said: set[str] = set()
    for entry in plan.unresolved:
        if _touches(entry.administrations, ids) and not _comes_later(plan, entry, cycle):
            said.update(entry.administrations)
            yield f"{spelled(entry.about)} is unresolved: {'; '.join(entry.wanted)}"
    for row in rows:  # however it came about: no dose without a number passes for one
        if row.status == "unresolved" and row.id not in said:
            yield f"{row.order.name} of cycle {row.cycle} is unresolved"


def _touches(administrations: tuple[str, ...], ids: set[str]) -> bool:
    return not administrations or not ids.isdisjoint(administrations)


def _comes_later(plan: Plan, entry: Unresolved, cycle: str | None) -> bool:
    """Whether it is about cycles that may never come, and the one that is wanted has its dates."""
    undated = [found for found in plan.cycles if found.start is None]
    dated = any(found.label == cycle and found.start is not None for found in plan.cycles)
    return bool(undated) and dated and entry.about.endswith(" and all that follows")
