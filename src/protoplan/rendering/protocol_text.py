"""A protocol as its readers should see it: tables with sources, assumptions and contradictions."""

from collections.abc import Mapping, Sequence

from protoplan.model.component import ROUTES, Component, Sig, spelled
from protoplan.model.option import Answer, OptionRef
from protoplan.model.protocol import Phase, Protocol
from protoplan.quantity import NBSP
from protoplan.rendering.conditions_text import condition_text, grounds_text
from protoplan.rendering.rules_text import apart, rules
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
        ("reviewed", protocol.reviewed),
    ):
        out += lines(text, first=f"{name:<12}")
    out += [*_sources(protocol), *_options(protocol), *_phases(protocol)]
    out += [*_components(protocol, names), *rules(protocol, names), *apart(protocol, names)]
    out += _without_dose(protocol, names)
    out += [
        *_eligibility(protocol),
        *_requirements(protocol),
        *_contradictions(protocol),
        *_silences(protocol),
    ]
    out += _expectations(protocol)
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
            out += lines(option.offers(), first="      ")
        for choice in option.choices:
            if choice.means:
                out += lines(f"{choice.name}: {choice.means}", first="      ")
        out += lines(grounds_text(option.grounds), first="      ")
    return out


def _answer_text(answer: Answer) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)


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
    return ", ".join(f"{label} {kind}" for label, kind in phase.cycles)


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
        out += _grounds_lines(component.grounds, "    ")
        for sig in component.sigs:
            if sig.grounds != Grounds():
                out += _grounds_lines(sig.grounds, "      ")
        if component.note:
            out += lines(component.note, first="    note: ")
    return out


def _sig(component: Component, sig: Sig) -> tuple[str, str, str, str]:
    where = sig.where or component.where
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
        how.append(f"window {_signed(sig.window[0])} to {_signed(sig.window[1])} days")
    if sig.when:
        how.append(f"when {condition_text(sig.when)}")
    days = f"as chosen: {sig.days.option}" if isinstance(sig.days, OptionRef) else str(sig.days)
    return str(where), dose, days, ", ".join(how) or "one dose a day"


def _signed(offset: int) -> str:
    return f"+{offset}" if offset > 0 else str(offset).replace("-", "−")


def _grounds_lines(grounds: Grounds, indent: str) -> list[str]:
    out = lines(str(grounds.source), first=f"{indent}source: ") if grounds.source else []
    for field, citation in grounds.borrowed:
        out += lines(f"{field} from {citation}", first=f"{indent}borrowed: ")
    for field, reason in grounds.assumed:
        out += lines(f"{field}: {reason}", first=f"{indent}† assumed: ")
    return out


def _without_dose(protocol: Protocol, names: Mapping[str, str]) -> list[str]:
    out: list[str] = []
    if protocol.totals:
        out += titled("In all")
        for total in protocol.totals:
            out += lines(
                f"{total.doses} doses of {' and '.join(map(spelled, total.of))} over all cycles "
                f"({grounds_text(total.grounds)})",
                first="  • ",
            )
    if protocol.instructions:
        out += titled("To do around doses")
        for rule in protocol.instructions:
            days = ", ".join(_signed(offset) for offset in rule.offsets)
            named = f" ({', '.join(rule.named)})" if rule.named else ""
            out += lines(
                f"hold any {rule.hold}{named} on days {days} of {names[rule.around]}: "
                f"{rule.because} ({grounds_text(rule.grounds)})",
                first="  • ",
            )
    if protocol.open_items:
        out += titled("Open-ended")
        for item in protocol.open_items:
            when = f"; when {condition_text(item.when)}" if item.when else ""
            where = f"; in cycles {item.where}" if item.where else ""
            out += lines(f"{item.text}{where}{when}", first="  • ")
            for gift in item.gives:
                note = f" ({gift.note})" if gift.note else ""
                out += lines(
                    f"{names[gift.drug]} {gift.dose.text()} {ROUTES[gift.route]}{note}",
                    first="      ",
                )
            out += lines(f"until {item.until} ({grounds_text(item.grounds)})", first="      ")
    return out


def _eligibility(protocol: Protocol) -> list[str]:
    if not protocol.eligibility:
        return []
    out = titled("Asked of the patient")
    for entry in protocol.eligibility:
        out += lines(
            f"{entry.about} [{condition_text(entry.must)}] ({grounds_text(entry.grounds)})",
            first="  • ",
        )
    return out


def _requirements(protocol: Protocol) -> list[str]:
    if not protocol.requirements:
        return []
    out = titled("What must be so")
    for entry in protocol.requirements:
        when = f" (when {condition_text(entry.when)})" if entry.when else ""
        must = f"[{condition_text(entry.must)}; else {entry.otherwise.value}]"
        out += lines(f"{entry.about}{when} {must} ({grounds_text(entry.grounds)})", first="  • ")
    return out


def _contradictions(protocol: Protocol) -> list[str]:
    if not protocol.contradictions:
        return []
    out = titled("Where the sources disagree")
    for entry in protocol.contradictions:
        when = f" (when {condition_text(entry.when)})" if entry.when else ""
        out += lines(entry.about + when, first="  • ")
        for reading in entry.says:
            out += lines(f"{reading.value} ({reading.source})", first="      says    ")
        out += lines(f"{entry.chosen}, because {entry.because}", first="      chosen  ")
    return out


def _silences(protocol: Protocol) -> list[str]:
    if not protocol.silences:
        return []
    out = titled("What the source does not say")
    for entry in protocol.silences:
        out += lines(f"{entry.about}: {entry.left} ({entry.source})", first="  • ")
    return out


def _expectations(protocol: Protocol) -> list[str]:
    if not protocol.expect:
        return []
    out = titled("What the file must come to (tested by `protoplan check`)")
    for entry in protocol.expect:
        parts: list[str] = []
        if entry.cycle:
            parts.append(f"cycle {entry.cycle} begins {entry.begins} days after the start")
        else:
            where = f" in each of {entry.where}" if entry.where else " in all"
            route = f" {ROUTES[entry.route]}" if entry.route else ""
            parts.append(f"{entry.drug}{route}{where}:")
            counted: Sequence[str] = [
                f"days {entry.days}" if entry.days else "",
                f"from day {entry.first_day}" if entry.first_day else "",
                f"{entry.doses} dose{'' if entry.doses == 1 else 's'}"
                if entry.doses is not None
                else "",
                entry.total.text() if entry.total else "",
                f"largest dose {entry.largest.dose.text() if entry.largest.dose else 'none'}"
                if entry.largest
                else "",
                f"{entry.reduced_by.value}% less than {entry.full.text()} of "
                f"{entry.grounds.of('from')} ({entry.grounds.source})"
                if entry.reduced_by and entry.full
                else "",
            ]
            parts.append(", ".join(filter(None, counted)))
        given = ", ".join(f"{name}{NBSP}{value}" for name, value in entry.given)
        out += lines(" ".join(parts) + (f" (with {given})" if given else ""), first="  • ")
    return out
