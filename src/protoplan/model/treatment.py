"""One patient on one protocol, as stated. What is absent is unknown, never a no."""

from datetime import date

import attrs

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
class Treatment:
    """A whole treatment file.

    Attributes:
        protocol: An id, ``id@version`` or a path.
        medicines: None where nothing is stated; an empty tuple states that there are none.
        earlier: None where nothing is stated; an empty tuple states that there was none.
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
    policy: str
    policy_at: Place
    as_of: date | None
    at: Place
