"""Rounding: the site's step, whole tablets and vials, and what the working says of each."""

import decimal
from decimal import Decimal

import attrs
import pytest

from protoplan.api import drug, load_policy
from protoplan.model.formulary import Drug, Product
from protoplan.model.order import Piece, Step
from protoplan.model.policy import RoundingStep
from protoplan.planning.rounding import (
    needs_rounding,
    order,
    percent_between,
    signed,
    solids,
    step_for,
    stepped,
)
from protoplan.quantity import Quantity, parse
from protoplan.source import Citation, Grounds, Place

HERE, LABEL_AT = Place("test", 1, 1), Place("label", 3, 3)
LABEL = Grounds(Citation("label", "whole"), borrowed=(("holds", Citation("label", "supplied")),))


def step(drug_id: str, route: str | None, width: str) -> RoundingStep:
    return RoundingStep(drug_id, route, parse(width), HERE)


STEPS = (step("beta", "IV", "9 mg"), step("alpha", None, "1 mg"), step("alpha", "IV", "5 mg"),
         step("alpha", "IT", "0.1 mg"))  # fmt: skip
POLICY = attrs.evolve(
    load_policy("default", HERE), id="site", steps=STEPS, to_vials=("alpha",), tolerance=Decimal(5)
)


def sold(form: str, *sizes: str) -> Drug:
    products = tuple(Product(form, parse(size), None, LABEL, LABEL_AT) for size in sizes)
    return attrs.evolve(drug("vincristine"), id="alpha", products=products)


@pytest.mark.parametrize(
    ("name", "route", "width"),
    [("alpha", "IV", "5 mg"), ("alpha", "IT", "0.1 mg"), ("alpha", "SC", "1 mg"),
     ("beta", "IV", "9 mg")],
)  # fmt: skip
def test_a_step_of_the_route_comes_before_one_of_any_route(
    name: str, route: str, width: str
) -> None:
    found = step_for(POLICY, name, route)

    assert found is not None
    assert parse(width) == found.step


@pytest.mark.parametrize(("name", "route"), [("beta", "SC"), ("gamma", "IV")])
def test_a_step_of_another_route_or_drug_is_none(name: str, route: str) -> None:
    assert None is step_for(POLICY, name, route)


def test_what_is_nothing_has_moved_by_nothing() -> None:
    assert Decimal(0) == percent_between(parse("0 mg"), parse("1 mg"))
    assert Decimal(100) == percent_between(parse("1 mg"), parse("2 mg"))


@pytest.mark.parametrize(
    ("basis", "adjusted", "calculated", "wanted"),
    [
        ("10 mg", "10 mg", "10 mg", False),
        ("10 mg", "5 mg", "10 mg", True),
        ("10 mg/m2", "18.4 mg", "18.4 mg", True),
        ("9 mcg/day", "36 mcg", "36 mcg", False),
        (None, "10 mg", "10 mg", True),
        (None, "10 mg", None, True),
    ],
)
def test_a_flat_dose_that_nothing_changed_is_not_rounded(
    basis: str | None, adjusted: str, calculated: str | None, wanted: bool
) -> None:
    printed = None if basis is None else parse(basis)
    worked = None if calculated is None else parse(calculated)

    assert wanted is needs_rounding(printed, parse(adjusted), worked)


def test_tablets_are_looked_at_for_doses_by_mouth_alone() -> None:
    tablets = sold("tablet", "10 mg")

    assert tablets.products == solids(tablets, "PO")
    assert () == solids(tablets, "IV") == solids(sold("vial", "10 mg"), "PO")


def test_a_dose_in_tablets_says_which_and_by_how_much_it_moved() -> None:
    """34 mg: 30 mg of tablets of 10 mg; −4 / 34 is −11.76%."""
    found = order(parse("34 mg"), None, sold("tablet", "10 mg"), "PO", POLICY, exact=False)

    assert (parse("30 mg"), (Piece(3, parse("10 mg"), "tablet"),)) == (found.ordered, found.made_of)
    assert found.step == Step(
        "rounding", parse("34 mg"), parse("30 mg"), "3 × 10\xa0mg tablets, −11.76%",
        "label: supplied", LABEL_AT,
    )  # fmt: skip


def test_a_flat_dose_in_tablets_says_which() -> None:
    found = order(parse("30 mg"), None, sold("tablet", "10 mg"), "PO", POLICY, exact=True)

    assert found.step == Step(
        "rounding", parse("30 mg"), parse("30 mg"), "3 × 10\xa0mg tablets", "label: supplied", LABEL_AT
    )  # fmt: skip


def test_a_dose_too_small_for_any_tablet_is_nothing_and_says_so() -> None:
    """4 mg is less than half of 10 mg; all of it is lost."""
    found = order(parse("4 mg"), None, sold("tablet", "10 mg", "50 mg"), "PO", POLICY, exact=False)

    assert (parse("0 mg"), ()) == (found.ordered, found.made_of)
    assert found.step == Step(
        "rounding", parse("4 mg"), parse("0 mg"),
        "nothing can be made of tablets of 10\xa0mg, 50\xa0mg, −100%", "label: supplied", LABEL_AT,
    )  # fmt: skip


def test_tablets_of_two_strengths_are_named_one_after_the_other() -> None:
    found = order(parse("60 mg"), None, sold("tablet", "10 mg", "50 mg"), "PO", POLICY, exact=True)

    assert found.step is not None
    assert "1 × 50\xa0mg tablet + 1 × 10\xa0mg tablet" == found.step.why


def test_a_dose_too_small_for_the_only_tablet_is_nothing_too() -> None:
    found = order(parse("4 mg"), None, sold("tablet", "10 mg"), "PO", POLICY, exact=False)

    assert found.step is not None
    assert "nothing can be made of tablets of 10\xa0mg, −100%" == found.step.why


def test_tablets_never_pass_a_cap() -> None:
    found = order(
        parse("36 mg"), parse("38 mg"), sold("tablet", "10 mg"), "PO", POLICY, exact=False
    )

    assert parse("30 mg") == found.ordered


def test_a_flat_dose_that_is_not_of_tablets_is_ordered_as_printed() -> None:
    found = order(parse("33.3 mg"), None, sold("vial", "10 mg"), "IV", POLICY, exact=True)

    assert (parse("33.3 mg"), None, ()) == (found.ordered, found.step, found.made_of)


@pytest.mark.parametrize(
    ("amount", "cap", "ordered"),
    [
        # 100 mg of vials: 5% of 105.2632 mg lies at 5.26 mg, so that both sides of it can be told.
        ("104 mg", None, "100 mg"),  # 3.85% away: in vials
        ("95.2380 mg", None, "95 mg"),  # 5.0002% away: in steps of 5 mg
        ("80 mg", None, "80 mg"),  # 25% away
        ("96 mg", "99 mg", "95 mg"),  # 100 mg would pass the cap
        ("98 mg", "99 mg", "95 mg"),  # and so would 98 mg in steps, to 100 mg
        ("100 mg", None, "100 mg"),
        ("200 mg", None, "200 mg"),
    ],
)
def test_whole_vials_are_taken_where_that_moves_a_dose_within_the_tolerance(
    amount: str, cap: str | None, ordered: str
) -> None:
    most = None if cap is None else parse(cap)

    found = order(parse(amount), most, sold("vial", "100 mg"), "IV", POLICY, exact=False)

    assert parse(ordered) == found.ordered


def test_whole_vials_are_those_below_the_cap() -> None:
    """98 mg lies nearer to 100 mg, which would pass 99 mg; 95 mg is 3.06% away."""
    vials = sold("vial", "95 mg", "100 mg")

    found = order(parse("98 mg"), parse("99 mg"), vials, "IV", POLICY, exact=False)

    assert (parse("95 mg"), (Piece(1, parse("95 mg"), "vial"),)) == (found.ordered, found.made_of)


def test_a_dose_exactly_at_the_tolerance_goes_to_vials() -> None:
    """100 mg to 105 mg is 5%."""
    found = order(parse("100 mg"), None, sold("vial", "105 mg"), "IV", POLICY, exact=False)

    assert (parse("105 mg"), (Piece(1, parse("105 mg"), "vial"),)) == (found.ordered, found.made_of)


def test_a_drug_that_the_site_does_not_round_to_vials_goes_to_the_step_of_its_route() -> None:
    """104 mg to whole steps of 5 mg by vein, and of 1 mg by any other route."""
    site = attrs.evolve(POLICY, to_vials=("beta",))
    vials = sold("vial", "100 mg")

    by_vein = order(parse("104 mg"), None, vials, "IV", site, exact=False)
    elsewhere = order(parse("104.4 mg"), None, vials, "SC", site, exact=False)

    assert (parse("105 mg"), parse("104 mg")) == (by_vein.ordered, elsewhere.ordered)
    assert by_vein.step == Step(
        "rounding", parse("104 mg"), parse("105 mg"), "to whole steps of 5\xa0mg, +0.96%",
        "policy site: rounding", HERE,
    )  # fmt: skip


def test_a_dose_that_is_whole_steps_says_no_percent() -> None:
    found = stepped(parse("105 mg"), parse("105 mg"), STEPS[2], POLICY)

    assert found.step == Step(
        "rounding", parse("105 mg"), parse("105 mg"), "to whole steps of 5\xa0mg",
        "policy site: rounding", HERE,
    )  # fmt: skip


def test_a_dose_without_a_step_is_left_and_says_so() -> None:
    found = stepped(parse("7.3 mg"), parse("8 mg"), None, POLICY)

    assert parse("7.3 mg") == found.ordered
    assert found.step == Step(
        "rounding", parse("7.3 mg"), parse("7.3 mg"), "the policy states no step for this drug",
        "policy site: rounding", None,
    )  # fmt: skip


def test_a_cap_and_a_step_in_other_units_are_kept() -> None:
    """1.98 mg to steps of 50 mcg is 2 mg, above 1970 mcg; the whole steps below are 1.95 mg."""
    found = stepped(parse("1.98 mg"), parse("1970 mcg"), step("alpha", None, "50 mcg"), POLICY)

    assert Quantity(Decimal("1.95"), "mg") == found.ordered


@pytest.mark.parametrize(
    ("percent", "shown"),
    [("0.005", "+0.01"), ("-0.005", "−0.01"), ("0.0049", "less than +0.01"),
     ("-0.0049", "less than −0.01"), ("0", "0"), ("12.345", "+12.35"), ("-100", "−100")],
)  # fmt: skip
def test_a_percentage_is_printed_to_two_decimals_halves_up(percent: str, shown: str) -> None:
    assert shown == signed(Decimal(percent))


def test_a_cap_is_kept_alike_in_any_surrounding_program() -> None:
    """1,234.5 mg to steps of 1 mg is 1,235 mg, past 1,234.6 mg; the whole steps below are 1,234."""
    with decimal.localcontext(prec=3):
        found = stepped(parse("1234.5 mg"), parse("1234.6 mg"), step("alpha", None, "1 mg"), POLICY)

    assert parse("1234 mg") == found.ordered
