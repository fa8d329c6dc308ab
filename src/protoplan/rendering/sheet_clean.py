"""Texts as they may be printed: no control characters, nothing that turns the order of letters."""

import unicodedata
from typing import Any, TypeVar, cast

import attrs

T = TypeVar("T")


def clean(text: str) -> str:
    """One line of visible characters; a hidden one is named.

    Line ends and other controls become blanks. What is written from right to left on command
    could show a dose backwards, so that the command itself is printed instead.
    """
    out = []
    for sign in text:
        kind = unicodedata.category(sign)
        if kind in ("Cc", "Zl", "Zp"):
            out.append(" ")
        elif kind in ("Cf", "Cs", "Co", "Cn"):
            out.append(f"<U+{ord(sign):04X}>")
        else:
            out.append(sign)
    return "".join(out)


def cleaned(record: T) -> T:
    """A record with every text in it cleaned."""
    return cast("T", _cleaned(record))


def _cleaned(found: Any) -> Any:
    if isinstance(found, str):
        return clean(found)
    if isinstance(found, tuple):
        return tuple(map(_cleaned, found))
    if isinstance(found, dict):
        return {key: _cleaned(value) for key, value in found.items()}
    if attrs.has(type(found)):
        fields = {
            field.name: _cleaned(getattr(found, field.name)) for field in attrs.fields(type(found))
        }
        return type(found)(**fields)
    return found
