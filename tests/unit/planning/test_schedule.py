"""Days and times: each row of a plan by hand. Three cycles of 21 days from Monday 2026-03-02.

The site gives a dose at 10:00, two a day at 08:00 and 20:00, three at 08:00, 14:00 and 20:00.
"""

from datetime import date

import pytest
from tests.engine import drug_text, planned, rows_of

from protoplan.model.plan import Plan


def times(plan: Plan, drug: str = "alpha", cycle: str = "1") -> list[str]:
    """Day of the month and hour of each start in a cycle."""
    rows = [row for row in rows_of(plan, drug) if row.cycle == cycle]
    return [f"{row.start:%m-%d %H:%M}" for row in rows]


def of(sig: str, **more: str) -> Plan:
    return planned(sig=f"{{{sig}}}", **more)  # type: ignore[arg-type]


FIRST_CYCLE = [
    ("dose: 1 mg, days: [1]", ["03-02 10:00"]),
    ("dose: 1 mg, days: [-2, 1, 3-4]", ["02-28 10:00", "03-02 10:00", "03-04 10:00", "03-05 10:00"]),
    ("dose: 1 mg, days: 1-2, times_a_day: 2",
     ["03-02 08:00", "03-02 20:00", "03-03 08:00", "03-03 20:00"]),
    ("dose: 1 mg, days: [21], times_a_day: 3", ["03-22 08:00", "03-22 14:00", "03-22 20:00"]),
    # Through all hours of the days: 10:00 is one of the hours, and none falls onto day 3.
    ("dose: 1 mg, days: 1-2, every: 12 h",
     ["03-02 10:00", "03-02 22:00", "03-03 10:00", "03-03 22:00"]),
    ("dose: 1 mg, days: [1], every: 6 h",
     ["03-02 04:00", "03-02 10:00", "03-02 16:00", "03-02 22:00"]),
    ("dose: 1 mg, days: [1, 5], every: 8 h",
     ["03-02 02:00", "03-02 10:00", "03-02 18:00", "03-06 02:00", "03-06 10:00", "03-06 18:00"]),
    # So many doses from the usual time on, over midnight.
    ("dose: 1 mg, days: [1], every: 8 h, doses: 4",
     ["03-02 10:00", "03-02 18:00", "03-03 02:00", "03-03 10:00"]),
    ("dose: 1 mg, days: [1, 3], every: 6 h, doses: 2",
     ["03-02 10:00", "03-02 16:00", "03-04 10:00", "03-04 16:00"]),
    ("dose: 1 mg, days: [1, 2], repeat: {every: 1 week, for: 2 weeks}",
     ["03-02 10:00", "03-03 10:00", "03-09 10:00", "03-10 10:00"]),
    ("dose: 1 mg, days: [1], repeat: {every: 10 days, for: 21 days}",
     ["03-02 10:00", "03-12 10:00", "03-22 10:00"]),
    ("dose: 1 mg, days: [1], repeat: {every: 10 days, for: 20 days}",
     ["03-02 10:00", "03-12 10:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("sig", "starts"), FIRST_CYCLE)
def test_a_sig_is_given_at_the_times_that_it_says(sig: str, starts: list[str]) -> None:
    assert starts == times(of(sig))


def test_every_day_is_every_day_of_the_cycle_and_no_other() -> None:
    plan = of("dose: 1 mg, days: every day")

    assert [date(2026, 3, day) for day in range(2, 23)] == [
        row.date for row in rows_of(plan) if row.cycle == "1"
    ]
    assert [21, 21, 21] == [len(times(plan, cycle=label)) for label in "123"]


def test_each_cycle_counts_its_own_days() -> None:
    """21 days later, and 42."""
    found = of("dose: 1 mg, days: [1, 8]")

    assert [
        ("1", 1, date(2026, 3, 2)), ("1", 8, date(2026, 3, 9)),
        ("2", 1, date(2026, 3, 23)), ("2", 8, date(2026, 3, 30)),
        ("3", 1, date(2026, 4, 13)), ("3", 8, date(2026, 4, 20)),
    ] == [(row.cycle, row.day, row.date) for row in rows_of(found)]  # fmt: skip


def test_an_infusion_of_hours_ends_after_them() -> None:
    (first, *_), (flat, *_) = (
        rows_of(of("dose: 1 mg, days: [1], over: 22 h")),
        rows_of(of("dose: 1 mg, days: [1]")),
    )

    assert ("2026-03-02 10:00:00", "2026-03-03 08:00:00") == (str(first.start), str(first.end))
    assert None is flat.end


def test_a_rate_runs_to_the_hour_after_its_last_day() -> None:
    found = rows_of(of("rate: 9 mcg/day, days: [1-4, 11]"))[:2]

    assert [
        ("2026-03-02 10:00:00", "2026-03-06 10:00:00", 4),
        ("2026-03-12 10:00:00", "2026-03-13 10:00:00", 1),
    ] == [(str(row.start), str(row.end), (row.end - row.start).days) for row in found if row.end]


def test_a_window_lies_around_the_date_of_the_dose() -> None:
    found = rows_of(of("dose: 1 mg, days: [8], window: [-1, +3]"))[0]

    assert (date(2026, 3, 8), date(2026, 3, 12)) == found.window
    assert None is rows_of(of("dose: 1 mg, days: [8]"))[0].window


BETA = "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n      - SIG\n    source: [paper, Methods]"


def beside(sig: str, alpha: str) -> Plan:
    return planned(
        sig=f"{{{alpha}}}",
        components=BETA.replace("SIG", f"{{{sig}}}"),
        drugs=[drug_text("beta")],
    )


#: What hangs on alpha: a day, twice a day, over two hours.
TIMED = [
    ("begins: {after_end_of: alpha IV, by: 12 h}", "days: [1], over: 2 h", ["03-03 00:00"]),
    ("begins: {after_start_of: alpha IV, by: 6 h}", "days: [1], over: 2 h", ["03-02 16:00"]),
    ("begins: {before_start_of: alpha IV, by: 1 h}", "days: [1]", ["03-02 09:00"]),
    # Of several the start of the first, the end of the last; on a day, those of that day.
    ("begins: {before_start_of: alpha IV, by: 1 h}", "days: [1, 3]", ["03-02 09:00"]),
    ("begins: {after_end_of: alpha IV, by: 1 h}", "days: [1, 3], over: 2 h", ["03-04 13:00"]),
    ("days: [1, 3], begins: {before_start_of: alpha IV, by: 1 h}", "days: [1, 3]",
     ["03-02 09:00", "03-04 09:00"]),
    ("days: [1], begins: {after_start_of: alpha IV, by: 1 h}", "days: [1], times_a_day: 2",
     ["03-02 09:00"]),
    ("days: [1], begins: {after_end_of: alpha IV, by: 1 h}", "days: [1], times_a_day: 2, over: 1 h",
     ["03-02 22:00"]),
    ("every: 6 h, doses: 3, begins: {after_start_of: alpha IV, by: 6 h}", "days: [1]",
     ["03-02 16:00", "03-02 22:00", "03-03 04:00"]),
    ("every: 6 h, doses: 2, begins: {after_end_of: alpha IV, by: 30 min}", "days: [1], over: 90 min",
     ["03-02 12:00", "03-02 18:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("sig", "alpha", "starts"), TIMED)
def test_a_time_hangs_on_the_dose_that_is_named(sig: str, alpha: str, starts: list[str]) -> None:
    assert starts == times(beside(f"dose: 1 mg, {sig}", f"dose: 5 mg, {alpha}"), "beta")


def test_doses_in_all_are_counted_over_the_course_and_the_rest_falls_away() -> None:
    """Two a cycle: the third cycle has none left, the second one of two."""
    total = "totals:\n  - {doses: 3, of: [alpha IV], source: [paper, Methods]}"
    found = rows_of(planned(sig="{dose: 1 mg, days: [1, 8]}", more=total))

    assert [("1", 1), ("1", 8), ("2", 1)] == [(row.cycle, row.day) for row in found]


def test_doses_in_all_are_counted_with_those_of_another_drug() -> None:
    """Of both there are four; alpha and beta take turns on days 1 and 2."""
    total = "totals:\n  - {doses: 5, of: [alpha IV, beta PO], source: [paper, Methods]}"
    plan = planned(
        sig="{dose: 1 mg, days: [1]}",
        components=BETA.replace("SIG", "{dose: 1 mg, days: [2]}"),
        drugs=[drug_text("beta")],
        more=total,
    )

    assert [("1", "alpha"), ("1", "beta"), ("2", "alpha"), ("2", "beta"), ("3", "alpha")] == [
        (row.cycle, row.order.drug) for row in plan.administrations
    ]


def test_doses_of_a_day_are_numbered_in_order_of_time() -> None:
    found = of("dose: 1 mg, days: 1-2, times_a_day: 2")

    assert ["1.d1.alpha.IV.1", "1.d1.alpha.IV.2", "1.d2.alpha.IV.1", "1.d2.alpha.IV.2"] == [
        row.id for row in rows_of(found)
    ][:4]
