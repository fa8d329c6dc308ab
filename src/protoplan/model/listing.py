"""The protocols that are here, as a person looks for one."""

import attrs


@attrs.frozen
class Drug:
    """A drug of a protocol.

    Attributes:
        id: The word by which every file names it.
        name: As it is printed.
        given: The protocol plans doses of it; else it stands in an open item alone.
    """

    id: str
    name: str
    given: bool


@attrs.frozen
class Publication:
    """A source of a protocol.

    Attributes:
        figures: A figure rests on it; else it is cited only where sources disagree or are silent.
    """

    key: str
    cite: str
    doi: str | None
    figures: bool


@attrs.frozen
class Entry:
    """One protocol.

    Attributes:
        drugs: Those it gives first, in its own order, then those of open items.
        sources: In the order of the file.
    """

    id: str
    version: str
    title: str
    population: str
    indications: tuple[str, ...]
    reviewed: str
    drugs: tuple[Drug, ...]
    sources: tuple[Publication, ...]


@attrs.frozen
class Group:
    """Protocols that have something in common.

    Attributes:
        name: What they have in common: a drug, an indication, the keys of a source.
        about: The same in more words; empty where there are none.
        entries: Each protocol, and what is to be said of it here; empty for nothing.
    """

    name: str
    about: str
    entries: tuple[tuple[Entry, str], ...]


@attrs.frozen
class Asked:
    """What was asked for; a protocol has all of it.

    Attributes:
        drugs: Ids.
        indications: Words of the catalogue.
        sources: Parts of a key or a citation, in any case.
        by: ``drug``, ``indication``, ``source``, or None for no groups.
    """

    drugs: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    by: str | None = None


@attrs.frozen
class Listing:
    """The protocols that were found.

    Attributes:
        groups: One protocol may stand in several; None where no groups were asked for.
        cited: Those that have all else and cite such a source, though no figure rests on it.
    """

    asked: Asked
    entries: tuple[Entry, ...]
    groups: tuple[Group, ...] | None
    cited: tuple[Entry, ...]
