"""Records that a ward meets and that are easy to plan wrongly; each was found by trying."""

from datetime import date

import pytest
from tests.conftest import Run
from tests.test_record import (
    BORTEZOMIB,
    FIFTH,
    INOTUZUMAB,
    doses,
    found,
    planned,
    problems,
    row,
    said,
    text,
)

from protoplan.model.plan import Plan
from protoplan.problems import Severity

ORIGINAL = (
    "protocol: mini-hyper-cvd-inotuzumab\nfacts: {cd20_percent: 0, cns: negative}\n"
    "options: {inotuzumab_schedule: original, inotuzumab_first_dose: 1.8 mg/m2, "
    "inotuzumab_later_dose: 1.0 mg/m2}\n"
)
CUT = f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever"


def starts(plan: Plan) -> dict[str, date | None]:
    return {cycle.label: cycle.start for cycle in plan.cycles}


def statuses(plan: Plan) -> list[str]:
    return [a.status for a in doses(plan, "blinatumomab", "5")]


def test_a_course_that_moved_on_asks_for_no_new_cycle() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-07-10, interrupted: 5.d5.blinatumomab.IV.1, reason: liver",
        "date: 2026-07-15, moved_on: maintenance, reason: liver",
        as_of="2026-07-20",
    )

    assert (date(2026, 7, 15), date(2026, 8, 12)) == (starts(plan)["M1"], starts(plan)["M2"])
    assert ["planned", "given", "cancelled"] == statuses(plan)


def test_a_drug_that_was_stopped_waits_for_no_new_cycle() -> None:
    plan = planned(
        INOTUZUMAB,
        CUT,
        "date: 2026-07-02, stopped: blinatumomab, reason: fever",
        as_of="2026-07-12",
    )

    assert ["planned", "given", "cancelled"] == statuses(plan)
    assert date(2026, 8, 3) == starts(plan)["6"]


def test_a_cycle_that_was_given_up_does_not_come_back() -> None:
    stated = f"{INOTUZUMAB}options: {{maintenance_after: 3}}\n"
    plan = planned(stated, "date: 2026-06-01, moved_on: maintenance, reason: neuropathy")

    assert "4" not in starts(plan)
    assert date(2026, 6, 1) == starts(plan)["M1"]


def test_more_doses_than_the_protocol_gives_are_told() -> None:
    plan = planned(ORIGINAL, "date: 2026-06-23, given: 5.d2.methotrexate.IT.1, amount: 12 mg")

    assert any("9 doses of methotrexate" in text for text in said(plan, "PF205"))
    assert [
        "warning: methotrexate INTRATHECAL was given although the plan, by what is stated now, "
        "gives none there"
    ] == said(plan, "PF235")


@pytest.mark.parametrize(
    "entry",
    [
        "date: 2026-06-24, begun: 5.d1.blinatumomab.IV.1",
        "date: 2026-06-22, delayed: 5.d1.blinatumomab.IV.1, to: 2026-06-24, reason: bed",
    ],
)
def test_the_step_up_follows_a_first_infusion_that_is_late(entry: str) -> None:
    plan = planned(INOTUZUMAB, entry)

    assert [date(2026, 6, 24), date(2026, 6, 28)] == [
        a.date for a in doses(plan, "blinatumomab", "5")
    ]


def test_a_later_infusion_that_began_stays_where_it_began() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-06-24, interrupted: 5.d1.blinatumomab.IV.1, reason: x",
        "date: 2026-06-25, resumed: 5.d1.blinatumomab.IV.1",
        "date: 2026-06-27, begun: 5.d5.blinatumomab.IV.1",
    )

    assert date(2026, 6, 27) == row(plan, FIFTH).date


def test_an_infusion_that_runs_into_the_next_is_a_stop() -> None:
    entries = []
    for cut, again in (("06-28", "07-05"), ("07-07", "07-14"), ("07-16", "07-23")):
        entries += [
            f"date: 2026-{cut}, interrupted: {FIFTH}, reason: x",
            f"date: 2026-{again}, resumed: {FIFTH}",
        ]
    plan = planned(INOTUZUMAB, *entries)

    (stop,) = found(plan, "PF227")
    assert Severity.STOP is stop.severity
    assert "run at once from 2026-08-03 10:00" in stop.message
    assert "7 days of cycle 6 have begun by then" in found(plan, "PF237")[-1].message


def test_a_prescribed_change_ends_with_the_cycles_before_the_one_that_fell_away() -> None:
    stated = (
        f"{INOTUZUMAB}prescribed: [{{from_cycle: 2, to_cycle: 4, drug: vincristine, set: 1 mg, "
        "reason: neuropathy, by: team}]\n"
    )
    plan = planned(stated, "date: 2026-05-11, moved_on: maintenance, reason: liver")

    assert {"1 mg"} == {str(a.order.calculated and a.amount) for a in doses(plan, "vincristine", "3")
                        if a.status == "planned"}  # fmt: skip
    assert {"2 mg"} == {str(a.amount) for a in doses(plan, "vincristine", "M1", "M2")}


@pytest.mark.parametrize(
    ("stated", "entry", "message"),
    [
        (
            ORIGINAL,
            "date: 2026-05-11, moved_on: maintenance, reason: x",
            "the plan has no phase 'maintenance', to which the course moved on [PP406]",
        ),
        (
            BORTEZOMIB,
            "date: 2026-04-20, moved_on: hyper-CVAD and bortezomib, reason: x",
            "the course moves on to hyper-CVAD and bortezomib, with which it begins [PP405]",
        ),
    ],
)
def test_a_course_moves_on_to_what_lies_ahead(stated: str, entry: str, message: str) -> None:
    assert [message] == problems(stated, entry)


def test_a_course_does_not_move_back() -> None:
    (text,) = problems(
        INOTUZUMAB,
        "date: 2026-05-11, moved_on: maintenance, reason: x",
        "date: 2026-06-15, moved_on: blinatumomab, reason: x",
    )

    assert text.startswith("the course moves on to blinatumomab after it moved on to maintenance")


def test_an_infusion_that_was_held_and_then_began_counts() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-06-22, held: 5.d1.blinatumomab.IV.1, reason: fever",
        "date: 2026-06-24, begun: 5.d1.blinatumomab.IV.1",
    )

    assert ["planned", "planned"] == statuses(plan)


@pytest.mark.parametrize(
    "entries",
    [
        [f"date: 2026-06-26, missed: {FIFTH}, reason: x", CUT],
        [f"date: 2026-06-30, given: {FIFTH}, amount: 672 mcg", CUT],
        ["date: 2026-06-20, stopped: blinatumomab, reason: x",
         "date: 2026-06-22, begun: 5.d1.blinatumomab.IV.1"],
        [CUT, "date: 2026-07-02, stopped: blinatumomab, reason: x",
         f"date: 2026-07-04, resumed: {FIFTH}"],
        ["date: 2026-03-02, begun: 1.d1.vincristine.IV.1"],
        ["date: 2026-03-30, delayed: 2, to: 2026-04-06, reason: x",
         "date: 2026-03-30, cycle: 2, started: true"],
        ["date: 2026-03-02, stopped: vincristine, route: IT, reason: x"],
    ],
)  # fmt: skip
def test_what_cannot_both_be_true_is_refused(entries: list[str]) -> None:
    assert 1 == len(problems(INOTUZUMAB, *entries))


def test_a_refused_part_of_an_interrupted_course_is_missed() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-06-23, interrupted: 5.d1.blinatumomab.IV.1, reason: x",
        f"date: 2026-06-24, refused: {FIFTH}, reason: wish",
    )

    assert "missed" == row(plan, FIFTH).status


@pytest.mark.parametrize(
    "end",
    [
        "date: 2026-03-10, stopped: vincristine, reason: neuropathy",
        "date: 2026-03-10, moved_on: transplant, reason: donor",
    ],
)
def test_what_is_held_is_held_no_more_after_its_drug_or_course_ended(end: str) -> None:
    plan = planned(INOTUZUMAB, "date: 2026-03-09, held: 1.d8.vincristine.IV.1, reason: fever", end)

    assert "cancelled" == row(plan, "1.d8.vincristine.IV.1").status
    assert [] == found(plan, "PF236")


def test_an_infusion_waits_no_more_once_the_next_cycle_began() -> None:
    plan = planned(INOTUZUMAB, CUT, "date: 2026-07-05, cycle: 6, started: true")

    assert ["planned", "given", "cancelled"] == statuses(plan)


@pytest.mark.parametrize(
    "entries",
    [
        ["date: 2026-06-15, delayed: 5, to: 2026-06-29, reason: x",
         "date: 2026-06-29, moved_on: maintenance, reason: x"],
        ["date: 2026-05-20, delayed: 4, to: 2026-06-08, reason: x",
         "date: 2026-06-01, moved_on: transplant, reason: x"],
        ["date: 2026-05-20, held: 4.d2.cytarabine.IT.1, reason: x",
         "date: 2026-05-21, moved_on: transplant, reason: x"],
        ["date: 2026-03-20, stopped: methotrexate, route: IT, reason: x",
         "date: 2026-03-25, stopped: methotrexate, reason: x"],
    ],
)  # fmt: skip
def test_what_was_put_off_may_fall_away_later(entries: list[str]) -> None:
    assert planned(INOTUZUMAB, *entries).administrations


def test_a_new_cycle_is_put_off_to_its_day() -> None:
    plan = planned(
        INOTUZUMAB, CUT, "date: 2026-07-11, delayed: 6, to: 2026-07-15, reason: new cycle"
    )

    assert date(2026, 7, 15) == starts(plan)["6"]


def test_a_transplant_of_the_record_holds_limits_that_ask_for_one() -> None:
    plan = planned(INOTUZUMAB, "date: 2026-05-05, transplant_on: 2026-07-13")

    (passed,) = [text for text in said(plan, "PF231") if "inotuzumab" in text]
    assert "comes to 4 cycles in all, with earlier treatment, past 2 cycles" in passed


@pytest.mark.parametrize("unit", ["mg/m2", "mg/day", "mg/kg"])
def test_what_was_given_is_a_plain_amount(unit: str) -> None:
    entry = f"date: 2026-03-03, given: 1.d2.methotrexate.IT.1, amount: 12 {unit}"

    assert 1 == len(problems(INOTUZUMAB, entry))


def test_a_new_cycle_is_named_once_it_has_its_day() -> None:
    plan = planned(INOTUZUMAB, CUT, "date: 2026-07-12, cycle: 6, started: true")

    assert "cycle 6, which it asks for, begins on 2026-07-12" in found(plan, "PF237")[0].message


def test_a_break_without_one_of_its_times_is_counted_by_the_clock() -> None:
    plan = planned(INOTUZUMAB, CUT, f"date: 2026-07-08, resumed: {FIFTH}, time: '22:00'")

    assert ["planned", "given", "unresolved"] == statuses(plan)


def test_status_never_says_that_a_broken_off_infusion_runs(run: Run) -> None:
    stated = text(INOTUZUMAB, [CUT])
    held, over = (
        run("status", "-", "--on", on, stdin=stated).out for on in ("2026-07-08", "2026-07-09")
    )

    assert "HELD since Wed 2026-07-01: blinatumomab" in held.replace("\xa0", " ")
    assert "RUNNING" not in held + over
    assert "cycle 6 and all that follows" in over
