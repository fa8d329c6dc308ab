"""The plan of an infusion's bags: its stretches at one rate, and each bag of the series."""

from datetime import date, datetime
from fractions import Fraction

import attrs

from protoplan.model.bags import HOLIDAYS, HOURS_A_DAY, WEEKDAYS, BagKind, Lasting
from protoplan.model.exposure import InputFile
from protoplan.model.plan import Finding
from protoplan.quantity import NBSP, Quantity, decimal_of, printed


@attrs.frozen
class DaysWithout:
    """Days on which no bag is changed.

    Attributes:
        words: Weekdays, and the word ``holidays``, as they were stated.
        holidays: The policy's, with their names.
    """

    words: tuple[str, ...]
    holidays: tuple[tuple[date, str], ...] = ()

    def __contains__(self, on: date) -> bool:
        return WEEKDAYS[on.weekday()] in self.words or self.holiday(on) is not None

    def holiday(self, on: date) -> str | None:
        """The name of the holiday that leaves a day out; None where none does."""
        return dict(self.holidays).get(on) if HOLIDAYS in self.words else None

    def unlisted(self, years: set[int]) -> tuple[int, ...]:
        """Those of *years* of which holidays are left out and not one is listed."""
        listed = {on.year for on, _ in self.holidays}
        return tuple(sorted(years - listed)) if HOLIDAYS in self.words else ()


@attrs.frozen
class Stretch:
    """A part of an infusion at one rate.

    Attributes:
        id: Of its administration.
        per_day: The dose of a day; None while it is not known.
        unit: Of that dose.
        bagged: Bags are planned for it; not for one that is past or does not run.
        because: Why no bags are planned for it.
    """

    id: str
    start: datetime
    end: datetime
    status: str
    per_day: Fraction | None
    unit: str
    bagged: bool = True
    because: str | None = None

    @property
    def rate(self) -> str:
        """The dose of a day, in words."""
        if self.per_day is None:
            return "a rate that is not known yet"
        return f"{printed(decimal_of(self.per_day))}{NBSP}{self.unit}/day"


@attrs.frozen
class Bag:
    """One bag of a series."""

    start: datetime
    end: datetime
    kind: BagKind
    stretch: Stretch

    @property
    def amount(self) -> Fraction | None:
        """How much of the drug runs out of it; None while the dose is not known."""
        if self.stretch.per_day is None:
            return None
        return self.stretch.per_day * Fraction(self.kind.lasts.hours, HOURS_A_DAY)


@attrs.frozen
class BagPlan:
    """The bags of one infusion of one cycle.

    Attributes:
        weight: The patient's, in use in this cycle.
        kinds: The bags that may be used.
        bags: In order; None where no series keeps the rules; empty where none is to be planned.
        changes: How often a bag takes the place of another one; None where there is no series.
        starts: Where there is no series: the first days near by from which there is one; None
            where no bag may be used or the infusion cannot be moved any more.
        lacks: What must be stated before its doses are known, a sentence for each.
    """

    drug: str
    name: str
    route: str
    cycle: str
    weight: Quantity
    kinds: tuple[BagKind, ...]
    stretches: tuple[Stretch, ...]
    bags: tuple[Bag, ...] | None
    changes: int | None
    starts: tuple[date, ...] | None
    lacks: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def open(self) -> bool:
        """A dose of it is not known."""
        return any(stretch.status == "unresolved" for stretch in self.stretches)


@attrs.frozen
class BagPlans:
    """The bags of a course, by cycle.

    Attributes:
        policy: The site's.
        lasting: The bags that the pharmacy makes; empty is every one that the formulary knows.
        flagged: What was stated on the command line in place of the policy's.
        stops: The stop findings of the plan itself, of whatever drug.
    """

    treatment: str
    label: str
    revision: int
    protocol: InputFile
    as_of: date
    policy: InputFile
    without: DaysWithout
    lasting: tuple[Lasting, ...]
    flagged: tuple[str, ...]
    plans: tuple[BagPlan, ...]
    stops: tuple[Finding, ...]
