"""The reader of fragments, and how a protocol takes their components for its own."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from protoplan.model.component import Component, Sig
from protoplan.model.evidence import Source
from protoplan.model.protocol import Fragment, Include, Protocol
from protoplan.problems import SLIP, Faulty, Problem, did_you_mean
from protoplan.reading.components import COMPONENT
from protoplan.reading.shapes import Field, ListOf, Log, Record, knowing, text, without
from protoplan.reading.tree import Node
from protoplan.reading.values import name, sources, with_sources
from protoplan.source import Citation, Grounds

_FRAGMENT = Record(Fragment, "fragment", {
    "id": Field(name),
    "version": Field(text),
    "title": Field(text),
    "reviewed": Field(text),
    "sources": Field(sources),
    "components": Field(ListOf(COMPONENT)),
})  # fmt: skip


def fragment(node: Node, log: Log, sha256: str) -> Fragment:
    """Read a whole fragment, which can ask for no option: it does not know the protocol's."""
    own = knowing(with_sources(node, log), option=())
    return _FRAGMENT(without(node, "format"), own, sha256=sha256)


def joined(protocol: Protocol, fragments: Mapping[str, Fragment]) -> Protocol:
    """Return the protocol with what it includes, in front of its own components.

    Args:
        fragments: By id, one for each include of the protocol.

    Raises:
        Faulty: If a version, a component, a kind of cycle or a source does not fit.
    """
    problems: list[Problem] = []
    taken: list[Component] = []
    known = {source.key: source for source in protocol.sources}
    for include in protocol.includes:
        found = fragments[include.fragment]
        problems += [*_wrong(include, found, protocol), *_strange_sources(include, found, known)]
        for source in found.sources:
            known.setdefault(source.key, source)
        rows = [row for row in found.components if row.name in include.gives]
        taken += [_borrowed(row, include) for row in rows]
    if problems:
        raise Faulty(problems)
    used = tuple(fragments[include.fragment] for include in protocol.includes)
    return attrs.evolve(
        protocol,
        components=(*taken, *protocol.components),
        sources=tuple(known.values()),
        fragments=used,
    )


def _wrong(include: Include, found: Fragment, protocol: Protocol) -> Iterator[Problem]:
    if include.version != found.version:
        message = (
            f"version {include.version} of fragment {found.id} is asked for, and "
            f"{found.version} is here"
        )
        hint = "read what changed, then ask for the version that is here"
        yield Problem("PP404", message, include.at, hint)
    names = [row.name for row in found.components]
    for wanted in include.gives:
        if wanted not in names:
            hint = did_you_mean(wanted, names, SLIP) or f"it has {', '.join(names)}"
            message = f"fragment {found.id} does not give {wanted}"
            yield Problem("PP304", message, include.at, hint)
    cycles = {kind.name for kind in protocol.kinds}
    cycles |= {label for phase in protocol.phases for label, _ in phase.cycles}
    for row in found.components:
        if row.name in include.gives:
            yield from _strange_cycles(row, found, cycles, include)


def _strange_cycles(
    row: Component, found: Fragment, cycles: set[str], include: Include
) -> Iterator[Problem]:
    wheres = [row.where, *(sig.where for sig in row.sigs)]
    for wanted in dict.fromkeys(cycle for where in wheres if where for cycle in where.names):
        if wanted not in cycles:
            message = (
                f"fragment {found.id} gives {row.name} in '{wanted}', and the protocol has no "
                "such kind of cycle or label"
            )
            yield Problem("PP304", message, include.at)


def _strange_sources(
    include: Include, found: Fragment, known: Mapping[str, Source]
) -> Iterator[Problem]:
    """A key that means one publication in the fragment and another before it."""
    for source in found.sources:
        own = known.get(source.key)
        if own is not None and (own.cite, own.doi) != (source.cite, source.doi):
            message = f"source '{source.key}' is another one in fragment {found.id}: {source.cite}"
            here = own.at.path == include.at.path
            hint = None if here else f"an earlier fragment has it for {own.cite}"
            yield Problem("PP310", message, own.at if here else include.at, hint)


def _borrowed(row: Component, include: Include) -> Component:
    """The component on the protocol's own word, its figures marked as borrowed."""
    if include.grounds.source is None:
        return row
    sigs = tuple(_borrowed_sig(sig, row.grounds, include) for sig in row.sigs)
    grounds = attrs.evolve(row.grounds, source=include.grounds.source)
    return attrs.evolve(row, sigs=sigs, grounds=grounds)


#: Every figure of a sig besides its dose or rate and its days; what is not stated is not borrowed.
_MORE = ("begins", "every", "doses", "over", "repeat", "cap", "ramp", "window")


def _borrowed_sig(sig: Sig, whole: Grounds, include: Include) -> Sig:
    source = sig.grounds.source or whole.source
    grounds = (*sig.grounds.assumed, *sig.grounds.borrowed, *whole.assumed, *whole.borrowed)
    marked = {field for field, _ in grounds}
    stated = [field for field in _MORE if getattr(sig, field) is not None]
    days = ["days"] if sig.days is not None else []
    figures = ("dose" if sig.rate is None else "rate", *days, *stated, "route")
    more: Sequence[tuple[str, Citation]] = [
        (field, source) for field in figures if source is not None and field not in marked
    ]
    own = Grounds(include.grounds.source, sig.grounds.assumed, (*sig.grounds.borrowed, *more))
    return attrs.evolve(sig, grounds=own)
