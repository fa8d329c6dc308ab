"""A plan as JSON is read back whole, or every problem of it is told: never a traceback."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.pairs import printed, sample

from protoplan.problems import Faulty
from protoplan.quantity import Quantity
from protoplan.reading.planned import outline


def said(text: str) -> list[str]:
    with pytest.raises(Faulty) as wrong:
        outline(text, "x.json")
    return [str(problem) for problem in wrong.value.problems]


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
