"""What may stand in a file, as data: shapes that read a node into a value or say what is wrong.

A shape is called with a node and the log. It returns the value, or it writes a problem to the log
and raises `Refused`; lists and records go on with their other parts, so that one reading gives
every problem of a file.

PP201: a key that is not known here, most often a slip or one that belongs a level higher or lower.

Good: `components:`.
Bad: `component:`, which would otherwise be passed over with all its doses.

PP202: a key that must be there is missing.

Good: `- {date: 2026-03-01, creatinine: 0.9 mg/dL}`.
Bad: `- {creatinine: 0.9 mg/dL}`, a value of which nobody knows the day.

PP203: something of another shape was expected: a list, a mapping, or one value.

Good: `sigs: [{dose: 2 mg, days: [1, 8]}]`, a list of one.
Bad: `sigs: {dose: 2 mg, days: [1, 8]}`.

PP205: a word that is not one of the few that may stand here.

Good: `route: IV`.
Bad: `route: iv`.

PP209: each key is known, and they cannot stand together, or one lacks another.

Good: `{rate: 28 mcg/day, days: 5-28}`.
Bad: `{rate: 28 mcg/day, dose: 28 mcg, days: 5-28}`, which is either the one or the other.

PP210: a blank of the form that `protoplan new` prints is not filled in.

Good: `title: Mini-hyper-CVD`.
Bad: `title: FILL title`.

PP305: a figure without a source; what no source prints stands under `assumed` with its reason.

Good: `source: [paper, Table 1]`, or `assumed: {route: not printed}`.
Bad: a component with neither.
"""

import re
from collections.abc import Callable, Collection
from collections.abc import Mapping as Lookup
from itertools import pairwise
from typing import Any, Generic, TypeVar

import attrs

from protoplan.problems import Problem, did_you_mean
from protoplan.quantity import NotAnAmount, parse
from protoplan.reading.tree import Gap, Mapping, Node, Scalar, Sequence
from protoplan.source import Place

T = TypeVar("T")
Shape = Callable[[Node, "Log"], T]


class Refused(Exception):
    """A part of the file is no good; what is wrong with it already stands in the log."""


@attrs.frozen
class Log:
    """What a reading needs to know and what it found.

    Attributes:
        path: The file's name for people.
        words: Vocabularies: ``drug``, ``fact``, ``lab``, and of the file itself ``source``,
            ``option``, ``kind``, ``label``. A vocabulary that is absent is not checked.
        problems: What was found to be wrong, so far.
    """

    path: str
    words: Lookup[str, Collection[str]]
    problems: list[Problem]

    def place(self, node: Node) -> Place:
        """Where *node* begins."""
        return Place(self.path, node.line, node.column)

    def refuse(self, code: str, message: str, node: Node, hint: str | None = None) -> Refused:
        """Write a problem down; the caller raises what this returns."""
        self.problems.append(Problem(code, message, self.place(node), hint))
        return Refused()


def kind_of(node: Node) -> str:
    """What *node* is, in words."""
    return {Scalar: "one value", Sequence: "a list", Mapping: "a mapping"}[type(node)]


#: The word that marks a blank in the forms that ``protoplan new`` prints. Nothing that still holds
#: it is read as a value, a title no more than a dose.
BLANK = "FILL"


def text(node: Node, log: Log) -> str:
    """A text that is not empty, on one line, without control characters and blanks."""
    if not isinstance(node, Scalar):
        raise log.refuse("PP203", f"one value was expected, {kind_of(node)} was found", node)
    value = " ".join(node.text.split())
    if not value:
        raise log.refuse("PP203", "nothing is written here; a value was expected", node)
    if not value.isprintable():
        raise log.refuse("PP203", "a control character stands in this text", node)
    if BLANK in value and re.search(rf"\b{BLANK}\b", value):
        raise log.refuse("PP210", f"a blank is not filled in: '{value}'", node)
    return value


@attrs.frozen
class Word:
    """One word of a vocabulary.

    Attributes:
        vocabulary: Its key in the log's words.
        calls: What such a word is called in a problem.
        code: The problem's code.
        likeness: How like a known word it must be to be suggested, from 0 to 1.
    """

    vocabulary: str
    calls: str
    code: str
    likeness: float = 0.6

    def __call__(self, node: Node, log: Log) -> str:
        word = text(node, log)
        known = log.words.get(self.vocabulary)
        if known is not None and word not in known:
            raise log.refuse(self.code, f"{self.calls} '{word}' is not known", node,
                             did_you_mean(word, known, self.likeness))  # fmt: skip
        return word


@attrs.frozen
class OneOf:
    """One of a few words, fixed by the language."""

    words: tuple[str, ...]
    calls: str

    def __call__(self, node: Node, log: Log) -> str:
        word = text(node, log)
        if word not in self.words:
            hint = did_you_mean(word, self.words)
            raise log.refuse("PP205", f"{self.calls} '{word}' is not known; "
                             f"expected {', '.join(self.words)}", node, hint)  # fmt: skip
        return word


@attrs.frozen
class ListOf(Generic[T]):
    """A list; where *single* is set, one value may stand for a list of one."""

    item: Shape[T]
    single: bool = False

    def __call__(self, node: Node, log: Log) -> tuple[T, ...]:
        if self.single and not isinstance(node, Sequence):
            return (self.item(node, log),)
        if not isinstance(node, Sequence):
            raise log.refuse("PP203", f"a list was expected, {kind_of(node)} was found", node)
        return all_of([(self.item, item) for item in node.items], log)


def all_of(parts: list[tuple[Shape[T], Node]], log: Log) -> tuple[T, ...]:
    """Read every part before giving up on any."""
    values, refused = [], False
    for shape, node in parts:
        if isinstance(node, Gap):
            refused = True
            continue
        try:
            values.append(shape(node, log))
        except Refused:
            refused = True
    if refused:
        raise Refused
    return tuple(values)


@attrs.frozen
class PairsOf(Generic[T]):
    """A mapping with keys of the file's own choosing, as pairs.

    Attributes:
        key: The shape of a key.
        value: The shape of what stands under it.
    """

    key: Shape[str]
    value: Shape[T]

    def __call__(self, node: Node, log: Log) -> tuple[tuple[str, T], ...]:
        named = {key.text: (key, value) for key, value in entries_of(node, log)}
        split = comma_split(named, log)
        entries = [entry for name, entry in named.items() if name not in split]
        keys = all_of([(self.key, key) for key, _ in entries], log)
        values = all_of([(self.value, value) for _, value in entries], log)
        if split:
            raise Refused
        return tuple(zip(keys, values, strict=True))


def comma_split(entries: dict[str, tuple[Scalar, Node]], log: Log) -> set[str]:
    """Keys whose value has a comma in it: in braces YAML splits `1,4 mg` there.

    What stands after the comma is taken out of *entries*, so that one slip is one problem.
    """
    found = set()
    for (name, (_, whole)), (rest, (_, nothing)) in pairwise(list(entries.items())):
        if not isinstance(whole, Scalar) or not isinstance(nothing, Scalar):
            continue
        if whole.text.isdecimal() and rest[:1].isdecimal() and not nothing.text:
            _refuse_comma(name, f"{whole.text},{rest}", whole, log)
            found.add(name)
            del entries[rest]
    return found


def _refuse_comma(name: str, written: str, node: Node, log: Log) -> None:
    if name == "days":
        message = f"'{written}' is not a day or a range of days"
        listed = written.replace(",", ", ")
        log.refuse("PP206", message, node, f"write days as a list, such as [{listed}]")
        return
    message = f"'{written}' is not an amount: a comma stands in the number"
    try:
        parse(written)
    except NotAnAmount as wrong:
        log.refuse("PP204", message, node, wrong.hint)


def entries_of(node: Node, log: Log) -> tuple[tuple[Scalar, Node], ...]:
    """Keys and values of a mapping."""
    if not isinstance(node, Mapping):
        raise log.refuse("PP203", f"a mapping was expected, {kind_of(node)} was found", node)
    return node.items


#: The default of a key that has none: the key must be there.
REQUIRED = object()


@attrs.frozen
class Field:
    """One key of a record.

    Attributes:
        shape: What may stand under it.
        default: What holds when it is absent; `REQUIRED` where nothing does.
        into: The name of the attribute, where it is not the key itself.
    """

    shape: Shape[Any]
    default: Any = REQUIRED
    into: str | None = None


@attrs.frozen
class Record(Generic[T]):
    """A mapping with known keys that becomes one record of the model.

    Attributes:
        build: Called with one argument a field, and ``at``.
        calls: What the record is called in problems.
        fields: Key and field, in the order of the documentation.
        rule: Says what is wrong with keys that do not go together; returns a message or None.
    """

    build: Callable[..., T]
    calls: str
    fields: dict[str, Field]
    rule: Callable[[dict[str, Any]], str | None] | None = None

    def __call__(self, node: Node, log: Log, **given: Any) -> T:
        entries = {key.text: (key, value) for key, value in entries_of(node, log)}
        split = comma_split(entries, log)
        refused = self._unknown_keys(entries, log) or bool(split)
        values: dict[str, Any] = {}
        for key, field in self.fields.items():
            found = entries.get(key)
            if key in split:
                continue
            if found is not None and isinstance(found[1], Gap):
                refused = True
                continue
            if found is not None:
                try:
                    values[field.into or key] = field.shape(found[1], log)
                except Refused:
                    refused = True
            elif field.default is REQUIRED:
                code = "PP305" if key == "source" else "PP202"
                message = "gives no source" if key == "source" else f"lacks the key '{key}'"
                log.refuse(code, f"{self.calls} {message}", node)
                refused = True
            else:
                values[field.into or key] = field.default
        if refused:
            raise Refused
        wrong = self.rule(values) if self.rule else None
        if wrong:
            code = "PP305" if wrong.endswith("no source") else "PP209"
            raise log.refuse(code, f"{self.calls} {wrong}", node)
        return self.build(**values, **given, at=log.place(node))

    def _unknown_keys(self, entries: dict[str, tuple[Scalar, Node]], log: Log) -> bool:
        strange = [key for name, (key, _) in entries.items() if name not in self.fields]
        for key in strange:
            hint = did_you_mean(key.text, self.fields) or f"known: {', '.join(self.fields)}"
            log.refuse("PP201", f"{self.calls} has no key '{key.text}'", key, hint)
        return bool(strange)


@attrs.frozen
class Named(Generic[T]):
    """A mapping from names to records; the name becomes an attribute of the record."""

    record: Record[T]
    into: str = "name"
    key: Shape[str] = text

    def __call__(self, node: Node, log: Log) -> tuple[T, ...]:
        return all_of([(self._with(key), value) for key, value in entries_of(node, log)], log)

    def _with(self, key: Node) -> Shape[T]:
        def read(node: Node, log: Log) -> T:
            try:
                name = self.key(key, log)
            except Refused:
                self.record(node, log, **{self.into: ""})  # what is wrong below it is told as well
                raise
            return self.record(node, log, **{self.into: name})

        return read


def without(node: Node, *keys: str) -> Node:
    """The mapping less some keys, such as the format line that was read before."""
    if not isinstance(node, Mapping):
        return node
    return attrs.evolve(node, items=tuple(item for item in node.items if item[0].text not in keys))


def part(node: Node | None, key: str) -> Node | None:
    """What stands under *key*, before anything is known to be right."""
    items = node.items if isinstance(node, Mapping) else ()
    return next((value for name, value in items if name.text == key), None)


def keys_of(node: Node | None) -> list[str]:
    """The keys of a mapping, before anything is known to be right."""
    return [key.text for key, _ in node.items] if isinstance(node, Mapping) else []


def knowing(log: Log, **words: Collection[str]) -> Log:
    """The log with further vocabularies."""
    return attrs.evolve(log, words={**log.words, **words})
