"""A case: inputs, and the days and doses that must come of them."""

from datetime import date

import attrs

from protoplan.model.treatment import Treatment
from protoplan.quantity import Quantity
from protoplan.source import Place


@attrs.frozen
class ExpectedDose:
    """A drug that must stand on a day.

    Attributes:
        times: How many administrations that day; 0 states that there is none, None leaves it open.
        calculated: Each of them before rules and rounding.
        ordered: Each of them after rounding.
    """

    drug: str
    route: str | None
    times: int | None
    calculated: Quantity | None
    ordered: Quantity | None
    given: Quantity | None
    status: str | None
    at: Place


@attrs.frozen
class ExpectedTotal:
    """What a drug must come to over the whole course."""

    drug: str
    route: str | None
    doses: int | None
    exposure: Quantity | None
    ordered: Quantity | None
    at: Place


@attrs.frozen
class Case:
    """One test.

    Attributes:
        unresolved: What must be unresolved, and nothing else; None leaves it open.
        exit_code: The exit code that ``plan`` must end with.
    """

    name: str
    treatment: Treatment
    bsa: Quantity | None
    days: tuple[tuple[date, tuple[ExpectedDose, ...]], ...]
    cycles: tuple[tuple[str, date], ...]
    totals: tuple[ExpectedTotal, ...]
    unresolved: tuple[str, ...] | None
    exit_code: int | None
    at: Place


@attrs.frozen
class CaseFile:
    """A whole case file."""

    cases: tuple[Case, ...]
    at: Place
