"""Exact amounts: a Decimal and a unit from a closed list, how they are read and printed.

Nothing in this project holds an amount as a float. A float has already lost what was
written, and `5 MG` or `1,4 mg` must be refused, not guessed at.
"""

import re
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction

import attrs

#: The one arithmetic of the project: 34 digits, halves round up, a float is an error.
EXACT = Context(
    prec=34,
    rounding=ROUND_HALF_UP,
    traps=[InvalidOperation, DivisionByZero, Overflow, FloatOperation],
)

NBSP = "\N{NO-BREAK SPACE}"


@attrs.frozen
class Unit:
    """One unit of the closed list.

    Attributes:
        name: As it is written in files, such as ``mg/m2``.
        amount: The part before the first slash, such as ``mg``.
        dimension: What it measures; quantities of one dimension can be compared.
        factor: How many of the dimension's base unit (mg, units, cm, day …) one of these is.
        per: The body measure it is multiplied by: ``m2``, ``kg``, ``clearance`` or none.
        time: The time it is spread over (``day``, ``h``), or none.
    """

    name: str
    amount: str
    dimension: str
    factor: Decimal
    per: str = ""
    time: str = ""


def _closed_list() -> dict[str, Unit]:
    amounts = {
        "mcg": ("mass", Decimal("0.001")),
        "mg": ("mass", Decimal(1)),
        "g": ("mass", Decimal(1000)),
        "units": ("activity", Decimal(1)),
    }
    times = {"": Decimal(1), "day": Decimal(1), "h": Decimal(24)}
    units: dict[str, Unit] = {}
    for amount, (dimension, factor) in amounts.items():
        for per in ("", "m2", "kg"):
            for time, each_day in times.items():
                name = "/".join(part for part in (amount, per, time) if part)
                kind = dimension + (f" per {per}" if per else "") + (" per time" if time else "")
                units[name] = Unit(name, amount, kind, factor * each_day, per, time)
    others = [
        ("kg", "mass", "1000000"),
        # The international pound is 0.45359237 kg by definition.
        ("lb", "mass", "453592.37"),
        ("cm", "length", "1"),
        ("m", "length", "100"),
        ("in", "length", "2.54"),
        ("m2", "area", "1"),
        ("h", "time", "1"),
        ("min", "time", None),
        ("percent", "share", "1"),
        ("years", "age", "1"),
        ("mL", "volume", "1"),
        ("mL/h", "flow", "1"),
        ("mL/min", "clearance", "1"),
        ("mL/min/1.73m2", "indexed clearance", "1"),
        ("mg/dL", "mass concentration", "1"),
        ("g/dL", "mass concentration", "1000"),
        ("umol/L", "substance concentration", "1"),
        ("U/L", "enzyme activity", "1"),
        ("10^9/L", "count", "1"),
        ("/uL", "count", "0.001"),
        ("xULN", "multiple of the upper limit of normal", "1"),
    ]
    for name, dimension, text in others:
        # A minute is a sixtieth of an hour, which no decimal holds; minutes are kept apart.
        factor = Decimal(text) if text else Decimal(1)
        units[name] = Unit(name, name, dimension if text else "minutes", factor)
    # mg/mL × min, by which a clearance gives mg; the number is printed behind it, AUC 5.
    units["AUC"] = Unit("AUC", "mg", "area under the curve", Decimal(1), per="clearance")
    return units


UNITS = _closed_list()

# Spellings that mean exactly one of our units and carry no danger of being misread.
_SAME = {"\N{MICRO SIGN}mol/L": "umol/L", "\N{GREEK SMALL LETTER MU}mol/L": "umol/L",
         "\N{MICRO SIGN}L": "uL", "/\N{MICRO SIGN}L": "/uL", "/\N{GREEK SMALL LETTER MU}L": "/uL",
         "year": "years", "%": "percent"}  # fmt: skip

# What a part of a unit was meant to be, where that is beyond doubt (error-prone lists of ISMP;
# evidence-classic-drugs.md section 13). A part that could mean another amount is not here.
_MEANT = {
    "ug": "mcg", "\N{MICRO SIGN}g": "mcg", "\N{GREEK SMALL LETTER MU}g": "mcg", "mgs": "mg",
    "gm": "g", "iu": "units", "u": "units", "unit": "units", "m": "m2", "sqm": "m2", "m^2": "m2",
    "m\N{SUPERSCRIPT TWO}": "m2", "kgs": "kg", "lbs": "lb", "inches": "in", "d": "day",
    "ml": "mL", "24h": "day", "hr": "h", "hour": "h", "hours": "h", "minutes": "min", "mins": "min",
}  # fmt: skip

#: A plain number, as a regular expression that editors know too.
NUMBER = r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?"
_NUMBER = re.compile(NUMBER)
_WRITTEN = re.compile(r"(?P<number>[-+]?[0-9.,_]+)(?P<gap>\s*)(?P<unit>\S.*)?", re.DOTALL)
_UNIT_BEGINS = re.compile("[A-Za-z%/\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]|10\\^")


class NotAnAmount(ValueError):
    """A text that is no amount.

    Attributes:
        message: What was found and what was expected.
        hint: The nearest good spelling, if there is one.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def number(text: str) -> Decimal:
    """Return the decimal number that *text* writes in digits with at most one point.

    Raises:
        NotAnAmount: For a sign, a comma, an exponent, a naked point, other scripts' digits.
    """
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    good = _good_numbers(text)
    how = ""
    if "," in text and len(good) == 1:
        how = ", with a point" if "." in good[0] else ", without a comma"
    raise NotAnAmount(_no_number(text), _write(good, "", how))


def _no_number(text: str) -> str:
    return f"'{text}' is not a number in digits with at most one point"


def _good_numbers(text: str) -> list[str]:
    """How the number can have been meant; three digits after one comma leave a doubt."""
    digits = text.strip().lstrip("+")
    if re.fullmatch(r"\.[0-9]+", digits):
        return [f"0{digits}"]
    if re.fullmatch(r"[0-9]+\.", digits):
        return [digits[:-1]]
    if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", digits):
        return [digits.replace(",", ""), digits.replace(",", ".")]
    if re.fullmatch(r"[1-9][0-9]{0,2}(,[0-9]{3})+", digits):
        return [digits.replace(",", "")]
    if re.fullmatch(r"[0-9]+,[0-9]+", digits):
        return [digits.replace(",", ".")]
    return [digits] if _NUMBER.fullmatch(digits) else []


def _write(numbers: list[str], unit: str, how: str = "") -> str | None:
    """A hint that names the good spellings."""
    if not numbers:
        return None
    shown = " or ".join(f"{number} {unit}".strip() for number in numbers)
    return f"write {shown}{', whichever is meant' if len(numbers) > 1 else how}"


def rising(text: str) -> tuple[int, ...]:
    """Return the rising whole numbers that *text* writes with commas, such as ``5, 7, 9``.

    Raises:
        NotAnAmount: If they are not whole, not above 0, or do not rise.
    """
    parts = [part.strip() for part in text.split(",")]
    found = tuple(int(part) for part in parts if re.fullmatch(r"[1-9][0-9]{0,2}", part))
    if len(found) != len(parts) or list(found) != sorted(set(found)):
        raise NotAnAmount(f"'{text}' is not a row of rising days", "write days such as 5, 7, 9")
    return found


@attrs.frozen(order=False)
class Quantity:
    """An exact amount.

    Attributes:
        value: The number, as written or as calculated.
        unit: A name from the closed list ``UNITS``.

    Raises:
        TypeError: If *value* is a float.
        ValueError: If *unit* is not in the closed list.
    """

    value: Decimal = attrs.field()
    unit: str = attrs.field()

    def __attrs_post_init__(self) -> None:
        if type(self.value) is not Decimal:
            raise TypeError("an amount is a Decimal, never a float")
        if self.unit not in UNITS:
            raise ValueError(f"unit '{self.unit}' is not known")

    @property
    def dimension(self) -> str:
        """What is measured; only quantities of one dimension can be compared."""
        return UNITS[self.unit].dimension

    def in_base(self) -> Decimal:
        """The number in the dimension's base unit (mg, units, cm, 10^9/L …)."""
        return EXACT.multiply(self.value, UNITS[self.unit].factor)

    def into(self, unit: str) -> "Quantity":
        """The same amount in another unit of its dimension.

        Raises:
            ValueError: If the dimensions differ.
        """
        if UNITS[unit].dimension != self.dimension:
            raise ValueError(f"{self.unit} and {unit} do not measure the same")
        if unit == self.unit:
            return self
        return Quantity(EXACT.divide(self.in_base(), UNITS[unit].factor), unit)

    def times(self, factor: Decimal) -> "Quantity":
        """This amount multiplied by a plain number."""
        return Quantity(EXACT.multiply(self.value, factor), self.unit)

    def rounded_to(self, step: "Quantity") -> "Quantity":
        """The nearest whole number of *step*, halves up, in this amount's own unit.

        Raises:
            ValueError: If *step* measures something else.
        """
        width = step.into(self.unit).value
        count = EXACT.divide(self.value, width).quantize(Decimal(1), ROUND_HALF_UP, EXACT)
        return Quantity(EXACT.multiply(count, width), self.unit)

    def __str__(self) -> str:
        """As it is written in files: ``1.104 mg``."""
        return f"{plain(self.value)} {self.unit}"

    def text(self) -> str:
        """As it is printed for people: no trailing zero, commas from 1,000, a no-break space."""
        if self.unit == "AUC":
            return f"AUC{NBSP}{printed(self.value)}"
        return f"{printed(self.value)}{NBSP}{self.unit.replace('m2', 'm²')}"


def compared(one: Quantity, other: Quantity) -> int:
    """-1, 0 or 1 as *one* is less than, equal to or more than *other*.

    Raises:
        ValueError: If they do not measure the same.
    """
    if one.dimension != other.dimension:
        raise ValueError(f"{one.unit} and {other.unit} do not measure the same")
    left, right = one.in_base(), other.in_base()
    return (left > right) - (left < right)


def parse(text: str, allowed: tuple[str, ...] = ()) -> Quantity:
    """Return the amount that *text* writes, such as ``0.6 mg/m2``.

    Args:
        text: A number, an optional space and a unit.
        allowed: The units that may stand here; none means any of the closed list.

    Raises:
        NotAnAmount: With what was found, what was expected, and the nearest good spelling.
    """
    wanted = _expected(allowed)
    stripped = re.sub(r"AUC\s+(\S+)", r"\1 AUC", text.strip())
    found = _WRITTEN.fullmatch(stripped)
    if found is None or _no_unit_at_all(found):
        grouped = re.fullmatch(r"([1-9][0-9]{0,2})\s([0-9]{3}) (\S+)", stripped)
        hint = f"write {grouped[1]}{grouped[2]} {grouped[3]}" if grouped else None
        raise NotAnAmount(f"'{text}' is not an amount; expected a number and {wanted}", hint)
    digits, unit = found["number"], (found["unit"] or "").strip()
    unit = _SAME.get(unit, unit)
    if not _NUMBER.fullmatch(digits):
        hint = _write(_good_numbers(digits), unit)
        raise NotAnAmount(f"'{text}' is not an amount: {_no_number(digits)}", hint)
    if not unit:
        raise NotAnAmount(f"'{text}' has no unit; expected {wanted}")
    if unit not in UNITS:
        kind = "dose unit" if not allowed or "mg" in allowed else "unit"
        raise NotAnAmount(f"{kind} '{unit}' is not known", _unit_hint(unit, allowed))
    if allowed and unit not in allowed:
        raise NotAnAmount(f"unit '{unit}' does not fit here; expected {wanted}")
    return Quantity(Decimal(digits), unit)


def steps(text: str, unit: str) -> tuple[Quantity, ...]:
    """Return the rising amounts that *text* writes with commas, such as ``100 mg, 200 mg``.

    Raises:
        NotAnAmount: If one is no amount in *unit*, is nothing, or does not rise.
    """
    found = tuple(parse(part, (unit,)) for part in text.split(","))
    values = [amount.value for amount in found]
    if values[0] <= 0 or values != sorted(set(values)):
        raise NotAnAmount(f"'{text}' is not a row of rising amounts",
                          f"write amounts such as 1 {unit}, 2 {unit}")  # fmt: skip
    return found


def pattern(allowed: tuple[str, ...] = ()) -> str:
    """The regular expression of what `parse` reads, without blanks around it.

    Args:
        allowed: The units that may stand here; none means any of the closed list.

    Returns:
        An expression that means the same in Python and in ECMAScript, as JSON Schema asks.
    """
    units = tuple(allowed or UNITS)
    spellings = (*units, *(spelling for spelling, unit in _SAME.items() if unit in units))
    near = "|".join(literal(s) for s in spellings if not s[0].isdigit())
    # A unit that begins with a digit stands apart from the number: 210^9/L could be 2 or 210.
    apart = "|".join(literal(s) for s in spellings if s[0].isdigit())
    forms = [rf"\s*(?:{near})"] * bool(near) + [rf"\s+(?:{apart})"] * bool(apart)
    behind = rf"|AUC\s+{NUMBER}" if "AUC" in units else ""
    return rf"{NUMBER}(?:{'|'.join(forms)}){behind}"


def literal(word: str) -> str:
    """The regular expression of *word* itself; only what must be escaped is (ECMAScript)."""
    return re.sub(r"([\^$.*+?()\[\]{}|\\])", r"\\\1", word)


def _no_unit_at_all(found: re.Match[str]) -> bool:
    """What follows the number is no word: letters among the digits, or more digits."""
    unit = found["unit"] or ""
    odd = bool(unit) and not _UNIT_BEGINS.match(unit)
    joined = not found["gap"] and re.search(r"\s", unit) is not None
    return odd or joined or re.search(r"\s[0-9]", unit) is not None


def _expected(allowed: tuple[str, ...]) -> str:
    """The units that may stand here, the first few of them by name."""
    if not allowed:
        return "a unit such as mg, mg/m2 or mcg/day"
    few = ", ".join(allowed[:4])
    return few if len(allowed) <= 4 else f"a unit such as {few}"


def _unit_hint(unit: str, allowed: tuple[str, ...]) -> str | None:
    """The unit that was meant, where that is beyond doubt; never one of another size."""
    parts = [part.strip() for part in unit.rstrip(".,").lower().split("/")]
    first, *rest = [
        _MEANT.get(part, part) if part != "m" or n else part for n, part in enumerate(parts)
    ]
    guess = "/".join([first, *sorted(rest, key=lambda part: part in ("day", "h"))])
    return f"did you mean '{guess}'?" if guess in (allowed or UNITS) else None


def plain(value: Decimal) -> str:
    """The exact decimal without trailing zeros and without an exponent: ``1.104``, ``460``."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def printed(value: Decimal) -> str:
    """As ISMP asks: ``0.5`` not ``.5``, ``5`` not ``5.0``, ``2,760`` with a comma from 1,000."""
    whole, point, rest = plain(value).partition(".")
    return f"-0{point}{rest}" if whole == "-0" else f"{int(whole):,}{point}{rest}"


def decimal_of(value: Fraction, places: int = 4) -> Decimal:
    """The exact decimal of *value* where there is one, else rounded half up to *places*."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    exact = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact if rest == 1 else exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
