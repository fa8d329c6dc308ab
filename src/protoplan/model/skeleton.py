"""A protocol laid out without a patient: days and printed doses, for checks of the file."""

import attrs

from protoplan.quantity import Quantity


@attrs.frozen
class Row:
    """One administration, without a patient.

    Attributes:
        amount: The printed dose, or the rate over its days; None while it is not chosen.
        largest: The largest single dose that holds; None where there is none.
        minutes: How long its infusion takes; None where that is not printed, or not chosen.
    """

    cycle: str
    kind: str
    drug: str
    route: str
    day: int
    amount: Quantity | None
    largest: Quantity | None
    minutes: int | None = None


@attrs.frozen
class Waiting:
    """What is or is not given in a cycle: something that decides it is not known.

    Attributes:
        cycle: Its label; it may have no date itself.
        needs: The names of what must be known.
    """

    cycle: str
    drug: str
    route: str
    needs: tuple[str, ...]


@attrs.frozen
class Skeleton:
    """Cycles and rows under one set of answers.

    Attributes:
        begins: Label, kind, and days from the start of the course, of each cycle; None where an
            open question stands before it.
        open: The names of what must be known for every cycle to have a date.
        waiting: Each drug and cycle of which it is not known whether, or when, it is given.
    """

    begins: tuple[tuple[str, str, int | None], ...]
    open: tuple[str, ...]
    rows: tuple[Row, ...]
    waiting: tuple[Waiting, ...]
