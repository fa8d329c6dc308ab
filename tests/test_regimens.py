"""The figures that the three seed regimens must show, worked by hand from their papers."""

from datetime import date
from typing import Any

import pytest
from tests.conftest import LABS, Run

BODY = ("--height", "175cm", "--weight", "70kg", "--start", "2026-03-02")
NOTHING = ("--medicine", "none", "--earlier", "none", *LABS)
BORTEZOMIB = (
    "hyper-cvad-bortezomib", *BODY, *NOTHING, "--age", "45",
    "--fact", "cd20_percent=0", "--fact", "philadelphia=negative", "--fact", "lineage=B",
    "--fact", "leucovorin_elsewhere=yes", "--option", "asparaginase_dose=5000 units/m2",
    "--option", "asparaginase_days=5, 7, 9, 11, 13, 15",
)  # fmt: skip
VENETOCLAX = ("mini-hyper-cvd-venetoclax", *BODY, *NOTHING, "--fact", "cd20_percent=0")


def plan_of(run: Run, *arguments: str) -> Any:
    return run("plan", *arguments, "--format", "json").data


def given(plan: Any, drug: str, **wanted: object) -> list[Any]:
    return [
        row
        for row in plan["administrations"]
        if row["drug"] == drug and all(row[key] == value for key, value in wanted.items())
    ]


def milligrams(rows: list[Any], what: str = "ordered") -> list[str]:
    return [row[what]["value"] for row in rows]


def test_hyper_cvad_with_bortezomib_at_175_cm_and_70_kg(run: Run) -> None:
    """1.2, 50, 1.3, 300 mg/m2, 1.5 and 1 g/m2 by 1.84 m2."""
    plan = plan_of(run, *BORTEZOMIB)
    first = given(plan, "vincristine", cycle="1")

    assert [1, 8, 15] == [row["day"] for row in first]
    assert (["2.208"] * 3, ["2"] * 3) == (milligrams(first, "calculated"), milligrams(first))
    assert all(any(step["step"] == "cap" for step in row["working"]) for row in first)
    assert ["92"] == milligrams(given(plan, "doxorubicin", cycle="1"))
    for cycle in ("1", "2"):
        bortezomib = given(plan, "bortezomib", cycle=cycle)
        assert [1, 4, 8, 11] == [row["day"] for row in bortezomib]
        assert ["2.392"] * 4 == milligrams(bortezomib, "calculated")
    assert ["552"] * 6 == milligrams(given(plan, "cyclophosphamide", cycle="1"))
    assert ["2760"] == milligrams(given(plan, "methotrexate", cycle="2", route="IV"))
    assert ["1840"] * 4 == milligrams(given(plan, "cytarabine", cycle="2", route="IV"))


def test_its_contradictions_stand_on_the_days_they_touch_and_the_others_at_the_head(
    run: Run,
) -> None:
    plan = plan_of(run, *BORTEZOMIB)
    rows = {row["id"]: row for row in plan["administrations"]}
    found = [entry for entry in plan["findings"] if entry["code"] == "PF203"]
    touched = {
        entry["message"].partition(":")[0]: sorted(
            {(rows[name]["cycle"], rows[name]["day"]) for name in entry["administrations"]}
        )
        for entry in found
    }

    assert [("1", 1), ("1", 8), ("3", 1), ("3", 8)] == touched[
        "bortezomib and vincristine on one day"
    ]
    assert [("2", 1), ("2", 2), ("4", 1), ("4", 2)] == touched[
        "intrathecal methotrexate the day after systemic methotrexate (between sources)"
    ]
    assert 5 == sum(not days for days in touched.values())
    assert 11 == len(found)


@pytest.mark.parametrize(("cycles", "said"), [("4", 0), ("5", 1)])
def test_more_than_four_cycles_set_the_paper_s_statements_side_by_side(
    run: Run, cycles: str, said: int
) -> None:
    plan = plan_of(run, *BORTEZOMIB, "--option", f"cycles={cycles}")

    found = [e for e in plan["findings"] if e["code"] == "PF216" and "four" in e["message"]]

    assert said == len(found)
    assert int(cycles) == len(plan["cycles"])


@pytest.mark.parametrize(
    ("age", "body", "calculated", "adjusted"),
    [
        # 1,500 × 1.84; 1,000 × 1.84; 1,500 × 2.6 = 3,900; 1,000 × 2.6 = 2,600
        ("59", (), "2760", "2760"),
        ("60", (), "1840", "1840"),
        ("59", ("180cm", "135.2kg"), "3900", "3750"),
        ("60", ("180cm", "135.2kg"), "2600", "2000"),
    ],
)
def test_pegaspargase_by_age_and_its_caps(
    run: Run, age: str, body: tuple[str, ...], calculated: str, adjusted: str
) -> None:
    stated = ["--age", age, "--fact", "lineage=T"]
    target = list(VENETOCLAX)
    if body:
        target[2], target[4] = body
    plan = plan_of(run, *target, *stated)
    rows = given(plan, "pegaspargase")

    assert [("4N", 5), ("5N", 5)] == [(row["cycle"], row["day"]) for row in rows]
    assert [calculated] * 2 == milligrams(rows, "calculated")
    assert [adjusted] * 2 == milligrams(rows, "adjusted") == milligrams(rows)


def test_4n_stands_between_4_and_5_and_moves_later_cycles(run: Run) -> None:
    starts = {
        lineage: {
            cycle["label"]: date.fromisoformat(cycle["start"])
            for cycle in plan_of(run, *VENETOCLAX, "--age", "59", "--fact", f"lineage={lineage}")[
                "cycles"
            ]
        }
        for lineage in "BT"
    }

    assert [*"1234", "4N", "5", "5N", *"678"] == list(starts["T"])[:10]
    assert [*"12345678"] == list(starts["B"])[:8]
    assert date(2026, 6, 22) == starts["T"]["4N"] == starts["B"]["5"]
    moved = {
        label: (on - starts["B"][label]).days
        for label, on in starts["T"].items()
        if "N" not in label
    }
    assert {0} == {moved[label] for label in "1234"}
    assert 28 == moved["5"]
    assert {56} == {days for label, days in moved.items() if label not in "12345"}


def test_venetoclax_rises_in_cycle_1_and_the_ramp_is_marked(run: Run) -> None:
    plan = plan_of(run, *VENETOCLAX, "--age", "45", "--fact", "lineage=B")
    first = given(plan, "venetoclax", cycle="1")

    assert ["100", "200", *["400"] * 12] == milligrams(first)
    assert list(range(1, 15)) == [row["day"] for row in first]
    assert [True] * 3 + [False] * 11 == [
        any("ramp_up" in text for text in row["assumptions"]) for row in first
    ]
    assert {(cycle, 7) for cycle in "2345678"} == {
        (cycle, len(given(plan, "venetoclax", cycle=cycle))) for cycle in "2345678"
    }
    assert list(range(1, 15)) == [row["day"] for row in given(plan, "venetoclax", cycle="M1")]
    assert 14 * 24 == sum(row["cycle"].startswith("M") for row in given(plan, "venetoclax"))


def test_a_ramp_that_the_prescriber_gives_is_not_marked_as_assumed(run: Run) -> None:
    steps = "venetoclax_ramp_up=20 mg, 50 mg, 100 mg, 200 mg"
    plan = plan_of(run, *VENETOCLAX, "--age", "45", "--fact", "lineage=B", "--option", steps)
    first = given(plan, "venetoclax", cycle="1")

    assert ["20", "50", "100", "200", *["400"] * 10] == milligrams(first)
    assert not any("ramp_up" in text for row in first for text in row["assumptions"])
    assert [[2, "10"], [1, "50"], [1, "100"], [2, "100"], [4, "100"]] == [
        [row["made_of"][0]["count"], row["made_of"][0]["holds"]["value"]] for row in first[:5]
    ]
