"""Runs kinds of evidence, keeps what came of them, and writes `docs/evidence.md` anew.

``python -m tests.gathering``, or `make evidence`, writes the page from what is kept. With names of
kinds after it, such as ``python -m tests.gathering tests hazards``, those are run first; the exit code
is 1 where one failed. Kinds that are not here are run, and kept, by a script of their own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs
from tests import hazards
from tests.evidence import (
    PAGE,
    ROOT,
    Result,
    found,
    keep,
    page,
    run_pytest,
    today,
    versions_here,
)


def run_tests() -> Result:
    """The whole suite."""
    return _of_pytest(
        "tests",
        "The whole suite of `make test`.",
        (),
        (
            "Expected figures were worked by hand or read in a source by those who wrote the "
            "program; no pharmacist has checked them.",
            "Programs of others that read calendars and sheets are run by `make test-foreign`.",
        ),
    )


def run_hazards() -> Result:
    """The chain of hazards, and every test that it names."""
    register = hazards.read(hazards.REGISTER.read_text("utf-8"))
    every = dict.fromkeys(test for row in register.hazards for test in row.tests)
    named = [test for test in every if not test.startswith("tests/foreign/")]
    done = _of_pytest(
        "hazards",
        "That each hazard of docs/hazards.yaml has its control and its tests, and that every test "
        "which is named there passes, but for those that need programs of others.",
        ("tests/test_hazard_chain.py", *named),
        (
            "That a named test fails without its control: who named it has tried that, by hand.",
            "Hazards that nobody has thought of.",
            f"The {len(every) - len(named)} named tests that programs of others run, by "
            "`make test-foreign`.",
            f"Hazards that are waiting: {len(register.waiting.ids)}; and what stands in the last "
            "column of docs/hazards.md.",
        ),
    )
    held = {"hazards with tests": len(register.hazards), "waiting": len(register.waiting.ids)}
    return attrs.evolve(done, counts={**held, **done.counts})


def _of_pytest(kind: str, what: str, files: Sequence[str], limits: tuple[str, ...]) -> Result:
    versions = versions_here("pytest", "hypothesis")  # before the run: the commit that is run
    ran = run_pytest(files)
    failed = ran.failed or (() if ran.counts["passed"] else ("no test was run",))
    return Result(
        what,
        f"make evidence KINDS={kind}",
        today(),
        versions,
        ran.counts,
        "failed" if failed else "passed",
        failed,
        limits,
    )


def run_oracle() -> Result:
    """Both planners over random treatments of each protocol."""
    number = os.environ.setdefault("ORACLE_TREATMENTS", "100")
    done = _of_pytest(
        "oracle",
        f"A second planner, which shares no planning code, and the program over {number} random "
        "treatments of each protocol: every administration, dose, day and sum is compared, and what "
        "either of them refuses.",
        ("tests/oracle",),
        (
            "Both read files with the same readers, and one hand wrote the documentation that both "
            "follow: what is misread there is misread twice.",
            "What tests/oracle/__init__.py names as not covered.",
        ),
    )
    return attrs.evolve(done, counts={"treatments of each protocol": number, **done.counts})


def run_faults() -> Result:
    """Every write, disturbed."""
    return _of_pytest(
        "faults",
        "Every command that writes: killed at every line of the writing and halfway through the "
        "bytes, on a full disk, in a folder that may only be read, many at once.",
        ("tests/test_faults.py", "tests/test_limits.py"),
        (
            "A machine that loses its power: what the disk itself holds back is not tried.",
            "Disks over a network.",
        ),
    )


def run_corpus() -> Result:
    """Harmed files, each judged."""
    sample = os.environ.get("CORPUS_OF_EACH", "57")
    size = ["--all"] if sample == "all" else ["--of-each", sample]
    versions = versions_here("PyYAML")
    said = _said([sys.executable, "-m", "tests.corpus", *size])
    return Result(
        "Files made from the shipped ones by one harm each (a key dropped, doubled or misspelt; a "
        "number with another unit, a comma, ten times, a thousandth; a day shifted; cut off): each "
        "must end as a problem with its place, as a plan that did not change, or as a plan whose "
        "diff names what moved.",
        f"CORPUS_OF_EACH={sample} make evidence KINDS=corpus",
        today(),
        versions,
        {
            "files": said["files"],
            **said["ends"],
            "longest seconds": str(said["longest_seconds"]),
            "most MB": said["peak_mb"],
        },
        "failed" if said["wrong"] else "passed",
        tuple(said["wrong"]),
        (
            *(() if sample == "all" else (f"A sample of {sample} files of each harm, not all.",)),
            "Two harms in one file.",
            "That a person notices what the diff names: a file that is cut off where a section ends "
            "may pass `protoplan check`, and so may another figure of a rule.",
        ),
    )


def run_fuzz() -> Result:
    """The hunt of a fuzzer through the readers."""
    seconds = os.environ.get("SECONDS_OF_FUZZ", "300")
    python = ROOT / ".venv-fuzz" / "bin" / "python"
    versions = versions_here()
    hunt = str(ROOT / "tests" / "fuzz" / "fuzz_readers.py")
    said = _said([str(python), hunt, "--seconds", seconds])
    failed = list(said["kept"])
    failed += [f"{said['slow']} inputs took too long"] if said["slow"] else []
    failed += [] if said["runs"] else ["nothing was run"]
    return Result(
        "A hunt, guided by coverage, for a text that makes a reader fail otherwise than with a "
        "problem (atheris).",
        "make fuzz",
        today(),
        versions,
        {name: said[name] for name in ("runs", "edges", "features", "crashes", "slow", "seconds")},
        "failed" if failed else "passed",
        tuple(failed),
        ("A hunt of hours.", "Whether what was read is what was meant."),
    )


#: What is aimed at, by processor time: part, ratio, what it is of, and the least or the most it may be.
AIMS: Final = (
    ("processes", "times the floor", "protoplan cumulative", None, 1.5),
    ("planning", "protoplan makes so many times as many", "encender, engine alone", 1.0, None),
    (
        "planning",
        "protoplan makes so many times as many",
        "encender, dose expressions",
        100.0,
        None,
    ),
)


def run_benchmarks() -> Result:
    """The figures that `make bench` wrote, beside what is aimed at."""
    made = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    told = {(part, ratio): made[part][ratio] for part, ratio, *_ in AIMS}
    told["calendars", "times icalendar alone"] = made["calendars"]["times icalendar alone"]
    counts = {
        f"{name}, {ratio}": f"{times['processor']} ({times['wall']} by wall)"
        for (_, ratio), rows in told.items()
        for name, times in rows.items()
    }
    missed = []
    for part, ratio, name, least, most in AIMS:
        found = made[part][ratio][name]["processor"]
        if (least is not None and found < least) or (most is not None and found > most):
            aim = f"at least {least:g}" if least is not None else f"at most {most:g}"
            missed.append(f"{name}, {ratio}: {found:g}, and {aim} is aimed at")
    return Result(
        "Ratios measured side by side, in turn, in one run.",
        "make bench",
        min(part["date"] for part in made.values()),
        versions_here("attrs", "click", "icalendar", "PyYAML"),
        counts,
        "failed" if missed else "passed",
        tuple(missed),
        (
            "Another machine, or this one with nothing beside it: ratios by processor time move by "
            "a tenth, those by wall time by more.",
            "Parts of the file that were measured at an earlier commit.",
        ),
    )


def _said(command: Sequence[str]) -> dict[str, Any]:
    """The line of JSON with which a program ends."""
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


#: Kinds that are run from here.
RUNS: Final[Mapping[str, Callable[[], Result]]] = {
    "tests": run_tests,
    "hazards": run_hazards,
    "oracle": run_oracle,
    "corpus": run_corpus,
    "fuzz": run_fuzz,
    "faults": run_faults,
    "benchmarks": run_benchmarks,
}


def main(kinds: Sequence[str]) -> int:
    """Run kinds and write the page; 1 where one failed."""
    unknown = [kind for kind in kinds if kind not in RUNS]
    if unknown:
        sys.exit(f"not run from here: {', '.join(unknown)}; known: {', '.join(RUNS)}")
    results = {kind: RUNS[kind]() for kind in kinds}
    for kind, result in results.items():
        keep(kind, result)
    PAGE.write_text(page(found()), "utf-8")
    return int(any(result.result != "passed" for result in results.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
