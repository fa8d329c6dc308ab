"""Words and lines that more than one text view needs."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from textwrap import wrap

from protoplan.quantity import NBSP, plain

WIDTH = 100

#: What every text with doses says of itself (H36).
NO_ORDER = "A planning aid for qualified staff, not an order. A person checks every dose."

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def dated(on: date) -> str:
    """A date with its weekday, in English whatever the locale."""
    return f"{_WEEKDAYS[on.weekday()]}{NBSP}{on.isoformat()}"


def lines(text: str, width: int = WIDTH, first: str = "", later: str | None = None) -> list[str]:
    """*text* wrapped; amounts and their units stay together.

    Args:
        first: What the first line begins with.
        later: What the other lines begin with; spaces as wide as *first* if not given.
    """
    rest = " " * len(first) if later is None else later
    return wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def table(rows: Sequence[Sequence[str]], head: Sequence[str], indent: str = "  ") -> list[str]:
    """Columns as wide as they need to be; the last one takes what is left and wraps."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head) - 1)]
    last = max(24, WIDTH - len(indent) - sum(widths) - 2 * len(widths))
    out = []
    for row in (head, *rows):
        start = indent + "".join(
            f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=False)
        )
        out += lines(row[-1], len(start) + last, start) if row[-1] else [start.rstrip()]
    return [line.rstrip() for line in out]


def titled(title: str) -> list[str]:
    """A heading with a line under it."""
    return ["", title, "─" * len(title)]


def signed(offset: int) -> str:
    """An offset in days with its sign."""
    return f"+{offset}" if offset > 0 else str(offset).replace("-", "−")


def percent(share: Fraction) -> str:
    """A share of 1 in percent, without its sign, to one decimal; halves round up."""
    return plain(Decimal(floor(share * 1000 + Fraction(1, 2))).scaleb(-1))


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 dose, 2 doses."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
