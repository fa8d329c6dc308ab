"""What each drug comes to: given, planned and earlier doses together.

In mg/m2 a dose counts its adjusted amount over its own surface area, so that a dose that nothing
changed counts exactly what the protocol prints; in mg it counts what is ordered.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from protoplan.model.exposure import Exposure
from protoplan.model.plan import TotalLine
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import EarlierExposure
from protoplan.planning.shares import Share
from protoplan.quantity import EXACT, UNITS, Quantity

#: Routes into the whole body; earlier treatment is counted with the first that the plan uses.
SYSTEMIC = ("IV", "SC", "IM", "PO")


def exposures(
    shares: Sequence[Share], earlier: Sequence[EarlierExposure] | None
) -> tuple[Exposure, ...]:
    """Sum each drug by each route, by their names.

    Args:
        shares: The doses of the whole plan.
        earlier: What was stated as given before; None where nothing was stated. It counts with
            the first systemic route of its drug, and only where the units agree.
    """
    groups: dict[tuple[str, str], list[Share]] = {}
    for share in shares:
        groups.setdefault(share.kind, []).append(share)
    found = []
    for (drug, route), here in sorted(groups.items()):
        systemic = [r for r in SYSTEMIC if (drug, r) in groups]
        before = earlier if route == next(iter(systemic), route) else ()
        found.append(_of(drug, route, here, None if earlier is None else before))
    return tuple(found)


def totals(protocol: Protocol, shares: Sequence[Share]) -> tuple[TotalLine, ...]:
    """How each number of doses over all cycles stands; one of which no dose is planned is left out.

    Args:
        protocol: Which states them.
        shares: The doses of the whole plan.
    """
    found = []
    for total in protocol.totals:
        kinds = {tuple(name.rsplit(" ", 1)) for name in total.of}
        here = [share for share in shares if share.kind in kinds]
        given = sum(len(share.rows) for share in here if share.status == "given")
        standing = sum(len(share.rows) for share in here if share.stands)
        if here:
            source = total.grounds.of("doses")
            found.append(TotalLine(total.of, total.doses, given, standing - given, source))
    return tuple(found)


def uncounted(
    found: Sequence[Exposure], earlier: Sequence[EarlierExposure] | None
) -> tuple[EarlierExposure, ...]:
    """What was given earlier in a unit in which the plan does not count the drug."""
    unknown = {entry.drug for entry in found if entry.earlier is None}
    return tuple(entry for entry in earlier or () if entry.drug in unknown)


def _of(
    drug: str, route: str, shares: list[Share], earlier: Sequence[EarlierExposure] | None
) -> Exposure:
    unit = shares[0].order.exposure_unit
    shares = [share for share in shares if share.stands]
    planned = ordered = None
    if not any(share.status == "unresolved" for share in shares):
        planned, total = Fraction(0), Decimal(0)
        for share in shares:
            planned += (share.order.per_basis or 0) * len(share.rows)
            for amount, times in _amounts(share):
                total = EXACT.add(total, EXACT.multiply(amount.value, Decimal(times)))
        ordered = Quantity(total, UNITS[unit].amount)
    count = sum(len(share.rows) for share in shares)
    return Exposure(drug, route, unit, planned, _earlier(drug, unit, earlier), ordered, count)


def _amounts(share: Share) -> Iterable[tuple[Quantity, int]]:
    """What was given, else what is ordered, and how often."""
    if share.status != "given":
        return [] if share.order.ordered is None else [(share.order.ordered, len(share.rows))]
    return [(row.amount, 1) for row in share.rows if row.amount is not None]


def _earlier(drug: str, unit: str, earlier: Sequence[EarlierExposure] | None) -> Fraction | None:
    if earlier is None:
        return None
    stated = [entry.amount for entry in earlier if entry.drug == drug]
    if any(UNITS[amount.unit].dimension != UNITS[unit].dimension for amount in stated):
        return None
    return sum((Fraction(amount.into(unit).value) for amount in stated), Fraction(0))


def counted(adjusted: Quantity, ordered: Quantity, bsa: Decimal | None, unit: str) -> Fraction:
    """What a dose counts in *unit*, exactly.

    Args:
        adjusted: The dose after rules and caps, which counts over its surface area.
        ordered: The dose after rounding, which counts where nothing is divided.
        bsa: The surface area it was worked with, in m2.
        unit: ``mg/m2`` and the like, or the unit of the dose.
    """
    if UNITS[unit].per != "m2":
        return Fraction(ordered.into(unit).value)
    if bsa is None:
        raise ValueError("a dose that was not worked by surface area has no exposure per m2")
    return Fraction(adjusted.into(UNITS[unit].amount).value) / Fraction(bsa)
