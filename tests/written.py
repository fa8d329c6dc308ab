"""One value as it stands in a file, read by its shape: what it means, or what is wrong with it."""

from collections.abc import Collection
from typing import Any

import pytest

from protoplan.problems import Problem
from protoplan.reading.shapes import Log, Refused, Shape
from protoplan.reading.tree import Node, compose
from protoplan.source import Place

PATH = "x.yaml"

#: Where a text begins.
START = Place(PATH, 1, 1)


def at(column: int, line: int = 1) -> Place:
    """A place further on."""
    return Place(PATH, line, column)


def log_with(**words: Collection[str]) -> Log:
    """An empty log that knows these words; a vocabulary that is not named is not checked."""
    return Log(PATH, words, [])


def node_of(text: str) -> Node:
    """The tree of a text in which nothing is wrong."""
    problems: list[Problem] = []
    node = compose(text, PATH, problems)

    assert [] == problems
    return node


def value(shape: Shape[Any], text: str, **words: Collection[str]) -> Any:
    """What a text means."""
    log = log_with(**words)
    found = shape(node_of(text), log)

    assert [] == log.problems
    return found


def said(shape: Shape[Any], text: str, **words: Collection[str]) -> list[str]:
    """What is wrong with a text: whole messages, in the order in which they are found."""
    log = log_with(**words)
    with pytest.raises(Refused):
        shape(node_of(text), log)

    return [str(problem) for problem in log.problems]


def line(code: str, message: str, hint: str | None = None, column: int = 1) -> list[str]:
    """The one problem of a text, as it is printed."""
    told = f"{PATH}:1:{column}: error: {message} [{code}]"
    return [told if hint is None else f"{told}\n    hint: {hint}"]


def means(shape: Shape[Any], text: str, meant: object) -> None:
    """Assert what a text means, and of what type that is: 1, True and Decimal(1) are equal."""
    found = value(shape, text)

    assert (type(meant), meant) == (type(found), found)
