"""Conditions answered in three values: true, false, and unknown with what is wanted.

Kleene's logic: a false part makes `all` false and a true part makes `any` true whatever the
others are; else an unknown part leaves the whole unknown. Nothing missing passes for a no.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

import attrs

from protoplan.model.catalogue import Catalogue, Lab
from protoplan.model.condition import All, Bounds, Condition, Not, Test
from protoplan.model.option import Answer, Option
from protoplan.model.treatment import LabValue, Patient
from protoplan.planning.measures import age_on
from protoplan.quantity import EXACT, UNITS, NotAnAmount, Quantity, compared, number, parse, steps


@attrs.frozen
class Verdict:
    """An answer.

    Attributes:
        answer: True, False, or None for unknown.
        needs: The names of what must be known to answer it.
    """

    answer: bool | None
    needs: tuple[str, ...] = ()


YES = Verdict(True)
NO = Verdict(False)


@attrs.frozen
class Known:
    """What is known when a plan is made.

    Attributes:
        options: Every option that applies or may apply, with its answer; None while it is not
            chosen, or while it is not known whether it applies.
        waiting: For an option of which it is not known whether it applies, what decides that.
        facts: Facts as stated.
        labs: Labs as stated, by name, in the order of their dates.
        units: The catalogue's labs, for conversions.
        fresh_days: How old a lab may be.
        patient: Whose age it is; None where there is no patient.
        offered: Every option of the protocol, by name.
        defaults: Those that were not chosen and stand at their default.
    """

    options: Mapping[str, Answer | None]
    waiting: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, str]
    labs: Mapping[str, tuple[LabValue, ...]]
    units: Mapping[str, Lab]
    fresh_days: int
    patient: Patient | None = None
    offered: Mapping[str, Option] = attrs.field(factory=dict)
    defaults: Collection[str] = ()


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
        return inner if inner.answer is None else Verdict(not inner.answer)
    deciding = not isinstance(condition, All)
    verdicts = [ask(part, state, on) for part in condition.parts]
    if any(verdict.answer is deciding for verdict in verdicts):
        return Verdict(deciding)
    needs = tuple(dict.fromkeys(name for verdict in verdicts for name in verdict.needs))
    return Verdict(None, needs) if needs else Verdict(not deciding)


def _fact(test: Test, state: Known, on: date) -> Verdict:
    stated = state.facts.get(test.name)
    if stated is None:
        return Verdict(None, (test.name,))
    if test.bounds is None:
        return Verdict(any(_same(stated, word) for word in test.words))
    return Verdict(within(number(stated), test.bounds))


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
    stated = [lab for lab in state.labs.get(test.name, ()) if lab.date <= on]
    if not stated or (on - stated[-1].date).days > state.fresh_days or test.bounds is None:
        return Verdict(None, (test.name,))
    limits = [limit for limit in attrs.astuple(test.bounds, recurse=False) if limit is not None]
    value = converted(stated[-1].value, limits[0].unit, state.units.get(test.name))
    return Verdict(None, (test.name,)) if value is None else Verdict(within(value, test.bounds))


def _measure(test: Test, state: Known, on: date) -> Verdict:
    """The age on the day itself; a stated age holds throughout, for it has no birthday."""
    patient = state.patient
    if patient is None or test.bounds is None:
        return Verdict(None, (test.name,))
    age = patient.age if patient.birth_date is None else age_on(patient.birth_date, on)
    return (
        Verdict(None, (test.name,)) if age is None else Verdict(within(Decimal(age), test.bounds))
    )


_ASKS = {"fact": _fact, "option": _option, "lab": _lab, "measure": _measure}


def converted(value: Quantity, unit: str, lab: Lab | None) -> Quantity | None:
    """*value* in *unit*, by the catalogue's factor where dimensions differ; None without one."""
    if UNITS[unit].dimension == value.dimension:
        return value
    factors = {name: factor for name, factor, _ in lab.per} if lab else {}
    if lab is None or {value.unit, unit} != {lab.units[0], next(iter(factors), "")}:
        return None
    if unit == lab.units[0]:
        return Quantity(EXACT.divide(value.value, factors[value.unit]), unit)
    return Quantity(EXACT.multiply(value.value, factors[unit]), unit)


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
