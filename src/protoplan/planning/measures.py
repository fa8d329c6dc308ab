"""Body measures: surface area, clearance, weights, age.

Every result is unrounded; where and how often to round is the policy's decision, not ours.
The constants come from the publications named beside them and are the ones several
independent pages agree on (evidence-classic-drugs.md section 12, which also lists pages that
print other, wrong, numbers).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

import attrs

from protoplan.quantity import EXACT, Quantity, compared

T = TypeVar("T")

# Cockcroft and Gault subtract the age from this, so at this age nothing is left.
_COCKCROFT_GAULT_END = 140
_CKD_EPI_YOUNGEST = 18
_DEVINE_SHORTEST_IN = 60


@attrs.frozen
class Formula:
    """One way to estimate the body surface area.

    Attributes:
        name: As people call it.
        citation: Where it was published.
        working: How a pharmacist would write it down, with the units.
        needs_sex: Whether women and men are calculated differently.
        area: From height in cm, weight in kg and sex to the area in m2, unrounded.
    """

    name: str
    citation: str
    working: str
    needs_sex: bool
    area: Callable[[Decimal, Decimal, str | None], Decimal]


@attrs.frozen
class _PowerLaw:
    """What most formulas are, each in its own units: constant × weight^… × height^…."""

    constant: Decimal = attrs.field(converter=Decimal)
    weight_power: Decimal = attrs.field(converter=Decimal)
    height_power: Decimal = attrs.field(converter=Decimal)

    def __str__(self) -> str:
        return f"{self.constant} × weight^{self.weight_power} × height^{self.height_power}"

    def area(self, height: Decimal, weight: Decimal, sex: str | None = None) -> Decimal:
        by_weight = EXACT.multiply(self.constant, EXACT.power(weight, self.weight_power))
        return EXACT.multiply(by_weight, EXACT.power(height, self.height_power))


def _mosteller(height_cm: Decimal, weight_kg: Decimal, sex: str | None) -> Decimal:
    return EXACT.sqrt(EXACT.divide(EXACT.multiply(height_cm, weight_kg), Decimal(3600)))


def _boyd(height_cm: Decimal, weight_kg: Decimal, sex: str | None) -> Decimal:
    # The form in grams; the form in kg that is also in print is 0.01 % larger.
    grams = EXACT.multiply(weight_kg, Decimal(1000))
    slope = EXACT.multiply(Decimal("0.0188"), EXACT.log10(grams))
    law = _PowerLaw("0.0003207", EXACT.subtract(Decimal("0.7285"), slope), "0.3")
    return law.area(height_cm, grams)


# One repository prints these two with the sexes exchanged; women have the greater constant.
_SCHLICH_FEMALE = _PowerLaw("0.000975482", "0.46", "1.08")
_SCHLICH_MALE = _PowerLaw("0.000579479", "0.38", "1.24")


def _schlich(height_cm: Decimal, weight_kg: Decimal, sex: str | None) -> Decimal:
    return _by_sex(sex, female=_SCHLICH_FEMALE, male=_SCHLICH_MALE).area(height_cm, weight_kg)


_CM_KG = "height in cm, weight in kg"


def _fitted(name: str, citation: str, law: _PowerLaw) -> Formula:
    return Formula(name, citation, f"{law}, {_CM_KG}", needs_sex=False, area=law.area)


#: The formulas a policy can name.
SURFACE_AREA: dict[str, Formula] = {
    "mosteller": Formula(
        "Mosteller",
        "Mosteller RD. N Engl J Med 1987;317:1098",
        f"√(height × weight / 3600), {_CM_KG}",
        needs_sex=False,
        area=_mosteller,
    ),
    "du-bois": _fitted(
        "Du Bois", "Arch Intern Med 1916;17:863", _PowerLaw("0.007184", "0.425", "0.725")
    ),
    "haycock": _fitted(
        "Haycock", "J Pediatr 1978;93:62", _PowerLaw("0.024265", "0.5378", "0.3964")
    ),
    "gehan-george": _fitted(
        "Gehan-George",
        "Cancer Chemother Rep 1970;54:225",
        _PowerLaw("0.0235", "0.51456", "0.42246"),
    ),
    "boyd": Formula(
        "Boyd",
        "Boyd 1935",
        "0.0003207 × weight^(0.7285 − 0.0188 × log10 weight) × height^0.3, "
        "height in cm, weight in g",
        needs_sex=False,
        area=_boyd,
    ),
    "schlich": Formula(
        "Schlich",
        "Ernährungs Umschau 2010;57:178",
        f"women {_SCHLICH_FEMALE}; men {_SCHLICH_MALE}; {_CM_KG}",
        needs_sex=True,
        area=_schlich,
    ),
}


def surface_area(
    formula: str, height: Quantity, weight: Quantity, sex: str | None = None
) -> Decimal:
    """Return the body surface area in m2, unrounded.

    Args:
        formula: A key of ``SURFACE_AREA``.
        height: A length above 0.
        weight: A mass above 0.
        sex: ``female`` or ``male``; read only by a formula that needs it.

    Raises:
        ValueError: For an unknown formula, a missing sex where it is needed, or a measure that
            is not above 0 or measures something else.
    """
    if formula not in SURFACE_AREA:
        known = ", ".join(SURFACE_AREA)
        raise ValueError(f"surface area formula '{formula}' is not known; expected one of {known}")
    row = SURFACE_AREA[formula]
    if row.needs_sex and sex is None:
        raise ValueError(f"the {row.name} formula needs the sex, 'female' or 'male'")
    return row.area(_above_zero("height", height, "cm"), _above_zero("weight", weight, "kg"), sex)


def cockcroft_gault(age: int, weight: Quantity, creatinine: Quantity, sex: str) -> Quantity:
    """Return the creatinine clearance in mL/min, unrounded, not indexed to surface area.

    (140 − age) × weight / (72 × creatinine), × 0.85 in women. Nephron 1976;16:31-41.
    An equation for adults; the age is not held against that here. Which weight to use (actual,
    ideal, adjusted) is the caller's decision.

    Args:
        age: Completed years, 0 to 139.
        weight: A mass above 0.
        creatinine: Serum creatinine above 0 in mg/dL; µmol/L must have been divided by 88.4.
        sex: ``female`` or ``male``.

    Raises:
        ValueError: For an age outside the bounds, another sex, or a measure that is not above 0
            or measures something else.
    """
    years_left = EXACT.subtract(_COCKCROFT_GAULT_END, age)
    if not 0 < years_left <= _COCKCROFT_GAULT_END:
        raise ValueError(f"Cockcroft-Gault is defined for ages 0 to 139, not {age}")
    above = EXACT.multiply(years_left, _above_zero("weight", weight, "kg"))
    below = EXACT.multiply(72, _above_zero("creatinine", creatinine, "mg/dL"))
    factor = _by_sex(sex, female=Decimal("0.85"), male=Decimal(1))
    return Quantity(EXACT.divide(EXACT.multiply(above, factor), below), "mL/min")


def ckd_epi_2021(age: int, creatinine: Quantity, sex: str) -> Quantity:
    """Return the estimated filtration rate in mL/min/1.73m2, unrounded.

    142 × min(creatinine/κ, 1)^α × max(creatinine/κ, 1)^−1.200 × 0.9938^age, × 1.012 in women;
    κ 0.7 and α −0.241 in women, 0.9 and −0.302 in men. Inker, N Engl J Med 2021;385:1737.

    Args:
        age: Completed years, at least 18; NIDDK gives the equation for no one younger.
        creatinine: Serum creatinine above 0 in mg/dL; µmol/L must have been divided by 88.4.
        sex: ``female`` or ``male``.

    Raises:
        ValueError: For an age below 18, another sex, or a creatinine that is not above 0 or in
            µmol/L.
    """
    if age < _CKD_EPI_YOUNGEST:
        raise ValueError(f"CKD-EPI 2021 is defined from 18 years of age, not {age}")
    kappa, alpha, factor = _by_sex(
        sex, female=("0.7", "-0.241", "1.012"), male=("0.9", "-0.302", "1")
    )
    ratio = EXACT.divide(_above_zero("creatinine", creatinine, "mg/dL"), Decimal(kappa))
    # One of min and max is always 1, so only one power is left.
    by_creatinine = EXACT.power(ratio, Decimal(alpha if ratio < 1 else "-1.200"))
    by_age = EXACT.multiply(EXACT.power(Decimal("0.9938"), age), Decimal(factor))
    rate = EXACT.multiply(142, EXACT.multiply(by_creatinine, by_age))
    return Quantity(rate, "mL/min/1.73m2")


def de_indexed(clearance: Quantity, area: Decimal) -> Quantity:
    """Return this person's own clearance in mL/min: the indexed one × area / 1.73.

    The larger the person, the larger the result (a page in print has it the other way round).

    Args:
        clearance: In mL/min/1.73m2.
        area: Body surface area above 0, in m2.

    Raises:
        ValueError: If *clearance* is not indexed or *area* is not above 0.
    """
    indexed = clearance.into("mL/min/1.73m2").value
    own = _above_zero("surface area", Quantity(area, "m2"), "m2")
    return Quantity(EXACT.divide(EXACT.multiply(indexed, own), Decimal("1.73")), "mL/min")


def ideal_weight(height: Quantity, sex: str) -> Quantity:
    """Return the ideal body weight in kg, unrounded.

    45.5 kg in women, 50 kg in men, and 2.3 kg for each inch over 60 inches of exactly 2.54 cm.
    Devine, Drug Intell Clin Pharm 1974;8:650. The metric variant, 0.91 kg for each cm over 152,
    is not used: it gives 0.36 kg more at 152.4 cm and 0.58 kg more at 200 cm.

    Args:
        height: A length of at least 60 inches (152.4 cm). Devine says nothing about shorter
            people, and there are several ways to go on downwards; none is chosen here.
        sex: ``female`` or ``male``.

    Raises:
        ValueError: For a height below 60 inches, another sex, or no length.
    """
    inches_over = EXACT.subtract(height.into("in").value, _DEVINE_SHORTEST_IN)
    if inches_over < 0:
        raise ValueError(f"ideal weight is not defined below 60 in (152.4 cm); height is {height}")
    base = _by_sex(sex, female=Decimal("45.5"), male=Decimal(50))
    return Quantity(EXACT.fma(Decimal("2.3"), inches_over, base), "kg")


def adjusted_weight(actual: Quantity, ideal: Quantity) -> Quantity:
    """Return ideal + 0.4 × (actual − ideal) in kg, unrounded.

    Meant for people above their ideal weight; whether to use it is the caller's decision.

    Args:
        actual: A mass above 0.
        ideal: A mass above 0, such as from ``ideal_weight``.

    Raises:
        ValueError: For a weight that is not above 0 or no mass.
    """
    base = _above_zero("ideal weight", ideal, "kg")
    excess = EXACT.subtract(_above_zero("actual weight", actual, "kg"), base)
    return Quantity(EXACT.fma(Decimal("0.4"), excess, base), "kg")


def clearance_weight(which: str, height: Quantity, actual: Quantity, sex: str) -> Quantity:
    """Return the weight that a creatinine clearance is worked with.

    Args:
        which: ``actual``; ``ideal``, or the actual weight where that is less; or ``adjusted``,
            which is the actual weight up to the ideal one and lies between them above it.
        height: Below 60 inches no ideal weight is defined, and the actual one is used.
        actual: A mass above 0.
        sex: ``female`` or ``male``.
    """
    if which == "actual" or height.into("in").value < _DEVINE_SHORTEST_IN:
        return actual
    ideal = ideal_weight(height, sex)
    if compared(actual, ideal) <= 0:
        return actual
    return ideal if which == "ideal" else adjusted_weight(actual, ideal)


def age_on(birth: date, on: date) -> int:
    """Return the completed years of life on a day.

    Raises:
        ValueError: If *on* is before *birth*.
    """
    if on < birth:
        raise ValueError(f"{on.isoformat()} is before the date of birth")
    return on.year - birth.year - (on < birthday(birth, on.year))


def birthday(birth: date, year: int) -> date:
    """The day of a year on which somebody is a year older.

    Who was born on 29 February is a year older on 28 February of a year without a 29th, and
    on 29 February of a leap year.
    """
    try:
        return birth.replace(year=year)
    except ValueError:  # a year without a 29 February
        return date(year, 2, 28)


def _above_zero(what: str, measure: Quantity, unit: str) -> Decimal:
    value = measure.into(unit).value
    if value <= 0:
        raise ValueError(f"{what} must be above 0, not {measure}")
    return value


def _by_sex(sex: str | None, *, female: T, male: T) -> T:
    if sex not in ("female", "male"):
        raise ValueError(f"sex must be 'female' or 'male', not '{sex}'")
    return female if sex == "female" else male
