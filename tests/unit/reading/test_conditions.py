"""Conditions: what may be asked, with which words and bounds, and how questions are joined."""

from decimal import Decimal

import pytest
from tests.written import START, at, line, said, value

from protoplan.model.condition import All, Bounds, Condition, Not, Test
from protoplan.model.condition import Any as AnyOf
from protoplan.quantity import Quantity, parse
from protoplan.reading.conditions import condition, limit

# -- limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [("20", Decimal(20)), ("0.5", Decimal("0.5")), ("3 mg/dL", parse("3 mg/dL")),
     ("3mg/dL", parse("3 mg/dL"))],
)  # fmt: skip
def test_a_limit_is_a_number_or_an_amount(written: str, meant: Decimal | Quantity) -> None:
    assert meant == value(limit, written)


NO_NUMBER = "is not a number in digits with at most one point"


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("many", f"'many' {NO_NUMBER}", None),
        ("1,5", f"'1,5' {NO_NUMBER}", "write 1.5, with a point"),
        ("1,5 mg", f"'1,5 mg' is not an amount: '1,5' {NO_NUMBER}", "write 1.5 mg"),
        ("3 mgs/dL", "dose unit 'mgs/dL' is not known", None),
    ],
)
def test_a_limit_without_a_blank_is_told_of_as_a_number(
    written: str, message: str, hint: str | None
) -> None:
    assert line("PP204", message, hint) == said(limit, written)


def test_a_limit_is_one_value() -> None:
    assert line("PP203", "one value was expected, a list was found") == said(limit, "[3]")


# -- one question ----------------------------------------------------------------------------------


def asks(
    of: str, name: str, *words: str, related_to: str | None = None, **bounds: Decimal | Quantity
) -> Test:
    """A question that begins where the text does."""
    return Test(of, name, words, Bounds(**bounds) if bounds else None, START, related_to)


TWENTY, THIRTY = Decimal(20), Decimal(30)
LOW, HIGH = parse("1 mg/dL"), parse("0.1 g/dL")

QUESTIONS = [
    ("{fact: cns, is: negative}", asks("fact", "cns", "negative")),
    ("{fact: cns, is: [negative, not done]}", asks("fact", "cns", "negative", "not done")),
    ("{fact: cd20, at_least: 20}", asks("fact", "cd20", at_least=TWENTY)),
    ("{fact: cd20, above: 20}", asks("fact", "cd20", above=TWENTY)),
    ("{fact: cd20, below: 20}", asks("fact", "cd20", below=TWENTY)),
    ("{fact: cd20, at_most: 20}", asks("fact", "cd20", at_most=TWENTY)),
    ("{fact: cd20, at_least: 20, below: 30}", asks("fact", "cd20", at_least=TWENTY, below=THIRTY)),
    ("{fact: cd20, above: 20, at_most: 30}", asks("fact", "cd20", above=TWENTY, at_most=THIRTY)),
    # What is called like a measure is none.
    ("{fact: weight, at_least: 20}", asks("fact", "weight", at_least=TWENTY)),
    ("{fact: age, at_least: 1 mg/dL}", asks("fact", "age", at_least=LOW)),
    ("{option: rituximab, is: given}", asks("option", "rituximab", "given")),
    ("{lab: creatinine, at_most: 1 mg/dL}", asks("lab", "creatinine", at_most=LOW)),
    ("{lab: creatinine, above: 1 mg/dL, below: 0.1 g/dL}",
     asks("lab", "creatinine", above=LOW, below=HIGH)),
    ("{measure: age, at_least: 20}", asks("measure", "age", at_least=TWENTY)),
    ("{measure: weight, below: 45 kg}", asks("measure", "weight", below=parse("45 kg"))),
    ("{measure: creatinine_clearance, below: 30 mL/min}",
     asks("measure", "creatinine_clearance", below=parse("30 mL/min"))),
    ("{toxicity: neuropathy, at_least: 3}", asks("toxicity", "neuropathy", at_least=Decimal(3))),
    ("{worst_toxicity: neuropathy, at_least: 3, related_to: vincristine}",
     asks("worst_toxicity", "neuropathy", at_least=Decimal(3), related_to="vincristine")),
    ("{medicine: posaconazole}", asks("medicine", "posaconazole")),
    ("{class: azole}", asks("class", "azole")),
]  # fmt: skip


@pytest.mark.parametrize(("written", "question"), QUESTIONS)
def test_a_question_asks_for_words_or_for_a_range(written: str, question: Test) -> None:
    assert question == value(condition, written)


WORD_OR_BOUND = "needs either 'is' or one of at_least, above, below, at_most"
BY_WORD = "for a word; bound it by at_least, above, below or at_most"
GRADE = "compares a grade, which is a bare number from 1 to 5"
BARE_LAB = "compares a lab with a number that has no unit"
AGE = "compares an age, which is a bare number of years"
WEIGHT = "compares weight, which is measured in kg"

CLASHES = [
    ("{fact: cns}", WORD_OR_BOUND),
    ("{fact: cns, is: negative, at_least: 20}", WORD_OR_BOUND),
    ("{fact: cns, is: negative, above: 20}", WORD_OR_BOUND),
    ("{fact: cns, is: negative, below: 20}", WORD_OR_BOUND),
    ("{fact: cns, is: negative, at_most: 20}", WORD_OR_BOUND),
    ("{fact: cns, is: []}", WORD_OR_BOUND),
    ("{lab: creatinine, is: high}", f"asks a lab {BY_WORD}"),
    ("{measure: age, is: old}", f"asks a measure {BY_WORD}"),
    ("{toxicity: neuropathy, is: bad}", f"asks a toxicity {BY_WORD}"),
    ("{worst_toxicity: neuropathy, is: bad}", f"asks a worst_toxicity {BY_WORD}"),
    ("{fact: cd20, at_least: 20, above: 20}", "has two lower bounds"),
    ("{fact: cd20, at_most: 20, below: 20}", "has two upper bounds"),
    ("{lab: creatinine, at_most: 1}", BARE_LAB),
    ("{lab: creatinine, above: 1 mg/dL, below: 3}", BARE_LAB),
    ("{toxicity: neuropathy, at_least: 3 mg}", GRADE),
    ("{worst_toxicity: neuropathy, at_least: 1, below: 3 mg}", GRADE),
    ("{lab: creatinine, above: 1 mg/dL, below: 100 umol/L}",
     "has two bounds that do not measure the same"),
    ("{fact: cd20, above: 1 mg, below: 100 cm}", "has two bounds that do not measure the same"),
    ("{measure: age, at_least: 18 years}", AGE),
    ("{measure: age, at_least: 18, below: 65 years}", AGE),
    ("{measure: weight, below: 45}", WEIGHT),
    ("{measure: weight, below: 100 lb}", WEIGHT),
    ("{measure: weight, at_least: 40 kg, below: 45}", WEIGHT),
    ("{measure: creatinine_clearance, below: 30 mL/h}",
     "compares creatinine_clearance, which is measured in mL/min"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "clash"), CLASHES)
def test_words_and_bounds_fit_what_is_asked(written: str, clash: str) -> None:
    assert line("PP209", f"this condition {clash}") == said(condition, written)


BOUNDS = "at_least, above, below, at_most"

KNOWN = [
    ("{is: taken, medicine: posaconazole}", "is", "medicine"),
    ("{at_least: 1, class: azole}", "at_least", "class"),
    ("{related_to: x, fact: cd20, at_least: 20}", "related_to", f"fact, is, {BOUNDS}"),
    ("{since: x, toxicity: neuropathy, at_least: 3}", "since",
     f"toxicity, is, {BOUNDS}, related_to"),
    ("{since: x, worst_toxicity: neuropathy, at_least: 3}", "since",
     f"worst_toxicity, is, {BOUNDS}, related_to"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "key", "known"), KNOWN)
def test_each_question_has_keys_of_its_own(written: str, key: str, known: str) -> None:
    message = f"this condition has no key '{key}'"

    assert line("PP201", message, f"known: {known}", column=2) == said(condition, written)


ONE_SUBJECT = (
    "a condition asks about one of fact, lab, option, measure, medicine, class, toxicity, "
    "worst_toxicity, or joins conditions by all, any or not"
)


@pytest.mark.parametrize("written", ["{}", "{at_least: 20}", "{fact: cns, lab: alt, is: x}"])
def test_a_question_has_one_subject(written: str) -> None:
    assert line("PP209", ONE_SUBJECT) == said(condition, written)


def test_a_condition_is_a_mapping() -> None:
    assert line("PP203", "a mapping was expected, one value was found") == said(condition, "cns")


def test_names_are_looked_up() -> None:
    assert line("PP303", "lab 'creatinin' is not known", "did you mean 'creatinine'?", 7) == said(
        condition, "{lab: creatinin, at_most: 1 mg/dL}", lab=("creatinine", "alt")
    )


# -- questions that are joined ---------------------------------------------------------------------

CNS = Test("fact", "cns", ("negative",), None, at(8))

JOINED: list[tuple[str, Condition]] = [
    ("{all: [{fact: cns, is: negative}, {class: azole}]}",
     All((CNS, Test("class", "azole", (), None, at(35))))),
    ("{any: [{fact: cns, is: negative}]}", AnyOf((CNS,))),
    ("{not: {class: azole}}", Not(Test("class", "azole", (), None, at(7)))),
    ("{not: {any: [{class: azole}]}}", Not(AnyOf((Test("class", "azole", (), None, at(14)),)))),
]  # fmt: skip


@pytest.mark.parametrize(("written", "joined"), JOINED)
def test_questions_are_joined_by_all_any_and_not(written: str, joined: Condition) -> None:
    assert joined == value(condition, written)


@pytest.mark.parametrize("joint", ["all", "any"])
def test_at_least_one_question_is_joined(joint: str) -> None:
    message = "a list of conditions was expected, and it is empty"

    assert line("PP203", message, column=7) == said(condition, f"{{{joint}: []}}")


@pytest.mark.parametrize("joint", ["all", "any"])
def test_joined_questions_are_a_list(joint: str) -> None:
    message = "a list was expected, a mapping was found"

    assert line("PP203", message, column=7) == said(condition, f"{{{joint}: {{class: azole}}}}")


@pytest.mark.parametrize("joint", ["all", "any", "not"])
def test_beside_a_joint_stands_nothing_else(joint: str) -> None:
    under = "{class: azole}" if joint == "not" else "[{class: azole}]"

    assert line("PP201", "this condition has no key 'fact'", f"known: {joint}", column=2) == said(
        condition, f"{{fact: cns, {joint}: {under}}}"
    )
