"""One file of whatever kind: its bytes, its format line, and the order of what is wrong with it."""

import hashlib

import pytest
from tests.engine import drug_text

from protoplan.problems import Faulty
from protoplan.reading.file import READERS, decode, read

# -------------------------------------------------------------------------------------- bytes


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert "a: é\n" == decode(b"\xef\xbb\xbfa: \xc3\xa9\n", "x.yaml")


NOT_UTF8 = [
    (b"\xff", 1, 1),
    (b"a: 1\nb: \xe9\n", 2, 4),
    (b"a: 1\r\nb: \xe9\n", 2, 4),
    # Columns are characters, as everywhere.
    ("b: \N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE} ".encode() + b"\xe9", 1, 7),
    # A mark at the start, which is no character of the text.
    (b"\xef\xbb\xbfa\n\xff", 2, 1),
    (b"\xef\xbb\xbf\xff", 1, 1),
    # Cut in the middle of a letter; a half of a pair, which is no letter.
    (b"a: \xc3", 1, 4),
    (b"a: \xed\xa0\x80", 1, 4),
    ("a: 1\n".encode("utf-16"), 1, 1),
]


@pytest.mark.parametrize(
    ("data", "line", "column"), NOT_UTF8, ids=[ascii(row[0]) for row in NOT_UTF8]
)
def test_bytes_that_are_not_utf8_are_a_problem_where_they_stand(
    data: bytes, line: int, column: int
) -> None:
    with pytest.raises(Faulty) as wrong:
        decode(data, "x.yaml")

    said = f"x.yaml:{line}:{column}: error: the file is not UTF-8 text [PP102]"
    assert [said] == [str(problem) for problem in wrong.value.problems]


# -------------------------------------------------------------------------------- format line

FORMATS = ", ".join(READERS)


def said_of(text: str) -> list[str]:
    """Every problem of a text, in whole lines."""
    with pytest.raises(Faulty) as wrong:
        read(text, "x.yaml", {})

    return [str(problem) for problem in wrong.value.problems]


WITHOUT_FORMAT = [
    ("a: 1\n", "1:1", "the file lacks the key 'format'", f"the first line is one of {FORMATS}"),
    ("[a]\n", "1:1", "the file lacks the key 'format'", f"the first line is one of {FORMATS}"),
    ("a\n", "1:1", "the file lacks the key 'format'", f"the first line is one of {FORMATS}"),
    (
        "format: protoplan-protocols/1\n",
        "1:9",
        "the format 'protoplan-protocols/1' is not known",
        "did you mean 'protoplan-protocol/1'?",
    ),
    (
        "format: fhir\n",
        "1:9",
        "the format 'fhir' is not known",
        f"the first line is one of {FORMATS}",
    ),
]


@pytest.mark.parametrize(("text", "place", "message", "hint"), WITHOUT_FORMAT)
def test_without_a_known_format_line_nothing_is_read(
    text: str, place: str, message: str, hint: str
) -> None:
    assert [f"x.yaml:{place}: error: {message} [PP107]\n    hint: {hint}"] == said_of(text)


# -------------------------------------------------------------------------------------- order


def test_problems_at_one_place_come_in_the_order_of_the_language() -> None:
    """Not in that of a set, which changes from run to run: same input, same bytes (H34)."""
    keys = (
        "id",
        "version",
        "title",
        "body_surface_area",
        "clock",
        "week_starts",
        "labs_fresh_for",
        "rounding",
    )

    assert [f"x.yaml:1:1: error: policy lacks the key '{key}' [PP202]" for key in keys] == said_of(
        "format: protoplan-policy/1\n"
    )


def test_problems_come_in_the_order_of_their_places() -> None:
    found = said_of(
        "format: protoplan-catalogue/1\nlabs: []\nid: [x]\nversion: '1\\n'\nfacts: 7\nidd: x\n"
    )

    assert [
        "x.yaml:2:7: error: a mapping was expected, a list was found [PP203]",
        "x.yaml:3:5: error: one value was expected, a list was found [PP203]",
        "x.yaml:5:8: error: a mapping was expected, one value was found [PP203]",
        "x.yaml:6:1: error: catalogue has no key 'idd' [PP201]\n    hint: did you mean 'id'?",
    ] == found


# ------------------------------------------------------------------------- what stands in lines

HOSTILE = {
    "an escape sequence in a key": 'format: protoplan-policy/1\n"\\e[2Jx": 1\n',
    "a forged line in a key": 'format: protoplan-policy/1\n"x\\nother.yaml: ok\\n": 1\n',
    "half a pair in a key": 'format: protoplan-policy/1\n"\\ud800": 1\n',
    "half a pair twice": 'format: protoplan-policy/1\n"\\ud800": 1\n"\\ud800": 1\n',
    "an escape sequence in a value": 'format: protoplan-policy/1\nweek_starts: "\\e[2J"\n',
    "half a pair in a value": 'format: protoplan-policy/1\nweek_starts: "\\ud800"\n',
    "an escape sequence in the format": 'format: "\\e[2J"\n',
    "a forged line in the format": 'format: "x\\nother.yaml: ok"\n',
    "half a pair in the format": 'format: "\\ud800"\n',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_problem_is_a_line_that_can_be_printed(text: str) -> None:
    """A file that someone sent cannot clear the screen, forge an answer or end in a traceback."""
    lines = [line for said in said_of(text) for line in said.split("\n    hint: ")]

    assert [] == [line for line in lines if not line.isprintable()]


LONG = {
    "value": f"format: protoplan-policy/1\nweek_starts: {'x' * 100_000}\n",
    "key": f"format: protoplan-policy/1\n? {'x' * 100_000}\n: 1\n",
    "amount": f"format: protoplan-policy/1\nrounding: {{tolerance: 5 {'x' * 100_000}, steps: {{}}}}\n",
    "tag": f"format: protoplan-policy/1\nid: !{'x' * 100_000} 1\n",
    "anchor": f"format: protoplan-policy/1\nid: &{'x' * 100_000} 1\n",
    "format": f"format: {'x' * 100_000}\n",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_problem_quotes_no_more_than_a_person_reads(text: str) -> None:
    assert [] == [len(line) for line in said_of(text) if len(line) > 500]


# ------------------------------------------------------------------------------------ what is read

DRUG = f"# é\n{drug_text('alpha')}"


def test_a_file_is_what_its_format_says_and_keeps_the_hash_of_its_text() -> None:
    kind, drug = read(DRUG, "x.yaml", {})

    assert ("formulary", "alpha") == (kind, drug.id)
    assert hashlib.sha256(DRUG.encode("utf-8")).hexdigest() == drug.sha256


def test_a_problem_that_hides_nothing_refuses_a_file_of_which_all_is_read() -> None:
    line = DRUG.count("\n") + 1

    assert [
        f"x.yaml:{line}:1: error: key 'unit' stands twice; first in line 6 [PP103]\n"
        "    hint: keep one of the two"
    ] == said_of(f"{DRUG}unit: g\n")
