"""Kleene's three values, bounds in four words, and what each question asks of what is known."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protoplan.model.catalogue import Catalogue, Lab
from protoplan.model.condition import All, Any, Bounds, Condition, Not, Test
from protoplan.model.option import Answer, Choice, Option
from protoplan.model.plan import Measure
from protoplan.model.record import Toxicity
from protoplan.model.treatment import LabValue, Patient
from protoplan.planning.conditions import answer_to, ask, clearance_on, converted, known, within
from protoplan.planning.known import Known, Own, Taken, Verdict
from protoplan.quantity import Quantity, parse
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


# -- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "answer", "words"),
    [
        (fact("a"), True, ("a yes",)),
        (fact("c"), False, ("c no",)),
        (Not(fact("c")), True, ("c no",)),
        # What decides is named, each thing once; where nothing decides alone, all is.
        (All((fact("a"), fact("b"))), True, ("a yes", "b yes")),
        (All((fact("a"), fact("c"), fact("u"))), False, ("c no",)),
        (Any((fact("c"), fact("b"), fact("u"))), True, ("b yes",)),
        (Any((fact("c"), fact("d"), fact("c"))), False, ("c no", "d no")),
    ],
)
def test_an_answer_says_what_it_rests_on(
    tree: Condition, answer: bool, words: tuple[str, ...]
) -> None:
    found = ask(tree, knowing(a=True, b=True, c=False, d=False), ON)

    assert (answer, words) == (found.answer, found.because)


def test_nothing_asked_is_true() -> None:
    assert Verdict(True) == ask(None, knowing(), ON)


# -- facts and options ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "test", "expected"),
    [
        ("active", Test("fact", "f", ("negative", "active"), None, HERE), True),
        ("remote", Test("fact", "f", ("negative", "active"), None, HERE), False),
        # A number is the same however it is written, and no word is a number.
        ("20.0", Test("fact", "f", ("19", "20"), None, HERE), True),
        ("20.0", Test("fact", "f", ("19", "21"), None, HERE), False),
        ("20.0", Test("fact", "f", ("twenty",), None, HERE), False),
        ("20", Test("fact", "f", (), Bounds(at_least=Decimal(20)), HERE), True),
        ("19", Test("fact", "f", (), Bounds(at_least=Decimal(20)), HERE), False),
    ],
)
def test_a_fact_is_a_word_or_a_number(stated: str, test: Test, expected: bool) -> None:
    found = ask(test, attrs.evolve(knowing(), facts={"f": stated}), ON)

    assert (expected, (f"f {stated}",)) == (found.answer, found.because)


def option(
    name: str,
    when: Condition | None = None,
    default: Answer | None = None,
    choices: tuple[Choice, ...] = (),
    steps: str | None = None,
) -> Option:
    return Option(name, name, when, choices, None, None, steps, default, Grounds(), HERE)


MG_5 = Quantity(Decimal(5), "mg")
FIVE = (Choice("5 mg", None, MG_5), Choice("7 mg", None, Quantity(Decimal(7), "mg")))


@pytest.mark.parametrize(
    ("asked", "written", "expected"),
    [
        (option("o"), "5 mg", "5 mg"),
        (option("o", choices=(Choice("5 mg", None),)), "5 mg", "5 mg"),
        (option("o", choices=FIVE), "5 mg", MG_5),
        (option("o", steps="mg"), "1 mg, 5 mg", (Quantity(Decimal(1), "mg"), MG_5)),
    ],
)
def test_an_answer_is_what_it_is(asked: Option, written: str, expected: Answer) -> None:
    assert expected == answer_to(asked, written)


BOUND_5 = Bounds(at_least=MG_5)


@pytest.mark.parametrize(
    ("answer", "words", "bounds", "expected"),
    [
        ("late", ("early", "late"), None, Verdict(True)),
        ("late", ("early",), None, Verdict(False)),
        (MG_5, ("5 mg",), None, Verdict(True)),
        (MG_5, (), BOUND_5, Verdict(True)),
        (Quantity(Decimal("4.9"), "mg"), (), BOUND_5, Verdict(False)),
        ("3", (), Bounds(at_least=Decimal(3)), Verdict(True)),
        ("2", (), Bounds(at_least=Decimal(3)), Verdict(False)),
        (None, ("late",), None, Verdict(None, ("o",))),
    ],
)
def test_an_option_is_asked_for_its_answer(
    answer: Answer | None, words: tuple[str, ...], bounds: Bounds | None, expected: Verdict
) -> None:
    state = attrs.evolve(knowing(), options={"o": answer})

    assert expected == ask(Test("option", "o", words, bounds, HERE), state, ON)


def test_an_option_that_does_not_apply_has_no_answer() -> None:
    assert Verdict(False) == ask(Test("option", "o", ("late",), None, HERE), knowing(), ON)


def test_an_option_that_may_apply_wants_what_decides_it() -> None:
    state = attrs.evolve(knowing(), options={"o": None}, waiting={"o": ("cns", "ecog")})

    assert Verdict(None, ("cns", "ecog")) == ask(
        Test("option", "o", ("late",), None, HERE), state, ON
    )


def test_a_row_of_amounts_is_not_compared() -> None:
    state = attrs.evolve(knowing(), options={"o": (MG_5,)})

    with pytest.raises(TypeError, match=r"^a row of amounts is not compared with bounds$"):
        ask(Test("option", "o", (), BOUND_5, HERE), state, ON)


def test_options_are_settled_in_the_order_of_the_protocol() -> None:
    """Chosen, at its default, open, not asked, asked for an answer above, and not known to apply."""
    early = Test("option", "a", ("early",), None, HERE)
    of_a_day = Test("lab", "bilirubin", (), Bounds(below=Quantity(Decimal(1), "mg/dL")), HERE)
    options = (
        option("a"),
        option("b", default="low"),
        option("c"),
        option("d", when=Not(early)),
        option("e", when=early, choices=FIVE),
        option("f", when=fact("cns")),
        option("g", when=of_a_day),
    )
    person = Patient("made up", None, 45, None, HERE)
    late, first, other = (
        LabValue(date(2026, 3, day), name, Quantity(Decimal(2), "mg/dL"), HERE)
        for day, name in ((5, "bilirubin"), (2, "bilirubin"), (4, "creatinine"))
    )
    unit = Lab("bilirubin", "", ("mg/dL",), (), HERE)
    catalogue = Catalogue("c", "1", (), (unit,), (), (), (), "", HERE)
    chosen = {"a": "early", "e": "7 mg", "d": "never read", "f": "not read yet"}

    found = known(options, chosen, {"x": "yes"}, (late, first, other), catalogue, 7, person)

    assert found == Known(
        {"a": "early", "b": "low", "c": None, "e": FIVE[1].amount, "f": None, "g": None},
        {"f": ("cns",), "g": ("bilirubin",)},
        {"x": "yes"},
        {"bilirubin": (first, late), "creatinine": (other,)},
        {"bilirubin": unit},
        7,
        person,
        {one.name: one for one in options},
        {"b"},
    )


def test_without_more_a_lab_is_fresh_on_its_own_day_alone() -> None:
    assert Known({}, {}, {}, {}, {}, 0) == attrs.evolve(known((), {}, {}), defaults=())


# -- labs -------------------------------------------------------------------------------------------


def bilirubin(*values: tuple[date, str, str]) -> Known:
    """Values with their days, of a lab that the catalogue states in mg/dL alone."""
    rows = tuple(
        LabValue(on, "bilirubin", Quantity(Decimal(text), unit), HERE) for on, text, unit in values
    )
    unit = Lab("bilirubin", "", ("mg/dL",), (), HERE)
    return Known({}, {}, {}, {"bilirubin": rows}, {"bilirubin": unit}, 7, as_of=ON)


BILIRUBIN = Test(
    "lab",
    "bilirubin",
    (),
    Bounds(above=Quantity(Decimal(1), "mg/dL"), at_most=Quantity(Decimal(3), "mg/dL")),
    HERE,
)
LIMIT = ("upper limit of normal of bilirubin",)
WANTED, WAITING = Verdict(None, ("bilirubin",)), Verdict(None, (), ("bilirubin",))
ONE, TWO, LATER = date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("values", "on", "expected"),
    [
        ([(TWO, "2", "mg/dL")], ON, Verdict(True)),
        ([(TWO, "3.1", "mg/dL")], ON, Verdict(False)),
        # The last value holds.
        ([(ONE, "2", "mg/dL"), (TWO, "4", "mg/dL")], ON, Verdict(False)),
        ([(ONE, "4", "mg/dL"), (TWO, "2", "mg/dL")], ON, Verdict(True)),
        ([(ONE, "2", "mg/dL"), (LATER, "4", "mg/dL")], ON, Verdict(True)),
        ([(ONE, "4", "mg/dL"), (LATER, "2", "mg/dL")], ON, Verdict(False)),
        # Too old for the day of the plan: wanted; for a later day: it waits.
        ([(date(2026, 2, 22), "2", "mg/dL")], ON, WANTED),
        ([(TWO, "2", "mg/dL")], LATER, WAITING),
        ([(TWO, "2", "mg/dL")], date(2026, 3, 9), Verdict(True)),
        ([(TWO, "2", "mg/dL")], date(2026, 3, 10), WAITING),
        # Of a later day, it is not known on an earlier one.
        ([(LATER, "2", "mg/dL")], ON, WANTED),
        ([(LATER, "2", "mg/dL")], date(2026, 3, 3), WAITING),
        # In a unit that leads nowhere, now or by the last value; other values help nothing.
        ([(TWO, "2", "xULN")], ON, Verdict(None, LIMIT)),
        ([(TWO, "2", "xULN")], LATER, Verdict(None, LIMIT, ("bilirubin",))),
        ([(ONE, "2", "mg/dL"), (ONE, "2", "mg/dL"), (TWO, "2", "xULN")], LATER,
         Verdict(None, LIMIT, ("bilirubin",))),
        ([(ONE, "2", "xULN"), (ONE, "2", "xULN"), (TWO, "2", "mg/dL")], LATER, WAITING),
    ],
)  # fmt: skip
def test_a_lab_on_a_day(values: list[tuple[date, str, str]], on: date, expected: Verdict) -> None:
    assert expected == ask(BILIRUBIN, bilirubin(*values), on)


def test_parts_are_asked_for_the_day_of_the_whole() -> None:
    state = bilirubin((TWO, "2", "mg/dL"))
    tree = All((Not(BILIRUBIN), fact("u")))

    assert Verdict(False) == ask(tree, state, ON)
    assert Verdict(None, ("u",), ("bilirubin",)) == ask(tree, state, LATER)


def test_a_lab_is_held_against_multiples_of_the_upper_limit_of_the_site() -> None:
    """2 mg/dL are 2 / 1.25 = 1.6 times it."""
    state = attrs.evolve(
        bilirubin((TWO, "2", "mg/dL")), upper_limits={"bilirubin": parse("1.25 mg/dL")}
    )
    for above, expected in (("1.5 xULN", True), ("1.6 xULN", False)):
        test = Test("lab", "bilirubin", (), Bounds(above=parse(above)), HERE)

        assert expected is ask(test, state, ON).answer


def test_a_lab_that_was_never_stated_is_wanted_on_every_day() -> None:
    state = attrs.evolve(knowing(), as_of=ON)

    assert (WANTED, WANTED) == (ask(BILIRUBIN, state, ON), ask(BILIRUBIN, state, LATER))


def test_the_last_value_may_be_asked_for_however_old_it_is() -> None:
    state = attrs.evolve(bilirubin((TWO, "2", "mg/dL")), last_values=True)

    assert Verdict(True) == ask(BILIRUBIN, state, LATER)


def test_a_lab_is_told_with_its_day_as_it_was_stated() -> None:
    found = ask(CREATININE, lab("150", "umol/L", ONE), ON)

    assert ("creatinine 150\N{NO-BREAK SPACE}umol/L on 2026-03-01",) == found.because


def test_a_lab_without_bounds_is_not_judged() -> None:
    state = bilirubin((TWO, "2", "mg/dL"))

    assert WANTED == ask(Test("lab", "bilirubin", (), None, HERE), state, ON)


MICRO = ("umol/L", Decimal("88.4"), Grounds())
CREATININE_UNITS = Lab("creatinine", "", ("mg/dL", "umol/L"), (MICRO,), HERE)
UPPER = {"creatinine": Quantity(Decimal("1.2"), "mg/dL")}


@pytest.mark.parametrize(
    ("value", "unit", "known_as", "limits", "expected"),
    [
        # Of one dimension it stays as it is.
        ("2 g/dL", "g/dL", None, None, "2 g/dL"),
        ("2 mg/dL", "umol/L", CREATININE_UNITS, None, "176.8 umol/L"),
        ("176.8 umol/L", "mg/dL", CREATININE_UNITS, None, "2 mg/dL"),
        # 2.4 / 1.2; 1.2 mg/dL are 106.08 umol/L: 212.16 / 106.08; 2 x 1.2; 2 x 106.08
        ("2.4 mg/dL", "xULN", CREATININE_UNITS, UPPER, "2 xULN"),
        ("212.16 umol/L", "xULN", CREATININE_UNITS, UPPER, "2 xULN"),
        ("2 xULN", "mg/dL", CREATININE_UNITS, UPPER, "2.4 mg/dL"),
        ("2 xULN", "umol/L", CREATININE_UNITS, UPPER, "212.16 umol/L"),
        # An upper limit in the other unit: 106.08 umol/L.
        ("2.4 mg/dL", "xULN", CREATININE_UNITS,
         {"creatinine": Quantity(Decimal("106.08"), "umol/L")}, "2 xULN"),
        ("2 xULN", "mg/dL", CREATININE_UNITS,
         {"creatinine": Quantity(Decimal("106.08"), "umol/L")}, "2.4 mg/dL"),
        # 1200 /uL are 1.2 10^9/L.
        ("600 /uL", "xULN", Lab("neutrophils", "", ("10^9/L", "/uL"), (), HERE),
         {"neutrophils": Quantity(Decimal("1.2"), "10^9/L")}, "0.5 xULN"),
        ("2 xULN", "/uL", Lab("neutrophils", "", ("10^9/L", "/uL"), (), HERE),
         {"neutrophils": Quantity(Decimal("1.2"), "10^9/L")}, "2400 /uL"),
        # Neither a factor nor an upper limit leads there.
        ("2 mg/dL", "umol/L", None, UPPER, None),
        ("2 mg/dL", "umol/L", Lab("creatinine", "", ("mg/dL",), (), HERE), UPPER, None),
        ("2 U/L", "umol/L", CREATININE_UNITS, UPPER, None),
        ("2 mg/dL", "U/L", CREATININE_UNITS, UPPER, None),
        ("2 xULN", "mg/dL", CREATININE_UNITS, None, None),
        ("2 xULN", "mg/dL", CREATININE_UNITS, {"bilirubin": UPPER["creatinine"]}, None),
        ("2 mg/dL", "xULN", None, UPPER, None),
        ("2 mg/dL", "xULN", CREATININE_UNITS, {}, None),
        # The upper limit itself cannot be told in the unit.
        ("2 U/L", "xULN", CREATININE_UNITS, UPPER, None),
        ("2 xULN", "U/L", CREATININE_UNITS, UPPER, None),
    ],
)  # fmt: skip
def test_a_value_in_another_unit(
    value: str,
    unit: str,
    known_as: Lab | None,
    limits: Mapping[str, Quantity] | None,
    expected: str | None,
) -> None:
    found = converted(parse(value), unit, known_as, limits)

    assert expected == (None if found is None else str(found))


def test_an_amount_and_a_number_are_not_compared() -> None:
    for value, bound in ((MG_5, Decimal(5)), (Decimal(5), MG_5)):
        with pytest.raises(TypeError, match=r"^an amount and a bare number cannot be compared$"):
            within(value, Bounds(at_least=bound))


# -- measures ---------------------------------------------------------------------------------------


def person(sex: str | None = "male", age: int | None = 40, birth: date | None = None) -> Patient:
    return Patient("made up", birth, age, sex, HERE)


def measured(on: date, weight: str, height: str = "180 cm") -> Measure:
    return Measure(on, parse(height), parse(weight), Decimal(2), Decimal(2), "mosteller", "", HERE)


def clear(
    *labs: tuple[date, str],
    of: Patient | None = None,
    measures: tuple[Measure, ...] = (measured(ONE, "72 kg"),),
    weight: str = "actual",
    limits: Mapping[str, Quantity] | None = None,
) -> Known:
    """Of 40 years and 72 kg: with a creatinine of 1 mg/dL it is 100 x 72 / 72 = 100 mL/min."""
    values = tuple(LabValue(on, "creatinine", parse(text), HERE) for on, text in labs)
    return Known(
        {}, {}, {}, {"creatinine": values}, {"creatinine": CREATININE_UNITS}, 7, of or person(),
        as_of=ON, measures=measures, upper_limits=limits or {}, clearance_weight=weight,
    )  # fmt: skip


NO_LIMIT = "upper limit of normal of creatinine"


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        (clear((ON, "1 mg/dL")), ON, "100 mL/min"),
        (clear((ON, "1 mg/dL"), of=person("female")), ON, "85 mL/min"),
        (clear((ON, "176.8 umol/L")), ON, "50 mL/min"),
        # 1.25 times the upper limit of 1.6 mg/dL is 2 mg/dL.
        (clear((ON, "1.25 xULN"), limits={"creatinine": parse("1.6 mg/dL")}), ON, "50 mL/min"),
        # A value of a later day is not known.
        (clear((ONE, "1 mg/dL"), (LATER, "2 mg/dL")), ON, "100 mL/min"),
        # The last value, and the weight of its day: (140 - 40) x 36 / (72 x 2).
        (clear((ONE, "1 mg/dL"), (ON, "2 mg/dL"), measures=(measured(ONE, "72 kg"),
         measured(ON, "36 kg"), measured(LATER, "90 kg"))), ON, "25 mL/min"),
        # 50 + 2.3 x 10 = 73 kg of ideal weight at 70 in: (140 - 68) x 73 / (72 x 0.73)
        (clear((ON, "0.73 mg/dL"), of=person(age=68), measures=(measured(ONE, "90 kg", "70 in"),),
         weight="ideal"), ON, "100 mL/min"),
        # 40 years old on the day itself, 39 the day before.
        (clear((ON, "1 mg/dL"), of=person(age=None, birth=date(1986, 3, 2))), ON, "100 mL/min"),
        (clear((ONE, "1 mg/dL"), of=person(age=None, birth=date(1986, 3, 2))), ONE, "101 mL/min"),
        # What is lacking, all of it.
        (clear(), ON, Verdict(None, ("creatinine",))),
        (clear(of=person(None), measures=()), ON, Verdict(None, ("creatinine", "sex", "weight"))),
        (clear((ON, "1 mg/dL"), of=person(None)), ON, Verdict(None, ("sex",))),
        (clear((ON, "1 mg/dL"), measures=()), ON, Verdict(None, ("weight",))),
        (clear((ON, "1 mg/dL"), of=person(age=None)), ON, Verdict(None, ("age",))),
        (clear((ON, "1 xULN")), ON, Verdict(None, (NO_LIMIT,))),
        (clear((ON, "1 xULN"), of=person(None, None), measures=()), ON,
         Verdict(None, ("sex", "weight", "age", NO_LIMIT))),
        # For a later day it waits, and names what else is lacking.
        (clear((ON, "1 mg/dL")), LATER, Verdict(None, (), ("creatinine",))),
        (clear((ON, "1 mg/dL"), of=person(None, None), measures=()), LATER,
         Verdict(None, ("sex", "weight", "age"), ("creatinine",))),
        (clear((ONE, "1 mg/dL"), (ONE, "1 mg/dL"), (ON, "1 xULN")), LATER,
         Verdict(None, (NO_LIMIT,), ("creatinine",))),
        (clear((ONE, "1 xULN"), (ONE, "1 xULN"), (ON, "1 mg/dL")), LATER,
         Verdict(None, (), ("creatinine",))),
    ],
)  # fmt: skip
def test_a_clearance_and_what_it_lacks(state: Known, on: date, expected: str | Verdict) -> None:
    found = clearance_on(state, on)

    assert expected == (found if isinstance(found, Verdict) else str(found))


@pytest.mark.parametrize(
    ("name", "bounds", "expected", "words"),
    [
        ("age", Bounds(at_least=Decimal(40)), True, "age 40"),
        ("age", Bounds(above=Decimal(40)), False, "age 40"),
        ("weight", Bounds(above=parse("72.2 kg")), True, "weight 72.25\N{NO-BREAK SPACE}kg"),
        ("weight", Bounds(above=parse("72.25 kg")), False, "weight 72.25\N{NO-BREAK SPACE}kg"),
        # 100 x 72.25 / (72 x 0.9) = 111.4969, judged as it is and told to one decimal.
        ("creatinine_clearance", Bounds(at_least=parse("111.49 mL/min")), True,
         "creatinine clearance 111.5\N{NO-BREAK SPACE}mL/min"),
        ("creatinine_clearance", Bounds(at_least=parse("111.5 mL/min")), False,
         "creatinine clearance 111.5\N{NO-BREAK SPACE}mL/min"),
    ],
)  # fmt: skip
def test_a_measure_is_judged_and_told(
    name: str, bounds: Bounds, expected: bool, words: str
) -> None:
    state = clear((ON, "0.9 mg/dL"), measures=(measured(ONE, "72.25 kg"),))
    found = ask(Test("measure", name, (), bounds, HERE), state, ON)

    assert (expected, (words,)) == (found.answer, found.because)


def test_a_weight_is_that_of_its_day_in_kilograms() -> None:
    """160 lb are 160 x 0.45359237 = 72.5747792 kg."""
    state = clear(measures=(measured(ONE, "160 lb"), measured(LATER, "60 kg")))
    above = Test("measure", "weight", (), Bounds(above=parse("72 kg")), HERE)
    found = ask(above, state, ON)

    assert (True, ("weight 72.5747792\N{NO-BREAK SPACE}kg",)) == (found.answer, found.because)
    assert ask(above, state, LATER).answer is False


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("age", knowing()),
        ("age", clear(of=person(age=None))),
        ("weight", knowing()),
        ("weight", clear(measures=())),
    ],
)
def test_a_measure_that_is_not_known_is_wanted(name: str, state: Known) -> None:
    bounds = Bounds(above=Decimal(40) if name == "age" else parse("72 kg"))

    assert Verdict(None, (name,)) == ask(Test("measure", name, (), bounds, HERE), state, ON)


def test_a_measure_without_bounds_is_not_judged() -> None:
    assert Verdict(None, ("age",)) == ask(Test("measure", "age", (), None, HERE), clear(), ON)


# -- medicines --------------------------------------------------------------------------------------


def taking(
    name: str,
    *classes: str,
    to: date | None = None,
    known: bool = True,
    needs: tuple[str, ...] = (),
) -> Taken:
    return Taken(name, frozenset({name}), frozenset(classes) if known else None, None, to, needs)


AZOLE, BY_NAME = Test("class", "azole", (), None, HERE), Test("medicine", "x", (), None, HERE)
X, UNSURE = taking("x", "azole", "inhibitor"), taking("x", "azole", needs=("cns",))


@pytest.mark.parametrize(
    ("own", "stated", "by_class", "by_name"),
    [
        ((), (), Verdict(False), Verdict(False)),
        ((X,), (), Verdict(True), Verdict(True)),
        ((), (X,), Verdict(True), Verdict(True)),
        ((X,), None, Verdict(True), Verdict(True)),
        ((), (taking("y", "inhibitor"),), Verdict(False), Verdict(False)),
        ((), None, Verdict(None, ("medicines",)), Verdict(None, ("medicines",))),
        # Ended on the day before, and on the day itself.
        ((), (taking("x", "azole", to=ONE),), Verdict(False), Verdict(False)),
        ((taking("x", "azole", to=ONE),), (), Verdict(False), Verdict(False)),
        ((), (taking("x", "azole", to=TWO),), Verdict(True), Verdict(True)),
        # Not certain, unless another is.
        ((UNSURE, UNSURE), (), Verdict(None, ("cns",)), Verdict(None, ("cns",))),
        ((UNSURE,), (X,), Verdict(True), Verdict(True)),
        # Of no known class, which a name does not ask for.
        ((), (taking("y", known=False),), Verdict(None, ("classes of y",)), Verdict(False)),
        ((UNSURE,), (taking("y", known=False),), Verdict(None, ("cns", "classes of y")),
         Verdict(None, ("cns",))),
        ((UNSURE,), None, Verdict(None, ("cns", "medicines")), Verdict(None, ("cns", "medicines"))),
    ],
)  # fmt: skip
def test_a_medicine_is_taken_or_not_or_may_be(
    own: tuple[Taken, ...], stated: tuple[Taken, ...] | None, by_class: Verdict, by_name: Verdict
) -> None:
    state = attrs.evolve(knowing(), own=Own(own), medicines=stated)

    assert (by_class, by_name) == (ask(AZOLE, state, ON), ask(BY_NAME, state, ON))


def test_medicines_for_which_an_answer_is_true_are_named_once() -> None:
    y = taking("y", "azole", to=LATER)
    state = attrs.evolve(knowing(), own=Own((X, UNSURE)), medicines=(y, X, taking("z")))

    assert ("x", "y to 2026-04-01") == ask(AZOLE, state, ON).because


def test_after_its_wash_out_a_medicine_acts_no_more() -> None:
    ended = taking("x", "azole", to=date(2026, 2, 28))
    for washout, expected in ((2, False), (3, True)):
        state = attrs.evolve(knowing(), medicines=(ended,), own=Own((ended,)), washout=washout)

        assert expected is ask(BY_NAME, state, ON).answer
        assert expected is ask(BY_NAME, attrs.evolve(state, own=Own()), ON).answer
        assert expected is ask(BY_NAME, attrs.evolve(state, medicines=()), ON).answer


# -- toxicities -------------------------------------------------------------------------------------


def event(on: date, grade: int, name: str = "liver_pain", due: str | None = None) -> Toxicity:
    return Toxicity(date=on, at=HERE, name=name, grade=grade, related_to=due, outcome=None)


@pytest.mark.parametrize(
    ("events", "of", "now", "worst"),
    [
        ((), None, 0, 0),
        ((event(ON, 2),), None, 2, 2),
        ((event(LATER, 2),), None, 0, 0),
        ((event(ONE, 3), event(TWO, 1)), None, 1, 3),
        ((event(ONE, 3), event(TWO, 0)), None, 0, 3),
        ((event(ONE, 3, "rash"), event(TWO, 1)), None, 1, 1),
        # The graver of two causes; one without a cause may be due to each drug.
        ((event(ONE, 3, due="a"), event(TWO, 1, due="b")), None, 3, 3),
        ((event(ONE, 3, due="a"), event(TWO, 1, due="b")), "b", 1, 1),
        ((event(ONE, 3, due="a"), event(TWO, 1)), "b", 1, 1),
        # Over, whatever it was due to; over for one cause alone.
        ((event(ONE, 3, due="a"), event(ONE, 2, due="b"), event(TWO, 0)), None, 0, 3),
        ((event(ONE, 3, due="a"), event(ONE, 2, due="b"), event(TWO, 0, due="a")), None, 2, 3),
    ],
)  # fmt: skip
def test_a_grade_on_a_day_and_the_worst_so_far(
    events: tuple[Toxicity, ...], of: str | None, now: int, worst: int
) -> None:
    state = attrs.evolve(knowing(), events=events)
    for asked, grade in (("toxicity", now), ("worst_toxicity", worst)):
        at_least, above = (
            Test(asked, "liver_pain", (), bounds, HERE, of)
            for bounds in (Bounds(at_least=Decimal(grade)), Bounds(above=Decimal(grade)))
        )

        assert (True, False) == (ask(at_least, state, ON).answer, ask(above, state, ON).answer)
        assert (f"liver pain of grade {grade}",) == ask(at_least, state, ON).because


def test_any_toxicity_is_the_gravest_of_all_and_one_that_is_over_ends_no_other() -> None:
    events = (event(ONE, 3), event(ONE, 2, "rash"), event(TWO, 0))
    grade_2 = Test("toxicity", "any", (), Bounds(at_least=Decimal(2)), HERE)
    found = ask(grade_2, attrs.evolve(knowing(), events=events), ON)

    assert (True, ("any of grade 2",)) == (found.answer, found.because)


def test_a_grade_without_bounds_is_never_met() -> None:
    state = attrs.evolve(knowing(), events=(event(ON, 2),))

    assert ask(Test("toxicity", "liver_pain", (), None, HERE), state, ON).answer is False
