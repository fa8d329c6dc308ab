"""Series of bags, worked by hand on a calendar: 2026-07-06 is a Monday."""

from datetime import date, timedelta

import attrs
import pytest
from tests.bag_series import ALL, ANY_DAY, SHORT, WEEKEND, days_of, stepped, stretch

from protoplan.model.bag_plan import DaysWithout
from protoplan.model.bags import Lasting
from protoplan.planning.bags import reasons, series, starts

MONDAY, FRIDAY, SATURDAY = date(2026, 7, 6), date(2026, 7, 10), date(2026, 7, 11)
SPACE = "\N{NO-BREAK SPACE}"


def said(text: str) -> str:
    """A sentence with plain spaces."""
    return text.replace(SPACE, " ")


@pytest.mark.parametrize("without", [ANY_DAY, WEEKEND], ids=["any day", "no weekend"])
@pytest.mark.parametrize("start", [MONDAY, FRIDAY])
def test_four_weeks_are_four_bags_of_a_week(start: date, without: DaysWithout) -> None:
    """From a Monday or a Friday every change falls on that same weekday."""
    assert [[7, 7, 7, 7]] == days_of(series([stretch(start, 28)], ALL, without))


def test_from_a_saturday_bags_of_a_week_would_change_on_saturdays() -> None:
    """Four bags are 7 × 4, each changed on a Saturday; so there are five at least.

    One day ends on Sunday. After 2 days, 26 are left, which no four bags make up. After 3, on a
    Tuesday, 25 are 7 + 7 + 7 + 4; the 4 stand last, since four days after a Tuesday is a Saturday,
    and the end is no change.
    """
    assert [[7, 7, 7, 7]] == days_of(series([stretch(SATURDAY, 28)], ALL, ANY_DAY))
    assert [[3, 7, 7, 7, 4]] == days_of(series([stretch(SATURDAY, 28)], ALL, WEEKEND))


def test_bags_of_four_days_at_most() -> None:
    """28 days are 7 × 4. Without weekends a week is two bags, Monday to Thursday to Monday.

    From a Friday: to Monday, to Thursday, to Monday …, and at last from Monday to Friday.
    """
    assert [[4] * 7] == days_of(series([stretch(MONDAY, 28)], SHORT, ANY_DAY))
    assert [[3, 4] * 4] == days_of(series([stretch(MONDAY, 28)], SHORT, WEEKEND))
    assert [[3, 3, 4, 3, 4, 3, 4, 4]] == days_of(series([stretch(FRIDAY, 28)], SHORT, WEEKEND))


def test_a_step_on_day_8_and_on_day_5() -> None:
    """No bag runs past the step; 24 days from a Friday are 3 + 7 + 7 + 7, by Mondays."""
    eighth = stepped(MONDAY, (7, 9), (21, 28))
    fifth = stepped(MONDAY, (4, 9), (24, 28))

    assert [[7], [7, 7, 7]] == days_of(series(eighth, ALL, WEEKEND))
    assert [[4], [3, 7, 7, 7]] == days_of(series(fifth, ALL, WEEKEND))
    assert [[4], [3, 7, 7, 7]] == days_of(series(fifth, ALL, ANY_DAY))


def test_the_order_in_which_bags_are_listed_changes_nothing() -> None:
    part = [stretch(FRIDAY, 28)]

    assert series(part, SHORT, WEEKEND) == series(part, SHORT[::-1], WEEKEND)


def test_a_step_on_a_saturday_is_a_change_on_a_saturday() -> None:
    """From Tuesday 7 July day 5 is Saturday the 11th; from Monday, Thursday or Friday it is not."""
    whole = stepped(date(2026, 7, 7), (4, 9), (24, 28))

    assert series(whole, ALL, WEEKEND) is None
    assert [
        "the rate goes to 28 mcg/day on Saturday 2026-07-11, and a change of rate is a change of bag"
    ] == [said(text) for text in reasons(whole, ALL, WEEKEND)]
    # Of 30 June to 14 July those whose fifth day is a weekday, and that are none themselves.
    july = [2, 3, 6, 9, 10, 13]
    assert [date(2026, 7, day) for day in july] == list(starts(whole, ALL, WEEKEND))


def test_a_friday_that_bags_of_two_days_cannot_pass() -> None:
    """24 h end on the Saturday, 48 h on the Sunday: no start whatever can help."""
    whole = [stretch(MONDAY, 28)]

    assert series(whole, ALL[:2], WEEKEND) is None
    assert [
        "after a change on Friday 2026-07-10 no bag goes on: one of 24 h ends on Saturday "
        "2026-07-11, one of 48 h ends on Sunday 2026-07-12"
    ] == [said(text) for text in reasons(whole, ALL[:2], WEEKEND)]
    assert () == starts(whole, ALL[:2], WEEKEND)


def test_bags_that_run_past_the_end_are_named() -> None:
    """Five days from Thursday: a week is too long, four days make one short, three end on Sunday."""
    bags = (Lasting(48), Lasting(72), Lasting(168, in_days=True))
    whole = [stretch(date(2026, 7, 9), 5)]

    assert [
        "from Thursday 2026-07-09 on no bag goes on: one of 48 h ends on Saturday 2026-07-11, one of "
        "72 h ends on Sunday 2026-07-12, one of 7 days runs past the end on Tuesday 2026-07-14"
    ] == [said(text) for text in reasons(whole, bags, WEEKEND)]


def test_a_step_stands_in_the_way_as_an_end_does() -> None:
    """Four days from Thursday with 24 h and 72 h: Friday, and then 72 h to the step on Monday."""
    four = stepped(date(2026, 7, 9), (4, 9), (7, 28))
    bags = (Lasting(24), Lasting(96), Lasting(168, in_days=True))

    assert [[1, 3], [7]] == days_of(series(four, (Lasting(24), Lasting(72), ALL[4]), WEEKEND))
    assert [[4], [7]] == days_of(series(four, bags, WEEKEND))
    assert [
        "after a change on Friday 2026-07-10 no bag goes on: one of 24 h ends on Saturday 2026-07-11, "
        "one of 7 days runs past the change of rate on Monday 2026-07-13"
    ] == [said(text) for text in reasons(four, (bags[0], bags[2]), WEEKEND)]


def test_bags_that_run_past_a_step_are_told_together() -> None:
    """As above; of 7 and of 10 days both run past the Monday."""
    four = stepped(date(2026, 7, 9), (4, 9), (7, 28))
    bags = (Lasting(24), Lasting(168, in_days=True), Lasting(240, in_days=True))

    assert [
        "after a change on Friday 2026-07-10 no bag goes on: one of 24 h ends on Saturday 2026-07-11, "
        "those of 7 days and 10 days run past the change of rate on Monday 2026-07-13"
    ] == [said(text) for text in reasons(four, bags, WEEKEND)]


def test_bags_may_run_for_an_hour() -> None:
    assert ((Lasting(1), Lasting(1)),) == series(
        [stretch(MONDAY, 0, hours=2)], (Lasting(1),), ANY_DAY
    )


@pytest.mark.parametrize(
    ("days", "hours", "bags", "length"),
    [
        (20, 19, ALL, "20 days and 19 hours"),
        (1, 0, (Lasting(48),), "1 day"),
        (5, 0, (Lasting(48), Lasting(96)), "5 days"),
    ],
)
def test_what_no_bags_add_up_to_is_said(
    days: int, hours: int, bags: tuple[Lasting, ...], length: str
) -> None:
    whole = [stretch(MONDAY, days, hours=hours)]
    listed = {1: "48 h", 2: "48 h and 96 h", 5: "24 h, 48 h, 72 h, 96 h and 168 h"}[len(bags)]

    assert [
        f"no number of bags of {listed} lasts exactly the {length} at 28 mcg/day from Monday "
        "2026-07-06 on"
    ] == [said(text) for text in reasons(whole, bags, ANY_DAY)]


def test_half_an_hour_is_never_made_up() -> None:
    part = stretch(MONDAY, 2)
    whole = [attrs.evolve(part, end=part.end + timedelta(minutes=30))]

    assert series(whole, ALL, ANY_DAY) is None
    assert "lasts exactly the 2 days and 30 minutes" in said(reasons(whole, ALL, ANY_DAY)[0])


def test_holidays_count_where_they_are_asked_for() -> None:
    """Two weeks from Monday: the change on Monday 13 July moves off the holiday.

    Three bags then: 3 + 4 + 7 has its second change on the 13th; 3 + 7 + 4 changes on Thursday 9
    and 16.
    """
    feast = ((date(2026, 7, 13), "A feast"),)
    whole = [stretch(MONDAY, 14)]

    assert [[7, 7]] == days_of(series(whole, ALL, DaysWithout((), feast)))
    assert [[7, 7]] == days_of(series(whole, ALL, DaysWithout(("holidays",))))
    assert [[3, 7, 4]] == days_of(series(whole, ALL, DaysWithout(("holidays",), feast)))
    only = DaysWithout(("holidays",), feast)
    assert "one of 168 h ends on Monday 2026-07-13 (A feast)" in said(
        reasons(whole, (ALL[4],), only)[0]
    )


def test_a_break_is_a_new_connection_and_no_change() -> None:
    """One week, taken down on Monday; connected again on a Saturday, which is told elsewhere."""
    first, second = stretch(MONDAY, 7), stretch(date(2026, 7, 18), 7)

    assert [[7], [7]] == days_of(series([first, second], ALL, WEEKEND))


def test_a_part_that_is_past_gets_no_bags_and_its_end_is_past_too() -> None:
    """A Saturday that is over is nothing to stop for; only what is to come is planned."""
    given = attrs.evolve(stretch(MONDAY, 4), bagged=False, status="given")
    odd = attrs.evolve(stretch(MONDAY, 5), bagged=False, status="given")

    assert [[], [3]] == days_of(series([given, stretch(FRIDAY, 3)], ALL, WEEKEND))
    assert [[], [3]] == days_of(series([odd, stretch(SATURDAY, 3)], ALL, WEEKEND))
    assert () == reasons([odd, stretch(SATURDAY, 3)], ALL, WEEKEND)


def test_no_start_on_a_day_without_changes_is_proposed() -> None:
    """Everything works for 28 days without a step, and two Saturdays and Sundays are left out."""
    found = starts([stretch(MONDAY, 28)], (ALL[4],), WEEKEND)

    assert [29, 30, 1, 2, 3, 7, 8, 9, 10, 13] == [on.day for on in found]


@pytest.mark.parametrize(
    ("lasts", "written"),
    [
        (Lasting(24), "24 h"),
        (Lasting(168, in_days=True), "7 days"),
        (Lasting(24, in_days=True), "1 day"),
    ],
)
def test_a_length_is_printed_as_it_was_written(lasts: Lasting, written: str) -> None:
    assert (written, written.replace(" ", SPACE)) == (str(lasts), lasts.text())


def test_three_days_are_seventy_two_hours() -> None:
    assert Lasting(72) == Lasting(72, in_days=True)
