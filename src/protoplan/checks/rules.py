"""PP310, PP311 and PP402: rules that no name, class or table can reach.

Good: `{id: venetoclax/inducer, drug: venetoclax, when: {class: cyp3a4-strong-inducer}, …}`.
Bad: the same id twice; a class that no drug of the formulary has; a rule of a drug not given.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from protoplan.checks.answers import of_test
from protoplan.checks.scene import ProtocolScene
from protoplan.model.condition import Condition, tests_in
from protoplan.model.formulary import Drug
from protoplan.model.option import Option
from protoplan.model.policy import Policy
from protoplan.model.rule import Named, Rule
from protoplan.problems import SLIP, Problem, did_you_mean
from protoplan.quantity import UNITS


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """The rules, distances and limits of a protocol, and the label rules that it adopts."""
    protocol = scene.protocol
    given = {component.drug for component in protocol.components}
    for rule in protocol.rules:
        if rule.drug not in given:
            message = f"rule {rule.id} is about {rule.drug}, which the protocol does not give"
            yield Problem("PP311", message, rule.at, did_you_mean(rule.drug, given, SLIP))
        unit = scene.drugs[rule.drug].unit if rule.drug in given else None
        yield from of_rule(rule, unit, {o.name: o for o in protocol.options}, scene)
    ids = [*(rule.id for rule in protocol.rules)]
    labels = [rule.id for drug in given for rule in scene.drugs[drug].rules]
    for name, count in Counter([*ids, *labels]).items():
        if count > 1 and name in ids:
            at = next(rule.at for rule in protocol.rules if rule.id == name)
            yield Problem("PP310", f"{count} rules have the id '{name}'", at)
    for adoption in protocol.adopts:
        if adoption.rule not in labels:
            message = f"no drug of the protocol has a label rule '{adoption.rule}'"
            hint = did_you_mean(adoption.rule, labels)
            yield Problem("PP311", message, adoption.at, hint)
    for limit in protocol.limits:
        if limit.drug not in given:
            message = f"limit {limit.about} is about {limit.drug}, which is not given"
            yield Problem("PP311", message, limit.at)
    named = given | {component.name for component in protocol.components}
    for entry in protocol.spacing:
        for name in (entry.drug, entry.other):
            if name not in named and name != "itself":
                message = f"a distance is asked for '{name}', which the protocol does not give"
                yield Problem("PP311", message, entry.at, did_you_mean(name, named, SLIP))


def of_rule(
    rule: Rule, unit: str | None, options: Mapping[str, Option], scene: ProtocolScene
) -> Iterator[Problem]:
    """One rule: its answers can be given, and its amounts measure what the drug's doses do."""
    facts = {fact.name: fact for fact in scene.catalogue.facts}
    labs = {lab.name: lab for lab in scene.catalogue.labs}
    conditions: list[Condition | None] = [rule.when, *(branch.test for branch in rule.branches)]
    for condition in conditions:
        for test in tests_in(condition):
            yield from of_test(test, dict(options), facts, labs)
            if test.asks == "class" and scene.classes and test.name not in scene.classes:
                hint = did_you_mean(test.name, scene.classes, SLIP)
                message = f"class '{test.name}' of rule {rule.id} is not one of the formulary"
                yield Problem("PP303", message, test.at, hint)
    for branch in rule.branches:
        for amount in (branch.effect.set, branch.effect.cap, *rule.ladder):
            whole = amount and UNITS[UNITS[amount.unit].amount].dimension
            if amount and unit and whole != UNITS[unit].dimension:
                message = f"rule {rule.id}: {amount} does not fit a drug ordered in {unit}"
                yield Problem("PP309", message, rule.at)


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
