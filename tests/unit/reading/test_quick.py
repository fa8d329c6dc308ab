"""The quick form: flags become the treatment that a file would state, or all that is wrong with them."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs
import pytest

from protoplan.model.treatment import (
    EarlierExposure,
    LabValue,
    Measurement,
    Medicine,
    Patient,
    Stated,
    Treatment,
)
from protoplan.problems import Faulty
from protoplan.quantity import parse
from protoplan.reading.quick import as_of_flag, quick
from protoplan.source import Place

Flags = Sequence[tuple[str, str]]


def flag(number: int) -> Place:
    """An argument by its number."""
    return Place("command line", number, 0)


def digest(*stated: str) -> str:
    return hashlib.sha256("\n".join(stated).encode("utf-8")).hexdigest()[:8]


LEAST: Flags = [("height", "175 cm"), ("weight", "70 kg"), ("age", "45"), ("start", "2026-03-02")]

#: What the least says; what no flag says has no number.
READ = Treatment(
    id=f"made-up-2026-03-02-{digest('made-up', 'quick form', '2026-03-02')}",
    revision=0, revision_date=None,
    patient=Patient("quick form", None, 45, None, flag(3)),
    protocol="made-up", protocol_at=flag(0), start=date(2026, 3, 2), options=(), facts=(),
    measurements=(Measurement(date(2026, 3, 2), parse("175 cm"), parse("70 kg"), flag(1)),),
    labs=(), medicines=None, earlier=None, prescribed=(), record=(),
    policy="default", policy_at=flag(3), as_of=None, at=flag(3),
)  # fmt: skip


def test_the_least_that_can_be_stated() -> None:
    assert READ == quick("made-up", LEAST, {})


def day(number: int, month: int = 1) -> date:
    return date(2026, month, number)


NAMED = digest("made-up", "somebody", "2026-03-02")

STATED: list[tuple[Flags, dict[str, Any]]] = [
    ([("label", "somebody"), ("sex", "female")],
     {"patient": Patient("somebody", None, 45, "female", flag(5)), "at": flag(5),
      "policy_at": flag(5), "id": f"made-up-2026-03-02-{NAMED}"}),
    ([("option", "cycles=4"), ("option", " dose = 100 mg=x ")],
     {"options": (Stated("cycles", "4", flag(5)), Stated("dose", "100 mg=x", flag(6)))}),
    ([("fact", "cns=negative"), ("fact", "ecog=1")],
     {"facts": (Stated("cns", "negative", flag(5)), Stated("ecog", "1", flag(6)))}),
    ([("lab", "alt=0.8 xULN"), ("lab", "bilirubin=0.6 mg/dL")],
     {"labs": (LabValue(day(2, 3), "alt", parse("0.8 xULN"), flag(5)),
               LabValue(day(2, 3), "bilirubin", parse("0.6 mg/dL"), flag(6)))}),
    # Labs and measures are of the day of the plan.
    ([("as-of", "2026-03-05"), ("lab", "alt=0.8 xULN")],
     {"as_of": day(5, 3), "measurements": (attrs.evolve(READ.measurements[0], date=day(5, 3)),),
      "labs": (LabValue(day(5, 3), "alt", parse("0.8 xULN"), flag(6)),)}),
    ([("medicine", "none")], {"medicines": ()}),
    ([("medicine", "a b"), ("medicine", "c=2026-01-01..2026-01-02"), ("medicine", " d = 2026-01-01 .. "),
      ("medicine", "e=..2026-01-02"), ("medicine", "f=..")],
     {"medicines": (Medicine("a b", None, None, None, flag(5)),
                    Medicine("c", day(1), day(2), None, flag(6)),
                    Medicine("d", day(1), None, None, flag(7)),
                    Medicine("e", None, day(2), None, flag(8)),
                    Medicine("f", None, None, None, flag(9)))}),
    ([("earlier", "none")], {"earlier": ()}),
    ([("earlier", "doxorubicin=300 mg/m2"), ("earlier", "other = 5 mg")],
     {"earlier": (EarlierExposure("doxorubicin", parse("300 mg/m2"), flag(5)),
                  EarlierExposure("other", parse("5 mg"), flag(6)))}),
    ([("policy", "site")], {"policy": "site", "policy_at": flag(5)}),
    # Of a flag that is stated again the last holds.
    ([("weight", "71 kg"), ("age", "46"), ("start", "2026-03-02")],
     {"patient": attrs.evolve(READ.patient, age=46, at=flag(6)), "at": flag(6),
      "policy_at": flag(6), "measurements": (attrs.evolve(READ.measurements[0],
                                                          weight=parse("71 kg")),)}),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "differs"), STATED, ids=[str(row[0]) for row in STATED])
def test_what_flags_say(flags: Flags, differs: dict[str, Any]) -> None:
    assert attrs.evolve(READ, **differs) == quick("made-up", [*LEAST, *flags], {})


def test_a_birth_date_stands_for_an_age() -> None:
    flags = [(name.replace("age", "birth-date"), value.replace("45", "1981-01-01"))
             for name, value in LEAST]  # fmt: skip

    assert attrs.evolve(
        READ, patient=Patient("quick form", date(1981, 1, 1), None, None, flag(3))
    ) == quick("made-up", flags, {})


@pytest.mark.parametrize(
    ("protocol", "name"),
    [
        ("made-up.yaml", "made-up"),
        ("a/b.c/my_protocol- 2.yaml", "my-protocol--2"),
        ("./x.yaml/y", "y"),
        ("x" * 41, "x" * 40),
        ("dir/.yaml", "0"),
    ],
)
def test_an_id_is_made_of_protocol_label_and_start(protocol: str, name: str) -> None:
    found = quick(protocol, LEAST, {})

    assert (protocol, f"{name}-2026-03-02-{digest(protocol, 'quick form', '2026-03-02')}") == (
        found.protocol, found.id,
    )  # fmt: skip


# -- what is refused -------------------------------------------------------------------------------


def refused(flags: Flags, **words: Sequence[str]) -> list[tuple[Place, str]]:
    with pytest.raises(Faulty) as wrong:
        quick("made-up", flags, words)
    return [
        (problem.at, str(problem).removeprefix("command line: error: "))
        for problem in wrong.value.problems
    ]


WANTED = "a protocol is planned for a patient: {} is wanted [PP202]"


@pytest.mark.parametrize(
    ("flags", "missing"),
    [
        ([], "--height, --weight, --start, --age or --birth-date"),
        (LEAST[1:], "--height"),
        (LEAST[:3], "--start"),
        ([*LEAST[:2], LEAST[3]], "--age or --birth-date"),
    ],
)
def test_all_that_is_missing_is_told_at_once(flags: Flags, missing: str) -> None:
    assert [(flag(0), WANTED.format(missing))] == refused(flags)


ANSWER = "is not of the form KEY=VALUE [PP203]"
MEDICINE = "is not of the form DRUG or DRUG=FROM..TO; none stands alone [PP203]"
AMOUNT = "is not of the form DRUG='AMOUNT UNIT' [PP203]"

AMISS: list[tuple[str, list[str], list[str | None]]] = [
    ("option", ["cycles", "=4", "dose= ", " =4", "a=b"],
     [f"'cycles' {ANSWER}", f"'=4' {ANSWER}", f"'dose= ' {ANSWER}", f"' =4' {ANSWER}", None]),
    ("option", ["a=1", "b=1", "a =2"], [None, None, "'a' is stated twice [PP103]"]),
    ("fact", ["cns", "cns=no"], [f"'cns' {ANSWER}", None]),
    ("lab", ["alt", "alt=1"],
     ["'alt' is not of the form NAME='VALUE UNIT' [PP203]",
      "'1' has no unit; expected a unit such as mg/dL, umol/L, g/dL, 10^9/L [PP204]"]),
    ("medicine", ["none", "x"], [f"'none' {MEDICINE}", None]),
    ("medicine", ["x=2026-01-01", "x..y", "=2026-01-01..", " ", "y"],
     [f"'x=2026-01-01' {MEDICINE}", f"'x..y' {MEDICINE}", f"'=2026-01-01..' {MEDICINE}",
      f"' ' {MEDICINE}", None]),
    ("medicine", ["x=2026-02-30.."],
     ["'2026-02-30' is not a date [PP207]\n"
      "    hint: write year-month-day, such as 2026-03-02"]),
    ("medicine", ["x=2026-01-01..2026-01-02..2026-01-03"],
     ["'2026-01-02..2026-01-03' is not a date [PP207]\n"
      "    hint: write year-month-day, such as 2026-03-02"]),
    # Of medicines that cannot be read it is not said besides that there is none of them.
    ("medicine", ["x=1"], [f"'x=1' {MEDICINE}"]),
    ("earlier", ["none", "x=1 mg"], [f"'none' {AMOUNT}", None]),
    ("earlier", ["x"], [f"'x' {AMOUNT}"]),
    ("earlier", ["FILL=1 mg"], ["a blank is not filled in: 'FILL' [PP210]"]),
    # It would be passed over, and the labs be taken for those of the day of the plan.
    ("lab", ["alt=1 U/L", "date=2026-02-01"],
     [None, "lab 'date' is not known [PP303]\n"
            "    hint: labs are of the day of --as-of, and without it of the day of --start"]),
    ("label", ["\udcff"], ["a control character stands in this text [PP203]"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "told"), AMISS)
def test_everything_that_is_stated_amiss_is_told_by_its_number(
    name: str, values: list[str], told: list[str | None]
) -> None:
    flags = [*LEAST, *((name, each) for each in values)]

    assert [(flag(n), each) for n, each in enumerate(told, 5) if each] == refused(flags)


def test_what_is_amiss_in_form_and_in_meaning_is_told_at_once() -> None:
    flags = [*LEAST[:2], ("age", "old"), LEAST[3], ("option", "x"), ("fact", "cnss=no")]

    assert [
        (flag(3), "'old' is not a whole number from 0 to 120 [PP208]"),
        (flag(5), f"'x' {ANSWER}"),
        (flag(6), "fact 'cnss' is not known [PP303]\n    hint: did you mean 'cns'?"),
    ] == refused(flags, fact=("cns", "ecog"))


def test_an_unknown_lab_is_told_by_its_number() -> None:
    told = "lab 'altt' is not known [PP303]\n    hint: did you mean 'alt'?"

    assert [(flag(6), told)] == refused(
        [*LEAST, ("lab", "alt=1 U/L"), ("lab", "altt=1 U/L")], lab=("alt", "ast")
    )


def test_a_protocol_that_gives_no_id_is_told() -> None:
    with pytest.raises(Faulty) as wrong:
        quick("-x", LEAST, {})

    made = f"-x-2026-03-02-{digest('-x', 'quick form', '2026-03-02')}"
    assert [
        (
            flag(0),
            f"command line: error: '{made}' is not a name of letters, digits and hyphens [PP205]",
        )
    ] == [(problem.at, str(problem)) for problem in wrong.value.problems]


def test_the_day_of_the_plan_is_a_date() -> None:
    assert date(2026, 3, 2) == as_of_flag("2026-03-02", 3)

    with pytest.raises(Faulty) as wrong:
        as_of_flag("today", 3)
    assert [
        (flag(3), "command line: error: 'today' is not a date [PP207]\n"
                  "    hint: write year-month-day, such as 2026-03-02")
    ] == [(problem.at, str(problem)) for problem in wrong.value.problems]  # fmt: skip
