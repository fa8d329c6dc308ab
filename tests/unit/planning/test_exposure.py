"""What a drug comes to, worked by hand: alpha in three cycles, at 1.84 m2 (175 cm, 70 kg)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.engine import NONE, TREATMENT, drug_text, in_steps, planned

from protoplan.model.exposure import Exposure
from protoplan.model.plan import Plan
from protoplan.model.treatment import EarlierExposure
from protoplan.planning.exposure import SYSTEMIC, counted, exposures, uncounted
from protoplan.planning.shares import shared
from protoplan.quantity import parse
from protoplan.source import Place

HERE = Place("treatment.yaml", 1, 1)


def earlier(*rows: tuple[str, str]) -> list[EarlierExposure]:
    return [EarlierExposure(drug, parse(amount), HERE) for drug, amount in rows]


def by(route: str, sig: str, drug: str = "alpha") -> str:
    """Another component of the protocol."""
    return (
        f"  - drug: {drug}\n    in: only\n    route: {route}\n    sigs:\n      - {{{sig}}}\n"
        "    source: [paper, Methods]"
    )


def entry(plan: Plan, route: str = "IV", drug: str = "alpha") -> Exposure:
    (found,) = [e for e in plan.exposure if (e.drug, e.route) == (drug, route)]
    return found


# ---------------------------------------------------------------------------- one drug by one route


def test_a_dose_by_surface_area_counts_what_is_printed_and_one_that_is_flat_what_is_ordered() -> (
    None
):
    """3 × 100 mg/m2, ordered as 3 × 184 mg; 3 × 2 × 7 mg."""
    plan = planned(
        sig="{dose: 100 mg/m2, days: [1]}",
        components=by("PO", "dose: 7 mg, days: [1, 2]", "beta"),
        drugs=[drug_text("beta")],
    )

    assert Exposure(
        "alpha", "IV", "mg/m2", Fraction(300), Fraction(0), parse("552 mg"), 3
    ) == entry(plan)
    assert Exposure(
        "beta", "PO", "mg", Fraction(42), Fraction(0), parse("42 mg"), 6
    ) == entry(plan, "PO", "beta")  # fmt: skip


def record(*entries: str, as_of: str = "2026-04-30") -> str:
    lines = "".join(f"  - {{{each}}}\n" for each in entries)
    return f"as_of: {as_of}\nrecord:\n{lines}{NONE}"


def test_what_was_given_counts_in_place_of_what_was_planned_and_what_was_not_given_nothing() -> (
    None
):
    """92 mg over 1.84 m2 are 50 mg/m2, 95 mg over 1.9 m2 are 50, and two planned are 200."""
    plan = planned(
        stated=record(
            "date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 92 mg",
            "date: 2026-03-03, given: 1.d2.alpha.IV.1, amount: 95 mg, bsa: 1.9 m2",
            "date: 2026-03-23, missed: 2.d1.alpha.IV.1, reason: fever",
            "date: 2026-03-24, held: 2.d2.alpha.IV.1, reason: fever",
        ),
        sig="{dose: 100 mg/m2, days: [1, 2]}",
    )

    assert (Fraction(300), parse("555 mg"), 4) == (  # 92 + 95 + 2 × 184
        entry(plan).planned, entry(plan).ordered, entry(plan).doses
    )  # fmt: skip


def test_while_a_dose_is_open_nothing_is_summed() -> None:
    plan = planned(
        sig="{dose: 5 mg, days: [1]}\n      - {dose: {option: amount}, days: [2]}",
        options="options:\n  amount: {about: dose, between: [1 mg, 9 mg], source: [paper, Methods]}",
    )

    assert Exposure("alpha", "IV", "mg", None, Fraction(0), None, 6) == entry(plan)


def test_what_was_given_of_doses_of_one_order_is_summed_dose_by_dose() -> None:
    """90 mg and 80 mg were given, and 100 mg are planned four times."""
    plan = planned(
        stated=record(
            "date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 90 mg",
            "date: 2026-03-03, given: 1.d2.alpha.IV.1, amount: 80 mg",
        ),
        sig="{dose: 100 mg, days: [1, 2]}",
    )

    assert (Fraction(570), parse("570 mg"), 6) == (
        entry(plan).planned, entry(plan).ordered, entry(plan).doses
    )  # fmt: skip


# ------------------------------------------------------------------------------- earlier treatment


def two_routes() -> Plan:
    return planned(
        sig="{dose: 5 mg, days: [1]}", route="IT", components=by("PO", "dose: 7 mg, days: [1]")
    )


def test_earlier_treatment_is_counted_with_the_first_systemic_route_alone() -> None:
    rows = shared(two_routes().administrations)

    assert ("IV", "SC", "IM", "PO") == SYSTEMIC
    assert [("IT", Fraction(0)), ("PO", Fraction(250))] == [
        (e.route, e.earlier) for e in exposures(rows, earlier(("alpha", "250 mg")))
    ]
    assert [("IT", None), ("PO", None)] == [(e.route, e.earlier) for e in exposures(rows, None)]


def test_where_no_route_is_systemic_it_is_counted_with_the_one_there_is() -> None:
    rows = shared(planned(sig="{dose: 5 mg, days: [1]}", route="IT").administrations)

    assert [("IT", Fraction(250))] == [
        (e.route, e.earlier) for e in exposures(rows, earlier(("alpha", "250 mg")))
    ]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([], 0),
        ([("alpha", "250 mg")], 250),
        ([("alpha", "250 mg"), ("beta", "1 mg"), ("alpha", "0.5 g")], 750),
        ([("beta", "1 mg")], 0),
        ([("alpha", "250 mg/m2")], None),
        ([("alpha", "250 mg"), ("alpha", "250 mg/m2")], None),
        ([("beta", "250 mg/m2")], 0),
    ],
)
def test_earlier_treatment_is_summed_where_its_units_agree(
    stated: list[tuple[str, str]], expected: int | None
) -> None:
    rows = shared(planned(sig="{dose: 5 mg, days: [1]}").administrations)

    assert [expected] == [found.earlier for found in exposures(rows, earlier(*stated))]


def test_a_sum_is_a_fraction_where_there_is_nothing_to_sum_too() -> None:
    (found,) = exposures(shared(planned(sig="{dose: 5 mg, days: [1]}").administrations), [])

    assert [Fraction, Fraction] == [type(found.earlier), type(found.planned)]


def test_a_dose_that_is_rounded_to_nothing_counts_nothing() -> None:
    """0.02 mg/kg × 70 kg = 1.4 mg, nearer to none than to one step of 10 mg."""
    plan = planned(sig="{dose: 0.02 mg/kg, days: [1]}", policy=in_steps("10 mg"))

    assert (Fraction(0), parse("0 mg"), 3) == (
        entry(plan).planned, entry(plan).ordered, entry(plan).doses
    )  # fmt: skip


def test_what_was_given_in_another_unit_is_told() -> None:
    stated = earlier(("alpha", "250 mg/m2"), ("beta", "1 mg"), ("alpha", "1 mg"))
    found = exposures(shared(planned(sig="{dose: 5 mg, days: [1]}").administrations), stated)

    assert (stated[0], stated[2]) == uncounted(found, stated)
    assert () == uncounted(found, None)


def test_drugs_and_routes_stand_in_the_order_of_their_names() -> None:
    plan = planned(
        sig="{dose: 5 mg, days: [2]}",
        components=f"{by('PO', 'dose: 7 mg, days: [1]', 'beta')}\n{by('IT', 'dose: 7 mg, days: [3]')}",
        drugs=[drug_text("beta")],
    )

    assert [("alpha", "IT"), ("alpha", "IV"), ("beta", "PO")] == [
        (found.drug, found.route) for found in plan.exposure
    ]


# ----------------------------------------------------------------------- the number of doses in all


def test_a_number_of_doses_in_all_says_how_many_were_given_and_how_many_are_left() -> None:
    """Of six there are two given, one missed and three that stand; of beta there is none."""
    totals = (
        "totals:\n  - {doses: 9, of: [alpha IV], source: [paper, Methods]}\n"
        "  - {doses: 2, of: [beta PO], source: [paper, Table 2]}"
    )
    plan = planned(
        stated=record(
            "date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 1 mg",
            "date: 2026-03-03, given: 1.d2.alpha.IV.1, amount: 1 mg",
            "date: 2026-03-23, missed: 2.d1.alpha.IV.1, reason: fever",
        ),
        sig="{dose: 1 mg, days: [1, 2]}",
        components=by("PO", "dose: 7 mg, days: [1], when: {fact: cns, is: active}", "beta"),
        drugs=[drug_text("beta")],
        more=totals,
        head=f"{TREATMENT}facts: {{cns: negative}}\n",
    )

    assert [(("alpha IV",), 9, 2, 3, "paper: Methods")] == [
        (line.of, line.doses, line.given, line.planned, line.source) for line in plan.totals
    ]


def test_a_number_of_doses_that_no_source_gives_says_so() -> None:
    total = "{doses: 9, of: [alpha IV], source: [paper, x], assumed: {doses: made up}}"
    plan = planned(more=f"totals:\n  - {total}")

    assert [(3, 6, "assumed: made up")] == [
        (line.planned, line.open, line.source) for line in plan.totals
    ]


# ------------------------------------------------------------------------------- what one dose counts


def test_what_one_dose_counts_per_surface_area_or_as_it_is_ordered() -> None:
    """92 mg over 1.84 m2 are 50 mg/m2, whatever is ordered; else 0.1 g are 100 mg."""
    adjusted, ordered = parse("0.092 g"), parse("0.1 g")

    assert Fraction(50) == counted(adjusted, ordered, Decimal("1.84"), "mg/m2")
    assert Fraction(100) == counted(adjusted, ordered, Decimal("1.84"), "mg")
    assert Fraction(100) == counted(adjusted, ordered, None, "mg")
    with pytest.raises(
        ValueError, match=r"^a dose that was not worked by surface area has no exposure per m2$"
    ):
        counted(adjusted, ordered, None, "mg/m2")
