"""From a printed dose to the calculated one: each amount and each line of the working by hand.

The patient of `tests.engine` measures 175 cm and 70 kg: √(175 × 70 / 3600) is 1.844662, so 1.84 m².
"""

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.engine import NONE, first, planned, rows_of, rule

from protoplan.model.condition import Bounds
from protoplan.model.order import Order, Step
from protoplan.planning.dosing import inside, over_days
from protoplan.quantity import parse
from protoplan.source import Place

SIG_AT = Place("made-up.yaml", 19, 9)
AREA = Step(
    "body surface area",
    None,
    parse("1.84 m2"),
    "√(height × weight / 3600), height in cm, weight in kg: 175\xa0cm and 70\xa0kg give 1.844662 m²,"
    " rounded to 1.84 m²",
    "policy: mosteller formula",
    Place("treatment.yaml", 7, 5),
)


def order_of(sig: str) -> Order:
    return first(planned(sig=sig))


def printed(text: str) -> Step:
    return Step("basis", None, parse(text), "as its source prints it", "paper: Methods", SIG_AT)


def worked(basis: str, amount: str, why: str) -> Step:
    return Step("calculated", parse(basis), parse(amount), why, "arithmetic", None)


def test_a_flat_dose_is_what_is_printed() -> None:
    order = order_of("{dose: 100 mg, days: [1]}")

    assert (printed("100 mg"), worked("100 mg", "100 mg", "a flat dose")) == order.working
    assert (None, None) == (order.bsa, order.rate)


#: Printed, what it comes to, the arithmetic, and whether the surface area goes into it.
WORKED = [
    ("dose: 10 mg/m2, days: [1]", "10 mg/m2", "18.4 mg", "10 mg/m² × 1.84 m² = 18.4 mg", True),
    ("dose: 10 mg/kg, days: [1]", "10 mg/kg", "700 mg", "10 mg/kg × 70 kg = 700 mg", False),
    ("dose: 0.5 g, days: [1]", "0.5 g", "500 mg", "a flat dose", False),
    ("rate: 28 mcg/day, days: 1-3", "28 mcg/day", "0.084 mg",
     "28 mcg/day × 3 days = 0.084 mg", False),
    ("rate: 5 mcg/m2/day, days: 2-2", "5 mcg/m2/day", "0.0092 mg",
     "5 mcg/m²/day × 1.84 m² × 1 day = 0.0092 mg", True),
    # 2 days are 48 hours; 5 × 1.84 × 48 = 441.6.
    ("rate: 5 mcg/m2/h, days: 1-2", "5 mcg/m2/h", "0.4416 mg",
     "5 mcg/m²/h × 1.84 m² × 48 h = 0.4416 mg", True),
    ("rate: 2 mg/kg/h, days: 1-1", "2 mg/kg/h", "3360 mg",
     "2 mg/kg/h × 70 kg × 24 h = 3,360 mg", False),
]  # fmt: skip


@pytest.mark.parametrize(("sig", "basis", "amount", "why", "by_area"), WORKED)
def test_a_dose_is_worked_as_its_unit_says(
    sig: str, basis: str, amount: str, why: str, by_area: bool
) -> None:
    order = order_of(f"{{{sig}}}")

    steps = [step for step in order.working if step.step != "rounding"]
    words = order.working[len(steps) - 1].why.replace("\xa0", " ")
    assert [printed(basis), *([AREA] if by_area else [])] == steps[:-1]
    assert worked(basis, amount, steps[-1].why) == steps[-1]
    assert (why, parse(amount)) == (words, order.calculated)
    assert (Decimal("1.84") if by_area else None) == order.bsa
    assert (parse(basis) if sig.startswith("rate") else None) == order.rate


@pytest.mark.parametrize(
    ("rate", "days", "amount"),
    [
        ("28 mcg/day", 3, "84 mcg"),
        ("28 mcg/day", Fraction(1, 2), "14 mcg"),
        ("5 mg/m2/h", 2, "240 mg/m2"),
        ("5 mg/kg/h", Fraction(1, 4), "30 mg/kg"),
        ("7 units/m2/day", 1, "7 units/m2"),
    ],
)
def test_a_rate_comes_to_an_amount_over_its_days(
    rate: str, days: int | Fraction, amount: str
) -> None:
    assert amount == str(over_days(parse(rate), days))


def bounds(**limits: str) -> Bounds:
    words = ("at_least", "above", "below", "at_most")
    return Bounds(**{word: parse(limits[word]) if word in limits else None for word in words})


@pytest.mark.parametrize(
    ("basis", "limits", "lies_within"),
    [
        ("100 mg/m2", {"at_least": "100 mg/m2"}, True),
        ("99 mg/m2", {"at_least": "100 mg/m2"}, False),
        ("100 mg/m2", {"above": "0.1 g/m2"}, False),
        ("200 mg/m2", {"at_least": "100 mg/m2", "below": "200 mg/m2"}, False),
        # A flat dose lies neither within nor without bounds by surface area.
        ("150 mg", {"at_least": "100 mg/m2"}, False),
        # Over 3 days 50 mg/m2 a day come to 150 mg/m2; as a rate it is compared with a rate.
        ("50 mg/m2/day", {"at_least": "150 mg/m2"}, True),
        ("50 mg/m2/day", {"above": "150 mg/m2"}, False),
        ("50 mg/m2/day", {"at_least": "51 mg/m2/day"}, False),
        ("50 mg/m2/day", {"at_least": "50 mg/m2/day"}, True),
    ],
)
def test_a_printed_dose_lies_within_bounds_of_its_own_kind(
    basis: str, limits: dict[str, str], lies_within: bool
) -> None:
    assert lies_within is inside(parse(basis), 3, bounds(**limits))


# ------------------------------------------------------------------- doses that are chosen


AMOUNT = (
    "options:\n  how_much: {about: a dose, between: [10 mg, 100 mg]MORE, source: [paper, Methods]}"
)
STATED = "options: {how_much: 60 mg}\n" + NONE


def chosen(stated: str = NONE, more: str = "", field: str = "dose") -> Order:
    options = AMOUNT.replace("MORE", more)
    return first(
        planned(stated=stated, options=options, sig=f"{{{field}: {{option: how_much}}, days: [1]}}")
    )


def said(order: Order) -> list[tuple[str, str | None, str, str, str]]:
    """The working without its places."""
    return [
        (
            step.step,
            str(step.before) if step.before else None,
            str(step.after),
            step.why,
            step.source,
        )
        for step in order.working
    ]


def test_a_dose_that_the_prescriber_chose_is_given_and_says_who_chose_it() -> None:
    order = chosen(STATED, ", default: 40 mg")

    assert [
        ("basis", None, "60 mg", "chosen by the prescriber: how_much", "paper: Methods"),
        ("calculated", "60 mg", "60 mg", "a flat dose", "arithmetic"),
    ] == said(order)
    assert (parse("60 mg"), ()) == (order.ordered, order.assumptions)
    at = order.working[0].at
    assert at is not None
    assert ("made-up.yaml", 20) == (at.path, at.line)


def test_a_dose_that_nobody_chose_is_the_protocol_s_default() -> None:
    order = chosen(more=", default: 40 mg")

    assert ("basis", None, "40 mg", "the protocol's default: how_much", "paper: Methods") == said(
        order
    )[0]
    assert (parse("40 mg"), ()) == (order.ordered, order.assumptions)


def test_what_is_assumed_of_a_default_is_told_where_it_holds_alone() -> None:
    more = ", default: 40 mg, assumed: {default: nobody printed it}"

    assert ("how_much: nobody printed it",) == chosen(more=more).assumptions
    assert () == chosen(STATED, more).assumptions


def test_a_dose_that_must_be_chosen_has_no_number_until_it_is() -> None:
    order = chosen()

    assert ("unresolved", None, None, ("how_much",)) == (
        order.status, order.calculated, order.ordered, order.needs,
    )  # fmt: skip


def test_a_dose_whose_option_waits_for_a_fact_asks_for_the_fact() -> None:
    assert ("cns",) == chosen(more=", when: {fact: cns, is: negative}").needs


def test_a_source_of_the_dose_itself_comes_before_that_of_the_sig() -> None:
    dose = first(planned(sig="{dose: 1 mg, days: [1], assumed: {dose: nobody says}}"))
    rate = first(planned(sig="{rate: 1 mg/day, days: [1], assumed: {rate: nobody says}}"))
    days = first(planned(sig="{rate: 1 mg/day, days: [1], assumed: {days: nobody says}}"))

    assert ["assumed: nobody says", "assumed: nobody says", "paper: Methods"] == [
        order.working[0].source for order in (dose, rate, days)
    ]


STEPS = "options:\n  first_days: {about: first doses, steps: mgMORE, source: [paper, Table 2]}"


def ramped(stated: str = NONE, more: str = "", rules: tuple[str, ...] = ()) -> list[Order]:
    """The orders of days 1 to 3."""
    plan = planned(
        rules,
        stated,
        options=STEPS.replace("MORE", more),
        sig="{dose: 100 mg, ramp: {option: first_days}, days: 1-3}",
    )
    return [row.order for row in rows_of(plan)][:3]


def test_steps_that_the_prescriber_chose_are_given_day_by_day() -> None:
    """On the third day the dose itself; a step that is not below the dose gives way to it."""
    found = ramped('options: {first_days: "10 mg, 100 mg"}\n' + NONE)

    assert [
        ("basis", None, "10 mg", "step 1 of the ramp-up to 100\xa0mg",
         "chosen by the prescriber: first_days"),
        ("basis", None, "100 mg", "as its source prints it", "paper: Methods"),
        ("basis", None, "100 mg", "as its source prints it", "paper: Methods"),
    ] == [said(order)[0] for order in found]  # fmt: skip


def test_steps_by_default_stand_on_the_option_s_own_source() -> None:
    found = ramped(more=', default: "10 mg, 20 mg"')

    assert [
        ("10 mg", "paper: Table 2"),
        ("20 mg", "paper: Table 2"),
        ("100 mg", "paper: Methods"),
    ] == [
        (step.after.text().replace("\xa0", " "), step.source)
        for step in (order.working[0] for order in found)
    ]


def test_what_is_assumed_of_steps_by_default_is_told_of_the_days_on_which_they_hold() -> None:
    found = ramped(more=', default: "10 mg, 20 mg", assumed: {default: nobody printed them}')
    step, told = "assumed: nobody printed them", ("first_days: nobody printed them",)

    assert [(step, told), (step, told), ("paper: Methods", ())] == [
        (order.working[0].source, order.assumptions) for order in found
    ]


def test_a_step_stands_where_its_sig_does() -> None:
    """The sig is in the 20th line, below an option of two lines."""
    (step, *_) = ramped(more=', default: "10 mg, 20 mg"')[0].working

    assert Place("made-up.yaml", 20, 9) == step.at


def test_what_is_assumed_of_each_default_is_told() -> None:
    amount = "between: [1 mg, 9 mg], default: 2 mg, assumed: {default: nobody printed it}"
    length = "between: [1 h, 9 h], default: 2 h, assumed: {default: nobody timed it}"
    order = first(
        planned(
            sig="{dose: {option: how_much}, over: {option: how_long}, days: [1]}",
            options=f"options:\n  how_much: {{about: dose, {amount}, source: [paper, Table 2]}}\n"
            f"  how_long: {{about: length, {length}, source: [paper, Table 2]}}",
        )
    )

    assert ("how_much: nobody printed it", "how_long: nobody timed it") == order.assumptions


def test_steps_that_must_be_chosen_leave_every_day_open() -> None:
    assert [("first_days",)] * 3 == [order.needs for order in ramped()]


HALF = rule("scale: 50 percent")


def test_a_rule_that_lowers_the_dose_asks_for_other_steps_while_it_rises() -> None:
    """Nobody printed the steps for half the dose; from the third day on it is 50 mg."""
    found = ramped(more=', default: "10 mg, 20 mg"', rules=(HALF,))

    assert [("first_days",), ("first_days",), ()] == [order.needs for order in found]
    assert parse("50 mg") == found[2].adjusted


def test_a_rule_that_lowers_the_dose_asks_of_printed_steps_what_they_are_under_it() -> None:
    plan = planned([HALF], sig="{dose: 100 mg, ramp: [10 mg, 20 mg], days: 1-3}")
    found = [row.order for row in rows_of(plan)][:3]

    wanted = ("steps of the ramp-up under this rule",)
    assert [wanted, wanted, ()] == [order.needs for order in found]
    assert parse("50 mg") == found[2].adjusted


def test_steps_that_the_prescriber_chose_beside_a_rule_are_half_of_the_full_dose_at_most() -> None:
    """Half of 100 mg is 50 mg; the steps of 10 and 20 mg lie below it and stay."""
    found = ramped('options: {first_days: "10 mg, 20 mg"}\n' + NONE, rules=(HALF,))

    assert [parse("10 mg"), parse("20 mg"), parse("50 mg")] == [order.adjusted for order in found]


def test_what_a_rule_prints_is_worked_with_the_same_factors() -> None:
    """2 mg/m2 a day: 2 × 1.84 × 3 = 11.04; half of 5 mg/m2 a day would be 13.8."""
    order = first(planned([rule("set: 2 mg/m2/day")], sig="{rate: 5 mg/m2/day, days: 1-3}"))

    step = next(step for step in order.working if step.step == "rule")
    assert (parse("27.6 mg"), parse("11.04 mg")) == (step.before, step.after)
    assert "made-up/rule: 2 mg/m²/day × 1.84 m² × 3 days" == step.why.replace("\xa0", " ")


def test_steps_whose_option_waits_for_a_fact_ask_for_the_fact() -> None:
    found = ramped(more=", when: {fact: cns, is: negative}")

    assert [("cns",)] * 3 == [order.needs for order in found]


def test_printed_steps_stand_on_what_is_said_of_the_ramp() -> None:
    sig = "{dose: 100 mg, ramp: [10 mg], days: 1-2, assumed: {ramp: nobody says}}"
    found = [row.order for row in rows_of(planned(sig=sig))][:2]

    assert ["assumed: nobody says", "paper: Methods"] == [
        order.working[0].source for order in found
    ]
