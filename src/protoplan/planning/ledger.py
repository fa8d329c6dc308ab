"""The ledger of one drug: each dose, what it counts, and the running totals."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from protoplan.model.exposure import Ledger, LedgerRow
from protoplan.model.formulary import Drug
from protoplan.model.plan import NOT_GIVEN, Administration, Plan
from protoplan.model.protocol import Expectation, Protocol
from protoplan.planning.skeleton import lay_out
from protoplan.quantity import EXACT, UNITS, Quantity
from protoplan.source import Place

#: What a protocol expects, and the total that it states.
_Stated = tuple[Expectation, Quantity]


def ledgers(
    plan: Plan,
    protocol: Protocol,
    drugs: Mapping[str, Drug],
    drug: str,
    transplant: date | None = None,
) -> tuple[Ledger, ...]:
    """One ledger for each route by which *plan* gives *drug*; empty when it does not.

    Args:
        plan: Of one treatment.
        protocol: Whose total for the whole course is looked for.
        drugs: The formulary's entry for every drug of the protocol.
        drug: By id.
        transplant: The day of a transplant to which days are counted, or None.
    """
    routes = dict.fromkeys(a.order.route for a in plan.administrations if a.order.drug == drug)
    stated = _stated(plan, protocol, drugs, drug)
    found = []
    for route in routes:
        by = (route, None) if len(routes) == 1 else (route,)
        totals = [(expected, total) for expected, total in stated if expected.route in by]
        found.append(_ledger(plan, totals, drug, route, transplant))
    return tuple(found)


def _ledger(
    plan: Plan, totals: Sequence[_Stated], drug: str, route: str, transplant: date | None
) -> Ledger:
    rows = [a for a in plan.administrations if (a.order.drug, a.order.route) == (drug, route)]
    exposure = next(e for e in plan.exposure if (e.drug, e.route) == (drug, route))
    total, at = _in(exposure.unit, totals)
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
        expected_at=at,
        limits=exposure.limits,
        last=last,
        transplant=(transplant, (transplant - last).days) if transplant and last else None,
    )


def _rows(
    rows: Sequence[Administration], earlier: Fraction, total: Quantity | None
) -> Iterator[LedgerRow]:
    """Running totals in order; after a dose that is not known there are none."""
    here: Fraction | None = Fraction(0)
    ordered: Quantity | None = None
    for row in rows:
        counts = Fraction(0) if row.status in NOT_GIVEN else row.order.per_basis
        here = None if here is None or counts is None else here + counts
        if here is None:
            ordered = None
        elif row.amount is not None:
            before = ordered.value if ordered else 0
            ordered = Quantity(EXACT.add(row.amount.value, before), row.amount.unit)
        yield LedgerRow(
            row.id,
            row.date,
            row.cycle,
            row.day,
            "overdue" if row.overdue else row.status,
            row.amount,
            ordered,
            counts,
            None if here is None else earlier + here,
            None if here is None or total is None else Fraction(total.value) - here,
        )


def _stated(plan: Plan, protocol: Protocol, drugs: Mapping[str, Drug], drug: str) -> list[_Stated]:
    """What the protocol expects of a drug in the whole course, under the answers of the plan.

    A total is stated for the answers beside it and the defaults of the rest. Another answer may
    change it, so that it holds only if the protocol, laid out under all of them, comes to it.
    """
    answers = {line.name: line.value for line in plan.options if line.value is not None}
    answers |= dict(plan.facts)
    if plan.age is not None:
        answers["age"] = str(plan.age)
    named = [
        (expected, expected.total)
        for expected in protocol.expect
        if expected.total is not None
        and expected.drug == drug
        and expected.where is None
        and all(answers.get(name) == value for name, value in expected.given)
    ]
    if not named:
        return []
    laid_out = lay_out(protocol, drugs, answers)
    printed = [(row.route, row.amount) for row in laid_out.rows if row.drug == drug]
    printed += [(each.route, None) for each in laid_out.waiting if each.drug == drug]
    return [
        (expected, total)
        for expected, total in named
        if _comes_to(
            total, [amount for route, amount in printed if expected.route in (None, route)]
        )
    ]


def _comes_to(total: Quantity, amounts: Sequence[Quantity | None]) -> bool:
    """Whether printed doses come to a total; none does while one of them is not known."""
    alike = [each for each in amounts if each is not None and each.dimension == total.dimension]
    found = sum(Fraction(each.in_base()) for each in alike)
    return len(alike) == len(amounts) and found == Fraction(total.in_base())


def _in(unit: str, totals: Sequence[_Stated]) -> tuple[Quantity | None, Place | None]:
    """The first total that can be counted in a unit, and where it stands."""
    for expected, total in totals:
        if total.dimension == UNITS[unit].dimension:
            return total.into(unit), expected.at
    return None, None
