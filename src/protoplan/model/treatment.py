"""One patient on one protocol, as stated. What is absent is unknown, never a no."""

from datetime import date

import attrs

from protoplan.model.record import Entry, Toxicity, of
from protoplan.quantity import Quantity
from protoplan.source import Place


@attrs.frozen
class Patient:
    """Who is treated.

    Attributes:
        label: A label that is not a name.
        birth_date: None where an age is stated.
        age: In completed years, at the start; None where a birth date is stated.
        sex: ``female``, ``male`` or None.
    """

    label: str
    birth_date: date | None
    age: int | None
    sex: str | None
    at: Place


@attrs.frozen
class Measurement:
    """Height and weight on a day; either may be absent when the other is there."""

    date: date
    height: Quantity | None
    weight: Quantity | None
    at: Place


@attrs.frozen
class Stated:
    """An answer to an option, or a fact, as written."""

    name: str
    value: str
    at: Place


@attrs.frozen
class LabValue:
    """A laboratory value on a day."""

    date: date
    name: str
    value: Quantity
    at: Place


@attrs.frozen
class Medicine:
    """A medicine the patient takes beside the protocol.

    Attributes:
        drug: As written; an id or an alias of the formulary, or a name it does not know.
        start: The first day taken; None is since before the plan.
        end: The last day taken; None is without end.
        classes: What it belongs to, where the treatment states it.
    """

    drug: str
    start: date | None
    end: date | None
    classes: tuple[str, ...] | None
    at: Place


@attrs.frozen
class EarlierExposure:
    """What was given of a drug before this treatment."""

    drug: str
    amount: Quantity
    at: Place


@attrs.frozen
class Prescription:
    """A prescriber's own change, shown beside what the rules say.

    Attributes:
        first: Label of the first cycle in which it holds.
        last: Label of the last one; None is every later cycle.
        scale: The share of the calculated dose that is given, in percent.
        set: The dose that is given; either this, *scale* or *omit* is stated.
        omit: The dose is left out.
    """

    first: str
    last: str | None
    drug: str
    route: str | None
    scale: Quantity | None
    set: Quantity | None
    omit: bool
    reason: str
    by: str
    at: Place


@attrs.frozen
class Treatment:
    """A whole treatment file.

    Attributes:
        protocol: An id, ``id@version`` or a path.
        medicines: None where nothing is stated; an empty tuple states that there are none.
        earlier: None where nothing is stated; an empty tuple states that there was none.
        record: What really happened, in the order of the dates.
        prescribed: The prescriber's own changes.
        as_of: The day the plan is made, where it is stated.
    """

    id: str
    revision: int
    revision_date: date | None
    patient: Patient
    protocol: str
    protocol_at: Place
    start: date
    options: tuple[Stated, ...]
    facts: tuple[Stated, ...]
    measurements: tuple[Measurement, ...]
    labs: tuple[LabValue, ...]
    medicines: tuple[Medicine, ...] | None
    earlier: tuple[EarlierExposure, ...] | None
    prescribed: tuple[Prescription, ...]
    record: tuple[Entry, ...]
    policy: str
    policy_at: Place
    as_of: date | None
    at: Place

    @property
    def toxicities(self) -> tuple[Toxicity, ...]:
        """Those of the record, in the order of their dates."""
        return of(Toxicity, self.record)
