"""Puts revisions of a calendar on a CalDAV server, one after the other, and tells what it holds then.

Arguments: the server's address, and the files.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import caldav
from icalendar import Calendar


def single(path: str) -> list[str]:
    """A calendar for each event, as clients send them."""
    whole = Calendar.from_ical(Path(path).read_bytes())
    found = []
    for event in whole.walk("VEVENT"):
        one = Calendar()
        one.add("prodid", whole["PRODID"])
        one.add("version", "2.0")
        for part in (*whole.walk("VTIMEZONE"), event):
            one.add_component(part)
        found.append(one.to_ical().decode())
    return found


def said(when: date) -> str:
    if isinstance(when, datetime):
        return when.astimezone(UTC).isoformat()
    return when.isoformat()


def held(calendar: caldav.Calendar) -> list[dict[str, object]]:
    found = []
    for entry in calendar.events():
        (event,) = Calendar.from_ical(entry.data).walk("VEVENT")
        end = event.get("DTEND")
        found.append(
            {
                "uid": str(event["UID"]),
                "title": str(event["SUMMARY"]),
                "start": said(event["DTSTART"].dt),
                "end": None if end is None else said(end.dt),
                "status": str(event["STATUS"]),
                "sequence": int(event["SEQUENCE"]),
            }
        )
    return found


def main(address: str, *paths: str) -> None:
    states = []
    with caldav.DAVClient(url=address, username="nurse", password="made up") as client:
        calendar = client.principal().make_calendar(name="Treatment")
        for path in paths:
            for event in single(path):
                # As other clients put it: this one would count the sequence number up by itself.
                put = caldav.Event(client=client, data=event, parent=calendar)
                put.save(increase_seqno=False)
            states.append(held(calendar))
    print(json.dumps(states))


main(*sys.argv[1:])
