"""A protocol as it is written: cycles, components, sigs, options, and what its sources say."""

import attrs

from protoplan.model.condition import Condition
from protoplan.model.evidence import Contradiction, Silence, Source
from protoplan.problems import Severity
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
class Choice:
    """One named answer to an option, and what it means.

    Attributes:
        amount: The answer as an amount, where every choice of the option is one.
    """

    name: str
    means: str | None
    amount: Quantity | None = None


@attrs.frozen
class Option:
    """A decision the protocol leaves to the prescriber.

    Attributes:
        name: The key by which it is answered.
        about: What is decided, in a few words.
        when: Only then is it asked; None means always.
        choices: The named answers; empty where an amount is asked for.
        between: The smallest and largest amount allowed, both included.
        days: How many days of a cycle are asked for; None where something else is.
        default: What holds when nothing is chosen; None means that it must be chosen.
    """

    name: str
    about: str
    when: Condition | None
    choices: tuple[Choice, ...]
    between: tuple[Quantity, Quantity] | None
    days: int | None
    default: str | Quantity | None
    grounds: Grounds
    at: Place

    @property
    def unit(self) -> str | None:
        """The unit of the amount that is chosen; None where words are chosen."""
        if self.between:
            return self.between[0].unit
        amounts = [choice.amount for choice in self.choices]
        return amounts[0].unit if amounts and amounts[0] is not None else None

    def offers(self) -> str:
        """The possible answers, in words."""
        if self.between:
            return f"from {self.between[0].text()} to {self.between[1].text()}"
        if self.days:
            return f"as {self.days} day{'' if self.days == 1 else 's'} of the cycle, with commas"
        return "one of " + ", ".join(choice.name for choice in self.choices)


@attrs.frozen
class OptionRef:
    """An amount, or days, that the prescriber chooses: the answer to the option of this name."""

    option: str
    at: Place


@attrs.frozen
class Kind:
    """A kind of cycle, such as ``odd`` or ``blinatumomab``."""

    name: str
    title: str | None
    length: Span
    grounds: Grounds
    at: Place


@attrs.frozen
class Phase:
    """A stretch of cycles, one after another.

    Attributes:
        cycles: Label and kind of each cycle, in order.
        up_to: An option whose answer is how many of the cycles are given; None is all.
        begins_after: An option whose answer is the label of the last cycle given before this
            phase; later cycles of earlier phases then fall away.
        because: The reason for which the protocol allows that.
        allowed: What that permission rests on.
    """

    name: str
    when: Condition | None
    cycles: tuple[tuple[str, str], ...]
    up_to: str | None
    begins_after: str | None
    because: str | None
    allowed: Grounds | None
    grounds: Grounds
    at: Place


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
        days: Days of the cycle.
        every: Hours from one dose to the next, through all the days of a run; None is once a day.
        times_a_day: How often each day at the site's usual times.
        over: Minutes of one infusion; None where the source is silent.
        cap: The largest single dose; it takes the place of the formulary's. None is silence.
        window: The earliest and latest day the dose may be moved to, as offsets in days.
    """

    dose: Quantity | OptionRef | None
    rate: Quantity | None
    where: Where | None
    when: Condition | None
    days: Days | OptionRef
    every: int | None
    times_a_day: int
    over: int | None
    repeat: Repeat | None
    cap: DoseCap | None
    window: tuple[int, int] | None
    grounds: Grounds
    at: Place


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


@attrs.frozen
class Total:
    """A number of doses over all cycles, of one component or of several together."""

    doses: int
    of: tuple[str, ...]
    grounds: Grounds
    at: Place


@attrs.frozen
class OffsetInstruction:
    """A dated thing to do around the doses of a drug: hold the azole on days −1, 0 and +1.

    Attributes:
        hold: The class of medicines to hold.
        named: The medicines of that class that the source names.
        around: The drug around whose doses.
        offsets: Days from the dose; 0 is the day of the dose itself.
    """

    hold: str
    named: tuple[str, ...]
    around: str
    offsets: tuple[int, ...]
    because: str
    grounds: Grounds
    at: Place


@attrs.frozen
class Gift:
    """One drug of an open-ended item."""

    drug: str
    route: str
    dose: Quantity
    note: str | None
    at: Place


@attrs.frozen
class OpenItem:
    """Something to do whose days no one can know beforehand; it is shown and never cut off."""

    text: str
    gives: tuple[Gift, ...]
    where: Where | None
    when: Condition | None
    until: str
    grounds: Grounds
    at: Place


@attrs.frozen
class Eligibility:
    """What the source asks of a patient before the protocol may be used."""

    about: str
    must: Condition
    grounds: Grounds
    at: Place


@attrs.frozen
class Requirement:
    """What must be so for the protocol to be given as it stands.

    Attributes:
        when: Only then is it asked; None means always.
        otherwise: How grave it is where it is not so, or not known to be so.
    """

    about: str
    when: Condition | None
    must: Condition
    otherwise: Severity
    grounds: Grounds
    at: Place


@attrs.frozen
class Expectation:
    """What the protocol must come to when it is laid out: a test that it carries itself.

    Attributes:
        given: Answers to options and facts under which it holds, as written.
        drug: The drug that is counted, or None where a cycle is looked at.
        route: Only doses by this route; None is all.
        where: In each of these cycles; None is the whole course.
        days: The days of the cycle on which doses begin.
        first_day: The first of these days, where the calendar decides the others.
        doses: How many administrations.
        total: Their sum, in the unit of the printed dose.
        cycle: The label of a cycle.
        begins: Days from the start of the course to the start of that cycle.
    """

    given: tuple[tuple[str, str], ...]
    drug: str | None
    route: str | None
    where: Where | None
    days: Days | None
    first_day: int | None
    doses: int | None
    total: Quantity | None
    cycle: str | None
    begins: int | None
    at: Place


@attrs.frozen
class Protocol:
    """A whole protocol file."""

    id: str
    version: str
    title: str
    population: str
    reviewed: str
    sources: tuple[Source, ...]
    options: tuple[Option, ...]
    kinds: tuple[Kind, ...]
    phases: tuple[Phase, ...]
    components: tuple[Component, ...]
    totals: tuple[Total, ...]
    instructions: tuple[OffsetInstruction, ...]
    open_items: tuple[OpenItem, ...]
    eligibility: tuple[Eligibility, ...]
    requirements: tuple[Requirement, ...]
    contradictions: tuple[Contradiction, ...]
    silences: tuple[Silence, ...]
    expect: tuple[Expectation, ...]
    sha256: str
    at: Place
