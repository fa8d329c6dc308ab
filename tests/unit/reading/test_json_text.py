"""JSON as text: what is refused as a whole, and what each part of it may hold."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from protoplan.problems import Faulty
from protoplan.quantity import Quantity
from protoplan.reading import json_text
from protoplan.reading.json_text import Log, Part, parse, seen
from protoplan.source import Place

# -- the whole text --------------------------------------------------------------------------------


def refused(text: str) -> list[str]:
    with pytest.raises(Faulty) as wrong:
        parse(text, "x.json")
    return [str(problem) for problem in wrong.value.problems]


def test_json_is_read_as_it_stands() -> None:
    text = '{"a": [1, null, true, "1.1", {}], "b\N{NO-BREAK SPACE}c": -12345678, "d": 123456789}'

    assert {
        "a": [1, None, True, "1.1", {}], "b\N{NO-BREAK SPACE}c": -12345678, "d": 123456789,
    } == parse(text, "x.json")  # fmt: skip


FORTY = "1234567890" * 4

BARE = 'stands there bare; amounts are texts, such as "1.1" [PP108]'

NO_JSON = [
    ('{"a": 1, "b": 2', "1:16: error: this is not JSON: Expecting ',' delimiter [PP108]\n"
     "    hint: it may have been cut off; write the plan anew"),
    ('{"a": 1, "b": 2, "b": 3, "c": 4}', "1:1: error: the key 'b' stands twice [PP108]"),
    ('{"a": {" ": 1}}', "1:1: error: the key ' ' is empty or holds what cannot be seen [PP108]"),
    (f"[{FORTY}1]", f"1:1: error: the whole number {FORTY} is too large [PP108]"),
    ("[1234567890]", "1:1: error: the whole number 1234567890 is too large [PP108]"),
    (f"[{FORTY}.5]", f"1:1: error: the number {FORTY} {BARE}"),
    ("[-Infinity]", f"1:1: error: the number -Infinity {BARE}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), NO_JSON, ids=[row[0] for row in NO_JSON])
def test_what_a_plan_does_not_hold_is_refused(text: str, told: str) -> None:
    assert [f"x.json:{told}"] == refused(text)


def test_the_size_of_a_text_is_counted_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_PLAN_BYTES", 6)
    large = ["x.json:1:1: error: the file is larger than 64 MB [PP106]"]

    assert "abcd" == parse('"abcd"', "x.json")
    assert "\N{GREEK SMALL LETTER MU}\N{GREEK SMALL LETTER MU}" == parse(
        '"\N{GREEK SMALL LETTER MU}\N{GREEK SMALL LETTER MU}"', "x.json"
    )
    assert large == refused('"abcde"')
    assert large == refused('"a\N{GREEK SMALL LETTER MU}\N{GREEK SMALL LETTER MU}"')


@pytest.mark.parametrize(
    ("text", "can_be_seen"),
    [("a b", True), ("5\N{NO-BREAK SPACE}mg", True), ("", False), (" ", False), ("a\nb", False),
     ("a\u202eb", False), ("\N{NO-BREAK SPACE}", False)],
)  # fmt: skip
def test_a_text_is_one_line_of_what_can_be_seen(text: str, can_be_seen: bool) -> None:
    assert can_be_seen is seen(text)


# -- its parts -------------------------------------------------------------------------------------


def part(data: dict[str, Any], where: str = "rows[3]") -> Part:
    return Part(data, where, Log("x.json", []))


#: Method, what stands there, what is read.
READ: list[tuple[str, Any, Any]] = [
    ("text", "a b", "a b"),
    ("text_or_none", "a b", "a b"),
    ("whole", 7, 7),
    ("whole_or_none", 7, 7),
    ("truth", True, True),
    ("truth", False, False),
    ("texts", [], ()),
    ("texts", ["a", "b"], ("a", "b")),
    ("day", "2026-03-02", date(2026, 3, 2)),
    ("day_or_none", "2026-03-02", date(2026, 3, 2)),
    ("moment", "2026-03-02T10:00:00", datetime(2026, 3, 2, 10)),  # noqa: DTZ001 - the site's clock
    ("moment_or_none", "2026-03-02T10:00:00", datetime(2026, 3, 2, 10)),  # noqa: DTZ001
    ("decimal", "0", Decimal(0)),
    ("decimal", "0.05", Decimal("0.05")),
    ("decimal", "10.50", Decimal("10.50")),
    # More digits than an amount may have.
    ("decimal", "12345678901.0123456789", Decimal("12345678901.0123456789")),
    ("decimal", "1" * 34, Decimal("1" * 34)),
    ("decimal_or_none", "1.1", Decimal("1.1")),
    ("unit", "mcg", "mcg"),
    ("amount", {"value": "9", "unit": "mcg/day"}, Quantity(Decimal(9), "mcg/day")),
    ("amount_or_none", {"value": "9", "unit": "g"}, Quantity(Decimal(9), "g")),
]


@pytest.mark.parametrize(("method", "written", "meant"), READ)
def test_what_fits_is_read(method: str, written: Any, meant: Any) -> None:
    own = part({"k": written})

    found = getattr(own, method)("k")

    assert (type(meant), meant, []) == (type(found), found, own.log.problems)


OPTIONAL = ("text", "whole", "day", "moment", "decimal", "amount")


@pytest.mark.parametrize("data", [{}, {"k": None}])
@pytest.mark.parametrize("method", OPTIONAL)
def test_what_may_be_absent_is_none_and_no_problem(method: str, data: dict[str, Any]) -> None:
    own = part(data)

    assert getattr(own, f"{method}_or_none")("k") is None
    assert [] == own.log.problems


NO_DATE = "a date such as 2026-03-02 was expected"
NO_MOMENT = "a moment such as 2026-03-02T10:00:00 was expected"
NO_DECIMAL = "an exact decimal as text was expected"
LONG = "x" * 60
NEVER = datetime.combine(date.min, time())

#: Method, what stands there, what is told, and what stands in for it while the rest is read.
UNFIT: list[tuple[str, Any, str, Any]] = [
    ("text", "", "a text was expected,  was found [PP203]", "?"),
    ("text", LONG + "\n", f"a text was expected, {LONG}… was found [PP203]", "?"),
    ("text_or_none", 7, "a text was expected, 7 was found [PP203]", "?"),
    ("text", ["µ" * 2], 'a text was expected, ["\\u00b5\\u00b5"] was found [PP203]', "?"),
    ("text", "a\n" + "x" * 53, "a text was expected, a\\u000a" + "x" * 53 + " was found [PP203]",
     "?"),
    ("text", "a\n" + "x" * 54, "a text was expected, a\\u000a" + "x" * 53 + "… was found [PP203]",
     "?"),
    ("whole", "7", "a whole number was expected, 7 was found [PP203]", 0),
    ("whole", True, "a whole number was expected, true was found [PP203]", 0),
    ("whole_or_none", "7", "a whole number was expected, 7 was found [PP203]", 0),
    ("truth", 1, "true or false was expected, 1 was found [PP203]", False),
    ("texts", "a", "a list of texts was expected, a was found [PP203]", ()),
    ("texts", ["a", 1], 'a list of texts was expected, ["a", 1] was found [PP203]', ()),
    ("day", "20260302", f"{NO_DATE}, '20260302' was found [PP207]", date.min),
    ("day", 7, "a text was expected, 7 was found [PP203]", date.min),
    ("day_or_none", "today", f"{NO_DATE}, 'today' was found [PP207]", date.min),
    ("moment", "2026-03-02T10:00", f"{NO_MOMENT}, '2026-03-02T10:00' was found [PP207]",
     NEVER),
    ("moment", "2026-03-02T10:00:00+00:00",
     f"{NO_MOMENT}, '2026-03-02T10:00:00+00:00' was found [PP207]", NEVER),
    ("moment_or_none", 7, "a text was expected, 7 was found [PP203]", NEVER),
    *(("decimal", text, f"{NO_DECIMAL}, '{text}' was found [PP204]", Decimal(0))
      for text in ("01", "00", "1.", ".5", "-1", "+1", "1e3", "1,5", "NaN", "1.2.3", " 1", "1_0",
                   "\N{ARABIC-INDIC DIGIT THREE}", "1" * 35, f"0.{'1' * 33}")),
    ("decimal_or_none", "x", f"{NO_DECIMAL}, 'x' was found [PP204]", Decimal(0)),
    ("unit", "MG", "unit 'MG' is not known [PP204]", "mg"),
    ("unit", 7, "a text was expected, 7 was found [PP203]", "mg"),
    ("amount", "9 g", "an object was expected, 9 g was found [PP203]", Quantity(Decimal(0), "mg")),
    ("part", "9 g", "an object was expected, 9 g was found [PP203]", None),
]  # fmt: skip


@pytest.mark.parametrize(("method", "written", "told", "instead"), UNFIT)
def test_what_does_not_fit_is_told_and_the_rest_is_read(
    method: str, written: Any, told: str, instead: Any
) -> None:
    own = part({"k": written})

    found = getattr(own, method)("k")

    assert (type(instead), instead) == (type(found), found)
    assert [(Place("x.json", 0, 0), f"x.json: error: rows[3].k: {told}")] == [
        (problem.at, str(problem)) for problem in own.log.problems
    ]


@pytest.mark.parametrize(("where", "said"), [("rows[3]", "rows[3]"), ("", "the plan")])
def test_a_key_that_is_not_there_is_told(where: str, said: str) -> None:
    own = part({}, where)

    assert "?" == own.text("k")
    assert [f"x.json: error: {said}: lacks the key 'k' [PP202]"] == list(map(str, own.log.problems))


def test_what_stands_inside_knows_its_path() -> None:
    own = part({"a": {"b": [{"c": 1}, 2, {"c": "x"}]}}, "")

    inner = own.part("a")
    assert inner is not None
    assert [1, 0] == [each.whole("c") for each in inner.parts("b")]
    assert [
        "x.json: error: a.b[1]: an object was expected, 2 was found [PP203]",
        "x.json: error: a.b[2].c: a whole number was expected, x was found [PP203]",
    ] == list(map(str, own.log.problems))


def test_keys_that_are_not_known_are_kept_as_they_mean() -> None:
    """In one order, whatever the order of the file, so that only a change is a difference."""
    own = part({"z": {"b": 1, "a": [None]}, "known": 1, "y": "x"})

    assert (("y", '"x"'), ("z", '{"a": [null], "b": 1}')) == own.others(frozenset({"known", "no"}))


def test_fifty_problems_say_enough() -> None:
    log = Log("x.json", [])

    for n in range(60):
        log.refuse("PP203", f"rows[{n}]", "no")

    assert [f"x.json: error: rows[{n}]: no [PP203]" for n in range(50)] == list(
        map(str, log.problems)
    )
