"""When two values of two protocols mean the same: where they are written and how is passed over."""

from collections.abc import Hashable, Iterable
from typing import Any

import attrs

from protoplan.model.component import Days, Span
from protoplan.model.option import Option
from protoplan.quantity import Quantity
from protoplan.source import Place

_DAYS = {"days": 1, "weeks": 7}


def key_of(value: Any) -> Hashable:
    """What a value means: 0.5 g is 500 mg, days 1-3 are days 1, 2 and 3, 4 weeks are 28 days.

    An option means what it offers, whatever it is called.
    """
    match value:
        case Place():
            return None
        case Quantity():
            return value.dimension, value.in_base()
        case Days():
            return tuple(day for first, last in value.runs for day in range(first, last + 1))
        case Span():
            each = _DAYS.get(value.unit)
            return (value.count * each, "days") if each else (value.count, value.unit)
        case Option():
            return _offered(value)
        case tuple():
            return tuple(key_of(part) for part in value)
    if attrs.has(type(value)):
        fields = (getattr(value, field.name) for field in attrs.fields(type(value)))
        return (type(value).__name__, *(key_of(part) for part in fields))
    plain: Hashable = value
    return plain


def _offered(option: Option) -> Hashable:
    choices = frozenset(key_of(choice.amount or choice.name) for choice in option.choices)
    rest = (option.between, option.days, option.steps, option.default)
    return ("Option", choices, key_of(rest))


def keys_of(values: Iterable[Any]) -> frozenset[Hashable]:
    """What several values mean, in no order."""
    return frozenset(map(key_of, values))
