"""The ledger of alpha, worked by hand: three cycles from 2026-03-02, at 1.84 m2 (175 cm, 70 kg)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.engine import (
    NONE,
    TREATMENT,
    component,
    drug_text,
    formulary,
    listed,
    protocol_text,
    ready,
    rule,
)

from protoplan import api, files
from protoplan.model.exposure import Ledger, LedgerRow
from protoplan.model.plan import Plan
from protoplan.planning.ledger import ledgers
from protoplan.quantity import parse
from protoplan.source import Place

CYCLES = "  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}"
ENDING = CYCLES.replace("source", "up_to: {option: cycles}, source")
SPELT = drug_text("alpha").replace("name: alpha", "name: alPHA")


def counted(
    stated: str = NONE,
    *expected: str,
    transplant: date | None = None,
    drugs: Sequence[str] = (),
    phases: str = CYCLES,
    head: str = TREATMENT,
    **protocol: Any,
) -> tuple[Plan, tuple[Ledger, ...]]:
    """The plan, and its ledgers of alpha, by a protocol that expects these totals."""
    more = listed("expect", [f"{{{each}}}" for each in expected])
    text = protocol_text(more=more, **protocol).replace(CYCLES, phases)
    with formulary(SPELT, *drugs):
        prepared = ready(text)
        plan = api.plan_prepared(files.load_text(f"{head}{stated}", "t.yaml")[1], prepared)
    return plan, ledgers(plan, prepared.protocol, prepared.drugs, "alpha", transplant)


def totals(stated: str, *expected: str, **more: Any) -> dict[str, str | None]:
    """The protocol's total by each route."""
    _, found = counted(stated, *expected, **more)
    assert all((ledger.expected is None) == (ledger.expected_at is None) for ledger in found)
    return {each.route: str(each.expected) if each.expected else None for each in found}


def numbers(row: LedgerRow) -> tuple[str | None, ...]:
    """What a dose counts, the sums so far and what is left."""
    found = (row.ordered, row.running_ordered, row.counts, row.running, row.remaining)
    return tuple(None if each is None else str(each) for each in found)


def test_a_ledger_holds_each_dose_and_the_totals() -> None:
    """100 mg/m2 are ordered as 184 mg; 50 mg/m2 were given before, and 300 are expected.

    From 2026-04-13, the last dose, to 2026-05-13 there are 30 days.
    """
    plan, found = counted(
        "medicines: none\nearlier_exposure: [{drug: alpha, amount: 50 mg/m2}]\n",
        "drug: alpha, total: 0.3 g/m2",
        sig="{dose: 100 mg/m2, days: [1]}",
        transplant=date(2026, 5, 13),
    )
    rows = (
        LedgerRow("1.d1.alpha.IV.1", date(2026, 3, 2), "1", 1, "planned", parse("184 mg"),
                  parse("184 mg"), Fraction(100), Fraction(150), Fraction(200)),
        LedgerRow("2.d1.alpha.IV.1", date(2026, 3, 23), "2", 1, "planned", parse("184 mg"),
                  parse("368 mg"), Fraction(100), Fraction(250), Fraction(100)),
        LedgerRow("3.d1.alpha.IV.1", date(2026, 4, 13), "3", 1, "planned", parse("184 mg"),
                  parse("552 mg"), Fraction(100), Fraction(350), Fraction(0)),
    )  # fmt: skip

    assert (
        Ledger(
            drug="alpha",
            name="alPHA",
            route="IV",
            protocol=plan.protocol,
            treatment="made-up",
            label="made up",
            unit="mg/m2",
            rows=rows,
            earlier=Fraction(50),
            earlier_why=None,
            planned=Fraction(300),
            total=Fraction(350),
            expected=parse("300 mg/m2"),
            expected_at=Place("made-up.yaml", 24, 5),
            limits=(),
            last=date(2026, 4, 13),
            transplant=(date(2026, 5, 13), 30),
        ),
    ) == found


@pytest.mark.parametrize(
    "stated", ["", "earlier_exposure: [{drug: alpha, amount: 50 mg/m2}]\n"]
)  # fmt: skip
def test_earlier_treatment_that_cannot_be_counted_is_told_and_left_out(stated: str) -> None:
    _, (found,) = counted(f"medicines: none\n{stated}")

    assert (None, "it is not stated in a form that can be counted in mg") == (
        found.earlier, found.earlier_why
    )  # fmt: skip
    assert [100, 200, 300] == [row.running for row in found.rows]


def test_what_was_not_given_counts_nothing_and_what_was_given_counts_as_it_was() -> None:
    """90 mg, nothing, nothing, then 100 mg of which nothing is recorded, and two planned."""
    record = listed("record", (
        "{date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 90 mg}",
        "{date: 2026-03-03, missed: 1.d2.alpha.IV.1, reason: fever}",
        "{date: 2026-03-23, held: 2.d1.alpha.IV.1, reason: fever}",
    ))  # fmt: skip
    _, (found,) = counted(
        f"as_of: 2026-03-25\n{record}\n{NONE}",
        "drug: alpha, total: 600 mg",
        sig="{dose: 100 mg, days: [1, 2]}",
    )

    assert [
        ("given", ("90 mg", "90 mg", "90", "90", "510")),
        ("missed", (None, "90 mg", "0", "90", "510")),
        ("held", (None, "90 mg", "0", "90", "510")),
        ("overdue", ("100 mg", "190 mg", "100", "190", "410")),
        ("planned", ("100 mg", "290 mg", "100", "290", "310")),
        ("planned", ("100 mg", "390 mg", "100", "390", "210")),
    ] == [(row.status, numbers(row)) for row in found.rows]


def test_before_a_dose_is_given_nothing_is_ordered() -> None:
    missed = listed("record", ["{date: 2026-03-02, missed: 1.d1.alpha.IV.1, reason: fever}"])
    _, (found,) = counted(f"{missed}\n{NONE}")

    assert [
        (None, None, "0", "0", None),
        ("100 mg", "100 mg", "100", "100", None),
        ("100 mg", "200 mg", "100", "200", None),
    ] == [numbers(row) for row in found.rows]


def test_where_no_dose_is_given_there_is_no_last_and_nothing_to_count_from() -> None:
    held = [f"{{date: 2026-03-01, held: {n}.d1.alpha.IV.1, reason: fever}}" for n in (1, 2, 3)]
    _, (found,) = counted(f"{listed('record', held)}\n{NONE}", transplant=date(2026, 5, 13))

    assert (None, None) == (found.last, found.transplant)


def test_the_last_dose_is_one_that_is_given() -> None:
    held = listed("record", ["{date: 2026-03-01, held: 3.d1.alpha.IV.1, reason: fever}"])
    _, (found,) = counted(f"{held}\n{NONE}")

    assert date(2026, 3, 23) == found.last
    assert found.transplant is None


def test_after_a_dose_that_is_not_known_nothing_is_summed() -> None:
    """A rule asks for a fact in the second of three cycles; 300 mg are printed."""
    _, (found,) = counted(
        NONE,
        "drug: alpha, total: 300 mg",
        rules=[rule("in: [2], when: {fact: cns, is: active}, scale: 50 percent")],
    )

    assert [
        ("100 mg", "100 mg", "100", "100", "200"),
        (None, None, None, None, None),
        ("100 mg", None, "100", None, None),
    ] == [numbers(row) for row in found.rows]
    assert (None, None) == (found.planned, found.total)


# ------------------------------------------------------------------------- the protocol's own total

COUNT = "options:\n  cycles: {about: cycles, choices: [1-3], default: 3, source: [paper, Methods]}"
EACH = ("drug: alpha, total: 300 mg", "given: {cycles: 2}, drug: alpha, total: 200 mg")


@pytest.mark.parametrize(
    ("chosen", "total"),
    [("", "300 mg"), ("3", "300 mg"), ("2", "200 mg"), ("1", None)],
)
@pytest.mark.parametrize("expected", [EACH, EACH[::-1]])
def test_a_total_holds_under_its_own_answers_and_no_others(
    expected: tuple[str, ...], chosen: str, total: str | None
) -> None:
    """300 mg are expected of three cycles, which is the default, and not of two or of one."""
    stated = f"options: {{cycles: {chosen}}}\n" if chosen else ""

    assert {"IV": total} == totals(f"{stated}{NONE}", *expected, options=COUNT, phases=ENDING)


AMOUNT = "  amount: {about: dose, between: [1 mg, 9 mg], source: [paper, Methods]}"
MORE = (
    "options:\n"
    "  mode: {about: mode, choices: [plain, open, other, fact], default: plain, source: [paper, x]}\n"
    f"{AMOUNT.replace('source', 'when: {option: mode, is: open}, source')}"
)
BESIDE = (
    "{dose: 100 mg, days: [1], when: {not: {option: mode, is: fact}}}\n"
    "      - {dose: {option: amount}, days: [2], when: {option: mode, is: open}}\n"
    "      - {dose: 1 mg/kg, days: [3], when: {option: mode, is: other}}\n"
    "      - {dose: 100 mg, days: [4], when: {all: [{option: mode, is: fact}, "
    "{fact: cns, is: active}]}}"
)


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ("{mode: plain}", "300 mg"),
        ("{mode: open}", None),
        ("{mode: open, amount: 1 mg}", None),
        ("{mode: other}", None),
        ("{mode: fact}", None),
    ],
)
def test_a_total_does_not_hold_beside_doses_that_it_cannot_count(
    answers: str, total: str | None
) -> None:
    """300 mg, beside a dose that is not chosen, is printed per kilogram, or hangs on a fact."""
    stated = f"options: {answers}\n{NONE}"

    assert {"IV": total} == totals(stated, "drug: alpha, total: 300 mg", options=MORE, sig=BESIDE)


@pytest.mark.parametrize(
    ("head", "facts", "total"),
    [
        (TREATMENT, "{cns: active}", "600 mg"),
        (TREATMENT, "{cns: negative}", "300 mg"),
        (TREATMENT.replace("45", "46"), "{cns: active}", None),
        (TREATMENT, "{}", None),
    ],
)
def test_a_total_asks_for_facts_and_the_age(head: str, facts: str, total: str | None) -> None:
    sig = "{dose: 100 mg, days: [1]}\n      - {dose: 100 mg, days: [2], when: %s}"
    when = "{all: [{fact: cns, is: active}, {measure: age, at_most: 45}]}"
    both = (
        "given: {cns: active, age: 45}, drug: alpha, total: 600 mg",
        "given: {cns: negative, age: 45}, drug: alpha, total: 300 mg",
    )

    assert {"IV": total} == totals(f"facts: {facts}\n{NONE}", *both, head=head, sig=sig % when)


@pytest.mark.parametrize(
    ("expected", "by_route"),
    [
        ("drug: alpha, total: 360 mg", {"IV": None, "IT": None}),
        ("drug: alpha, route: IV, total: 300 mg", {"IV": "300 mg", "IT": None}),
        ("drug: alpha, route: IT, total: 60 mg", {"IV": None, "IT": "60 mg"}),
    ],
)
def test_a_total_is_that_of_the_route_it_counts(
    expected: str, by_route: dict[str, str | None]
) -> None:
    assert by_route == totals(
        NONE, expected, components=component("{dose: 20 mg, days: [2]}", "alpha", "IT")
    )


def test_what_is_open_by_another_route_or_of_another_drug_stands_in_the_way_of_no_total() -> None:
    when = "when: {fact: cns, is: active}"
    others = (component("{dose: 20 mg, days: [2]}", "alpha", "IT", more=f"{when}, "),
              component("{dose: 5 mg, days: [2]}", more=f"{when}, "))  # fmt: skip

    assert {"IV": "300 mg", "IT": None} == totals(
        NONE, "drug: alpha, route: IV, total: 300 mg",
        components="".join(others), drugs=[drug_text("beta")],
    )  # fmt: skip


@pytest.mark.parametrize(
    "expected",
    [
        "drug: beta, total: 60 mg",
        "drug: alpha, in: [1], total: 100 mg",
        "drug: alpha, doses: 3",
        "given: {cns: active}, drug: alpha, total: 300 mg",
    ],
)
def test_what_is_expected_of_something_else_is_no_total(expected: str) -> None:
    assert {"IV": None} == totals(
        NONE, expected,
        components=component("{dose: 20 mg, days: [2]}"), drugs=[drug_text("beta")],
    )  # fmt: skip


def test_a_total_in_another_measure_than_the_ledger_s_is_passed_by() -> None:
    """3 × 2 mg/kg are printed, and 3 × 140 mg counted."""
    expected = ("drug: alpha, total: 6 mg/kg",)
    _, (found,) = counted(NONE, *expected, sig="{dose: 2 mg/kg, days: [1]}")

    assert ("mg", Fraction(420), None) == (found.unit, found.planned, found.expected)


def test_a_drug_that_is_not_given_has_no_ledger() -> None:
    with formulary(SPELT, drug_text("beta")):
        prepared = ready(protocol_text())
        plan = api.plan_prepared(files.load_text(f"{TREATMENT}{NONE}", "t.yaml")[1], prepared)

    assert () == ledgers(plan, prepared.protocol, prepared.drugs, "beta")
