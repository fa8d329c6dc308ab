"""Shapes of single values: amounts, days, dates, spans, citations and grounds.

PP204: an amount that cannot be read exactly: its number, its unit, or a unit that does not fit.

Good: `dose: 1.4 mg/m2`.
Bad: `dose: 1,4 mg/m2`, which is read as fourteen in one country and as 1.4 in another.

PP206: days of a cycle that cannot be: day 0, a range that runs backwards, days that fall.

Good: `days: [-1, 1-3, 8]`.
Bad: `days: [0, 3-1]`; day 1 is the first day, and the day before it is day -1.

PP207: a date or a time of day that cannot be, or that two countries read differently.

Good: `start: 2026-03-02`.
Bad: `start: 02.03.2026`.

PP208: a whole number between two bounds was expected, such as hours that divide a day evenly.

Good: `every: 12 h`.
Bad: `every: 5 h`, after which each day would have other times.

PP301: a source is cited by a key that the file does not list under `sources`.

Good: `source: [paper, Methods]` with `paper:` under `sources:`.
Bad: `source: [papr, Methods]`.

PP302: a drug that the formulary does not know; a name that is merely alike is never taken.

Good: `drug: vincristine`.
Bad: `drug: vincristin`.

PP303: a fact, lab, toxicity, option or indication that neither catalogue nor protocol has.

Good: `when: {fact: cd20_percent, at_least: 20}`.
Bad: `when: {fact: cd20_percnt, at_least: 20}`, which would never be known.
"""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

import attrs

from protoplan.model.component import ROUTES, Days, Span
from protoplan.model.evidence import Source
from protoplan.problems import SLIP, did_you_mean
from protoplan.quantity import NotAnAmount, Quantity, number, parse
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    Named,
    OneOf,
    PairsOf,
    Record,
    Refused,
    Word,
    keys_of,
    knowing,
    part,
    text,
)
from protoplan.reading.tree import Node, Scalar, Sequence
from protoplan.source import Citation, Grounds

T = TypeVar("T")


#: Years in which a date of a treatment can lie; a slip of the pen falls outside.
YEARS = (1900, 2199)

route = OneOf(tuple(ROUTES), "route")
drug_name = Word("drug", "drug", "PP302", SLIP)
fact_name = Word("fact", "fact", "PP303")
lab_name = Word("lab", "lab", "PP303")
toxicity_name = Word("toxicity", "toxicity", "PP303")
option_name = Word("option", "option", "PP303")
source_key = Word("source", "source", "PP301")


@attrs.frozen
class Amount:
    """An amount in one of the units that may stand here; none named means any."""

    units: tuple[str, ...] = ()

    def __call__(self, node: Node, log: Log) -> Quantity:
        written = text(node, log)
        try:
            return parse(written, self.units)
        except NotAnAmount as wrong:
            raise log.refuse("PP204", wrong.message, node, wrong.hint) from None


def decimal(node: Node, log: Log) -> Decimal:
    """A plain number."""
    try:
        return number(text(node, log))
    except NotAnAmount as wrong:
        raise log.refuse("PP204", wrong.message, node, wrong.hint) from None


@attrs.frozen
class Whole:
    """A whole number from *low* to *high*."""

    low: int
    high: int

    def __call__(self, node: Node, log: Log) -> int:
        written = text(node, log)
        if not re.fullmatch(r"[0-9]{1,6}", written) or not self.low <= int(written) <= self.high:
            raise log.refuse(
                "PP208", f"'{written}' is not a whole number from {self.low} to {self.high}", node
            )
        return int(written)


def day(node: Node, log: Log) -> date:
    """A date as YYYY-MM-DD."""
    written = text(node, log)
    try:
        dashed = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written)
        found = date.fromisoformat(written if dashed else "")
    except ValueError:
        raise log.refuse(
            "PP207", f"'{written}' is not a date", node, "write year-month-day, such as 2026-03-02"
        ) from None
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise log.refuse(
            "PP207", f"the year of '{written}' lies outside {YEARS[0]} to {YEARS[1]}", node
        )
    return found


def clock(node: Node, log: Log) -> time:
    """A time of day as HH:MM on the 24-hour clock."""
    written = text(node, log)
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", written):
        raise log.refuse(
            "PP207",
            f"'{written}' is not a time of day",
            node,
            "write hours and minutes, such as 08:00",
        )
    return time.fromisoformat(written)


#: The longest length of each unit: ten years.
LONGEST = {"days": 3660, "weeks": 522, "months": 120, "years": 10}


def span(node: Node, log: Log) -> Span:
    """A length of calendar time, such as ``28 days``."""
    written = text(node, log)
    found = re.fullmatch(r"([1-9][0-9]{0,3}) (day|week|month|year)s?", written)
    if not found:
        raise log.refuse(
            "PP204",
            f"'{written}' is not a length of time; expected a whole number "
            "and days, weeks, months or years",
            node,
        )
    length = Span(int(found[1]), found[2] + "s")
    if length.count > LONGEST[length.unit]:
        raise log.refuse("PP204", f"'{length}' is longer than ten years", node)
    return length


def in_days(node: Node, log: Log) -> int:
    """A length of time that must be whole days or weeks, in days; 0 days may stand here."""
    if text(node, log) == "0 days":
        return 0
    length = span(node, log)
    if length.unit not in ("days", "weeks"):
        raise log.refuse("PP204", f"'{length}' is not a number of days", node)
    return length.count * (7 if length.unit == "weeks" else 1)


#: An id or a label.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def name(node: Node, log: Log) -> str:
    """An id or a label: letters, digits, hyphens, points and underscores, no space."""
    written = text(node, log)
    if not NAME.fullmatch(written):
        raise log.refuse("PP205", f"'{written}' is not a name of letters, digits and hyphens", node)
    return written


@attrs.frozen
class AboveNothing:
    """An amount that is more than nothing."""

    shape: Callable[[Node, Log], Quantity]

    def __call__(self, node: Node, log: Log) -> Quantity:
        found = self.shape(node, log)
        if found.value == 0:
            raise log.refuse("PP209", f"{found} is nothing; more than nothing is needed here", node)
        return found


def above_nothing(shape: Callable[[Node, Log], Quantity]) -> AboveNothing:
    """An amount that is more than nothing."""
    return AboveNothing(shape)


def days(node: Node, log: Log) -> Days:
    """Days of a cycle: ``1-3``, ``[2, 8]``, ``[1-4, 11-14]`` or ``every day``."""
    if isinstance(node, Scalar) and node.text == "every day":
        return Days((), log.place(node))
    parts: tuple[Node, ...] = node.items if isinstance(node, Sequence) else (node,)
    if not parts:
        raise log.refuse("PP206", "no day is given", node)
    runs, refused = [], False
    for entry in parts:
        try:
            runs.append(_run(entry, log))
        except Refused:
            refused = True
    if refused:
        raise Refused
    for (_, earlier), (later, _) in pairwise(runs):
        if later <= earlier:
            raise log.refuse("PP206", f"days must rise: {later} stands after {earlier}", node)
    return Days(tuple(runs), log.place(node))


def _run(node: Node, log: Log) -> tuple[int, int]:
    written = text(node, log)
    found = re.fullmatch(r"(-?[0-9]{1,4})(?:\s*[-\u2013]\s*([0-9]{1,4}))?", written)
    if not found:
        raise log.refuse(
            "PP206",
            f"'{written}' is not a day or a range of days",
            node,
            "write a day such as 8 or a range such as 1-3",
        )
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    if first == 0 or last == 0:
        raise log.refuse(
            "PP206",
            "a cycle has no day 0; day 1 is its first day and day -1 the day before it",
            node,
        )
    if last < first:
        raise log.refuse("PP206", f"the range {written} runs backwards", node)
    return first, last


def offset(node: Node, log: Log) -> int:
    """A number of days before (-) or after (+) something; 0 is the same day."""
    written = text(node, log)
    if not re.fullmatch(r"[-+]?[0-9]{1,3}", written):
        raise log.refuse(
            "PP206", f"'{written}' is not an offset in days, such as -1, 0 or +3", node
        )
    return int(written)


def window(node: Node, log: Log) -> tuple[int, int]:
    """The earliest and the latest day, as two offsets."""
    ends = ListOf(offset)(node, log)
    if len(ends) != 2 or not ends[0] <= 0 <= ends[1]:
        raise log.refuse("PP206", "a window is two offsets around the day, such as [-3, +3]", node)
    return ends[0], ends[1]


def citation(node: Node, log: Log) -> Citation:
    """A source of this file and the place in it: ``[kantarjian2023, Discussion]``."""
    if not isinstance(node, Sequence) or len(node.items) != 2:
        raise log.refuse(
            "PP203",
            "a citation is a list of a source and the place in it",
            node,
            'such as [key, "Table 1"]',
        )
    key, locator = source_key(node.items[0], log), text(node.items[1], log)
    return Citation(key, locator, key not in log.words.get("unverified", ()))


def yes_or_no(node: Node, log: Log) -> bool:
    """The words true or false."""
    return OneOf(("true", "false"), "answer")(node, log) == "true"


def with_sources(node: Node, log: Log) -> Log:
    """The log with the keys of the file's own sources, and of those that were not read."""
    section = part(node, "sources")
    doubtful = [
        key for key in keys_of(section) if _says_false(part(part(section, key), "verified"))
    ]
    return knowing(log, source=keys_of(section), unverified=doubtful)


def _says_false(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text == "false"


_SOURCE = Record(Source, "source", {
    "cite": Field(text),
    "doi": Field(text, None),
    "note": Field(text, None),
    "verified": Field(yes_or_no, True),
})  # fmt: skip
sources = Named(_SOURCE, into="key")


def grounds_fields(of: tuple[str, ...]) -> dict[str, Field]:
    """The three keys that say where a record's figures come from.

    Args:
        of: The fields of the record for which its source may be silent.
    """
    field = _FieldName(of)
    return {
        "source": Field(citation, None),
        "assumed": Field(PairsOf(field, text), ()),
        "borrowed": Field(PairsOf(field, citation), ()),
    }


@attrs.frozen
class _FieldName:
    names: tuple[str, ...]

    def __call__(self, node: Node, log: Log) -> str:
        name = text(node, log)
        if name not in self.names:
            raise log.refuse(
                "PP201",
                f"'{name}' is not a field that can be marked here; "
                f"expected {', '.join(self.names)}",
                node,
                did_you_mean(name, self.names),
            )
        return name


def grounded(build: Callable[..., T]) -> Callable[..., T]:
    """A builder that folds ``source``, ``assumed`` and ``borrowed`` into one ``grounds``."""

    def folded(source: Any, assumed: Any, borrowed: Any, **rest: Any) -> T:
        return build(grounds=Grounds(source, assumed, borrowed), **rest)

    return folded


def must_ground(*figures: str) -> Callable[[dict[str, Any]], str | None]:
    """A rule: no figure without a source.

    Args:
        figures: The fields that hold figures; without a source for the whole record, each of
            them must be assumed or borrowed by name.
    """

    def rule(values: dict[str, Any]) -> str | None:
        named = {name for name, _ in (*values["assumed"], *values["borrowed"])}
        if values["source"] is None and not named.issuperset(figures):
            return "gives no source"
        return None

    return rule
