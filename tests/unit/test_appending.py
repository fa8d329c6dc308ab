"""Entries come into the text, and every other letter of it stays."""

from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from protoplan.appending import Addition, appended, flow
from protoplan.problems import Faulty
from protoplan.reading.tree import MAX_BYTES, Mapping, Scalar, compose, hidden


def item(**pairs: str) -> Mapping:
    return Mapping(tuple((Scalar(key, 0, 0), Scalar(text, 0, 0)) for key, text in pairs.items()),
                   0, 0)  # fmt: skip


ENTRY = Addition("record", item(date="2026-03-04", revised="hand"))
WRITTEN = "- {date: 2026-03-04, revised: hand}\n"
LAB = Addition("labs", item(date="2026-03-04", alt="1 xULN"))
LAB_WRITTEN = "- {date: 2026-03-04, alt: 1 xULN}\n"


def text_after(text: str, *additions: Addition) -> str:
    return appended(text, "t.yaml", additions or [ENTRY]).text


def refusal(text: str, *additions: Addition) -> str:
    with pytest.raises(Faulty) as wrong:
        appended(text, "t.yaml", additions or [ENTRY])
    return str(wrong.value)


@pytest.mark.parametrize("indent", ["", "  ", "      "])
def test_an_entry_is_indented_as_those_before_it(indent: str) -> None:
    text = f"id: x\nrecord:\n{indent}- {{date: 2026-03-02, revised: a}}\n"

    assert f"{text}{indent}{WRITTEN}" == text_after(text)


AS_THEY_ARE = {
    "several lines in one entry": "record:\n  - {date: 2026-03-02,\n     # why\n\n     revised: 'a'}\n",
    "entries in blocks": "record:\n  -\n    date: 2026-03-02\n    revised: >\n      some\n      words\n",
    "words kept with their lines": "record:\n  - date: 2026-03-02\n    revised: |+\n      some\n\n\n",
    "a remark behind an entry": "record:   # what happened\n  - {revised: a}   # by hand\n",
    "remarks at the left at the end": "record:\n  - {revised: a}\n# to be gone on with\n#\n",
    "a remark that lies deeper": "record:\n  - {revised: a}\n        # deep\n",
    "blank lines at the end": "record:\n  - {revised: a}\n\n   \n\n",
    "a key in quotes": "'record':\n  - {revised: 'it''s'}\n",
    "the head of a document": "%YAML 1.1\n--- # head\nrecord:\n  - {revised: a}\n",
    "keys that do not stand at the left": "  id: x\n  record:\n  - {revised: a}\n",
}


@pytest.mark.parametrize("text", AS_THEY_ARE.values(), ids=AS_THEY_ARE)
def test_what_stands_there_stays_letter_by_letter(text: str) -> None:
    at = 2 if "\n  - " in text or "\n  -\n" in text else 0

    assert text + " " * at + WRITTEN == text_after(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
@pytest.mark.parametrize("last", [True, False], ids=["whole last line", "no last line break"])
def test_line_breaks_are_those_of_the_file(end: str, last: bool) -> None:
    text = f"id: x{end}record:{end}  - {{revised: a}}"

    after = text_after(text + end if last else text)

    assert f"{text}{end}  {WRITTEN.strip()}{end}" == after


def test_a_last_remark_without_a_line_break_does_not_swallow_the_entry() -> None:
    assert f"record:\n  - {{revised: a}} # end\n  {WRITTEN}" == text_after(
        "record:\n  - {revised: a} # end"
    )


@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end\n"], ids=repr)
def test_a_record_that_is_not_there_is_made_at_the_end(end: str) -> None:
    text = f"id: x\nlabs: []{end}"
    before = text if end else f"{text}\n"

    made = appended(text, "t.yaml", [ENTRY])

    assert f"{before}record:\n  {WRITTEN}" == made.text
    number = before.count("\n") + 1
    assert [(number, "record:", None), (number + 1, f"  {WRITTEN}".rstrip(), ENTRY.item)] == [
        (line.number, line.text, line.holds) for line in made.lines
    ]


def test_labs_follow_the_last_of_their_list_and_are_told_in_the_record() -> None:
    text = (
        "labs:\n- {date: 2026-03-01,\n   alt: 1 xULN}  # first\n# before the medicines\n\n"
        "medicines: none\nrecord:\n    - {revised: a}\n"
    )

    made = appended(text, "t.yaml", [LAB, ENTRY])

    head, tail = text.split("# before")
    assert f"{head}{LAB_WRITTEN}# before{tail}    {WRITTEN}" == made.text
    assert [4, 10] == [line.number for line in made.lines]


def test_labs_that_are_not_there_come_before_the_record_and_its_remarks() -> None:
    text = "id: x\n\n# what happened\n# and when\nrecord:\n  - {revised: a}\n"

    after = text_after(text, LAB, ENTRY)

    assert after == (
        f"id: x\n\nlabs:\n  {LAB_WRITTEN}# what happened\n# and when\nrecord:\n"
        f"  - {{revised: a}}\n  {WRITTEN}"
    )


def test_labs_and_record_that_are_not_there_come_at_the_end() -> None:
    assert f"id: x\nlabs:\n  {LAB_WRITTEN}record:\n  {WRITTEN}" == text_after("id: x", LAB, ENTRY)


def test_labs_at_the_end_without_a_line_break() -> None:
    text = "labs:\n  - {alt: 1 xULN}"

    assert f"{text}\n  {LAB_WRITTEN}record:\n  {WRITTEN}" == text_after(text, LAB, ENTRY)


BLOCK = "expected each entry in a line of its own that begins with '- ' [PP203]"
END = (
    "error: what stands at the end of the file keeps an entry from being read as part of it; "
    "expected the last entry, comments or blank lines [PP203]"
)
REFUSED = {
    "id: x\nrecord: []\n": f"t.yaml:2:9: error: 'record' is not in block form; {BLOCK}",
    "record:\n  [{revised: a},\n  {revised: b}]\n": (
        f"t.yaml:2:3: error: 'record' is not in block form; {BLOCK}"
    ),
    "record: none\n": f"t.yaml:1:9: error: 'record' is not in block form; {BLOCK}",
    "? record\n: - {revised: a}\n": f"t.yaml:2:3: error: 'record' is not in block form; {BLOCK}",
    "id: x\nrecord:\n  - {revised: a}\npolicy: default\nlabs: []\n": (
        "t.yaml:2:1: error: 'record' stands before 'labs' (line 5); expected it last, so that "
        "entries are appended at the end of the file [PP203]"
    ),
    "{id: x}\n": (
        "t.yaml:1:1: error: the file is in braces; expected a key at the left of each line [PP203]"
    ),
    "record:\n  - {revised: a}\n...\n": f"t.yaml:3:1: {END}",
    "id: x\n...\n# end": f"t.yaml:3:1: {END}",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_a_layout_that_cannot_be_kept_is_refused(text: str, said: str) -> None:
    assert said == refusal(text)


def test_labs_in_braces_are_refused() -> None:
    text = "labs: [{alt: 1 xULN}]\nrecord:\n  - {revised: a}\n"

    said = refusal(text, LAB, ENTRY)

    assert f"t.yaml:1:7: error: 'labs' is not in block form; {BLOCK}" == said


def test_a_file_that_would_be_too_large_is_refused() -> None:
    text = f"id: x\n{'#' * 60}\n"
    text += "# remark\n" * ((MAX_BYTES - len(text) - 20) // 9)

    assert "t.yaml:1:1: error: the file is larger than 1 MB [PP106]" == refusal(text)


def test_a_text_that_would_be_too_long_is_refused() -> None:
    long = Addition("record", item(revised="x" * 2001))

    assert refusal("id: x\n", long) == (
        "t.yaml:3:15: error: a text of 2,001 characters stands here; at most 2,000 are allowed "
        "[PP106]"
    )


WORDS = {
    "fever": "fever",
    "1.1 mg": "1.1 mg",
    "0.9 10^9/L": "0.9 10^9/L",
    "it's": "it's",
    "señor": "señor",
    "не": "не",
    "true": "true",
    "none": "none",
    "no fever": "no fever",
    "a": "a",
    "yes": '"yes"',
    "No": '"No"',
    "OFF": '"OFF"',
    "on": '"on"',
    "y": '"y"',
    "N": '"N"',
    "false": '"false"',
    "Null": '"Null"',
    "~": '"~"',
    "fever: 39, neutropenia # severe": '"fever: 39, neutropenia # severe"',
    "[x]": '"[x]"',
    "1,5": '"1,5"',
    "a: b": '"a: b"',
    "a:": '"a:"',
    "10:20": '"10:20"',
    "09:00": '"09:00"',
    "a:b": '"a:b"',
    "# a": '"# a"',
    "a #b": '"a #b"',
    "&a": '"&a"',
    "*a": '"*a"',
    "!a": '"!a"',
    "- a": '"- a"',
    "-": '"-"',
    "? a": '"? a"',
    "'a": "\"'a\"",
    '"a"': '"\\"a\\""',
    "say \"x\" \\ y: z": '"say \\"x\\" \\\\ y: z"',
    "a\\b": "a\\b",
    "%a": '"%a"',
    "@a": '"@a"',
    "`a": '"`a"',
    "|": '"|"',
    "> a": '"> a"',
    "}": '"}"',
    "a}b": '"a}b"',
    " a ": '" a "',
}  # fmt: skip


@pytest.mark.parametrize(("text", "written"), WORDS.items())
def test_a_text_is_in_quotes_where_it_must_be(text: str, written: str) -> None:
    assert f"{{date: 2026-03-02, revised: {written}}}" == flow(
        item(date="2026-03-02", revised=text)
    )


TEXTS = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("-?:,[]{}#&*!|>'\"%@`\\ ~=<yn0")),
    min_size=1,
    max_size=40,
).filter(lambda text: hidden(text) is None and not {"\n", "\r"} & set(text))


@given(TEXTS, TEXTS)
def test_any_text_comes_back_by_both_parsers(first: str, second: str) -> None:
    written = flow(item(a=first, b=second))
    parsers: list[Callable[..., object]] = [yaml.Loader, yaml.CLoader]

    for parser in parsers:
        problems: list[object] = []
        tree = compose(written, "", problems, parser)  # type: ignore[arg-type]

        assert isinstance(tree, Mapping)
        assert ([], [("a", first), ("b", second)]) == (
            problems,
            [(key.text, value.text) for key, value in tree.items if isinstance(value, Scalar)],
        )
