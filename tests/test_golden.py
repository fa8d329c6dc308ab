"""Printed output, read through before it was committed; update with --update-golden."""

from collections.abc import Callable

import pytest
from tests.conftest import FACTS, QUICK, Run
from tests.courses import COURSE


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("plan-sample-a.txt", ["plan", "examples/sample-a.yaml"]),
        ("plan-incomplete.txt", ["plan", *QUICK, "--option", "inotuzumab_schedule=original",
                                 "--option", "maintenance_after=2"]),
        ("explain-day-2.txt", ["explain", *QUICK, *FACTS, "--cycle", "1", "--day", "2"]),
        ("cumulative.txt", ["cumulative", "inotuzumab", *QUICK, *FACTS, "--earlier", "none"]),
        ("cycle-5.ics", ["ics", *COURSE, "--cycle", "5"]),
        ("cycle-5-timed.ics", ["ics", *COURSE, "--cycle", "5", "--timed", "Europe/Madrid"]),
        ("show.txt", ["show", "mini-hyper-cvd-inotuzumab"]),
    ],
)  # fmt: skip
def test_what_is_printed_is_what_was_read_through(
    run: Run, golden: Callable[[str, str], None], name: str, arguments: list[str]
) -> None:
    golden(name, run(*arguments).out)
