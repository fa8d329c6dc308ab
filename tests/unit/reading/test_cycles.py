"""Cycles: their kinds, the phases they make up, and the words that say in which of them."""

from typing import Any

import pytest
from tests.written import START, at, line, said, value

from protoplan.model.component import Span, Where
from protoplan.model.condition import Test
from protoplan.model.protocol import Kind, Phase
from protoplan.reading.cycles import KIND, PHASE, cycles, labels_of, range_in_days, where
from protoplan.reading.shapes import Named
from protoplan.source import Citation, Grounds

SOURCE = "source: [paper, Methods]"
PAPER = Grounds(Citation("paper", "Methods"))

# -- labels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("5-8", ["5", "6", "7", "8"]),
        ("1-1", ["1"]),
        ("998-999", ["998", "999"]),
        ("09-11", ["9", "10", "11"]),
        # No range of numbers: a label as it is written.
        ("8-5", ["8-5"]),
        ("0-1000", ["0-1000"]),
        ("a-8", ["a-8"]),
        ("4N", ["4N"]),
    ],
)
def test_a_range_of_numbers_stands_for_all_of_them(written: str, labels: list[str]) -> None:
    assert labels == labels_of(written)


WHERE = [
    ("odd", Where(("odd",), None, START)),
    ("5-7", Where(("5", "6", "7"), None, START)),
    ("[odd, 5-6, 4N]", Where(("odd", "5", "6", "4N"), None, START)),
    ("first blinatumomab", Where(("blinatumomab",), "first", START)),
    ("later odd cycles", Where(("odd cycles",), "later", START)),
    ("last odd", Where(("last odd",), None, START)),
    # 1 to 999 and one more are a thousand.
    ("[1-999, odd]", Where((*map(str, range(1, 1000)), "odd"), None, START)),
]


@pytest.mark.parametrize(("written", "meant"), WHERE)
def test_words_say_in_which_cycles(written: str, meant: Where) -> None:
    assert meant == value(where, written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[]", line("PP203", "a list of cycles was expected, and it is empty")),
        ("[1-999, odd, even]", line("PP106", "a list of more than 1,000 cycles stands here")),
        ("FILL", line("PP210", "a blank is not filled in: 'FILL'")),
        ("[odd, [even]]", line("PP203", "one value was expected, a list was found", column=7)),
        ("{odd: even}", line("PP203", "one value was expected, a mapping was found")),
    ],
)
def test_cycles_that_cannot_be_are_refused(written: str, told: list[str]) -> None:
    assert told == said(where, written)


def test_every_cycle_that_the_protocol_lacks_is_told_where_it_stands() -> None:
    hint = "\n    hint: did you mean 'odd'?"

    assert [
        f"x.yaml:1:2: error: kind of cycle or label 'ood' is not known [PP304]{hint}",
        "x.yaml:1:12: error: kind of cycle or label '9' is not known [PP304]",
    ] == said(where, "[ood, odd, 9]", cycle=("odd", "even"))
    assert [f"x.yaml:1:1: error: kind of cycle or label 'ood' is not known [PP304]{hint}"] == said(
        where, "first ood", cycle=("odd", "even")
    )


# -- kinds -----------------------------------------------------------------------------------------


def test_a_range_of_lengths_is_in_days() -> None:
    assert (21, 28) == value(range_in_days, "[21 days, 4 weeks]")
    assert (1, 2) == value(range_in_days, "[1 day, 2 days]")


@pytest.mark.parametrize(
    "written", ["[21 days]", "[21 days, 28 days, 35 days]", "[21 days, 3 weeks]",
                "[28 days, 21 days]", "[0 days, 21 days]"]
)  # fmt: skip
def test_a_range_of_lengths_rises(written: str) -> None:
    message = "a shorter and a longer length are needed here, such as [21 days, 28 days]"

    assert line("PP209", message) == said(range_in_days, written)


def test_a_range_of_lengths_is_a_list() -> None:
    assert line("PP203", "a list was expected, one value was found") == said(
        range_in_days, "21 days"
    )


KINDS = Named(KIND)

LENGTHS = [
    ("length: 21 days", Span(21, "days"), None),
    ("length: 21 days, between: [21 days, 28 days]", Span(21, "days"), (21, 28)),
    ("length: 4 weeks, between: [21 days, 28 days]", Span(4, "weeks"), (21, 28)),
    ("length: 28 days, between: [21 days, 28 days]", Span(28, "days"), (21, 28)),
    ("length: 1 month", Span(1, "months"), None),
]


@pytest.mark.parametrize(("written", "length", "between"), LENGTHS)
def test_a_kind_of_cycle_has_a_length_and_its_bounds(
    written: str, length: Span, between: tuple[int, int] | None
) -> None:
    assert (Kind("odd", None, length, between, PAPER, at(7)),) == value(
        KINDS, f"{{odd: {{{written}, {SOURCE}}}}}"
    )


# How many days a month has is not known: neither 1 nor 24 of them lie between 21 and 28 days.
@pytest.mark.parametrize(
    "length", ["20 days", "29 days", "2 weeks", "5 weeks", "1 month", "24 months"]
)
def test_a_length_lies_between_its_own_bounds(length: str) -> None:
    message = f"kind of cycle has the length {length}, which does not lie between its own bounds"

    assert line("PP209", message, column=7) == said(
        KINDS, f"{{odd: {{length: {length}, between: [21 days, 28 days], {SOURCE}}}}}"
    )


def test_the_length_of_a_cycle_stands_on_something() -> None:
    assert line("PP305", "kind of cycle gives no source", column=7) == said(
        KINDS, "{odd: {length: 21 days, assumed: {between: why}}}"
    )
    assert (Grounds(None, (("length", "why"),)),) == tuple(
        kind.grounds for kind in value(KINDS, "{odd: {length: 21 days, assumed: {length: why}}}")
    )


# -- phases ----------------------------------------------------------------------------------------


def test_cycles_are_labelled_or_a_list_of_kinds() -> None:
    assert (("1", "odd"), ("5", "b"), ("6", "b")) == value(cycles, "{1: odd, 5-6: b}")
    assert ((None, "odd"), (None, "even"), (None, "odd")) == value(cycles, "[odd, even, odd]")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{1: ood}", line("PP304", "kind of cycle 'ood' is not known", "did you mean 'odd'?", 5)),
        ("[ood]", line("PP304", "kind of cycle 'ood' is not known", "did you mean 'odd'?", 2)),
        ("{4 N: odd}",
         line("PP205", "'4 N' is not a name of letters, digits and hyphens", column=2)),
        ("odd", line("PP203", "a mapping was expected, one value was found")),
    ],
)  # fmt: skip
def test_cycles_of_no_kind_are_refused(written: str, told: list[str]) -> None:
    assert told == said(cycles, written, kind=("odd", "even"))


def phase(**values: Any) -> Phase:
    """A phase that begins where the text does."""
    usual = {
        "name": "all", "when": None, "up_to": None, "begins_after": None, "because": None,
        "allowed": None, "grounds": PAPER, "at": START,
    }  # fmt: skip
    return Phase(**{**usual, **values})


PHASES = [
    ("cycles: {1: odd, 2: even}", phase(cycles=(("1", "odd"), ("2", "even")))),
    ("cycles: [odd, even], prefix: M",
     phase(cycles=(("M1", "odd"), ("M2", "even")))),
    ("cycles: [odd, even], prefix: M, times: 2",
     phase(cycles=(("M1", "odd"), ("M2", "even"), ("M3", "odd"), ("M4", "even")))),
    ("cycles: {1: odd}, up_to: {option: mine}", phase(cycles=(("1", "odd"),), up_to="mine")),
    ("cycles: {1: odd}, begins_after: {option: mine, because: why, source: [paper, R18]}",
     phase(cycles=(("1", "odd"),), begins_after="mine", because="why",
           allowed=Grounds(Citation("paper", "R18")))),
    ("cycles: {1: odd}, when: {class: azole}",
     phase(cycles=(("1", "odd"),), when=Test("class", "azole", (), None, at(37)))),
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), PHASES)
def test_a_phase_labels_its_cycles(written: str, meant: Phase) -> None:
    assert meant == value(PHASE, f"{{name: all, {written}, {SOURCE}}}")


def test_a_phase_has_a_hundred_cycles_at_most() -> None:
    labelled = value(PHASE, f"{{name: all, cycles: {{1-100: odd}}, {SOURCE}}}")
    numbered = value(PHASE, f"{{name: all, cycles: [odd, even], prefix: M, times: 50, {SOURCE}}}")

    assert (100, "100") == (len(labelled.cycles), labelled.cycles[-1][0])
    assert (100, ("M100", "even")) == (len(numbered.cycles), numbered.cycles[-1])


def test_no_more_cycles_are_read_than_tell_that_there_are_too_many() -> None:
    """A file of a megabyte could name a million (H32)."""
    assert 101 == len(value(cycles, "{1-999: odd}"))


LABELS = "labels its cycles; 'prefix' and 'times' go with a list of kinds"
TOO_MANY = "has more than 100 cycles"

CLASHES = [
    ("cycles: {}", "has no cycles"),
    ("cycles: [], prefix: M", "has no cycles"),
    ("cycles: {1-101: odd}", TOO_MANY),
    ("cycles: {1-999: odd}", TOO_MANY),
    ("cycles: [odd, even, odd], prefix: M, times: 34", TOO_MANY),
    ("cycles: {1: odd}, prefix: M", LABELS),
    ("cycles: {1: odd}, times: 2", LABELS),
    ("cycles: [odd]", "lists kinds of cycle and needs a 'prefix' for their labels"),
    ("cycles: [odd], times: 2", "lists kinds of cycle and needs a 'prefix' for their labels"),
]


@pytest.mark.parametrize(("written", "clash"), CLASHES)
def test_words_of_a_phase_that_do_not_go_together(written: str, clash: str) -> None:
    assert line("PP209", f"phase {clash}") == said(PHASE, f"{{name: all, {written}, {SOURCE}}}")


def test_a_phase_stands_on_something() -> None:
    written = "{name: all, cycles: {1: odd}, assumed: {cycles: why}}"

    assert Grounds(None, (("cycles", "why"),)) == value(PHASE, written).grounds
    assert line("PP305", "phase gives no source") == said(PHASE, "{name: all, cycles: {1: odd}}")
