"""Amounts as fractions. The units are taken apart at their slashes; no table of the program is read."""

from decimal import Decimal
from fractions import Fraction

import attrs

from protoplan.quantity import Quantity

#: How many mg one is; units of activity stand alone.
MASS = {"mcg": Fraction(1, 1000), "mg": Fraction(1), "g": Fraction(1000)}
HOURS = {"day": 24, "h": 1}


class OtherKind(ValueError):
    """Two amounts that do not measure the same."""


@attrs.frozen
class Amount:
    """An amount in its smallest words.

    Attributes:
        value: In mg or units; of the rest in the unit as it is written.
        what: ``mass``, ``units``, or another unit as it is written.
        per: The body measure it is multiplied by: ``m2``, ``kg``, or none.
        hourly: It is an amount for each hour.
    """

    value: Fraction
    what: str
    per: str = ""
    hourly: bool = False

    @property
    def kind(self) -> tuple[str, str, bool]:
        """Only amounts of one kind can be compared."""
        return self.what, self.per, self.hourly


def exact(value: Decimal | int | str) -> Fraction:
    """A number as it is written."""
    return Fraction(value)


def amount(quantity: Quantity) -> Amount:
    """What a quantity of the reader says."""
    first, *rest = quantity.unit.split("/")
    value = exact(quantity.value)
    if first == "AUC":
        return Amount(value, "AUC")
    if first not in {*MASS, "units"} or any(part not in ("m2", "kg", *HOURS) for part in rest):
        return Amount(value, quantity.unit)
    per = "".join(part for part in rest if part in ("m2", "kg"))
    value *= MASS.get(first, Fraction(1))
    hours = [HOURS[part] for part in rest if part in HOURS]
    for hour in hours:
        value /= hour
    return Amount(value, "mass" if first in MASS else "units", per, bool(hours))


def same_kind(one: Amount, other: Amount) -> None:
    """Refuse to compare milligrams with milligrams per square metre.

    Raises:
        OtherKind: If they do not measure the same.
    """
    if one.kind != other.kind:
        raise OtherKind(f"{one} and {other}")
