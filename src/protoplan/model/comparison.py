"""Regimens side by side: what they give alike, and field by field what differs."""

from typing import Any

import attrs

from protoplan.model.component import Span, Where
from protoplan.model.evidence import Contradiction, Silence, Source
from protoplan.model.option import Option
from protoplan.model.protocol import OpenItem, Phase, Total
from protoplan.source import Grounds

#: States of a field: one value everywhere; another value by cycle, and the same in each regimen;
#: another value in one cycle of two regimens.
ALIKE, BY_CYCLE, DIFFERS = "alike", "by cycle", "differs"


@attrs.frozen
class Regimen:
    """One of the protocols that are compared.

    Attributes:
        label: What it is called in the comparison: its id, or how the user named it where two
            have one id.
        name: How the user named it.
    """

    label: str
    name: str
    id: str
    version: str
    title: str
    population: str
    indications: tuple[str, ...]
    reviewed: str
    sha256: str


@attrs.frozen
class KindLine:
    """A kind of cycle.

    Attributes:
        labels: The cycles of this kind, whatever is chosen, in the order of the course.
        between: The fewest and the most days; None for one length.
    """

    name: str
    title: str | None
    labels: tuple[str, ...]
    length: Span
    between: tuple[int, int] | None
    grounds: Grounds


@attrs.frozen
class PhaseLine:
    """A phase, and how many of its cycles are given.

    Attributes:
        up_to: The option that says so; None is all.
    """

    phase: Phase
    up_to: Option | None


@attrs.frozen
class Course:
    """How one regimen runs."""

    kinds: tuple[KindLine, ...]
    phases: tuple[PhaseLine, ...]
    options: tuple[Option, ...]


@attrs.frozen
class Line:
    """One way in which a regimen gives a drug.

    Attributes:
        where: The cycles, as the protocol names them.
        labels: The same by their labels.
        values: By the name of a compared field, what the sig says in it: field of the sig and
            value. What the prescriber chooses stands as the option.
        assumed: The compared fields with a figure that no source gives.
    """

    where: Where | None
    labels: tuple[str, ...]
    values: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
    assumed: tuple[str, ...]
    grounds: Grounds

    def value(self, field: str) -> tuple[tuple[str, Any], ...]:
        """What it says in a compared field; nothing where it is silent."""
        return dict(self.values).get(field, ())


@attrs.frozen
class Giving:
    """What one regimen says of a drug by a route.

    Attributes:
        lines: Empty where it plans no doses.
        total: How many doses it gives in all, if it says.
        notes: Its remarks for readers.
        opened: Open items that give it, or that name the drug while no doses are planned.
        silences: What its sources leave out about the drug, where nothing is given.
    """

    lines: tuple[Line, ...]
    total: Total | None
    notes: tuple[str, ...]
    opened: tuple[OpenItem, ...]
    silences: tuple[Silence, ...]


@attrs.frozen
class Block:
    """One drug by one route in all regimens.

    Attributes:
        fields: Each compared field that any of them states, with its state; none where fewer than
            two give it.
        givings: One for each regimen, in their order.
    """

    drug: str
    name: str
    route: str
    fields: tuple[tuple[str, str], ...]
    givings: tuple[Giving, ...]

    @property
    def differs(self) -> tuple[str, ...]:
        """The fields in which regimens that give it differ."""
        return tuple(name for name, state in self.fields if state == DIFFERS)


@attrs.frozen
class Disagreement:
    """Sources that disagree, as protocols or the formulary record it.

    Attributes:
        said_by: Labels of the regimens, or ``formulary``.
        drugs: Ids of the drugs it is about; none where it is about the regimen as a whole.
    """

    entry: Contradiction
    said_by: tuple[str, ...]
    drugs: tuple[str, ...]


@attrs.frozen
class Cited:
    """A source that something here stands on.

    Attributes:
        source: As the one that cites it at most length has it.
        said_by: Labels of the regimens that name it by this key, or ``formulary of`` a drug.
    """

    source: Source
    said_by: tuple[str, ...]


@attrs.frozen
class Comparison:
    """All of it.

    Attributes:
        courses: One for each regimen, in their order.
        course: The fields of the courses with their states: ``cycle length``, ``cycles``.
        blocks: In the order in which the regimens give them; the routes of a drug together.
    """

    regimens: tuple[Regimen, ...]
    courses: tuple[Course, ...]
    course: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    disagreements: tuple[Disagreement, ...]
    sources: tuple[Cited, ...]

    @property
    def differs(self) -> bool:
        """Something is another: a field, or a drug that not all of them give."""
        uneven = any(
            len({bool(giving.lines) for giving in block.givings}) > 1 for block in self.blocks
        )
        states = [state for _, state in self.course]
        return uneven or DIFFERS in states or any(block.differs for block in self.blocks)
