"""PF231: more of a drug than a limit allows, in a cycle or over a lifetime."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from protoplan.model.exposure import Exposure, LimitLine
from protoplan.model.plan import Administration, Finding, Unresolved
from protoplan.model.safety import Limit
from protoplan.planning.conditions import ask
from protoplan.planning.measuring import measure_for
from protoplan.planning.scene import Scene
from protoplan.quantity import UNITS, Quantity, decimal_of, printed


@attrs.frozen
class _Count:
    """What is counted against a limit.

    Attributes:
        planned: Of this plan; what is unresolved counts nothing.
        earlier: Given before; None where it is not known.
        open: A dose of the drug is unresolved.
    """

    rows: tuple[Administration, ...]
    planned: Fraction
    earlier: Fraction | None
    open: bool
    cycle: str | None


def limits_of(scene: Scene) -> tuple[Limit, ...]:
    """Every limit on a drug of the plan; the protocol's takes the place of one about the same."""
    own = {entry.about for entry in scene.protocol.limits}
    drugs = dict.fromkeys(drug for drug, _ in scene.kinds)
    listed = [entry for name in drugs for entry in scene.drugs[name].limits]
    mine = [entry for entry in scene.protocol.limits if entry.drug in drugs]
    found = (*(entry for entry in listed if entry.about not in own), *mine)
    start = scene.treatment.start
    return tuple(entry for entry in found if ask(entry.when, scene.state, start).answer)


#: Each limit on a drug of the plan, with what is counted against it.
Counted = Sequence[tuple[Limit, Sequence[_Count]]]


def counted(scene: Scene) -> Counted:
    """What the plan comes to, for each limit."""
    return [(limit, tuple(_counts(limit, scene))) for limit in limits_of(scene)]


def look(scene: Scene) -> Iterator[Finding]:
    """Limits that are passed, counted before rounding and as ordered."""
    for limit, counts in counted(scene):
        for count in counts:
            total = count.planned + (count.earlier or 0)
            if total <= _most(limit):
                continue
            where = f"in cycle {count.cycle}" if count.cycle else "in all, with earlier treatment"
            says = f": {limit.says}" if limit.says else ""
            message = f"{limit.drug} comes to {_shown(limit, total)} {where}, past {_text(limit)}"
            ids = tuple(row.id for row in count.rows)
            source = limit.grounds.of(_field(limit))
            yield Finding("PF231", limit.otherwise, message + says, ids, source)


def lacking(against: Counted) -> tuple[Unresolved, ...]:
    """Lifetime limits that cannot be judged, because earlier treatment is not known."""
    found = []
    for limit, counts in against:
        for count in counts:
            if count.rows and count.earlier is None and count.planned <= _most(limit):
                unit = limit.most.unit if limit.most else "cycles"
                wanted = f"earlier {limit.drug}: state earlier_exposure in {unit}, or none"
                about = f"limit {limit.about}"
                found.append(Unresolved(about, ("earlier_exposure",), (wanted,), ()))
    return tuple(found)


def lines_of(exposure: Exposure, against: Counted, scene: Scene) -> tuple[LimitLine, ...]:
    """How each limit that counts a drug in the unit of its exposure stands."""
    found = []
    for limit, counts in against:
        if limit.drug != exposure.drug or exposure.route == "IT" or not counts:
            continue
        count = max(counts, key=lambda each: each.planned)
        # A dose that is open may bring its own cycle nearest.
        known = count.earlier is not None and not any(each.open for each in counts)
        total = count.planned + (count.earlier or 0)
        past = total > _most(limit)
        found.append(
            LimitLine(
                about=limit.about,
                most=limit.most,
                cycles=limit.cycles,
                over=limit.over,
                cycle=count.cycle,
                value=total if known else None,
                unit=limit.most.unit if limit.most else "cycles",
                passed=past if known or past else None,
                by=scene.picked(f"{limit.drug}/equivalents") if limit.equivalents else None,
                says=limit.says,
                source=limit.grounds.of(_field(limit)),
            )
        )
    return tuple(found)


def _field(limit: Limit) -> str:
    return "most" if limit.most is not None else "cycles"


def _most(limit: Limit) -> Fraction:
    return Fraction(limit.most.value) if limit.most is not None else Fraction(limit.cycles or 0)


def _text(limit: Limit) -> str:
    if limit.most is not None:
        return limit.most.text()
    return f"{limit.cycles} cycle{'' if limit.cycles == 1 else 's'}"


def _shown(limit: Limit, total: Fraction) -> str:
    unit = limit.most.unit.replace("m2", "m²") if limit.most is not None else "cycles"
    return f"{printed(decimal_of(total))} {unit}"


def _counts(limit: Limit, scene: Scene) -> Iterator[_Count]:
    """What is counted against a limit: once, or for each cycle."""
    rows = scene.doses_of(limit.drug)
    if limit.most is None:
        # Earlier treatment is stated as amounts, of which no number of cycles can be told.
        cycles = Fraction(len({row.cycle for row in rows}))
        yield _Count(tuple(rows), cycles, Fraction(0), open=False, cycle=None)
        return
    # An intrathecal dose does not count against a limit of the whole body.
    rows = [row for row in rows if row.order.route != "IT"]
    if limit.over == "lifetime":
        yield _count(limit, rows, _earlier(limit, scene), None, scene)
        return
    by_cycle: dict[str, list[Administration]] = {}
    for row in rows:
        by_cycle.setdefault(row.cycle, []).append(row)
    for cycle, here in by_cycle.items():
        yield _count(limit, here, Fraction(0), cycle, scene)


def _count(
    limit: Limit,
    rows: Sequence[Administration],
    earlier: Fraction | None,
    cycle: str | None,
    scene: Scene,
) -> _Count:
    """The larger of what is counted before rounding and what is ordered.

    A flat dose counts over the surface area of its cycle against a limit by surface area.
    """
    assert limit.most is not None
    unit = UNITS[limit.most.unit]
    planned = ordered = Fraction(0)
    for row, times in _alike(rows, scene):
        order = row.order
        adjusted, amount = (order.adjusted, order.ordered) if row.given is None else (
            row.given.amount, row.given.amount)  # fmt: skip
        if adjusted is None or amount is None:
            continue
        by = times / (Fraction(_area(row, scene)) if unit.per == "m2" else Fraction(1))
        planned += Fraction(adjusted.into(unit.amount).value) * by
        ordered += Fraction(amount.into(unit.amount).value) * by
    unknown = any(row.status == "unresolved" for row in rows)
    return _Count(tuple(rows), max(planned, ordered), earlier, open=unknown, cycle=cycle)


def _area(row: Administration, scene: Scene) -> Decimal:
    """The surface area over which a dose counts: its own, else that of its day."""
    own = (row.given and row.given.bsa) or row.order.bsa
    return own or measure_for(row.date, scene.measures).bsa


def _alike(rows: Sequence[Administration], scene: Scene) -> Iterable[tuple[Administration, int]]:
    """One of all doses that count alike, and how many they are."""
    found: dict[tuple[object, ...], tuple[Administration, int]] = {}
    for row in rows:
        key = id(row.order), id(row.given), row.order.bsa or _area(row, scene)
        first, times = found.get(key, (row, 0))
        found[key] = first, times + 1
    return found.values()


def _earlier_drugs(limit: Limit, scene: Scene) -> tuple[tuple[Quantity, Fraction], ...] | None:
    """What was given before that counts, with its factor; None where nothing is stated."""
    if scene.treatment.earlier is None:
        return None
    table = scene.picked(f"{limit.drug}/equivalents") if limit.equivalents else None
    found = []
    for entry in scene.treatment.earlier:
        if entry.drug == limit.drug:
            found.append((entry.amount, Fraction(1)))
        drug = scene.earlier_drugs.get(entry.drug)
        counts = [e for e in (drug.equivalents if drug and table else ()) if e.to == limit.drug]
        factors = [Fraction(equal.factor) for equal in counts if equal.table == table]
        if counts and not factors:
            return None  # the table that was picked does not know how much it counts
        found += [(entry.amount, factor) for factor in factors]
    return tuple(found)


def _earlier(limit: Limit, scene: Scene) -> Fraction | None:
    """What was given before, in the unit of the limit; None where that is not known."""
    stated = _earlier_drugs(limit, scene)
    assert limit.most is not None
    if stated is None or any(a.dimension != limit.most.dimension for a, _ in stated):
        return None
    unit = limit.most.unit
    return sum((Fraction(a.into(unit).value) * by for a, by in stated), Fraction(0))
