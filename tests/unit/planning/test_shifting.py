"""Where a dose may go that is held or put off: what the finding says of it, day by day by hand.

Alpha is given in cycles of 21 days from 2026-03-02, 03-23 and 04-13. Where a dose is held, days are
looked at from the day of the plan on.
"""

from datetime import date

import pytest
from tests.engine import NONE, drug_text, listed, messages, planned, scene

from protoplan.model.plan import Plan
from protoplan.planning.shifting import Shift, smallest

DAYS_3 = "spacing:\n  - {from: beta, at_least: 3 days, source: [label, section 9]}"
VINCA = "classes:\n  vinca: {source: [label, section 9]}"


def component(drug: str, days: str, route: str = "IV") -> str:
    sig = f"{{dose: 1 mg, days: {days}}}"
    return f"  - {{drug: {drug}, in: only, route: {route}, sigs: [{sig}], source: [paper, x]}}\n"


def told(*entries: str, as_of: str = "", **more: str) -> list[str]:
    """What is said of doses that are held or put off."""
    record = listed("record", [f"{{{entry}}}" for entry in entries])
    day = f"as_of: {as_of}\n" if as_of else ""
    plan: Plan = planned(
        [],
        f"{NONE}{day}{record}\n",
        drugs=[drug_text("beta", VINCA)],
        **more,  # type: ignore[arg-type]
    )
    return messages(plan, "PF236")


def held(day: int = 1, cycle: int = 1, route: str = "IV") -> str:
    on = {(1, 1): "03-02", (1, 8): "03-09", (3, 8): "04-20"}[cycle, day]
    return f"date: 2026-{on}, held: {cycle}.d{day}.alpha.{route}.1, reason: fever"


NO_WINDOW = ", by least distances alone, for no window is printed"
WEEKLY = "{dose: 100 mg, days: [1, 8]}"
WINDOW = "{dose: 100 mg, days: [1]}\n      - {dose: 100 mg, days: [8], window: [-1, +3]}"

#: The sigs of alpha, which dose is held, the day of the plan, and where it may go.
HELD = [
    (WEEKLY, (1, 1), "03-02", f"the smallest legal shift is to 2026-03-02{NO_WINDOW}"),
    (WEEKLY, (1, 1), "03-05", f"the smallest legal shift is by 3 days to 2026-03-05{NO_WINDOW}"),
    # Up to the day before the next dose.
    (WEEKLY, (1, 1), "03-08", f"the smallest legal shift is by 6 days to 2026-03-08{NO_WINDOW}"),
    (WEEKLY, (1, 1), "03-09", "there is no legal day for it: the next dose of alpha is due on "
                              "2026-03-09"),
    # Up to the end of the cycle.
    (WEEKLY, (1, 8), "03-22", f"the smallest legal shift is by 13 days to 2026-03-22{NO_WINDOW}"),
    (WEEKLY, (1, 8), "03-23", "there is no legal day for it: the cycle ends on 2026-03-22"),
    (WEEKLY, (3, 8), "05-03", f"the smallest legal shift is by 13 days to 2026-05-03{NO_WINDOW}"),
    (WEEKLY, (3, 8), "05-04", "there is no legal day for it: the cycle ends on 2026-05-03"),
    # A window is all that counts; it may reach past the next dose.
    (WINDOW, (1, 8), "03-12", "the smallest legal shift is by 3 days to 2026-03-12"),
    (WINDOW, (1, 8), "03-13", "there is no legal day for it: its window ends on 2026-03-12"),
    ("{dose: 100 mg, days: [1], window: [0, +9]}\n      - {dose: 100 mg, days: [8]}", (1, 1), "03-10",
     "the smallest legal shift is by 8 days to 2026-03-10"),
    # The evening dose of the same day is no next dose.
    ("{dose: 100 mg, days: [1, 8], times_a_day: 2}", (1, 1), "03-08",
     f"the smallest legal shift is by 6 days to 2026-03-08{NO_WINDOW}"),
]  # fmt: skip


@pytest.mark.parametrize(("sig", "dose", "as_of", "where"), HELD)
def test_a_dose_that_is_held_may_go_so_far(
    sig: str, dose: tuple[int, int], as_of: str, where: str
) -> None:
    cycle, day = dose
    on = {(1, 1): "03-02", (1, 8): "03-09", (3, 8): "04-20"}[dose]

    assert [
        f"alpha intravenous is held on 2026-{on}: fever; cycle {cycle} day {day}: {where}"
    ] == told(held(day, cycle), as_of=f"2026-{as_of}", sig=sig)


def test_no_day_before_the_one_on_which_it_was_due_is_looked_at() -> None:
    entry = "date: 2026-03-05, held: 1.d8.alpha.IV.1, reason: fever"

    assert [
        "alpha intravenous is held on 2026-03-05: fever; cycle 1 day 8: the smallest legal shift is "
        f"to 2026-03-09{NO_WINDOW}"
    ] == told(entry, sig=WEEKLY)


@pytest.mark.parametrize(
    ("more", "components"),
    [
        # Not given; by another route; another drug.
        (["date: 2026-03-09, missed: 1.d8.alpha.IV.1, reason: fever"], ""),
        ([], component("alpha", "[5]", "PO")),
        ([], component("beta", "[5]")),
    ],
)
def test_the_next_dose_is_one_of_the_drug_by_its_route_that_is_given(
    more: list[str], components: str
) -> None:
    sig = WEEKLY if more else "{dose: 100 mg, days: [1]}"

    assert [
        "alpha intravenous is held on 2026-03-02: fever; cycle 1 day 1: the smallest legal shift is "
        f"by 8 days to 2026-03-10{NO_WINDOW}"
    ] == told(held(), *more, as_of="2026-03-10", sig=sig, components=components)


NEAR = "alpha lies within 3 days of beta (beta intravenous cycle 1 day {0})"

#: The days of beta, the day of the plan, and where alpha of day 1 may go before day 8.
SPACED = [
    # Of the days up to the 8th only the 2nd, and then the 8th, lie 3 days from the 5th.
    ("[4]", "03-02", f"the smallest legal shift is to 2026-03-02{NO_WINDOW}"),
    ("[4]", "03-03", f"the smallest legal shift is by 6 days to 2026-03-08{NO_WINDOW}"),
    # Each is told once, in the order of the days.
    ("[4, 7]", "03-03", "there is no legal day for it: the next dose of alpha is due on 2026-03-09, "
                        f"and on each day before {NEAR.format(4)}; {NEAR.format(7)}"),
    # What lay too near on the day on which it was due is the protocol's own.
    ("[1]", "03-03", f"the smallest legal shift is by 1 day to 2026-03-03{NO_WINDOW}"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "as_of", "where"), SPACED)
def test_least_distances_are_kept_on_the_new_day(days: str, as_of: str, where: str) -> None:
    components = component("beta", days)

    assert [f"alpha intravenous is held on 2026-03-02: fever; cycle 1 day 1: {where}"] == told(
        held(), as_of=f"2026-{as_of}", sig=WEEKLY, components=components, label=DAYS_3
    )


def test_a_shift_says_what_it_was_found_by() -> None:
    seen = scene(
        sig=WEEKLY, components=component("beta", "[4]"), label=DAYS_3, drugs=[drug_text("beta")]
    )
    why = "the next dose of alpha is due on 2026-03-09"

    assert Shift(date(2026, 3, 8), why, (NEAR.format(4),)) == smallest(
        seen.administrations[0], date(2026, 3, 3), seen
    )


def test_an_infusion_is_looked_at_to_its_new_end() -> None:
    """48 hours lie between the 4th at 10:00, where alpha ends, and beta of day 5; then but 24."""
    found = told(
        held(),
        as_of="2026-03-03",
        sig="{rate: 10 mg/day, days: 1-2}",
        components=component("beta", "[5]"),
        label="spacing:\n  - {before: beta, at_least: 48 h, source: [label, section 9]}",
    )

    # Behind beta any day is as good.
    assert [
        "alpha intravenous is held on 2026-03-02: fever; cycle 1 day 1: the smallest legal shift is "
        f"by 5 days to 2026-03-07{NO_WINDOW}"
    ] == found


def test_an_intrathecal_dose_goes_onto_no_day_with_a_vinca_alkaloid() -> None:
    """Beta stands on the 3rd and the 4th; of other days nothing is said."""
    found = told(
        held(route="IT"), as_of="2026-03-03", route="IT", components=component("beta", "[2, 3]")
    )

    assert [
        "alpha INTRATHECAL is held on 2026-03-02: fever; cycle 1 day 1: the smallest legal shift is "
        f"by 3 days to 2026-03-05{NO_WINDOW}"
    ] == found


def test_a_vinca_alkaloid_goes_onto_no_day_with_an_intrathecal_dose() -> None:
    found = told(
        "date: 2026-03-02, held: 1.d1.beta.IV.1, reason: fever",
        as_of="2026-03-04",
        route="IT",
        sig="{dose: 1 mg, days: [3, 4]}",
        components=component("beta", "[1]") + component("alpha", "[5]"),
    )

    assert [
        "beta intravenous is held on 2026-03-02: fever; cycle 1 day 1: the smallest legal shift is "
        f"by 4 days to 2026-03-06{NO_WINDOW}"
    ] == found


def test_an_intrathecal_and_another_dose_of_no_vinca_alkaloid_may_meet() -> None:
    found = told(
        held(route="IT"),
        as_of="2026-03-03",
        route="IT",
        components=component("alpha", "[2]") + component("beta", "[2]", "IT"),
    )

    # The 3rd holds beta, whose class is that of vinca alkaloids by whatever route.
    assert [
        "alpha INTRATHECAL is held on 2026-03-02: fever; cycle 1 day 1: the smallest legal shift is "
        f"by 2 days to 2026-03-04{NO_WINDOW}"
    ] == found


@pytest.mark.parametrize(
    ("alpha", "beta", "text"),
    [
        ("1", "2", "alpha INTRATHECAL is put off by 1 day to 2026-03-03: bed; a vinca alkaloid stands "
                   "on that day"),
        ("2", "1", "beta intravenous is put off by 1 day to 2026-03-03: bed; an intrathecal dose "
                   "stands on that day"),
    ],
)  # fmt: skip
def test_what_stands_on_the_new_day_is_said(alpha: str, beta: str, text: str) -> None:
    dose = "1.d1.alpha.IT.1" if alpha == "1" else "1.d1.beta.IV.1"
    found = told(
        f"date: 2026-03-02, delayed: {dose}, to: 2026-03-03, reason: bed",
        route="IT",
        sig=f"{{dose: 1 mg, days: [{alpha}]}}",
        components=component("beta", f"[{beta}]"),
    )

    assert [f"{text}; the smallest legal shift is to 2026-03-02{NO_WINDOW}"] == found


#: The day to which alpha is put off, and what is said of it.
PUT_OFF = [
    ("03-05", "by 3 days to 2026-03-05: bed; no window is printed"),
    ("03-09", "by 7 days to 2026-03-09: bed; the next dose of alpha is due on 2026-03-09; the "
              f"smallest legal shift is to 2026-03-02{NO_WINDOW}"),
]  # fmt: skip


@pytest.mark.parametrize(("to", "text"), PUT_OFF)
def test_a_day_that_is_recorded_is_looked_at(to: str, text: str) -> None:
    entry = f"date: 2026-03-02, delayed: 1.d1.alpha.IV.1, to: 2026-{to}, reason: bed"

    assert [f"alpha intravenous is put off {text}"] == told(entry, sig=WEEKLY)


def test_a_dose_put_off_is_no_obstacle_to_itself() -> None:
    """On its new day alpha stands in the plan already; only beta of day 4 lies too near."""
    entry = "date: 2026-03-02, delayed: 1.d1.alpha.IV.1, to: 2026-03-04, reason: bed"
    components = component("beta", "[4]")
    itself = "\n  - {from: itself, at_least: 2 days, source: [label, section 9]}"

    assert [
        f"alpha intravenous is put off by 2 days to 2026-03-04: bed; {NEAR.format(4)}; the smallest "
        f"legal shift is to 2026-03-02{NO_WINDOW}"
    ] == told(entry, sig=WEEKLY, components=components, label=DAYS_3 + itself)
