"""What a record cannot say of a plan: each problem whole, with its place.

Alpha is given in three cycles of 21 days, from Monday 2026-03-02, 03-23 and 04-13, or in two and
then two of a phase of their own. The first entry of a record stands in line 11 of its file.
"""

import pytest
from tests.going import STEPS, TWO, Made, refused

from protoplan.planning.contradicting import doses_near

#: What is recorded, and the problems with their lines.
CONTRADICTIONS = [
    # Cycles and phases that the plan does not have, or no more.
    (["date: 2026-03-02, cycle: 5, started: true"],
     ["11:5: error: the plan has no cycle '5' [PP406]"]),
    (["date: 2026-03-02, delayed: 5, to: 2026-03-09, reason: bed"],
     ["11:5: error: the plan has no cycle '5' [PP406]"]),
    (["date: 2026-03-02, delayed: 5, to: 2026-03-09, reason: bed",
      "date: 2026-03-09, cycle: 5, started: true"],
     ["12:5: error: the plan has no cycle '5' [PP406]"]),
    (["date: 2026-03-20, moved_on: upkeep, reason: liver",
      "date: 2026-03-25, cycle: 2, started: true"],
     ["12:5: error: the plan has no cycle '2' [PP406]"]),
    (["date: 2026-03-20, moved_on: surgery, reason: liver"],
     ["11:5: error: the plan has no phase 'surgery', to which the course moved on [PP406]\n"
      "    hint: it has treatment, upkeep"]),
    (["date: 2026-03-20, moved_on: treatment, reason: liver"],
     ["11:5: error: the course moves on to treatment, with which it begins [PP405]"]),
    # Every one is told.
    (["date: 2026-03-20, moved_on: surgery, reason: liver",
      "date: 2026-03-21, cycle: 5, started: true"],
     ["11:5: error: the plan has no phase 'surgery', to which the course moved on [PP406]\n"
      "    hint: it has treatment, upkeep",
      "12:5: error: the plan has no cycle '5' [PP406]"]),
    # A cycle begins with, or before, the one before it.
    (["date: 2026-03-02, cycle: 2, started: true"],
     ["11:5: error: cycle 2 begins on 2026-03-02, and cycle 1, which comes before it, is due on "
      "2026-03-02 [PP405]"]),
    (["date: 2026-03-03, cycle: 1, started: true", "date: 2026-03-02, cycle: 2, started: true"],
     ["12:5: error: cycle 2 begins on 2026-03-02, and cycle 1, which comes before it, began on "
      "2026-03-03 (t.yaml:11:5) [PP405]"]),
    (["date: 2026-03-01, delayed: 1, to: 2026-03-25, reason: bed",
      "date: 2026-03-20, cycle: 2, started: true"],
     ["12:5: error: cycle 2 begins on 2026-03-20, and cycle 1, which comes before it, began on "
      "2026-03-25 (t.yaml:11:5) [PP405]"]),
    (["date: 2026-03-20, moved_on: upkeep, reason: liver",
      "date: 2026-03-20, cycle: 4, started: true"],
     ["12:5: error: cycle 4 begins on 2026-03-20, and cycle 3, which comes before it, began on "
      "2026-03-20 (t.yaml:11:5) [PP405]"]),
    # Doses that are not there.
    (["date: 2026-03-03, given: 1.d2.alpha.IV.1, amount: 90 mg"],
     ["11:5: error: the plan has no dose '1.d2.alpha.IV.1' [PP406]\n    hint: of that drug in that "
      "cycle it has 1.d1.alpha.IV.1, 1.d8.alpha.IV.1"]),
    (["date: 2026-03-03, held: 1.d2.alpha.IV.1, reason: bed",
      "date: 2026-03-03, held: 1.d3.alpha.IV.1, reason: bed"],
     [f"{line}:5: error: the plan has no dose '1.d{day}.alpha.IV.1' [PP406]\n    hint: of that drug "
      "in that cycle it has 1.d1.alpha.IV.1, 1.d8.alpha.IV.1" for line, day in ((11, 2), (12, 3))]),
    # A cycle that fell away takes with it what was not given, and nothing that was.
    (["date: 2026-03-20, moved_on: upkeep, reason: liver",
      "date: 2026-03-23, given: 2.d1.alpha.IV.1, amount: 90 mg"],
     ["12:5: error: the plan has no dose '2.d1.alpha.IV.1' [PP406]\n    hint: the plan has no doses "
      "in a cycle '2'"]),
    (["date: 2026-03-09, delayed: 2.d1.alpha.IV.1, to: 2026-03-25, reason: bed",
      "date: 2026-03-10, delayed: 1.d2.alpha.IV.1, to: 2026-03-11, reason: bed",
      "date: 2026-03-20, moved_on: upkeep, reason: liver"],
     ["12:5: error: the plan has no dose '1.d2.alpha.IV.1' [PP406]\n    hint: of that drug in that "
      "cycle it has 1.d1.alpha.IV.1, 1.d8.alpha.IV.1"]),
    (["date: 2026-03-02, begun: 1.d1.alpha.IV.1"],
     ["11:5: error: 1.d1.alpha.IV.1 is no continuous infusion, of which the beginning is recorded "
      "[PP405]\n    hint: record it as given"]),
    # Given before the cycle began.
    (["date: 2026-03-24, cycle: 2, started: true",
      "date: 2026-03-23, given: 2.d1.alpha.IV.1, amount: 90 mg"],
     ["12:5: error: 2.d1.alpha.IV.1 was given on 2026-03-23, before its cycle began on 2026-03-24 "
      "(t.yaml:11:5) [PP405]"]),
    (["date: 2026-03-20, moved_on: upkeep, reason: liver",
      "date: 2026-03-19, given: 3.d1.alpha.IV.1, amount: 90 mg"],
     ["12:5: error: 3.d1.alpha.IV.1 was given on 2026-03-19, before its cycle began on 2026-03-20 "
      "(t.yaml:11:5) [PP405]"]),
]  # fmt: skip


def test_an_infusion_does_not_begin_before_its_cycle() -> None:
    entries = ["date: 2026-03-24, cycle: 2, started: true",
               "date: 2026-03-23, begun: 2.d1.alpha.IV.1"]  # fmt: skip

    assert [
        "t.yaml:12:5: error: 2.d1.alpha.IV.1 began on 2026-03-23, before its cycle began on "
        "2026-03-24 (t.yaml:11:5) [PP405]"
    ] == refused(*entries, sig=STEPS)


@pytest.mark.parametrize(("entries", "problems"), CONTRADICTIONS)
def test_what_cannot_be_is_refused_where_it_stands(entries: list[str], problems: list[str]) -> None:
    assert [f"t.yaml:{problem}" for problem in problems] == refused(*entries, phases=TWO)


#: What looks like one of these, and is none.
NO_CONTRADICTION = [
    # The last of the cycles that the course gave up had been put off, and a dose of it too.
    ["date: 2026-03-10, delayed: 2, to: 2026-03-25, reason: bed",
     "date: 2026-03-20, moved_on: upkeep, reason: liver"],
    ["date: 2026-03-10, delayed: 2.d1.alpha.IV.1, to: 2026-03-25, reason: bed",
     "date: 2026-03-10, held: 2.d8.alpha.IV.1, reason: bed",
     "date: 2026-03-20, moved_on: upkeep, reason: liver"],
    ["date: 2026-03-20, moved_on: transplant, reason: donor"],
    # Given on the day on which the cycle began; or on a day before it, as is printed.
    ["date: 2026-03-23, cycle: 2, started: true",
     "date: 2026-03-23, given: 2.d1.alpha.IV.1, amount: 90 mg"],
    ["date: 2026-03-02, cycle: 1, started: true",
     "date: 2026-02-28, given: 1.d-2.alpha.IV.1, amount: 90 mg"],
    # On the day on which it began, and where nothing says when that was.
    ["date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 90 mg"],
    # That the phase began late says nothing of its later cycles.
    ["date: 2026-03-20, moved_on: upkeep, reason: liver",
     "date: 2026-03-19, given: 4.d1.alpha.IV.1, amount: 90 mg"],
]  # fmt: skip


@pytest.mark.parametrize("entries", NO_CONTRADICTION)
def test_what_can_be_is_not_refused(entries: list[str]) -> None:
    assert Made(*entries, phases=TWO, sig="{dose: 100 mg, days: [-2, 1, 8]}").went()


# ---------------------------------------------------------------------------- doses that are near

MANY = [f"1.d{day}.alpha.IV.1" for day in range(1, 10)]


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("no id", MANY, None),
        ("2.d1.alpha.IV.1", [*MANY, "20.d1.alpha.IV.1"], "the plan has no doses in a cycle '2'"),
        ("1.d1.gamma.IV.1", ["1.d1.beta.IV.1", "1.d2.beta.IV.1", "1.d1.alpha.IV.1"],
         "it gives no gamma in cycle 1; it gives alpha, beta"),
        ("1.d1.vincristin.IV.1", ["1.d1.vincristine.IV.1"],
         "it gives no vincristin in cycle 1; did you mean 'vincristine'?"),
        ("1.d1.vinblastine.IV.1", ["1.d1.vincristine.IV.1"],
         "it gives no vinblastine in cycle 1; it gives vincristine"),
        ("1.d11.alpha.IV.1", MANY[:8],
         f"of that drug in that cycle it has {', '.join(MANY[:8])}"),
        ("1.d11.alpha.IV.1", MANY,
         f"of that drug in that cycle it has {', '.join(MANY[:8])} and 1 more"),
        ("1.d3.alpha.IV.1", ["1.d1.alpha.IV.1", "1.d1.alpha-2.IV.1", "2.d1.alpha.IV.1"],
         "of that drug in that cycle it has 1.d1.alpha.IV.1"),
    ],
)  # fmt: skip
def test_doses_of_the_drug_are_named_and_none_is_guessed(
    name: str, known: list[str], hint: str | None
) -> None:
    assert hint == doses_near(name, known)
