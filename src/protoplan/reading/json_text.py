"""JSON as text: what may not stand in a plan is refused, and every part knows where it stands.

A float has already lost what was written, a key that stands twice hides one of its values, and a
character that cannot be seen can turn a line around: none of them is read.

PP108: a plan that was printed as JSON is no JSON any more, or holds a float or a key twice.

Good: `"value": "1.1"`, a text that holds an exact number.
Bad: `"value": 1.1`, which has been read and written by another program.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

import attrs

from protoplan.problems import Problem, fault
from protoplan.quantity import NBSP, UNITS, Quantity
from protoplan.source import Place

T = TypeVar("T")

#: Room for a course of 30,000 doses at 2,000 bytes each; a file above it is not read.
MAX_PLAN_BYTES = 64_000_000

#: So many problems of one file say enough.
MAX_PROBLEMS = 50

#: Longer than any whole number of a plan.
_LONGEST_INTEGER = 9

#: Digits and point of a decimal; the sums of a plan have fewer.
_LONGEST_DECIMAL = 34

_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")

#: What stands for a moment that could not be read.
_NEVER = datetime.combine(date.min, time())


class _Unfit(ValueError):
    """Something that JSON allows and a plan does not hold."""


def parse(text: str, path: str) -> Any:
    """Return the data that *text* writes.

    Args:
        text: All of it; at most `MAX_PLAN_BYTES` bytes as UTF-8.
        path: How the file is named in problems.

    Raises:
        Faulty: If it is no JSON, too large, too deep, or holds a float or a key twice.
    """
    top = Place(path, 1, 1)
    if len(text) > MAX_PLAN_BYTES or len(text.encode("utf-8", "replace")) > MAX_PLAN_BYTES:
        raise fault("PP106", "the file is larger than 64 MB", top)
    try:
        return json.loads(
            text,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as wrong:
        at = Place(path, wrong.lineno, wrong.colno)
        hint = "it may have been cut off; write the plan anew"
        raise fault("PP108", f"this is not JSON: {wrong.msg}", at, hint) from None
    except _Unfit as wrong:
        raise fault("PP108", str(wrong), top) from None
    except RecursionError:
        raise fault("PP106", "the file is nested too deeply", top) from None


def _no_float(written: str) -> NoReturn:
    message = f'the number {written[:40]} stands there bare; amounts are texts, such as "1.1"'
    raise _Unfit(message)


def _integer(written: str) -> int:
    if len(written) > _LONGEST_INTEGER:
        raise _Unfit(f"the whole number {written[:40]} is too large")
    return int(written)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    hidden = next((name for name in found if not seen(name)), None)
    if hidden is not None:
        raise _Unfit(f"the key '{_shown(hidden)}' is empty or holds what cannot be seen")
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unfit(f"the key '{_shown(twice)}' stands twice")
    return found


def _shown(value: Any) -> str:
    """A value as a problem quotes it: short, and without what cannot be seen."""
    written = value if isinstance(value, str) else json.dumps(value)
    plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in written)
    return plain if len(plain) <= 60 else f"{plain[:60]}…"


@attrs.frozen
class Log:
    """What a reading found to be wrong, so far."""

    path: str
    problems: list[Problem]

    def refuse(self, code: str, where: str, message: str) -> None:
        """Write a problem down; the reading goes on with a stand-in."""
        if len(self.problems) < MAX_PROBLEMS:
            at = Place(self.path, 0, 0)
            self.problems.append(Problem(code, f"{where}: {message}", at))


@attrs.frozen
class Part:
    """One object of the file.

    What is no good is written to the log, and a stand-in is returned: the log decides in the end
    whether anything of this is used.

    Attributes:
        where: Its path within the file, such as ``administrations[3]``.
    """

    data: dict[str, Any]
    where: str
    log: Log

    def path(self, key: str) -> str:
        """The path of what stands under *key*."""
        return f"{self.where}.{key}" if self.where else key

    def _get(self, key: str, expected: str, fits: Callable[[Any], bool], missing: Any) -> Any:
        """What stands under *key*; *missing* where it is no good."""
        if key not in self.data:
            self.log.refuse("PP202", self.where or "the plan", f"lacks the key '{key}'")
            return missing
        value = self.data[key]
        if not fits(value):
            message = f"{expected} was expected, {_shown(value)} was found"
            self.log.refuse("PP203", self.path(key), message)
            return missing
        return value

    def has(self, key: str) -> bool:
        """Whether anything but null stands under *key*."""
        return self.data.get(key) is not None

    def text(self, key: str) -> str:
        """A text that is not empty."""
        return self._written(key) or "?"

    def _written(self, key: str) -> str | None:
        """The text under *key*; None where it is no good."""
        value: str | None = self._get(key, "a text", _is_text, None)
        return value

    def text_or_none(self, key: str) -> str | None:
        """A text, or null; null as well where the key is absent."""
        return self.text(key) if self.has(key) else None

    def whole(self, key: str) -> int:
        """A whole number."""
        value: int = self._get(key, "a whole number", _is_whole, 0)
        return value

    def whole_or_none(self, key: str) -> int | None:
        """A whole number, or null; null as well where the key is absent."""
        return self.whole(key) if self.has(key) else None

    def truth(self, key: str) -> bool:
        """True or false."""
        value: bool = self._get(key, "true or false", lambda v: isinstance(v, bool), False)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""

        def fits(value: Any) -> bool:
            return isinstance(value, list) and all(map(_is_text, value))

        return tuple(self._get(key, "a list of texts", fits, ()))

    def day(self, key: str) -> date:
        """A date, ``2026-03-02``."""
        return self._read(key, "a date such as 2026-03-02", _date, date.min)

    def day_or_none(self, key: str) -> date | None:
        """A date, or null; null as well where the key is absent."""
        return self.day(key) if self.has(key) else None

    def moment(self, key: str) -> datetime:
        """A date and time by the site's clock, ``2026-03-02T10:00:00``."""
        return self._read(key, "a moment such as 2026-03-02T10:00:00", _moment, _NEVER)

    def moment_or_none(self, key: str) -> datetime | None:
        """A moment, or null; null as well where the key is absent."""
        return self.moment(key) if self.has(key) else None

    def decimal(self, key: str) -> Decimal:
        """An exact decimal, which is a text."""
        return self._read(key, "an exact decimal as text", _decimal, Decimal(0))

    def decimal_or_none(self, key: str) -> Decimal | None:
        """An exact decimal, or null; null as well where the key is absent."""
        return self.decimal(key) if self.has(key) else None

    def _read(self, key: str, expected: str, read: Callable[[str], T], missing: T) -> T:
        written = self._written(key)
        if written is None:
            return missing
        try:
            return read(written)
        except ValueError:
            message = f"{expected} was expected, '{_shown(written)}' was found"
            self.log.refuse("PP207" if "-" in expected else "PP204", self.path(key), message)
            return missing

    def unit(self, key: str) -> str:
        """A unit of the closed list."""
        written = self._written(key)
        if written is not None and written not in UNITS:
            self.log.refuse("PP204", self.path(key), f"unit '{_shown(written)}' is not known")
        return written if written in UNITS else "mg"

    def amount(self, key: str) -> Quantity:
        """Value and unit."""
        part = self.part(key)
        return Quantity(Decimal(0), "mg") if part is None else _amount(part)

    def amount_or_none(self, key: str) -> Quantity | None:
        """Value and unit, or null; null as well where the key is absent."""
        return self.amount(key) if self.has(key) else None

    def part(self, key: str) -> "Part | None":
        """The object under *key*; None where it is no good."""
        value = self._get(key, "an object", lambda v: isinstance(v, dict), None)
        return None if value is None else Part(value, self.path(key), self.log)

    def parts(self, key: str) -> Iterator["Part"]:
        """Each object of the list under *key*."""
        values = self._get(key, "a list", lambda v: isinstance(v, list), [])
        for index, value in enumerate(values):
            where = f"{self.path(key)}[{index}]"
            if isinstance(value, dict):
                yield Part(value, where, self.log)
            else:
                message = f"an object was expected, {_shown(value)} was found"
                self.log.refuse("PP203", where, message)

    def others(self, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """Every key that is not *known*, with what stands there as JSON."""
        return tuple(
            (key, json.dumps(self.data[key], sort_keys=True))
            for key in sorted(self.data.keys() - known)
        )


def seen(text: str) -> bool:
    """Whether a text is not empty and holds only what can be seen, on one line."""
    return bool(text.strip()) and text.replace(NBSP, " ").isprintable()


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and seen(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _date(written: str) -> date:
    found = date.fromisoformat(written)
    if found.isoformat() != written:  # weeks and other forms of the standard
        raise ValueError
    return found


def _moment(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    if found.isoformat() != written or found.tzinfo is not None:
        raise ValueError
    return found


def _decimal(written: str) -> Decimal:
    """Of more digits than amounts have, for sums."""
    if len(written) > _LONGEST_DECIMAL or not _DECIMAL.fullmatch(written):
        raise ValueError
    return Decimal(written)


def _amount(part: Part) -> Quantity:
    return Quantity(part.decimal("value"), part.unit("unit"))
