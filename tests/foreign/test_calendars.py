"""A CalDAV server and a calendar program take a revision, then the next one, and hold the second."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from tests.courses import COURSE, LOOK, plan_of, second, told
from tests.foreign.readings import HERE, PROGRAMS, Case, Event, day_events, read_by

from protoplan.model.plan import Plan
from protoplan.rendering import ics
from protoplan.rendering.calendar_days import Look

LATER = attrs.evolve(LOOK, revision=2, revised=date(2026, 4, 20))


@pytest.fixture(scope="module")
def course() -> Plan:
    """What is not taken by mouth: few enough events for a server to take in seconds."""
    return told(plan_of(*COURSE), lambda row: None if row.order.route == "PO" else row)


def revisions(course: Plan, zone: str | None) -> tuple[bytes, bytes]:
    old = ics.render(course, attrs.evolve(LOOK, zone=zone))
    return old, ics.render(second(course), attrs.evolve(LATER, zone=zone), ics.read(old))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Radicale server of this test's own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none",
               "--storage-filesystem-folder", str(tmp_path / "stored")]  # fmt: skip
    log = (tmp_path / "log").open("wb")
    running = subprocess.Popen([PROGRAMS / "python", "-m", "radicale", *options], stderr=log)
    try:
        for _ in range(300):
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.terminate()
        running.wait()
        log.close()


def rows_of(plan: Plan, zone: str) -> list[tuple[str, str | None]]:
    """Start and end of each dose, in UTC."""

    def utc(local: datetime) -> str:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).isoformat()

    rows = plan.administrations
    spans = [(utc(row.start), utc(row.end) if row.end else None) for row in rows]
    return sorted(spans, key=repr)


def put(server: str, folder: Path, *files: bytes) -> list[list[Event]]:
    found = [Case("", data, (), ()) for data in files]
    command: list[str | Path] = [PROGRAMS / "python", HERE / "readers" / "caldav_client.py", server]
    return read_by(command, folder, found)


def test_radicale_ends_with_exactly_the_days_of_the_second_plan(
    server: str, course: Plan, tmp_path: Path
) -> None:
    first, then = put(server, tmp_path, *revisions(course, None))
    holds = [event for event in then if event.status != "CANCELLED"]

    assert sorted(day_events(course, LOOK), key=repr) == sorted(first, key=repr)
    assert sorted(day_events(second(course), LATER), key=repr) == sorted(holds, key=repr)
    assert len(first) == len(then)


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe"])
def test_radicale_ends_with_exactly_the_doses_of_the_second_plan(
    server: str, course: Plan, tmp_path: Path, zone: str
) -> None:
    first, then = put(server, tmp_path, *revisions(course, zone))
    holds = [event for event in then if event.status != "CANCELLED"]

    assert rows_of(course, zone) == sorted(((e.start, e.end) for e in first), key=repr)
    assert rows_of(second(course), zone) == sorted(((e.start, e.end) for e in holds), key=repr)


# -- khal ------------------------------------------------------------------------------------------

SETTINGS = """
[calendars]
[[treatment]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = {zone}
default_timezone = {zone}
"""


def khal(folder: Path, zone: str, *arguments: str) -> str:
    """What khal says, with settings and a calendar of this test's own."""
    (folder / "calendar").mkdir(exist_ok=True)
    (folder / "khal.conf").write_text(SETTINGS.format(folder=folder, zone=zone), "utf-8")
    ran = subprocess.run(
        [PROGRAMS / "khal", "-c", folder / "khal.conf", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        check=False,
    )
    assert 0 == ran.returncode, ran.stderr
    return ran.stdout


def listed(folder: Path, zone: str) -> list[str]:
    form = "{start-long}|{end-long}|{status}|{title}"
    out = khal(folder, zone, "list", "--once", "--day-format", "", "--format", form,
               "2026-03-01", "2028-06-01")  # fmt: skip
    return sorted(line for line in out.replace(" |", "|").splitlines() if line)


def taken(folder: Path, data: bytes, zone: str) -> list[str]:
    (folder / "new.ics").write_bytes(data)
    khal(folder, zone, "import", "--batch", "-a", "treatment", str(folder / "new.ics"))
    return listed(folder, zone)


def as_khal_lists(plan: Plan, look: Look) -> list[str]:
    def last(event: Event) -> str:
        assert event.end is not None
        return (date.fromisoformat(event.end) - timedelta(1)).isoformat()

    return sorted(
        f"{event.start}|{last(event)}|CONFIRMED|{event.title}" for event in day_events(plan, look)
    )


def test_khal_lists_the_days_of_the_second_plan(course: Plan, tmp_path: Path) -> None:
    old, new = revisions(course, None)

    first, then = (taken(tmp_path, data, "Europe/Madrid") for data in (old, new))
    holds = [line for line in then if "|CANCELLED|" not in line]

    assert as_khal_lists(course, LOOK) == first
    assert as_khal_lists(second(course), LATER) == holds


def test_khal_lists_the_hours_of_the_plan(course: Plan, tmp_path: Path) -> None:
    zone = "Australia/Lord_Howe"
    lines = taken(tmp_path, revisions(course, zone)[0], zone)
    wanted = sorted(f"{row.start:%Y-%m-%d %H:%M}" for row in course.administrations)

    assert wanted == [line.partition("|")[0] for line in lines]
