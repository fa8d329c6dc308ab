"""The vocabulary of facts, labs, toxicities and indications. Any other name is an error."""

from decimal import Decimal

import attrs

from protoplan.model.evidence import Source
from protoplan.source import Grounds, Place


@attrs.frozen
class Fact:
    """Something that is true of a patient or the disease.

    Attributes:
        words: The answers that may be given; empty where a number is asked for.
        low: The smallest number.
        high: The largest number.
    """

    name: str
    about: str
    words: tuple[str, ...]
    low: Decimal | None
    high: Decimal | None
    at: Place


@attrs.frozen
class Lab:
    """A laboratory value.

    Attributes:
        units: The units in which it may be stated.
        per: Other unit, and how many of it one of the first unit is (exact).
    """

    name: str
    about: str
    units: tuple[str, ...]
    per: tuple[tuple[str, Decimal, Grounds], ...]
    at: Place


@attrs.frozen
class Toxicity:
    """An adverse event that is graded 1 to 5, by its CTCAE term."""

    name: str
    about: str
    at: Place


@attrs.frozen
class Indication:
    """What a protocol is given for, so that it can be found by it."""

    name: str
    about: str
    at: Place


@attrs.frozen
class Catalogue:
    """A whole catalogue file."""

    id: str
    version: str
    facts: tuple[Fact, ...]
    labs: tuple[Lab, ...]
    toxicities: tuple[Toxicity, ...]
    indications: tuple[Indication, ...]
    sources: tuple[Source, ...]
    sha256: str
    at: Place
