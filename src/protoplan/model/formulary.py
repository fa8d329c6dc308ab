"""What is known of a drug whatever the protocol: its names, routes, caps and classes."""

import re

import attrs

from protoplan.model.bags import BagKind
from protoplan.model.evidence import Contradiction, Source
from protoplan.model.rule import Rule
from protoplan.model.safety import (
    Calvert,
    Companion,
    Equivalent,
    Interruption,
    Limit,
    Spacing,
    Usual,
)
from protoplan.quantity import Quantity
from protoplan.source import Grounds, Place


@attrs.frozen
class AllowedRoute:
    """A route by which the drug may be given."""

    route: str
    grounds: Grounds
    at: Place


@attrs.frozen
class Cap:
    """The most that one dose may hold.

    Attributes:
        about: What the cap is about; a protocol's cap of the same name replaces it.
        dose: The largest single dose.
    """

    about: str
    dose: Quantity
    routes: tuple[str, ...]
    grounds: Grounds
    at: Place


@attrs.frozen
class Product:
    """A vial, tablet or capsule as it is sold.

    Attributes:
        form: ``vial``, ``tablet`` or ``capsule``; the last two are given whole.
        holds: What one of them holds.
    """

    form: str
    holds: Quantity
    note: str | None
    grounds: Grounds
    at: Place


@attrs.frozen
class Drug:
    """A drug, or a medicine that acts on one.

    Attributes:
        id: The word by which every file names it.
        name: As it is printed, with tall-man letters where the list has them.
        unit: The unit in which its doses are ordered (mg, mcg, units); None for a medicine that
            no protocol gives.
        classes: Classes it belongs to, such as ``azole``.
        calvert: It is dosed by AUC, and how; None where no source doses it so.
        interruption: How long its infusion may be interrupted; None where no source says.
        bags: Those in which a continuous infusion of it is made up.
    """

    id: str
    version: str
    name: str
    aliases: tuple[str, ...]
    unit: str | None
    routes: tuple[AllowedRoute, ...]
    classes: tuple[tuple[str, Grounds], ...]
    caps: tuple[Cap, ...]
    limits: tuple[Limit, ...]
    products: tuple[Product, ...]
    rules: tuple[Rule, ...]
    spacing: tuple[Spacing, ...]
    companions: tuple[Companion, ...]
    usual: tuple[Usual, ...]
    equivalents: tuple[Equivalent, ...]
    interruption: Interruption | None
    calvert: Calvert | None
    bags: tuple[BagKind, ...]
    contradictions: tuple[Contradiction, ...]
    sources: tuple[Source, ...]
    sha256: str
    at: Place

    def named_in(self, text: str) -> bool:
        """Whether *text* names it as a word of its own: by its id, its printed name or an alias."""
        names = "|".join(map(re.escape, (self.id, self.name, *self.aliases)))
        return re.search(rf"(?<![\w-])(?:{names})(?!\w)", text, re.IGNORECASE) is not None
