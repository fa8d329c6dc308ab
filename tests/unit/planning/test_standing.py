"""Where a patient stands: days, doses and sums, taken from the calendar by hand."""

from datetime import date
from fractions import Fraction

import pytest
from tests.standings import RECORDED, STARTS, planned, protocol_of, sample, stands, treatment_of

from protoplan import api
from protoplan.model.standing import Standing

TEXT = sample(STARTS)


def ids(rows: object) -> list[str]:
    assert isinstance(rows, tuple)
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("on", "state", "cycle", "day", "after"),
    [
        (date(2026, 3, 1), "before the course", None, None, None),
        (date(2026, 3, 2), "in a cycle", "1", 1, None),
        (date(2026, 3, 29), "in a cycle", "1", 28, None),
        (date(2026, 3, 30), "between cycles", "1", None, 1),
        (date(2026, 4, 5), "between cycles", "1", None, 7),
        (date(2026, 4, 6), "in a cycle", "2", 1, None),
        (date(2026, 5, 5), "in a cycle", "3", 2, None),
    ],
)
def test_the_day_has_its_place_in_the_course(
    on: date, state: str, cycle: str | None, day: int | None, after: int | None
) -> None:
    position = stands(TEXT, on).position

    assert (state, cycle, day, after) == (
        position.state, position.cycle, position.day, position.days_after)  # fmt: skip


def test_between_cycles_the_next_one_is_named_with_its_day() -> None:
    following = stands(TEXT, date(2026, 4, 1)).position.following

    assert following is not None
    assert ("2", date(2026, 4, 6), None) == (following.label, following.start, following.between)


def test_a_late_cycle_says_so_and_why() -> None:
    position = stands(RECORDED, date(2026, 5, 5)).position

    assert (True, 7, "platelets have not recovered") == (
        position.start_recorded, position.late, position.because)  # fmt: skip


def test_after_the_last_cycle_the_course_is_over() -> None:
    plan = planned(sample(""), date(2030, 1, 1))
    position = stands(sample(""), date(2030, 1, 1)).position

    assert ("after the course", plan.cycles[-1].label) == (position.state, position.cycle)
    assert None is position.following


def test_a_course_that_moved_on_to_transplant_says_so() -> None:
    moved = "  - {date: 2026-05-08, moved_on: transplant, reason: a donor is found}\n"
    position = stands(sample(STARTS + moved)).position

    assert ("moved on to transplant", None) == (position.state, position.following)
    assert position.moved_on is not None
    assert "a donor is found" == position.moved_on.reason


def test_a_kind_with_a_range_gives_the_next_cycle_its_bounds() -> None:
    """Day 1 is 2 March; 21 and 28 days after it are 23 and 30 March."""
    stated = [("height", "175cm"), ("weight", "70kg"), ("age", "45"), ("start", "2026-03-02")]
    found = api.target("mini-hyper-cvd-venetoclax", stated)
    plan = api.plan_on(*found, date(2026, 3, 20))
    following = api.standing(plan, found[0], found[1], date(2026, 3, 20)).position.following

    assert following is not None
    assert (date(2026, 3, 23), date(2026, 3, 30), (21, 28)) == (
        following.earliest, following.latest, following.between)  # fmt: skip


def test_the_doses_of_the_second_day_of_the_third_cycle() -> None:
    """Its third day holds no new drug, its fourth pegfilgrastim."""
    found = stands(RECORDED, date(2026, 5, 5))

    assert [
        "3.d2.ursodiol.PO.1", "3.d2.cyclophosphamide.IV.1", "3.d2.dexamethasone.PO.1",
        "3.d2.inotuzumab-ozogamicin.IV.1", "3.d2.methotrexate.IT.1", "3.d2.ursodiol.PO.2",
        "3.d2.ursodiol.PO.3", "3.d2.cyclophosphamide.IV.2",
    ] == ids(found.doses)  # fmt: skip
    assert [date(2026, 5, 6), date(2026, 5, 7)] == [day.date for day in found.upcoming]
    assert "3.d4.pegfilgrastim.SC.1" in ids(found.upcoming[1].doses)


def test_an_infusion_runs_until_the_day_of_its_end() -> None:
    """From day 5 of cycle 5, 26 June, for 24 days: to 20 July, 10:00."""
    running = {day: ids(stands(sample(""), date(2026, 7, day)).running) for day in (1, 20, 21)}

    assert ["5.d5.blinatumomab.IV.1"] == running[1] == running[20]
    assert [] == running[21]


def test_a_dose_that_was_put_off_is_missed_from_its_day_and_found_on_the_other() -> None:
    put_off = "  - {date: 2026-05-04, delayed: 3.d2.inotuzumab-ozogamicin.IV.1, to: 2026-05-06, reason: fever}\n"
    found = stands(sample(STARTS + put_off), date(2026, 5, 5))

    assert ["3.d2.inotuzumab-ozogamicin.IV.1"] == ids(found.moved)
    assert "3.d2.inotuzumab-ozogamicin.IV.1" in ids(found.upcoming[0].doses)


def test_past_doses_of_which_nothing_is_recorded_are_grouped_oldest_first() -> None:
    found = stands(RECORDED, date(2026, 5, 5))

    assert [("ursodiol", 171), ("dexamethasone", 9), ("pegfilgrastim", 2)] == [
        (group.drug, len(group.doses)) for group in found.overdue
    ]
    assert date(2026, 3, 2) == found.overdue[0].first


def test_an_infusion_that_is_recorded_as_begun_is_not_overdue_while_it_runs() -> None:
    """A plain one whose beginning is not recorded is both running by the plan and overdue."""
    dose = "5.d5.blinatumomab.IV.1"
    begun = f"  - {{date: 2026-07-03, begun: {dose}}}\n"
    late = STARTS + "  - {date: 2026-06-29, cycle: 5, started: true}\n" + begun
    on = date(2026, 7, 10)

    with_it, without = stands(sample(late), on), stands(sample(late.replace(begun, "")), on)

    assert [dose] == ids(with_it.running) == ids(without.running)
    assert [False, True] == [_names(one, dose) for one in (with_it, without)]


def _names(standing: Standing, dose: str) -> bool:
    return any(row.id == dose for group in standing.overdue for row in group.doses)


BROKEN = """
  - {date: 2026-06-29, cycle: 5, started: true}
  - {date: 2026-07-03, begun: 5.d5.blinatumomab.IV.1}
  - {date: 2026-07-08, interrupted: 5.d5.blinatumomab.IV.1, time: '12:00', reason: neurotoxicity}
"""


def test_an_interrupted_infusion_runs_to_its_break_and_then_is_held() -> None:
    """What was delivered until the break is not recorded, and so not among what is to come."""
    text = sample(STARTS + BROKEN)
    before, at, after = (stands(text, date(2026, 7, day)) for day in (7, 8, 9))

    ran, rest = "5.d5.blinatumomab.IV.1", "5.d10.blinatumomab.IV.1"
    assert [ran] == ids(before.running) == ids(at.running)
    assert ([], [rest]) == (ids(after.running), [row.id for g in after.held for row in g.doses])
    assert [False, True] == [_names(one, ran) for one in (at, after)]


def test_an_infusion_that_went_on_runs_to_its_new_end() -> None:
    """Three days' break move the end from Mon 27 July to Thu 30 July."""
    again = "  - {date: 2026-07-11, resumed: 5.d5.blinatumomab.IV.1, time: '12:00'}\n"
    text = sample(STARTS + BROKEN + again)
    found = {day: stands(text, date(2026, 7, day)) for day in (12, 30, 31)}

    assert ["5.d13.blinatumomab.IV.1"] == ids(found[12].running) == ids(found[30].running)
    assert [] == ids(found[31].running) and not _names(found[30], "5.d13.blinatumomab.IV.1")
    assert _names(found[31], "5.d13.blinatumomab.IV.1")


def test_a_held_dose_is_kept_in_sight() -> None:
    held = "  - {date: 2026-05-04, held: 3.d1.vincristine.IV.1, reason: ileus}\n"
    found = stands(sample(STARTS + held), date(2026, 5, 7))

    assert [("vincristine", ["3.d1.vincristine.IV.1"])] == [
        (group.drug, ids(group.doses)) for group in found.held
    ]
    assert not _names(found, "3.d1.vincristine.IV.1")


def test_intrathecal_doses_are_counted_over_the_whole_course() -> None:
    """Of 8: two in each of the first two cycles were given, 4 of cycles 3 and 4 are to come."""
    count = next(c for c in stands(RECORDED, date(2026, 5, 5)).counts if "methotrexate IT" in c.of)

    assert (8, 4, 0, 4, 0) == (
        count.doses, count.given, count.not_recorded, count.to_come, count.open)  # fmt: skip


def test_a_day_that_is_past_is_shown_as_the_record_has_it_now() -> None:
    """On 31 March two of four doses of cytarabine were given; the others were given later."""
    found = stands(RECORDED, date(2026, 3, 31))
    cytarabine = next(e for e in found.exposure if (e.drug, e.route) == ("cytarabine", "IV"))

    assert date(2026, 5, 4) == found.as_of
    assert (2, 0, 6) == cytarabine.doses
    assert (Fraction(1000), Fraction(0), Fraction(2750)) == (
        cytarabine.given,
        cytarabine.not_recorded,
        cytarabine.to_come,
    )
    assert None is found.response


def test_what_the_record_says_of_the_disease_is_the_last_of_it() -> None:
    planned_for = "  - {date: 2026-05-04, transplant_on: 2026-06-15}\n"
    found = stands(RECORDED + planned_for, date(2026, 5, 5))

    assert found.response is not None and found.transplant is not None
    assert ("complete remission", "negative", date(2026, 6, 15)) == (
        found.response.remission, found.response.mrd, found.transplant.on)  # fmt: skip


def test_a_plan_of_an_earlier_day_is_refused() -> None:
    with pytest.raises(ValueError, match="later day"):
        api.standing(planned(TEXT), treatment_of(TEXT), protocol_of(TEXT), date(2026, 6, 1))
