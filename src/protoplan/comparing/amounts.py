"""How far one amount lies from another."""

from decimal import ROUND_HALF_UP, Decimal

from protoplan.model.difference import AmountChange
from protoplan.quantity import EXACT, Quantity, compared

#: A ratio above this says nothing that the two amounts do not say better.
_LARGEST = Decimal(1_000_000)


def percent(before: Quantity | None, after: Quantity | None) -> Decimal | None:
    """How far *after* lies from *before* in percent of *before*, to one decimal.

    Halves are rounded away from 0.

    Returns:
        None where one of the two is missing, *before* is nothing, or they measure different things.
    """
    if before is None or after is None or not before.value:
        return None
    if before.dimension != after.dimension:
        return None
    first, second = before.in_base(), after.in_base()
    share = EXACT.divide(EXACT.multiply(EXACT.subtract(second, first), Decimal(100)), first)
    if abs(share) > _LARGEST:
        return None
    return share.quantize(Decimal("0.1"), ROUND_HALF_UP, EXACT)


def change(before: Quantity | None, after: Quantity | None) -> AmountChange:
    """Both amounts with the percentage between them."""
    return AmountChange(before, after, percent(before, after))


def alike(one: Quantity | None, other: Quantity | None) -> bool:
    """Whether two amounts are the same, in whatever units they are written."""
    if one is None or other is None:
        return one is other
    return one.dimension == other.dimension and compared(one, other) == 0
