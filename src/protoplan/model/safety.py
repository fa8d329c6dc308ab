"""What must be so between doses, and beside them: distances, companions, limits, usual doses."""

from decimal import Decimal

import attrs

from protoplan.model.condition import Bounds, Condition
from protoplan.problems import Severity
from protoplan.quantity import Quantity
from protoplan.source import Grounds, Place


@attrs.frozen
class Spacing:
    """How far two doses must lie apart.

    Attributes:
        drug: Whose doses are looked at; with a route where only those by it are.
        way: ``from`` counts both ways, ``before`` and ``after`` one way.
        other: A drug, a drug and its route, or a class; ``itself`` for the drug's own doses.
        hours: The least time; in whole days it is counted by dates.
        by_date: The least time was printed in days.
        otherwise: How grave it is where they lie nearer.
    """

    drug: str
    way: str
    other: str
    hours: int
    by_date: bool
    otherwise: Severity
    says: str | None
    grounds: Grounds
    at: Place


@attrs.frozen
class Companion:
    """What must be given, or ordered elsewhere, beside doses of a drug.

    Attributes:
        drug: The drug that must be planned in the same cycle; None where no drug is meant.
        routes: Only beside doses by these routes; empty is every route.
        for_doses: Only beside printed doses within these bounds; None is every dose.
        unless: It is not asked for then, such as when it is ordered elsewhere.
    """

    drug: str | None
    routes: tuple[str, ...]
    for_doses: Bounds | None
    unless: Condition | None
    otherwise: Severity
    says: str
    grounds: Grounds
    at: Place


@attrs.frozen
class Limit:
    """The most that may be given in all.

    Attributes:
        about: What the limit is about; a protocol's limit of the same name replaces it.
        drug: Whose doses are counted.
        most: The largest sum, over the surface area (mg/m2) or not; None where cycles are counted.
        cycles: The largest number of cycles with the drug; either this or *most* is given.
        over: ``cycle`` or ``lifetime``, earlier treatment included.
        when: Only then does it hold; None means always.
        equivalents: Other drugs count too, by the factors of the table that the policy picks.
        otherwise: How grave it is to pass it.
        says: What is known of doses above it.
    """

    about: str
    drug: str
    most: Quantity | None
    cycles: int | None
    over: str
    when: Condition | None
    equivalents: bool
    otherwise: Severity
    says: str | None
    grounds: Grounds
    at: Place


@attrs.frozen
class Equivalent:
    """How much of another drug a dose counts for.

    Attributes:
        to: The drug in which it is counted.
        table: Which of several tables it belongs to; the policy picks one.
        factor: What the dose is multiplied by.
    """

    to: str
    table: str
    factor: Decimal
    grounds: Grounds
    at: Place


@attrs.frozen
class Usual:
    """The smallest and the largest printed dose that sources give; what lies outside is looked at.

    Attributes:
        routes: Only by these routes; empty is every route.
        low: The smallest, as a basis such as ``0.5 g/m2``.
        high: The largest, in the same unit.
    """

    routes: tuple[str, ...]
    low: Quantity
    high: Quantity
    grounds: Grounds
    at: Place


@attrs.frozen
class Calvert:
    """A drug that is dosed by AUC: its dose in mg is AUC × (clearance + 25).

    Calvert AH, et al. J Clin Oncol 1989;7:1748.

    Attributes:
        most: The largest clearance that is counted, in mL/min; None where no source caps it.
    """

    most: Quantity | None
    grounds: Grounds
    at: Place


@attrs.frozen
class Interruption:
    """How long a continuous infusion may be interrupted and still go on in its cycle.

    Attributes:
        days: The longest break; after a longer one a new cycle begins.
    """

    days: int
    grounds: Grounds
    at: Place
