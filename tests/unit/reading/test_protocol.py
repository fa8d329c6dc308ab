"""Protocol files: options and their defaults, what has no dose, expectations, and own names."""

from typing import Any

import pytest
from tests.written import START, at, line, log_with, node_of, said, value

from protoplan.model.component import Days, DoseCap, Where
from protoplan.model.condition import Test
from protoplan.model.option import Choice, Option
from protoplan.model.protocol import (
    Eligibility,
    Expectation,
    Gift,
    OffsetInstruction,
    OpenItem,
    Protocol,
    Requirement,
    Total,
)
from protoplan.problems import Severity
from protoplan.quantity import parse
from protoplan.reading import protocol as reader
from protoplan.reading.protocol import choices, offsets
from protoplan.reading.shapes import Log, Named
from protoplan.reading.tree import Node
from protoplan.source import Citation, Grounds

SOURCE = "source: [paper, Methods]"
PAPER = Grounds(Citation("paper", "Methods"))

# -- options ---------------------------------------------------------------------------------------


def test_choices_are_names_with_what_each_means() -> None:
    assert (Choice("given", "with it"), Choice("not given", "without it")) == value(
        choices, "{given: with it, not given: without it}"
    )
    assert (Choice("a", None), Choice("b", None)) == value(choices, "[a, b]")


def test_a_range_of_numbers_stands_for_a_choice_each() -> None:
    assert ["1", "5", "6", "7"] == [choice.name for choice in value(choices, "[1, 5-7]")]


def test_choices_are_amounts_where_all_of_them_are() -> None:
    assert (Choice("1 mg", None, parse("1 mg")), Choice("2 mg", None, parse("2 mg"))) == value(
        choices, "[1 mg, 2 mg]"
    )
    assert (Choice("1 mg", "low", parse("1 mg")),) == value(choices, "{1 mg: low}")
    assert (Choice("1 mg", None), Choice("none", None)) == value(choices, "[1 mg, none]")


@pytest.mark.parametrize("written", ["[1-999, a]", f"[{'a, ' * 999}b]"])
def test_a_thousand_choices_are_read(written: str) -> None:
    assert 1000 == len(value(choices, written))


@pytest.mark.parametrize("written", ["[1-999, a, b]", f"[{'a, ' * 1000}b]"])
def test_more_choices_are_refused(written: str) -> None:
    """A file of a megabyte could name a million (H32)."""
    assert line("PP106", "a list of more than 1,000 choices stands here") == said(choices, written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("a", line("PP203", "a list was expected, one value was found")),
        ("[[a]]", line("PP203", "one value was expected, a list was found", column=2)),
        ("{a: [b]}", line("PP203", "one value was expected, a list was found", column=5)),
        ("{FILL: b}", line("PP210", "a blank is not filled in: 'FILL'", column=2)),
    ],
)
def test_choices_that_cannot_be_are_refused(written: str, told: list[str]) -> None:
    assert told == said(choices, written)


OPTIONS = Named(reader._OPTION)


def option(**values: Any) -> Option:
    usual: dict[str, Any] = {
        "name": "mine", "about": "x", "when": None, "choices": (), "between": None, "days": None,
        "steps": None, "default": None, "grounds": PAPER, "at": at(8),
    }  # fmt: skip
    return Option(**{**usual, **values})


WORDS = (Choice("a", None), Choice("b", None))
AMOUNTS = (Choice("1 mg", None, parse("1 mg")), Choice("2 mg", None, parse("2 mg")))
FROM_1_TO_5 = (parse("1 mg"), parse("5 mg"))

ASKED = [
    ("choices: [a, b]", option(choices=WORDS)),
    ("choices: [a, b], default: b", option(choices=WORDS, default="b")),
    ("choices: [1 mg, 2 mg], default: 2 mg", option(choices=AMOUNTS, default=parse("2 mg"))),
    ("between: [1 mg, 5 mg]", option(between=FROM_1_TO_5)),
    ("between: [1 mg, 5 mg], default: 1 mg", option(between=FROM_1_TO_5, default=parse("1 mg"))),
    ("between: [1 mg, 5 mg], default: 5 mg", option(between=FROM_1_TO_5, default=parse("5 mg"))),
    ("between: [AUC 4, AUC 6]", option(between=(parse("AUC 4"), parse("AUC 6")))),
    ("days: 3", option(days=3)),
    ("steps: mg", option(steps="mg")),
    ('steps: mg, default: "100 mg, 200 mg"',
     option(steps="mg", default=(parse("100 mg"), parse("200 mg")))),
]  # fmt: skip


@pytest.mark.parametrize(("written", "asked"), ASKED)
def test_an_option_is_answered_in_one_way(written: str, asked: Option) -> None:
    assert (asked,) == value(OPTIONS, f"{{mine: {{{written}, about: x, {SOURCE}}}}}")


ONE_WAY = "needs one of 'choices', 'between', 'days' and 'steps'"
RANGE = "needs a smaller and a larger amount in one unit under 'between'"
NO_AMOUNT = "has a default that is no amount:"
NO_STEPS = "has a default that is no row of steps:"

UNANSWERABLE = [
    ("default: a", ONE_WAY),
    ("choices: [a], between: [1 mg, 5 mg]", ONE_WAY),
    ("days: 3, steps: mg", ONE_WAY),
    ("between: [1 mg]", RANGE),
    ("between: [1 mg, 2 mg, 3 mg]", RANGE),
    ("between: [1 mg, 5 g]", RANGE),
    ("between: [5 mg, 5 mg]", RANGE),
    ("between: [5 mg, 1 mg]", RANGE),
    ("days: 3, default: 3", "asks for days, which have no default"),
    ("choices: [a, b], default: c", "has the default 'c', which is not one of its choices"),
    ("between: [1 mg, 5 mg], default: 0.9 mg",
     "has the default 0.9 mg, which lies outside its range"),
    ("between: [1 mg, 5 mg], default: 5.1 mg",
     "has the default 5.1 mg, which lies outside its range"),
    ("between: [1 mg, 5 mg], default: 0.002 g",
     f"{NO_AMOUNT} unit 'g' does not fit here; expected mg"),
    ("between: [1 mg, 5 mg], default: two",
     f"{NO_AMOUNT} 'two' is not an amount; expected a number and mg"),
    ('steps: mg, default: "2 mg, 1 mg"', f"{NO_STEPS} '2 mg, 1 mg' is not a row of rising amounts"),
    ("steps: mg, default: 1 g", f"{NO_STEPS} unit 'g' does not fit here; expected mg"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "clash"), UNANSWERABLE)
def test_an_option_that_cannot_be_answered_is_refused(written: str, clash: str) -> None:
    assert line("PP209", f"option {clash}", column=8) == said(
        OPTIONS, f"{{mine: {{{written}, about: x, {SOURCE}}}}}"
    )


def test_the_choices_of_an_option_stand_on_something() -> None:
    for_choices = "{mine: {about: x, choices: [a], assumed: {choices: why}}}"
    for_default = "{mine: {about: x, choices: [a], assumed: {default: why}}}"

    assert [Grounds(None, (("choices", "why"),))] == [
        found.grounds for found in value(OPTIONS, for_choices)
    ]
    assert line("PP305", "option gives no source", column=8) == said(OPTIONS, for_default)


# -- what has no dose, or no end -------------------------------------------------------------------


def test_offsets_are_days_around_a_dose() -> None:
    assert (-1, 0, 3) == value(offsets, "[-1, 0, +3]")
    assert line("PP203", "a list of offsets was expected, and it is empty") == said(offsets, "[]")
    assert line("PP203", "a list was expected, one value was found") == said(offsets, "-1")


CNS = Test("fact", "cns", ("negative",), None, at(8))
MUST = "must: {fact: cns, is: negative}"


def test_what_has_no_dose_is_read_with_all_it_says() -> None:
    assert Total(8, ("vincristine IV",), PAPER, START) == value(
        reader._TOTAL, f"{{doses: 8, of: vincristine IV, {SOURCE}}}"
    )
    assert OffsetInstruction(
        "azole", (), "vincristine", (-1, 0, 1), "it is slower", PAPER, START
    ) == value(
        reader._INSTRUCTION,
        f"{{hold: azole, around: vincristine, offsets: [-1, 0, 1], because: it is slower, {SOURCE}}}",
    )
    assert OpenItem(
        "go on", (Gift("mercaptopurine", "PO", parse("50 mg/m2"), None, at(10)),),
        None, None, "relapse", PAPER, START,
    ) == value(
        reader._OPEN_ITEM,
        "{gives: [{drug: mercaptopurine, route: PO, dose: 50 mg/m2}], text: go on, until: relapse, "
        f"{SOURCE}}}",
    )  # fmt: skip
    assert Eligibility("cns", CNS, PAPER, START) == value(
        reader._ELIGIBILITY, f"{{{MUST}, about: cns, {SOURCE}}}"
    )


@pytest.mark.parametrize("grave", list(Severity)[1:], ids=lambda grave: str(grave.value))
def test_a_requirement_says_how_grave_it_is(grave: Severity) -> None:
    assert Requirement("cns", None, CNS, grave, PAPER, START) == value(
        reader._REQUIREMENT, f"{{{MUST}, about: cns, otherwise: {grave.value}, {SOURCE}}}"
    )


# -- expectations ----------------------------------------------------------------------------------


def expected(**values: Any) -> Expectation:
    usual: dict[str, Any] = {
        "given": (), "drug": "x", "route": None, "where": None, "days": None, "first_day": None,
        "doses": None, "total": None, "over": None, "largest": None, "reduced_by": None, "full": None,
        "cycle": None, "begins": None, "grounds": Grounds(), "at": START,
    }  # fmt: skip
    return Expectation(**{**usual, **values})


EXPECTED = [
    ("days: 1-3, drug: x", expected(days=Days(((1, 3),), at(8)))),
    ("first_day: 4, drug: x", expected(first_day=4)),
    ("doses: 0, drug: x", expected(doses=0)),
    ("total: AUC 5, drug: x, route: IV", expected(total=parse("AUC 5"), route="IV")),
    ("over: 2 h, drug: x", expected(over=(120,))),
    ("over: [15 min, 2 h], drug: x", expected(over=(15, 120))),
    ("largest: none, drug: x", expected(largest=DoseCap(None, at(11)))),
    ("in: odd, doses: 2, drug: x", expected(where=Where(("odd",), None, at(6)), doses=2)),
    ("given: {cns: negative, mine: a}, doses: 2, drug: x",
     expected(given=(("cns", "negative"), ("mine", "a")), doses=2)),
    (f"reduced_by: 25%, from: 8 mg, drug: x, {SOURCE}",
     expected(reduced_by=parse("25 percent"), full=parse("8 mg"), grounds=PAPER)),
    ("reduced_by: 25%, from: 8 mg, drug: x, assumed: {reduced_by: why}",
     expected(reduced_by=parse("25 percent"), full=parse("8 mg"),
              grounds=Grounds(None, (("reduced_by", "why"),)))),
    ("cycle: 2, begins: 21 days", expected(drug=None, cycle="2", begins=21)),
    ("cycle: 1, begins: 0 days", expected(drug=None, cycle="1", begins=0)),
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), EXPECTED)
def test_an_expectation_counts_doses_or_dates_a_cycle(written: str, meant: Expectation) -> None:
    assert meant == value(reader._EXPECTATION, f"{{{written}}}")


ONE_SUBJECT = "is about a 'drug' or about a 'cycle'"
BEGINS = "says of a cycle when it begins, and of nothing else"
COUNTS_NONE = "is about a cycle and counts no doses"
STATES_NONE = "must state days, doses, a total or how long infusions take"
BOTH_SUMS = "needs both 'reduced_by' and 'from', the sum it is reduced from"

CONFUSED = [
    ("doses: 2", ONE_SUBJECT),
    ("drug: x, cycle: 1, begins: 0 days", ONE_SUBJECT),
    ("cycle: 1", BEGINS),
    ("drug: x, doses: 2, begins: 0 days", BEGINS),
    *((f"cycle: 1, begins: 0 days, {counted}", COUNTS_NONE)
      for counted in ("route: IV", "in: odd", "days: [1]", "first_day: 1", "doses: 0",
                      "total: 2 mg", "over: 2 h", "largest: 2 mg", "reduced_by: 25%, from: 8 mg")),
    ("drug: x", STATES_NONE),
    ("drug: x, route: IV, in: odd", STATES_NONE),
    ("drug: x, reduced_by: 25%", BOTH_SUMS),
    ("drug: x, doses: 2, from: 8 mg", BOTH_SUMS),
]  # fmt: skip


@pytest.mark.parametrize(("written", "clash"), CONFUSED)
def test_an_expectation_of_two_things_or_of_none_is_refused(written: str, clash: str) -> None:
    assert line("PP209", f"expectation {clash}") == said(reader._EXPECTATION, f"{{{written}}}")


@pytest.mark.parametrize("assumed", ["", ", assumed: {from: why}"])
def test_a_printed_reduction_stands_on_something(assumed: str) -> None:
    assert line("PP305", "expectation gives no source") == said(
        reader._EXPECTATION, f"{{drug: x, reduced_by: 25%, from: 8 mg{assumed}}}"
    )


@pytest.mark.parametrize(("written", "column"), [("0.5 min", 17), ("[2 h, 0.5 min]", 23)])
def test_a_length_of_an_infusion_that_cannot_be_is_refused_where_it_stands(
    written: str, column: int
) -> None:
    message = "'0.5 min' is not a whole number of minutes up to a week"

    assert line("PP208", message, column=column) == said(
        reader._EXPECTATION, f"{{drug: x, over: {written}}}"
    )


# -- the names of the file itself ------------------------------------------------------------------

OWN = """\
sources:
  paper: {cite: x}
options:
  mine: {about: x}
  yours: {about: y}
kinds:
  odd: {length: 21 days}
  b: {length: 21 days}
phases:
  - {cycles: {1: odd, 5-6: b}}
  - {cycles: [odd, b], prefix: M}
include:
  - {gives: [mesna IV, [rituximab IV], cytarabine IV]}
  - {gives: nelarabine IV}
components:
  - {drug: vincristine, route: IV}
  - {drug: methotrexate, route: IT}
  - {drug: methotrexate}
  - {route: PO}
  - {drug: [asparaginase], route: IM}
  - {drug: asparaginase, route: [IM]}
"""


def test_a_file_brings_names_of_its_own() -> None:
    words = {
        "option": {"mine", "yours"},
        "kind": {"odd", "b"},
        "label": {"1", "5", "6", "M1", "M2"},
        "cycle": {"odd", "b", "1", "5", "6", "M1", "M2"},
        "component": {"mesna IV", "cytarabine IV", "vincristine IV", "methotrexate IT"},
    }

    assert words == reader._own_words(node_of(OWN), log_with())
    assert {**words, "answer": {"mine", "yours", "cns", "age"}} == reader._own_words(
        node_of(OWN), log_with(fact=("cns",))
    )


def test_a_file_without_sections_brings_no_names() -> None:
    nothing: dict[str, set[str]] = {
        word: set() for word in ("option", "kind", "label", "cycle", "component")
    }

    assert nothing == reader._own_words(node_of("title: x"), log_with())
    assert nothing == reader._own_words(
        node_of("{phases: x, include: {gives: [a]}, components: x}"), log_with()
    )


LABELLED = [
    ("[{cycles: {1: odd, 5-7: b}}, {cycles: {4N: odd}}]", ["1", "5", "6", "7", "4N"]),
    ("[{cycles: [a, b], prefix: M}]", ["M1", "M2"]),
    ("[{cycles: [a, b], prefix: M, times: 2}]", ["M1", "M2", "M3", "M4"]),
    ("[{cycles: [a], prefix: M, times: 999}]", [f"M{n}" for n in range(1, 1000)]),
    # What cannot be read is told of later, and stands for one round here.
    ("[{cycles: [a, b], prefix: M, times: [2]}]", ["M1", "M2"]),
    ("[{cycles: [a, b], prefix: M, times: two}]", ["M1", "M2"]),
    ("[{cycles: [a, b], prefix: M, times: 1000}]", ["M1", "M2"]),
    ("[{cycles: [a, b], prefix: [M]}]", []),
    ("[{prefix: M}, x]", []),
    # Of very many labels a thousand, from each of the two ways to write them.
    ("[{cycles: [a, b], prefix: M, times: 999}]", [f"M{n}" for n in range(1, 1001)]),
    ("[{cycles: {1-999: a, 0-9: b}}]", [*map(str, range(1, 1000)), "0"]),
]


@pytest.mark.parametrize(("written", "labels"), LABELLED)
def test_the_labels_of_all_cycles_are_known_before_they_are_read(
    written: str, labels: list[str]
) -> None:
    assert labels == list(reader._labels(node_of(written)))


# -- whole files -----------------------------------------------------------------------------------

WHOLE = """\
format: protoplan-protocol/1
id: made-up
version: 1.0.0
title: Made up
population: No one
reviewed: not a clinical protocol
sources:
  paper: {cite: x}
kinds:
  odd: {length: 21 days, source: [paper, Methods]}
phases:
  - {name: all, cycles: {1: odd}, source: [paper, Methods]}
"""
INCLUDED = "include:\n  - {fragment: backbone, version: 1.0.0, gives: [mesna IV]}\n"
GIVEN = (
    "components:\n  - {drug: vincristine, in: odd, route: IV, sigs: [{dose: 2 mg, days: [1]}], "
    "source: [paper, Methods]}\n"
)


def read(node: Node, log: Log) -> Protocol:
    return reader.protocol(node, log, "the file's hash")


def test_a_protocol_gives_something_of_its_own_or_of_a_fragment() -> None:
    own, taken = value(read, WHOLE + GIVEN), value(read, WHOLE + INCLUDED)

    assert (["vincristine IV"], ()) == ([row.name for row in own.components], own.includes)
    assert ((), ["backbone"]) == (taken.components, [row.fragment for row in taken.includes])
    assert ("made-up", "the file's hash", START) == (own.id, own.sha256, own.at)


@pytest.mark.parametrize(
    ("rest", "clash"),
    [
        ("", "gives nothing: it has neither 'components' nor 'include'"),
        (f"indications: [all, aml, all]\n{GIVEN}", "states an indication twice"),
    ],
)
def test_a_protocol_that_says_too_little_or_too_much_is_refused(rest: str, clash: str) -> None:
    assert line("PP209", f"protocol {clash}") == said(read, WHOLE + rest)


def test_a_protocol_can_state_several_indications() -> None:
    found = value(read, f"{WHOLE}indications: [all, aml]\n{GIVEN}", indication=("all", "aml"))

    assert ("all", "aml") == found.indications


def test_names_of_the_file_are_looked_up_in_it() -> None:
    rest = (
        f"{GIVEN}"
        "totals:\n"
        "  - {doses: 2, of: vincristine PO, source: [papr, Methods]}\n"
        "expect:\n"
        "  - {drug: vincristine, in: even, doses: 1}\n"
        "  - {cycle: 2, begins: 21 days}\n"
        "  - {given: {cnss: negative}, drug: vincristine, doses: 1}\n"
    )

    assert [
        "x.yaml:16:20: error: component 'vincristine PO' is not known [PP304]",
        "x.yaml:16:45: error: source 'papr' is not known [PP301]\n    hint: did you mean 'paper'?",
        "x.yaml:18:29: error: kind of cycle or label 'even' is not known [PP304]",
        "x.yaml:19:13: error: label '2' is not known [PP304]",
        "x.yaml:20:14: error: option or fact 'cnss' is not known [PP303]\n"
        "    hint: did you mean 'cns'?",
    ] == said(read, WHOLE + rest, fact=("cns",))
