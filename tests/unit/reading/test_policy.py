"""Policy files: what a site decides, and where what it leaves out is filled in."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.written import START, at, line, said, value

from protoplan.model.bags import BagRules
from protoplan.model.policy import (
    ClearancePolicy,
    ClockPolicy,
    Policy,
    Reweighing,
    RoundingStep,
    SurfaceAreaPolicy,
)
from protoplan.quantity import parse
from protoplan.reading import policy as reader
from protoplan.reading.policy import cap, percent, steps, times, tolerance, upper_limits
from protoplan.reading.shapes import Log, Shape
from protoplan.reading.tree import Node

# -- single values ---------------------------------------------------------------------------------

MEANT = [
    (cap, "none", None),
    (cap, "2.2 m2", parse("2.2 m2")),
    (tolerance, "0.1 percent", Decimal("0.1")),
    (tolerance, "10 percent", Decimal(10)),
    (percent, "0 percent", Decimal(0)),
    (percent, "100%", Decimal(100)),
    (times, "{2: ['08:00', '20:00']}", ((2, (time(8), time(20))),)),
    (times, "{4: ['00:00', '06:00', '12:00', '18:00'], 3: ['08:00', '14:00', '20:00']}",
     ((4, (time(0), time(6), time(12), time(18))), (3, (time(8), time(14), time(20))))),
    (times, "{}", ()),
    (upper_limits, "{alt: 40 U/L, bilirubin: 1.2 mg/dL}",
     (("alt", parse("40 U/L")), ("bilirubin", parse("1.2 mg/dL")))),
    (steps, "{vincristine: 0.1 mg, methotrexate IT: 1 mg, methotrexate: 5 mg}",
     (RoundingStep("vincristine", None, parse("0.1 mg"), at(2)),
      RoundingStep("methotrexate", "IT", parse("1 mg"), at(23)),
      RoundingStep("methotrexate", None, parse("5 mg"), at(46)))),
    (steps, "{}", ()),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "meant"), MEANT)
def test_what_is_written_means_one_thing(shape: Shape[Any], written: str, meant: object) -> None:
    assert meant == value(shape, written)


IN_ORDER = "different times in order are needed here"
TOLERANCE = "is not allowed; it lies above 0 and is at most 10 percent"
NO_CLOCK = "write hours and minutes, such as 08:00"

REFUSED: list[tuple[Shape[Any], str, list[str]]] = [
    (cap, "0 m2", line("PP209", "0 m2 is nothing; more than nothing is needed here")),
    (cap, "2 mg", line("PP204", "unit 'mg' does not fit here; expected m2")),
    (cap, "[none]", line("PP203", "one value was expected, a list was found")),
    (tolerance, "0 percent",
     line("PP209", f"a rounding tolerance of 0 percent {TOLERANCE}")),
    (tolerance, "10.1 percent",
     line("PP209", f"a rounding tolerance of 10.1 percent {TOLERANCE}")),
    (tolerance, "5 mg", line("PP204", "unit 'mg' does not fit here; expected percent")),
    (percent, "100.1 percent", line("PP209", "100.1 percent lies outside 0 to 100 percent")),
    (percent, "5 mg", line("PP204", "unit 'mg' does not fit here; expected percent")),
    (times, "{2: ['20:00', '08:00']}", line("PP209", f"2 {IN_ORDER}", column=5)),
    (times, "{2: ['08:00', '08:00']}", line("PP209", f"2 {IN_ORDER}", column=5)),
    (times, "{3: ['08:00', '20:00']}", line("PP209", f"3 {IN_ORDER}", column=5)),
    (times, "{2: ['08:00', '14:00', '20:00']}", line("PP209", f"2 {IN_ORDER}", column=5)),
    (times, "{1: ['08:00']}",
     line("PP208", "'1' is not a whole number from 2 to 4", column=2)),
    (times, "{5: ['08:00']}",
     line("PP208", "'5' is not a whole number from 2 to 4", column=2)),
    (times, "{2: [8, '20:00']}",
     line("PP207", "'8' is not a time of day", NO_CLOCK, column=6)),
    (times, "{2: '08:00'}", line("PP203", "a list was expected, one value was found", column=5)),
    (times, "[2]", line("PP203", "a mapping was expected, a list was found")),
    (upper_limits, "{alt: 0 U/L}",
     line("PP209", "0 U/L is nothing; more than nothing is needed here", column=7)),
    (upper_limits, "{alt: 2 xULN}",
     line("PP204", "unit 'xULN' does not fit here; expected mg/dL, umol/L, U/L", column=7)),
    (upper_limits, "{altt: 40 U/L}",
     line("PP303", "lab 'altt' is not known", "did you mean 'alt'?", 2)),
    (upper_limits, "[alt]", line("PP203", "a mapping was expected, a list was found")),
    (steps, "[vincristine]", line("PP203", "a mapping was expected, a list was found")),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "told"), REFUSED)
def test_what_is_written_amiss_is_refused_in_whole_words(
    shape: Shape[Any], written: str, told: list[str]
) -> None:
    assert told == said(shape, written, lab=("alt", "bilirubin"))


DRUGS = ("vincristine", "methotrexate")

STEPS: list[tuple[str, list[str]]] = [
    ("{FILL: 1 mg}", line("PP210", "a blank is not filled in: 'FILL'", column=2)),
    ("{vincristin: 1 mg}",
     line("PP302", "drug 'vincristin' is not known", "did you mean 'vincristine'?", 2)),
    ("{vincristine iv: 1 mg}",
     line("PP205", "route 'iv' is not known; expected IV, IT, SC, IM, PO", "did you mean 'IV'?",
          2)),
    ("{vincristine IV IT: 1 mg}",
     line("PP205", "route 'IV IT' is not known; expected IV, IT, SC, IM, PO", column=2)),
    ("{vincristine: 0 mg}",
     line("PP209", "a rounding step must be more than nothing", column=15)),
    ("{vincristine: 1 mg/m2}",
     line("PP204", "unit 'mg/m2' does not fit here; expected mcg, mg, g, units", column=15)),
    # All of them are told.
    ("{vincristine: 0 mg, methotrexate IV: 1 mg, methotrexate: 2}",
     [*line("PP209", "a rounding step must be more than nothing", column=15),
      *line("PP204", "'2' has no unit; expected mcg, mg, g, units", column=58)]),
]  # fmt: skip


@pytest.mark.parametrize(("written", "told"), STEPS)
def test_a_step_is_an_amount_of_a_known_drug_by_a_known_route(
    written: str, told: list[str]
) -> None:
    assert told == said(steps, written, drug=DRUGS)


def test_the_smallest_step_is_more_than_nothing() -> None:
    assert [parse("0.001 mcg")] == [row.step for row in value(steps, "{vincristine: 0.001 mcg}")]
    assert [parse("1 g")] == [row.step for row in value(steps, "{vincristine: 1 g}")]


# -- whole files -----------------------------------------------------------------------------------

LEAST = """\
id: site
version: 1.0.0
title: A site
body_surface_area: {formula: mosteller, decimals: 2, cap: none}
clock: {first_dose: "10:00", times: {2: ["08:00", "20:00"], 3: ["08:00", "14:00", "20:00"], 4: ["08:00", "12:00", "16:00", "20:00"]}}
week_starts: Monday
labs_fresh_for: 1 week
rounding: {tolerance: 5 percent, steps: {vincristine: 0.1 mg}}
"""

SITE = Policy(
    id="site", version="1.0.0", title="A site",
    surface_area=SurfaceAreaPolicy("mosteller", 2, None),
    clock=ClockPolicy(time(10), (
        (2, (time(8), time(20))),
        (3, (time(8), time(14), time(20))),
        (4, (time(8), time(12), time(16), time(20))),
    )),
    week_starts="Monday", holidays=(), labs_fresh_days=7, measured_within_days=None, choices=(),
    upper_limits=(), clearance=ClearancePolicy("actual", 1),
    reweighing=Reweighing(Decimal(0), Decimal(10)), bags=BagRules(), tolerance=Decimal(5),
    steps=(RoundingStep("vincristine", None, parse("0.1 mg"), at(42, 8)),), to_vials=(),
    sha256="the file's hash", at=START,
)  # fmt: skip


def read(node: Node, log: Log) -> Policy:
    return reader.policy(node, log, "the file's hash")


def test_what_a_site_leaves_out_is_filled_in() -> None:
    assert SITE == value(read, LEAST)
    assert SITE == value(read, f"{LEAST}format: protoplan-policy/1\n")


DECIDED: list[tuple[str, dict[str, Any]]] = [
    ("holidays: [{date: 2026-12-25, name: Christmas}]",
     {"holidays": ((date(2026, 12, 25), "Christmas"),)}),
    ("measured_within: 30 days", {"measured_within_days": 30}),
    ("upper_limits: {alt: 40 U/L}", {"upper_limits": (("alt", parse("40 U/L")),)}),
    ("creatinine_clearance: {weight: ideal}", {"clearance": ClearancePolicy("ideal", 1)}),
    ("creatinine_clearance: {weight: adjusted, decimals: 0}",
     {"clearance": ClearancePolicy("adjusted", 0)}),
    ("reweighing: {at_change: 5%}", {"reweighing": Reweighing(Decimal(5), Decimal(10))}),
    ("reweighing: {warn_above: 20%}", {"reweighing": Reweighing(Decimal(0), Decimal(20))}),
    ("choices: {vincristine/hepatic: label}", {"choices": (("vincristine/hepatic", "label"),)}),
    ("bags: {no_changes_on: [Sunday]}", {"bags": BagRules(("Sunday",))}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "decided"), DECIDED)
def test_what_a_site_decides(written: str, decided: dict[str, Any]) -> None:
    assert attrs.evolve(SITE, **decided) == value(read, f"{LEAST}{written}\n")


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        ('2: ["08:00", "20:00"], ', "2"),
        ('3: ["08:00", "14:00", "20:00"], ', "3"),
        (', 4: ["08:00", "12:00", "16:00", "20:00"]', "4"),
        ('2: ["08:00", "20:00"], 3: ["08:00", "14:00", "20:00"], ', "2"),
        # The row of 2 is left alone.
        (', 3: ["08:00", "14:00", "20:00"], 4: ["08:00", "12:00", "16:00", "20:00"]', "3"),
    ],
)
def test_a_site_has_times_for_2_3_and_4_doses_a_day(lacks: str, told: str) -> None:
    assert lacks in LEAST
    assert [
        f"x.yaml:5:8: error: clock lacks the times for {told} times a day [PP209]"
    ] == said(read, LEAST.replace(lacks, ""))  # fmt: skip
