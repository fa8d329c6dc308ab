"""PP405: entries of the record that contradict each other; both places are named.

Good: a dose that was held, and later given.
Bad: a dose that was given, and missed; a cycle that began on two days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from protoplan.model.formulary import Drug
from protoplan.model.protocol import Protocol
from protoplan.model.record import (
    DOSE,
    TRANSPLANT,
    Begun,
    Delayed,
    Entry,
    Given,
    Interrupted,
    MovedOn,
    NotGiven,
    Pin,
    Resumed,
    Started,
    Stopped,
    Transplant,
    of,
)
from protoplan.model.treatment import Treatment
from protoplan.problems import SLIP, Problem, did_you_mean
from protoplan.quantity import UNITS, Quantity


def check(treatment: Treatment, protocol: Protocol, drugs: Mapping[str, Drug]) -> Iterator[Problem]:
    """What the record says can be, of this protocol, and no two entries contradict each other."""
    record = treatment.record
    yield from _names(record, protocol)
    yield from _amounts(record, drugs)
    yield from _doses(record)
    yield from _once(record)
    yield from _in_turn(record, protocol)
    yield from _after_a_stop(record)
    yield from _breaks(record)


def _two(one: Entry, other: Entry, message: str) -> Problem:
    """A contradiction, at the later of the two places, naming the other."""
    first, second = sorted((one, other), key=lambda e: (e.at.path, e.at.line, e.at.column))
    return Problem("PP405", f"{message} ({first.at})", second.at)


# -- what the entries name -------------------------------------------------------------------------


def _names(record: Sequence[Entry], protocol: Protocol) -> Iterator[Problem]:
    """Cycles, phases and drugs that the protocol has."""
    labels = [label for phase in protocol.phases for label, _ in phase.cycles]
    cycles: list[tuple[str, Entry]] = [(entry.cycle, entry) for entry in of(Started, record)]
    cycles += [(e.what, e) for e in of(Delayed, record) if not DOSE.fullmatch(e.what)]
    for label, entry in cycles:
        if label not in labels:
            hint = did_you_mean(label, labels, SLIP)
            yield Problem("PP304", f"the protocol has no cycle '{label}'", entry.at, hint)
    phases = [phase.name for phase in protocol.phases]
    for moved in of(MovedOn, record):
        if moved.to not in (*phases, TRANSPLANT):
            known = f"known: {', '.join((*phases, TRANSPLANT))}"
            hint = did_you_mean(moved.to, (*phases, TRANSPLANT)) or known
            yield Problem("PP304", f"the protocol has no phase '{moved.to}'", moved.at, hint)
    given = {component.drug for component in protocol.components}
    for stopped in of(Stopped, record):
        if stopped.drug not in given:
            message = f"the protocol does not give {stopped.drug}, which is recorded as stopped"
            yield Problem("PP302", message, stopped.at, did_you_mean(stopped.drug, given, SLIP))
        by = {part.route for part in protocol.components if part.drug == stopped.drug}
        if by and stopped.route is not None and stopped.route not in by:
            message = f"the protocol gives {stopped.drug} {', '.join(sorted(by))}"
            yield Problem("PP306", f"{message}, and not {stopped.route}", stopped.at)


def _amounts(record: Sequence[Entry], drugs: Mapping[str, Drug]) -> Iterator[Problem]:
    """What was given is measured as the drug is."""
    stated: list[tuple[str, Quantity, Entry]] = []
    for entry in of(Given, record):
        stated.append((entry.dose, entry.amount, entry))
        stated += [(entry.dose, entry.rate, entry)] if entry.rate else []
    for cut in of(Interrupted, record):
        stated += [(cut.dose, cut.delivered, cut)] if cut.delivered else []
    for name, amount, said in stated:
        found = DOSE.fullmatch(name)
        drug = drugs.get(found["drug"]) if found else None
        if drug is None or drug.unit is None:
            continue
        if UNITS[UNITS[amount.unit].amount].dimension != UNITS[drug.unit].dimension:
            message = f"{amount} does not fit {drug.id}, which is ordered in {drug.unit}"
            yield Problem("PP309", message, said.at)


# -- entries beside each other ---------------------------------------------------------------------


def _by_dose(record: Sequence[Entry]) -> dict[str, list[Entry]]:
    """What is said of each dose, but for interruptions."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in record:
        if isinstance(entry, Given | NotGiven | Begun | Interrupted):
            found[entry.dose].append(entry)
        elif isinstance(entry, Delayed) and DOSE.fullmatch(entry.what):
            found[entry.what].append(entry)
    return found


def _word(entry: Entry) -> str:
    if isinstance(entry, NotGiven):
        return entry.how
    words = {Given: "given", Begun: "begun", Delayed: "put off", Interrupted: "interrupted"}
    return words[type(entry)]


def _final(entry: Entry) -> bool:
    """Whether nothing can come after it: the dose was given, or never will be."""
    return isinstance(entry, Given) or (isinstance(entry, NotGiven) and entry.how != "held")


def _ran_and_did_not(ran: Entry, other: Entry, entries: Sequence[Entry]) -> bool:
    """Whether an infusion ran by one entry, and by another had not begun, or was over before.

    Args:
        ran: An entry that says so; of any other nothing is said here.
        other: Of the same dose.
        entries: All of that dose.
    """
    if not isinstance(ran, Begun | Interrupted):
        return False
    if isinstance(other, Given):
        return isinstance(ran, Interrupted) and other.date < ran.date
    if isinstance(other, Delayed):
        return other.date > ran.date or (other.date == ran.date and other.to > ran.date)
    if not isinstance(other, NotGiven):
        return False
    if isinstance(ran, Begun):
        return other.date >= ran.date
    # What was held may have begun all the same, or been put off, before it was interrupted.
    settled = (e for e in entries if isinstance(e, Begun | Delayed))
    return _final(other) or not any(other.date <= e.date <= ran.date for e in settled)


def _doses(record: Sequence[Entry]) -> Iterator[Problem]:
    """What is said of one dose agrees."""
    for name, entries in _by_dose(record).items():
        for one, other in combinations(entries, 2):
            pairs = ((one, other), (other, one))
            if any(_ran_and_did_not(*pair, entries) for pair in pairs):
                yield _two(one, other, f"{name} is recorded as {_word(one)} and as {_word(other)}")
            elif Interrupted in (type(one), type(other)):
                continue
            elif _final(one) and _final(other):
                yield _two(one, other, f"{name} is recorded as {_word(one)} and as {_word(other)}")
            elif _word(one) == _word(other) and isinstance(one, Begun):
                yield _two(one, other, f"{name} is recorded twice as begun")
            elif _final(one) or _final(other):
                last, before = (one, other) if _final(one) else (other, one)
                if before.date > last.date:
                    message = (
                        f"{name} is recorded as {_word(last)} on {last.date} and as "
                        f"{_word(before)} on {before.date}, after it"
                    )
                    yield _two(one, other, message)


#: What can be said once: a kind of entry, what makes two of them one, and how that is said.
_ONCE: tuple[tuple[type[Entry], Callable[[Any], object], str], ...] = (
    (Started, lambda entry: entry.cycle, "cycle {0.cycle} is recorded twice as started"),
    (Delayed, lambda entry: (entry.what, entry.date), "{0.what} is put off twice on {0.date}"),
    (MovedOn, lambda entry: entry.to, "the course moves on to {0.to} twice"),
    (MovedOn, lambda entry: entry.date, "the course moves on twice on {0.date}"),
    (Pin, lambda entry: entry.date, "two protocols are pinned on {0.date}"),
    (Transplant, lambda entry: entry.date, "two days of a transplant are stated on {0.date}"),
)


def _once(record: Sequence[Entry]) -> Iterator[Problem]:
    """What can be said once is said once."""
    for kind, key, message in _ONCE:
        said: dict[object, Entry] = {}
        for entry in of(kind, record):
            before = said.setdefault(key(entry), entry)
            if before is not entry:
                yield _two(before, entry, message.format(entry))


def _in_turn(record: Sequence[Entry], protocol: Protocol) -> Iterator[Problem]:
    """A cycle is not put off once it has begun, and the course does not move back."""
    for start in of(Started, record):
        for delay in of(Delayed, record):
            on_the_day = delay.date == start.date and delay.to != start.date
            if delay.what == start.cycle and (delay.date > start.date or on_the_day):
                message = (
                    f"cycle {start.cycle} started on {start.date} and is put off on {delay.date}"
                )
                yield _two(start, delay, message)
    for before, after in pairwise(of(MovedOn, record)):
        phases = [*(phase.name for phase in protocol.phases), TRANSPLANT]
        known = before.to in phases and after.to in phases
        if known and phases.index(after.to) < phases.index(before.to):
            message = f"the course moves on to {after.to} after it moved on to {before.to}"
            yield _two(before, after, message)


_WENT = {Given: "was given", Begun: "began", Resumed: "went on"}


def _after_a_stop(record: Sequence[Entry]) -> Iterator[Problem]:
    """A drug that was stopped for good is not given after that day, and is stopped once."""
    for stop in of(Stopped, record):
        went: tuple[Given | Begun | Resumed, ...] = (
            *of(Given, record), *of(Begun, record), *of(Resumed, record))  # fmt: skip
        for entry in went:
            dose = DOSE.fullmatch(entry.dose)
            same = dose is not None and dose["drug"] == stop.drug
            by = dose is not None and stop.route in (None, dose["route"])
            if same and by and entry.date > stop.date:
                message = (
                    f"{entry.dose} {_WENT[type(entry)]} on {entry.date}, and {stop.drug} was "
                    f"stopped for good on {stop.date}"
                )
                yield _two(entry, stop, message)
    for one, other in combinations(of(Stopped, record), 2):
        # By one route first and then altogether is no contradiction.
        if one.drug == other.drug and one.route in (other.route, None):
            yield _two(one, other, f"{one.drug} is recorded twice as stopped")


def _breaks(record: Sequence[Entry]) -> Iterator[Problem]:
    """Interruptions and resumptions of an infusion follow each other in turn."""
    cuts: dict[str, list[Interrupted]] = defaultdict(list)
    ends: dict[str, list[Resumed]] = defaultdict(list)
    for entry in of(Interrupted, record):
        cuts[entry.dose].append(entry)
    for again in of(Resumed, record):
        ends[again.dose].append(again)
    for name, resumed in ends.items():
        if len(resumed) > len(cuts[name]):
            message = f"{name} is recorded as resumed more often than as interrupted"
            yield Problem("PP405", message, resumed[-1].at)
    for name, rows in cuts.items():
        for cut, following in pairwise(rows):
            between = [e for e in ends[name] if cut.date <= e.date <= following.date]
            if not between:
                yield _two(cut, following, f"{name} is interrupted twice, and not resumed between")
        for cut, again in zip(rows, ends[name], strict=False):
            if again.date < cut.date:
                message = f"{name} is resumed on {again.date}, before it was interrupted"
                yield _two(cut, again, f"{message} on {cut.date}")
