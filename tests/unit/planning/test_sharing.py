"""Doses that share what was worked once, and those that must not."""

from tests.engine import (
    drug_text,
    formulary,
    planned,
    policy_with,
    protocol_text,
    read_drug,
    rule,
)
from tests.scenes import cycles

from protoplan import api, files
from protoplan.planning.prepared import Prepared


def test_two_doses_of_a_cycle_have_each_the_clearance_of_its_day() -> None:
    """45 years, 70 kg, female: 95 × 70 × 0.85 / 72 = 78.507, over 1.2 and over 1.0 mg/dL."""
    course = planned(
        stated="as_of: 2026-03-09\nmedicines: none\nearlier_exposure: none\nlabs:\n"
        "  - {date: 2026-03-02, creatinine: 1.2 mg/dL}\n"
        "  - {date: 2026-03-09, creatinine: 1.0 mg/dL}\n",
        sig="{dose: AUC 5, days: [1, 8]}",
        label="calvert: {clearance_at_most: 125 mL/min, source: [label, section 2]}",
    )

    first, second = course.administrations[:2]
    steps = [s.after for a in (first, second) for s in a.order.working if s.step == "clearance"]
    assert [(1, "65.4 mL/min"), (8, "78.5 mL/min")] == [
        (row.day, str(step)) for row, step in zip((first, second), steps, strict=True)
    ]


def test_two_courses_have_each_the_cycles_in_which_a_rule_holds() -> None:
    """One rule, in all cycles but the first: of a course of one it holds in none."""
    alpha = drug_text("alpha")
    with formulary(alpha):
        text = protocol_text([rule("in: later only, scale: 50 percent")])
        protocol = files.load_text(text, "made-up.yaml")[1]
        drugs = {"alpha": read_drug(alpha)}
    made = Prepared(protocol, policy_with({}), drugs, api.catalogue(), ())

    assert [set(), {"2", "3"}, {"2"}, set()] == [
        set(made.rules(cycles(count))["alpha"][0].labels or ()) for count in (1, 3, 2, 1)
    ]
    assert made.rules(cycles(3)) is made.rules(cycles(3))
