"""What each drug comes to by each route: the doses of the oracle, added up one by one."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs
from tests.oracle.amounts import amount
from tests.oracle.course import Dose
from tests.oracle.world import World, formulary

from protoplan.quantity import parse

#: Routes into the whole body: what was given earlier counts with the first by which a plan gives it.
SYSTEMIC = ("IV", "SC", "IM", "PO")
#: What counts nothing.
NOT_GIVEN = ("held", "missed", "cancelled", "omitted")


@attrs.frozen
class Sum:
    """What a drug comes to by a route, in mg or units, or that for each m2.

    Attributes:
        per: ``m2`` where it is counted for each m2, as all its doses are printed so; else empty.
        counted: None while a dose is not known.
        ordered: In mg or units, given and planned; None likewise.
        earlier: As counted; None where it is not stated, or in no unit in which it can be counted.
    """

    drug: str
    route: str
    per: str
    doses: int
    counted: Fraction | None
    ordered: Fraction | None
    earlier: Fraction | None


def sums(world: World, doses: Sequence[Dose]) -> Iterator[Sum]:
    """One for each drug and route of the plan."""
    for drug, route in sorted({(dose.drug, dose.route) for dose in doses}):
        here = [dose for dose in doses if (dose.drug, dose.route) == (drug, route)]
        per_area = all(dose.per_area for dose in here)
        stands = [dose for dose in here if dose.status not in NOT_GIVEN]
        known = all(dose.status != "unresolved" for dose in stands)
        routes = {dose.route for dose in doses if dose.drug == drug}
        first = next((each for each in SYSTEMIC if each in routes), route)
        yield Sum(
            drug,
            route,
            "m2" if per_area else "",
            len(stands),
            sum((_counts(dose, per_area=per_area) for dose in stands), Fraction(0))
            if known
            else None,
            sum((_came_to(dose) for dose in stands), Fraction(0)) if known else None,
            _earlier(world, drug, per_area=per_area, here=route == first),
        )


def _counts(dose: Dose, *, per_area: bool) -> Fraction:
    """What was given, or the dose before it was rounded, over its surface area; else its amount."""
    if not per_area:
        return _came_to(dose)
    exact = dose.given if dose.given is not None else dose.adjusted
    assert exact is not None and dose.area is not None
    return exact / dose.area


def _came_to(dose: Dose) -> Fraction:
    found = dose.given if dose.given is not None else dose.ordered
    assert found is not None
    return found


def _earlier(world: World, drug: str, *, per_area: bool, here: bool) -> Fraction | None:
    stated = world.treatment.earlier
    if stated is None:
        return None
    unit = formulary()[drug].unit
    wanted = amount(parse(f"1 {unit}/m2" if per_area else f"1 {unit}")).kind
    found = [amount(entry.amount) for entry in stated if entry.drug == drug and here]
    if any(each.kind != wanted for each in found):
        return None
    return sum((each.value for each in found), Fraction(0))
