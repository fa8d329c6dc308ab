"""Where a patient stands on a day: what is due, what comes next, what is open."""

import datetime as dt
from datetime import date
from fractions import Fraction

import attrs

from protoplan.model.exposure import InputFile
from protoplan.model.intensity import Intensity
from protoplan.model.plan import Administration, CheckLine, Finding, Instruction, Unresolved
from protoplan.model.record import MovedOn, Response, Transplant


@attrs.frozen
class NextCycle:
    """The cycle that comes next.

    Attributes:
        start: Its planned start; None where it has no date yet.
        earliest: The first day on which the source lets it begin; None where it prints one length.
        latest: The last such day.
        between: The fewest and the most days that the cycle before it may last.
    """

    label: str
    start: date | None
    earliest: date | None
    latest: date | None
    between: tuple[int, int] | None


@attrs.frozen
class Position:
    """Where in the course a day lies.

    Attributes:
        state: ``before the course``, ``in a cycle``, ``between cycles``, ``after the course``,
            ``after the dated cycles`` or ``moved on to transplant``.
        cycle: The cycle it lies in, or the last one before it; None before the course.
        day: Day of that cycle; None outside a cycle.
        days_after: Days since the last day of *cycle*; None within one.
        start_recorded: The start of *cycle* stands in the record.
        late: Days by which *cycle* began later than due; negative where earlier.
        because: Why it was put off.
        moved_on: The entry by which the course ended early.
    """

    state: str
    cycle: str | None
    day: int | None
    days_after: int | None
    start_recorded: bool
    late: int
    because: str | None
    following: NextCycle | None
    moved_on: MovedOn | None


@attrs.frozen
class DosesOfDay:
    """A day with its doses.

    Attributes:
        day: Day of its cycle.
    """

    date: dt.date
    cycle: str
    day: int
    doses: tuple[Administration, ...]


@attrs.frozen
class PastDoses:
    """Doses of one drug by one route before the day that are still open, oldest first."""

    drug: str
    name: str
    route: str
    doses: tuple[Administration, ...]

    @property
    def first(self) -> dt.date:
        """The day of the oldest."""
        return self.doses[0].date


@attrs.frozen
class ExposureSoFar:
    """What a drug by one route comes to, before and after a day.

    Attributes:
        given: Up to the day, the day included, as recorded.
        not_recorded: Of the doses before the day of which nothing is recorded, as planned.
        to_come: Planned from the day on; for a day that is past also what was given after it.
        earlier: What was stated as given before this treatment; None if not stated.
        total: Of the whole course and before it; None while a dose is unresolved.
        doses: How many doses were given, are not recorded, and are to come.
    """

    drug: str
    name: str
    route: str
    unit: str
    given: Fraction
    not_recorded: Fraction | None
    to_come: Fraction | None
    earlier: Fraction | None
    total: Fraction | None
    doses: tuple[int, int, int]


@attrs.frozen
class Count:
    """A number of doses over all cycles.

    Attributes:
        of: Drug and route of each component that counts.
        doses: How many the protocol gives in all.
        given: Up to the day, as recorded.
        not_recorded: Before the day, and nothing is recorded of them.
        to_come: From the day on.
    """

    of: tuple[str, ...]
    doses: int
    given: int
    not_recorded: int
    to_come: int
    source: str

    @property
    def open(self) -> int:
        """Those that are none of these; none is added by itself."""
        return max(self.doses - self.given - self.not_recorded - self.to_come, 0)


@attrs.frozen
class Standing:
    """Where a patient stands.

    Attributes:
        on: The day it is about.
        as_of: The day the plan was made; later than *on* where a past day is shown as the record
            has it now.
        doses: What is dated on the day, whatever its status.
        running: Infusions that began before the day and run on it.
        begun: The ids of those that the record says began, and nothing more as yet.
        moved: What was due on the day and stands on another one.
        upcoming: The next day with a dose and, where that only goes on with what is given on the
            day, the next one with something else.
        overdue: Before the day, and nothing is recorded of them; by drug and route, the one with
            the oldest dose first.
        held: Before the day, recorded as held, and neither given nor given up since.
        to_ask: What is to be asked for up to the last of the days in *upcoming*.
        instructions: Of the day and of the one after.
        findings: Stops and warnings on doses of the day and later, or on none.
    """

    treatment: str
    label: str
    revision: int
    protocol: InputFile
    title: str
    on: date
    as_of: date
    complete: bool
    position: Position
    doses: tuple[Administration, ...]
    running: tuple[Administration, ...]
    begun: frozenset[str]
    moved: tuple[Administration, ...]
    upcoming: tuple[DosesOfDay, ...]
    overdue: tuple[PastDoses, ...]
    held: tuple[PastDoses, ...]
    exposure: tuple[ExposureSoFar, ...]
    counts: tuple[Count, ...]
    unresolved: tuple[Unresolved, ...]
    to_ask: tuple[CheckLine, ...]
    instructions: tuple[Instruction, ...]
    response: Response | None
    transplant: Transplant | None
    findings: tuple[Finding, ...]
    intensity: Intensity
