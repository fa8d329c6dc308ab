"""Checks of rules: each of these could never do what it says.

PP302: a rule asks for a medicine that the formulary does not know.

Good: `{drug: venetoclax, when: {medicine: posaconazole}, set: 70 mg}`.
Bad: `when: {medicine: posaconazol}`, which nobody takes.

PP303: a rule asks for a class of medicines that no drug belongs to.

Good: `when: {class: strong-cyp3a4-inhibitor}`.
Bad: `when: {class: strong-cyp3a-inhibitor}`.

PP309: a rule sets a dose in a unit that the drug is not ordered in.

Good: `set: 70 mg` for venetoclax.
Bad: `set: 70 units`.

PP310: two rules have one id, so that no one could say which of them is meant.

Good: `id: venetoclax/cyp3a4-inhibitor`, once.
Bad: the same id for two rules.

PP311: a rule is about a drug that the protocol does not give, or adopts a rule that is not there.

Good: a rule about a drug that stands under `components:`.
Bad: one about a drug that was taken out of them.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from protoplan.checks.scene import ProtocolScene
from protoplan.model.component import Component
from protoplan.model.condition import Condition, tests_in
from protoplan.model.formulary import Drug
from protoplan.model.policy import Policy
from protoplan.model.rule import Named, Rule
from protoplan.problems import SLIP, Problem, did_you_mean
from protoplan.quantity import UNITS, Quantity

#: The names of a vocabulary, ``class`` or ``medicine``; it is asked for only where one stands.
Names = Callable[[str], Collection[str]]


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Rules change doses that the protocol gives, in amounts that those doses are printed in."""
    protocol = scene.protocol
    given = {component.drug for component in protocol.components}
    for rule in protocol.rules:
        components = [part for part in protocol.components if part.drug == rule.drug]
        if not components:
            message = f"a rule changes {rule.drug}, which the protocol does not give"
            yield Problem("PP311", message, rule.at, did_you_mean(rule.drug, given, SLIP))
            continue
        by = sorted({part.route for part in components})
        if rule.routes and not {*rule.routes} & {*by}:
            routes, here = ", ".join(rule.routes), ", ".join(by)
            message = f"a rule changes {rule.drug} {routes}, and the protocol gives it {here}"
            yield Problem("PP311", message, rule.at)
        yield from amounts(rule, scene.drugs[rule.drug])
        yield from _timed(rule, components)
    yield from _adopted(scene, given)
    yield from _named_twice(scene, given)
    yield from _elsewhere(scene, given)


def _named_twice(scene: ProtocolScene, given: Collection[str]) -> Iterator[Problem]:
    """An id is the name of one rule, among those of the protocol and of its drugs."""
    ids = Counter(rule.id for name in given for rule in scene.drugs[name].rules)
    for rule in scene.protocol.rules:
        ids[rule.id] += 1
        if ids[rule.id] > 1:
            yield Problem("PP310", f"the id '{rule.id}' is that of another rule too", rule.at)


def _elsewhere(scene: ProtocolScene, given: Collection[str]) -> Iterator[Problem]:
    """Limits and distances are about drugs that are given."""
    named = {*given, *(component.name for component in scene.protocol.components)}
    about = [(limit.drug, limit.at) for limit in scene.protocol.limits]
    about += [(name, e.at) for e in scene.protocol.spacing for name in (e.drug, e.other)]
    for name, at in about:
        if name not in named and name != "itself":
            message = f"a limit or a distance is about '{name}', which the protocol does not give"
            yield Problem("PP311", message, at, did_you_mean(name, named, SLIP))


def _adopted(scene: ProtocolScene, given: Collection[str]) -> Iterator[Problem]:
    """What is adopted is a rule of a drug that is given, written for something else."""
    listed = {rule.id: rule for name in given for rule in scene.drugs[name].rules}
    for entry in scene.protocol.adopts:
        if entry.rule not in listed:
            message = f"the formulary has no rule '{entry.rule}' for a drug of the protocol"
            yield Problem("PP311", message, entry.at, did_you_mean(entry.rule, listed, SLIP))
        elif listed[entry.rule].written_for is None:
            message = f"the rule '{entry.rule}' holds anyway and need not be adopted"
            yield Problem("PP311", message, entry.at)


def amounts(rule: Rule, drug: Drug) -> Iterator[Problem]:
    """The amounts that a rule prints measure what the doses of its drug measure."""
    for branch in rule.branches:
        for amount in (branch.effect.set, branch.effect.cap, *rule.ladder):
            if amount is not None and not _fits(amount, drug):
                message = f"{amount} does not fit {drug.id}, which is ordered in {drug.unit}"
                yield Problem("PP309", message, branch.effect.at)


def _fits(amount: Quantity, drug: Drug) -> bool:
    whole = UNITS[UNITS[amount.unit].amount].dimension
    return drug.unit is not None and UNITS[drug.unit].dimension == whole


def _timed(rule: Rule, components: Sequence[Component]) -> Iterator[Problem]:
    """A rate is set for infusions, and a dose for doses."""
    by_rate = {sig.rate is not None for part in components for sig in part.sigs}
    for branch in rule.branches:
        for amount in (branch.effect.set, branch.effect.cap):
            if amount is not None and bool(UNITS[amount.unit].time) not in by_rate:
                kind = "a rate" if True in by_rate else "a dose"
                message = f"{amount} is set where the protocol prints {kind} of {rule.drug}"
                yield Problem("PP309", message, branch.effect.at)


def conditions_of(rules: Sequence[Rule]) -> Iterator[Condition | None]:
    """What rules ask."""
    for rule in rules:
        yield rule.when
        yield from (branch.test for branch in rule.branches)


def names(conditions: Sequence[Condition | None], known: Names) -> Iterator[Problem]:
    """Classes and medicines that conditions name stand in the formulary."""
    codes = {"class": "PP303", "medicine": "PP302"}
    for condition in conditions:
        for test in tests_in(condition):
            if test.asks in codes and test.name not in known(test.asks):
                hint = did_you_mean(test.name, known(test.asks), SLIP)
                message = f"{test.asks} '{test.name}' is not known to the formulary"
                yield Problem(codes[test.asks], message, test.at, hint)


def picked(policy: Policy, drugs: Collection[Drug], rules: Collection[Rule]) -> Iterator[Problem]:
    """What a policy must pick for the drugs and the rules of a plan, and does not."""
    choices = dict(policy.choices)
    tables: dict[str, set[str]] = {}
    for drug in drugs:
        for rule in drug.rules:
            if rule.table is not None:
                tables.setdefault(rule.about, set()).add(rule.table)
    for rule in (*rules, *(rule for drug in drugs for rule in drug.rules)):
        if isinstance(rule.washout, Named):
            tables[rule.washout.choice] = {str(days) for days in rule.washout.of}
    for name, offered in sorted(tables.items()):
        if choices.get(name) not in offered:
            found = f"picks '{choices[name]}'" if name in choices else "picks none"
            message = (
                f"policy {policy.id} {found} for {name}; expected {', '.join(sorted(offered))}"
            )
            yield Problem("PP402", message, policy.at, f"write it under choices: in {policy.id}")
