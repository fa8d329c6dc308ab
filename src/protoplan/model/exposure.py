"""What drugs come to: sums by route, how limits stand, and the ledger of one drug."""

from datetime import date
from fractions import Fraction

import attrs

from protoplan.quantity import Quantity
from protoplan.source import Place


@attrs.frozen
class LimitLine:
    """How a limit stands.

    Attributes:
        most: The limit, in words.
        over: ``cycle`` or ``lifetime``.
        cycle: The cycle that comes nearest to a limit over a cycle; None for a lifetime.
        value: What is counted against it; None while that is not known.
        unit: In which it is counted.
        passed: None while it is not known.
        by: Which table of equivalents counts, where other drugs do.
    """

    about: str
    most: Quantity | None
    cycles: int | None
    over: str
    cycle: str | None
    value: Fraction | None
    unit: str
    passed: bool | None
    by: str | None
    says: str | None
    source: str


@attrs.frozen
class Exposure:
    """What a drug comes to, by one route.

    Attributes:
        unit: ``mg/m2`` where it is dosed by surface area, else the unit of its doses.
        planned: What this plan gives; None while a dose is unresolved.
        earlier: What was stated as given before this treatment, in *unit*; None if not stated.
        ordered: The sum of the ordered amounts; None while a dose is unresolved.
        doses: How many administrations.
        limits: Those that count this drug in this unit.
    """

    drug: str
    route: str
    unit: str
    planned: Fraction | None
    earlier: Fraction | None
    ordered: Quantity | None
    doses: int
    limits: tuple[LimitLine, ...] = ()

    @property
    def value(self) -> Fraction | None:
        """Planned and earlier together; what was not stated counts nothing; a finding says so."""
        return None if self.planned is None else self.planned + (self.earlier or 0)


@attrs.frozen
class InputFile:
    """A file the plan was made from."""

    kind: str
    id: str
    version: str
    sha256: str


@attrs.frozen
class LedgerRow:
    """One dose in a ledger.

    Attributes:
        counts: What the dose adds, in the ledger's unit; None while unresolved.
        running: The sum so far, earlier treatment included where it is known.
        remaining: What is left of the protocol's total for this course; None where it has none.
    """

    id: str
    date: date
    cycle: str
    day: int
    status: str
    ordered: Quantity | None
    running_ordered: Quantity | None
    counts: Fraction | None
    running: Fraction | None
    remaining: Fraction | None


@attrs.frozen
class Ledger:
    """Every dose of one drug by one route, with running totals.

    Attributes:
        unit: In which the doses are counted, such as ``mg/m2``.
        earlier: What was given before, in *unit*; None where it is not known.
        earlier_why: Why it is not known.
        planned: What this course comes to; None while a dose is unresolved.
        total: *planned* and *earlier* together; None while either cannot be summed.
        expected: What the protocol says it comes to under the same answers, if it says so.
        expected_at: Where it says so.
        limits: How the limits on the drug stand.
        last: The day of the last dose that is given.
        transplant: The day of a transplant, and the days from the last dose to it.
    """

    drug: str
    name: str
    route: str
    protocol: InputFile
    treatment: str
    label: str
    unit: str
    rows: tuple[LedgerRow, ...]
    earlier: Fraction | None
    earlier_why: str | None
    planned: Fraction | None
    total: Fraction | None
    expected: Quantity | None
    expected_at: Place | None
    limits: tuple[LimitLine, ...]
    last: date | None
    transplant: tuple[date, int] | None
