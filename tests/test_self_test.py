"""A protocol's own expectations catch a changed dose, day or number of doses, without a golden plan."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import attrs
import pytest

from protoplan import api, library
from protoplan.checks import expectations
from protoplan.checks.scene import ProtocolScene
from protoplan.model.protocol import Days, OptionRef, Protocol, Sig
from protoplan.quantity import Quantity
from protoplan.source import Place


@cache
def read(name: str) -> Protocol:
    return api.load_protocol(name, Place("test", 1, 1))


def altered(sig: Sig) -> Iterator[tuple[str, Sig]]:
    """Each way in which a figure of a sig can be off."""
    for field in ("dose", "rate"):
        amount = getattr(sig, field)
        if isinstance(amount, Quantity):
            other = attrs.evolve(amount, value=amount.value + amount.value / 10)
            changes: dict[str, Any] = {field: other}
            yield f"{field} a tenth higher", attrs.evolve(sig, **changes)
    if isinstance(sig.days, Days) and sig.days.runs:
        first, *rest = sig.days.runs
        moved = (first[0] + 1, max(first[1], first[0] + 1))
        if first[1] < moved[1] or first != moved:
            yield (
                "first day a day later",
                attrs.evolve(sig, days=attrs.evolve(sig.days, runs=(moved, *rest))),
            )
        longer = (*sig.days.runs[:-1], (sig.days.runs[-1][0], sig.days.runs[-1][1] + 1))
        yield "a day longer", attrs.evolve(sig, days=attrs.evolve(sig.days, runs=longer))
    if sig.every:
        yield "twice as often", attrs.evolve(sig, every=sig.every // 2)
    if sig.times_a_day > 1:
        yield "once a day less", attrs.evolve(sig, times_a_day=sig.times_a_day - 1)


def slips() -> list[Any]:
    found = []
    for name in library.ids("protocol"):
        protocol = read(name)
        for c, component in enumerate(protocol.components):
            for s, sig in enumerate(component.sigs):
                for what, changed in altered(sig):
                    label = f"{name}: {component.name} {component.where or sig.where} {what}"
                    found.append(pytest.param(name, c, s, changed, id=label))
    return found


@pytest.mark.parametrize(("name", "component", "sig", "changed"), slips())
def test_a_changed_figure_fails_the_protocol_s_own_expectations(
    name: str, component: int, sig: int, changed: Sig
) -> None:
    protocol = read(name)
    row = protocol.components[component]
    sigs = (*row.sigs[:sig], changed, *row.sigs[sig + 1 :])
    rows = list(protocol.components)
    rows[component] = attrs.evolve(row, sigs=sigs)
    slipped = attrs.evolve(protocol, components=tuple(rows))
    # Only what is said of this drug and these cycles can change; the rest need not be laid out.
    about = tuple(e for e in protocol.expect if e.drug == row.drug)
    scene = ProtocolScene(
        attrs.evolve(slipped, expect=about), {}, api.catalogue(), api.layouts(slipped)
    )

    problem = next(expectations.check(scene), None)

    assert problem is not None
    assert "PP308" == problem.code


def test_the_chosen_doses_are_held_by_the_totals() -> None:
    """A dose that the prescriber chooses has no figure to slip; its range is the option's."""
    chosen = {
        sig.dose.option
        for name in library.ids("protocol")
        for component in read(name).components
        for sig in component.sigs
        if isinstance(sig.dose, OptionRef)
    }

    expected = {
        name for p in library.ids("protocol") for e in read(p).expect for name, _ in e.given
    }

    assert chosen <= expected
