"""Bags of a continuous infusion: the kinds there are, and what a site decides about them."""

from datetime import timedelta

import attrs

from protoplan.quantity import EXACT, NBSP, Quantity
from protoplan.source import Grounds, Place

HOURS_A_DAY = 24

#: As they are written in files and printed in sentences; Monday is the first, as Python counts.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: The word for the dates that the policy lists as holidays.
HOLIDAYS = "holidays"


@attrs.frozen
class Lasting:
    """How long a bag runs: ``72 h`` and ``3 days`` are the same.

    Attributes:
        hours: Whole, more than nothing.
        in_days: It is written, and printed, in days.
    """

    hours: int
    in_days: bool = attrs.field(default=False, eq=False)

    @property
    def length(self) -> timedelta:
        """As a length of time by the clock on the wall."""
        return timedelta(hours=self.hours)

    def __str__(self) -> str:
        if not self.in_days:
            return f"{self.hours} h"
        days = self.hours // HOURS_A_DAY
        return f"{days} day{'' if days == 1 else 's'}"

    def text(self) -> str:
        """As it is printed, with a no-break space."""
        return str(self).replace(" ", NBSP)


@attrs.frozen
class BagKind:
    """A bag of a drug as its label has it made.

    Attributes:
        runs_at: The rate of the pump, in mL/h.
        not_below: The least weight of a patient who is given it; None where there is none.
        disputed_below: A larger weight from which on alone another source gives it.
        note: What sets it apart, such as a preservative.
    """

    lasts: Lasting
    runs_at: Quantity
    not_below: Quantity | None
    disputed_below: Quantity | None
    note: str | None
    grounds: Grounds
    at: Place

    @property
    def delivers(self) -> Quantity:
        """What runs out of it, in mL: rate times time."""
        return Quantity(EXACT.multiply(self.runs_at.value, self.lasts.hours), "mL")


@attrs.frozen
class BagRules:
    """What a site decides about bags.

    Attributes:
        no_changes_on: Weekdays, and the word ``holidays``.
        lasting: The bags that its pharmacy makes, each with the place where that is said; empty
            is every one that the formulary knows.
    """

    no_changes_on: tuple[str, ...] = ()
    lasting: tuple[tuple[Lasting, Place], ...] = ()
