"""Each dose with its order and with what the record says of it; three cycles from 2026-03-02.

Surface area is that of Mosteller for 175 cm and 70 kg, √(175 × 70 / 3600) = 1.8447, as 1.84 m2.
"""

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.engine import NONE, drug_text, planned, rows_of

from protoplan.model.order import GivenDose
from protoplan.model.plan import Plan
from protoplan.quantity import parse
from protoplan.source import Place

DAILY = "{dose: 100 mg, days: 1-2}"


def recorded(*entries: str, sig: str = DAILY, as_of: str = "2026-03-31", **more: str) -> Plan:
    """The plan of a treatment with these entries in its record."""
    record = "".join(f"  - {{{entry}}}\n" for entry in entries)
    stated = f"as_of: {as_of}\nrecord:\n{record}{NONE}"
    return planned(stated=stated, sig=sig, **more)  # type: ignore[arg-type]


def line(plan: Plan) -> int:
    """Of the first entry of the record in the treatment's file."""
    given = rows_of(plan)[0].given
    assert given is not None
    return given.at.line


def test_what_the_record_says_of_a_dose_stands_in_the_plan() -> None:
    plan = recorded(
        "date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 0.09 g, time: '11:30', rate: 45 mg/h, "
        "bsa: 1.9 m2, weight: 71 kg",
        "date: 2026-03-03, given: 1.d2.alpha.IV.1, amount: 100 mg",
    )
    first, second = (row.given for row in rows_of(plan)[:2])

    assert first == GivenDose(
        amount=parse("90 mg"),
        ordered=parse("100 mg"),
        rate=parse("45 mg/h"),
        bsa=Decimal("1.9"),
        weight=parse("71 kg"),
        stated=True,
        at=Place("treatment.yaml", line(plan), 5),
    )
    assert second == GivenDose(
        amount=parse("100 mg"),
        ordered=parse("100 mg"),
        rate=None,
        bsa=None,
        weight=None,
        stated=True,
        at=Place("treatment.yaml", line(plan) + 1, 5),
    )
    assert [None] * 4 == [row.given for row in rows_of(plan)[2:]]


def test_doses_of_which_different_amounts_were_given_count_each_its_own() -> None:
    plan = recorded(
        "date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 90 mg",
        "date: 2026-03-03, given: 1.d2.alpha.IV.1, amount: 80 mg",
    )

    assert [90, 80] == [row.order.per_basis for row in rows_of(plan)[:2]]


def test_a_dose_that_was_not_given_says_why_each_for_itself() -> None:
    plan = recorded(
        "date: 2026-03-02, missed: 1.d1.alpha.IV.1, reason: no bed",
        "date: 2026-03-03, held: 1.d2.alpha.IV.1, reason: fever",
        "date: 2026-03-23, missed: 2.d1.alpha.IV.1, reason: snow",
    )

    assert [
        ("missed", "missed on 2026-03-02: no bed"), ("held", "held on 2026-03-03: fever"),
        ("missed", "missed on 2026-03-23: snow"), ("planned", None),
    ] == [(row.status, row.order.because) for row in rows_of(plan)[:4]]  # fmt: skip


def test_two_drugs_that_were_missed_for_one_reason_stay_two_drugs() -> None:
    beta = "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n      - {dose: 7 mg, days: [1]}\n    source: [paper, Methods]"
    plan = recorded(
        "date: 2026-03-02, missed: 1.d1.alpha.IV.1, reason: no bed",
        "date: 2026-03-02, missed: 1.d1.beta.PO.1, reason: no bed",
        components=beta,
        drugs=[drug_text("beta")],  # type: ignore[arg-type]
    )

    (missed,) = [row.order for row in rows_of(plan, "beta") if row.status == "missed"]
    assert ("beta", "PO", parse("7 mg")) == (missed.drug, missed.route, missed.calculated)


def test_a_dose_given_while_it_was_not_chosen_counts_over_the_surface_area_of_its_cycle() -> None:
    plan = recorded(
        "date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 92 mg",
        "date: 2026-03-03, given: 1.d2.alpha.IV.1, amount: 95 mg, bsa: 1.9 m2",
        sig="{dose: {option: amount}, days: 1-2}",
        options="options:\n  amount: {about: dose, between: [1 mg/m2, 99 mg/m2], source: [paper, Methods]}",
    )

    assert (
        [
            ("given", "given while the plan lacked amount", 50),  # 92 mg / 1.84 m2
            ("given", "given while the plan lacked amount", 50),  # 95 mg / 1.9 m2
            ("unresolved", None, None),
        ]
        == [(row.status, row.order.because, row.order.per_basis) for row in rows_of(plan)[:3]]
    )


# ------------------------------------------------------------------------------------ what is overdue


def test_a_dose_is_overdue_when_its_day_is_past_and_nothing_is_recorded_of_it() -> None:
    """On 24 March: of cycle 2 day 1 is past, and day 2 is today."""
    plan = recorded(
        "date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 100 mg",
        "date: 2026-03-03, missed: 1.d2.alpha.IV.1, reason: no bed",
        as_of="2026-03-24",
    )

    assert [False, False, True, False, False, False] == [row.overdue for row in rows_of(plan)]


RUNS = "{rate: 24 mg/day, days: 1-4}"


@pytest.mark.parametrize(("as_of", "overdue"), [("03-02", False), ("03-03", True), ("03-07", True)])
def test_an_infusion_of_which_nothing_is_recorded_is_overdue_after_its_first_day(
    as_of: str, overdue: bool
) -> None:
    plan = planned(stated=f"as_of: 2026-{as_of}\n{NONE}", sig=RUNS)

    assert overdue == rows_of(plan)[0].overdue


@pytest.mark.parametrize(
    ("as_of", "overdue"), [("03-03", False), ("03-06", False), ("03-07", True)]
)
def test_an_infusion_that_began_is_overdue_after_the_day_of_its_end(
    as_of: str, overdue: bool
) -> None:
    """It ends on 6 March, at 10:00."""
    plan = recorded("date: 2026-03-02, begun: 1.d1.alpha.IV.1", sig=RUNS, as_of=f"2026-{as_of}")

    assert overdue == rows_of(plan)[0].overdue


@pytest.mark.parametrize(
    ("more", "amount", "stated"),
    [("", "48 mg", False), (", delivered: 40 mg", "40 mg", True)],
)
def test_of_the_part_of_an_infusion_that_ran_is_given_what_is_stated_else_what_its_rate_came_to(
    more: str, amount: str, stated: bool
) -> None:
    """Two days at 24 mg a day are 48 mg."""
    plan = recorded(
        f"date: 2026-03-04, interrupted: 1.d1.alpha.IV.1, time: '10:00', reason: fever{more}",
        "date: 2026-03-05, resumed: 1.d1.alpha.IV.1, time: '10:00'",
        sig=RUNS,
    )
    first = rows_of(plan)[0]

    assert first.given is not None
    assert ("given", parse(amount), stated) == (
        first.status,
        first.given.amount,
        first.given.stated,
    )
    assert Fraction(parse(amount).value) == first.order.per_basis
