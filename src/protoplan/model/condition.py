"""Conditions as data: small trees that are answered true, false or unknown."""

from decimal import Decimal

import attrs

from protoplan.quantity import Quantity
from protoplan.source import Place


@attrs.frozen
class Bounds:
    """The four words that bound a value; None is open on that side.

    Attributes:
        at_least: The value itself is inside.
        above: The value itself is outside.
        below: The value itself is outside.
        at_most: The value itself is inside.
    """

    at_least: Decimal | Quantity | None = None
    above: Decimal | Quantity | None = None
    below: Decimal | Quantity | None = None
    at_most: Decimal | Quantity | None = None


@attrs.frozen
class Test:
    """One question, about one named thing.

    Attributes:
        asks: ``fact``, ``lab``, ``option``, ``measure``, ``medicine``, ``class``, ``toxicity`` or
            ``worst_toxicity``.
        name: The fact, lab, option, measure, medicine, class or toxicity.
        words: The answers that make it true; empty where bounds are given.
        bounds: The range that makes it true; None where words are given, and of medicines.
        at: Where it is written.
        of: The drug that a toxicity is due to; None is any cause.
    """

    __test__ = False  # not a test case, whatever a collector may think of the name

    asks: str
    name: str
    words: tuple[str, ...]
    bounds: Bounds | None
    at: Place
    of: str | None = None


@attrs.frozen
class All:
    """True when every part is."""

    parts: tuple["Condition", ...]


@attrs.frozen
class Any:
    """True when at least one part is."""

    parts: tuple["Condition", ...]


@attrs.frozen
class Not:
    """True when its part is false; unknown stays unknown."""

    part: "Condition"


Condition = Test | All | Any | Not


def tests_in(condition: "Condition | None") -> tuple[Test, ...]:
    """Every question that stands in *condition*, in the order it is written."""
    if condition is None:
        return ()
    if isinstance(condition, Test):
        return (condition,)
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    return tuple(test for part in parts for test in tests_in(part))
