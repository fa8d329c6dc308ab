"""PF231: more of a drug than a limit allows, in a cycle or over a lifetime."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from protoplan.model.plan import Administration, Finding, Unresolved
from protoplan.model.safety import Limit
from protoplan.planning.scene import Scene
from protoplan.quantity import UNITS, decimal_of, printed


def limits_of(scene: Scene) -> tuple[Limit, ...]:
    """Every limit on a drug of the plan; the protocol's takes the place of one about the same."""
    own = {entry.about for entry in scene.protocol.limits}
    drugs = dict.fromkeys(row.order.drug for row in scene.administrations)
    listed = [entry for name in drugs for entry in scene.drugs[name].limits]
    mine = [entry for entry in scene.protocol.limits if entry.drug in drugs]
    return (*(entry for entry in listed if entry.about not in own), *mine)


def look(scene: Scene) -> Iterator[Finding]:
    """Limits that are passed, counted before rounding and as ordered."""
    for limit in limits_of(scene):
        if limit.over == "lifetime":
            rows = _counted(limit, scene.given)
            total = _sum(limit, rows) + (_earlier(limit, scene) or 0)
            yield from _past(limit, total, rows, "in all, with earlier treatment")
            continue
        for cycle in dict.fromkeys(row.cycle for row in scene.given):
            rows = _counted(limit, [row for row in scene.given if row.cycle == cycle])
            yield from _past(limit, _sum(limit, rows), rows, f"in cycle {cycle}")


def lacking(scene: Scene) -> tuple[Unresolved, ...]:
    """Lifetime limits that cannot be judged, because earlier treatment is not known."""
    found = []
    for limit in limits_of(scene):
        rows = _counted(limit, scene.given)
        unknown = limit.over == "lifetime" and rows and _earlier(limit, scene) is None
        if unknown and _sum(limit, rows) <= Fraction(limit.most.value):
            wanted = f"earlier {limit.drug}: state earlier_exposure in {limit.most.unit}, or none"
            found.append(Unresolved(f"limit {limit.about}", ("earlier_exposure",), (wanted,), ()))
    return tuple(found)


def _counted(limit: Limit, rows: Sequence[Administration]) -> list[Administration]:
    """The doses of the drug that are counted in the unit of the limit."""
    dimension = UNITS[limit.most.unit].dimension
    return [
        row
        for row in rows
        if row.order.drug == limit.drug and UNITS[row.order.exposure_unit].dimension == dimension
    ]


def _sum(limit: Limit, rows: Sequence[Administration]) -> Fraction:
    """The larger of what is counted before rounding and what is ordered."""
    unit = UNITS[limit.most.unit]
    planned = ordered = Fraction(0)
    for row in rows:
        order = row.order
        if order.per_basis is None or order.ordered is None:
            continue
        planned += order.per_basis * Fraction(UNITS[order.exposure_unit].factor / unit.factor)
        amount = Fraction(order.ordered.into(unit.amount).value)
        ordered += amount / Fraction(order.bsa) if order.bsa and unit.per == "m2" else amount
    return max(planned, ordered)


def _earlier(limit: Limit, scene: Scene) -> Fraction | None:
    """What was given before, in the unit of the limit; None where that is not known."""
    if scene.treatment.earlier is None:
        return None
    stated = [entry.amount for entry in scene.treatment.earlier if entry.drug == limit.drug]
    if any(amount.dimension != limit.most.dimension for amount in stated):
        return None
    return sum((Fraction(amount.into(limit.most.unit).value) for amount in stated), Fraction(0))


def _past(
    limit: Limit, total: Fraction, rows: Sequence[Administration], where: str
) -> Iterator[Finding]:
    if total <= Fraction(limit.most.value):
        return
    unit = limit.most.unit.replace("m2", "m²")
    shown = f"{printed(decimal_of(total))} {unit}"
    says = f": {limit.says}" if limit.says else ""
    message = f"{limit.drug} comes to {shown} {where}, past {limit.most.text()}{says}"
    ids = tuple(row.id for row in rows)
    yield Finding("PF231", limit.otherwise, message, ids, limit.grounds.of("most"))
