"""Harmed files end as a problem with a place, as the plan that was, or as one whose diff names what moved.

An even sample of more than 500 is judged; all of them, some 30,000, where PROTOPLAN_CORPUS is ``all``,
which takes most of an hour. They are judged in a process of their own, so that its memory is theirs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.corpus.harms import HARMS, Harm, anatomy, harms
from tests.corpus.told import untold
from tests.pairs import differ, rows, sample

from protoplan.rendering import difference_json

#: Seconds of computing for one file: one on a machine that is free, three on one that is not.
SECONDS = 3
MEGABYTES = 200


@cache
def judged() -> Any:
    """What became of the corpus."""
    every = ["--all"] if os.environ.get("PROTOPLAN_CORPUS") == "all" else []
    ran = subprocess.run(
        [sys.executable, "-m", "tests.corpus", *every],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


def test_no_harmed_file_ends_as_it_must_not(record_property: Callable[[str, object], None]) -> None:
    """A problem without a place, a traceback, a change that is not told, or one told that is none."""
    found = judged()
    record_property("corpus", {key: found[key] for key in ("files", "ends", "by_harm")})

    assert [] == found["wrong"]
    assert found["files"] >= 500


def test_no_harmed_figure_of_a_protocol_goes_unsaid() -> None:
    """Neither a problem, nor another plan, nor a line of the protocol's own diff."""
    assert [] == judged()["silent"]


def test_every_kind_of_harm_and_of_end_is_there() -> None:
    found = judged()

    assert set(HARMS) == set(found["by_harm"])
    assert all(sum(ends.values()) >= 50 for ends in found["by_harm"].values())
    assert {"problem", "unchanged", "moved"} <= set(found["ends"])
    assert {"problem"} == set(found["by_harm"]["doubled"])


def test_no_harmed_file_takes_long_or_much() -> None:
    found = judged()

    assert found["longest_seconds"] < SECONDS, found["longest"]
    assert found["peak_mb"] < MEGABYTES


def test_the_corpus_is_the_same_at_every_run() -> None:
    path = ROOT / "protocols/flag.yaml"
    first = list(harms(path))
    anatomy.cache_clear()

    assert first == list(harms(path))
    assert len(first) == len({(harm.kind, harm.what, harm.text) for harm in first})


def of_a_line(kind: str, line: str) -> list[str]:
    """What a kind of harm makes of a line of a protocol."""
    path = ROOT / "protocols/flag.yaml"
    text = path.read_text("utf-8")
    number = text[: text.index(line)].count("\n")

    def read(harm: Harm) -> str:
        return harm.text.splitlines()[number].strip()

    return [read(harm) for harm in harms(path) if harm.kind == kind and line not in harm.text]


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("ten times", ["- {dose: 300 mg/m2, days: 1-5}"]),
        ("a thousandth", ["- {dose: 0.03 mg/m2, days: 1-5}"]),
        ("comma", ["- {dose: 30,5 mg/m2, days: 1-5}"]),
        ("other unit", ["- {dose: 30 mg, days: 1-5}"]),
        (
            "day shifted",
            [f"- {{dose: 30 mg/m2, days: {days}}}" for days in ("2-5", "1-6", "0-5", "1-4")],
        ),
        ("misspelt", ["- {dosqe: 30 mg/m2, days: 1-5}", "- {dose: 30 mg/m2, dayqs: 1-5}"]),
        ("dropped", ["- { days: 1-5}", "- {dose: 30 mg/m2, }"]),
    ],
)
def test_a_line_is_harmed_as_a_hand_would(kind: str, made: list[str]) -> None:
    found = [line for line in of_a_line(kind, "- {dose: 30 mg/m2, days: 1-5}") if line in made]

    assert made == found


def lines_of(before: Any, after: Any) -> list[str]:
    told = json.loads(difference_json.render(differ(before, after)))
    return list(untold(before, after, told))


def test_the_judge_of_differences_finds_what_is_not_told() -> None:
    """A change behind a difference of another pair, and a line that tells of nothing."""
    before, after = sample(), sample()
    for row in rows(after, "vincristine", ["1"]):
        row["ordered"] = {"value": "20", "unit": "mg"}
    right = json.loads(difference_json.render(differ(before, after)))
    nothing = json.loads(difference_json.render(differ(before, sample())))
    doses = [row["id"] for row in rows(after, "vincristine", ["1"])]

    assert [] == list(untold(before, after, right)) == lines_of(before, sample())
    assert {f"{name} has another dose, and no line says so" for name in doses} <= set(
        untold(before, after, nothing)
    )
    for_nothing = [line for line in untold(before, sample(), right) if "is said to have" in line]
    assert len(doses) == len(for_nothing)
