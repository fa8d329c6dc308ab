"""Relative dose intensity, with values worked by hand."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs
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
)
from tests.standings import STARTS, planned, protocol_of, sample

from protoplan import api, files
from protoplan.model.intensity import DrugIntensity, Intensity
from protoplan.model.plan import Administration, Plan
from protoplan.planning.intensity import intensity
from protoplan.quantity import UNITS

TEXT = sample(STARTS)
ON = date(2026, 5, 5)
CYTOTOXIC = [
    ("cyclophosphamide", "IV"),
    ("cytarabine", "IV"),
    ("inotuzumab-ozogamicin", "IV"),
    ("methotrexate", "IV"),
    ("vincristine", "IV"),
]


def printed(row: Administration) -> Fraction:
    """The dose that the protocol prints, as it counts."""
    order = row.order
    assert order.calculated is not None
    amount = Fraction(order.calculated.into(UNITS[order.exposure_unit].amount).value)
    return amount / Fraction(order.bsa) if order.bsa else amount


def given(row: Administration, share: Fraction = Fraction(1)) -> Administration:
    order = attrs.evolve(row.order, status="given", per_basis=printed(row) * share, needs=())
    return attrs.evolve(row, status="given", overdue=False, order=order)


def became(row: Administration, status: str, *, overdue: bool = False) -> Administration:
    order = attrs.evolve(row.order, status=status, per_basis=None, ordered=None)
    return attrs.evolve(row, status=status, overdue=overdue, order=order)


def course(changes: dict[str, Administration] | None = None, text: str = TEXT) -> Plan:
    """Every dose before the third cycle given as printed, but for those that are changed."""
    plan = planned(text, ON)
    rows = [
        (changes or {}).get(row.id) or (given(row) if row.cycle in ("1", "2") else row)
        for row in plan.administrations
    ]
    return attrs.evolve(plan, administrations=tuple(rows))


def row_of(name: str) -> Administration:
    return next(row for row in planned(TEXT, ON).administrations if row.id == name)


def found(plan: Plan, on: date = ON) -> Intensity:
    return intensity(plan, api.drugs_of(protocol_of(TEXT)), on)


def of(result: Intensity, drug: str, route: str = "IV") -> DrugIntensity:
    return next(e for e in result.drugs if (e.drug, e.route) == (drug, route))


HALVED = "2.d2.cytarabine.IV.1"


def test_the_worked_example_of_the_documents() -> None:
    """Two cycles of 28 days in 63 days, and one of four doses of cytarabine halved.

    Time: 56 / 63 = 8/9. Dose of cytarabine: (3 × 500 + 250) / (4 × 500) = 7/8, and
    7/8 × 8/9 = 7/9. The mean of five drugs: (4 × 8/9 + 7/9) / 5 = 39/45 = 13/15.
    """
    result = found(course({HALVED: given(row_of(HALVED), Fraction(1, 2))}))

    assert (("1", "2"), 56, 63) == (result.cycles, result.planned_days, result.actual_days)
    assert (date(2026, 3, 2), date(2026, 5, 4)) == (result.first, result.end)
    assert (("2", 7),) == result.late
    cytarabine = of(result, "cytarabine")
    assert (Fraction(2000), Fraction(1750), Fraction(7, 9)) == (
        cytarabine.planned, cytarabine.delivered, cytarabine.value)  # fmt: skip
    assert Fraction(8, 9) == of(result, "vincristine").value
    assert (Fraction(13, 15), None) == (result.value, result.why)


def test_without_delay_or_change_it_is_all_of_it() -> None:
    starts = STARTS.replace("2026-04-06", "2026-03-30").replace("2026-05-04", "2026-04-27")
    result = found(course(text=sample(starts)))

    assert {Fraction(1)} == {entry.value for entry in result.drugs}
    assert (Fraction(1), ()) == (result.value, result.late)


def test_the_mean_is_of_drugs_against_the_disease_in_the_whole_body() -> None:
    result = found(course())

    assert CYTOTOXIC == [(e.drug, e.route) for e in result.drugs if e.counts]
    others = {(e.drug, e.route) for e in result.drugs if not e.counts}
    assert {("ursodiol", "PO"), ("pegfilgrastim", "SC"), ("cytarabine", "IT")} <= others


@pytest.mark.parametrize("status", ["missed", "held", "omitted", "cancelled"])
def test_a_dose_that_was_not_given_is_planned_and_not_delivered(status: str) -> None:
    result = found(course({HALVED: became(row_of(HALVED), status)}))

    entry = of(result, "cytarabine")
    assert (Fraction(2000), Fraction(1500), 4, 3, 0) == (
        entry.planned, entry.delivered, entry.doses, entry.given, entry.not_recorded)  # fmt: skip
    assert Fraction(3, 4) * Fraction(8, 9) == entry.value


@pytest.mark.parametrize("status", ["planned", "unresolved", "held"])
def test_what_is_not_recorded_is_not_known_and_so_is_the_mean(status: str) -> None:
    result = found(course({HALVED: became(row_of(HALVED), status, overdue=True)}))

    entry = of(result, "cytarabine")
    assert (Fraction(2000), None, None, 1) == (
        entry.planned, entry.delivered, entry.value, entry.not_recorded)  # fmt: skip
    assert "1 dose not recorded" == entry.why
    assert (None, "no value for cytarabine intravenous") == (result.value, result.why)
    assert Fraction(8, 9) == of(result, "vincristine").value


def test_an_unrecorded_supportive_dose_leaves_the_mean_known() -> None:
    name = "1.d4.pegfilgrastim.SC.1"
    result = found(course({name: became(row_of(name), "planned", overdue=True)}))

    assert None is of(result, "pegfilgrastim", "SC").value
    assert Fraction(8, 9) == result.value


def test_a_dose_without_a_basis_has_no_share() -> None:
    row = given(row_of(HALVED))
    row = attrs.evolve(row, order=attrs.evolve(row.order, calculated=None, basis=None))
    entry = of(found(course({HALVED: row})), "cytarabine")

    assert (None, None, "1 dose without a basis as yet") == (entry.planned, entry.value, entry.why)


@pytest.mark.parametrize(
    ("on", "cycles", "days"),
    [
        (date(2026, 3, 2), (), 0),
        (date(2026, 4, 5), (), 0),
        (date(2026, 4, 6), ("1",), 35),
        (date(2026, 5, 3), ("1",), 35),
        (date(2026, 5, 4), ("1", "2"), 63),
    ],
)
def test_a_cycle_is_complete_once_the_next_has_begun(
    on: date, cycles: tuple[str, ...], days: int
) -> None:
    result = found(course(), on)

    assert (cycles, days) == (result.cycles, result.actual_days)
    assert ("no cycle is complete yet" if not cycles else None) == result.why


@pytest.mark.parametrize(("on", "cycles"), [(27, ()), (30, ()), (31, ("1",))])
def test_without_a_record_a_cycle_is_complete_when_the_next_start_is_past(
    on: int, cycles: tuple[str, ...]
) -> None:
    text = sample("")
    plan = planned(text, date(2026, 4, 27))
    result = intensity(plan, api.drugs_of(protocol_of(text)), date(2026, 3, on))

    assert cycles == result.cycles
    assert (("1", "2") if cycles else ()) == result.unrecorded_starts


def test_the_last_cycle_ends_with_its_own_length() -> None:
    text = sample("")
    plan = planned(text, date(2030, 1, 1))
    last = plan.cycles[-1]
    result = intensity(plan, api.drugs_of(protocol_of(text)), date(2030, 1, 1))

    assert last.label == result.cycles[-1]
    assert result.planned_days == result.actual_days


@pytest.mark.parametrize(("ended", "cycles"), [(5, ("1", "2")), (31, ("1", "2"))])
def test_a_cycle_that_a_transplant_broke_off_is_not_complete(
    ended: int, cycles: tuple[str, ...]
) -> None:
    """The third cycle, from 4 to 31 May, is broken off on the 5th, or on its last day."""
    plan = course()
    plan = attrs.evolve(plan, cycles=plan.cycles[:3])
    drugs = api.drugs_of(protocol_of(TEXT))

    broken = intensity(plan, drugs, date(2026, 9, 1), date(2026, 5, ended))

    assert (cycles, 63) == (broken.cycles, broken.actual_days)
    assert ("1", "2", "3") == intensity(plan, drugs, date(2026, 9, 1), date(2026, 6, 1)).cycles


def test_a_cycle_before_one_without_a_date_has_no_end_that_is_known() -> None:
    plan = course()
    cut = tuple(
        attrs.evolve(cycle, start=None, length_days=None) if n > 1 else cycle
        for n, cycle in enumerate(plan.cycles)
    )

    assert ("1",) == found(attrs.evolve(plan, cycles=cut), date(2026, 9, 1)).cycles


# -------------------------------------------------------------------------------- made-up courses

CYTOTOXIC_CLASS = "classes:\n  cytotoxic: {source: [label, section 2]}\n"


def made_up(*entries: str, counts: bool = True, as_of: date = date(2026, 3, 24)) -> Intensity:
    """Alpha, 100 mg/m2 at 1.84 m2, and beta on day 1 of cycles of 21 days from 2026-03-02."""
    record = listed("record", [f"{{{entry}}}" for entry in entries])
    text = protocol_text(sig="{dose: 100 mg/m2, days: [1, 2]}",
                         components=component("{dose: 5 mg, days: [1, 2]}"))  # fmt: skip
    more = CYTOTOXIC_CLASS if counts else ""
    with formulary(drug_text("alpha", more), drug_text("beta", more)):
        prepared = ready(text)
        treatment = files.load_text(f"{TREATMENT}{NONE}{record}\n", "t.yaml")[1]
        plan = api.plan_prepared(treatment, prepared, as_of)
    return intensity(plan, prepared.drugs, as_of)


def drug_of(name: str, unit: str, planned: int, **more: Any) -> DrugIntensity:
    """A drug of which two doses are planned in the first cycle and nothing is recorded."""
    plain = DrugIntensity(
        drug=name, name=name, route="IV", unit=unit, planned=Fraction(planned), delivered=None,
        doses=2, given=0, not_recorded=2, value=None, counts=True, why="2 doses not recorded",
    )  # fmt: skip
    return attrs.evolve(plain, **more)


def test_before_a_cycle_is_complete_there_is_nothing() -> None:
    expected = Intensity((), None, None, 0, 0, (), (), (), None, "no cycle is complete yet")

    assert expected == made_up(as_of=date(2026, 3, 22))


def test_all_that_is_not_known_is_told() -> None:
    """The first cycle, of 21 days, is over on 2026-03-23; no start is recorded, and no dose."""
    expected = Intensity(
        cycles=("1",),
        first=date(2026, 3, 2),
        end=date(2026, 3, 23),
        planned_days=21,
        actual_days=21,
        late=(),
        unrecorded_starts=("1", "2"),
        drugs=(drug_of("alpha", "mg/m2", 200), drug_of("beta", "mg", 10)),
        value=None,
        why="no value for alpha intravenous, beta intravenous",
    )

    assert expected == made_up()


def test_where_no_drug_has_a_class_that_counts_there_is_no_mean() -> None:
    found = made_up(counts=False)

    assert [False, False] == [entry.counts for entry in found.drugs]
    assert (None, "no drug of these cycles has a class that counts") == (found.value, found.why)


def test_where_nothing_was_given_nothing_was_delivered() -> None:
    """Of beta all is; the mean of 0 and 1 is a half."""
    found = made_up(
        "date: 2026-03-02, missed: 1.d1.alpha.IV.1, reason: fever",
        "date: 2026-03-02, given: 1.d1.beta.IV.1, amount: 5 mg",
        "date: 2026-03-03, missed: 1.d2.alpha.IV.1, reason: fever",
        "date: 2026-03-03, given: 1.d2.beta.IV.1, amount: 5 mg",
    )
    alpha, beta = found.drugs

    assert (Fraction(0), Fraction(0), 0, 0) == (
        alpha.delivered, alpha.value, alpha.given, alpha.not_recorded
    )  # fmt: skip
    assert Fraction is type(alpha.delivered)
    assert (Fraction(10), Fraction(1), 2) == (beta.delivered, beta.value, beta.given)
    assert (Fraction(1, 2), None) == (found.value, found.why)


@pytest.mark.parametrize(("days", "not_recorded"), [(1, 0), (0, 1), (-1, 1)])
def test_what_a_rule_holds_is_known_once_its_day_is_past(days: int, not_recorded: int) -> None:
    """In a plan of the day after its own, of its own, and of the day before."""
    row = became(row_of(HALVED), "held")
    plan = attrs.evolve(course({HALVED: row}), as_of=row.date + timedelta(days))

    assert not_recorded == of(found(plan), "cytarabine").not_recorded


@pytest.mark.parametrize(("days", "value"), [(0, None), (1, Fraction(56))])
def test_a_share_of_no_time_at_all_is_none(days: int, value: Fraction | None) -> None:
    """Two cycles of 28 days each, the third on the first day or a day after it."""
    plan = course()
    first = plan.cycles[0].start
    assert first is not None
    starts = (first, first, first + timedelta(days))
    cycles = tuple(
        attrs.evolve(cycle, start=start)
        for cycle, start in zip(plan.cycles[:3], starts, strict=True)
    )

    result = found(attrs.evolve(plan, cycles=cycles), starts[-1])

    assert (("1", "2"), days) == (result.cycles, result.actual_days)
    assert value == of(result, "vincristine").value
