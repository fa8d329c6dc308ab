"""What differs between two plans, or between two versions of a protocol."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs

from protoplan.model.exposure import InputFile
from protoplan.quantity import Quantity


@attrs.frozen
class PlanSide:
    """One of the two plans that are compared.

    Attributes:
        name: How the user named it.
    """

    name: str
    treatment: str
    label: str
    revision: int
    revision_date: date | None
    as_of: date
    protocol: InputFile


@attrs.frozen
class Spot:
    """Where in the course an administration stands."""

    id: str
    cycle: str
    day: int


@attrs.frozen
class CycleMove:
    """Consecutive cycles that begin earlier or later by the same number of days.

    Attributes:
        days: Positive is later.
        before: When the first of them began.
        after: When it begins now.
        doses: How many administrations moved exactly with them.
        whole: Nothing else changed in them: no dose, no day, no status.
    """

    labels: tuple[str, ...]
    days: int
    before: date
    after: date
    doses: int
    whole: bool


@attrs.frozen
class CycleChange:
    """Consecutive cycles that came, went, or are others in the same way.

    Attributes:
        what: ``new``, ``gone``, ``length``, ``late``, ``kind``, ``phase`` or ``dates``.
        before: In words; None where they are new.
        after: In words; None where they are gone.
        doses: How many administrations came or went with them.
    """

    labels: tuple[str, ...]
    what: str
    before: str | None
    after: str | None
    doses: int


@attrs.frozen
class DrugLine:
    """What the changes of one drug by one route have in common.

    Attributes:
        name: As it is printed, with tall-man letters.
        spots: The administrations, in the order of the course.
    """

    drug: str
    name: str
    route: str
    spots: tuple[Spot, ...]


@attrs.frozen
class Timing:
    """Doses that moved otherwise than their cycle.

    Attributes:
        what: ``day`` (moved by *by* within the cycle), ``cycle day`` (the protocol's own day is
            another), ``time``, ``duration`` or ``window``.
        before: Of the first of them: a date, a day of the cycle, a time, or words.
        after: Likewise.
    """

    line: DrugLine
    what: str
    before: str
    after: str
    by: timedelta


@attrs.frozen
class DoseChange:
    """Doses that changed in the same way for the same reason.

    Attributes:
        what: ``dose``, ``rate``, ``printed dose``, ``calculated dose``, ``dose before rounding``,
            ``surface area`` (in m2), ``given`` (what was given, beside what was ordered), or
            ``recorded amount`` (what is recorded as given now, and what was before).
        percent: Of *before*, to one decimal; None where that cannot be said.
        why: What in the working or among the adjustments is another.
    """

    line: DrugLine
    what: str
    before: Quantity | None
    after: Quantity | None
    percent: Decimal | None
    why: tuple[str, ...]


@attrs.frozen
class StatusChange:
    """Doses whose status changed, such as ``planned`` to ``held``.

    Attributes:
        dose: What was ordered before; where nothing was, what is ordered now.
        because: Why it is held, left out or not resolved.
    """

    line: DrugLine
    before: str
    after: str
    dose: Quantity | None
    because: str | None


@attrs.frozen
class Presence:
    """Doses that stand in one of the two plans alone.

    Attributes:
        new: In the second plan; else in the first.
        first: When the first of them is given.
        last: When the last of them is given.
    """

    line: DrugLine
    new: bool
    dose: Quantity | None
    first: date
    last: date


@attrs.frozen
class Recorded:
    """How many doses came to be recorded as given.

    Attributes:
        as_planned: The amount that was ordered.
        otherwise: Another amount; each stands among the changes of doses too.
        unstated: No amount is recorded.
    """

    as_planned: int
    otherwise: int
    unstated: int


@attrs.frozen
class AmountChange:
    """An amount before and after.

    Attributes:
        before: None while a dose is unresolved, or where there was none.
        percent: How far it went from *before*, to one decimal; None where that cannot be said.
    """

    before: Quantity | None
    after: Quantity | None
    percent: Decimal | None

    @property
    def differs(self) -> bool:
        """It is not the same."""
        return self.before != self.after


@attrs.frozen
class TotalChange:
    """What a drug comes to over the whole course by one route, before and after.

    Attributes:
        planned: Before rounding, in the unit in which the drug is counted.
        ordered: The sum of the ordered amounts.
        earlier: Given before this treatment.
        doses: How many administrations, before and after; 0 where the drug is not given, None
            where the plan does not say.
    """

    drug: str
    name: str
    route: str
    planned: AmountChange
    ordered: AmountChange
    earlier: AmountChange
    doses: tuple[int | None, int | None]


@attrs.frozen
class Change:
    """Something said in words that is new, gone or another.

    Attributes:
        about: ``input``, ``treatment``, ``option``, ``fact``, ``medicine``, ``patient``,
            ``finding``, ``unresolved``, ``instruction``, ``checklist``,
            ``open item``, ``silence``, ``limit``, ``overdue`` or ``plan``.
        name: What it is called.
        before: None where it is new.
        after: None where it is gone.
        doses: The ids of the administrations it is about.
    """

    about: str
    name: str
    before: str | None
    after: str | None
    doses: tuple[str, ...] = ()


@attrs.frozen
class Carried:
    """Dated lines that only moved with their doses or their cycle."""

    about: str
    count: int


@attrs.frozen
class Unchanged:
    """Doses that are given as before, though something else is said of them.

    Attributes:
        key: The key of the machine-readable plan under which they differ.
    """

    key: str
    names: tuple[str, ...]
    spots: tuple[Spot, ...]


@attrs.frozen
class Elapsed:
    """What the days between the two make of one plan, where both are compared as of one day.

    Attributes:
        name: How the user named it.
        as_of: The day it is made by itself, later than that of the comparison.
        overdue: How many more doses are past and not recorded.
        unresolved: How many more doses lack something, such as a lab that is too old.
        stops: What its findings say that must not be, and do not say on the earlier day.
    """

    name: str
    as_of: date
    overdue: int
    unresolved: int
    stops: tuple[str, ...]


@attrs.frozen
class PlanDifference:
    """All that differs between two plans.

    Attributes:
        cycles: The labels of the cycles of both, in order.
        stated: What the plans were made from: inputs, options, facts, medicines, measures.
        course: Cycles that came, went or have another length.
        told: Findings and the like.
        carried: What only moved with the cycles.
        unchanged: What else is said of doses that stay.
        elapsed: What a later day alone makes of one of the two.
    """

    before: PlanSide
    after: PlanSide
    cycles: tuple[str, ...]
    stated: tuple[Change, ...]
    moves: tuple[CycleMove, ...]
    course: tuple[CycleChange, ...]
    timings: tuple[Timing, ...]
    doses: tuple[DoseChange, ...]
    statuses: tuple[StatusChange, ...]
    recorded: Recorded | None
    presence: tuple[Presence, ...]
    totals: tuple[TotalChange, ...]
    told: tuple[Change, ...]
    carried: tuple[Carried, ...]
    unchanged: tuple[Unchanged, ...]
    elapsed: tuple[Elapsed, ...] = ()

    @property
    def same(self) -> bool:
        """Nothing differs."""
        parts = (
            self.stated, self.moves, self.course, self.timings, self.doses, self.statuses,
            self.recorded, self.presence, self.totals, self.told, self.carried, self.unchanged,
            self.elapsed,
        )  # fmt: skip
        return not any(parts)


@attrs.frozen
class ProtocolSide:
    """One of the two versions of a protocol that are compared."""

    name: str
    id: str
    version: str
    sha256: str


@attrs.frozen
class ProtocolChange:
    """One figure or sentence of a protocol that is another.

    Attributes:
        path: From the whole to the part, in words: ``cyclophosphamide intravenous in odd``,
            ``days 1–3``, ``dose``.
        before: A value of the model; None where it is new or nothing stood there.
        after: Likewise; None where it is gone.
        percent: Of *before*, to one decimal; None where it is no amount.
        change: ``changed``, ``new``, ``gone`` or ``order``.
    """

    path: tuple[str, ...]
    before: Any
    after: Any
    percent: Decimal | None
    change: str


@attrs.frozen
class ProtocolDifference:
    """All that differs between two versions of a protocol."""

    before: ProtocolSide
    after: ProtocolSide
    changes: tuple[ProtocolChange, ...]

    @property
    def same(self) -> bool:
        """Nothing differs in what the protocol says."""
        return not self.changes
