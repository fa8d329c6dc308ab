"""What is given: a drug by a route, in which cycles, on which days, and how."""

from typing import Any

import attrs

from protoplan.model.condition import Condition
from protoplan.model.option import OptionRef
from protoplan.quantity import Quantity
from protoplan.source import Grounds, Place

#: The routes, as written and as printed; intrathecal cannot be read as intravenous.
ROUTES = {
    "IV": "intravenous",
    "IT": "INTRATHECAL",
    "SC": "subcutaneous",
    "IM": "intramuscular",
    "PO": "by mouth",
}


def spelled(name: str) -> str:
    """A component's name as it is printed: ``methotrexate IT`` is ``methotrexate INTRATHECAL``."""
    drug, _, route = name.rpartition(" ")
    return f"{drug} {ROUTES[route]}" if drug and route in ROUTES else name


@attrs.frozen
class Span:
    """A length of time: ``28 days``, ``1 month``, ``3 years``; months are calendar months."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit.rstrip('s')}{'' if self.count == 1 else 's'}"


@attrs.frozen
class Where:
    """The cycles in which something is given.

    Attributes:
        names: Kinds of cycle or labels.
        only: ``first`` or ``later`` cycle of these, in the order they are given; None is every one.
    """

    names: tuple[str, ...]
    only: str | None
    at: Place

    def __str__(self) -> str:
        return f"{self.only} {' '.join(self.names)}" if self.only else ", ".join(self.names)


@attrs.frozen
class Days:
    """Days of a cycle as runs, first and last day included; no runs means every day."""

    runs: tuple[tuple[int, int], ...]
    at: Place

    def __str__(self) -> str:
        if not self.runs:
            return "every day"
        return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in self.runs)


@attrs.frozen
class Repeat:
    """The days of a sig again and again: every so often, for so long, from the cycle's start."""

    every: Span
    lasting: Span


@attrs.frozen
class Anchor:
    """A time that hangs on another dose of the same cycle.

    Without days it is that of the last end, or the first start, of those doses in the cycle; on a
    day, that of those which begin on that day.

    Attributes:
        to: Drug and route on whose doses it hangs; None is the sig that is written above.
        edge: ``start`` or ``end`` of that dose.
        minutes: From there to the time; negative is before it.
    """

    to: str | None
    edge: str
    minutes: int
    at: Place

    def __str__(self) -> str:
        dose = "the dose above" if self.to is None else spelled(self.to)
        edge = f"the {self.edge} of {dose}"
        if not self.minutes:
            return f"at {edge}"
        return f"{lasting(abs(self.minutes))} {'before' if self.minutes < 0 else 'after'} {edge}"


def lasting(minutes: int) -> str:
    """A length of time in words: hours where it is whole ones, else minutes."""
    count, unit = (minutes, "minute") if minutes % 60 else (minutes // 60, "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"


@attrs.frozen
class DoseCap:
    """The most that one dose may hold, as the protocol says.

    Attributes:
        dose: The largest dose; None states that there is none.
    """

    dose: Quantity | None
    at: Place


@attrs.frozen
class Sig:
    """How a drug is given.

    Attributes:
        dose: The amount of one administration, as a quantity or as a prescriber's choice.
        rate: The amount over time of a continuous infusion; either this or *dose* is given.
        where: The cycles, where they are not the component's.
        days: Days of the cycle; None where *begins* alone says when.
        begins: The time of the first dose, where it hangs on another; None is the site's usual one.
        every: Hours from one dose to the next, through all the days of a run; None is once a day.
        doses: So many doses from each of the days on, in place of all through its run.
        times_a_day: How often each day at the site's usual times.
        over: Minutes of one infusion, printed or chosen; None where the source is silent.
        cap: The largest single dose; it takes the place of the formulary's. None is silence.
        ramp: Rising doses of the first days, each used while it is below *dose*; None is no ramp.
        window: The earliest and latest day the dose may be moved to, as offsets in days.
    """

    dose: Quantity | OptionRef | None
    rate: Quantity | None
    where: Where | None
    when: Condition | None
    days: Days | OptionRef | None
    begins: Anchor | None
    every: int | None
    doses: int | None
    times_a_day: int
    over: int | OptionRef | None
    repeat: Repeat | None
    cap: DoseCap | None
    ramp: tuple[Quantity, ...] | OptionRef | None
    window: tuple[int, int] | None
    grounds: Grounds
    at: Place

    def stated(self) -> tuple[tuple[str, Any], ...]:
        """What it says, field by field with its value, whatever fields a sig has.

        Where it is given, what it rests on, and once a day, which needs no word, are left out.
        """
        fields = ((field.name, getattr(self, field.name)) for field in attrs.fields(type(self)))
        left_out = {"where", "grounds", "at"}
        return tuple(
            (name, value)
            for name, value in fields
            if name not in left_out
            and value not in (None, ())
            and value is not False
            and (name, value) != ("times_a_day", 1)
        )


@attrs.frozen
class Component:
    """One drug of the protocol, by one route, with all its sigs."""

    drug: str
    route: str
    where: Where | None
    when: Condition | None
    sigs: tuple[Sig, ...]
    note: str | None
    grounds: Grounds
    at: Place

    @property
    def name(self) -> str:
        """Drug and route, as totals name it: ``methotrexate IT``."""
        return f"{self.drug} {self.route}"
