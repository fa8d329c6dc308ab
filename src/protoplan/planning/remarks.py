"""What a person must be told of a dose that rules have changed, or could not judge."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from protoplan.model.order import Remark
from protoplan.model.treatment import Prescription
from protoplan.planning.asking import Answered
from protoplan.planning.dosing import Worked
from protoplan.planning.proposing import (
    Proposal,
    cited,
    in_words,
    prescribed_amount,
    proposal_of,
    unfit,
    would_have,
)
from protoplan.problems import Severity
from protoplan.quantity import EXACT, Quantity, compared


def note(answered: Answered) -> Remark:
    """PF220: a label rule written for something else; it changes nothing until it is adopted."""
    rule, effect = answered.standing.rule, answered.effect
    assert effect is not None
    does = effect.says or in_words(effect)
    text = f"{rule.id}, {answered.standing.note} and not adopted here, would hold: {does}"
    return Remark("PF220", Severity.NOTE, text, cited(rule))


def remark(answered: Answered) -> Remark:
    """PF219: what a rule that fired says, as grave as the rule makes it."""
    rule, effect = answered.standing.rule, answered.effect
    assert effect is not None and effect.finding is not None
    return Remark("PF219", effect.finding, f"{effect.says} [{rule.id}]", cited(rule))


def not_known(live: Sequence[Answered]) -> tuple[Remark, ...]:
    """PF224: what is not known and makes a note alone; the dose is planned without the rule."""
    found = []
    for answered in live:
        rule = answered.standing.rule
        if answered.outcome == "unresolved" and rule.note_unknown:
            text = f"not known: {', '.join(answered.needs)}; {rule.id} is not applied without it"
            found.append(Remark("PF224", Severity.NOTE, text, cited(rule)))
    return tuple(found)


def rivals(answers: Sequence[Answered], worked: Worked, amount: Quantity) -> Iterator[Remark]:
    """PF243: a table that is set aside for the policy's pick would leave less of the dose.

    Args:
        answers: Of every rule that may bear on the dose.
        worked: The calculated dose.
        amount: What is made of it.
    """
    for answered in answers:
        standing, effect = answered.standing, answered.effect
        if standing.rival is None or effect is None:
            continue
        proposal = proposal_of(answered, worked)
        lower = proposal is not None and compared(proposal.amount, amount) < 0
        if lower or effect.omit or effect.hold or effect.ask or unfit(answered, worked):
            rule = standing.rule
            cause = f", for {', '.join(answered.because)}" if answered.because else ""
            does = f"{rule.id} would have {would_have(answered, worked)}{cause}"
            text = f"{rule.drug} {amount.text()}: {does}; {standing.aside}"
            yield Remark("PF243", standing.rival, text, cited(rule))


def two_causes(worked: Worked, proposals: Sequence[Proposal]) -> tuple[Remark, ...]:
    """PF223: two reductions of different cause: the lower dose is planned, their product told."""
    lower = [p for p in proposals if not p.rule.multiplies and compared(p.amount, worked.full) < 0]
    ordered = sorted(lower, key=lambda p: (-p.amount.in_base(), p.rule.id))
    causes = {p.rule.about: p for p in ordered}
    if len(causes) < 2:
        return ()
    product = worked.full
    for proposal in causes.values():
        share = EXACT.divide(proposal.amount.value, worked.full.value)
        product = product.times(share)
    shown = product.rounded_to(Quantity(Decimal("0.001"), product.unit))
    names = " and ".join(sorted(p.rule.id for p in causes.values()))
    text = (
        f"{proposals[0].rule.drug} is lowered for two causes, {names}; the lower dose is planned, "
        f"and both together would make {shown.text()}"
    )
    return (Remark("PF223", Severity.WARNING, text, None),)


def differs(
    prescribed: Prescription,
    worked: Worked,
    said: Quantity,
    stopped: Answered | None,
    least: Proposal | None,
) -> tuple[Remark, ...]:
    """PF222: the rules say otherwise than the prescriber; a warning where more is ordered."""
    own = None if prescribed.omit else prescribed_amount(prescribed, worked)[0]
    if stopped is not None:
        rules = f"the rule {stopped.standing.rule.id} does not give it"
        differs = not prescribed.omit
    else:
        cause = f" ({least.rule.id})" if least else ""
        rules = f"the rules make it {said.text()}{cause}"
        differs = own is None or compared(own, said) != 0
    if not differs:
        return ()
    does = "leaves out" if own is None else f"orders {own.text()} of"
    text = f"the prescriber {does} {prescribed.drug} where {rules}: {prescribed.reason}"
    higher = stopped is not None or (own is not None and compared(own, said) > 0)
    return (Remark("PF222", Severity.WARNING if higher else Severity.NOTE, text, None),)
