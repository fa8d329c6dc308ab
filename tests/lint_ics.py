"""An own lint of .ics files, from RFC 5545 and from nothing of ours."""

import re
from collections.abc import Iterator

_ONCE = ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS", "TRANSP")
_FORBIDDEN = ("URL", "ATTACH", "ATTENDEE", "ORGANIZER", "LOCATION", "CREATED")


def faults(data: bytes) -> list[str]:
    """Everything that is wrong with a file; empty where nothing is."""
    return [*_lines(data), *_heads(data), *_events(data)]


def _lines(data: bytes) -> Iterator[str]:
    if not data.endswith(b"\r\n"):
        yield "the last line is not ended by CR LF"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        yield "a line is not ended by CR LF"
    for line in data.split(b"\r\n"):
        if len(line) > 75:
            yield f"{len(line)} octets: {line!r}"
        try:
            line.decode()
        except UnicodeDecodeError:
            yield f"folded inside a sign: {line!r}"
        if re.search(rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]", line):
            yield f"a control character: {line!r}"


def unfolded(data: bytes) -> list[str]:
    """The content lines."""
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def _heads(data: bytes) -> Iterator[str]:
    lines = unfolded(data)
    if (lines[0], lines[-1]) != ("BEGIN:VCALENDAR", "END:VCALENDAR"):
        yield "it is not one VCALENDAR"
    for wanted in ("VERSION:2.0", "METHOD:PUBLISH", "CALSCALE:GREGORIAN"):
        if lines.count(wanted) != 1:
            yield f"{wanted} does not stand once"
    for name in ("PRODID", "X-WR-CALNAME"):
        if sum(line.startswith(f"{name}:") for line in lines) != 1:
            yield f"{name} does not stand once"
    if "BEGIN:VALARM" in lines:
        yield "an alarm"
    open_parts: list[str] = []
    for line in lines:
        word, _, part = line.partition(":")
        if word == "BEGIN":
            open_parts.append(part)
        elif word == "END" and (not open_parts or open_parts.pop() != part):
            yield f"{line} ends what is not open"
        if not re.match(r"[A-Z0-9-]+[;:]", line):
            yield f"not a content line: {line}"
    zones = {line.partition(":")[2] for line in lines if line.startswith("TZID:")}
    named = {found[1] for line in lines if (found := re.match(r"DT\w+;TZID=([^:;]+):", line))}
    if zones != named:
        yield f"zones {sorted(zones)} are written and {sorted(named)} are used"


def events(data: bytes) -> list[dict[str, list[str]]]:
    """The properties of each event: values by name, parameters left with the name."""
    found: list[dict[str, list[str]]] = []
    inside = False
    for line in unfolded(data):
        if line == "BEGIN:VEVENT":
            inside = True
            found.append({})
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            name, _, value = line.partition(":")
            found[-1].setdefault(name.partition(";")[0], []).append(value)
    return found


def text(value: str) -> str:
    """A text as it was before it was escaped."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def _events(data: bytes) -> Iterator[str]:
    uids = set()
    for event in events(data):
        uid = event.get("UID", ["?"])[0]
        for name in _ONCE:
            if len(event.get(name, [])) != 1:
                yield f"{uid}: {name} does not stand once"
        for name in _FORBIDDEN:
            if name in event:
                yield f"{uid}: {name} stands there"
        if uid in uids:
            yield f"{uid} stands twice"
        uids.add(uid)
        start, end = event["DTSTART"][0], event.get("DTEND", [None])[0]
        if end is not None and not start < end:
            yield f"{uid}: it ends before it begins"
        for value in (text for name in ("SUMMARY", "DESCRIPTION") for text in event.get(name, [])):
            if re.search(r"(?<!\\)(?:\\\\)*[;,]", value):
                yield f"{uid}: not escaped: {value}"
