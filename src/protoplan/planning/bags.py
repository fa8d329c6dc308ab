"""Which bags, one after the other, make up an infusion: whole hours, no drug, no file.

Nothing is searched that a person could not follow: for each hour of a stretch, how few bags go from
there to its end. A change of rate is a change of bag, and no bag runs past it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import attrs

from protoplan.model.bag_plan import DaysWithout, Stretch
from protoplan.model.bags import WEEKDAYS, Lasting
from protoplan.quantity import NBSP

_HOUR = timedelta(hours=1)

#: How many days earlier and later another start is tried.
NEAR = 7


def series(
    stretches: Sequence[Stretch], lengths: Sequence[Lasting], without: DaysWithout
) -> tuple[tuple[Lasting, ...], ...] | None:
    """The bags of each stretch, with as few changes as there can be.

    Of several series of as few bags it is the one whose bag is the shorter where two first differ.

    Args:
        stretches: Of one infusion, in order; those without bags get none.
        lengths: How long the bags run that may be used.
        without: The days on which no bag takes the place of another one.

    Returns:
        For each stretch its bags, which together last exactly as long; None where there are none.
    """
    if steps_on(stretches, without):
        return None
    found = []
    for stretch in stretches:
        row = _row(stretch, lengths, without) if stretch.bagged else ()
        if row is None:
            return None
        found.append(row)
    return tuple(found)


def steps_on(stretches: Sequence[Stretch], without: DaysWithout) -> tuple[Stretch, ...]:
    """Stretches that follow another one at once, so that the bag is changed, on such a day."""
    return tuple(after for after in _followers(stretches) if after.start.date() in without)


def _followers(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    for before, after in pairwise(stretches):
        # What follows a part that is past was changed already.
        if before.bagged and after.bagged and before.end == after.start:
            yield after


def _row(
    stretch: Stretch, lengths: Sequence[Lasting], without: DaysWithout
) -> tuple[Lasting, ...] | None:
    fewest = _fewest(stretch, lengths, without)
    if fewest is None or 0 not in fewest:
        return None
    at, row = 0, []
    while fewest[at]:
        bag = min(
            (bag for bag in lengths if fewest.get(at + bag.hours) == fewest[at] - 1),
            key=lambda bag: bag.hours,
        )
        row.append(bag)
        at += bag.hours
    return tuple(row)


def _fewest(
    stretch: Stretch, lengths: Sequence[Lasting], without: DaysWithout
) -> dict[int, int] | None:
    """How few bags go from an hour of the stretch to its end, for the hours from which any do.

    None where the stretch is no whole number of hours, which no bags make up.
    """
    whole, rest = divmod(stretch.end - stretch.start, _HOUR)
    if rest:
        return None
    fewest = {whole: 0}
    for at in range(whole - 1, -1, -1):
        if at and _when(stretch, at).date() in without:
            continue
        later = [fewest[at + bag.hours] for bag in lengths if at + bag.hours in fewest]
        if later:
            fewest[at] = 1 + min(later)
    return fewest


def _when(stretch: Stretch, at: int) -> datetime:
    return stretch.start + at * _HOUR


def starts(
    stretches: Sequence[Stretch], lengths: Sequence[Lasting], without: DaysWithout
) -> tuple[date, ...]:
    """The first days within a week from which the same infusion could be covered.

    A day on which no bag is changed is not among them: nobody is there to connect one.
    """
    found = []
    for days in range(-NEAR, NEAR + 1):
        moved = [_moved(stretch, timedelta(days)) for stretch in stretches]
        first = moved[0].start.date()
        if days and first not in without and series(moved, lengths, without) is not None:
            found.append(first)
    return tuple(found)


def _moved(stretch: Stretch, by: timedelta) -> Stretch:
    return attrs.evolve(stretch, start=stretch.start + by, end=stretch.end + by)


# -- why there is none -----------------------------------------------------------------------------


def reasons(
    stretches: Sequence[Stretch], lengths: Sequence[Lasting], without: DaysWithout
) -> tuple[str, ...]:
    """Why there is no series, a clause for each cause; empty where there is one."""
    found = [
        f"the rate goes to {step.rate} on {told(step.start.date(), without)}, and a change of rate "
        "is a change of bag"
        for step in steps_on(stretches, without)
    ]
    for stretch, after in zip(stretches, (*stretches[1:], None), strict=True):
        if stretch.bagged and _row(stretch, lengths, without) is None:
            found.append(_why(stretch, after, lengths, without))
    return tuple(found)


def _why(
    stretch: Stretch, after: Stretch | None, lengths: Sequence[Lasting], without: DaysWithout
) -> str:
    if _row(stretch, lengths, DaysWithout(())) is None:
        bags = listed((bag.text() for bag in lengths), "and")
        return (
            f"no number of bags of {bags} lasts exactly the {_length(stretch)} at {stretch.rate} "
            f"from {told(stretch.start.date(), without)} on"
        )
    last = _furthest(stretch, lengths, without)
    here = told(_when(stretch, last).date(), without)
    place = f"after a change on {here}" if last else f"from {here} on"
    whole = (stretch.end - stretch.start) // _HOUR
    ends = [
        f"one of {bag.text()} ends on {told(_when(stretch, last + bag.hours).date(), without)}"
        for bag in lengths
        if last + bag.hours < whole
    ]
    past = [bag.text() for bag in lengths if last + bag.hours > whole]
    if past:
        step = after is not None and after.start == stretch.end
        what = "the change of rate" if step else "the end"
        ends.append(
            f"{'one' if len(past) == 1 else 'those'} of {listed(past, 'and')} "
            f"run{'s' if len(past) == 1 else ''} past {what} on {told(stretch.end.date(), without)}"
        )
    return f"{place} no bag goes on: {', '.join(ends)}"


def _furthest(stretch: Stretch, lengths: Sequence[Lasting], without: DaysWithout) -> int:
    """The latest hour of the stretch that is reached with no change on such a day."""
    whole = (stretch.end - stretch.start) // _HOUR
    reached = {0}
    for at in range(whole):
        if at in reached:
            nexts = (at + bag.hours for bag in lengths)
            reached |= {
                to for to in nexts if to < whole and _when(stretch, to).date() not in without
            }
    return max(reached)


def _length(stretch: Stretch) -> str:
    """How long a stretch is, in days, hours and minutes."""
    seconds = int((stretch.end - stretch.start).total_seconds())
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    parts = [(days, "day"), (hours, "hour"), (rest // 60, "minute")]
    words = [f"{n}{NBSP}{word}{'' if n == 1 else 's'}" for n, word in parts if n]
    return " and ".join(words)


def told(on: date, without: DaysWithout) -> str:
    """A date with its weekday, and the holiday that it is where holidays count."""
    name = without.holiday(on)
    said = f"{WEEKDAYS[on.weekday()]}{NBSP}{on}"
    return f"{said} ({name})" if name else said


def listed(words: Iterable[str], joint: str) -> str:
    """Words with commas, and *joint* before the last."""
    *first, last = words
    return f"{', '.join(first)} {joint} {last}" if first else last
