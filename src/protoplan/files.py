"""Finds, reads, joins and checks files: what the library's face stands on.

PP101: the file cannot be read: it is not there, is a folder, or belongs to somebody else.

Good: `protoplan check protocols/pomp.yaml`, a file that is there.
Bad: `protoplan check protocols`, which is a folder.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from protoplan import library
from protoplan.model.catalogue import Catalogue
from protoplan.model.exposure import InputFile
from protoplan.model.formulary import Drug
from protoplan.model.policy import Policy
from protoplan.model.protocol import Fragment, Protocol
from protoplan.problems import Faulty, Problem, did_you_mean, fault
from protoplan.reading.file import decode, read
from protoplan.reading.tree import MAX_BYTES
from protoplan.source import Place


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
        toxicities=tuple(entry for part in parts for entry in part.toxicities),
        indications=tuple(entry for part in parts for entry in part.indications),
    )


@cache
def vocabularies() -> Mapping[str, frozenset[str]]:
    """The words of the formulary and the catalogue."""
    return {
        "drug": frozenset(library.ids("formulary")),
        "fact": frozenset(fact.name for fact in catalogue().facts),
        "lab": frozenset(lab.name for lab in catalogue().labs),
        "toxicity": frozenset(toxicity.name for toxicity in catalogue().toxicities),
        "indication": frozenset(indication.name for indication in catalogue().indications),
    }


@cache
def drug(name: str) -> Drug:
    """The formulary's entry for a drug, by its id."""
    found = library.shipped("formulary", name)
    entry: Drug = load(found, {})[1]
    return entry


def classes() -> frozenset[str]:
    """Every class that the formulary knows."""
    drugs = [drug(name) for name in library.ids("formulary")]
    return frozenset(name for entry in drugs for name, _ in entry.classes)


def names_in_formulary(what: str) -> frozenset[str]:
    """Every ``class`` that the formulary knows, or every name of a ``medicine``."""
    if what == "class":
        return classes()
    entries = [drug(name) for name in library.ids("formulary")]
    return frozenset(name for entry in entries for name in (entry.id, *entry.aliases))


def medicine(name: str) -> Drug | None:
    """The formulary's entry for a medicine, by id or alias in any case; None where it has none."""
    return medicines([name])[name]


def medicines(names: Iterable[str]) -> dict[str, Drug | None]:
    """The same for several; the formulary is looked through once for all of them."""
    known = {entry.lower(): entry for entry in library.ids("formulary")}
    wanted = dict.fromkeys(names)
    if any(name.lower() not in known for name in wanted):
        entries = [drug(entry) for entry in known.values()]
        aliases = {alias.lower(): entry.id for entry in entries for alias in entry.aliases}
        known = {**aliases, **known}
    ids = {name: known.get(name.lower()) for name in wanted}
    return {name: drug(entry) if entry else None for name, entry in ids.items()}


def of_kind(kind: str, loaded: tuple[str, Any], at: Place) -> Any:
    """The model of a file that was read, if it is of the kind that is wanted."""
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
    protocol = whole(of_kind("protocol", load(found), Place(found.name, 1, 1)), found.path)
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


def whole(protocol: Protocol, path: Path) -> Protocol:
    """A protocol with the fragments that it includes."""
    if not protocol.includes:
        return protocol
    from protoplan.reading.fragment import joined

    fragments: dict[str, Fragment] = {}
    for include in protocol.includes:
        found = library.fragment(include.fragment, path.parent)
        if not found.path.is_file():
            known = library.ids("protocol", "fragments")
            hint = did_you_mean(include.fragment, known) or f"known: {', '.join(known)}"
            raise fault("PP404", f"there is no fragment '{include.fragment}'", include.at, hint)
        entry = of_kind("fragment", load(found), Place(found.name, 1, 1))
        if entry.id != include.fragment:
            message = f"the file '{found.name}' holds the fragment '{entry.id}'"
            raise fault("PP310", message, entry.at, f"name the file {entry.id}.yaml")
        fragments[include.fragment] = entry
    return joined(protocol, fragments)


def load_policy(ref: str, at: Place, beside: Path | None = None) -> Policy:
    """Find, read and check a policy by id or path."""
    from protoplan.checks import policies

    found = library.find("policy", ref, at, beside)
    policy: Policy = of_kind("policy", load(found), Place(found.name, 1, 1))
    problems = list(policies.check(policy, drugs_rounded(policy)))
    if problems:
        raise Faulty(problems)
    return policy


def drugs_named(names: Iterable[str]) -> dict[str, Drug]:
    """The formulary's entries for these ids, sorted by id."""
    return {name: drug(name) for name in sorted(set(names))}


def drugs_rounded(policy: Policy) -> dict[str, Drug]:
    """The formulary's entry for every drug that a policy rounds."""
    return drugs_named([*(step.drug for step in policy.steps), *policy.to_vials])


def drugs_of(protocol: Protocol) -> dict[str, Drug]:
    """The formulary's entry for every drug that a protocol gives or names."""
    given = [component.drug for component in protocol.components]
    given += [gift.drug for item in protocol.open_items for gift in item.gives]
    return drugs_named([*given, *(name for rule in protocol.instructions for name in rule.named)])


def layouts(protocol: Protocol) -> Callable[[tuple[tuple[str, str], ...]], Any]:
    """Lays *protocol* out under given answers, each set of answers once."""
    drugs = drugs_of(protocol)

    @cache
    def laid_out(given: tuple[tuple[str, str], ...]) -> Any:
        from protoplan.planning.skeleton import lay_out

        return lay_out(protocol, drugs, dict(given))

    return laid_out


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
    unfit = False
    for check in chosen:
        if unfit and check in checks.LAYOUT:
            continue  # amounts that measure different things cannot be laid out
        found = list(check(scene))
        problems += found
        unfit = unfit or (check is checks.doses.check and bool(found))
        if problems and check is checks.answers.check:
            break  # what cannot be answered cannot be laid out
    if expectations:
        # The whole formulary is read for these; a shipped file was checked before it was shipped.
        problems += checks.rules.names(
            list(checks.answers.conditions_of(protocol)), names_in_formulary
        )
    return list(Faulty(problems).problems)


def listed(path: Path, name: str, what: str) -> list[str]:
    """What a file's figures rest on, a line each: sources, assumptions, contradictions, unverified.

    Raises:
        Faulty: If the file is no good.
    """
    from protoplan.rendering.evidence_text import LISTS

    kind, model = load(library.Found(path, name))
    return list(LISTS[what](whole(model, path) if kind == "protocol" else model))


def names_of(protocol: Protocol) -> dict[str, str]:
    """How each drug of a protocol is printed, by its id."""
    return {name: entry.name for name, entry in drugs_of(protocol).items()}


def inputs_of(protocol: Protocol, policy: Policy, drugs: Mapping[str, Drug]) -> list[InputFile]:
    """The files that a plan is made from besides its protocol and its treatment."""
    files: list[Any] = [("fragment", part) for part in protocol.fragments]
    files += [("policy", policy), *(("catalogue", part) for part in catalogues())]
    files += [("formulary", drugs[name]) for name in sorted(drugs)]
    return [InputFile(kind, entry.id, entry.version, entry.sha256) for kind, entry in files]
