"""Pure days: day 1 is the first day, months are calendar months, windows and totals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protoplan.model.component import Span
from protoplan.planning.course import after, date_of
from protoplan.planning.course import cycle_day as day_of

START = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("cycle_day", "expected"),
    [(1, date(2026, 3, 2)), (2, date(2026, 3, 3)), (28, date(2026, 3, 29)), (-1, date(2026, 3, 1)),
     (-2, date(2026, 2, 28))],
)  # fmt: skip
def test_day_1_is_the_first_day_and_day_minus_1_the_day_before(
    cycle_day: int, expected: date
) -> None:
    assert expected == date_of(START, cycle_day)
    assert cycle_day == day_of(expected, START)


def test_there_is_no_day_0() -> None:
    with pytest.raises(ValueError, match=r"^a cycle has no day 0$"):
        date_of(START, 0)


@given(st.integers(-400, 400).filter(bool), st.integers(-400, 400).filter(bool))
def test_different_days_are_different_dates_and_days_follow_each_other(
    one: int, other: int
) -> None:
    assert (one == other) == (date_of(START, one) == date_of(START, other))
    assert (one < other) == (date_of(START, one) < date_of(START, other))


@pytest.mark.parametrize(
    ("start", "span", "times", "expected"),
    [
        (date(2026, 1, 31), Span(1, "months"), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), Span(1, "months"), 2, date(2026, 3, 31)),
        (date(2028, 1, 31), Span(1, "months"), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), Span(1, "months"), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), Span(1, "years"), 1, date(2029, 2, 28)),
        (date(2026, 10, 12), Span(3, "years"), 1, date(2029, 10, 12)),
        (date(2026, 3, 2), Span(28, "days"), 4, date(2026, 6, 22)),
        (date(2026, 3, 2), Span(2, "weeks"), 1, date(2026, 3, 16)),
    ],
)
def test_spans_are_counted_from_their_start_by_the_calendar(
    start: date, span: Span, times: int, expected: date
) -> None:
    assert expected == after(start, span, times)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_from_one_start_do_not_drift(start: date, months: int) -> None:
    found = after(start, Span(1, "months"), months)
    index = start.year * 12 + start.month - 1 + months

    assert (index // 12, index % 12 + 1) == (found.year, found.month)
    assert found.day == start.day or (found + timedelta(1)).day == 1
