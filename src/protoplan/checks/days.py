"""PP307: a day lies outside its cycle.

Good: `days: [1, 28]` in a cycle of 28 days.
Bad: `days: [1, 31]` in a cycle of 28 days, which would fall into the next cycle.
"""

from collections.abc import Iterator

from protoplan.checks.anchors import anchors
from protoplan.checks.scene import ProtocolScene
from protoplan.model.component import Component, Sig, Span, Where
from protoplan.model.option import OptionRef
from protoplan.model.protocol import Protocol
from protoplan.problems import Problem

#: Times hang on times no deeper than this; a circle is told of by another check.
DEEPEST = 20

#: The fewest and the most days that a calendar unit can have.
_SHORTEST = {"days": 1, "weeks": 7, "months": 28, "years": 365}
_LONGEST = {"days": 1, "weeks": 7, "months": 31, "years": 366}


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """The last day of each sig, repeated and moved by its window, lies in each of its cycles."""
    for component in scene.protocol.components:
        for place, sig in enumerate(component.sigs):
            where, last = sig.where or component.where, _last((component, place), scene.protocol)
            if where is None or last is None:
                continue
            for kind, length in shortest(where, scene.protocol):
                if last > length:
                    message = (
                        f"{component.name}: day {last} lies outside the {length} days of a cycle "
                        f"of kind '{kind}'"
                    )
                    yield Problem("PP307", message, (sig.days or sig).at)


def shortest(where: Where, protocol: Protocol) -> list[tuple[str, int]]:
    """The kinds of cycle that *where* names, each with the fewest days that one can have."""
    cycles = [cycle for phase in protocol.phases for cycle in phase.cycles]
    kinds = {kind for label, kind in cycles if label in where.names or kind in where.names}
    lengths = {
        kind.name: kind.between[0] if kind.between else _at_least(kind.length)
        for kind in protocol.kinds
    }
    return [(kind, lengths[kind]) for kind in sorted(kinds)]


def _last(row: tuple[Component, int], protocol: Protocol, above: int = 0) -> int | None:
    """The last day that can come of a sig; None where the cycle or the prescriber decides it.

    Where a time hangs on another dose, that dose and all that lies between are taken as late and as
    long as they can be.
    """
    sig = row[0].sigs[row[1]]
    more = 0 if sig.doses is None else _days((sig.every or 0) * (sig.doses - 1) * 60)
    if sig.begins is not None and sig.days is None:
        on = anchors(row, protocol) if above < DEEPEST else ()
        found = [
            last + _days(sig.begins.minutes + _minutes(part.sigs[n], protocol))
            for part, n in on
            if (last := _last((part, n), protocol, above + 1)) is not None
        ]
        return max(found) + more if found else None
    if isinstance(sig.days, OptionRef) or sig.days is None or not sig.days.runs:
        return None
    last = sig.days.runs[-1][1] + (sig.window[1] if sig.window else 0) + more
    if sig.repeat is None:
        return last
    # The last round begins before the time is over, so at most this many days after the first.
    every, lasting = _at_least(sig.repeat.every), _at_most(sig.repeat.lasting)
    return last + (lasting - 1) // every * every if _same_unit(sig) else last + lasting - every


def _days(minutes: int) -> int:
    """Days that are begun in so many minutes."""
    return max(0, -(-minutes // (24 * 60)))


def _minutes(sig: Sig, protocol: Protocol) -> int:
    """The longest that one infusion of a sig can take."""
    if not isinstance(sig.over, OptionRef):
        return sig.over or 0
    option = next(each for each in protocol.options if each.name == sig.over.option)
    amounts = [*(option.between or ()), *(c.amount for c in option.choices if c.amount)]
    return max((int(a.value * (60 if a.unit == "h" else 1)) for a in amounts), default=0)


def _same_unit(sig: Sig) -> bool:
    return sig.repeat is not None and sig.repeat.every.unit in ("days", "weeks")


def _at_least(span: Span) -> int:
    return span.count * _SHORTEST[span.unit]


def _at_most(span: Span) -> int:
    return span.count * _LONGEST[span.unit]
