"""Joins the rooms: the library's face. It takes texts, paths and records and returns records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import attrs

from protoplan import library
from protoplan.model.catalogue import Catalogue
from protoplan.model.formulary import Drug
from protoplan.model.plan import InputFile, Ledger, Plan
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.problems import SLIP, Faulty, Problem, did_you_mean, fault
from protoplan.reading.file import decode, read
from protoplan.reading.quick import PATH, as_of_flag, quick
from protoplan.reading.tree import MAX_BYTES
from protoplan.source import Place

#: How standard input is named in problems.
STDIN = "standard input"


def load(found: library.Found, words: Mapping[str, Iterable[str]] | None = None) -> tuple[str, Any]:
    """Read one file of whatever kind: its kind and its model.

    Raises:
        Faulty: With every problem of the file.
    """
    try:
        with found.path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # one more than is allowed tells that it is too large
    except OSError as wrong:
        said = wrong.strerror or type(wrong).__name__
        raise fault("PP101", f"the file cannot be read: {said}", Place(found.name, 1, 1)) from None
    return load_text(decode(data, found.name), found.name, words)


def load_text(
    text: str, name: str, words: Mapping[str, Iterable[str]] | None = None
) -> tuple[str, Any]:
    """Read the text of one file, named *name* in problems."""
    vocabulary = words if words is not None else vocabularies()
    return read(text, name, {key: frozenset(value) for key, value in vocabulary.items()})


@cache
def catalogues() -> tuple[Catalogue, ...]:
    """The shipped catalogues."""
    return tuple(
        load(library.shipped("catalogue", name), {})[1] for name in library.ids("catalogue")
    )


@cache
def catalogue() -> Catalogue:
    """The shipped catalogues as one."""
    parts = catalogues()
    return attrs.evolve(
        parts[0],
        facts=tuple(fact for part in parts for fact in part.facts),
        labs=tuple(lab for part in parts for lab in part.labs),
    )


@cache
def vocabularies() -> Mapping[str, frozenset[str]]:
    """The words of the formulary and the catalogue."""
    return {
        "drug": frozenset(library.ids("formulary")),
        "fact": frozenset(fact.name for fact in catalogue().facts),
        "lab": frozenset(lab.name for lab in catalogue().labs),
    }


@cache
def drug(name: str) -> Drug:
    """The formulary's entry for a drug, by its id."""
    found = library.shipped("formulary", name)
    entry: Drug = load(found, {})[1]
    return entry


def _classes() -> frozenset[str]:
    """Every class that the formulary knows."""
    drugs = [drug(name) for name in library.ids("formulary")]
    return frozenset(name for entry in drugs for name, _ in entry.classes)


def medicine(name: str) -> Drug | None:
    """The formulary's entry for a medicine, by id or alias; None where it has none."""
    if name in library.ids("formulary"):
        return drug(name)
    entries = (drug(known) for known in library.ids("formulary"))
    return next((entry for entry in entries if name in entry.aliases), None)


def _of_kind(kind: str, loaded: tuple[str, Any], at: Place) -> Any:
    if loaded[0] != kind:
        raise fault("PP107", f"a {kind} was expected, this is a {loaded[0]}", at)
    return loaded[1]


def load_protocol(ref: str, at: Place, beside: Path | None = None) -> Protocol:
    """Find, read and check a protocol by id, ``id@version`` or path.

    A file given by path is also laid out under every one of its expectations: an edited copy is
    where a slip is likeliest.

    Raises:
        Faulty: If it is not found, or has any problem.
    """
    name, _, version = ref.partition("@")
    found = library.find("protocol", name, at, beside)
    protocol: Protocol = _of_kind("protocol", load(found), Place(found.name, 1, 1))
    if version and version != protocol.version:
        raise fault(
            "PP404", f"version {version} of {name} is asked for, and {protocol.version} is here", at
        )
    # A shipped file was laid out under all its expectations before it was shipped.
    problems = check_protocol(
        protocol, expectations=found.path != library.shipped("protocol", name).path
    )
    if problems:
        raise Faulty(problems)
    return protocol


def load_policy(ref: str, at: Place, beside: Path | None = None) -> Policy:
    """Find, read and check a policy by id or path."""
    from protoplan.checks import policies

    found = library.find("policy", ref, at, beside)
    policy: Policy = _of_kind("policy", load(found), Place(found.name, 1, 1))
    problems = list(policies.check(policy, _drugs(step.drug for step in policy.steps)))
    if problems:
        raise Faulty(problems)
    return policy


def _drugs(names: Iterable[str]) -> dict[str, Drug]:
    return {name: drug(name) for name in sorted(set(names))}


def drugs_of(protocol: Protocol) -> dict[str, Drug]:
    """The formulary's entry for every drug that a protocol gives or names."""
    given = [component.drug for component in protocol.components]
    given += [gift.drug for item in protocol.open_items for gift in item.gives]
    return _drugs([*given, *(name for rule in protocol.instructions for name in rule.named)])


def layouts(protocol: Protocol) -> Callable[[tuple[tuple[str, str], ...]], Any]:
    """Lays *protocol* out under given answers, each set of answers once."""
    from protoplan.planning.skeleton import lay_out

    return cache(lambda given: lay_out(protocol, dict(given)))


def check_protocol(protocol: Protocol, *, expectations: bool = True) -> list[Problem]:
    """Every problem of a protocol that was read.

    Args:
        protocol: As it was read.
        expectations: Also lay it out under every set of expected answers.
    """
    from protoplan import checks
    from protoplan.checks.scene import ProtocolScene

    scene = ProtocolScene(protocol, drugs_of(protocol), catalogue(), layouts(protocol))
    chosen = checks.PROTOCOL if expectations else checks.QUICK
    problems: list[Problem] = []
    for check in chosen:
        problems.extend(check(scene))
        if problems and check is checks.answers.check:
            break  # what cannot be answered cannot be laid out
    return list(Faulty(problems).problems)


def check_file(path: Path, name: str) -> list[Problem]:
    """Every problem of a file of whatever kind, read and checked as deeply as it can be."""
    try:
        kind, model = load(library.Found(path, name))
        return _CHECKS[kind](model, path)
    except Faulty as wrong:
        return list(wrong.problems)


def listed(path: Path, name: str, what: str) -> list[str]:
    """What a file's figures rest on, a line each: sources, assumptions, contradictions, unverified.

    Raises:
        Faulty: If the file is no good.
    """
    from protoplan.rendering.evidence_text import LISTS

    return list(LISTS[what](load(library.Found(path, name))[1]))


def _check_formulary(entry: Drug, path: Path) -> list[Problem]:
    from protoplan.checks import formularies

    return list(formularies.check(entry, path.stem))


def _check_policy(policy: Policy, path: Path) -> list[Problem]:
    from protoplan.checks import policies

    return list(policies.check(policy, _drugs(step.drug for step in policy.steps)))


def _check_treatment(treatment: Treatment, path: Path) -> list[Problem]:
    plan_treatment(treatment, beside=path.parent)
    return []


_CHECKS: dict[str, Callable[[Any, Path], list[Problem]]] = {
    "protocol": lambda model, path: check_protocol(model),
    "formulary": _check_formulary,
    "catalogue": lambda model, path: [],
    "policy": _check_policy,
    "treatment": _check_treatment,
    "case": lambda model, path: [],
}


def plan_treatment(
    treatment: Treatment, protocol: Protocol | None = None, beside: Path | None = None
) -> Plan:
    """Plan one treatment: find its protocol and policy, check what is stated, lay it out.

    Args:
        treatment: As read or as given on the command line.
        protocol: Where it is loaded already.
        beside: The folder from which paths in the treatment are taken.

    Raises:
        Faulty: With every problem of the treatment, or of a file it names.
    """
    from protoplan.checks import treatments
    from protoplan.planning.conditions import known
    from protoplan.planning.pipeline import Surroundings, make_plan

    chosen = protocol or load_protocol(treatment.protocol, treatment.protocol_at, beside)
    policy = load_policy(treatment.policy, treatment.policy_at, beside)
    answers = {entry.name: entry.value for entry in treatment.options}
    problems = list(treatments.check(treatment, chosen, policy, catalogue(), tuple(answers)))
    if any(entry.classes for entry in treatment.medicines or ()):
        problems += treatments.classes(treatment, _classes())
    if not problems:
        facts = {entry.name: entry.value for entry in treatment.facts}
        applies = tuple(known(chosen.options, answers, facts).options)
        problems = list(treatments.check(treatment, chosen, policy, catalogue(), applies))
    if problems:
        raise Faulty(problems)
    treatment = _by_id(treatment)
    taken = {entry.drug: medicine(entry.drug) for entry in treatment.medicines or ()}
    drugs = drugs_of(chosen)
    around = Surroundings(
        policy=policy,
        drugs=drugs,
        medicines={name: entry for name, entry in taken.items() if entry is not None},
        medicine_names=library.ids("formulary"),
        catalogue=catalogue(),
        inputs=_inputs(policy, drugs),
    )
    return make_plan(chosen, treatment, around)


class WrongUse(Exception):
    """The command line asks for something that does not go together."""


def target(
    ref: str, stated: Sequence[tuple[str, str]], stream: BinaryIO | None = None
) -> tuple[Treatment, Protocol, Path | None]:
    """Find what TARGET means: a treatment file, or a protocol with the quick form.

    Args:
        ref: ``-``, an existing path (its format line decides), or a protocol's id.
        stated: Flags of the quick form with their values.
        stream: Read where *ref* is ``-``.

    Returns:
        The treatment, its protocol, and the folder from which its paths are taken.

    Raises:
        WrongUse: If flags of the quick form stand beside a treatment file.
        Faulty: If a file or a flag is no good.
    """
    path = Path(ref)
    kind: str = "protocol"
    model: Any = None
    if stream is not None:
        kind, model = load_text(decode(stream.read(MAX_BYTES + 1), STDIN), STDIN)
    elif _is_file(path):
        kind, model = load(library.Found(path, ref))
    if kind == "treatment":
        return _of_file(ref, model, stated, path.parent if stream is None else None)
    if kind != "protocol" or stream is not None:
        raise WrongUse(f"{ref} is a {kind} file; a treatment or a protocol can be planned")
    here = Place(PATH, 0, 1)
    bare = model is not None and "/" not in ref and not ref.endswith((".yaml", ".yml"))
    protocol = load_protocol(f"./{ref}" if bare else ref, here)
    return quick(ref, stated, vocabularies()), protocol, None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long to be one
        return False


def _of_file(
    ref: str, treatment: Treatment, stated: Sequence[tuple[str, str]], beside: Path | None
) -> tuple[Treatment, Protocol, Path | None]:
    """A treatment file, with the day of the plan and the policy as the command line has them."""
    for argument, (flag, value) in enumerate(stated, 1):
        if flag == "as-of":
            treatment = attrs.evolve(treatment, as_of=as_of_flag(value, argument))
        elif flag == "policy":
            # A path on the command line is taken from where one stands, not from the treatment.
            path = Path(value)
            named = str(path.absolute()) if _is_file(path) else value
            at = Place(PATH, argument, 0)
            treatment = attrs.evolve(treatment, policy=named, policy_at=at)
        else:
            raise WrongUse(f"{ref} is a treatment file; state --{flag} in it instead")
    return treatment, load_protocol(treatment.protocol, treatment.protocol_at, beside), beside


def drug_id(name: str) -> str:
    """The id of a drug by its id or an alias; a name that the formulary does not know as it is."""
    entry = medicine(name)
    return entry.id if entry else name


def names_of(protocol: Protocol) -> dict[str, str]:
    """How each drug of a protocol is printed, by its id."""
    return {name: entry.name for name, entry in drugs_of(protocol).items()}


def ledgers(plan: Plan, treatment: Treatment, protocol: Protocol, name: str) -> tuple[Ledger, ...]:
    """The ledger of a drug, by id or alias, for each route by which the plan gives it."""
    from protoplan.planning import ledger

    facts = {fact.name: fact.value for fact in treatment.facts}
    return ledger.ledgers(plan, protocol, drug_id(name), facts)


def exit_code(plan: Plan) -> int:
    """4 for a stop finding, 5 for a plan that is incomplete, else 0."""
    return 4 if plan.stopped else 0 if plan.complete else 5


def schema(kind: str) -> str:
    """The JSON Schema of a kind of file, or of the ``plan`` as JSON, as it is shipped."""
    return (library.root() / "schemas" / f"{kind}.schema.json").read_text("utf-8")


def run_cases(path: Path, name: str) -> Iterator[tuple[str, list[Problem]]]:
    """Plan each case of a case file and compare it with what it expects.

    Raises:
        Faulty: If the file itself is no good.
    """
    from protoplan.checks import cases

    file = _of_kind("case", load(library.Found(path, name)), Place(name, 1, 1))
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
    for entry in treatment.earlier:
        known = medicine(entry.drug)
        if known is None:
            hint = did_you_mean(entry.drug, library.ids("formulary"), SLIP)
            raise fault("PP302", f"drug '{entry.drug}' is not known", entry.at, hint)
        earlier.append(attrs.evolve(entry, drug=known.id))
    return attrs.evolve(treatment, earlier=tuple(earlier))


def _inputs(policy: Policy, drugs: Mapping[str, Drug]) -> list[InputFile]:
    files: list[Any] = [("policy", policy), *(("catalogue", part) for part in catalogues())]
    files += [("formulary", drugs[name]) for name in sorted(drugs)]
    return [InputFile(kind, entry.id, entry.version, entry.sha256) for kind, entry in files]
