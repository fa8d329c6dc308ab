"""What was planned, as it went: each dose after the record, slot by slot, worked by hand.

Alpha is given in three cycles of 21 days, from Monday 2026-03-02, 03-23 and 04-13, at 10:00; they
are over on 05-04. The first entry of a record stands in line 11 of its file.
"""

from datetime import date

import pytest
from tests.going import STEPS, TWO, Made, refused, told, went

EIGHTH = "1.d8.alpha.IV.1"

# ------------------------------------------------------------------------------- one single dose

#: What is recorded, and what the dose of day 8, the 9th of March, is after it.
FATES = [
    ([], "day 8, 03-09 10:00"),
    (["date: 2026-03-10, given: DOSE, amount: 90 mg"], "day 9, 03-10 10:00 given (line 11)"),
    (["date: 2026-03-09, given: DOSE, amount: 90 mg, time: '11:30'"],
     "day 8, 03-09 11:30 given (line 11)"),
    (["date: 2026-03-09, held: DOSE, reason: fever"],
     "day 8, 03-09 10:00 held (line 11): held on 2026-03-09: fever"),
    (["date: 2026-03-09, missed: DOSE, reason: fever"],
     "day 8, 03-09 10:00 missed (line 11): missed on 2026-03-09: fever"),
    (["date: 2026-03-09, refused: DOSE, reason: wish"],
     "day 8, 03-09 10:00 missed (line 11): refused on 2026-03-09: wish"),
    # Put off; of several the last counts.
    (["date: 2026-03-09, delayed: DOSE, to: 2026-03-12, reason: bed"], "day 11, 03-12 10:00"),
    (["date: 2026-03-09, delayed: DOSE, to: 2026-03-12, reason: bed",
      "date: 2026-03-12, delayed: DOSE, to: 2026-03-13, reason: bed"], "day 12, 03-13 10:00"),
    # Held after it was put off: it waits where it stood; put off on that day or after it: no more.
    (["date: 2026-03-08, delayed: DOSE, to: 2026-03-12, reason: bed",
      "date: 2026-03-09, held: DOSE, reason: fever"],
     "day 8, 03-09 10:00 held (line 12): held on 2026-03-09: fever"),
    (["date: 2026-03-09, delayed: DOSE, to: 2026-03-12, reason: bed",
      "date: 2026-03-09, held: DOSE, reason: fever"], "day 11, 03-12 10:00"),
    (["date: 2026-03-08, held: DOSE, reason: fever",
      "date: 2026-03-09, delayed: DOSE, to: 2026-03-12, reason: bed"], "day 11, 03-12 10:00"),
    (["date: 2026-03-08, held: DOSE, reason: fever",
      "date: 2026-03-10, given: DOSE, amount: 90 mg"], "day 9, 03-10 10:00 given (line 12)"),
    # Put off, and missed on the new day.
    (["date: 2026-03-09, delayed: DOSE, to: 2026-03-12, reason: bed",
      "date: 2026-03-09, missed: DOSE, reason: fever"],
     "day 11, 03-12 10:00 missed (line 12): missed on 2026-03-09: fever"),
    # Past the cycle, which the next one did not cut short.
    (["date: 2026-03-20, delayed: DOSE, to: 2026-03-24, reason: bed"], "day 23, 03-24 10:00"),
    # Stopped: of that day and after it.
    (["date: 2026-03-09, stopped: alpha, reason: rash"],
     "day 8, 03-09 10:00 cancelled (line 11): alpha stopped for good on 2026-03-09: rash"),
    (["date: 2026-03-10, stopped: alpha, reason: rash"], "day 8, 03-09 10:00"),
    (["date: 2026-03-09, given: DOSE, amount: 90 mg",
      "date: 2026-03-09, stopped: alpha, reason: rash"], "day 8, 03-09 10:00 given (line 11)"),
    (["date: 2026-03-09, missed: DOSE, reason: fever",
      "date: 2026-03-09, stopped: alpha, reason: rash"],
     "day 8, 03-09 10:00 missed (line 11): missed on 2026-03-09: fever"),
    # What is held waits no more once its drug is stopped, on that day or later, but for good.
    (["date: 2026-03-09, held: DOSE, reason: fever",
      "date: 2026-03-09, stopped: alpha, reason: rash"],
     "day 8, 03-09 10:00 cancelled (line 12): alpha stopped for good on 2026-03-09: rash"),
    (["date: 2026-03-09, held: DOSE, reason: fever",
      "date: 2026-03-30, stopped: alpha, reason: rash"],
     "day 8, 03-09 10:00 cancelled (line 12): alpha stopped for good on 2026-03-30: rash"),
    (["date: 2026-03-09, held: DOSE, reason: fever",
      "date: 2026-03-08, stopped: alpha, reason: rash"],
     "day 8, 03-09 10:00 held (line 11): held on 2026-03-09: fever"),
    # Another drug, or the drug by another route.
    (["date: 2026-03-02, stopped: beta, reason: rash"], "day 8, 03-09 10:00"),
    (["date: 2026-03-02, stopped: alpha, route: IT, reason: rash"], "day 8, 03-09 10:00"),
    (["date: 2026-03-02, stopped: alpha, route: IV, reason: rash"],
     "day 8, 03-09 10:00 cancelled (line 11): alpha stopped for good on 2026-03-02: rash"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "fate"), FATES)
def test_a_dose_is_what_the_record_makes_of_it(entries: list[str], fate: str) -> None:
    found = went(*(entry.replace("DOSE", EIGHTH) for entry in entries))

    assert f"{EIGHTH} {fate}" == found[EIGHTH]


def test_what_the_record_does_not_name_stays_where_it_was() -> None:
    entry = f"date: 2026-03-10, given: {EIGHTH}, amount: 90 mg"

    assert {**went(), EIGHTH: f"{EIGHTH} day 9, 03-10 10:00 given (line 11)"} == went(entry)


def test_doses_stand_in_the_order_of_time_after_one_is_put_off() -> None:
    entry = "date: 2026-03-02, delayed: 1.d1.alpha.IV.1, to: 2026-03-10, reason: bed"

    assert [
        "1.d8.alpha.IV.1", "1.d1.alpha.IV.1", "2.d1.alpha.IV.1", "2.d8.alpha.IV.1",
        "3.d1.alpha.IV.1", "3.d8.alpha.IV.1",
    ] == [*went(entry)]  # fmt: skip


def test_a_dose_that_was_given_keeps_what_the_record_says_of_it() -> None:
    entry = f"date: 2026-03-10, given: {EIGHTH}, amount: 90 mg"
    slot = next(slot for slot in Made(entry).went() if slot.id == EIGHTH)

    assert slot.given is not None and "90 mg" == str(slot.given.amount)
    assert date(2026, 3, 9) == slot.due
    assert [] == [s.id for s in Made(entry).went() if s.given is not None and s.id != EIGHTH]


def test_a_short_infusion_keeps_its_length_where_it_moves() -> None:
    entries = [
        "date: 2026-03-02, delayed: 1.d1.alpha.IV.1, to: 2026-03-04, reason: bed",
        "date: 2026-03-09, given: 1.d8.alpha.IV.1, amount: 90 mg, time: '11:30'",
    ]
    found = went(*entries, sig="{dose: 100 mg, days: [1, 8], over: 2 h}")

    assert "1.d1.alpha.IV.1 day 3, 03-04 10:00 to 03-04 12:00" == found["1.d1.alpha.IV.1"]
    assert f"{EIGHTH} day 8, 03-09 11:30 to 03-09 13:30 given (line 12)" == found[EIGHTH]


# ------------------------------------------------------------------------------ where cycles end

LATE_DAYS = "{dose: 100 mg, days: [1, 18, 19, 20]}"


def test_a_cycle_that_begins_early_takes_the_days_of_the_one_before() -> None:
    # Day 19 is the 20th of March, on which cycle 2 begins.
    found = went("date: 2026-03-20, cycle: 2, started: true", sig=LATE_DAYS)

    assert [
        "1.d1.alpha.IV.1 day 1, 03-02 10:00",
        "1.d18.alpha.IV.1 day 18, 03-19 10:00",
        "1.d19.alpha.IV.1 day 19, 03-20 10:00 cancelled (line 11): cycle 2 began",
        "1.d20.alpha.IV.1 day 20, 03-21 10:00 cancelled (line 11): cycle 2 began",
    ] == [text for name, text in found.items() if name.startswith("1.")]


@pytest.mark.parametrize(
    ("stop", "cause"),
    [
        ("2026-03-18", "alpha stopped for good on 2026-03-18: rash"),
        ("2026-03-20", "alpha stopped for good on 2026-03-20: rash"),
        ("2026-03-21", "cycle 2 began"),
    ],
)
def test_what_ends_first_says_why_a_dose_falls_away(stop: str, cause: str) -> None:
    """On one day it is the drug that ended, and not the cycle."""
    found = went(
        f"date: {stop}, stopped: alpha, reason: rash",
        "date: 2026-03-20, cycle: 2, started: true",
        sig=LATE_DAYS,
    )

    assert found["1.d20.alpha.IV.1"].endswith(f": {cause}")


@pytest.mark.parametrize(
    ("held", "fate"),
    [
        ("2026-03-19", "cancelled (line 12): cycle 2 began"),
        ("2026-03-20", "cancelled (line 12): cycle 2 began"),
        ("2026-03-21", "held (line 11): held on 2026-03-21: fever"),
    ],
)
def test_what_is_held_waits_until_the_next_cycle_began(held: str, fate: str) -> None:
    dose = "1.d18.alpha.IV.1"
    found = went(
        f"date: {held}, held: {dose}, reason: fever",
        "date: 2026-03-20, cycle: 2, started: true",
        sig=LATE_DAYS,
    )

    assert f"{dose} day 18, 03-19 10:00 {fate}" == found[dose]


def test_a_course_that_moves_on_ends_the_cycle_that_it_was_in() -> None:
    found = went("date: 2026-03-20, moved_on: upkeep, reason: liver", sig=LATE_DAYS, phases=TWO)

    assert [
        "1.d1.alpha.IV.1 day 1, 03-02 10:00",
        "1.d18.alpha.IV.1 day 18, 03-19 10:00",
        "1.d19.alpha.IV.1 day 19, 03-20 10:00 cancelled (line 11): cycle 3 began",
        "3.d1.alpha.IV.1 day 1, 03-20 10:00",
        "1.d20.alpha.IV.1 day 20, 03-21 10:00 cancelled (line 11): cycle 3 began",
    ] == list(found.values())[:5]


def test_a_transplant_ends_the_last_cycle() -> None:
    found = went("date: 2026-04-10, moved_on: transplant, reason: donor", sig=LATE_DAYS)

    # Day 18 of cycle 2 is the 9th of April.
    assert [
        "2.d18.alpha.IV.1 day 18, 04-09 10:00",
        "2.d19.alpha.IV.1 day 19, 04-10 10:00 cancelled (line 11): moved on to transplant: donor",
        "2.d20.alpha.IV.1 day 20, 04-11 10:00 cancelled (line 11): moved on to transplant: donor",
    ] == list(found.values())[-3:]


# ------------------------------------------------------------------------------------- infusions

BEGUN = "1.d1.alpha.IV.1"
STEP_UP = "1.d5.alpha.IV.1"

#: What is recorded, and when the two infusions of cycle 1 run: from the 2nd, and from the 6th.
INFUSIONS = [
    ([], ["day 1, 03-02 10:00 to 03-06 10:00", "day 5, 03-06 10:00 to 03-13 10:00"]),
    # Two days later, and so is what follows; of an hour without a day no more is said.
    ([f"date: 2026-03-04, begun: {BEGUN}"],
     ["day 3, 03-04 10:00 to 03-08 10:00", "day 7, 03-08 10:00 to 03-15 10:00"]),
    ([f"date: 2026-03-02, begun: {BEGUN}, time: '13:00'"],
     ["day 1, 03-02 13:00 to 03-06 13:00", "day 5, 03-06 13:00 to 03-13 13:00"]),
    ([f"date: 2026-03-02, delayed: {BEGUN}, to: 2026-03-04, reason: bed"],
     ["day 3, 03-04 10:00 to 03-08 10:00", "day 7, 03-08 10:00 to 03-15 10:00"]),
    # What began, or was put off, by itself stays there.
    ([f"date: 2026-03-04, begun: {BEGUN}", f"date: 2026-03-07, begun: {STEP_UP}"],
     ["day 3, 03-04 10:00 to 03-08 10:00", "day 6, 03-07 10:00 to 03-14 10:00"]),
    ([f"date: 2026-03-04, begun: {BEGUN}",
      f"date: 2026-03-05, delayed: {STEP_UP}, to: 2026-03-10, reason: bed"],
     ["day 3, 03-04 10:00 to 03-08 10:00", "day 9, 03-10 10:00 to 03-17 10:00"]),
    # What comes before it does not.
    ([f"date: 2026-03-07, begun: {STEP_UP}"],
     ["day 1, 03-02 10:00 to 03-06 10:00", "day 6, 03-07 10:00 to 03-14 10:00"]),
    # Held, and then begun, on the same day or later.
    ([f"date: 2026-03-02, held: {BEGUN}, reason: fever", f"date: 2026-03-04, begun: {BEGUN}"],
     ["day 3, 03-04 10:00 to 03-08 10:00", "day 7, 03-08 10:00 to 03-15 10:00"]),
    # That an infusion was given says when it was recorded, not when it began.
    ([f"date: 2026-03-06, given: {BEGUN}, amount: 36 mg"],
     ["day 1, 03-02 10:00 to 03-06 10:00 given (line 11)", "day 5, 03-06 10:00 to 03-13 10:00"]),
    ([f"date: 2026-03-04, begun: {BEGUN}", f"date: 2026-03-08, given: {BEGUN}, amount: 36 mg"],
     ["day 3, 03-04 10:00 to 03-08 10:00 given (line 12)", "day 7, 03-08 10:00 to 03-15 10:00"]),
    # What runs by the record runs until it was interrupted: when is asked for.
    ([f"date: 2026-03-07, begun: {STEP_UP}", "date: 2026-03-07, stopped: alpha, reason: rash"],
     ["day 1, 03-02 10:00 to 03-06 10:00",
      "day 6, 03-07 10:00 to 03-14 10:00 unresolved (line 12): record: when the infusion was "
      "interrupted; alpha stopped for good on 2026-03-07: rash"]),
    ([f"date: 2026-03-09, begun: {STEP_UP}", "date: 2026-03-08, cycle: 2, started: true"],
     ["day 1, 03-02 10:00 to 03-06 10:00",
      "day 8, 03-09 10:00 to 03-16 10:00 unresolved (line 12): record: when the infusion was "
      "interrupted; cycle 2 began"]),
    # Stopped while it runs: when is asked for; at its very end nothing is.
    (["date: 2026-03-05, stopped: alpha, reason: rash"],
     ["day 1, 03-02 10:00 to 03-06 10:00 unresolved (line 11): record: when the infusion was "
      "interrupted; alpha stopped for good on 2026-03-05: rash",
      "day 5, 03-06 10:00 to 03-13 10:00 cancelled (line 11): alpha stopped for good on "
      "2026-03-05: rash"]),
    (["date: 2026-03-06, stopped: alpha, reason: rash"],
     ["day 1, 03-02 10:00 to 03-06 10:00",
      "day 5, 03-06 10:00 to 03-13 10:00 cancelled (line 11): alpha stopped for good on "
      "2026-03-06: rash"]),
]  # fmt: skip


#: It ran for two days and for two more from the 6th; on the 7th the break was known.
ON_AGAIN = [f"date: 2026-03-04, interrupted: {BEGUN}, reason: fever",
            f"date: 2026-03-06, resumed: {BEGUN}"]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (None, "day 7, 03-08 10:00 to 03-15 10:00"),
        (f"date: 2026-03-07, delayed: {STEP_UP}, to: 2026-03-09, reason: bed",
         "day 8, 03-09 10:00 to 03-16 10:00"),
        (f"date: 2026-03-03, delayed: {STEP_UP}, to: 2026-03-09, reason: bed",
         "day 10, 03-11 10:00 to 03-18 10:00"),
        (f"date: 2026-03-09, begun: {STEP_UP}", "day 8, 03-09 10:00 to 03-16 10:00"),
    ],
)  # fmt: skip
def test_the_step_after_a_break_stands_where_the_record_has_it_since(
    entry: str | None, expected: str
) -> None:
    found = went(*ON_AGAIN, *([entry] if entry else []), sig=STEPS)

    assert f"{STEP_UP} {expected}" == found[STEP_UP]


def test_a_step_that_began_is_not_held_for_one_that_stands_still() -> None:
    found = went(ON_AGAIN[0], f"date: 2026-03-09, begun: {STEP_UP}", sig=STEPS)

    assert f"{STEP_UP} day 8, 03-09 10:00 to 03-16 10:00" == found[STEP_UP]


def test_what_stands_first_in_time_lets_the_later_stand_whatever_their_lines() -> None:
    """Two ways to give it, while it is not known which: the second one's rest runs since the 6th.

    The first ran until the 4th and from the 6th on; its step of the 7th comes after that rest.
    """
    second = "1.d1.alpha.IV.2"
    found = went(
        f"date: 2026-03-02, begun: {second}",
        f"date: 2026-03-02, interrupted: {second}, reason: fever",
        f"date: 2026-03-06, resumed: {second}, time: '12:00'",
        *ON_AGAIN,
        sig="{rate: 9 mg/day, days: 1-4}\n      - {rate: 28 mg/day, days: 6-11}\n"
        "      - {rate: 5 mg/day, days: 1-11}",
    )

    assert f"{second} day 5, 03-06 12:00 to 03-17 12:00" == found[second]
    assert "1.d6.alpha.IV.1 day 6, 03-07 10:00 to 03-13 10:00" == found["1.d6.alpha.IV.1"]


#: The rest of it, which waits, or goes on as 1.d5.
WAITING, GOING_ON = "1.d3.alpha.IV.1", "1.d5.alpha.IV.2"
IT_IS_THE_REST = (
    "is the rest of 1.d1.alpha.IV.1, which was interrupted [PP405]\n    hint: when it goes on is "
    "recorded as resumed, with the id that was interrupted"
)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([ON_AGAIN[0], f"date: 2026-03-06, begun: {WAITING}"], f"{WAITING} {IT_IS_THE_REST}"),
        ([ON_AGAIN[0], f"date: 2026-03-06, delayed: {WAITING}, to: 2026-03-07, reason: bed"],
         f"{WAITING} {IT_IS_THE_REST}"),
        ([*ON_AGAIN, f"date: 2026-03-07, begun: {GOING_ON}"], f"{GOING_ON} {IT_IS_THE_REST}"),
        ([*ON_AGAIN, f"date: 2026-03-07, delayed: {GOING_ON}, to: 2026-03-08, reason: bed"],
         f"{GOING_ON} {IT_IS_THE_REST}"),
        *(([*ON_AGAIN, f"date: 2026-03-07, {how}: {GOING_ON}, reason: bed"],
           f"{GOING_ON} goes on since 2026-03-06 10:00, and is recorded as {how} [PP405]\n"
           "    hint: an infusion that stopped running is recorded as interrupted")
          for how in ("held", "missed", "refused")),
    ],
)  # fmt: skip
def test_of_the_rest_of_an_infusion_the_record_speaks_by_its_interruption(
    entries: list[str], message: str
) -> None:
    line = 10 + len(entries)

    assert [f"t.yaml:{line}:5: error: {message}"] == refused(*entries, sig=STEPS)


@pytest.mark.parametrize(
    ("entries", "name", "fate"),
    [
        ([ON_AGAIN[0], f"date: 2026-03-05, missed: {WAITING}, reason: wish"], WAITING,
         "day 3, 03-04 10:00 to 03-06 10:00 missed (line 12): missed on 2026-03-05: wish"),
        ([f"date: 2026-03-02, begun: {BEGUN}", ON_AGAIN[0],
          f"date: 2026-03-05, missed: {WAITING}, reason: wish"], WAITING,
         "day 3, 03-04 10:00 to 03-06 10:00 missed (line 13): missed on 2026-03-05: wish"),
        ([*ON_AGAIN, f"date: 2026-03-08, given: {GOING_ON}, amount: 18 mg"], GOING_ON,
         "day 5, 03-06 10:00 to 03-08 10:00 given (line 13)"),
    ],
)  # fmt: skip
def test_what_became_of_the_rest_is_recorded_by_its_own_id(
    entries: list[str], name: str, fate: str
) -> None:
    assert f"{name} {fate}" == went(*entries, sig=STEPS)[name]


@pytest.mark.parametrize(("entries", "expected"), INFUSIONS)
def test_infusions_follow_each_other_as_they_went(entries: list[str], expected: list[str]) -> None:
    found = went(*entries, sig=STEPS)

    assert [f"{BEGUN} {expected[0]}", f"{STEP_UP} {expected[1]}"] == [found[BEGUN], found[STEP_UP]]


def test_infusions_of_another_cycle_or_drug_follow_nothing() -> None:
    beta = (
        "  - drug: beta\n    in: only\n    route: IV\n    sigs:\n"
        "      - {rate: 5 mg/day, days: 6-7}\n    source: [paper, Methods]"
    )
    entry = f"date: 2026-03-04, begun: {BEGUN}"
    before, after = went(sig=STEPS, components=beta), went(entry, sig=STEPS, components=beta)

    assert {BEGUN, STEP_UP} == {name for name in before if before[name] != after[name]}


def test_only_the_infusion_that_began_is_under_way() -> None:
    made = Made(f"date: 2026-03-04, begun: {BEGUN}", sig=STEPS)

    assert [BEGUN] == [slot.id for slot in made.went() if slot.begun]


def test_a_dose_among_infusions_stays_where_it_is() -> None:
    """A loading dose of the same drug is no infusion that follows another."""
    sig = f"{STEPS}\n      - {{dose: 1 mg, days: [15]}}"
    loading = "1.d15.alpha.IV.1"
    late, given = (
        went(f"date: 2026-03-04, begun: {BEGUN}", sig=sig),
        went(f"date: 2026-03-16, delayed: {loading}, to: 2026-03-17, reason: bed", sig=sig),
    )

    assert f"{loading} day 15, 03-16 10:00" == late[loading]
    assert f"{loading} day 16, 03-17 10:00" == given[loading]
    assert f"{STEP_UP} day 5, 03-06 10:00 to 03-13 10:00" == given[STEP_UP]


# ----------------------------------------------------------------------- a break that was too long

CUT = f"date: 2026-03-08, interrupted: {STEP_UP}, reason: fever"
AGAIN = f"date: 2026-03-16, resumed: {STEP_UP}"
RAN = f"{STEP_UP} day 5, 03-06 10:00 to 03-08 10:00 given (line 11): interrupted: fever"
#: Two of its seven days ran; five are left.
REST = "1.d7.alpha.IV.1 day 7, 03-08 10:00 to 03-13 10:00"
ASKED = (
    "unresolved (line 11): record: the start of a new cycle; 8 days without the infusion are more "
    "than 7 (label: section 2)"
)


@pytest.mark.parametrize(
    ("more", "fate"),
    [
        ([], ASKED),
        (["date: 2026-03-23, cycle: 2, started: true"],
         "cancelled (line 11): broken off on 2026-03-08 for more than 7 days: a new cycle began"),
        (["date: 2026-03-16, delayed: 2, to: 2026-03-23, reason: new cycle"],
         "cancelled (line 11): broken off on 2026-03-08 for more than 7 days: a new cycle began"),
        # What is said of another cycle answers nothing.
        (["date: 2026-05-04, cycle: 3, started: true"], ASKED),
    ],
)  # fmt: skip
def test_after_too_long_a_break_the_next_cycle_s_start_is_asked_for(
    more: list[str], fate: str
) -> None:
    found = went(CUT, AGAIN, *more, sig=STEPS)

    assert (RAN, f"{REST} {fate}") == (found[STEP_UP], found["1.d7.alpha.IV.1"])


def test_a_transplant_or_another_phase_answers_it_too() -> None:
    """Alpha is cut on day 3; what is due on day 5, after the course moved on, asks for no cycle."""
    cut = "interrupted: {0}.d1.alpha.IV.1, reason: fever"
    transplant = [
        f"date: 2026-04-15, {cut.format(3)}",
        "date: 2026-04-16, moved_on: transplant, reason: donor",
    ]
    upkeep = [
        f"date: 2026-03-25, {cut.format(2)}",
        "date: 2026-03-26, moved_on: upkeep, reason: liver",
    ]
    # The 77 and 98 days from the cut to the 1st of July.
    wait = "unresolved (line 11): record: the start of a new cycle; {0} days without the infusion "
    wait += "are more than 7 (label: section 2)"

    assert [
        "3.d3.alpha.IV.1 day 3, 04-15 10:00 to 04-17 10:00 cancelled (line 12): moved on to "
        "transplant: donor",
        "3.d5.alpha.IV.1 day 5, 04-17 10:00 to 04-24 10:00 cancelled (line 12): moved on to "
        "transplant: donor",
    ] == list(went(*transplant, sig=STEPS).values())[-2:]
    assert [
        f"3.d3.alpha.IV.1 day 3, 04-15 10:00 to 04-17 10:00 {wait.format(77)}",
        f"3.d5.alpha.IV.1 day 5, 04-17 10:00 to 04-24 10:00 {wait.format(77)}",
    ] == list(went(transplant[0], sig=STEPS).values())[-2:]
    found = went(*upkeep, sig=STEPS, phases=TWO)
    assert (
        "2.d3.alpha.IV.1 day 3, 03-25 10:00 to 03-27 10:00 cancelled (line 12): cycle 3 began"
    ) == found["2.d3.alpha.IV.1"]
    assert (
        "2.d5.alpha.IV.1 day 5, 03-27 10:00 to 04-03 10:00 cancelled (line 12): cycle 3 began"
    ) == found["2.d5.alpha.IV.1"]


def test_another_phase_answers_it_also_after_the_cycle_was_over() -> None:
    """Cycle 2 is over on the 13th of April, a week before the course moves on."""
    cut = "date: 2026-03-25, interrupted: 2.d1.alpha.IV.1, reason: fever"
    found = went(cut, "date: 2026-04-20, moved_on: upkeep, reason: liver", sig=STEPS, phases=TWO)
    over = "cancelled (line 11): broken off on 2026-03-25 for more than 7 days: a new cycle began"

    assert [
        f"2.d3.alpha.IV.1 day 3, 03-25 10:00 to 03-27 10:00 {over}",
        f"2.d5.alpha.IV.1 day 5, 03-27 10:00 to 04-03 10:00 {over}",
    ] == [found["2.d3.alpha.IV.1"], found["2.d5.alpha.IV.1"]]


def test_a_later_step_waits_no_more_once_its_drug_was_stopped() -> None:
    """Cut on the 4th and stopped on the 5th, before the step of the 6th."""
    cut = f"date: 2026-03-04, interrupted: {BEGUN}, reason: fever"
    over = "cancelled (line 12): alpha stopped for good on 2026-03-05: rash"
    found = went(cut, "date: 2026-03-05, stopped: alpha, reason: rash", sig=STEPS)

    assert [
        f"1.d3.alpha.IV.1 day 3, 03-04 10:00 to 03-06 10:00 {over}",
        f"{STEP_UP} day 5, 03-06 10:00 to 03-13 10:00 {over}",
    ] == [found["1.d3.alpha.IV.1"], found[STEP_UP]]


#: Alpha is cut on the 4th, and may go on until the 11th.
WAITS = (
    "held (line 11): interrupted since 2026-03-04: fever; it may go on until 2026-03-11 to "
    "complete this cycle (label: section 2)"
)


@pytest.mark.parametrize(
    ("more", "rest", "step"),
    [
        ([], WAITS, WAITS),
        # Of what waits anyhow it says nothing new that it is held.
        ([f"date: 2026-03-04, held: {STEP_UP}, reason: wish"], WAITS, WAITS),
        ([f"date: 2026-03-05, missed: {STEP_UP}, reason: wish"], WAITS,
         "missed (line 12): missed on 2026-03-05: wish"),
        (["date: 2026-03-07, stopped: alpha, reason: rash"],
         "cancelled (line 12): alpha stopped for good on 2026-03-07: rash",
         "cancelled (line 12): alpha stopped for good on 2026-03-07: rash"),
        ([f"date: 2026-03-06, missed: {STEP_UP}, reason: wish",
          "date: 2026-03-07, stopped: alpha, reason: rash"],
         "cancelled (line 13): alpha stopped for good on 2026-03-07: rash",
         "missed (line 12): missed on 2026-03-06: wish"),
    ],
)  # fmt: skip
def test_what_follows_an_open_break_waits_with_it(more: list[str], rest: str, step: str) -> None:
    cut = f"date: 2026-03-04, interrupted: {BEGUN}, reason: fever"
    found = {
        slot.id: told(slot) for slot in Made(cut, *more, sig=STEPS, as_of=date(2026, 3, 8)).went()
    }

    ran = f"{BEGUN} day 1, 03-02 10:00 to 03-04 10:00 given (line 11): interrupted: fever"
    assert ran == found[BEGUN]
    assert f"1.d3.alpha.IV.1 day 3, 03-04 10:00 to 03-06 10:00 {rest}" == found["1.d3.alpha.IV.1"]
    assert f"{STEP_UP} day 5, 03-06 10:00 to 03-13 10:00 {step}" == found[STEP_UP]


def test_what_ran_of_an_infusion_was_given_though_its_drug_was_stopped_before_the_break() -> None:
    found = went(
        f"date: 2026-03-04, interrupted: {BEGUN}, reason: fever",
        "date: 2026-03-03, stopped: alpha, reason: rash",
        sig=STEPS,
    )

    ran = f"{BEGUN} day 1, 03-02 10:00 to 03-04 10:00 given (line 11): interrupted: fever"
    assert ran == found[BEGUN]


# -------------------------------------------------------------- given, though the plan has it not

WHEN = (
    "  - drug: beta\n    in: only\n    route: IV\n    when: {fact: lineage, is: T}\n    sigs:\n"
    "      - {dose: 1 mg, days: [1, 2]}\n    source: [paper, Methods]"
)
SECOND = "1.d2.beta.IV.1"


def test_a_dose_that_was_given_stays_though_the_plan_has_none_there() -> None:
    entry = f"date: 2026-03-03, given: {SECOND}, amount: 1 mg"
    before = went(components=WHEN, lineage="B")
    after = went(entry, components=WHEN, lineage="B")

    because = "given although the plan, by what is stated now, gives none there"
    assert SECOND not in before
    assert {**before, SECOND: f"{SECOND} day 2, 03-03 10:00 given (line 11): {because}"} == after
    assert f"{SECOND} day 2, 03-03 10:00 given (line 11)" == went(
        entry, components=WHEN, lineage="T"
    )[SECOND]  # fmt: skip


def test_what_was_not_given_is_looked_for_in_the_plan_alone() -> None:
    assert [
        f"t.yaml:11:5: error: the plan has no dose '{SECOND}' [PP406]\n    hint: it gives no beta "
        "in cycle 1; it gives alpha"
    ] == refused(f"date: 2026-03-03, missed: {SECOND}, reason: wish", components=WHEN, lineage="B")
