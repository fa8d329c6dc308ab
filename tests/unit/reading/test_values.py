"""Single values: how each may be written, what it means, and what is said of a slip."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from tests.written import START, line, log_with, means, node_of, said, value

from protoplan.model.component import Days, Span
from protoplan.quantity import Quantity
from protoplan.reading.shapes import Field, Record, Shape, text
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    citation,
    clock,
    day,
    days,
    decimal,
    grounded,
    grounds_fields,
    in_days,
    must_ground,
    name,
    offset,
    span,
    window,
    with_sources,
    yes_or_no,
)
from protoplan.source import Citation, Grounds

MG = Amount(("mg", "g"))

MEANT = [
    (Amount(), "5 mL/h", Quantity(Decimal(5), "mL/h")),
    (MG, "1.4 mg", Quantity(Decimal("1.4"), "mg")),
    (above_nothing(MG), "0.1 mg", Quantity(Decimal("0.1"), "mg")),
    (decimal, "1.5", Decimal("1.5")),
    (decimal, "0", Decimal(0)),
    (Whole(2, 4), "2", 2),
    (Whole(2, 4), "4", 4),
    (Whole(0, 999_999), "999999", 999_999),
    (day, "2026-03-02", date(2026, 3, 2)),
    (day, "1900-01-01", date(1900, 1, 1)),
    (day, "2199-12-31", date(2199, 12, 31)),
    (clock, "00:00", time(0, 0)),
    (clock, "08:05", time(8, 5)),
    (clock, "19:30", time(19, 30)),
    (clock, "23:59", time(23, 59)),
    (span, "1 day", Span(1, "days")),
    (span, "28 days", Span(28, "days")),
    # The longest of each unit: ten years.
    (span, "3660 days", Span(3660, "days")),
    (span, "522 weeks", Span(522, "weeks")),
    (span, "120 months", Span(120, "months")),
    (span, "10 years", Span(10, "years")),
    (in_days, "0 days", 0),
    (in_days, "1 day", 1),
    (in_days, "30 days", 30),
    (in_days, "1 week", 7),
    (in_days, "2 weeks", 14),
    (name, "1.d2.vincristine-IV_1", "1.d2.vincristine-IV_1"),
    (name, "n" * 80, "n" * 80),
    (days, "every day", Days((), START)),
    (days, "8", Days(((8, 8),), START)),
    (days, "-1", Days(((-1, -1),), START)),
    (days, "1-3", Days(((1, 3),), START)),
    (days, "1 \N{EN DASH} 3", Days(((1, 3),), START)),
    (days, "-2-9999", Days(((-2, 9999),), START)),
    (days, "[-1, 1-4, 5, 11-14]", Days(((-1, -1), (1, 4), (5, 5), (11, 14)), START)),
    (offset, "-1", -1),
    (offset, "0", 0),
    (offset, "+3", 3),
    (offset, "999", 999),
    (window, "[-3, +2]", (-3, 2)),
    (window, "[-3, 0]", (-3, 0)),
    (window, "[0, 2]", (0, 2)),
    (citation, '[paper, "Table 1"]', Citation("paper", "Table 1", verified=True)),
    (yes_or_no, "true", True),
    (yes_or_no, "false", False),
]


@pytest.mark.parametrize(("shape", "written", "meant"), MEANT)
def test_what_is_written_means_one_thing(shape: Shape[Any], written: str, meant: object) -> None:
    means(shape, written, meant)


NO_DATE = "write year-month-day, such as 2026-03-02"
NO_CLOCK = "write hours and minutes, such as 08:00"
NO_DAY = "write a day such as 8 or a range such as 1-3"
NO_DAY_0 = "a cycle has no day 0; day 1 is its first day and day -1 the day before it"
NO_LENGTH = "is not a length of time; expected a whole number and days, weeks, months or years"
NO_WINDOW = "a window is two offsets around the day, such as [-3, +3]"
NO_CITATION = "a citation is a list of a source and the place in it"

REFUSED: list[tuple[Shape[Any], str, str, str, str | None]] = [
    (MG, "5 ml", "PP204", "dose unit 'ml' is not known", None),
    (MG, "5 mgs", "PP204", "dose unit 'mgs' is not known", "did you mean 'mg'?"),
    (MG, "5 kg", "PP204", "unit 'kg' does not fit here; expected mg, g", None),
    (above_nothing(MG), "0 mg", "PP209", "0 mg is nothing; more than nothing is needed here", None),
    (decimal, "1,5", "PP204", "'1,5' is not a number in digits with at most one point",
     "write 1.5, with a point"),
    (Whole(2, 4), "1", "PP208", "'1' is not a whole number from 2 to 4", None),
    (Whole(2, 4), "5", "PP208", "'5' is not a whole number from 2 to 4", None),
    (Whole(2, 4), "3.0", "PP208", "'3.0' is not a whole number from 2 to 4", None),
    (Whole(2, 4), "\N{ARABIC-INDIC DIGIT THREE}", "PP208",
     "'\N{ARABIC-INDIC DIGIT THREE}' is not a whole number from 2 to 4", None),
    (Whole(0, 9), "0000001", "PP208", "'0000001' is not a whole number from 0 to 9", None),
    (day, "02.03.2026", "PP207", "'02.03.2026' is not a date", NO_DATE),
    # Other forms of the standard, which few people can read.
    (day, "20260302", "PP207", "'20260302' is not a date", NO_DATE),
    (day, "2026-W10-1", "PP207", "'2026-W10-1' is not a date", NO_DATE),
    (day, "2026-02-29", "PP207", "'2026-02-29' is not a date", NO_DATE),
    (day, "1899-12-31", "PP207", "the year of '1899-12-31' lies outside 1900 to 2199", None),
    (day, "2200-01-01", "PP207", "the year of '2200-01-01' lies outside 1900 to 2199", None),
    (clock, "24:00", "PP207", "'24:00' is not a time of day", NO_CLOCK),
    (clock, "08:60", "PP207", "'08:60' is not a time of day", NO_CLOCK),
    (clock, "8:00", "PP207", "'8:00' is not a time of day", NO_CLOCK),
    (span, "0 days", "PP204", f"'0 days' {NO_LENGTH}", None),
    (span, "1.5 days", "PP204", f"'1.5 days' {NO_LENGTH}", None),
    (span, "28", "PP204", f"'28' {NO_LENGTH}", None),
    (span, "28 hours", "PP204", f"'28 hours' {NO_LENGTH}", None),
    (span, "3661 days", "PP204", "'3661 days' is longer than ten years", None),
    (span, "523 weeks", "PP204", "'523 weeks' is longer than ten years", None),
    (span, "121 months", "PP204", "'121 months' is longer than ten years", None),
    (span, "11 years", "PP204", "'11 years' is longer than ten years", None),
    (in_days, "0 weeks", "PP204", f"'0 weeks' {NO_LENGTH}", None),
    (in_days, "1 month", "PP204", "'1 month' is not a number of days", None),
    (in_days, "2 years", "PP204", "'2 years' is not a number of days", None),
    (name, "two words", "PP205", "'two words' is not a name of letters, digits and hyphens", None),
    (name, "-a", "PP205", "'-a' is not a name of letters, digits and hyphens", None),
    (name, "n" * 81, "PP205", f"'{'n' * 81}' is not a name of letters, digits and hyphens", None),
    (days, "[]", "PP206", "no day is given", None),
    (days, "first", "PP206", "'first' is not a day or a range of days", NO_DAY),
    (days, "1-", "PP206", "'1-' is not a day or a range of days", NO_DAY),
    (days, "0", "PP206", NO_DAY_0, None),
    (days, "0-3", "PP206", NO_DAY_0, None),
    (days, "-2-0", "PP206", NO_DAY_0, None),
    (days, "3-1", "PP206", "the range 3-1 runs backwards", None),
    (days, "[8, 2]", "PP206", "days must rise: 2 stands after 8", None),
    (days, "[1-3, 3]", "PP206", "days must rise: 3 stands after 3", None),
    (days, "[2, 2]", "PP206", "days must rise: 2 stands after 2", None),
    (offset, "1000", "PP206", "'1000' is not an offset in days, such as -1, 0 or +3", None),
    (offset, "1 day", "PP206", "'1 day' is not an offset in days, such as -1, 0 or +3", None),
    (window, "[-3]", "PP206", NO_WINDOW, None),
    (window, "[-3, 0, 3]", "PP206", NO_WINDOW, None),
    (window, "[1, 3]", "PP206", NO_WINDOW, None),
    (window, "[-3, -1]", "PP206", NO_WINDOW, None),
    (citation, "paper", "PP203", NO_CITATION, 'such as [key, "Table 1"]'),
    (citation, "[paper]", "PP203", NO_CITATION, 'such as [key, "Table 1"]'),
    (citation, "[paper, Methods, page 3]", "PP203", NO_CITATION, 'such as [key, "Table 1"]'),
    (yes_or_no, "yes", "PP205", "answer 'yes' is not known; expected true, false", None),
    (yes_or_no, "True", "PP205", "answer 'True' is not known; expected true, false",
     "did you mean 'true'?"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "code", "message", "hint"), REFUSED)
def test_what_is_written_amiss_is_refused_in_whole_words(
    shape: Shape[Any], written: str, code: str, message: str, hint: str | None
) -> None:
    assert line(code, message, hint) == said(shape, written)


SINGLE = {
    "amount": Amount(),
    "above nothing": above_nothing(Amount()),
    "decimal": decimal,
    "whole": Whole(1, 9),
    "day": day,
    "clock": clock,
    "span": span,
    "in days": in_days,
    "name": name,
    "offset": offset,
    "yes or no": yes_or_no,
}


@pytest.mark.parametrize("shape", SINGLE.values(), ids=SINGLE)
def test_where_one_value_must_stand_a_list_is_refused(shape: Shape[Any]) -> None:
    assert line("PP203", "one value was expected, a list was found") == said(shape, "[1]")


def test_nothing_at_all_is_refused_where_a_dose_must_be_given() -> None:
    assert line("PP209", "0 g is nothing; more than nothing is needed here") == said(
        above_nothing(MG), "0 g"
    )


def test_the_place_in_a_source_is_one_value() -> None:
    assert line("PP203", "one value was expected, a list was found", column=9) == said(
        citation, "[paper, [a]]"
    )


def test_where_a_list_must_stand_one_value_is_refused() -> None:
    assert line("PP203", "a list was expected, one value was found") == said(window, "-3")


def test_every_day_that_is_written_amiss_is_told() -> None:
    told = f"is not a day or a range of days [PP206]\n    hint: {NO_DAY}"

    assert [
        f"x.yaml:1:2: error: 'a' {told}",
        f"x.yaml:1:8: error: 'b' {told}",
        "x.yaml:1:11: error: one value was expected, a list was found [PP203]",
    ] == said(days, "[a, 1, b, [2]]")


# -- what a figure stands on -----------------------------------------------------------------------


def test_a_citation_names_a_source_of_the_file() -> None:
    assert line("PP301", "source 'papr' is not known", "did you mean 'paper'?", column=2) == said(
        citation, "[papr, Methods]", source=("paper", "older")
    )


def test_a_citation_of_a_source_that_was_not_read_says_so() -> None:
    words = {"source": ("paper", "older"), "unverified": ("older",)}

    found = [value(citation, f"[{key}, Methods]", **words) for key in words["source"]]

    assert [
        Citation("paper", "Methods", verified=True),
        Citation("older", "Methods", verified=False),
    ] == found


def test_the_sources_of_a_file_are_known_before_its_parts_are_read() -> None:
    """Only the word false makes a source one that was not read itself."""
    node = node_of(
        "title: x\n"
        "sources:\n"
        "  paper: {cite: A}\n"
        "  read: {cite: B, verified: true}\n"
        "  told: {cite: C, verified: false}\n"
        "  odd: {cite: D, verified: [false]}\n"
        "  said: {cite: E, note: false}\n"
    )

    log = with_sources(node, log_with(drug=("vincristine",)))

    assert {
        "drug": ("vincristine",),
        "source": ["paper", "read", "told", "odd", "said"],
        "unverified": ["told"],
    } == log.words


def test_a_file_without_sources_has_none_to_cite() -> None:
    log = with_sources(node_of("title: x"), log_with())

    assert {"source": [], "unverified": []} == log.words


def _made_up(**values: Any) -> dict[str, Any]:
    return values


#: A record with a dose and days, and the rule that the dose must stand on something.
def grounded_record() -> Record[Any]:
    return Record(
        grounded(_made_up),
        "record",
        {"dose": Field(text, None), **grounds_fields(("dose", "days"))},
        must_ground("dose"),
    )


GROUNDS = [
    ("{source: [paper, Methods]}", Grounds(Citation("paper", "Methods"), (), ())),
    ("{assumed: {dose: not printed}}", Grounds(None, (("dose", "not printed"),), ())),
    ("{borrowed: {dose: [older, Results]}}",
     Grounds(None, (), (("dose", Citation("older", "Results")),))),
    ("{source: [paper, Methods], assumed: {days: not printed}, borrowed: {dose: [older, Results]}}",
     Grounds(Citation("paper", "Methods"), (("days", "not printed"),),
             (("dose", Citation("older", "Results")),))),
]  # fmt: skip


@pytest.mark.parametrize(("written", "grounds"), GROUNDS)
def test_three_keys_say_what_a_record_stands_on(written: str, grounds: Grounds) -> None:
    words = {"source": ("paper", "older")}

    found = value(grounded_record(), f"{{dose: 2 mg, {written[1:]}", **words)

    assert {"dose": "2 mg", "grounds": grounds, "at": START} == found


@pytest.mark.parametrize("written", ["{dose: 2 mg}", "{assumed: {days: not printed}}"])
def test_a_figure_without_a_source_is_refused(written: str) -> None:
    assert line("PP305", "record gives no source") == said(grounded_record(), written)


MARKS = [("assumed", "why"), ("borrowed", "[paper, Methods]")]


@pytest.mark.parametrize(("key", "under"), MARKS)
def test_only_the_fields_of_a_record_can_be_marked(key: str, under: str) -> None:
    message = "is not a field that can be marked here; expected dose, days"

    assert [
        f"x.yaml:1:3: error: 'dosis' {message} [PP201]\n    hint: did you mean 'dose'?",
        f"x.yaml:2:3: error: 'route' {message} [PP201]",
    ] == said(grounds_fields(("dose", "days"))[key].shape, f"  dosis: {under}\n  route: {under}\n")


@pytest.mark.parametrize(("key", "under"), MARKS)
def test_a_blank_of_the_form_marks_no_field(key: str, under: str) -> None:
    assert line("PP210", "a blank is not filled in: 'FILL'", column=2) == said(
        grounds_fields(("dose",))[key].shape, f"{{FILL: {under}}}"
    )
