"""A protocol as its readers should see it: tables with sources, assumptions and contradictions."""

from collections.abc import Mapping
from itertools import pairwise

from protoplan.model.component import ROUTES, Component, Sig, Where, spelled
from protoplan.model.option import Answer, Option, OptionRef
from protoplan.model.protocol import Phase, Protocol
from protoplan.rendering.conditions_text import condition_text, grounds_text
from protoplan.rendering.protocol_notes_text import (
    contradictions,
    eligibility,
    expectations,
    requirements,
    silences,
    without_dose,
)
from protoplan.rendering.rules_text import apart, rules
from protoplan.rendering.words import lines, signed, table, titled
from protoplan.source import Grounds


def render(protocol: Protocol, names: Mapping[str, str]) -> str:
    """The whole protocol.

    Args:
        names: How each drug is printed, by its id.
    """
    out = [*lines(protocol.title), "═" * min(len(protocol.title), 100)]
    for name, text in (
        ("protocol", f"{protocol.id} {protocol.version} (sha256 {protocol.sha256[:12]})"),
        ("population", protocol.population),
        ("indications", ", ".join(protocol.indications)),
        ("reviewed", protocol.reviewed),
    ):
        if text:
            out += lines(text, first=f"{name:<13}")
    out += [*_sources(protocol), *_options(protocol), *_phases(protocol)]
    out += [*_components(protocol, names), *rules(protocol, names), *apart(protocol, names)]
    out += without_dose(protocol, names)
    out += [
        *eligibility(protocol),
        *requirements(protocol),
        *contradictions(protocol),
        *silences(protocol),
    ]
    out += expectations(protocol)
    return "\n".join(out) + "\n"


def _sources(protocol: Protocol) -> list[str]:
    out = titled("Sources")
    for source in protocol.sources:
        doi = f" doi {source.doi}" if source.doi else ""
        note = f" ({source.note})" if source.note else ""
        out += lines(f"{source.cite}{doi}{note}", first=f"  {source.key:<16}")
    return out


def _options(protocol: Protocol) -> list[str]:
    if not protocol.options:
        return []
    out = titled("To be chosen")
    for option in protocol.options:
        default = (
            f"default {_answer_text(option.default)}"
            if option.default is not None
            else "no default: must be chosen"
        )
        when = f"; asked when {condition_text(option.when)}" if option.when else ""
        out += lines(f"{option.name}: {option.about} ({default}{when})", first="  • ")
        if (
            option.between
            or option.days
            or option.steps
            or all(choice.means is None for choice in option.choices)
        ):
            out += lines(_offers(option), first="      ")
        for choice in option.choices:
            if choice.means:
                out += lines(f"{choice.name}: {choice.means}", first="      ")
        out += lines(grounds_text(option.grounds), first="      ")
    return out


def _answer_text(answer: Answer) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)


def _offers(option: Option) -> str:
    """The possible answers; a long row of numbers by its ends."""
    names = [choice.name for choice in option.choices]
    digits = all(name.isdecimal() for name in names)
    if len(names) > 3 and digits and all(int(b) - int(a) == 1 for a, b in pairwise(names)):
        return f"a whole number from {names[0]} to {names[-1]}"
    return option.offers()


def _phases(protocol: Protocol) -> list[str]:
    out = titled("Cycles")
    rows = []
    for kind in protocol.kinds:
        about = f"{kind.title}; " if kind.title else ""
        between = f" ({kind.between[0]} to {kind.between[1]})" if kind.between else ""
        rows.append((kind.name, f"{kind.length}{between}", about + grounds_text(kind.grounds)))
    out += table(rows, ("kind", "length", "about and source"))
    out.append("")
    for phase in protocol.phases:
        when = f" (when {condition_text(phase.when)})" if phase.when else ""
        out += lines(f"{phase.name}{when}: {_run(phase)}", first="  • ")
        if phase.up_to:
            out += lines(f"as many of them as {phase.up_to} says", first="      ")
        if phase.begins_after:
            out += lines(
                f"may begin early, after the cycle that {phase.begins_after} names, "
                f"for {phase.because}",
                first="      ",
            )
        out += lines(grounds_text(phase.grounds), first="      ")
    return out


def _run(phase: Phase) -> str:
    """Labels and kinds in order; rows of one kind with numbered labels are drawn together."""
    rows: list[tuple[str, str, str]] = []
    for label, kind in phase.cycles:
        if rows and rows[-1][2] == kind and _follows(rows[-1][1], label):
            rows[-1] = (rows[-1][0], label, kind)
        else:
            rows.append((label, label, kind))
    return ", ".join(f"{a} {kind}" if a == b else f"{a} to {b} {kind}" for a, b, kind in rows)


def _follows(before: str, after: str) -> bool:
    """Whether a label is the next number after another, such as M4 after M3."""
    head, digits = _numbered(before)
    return digits != "" and after == f"{head}{int(digits) + 1}"


def _numbered(label: str) -> tuple[str, str]:
    head = label.rstrip("0123456789")
    return head, label[len(head) :]


def _components(protocol: Protocol, names: Mapping[str, str]) -> list[str]:
    out = titled("What is given")
    for include in protocol.includes:
        taken = ", ".join(map(spelled, include.gives))
        said = f" ({grounds_text(include.grounds)})" if include.grounds.source else ""
        text = f"from fragment {include.fragment} {include.version}: {taken}{said}"
        out += lines(text, first="  • ")
    for component in protocol.components:
        when = f", when {condition_text(component.when)}" if component.when else ""
        out += ["", f"  {names[component.drug]}, {ROUTES[component.route]}{when}"]
        rows = [_sig(component, sig) for sig in component.sigs]
        out += table(rows, ("cycles", "dose", "days", "how"), indent="    ")
        whole = [sig.grounds for sig in component.sigs if sig.grounds != Grounds()]
        if len(component.sigs) == 1 and whole:
            out += _grounds_lines(_joined(whole[0], component.grounds), "    ")
        else:
            out += _grounds_lines(component.grounds, "    ")
            for grounds in dict.fromkeys(whole):
                out += _grounds_lines(grounds, "      ")
        if component.note:
            out += lines(component.note, first="    note: ")
    return out


def _sig(component: Component, sig: Sig) -> tuple[str, str, str, str]:
    where = sig.where or component.where
    cycles = _where(where) if where else ""
    if isinstance(sig.dose, OptionRef):
        dose = f"as chosen: {sig.dose.option}"
    else:
        amount = sig.rate or sig.dose
        dose = amount.text() if amount else ""
    how = []
    if sig.rate:
        how.append("continuous infusion")
    if sig.every:
        how.append(f"every {sig.every} hours")
    if sig.times_a_day > 1:
        how.append(f"{sig.times_a_day} times a day")
    if sig.over:
        how.append(f"over {sig.over} minutes")
    if sig.repeat:
        how.append(f"again every {sig.repeat.every} for {sig.repeat.lasting}")
    if sig.cap:
        how.append(f"at most {sig.cap.dose.text()}" if sig.cap.dose else "no largest dose")
    if sig.ramp:
        steps = (
            f"as chosen: {sig.ramp.option}"
            if isinstance(sig.ramp, OptionRef)
            else ", ".join(step.text() for step in sig.ramp)
        )
        how.append(f"first rising by steps, {steps}")
    if sig.window:
        how.append(f"window {signed(sig.window[0])} to {signed(sig.window[1])} days")
    if sig.when:
        how.append(f"when {condition_text(sig.when)}")
    days = f"as chosen: {sig.days.option}" if isinstance(sig.days, OptionRef) else str(sig.days)
    return cycles, dose, days, ", ".join(how) or "one dose a day"


def _where(where: Where) -> str:
    """The cycles of a sig; rows of numbered labels by their ends."""
    rows: list[tuple[str, str]] = []
    for name in where.names:
        if rows and _follows(rows[-1][1], name):
            rows[-1] = (rows[-1][0], name)
        else:
            rows.append((name, name))
    shown = ", ".join(
        a if a == b else f"{a}, {b}" if _follows(a, b) else f"{a}–{b}" for a, b in rows
    )
    return f"{where.only} {shown}" if where.only else shown


def _ends(first: str, last: str) -> str:
    if first == last:
        return first
    return f"{first}, {last}" if _follows(first, last) else f"{first}–{last}"


def _joined(own: Grounds, whole: Grounds) -> Grounds:
    """What the one sig of a component stands on, with its component."""
    return Grounds(
        own.source or whole.source, own.assumed + whole.assumed, own.borrowed + whole.borrowed
    )


def _grounds_lines(grounds: Grounds, indent: str) -> list[str]:
    out = lines(str(grounds.source), first=f"{indent}source: ") if grounds.source else []
    by: dict[str, list[str]] = {}
    for field, citation in grounds.borrowed:
        by.setdefault(str(citation), []).append(field)
    for cited, fields in by.items():
        out += lines(f"{', '.join(fields)} from {cited}", first=f"{indent}borrowed: ")
    for field, reason in grounds.assumed:
        out += lines(f"{field}: {reason}", first=f"{indent}† assumed: ")
    return out
