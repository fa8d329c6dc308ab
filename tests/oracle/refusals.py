"""What a record cannot say: entries that contradict each other, or the plan."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise, permutations

import attrs
from tests.oracle.cycles import Cycle, cycles
from tests.oracle.world import World

from protoplan.model.record import (
    DOSE,
    Begun,
    Delayed,
    Entry,
    Given,
    Interrupted,
    MovedOn,
    NotGiven,
    Resumed,
    Started,
    Stopped,
)


class Refused(Exception):
    """Nothing can be planned by the record; the text says why."""


def check(world: World, course: tuple[Cycle, ...]) -> None:
    """What can be told before a dose is placed.

    Raises:
        Refused: If the record contradicts itself, or the course.
    """
    record = world.treatment.record
    for reason in (
        *_course(world, course),
        *_after_a_stop(record),
        *_one_dose(record),
        *_in_turn(record),
    ):
        raise Refused(reason)


def _course(world: World, course: tuple[Cycle, ...]) -> Iterator[str]:
    """Cycles and phases that are there, one after the other."""
    record = world.treatment.record
    phases = [cycle.phase for cycle in course]
    labels = {cycle.label for cycle in course}
    stayed = [entry for entry in record if not isinstance(entry, MovedOn)]
    gone = attrs.evolve(world, treatment=attrs.evolve(world.treatment, record=tuple(stayed)))
    for entry in record:
        if isinstance(entry, MovedOn) and entry.to != "transplant":
            if entry.to not in phases:
                yield f"no phase {entry.to}"
            elif entry.to == phases[0]:
                yield f"the course begins with {entry.to}"
        if isinstance(entry, Started) and entry.cycle not in labels:
            yield f"no cycle {entry.cycle}"
        # One that fell away since the course moved on may have been put off before that.
        known = labels | {cycle.label for cycle in cycles(gone)}
        if (
            isinstance(entry, Delayed)
            and entry.what not in known
            and not DOSE.fullmatch(entry.what)
        ):
            yield f"no cycle {entry.what}"
    starts = [(cycle.label, cycle.start) for cycle in course if cycle.start is not None]
    for (before, first), (label, start) in pairwise(starts):
        if start <= first:
            yield f"cycle {label} does not begin after cycle {before}"


def _after_a_stop(record: tuple[Entry, ...]) -> Iterator[str]:
    """Nothing of a drug is given, begins or goes on after the day on which it was stopped."""
    for stop in record:
        if not isinstance(stop, Stopped):
            continue
        for entry in record:
            if isinstance(entry, Given | Begun | Resumed) and entry.date > stop.date:
                found = DOSE.fullmatch(entry.dose)
                assert found is not None
                if found["drug"] == stop.drug and stop.route in (None, found["route"]):
                    yield f"{entry.dose} after {stop.drug} was stopped"


def _one_dose(record: tuple[Entry, ...]) -> Iterator[str]:
    """What is said of one dose agrees."""
    about: dict[str, list[Entry]] = defaultdict(list)
    for entry in record:
        if isinstance(entry, Given | NotGiven | Begun | Interrupted):
            about[entry.dose].append(entry)
        if isinstance(entry, Delayed) and DOSE.fullmatch(entry.what):
            about[entry.what].append(entry)
    for name, rows in about.items():
        for one, other in permutations(rows, 2):
            if _at_odds(one, other, rows):
                yield f"{name}: {type(one).__name__} and {type(other).__name__}"


def _at_odds(one: Entry, other: Entry, rows: list[Entry]) -> bool:
    """Whether the first of two words on a dose leaves no room for the other.

    An infusion that runs, or ran, is neither held, missed nor put off any more.
    """
    off = isinstance(other, Delayed) and max(other.date, other.to) > one.date <= other.date
    final = isinstance(other, NotGiven) and other.how != "held"
    if isinstance(one, Interrupted):
        began = [e.date for e in rows if isinstance(e, Begun | Delayed)]
        waits = isinstance(other, NotGiven) and not any(
            other.date <= day <= one.date for day in began
        )
        return off or final or waits or (isinstance(other, Given) and other.date < one.date)
    if isinstance(other, Interrupted):
        return False
    if isinstance(one, Begun):
        late = isinstance(other, NotGiven) and other.date >= one.date
        return off or late or isinstance(other, Begun)
    if isinstance(one, Given) or (isinstance(one, NotGiven) and one.how != "held"):
        return other.date > one.date or isinstance(other, Given) or final
    return False


def _in_turn(record: tuple[Entry, ...]) -> Iterator[str]:
    """An infusion stands still before it goes on, and goes on before it stands still again."""
    rows: dict[str, list[Interrupted | Resumed]] = defaultdict(list)
    for entry in record:
        if isinstance(entry, Interrupted | Resumed):
            rows[entry.dose].append(entry)
    for name, entries in rows.items():
        ordered = sorted(entries, key=lambda entry: entry.date)
        cuts = [entry.date for entry in ordered if isinstance(entry, Interrupted)]
        again = [entry.date for entry in ordered if isinstance(entry, Resumed)]
        if len(again) > len(cuts) or any(on < off for off, on in zip(cuts, again, strict=False)):
            yield f"{name} goes on before it stood still"
        for off, next_off in pairwise(cuts):
            if not any(off <= on <= next_off for on in again):
                yield f"{name} stands still twice"
