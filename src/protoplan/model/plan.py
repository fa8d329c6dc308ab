"""A plan: every administration with its working, and what a person must look at."""

import datetime as dt
from datetime import date, datetime
from decimal import Decimal

import attrs

from protoplan.model.bags import BagRules
from protoplan.model.exposure import Exposure, InputFile
from protoplan.model.order import GivenDose, Order
from protoplan.model.record import DOSE
from protoplan.problems import Severity
from protoplan.quantity import Quantity
from protoplan.source import Place

#: Administrations of these statuses count nothing: a held dose is not a zero dose.
NOT_GIVEN = ("held", "omitted", "missed", "cancelled")


@attrs.frozen
class Administration:
    """One drug, one time.

    Attributes:
        id: ``cycle.dDAY.drug.ROUTE.n``; kept when dates move.
        day: Day of the cycle; day 1 is its first.
        start: When it is given or begins, by the site's clock.
        end: When a continuous or timed infusion ends; None where no duration is known.
        window: The earliest and latest date it may be moved to; None where it has none.
        status: ``planned``, ``held``, ``omitted`` or ``unresolved``; of the record ``given``,
            ``missed`` or ``cancelled``.
        overdue: Its date lies before the day the plan is made, and nothing is recorded of it.
        due: Its date before it was put off, or given on another day.
        given: What the record says was given; None where it says nothing.
    """

    id: str
    cycle: str
    day: int
    date: date
    start: datetime
    end: datetime | None
    window: tuple[dt.date, dt.date] | None
    status: str
    overdue: bool
    order: Order
    due: dt.date
    given: GivenDose | None = None

    @property
    def printed_day(self) -> int:
        """The day of its cycle by the protocol, which its id holds."""
        found = DOSE.fullmatch(self.id)
        return self.day if found is None else int(found["day"])

    @property
    def amount(self) -> Quantity | None:
        """What was given, else what is ordered; None where neither is known."""
        return self.order.ordered if self.given is None else self.given.amount


@attrs.frozen
class PlannedCycle:
    """A cycle with its dates.

    Attributes:
        start: Its first day; None where it is not known that it comes about.
        length_days: From its start to the start of the next; None likewise.
        title: What its kind is called.
        assumptions: What is assumed or borrowed of its length, or of its place among the cycles.
        between: The fewest and the most days that the source allows; None for one length.
        late: Days by which it begins after the cycle before it is over; negative where before.
        recorded: Its start stands in the record.
        because: Why it was put off.
    """

    label: str
    kind: str
    phase: str
    start: date | None
    length_days: int | None
    title: str | None = None
    assumptions: tuple[str, ...] = ()
    between: tuple[int, int] | None = None
    late: int = 0
    recorded: bool = False
    because: str | None = None


@attrs.frozen
class Measure:
    """The body measures used from a date on.

    Attributes:
        exact: The body surface area before it was rounded, in m2.
        bsa: After rounding and cap, in m2.
    """

    date: date
    height: Quantity
    weight: Quantity
    exact: Decimal
    bsa: Decimal
    formula: str
    working: str
    at: Place


@attrs.frozen
class Instruction:
    """A dated thing to do without a dose."""

    date: date
    text: str
    because: str
    source: str
    around: tuple[str, ...]


@attrs.frozen
class CheckLine:
    """What is to be asked for before the doses of a day.

    Attributes:
        labs: Those that will be too old by then.
        toxicities: Those that the rules of the cycle read.
        would: What the last values of the labs would do.
        administrations: The doses that wait for the labs.
    """

    date: date
    cycle: str
    labs: tuple[str, ...]
    toxicities: tuple[str, ...]
    would: tuple[str, ...]
    administrations: tuple[str, ...]


@attrs.frozen
class OpenLine:
    """An open-ended item of the protocol, as it stands in the plan.

    Attributes:
        cycles: The labels of those it stands in; none is the whole course.
    """

    text: str
    gives: tuple[str, ...]
    when: str
    until: str
    source: str
    cycles: tuple[str, ...] = ()


@attrs.frozen
class Unresolved:
    """What cannot be planned, and what must be known first.

    Attributes:
        about: A drug, an item or a phase.
        needs: Names of the facts or options.
        wanted: How each is to be answered, in words.
        administrations: The ids that hang on it.
    """

    about: str
    needs: tuple[str, ...]
    wanted: tuple[str, ...]
    administrations: tuple[str, ...]


@attrs.frozen
class TotalLine:
    """A number of doses over all cycles, and how it stands.

    Attributes:
        of: Drug and route of each component that counts.
        doses: How many the protocol gives in all.
        given: How many the record says were given.
        planned: How many are still to be given.
    """

    of: tuple[str, ...]
    doses: int
    given: int
    planned: int
    source: str

    @property
    def open(self) -> int:
        """Those that are neither given nor planned; none is added by itself."""
        return max(self.doses - self.given - self.planned, 0)


@attrs.frozen
class Finding:
    """What a person must look at: one finding for one cause."""

    code: str
    severity: Severity
    message: str
    administrations: tuple[str, ...] = ()
    source: str | None = None


@attrs.frozen
class OptionLine:
    """An option that applies, with its answer.

    Attributes:
        value: None while it is not chosen.
        chosen: Somebody chose it; else it stands at its default.
        assumptions: What is assumed or borrowed of what it offers, or of its default.
    """

    name: str
    value: str | None
    chosen: bool
    assumptions: tuple[str, ...]


@attrs.frozen
class Plan:
    """The whole plan.

    Attributes:
        week_starts: The first day of a printed week, ``Monday`` or ``Sunday``.
        holidays: Dates that are marked, with their names; nothing is moved for them.
        bags: What the policy says of bags; `protoplan bags` reads it.
    """

    treatment: str
    label: str
    revision: int
    revision_date: date | None
    protocol: InputFile
    title: str
    inputs: tuple[InputFile, ...]
    as_of: date
    options: tuple[OptionLine, ...]
    facts: tuple[tuple[str, str], ...]
    medicines: tuple[tuple[str, date | None, date | None], ...] | None
    sex: str | None
    age: int | None
    measures: tuple[Measure, ...]
    cycles: tuple[PlannedCycle, ...]
    administrations: tuple[Administration, ...]
    instructions: tuple[Instruction, ...]
    open_items: tuple[OpenLine, ...]
    exposure: tuple[Exposure, ...]
    unresolved: tuple[Unresolved, ...]
    checklist: tuple[CheckLine, ...]
    findings: tuple[Finding, ...]
    silences: tuple[tuple[str, str], ...]
    totals: tuple[TotalLine, ...] = ()
    week_starts: str = "Monday"
    holidays: tuple[tuple[dt.date, str], ...] = ()
    bags: BagRules = attrs.field(factory=BagRules)

    @property
    def complete(self) -> bool:
        """Nothing is unresolved."""
        return not self.unresolved

    @property
    def stopped(self) -> bool:
        """At least one finding says stop."""
        return any(finding.severity is Severity.STOP for finding in self.findings)
