"""Joins the rooms: the library's face. It takes texts, paths and records and returns records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from protoplan import library
from protoplan.files import (
    catalogue,
    check_protocol,
    classes,
    drug,
    drugs_named,
    drugs_of,
    drugs_rounded,
    inputs_of,
    layouts,
    listed,
    load,
    load_policy,
    load_protocol,
    load_text,
    medicine,
    medicines,
    names_in_formulary,
    names_of,
    of_kind,
    vocabularies,
    whole,
)
from protoplan.model.exposure import Ledger
from protoplan.model.formulary import Drug
from protoplan.model.plan import Plan
from protoplan.model.policy import Policy
from protoplan.model.protocol import Fragment, Protocol
from protoplan.model.record import Transplant, of
from protoplan.model.treatment import Treatment
from protoplan.problems import SLIP, Faulty, Problem, WrongUse, did_you_mean, fault
from protoplan.source import Place
from protoplan.targets import STDIN, target

if TYPE_CHECKING:  # models of one command each, whose classes cost time to make
    from protoplan.model.comparison import Comparison
    from protoplan.model.difference import PlanDifference, ProtocolDifference
    from protoplan.model.listing import Listing
    from protoplan.model.standing import Standing
    from protoplan.planning.prepared import Prepared

__all__ = [
    "STDIN",
    "WrongUse",
    "catalogue",
    "check_file",
    "check_protocol",
    "checked",
    "comparison",
    "difference",
    "drug",
    "drug_id",
    "drugs_of",
    "exit_code",
    "layouts",
    "ledgers",
    "listed",
    "listing",
    "load",
    "load_policy",
    "load_protocol",
    "load_text",
    "medicine",
    "names_of",
    "plan_on",
    "plan_prepared",
    "plan_treatment",
    "prepare",
    "run_cases",
    "standing",
    "target",
    "vocabularies",
]


def check_file(path: Path, name: str) -> list[Problem]:
    """Every problem of a file of whatever kind, read and checked as deeply as it can be."""
    return checked(path, name)[0]


def checked(path: Path, name: str) -> tuple[list[Problem], bool]:
    """Every problem of a file, and whether nothing says what it must come to.

    That is so of a protocol without expectations, which may have been cut off (H22).
    """
    try:
        kind, model = load(library.Found(path, name))
        return _CHECKS[kind](model, path), kind == "protocol" and not model.expect
    except Faulty as wrong:
        return list(wrong.problems), False


def _check_fragment(fragment: Fragment, path: Path) -> list[Problem]:
    from protoplan.checks import routes

    return list(
        routes.check_components(
            fragment.components, drugs_named(component.drug for component in fragment.components)
        )
    )


def _check_formulary(entry: Drug, path: Path) -> list[Problem]:
    from protoplan.checks import formularies

    return list(formularies.check(entry, path.stem, catalogue(), names_in_formulary))


def _check_policy(policy: Policy, path: Path) -> list[Problem]:
    from protoplan.bags import known
    from protoplan.checks import policies

    problems = list(policies.check(policy, drugs_rounded(policy)))
    made = policies.made(policy.bags, known() if policy.bags.lasting else ())
    return [*problems, *made]


def _check_treatment(treatment: Treatment, path: Path) -> list[Problem]:
    plan_treatment(treatment, beside=path.parent)
    return []


_CHECKS: dict[str, Callable[[Any, Path], list[Problem]]] = {
    "protocol": lambda model, path: check_protocol(whole(model, path)),
    "fragment": _check_fragment,
    "formulary": _check_formulary,
    "catalogue": lambda model, path: [],
    "policy": _check_policy,
    "treatment": _check_treatment,
    "case": lambda model, path: [],
}


def plan_treatment(
    treatment: Treatment,
    protocol: Protocol | None = None,
    beside: Path | None = None,
    as_of: date | None = None,
    policy: Policy | None = None,
) -> Plan:
    """Plan one treatment: find its protocol and policy, check what is stated, lay it out.

    Args:
        treatment: As read or as given on the command line.
        protocol: Where it is loaded already.
        beside: The folder from which paths in the treatment are taken.
        as_of: The day the plan is made, where it is not the treatment's own.
        policy: Where it is loaded already.

    Raises:
        Faulty: With every problem of the treatment, or of a file it names.
    """
    return plan_prepared(treatment, _ready(treatment, protocol, beside, policy), as_of)


def _ready(
    treatment: Treatment, protocol: Protocol | None, beside: Path | None, policy: Policy | None
) -> Prepared:
    """What a treatment is planned by, found and made ready."""
    chosen = protocol or load_protocol(treatment.protocol, treatment.protocol_at, beside)
    policy = policy or load_policy(treatment.policy, treatment.policy_at, beside)
    return prepare(chosen, policy)


def prepare(protocol: Protocol, policy: Policy) -> Prepared:
    """Make a protocol ready for planning, once for all treatments by it at one site.

    Args:
        protocol: Checked without error.
        policy: The site's, checked likewise.

    Raises:
        Faulty: If the policy does not pick what the rules of the drugs leave to it.
    """
    from protoplan.checks import rules
    from protoplan.planning.prepared import Prepared

    drugs = drugs_of(protocol)
    problems = list(rules.picked(policy, drugs.values(), protocol.rules))
    if problems:
        raise Faulty(problems)
    return Prepared(protocol, policy, drugs, catalogue(), inputs_of(protocol, policy, drugs))


def plan_prepared(treatment: Treatment, prepared: Prepared, as_of: date | None = None) -> Plan:
    """Plan one treatment by a protocol that was made ready.

    Args:
        treatment: By that protocol, at that site.
        prepared: What is worked out for one treatment and fits another is not worked out again.
        as_of: The day the plan is made, where it is not the treatment's own.

    Raises:
        Faulty: With every problem of the treatment.
    """
    from protoplan.checks import records, treatments
    from protoplan.planning.conditions import known
    from protoplan.planning.pipeline import Medicines, make_plan

    chosen, policy, drugs = prepared.protocol, prepared.policy, prepared.drugs
    answers = {entry.name: entry.value for entry in treatment.options}
    problems = list(treatments.check(treatment, chosen, policy, catalogue(), tuple(answers)))
    problems += treatments.prescribed(treatment, chosen, drugs)
    problems += records.check(treatment, chosen, drugs)
    if any(entry.classes for entry in treatment.medicines or ()):
        problems += treatments.classes(treatment, classes())
    if not problems:
        facts = {entry.name: entry.value for entry in treatment.facts}
        applies = tuple(known(chosen.options, answers, facts).options)
        problems = list(treatments.check(treatment, chosen, policy, catalogue(), applies))
    if problems:
        raise Faulty(problems)
    treatment = _by_id(treatment)
    taken = medicines(entry.drug for entry in treatment.medicines or ())
    named = Medicines(
        taken={name: entry for name, entry in taken.items() if entry is not None},
        names=library.ids("formulary"),
        earlier=drugs_named(entry.drug for entry in treatment.earlier or ()),
    )
    return make_plan(prepared, treatment, named, as_of)


def plan_on(
    treatment: Treatment,
    protocol: Protocol | None = None,
    beside: Path | None = None,
    on: date | None = None,
) -> Plan:
    """Plan one treatment as of a day, or as of its own day where that is later.

    Args:
        treatment: As read or as given on the command line.
        protocol: Where it is loaded already.
        beside: The folder from which paths in the treatment are taken.
        on: The day; None is the treatment's own. No record is planned before its last entry.

    Raises:
        Faulty: With every problem of the treatment, or of a file it names.
    """
    prepared = _ready(treatment, protocol, beside, None)
    plan = plan_prepared(treatment, prepared)
    if on is None or on <= plan.as_of:
        return plan
    return plan_prepared(treatment, prepared, on)


def standing(
    plan: Plan, treatment: Treatment, protocol: Protocol, on: date | None = None
) -> Standing:
    """Where the patient stands on a day.

    Args:
        plan: Of *treatment*, made for that day or a later one, as `plan_on` does.
        on: The day; None is that of the plan.

    Raises:
        ValueError: If the plan was made for an earlier day.
    """
    from protoplan.planning import standing as stands

    return stands.standing(plan, treatment, drugs_of(protocol), on or plan.as_of)


def drug_id(name: str) -> str:
    """The id of a drug by its id or an alias; a name that the formulary does not know as it is."""
    entry = medicine(name)
    return entry.id if entry else name


def ledgers(
    plan: Plan, treatment: Treatment, protocol: Protocol, name: str, transplant: date | None = None
) -> tuple[Ledger, ...]:
    """The ledger of a drug, by id or alias, for each route by which the plan gives it.

    Args:
        transplant: The day of a transplant to which days are counted; None is that of the record.
    """
    from protoplan.planning import ledger

    planned = of(Transplant, treatment.record)
    transplant = transplant or (planned[-1].on if planned else None)

    return ledger.ledgers(plan, protocol, drugs_of(protocol), drug_id(name), transplant)


def difference(
    before: str, after: str, stream: BinaryIO | None = None
) -> PlanDifference | ProtocolDifference:
    """What differs between two treatments or plans, or between two versions of a protocol.

    Args:
        before: ``-``, a path, or a protocol's id.
        after: Likewise.
        stream: Read where one of the two is ``-``.

    Raises:
        WrongUse: If the two are not of kinds that can be compared.
        Faulty: With every problem of a file.
    """
    from protoplan import differing

    def plan(treatment: Treatment, beside: Path | None, as_of: date | None) -> Plan:
        return plan_treatment(treatment, beside=beside, as_of=as_of)

    return differing.difference((before, after), STDIN, stream, plan)


def comparison(refs: Sequence[str], only: Sequence[str] = ()) -> Comparison:
    """Regimens side by side, field by field.

    Args:
        refs: Ids or paths of two protocols or more.
        only: The drugs that are told, by id or alias; none means all.

    Raises:
        WrongUse: If they are fewer than two, if one is named twice, or if none gives a drug.
        Faulty: If one is not found, or is no good.
    """
    from protoplan import differing

    return differing.comparison(refs, [drug_id(name) for name in only])


def listing(stated: Sequence[tuple[str, str]], by: str | None = None) -> Listing:
    """The shipped protocols that have all that is asked for, as `protoplan.listing` finds them."""
    from protoplan import listing as shipped

    return shipped.listing(stated, by)


def exit_code(plan: Plan) -> int:
    """4 for a stop finding, 5 for a plan that is incomplete, else 0."""
    return 4 if plan.stopped else 0 if plan.complete else 5


def schema(kind: str) -> str:
    """The JSON Schema of a kind of file, or of what is printed as JSON, as shipped."""
    return (library.root() / "schemas" / f"{kind}.schema.json").read_text("utf-8")


def run_cases(path: Path, name: str) -> Iterator[tuple[str, list[Problem]]]:
    """Plan each case of a case file and compare it with what it expects.

    Raises:
        Faulty: If the file itself is no good.
    """
    from protoplan.checks import cases

    file = of_kind("case", load(library.Found(path, name)), Place(name, 1, 1))
    for case in file.cases:
        try:
            plan = plan_treatment(case.treatment, beside=path.parent)
            yield case.name, list(cases.check(case, plan, exit_code(plan)))
        except Faulty as wrong:
            yield case.name, list(wrong.problems)


def _by_id(treatment: Treatment) -> Treatment:
    """The treatment with earlier drugs named by their ids; an alias may have been written."""
    if treatment.earlier is None:
        return treatment
    earlier = []
    drugs = medicines(entry.drug for entry in treatment.earlier)
    for entry in treatment.earlier:
        known = drugs[entry.drug]
        if known is None:
            hint = did_you_mean(entry.drug, library.ids("formulary"), SLIP)
            raise fault("PP302", f"drug '{entry.drug}' is not known", entry.at, hint)
        earlier.append(attrs.evolve(entry, drug=known.id))
    return attrs.evolve(treatment, earlier=tuple(earlier))
