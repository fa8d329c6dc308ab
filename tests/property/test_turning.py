"""Between two turns every question is answered alike; each day is asked anew to see it."""

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protoplan.model.condition import All, Any, Bounds, Not, Test
from protoplan.model.plan import Measure
from protoplan.model.record import Toxicity
from protoplan.model.treatment import LabValue, Patient
from protoplan.planning import conditions, turning
from protoplan.planning.conditions import ask
from protoplan.planning.known import Known, Own, Taken, Verdict
from protoplan.planning.turning import turns
from protoplan.quantity import Quantity, parse
from protoplan.source import Place

HERE = Place("test", 1, 1)
FIRST = date(2024, 2, 20)
SPAN = FIRST, FIRST + timedelta(420)
#: So many days; the questions are few, so a turn that is missed is met soon.
DAYS = [FIRST + timedelta(n) for n in range(421)]

DATES = st.dates(FIRST - timedelta(60), SPAN[1] + timedelta(10))
LABS = st.lists(
    st.tuples(st.sampled_from(["creatinine", "platelets"]), DATES, st.integers(1, 3)), max_size=6
)
MEDICINES = st.lists(
    st.tuples(
        st.sampled_from(["azole", "statin"]),
        st.sampled_from([None, frozenset[str](), frozenset({"strong"})]),
        st.one_of(st.none(), DATES),
        st.one_of(st.none(), DATES),
        st.sampled_from([(), ("a need",)]),
    ),
    max_size=4,
)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["liver", "nausea"]), DATES, st.integers(0, 4),
              st.sampled_from([None, "alpha"])), max_size=5
)  # fmt: skip
WEIGHTS = st.lists(st.tuples(DATES, st.integers(50, 90)), max_size=3)
BIRTHS = st.sampled_from([date(1960, 2, 29), date(1958, 7, 1), date(1980, 12, 31), None])


def measured(on: date, weight: int) -> Measure:
    kilograms = Quantity(Decimal(weight), "kg")
    area = Decimal("1.8")
    return Measure(on, parse("170 cm"), kilograms, area, area, "mosteller", "", HERE)


@st.composite
def states(draw: st.DrawFn) -> Known:
    labs: dict[str, tuple[LabValue, ...]] = {}
    for name, on, value in sorted(draw(LABS), key=lambda row: row[1]):
        unit = "mg/dL" if name == "creatinine" else "10^9/L"
        taken = LabValue(on, name, Quantity(Decimal(value), unit), HERE)
        labs[name] = (*labs.get(name, ()), taken)
    medicines = tuple(
        Taken(name, frozenset({name}), classes, start, end, needs)
        for name, classes, start, end, needs in draw(MEDICINES)
        if start is None or end is None or start <= end
    )
    events = [
        Toxicity(date=on, at=HERE, name=name, grade=grade, related_to=of, outcome=None)
        for name, on, grade, of in draw(EVENTS)
    ]
    born = draw(BIRTHS)
    return Known(
        options={},
        waiting={},
        facts={"cns": "active"},
        labs=labs,
        units={},
        fresh_days=draw(st.sampled_from([0, 3, 14])),
        patient=Patient("made up", born, 45 if born is None else None, "female", HERE),
        as_of=draw(DATES),
        medicines=medicines[:2],
        own=Own(medicines[2:]),
        washout=draw(st.integers(0, 3)),
        events=tuple(sorted(events, key=lambda event: event.date)),
        measures=tuple(sorted((measured(*w) for w in draw(WEIGHTS)), key=lambda m: m.date)),
        last_values=draw(st.booleans()),
    )


def question(asks: str, name: str, least: Decimal | Quantity | None, of: str | None = None) -> Test:
    words = ("active",) if least is None and asks == "fact" else ()
    return Test(asks, name, words, None if least is None else Bounds(at_least=least), HERE, of)


QUESTIONS = st.sampled_from(
    [
        question("fact", "cns", None),
        question("lab", "creatinine", parse("2 mg/dL")),
        question("lab", "platelets", parse("2 10^9/L")),
        question("measure", "age", Decimal(65)),
        question("measure", "age", Decimal(64)),
        question("measure", "weight", parse("70 kg")),
        question("measure", "creatinine_clearance", parse("30 mL/min")),
        question("medicine", "azole", None),
        question("class", "strong", None),
        question("toxicity", "liver", Decimal(2)),
        question("toxicity", "any", Decimal(2), "alpha"),
        question("worst_toxicity", "liver", Decimal(2)),
    ]
)
TREES = st.recursive(
    QUESTIONS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
    ),
    max_leaves=4,
)


def whole(verdict: Verdict) -> tuple[object, ...]:
    return attrs.astuple(verdict, recurse=False)


@settings(max_examples=300, deadline=None)
@given(TREES, states())
def test_between_two_turns_every_day_is_answered_alike(tree: Test | All, state: Known) -> None:
    turning_days = turns([tree], state, SPAN)

    answers: dict[int, tuple[object, ...]] = {}
    for on in DAYS:
        stretch = bisect_right(turning_days, on)
        found = whole(ask(tree, state, on))
        assert (on, answers.setdefault(stretch, found)) == (on, found)


def test_every_kind_of_question_says_when_its_answer_may_turn() -> None:
    assert set(conditions._ASKS) == set(turning._TURNS)


@pytest.mark.parametrize(
    ("born", "turn"),
    [(date(1960, 2, 29), date(2025, 2, 28)), (date(1960, 7, 1), date(2024, 7, 1))],
)
def test_an_age_turns_on_the_birthday(born: date, turn: date) -> None:
    state = Known({}, {}, {}, {}, {}, 0, Patient("made up", born, None, None, HERE))

    assert turn in turns([question("measure", "age", Decimal(64))], state, SPAN)
