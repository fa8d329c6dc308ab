"""What each drug comes to: given, planned and earlier doses together.

In mg/m2 a dose counts its adjusted amount over its own surface area, so that a dose that nothing
changed counts exactly what the protocol prints; in mg it counts what is ordered.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from protoplan.model.exposure import Exposure
from protoplan.model.plan import NOT_GIVEN, Administration, TotalLine
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import EarlierExposure
from protoplan.quantity import EXACT, UNITS, Quantity

#: Routes into the whole body; earlier treatment is counted with the first that the plan uses.
SYSTEMIC = ("IV", "SC", "IM", "PO")


def exposures(
    administrations: Sequence[Administration], earlier: Sequence[EarlierExposure] | None
) -> tuple[Exposure, ...]:
    """Sum each drug by each route, in the order of the plan.

    Args:
        administrations: Of the whole plan.
        earlier: What was stated as given before; None where nothing was stated. It counts with
            the first systemic route of its drug, and only where the units agree.
    """
    groups: dict[tuple[str, str], list[Administration]] = {}
    for administration in administrations:
        order = administration.order
        groups.setdefault((order.drug, order.route), []).append(administration)
    found = []
    for (drug, route), rows in sorted(groups.items()):
        systemic = [r for r in SYSTEMIC if (drug, r) in groups]
        before = earlier if route == next(iter(systemic), route) else ()
        found.append(_of(drug, route, rows, None if earlier is None else before))
    return tuple(found)


def totals(protocol: Protocol, administrations: Sequence[Administration]) -> tuple[TotalLine, ...]:
    """How each number of doses over all cycles stands; one of which no dose is planned is left out.

    Args:
        protocol: Which states them.
        administrations: Of the whole plan.
    """
    found = []
    for total in protocol.totals:
        kinds = {tuple(name.rsplit(" ", 1)) for name in total.of}
        rows = [a for a in administrations if (a.order.drug, a.order.route) in kinds]
        given = sum(row.status == "given" for row in rows)
        planned = sum(row.status not in (*NOT_GIVEN, "given") for row in rows)
        if rows:
            source = total.grounds.of("doses")
            found.append(TotalLine(total.of, total.doses, given, planned, source))
    return tuple(found)


def uncounted(
    found: Sequence[Exposure], earlier: Sequence[EarlierExposure] | None
) -> tuple[EarlierExposure, ...]:
    """What was given earlier in a unit in which the plan does not count the drug."""
    unknown = {entry.drug for entry in found if entry.earlier is None}
    return tuple(entry for entry in earlier or () if entry.drug in unknown)


def _of(
    drug: str, route: str, rows: list[Administration], earlier: Sequence[EarlierExposure] | None
) -> Exposure:
    unit = rows[0].order.exposure_unit
    rows = [row for row in rows if row.status not in NOT_GIVEN]
    open_doses = any(row.status == "unresolved" for row in rows)
    planned = ordered = None
    if not open_doses:
        planned, total = Fraction(0), Decimal(0)
        for row, times in _alike(rows):
            planned += (row.order.per_basis or 0) * times
            if row.amount is not None:
                total = EXACT.add(total, EXACT.multiply(row.amount.value, Decimal(times)))
        ordered = Quantity(total, UNITS[unit].amount)
    return Exposure(drug, route, unit, planned, _earlier(drug, unit, earlier), ordered, len(rows))


def _alike(rows: Iterable[Administration]) -> Iterable[tuple[Administration, int]]:
    """One of all doses that share their order and what was given, and how many they are."""
    found: dict[tuple[int, int], tuple[Administration, int]] = {}
    for row in rows:
        key = id(row.order), id(row.given)
        first, times = found.get(key, (row, 0))
        found[key] = first, times + 1
    return found.values()


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
