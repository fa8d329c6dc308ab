"""Kleene's three values, and bounds in four words."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protoplan.model.catalogue import Lab
from protoplan.model.condition import All, Any, Bounds, Condition, Not, Test
from protoplan.model.treatment import LabValue, Patient
from protoplan.planning.conditions import ask, converted, within
from protoplan.planning.known import Known, Verdict
from protoplan.quantity import Quantity
from protoplan.source import Grounds, Place

HERE = Place("test", 1, 1)
ON = date(2026, 3, 2)
VALUES = (True, False, None)


def fact(name: str) -> Test:
    return Test("fact", name, ("yes",), None, HERE)


def knowing(**answers: bool | None) -> Known:
    stated = {name: "yes" if a else "no" for name, a in answers.items() if a is not None}
    return Known({}, {}, stated, {}, {}, 7)


@pytest.mark.parametrize(("one", "other"), list(product(VALUES, VALUES)))
def test_all_is_false_for_one_false_and_else_unknown_for_one_unknown(
    one: bool | None, other: bool | None
) -> None:
    expected = False if False in (one, other) else None if None in (one, other) else True

    assert expected is ask(All((fact("a"), fact("b"))), knowing(a=one, b=other), ON).answer


@pytest.mark.parametrize(("one", "other"), list(product(VALUES, VALUES)))
def test_any_is_true_for_one_true_and_else_unknown_for_one_unknown(
    one: bool | None, other: bool | None
) -> None:
    expected = True if True in (one, other) else None if None in (one, other) else False

    assert expected is ask(Any((fact("a"), fact("b"))), knowing(a=one, b=other), ON).answer


@pytest.mark.parametrize(("value", "expected"), [(True, False), (False, True), (None, None)])
def test_not_leaves_unknown_unknown(value: bool | None, expected: bool | None) -> None:
    assert expected is ask(Not(fact("a")), knowing(a=value), ON).answer


def test_an_unknown_names_what_is_wanted_once() -> None:
    tree = All((fact("a"), Any((fact("b"), fact("a"))), fact("c")))

    assert Verdict(None, ("a", "b")) == ask(tree, knowing(c=True), ON)


NAMES = ("a", "b", "c")


def trees() -> st.SearchStrategy[Condition]:
    leaf: st.SearchStrategy[Condition] = st.sampled_from(NAMES).map(fact)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
            inner.map(Not),
        ),
        max_leaves=8,
    )


@given(trees(), st.tuples(*(st.sampled_from(VALUES) for _ in NAMES)))
def test_stating_one_more_fact_never_makes_less_known(
    tree: Condition, values: tuple[bool | None, ...]
) -> None:
    answers = dict(zip(NAMES, values, strict=True))
    before = ask(tree, knowing(**answers), ON).answer

    for name, value in product(NAMES, (True, False)):
        if answers[name] is None and before is not None:
            assert before is ask(tree, knowing(**{**answers, name: value}), ON).answer


@given(trees(), st.tuples(*(st.sampled_from(VALUES) for _ in NAMES)))
def test_what_is_known_does_not_hang_on_the_order_of_parts(
    tree: Condition, values: tuple[bool | None, ...]
) -> None:
    def turned(node: Condition) -> Condition:
        if isinstance(node, Test):
            return node
        if isinstance(node, Not):
            return Not(turned(node.part))
        return type(node)(tuple(turned(part) for part in reversed(node.parts)))

    state = knowing(**dict(zip(NAMES, values, strict=True)))

    assert ask(tree, state, ON).answer is ask(turned(tree), state, ON).answer


@pytest.mark.parametrize(
    ("bounds", "below", "at", "above"),
    [
        (Bounds(at_least=Decimal(20)), False, True, True),
        (Bounds(above=Decimal(20)), False, False, True),
        (Bounds(below=Decimal(20)), True, False, False),
        (Bounds(at_most=Decimal(20)), True, True, False),
    ],
)
def test_the_four_words_say_what_happens_exactly_on_the_bound(
    bounds: Bounds, below: bool, at: bool, above: bool
) -> None:
    found = tuple(within(Decimal(text), bounds) for text in ("19.999999", "20", "20.000001"))

    assert (below, at, above) == found


def lab(text: str, unit: str, on: date) -> Known:
    value = LabValue(on, "creatinine", Quantity(Decimal(text), unit), HERE)
    units = Lab(
        "creatinine", "", ("mg/dL", "umol/L"), (("umol/L", Decimal("88.4"), Grounds()),), HERE
    )
    return Known({}, {}, {}, {"creatinine": (value,)}, {"creatinine": units}, 7)


CREATININE = Test("lab", "creatinine", (), Bounds(at_most=Quantity(Decimal(2), "mg/dL")), HERE)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("2", "mg/dL", True), ("2.01", "mg/dL", False), ("176.8", "umol/L", True),
     ("176.9", "umol/L", False), ("2", "xULN", None)],
)  # fmt: skip
def test_a_lab_is_compared_in_its_own_unit_or_not_at_all(
    text: str, unit: str, expected: bool | None
) -> None:
    """2 mg/dL are 2 × 88.4 = 176.8 µmol/L; a multiple of an unknown limit is no number."""
    assert expected is ask(CREATININE, lab(text, unit, ON), ON).answer


@pytest.mark.parametrize(
    ("taken", "expected"),
    [(date(2026, 2, 23), True), (date(2026, 2, 22), None), (date(2026, 3, 3), None)],
)
def test_a_lab_too_old_or_not_yet_taken_is_unknown(taken: date, expected: bool | None) -> None:
    assert expected is ask(CREATININE, lab("1", "mg/dL", taken), ON).answer


def test_a_conversion_goes_both_ways() -> None:
    known = lab("1", "mg/dL", ON).units["creatinine"]
    there = converted(Quantity(Decimal("1.5"), "mg/dL"), "umol/L", known)

    assert Quantity(Decimal("132.60"), "umol/L") == there
    assert there is not None
    assert Quantity(Decimal("1.5"), "mg/dL") == converted(there, "mg/dL", known)


SIXTY = Test("measure", "age", (), Bounds(at_least=Decimal(60)), HERE)


def aged(birth: date | None, age: int | None) -> Known:
    return Known({}, {}, {}, {}, {}, 7, Patient("made up", birth, age, None, HERE))


@pytest.mark.parametrize(
    ("birth", "age", "on", "expected"),
    [
        (date(1966, 3, 3), None, date(2026, 3, 2), False),
        (date(1966, 3, 2), None, date(2026, 3, 2), True),
        (None, 59, date(2027, 3, 2), False),
        (None, 60, date(2026, 3, 2), True),
    ],
)
def test_age_is_asked_on_the_day_of_the_dose(
    birth: date | None, age: int | None, on: date, expected: bool
) -> None:
    assert expected is ask(SIXTY, aged(birth, age), on).answer


def test_without_a_patient_an_age_is_unknown() -> None:
    assert Verdict(None, ("age",)) == ask(SIXTY, knowing(), ON)
