"""What a file's figures rest on: every source, every assumption, what was not verified."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from protoplan.source import Grounds, Place


def sources(model: object) -> Iterator[str]:
    """Every record with figures, and what it rests on."""
    for at, what, grounds in _grounded(model):
        if grounds.source is not None:
            yield f"{at}: {what}: {grounds.source}"
        for field, citation in grounds.borrowed:
            yield f"{at}: {what}: {field} borrowed from {citation}"


def assumptions(model: object) -> Iterator[str]:
    """Every figure that no source gives."""
    for at, what, grounds in _grounded(model):
        for field, reason in grounds.assumed:
            yield f"{at}: {what}: {field} assumed: {reason}"


def unverified(model: object) -> Iterator[str]:
    """Every figure whose source was not read itself."""
    for at, what, grounds in _grounded(model):
        if grounds.source is not None and not grounds.source.verified:
            yield f"{at}: {what}: {grounds.source}"
        for field, citation in grounds.borrowed:
            if not citation.verified:
                yield f"{at}: {what}: {field} borrowed from {citation}"


def contradictions(model: object) -> Iterator[str]:
    """Every place where sources disagree, with the reading chosen."""
    for entry in getattr(model, "contradictions", ()):
        says = "; ".join(f"{reading.value} ({reading.source})" for reading in entry.says)
        yield f"{entry.at}: {entry.about}: {says}; chosen: {entry.chosen}"


#: What `check` can list, by the name of its flag.
LISTS: dict[str, Callable[[object], Iterator[str]]] = {
    "sources": sources,
    "assumptions": assumptions,
    "contradictions": contradictions,
    "unverified": unverified,
}


def _grounded(model: Any, above: str = "", at: Place | None = None) -> Iterator[Any]:
    """Every record with grounds: its place, what it is, and the grounds."""
    if isinstance(model, tuple):
        for part in model:
            yield from _grounded(part, above, at)
        return
    if isinstance(model, Grounds):
        if model != Grounds():
            yield at, above, model
        return
    if not attrs.has(type(model)) or isinstance(model, Place):
        return
    here = getattr(model, "at", at)
    what = _named(model, above)
    for field in model.__attrs_attrs__:
        yield from _grounded(getattr(model, field.name), what, here)


def _named(record: object, above: str) -> str:
    kind = type(record).__name__.lower()
    for field in ("name", "drug", "about", "text", "hold", "route", "form", "id"):
        value = getattr(record, field, None)
        if isinstance(value, str):
            return f"{kind} {value}"
    return f"{above}, {kind}" if above else kind
