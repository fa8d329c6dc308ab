"""Keeps what each kind of evidence came to, and makes `docs/evidence.md` of it.

``python -m tests.gathering`` runs kinds and writes the page anew, as `make evidence` does. Other kinds
are kept by the scripts that make them, by `keep`.

A result is one file, ``docs/evidence/KIND.json``, with these keys and no other:

- ``what``: what was looked at, in a sentence.
- ``command``: what repeats it at the top of the project.
- ``date``: the day it was run, year-month-day.
- ``versions``: what it was run with; ``protoplan`` says the commit.
- ``counts``: what was counted, by name; whole numbers, or texts with their unit.
- ``result``: ``passed``, ``failed`` or ``not run``.
- ``failed``: a sentence for each thing that failed, or for why nothing could be run.
- ``limits``: a sentence for each thing that this does not show; one at least.
"""

import json
import platform
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import attrs

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "evidence"
PAGE = ROOT / "docs" / "evidence.md"

#: Every kind of evidence, in the order of the page.
KINDS: Final = {
    "tests": "Tests",
    "hazards": "The chain of hazards",
    "oracle": "A second implementation",
    "mutation": "Mutants",
    "corpus": "Corpus",
    "fuzz": "Fuzzing",
    "faults": "Faults put in",
    "versions": "Lowest and highest versions",
    "audit": "Known vulnerabilities",
    "builds": "Builds byte for byte",
    "benchmarks": "Benchmarks",
}

RESULTS = ("passed", "failed", "not run")

#: What has no place in a page for others: paths of one machine, and addresses.
STRANGE = ("/tmp/", "/home/", "/root/", "/work/", "://")  # noqa: S108  looked for, not written to

HEAD = """\
# Evidence

What was last run to find faults of the program, and what came of it. This page is made from the
files in [`evidence/`](evidence/) by `make evidence`; change it there, by running the command again.
A run says what it says of the commit that it names, and of no later one. What has failed stands here
as failed, and what nobody has run as not run.
"""


def texts(values: Sequence[str]) -> tuple[str, ...]:
    """A list of texts as it is kept."""
    return tuple(values)


@attrs.frozen
class Result:
    """What one kind came to; the keys are those that the head of this file tells."""

    what: str
    command: str
    date: str
    versions: Mapping[str, str]
    counts: Mapping[str, int | str]
    result: str
    failed: tuple[str, ...] = attrs.field(converter=texts)
    limits: tuple[str, ...] = attrs.field(converter=texts)


def read(text: str) -> Result:
    """Read the text of a result.

    Raises:
        TypeError: For a key that is not known, or is missing.
    """
    return Result(**json.loads(text))


def found() -> dict[str, Result]:
    """The results that are kept, by kind."""
    return {path.stem: read(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def wrong(kind: str, result: Result) -> Iterator[str]:
    """What makes a result one that cannot be believed, in words."""
    if kind not in KINDS:
        yield f"{kind} is no kind of evidence; known: {', '.join(KINDS)}"
    if result.result not in RESULTS:
        yield f"{kind}: the result '{result.result}' is not known"
    try:
        date.fromisoformat(result.date)
    except ValueError:
        yield f"{kind}: '{result.date}' is not a date"
    if result.result == "passed" and result.failed:
        yield f"{kind} passed and says what failed"
    if result.result != "passed" and not result.failed:
        yield f"{kind} is {result.result} and does not say why"
    if result.result == "passed" and not any(result.counts.values()):
        yield f"{kind} passed and counted nothing"
    if not result.limits:
        yield f"{kind} does not say what it does not show"
    if "protoplan" not in result.versions:
        yield f"{kind} does not say which version of protoplan it is about"
    told = json.dumps(attrs.asdict(result))
    yield from (f"{kind} names '{part}' of one machine" for part in STRANGE if part in told)


def page(results: Mapping[str, Result]) -> str:
    """The page that the results make."""
    rows = "".join(_row(kind, title, results.get(kind)) for kind, title in KINDS.items())
    parts = [_part(title, results.get(kind)) for kind, title in KINDS.items()]
    return f"{HEAD}\n| kind | result | date | counts |\n|---|---|---|---|\n{rows}\n" + "\n".join(
        parts
    )


#: So many counts stand in the table; all of them stand below it.
_SHOWN = 6


def _row(kind: str, title: str, result: Result | None) -> str:
    if result is None:
        return f"| {title} (`{kind}`) | not run | | |\n"
    shown = [f"{name} {count}" for name, count in result.counts.items()]
    more = [f"and {len(shown) - _SHOWN} more below"] if len(shown) > _SHOWN else []
    counts = ", ".join([*shown[:_SHOWN], *more])
    said = result.result if result.result == "passed" else f"**{result.result}**"
    return f"| {title} (`{kind}`) | {said} | {result.date} | {counts} |\n"


def _part(title: str, result: Result | None) -> str:
    if result is None:
        return f"## {title}\n\nNot run: no result is kept.\n"
    versions = ", ".join(f"{name} {number}" for name, number in result.versions.items())
    counts = ", ".join(f"{name} {count}" for name, count in result.counts.items()) or "nothing"
    failed = "".join(f"- {said}\n" for said in result.failed)
    heading = {"failed": "What failed:", "not run": "Why it was not run:"}.get(result.result)
    return (
        f"## {title}\n\n{result.what}\n\n"
        f"- result: {result.result} on {result.date}\n- command: `{result.command}`\n"
        f"- versions: {versions}\n- counts: {counts}\n\n"
        + (f"{heading}\n\n{failed}\n" if heading else "")
        + "What this does not show:\n\n"
        + "".join(f"- {said}\n" for said in result.limits)
    )


# -- running ---------------------------------------------------------------------------------------


def today() -> str:
    """The day of a run."""
    return datetime.now(UTC).date().isoformat()


def commit() -> str:
    """The version of protoplan with its commit, and whether files were changed since."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run(
        [*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    # What the evidence itself writes is no change of what it is about.
    paths = [".", ":!docs/evidence", ":!docs/evidence.md"]
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--", *paths], capture_output=True, text=True, check=True
    ).stdout
    return f"{version('protoplan')} at {head}{' with changes' if changed else ''}"


def versions_here(*packages: str) -> dict[str, str]:
    """Versions of protoplan, of Python and of packages, as they are used by this process."""
    numbers = {name: version(name) for name in packages}
    return {"protoplan": commit(), "Python": platform.python_version(), **numbers}


def keep(kind: str, result: Result) -> None:
    """Keep a result, and write the page anew.

    Raises:
        ValueError: If it is not to be believed.
    """
    faults = list(wrong(kind, result))
    if faults:
        raise ValueError("; ".join(faults))
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(attrs.asdict(result), ensure_ascii=False, indent=2)
    (FOLDER / f"{kind}.json").write_text(f"{text}\n", "utf-8")
    PAGE.write_text(page(found()), "utf-8")


@attrs.frozen
class Ran:
    """What pytest came to: how many by outcome, and each test that failed."""

    counts: dict[str, int]
    failed: tuple[str, ...]


def run_pytest(arguments: Sequence[str], python: str = sys.executable) -> Ran:
    """Run pytest and count.

    Args:
        arguments: Files and flags.
        python: The interpreter, of the environment that is looked at.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [python, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        text = report.read_text("utf-8") if report.exists() else "<none/>"
    ran = counted(text)
    if code and not ran.failed:
        return Ran(ran.counts, (f"pytest ended with exit code {code}",))
    return ran


def counted(text: str) -> Ran:
    """What the XML report of pytest says."""
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    failed = []
    for case in ET.fromstring(text).iter("testcase"):  # noqa: S314  written by our own pytest
        parts = {part.tag for part in case}
        outcome = "failed" if parts & {"failure", "error"} else "passed"
        outcome = "skipped" if "skipped" in parts else outcome
        counts[outcome] += 1
        if outcome == "failed":
            failed.append(f"{case.get('classname')}::{case.get('name')} failed")
    return Ran(counts, tuple(failed))
