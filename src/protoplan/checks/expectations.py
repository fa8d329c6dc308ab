"""PP308: what the protocol must come to, and does not.

Good: `{drug: cyclophosphamide, in: odd, doses: 6, total: 900 mg/m2}` beside six doses of 150 mg/m2.
Bad: the same line beside a dose that was mistyped as 105 mg/m2.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from protoplan.checks.scene import ProtocolScene
from protoplan.model.protocol import Days, Expectation, Where
from protoplan.model.skeleton import Row, Skeleton
from protoplan.problems import Problem
from protoplan.quantity import UNITS, Quantity, decimal_of, plain


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Lay the protocol out under each set of answers and compare it with what is expected."""
    for expected in scene.protocol.expect:
        yield from compare(expected, scene.lay_out(expected.given))


def compare(expected: Expectation, skeleton: Skeleton) -> Iterator[Problem]:
    """Compare one expectation with a skeleton that was laid out under its answers."""
    if expected.cycle is not None:
        yield from _begins(expected, skeleton)
        return
    rows = [
        row
        for row in skeleton.rows
        if row.drug == expected.drug and expected.route in (None, row.route)
    ]
    if expected.where is None:
        yield from _rows(expected, rows, "in all", one_cycle=False)
        return
    cycles = _cycles(expected.where, skeleton)
    if not cycles:
        yield _problem(
            expected,
            f"expects {expected.drug} in {expected.where}, and the course has no such cycle",
        )
    for label in cycles:
        yield from _rows(expected, [r for r in rows if r.cycle == label], f"in cycle {label}")


def _cycles(where: Where, skeleton: Skeleton) -> list[str]:
    """The labels that *where* names, with `first` and `later` applied."""
    found = [label for label, kind, _ in skeleton.begins if {label, kind} & set(where.names)]
    if where.only is None:
        return found
    return found[:1] if where.only == "first" else found[1:]


def _rows(
    expected: Expectation, rows: Sequence[Row], place: str, *, one_cycle: bool = True
) -> Iterator[Problem]:
    if any(row.open for row in rows):
        yield _problem(
            expected,
            f"counts {expected.drug} {place}, which hangs on something that is not stated under "
            "'given'",
        )
        return
    if expected.doses is not None and len(rows) != expected.doses:
        yield _problem(
            expected,
            f"expects {_doses(expected.doses)} of {expected.drug} {place}, "
            f"and the protocol gives {len(rows)}",
        )
    if expected.total is not None:
        yield from _total(expected, expected.total, rows, place)
    if expected.first_day is not None:
        first = min((row.day for row in rows), default=None)
        if first != expected.first_day:
            yield _problem(
                expected,
                f"expects {expected.drug} from day {expected.first_day} {place}, and the protocol "
                f"gives it from day {first or 'none'}",
            )
    if expected.days is not None:
        wanted = _days(expected.days)
        cycles = (
            [rows]
            if one_cycle or not rows
            else [[r for r in rows if r.cycle == c] for c in {r.cycle: 0 for r in rows}]
        )
        for group in cycles:
            found = sorted({row.day for row in group})
            if found != wanted:
                where = place if one_cycle or not group else f"in cycle {group[0].cycle}"
                yield _problem(
                    expected,
                    f"expects {expected.drug} on days {_list(wanted)} {where}, "
                    f"and the protocol gives it on {_list(found) or 'none'}",
                )


def _doses(count: int) -> str:
    return "1 dose" if count == 1 else f"{count} doses"


def _total(
    expected: Expectation, total: Quantity, rows: Sequence[Row], place: str
) -> Iterator[Problem]:
    found = Fraction(0)
    for row in rows:
        if row.amount is None or UNITS[row.amount.unit].dimension != total.dimension:
            shown = "a dose that is not chosen" if row.amount is None else str(row.amount)
            yield _problem(
                expected,
                f"expects {total} of {expected.drug} {place}, and cannot add {shown} to it",
            )
            return
        found += Fraction(row.amount.into(total.unit).value)
    if found != Fraction(total.value):
        yield _problem(
            expected,
            f"expects {total} of {expected.drug} {place}, and the protocol "
            f"gives {plain(decimal_of(found))} {total.unit}",
        )


def _begins(expected: Expectation, skeleton: Skeleton) -> Iterator[Problem]:
    begins = {label: day for label, _, day in skeleton.begins}
    if expected.cycle not in begins:
        yield _problem(expected, f"expects cycle {expected.cycle}, and the course has none")
    elif begins[expected.cycle] != expected.begins:
        yield _problem(
            expected,
            f"expects cycle {expected.cycle} to begin {expected.begins} days "
            f"after the start, and it begins after {begins[expected.cycle]}",
        )


def _days(days: Days) -> list[int]:
    return [day for first, last in days.runs for day in range(first, last + 1) if day]


def _list(days: Sequence[int]) -> str:
    return ", ".join(map(str, days))


def _problem(expected: Expectation, message: str) -> Problem:
    given = ", ".join(f"{name} {answer}" for name, answer in expected.given)
    return Problem("PP308", message + (f" (with {given})" if given else ""), expected.at)
