"""Stretches of an infusion for tests, and a slow, obvious search for series of bags."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from protoplan.model.bag_plan import DaysWithout, Stretch
from protoplan.model.bags import Lasting

WEEKEND = DaysWithout(("Saturday", "Sunday"))
ANY_DAY = DaysWithout(())
#: The bags of blinatumomab, by the maker: one, two, three, four and seven days.
ALL = tuple(Lasting(24 * days) for days in (1, 2, 3, 4, 7))
SHORT = ALL[:4]


def stretch(start: date, days: int, per_day: int = 28, hours: int = 0) -> Stretch:
    """One that begins at ten, by the default policy's clock."""
    begin = datetime.combine(start, time(10))
    end = begin + timedelta(days, hours=hours)
    return Stretch("1.d1.blinatumomab.IV.1", begin, end, "planned", Fraction(per_day), "mcg")


def stepped(start: date, *parts: tuple[int, int]) -> tuple[Stretch, ...]:
    """Stretches end to end, each with its days and its dose of a day."""
    found = []
    for days, per_day in parts:
        found.append(stretch(start, days, per_day))
        start += timedelta(days)
    return tuple(found)


def days_of(laid: Sequence[Sequence[Lasting]] | None) -> list[list[int]] | None:
    """The days of each bag; the bags last whole days."""
    if laid is None:
        return None
    return [[bag.hours // 24 for bag in row] for row in laid]


def rows(total: int, lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every row of bags that lasts *total* hours, by trying all of them."""
    if total == 0:
        yield ()
    for length in lengths:
        if length <= total:
            yield from ((length, *rest) for rest in rows(total - length, lengths))


def tried(
    whole: Sequence[Stretch], lengths: Sequence[int], without: DaysWithout
) -> list[tuple[int, ...]] | None:
    """The series that is asked for: all are tried, the illegal thrown out, the best taken."""
    found = []
    for number, part in enumerate(whole):
        if number and whole[number - 1].end == part.start and part.start.date() in without:
            return None
        total = int((part.end - part.start).total_seconds()) // 3600
        legal = [row for row in rows(total, lengths) if _legal(part, row, without)]
        if not legal:
            return None
        found.append(min(legal, key=lambda row: (len(row), row)))
    return found


def _legal(part: Stretch, row: Sequence[int], without: DaysWithout) -> bool:
    moment = part.start
    for length in row[:-1]:
        moment += timedelta(hours=length)
        if moment.date() in without:
            return False
    return True
