"""A plan: every administration with its working, and what a person must look at."""

import datetime as dt
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import attrs

from protoplan.model.exposure import Exposure, InputFile
from protoplan.problems import Severity
from protoplan.quantity import Quantity
from protoplan.source import Place

#: Administrations of these statuses count nothing: a held dose is not a zero dose.
NOT_GIVEN = ("held", "omitted")


@attrs.frozen
class Step:
    """One step of the working of a dose.

    Attributes:
        step: ``basis``, ``body surface area``, ``calculated``, ``cap``, ``rounding`` …
        before: The amount before the step; None for the first.
        after: The amount after it.
        why: The arithmetic or the reason, in words a pharmacist can check with a pencil.
        source: What the step rests on: a citation, the site's policy, or an assumption.
        at: Where that is written; None for plain arithmetic.
    """

    step: str
    before: Quantity | None
    after: Quantity
    why: str
    source: str
    at: Place | None


@attrs.frozen
class Adjustment:
    """A rule or a cap that changed a dose."""

    rule: str
    before: Quantity
    after: Quantity
    reason: str
    source: str


@attrs.frozen
class RuleLine:
    """A rule that was looked at for a dose, and what came of it.

    Attributes:
        outcome: ``fired``, ``superseded``, ``not fired``, ``pending``, ``unresolved``, ``note`` or
            ``set aside``.
        words: What it makes, needs or gives way to.
    """

    rule: str
    outcome: str
    words: str
    source: str


@attrs.frozen
class Pending:
    """A rule that waits for labs of a day that is still to come.

    Attributes:
        would: What it would do by their last values.
    """

    rule: str
    wants: tuple[str, ...]
    would: str


@attrs.frozen
class Remark:
    """What a person must be told of a dose; the doses of one remark make one finding."""

    code: str
    severity: Severity
    text: str
    source: str | None


@attrs.frozen
class Piece:
    """Tablets, capsules or vials of one strength.

    Attributes:
        count: How many, whole.
    """

    count: int
    holds: Quantity
    form: str

    def __str__(self) -> str:
        return f"{self.count} × {self.holds.text()} {self.form}{'' if self.count == 1 else 's'}"


@attrs.frozen
class Order:
    """A dose, worked once and shared by all administrations that have it.

    Attributes:
        name: The drug as it is printed, with tall-man letters.
        basis: The dose as the protocol prints it; None while it is not chosen.
        bsa: The body surface area used, in m2; None where the dose does not depend on it.
        calculated: Basis times body measure; None while the basis is not known.
        adjusted: After rules and caps, before rounding; None while unresolved.
        ordered: After rounding; None while unresolved.
        made_of: The tablets, capsules or vials that make the ordered dose; empty if not known.
        rate: The rate of a continuous infusion.
        per_basis: What the dose counts in the unit of exposure: adjusted over its surface area
            where it is dosed so, else ordered; exact, as a fraction; None while unresolved.
        rules: Every rule that was looked at, with what came of it.
        pending: The rules that wait for labs of its day.
        status: ``planned``, ``held``, ``omitted`` or ``unresolved``.
        because: Why it is held or left out.
        remarks: What is to be told of it.
        assumptions: Field and reason, for what no source gives.
        borrowed: Field and citation, for what comes from another source than the rest.
        sources: Every citation the dose rests on.
        needs: What must be known before there is a dose; empty when it is resolved.
    """

    drug: str
    name: str
    route: str
    basis: Quantity | None
    bsa: Decimal | None
    calculated: Quantity | None
    adjusted: Quantity | None
    ordered: Quantity | None
    made_of: tuple[Piece, ...]
    rate: Quantity | None
    per_basis: Fraction | None
    exposure_unit: str
    working: tuple[Step, ...]
    adjustments: tuple[Adjustment, ...]
    rules: tuple[RuleLine, ...]
    pending: tuple[Pending, ...]
    status: str
    because: str | None
    remarks: tuple[Remark, ...]
    assumptions: tuple[str, ...]
    borrowed: tuple[str, ...]
    sources: tuple[str, ...]
    needs: tuple[str, ...]


@attrs.frozen
class Administration:
    """One drug, one time.

    Attributes:
        id: ``cycle.dDAY.drug.ROUTE.n``; kept when dates move.
        day: Day of the cycle; day 1 is its first.
        start: When it is given or begins, by the site's clock.
        end: When a continuous or timed infusion ends; None where no duration is known.
        window: The earliest and latest date it may be moved to; None where it has none.
        status: ``planned``, ``held``, ``omitted`` or ``unresolved``.
        overdue: Its date lies before the day the plan is made, and nothing is recorded of it.
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


@attrs.frozen
class PlannedCycle:
    """A cycle with its dates.

    Attributes:
        start: Its first day; None where it is not known that it comes about.
        length_days: From its start to the start of the next; None likewise.
        title: What its kind is called.
        assumptions: What is assumed or borrowed of its length, or of its place among the cycles.
        between: The fewest and the most days that the source allows; None for one length.
    """

    label: str
    kind: str
    phase: str
    start: date | None
    length_days: int | None
    title: str | None = None
    assumptions: tuple[str, ...] = ()
    between: tuple[int, int] | None = None


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
    week_starts: str = "Monday"
    holidays: tuple[tuple[dt.date, str], ...] = ()

    @property
    def complete(self) -> bool:
        """Nothing is unresolved."""
        return not self.unresolved

    @property
    def stopped(self) -> bool:
        """At least one finding says stop."""
        return any(finding.severity is Severity.STOP for finding in self.findings)
