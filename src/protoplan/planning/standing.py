"""Where a patient stands on a day: a look at the finished plan, which changes nothing in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from protoplan.model.formulary import Drug
from protoplan.model.plan import NOT_GIVEN, Administration, Finding, Plan
from protoplan.model.record import DOSE, Begun, Response, Resumed, Transplant, of
from protoplan.model.standing import Count, DosesOfDay, ExposureSoFar, PastDoses, Standing
from protoplan.model.treatment import Treatment
from protoplan.planning.intensity import intensity
from protoplan.planning.position import position
from protoplan.problems import Severity

_DAY = timedelta(days=1)


def standing(plan: Plan, treatment: Treatment, drugs: Mapping[str, Drug], on: date) -> Standing:
    """Where the patient stands on a day.

    Args:
        plan: Of *treatment*, made for the day or for a later one.
        treatment: For what its record says besides doses.
        drugs: The formulary's entry for every drug of the plan.
        on: The day. Doses of it count as due, those before it as past.

    Raises:
        ValueError: If the plan was made for an earlier day: what is overdue by then is not known.
    """
    if plan.as_of < on:
        raise ValueError("a plan does not say what is overdue on a later day")
    where = position(plan, treatment, on)
    late = tuple(row for row in plan.administrations if _unrecorded(row, treatment, on))
    past = frozenset(row.id for row in late)
    upcoming = tuple(_upcoming(plan, on))
    last = max((day.date for day in upcoming), default=on)
    responses = [entry for entry in of(Response, treatment.record) if entry.date <= on]
    transplants = [entry for entry in of(Transplant, treatment.record) if entry.date <= on]
    return Standing(
        treatment=plan.treatment,
        label=plan.label,
        revision=plan.revision,
        protocol=plan.protocol,
        title=plan.title,
        on=on,
        as_of=plan.as_of,
        complete=plan.complete,
        position=where,
        doses=tuple(row for row in plan.administrations if row.date == on),
        running=tuple(row for row in plan.administrations if _runs(row, on)),
        begun=frozenset(row.id for row in plan.administrations if _goes_on(row, treatment)),
        moved=tuple(row for row in plan.administrations if row.due == on != row.date),
        upcoming=upcoming,
        overdue=tuple(_by_drug(late)),
        held=tuple(
            _by_drug(
                row
                for row in plan.administrations
                if row.status == "held" and row.date < on and row.id not in past
            )
        ),
        exposure=tuple(_exposure(plan, past, on)),
        counts=tuple(_counts(plan, past, on)),
        unresolved=plan.unresolved,
        to_ask=tuple(line for line in plan.checklist if on <= line.date <= last),
        instructions=tuple(i for i in plan.instructions if on <= i.date <= on + _DAY),
        response=responses[-1] if responses else None,
        transplant=transplants[-1] if transplants else None,
        findings=tuple(_findings(plan, on)),
        intensity=intensity(plan, drugs, on, where.moved_on.date if where.moved_on else None),
    )


def _unrecorded(row: Administration, treatment: Treatment, on: date) -> bool:
    """Whether its day is past and what was given of it is not recorded.

    What a rule leaves out needs no entry. Of an infusion that is recorded as begun, the day of its
    end decides; what was delivered until it was interrupted may still be open.
    """
    if row.status == "omitted" or not (row.overdue or row.status == "unresolved"):
        return False
    began = not row.overdue or _began(row, treatment)
    last = row.end.date() if row.end is not None and began else row.date
    return last < on


def _goes_on(row: Administration, treatment: Treatment) -> bool:
    """Whether an infusion began, and nothing says what came of it."""
    return row.status in ("planned", "unresolved") and _began(row, treatment)


def _began(row: Administration, treatment: Treatment) -> bool:
    """Whether the record says that an infusion began, or went on after a break."""
    if any(entry.dose == row.id for entry in of(Begun, treatment.record)):
        return True
    for entry in of(Resumed, treatment.record):
        dose = DOSE.fullmatch(entry.dose)
        same = dose and (dose["cycle"], dose["drug"], dose["route"]) == (
            row.cycle, row.order.drug, row.order.route)  # fmt: skip
        if same and entry.date == row.date:
            return True
    return False


def _runs(row: Administration, on: date) -> bool:
    """Whether an infusion that began before a day is still running when it begins."""
    if row.end is None or row.status in NOT_GIVEN or row.date >= on:
        return False
    if any(need.startswith("record: ") for need in row.order.needs):
        return False  # it was interrupted for too long; nothing of it runs until that is answered
    return row.end > datetime.combine(on, time())


def _upcoming(plan: Plan, on: date) -> Iterator[DosesOfDay]:
    """The next day with a dose; where that only goes on as on the day, also the next other one."""
    days: dict[date, list[Administration]] = {}
    for row in plan.administrations:
        if row.date > on and row.status not in NOT_GIVEN:
            days.setdefault(row.date, []).append(row)
    if not days:
        return
    first = min(days)
    yield _day(first, days[first])
    same = _what(days[first])
    here = [row for row in plan.administrations if row.date == on and row.status not in NOT_GIVEN]
    if not same <= _what(here):
        return
    for later in sorted(days)[1:]:
        if not _what(days[later]) <= same:
            yield _day(later, days[later])
            return


def _what(rows: Sequence[Administration]) -> set[tuple[str, str]]:
    return {(row.order.drug, row.order.route) for row in rows}


def _day(on: date, rows: Sequence[Administration]) -> DosesOfDay:
    return DosesOfDay(on, rows[0].cycle, rows[0].day, tuple(rows))


def _by_drug(rows: Iterable[Administration]) -> Iterator[PastDoses]:
    """One group a drug and route, the one with the oldest dose first."""
    groups: dict[tuple[str, str], list[Administration]] = {}
    for row in sorted(rows, key=lambda row: row.start):
        groups.setdefault((row.order.drug, row.order.route), []).append(row)
    for (drug, route), doses in groups.items():
        yield PastDoses(drug, doses[0].order.name, route, tuple(doses))


def _exposure(plan: Plan, past: frozenset[str], on: date) -> Iterator[ExposureSoFar]:
    """Each drug by each route, parted by the day; the parts are the plan's own total."""
    for entry in plan.exposure:
        rows = [
            row
            for row in plan.administrations
            if (row.order.drug, row.order.route) == (entry.drug, entry.route)
        ]
        given, late, later = _parted(rows, past, on)
        yield ExposureSoFar(
            drug=entry.drug,
            name=rows[0].order.name,
            route=entry.route,
            unit=entry.unit,
            given=_sum(given) or Fraction(0),
            not_recorded=_sum(late),
            to_come=_sum(later),
            earlier=entry.earlier,
            total=entry.value,
            doses=(len(given), len(late), len(later)),
        )


def _parted(
    rows: Sequence[Administration], past: frozenset[str], on: date
) -> tuple[list[Administration], list[Administration], list[Administration]]:
    """Given up to the day; past and not recorded; to come. A held dose is in none of them."""
    counting = [row for row in rows if row.status not in NOT_GIVEN]
    given = [row for row in counting if row.status == "given" and row.date <= on]
    late = [row for row in counting if row.id in past]
    later = [
        row for row in counting if row.id not in past and (row.status != "given" or row.date > on)
    ]
    return given, late, later


def _sum(rows: Sequence[Administration]) -> Fraction | None:
    total = Fraction(0)
    for row in rows:
        if row.order.per_basis is None:
            return None
        total += row.order.per_basis
    return total


def _counts(plan: Plan, past: frozenset[str], on: date) -> Iterator[Count]:
    for total in plan.totals:
        rows = [
            row for row in plan.administrations if f"{row.order.drug} {row.order.route}" in total.of
        ]
        given, late, later = _parted(rows, past, on)
        yield Count(total.of, total.doses, len(given), len(late), len(later), total.source)


def _findings(plan: Plan, on: date) -> Iterator[Finding]:
    """Stops and warnings that touch what is still to be given, or the course as a whole."""
    ahead = {
        row.id
        for row in plan.administrations
        if row.date >= on or (row.end is not None and row.end.date() >= on)
    }
    for finding in plan.findings:
        touches = not finding.administrations or not ahead.isdisjoint(finding.administrations)
        if touches and finding.severity is not Severity.NOTE:
            yield finding
