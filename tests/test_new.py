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
    ("12:8", "FILL title", "Made up"),
    ("13:13", "FILL for whom the source gives it", "No one"),
    ("20:11", "FILL authors or maker, journal or label, and year", "Nobody A. J Nothing 2020;1:1"),
    ("21:11", "FILL how much of it was read", "all of it"),
    ("29:15", "FILL a number of cycles", "1"),
    ("29:40", "FILL a larger number", "2"),
    ("30:21", "FILL place of the choice", "Methods"),
    ("35:15", "FILL length such as 21 days", "21 days"),
    ("35:60", "FILL place of the length", "Methods"),
    ("40:11", "FILL name of the phase", "treatment"),
    ("41:14", "FILL labels such as 1-6", "1-2"),
    ("43:21", "FILL place of the cycles", "Methods"),
    ("48:11", "FILL drug", "vincristine"),
    ("50:12", "FILL route", "IV"),
    ("52:16", "FILL dose", "2 mg"),
    ("52:33", "FILL days", "[1, 8]"),
    ("53:21", "FILL place of the dose", "Table 1"),
    ("57:13", "FILL how many in all", "4"),
    ("57:39", "FILL drug and route", "vincristine IV"),
    ("57:76", "FILL place of the number", "Table 1"),
    ("64:9", "FILL name of the rule", "vincristine/bilirubin"),
    ("65:11", "FILL drug", "vincristine"),
    ("66:15", "FILL lab", "bilirubin"),
    ("68:19", "FILL a value with its unit", "3 mg/dL"),
    ("69:17", "FILL the same value", "3 mg/dL"),
    ("69:45", "FILL the share that is given", "50 percent"),
    ("70:21", "FILL place of the reduction", "Methods"),
    ("75:12", "FILL id of a rule of the formulary", LABEL_RULE),
    ("75:57", "FILL why it holds here", "the paper follows the label"),
    ("75:97", "FILL place that names it", "Methods"),
    ("79:12", "FILL drug", "vincristine"),
    ("79:29", "FILL the other drug", "itself"),
    ("79:60", "FILL a distance", "7 days"),
    ("79:93", "FILL place of the distance", "Methods"),
    ("83:13", "FILL name of the limit", "vincristine/cycle"),
    ("83:43", "FILL drug", "vincristine"),
    ("83:60", "FILL the largest sum", "4 mg"),
    ("83:88", "FILL cycle or lifetime", "cycle"),
    ("83:128", "FILL place of the limit", "Methods"),
    ("88:11", "FILL what is to be done", "Look"),
    ("89:12", "FILL when it ends", "not printed"),
    ("90:21", "FILL place of the rule", "Methods"),
    ("94:12", "FILL what is asked", "adults"),
    ("95:36", "FILL years", "18"),
    ("96:21", "FILL place of the bound", "Patients"),
    ("102:22", "FILL the largest number", "2"),
    ("102:54", "FILL drug", "vincristine"),
    ("102:79", "FILL doses in A", "2"),
    ("102:102", "FILL days", "[1, 8]"),
    ("102:120", "FILL sum in A", "4 mg"),
    ("103:22", "FILL the largest number", "2"),
    ("103:55", "FILL label of the last cycle", "2"),
    ("103:93", "FILL days after the start", "21 days"),
    ("108:12", "FILL what is said twice", "days"),
    ("110:17", "FILL one reading", "1 and 8"),
    ("110:51", "FILL place of the one", "Table 1"),
    ("111:17", "FILL the other reading", "1 and 11"),
    ("111:57", "FILL place of the other", "Discussion"),
    ("112:13", "FILL the reading that is followed", "1 and 8"),
    ("113:14", "FILL why it is followed", "the table is exact"),
    ("118:13", "FILL what is left out", "largest dose"),
    ("118:42", "FILL what is done about it", "the formulary's holds"),
    ("118:86", "FILL where one would look", "Table 1"),
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
