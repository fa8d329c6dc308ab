"""A protocol as its readers should see it: tables with sources, assumptions and contradictions."""

from collections.abc import Mapping

from protoplan.model.component import ROUTES, spelled
from protoplan.model.option import Option
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
from protoplan.rendering.sig_text import answer_text, follows, is_long_row, sig_row
from protoplan.rendering.words import lines, table, titled
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
            f"default {answer_text(option.default)}"
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


def _offers(option: Option) -> str:
    """The possible answers; a long row of numbers by its ends."""
    names = [choice.name for choice in option.choices]
    if is_long_row(names):
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
        out += lines(phase_text(phase), first="  • ")
        if phase.up_to:
            out += lines(f"as many of them as {phase.up_to} says", first="      ")
        if phase.begins_after:
            out += lines(early_text(phase), first="      ")
        out += lines(grounds_text(phase.grounds), first="      ")
    return out


def phase_text(phase: Phase) -> str:
    """When a phase is given, and its cycles in order."""
    when = f" (when {condition_text(phase.when)})" if phase.when else ""
    return f"{phase.name}{when}: {_run(phase)}"


def early_text(phase: Phase) -> str:
    """That a phase may begin before the cycles ahead of it are complete, and why."""
    return f"may begin early, after the cycle that {phase.begins_after} names, for {phase.because}"


def _run(phase: Phase) -> str:
    """Labels and kinds in order; rows of one kind with numbered labels are drawn together."""
    rows: list[tuple[str, str, str]] = []
    for label, kind in phase.cycles:
        if rows and rows[-1][2] == kind and follows(rows[-1][1], label):
            rows[-1] = (rows[-1][0], label, kind)
        else:
            rows.append((label, label, kind))
    return ", ".join(f"{a} {kind}" if a == b else f"{a} to {b} {kind}" for a, b, kind in rows)


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
        rows = [sig_row(component, sig) for sig in component.sigs]
        out += table(rows, ("cycles", "dose", "days", "how"), indent="    ")
        whole = [sig.grounds for sig in component.sigs if sig.grounds != Grounds()]
        if len(component.sigs) == 1 and whole:
            out += _grounds_lines(whole[0].within(component.grounds), "    ")
        else:
            out += _grounds_lines(component.grounds, "    ")
            for grounds in dict.fromkeys(whole):
                out += _grounds_lines(grounds, "      ")
        if component.note:
            out += lines(component.note, first="    note: ")
    return out


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
