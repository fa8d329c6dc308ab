"""The command line as its users meet it: exit codes, messages, files, bytes."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import FACTS, QUICK, ROOT, WITH_MEDICINES, Run

from protoplan import __version__, files, forms

BARE = ["mini-hyper-cvd-inotuzumab", "--age", "45", "--start", "2026-03-02"]
USAGE = "Usage: protoplan plan [OPTIONS] TARGET\nTry 'protoplan plan --help' for help.\n\nError: "


def test_version(run: Run) -> None:
    assert (0, f"protoplan, version {__version__}\n") == (
        run("--version").code,
        run("--version").out,
    )


def test_the_sample_treatment_is_complete(run: Run) -> None:
    assert 0 == run("plan", "examples/sample-a.yaml").code


def test_a_treatment_from_standard_input_is_the_same_plan(run: Run) -> None:
    from_file = run("plan", "examples/sample-a.yaml", "--format", "csv").out
    text = (ROOT / "examples/sample-a.yaml").read_text("utf-8")

    assert from_file == run("plan", "-", "--format", "csv", stdin=text).out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mini-hyper-cvd"], "there is no protocol 'mini-hyper-cvd'; "
         "it could be mini-hyper-cvd-inotuzumab or mini-hyper-cvd-venetoclax [PP404]\n"),
        (["mini-hyper-cvd-inotuzumab"], "a protocol is planned for a patient: --height, --weight, "
         "--start, --age or --birth-date is wanted [PP202]\n"),
        ([*QUICK, "--fact", "cd20percent=20"], "--fact: fact 'cd20percent' is not known; did you mean 'cd20_percent'? [PP303]\n"),
        ([*QUICK, "--fact", "cd20_percent=120"],
         "--fact: cd20_percent 120 lies outside 0 to 100 [PP402]\n"),
        ([*QUICK, "--medicine", "posaconazole:2026-03-07..2026-03-10"],
         "--medicine: 'posaconazole:2026-03-07..2026-03-10' is not of the form DRUG or DRUG=FROM..TO; "
         "none stands alone [PP203]\n"),
        ([*QUICK, "--medicine", "posaconazole=2026-03-07"],
         "--medicine: 'posaconazole=2026-03-07' is not of the form DRUG or DRUG=FROM..TO; "
         "none stands alone [PP203]\n"),
        ([*QUICK, "--option", "inotuzumab_schedule=orignal"],
         "--option: 'orignal' is not a choice of inotuzumab_schedule; expected fractionated, "
         "original; did you mean 'original'? [PP402]\n"),
        ([*QUICK, "--option", "inotuzumab_first_dose=1.8 mg/m2"],
         "--option: option inotuzumab_first_dose does not apply with the other answers stated, and "
         "would be passed over; state the option that it hangs on, or take this one out [PP402]\n"),
        ([*QUICK, "--option", "inotuzumab_schedule=original", "--option",
          "inotuzumab_first_dose=1.9 mg/m2"],
         "--option: inotuzumab_first_dose 1.9 mg/m2 lies outside 1.3 mg/m2 to 1.8 mg/m2 [PP402]\n"),
        (["examples/sample-a.yaml", "--height", "175cm"],
         "examples/sample-a.yaml is a treatment file; state --height in it instead\n"),
        (["policies/default.yaml"],
         "policies/default.yaml is a policy file; a treatment or a protocol can be planned\n"),
        ([*BARE, "--height", "70cm", "--weight", "175kg"],
         "--height: height 70 cm and weight 175 kg look swapped [PP401]\n"),
        ([*BARE, "--weight", "70kg", "--height", "99cm"], "--height: a height of 99 cm lies outside 100 cm to 230 cm; "
         "protoplan plans for adults within it [PP401]\n"),
        ([*BARE, "--height", "210cm", "--weight", "301kg"], "--height: a weight of 301 kg lies outside 25 kg to 300 kg; "
         "protoplan plans for adults within it [PP401]\n"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_2_with_a_sentence(run: Run, arguments: list[str], message: str) -> None:
    ran = run("plan", *arguments)

    assert (2, "", USAGE + message) == (ran.code, ran.out, ran.err)


@pytest.mark.parametrize(
    ("height", "weight"),
    [
        ("100cm", "25kg"),
        ("230cm", "300kg"),
        ("1.75m", "70kg"),
        ("68.9in", "154.3lb"),
        ("165cm", "170kg"),
    ],
)
def test_bounds_of_height_and_weight_are_inside(run: Run, height: str, weight: str) -> None:
    quick = ["mini-hyper-cvd-inotuzumab", "--age", "45", "--start", "2026-03-02"]

    assert (
        0
        == run(
            "plan", *quick, "--height", height, "--weight", weight, *FACTS, "--earlier=none"
        ).code
    )


def test_a_file_with_a_problem_is_exit_3_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    text = (
        (ROOT / "examples/sample-a.yaml")
        .read_text("utf-8")
        .replace("weight: 70 kg", "weight: 7,0 kg")
    )
    path, out = tmp_path / "bad.yaml", tmp_path / "plan.json"
    path.write_text(text, "utf-8")

    ran = run("plan", str(path), "--output", str(out))

    assert (3, "", False) == (ran.code, ran.out, out.exists())
    assert (
        f"{path}:22:48: error: '7,0 kg' is not an amount: a comma stands in the number [PP204]\n"
        "    hint: write 7.0 kg\n"
    ) == ran.err


def test_a_written_file_is_whole_private_and_not_overwritten(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "plan.txt"
    printed = run("plan", "examples/sample-a.yaml").out

    first = run("plan", "examples/sample-a.yaml", "--output", str(out))
    again = run("plan", "examples/sample-a.yaml", "--format", "csv", "--output", str(out))

    assert (0, printed, 0o600) == (
        first.code,
        out.read_text("utf-8"),
        stat.S_IMODE(out.stat().st_mode),
    )
    assert (1, f"error: {out} exists and is not overwritten; give --force to overwrite it\n") == (
        again.code,
        again.err,
    )
    assert [out] == list(tmp_path.iterdir())
    assert 0 == run("plan", "examples/sample-a.yaml", "--output", str(out), "--force").code


def test_a_folder_that_is_not_there_is_said(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "plan.txt"

    ran = run("plan", "examples/sample-a.yaml", "--output", str(out))

    assert (1, f"error: {out} cannot be written: No such file or directory\n") == (
        ran.code,
        ran.err,
    )


def test_text_fits_a_hundred_columns(run: Run) -> None:
    commands = [
        ("plan", "examples/sample-a.yaml"),
        ("plan", *QUICK),
        ("plan", "examples/sample-b-original.yaml"),
        ("show", "mini-hyper-cvd-inotuzumab"),
        ("explain", "examples/sample-a.yaml"),
        ("cumulative", "methotrexate", "examples/sample-a.yaml"),
    ]

    wide = [
        line for command in commands for line in run(*command).out.splitlines() if len(line) > 100
    ]

    assert [] == wide


def test_same_input_same_bytes_whatever_the_environment() -> None:
    """Two processes with another time zone, locale and hash seed."""
    worlds = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242"},
    ]
    commands = [
        ["plan", "examples/sample-a.yaml", "--format", form] for form in ("text", "json", "csv")
    ]
    commands += [
        ["show", "mini-hyper-cvd-inotuzumab"],
        ["cumulative", "inotuzumab", "examples/sample-a.yaml"],
        ["compare", "hyper-cvad-bortezomib", "mini-hyper-cvd-inotuzumab"],
        ["list", "--by", "source"],
    ]

    for command in commands:
        outputs = {
            subprocess.run(
                [sys.executable, "-c", "from protoplan.cli import main; main()", *command],
                env={**os.environ, **world},
                capture_output=True,
                check=True,
            ).stdout
            for world in worlds
        }

        assert 1 == len(outputs)


def test_explain_follows_a_dose_from_the_printed_figure_to_the_order(run: Run) -> None:
    ran = run(
        "explain",
        "examples/sample-a.yaml",
        "--cycle",
        "1",
        "--day",
        "2",
        "--drug",
        "inotuzumab-ozogamicin",
    )

    assert 0 == ran.code
    assert [
        "  basis       0.6\xa0mg/m²",
        "  area        1.84\xa0m²",
        "  calculated  1.104\xa0mg",
        "                0.6\xa0mg/m² × 1.84 m² = 1.104\xa0mg (arithmetic)",
        "  rounding    1.1\xa0mg",
        "  ordered     1.1\xa0mg",
    ] == [
        line
        for line in ran.out.splitlines()
        if line.startswith(("  basis", "  area", "  calculated", "  rounding", "  ordered"))
        or " × 1.84" in line
    ]


def test_explain_shows_an_infusion_that_runs_through_the_day(run: Run) -> None:
    ran = run("explain", "examples/sample-a.yaml", "--cycle", "5", "--day", "20")

    assert "28\xa0mcg/day × 24 days = 672\xa0mcg" in ran.out


def test_cumulative_counts_to_the_protocol_s_total(run: Run) -> None:
    ran = run("cumulative", "inotuzumab", *QUICK, *FACTS, "--earlier", "none", "--format", "json")
    ledger = ran.data["ledgers"][0]

    assert 0 == ran.code
    assert ("0", "2.7", "2.7", "2.7", "0") == tuple(
        ledger[key] for key in ("earlier", "planned", "value", "protocol_total", "remaining")
    )
    assert ["0.6", "0.9", "1.2", "1.5", "1.8", "2.1", "2.4", "2.7"] == [
        d["running"] for d in ledger["doses"]
    ]
    # 1.1 + 7 × 0.55 = 4.95
    assert "4.95" == ledger["doses"][-1]["running_ordered"]["value"]


def test_cumulative_adds_what_was_given_before(run: Run) -> None:
    earlier = ["--earlier", "inotuzumab-ozogamicin=0.9 mg/m2"]

    ran = run("cumulative", "inotuzumab", *QUICK, *FACTS, *earlier, "--format", "json")

    assert (0, "3.6") == (ran.code, ran.data["ledgers"][0]["value"])


def test_cumulative_without_a_word_on_earlier_treatment_is_incomplete(run: Run) -> None:
    ran = run("cumulative", "inotuzumab", *QUICK, *FACTS)

    assert 5 == ran.code
    assert "earlier treatment   NOT KNOWN" in ran.out


def test_cumulative_of_a_drug_that_is_not_given(run: Run) -> None:
    ran = run("cumulative", "vincristin", *QUICK, *FACTS)

    assert 2 == ran.code
    assert ran.err.endswith("Error: this plan gives no 'vincristin'; did you mean 'vincristine'?\n")


def test_cumulative_suggests_no_other_drug(run: Run) -> None:
    """Vinblastine is not vincristine misspelt."""
    ran = run("cumulative", "vinblastine", *QUICK, *FACTS)

    assert 2 == ran.code
    assert ran.err.endswith(
        "Error: this plan gives no 'vinblastine'; it gives blinatumomab, cyclophosphamide, "
        "cytarabine, dexamethasone, inotuzumab-ozogamicin, mercaptopurine, methotrexate, "
        "pegfilgrastim, prednisone, rituximab, ursodiol, vincristine\n"
    ), ran.err


@pytest.mark.parametrize(
    "path", sorted(Path(ROOT / "tests/cases").glob("*.yaml")), ids=lambda p: p.stem
)
def test_cases_hold(run: Run, path: Path) -> None:
    ran = run("test", str(path))

    assert 0 == ran.code, ran.out


def test_a_protocol_that_was_cut_off_before_its_totals_is_not_simply_ok(
    run: Run, tmp_path: Path
) -> None:
    whole = (ROOT / "protocols/mini-hyper-cvd-inotuzumab.yaml").read_text("utf-8")
    cut = tmp_path / "cut.yaml"
    cut.write_text(whole[: whole.index("\nlimits:") + 1], "utf-8")

    ran = run("check", str(cut))

    assert (0, f"{cut}: ok, but nothing under expect says what it must come to\n") == (
        ran.code,
        ran.out,
    )


@pytest.mark.parametrize("folder", ["protocols", "formulary", "catalogue", "policies", "examples"])
def test_every_shipped_file_checks_clean(run: Run, folder: str) -> None:
    files = {p for p in (ROOT / folder).glob("*.yaml") if p != forms.path("protocol")}
    names = sorted(p.relative_to(ROOT).as_posix() for p in files)

    ran = run("check", *names)

    assert (0, [f"{name}: ok" for name in names]) == (ran.code, ran.out.splitlines())


@pytest.mark.parametrize("flag", ["--height", "--start", "--policy", "--as-of"])
def test_a_flag_that_stands_twice_is_refused(run: Run, flag: str) -> None:
    """Of two heights, neither may win silently."""
    ran = run("plan", *QUICK, *FACTS, flag, "x", flag, "y")
    times = 3 if flag in QUICK else 2

    assert (2, f"{USAGE}{flag} stands {times} times; state it once\n") == (ran.code, ran.err)


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_what_is_not_a_regular_file_is_left_alone(
    run: Run, tmp_path: Path, force: list[str]
) -> None:
    target, link = tmp_path / "kept.txt", tmp_path / "link.txt"
    target.write_text("kept")
    link.symlink_to(target)

    ran = run("plan", "examples/sample-a.yaml", "--output", str(link), *force)

    assert (1, f"error: {link} is not a regular file and is left alone\n") == (ran.code, ran.err)
    assert (True, "kept") == (link.is_symlink(), target.read_text())


def test_a_class_that_the_formulary_does_not_know_is_an_error(run: Run, tmp_path: Path) -> None:
    """`azoles` would match no rule and pass for a no."""
    text = (ROOT / "examples/sample-a.yaml").read_text("utf-8")
    row = "  - {drug: posaconazole, from: 2026-03-01, to: 2026-03-20}"
    path = tmp_path / "t.yaml"
    path.write_text(text.replace(row, "  - {drug: isavuconazole, classes: [azoles]}"), "utf-8")

    ran = run("plan", str(path))

    assert 3 == ran.code
    assert (
        f"{path}:26:5: error: class 'azoles' of isavuconazole is not known [PP303]\n"
        "    hint: known: anthracycline, antifolate, asparaginase, azole, cyp3a4-moderate-inducer, "
        "cyp3a4-moderate-inhibitor, cyp3a4-strong-inducer, cyp3a4-strong-inhibitor, "
        "cyp3a4-weak-inducer, cyp3a4-weak-inhibitor, cytotoxic, nephrotoxic, nsaid, p-gp-inhibitor, penicillin, "
        "proton-pump-inhibitor, sulfonamide, vinca\n"
    ) == ran.err


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("cyp3a4-strong-inhibitors", "did you mean 'cyp3a4-strong-inhibitor'?"),
        ("cyp3a4-mild-inhibitor", "known: "),
        ("cyp3a4-inhibitor", "known: "),
        ("cyp3a4-inhibitor-strong", "known: "),
    ],
)
def test_a_class_of_another_level_is_never_suggested(
    run: Run, tmp_path: Path, written: str, hint: str
) -> None:
    text = (ROOT / "examples/sample-a.yaml").read_text("utf-8")
    row = "  - {drug: posaconazole, from: 2026-03-01, to: 2026-03-20}"
    path = tmp_path / "t.yaml"
    path.write_text(text.replace(row, f"  - {{drug: something, classes: [{written}]}}"), "utf-8")

    ran = run("plan", str(path))

    assert 3 == ran.code
    assert [
        f"{path}:26:5: error: class '{written}' of something is not known [PP303]",
        f"    hint: {hint}",
    ] == [line.partition("anthracycline")[0] for line in ran.err.splitlines()]


@pytest.mark.parametrize("written", ["Posaconazole", "POSACONAZOLE", "posaconazole"])
def test_a_medicine_is_found_in_whatever_case_it_is_written(run: Run, written: str) -> None:
    quick = [*QUICK, *WITH_MEDICINES, "--earlier", "none", "--format", "json"]

    ran = run("plan", *quick, "--medicine", written)

    held = {row["text"] for row in ran.data["instructions"]}
    assert (0, {"hold posaconazole"}) == (ran.code, held)
    assert [written] == [row["drug"] for row in ran.data["medicines"]]


@pytest.mark.parametrize("written", ["Rifampicin", "rifampicin", "Rifampin", "RIFAMPIN"])
def test_an_alias_is_found_in_whatever_case_it_is_written(written: str) -> None:
    found = files.medicine(written)

    assert found is not None and "rifampin" == found.id


def test_earlier_treatment_in_another_unit_is_a_warning_and_never_lost(run: Run) -> None:
    ran = run("plan", *QUICK, *FACTS, "--earlier", "inotuzumab=3 mg", "--format", "json")
    message = next(f["message"] for f in ran.data["findings"] if f["code"] == "PF209")

    assert (
        "earlier inotuzumab-ozogamicin 3\xa0mg cannot be counted in mg/m2 and is in no total; state "
        "it in mg/m2"
    ) == message


@pytest.mark.parametrize(
    ("clock", "hours"), [("23:00", ["11:00", "23:00"]), ("10:00", ["10:00", "22:00"])]
)
def test_the_site_s_clock_moves_no_dose_onto_another_day(
    run: Run, tmp_path: Path, clock: str, hours: list[str]
) -> None:
    policy = (ROOT / "policies/default.yaml").read_text("utf-8")
    path = tmp_path / "late.yaml"
    path.write_text(policy.replace('first_dose: "10:00"', f'first_dose: "{clock}"'), "utf-8")

    plan = run("plan", *QUICK, *FACTS, "--policy", str(path), "--format", "json").data
    given = [a for a in plan["administrations"] if a["drug"] == "cyclophosphamide"][:6]

    assert [1, 1, 2, 2, 3, 3] == [a["day"] for a in given]
    assert hours * 3 == [a["start"][11:16] for a in given]


def test_a_rounding_step_that_makes_nothing_of_a_dose_is_a_stop(run: Run, tmp_path: Path) -> None:
    policy = (ROOT / "policies/default.yaml").read_text("utf-8")
    path = tmp_path / "coarse.yaml"
    path.write_text(policy.replace("ozogamicin: 0.01 mg", "ozogamicin: 5 mg"), "utf-8")

    ran = run("plan", *QUICK, *FACTS, "--policy", str(path), "--format", "json")
    stops = [f["message"] for f in ran.data["findings"] if f["severity"] == "stop"]

    assert 4 == ran.code
    assert [
        "rounding makes nothing of inotuzumab-ozogamicin 1.104\xa0mg; its step is too coarse",
        "rounding makes nothing of inotuzumab-ozogamicin 0.552\xa0mg; its step is too coarse",
    ] == stops


def test_what_a_stated_fact_leaves_out_is_said(run: Run) -> None:
    plan = run("plan", *QUICK, "--fact", "cns=negative", "--fact", "cd20_percent=19.9",
               "--format", "json").data  # fmt: skip

    assert ["rituximab is left out, because of cd20_percent 19.9"] == [
        f["message"] for f in plan["findings"] if f["code"] == "PF218"
    ]
    assert {"cns": "negative", "cd20_percent": "19.9"} == plan["facts"]
    assert plan["medicines"] is None


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--policy", "nope", "--as-of", "2026-03-01"],
         "--policy: there is no policy 'nope'; known: contrasting, default [PP404]\n"),
        (["--policy", "default", "--as-of", "1 March"], "--as-of: '1 March' is not a date; write "
         "year-month-day, such as 2026-03-02 [PP207]\n"),
    ],
)  # fmt: skip
def test_the_flag_that_is_wrong_is_the_flag_that_is_named(
    run: Run, flags: list[str], message: str
) -> None:
    for target in (["examples/sample-a.yaml"], QUICK):
        ran = run("plan", *target, *flags)

        assert (2, USAGE + message) == (ran.code, ran.err)
