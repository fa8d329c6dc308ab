"""What one treatment is about: the files it is made from, as their readers give them."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import attrs
from tests.oracle.amounts import exact

from protoplan import api, library
from protoplan.model.catalogue import Lab
from protoplan.model.component import Span
from protoplan.model.formulary import Drug
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.record import Transplant
from protoplan.model.treatment import Treatment


@cache
def formulary() -> dict[str, Drug]:
    """Every drug of the formulary, by its id."""
    return {name: api.drug(name) for name in library.ids("formulary")}


@cache
def by_name() -> dict[str, Drug]:
    """The same by ids and aliases, without regard to capitals."""
    return {
        name.casefold(): drug
        for drug in formulary().values()
        for name in (drug.id, *drug.aliases)
    }  # fmt: skip


@cache
def labs() -> dict[str, Lab]:
    """The laboratory values of the catalogue."""
    return {lab.name: lab for lab in api.catalogue().labs}


@attrs.frozen(eq=False)
class World:
    """One treatment and all that it rests on.

    Attributes:
        as_of: The day the plan is made.
    """

    treatment: Treatment
    protocol: Protocol
    policy: Policy
    as_of: date

    def facts(self) -> dict[str, str]:
        """What is stated; a transplant in the record states that one is planned."""
        stated = {fact.name: fact.value for fact in self.treatment.facts}
        if any(isinstance(entry, Transplant) for entry in self.treatment.record):
            stated.setdefault("transplant_planned", "yes")
        return stated

    def weight_on(self, day: date) -> Fraction | None:
        """Of the last measurement up to that day, or of the first of all, in kg."""
        return self._last(day, "weight")

    def height_on(self, day: date) -> Fraction | None:
        """Of the last measurement up to that day, or of the first of all, in cm."""
        return self._last(day, "height")

    def _last(self, day: date, which: str) -> Fraction | None:
        found = [
            (entry.date, getattr(entry, which))
            for entry in sorted(self.treatment.measurements, key=lambda entry: entry.date)
            if getattr(entry, which) is not None
        ]
        if not found:
            return None
        before = [pair for pair in found if pair[0] <= day]
        _, quantity = before[-1] if before else found[0]
        return exact(quantity.value) * BODY[quantity.unit]

    def age_on(self, day: date) -> int:
        """In completed years; a stated age holds for the whole course."""
        patient = self.treatment.patient
        if patient.age is not None:
            return patient.age
        assert patient.birth_date is not None
        years = day.year - patient.birth_date.year
        return years if after(patient.birth_date, Span(years, "years")) <= day else years - 1


#: In kg and in cm; a pound is 0.45359237 kg, an inch 2.54 cm, both by definition.
BODY = {
    "kg": Fraction(1), "g": Fraction(1, 1000), "lb": Fraction(45359237, 100000000),
    "cm": Fraction(1), "m": Fraction(100), "in": Fraction(254, 100),
}  # fmt: skip


def world(treatment: Treatment, beside: Path | None = None) -> World:
    """The treatment with its protocol and its policy; `as_of` as the docs say."""
    protocol = api.load_protocol(treatment.protocol, treatment.protocol_at, beside)
    policy = api.load_policy(treatment.policy, treatment.policy_at, beside)
    days = [entry.date for entry in treatment.measurements]
    days += [entry.date for entry in treatment.labs]
    days += [entry.date for entry in treatment.record]
    as_of = treatment.as_of or max(days, default=treatment.start)
    return World(treatment, protocol, policy, as_of)


def after(day: date, span: Span, times: int = 1) -> date:
    """The day so long after another; months and years are those of the calendar.

    Where a month has no such day, its last one.
    """
    count = span.count * times
    unit = span.unit.rstrip("s")
    if unit in ("day", "week"):
        return day + timedelta(count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
