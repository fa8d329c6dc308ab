"""Rounding, once and last: to tablets, to vials, or to the site's step; never past the cap."""

from fractions import Fraction

from tests.oracle.amounts import amount, exact
from tests.oracle.sizes import halves_up
from tests.oracle.world import World, formulary


def ordered(
    world: World, drug: str, route: str, dose: Fraction, cap: Fraction | None, *, as_printed: bool
) -> Fraction:
    """What is made up of a dose, in mg or units.

    Args:
        world: The policy is read.
        drug: Its tablets, capsules and vials are read.
        route: Tablets and capsules are for the mouth.
        dose: After rules and caps.
        cap: The most that may be given.
        as_printed: It is a flat dose that nothing has changed.
    """
    products = formulary()[drug].products
    pieces = [amount(p.holds).value for p in products if p.form in ("tablet", "capsule")]
    if route == "PO" and pieces:
        return _pieces(dose, pieces, cap)
    if as_printed:
        return dose
    vials = [amount(p.holds).value for p in products if p.form == "vial"]
    if drug in world.policy.to_vials and vials:
        whole = _pieces(dose, vials, cap)
        if abs(whole - dose) / dose * 100 <= exact(world.policy.tolerance):
            return whole
    step = _step(world, drug, route)
    if step is None:
        return dose
    found = halves_up(dose, step)
    while cap is not None and found > cap:
        found -= step
    return found


def _step(world: World, drug: str, route: str) -> Fraction | None:
    steps = {(step.drug, step.route): amount(step.step).value for step in world.policy.steps}
    return steps.get((drug, route), steps.get((drug, None)))


def _pieces(dose: Fraction, holds: list[Fraction], cap: Fraction | None) -> Fraction:
    """The nearest amount that whole pieces make; of two as near, the larger."""
    most = dose + max(holds)
    made = {Fraction(0)}
    todo = [Fraction(0)]
    while todo:
        base = todo.pop()
        for each in holds:
            if base + each <= most and base + each not in made:
                made.add(base + each)
                todo.append(base + each)
    allowed = [each for each in made if cap is None or each <= cap]
    return min(allowed, key=lambda each: (abs(each - dose), -each))
