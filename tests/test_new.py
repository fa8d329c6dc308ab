"""What `protoplan new` prints: refused as it is, in order once its blanks are filled in."""

import stat
from pathlib import Path

import pytest
from tests.conftest import ROOT, Run

USAGE = (
    "Usage: protoplan new protocol [OPTIONS] ID\n"
    "Try 'protoplan new protocol --help' for help.\n\nError: "
)

#: Line and column of each blank, the blank, and what is written in its place: vincristine 2 mg on
#: days 1 and 8 of 21, twice, so 2 doses and 4 mg in a cycle, and cycle 2 after 21 days.
BLANKS = [
    ("11:8", "FILL title", "Made up"),
    ("12:13", "FILL for whom the source gives it", "No one"),
    ("19:11", "FILL authors or maker, journal or label, and year", "Nobody A. J Nothing 2020;1:1"),
    ("20:11", "FILL how much of it was read", "all of it"),
    ("28:15", "FILL a number of cycles", "1"),
    ("28:40", "FILL a larger number", "2"),
    ("29:21", "FILL place of the choice", "Methods"),
    ("34:15", "FILL length such as 21 days", "21 days"),
    ("34:60", "FILL place of the length", "Methods"),
    ("39:11", "FILL name of the phase", "treatment"),
    ("40:14", "FILL labels such as 1-6", "1-2"),
    ("42:21", "FILL place of the cycles", "Methods"),
    ("47:11", "FILL drug", "vincristine"),
    ("49:12", "FILL route", "IV"),
    ("51:16", "FILL dose", "2 mg"),
    ("51:33", "FILL days", "[1, 8]"),
    ("52:21", "FILL place of the dose", "Table 1"),
    ("56:13", "FILL how many in all", "4"),
    ("56:39", "FILL drug and route", "vincristine IV"),
    ("56:76", "FILL place of the number", "Table 1"),
    ("61:11", "FILL what is to be done", "Look"),
    ("62:12", "FILL when it ends", "not printed"),
    ("63:21", "FILL place of the rule", "Methods"),
    ("67:12", "FILL what is asked", "adults"),
    ("68:36", "FILL years", "18"),
    ("69:21", "FILL place of the bound", "Patients"),
    ("75:22", "FILL the largest number", "2"),
    ("75:54", "FILL drug", "vincristine"),
    ("75:79", "FILL doses in A", "2"),
    ("75:102", "FILL days", "[1, 8]"),
    ("75:120", "FILL sum in A", "4 mg"),
    ("76:22", "FILL the largest number", "2"),
    ("76:55", "FILL label of the last cycle", "2"),
    ("76:93", "FILL days after the start", "21 days"),
    ("81:12", "FILL what is said twice", "days"),
    ("83:17", "FILL one reading", "1 and 8"),
    ("83:51", "FILL place of the one", "Table 1"),
    ("84:17", "FILL the other reading", "1 and 11"),
    ("84:57", "FILL place of the other", "Discussion"),
    ("85:13", "FILL the reading that is followed", "1 and 8"),
    ("86:14", "FILL why it is followed", "the table is exact"),
    ("91:13", "FILL what is left out", "largest dose"),
    ("91:42", "FILL what is done about it", "the formulary's holds"),
    ("91:86", "FILL where one would look", "Table 1"),
]


def test_each_blank_is_a_problem_that_names_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(run("new", "protocol", "mine").out, "utf-8")

    ran = run("check", str(path))

    assert (3, "") == (ran.code, ran.err)
    assert [
        f"{path}:{place}: error: a blank is not filled in: '{blank}' [PP210]"
        for place, blank, _ in BLANKS
    ] == ran.out.splitlines()


def test_the_file_is_in_order_once_its_blanks_are_filled_in(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = run("new", "protocol", "mine").out
    for _, blank, filled in BLANKS:
        text = text.replace(blank, filled, 1)
    path.write_text(text, "utf-8")

    ran = run("check", str(path))

    assert (0, f"{path}: ok\n", "") == (ran.code, ran.out, ran.err)
    assert "mine 0.1.0 (" in run("show", str(path)).out


@pytest.mark.parametrize("row", range(len(BLANKS)))
def test_one_blank_that_is_left_is_enough_to_refuse_the_file(
    run: Run, tmp_path: Path, row: int
) -> None:
    """A title or a place that is a blank is refused as a dose is."""
    path = tmp_path / "mine.yaml"
    text = run("new", "protocol", "mine").out
    for number, (_, blank, filled) in enumerate(BLANKS):
        text = text.replace(blank, "LEFT" if number == row else filled, 1)
    path.write_text(text.replace("LEFT", BLANKS[row][1]), "utf-8")

    ran = run("check", str(path))

    assert 3 == ran.code
    assert f"a blank is not filled in: '{BLANKS[row][1]}' [PP210]" in ran.out


def test_the_sections_stand_in_the_order_of_the_shipped_files(run: Run) -> None:
    rarer = ("include", "instructions")

    def sections(text: str) -> list[str]:
        return [line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()]

    shipped = (ROOT / "protocols/mini-hyper-cvd-inotuzumab.yaml").read_text("utf-8")

    assert [key for key in sections(shipped) if key not in rarer] == sections(
        run("new", "protocol", "mine").out
    )


def test_it_is_written_whole_and_not_over_another_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    printed = run("new", "protocol", "mine").out

    first = run("new", "protocol", "mine", "--output", str(path))
    again = run("new", "protocol", "other", "--output", str(path))

    assert (0, "", "") == (first.code, first.out, first.err)
    assert (printed, 0o600) == (path.read_text("utf-8"), stat.S_IMODE(path.stat().st_mode))
    assert (
        1,
        "",
        f"error: {path} exists and is not overwritten; give --force to overwrite it\n",
    ) == (
        again.code,
        again.out,
        again.err,
    )
    assert 0 == run("new", "protocol", "other", "--output", str(path), "--force").code
    assert "\nid: other\n" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("my protocol", "'my protocol' is not a name of letters, digits and hyphens\n"),
        ("../mine", "'../mine' is not a name of letters, digits and hyphens\n"),
        ("mine\n", "'mine\n' is not a name of letters, digits and hyphens\n"),
        ("", "'' is not a name of letters, digits and hyphens\n"),
        (
            "hyper-cvad-bortezomib",
            "there is a protocol 'hyper-cvad-bortezomib' already; give the new one another id\n",
        ),
    ],
)
def test_an_id_that_cannot_be_is_wrong_use(run: Run, name: str, message: str) -> None:
    ran = run("new", "protocol", name)

    assert (2, "", USAGE + message) == (ran.code, ran.out, ran.err)
