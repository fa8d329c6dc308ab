"""The JSON Schema of each kind of file, for editors: drawn from the tables of the readers.

A schema sees less than the reader. It knows keys, shapes, units and words, and nothing of keys that
do not go together, of names that the file itself brings, or of days that lie outside their cycle.
`protoplan check` has the last word.
"""

import re
from collections.abc import Callable, Collection
from collections.abc import Mapping as Lookup
from typing import Any

import attrs

from protoplan.quantity import pattern
from protoplan.reading.case import _FILE
from protoplan.reading.catalogue import _CATALOGUE
from protoplan.reading.file import READERS
from protoplan.reading.formulary import _DRUG
from protoplan.reading.fragment import _FRAGMENT
from protoplan.reading.policy import _POLICY
from protoplan.reading.protocol import _PROTOCOL
from protoplan.reading.schema_shapes import (
    DECLARED,
    Schema,
    either,
    integer,
    listed,
    written,
)
from protoplan.reading.shapes import REQUIRED, ListOf, Named, OneOf, PairsOf, Record, Word, text
from protoplan.reading.treatment import _TREATMENT, Answers, OrNone
from protoplan.reading.values import AboveNothing, Amount, Whole, _FieldName

#: Kind of file and the record that its reader fills.
FILES: dict[str, Record[Any]] = {
    "protocol": _PROTOCOL,
    "fragment": _FRAGMENT,
    "formulary": _DRUG,
    "catalogue": _CATALOGUE,
    "policy": _POLICY,
    "treatment": _TREATMENT,
    "case": _FILE,
}


class NoSchema(TypeError):
    """A shape of which nobody has said what its schema is."""


@attrs.frozen
class Walk:
    """One walk over the tables of a kind of file.

    Attributes:
        words: Vocabularies of the formulary and the catalogue: ``drug``, ``fact``, ``lab``.
        meanings: What each key means, by the name of its record and the key.
        definitions: What was drawn so far, by name.
        drawn: The shapes that have a definition, each with its name.
    """

    words: Lookup[str, Collection[str]]
    meanings: Lookup[tuple[str, str], str]
    definitions: dict[str, Schema] = attrs.field(factory=dict)
    drawn: list[tuple[Any, str]] = attrs.field(factory=list)

    def of(self, shape: Any) -> Schema:
        """The schema of a shape; records and functions are drawn once and referred to.

        Raises:
            NoSchema: If the shape is of a kind that is not known here, or a function that is not
                declared.
        """
        if type(shape) in _BY_TYPE:
            return _BY_TYPE[type(shape)](shape, self)
        if isinstance(shape, Word):
            if shape.vocabulary not in self.words:
                return self.of(text)
            return self._defined(
                shape.vocabulary, shape, lambda: listed(sorted(self.words[shape.vocabulary]))
            )
        if isinstance(shape, Record):
            return self._defined(shape.calls, shape, lambda: self.whole(shape))
        if shape in DECLARED:
            name = shape.__name__.strip("_")
            return self._defined(name, shape, lambda: DECLARED[shape](self))
        called = getattr(shape, "__qualname__", None) or repr(shape)
        raise NoSchema(f"declare the schema of {called} in DECLARED of schema_shapes.py")

    def whole(self, record: Record[Any], **more: Schema) -> Schema:
        """The schema of a record itself, where it stands.

        Args:
            record: The table of its keys.
            more: Keys that the reader takes away before it reads the record; they must be there.
        """
        fields = {key: self.of(field.shape) for key, field in record.fields.items()}
        described = {
            key: {**schema, "description": self.meanings[record.calls, key]}
            if (record.calls, key) in self.meanings
            else schema
            for key, schema in fields.items()
        }
        required = [key for key, field in record.fields.items() if field.default is REQUIRED]
        drawn: Schema = {"title": record.calls, "type": "object"}
        if more or required:
            drawn["required"] = [*more, *required]
        return {**drawn, "properties": {**more, **described}, "additionalProperties": False}

    def keyed(self, key: Any, value: Schema) -> Schema:
        """A mapping with names for keys; known names are spelt out, so that editors offer them."""
        names = self.names(key)
        if names is None:
            return {"type": "object", "propertyNames": self.of(key), "additionalProperties": value}
        return {
            "type": "object",
            "properties": dict.fromkeys(names, value),
            "additionalProperties": False,
        }

    def names(self, shape: Any) -> tuple[str, ...] | None:
        """The words that a shape takes, where they are a known list."""
        if isinstance(shape, OneOf):
            return shape.words
        if isinstance(shape, _FieldName):
            return shape.names
        if isinstance(shape, Word) and shape.vocabulary in self.words:
            return tuple(sorted(self.words[shape.vocabulary]))
        return None

    def _defined(self, called: str, shape: Any, draw: Callable[[], Schema]) -> Schema:
        """A reference to the definition of *shape*; two shapes of one name are numbered."""
        for known, name in self.drawn:
            if known is shape or (isinstance(shape, Word) and known == shape):
                return {"$ref": f"#/definitions/{name}"}
        slug = re.sub(r"[\s_]+", "-", called)
        name, number = slug, 1
        while name in self.definitions:
            number += 1
            name = f"{slug}-{number}"
        self.drawn.append((shape, name))
        self.definitions[name] = {}  # takes the name before its parts are drawn
        self.definitions[name] = draw()
        return {"$ref": f"#/definitions/{name}"}


def _list(shape: ListOf[Any], walk: Walk) -> Schema:
    item = walk.of(shape.item)
    many: Schema = {"type": "array", "items": item}
    return either(item, many) if shape.single else many


def _or_none(shape: OrNone, walk: Walk) -> Schema:
    return either({"const": "none"}, {**walk.of(shape.shape), "minItems": 1})


_BY_TYPE: dict[type, Callable[[Any, Walk], Schema]] = {
    ListOf: _list,
    PairsOf: lambda shape, walk: walk.keyed(shape.key, walk.of(shape.value)),
    Named: lambda shape, walk: {
        "type": "object",
        "propertyNames": {"pattern": r"\S"},
        "additionalProperties": walk.of(shape.record),
    },
    Answers: lambda shape, walk: walk.keyed(shape.name, walk.of(text)),
    OneOf: lambda shape, walk: listed(shape.words),
    _FieldName: lambda shape, walk: listed(shape.names),
    Whole: lambda shape, walk: integer(shape.low, shape.high, "[0-9]{1,6}"),
    Amount: lambda shape, walk: written(pattern(shape.units)),
    AboveNothing: lambda shape, walk: walk.of(shape.shape),
    OrNone: _or_none,
}


def schema(
    kind: str,
    words: Lookup[str, Collection[str]],
    meanings: Lookup[tuple[str, str], str],
) -> Schema:
    """The JSON Schema (draft 2020-12) of a kind of file, in words that draft-07 knows too.

    Args:
        kind: A kind of file, such as ``protocol``.
        words: The vocabularies ``drug``, ``fact`` and ``lab``; one that is absent is not checked.
        meanings: What a key means, by the name of its record and the key.

    Raises:
        NoSchema: If a shape of the reader's tables has no schema.
    """
    walk = Walk(words, meanings)
    line = next(line for line, (known, _) in READERS.items() if known == kind)
    drawn = walk.whole(FILES[kind], format={"const": line})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{kind}.schema.json",
        **drawn,
        "definitions": dict(sorted(walk.definitions.items())),
    }
