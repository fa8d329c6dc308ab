"""Lays a protocol out without a patient, so that a check can count what it comes to."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

from protoplan.model.formulary import Drug
from protoplan.model.plan import Step
from protoplan.model.policy import ClockPolicy
from protoplan.model.protocol import Protocol
from protoplan.model.skeleton import Row, Skeleton
from protoplan.model.treatment import Patient
from protoplan.planning.adjusting import largest
from protoplan.planning.conditions import known
from protoplan.planning.dosing import basis_of
from protoplan.planning.known import Known
from protoplan.planning.schedule import Slot, course, slots
from protoplan.quantity import UNITS, Quantity

#: Any date does: a skeleton counts days from the start. This one has no leap day in its first year.
START = date(2001, 1, 1)

_CLOCK = ClockPolicy(time(8), tuple((n, tuple(time(8 + k) for k in range(n))) for n in (2, 3, 4)))


def lay_out(protocol: Protocol, drugs: Mapping[str, Drug], given: Mapping[str, str]) -> Skeleton:
    """Return the cycles and doses of *protocol* under the answers *given*.

    Args:
        protocol: As it was read.
        drugs: The formulary's entry for each of its drugs, for the caps that hold.
        given: Answers to options and facts by name, as written.
    """
    names = {option.name for option in protocol.options}
    state = known(
        protocol.options,
        {name: value for name, value in given.items() if name in names},
        {name: value for name, value in given.items() if name not in names},
        patient=Patient("", None, int(given["age"]), None, protocol.at) if "age" in given else None,
    )
    cycles = course(protocol, state, START).cycles
    begins = tuple((c.label, c.kind, (c.start - START).days if c.start else None) for c in cycles)
    return Skeleton(
        begins, tuple(_row(slot, drugs, state) for slot in slots(protocol, cycles, state, _CLOCK))
    )


def _row(slot: Slot, drugs: Mapping[str, Drug], state: Known) -> Row:
    component = slot.component
    return Row(
        slot.cycle.label,
        slot.cycle.kind,
        component.drug,
        component.route,
        slot.day,
        _amount(slot, state),
        largest(slot.sig, component.route, drugs[component.drug]),
        slot.verdict.answer is None,
    )


def _amount(slot: Slot, state: Known) -> Quantity | None:
    basis = basis_of(slot.component, slot.sig, slot.nth, state)
    if not isinstance(basis, Step):
        return None
    unit = UNITS[basis.after.unit]
    if not unit.time:
        return basis.after
    hours = 24 if unit.time == "h" else 1
    name = f"{unit.amount}/{unit.per}" if unit.per else unit.amount
    return Quantity(basis.after.value * Decimal(slot.days * hours), name)
