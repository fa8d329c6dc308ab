"""Plans as plain data, and how tests change them into the second of a pair."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from protoplan import api
from protoplan.comparing.plans import compare
from protoplan.model.difference import PlanDifference
from protoplan.reading.planned import outline
from protoplan.rendering.plan_json import render

ROOT = Path(__file__).parents[1]


@cache
def printed() -> str:
    """The plan of the first sample as JSON."""
    return render(api.plan_treatment(*api.target(str(ROOT / "examples/sample-a.yaml"), [])))


def sample() -> Any:
    """The plan of the first sample as data that a test may change."""
    return json.loads(printed())


def differ(before: Any, after: Any) -> PlanDifference:
    first, second = (outline(json.dumps(data), "x.json") for data in (before, after))
    return compare(first, second, ("a.json", "b.json"))


def rows(data: Any, drug: str, cycles: Iterable[str] = (), route: str = "") -> Iterator[Any]:
    """The administrations of a drug, of some cycles or by one route alone."""
    wanted = set(cycles)
    for row in data["administrations"]:
        here = row["cycle"] in (wanted or {row["cycle"]}) and route in {"", row["route"]}
        if row["drug"] == drug and here:
            yield row


def later(written: str | None, days: int) -> str | None:
    if written is None:
        return None
    by = timedelta(days)
    if "T" in written:
        return (datetime.fromisoformat(written) + by).isoformat()
    return (date.fromisoformat(written) + by).isoformat()


def move(row: Any, days: int) -> None:
    """One administration so many days later, with its window."""
    for key in ("date", "start", "end"):
        row[key] = later(row[key], days)
    if row["window"]:
        row["window"] = {key: later(day, days) for key, day in row["window"].items()}


def late(data: Any, label: str = "3", days: int = 7) -> Any:
    """A cycle and all that follow it begin late; what is dated with them moves with them."""
    starts = {cycle["label"]: cycle["start"] for cycle in data["cycles"]}
    moved = {name for name, start in starts.items() if start >= starts[label]}
    for cycle in data["cycles"]:
        if cycle["label"] in moved:
            cycle["start"] = later(cycle["start"], days)
    before = [cycle for cycle in data["cycles"] if cycle["label"] not in moved]
    before[-1]["length_days"] += days
    for row in data["administrations"]:
        if row["cycle"] in moved:
            move(row, days)
    cycle_of = {row["id"]: row["cycle"] for row in data["administrations"]}
    for line in data["instructions"]:
        if cycle_of[line["around"][0]] in moved:
            line["date"] = later(line["date"], days)
    for line in data["checklist"]:
        if line["cycle"] in moved:
            line["date"] = later(line["date"], days)
    return data
