"""Lays a protocol out without a patient, so that a check can count what it comes to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from fractions import Fraction

from protoplan.model.condition import All
from protoplan.model.formulary import Drug
from protoplan.model.order import Step
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import ClockPolicy
from protoplan.model.protocol import Protocol
from protoplan.model.skeleton import Row, Skeleton, Waiting
from protoplan.model.treatment import Patient
from protoplan.planning.adjusting import largest
from protoplan.planning.anchors import unchosen
from protoplan.planning.conditions import ask, known
from protoplan.planning.course import chosen_cycles, course
from protoplan.planning.dosing import basis_of
from protoplan.planning.known import Known
from protoplan.planning.layout import Layouts
from protoplan.planning.schedule import Slot, slots
from protoplan.quantity import UNITS, Quantity, decimal_of

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
    laid_out = course(protocol, state, START)
    cycles = laid_out.cycles
    begins = tuple((c.label, c.kind, (c.start - START).days if c.start else None) for c in cycles)
    undated = laid_out.open[1] if laid_out.open else ()
    rows = tuple(_row(s, drugs, state) for s in slots(Layouts(protocol), cycles, state, _CLOCK))
    return Skeleton(begins, undated, rows, tuple(_waiting(protocol, cycles, undated, state)))


def _waiting(
    protocol: Protocol, cycles: Sequence[PlannedCycle], undated: tuple[str, ...], state: Known
) -> Iterator[Waiting]:
    """What may be given in each cycle, where that or its days are not known."""
    for component in protocol.components:
        for sig in component.sigs:
            where = sig.where or component.where
            assert where is not None  # the reader asks for one of the two
            given = ask(All(tuple(c for c in (component.when, sig.when) if c)), state, START)
            if given.answer is False:
                continue
            open_days = [ref.option for ref in unchosen(component, sig, protocol, state)]
            days = [name for ref in open_days for name in state.waiting.get(ref, (ref,))]
            for cycle in chosen_cycles(where, cycles):
                needs = (*given.needs, *days, *(undated if cycle.start is None else ()))
                if needs:
                    yield Waiting(cycle.label, component.drug, component.route, needs)


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
        _minutes(slot),
    )


def _minutes(slot: Slot) -> int | None:
    """How long a single infusion takes; a rate runs over its days."""
    if slot.sig.rate is not None or slot.end is None:
        return None
    return int((slot.end - slot.start) / timedelta(minutes=1))


def _amount(slot: Slot, state: Known) -> Quantity | None:
    basis = basis_of(slot.component, slot.sig, slot.spot.nth, state)
    if not isinstance(basis, Step):
        return None
    unit = UNITS[basis.after.unit]
    if not unit.time:
        return basis.after
    hours = 24 if unit.time == "h" else 1
    name = f"{unit.amount}/{unit.per}" if unit.per else unit.amount
    return Quantity(basis.after.value * decimal_of(Fraction(slot.days) * hours), name)
