"""What a rule that fired, or the prescriber, makes of a dose."""

from collections.abc import Sequence
from decimal import Decimal

import attrs

from protoplan.model.rule import Effect, Rule
from protoplan.model.treatment import Prescription
from protoplan.planning.asking import Answered
from protoplan.planning.dosing import Worked
from protoplan.quantity import EXACT, UNITS, Quantity, compared, printed


@attrs.frozen
class Proposal:
    """What a rule that fired makes of the dose.

    Attributes:
        words: The arithmetic.
        because: The values, dates and medicines for which the rule fired.
    """

    rule: Rule
    effect: Effect
    amount: Quantity
    words: str
    because: tuple[str, ...] = ()


def proposal_of(answered: Answered, worked: Worked) -> Proposal | None:
    """The dose that a fired rule proposes; None where it proposes none."""
    found = _proposal(answered, worked)
    return None if found is None else attrs.evolve(found, because=answered.because)


def _proposal(answered: Answered, worked: Worked) -> Proposal | None:
    rule, effect = answered.standing.rule, answered.effect
    if effect is None or unfit(answered, worked):
        return None
    full = worked.full
    if effect.scale is not None:
        share = EXACT.divide(effect.scale.value, Decimal(100))
        words = f"{printed(effect.scale.value)}% of {full.text()}"
        return Proposal(rule, effect, full.times(share), words)
    if effect.set is not None:
        amount = worked.of(effect.set)
        return Proposal(rule, effect, amount, f"{effect.set.text()}{worked.factors(effect.set)}")
    if effect.cap is not None:
        amount = worked.of(effect.cap)
        return Proposal(rule, effect, amount, f"at most {effect.cap.text()}")
    if effect.down is not None:
        return _level(rule, effect, worked)
    return None


def unfit(answered: Answered, worked: Worked) -> str | None:
    """What is to be decided where a rule prints amounts of another kind than the dose.

    A daily rate says nothing of a single dose, nor a sum of a rate; and levels in mg/m2 lie neither
    above nor below a dose in mg.
    """
    rule, effect = answered.standing.rule, answered.effect
    if effect is None:
        return None
    basis = UNITS[worked.basis.unit]
    printed_here = effect.set or effect.cap
    levels = rule.ladder if effect.down is not None else ()
    timed = printed_here is not None and bool(UNITS[printed_here.unit].time) != bool(basis.time)
    if timed or any(level.dimension != basis.dimension for level in levels):
        unit = printed_here.unit if printed_here else levels[0].unit
        return f"decision: {rule.id} is printed in {unit}, and the dose in {basis.name}"
    return None


def _level(rule: Rule, effect: Effect, worked: Worked) -> Proposal:
    """So many levels below the printed dose on the rule's ladder; the lowest level ends it."""
    assert effect.down is not None
    below = [level for level in rule.ladder if compared(level, worked.basis) < 0]
    level = below[min(effect.down, len(below)) - 1] if below else rule.ladder[-1]
    words = f"{level.text()}, {effect.down} down from {worked.basis.text()}{worked.factors(level)}"
    return Proposal(rule, effect, worked.of(level), words)


def least_of(worked: Worked, proposals: Sequence[Proposal]) -> Proposal | None:
    """The lowest proposal; None where none lies below the dose as it stands."""
    alone = [p for p in proposals if not p.rule.multiplies]
    least = min(alone, key=lambda p: (p.amount.in_base(), p.rule.id), default=None)
    return least if least and compared(least.amount, worked.amount) < 0 else None


def prescribed_amount(prescribed: Prescription, worked: Worked) -> tuple[Quantity, str]:
    """The dose that the prescriber orders, and its arithmetic."""
    if prescribed.set is not None:
        factors = worked.factors(prescribed.set)
        return worked.of(prescribed.set), f"{prescribed.set.text()}{factors}"
    assert prescribed.scale is not None
    share = EXACT.divide(prescribed.scale.value, Decimal(100))
    text = f"{printed(prescribed.scale.value)}% of {worked.amount.text()}"
    return worked.amount.times(share), text


def cited(rule: Rule) -> str:
    """Where a rule is printed."""
    return rule.grounds.of("rule")


def would_have(answered: Answered, worked: Worked) -> str:
    """What the effect of an answer would have done, after the words: the last value would have."""
    effect, proposal = answered.effect, proposal_of(answered, worked)
    assert effect is not None
    if effect.omit:
        return "left the dose out"
    if effect.hold:
        return f"held the dose until {effect.hold}"
    if proposal is not None:
        return f"made it {proposal.amount.text()}"
    wanted = f"decision: {effect.ask}" if effect.ask else unfit(answered, worked)
    return f"asked for a {wanted}" if wanted else f"said: {effect.says}"


def in_words(effect: Effect) -> str:
    """What an effect does, without a dose to do it to."""
    if effect.omit:
        return "leave the dose out"
    if effect.hold:
        return f"hold the dose until {effect.hold}"
    if effect.scale is not None:
        return f"give {printed(effect.scale.value)}%"
    if effect.set is not None:
        return f"give {effect.set.text()}"
    if effect.cap is not None:
        return f"give at most {effect.cap.text()}"
    return f"go {effect.down} down its ladder" if effect.down else str(effect.ask)
