"""Part c: the course as .ics, beside icalendar alone writing the same events."""

from typing import Any

from icalendar import Calendar, Event

from benchmarks.subjects import course
from benchmarks.timing import in_turns, shown, timed
from protoplan.rendering.calendar_days import Look
from protoplan.rendering.ics import render


def measure(rounds: int) -> dict[str, object]:
    """Seconds of each, and the ratios, with the plan and without."""
    subject = course()
    plan = subject.plan()
    look = Look(revision=plan.revision, revised=plan.revision_date or plan.as_of, detail=True)
    written = render(plan, look)
    heading, events = _read(written)
    if _alone(heading, events) != written:
        raise RuntimeError("icalendar alone does not write the same file")
    subjects = {
        "protoplan, a plan to .ics": timed(lambda: render(plan, look)),
        "protoplan, a treatment to .ics": timed(lambda: render(subject.plan(), look)),
        "icalendar alone": timed(lambda: _alone(heading, events)),
    }
    times = in_turns(subjects, rounds)
    return {
        "events": len(events),
        "bytes": len(written),
        "rounds": rounds,
        "wall seconds": {name: shown(times.median(name).wall) for name in subjects},
        "times icalendar alone": {
            name: times.ratio(name, "icalendar alone") for name in subjects if name[0] == "p"
        },
    }


#: Names and values of a component, as icalendar takes them.
_Rows = list[tuple[str, Any]]


def _read(written: bytes) -> tuple[_Rows, list[_Rows]]:
    """What stands in a calendar: plain values, so that writing them is work as it was before."""
    calendar = Calendar.from_ical(written)
    return _rows(calendar), [_rows(event) for event in calendar.walk("VEVENT")]


def _rows(component: Any) -> _Rows:
    return [(name, getattr(value, "dt", value)) for name, value in component.items()]


def _alone(heading: _Rows, events: list[_Rows]) -> bytes:
    calendar = Calendar()
    for name, value in heading:
        calendar.add(name, value)
    for rows in events:
        event = Event()
        for name, value in rows:
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
