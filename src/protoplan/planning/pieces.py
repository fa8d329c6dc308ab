"""Whole tablets, capsules and vials: which amounts can be made of them, and of how many of each."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from math import gcd

from protoplan.model.formulary import Product
from protoplan.model.order import Piece
from protoplan.quantity import EXACT, Quantity, compared

#: Forms that are given whole.
SOLID = ("tablet", "capsule")

#: More pieces of the smallest strength than this are a slip, and would take long to fit.
MOST = 10_000


def made_of(amount: Quantity, products: Sequence[Product]) -> tuple[Piece, ...]:
    """The fewest whole pieces that make *amount* exactly; empty where none do.

    Args:
        amount: In the unit of the drug's doses.
        products: Of one form; among equally few, larger strengths are taken first.
    """
    strengths, grain = _grains(amount, products)
    target = EXACT.divide(amount.value, grain)
    if target % 1 or not 0 < target <= MOST:
        return ()
    counts = _fewest(int(target), strengths)
    by_size = sorted(products, key=lambda product: product.holds.in_base(), reverse=True)
    held = [by_size[i].holds.into(amount.unit) for i in range(len(by_size))]
    return tuple(
        Piece(count, holds, product.form)
        for count, holds, product in zip(counts, held, by_size, strict=True)
        if count
    )


def nearest(
    amount: Quantity, products: Sequence[Product], most: Quantity | None
) -> Quantity | None:
    """The amount nearest to *amount* that whole pieces make, halves up.

    None where nothing is nearer than any of them: below half the smallest piece, or under the cap.

    Args:
        amount: In the unit of the drug's doses.
        products: Of one form.
        most: A cap that it may not pass, or None.
    """
    strengths, grain = _grains(amount, products)
    wanted = EXACT.divide(amount.value, grain)
    if wanted > MOST:
        return None
    limit = MOST if most is None else int(EXACT.divide(most.into(amount.unit).value, grain))
    down = next((n for n in range(min(int(wanted), limit), 0, -1) if _fewest(n, strengths)), None)
    top = min(int(wanted) + max(strengths), limit)
    up = next((n for n in range(int(wanted) + 1, top + 1) if _fewest(n, strengths)), None)
    found = [Decimal(n) for n in (up, down) if n is not None]
    if not found:
        return None
    best = min(found, key=lambda n: (abs(n - wanted), -n))
    if best - wanted > wanted:
        return None
    return Quantity(EXACT.multiply(best, grain), amount.unit)


def of_form(products: Sequence[Product], forms: Sequence[str]) -> tuple[Product, ...]:
    """Those of one of the forms, each strength once."""
    found: list[Product] = []
    for product in products:
        known = any(compared(product.holds, other.holds) == 0 for other in found)
        if product.form in forms and not known:
            found.append(product)
    return tuple(found)


def _grains(amount: Quantity, products: Sequence[Product]) -> tuple[tuple[int, ...], Decimal]:
    """The strengths in whole grains, largest first, and how much of the unit one grain is."""
    sizes = [product.holds.into(amount.unit).value for product in products]
    places = max(0, *(-int(size.normalize().as_tuple().exponent) for size in sizes))
    whole = [int(size.scaleb(places)) for size in sizes]
    common = gcd(*whole)
    strengths = tuple(sorted((size // common for size in whole), reverse=True))
    return strengths, Decimal(common).scaleb(-places)


@lru_cache(maxsize=4096)
def _fewest(target: int, strengths: tuple[int, ...]) -> tuple[int, ...]:
    """How many of each strength make *target* with the fewest pieces; empty where none do."""
    best: list[tuple[int, ...] | None] = [tuple(0 for _ in strengths)]
    for total in range(1, target + 1):
        options = []
        for index, size in enumerate(strengths):
            rest = best[total - size] if size <= total else None
            if rest is not None:
                options.append((*rest[:index], rest[index] + 1, *rest[index + 1 :]))
        best.append(min(options, key=_order, default=None))
    return best[target] or ()


def _order(counts: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return sum(counts), tuple(-count for count in counts)
