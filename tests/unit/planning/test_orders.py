"""Orders: what stands in one, and which doses share one. 175 cm and 70 kg are 1.84 m2.

alpha is given in three cycles of 21 days that begin on 2026-03-02, 23 and 04-13.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.engine import (
    NONE,
    TREATMENT,
    drug_text,
    first,
    in_steps,
    line_of,
    outcomes,
    planned,
    rows_of,
    rule,
    said,
)

from protoplan.model.order import Order, Piece, Step
from protoplan.model.plan import Plan
from protoplan.planning.asking import Asker
from protoplan.planning.schedule import Slot
from protoplan.quantity import Quantity, parse
from protoplan.source import Place

WHEN = "when: {fact: cns, is: active}"
AMOUNT = "options:\n  amount: {about: dose, between: [1 UNIT, 999 UNIT], source: [paper, Methods]}"
CHOSEN = "{dose: {option: amount}, days: [1]}"


def choosing(amount: str | None, unit: str = "mg", *rules: str, **more: str) -> Plan:
    """The plan where the prescriber gives the dose, or has not yet."""
    stated = "" if amount is None else f"options: {{amount: {amount}}}\n"
    return planned(
        rules,
        stated + more.pop("stated", NONE),
        sig=CHOSEN,
        options=AMOUNT.replace("UNIT", unit),
        **more,  # type: ignore[arg-type]
    )


def steps(order: Order) -> list[tuple[str, str]]:
    return [(step.step, said(step.after.text())) for step in order.working]


# ---------------------------------------------------------------------------- what an order says

TABLETS = "products: [{form: tablet, holds: 50 mg, source: [label, s]}]"
MOSTELLER = (
    "√(height × weight / 3600), height in cm, weight in kg: 175 cm and 70 kg give 1.844662 m², "
    "rounded to 1.84 m²"
)


def test_an_order_says_all_that_it_rests_on() -> None:
    """100 mg/m2 × 1.84 m2 = 184 mg, half of it 92 mg, at most 80 mg by the protocol; 50 mg/m2
    would be counted of 92 mg, and of 80 mg are 80 / 1.84."""
    sig = "{dose: 100 mg/m2, days: [1], cap: 80 mg, assumed: {cap: made up for the test}}"
    order = first(planned([rule("scale: 50 percent")], sig=sig))
    here, treatment = "made-up.yaml", "treatment.yaml"

    assert [
        Step("basis", None, parse("100 mg/m2"), "as its source prints it", "paper: Methods",
             Place(here, 19, 9)),
        Step("body surface area", None, parse("1.84 m2"), MOSTELLER, "policy: mosteller formula",
             Place(treatment, 7, 5)),
        Step("calculated", parse("100 mg/m2"), parse("184 mg"),
             "100 mg/m² × 1.84 m² = 184 mg", "arithmetic", None),
    ] == [_plain(step) for step in order.working[:3]]  # fmt: skip
    assert [
        ("calculated", "184 mg"), ("rule", "92 mg"), ("cap", "80 mg"), ("rounding", "80 mg")
    ] == steps(order)[2:]  # fmt: skip
    assert [
        ("made-up/rule", "184 mg", "92 mg", "paper: Table 1"),
        ("alpha/largest-dose", "92 mg", "80 mg", "assumed: made up for the test"),
    ] == [(a.rule, str(a.before), str(a.after), a.source) for a in order.adjustments]
    assert (
        "alpha", "alpha", "IV", parse("100 mg/m2"), Decimal("1.84"), parse("184 mg"),
        parse("80 mg"), parse("80 mg"), None, Fraction(80) / Fraction("1.84"), "mg/m2",
    ) == (
        order.drug, order.name, order.route, order.basis, order.bsa, order.calculated,
        order.adjusted, order.ordered, order.rate, order.per_basis, order.exposure_unit,
    )  # fmt: skip
    assert ("planned", None, (), (), ("cap: made up for the test",), (), ("paper: Methods",)) == (
        order.status, order.because, order.needs, order.pending, order.assumptions,
        order.borrowed, order.sources,
    )  # fmt: skip


def _plain(step: Step) -> Step:
    """A step with plain spaces in its words."""
    return Step(step.step, step.before, step.after, said(step.why), step.source, step.at)


def test_an_order_names_the_tablets_that_make_it() -> None:
    order = first(planned(sig="{dose: 150 mg, days: [1]}", route="PO", label=TABLETS))

    assert (Piece(3, parse("50 mg"), "tablet"),) == order.made_of


def test_an_order_says_by_which_dose_it_is_timed() -> None:
    beta = (
        "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n      - {dose: 7 mg, begins: "
        "{before_start_of: alpha IV, by: 1 h}}\n    source: [paper, Methods]"
    )
    plan = planned(components=beta, drugs=[drug_text("beta")])

    assert "1 hour before the start of alpha intravenous" == rows_of(plan, "beta")[0].order.timed_by
    assert None is first(plan).timed_by


def test_an_order_names_what_it_assumes_and_what_it_borrows() -> None:
    sig = "{dose: 5 mg, days: [1], assumed: {dose: made up}, borrowed: {days: [paper, Table 9]}}"
    order = first(planned(sig=sig))

    assert (
        ("paper: Methods", "paper: Table 9 (days)"), ("dose: made up",), ("days: paper: Table 9",)
    ) == (order.sources, order.assumptions, order.borrowed)  # fmt: skip


def test_while_something_is_lacking_an_order_shows_the_dose_and_makes_nothing_of_it() -> None:
    """100 mg/m2 × 1.84 m2 are 184 mg; what the rule would make of it is not in the working."""
    order = first(
        planned([rule("scale: 50 percent")], sig=f"{{dose: 100 mg/m2, days: [1], {WHEN}}}")
    )

    assert ("unresolved", ("cns",), parse("184 mg"), None, None, None) == (
        order.status, order.needs, order.calculated, order.adjusted, order.ordered, order.per_basis
    )  # fmt: skip
    assert [
        ("basis", "100 mg/m²"), ("body surface area", "1.84 m²"), ("calculated", "184 mg")
    ] == steps(order)  # fmt: skip
    assert ((), {"made-up/rule": "fired"}) == (order.adjustments, outcomes(order))


def test_an_infusion_that_lacks_something_keeps_the_rate_that_is_printed() -> None:
    order = first(planned(sig=f"{{rate: 100 mg/m2/day, days: 1-2, {WHEN}}}"))

    assert ("unresolved", parse("100 mg/m2/day"), None) == (order.status, order.rate, order.ordered)


def test_an_infusion_that_a_cap_lowers_runs_slower_over_the_same_days() -> None:
    """4 days of 50 mg are 200 mg; 100 mg over 4 days are 25 mg a day."""
    cap = "caps: [{about: alpha/largest-dose, dose: 100 mg, source: [label, x]}]"
    order = first(planned(sig="{rate: 50 mg/day, days: 1-4}", label=cap))

    assert (parse("200 mg"), parse("100 mg"), parse("25 mg/day")) == (
        order.calculated, order.ordered, order.rate
    )  # fmt: skip


@pytest.mark.parametrize(("route", "ordered"), [("IV", "100 mg"), ("IT", "15 mg")])
def test_a_cap_of_the_formulary_for_one_route_leaves_another_alone(
    route: str, ordered: str
) -> None:
    cap = "caps: [{about: alpha/largest-dose, dose: 15 mg, routes: [IT], source: [label, x]}]"

    assert parse(ordered) == first(planned(route=route, label=cap)).ordered


def test_rounding_does_not_pass_the_cap() -> None:
    """100 mg are 2.5 steps of 40 mg; three of them, 120 mg, pass the cap of 100 mg."""
    plan = planned(sig="{dose: 110 mg, days: [1], cap: 100 mg}", policy=in_steps("40 mg"))

    assert (parse("100 mg"), parse("80 mg")) == (first(plan).adjusted, first(plan).ordered)


def test_a_dose_by_auc_says_what_it_waits_for_on_a_day_to_come() -> None:
    """95 × 70 × 0.85 / 72 = 78.507; the creatinine of 2 March is too old on 23 March."""
    plan = planned(
        stated=f"as_of: 2026-03-02\nlabs: [{{date: 2026-03-02, creatinine: 1 mg/dL}}]\n{NONE}",
        sig="{dose: AUC 5, days: [1]}",
        label="calvert: {clearance_at_most: 125 mL/min, source: [label, section 2]}",
    )
    would = "the dose is worked with the clearance of 78.5 mL/min, and follows it"

    assert [[], [("dose by AUC", ("creatinine",), would)]] == [
        [(each.rule, each.wants, said(each.would)) for each in row.order.pending]
        for row in rows_of(plan)[:2]
    ]


# -------------------------------------------------------------------------- the unit of exposure


@pytest.mark.parametrize(
    ("sigs", "unit", "counts"),
    [
        (["100 mg/m2", "50 mg/m2"], "mg/m2", [100, 50]),
        (["100 mg/m2", "50 mg"], "mg", [184, 50]),
        (["50 mg", "100 mg/m2"], "mg", [50, 184]),
    ],
)
def test_a_drug_is_counted_by_surface_area_where_every_dose_of_it_is_worked_so(
    sigs: list[str], unit: str, counts: list[int]
) -> None:
    lines = "\n      - ".join(f"{{dose: {dose}, days: [{n}]}}" for n, dose in enumerate(sigs, 1))
    orders = [row.order for row in rows_of(planned(sig=lines))[:2]]

    assert [unit] * 2 == [order.exposure_unit for order in orders]
    assert counts == [order.per_basis for order in orders]


def test_each_drug_is_counted_in_its_own_unit() -> None:
    beta = (
        "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n      - {dose: 7 mg, days: [1]}\n"
        "    source: [paper, Methods]"
    )
    for sig, unit in (("{dose: 1 mg/m2, days: [1]}", "mg/m2"), ("{dose: 1 mg, days: [1]}", "mg")):
        plan = planned(sig=sig, components=beta, drugs=[drug_text("beta")])
        assert [unit, "mg"] == [row.order.exposure_unit for row in plan.administrations[:2]]


# ------------------------------------------------------------------------------- a dose that is chosen


@pytest.mark.parametrize(
    ("amount", "unit", "outcome"),
    [
        ("40 mg", "mg", {"made-up/rule": "fired"}),
        ("50 mg", "mg", {"made-up/rule": "fired"}),
        ("60 mg", "mg", {}),
        (None, "mg", {}),
    ],
)
def test_a_rule_for_some_doses_looks_at_the_dose_that_is_chosen(
    amount: str | None, unit: str, outcome: dict[str, str]
) -> None:
    plan = choosing(amount, unit, rule("for_doses: {at_most: 50 mg}, scale: 50 percent"))

    assert outcome == outcomes(first(plan))


# ----------------------------------------------------------------------- which doses share an order


def test_doses_of_which_nothing_but_the_date_differs_have_one_order() -> None:
    """Nine doses on three days of three cycles."""
    orders = [row.order for row in rows_of(planned(sig="{dose: 100 mg, days: 1-3}"))]

    assert (9, 1) == (len(orders), len({id(order) for order in orders}))


def test_doses_of_which_a_rule_was_asked_anew_have_one_order_where_it_answers_alike() -> None:
    """Sixty on 3 March; the rule asks for a hundred years."""
    never = rule("when: {measure: age, above: 99}, scale: 50 percent")
    head = TREATMENT.replace("age: 45", "birth_date: 1966-03-03")
    orders = [
        row.order for row in rows_of(planned([never], head=head, sig="{dose: 1 mg, days: 1-3}"))
    ]

    assert (9, 1) == (len(orders), len({id(order) for order in orders}))


def test_each_dose_is_worked_with_the_measures_of_its_cycle() -> None:
    """75 kg from 20 March on: √(175 × 75 / 3600) = 1.9094, as 1.91 m2."""
    head = f"{TREATMENT}  - {{date: 2026-03-20, height: 175 cm, weight: 75 kg}}\n"
    plan = planned(head=head, sig="{dose: 100 mg/m2, days: [1]}")

    assert [parse("184 mg"), parse("191 mg"), parse("191 mg")] == [
        row.order.ordered for row in rows_of(plan)
    ]


def test_rules_of_different_cycles_stand_each_in_its_own() -> None:
    """Neither fires, so that nothing but their names differs."""
    never = "when: {measure: age, above: 99}, scale: 50 percent"
    plan = planned([rule(f"in: [{n}], {never}", f"made-up/{n}") for n in (1, 2)])

    assert [["made-up/1"], ["made-up/2"], []] == [
        [line.rule for line in row.order.rules] for row in rows_of(plan)
    ]


def test_values_that_are_printed_alike_fall_each_into_its_own_band() -> None:
    """(140 − 45) × 70 × 0.85 / 72 = 78.507 over 1 and 78.483 over 1.0003, both printed as 78.5."""
    bands = (
        "by: {measure: creatinine_clearance}, bands: [{below: 78.49 mL/min, scale: 50 percent}, "
        "{at_least: 78.49 mL/min, scale: 80 percent}]"
    )
    labs = (
        "as_of: 2026-03-23\nlabs:\n  - {date: 2026-03-02, creatinine: 1 mg/dL}\n"
        "  - {date: 2026-03-23, creatinine: 1.0003 mg/dL}\n"
    )
    found = [row.order for row in rows_of(planned([rule(bands)], labs + NONE))[:2]]

    assert [parse("80 mg"), parse("50 mg")] == [order.ordered for order in found]


def test_a_rule_that_waits_says_of_each_day_what_the_last_value_would_do() -> None:
    """Sixty on 1 April: 81 × 70 × 0.85 / 72 = 66.94, from then on 80 × 70 × 0.85 / 72 = 66.11."""
    bands = (
        "by: {measure: creatinine_clearance}, bands: [{below: 66.5 mL/min, scale: 50 percent}, "
        "{at_least: 66.5 mL/min, keep: true}]"
    )
    plan = planned(
        [rule(bands)],
        "as_of: 2026-03-02\nlabs: [{date: 2026-03-02, creatinine: 1 mg/dL}]\n" + NONE,
        head=TREATMENT.replace("age: 45", "birth_date: 1966-04-01"),
    )

    assert [
        [], ["the last value would have changed nothing"],
        ["the last value would have made it 50 mg"],
    ] == [[said(p.would) for p in row.order.pending] for row in rows_of(plan)]  # fmt: skip
    assert ["not fired", "pending", "pending"] == [
        line_of(row.order).outcome for row in rows_of(plan)
    ]


def test_a_dose_is_worked_once_for_all_that_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five days in each of three cycles, asked once a cycle; the days of the rules once for each
    of these, and once for all."""
    asked: list[date] = []
    turned: list[str] = []
    answers, turning = Asker.answers, Asker.turning

    def asking(self: Asker, slot: Slot, basis: Quantity | None) -> object:
        asked.append(slot.start.date())
        return answers(self, slot, basis)

    def turns(self: Asker, drug: str) -> tuple[date, ...]:
        turned.append(drug)
        return turning(self, drug)

    monkeypatch.setattr(Asker, "answers", asking)
    monkeypatch.setattr(Asker, "turning", turns)
    planned(sig="{dose: 100 mg, days: 1-5}")

    assert [date(2026, 3, 2), date(2026, 3, 23), date(2026, 4, 13)] == asked
    assert ["alpha"] * 4 == turned
