"""The bags of a plan's continuous infusions, one plan of bags a drug, route and cycle.

A look at the finished plan, which changes nothing in it. The codes of its findings:

PF251: no series of bags covers an infusion without a change on a day that is left out; other starts
are named from which there is one.

PF252: bags that are left out for the patient's weight.

PF253: a bag is used that another source gives only from a larger weight on.

PF254: an infusion is connected or ends on a day without changes, when somebody must be there.

PF255: holidays are left out, and none of a year is listed, so that a change may fall on one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from protoplan.model.bag_plan import Bag, BagPlan, BagPlans, DaysWithout, Stretch
from protoplan.model.bags import BagKind, BagRules, Lasting
from protoplan.model.formulary import Drug
from protoplan.model.plan import Administration, Finding, Plan
from protoplan.planning.bags import NEAR, listed, reasons, series, starts, told
from protoplan.planning.measuring import measure_for
from protoplan.problems import Severity
from protoplan.quantity import Quantity, compared

_DAY = timedelta(days=1)
_Infusion = tuple[str, str, str]


def infusions(plan: Plan, drugs: Mapping[str, Drug]) -> dict[_Infusion, tuple[Administration, ...]]:
    """The continuous infusions of drugs that come in bags: drug, route, cycle, and their parts."""
    found: dict[_Infusion, tuple[Administration, ...]] = {}
    for row in sorted(plan.administrations, key=lambda row: row.start):
        order = row.order
        if order.rate is not None and row.end is not None and drugs[order.drug].bags:
            key = (order.drug, order.route, row.cycle)
            found[key] = (*found.get(key, ()), row)
    return found


def bag_plans(
    plan: Plan,
    drugs: Mapping[str, Drug],
    rules: BagRules,
    flagged: Sequence[str],
    chosen: Sequence[_Infusion],
) -> BagPlans:
    """The bags of the infusions that are asked for.

    Args:
        plan: The finished plan.
        drugs: The formulary's entry for every drug of the plan.
        rules: What the site decides, or the command line in its place.
        flagged: Which of these were stated on the command line.
        chosen: Of `infusions`, in the order in which they are wanted.
    """
    rows = infusions(plan, drugs)
    without = DaysWithout(rules.no_changes_on, plan.holidays)
    lasting = tuple(bag for bag, _ in rules.lasting)
    return BagPlans(
        treatment=plan.treatment,
        label=plan.label,
        revision=plan.revision,
        protocol=plan.protocol,
        as_of=plan.as_of,
        policy=next(entry for entry in plan.inputs if entry.kind == "policy"),
        without=without,
        lasting=lasting,
        flagged=tuple(flagged),
        plans=tuple(_bag_plan(plan, drugs[key[0]], rows[key], rules, without) for key in chosen),
        stops=tuple(found for found in plan.findings if found.severity is Severity.STOP),
    )


def _bag_plan(
    plan: Plan,
    drug: Drug,
    rows: Sequence[Administration],
    rules: BagRules,
    without: DaysWithout,
) -> BagPlan:
    cycle = next(cycle for cycle in plan.cycles if cycle.label == rows[0].cycle)
    weight = measure_for(cycle.start or rows[0].date, plan.measures).weight
    made = [bag for bag, _ in rules.lasting]
    here = [kind for kind in drug.bags if not made or kind.lasts in made]
    kinds = tuple(kind for kind in here if not _too_light(weight, kind.not_below))
    stretches = tuple(_stretch(row, drug) for row in rows)
    lengths = [kind.lasts for kind in kinds]
    laid = series(stretches, lengths, without)
    bags: tuple[Bag, ...] | None = None
    near: tuple[date, ...] | None = None
    if laid is not None:
        bags = tuple(_bags(stretches, laid, kinds))
    elif kinds and not cycle.recorded and all(stretch.bagged for stretch in stretches):
        near = starts(stretches, lengths, without)
    findings = [*_left_out(here, weight)]
    if bags is None:
        findings.append(_none(stretches, kinds, without, near, rows[0].cycle))
    findings += [*_disputed(bags or (), weight), *_ends(stretches, without)]
    findings += _unlisted(stretches, without)
    ids = tuple(row.id for row in rows)
    return BagPlan(
        drug=drug.id,
        name=rows[0].order.name,
        route=rows[0].order.route,
        cycle=rows[0].cycle,
        weight=weight,
        kinds=kinds,
        stretches=stretches,
        bags=bags,
        changes=None if bags is None else _changes(stretches, bags),
        starts=near,
        lacks=tuple(
            how
            for entry in plan.unresolved
            if {*entry.administrations} & {*ids}
            for how in entry.wanted
        ),
        findings=tuple(
            Finding(code, severity, said, ids, source) for code, severity, said, source in findings
        ),
    )


# -- the parts of an infusion and their bags -------------------------------------------------------


def _stretch(row: Administration, drug: Drug) -> Stretch:
    """A part of the infusion, with what is given in a day of it."""
    assert row.end is not None  # `infusions` takes no other
    amount, order = row.amount, row.order
    per_day = None
    if amount is not None:
        per_day = Fraction(amount.value) / (Fraction((row.end - row.start) // _SECOND) / _A_DAY)
    waits = any(need.startswith("record: ") for need in order.needs)
    because = order.because or "; ".join(order.needs) if waits else order.because
    unit = amount.unit if amount is not None else drug.unit or ""
    runs = row.status in ("planned", "unresolved") and not waits
    return Stretch(row.id, row.start, row.end, row.status, per_day, unit, runs, because)


_SECOND, _A_DAY = timedelta(seconds=1), _DAY // timedelta(seconds=1)


def _bags(
    stretches: Sequence[Stretch], laid: Sequence[Sequence[Lasting]], kinds: Sequence[BagKind]
) -> Iterator[Bag]:
    by_length = {kind.lasts: kind for kind in kinds}
    for stretch, row in zip(stretches, laid, strict=True):
        start = stretch.start
        for lasts in row:
            yield Bag(start, start + lasts.length, by_length[lasts], stretch)
            start += lasts.length


def _changes(stretches: Sequence[Stretch], bags: Sequence[Bag]) -> int:
    """How often a bag begins as another one ends, also one that is past."""
    ended = {bag.end for bag in bags} | {stretch.end for stretch in stretches if _ran(stretch)}
    return sum(bag.start in ended for bag in bags)


def _ran(stretch: Stretch) -> bool:
    return stretch.status == "given"


# -- what is to be told ----------------------------------------------------------------------------

_Told = tuple[str, Severity, str, str | None]


def _too_light(weight: Quantity, least: Quantity | None) -> bool:
    return least is not None and compared(weight, least) < 0


def _left_out(kinds: Sequence[BagKind], weight: Quantity) -> Iterator[_Told]:
    groups: dict[tuple[str, str, str], list[BagKind]] = {}
    for kind in kinds:
        if kind.not_below is not None and _too_light(weight, kind.not_below):
            key = (kind.not_below.text(), _noted(kind), kind.grounds.of("not_below"))
            groups.setdefault(key, []).append(kind)
    for (least, noted, source), left in groups.items():
        text = (
            f"bags of {_lengths(left)}{noted} are left out: they are not given below {least}, and "
            f"the weight is {weight.text()}"
        )
        yield "PF252", Severity.NOTE, text, source


def _disputed(bags: Sequence[Bag], weight: Quantity) -> Iterator[_Told]:
    used = {bag.kind.lasts.hours: bag.kind for bag in bags}
    for _, kind in sorted(used.items()):
        if kind.disputed_below is None or not _too_light(weight, kind.disputed_below):
            continue
        least = "at any weight" if kind.not_below is None else f"from {kind.not_below.text()} on"
        by = "lasts" if kind.not_below is None else "not_below"
        text = (
            f"a bag of {kind.lasts.text()}{_noted(kind)} is given {least} by "
            f"{kind.grounds.of(by)}, and only from {kind.disputed_below.text()} on by "
            f"{kind.grounds.of('disputed_below')}; the weight is {weight.text()}"
        )
        yield "PF253", Severity.WARNING, text, None


def _noted(kind: BagKind) -> str:
    return f" ({kind.note})" if kind.note else ""


def _lengths(kinds: Sequence[BagKind], joint: str = "and") -> str:
    return listed((kind.lasts.text() for kind in kinds), joint)


def _none(
    stretches: Sequence[Stretch],
    kinds: Sequence[BagKind],
    without: DaysWithout,
    near: Sequence[date] | None,
    cycle: str,
) -> _Told:
    """Why there is no series, and from which other starts there is one."""
    kept = f" without a change on {listed(without.words, 'or')}" if without.words else ""
    if kinds:
        why = "; ".join(reasons(stretches, [kind.lasts for kind in kinds], without))
    else:
        why = "no bag may be used"
    text = f"no series of bags covers the infusion of cycle {cycle}{kept}: {why}"
    if near:
        text += f"; there is one if it begins on {listed((told(on, without) for on in near), 'or')}"
    elif near is not None:
        text += f"; nor is there one from any other start within {NEAR} days of it"
    return "PF251", Severity.STOP, text, None


def _ends(stretches: Sequence[Stretch], without: DaysWithout) -> Iterator[_Told]:
    """Where the infusion is connected and where it ends; neither is a change of bag."""
    joined = {after.start for before, after in pairwise(stretches) if before.end == after.start}
    moments = [("is connected", s.start) for s in stretches if s.bagged]
    moments += [("ends", s.end) for s in stretches if s.bagged]
    said = [
        f"{what} on {told(when.date(), without)}"
        for what, when in sorted(moments, key=lambda moment: moment[1])
        if when not in joined and when.date() in without
    ]
    if said:
        text = (
            f"the infusion {listed(said, 'and')}, when no bag is to be changed; that is no change "
            "of bag, and somebody must be there"
        )
        yield "PF254", Severity.WARNING, text, None


def _unlisted(stretches: Sequence[Stretch], without: DaysWithout) -> Iterator[_Told]:
    last = max(stretch.end for stretch in stretches)
    years = without.unlisted({*range(stretches[0].start.year, last.year + 1)})
    if years:
        text = (
            f"no bag is to be changed on holidays, and the policy lists none of "
            f"{listed(map(str, years), 'and')}: a change may fall on one"
        )
        yield "PF255", Severity.WARNING, text, None
