"""Two versions of a protocol compared: every leaf of the two trees, whatever it is called.

The trees are walked without a list of what to look at, so that no field can be forgotten: only
where a value was written, and the file's own hash, are passed over. Rows are paired by what a
reader would call them by.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from protoplan.comparing import amounts
from protoplan.comparing.keys import described, keys_of, word_of
from protoplan.comparing.pairing import grouped
from protoplan.model.difference import ProtocolChange, ProtocolDifference, ProtocolSide
from protoplan.model.protocol import Protocol
from protoplan.quantity import Quantity
from protoplan.source import Place

Path = tuple[str, ...]


def compare(
    before: Protocol, after: Protocol, sides: tuple[str, str], names: Mapping[str, str]
) -> ProtocolDifference:
    """Return all that differs between two versions of a protocol.

    Args:
        before: The first version, joined with its fragments.
        after: The second version, likewise.
        sides: How the user named the two.
        names: How each drug is printed, by its id.
    """
    told: dict[object, ProtocolChange] = {}
    for change in _walk(before, after, (), names):
        # What a fragment says stands among the components of its protocol too.
        tail = change.path[2:] if change.path[:1] == (_FRAGMENT,) else change.path
        told.setdefault((tail, bare(change.before), bare(change.after), change.change), change)
    return ProtocolDifference(
        ProtocolSide(sides[0], before.id, before.version, before.sha256),
        ProtocolSide(sides[1], after.id, after.version, after.sha256),
        tuple(told.values()),
    )


_FRAGMENT = word_of("fragments")


def bare(value: Any) -> Any:
    """A value without the places where it was written and the hashes of files."""
    if isinstance(value, Place):
        return None
    if isinstance(value, tuple):
        return tuple(bare(part) for part in value)
    if attrs.has(type(value)):
        fields = ((name, bare(getattr(value, name))) for name in _fields(value))
        return (type(value).__name__, *fields)
    return value


def _fields(value: Any) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in attrs.fields(type(value))
        if field.name != "sha256" and not isinstance(getattr(value, field.name), Place)
    )


def _walk(
    before: Any, after: Any, path: Path, names: Mapping[str, str]
) -> Iterator[ProtocolChange]:
    if bare(before) == bare(after):
        return
    rows = isinstance(before, tuple) and isinstance(after, tuple)
    if rows and any(_is_row(part) for part in (*before, *after)):
        yield from _rows(before, after, path, names)
    elif type(before) is type(after) and _is_record(before):
        for name in dict.fromkeys((*_fields(before), *_fields(after))):
            word = word_of(name)
            inner = (*path, word) if word else path
            yield from _walk(getattr(before, name), getattr(after, name), inner, names)
    else:
        share = None
        if isinstance(before, Quantity) and isinstance(after, Quantity):
            share = amounts.percent(before, after)
        yield ProtocolChange(path, before, after, share, "changed")


#: Records that are told whole: their parts mean nothing alone.
_WHOLE = frozenset(
    {"Quantity", "Days", "Where", "Span", "Citation", "Repeat", "DoseCap", "OptionRef", "Touch",
     "Named", "Test", "All", "Any", "Not", "Bounds", "Reading"}
)  # fmt: skip


def _is_record(value: Any) -> bool:
    return attrs.has(type(value)) and type(value).__name__ not in _WHOLE


def _is_row(value: Any) -> bool:
    """Whether a part of a tuple can be told apart from the others by a name of its own."""
    pair = isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str)
    return pair or _is_record(value) or type(value).__name__ in {"Touch", "Reading"}


def _rows(
    before: Sequence[Any], after: Sequence[Any], path: Path, names: Mapping[str, str]
) -> Iterator[ProtocolChange]:
    """Rows that are in both, those that came and those that went, and another order."""
    pairs = _paired(before, after)
    old, new = {one for one, _ in pairs}, {other for _, other in pairs}
    for first, second in pairs:
        word = described(before[first], first, names)
        yield from _entry(before[first], after[second], (*path, word), names)
    for n, row in enumerate(before):
        if n not in old:
            yield ProtocolChange((*path, described(row, n, names)), row, None, None, "gone")
    for n, row in enumerate(after):
        if n not in new:
            yield ProtocolChange((*path, described(row, n, names)), None, row, None, "new")
    places = [second for _, second in sorted(pairs)]
    if places != sorted(places):
        was = tuple(described(row, n, names) for n, row in enumerate(before))
        now = tuple(described(row, n, names) for n, row in enumerate(after))
        yield ProtocolChange(path, was, now, None, "order")


def _entry(
    before: Any, after: Any, path: Path, names: Mapping[str, str]
) -> Iterator[ProtocolChange]:
    """A row that is in both; of a name with its value the value is told."""
    if isinstance(before, tuple):
        yield from _walk(before[1], after[1], path, names)
    else:
        yield from _walk(before, after, path, names)


def _paired(before: Sequence[Any], after: Sequence[Any]) -> list[tuple[int, int]]:
    """Rows of both by their keys, from the most exact key to the least; in order within a key."""
    left, right = list(range(len(before))), list(range(len(after)))
    pairs: list[tuple[int, int]] = []
    for level in range(len(keys_of((*before, *after)[0]))):
        old, new = _by_key(before, left, level), _by_key(after, right, level)
        for key, rows in old.items():
            pairs += zip(rows, new.get(key, ()), strict=False)
        firsts, seconds = {one for one, _ in pairs}, {other for _, other in pairs}
        left = [n for n in left if n not in firsts]
        right = [n for n in right if n not in seconds]
    return pairs


def _by_key(rows: Sequence[Any], among: Sequence[int], level: int) -> dict[object, list[int]]:
    def key(n: int) -> object:
        return bare(keys_of(rows[n])[level])

    return grouped(among, key)
