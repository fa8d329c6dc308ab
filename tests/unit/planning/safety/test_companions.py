"""What must be given beside a dose: what each finding says in full, and of which doses.

alpha and beta are made up; cycles of 21 days begin on 2026-03-02, 03-23 and 04-13.
"""

from typing import Any

import pytest
from tests.engine import NONE, cited, component, drug_text, scene

from protoplan.model.plan import Finding
from protoplan.planning.safety import companions
from protoplan.problems import Severity


def on_days(days: str, **more: Any) -> str:
    return component(f"{{dose: 1 mg, days: {days}}}", **more)


BESIDE = "drug: beta, otherwise: warning, says: alpha without beta"


def lacking(*entries: str, stated: str = NONE, **more: Any) -> list[Finding]:
    here = scene((), stated, label=cited("companions", *entries),
                 **{"drugs": [drug_text("beta")]} | more)  # fmt: skip
    return list(companions.look(here))


def missed(text: str, *ids: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding("PF229", severity, text, ids, "label: section 9")


FIRST = tuple(f"{cycle}.d1.alpha.IV.1" for cycle in "123")


def test_a_companion_that_is_missed_is_told_with_its_doses() -> None:
    assert [missed("alpha without beta (cycles 1, 2, 3)", *FIRST)] == lacking(BESIDE)
    assert [missed("alpha without beta (cycles 1, 3)", "1.d1.alpha.IV.1", "3.d1.alpha.IV.1")] == (
        lacking(BESIDE, components=on_days("[2]", cycles="[2]"))
    )
    assert [] == lacking(BESIDE, components=on_days("[2]"))


def test_a_cycle_is_named_once_for_all_its_doses() -> None:
    ids = tuple(f"{cycle}.d{day}.alpha.IV.1" for cycle in "123" for day in (1, 8))

    assert [missed("alpha without beta (cycles 1, 2, 3)", *ids)] == lacking(
        BESIDE, sig="{dose: 1 mg, days: [1, 8]}"
    )


def test_each_companion_is_looked_for_by_itself() -> None:
    """That the first is there says nothing of the second; no drug is meant by the third."""
    found = lacking(
        BESIDE, "drug: gamma, otherwise: stop, says: no gamma", "otherwise: note, says: water",
        components=on_days("[2]"), drugs=[drug_text("beta"), drug_text("gamma")],
    )  # fmt: skip

    assert [
        missed("no gamma (cycles 1, 2, 3)", *FIRST, severity=Severity.STOP),
        missed("water (cycles 1, 2, 3)", *FIRST, severity=Severity.NOTE),
    ] == found


def test_all_that_is_not_stated_is_named() -> None:
    unless = "{all: [{fact: ecog, is: 1}, {fact: cns, is: active}]}"

    assert [
        missed("alpha without beta (cycles 1, 2, 3); not stated: ecog, cns", *FIRST)
    ] == lacking(f"{BESIDE}, unless: {unless}")
    assert [] == lacking(
        f"{BESIDE}, unless: {unless}", stated=f"{NONE}facts: {{ecog: 1, cns: active}}\n"
    )


def test_what_is_answered_by_the_patient_is_asked_of_the_patient() -> None:
    """She is 45 years old, and weighs 70 kg from the day before the start on."""
    assert [] == lacking(f"{BESIDE}, unless: {{measure: weight, at_least: 70 kg}}")
    assert 1 == len(lacking(f"{BESIDE}, unless: {{measure: weight, above: 70 kg}}"))
    assert [] == lacking(f"{BESIDE}, unless: {{measure: age, at_least: 45}}")
    assert 1 == len(lacking(f"{BESIDE}, unless: {{measure: age, above: 45}}"))


@pytest.mark.parametrize(
    ("entry", "sig", "wants"),
    [
        ("routes: [IV]", "{dose: 1 mg, days: [1]}", True),
        ("routes: [PO, IV]", "{dose: 1 mg, days: [1]}", True),
        ("routes: [PO]", "{dose: 1 mg, days: [1]}", False),
        ("for_doses: {at_least: 10 mg}", "{dose: 10 mg, days: [1]}", True),
        ("for_doses: {at_least: 10 mg}", "{dose: 9 mg, days: [1]}", False),
        # An infusion of hours is one dose, however long it runs.
        ("for_doses: {at_least: 10 mg}", "{dose: 9 mg, days: [1], over: 48 h}", False),
        ("for_doses: {at_least: 10 mg}", "{rate: 5 mg/day, days: 1-2}", True),
        ("for_doses: {at_least: 10 mg}", "{rate: 4.9 mg/day, days: 1-2}", False),
    ],
)
def test_a_companion_is_meant_for_routes_and_doses(entry: str, sig: str, wants: bool) -> None:
    assert wants == bool(lacking(f"{BESIDE}, {entry}", sig=sig))


GIVES = (
    "open_items:\n  - {text: other, gives: [{drug: gamma, route: IV, dose: 1 mg}], until: so, "
    "source: [paper, x]}\n  - {text: rescue, gives: [{drug: gamma, route: IV, dose: 1 mg}, {drug: "
    "beta, route: IV, dose: 1 mg}], WHERE until: so, source: [paper, x]}"
)


@pytest.mark.parametrize(
    ("where", "cycles"),
    [("", ""), ("in: [2],", "1, 3"), ("in: only,", ""),
     ("when: {measure: weight, at_least: 70 kg},", ""),
     ("when: {measure: age, above: 45},", "1, 2, 3"),
     ("in: [2], when: {measure: age, above: 45},", "1, 2, 3")],
)  # fmt: skip
def test_an_open_item_gives_the_companion_in_its_cycles(where: str, cycles: str) -> None:
    found = lacking(
        BESIDE, more=GIVES.replace("WHERE", where), drugs=[drug_text("beta"), drug_text("gamma")]
    )

    assert ([f"alpha without beta (cycles {cycles})"] if cycles else []) == [
        finding.message for finding in found
    ]


def test_doses_and_open_items_give_it_together() -> None:
    found = lacking(
        BESIDE,
        more=GIVES.replace("WHERE", "in: [2],"),
        components=on_days("[2]", cycles="[1]"),
        drugs=[drug_text("beta"), drug_text("gamma")],
    )

    assert ["alpha without beta (cycles 3)"] == [finding.message for finding in found]


def test_a_companion_is_cited_as_what_it_is_taken_for() -> None:
    entry = f"{BESIDE}, for_doses: {{at_least: 1 mg}}, assumed: {{for_doses: nobody prints it}}"

    assert ["assumed: nobody prints it"] == [finding.source for finding in lacking(entry)]
