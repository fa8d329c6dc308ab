"""Rules: what each effect makes of a dose, and what happens when several touch one.

alpha is 100 mg flat, IV, on day 1 of three cycles of 21 days that begin on 2026-03-02, 23 and 04-13,
at 1.84 m2. The plan is made on 2026-03-01 unless a lab or `as_of` says otherwise.
"""

import csv
import io
import json
from decimal import Decimal
from unittest import mock

import attrs
import pytest
from tests.engine import (
    LABEL,
    NONE,
    PAPER,
    PROTOCOL,
    TREATMENT,
    adjusted,
    drug_text,
    first,
    found,
    in_steps,
    line_of,
    listed,
    messages,
    outcomes,
    planned,
    policy_with,
    rows_of,
    rule,
    said,
)

from protoplan import api
from protoplan.model.plan import Plan
from protoplan.problems import Faulty, Severity
from protoplan.rendering import plan_csv, plan_json, plan_text

BILIRUBIN = "by: {lab: bilirubin}, bands: [{below: 1.5 mg/dL, keep: true}, "
BILIRUBIN += "{at_least: 1.5 mg/dL, at_most: 3 mg/dL, scale: 50 percent}, "
BILIRUBIN += "{above: 3 mg/dL, omit: true}]"

#: Grade 2 lowers, from grade 3 on the dose is held.
NEUROPATHY = "by: {TOXICITY: peripheral_neuropathy}, bands: [{at_most: 1, keep: true}, "
NEUROPATHY += "{above: 1, below: 3, scale: 75 percent}, {at_least: 3, hold: grade 1}]"

INFUSION = "{rate: 100 mg/m2/day, days: 1-2}"


def lab(value: str, on: str = "2026-03-02", name: str = "bilirubin") -> str:
    return f"{NONE}labs: [{{date: {on}, {name}: {value}}}]\n"


def problems_of(*args: str, **more: str) -> list[str]:
    with pytest.raises(Faulty) as wrong:
        planned(*args, **more)  # type: ignore[arg-type]
    return [f"{said(problem.message)} [{problem.code}]" for problem in wrong.value.problems]


# -- each effect -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "sig", "expected"),
    [
        ("scale: 50 percent", "{dose: 100 mg, days: [1]}", "50 mg"),
        ("scale: 37.5 percent", "{dose: 100 mg, days: [1]}", "37.5 mg"),
        # 100 x 1.84 = 184; 60% of it
        ("scale: 60 percent", "{dose: 100 mg/m2, days: [1]}", "110.4 mg"),
        ("set: 70 mg", "{dose: 100 mg, days: [1]}", "70 mg"),
        # 40 x 1.84
        ("set: 40 mg/m2", "{dose: 100 mg/m2, days: [1]}", "73.6 mg"),
        ("set: 40 mg/m2", "{dose: 100 mg, days: [1]}", "73.6 mg"),
        ("set: 70 mg", "{dose: 100 mg/m2, days: [1]}", "70 mg"),
        # 1 x 70 kg
        ("set: 1 mg/kg", "{dose: 100 mg, days: [1]}", "70 mg"),
        # 100 x 1.84 x 2 days = 368; 40 x 1.84 x 2
        ("set: 40 mg/m2/day", INFUSION, "147.2 mg"),
        ("scale: 50 percent", INFUSION, "184 mg"),
        ("cap: 90 mg", "{dose: 100 mg, days: [1]}", "90 mg"),
        ("cap: 45 mg/m2", "{dose: 100 mg, days: [1]}", "82.8 mg"),
        ("cap: 100 mg", "{dose: 100 mg, days: [1]}", "100 mg"),
        ("down: 1, ladder: [100 mg, 75 mg, 50 mg]", "{dose: 100 mg, days: [1]}", "75 mg"),
        ("down: 2, ladder: [100 mg, 75 mg, 50 mg]", "{dose: 100 mg, days: [1]}", "50 mg"),
        ("down: 3, ladder: [100 mg, 75 mg, 50 mg]", "{dose: 100 mg, days: [1]}", "50 mg"),
        ("down: 1, ladder: [120 mg, 90 mg, 50 mg]", "{dose: 100 mg, days: [1]}", "90 mg"),
        # 1 x 1.84
        ("down: 1, ladder: [1.3 mg/m2, 1 mg/m2]", "{dose: 1.3 mg/m2, days: [1]}", "1.84 mg"),
    ],
)
def test_each_effect_makes_its_dose(effect: str, sig: str, expected: str) -> None:
    plan = planned([rule(effect)], sig=sig)

    assert [expected] * 3 == adjusted(plan)
    assert {"made-up/rule": "superseded" if effect == "cap: 100 mg" else "fired"} == outcomes(
        first(plan)
    )
    assert plan.complete


def test_the_working_names_the_rule_its_arithmetic_and_its_source() -> None:
    plan = planned([rule("scale: 50 percent")])
    step = next(step for step in first(plan).working if step.step == "rule")
    change = first(plan).adjustments[0]

    assert ("100 mg", "50 mg", "made-up/rule: 50% of 100 mg", "paper: Table 1") == (
        str(step.before), str(step.after), said(step.why), step.source,
    )  # fmt: skip
    assert "made 50 mg by made-up/rule" == said(change.reason)
    assert ["alpha 100 mg made 50 mg by made-up/rule"] == messages(plan, "PF210")
    assert "makes it 50 mg" == said(line_of(first(plan)).words)


@pytest.mark.parametrize(
    ("effect", "status", "because"),
    [
        ("omit: true", "omitted", "omitted: made-up/rule (paper: Table 1)"),
        ("hold: grade 1", "held", "held until grade 1: made-up/rule (paper: Table 1)"),
    ],
)
def test_a_dose_that_is_not_given_has_no_number_and_counts_nothing(
    effect: str, status: str, because: str
) -> None:
    plan = planned([rule(f"in: [1], {effect}")], sig="{dose: 100 mg/m2, days: [1]}")
    order, row = first(plan), rows_of(plan)[0]

    assert (status, None, None, None, because) == (
        row.status, order.adjusted, order.ordered, order.per_basis, order.because,
    )  # fmt: skip
    assert plan.complete
    assert 0 == api.exit_code(plan)
    assert [status, "184 mg", "184 mg"] == adjusted(plan)
    assert (Decimal(200), Decimal(368), 2) == _exposure(plan)
    assert [f"alpha is {because}"] == messages(plan, "PF221")


@pytest.mark.parametrize("effect", ["omit: true", "hold: grade 1"])
def test_a_dose_that_is_not_given_shows_no_number_in_any_output(effect: str) -> None:
    plan = planned([rule(effect)])
    row = json.loads(plan_json.render(plan))["administrations"][0]
    line = next(csv.DictReader(io.StringIO(plan_csv.render(plan))))
    text = said(plan_text.render(plan))
    status = "omitted" if "omit" in effect else "held"

    assert (status, None, None, None, []) == (
        row["status"], row["adjusted"], row["ordered"], row["rate"], row["needs"],
    )  # fmt: skip
    assert (status, "", "", "") == (
        line["status"],
        line["adjusted"],
        line["ordered"],
        line["needs"],
    )
    assert status in text
    assert "INCOMPLETE" not in text
    assert not any("alpha" in part and "100 mg" in part for part in text.splitlines())


def _exposure(plan: Plan) -> tuple[Decimal | None, Decimal | None, int]:
    entry = next(entry for entry in plan.exposure if entry.drug == "alpha")
    value = (
        None if entry.value is None else Decimal(entry.value.numerator) / entry.value.denominator
    )
    ordered = None if entry.ordered is None else entry.ordered.value
    return value, ordered, entry.doses


def test_what_is_asked_of_the_prescriber_leaves_the_dose_unresolved() -> None:
    plan = planned([rule("in: [2], ask: whether to go on")])

    assert ["100 mg", "unresolved", "100 mg"] == adjusted(plan)
    assert 5 == api.exit_code(plan)
    assert [("the prescriber decides, under prescribed: whether to go on",)] == [
        entry.wanted for entry in plan.unresolved
    ]


def test_a_prescriber_s_dose_answers_what_is_asked() -> None:
    prescribed = "prescribed: [{from_cycle: 2, drug: alpha, scale: 80%, reason: so, by: team}]\n"
    plan = planned([rule("in: [2], ask: whether to go on")], NONE + prescribed)

    assert ["100 mg", "80 mg", "80 mg"] == adjusted(plan)
    assert 0 == api.exit_code(plan)


def test_a_finding_keeps_the_dose_and_is_said_once_for_all_of_them() -> None:
    plan = planned([rule("finding: warning, says: look at it")])

    assert ["100 mg"] * 3 == adjusted(plan)
    assert [(Severity.WARNING, "look at it [made-up/rule]", 3)] == [
        (finding.severity, finding.message, len(finding.administrations))
        for finding in found(plan, "PF219")
    ]


def test_a_stop_is_exit_4_even_where_something_is_unresolved() -> None:
    rules = [rule("finding: stop, says: never so"), rule("ask: whether", "made-up/ask")]

    assert 4 == api.exit_code(planned(rules))


# -- several rules ---------------------------------------------------------------------------------

HALF, QUARTER = rule("scale: 50 percent", "a/half"), rule("scale: 25 percent", "b/quarter")


@pytest.mark.parametrize("rules", [(HALF, QUARTER), (QUARTER, HALF)])
def test_the_lowest_proposal_wins_and_the_other_is_shown(rules: tuple[str, str]) -> None:
    plan = planned(rules)
    order = first(plan)

    assert ["25 mg"] * 3 == adjusted(plan)
    assert {"a/half": "superseded", "b/quarter": "fired"} == outcomes(order)
    assert ["a/half: would make 50 mg; b/quarter makes it lower", "b/quarter: 25% of 100 mg"] == [
        said(step.why) for step in order.working if step.step.startswith("rule")
    ]
    assert ["b/quarter"] == [change.rule for change in order.adjustments]


@pytest.mark.parametrize("rules", [(HALF, QUARTER), (QUARTER, HALF)])
def test_two_causes_that_nobody_multiplies_are_a_warning_with_their_product(
    rules: tuple[str, str],
) -> None:
    assert [
        "alpha is lowered for two causes, a/half and b/quarter; the lower dose is planned, and "
        "both together would make 12.5 mg"
    ] == messages(planned(rules), "PF223")


def test_two_rules_about_one_cause_are_no_two_causes() -> None:
    rules = [rule("about: liver, scale: 50 percent", "a"), rule("about: liver, set: 40 mg", "b")]
    plan = planned(rules)

    assert ["40 mg"] * 3 == adjusted(plan)
    assert [] == messages(plan, "PF223")


def test_factors_multiply_only_where_it_is_said() -> None:
    # The lower of 80% and 60%, and then half of it.
    rules = [
        rule("scale: 50 percent, combine: multiply", "a/halves"),
        rule("scale: 80 percent", "b"),
        rule("scale: 60 percent", "c"),
    ]
    plan = planned(rules)

    assert ["30 mg"] * 3 == adjusted(plan)
    assert {"a/halves": "fired", "b": "superseded", "c": "fired"} == outcomes(first(plan))


def test_two_factors_that_multiply_do_so_in_either_order() -> None:
    rules = [
        rule("scale: 50 percent, combine: multiply", "a"),
        rule("scale: 40 percent, combine: multiply", "b"),
    ]

    assert ["20 mg"] * 3 == adjusted(planned(rules)) == adjusted(planned(rules[::-1]))
    assert [] == messages(planned(rules), "PF223")


@pytest.mark.parametrize("effect", ["set: 50 mg", "cap: 50 mg", "down: 1, ladder: [100 mg, 50 mg]"])
def test_only_a_share_can_be_multiplied(effect: str) -> None:
    assert ["rule multiplies, and so reduces by 'scale' alone [PP209]"] == problems_of(
        [rule(f"{effect}, combine: multiply")]  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "effect",
    ["set: 150 mg", "set: 60 mg/m2", "cap: 150 mg", "down: 1, ladder: [300 mg, 200 mg]"],
)
def test_no_rule_raises_a_dose(effect: str) -> None:
    plan = planned([rule(effect)])

    assert ["100 mg"] * 3 == adjusted(plan)
    assert "superseded" == line_of(first(plan)).outcome
    assert said(line_of(first(plan)).words).endswith("which is not below 100 mg")
    assert () == first(plan).adjustments


@pytest.mark.parametrize("turned", [False, True])
def test_leaving_out_comes_before_holding_and_both_before_a_lower_dose(turned: bool) -> None:
    rules = [
        rule("hold: recovery", "a/hold"),
        rule("omit: true", "b/omit"),
        rule("scale: 50 percent", "c/half"),
    ]
    plan = planned(rules[::-1] if turned else rules)

    assert ["omitted"] * 3 == adjusted(plan)
    assert (
        "omitted: b/omit (paper: Table 1); held until recovery: a/hold (paper: Table 1)"
        == first(plan).because
    )
    assert "superseded" == line_of(first(plan), "c/half").outcome
    assert [
        "alpha is omitted: b/omit (paper: Table 1)",
        "alpha is held until recovery: a/hold (paper: Table 1)",
    ] == messages(plan, "PF221")


def test_a_rule_of_the_protocol_takes_the_place_of_the_label_s_about_the_same() -> None:
    label = listed("rules", [rule("about: liver, scale: 10 percent", "label/liver", LABEL)])
    plan = planned([rule("about: liver, scale: 50 percent", "own/liver")], label=label)

    assert ["50 mg"] * 3 == adjusted(plan)
    assert ("set aside", "gives way to what the protocol says of liver") == (
        line_of(first(plan), "label/liver").outcome,
        line_of(first(plan), "label/liver").words,
    )


def test_a_rule_of_another_drug_about_the_same_leaves_the_label_alone() -> None:
    label = listed("rules", [rule("about: liver, scale: 10 percent", "label/liver", LABEL)])
    beta = (
        "  - {drug: beta, in: only, route: IV, sigs: [{dose: 5 mg, days: [1]}], source: [paper, x]}"
    )
    plan = planned(
        [rule("about: liver, scale: 50 percent", "own/liver", drug="beta")],
        label=label,
        components=beta,
        drugs=[drug_text("beta")],
    )

    assert ["10 mg"] * 3 == adjusted(plan)
    assert ["2.5 mg"] * 3 == adjusted(plan, "beta")


# -- whose rules hold ------------------------------------------------------------------------------

TABLES = [
    rule("about: alpha/renal, table: one, scale: 80 percent", "renal/one", LABEL),
    rule("about: alpha/renal, table: other, scale: 40 percent", "renal/other", LABEL),
]


@pytest.mark.parametrize(("table", "expected"), [("one", "80 mg"), ("other", "40 mg")])
def test_of_several_tables_only_the_policy_s_holds(table: str, expected: str) -> None:
    plan = planned(label=listed("rules", TABLES), policy=policy_with({"alpha/renal": table}))
    aside = {"one": "other", "other": "one"}[table]

    would = {"one": "40\N{NO-BREAK SPACE}mg", "other": "80\N{NO-BREAK SPACE}mg"}[table]
    told = ["alpha 80 mg: renal/other would have made it 40 mg; the policy picks the table one"]
    assert [expected] * 3 == adjusted(plan)
    assert ("set aside", f"the policy picks the table {table}; it would have made it {would}") == (
        line_of(first(plan), f"renal/{aside}").outcome,
        line_of(first(plan), f"renal/{aside}").words,
    )
    assert (told if table == "one" else []) == messages(plan, "PF243")


def test_a_policy_that_picks_no_table_is_a_problem() -> None:
    with pytest.raises(Faulty) as wrong:
        planned(label=listed("rules", TABLES))

    assert [
        "policies/default.yaml:2:1: error: policy default picks none for alpha/renal; expected one, "
        "other [PP402]\n    hint: write it under choices: in default"
    ] == [str(problem) for problem in wrong.value.problems]


WRITTEN = rule("written_for: another disease, scale: 20 percent", "label/other", LABEL)


def test_a_rule_written_for_something_else_is_a_note() -> None:
    plan = planned(label=listed("rules", [WRITTEN]))

    assert ["100 mg"] * 3 == adjusted(plan)
    assert ("note", "written for another disease") == (
        line_of(first(plan), "label/other").outcome,
        line_of(first(plan), "label/other").words.split("; ")[-1],
    )
    assert [
        "label/other, written for another disease and not adopted here, would hold: give 20%"
    ] == messages(plan, "PF220")


def test_a_note_that_cannot_be_answered_leaves_the_plan_complete() -> None:
    asking = WRITTEN.replace("scale", "when: {fact: ecog, at_least: 2}, scale")
    plan = planned(label=listed("rules", [asking]))

    assert plan.complete
    assert [] == messages(plan, "PF220")


def test_a_protocol_adopts_a_rule_by_its_id() -> None:
    adopts = "adopts: [{rule: label/other, because: made up, source: [paper, Table 2]}]"
    plan = planned(label=listed("rules", [WRITTEN]), more=adopts)

    assert ["20 mg"] * 3 == adjusted(plan)
    assert [] == messages(plan, "PF220")


@pytest.mark.parametrize(
    ("sig", "expected"),
    [
        ("{dose: 499 mg/m2, days: [1]}", "918.16 mg"),
        ("{dose: 500 mg/m2, days: [1]}", "460 mg"),  # half of 500 x 1.84
        ("{dose: 0.5 g/m2, days: [1]}", "460 mg"),
        ("{rate: 250 mg/m2/day, days: 1-2}", "460 mg"),  # 500 mg/m2 over its days
        ("{rate: 249 mg/m2/day, days: 1-2}", "916.32 mg"),
        ("{rate: 21 mg/m2/h, days: [1]}", "463.68 mg"),  # 504 mg/m2 in 24 hours
    ],
)
def test_a_rule_for_large_doses_leaves_others_alone(sig: str, expected: str) -> None:
    plan = planned([rule("for_doses: {at_least: 500 mg/m2}, scale: 50 percent")], sig=sig)

    assert expected == adjusted(plan)[0]


def test_a_rule_of_one_route_leaves_another_alone() -> None:
    assert ["50 mg"] * 3 == adjusted(planned([rule("routes: [IV], scale: 50 percent")]))
    assert ["a rule changes alpha IT, and the protocol gives it IV [PP311]"] == problems_of(
        [rule("routes: [IT], scale: 50 percent")]  # type: ignore[arg-type]
    )


def test_a_rule_of_some_cycles_leaves_the_others_alone() -> None:
    assert ["50 mg", "100 mg", "50 mg"] == adjusted(
        planned([rule("in: [1, 3], scale: 50 percent")])
    )
    assert ["50 mg", "100 mg", "100 mg"] == adjusted(
        planned([rule("in: first only, scale: 50 percent")])
    )


def test_a_rule_asked_by_the_cycle_holds_for_all_of_it() -> None:
    # Bilirubin 1 on day 1 and 4 on day 8: by the dose the second is left out, by the cycle not.
    labs = (
        "labs: [{date: 2026-03-02, bilirubin: 1 mg/dL}, {date: 2026-03-09, bilirubin: 4 mg/dL}]\n"
    )
    sig = "{dose: 100 mg, days: [1, 8]}"
    by_dose = planned([rule(BILIRUBIN)], NONE + labs, sig=sig)
    by_cycle = planned([rule(f"asked: cycle, {BILIRUBIN}")], NONE + labs, sig=sig)

    assert ["100 mg", "omitted"] == adjusted(by_dose)[:2]
    assert ["100 mg", "100 mg"] == adjusted(by_cycle)[:2]


# -- caps and rounding -----------------------------------------------------------------------------

CAP = "caps:\n  - {about: alpha/largest, dose: 60 mg, source: [label, section 2]}"


def test_caps_come_after_rules() -> None:
    # 80% of 100 is 80, and then the cap; not 80% of the cap, which would be 48.
    plan = planned([rule("scale: 80 percent")], label=CAP)

    assert ["60 mg"] * 3 == adjusted(plan)
    assert ["basis", "calculated", "rule", "cap", "rounding"] == [
        step.step for step in first(plan).working
    ]


def test_a_rule_below_the_cap_leaves_the_cap_nothing_to_do() -> None:
    assert ["50 mg"] * 3 == adjusted(planned([rule("scale: 50 percent")], label=CAP))


def test_rounding_is_last_and_once() -> None:
    # 1.5 x 1.84 = 2.76; 75% of it is 2.07, which goes to 2.05 in steps of 0.05: 41.4 steps.
    sig, policy = "{dose: 1.5 mg/m2, days: [1]}", in_steps("0.05 mg")
    order = first(planned([rule("scale: 75 percent")], sig=sig, policy=policy))

    assert ("2.07 mg", "2.05 mg") == (str(order.adjusted), str(order.ordered))


# -- labs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.499999999 mg/dL", "100 mg"),
        ("1.5 mg/dL", "50 mg"),  # at_least answers on its edge
        ("3 mg/dL", "50 mg"),  # and so does at_most
        ("3.000000001 mg/dL", "omitted"),
        # 1 mg/dL is 17.104 umol/L: 1.5 mg/dL is 25.656, and 3 mg/dL is 51.312
        ("25.655999999 umol/L", "100 mg"),
        ("25.656 umol/L", "50 mg"),
        ("51.312 umol/L", "50 mg"),
        ("51.312000001 umol/L", "omitted"),
        # The upper limit of normal of the default policy is 1.2 mg/dL: 1.25 and 2.5 times it.
        ("1.249999999 xULN", "100 mg"),
        ("1.25 xULN", "50 mg"),
        ("2.5 xULN", "50 mg"),
        ("2.500000001 xULN", "omitted"),
    ],
)
def test_bands_hold_exactly_in_every_unit(value: str, expected: str) -> None:
    assert expected == adjusted(planned([rule(BILIRUBIN)], lab(value)))[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.8 mg/dL", "100 mg"),  # 1.5 times 1.2
        ("1.800000001 mg/dL", "50 mg"),
        ("30.7872 umol/L", "100 mg"),  # 1.8 x 17.104
        ("30.7872001 umol/L", "50 mg"),
        ("1.5 xULN", "100 mg"),
        ("1.500000001 xULN", "50 mg"),
    ],
)
def test_multiples_of_the_upper_limit_hold_exactly(value: str, expected: str) -> None:
    plan = planned([rule("when: {lab: bilirubin, above: 1.5 xULN}, scale: 50 percent")], lab(value))

    assert expected == adjusted(plan)[0]


@pytest.mark.parametrize("value", ["3.5 mg/dL", "59.86 umol/L"])
def test_a_bilirubin_of_the_issue_is_the_same_in_both_units(value: str) -> None:
    assert "omitted" == adjusted(planned([rule(BILIRUBIN)], lab(value)))[0]


def test_without_an_upper_limit_a_multiple_of_it_cannot_be_judged() -> None:
    plan = planned(
        [rule("when: {lab: alt, above: 3 xULN}, omit: true")],
        lab("200 U/L", name="alt"),
        policy=attrs.evolve(policy_with({}), upper_limits=()),
    )

    assert ["unresolved"] * 3 == adjusted(plan)
    assert ("upper limit of normal of alt",) == first(plan).needs


@pytest.mark.parametrize(
    ("count", "expected"),
    [("1 10^9/L", "100 mg"), ("1000 /uL", "100 mg"), ("999 /uL", "held"), ("0.999 10^9/L", "held")],
)
def test_counts_are_compared_in_either_unit(count: str, expected: str) -> None:
    plan = planned(
        [rule("when: {lab: neutrophils, below: 1 10^9/L}, hold: recovery")],
        lab(count, name="neutrophils"),
    )

    assert expected == adjusted(plan)[0]


def test_clearance_is_worked_from_the_last_creatinine() -> None:
    # (140 - 45) x 70 / (72 x 1) x 0.85 = 78.5069 for a woman; 92.3611 for a man
    body = "when: {measure: creatinine_clearance, below: 80 mL/min}, scale: 50 percent"
    stated = lab("1 mg/dL", name="creatinine")
    man = TREATMENT.replace("female", "male")

    assert "50 mg" == adjusted(planned([rule(body)], stated))[0]
    assert "100 mg" == adjusted(planned([rule(body)], stated, head=man))[0]
    assert "50 mg" == adjusted(
        planned([rule(body)], lab("88.4 umol/L", name="creatinine"))
    )[0]  # fmt: skip


def test_without_an_upper_limit_a_creatinine_in_multiples_of_it_gives_no_clearance() -> None:
    """Nor could one of the day itself be compared: later days wait for no value, they have none."""
    body = "when: {measure: creatinine_clearance, below: 30 mL/min}, omit: true"
    plan = planned([rule(body)], lab("5 xULN", name="creatinine"))

    assert ["unresolved"] * 3 == adjusted(plan)
    assert ("upper limit of normal of creatinine",) == first(plan).needs


# -- what is not known -----------------------------------------------------------------------------

UNKNOWN_SEX = TREATMENT.replace(", sex: female", "")
CLEARANCE = "when: {measure: creatinine_clearance, below: 30 mL/min}, omit: true"


@pytest.mark.parametrize(
    ("on", "as_of", "first_dose"),
    [
        ("2026-02-23", "2026-03-01", "100 mg"),  # 7 days old on the day of the dose
        ("2026-02-22", "2026-03-02", "unresolved"),  # 8 days, on as_of itself
        ("2026-02-22", "2026-03-03", "unresolved"),  # and before it
        ("2026-02-22", "2026-03-01", "pending"),  # the day of the dose is still to come
        ("2026-03-03", "2026-03-03", "unresolved"),  # it was taken a day after the dose
    ],
)
def test_a_lab_is_fresh_stale_or_pending(on: str, as_of: str, first_dose: str) -> None:
    plan = planned([rule(BILIRUBIN)], f"{lab('1 mg/dL', on)}as_of: {as_of}\n")
    order = first(plan)
    shown = "pending" if order.pending else str(order.adjusted) if order.adjusted else order.status

    assert first_dose == shown
    assert (first_dose == "unresolved") == (5 == api.exit_code(plan))


def test_a_dose_that_is_given_only_at_a_lab_is_not_given_on_one_of_a_day_to_come() -> None:
    """A rule can wait for its lab, and the dose is planned without it; a condition cannot."""
    sig = "{when: {lab: bilirubin, at_most: 2 mg/dL}, dose: 100 mg, days: [1]}"
    low, high = (planned([], lab(value), sig=sig) for value in ("1 mg/dL", "6 mg/dL"))

    assert ["100 mg", "unresolved", "unresolved"] == adjusted(low)
    assert ["unresolved", "unresolved"] == adjusted(high)
    assert [("alpha", ("bilirubin",), 2)] * 2 == [
        (entry.about, entry.needs, len(entry.administrations))
        for plan in (low, high)
        for entry in plan.unresolved
    ]


def test_what_the_first_day_asks_of_a_lab_that_will_be_too_old_is_not_passed_over() -> None:
    """The plan is made on 1 March for the 2nd; the bilirubin is of 22 February."""
    must = "{lab: bilirubin, at_most: 2 mg/dL}"
    more = (
        f"eligibility: [{{about: liver, must: {must}, {PAPER}}}]\n"
        f"requirements: [{{about: bilirubin, must: {must}, otherwise: warning, {PAPER}}}]\n"
        f"open_items: [{{text: look, when: {must}, until: then, {PAPER}}}]"
    )
    plan = planned([], f"{lab('6 mg/dL', '2026-02-22')}as_of: 2026-03-01\n", more=more)

    assert ["eligibility cannot be judged in full; not known: bilirubin"] == messages(plan, "PF202")
    assert ["bilirubin; not stated: bilirubin"] == messages(plan, "PF216")
    assert [("look", ("bilirubin",))] == [(entry.about, entry.needs) for entry in plan.unresolved]


def test_a_phase_that_hangs_on_a_lab_of_a_day_to_come_has_no_date() -> None:
    phases = "phases:\n  - {name: treatment, when: {lab: bilirubin, at_most: 2 mg/dL}, cycles:"
    text = PROTOCOL.replace("phases:\n  - {name: treatment, cycles:", phases)
    with mock.patch("tests.engine.PROTOCOL", text):
        plan = planned([], f"{lab('6 mg/dL', '2026-02-22')}as_of: 2026-03-01\n")

    assert [None] * 3 == [cycle.start for cycle in plan.cycles]
    assert [("treatment and all that follows", ("bilirubin",))] == [
        (entry.about, entry.needs) for entry in plan.unresolved
    ]


def test_a_lab_that_was_never_stated_is_wanted_for_every_day() -> None:
    plan = planned([rule(BILIRUBIN)])

    assert ["unresolved"] * 3 == adjusted(plan)
    assert [("alpha", ("bilirubin",), 3)] == [
        (entry.about, entry.needs, len(entry.administrations)) for entry in plan.unresolved
    ]


@pytest.mark.parametrize(
    ("value", "would"),
    [
        ("1 mg/dL", "the last value would have changed nothing"),
        ("2 mg/dL", "the last value would have made it 50 mg"),
        ("4 mg/dL", "the last value would have left the dose out"),
    ],
)
def test_a_later_day_is_planned_and_its_checklist_says_what_the_last_value_would_do(
    value: str, would: str
) -> None:
    plan = planned([rule(BILIRUBIN)], lab(value))

    assert ["100 mg", "100 mg"] == adjusted(plan)[1:]
    assert plan.complete
    assert [("2026-03-23", ("bilirubin",), would), ("2026-04-13", ("bilirubin",), would)] == [
        (str(line.date), line.labs, said(line.would[0])) for line in plan.checklist
    ]
    assert "pending" == line_of(rows_of(plan)[1].order).outcome


@pytest.mark.parametrize(
    ("effect", "would"),
    [
        ("hold: recovery", "the last value would have held the dose until recovery"),
        (
            "ask: whether to go on",
            "the last value would have asked for a decision: whether to go on",
        ),
        ("finding: warning, says: beware", "the last value would have said: beware"),
    ],
)
def test_the_last_value_would_have(effect: str, would: str) -> None:
    body = f"when: {{lab: bilirubin, above: 1 mg/dL}}, {effect}"
    plan = planned([rule(body)], lab("2 mg/dL"))

    assert (would,) == plan.checklist[0].would


def test_a_fact_that_a_clearance_lacks_is_wanted_whatever_the_age_of_the_creatinine() -> None:
    plan = planned(
        [rule(CLEARANCE)], lab("1 mg/dL", "2026-02-01", "creatinine") + "as_of: 2026-03-01\n",
        head=UNKNOWN_SEX,
    )  # fmt: skip

    assert ["unresolved"] * 3 == adjusted(plan)
    assert ("sex",) == first(plan).needs


def test_a_fact_that_is_not_stated_is_asked_for_once_with_all_that_hangs_on_it() -> None:
    rules = [
        rule("when: {fact: ecog, at_least: 3}, omit: true", "a"),
        rule("when: {all: [{fact: ecog, at_least: 2}, {fact: cns, is: active}]}, ask: so", "b"),
    ]
    plan = planned(rules)

    assert [("alpha", ("ecog", "cns"), 3)] == [
        (entry.about, entry.needs, len(entry.administrations)) for entry in plan.unresolved
    ]


def test_one_false_part_answers_whatever_else_is_unknown() -> None:
    body = "when: {all: [{fact: ecog, at_least: 3}, {fact: cns, is: active}]}, omit: true"

    assert ["100 mg"] * 3 == adjusted(planned([rule(body)], NONE + "facts: {cns: negative}\n"))


def test_what_is_unknown_of_a_rule_that_says_so_is_a_note() -> None:
    body = "when_unknown: note, when: {fact: ecog, at_least: 3}, omit: true"
    plan = planned([rule(body)])

    assert ["100 mg"] * 3 == adjusted(plan)
    assert plan.complete
    assert ["not known: ecog; made-up/rule is not applied without it"] == messages(plan, "PF224")


def test_a_band_that_keeps_the_dose_needs_no_guard() -> None:
    body = f"when: {{fact: ecog, at_least: 3}}, {BILIRUBIN}"

    assert "100 mg" == adjusted(planned([rule(body)], lab("1 mg/dL")))[0]
    assert "unresolved" == adjusted(planned([rule(body)], lab("2 mg/dL")))[0]


# -- ramps and infusions ---------------------------------------------------------------------------

RAMP = "{dose: 100 mg, ramp: {option: steps}, days: 1-4}"
STEPS = "options:\n  steps: {about: steps, steps: mg, default: '20 mg, 50 mg', source: [paper, Table 3]}"
CHOSEN = NONE + "options: {steps: '10 mg, 40 mg, 90 mg'}\n"


def test_days_of_a_ramp_under_a_rule_are_unresolved_unless_the_prescriber_gives_steps() -> None:
    plan = planned([rule("set: 30 mg")], sig=RAMP, options=STEPS)

    assert ["unresolved", "unresolved", "30 mg", "30 mg"] == adjusted(plan)[:4]
    assert ("steps",) == first(plan).needs


def test_steps_of_the_prescriber_pass_neither_themselves_nor_the_rule() -> None:
    plan = planned([rule("set: 30 mg")], CHOSEN, sig=RAMP, options=STEPS)

    assert ["10 mg", "30 mg", "30 mg", "30 mg"] == adjusted(plan)[:4]


def test_a_share_on_a_ramp_is_of_the_dose_to_which_it_rises() -> None:
    plan = planned([rule("scale: 25 percent")], CHOSEN, sig=RAMP, options=STEPS)

    assert ["10 mg", "25 mg", "25 mg", "25 mg"] == adjusted(plan)[:4]


@pytest.mark.parametrize("effect", ["cap: 150 mg", "finding: warning, says: look"])
def test_a_rule_that_lowers_nothing_leaves_the_ramp_alone(effect: str) -> None:
    plan = planned([rule(effect)], sig=RAMP, options=STEPS)

    assert ["20 mg", "50 mg", "100 mg", "100 mg"] == adjusted(plan)[:4]


@pytest.mark.parametrize(("effect", "status"), [("omit: true", "omitted"), ("hold: so", "held")])
def test_a_dose_that_is_not_given_needs_no_steps(effect: str, status: str) -> None:
    assert {status} == set(adjusted(planned([rule(effect)], sig=RAMP, options=STEPS)))


def test_an_infusion_that_a_rule_lowers_runs_at_its_own_rate() -> None:
    # 100 mg/m2/day x 1.84 m2 x 2 days = 368 mg; half of it over the same two days
    plan = planned([rule("scale: 50 percent")], sig=INFUSION)
    order = first(plan)

    assert ("184 mg", "184 mg", "92 mg/day") == tuple(
        map(str, (order.adjusted, order.ordered, order.rate))
    )
    # 3 cycles of 100 mg/m2 and 184 mg
    assert (Decimal(300), Decimal(552), 3) == _exposure(plan)


def test_an_infusion_that_is_set_counts_over_the_surface_area() -> None:
    plan = planned([rule("set: 46 mg/day")], sig=INFUSION)
    order = first(plan)

    assert ("92 mg", "46 mg/day") == (str(order.ordered), str(order.rate))
    # 92 / 1.84 = 50 mg/m2 in each of 3 cycles
    assert (Decimal(150), Decimal(276), 3) == _exposure(plan)


def test_a_rate_that_no_decimal_holds_is_shown_to_four_places() -> None:
    plan = planned([rule("set: 100 mg/m2/day")], sig="{rate: 200 mg/m2/day, days: 1-3}")
    thirds = planned([rule("scale: 33 percent")], sig="{rate: 101 mg/day, days: 1-7}")

    assert "184 mg/day" == str(first(plan).rate)
    assert "33.33 mg/day" == str(first(thirds).rate)


@pytest.mark.parametrize(
    ("effect", "sig", "message"),
    [
        ("set: 50 mg/day", "{dose: 100 mg, days: [1]}", "50 mg/day is set where the protocol "
         "prints a dose of alpha [PP309]"),
        ("set: 50 mg", INFUSION, "50 mg is set where the protocol prints a rate of alpha [PP309]"),
        ("set: 50 units", "{dose: 100 mg, days: [1]}", "50 units does not fit alpha, which is "
         "ordered in mg [PP309]"),
        ("cap: 50 units/m2", "{dose: 100 mg, days: [1]}", "50 units/m2 does not fit alpha, which "
         "is ordered in mg [PP309]"),
        ("when: {medicine: posaconazol}, omit: true", "{dose: 100 mg, days: [1]}",
         "medicine 'posaconazol' is not known to the formulary [PP302]"),
        ("when: {class: azol}, omit: true", "{dose: 100 mg, days: [1]}",
         "class 'azol' is not known to the formulary [PP303]"),
        ("when: {fact: cns, is: aktive}, omit: true", "{dose: 100 mg, days: [1]}",
         "'aktive' is not an answer to cns; expected negative, active [PP402]"),
        ("when: {fact: cns, at_least: 2}, omit: true", "{dose: 100 mg, days: [1]}",
         "'cns' cannot be compared with 2 [PP309]"),
        ("when: {lab: bilirubin, at_least: 1 mg/dL, below: 60 umol/L}, omit: true",
         "{dose: 100 mg, days: [1]}",
         "this condition has two bounds that do not measure the same [PP209]"),
    ],
)  # fmt: skip
def test_a_rule_that_could_never_do_what_it_says_is_a_problem(
    effect: str, sig: str, message: str
) -> None:
    assert [message] == problems_of([rule(effect)], sig=sig)  # type: ignore[arg-type]


def test_a_label_printed_in_another_kind_of_unit_asks_for_a_decision() -> None:
    label = listed("rules", [rule("down: 1, ladder: [1.3 mg/m2, 1 mg/m2]", "label/down", LABEL)])
    plan = planned(label=label)

    assert ["unresolved"] * 3 == adjusted(plan)
    assert ("decision: label/down is printed in mg/m2, and the dose in mg",) == first(plan).needs


# -- toxicities ------------------------------------------------------------------------------------


def record(*entries: str) -> str:
    lines = "".join(f"  - {{{entry}}}\n" for entry in entries)
    return f"{NONE}as_of: 2026-03-01\nrecord:\n{lines}"


def neuropathy(on: str, grade: int, more: str = "") -> str:
    return f"date: {on}, toxicity: peripheral_neuropathy, grade: {grade}{more}"


#: Grade 3 in cycle 1, grade 1 in cycle 2, over on the first day of cycle 3.
COURSE = (
    neuropathy("2026-03-05", 3), neuropathy("2026-03-20", 1), neuropathy("2026-04-13", 0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "sig", "expected"),
    [
        # Days 1, 4 (grade 3) and 8 of each cycle.
        ("toxicity", "{dose: 100 mg, days: [1, 4, 8]}",
         ["100 mg", "held", "held", *["100 mg"] * 6]),
        ("worst_toxicity", "{dose: 100 mg, days: [1, 4, 8]}", ["100 mg", *["held"] * 8]),
    ],
)  # fmt: skip
def test_the_grade_of_the_day_and_the_worst_so_far(
    asked: str, sig: str, expected: list[str]
) -> None:
    plan = planned([rule(NEUROPATHY.replace("TOXICITY", asked))], record(*COURSE), sig=sig)

    assert expected == adjusted(plan)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), "100 mg"),
        ((neuropathy("2026-03-01", 2),), "75 mg"),
        ((neuropathy("2026-03-02", 2),), "75 mg"),  # on the day itself
        ((neuropathy("2026-03-03", 2),), "100 mg"),  # and not a day before it
        ((neuropathy("2026-03-01", 2, ", related_to: alpha"),), "75 mg"),
        ((neuropathy("2026-03-01", 2, ", related_to: vincristine"),), "100 mg"),
        ((neuropathy("2026-02-01", 3), neuropathy("2026-03-01", 0)), "100 mg"),
        ((neuropathy("2026-02-01", 3, ", related_to: alpha"), neuropathy("2026-03-01", 0)),
         "100 mg"),
        # Another cause is over, this one is not.
        ((neuropathy("2026-02-01", 3, ", related_to: alpha"),
          neuropathy("2026-03-01", 0, ", related_to: vincristine")), "held"),
        (("date: 2026-03-01, toxicity: seizure, grade: 4",), "100 mg"),
    ],
)  # fmt: skip
def test_a_toxicity_counts_by_its_cause_and_its_day(
    entries: tuple[str, ...], expected: str
) -> None:
    body = NEUROPATHY.replace("TOXICITY: peripheral_neuropathy",
                              "toxicity: peripheral_neuropathy, related_to: alpha")  # fmt: skip
    stated = record(*entries) if entries else NONE

    assert expected == adjusted(planned([rule(body)], stated))[0]


def test_toxicities_are_to_be_asked_for_on_the_first_day_of_each_later_cycle() -> None:
    plan = planned([rule(NEUROPATHY.replace("TOXICITY", "toxicity"))], NONE + "as_of: 2026-03-02\n")

    assert [("2026-03-23", ("peripheral_neuropathy",)), ("2026-04-13", ("peripheral_neuropathy",))] == [
        (str(line.date), line.toxicities) for line in plan.checklist
    ]  # fmt: skip


# -- the prescriber's own changes ------------------------------------------------------------------


def prescribed(*entries: str) -> str:
    lines = "".join(
        f"  - {{drug: alpha, {entry}, reason: made up, by: team}}\n" for entry in entries
    )
    return f"{NONE}prescribed:\n{lines}"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("from_cycle: 2, scale: 80%", ["100 mg", "80 mg", "80 mg"]),
        ("from_cycle: 1, to_cycle: 2, scale: 80%", ["80 mg", "80 mg", "100 mg"]),
        ("from_cycle: 2, to_cycle: 2, set: 70 mg", ["100 mg", "70 mg", "100 mg"]),
        ("from_cycle: 3, set: 10 mg/m2", ["100 mg", "100 mg", "18.4 mg"]),
        ("from_cycle: 1, route: IV, scale: 120%", ["120 mg"] * 3),
        ("from_cycle: 3, omit: true", ["100 mg", "100 mg", "omitted"]),
    ],
)
def test_what_the_prescriber_orders_is_given(entry: str, expected: list[str]) -> None:
    plan = planned([], prescribed(entry))

    assert expected == adjusted(plan)
    assert plan.complete


@pytest.mark.parametrize(
    ("effect", "entry", "severity", "message"),
    [
        ("scale: 50 percent", "from_cycle: 1, scale: 80%", Severity.WARNING,
         "the prescriber orders 80 mg of alpha where the rules make it 50 mg (made-up/rule): "
         "made up"),
        ("scale: 50 percent", "from_cycle: 1, scale: 40%", Severity.NOTE,
         "the prescriber orders 40 mg of alpha where the rules make it 50 mg (made-up/rule): "
         "made up"),
        ("omit: true", "from_cycle: 1, scale: 40%", Severity.WARNING,
         "the prescriber orders 40 mg of alpha where the rule made-up/rule does not give it: "
         "made up"),
    ],
)  # fmt: skip
def test_where_the_rules_say_otherwise_a_finding_stands_beside_it(
    effect: str, entry: str, severity: Severity, message: str
) -> None:
    plan = planned([rule(effect)], prescribed(entry))

    assert [(severity, message)] == [
        (finding.severity, said(finding.message)) for finding in found(plan, "PF222")
    ]


def test_a_cap_holds_for_the_prescriber_too() -> None:
    assert ["60 mg"] * 3 == adjusted(
        planned([], prescribed("from_cycle: 1, set: 90 mg"), label=CAP)
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("drug: alpha, from_cycle: 9, scale: 80%", "the protocol has no cycle '9' [PP304]"),
        ("drug: alpha, from_cycle: 1, to_cycle: M1, scale: 80%",
         "the protocol has no cycle 'M1' [PP304]"),
        ("drug: alpha, from_cycle: 3, to_cycle: 2, scale: 80%",
         "cycle 2 lies before cycle 3 [PP209]"),
        ("drug: vincristine, from_cycle: 1, scale: 80%",
         "the protocol does not give vincristine, of which a change is prescribed [PP302]"),
        ("drug: alfa, from_cycle: 1, scale: 80%", "drug 'alfa' is not known [PP302]"),
        ("drug: alpha, route: IT, from_cycle: 1, scale: 80%",
         "the protocol gives alpha IV, and not IT [PP306]"),
        ("drug: alpha, from_cycle: 1, set: 80 units",
         "80 units does not fit alpha, which is ordered in mg [PP309]"),
        ("drug: alpha, from_cycle: 1, set: 80 mg/day",
         "80 mg/day is ordered, and the protocol gives alpha in doses, not rates [PP309]"),
    ],
)  # fmt: skip
def test_a_change_of_what_the_protocol_does_not_give_is_a_problem(entry: str, message: str) -> None:
    stated = f"{NONE}prescribed: [{{{entry}, reason: made up, by: team}}]\n"

    assert [message] == problems_of([], stated)  # type: ignore[arg-type]


def test_a_change_that_meets_no_dose_is_a_warning() -> None:
    lineage = "{when: {fact: lineage, is: T}, dose: 100 mg, days: [1]}"
    stated = prescribed("from_cycle: 3, scale: 80%") + "facts: {lineage: B}\n"
    plan = planned([], stated, sig=lineage)

    assert [
        "the prescriber's change of alpha from cycle 3 on meets no dose of this plan: made up"
    ] == messages(plan, "PF222")


def test_a_policy_that_picks_no_days_of_wash_out_is_a_problem() -> None:
    body = "when: {class: azole}, omit: true, washout: {choice: made-up, of: [2 days, 3 days]}"
    with pytest.raises(Faulty) as wrong:
        planned([rule(body)], policy=policy_with({"made-up": "4"}))

    assert ["policy default picks '4' for made-up; expected 2, 3"] == [
        problem.message for problem in wrong.value.problems
    ]
    assert planned([rule(body)], policy=policy_with({"made-up": "2"})).complete
