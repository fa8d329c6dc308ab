"""What `protoplan new` prints: refused as it is, in order once its blanks are filled in."""

import stat
from pathlib import Path

import pytest
from tests.conftest import ROOT, Run

from protoplan import api
from protoplan.reading.protocol import _PROTOCOL

USAGE = (
    "Usage: protoplan new protocol [OPTIONS] ID\n"
    "Try 'protoplan new protocol --help' for help.\n\nError: "
)

#: A rule of the label of vincristine that may be adopted; any name, as long as it has none.
LABEL_RULE = next(
    (rule.id for rule in api.drug("vincristine").rules if rule.written_for), "vincristine/any"
)

#: Line and column of each blank, the blank, and what is written in its place: vincristine 2 mg on
#: days 1 and 8 of 21, twice, so 2 doses and 4 mg in a cycle, and cycle 2 after 21 days.
BLANKS = [
    ("13:8", "FILL title", "Made up"),
    ("14:13", "FILL for whom the source gives it", "No one"),
    ("15:15", "FILL a word of the catalogue such as b-cell-all", "high-risk"),
    ("22:11", "FILL authors or maker, journal or label, and year", "Nobody A. J Nothing 2020;1:1"),
    ("23:11", "FILL how much of it was read", "all of it"),
    ("31:15", "FILL a number of cycles", "1"),
    ("31:40", "FILL a larger number", "2"),
    ("32:21", "FILL place of the choice", "Methods"),
    ("37:15", "FILL length such as 21 days", "21 days"),
    ("37:60", "FILL place of the length", "Methods"),
    ("42:11", "FILL name of the phase", "treatment"),
    ("43:14", "FILL labels such as 1-6", "1-2"),
    ("45:21", "FILL place of the cycles", "Methods"),
    ("50:11", "FILL drug", "vincristine"),
    ("52:12", "FILL route", "IV"),
    ("54:16", "FILL dose", "2 mg"),
    ("54:33", "FILL days", "[1, 8]"),
    ("55:21", "FILL place of the dose", "Table 1"),
    ("59:13", "FILL how many in all", "4"),
    ("59:39", "FILL drug and route", "vincristine IV"),
    ("59:76", "FILL place of the number", "Table 1"),
    ("66:9", "FILL name of the rule", "vincristine/bilirubin"),
    ("67:11", "FILL drug", "vincristine"),
    ("68:15", "FILL lab", "bilirubin"),
    ("70:19", "FILL a value with its unit", "3 mg/dL"),
    ("71:17", "FILL the same value", "3 mg/dL"),
    ("71:45", "FILL the share that is given", "50 percent"),
    ("72:21", "FILL place of the reduction", "Methods"),
    ("77:12", "FILL id of a rule of the formulary", LABEL_RULE),
    ("77:57", "FILL why it holds here", "the paper follows the label"),
    ("77:97", "FILL place that names it", "Methods"),
    ("81:12", "FILL drug", "vincristine"),
    ("81:29", "FILL the other drug", "itself"),
    ("81:60", "FILL a distance", "7 days"),
    ("81:93", "FILL place of the distance", "Methods"),
    ("85:13", "FILL name of the limit", "vincristine/cycle"),
    ("85:43", "FILL drug", "vincristine"),
    ("85:60", "FILL the largest sum", "4 mg"),
    ("85:88", "FILL cycle or lifetime", "cycle"),
    ("85:128", "FILL place of the limit", "Methods"),
    ("90:11", "FILL what is to be done", "Look"),
    ("91:12", "FILL when it ends", "not printed"),
    ("92:21", "FILL place of the rule", "Methods"),
    ("96:12", "FILL what is asked", "adults"),
    ("97:36", "FILL years", "18"),
    ("98:21", "FILL place of the bound", "Patients"),
    ("104:22", "FILL the largest number", "2"),
    ("104:54", "FILL drug", "vincristine"),
    ("104:79", "FILL doses in A", "2"),
    ("104:102", "FILL days", "[1, 8]"),
    ("104:120", "FILL sum in A", "4 mg"),
    ("105:22", "FILL the largest number", "2"),
    ("105:55", "FILL label of the last cycle", "2"),
    ("105:93", "FILL days after the start", "21 days"),
    ("110:12", "FILL what is said twice", "days"),
    ("112:17", "FILL one reading", "1 and 8"),
    ("112:51", "FILL place of the one", "Table 1"),
    ("113:17", "FILL the other reading", "1 and 11"),
    ("113:57", "FILL place of the other", "Discussion"),
    ("114:13", "FILL the reading that is followed", "1 and 8"),
    ("115:14", "FILL why it is followed", "the table is exact"),
    ("120:13", "FILL what is left out", "largest dose"),
    ("120:42", "FILL what is done about it", "the formulary's holds"),
    ("120:86", "FILL where one would look", "Table 1"),
]


def filled(text: str) -> str:
    """The form with its blanks filled in; its id may be one of them."""
    text = text.replace("FILL id\n", "mine\n", 1)
    for _, blank, words in BLANKS:
        text = text.replace(blank, words, 1)
    return text


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
    path.write_text(filled(run("new", "protocol", "mine").out), "utf-8")

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
    for number, (_, blank, words) in enumerate(BLANKS):
        text = text.replace(blank, "LEFT" if number == row else words, 1)
    path.write_text(text.replace("LEFT", BLANKS[row][1]), "utf-8")

    ran = run("check", str(path))

    assert 3 == ran.code
    assert f"a blank is not filled in: '{BLANKS[row][1]}' [PP210]" in ran.out


def test_the_sections_stand_in_the_order_of_the_shipped_files(run: Run) -> None:
    order = ["format", *_PROTOCOL.fields]
    rarer = ("include", "instructions", "requirements")

    def sections(text: str) -> list[str]:
        return [line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()]

    assert [key for key in order if key not in rarer] == sections(
        run("new", "protocol", "mine").out
    )
    for path in (ROOT / "protocols").glob("*.yaml"):
        shipped = sections(path.read_text("utf-8"))
        assert sorted(shipped, key=order.index) == shipped, path.name


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
