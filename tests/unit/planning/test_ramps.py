"""Ramps: smaller doses on the first days, each while it is below the dose."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protoplan.files import drugs_of, load_text
from protoplan.model.component import Component
from protoplan.model.option import OptionRef
from protoplan.model.order import Step
from protoplan.model.protocol import Protocol
from protoplan.model.skeleton import Skeleton
from protoplan.planning.conditions import known
from protoplan.planning.dosing import basis_of
from protoplan.planning.known import Known
from protoplan.planning.skeleton import lay_out
from protoplan.quantity import NotAnAmount, Quantity, parse, steps

TEXT = """\
format: protoplan-protocol/1
id: made-up
version: 1.0.0
title: A ramp
population: No one
reviewed: not a clinical protocol
sources:
  paper: {cite: "Nobody A. J Nothing 2020;1:1"}
options:
  first_days: {about: doses of the first days, steps: mg, source: [paper, Methods]}
kinds:
  only: {length: 21 days, source: [paper, Methods]}
phases:
  - {name: treatment, cycles: {1-2: only}, source: [paper, Methods]}
components:
  - drug: venetoclax
    in: only
    route: PO
    sigs:
      - {dose: 400 mg, ramp: RAMP, days: DAYS}
    source: [paper, Methods]
"""


def made_up(ramp: str, days: str = "[1-3, 8]") -> Protocol:
    protocol: Protocol = load_text(TEXT.replace("RAMP", ramp).replace("DAYS", days), "made-up")[1]
    return protocol


def laid_out(protocol: Protocol, **given: str) -> Skeleton:
    return lay_out(protocol, drugs_of(protocol), given)


def doses(skeleton: Skeleton) -> list[str]:
    return [f"{row.cycle} {row.day} {row.amount}" for row in skeleton.rows]


def test_each_step_is_a_day_of_the_sig_and_each_cycle_begins_anew() -> None:
    assert [
        "1 1 100 mg", "1 2 200 mg", "1 3 400 mg", "1 8 400 mg",
        "2 1 100 mg", "2 2 200 mg", "2 3 400 mg", "2 8 400 mg",
    ] == doses(laid_out(made_up("[100 mg, 200 mg]")))  # fmt: skip


def test_the_days_between_are_not_counted() -> None:
    assert ["1 1 100 mg", "1 8 200 mg", "1 15 400 mg"] == doses(
        laid_out(made_up("[100 mg, 200 mg]", "[1, 8, 15]"))
    )[:3]


def test_both_doses_of_a_day_are_of_one_step() -> None:
    skeleton = laid_out(made_up("[100 mg, 200 mg]", "1-3, times_a_day: 2"))

    assert ["1 1 100 mg"] * 2 + ["1 2 200 mg"] * 2 + ["1 3 400 mg"] * 2 == doses(skeleton)[:6]


def test_a_step_on_or_above_the_dose_gives_way_to_it() -> None:
    assert ["1 1 100 mg", "1 2 400 mg", "1 3 400 mg", "1 8 400 mg"] == doses(
        laid_out(made_up("[100 mg, 400 mg, 800 mg]"))
    )[:4]


def test_a_ramp_that_is_not_answered_leaves_the_dose_open() -> None:
    skeleton = laid_out(made_up("{option: first_days}"))

    assert [None] * 8 == [row.amount for row in skeleton.rows]
    assert ["1 1 20 mg", "1 2 50 mg", "1 3 400 mg"] == doses(
        laid_out(made_up("{option: first_days}"), first_days="20 mg, 50 mg")
    )[:3]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("200 mg, 100 mg", "'200 mg, 100 mg' is not a row of rising amounts"),
        ("100 mg, 100 mg", "'100 mg, 100 mg' is not a row of rising amounts"),
        ("0 mg, 100 mg", "'0 mg, 100 mg' is not a row of rising amounts"),
        ("100 mg, 1 g", "unit 'g' does not fit here; expected mg"),
        ("100 mg, ", "' ' is not an amount; expected a number and mg"),
    ],
)
def test_steps_are_rising_amounts_in_one_unit(written: str, message: str) -> None:
    with pytest.raises(NotAnAmount) as wrong:
        steps(written, "mg")

    assert message == wrong.value.message


def test_steps_are_read_as_they_are_written() -> None:
    assert (parse("20 mg"), parse("50.5 mg")) == steps("20 mg, 50.5 mg", "mg")


AMOUNTS = st.decimals(Decimal("0.1"), Decimal(800), places=1)
RAMPS = st.lists(AMOUNTS, min_size=1, max_size=6, unique=True).map(sorted)


def state_with(protocol: Protocol, row: list[Decimal]) -> Known:
    written = ", ".join(f"{amount} mg" for amount in row)
    return known(protocol.options, {"first_days": written}, {})


def given_on(component: Component, state: Known, days: int) -> list[Decimal]:
    found = [basis_of(component, component.sigs[0], nth, state) for nth in range(1, days + 1)]
    assert all(isinstance(step, Step) for step in found)
    return [step.after.value for step in found if isinstance(step, Step)]


@given(RAMPS, AMOUNTS, st.booleans())
def test_no_dose_passes_the_assigned_one_and_none_falls(
    row: list[Decimal], dose: Decimal, asked: bool
) -> None:
    component = ASKED.components[0]
    ramp = OptionRef("first_days", component.at) if asked else tuple(
        Quantity(amount, "mg") for amount in row
    )  # fmt: skip
    sig = attrs.evolve(component.sigs[0], dose=Quantity(dose, "mg"), ramp=ramp)

    doses = given_on(attrs.evolve(component, sigs=(sig,)), state_with(ASKED, row), 8)

    assert doses == sorted(doses)
    assert max(doses) == dose
    assert [amount for amount in row if amount < dose] == doses[: sum(a < dose for a in row)]
    assert {dose} == set(doses[len(row) :])


ASKED = made_up("{option: first_days}")
