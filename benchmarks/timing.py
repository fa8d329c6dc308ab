"""Times subjects in turns, so that whatever else the machine does falls on all of them alike."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter, process_time
from typing import Any

import attrs


@attrs.frozen
class Spent:
    """What one run took, in seconds: by the clock on the wall, and of the processors."""

    wall: float
    processor: float


#: Does its work once, and says what it took.
Subject = Callable[[], Spent]


@attrs.frozen
class Times:
    """What each subject took in each round; a round runs every subject once."""

    rounds: Mapping[str, Sequence[Spent]]

    def median(self, name: str) -> Spent:
        """The medians over all rounds."""
        rows = self.rounds[name]
        return Spent(
            statistics.median(row.wall for row in rows),
            statistics.median(row.processor for row in rows),
        )

    def ratio(self, name: str, to: str) -> dict[str, float]:
        """How many times as long *name* took as *to*: the median of each round's own ratio."""
        pairs = list(zip(self.rounds[name], self.rounds[to], strict=True))
        return {
            "wall": shown(statistics.median(a.wall / b.wall for a, b in pairs)),
            "processor": shown(statistics.median(a.processor / b.processor for a, b in pairs)),
        }


def in_turns(subjects: Mapping[str, Subject], rounds: int) -> Times:
    """Run every subject once in each round, after one round that is not counted."""
    taken: dict[str, list[Spent]] = {name: [] for name in subjects}
    for turn in range(rounds + 1):
        for name, run in subjects.items():
            spent = run()
            if turn:
                taken[name].append(spent)
    return Times(taken)


def timed(work: Callable[[], Any]) -> Subject:
    """A subject that does *work* once, in this process."""

    def run() -> Spent:
        wall, processor = perf_counter(), process_time()
        work()
        return Spent(perf_counter() - wall, process_time() - processor)

    return run


def shown(number: float) -> float:
    """A figure to three significant digits; more would be noise."""
    return float(f"{number:.3g}")
