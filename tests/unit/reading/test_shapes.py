"""Shapes: how a node is read into a value, and how every problem of a file is found at once."""

from typing import Any

import pytest
from tests.written import PATH, START, at, line, log_with, node_of, said, value

from protoplan.problems import Problem
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    Named,
    OneOf,
    PairsOf,
    Record,
    Refused,
    Shape,
    Word,
    all_of,
    comma_split,
    entries_of,
    keys_of,
    kind_of,
    knowing,
    part,
    text,
    without,
)
from protoplan.reading.tree import Gap, Mapping, Node, Scalar, Sequence
from protoplan.source import Place

# -- the log ---------------------------------------------------------------------------------------


def test_a_problem_is_written_down_and_handed_back() -> None:
    log = log_with()
    node = Scalar("x", 3, 7)

    wrong = log.refuse("PP204", "no", node, "yes")

    assert isinstance(wrong, Refused)
    assert [Problem("PP204", "no", at(7, 3), "yes")] == log.problems
    assert at(7, 3) == log.place(node)


def test_a_log_can_know_further_words() -> None:
    problems: list[Problem] = []
    log = Log(PATH, {"drug": ("a",), "lab": ("b",)}, problems)

    more = knowing(log, lab=("c",), fact=("d",))

    assert {"drug": ("a",), "lab": ("c",), "fact": ("d",)} == more.words
    assert {"drug": ("a",), "lab": ("b",)} == log.words
    assert (PATH, True) == (more.path, more.problems is problems)


# -- one value -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kind"), [("a", "one value"), ("[a]", "a list"), ("{a: b}", "a mapping")]
)
def test_a_node_is_called_by_its_kind(written: str, kind: str) -> None:
    assert kind == kind_of(node_of(written))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("a", "a"), ("'  two   words '", "two words"), ('"two\\nlines"', "two lines"),
     ('"a\\tb"', "a b"), ("FILLED", "FILLED"), ("REFILL", "REFILL"), ("fill", "fill")],
)  # fmt: skip
def test_a_text_stands_on_one_line(written: str, meant: str) -> None:
    assert meant == value(text, written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[a]", line("PP203", "one value was expected, a list was found")),
        ("{a: b}", line("PP203", "one value was expected, a mapping was found")),
        ("''", line("PP203", "nothing is written here; a value was expected")),
        ("' '", line("PP203", "nothing is written here; a value was expected")),
        # A soft hyphen, which no reader of YAML refuses and few people see.
        ('"a\\xadb"', line("PP203", "a control character stands in this text")),
        ("FILL", line("PP210", "a blank is not filled in: 'FILL'")),
        ("a FILL title", line("PP210", "a blank is not filled in: 'a FILL title'")),
    ],
)
def test_a_text_that_cannot_be_is_refused(written: str, told: list[str]) -> None:
    assert told == said(text, written)


def test_a_word_is_looked_up_where_its_vocabulary_is_known() -> None:
    word = Word("drug", "drug", "PP302")

    assert "vincristine" == value(word, "vincristine", drug=("vincristine",))
    assert "anything" == value(word, "anything")
    assert "anything" == value(word, "anything", lab=("alt",))
    assert line("PP302", "drug 'anything' is not known") == said(word, "anything", drug=())


def test_a_word_is_suggested_as_far_as_it_is_alike() -> None:
    """vinblastine and vincristine have 9 of 11 letters in common, 0.82."""
    known = ("vincristine",)

    assert line("PP302", "drug 'vinblastine' is not known", "did you mean 'vincristine'?") == said(
        Word("drug", "drug", "PP302"), "vinblastine", drug=known
    )
    assert line("PP302", "drug 'vinblastine' is not known") == said(
        Word("drug", "drug", "PP302", 0.93), "vinblastine", drug=known
    )
    assert line("PP203", "one value was expected, a list was found") == said(
        Word("drug", "drug", "PP302"), "[vincristine]"
    )


def test_one_of_a_few_words() -> None:
    route = OneOf(("IV", "IT"), "route")

    assert "IT" == value(route, "IT")
    assert line("PP205", "route 'iv' is not known; expected IV, IT", "did you mean 'IV'?") == said(
        route, "iv"
    )
    assert line("PP205", "route 'oral' is not known; expected IV, IT") == said(route, "oral")
    assert line("PP203", "one value was expected, a list was found") == said(route, "[IV]")


# -- lists and pairs -------------------------------------------------------------------------------

IV_OR_IT = OneOf(("IV", "IT"), "route")
NO_ROUTE = "is not known; expected IV, IT"


def test_a_list_is_read_to_its_end() -> None:
    assert ("IV", "IT") == value(ListOf(IV_OR_IT), "[IV, IT]")
    assert () == value(ListOf(IV_OR_IT), "[]")
    assert [
        f"x.yaml:1:2: error: route 'a' {NO_ROUTE} [PP205]",
        f"x.yaml:1:9: error: route 'b' {NO_ROUTE} [PP205]",
    ] == said(ListOf(IV_OR_IT), "[a, IV, b]")


def test_one_value_stands_for_a_list_only_where_it_may() -> None:
    assert ("IV",) == value(ListOf(IV_OR_IT, single=True), "IV")
    assert ("IV", "IT") == value(ListOf(IV_OR_IT, single=True), "[IV, IT]")
    assert line("PP205", f"route 'a' {NO_ROUTE}") == said(ListOf(IV_OR_IT, single=True), "a")
    assert line("PP203", "a list was expected, one value was found") == said(ListOf(IV_OR_IT), "IV")
    assert line("PP203", "a list was expected, a mapping was found") == said(
        ListOf(IV_OR_IT), "{IV: IT}"
    )


#: Where an alias stood: its problem is written down already.
GAP = Gap("", 1, 2)


def quiet(shape: Shape[Any], node: Node) -> list[str]:
    """What is said besides of a node that has a gap, and is refused for it."""
    log = log_with()
    with pytest.raises(Refused):
        shape(node, log)

    return [str(problem) for problem in log.problems]


def test_nothing_more_is_said_of_a_gap_and_what_follows_is_read() -> None:
    record: Record[Any] = Record(dict, "record", {"a": Field(IV_OR_IT), "b": Field(IV_OR_IT)})
    keys, good, bad = (Scalar("a", 1, 1), Scalar("b", 1, 4)), Scalar("IV", 1, 6), Scalar("x", 1, 6)
    told = line("PP205", f"route 'x' {NO_ROUTE}", column=6)

    assert [] == quiet(ListOf(IV_OR_IT), Sequence((GAP, good), 1, 1))
    assert told == quiet(ListOf(IV_OR_IT), Sequence((GAP, bad), 1, 1))
    assert [] == quiet(record, Mapping(((keys[0], GAP), (keys[1], good)), 1, 1))
    assert told == quiet(record, Mapping(((keys[0], GAP), (keys[1], bad)), 1, 1))


def test_parts_of_several_shapes_are_read_before_any_is_given_up() -> None:
    log = log_with()
    good, bad = Scalar("IV", 1, 1), Scalar("x", 1, 4)

    parts: list[tuple[Shape[Any], Node]] = [(IV_OR_IT, good), (text, bad)]

    assert ("IV", "x") == all_of(parts, log)
    with pytest.raises(Refused):
        all_of([(IV_OR_IT, bad), (IV_OR_IT, good), (IV_OR_IT, bad)], log)
    assert 2 == len(log.problems)


PAIRS = PairsOf(Word("drug", "drug", "PP302"), IV_OR_IT)


def test_pairs_are_read_in_the_order_they_are_written() -> None:
    assert (("b", "IV"), ("a", "IT")) == value(PAIRS, "{b: IV, a: IT}")
    assert () == value(PAIRS, "{}")


def test_every_key_of_pairs_is_read_and_then_every_value() -> None:
    assert [
        "x.yaml:1:2: error: drug 'b' is not known [PP302]",
        "x.yaml:1:9: error: drug 'c' is not known [PP302]",
    ] == said(PAIRS, "{b: IV, c: IT}", drug=("a",))
    assert [
        f"x.yaml:1:5: error: route 'x' {NO_ROUTE} [PP205]",
        f"x.yaml:1:11: error: route 'y' {NO_ROUTE} [PP205]",
    ] == said(PAIRS, "{b: x, c: y}", drug=("b", "c"))
    assert line("PP203", "a mapping was expected, a list was found") == said(PAIRS, "[a]")


# -- a comma in braces -----------------------------------------------------------------------------

NO_COMMA = "is not an amount: a comma stands in the number [PP204]"

SPLIT = [
    ("{dose: 1,4 mg}", f"x.yaml:1:8: error: '1,4 mg' {NO_COMMA}\n    hint: write 1.4 mg"),
    ("{dose: 1,200 mg}",
     f"x.yaml:1:8: error: '1,200 mg' {NO_COMMA}\n"
     "    hint: write 1200 mg or 1.200 mg, whichever is meant"),
    ("{days: 1,8}",
     "x.yaml:1:8: error: '1,8' is not a day or a range of days [PP206]\n"
     "    hint: write days as a list, such as [1, 8]"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "told"), SPLIT)
def test_a_comma_in_braces_is_one_problem(written: str, told: str) -> None:
    """YAML makes a key of what stands behind it."""
    record: Record[Any] = Record(
        dict, "record", {"dose": Field(text, None), "days": Field(text, None)}
    )

    assert [told] == said(record, written)
    assert [told] == said(PairsOf(text, text), written)


def test_a_comma_is_found_behind_a_list() -> None:
    told = f"x.yaml:1:17: error: '1,4 mg' {NO_COMMA}\n    hint: write 1.4 mg"

    assert [told] == said(PairsOf(text, ListOf(text)), "{a: [IV], dose: 1,4 mg}")


def test_beside_a_comma_all_else_is_read() -> None:
    record: Record[Any] = Record(dict, "record", {"dose": Field(text), "route": Field(IV_OR_IT)})
    first = f"x.yaml:1:8: error: '1,4 mg' {NO_COMMA}\n    hint: write 1.4 mg"

    assert [first, f"x.yaml:1:23: error: route 'x' {NO_ROUTE} [PP205]"] == said(
        record, "{dose: 1,4 mg, route: x}"
    )
    assert [first, "x.yaml:1:19: error: one value was expected, a list was found [PP203]"] == said(
        PairsOf(text, text), "{dose: 1,4 mg, a: [x]}"
    )


NOT_SPLIT = ["{a: 1, b: }", "{a: x, 4 mg: }", "{a: 1, 4 mg: x}", "{a: [1], 4 mg: }",
             "{a: 1, 4 mg: [x]}", "{a: , 4 mg: }"]  # fmt: skip


@pytest.mark.parametrize("written", NOT_SPLIT)
def test_a_number_and_a_key_without_a_value_are_no_comma(written: str) -> None:
    log = log_with()
    entries = {key.text: (key, under) for key, under in entries_of(node_of(written), log)}
    before = dict(entries)

    assert set() == comma_split(entries, log)
    assert (before, []) == (entries, log.problems)


# -- records ---------------------------------------------------------------------------------------


def built(**values: Any) -> dict[str, Any]:
    return values


def clash(values: dict[str, Any]) -> str | None:
    return {"IV": None, "IT": "is odd"}.get(values["by"], "gives no source")


RECORD = Record(
    built, "sig",
    {"dose": Field(text), "route": Field(text, "IV", "by"), "source": Field(text)}, clash,
)  # fmt: skip


def test_a_record_is_built_of_its_fields_and_its_place() -> None:
    assert {"dose": "2 mg", "by": "IV", "source": "x", "at": START} == value(
        RECORD, "{source: x, dose: 2 mg}"
    )
    assert {"dose": "2 mg", "by": "IV", "source": "x", "at": START, "more": 1} == RECORD(
        node_of("{source: x, dose: 2 mg, route: IV}"), log_with(), more=1
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("x", line("PP203", "a mapping was expected, one value was found")),
        ("{source: x}", line("PP202", "sig lacks the key 'dose'")),
        ("{dose: x}", line("PP305", "sig gives no source")),
        ("{dose: x, source: x, route: IT}", line("PP209", "sig is odd")),
        ("{dose: x, source: x, route: PO}", line("PP305", "sig gives no source")),
        ("{dos: x, dose: x, source: x}",
         line("PP201", "sig has no key 'dos'", "did you mean 'dose'?", 2)),
        ("{when: x, dose: x, source: x}",
         line("PP201", "sig has no key 'when'", "known: dose, route, source", 2)),
        ("{dose: [x], source: ''}",
         [*line("PP203", "one value was expected, a list was found", column=8),
          *line("PP203", "nothing is written here; a value was expected", column=20)]),
        ("{when: x, why: y}",
         [*line("PP201", "sig has no key 'when'", "known: dose, route, source", 2),
          *line("PP201", "sig has no key 'why'", "known: dose, route, source", 11),
          *line("PP202", "sig lacks the key 'dose'"),
          *line("PP305", "sig gives no source")]),
    ],
)  # fmt: skip
def test_every_problem_of_a_record_is_told(written: str, told: list[str]) -> None:
    assert told == said(RECORD, written)


def called(name: str, dose: str, at: Place) -> tuple[str, str, Place]:
    return name, dose, at


NAMED = Named(Record(called, "sig", {"dose": Field(text)}))


def test_a_name_becomes_a_part_of_its_record() -> None:
    assert (("a", "x", at(5)), ("b", "y", at(19))) == value(NAMED, "{a: {dose: x}, b: {dose: y}}")
    assert ({"key": "a", "dose": "x", "at": at(5)},) == value(
        Named(Record(built, "sig", {"dose": Field(text)}), into="key"), "{a: {dose: x}}"
    )


def test_what_is_wrong_below_a_wrong_name_is_told_as_well() -> None:
    assert [
        "x.yaml:1:2: error: a blank is not filled in: 'FILL' [PP210]",
        "x.yaml:1:15: error: one value was expected, a list was found [PP203]",
    ] == said(NAMED, "{FILL: {dose: [x]}}")
    assert ["x.yaml:1:2: error: a blank is not filled in: 'FILL' [PP210]"] == said(
        NAMED, "{FILL: {dose: x}}"
    )
    assert line("PP203", "a mapping was expected, a list was found") == said(NAMED, "[a]")


# -- parts of what is not known to be right yet ----------------------------------------------------


def test_a_mapping_can_be_looked_into_before_it_is_read() -> None:
    node = node_of("{a: x, b: [y], c: z}")

    assert (Scalar("x", 1, 5), None) == (part(node, "a"), part(node, "d"))
    assert ["a", "b", "c"] == keys_of(node)
    assert ["b"] == keys_of(without(node, "a", "c"))
    assert Mapping((), 1, 1) == without(node, "a", "b", "c")


@pytest.mark.parametrize("node", [None, Scalar("a", 1, 1), Sequence((Scalar("a", 1, 2),), 1, 1)])
def test_what_is_no_mapping_has_no_parts(node: Node | None) -> None:
    assert (None, []) == (part(node, "a"), keys_of(node))
    if node is not None:
        assert node is without(node, "a")
