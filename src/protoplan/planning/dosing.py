"""From a printed dose to the calculated one, with its working.

Dose bases are rows of `_BODY`: flat, by surface area, by weight; a rate runs over its days.
A dose by AUC is worked with the clearance, by Calvert's formula.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import attrs

from protoplan.model.component import Component, Sig
from protoplan.model.condition import Bounds
from protoplan.model.option import OptionRef
from protoplan.model.order import Step
from protoplan.model.plan import Measure
from protoplan.planning.conditions import within
from protoplan.planning.filtration import CALVERT, Filtration
from protoplan.planning.known import Known
from protoplan.quantity import EXACT, UNITS, Quantity, compared, decimal_of, printed
from protoplan.source import Grounds


@attrs.frozen
class Body:
    """What of the patient a dose is worked with.

    Attributes:
        measure: The measures of the cycle.
        filtration: The clearance of the day, for a dose by AUC; None for any other.
    """

    measure: Measure
    filtration: Filtration | None


@attrs.frozen
class Worked:
    """A dose before rules, caps and rounding.

    Attributes:
        basis: As printed or chosen.
        amount: The calculated dose in the drug's unit.
        full: What it rises to, while it is a step of a ramp-up; else the same.
        ramping: On the days of a ramp-up that nobody chose: the option that would say it.
        bsa: The surface area that went into it, in m2; None if it did not.
        rate: The rate of a continuous infusion.
        assumptions: What is assumed of an answer that nobody chose.
    """

    basis: Quantity
    amount: Quantity
    full: Quantity
    ramping: tuple[str, ...]
    bsa: Decimal | None
    rate: Quantity | None
    steps: tuple[Step, ...]
    assumptions: tuple[str, ...]
    body: Body
    days: int | Fraction

    def of(self, basis: Quantity) -> Quantity:
        """What another basis would come to, for the same patient over the same days."""
        return _amount(basis, self.body, self.days, self.amount.unit)

    def factors(self, basis: Quantity) -> str:
        """The arithmetic behind `of`, empty where there is none."""
        factors = _factors(basis, self.body, self.days)
        return "".join(f" × {factor}" for factor in factors)


def _cleared(body: Body) -> Quantity:
    assert body.filtration is not None  # whoever works a dose by AUC knows the clearance
    return body.filtration.value


#: Dose per body measure: its value, and how it prints.
_BODY: dict[str, tuple[Callable[[Body], Decimal], Callable[[Body], str]]] = {
    "m2": (lambda body: body.measure.bsa, lambda body: f"{printed(body.measure.bsa)} m²"),
    "kg": (
        lambda body: body.measure.weight.into("kg").value,
        lambda body: f"{printed(body.measure.weight.into('kg').value)} kg",
    ),
    "clearance": (
        lambda body: EXACT.add(_cleared(body).value, CALVERT),
        lambda body: f"({_cleared(body).text()} + {printed(CALVERT)})",
    ),
}


def calculate(
    component: Component,
    sig: Sig,
    nth: int,
    days: int | Fraction,
    body: Body,
    state: Known,
    unit: str,
) -> Worked | tuple[str, ...]:
    """Work the dose of one administration; what must be chosen first where it cannot be worked.

    Args:
        component: The drug and what its figures rest on.
        sig: The printed dose or rate.
        nth: Which of the days of the sig in its cycle this is, from 1; a ramp asks for it.
        days: How many days a continuous infusion runs; 1 for a single dose.
        body: The patient's measures for this cycle, and the clearance.
        state: What is known, for a dose that the prescriber chooses.
        unit: The unit in which the drug's doses are ordered.
    """
    step = basis_of(component, sig, nth, state)
    if not isinstance(step, Step):
        return step
    measure, filtration, basis = body.measure, body.filtration, step.after
    steps = [step]
    if UNITS[basis.unit].per == "m2":
        area = Quantity(measure.bsa, "m2")
        name = "body surface area"
        steps.append(Step(name, None, area, measure.working, _formula(measure), measure.at))
    if filtration is not None:
        steps.append(
            Step("clearance", None, filtration.value, filtration.why, filtration.source, None)
        )
    amount = _amount(basis, body, days, unit)
    factors = [basis.text(), *_factors(basis, body, days)]
    why = " × ".join(factors) + f" = {amount.text()}" if len(factors) > 1 else "a flat dose"
    steps.append(Step("calculated", basis, amount, why, "arithmetic", None))
    bsa = measure.bsa if UNITS[basis.unit].per == "m2" else None
    full = _printed(sig, merged(component.grounds, sig.grounds), state)
    return Worked(
        basis=basis,
        amount=amount,
        full=_amount(full.after, body, days, unit) if isinstance(full, Step) else amount,
        ramping=_ramping(sig, nth, state),
        bsa=bsa,
        rate=basis if sig.rate is not None else None,
        steps=tuple(steps),
        assumptions=_assumed(sig, nth, state),
        body=body,
        days=days,
    )


def inside(basis: Quantity, days: int | Fraction, bounds: Bounds) -> bool:
    """Whether a printed dose lies within *bounds*; a rate as what it comes to over its days.

    A dose of another kind (a flat one, where the bounds are per m2) lies outside.
    """
    four = (bounds.at_least, bounds.above, bounds.below, bounds.at_most)
    limits = [limit for limit in four if isinstance(limit, Quantity)]
    if UNITS[basis.unit].time and not any(UNITS[limit.unit].time for limit in limits):
        basis = over_days(basis, days)
    return all(limit.dimension == basis.dimension for limit in limits) and within(basis, bounds)


def over_days(rate: Quantity, days: int | Fraction) -> Quantity:
    """What a rate comes to over its days, still per body measure where it is printed so."""
    unit = UNITS[rate.unit]
    spread = decimal_of(Fraction(days if unit.time == "day" else days * 24))
    return Quantity(
        EXACT.multiply(rate.value, spread), "/".join(filter(None, (unit.amount, unit.per)))
    )


def _amount(basis: Quantity, body: Body, days: int | Fraction, unit: str) -> Quantity:
    """The amount of a basis: times the body measure, times the days of a rate; or by Calvert."""
    value, printed_unit = basis.value, UNITS[basis.unit]
    if printed_unit.per:
        value = EXACT.multiply(value, _BODY[printed_unit.per][0](body))
    if printed_unit.time:
        spread = Fraction(days if printed_unit.time == "day" else days * 24)
        value = decimal_of(Fraction(value) * spread)
    return Quantity(value, printed_unit.amount).into(unit)


def _factors(basis: Quantity, body: Body, days: int | Fraction) -> list[str]:
    """What a basis is multiplied by, as it is printed."""
    printed_unit, factors = UNITS[basis.unit], []
    if printed_unit.per:
        factors.append(_BODY[printed_unit.per][1](body))
    if printed_unit.time:
        spread = Fraction(days if printed_unit.time == "day" else days * 24)
        unit = "days" if printed_unit.time == "day" and spread != 1 else printed_unit.time
        factors.append(f"{printed(decimal_of(spread))} {unit}")
    return factors


def _ramping(sig: Sig, nth: int, state: Known) -> tuple[str, ...]:
    """On the days of a ramp-up whose steps nobody chose, what would say other steps."""
    if sig.ramp is None or nth > len(_steps(sig.ramp, state) or ()):
        return ()
    if not isinstance(sig.ramp, OptionRef):
        return ("steps of the ramp-up under this rule",)
    return (sig.ramp.option,) if sig.ramp.option in state.defaults else ()


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
    refs: list[object] = [sig.dose, sig.days, sig.over]
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
