"""Doses that share what was worked once, and those that must not."""

from tests.engine import planned


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
