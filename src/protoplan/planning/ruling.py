"""From the answers of the rules to one dose: the lowest proposal wins, the rest is shown.

Each rule that fired proposes a dose. Leaving out and holding come before all; a rule that is
unknown leaves the dose without a number; no rule raises a dose. What the prescriber states is given
and stands beside what the rules say.
"""

from collections.abc import Sequence
from decimal import Decimal

import attrs

from protoplan.model.order import Adjustment, Pending, Remark, RuleLine, Step
from protoplan.model.treatment import Prescription
from protoplan.planning.asking import Answered
from protoplan.planning.dosing import Worked
from protoplan.planning.proposing import (
    Proposal,
    cited,
    least_of,
    prescribed_amount,
    proposal_of,
    unfit,
    would_have,
)
from protoplan.planning.remarks import differs, not_known, note, remark, rivals, two_causes
from protoplan.problems import Severity
from protoplan.quantity import EXACT, Quantity, compared, printed


@attrs.frozen
class Ruled:
    """A dose after its rules, before its caps.

    Attributes:
        status: ``planned``, ``held``, ``omitted`` or ``unresolved``.
        amount: None unless it is planned.
        because: Why it is held or left out.
    """

    status: str
    amount: Quantity | None
    because: str | None
    steps: tuple[Step, ...]
    adjustments: tuple[Adjustment, ...]
    lines: tuple[RuleLine, ...]
    pending: tuple[Pending, ...]
    needs: tuple[str, ...]
    remarks: tuple[Remark, ...]


def rule_on(worked: Worked, answers: Sequence[Answered], prescribed: Prescription | None) -> Ruled:
    """Settle what the rules make of a dose.

    Args:
        worked: The calculated dose, and how another basis would be worked for it.
        answers: Of every rule that may bear on it.
        prescribed: The prescriber's own change of it, if there is one.
    """
    ruled = _settled(worked, answers, prescribed)
    if ruled.amount is None:
        return ruled
    return attrs.evolve(ruled, remarks=(*ruled.remarks, *rivals(answers, worked, ruled.amount)))


def _settled(worked: Worked, answers: Sequence[Answered], prescribed: Prescription | None) -> Ruled:
    """What those rules make of it that are not set aside."""
    live = [a for a in answers if a.standing.note is None]
    fired = [a for a in live if a.outcome == "fired"]
    notes = tuple(note(a) for a in answers if a.standing.note and a.outcome == "fired")
    said = tuple(remark(a) for a in fired if a.effect and a.effect.finding)
    remarks = (*notes, *said, *not_known(live))
    needs = _needs(worked, live, fired, prescribed)
    pending = tuple(_pending(a, worked) for a in live if a.outcome == "pending")
    proposals = [p for a in fired if (p := proposal_of(a, worked)) is not None]
    least = least_of(worked, proposals)
    stopped = _not_given(fired)
    lines = tuple(_line(a, worked, least, given=not stopped) for a in answers)
    left_out = prescribed is not None and prescribed.omit
    if needs and not left_out and (prescribed is not None or not stopped):
        return Ruled("unresolved", None, None, (), (), lines, pending, needs, remarks)
    if prescribed is not None:
        ruled = least.amount if least else worked.amount
        first = stopped[0] if stopped else None
        remarks = (*remarks, *differs(prescribed, worked, ruled, first, least))
        return _prescribed(prescribed, worked, lines, pending, remarks)
    if stopped:
        return _stopped(stopped, lines, pending, remarks)
    steps, adjustments, amount = _applied(worked, proposals, least)
    remarks = (*remarks, *two_causes(worked, proposals))
    return Ruled("planned", amount, None, steps, adjustments, lines, pending, (), remarks)


def _applied(
    worked: Worked, proposals: Sequence[Proposal], least: Proposal | None
) -> tuple[tuple[Step, ...], tuple[Adjustment, ...], Quantity]:
    amount, steps, adjustments = worked.amount, [], []
    for proposal in sorted(proposals, key=lambda p: (p.rule.multiplies, p.rule.id)):
        after, why = amount, ""
        if proposal.rule.multiplies and proposal.effect.scale is not None:
            after = amount.times(EXACT.divide(proposal.effect.scale.value, Decimal(100)))
            why = f"{printed(proposal.effect.scale.value)}% of what is left"
        elif proposal is least:
            after, why = proposal.amount, proposal.words
        elif least is not None:
            why = f"would make {proposal.amount.text()}; {least.rule.id} makes it lower"
        else:
            why = f"would make {proposal.amount.text()}, which is not below {amount.text()}"
        rule, at = proposal.rule, proposal.effect.at
        cause = f"; for {', '.join(proposal.because)}" if proposal.because else ""
        text = f"{rule.id}: {why}{cause}"
        steps.append(Step("rule", amount, after, text, cited(rule), at))
        if compared(after, amount) < 0:
            reason = f"made {after.text()} by {rule.id}{cause}"
            adjustments.append(Adjustment(rule.id, amount, after, reason, cited(rule)))
        amount = after
    return tuple(steps), tuple(adjustments), amount


def _not_given(fired: Sequence[Answered]) -> tuple[Answered, ...]:
    """The rules by which the dose is not given: those that leave it out, then those that hold it.

    Within each kind they stand by their names, so that their order in a file changes nothing.
    """
    found = [a for a in fired if a.effect and (a.effect.omit or a.effect.hold)]
    return tuple(
        sorted(found, key=lambda a: (not (a.effect and a.effect.omit), a.standing.rule.id))
    )


def _stopped(
    stopped: Sequence[Answered],
    lines: tuple[RuleLine, ...],
    pending: tuple[Pending, ...],
    remarks: tuple[Remark, ...],
) -> Ruled:
    """PF221: a rule holds the dose or leaves it out, with the rule and its source."""
    first = stopped[0].effect
    assert first is not None
    status = "omitted" if first.omit else "held"
    causes = []
    for answered in stopped:
        rule, effect = answered.standing.rule, answered.effect
        until = f" until {effect.hold}" if effect and effect.hold else ""
        does = "omitted" if effect and effect.omit else "held"
        cause = f", for {', '.join(answered.because)}" if answered.because else ""
        causes.append(f"{does}{until}: {rule.id}{cause} ({cited(rule)})")
    told = tuple(
        Remark("PF221", Severity.WARNING, f"{a.standing.rule.drug} is {cause}", None)
        for a, cause in zip(stopped, causes, strict=True)
    )
    because = "; ".join(causes)
    return Ruled(status, None, because, (), (), lines, pending, (), (*remarks, *told))


def _prescribed(
    prescribed: Prescription,
    worked: Worked,
    lines: tuple[RuleLine, ...],
    pending: tuple[Pending, ...],
    remarks: tuple[Remark, ...],
) -> Ruled:
    why = f"{prescribed.reason}; by {prescribed.by}"
    if prescribed.omit:
        because = f"left out by the prescriber: {why}"
        return Ruled("omitted", None, because, (), (), lines, pending, (), remarks)
    amount, words = prescribed_amount(prescribed, worked)
    step = Step("prescribed", worked.amount, amount, f"{words}: {why}", "prescriber", prescribed.at)
    reason = f"ordered as {amount.text()}: {why}"
    change = Adjustment("prescribed", worked.amount, amount, reason, "prescriber")
    return Ruled("planned", amount, None, (step,), (change,), lines, pending, (), remarks)


def _needs(
    worked: Worked,
    live: Sequence[Answered],
    fired: Sequence[Answered],
    prescribed: Prescription | None,
) -> tuple[str, ...]:
    """What must be known or decided before there is a dose."""
    needs = [
        name
        for a in live
        if a.outcome == "unresolved" and not a.standing.rule.note_unknown
        for name in a.needs
    ]
    if prescribed is None:
        needs += [f"decision: {a.effect.ask}" for a in fired if a.effect and a.effect.ask]
    needs += [text for a in fired if (text := unfit(a, worked)) and prescribed is None]
    if worked.ramping and not _not_given(fired) and prescribed is None:
        proposals = [p for a in fired if (p := proposal_of(a, worked)) is not None]
        lowers = any(compared(p.amount, worked.full) < 0 for p in proposals)
        needs += worked.ramping if lowers else ()
    return tuple(dict.fromkeys(needs))


def _pending(answered: Answered, worked: Worked) -> Pending:
    last = answered.last
    would = "the last value would have changed nothing"
    if answered.last_needs:
        lacking = ", ".join(answered.last_needs)
        would = f"what the last value would have done is not known without {lacking}"
    elif last is not None:
        does = would_have(attrs.evolve(answered, effect=last), worked)
        would = f"the last value would have {does}"
    return Pending(answered.standing.rule.id, answered.pending, would)


def _line(answered: Answered, worked: Worked, least: Proposal | None, *, given: bool) -> RuleLine:
    """One rule in the working, with what came of it."""
    rule = answered.standing.rule
    outcome, words = answered.outcome, ""
    if outcome == "set aside":
        words = answered.standing.aside or ""
        if answered.effect is not None:
            words += f"; it would have {would_have(answered, worked)}"
    elif outcome == "unresolved" and rule.note_unknown:
        outcome, words = "note", f"not applied without {', '.join(answered.needs)}"
    elif outcome == "unresolved":
        words = f"needs {', '.join(answered.needs)}"
    elif outcome == "pending":
        words = _pending(answered, worked).would
    elif outcome == "fired" and answered.effect is not None:
        proposal = proposal_of(answered, worked)
        words = answered.effect.says or ""
        if proposal is not None:
            words = f"makes it {proposal.amount.text()}"
            won = rule.multiplies or (least is not None and least.rule is rule)
            outcome = outcome if won and given else "superseded"
            if compared(proposal.amount, worked.amount) >= 0:
                words += f", which is not below {worked.amount.text()}"
    if answered.standing.note and outcome in ("fired", "superseded"):
        outcome, words = "note", f"{words}; {answered.standing.note}".strip("; ")
    return RuleLine(rule.id, outcome, words, cited(rule))
