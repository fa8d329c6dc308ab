"""How much: surface area, weight, clearance, and the dose as it is calculated from them."""

from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from math import isqrt

import attrs
from tests.oracle.amounts import Amount, amount, exact
from tests.oracle.answers import NOT_ASKED, Asking, Unknown, clearance, option, unknown
from tests.oracle.cycles import Cycle
from tests.oracle.days import Slot
from tests.oracle.world import World, formulary

from protoplan.model.option import OptionRef
from protoplan.quantity import Quantity, parse

#: Many more digits than any surface area is rounded to.
DEEP = Context(prec=60)


@attrs.frozen
class Body:
    """What the doses of a cycle are worked with."""

    area: Fraction
    weight: Fraction


def halves_up(value: Fraction, step: Fraction) -> Fraction:
    """The nearest whole number of steps; a half goes up."""
    return ((value / step + Fraction(1, 2)) // 1) * step


def body(world: World, cycle: Cycle) -> Body | None:
    """Height and weight of the last measurement up to the first day of the cycle.

    A weight that changed by less than the policy says, from the one in use, changes no dose.
    """
    assert cycle.start is not None
    used: Fraction | None = None
    for entry in sorted(world.treatment.measurements, key=lambda entry: entry.date):
        weight = world.weight_on(entry.date)
        if weight is not None and entry.date <= cycle.start:
            used = weight if used is None or _moves(world, used, weight) else used
    height = world.height_on(cycle.start)
    if used is None or height is None:
        return None
    return Body(_area(world, height, used), used)


def _moves(world: World, used: Fraction, weight: Fraction) -> bool:
    return abs(weight - used) / used * 100 >= exact(world.policy.reweighing.at_change)


def _area(world: World, height: Fraction, weight: Fraction) -> Fraction:
    asked = world.policy.surface_area
    step = Fraction(1, 10**asked.decimals)
    found = halves_up(surface(asked.formula, height, weight, world.treatment.patient.sex), step)
    return found if asked.cap is None else min(found, exact(asked.cap.value))


def surface(formula: str, height: Fraction, weight: Fraction, sex: str | None) -> Fraction:
    """In m2, to many digits, from cm and kg; the formulas as their papers print them."""
    if formula == "mosteller":
        return _root(height * weight / 3600)
    if formula == "du-bois":
        return _powers("0.007184", (weight, "0.425"), (height, "0.725"))
    if formula == "haycock":
        return _powers("0.024265", (weight, "0.5378"), (height, "0.3964"))
    if formula == "gehan-george":
        return _powers("0.0235", (height, "0.42246"), (weight, "0.51456"))
    if formula == "boyd":
        grams = weight * 1000
        power = Decimal("0.7285") - DEEP.multiply(Decimal("0.0188"), DEEP.log10(_decimal(grams)))
        return _powers("0.0003207", (grams, power), (height, "0.3"))
    assert formula == "schlich"
    if sex == "female":
        return _powers("0.000975482", (weight, "0.46"), (height, "1.08"))
    return _powers("0.000579479", (weight, "0.38"), (height, "1.24"))


def _root(value: Fraction) -> Fraction:
    scale = 10**80
    return Fraction(isqrt(value.numerator * scale // value.denominator), 10**40)


def _powers(factor: str, *terms: tuple[Fraction, str | Decimal]) -> Fraction:
    found = Decimal(factor)
    for base, power in terms:
        log = DEEP.ln(_decimal(base))
        found = DEEP.multiply(found, DEEP.exp(DEEP.multiply(log, Decimal(power))))
    return Fraction(found)


def _decimal(value: Fraction) -> Decimal:
    return DEEP.divide(Decimal(value.numerator), Decimal(value.denominator))


# ------------------------------------------------------------------------------------- one dose


@attrs.frozen
class Size:
    """How much one administration holds, before rules.

    Attributes:
        basis: As it is printed or chosen, and on the first days of a ramp its step.
        calculated: In mg or units.
        full: What a ramp rises to; else the same.
        on_ramp: It is a day for which a ramp prints a step that nobody chose.
    """

    basis: Amount
    calculated: Fraction
    full: Fraction
    on_ramp: bool = False


def size(world: World, slot: Slot, measures: Body) -> Size | Unknown:
    """The dose of one administration; what is lacking where there is none."""
    sig = slot.sig
    if sig.rate is not None:
        basis = amount(sig.rate)
    elif isinstance(sig.dose, OptionRef):
        chosen = option(world, sig.dose.option)
        if isinstance(chosen, Unknown):
            return chosen
        if chosen == NOT_ASKED:
            return unknown(sig.dose.option)
        basis = amount(parse(chosen))
    else:
        assert sig.dose is not None
        basis = amount(sig.dose)
    full = worked(world, basis, slot, measures)
    if isinstance(full, Unknown):
        return full
    if sig.ramp is None:
        return Size(basis, full, full)
    return _on_ramp(world, slot, basis, full)


def _on_ramp(world: World, slot: Slot, basis: Amount, full: Fraction) -> Size | Unknown:
    ramp = slot.sig.ramp
    chosen = False
    if isinstance(ramp, OptionRef):
        answer = option(world, ramp.option)
        if isinstance(answer, Unknown):
            return answer
        chosen = any(stated.name == ramp.option for stated in world.treatment.options)
        steps = [amount(parse(part.strip())) for part in answer.split(",")]
    else:
        assert ramp is not None
        steps = [amount(step) for step in ramp]
    printed = slot.nth < len(steps) and not chosen
    if slot.nth < len(steps) and steps[slot.nth].value < full:
        return Size(steps[slot.nth], steps[slot.nth].value, full, printed)
    return Size(basis, full, full, printed)


def worked(world: World, basis: Amount, slot: Slot, measures: Body) -> Fraction | Unknown:
    """A printed amount times body measure and time."""
    if basis.what == "AUC":
        found = _filtration(world, slot.component.drug, slot.start.date())
        return found if isinstance(found, Unknown) else basis.value * (found + 25)
    found = basis.value
    if basis.per == "m2":
        found *= measures.area
    if basis.per == "kg":
        found *= measures.weight
    if basis.hourly:
        assert slot.end is not None and slot.sig.rate is not None
        found *= Fraction((slot.end - slot.start).total_seconds()) / 3600
        # Part of a day may come to a number without end, which is written to four places.
        smallest = Quantity(Decimal("0.0001"), slot.sig.rate.unit.split("/")[0])
        found = found if _ends(found) else halves_up(found, amount(smallest).value)
    return found


def _ends(value: Fraction) -> bool:
    """Whether it can be written with so many places."""
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return rest == 1


def _filtration(world: World, drug: str, on: date) -> Fraction | Unknown:
    """The clearance of a dose by AUC; a creatinine too old for a day to come is used all the same."""
    found = clearance(Asking(world, on))
    if isinstance(found, Unknown) and found.waits:
        dates = [lab.date for lab in world.treatment.labs if lab.name == "creatinine"]
        fresh = attrs.evolve(world.policy, labs_fresh_days=(on - min(dates)).days)
        found = clearance(Asking(attrs.evolve(world, policy=fresh), on))
    if isinstance(found, Unknown):
        return found
    found = halves_up(found, Fraction(1, 10**world.policy.clearance.decimals))
    calvert = formulary()[drug].calvert
    if calvert is None or calvert.most is None:
        return found
    return min(found, exact(calvert.most.value))


def cap_of(slot: Slot) -> Quantity | None:
    """The largest single dose: the protocol's, else the smallest of the formulary's."""
    if slot.sig.cap is not None:
        return slot.sig.cap.dose
    caps = [
        cap.dose
        for cap in formulary()[slot.component.drug].caps
        if not cap.routes or slot.component.route in cap.routes
    ]
    return min(caps, key=lambda cap: amount(cap).value, default=None)
