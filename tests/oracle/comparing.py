"""The plan of the program beside that of the oracle: every difference, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from tests.oracle.amounts import amount
from tests.oracle.course import Dose
from tests.oracle.cycles import Cycle
from tests.oracle.exposure import Sum

from protoplan.model.exposure import Exposure
from protoplan.model.plan import Administration, Plan
from protoplan.quantity import Quantity


def differences(plan: Plan, course: tuple[Cycle, ...], doses: tuple[Dose, ...]) -> Iterator[str]:
    """What the program has and the oracle has not, and the other way round."""
    theirs = [(cycle.label, cycle.kind, cycle.phase, cycle.start) for cycle in plan.cycles]
    ours = [(cycle.label, cycle.kind, cycle.phase, cycle.start) for cycle in course]
    for n in range(max(len(theirs), len(ours))):
        one = theirs[n] if n < len(theirs) else None
        other = ours[n] if n < len(ours) else None
        if one != other:
            yield f"cycle: the program has {one}, the oracle {other}"
    planned = Counter(row_of(administration) for administration in plan.administrations)
    asked = Counter(row(dose) for dose in doses)
    for each in sorted((planned - asked).elements()):
        yield f"only the program has {each}"
    for each in sorted((asked - planned).elements()):
        yield f"only the oracle has  {each}"


def sums_differ(plan: Plan, sums: Iterable[Sum]) -> Iterator[str]:
    """Drugs that come to something else."""
    theirs = {_sum_of(entry) for entry in plan.exposure}
    ours = {str(entry) for entry in sums}
    for each in sorted(theirs - ours):
        yield f"only the program has {each}"
    for each in sorted(ours - theirs):
        yield f"only the oracle has  {each}"


def _sum_of(entry: Exposure) -> str:
    """What the program says that a drug comes to, as the oracle would say it."""
    unit, *per = entry.unit.split("/")
    one = amount(Quantity(Decimal(1), unit)).value  # a fraction is no number of a quantity
    return str(
        Sum(
            entry.drug,
            entry.route,
            "/".join(per),
            entry.doses,
            None if entry.planned is None else entry.planned * one,
            _plain(entry.ordered),
            None if entry.earlier is None else entry.earlier * one,
        )
    )


def silent(plan: Plan, undated: set[str]) -> Iterator[str]:
    """Drugs whose days are still to be chosen, and of which the plan does not say that they are."""
    said = {entry.about.split()[0] for entry in plan.unresolved if not entry.administrations}
    for drug in sorted(undated - said):
        yield f"the program does not say that the days of {drug} are to be chosen"


def row(dose: Dose) -> str:
    """One administration in a line, amounts in mg or units as exact fractions."""
    return _row(
        dose.id,
        dose.start.isoformat(" ", "minutes"),
        dose.end.isoformat(" ", "minutes") if dose.end else None,
        f"cycle {dose.cycle} day {dose.day}",
        f"{dose.drug} {dose.route}",
        dose.status,
        dose.calculated,
        dose.adjusted,
        dose.ordered,
        dose.given,
    )


def row_of(administration: Administration) -> str:
    """The same of the program's plan."""
    order = administration.order
    return _row(
        administration.id,
        administration.start.isoformat(" ", "minutes"),
        administration.end.isoformat(" ", "minutes") if administration.end else None,
        f"cycle {administration.cycle} day {administration.day}",
        f"{order.drug} {order.route}",
        administration.status,
        _plain(order.calculated),
        _plain(order.adjusted),
        _plain(order.ordered),
        _plain(administration.given.amount) if administration.given else None,
    )


def _plain(quantity: Quantity | None) -> Fraction | None:
    return None if quantity is None else amount(quantity).value


def _row(*parts: object) -> str:
    name, start, end, day, drug, status, calculated, adjusted, made, given = parts
    said = "" if given is None else f", given {given}"
    return (
        f"{start} to {end}, {day}: {drug} ({name}), {status}, "
        f"calculated {calculated}, adjusted {adjusted}, ordered {made}{said}"
    )
