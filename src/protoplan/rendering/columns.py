"""Columns that share the width of the page: each cell wraps within its own column."""

from collections.abc import Sequence
from textwrap import wrap

import attrs

from protoplan.rendering.words import WIDTH, lines

GAP = 2


@attrs.frozen
class Across:
    """A row with a first cell and a text that runs through all other columns."""

    first: str
    text: str


Row = Sequence[str] | Across


def columns(rows: Sequence[Row], head: Sequence[str], indent: str = "  ") -> list[str]:
    """A table with a heading; the widest columns give way where the page is too narrow.

    Args:
        rows: Cells as many as *head* has, or texts across.
        indent: What each line begins with.
    """
    cells = [head, *(row for row in rows if not isinstance(row, Across))]
    firsts = [row.first if isinstance(row, Across) else row[0] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    widths[0] = max(len(cell) for cell in (head[0], *firsts))
    least = [max(_longest_word(cell) for cell in column) for column in zip(*cells, strict=True)]
    least[0] = widths[0]
    room = WIDTH - len(indent) - GAP * (len(widths) - 1)
    while sum(widths) > room:
        excess = [width - floor for width, floor in zip(widths, least, strict=True)]
        if max(excess) == 0:
            break  # not even the longest words fit; the lines are as wide as they must be
        widest = max(range(len(widths)), key=lambda n: (excess[n] > 0, widths[n]))
        widths[widest] -= 1
    out = _row(head, widths, indent)
    for row in rows:
        if isinstance(row, Across):
            start = f"{indent}{row.first:<{widths[0]}}{' ' * GAP}"
            out += lines(row.text, first=start, later=" " * len(start))
        else:
            out += _row(row, widths, indent)
    return out


def _longest_word(text: str) -> int:
    return max(map(len, text.split(" ")))


def _row(cells: Sequence[str], widths: Sequence[int], indent: str) -> list[str]:
    wrapped = [
        wrap(cell, width, break_long_words=False, break_on_hyphens=False) or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    out = []
    for n in range(max(map(len, wrapped))):
        parts = [
            f"{column[n] if n < len(column) else '':<{width}}"
            for column, width in zip(wrapped, widths, strict=True)
        ]
        out.append((indent + (" " * GAP).join(parts)).rstrip())
    return out
