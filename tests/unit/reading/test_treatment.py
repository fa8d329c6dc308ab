"""Treatment files: what is stated of a patient, and what an absent or empty word means."""

from datetime import date
from typing import Any

import attrs
import pytest
from tests.written import START, at, line, said, value

from protoplan.model.record import Started
from protoplan.model.treatment import (
    EarlierExposure,
    LabValue,
    Measurement,
    Medicine,
    Patient,
    Prescription,
    Stated,
    Treatment,
)
from protoplan.quantity import parse
from protoplan.reading import treatment as reader
from protoplan.reading.shapes import ListOf, Log, text
from protoplan.reading.treatment import Answers, case_treatment, label, labs, placed
from protoplan.reading.tree import Node
from protoplan.reading.values import fact_name

# -- parts -----------------------------------------------------------------------------------------


def test_a_label_fits_a_heading() -> None:
    """Of sixty characters at most."""
    assert "x" * 60 == value(label, "x" * 60)
    assert line("PP209", "a label has at most 60 characters") == said(label, "x" * 61)
    assert line("PP203", "one value was expected, a list was found") == said(label, "[x]")


def test_a_text_has_its_place() -> None:
    assert Stated("", "minimal@1.0.0", START) == value(placed, "minimal@1.0.0")
    assert line("PP203", "one value was expected, a list was found") == said(placed, "[x]")


def test_answers_are_names_with_what_is_answered() -> None:
    assert (Stated("cns", "negative", at(7)), Stated("cd20", "20 %", at(23))) == value(
        Answers(fact_name), "{cns: negative, cd20: 20 %}", fact=("cns", "cd20")
    )
    assert () == value(Answers(fact_name), "{}")


def test_every_answer_that_cannot_be_is_told() -> None:
    assert [
        "x.yaml:1:2: error: fact 'cnss' is not known [PP303]\n    hint: did you mean 'cns'?",
        "x.yaml:1:18: error: one value was expected, a list was found [PP203]",
    ] == said(Answers(fact_name), "{cnss: no, cd20: [20]}", fact=("cns", "cd20"))
    assert line("PP203", "a mapping was expected, a list was found") == said(
        Answers(fact_name), "[cns]"
    )


def test_labs_are_values_of_one_day() -> None:
    assert (
        LabValue(date(2026, 3, 1), "alt", parse("0.8 xULN"), at(7)),
        LabValue(date(2026, 3, 1), "bilirubin", parse("0.6 mg/dL"), at(46)),
    ) == value(labs, "{alt: 0.8 xULN, date: 2026-03-01, bilirubin: 0.6 mg/dL}")
    assert () == value(labs, "{date: 2026-03-01}")


LAB_UNIT = "unit 'mg' does not fit here; expected a unit such as mg/dL, umol/L, g/dL, 10^9/L"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{alt: 0.8 xULN}",
         line("PP202", "labs lack the key 'date'; an undated value is not known")),
        ("alt", line("PP203", "a mapping was expected, one value was found")),
        ("{date: 2026-03-01, alt: 8 mg}", line("PP204", LAB_UNIT, column=25)),
        ("{date: 2026-03-01, altt: 8 U/L}",
         line("PP303", "lab 'altt' is not known", "did you mean 'alt'?", 20)),
        ("{date: today, alt: 8 mg}",
         [*line("PP207", "'today' is not a date", "write year-month-day, such as 2026-03-02", 8),
          *line("PP204", LAB_UNIT, column=20)]),
    ],
)  # fmt: skip
def test_labs_that_cannot_be_are_refused(written: str, told: list[str]) -> None:
    assert told == said(labs, written, lab=("alt", "bilirubin"))


EMPTY = "an empty list does not say whether there is nothing; write none"


def test_nothing_is_stated_by_a_word() -> None:
    """An empty list may be one that somebody forgot to fill in."""
    shape = reader._or_none(ListOf(text))

    assert () == value(shape, "none")
    assert ("none", "b") == value(shape, "[none, b]")
    assert line("PP203", EMPTY) == said(shape, "[]")
    assert line("PP203", "a list was expected, one value was found") == said(shape, "None")


# -- whole files -----------------------------------------------------------------------------------


def read(node: Node, log: Log) -> Treatment:
    return reader.treatment(node, log, "")


REQUIRED = """\
id: made-up
patient: {label: somebody, age: 45}
protocol: minimal
start: 2026-03-02
measurements: [{date: 2026-03-01, height: 175 cm, weight: 70 kg}]
"""

LEAST = Treatment(
    id="made-up", revision=0, revision_date=None,
    patient=Patient("somebody", None, 45, None, at(10, 2)),
    protocol="minimal", protocol_at=at(11, 3), start=date(2026, 3, 2), options=(), facts=(),
    measurements=(Measurement(date(2026, 3, 1), parse("175 cm"), parse("70 kg"), at(16, 5)),),
    labs=(), medicines=None, earlier=None, prescribed=(), record=(),
    policy="default", policy_at=START, as_of=None, at=START,
)  # fmt: skip


def test_what_a_treatment_does_not_say_is_not_known() -> None:
    assert LEAST == value(read, REQUIRED)


STATED: list[tuple[str, dict[str, Any]]] = [
    ("format: protoplan-treatment/1", {}),
    ("revision: {number: 3, date: 2026-03-01}",
     {"revision": 3, "revision_date": date(2026, 3, 1)}),
    ("revision: {number: 3}", {"revision": 3}),
    ("policy: site", {"policy": "site", "policy_at": at(9, 6)}),
    ("options: {rituximab: given}", {"options": (Stated("rituximab", "given", at(22, 6)),)}),
    ("facts: {cns: negative}", {"facts": (Stated("cns", "negative", at(14, 6)),)}),
    ("as_of: 2026-03-05", {"as_of": date(2026, 3, 5)}),
    ("medicines: none", {"medicines": ()}),
    ("medicines: [{drug: x, from: 2026-03-01, to: 2026-03-01, classes: none}]",
     {"medicines": (Medicine("x", date(2026, 3, 1), date(2026, 3, 1), (), at(13, 6)),)}),
    ("medicines: [{drug: x}]", {"medicines": (Medicine("x", None, None, None, at(13, 6)),)}),
    ("earlier_exposure: none", {"earlier": ()}),
    ("earlier_exposure: [{drug: x, amount: 300 mg/m2}]",
     {"earlier": (EarlierExposure("x", parse("300 mg/m2"), at(20, 6)),)}),
    ("labs: [{date: 2026-03-01, alt: 1 U/L}, {date: 2026-03-02, alt: 2 U/L, ast: 3 U/L}]",
     {"labs": (LabValue(date(2026, 3, 1), "alt", parse("1 U/L"), at(32, 6)),
               LabValue(date(2026, 3, 2), "alt", parse("2 U/L"), at(64, 6)),
               LabValue(date(2026, 3, 2), "ast", parse("3 U/L"), at(76, 6)))}),
    # In the order of the dates, wherever an entry stands.
    ("record: [{date: 2026-03-23, cycle: 2, started: true}, "
     "{date: 2026-03-02, cycle: 1, started: true}]",
     {"record": (Started(date=date(2026, 3, 2), cycle="1", at=at(55, 6)),
                 Started(date=date(2026, 3, 23), cycle="2", at=at(10, 6)))}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "stated"), STATED, ids=[row[0] for row in STATED])
def test_what_a_treatment_says(written: str, stated: dict[str, Any]) -> None:
    assert attrs.evolve(LEAST, **stated) == value(read, f"{REQUIRED}{written}\n")


def test_a_case_is_a_treatment_without_an_id() -> None:
    stated = {
        "patient": LEAST.patient, "protocol": Stated("", "minimal", at(11, 3)),
        "start": LEAST.start, "options": (), "facts": (), "measurements": LEAST.measurements,
        "labs": (), "medicines": None, "earlier_exposure": None, "policy": None, "as_of": None,
        "prescribed": (), "record": (),
    }  # fmt: skip

    assert attrs.evolve(LEAST, id="case: twice", at=at(3, 9), policy_at=at(3, 9)) == case_treatment(
        "twice", at(3, 9), stated
    )


EITHER_AGE = "patient needs either a birth_date or an age"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (", age: 45", "", f"2:10: error: {EITHER_AGE} [PP209]"),
        (", age: 45", ", age: 45, birth_date: 1981-01-01", f"2:10: error: {EITHER_AGE} [PP209]"),
        (", height: 175 cm, weight: 70 kg", "",
         "5:16: error: measurement has neither a height nor a weight [PP209]"),
        ("id: made-up\n", "", "1:1: error: treatment lacks the key 'id' [PP202]"),
    ],
)  # fmt: skip
def test_what_a_treatment_must_say(before: str, after: str, told: str) -> None:
    assert before in REQUIRED
    assert [f"x.yaml:{told}"] == said(read, REQUIRED.replace(before, after))


def test_a_birth_date_stands_for_an_age() -> None:
    found = value(read, REQUIRED.replace("age: 45", "birth_date: 1981-01-01, sex: female"))

    assert Patient("somebody", date(1981, 1, 1), None, "female", at(10, 2)) == found.patient


def test_a_medicine_ends_after_it_begins() -> None:
    written = f"{REQUIRED}medicines: [{{drug: x, from: 2026-03-02, to: 2026-03-01}}]\n"

    assert ["x.yaml:6:13: error: medicine ends before it begins [PP209]"] == said(read, written)


# -- what a prescriber changes ---------------------------------------------------------------------

WHY = "from_cycle: 2, drug: vincristine, reason: ileus, by: Dr Who"

PRESCRIBED: list[tuple[str, dict[str, Any]]] = [
    ("omit: true", {"omit": True}),
    ("scale: 75%", {"scale": parse("75 percent")}),
    ("set: 1 mg/m2", {"set": parse("1 mg/m2")}),
    ("set: 1 mg, to_cycle: 4N, route: IV", {"set": parse("1 mg"), "last": "4N", "route": "IV"}),
]


@pytest.mark.parametrize(("written", "changes"), PRESCRIBED)
def test_a_prescriber_changes_a_dose_in_one_way(written: str, changes: dict[str, Any]) -> None:
    usual = {"last": None, "route": None, "scale": None, "set": None, "omit": False}

    found = value(read, f"{REQUIRED}prescribed: [{{{WHY}, {written}}}]\n").prescribed

    assert (
        Prescription(
            first="2", drug="vincristine", reason="ileus", by="Dr Who", at=at(14, 6),
            **{**usual, **changes},
        ),
    ) == found  # fmt: skip


@pytest.mark.parametrize(
    "written",
    ["omit: false", "scale: 75%, set: 1 mg", "scale: 75%, omit: true", "set: 1 mg, omit: true"],
)
def test_a_change_in_no_way_or_in_two_is_refused(written: str) -> None:
    message = "prescribed change states one of 'scale', 'set' and 'omit'"

    assert [f"x.yaml:6:14: error: {message} [PP209]"] == said(
        read, f"{REQUIRED}prescribed: [{{{WHY}, {written}}}]\n"
    )


def test_what_is_no_mapping_is_no_treatment() -> None:
    assert line("PP203", "a mapping was expected, a list was found") == said(read, "[a]")
