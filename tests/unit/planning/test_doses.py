"""Caps, rounding and exposure: each amount worked by hand."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protoplan.api import drug, load_policy
from protoplan.model.component import Days, DoseCap, Sig
from protoplan.model.formulary import Cap
from protoplan.model.order import Adjustment
from protoplan.model.policy import RoundingStep
from protoplan.planning.adjusting import adjust
from protoplan.planning.exposure import counted
from protoplan.planning.rounding import percent_between, signed, stepped
from protoplan.quantity import Quantity, parse
from protoplan.source import Citation, Grounds, Place

HERE = Place("test", 1, 1)
POLICY = load_policy("default", HERE)
CAP = Cap("vincristine/largest-dose", parse("2 mg"), (), Grounds(Citation("spc", "posology")), HERE)
DRUG = attrs.evolve(drug("vincristine"), caps=(CAP,))
PAPER = Grounds(Citation("paper", "Methods"))


def capped(cap: str | None) -> Sig:
    """A sig whose cap is an amount, ``none``, or not stated."""
    stated = None if cap is None else DoseCap(None if cap == "none" else parse(cap), HERE)
    return Sig(
        dose=parse("1.2 mg/m2"),
        rate=None,
        where=None,
        when=None,
        days=Days(((1, 1),), HERE),
        begins=None,
        every=None,
        doses=None,
        times_a_day=1,
        over=None,
        repeat=None,
        cap=stated,
        ramp=None,
        window=None,
        grounds=PAPER,
        at=HERE,
    )


def step(text: str) -> RoundingStep:
    return RoundingStep("drug", None, parse(text), HERE)


def test_a_dose_above_its_cap_is_lowered_and_says_why() -> None:
    """1.2 mg/m2 × 1.84 m2 = 2.208 mg, which is more than 2 mg."""
    found = adjust(parse("2.208 mg"), capped(None), "IV", DRUG, PAPER)

    assert (parse("2 mg"), parse("2 mg")) == (found.amount, found.largest)
    assert (
        Adjustment("vincristine/largest-dose", parse("2.208 mg"), parse("2 mg"),
                   "lowered to the largest dose of 2\xa0mg", "spc: posology"),
    ) == found.adjustments  # fmt: skip
    assert ["cap"] == [entry.step for entry in found.steps]


def test_a_dose_on_its_cap_is_left_alone_and_the_cap_is_shown() -> None:
    found = adjust(parse("2 mg"), capped(None), "IV", DRUG, PAPER)

    assert (parse("2 mg"), ()) == (found.amount, found.adjustments)
    assert ["not above the largest dose of 2\xa0mg"] == [entry.why for entry in found.steps]


@pytest.mark.parametrize(
    ("cap", "amount", "shown"),
    [
        ("1.5 mg", "1.5 mg", ["the formulary's largest dose of 2\xa0mg gives way to the protocol's: "
                              "1.5\xa0mg", "lowered to the largest dose of 1.5\xa0mg"]),
        ("2.5 mg", "2.208 mg", ["the formulary's largest dose of 2\xa0mg gives way to the protocol's: "
                                "2.5\xa0mg", "not above the largest dose of 2.5\xa0mg"]),
        ("none", "2.208 mg", ["the formulary's largest dose of 2\xa0mg gives way to the protocol's: "
                              "none"]),
    ],
)  # fmt: skip
def test_a_protocol_s_cap_takes_the_place_of_the_formulary_s_and_both_are_shown(
    cap: str, amount: str, shown: list[str]
) -> None:
    found = adjust(parse("2.208 mg"), capped(cap), "IV", DRUG, PAPER)

    assert parse(amount) == found.amount
    assert shown == [entry.why for entry in found.steps]


@pytest.mark.parametrize(
    ("amount", "width", "expected"),
    [
        ("1.104 mg", "0.01 mg", "1.1 mg"),
        ("0.552 mg", "0.01 mg", "0.55 mg"),
        ("0.555 mg", "0.01 mg", "0.56 mg"),
        ("0.545 mg", "0.01 mg", "0.55 mg"),
        ("18.4 mg", "0.5 mg", "18.5 mg"),
        ("18.25 mg", "0.5 mg", "18.5 mg"),
        ("275.5 mg", "1 mg", "276 mg"),
        ("275.499 mg", "1 mg", "275 mg"),
    ],
)
def test_halves_round_up(amount: str, width: str, expected: str) -> None:
    ordered = stepped(parse(amount), None, step(width), POLICY).ordered

    assert str(parse(expected)) == str(ordered)


def test_rounding_never_passes_a_cap() -> None:
    ordered = stepped(parse("1.96 mg"), parse("1.97 mg"), step("0.1 mg"), POLICY).ordered

    assert "1.9 mg" == str(ordered)


def test_no_step_leaves_the_dose_and_says_so() -> None:
    found = stepped(parse("2.3917 mg"), None, None, POLICY)

    assert found.step is not None
    assert "2.3917 mg" == str(found.ordered)
    assert "the policy states no step for this drug" == found.step.why


@given(
    st.decimals("0.01", "5000", places=3),
    st.decimals("0.01", "5000", places=3),
    st.sampled_from(["0.01 mg", "0.05 mg", "0.5 mg", "1 mg", "2.5 mg", "50 mg"]),
)
def test_an_ordered_dose_is_whole_steps_near_and_never_above_its_cap(
    amount: Decimal, cap: Decimal, width: str
) -> None:
    adjusted = min(amount, cap)
    ordered = stepped(Quantity(adjusted, "mg"), Quantity(cap, "mg"), step(width), POLICY).ordered
    unit = Fraction(parse(width).value)

    assert 0 == Fraction(ordered.value) % unit
    assert ordered.value <= cap
    assert abs(Fraction(ordered.value) - Fraction(adjusted)) < unit


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("1.104 mg", "1.1 mg", "−0.36"), ("18.4 mg", "18.5 mg", "+0.54"), ("2 mg", "2 mg", "0"),
     ("100 mg", "110 mg", "+10"), ("30000 mg", "30001 mg", "less than +0.01")],
)  # fmt: skip
def test_a_change_is_printed_in_percent_with_its_sign(
    before: str, after: str, expected: str
) -> None:
    assert expected == signed(percent_between(parse(before), parse(after)))


def test_a_dose_by_surface_area_counts_exactly_what_is_printed() -> None:
    assert Fraction(6, 10) == counted(parse("1.104 mg"), parse("1.1 mg"), Decimal("1.84"), "mg/m2")


def test_where_nothing_is_divided_what_is_ordered_counts() -> None:
    """Architecture section 9: exposure in mg sums the ordered amounts."""
    assert Fraction(2) == counted(parse("1.98 mg"), parse("2 mg"), None, "mg")
