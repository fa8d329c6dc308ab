"""From a printed dose to the calculated one, with its working.

Dose bases are rows of `_BODY`: flat, by surface area, by weight; a rate runs over its days.
"""

from collections.abc import Callable
from decimal import Decimal

import attrs

from protoplan.model.component import Component, Sig
from protoplan.model.option import OptionRef
from protoplan.model.plan import Measure, Step
from protoplan.planning.conditions import Known
from protoplan.quantity import EXACT, UNITS, Quantity, compared, printed
from protoplan.source import Grounds


@attrs.frozen
class Calculated:
    """A dose before rules, caps and rounding.

    Attributes:
        basis: As printed or chosen; None while it is not chosen.
        amount: The calculated dose in the drug's unit; None likewise.
        bsa: The surface area that went into it, in m2; None if it did not.
        rate: The rate of a continuous infusion.
        assumptions: What is assumed of an answer that nobody chose.
        needs: The options that must be chosen first.
    """

    basis: Quantity | None
    amount: Quantity | None
    bsa: Decimal | None
    rate: Quantity | None
    steps: tuple[Step, ...]
    assumptions: tuple[str, ...]
    needs: tuple[str, ...]


#: Dose per body measure: how the measure is named, its value, and how it prints.
_BODY: dict[str, tuple[str, Callable[[Measure], Decimal], str]] = {
    "m2": ("body surface area", lambda measure: measure.bsa, "m²"),
    "kg": ("weight", lambda measure: measure.weight.into("kg").value, "kg"),
}


def calculate(
    component: Component, sig: Sig, nth: int, days: int, measure: Measure, state: Known, unit: str
) -> Calculated:
    """Work the dose of one administration.

    Args:
        component: The drug and what its figures rest on.
        sig: The printed dose or rate.
        nth: Which of the days of the sig in its cycle this is, from 1; a ramp asks for it.
        days: How many days a continuous infusion runs; 1 for a single dose.
        measure: The patient's measures for this cycle.
        state: What is known, for a dose that the prescriber chooses.
        unit: The unit in which the drug's doses are ordered.
    """
    step = basis_of(component, sig, nth, state)
    if not isinstance(step, Step):
        return Calculated(None, None, None, None, (), (), step)
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
    return Calculated(basis, amount, bsa, rate, tuple(steps), _assumed(sig, nth, state), ())


def _formula(measure: Measure) -> str:
    return f"policy: {measure.formula} formula"


def basis_of(component: Component, sig: Sig, nth: int, state: Known) -> Step | tuple[str, ...]:
    """The dose or rate as printed or chosen, as the first step of the working; else what is wanted.

    Args:
        component: What the sig stands in.
        sig: Whose dose it is.
        nth: Which of the days of the sig in its cycle this is, from 1.
        state: What is known, for what the prescriber chooses.
    """
    grounds = merged(component.grounds, sig.grounds)
    full = _printed(sig, grounds, state)
    if sig.ramp is None or not isinstance(full, Step):
        return full
    steps = _steps(sig.ramp, state)
    if steps is None:
        assert isinstance(sig.ramp, OptionRef)
        return state.waiting.get(sig.ramp.option, (sig.ramp.option,))
    if nth > len(steps) or compared(steps[nth - 1], full.after) >= 0:
        return full
    source = _answered(sig.ramp, state) if isinstance(sig.ramp, OptionRef) else grounds.of("ramp")
    why = f"step {nth} of the ramp-up to {full.after.text()}"
    return Step("basis", None, steps[nth - 1], why, source, sig.at)


def _steps(ramp: tuple[Quantity, ...] | OptionRef, state: Known) -> tuple[Quantity, ...] | None:
    if not isinstance(ramp, OptionRef):
        return ramp
    chosen = state.options.get(ramp.option)
    return chosen if isinstance(chosen, tuple) else None


def _printed(sig: Sig, grounds: Grounds, state: Known) -> Step | tuple[str, ...]:
    """The dose or the rate as printed, or as the prescriber chose it."""
    printed_dose = sig.rate if sig.rate is not None else sig.dose
    source = grounds.of("dose" if sig.rate is None else "rate")
    if isinstance(printed_dose, OptionRef):
        answer = state.options.get(printed_dose.option)
        if not isinstance(answer, Quantity):  # a check asks for an option of amounts
            return state.waiting.get(printed_dose.option, (printed_dose.option,))
        return Step("basis", None, answer, _chosen(printed_dose, state), source, printed_dose.at)
    assert printed_dose is not None  # the reader asks for one of the two
    return Step("basis", None, printed_dose, "as its source prints it", source, sig.at)


def _chosen(ref: OptionRef, state: Known) -> str:
    by = "the protocol's default" if ref.option in state.defaults else "chosen by the prescriber"
    return f"{by}: {ref.option}"


def _answered(ref: OptionRef, state: Known) -> str:
    """What an answer rests on: the option's own grounds where it is the default."""
    if ref.option in state.defaults:
        return state.offered[ref.option].grounds.of("default")
    return _chosen(ref, state)


def _assumed(sig: Sig, nth: int, state: Known) -> tuple[str, ...]:
    """What is assumed of the defaults on which this dose rests."""
    refs: list[object] = [sig.rate if sig.rate is not None else sig.dose, sig.days]
    if sig.ramp is not None and nth <= len(_steps(sig.ramp, state) or ()):
        refs.append(sig.ramp)
    found = []
    for ref in refs:
        if isinstance(ref, OptionRef) and ref.option in state.defaults:
            reasons = dict(state.offered[ref.option].grounds.assumed)
            found += [f"{ref.option}: {reasons['default']}"] if "default" in reasons else []
    return tuple(found)


def merged(whole: Grounds, part: Grounds) -> Grounds:
    """What a sig stands on: its own grounds first, then those of its component."""
    return Grounds(
        part.source or whole.source, part.assumed + whole.assumed, part.borrowed + whole.borrowed
    )
