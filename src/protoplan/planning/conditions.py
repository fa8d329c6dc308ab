"""Conditions answered in three values: true, false, and unknown with what is wanted.

Kleene's logic: a false part makes `all` false and a true part makes `any` true whatever the
others are; else an unknown part leaves the whole unknown. Nothing missing passes for a no.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any as Whatever

import attrs

from protoplan.model.catalogue import Catalogue, Lab
from protoplan.model.condition import All, Bounds, Condition, Not, Test
from protoplan.model.option import Answer, Option
from protoplan.model.treatment import LabValue, Patient
from protoplan.planning.known import NO, YES, Known, Verdict
from protoplan.planning.measures import age_on, clearance_weight, cockcroft_gault
from protoplan.planning.measuring import measure_for
from protoplan.quantity import EXACT, UNITS, NotAnAmount, Quantity, compared, number, parse, steps


def known(
    options: tuple[Option, ...],
    chosen: Mapping[str, str],
    facts: Mapping[str, str],
    labs: tuple[LabValue, ...] = (),
    catalogue: Catalogue | None = None,
    fresh_days: int = 0,
    patient: Patient | None = None,
) -> Known:
    """Settle the options in the order of the protocol: the answer, else the default, else open."""
    settled: dict[str, Answer | None] = {}
    defaults: set[str] = set()
    waiting: dict[str, tuple[str, ...]] = {}
    by_name: dict[str, tuple[LabValue, ...]] = {}
    for lab in sorted(labs, key=lambda value: value.date):
        by_name[lab.name] = (*by_name.get(lab.name, ()), lab)
    units = {lab.name: lab for lab in catalogue.labs} if catalogue else {}
    offered = {option.name: option for option in options}
    state = Known(settled, waiting, facts, by_name, units, fresh_days, patient, offered, defaults)
    for option in options:
        applies = ask(option.when, state, date.min)
        if applies.answer is False:
            continue
        answer = chosen.get(option.name)
        if applies.answer is None:
            settled[option.name] = None
            waiting[option.name] = applies.needs
        elif answer is None:
            settled[option.name] = option.default
            if option.default is not None:
                defaults.add(option.name)
        else:
            settled[option.name] = answer_to(option, answer)
    return state


def answer_to(option: Option, written: str) -> Answer:
    """The answer as what it is: an amount, a row of amounts, or the word itself."""
    if option.steps:
        return steps(written, option.steps)
    return parse(written) if option.unit else written


def ask(condition: Condition | None, state: Known, on: date) -> Verdict:
    """Answer *condition* for a day."""
    if condition is None:
        return YES
    if isinstance(condition, Test):
        return _ASKS[condition.asks](condition, state, on)
    if isinstance(condition, Not):
        inner = ask(condition.part, state, on)
        if inner.answer is None:
            return inner
        return Verdict(not inner.answer, because=inner.because)
    deciding = not isinstance(condition, All)
    verdicts = [ask(part, state, on) for part in condition.parts]
    decided = [verdict for verdict in verdicts if verdict.answer is deciding]
    if decided or all(verdict.answer is not None for verdict in verdicts):
        words = dict.fromkeys(text for each in decided or verdicts for text in each.because)
        return Verdict(deciding if decided else not deciding, because=tuple(words))
    needs = tuple(dict.fromkeys(name for verdict in verdicts for name in verdict.needs))
    pending = tuple(dict.fromkeys(name for verdict in verdicts for name in verdict.pending))
    return Verdict(None, needs, pending)


def _fact(test: Test, state: Known, on: date) -> Verdict:
    stated = state.facts.get(test.name)
    if stated is None:
        return Verdict(None, (test.name,))
    because = (f"{test.name} {stated}",)
    if test.bounds is None:
        return Verdict(any(_same(stated, word) for word in test.words), because=because)
    return Verdict(within(number(stated), test.bounds), because=because)


def _same(stated: str, word: str) -> bool:
    """The same word, or the same number however it is written."""
    try:
        return stated == word or number(stated) == number(word)
    except NotAnAmount:
        return False


def _option(test: Test, state: Known, on: date) -> Verdict:
    if test.name not in state.options:
        return NO
    answer = state.options[test.name]
    if answer is None:
        return Verdict(None, state.waiting.get(test.name, (test.name,)))
    if test.bounds is None:
        return Verdict(str(answer) in test.words)
    if isinstance(answer, tuple):
        raise TypeError("a row of amounts is not compared with bounds")  # a check refuses it
    return Verdict(within(answer if isinstance(answer, Quantity) else number(answer), test.bounds))


def _lab(test: Test, state: Known, on: date) -> Verdict:
    if test.bounds is None:
        return Verdict(None, (test.name,))
    found = lab_on(test.name, state, on)
    if isinstance(found, Verdict) and found.needs:
        return found
    limits = [limit for limit in attrs.astuple(test.bounds, recurse=False) if limit is not None]
    last = state.labs[test.name][-1] if isinstance(found, Verdict) else found
    value = converted(last.value, limits[0].unit, state.units.get(test.name), state.upper_limits)
    if value is None:  # nor could a value of the day itself be compared
        pending = found.pending if isinstance(found, Verdict) else ()
        return Verdict(None, (f"upper limit of normal of {test.name}",), pending)
    if isinstance(found, Verdict):
        return found
    said = f"{test.name} {found.value.text()} on {found.date}"
    return Verdict(within(value, test.bounds), because=(said,))


def lab_on(name: str, state: Known, on: date) -> LabValue | Verdict:
    """The last value of a lab that is fresh enough for a day; else why there is none.

    Never stated, or too old for a day up to `as_of`: it is wanted. Too old for a later day: it is
    pending. A value dated after the day is not known on it.
    """
    stated = [lab for lab in state.labs.get(name, ()) if lab.date <= on]
    if not stated:
        later = on > state.as_of and state.labs.get(name)
        return Verdict(None, (), (name,)) if later else Verdict(None, (name,))
    if (on - stated[-1].date).days <= state.fresh_days or state.last_values:
        return stated[-1]
    return Verdict(None, (), (name,)) if on > state.as_of else Verdict(None, (name,))


def _measure(test: Test, state: Known, on: date) -> Verdict:
    """Age on the day itself, weight for the day, clearance from the last creatinine."""
    if state.patient is None or test.bounds is None:
        return Verdict(None, (test.name,))
    found = _MEASURED[test.name](state, on)
    if isinstance(found, Verdict):
        return found
    return Verdict(within(found, test.bounds), because=(_measured(test.name, found),))


def _measured(name: str, found: Decimal | Quantity) -> str:
    """A measure in words, a clearance to one decimal."""
    shown = found.text() if isinstance(found, Quantity) else str(found)
    if name == "creatinine_clearance" and isinstance(found, Quantity):
        shown = found.rounded_to(Quantity(Decimal("0.1"), found.unit)).text()
    return f"{name.replace('_', ' ')} {shown}"


def _age(state: Known, on: date) -> Decimal | Verdict:
    """A stated age holds throughout, for it has no birthday."""
    patient = state.patient
    assert patient is not None
    age = patient.age if patient.birth_date is None else age_on(patient.birth_date, on)
    return Verdict(None, ("age",)) if age is None else Decimal(age)


def _weight(state: Known, on: date) -> Quantity | Verdict:
    if not state.measures:
        return Verdict(None, ("weight",))
    return measure_for(on, state.measures).weight.into("kg")


def clearance_on(state: Known, on: date) -> Quantity | Verdict:
    """Cockcroft and Gault's clearance, with the weight that the site's policy names."""
    creatinine, age = lab_on("creatinine", state, on), _age(state, on)
    sex = state.patient.sex if state.patient else None
    lacking = (sex, "sex"), (state.measures, "weight")
    needs = [name for stated, name in lacking if not stated]
    if isinstance(creatinine, Verdict) and creatinine.needs:
        return Verdict(None, (*creatinine.needs, *needs), creatinine.pending)
    pending = creatinine.pending if isinstance(creatinine, Verdict) else ()
    last = state.labs["creatinine"][-1] if isinstance(creatinine, Verdict) else creatinine
    units, limits = state.units.get("creatinine"), state.upper_limits
    value = converted(last.value, "mg/dL", units, limits)
    if sex is None or isinstance(age, Verdict) or not state.measures or value is None or pending:
        needs += ["age"] if isinstance(age, Verdict) else []
        needs += [] if value is not None else ["upper limit of normal of creatinine"]
        return Verdict(None, tuple(needs), pending)
    measure = measure_for(on, state.measures)
    weight = clearance_weight(state.clearance_weight, measure.height, measure.weight, sex)
    return cockcroft_gault(int(age), weight, value, sex)


_MEASURED: dict[str, Callable[[Known, date], Whatever]] = {
    "age": _age,
    "weight": _weight,
    "creatinine_clearance": clearance_on,
}


def _medicine(test: Test, state: Known, on: date) -> Verdict:
    by_class = test.asks == "class"
    found = state.of_class(test.name) if by_class else state.named(test.name)
    meant = [taken for taken in found if taken.acts(on, state.washout)]
    sure = [str(taken) for taken in meant if not taken.needs]
    if sure:
        return Verdict(True, because=tuple(dict.fromkeys(sure)))
    strange = state.of_class(None) if by_class else []
    needs = [need for taken in meant for need in taken.needs]
    needs += [f"classes of {t.name}" for t in strange if t.acts(on, state.washout)]
    needs += [] if state.medicines is not None else ["medicines"]
    return Verdict(None, tuple(dict.fromkeys(needs))) if needs else NO


def _toxicity(test: Test, state: Known, on: date) -> Verdict:
    """The grade on a day, or the worst so far; what is not recorded has not happened so far.

    An event that is recorded without a cause may be due to any drug, and counts for each.
    """
    grades: dict[tuple[str, str | None], list[int]] = {}
    for event in state.events:
        due = test.of is None or event.related_to in (test.of, None)
        same = due and test.name in (event.name, "any")
        if same and event.date <= on:
            grades.setdefault((event.name, event.related_to), []).append(event.grade)
            if event.grade == 0 and event.related_to is None:  # it is over, whatever it was due to
                for (name, _), row in grades.items():
                    row.extend([0] if name == event.name else [])
    worst = test.asks == "worst_toxicity"
    found = max((max(row) if worst else row[-1] for row in grades.values()), default=0)
    answer = test.bounds is not None and within(Decimal(found), test.bounds)
    return Verdict(answer, because=(f"{test.name.replace('_', ' ')} of grade {found}",))


_ASKS = {
    "fact": _fact,
    "option": _option,
    "lab": _lab,
    "measure": _measure,
    "medicine": _medicine,
    "class": _medicine,
    "toxicity": _toxicity,
    "worst_toxicity": _toxicity,
}


def converted(
    value: Quantity, unit: str, lab: Lab | None, limits: Mapping[str, Quantity] | None = None
) -> Quantity | None:
    """*value* in *unit*, exactly; None where neither a factor nor an upper limit leads there.

    Args:
        value: As it was stated.
        unit: As it is asked for; the multiple of the upper limit of normal is one.
        lab: Whose conversion holds where dimensions differ.
        limits: The site's upper limits of normal, by lab.
    """
    if UNITS[unit].dimension == value.dimension:
        return value
    upper = (limits or {}).get(lab.name) if lab else None
    if "xULN" in (unit, value.unit):
        return _by_limit(value, unit, lab, upper)
    factors = {name: factor for name, factor, _ in lab.per} if lab else {}
    if lab is None or {value.unit, unit} != {lab.units[0], next(iter(factors), "")}:
        return None
    if unit == lab.units[0]:
        return Quantity(EXACT.divide(value.value, factors[value.unit]), unit)
    return Quantity(EXACT.multiply(value.value, factors[unit]), unit)


def _by_limit(
    value: Quantity, unit: str, lab: Lab | None, upper: Quantity | None
) -> Quantity | None:
    """From or to a multiple of the upper limit of normal."""
    if upper is None:
        return None
    if unit == "xULN":
        own = converted(upper, value.unit, lab)
        return own and Quantity(EXACT.divide(value.value, own.into(value.unit).value), unit)
    own = converted(upper, unit, lab)
    return own and Quantity(EXACT.multiply(value.value, own.into(unit).value), unit)


def within(value: Decimal | Quantity, bounds: Bounds) -> bool:
    """Whether *value* lies inside, by the four words."""

    def against(limit: Decimal | Quantity) -> int:
        if isinstance(value, Quantity) and isinstance(limit, Quantity):
            return compared(value, limit)
        if isinstance(value, Quantity) or isinstance(limit, Quantity):
            raise TypeError("an amount and a bare number cannot be compared")
        return (value > limit) - (value < limit)

    return (
        (bounds.at_least is None or against(bounds.at_least) >= 0)
        and (bounds.above is None or against(bounds.above) > 0)
        and (bounds.below is None or against(bounds.below) < 0)
        and (bounds.at_most is None or against(bounds.at_most) <= 0)
    )
