"""The ledger of one drug: each dose, what it counts, and the running totals."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from protoplan.model.exposure import Ledger, LedgerRow
from protoplan.model.plan import NOT_GIVEN, Administration, Plan
from protoplan.model.protocol import Expectation, Protocol
from protoplan.quantity import EXACT, Quantity


def ledgers(
    plan: Plan,
    protocol: Protocol,
    drug: str,
    facts: dict[str, str],
    transplant: date | None = None,
) -> tuple[Ledger, ...]:
    """One ledger for each route by which *plan* gives *drug*; empty when it does not.

    Args:
        plan: Of one treatment.
        protocol: Whose expected total is looked for.
        drug: By id.
        facts: The facts stated, by name, to find the expected total that holds for them.
        transplant: The day of a transplant to which days are counted, or None.
    """
    answers = {line.name: line.value or "" for line in plan.options} | facts
    routes = dict.fromkeys(a.order.route for a in plan.administrations if a.order.drug == drug)
    return tuple(_ledger(plan, protocol, drug, route, answers, transplant) for route in routes)


def _ledger(
    plan: Plan,
    protocol: Protocol,
    drug: str,
    route: str,
    answers: dict[str, str],
    transplant: date | None,
) -> Ledger:
    rows = [a for a in plan.administrations if (a.order.drug, a.order.route) == (drug, route)]
    exposure = next(e for e in plan.exposure if (e.drug, e.route) == (drug, route))
    routes = {a.order.route for a in plan.administrations if a.order.drug == drug}
    only_route = len(routes) == 1
    wanted = _expected(protocol, drug, route, exposure.unit, answers, only_route=only_route)
    total = wanted.total if wanted else None
    why = None
    if exposure.earlier is None:
        why = f"it is not stated in a form that can be counted in {exposure.unit}"
    days = [row.date for row in rows if row.status not in NOT_GIVEN]
    last = max(days, default=None)
    return Ledger(
        drug=drug,
        name=rows[0].order.name,
        route=route,
        protocol=plan.protocol,
        treatment=plan.treatment,
        label=plan.label,
        unit=exposure.unit,
        rows=tuple(_rows(rows, exposure.earlier or Fraction(0), total)),
        earlier=exposure.earlier,
        earlier_why=why,
        planned=exposure.planned,
        total=exposure.value,
        expected=total,
        expected_at=wanted.at if wanted else None,
        limits=exposure.limits,
        last=last,
        transplant=(transplant, (transplant - last).days) if transplant and last else None,
    )


def _rows(
    rows: Sequence[Administration], earlier: Fraction, total: Quantity | None
) -> Iterator[LedgerRow]:
    """Running totals in order; after a dose that is not known there are none."""
    running: Fraction | None = earlier
    ordered: Quantity | None = None
    here: Fraction | None = Fraction(0)
    broken = False
    for row in rows:
        order = row.order
        counts = Fraction(0) if row.status in NOT_GIVEN else order.per_basis
        if row.status in NOT_GIVEN:
            pass
        elif row.amount is None or order.per_basis is None:
            broken, running, here, ordered = True, None, None, None
        elif not broken and running is not None and here is not None:
            running, here = running + order.per_basis, here + order.per_basis
            before = ordered.value if ordered else 0
            ordered = Quantity(EXACT.add(row.amount.value, before), row.amount.unit)
        left = None if total is None or here is None else Fraction(total.value) - here
        yield LedgerRow(
            row.id,
            row.date,
            row.cycle,
            row.day,
            "overdue" if row.overdue else row.status,
            row.amount,
            ordered,
            counts,
            running,
            left,
        )


def _expected(
    protocol: Protocol,
    drug: str,
    route: str,
    unit: str,
    answers: dict[str, str],
    *,
    only_route: bool,
) -> Expectation | None:
    """The protocol's own total for the whole course under these answers."""
    for expected in protocol.expect:
        about = expected.drug == drug and expected.where is None and expected.total is not None
        by = expected.route == route or (expected.route is None and only_route)
        holds = all(answers.get(name) == value for name, value in expected.given)
        if about and by and holds and expected.total is not None and expected.total.unit == unit:
            return expected
    return None
