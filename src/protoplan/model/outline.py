"""What a comparison reads of a plan: the machine-readable contract, read back.

A plan that was made here and one that was read from JSON become the same records, so that both
are compared in one way.
"""

import datetime as dt
from datetime import date, datetime
from decimal import Decimal

import attrs

from protoplan.model.exposure import InputFile
from protoplan.quantity import Quantity


@attrs.frozen
class WorkedStep:
    """One step of the working of a dose.

    Attributes:
        after: The amount after it, as it is written in files.
    """

    step: str
    after: str
    why: str
    source: str


@attrs.frozen
class Lowered:
    """A rule or a cap that changed a dose."""

    rule: str
    before: Quantity
    after: Quantity
    reason: str


@attrs.frozen
class Dose:
    """One administration.

    Attributes:
        id: Kept when dates move.
        name: The drug as it is printed; its id where the plan does not say.
        status: ``planned``, ``held``, ``omitted``, ``unresolved``, ``given``, ``missed``,
            ``cancelled`` or a word that is not known yet.
        overdue: Dated before the day of the plan, and nothing is recorded of it.
        window: The earliest and latest date it may be moved to; None where it has none.
        bsa: In m2; None where the dose does not depend on it.
        because: Why it is held or left out.
        given: What was given; None where nothing is recorded, or no amount.
        numbers: How each number of doses over all cycles stands.
        others: Every other key of the plan with what stands there as JSON, so that no difference
            is passed over.
    """

    id: str
    cycle: str
    day: int
    date: date
    start: datetime
    end: datetime | None
    drug: str
    name: str
    route: str
    status: str
    overdue: bool
    window: tuple[dt.date, dt.date] | None
    basis: Quantity | None
    bsa: Decimal | None
    calculated: Quantity | None
    adjusted: Quantity | None
    ordered: Quantity | None
    rate: Quantity | None
    because: str | None
    needs: tuple[str, ...]
    given: Quantity | None
    working: tuple[WorkedStep, ...]
    adjustments: tuple[Lowered, ...]
    others: tuple[tuple[str, str], ...]


@attrs.frozen
class CycleDates:
    """A cycle with its dates; both are None where it is not known that it comes about.

    Attributes:
        length_days: From its start to the start of the next.
        late: Days by which it begins after the cycle before it is over; negative where before.
    """

    label: str
    kind: str
    phase: str
    start: date | None
    length_days: int | None
    late: int = 0


@attrs.frozen
class BodyMeasure:
    """The body measures used from a date on.

    Attributes:
        bsa: The body surface area in m2.
        working: How it was worked out; empty where the plan does not say.
    """

    date: date
    height: Quantity
    weight: Quantity
    bsa: Decimal
    working: str


@attrs.frozen
class LimitStand:
    """How a limit stands.

    Attributes:
        most: The largest sum; None where cycles are counted.
        value: What is counted against it; None while that is not known.
    """

    about: str
    over: str
    most: Quantity | None
    cycles: int | None
    value: Decimal | None
    passed: bool | None


@attrs.frozen
class DrugTotal:
    """What a drug comes to, by one route.

    Attributes:
        unit: Of *planned* and *earlier*.
        planned: None while a dose is unresolved.
        earlier: Given before this treatment; None if not stated.
        ordered: The sum of the ordered amounts; None while a dose is unresolved.
        doses: How many administrations; None where the plan does not say.
    """

    drug: str
    route: str
    unit: str
    planned: Quantity | None
    earlier: Quantity | None
    ordered: Quantity | None
    doses: int | None
    limits: tuple[LimitStand, ...]


@attrs.frozen
class DatedLine:
    """Something dated that hangs on doses: an instruction, or what is asked for before them.

    Attributes:
        text: All that it says besides its date.
        doses: The ids of the doses it hangs on.
        cycle: The cycle it belongs to; None where the plan does not say.
    """

    date: date
    text: str
    doses: tuple[str, ...]
    cycle: str | None


@attrs.frozen
class Needed:
    """What is not resolved, and what must be known first."""

    about: str
    needs: tuple[str, ...]
    doses: tuple[str, ...]


@attrs.frozen
class Found:
    """A finding."""

    code: str
    severity: str
    message: str
    source: str | None
    doses: tuple[str, ...]


@attrs.frozen
class Told:
    """Something told of the whole plan by its name: an option, a fact, an open item, a silence."""

    name: str
    says: str


@attrs.frozen
class Outline:
    """A plan, as far as a comparison looks at it.

    Attributes:
        options: Each that applies with its answer; ``not chosen`` while it has none.
        medicines: ``not stated`` where nothing was stated.
        patient: Sex and age.
        numbers: How each number of doses over all cycles stands.
        others: Every other key of the plan with what stands there as JSON.
    """

    protocol: InputFile
    inputs: tuple[InputFile, ...]
    treatment: str
    label: str
    revision: int
    revision_date: date | None
    as_of: date
    options: tuple[Told, ...]
    facts: tuple[Told, ...]
    medicines: tuple[Told, ...]
    patient: tuple[Told, ...]
    measures: tuple[BodyMeasure, ...]
    cycles: tuple[CycleDates, ...]
    doses: tuple[Dose, ...]
    instructions: tuple[DatedLine, ...]
    checklist: tuple[DatedLine, ...]
    open_items: tuple[Told, ...]
    silences: tuple[Told, ...]
    totals: tuple[DrugTotal, ...]
    numbers: tuple[Told, ...]
    unresolved: tuple[Needed, ...]
    findings: tuple[Found, ...]
    others: tuple[tuple[str, str], ...]
