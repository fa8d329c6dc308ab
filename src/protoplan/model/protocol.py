"""A protocol as it is written: its cycles, what it gives, and what its sources say."""

import attrs

from protoplan.model.component import Component, Days, DoseCap, Span, Where
from protoplan.model.condition import Condition
from protoplan.model.evidence import Contradiction, Silence, Source
from protoplan.model.option import Option
from protoplan.model.rule import Adoption, Rule
from protoplan.model.safety import Limit, Spacing
from protoplan.problems import Severity
from protoplan.quantity import Quantity
from protoplan.source import Grounds, Place


@attrs.frozen
class Kind:
    """A kind of cycle, such as ``odd`` or ``blinatumomab``.

    Attributes:
        length: From its start to the start of the next, as it is planned.
        between: The fewest and the most days that its source allows; None for one length.
    """

    name: str
    title: str | None
    length: Span
    between: tuple[int, int] | None
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
class Fragment:
    """Components that several protocols give alike, written once.

    Attributes:
        components: Their kinds of cycle are those of the protocol that includes them.
    """

    id: str
    version: str
    title: str
    reviewed: str
    components: tuple[Component, ...]
    sources: tuple[Source, ...]
    sha256: str
    at: Place


@attrs.frozen
class Include:
    """What a protocol takes from a fragment.

    Attributes:
        version: The version that was read and accepted; another is refused.
        gives: Drug and route of each component that is taken.
        grounds: Where the protocol's own source asks for it; the fragment's figures are then
            borrowed. Without a source they are the protocol's own.
    """

    fragment: str
    version: str
    gives: tuple[str, ...]
    grounds: Grounds
    at: Place


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
        over: How long their infusions take, in minutes: each length once, in the order of time.
        largest: The largest single dose that holds for each of them.
        reduced_by: How many percent less than *full* it is, to the digits that are printed.
        full: The sum in another regimen, with which it is compared.
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
    over: tuple[int, ...] | None
    largest: DoseCap | None
    reduced_by: Quantity | None
    full: Quantity | None
    cycle: str | None
    begins: int | None
    grounds: Grounds
    at: Place


@attrs.frozen
class Protocol:
    """A whole protocol file.

    Attributes:
        indications: Words of the catalogue by which it is found; none if it states none.
        includes: What it takes from fragments; once joined, *components* begins with it.
        fragments: The fragments that were joined to it.
    """

    id: str
    version: str
    title: str
    population: str
    indications: tuple[str, ...]
    reviewed: str
    sources: tuple[Source, ...]
    options: tuple[Option, ...]
    kinds: tuple[Kind, ...]
    phases: tuple[Phase, ...]
    includes: tuple[Include, ...]
    components: tuple[Component, ...]
    totals: tuple[Total, ...]
    rules: tuple[Rule, ...]
    adopts: tuple[Adoption, ...]
    spacing: tuple[Spacing, ...]
    limits: tuple[Limit, ...]
    instructions: tuple[OffsetInstruction, ...]
    open_items: tuple[OpenItem, ...]
    eligibility: tuple[Eligibility, ...]
    requirements: tuple[Requirement, ...]
    contradictions: tuple[Contradiction, ...]
    silences: tuple[Silence, ...]
    expect: tuple[Expectation, ...]
    sha256: str
    at: Place
    fragments: tuple[Fragment, ...] = ()
