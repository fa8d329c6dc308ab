"""The comparison can fail: an error that is planted in a plan is seen and named."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
import pytest
from tests.oracle.comparing import differences, sums_differ
from tests.oracle.course import Dose, plan
from tests.oracle.cycles import Cycle
from tests.oracle.exposure import sums
from tests.oracle.world import world

from protoplan import api
from protoplan.model.exposure import Exposure
from protoplan.model.plan import Administration, Plan
from protoplan.model.treatment import Treatment
from protoplan.quantity import Quantity

STATED = """\
format: protoplan-treatment/1
id: planted
patient: {label: planted, age: 45, sex: female}
protocol: mini-hyper-cvd-venetoclax
start: 2026-03-02
options: {maintenance_cycles: 1}
facts: {lineage: T, cd20_percent: 20}
measurements: [{date: 2026-03-01, height: 175 cm, weight: 70 kg}]
labs:
  - {date: 2026-03-01, creatinine: 0.9 mg/dL, bilirubin: 0.6 mg/dL, alt: 0.8 xULN, ast: 0.7 xULN}
medicines: none
earlier_exposure: none
"""


def treatment() -> Treatment:
    _, found = api.load_text(STATED, "planted.yaml")
    assert isinstance(found, Treatment)
    return found


@cache
def both() -> tuple[Plan, tuple[Cycle, ...], tuple[Dose, ...]]:
    return api.plan_treatment(treatment()), *plan(world(treatment()))


def told(rows: tuple[Administration, ...]) -> list[str]:
    found, course, doses = both()
    return list(differences(attrs.evolve(found, administrations=rows), course, doses))


def test_the_plan_as_it_is_has_no_difference() -> None:
    found, _, doses = both()

    assert [] == told(found.administrations)
    # 4 × 16 and 4 × 5 of the backbone, venetoclax 14 + 49 + 14, 8 + 8 counted in all, nelarabine
    # 10, pegaspargase 2, pegfilgrastim 8, maintenance 1 + 5
    assert len(doses) == 64 + 20 + 77 + 16 + 12 + 8 + 6


def amount(row: Administration, **numbers: Any) -> Administration:
    return attrs.evolve(row, order=attrs.evolve(row.order, **numbers))


def more(quantity: Quantity | None, by: str = "0.01") -> Quantity:
    assert quantity is not None
    return Quantity(quantity.value + Decimal(by), quantity.unit)


def test_what_a_drug_comes_to_is_compared() -> None:
    """Nelarabine is given ten times, each dose 650 mg/m2 over 1.84 m2."""
    found, _, doses = both()
    asked = list(sums(world(treatment()), doses))
    (nelarabine,) = (entry for entry in asked if entry.drug == "nelarabine")

    assert ("m2", 10, Fraction(6500), Fraction(0)) == (
        nelarabine.per, nelarabine.doses, nelarabine.counted, nelarabine.earlier)  # fmt: skip
    assert [] == list(sums_differ(found, asked))


@pytest.mark.parametrize(
    "planted",
    [
        lambda entry: attrs.evolve(entry, planned=entry.planned + Fraction(1, 10**9)),
        lambda entry: attrs.evolve(entry, planned=None),
        lambda entry: attrs.evolve(entry, ordered=more(entry.ordered)),
        lambda entry: attrs.evolve(entry, doses=entry.doses - 1),
        lambda entry: attrs.evolve(entry, earlier=Fraction(1)),
        lambda entry: attrs.evolve(entry, unit=entry.unit.removesuffix("/m2") + "/kg"),
    ],
)
def test_one_error_in_what_a_drug_comes_to_is_seen(planted: Callable[[Exposure], Exposure]) -> None:
    found, _, doses = both()
    asked = list(sums(world(treatment()), doses))

    for place, entry in enumerate(found.exposure):
        entries = [*found.exposure]
        entries[place] = planted(entry)
        told = list(sums_differ(attrs.evolve(found, exposure=tuple(entries)), asked))

        assert 2 == len(told)
        assert all(entry.drug in line for line in told)


PLANTED: dict[str, Callable[[Administration], Administration]] = {
    "ordered is a hundredth more": lambda row: amount(row, ordered=more(row.order.ordered)),
    "ordered is a hundredth less": lambda row: amount(
        row, ordered=more(row.order.ordered, "-0.01")
    ),
    "adjusted is a hundredth more": lambda row: amount(row, adjusted=more(row.order.adjusted)),
    "calculated is a billionth more": lambda row: amount(
        row, calculated=more(row.order.calculated, "0.000000001")
    ),
    "a day late": lambda row: attrs.evolve(row, start=row.start + timedelta(1)),
    "a day early": lambda row: attrs.evolve(row, start=row.start - timedelta(1)),
    "a minute late": lambda row: attrs.evolve(row, start=row.start + timedelta(minutes=1)),
    "another day of the cycle": lambda row: attrs.evolve(row, day=row.day + 1),
    "another cycle": lambda row: attrs.evolve(row, cycle="9"),
    "another id": lambda row: attrs.evolve(row, id=f"{row.id}1"),
    "another route": lambda row: attrs.evolve(row, order=attrs.evolve(row.order, route="IM")),
    "another drug": lambda row: attrs.evolve(row, order=attrs.evolve(row.order, drug="mesna")),
    "no number": lambda row: amount(row, adjusted=None, ordered=None),
    "held": lambda row: attrs.evolve(row, status="held"),
    "unresolved": lambda row: attrs.evolve(row, status="unresolved"),
    "milligrams for micrograms": lambda row: amount(
        row, ordered=row.order.ordered and Quantity(row.order.ordered.value, "mcg")
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("place", [0, 40, 97, -1])
def test_one_error_in_one_dose_is_seen(planted: str, place: int) -> None:
    rows = list(both()[0].administrations)
    rows[place] = PLANTED[planted](rows[place])

    found = told(tuple(rows))

    assert 2 == len(found)
    assert found[0].startswith("only the program has ")
    assert found[1].startswith("only the oracle has  ")


def test_every_dose_that_is_left_out_is_seen() -> None:
    rows = both()[0].administrations

    for place in range(len(rows)):
        assert 1 == len(told(rows[:place] + rows[place + 1 :]))


def test_a_dose_that_stands_twice_is_seen() -> None:
    rows = both()[0].administrations

    for row in rows:
        assert 1 == len(told((*rows, row)))


def test_a_dose_that_is_left_out_is_named_in_full() -> None:
    rows = both()[0].administrations
    found = next(row for row in rows if row.order.drug == "rituximab")

    assert [
        "only the oracle has  2026-03-02 10:00 to None, cycle 1 day 1: rituximab IV "
        "(1.d1.rituximab.IV.1), planned, calculated 690, adjusted 690, ordered 690"
    ] == told(tuple(row for row in rows if row is not found))


def test_a_cycle_that_begins_a_day_late_is_seen() -> None:
    found, course, doses = both()
    late = [
        attrs.evolve(cycle, start=cycle.start and cycle.start + timedelta(cycle.label == "5N"))
        for cycle in found.cycles
    ]
    changed = attrs.evolve(found, cycles=tuple(late))

    assert 1 == len(list(differences(changed, course, doses)))
    assert 1 == len(list(differences(attrs.evolve(found, cycles=found.cycles[:-1]), course, doses)))


RECORD = """\
record:
  - {date: 2026-03-02, cycle: 1, started: true}
  - {date: 2026-03-02, given: 1.d1.vincristine.IV.1, amount: 1.9 mg, time: "11:20"}
  - {date: 2026-03-03, held: 1.d2.cytarabine.IT.1, reason: planted}
  - {date: 2026-04-01, cycle: 2, started: true}
"""
#: One word of the record, and what the oracle says of the plan that is made without it.
FORGOTTEN = {
    ("1.9 mg", "1.8 mg"): 2,
    ("11:20", "11:21"): 2,
    ("held", "missed"): 2,
    ("1.d2.cytarabine.IT.1", "1.d7.methotrexate.IT.1"): 4,
}


#: 28 days of blinatumomab, which began a day late and stood still from day 11 at 22:00 to day 14.
INFUSED = STATED.replace("mini-hyper-cvd-venetoclax", "blinatumomab").replace(
    "options: {maintenance_cycles: 1}", "options: {indication: residual disease}"
)
BROKEN = """\
record:
  - {date: 2026-03-02, cycle: 1, started: true}
  - {date: 2026-03-03, begun: 1.d1.blinatumomab.IV.1, time: "11:00"}
  - {date: 2026-03-12, interrupted: 1.d1.blinatumomab.IV.1, time: "22:00", reason: planted}
  - {date: 2026-03-15, resumed: 1.d1.blinatumomab.IV.1, time: "09:00"}
"""
#: One word of it, and what the oracle says of one part, of both, and of them and the dose before.
CHANGED = {
    ("22:00", "22:01"): 4,
    ("09:00", "09:01"): 2,
    ("11:00", "11:01"): 6,
    ("2026-03-15", "2026-03-16"): 2,
}


def recorded(record: str, stated: str = STATED) -> tuple[Plan, tuple[Cycle, ...], tuple[Dose, ...]]:
    kind, treatment = api.load_text(stated + record, "planted.yaml")
    assert kind == "treatment"
    return api.plan_treatment(treatment), *plan(world(treatment))


def test_the_plan_by_a_record_has_no_difference() -> None:
    assert [] == list(differences(*recorded(RECORD)))


@pytest.mark.parametrize("word", FORGOTTEN)
def test_one_wrong_word_of_a_record_is_seen(word: tuple[str, str]) -> None:
    wrong, _, _ = recorded(RECORD.replace(*word))
    _, course, doses = recorded(RECORD)

    assert FORGOTTEN[word] == len(list(differences(wrong, course, doses)))


def test_a_cycle_that_began_on_another_day_moves_every_dose_after_it() -> None:
    wrong, _, _ = recorded(RECORD.replace("2026-04-01, cycle: 2", "2026-04-02, cycle: 2"))
    _, course, doses = recorded(RECORD)
    moved = [dose for dose in doses if dose.cycle != "1"]

    assert 2 * len(moved) + len(course) - 1 == len(list(differences(wrong, course, doses)))


def test_of_an_infusion_that_stood_still_each_part_is_compared() -> None:
    """From day 2 it ran 227 of its 672 hours, and 445 more are 18 days and 13 hours."""
    found, course, doses = recorded(BROKEN, INFUSED)

    assert [] == list(differences(found, course, doses))
    assert [
        ("2026-03-03 11:00", "2026-03-12 22:00", Fraction("0.2648333")),
        ("2026-03-15 09:00", "2026-04-02 22:00", Fraction("0.5191667")),
    ] == [
        (f"{dose.start:%F %R}", f"{dose.end:%F %R}", dose.calculated)
        for dose in doses
        if (dose.cycle, dose.drug) == ("1", "blinatumomab")
    ]


@pytest.mark.parametrize("word", CHANGED)
def test_one_wrong_word_about_an_infusion_is_seen(word: tuple[str, str]) -> None:
    wrong, _, _ = recorded(BROKEN.replace(*word), INFUSED)
    _, course, doses = recorded(BROKEN, INFUSED)

    assert CHANGED[word] == len(list(differences(wrong, course, doses)))
