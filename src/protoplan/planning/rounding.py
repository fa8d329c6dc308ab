"""From the adjusted dose to the ordered one: rounded once, last, and never past a cap."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

import attrs

from protoplan.model.formulary import Drug, Product
from protoplan.model.order import Piece, Step
from protoplan.model.policy import LARGEST_TOLERANCE, Policy, RoundingStep
from protoplan.planning.pieces import SOLID, made_of, nearest, of_form
from protoplan.quantity import EXACT, UNITS, Quantity, compared, printed

#: A step may be at most this share of the smallest planned dose of its drug, in percent.
COARSEST = Decimal(5)

#: Rounding that moves a dose by more than this, in percent, is a stop at every site.
FARTHEST = Decimal(LARGEST_TOLERANCE)


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


@attrs.frozen
class Rounded:
    """An ordered dose.

    Attributes:
        step: Of the working; None where nothing was done to a dose that is ordered as printed.
        made_of: The whole pieces that make it; empty where that is not known.
    """

    ordered: Quantity
    step: Step | None
    made_of: tuple[Piece, ...] = ()


def needs_rounding(basis: Quantity | None, adjusted: Quantity, calculated: Quantity | None) -> bool:
    """A flat dose that nothing changed is ordered as printed; every other dose is rounded."""
    flat = basis is not None and not UNITS[basis.unit].per
    return not flat or adjusted != calculated


def solids(drug: Drug, route: str) -> tuple[Product, ...]:
    """The tablets and capsules by which a drug is given by mouth."""
    return of_form(drug.products, SOLID) if route == "PO" else ()


def order(
    amount: Quantity, cap: Quantity | None, drug: Drug, route: str, policy: Policy, *, exact: bool
) -> Rounded:
    """Return the ordered dose.

    A dose by mouth is fitted to whole tablets where the formulary knows them; a drug that the
    site rounds to vials is given in whole vials where that moves it no further than the site
    allows; any other dose goes to the site's step.

    Args:
        amount: The adjusted dose.
        cap: The largest dose allowed, or None.
        drug: Whose products are looked at.
        route: By which it is given.
        policy: Whose steps and tolerance hold.
        exact: A flat dose that nothing changed; it is ordered as printed, in tablets if it can be.
    """
    tablets = solids(drug, route)
    if tablets:
        return _pieces(amount, cap, tablets)
    if exact:
        return Rounded(amount, None)
    vials = of_form(drug.products, ("vial",)) if drug.id in policy.to_vials else ()
    whole = nearest(amount, vials, cap) if vials else None
    if whole is not None and abs(percent_between(amount, whole)) <= policy.tolerance:
        return _pieces(amount, cap, vials)
    return stepped(amount, cap, step_for(policy, drug.id, route), policy)


def _pieces(amount: Quantity, cap: Quantity | None, products: Sequence[Product]) -> Rounded:
    fitted = nearest(amount, products, cap) or Quantity(Decimal(0), amount.unit)
    pieces = made_of(fitted, products)
    source = products[0].grounds.of("holds")
    if pieces:
        why = " + ".join(map(str, pieces))
    else:
        sizes = ", ".join(product.holds.text() for product in products)
        why = f"nothing can be made of {products[0].form}s of {sizes}"
    if fitted.value != amount.value:
        why += f", {signed(percent_between(amount, fitted))}%"
    return Rounded(fitted, Step("rounding", amount, fitted, why, source, products[0].at), pieces)


def stepped(
    amount: Quantity, cap: Quantity | None, rounding: RoundingStep | None, policy: Policy
) -> Rounded:
    """Return the dose in whole steps, halves up, below its cap."""
    source = f"policy {policy.id}: rounding"
    if rounding is None:
        why = "the policy states no step for this drug"
        return Rounded(amount, Step("rounding", amount, amount, why, source, None))
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
    return Rounded(rounded, Step("rounding", amount, rounded, why, source, rounding.at))


def signed(percent: Decimal) -> str:
    """A percentage with its sign and at most two decimals, as it is printed."""
    sign = "−" if percent < 0 else "+" if percent else ""
    short = abs(percent).quantize(Decimal("0.01"), context=EXACT)
    return f"less than {sign}0.01" if percent and not short else f"{sign}{printed(short)}"
