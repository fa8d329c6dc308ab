"""From the answers of the rules to one dose: the lowest proposal wins, the rest is shown.

Each rule that fired proposes a dose. Leaving out and holding come before all; a rule that is
unknown leaves the dose without a number; no rule raises a dose. What the prescriber states is given
and stands beside what the rules say.
"""

from collections.abc import Sequence
from decimal import Decimal

import attrs

from protoplan.model.plan import Adjustment, Pending, Remark, RuleLine, Step
from protoplan.model.treatment import Prescription
from protoplan.planning.asking import Answered
from protoplan.planning.dosing import Worked
from protoplan.planning.proposing import (
    Proposal,
    cited,
    least_of,
    prescribed_amount,
    proposal_of,
    would_have,
)
from protoplan.planning.remarks import differs, not_known, note, remark, two_causes
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
    live = [a for a in answers if a.standing.note is None]
    fired = [a for a in live if a.outcome == "fired"]
    notes = tuple(note(a) for a in answers if a.standing.note and a.outcome == "fired")
    said = tuple(remark(a) for a in fired if a.effect and a.effect.finding)
    remarks = (*notes, *said, *not_known(live))
    needs = _needs(worked, live, fired, prescribed)
    pending = tuple(_pending(a, worked) for a in live if a.outcome == "pending")
    proposals = [p for a in fired if (p := proposal_of(a, worked)) is not None]
    least = least_of(worked, proposals)
    lines = tuple(_line(a, worked, least) for a in answers)
    stops = [a for a in fired if a.effect and (a.effect.omit or a.effect.hold)]
    stopped = next((a for a in stops if a.effect and a.effect.omit), next(iter(stops), None))
    if needs:
        return Ruled("unresolved", None, None, (), (), lines, pending, needs, remarks)
    if prescribed is not None:
        ruled = least.amount if least else worked.amount
        remarks = (*remarks, *differs(prescribed, worked, ruled, stopped, least))
        return _prescribed(prescribed, worked, lines, pending, remarks)
    if stopped is not None:
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
        steps.append(
            Step(f"rule {proposal.rule.id}", amount, after, why, cited(proposal.rule),
                 proposal.effect.at)
        )  # fmt: skip
        if compared(after, amount) < 0:
            rule = proposal.rule
            adjustments.append(Adjustment(rule.id, amount, after, why, cited(rule)))
        amount = after
    return tuple(steps), tuple(adjustments), amount


def _stopped(
    answered: Answered,
    lines: tuple[RuleLine, ...],
    pending: tuple[Pending, ...],
    remarks: tuple[Remark, ...],
) -> Ruled:
    rule, effect = answered.standing.rule, answered.effect
    assert effect is not None
    status = "omitted" if effect.omit else "held"
    until = f" until {effect.hold}" if effect.hold else ""
    because = f"{status}{until}: {rule.id} ({cited(rule)})"
    remark = Remark("PF221", Severity.WARNING, f"{rule.drug} is {because}", None)
    return Ruled(status, None, because, (), (), lines, pending, (), (*remarks, remark))


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
    change = Adjustment("prescribed", worked.amount, amount, why, "prescriber")
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
    lowers = [a for a in fired if a.effect and not a.effect.keeps and not a.effect.omit]
    if worked.ramping and lowers and prescribed is None:
        needs += worked.ramping
    return tuple(dict.fromkeys(needs))


def _pending(answered: Answered, worked: Worked) -> Pending:
    last = answered.last
    would = "the last value would have changed nothing"
    if last is not None:
        proposal = proposal_of(attrs.evolve(answered, effect=last), worked)
        would = f"the last value would have {would_have(last, proposal)}"
    return Pending(answered.standing.rule.id, answered.pending, would)


def _line(answered: Answered, worked: Worked, least: Proposal | None) -> RuleLine:
    """One rule in the working, with what came of it."""
    rule = answered.standing.rule
    outcome, words = answered.outcome, ""
    if outcome == "set aside":
        words = answered.standing.aside or ""
    elif outcome == "unresolved":
        words = f"needs {', '.join(answered.needs)}"
    elif outcome == "pending":
        words = _pending(answered, worked).would
    elif outcome == "fired" and answered.effect is not None:
        proposal = proposal_of(answered, worked)
        words = answered.effect.says or ""
        if proposal is not None:
            words = f"makes it {proposal.amount.text()}"
            below = least is not None and least.rule is not rule and not rule.multiplies
            outcome = "superseded" if below else outcome
    if answered.standing.note and outcome in ("fired", "superseded"):
        outcome, words = "note", f"{words}; {answered.standing.note}".strip("; ")
    return RuleLine(rule.id, outcome, words, cited(rule))
