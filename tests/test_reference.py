"""The pages of reference are what the code makes, and the code says something of every code."""

import pytest
from tests import reference

from protoplan.cli import main
from protoplan.cli.shared import EXIT_CODES
from protoplan.problems import FINDINGS, PROBLEMS


@pytest.mark.parametrize("file", reference.PAGES)
def test_a_page_is_what_the_code_makes(file: str) -> None:
    """`make reference` writes it anew."""
    assert reference.PAGES[file]().encode() == (reference.FOLDER / file).read_bytes()


def test_there_is_no_other_page() -> None:
    assert sorted(reference.PAGES) == sorted(path.name for path in reference.FOLDER.iterdir())


def test_every_code_is_told_of_where_it_is_found() -> None:
    assert {*PROBLEMS, *FINDINGS} == {*reference.said()}


def test_every_problem_has_a_good_and_a_bad_example() -> None:
    lacking = [
        f"{code} in {one.file}"
        for code in PROBLEMS
        for one in reference.said()[code]
        if not one.good or not one.bad
    ]

    assert [] == lacking


def test_every_finding_is_made_somewhere_and_every_one_that_is_made_is_listed() -> None:
    assert {*FINDINGS} == {*reference.found()}


def test_a_docstring_is_read_by_its_paragraphs() -> None:
    docstring = """Checks of days.

    PP307: a day
    outside.

    Good: `1`.
    Bad: `31`, of
    28.

    PF201: no example.

    PP308 is only named.
    """

    assert [
        reference.Said("PP307", "days.py", "a day outside.", "`1`.", "`31`, of 28."),
        reference.Said("PF201", "days.py", "no example."),
    ] == list(reference.said_in(docstring, "days.py"))


def test_how_grave_a_finding_can_be_is_read_from_the_code() -> None:
    found = reference.found()

    assert {"warning"} == found["PF215"]
    assert {"stop", "warning"} == found["PF207"]
    assert {"stop", "note"} == found["PF232"]
    assert {"as the file says that asks for it"} == found["PF231"]


def test_signs_that_cannot_be_seen_are_spelled_out() -> None:
    assert r"a\u0007b\u2028c" == reference.shown("a\u0007b\u2028c ")
    assert "x" * 99 + "…" == reference.shown("x" * 101)


def test_the_exit_codes_of_each_command_are_those_that_it_ends_with() -> None:
    ends = {name: reference.ends_of(command) for name, command in main.commands.items()}

    assert {
        "bags": {4, 5},
        "calendar": {4, 5},
        "cumulative": {4, 5},
        "diff": {6},
        "explain": {4, 5},
        "ics": {4, 5},
        "plan": {4, 5},
        "status": {4, 5},
    } == {name: codes for name, codes in ends.items() if codes}


def test_every_exit_code_has_a_meaning() -> None:
    assert list(range(7)) == sorted(EXIT_CODES)


def test_an_option_is_told_with_what_it_takes() -> None:
    page = reference.commands()

    assert "| `--format text\\|json\\|csv` | text by default |\n" in page
    assert (
        "| `--lab NAME=VALUE` | state a lab, such as creatinine='0.9 mg/dL'; may be stated again |"
        in page
    )
    assert "`protoplan record TREATMENT given [OPTIONS] DOSE`" in page
