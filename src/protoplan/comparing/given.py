"""What a regimen gives of a drug, line by line, and in which fields regimens differ."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import attrs

from protoplan.comparing.alike import keys_of
from protoplan.model.comparison import ALIKE, BY_CYCLE, DIFFERS, Giving, Line
from protoplan.model.component import Component, Sig, Where
from protoplan.model.condition import All
from protoplan.model.formulary import Drug
from protoplan.model.option import OptionRef
from protoplan.model.protocol import Protocol

#: The compared field that a field of a sig belongs to, in the order in which they are told. A
#: field that is not here is compared by itself, under its own name.
FIELDS = {
    "dose": "dose",
    "rate": "dose",
    "every": "how often",
    "doses": "how often",
    "times_a_day": "how often",
    "days": "days",
    "repeat": "days",
    "begins": "begins",
    "over": "infusion",
    "cap": "largest dose",
    "ramp": "first steps",
    "window": "window",
    "when": "condition",
}

#: The field of the cycles, which each line has.
CYCLES = "cycles"


def labels_of(where: Where | None, protocol: Protocol) -> tuple[str, ...]:
    """The labels of all cycles that *where* means, whatever is chosen, in their order."""
    kinds: dict[str, set[str]] = {}
    for phase in protocol.phases:
        for label, kind in phase.cycles:
            kinds.setdefault(label, set()).add(kind)
    names = set(where.names) if where else set()
    found = tuple(label for label, of in kinds.items() if where is None or names & {label, *of})
    only = where.only if where else None
    return found[:1] if only == "first" else found[1:] if only == "later" else found


def giving(protocol: Protocol, drug: Drug, route: str) -> Giving:
    """What a regimen says of a drug by a route."""
    given = [one for one in protocol.components if one.drug == drug.id]
    here = [one for one in given if one.route == route]
    gifts = {gift.drug for item in protocol.open_items for gift in item.gives}
    unnamed = not given and drug.id not in gifts
    return Giving(
        lines=tuple(
            line_of(protocol, component, sig, drug) for component in here for sig in component.sigs
        ),
        total=next((t for t in protocol.totals if f"{drug.id} {route}" in t.of), None),
        notes=tuple(one.note for one in here if one.note),
        opened=tuple(
            item
            for item in protocol.open_items
            if any((gift.drug, gift.route) == (drug.id, route) for gift in item.gives)
            or (unnamed and drug.named_in(item.text))
        ),
        silences=tuple(
            entry for entry in protocol.silences if not given and drug.named_in(entry.about)
        ),
    )


def line_of(protocol: Protocol, component: Component, sig: Sig, drug: Drug) -> Line:
    """One sig, with what its component and the formulary add to it."""
    where = sig.where or component.where
    grounds = sig.grounds.within(component.grounds)
    values: dict[str, list[tuple[str, Any]]] = {}
    for name, value in _stated(component, sig, drug):
        chosen = _chosen(value, protocol)
        values.setdefault(FIELDS.get(name, name.replace("_", " ")), []).append((name, chosen))
    order = list(dict.fromkeys((*FIELDS.values(), *values)))
    marked = [FIELDS.get(name, name) for name, _ in grounds.assumed]
    return Line(
        where=where,
        labels=labels_of(where, protocol),
        values=tuple((name, tuple(values[name])) for name in order if name in values),
        assumed=tuple(dict.fromkeys(CYCLES if name == "in" else name for name in marked)),
        grounds=grounds,
    )


def _stated(component: Component, sig: Sig, drug: Drug) -> Iterator[tuple[str, Any]]:
    """The fields of a sig; what holds where it is silent stands with them."""
    stated = dict(sig.stated())
    if component.when is not None and sig.when is not None:
        stated["when"] = All((component.when, sig.when))
    elif component.when is not None:
        stated["when"] = component.when
    if sig.rate is not None:
        stated["over"] = "continuous"
    elif sig.every is None and "days" in stated:
        stated.setdefault("times_a_day", 1)
    caps = tuple(cap for cap in drug.caps if not cap.routes or component.route in cap.routes)
    if sig.rate is None and sig.cap is None and caps:
        stated["cap"] = caps if len(caps) > 1 else caps[0]
    yield from stated.items()


def _chosen(value: Any, protocol: Protocol) -> Any:
    """The option itself in place of its name."""
    if not isinstance(value, OptionRef):
        return value
    return next(option for option in protocol.options if option.name == value.option)


@attrs.frozen
class Given:
    """What one regimen gives, and the labels of all its cycles."""

    lines: tuple[Line, ...]
    course: tuple[str, ...]

    def at(self, label: str) -> tuple[Line, ...]:
        """The lines of a cycle."""
        return tuple(line for line in self.lines if label in line.labels)

    @property
    def labels(self) -> set[str]:
        """The cycles in which it is given."""
        return {label for line in self.lines for label in line.labels}


def states(givers: Sequence[Given]) -> tuple[tuple[str, str], ...]:
    """Each field that a line of *givers* states, and whether they differ in it.

    Two regimens are compared cycle by cycle, by the labels of the cycles in which both give the
    drug; where there is none, all lines of the one with all of the other.

    Args:
        givers: Two regimens or more that give the drug by this route.
    """
    lines = [line for one in givers for line in one.lines]
    stated = [name for line in lines for name, _ in line.values]
    told = [name for name in (*FIELDS.values(), *stated) if name in stated]
    apart = {name for one, other in combinations(givers, 2) for name in _apart(one, other)}
    found: dict[str, str] = {}
    for name in (CYCLES, *dict.fromkeys(told)):
        if name in apart:
            found[name] = DIFFERS
        elif name == CYCLES or len(keys_of(_of(lines, name))) == 1:
            found[name] = ALIKE
        else:
            found[name] = BY_CYCLE
    return tuple(found.items())


def _of(lines: Sequence[Line], name: str) -> Iterator[Any]:
    """What lines say in a field; a cap is as large whoever states it."""
    for line in lines:
        value = line.value(name)
        yield (
            tuple(getattr(part, "dose", part) for _, part in value)
            if name == "largest dose"
            else value
        )


def _apart(one: Given, other: Given) -> set[str]:
    """The fields in which two regimens differ."""
    common = set(one.course) & set(other.course)
    found = {CYCLES} if one.labels & common != other.labels & common else set()
    shared = one.labels & other.labels
    pairs = [(one.at(label), other.at(label)) for label in one.course if label in shared]
    for left, right in pairs or [(one.lines, other.lines)]:
        found |= _differing(left, right)
    return found


def _differing(left: Sequence[Line], right: Sequence[Line]) -> set[str]:
    names = list(dict.fromkeys(name for line in (*left, *right) for name, _ in line.values))
    found = {name for name in names if keys_of(_of(left, name)) != keys_of(_of(right, name))}
    if not found:
        # The same values in each field, and yet put together otherwise: 1 mg on day 1 and 2 mg on
        # day 8 are not 2 mg on day 1 and 1 mg on day 8.
        whole, rest = (
            keys_of(zip(*(_of(lines, name) for name in names), strict=True))
            for lines in (left, right)
        )
        if whole != rest:
            found = {name for name in names if len(keys_of(_of((*left, *right), name))) > 1}
    return found
