"""Where in the course a day lies: cycles of 21 days from Monday 2026-03-02, 03-23 and 04-13."""

from datetime import date

import pytest
from tests.engine import NONE, TREATMENT, drug_text, formulary, listed, protocol_text, ready

from protoplan import api, files
from protoplan.model.record import MovedOn
from protoplan.model.standing import NextCycle, Position
from protoplan.planning.position import position
from protoplan.source import Place

CYCLES = "  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}"
UPKEEP = (
    "  - {name: treatment, cycles: {1-2: only}, source: [paper, Methods]}\n"
    "  - {name: upkeep, cycles: {3-4: only}, source: [paper, Methods]}"
)
LENGTH = "only: {length: 21 days, "

SECOND = NextCycle("2", date(2026, 3, 23), None, None, None)
THIRD = NextCycle("3", date(2026, 4, 13), None, None, None)


def stands(
    on: date, *entries: str, phases: str = CYCLES, length: str = LENGTH, options: str = ""
) -> Position:
    record = listed("record", [f"{{{entry}}}" for entry in entries])
    text = protocol_text(options=options).replace(CYCLES, phases).replace(LENGTH, length)
    with formulary(drug_text("alpha")):
        treatment = files.load_text(f"{TREATMENT}{NONE}{record}\n", "t.yaml")[1]
        plan = api.plan_prepared(treatment, ready(text), date(2026, 7, 1))
    return position(plan, treatment, on)


def at(
    state: str, cycle: str | None, following: NextCycle | None = None, **more: object
) -> Position:
    plain: dict[str, object] = {
        "day": None, "days_after": None, "start_recorded": False, "late": 0, "because": None,
        "moved_on": None,
    }  # fmt: skip
    return Position(state=state, cycle=cycle, following=following, **{**plain, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 1),
         at("before the course", None, NextCycle("1", date(2026, 3, 2), None, None, None))),
        (date(2026, 3, 2), at("in a cycle", "1", SECOND, day=1)),
        (date(2026, 3, 22), at("in a cycle", "1", SECOND, day=21)),
        (date(2026, 3, 23), at("in a cycle", "2", THIRD, day=1)),
        (date(2026, 5, 3), at("in a cycle", "3", day=21)),
        (date(2026, 5, 4), at("after the course", "3", days_after=1)),
    ],
)  # fmt: skip
def test_a_day_lies_in_a_cycle_or_before_or_after_the_course(on: date, expected: Position) -> None:
    assert expected == stands(on)


OPEN = UPKEEP.replace("{3-4: only}", "{3-4: only}, up_to: {option: months}")
MONTHS = "options:\n  months: {about: months, choices: [0, 1, 2], source: [paper, Methods]}"


def test_after_the_dated_cycles_the_next_one_has_no_date() -> None:
    """How long the second phase is to last is not chosen; the first ends on 2026-04-12."""
    third = NextCycle("3", None, None, None, None)

    assert [
        at("in a cycle", "2", third, day=21), at("after the dated cycles", "2", third, days_after=1)
    ] == [
        stands(day, phases=OPEN, options=MONTHS) for day in (date(2026, 4, 12), date(2026, 4, 13))
    ]  # fmt: skip


def test_between_two_cycles_the_days_since_the_first_are_counted() -> None:
    """The first ends on 2026-03-22; the second is put off to the 30th."""
    put_off = "date: 2026-03-23, delayed: 2, to: 2026-03-30, reason: fever"
    second = NextCycle("2", date(2026, 3, 30), None, None, None)

    assert at("between cycles", "1", second, days_after=2) == stands(date(2026, 3, 24), put_off)
    assert at(
        "in a cycle", "2", NextCycle("3", date(2026, 4, 20), None, None, None),
        day=1, late=7, because="fever",
    ) == stands(date(2026, 3, 30), put_off)  # fmt: skip


def test_how_long_a_cycle_may_last_bounds_the_next() -> None:
    """21 and 28 days after the start on 2026-03-23 are 04-13 and 04-20."""
    third = NextCycle("3", date(2026, 4, 13), date(2026, 4, 13), date(2026, 4, 20), (21, 28))
    started = "date: 2026-03-23, cycle: 2, started: true"

    assert at("in a cycle", "2", third, day=2, start_recorded=True) == stands(
        date(2026, 3, 24), started, length="only: {length: 21 days, between: [21 days, 28 days], "
    )


def moved(on: str, to: str) -> str:
    return f"date: {on}, moved_on: {to}, reason: a donor"


ENDED = MovedOn(
    date=date(2026, 3, 22), at=Place("t.yaml", 11, 5), to="transplant", reason="a donor"
)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 21), at("in a cycle", "1", day=20)),
        (date(2026, 3, 22), at("moved on to transplant", "1", moved_on=ENDED)),
        (date(2026, 3, 23), at("moved on to transplant", "1", days_after=1, moved_on=ENDED)),
    ],
)
def test_a_course_ends_on_the_day_it_moves_on_to_transplant(on: date, expected: Position) -> None:
    """On the last day of the first cycle."""
    assert expected == stands(on, moved("2026-03-22", "transplant"))


def test_a_course_that_moves_on_to_another_phase_goes_on() -> None:
    """The third cycle, which is the first of upkeep, begins on the day of the entry."""
    fourth = NextCycle("4", date(2026, 4, 15), None, None, None)

    assert at("in a cycle", "3", fourth, day=2) == stands(
        date(2026, 3, 26), moved("2026-03-25", "upkeep"), phases=UPKEEP
    )
