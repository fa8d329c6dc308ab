"""How much of what a protocol prints was given, and in what time."""

from datetime import date
from fractions import Fraction

import attrs


@attrs.frozen
class DrugIntensity:
    """The relative dose intensity of one drug by one route, over the complete cycles.

    Attributes:
        unit: In which its doses are counted, such as ``mg/m2``.
        planned: What the protocol prints for these cycles, before rules and caps; None while the
            basis of a dose is not known.
        delivered: What was given; None while a dose is not recorded.
        doses: How many administrations these cycles have.
        given: How many of them the record says were given.
        not_recorded: How many of them the record says nothing of.
        value: Delivered over actual days, divided by planned over planned days; 1 is all of it in
            its time. None where it is not known.
        counts: It enters the overall value.
        why: Why there is no value.
    """

    drug: str
    name: str
    route: str
    unit: str
    planned: Fraction | None
    delivered: Fraction | None
    doses: int
    given: int
    not_recorded: int
    value: Fraction | None
    counts: bool
    why: str | None


@attrs.frozen
class Intensity:
    """The relative dose intensity of a course up to a day.

    Attributes:
        cycles: The labels of the complete cycles, in order; empty while there is none.
        first: The first day of the first cycle; None while no cycle is complete.
        end: The start of what follows the last complete cycle; None likewise.
        planned_days: The nominal lengths of these cycles together.
        actual_days: From *first* to *end*.
        late: Label and days of each cycle that began later than due, up to *end*.
        unrecorded_starts: The cycles up to *end* whose start rests on the plan alone.
        drugs: Each drug by each route that these cycles give.
        value: The mean over the drugs that count; None where it is not known.
        why: Why there is no overall value.
    """

    cycles: tuple[str, ...]
    first: date | None
    end: date | None
    planned_days: int
    actual_days: int
    late: tuple[tuple[str, int], ...]
    unrecorded_starts: tuple[str, ...]
    drugs: tuple[DrugIntensity, ...]
    value: Fraction | None
    why: str | None
