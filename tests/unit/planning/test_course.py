"""Pure days: day 1 is the first day, months are calendar months; and the cycles of a course.

The courses begin on 2026-03-02. A short cycle has 21 days: 23 March, 13 April, 4 and 25 May.
"""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine import PROTOCOL, TREATMENT, drug_text, formulary, listed, read_drug

from protoplan import files
from protoplan.model.component import Span, Where
from protoplan.model.plan import PlannedCycle
from protoplan.planning.conditions import known
from protoplan.planning.course import Course, after, chosen_cycles, course, date_of
from protoplan.planning.course import cycle_day as day_of
from protoplan.planning.happened import happened
from protoplan.source import Place

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


# ------------------------------------------------------------------------------- phases end to end

OPTIONS = """\
options:
  last: {about: last cycle before maintenance, choices: [1, 2, 3], source: [paper, Methods]}
  many: {about: how many, choices: [1, 2, 3], source: [paper, Methods]}
  later: {about: how many, choices: [1, 2], when: {fact: cns, is: active}, source: [paper, x]}
"""
KINDS = """\
kinds:
  only: {length: 21 days, source: [paper, Methods]}
  month: {length: 1 month, source: [paper, Methods]}
  wide:
    title: Four weeks or more
    length: 28 days
    between: [28 days, 35 days]
    assumed: {length: no one says it}
    borrowed: {between: [paper, page 9]}
    source: [paper, Methods]
"""
FIRST = "{name: induction, cycles: {1-3: only}, source: [paper, Methods]}"
ACTIVE = "{name: induction, cycles: {1-2: only}, when: {fact: cns, is: active}, source: [paper, x]}"
MONTHS = "{name: maintenance, prefix: M, cycles: [month, month], source: [paper, Methods]}"
AFTER = MONTHS.replace(
    "cycles:",
    "begins_after: {option: last, because: toxicity, source: [paper, Methods]}, cycles:",
)
UP_TO = "{name: induction, cycles: {1-3: only}, up_to: {option: many}, source: [paper, Methods]}"


def laid(*phases: str, record: str = "", as_of: str = "2026-12-31", **stated: str) -> Course:
    """The course of a protocol of these phases.

    Args:
        record: What happened, an entry a line.
        as_of: The day the plan is made.
        stated: Answers to options, and the fact `cns`.
    """
    head, rest = PROTOCOL.split("OPTIONS\n")
    parts = rest[rest.index("components:") :].replace("SIG", "{rate: 1 mg/day, days: 1-20}")
    parts = parts.replace("ROUTE", "IV").split("COMPONENTS")[0]
    text = f"{head}{OPTIONS}{KINDS}{listed('phases', phases)}\n{parts}"
    facts = {"cns": stated.pop("cns")} if "cns" in stated else {}
    lines = "".join(f"  - {{{entry}}}\n" for entry in record.splitlines())
    limit = "interruption: {at_most: 7 days, source: [label, section 2]}"
    with formulary(drug_text("alpha", limit)):
        protocol = files.load_text(text, "made-up.yaml")[1]
        written = f"{TREATMENT}record:\n{lines}" if lines else TREATMENT
        treatment = files.load_text(written, "treatment.yaml")[1]
    drugs = {"alpha": read_drug(drug_text("alpha", limit))}
    went = happened(treatment.record, drugs, date.fromisoformat(as_of), time(10))
    return course(protocol, known(protocol.options, stated, facts), START, went)


def starts(found: Course) -> list[tuple[str, str | None]]:
    return [(c.label, f"{c.start:%m-%d}" if c.start else None) for c in found.cycles]


INDUCTION = [("1", "03-02"), ("2", "03-23"), ("3", "04-13")]


def test_phases_follow_each_other_and_each_cycle_says_what_it_rests_on() -> None:
    """Three of 21 days to 3 May, 28 days to 31 May, and a month that has 30 days."""
    marked = (
        "cycles of kind wide, length: no one says it",
        "cycles of kind wide, borrowed between: paper: page 9",
    )
    made_up = (
        "phase maintenance, cycles: made up",
        "phase maintenance, borrowed cycles: paper: page 7",
    )
    found = laid(
        FIRST,
        MONTHS.replace("[month", "[wide").replace(
            "source:", "assumed: {cycles: made up}, borrowed: {cycles: [paper, page 7]}, source:"
        ),
    )

    assert (
        PlannedCycle("1", "only", "induction", date(2026, 3, 2), 21),
        PlannedCycle("2", "only", "induction", date(2026, 3, 23), 21),
        PlannedCycle("3", "only", "induction", date(2026, 4, 13), 21),
        PlannedCycle("M1", "wide", "maintenance", date(2026, 5, 4), 28, "Four weeks or more",
                     (*marked, *made_up), (28, 35)),
        PlannedCycle("M2", "month", "maintenance", date(2026, 6, 1), 30, None, made_up, None),
    ) == found.cycles  # fmt: skip
    assert (None, ()) == (found.open, found.early)


@pytest.mark.parametrize(
    ("cns", "expected"),
    [
        ("active", [("1", "03-02"), ("2", "03-23"), ("M1", "04-13"), ("M2", "05-13")]),
        ("negative", [("M1", "03-02"), ("M2", "04-02")]),
    ],
)
def test_a_phase_that_is_not_given_takes_no_time(
    cns: str, expected: list[tuple[str, str | None]]
) -> None:
    assert expected == starts(laid(ACTIVE, MONTHS, cns=cns))


def test_from_a_phase_on_of_which_nothing_is_known_there_are_no_dates() -> None:
    found = laid(FIRST, ACTIVE.replace("induction", "more").replace("1-2", "4-5"), MONTHS)

    assert [*INDUCTION, ("4", None), ("5", None), ("M1", None), ("M2", None)] == starts(found)
    assert ("more and all that follows", ("cns",)) == found.open
    assert [None] * 4 == [cycle.length_days for cycle in found.cycles[3:]]


def test_the_first_open_question_is_the_one_that_is_told() -> None:
    found = laid(ACTIVE, UP_TO.replace("induction", "more").replace("1-3", "4-6"))

    assert ("induction and all that follows", ("cns",)) == found.open


@pytest.mark.parametrize("many", ["1", "2", "3"])
def test_an_option_says_how_many_cycles_are_given(many: str) -> None:
    assert INDUCTION[: int(many)] == starts(laid(UP_TO, many=many))


@pytest.mark.parametrize(
    ("option", "needs"), [("many", ("many",)), ("later", ("cns",))]
)  # fmt: skip
def test_until_it_is_chosen_how_many_cycles_there_are_none_has_a_date(
    option: str, needs: tuple[str, ...]
) -> None:
    found = laid(UP_TO.replace("many", option), MONTHS)

    assert [("1", None), ("2", None), ("3", None), ("M1", None), ("M2", None)] == starts(found)
    assert ("induction and all that follows", needs) == found.open


# --------------------------------------------------------------------------- cycles that fall away


@pytest.mark.parametrize(
    ("last", "expected", "early"),
    [
        ("3", [*INDUCTION, ("M1", "05-04"), ("M2", "06-04")], ()),
        ("2", [*INDUCTION[:2], ("M1", "04-13"), ("M2", "05-13")], (("maintenance", "2", ("3",)),)),
        ("1", [INDUCTION[0], ("M1", "03-23"), ("M2", "04-23")],
         (("maintenance", "1", ("2", "3")),)),
    ],
)  # fmt: skip
def test_a_phase_may_begin_after_an_earlier_cycle(
    last: str, expected: list[tuple[str, str | None]], early: tuple[object, ...]
) -> None:
    found = laid(FIRST, AFTER, last=last)

    assert (expected, early, None) == (starts(found), found.early, found.open)


def test_until_it_is_chosen_after_which_cycle_a_phase_begins_it_has_no_date() -> None:
    found = laid(FIRST, AFTER)

    assert [*INDUCTION, ("M1", None), ("M2", None)] == starts(found)
    assert ("maintenance and all that follows", ("last",)) == found.open


MOVED = "date: DAY, moved_on: maintenance, reason: toxicity"


def test_a_course_that_moved_on_begins_the_phase_on_that_day() -> None:
    """Two cycles had begun by 10 April; the third falls away."""
    found = laid(FIRST, MONTHS, record=MOVED.replace("DAY", "2026-04-10"))

    assert [*INDUCTION[:2], ("M1", "04-10"), ("M2", "05-10")] == starts(found)
    assert (("maintenance", "2", ("3",)),) == found.early
    assert [0] * 4 == [cycle.late for cycle in found.cycles]


def test_a_course_moves_on_before_a_cycle_of_the_same_day_unless_that_began() -> None:
    moved = MOVED.replace("DAY", "2026-04-13")
    began = "date: 2026-04-13, cycle: 3, started: true"

    assert [*INDUCTION[:2], ("M1", "04-13"), ("M2", "05-13")] == starts(
        laid(FIRST, MONTHS, record=moved)
    )
    assert [*INDUCTION, ("M1", "04-13"), ("M2", "05-13")] == starts(
        laid(FIRST, MONTHS, record=f"{began}\n{moved}")
    )


def test_a_course_that_moved_on_asks_nothing_of_what_lies_before() -> None:
    """Neither whether the induction is given, nor after which cycle the phase may begin."""
    found = laid(ACTIVE, AFTER, record=MOVED.replace("DAY", "2026-04-10"))

    assert ([("M1", "04-10"), ("M2", "05-10")], None) == (starts(found), found.open)
    assert (("maintenance", "", ("1", "2")),) == found.early


def test_the_answer_stands_beside_the_day_on_which_the_course_moved_on() -> None:
    """By the day cycles 1 and 2 are kept, by the answer cycle 1 alone."""
    found = laid(FIRST, AFTER, record=MOVED.replace("DAY", "2026-04-10"), last="1")

    assert [("1", "03-02"), ("M1", "04-10"), ("M2", "05-10")] == starts(found)
    assert (("maintenance", "2", ("3",)), ("maintenance", "1", ("2",))) == found.early


def test_a_transplant_ends_the_course_and_every_question() -> None:
    record = "date: 2026-04-01, moved_on: transplant, reason: remission"
    found = laid(FIRST, AFTER, record=record)

    assert (INDUCTION[:2], None) == (starts(found), found.open)
    assert (("transplant", "2", ("3", "M1", "M2")),) == found.early


# ------------------------------------------------------------------------------- as it really began


def as_begun(found: Course) -> list[tuple[object, ...]]:
    """Label, first day, days by which it is late, whether it is recorded, and why it is late."""
    return [
        (c.label, c.start and f"{c.start:%m-%d}", c.late, c.recorded, c.because)
        for c in found.cycles
    ]


STARTED, DELAYED = (
    "date: DAY, cycle: 2, started: true",
    "date: 2026-03-20, delayed: 2, to: DAY, reason: fever",
)


@pytest.mark.parametrize(
    ("record", "second", "third"),
    [
        (STARTED.replace("DAY", "2026-03-25"), ("2", "03-25", 2, True, None), "04-15"),
        (STARTED.replace("DAY", "2026-03-20"), ("2", "03-20", -3, True, None), "04-10"),
        (DELAYED.replace("DAY", "2026-03-30"), ("2", "03-30", 7, False, "fever"), "04-20"),
        # No sooner than the one before is over.
        (DELAYED.replace("DAY", "2026-03-21"), ("2", "03-23", 0, False, "fever"), "04-13"),
        (
            f"{DELAYED.replace('DAY', '2026-03-30')}\n{STARTED.replace('DAY', '2026-03-31')}",
            ("2", "03-31", 8, True, "fever"),
            "04-21",
        ),
    ],
)
def test_a_cycle_begins_where_the_record_says_and_the_next_after_it(
    record: str, second: tuple[object, ...], third: str
) -> None:
    found = laid(FIRST, record=record)

    assert [("1", "03-02", 0, False, None), second, ("3", third, 0, False, None)] == as_begun(found)
    assert [21] * 3 == [cycle.length_days for cycle in found.cycles]


def test_a_month_that_began_late_has_the_days_of_its_own_month() -> None:
    """From 4 May there are 31 days to 4 June, from 4 June 30 to 4 July."""
    record = "date: 2026-06-04, cycle: M1, started: true"
    found = laid(FIRST, MONTHS, record=record).cycles[3:]

    assert [(date(2026, 6, 4), 30, 31), (date(2026, 7, 4), 31, 0)] == [
        (cycle.start, cycle.length_days, cycle.late) for cycle in found
    ]


def test_a_cycle_that_began_has_its_day_where_nothing_is_known_before_it() -> None:
    found = laid(ACTIVE, record="date: 2026-03-25, cycle: 2, started: true")

    assert [("1", None, 0, False, None), ("2", "03-25", 0, True, None)] == as_begun(found)


def test_the_first_cycle_of_a_phase_to_which_the_course_moved_on_may_begin_later() -> None:
    record = "date: 2026-04-13, cycle: M1, started: true"
    moved = MOVED.replace("DAY", "2026-04-10")
    found = laid(FIRST, MONTHS, record=f"{moved}\n{record}")

    assert [("M1", "04-13", 3, True, None), ("M2", "05-13", 0, False, None)] == as_begun(found)[2:]


CUT = "date: 2026-03-10, interrupted: 1.d1.alpha.IV.1, reason: fever"
ASKED = (
    "record: cycle 2 started, or delayed to its day; after more than 7 days without the infusion a "
    "new cycle begins (label: section 2)"
)


def test_after_too_long_a_break_the_next_cycle_waits_for_its_start() -> None:
    found = laid(FIRST, record=CUT)

    assert [("1", "03-02"), ("2", None), ("3", None)] == starts(found)
    assert ("cycle 2 and all that follows", (ASKED,)) == found.open


@pytest.mark.parametrize(
    ("entry", "second"),
    [
        # The cycle before it is over already, so that it is not late.
        ("date: 2026-03-20, cycle: 2, started: true", ("2", "03-20", 0, True, None)),
        (
            "date: 2026-03-19, delayed: 2, to: 2026-03-21, reason: fever",
            ("2", "03-21", 0, False, "fever"),
        ),
    ],
)
def test_its_start_answers_a_break_that_was_too_long(
    entry: str, second: tuple[object, ...]
) -> None:
    found = laid(FIRST, record=f"{CUT}\n{entry}")

    assert (second, None) == (as_begun(found)[1], found.open)
    assert found.cycles[2].start is not None


def test_a_break_that_is_not_too_long_asks_for_nothing() -> None:
    found = laid(FIRST, record=CUT, as_of="2026-03-17")

    assert (INDUCTION, None) == (starts(found), found.open)


# -------------------------------------------------------------------------------- cycles that are named


@pytest.mark.parametrize(
    ("names", "only", "expected"),
    [
        (("only",), None, ["1", "2", "3"]),
        (("2", "M1"), None, ["2", "M1"]),
        (("M2", "only", "1"), None, ["1", "2", "3", "M2"]),
        (("only",), "first", ["1"]),
        (("only",), "later", ["2", "3"]),
        (("month", "3"), "first", ["3"]),
        (("month", "3"), "later", ["M1", "M2"]),
        (("other",), "first", []),
        (("other",), "later", []),
    ],
)
def test_cycles_are_named_by_kind_or_label(
    names: tuple[str, ...], only: str | None, expected: list[str]
) -> None:
    where = Where(names, only, Place("made-up.yaml", 1, 1))

    assert expected == [c.label for c in chosen_cycles(where, laid(FIRST, MONTHS).cycles)]
