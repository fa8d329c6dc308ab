"""Checks of a treatment beside its protocol.

PP401: a measurement or a date that cannot be, most often two that were swapped.

Good: `height: 175 cm, weight: 70 kg`.
Bad: `height: 70 cm, weight: 175 kg`, which look swapped.

PP402: an option, a fact or a choice is answered with what is not offered.

Good: `options: {inotuzumab_schedule: original}`.
Bad: `options: {inotuzumab_schedule: both}`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from protoplan.checks.answers import wrong_answer
from protoplan.checks.days import shortest
from protoplan.model.catalogue import Catalogue
from protoplan.model.component import Component
from protoplan.model.formulary import Drug
from protoplan.model.option import Option, OptionRef
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Measurement, Prescription, Stated, Treatment
from protoplan.problems import SLIP, Problem, did_you_mean
from protoplan.quantity import UNITS, NotAnAmount, Quantity, compared, rising

SHORTEST, TALLEST = Quantity(Decimal(100), "cm"), Quantity(Decimal(230), "cm")
LIGHTEST, HEAVIEST = Quantity(Decimal(25), "kg"), Quantity(Decimal(300), "kg")

#: Body mass index, in kg/m2, past which a height below the weight is taken for a slip.
HIGHEST_INDEX = Decimal(75)

#: Formulas that have one form for each sex.
NEEDS_SEX = ("schlich",)


def check(
    treatment: Treatment,
    protocol: Protocol,
    policy: Policy,
    catalogue: Catalogue,
    applies: Sequence[str],
) -> Iterator[Problem]:
    """What is stated can be, and can be planned with.

    Args:
        applies: The options that apply under the answers stated.
    """
    yield from _measurements(treatment, policy)
    options = {option.name: option for option in protocol.options}
    facts = {fact.name: fact for fact in catalogue.facts}
    for fact in treatment.facts:
        wrong = wrong_answer(fact.name, fact.value, {}, facts)
        if wrong:
            yield Problem("PP402", wrong[0], fact.at, wrong[1])
    for answer in treatment.options:
        yield from _option(answer, options, applies)
    yield from _chosen_days(treatment, protocol)
    units = {lab.name: lab.units for lab in catalogue.labs}
    dated: set[tuple[object, str]] = set()
    for value in treatment.labs:
        if (value.date, value.name) in dated:
            yield Problem("PP310", f"{value.name} is stated twice for {value.date}", value.at)
        dated.add((value.date, value.name))
        if value.value.unit not in units[value.name]:
            yield Problem(
                "PP401",
                f"{value.name} is not stated in {value.value.unit}; expected "
                f"{', '.join(units[value.name])}",
                value.at,
            )


def classes(treatment: Treatment, known: Collection[str]) -> Iterator[Problem]:
    """The classes stated of a medicine are classes that the formulary knows."""
    for entry in treatment.medicines or ():
        for name in entry.classes or ():
            if name not in known:
                hint = did_you_mean(name, known, SLIP) or f"known: {', '.join(sorted(known))}"
                message = f"class '{name}' of {entry.drug} is not known"
                yield Problem("PP303", message, entry.at, hint)


def prescribed(
    treatment: Treatment, protocol: Protocol, drugs: Mapping[str, Drug]
) -> Iterator[Problem]:
    """A prescriber's change names cycles and drugs of the protocol, in amounts that fit."""
    labels = [label for phase in protocol.phases for label, _ in phase.cycles]
    given = {component.drug for component in protocol.components}
    for entry in treatment.prescribed:
        for label in (entry.first, entry.last):
            if label is not None and label not in labels:
                hint = did_you_mean(label, labels, SLIP)
                yield Problem("PP304", f"the protocol has no cycle '{label}'", entry.at, hint)
        first, last = _places(labels, entry.first), _places(labels, entry.last)
        if first and last and max(last) < min(first):
            message = f"cycle {entry.last} lies before cycle {entry.first}"
            yield Problem("PP209", message, entry.at)
        if entry.drug not in given:
            hint = did_you_mean(entry.drug, given, SLIP)
            message = f"the protocol does not give {entry.drug}, of which a change is prescribed"
            yield Problem("PP302", message, entry.at, hint)
            continue
        parts = [part for part in protocol.components if part.drug == entry.drug]
        by = sorted({part.route for part in parts})
        if entry.route is not None and entry.route not in by:
            message = f"the protocol gives {entry.drug} {', '.join(by)}, and not {entry.route}"
            yield Problem("PP306", message, entry.at)
            continue
        parts = [part for part in parts if entry.route in (None, part.route)]
        yield from _ordered(entry, drugs[entry.drug], parts)


def _places(labels: Sequence[str], label: str | None) -> list[int]:
    """Where a label stands; phases of which one alone is planned may share labels."""
    return [place for place, each in enumerate(labels) if each == label]


def _ordered(entry: Prescription, drug: Drug, parts: Sequence[Component]) -> Iterator[Problem]:
    """The amount that is ordered is measured as the doses are, a rate where they are rates."""
    if entry.set is None or drug.unit is None:
        return
    unit = UNITS[entry.set.unit]
    if UNITS[unit.amount].dimension != UNITS[drug.unit].dimension:
        message = f"{entry.set} does not fit {drug.id}, which is ordered in {drug.unit}"
        yield Problem("PP309", message, entry.at)
    elif {sig.rate is not None for part in parts for sig in part.sigs} != {bool(unit.time)}:
        kind = "doses, not rates" if unit.time else "rates, not doses"
        message = f"{entry.set} is ordered, and the protocol gives {drug.id} in {kind}"
        yield Problem("PP309", message, entry.at)


def _chosen_days(treatment: Treatment, protocol: Protocol) -> Iterator[Problem]:
    """Days that were chosen lie inside every cycle in which they are used."""
    stated = {answer.name: answer for answer in treatment.options}
    for component in protocol.components:
        for sig in component.sigs:
            where = sig.where or component.where
            answer = stated.get(sig.days.option) if isinstance(sig.days, OptionRef) else None
            if answer is None or where is None:
                continue
            try:
                last = max(rising(answer.value))
            except NotAnAmount:
                continue  # said already
            for kind, length in shortest(where, protocol):
                if last > length:
                    message = f"{answer.name}: day {last} lies outside a cycle of kind '{kind}'"
                    yield Problem("PP402", message, answer.at)


def _option(
    answer: Stated, options: Mapping[str, Option], applies: Sequence[str]
) -> Iterator[Problem]:
    if answer.name not in options:
        yield Problem(
            "PP402",
            f"the protocol has no option '{answer.name}'",
            answer.at,
            did_you_mean(answer.name, options),
        )
        return
    wrong = wrong_answer(answer.name, answer.value, dict(options), {})
    if wrong:
        yield Problem("PP402", wrong[0], answer.at, wrong[1])
    elif answer.name not in applies:
        yield Problem(
            "PP402",
            f"option {answer.name} does not apply with the other answers "
            "stated, and would be passed over",
            answer.at,
            "state the option that it hangs on, or take this one out",
        )


def _measurements(treatment: Treatment, policy: Policy) -> Iterator[Problem]:
    taken = treatment.measurements
    for what in ("height", "weight"):
        if not any(getattr(entry, what) for entry in taken):
            yield Problem(
                "PP202",
                f"no {what} is stated; without it no dose by surface area can be worked",
                treatment.at,
            )
    dates = set()
    for entry in taken:
        yield from _measurement(entry)
        if entry.date in dates:
            yield Problem("PP310", f"two measurements are dated {entry.date}", entry.at)
        dates.add(entry.date)
    formula = policy.surface_area.formula
    if formula in NEEDS_SEX and treatment.patient.sex is None:
        yield Problem(
            "PP202",
            f"the policy's formula {formula} has one form for each sex, and no sex is stated",
            treatment.patient.at,
        )
    if treatment.patient.birth_date and treatment.patient.birth_date >= treatment.start:
        yield Problem("PP401", "the birth date does not lie before the start", treatment.patient.at)
    if treatment.as_of and treatment.as_of - treatment.start > timedelta(days=36525):
        yield Problem("PP401", "as_of lies more than a century after the start", treatment.at)


def _measurement(entry: Measurement) -> Iterator[Problem]:
    height, weight = entry.height, entry.weight
    if height and weight and _swapped(height, weight):
        yield Problem("PP401", f"height {height} and weight {weight} look swapped", entry.at)
        return
    if height and not compared(SHORTEST, height) <= 0 <= compared(TALLEST, height):
        yield Problem(
            "PP401",
            f"a height of {height} lies outside {SHORTEST} to {TALLEST}; "
            "protoplan plans for adults within it",
            entry.at,
        )
    if weight and not compared(LIGHTEST, weight) <= 0 <= compared(HEAVIEST, weight):
        yield Problem(
            "PP401",
            f"a weight of {weight} lies outside {LIGHTEST} to {HEAVIEST}; "
            "protoplan plans for adults within it",
            entry.at,
        )


def _swapped(height: Quantity, weight: Quantity) -> bool:
    """Fewer centimetres than kilograms, possible when exchanged, and of an index no one has.

    The last lets a very heavy adult pass, 165 cm and 170 kg, whose index is 62.
    """
    metres, kilograms = height.into("m").value, weight.into("kg").value
    centimetres = height.into("cm").value
    exchanged = (
        SHORTEST.value <= kilograms <= TALLEST.value
        and LIGHTEST.value <= centimetres <= HEAVIEST.value
    )
    return exchanged and centimetres < kilograms and kilograms > HIGHEST_INDEX * metres * metres
