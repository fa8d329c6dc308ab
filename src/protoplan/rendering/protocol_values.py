"""Any value of a protocol in words, for those who compare two of them."""

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from protoplan.model.component import DoseCap, Repeat
from protoplan.model.condition import All, Bounds, Not, Test
from protoplan.model.condition import Any as AnyOf
from protoplan.model.evidence import Reading, Touch
from protoplan.model.option import OptionRef
from protoplan.model.rule import Named
from protoplan.quantity import Quantity, printed
from protoplan.rendering.conditions_text import answer_text, condition_text, grounds_text
from protoplan.source import Grounds, Place

#: Fields that say what a row is called, which its path says already.
_NAMES = frozenset({"id", "key", "name", "about", "drug", "route", "where"})

#: Of these, the ones that a path spells out: a drug by its printed name, a route in full.
_SPELLED = frozenset({"drug", "route"})


def row(value: Any, path: Sequence[str]) -> str:
    """A row that is new or gone, without what its path says already.

    Args:
        value: A record, or a name with its value.
        path: From the whole to this row, in words.
    """
    if isinstance(value, tuple):
        return words(value[1])
    if not attrs.has(type(value)) or type(value).__name__ in {"Reading", "Touch"}:
        return words(value)
    return "; ".join(_fields(value, path[-1])) or words(value)


def words(value: Any) -> str:
    """A value as it is printed; ``nothing`` where nothing stands."""
    match value:
        case None | ():
            return "nothing"
        case int():
            whole = str(value).replace("-", "−")
            return {True: "yes", False: "no"}[value] if isinstance(value, bool) else whole
        case Quantity():
            return value.text()
        case Decimal():
            return printed(value)
        case Enum():
            return str(value.value)
        case Test() | All() | AnyOf() | Not():
            return condition_text(value)
        case Bounds():
            return answer_text(Test("", "", (), value, Place("", 0, 0)))
        case Grounds():
            return grounds_text(value) or "nothing"
        case tuple():
            return ", ".join(map(_part, value))
    return _record(value)


def _part(value: Any) -> str:
    """A part of a row; a name with its value as the two are read."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
        return f"{value[0]}: {words(value[1])}"
    if isinstance(value, tuple) and len(value) == 2:
        return f"{words(value[0])} to {words(value[1])}"
    return words(value)


def _record(value: Any) -> str:
    match value:
        case OptionRef():
            return f"as chosen: {value.option}"
        case DoseCap():
            return value.dose.text() if value.dose else "none, as is stated"
        case Repeat():
            return f"every {value.every} for {value.lasting}"
        case Reading():
            return f"{value.value} ({value.source})"
        case Named():
            return f"as the policy picks: {words(value.of)} ({value.choice})"
        case Touch():
            cycles = f" in {words(value.cycles)}" if value.cycles else ""
            return f"{value.name}{cycles}" + (f", days {words(value.days)}" if value.days else "")
    if not attrs.has(type(value)) or "__str__" in vars(type(value)):
        return str(value)
    return "; ".join(_fields(value))


def _fields(value: Any, known: str = "") -> list[str]:
    """What stands in a record that is told whole, each under its own word."""
    told = []
    for field in attrs.fields(type(value)):
        inner = getattr(value, field.name)
        if isinstance(inner, Place) or inner in (None, (), False) or field.name == "sha256":
            continue
        text = words(inner)
        if field.name in _NAMES and (text in known or (known and field.name in _SPELLED)):
            continue
        if text != "nothing":
            told.append(text if field.name == "sigs" else f"{_word(field.name)} {text}")
    return told


def _word(field: str) -> str:
    return {"grounds": "source", "where": "cycles", "when": "condition"}.get(
        field, field.replace("_", " ")
    )
