"""Reads .ics files with the PyPI package ical."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from ical.calendar_stream import IcsCalendarStream


def said(when: date | None) -> str | None:
    if not isinstance(when, datetime):
        return None if when is None else when.isoformat()
    assert when.tzinfo is not None
    return when.astimezone(UTC).isoformat()


def read(path: str) -> list[dict[str, object]]:
    calendar = IcsCalendarStream.calendar_from_ics(Path(path).read_bytes().decode())
    return [
        {
            "uid": event.uid,
            "title": event.summary,
            "start": said(event.dtstart),
            "end": said(event.dtend),
            "status": event.status.value,
            "sequence": event.sequence,
        }
        for event in calendar.events
    ]


print(json.dumps([read(path) for path in sys.argv[1:]]))
