"""`protoplan record`: one entry more, everything else as it was, and nothing written in doubt."""

import errno
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pytest
from tests.conftest import ROOT, Ran, Run

from protoplan import records
from protoplan.appending import Appended, appended
from protoplan.cli.records import record
from protoplan.reading.record import KINDS

MINI = (ROOT / "tests/problems/minimal.yaml").read_text("utf-8")
PIN = (
    "  - {date: 2026-03-02, protocol: minimal@1.0.0, "
    f"sha256: {hashlib.sha256(MINI.encode()).hexdigest()}}}\n"
)
STATED = """\
# made up
format: protoplan-treatment/1
id: made-up
patient: {label: made up, age: 45}
protocol: ./minimal.yaml
start: 2026-03-02

measurements:
  - {date: 2026-03-01, height: 175 cm, weight: 70 kg}  # at the desk
medicines:  none
earlier_exposure: 'none'
labs:
- {date: 2026-03-01, bilirubin: 0.6 mg/dL, creatinine: 0.9 mg/dL}

# what happened
"""
KEPT = f"{STATED}record:\n{PIN}  - {{date: 2026-03-02, cycle: 1, started: true}} # by hand\n"
DOSE = "1.d1.vincristine.IV.1"
OVERDUE = (
    "warning: 1 administration before the day of this plan is not recorded as given, held or "
    "missed; it counts as planned [PF206]\n"
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "minimal.yaml").write_text(MINI, "utf-8")
    path = tmp_path / "t.yaml"
    path.write_text(KEPT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return path


def added(run: Run, file: Path, *arguments: str) -> str:
    """What is at the end of the file since a command that must go well."""
    before = file.read_bytes()
    ran = run("record", "t.yaml", *arguments)

    assert 0 == ran.code, ran.err
    after = file.read_bytes()
    assert after.startswith(before)
    new = after[len(before) :].decode()
    lines = new.splitlines()
    number = before.count(b"\n") + 1
    assert ran.out == "".join(
        f"t.yaml: recorded in line {number + n}: {line.strip()[2:]}\n"
        for n, line in enumerate(lines)
    )
    return new


def refused(run: Run, file: Path, *arguments: str) -> Ran:
    before = file.read_bytes()
    ran = run("record", "t.yaml", *arguments)

    assert ("", before) == (ran.out, file.read_bytes())
    return ran


ENTRIES = {
    ("delayed", "2", "--to", "2026-03-25", "--reason", "bed"): (
        "delayed: 2, to: 2026-03-25, reason: bed"
    ),
    ("given", DOSE): f"given: {DOSE}, amount: 2 mg",
    ("given", DOSE, "--amount", "1.8 mg", "--weight", "70 kg", "--time", "10:05", "--bsa", "1.8m2"): (
        f'given: {DOSE}, amount: 1.8 mg, time: "10:05", bsa: 1.8m2, weight: 70 kg'
    ),
    ("held", DOSE, "--reason", "fever"): f"held: {DOSE}, reason: fever",
    ("missed", DOSE, "--reason", "yes"): f'missed: {DOSE}, reason: "yes"',
    ("refused", DOSE, "--reason", "[x]"): f'refused: {DOSE}, reason: "[x]"',
    ("delayed", DOSE, "--to", "2026-03-04", "--reason", "1,5"): (
        f'delayed: {DOSE}, to: 2026-03-04, reason: "1,5"'
    ),
    ("delayed", "2", "--to", "2026-03-30", "--reason", "señor: # no"): (
        'delayed: 2, to: 2026-03-30, reason: "señor: # no"'
    ),
    ("stopped", "vincristine", "--route", "IV", "--reason", 'say "x" \\ y'): (
        'stopped: vincristine, route: IV, reason: say "x" \\ y'
    ),
    ("moved-on", "transplant", "--reason", "a donor"): "moved_on: transplant, reason: a donor",
    ("toxicity", "peripheral neuropathy", "--grade", "2", "--related-to", "vincristine",
     "--outcome", "not resolved"): (
        "toxicity: peripheral neuropathy, grade: 2, related_to: vincristine, outcome: not resolved"
    ),
    ("toxicity", "liver", "--grade", "0"): "toxicity: liver, grade: 0",
    ("response", "--mrd", "negative"): "mrd: negative",
    ("response", "--response", "complete remission", "--mrd", "positive"): (
        "response: complete remission, mrd: positive"
    ),
    ("transplant", "--on", "2026-09-01"): "transplant_on: 2026-09-01",
    ("revised", "facts:  lvef"): 'revised: "facts: lvef"',
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "entry"), ENTRIES.items())
def test_each_command_writes_its_entry(
    run: Run, file: Path, arguments: tuple[str, ...], entry: str
) -> None:
    new = added(run, file, *arguments, "--date", "2026-03-02")

    assert f"  - {{date: 2026-03-02, {entry}}}\n" == new


def test_the_first_entry_follows_the_protocol_with_its_hash(run: Run, file: Path) -> None:
    file.write_text(STATED, "utf-8")

    ran = run("record", "t.yaml", "started", "1", "--date", "2026-03-02")

    entry = "  - {date: 2026-03-02, cycle: 1, started: true}\n"
    assert f"{STATED}record:\n{PIN}{entry}" == file.read_text("utf-8")
    assert (0, "") == (ran.code, ran.err)
    assert ran.out == (
        f"t.yaml: recorded in line 17: {PIN.strip()[2:]}\n"
        f"t.yaml: recorded in line 18: {entry.strip()[2:]}\n"
    )


def test_the_hashes_of_fragments_are_written(run: Run, file: Path) -> None:
    file.write_bytes((ROOT / "examples/sample-a.yaml").read_bytes())

    new = added_to_sample(run, file, "started", "1", "--date", "2026-03-02")

    hashes = [
        hashlib.sha256((ROOT / "protocols" / name).read_bytes()).hexdigest()
        for name in (
            "mini-hyper-cvd-inotuzumab.yaml",
            "fragments/mini-hyper-cvd.yaml",
            "fragments/pomp.yaml",
        )
    ]
    assert new == (
        "record:\n"
        f"  - {{date: 2026-03-02, protocol: mini-hyper-cvd-inotuzumab@1.4.0, sha256: {hashes[0]}, "
        f"fragments: {{mini-hyper-cvd: {hashes[1]}, pomp: {hashes[2]}}}}}\n"
        "  - {date: 2026-03-02, cycle: 1, started: true}\n"
    )


def added_to_sample(run: Run, file: Path, *arguments: str) -> str:
    before = file.read_text("utf-8")
    ran = run("record", "t.yaml", *arguments)
    assert 0 == ran.code, ran.err
    return file.read_text("utf-8").removeprefix(before)


def test_an_amount_and_an_area_are_those_of_the_plan_and_written_out(run: Run, file: Path) -> None:
    """0.6 mg/m2 × 1.84 m2 = 1.104 mg, ordered as 1.1 mg."""
    file.write_bytes((ROOT / "examples/sample-a.yaml").read_bytes())
    dose = "1.d2.inotuzumab-ozogamicin.IV.1"

    new = added_to_sample(run, file, "given", dose, "--date", "2026-03-03", "--time", "10:10")

    entry = f'  - {{date: 2026-03-03, given: {dose}, amount: 1.1 mg, time: "10:10", bsa: 1.84 m2}}'
    assert entry == new.splitlines()[-1]


def test_an_interruption_says_what_the_rate_came_to(run: Run, file: Path) -> None:
    """9 mcg a day from day 1 at 10:00 to day 2 at 16:00 is 30 of 24 hours: 11.25 mcg."""
    text = (ROOT / "examples/sample-a.yaml").read_text("utf-8")
    text = text.replace("- {date: 2026-03-01, creatinine", "- {date: 2026-06-21, creatinine")
    file.write_text(text, "utf-8")
    dose = "5.d1.blinatumomab.IV.1"
    called = ["--time", "10:00", "--date", "2026-06-22"]
    added_to_sample(run, file, "begun", dose, *called)

    new = added_to_sample(
        run, file, "interrupted", dose, "--date", "2026-06-23", "--time", "16:00",
        "--reason", "tremor",
    )  # fmt: skip
    assert new == (
        f'  - {{date: 2026-06-23, interrupted: {dose}, time: "16:00", delivered: 11.25 mcg, '
        "reason: tremor}\n"
    )

    new = added_to_sample(run, file, "resumed", dose, "--date", "2026-06-24")
    assert f"  - {{date: 2026-06-24, resumed: {dose}}}\n" == new


def test_what_is_delivered_is_left_out_where_the_plan_cannot_say(run: Run, file: Path) -> None:
    file.write_bytes((ROOT / "examples/sample-a.yaml").read_bytes())
    new = added_to_sample(
        run, file, "interrupted", "5.d1.blinatumomab.IV.1", "--date", "2026-06-23",
        "--reason", "tremor",
    )  # fmt: skip

    assert new.splitlines()[-1] == (
        "  - {date: 2026-06-23, interrupted: 5.d1.blinatumomab.IV.1, reason: tremor}"
    )


def test_labs_stand_in_their_own_list(run: Run, file: Path) -> None:
    ran = run(
        "record", "t.yaml", "lab", "creatinine=1.4 mg/dL", "bilirubin=0.5 mg/dL",
        "--date", "2026-03-04",
    )  # fmt: skip

    lab = "- {date: 2026-03-04, creatinine: 1.4 mg/dL, bilirubin: 0.5 mg/dL}"
    entry = '- {date: 2026-03-04, revised: "lab creatinine, bilirubin"}'
    assert file.read_text("utf-8") == KEPT.replace("\n\n# what", f"\n{lab}\n\n# what") + (
        f"  {entry}\n"
    )
    assert (0, OVERDUE) == (ran.code, ran.err)
    assert ran.out == (
        f"t.yaml: recorded in line 14: {lab[2:]}\nt.yaml: recorded in line 20: {entry[2:]}\n"
    )


def test_a_weight_stands_among_the_measurements(run: Run, file: Path) -> None:
    ran = run("record", "t.yaml", "weight", "72 kg", "--height", "174 cm", "--date", "2026-03-02")

    desk = "# at the desk\n"
    lines = "  - {date: 2026-03-02, height: 174 cm, weight: 72 kg}\n"
    assert file.read_text("utf-8") == KEPT.replace(desk, desk + lines) + (
        "  - {date: 2026-03-02, revised: height and weight}\n"
    )
    assert (0, "") == (ran.code, ran.err)


def test_each_entry_is_a_revision(run: Run, file: Path) -> None:
    added(run, file, "held", DOSE, "--reason", "fever", "--date", "2026-03-03")

    plan = run("plan", "t.yaml").out

    assert "revision 3 of 2026-03-03" in plan


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["whole last line", "no last line break"])
def test_letters_of_the_file_stay(run: Run, file: Path, mark: str, end: str, last: bool) -> None:
    text = mark + KEPT.replace("\n", end)
    file.write_bytes((text if last else text.removesuffix(end)).encode())
    file.chmod(0o640)

    ran = run("record", "t.yaml", "toxicity", "liver", "--grade", "1", "--date", "2026-03-02")

    entry = "  - {date: 2026-03-02, toxicity: liver, grade: 1}"
    assert (0, f"{text}{entry}{end}".encode()) == (ran.code, file.read_bytes()), ran.err
    assert 0o640 == file.stat().st_mode & 0o777


def test_a_dry_run_shows_the_lines_and_writes_nothing(run: Run, file: Path) -> None:
    file.write_text(STATED, "utf-8")

    ran = run("record", "t.yaml", "weight", "72kg", "--date", "2026-03-02", "--dry-run")

    assert STATED == file.read_text("utf-8")
    assert (0, "") == (ran.code, ran.err)
    assert ran.out == (
        "  - {date: 2026-03-02, weight: 72kg}\nrecord:\n"
        f"{PIN}  - {{date: 2026-03-02, revised: weight}}\n"
    )


STOPPED = """\
format: protoplan-treatment/1
id: made-up
patient: {label: made up, age: 45, sex: female}
protocol: hyper-cvad-bortezomib
start: 2026-03-02
options: {asparaginase_dose: 5000 units/m2, asparaginase_days: "5, 7, 9, 11, 13, 15"}
facts: {cd20_percent: 0, philadelphia: negative, leucovorin_elsewhere: yes, ecog: 1, lineage: B}
measurements:
  - {date: 2026-03-05, height: 175 cm, weight: 70 kg}
labs:
  - {date: 2026-03-05, creatinine: 0.9 mg/dL, bilirubin: 0.6 mg/dL, alt: 0.8 xULN, ast: 0.7 xULN}
medicines: none
earlier_exposure: none
"""


def test_a_stop_that_an_entry_brings_is_told_and_the_entry_written(run: Run, file: Path) -> None:
    """1000 mg over 1.84 m2 are 543.4783 mg/m2; with 50 mg/m2 in cycle 3, 593.4783."""
    file.write_text(STOPPED, "utf-8")
    given = ("given", "1.d4.doxorubicin.IV.1", "--amount", "1000 mg", "--date", "2026-03-05")

    shown = run("record", "t.yaml", *given, "--dry-run")
    ran = run("record", "t.yaml", *given)

    assert (0, 0, shown.err) == (shown.code, ran.code, ran.err)
    assert ran.err == (
        "stop: doxorubicin comes to 593.4783 mg/m² in all, with earlier treatment, past 550\N{NO-BREAK SPACE}mg/m²: "
        "the risk of heart failure rises; other anthracyclines and mitoxantrone are counted in "
        "[PF231]\n"
        "warning: DOXOrubicin intravenous 1,000\N{NO-BREAK SPACE}mg was given where 92\N{NO-BREAK SPACE}mg was "
        "ordered (+986.96%) [PF234]\n"
        "the plan has a stop; see it with: protoplan plan t.yaml\n"
    )
    assert 4 == run("plan", "t.yaml").code
    again = run("record", "t.yaml", "toxicity", "liver", "--grade", "0", "--date", "2026-03-05")
    assert "the plan has a stop; see it with: protoplan plan t.yaml\n" == again.err


def test_a_plan_that_lacks_something_since_is_told(run: Run, file: Path) -> None:
    file.write_bytes((ROOT / "examples/sample-a.yaml").read_bytes())

    ran = run("record", "t.yaml", "begun", "5.d1.blinatumomab.IV.1", "--date", "2026-06-22")

    assert 0 == ran.code
    assert "\nlacks: cyclophosphamide: creatinine in serum: state the lab creatinine\n" in ran.err
    assert ran.err.endswith("the plan is incomplete; see it with: protoplan plan t.yaml\n")


# -- what is refused -------------------------------------------------------------------------------

HEAD = "Usage: protoplan record TREATMENT {0} [OPTIONS]{1}\nTry 'protoplan record TREATMENT {0} --help' for help.\n\nError: "
WRONG_USE = {
    ("held", DOSE, "--date", "2.3.26", "--reason", ""): (
        " DOSE",
        "--date: '2.3.26' is not a date; write year-month-day, such as 2026-03-02 [PP207]\n"
        "       --reason: nothing is written here; a value was expected [PP203]",
    ),
    ("held", "vincristine", "--date", "2026-03-02", "--reason", "x"): (
        " DOSE",
        "DOSE: 'vincristine' is not the id of a dose; expected cycle, day, drug, route and number, "
        "such as 1.d2.vincristine.IV.1 [PP205]",
    ),
    ("held", DOSE, "--date", "2026-03-02", "--reason", "a\tb"): (
        " DOSE",
        "--reason: the character U+0009 may not stand in a text; write it on one line, with spaces "
        "[PP102]",
    ),
    ("held", DOSE, "--date", "2026-03-02", "--reason", "a\nb"): (
        " DOSE",
        "--reason: the character U+000A may not stand in a text; write it on one line, with spaces "
        "[PP102]",
    ),
    ("held", DOSE, "--date", "2026-03-02", "--reason", "a\x1b[2J"): (
        " DOSE",
        "--reason: the character U+001B may not stand in a text [PP102]",
    ),
    ("held", DOSE, "--date", "2026-03-02", "--reason", "\udcff"): (
        " DOSE",
        "--reason: the character U+DCFF may not stand in a text [PP102]",
    ),
    ("given", DOSE, "--date", "2026-03-02", "--amount", "1,1 mg", "--time", "9:00"): (
        " DOSE",
        "--amount: '1,1 mg' is not an amount: '1,1' is not a number in digits with at most one "
        "point; write 1.1 mg [PP204]\n       --time: '9:00' is not a time of day; write hours and "
        "minutes, such as 08:00 [PP207]",
    ),
    ("toxicity", "livre", "--grade", "6", "--date", "2026-03-02"): (
        " NAME",
        "NAME: toxicity 'livre' is not known; did you mean 'liver'? [PP303]\n"
        "       --grade: '6' is not a whole number from 0 to 5 [PP208]",
    ),
    ("response", "--date", "2026-03-02"): ("", "state --response, --mrd or both"),
    ("lab", "creatinine", "--date", "2026-03-02"): (
        " NAME=VALUE...",
        "'creatinine' is not of the form NAME='VALUE UNIT'",
    ),
    ("lab", "alt=1 xULN", "alt=2 xULN", "--date", "2026-03-02"): (
        " NAME=VALUE...",
        "'alt' is stated twice",
    ),
    ("lab", "creatinin=1 mg/dL", "alt=40", "--date", "2026-03-02"): (
        " NAME=VALUE...",
        "creatinin=1 mg/dL: lab 'creatinin' is not known; did you mean 'creatinine'? [PP303]",
    ),
    ("lab", "creatinine=1", "alt=40", "--date", "2026-03-02"): (
        " NAME=VALUE...",
        "creatinine=1: '1' has no unit; expected a unit such as mg/dL, umol/L, g/dL, 10^9/L [PP204]"
        "\n       alt=40: '40' has no unit; expected a unit such as mg/dL, umol/L, g/dL, 10^9/L "
        "[PP204]",
    ),
    ("weight", "72", "--date", "2026-03-02"): (
        " WEIGHT",
        "WEIGHT: '72' has no unit; expected kg, g, lb [PP204]",
    ),
    ("protocol", "--date", "2026-03-02"): (
        "",
        "t.yaml states minimal@1.0.0 as it is now already, in line 17",
    ),
    ("started", "1"): (" CYCLE", "Missing option '--date'."),
    ("held", DOSE, "--date", "2026-03-02"): (" DOSE", "Missing option '--reason'."),
}


@pytest.mark.parametrize(("arguments", "usage"), WRONG_USE.items())
def test_wrong_use_is_exit_2_with_the_flag(
    run: Run, file: Path, arguments: tuple[str, ...], usage: tuple[str, str]
) -> None:
    ran = refused(run, file, *arguments)

    assert (2, f"{HEAD.format(arguments[0], usage[0])}{usage[1]}\n") == (ran.code, ran.err)


def test_a_dose_that_the_plan_does_not_have_is_exit_3(run: Run, file: Path) -> None:
    entry = "held: 1.d1.vincristin.IV.1"

    ran = refused(run, file, "held", entry[6:], "--reason", "x", "--date", "2026-03-02")

    assert (3, (
        "t.yaml:19:5: error: the plan has no dose '1.d1.vincristin.IV.1' [PP406]\n"
        "    hint: it gives no vincristin in cycle 1; did you mean 'vincristine'?\n"
        "error: nothing was written to t.yaml; it would have had\n"
        f"    line 19:   - {{date: 2026-03-02, {entry}, reason: x}}\n"
    )) == (ran.code, ran.err)  # fmt: skip


def test_a_dose_without_an_amount_that_the_plan_does_not_have_is_exit_3(
    run: Run, file: Path
) -> None:
    ran = refused(run, file, "given", "1.d2.vincristine.IV.1", "--date", "2026-03-02")

    assert (3, (
        "DOSE: error: the plan has no dose '1.d2.vincristine.IV.1' [PP406]\n"
        "    hint: of that drug in that cycle it has 1.d1.vincristine.IV.1, 1.d8.vincristine.IV.1\n"
        "error: nothing was written to t.yaml\n"
    )) == (ran.code, ran.err)  # fmt: skip


def test_a_dose_of_which_the_plan_has_no_amount_needs_one(run: Run, file: Path) -> None:
    added(run, file, "held", DOSE, "--reason", "fever", "--date", "2026-03-02")

    ran = refused(run, file, "given", DOSE, "--date", "2026-03-02")

    assert (2, (
        f"{HEAD.format('given', ' DOSE')}the plan has no amount of {DOSE}, which is held: held on "
        "2026-03-02: fever; state what was given with --amount\n"
    )) == (ran.code, ran.err)  # fmt: skip


def test_a_dose_that_the_plan_cannot_work_out_needs_an_amount(run: Run, file: Path) -> None:
    file.write_text(STOPPED.replace("creatinine: 0.9 mg/dL, ", ""), "utf-8")
    dose = "1.d1.cyclophosphamide.IV.1"

    ran = refused(run, file, "given", dose, "--date", "2026-03-02")

    assert (2, (
        f"{HEAD.format('given', ' DOSE')}the plan has no amount of {dose}, which is unresolved, "
        "for it lacks creatinine; state what was given with --amount\n"
    )) == (ran.code, ran.err)  # fmt: skip


def test_no_amount_is_taken_from_a_file_that_cannot_be_planned(run: Run, file: Path) -> None:
    file.write_text(f"{KEPT}  - {{date: 2026-03-02, held: 1.d2.vincristine.IV.1, reason: x}}\n")

    ran = refused(run, file, "given", DOSE, "--date", "2026-03-02")

    assert (3, (
        "t.yaml:19:5: error: the plan has no dose '1.d2.vincristine.IV.1' [PP406]\n"
        "    hint: of that drug in that cycle it has 1.d1.vincristine.IV.1, 1.d8.vincristine.IV.1\n"
        "error: nothing was written to t.yaml\n"
    )) == (ran.code, ran.err)  # fmt: skip


def test_an_entry_may_mend_a_file_that_cannot_be_planned(run: Run, file: Path) -> None:
    file.write_text(KEPT.replace("height: 175 cm, ", ""))
    ran = refused(run, file, "started", "2", "--date", "2026-03-20")
    said = "no height is stated; without it no dose by surface area can be worked [PP202]"
    assert (3, True) == (ran.code, said in ran.err)

    ran = run("record", "t.yaml", "weight", "70kg", "--height", "175cm", "--date", "2026-03-02")

    assert (0, "") == (ran.code, ran.err)
    assert 0 == run("check", "t.yaml").code


def test_a_lab_that_stands_there_already_is_exit_3(run: Run, file: Path) -> None:
    ran = refused(run, file, "lab", "creatinine=1 mg/dL", "--date", "2026-03-01")

    assert (3, (
        "t.yaml:14:34: error: creatinine is stated twice for 2026-03-01 [PP310]\n"
        "error: nothing was written to t.yaml; it would have had\n"
        "    line 14: - {date: 2026-03-01, creatinine: 1 mg/dL}\n"
        "    line 20:   - {date: 2026-03-01, revised: lab creatinine}\n"
    )) == (ran.code, ran.err)  # fmt: skip


def test_a_file_with_problems_gets_no_entry(run: Run, file: Path) -> None:
    file.write_text(KEPT.replace("cycle: 1", "cycle: '?'").replace("age: 45", "age: old"))

    ran = refused(run, file, "started", "2", "--date", "2026-03-20")

    assert (3, (
        "t.yaml:4:32: error: 'old' is not a whole number from 0 to 120 [PP208]\n"
        "t.yaml:18:31: error: '?' is not a name of letters, digits and hyphens [PP205]\n"
        "error: nothing was written to t.yaml\n"
    )) == (ran.code, ran.err)  # fmt: skip


def test_a_record_that_does_not_stand_last_gets_no_entry(run: Run, file: Path) -> None:
    file.write_text(f"{KEPT}policy: default\n")

    ran = refused(run, file, "started", "2", "--date", "2026-03-20")

    assert (3, (
        "t.yaml:16:1: error: 'record' stands before 'policy' (line 19); expected it last, so that "
        "entries are appended at the end of the file [PP203]\n"
        "error: nothing was written to t.yaml\n"
    )) == (ran.code, ran.err)  # fmt: skip


TARGETS = {
    "-": "- is standard input, to which nothing can be written",
    "mini-hyper-cvd-inotuzumab": "'mini-hyper-cvd-inotuzumab' is the id of a protocol",
    "mini-hyper-cvd-inotuzumab@1.4.0": "'mini-hyper-cvd-inotuzumab@1.4.0' is the id of a protocol",
    "none.yaml": "there is no file 'none.yaml'",
    "x" * 5000: f"there is no file '{'x' * 5000}'",
}


@pytest.mark.parametrize(("target", "said"), TARGETS.items(), ids=range(len(TARGETS)))
def test_what_is_no_treatment_file_is_refused(run: Run, file: Path, target: str, said: str) -> None:
    ran = run("record", target, "started", "1", "--date", "2026-03-02")

    said = f"{said}; a record is kept in a treatment file; state its path\n"
    assert (2, f"{HEAD.format('started', ' CYCLE')}{said}") == (ran.code, ran.err)


def test_a_protocol_file_is_refused(run: Run, file: Path) -> None:
    ran = run("record", "minimal.yaml", "started", "1", "--date", "2026-03-02")

    said = "minimal.yaml is a protocol file; a record is kept in a treatment file\n"
    assert (2, f"{HEAD.format('started', ' CYCLE')}{said}") == (ran.code, ran.err)


@pytest.mark.parametrize("flags", [[], ["--dry-run"]])
def test_what_is_no_regular_file_is_refused(run: Run, file: Path, flags: list[str]) -> None:
    Path("link.yaml").symlink_to(file)
    Path("folder.yaml").mkdir()
    os.mkfifo("pipe.yaml")

    for name in ("link.yaml", "folder.yaml", "pipe.yaml"):
        ran = run("record", name, "started", "2", "--date", "2026-03-20", *flags)

        said = f"error: {name} is not a regular file and is left alone\n"
        assert (1, "", said) == (ran.code, ran.out, ran.err)
    assert KEPT == file.read_text("utf-8")


def test_a_full_disk_leaves_the_file(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    ran = refused(run, file, "started", "2", "--date", "2026-03-20")

    said = "error: t.yaml cannot be written: No space left on device\n"
    assert (1, said) == (ran.code, ran.err)


def test_a_name_that_cannot_be_printed_is_written_to_all_the_same(run: Run, file: Path) -> None:
    odd = file.with_name(os.fsdecode(b"\xff y.yaml"))
    file.rename(odd)

    ran = run("record", odd.name, "started", "2", "--date", "2026-03-04")

    assert (0, "? y.yaml: recorded in line 19: {date: 2026-03-04, cycle: 2, started: true}\n") == (
        ran.code,
        ran.out,
    )
    assert 1 == odd.read_text("utf-8").count("cycle: 2")


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_has_its_command_and_every_key_of_it_a_flag(kind: str) -> None:
    """What a file can hold can be recorded by command."""
    by_itself = {"started", "protocol", "sha256", "fragments"}
    command = record.commands[{"transplant_on": "transplant"}.get(kind, kind.replace("_", "-"))]
    options = {p.name for p in command.params if isinstance(p, click.Option)}
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    keys = set(KINDS[kind].fields) - by_itself
    if arguments:
        keys.remove("cycle" if kind == "started" else kind)

    assert {"transplant_on" if name == "on" else name for name in options} == keys | {"dry_run"}


# -- the protocol ----------------------------------------------------------------------------------


def test_another_version_of_the_protocol_is_accepted_by_a_command(run: Run, file: Path) -> None:
    changed = MINI.replace("version: 1.0.0", "version: 1.1.0")
    Path("minimal.yaml").write_text(changed, "utf-8")

    new = added(run, file, "protocol", "--date", "2026-03-20")

    digest = hashlib.sha256(changed.encode()).hexdigest()
    assert f"  - {{date: 2026-03-20, protocol: minimal@1.1.0, sha256: {digest}}}\n" == new
    ran = refused(run, file, "protocol", "--date", "2026-03-21")
    assert (2, True) == (ran.code, "states minimal@1.1.0 as it is now already" in ran.err)


def test_the_protocol_of_an_empty_record_is_written_once(run: Run, file: Path) -> None:
    file.write_text(STATED, "utf-8")

    run("record", "t.yaml", "protocol", "--date", "2026-03-02")

    assert f"{STATED}record:\n{PIN}" == file.read_text("utf-8")


# -- what must never be ----------------------------------------------------------------------------


def test_a_text_that_is_not_the_old_one_with_the_entry_is_not_written(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the editing of the text ever be wrong, it is a fault of ours and no file of theirs."""

    def wrong(change: str, by: str) -> None:
        def edited(*arguments: object) -> Appended:
            made = appended(*arguments)  # type: ignore[arg-type]
            return Appended(made.text.replace(change, by), made.lines)

        monkeypatch.setattr(records, "appended", edited)

    for change, by in (("70 kg", "71 kg"), ("# by hand", "# by"), ("started", " started"),
                       ("reason: x", "reason: y")):  # fmt: skip
        wrong(change, by)
        ran = refused(run, file, "held", DOSE, "--reason", "x", "--date", "2026-03-02")
        assert (1, True) == (ran.code, "internal error, RuntimeError at records.py" in ran.err)


RECORDING = """
import sys
from protoplan.cli import main
for number in range(5):
    try:
        main(["record", "t.yaml", "revised", f"{sys.argv[1]}-{number}", "--date", "2026-03-02"])
    except SystemExit as ended:
        if ended.code:
            raise
"""


def test_many_programs_record_at_once_and_lose_nothing(run: Run, file: Path) -> None:
    file.write_text(STATED, "utf-8")
    running = [
        subprocess.Popen([sys.executable, "-c", RECORDING, str(n)], stdout=subprocess.PIPE)
        for n in range(8)
    ]

    out = b"".join(program.communicate()[0] for program in running)

    assert [0] * 8 == [program.returncode for program in running]
    text = file.read_text("utf-8")
    found = re.findall(r"(?m)^  - \{date: 2026-03-02, revised: (.*)\}$", text)
    assert sorted(f"{n}-{i}" for n in range(8) for i in range(5)) == sorted(found)
    assert 1 == text.count("sha256") and text.startswith(f"{STATED}record:\n{PIN}")
    assert 41 == out.count(b"recorded in line")
    assert 0 == run("check", "t.yaml").code
    assert "revision 41 of" in run("plan", "t.yaml").out
