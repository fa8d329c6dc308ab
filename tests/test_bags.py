"""`protoplan bags`: what it prints and writes, how it ends, and what it makes of a weight.

The fifth cycle begins 112 days after the first: from Monday 16 March on Monday 6 July 2026.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.conftest import FACTS, QUICK, ROOT, Ran, Run
from tests.test_plan_schema import strict
from tests.test_record import INOTUZUMAB, text

from protoplan import api, bags, library
from protoplan.cli import main
from protoplan.model.bag_plan import BagPlan
from protoplan.quantity import Quantity
from protoplan.rendering import bags_text
from protoplan.rendering.words import WIDTH
from protoplan.source import Place

SCHEMA = json.loads(api.schema("bags"))
SAMPLE = "examples/sample-a.yaml"
WEEKEND = ["--no-changes-on", "Saturday", "--no-changes-on", "Sunday"]
SHORT = ["--bag", "24 h", "--bag", "48 h"]

#: What the label's own plan for relapsed disease looks like: the step on day 8.
STEP_ON_DAY_8 = """\
format: protoplan-protocol/1
id: made-up
version: 1.0.0
title: Made up
population: No one
reviewed: not a clinical protocol
sources:
  paper: {cite: "Nobody A. J Nothing 2020;1:1"}
kinds:
  only: {length: 42 days, source: [paper, Methods]}
phases:
  - {name: treatment, cycles: {1: only}, source: [paper, Methods]}
components:
  - drug: blinatumomab
    in: only
    route: IV
    sigs:
      - {rate: 9 mcg/day, days: 1-7}
      - {rate: 28 mcg/day, days: 8-28}
    source: [paper, Methods]
"""


def quick(start: str, *flags: str) -> list[str]:
    """The second protocol by the quick form, with all that its rules ask for."""
    return ["bags", *QUICK[:-1], start, *FACTS, "--earlier", "none", "--cycle", "5", *flags]


def infusion(ran: Ran) -> Any:
    (found,) = ran.data["infusions"]
    return found


def rows(found: Any) -> list[tuple[str, str, str, str, str, str]]:
    """Of each bag: when it is connected and taken down, how long, mL, the dose of a day, amount."""
    return [
        (
            bag["start"][5:16],
            bag["end"][5:16],
            bag["lasts"],
            bag["delivers"]["value"],
            bag["rate"]["value"],
            bag["amount"]["value"],
        )
        for bag in found["bags"]
    ]


def messages(found: Any) -> list[str]:
    """What is found, with plain spaces."""
    return [
        f"{f['severity']}: {f['message']} [{f['code']}]".replace("\N{NO-BREAK SPACE}", " ")
        for f in found["findings"]
    ]


# -- series ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("flags", [[], WEEKEND])
def test_a_step_on_day_5_from_a_monday(run: Run, flags: list[str]) -> None:
    """4 days at 9 mcg a day, by Friday; 3 days at 28 to Monday, then three weeks: 708 mcg."""
    found = infusion(run(*quick("2026-03-16", "--format", "json", *flags)))

    week = ("7 days", "100.8", "28", "196")
    assert [
        ("07-06T10:00", "07-10T10:00", "96 h", "172.8", "9", "36"),
        ("07-10T10:00", "07-13T10:00", "72 h", "129.6", "28", "84"),
        ("07-13T10:00", "07-20T10:00", *week),
        ("07-20T10:00", "07-27T10:00", *week),
        ("07-27T10:00", "08-03T10:00", *week),
    ] == rows(found)
    assert (4, None, []) == (found["changes"], found["other_starts"], found["findings"])


def test_a_start_on_friday(run: Run) -> None:
    """From 10 July the step is on Tuesday the 14th, and all changes are on Fridays after it.

    4 + 24 days: the 3 days that are over go from Tuesday to Friday.
    """
    found = infusion(run(*quick("2026-03-20", "--format", "json", *WEEKEND)))

    assert [("96 h", "07-14"), ("72 h", "07-17"), ("7 days", "07-24"), ("7 days", "07-31"),
            ("7 days", "08-07")] == [(row[2], row[1][:5]) for row in rows(found)]  # fmt: skip


def test_a_step_on_day_8(run: Run, tmp_path: Path) -> None:
    """7 days at 9 and 21 at 28 mcg a day are 63 and 588 mcg."""
    path = tmp_path / "made-up.yaml"
    path.write_text(STEP_ON_DAY_8, "utf-8")
    whole = [str(path), *QUICK[1:-1], "2026-07-06", *FACTS[4:]]

    found = infusion(run("bags", *whole, "--format", "json", *WEEKEND))

    assert [("07-06", "9", "63"), ("07-13", "28", "196"), ("07-20", "28", "196"),
            ("07-27", "28", "196")] == [(r[0][:5], *r[4:]) for r in rows(found)]  # fmt: skip


def test_without_bags_of_a_week(run: Run) -> None:
    """Cycle 6 from Monday 17 August: Thursday and Monday, four times; 8 bags of 84 and 112 mcg."""
    flags = ["--bag", "24 h", "--bag", "48 h", "--bag", "72 h", "--bag", "96 h", *WEEKEND]
    whole = [flag if flag != "5" else "6" for flag in quick("2026-03-16")]

    found = infusion(run(*whole, "--format", "json", *flags))

    assert ["72 h", "96 h"] * 4 == [row[2] for row in rows(found)]
    assert ["84", "112"] * 4 == [row[5] for row in rows(found)]
    assert ("2026-08-17T10:00:00", 7) == (found["start"], found["changes"])


def test_each_cycle_has_its_table_in_order(run: Run) -> None:
    data = run("bags", SAMPLE, "--format", "json").data

    assert ["5", "6", "7", "8", "M4", "M8", "M12", "M16"] == [e["cycle"] for e in data["infusions"]]
    assert [5, *[4] * 7] == [len(entry["bags"]) for entry in data["infusions"]]


def test_what_the_bags_deliver_is_what_the_plan_orders(run: Run) -> None:
    plan = run("plan", SAMPLE, "--format", "json").data
    ordered = {
        row["id"]: Decimal(row["ordered"]["value"])
        for row in plan["administrations"]
        if row["drug"] == "blinatumomab"
    }

    delivered = dict.fromkeys(ordered, Decimal(0))
    for entry in run("bags", SAMPLE, "--format", "json", *WEEKEND).data["infusions"]:
        for bag in entry["bags"]:
            delivered[bag["administration"]] += Decimal(bag["amount"]["value"])

    assert ordered == delivered


# -- none ------------------------------------------------------------------------------------------


def test_a_step_on_a_saturday_and_the_starts_that_would_do(run: Run) -> None:
    """From Tuesday 7 July day 5 is Saturday 11 July."""
    ran = run(*quick("2026-03-17", "--format", "json", *WEEKEND))
    found = infusion(ran)

    assert (4, None, None) == (ran.code, found["bags"], found["changes"])
    assert [
        "stop: no series of bags covers the infusion of cycle 5 without a change on Saturday or "
        "Sunday: the rate goes to 28 mcg/day on Saturday 2026-07-11, and a change of rate is a "
        "change of bag; there is one if it begins on Thursday 2026-07-02, Friday 2026-07-03, Monday "
        "2026-07-06, Thursday 2026-07-09, Friday 2026-07-10 or Monday 2026-07-13 [PF251]"
    ] == messages(found)
    assert ["2026-07-02", "2026-07-03", "2026-07-06", "2026-07-09", "2026-07-10", "2026-07-13"] == (
        found["other_starts"]
    )


def test_bags_too_short_for_a_weekend(run: Run) -> None:
    found = infusion(run(*quick("2026-03-16", "--format", "json", *WEEKEND, *SHORT)))

    assert [
        "stop: no series of bags covers the infusion of cycle 5 without a change on Saturday or "
        "Sunday: from Friday 2026-07-10 on no bag goes on: one of 24 h ends on Saturday 2026-07-11, "
        "one of 48 h ends on Sunday 2026-07-12; nor is there one from any other start within 7 days "
        "of it [PF251]"
    ] == messages(found)
    assert [] == found["other_starts"]


def test_an_infusion_that_is_connected_or_ends_on_a_day_without_changes(run: Run) -> None:
    """From Saturday 11 July the step is on Wednesday; 24 days later it is Saturday again."""
    ran = run(*quick("2026-03-21", "--format", "json", *WEEKEND))
    found = infusion(ran)

    assert 0 == ran.code
    assert [
        "warning: the infusion is connected on Saturday 2026-07-11 and ends on Saturday 2026-08-08, "
        "when no bag is to be changed; that is no change of bag, and somebody must be there [PF254]"
    ] == messages(found)


def test_a_cycle_that_has_begun_cannot_begin_on_another_day(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "begun.yaml"
    path.write_text(text(INOTUZUMAB, ["date: 2026-06-23, cycle: 5, started: true"]), "utf-8")

    found = infusion(run("bags", str(path), "--cycle", "5", "--format", "json", *WEEKEND))

    assert None is found["other_starts"]
    assert [
        "stop: no series of bags covers the infusion of cycle 5 without a change on Saturday or "
        "Sunday: the rate goes to 28 mcg/day on Saturday 2026-06-27, and a change of rate is a "
        "change of bag [PF251]"
    ] == messages(found)


# -- the policy ------------------------------------------------------------------------------------


def policy(tmp_path: Path, more: str) -> list[str]:
    """The default policy with more in it."""
    whole = (ROOT / "policies" / "default.yaml").read_text("utf-8")
    path = tmp_path / "ours.yaml"
    path.write_text(f"{whole}\n{more}\n", "utf-8")
    return ["--policy", str(path)]


def test_the_policy_says_what_holds(run: Run, tmp_path: Path) -> None:
    """The change of Monday 20 July falls on a holiday.

    From the step on Friday 10 July 24 days are left. Four bags are 7 + 7 + 7 + 3, of which the one of
    3 days cannot stand first, nor second: 10 + 3 + 7 and 10 + 7 + 3 are both the 20th. Third it can:
    17, 24, 27 July.
    """
    ours = policy(
        tmp_path,
        "holidays: [{date: 2026-07-20, name: A feast}]\n"
        "bags: {no_changes_on: [Saturday, Sunday, holidays], lasting: [72 h, 4 days, 7 days]}",
    )
    data = run(*quick("2026-03-16", "--format", "json", *ours)).data
    (found,) = data["infusions"]

    assert ["07-10", "07-17", "07-24", "07-27", "08-03"] == [row[1][:5] for row in rows(found)]
    assert ["72 h", "96 h", "7 days"] == found["usable"]
    assert ["Saturday", "Sunday", "holidays"] == data["no_changes_on"]["days"]
    assert ["policy", "policy"] == [
        data[key]["stated_by"] for key in ("no_changes_on", "bags_made")
    ]
    assert [] == messages(found)


def test_the_command_line_stands_in_its_place(run: Run, tmp_path: Path) -> None:
    ours = policy(tmp_path, "bags: {no_changes_on: [Friday], lasting: [7 days]}")

    stopped = run(*quick("2026-03-16", *ours))
    days = run(*quick("2026-03-16", "--no-changes-on", "none", "--bag", "96 h", *ours))
    data = run(*quick("2026-03-16", "--no-changes-on", "none", *SHORT, "--format", "json")).data

    assert (4, 0) == (stopped.code, days.code)
    assert "no changes on   no day is left out (stated on the command line)" in days.out
    assert ([], "command line") == tuple(data["no_changes_on"][k] for k in ("days", "stated_by"))
    assert ["24 h", "48 h"] == data["bags_made"]["lasting"] == data["infusions"][0]["usable"]


def test_holidays_that_nobody_listed_are_asked_for(run: Run) -> None:
    ran = run(*quick("2026-03-16", "--format", "json", "--policy", "contrasting"))

    assert [
        "warning: no bag is to be changed on holidays, and the policy lists none of 2026: a change "
        "may fall on one [PF255]"
    ] == messages(infusion(ran))
    assert 0 == ran.code


def test_a_bag_that_no_drug_has_is_a_problem_of_the_policy(run: Run, tmp_path: Path) -> None:
    ours = policy(tmp_path, "bags: {lasting: [24 h, 36 h]}")

    ran = run(*quick("2026-03-16", *ours))

    assert (3, "") == (ran.code, ran.out)
    assert ran.err.endswith(
        "error: no drug of the formulary has a bag of 36 h; expected 24 h, 48 h, 72 h, 96 h, 7 days "
        "[PP309]\n"
    )


def test_no_dose_and_no_date_of_a_plan_depends_on_bags(run: Run, tmp_path: Path) -> None:
    ours = policy(tmp_path, "bags: {no_changes_on: [Monday], lasting: [7 days]}")
    plain, other = (
        run("plan", *QUICK, *FACTS, *flags, "--format", "csv").out for flags in ([], ours)
    )

    assert plain == other


# -- the formulary and the weight ------------------------------------------------------------------


def test_the_bags_of_blinatumomab_are_those_of_the_maker() -> None:
    """Typed again from the evidence: rate, and rate times time."""
    kinds = {str(kind.lasts): kind for kind in api.drug("blinatumomab").bags}

    assert {
        "24 h": ("10 mL/h", "240 mL", None),
        "48 h": ("5 mL/h", "240 mL", None),
        "72 h": ("1.8 mL/h", "129.6 mL", "5.4 kg"),
        "96 h": ("1.8 mL/h", "172.8 mL", "5.4 kg"),
        "7 days": ("0.6 mL/h", "100.8 mL", "5.4 kg"),
    } == {
        name: (str(kind.runs_at), str(kind.delivers), kind.not_below and str(kind.not_below))
        for name, kind in kinds.items()
    }
    assert ["22 kg"] == [str(k.disputed_below) for k in kinds.values() if k.disputed_below]
    assert 1 == len([name for name in library.ids("formulary") if api.drug(name).bags])


@cache
def weighing(kilograms: str, *days: str) -> BagPlan:
    """The bags of cycle 5 at a weight for which protoplan itself plans nothing."""
    stated = [("height", "175 cm"), ("weight", "70 kg"), ("age", "45"), ("sex", "female"),
              ("start", "2026-03-16"), ("fact", "cns=negative"), ("fact", "cd20_percent=20"),
              *(("lab", flag.removeprefix("--lab=")) for flag in FACTS if "lab=" in flag),
              ("medicine", "none"), ("earlier", "none")]  # fmt: skip
    treatment, protocol, beside = api.target("mini-hyper-cvd-inotuzumab", stated)
    plan = api.plan_treatment(treatment, protocol, beside)
    weight = Quantity(Decimal(kilograms), "kg")
    measures = tuple(attrs.evolve(measure, weight=weight) for measure in plan.measures)
    light = attrs.evolve(plan, measures=measures)
    (found,) = bags.planned(light, protocol, bags.Asked(cycle="5", days=days)).plans
    return found


def told(found: BagPlan) -> list[str]:
    return [
        f"{f.severity.value}: {f.message}{f' ({f.source})' if f.source else ''} [{f.code}]".replace(
            "\N{NO-BREAK SPACE}", " "
        )
        for f in found.findings
    ]


def test_below_5_4_kg_only_bags_without_preservative() -> None:
    """4 and 24 days are 2 + 2 and twelve times 2."""
    found = weighing("5")

    assert found.bags is not None
    assert [48] * 14 == [bag.kind.lasts.hours for bag in found.bags]
    assert [
        "note: bags of 72 h, 96 h and 7 days (with preservative) are left out: they are not given "
        "below 5.4 kg, and the weight is 5 kg (blincyto-2025: preparation (not verified)) [PF252]"
    ] == told(found)


def test_below_5_4_kg_a_weekend_cannot_be_passed() -> None:
    found = weighing("5", "Saturday", "Sunday")

    assert found.bags is None
    assert ["PF252", "PF251"] == [finding.code for finding in found.findings]


def test_below_22_kg_both_revisions_are_named() -> None:
    found = weighing("20")

    assert found.bags is not None
    assert [96, 72, 168, 168, 168] == [bag.kind.lasts.hours for bag in found.bags]
    assert [
        "warning: a bag of 7 days (with preservative) is given from 5.4 kg on by blincyto-2025: "
        "preparation (not verified), and only from 22 kg on by blincyto-older: preparation (not "
        "verified); the weight is 20 kg [PF253]"
    ] == told(found)


@pytest.mark.parametrize(
    ("kilograms", "codes", "first"),
    [("5.39", ["PF252"], 48), ("5.4", ["PF253"], 96), ("21.9", ["PF253"], 96), ("22", [], 96)],
)
def test_at_the_edges_of_the_weights(kilograms: str, codes: list[str], first: int) -> None:
    found = weighing(kilograms)

    assert found.bags is not None
    assert (codes, first) == (
        [finding.code for finding in found.findings],
        found.bags[0].kind.lasts.hours,
    )


def test_where_no_bag_may_be_used_that_is_said() -> None:
    treatment, protocol, beside = api.target(SAMPLE, [])
    made = api.plan_treatment(treatment, protocol, beside)
    light = attrs.evolve(made, measures=tuple(
        attrs.evolve(m, weight=Quantity(Decimal(5), "kg")) for m in made.measures))  # fmt: skip

    found = bags.planned(light, protocol, bags.Asked(cycle="5", lengths=("7 days",)))

    assert 4 == bags.exit_code(found)
    assert "no series of bags covers the infusion of cycle 5: no bag may be used [PF251]" in (
        " ".join(bags_text.render(found).split())
    )


# -- the record ------------------------------------------------------------------------------------


FIFTH = "5.d5.blinatumomab.IV.1"


def recorded(run: Run, tmp_path: Path, *entries: str, flags: tuple[str, ...] = ()) -> Ran:
    path = tmp_path / "recorded.yaml"
    path.write_text(text(INOTUZUMAB, entries), "utf-8")
    return run("bags", str(path), "--cycle", "5", "--format", "json", *flags)


def test_what_is_left_after_whole_days_gets_bags(run: Run, tmp_path: Path) -> None:
    """Interrupted on Wednesday 1 July, on again on Saturday the 4th: 19 days, and four bags at least.

    Of the bags that there are, 19 days in four are 1 + 4 + 7 + 7, 2 + 3 + 7 + 7, 4 + 4 + 4 + 7 and no
    others. The shorter first: Sunday, Thursday, Thursday.
    """
    found = infusion(
        recorded(
            run,
            tmp_path,
            f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever",
            f"date: 2026-07-04, resumed: {FIFTH}",
        )
    )

    assert [("planned", True), ("given", False), ("planned", True)] == [
        (stretch["status"], stretch["bagged"]) for stretch in found["stretches"]
    ]
    assert [("96 h", "06-26"), ("24 h", "07-05"), ("96 h", "07-09"), ("7 days", "07-16"),
            ("7 days", "07-23")] == [(row[2], row[1][:5]) for row in rows(found)]  # fmt: skip
    # The first part ends as the given one begins; the connection after the break is no change.
    assert 3 == found["changes"]


def test_what_is_left_in_odd_hours_cannot_be_made_up(run: Run, tmp_path: Path) -> None:
    """2 days and 6 hours of 4 days ran: 42 hours are left, 1 day and 18 hours, of 9 mcg a day."""
    ran = recorded(
        run,
        tmp_path,
        "date: 2026-06-24, time: '16:00', interrupted: 5.d1.blinatumomab.IV.1, reason: fever, "
        "delivered: 20 mcg",
        "date: 2026-06-25, time: '22:00', resumed: 5.d1.blinatumomab.IV.1",
    )

    assert 4 == ran.code
    assert [
        "stop: no series of bags covers the infusion of cycle 5: no number of bags of 24 h, 48 h, "
        "72 h, 96 h and 7 days lasts exactly the 1 day and 18 hours at 9 mcg/day from Thursday "
        "2026-06-25 on [PF251]"
    ] == messages(infusion(ran))


def test_what_waits_gets_no_bags(run: Run, tmp_path: Path) -> None:
    broken = f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever"
    held = infusion(recorded(run, tmp_path, broken))
    ran = recorded(run, tmp_path, broken, f"date: 2026-07-09, resumed: {FIFTH}")
    late = infusion(ran)

    assert [True, False, False] == [s["bagged"] for s in held["stretches"]]
    assert "interrupted since 2026-07-01" in held["stretches"][2]["because"]
    assert ("unresolved", False) == tuple(late["stretches"][2][k] for k in ("status", "bagged"))
    assert "a new cycle" in late["stretches"][2]["because"]
    assert 5 == ran.code
    assert 1 == len(held["bags"]) == len(late["bags"])


# -- how it is printed and ends --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([SAMPLE], 0),
        ([*QUICK, *FACTS[:4]], 5),  # no labs: the doses are not known, the bags are
        ([*QUICK, *FACTS, "--fact", "earlier_sos=yes"], 4),
        ([SAMPLE, *WEEKEND, *SHORT], 4),
        (["no-such-protocol", *QUICK[1:]], 2),
        ([SAMPLE, "--height", "175cm"], 2),
        (["tests/problems/PP202-date-of-a-lab.yaml"], 3),
    ],
)
def test_it_ends_as_the_plan_does_or_with_a_stop(run: Run, arguments: list[str], code: int) -> None:
    assert code == run("bags", *arguments).code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([SAMPLE, "--cycle", "9"], "the course has no cycle '9'; it has 1, 2, 3"),
        ([SAMPLE, "--cycle", "1"], "cycle 1 has no infusion in bags; it is in 5, 6, 7, 8, M4, M8"),
        ([SAMPLE, "--drug", "vincristine"],
         "this plan has no infusion of 'vincristine' in bags; it has blinatumomab"),
        (["mini-hyper-cvd-venetoclax", *QUICK[1:]],
         "this plan has no continuous infusion of a drug in bags; what is unresolved comes first"),
        ([SAMPLE, "--no-changes-on", "Sat", "--bag", "a week", "--bag", "1.5 h"],
         "--no-changes-on: day 'Sat' is not known; expected Monday, Tuesday, Wednesday, Thursday, "
         "Friday, Saturday, Sunday, holidays [PP205]\n"
         "       --bag: 'a week' is not how long a bag runs; expected hours or days; write such as "
         "24 h or 7 days [PP204]\n"
         "       --bag: '1.5 h' is not a whole number of hours above 0 [PP208]"),
        ([SAMPLE, "--bag", "36 h"],
         "--bag: no drug of the formulary has a bag of 36 h; expected 24 h, 48 h, 72 h, 96 h, 7 "
         "days [PP309]"),
    ],
)  # fmt: skip
def test_wrong_use_is_told(run: Run, arguments: list[str], said: str) -> None:
    ran = run("bags", *arguments)

    assert (2, "") == (ran.code, ran.out)
    assert said in ran.err


def test_a_dose_that_is_not_known_has_no_number(run: Run) -> None:
    ran = run("bags", *QUICK, *FACTS[:4], "--cycle", "5")
    data = run("bags", *QUICK, *FACTS[:4], "--cycle", "5", "--format", "json").data

    assert "total bilirubin in serum: state the lab bilirubin" in ran.out
    assert 10 == ran.out.count("UNRESOLVED") - 1
    assert "in all" not in ran.out.partition("Cycle 5")[2]
    for bag in data["infusions"][0]["bags"]:
        assert (None, None) == (bag["rate"], bag["amount"])


def test_a_stop_of_the_plan_is_told(run: Run) -> None:
    ran = run("bags", *QUICK, *FACTS, "--fact", "earlier_sos=yes", "--cycle", "5")

    head = ran.out.partition("Cycle 5")[0]
    assert "The plan itself must not be given as it stands:\n  stop    " in head


@pytest.mark.parametrize("kilograms", ["30", "70"])
def test_no_line_is_too_long(run: Run, kilograms: str) -> None:
    """Below 45 kg a day's dose has decimals: 15 mcg/m² × 1.21 m² = 18.15 mcg, in a week 127.05."""
    whole = [flag if flag != "70kg" else f"{kilograms}kg" for flag in quick("2026-03-16")]

    out = run(*whole, *WEEKEND).out

    assert [] == [line for line in out.splitlines() if len(line) > WIDTH]
    if kilograms == "30":
        # √(175 × 30 / 3600) = 1.2076, so 1.21 m².
        assert "18.15\N{NO-BREAK SPACE}mcg/day  127.05\N{NO-BREAK SPACE}mcg" in out


def test_it_says_that_what_is_delivered_is_not_what_goes_in(run: Run) -> None:
    out = " ".join(run("bags", SAMPLE).out.split())

    assert "What goes into it is another amount" in out
    assert "A planning aid for qualified staff, not an order." in out
    assert "blincyto-ifu: infusion rates" in out


def test_text_and_json_have_the_same_bags(run: Run) -> None:
    out = run("bags", SAMPLE, *WEEKEND).out.replace("\N{NO-BREAK SPACE}", " ")
    data = run("bags", SAMPLE, *WEEKEND, "--format", "json").data
    lines = [" ".join(line.split()) for line in out.splitlines()]

    for entry in data["infusions"]:
        for bag in entry["bags"]:
            ends = " ".join(f"{bag[k][:10]} {bag[k][11:16]}" for k in ("start", "end"))
            rest = f"{bag['lasts']} {bag['runs_at']['value']} {bag['delivers']['value']} mL "
            rest += f"{bag['rate']['value']} mcg/day {bag['amount']['value']} mcg"
            wanted = f"{bag['number']} {ends} {rest}"
            assert 1 == sum(_without_weekdays(line) == wanted for line in lines), wanted


def _without_weekdays(line: str) -> str:
    weekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
    return " ".join(word for word in line.split() if word not in weekdays)


# -- the JSON --------------------------------------------------------------------------------------

PLANS = {
    "whole course": [SAMPLE],
    "no series": quick("2026-03-17", *WEEKEND)[1:],
    "holidays": quick("2026-03-16", "--policy", "contrasting")[1:],
    "unresolved": [*QUICK, *FACTS[:4]],
    "stopped": [*QUICK, *FACTS, "--fact", "earlier_sos=yes"],
}


@cache
def printed(name: str) -> str:
    ran = CliRunner().invoke(main, ["bags", *PLANS[name], "--format", "json"])
    assert ran.exit_code in {0, 4, 5}, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("name", PLANS)
def test_plans_of_bags_fit_the_schema_and_every_key_is_described(name: str) -> None:
    errors = [
        f"{e.json_path}: {e.message}"
        for e in Draft202012Validator(strict(SCHEMA)).iter_errors(json.loads(printed(name)))
    ]

    assert [] == errors


def test_a_record_and_listed_holidays_fit_the_schema(run: Run, tmp_path: Path) -> None:
    broken = f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever"
    feast = policy(tmp_path, "holidays: [{date: 2026-07-20, name: A feast}]")
    found = [
        recorded(run, tmp_path, broken, flags=tuple(feast)).data,
        recorded(run, tmp_path, broken, f"date: 2026-07-09, resumed: {FIFTH}").data,
    ]

    for data in found:
        Draft202012Validator(strict(SCHEMA)).validate(data)


#: What must never be printed, each done to the whole course.
HARM: dict[str, Callable[[Any], Any]] = {
    "a number as a float": lambda data: data["infusions"][0]["bags"][0]["amount"].update(value=1.1),
    "a rate of the pump in drug": lambda data: data["infusions"][0]["bags"][0]["runs_at"].update(
        unit="mcg/h"),
    "a volume without a unit": lambda data: data["infusions"][0]["bags"][0]["delivers"].pop("unit"),
    "no series and no reason": lambda data: data["infusions"][0].update(bags=None, changes=None),
    "a series without its changes": lambda data: data["infusions"][0].update(changes=None),
    "a planned rate that is not known": lambda data: data["infusions"][0]["stretches"][0].update(
        rate=None),
    "bags for what is held": lambda data: data["infusions"][0]["stretches"][0].update(
        status="held"),
    "a weekday that is none": lambda data: data["no_changes_on"].update(days=["Caturday"]),
    "a plan of another format": lambda data: data.update(format="protoplan-bags/2"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_harm_is_seen(harm: str) -> None:
    data = json.loads(printed("whole course"))
    assert Draft202012Validator(SCHEMA).is_valid(data)

    HARM[harm](data)

    assert not Draft202012Validator(SCHEMA).is_valid(data)


def test_what_the_formulary_disputes_is_a_contradiction_of_its_file() -> None:
    """So that `check --contradictions` lists it, too."""
    drug = api.drug("blinatumomab")
    (entry,) = [c for c in drug.contradictions if "preservative" in c.about]

    assert ["blincyto-2025", "blincyto-older"] == [reading.source.key for reading in entry.says]
    assert Place("formulary/blinatumomab.yaml", 1, 1).path == entry.at.path
