"""What sources say: publications, and where they contradict themselves or are silent."""

import attrs

from protoplan.model.condition import Condition
from protoplan.source import Citation, Place


@attrs.frozen
class Source:
    """A publication, label or guideline that the file cites.

    Attributes:
        key: The word by which the file refers to it.
        cite: How it is cited.
        doi: Its DOI, if it has one.
        note: What is to be known of it, such as how much of it was read.
        verified: False where it was not read itself, only others that restate it.
    """

    key: str
    cite: str
    doi: str | None
    note: str | None
    verified: bool
    at: Place


@attrs.frozen
class Reading:
    """One thing that a source says where another place says otherwise."""

    value: str
    source: Citation


@attrs.frozen
class Touch:
    """Doses that rest on a reading: all of a drug, or those in some cycles or on some days.

    Attributes:
        name: A drug, or a drug and its route.
        cycles: Kinds of cycle or labels; empty is every cycle.
        days: Days of the cycle; empty is every day.
    """

    name: str
    cycles: tuple[str, ...]
    days: tuple[int, ...]


@attrs.frozen
class Contradiction:
    """Places that disagree, the reading chosen, and why.

    Attributes:
        when: Only then does it bear on a plan; None means always.
        touches: Doses that rest on the reading chosen.
    """

    about: str
    says: tuple[Reading, ...]
    chosen: str
    because: str
    when: Condition | None
    touches: tuple[Touch, ...]
    at: Place


@attrs.frozen
class Silence:
    """What the source does not say, and what was done about it."""

    about: str
    left: str
    source: Citation
    at: Place
