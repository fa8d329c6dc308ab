"""A plan as JSON is read back whole, or every problem of it is told: never a traceback."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.pairs import printed, sample

from protoplan.model.exposure import InputFile
from protoplan.model.outline import (
    BodyMeasure,
    CycleDates,
    DatedLine,
    Dose,
    DrugTotal,
    Found,
    LimitStand,
    Lowered,
    Needed,
    Outline,
    Told,
    WorkedStep,
)
from protoplan.problems import Faulty
from protoplan.quantity import Quantity
from protoplan.reading.planned import outline, outline_of


def said(text: str) -> list[str]:
    with pytest.raises(Faulty) as wrong:
        outline(text, "x.json")
    return [str(problem) for problem in wrong.value.problems]


# -- a whole plan, written by hand -----------------------------------------------------------------


def mg(value: str) -> Quantity:
    return Quantity(Decimal(value), "mg")


#: Every key that is read, and one beside them in each place where such are kept.
DOSE: dict[str, Any] = {
    "id": "1.d2.alpha.IV.1", "cycle": "1", "day": 2, "date": "2026-03-03",
    "start": "2026-03-03T10:00:00", "end": "2026-03-03T12:00:00", "drug": "alpha", "name": "Alpha",
    "route": "IV", "status": "given", "overdue": True,
    "window": {"earliest": "2026-03-01", "latest": "2026-03-05"},
    "basis": {"value": "0.6", "unit": "mg/m2"}, "bsa": "1.84",
    "calculated": {"value": "1.104", "unit": "mg"}, "adjusted": {"value": "1.105", "unit": "mg"},
    "ordered": {"value": "1.1", "unit": "mg"}, "rate": {"value": "9", "unit": "mcg/day"},
    "because": "the reason", "needs": ["lab a", "lab b"], "due": "2026-03-02",
    "working": [{"step": "basis", "after": "0.6 mg/m2", "why": "printed", "source": "paper: 1"}],
    "adjustments": [{"rule": "a/b", "before": {"value": "2", "unit": "mg"},
                     "after": {"value": "1", "unit": "mg"}, "reason": "for this"}],
    "given": {"amount": {"value": "1", "unit": "mg"}, "at": "2026-03-03T10:10:00", "by": "x"},
    "later": [1],
}  # fmt: skip

PLAN: dict[str, Any] = {
    "format": "protoplan-plan/1",
    "protocol": {"id": "made-up", "version": "1.0.0", "sha256": "aa"},
    "inputs": [{"kind": "drug", "id": "alpha", "version": "2", "sha256": "bb"}],
    "treatment": {"id": "t", "label": "somebody", "revision": 3, "revision_date": "2026-03-01"},
    "complete": False,
    "as_of": "2026-03-04",
    "options": {"cycles": "4", "dose": None},
    "facts": {"cns": "negative"},
    "medicines": [{"drug": "azole", "from": "2026-01-01", "to": "2026-02-01"},
                  {"drug": "statin", "from": None, "to": None}],
    "patient": {"sex": "female", "age": 45, "measures": [
        {"date": "2026-03-01", "height": {"value": "175", "unit": "cm"},
         "weight": {"value": "70", "unit": "kg"}, "bsa": "1.84", "working": "Mosteller"}]},
    "cycles": [{"label": "1", "kind": "odd", "phase": "all", "start": "2026-03-02",
                "length_days": 28, "late_days": 2}],
    "administrations": [DOSE],
    "instructions": [{"date": "2026-03-02", "text": "drink", "because": "stones",
                      "source": "paper: 2", "around": ["1.d2.alpha.IV.1"]}],
    "open_items": [{"text": "which", "until": "day 1", "source": "paper: 3", "when": "if so",
                    "gives": ["alpha", "beta"]}],
    "exposure": [{"drug": "alpha", "route": "IV", "basis": "mg/m2", "planned": "3.6",
                  "earlier": "0.5", "value": "4.1", "ordered": "6.6", "ordered_unit": "mg",
                  "administrations": 6,
                  "limits": [{"about": "heart", "over": "lifetime",
                              "most": {"value": "550", "unit": "mg/m2"}, "cycles": None,
                              "value": "4.1", "passed": False},
                             {"about": "liver", "over": "lifetime", "cycles": 6}]}],
    "totals": [{"given": 1, "planned": 2, "open": 3, "doses": 6, "of": ["alpha IV", "beta IT"],
                "source": "paper: 4"},
               {"given": 0, "planned": 1, "open": 0, "doses": 1, "of": ["gamma"]}],
    "unresolved": [{"about": "a dose", "needs": ["lab a"], "administrations": ["x"]},
                   {"about": "an option", "needs": []}],
    "checklist": [{"date": "2026-03-02", "labs": ["alt"], "toxicities": ["rash"],
                   "would": ["hold", "lower"], "administrations": ["x"], "cycle": "1"},
                  {"date": "2026-03-03", "labs": ["ast", "alt"], "toxicities": [], "would": [],
                   "administrations": [], "cycle": "2"}],
    "findings": [{"code": "PF201", "severity": "stop", "message": "no", "source": "paper: 5",
                  "administrations": ["x"]}],
    "silences": [{"about": "the hour", "left": "open"}],
    "later": {"any": "thing"},
}  # fmt: skip

READ_DOSE = Dose(
    id="1.d2.alpha.IV.1", cycle="1", day=2, date=date(2026, 3, 3),
    start=datetime(2026, 3, 3, 10), end=datetime(2026, 3, 3, 12),  # noqa: DTZ001 - the site's clock
    drug="alpha", name="Alpha", route="IV", status="given", overdue=True,
    window=(date(2026, 3, 1), date(2026, 3, 5)),
    basis=Quantity(Decimal("0.6"), "mg/m2"), bsa=Decimal("1.84"), calculated=mg("1.104"),
    adjusted=mg("1.105"), ordered=mg("1.1"), rate=Quantity(Decimal(9), "mcg/day"),
    because="the reason", needs=("lab a", "lab b"), given=mg("1"),
    working=(WorkedStep("basis", "0.6 mg/m2", "printed", "paper: 1"),),
    adjustments=(Lowered("a/b", mg("2"), mg("1"), "for this"),),
    others=(("later", "[1]"), ("by", '"x"')),
)  # fmt: skip

READ = Outline(
    protocol=InputFile("protocol", "made-up", "1.0.0", "aa"),
    inputs=(InputFile("drug", "alpha", "2", "bb"),),
    treatment="t", label="somebody", revision=3, revision_date=date(2026, 3, 1),
    as_of=date(2026, 3, 4),
    options=(Told("cycles", "4"), Told("dose", "not chosen")),
    facts=(Told("cns", "negative"),),
    medicines=(Told("azole", "from 2026-01-01 to 2026-02-01"),
               Told("statin", "from a day not stated to a day not stated")),
    patient=(Told("sex", "female"), Told("age", "45 years")),
    measures=(BodyMeasure(date(2026, 3, 1), Quantity(Decimal(175), "cm"),
                          Quantity(Decimal(70), "kg"), Decimal("1.84"), "Mosteller"),),
    cycles=(CycleDates("1", "odd", "all", date(2026, 3, 2), 28, 2),),
    doses=(READ_DOSE,),
    instructions=(DatedLine(date(2026, 3, 2), "drink: stones (paper: 2)", ("1.d2.alpha.IV.1",),
                            None),),
    checklist=(DatedLine(date(2026, 3, 2), "alt, ask for rash (hold; lower)", ("x",), "1"),
               DatedLine(date(2026, 3, 3), "ast, alt", (), "2")),
    open_items=(Told("which", "until day 1 (paper: 3); if so; gives alpha; beta"),),
    silences=(Told("the hour", "open"),),
    totals=(DrugTotal(
        "alpha", "IV", "mg/m2", Quantity(Decimal("3.6"), "mg/m2"),
        Quantity(Decimal("0.5"), "mg/m2"), mg("6.6"), 6,
        (LimitStand("heart", "lifetime", Quantity(Decimal(550), "mg/m2"), None, Decimal("4.1"),
                    False),
         LimitStand("liver", "lifetime", None, 6, None, None))),),
    numbers=(Told("alpha IV and beta IT", "1 given, 2 planned, 3 open of 6 (paper: 4)"),
             Told("gamma", "0 given, 1 planned, 0 open of 1")),
    unresolved=(Needed("a dose", ("lab a",), ("x",)), Needed("an option", (), ())),
    findings=(Found("PF201", "stop", "no", "paper: 5", ("x",)),),
    others=(("later", '{"any": "thing"}'),),
)  # fmt: skip


def test_a_whole_plan_is_read_back() -> None:
    assert READ == outline(json.dumps(PLAN), "x.json")


#: What is taken out of the plan or set to null, and what is read then; of a part the new part.
WITHOUT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"facts": ...}, {"facts": ()}),
    ({"medicines": ...}, {"medicines": ()}),
    ({"medicines": None}, {"medicines": (Told("medicines", "not stated"),)}),
    ({"medicines": []}, {"medicines": (Told("medicines", "none"),)}),
    ({"patient": {}},
     {"patient": (Told("sex", "not stated"), Told("age", "not stated")), "measures": ()}),
    ({"patient": {"age": 0, "measures": []}},
     {"patient": (Told("sex", "not stated"), Told("age", "0 years")), "measures": ()}),
    ({"patient": {**PLAN["patient"], "measures": [{**PLAN["patient"]["measures"][0],
                                                   "working": None}]}},
     {"measures": (attrs.evolve(READ.measures[0], working=""),)}),
    ({"treatment": {"id": "t", "label": "somebody", "revision": 0}},
     {"revision": 0, "revision_date": None}),
    ({"cycles": [{"label": "1", "kind": "odd", "phase": "all", "start": None}]},
     {"cycles": (CycleDates("1", "odd", "all", None, None, 0),)}),
    ({"instructions": [{**PLAN["instructions"][0], "around": None}]},
     {"instructions": (attrs.evolve(READ.instructions[0], doses=()),)}),
    ({"checklist": None}, {"checklist": ()}),
    ({"silences": None}, {"silences": ()}),
    ({"totals": None}, {"numbers": ()}),
    ({"open_items": [{"text": "which", "until": "day 1", "source": "paper: 3", "gives": []}]},
     {"open_items": (Told("which", "until day 1 (paper: 3)"),)}),
    ({"findings": [{**PLAN["findings"][0], "source": None}]},
     {"findings": (attrs.evolve(READ.findings[0], source=None),)}),
    ({"exposure": [{"drug": "alpha", "route": None, "basis": "mg", "value": "4.1",
                    "ordered": "6.6", "limits": []}]},
     {"totals": (DrugTotal("alpha", "", "mg", mg("4.1"), None, None, None, ()),)}),
    # A sum that waits for a dose is no sum, though an older key stands beside it.
    ({"exposure": [{"drug": "alpha", "basis": "mg", "planned": None, "value": "4.1",
                    "ordered_unit": "mg", "limits": []}]},
     {"totals": (DrugTotal("alpha", "", "mg", None, None, None, None, ()),)}),
    ({"exposure": [{"drug": "alpha", "basis": "mg", "ordered": "0", "ordered_unit": "g",
                    "limits": []}]},
     {"totals": (DrugTotal("alpha", "", "mg", None, None, Quantity(Decimal(0), "g"), None, ()),)}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "read"), WITHOUT, ids=[str(row[0])[:60] for row in WITHOUT])
def test_what_a_plan_does_not_say_is_not_known(
    changes: dict[str, Any], read: dict[str, Any]
) -> None:
    data = {key: value for key, value in {**PLAN, **changes}.items() if value is not ...}

    assert attrs.evolve(READ, **read) == outline(json.dumps(data), "x.json")


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        (dict.fromkeys(("end", "window", "basis", "bsa", "calculated", "adjusted", "ordered", "rate",
                        "because")),
         dict.fromkeys(("end", "window", "basis", "bsa", "calculated", "adjusted", "ordered", "rate",
                        "because"))),
        ({"name": None}, {"name": "alpha"}),
        ({"given": None}, {"given": None, "others": (("later", "[1]"),)}),
        ({"given": {"by": "x"}}, {"given": None}),
    ],
)  # fmt: skip
def test_what_a_dose_does_not_say_is_not_known(
    changes: dict[str, Any], read: dict[str, Any]
) -> None:
    data = {**PLAN, "administrations": [{**DOSE, **changes}]}

    assert (attrs.evolve(READ_DOSE, **read),) == outline(json.dumps(data), "x.json").doses


def test_of_what_is_no_object_nothing_more_is_told() -> None:
    wrong = "an object was expected"

    assert [
        f"x.json: error: protocol: {wrong}, x was found [PP203]",
        f"x.json: error: options: {wrong}, [] was found [PP203]",
        f"x.json: error: patient: {wrong}, null was found [PP203]",
    ] == said(json.dumps({**PLAN, "protocol": "x", "options": [], "patient": None}))


def test_two_doses_without_an_id_are_two_problems_and_no_third() -> None:
    row = {key: value for key, value in DOSE.items() if key != "id"}

    assert [
        f"x.json: error: administrations[{n}]: lacks the key 'id' [PP202]" for n in (0, 1)
    ] == said(json.dumps({**PLAN, "administrations": [row, row]}))


def test_data_that_are_no_json_are_read_alike() -> None:
    assert READ == outline_of(PLAN, "x.json")

    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Faulty) as wrong:
        outline_of({**PLAN, "later": deep}, "x.json")
    assert ["x.json:1:1: error: the file is nested too deeply [PP106]"] == [
        str(problem) for problem in wrong.value.problems
    ]


# -- a plan that was printed -----------------------------------------------------------------------


def small() -> Any:
    """A plan of one dose."""
    data = sample()
    data["administrations"] = [
        row for row in data["administrations"] if row["id"] == "1.d2.inotuzumab-ozogamicin.IV.1"
    ]
    data["checklist"] = data["instructions"] = data["findings"] = []
    data["inputs"], data["exposure"] = data["inputs"][:1], data["exposure"][:1]
    data["cycles"] = data["cycles"][:1]
    return data


def test_a_dose_is_read_back() -> None:
    dose = outline(json.dumps(small()), "x.json").doses[0]

    assert ("1", 2, date(2026, 3, 3), "2026-03-03T10:00:00", None) == (
        dose.cycle, dose.day, dose.date, dose.start.isoformat(), dose.end,
    )  # fmt: skip
    assert ("inotuzumab ozogamicin", "IV", "planned", False) == (
        dose.name, dose.route, dose.status, dose.overdue,
    )  # fmt: skip
    assert (Decimal("1.84"), Quantity(Decimal("1.1"), "mg")) == (dose.bsa, dose.ordered)
    assert ["basis", "body surface area", "calculated", "rounding"] == [
        step.step for step in dose.working
    ]


def test_keys_of_later_versions_and_absent_new_ones_are_taken() -> None:
    data = small()
    row = data["administrations"][0]
    del row["name"]
    row.update(status="given", given={"amount": {"value": "1", "unit": "mg"}, "by": "x"}, more=[1])
    for key in ("facts", "medicines", "checklist", "silences"):
        del data[key]
    data["later"] = {"any": "thing"}

    found = outline(json.dumps(data), "x.json")

    assert Quantity(Decimal(1), "mg") == found.doses[0].given
    assert "inotuzumab-ozogamicin" == found.doses[0].name
    assert ("more", "[1]") in found.doses[0].others
    assert (("later", '{"any": "thing"}'),) == found.others


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "x.json:1:1: error: this is not JSON: Expecting value [PP108]"),
        ('{"format": 1.5}', "x.json:1:1: error: the number 1.5 stands there bare; amounts are "
         'texts, such as "1.1" [PP108]'),
        ('{"a": NaN}', "x.json:1:1: error: the number NaN stands there bare; amounts are "
         'texts, such as "1.1" [PP108]'),
        ('{"a": 1, "a": 2}', "x.json:1:1: error: the key 'a' stands twice [PP108]"),
        ('{"a\\u001b": 1}', "x.json:1:1: error: the key 'a\\u001b' is empty or holds what cannot be "
         "seen [PP108]"),
        ('{"a": 12345678901}',
         "x.json:1:1: error: the whole number 12345678901 is too large [PP108]"),
        ("[]", "x.json:1:1: error: the JSON lacks the key 'format'; protoplan-plan/1 was expected "
         "[PP107]"),
        ('{"format": "protoplan-plan/2"}', "x.json:1:1: error: the JSON is of another format; "
         "protoplan-plan/1 was expected [PP107]"),
        ("[" * 200_000, "x.json:1:1: error: the file is nested too deeply [PP106]"),
        ("{\n  !", "x.json:2:3: error: this is not JSON: Expecting property name enclosed in double "
         "quotes [PP108]"),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_a_problem_with_its_place(text: str, problem: str) -> None:
    assert problem == said(text)[0].partition("\n")[0]


def test_a_plan_that_is_too_large_is_not_read() -> None:
    text = '{"format": "' + "x" * 64_000_000 + '"}'

    assert ["x.json:1:1: error: the file is larger than 64 MB [PP106]"] == said(text)


def spoiled() -> Any:
    data = small()
    row = data["administrations"][0]
    row["ordered"] = {"value": "1,1", "unit": "mg"}
    row["calculated"] = {"value": "1.104", "unit": "MG"}
    row["date"], row["start"] = "2026-02-30", "2026-03-03"
    row["day"], row["overdue"] = True, "no"
    row["drug"] = "in\u202eo"
    del row["route"]
    data["cycles"] = [[]]
    data["as_of"] = "2026-W10-1"
    data["findings"] = None
    return data


def test_every_problem_is_told_at_once_with_its_path() -> None:
    found = said(json.dumps(spoiled()))

    assert {
        "x.json: error: administrations[0].drug: a text was expected, in\\u202eo was found [PP203]",
        "x.json: error: administrations[0].calculated.unit: unit 'MG' is not known [PP204]",
        "x.json: error: administrations[0].ordered.value: an exact decimal as text was expected, "
        "'1,1' was found [PP204]",
        "x.json: error: administrations[0].day: a whole number was expected, true was found [PP203]",
        "x.json: error: administrations[0].date: a date such as 2026-03-02 was expected, "
        "'2026-02-30' was found [PP207]",
        "x.json: error: administrations[0].start: a moment such as 2026-03-02T10:00:00 was "
        "expected, '2026-03-03' was found [PP207]",
        "x.json: error: administrations[0]: lacks the key 'route' [PP202]",
        "x.json: error: administrations[0].overdue: true or false was expected, no was found "
        "[PP203]",
        "x.json: error: as_of: a date such as 2026-03-02 was expected, '2026-W10-1' was found "
        "[PP207]",
        "x.json: error: cycles[0]: an object was expected, [] was found [PP203]",
        "x.json: error: findings: a list was expected, null was found [PP203]",
    } == set(found)


def test_an_id_that_stands_twice_is_refused() -> None:
    data = small()
    data["administrations"] *= 2

    assert [
        "x.json: error: administrations: the id '1.d2.inotuzumab-ozogamicin.IV.1' stands twice "
        "[PP310]"
    ] == said(json.dumps(data))


def test_no_cut_makes_a_traceback() -> None:
    text = json.dumps(small())

    for end in range(0, len(text), 64):
        assert said(text[:end])


#: What may stand anywhere by mistake.
STRANGERS: tuple[Any, ...] = (None, True, 7, "", "?", "x", [], {}, [[]], [{}], {"value": "1"})


def places_of(text: str) -> set[str]:
    """Where the problems of a plan are; none where it is read."""
    try:
        outline(text, "x.json")
    except Faulty as wrong:
        return {problem.at.path for problem in wrong.problems}
    return set()


def test_no_value_of_another_kind_makes_a_traceback() -> None:
    """Whatever stands anywhere instead: a plan or its problems, and nothing else."""
    for path in paths(small()):
        for stranger in STRANGERS:
            data = small_again()
            inner = data
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = stranger

            assert places_of(json.dumps(data)) <= {"x.json"}


TEXT = json.dumps(small())


def small_again() -> Any:
    return json.loads(TEXT)


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of the data, of lists the first entry alone."""
    out = [path] if path else []
    if isinstance(data, dict):
        out += [inner for key in data for inner in paths(data[key], (*path, key))]
    elif isinstance(data, list):
        out += [inner for n, part in enumerate(data[:1]) for inner in paths(part, (*path, n))]
    return out


def test_the_text_of_a_whole_plan_is_read_in_no_time() -> None:
    assert 1207 == len(outline(printed(), "x.json").doses)
