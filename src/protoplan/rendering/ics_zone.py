"""Time zones: their rules for a VTIMEZONE, and what a change of the clocks does to a plan.

The zones are those of the tzdata package, whatever the machine has, so that the same plan makes the
same bytes everywhere.
"""

import calendar
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import attrs

from protoplan.model.plan import Administration
from protoplan.problems import did_you_mean

_DAY = timedelta(1)
#: Parts of an RRULE that say which day of a month it is.
Rule = tuple[tuple[str, str], ...]

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class UnknownZone(Exception):
    """There is no such zone; the sentence names the nearest one."""


@attrs.frozen
class Change:
    """One change of a zone's clocks.

    Attributes:
        onset: The local time before the change, as RFC 5545 wants it.
        before: The offset from UTC before it.
        after: The offset from then on.
    """

    onset: datetime
    before: timedelta
    after: timedelta
    daylight: bool
    name: str


@attrs.frozen
class Observance:
    """A STANDARD or DAYLIGHT part of a VTIMEZONE.

    Attributes:
        rule: On which day of a month it comes back each year; None where it comes once.
        until: Some time after it came last and before it would come again, in UTC; None where it
            goes on.
    """

    first: Change
    rule: Rule | None
    until: datetime | None


@cache
def names() -> tuple[str, ...]:
    """The zones of the tzdata package."""
    listed = resources.files("tzdata").joinpath("zones").read_text("ascii")
    return tuple(listed.split())


def zone(name: str) -> ZoneInfo:
    """The zone of a name such as Europe/Madrid.

    Raises:
        UnknownZone: If there is none.
    """
    if name not in names():
        hint = did_you_mean(name, names())
        raise UnknownZone(
            f"there is no time zone '{name}'; {hint or 'name one such as Europe/Madrid'}"
        )
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, name)


def observances(name: str, first: datetime, last: datetime) -> tuple[Observance, ...]:
    """The rules of a zone that are right from *first* to *last*, local times.

    They begin two years before, so that a change of either kind lies before the first event, and
    end a year after, so that nothing hangs on the last one.
    """
    midnight = first.replace(hour=0, minute=0)
    begin = midnight.replace(year=first.year - 2, month=1, day=1)
    end = midnight.replace(year=last.year + 2, month=1, day=1)
    here = zone(name)
    changes = tuple(_changes(here, begin, end))
    found = [part for key in _kinds(changes) for part in _parts(key, changes, end.year - 1)]
    if not changes or min(change.onset for change in changes) >= first:
        found.append(Observance(_always(here, begin), None, None))
    return tuple(sorted(found, key=lambda part: part.first.onset))


def _always(here: ZoneInfo, begin: datetime) -> Change:
    """What held before any change."""
    offset = _offset(begin.replace(tzinfo=here))
    at = begin.replace(tzinfo=here)
    return Change(begin, offset, offset, bool(at.dst()), str(at.tzname()))


def _changes(here: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Change]:
    day = begin.replace(tzinfo=UTC)
    while day < end.replace(tzinfo=UTC):
        if _state(here, day) != _state(here, day + _DAY):
            yield _change(here, day, day + _DAY)
        day += _DAY


def _change(here: ZoneInfo, low: datetime, high: datetime) -> Change:
    """The change that lies after *low* and not after *high*, to the second."""
    old = _state(here, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _state(here, middle) == old else (low, middle)
    new = _state(here, high)
    before, after = old[0], new[0]
    # Some zones call their summer standard and their winter "negative daylight saving".
    daylight = after > before and bool(new[1] or old[1])
    return Change((high + before).replace(tzinfo=None), before, after, daylight, new[2])


def _state(here: ZoneInfo, moment: datetime) -> tuple[timedelta, timedelta, str]:
    local = moment.astimezone(here)
    return _offset(local), local.dst() or timedelta(), str(local.tzname())


def _offset(local: datetime) -> timedelta:
    offset = local.utcoffset()
    assert offset is not None
    return offset


def _kinds(changes: Sequence[Change]) -> list[Change]:
    """One change of each kind: the same offsets and name, in the same month, at the same time."""
    return list({_kind(change): change for change in reversed(changes)}.values())


def _kind(change: Change) -> tuple[object, ...]:
    onset = change.onset
    return (change.before, change.after, change.daylight, change.name, onset.month, onset.time())


def _parts(like: Change, changes: Sequence[Change], last: int) -> Iterator[Observance]:
    """Runs of years in which one rule gives the day; a year alone has no rule."""
    rest = [change for change in changes if _kind(change) == _kind(like)]
    while rest:
        rules = _rules(rest[0].onset)
        run = [rest[0]]
        for change in rest[1:]:
            fits = [rule for rule in rules if rule in _rules(change.onset)]
            if change.onset.year != run[-1].onset.year + 1 or not fits:
                break
            rules, run = fits, [*run, change]
        rest = rest[len(run) :]
        goes_on = run[-1].onset.year == last
        # A day more than need be: some readers take this for local time and would lose the last.
        until = None if goes_on else (run[-1].onset - run[-1].before + _DAY).replace(tzinfo=UTC)
        yield (
            Observance(run[0], rules[0], until) if len(run) > 1 else Observance(run[0], None, None)
        )


def _rules(onset: datetime) -> list[Rule]:
    """Every rule for a day of a month that this day satisfies, the likeliest first."""
    weekday, day = _WEEKDAYS[onset.weekday()], onset.day
    length = calendar.monthrange(onset.year, onset.month)[1]
    rules: list[Rule] = [(("BYDAY", f"-1{weekday}"),)] if day + 7 > length else []
    rules.append((("BYDAY", f"{(day + 6) // 7}{weekday}"),))
    rules.append((("BYMONTHDAY", str(day)),))
    for low in range(max(1, day - 6), min(day, length - 6) + 1):
        week = ",".join(str(low + more) for more in range(7))
        rules.append((("BYMONTHDAY", week), ("BYDAY", weekday)))
    return rules


def clock_warnings(rows: Sequence[Administration], name: str) -> list[str]:
    """What a change of the clocks does to doses less than a day apart, and to infusions.

    Args:
        rows: Administrations in order of time.
        name: The zone.
    """
    here = zone(name)
    found: dict[tuple[datetime, datetime], dict[str, None]] = {}
    drugs = sorted(rows, key=lambda row: (row.order.drug, row.order.route))
    for _, group in groupby(drugs, key=lambda row: (row.order.drug, row.order.route)):
        times = sorted(group, key=lambda row: row.start)
        spans = [(a.start, b.start, a) for a, b in pairwise(times) if b.start - a.start < _DAY]
        spans += [(row.start, row.end, row) for row in times if row.end is not None]
        for begin, end, row in spans:
            if _apart(begin, end, here) != end - begin:
                found.setdefault((begin, end), {})[f"{row.order.name} in cycle {row.cycle}"] = None
    said = [
        f"the clocks change in {name}: from {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} it is "
        f"{_hours(_apart(begin, end, here))}, not {_hours(end - begin)} ({'; '.join(names)})"
        for (begin, end), names in sorted(found.items())
    ]
    return said + [_odd(row, name) for row in rows if _is_odd(row.start, here)]


def _odd(row: Administration, name: str) -> str:
    return (
        f"the clocks change in {name}: {row.start:%Y-%m-%d %H:%M} does not come, or comes twice "
        f"({row.order.name} in cycle {row.cycle})"
    )


def _is_odd(local: datetime, here: ZoneInfo) -> bool:
    offsets = [_offset(local.replace(tzinfo=here, fold=fold)) for fold in (0, 1)]
    return offsets[0] != offsets[1]


def _apart(begin: datetime, end: datetime, here: ZoneInfo) -> timedelta:
    return end.replace(tzinfo=here).astimezone(UTC) - begin.replace(tzinfo=here).astimezone(UTC)


def _hours(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    days, minutes = divmod(minutes, 24 * 60) if minutes > 48 * 60 else (0, minutes)
    parts = ((days, "day"), (minutes // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts if n)
