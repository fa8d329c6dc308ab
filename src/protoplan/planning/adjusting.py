"""From the calculated dose to the adjusted one: what caps it, each change with its citation.

Caps come after every rule and before rounding. A cap that is not reached stands in the working
too, so that a reader sees that it was looked at.
"""

from collections.abc import Sequence

from protoplan.model.formulary import Cap
from protoplan.model.plan import Adjustment, Step
from protoplan.quantity import Quantity, compared


def adjust(
    amount: Quantity, route: str, caps: Sequence[Cap]
) -> tuple[Quantity, tuple[Adjustment, ...], tuple[Step, ...]]:
    """Return the adjusted dose, what changed it, and the steps of the working.

    Args:
        amount: The calculated dose.
        route: By which it is given; a cap may hold for some routes only.
        caps: The drug's caps on a single dose.
    """
    adjustments, steps = [], []
    for cap in caps:
        if cap.routes and route not in cap.routes:
            continue
        source = cap.grounds.of("dose")
        if compared(amount, cap.dose) <= 0:
            steps.append(
                Step(
                    "cap",
                    amount,
                    amount,
                    f"not above the largest dose of {cap.dose.text()}",
                    source,
                    cap.at,
                )
            )
            continue
        capped = cap.dose.into(amount.unit)
        reason = f"lowered to the largest dose of {cap.dose.text()}"
        adjustments.append(Adjustment(cap.about, amount, capped, reason, source))
        steps.append(Step("cap", amount, capped, reason, source, cap.at))
        amount = capped
    return amount, tuple(adjustments), tuple(steps)
