"""Programs of others see the events, dates and times of the plan."""

from pathlib import Path

import pytest
from tests.foreign.readings import HERE, PROGRAMS, ZONES, Case, cases, read_by, renamed

READERS = HERE / "readers"
NODE: dict[str, list[str | Path]] = {
    "ical.js": ["node", READERS / "ical_js.cjs"],
    "node-ical": ["node", READERS / "node_ical.cjs"],
}
PYTHON: dict[str, list[str | Path]] = {
    "PyPI ical": [PROGRAMS / "python", READERS / "pypi_ical.py"],
    "PyPI ics": [PROGRAMS / "python", READERS / "pypi_ics.py"],
}
LIBICAL: dict[str, list[str | Path]] = {"libical": [PROGRAMS / "read-libical"]}
KNOW_ZONES = {**NODE, **PYTHON, **LIBICAL}
#: These take the rules from the file; the others look the zone up by its name.
BY_ITS_RULES = {"ical.js": NODE["ical.js"], **LIBICAL}


@pytest.fixture(scope="module")
def calendars() -> list[Case]:
    return cases()


@pytest.mark.parametrize("name", KNOW_ZONES)
def test_every_event_is_seen_when_it_is(name: str, calendars: list[Case], tmp_path: Path) -> None:
    seen = read_by(KNOW_ZONES[name], tmp_path, calendars)

    assert sum(len(case.events) for case in calendars) > 1700
    for case, events in zip(calendars, seen, strict=True):
        assert sorted(case.events, key=repr) == sorted(events, key=repr), case.name


@pytest.mark.parametrize("name", BY_ITS_RULES)
def test_the_rules_of_the_file_alone_tell_the_time(
    name: str, calendars: list[Case], tmp_path: Path
) -> None:
    timed = [renamed(case) for case in calendars if case.name in ZONES]

    seen = read_by(BY_ITS_RULES[name], tmp_path, timed)

    assert len(ZONES) == len(timed)
    for case, events in zip(timed, seen, strict=True):
        assert sorted(case.events, key=repr) == sorted(events, key=repr), case.name


def test_npm_ical_reads_the_clock_and_the_name_of_the_zone(
    calendars: list[Case], tmp_path: Path
) -> None:
    seen = read_by(["node", READERS / "npm_ical.cjs"], tmp_path, calendars)

    for case, events in zip(calendars, seen, strict=True):
        assert sorted(case.clock, key=repr) == sorted(events, key=repr), case.name
