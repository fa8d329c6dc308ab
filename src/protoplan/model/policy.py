"""What a site decides. A policy changes no printed figure."""

from datetime import date, time
from decimal import Decimal

import attrs

from protoplan.model.bags import BagRules
from protoplan.quantity import Quantity
from protoplan.source import Place

#: The largest tolerance of rounding that a site may state, in percent.
LARGEST_TOLERANCE = 10


@attrs.frozen
class SurfaceAreaPolicy:
    """How the body surface area is worked.

    Attributes:
        formula: A formula's name, such as ``mosteller``.
        decimals: Digits kept after the point.
        cap: The largest area used, in m2; None is no cap.
    """

    formula: str
    decimals: int
    cap: Quantity | None


@attrs.frozen
class ClockPolicy:
    """The site's usual times.

    Attributes:
        first_dose: When a dose is given, or the first of a row of doses, or an infusion begins.
        times: For n times a day, the n times.
    """

    first_dose: time
    times: tuple[tuple[int, tuple[time, ...]], ...]


@attrs.frozen
class Reweighing:
    """When a new weight changes doses; a cycle takes the last weight up to its first day.

    Attributes:
        at_change: The smallest change of weight that changes doses, in percent; 0 is any.
        warn_above: A larger change is told, in percent.
    """

    at_change: Decimal
    warn_above: Decimal


@attrs.frozen
class RoundingStep:
    """Doses of a drug (by a route, or by any) are ordered in whole steps of this amount."""

    drug: str
    route: str | None
    step: Quantity
    at: Place


@attrs.frozen
class ClearancePolicy:
    """How the creatinine clearance is worked.

    Attributes:
        weight: The weight that goes into it: ``actual``, ``ideal`` or ``adjusted``.
        decimals: To how many it is rounded for a dose by AUC; rules take it unrounded.
    """

    weight: str
    decimals: int


@attrs.frozen
class Policy:
    """A whole policy file.

    Attributes:
        holidays: Dates that calendars mark, with their names; no dose moves for them.
        labs_fresh_days: How old a laboratory value may be for a dose, in days.
        measured_within_days: How old height and weight may be at the start; None is any age.
        choices: Name and answer where sources leave several open: a table, days of wash-out.
        upper_limits: Lab and the upper limit of its normal range at the site's laboratory.
        clearance: How the creatinine clearance is worked.
        reweighing: When a new weight changes doses.
        bags: On which days no bag of an infusion is changed, and which bags are made.
        to_vials: Drugs whose doses go to whole vials where that stays within *tolerance*.
        tolerance: The most by which rounding may move a dose without a warning, in percent.
    """

    id: str
    version: str
    title: str
    surface_area: SurfaceAreaPolicy
    clock: ClockPolicy
    week_starts: str
    holidays: tuple[tuple[date, str], ...]
    labs_fresh_days: int
    measured_within_days: int | None
    choices: tuple[tuple[str, str], ...]
    upper_limits: tuple[tuple[str, Quantity], ...]
    clearance: ClearancePolicy
    reweighing: Reweighing
    bags: BagRules
    tolerance: Decimal
    steps: tuple[RoundingStep, ...]
    to_vials: tuple[str, ...]
    sha256: str
    at: Place
