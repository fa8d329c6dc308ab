"""PP309: an amount does not fit the drug or the option.

Good: `dose: 150 mg/m2` for a drug whose doses are ordered in mg.
Bad: `dose: 150 units/m2` for that drug; `dose: {option: schedule}` where no amount is chosen.
"""

from collections.abc import Iterator

from protoplan.checks.scene import ProtocolScene
from protoplan.model.component import Component, Sig
from protoplan.model.formulary import Drug
from protoplan.model.option import Option, OptionRef
from protoplan.problems import Problem
from protoplan.quantity import UNITS, Quantity
from protoplan.source import Place


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Every printed amount is measured as its drug is; a chosen dose is an option with a range."""
    options = {option.name: option for option in scene.protocol.options}
    for component in scene.protocol.components:
        drug = scene.drugs[component.drug]
        for sig in component.sigs:
            yield from _of_sig(component, sig, drug, options)
    for item in scene.protocol.open_items:
        for gift in item.gives:
            yield from _fits(gift.dose, scene.drugs[gift.drug], gift.at)


def _of_sig(
    component: Component, sig: Sig, drug: Drug, options: dict[str, Option]
) -> Iterator[Problem]:
    printed = sig.rate if sig.rate is not None else sig.dose
    if isinstance(printed, OptionRef):
        option = options[printed.option]
        if option.unit is None:
            message = f"option '{option.name}' gives a choice of words, not an amount for {drug.id}"
            yield Problem("PP309", message, printed.at)
            return
        if UNITS[option.unit].time:
            message = f"option '{option.name}' gives a rate, and a dose is wanted"
            yield Problem("PP309", message, printed.at)
        amounts = [*(option.between or ()), *(c.amount for c in option.choices if c.amount)]
    else:
        amounts = [printed] if printed is not None else []
    if isinstance(sig.days, OptionRef) and options[sig.days.option].days is None:
        message = f"option '{sig.days.option}' does not ask for days"
        yield Problem("PP309", message, sig.days.at)
    yield from _ramp(sig, drug, options)
    if isinstance(sig.over, OptionRef) and options[sig.over.option].unit not in ("h", "min"):
        message = f"option '{sig.over.option}' does not ask for a length of time in h or min"
        yield Problem("PP309", message, sig.over.at)
    if sig.cap is not None and sig.cap.dose is not None:
        yield from _fits(sig.cap.dose, drug, sig.cap.at)
    for amount in amounts:
        yield from _fits(amount, drug, sig.at)
        if amount.value == 0:
            yield Problem("PP309", f"a dose of {amount} is no dose", sig.at)


def _ramp(sig: Sig, drug: Drug, options: dict[str, Option]) -> Iterator[Problem]:
    """The steps of a ramp are measured as the dose to which they rise."""
    units: list[str]
    if isinstance(sig.ramp, OptionRef):
        asked = options[sig.ramp.option].steps
        if asked is None:
            message = f"option '{sig.ramp.option}' does not ask for the steps of a ramp"
            yield Problem("PP309", message, sig.ramp.at)
        units = [asked] if asked else []
    else:
        units = [step.unit for step in sig.ramp or ()]
    dose = sig.dose
    full = options[dose.option].unit if isinstance(dose, OptionRef) else getattr(dose, "unit", None)
    for unit in dict.fromkeys(units):
        if drug.unit is None or full is None or UNITS[unit].dimension != UNITS[full].dimension:
            message = f"a ramp in {unit} does not rise to a dose in {full}"
            yield Problem("PP309", message, sig.at)


def _fits(printed: Quantity, drug: Drug, at: Place) -> Iterator[Problem]:
    if printed.unit == "AUC":
        if drug.calvert is None:
            yield Problem("PP309", f"the formulary does not dose {drug.id} by AUC", at)
    elif drug.unit is None:
        yield Problem("PP309", f"the formulary gives no unit for doses of {drug.id}", at)
    elif UNITS[UNITS[printed.unit].amount].dimension != UNITS[drug.unit].dimension:
        yield Problem(
            "PP309", f"{printed} does not fit {drug.id}, which is ordered in {drug.unit}", at
        )
