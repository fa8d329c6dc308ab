"""Doses by AUC: Calvert's formula, its ceiling, and what it does without a creatinine."""

import decimal
from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.engine import drug_text, policy_with, read_drug

from protoplan import api
from protoplan.model.catalogue import Lab
from protoplan.model.formulary import Drug
from protoplan.model.order import Step
from protoplan.model.plan import Administration, Measure, Plan
from protoplan.model.policy import ClearancePolicy, Policy
from protoplan.model.safety import Calvert
from protoplan.model.treatment import LabValue, Patient, Treatment
from protoplan.planning.dosing import Body, Worked
from protoplan.planning.filtration import Filtration, filtration
from protoplan.planning.known import Known
from protoplan.quantity import parse
from protoplan.source import Citation, Grounds, Place

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


# -- the clearance itself ---------------------------------------------------------------------------

HERE = Place("t.yaml", 1, 1)
ON, LATER = date(2026, 3, 2), date(2026, 4, 1)
PERSON = Patient("made up", None, 40, "male", HERE)
BODY = Measure(ON, parse("180 cm"), parse("72 kg"), Decimal(2), Decimal(2), "mosteller", "", HERE)
GROUNDS = Grounds(Citation("label", "all of it"), (("clearance_at_most", "so"),))


def knowing(creatinine: str, taken: date = ON, patient: Patient = PERSON) -> Known:
    """A man of 40 years and 72 kg: his clearance is 100 x 72 / 72 = 100 by the creatinine."""
    value = LabValue(taken, "creatinine", parse(creatinine), HERE)
    units = Lab("creatinine", "", ("mg/dL",), (), HERE)
    return Known({}, {}, {}, {"creatinine": (value,)}, {"creatinine": units}, 7, patient,
                 as_of=ON, measures=(BODY,))  # fmt: skip


def site(decimals: int = 1, weight: str = "actual") -> Policy:
    return attrs.evolve(policy_with({}), clearance=ClearancePolicy(weight, decimals))


def drug(most: str = "", *, calvert: bool = True) -> Drug:
    ceiling = Calvert(parse(most) if most else None, GROUNDS, HERE)
    return attrs.evolve(read_drug(drug_text("alpha")), calvert=ceiling if calvert else None)


ARTICLE = "Nephron 1976;16:31-41"


def cleared(amount: str, *pending: str, weight: str = "actual", shown: str = "") -> Filtration:
    why = f"Cockcroft-Gault with the {weight} weight, rounded to {shown or amount.split(maxsplit=1)[0]} mL/min"
    return Filtration(parse(amount), why, ARTICLE, pending)


@pytest.mark.parametrize(
    ("creatinine", "decimals", "expected"),
    [
        ("1 mg/dL", 1, "100 mL/min"),
        # 100 / 0.9 = 111.11…, 100 / 0.7 = 142.857…; halves go up: 100 / 1.6 = 62.5.
        ("0.9 mg/dL", 1, "111.1 mL/min"),
        ("0.7 mg/dL", 1, "142.9 mL/min"),
        ("0.7 mg/dL", 2, "142.86 mL/min"),
        ("0.7 mg/dL", 0, "143 mL/min"),
        ("1.6 mg/dL", 0, "63 mL/min"),
        ("1.6 mg/dL", 1, "62.5 mL/min"),
    ],
)
def test_a_clearance_is_rounded_as_the_policy_says(
    creatinine: str, decimals: int, expected: str
) -> None:
    found = filtration(drug(), site(decimals), knowing(creatinine), ON)

    assert cleared(expected) == found


def test_the_weight_that_the_site_takes_is_named() -> None:
    assert cleared("100 mL/min", weight="ideal") == filtration(
        drug(), site(weight="ideal"), knowing("1 mg/dL"), ON
    )


@pytest.mark.parametrize(("calvert", "most"), [(False, ""), (True, ""), (True, "100 mL/min")])
def test_a_clearance_up_to_the_ceiling_counts_as_it_is(calvert: bool, most: str) -> None:
    found = filtration(drug(most, calvert=calvert), site(), knowing("1 mg/dL"), ON)

    assert cleared("100 mL/min") == found


def test_a_clearance_above_the_ceiling_is_told_with_the_source_of_the_ceiling() -> None:
    """What is rounded is held against it: 100 / 1.0004 = 99.96, rounded to 100."""
    counted = ", counted as 99.99\N{NO-BREAK SPACE}mL/min at most"
    plain = cleared("99.99 mL/min", shown="100")

    assert filtration(drug("99.99 mL/min"), site(), knowing("1.0004 mg/dL"), ON) == attrs.evolve(
        plain, why=f"{plain.why}{counted}", source=f"{ARTICLE}; assumed: so"
    )


def test_the_context_of_the_surrounding_program_changes_nothing() -> None:
    """The context of decimal is a hidden input: a program that embeds protoplan may set it."""
    with decimal.localcontext(prec=2, rounding=decimal.ROUND_DOWN):
        found = filtration(drug(), site(), knowing("0.7 mg/dL"), ON)

    assert cleared("142.9 mL/min") == found


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        # Too old for a day to come: used, and asked for again; else wanted, with all that is.
        (knowing("1 mg/dL"), LATER, cleared("100 mL/min", "creatinine")),
        (knowing("1 mg/dL", date(2026, 2, 1)), LATER, cleared("100 mL/min", "creatinine")),
        (knowing("1 mg/dL", date(2026, 2, 1)), ON, ("creatinine",)),
        (knowing("1 mg/dL", patient=attrs.evolve(PERSON, sex=None, age=None)), ON, ("sex", "age")),
        (knowing("1 mg/dL", patient=attrs.evolve(PERSON, sex=None)), LATER, ("sex", "creatinine")),
        # Of a day after the dose it says nothing, before the day of the plan or after it.
        (knowing("1 mg/dL", LATER), date(2026, 3, 30), ("creatinine",)),
        (knowing("1 mg/dL", LATER), ON, ("creatinine",)),
    ],
)
def test_an_old_creatinine_serves_a_day_to_come_and_none_up_to_the_plan(
    state: Known, on: date, expected: Filtration | tuple[str, ...]
) -> None:
    assert expected == filtration(drug(), site(), state, on)
