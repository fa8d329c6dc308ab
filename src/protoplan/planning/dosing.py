"""From a printed dose to the calculated one, with its working.

Dose bases are rows of `_BODY`: flat, by surface area, by weight; a rate runs over its days.
"""

from collections.abc import Callable
from decimal import Decimal

import attrs

from protoplan.model.plan import Measure, Step
from protoplan.model.protocol import Component, OptionRef, Sig
from protoplan.planning.conditions import Known
from protoplan.quantity import EXACT, UNITS, Quantity, printed
from protoplan.source import Grounds


@attrs.frozen
class Calculated:
    """A dose before rules, caps and rounding.

    Attributes:
        basis: As printed or chosen; None while it is not chosen.
        amount: The calculated dose in the drug's unit; None likewise.
        bsa: The surface area that went into it, in m2; None if it did not.
        rate: The rate of a continuous infusion.
        needs: The options that must be chosen first.
    """

    basis: Quantity | None
    amount: Quantity | None
    bsa: Decimal | None
    rate: Quantity | None
    steps: tuple[Step, ...]
    needs: tuple[str, ...]


#: Dose per body measure: how the measure is named, its value, and how it prints.
_BODY: dict[str, tuple[str, Callable[[Measure], Decimal], str]] = {
    "m2": ("body surface area", lambda measure: measure.bsa, "m²"),
    "kg": ("weight", lambda measure: measure.weight.into("kg").value, "kg"),
}


def calculate(
    component: Component, sig: Sig, days: int, measure: Measure, state: Known, unit: str
) -> Calculated:
    """Work the dose of one administration.

    Args:
        component: The drug and what its figures rest on.
        sig: The printed dose or rate.
        days: How many days a continuous infusion runs; 1 for a single dose.
        measure: The patient's measures for this cycle.
        state: What is known, for a dose that the prescriber chooses.
        unit: The unit in which the drug's doses are ordered.
    """
    printed_dose = sig.rate if sig.rate is not None else sig.dose
    if isinstance(printed_dose, OptionRef) and state.options.get(printed_dose.option) is None:
        needs = state.waiting.get(printed_dose.option, (printed_dose.option,))
        return Calculated(None, None, None, None, (), needs)
    step = _basis(component, sig, state)
    basis = step.after
    steps, factors = [step], [basis.text()]
    value, printed_unit = basis.value, UNITS[basis.unit]
    if printed_unit.per:
        name, read, sign = _BODY[printed_unit.per]
        body = read(measure)
        value = EXACT.multiply(value, body)
        factors.append(f"{printed(body)} {sign}")
        if printed_unit.per == "m2":
            area = Quantity(body, "m2")
            steps.append(Step(name, None, area, measure.working, _formula(measure), measure.at))
    if printed_unit.time:
        spread = days if printed_unit.time == "day" else days * 24
        value = EXACT.multiply(value, Decimal(spread))
        factors.append(f"{spread} {printed_unit.time if spread == 1 else printed_unit.time + 's'}")
    amount = Quantity(value, printed_unit.amount).into(unit)
    why = " × ".join(factors) + f" = {amount.text()}" if len(factors) > 1 else "a flat dose"
    steps.append(Step("calculated", basis, amount, why, "arithmetic", None))
    bsa = measure.bsa if printed_unit.per == "m2" else None
    rate = basis if sig.rate is not None else None
    return Calculated(basis, amount, bsa, rate, tuple(steps), ())


def _formula(measure: Measure) -> str:
    return f"policy: {measure.formula} formula"


def _basis(component: Component, sig: Sig, state: Known) -> Step:
    """The dose as printed, or as the prescriber chose it."""
    printed_dose = sig.rate if sig.rate is not None else sig.dose
    source = merged(component.grounds, sig.grounds).of("dose" if sig.rate is None else "rate")
    if isinstance(printed_dose, OptionRef):
        answer = state.options[printed_dose.option]
        assert isinstance(answer, Quantity)  # a check asks for an option with a range
        why = f"chosen by the prescriber: {printed_dose.option}"
        return Step("basis", None, answer, why, source, printed_dose.at)
    assert printed_dose is not None  # the reader asks for one of the two
    return Step("basis", None, printed_dose, "as its source prints it", source, sig.at)


def merged(whole: Grounds, part: Grounds) -> Grounds:
    """What a sig stands on: its own grounds first, then those of its component."""
    return Grounds(
        part.source or whole.source, part.assumed + whole.assumed, part.borrowed + whole.borrowed
    )
