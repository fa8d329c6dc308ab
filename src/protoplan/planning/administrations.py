"""The administrations of a plan: each dose of the schedule with its order and its fate."""

from collections.abc import Sequence
from datetime import date

from protoplan.model.order import GivenDose, Order
from protoplan.model.plan import Administration
from protoplan.planning.orders import Bench, Orders
from protoplan.planning.recording import as_recorded
from protoplan.planning.schedule import Fate, Slot
from protoplan.quantity import UNITS


def administered(rows: Sequence[Slot], bench: Bench, as_of: date) -> tuple[Administration, ...]:
    """Every dose with what is ordered, and what the record says became of it.

    Args:
        rows: In the order of time.
        bench: What doses are worked with.
        as_of: The day the plan is made.
    """
    orders = Orders(rows, bench)
    recorded: dict[tuple[object, ...], Order] = {}
    planned = []
    for slot in rows:
        spot, name, cycle, day, start, end, due, _, fate, _, _, _ = slot
        on = start.date()
        order, given = orders.of(slot, on), None
        if fate is not None:
            given = _given(slot, order)
            key = (id(order), *_told(fate, given))
            if key not in recorded:
                recorded[key] = as_recorded(order, fate, given, orders.measure(slot))
            order = recorded[key]
        planned.append(
            # By place, not by name: there are as many as there are doses.
            Administration(
                name,
                cycle.label,
                day,
                on,
                start,
                end,
                None if spot.sig.window is None else slot.window,
                order.status,
                on < as_of and _overdue(slot, as_of),
                order,
                due,
                given,
            )
        )
    return tuple(planned)


def _given(slot: Slot, order: Order) -> GivenDose | None:
    """What was given of a dose; of the part of an infusion that ran, what its rate came to."""
    if slot.fate is None or slot.fate.status != "given":
        return None
    entry = slot.given
    amount = entry.amount if entry else slot.delivered or order.ordered
    if amount is None:
        return None
    return GivenDose(
        amount=amount.into(UNITS[order.exposure_unit].amount),
        ordered=order.ordered,
        rate=entry.rate if entry else None,
        bsa=entry.bsa.value if entry and entry.bsa else None,
        weight=entry.weight if entry else None,
        stated=entry is not None or slot.delivered is not None,
        at=slot.fate.at,
    )


def _overdue(slot: Slot, as_of: date) -> bool:
    """Its day is past and nothing is recorded; of an infusion that began, the day of its end."""
    last = slot.end if slot.begun and slot.end is not None else slot.start
    return slot.fate is None and last.date() < as_of


def _told(fate: Fate | None, given: GivenDose | None) -> tuple[object, ...]:
    """What of the record makes another order."""
    if fate is None:
        return ()
    told = given and (given.amount, given.bsa)
    return (fate.status, fate.because, fate.needs, told)
