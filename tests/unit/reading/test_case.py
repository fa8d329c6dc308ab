"""Case files: a treatment and what must come of it, which is never nothing."""

from datetime import date
from typing import Any

import attrs
import pytest
from tests.written import START, at, line, said, value

from protoplan.model.case import Case, CaseFile, ExpectedDose, ExpectedTotal
from protoplan.model.treatment import Measurement, Patient, Treatment
from protoplan.quantity import parse
from protoplan.reading import case as reader
from protoplan.reading.case import cycles, days
from protoplan.reading.shapes import Log
from protoplan.reading.tree import Node

NO_DATE = "write year-month-day, such as 2026-03-02"

# -- parts -----------------------------------------------------------------------------------------


def test_days_are_dates_with_the_doses_that_must_stand_on_them() -> None:
    dose = ExpectedDose("x", None, None, None, None, None, None, at(15))

    assert ((date(2026, 3, 2), (dose, attrs.evolve(dose, drug="y", times=0, at=at(26)))),
            (date(2026, 3, 1), ())) == value(
        days, "{2026-03-02: [{drug: x}, {drug: y, times: 0}], 2026-03-01: []}"
    )  # fmt: skip
    assert () == value(days, "{}")


def test_every_part_of_a_dose_may_be_expected() -> None:
    written = (
        "{2026-03-02: [{drug: x, route: IV, times: 2, calculated: 2.208 mg, ordered: 2 mg, "
        "given: 1 mg, status: held}]}"
    )
    amounts = parse("2.208 mg"), parse("2 mg"), parse("1 mg")

    assert ((date(2026, 3, 2), (ExpectedDose("x", "IV", 2, *amounts, "held", at(15)),)),) == value(
        days, written
    )


def test_cycles_are_labels_with_the_dates_on_which_they_begin() -> None:
    assert (("2", date(2026, 3, 23)), ("4N", date(2026, 3, 2))) == value(
        cycles, "{2: 2026-03-23, 4N: 2026-03-02}"
    )
    assert () == value(cycles, "{}")


REFUSED: list[tuple[Any, str, list[str]]] = [
    (days, "[a]", line("PP203", "a mapping was expected, a list was found")),
    (days, "{today: [], 2026-3-2: []}",
     [*line("PP207", "'today' is not a date", NO_DATE, 2),
      *line("PP207", "'2026-3-2' is not a date", NO_DATE, 13)]),
    (days, "{2026-03-02: x, 2026-03-03: [{drug: [x]}], 2026-03-04: [{times: 1}]}",
     [*line("PP203", "a list was expected, one value was found", column=14),
      *line("PP203", "one value was expected, a list was found", column=37),
      *line("PP202", "expected dose lacks the key 'drug'", column=57)]),
    (cycles, "[a]", line("PP203", "a mapping was expected, a list was found")),
    (cycles, "{FILL: 2026-03-02, '': 2026-03-02}",
     [*line("PP210", "a blank is not filled in: 'FILL'", column=2),
      *line("PP203", "nothing is written here; a value was expected", column=20)]),
    (cycles, "{1: today, 2: [a]}",
     [*line("PP207", "'today' is not a date", NO_DATE, 5),
      *line("PP203", "one value was expected, a list was found", column=15)]),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "told"), REFUSED)
def test_every_day_and_every_cycle_that_cannot_be_is_told(
    shape: Any, written: str, told: list[str]
) -> None:
    assert told == said(shape, written)


# -- whole cases -----------------------------------------------------------------------------------


def read(node: Node, log: Log) -> CaseFile:
    return reader.cases(node, log, "")


BARE = """\
format: protoplan-case/1
cases:
  - name: a course
    patient: {label: somebody, age: 45}
    protocol: minimal
    start: 2026-03-02
    measurements: [{date: 2026-03-01, height: 175 cm, weight: 70 kg}]
"""

#: Of a case that says no more; it stands where its first key does.
TREATMENT = Treatment(
    id="case: a course", revision=0, revision_date=None,
    patient=Patient("somebody", None, 45, None, at(14, 4)),
    protocol="minimal", protocol_at=at(15, 5), start=date(2026, 3, 2), options=(), facts=(),
    measurements=(Measurement(date(2026, 3, 1), parse("175 cm"), parse("70 kg"), at(20, 7)),),
    labs=(), medicines=None, earlier=None, prescribed=(), record=(),
    policy="default", policy_at=at(5, 3), as_of=None, at=at(5, 3),
)  # fmt: skip

LEAST = Case("a course", TREATMENT, None, (), (), (), None, None, at(5, 3))

TOTAL = ExpectedTotal("x", "IV", 3, parse("360 mg/m2"), parse("630 mg"), at(14, 8))

EXPECTED: list[tuple[str, dict[str, Any]]] = [
    ("bsa: 1.84 m2", {"bsa": parse("1.84 m2")}),
    ("days: {2026-03-02: []}", {"days": ((date(2026, 3, 2), ()),)}),
    ("cycles: {1: 2026-03-02}", {"cycles": (("1", date(2026, 3, 2)),)}),
    ("totals: [{drug: x, route: IV, doses: 3, exposure: 360 mg/m2, ordered: 630 mg}]",
     {"totals": (TOTAL,)}),
    ("totals: [{drug: x}]",
     {"totals": (ExpectedTotal("x", None, None, None, None, at(14, 8)),)}),
    ("unresolved: [cns]", {"unresolved": ("cns",)}),
    ("unresolved: []", {"unresolved": ()}),
    ("exit: 0", {"exit_code": 0}),
    ("exit: 6", {"exit_code": 6}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_a_case_expects_one_thing_at_least(written: str, expected: dict[str, Any]) -> None:
    assert CaseFile((attrs.evolve(LEAST, **expected),), START) == value(
        read, f"{BARE}    {written}\n"
    )


@pytest.mark.parametrize("written", ["", "    days: {}\n    cycles: {}\n    totals: []\n"])
def test_a_case_that_expects_nothing_is_refused(written: str) -> None:
    """It would always hold."""
    assert ["x.yaml:3:5: error: case expects nothing [PP209]"] == said(read, f"{BARE}{written}")


def test_what_is_no_mapping_is_no_case_file() -> None:
    assert line("PP203", "a mapping was expected, a list was found") == said(read, "[a]")
