"""Shipped files, harmed in every way that a hand or a bad disk can harm them.

Whatever stands in a file, checking it ends within a second, in problems that have a place or in
nothing to say; never in another exception. Where the harm must show, it must be a problem.
"""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.corpus.harms import Anatomy, Harm, anatomy, cut_off, doubled, dropped, misspelt

from protoplan import api
from protoplan.problems import PROBLEMS, Problem

ROOT = Path(__file__).parents[2]
FOLDERS = ("protocols", "formulary", "catalogue", "policies", "examples", "tests/cases")
SHIPPED = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.yaml"))

#: From larger files a sample is taken, the same at every run.
SMALL = 2_000
SAMPLE = 12
#: Seconds of computing; a file that blows up takes minutes, a machine that is busy a few of them.
LONG = 5

per_file = pytest.mark.parametrize(
    "path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}"
)

HOSTILE = [
    "''",
    ",",
    "0",
    "-1",
    "99999999",
    "1e9",
    "\N{ARABIC-INDIC DIGIT THREE} mg",
    "{}",
    "[]",
    "[[]]",
    "[a, a]",
    "{a: b}",
    "!!python/object x",
    "!!int 1",
    "*a",
    "&a b",
    "\a",
    '"\\e[2J"',
    '"\\ud800"',
    "x" * 100_000,
    "null",
    "~",
    "1,4 mg",
    "5 MG",
    "0 mg",
    "999999999 mg",
    "0.000000001 mg",
    "1-999",
    "-9999",
    "999 years",
    "9999 years",
    "9999 days",
    "0000-00-00",
    "9999-12-31",
    "24:00",
    "every day",
    "none",
    "first x",
    "{option: x}",
    "'",
    '"',
    "@",
    "%",
    "#",
    "- x",
    "? x",
    "x: y: z",
    "\u2028",
    "\ufeff",
]


def some_of(changes: Iterator[Harm], path: Path) -> list[tuple[str, str]]:
    """All changes to a small file, a fixed sample of those to a large one."""
    found = [(harm.what, harm.text) for harm in changes]
    if path.stat().st_size <= SMALL or len(found) <= SAMPLE:
        return found
    return random.Random(path.name).sample(found, SAMPLE)


def survived(text: str, path: Path, folder: Path, what: str) -> list[Problem]:
    """Check a harmed file; whatever it gives must be fit to be shown."""
    harmed = folder / path.name  # a formulary file must bear the name of its drug
    harmed.write_bytes(text.encode("utf-8", "surrogatepass"))
    begin = time.process_time()

    problems = api.check_file(harmed, path.name)

    took = time.process_time() - begin
    assert took < LONG, what
    assert [] == [one for one in problems if one.code not in PROBLEMS], what
    assert [] == [one for one in problems if one.at.line < 1 or one.at.column < 1], what
    assert all(str(one).encode() for one in problems), what
    return problems


@per_file
@pytest.mark.parametrize("harm", [cut_off, dropped, misspelt], ids=lambda harm: str(harm.__name__))
def test_a_harmed_file_is_survived(
    path: Path, harm: Callable[[Anatomy], Iterator[Harm]], tmp_path: Path
) -> None:
    """Of every kind of file; what becomes of the plan is judged in tests/corpus."""
    for what, text in some_of(harm(anatomy(path)), path):
        survived(text, path, tmp_path, what)


@per_file
def test_a_key_that_stands_twice_is_always_a_problem(path: Path, tmp_path: Path) -> None:
    for what, harmed in some_of(doubled(anatomy(path)), path):
        problems = survived(harmed, path, tmp_path, what)

        assert "PP103" in [one.code for one in problems], what


@per_file
def test_a_misspelt_key_of_the_language_is_always_a_problem(path: Path, tmp_path: Path) -> None:
    """At the top every key is one of the language's own."""
    whole = anatomy(path)
    for entry in whole.entries:
        if entry.column == 0 and not entry.in_braces:
            cut = entry.key_end - 1
            what = whole.text[entry.begin : entry.key_end]

            harmed = whole.text[:cut] + "q" + whole.text[cut:]

            assert [] != survived(harmed, path, tmp_path, what), what


def values_of(small: bool) -> list[tuple[Path, int]]:
    return [
        (path, index)
        for path in SHIPPED
        if (path.stat().st_size <= SMALL) == small
        for index in range(len(anatomy(path).scalars))
    ]


def replaced(path: Path, index: int, value: str) -> str:
    begin, end = anatomy(path).scalars[index]
    text = anatomy(path).text
    return text[:begin] + value + text[end:]


values = st.sampled_from(HOSTILE) | st.text(max_size=12)
sampled = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(sampled, max_examples=500)
@given(place=st.sampled_from(values_of(small=True)), value=values)
def test_any_value_of_a_small_file_may_be_anything(
    place: tuple[Path, int], value: str, tmp_path: Path
) -> None:
    survived(replaced(*place, value), place[0], tmp_path, f"{place} {ascii(value)[:80]}")


@settings(sampled, max_examples=120)
@given(place=st.sampled_from(values_of(small=False)), value=values)
def test_any_value_of_a_large_file_may_be_anything(
    place: tuple[Path, int], value: str, tmp_path: Path
) -> None:
    survived(replaced(*place, value), place[0], tmp_path, f"{place} {ascii(value)[:80]}")


MINIMAL = ROOT / "tests" / "problems" / "minimal.yaml"

BOUNDLESS = {
    "a cycle of 9,999 years": {"21 days": "9999 years"},
    "1,000 cycles past the calendar": {"21 days": "9999 days", "1-2": "1-999"},
    "months past the calendar": {"21 days": "9999 months", "1-2": "1-99"},
    "weeks past the calendar": {"21 days": "9999 weeks", "1-2": "1-99"},
    "a repeat past the calendar": {
        "days: [1, 8]": "days: [1], repeat: {every: 1 day, for: 9999 years}"
    },
    "steps of a repeat past the calendar": {
        "days: [1, 8]": "days: [1], repeat: {every: 9999 years, for: 9999 years}"
    },
    "an infusion past the calendar": {"days: [1, 8]": "days: [1, 8], over: 999999999 h"},
    "every hour of a thousand cycles": {"1-2": "1-999", "days: [1, 8]": "every: 1 h, days: 1-21"},
    "every day of 999 years": {"21 days": "999 years", "days: [1, 8]": "days: every day"},
    "every day again and again": {
        "days: [1, 8]": "days: [1], repeat: {every: 1 day, for: 999 years}"
    },
    "days long before the cycle": {"days: [1, 8]": "days: -9999-21"},
}


@pytest.mark.parametrize("changes", BOUNDLESS.values(), ids=BOUNDLESS)
def test_figures_past_all_reason_are_problems_and_cost_no_time(
    changes: dict[str, str], tmp_path: Path
) -> None:
    """No file makes more of dates and doses than a person could read (H32)."""
    text = MINIMAL.read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)

    assert [] != survived(text, MINIMAL, tmp_path, str(changes))
