"""Azoles beside a vinca alkaloid: what each finding says in full, and of which doses.

alpha and beta are made up; cycles of 21 days begin on 2026-03-02, 03-23 and 04-13.
"""

from typing import Any

import pytest
from tests.engine import component, drug_text, scene

from protoplan.model.plan import Finding
from protoplan.planning.safety import azoles
from protoplan.problems import Severity

VINCA = drug_text("beta", "classes:\n  vinca: {source: [label, section 9]}")


def on_days(days: str, **more: Any) -> str:
    return component(f"{{dose: 1 mg, days: {days}}}", **more)


AZOLE = (
    "{0} is taken within a day of a vinca alkaloid, whose toxicity to nerves it raises; this "
    "protocol does not say to hold it, and nothing is moved"
)
HOLDS = "kantarjian2023: Procedures, paragraph 5, holds azoles on days −1, 0 and +1"


def azole(name: str, *ids: str) -> Finding:
    return Finding("PF226", Severity.WARNING, AZOLE.format(name), ids, HOLDS)


def taking(medicines: str, hold: str = "", days: str = "[8]") -> list[Finding]:
    stated = f"earlier_exposure: none\nmedicines: [{medicines}]\n"
    held = (
        f"instructions:\n  - {{hold: {hold}, around: beta, offsets: [0], because: made up, source: "
        "[paper, x]}" if hold else ""
    )  # fmt: skip
    components = on_days(days) + component("{dose: 1 mg, days: [8]}", "vincristine", cycles="[1]")
    here = scene((), stated, components=components, drugs=[VINCA], more=held)
    return list(azoles.look(here))


def test_azoles_are_named_with_the_doses_that_they_meet() -> None:
    """Beta stands on the 9th of each of three times; voriconazole is taken from the 30th on."""
    always = ("1.d8.beta.IV.1", "1.d8.vincristine.IV.1", "2.d8.beta.IV.1", "3.d8.beta.IV.1")

    assert [azole("posaconazole", *always), azole("voriconazole", *always[2:])] == taking(
        "{drug: posaconazole}, {drug: voriconazole, from: 2026-03-30}, {drug: verapamil}, "
        "{drug: something, classes: none}, {drug: strange}"
    )


@pytest.mark.parametrize(
    ("hold", "ids"),
    [
        # Whoever holds it around beta says so; around vincristine nothing is said.
        ("azole", ("1.d8.vincristine.IV.1",)),
        ("strong-cyp3a4-inhibitor", ("1.d8.beta.IV.1", "1.d8.vincristine.IV.1", "2.d8.beta.IV.1",
                                     "3.d8.beta.IV.1")),
    ],
)  # fmt: skip
def test_a_protocol_that_holds_azoles_around_a_drug_says_so_itself(
    hold: str, ids: tuple[str, ...]
) -> None:
    assert [azole("posaconazole", *ids)] == taking("{drug: posaconazole}", hold)


def test_an_azole_that_has_ended_is_met_no_more() -> None:
    """Of the three times of beta only the first lies within a day of the 10th."""
    assert [azole("posaconazole", "1.d8.beta.IV.1", "1.d8.vincristine.IV.1")] == taking(
        "{drug: posaconazole, to: 2026-03-10}"
    )


def test_medicines_that_are_not_stated_are_no_azoles() -> None:
    here = scene((), "earlier_exposure: none\n", components=on_days("[8]"), drugs=[VINCA])

    assert [] == list(azoles.look(here))
