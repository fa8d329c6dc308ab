"""The schema of the machine-readable plan holds for real plans, and describes every key they have."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.conftest import QUICK, WITH_MEDICINES

from protoplan import api
from protoplan.cli import main

SCHEMA = json.loads(api.schema("plan"))

PLANS = {
    "complete": ["examples/sample-a.yaml"],
    "original schedule": ["examples/sample-b-original.yaml"],
    "incomplete": [*QUICK, "--option", "inotuzumab_schedule=original"],
    "another day, medicines, earlier treatment": [
        *QUICK, *WITH_MEDICINES, "--as-of", "2026-04-01", "--medicine", "posaconazole=2026-03-01..2026-03-20",
        "--medicine", "voriconazole", "--earlier", "doxorubicin=100 mg/m2", "--label", "B"],
    "another protocol": ["hyper-cvad-bortezomib", *QUICK[1:]],
}  # fmt: skip


def strict(schema: Any) -> Any:
    """The schema with no room for keys that it does not describe."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(part) for key, part in schema.items()}
    if "properties" in schema and "type" in schema:
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def printed(name: str) -> str:
    ran = CliRunner().invoke(main, ["plan", *PLANS[name], "--format", "json"])
    assert ran.exit_code in {0, 4, 5}, ran.stderr
    return ran.stdout


def plan_of(name: str) -> Any:
    return json.loads(printed(name))


def few(data: Any) -> Any:
    """The plan with one administration of each status: quicker to judge again and again."""
    by_status = {row["status"]: row for row in data["administrations"]}
    return {**data, "administrations": list(by_status.values())}


@pytest.mark.parametrize("name", PLANS)
def test_plans_fit_and_every_key_is_described(name: str) -> None:
    data = plan_of(name)

    errors = [
        f"{e.json_path}: {e.message}"
        for e in Draft202012Validator(strict(SCHEMA)).iter_errors(data)
    ]

    assert [] == errors


def test_the_plans_are_of_both_kinds_and_show_what_there_is_to_show() -> None:
    plans = [plan_of(name) for name in PLANS]
    rows = [row for data in plans for row in data["administrations"]]

    assert {True, False} == {data["complete"] for data in plans}
    assert {"planned", "unresolved"} == {row["status"] for row in rows}
    assert {True, False} == {row["overdue"] for row in rows}
    for key in ("window", "end", "rate", "basis", "bsa", "ordered"):
        assert {True, False} == {row[key] is None for row in rows}, key
    for part in ("instructions", "open_items", "exposure", "unresolved", "findings", "silences"):
        assert any(data[part] for data in plans), part


def test_more_keys_may_be_added() -> None:
    data = few(plan_of("complete"))
    data["new"] = data["administrations"][0]["new"] = {"any": "thing"}

    assert Draft202012Validator(SCHEMA).is_valid(data)
    assert not Draft202012Validator(strict(SCHEMA)).is_valid(data)


def first(data: Any, status: str) -> Any:
    return next(row for row in data["administrations"] if row["status"] == status)


#: What must never be printed, each done to the incomplete plan.
HARM: dict[str, Callable[[Any], Any]] = {
    "a number as a float": lambda data: first(data, "planned")["ordered"].update(value=1.1),
    "a trailing zero": lambda data: first(data, "planned")["ordered"].update(value="1.10"),
    "a comma": lambda data: first(data, "planned")["ordered"].update(value="1,104"),
    "an amount without a unit": lambda data: first(data, "planned")["ordered"].pop("unit"),
    "a planned dose without a number": lambda data: first(data, "planned").update(ordered=None),
    "a planned dose that lacks something": lambda data: first(data, "planned").update(needs=["x"]),
    "an unresolved dose with a number": lambda data: first(data, "unresolved").update(
        ordered={"value": "1", "unit": "mg"}),
    "an unresolved dose that lacks nothing": lambda data: first(data, "unresolved").update(needs=[]),
    "an incomplete plan that calls itself complete": lambda data: data.update(complete=True),
    "a complete plan that calls itself incomplete": lambda data: data.update(unresolved=[]),
    "a route that is none": lambda data: first(data, "planned").update(route="intrathecal"),
    "a status that is none": lambda data: first(data, "planned").update(status="done"),
    "a date in another order": lambda data: first(data, "planned").update(date="02-03-2026"),
    "a day 0": lambda data: first(data, "planned").update(day=0),
    "an error among the findings": lambda data: data["findings"][0].update(severity="error"),
    "a plan of another format": lambda data: data.update(format="protoplan-plan/2"),
    "no findings at all": lambda data: data.pop("findings"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_harm_is_seen(harm: str) -> None:
    data = few(plan_of("incomplete"))
    assert Draft202012Validator(SCHEMA).is_valid(data)

    HARM[harm](data)

    assert not Draft202012Validator(SCHEMA).is_valid(data)
