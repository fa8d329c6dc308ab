"""Verdicts, and medicines with their dates."""

from datetime import date

import pytest

from protoplan.planning.known import NO, YES, Taken, Verdict


def test_what_is_wanted_is_named_once_what_is_needed_first() -> None:
    assert ("a", "b", "c") == Verdict(None, ("a", "b", "a"), ("b", "c", "c")).wanted
    assert () == YES.wanted


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict(None, (), ("alt",)), True),
        (Verdict(None, ("ecog",), ("alt",)), False),
        (Verdict(None, ("ecog",)), False),
        (YES, False),
        (NO, False),
    ],
)
def test_an_answer_waits_where_nothing_but_its_day_is_lacking(
    verdict: Verdict, expected: bool
) -> None:
    assert expected is verdict.waits


FIRST, LAST = date(2026, 3, 3), date(2026, 3, 5)


def taken(start: date | None, end: date | None) -> Taken:
    return Taken("x", frozenset({"x"}), None, start, end)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, "x"),
        (FIRST, None, "x from 2026-03-03"),
        (None, LAST, "x to 2026-03-05"),
        (FIRST, LAST, "x from 2026-03-03 to 2026-03-05"),
    ],
)
def test_a_medicine_is_told_with_its_dates(
    start: date | None, end: date | None, expected: str
) -> None:
    assert expected == str(taken(start, end))


@pytest.mark.parametrize(
    ("start", "end", "washout", "days"),
    [
        # Of the 2nd to the 8th.
        (None, None, 0, [2, 3, 4, 5, 6, 7, 8]),
        (FIRST, None, 0, [3, 4, 5, 6, 7, 8]),
        (None, LAST, 0, [2, 3, 4, 5]),
        (FIRST, LAST, 0, [3, 4, 5]),
        # The last day itself is the first of the wash-out's days without more of it.
        (FIRST, LAST, 1, [3, 4, 5]),
        (FIRST, LAST, 2, [3, 4, 5, 6]),
        (FIRST, LAST, 3, [3, 4, 5, 6, 7]),
        (FIRST, None, 3, [3, 4, 5, 6, 7, 8]),
    ],
)
def test_a_medicine_acts_until_its_wash_out_is_over(
    start: date | None, end: date | None, washout: int, days: list[int]
) -> None:
    found = taken(start, end)

    assert days == [day for day in range(2, 9) if found.acts(date(2026, 3, day), washout)]
