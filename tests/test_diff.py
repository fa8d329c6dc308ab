"""The command that compares: exit codes, what it refuses, its JSON, its printed lines."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.conftest import ROOT, Run
from tests.pairs import late, printed, sample
from tests.test_plan_schema import strict

from protoplan import api

SAMPLE, REVISED, OTHER = (
    f"examples/{name}.yaml" for name in ("sample-a", "sample-a-revised", "sample-b-original")
)
USAGE = "Usage: protoplan diff [OPTIONS] A B\nTry 'protoplan diff --help' for help.\n\nError: "
SCHEMA = json.loads(api.schema("difference"))


@pytest.fixture
def week_later(tmp_path: Path) -> str:
    path = tmp_path / "week-later.json"
    path.write_text(json.dumps(late(sample())), "utf-8")
    return str(path)


@pytest.fixture
def protocol(tmp_path: Path) -> str:
    text = (ROOT / "tests/protocols/full-doses.yaml").read_text("utf-8")
    path = tmp_path / "full-doses.yaml"
    path.write_text(text.replace("dose: 50 mg/m2", "dose: 75 mg/m2"), "utf-8")
    return str(path)


def test_a_treatment_and_its_own_plan_are_the_same(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(printed(), "utf-8")

    ran = run("diff", SAMPLE, str(path))

    assert (0, "") == (ran.code, ran.err)
    assert "no difference" in ran.out.splitlines()[-1]


def test_one_of_the_two_may_come_from_standard_input(run: Run, week_later: str) -> None:
    text = Path(week_later).read_text("utf-8")

    assert (0, 6, 6) == (
        run("diff", SAMPLE, "-", stdin=printed()).code,
        run("diff", "-", SAMPLE, stdin=text).code,
        run("diff", SAMPLE, "-", stdin=text).code,
    )


def test_a_cycle_that_begins_a_week_late_takes_few_lines(
    run: Run, week_later: str, golden: Callable[[str, str], None]
) -> None:
    ran = run("diff", SAMPLE, week_later)
    shown = ran.out.replace(str(Path(week_later).parent), "")

    assert 6 == ran.code
    assert len(ran.out.splitlines()) <= 10
    # The name of a folder of the test decides where the lines that name the sides break.
    golden("diff-week-later.txt", shown[shown.index("moved ") :])


def test_a_revised_treatment_is_told(run: Run, golden: Callable[[str, str], None]) -> None:
    ran = run("diff", SAMPLE, REVISED)

    assert 6 == ran.code
    golden("diff-revised.txt", ran.out)


def test_two_treatments_are_compared_and_said_to_be_two(run: Run) -> None:
    ran = run("diff", SAMPLE, OTHER)

    assert 6 == ran.code
    assert ran.out.startswith("ATTENTION    DIFFERENT TREATMENTS, not two versions of one: ")


def test_protocols_are_compared_by_id_and_by_path(run: Run, protocol: str) -> None:
    same = run("diff", "hyper-cvad-bortezomib", "protocols/hyper-cvad-bortezomib.yaml")
    other = run("diff", "tests/protocols/full-doses.yaml", protocol)

    assert (0, 6) == (same.code, other.code)
    assert (
        "changed      DOXOrubicin intravenous in all, day 1, dose: 50\xa0mg/m² → 75\xa0mg/m² (+50%)"
        == other.out.splitlines()[-1]
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "-"], "only one of the two can be read from standard input\n"),
        ([SAMPLE, "hyper-cvad-bortezomib"],
         f"{SAMPLE} is a treatment and protocols/hyper-cvad-bortezomib.yaml is a protocol; a "
         "protocol can be compared with a protocol alone\n"),
        ([SAMPLE, "policies/default.yaml"],
         "policies/default.yaml is a policy file; treatments, plans as JSON and protocols can be "
         "compared\n"),
        ([SAMPLE, "hyper-cvad-bortezomeb"],
         "there is no protocol 'hyper-cvad-bortezomeb'; did you mean 'hyper-cvad-bortezomib'? "
         "[PP404]\n"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_2(run: Run, arguments: list[str], message: str) -> None:
    ran = run("diff", *arguments)

    assert (2, "", USAGE + message) == (ran.code, ran.out, ran.err)


def test_an_invalid_file_is_exit_3_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    broken, out = tmp_path / "broken.json", tmp_path / "out.txt"
    broken.write_text(printed()[:1000], "utf-8")

    ran = run("diff", SAMPLE, str(broken), "--output", str(out))

    assert (3, "", False) == (ran.code, ran.out, out.exists())
    assert f"{broken}:" in ran.err
    assert "[PP108]" in ran.err


def test_a_treatment_with_a_problem_is_exit_3(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = (ROOT / SAMPLE).read_text("utf-8")
    bad.write_text(text.replace("weight: 70 kg", "weight: 7,0 kg"), "utf-8")

    ran = run("diff", SAMPLE, str(bad))

    assert (3, "") == (ran.code, ran.out)
    assert f"{bad}:22:48: error: '7,0 kg' is not an amount" in ran.err


def test_no_bytes_of_a_plan_make_a_traceback(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    data = printed().encode()
    for text in (b"", b"{", b"\xff\xfe", b"null", data[:100], data[:-2], b"\x00" * 10):
        path.write_bytes(text)

        ran = run("diff", str(path), SAMPLE)

        assert (3, "") == (ran.code, ran.out), text[:20]
        assert "internal error" not in ran.err


def test_a_written_file_is_not_overwritten_without_force(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"

    codes = [
        run("diff", SAMPLE, REVISED, "--output", str(out)).code,
        run("diff", SAMPLE, REVISED, "--output", str(out)).code,
        run("diff", SAMPLE, REVISED, "--output", str(out), "--force").code,
    ]

    assert [6, 1, 6] == codes
    assert run("diff", SAMPLE, REVISED).out == out.read_text("utf-8")


def test_text_fits_a_hundred_columns(run: Run) -> None:
    texts = [run("diff", SAMPLE, other).out for other in (REVISED, OTHER)]
    texts.append(run("diff", "mini-hyper-cvd-inotuzumab", "mini-hyper-cvd-venetoclax").out)

    assert [] == [line for text in texts for line in text.splitlines() if len(line) > 100]


# -- JSON ------------------------------------------------------------------------------------------


def given(tmp_path: Path) -> str:
    """A plan in which doses are recorded, held, moved and gone."""
    data = sample()
    for n, row in enumerate(data["administrations"]):
        if row["cycle"] == "1":
            row.update(status="given", given={"amount": {"value": str(n % 3), "unit": "mg"}})
        if row["cycle"] == "3" and row["drug"] == "vincristine":
            row.update(status="held", ordered=None, adjusted=None, because="asked for")
        if row["cycle"] == "4":
            row["start"] = row["start"].replace("T10", "T11")
        if row["cycle"] == "8":
            row["pending"] = [{"rule": "r", "wants": ["alt"], "would": "x"}]
    data["administrations"] = [row for row in data["administrations"] if row["cycle"] != "2"]
    path = tmp_path / "given.json"
    path.write_text(json.dumps(data), "utf-8")
    return str(path)


def test_the_json_fits_its_schema_and_every_key_is_described(
    run: Run, tmp_path: Path, week_later: str, protocol: str
) -> None:
    later = tmp_path / "later.yaml"
    later.write_text((ROOT / SAMPLE).read_text("utf-8") + "as_of: 2026-03-20\n", "utf-8")
    pairs = [
        (SAMPLE, str(later)), (SAMPLE, SAMPLE), (SAMPLE, REVISED), (SAMPLE, OTHER), (SAMPLE, week_later),
        (SAMPLE, given(tmp_path)), ("tests/protocols/full-doses.yaml", protocol),
        ("mini-hyper-cvd-inotuzumab", "mini-hyper-cvd-venetoclax"),
    ]  # fmt: skip
    shown: set[str] = set()
    for pair in pairs:
        data = run("diff", *pair, "--format", "json").data
        branch = {"plans": "plans", "protocols": "protocols"}[data["compares"]]
        closed = strict({**SCHEMA["definitions"][branch], "definitions": SCHEMA["definitions"]})
        errors = [
            f"{e.json_path}: {e.message}" for e in Draft202012Validator(closed).iter_errors(data)
        ]
        shown |= {key for key, value in data.items() if value}

        assert [] == errors, pair
        assert Draft202012Validator(SCHEMA).is_valid(data)

    assert set() == set(SCHEMA["definitions"]["plans"]["properties"]) - shown


def test_the_json_says_what_the_text_says(run: Run, week_later: str) -> None:
    data: Any = run("diff", SAMPLE, week_later, "--format", "json").data

    (move,) = data["moves"]
    assert ("protoplan-difference/1", "plans", False) == (
        data["format"], data["compares"], data["same"],
    )  # fmt: skip
    assert (7, "2026-04-27", "2026-05-04", 1004, True) == (
        move["days"], move["before"], move["after"], move["administrations_moved"],
        move["nothing_else_changed"],
    )  # fmt: skip
    assert ("3", "M16", 22) == (move["cycles"][0], move["cycles"][-1], len(move["cycles"]))


def test_a_recorded_start_a_week_late_takes_few_lines(run: Run, tmp_path: Path) -> None:
    before, after = tmp_path / "before.yaml", tmp_path / "after.yaml"
    text = (ROOT / SAMPLE).read_text("utf-8")
    before.write_text(text, "utf-8")
    after.write_text(f"{text}record:\n  - {{date: 2026-05-04, cycle: 3, started: true}}\n", "utf-8")

    ran = run("diff", str(before), str(after), "--format", "json")

    assert (6, "") == (ran.code, ran.err)
    (move,) = ran.data["moves"]
    assert (7, "2026-04-27", "2026-05-04", "3", "M16") == (
        move["days"], move["before"], move["after"], move["cycles"][0], move["cycles"][-1])  # fmt: skip
    kinds = ("doses", "statuses", "timings", "new", "gone", "totals", "cycles", "remarks")
    assert [] == [entry for kind in kinds for entry in ran.data[kind]]
    assert {"PF232", "PF233"} == {entry["name"].split()[-1] for entry in ran.data["told"]}
    # Both are compared as of 1 March; the days until 4 May are told apart.
    (time,) = ran.data["elapsed"]
    assert (str(after), "2026-05-04") == (time["name"], time["as_of"])
    assert time["overdue"] > 0 < time["unresolved"]
    text = run("diff", str(before), str(after)).out
    assert 8 == sum(not line.startswith(" ") for line in text.splitlines())


def test_the_day_of_the_plan_alone_is_told_as_time(run: Run, tmp_path: Path) -> None:
    later = tmp_path / "later.yaml"
    later.write_text((ROOT / SAMPLE).read_text("utf-8") + "as_of: 2026-03-20\n", "utf-8")

    ran = run("diff", SAMPLE, str(later))

    assert 6 == ran.code
    assert ["before", "after", "time"] == [
        line.split()[0] for line in ran.out.splitlines() if not line.startswith(" ")
    ]


def test_a_cycle_that_began_where_it_did_and_was_due_on_another_day_is_told(
    run: Run, tmp_path: Path
) -> None:
    """Cycle 1 is recorded as begun on 2 March, whatever day the course was to begin."""
    recorded = (ROOT / "examples/sample-a-record.yaml").read_text("utf-8")
    later = tmp_path / "later.yaml"
    later.write_text(recorded.replace("start: 2026-03-02", "start: 2026-03-04"), "utf-8")

    ran = run("diff", "examples/sample-a-record.yaml", str(later))
    back = run("diff", str(later), "examples/sample-a-record.yaml", "--format", "json")

    assert "cycle        cycle 1 begins 2 days early, on time before" == ran.out.splitlines()[-1]
    assert [
        {"cycles": ["1"], "what": "late", "before": "2 days early", "after": "on time",
         "administrations_with_them": 0}
    ] == back.data["cycles"]  # fmt: skip
