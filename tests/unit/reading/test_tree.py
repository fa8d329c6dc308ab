"""The composer: text as it was written, each part with its place, and nothing that can deceive."""

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from protoplan.problems import Faulty, Problem
from protoplan.reading.file import decode
from protoplan.reading.tree import Mapping, Node, Scalar, Sequence, compose

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
