"""From the calculated dose to the adjusted one: what caps it, each change with its citation.

Caps come after every rule and before rounding. A protocol's cap takes the place of the
formulary's. A cap that is not reached, or that gave way, stands in the working too, so that a
reader sees that it was looked at.
"""

from collections.abc import Sequence

import attrs

from protoplan.model.component import Sig
from protoplan.model.formulary import Cap, Drug
from protoplan.model.order import Adjustment, Step
from protoplan.quantity import Quantity, compared
from protoplan.source import Grounds


@attrs.frozen
class Adjusted:
    """A dose after its caps.

    Attributes:
        largest: The smallest cap that holds, which rounding may not pass; None without one.
    """

    amount: Quantity
    adjustments: tuple[Adjustment, ...]
    steps: tuple[Step, ...]
    largest: Quantity | None


def adjust(amount: Quantity, sig: Sig, route: str, drug: Drug, grounds: Grounds) -> Adjusted:
    """Apply the caps that hold for a dose.

    Args:
        amount: The calculated dose.
        sig: Whose cap, if it has one, takes the place of the formulary's.
        route: By which it is given; a cap of the formulary may hold for some routes only.
        drug: The formulary's entry.
        grounds: What the sig stands on.
    """
    listed = [cap for cap in drug.caps if not cap.routes or route in cap.routes]
    if sig.cap is None:
        return _capped(amount, listed, [])
    shown = sig.cap.dose.text() if sig.cap.dose else "none"
    gone = [
        Step("cap", amount, amount, f"the formulary's largest dose of {cap.dose.text()} gives way "
             f"to the protocol's: {shown}", cap.grounds.of("dose"), cap.at)
        for cap in listed
    ]  # fmt: skip
    if sig.cap.dose is None:
        return _capped(amount, [], gone)
    own = Cap(f"{drug.id}/largest-dose", sig.cap.dose, (), _for_cap(grounds), sig.cap.at)
    return _capped(amount, [own], gone)


def largest(sig: Sig, route: str, drug: Drug) -> Quantity | None:
    """The largest single dose that holds for a sig, by the protocol or else the formulary."""
    if sig.cap is not None:
        return sig.cap.dose
    doses = [cap.dose for cap in drug.caps if not cap.routes or route in cap.routes]
    return min(doses, key=lambda dose: dose.in_base(), default=None)


def _for_cap(grounds: Grounds) -> Grounds:
    """The cap's own grounds, under the field that a formulary's cap has."""
    assumed = tuple(("dose", why) for field, why in grounds.assumed if field == "cap")
    borrowed = tuple(("dose", at) for field, at in grounds.borrowed if field == "cap")
    return Grounds(grounds.source, assumed, borrowed)


def _capped(amount: Quantity, caps: Sequence[Cap], steps: list[Step]) -> Adjusted:
    adjustments = []
    for cap in caps:
        source, most = cap.grounds.of("dose"), cap.dose.text()
        if compared(amount, cap.dose) <= 0:
            reason, after = f"not above the largest dose of {most}", amount
        else:
            reason, after = f"lowered to the largest dose of {most}", cap.dose.into(amount.unit)
            adjustments.append(Adjustment(cap.about, amount, after, reason, source))
        steps.append(Step("cap", amount, after, reason, source, cap.at))
        amount = after
    largest = min((cap.dose for cap in caps), key=lambda dose: dose.in_base(), default=None)
    return Adjusted(amount, tuple(adjustments), tuple(steps), largest)
