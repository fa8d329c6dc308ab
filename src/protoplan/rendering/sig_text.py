"""How a drug is given, in words: the one place where a sig is told."""

from collections.abc import Iterator

from protoplan.model.component import Sig, lasting
from protoplan.model.option import OptionRef
from protoplan.rendering.conditions_text import condition_text
from protoplan.rendering.words import signed


def dose(sig: Sig) -> str:
    """The dose or the rate, as printed or as chosen."""
    if isinstance(sig.dose, OptionRef):
        return _chosen(sig.dose)
    amount = sig.rate or sig.dose
    return amount.text() if amount else ""


def _chosen(ref: OptionRef) -> str:
    return f"as chosen: {ref.option}"


def how(sig: Sig) -> tuple[str, ...]:
    """All else that a sig says, besides its dose, its days and its cycles."""
    return (
        *_when(sig),
        *_within(sig),
        *((f"when {condition_text(sig.when)}",) if sig.when else ()),
    )


def _when(sig: Sig) -> Iterator[str]:
    """What says at which times, and for how long."""
    if sig.begins:
        yield str(sig.begins)
    if sig.rate:
        yield "continuous infusion"
    if sig.every:
        yield f"every {sig.every} hours"
    if sig.doses:
        yield f"{sig.doses} doses"
    if sig.times_a_day > 1:
        yield f"{sig.times_a_day} times a day"
    if sig.over:
        yield f"over {_chosen(sig.over) if isinstance(sig.over, OptionRef) else lasting(sig.over)}"
    if sig.repeat:
        yield f"again every {sig.repeat.every} for {sig.repeat.lasting}"


def _within(sig: Sig) -> Iterator[str]:
    """Bounds of the dose and of its day."""
    if sig.cap:
        yield f"at most {sig.cap.dose.text()}" if sig.cap.dose else "no largest dose"
    if sig.ramp:
        steps = (
            _chosen(sig.ramp)
            if isinstance(sig.ramp, OptionRef)
            else ", ".join(step.text() for step in sig.ramp)
        )
        yield f"first rising by steps, {steps}"
    if sig.window:
        yield f"window {signed(sig.window[0])} to {signed(sig.window[1])} days"
