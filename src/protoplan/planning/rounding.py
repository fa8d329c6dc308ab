"""From the adjusted dose to the ordered one: rounded once, last, and never past a cap."""

from decimal import ROUND_FLOOR, Decimal

from protoplan.model.plan import Step
from protoplan.model.policy import Policy, RoundingStep
from protoplan.quantity import EXACT, Quantity, compared, printed

#: A step may be at most this share of the smallest planned dose of its drug, in percent.
COARSEST = Decimal(5)


def step_for(policy: Policy, drug: str, route: str) -> RoundingStep | None:
    """The site's step for a drug by a route, else for the drug by any route."""
    by_route = next((s for s in policy.steps if s.drug == drug and s.route == route), None)
    return by_route or next((s for s in policy.steps if s.drug == drug and s.route is None), None)


def percent_between(before: Quantity, after: Quantity) -> Decimal:
    """How far *after* lies from *before*, in percent of *before*; 0 where both are nothing."""
    if before.value == 0:
        return Decimal(0)
    difference = EXACT.subtract(after.value, before.value)
    return EXACT.divide(EXACT.multiply(difference, Decimal(100)), before.value)


def order(
    amount: Quantity, cap: Quantity | None, rounding: RoundingStep | None, policy: Policy
) -> tuple[Quantity, Step]:
    """Return the ordered dose and the step of the working.

    Args:
        amount: The adjusted dose.
        cap: The largest dose allowed, or None.
        rounding: The site's step, or None where it states none.
        policy: Named in the working.
    """
    source = f"policy {policy.id}: rounding"
    if rounding is None:
        return amount, Step(
            "rounding", amount, amount, "the policy states no step for this drug", source, None
        )
    rounded = amount.rounded_to(rounding.step)
    if cap is not None and compared(rounded, cap) > 0:
        width = rounding.step.into(amount.unit).value
        count = EXACT.divide(cap.into(amount.unit).value, width).quantize(
            Decimal(1), ROUND_FLOOR, EXACT
        )
        rounded = Quantity(EXACT.multiply(count, width), amount.unit)
    why = f"to whole steps of {rounding.step.text()}"
    if rounded.value != amount.value:
        why += f", {signed(percent_between(amount, rounded))}%"
    return rounded, Step("rounding", amount, rounded, why, source, rounding.at)


def signed(percent: Decimal) -> str:
    """A percentage with its sign and at most two decimals, as it is printed."""
    sign = "−" if percent < 0 else "+" if percent else ""
    short = abs(percent).quantize(Decimal("0.01"), context=EXACT)
    return f"less than {sign}0.01" if percent and not short else f"{sign}{printed(short)}"
