"""A tiny broken file for every code, with all that its author must be told.

Beside `<code>-<slug>.yaml` lies `<code>-<slug>.txt`, which was written by hand: one line for each
fault, at the place where the hand goes to mend it, and no line for what only follows from it.
"""

from pathlib import Path

import pytest

from protoplan import api
from protoplan.problems import PROBLEMS, Problem

FOLDER = Path(__file__).parent
GOOD = ("minimal", "minimal-treatment")
BROKEN = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem not in GOOD)

#: Codes that no file here can show, and the test that does.
ELSEWHERE = {
    "PP101": "test_a_file_that_cannot_be_read_is_a_problem",
    "PP108": "test_what_is_no_plan_is_a_problem_with_its_place",
}


def problems_of(name: str) -> list[Problem]:
    """What `protoplan check` finds, and `protoplan test` where a case is not met."""
    path = FOLDER / f"{name}.yaml"
    if name.startswith("PP501"):
        return [one for _, found in api.run_cases(path, path.name) for one in found]
    return api.check_file(path, path.name)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_every_problem_in_whole_lines(name: str) -> None:
    expected = (FOLDER / f"{name}.txt").read_text("utf-8")

    assert expected == "".join(f"{problem}\n" for problem in problems_of(name))


@pytest.mark.parametrize("name", GOOD)
def test_the_files_that_the_broken_ones_were_made_from_are_ok(name: str) -> None:
    assert [] == problems_of(name)


def test_every_code_has_a_broken_file() -> None:
    shown = {name[:5] for name in BROKEN}

    assert set(PROBLEMS) == (shown & set(PROBLEMS)) | set(ELSEWHERE)


def test_every_text_has_its_file_and_names_the_code_of_the_file() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}

    assert BROKEN == sorted(texts)
    assert [] == [
        name for name in BROKEN if name.startswith("PP") and f"[{name[:5]}]\n" not in texts[name]
    ]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    absent, folder = tmp_path / "absent.yaml", tmp_path / "folder.yaml"
    folder.mkdir()

    found = [*api.check_file(absent, "absent.yaml"), *api.check_file(folder, "folder.yaml")]

    assert [
        "absent.yaml:1:1: error: the file cannot be read: No such file or directory [PP101]",
        "folder.yaml:1:1: error: the file cannot be read: Is a directory [PP101]",
    ] == [str(problem) for problem in found]


def test_a_file_of_more_than_a_megabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("#" * 1_000_001, "utf-8")

    found = api.check_file(path, path.name)

    assert ["large.yaml:1:1: error: the file is larger than 1 MB [PP106]"] == list(map(str, found))
