"""An order as the record has it: given with what was given, or without a dose, and why."""

from fractions import Fraction

import attrs

from protoplan.model.order import GivenDose, Order
from protoplan.model.plan import Measure
from protoplan.planning.schedule import Fate
from protoplan.quantity import UNITS


def as_recorded(
    order: Order, fate: Fate | None, given: GivenDose | None, measure: Measure
) -> Order:
    """The order after what became of its dose.

    What rules say of a dose is no longer asked once it is given or missed. A dose that was not
    given has no amount; one that was given counts what was given, over the surface area of its day
    where it is dosed by surface area.

    Args:
        order: As it would have been ordered.
        fate: What became of it; None while nothing is recorded.
        given: What was given.
        measure: Of its cycle, for a surface area that the record does not state.
    """
    if fate is None:
        return order
    if fate.status == "given" and given is not None:
        return attrs.evolve(
            order,
            status="given",
            because=_otherwise(order, fate),
            per_basis=_counted(order, given, measure),
            pending=(),
            needs=(),
            remarks=(),
        )
    if fate.status == "given":  # nothing says how much; only an infusion without a dose comes here
        needs = ("what was delivered of the infusion until it was interrupted",)
        return attrs.evolve(_without_dose(order), status="unresolved", needs=needs)
    return attrs.evolve(
        _without_dose(order), status=fate.status, because=fate.because, needs=fate.needs
    )


def _without_dose(order: Order) -> Order:
    return attrs.evolve(
        order,
        adjusted=None,
        ordered=None,
        made_of=(),
        per_basis=None,
        pending=(),
        needs=(),
        remarks=(),
    )


def _otherwise(order: Order, fate: Fate) -> str | None:
    """What the plan would have done with a dose that was given all the same."""
    against = {
        "held": f"given although the plan holds it: {order.because}",
        "omitted": f"given although the plan leaves it out: {order.because}",
        "unresolved": f"given while the plan lacked {', '.join(order.needs)}",
    }
    return fate.because or against.get(order.status)


def _counted(order: Order, given: GivenDose, measure: Measure) -> Fraction:
    """What was given, in the unit of exposure."""
    unit = UNITS[order.exposure_unit]
    amount = Fraction(given.amount.into(unit.amount).value)
    if unit.per != "m2":
        return amount
    return amount / Fraction(given.bsa or order.bsa or measure.bsa)
