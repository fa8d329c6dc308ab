"""The whole course of mini-hyper-CVD with inotuzumab, against figures worked by hand.

175 cm and 70 kg: √(175 × 70 / 3600) = √3.402777… = 1.844662…, rounded to 1.84 m².
"""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.conftest import FACTS, NORMAL, QUICK, WITH_MEDICINES, Run

ORIGINAL = ["--option", "inotuzumab_schedule=original"]


def doses(plan: Any, drug: str, route: str | None = None) -> list[Any]:
    return [a for a in plan["administrations"] if a["drug"] == drug and route in (None, a["route"])]


def exposure(plan: Any, drug: str) -> Any:
    return next(entry["value"] for entry in plan["exposure"] if entry["drug"] == drug)


def test_surface_area_is_rounded_once(run: Run) -> None:
    plan = run("plan", *QUICK, *FACTS, "--format", "json").data

    assert {"value": "1.84", "unit": "m2", "formula": "mosteller"} == plan["patient"]["bsa"]


def test_fractionated_inotuzumab_is_given_eight_times_and_comes_to_2_7(run: Run) -> None:
    plan = run("plan", *QUICK, *FACTS, "--format", "json").data
    given = doses(plan, "inotuzumab-ozogamicin")

    assert [
        ("1", 2, "2026-03-03", "1.104", "1.1"),
        ("1", 8, "2026-03-09", "0.552", "0.55"),
        ("2", 2, "2026-03-31", "0.552", "0.55"),
        ("2", 8, "2026-04-06", "0.552", "0.55"),
        ("3", 2, "2026-04-28", "0.552", "0.55"),
        ("3", 8, "2026-05-04", "0.552", "0.55"),
        ("4", 2, "2026-05-26", "0.552", "0.55"),
        ("4", 8, "2026-06-01", "0.552", "0.55"),
    ] == [
        (a["cycle"], a["day"], a["date"], a["calculated"]["value"], a["ordered"]["value"])
        for a in given
    ]
    assert "2.7" == exposure(plan, "inotuzumab-ozogamicin")
    assert {"value": "0.6", "unit": "mg/m2"} == given[0]["basis"]
    assert "1.d2.inotuzumab-ozogamicin.IV.1" == given[0]["id"]


@pytest.mark.parametrize(
    ("drug", "route", "cycles", "each", "days"),
    [
        ("cyclophosphamide", "IV", ("1", "3"), "276", [1, 1, 2, 2, 3, 3]),
        ("methotrexate", "IV", ("2", "4"), "460", [1]),
        ("cytarabine", "IV", ("2", "4"), "920", [2, 2, 3, 3]),
        ("dexamethasone", "PO", ("1", "3"), "20", [1, 2, 3, 4, 11, 12, 13, 14]),
        ("methotrexate", "IT", ("1", "3"), "12", [2]),
        ("cytarabine", "IT", ("1", "3"), "100", [7]),
        ("cytarabine", "IT", ("2", "4"), "100", [2]),
        ("methotrexate", "IT", ("2", "4"), "12", [7]),
        ("rituximab", "IV", ("1", "3"), "690", [1, 11]),
        ("rituximab", "IV", ("2", "4"), "690", [1, 8]),
        ("pegfilgrastim", "SC", ("1", "2", "3", "4"), "6", [4]),
    ],
)
def test_every_cycle_of_a_kind_has_the_same_doses(
    run: Run, drug: str, route: str, cycles: tuple[str, ...], each: str, days: list[int]
) -> None:
    plan = run("plan", *QUICK, *FACTS, "--format", "json").data

    for cycle in cycles:
        given = [a for a in doses(plan, drug, route) if a["cycle"] == cycle]

        assert days == [a["day"] for a in given]
        assert {each} == {a["calculated"]["value"] for a in given}
        assert {each} == {a["ordered"]["value"] for a in given}


def test_blinatumomab_steps_up_on_day_5_of_its_first_cycle_alone(run: Run) -> None:
    plan = run("plan", *QUICK, *FACTS, "--format", "json").data
    given = [
        (a["cycle"], a["day"], a["start"], a["end"], a["rate"]["value"], a["ordered"]["value"])
        for a in doses(plan, "blinatumomab")
    ]

    # 4 days × 9 = 36; 24 days × 28 = 672; 28 days × 28 = 784.
    assert [
        ("5", 1, "2026-06-22T10:00:00", "2026-06-26T10:00:00", "9", "36"),
        ("5", 5, "2026-06-26T10:00:00", "2026-07-20T10:00:00", "28", "672"),
        ("6", 1, "2026-08-03T10:00:00", "2026-08-31T10:00:00", "28", "784"),
        ("7", 1, "2026-09-14T10:00:00", "2026-10-12T10:00:00", "28", "784"),
        ("8", 1, "2026-10-26T10:00:00", "2026-11-23T10:00:00", "28", "784"),
    ] == given[:5]
    assert ["M4", "M8", "M12", "M16"] == [cycle for cycle, *_ in given[5:]]


def test_cycles_follow_each_other_and_maintenance_is_p_p_p_b_four_times(run: Run) -> None:
    plan = run("plan", *QUICK, *FACTS, "--format", "json").data
    starts = {c["label"]: date.fromisoformat(c["start"]) for c in plan["cycles"]}
    gaps = [(starts[b] - starts[a]).days for a, b in (("1", "2"), ("2", "3"), ("3", "4"))]

    assert [28, 28, 28] == gaps
    assert (date(2026, 6, 22), date(2026, 8, 3)) == (starts["5"], starts["6"])
    # Eight courses: 4 × 28 + 4 × 42 = 280 days.
    assert date(2026, 3, 2) + timedelta(280) == starts["M1"]
    assert ["POMP", "POMP", "POMP", "blinatumomab"] * 4 == [
        c["kind"] for c in plan["cycles"] if c["label"].startswith("M")
    ]


def test_original_schedule_asks_for_both_doses(run: Run) -> None:
    ran = run("plan", *QUICK, *FACTS, *ORIGINAL, "--format", "json")
    lacking = next(u for u in ran.data["unresolved"] if u["about"] == "inotuzumab-ozogamicin")

    assert 5 == ran.code
    assert ["inotuzumab_first_dose", "inotuzumab_later_dose"] == lacking["needs"]
    assert [
        "inotuzumab dose in course 1: choose inotuzumab_first_dose from 1.3\xa0mg/m² to 1.8\xa0mg/m²",
        "inotuzumab dose in courses 2 to 4: choose inotuzumab_later_dose from 1\xa0mg/m² to 1.3\xa0mg/m²",
    ] == lacking["wanted"]
    assert [None] * 4 == [a["ordered"] for a in doses(ran.data, "inotuzumab-ozogamicin")]
    assert exposure(ran.data, "inotuzumab-ozogamicin") is None


@pytest.mark.parametrize(
    ("first", "later", "total"), [("1.8", "1.3", "5.7"), ("1.3", "1.0", "4.3")]
)
def test_original_schedule_comes_to_the_printed_totals(
    run: Run, first: str, later: str, total: str
) -> None:
    chosen = ["--option", f"inotuzumab_first_dose={first} mg/m2"]
    chosen += ["--option", f"inotuzumab_later_dose={later} mg/m2"]

    ran = run("plan", *QUICK, *FACTS, *ORIGINAL, *chosen, "--format", "json")

    assert 0 == ran.code
    assert total == exposure(ran.data, "inotuzumab-ozogamicin")
    assert [3] * 4 == [a["day"] for a in doses(ran.data, "inotuzumab-ozogamicin")]


def test_unknown_cd20_leaves_rituximab_unresolved_and_without_a_number(run: Run) -> None:
    ran = run(
        "plan", *QUICK, *NORMAL, "--earlier=none", "--fact", "cns=negative", "--format", "json"
    )
    given = doses(ran.data, "rituximab")

    assert 5 == ran.code
    assert [("rituximab", ["cd20_percent"])] == [
        (u["about"], u["needs"]) for u in ran.data["unresolved"]
    ]
    assert {("unresolved", None, None)} == {
        (a["status"], a["adjusted"], a["ordered"]) for a in given
    }


@pytest.mark.parametrize(("percent", "count"), [("0", 0), ("19.9", 0), ("20", 8), ("100", 8)])
def test_rituximab_hangs_on_twenty_percent_cd20(run: Run, percent: str, count: int) -> None:
    ran = run(
        "plan", *QUICK, *NORMAL, "--earlier=none", "--fact", "cns=negative", "--fact", f"cd20_percent={percent}",
        "--format", "json",
    )  # fmt: skip

    assert (0, count) == (ran.code, len(doses(ran.data, "rituximab")))


def test_azoles_are_held_around_every_vincristine(run: Run) -> None:
    plan = run("plan", *QUICK, *WITH_MEDICINES, "--medicine", "posaconazole=2026-03-01..2026-03-03",
               "--format", "json").data  # fmt: skip
    held = {i["date"]: i["text"] for i in plan["instructions"]}
    wanted = {
        (date.fromisoformat(a["date"]) + timedelta(k)).isoformat()
        for a in doses(plan, "vincristine")
        for k in (-1, 0, 1)
    }

    assert wanted == set(held)
    assert "hold posaconazole" == held["2026-03-01"]
    assert "hold any azole (voriconazole, posaconazole)" == held["2026-03-09"]


def test_maintenance_begun_early_drops_cycles_and_says_why(run: Run) -> None:
    ran = run("plan", *QUICK, *FACTS, "--option", "maintenance_after=2", "--format", "json")
    plan = ran.data
    blinatumomab = doses(plan, "blinatumomab")
    intrathecal = [a for a in plan["administrations"] if a["route"] == "IT"]
    messages = [f["message"] for f in plan["findings"]]

    assert ["1", "2", "M1"] == [c["label"] for c in plan["cycles"]][:3]
    assert ("M4", "36") == (blinatumomab[0]["cycle"], blinatumomab[0]["ordered"]["value"])
    assert 4 == len(intrathecal)
    assert {
        "maintenance begins after cycle 2; cycles 3, 4, 5, 6, 7, 8 fall away; the source allows "
        "it only for treatment-related toxicity",
        "4 of 8 doses of methotrexate INTRATHECAL and cytarabine INTRATHECAL are placed; none is added by itself",
        "4 of 8 doses of rituximab intravenous are placed; none is added by itself",
    } <= set(messages)


def test_active_cns_disease_brings_the_open_ended_triple_therapy(run: Run) -> None:
    plan = run("plan", *QUICK, *NORMAL, "--earlier=none", "--fact", "cns=active", "--fact", "cd20_percent=0",
               "--format", "json").data  # fmt: skip
    item = next(i for i in plan["open_items"] if i["text"].startswith("Triple"))

    assert [
        "cytarabine 40\xa0mg INTRATHECAL",
        "methotrexate 12\xa0mg INTRATHECAL (6 mg when given through an Ommaya reservoir)",
        "hydrocortisone 50\xa0mg INTRATHECAL",
    ] == item["gives"]


def test_active_cns_disease_asks_what_becomes_of_prophylaxis_in_course_1(run: Run) -> None:
    """The paper is silent, and two intrathecal methotrexate doses a day apart can harm."""
    active = [
        *QUICK,
        *NORMAL,
        "--earlier=none",
        "--fact",
        "cns=active",
        "--fact",
        "cd20_percent=0",
        "--format",
        "json",
    ]
    option = "course_1_prophylaxis"

    asked = run("plan", *active)
    given = run("plan", *active, "--option", f"{option}=given")
    left_out = run("plan", *active, "--option", f"{option}=left out")

    assert (5, 0, 0) == (asked.code, given.code, left_out.code)
    assert [[option], [option]] == [u["needs"] for u in asked.data["unresolved"]]
    assert 8 == len([a for a in given.data["administrations"] if a["route"] == "IT"])
    assert {"2", "3", "4"} == {
        a["cycle"] for a in left_out.data["administrations"] if a["route"] == "IT"
    }


def test_three_years_of_original_maintenance_keep_to_calendar_months(run: Run) -> None:
    chosen = [
        "--option",
        "inotuzumab_first_dose=1.8 mg/m2",
        "--option",
        "inotuzumab_later_dose=1.3 mg/m2",
    ]
    plan = run("plan", *QUICK, *FACTS, *ORIGINAL, *chosen, "--format", "json").data
    begins = date(2026, 3, 2) + timedelta(8 * 28)
    monthly = [a["date"] for a in doses(plan, "vincristine") if a["cycle"] == "M1"]
    weekly = [date.fromisoformat(a["date"]) for a in doses(plan, "methotrexate", "PO")]

    assert date(2026, 10, 12) == begins
    assert [f"2026-{m}-12" for m in (10, 11, 12)] + [
        f"2027-{m:02}-12" for m in range(1, 10)
    ] == monthly
    assert {timedelta(7)} == {b - a for a, b in itertools.pairwise(weekly)}
    assert (begins, True) == (
        weekly[0],
        weekly[-1] < date(2029, 10, 12) <= weekly[-1] + timedelta(7),
    )
    # Three years from 2026-10-12 hold one leap day, 2028-02-29: 1,096 days, twice a day.
    assert 2 * 1096 == len(doses(plan, "mercaptopurine"))


def test_the_contract_holds_for_every_administration(run: Run) -> None:
    plan = run("plan", *QUICK, *FACTS, "--format", "json").data
    keys = {
        "id", "cycle", "day", "date", "start", "end", "drug", "route", "status", "overdue",
        "window", "basis", "bsa", "calculated", "adjusted", "ordered", "rate", "working",
        "adjustments", "pending", "assumptions", "sources",
    }  # fmt: skip
    rows = plan["administrations"]

    assert all(keys <= set(row) for row in rows)
    assert len(rows) == len({row["id"] for row in rows})
    assert sorted(row["start"] for row in rows) == [row["start"] for row in rows]
    assert all(row["sources"] or row["assumptions"] for row in rows)
    for entry in plan["exposure"]:
        amounts = [
            Decimal(row["ordered"]["value"])
            for row in rows
            if (row["drug"], row["route"]) == (entry["drug"], entry["route"])
        ]

        assert Decimal(entry["ordered"]) == sum(amounts)


def test_doses_before_the_day_of_the_plan_are_overdue_and_still_counted(run: Run) -> None:
    sample = ("examples/sample-a.yaml", "--as-of", "2026-03-04")  # its labs are of 1 March
    plan = run("plan", *sample, "--format", "json").data
    late = [a for a in plan["administrations"] if a["overdue"]]
    finding = next(f for f in plan["findings"] if f["code"] == "PF206")

    assert {"2026-03-02", "2026-03-03"} == {a["date"] for a in late}
    assert [a["id"] for a in late] == finding["administrations"]
    assert "2.7" == exposure(plan, "inotuzumab-ozogamicin")


def test_windows_that_reach_a_vincristine_day_are_a_warning(run: Run) -> None:
    """Day 2 may move to day 1, and day 7 to day 8: vincristine is given on both."""
    plan = run("plan", *QUICK, *FACTS, "--format", "json").data
    finding = next(f for f in plan["findings"] if f["code"] == "PF215")

    assert (
        "warning",
        "intrathecal doses may be moved by their windows onto days with a vinca alkaloid, which "
        "kills when it is given intrathecally (cycle 1 day 2; cycle 1 day 7; cycle 3 day 2; cycle "
        "3 day 7); keep them on different days",
    ) == (finding["severity"], finding["message"])


def test_contradictions_of_the_other_schedule_do_not_stand_in_a_plan(run: Run) -> None:
    plan = run("plan", "examples/sample-b-original.yaml", "--format", "json").data
    notes = [f["message"] for f in plan["findings"] if f["code"] == "PF203"]

    assert [] == [note for note in notes if "days 2 and 8" in note or "courses 5 to 8" in note]
    assert 6 == len(notes)
