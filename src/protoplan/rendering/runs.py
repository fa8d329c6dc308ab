"""Administrations that one line can show: one dose on one day, or day after day for a week."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from protoplan.model.order import Order
from protoplan.model.plan import Administration

#: So many days in a row with the same dose are shown as one line.
RUN = 7


def by_order(rows: Sequence[Administration]) -> Iterator[list[Administration]]:
    """Administrations of one dose with one working; of what is past and of what is to come."""
    same: dict[Order, int] = {}
    numbers: dict[int, int] = {}
    groups: dict[tuple[int, bool], list[Administration]] = {}
    for row in rows:
        # Orders are shared; only each distinct one is compared as a whole.
        number = numbers.get(id(row.order))
        if number is None:
            number = numbers[id(row.order)] = same.setdefault(row.order, len(same))
        groups.setdefault((number, row.overdue), []).append(row)
    yield from groups.values()


def runs(rows: Sequence[Administration]) -> Iterator[list[Administration]]:
    """Split *rows* into runs; every administration is in exactly one of them."""
    for group in by_order(rows):
        days: list[list[Administration]] = []
        for row in group:
            if days and days[-1][0].date == row.date:
                days[-1].append(row)
            else:
                days.append([row])
        yield from _consecutive(days)


def _consecutive(days: list[list[Administration]]) -> Iterator[list[Administration]]:
    start = 0
    for index in range(1, len(days) + 1):
        goes_on = index < len(days) and (
            days[index][0].date - days[index - 1][0].date == timedelta(1)
            and [r.start.time() for r in days[index]] == [r.start.time() for r in days[start]]
            and days[index][0].window is None
        )
        if goes_on:
            continue
        run = days[start:index]
        if len(run) >= RUN:
            yield [row for day in run for row in day]
        else:
            yield from run
        start = index
