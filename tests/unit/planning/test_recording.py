"""An order as the record has it: given with what was given, or without a dose, and why."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.scenes import HERE, order

from protoplan.model.order import (
    Adjustment,
    GivenDose,
    Order,
    Pending,
    Piece,
    Remark,
    RuleLine,
    Step,
)
from protoplan.model.plan import Measure
from protoplan.planning.recording import as_recorded
from protoplan.planning.schedule import Fate
from protoplan.problems import Severity
from protoplan.quantity import parse

MG_100, MG_90 = parse("100 mg"), parse("90 mg")
MEASURE = Measure(
    date(2026, 3, 2), parse("180 cm"), parse("80 kg"), Decimal(2), Decimal(2), "mosteller", "", HERE
)
#: An order of which everything is known that can be.
FULL = order(
    "alpha", "IV", MG_100,
    bsa=Decimal("2.5"),
    made_of=(Piece(1, MG_100, "vial"),),
    rate=parse("50 mg/day"),
    per_basis=Fraction(40),
    exposure_unit="mg/m2",
    working=(Step("basis", None, MG_100, "printed", "paper", HERE),),
    adjustments=(Adjustment("a/rule", MG_100, MG_90, "so", "paper"),),
    rules=(RuleLine("a/rule", "fired", "so", "paper"),),
    pending=(Pending("a/rule", ("alt",), "so"),),
    remarks=(Remark("PF219", Severity.WARNING, "so", None),),
    needs=("ecog", "cns"),
)  # fmt: skip
#: What is not asked any more once the dose is given or is not.
ASKED_NO_MORE: dict[str, Any] = {"pending": (), "needs": (), "remarks": ()}


def given(amount: str, bsa: str | None = None) -> GivenDose:
    area = None if bsa is None else Decimal(bsa)
    return GivenDose(parse(amount), MG_100, None, area, None, True, HERE)


GAVE = Fate("given", None, HERE)


def recorded(of: Order, fate: Fate | None, what: GivenDose | None = None) -> Order:
    return as_recorded(of, fate, what, MEASURE)


def test_an_order_of_which_nothing_is_recorded_stays() -> None:
    assert FULL == recorded(FULL, None)
    assert FULL == recorded(FULL, None, given("90 mg"))


def test_what_was_given_counts_over_the_surface_area_and_nothing_is_asked_any_more() -> None:
    """90 / 2.5 = 36."""
    assert recorded(FULL, GAVE, given("90 mg")) == attrs.evolve(
        FULL, status="given", per_basis=Fraction(36), **ASKED_NO_MORE
    )


@pytest.mark.parametrize(
    ("unit", "amount", "own", "ordered", "expected"),
    [
        # Over the area of the record, else of the order, else of the cycle, which is 2 m².
        ("mg/m2", "90 mg", "3", "2.5", 30),
        ("mg/m2", "90 mg", None, "2.5", 36),
        ("mg/m2", "90 mg", None, None, 45),
        ("mg/m2", "0.09 g", None, None, 45),
        ("mg", "90 mg", "3", "2.5", 90),
        ("mg", "0.09 g", None, None, 90),
        ("mcg", "90 mg", "3", "2.5", 90_000),
    ],
)
def test_what_was_given_in_the_unit_of_exposure(
    unit: str, amount: str, own: str | None, ordered: str | None, expected: int
) -> None:
    area = None if ordered is None else Decimal(ordered)
    found = recorded(attrs.evolve(FULL, exposure_unit=unit, bsa=area), GAVE, given(amount, own))

    assert Fraction(expected) == found.per_basis


@pytest.mark.parametrize(
    ("status", "because", "said", "expected"),
    [
        ("planned", None, None, None),
        ("held", "by a/rule", None, "given although the plan holds it: by a/rule"),
        ("omitted", "by a/rule", None, "given although the plan leaves it out: by a/rule"),
        ("unresolved", None, None, "given while the plan lacked ecog, cns"),
        # What is recorded of it comes first.
        ("held", "by a/rule", "interrupted: fever", "interrupted: fever"),
        ("planned", None, "interrupted: fever", "interrupted: fever"),
    ],
)
def test_a_dose_that_was_given_all_the_same_says_what_the_plan_would_have_done(
    status: str, because: str | None, said: str | None, expected: str | None
) -> None:
    found = recorded(
        attrs.evolve(FULL, status=status, because=because),
        attrs.evolve(GAVE, because=said),
        given("90 mg"),
    )

    assert ("given", expected) == (found.status, found.because)


NO_DOSE: dict[str, Any] = {
    "adjusted": None, "ordered": None, "made_of": (), "per_basis": None, **ASKED_NO_MORE,
}  # fmt: skip


@pytest.mark.parametrize(
    "fate",
    [
        Fate("held", "held on 2026-03-02: fever", HERE),
        Fate("missed", "missed on 2026-03-02: fever", HERE),
        Fate("cancelled", "alpha stopped for good", HERE),
        Fate("unresolved", None, HERE, ("record: so", "and so")),
    ],
)
def test_a_dose_that_was_not_given_has_no_amount_and_says_why(fate: Fate) -> None:
    for what in (None, given("90 mg")):
        assert recorded(attrs.evolve(FULL, because="so"), fate, what) == attrs.evolve(
            FULL, **{**NO_DOSE, "status": fate.status, "because": fate.because, "needs": fate.needs}
        )


def test_an_infusion_that_ran_and_has_no_dose_wants_what_was_delivered() -> None:
    needs = ("what was delivered of the infusion until it was interrupted",)

    assert recorded(attrs.evolve(FULL, because="so"), GAVE) == attrs.evolve(
        FULL, **{**NO_DOSE, "status": "unresolved", "because": "so", "needs": needs}
    )
