"""Kleene's tables, written out by hand: true, false, unknown, and pending, which is unknown too.

T is true, F is false, u is unknown (something is wanted), p is pending (a lab of a later day).
"""

from datetime import date
from decimal import Decimal

import pytest

from protoplan.model.condition import All, Any, Bounds, Condition, Not, Test
from protoplan.model.treatment import LabValue
from protoplan.planning.conditions import ask
from protoplan.planning.known import Known, Verdict
from protoplan.quantity import Quantity
from protoplan.source import Place

HERE = Place("test", 1, 1)
AS_OF, LATER = date(2026, 3, 1), date(2026, 4, 1)


def part(letter: str) -> Condition:
    if letter == "p":
        bounds = Bounds(at_least=Quantity(Decimal(1), "mg/dL"))
        return Test("lab", "bilirubin", (), bounds, HERE)
    return Test("fact", letter, ("yes",), None, HERE)


STATE = Known(
    {},
    {},
    {"T": "yes", "F": "no"},
    {"bilirubin": (LabValue(AS_OF, "bilirubin", Quantity(Decimal(2), "mg/dL"), HERE),)},
    {},
    7,
    as_of=AS_OF,
)  # fmt: skip


def letter(verdict: Verdict) -> str:
    """How a verdict is written in the tables: unknown wins over pending where both are there."""
    if verdict.answer is not None:
        assert (verdict.needs, verdict.pending) == ((), ())
        return "T" if verdict.answer else "F"
    return "u" if verdict.needs else "p"


#: Two parts: all of them, any of them.
TWO = """
TT T T
TF F T
Tu u T
Tp p T
FT F T
FF F F
Fu F u
Fp F p
uT u T
uF F u
uu u u
up u u
pT p T
pF F p
pu u u
pp p p
"""

#: Three parts, in one order each; a table of its own shows that the order changes nothing.
THREE = """
TTT T T
TTF F T
TTu u T
TTp p T
TFF F T
TFu F T
TFp F T
Tuu u T
Tup u T
Tpp p T
FFF F F
FFu F u
FFp F p
Fuu F u
Fup F u
Fpp F p
uuu u u
uup u u
upp u u
ppp p p
"""

ROWS = [tuple(line.split()) for line in (TWO + THREE).split("\n") if line]


@pytest.mark.parametrize(("parts", "every", "some"), ROWS)
def test_all_and_any(parts: str, every: str, some: str) -> None:
    tests = tuple(part(each) for each in parts)

    assert every == letter(ask(All(tests), STATE, LATER))
    assert some == letter(ask(Any(tests), STATE, LATER))
    assert every == letter(ask(All(tests[::-1]), STATE, LATER))
    assert some == letter(ask(Any(tests[::-1]), STATE, LATER))


@pytest.mark.parametrize(("one", "other"), [("T", "F"), ("F", "T"), ("u", "u"), ("p", "p")])
def test_not(one: str, other: str) -> None:
    assert other == letter(ask(Not(part(one)), STATE, LATER))


@pytest.mark.parametrize(("parts", "every", "some"), ROWS)
def test_not_turns_all_into_any(parts: str, every: str, some: str) -> None:
    turned = {"T": "F", "F": "T", "u": "u", "p": "p"}
    tests = tuple(Not(part(each)) for each in parts)

    assert turned[some] == letter(ask(All(tests), STATE, LATER))
    assert turned[every] == letter(ask(Any(tests), STATE, LATER))


def test_a_pending_part_names_its_lab_and_an_unknown_one_its_fact() -> None:
    tests = (part("u"), part("p"), part("T"))

    assert Verdict(None, ("u",), ("bilirubin",)) == ask(All(tests), STATE, LATER)


@pytest.mark.parametrize("parts", ["up", "pu", "uup"])
def test_on_the_day_of_the_plan_a_fresh_lab_is_an_answer(parts: str) -> None:
    assert "u" == letter(ask(All(tuple(part(each) for each in parts)), STATE, AS_OF))
    assert "T" == letter(ask(Any(tuple(part(each) for each in parts)), STATE, AS_OF))
