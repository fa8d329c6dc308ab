"""Schemas that no shipped file shows: without the vocabularies, and of words that are numbers."""

import re
from typing import Any

import pytest

from protoplan.reading import policy, record
from protoplan.reading.schema import NoSchema, Walk
from protoplan.reading.schema_shapes import listed


def test_a_word_that_an_editor_reads_as_something_else_is_listed_as_both() -> None:
    """In YAML `7` is a number and `true` a truth value, and `07` is no number as it is written."""
    assert {"enum": ["0", 0, "07", "7", 7, "10", 10, "-1", "1.5", "true", True, "no", "false", False]} == (
        listed(["0", "07", "7", "10", "-1", "1.5", "true", "no", "false"])
    )  # fmt: skip


def drawn(shape: Any, **words: tuple[str, ...]) -> Any:
    """The definition of a function among the shapes."""
    walk = Walk(words, {})
    reference = walk.of(shape)["$ref"]
    return walk.definitions[reference.removeprefix("#/definitions/")]


def test_without_a_vocabulary_a_step_is_of_any_drug() -> None:
    (pattern,) = drawn(policy.steps)["patternProperties"]

    assert [True, True, False, False] == [
        re.search(pattern, key) is not None for key in ("beta", " beta  IV ", "beta iv", "")
    ]
    assert {} == drawn(policy.steps)["properties"]


def test_with_a_vocabulary_a_step_is_of_a_drug_that_is_known() -> None:
    schema = drawn(policy.steps, drug=("beta", "alpha"))
    (pattern,) = schema["patternProperties"]

    assert ["alpha", "beta"] == list(schema["properties"])
    assert [True, True, False, False] == [
        re.search(pattern, key) is not None for key in ("beta", "alpha IT", "gamma", "beta x")
    ]


def test_a_toxicity_is_written_with_lines_or_blanks_and_is_any_word_without_a_vocabulary() -> None:
    assert {"enum": ["a_b_c", "rash", "a b c"]} == drawn(
        record.toxicity, toxicity=("rash", "a_b_c")
    )
    assert {"type": ["string", "number", "boolean"], "pattern": r"\S"} == drawn(record.toxicity)


@pytest.mark.parametrize(
    ("shape", "called"), [(drawn, "drawn"), (re.compile("x"), "re.compile('x')")]
)
def test_a_shape_that_is_not_declared_is_named(shape: Any, called: str) -> None:
    with pytest.raises(NoSchema) as wrong:
        Walk({}, {}).of(shape)

    assert f"declare the schema of {called} in DECLARED of schema_shapes.py" == str(wrong.value)
