"""Reads .ics files with the PyPI package ics, which takes zones from the file's own VTIMEZONE."""

import json
import sys
from pathlib import Path

from ics import Calendar


def read(path: str) -> list[dict[str, object]]:
    calendar = Calendar(Path(path).read_bytes().decode())
    found = []
    for event in calendar.events:
        extra = {line.name: line.value for line in event.extra}
        whole = event.all_day
        ends = event.has_end()
        found.append(
            {
                "uid": event.uid,
                "title": event.name,
                "start": event.begin.date().isoformat()
                if whole
                else event.begin.to("utc").isoformat(),
                "end": None
                if not ends
                else event.end.date().isoformat()
                if whole
                else event.end.to("utc").isoformat(),
                "status": event.status,
                "sequence": int(extra["SEQUENCE"]),
            }
        )
    return found


print(json.dumps([read(path) for path in sys.argv[1:]]))
