"""Doses by AUC: Calvert's formula, its ceiling, and what it does without a creatinine."""

from datetime import date

import pytest

from protoplan import api
from protoplan.model.order import Step
from protoplan.model.plan import Administration, Plan
from protoplan.model.treatment import Treatment
from protoplan.planning.dosing import Body, Worked
from protoplan.planning.filtration import Filtration
from protoplan.quantity import parse

KDN5 = """format: protoplan-treatment/1
id: auc
patient: {{label: made up, age: 60, sex: male}}
protocol: tests/protocols/kdn5.yaml
policy: tests/policies/three-decimals.yaml
start: 2026-03-02
as_of: 2026-03-02
measurements: [{{date: 2026-03-02, height: 180 cm, weight: 80 kg}}]
labs: [{labs}]
medicines: none
"""


def plan(labs: str) -> Plan:
    _, treatment = api.load_text(KDN5.format(labs=labs), "t.yaml")
    assert isinstance(treatment, Treatment)
    return api.plan_treatment(treatment)


def carboplatin(labs: str) -> list[Administration]:
    """Every dose of carboplatin, in the order of cycles."""
    return [a for a in plan(labs).administrations if a.order.drug == "carboplatin"]


#: Printed by public calculators (evidence-classic-drugs.md section 12.4), and worked again.
PUBLISHED = [("5", "90", "575 mg"), ("5", "50", "375 mg"), ("6", "100", "750 mg"),
             ("5", "125", "750 mg"), ("6", "125", "900 mg"), ("4", "125", "600 mg")]  # fmt: skip


@pytest.mark.parametrize(("auc", "clearance", "printed"), PUBLISHED)
def test_doses_are_those_of_published_calculators(auc: str, clearance: str, printed: str) -> None:
    measure = plan("{date: 2026-03-02, creatinine: 1.2 mg/dL}").measures[0]
    body = Body(measure, Filtration(parse(f"{clearance} mL/min"), "", "", ()))
    any_dose = parse("1 mg")
    worked = Worked(parse("AUC 5"), any_dose, any_dose, (), None, None, (), (), body, 1)

    assert parse(printed) == worked.of(parse(f"AUC {auc}"))


def test_creatinine_in_either_unit_gives_one_dose() -> None:
    """1.2 mg/dL × 88.4 = 106.08 µmol/L; 80 × 80 / (72 × 1.2) = 74.07, 74.1; 5 × 99.1 = 495.5."""
    american = carboplatin("{date: 2026-03-02, creatinine: 1.2 mg/dL}")[0]
    si = carboplatin("{date: 2026-03-02, creatinine: 106.08 umol/L}")[0]

    assert parse("495.5 mg") == american.order.calculated == si.order.calculated


def test_a_clearance_above_the_ceiling_counts_as_the_ceiling() -> None:
    """80 × 80 / (72 × 0.5) = 177.8 mL/min, counted as 125: 5 × 150 = 750, not 1,013.9 mg."""
    first = carboplatin("{date: 2026-03-02, creatinine: 0.5 mg/dL}")[0]
    step = next(step for step in first.order.working if step.step == "clearance")

    assert parse("750 mg") == first.order.calculated
    assert step.after == parse("125 mL/min")
    assert "rounded to 177.8 mL/min, counted as 125 mL/min at most" in step.why.replace("\xa0", " ")


def test_without_a_creatinine_there_is_no_dose() -> None:
    first = carboplatin("{date: 2026-03-02, bilirubin: 0.5 mg/dL}")[0]

    assert ("unresolved", ("creatinine",)) == (first.status, first.order.needs)
    assert first.order.calculated is first.order.ordered is None


def test_an_old_creatinine_is_used_and_asked_for_again() -> None:
    """Up to the day of the plan it must be fresh; for a day to come it is used and asked for."""
    now, later, *_ = carboplatin("{date: 2026-03-02, creatinine: 1.2 mg/dL}")
    stale = carboplatin("{date: 2026-02-01, creatinine: 1.2 mg/dL}")[0]

    assert () == now.order.pending
    assert date(2026, 3, 23) == later.date
    assert parse("495.5 mg") == later.order.calculated
    assert [("creatinine",)] == [pending.wants for pending in later.order.pending]
    assert ("unresolved", ("creatinine",)) == (stale.status, stale.order.needs)


def test_the_working_of_a_dose_by_auc_names_the_formula_and_its_source() -> None:
    """80 × 80 / (72 × 1.2) = 74.07; 5 × (74.1 + 25) = 495.5; 0.5 of 495.5 is 0.1%."""
    basis, clearance, calculated, _ = carboplatin("{date: 2026-03-02, creatinine: 1.2 mg/dL}")[
        0
    ].order.working

    assert parse("AUC 5") == basis.after
    assert clearance == Step(
        "clearance",
        None,
        parse("74.1 mL/min"),
        "Cockcroft-Gault with the actual weight, rounded to 74.1 mL/min",
        "Nephron 1976;16:31-41",
        None,
    )
    assert calculated == Step(
        "calculated",
        parse("AUC 5"),
        parse("495.5 mg"),
        "AUC\xa05 × (74.1\xa0mL/min + 25) = 495.5\xa0mg",
        "arithmetic",
        None,
    )
