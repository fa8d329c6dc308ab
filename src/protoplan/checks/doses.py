"""PP309: an amount does not fit the drug or the option.

Good: `dose: 150 mg/m2` for a drug whose doses are ordered in mg.
Bad: `dose: 150 units/m2` for that drug; `dose: {option: schedule}` where no amount is chosen.
"""

from collections.abc import Iterator

from protoplan.checks.scene import ProtocolScene
from protoplan.model.formulary import Drug
from protoplan.model.protocol import Component, OptionRef, Sig
from protoplan.problems import Problem
from protoplan.quantity import UNITS, Quantity
from protoplan.source import Place


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Every printed amount is measured as its drug is; a chosen dose is an option with a range."""
    ranges = {option.name: option.between for option in scene.protocol.options}
    for component in scene.protocol.components:
        drug = scene.drugs[component.drug]
        for sig in component.sigs:
            yield from _of_sig(component, sig, drug, ranges)
    for item in scene.protocol.open_items:
        for gift in item.gives:
            yield from _fits(gift.dose, scene.drugs[gift.drug], gift.at)


def _of_sig(
    component: Component, sig: Sig, drug: Drug, ranges: dict[str, tuple[Quantity, Quantity] | None]
) -> Iterator[Problem]:
    printed = sig.rate if sig.rate is not None else sig.dose
    if isinstance(printed, OptionRef):
        between = ranges[printed.option]
        if between is None:
            yield Problem(
                "PP309",
                f"option '{printed.option}' gives a choice of words, not an "
                f"amount for {component.drug}",
                printed.at,
            )
            return
        if UNITS[between[0].unit].per != "m2":
            yield Problem(
                "PP309", f"option '{printed.option}' must be an amount per m2", printed.at
            )
        printed = between[0]
    if printed is not None:
        yield from _fits(printed, drug, sig.at)
        if printed.value == 0:
            yield Problem("PP309", f"a dose of {printed} is no dose", sig.at)


def _fits(printed: Quantity, drug: Drug, at: Place) -> Iterator[Problem]:
    if drug.unit is None:
        yield Problem("PP309", f"the formulary gives no unit for doses of {drug.id}", at)
    elif UNITS[UNITS[printed.unit].amount].dimension != UNITS[drug.unit].dimension:
        yield Problem(
            "PP309", f"{printed} does not fit {drug.id}, which is ordered in {drug.unit}", at
        )
