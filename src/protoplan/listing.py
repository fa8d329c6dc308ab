"""Finds the shipped protocols by what they give, what they are for, and what they rest on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from protoplan import library
from protoplan.files import catalogue, drug, load_protocol, medicine, names_in_formulary
from protoplan.model import formulary
from protoplan.model.listing import Asked, Drug, Entry, Group, Listing, Publication
from protoplan.model.protocol import Protocol
from protoplan.problems import SLIP, Faulty, Problem, did_you_mean
from protoplan.reading.quick import PATH
from protoplan.source import Place, citations_in


def listing(stated: Sequence[tuple[str, str]], by: str | None = None) -> Listing:
    """The shipped protocols that have all that is asked for, sorted by id.

    Args:
        stated: ``drug``, ``indication`` or ``source``, each with its value.
        by: What to group by: one of the same words; None for no groups.

    Raises:
        Faulty: If a drug is not in the formulary or a word not in the catalogue.
    """
    asked = asked_for(stated, by)
    drugs = {name: drug(name) for name in library.ids("formulary")}
    protocols = (load_protocol(name, Place("protocols", 1, 1)) for name in library.ids("protocol"))
    return found_among((entry_of(protocol, drugs) for protocol in protocols), asked)


def asked_for(stated: Sequence[tuple[str, str]], by: str | None) -> Asked:
    """What the flags of the command line ask for.

    Args:
        stated: ``drug``, ``indication`` or ``source``, each with its value.
        by: What to group by; None for no groups.

    Raises:
        Faulty: If a drug is not in the formulary or a word not in the catalogue.
    """
    found: dict[str, list[str]] = {"drug": [], "indication": [], "source": []}
    problems = []
    for argument, (flag, value) in enumerate(stated, 1):
        at = Place(PATH, argument, 0)
        problem = _unknown(flag, value, at)
        if problem is not None:
            problems.append(problem)
        elif flag == "drug":
            entry = medicine(value)
            found[flag] += [entry.id] if entry else []
        else:
            found[flag].append(value)
    if problems:
        raise Faulty(problems)
    drugs, indications, sources = (tuple(dict.fromkeys(values)) for values in found.values())
    return Asked(drugs, indications, sources, by)


def _unknown(flag: str, value: str, at: Place) -> Problem | None:
    """What is wrong with the value of a flag."""
    if not value.strip():
        return Problem("PP203", "nothing is written here; a value was expected", at)
    if flag == "drug" and medicine(value) is None:
        hint = did_you_mean(value, names_in_formulary("medicine"), SLIP)
        return Problem("PP302", f"drug '{value}' is not known", at, hint)
    words = [entry.name for entry in catalogue().indications]
    if flag == "indication" and value not in words:
        hint = did_you_mean(value, words) or f"known: {', '.join(sorted(words))}"
        return Problem("PP303", f"indication '{value}' is not known", at, hint)
    return None


def found_among(entries: Iterable[Entry], asked: Asked) -> Listing:
    """Those of *entries* that have all that is asked for, in their order."""
    fitting = [
        entry
        for entry in entries
        if {one.id for one in entry.drugs}.issuperset(asked.drugs)
        and set(entry.indications).issuperset(asked.indications)
    ]
    found = tuple(entry for entry in fitting if _cites(entry, asked, figures=True))
    cited = tuple(
        entry for entry in fitting if entry not in found and _cites(entry, asked, figures=False)
    )
    return Listing(asked, found, grouped(found, asked.by) if asked.by else None, cited)


def _cites(entry: Entry, asked: Asked, *, figures: bool) -> bool:
    """Whether it cites every source that is asked for; with *figures*, for a figure."""
    texts = [
        f"{one.key}\n{one.cite}".lower() for one in entry.sources if one.figures or not figures
    ]
    return all(any(part.lower() in text for text in texts) for part in asked.sources)


def entry_of(protocol: Protocol, drugs: Mapping[str, formulary.Drug]) -> Entry:
    """A protocol as it is looked for.

    Args:
        protocol: Joined with its fragments.
        drugs: The whole formulary; an open item may name any of it in its text.
    """
    given = dict.fromkeys(component.drug for component in protocol.components)
    opened = [
        name
        for item in protocol.open_items
        for name in (
            *(gift.drug for gift in item.gives),
            *(name for name, entry in drugs.items() if entry.named_in(item.text)),
        )
    ]
    return Entry(
        id=protocol.id,
        version=protocol.version,
        title=protocol.title,
        population=protocol.population,
        indications=protocol.indications,
        reviewed=protocol.reviewed,
        drugs=tuple(
            Drug(name, drugs[name].name, name in given) for name in dict.fromkeys((*given, *opened))
        ),
        sources=tuple(_sources(protocol)),
    )


def _sources(protocol: Protocol) -> Iterator[Publication]:
    """Every source; what is cited for a contradiction or a silence alone bears no figure.

    Of fragments only the components that are taken count, and they are among the protocol's own.
    """
    grounds = (
        protocol.options, protocol.kinds, protocol.phases, protocol.includes, protocol.components,
        protocol.totals, protocol.rules, protocol.adopts, protocol.spacing, protocol.limits,
        protocol.instructions, protocol.open_items, protocol.eligibility, protocol.requirements,
        protocol.expect,
    )  # fmt: skip
    cited = {citation.key for citation in citations_in(grounds)}
    for source in protocol.sources:
        yield Publication(source.key, source.cite, source.doi, source.key in cited)


def grouped(entries: Iterable[Entry], by: str) -> tuple[Group, ...]:
    """Protocols under what they have in common, in the order of the alphabet.

    Args:
        entries: Those that were found.
        by: ``drug``, ``indication`` or ``source``.
    """
    return {"drug": _by_drug, "indication": _by_indication, "source": _by_source}[by](
        tuple(entries)
    )


def _by_drug(entries: tuple[Entry, ...]) -> tuple[Group, ...]:
    found: dict[str, list[tuple[Entry, str]]] = {}
    for entry in entries:
        for one in entry.drugs:
            row = (entry, "" if one.given else "as an open item")
            found.setdefault(one.name, []).append(row)
    return tuple(Group(name, "", tuple(found[name])) for name in sorted(found, key=str.lower))


def _by_indication(entries: tuple[Entry, ...]) -> tuple[Group, ...]:
    groups = []
    for word in sorted(catalogue().indications, key=lambda word: word.name):
        rows = tuple((entry, "") for entry in entries if word.name in entry.indications)
        groups += [Group(word.name, word.about, rows)] if rows else []
    rest = tuple((entry, "") for entry in entries if not entry.indications)
    return (*groups, *([Group("none is stated", "", rest)] if rest else []))


def _by_source(entries: tuple[Entry, ...]) -> tuple[Group, ...]:
    """One group for a publication, whatever key each protocol gives it."""
    found: dict[str, list[tuple[Entry, Publication]]] = {}
    for entry in entries:
        for one in entry.sources:
            if one.figures:
                found.setdefault(one.doi or one.cite, []).append((entry, one))
    groups = []
    for rows in found.values():
        keys = ", ".join(dict.fromkeys(one.key for _, one in rows))
        under = tuple((entry, "") for entry in dict.fromkeys(entry for entry, _ in rows))
        groups.append(Group(keys, rows[0][1].cite, under))
    return tuple(sorted(groups, key=lambda group: (group.name.lower(), group.about)))
