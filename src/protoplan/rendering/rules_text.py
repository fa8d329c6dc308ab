"""What changes doses, and what must lie apart, of a protocol as its readers should see it."""

from collections.abc import Mapping

from protoplan.model.protocol import Protocol
from protoplan.model.rule import Branch, Effect, Named, Rule
from protoplan.model.safety import Limit, Spacing
from protoplan.quantity import printed
from protoplan.rendering.conditions_text import condition_text, grounds_text, question_text
from protoplan.rendering.words import lines, titled


def rules(protocol: Protocol, names: Mapping[str, str]) -> list[str]:
    """The rules of the protocol, and the label rules that it adopts."""
    if not protocol.rules and not protocol.adopts:
        return []
    out = titled("What changes doses")
    for rule in protocol.rules:
        out += _rule(rule, names)
    for adoption in protocol.adopts:
        text = f"adopts the label rule {adoption.rule}: {adoption.because}"
        out += lines(f"{text} ({grounds_text(adoption.grounds)})", first="  • ")
    return out


def _rule(rule: Rule, names: Mapping[str, str]) -> list[str]:
    where = f" in cycles {rule.where}" if rule.where else ""
    when = f", when {condition_text(rule.when)}" if rule.when else ""
    asked = "; asked on the first day of the cycle" if rule.by_cycle else ""
    out = lines(f"{names.get(rule.drug, rule.drug)}{where}{when}{asked} [{rule.id}]", first="  • ")
    for branch in rule.branches:
        out += lines(_branch(branch), first="      ")
    if rule.washout:
        days = rule.washout
        shown = (
            f"as the policy picks, {' or '.join(map(str, days.of))} days"
            if isinstance(days, Named)
            else f"{days} days"
        )
        out += lines(f"wash-out: {shown}", first="      ")
    return out + lines(grounds_text(rule.grounds), first="      ")


def _branch(branch: Branch) -> str:
    effect = effect_text(branch.effect)
    if branch.test is None:
        return effect
    return f"{question_text(branch.test)}: {effect}"


def effect_text(effect: Effect) -> str:
    """What an effect does, in words."""
    does = "the dose stays as it is"
    if effect.scale is not None:
        does = f"{printed(effect.scale.value)}% is given"
    elif effect.set is not None:
        does = f"{effect.set.text()} is given"
    elif effect.cap is not None:
        does = f"at most {effect.cap.text()} is given"
    elif effect.down is not None:
        does = f"{effect.down} down the ladder"
    elif effect.hold is not None:
        does = f"held until {effect.hold}"
    elif effect.omit:
        does = "left out"
    elif effect.ask is not None:
        does = f"the prescriber decides: {effect.ask}"
    if effect.finding is None:
        return does
    said = f"{effect.finding.value}: {effect.says}"
    return said if effect.keeps else f"{does}; {said}"


def apart(protocol: Protocol, names: Mapping[str, str]) -> list[str]:
    """What must lie apart, and how much may be given in all."""
    if not protocol.spacing and not protocol.limits:
        return []
    out = titled("Distances and limits")
    for entry in protocol.spacing:
        out += lines(f"{_spacing(entry)} ({grounds_text(entry.grounds)})", first="  • ")
    for limit in protocol.limits:
        out += lines(f"{_limit(limit, names)} ({grounds_text(limit.grounds)})", first="  • ")
    return out


def _spacing(entry: Spacing) -> str:
    length = f"{entry.hours // 24} days" if entry.by_date else f"{entry.hours} hours"
    says = f": {entry.says}" if entry.says else ""
    asked = f"{entry.drug}, at least {length} {entry.way} {entry.other}"
    return f"{asked}; else {entry.otherwise.value}{says}"


def _limit(limit: Limit, names: Mapping[str, str]) -> str:
    most = limit.most.text() if limit.most else f"{limit.cycles} cycles"
    says = f": {limit.says}" if limit.says else ""
    name = names.get(limit.drug, limit.drug)
    return f"{name}, at most {most} over a {limit.over}; else {limit.otherwise.value}{says}"
