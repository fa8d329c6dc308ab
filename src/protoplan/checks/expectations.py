"""PP308: what the protocol must come to, and does not.

Good: `{drug: cyclophosphamide, in: odd, doses: 6, total: 900 mg/m2}` beside six doses of 150 mg/m2.
Bad: the same line beside a dose that was mistyped as 105 mg/m2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from protoplan.checks.scene import ProtocolScene
from protoplan.model.component import Days, Where, lasting
from protoplan.model.protocol import Expectation
from protoplan.problems import Problem
from protoplan.quantity import UNITS, Quantity, decimal_of, plain

if TYPE_CHECKING:
    from protoplan.model.skeleton import Row, Skeleton


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
    cycles = [] if expected.where is None else _cycles(expected.where, skeleton)
    needs = _needs(expected, cycles, skeleton)
    if needs:
        place = "in all" if expected.where is None else f"in {expected.where}"
        message = f"counts {expected.drug} {place}, which hangs on something that is not stated"
        yield _problem(expected, f"{message} under 'given'", _answer(needs))
        return
    if expected.where is None:
        yield from _rows(expected, rows, "in all", one_cycle=False)
        return
    if not cycles:
        yield _problem(
            expected,
            f"expects {expected.drug} in {expected.where}, and the course has no such cycle",
        )
    for label in cycles:
        yield from _rows(expected, [r for r in rows if r.cycle == label], f"in cycle {label}")


def _needs(expected: Expectation, cycles: Sequence[str], skeleton: Skeleton) -> tuple[str, ...]:
    """What must be stated before the doses can be counted."""
    waiting = [
        entry
        for entry in skeleton.waiting
        if entry.drug == expected.drug
        and expected.route in (None, entry.route)
        and (expected.where is None or entry.cycle in cycles)
    ]
    return tuple(dict.fromkeys(name for entry in waiting for name in entry.needs))


def _answer(needs: Sequence[str]) -> str:
    named = " and ".join(f"'{name}'" for name in needs)
    return f"answer {named} under 'given'"


def _cycles(where: Where, skeleton: Skeleton) -> list[str]:
    """The labels that *where* names, with `first` and `later` applied."""
    found = [label for label, kind, _ in skeleton.begins if {label, kind} & set(where.names)]
    if where.only is None:
        return found
    return found[:1] if where.only == "first" else found[1:]


def _rows(
    expected: Expectation, rows: Sequence[Row], place: str, *, one_cycle: bool = True
) -> Iterator[Problem]:
    if expected.doses is not None and len(rows) != expected.doses:
        yield _problem(
            expected,
            f"expects {_doses(expected.doses)} of {expected.drug} {place}, "
            f"and the protocol gives {len(rows)}",
        )
    if expected.total is not None:
        yield from _total(expected, expected.total, rows, place)
    if expected.over is not None:
        yield from _over(expected, expected.over, rows, place)
    if expected.largest is not None:
        yield from _largest(expected, expected.largest.dose, rows, place)
    if expected.reduced_by is not None and expected.full is not None:
        yield from _reduced(expected, expected.reduced_by, expected.full, rows, place)
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


def _sum(expected: Expectation, unit: str, rows: Sequence[Row]) -> tuple[Fraction, str | None]:
    """The sum of the printed doses in *unit*, and what cannot be added to it."""
    found = Fraction(0)
    for row in rows:
        if row.amount is None or UNITS[row.amount.unit].dimension != UNITS[unit].dimension:
            return found, "a dose that is not chosen" if row.amount is None else str(row.amount)
        found += Fraction(row.amount.into(unit).value)
    return found, None


def _total(
    expected: Expectation, total: Quantity, rows: Sequence[Row], place: str
) -> Iterator[Problem]:
    found, strange = _sum(expected, total.unit, rows)
    if strange:
        message = f"expects {total} of {expected.drug} {place}, and cannot add {strange} to it"
        yield _problem(expected, message)
    elif found != Fraction(total.value):
        yield _problem(
            expected,
            f"expects {total} of {expected.drug} {place}, and the protocol "
            f"gives {plain(decimal_of(found))} {total.unit}",
        )


def _over(
    expected: Expectation, wanted: Sequence[int], rows: Sequence[Row], place: str
) -> Iterator[Problem]:
    found = list(dict.fromkeys(row.minutes for row in rows))
    if found != list(wanted):
        given = f"gives it over {_lengths(found)}" if found else "does not give it"
        message = f"expects {expected.drug} {place} over {_lengths(wanted)}"
        yield _problem(expected, f"{message}, and the protocol {given}")


def _lengths(minutes: Sequence[int | None]) -> str:
    """Each length of an infusion, in words."""
    return ", ".join("no printed time" if m is None else lasting(m) for m in minutes)


def _largest(
    expected: Expectation, wanted: Quantity | None, rows: Sequence[Row], place: str
) -> Iterator[Problem]:
    for found in dict.fromkeys(row.largest for row in rows):
        same = (
            found is wanted
            if found is None or wanted is None
            else found.dimension == wanted.dimension and found.in_base() == wanted.in_base()
        )
        if not same:
            yield _problem(
                expected,
                f"expects the largest dose of {expected.drug} {place} to be {wanted or 'none'}, "
                f"and it is {found or 'none'}",
            )


def _reduced(
    expected: Expectation, printed: Quantity, full: Quantity, rows: Sequence[Row], place: str
) -> Iterator[Problem]:
    """The printed percentage and ours agree when ours is rounded to the printed digits."""
    found, strange = _sum(expected, full.unit, rows)
    said = f"expects {expected.drug} {place} to be {plain(printed.value)}% less than {full}"
    if strange:
        yield _problem(expected, f"{said}, and cannot add {strange}")
        return
    less = (1 - found / Fraction(full.value)) * 100
    digits = max(0, -int(printed.value.as_tuple().exponent))
    if floor(less * 10**digits + Fraction(1, 2)) != printed.value * 10**digits:
        yield _problem(expected, f"{said}, and it is {plain(decimal_of(less, 2))}% less")


def _begins(expected: Expectation, skeleton: Skeleton) -> Iterator[Problem]:
    begins = {label: day for label, _, day in skeleton.begins}
    if expected.cycle not in begins:
        yield _problem(expected, f"expects cycle {expected.cycle}, and the course has none")
    elif begins[expected.cycle] is None:
        message = f"expects a date of cycle {expected.cycle}, which hangs on something that is not"
        yield _problem(expected, f"{message} stated under 'given'", _answer(skeleton.open))
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


def _problem(expected: Expectation, message: str, hint: str | None = None) -> Problem:
    given = ", ".join(f"{name} {answer}" for name, answer in expected.given)
    return Problem("PP308", message + (f" (with {given})" if given else ""), expected.at, hint)
