"""A protocol laid out without a patient: days and printed doses, for checks of the file."""

import attrs

from protoplan.quantity import Quantity


@attrs.frozen
class Row:
    """One administration, without a patient.

    Attributes:
        amount: The printed dose, or the rate over its days; None while it is not chosen.
        largest: The largest single dose that holds; None where there is none.
        open: It hangs on a fact that is not known.
    """

    cycle: str
    kind: str
    drug: str
    route: str
    day: int
    amount: Quantity | None
    largest: Quantity | None
    open: bool


@attrs.frozen
class Skeleton:
    """Cycles and rows under one set of answers.

    Attributes:
        begins: Label, kind, and days from the start of the course, of each cycle; None where an
            open question stands before it.
    """

    begins: tuple[tuple[str, str, int | None], ...]
    rows: tuple[Row, ...]
