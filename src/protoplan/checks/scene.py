"""What a check of a protocol file may look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import attrs

from protoplan.model.catalogue import Catalogue
from protoplan.model.formulary import Drug
from protoplan.model.protocol import Protocol

if TYPE_CHECKING:  # no plan of a shipped protocol needs it
    from protoplan.model.skeleton import Skeleton


@attrs.frozen
class ProtocolScene:
    """A protocol file with what surrounds it.

    Attributes:
        drugs: The formulary's entry for every drug that the protocol names.
        lay_out: Lays the protocol out under given answers; runs the schedule, knows no patient.
    """

    protocol: Protocol
    drugs: Mapping[str, Drug]
    catalogue: Catalogue
    lay_out: Callable[[tuple[tuple[str, str], ...]], Skeleton]
