"""Times that hang on other doses: on whose, in what order they are laid out, and what they lack."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from protoplan.model.component import Component, Days, Sig
from protoplan.model.option import OptionRef
from protoplan.model.protocol import Protocol
from protoplan.planning.known import Known
from protoplan.quantity import NotAnAmount, Quantity, rising

_MINUTES = {"h": 60, "min": 1}


def anchors_of(component: Component, sig: Sig, protocol: Protocol) -> tuple[Sig, ...]:
    """The sigs on whose doses the time of *sig* hangs; none where it hangs on none.

    Args:
        component: What the sig stands in.
        sig: Whose time it is.
        protocol: Checked, so that what it names is there.
    """
    if sig.begins is None:
        return ()
    if sig.begins.to is None:
        place = next(n for n, each in enumerate(component.sigs) if each is sig)
        return component.sigs[place - 1 : place] if place else ()
    named = [each for each in protocol.components if each.name == sig.begins.to]
    return tuple(each for found in named for each in found.sigs if each is not sig)


def in_order(protocol: Protocol) -> tuple[tuple[int, Component, Sig], ...]:
    """Every sig with its place in the file, each after those on which it hangs."""
    written = [(part, sig) for part in protocol.components for sig in part.sigs]
    places = {id(sig): (n, part) for n, (part, sig) in enumerate(written)}
    found: dict[int, tuple[int, Component, Sig]] = {}

    def add(part: Component, sig: Sig, above: tuple[int, ...]) -> None:
        if id(sig) in found or id(sig) in above:
            return
        for anchor in anchors_of(part, sig, protocol):
            add(places[id(anchor)][1], anchor, (*above, id(sig)))
        found[id(sig)] = (places[id(sig)][0], part, sig)

    for part, sig in written:
        add(part, sig, ())
    return tuple(found.values())


def unchosen(
    component: Component, sig: Sig, protocol: Protocol, state: Known
) -> tuple[OptionRef, ...]:
    """The options that must be answered before it is known when *sig* is given."""
    return tuple(dict.fromkeys(_unchosen(component, sig, protocol, state, ())))


def _unchosen(
    component: Component, sig: Sig, protocol: Protocol, state: Known, above: tuple[int, ...]
) -> Iterator[OptionRef]:
    if isinstance(sig.days, OptionRef) and days_of(sig, state) is None:
        yield sig.days
    if id(sig) in above:
        return
    for anchor in anchors_of(component, sig, protocol):
        part = next(each for each in protocol.components if any(s is anchor for s in each.sigs))
        yield from _unchosen(part, anchor, protocol, state, (*above, id(sig)))
        at_end = sig.begins is not None and sig.begins.edge == "end"
        if at_end and isinstance(anchor.over, OptionRef) and length_of(anchor, state) is None:
            yield anchor.over


def days_of(sig: Sig, state: Known) -> Days | None:
    """The days of a sig, as printed or as chosen; None while they are not chosen, or not needed."""
    if not isinstance(sig.days, OptionRef):
        return sig.days
    answer = state.options.get(sig.days.option)
    if answer is None:
        return None
    try:
        return Days(tuple((day, day) for day in rising(str(answer))), sig.days.at)
    except NotAnAmount:
        return None


def length_of(sig: Sig, state: Known) -> timedelta | None:
    """How long one infusion of a sig takes; None where it is not printed, or not chosen."""
    if not isinstance(sig.over, OptionRef):
        return None if sig.over is None else timedelta(minutes=sig.over)
    answer = state.options.get(sig.over.option)
    if not isinstance(answer, Quantity):
        return None
    seconds = Fraction(answer.value) * _MINUTES[answer.unit] * 60
    return timedelta(seconds=int(seconds))
