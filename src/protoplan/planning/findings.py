"""What a person must look at: small looks at a finished plan, one finding for one cause.

Each look is a function that yields findings; `LOOKS` lists them in the order they are printed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from protoplan.model.component import spelled
from protoplan.model.condition import tests_in
from protoplan.model.evidence import Touch
from protoplan.model.order import Order
from protoplan.model.plan import Administration, Finding
from protoplan.planning import recorded
from protoplan.planning.conditions import ask
from protoplan.planning.exposure import totals, uncounted
from protoplan.planning.measuring import measure_for
from protoplan.planning.prescribing import changes, printed_labels
from protoplan.planning.rounding import (
    COARSEST,
    FARTHEST,
    needs_rounding,
    percent_between,
    signed,
    solids,
    step_for,
)
from protoplan.planning.safety import SAFETY
from protoplan.planning.scene import Scene
from protoplan.planning.shares import by_cause, in_order
from protoplan.problems import SLIP, Severity, did_you_mean
from protoplan.quantity import EXACT, Quantity, printed


def eligibility(scene: Scene) -> Iterator[Finding]:
    """Conditions of the protocol that are not met, and those that cannot be answered.

    PF201: the plan is made all the same; whether the patient may have it, a person decides.

    PF202: each fact that is named lets a condition be judged as soon as it is stated.
    """
    wanted: list[str] = []
    for condition in scene.protocol.eligibility:
        verdict = ask(condition.must, scene.state, scene.treatment.start)
        if verdict.answer is False:
            yield Finding(
                "PF201",
                Severity.WARNING,
                f"not met: {condition.about}",
                (),
                condition.grounds.of("must"),
            )
        elif verdict.answer is None:
            wanted.extend(name for name in verdict.wanted if name not in wanted)
    if wanted:
        message = f"eligibility cannot be judged in full; not known: {', '.join(wanted)}"
        yield Finding("PF202", Severity.NOTE, message)


def requirements(scene: Scene) -> Iterator[Finding]:
    """PF216: what must be so for the protocol to be given as it stands, and is not known so."""
    for required in scene.protocol.requirements:
        asked = ask(required.when, scene.state, scene.treatment.start)
        verdict = ask(required.must, scene.state, scene.treatment.start)
        if asked.answer is False or verdict.answer is True:
            continue
        wanted = (*asked.wanted, *verdict.wanted)
        lacking = f"; not stated: {', '.join(dict.fromkeys(wanted))}" if wanted else ""
        message = f"{required.about}{lacking}"
        source = required.grounds.of("must")
        yield Finding("PF216", required.otherwise, message, (), source)


def early_maintenance(scene: Scene) -> Iterator[Finding]:
    """PF204: a phase begins before the cycles ahead of it are complete."""
    phases = {phase.name: phase for phase in scene.protocol.phases}
    for name, label, dropped in scene.course.early:
        moved, phase = scene.happened.moved_to(name), phases.get(name)
        if phase is None or (moved is not None and phase.because is None):
            after = f"after cycle {label}" if label else "before a first cycle"
            message = f"the course moves on to {name} {after}; {_fall_away(dropped)}"
            allowed = "" if phase is None else "; the source gives no leave for that"
            reason = f": {moved.reason}" if moved else ""
            yield Finding("PF204", Severity.WARNING, f"{message}{reason}{allowed}")
            continue
        yield Finding(
            "PF204",
            Severity.WARNING,
            f"{name} begins after cycle {label}; {_fall_away(dropped)}; the source allows it only "
            f"for {phase.because}",
            (),
            phase.allowed.of("option") if phase.allowed else None,
        )


def _fall_away(labels: Sequence[str]) -> str:
    one = len(labels) == 1
    return f"cycle {labels[0]} falls away" if one else f"cycles {', '.join(labels)} fall away"


def too_few(scene: Scene) -> Iterator[Finding]:
    """PF205: fewer doses, or more, than the protocol gives in all; none is added or taken away."""
    for total in totals(scene.protocol, scene.shares):
        if total.given + total.planned > total.doses:
            message = (
                f"{total.given + total.planned} doses of {' and '.join(map(spelled, total.of))} "
                f"are given ({total.given}) or planned ({total.planned}), more than the "
                f"{total.doses} that the protocol gives; none is taken away by itself"
            )
            yield Finding("PF205", Severity.WARNING, message, (), total.source)
        if not total.open:
            continue
        here = [share for share in scene.shares if " ".join(share.kind) in total.of]
        stands = "are placed"
        if any(share.status in ("given", "missed", "held", "cancelled") for share in here):
            stands = f"are given ({total.given}) or planned ({total.planned}); open: {total.open}"
        yield Finding(
            "PF205",
            Severity.WARNING,
            f"{total.given + total.planned} of {total.doses} doses of "
            f"{' and '.join(map(spelled, total.of))} {stands}; none is added by itself",
            tuple(row.id for row in in_order(here)),
            total.source,
        )


def overdue(scene: Scene) -> Iterator[Finding]:
    """PF206: doses before the day of the plan of which nothing is recorded; all count."""
    ids = tuple(a.id for a in scene.administrations if a.overdue)
    if ids:
        many = f"{len(ids)} administrations before the day of this plan are not recorded as given, "
        one = "1 administration before the day of this plan is not recorded as given, "
        counts = "held or missed; " + ("it counts" if len(ids) == 1 else "they count")
        message = f"{one if len(ids) == 1 else many}{counts} as planned"
        yield Finding("PF206", Severity.WARNING, message, ids)


def capped(scene: Scene) -> Iterator[Finding]:
    """PF210: doses that were lowered: to a cap, by a rule, or by the prescriber."""

    def lowered(order: Order) -> list[tuple[str, str, str, str]]:
        return [
            (order.drug, change.before.text(), change.reason, change.source)
            for change in order.adjustments
        ]

    for (drug, before, reason, source), ids in by_cause(scene.shares, lowered).items():
        yield Finding("PF210", Severity.NOTE, f"{drug} {before} {reason}", tuple(ids), source)


def rounding(scene: Scene) -> Iterator[Finding]:
    """Doses that rounding moves too far, steps that are coarse, and drugs without a step.

    PF207: the finding names the dose that can be made; too far, it stops.

    PF208: a finer step belongs in the policy, or a step where there is none.
    """
    least: dict[tuple[str, str], Quantity] = {}

    def moved(o: Order) -> Iterator[tuple[str, str, Quantity, Quantity]]:
        if o.adjusted is None or o.ordered is None:
            return
        if abs(percent_between(o.adjusted, o.ordered)) > scene.policy.tolerance:
            yield o.drug, o.route, o.adjusted, o.ordered

    def stepped(o: Order) -> Iterator[tuple[str, str]]:
        if o.adjusted is None or o.ordered is None:
            return
        by_step = not o.made_of and needs_rounding(o.basis, o.adjusted, o.calculated)
        if by_step and not solids(scene.drugs[o.drug], o.route):
            before = least.setdefault((o.drug, o.route), o.adjusted)
            if o.adjusted.value < before.value:
                least[o.drug, o.route] = o.adjusted
            yield o.drug, o.route

    for (drug, route, before, after), ids in by_cause(scene.shares, moved).items():
        yield _moved(scene, drug, route, before, after, tuple(ids))
    in_steps = by_cause(scene.shares, stepped)
    yield from _steps(scene, {kind: (least[kind], ids) for kind, ids in in_steps.items()})


def _moved(
    scene: Scene, drug: str, route: str, before: Quantity, after: Quantity, ids: tuple[str, ...]
) -> Finding:
    """A dose that rounding moves past the tolerance, past all that is allowed, or to nothing."""
    whole = solids(scene.drugs[drug], route)
    sizes = ", ".join(product.holds.text() for product in whole)
    if after.value == 0:
        cause = f"no {whole[0].form} of {sizes} makes it" if whole else "its step is too coarse"
        message = f"rounding makes nothing of {drug} {before.text()}; {cause}"
        return Finding("PF207", Severity.STOP, message, ids)
    percent = percent_between(before, after)
    if whole:
        cannot = f"{drug} {before.text()} cannot be made of {whole[0].form}s of {sizes}"
        moved = f"{after.text()} ({signed(percent)}%) is nearest"
    else:
        cannot = f"rounding moves {drug} from {before.text()} to {after.text()}"
        cannot += f" ({signed(percent)}%)"
        moved = f"{after.text()} is what its steps can make"
    if abs(percent) > FARTHEST:
        message = f"{cannot}, more than {printed(FARTHEST)}% away; {moved}"
        return Finding("PF207", Severity.STOP, message, ids)
    message = f"{cannot}, past the site's {printed(scene.policy.tolerance)}%; {moved}"
    return Finding("PF207", Severity.WARNING, message, ids)


def _steps(
    scene: Scene, smallest: Mapping[tuple[str, str], tuple[Quantity, list[str]]]
) -> Iterator[Finding]:
    for (drug, route), (least, ids) in smallest.items():
        rounding = step_for(scene.policy, drug, route)
        if rounding is None:
            yield Finding(
                "PF208",
                Severity.NOTE,
                f"the policy states no rounding step for {drug} "
                f"{route}; its doses stand as calculated",
                tuple(ids),
            )
            continue
        limit = EXACT.divide(EXACT.multiply(least.value, COARSEST), Decimal(100))
        if rounding.step.into(least.unit).value > limit:
            yield Finding(
                "PF208",
                Severity.WARNING,
                f"the rounding step of {rounding.step.text()} is "
                f"more than {COARSEST}% of the smallest {drug} {route} dose, "
                f"{least.text()}",
                tuple(ids),
            )


def rules(scene: Scene) -> Iterator[Finding]:
    """What the rules say of doses: one finding for one cause, with all its doses."""
    found = by_cause(scene.shares, lambda order: order.remarks)
    for said, ids in found.items():
        yield Finding(said.code, said.severity, said.text, tuple(ids), said.source)


def prescribed(scene: Scene) -> Iterator[Finding]:
    """PF222: a prescriber's change that no dose of this plan takes up, most often a slip in it."""
    labels = [cycle.label for cycle in scene.course.cycles]
    printed = printed_labels(scene.protocol)
    for entry in scene.treatment.prescribed:
        given = {(*share.kind, row.cycle) for share in scene.shares for row in share.rows}
        if not any(changes(entry, *each, labels, printed) for each in given):
            until = f" to {entry.last}" if entry.last else " on"
            message = (
                f"the prescriber's change of {entry.drug} from cycle {entry.first}{until} meets no "
                f"dose of this plan: {entry.reason}"
            )
            yield Finding("PF222", Severity.WARNING, message)


def area(scene: Scene) -> Iterator[Finding]:
    """PF213: a surface area that the site's policy capped; all doses per m² rest on the cap."""
    for measure in scene.measures:
        rounded = measure.exact.quantize(
            Decimal(1).scaleb(-scene.policy.surface_area.decimals), context=EXACT
        )
        if rounded > measure.bsa:
            yield Finding(
                "PF213",
                Severity.WARNING,
                f"the body surface area of {printed(rounded)} m² "
                f"measured {measure.date} is capped at {printed(measure.bsa)} m² by "
                f"policy {scene.policy.id}",
            )


def old_measures(scene: Scene) -> Iterator[Finding]:
    """PF217: height and weight were taken longer before the first cycle than the policy allows."""
    first = measure_for(scene.treatment.start, scene.measures)
    age, limit = (scene.treatment.start - first.date).days, scene.policy.measured_within_days
    if limit is not None and age > limit:
        yield Finding(
            "PF217",
            Severity.WARNING,
            f"height and weight were taken on {first.date}, {age} days before the start; policy "
            f"{scene.policy.id} asks for {limit} days at most",
        )


def unknown_medicines(scene: Scene) -> Iterator[Finding]:
    """PF211: a medicine that no rule can see, because its classes are neither known nor stated."""
    for medicine in scene.treatment.medicines or ():
        if medicine.drug not in scene.medicines and medicine.classes is None:
            hint = did_you_mean(medicine.drug, scene.medicine_names, SLIP)
            yield Finding(
                "PF211",
                Severity.WARNING,
                f"the formulary does not know the medicine "
                f"'{medicine.drug}', so no rule can see it{'; ' + hint if hint else ''}",
            )


def medicines(scene: Scene) -> Iterator[Finding]:
    """PF214: nothing is stated of other medicines, not even that there are none."""
    if scene.treatment.medicines is None:
        message = "medicines are not stated, so no interaction can be seen; state them, or none"
        yield Finding("PF214", Severity.NOTE, message)


def earlier(scene: Scene) -> Iterator[Finding]:
    """PF209: earlier treatment is not stated, or in a unit in which no total can count it."""
    if scene.treatment.earlier is None:
        message = (
            "earlier treatment is not stated; totals count this course alone until "
            "earlier_exposure is stated, or stated as none"
        )
        yield Finding("PF209", Severity.NOTE, message)
    for entry in uncounted(scene.exposure, scene.treatment.earlier):
        unit = next(found.unit for found in scene.exposure if found.drug == entry.drug)
        message = (
            f"earlier {entry.drug} {entry.amount.text()} cannot be counted in {unit} and is in no "
            f"total; state it in {unit}"
        )
        yield Finding("PF209", Severity.WARNING, message)


def left_out(scene: Scene) -> Iterator[Finding]:
    """PF218: a component that asks for a fact and is left out; what decided it is told."""
    for component in scene.protocol.components:
        asked = any(test.asks == "fact" for test in tests_in(component.when))
        verdict = ask(component.when, scene.state, scene.treatment.start)
        if asked and verdict.answer is False and verdict.because:
            message = f"{component.drug} is left out, because of {', '.join(verdict.because)}"
            yield Finding("PF218", Severity.NOTE, message, (), str(component.grounds.source or ""))


def contradictions(scene: Scene) -> Iterator[Finding]:
    """PF203: what the sources say twice and differently, with the reading chosen and why."""
    for entry in scene.protocol.contradictions:
        verdict = ask(entry.when, scene.state, scene.treatment.start)
        if verdict.answer is False:
            continue
        ids = (row.id for touch in entry.touches for row in _touched(touch, scene))
        touched = tuple(dict.fromkeys(ids))
        if entry.touches and not touched:
            continue
        says = "; ".join(f"{reading.value} ({reading.source})" for reading in entry.says)
        yield Finding(
            "PF203",
            Severity.NOTE,
            f"{entry.about}: {says}. Chosen: {entry.chosen}, because {entry.because}",
            touched,
        )


def _touched(touch: Touch, scene: Scene) -> Iterator[Administration]:
    """The doses that a disagreement is about, in the order of the plan."""
    drug, _, route = touch.name.partition(" ")
    shares = [s for s in scene.shares if s.order.drug == drug and route in ("", s.order.route)]
    labels = {c.label for c in scene.course.cycles if {c.label, c.kind} & {*touch.cycles}}
    for row in in_order(shares):
        if (not touch.cycles or row.cycle in labels) and (
            not touch.days or row.day in touch.days):  # fmt: skip
            yield row


LOOKS: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    *(check.look for check in SAFETY),
    eligibility,
    requirements,
    early_maintenance,
    too_few,
    overdue,
    *recorded.LOOKS,
    rules,
    prescribed,
    capped,
    rounding,
    area,
    old_measures,
    medicines,
    unknown_medicines,
    earlier,
    left_out,
    contradictions,
)
