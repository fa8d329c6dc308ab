"""Calendars: what a day is, what stands in a title, what is cancelled, what is not written."""

import errno
import os
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from dateutil import tz
from tests.conftest import QUICK, ROOT, Ran, Run
from tests.courses import BORTEZOMIB, COURSE, LOOK, STATED, VENETOCLAX, moved, plan_of, second, told
from tests.lint_ics import events, faults, text
from tests.test_record import INOTUZUMAB
from tests.test_record import planned as recorded

from protoplan.cli import main
from protoplan.model.plan import Administration, Plan
from protoplan.rendering import ics, ics_zone
from protoplan.rendering.calendar_days import Look
from protoplan.rendering.releasing import bar


@pytest.fixture(scope="module")
def course() -> Plan:
    """The 175 cm, 70 kg course of inotuzumab."""
    return plan_of(*COURSE)


def titles(data: bytes) -> list[str]:
    return [text(event["SUMMARY"][0]) for event in events(data)]


def day(written: str) -> date:
    return date(int(written[:4]), int(written[4:6]), int(written[6:8]))


@pytest.fixture
def run() -> Run:
    """Run the command line in this process; its output with the line ends as they are."""

    def call(*arguments: str) -> Ran:
        result = CliRunner().invoke(main, list(arguments), prog_name="protoplan")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout_bytes.decode(), result.stderr)

    return call


# -- the file --------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", [COURSE, VENETOCLAX, BORTEZOMIB], ids=lambda target: target[0])
@pytest.mark.parametrize(
    "look",
    [
        LOOK,
        attrs.evolve(LOOK, private=True),
        attrs.evolve(LOOK, detail=True),
        attrs.evolve(LOOK, cycle="2", draft=True),
        attrs.evolve(LOOK, zone="Europe/Madrid"),
        attrs.evolve(LOOK, zone="Asia/Kolkata", private=True),
        attrs.evolve(LOOK, zone="Australia/Lord_Howe", detail=True, cycle="1"),
    ],
    ids=lambda look: " ".join(map(str, attrs.astuple(look)[2:])),
)
def test_every_calendar_is_in_order(target: list[str], look: Look) -> None:
    plan = plan_of(*target)
    rows = [row for row in plan.administrations if look.cycle in (None, row.cycle)]

    data = ics.render(plan, look)

    assert (None, []) == (bar(plan, look.cycle), faults(data))
    if look.zone is None:
        assert len({(row.cycle, row.date) for row in rows}) == len(events(data))


@pytest.mark.parametrize("flags", [[], ["--timed", "Asia/Kolkata"]], ids=["days", "timed"])
def test_what_is_printed_is_in_order(run: Run, flags: list[str]) -> None:
    ran = run("ics", *COURSE, *flags)

    assert (0, "", []) == (ran.code, ran.err, faults(ran.out.encode()))


def test_the_course_has_one_event_a_treatment_day_and_no_other(course: Plan) -> None:
    found = events(ics.render(course, LOOK))
    days = sorted({row.date for row in course.administrations})

    assert [f"{day:%Y%m%d}" for day in days] == [event["DTSTART"][0] for event in found]
    assert [f"{day + timedelta(1):%Y%m%d}" for day in days] == [e["DTEND"][0] for e in found]
    assert {("TRANSPARENT", "CONFIRMED", "0", "20260302T000000Z")} == {
        tuple(event[name][0] for name in ("TRANSP", "STATUS", "SEQUENCE", "DTSTAMP"))
        for event in found
    }


def test_titles_say_cycle_day_and_what_is_given(course: Plan) -> None:
    found = titles(ics.render(course, LOOK))

    assert [
        "Cycle 1 day 1: ursodiol, cyclophosphamide, dexamethasone, vinCRIStine",
        "Cycle 1 day 2: ursodiol, cyclophosphamide, dexamethasone, inotuzumab ozogamicin, "
        "methotrexate INTRATHECAL",
        "Cycle 1 day 3: ursodiol, cyclophosphamide, dexamethasone",
    ] == found[:3]
    assert (
        "Cycle 2 day 2: ursodiol, cytarabine intravenous, inotuzumab ozogamicin, cytarabine "
        "INTRATHECAL"
    ) in found


def test_an_infusion_of_weeks_is_an_event_where_it_begins_alone(run: Run) -> None:
    found = events(run("ics", *COURSE, "--cycle", "5").out.encode())

    assert [
        ("20260622", "Cycle 5 day 1: blinatumomab"),
        ("20260626", "Cycle 5 day 5: blinatumomab"),
    ] == [(event["DTSTART"][0], event["SUMMARY"][0]) for event in found]
    assert "blinatumomab runs to Mon\xa02026-07-20 10:00\\n" in found[1]["DESCRIPTION"][0]


def test_the_name_of_the_calendar_says_label_and_revision(run: Run) -> None:
    ran = run("ics", *COURSE, "--label", "bed 7", "--revision", "2", "--revised", "2026-03-20")
    private = run("ics", *COURSE, "--label", "bed 7", "--private")

    assert "X-WR-CALNAME:bed 7\\, revision 2 of 2026-03-20\r\n" in ran.out
    assert "DTSTAMP:20260320T000000Z\r\nUID" in ran.out
    assert "LAST-MODIFIED:20260320T000000Z\r\n" in ran.out
    assert "X-WR-CALNAME:Treatment plan\\, revision 0 of 2026-03-02\r\n" in private.out


def test_a_treatment_s_own_revision_stands_where_no_other_is_given(run: Run) -> None:
    own = run("ics", "examples/sample-a.yaml").out
    other = run("ics", "examples/sample-a.yaml", "--revision", "3").out

    assert "X-WR-CALNAME:sample A\\, revision 0 of 2026-03-02\r\n" in own
    assert "X-WR-CALNAME:sample A\\, revision 3 of 2026-03-01\r\n" in other


# -- what is told, and what is not -----------------------------------------------------------------


@pytest.mark.parametrize("flags", [[], ["--timed", "Europe/Madrid"]], ids=["days", "timed"])
def test_private_names_no_drug_anywhere(run: Run, course: Plan, flags: list[str]) -> None:
    ran = run("ics", *COURSE, "--private", "--label", "planted", *flags)
    written = ran.out.replace("\r\n ", "").lower().replace("protoplan//protoplan", "")
    drugs = {row.order.drug for row in course.administrations}
    names = {row.order.name.lower() for row in course.administrations}

    assert "SUMMARY:Treatment plan\\, day 2\r\n" in ran.out
    assert [] == [word for word in (*drugs, *names, "mg", "planted", "mini") if word in written]


def test_private_entries_that_cannot_be_told_apart_are_one(run: Run) -> None:
    found = events(run("ics", *COURSE, "--private", "--timed", "Asia/Kolkata").out.encode())
    seen = [(e["DTSTART"][0], e.get("DTEND"), e["SUMMARY"][0]) for e in found]

    assert len(seen) == len({str(entry) for entry in seen})


def test_detail_shows_each_dose_with_its_working(run: Run) -> None:
    found = events(run("ics", *COURSE, "--detail", "--cycle", "1").out.encode())
    lines = text(found[1]["DESCRIPTION"][0]).split("\n")

    assert "10:00 inotuzumab ozogamicin† 1.1\xa0mg, intravenous" in lines
    assert "  calculated: 1.104\xa0mg, 0.6\xa0mg/m² × 1.84 m² = 1.104\xa0mg (arithmetic)" in lines
    assert "10:00, 22:00 cyclophosphamide† 276\xa0mg each, intravenous" in lines
    assert "10:00 methotrexate† 12\xa0mg, INTRATHECAL" in lines
    assert "  window Mon\xa02026-03-02 to Fri\xa02026-03-06" in lines
    assert any(line.startswith("hold any azole") for line in lines)
    assert any(line.startswith("  † assumed: ") for line in lines)


def test_detail_asks_what_the_checklist_asks(run: Run, course: Plan) -> None:
    asked = [line for line in course.checklist if line.labs or line.toxicities]
    written = run("ics", *COURSE, "--detail").out.replace("\r\n ", "")
    dates = {row.date for row in course.administrations}

    assert sum(line.date in dates for line in asked) <= written.count("before these doses: ")


def test_without_detail_no_dose_is_told(run: Run) -> None:
    written = run("ics", *COURSE).out.replace("\r\n ", "")

    assert [] == [unit for unit in ("\xa0mg", "\xa0mcg", " mg", "m²") if unit in written]


def test_private_and_detail_do_not_go_together(run: Run) -> None:
    ran = run("ics", *COURSE, "--private", "--detail")

    assert 2 == ran.code
    assert ran.err.endswith("--private shows no drug and --detail shows each dose; choose one\n")


def test_a_held_dose_says_so_and_an_omitted_one_is_not_given(course: Plan) -> None:
    def change(row: Administration) -> Administration:
        drugs = {"vincristine": "held", "dexamethasone": "omitted"}
        status = drugs.get(row.order.drug, row.status)
        order = attrs.evolve(row.order, status=status, because="asked for by the ward")
        return attrs.evolve(row, status=status, order=order)

    data = ics.render(told(course, change), LOOK)
    detail = ics.render(told(course, change), attrs.evolve(LOOK, detail=True))
    shown = {e["SUMMARY"][0].replace("\\", ""): e["DESCRIPTION"][0] for e in events(detail)}
    first = "Cycle 1 day 1: ursodiol, cyclophosphamide; HELD vinCRIStine"

    assert first == titles(data)[0]
    assert [] == [title for title in titles(data) if "dexamethasone" in title]
    assert "HELD: vinCRIStine†\\, intravenous: asked for by the ward" in shown[first]
    assert "left out: dexamethasone†\\, by mouth: asked for by the ward" in shown[first]


def test_a_day_on_which_all_is_held_is_no_treatment_day(course: Plan) -> None:
    data = ics.render(
        told(course, lambda row: attrs.evolve(row, status="held") if row.day == 2 else row), LOOK
    )

    assert [] == [title for title in titles(data) if " day 2:" in title]


PAYLOADS = [
    "<script>alert(1)</script>",
    '=HYPERLINK("x";"y")',
    "line\r\nBEGIN:VALARM\r\nEND:VALARM",
    "a\x00b\x1bc\x85d\u2028e",
    "\u202egnp.exe \u2066x",
    "\u200fsign of direction",
    'back\\slash, comma; colon: "quote"',
    "é" * 60 + "𝄞" * 20,
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_come_out_as_text(course: Plan, payload: str) -> None:
    def change(row: Administration) -> Administration:
        order = attrs.evolve(row.order, name=f"drug {payload}", because=payload, route="IV")
        return attrs.evolve(row, order=order)

    plan = attrs.evolve(told(course, change), label=payload)
    data = ics.render(plan, attrs.evolve(LOOK, cycle="1", detail=True))
    shown = ics.one_line(payload)

    assert [] == faults(data)
    assert f"Cycle 1 day 1: drug {shown}" == titles(data)[0]
    assert [] == [sign for sign in "\u202e\u2066\r\n\x00\x1b\x85\u2028" if sign in shown]
    assert len(titles(data)) == len({row.date for row in plan.administrations if row.cycle == "1"})


def test_a_line_break_in_a_label_of_the_quick_form_is_a_blank(run: Run) -> None:
    ran = run("ics", *COURSE, "--label", "bed\r\nBEGIN:VALARM", "--cycle", "1")

    assert (0, []) == (ran.code, faults(ran.out.encode()))
    assert "X-WR-CALNAME:bed BEGIN:VALARM\\, cycle 1\\, revision 0" in ran.out


# -- what is not handed out ------------------------------------------------------------------------

UNKNOWN = [*QUICK, *STATED, "--fact", "cns=negative"]
NOTHING = (
    "error: nothing was written: a calendar is not handed out while this lies in it; --draft writes "
    "it all the same, with every title marked DRAFT\n"
)


def test_an_unresolved_dose_keeps_the_calendar_from_being_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "c.ics"

    ran = run("ics", *UNKNOWN, "--output", str(out))

    assert (5, "", False) == (ran.code, ran.out, out.exists())
    assert (
        "lacks: rituximab is unresolved: share of blasts with CD20, in percent: state the fact "
        "cd20_percent\n"
    ) in ran.err or "lacks: rituximab is unresolved: " in ran.err
    assert ran.err.endswith(NOTHING)


def test_a_stop_keeps_the_calendar_from_being_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "c.ics"
    bare = [part.replace("leucovorin_elsewhere=yes", "cns=negative") for part in BORTEZOMIB]

    ran = run("ics", *bare, "--output", str(out))

    assert (4, "", False) == (ran.code, ran.out, out.exists())
    assert ran.err.startswith("stop: methotrexate of 500 mg/m² or more is planned without")
    assert ran.err.endswith(NOTHING)


@pytest.mark.parametrize("flags", [[], ["--private"], ["--timed", "Europe/Madrid"]], ids=" ".join)
def test_a_draft_says_so_in_every_title(run: Run, flags: list[str]) -> None:
    ran = run("ics", *UNKNOWN, "--draft", *flags)
    found = events(ran.out.encode())

    assert (5, []) == (ran.code, faults(ran.out.encode()))
    assert {True} == {event["SUMMARY"][0].startswith("DRAFT ") for event in found}
    assert {"TENTATIVE"} == {event["STATUS"][0] for event in found}
    assert "X-WR-CALNAME:DRAFT " in ran.out


def test_a_draft_shows_what_is_unresolved(run: Run) -> None:
    first = titles(run("ics", *UNKNOWN, "--draft").out.encode())[0]

    assert first.endswith("vinCRIStine; UNRESOLVED riTUXimab")


def test_a_sound_cycle_is_written_though_another_lacks_something(run: Run) -> None:
    """Rituximab stands in cycles 1 to 4; cycle 5 has none."""
    ran = run("ics", *UNKNOWN, "--cycle", "5")

    assert 5 == ran.code
    assert 2 == len(events(ran.out.encode()))
    assert "in other cycles; only what was asked for is sound" in ran.err
    assert (5, "") == (
        run("ics", *UNKNOWN, "--cycle", "1").code,
        run("ics", *UNKNOWN, "--cycle", "1").out,
    )


def test_a_cycle_that_may_never_come_bars_itself_and_not_those_before(run: Run) -> None:
    bare = ["mini-hyper-cvd-venetoclax", *QUICK[1:], *STATED, "--fact", "cd20_percent=0"]
    first, later = run("ics", *bare, "--cycle", "1"), run("ics", *bare, "--cycle", "8")

    assert (5, "") == (later.code, later.out)
    # What else is about no dose might touch any of them, and bars them all.
    assert ("lacks: " in first.err) == ("cycle 4N and all that follows" not in first.err)


def test_a_dose_without_a_number_bars_whatever_the_plan_says_of_it(run: Run, course: Plan) -> None:
    broken = told(
        course, lambda row: attrs.evolve(row, status="unresolved") if row.day == 2 else row
    )

    assert (None, True) == (bar(course), bar(broken) is not None)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--cycle", "9"], "the course has no cycle '9'; it has 1, 2, 3"),
        (["--timed", "Europe/Madird"], "--timed: there is no time zone 'Europe/Madird'; did you mean 'Europe/Madrid'?\n"),
        (["--timed", "../../etc/passwd"], "--timed: there is no time zone '../../etc/passwd'; "),
        (["--revised", "1 March"], "--revised: '1 March' is not a date; "),
        (["--revision", "-1"], "Invalid value for '--revision': -1 is not in the range"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_2(run: Run, flags: list[str], message: str) -> None:
    ran = run("ics", *COURSE, *flags)

    assert (2, "") == (ran.code, ran.out)
    assert message in ran.err


# -- revisions -------------------------------------------------------------------------------------


def test_a_moved_cycle_keeps_its_uids_and_what_fell_away_is_cancelled(course: Plan) -> None:
    old = ics.render(course, LOOK)
    later = attrs.evolve(LOOK, revision=2, revised=date(2026, 4, 20))
    new = ics.render(second(course), later, ics.read(old))
    before = {e["UID"][0]: e for e in events(old)}
    after = {e["UID"][0]: e for e in events(new)}
    gone = {e["UID"][0] for e in events(new) if e["STATUS"] == ["CANCELLED"]}
    third = {u for u, e in before.items() if e["SUMMARY"][0].startswith("Cycle 3 ")}

    assert [] == faults(new)
    assert set(before) == set(after)
    assert {"2"} == {e["SEQUENCE"][0] for e in after.values()}
    assert {u for u in third if int(before[u]["SUMMARY"][0].split()[3].strip(":")) >= 11} == gone
    assert {timedelta(7)} == {
        day(after[u]["DTSTART"][0]) - day(before[u]["DTSTART"][0]) for u in third - gone
    }
    assert {True} == {after[u]["SUMMARY"][0].startswith("CANCELLED: Cycle 3 day") for u in gone}
    assert {before[u]["DTSTART"][0] for u in gone} == {after[u]["DTSTART"][0] for u in gone}


def test_what_was_cancelled_stays_so_and_what_comes_back_is_an_event(course: Plan) -> None:
    first = ics.render(course, LOOK)
    two, three = (attrs.evolve(LOOK, revision=n) for n in (2, 3))
    shorter = ics.render(second(course), two, ics.read(first))
    still = ics.render(second(course), three, ics.read(shorter))
    back = ics.render(course, three, ics.read(shorter))

    assert titles(shorter) == titles(still)
    assert {"CONFIRMED"} == {e["STATUS"][0] for e in events(back)}
    assert titles(first) == titles(back)


def test_what_the_record_takes_away_or_moves_is_cancelled_by_itself() -> None:
    before = recorded(INOTUZUMAB)
    after = recorded(
        INOTUZUMAB,
        "date: 2026-03-02, delayed: 1.d8.vincristine.IV.1, to: 2026-03-11, reason: holiday",
        "date: 2026-03-02, delayed: 1.d8.inotuzumab-ozogamicin.IV.1, to: 2026-03-11, reason: holiday",
        "date: 2026-03-02, stopped: ursodiol, reason: rash",
    )
    old = {e["UID"][0]: e for e in events(ics.render(before, LOOK))}
    own = attrs.evolve(LOOK, revision=after.revision, revised=after.revision_date or LOOK.revised)
    new = {e["UID"][0]: e for e in events(ics.render(after, own))}

    assert ("3", "20260302T000000Z") == (
        next(iter(new.values()))["SEQUENCE"][0], next(iter(new.values()))["DTSTAMP"][0])  # fmt: skip
    assert {*old} <= {*new}
    gone = {u for u, e in new.items() if e["STATUS"] == ["CANCELLED"]}
    # Day 8 of cycle 1 has nothing left; day 10, on which ursodiol stood alone, has the two others.
    eighth = next(u for u, e in old.items() if e["SUMMARY"][0].startswith("Cycle 1 day 8:"))
    tenth = next(u for u, e in old.items() if e["SUMMARY"][0].startswith("Cycle 1 day 10:"))
    alone = {u for u, e in old.items() if e["SUMMARY"][0].endswith(": ursodiol")}
    assert alone - {tenth} | {eighth} == gone
    assert {"vinCRIStine", "inotuzumab ozogamicin"} == {
        *new[tenth]["SUMMARY"][0].partition(": ")[2].split("\\, ")
    }


def test_days_that_become_hours_cancel_the_days(course: Plan) -> None:
    one = attrs.evolve(LOOK, cycle="5")
    timed = ics.render(course, attrs.evolve(one, zone="Europe/Madrid"))
    days = ics.render(course, attrs.evolve(one, revision=1), ics.read(timed))
    zones = ics.render(course, attrs.evolve(one, revision=1, zone="Asia/Kolkata"), ics.read(timed))

    assert ([], []) == (faults(days), faults(zones))
    assert 2 == sum(title.startswith("CANCELLED: ") for title in titles(days))
    assert b"TZID:Europe/Madrid\r\n" in days
    assert 0 == sum(title.startswith("CANCELLED: ") for title in titles(zones))


def test_one_cycle_cancels_nothing_of_the_others(course: Plan) -> None:
    old = ics.read(ics.render(course, LOOK))
    new = ics.render(second(course), attrs.evolve(LOOK, revision=1, cycle="3"), old)

    assert {"Cycle 3"} == {title.removeprefix("CANCELLED: ")[:7] for title in titles(new)}


def test_a_private_revision_names_no_drug_of_the_old_one(course: Plan) -> None:
    old = ics.read(ics.render(course, LOOK))
    new = ics.render(second(course), attrs.evolve(LOOK, revision=1, private=True), old)

    assert b"dexamethasone" not in new
    assert "CANCELLED: Treatment plan" in titles(new)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--revision", "1"], "it is revision 1, and calendars pass over what is not of a later one; "
         "give --revision 2 or more, and --revised\n"),
        (["--revision", "2", "--revised", "2026-03-03", "--label", "another"], "it is a calendar of "
         "another treatment; its days would be cancelled in the wrong patient's calendar\n"),
        (["--revision", "2", "--revised", "2026-02-01"], "it is of 2026-03-02, after --revised 2026-02-01\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_replaced_is_refused(
    run: Run, tmp_path: Path, flags: list[str], message: str
) -> None:
    old = tmp_path / "old.ics"
    run("ics", *COURSE, "--revision", "1", "--revised", "2026-03-02", "--output", str(old))

    ran = run("ics", *COURSE, "--previous", str(old), *flags)

    assert (2, "") == (ran.code, ran.out)
    assert ran.err.endswith(f"--previous: {old} cannot be replaced: {message}")


@pytest.mark.parametrize(
    "content",
    ["", "nonsense", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
     "BEGIN:VCALENDAR\r\nX-PROTOPLAN-TREATMENT:no uuid\r\nEND:VCALENDAR\r\n", "\udcff", "BEGIN:" * 4000,
     "BEGIN:VCALENDAR\r\n" * 3000, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nonsense\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"],
)  # fmt: skip
def test_a_previous_file_of_others_is_refused(run: Run, tmp_path: Path, content: str) -> None:
    old = tmp_path / "old.ics"
    old.write_bytes(content.encode("utf-8", "surrogateescape"))

    ran = run("ics", *COURSE, "--previous", str(old), "--revision", "1")

    assert (2, "") == (ran.code, ran.out)
    assert ran.err.endswith("it is not a calendar that protoplan wrote\n")


def test_a_previous_file_that_is_not_there_is_exit_1(run: Run, tmp_path: Path) -> None:
    ran = run("ics", *COURSE, "--previous", str(tmp_path / "none.ics"), "--revision", "1")

    assert (1, f"error: {tmp_path / 'none.ics'} cannot be read: No such file or directory\n") == (
        ran.code,
        ran.err,
    )


# -- clocks ----------------------------------------------------------------------------------------

ZONES = ["Europe/Madrid", "Europe/Dublin", "America/Mexico_City", "America/New_York",
         "America/St_Johns", "America/Santiago", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Jerusalem",
         "Asia/Gaza", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Chatham",
         "Antarctica/Troll", "UTC"]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
def test_the_rules_of_a_zone_are_right_for_years(course: Plan, name: str) -> None:
    """Judged by another reader of VTIMEZONE, hour by hour around each change."""
    when = datetime.fromisoformat("2026-03-02T08:00")
    few = [row for row in course.administrations if row.cycle == "1" and row.day <= 2]
    far = attrs.evolve(course, administrations=(*few, moved(few[0], 4 * 365)))
    written = ics.render(far, attrs.evolve(LOOK, zone=name)).decode()
    theirs, ours = tz.tzical(StringIO(written)).get(), ics_zone.zone(name)
    end = max(row.start for row in far.administrations)
    wrong = []
    while when < end:
        local = when.replace(tzinfo=ours)
        odd = local.utcoffset() != when.replace(tzinfo=ours, fold=1).utcoffset()
        if not odd and local.utcoffset() != when.replace(tzinfo=theirs).utcoffset():
            wrong.append(when)
        when += timedelta(hours=5)

    assert [] == wrong


def test_timed_doses_begin_and_end_as_the_plan_says(course: Plan) -> None:
    found = events(ics.render(course, attrs.evolve(LOOK, zone="Europe/Madrid")))

    assert [
        (f"{row.start:%Y%m%dT%H%M%S}", [f"{row.end:%Y%m%dT%H%M%S}"] if row.end else None)
        for row in course.administrations
    ] == [(event["DTSTART"][0], event.get("DTEND")) for event in found]


def test_a_zone_is_written_as_two_rules(run: Run) -> None:
    written = run("ics", *COURSE, "--timed", "Australia/Lord_Howe", "--cycle", "1").out

    assert (
        "BEGIN:VTIMEZONE\r\nTZID:Australia/Lord_Howe\r\n"
        "BEGIN:STANDARD\r\nDTSTART:20240407T020000\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4\r\n"
        "TZNAME:+1030\r\nTZOFFSETFROM:+1100\r\nTZOFFSETTO:+1030\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:20241006T020000\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=10\r\n"
        "TZNAME:+11\r\nTZOFFSETFROM:+1030\r\nTZOFFSETTO:+1100\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    ) in written


def test_doses_less_than_a_day_apart_over_a_change_are_warned_about(run: Run) -> None:
    """Cyclophosphamide every 12 hours from 2026-03-27 on; Madrid's clocks go forward on the 29th."""
    moved_start = [part if part != "2026-03-02" else "2026-03-27" for part in COURSE]

    madrid = run("ics", *moved_start, "--timed", "Europe/Madrid", "--cycle", "1")
    kolkata = run("ics", *moved_start, "--timed", "Asia/Kolkata", "--cycle", "1")
    days = run("ics", *moved_start, "--cycle", "1")

    assert (
        "warning: the clocks change in Europe/Madrid: from 2026-03-28 22:00 to 2026-03-29 10:00 it "
        "is 11 hours, not 12 hours (cyclophosphamide in cycle 1)\n"
    ) in madrid.err
    assert (0, "", "") == (madrid.code, kolkata.err, days.err)


def test_infusions_over_a_change_and_times_that_do_not_come_are_warned_about(course: Plan) -> None:
    rows = [row for row in course.administrations if row.order.drug == "blinatumomab"]
    early = [attrs.evolve(rows[0], start=datetime.fromisoformat("2026-03-29T02:30"), end=None)]

    assert [
        "the clocks change in Europe/Madrid: from 2027-03-01 10:00 to 2027-03-29 10:00 it is 27 days "
        "23 hours, not 28 days (blinatumomab in cycle M4)",
        "the clocks change in Europe/Madrid: from 2028-03-13 10:00 to 2028-04-10 10:00 it is 27 days "
        "23 hours, not 28 days (blinatumomab in cycle M16)",
    ] == ics_zone.clock_warnings(rows, "Europe/Madrid")
    assert [
        "the clocks change in Europe/Madrid: 2026-03-29 02:30 does not come, or comes twice "
        "(blinatumomab in cycle 5)"
    ] == ics_zone.clock_warnings(early, "Europe/Madrid")


# -- bytes and files -------------------------------------------------------------------------------

MAIN = "from protoplan.cli import main; main()"


@pytest.mark.parametrize(
    "flags", [[], ["--timed", "Europe/Madrid", "--detail"]], ids=["days", "timed"]
)
def test_same_plan_same_bytes_whatever_the_environment(flags: list[str]) -> None:
    worlds = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONTZPATH": ""},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242"},
    ]

    outputs = {
        subprocess.run(
            [sys.executable, "-c", MAIN, "ics", *COURSE, *flags],
            env={**os.environ, **world},
            capture_output=True,
            check=True,
        ).stdout
        for world in worlds
    }

    assert 1 == len(outputs)


def test_the_file_is_what_is_printed(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "c.ics"

    ran = run("ics", *COURSE, "--output", str(out))

    assert (0, "", 0o600) == (ran.code, ran.out, out.stat().st_mode & 0o777)
    assert run("ics", *COURSE).out.encode() == out.read_bytes()


def test_an_existing_file_is_left_alone(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "c.ics"
    out.write_text("old")

    ran = run("ics", *COURSE, "--output", str(out))

    assert (1, "old") == (ran.code, out.read_text())
    assert f"error: {out} exists and is not overwritten; give --force to overwrite it\n" == ran.err


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        ("os.fsync", errno.ENOSPC, "No space left on device"),
        ("tempfile.mkstemp", errno.EACCES, "Permission denied"),
        ("pathlib.Path.replace", errno.EROFS, "Read-only file system"),
    ],
)
def test_a_fault_leaves_the_old_file_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int, said: str
) -> None:
    out = tmp_path / "c.ics"
    out.write_text("old")

    def fails(*arguments: Any, **named: Any) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(name, fails)
    ran = run("ics", *COURSE, "--output", str(out), "--force")
    monkeypatch.undo()

    assert (1, f"error: {out} cannot be written: {said}\n") == (ran.code, ran.err)
    assert ("old", [out]) == (out.read_text(), list(tmp_path.iterdir()))


def test_a_run_that_is_killed_leaves_the_old_file_whole(tmp_path: Path) -> None:
    out = tmp_path / "c.ics"
    out.write_text("old")
    killed = (
        f"import os; os.fsync = lambda handle: os.kill(os.getpid(), {signal.SIGKILL:d}); {MAIN}"
    )

    ran = subprocess.run(
        [sys.executable, "-c", killed, "ics", *COURSE, "--output", str(out), "--force"],
        cwd=ROOT,
        check=False,
    )

    assert (-signal.SIGKILL, "old") == (ran.returncode, out.read_text())
