"""A protocol's own expectations catch a changed dose, day or number of doses, without a golden plan."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import attrs
import pytest

from protoplan import api, library
from protoplan.checks import anchors, expectations
from protoplan.checks.scene import ProtocolScene
from protoplan.model.component import Days, DoseCap, Sig
from protoplan.model.option import OptionRef
from protoplan.model.protocol import Protocol
from protoplan.planning.skeleton import lay_out
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
            swapped = amount.unit.removesuffix("/m2") if "/" in amount.unit else f"{amount.unit}/m2"
            if swapped != amount.unit:
                changes = {field: attrs.evolve(amount, unit=swapped)}
                yield f"{field} in {swapped}", attrs.evolve(sig, **changes)
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
    if isinstance(sig.over, int):
        yield "an infusion of twice the time", attrs.evolve(sig, over=sig.over * 2)
        yield "no infusion time", attrs.evolve(sig, over=None)
    if sig.every:
        yield "twice as often", attrs.evolve(sig, every=sig.every // 2)
    if sig.cap is not None:
        raised = DoseCap(sig.cap.dose and sig.cap.dose.times(Decimal(2)), sig.cap.at)
        yield "cap twice as high", attrs.evolve(sig, cap=raised)
        yield "cap left out", attrs.evolve(sig, cap=None)
    if sig.ramp is not None:
        yield "ramp left out", attrs.evolve(sig, ramp=None)
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

    # A day on which there is nothing to be timed by is told by another check.
    problem = next(iter((*anchors.check(scene), *expectations.check(scene))), None)

    assert problem is not None
    assert problem.code in ("PP308", "PP313")


def capped() -> list[Any]:
    """Each drug of each protocol with a cap of the formulary that holds for one of its sigs."""
    return [
        pytest.param(name, drug, id=f"{name}: {drug}")
        for name in library.ids("protocol")
        for drug, entry in api.drugs_of(read(name)).items()
        if entry.caps and any(c.drug == drug for c in read(name).components)
    ]


@pytest.mark.parametrize("change", ["raised", "left out"])
@pytest.mark.parametrize(("name", "drug"), capped())
def test_a_changed_cap_of_the_formulary_fails_the_protocol_s_own_expectations(
    name: str, drug: str, change: str
) -> None:
    protocol = read(name)
    drugs = api.drugs_of(protocol)
    higher = [attrs.evolve(cap, dose=cap.dose.times(Decimal(2))) for cap in drugs[drug].caps]
    caps = tuple(higher) if change == "raised" else ()
    slipped = {**drugs, drug: attrs.evolve(drugs[drug], caps=caps)}
    about = tuple(e for e in protocol.expect if e.drug == drug)
    scene = ProtocolScene(
        attrs.evolve(protocol, expect=about),
        slipped,
        api.catalogue(),
        lambda given: lay_out(protocol, slipped, dict(given)),
    )

    assert "PP308" == next(expectations.check(scene)).code


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
