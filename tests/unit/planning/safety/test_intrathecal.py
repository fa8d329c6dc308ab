"""Intrathecal doses beside a vinca alkaloid: what each finding says in full, and of which doses.

alpha and beta are made up; cycles of 21 days begin on 2026-03-02, 03-23 and 04-13.
"""

from typing import Any

from tests.engine import NONE, component, drug_text, rule, scene

from protoplan.model.plan import Finding
from protoplan.planning.safety import intrathecal
from protoplan.problems import Severity

VINCA = drug_text("beta", "classes:\n  vinca: {source: [label, section 9]}")


def on_days(days: str, **more: Any) -> str:
    return component(f"{{dose: 1 mg, days: {days}}}", **more)


APART = (
    "intrathecal doses {0} days with a vinca alkaloid, which kills when it is given intrathecally "
    "({1}); keep them on different days"
)
GUIDANCE = "UK guidance HSC 2008/001: separate in time and place"


def together(
    sig: str, *sigs: str, vinca: str = "[8]", rules: tuple[str, ...] = ()
) -> list[Finding]:
    more = "\n      - ".join((sig, *sigs))
    here = scene(rules, NONE, route="IT", sig=more, drugs=[VINCA],
                 components=on_days(vinca, cycles="[1]"))  # fmt: skip
    return list(intrathecal.look(here))


def apart(how: str, doses: str, *ids: str) -> Finding:
    return Finding("PF215", Severity.WARNING, APART.format(how, doses), ids, GUIDANCE)


def test_an_intrathecal_dose_on_the_day_of_a_vinca_alkaloid_is_told() -> None:
    ids = ("1.d8.alpha.IT.1", "1.d8.beta.IV.1")

    assert [apart("stand on", "cycle 1 day 8", *ids)] == together("{dose: 5 mg, days: [8]}")
    assert [] == together("{dose: 5 mg, days: [7]}") == together("{dose: 5 mg, days: [9]}")


def test_a_window_may_bring_them_together() -> None:
    """Day 9 may be moved from day 8 to day 10, day 5 to day 7."""
    may = "may be moved by their windows onto"
    ids = ("1.d9.alpha.IT.1", "1.d8.beta.IV.1")

    assert [apart(may, "cycle 1 day 9", *ids)] == together(
        "{dose: 5 mg, days: [9], window: [-1, +1]}"
    )
    assert [] == together("{dose: 5 mg, days: [5], window: [-2, +2]}")
    assert [apart(may, "cycle 1 day 6", "1.d6.alpha.IT.1", "1.d8.beta.IV.1")] == together(
        "{dose: 5 mg, days: [6], window: [-2, +2]}"
    )


def test_all_days_are_told_each_once() -> None:
    """Beta is given twice on day 8, and on day 10."""
    found = together(
        "{dose: 5 mg, days: [8, 10], times_a_day: 2}",
        "{dose: 5 mg, days: [11], window: [-3, +1]}",
        vinca="[8, 10]",
    )

    assert [
        apart("stand on", "cycle 1 day 8; cycle 1 day 10", "1.d8.alpha.IT.1", "1.d8.beta.IV.1",
              "1.d10.alpha.IT.1", "1.d10.beta.IV.1"),
        apart("may be moved by their windows onto", "cycle 1 day 11", "1.d11.alpha.IT.1",
              "1.d8.beta.IV.1", "1.d10.beta.IV.1"),
    ] == found  # fmt: skip


def test_a_dose_that_stands_on_such_a_day_is_told_as_that_alone() -> None:
    assert [apart("stand on", "cycle 1 day 8", "1.d8.alpha.IT.1", "1.d8.beta.IV.1",
                  "1.d10.beta.IV.1")] == together(
        "{dose: 5 mg, days: [8], window: [-1, +2]}", vinca="[8, 10]"
    )  # fmt: skip


def test_what_is_not_given_meets_nothing() -> None:
    left_out = rule("omit: true", drug="beta")

    assert [] == together("{dose: 5 mg, days: [8]}", rules=(left_out,))
