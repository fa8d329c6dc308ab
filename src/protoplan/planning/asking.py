"""Which rules hold for a dose, and how each answers on its day."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from protoplan.model.condition import Test, tests_in
from protoplan.model.formulary import Drug
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.rule import Effect, Named, Rule
from protoplan.planning.conditions import ask
from protoplan.planning.course import chosen_cycles
from protoplan.planning.dosing import inside
from protoplan.planning.known import Known
from protoplan.planning.schedule import Slot
from protoplan.planning.turning import turns
from protoplan.problems import Severity, fault
from protoplan.quantity import Quantity
from protoplan.source import Place


@attrs.frozen
class Standing:
    """A rule with its place among the others.

    Attributes:
        note: It is a note and changes no dose: why.
        aside: It gives way to another rule or table: to which.
        rival: It is meant here, and the policy picks another table: how grave it is if that one
            leaves more of the dose. None for any other rule.
        labels: The cycles in which it holds; None is every one.
        washout: Days, as printed or as the policy picks them.
        tests: Every question of the rule.
        of_medicines: One of them asks for a medicine or a class.
        of_toxicities: Those of them that ask for a toxicity.
    """

    rule: Rule
    note: str | None
    aside: str | None
    labels: frozenset[str] | None
    washout: int
    rival: Severity | None = None
    tests: tuple[Test, ...] = attrs.field(init=False)
    of_medicines: bool = attrs.field(init=False)
    of_toxicities: tuple[Test, ...] = attrs.field(init=False)

    @tests.default
    def _tests(self) -> tuple[Test, ...]:
        conditions = (self.rule.when, *(branch.test for branch in self.rule.branches))
        return tuple(test for condition in conditions for test in tests_in(condition))

    @of_medicines.default
    def _of_medicines(self) -> bool:
        return any(test.asks in ("medicine", "class") for test in self.tests)

    @of_toxicities.default
    def _of_toxicities(self) -> tuple[Test, ...]:
        return tuple(test for test in self.tests if test.asks in ("toxicity", "worst_toxicity"))


@attrs.frozen
class Answered:
    """How a rule answers for a dose.

    Attributes:
        outcome: ``fired``, ``not fired``, ``pending``, ``unresolved`` or ``set aside``.
        effect: What it does, where it fired; of a rival that is set aside, what it would do.
        needs: What must be known to answer it.
        pending: The labs for which it waits.
        last: What it would do by their last values; None is nothing.
        last_needs: What else must be known to say that.
        because: What the answer rests on, where it fired.
    """

    standing: Standing
    outcome: str
    effect: Effect | None = None
    needs: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    last: Effect | None = None
    last_needs: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


def standings(
    protocol: Protocol,
    drugs: Mapping[str, Drug],
    policy: Policy,
    cycles: Sequence[PlannedCycle],
) -> dict[str, tuple[Standing, ...]]:
    """Every rule by the drug whose doses it changes: the protocol's, then the formulary's."""
    picked = dict(policy.choices)
    adopted = {entry.rule: entry for entry in protocol.adopts}
    own = {(rule.drug, rule.about) for rule in protocol.rules}
    found: dict[str, list[Standing]] = {}
    for rule in protocol.rules:
        found.setdefault(rule.drug, []).append(_standing(rule, None, None, policy, cycles))
    for drug in dict.fromkeys(component.drug for component in protocol.components):
        for rule in drugs[drug].rules:
            note = aside = rival = None
            if (drug, rule.about) in own:
                aside = f"gives way to what the protocol says of {rule.about}"
            elif rule.table is not None and picked.get(rule.about) != rule.table:
                aside = f"the policy picks the table {picked.get(rule.about)}"
                if rule.id in adopted:
                    rival = Severity.WARNING
                elif rule.written_for is None:
                    rival = Severity.NOTE
            elif rule.written_for is not None and rule.id not in adopted:
                note = f"written for {rule.written_for}"
            standing = _standing(rule, note, aside, policy, cycles)
            found.setdefault(drug, []).append(attrs.evolve(standing, rival=rival))
    return {drug: tuple(rows) for drug, rows in found.items()}


def _standing(
    rule: Rule,
    note: str | None,
    aside: str | None,
    policy: Policy,
    cycles: Sequence[PlannedCycle],
) -> Standing:
    labels = None
    if rule.where is not None:
        labels = frozenset(cycle.label for cycle in chosen_cycles(rule.where, cycles))
    return Standing(rule, note, aside, labels, _washout(rule.washout, policy, rule.at))


def _washout(washout: int | Named, policy: Policy, at: Place) -> int:
    """The days of wash-out, as printed or as the policy picks them among those printed."""
    if not isinstance(washout, Named):
        return washout
    picked = dict(policy.choices).get(washout.choice)
    if picked is None or picked not in map(str, washout.of):
        offered = " or ".join(map(str, washout.of))
        said = "nothing" if picked is None else f"'{picked}'"
        message = f"policy {policy.id} picks {said} for {washout.choice}; {offered} is printed"
        raise fault("PP402", message, policy.at, f"asked for by the rule at {at}")
    return int(picked)


class Asker:
    """Asks rules for doses; each question once for all days on which its answer is the same."""

    def __init__(
        self, rules: Mapping[str, Sequence[Standing]], state: Known, days: Sequence[date]
    ) -> None:
        self._rules = rules
        self._state = state
        self._span = (min(days, default=date.max), max(days, default=date.max))
        self._asked: dict[tuple[int, int], Answered] = {}
        self._of_rule: dict[int, tuple[Known, tuple[date, ...]]] = {}
        self._of_drug: dict[str, tuple[date, ...]] = {}
        self._answers: dict[tuple[object, ...], tuple[Answered, ...]] = {}
        self._by_label = {
            drug for drug, rows in rules.items() if any(row.labels is not None for row in rows)
        }

    def turning(self, drug: str) -> tuple[date, ...]:
        """The days on which a rule of a drug may answer otherwise than the day before.

        Rules that are asked on the first day of the cycle answer alike within a cycle alone.
        """
        turning = self._of_drug.get(drug)
        if turning is None:
            rules = [r for r in self._rules.get(drug, ()) if r.aside is None or r.rival]
            turning = tuple(sorted({day for rule in rules for day in self._prepared(rule)[1]}))
            self._of_drug[drug] = turning
        return turning

    def answers(self, slot: Slot, basis: Quantity | None) -> tuple[Answered, ...]:
        """How every rule that may bear on a dose answers for it, in the order of the rules.

        The same record wherever nothing that is asked about differs.
        """
        drug, route, cycle = slot.component.drug, slot.component.route, slot.cycle
        on, turning = slot.start.date(), self.turning(drug)
        label = cycle.label if drug in self._by_label else None
        turned = bisect_right(turning, on), bisect_right(turning, cycle.start or on)
        key = (drug, route, label, basis, slot.days, turned)
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = tuple(
                self._answer(standing, cycle, on)
                for standing in self._rules.get(drug, ())
                if route in (standing.rule.routes or (route,))
                and (standing.labels is None or cycle.label in standing.labels)
                and _meant(standing.rule, basis, slot.days)
            )
        return found

    def _answer(self, standing: Standing, cycle: PlannedCycle, on: date) -> Answered:
        if standing.aside is not None and standing.rival is None:
            return Answered(standing, "set aside")
        asked_on = cycle.start if standing.rule.by_cycle and cycle.start else on
        state, turning = self._prepared(standing)
        key = (id(standing), bisect_right(turning, asked_on))
        if key not in self._asked:
            self._asked[key] = _asked(standing, state, asked_on)
        return self._asked[key]

    def _prepared(self, standing: Standing) -> tuple[Known, tuple[date, ...]]:
        """What is known for a rule, and the days on which its answer may change."""
        found = self._of_rule.get(id(standing))
        if found is None:
            state = self._state
            if standing.of_medicines:
                drug = standing.rule.drug
                state = attrs.evolve(state, beside=drug, washout=standing.washout)
            found = self._of_rule[id(standing)] = state, turns(standing.tests, state, self._span)
        return found


def _meant(rule: Rule, basis: Quantity | None, days: int | Fraction) -> bool:
    """Whether a rule that is printed for some doses only is meant for this one."""
    return rule.for_doses is None or (basis is not None and inside(basis, days, rule.for_doses))


def _asked(standing: Standing, state: Known, on: date) -> Answered:
    """The answer on a day: the guard first, then the one band that holds."""
    found = _effect(standing.rule, state, on)
    if standing.aside is not None:
        # Of one that gives way nothing is asked; it is told what it would do by what is known.
        if found is None or isinstance(found, tuple):
            return Answered(standing, "set aside")
        because = _because(standing.rule, found, state, on)
        return Answered(standing, "set aside", found, because=because)
    if not isinstance(found, tuple):
        if found is None:
            return Answered(standing, "not fired")
        because = _because(standing.rule, found, state, on)
        return Answered(standing, "fired", found, because=because)
    needs, pending = found
    last = _effect(standing.rule, attrs.evolve(state, last_values=True), on)
    if needs and (not pending or isinstance(last, tuple)):
        return Answered(standing, "unresolved", None, needs, pending)
    # What else is wanted is asked for only if the labs of that day make it matter.
    if isinstance(last, tuple):
        return Answered(standing, "pending", None, (), pending, None, (*last[0], *last[1]))
    return Answered(standing, "pending", None, (), pending, last)


def _because(rule: Rule, effect: Effect, state: Known, on: date) -> tuple[str, ...]:
    """The values, dates and medicines for which a rule fired."""
    tests = [branch.test for branch in rule.branches if branch.effect is effect]
    words = [text for each in (rule.when, *tests) for text in ask(each, state, on).because]
    return tuple(dict.fromkeys(words))


def _effect(
    rule: Rule, state: Known, on: date
) -> Effect | tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What the rule does; None for nothing; needs and pending labs where that is not known."""
    guard = ask(rule.when, state, on)
    if guard.answer is False:
        return None
    needs, pending = dict.fromkeys(guard.needs), dict.fromkeys(guard.pending)
    for branch in rule.branches:
        verdict = ask(branch.test, state, on)
        if verdict.answer and branch.effect.keeps and branch.effect.finding is None:
            return None
        if verdict.answer and guard.answer:
            return branch.effect
        if guard.answer:  # what the bands want is asked for only when the guard holds
            needs.update(dict.fromkeys(verdict.needs))
            pending.update(dict.fromkeys(verdict.pending))
    return (tuple(needs), tuple(pending)) if needs or pending else None
