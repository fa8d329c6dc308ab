"""The days on which an answer may change, of each kind of question; asked about March 2026 to 2028.

That no day is missing is tried in the property tests; here is that none is there without a cause.
"""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from protoplan.model.condition import All, Bounds, Condition, Not, Test
from protoplan.model.plan import Measure
from protoplan.model.record import Toxicity
from protoplan.model.treatment import LabValue, Patient
from protoplan.planning.known import Known, Own, Taken
from protoplan.planning.turning import turns
from protoplan.quantity import parse
from protoplan.source import Place

HERE = Place("test", 1, 1)
SPAN = date(2026, 3, 1), date(2028, 4, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def lab(name: str, on: str) -> LabValue:
    return LabValue(day(on), name, parse("1 mg/dL"), HERE)


def measured(on: str) -> Measure:
    area = Decimal("1.84")
    return Measure(
        day(on), parse("175 cm"), parse("70 kg"), area, area, "mosteller", "made up", HERE
    )


def event(on: str, name: str) -> Toxicity:
    return Toxicity(date=day(on), at=HERE, name=name, grade=2, related_to=None, outcome=None)


def medicine(
    name: str, start: str | None, end: str | None, classes: frozenset[str] | None
) -> Taken:
    first, last = (None if on is None else day(on) for on in (start, end))
    return Taken(name, frozenset({name}), classes, first, last)


STATE = Known(
    options={},
    waiting={},
    facts={"cns": "negative"},
    labs={
        "creatinine": (lab("creatinine", "2026-03-02"), lab("creatinine", "2026-04-01")),
        "bilirubin": (lab("bilirubin", "2026-05-31"),),
    },
    units={},
    fresh_days=7,
    patient=Patient("made up", date(1960, 2, 29), None, "female", HERE),
    as_of=date(2026, 4, 5),
    medicines=(
        medicine("azole", "2026-03-10", "2026-03-20", frozenset({"strong"})),
        medicine("azole", None, None, frozenset({"strong"})),
        medicine("herb", "2026-06-01", "2026-06-30", None),
        medicine("statin", "2026-07-01", "2026-07-02", frozenset({"weak"})),
    ),
    own=Own((medicine("beta", "2026-03-02", "2026-03-04", frozenset({"strong"})),)),
    events=(event("2026-03-07", "nausea"), event("2026-03-09", "rash")),
    measures=(measured("2026-03-01"), measured("2026-04-20")),
)

#: Each value from its day, and too old from the 8th day after; later than the plan's day.
CREATININE = ["2026-03-02", "2026-03-10", "2026-04-01", "2026-04-06", "2026-04-09"]
#: There is a 29 February in 2028 alone.
BIRTHDAYS = ["2026-02-28", "2027-02-28", "2028-02-29"]
MEASURES = ["2026-03-01", "2026-04-20"]


def question(asks: str, name: str) -> Test:
    return Test(asks, name, (), Bounds(at_least=Decimal(1)), HERE)


@pytest.mark.parametrize(
    ("asks", "name", "expected"),
    [
        ("fact", "cns", []),
        ("option", "steps", []),
        ("lab", "creatinine", CREATININE),
        ("lab", "bilirubin", ["2026-04-06", "2026-05-31", "2026-06-08"]),
        ("lab", "platelets", ["2026-04-06"]),
        ("measure", "age", BIRTHDAYS),
        ("measure", "weight", MEASURES),
        ("measure", "creatinine_clearance", sorted([*CREATININE, *BIRTHDAYS, *MEASURES])),
        # From the first day to the day after the last; one without dates never turns.
        ("medicine", "azole", ["2026-03-10", "2026-03-21"]),
        ("medicine", "beta", ["2026-03-02", "2026-03-05"]),
        ("medicine", "herb", ["2026-06-01", "2026-07-01"]),
        # Those of the class, and those that may be of it.
        ("class", "strong",
         ["2026-03-02", "2026-03-05", "2026-03-10", "2026-03-21", "2026-06-01", "2026-07-01"]),
        ("class", "weak", ["2026-06-01", "2026-07-01", "2026-07-03"]),
        # Of whatever name: any toxicity may be asked for.
        ("toxicity", "nausea", ["2026-03-07", "2026-03-09"]),
        ("worst_toxicity", "any", ["2026-03-07", "2026-03-09"]),
    ],
)  # fmt: skip
def test_a_question_turns_on_the_days_that_bear_on_it(
    asks: str, name: str, expected: list[str]
) -> None:
    assert expected == [str(found) for found in turns([question(asks, name)], STATE, SPAN)]


@pytest.mark.parametrize(
    ("washout", "expected"),
    [(0, "2026-03-21"), (1, "2026-03-21"), (2, "2026-03-22"), (5, "2026-03-25")],
)
def test_a_medicine_acts_until_its_wash_out_is_over(washout: int, expected: str) -> None:
    state = attrs.evolve(STATE, washout=washout)

    assert ["2026-03-10", expected] == [
        str(found) for found in turns([question("medicine", "azole")], state, SPAN)
    ]


@pytest.mark.parametrize("patient", [None, Patient("made up", None, 45, "female", HERE)])
def test_who_has_no_date_of_birth_has_no_birthday(patient: Patient | None) -> None:
    state = attrs.evolve(STATE, patient=patient)

    assert () == turns([question("measure", "age")], state, SPAN)


def test_birthdays_of_the_first_and_of_the_last_year_are_among_them() -> None:
    state = attrs.evolve(STATE, patient=Patient("made up", date(1960, 5, 1), None, None, HERE))

    assert (date(2026, 5, 1),) == turns([question("measure", "age")], state, (SPAN[0], SPAN[0]))
    assert (date(2026, 5, 1), date(2027, 5, 1), date(2028, 5, 1)) == turns(
        [question("measure", "age")], state, SPAN
    )


def test_several_conditions_turn_on_the_days_of_all_their_questions_each_once() -> None:
    conditions: list[Condition | None] = [
        None,
        All((question("measure", "weight"), Not(question("toxicity", "rash")))),
        question("fact", "cns"),
        question("measure", "weight"),
    ]

    assert ["2026-03-01", "2026-03-07", "2026-03-09", "2026-04-20"] == [
        str(found) for found in turns(conditions, STATE, SPAN)
    ]
