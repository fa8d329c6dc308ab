"""Regimens side by side: how each runs, what each gives, and where their sources disagree.

This is for regimens of different kinds; two versions of one file are told apart by
``comparing/protocols.py``, leaf by leaf.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import attrs

from protoplan.comparing.alike import key_of
from protoplan.comparing.given import CYCLES, Given, giving, labels_of, states
from protoplan.model.comparison import (
    ALIKE,
    DIFFERS,
    Block,
    Cited,
    Comparison,
    Course,
    Disagreement,
    KindLine,
    PhaseLine,
    Regimen,
)
from protoplan.model.component import Where
from protoplan.model.evidence import Contradiction, Source
from protoplan.model.formulary import Drug
from protoplan.model.protocol import Kind, Protocol
from protoplan.source import Citation

#: Who says what the formulary says.
FORMULARY = "formulary"

#: The field of the courses beside their cycles.
LENGTH = "cycle length"


def compare(
    protocols: Sequence[Protocol],
    names: Sequence[str],
    drugs: Mapping[str, Drug],
    only: Collection[str] = (),
) -> Comparison:
    """Set protocols side by side, in their order.

    Args:
        protocols: Two or more, joined with their fragments.
        names: How the user named each.
        drugs: The formulary's entry for every drug that one of them gives.
        only: Ids of the drugs that are told; none means all, and what is about no drug as well.
    """
    regimens = tuple(_regimens(protocols, names))
    labels = [one.label for one in regimens]
    courses = tuple(_course(protocol) for protocol in protocols)
    blocks = tuple(_block(protocols, drugs[drug], route) for drug, route in _routes(protocols))
    told = _disagreements(dict(zip(labels, protocols, strict=True)), blocks, drugs)
    if only:
        blocks = tuple(block for block in blocks if block.drug in only)
        told = tuple(one for one in told if set(one.drugs) & set(only))
    by = {
        label: (protocol.sources, (course, [block.givings[n] for block in blocks]))
        for n, (label, protocol, course) in enumerate(zip(labels, protocols, courses, strict=True))
    }
    sources = _sources(by, told, [drugs[block.drug] for block in blocks])
    return Comparison(regimens, courses, _states(courses), blocks, told, sources)


def _regimens(protocols: Sequence[Protocol], names: Sequence[str]) -> Iterator[Regimen]:
    ids = [protocol.id for protocol in protocols]
    for protocol, name in zip(protocols, names, strict=True):
        yield Regimen(
            label=protocol.id if ids.count(protocol.id) == 1 else name,
            name=name,
            id=protocol.id,
            version=protocol.version,
            title=protocol.title,
            population=protocol.population,
            indications=protocol.indications,
            reviewed=protocol.reviewed,
            sha256=protocol.sha256,
        )


# -- how they run ----------------------------------------------------------------------------------


def _course(protocol: Protocol) -> Course:
    options = {option.name: option for option in protocol.options}
    return Course(
        kinds=tuple(_kind(kind, protocol) for kind in protocol.kinds),
        phases=tuple(
            PhaseLine(phase, options[phase.up_to] if phase.up_to else None)
            for phase in protocol.phases
        ),
        options=protocol.options,
    )


def _kind(kind: Kind, protocol: Protocol) -> KindLine:
    labels = labels_of(Where((kind.name,), None, kind.at), protocol)
    return KindLine(kind.name, kind.title, labels, kind.length, kind.between, kind.grounds)


def _states(courses: Sequence[Course]) -> tuple[tuple[str, str], ...]:
    """Whether cycles of one label are equally long, and whether the same cycles are given."""
    runs = {key_of(tuple(map(_run, course.phases))) for course in courses}
    lengths = [_lengths(course) for course in courses]
    uneven = any(
        one[label] != other[label]
        for one, other in combinations(lengths, 2)
        for label in one.keys() & other.keys()
    )
    return (
        (CYCLES, ALIKE if len(runs) == 1 else DIFFERS),
        (LENGTH, DIFFERS if uneven else ALIKE),
    )


def _run(line: PhaseLine) -> tuple[Any, ...]:
    phase = line.phase
    return (tuple(label for label, _ in phase.cycles), phase.when, line.up_to)


def _lengths(course: Course) -> dict[str, set[Any]]:
    """How long the cycle of each label may be."""
    found: dict[str, set[Any]] = {}
    for kind in course.kinds:
        for label in kind.labels:
            found.setdefault(label, set()).add(key_of((kind.length, kind.between)))
    return found


# -- what they give --------------------------------------------------------------------------------


def _routes(protocols: Sequence[Protocol]) -> list[tuple[str, str]]:
    """Drug and route of all that is given, the routes of a drug together."""
    given = [(one.drug, one.route) for protocol in protocols for one in protocol.components]
    given += [
        (gift.drug, gift.route)
        for protocol in protocols
        for item in protocol.open_items
        for gift in item.gives
    ]
    order = list(dict.fromkeys(drug for drug, _ in given))
    return sorted(dict.fromkeys(given), key=lambda pair: order.index(pair[0]))


def _block(protocols: Sequence[Protocol], drug: Drug, route: str) -> Block:
    givings = tuple(giving(protocol, drug, route) for protocol in protocols)
    givers = [
        Given(one.lines, labels_of(None, protocol))
        for one, protocol in zip(givings, protocols, strict=True)
        if one.lines
    ]
    fields = states(givers) if len(givers) > 1 else ()
    return Block(drug.id, drug.name, route, fields, givings)


# -- where sources disagree ------------------------------------------------------------------------


def _disagreements(
    protocols: Mapping[str, Protocol], blocks: Sequence[Block], drugs: Mapping[str, Drug]
) -> tuple[Disagreement, ...]:
    """Those of the protocols and of the formulary; what several say alike stands once."""
    shown = {block.drug: drugs[block.drug] for block in blocks}
    said = [
        (label, entry, _about(entry, shown))
        for label, protocol in protocols.items()
        for entry in protocol.contradictions
    ]
    said += [
        (FORMULARY, entry, (name,)) for name, drug in shown.items() for entry in drug.contradictions
    ]
    found: dict[object, Disagreement] = {}
    for label, entry, about in said:
        first = found.setdefault(key_of(entry), Disagreement(entry, (), ()))
        found[key_of(entry)] = attrs.evolve(
            first,
            said_by=tuple(dict.fromkeys((*first.said_by, label))),
            drugs=tuple(dict.fromkeys((*first.drugs, *about))),
        )
    return tuple(found.values())


def _about(entry: Contradiction, drugs: Mapping[str, Drug]) -> tuple[str, ...]:
    """The drugs whose doses rest on it; where it names none, those that stand in its text."""
    touched = {
        touch.name if touch.name in drugs else touch.name.rpartition(" ")[0]
        for touch in entry.touches
    }
    if touched:
        return tuple(name for name in drugs if name in touched)
    values = (reading.value for reading in entry.says)
    text = "\n".join((entry.about, *values, entry.chosen, entry.because))
    return tuple(name for name, drug in drugs.items() if drug.named_in(text))


# -- what it stands on -----------------------------------------------------------------------------


def _sources(
    by: Mapping[str, tuple[Sequence[Source], Any]],
    told: Sequence[Disagreement],
    drugs: Sequence[Drug],
) -> tuple[Cited, ...]:
    """Every source that is named, with those that name it; sorted by key."""
    named: list[tuple[str, Source]] = []
    for label, (sources, records) in by.items():
        entries = [one.entry for one in told if label in one.said_by]
        keys = {citation.key for citation in _citations((records, entries))}
        named += [(label, source) for source in sources if source.key in keys]
    for drug in dict.fromkeys(drugs):
        caps = [cap.grounds for cap in drug.caps]
        entries = [one.entry for one in told if drug.id in one.drugs and FORMULARY in one.said_by]
        keys = {citation.key for citation in _citations((entries, caps))}
        whose = f"{FORMULARY} of {drug.id}"
        named += [(whose, source) for source in drug.sources if source.key in keys]
    found: dict[object, list[tuple[str, Source]]] = {}
    for label, source in named:
        key = (source.key, source.doi or source.cite, source.verified)
        found.setdefault(key, []).append((label, source))
    cited = [
        Cited(
            # The same publication, cited at more or less length.
            max((source for _, source in rows), key=lambda one: (len(one.cite), one.cite)),
            tuple(dict.fromkeys(label for label, _ in rows)),
        )
        for rows in found.values()
    ]
    return tuple(sorted(cited, key=lambda one: (one.source.key, one.source.cite)))


def _citations(record: Any) -> Iterator[Citation]:
    """Every citation in a record, for whatever it is cited."""
    if isinstance(record, Citation):
        yield record
    elif isinstance(record, (tuple, list)):
        for part in record:
            yield from _citations(part)
    elif attrs.has(type(record)):
        for field in attrs.fields(type(record)):
            yield from _citations(getattr(record, field.name))
