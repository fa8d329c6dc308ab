"""Questions and their three answers: yes, no, and not known."""

from datetime import date, timedelta
from fractions import Fraction

import attrs
from tests.oracle.amounts import Amount, amount, exact, same_kind
from tests.oracle.world import World, by_name, formulary, labs

from protoplan.model.condition import All, Any, Bounds, Condition, Not, Test, tests_in
from protoplan.model.option import Option
from protoplan.quantity import Quantity, parse


@attrs.frozen
class Unknown:
    """Not known.

    Attributes:
        needs: What was not stated.
        stale: Labs that were stated, and are too old for a day that is still to come.
    """

    needs: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()

    @property
    def waits(self) -> bool:
        """Nothing is lacking but fresh values on a day to come."""
        return not self.needs


Answer = bool | Unknown
NOT_ASKED = "an option that does not apply"


def unknown(*needs: str) -> Unknown:
    return Unknown(frozenset(needs))


def every(answers: list[Answer]) -> Answer:
    """True if all are; false if one is, whatever the others are."""
    if any(answer is False for answer in answers):
        return False
    missing = [answer for answer in answers if isinstance(answer, Unknown)]
    return _joined(missing) if missing else True


def some(answers: list[Answer]) -> Answer:
    """True if one is; false if all are false."""
    if any(answer is True for answer in answers):
        return True
    missing = [answer for answer in answers if isinstance(answer, Unknown)]
    return _joined(missing) if missing else False


def _joined(missing: list[Unknown]) -> Unknown:
    return Unknown(
        frozenset().union(*(answer.needs for answer in missing)),
        frozenset().union(*(answer.stale for answer in missing)),
    )


@attrs.frozen(eq=False)
class Asking:
    """What a question is asked about.

    Attributes:
        on: The day.
        washout: So many days after its last day a medicine no longer acts.
        own: The days on which the plan itself gives each drug.
        last_values: Take the last value of a lab, however old it is.
    """

    world: World
    on: date
    washout: int = 0
    own: dict[str, frozenset[date]] = attrs.field(factory=dict)
    last_values: bool = False


def measured(condition: Condition | None) -> bool:
    """Whether a measure of the patient stands in it."""
    return any(test.asks == "measure" for test in tests_in(condition))


def ask(condition: Condition | None, about: Asking) -> Answer:
    """The answer to a condition; none at all is always true."""
    if condition is None:
        return True
    if isinstance(condition, All):
        return every([ask(part, about) for part in condition.parts])
    if isinstance(condition, Any):
        return some([ask(part, about) for part in condition.parts])
    if isinstance(condition, Not):
        answer = ask(condition.part, about)
        return answer if isinstance(answer, Unknown) else not answer
    return _question(condition, about)


def _question(test: Test, about: Asking) -> Answer:
    if test.asks == "fact":
        value = about.world.facts().get(test.name)
        return unknown(test.name) if value is None else _is(test, value)
    if test.asks == "option":
        chosen = option(about.world, test.name)
        if isinstance(chosen, Unknown):
            return chosen
        return False if chosen == NOT_ASKED else _is(test, chosen)
    if test.asks == "measure":
        found = measure(test.name, about)
        return found if isinstance(found, Unknown) else inside(test.bounds, found)
    if test.asks == "lab":
        return _lab(test, about)
    if test.asks == "medicine":
        return _taken(test.name, None, about)
    if test.asks == "class":
        return _taken(None, test.name, about)
    if test.asks == "toxicity":
        return inside(test.bounds, Fraction(grade(test.name, test.of, about)))
    if test.asks == "worst_toxicity":
        return inside(test.bounds, Fraction(worst(test.name, test.of, about)))
    raise NotImplementedError(test.asks)


def _is(test: Test, value: str) -> bool:
    if test.bounds is None:
        return value in test.words
    edges = attrs.astuple(test.bounds, recurse=False)
    amounts = any(isinstance(edge, Quantity) for edge in edges)
    return inside(test.bounds, amount(parse(value)) if amounts else exact(value))


def inside(bounds: Bounds | None, value: Fraction | Amount) -> bool:
    """Whether a value lies within bounds; an amount is compared with amounts of its kind."""
    assert bounds is not None
    number = value.value if isinstance(value, Amount) else value

    def edge(bound: object) -> Fraction:
        if isinstance(bound, Quantity):
            if isinstance(value, Amount):
                same_kind(amount(bound), value)
            return amount(bound).value
        return exact(bound)  # type: ignore[arg-type]

    return (
        (bounds.at_least is None or number >= edge(bounds.at_least))
        and (bounds.above is None or number > edge(bounds.above))
        and (bounds.below is None or number < edge(bounds.below))
        and (bounds.at_most is None or number <= edge(bounds.at_most))
    )


# ------------------------------------------------------------------------------------- options


def option(world: World, name: str) -> str | Unknown:
    """The answer as it is written, else the default; an option that does not apply has none."""
    asked = next(entry for entry in world.protocol.options if entry.name == name)
    applies = ask(asked.when, Asking(world, world.treatment.start))
    if applies is False:
        return NOT_ASKED
    if isinstance(applies, Unknown):
        return applies
    for stated in world.treatment.options:
        if stated.name == name:
            return _as_chosen(asked, stated.value)
    if asked.default is None:
        return unknown(name)
    if isinstance(asked.default, tuple):
        return ", ".join(str(step) for step in asked.default)
    return _as_chosen(asked, str(asked.default))


def _as_chosen(asked: Option, value: str) -> str:
    """A choice of amounts by the name of the choice, however it is spaced."""
    for choice in asked.choices:
        if choice.amount is not None and parse(value) == choice.amount:
            return choice.name
    return value


# ------------------------------------------------------------------------------------- measures


def measure(name: str, about: Asking) -> Fraction | Unknown:
    """Age in years, weight in kg, clearance in mL/min, on the day."""
    world, on = about.world, about.on
    if name == "age":
        return Fraction(world.age_on(on))
    if name == "weight":
        weight = world.weight_on(on)
        return unknown("weight") if weight is None else weight
    assert name == "creatinine_clearance"
    return clearance(about)


def clearance(about: Asking) -> Fraction | Unknown:
    """Cockcroft and Gault: (140 - age) x weight / (72 x creatinine in mg/dL), women 0.85 of it."""
    world, on = about.world, about.on
    creatinine = lab_value("creatinine", "mg/dL", about)
    sex = world.treatment.patient.sex
    weight = weight_for_clearance(world, on)
    lacking = [answer for answer in (creatinine, weight) if isinstance(answer, Unknown)]
    if sex is None:
        lacking.append(unknown("sex"))
    if lacking:
        return _joined(lacking)
    assert isinstance(creatinine, Fraction)
    assert isinstance(weight, Fraction)
    found = (140 - world.age_on(on)) * weight / (72 * creatinine)
    return found * Fraction(85, 100) if sex == "female" else found


def weight_for_clearance(world: World, on: date) -> Fraction | Unknown:
    """The weight that the policy names; the ideal one is Devine's, for 60 inches and more."""
    actual, height = world.weight_on(on), world.height_on(on)
    if actual is None:
        return unknown("weight")
    which = world.policy.clearance.weight
    if which == "actual":
        return actual
    sex = world.treatment.patient.sex
    if height is None or sex is None:
        return unknown("sex" if sex is None else "height")
    inches = height / Fraction("2.54")
    if inches < 60:
        return actual
    base = Fraction(50) if sex == "male" else Fraction("45.5")
    ideal = base + Fraction("2.3") * (inches - 60)
    if which == "ideal":
        return min(ideal, actual)
    return ideal + Fraction("0.4") * (actual - ideal) if actual > ideal else actual


# ------------------------------------------------------------------------------------- labs


def _lab(test: Test, about: Asking) -> Answer:
    bounds = test.bounds
    assert bounds is not None
    edges = (bounds.at_least, bounds.above, bounds.below, bounds.at_most)
    unit = next(edge.unit for edge in edges if isinstance(edge, Quantity))
    value = lab_value(test.name, unit, about)
    if isinstance(value, Unknown):
        return value
    plain = Bounds(*(edge.value if isinstance(edge, Quantity) else edge for edge in edges))
    return inside(plain, value)


def lab_value(name: str, unit: str, about: Asking) -> Fraction | Unknown:
    """The last value up to the day, in a unit, if it is fresh."""
    stated = [entry for entry in about.world.treatment.labs if entry.name == name]
    taken = [entry for entry in stated if entry.date <= about.on]
    if not taken:
        return unknown(name)
    last = max(taken, key=lambda entry: entry.date)
    fresh = timedelta(about.world.policy.labs_fresh_days)
    if about.on - last.date > fresh and not about.last_values:
        if about.on <= about.world.as_of:
            return unknown(name)
        old = True
    else:
        old = False
    value = converted(name, exact(last.value.value), last.value.unit, unit, about.world)
    if value is None:  # nor could a fresh value be compared
        return unknown(f"upper limit of normal of {name}")
    return Unknown(stale=frozenset([name])) if old else value


#: What measures the same whatever the lab.
ALIKE = {("/uL", "10^9/L"): Fraction(1, 1000), ("g/dL", "mg/dL"): Fraction(1000)}


def converted(name: str, value: Fraction, unit: str, wanted: str, world: World) -> Fraction | None:
    """A laboratory value in another unit; None where nothing leads there."""
    # Breadth first from unit to unit: each step is a definition, a conversion or a site's limit.
    factors = dict(ALIKE)
    lab = labs()[name]
    for other, factor, _ in lab.per:
        factors[lab.units[0], other] = exact(factor)
    for limited, limit in world.policy.upper_limits:
        if limited == name:
            factors["xULN", limit.unit] = exact(limit.value)
    factors |= {(two, one): 1 / factor for (one, two), factor in factors.items()}
    found = {unit: value}
    for _ in factors:
        for (one, two), times in factors.items():
            if one in found:
                found.setdefault(two, found[one] * times)
    return found.get(wanted)


# ------------------------------------------------------------------------------------- medicines


def _taken(name: str | None, group: str | None, about: Asking) -> Answer:
    """Whether a medicine, or one of a class, acts on the day."""
    answers: list[Answer] = []
    for drug, days in about.own.items():
        if name == drug or group in _classes(drug):
            back = range(max(about.washout, 1))
            answers.append(any(about.on - timedelta(n) in days for n in back))
    stated = about.world.treatment.medicines
    if stated is None:
        return some([*answers, unknown("medicines")])
    for entry in stated:
        if not _acts(entry.start, entry.end, about):
            continue
        known = by_name().get(entry.drug.casefold())
        if name is not None:
            answers.append(known is not None and known.id == name)
        elif known is not None:
            answers.append(group in _classes(known.id))
        elif entry.classes is not None:
            answers.append(group in entry.classes)
        else:
            answers.append(unknown(f"classes of {entry.drug}"))
    return some(answers)


def _classes(drug: str) -> tuple[str, ...]:
    return tuple(name for name, _ in formulary()[drug].classes)


def _acts(first: date | None, last: date | None, about: Asking) -> bool:
    """From its first day to its last, and on until so many days after it."""
    if first is not None and about.on < first:
        return False
    if last is None or about.on <= last:
        return True
    return about.on < last + timedelta(about.washout)


# ------------------------------------------------------------------------------------- toxicities


def grade(name: str, of: str | None, about: Asking) -> int:
    """On the day: each holds until the next entry of the same toxicity and the same cause.

    What is recorded without a cause may be due to any drug; grade 0 without one ends them all.
    """
    grades: dict[tuple[str, str | None], int] = {}
    entries = [entry for entry in about.world.treatment.toxicities if entry.date <= about.on]
    for entry in sorted(entries, key=lambda entry: (entry.date, entry.grade)):
        if entry.grade == 0 and entry.related_to is None:
            grades = {key: value for key, value in grades.items() if key[0] != entry.name}
        grades[entry.name, entry.related_to] = entry.grade
    return max(
        (value for key, value in grades.items() if _meant(key[0], key[1], name, of)), default=0
    )


def worst(name: str, of: str | None, about: Asking) -> int:
    """The worst so far."""
    return max(
        (
            entry.grade
            for entry in about.world.treatment.toxicities
            if entry.date <= about.on and _meant(entry.name, entry.related_to, name, of)
        ),
        default=0,
    )


def _meant(found: str, cause: str | None, name: str, of: str | None) -> bool:
    return name in ("any", found) and (of is None or cause in (of, None))
