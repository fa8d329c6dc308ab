"""Puts entries into the text of a treatment file and leaves every other letter as it is.

Text in, text out. What is written is read again here, and must come back as what was to be written,
with everything else as it was; what cannot be done so is refused.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from protoplan.problems import Faulty, Problem, fault
from protoplan.reading.tree import PARSERS, Mapping, Node, Scalar, compose
from protoplan.reading.tree import Sequence as List
from protoplan.source import Place

#: The list that stands last in a treatment file, and to whose end entries are appended.
RECORD = "record"


@attrs.frozen
class Addition:
    """One item for a list at the top level of a file.

    Attributes:
        key: The key of the list, such as ``record`` or ``labs``.
        item: What is to be read there; its lines and columns say nothing.
    """

    key: str
    item: Mapping


@attrs.frozen
class Line:
    """A line that was put in.

    Attributes:
        number: Of the line in the new text, from 1.
        text: Without its line break.
        holds: The item in it; None for a line that holds the key of a new list.
    """

    number: int
    text: str
    holds: Mapping | None


@attrs.frozen
class Appended:
    """The new text.

    Attributes:
        lines: Those that it has and the old text has not, from top to bottom.
    """

    text: str
    lines: tuple[Line, ...]


def appended(text: str, path: str, additions: Sequence[Addition]) -> Appended:
    """The text with each addition as the last item of its list, one line each.

    An item is indented as the items before it. A list that is not there is made: the record at the
    end of the file, another before the record and the comments directly above it. A line break is
    added where the last line has none.

    Args:
        text: Of a treatment file that reads without a problem.
        path: How the file is named in problems.
        additions: In the order in which they are to stand.

    Raises:
        Faulty: If a list is not in block form, the record does not stand last, or what stands at
            its end keeps an item from being read as part of it; with the place.
    """
    page = _Page(text, path)
    new: dict[int, list[tuple[str, Mapping | None]]] = {}
    for key in dict.fromkeys(addition.key for addition in additions):
        index, indent, heading = page.room_for(key)
        rows = new.setdefault(index, [])
        rows += [(heading, None)] if heading else []
        rows += [
            (f"{indent}- {flow(addition.item)}", addition.item)
            for addition in additions
            if addition.key == key
        ]
    made = page.with_lines(new)
    _came_back(page, made.text, additions)
    return made


class _Page:
    """A file's lines with their line breaks, and its lists."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.lines: list[str] = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
        tree = compose(text, path, [])
        if not isinstance(tree, Mapping) or self.at(tree) == "{":
            raise self.refuse("the file is in braces; expected a key at the left of each line", 1)
        self.tree = tree
        self.break_ = next(
            (found[0] for line in self.lines if (found := re.search("[\r\n]+$", line))), "\n"
        )

    def at(self, node: Node) -> str:
        """The letter with which a node begins."""
        return self.lines[node.line - 1][node.column - 1 : node.column]

    def refuse(self, message: str, line: int, column: int = 1) -> Faulty:
        """A problem of the layout."""
        return fault("PP203", message, Place(self.path, line, column))

    def room_for(self, key: str) -> tuple[int, str, str | None]:
        """Where an item of a list goes: before which line, how indented, under which new key."""
        keys = [name.text for name, _ in self.tree.items]
        base = " " * (self.tree.column - 1)
        if key not in keys:
            return self._before_record(key), f"{base}  ", f"{base}{key}:"
        number = keys.index(key)
        name, value = self.tree.items[number]
        if not isinstance(value, List) or self.at(value) != "-" or name.column != self.tree.column:
            message = f"'{key}' is not in block form; expected each entry in a line of its own"
            raise self.refuse(f"{message} that begins with '- '", value.line, value.column)
        after = self.tree.items[number + 1 :]
        if key == RECORD and after:
            last = after[-1][0]
            message = f"'{RECORD}' stands before '{last.text}' (line {last.line}); expected it last"
            raise self.refuse(
                f"{message}, so that entries are appended at the end of the file",
                name.line, name.column,
            )  # fmt: skip
        end = after[0][0].line - 1 if after else len(self.lines)
        index = end if key == RECORD else self._without_remarks(end)
        return index, " " * (value.column - 1), None

    def _before_record(self, key: str) -> int:
        index = next((n.line - 1 for n, _ in self.tree.items if n.text == RECORD), None)
        if index is None or key == RECORD:
            return len(self.lines)
        while index > 0 and self.lines[index - 1].lstrip().startswith("#"):
            index -= 1
        return index

    def _without_remarks(self, index: int) -> int:
        """The end of what stands before a line, less its blank lines and comments."""
        while index > 0 and re.match(r"\s*(#|$)", self.lines[index - 1]):
            index -= 1
        return index

    def with_lines(self, new: dict[int, list[tuple[str, Mapping | None]]]) -> Appended:
        """The text with lines put in before those with these indices."""
        made: list[str] = []
        put: list[Line] = []
        for index in range(len(self.lines) + 1):
            for text, item in new.get(index, ()):
                if made and not made[-1].endswith(("\r", "\n")):
                    made[-1] += self.break_
                made.append(f"{text}{self.break_}")
                put.append(Line(len(made), text, item))
            made += self.lines[index : index + 1]
        return Appended("".join(made), tuple(put))


def _came_back(page: _Page, text: str, additions: Sequence[Addition]) -> None:
    """The new text is read as the old one with the additions, and as nothing else."""
    expected = [(key.text, _plain(value)) for key, value in page.tree.items]
    keys = dict.fromkeys([*(key for key, _ in expected), *(one.key for one in additions)])
    wanted = {key: dict(expected).get(key, []) for key in keys}
    for addition in additions:
        wanted[addition.key] = [*wanted[addition.key], _plain(addition.item)]
    problems: list[Problem] = []
    found: object = None
    try:
        tree = compose(text, page.path, problems)
        found = dict(_plain(tree)) if isinstance(tree, Mapping) else None
    except Faulty as wrong:
        problems = list(wrong.problems)
    if any(problem.code == "PP106" for problem in problems):  # too large, or too long a text
        raise Faulty(problems)
    if problems or found != wanted:
        message = "what stands at the end of the file keeps an entry from being read as part of it"
        raise page.refuse(f"{message}; expected the last entry, comments or blank lines",
                          len(page.lines))  # fmt: skip


def _plain(node: Node) -> Any:
    """A tree without its places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, List):
        return [_plain(item) for item in node.items]
    return [(key.text, _plain(value)) for key, value in node.items]


def flow(node: Mapping) -> str:
    """A mapping in braces on one line, which is read as that mapping; texts and mappings in it."""
    return f"{{{', '.join(_pairs(node))}}}"


def _pairs(node: Mapping) -> Iterator[str]:
    for key, value in node.items:
        if isinstance(value, Mapping):
            yield f"{_word(key.text)}: {flow(value)}"
        else:
            assert isinstance(value, Scalar)
            yield f"{_word(key.text)}: {_word(value.text)}"


#: Words that are no texts in YAML 1.1; `true` is none in a treatment file either.
_OTHERWISE = frozenset(("y", "n", "yes", "no", "on", "off", "false", "null", "~"))


def _word(text: str) -> str:
    """A text in quotes where it would be read as something else without them.

    So are some that we read as they stand, and other programs do not: in YAML 1.1 a text with a
    colon may be a number (10:20 is 620), and `no` is false.
    """
    if ":" not in text and text.lower() not in _OTHERWISE and _reads_as(text, text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _reads_as(written: str, text: str) -> bool:
    """Whether what is written in braces is read as this text alone, by every parser."""
    for parser in PARSERS:
        problems: list[Problem] = []
        try:
            tree = compose(f"[{written} , {{{written}: {written}}}]", "", problems, parser)
        except Faulty:
            return False
        if problems or _plain(tree) != [text, [(text, text)]]:
            return False
    return True
