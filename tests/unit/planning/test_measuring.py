"""Which height and weight count on a day, and the surface area worked with them.

By Mosteller 180 cm and 80 kg make √(180 × 80 / 3600) = √4 = 2 m². In what is expected, ~ is a
no-break space.
"""

import decimal
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from tests.engine import NONE, TREATMENT, policy_with

from protoplan import api
from protoplan.model.plan import Measure
from protoplan.model.policy import Policy
from protoplan.model.treatment import Measurement, Treatment
from protoplan.planning.measuring import change, measure_for, measures_of, used
from protoplan.quantity import parse
from protoplan.source import Place

MOSTELLER = "√(height × weight / 3600), height in cm, weight in kg"


def at(day: int) -> Place:
    return Place("t.yaml", day, 1)


def taken(day: int, height: str = "", weight: str = "") -> Measurement:
    return Measurement(
        date(2026, 3, day), parse(height) if height else None, parse(weight) if weight else None,
        at(day),
    )  # fmt: skip


def policy(
    formula: str = "mosteller", decimals: int = 2, cap: str = "", at_change: int = 0
) -> Policy:
    default = policy_with({})
    area = attrs.evolve(
        default.surface_area, formula=formula, decimals=decimals, cap=parse(cap) if cap else None
    )
    weighing = attrs.evolve(default.reweighing, at_change=Decimal(at_change))
    return attrs.evolve(default, surface_area=area, reweighing=weighing)


def treated(*measurements: Measurement, sex: str | None = "female") -> Treatment:
    _, found = api.load_text(f"{TREATMENT}{NONE}", "t.yaml")
    assert isinstance(found, Treatment)
    person = attrs.evolve(found.patient, sex=sex)
    return attrs.evolve(found, measurements=measurements, patient=person)


def measures(*measurements: Measurement, by: Policy | None = None) -> tuple[Measure, ...]:
    return measures_of(treated(*measurements), by or policy())


def body(found: Sequence[Measure]) -> list[tuple[int, str, str]]:
    return [(one.date.day, str(one.height), str(one.weight)) for one in found]


def test_a_measure_says_how_its_surface_area_was_worked() -> None:
    words = f"{MOSTELLER}: 180~cm and 80~kg give 2 m², rounded to 2 m²"

    assert measures(taken(5, "1.8 m", "80000 g")) == (
        Measure(
            date(2026, 3, 5),
            parse("1.8 m"),
            parse("80000 g"),
            Decimal(2),
            Decimal(2),
            "mosteller",
            words.replace("~", "\N{NO-BREAK SPACE}"),
            at(5),
        ),
    )


@pytest.mark.parametrize(
    ("height", "weight", "by", "area", "words"),
    [
        # √(117.9 × 117.9 / 3600) = 117.9 / 60 = 1.965: halves go up.
        ("117.9 cm", "117.9 kg", policy(), "1.97", "give 1.965 m², rounded to 1.97 m²"),
        # √(175 × 80 / 3600) = 1.97202659436…, told to four places more than are kept.
        ("175 cm", "80 kg", policy(), "1.97", "give 1.972027 m², rounded to 1.97 m²"),
        ("175 cm", "80 kg", policy(decimals=3), "1.972",
         "give 1.9720266 m², rounded to 1.972 m²"),
        # √(175 × 70 / 3600) = 1.84466…, which four places would round up.
        ("175 cm", "70 kg", policy(decimals=1), "1.8", "give 1.84466 m², rounded to 1.8 m²"),
        ("180 cm", "80 kg", policy(cap="1.9 m2"), "1.9",
         "give 2 m², rounded to 2 m², capped at 1.9 m²"),
        # The cap itself is not capped, nor is what rounds to it.
        ("180 cm", "80 kg", policy(cap="2 m2"), "2", "give 2 m², rounded to 2 m²"),
        ("175 cm", "80 kg", policy(cap="1.97 m2"), "1.97", "give 1.972027 m², rounded to 1.97 m²"),
    ],
)  # fmt: skip
def test_a_surface_area_is_rounded_and_capped_as_the_policy_says(
    height: str, weight: str, by: Policy, area: str, words: str
) -> None:
    (found,) = measures(taken(5, height, weight), by=by)

    assert (Decimal(area), True) == (found.bsa, found.working.endswith(words))


def test_the_context_of_the_surrounding_program_changes_nothing() -> None:
    """The context of decimal is a hidden input: a program that embeds protoplan may set it."""
    with decimal.localcontext(prec=2, rounding=decimal.ROUND_DOWN):
        (found,) = measures(taken(5, "175 cm", "80 kg"))

    assert Decimal("1.97") == found.bsa
    assert found.working.endswith("give 1.972027 m², rounded to 1.97 m²")


def test_what_is_exact_is_kept_beside_what_is_rounded() -> None:
    (found,) = measures(taken(5, "117.9 cm", "117.9 kg"), by=policy(cap="1.5 m2"))

    assert (Decimal("1.965"), Decimal("1.5")) == (found.exact, found.bsa)


@pytest.mark.parametrize(("sex", "area"), [("female", "1.94"), ("male", "1.85")])
def test_a_formula_may_ask_for_the_sex(sex: str, area: str) -> None:
    """0.000975482 × 80^0.46 × 175^1.08 = 1.93696; 0.000579479 × 80^0.38 × 175^1.24 = 1.85174."""
    of = treated(taken(5, "175 cm", "80 kg"), sex=sex)
    (found,) = measures_of(of, policy("schlich"))

    assert (Decimal(area), "schlich") == (found.bsa, found.formula)


@pytest.mark.parametrize(
    ("measurements", "expected"),
    [
        # In the order of days, whatever their order in the file.
        ((taken(9, "180 cm", "90 kg"), taken(5, "170 cm", "80 kg")),
         [(5, "170 cm", "80 kg"), (9, "180 cm", "90 kg")]),
        # What one lacks is the last before it, be it of its own day.
        ((taken(5, "170 cm", "80 kg"), taken(7, "", "85 kg"), taken(9, "175 cm"),
          taken(11, "", "90 kg")),
         [(5, "170 cm", "80 kg"), (7, "170 cm", "85 kg"), (9, "175 cm", "85 kg"),
          (11, "175 cm", "90 kg")]),
        ((taken(5, "170 cm"), taken(5, "", "80 kg"), taken(6, "", "81 kg")),
         [(5, "170 cm", "80 kg"), (5, "170 cm", "80 kg"), (6, "170 cm", "81 kg")]),
        # Else the first after it.
        ((taken(5, "170 cm"), taken(7, "175 cm", "85 kg"), taken(9, "", "90 kg")),
         [(5, "170 cm", "85 kg"), (7, "175 cm", "85 kg"), (9, "175 cm", "90 kg")]),
    ],
)  # fmt: skip
def test_what_a_measurement_lacks_is_taken_from_the_nearest(
    measurements: tuple[Measurement, ...], expected: list[tuple[int, str, str]]
) -> None:
    assert expected == body(measures(*measurements))


@pytest.mark.parametrize("measurement", [taken(5, "175 cm"), taken(5, "", "80 kg")])
def test_without_a_height_and_a_weight_there_is_no_measure(measurement: Measurement) -> None:
    with pytest.raises(ValueError, match=r"^a height and a weight are needed$"):
        measures(measurement)


def row(*weights: str, height: str = "175 cm") -> list[Measurement]:
    return [taken(day, height, weight) for day, weight in enumerate(weights, 1)]


@pytest.mark.parametrize(
    ("weights", "at_change", "expected"),
    [
        (("80 kg", "80 kg", "80.1 kg"), 0, [1, 2, 3]),
        # 5% of 80 kg are 4 kg, either way.
        (("80 kg", "83.9 kg", "84 kg"), 5, [1, 3]),
        (("80 kg", "76.1 kg", "76 kg"), 5, [1, 3]),
        # Small steps add up from the weight in use, and a new one is the next to hold against.
        (("80 kg", "82 kg", "84 kg", "86 kg", "88.2 kg"), 5, [1, 3, 5]),
        (("80 kg", "80 kg"), 5, [1]),
    ],
)
def test_doses_are_worked_with_another_weight_from_the_site_s_bound_on(
    weights: tuple[str, ...], at_change: int, expected: list[int]
) -> None:
    """5% of 84 kg are 4.2 kg."""
    by = policy(at_change=at_change)

    assert expected == [one.date.day for one in used(measures(*row(*weights), by=by), by)]


def test_another_height_is_used_whatever_the_weight() -> None:
    by = policy(at_change=5)
    found = measures(taken(1, "175 cm", "80 kg"), taken(2, "176 cm"), taken(3, "", "81 kg"), by=by)

    assert [1, 2] == [one.date.day for one in used(found, by)]


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        ("80 kg", "84 kg", Fraction(5)),
        ("80 kg", "76 kg", Fraction(-5)),
        ("60 kg", "61 kg", Fraction(5, 3)),
        ("80 kg", "84000 g", Fraction(5)),
        ("80000 g", "84 kg", Fraction(5)),
    ],
)
def test_a_change_of_weight_in_percent_of_the_weight_before(
    before: str, after: str, percent: Fraction
) -> None:
    one, other = measures(*row(before, after))

    assert percent == change(one, other)


@pytest.mark.parametrize(("day", "expected"), [(4, 5), (5, 5), (6, 5), (7, 7), (8, 7), (30, 9)])
def test_a_cycle_takes_the_last_measure_up_to_its_first_day(day: int, expected: int) -> None:
    found = measures(*(taken(on, "175 cm", "80 kg") for on in (5, 7, 9)))

    assert expected == measure_for(date(2026, 3, day), found).date.day
