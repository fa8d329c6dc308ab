"""Checks of the finished plan: one small module each, listed here with the hazards they hold."""

from collections.abc import Callable, Iterator

import attrs

from protoplan.model.plan import Finding
from protoplan.planning.safety import (
    azoles,
    companions,
    duplicates,
    intrathecal,
    limits,
    spacing,
    usual,
)
from protoplan.planning.scene import Scene


@attrs.frozen
class Check:
    """One check.

    Attributes:
        look: Yields one finding for one cause.
        hazards: Those of docs/hazards.yaml that it holds.
    """

    look: Callable[[Scene], Iterator[Finding]]
    hazards: tuple[str, ...]


#: In the order in which their findings are printed.
SAFETY = (
    Check(limits.look, ("H09",)),
    Check(companions.look, ("H38",)),
    Check(intrathecal.look, ("H24",)),
    Check(spacing.look, ("H13", "H39")),
    Check(azoles.look, ("H10",)),
    Check(duplicates.look, ("H03",)),
    Check(usual.look, ("H01", "H28")),
)
