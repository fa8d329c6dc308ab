"""Calendars of many kinds, each with the events that the plan says it must hold."""

import json
import os
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from tests.conftest import ROOT
from tests.courses import BORTEZOMIB, COURSE, LOOK, VENETOCLAX, plan_of, second, told

from protoplan.model.plan import Administration, Plan
from protoplan.rendering import ics
from protoplan.rendering.calendar_days import Look

HERE = Path(__file__).parent
PROGRAMS = ROOT / ".venv-foreign" / "bin"

#: Summers of an hour and of half an hour, in both halves of the year; offsets of half and quarter
#: hours; rules that are not "the last Sunday"; and zones without a summer.
ZONES = ("Europe/Madrid", "America/New_York", "America/St_Johns", "America/Santiago",
         "Australia/Lord_Howe", "Pacific/Chatham", "Asia/Jerusalem", "Africa/Cairo",
         "Asia/Kolkata", "Asia/Kathmandu", "America/Mexico_City")  # fmt: skip


@attrs.frozen
class Event:
    """An event as the plan has it, or as a program of others sees it."""

    title: str
    start: str
    end: str | None
    status: str
    sequence: int


@attrs.frozen
class Case:
    """A calendar and what it must hold.

    Attributes:
        clock: The same, with times as they stand in the file and the zone's name, for programs
            that know no zones.
    """

    name: str
    data: bytes
    events: tuple[Event, ...]
    clock: tuple[Event, ...]


def cases() -> list[Case]:
    """Whole days of every protocol, and the longest course by the clocks of many zones."""
    course = plan_of(*COURSE)
    few = told(course, lambda row: None if row.order.route == "PO" else row)
    later = attrs.evolve(LOOK, revision=2, revised=date(2026, 4, 20))
    replaced = ics.render(second(few), later, ics.read(ics.render(few, LOOK)))
    found = [_days(name, plan, LOOK) for name, plan in _plans().items()]
    found.append(_days("detail", few, attrs.evolve(LOOK, detail=True)))
    found.append(_days("private", few, attrs.evolve(LOOK, private=True)))
    gone = set(_by_day(few)) - set(_by_day(second(few)))
    third = [_day_event(few, key, LOOK, "CANCELLED: ") for key in gone]
    cancelled = [attrs.evolve(event, status="CANCELLED", sequence=2) for event in third]
    moved = day_events(second(few), later)
    found.append(Case("revision 2", replaced, (*moved, *cancelled), (*moved, *cancelled)))
    return found + [_timed(few, zone) for zone in ZONES]


def _plans() -> dict[str, Plan]:
    return {target[0]: plan_of(*target) for target in (COURSE, VENETOCLAX, BORTEZOMIB)}


def _days(name: str, plan: Plan, look: Look) -> Case:
    found = day_events(plan, look)
    return Case(name, ics.render(plan, look), found, found)


def _by_day(plan: Plan) -> dict[tuple[str, int], list[Administration]]:
    days: dict[tuple[str, int], list[Administration]] = {}
    for row in plan.administrations:
        days.setdefault((row.cycle, row.day), []).append(row)
    return days


def day_events(plan: Plan, look: Look) -> tuple[Event, ...]:
    """The events of whole days that a plan must have."""
    return tuple(_day_event(plan, key, look) for key in _by_day(plan))


def _day_event(plan: Plan, key: tuple[str, int], look: Look, before: str = "") -> Event:
    rows = _by_day(plan)[key]
    on = rows[0].date
    title = f"Treatment plan, day {key[1]}" if look.private else _title(key, rows)
    after = (on + timedelta(1)).isoformat()
    return Event(before + title, on.isoformat(), after, "CONFIRMED", look.revision)


def _title(key: tuple[str, int], rows: Sequence[Administration]) -> str:
    """Written anew: it must not be ours that is compared with ours."""
    names = []
    for row in rows:
        routes = {other.order.route for other in rows if other.order.drug == row.order.drug}
        spelled = {"IT": " INTRATHECAL", "IV": " intravenous", "PO": " by mouth"}
        clear = row.order.route != "IT" and len(routes) == 1
        names.append(row.order.name + ("" if clear else spelled[row.order.route]))
    return f"Cycle {key[0]} day {key[1]}: {', '.join(dict.fromkeys(names))}"


def _timed(plan: Plan, zone: str) -> Case:
    def event(row: Administration, *, by_clock: bool) -> Event:
        title = _title((row.cycle, row.day), [row])
        tell = (lambda when: f"{when.isoformat()} {zone}") if by_clock else _utc
        end = tell(row.end) if row.end else None
        return Event(title, tell(row.start), end, "CONFIRMED", 0)

    def _utc(local: datetime) -> str:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).isoformat()

    data = ics.render(plan, attrs.evolve(LOOK, zone=zone))
    rows = plan.administrations
    true = tuple(event(row, by_clock=False) for row in rows)
    return Case(zone, data, true, tuple(event(row, by_clock=True) for row in rows))


def renamed(case: Case) -> Case:
    """With a name for its zone that no list of zones holds: only its own rules tell the time."""
    return attrs.evolve(case, data=case.data.replace(case.name.encode(), b"Site"))


def read_by(command: Sequence[str | Path], folder: Path, found: Sequence[Case]) -> list[Any]:
    """The events of each case, as a program of others tells them."""
    paths = [folder / f"{number}.ics" for number in range(len(found))]
    for path, case in zip(paths, found, strict=True):
        path.write_bytes(case.data)
    ran = subprocess.run(
        [*command, *paths], capture_output=True, env={**os.environ, "TZ": "UTC"}, check=False
    )
    assert 0 == ran.returncode, ran.stderr.decode()
    return [[_event(told_) for told_ in calendar] for calendar in json.loads(ran.stdout)]


def _event(said: dict[str, Any]) -> Event:
    return Event(said["title"], _moment(said["start"]), said["end"] and _moment(said["end"]),
                 said["status"], said["sequence"])  # fmt: skip


def _moment(said: str) -> str:
    """An instant in one spelling; days and clock times as they stand."""
    if len(said) == len("2026-03-02") or " " in said:
        return said
    return datetime.fromisoformat(said).astimezone(UTC).isoformat()
