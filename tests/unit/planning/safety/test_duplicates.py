"""One drug twice at one time: what each finding says in full, and of which doses.

alpha and beta are made up; cycles of 21 days begin on 2026-03-02, 03-23 and 04-13.
"""

from typing import Any

import pytest
from tests.engine import NONE, component, scene

from protoplan.model.plan import Finding
from protoplan.planning.safety import duplicates
from protoplan.problems import Severity


def on_days(days: str, **more: Any) -> str:
    return component(f"{{dose: 1 mg, days: {days}}}", **more)


TWICE = "{0} is planned twice at one time; is one of the two a duplicate?"


def doubled(**more: Any) -> list[Finding]:
    return list(duplicates.look(scene(**more)))


def test_doses_at_one_time_are_named_and_no_others() -> None:
    found = doubled(
        sig="{dose: 1 mg, days: [1, 8]}",
        components=on_days("[8, 9]", drug="alpha", cycles="[1, 2]"),
    )

    ids = ("1.d8.alpha.IV.1", "1.d8.alpha.IV.2", "2.d8.alpha.IV.1", "2.d8.alpha.IV.2")
    assert [Finding("PF227", Severity.WARNING, TWICE.format("alpha IV"), ids)] == found


RATE = "{rate: 10 mg/day, days: 1-4}"


@pytest.mark.parametrize(
    ("sig", "runs"),
    [
        # Alpha ends on the 6th at 10:00.
        ("{rate: 5 mg/day, days: 4-5}", "2026-03-05 10:00"),
        ("{rate: 5 mg/day, days: 5-6}", None),
        ("{rate: 5 mg/day, days: 2-3}", "2026-03-03 10:00"),
        # What is no infusion, or runs by another route, adds nothing to a rate.
        ("{dose: 5 mg, days: [3]}", None),
        ("{dose: 5 mg, days: [3], over: 4 h}", None),
    ],
)
def test_infusions_that_run_at_once_are_a_stop(sig: str, runs: str | None) -> None:
    found = doubled(sig=RATE, components=component(sig, "alpha", cycles="[1]"))
    day = {None: 0, "2026-03-05 10:00": 4, "2026-03-03 10:00": 2}[runs]
    message = (
        f"two infusions of alpha run at once from {runs}; that of cycle 1 ends on 2026-03-06 10:00"
    )

    assert ([] if runs is None else [
        Finding("PF227", Severity.STOP, message, ("1.d1.alpha.IV.1", f"1.d{day}.alpha.IV.1"))
    ]) == found  # fmt: skip


def test_infusions_that_begin_together_are_both_findings() -> None:
    message = "two infusions of alpha run at once from 2026-03-02 10:00; that of cycle 1 ends on "
    ids = ("1.d1.alpha.IV.1", "1.d1.alpha.IV.2")

    assert [
        Finding("PF227", Severity.WARNING, TWICE.format("alpha IV"), ids),
        Finding("PF227", Severity.STOP, f"{message}2026-03-06 10:00", ids),
    ] == doubled(sig=RATE, components=component(RATE, "alpha", cycles="[1]"))


def test_another_route_is_another_dose() -> None:
    assert [] == doubled(sig=RATE, components=component(RATE, "alpha", "PO", cycles="[1]"))


def test_what_was_given_is_past() -> None:
    given = "record:\n  - {date: 2026-03-06, given: 1.d1.alpha.IV.1, amount: 40 mg}\n"
    here = scene(
        (), NONE + given, sig=RATE,
        components=component("{rate: 5 mg/day, days: 4-5}", "alpha", cycles="[1]"),
    )  # fmt: skip

    assert [] == list(duplicates.look(here))
