"""Checks of the finished plan: each fires where it must, and is silent just beside.

alpha and beta are made up; cycles of 21 days begin on 2026-03-02, 23 and 04-13, at 1.84 m2.
"""

import pytest
from tests.engine import (
    NONE,
    drug_text,
    found,
    in_steps,
    listed,
    messages,
    planned,
    rule,
    said,
)

from protoplan import api
from protoplan.model.plan import Plan
from protoplan.problems import Severity

UNSTATED = "medicines: none\n"


def component(sig: str, route: str = "IV", drug: str = "beta", cycles: str = "only") -> str:
    return f"  - {{drug: {drug}, in: {cycles}, route: {route}, sigs: [{sig}], source: [paper, x]}}"


def label(section: str, *entries: str) -> str:
    return listed(section, [f"{{{entry}, source: [label, section 9]}}" for entry in entries])


# -- spacing ---------------------------------------------------------------------------------------

HOURS_72 = label("spacing", "from: itself, at_least: 72 h")
DAYS_6 = label("spacing", "from: itself, at_least: 6 days")


@pytest.mark.parametrize(
    ("days", "near"),
    [("[1, 4]", False), ("[1, 3]", True), ("[1, 4, 8, 11]", False), ("[1, 4, 6]", True)],
)
def test_seventy_two_hours_between_doses(days: str, near: bool) -> None:
    plan = planned(sig=f"{{dose: 1 mg, days: {days}}}", label=HOURS_72)

    assert near == bool(found(plan, "PF230"))


def test_hours_are_counted_by_the_clock() -> None:
    # 08:00 and 20:00 each day: 12 hours apart, and the same two of each day in one finding.
    plan = planned(sig="{dose: 1 mg, times_a_day: 2, days: [1]}", label=HOURS_72)

    assert 1 == len(found(plan, "PF230"))
    assert 6 == len(found(plan, "PF230")[0].administrations)


@pytest.mark.parametrize(("days", "near"), [("[2, 8]", False), ("[3, 8]", True), ("[2, 7]", True)])
def test_six_days_between_doses(days: str, near: bool) -> None:
    plan = planned(sig=f"{{dose: 1 mg, days: {days}}}", label=DAYS_6)

    assert near == bool(found(plan, "PF230"))


def test_doses_of_two_cycles_are_looked_at_too() -> None:
    # Day 17 and day 1 of the next cycle, of 21 days: five days.
    plan = planned(sig="{dose: 1 mg, days: [1, 17]}", label=DAYS_6)

    assert [
        "doses of alpha lie less than 6 days apart: alpha intravenous cycle 1 day 17 and "
        "alpha intravenous cycle 2 day 1; alpha intravenous cycle 2 day 17 and alpha intravenous "
        "cycle 3 day 1"
    ] == messages(plan, "PF230")


@pytest.mark.parametrize("effect", ["omit: true", "hold: recovery"])
def test_a_dose_that_is_not_given_is_near_to_none(effect: str) -> None:
    plan = planned(
        [rule(f"{effect}, for_doses: {{at_least: 2 mg}}")],
        sig="{dose: 1 mg, days: [1]}\n      - {dose: 2 mg, days: [3]}",
        label=HOURS_72,
    )

    assert [] == found(plan, "PF230")


@pytest.mark.parametrize(
    ("way", "day", "near"),
    [
        # alpha stands on day 10.
        ("from", 9, True), ("from", 10, True), ("from", 11, True), ("from", 12, False),
        ("from", 8, False),
        ("before", 9, False), ("before", 10, True), ("before", 11, True), ("before", 12, False),
        ("after", 8, False), ("after", 9, True), ("after", 10, True), ("after", 11, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("other", ["beta", "beta IV", "odd"])
def test_a_distance_counts_both_ways_or_one(way: str, day: int, near: bool, other: str) -> None:
    plan = planned(
        sig="{dose: 1 mg, days: [10]}",
        label=label("spacing", f"{way}: {other}, at_least: 2 days"),
        components=component(f"{{dose: 1 mg, days: [{day}]}}"),
        drugs=[drug_text("beta", "classes:\n  odd: {source: [label, x]}")],
    )

    assert near == bool(found(plan, "PF230"))


def test_a_dose_is_not_near_to_itself() -> None:
    odd = "classes:\n  odd: {source: [label, x]}\n"
    alone = planned(
        sig="{dose: 1 mg, days: [10]}", label=odd + label("spacing", "from: odd, at_least: 2 days")
    )

    assert [] == found(alone, "PF230")


def test_each_pair_is_named_once() -> None:
    odd = "classes:\n  odd: {source: [label, x]}\n"
    plan = planned(
        sig="{dose: 1 mg, days: [9, 10]}",
        label=odd + label("spacing", "from: odd, at_least: 2 days, otherwise: stop"),
    )

    assert [
        "alpha lies within 2 days of odd: alpha intravenous cycle 1 day 9 and alpha "
        "intravenous cycle 1 day 10; alpha intravenous cycle 2 day 9 and alpha intravenous cycle 2 "
        "day 10; alpha intravenous cycle 3 day 9 and alpha intravenous cycle 3 day 10"
    ] == messages(plan, "PF230")
    assert 4 == api.exit_code(plan)


# -- companions ------------------------------------------------------------------------------------

RESCUE = label(
    "companions",
    "drug: beta, for_doses: {at_least: 500 mg/m2}, unless: {fact: leucovorin_elsewhere, is: yes}, "
    "otherwise: stop, says: alpha without beta",
)
LARGE, SMALL = "{dose: 500 mg/m2, days: [1]}", "{dose: 499 mg/m2, days: [1]}"
GIVES = (
    "open_items:\n  - {text: rescue, gives: [{drug: beta, route: IV, dose: 1 mg}], until: so, "
    "source: [paper, x]}"
)


def alone(sig: str, stated: str = NONE, more: str = "") -> Plan:
    return planned([], stated, label=RESCUE, sig=sig, drugs=[drug_text("beta")], more=more)


@pytest.mark.parametrize(
    ("sig", "missing"),
    [
        (LARGE, True), (SMALL, False), ("{dose: 0.5 g/m2, days: [1]}", True),
        # A rate counts as what it comes to over its days.
        ("{rate: 500 mg/m2/day, days: [1]}", True), ("{rate: 499 mg/m2/day, days: [1]}", False),
        ("{rate: 250 mg/m2/day, days: 1-2}", True), ("{rate: 21 mg/m2/h, days: [1]}", True),
    ],
)  # fmt: skip
def test_a_large_dose_without_its_companion_is_a_stop(sig: str, missing: bool) -> None:
    plan = alone(sig)
    expected = ["alpha without beta (cycles 1, 2, 3); not stated: leucovorin_elsewhere"]

    assert (expected if missing else []) == messages(plan, "PF229")
    assert (4 if missing else 0) == api.exit_code(plan)


@pytest.mark.parametrize(("answer", "missing"), [("yes", False), ("no", True)])
def test_a_companion_that_is_ordered_elsewhere_is_not_missed(answer: str, missing: bool) -> None:
    plan = alone(LARGE, f"{NONE}facts: {{leucovorin_elsewhere: {answer}}}\n")

    assert (["alpha without beta (cycles 1, 2, 3)"] if missing else []) == messages(plan, "PF229")


def test_an_open_item_that_gives_the_companion_is_enough() -> None:
    assert [] == found(alone(LARGE, more=GIVES), "PF229")


def test_an_open_item_of_some_cycles_is_enough_in_these() -> None:
    plan = alone(LARGE, more=GIVES.replace("text: rescue,", "text: rescue, in: [2],"))

    assert ["alpha without beta (cycles 1, 3); not stated: leucovorin_elsewhere"] == messages(
        plan, "PF229"
    )


def test_an_open_item_that_may_not_hold_is_not_enough() -> None:
    when = GIVES.replace("text: rescue,", "text: rescue, when: {fact: lineage, is: T},")

    assert 1 == len(found(alone(LARGE, more=when), "PF229"))
    assert [] == found(alone(LARGE, f"{NONE}facts: {{lineage: T}}\n", when), "PF229")


def test_the_companion_must_stand_in_the_same_cycle() -> None:
    plan = planned(
        label=RESCUE,
        sig=LARGE,
        components=component("{dose: 1 mg, days: [2]}", cycles="[1, 3]"),
        drugs=[drug_text("beta")],
    )

    assert ["alpha without beta (cycles 2); not stated: leucovorin_elsewhere"] == messages(
        plan, "PF229"
    )


@pytest.mark.parametrize("effect", ["omit: true", "hold: so"])
def test_a_companion_that_a_rule_takes_away_is_missed(effect: str) -> None:
    plan = planned(
        [rule(effect, drug="beta")],
        label=RESCUE,
        sig=LARGE,
        components=component("{dose: 1 mg, days: [2]}"),
        drugs=[drug_text("beta")],
    )

    assert 1 == len(found(plan, "PF229"))


def test_a_dose_that_is_left_out_needs_no_companion() -> None:
    plan = planned([rule("omit: true")], label=RESCUE, sig=LARGE, drugs=[drug_text("beta")])

    assert [] == found(plan, "PF229")


# -- limits ----------------------------------------------------------------------------------------


def limit(most: str, over: str = "lifetime", more: str = "") -> str:
    return label("limits", f"about: alpha/sum, most: {most}, over: {over}{more}")


@pytest.mark.parametrize(
    ("most", "over", "code"),
    [
        # 100 mg/m2 on one day of each of three cycles.
        ("300 mg/m2", "lifetime", 0), ("299.9 mg/m2", "lifetime", 4),
        ("100 mg/m2", "cycle", 0), ("99.9 mg/m2", "cycle", 4), ("0.1 g/m2", "cycle", 0),
    ],
)  # fmt: skip
def test_a_limit_itself_may_be_reached(most: str, over: str, code: int) -> None:
    plan = planned(sig="{dose: 100 mg/m2, days: [1]}", label=limit(most, over))

    assert code == api.exit_code(plan)


def test_a_sum_past_its_limit_is_said_with_its_numbers() -> None:
    plan = planned(
        sig="{dose: 100 mg/m2, days: [1]}", label=limit("250 mg/m2", more=", says: so it is")
    )

    assert [
        (Severity.STOP, "alpha comes to 300 mg/m² in all, with earlier treatment, past 250 mg/m²: "
                        "so it is")
    ] == [(f.severity, said(f.message)) for f in found(plan, "PF231")]  # fmt: skip


def test_what_is_ordered_counts_where_rounding_makes_more_of_it() -> None:
    # In steps of 0.05 mg: 1.4 x 1.84 = 2.576, ordered 2.6, which is 1.413 mg/m2.
    sig, policy = "{dose: 1.4 mg/m2, days: [1]}", in_steps("0.05 mg")
    near, past = (
        planned(sig=sig, policy=policy, label=limit(f"{most} mg/m2", "cycle"))
        for most in ("1.42", "1.41")
    )

    assert (0, 4) == (api.exit_code(near), api.exit_code(past))


@pytest.mark.parametrize(
    ("earlier", "code"),
    [
        ("none", 0),
        ("[{drug: alpha, amount: 50 mg/m2}]", 0),
        ("[{drug: alpha, amount: 50.1 mg/m2}]", 4),
        ("[{drug: alpha, amount: 30 mg/m2}, {drug: alpha, amount: 20.1 mg/m2}]", 4),
        ("[{drug: vincristine, amount: 500 mg/m2}]", 0),
        # In another unit it cannot be counted; and what is not known is no nothing.
        ("[{drug: alpha, amount: 50 mg}]", 5),
    ],
)
def test_earlier_treatment_counts_over_a_lifetime(earlier: str, code: int) -> None:
    stated = f"{UNSTATED}earlier_exposure: {earlier}\n"
    plan = planned([], stated, sig="{dose: 100 mg/m2, days: [1]}", label=limit("350 mg/m2"))

    assert code == api.exit_code(plan)


def test_earlier_treatment_that_is_not_stated_leaves_a_lifetime_open_and_no_cycle() -> None:
    sig = "{dose: 100 mg/m2, days: [1]}"
    lifetime = planned([], UNSTATED, sig=sig, label=limit("350 mg/m2"))
    cycle = planned([], UNSTATED, sig=sig, label=limit("350 mg/m2", "cycle"))

    assert [
        ("limit alpha/sum", ("earlier_exposure",),
         ("earlier alpha: state earlier_exposure in mg/m2, or none",))
    ] == [(entry.about, entry.needs, entry.wanted) for entry in lifetime.unresolved]  # fmt: skip
    assert (5, 0) == (api.exit_code(lifetime), api.exit_code(cycle))


def test_a_limit_that_is_passed_already_is_a_stop_whatever_came_before() -> None:
    plan = planned(
        [], UNSTATED, sig="{dose: 100 mg/m2, days: [1]}", label=limit("200 mg/m2")
    )  # fmt: skip

    assert 4 == api.exit_code(plan)


def test_the_protocol_s_limit_takes_the_place_of_the_label_s_about_the_same() -> None:
    own = "limits:\n  - {about: alpha/sum, drug: alpha, most: 400 mg/m2, over: lifetime, "
    own += "source: [paper, x]}"

    assert 0 == api.exit_code(
        planned(sig="{dose: 100 mg/m2, days: [1]}", label=limit("200 mg/m2"), more=own)
    )


@pytest.mark.parametrize("effect", ["omit: true", "hold: so"])
def test_a_dose_that_is_not_given_counts_against_no_limit(effect: str) -> None:
    plan = planned(
        [rule(f"in: [3], {effect}")], sig="{dose: 100 mg/m2, days: [1]}", label=limit("200 mg/m2")
    )

    assert [] == found(plan, "PF231")


# -- azoles ----------------------------------------------------------------------------------------

HELD = (
    "instructions:\n  - {hold: azole, around: vincristine, offsets: [-1, 0, 1], because: made up, "
    "source: [paper, x]}"
)
VINCRISTINE = component("{dose: 1 mg, days: [8]}", drug="vincristine", cycles="[1]")


@pytest.mark.parametrize(
    ("dates", "near"),
    [
        # vincristine on the 9th
        ("from: 2026-03-01, to: 2026-03-07", False),
        ("from: 2026-03-01, to: 2026-03-08", True),
        ("from: 2026-03-09, to: 2026-03-09", True),
        ("from: 2026-03-10, to: 2026-03-20", True),
        ("from: 2026-03-11, to: 2026-03-20", False),
    ],
)
@pytest.mark.parametrize("hold", ["", HELD])
def test_an_azole_within_a_day_of_a_vinca_alkaloid(dates: str, near: bool, hold: str) -> None:
    stated = f"earlier_exposure: none\nmedicines: [{{drug: voriconazole, {dates}}}]\n"
    plan = planned([], stated, components=VINCRISTINE, more=hold)

    assert (1 if near and not hold else 0) == len(found(plan, "PF226"))


def test_another_medicine_is_no_azole() -> None:
    stated = "earlier_exposure: none\nmedicines: [{drug: verapamil}]\n"

    assert [] == found(planned([], stated, components=VINCRISTINE), "PF226")


# -- duplicates, usual doses, intrathecal doses ----------------------------------------------------


@pytest.mark.parametrize(
    ("sig", "route", "twice"),
    [
        ("{dose: 5 mg, days: [1]}", "IV", True),
        ("{dose: 5 mg, days: [2]}", "IV", False),
        ("{dose: 5 mg, days: [1]}", "PO", False),
    ],
)
def test_a_drug_by_one_route_at_one_time_twice(sig: str, route: str, twice: bool) -> None:
    plan = planned(components=component(sig, route, "alpha"))

    assert (["alpha IV is planned twice at one time; is one of the two a duplicate?"]
            if twice else []) == messages(plan, "PF227")  # fmt: skip


@pytest.mark.parametrize(
    ("dose", "outside"),
    [
        ("0.49 g/m2", True), ("0.5 g/m2", False), ("3000 mg/m2", False), ("3001 mg/m2", True),
        ("30 g/m2", True),
    ],
)  # fmt: skip
def test_a_printed_dose_outside_the_usual_ones(dose: str, outside: bool) -> None:
    usual = label("usual", "routes: [IV], from: 0.5 g/m2, to: 3 g/m2")

    assert outside == bool(found(planned(sig=f"{{dose: {dose}, days: [1]}}", label=usual), "PF228"))


def test_the_usual_doses_of_another_route_say_nothing() -> None:
    usual = label("usual", "routes: [IT], from: 0.5 g/m2, to: 3 g/m2")

    assert [] == found(planned(sig="{dose: 30 g/m2, days: [1]}", label=usual), "PF228")


@pytest.mark.parametrize(
    ("sig", "near"),
    [
        ("{dose: 5 mg, days: [8]}", True),
        ("{dose: 5 mg, days: [7]}", False),
        ("{dose: 5 mg, days: [7], window: [-1, +1]}", True),
        ("{dose: 5 mg, days: [6], window: [-1, +1]}", False),
    ],
)
def test_an_intrathecal_dose_on_a_day_with_a_vinca_alkaloid(sig: str, near: bool) -> None:
    plan = planned(components=f"{VINCRISTINE}\n{component(sig, 'IT', 'alpha', '[1]')}")

    assert near == bool(found(plan, "PF215"))
