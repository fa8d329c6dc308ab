"""Where in a course doses stand, in few words: ``cycles 3, 5 and 7, days 1 and 8``."""

from collections.abc import Sequence
from itertools import pairwise

from protoplan.model.difference import Spot

#: So many in a row are told by their ends.
RUN = 3

#: More days than this that lie equally far apart are told by their rhythm.
RHYTHM = 6


def places(spots: Sequence[Spot], order: Sequence[str]) -> str:
    """The cycles and days of administrations, and how many they are.

    Args:
        spots: The administrations.
        order: The labels of all cycles in order, so that a row of them can be told by its ends.
    """
    days: dict[str, list[int]] = {}
    for spot in spots:
        days.setdefault(spot.cycle, []).append(spot.day)
    alike: dict[tuple[int, ...], list[str]] = {}
    for cycle, here in days.items():
        alike.setdefault(tuple(sorted(set(here))), []).append(cycle)
    parts = [f"{cycles(here, order)}, {_days(on)}" for on, here in alike.items()]
    count = f" ({len(spots):,} doses)" if len(spots) > 1 else ""
    return "; ".join(parts) + count


def cycles(labels: Sequence[str], order: Sequence[str]) -> str:
    """Labels of cycles; three or more in a row by their ends."""
    ranks = {label: rank for rank, label in enumerate(order)}
    known = sorted(labels, key=lambda label: ranks.get(label, len(ranks)))
    places_of = [ranks.get(label, -3 * n) for n, label in enumerate(known, 1)]
    return f"cycle{'' if len(labels) == 1 else 's'} {_runs(known, places_of, ' to ')}"


def _days(days: Sequence[int]) -> str:
    shown = [str(day).replace("-", "−") for day in days]
    steps = {later - day for day, later in pairwise(days)}
    if len(days) > RHYTHM and len(steps) == 1 and steps != {1}:
        return f"days {shown[0]} to {shown[-1]}, every {steps.pop()} days"
    return f"day{'' if len(days) == 1 else 's'} {_runs(shown, days, '–')}"


def _runs(words: Sequence[str], ranks: Sequence[int], to: str) -> str:
    """Words; three or more whose ranks follow each other by the first and the last."""
    rows: list[list[str]] = []
    for n, word in enumerate(words):
        if n and ranks[n] == ranks[n - 1] + 1:
            rows[-1].append(word)
        else:
            rows.append([word])
    return listed(
        [part for row in rows for part in ([f"{row[0]}{to}{row[-1]}"] if len(row) >= RUN else row)]
    )


def listed(words: Sequence[str]) -> str:
    """Words with commas, and ``and`` before the last."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
