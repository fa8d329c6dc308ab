"""What really happened in a treatment: dated entries, each a fact and never an edit of the past."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import TypeVar

import attrs

from protoplan.quantity import Quantity
from protoplan.source import Place

#: ``cycle.dDAY.drug.ROUTE.n``: the cycle's label, its day, and which of that day's doses it is.
DOSE = re.compile(
    r"(?P<cycle>[A-Za-z0-9][A-Za-z0-9._-]*?)\.d(?P<day>-?[1-9][0-9]{0,3})"
    r"\.(?P<drug>[A-Za-z0-9][A-Za-z0-9_-]*)\.(?P<route>IV|IT|SC|IM|PO)\.(?P<number>[1-9][0-9]?)"
)

#: What a course may move on to besides a phase of its protocol.
TRANSPLANT = "transplant"


@attrs.frozen(kw_only=True)
class Entry:
    """One entry of the record.

    Attributes:
        date: The day on which it happened, or was found, or was decided.
    """

    date: date
    at: Place = attrs.field(eq=False)


@attrs.frozen(kw_only=True)
class Pin(Entry):
    """The protocol that the treatment follows from this day on.

    Attributes:
        protocol: Its id and version, as ``id@version``.
        sha256: Of its file.
        fragments: Of the file of each fragment that it includes.
    """

    protocol: str
    sha256: str
    fragments: tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class Started(Entry):
    """A cycle began."""

    cycle: str


@attrs.frozen(kw_only=True)
class Given(Entry):
    """A dose was given.

    Attributes:
        dose: The administration's id.
        amount: What was given of it.
        time: When it was given, or began; None is the planned time.
        rate: The rate of an infusion.
        bsa: The surface area on the day, in m2; None is that of the plan.
        weight: The body weight on the day.
    """

    dose: str
    amount: Quantity
    time: time | None
    rate: Quantity | None
    bsa: Quantity | None
    weight: Quantity | None


@attrs.frozen(kw_only=True)
class Begun(Entry):
    """A continuous infusion began; that it was given in full is an entry of its own.

    Attributes:
        dose: The administration's id.
        time: When; None is the planned time.
    """

    dose: str
    time: time | None


@attrs.frozen(kw_only=True)
class NotGiven(Entry):
    """A dose was not given.

    Attributes:
        dose: The administration's id.
        how: ``held`` (it may still be given), ``missed`` or ``refused``.
    """

    dose: str
    how: str
    reason: str


@attrs.frozen(kw_only=True)
class Delayed(Entry):
    """A dose, or the start of a cycle, was put off.

    Attributes:
        what: The administration's id, or the label of a cycle.
        to: The day it is put off to.
    """

    what: str
    to: date
    reason: str


@attrs.frozen(kw_only=True)
class Stopped(Entry):
    """A drug was stopped for good; of this day's doses those that were not given fall away.

    Attributes:
        route: Only by this route; None is every one.
    """

    drug: str
    route: str | None
    reason: str


@attrs.frozen(kw_only=True)
class MovedOn(Entry):
    """The course moved on before its cycles were complete.

    Attributes:
        to: A phase of the protocol, which begins on this day, or ``transplant``.
    """

    to: str
    reason: str


@attrs.frozen(kw_only=True)
class Interrupted(Entry):
    """A continuous infusion was interrupted.

    Attributes:
        dose: The administration's id.
        time: When; None is the hour at which it began, so that whole days were delivered.
        delivered: What was delivered of it until then; None is what its rate comes to.
    """

    dose: str
    time: time | None
    delivered: Quantity | None
    reason: str


@attrs.frozen(kw_only=True)
class Resumed(Entry):
    """An interrupted infusion went on.

    Attributes:
        dose: The id of the administration that was interrupted.
        time: When; None is the hour at which it was interrupted.
    """

    dose: str
    time: time | None


@attrs.frozen(kw_only=True)
class Toxicity(Entry):
    """A toxicity, graded by CTCAE; grade 0 states that it is over.

    Attributes:
        related_to: The drug it is due to, as judged; None where nothing is stated.
        outcome: How it stands, for the reader; no rule reads it.
    """

    name: str
    grade: int
    related_to: str | None
    outcome: str | None


@attrs.frozen(kw_only=True)
class Response(Entry):
    """How the disease answered.

    Attributes:
        remission: In words; None where only residual disease was looked for.
        mrd: ``negative`` or ``positive``; None where it was not looked for.
    """

    remission: str | None
    mrd: str | None


@attrs.frozen(kw_only=True)
class Transplant(Entry):
    """A transplant is planned.

    Attributes:
        on: The planned day.
    """

    on: date


@attrs.frozen(kw_only=True)
class Revised(Entry):
    """Another part of the file was revised, such as its labs or medicines.

    Attributes:
        what: In words.
    """

    what: str


E = TypeVar("E", bound=Entry)


def of(kind: type[E], record: Sequence[Entry]) -> tuple[E, ...]:
    """The entries of one kind, in the order of the record."""
    return tuple(entry for entry in record if isinstance(entry, kind))


def in_order(record: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries by date; what stands on one day by what it says, wherever it stands in the file.

    Grades of one day rise, so that the last of them is the worst.
    """
    return tuple(sorted(record, key=lambda entry: (entry.date, type(entry).__name__, _said(entry))))


def _said(entry: Entry) -> str:
    if isinstance(entry, Toxicity):
        return f"{entry.name} {entry.grade} {entry.related_to} {entry.outcome}"
    return str(attrs.astuple(attrs.evolve(entry, at=_NOWHERE), recurse=False))


_NOWHERE = Place("", 0, 0)
