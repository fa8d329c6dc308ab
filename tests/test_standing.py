"""`protoplan status`: what it prints, what it writes, how it ends."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.conftest import FACTS, QUICK, Run
from tests.standings import RECORDED, SAMPLE, STARTS, sample
from tests.test_plan_schema import strict

from protoplan import api
from protoplan.cli import main

SCHEMA = json.loads(api.schema("status"))
FILE = "examples/sample-a-record.yaml"

STATUSES = {
    "third cycle": [FILE, "--on", "2026-05-05"],
    "day that is past": [FILE, "--on", "2026-03-31"],
    "between cycles": [FILE, "--on", "2026-04-28"],
    "before the course": ["examples/sample-a.yaml"],
    "infusion, nothing recorded": ["examples/sample-a.yaml", "--on", "2026-07-08"],
    "after the course": ["examples/sample-a.yaml", "--on", "2030-01-01"],
    "range of days, cycles without dates": [
        "mini-hyper-cvd-venetoclax", *QUICK[1:], "--on", "2026-03-20"],
}  # fmt: skip


@cache
def printed(name: str) -> str:
    ran = CliRunner().invoke(main, ["status", *STATUSES[name], "--format", "json"])
    assert ran.exit_code in {0, 4, 5}, ran.stderr
    return ran.stdout


def status_of(name: str) -> Any:
    return json.loads(printed(name))


def test_what_is_printed_is_what_was_read_through(
    run: Run, golden: Callable[[str, str], None]
) -> None:
    golden("status.txt", run("status", FILE, "--on", "2026-05-05").out)


def test_it_begins_with_what_is_due(run: Run, tmp_path: Path) -> None:
    """The third cycle began 7 days late; its labs are of 1 March, too old for some doses."""
    path = tmp_path / "late.yaml"
    path.write_text(sample("  - {date: 2026-05-04, cycle: 3, started: true}"), "utf-8")

    ran = run("status", str(path), "--on", "2026-05-05")

    assert ran.out.startswith(
        "DUE on Tue\N{NO-BREAK SPACE}2026-05-05, cycle 3 day 2: ursodiol, dexamethasone, "
        "methotrexate INTRATHECAL\n"
        "UNRESOLVED, no dose to give yet: cyclophosphamide, inotuzumab ozogamicin\n"
    )
    assert "3 began 7 days later than due" in ran.out
    assert 5 == ran.code


def test_a_stop_comes_before_everything(run: Run) -> None:
    ran = run("status", *QUICK, *FACTS, "--fact", "earlier_sos=yes", "--earlier", "none")

    assert ran.out.startswith("STOP  ")
    assert 4 == ran.code


def test_a_beginning_that_is_not_recorded_is_not_taken_for_one(run: Run) -> None:
    out = run("status", "examples/sample-a.yaml", "--on", "2026-07-08").out

    assert "RUNNING by the plan, whose beginning is NOT RECORDED: blinatumomab" in out
    assert "\nRUNNING: " not in out


def test_an_infusion_that_began_is_not_said_to_be_due(run: Run, tmp_path: Path) -> None:
    """So that nobody hangs a second one."""
    record = """
  - {date: 2026-06-29, cycle: 5, started: true}
  - {date: 2026-06-29, begun: 5.d1.blinatumomab.IV.1}
"""
    path = tmp_path / "begun.yaml"
    path.write_text(sample(STARTS + record), "utf-8")

    out = run("status", str(path), "--on", "2026-06-29").out
    head = out.partition("\n\n")[0]

    assert "BEGUN: blinatumomab" in head
    assert "blinatumomab" not in head.partition("\n")[0]
    assert "BEGUN; " in out


def test_a_range_of_days_asks_for_the_counts(run: Run) -> None:
    out = " ".join(run("status", *STATUSES["range of days, cycles without dates"]).out.split())

    assert (
        "2, planned on Mon 2026-03-30; not before Mon 2026-03-23 and not after Mon 2026-03-30 "
        "(21 to 28 days by the source): its blood counts decide. Ask for them; they are never "
        "assumed"
    ) in out


def test_what_was_given_is_shown_beside_what_was_ordered(run: Run) -> None:
    out = run("status", FILE, "--on", "2026-04-01").out

    assert "GIVEN; ordered 920\N{NO-BREAK SPACE}mg" in " ".join(out.split(" "))
    assert "is past, and shown as the record has it now" in " ".join(out.split())


def test_earlier_treatment_that_is_not_stated_is_said_to_be_missing(run: Run) -> None:
    stated = run("status", *QUICK, *FACTS, "--earlier", "doxorubicin=100 mg/m2").out
    missing = run("status", *QUICK, *FACTS).out

    assert "earlier treatment is NOT STATED, and not counted" in missing
    assert "NOT STATED" not in stated


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([FILE, "--on", "2026-05-05"], 0),
        ([FILE, "--on", "2026-05-45"], 2),
        ([FILE, "--height", "175cm"], 2),
        (["examples/sample-a.yaml", "--on", "2026-05-05"], 5),
        (["no-such-protocol", *QUICK[1:]], 2),
        (["tests/problems/PP202-date-of-a-lab.yaml"], 3),
    ],
)
def test_it_ends_as_the_plan_does(run: Run, arguments: list[str], code: int) -> None:
    assert code == run("status", *arguments).code


def test_without_a_day_it_is_about_that_of_the_plan(run: Run) -> None:
    own = run("status", FILE, "--format", "json").data
    stated = run("status", FILE, "--as-of", "2026-05-10", "--format", "json").data

    assert ("2026-05-04", "2026-05-04") == (own["on"], own["as_of"])
    assert ("2026-05-10", "2026-05-10") == (stated["on"], stated["as_of"])


def test_a_treatment_may_come_by_standard_input(run: Run) -> None:
    assert run("status", FILE, "--on", "2026-05-05").out == run(
        "status", "-", "--on", "2026-05-05", stdin=RECORDED).out  # fmt: skip


def test_it_is_written_whole_and_not_over_another_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "status.txt"
    arguments = ["status", FILE, "--on", "2026-05-05", "--output", str(path)]

    first, second = run(*arguments), run(*arguments)

    assert (0, 1) == (first.code, second.code)
    assert path.read_text("utf-8") == run("status", FILE, "--on", "2026-05-05").out
    assert 0 == run(*arguments, "--force").code


# -- the JSON --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STATUSES)
def test_statuses_fit_the_schema_and_every_key_is_described(name: str) -> None:
    errors = [
        f"{e.json_path}: {e.message}"
        for e in Draft202012Validator(strict(SCHEMA)).iter_errors(status_of(name))
    ]

    assert [] == errors


def test_a_record_of_every_kind_fits_the_schema(run: Run, tmp_path: Path) -> None:
    record = STARTS + "\n".join(
        f"  - {entry}"
        for entry in (
            "{date: 2026-03-02, given: 1.d1.vincristine.IV.1, amount: 2 mg, time: '11:30'}",
            "{date: 2026-05-04, held: 3.d1.vincristine.IV.1, reason: ileus}",
            "{date: 2026-05-04, missed: 3.d1.rituximab.IV.1, reason: no bed}",
            "{date: 2026-05-04, delayed: 3.d2.inotuzumab-ozogamicin.IV.1, to: 2026-05-06, "
            "reason: fever}",
            "{date: 2026-05-04, response: complete remission, mrd: positive}",
            "{date: 2026-05-04, transplant_on: 2026-07-01}",
        )
    )
    path = tmp_path / "recorded.yaml"
    path.write_text(sample(record), "utf-8")

    data = run("status", str(path), "--on", "2026-05-05", "--format", "json").data

    Draft202012Validator(strict(SCHEMA)).validate(data)
    assert (["3.d2.inotuzumab-ozogamicin.IV.1"], 57) == (
        [row["id"] for row in data["moved"]], data["transplant"]["days"])  # fmt: skip
    assert ["vincristine"] == [group["drug"] for group in data["held"]]


def test_the_statuses_show_what_there_is_to_show() -> None:
    found = [status_of(name) for name in STATUSES]

    assert {True, False} == {data["complete"] for data in found}
    assert {"before the course", "in a cycle", "between cycles", "after the course"} == {
        data["position"]["state"] for data in found
    }
    for key in ("doses", "running", "next", "not_recorded", "to_ask", "instructions", "response",
                "findings", "unresolved"):  # fmt: skip
        assert any(data[key] for data in found), key


#: What must never be printed, each done to the status of the third cycle.
HARM: dict[str, Callable[[Any], Any]] = {
    "a number as a float": lambda data: data["doses"][0]["amount"].update(value=1.1),
    "a planned dose without a number": lambda data: data["doses"][0].update(amount=None),
    "a route that is none": lambda data: data["doses"][0].update(route="intrathecal"),
    "a percent with a trailing zero": lambda data: data["relative_dose_intensity"].update(
        percent="86.0"),
    "no overall value and no reason": lambda data: data["relative_dose_intensity"].update(
        percent=None),
    "a share of a drug with unrecorded doses": lambda data: data["relative_dose_intensity"][
        "drugs"][0].update(not_recorded=1),
    "a day between cycles": lambda data: data["position"].update(state="between cycles"),
    "a note among the findings": lambda data: data["findings"][0].update(severity="note"),
    "a status of another format": lambda data: data.update(format="protoplan-status/2"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_harm_is_seen(harm: str) -> None:
    data = status_of("third cycle")
    assert Draft202012Validator(SCHEMA).is_valid(data)

    HARM[harm](data)

    assert not Draft202012Validator(SCHEMA).is_valid(data)


def test_text_and_json_say_the_same_of_the_dose_intensity(run: Run) -> None:
    """56 days planned and 63 taken; cytarabine 1,750 of 2,000 mg/m²: 7/8 × 8/9 = 77.8%.

    Inotuzumab ozogamicin: 1.1 + 3 × 0.55 = 2.75 mg over 1.84 m² is 1.494565 of 1.5 mg/m², 88.6%.
    The mean: (3 × 88.889 + 77.778 + 88.567) / 5 = 86.602.
    """
    data = status_of("third cycle")["relative_dose_intensity"]
    percents = {(e["drug"], e["route"]): e["percent"] for e in data["drugs"] if e["in_mean"]}

    assert ("86.6", ["1", "2"], 56, 63) == (
        data["percent"], data["cycles"], data["planned_days"], data["actual_days"])  # fmt: skip
    assert {
        ("cyclophosphamide", "IV"): "88.9",
        ("cytarabine", "IV"): "77.8",
        ("inotuzumab-ozogamicin", "IV"): "88.6",
        ("methotrexate", "IV"): "88.9",
        ("vincristine", "IV"): "88.9",
    } == percents
    assert "overall       86.6%" in run("status", FILE, "--on", "2026-05-05").out


def test_the_sample_with_a_record_is_the_first_one_with_more() -> None:
    """So that what holds of one patient is not taken for another."""
    kept = [line for line in SAMPLE.splitlines() if line.startswith(("start:", "options:", "  cd"))]

    assert kept == [line for line in kept if line in RECORDED.splitlines()]
