"""Small plans with made-up drugs: a protocol, a formulary and a treatment from a few lines each.

What is written here is nobody's regimen. `alpha` is the drug that is planned; its dose, its days
and whatever stands beside it are given by each test.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any
from unittest import mock

import attrs

from protoplan import api, files, library
from protoplan.model.formulary import Drug
from protoplan.model.order import Order, RuleLine
from protoplan.model.plan import Administration, Finding, Plan
from protoplan.model.policy import Policy, RoundingStep
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.planning import pipeline
from protoplan.planning.prepared import Prepared
from protoplan.planning.scene import Scene
from protoplan.problems import Faulty
from protoplan.quantity import parse

PROTOCOL = """\
format: protoplan-protocol/1
id: made-up
version: 1.0.0
title: Made up
population: No one
reviewed: not a clinical protocol
sources:
  paper: {cite: "Nobody A. J Nothing 2020;1:1"}
OPTIONS
kinds:
  only: {length: 21 days, source: [paper, Methods]}
phases:
  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}
components:
  - drug: alpha
    in: only
    route: ROUTE
    sigs:
      - SIG
    source: [paper, Methods]
COMPONENTS
RULES
MORE
"""

DRUG = """\
format: protoplan-formulary/1
drug: NAME
version: 1.0.0
name: NAME
unit: mg
routes:
  IV: {source: [label, section 1]}
  IT: {source: [label, section 1]}
  PO: {source: [label, section 1]}
sources:
  label: {cite: "Label of a drug that does not exist"}
"""

TREATMENT = """\
format: protoplan-treatment/1
id: made-up
patient: {label: made up, age: 45, sex: female}
protocol: made-up
start: 2026-03-02
measurements:
  - {date: 2026-03-01, height: 175 cm, weight: 70 kg}
"""

#: Both are stated, so that nothing but the rule of a test is in question.
NONE = "medicines: none\nearlier_exposure: none\n"

#: Cited by rules of the protocol, and by those of a drug.
PAPER, LABEL = "source: [paper, Table 1]", "source: [label, section 2]"


def listed(section: str, entries: Sequence[str]) -> str:
    """A section with one entry a line, each in braces; nothing where there are none."""
    return "\n".join([f"{section}:", *(f"  - {entry}" for entry in entries)]) if entries else ""


def rule(body: str, name: str = "made-up/rule", source: str = PAPER, drug: str = "alpha") -> str:
    """A rule of the protocol, or, by the source of a label, of the formulary."""
    whose = f"drug: {drug}, " if source == PAPER else ""
    return f"{{id: {name}, {whose}{body}, {source}}}"


def protocol_text(
    rules: Sequence[str] = (),
    *,
    sig: str = "{dose: 100 mg, days: [1]}",
    route: str = "IV",
    options: str = "",
    components: str = "",
    more: str = "",
) -> str:
    """The protocol in a few lines."""
    parts = {"ROUTE": route, "SIG": sig, "OPTIONS": options, "COMPONENTS": components}
    parts |= {"RULES": listed("rules", rules), "MORE": more}
    text = PROTOCOL
    for name, value in parts.items():
        text = text.replace(name, value)
    return text


def component(
    sig: str, drug: str = "beta", route: str = "IV", *, cycles: str = "only", more: str = ""
) -> str:
    """Another component with one sig."""
    return f"  - {{drug: {drug}, in: {cycles}, route: {route}, {more}sigs: [{sig}], source: [paper, x]}}\n"


def cited(section: str, *entries: str) -> str:
    """A section of the formulary's entry, by section 9 of its label."""
    return listed(section, [f"{{{entry}, source: [label, section 9]}}" for entry in entries])


def drug_text(name: str, more: str = "") -> str:
    """A drug of the formulary."""
    return f"{DRUG.replace('NAME', name)}{more}\n"


def read_drug(text: str) -> Drug:
    entry: Drug = files.load_text(text, "formulary/made-up.yaml", {})[1]
    return entry


@contextmanager
def formulary(*texts: str) -> Iterator[Mapping[str, frozenset[str]]]:
    """The shipped formulary with made-up drugs besides; the vocabularies that go with it."""
    entries = {entry.id: entry for entry in map(read_drug, texts)}
    shipped, ids = files.drug, library.ids
    names = tuple(sorted({*ids("formulary"), *entries}))

    def drug(name: str) -> Drug:
        return entries[name] if name in entries else shipped(name)

    def known(kind: str, within: str = ".") -> tuple[str, ...]:
        return names if (kind, within) == ("formulary", ".") else ids(kind, within)

    words = {**files.vocabularies(), "drug": frozenset(names)}
    with (
        mock.patch.object(files, "drug", drug),
        mock.patch.object(library, "ids", known),
        mock.patch.object(files, "vocabularies", return_value=words),
    ):
        yield words


def policy_with(choices: Mapping[str, str]) -> Policy:
    """The default policy with other answers to what sources leave open."""
    policy: Policy = files.load(library.shipped("policy", "default"))[1]
    kept = tuple(entry for entry in policy.choices if entry[0] not in choices)
    return attrs.evolve(policy, choices=(*kept, *choices.items()))


def in_steps(step: str) -> Policy:
    """The default policy, by which alpha is ordered in whole steps."""
    policy = policy_with({})
    at = policy.steps[0].at
    return attrs.evolve(policy, steps=(*policy.steps, RoundingStep("alpha", None, parse(step), at)))


def planned(
    rules: Sequence[str] = (),
    stated: str = NONE,
    *,
    drugs: Sequence[str] = (),
    label: str = "",
    policy: Policy | None = None,
    head: str = TREATMENT,
    sig: str = "{dose: 100 mg, days: [1]}",
    route: str = "IV",
    options: str = "",
    components: str = "",
    more: str = "",
    instead: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """The plan of the made-up protocol.

    Args:
        rules: Of the protocol, as `rule` writes them.
        stated: What the treatment states besides the patient and the measurements.
        drugs: Other made-up drugs, as `drug_text` writes them.
        label: More of the formulary's entry for alpha.
        policy: The default one unless given.
        head: The first lines of the treatment.
        instead: What stands in the place of a text of the protocol.
    """
    text = protocol_text(
        rules, sig=sig, route=route, options=options, components=components, more=more
    )
    for name, other in instead.items():
        text = text.replace(name, other)
    with formulary(drug_text("alpha", label), *drugs):
        treatment: Treatment = files.load_text(f"{head}{stated}", "treatment.yaml")[1]
        chosen = files.load_policy if policy is None else lambda *_: policy
        with mock.patch.object(api, "load_policy", chosen):
            return api.plan_treatment(treatment, _checked(text))


def scene(rules: Sequence[str] = (), stated: str = NONE, **more: Any) -> Scene:
    """What looks at the plan look at; written as for `planned`."""
    seen: list[Scene] = []

    def look(scene: Scene) -> Iterator[Finding]:
        seen.append(scene)
        yield from ()

    with mock.patch.object(pipeline, "LOOKS", (look,)):
        planned(rules, stated, **more)
    return seen[0]


def in_turn(treatments: Sequence[str], text: str, *drugs: str) -> list[Plan]:
    """The plans of treatments, one after the other by a protocol that was made ready once.

    Args:
        treatments: What each states.
        text: The protocol, as `protocol_text` writes it.
        drugs: Other made-up drugs, as `drug_text` writes them.
    """
    with formulary(drug_text("alpha"), *drugs):
        prepared = ready(text)
        return [
            api.plan_prepared(files.load_text(stated, "treatment.yaml")[1], prepared)
            for stated in treatments
        ]


def ready(text: str) -> Prepared:
    """A protocol made ready at a site with the default policy; within `formulary`."""
    return api.prepare(_checked(text), policy_with({}))


def _checked(text: str) -> Protocol:
    protocol: Protocol = files.load_text(text, "made-up.yaml")[1]
    problems = files.check_protocol(protocol)
    if problems:
        raise Faulty(problems)
    return protocol


def rows_of(plan: Plan, drug: str = "alpha") -> list[Administration]:
    return [row for row in plan.administrations if row.order.drug == drug]


def first(plan: Plan) -> Order:
    """The first dose of alpha."""
    return rows_of(plan)[0].order


def adjusted(plan: Plan, drug: str = "alpha") -> list[str | None]:
    """The adjusted doses, or why there is none."""
    return [row.status if row.order.adjusted is None else str(row.order.adjusted)
            for row in rows_of(plan, drug)]  # fmt: skip


def outcomes(order: Order) -> dict[str, str]:
    """What came of each rule."""
    return {line.rule: line.outcome for line in order.rules}


def line_of(order: Order, name: str = "made-up/rule") -> RuleLine:
    return next(line for line in order.rules if line.rule == name)


def found(plan: Plan, code: str) -> list[Finding]:
    return [finding for finding in plan.findings if finding.code == code]


def messages(plan: Plan, code: str) -> list[str]:
    """What the findings of a code say, with plain spaces."""
    return [said(finding.message) for finding in found(plan, code)]


def said(text: str) -> str:
    """A text with plain spaces in place of no-break spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")
