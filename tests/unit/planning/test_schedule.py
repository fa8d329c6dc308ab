"""Days and times: each row of a plan by hand. Three cycles of 21 days from Monday 2026-03-02.

The site gives a dose at 10:00, two a day at 08:00 and 20:00, three at 08:00, 14:00 and 20:00.
"""

from datetime import date

import pytest
from tests.engine import NONE, TREATMENT, drug_text, planned, rows_of

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
    ("days: 1-2, begins: {before_start_of: alpha IV, by: 1 h}", "days: 1-3",
     ["03-02 09:00", "03-03 09:00"]),
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


# ---------------------------------------------------------------------------- what is given at all


def fact(value: str | None) -> str:
    """What the treatment states: whether the disease lies in the nervous system, or nothing of it."""
    return NONE if value is None else f"facts: {{cns: {value}}}\n{NONE}"


WHEN = "when: {fact: cns, is: negative}"
IN_SIG = f"      - {{dose: 1 mg, days: [2], {WHEN}}}"
IN_COMPONENT = f"    {WHEN}\n    sigs:\n      - {{dose: 1 mg, days: [2]}}"


@pytest.mark.parametrize("where", ["sig", "component"])
@pytest.mark.parametrize(
    ("stated", "status", "needs"),
    [("negative", "planned", ()), ("active", None, ()), (None, "unresolved", ("cns",))],
)
def test_a_dose_hangs_on_a_fact_and_is_open_until_it_is_stated(
    where: str, stated: str | None, status: str | None, needs: tuple[str, ...]
) -> None:
    sigs = f"    sigs:\n{IN_SIG}" if where == "sig" else IN_COMPONENT
    beta = BETA.replace("    sigs:\n      - SIG", sigs)
    plan = planned(stated=fact(stated), components=beta, drugs=[drug_text("beta")])

    found = [(row.status, row.order.needs) for row in rows_of(plan, "beta")]
    assert ([] if status is None else [(status, needs)] * 3) == found


def test_what_hangs_on_a_dose_that_is_open_is_open_too() -> None:
    plan = planned(
        stated=fact(None),
        sig=f"{{dose: 5 mg, days: [1], {WHEN}}}",
        components=BETA.replace("SIG", "{dose: 1 mg, begins: {after_start_of: alpha IV, by: 6 h}}"),
        drugs=[drug_text("beta")],
    )

    assert [("unresolved", ("cns",))] * 3 == [
        (row.status, row.order.needs) for row in rows_of(plan, "beta")
    ]


def test_an_age_is_that_of_the_day_of_the_dose() -> None:
    """Born on 1966-03-05, 60 years old from day 4 of the first cycle on."""
    head = TREATMENT.replace("age: 45", "birth_date: 1966-03-05")
    given = "{dose: 1 mg, days: 1-5, when: {measure: age, at_least: 60}}"
    left = "{dose: 1 mg, days: 1-5, when: {measure: age, below: 60}}"

    older, younger = (planned(sig=sig, head=head) for sig in (given, left))

    assert [4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5] == [row.day for row in rows_of(older)]
    assert [1, 2, 3] == [row.day for row in rows_of(younger)]


def test_an_age_that_a_whole_component_asks_for_is_that_of_the_day_too() -> None:
    head = TREATMENT.replace("age: 45", "birth_date: 1966-03-05")
    sigs = "    when: {measure: age, at_least: 60}\n    sigs:\n      - {dose: 1 mg, days: 1-5}"
    beta = BETA.replace("    sigs:\n      - SIG", sigs)
    plan = planned(head=head, components=beta, drugs=[drug_text("beta")])

    assert [4, 5, 1, 2] == [row.day for row in rows_of(plan, "beta")][:4]


# ----------------------------------------------------------------------------------- what is chosen

DAYS = "options:\n  on_days: {about: days, days: 2, source: [paper, Methods]}"
LONG = "options:\n  how_long: {about: length, between: [1 h, 30 h], source: [paper, Methods]}"


def test_doses_at_one_time_stand_in_the_order_of_the_protocol() -> None:
    plan = beside("dose: 1 mg, days: [1, 2]", "dose: 5 mg, days: [1, 2]")

    assert ["alpha", "beta", "alpha", "beta"] == [row.order.drug for row in plan.administrations][
        :4
    ]


def test_a_length_that_is_chosen_ends_the_infusion() -> None:
    """90 minutes, written as 1.5 h."""
    sig = "{dose: 1 mg, days: [1], over: {option: how_long}}"
    plan = planned(stated="options: {how_long: 1.5 h}\n" + NONE, sig=sig, options=LONG)

    assert "2026-03-02 11:30:00" == str(rows_of(plan)[0].end)


def test_a_length_that_must_be_chosen_leaves_the_dose_open() -> None:
    sig = "{dose: 1 mg, days: [1], over: {option: how_long}}"
    row = rows_of(planned(sig=sig, options=LONG))[0]

    assert ("unresolved", ("how_long",), None) == (row.status, row.order.needs, row.end)


BY_DAYS = "{dose: 1 mg, days: {option: on_days}}"
ASKED = "days: choose on_days as 2 days of the cycle, with commas"


def test_days_that_are_chosen_are_the_days() -> None:
    plan = planned(stated='options: {on_days: "3, 15"}\n' + NONE, sig=BY_DAYS, options=DAYS)

    assert [("1", 3), ("1", 15), ("2", 3), ("2", 15), ("3", 3), ("3", 15)] == [
        (row.cycle, row.day) for row in rows_of(plan)
    ]
    assert () == plan.unresolved


def test_days_that_must_be_chosen_are_asked_for_and_nothing_is_dated() -> None:
    plan = planned(sig=BY_DAYS, options=DAYS)

    assert () == plan.administrations
    assert [("alpha", ("on_days",), (ASKED,), ())] == [
        (open_.about, open_.needs, open_.wanted, open_.administrations) for open_ in plan.unresolved
    ]


def test_a_dose_that_must_be_chosen_is_asked_for_with_its_days() -> None:
    amount = "\n  amount: {about: dose, between: [1 mg, 9 mg], source: [paper, Methods]}"
    sig = "{dose: {option: amount}, days: {option: on_days}}"

    neither = planned(sig=sig, options=DAYS + amount)
    days_only = planned(stated="options: {amount: 2 mg}\n" + NONE, sig=sig, options=DAYS + amount)

    assert [("on_days", "amount")] == [open_.needs for open_ in neither.unresolved]
    assert [("on_days",)] == [open_.needs for open_ in days_only.unresolved]


@pytest.mark.parametrize(
    ("stated", "needs"),
    [("negative", [("on_days",)]), ("active", []), (None, [("on_days", "cns")])],
)
def test_days_are_asked_for_where_the_drug_is_given_at_all(
    stated: str | None, needs: list[tuple[str, ...]]
) -> None:
    sig = f"{{dose: 1 mg, days: {{option: on_days}}, {WHEN}}}"
    plan = planned(stated=fact(stated), sig=sig, options=DAYS)

    assert needs == [open_.needs for open_ in plan.unresolved]


def test_days_of_a_drug_below_one_whose_days_are_open_are_known() -> None:
    """What is open of alpha leaves beta, which stands below it, alone."""
    plan = planned(
        sig=BY_DAYS,
        options=DAYS,
        components=BETA.replace("SIG", "{dose: 1 mg, days: [2]}"),
        drugs=[drug_text("beta")],
    )

    assert [("1", 2), ("2", 2), ("3", 2)] == [(row.cycle, row.day) for row in rows_of(plan, "beta")]


def test_what_hangs_on_days_that_are_open_waits_for_the_same_choice() -> None:
    plan = planned(
        sig=BY_DAYS,
        options=DAYS,
        components=BETA.replace("SIG", "{dose: 1 mg, begins: {after_start_of: alpha IV, by: 6 h}}"),
        drugs=[drug_text("beta")],
    )

    assert () == plan.administrations
    assert [("alpha", ("on_days",)), ("beta", ("on_days",))] == [
        (open_.about, open_.needs) for open_ in plan.unresolved
    ]


ABOVE = """\
{dose: 1 mg, days: [1], over: 2 h}
      - {dose: 2 mg, over: 22 h, begins: {after_end_of: above}}
      - {dose: 3 mg, begins: {after_end_of: above, by: 12 h}}"""


def test_a_dose_begins_when_the_one_written_above_it_ends() -> None:
    """10:00 and 2 hours, 22 hours, 12 hours."""
    assert ["03-02 10:00", "03-02 12:00", "03-03 22:00"] == times(planned(sig=ABOVE))


def test_a_dose_may_hang_on_one_that_stands_below_it_and_hangs_on_another() -> None:
    """Alpha ends at 12:00; gamma runs from 13:00 to 14:00, and beta follows at 20:00."""
    beta = BETA.replace("SIG", "{dose: 1 mg, begins: {after_end_of: gamma IV, by: 6 h}}")
    gamma = BETA.replace("beta", "gamma").replace("PO", "IV").replace(
        "SIG", "{dose: 1 mg, over: 1 h, begins: {after_end_of: alpha IV, by: 1 h}}"
    )  # fmt: skip
    plan = planned(
        sig="{dose: 1 mg, days: [2], over: 2 h}",
        components=f"{beta}\n{gamma}",
        drugs=[drug_text("beta"), drug_text("gamma")],
    )

    assert ["03-03 20:00"] == times(plan, "beta")
    assert ["03-03 13:00"] == times(plan, "gamma")


def test_a_length_that_is_open_leaves_what_begins_after_its_end_open() -> None:
    plan = planned(
        sig="{dose: 1 mg, days: [1], over: {option: how_long}}",
        options=LONG,
        components=BETA.replace("SIG", "{dose: 1 mg, begins: {after_end_of: alpha IV, by: 6 h}}"),
        drugs=[drug_text("beta")],
    )

    assert [("beta", ("how_long",)), ("alpha", ("how_long",))] == sorted(
        ((open_.about, open_.needs) for open_ in plan.unresolved), reverse=True
    )
    assert [] == rows_of(plan, "beta")


@pytest.mark.parametrize(
    ("where", "cycles"),
    [("first only", ["1"]), ("later only", ["2", "3"]), ("[2]", ["2"]), ("[1, 3]", ["1", "3"])],
)
def test_cycles_are_named_by_label_or_as_first_and_later_of_a_kind(
    where: str, cycles: list[str]
) -> None:
    beta = BETA.replace("in: only", f"in: {where}").replace("SIG", "{dose: 1 mg, days: [1]}")
    plan = planned(components=beta, drugs=[drug_text("beta")])

    assert cycles == [row.cycle for row in rows_of(plan, "beta")]


def test_days_that_are_open_below_a_drug_whose_days_are_known_are_asked_for() -> None:
    plan = planned(
        sig="{dose: 1 mg, days: [1]}",
        options=DAYS,
        components=BETA.replace("SIG", BY_DAYS),
        drugs=[drug_text("beta")],
    )

    assert [("beta", ("on_days",))] == [(open_.about, open_.needs) for open_ in plan.unresolved]


def test_days_whose_option_waits_for_a_fact_ask_for_the_fact() -> None:
    waiting = DAYS.replace("days: 2", "days: 2, when: {fact: cns, is: negative}")
    plan = planned(sig=BY_DAYS, options=waiting)

    assert [("cns",)] == [open_.needs for open_ in plan.unresolved]


def test_days_are_asked_for_where_the_drug_is_given_in_any_of_its_cycles() -> None:
    """Sixty on the first day of the second cycle, a day after that of the third, and never."""
    sig = "{dose: 1 mg, days: {option: on_days}, when: {measure: age, at_least: 60}}"
    plans = [
        planned(sig=sig, options=DAYS, head=TREATMENT.replace("age: 45", f"birth_date: {born}"))
        for born in ("1966-03-23", "1966-04-14", "1980-01-01")
    ]

    assert [[("on_days",)], [], []] == [
        [open_.needs for open_ in plan.unresolved] for plan in plans
    ]


def test_a_length_whose_option_waits_for_a_fact_asks_for_the_fact() -> None:
    waiting = LONG.replace("30 h]", "30 h], when: {fact: cns, is: negative}")
    plan = planned(sig="{dose: 1 mg, days: [1], over: {option: how_long}}", options=waiting)

    assert [("unresolved", ("cns",))] * 3 == [
        (row.status, row.order.needs) for row in rows_of(plan)
    ]


def test_what_a_later_cycle_wants_is_asked_for_once_its_days_are_chosen() -> None:
    """Creatinine of 1 March is fresh on 2 March, the start of cycle 1, and not on 23 March."""
    sig = "{dose: 1 mg, days: DAYS, when: {lab: creatinine, below: 2 mg/dL}}"
    labs = "labs:\n  - {date: 2026-03-01, creatinine: 1 mg/dL}\nas_of: 2026-03-23\n"
    still_open = planned(
        stated=labs + NONE, sig=sig.replace("DAYS", "{option: on_days}"), options=DAYS
    )
    known = planned(stated=labs + NONE, sig=sig.replace("DAYS", "[1]"))

    assert [("on_days",)] == [open_.needs for open_ in still_open.unresolved]
    assert [("creatinine",)] == [open_.needs for open_ in known.unresolved]


def test_days_that_are_open_below_a_line_whose_days_are_known_are_asked_for() -> None:
    plan = planned(sig=f"{{dose: 5 mg, days: [2]}}\n      - {BY_DAYS}", options=DAYS)

    assert [("alpha", ("on_days",))] == [(open_.about, open_.needs) for open_ in plan.unresolved]
    assert [2, 2, 2] == [row.day for row in rows_of(plan)]
