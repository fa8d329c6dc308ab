"""PP501: a case expects what the plan does not give.

Good: `2026-03-03: [{drug: inotuzumab-ozogamicin, calculated: 1.104 mg}]` where the plan says so.
Bad: the same line on a day without that dose.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from protoplan.model.case import Case, ExpectedDose, ExpectedTotal
from protoplan.model.exposure import Exposure
from protoplan.model.plan import Administration, Plan
from protoplan.problems import Problem
from protoplan.quantity import UNITS, Quantity, decimal_of, plain
from protoplan.source import Place


def check(case: Case, plan: Plan, exit_code: int) -> Iterator[Problem]:
    """Everything that the case states, compared with the plan of its inputs."""
    if case.bsa is not None and plan.measures[-1].bsa != case.bsa.value:
        yield _off(case, f"a surface area of {case.bsa}", f"{plain(plan.measures[-1].bsa)} m2")
    starts = {cycle.label: cycle.start for cycle in plan.cycles}
    for label, start in case.cycles:
        if starts.get(label) != start:
            yield _off(
                case, f"cycle {label} to start on {start}", str(starts.get(label, "no such cycle"))
            )
    for on, doses in case.days:
        for expected in doses:
            yield from _day(case, on, expected, plan.administrations)
    for total in case.totals:
        yield from _total(case, total, plan)
    if case.unresolved is not None:
        found = [entry.about for entry in plan.unresolved]
        if sorted(found) != sorted(case.unresolved):
            wanted = ", ".join(case.unresolved) or "nothing"
            yield _off(case, f"unresolved: {wanted}", ", ".join(found) or "nothing")
    if case.exit_code is not None and case.exit_code != exit_code:
        yield _off(case, f"exit code {case.exit_code}", str(exit_code))


def _off(case: Case, wanted: str, found: str, at: Place | None = None) -> Problem:
    message = f"case '{case.name}' expects {wanted}; found {found}"
    return Problem("PP501", message, at or case.at)


def _day(
    case: Case, on: date, expected: ExpectedDose, rows: Sequence[Administration]
) -> Iterator[Problem]:
    here = [
        row
        for row in rows
        if row.date == on
        and row.order.drug == expected.drug
        and expected.route in (None, row.order.route)
    ]
    what = f"{expected.drug}{' ' + expected.route if expected.route else ''} on {on}"
    if expected.times is not None and len(here) != expected.times:
        yield _off(case, f"{expected.times} × {what}", str(len(here)), expected.at)
    elif expected.times is None and not here:
        yield _off(case, what, "none", expected.at)
    for row in here:
        pairs = (
            ("calculated", expected.calculated, row.order.calculated),
            ("ordered", expected.ordered, row.order.ordered),
            ("given", expected.given, row.given.amount if row.given else None),
        )
        for name, wanted, found in pairs:
            if wanted is not None and not _same(wanted, found):
                yield _off(case, f"{name} {wanted} of {what}", _shown(found), expected.at)
        if expected.status not in (None, row.status):
            yield _off(case, f"{what} {expected.status}", row.status, expected.at)


def _shown(found: Quantity | None) -> str:
    return "none" if found is None else str(found)


def _same(wanted: Quantity, found: Quantity | None) -> bool:
    return (
        found is not None
        and wanted.dimension == found.dimension
        and wanted.in_base() == found.in_base()
    )


def _exposed(wanted: Quantity, rows: Sequence[Exposure]) -> bool:
    if len(rows) != 1 or rows[0].value is None:
        return False
    unit = UNITS[rows[0].unit]
    return unit.dimension == wanted.dimension and Fraction(wanted.in_base()) == (
        rows[0].value * Fraction(unit.factor)
    )


def _total(case: Case, expected: ExpectedTotal, plan: Plan) -> Iterator[Problem]:
    rows = [
        entry
        for entry in plan.exposure
        if entry.drug == expected.drug and expected.route in (None, entry.route)
    ]
    what = f"of {expected.drug}{' ' + expected.route if expected.route else ''} in all"
    doses = sum(entry.doses for entry in rows)
    if expected.doses is not None and doses != expected.doses:
        yield _off(case, f"{expected.doses} doses {what}", str(doses), expected.at)
    if expected.exposure is not None and not _exposed(expected.exposure, rows):
        found = [f"{plain(decimal_of(e.value))} {e.unit}" for e in rows if e.value is not None]
        shown = " and ".join(found) or "none"
        yield _off(case, f"{expected.exposure} {what}", shown, expected.at)
    if expected.ordered is not None:
        amounts = [entry.ordered for entry in rows]
        if len(amounts) != 1 or not _same(expected.ordered, amounts[0]):
            yield _off(
                case,
                f"{expected.ordered} ordered {what}",
                " and ".join(map(_shown, amounts)) or "none",
                expected.at,
            )
