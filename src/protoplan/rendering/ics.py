"""The plan as an .ics file; the only module that knows icalendar.

The time of its events is the plan's, the time of its writing is the revision's date: nothing is
asked of the clock, so the same plan makes the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import attrs
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vText

from protoplan.model.plan import Plan
from protoplan.rendering.calendar_days import CANCELLED, Entry, Look, entries, identifier
from protoplan.rendering.ics_zone import Observance, UnknownZone, observances, zone

#: Properties of our own: they say of which treatment a file is, and of which cycle an event.
_TREATMENT, _CYCLE = "X-PROTOPLAN-TREATMENT", "X-PROTOPLAN-CYCLE"


class Empty(Exception):
    """There is no event to write, and a calendar without one is none."""


class WrongPrevious(Exception):
    """The file that is to be replaced is not one that this plan can replace."""


@attrs.frozen
class Previous:
    """What an earlier revision put into calendars.

    Attributes:
        revision: The highest sequence number in it.
        revised: The latest date of a revision in it.
        entries: All its events, the cancelled ones too.
    """

    treatment: str
    revision: int
    revised: date
    entries: tuple[Entry, ...]


def render(plan: Plan, look: Look, previous: Previous | None = None) -> bytes:
    """The calendar of a plan, with what fell away since *previous* as cancelled events.

    Raises:
        Empty: If nothing is given in it.
        UnknownZone: If there is no such time zone.
        WrongPrevious: If *previous* is of another treatment, or not of an earlier revision.
    """
    found = entries(plan, look)
    if previous is not None:
        _replaces(plan, look, previous)
        found += tuple(_gone(plan, look, found, previous))
    if not found:
        raise Empty
    calendar = Calendar()
    calendar.add("prodid", "-//protoplan//protoplan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar["X-WR-CALNAME"] = vText(one_line(_name(plan, look)))
    calendar[_TREATMENT] = vText(identifier(plan.treatment))
    for name in sorted({entry.zone for entry in found if entry.zone is not None}):
        calendar.add_component(_timezone(name, found))
    for entry in found:
        calendar.add_component(_event(entry, look))
    return bytes(calendar.to_ical())


def one_line(text: str) -> str:
    """*text* without what a calendar could take for the end of a line or for a direction.

    Control characters become a blank; marks that turn the direction of what follows fall away.
    """
    return _TURNING.sub("", _CONTROL.sub(" ", text)).encode("utf-8", "replace").decode()


_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff]+")
_TURNING = re.compile("[\\u202a-\\u202e\\u2066-\\u2069]")


def _name(plan: Plan, look: Look) -> str:
    what = "Treatment plan" if look.private else plan.label
    part = f", cycle {look.cycle}" if look.cycle is not None and not look.private else ""
    name = f"{what}{part}, revision {look.revision} of {look.revised}"
    return f"DRAFT {name}" if look.draft else name


def _event(entry: Entry, look: Look) -> Event:
    event = Event()
    stamp = datetime.combine(look.revised, time(), UTC)
    clock = {"TZID": entry.zone} if entry.zone else {}
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", look.revision)
    event.add("dtstart", entry.start, parameters=clock)
    if entry.end is not None:
        event.add("dtend", entry.end, parameters=clock)
    event.add("summary", one_line(entry.title))
    event.add("description", "\n".join(map(one_line, entry.description.split("\n"))))
    event.add("transp", "TRANSPARENT")
    kept = "TENTATIVE" if look.draft else "CONFIRMED"
    event.add("status", "CANCELLED" if entry.cancelled else kept)
    if look.private:
        event.add("class", "PRIVATE")
    event[_CYCLE] = vText(entry.group)
    return event


def _timezone(name: str, found: Sequence[Entry]) -> Timezone:
    times = [
        when
        for entry in found
        if entry.zone == name
        for when in (entry.start, entry.end)
        if isinstance(when, datetime)
    ]
    made = Timezone()
    made.add("tzid", name)
    for part in observances(name, min(times), max(times)):
        made.add_component(_observance(part))
    return made


def _observance(part: Observance) -> TimezoneStandard | TimezoneDaylight:
    first = part.first
    made = TimezoneDaylight() if first.daylight else TimezoneStandard()
    made.add("dtstart", first.onset)
    made.add("tzoffsetfrom", first.before)
    made.add("tzoffsetto", first.after)
    made.add("tzname", first.name)
    if part.rule:
        rule: dict[str, Any] = {"FREQ": "YEARLY", "BYMONTH": first.onset.month}
        rule |= {word: value.split(",") for word, value in part.rule}
        if part.until is not None:
            rule["UNTIL"] = part.until
        made.add("rrule", rule)
    return made


def _replaces(plan: Plan, look: Look, previous: Previous) -> None:
    if previous.treatment != identifier(plan.treatment):
        raise WrongPrevious(
            "it is a calendar of another treatment; its days would be cancelled in the wrong "
            "patient's calendar"
        )
    if look.revision <= previous.revision:
        raise WrongPrevious(
            f"it is revision {previous.revision}, and calendars pass over what is not of a later "
            f"one; give --revision {previous.revision + 1} or more, and --revised"
        )
    if look.revised < previous.revised:
        raise WrongPrevious(f"it is of {previous.revised}, after --revised {look.revised}")


def _gone(plan: Plan, look: Look, found: Sequence[Entry], previous: Previous) -> Iterator[Entry]:
    """Events of the earlier file that are there no more, of the cycles that are wanted."""
    kept = {entry.uid for entry in found}
    group = None if look.cycle is None else identifier(plan.treatment, look.cycle)
    for entry in previous.entries:
        if entry.uid in kept or group not in (None, entry.group):
            continue
        title = "Treatment plan" if look.private else _bare(entry.title)
        draft = "DRAFT " if look.draft else ""
        yield attrs.evolve(
            entry,
            title=f"{draft}{CANCELLED}{title}",
            description=f"Revision {look.revision} of {look.revised}. This entry no longer holds.",
            cancelled=True,
        )


def _bare(title: str) -> str:
    return title.removeprefix("DRAFT ").removeprefix(CANCELLED)


def read(data: bytes) -> Previous:
    """What an earlier revision put into calendars.

    Raises:
        WrongPrevious: If it is not a file that protoplan wrote.
    """
    try:
        calendar: Any = Calendar.from_ical(data)
        treatment = str(UUID(str(calendar[_TREATMENT])))
        events = calendar.walk("VEVENT")
        return Previous(
            treatment=treatment,
            revision=max((int(event["SEQUENCE"]) for event in events), default=-1),
            revised=max((event["DTSTAMP"].dt.date() for event in events), default=date.min),
            entries=tuple(_read_event(event) for event in events),
        )
    except UnknownZone as wrong:
        raise WrongPrevious(str(wrong)) from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as wrong:
        raise WrongPrevious("it is not a calendar that protoplan wrote") from wrong


def _read_event(event: Any) -> Entry:
    start, end = event["DTSTART"], event.get("DTEND")
    name = start.params.get("TZID")
    if name is not None:
        zone(name)
    return Entry(
        uid=str(UUID(str(event["UID"]))),
        group=str(UUID(str(event[_CYCLE]))),
        title=str(event["SUMMARY"]),
        description="",
        start=_bare_time(start.dt),
        end=None if end is None else _bare_time(end.dt),
        zone=name,
        cancelled=str(event.get("STATUS")) == "CANCELLED",
    )


def _bare_time(when: date) -> date:
    """As it stands in the file: the zone's name stands beside it."""
    return when.replace(tzinfo=None) if isinstance(when, datetime) else when
