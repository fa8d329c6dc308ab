"""The composer: text as it was written, each part with its place, and nothing that can deceive."""

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from protoplan.problems import Faulty, Problem
from protoplan.reading import tree as tree_module
from protoplan.reading.file import decode
from protoplan.reading.tree import (
    Gap,
    Mapping,
    Node,
    Scalar,
    Sequence,
    compose,
    hidden,
    place_in,
)

ROOT = Path(__file__).parents[3]
FOLDERS = ("protocols", "formulary", "catalogue", "policies", "examples", "tests/cases")
SHIPPED = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.yaml"))
BROKEN = sorted((ROOT / "tests" / "problems").glob("*.yaml"))

NOT_YAML_HINT = "\n    hint: check quotes, indentation and the colon of each key"

both_parsers = pytest.mark.parametrize(
    "parser",
    [
        pytest.param(yaml.Loader, id="pure"),
        pytest.param(
            getattr(yaml, "CLoader", yaml.Loader),
            id="c",
            marks=pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is no C library"),
        ),
    ],
)


def bare(node: Node) -> Any:
    """The tree without places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [bare(item) for item in node.items]
    return {key.text: bare(value) for key, value in node.items}


def tree(text: str, parser: type = yaml.Loader) -> Node:
    """The tree of a text in which nothing is wrong."""
    problems: list[Problem] = []
    node = compose(text, "x.yaml", problems, parser)

    assert [] == problems
    return node


def read(text: str, parser: type = yaml.Loader) -> tuple[Node | None, list[str]]:
    """The tree, if there is one, and what is wrong."""
    problems: list[Problem] = []
    try:
        node = compose(text, "x.yaml", problems, parser)
    except Faulty as wrong:
        return None, [str(problem) for problem in wrong.problems]
    return node, [str(problem) for problem in problems]


def wrong_with(text: str, parser: type = yaml.Loader) -> list[str]:
    return read(text, parser)[1]


def places(node: Node) -> dict[str, tuple[int, int]]:
    """Line and column of each scalar, by its text."""
    if isinstance(node, Scalar):
        return {node.text: (node.line, node.column)}
    if isinstance(node, Sequence):
        parts: list[Node] = list(node.items)
    else:
        parts = [part for item in node.items for part in item]
    return {text: place for part in parts for text, place in places(part).items()}


# ---------------------------------------------------------------------------- text stays text

WORDS = [
    "no",
    "yes",
    "on",
    "off",
    "true",
    "False",
    "y",
    "N",
    "null",
    "~",
    "1.10",
    "1.0",
    ".5",
    "5.",
    "012",
    "0o14",
    "0x1F",
    "0b1",
    "1_000",
    "1e3",
    "+1",
    "-0",
    ".inf",
    ".nan",
    "10:30",
    "1:30:00",
    "2026-03-02",
    "2026-03-02T10:00:00Z",
    "12e03",
    "=",
    "1,4",
    "5-8",
    "<",
]


@both_parsers
@pytest.mark.parametrize("word", WORDS)
def test_a_word_stays_as_it_is_written(word: str, parser: type) -> None:
    """YAML would make false of no, 630 of 10:30, 10 of 012 and 1.1 of 1.10."""
    assert {"a": word, word: ["b", word]} == bare(
        tree(f"a: {word}\n{word}: [b, {word!r}]\n", parser)
    )


@both_parsers
def test_every_form_of_scalar_is_text(parser: type) -> None:
    text = (
        "a: plain\nb: 'it''s'\nc: \"tab\\there\"\nd: |\n  two\n  lines\ne: >\n  one\n  line\nf:\n"
    )

    found = bare(tree(text, parser))

    assert {
        "a": "plain",
        "b": "it's",
        "c": "tab\there",
        "d": "two\nlines\n",
        "e": "one line\n",
        "f": "",
    } == found


@both_parsers
def test_lists_and_mappings_keep_their_order(parser: type) -> None:
    text = "z: [3, 1, 2]\na: {y: 1, b: 2}\nm:\n- k: v\n  j: w\n- {}\n- []\n"

    found = bare(tree(text, parser))

    assert {
        "z": ["3", "1", "2"],
        "a": {"y": "1", "b": "2"},
        "m": [{"k": "v", "j": "w"}, {}, []],
    } == (found)
    assert ["z", "a", "m"] == list(found)


# ------------------------------------------------------------------------------------- places

PLACED = """\
# a comment with an é
título: "año \N{GRINNING FACE}" # nach
β: {é: \N{GRINNING FACE}, x: [ü, y]}
list:
  - {drug: ß, dose: 2 mg}
  -   far: away
"""
PLACES = {
    "título": (2, 1),
    "año \N{GRINNING FACE}": (2, 9),
    "β": (3, 1),
    "é": (3, 5),
    "\N{GRINNING FACE}": (3, 8),
    "x": (3, 11),
    "ü": (3, 15),
    "y": (3, 18),
    "list": (4, 1),
    "drug": (5, 6),
    "ß": (5, 12),
    "dose": (5, 15),
    "2 mg": (5, 21),
    "far": (6, 7),
    "away": (6, 12),
}


@both_parsers
def test_a_place_is_counted_in_lines_and_characters_from_1(parser: type) -> None:
    """A letter of several bytes is one column, as in the editor that will jump there."""
    assert PLACES == places(tree(PLACED, parser))


@both_parsers
def test_windows_line_ends_change_nothing(parser: type) -> None:
    assert tree(PLACED, parser) == tree(PLACED.replace("\n", "\r\n"), parser)


@both_parsers
def test_lists_and_mappings_begin_where_their_first_sign_stands(parser: type) -> None:
    root = tree("a:\n  - b: 1\n    c: {d: [e]}\n", parser)

    assert isinstance(root, Mapping)
    items = root.items[0][1]
    assert isinstance(items, Sequence)
    entry = items.items[0]
    assert isinstance(entry, Mapping)
    inner = entry.items[1][1]
    assert isinstance(inner, Mapping)
    found = [(node.line, node.column) for node in (root, items, entry, inner, inner.items[0][1])]
    assert [(1, 1), (2, 3), (2, 5), (3, 8), (3, 12)] == found


# -------------------------------------------------------------------------- what is not allowed

REFUSED = [
    (
        "a: 1\nb: 2\na: 3\n",
        [
            (
                "x.yaml:3:1: error: key 'a' stands twice; first in line 1 [PP103]\n"
                "    hint: keep one of the two"
            )
        ],
    ),
    (
        "{a: 1, 'a': 2}",
        [
            (
                "x.yaml:1:8: error: key 'a' stands twice; first in line 1 [PP103]\n"
                "    hint: keep one of the two"
            )
        ],
    ),
    (
        "{a: 1, ' a': 2}",
        [
            "x.yaml:1:8: error: key ' a' begins or ends with a blank [PP203]",
            (
                "x.yaml:1:8: error: key 'a' stands twice; first in line 1 [PP103]\n"
                "    hint: keep one of the two"
            ),
        ],
    ),
    ("a: &x 1\n", ["x.yaml:1:4: error: an anchor (&x) is not allowed [PP104]"]),
    ("&x a: 1\n", ["x.yaml:1:1: error: an anchor (&x) is not allowed [PP104]"]),
    ("a: &x [1]\n", ["x.yaml:1:4: error: an anchor (&x) is not allowed [PP104]"]),
    (
        "a: *nowhere\n",
        [
            (
                "x.yaml:1:4: error: an alias (*nowhere) is not allowed [PP104]\n"
                "    hint: write the value out"
            )
        ],
    ),
    (
        "a: !!python/object/apply:os.system [ls]\n",
        [
            (
                "x.yaml:1:4: error: a tag (tag:yaml.org,2002:python/object/apply:os.system) is not "
                "allowed [PP104]"
            )
        ],
    ),
    ("a: !!str 1\n", ["x.yaml:1:4: error: a tag (tag:yaml.org,2002:str) is not allowed [PP104]"]),
    ("a: !mine 1\n", ["x.yaml:1:4: error: a tag (!mine) is not allowed [PP104]"]),
    ("a: ! 1\n", ["x.yaml:1:4: error: a tag (!) is not allowed [PP104]"]),
    (
        "%TAG ! tag:x,2000:\n---\na: !b 1\n",
        ["x.yaml:3:4: error: a tag (tag:x,2000:b) is not allowed [PP104]"],
    ),
    ("a: 1\n---\nb: 2\n", ["x.yaml:2:1: error: a second document begins here [PP105]"]),
    ("", ["x.yaml:1:1: error: the file is empty [PP105]"]),
    ("# only a comment\n", ["x.yaml:1:1: error: the file is empty [PP105]"]),
    (
        "? [a, b]\n: 1\n",
        ["x.yaml:1:3: error: a key must be one word, not a list or a mapping [PP203]"],
    ),
    (
        "a: b: c\n",
        [
            "x.yaml:1:5: error: this is not YAML: mapping values are not allowed here [PP102]"
            + NOT_YAML_HINT
        ],
    ),
]


@both_parsers
@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[ascii(text) for text, _ in REFUSED])
def test_what_can_deceive_is_refused(text: str, said: list[str], parser: type) -> None:
    assert said == wrong_with(text, parser)


@both_parsers
def test_of_two_equal_keys_the_first_is_kept(parser: type) -> None:
    node, _ = read("a: 1\na: 2\n", parser)

    assert node is not None
    assert {"a": "1"} == bare(node)


@both_parsers
def test_problems_that_hide_nothing_are_found_together(parser: type) -> None:
    text = "a: &x 1\na: 2\nb: *x\nc: !t 3\n---\nd: 4\n"

    assert [
        "x.yaml:1:4: error: an anchor (&x) is not allowed [PP104]",
        "x.yaml:2:1: error: key 'a' stands twice; first in line 1 [PP103]\n"
        "    hint: keep one of the two",
        "x.yaml:3:4: error: an alias (*x) is not allowed [PP104]\n    hint: write the value out",
        "x.yaml:4:4: error: a tag (!t) is not allowed [PP104]",
        "x.yaml:5:1: error: a second document begins here [PP105]",
    ] == wrong_with(text, parser)


@both_parsers
@pytest.mark.parametrize(
    "nested", ["[" * 24 + "1" + "]" * 24, "{a: " * 24 + "1" + "}" * 24, "- " * 24 + "1"]
)
def test_twenty_four_levels_are_read(nested: str, parser: type) -> None:
    node, said = read(nested, parser)

    assert node is not None
    assert [] == said


@both_parsers
@pytest.mark.parametrize(
    ("nested", "column"),
    [("[" * 25 + "]" * 25, 25), ("{a: " * 25 + "}" * 25, 97), ("- " * 25, 49), ("[" * 900_000, 25)],
)
def test_a_deeper_level_is_refused(nested: str, column: int, parser: type) -> None:
    said = [f"x.yaml:1:{column}: error: the file is nested deeper than 24 levels [PP106]"]

    assert said == wrong_with(nested, parser)


def test_the_size_is_counted_in_bytes() -> None:
    said = ["x.yaml:1:1: error: the file is larger than 1 MB [PP106]"]

    assert ([], said) == (wrong_with("a: 1\n#" + "x" * 999_994), wrong_with("#" + "é" * 500_000))


CHARACTERS = [
    ("\0", "U+0000"),
    ("\a", "U+0007"),
    ("\x1b", "U+001B"),
    ("\x7f", "U+007F"),
    ("\x9b", "U+009B"),
    ("\ufffe", "U+FFFE"),
    # Line ends to YAML and to few editors: what follows them looks like a comment and is none.
    ("\x85", "U+0085"),
    ("\u2028", "U+2028"),
    ("\u2029", "U+2029"),
    # A mark that belongs at the very start of a file.
    ("\ufeff", "U+FEFF"),
    # They turn the order in which a line is shown: it can look like another dose.
    ("\u202e", "U+202E"),
    ("\u2066", "U+2066"),
]


@pytest.mark.parametrize(("character", "name"), CHARACTERS, ids=[name for _, name in CHARACTERS])
@pytest.mark.parametrize(
    ("before", "line", "column"), [("a: b", 1, 5), ("é: 1\r\n# ü", 2, 4), ('a: "x\n', 2, 1)]
)
def test_a_character_that_hides_something_is_refused(
    character: str, name: str, before: str, line: int, column: int
) -> None:
    said = [
        f"x.yaml:{line}:{column}: error: the character {name} may not stand in a text file [PP102]"
    ]

    assert said == wrong_with(f"{before}{character}c")


# --------------------------------------------------------------- one tree, whichever parser reads


def text_of(path: Path) -> str | None:
    """The text of a file, if it has one."""
    try:
        return decode(path.read_bytes(), path.name)
    except Faulty:
        return None


needs_c = pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is no C library")


@needs_c
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_both_parsers_make_the_same_tree_of_a_shipped_file(path: Path) -> None:
    text = path.read_text("utf-8")

    assert tree(text, yaml.Loader) == tree(text, yaml.CLoader)


@needs_c
@pytest.mark.parametrize("path", BROKEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_both_parsers_find_the_same_in_a_broken_file(path: Path) -> None:
    text = text_of(path) or ""

    assert read(text, yaml.Loader) == read(text, yaml.CLoader)


#: Texts on which the two parsers are known to differ, or might.
TRICKY = [
    # Tabs: the C library takes them for spaces, the pure parser does not.
    "a:\tb\n",
    "a: b\t# c\n",
    "a: [b,\tc]\n",
    "- \ta\n",
    "a:\n\tb: 1\n",
    # Values that are not written: their place.
    "a: {b: , c: 1}\n",
    "a: {b: }\n",
    "a: {b}\n",
    "a:\nb: 1\n",
    "- \n- a\n",
    # Others.
    "a: {b:1}\n",
    "a: [b: 1]\n",
    'a: "\\ud800"\n',
    'a: "\\ud83d\\ude00"\n',
    'a: "\\/"\n',
    "a: b\n...\n...\n",
    "a: b\rc: d\n",
    "a: >\n\n x\n",
    "a: |1\n  x\n y\n",
    "'a' : b\n",
    "a: -\n",
    "a: @b\n",
    "a: `b\n",
    "a: %b\n",
    "@a\n",
    "a: [\n]\n",
    "a: {b: 1 c: 2}\n",
]


@needs_c
@pytest.mark.parametrize("text", TRICKY, ids=ascii)
def test_both_parsers_agree_on_what_is_tricky(text: str) -> None:
    """Else a file would be right on one computer and wrong on the next."""
    assert read(text, yaml.Loader) == read(text, yaml.CLoader)


# ------------------------------------------------------------------------------------ at the limits


def read_usual(text: str) -> tuple[Node | None, list[str]]:
    """The tree by the parser that is used by default, and what is wrong."""
    problems: list[Problem] = []
    try:
        return compose(text, "x.yaml", problems), [str(problem) for problem in problems]
    except Faulty as wrong:
        return None, [str(problem) for problem in wrong.problems]


def test_a_megabyte_is_read_and_one_byte_more_is_not() -> None:
    text = "a: é\n#" + "x" * 999_993

    assert (1_000_000, 999_999) == (len(text.encode()), len(text))
    assert [] == read_usual(text)[1]
    assert (None, ["x.yaml:1:1: error: the file is larger than 1 MB [PP106]"]) == read_usual(
        f"{text}x"
    )


def test_half_a_pair_counts_as_one_sign_that_is_not_allowed() -> None:
    said = "x.yaml:1:4: error: the character U+D800 may not stand in a text file [PP102]"

    assert (None, [said]) == read_usual("a: \ud800")


def test_a_tab_is_refused_with_what_to_write() -> None:
    said = "x.yaml:2:3: error: the character U+0009 may not stand in a text file [PP102]"

    assert [f"{said}\n    hint: write spaces"] == wrong_with("a: 1\nb:\t2\n")
    assert ["x.yaml:1:4: error: the character U+0007 may not stand in a text file [PP102]"] == (
        wrong_with("a: \a")
    )


NOT_YAML = "x.yaml:{0}: error: this is not YAML: {1} [PP102]" + NOT_YAML_HINT

BROKEN_TEXTS = [
    ("a: 1\n  b: 2\n", "2:4", "mapping values are not allowed here"),
    # Where it was opened that nothing closes; else where it was noticed.
    ("a: 'x\n", "1:4", "while scanning a quoted scalar found unexpected end of stream"),
    ("a: {b: 1 c: 2}\n", "1:11", "while parsing a flow mapping expected ',' or '}', but got ':'"),
    ("a: 1\nb: @c\n", "2:4", "while scanning for the next token found character '@' that cannot start any "
                             "token"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "words"), BROKEN_TEXTS)
def test_what_is_not_yaml_is_told_in_the_words_of_the_pure_parser(
    text: str, place: str, words: str
) -> None:
    said = NOT_YAML.format(place, words)

    assert (None, [said]) == read(text) == read_usual(text)


def test_what_was_found_before_the_text_broke_off_is_told_once() -> None:
    text = "a: &x 1\nb: c: d\n"
    said = [
        "x.yaml:1:4: error: an anchor (&x) is not allowed [PP104]",
        NOT_YAML.format("2:5", "mapping values are not allowed here"),
    ]

    assert (None, said) == read(text) == read_usual(text)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is no C library")
def test_a_long_text_is_read_once_in_whatever_words() -> None:
    broken = "a: b: c\n#"
    here, there = (read_usual(broken.ljust(length, "x"))[1] for length in (100_000, 100_001))

    assert [NOT_YAML.format("1:5", "mapping values are not allowed here")] == here
    assert [NOT_YAML.format("1:5", "mapping values are not allowed in this context")] == there


def test_where_there_is_no_c_library_the_pure_parser_reads_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tree_module, "PARSERS", (yaml.Loader,))
    said = [NOT_YAML.format("1:5", "mapping values are not allowed here")]

    assert said == wrong_with("a: b: c\n", yaml.Loader)
    assert said == wrong_with("a: b: c\n", yaml.SafeLoader)


class Lost(yaml.Loader):
    """A parser that does not say where it broke off."""

    def check_event(self, *choices: object) -> bool:
        raise yaml.MarkedYAMLError("while reading", None, "it broke off", None)


def test_what_has_no_place_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "PARSERS", (Lost,))

    assert [NOT_YAML.format("1:1", "while reading it broke off")] == wrong_with("a: 1\n", Lost)


def test_a_text_has_2000_characters_at_most() -> None:
    fits, long = read(f"a: {'x' * 2_000}"), read(f"a: 1\nb: {'x' * 1_999}yz\nc: 2")
    said = "x.yaml:2:4: error: a text of 2,001 characters stands here; at most 2,000 are allowed [PP106]"

    assert ({"a": "x" * 2_000}, []) == (bare(fits[0] or Scalar("", 1, 1)), fits[1])
    assert ({"a": "1", "b": "x" * 1_999 + "y", "c": "2"}, [said]) == (
        bare(long[0] or Scalar("", 1, 1)), long[1])  # fmt: skip


def test_what_an_escape_brings_in_is_looked_at_again() -> None:
    node, said = read('a: "x\\ey\\tz"\nb: "\\tq"\n')

    assert ["x.yaml:1:4: error: the character U+001B may not stand in a text [PP102]"] == said
    # What is seen nowhere becomes a blank, and so does a tab beside it.
    assert {"a": "x y z", "b": "\tq"} == bare(node or Scalar("", 1, 1))


def test_fifty_problems_are_told_and_no_more() -> None:
    """Of 49 there is a tree still."""
    lines = [f"k{n}: &a x\n" for n in range(60)]
    few, many = read("".join(lines[:49])), read("".join(lines))

    assert (True, 49) == (few[0] is not None, len(few[1]))
    assert (None, 50) == (many[0], len(many[1]))
    assert many[1][-1].startswith("x.yaml:50:6: ")


def test_a_file_has_so_many_parts_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping, its key, a list and its two entries are five."""
    monkeypatch.setattr(tree_module, "MAX_NODES", 5)

    assert [] == wrong_with("a: [1, 2]")
    assert ["x.yaml:2:10: error: the file has more than 5 parts [PP106]"] == wrong_with(
        "a:\n  [1, 2, 3]"
    )


def test_parts_are_counted_in_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MAX_NODES", 1_000)

    assert ["x.yaml:1:2000: error: the file has more than 1,000 parts [PP106]"] == wrong_with(
        "[" + "1," * 1_001 + "]"
    )


EMPTY = [
    # Behind its key, wherever the parser sees it.
    ("ab:\nc: 1\n", [("ab", 1, 1), ("", 1, 4), ("c", 2, 1), ("1", 2, 4)]),
    ("{ab, c: 1}", [("ab", 1, 2), ("", 1, 5), ("c", 1, 6), ("1", 1, 9)]),
    ("ab: ''\n", [("ab", 1, 1), ("", 1, 4)]),
]


@both_parsers
@pytest.mark.parametrize(("text", "scalars"), EMPTY)
def test_what_is_not_written_stands_behind_its_key(
    text: str, scalars: list[tuple[str, int, int]], parser: type
) -> None:
    root = tree(text, parser)

    assert isinstance(root, Mapping)
    found = [part for item in root.items for part in item]
    assert scalars == [(p.text, p.line, p.column) for p in found if isinstance(p, Scalar)]


def test_what_is_refused_leaves_a_gap_or_a_key_without_its_blanks() -> None:
    node, said = read("a: *x\n' b ': 1\n? [c]\n:\nd: 2\n")

    assert isinstance(node, Mapping)
    assert ["a", "b", "d"] == [key.text for key, _ in node.items]
    assert Gap("", 1, 3) == node.items[0][1]
    assert type(node.items[1][1]) is Scalar
    assert [
        "x.yaml:1:4: error: an alias (*x) is not allowed [PP104]\n    hint: write the value out",
        "x.yaml:2:1: error: key ' b ' begins or ends with a blank [PP203]",
        "x.yaml:3:3: error: a key must be one word, not a list or a mapping [PP203]",
    ] == said


def test_a_gap_in_a_list_stands_where_it_was_written() -> None:
    node, _ = read("a:\n  [1, *x]\n")

    assert isinstance(node, Mapping)
    assert node.items[0][1] == Sequence((Scalar("1", 2, 4), Gap("", 2, 7)), 2, 3)


def test_a_key_that_stands_twice_is_shown_where_it_stood_first() -> None:
    said = "x.yaml:3:1: error: key 'a' stands twice; first in line 1 [PP103]"

    assert [f"{said}\n    hint: keep one of the two"] == wrong_with("a:\n  b: 1\na: 2\n")


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        # A mapping in 22 lists is the 23rd level, a list that is its key the 24th.
        (22, "26: error: a key must be one word, not a list or a mapping [PP203]"),
        (23, "27: error: the file is nested deeper than 24 levels [PP106]"),
    ],
)
def test_a_key_is_a_level_below_its_mapping(lists: int, said: str) -> None:
    assert [f"x.yaml:1:{said}"] == wrong_with("[" * lists + "{? [b] : 1}" + "]" * lists)


def test_each_kind_of_part_is_refused_by_its_own_words() -> None:
    text = "a: &x {b: 1}\nc: !t [1]\nd: &y !u 2\n"

    assert [
        "x.yaml:1:4: error: an anchor (&x) is not allowed [PP104]",
        "x.yaml:2:4: error: a tag (!t) is not allowed [PP104]",
        "x.yaml:3:4: error: an anchor (&y) is not allowed [PP104]",
        "x.yaml:3:4: error: a tag (!u) is not allowed [PP104]",
    ] == wrong_with(text)


def test_a_place_is_found_in_a_text() -> None:
    text = "ab\r\nc\rd\ne"

    assert [(1, 1), (1, 3), (2, 1), (3, 1), (4, 1), (4, 2)] == [
        (at.line, at.column)
        for at in (place_in(text, index, "x.yaml") for index in (0, 2, 4, 6, 8, 9))
    ]
    assert "x.yaml" == place_in(text, 0, "x.yaml").path
    assert (None, 1) == (hidden("ab"), hidden("a\0\0"))


# -------------------------------------------------------------------------------------- in time

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)

HEAVY = {
    "a bomb of aliases": BOMB,
    "a flat list": "[" + "1," * 200_000 + "]",
    "many keys": "".join(f"key{n}: x\n" for n in range(60_000)),
    "many spaces": " " * 900_000 + "a: 1",
    "a long line": "a: " + "x " * 450_000,
    "open brackets": "[" * 900_000,
    "open braces": "{a: " * 200_000,
    "one key again and again": "k: 1\n" * 150_000,
    "one anchor again and again": "".join(f"k{n}: &a x\n" for n in range(40_000)),
    "a list that is not closed": "a: [" + "1, " * 300_000,
    "a quote that is not closed": "".join(f"key{n}: x\n" for n in range(70_000)) + '"',
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_no_file_takes_long_to_read(text: str) -> None:
    """Whatever stands in its megabyte (H32), with the parser that is used by default."""
    begin = time.process_time()

    with contextlib.suppress(Faulty):
        compose(text, "x.yaml", [])

    assert time.process_time() - begin < 5
