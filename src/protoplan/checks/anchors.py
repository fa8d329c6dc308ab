"""PP313: a time hangs on a dose that is not there, has no end, or hangs on this one again.

Good: `begins: {after_end_of: methotrexate IV, by: 12 h}` in cycles with methotrexate `over: 24 h`.
Bad: the same where no sig of methotrexate says how long its infusion takes.
"""

from collections.abc import Iterator, Sequence

from protoplan.checks.scene import ProtocolScene
from protoplan.model.component import Component, Sig, Where, spelled
from protoplan.model.protocol import Protocol
from protoplan.problems import SLIP, Problem, did_you_mean

#: A sig with its place among those of its component, and the component.
_Row = tuple[Component, int]


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Every time that hangs on another dose: that dose is there, and ends where it must."""
    for component in scene.protocol.components:
        for place, sig in enumerate(component.sigs):
            if sig.begins is not None:
                yield from _of_sig((component, place), scene.protocol)


def anchors(row: _Row, protocol: Protocol) -> tuple[_Row, ...]:
    """The sigs on which the time of a sig hangs; those that are not there are left out."""
    component, place = row
    begins = component.sigs[place].begins
    if begins is None:
        return ()
    if begins.to is None:
        return ((component, place - 1),) if place else ()
    return tuple(
        (other, n)
        for other in protocol.components
        if other.name == begins.to
        for n in range(len(other.sigs))
    )


def _of_sig(row: _Row, protocol: Protocol) -> Iterator[Problem]:
    component, place = row
    sig = component.sigs[place]
    begins = sig.begins
    assert begins is not None
    on = anchors(row, protocol)
    if begins.to is None and not on:
        message = f"{component.name}: no sig is written above the first"
        yield Problem("PP313", message, begins.at)
        return
    names = sorted({each.name for each in protocol.components})
    if begins.to is not None and begins.to not in names:
        message = f"'{begins.to}' is no drug and route of the protocol"
        hint = did_you_mean(begins.to, names, SLIP) or f"it gives {', '.join(names)}"
        yield Problem("PP313", message, begins.at, hint)
        return
    if _hangs_on_itself(row, protocol):
        message = f"{component.name}: its time hangs on its own"
        yield Problem("PP313", message, begins.at, "write above for the sig written above")
        return
    dose = "the dose above" if begins.to is None else spelled(begins.to)
    given = {label for each in on for label, _ in _of(each, protocol)}
    lacking = [label for label, _ in _cycles(component, sig, protocol) if label not in given]
    if lacking:
        shown = f"cycle{'' if len(lacking) == 1 else 's'} {', '.join(lacking)}"
        message = f"{component.name}: {dose}, on which its time hangs, is not given in {shown}"
        yield Problem("PP313", message, begins.at)
        return
    yield from _on_days(component, sig, on, dose)
    endless = [o.sigs[n] for o, n in on if o.sigs[n].over is None and not o.sigs[n].rate]
    if begins.edge == "end" and endless:
        message = f"{component.name}: {dose}, after whose end it is given, has no end"
        hint = f"write 'over' in line {endless[0].at.line}, or use after_start_of"
        yield Problem("PP313", message, begins.at, hint)


def _on_days(component: Component, sig: Sig, there: Sequence[_Row], dose: str) -> Iterator[Problem]:
    """Where days are printed too, the other dose is printed for each of them."""
    days = set(_printed(sig))
    other = {day for part, n in there for day in _printed(part.sigs[n])}
    lacking = sorted(days - other)
    if lacking and sig.begins is not None:
        shown = ", ".join(map(str, lacking))
        message = f"{component.name}: {dose}, on which its time hangs, is not given on day {shown}"
        yield Problem("PP313", message, sig.begins.at)


def _printed(sig: Sig) -> Iterator[int]:
    """The days that a sig prints; of a rate the first of each run, on which it begins."""
    for first, last in getattr(sig.days, "runs", ()):
        days = range(first, (first if sig.rate is not None else last) + 1)
        yield from (day for day in days if day)


def _hangs_on_itself(row: _Row, protocol: Protocol) -> bool:
    seen: set[tuple[int, int]] = set()
    wait = list(anchors(row, protocol))
    while wait:
        component, place = wait.pop()
        if component is row[0] and place == row[1]:
            return True
        key = (id(component), place)
        if key not in seen:
            seen.add(key)
            wait += anchors((component, place), protocol)
    return False


def _of(row: _Row, protocol: Protocol) -> Iterator[tuple[str, str]]:
    return _cycles(row[0], row[0].sigs[row[1]], protocol)


def _cycles(component: Component, sig: Sig, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Label and kind of the cycles in which a sig can be given."""
    where: Where | None = sig.where or component.where
    for phase in protocol.phases:
        for label, kind in phase.cycles:
            if where is not None and (label in where.names or kind in where.names):
                yield label, kind
