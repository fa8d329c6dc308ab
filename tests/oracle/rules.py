"""What rules make of a dose: every one is asked, the lowest proposal wins."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import attrs
from tests.oracle.amounts import amount, exact
from tests.oracle.answers import Answer, Asking, Unknown, ask, inside
from tests.oracle.cycles import Cycle, is_in
from tests.oracle.days import Slot
from tests.oracle.sizes import Body, Size, worked
from tests.oracle.world import World, formulary

from protoplan.model.rule import Effect, Named, Rule
from protoplan.model.treatment import Prescription

Own = dict[str, frozenset[date]]


@attrs.frozen
class Adjusted:
    """What came of a dose.

    Attributes:
        status: ``planned``, ``held``, ``omitted`` or ``unresolved``.
        dose: After rules, before caps and rounding; None where there is none.
    """

    status: str
    dose: Fraction | None
    needs: frozenset[str] = frozenset()


def in_force(
    world: World, slot: Slot, course: tuple[Cycle, ...], size: Size | None
) -> Iterator[Rule]:
    """The rules that may change a dose: the protocol's own, and the label's that nothing replaces."""
    drug, route = slot.component.drug, slot.component.route
    adopted = {adoption.rule for adoption in world.protocol.adopts}
    own = [rule for rule in world.protocol.rules if rule.drug == drug]
    about = {rule.about for rule in own}
    choices = dict(world.policy.choices)
    for rule in formulary()[drug].rules:
        if rule.about in about or (rule.written_for is not None and rule.id not in adopted):
            continue
        if rule.table is None or choices.get(rule.about) == rule.table:
            own.append(rule)
    for rule in own:
        if rule.routes and route not in rule.routes:
            continue
        if not is_in(rule.where, slot.cycle, course):
            continue
        if rule.for_doses is not None:
            if size is None:
                continue
            edges = [e for e in attrs.astuple(rule.for_doses, recurse=False) if e is not None]
            if amount(edges[0]).kind != size.basis.kind or not inside(rule.for_doses, size.basis):
                continue
        yield rule


def outcome(world: World, rule: Rule, slot: Slot, own: Own) -> Effect | Unknown | None:
    """What a rule does on the day: its effect, nothing, or not known.

    Where labs of a day to come are wanted, what else is not known matters only if their last
    values leave the rule open.
    """
    assert slot.cycle.start is not None
    on = slot.cycle.start if rule.by_cycle else slot.start.date()
    others = {drug: days for drug, days in own.items() if drug != rule.drug}
    about = Asking(world, on, _washout(world, rule), others)
    found = _effect(rule, about)
    if isinstance(found, Unknown) and found.stale and found.needs:
        last = _effect(rule, attrs.evolve(about, last_values=True))
        if not isinstance(last, Unknown):
            return Unknown(stale=found.stale)
    return found


def _effect(rule: Rule, about: Asking) -> Effect | Unknown | None:
    guard: Answer = ask(rule.when, about)
    if guard is False:
        return None
    bands = [(branch.effect, ask(branch.test, about)) for branch in rule.branches]
    for effect, held in bands:
        if held is True and effect.keeps and effect.finding is None:
            return None  # whatever the guard may be
        if held is True and guard is True:
            return effect
    if isinstance(guard, Unknown):
        return guard
    unknown = [held for _, held in bands if isinstance(held, Unknown)]
    return unknown[0] if unknown else None


def _washout(world: World, rule: Rule) -> int:
    if not isinstance(rule.washout, Named):
        return rule.washout
    return int(dict(world.policy.choices)[rule.washout.choice])


def prescribed(world: World, slot: Slot, course: tuple[Cycle, ...]) -> Prescription | None:
    """The prescriber's own change of a dose; the last in the list holds."""
    labels = [cycle.label for cycle in course]
    found = None
    for change in world.treatment.prescribed:
        if change.drug != slot.component.drug or change.route not in (None, slot.component.route):
            continue
        if change.first not in labels or (change.last and change.last not in labels):
            continue
        first = labels.index(change.first)
        last = labels.index(change.last) if change.last else len(labels)
        if first <= labels.index(slot.cycle.label) <= last:
            found = change
    return found


def adjust(
    world: World, slot: Slot, course: tuple[Cycle, ...], size: Size, measures: Body, own: Own
) -> Adjusted:
    """Omit and hold before all; then the lowest proposal; then what is multiplied."""
    fired: list[tuple[Rule, Effect]] = []
    needs: set[str] = set()
    for rule in in_force(world, slot, course, size):
        found = outcome(world, rule, slot, own)
        if isinstance(found, Unknown):
            if not found.waits and not rule.note_unknown:
                needs |= found.needs
        elif found is not None:
            fired.append((rule, found))
    change = prescribed(world, slot, course)
    if change is not None:
        if change.omit:
            return Adjusted("omitted", None)
        if needs:
            return Adjusted("unresolved", None, frozenset(needs))
        return _as_prescribed(world, slot, size, measures, change)
    if any(effect.omit for _, effect in fired):
        return Adjusted("omitted", None)
    if any(effect.hold is not None for _, effect in fired):
        return Adjusted("held", None)
    if any(effect.ask is not None for _, effect in fired):
        needs.add("prescribed")
    if needs:
        return Adjusted("unresolved", None, frozenset(needs))
    return _lowest(world, slot, size, measures, fired)


def _as_prescribed(
    world: World, slot: Slot, size: Size, measures: Body, change: Prescription
) -> Adjusted:
    if change.scale is not None:
        return Adjusted("planned", size.calculated * exact(change.scale.value) / 100)
    assert change.set is not None
    found = worked(world, amount(change.set), slot, measures)
    assert isinstance(found, Fraction)
    return Adjusted("planned", found)


def _lowest(
    world: World, slot: Slot, size: Size, measures: Body, fired: list[tuple[Rule, Effect]]
) -> Adjusted:
    dose = size.calculated
    lowered = False
    for rule, effect in fired:
        if rule.multiplies:
            continue
        proposal = proposed(world, slot, size, measures, rule, effect)
        if proposal is not None:
            dose = min(dose, proposal)
            lowered = lowered or proposal < size.full
    for rule, effect in fired:
        if rule.multiplies and effect.scale is not None:
            dose *= exact(effect.scale.value) / 100
            lowered = True
    if lowered and size.on_ramp:
        return Adjusted("unresolved", None, frozenset(["the steps of the ramp"]))
    return Adjusted("planned", dose)


def proposed(
    world: World, slot: Slot, size: Size, measures: Body, rule: Rule, effect: Effect
) -> Fraction | None:
    """The dose that one rule makes; None where it makes none."""
    if effect.scale is not None:
        return size.full * exact(effect.scale.value) / 100
    target = effect.set or effect.cap
    if effect.down is not None:
        below = [level for level in rule.ladder if amount(level).value < size.basis.value]
        target = below[min(effect.down, len(below)) - 1] if below else rule.ladder[-1]
    if target is None:
        return None
    found = worked(world, amount(target), slot, measures)
    assert isinstance(found, Fraction)
    return found
