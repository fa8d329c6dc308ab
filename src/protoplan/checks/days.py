"""PP307: a day lies outside its cycle.

Good: `days: [1, 28]` in a cycle of 28 days.
Bad: `days: [1, 31]` in a cycle of 28 days, which would fall into the next cycle.
"""

from collections.abc import Iterator

from protoplan.checks.scene import ProtocolScene
from protoplan.model.protocol import Days, OptionRef, Phase, Span, Where
from protoplan.problems import Problem

#: The fewest days that a calendar unit can have.
_SHORTEST = {"days": 1, "weeks": 7, "months": 28, "years": 365}


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """The last day of each sig lies inside every cycle in which it is given."""
    lengths = {kind.name: kind.length for kind in scene.protocol.kinds}
    for component in scene.protocol.components:
        for sig in component.sigs:
            where = sig.where or component.where
            if where is None or isinstance(sig.days, OptionRef) or not sig.days.runs:
                continue
            for kind in sorted(_kinds(where, scene.protocol.phases)):
                if _last(sig.days) > _days(lengths[kind]):
                    yield Problem(
                        "PP307",
                        f"{component.name}: day {_last(sig.days)} lies outside the "
                        f"{lengths[kind]} of a cycle of kind '{kind}'",
                        sig.days.at,
                    )


def _kinds(where: Where, phases: tuple[Phase, ...]) -> set[str]:
    cycles = [cycle for phase in phases for cycle in phase.cycles]
    return {kind for label, kind in cycles if label in where.names or kind in where.names}


def _last(days: Days) -> int:
    return max(last for _, last in days.runs)


def _days(span: Span) -> int:
    return span.count * _SHORTEST[span.unit]
