"""The course beside its record: each finding in full, and silence just beside it.

Alpha is given on days 1 and 8 of cycles of 21 days, from 2026-03-02, 03-23 and 04-13.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import attrs
import pytest
from tests.engine import NONE, drug_text, listed, policy_with, protocol_text, said, scene

from protoplan import files, library
from protoplan.model.plan import Finding
from protoplan.model.policy import Policy
from protoplan.model.protocol import Fragment
from protoplan.model.record import Pin
from protoplan.planning import recorded
from protoplan.planning.scene import Scene
from protoplan.problems import Severity
from protoplan.source import Place

WEEKLY = "{dose: 100 mg, days: [1, 8]}"


def seen(*entries: str, as_of: str = "", weights: str = "", **more: Any) -> Scene:
    record = listed("record", [f"{{{entry}}}" for entry in entries])
    day = f"as_of: {as_of}\n" if as_of else ""
    more = {"sig": WEEKLY, "drugs": [drug_text("beta")]} | more
    return scene((), f"{weights}{NONE}{day}{record}\n", **more)


def told(look: Callable[[Scene], Iterator[Finding]], of: Scene) -> list[tuple[str, str, str]]:
    """Code, gravity and message of what a look finds."""
    return [(f.code, f.severity.value, said(f.message)) for f in look(of)]


def ids(look: Callable[[Scene], Iterator[Finding]], of: Scene) -> list[tuple[str, ...]]:
    return [finding.administrations for finding in look(of)]


# ------------------------------------------------------------------------------------ the protocol

SHA = hashlib.sha256(protocol_text(sig=WEEKLY).encode()).hexdigest()
OTHER = "0" * 64
AGAIN = "; compare the two, and accept the one that is planned by recording the protocol anew"


def pin(version: str = "made-up@1.0.0", sha: str = SHA, on: str = "2026-03-02") -> str:
    return f"date: {on}, protocol: {version}, sha256: '{sha}'"


PINS = [
    ([], []),
    (["date: 2026-03-02, cycle: 1, started: true"],
     [("PF232", "note", "the record pins no version of the protocol; made-up@1.0.0 is planned")]),
    ([pin()], []),
    ([pin("made-up@1.0.1")],
     [("PF232", "stop", f"the record pins made-up@1.0.1, and made-up@1.0.0 is planned{AGAIN}")]),
    ([pin(sha=OTHER)],
     [("PF232", "stop", "the record pins made-up@1.0.0 as another file (sha256 000000000000, now "
                        f"{SHA[:12]}){AGAIN}")]),
    ([f"{pin()}, fragments: {{part: '{OTHER}'}}"],
     [("PF232", "stop", "the record pins made-up@1.0.0 with other fragments than it includes now"
                        f"{AGAIN}")]),
    # The last one counts.
    ([pin(sha=OTHER), pin(on="2026-03-10")], []),
    ([pin(), pin("made-up@1.0.1", on="2026-03-10")],
     [("PF232", "stop", f"the record pins made-up@1.0.1, and made-up@1.0.0 is planned{AGAIN}")]),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), PINS)
def test_another_protocol_than_the_record_s_is_a_stop(
    entries: list[str], expected: list[tuple[str, str, str]]
) -> None:
    assert expected == told(recorded.pinned, seen(*entries))


def part(name: str) -> Fragment:
    at = Place("part.yaml", 1, 1)
    return Fragment(name, "1.0.0", "A part", "no one", (), (), name * 64, at)


@pytest.mark.parametrize(
    ("pins", "same"),
    [("ab", True), ("ba", True), ("a", False), ("abc", False), ("ac", False)],
)
def test_the_fragments_are_those_of_the_record_in_whatever_order(pins: str, same: bool) -> None:
    here = seen()
    parts = (part("b"), part("a"))
    entry = Pin(date=date(2026, 3, 2), at=Place("t.yaml", 11, 5), protocol="made-up@1.0.0",
                sha256=SHA, fragments=tuple((name, name * 64) for name in pins))  # fmt: skip
    here = attrs.evolve(
        here,
        protocol=attrs.evolve(here.protocol, fragments=parts),
        treatment=attrs.evolve(here.treatment, record=(entry,)),
    )

    assert ([] if same else ["stop"]) == [f.severity.value for f in recorded.pinned(here)]


# ------------------------------------------------------------------------------ days still to come


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (["date: 2026-03-09, cycle: 1, started: true"], None),
        (["date: 2026-03-10, cycle: 1, started: true"], "1 entry of the record of later days, up to "
                                                       "2026-03-10"),
        (["date: 2026-04-10, cycle: 2, started: true", "date: 2026-03-12, cycle: 1, started: true",
          "date: 2026-03-09, revised: labs"],
         "2 entries of the record of later days, up to 2026-04-10"),
    ],
)  # fmt: skip
def test_entries_after_the_day_of_the_plan_are_counted(
    entries: list[str], message: str | None
) -> None:
    expected = [] if message is None else [
        ("PF242", "warning", f"the plan is made as of 2026-03-09, with {message}")
    ]  # fmt: skip

    assert expected == told(recorded.after_the_plan, seen(*entries, as_of="2026-03-09"))


def test_a_plan_of_another_day_than_the_file_s_says_nothing_of_later_entries() -> None:
    """Whoever asks how it stood on a day knows that the record goes on."""
    here = seen("date: 2026-03-10, cycle: 1, started: true", as_of="2026-03-09")
    then = attrs.evolve(here, state=attrs.evolve(here.state, as_of=date(2026, 3, 8)))

    assert [] == told(recorded.after_the_plan, then)


# --------------------------------------------------------------------------------------- beginnings

BETWEEN = {"length: 21 days, source": "length: 21 days, between: [14 days, 28 days], source"}
#: What is recorded, and what is said of the cycle, whose doses are named.
STARTS = [
    ([], {}, []),
    (["date: 2026-03-23, cycle: 2, started: true"], {}, []),
    (["date: 2026-03-24, cycle: 2, started: true"], {},
     [("note", "cycle 2 begins 1 day after it was due")]),
    (["date: 2026-03-23, delayed: 2, to: 2026-03-30, reason: low platelets"], {},
     [("note", "cycle 2 begins 7 days after it was due: low platelets")]),
    # Only the last is late.
    (["date: 2026-04-20, cycle: 3, started: true"], {},
     [("note", "cycle 3 begins 7 days after it was due")]),
    (["date: 2026-03-22, cycle: 2, started: true"], {},
     [("warning", "cycle 2 begins 20 days after cycle 1, and the source gives 21 at least")]),
    # Within what the source allows.
    (["date: 2026-03-22, cycle: 2, started: true"], BETWEEN, []),
    (["date: 2026-03-16, cycle: 2, started: true"], BETWEEN, []),
    (["date: 2026-03-15, cycle: 2, started: true"], BETWEEN,
     [("warning", "cycle 2 begins 13 days after cycle 1, and the source gives 14 at least")]),
    (["date: 2026-03-24, cycle: 2, started: true"], BETWEEN,
     [("note", "cycle 2 begins 1 day after it was due")]),
    # Each cycle for itself.
    (["date: 2026-03-22, cycle: 2, started: true", "date: 2026-04-13, cycle: 3, started: true"], {},
     [("warning", "cycle 2 begins 20 days after cycle 1, and the source gives 21 at least"),
      ("note", "cycle 3 begins 1 day after it was due")]),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "instead", "expected"), STARTS)
def test_a_cycle_that_does_not_begin_when_it_is_due_is_told(
    entries: list[str], instead: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    here = seen(*entries, instead=instead)

    assert [("PF233", *each) for each in expected] == told(recorded.starts, here)
    assert [
        tuple(f"{message.split()[1]}.d{day}.alpha.IV.1" for day in (1, 8))
        for _, message in expected
    ] == ids(recorded.starts, here)


BREAK = "interruption: {at_most: 7 days, source: [label, section 2]}"
RATE = "{rate: 1 mg/day, days: 1-3}"
FOUR = {"1-3: only": "1-4: only"}


def test_of_a_cycle_beside_one_without_a_day_nothing_is_said() -> None:
    """Cycle 2 has no day after too long a break; cycle 4 is a day late."""
    here = seen(
        "date: 2026-03-03, interrupted: 1.d1.alpha.IV.1, reason: fever",
        "date: 2026-05-04, cycle: 3, started: true",
        "date: 2026-05-26, cycle: 4, started: true",
        sig=RATE,
        label=BREAK,
        instead=FOUR,
    )

    assert None is here.course.cycles[1].start
    assert ["cycle 4 begins 1 day after it was due"] == [
        message for _, _, message in told(recorded.starts, here)
    ]


def test_the_first_cycle_of_a_phase_is_due_on_the_day_on_which_the_course_moved_on() -> None:
    """Three days late is 21 days after cycle 1, and no day too soon."""
    one = "{name: treatment, cycles: {1-3: only}, source"
    two = "{name: treatment, cycles: {1-2: only}, source: [paper, x]}\n"
    two += "  - {name: upkeep, cycles: {3: only}, source"
    here = seen(
        "date: 2026-03-20, moved_on: upkeep, reason: liver",
        "date: 2026-03-23, cycle: 3, started: true",
        instead={one: two},
    )

    assert ["cycle 3 begins 3 days after it was due"] == [
        message for _, _, message in told(recorded.starts, here)
    ]


SOONER = "cycle 2 is put off to 2026-03-20, and begins on {0}, when the cycle before it is over"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        # Cycle 1 is over on the 23rd.
        (["date: 2026-03-10, delayed: 2, to: 2026-03-20, reason: holiday"],
         [SOONER.format("2026-03-23")]),
        (["date: 2026-03-10, delayed: 2, to: 2026-03-23, reason: holiday"], []),
        # That it was put off is past once it began, and open while it has no day.
        (["date: 2026-03-10, delayed: 2, to: 2026-03-20, reason: holiday",
          "date: 2026-03-23, cycle: 2, started: true"], []),
        (["date: 2026-03-10, delayed: 2, to: 2026-03-20, reason: holiday",
          "date: 2026-03-10, delayed: 3, to: 2026-04-20, reason: holiday"],
         ["cycle 3 begins 7 days after it was due: holiday", SOONER.format("2026-03-23")]),
    ],
)  # fmt: skip
def test_a_cycle_that_is_put_off_to_too_early_a_day_is_told(
    entries: list[str], expected: list[str]
) -> None:
    assert expected == [message for _, _, message in told(recorded.starts, seen(*entries))]


def test_such_a_cycle_is_a_warning_without_doses() -> None:
    here = seen("date: 2026-03-10, delayed: 2, to: 2026-03-20, reason: holiday")

    assert [Finding("PF233", Severity.WARNING, SOONER.format("2026-03-23"))] == list(
        recorded.starts(here)
    )


# ------------------------------------------------------------------------------------- what falls

BETA = "  - {drug: beta, in: only, route: PO, sigs: [{dose: 1 mg, days: [20]}], source: [paper, x]}"


def test_doses_that_fall_away_are_told_by_cause_and_drug() -> None:
    here = seen(
        "date: 2026-03-21, cycle: 2, started: true",
        "date: 2026-03-29, stopped: alpha, reason: rash",
        components=BETA,
    )

    # Cycle 2 begins on day 20 of cycle 1; its day 8 is the 28th of March, cycle 3 on the 11th.
    stop = "alpha stopped for good on 2026-03-29: rash"
    assert [
        ("PF238", "warning", "1 dose of beta by mouth falls away: cycle 2 began"),
        ("PF238", "warning", f"2 doses of alpha intravenous fall away: {stop}"),
    ] == told(recorded.cancelled, here)
    assert [("1.d20.beta.PO.1",), ("3.d1.alpha.IV.1", "3.d8.alpha.IV.1")] == ids(
        recorded.cancelled, here
    )
    assert [] == told(recorded.cancelled, seen())


# ----------------------------------------------------------------------------------------- weight


def contrasting() -> Policy:
    """Doses are reworked from a change of 5% on."""
    policy: Policy = files.load(library.shipped("policy", "contrasting"))[1]
    return policy


CHANGED = "the weight changed from {0} kg on 2026-03-{1} to {2} kg on 2026-03-{3} ({4}%)"
REWORKS = ", less than the 5% from which policy contrasting reworks doses; 70 kg is used"

#: The weights of the 8th of March and after, by weeks; 70 kg was measured on the 1st.
DEFAULT = [
    ([], []),
    (["70"], []),
    # 7/70 is 10%; 7.1/70 is 10.14%, and 7.02/70 is 10.029%, which one decimal would make 10.
    (["77"], []),
    (["77.1"], [("warning", CHANGED.format("70", "01", "77.1", "08", "+10.1") + ", more than 10%")]),
    (["77.02"], [("warning", CHANGED.format("70", "01", "77.02", "08", "+10.03") + ", more than 10%")]),
    # 7.0103/70 is 10.01471%: rounded once.
    (["77.0103"],
     [("warning", CHANGED.format("70", "01", "77.0103", "08", "+10.01") + ", more than 10%")]),
    # 7.00348/70 is 10.0049714%: to two decimals it is the bound.
    (["77.00348"],
     [("warning", CHANGED.format("70", "01", "77.00348", "08", "+10") + ", more than 10%")]),
    (["63"], []),
    (["62.9"], [("warning", CHANGED.format("70", "01", "62.9", "08", "−10.1") + ", more than 10%")]),
    (["62.98"], [("warning", CHANGED.format("70", "01", "62.98", "08", "−10.03") + ", more than 10%")]),
    # Against the one before, which is in use: 8.4/76 is 11.05%, and 4/76 is not far.
    (["76", "80"], []),
    (["76", "84.4"],
     [("warning", CHANGED.format("76", "08", "84.4", "15", "+11.1") + ", more than 10%")]),
]  # fmt: skip
RARELY = [
    # 2/70 is 2.86%, 4/70 is 5.71%, 3.5/70 is 5%, 3.47/70 is 4.957%, which one decimal would make 5.
    (["70"], []),
    (["72"], [("note", CHANGED.format("70", "01", "72", "08", "+2.9") + REWORKS)]),
    (["74"], []),
    (["73.5"], []),
    (["73.47"], [("note", CHANGED.format("70", "01", "73.47", "08", "+4.96") + REWORKS)]),
    # Always against the one in use; -0.1/70 is -0.14%.
    (["72", "69.9"], [("note", CHANGED.format("70", "01", "72", "08", "+2.9") + REWORKS),
                      ("note", CHANGED.format("70", "01", "69.9", "15", "−0.1") + REWORKS)]),
    (["72", "74"], [("note", CHANGED.format("70", "01", "72", "08", "+2.9") + REWORKS)]),
    (["72", "77.7"], [("note", CHANGED.format("70", "01", "72", "08", "+2.9") + REWORKS),
                      ("warning", CHANGED.format("70", "01", "77.7", "15", "+11") + ", more than 10%")]),
]  # fmt: skip


def weighed(weights: list[str], policy: Policy) -> list[tuple[str, str, str]]:
    taken = zip((8, 15), weights, strict=False)
    lines = "".join(f"  - {{date: 2026-03-{on:02}, weight: {kg} kg}}\n" for on, kg in taken)
    return told(recorded.weight, seen(weights=lines, policy=policy))


@pytest.mark.parametrize(("weights", "expected"), DEFAULT)
def test_a_weight_that_changed_far_is_told(
    weights: list[str], expected: list[tuple[str, str]]
) -> None:
    assert [("PF239", *each) for each in expected] == weighed(weights, policy_with({}))


@pytest.mark.parametrize(("weights", "expected"), RARELY)
def test_a_weight_that_changes_no_dose_is_told(
    weights: list[str], expected: list[tuple[str, str]]
) -> None:
    assert [("PF239", *each) for each in expected] == weighed(weights, contrasting())


# ------------------------------------------------------------------------------------- transplant


def transplant(on: str, said_on: str = "2026-03-02") -> str:
    return f"date: {said_on}, transplant_on: {on}"


AFTER = (
    "a transplant is planned on {0}, and {1} planned on that day or after it; record that "
    "the course moved on to transplant, or its new day"
)
NUMBERS = {1: "1 dose is", 2: "2 doses are", 3: "3 doses are"}
#: What is recorded; the doses that are planned from that day on.
TRANSPLANTS = [
    ([], None, ()),
    ([transplant("2026-04-21")], None, ()),
    ([transplant("2026-04-13")], "2026-04-13", ("3.d1.alpha.IV.1", "3.d8.alpha.IV.1")),
    ([transplant("2026-04-20")], "2026-04-20", ("3.d8.alpha.IV.1",)),
    ([transplant("2026-03-30")], "2026-03-30",
     ("2.d8.alpha.IV.1", "3.d1.alpha.IV.1", "3.d8.alpha.IV.1")),
    # The last day that is stated; one that was given is planned no more, nor one that was missed.
    ([transplant("2026-03-30"), transplant("2026-04-21", "2026-03-03")], None, ()),
    ([transplant("2026-03-23"), "date: 2026-03-30, missed: 2.d8.alpha.IV.1, reason: x",
      "date: 2026-03-23, given: 2.d1.alpha.IV.1, amount: 100 mg"],
     "2026-03-23", ("3.d1.alpha.IV.1", "3.d8.alpha.IV.1")),
    ([transplant("2026-03-10"), "date: 2026-03-09, moved_on: transplant, reason: donor"], None, ()),
    ([transplant("2026-03-05"), "date: 2026-03-20, moved_on: transplant, reason: donor"], None, ()),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "on", "doses"), TRANSPLANTS)
def test_doses_from_the_day_of_a_planned_transplant_on_are_told(
    entries: list[str], on: str | None, doses: tuple[str, ...]
) -> None:
    expected = [] if on is None else [
        Finding("PF240", Severity.WARNING, AFTER.format(on, NUMBERS[len(doses)]), doses)
    ]  # fmt: skip

    assert expected == list(recorded.before_transplant(seen(*entries)))


# ---------------------------------------------------------------------------------------- recovery

ASK = "; ask for the counts and record each start"
SHORT, LONG, WIDE = (
    {"length: 21 days, source": f"length: {length} days, between: [14 days, 21 days], source"}
    for length in (21, 14, 17)
)
STARTED = ["date: 2026-03-23, cycle: 2, started: true"]
BROKEN = ["date: 2026-03-24, interrupted: 2.d1.alpha.IV.1, reason: fever"]

RECOVERY = [
    ([], {}, []),
    ([], SHORT, ["cycles 2, 3: planned after 21 days, and may begin from 14 days on when counts have "
                 f"recovered{ASK}"]),
    ([], LONG, [f"cycles 2, 3: planned after 14 days, and may wait until day 22 for counts to recover{ASK}"]),
    ([], WIDE, [f"cycles 2, 3: planned after 17 days, and may wait until day 22 for counts to recover{ASK}"]),
    (STARTED, SHORT, ["cycle 3: planned after 21 days, and may begin from 14 days on when counts have "
                      f"recovered{ASK}"]),
    ([*STARTED, "date: 2026-04-13, cycle: 3, started: true"], SHORT, []),
    # After a cycle without a day the longest that is allowed is what is planned.
    (["date: 2026-03-03, interrupted: 1.d1.alpha.IV.1, reason: fever",
      "date: 2026-04-01, delayed: 3, to: 2026-05-04, reason: bed"], WIDE,
     [f"cycle 3: planned after 21 days, and may begin from 14 days on when counts have recovered{ASK}"]),
    # What has no day yet is not asked for.
    (BROKEN, SHORT, ["cycle 2: planned after 21 days, and may begin from 14 days on when counts have "
                     f"recovered{ASK}"]),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "instead", "messages"), RECOVERY)
def test_counts_are_asked_for_where_the_source_gives_a_range(
    entries: list[str], instead: dict[str, str], messages: list[str]
) -> None:
    here = seen(*entries, as_of="2026-04-10", instead=instead, sig=RATE, label=BREAK)

    assert [
        Finding("PF241", Severity.NOTE, text, (), "paper: Methods") for text in messages
    ] == list(recorded.recovery(here))


def test_a_range_is_cited_as_what_it_is_taken_for() -> None:
    assumed = {
        "length: 21 days, source: [paper, Methods]": "length: 21 days, between: [14 days, 21 days], "
        "source: [paper, Methods], assumed: {between: nobody prints it}"
    }

    assert ["assumed: nobody prints it"] == [
        finding.source for finding in recorded.recovery(seen(instead=assumed))
    ]
