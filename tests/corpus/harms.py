"""What a hand or a bad disk does to a file: keys dropped, doubled, misspelt; numbers, units, days off.

Every harm is made from the text alone and in the order of the text, so that the corpus is the same at
every run.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import attrs
import yaml

STEP = 64
AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)( ?[A-Za-z%/][A-Za-z0-9%/^.]*)?")
RANGE = re.compile(r"(-?[0-9]+)-(-?[0-9]+)")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Keys under which a bare number or a range is a day, or a number of days.
DAYS = {"days", "day", "first_day", "window", "around", "by", "in", "cycles"}
#: For each unit one that a hand might write in its place; for any other, and for none, milligrams.
OTHER_UNIT = {
    "mg": "mcg", "mcg": "mg", "g": "mg", "mg/m2": "mg", "g/m2": "mg/m2", "mg/kg": "mg/m2",
    "mcg/day": "mg/day", "units": "mg", "units/m2": "units", "h": "min", "min": "h", "day": "week",
    "days": "weeks", "week": "days", "weeks": "days", "month": "weeks", "months": "weeks",
    "years": "months", "mg/dL": "umol/L", "umol/L": "mg/dL", "U/L": "xULN", "xULN": "U/L", "cm": "m",
    "kg": "lb", "m2": "cm", "mL/min": "mL/min/1.73m2", "10^9/L": "/uL",
}  # fmt: skip


@attrs.frozen
class Entry:
    """One key of a mapping with its value, by the places of their letters in the text."""

    begin: int
    key_end: int
    end: int
    column: int
    in_braces: bool
    keys: tuple[str, ...]


@attrs.frozen
class Scalar:
    """One value, by the places of its letters, with the keys that lead to it."""

    begin: int
    end: int
    keys: tuple[str, ...]


@attrs.frozen
class Anatomy:
    """The text of a file, and where its values and its entries stand."""

    text: str
    values: tuple[Scalar, ...]
    entries: tuple[Entry, ...]

    @property
    def scalars(self) -> tuple[tuple[int, int], ...]:
        """Where values stand, and keys as well."""
        keys = [(entry.begin, entry.key_end) for entry in self.entries]
        return tuple(sorted([*keys, *((one.begin, one.end) for one in self.values)]))


@attrs.frozen
class Harm:
    """One harmed file.

    Attributes:
        kind: One of ``HARMS``.
        what: Where, and what was done.
        keys: The keys that lead to what was harmed; none where the file was cut off.
        text: All of the file.
    """

    kind: str
    what: str
    keys: tuple[str, ...]
    text: str


@cache
def anatomy(path: Path) -> Anatomy:
    """The anatomy of a shipped file."""
    text = path.read_text("utf-8")
    values: list[Scalar] = []
    entries: list[Entry] = []

    def walk(node: yaml.Node, keys: tuple[str, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                begin, end = key.start_mark.index, value.end_mark.index
                end = begin + len(text[begin:end].rstrip())
                below = (*keys, str(key.value))
                entries.append(
                    Entry(
                        begin, key.end_mark.index, end, key.start_mark.column,
                        bool(node.flow_style), below,
                    )
                )  # fmt: skip
                walk(value, below)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                walk(item, keys)
        else:
            values.append(Scalar(node.start_mark.index, node.end_mark.index, keys))

    root = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    assert root is not None
    walk(root, ())
    return Anatomy(text, tuple(values), tuple(entries))


def dropped(whole: Anatomy) -> Iterator[Harm]:
    """Each key out, with its value."""
    for entry in whole.entries:
        rest = whole.text[entry.end :]
        if entry.in_braces:
            rest = rest.lstrip().removeprefix(",")
        yield _of(whole, "dropped", entry, whole.text[: entry.begin] + rest)


def doubled(whole: Anatomy) -> Iterator[Harm]:
    """Each key twice, with its value."""
    for entry in whole.entries:
        again = whole.text[entry.begin : entry.end]
        between = ", " if entry.in_braces else "\n" + " " * entry.column
        text = whole.text[: entry.begin] + again + between + whole.text[entry.begin :]
        yield _of(whole, "doubled", entry, text)


def misspelt(whole: Anatomy) -> Iterator[Harm]:
    """A letter too many in each key."""
    for entry in whole.entries:
        cut = entry.key_end - 1
        yield _of(whole, "misspelt", entry, whole.text[:cut] + "q" + whole.text[cut:])


def _of(whole: Anatomy, kind: str, entry: Entry, text: str) -> Harm:
    """A harm to an entry."""
    line = whole.text.count("\n", 0, entry.begin) + 1
    words = whole.text[entry.begin : entry.end].split("\n")[0][:60]
    return Harm(kind, f"line {line}: {kind} {words}", entry.keys, text)


def cut_off(whole: Anatomy) -> Iterator[Harm]:
    """The file up to every 64th byte."""
    data = whole.text.encode()
    for end in range(0, len(data), STEP):
        yield Harm("cut off", f"cut off at byte {end}", (), data[:end].decode("utf-8", "ignore"))


def _amounts(whole: Anatomy, kind: str, change: Callable[[str, str], str | None]) -> Iterator[Harm]:
    """Each number that stands alone or before a unit, put otherwise."""
    for place in whole.values:
        written = whole.text[place.begin : place.end]
        found = AMOUNT.fullmatch(written)
        new = change(found[1], found[2] or "") if found else None
        if new is not None:
            yield _put(whole, kind, place, new)


def _put(whole: Anatomy, kind: str, place: Scalar, new: str) -> Harm:
    line = whole.text.count("\n", 0, place.begin) + 1
    written = whole.text[place.begin : place.end]
    what = f"line {line}: {'.'.join(place.keys)}: {written} → {new}"
    return Harm(kind, what, place.keys, whole.text[: place.begin] + new + whole.text[place.end :])


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def ten_times(whole: Anatomy) -> Iterator[Harm]:
    """Each number with its point a place to the right."""
    return _amounts(
        whole, "ten times", lambda number, unit: f"{_plain(Decimal(number) * 10)}{unit}"
    )


def a_thousandth(whole: Anatomy) -> Iterator[Harm]:
    """Each number as if the next larger unit stood there."""
    return _amounts(
        whole, "a thousandth", lambda number, unit: f"{_plain(Decimal(number) / 1000)}{unit}"
    )


def comma(whole: Anatomy) -> Iterator[Harm]:
    """Each number with a comma: in place of its point, or with a half behind it."""

    def change(number: str, unit: str) -> str:
        return f"{number.replace('.', ',') if '.' in number else f'{number},5'}{unit}"

    return _amounts(whole, "comma", change)


def other_unit(whole: Anatomy) -> Iterator[Harm]:
    """Each number with another unit; one without a unit gets one."""

    def change(number: str, unit: str) -> str:
        return f"{number} {OTHER_UNIT.get(unit.strip(), 'mg')}"

    return _amounts(whole, "other unit", change)


def day_shifted(whole: Anatomy) -> Iterator[Harm]:
    """Each day, end of a range of days and date, a day earlier or later."""
    for place in whole.values:
        written = whole.text[place.begin : place.end]
        of_days = bool(DAYS & set(place.keys[-2:]))
        if ISO.fullmatch(written):
            for by in (1, -1):
                shifted = date.fromisoformat(written) + timedelta(by)
                yield _put(whole, "day shifted", place, shifted.isoformat())
        elif of_days and re.fullmatch(r"-?[0-9]+", written):
            for by in (1, -1):
                yield _put(whole, "day shifted", place, str(int(written) + by))
        elif of_days and (run := RANGE.fullmatch(written)):
            first, last = int(run[1]), int(run[2])
            for ends in (
                (first + 1, last),
                (first, last + 1),
                (first - 1, last),
                (first, last - 1),
            ):
                yield _put(whole, "day shifted", place, f"{ends[0]}-{ends[1]}")


HARMS: dict[str, Callable[[Anatomy], Iterator[Harm]]] = {
    "dropped": dropped,
    "doubled": doubled,
    "misspelt": misspelt,
    "ten times": ten_times,
    "a thousandth": a_thousandth,
    "comma": comma,
    "other unit": other_unit,
    "day shifted": day_shifted,
    "cut off": cut_off,
}


def harms(path: Path) -> Iterator[Harm]:
    """Every harm to a shipped file; none leaves it as it is."""
    whole = anatomy(path)
    for make in HARMS.values():
        yield from (harm for harm in make(whole) if harm.text != whole.text)
