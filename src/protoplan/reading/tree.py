"""A located tree: text scalars, sequences and mappings, each with the line and column of its start.

YAML's own types are not used: `no` stays the text `no`, `1.10` stays `1.10`, `10:30` stays
`10:30`. Duplicate keys, anchors, aliases, tags, a second document, depth over 24 and files over
1 MB are refused, because each of them can make a file mean something else than it seems to.

PP102: the text is not YAML, is not UTF-8, or holds a character that cannot be seen.

Good: `title: "Cycle 1: first days"`, with quotes around a text that holds a colon and a blank.
Bad: `title: Cycle 1: first days`, which YAML reads as a key in a key.

PP103: a key stands twice in one mapping; YAML would quietly keep the last of the two.

Good: `{dose: 2 mg, days: [1, 8]}`.
Bad: `{dose: 2 mg, dose: 4 mg, days: [1, 8]}`.

PP104: an anchor, an alias or a tag, by which a value stands in one place and acts in another.

Good: `source: [paper, Methods]`, written out in each place.
Bad: `source: &where [paper, Methods]`, and `source: *where` further down.

PP105: a file holds one document; this one holds none, or more than one.

Good: one file for each protocol.
Bad: two protocols in one file, with `---` between them.

PP106: the file is deeper, longer or larger than any that a person would write and check.

Good: a file below 1 MB, whose lists and mappings stand in each other 24 deep at most.
Bad: `[[[[[[…]]]]]]`, brackets in brackets without end.
"""

import re
from collections.abc import Iterator
from typing import Any

import attrs
import yaml

from protoplan.problems import Faulty, Problem, fault
from protoplan.source import Place

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_PROBLEMS = 50
MAX_TEXT = 2_000
MAX_NODES = 100_000

#: Above this many characters a broken file is not read again for the words of the message.
MAX_SECOND_READING = 100_000

# Characters that cannot be seen or that break lines in some programs and not in others: control
# characters, tabs, other line breaks, marks of byte order and of writing direction.
_HIDDEN = re.compile(
    "[\\x00-\\x09\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff"
    "\\ud800-\\udfff\\ufffe\\uffff]"
)


@attrs.frozen
class Scalar:
    """A text as written, never a number, a truth value or a date."""

    text: str
    line: int
    column: int


@attrs.frozen
class Gap(Scalar):
    """Something whose problem is written down already; what is read into it says nothing more."""


@attrs.frozen
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    line: int
    column: int


@attrs.frozen
class Mapping:
    """Keys with their values, in the order they are written."""

    items: tuple[tuple[Scalar, "Node"], ...]
    line: int
    column: int


Node = Scalar | Sequence | Mapping

#: The pure parser is the fallback where the C library is missing; both give the same events of what
#: both read, and each reads a few plain texts that the other refuses.
PARSERS: tuple[type, ...] = (yaml.CLoader, yaml.Loader) if yaml.__with_libyaml__ else (yaml.Loader,)


def compose(text: str, path: str, problems: list[Problem], parser: type = PARSERS[0]) -> Node:
    """Return the tree that *text* writes.

    Args:
        text: The whole file.
        path: How the file is named in problems.
        problems: Receives what is wrong but does not hide the rest, such as a key that stands
            twice (the first of the two is kept).
        parser: The class whose events are read.

    Raises:
        Faulty: If there is no tree to be had: not YAML, more than one document, too large.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise fault("PP106", "the file is larger than 1 MB", Place(path, 1, 1))
    strange = hidden(text)
    if strange is not None:
        message = f"the character U+{ord(text[strange]):04X} may not stand in a text file"
        hint = "write spaces" if text[strange] == "\t" else None
        raise fault("PP102", message, place_in(text, strange, path), hint)
    try:
        return _document(iter(yaml.parse(text, Loader=parser)), path, problems)
    except yaml.MarkedYAMLError as wrong:
        if parser is not PARSERS[-1] and len(text) <= MAX_SECOND_READING:
            # Only the words of the pure parser are printed, so that they are the same everywhere.
            problems.clear()
            return compose(text, path, problems, PARSERS[-1])
        raise Faulty([*problems, _not_yaml(wrong, path)]) from None


def hidden(text: str) -> int | None:
    """Where the first character stands that may not be in a file; None where there is none."""
    found = _HIDDEN.search(text)
    return found.start() if found else None


def place_in(text: str, index: int, path: str) -> Place:
    """Line and column of a character of *text*."""
    before = re.split("\r\n|\r|\n", text[:index])
    return Place(path, len(before), len(before[-1]) + 1)


def _not_yaml(wrong: yaml.MarkedYAMLError, path: str) -> Problem:
    mark = wrong.problem_mark or wrong.context_mark
    if wrong.context_mark and "end of stream" in (wrong.problem or ""):
        mark = wrong.context_mark  # where the quote or bracket was opened that nothing closes
    place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path, 1, 1)
    said = " ".join(part for part in (wrong.context, wrong.problem) if part)
    return Problem(
        "PP102",
        f"this is not YAML: {said}",
        place,
        "check quotes, indentation and the colon of each key",
    )


def _document(events: Iterator[Any], path: str, problems: list[Problem]) -> Node:
    """Read one document from the stream of events and refuse what follows it."""
    next(events)  # the stream's start
    first = next(events)
    if isinstance(first, yaml.StreamEndEvent):
        raise fault("PP105", "the file is empty", Place(path, 1, 1))
    node = _Composer(events, path, problems).node(next(events), 1)
    next(events)  # the document's end
    more = next(events)
    if not isinstance(more, yaml.StreamEndEvent):
        at = Place(path, more.start_mark.line + 1, more.start_mark.column + 1)
        raise Faulty([*problems, Problem("PP105", "a second document begins here", at)])
    return node


class _Composer:
    """Builds nodes from events; holds the stream, the file's name and the problems."""

    def __init__(self, events: Iterator[Any], path: str, problems: list[Problem]) -> None:
        self.events = events
        self.path = path
        self.problems = problems
        self.nodes = 0

    def refuse(self, code: str, message: str, event: Any, hint: str | None = None) -> None:
        mark = event.start_mark
        place = Place(self.path, mark.line + 1, mark.column + 1)
        self.problems.append(Problem(code, message, place, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Faulty(self.problems)

    def node(self, event: Any, depth: int) -> Node:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("PP106", f"the file has more than {MAX_NODES:,} parts", event)
            raise Faulty(self.problems)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(
                "PP104", f"an alias (*{event.anchor}) is not allowed", event, "write the value out"
            )
            return Gap("", line, column)
        if event.anchor is not None:
            self.refuse("PP104", f"an anchor (&{event.anchor}) is not allowed", event)
        if event.tag is not None:
            self.refuse("PP104", f"a tag ({event.tag}) is not allowed", event)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(self.text(event), line, column)
        if depth > MAX_DEPTH:
            self.refuse("PP106", f"the file is nested deeper than {MAX_DEPTH} levels", event)
            raise Faulty(self.problems)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(self.sequence(depth), line, column)
        return Mapping(self.mapping(depth), line, column)

    def text(self, event: Any) -> str:
        """A scalar's text; what an escape has brought into it is looked at again."""
        value: str = event.value
        if len(value) > MAX_TEXT:
            self.refuse(
                "PP106",
                f"a text of {len(value):,} characters stands here; at most "
                f"{MAX_TEXT:,} are allowed",
                event,
            )
            return value[:MAX_TEXT]
        hidden = _HIDDEN.search(value.replace("\t", " "))
        if hidden:
            message = f"the character U+{ord(hidden[0]):04X} may not stand in a text"
            self.refuse("PP102", message, event)
            return _HIDDEN.sub(" ", value)
        return value

    def sequence(self, depth: int) -> tuple[Node, ...]:
        items = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, depth + 1))
        return tuple(items)

    def mapping(self, depth: int) -> tuple[tuple[Scalar, Node], ...]:
        items: dict[str, tuple[Scalar, Node]] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if isinstance(value, Scalar) and not value.text:
                # Nothing is written: the parsers differ on where, so it stands behind its key.
                after = len(key.text) + 1 if isinstance(key, Scalar) else 0
                value = type(value)("", key.line, key.column + after)
            if isinstance(key, Scalar) and key.text != key.text.strip():
                self.refuse("PP203", f"key '{key.text}' begins or ends with a blank", event)
                key = attrs.evolve(key, text=key.text.strip())
            if not isinstance(key, Scalar):
                self.refuse("PP203", "a key must be one word, not a list or a mapping", event)
            elif key.text in items:
                first = items[key.text][0]
                self.refuse(
                    "PP103",
                    f"key '{key.text}' stands twice; first in line {first.line}",
                    event,
                    "keep one of the two",
                )
            else:
                items[key.text] = (key, value)
        return tuple(items.values())
