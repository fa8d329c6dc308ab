"""Spacing, companions, limits, usual doses: what must be so between doses and beside them."""

from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.written import START, at, line, means, said, value

from protoplan.model.condition import Bounds, Test
from protoplan.model.safety import (
    Calvert,
    Companion,
    Equivalent,
    Interruption,
    Limit,
    Spacing,
    Usual,
)
from protoplan.problems import Severity
from protoplan.quantity import parse
from protoplan.reading.safety import (
    CALVERT,
    COMPANION,
    DRUG_LIMIT,
    DRUG_SPACING,
    EQUIVALENT,
    INTERRUPTION,
    PROTOCOL_LIMIT,
    PROTOCOL_SPACING,
    USUAL,
    distance,
)
from protoplan.reading.shapes import Record, Shape
from protoplan.source import Citation, Grounds

SOURCE = "source: [label, 2]"
LABEL = Grounds(Citation("label", "2"))


def assumed(*figures: str) -> Grounds:
    return Grounds(None, tuple((figure, "a guess") for figure in figures))


# -- distances -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 h", (1, False)),
        ("24 h", (24, False)),
        ("24h", (24, False)),
        ("25.0 h", (25, False)),
        ("1 day", (24, True)),
        ("2 weeks", (336, True)),
    ],
)
def test_a_distance_is_in_hours_and_in_days_it_is_counted_by_dates(
    written: str, meant: tuple[int, bool]
) -> None:
    means(distance, written, meant)


NO_HOURS = "is not a whole number of hours"
NO_LENGTH = "is not a length of time; expected a whole number and days, weeks, months or years"
NOTHING = "is nothing; more than nothing is needed here"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1.5 h", line("PP208", f"'1.5 h' {NO_HOURS}")),
        ("0.5h", line("PP208", f"'0.5h' {NO_HOURS}")),
        ("0 h", line("PP209", f"0 h {NOTHING}")),
        ("0 days", line("PP209", f"0 days {NOTHING}")),
        ("x h", line("PP204", "'x h' is not an amount; expected a number and h")),
        ("1 month", line("PP204", "'1 month' is not a number of days")),
        ("h", line("PP204", f"'h' {NO_LENGTH}")),
        ("24", line("PP204", f"'24' {NO_LENGTH}")),
        ("1.5 days", line("PP204", f"'1.5 days' {NO_LENGTH}")),
        ("[1 h]", line("PP203", "one value was expected, a list was found")),
    ],
)
def test_a_distance_that_cannot_be_is_refused(written: str, told: list[str]) -> None:
    assert told == said(distance, written)


# -- spacing ---------------------------------------------------------------------------------------

APART = Spacing("alpha", "from", "itself", 24, False, Severity.WARNING, None, LABEL, START)

SPACINGS: list[tuple[str, dict[str, Any]]] = [
    ("from: itself, at_least: 24 h", {}),
    ("before: beta IV, at_least: 24 h", {"way": "before", "other": "beta IV"}),
    ("after: azole, at_least: 1 day", {"way": "after", "other": "azole", "by_date": True}),
    ("from: itself, at_least: 24 h, otherwise: stop, says: too near",
     {"otherwise": Severity.STOP, "says": "too near"}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "differs"), SPACINGS)
def test_doses_lie_apart(written: str, differs: dict[str, Any]) -> None:
    apart = attrs.evolve(APART, **differs)

    assert apart == value(PROTOCOL_SPACING, f"{{drug: alpha, {written}, {SOURCE}}}")
    assert attrs.evolve(apart, drug="") == value(DRUG_SPACING, f"{{{written}, {SOURCE}}}")
    assert attrs.evolve(apart, drug="IT") == value(
        DRUG_SPACING, f"{{route: IT, {written}, {SOURCE}}}"
    )


def test_a_distance_that_no_source_gives_is_assumed_by_name() -> None:
    written = "{from: itself, at_least: 24 h, assumed: {at_least: a guess}}"

    assert attrs.evolve(APART, drug="", grounds=assumed("at_least")) == value(DRUG_SPACING, written)


# -- limits ----------------------------------------------------------------------------------------

MOST = Limit(
    "heart", "alpha", parse("550 mg/m2"), None, "lifetime", None, False, Severity.STOP, None,
    LABEL, START,
)  # fmt: skip

LIMITS: list[tuple[str, dict[str, Any]]] = [
    ("most: 550 mg/m2, over: lifetime", {}),
    ("most: 550 mg/m2, over: cycle, equivalents: true", {"over": "cycle", "equivalents": True}),
    ("most: 9 mg, over: lifetime, otherwise: note, says: it is rare",
     {"most": parse("9 mg"), "otherwise": Severity.NOTE, "says": "it is rare"}),
    ("most: 550 mg/m2, over: lifetime, when: {fact: radiation, is: yes}",
     {"when": Test("fact", "radiation", ("yes",), None, at(55), None)}),
    ("cycles: 6, over: lifetime", {"most": None, "cycles": 6}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "differs"), LIMITS)
def test_no_more_is_given_than_a_limit_allows(written: str, differs: dict[str, Any]) -> None:
    limit = attrs.evolve(MOST, **differs)
    own, named = (f"{{{word}about: heart, {written}, {SOURCE}}}" for word in ("", "drug: alpha, "))

    assert attrs.evolve(limit, drug="") == value(DRUG_LIMIT, own)
    assert limit.drug == value(PROTOCOL_LIMIT, named).drug


@pytest.mark.parametrize(
    ("written", "differs"),
    [
        ("most: 550 mg/m2, over: lifetime, assumed: {most: a guess}",
         {"grounds": assumed("most")}),
        ("cycles: 6, over: lifetime, assumed: {cycles: a guess}",
         {"most": None, "cycles": 6, "grounds": assumed("cycles")}),
    ],
)  # fmt: skip
def test_a_limit_that_no_source_gives_is_assumed_by_name(
    written: str, differs: dict[str, Any]
) -> None:
    assert attrs.evolve(MOST, drug="", **differs) == value(
        DRUG_LIMIT, f"{{about: heart, {written}}}"
    )


# -- usual doses -----------------------------------------------------------------------------------

BETWEEN = Usual((), parse("0.5 g/m2"), parse("3 g/m2"), LABEL, START)


@pytest.mark.parametrize(
    ("written", "differs"),
    [
        ("from: 0.5 g/m2, to: 3 g/m2", {}),
        ("from: 3 g/m2, to: 3 g/m2", {"low": parse("3 g/m2")}),
        ("from: 900 mg/m2, to: 3 g/m2", {"low": parse("900 mg/m2")}),
        ("routes: [IV, IM], from: 0.5 g/m2, to: 3 g/m2", {"routes": ("IV", "IM")}),
    ],
)
def test_a_usual_dose_lies_between_two(written: str, differs: dict[str, Any]) -> None:
    assert attrs.evolve(BETWEEN, **differs) == value(USUAL, f"{{{written}, {SOURCE}}}")


def test_usual_doses_that_no_source_gives_are_assumed_by_name() -> None:
    written = "{from: 0.5 g/m2, to: 3 g/m2, assumed: {from: a guess, to: a guess}}"

    assert attrs.evolve(BETWEEN, grounds=assumed("from", "to")) == value(USUAL, written)


# -- the rest --------------------------------------------------------------------------------------

BESIDE = Companion(None, (), None, None, Severity.WARNING, "give it", LABEL, START)

MEANT: list[tuple[Shape[Any], str, Any]] = [
    (COMPANION, "otherwise: warning, says: give it", BESIDE),
    (COMPANION, "drug: mesna, routes: [IV], for_doses: {above: 1 g}, otherwise: stop, says: give it",
     attrs.evolve(BESIDE, drug="mesna", routes=("IV",), for_doses=Bounds(above=parse("1 g")),
                  otherwise=Severity.STOP)),
    (COMPANION, "unless: {fact: a, is: yes}, otherwise: warning, says: give it",
     attrs.evolve(BESIDE, unless=Test("fact", "a", ("yes",), None, at(10), None))),
    (EQUIVALENT, "to: doxorubicin, table: older, factor: 0.5",
     Equivalent("doxorubicin", "older", Decimal("0.5"), LABEL, START)),
    (CALVERT, "clearance_at_most: 125 mL/min", Calvert(parse("125 mL/min"), LABEL, START)),
    (INTERRUPTION, "at_most: 1 week", Interruption(7, LABEL, START)),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "meant"), MEANT, ids=[row[1] for row in MEANT])
def test_what_is_written_means_one_thing(shape: Shape[Any], written: str, meant: Any) -> None:
    assert meant == value(shape, f"{{{written}, {SOURCE}}}")


# -- what is refused -------------------------------------------------------------------------------

ONE_WAY = ("PP209", "spacing needs one of 'from', 'before' and 'after'")
ONE_MOST = ("PP209", "limit needs either 'most' or 'cycles'")
CYCLES = ("PP209", "limit counts cycles, which go over a lifetime and have no equivalents")
ONE_KIND = ("PP209", "usual dose needs a smaller and a larger dose of one kind")

REFUSED: list[tuple[Record[Any], str, tuple[str, str]]] = [
    (DRUG_SPACING, f"at_least: 24 h, {SOURCE}", ONE_WAY),
    (DRUG_SPACING, f"from: a, before: b, at_least: 24 h, {SOURCE}", ONE_WAY),
    (PROTOCOL_SPACING, f"drug: a, before: b, after: c, at_least: 24 h, {SOURCE}", ONE_WAY),
    (DRUG_SPACING, "from: a, at_least: 24 h", ("PP305", "spacing gives no source")),
    (DRUG_LIMIT, f"about: a, over: lifetime, {SOURCE}", ONE_MOST),
    (DRUG_LIMIT, f"about: a, most: 1 mg, cycles: 6, over: lifetime, {SOURCE}", ONE_MOST),
    (DRUG_LIMIT, f"about: a, cycles: 6, over: cycle, {SOURCE}", CYCLES),
    (PROTOCOL_LIMIT, f"drug: b, about: a, cycles: 6, over: lifetime, equivalents: true, {SOURCE}",
     CYCLES),
    (DRUG_LIMIT, "about: a, most: 1 mg, over: lifetime", ("PP305", "limit gives no source")),
    (DRUG_LIMIT, "about: a, most: 1 mg, over: lifetime, assumed: {cycles: x}",
     ("PP305", "limit gives no source")),
    (DRUG_LIMIT, "about: a, cycles: 6, over: lifetime, assumed: {most: x}",
     ("PP305", "limit gives no source")),
    (USUAL, f"from: 3 g/m2, to: 500 mg/m2, {SOURCE}", ONE_KIND),
    (USUAL, f"from: 1 mg, to: 3 mg/m2, {SOURCE}", ONE_KIND),
    (USUAL, f"from: 1 mg/m2, to: 3 mg, {SOURCE}", ONE_KIND),
    (USUAL, "from: 1 mg, to: 2 mg, assumed: {from: x}", ("PP305", "usual dose gives no source")),
    (USUAL, "from: 1 mg, to: 2 mg, assumed: {to: x}", ("PP305", "usual dose gives no source")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "written", "told"), REFUSED, ids=[f"{row[0].calls}-{row[1]}" for row in REFUSED]
)
def test_what_does_not_go_together_is_refused(
    shape: Record[Any], written: str, told: tuple[str, str]
) -> None:
    assert line(*told) == said(shape, f"{{{written}}}")
