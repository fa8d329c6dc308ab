"""A wrong file gives one line for each fault, all at once, with line and column."""

from pathlib import Path

from tests.conftest import Run

SIX_FAULTS = """\
format: protoplan-protocol/1
id: six-faults
version: 1.0.0
title: Six faults
population: made up
reviewed: no one
sources:
  paper: {cite: "A paper, 2026"}
kinds:
  only: {length: 28 days, source: [paper, Methods]}
phases:
  - {name: all, cycles: {1: only}, source: [paper, Methods]}
components:
  - drug: cyclophosphamide
    in: only
    route: IV
    sigs:
      - {dose: 150 mg/m2, days: [1], dose: 15 mg/m2}
      - {dose: 150 mg/m, days: [2]}
      - {dose: 1,4 mg, days: [3]}
    source: [paper, Methods]
  - drug: vincristin
    in: only
    route: IV
    sigs:
      - {dose: 2 mg, days: [0]}
    source: [paper, Methods]
  - drug: vincristine
    in: only
    route: IV
    sigs:
      - {dose: 2 mg, days: [1]}
"""

SAID = """\
six.yaml:18:38: error: key 'dose' stands twice; first in line 18 [PP103]
    hint: keep one of the two
six.yaml:19:16: error: dose unit 'mg/m' is not known [PP204]
    hint: did you mean 'mg/m2'?
six.yaml:20:16: error: '1,4 mg' is not an amount: a comma stands in the number [PP204]
    hint: write 1.4 mg
six.yaml:22:11: error: drug 'vincristin' is not known [PP302]
    hint: did you mean 'vincristine'?
six.yaml:26:29: error: a cycle has no day 0; day 1 is its first day and day -1 the day before it [PP206]
six.yaml:28:5: error: component gives no source [PP305]
"""


def test_six_faults_are_six_lines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "six.yaml"
    path.write_text(SIX_FAULTS, "utf-8")

    ran = run("check", str(path))

    assert (3, SAID) == (ran.code, ran.out.replace(f"{tmp_path}/", ""))


def test_planning_a_wrong_file_says_the_same_and_prints_no_plan(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "six.yaml"
    path.write_text(SIX_FAULTS, "utf-8")

    ran = run("plan", str(path), "--height", "175cm", "--weight", "70kg", "--age", "45",
              "--start", "2026-03-02")  # fmt: skip

    assert (3, "", SAID) == (ran.code, ran.out, ran.err.replace(f"{tmp_path}/", ""))
