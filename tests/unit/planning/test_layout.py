"""A course that was laid out for one patient serves the next where all that was asked is the same.

Each patient's days are worked by hand; whoever is planned before must not change them.
"""

from collections.abc import Sequence
from itertools import permutations

import pytest
from tests.engine import (
    NONE,
    TREATMENT,
    drug_text,
    formulary,
    in_turn,
    protocol_text,
    ready,
    rows_of,
)

from protoplan import api, files
from protoplan.model.plan import Plan
from protoplan.planning import layout


def starting(*days: str) -> list[str]:
    return [f"{TREATMENT.replace('2026-03-02', day)}{NONE}" for day in days]


def dates(plan: Plan, drug: str = "alpha") -> list[str]:
    return [str(row.date) for row in rows_of(plan, drug)]


def in_any_order(treatments: Sequence[str], text: str, expected: Sequence[list[str]]) -> None:
    """Every order in which the patients may come, each twice."""
    for order in permutations(range(len(treatments))):
        found = in_turn([treatments[n] for n in (*order, *order)], text)
        assert [expected[n] for n in (*order, *order)] == [dates(plan) for plan in found]


def test_days_are_counted_from_each_patients_own_start() -> None:
    text = protocol_text(sig="{dose: 1 mg, days: [-1, 8]}")

    in_any_order(
        starting("2026-03-02", "2028-02-23"),
        text,
        [
            ["2026-03-01", "2026-03-09", "2026-03-22", "2026-03-30", "2026-04-12", "2026-04-20"],
            # over 29 February
            ["2028-02-22", "2028-03-01", "2028-03-14", "2028-03-22", "2028-04-04", "2028-04-12"],
        ],
    )


def test_calendar_months_are_those_of_each_patient() -> None:
    text = protocol_text(sig="{dose: 1 mg, days: [1], repeat: {every: 1 month, for: 3 months}}")
    text = text.replace("21 days", "100 days").replace("1-3: only", "1: only")

    in_any_order(
        starting("2026-01-31", "2026-03-01", "2028-01-31"),
        text,
        [
            ["2026-01-31", "2026-02-28", "2026-03-31"],
            ["2026-03-01", "2026-04-01", "2026-05-01"],
            ["2028-01-31", "2028-02-29", "2028-03-31"],
        ],
    )


def test_an_age_is_asked_for_each_patient_on_each_day() -> None:
    """Sixty on 9 March 2026 (day 8 of cycle 1), a day later, and never in the course."""
    text = protocol_text(sig="{dose: 1 mg, days: [1, 8], when: {measure: age, at_least: 60}}")
    born = [
        f"{TREATMENT.replace('age: 45', f'birth_date: {day}')}{NONE}"
        for day in ("1966-03-09", "1966-03-10", "1980-01-01")
    ]

    in_any_order(
        born,
        text,
        [
            ["2026-03-09", "2026-03-23", "2026-03-30", "2026-04-13", "2026-04-20"],
            ["2026-03-23", "2026-03-30", "2026-04-13", "2026-04-20"],
            [],
        ],
    )


def test_a_fact_is_that_of_each_patient_and_so_are_its_doubts() -> None:
    text = protocol_text(sig="{dose: 1 mg, days: [1], when: {fact: cns, is: active}}")
    stated = [f"{TREATMENT}facts: {{cns: {word}}}\n{NONE}" for word in ("active", "negative")]

    sure, none, open_ = in_turn([*stated, f"{TREATMENT}{NONE}"], text)

    assert (["planned"] * 3, [], ["unresolved"] * 3) == tuple(
        [row.status for row in rows_of(plan)] for plan in (sure, none, open_)
    )


def test_what_hangs_on_a_dose_hangs_on_that_of_each_patient() -> None:
    beta = (
        "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n"
        "      - {dose: 1 mg, begins: {after_start_of: alpha IV, by: 6 h}}\n"
        "    source: [paper, Methods]"
    )
    text = protocol_text(sig="{dose: 1 mg, days: [1], over: 2 h}", components=beta)
    early, late = in_turn(starting("2026-03-02", "2026-05-04"), text, drug_text("beta"))

    assert [
        ["2026-03-02 16:00:00", "2026-03-23 16:00:00", "2026-04-13 16:00:00"],
        ["2026-05-04 16:00:00", "2026-05-25 16:00:00", "2026-06-15 16:00:00"],
    ] == [[str(row.start) for row in rows_of(plan, "beta")] for plan in (early, late)]
    assert ["2026-05-04 12:00:00"] == [str(row.end) for row in rows_of(late)][:1]


def test_a_lab_that_will_be_too_old_is_pending_for_one_and_known_for_another() -> None:
    """Asked on the first day of each cycle: creatinine of 1 March is fresh on 2 March alone."""
    text = protocol_text(sig="{dose: 1 mg, days: [1], when: {lab: creatinine, below: 2 mg/dL}}")
    labs = "labs:\n  - {date: DAY, creatinine: VALUE mg/dL}\nas_of: 2026-03-02\n"
    stated = [
        f"{TREATMENT}{labs.replace('DAY', day).replace('VALUE', value)}{NONE}"
        for day, value in (("2026-03-01", "1"), ("2026-03-01", "3"), ("2025-01-01", "1"))
    ]

    found = in_turn(stated, text)

    assert [
        ["planned", "unresolved", "unresolved"], ["unresolved", "unresolved"], ["unresolved"] * 3
    ] == [[row.status for row in rows_of(plan)] for plan in found]  # fmt: skip


def test_only_so_many_courses_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doubt, the yes and the no make three courses; who comes back is laid out anew."""
    monkeypatch.setattr(layout, "KEPT", 2)
    text = protocol_text(sig="{dose: 1 mg, days: [1], when: {fact: cns, is: negative}}")
    stated = ["", "facts: {cns: negative}\n", "facts: {cns: active}\n"]
    with formulary(drug_text("alpha")):
        prepared = ready(text)
        doses, kept = [], []
        for more in (*stated, stated[0], stated[0]):
            treatment = files.load_text(f"{TREATMENT}{more}{NONE}", "treatment.yaml")[1]
            doses.append(len(api.plan_prepared(treatment, prepared).administrations))
            kept.append(len(prepared.layouts))

    assert ([3, 3, 0, 3, 3], [1, 2, 2, 2, 2]) == (doses, kept)
