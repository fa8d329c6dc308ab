"""The creatinine clearance that a dose by AUC is worked with."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import attrs

from protoplan.model.formulary import Drug
from protoplan.model.policy import Policy
from protoplan.planning.conditions import clearance_on
from protoplan.planning.known import Known, Verdict
from protoplan.quantity import EXACT, Quantity, compared, printed

#: What Calvert's formula adds to the clearance, in mL/min. J Clin Oncol 1989;7:1748.
CALVERT = Decimal(25)


@attrs.frozen
class Filtration:
    """A clearance with its working.

    Attributes:
        value: In mL/min, rounded as the policy says and not above what the formulary allows.
        why: Its working, in words.
        source: What it rests on.
        pending: Labs that are to be taken before the dose; the last values were used.
    """

    value: Quantity
    why: str
    source: str
    pending: tuple[str, ...]


def filtration(drug: Drug, policy: Policy, state: Known, on: date) -> Filtration | tuple[str, ...]:
    """The clearance for a dose on a day; what must be known first where it cannot be worked.

    A creatinine that was stated and is too old for a day still to come is used, and asked for again
    before the dose.
    """
    found = clearance_on(state, on)
    pending: tuple[str, ...] = ()
    if isinstance(found, Verdict) and found.waits:
        pending = found.pending
        found = clearance_on(attrs.evolve(state, last_values=True, as_of=date.min), on)
    if isinstance(found, Verdict):
        return (*found.needs, *found.pending)
    step = Decimal(1).scaleb(-policy.clearance.decimals)
    value = Quantity(found.value.quantize(step, ROUND_HALF_UP, EXACT), found.unit)
    why = (
        f"Cockcroft-Gault with the {policy.clearance.weight} weight, rounded to "
        f"{printed(value.value)} mL/min"
    )
    source = "Nephron 1976;16:31-41"
    most = drug.calvert.most if drug.calvert else None
    if drug.calvert is not None and most is not None and compared(value, most) > 0:
        why += f", counted as {most.text()} at most"
        value, source = most, f"{source}; {drug.calvert.grounds.of('clearance_at_most')}"
    return Filtration(value, why, source, pending)
