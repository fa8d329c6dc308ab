"""The later sections of a protocol on the page: items without a dose, and what its sources say."""

from collections.abc import Mapping, Sequence

from protoplan.model.component import ROUTES, lasting, spelled
from protoplan.model.evidence import Contradiction, Silence
from protoplan.model.protocol import OpenItem, Protocol
from protoplan.quantity import NBSP
from protoplan.rendering.conditions_text import condition_text, grounds_text
from protoplan.rendering.words import lines, signed, titled


def without_dose(protocol: Protocol, names: Mapping[str, str]) -> list[str]:
    """Totals, instructions and open-ended items."""
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
            days = ", ".join(signed(offset) for offset in rule.offsets)
            named = f" ({', '.join(rule.named)})" if rule.named else ""
            out += lines(
                f"hold any {rule.hold}{named} on days {days} of {names[rule.around]}: "
                f"{rule.because} ({grounds_text(rule.grounds)})",
                first="  • ",
            )
    if protocol.open_items:
        out += titled("Open-ended")
        for item in protocol.open_items:
            out += lines(item_text(item), first="  • ")
            for gift in item.gives:
                note = f" ({gift.note})" if gift.note else ""
                out += lines(
                    f"{names[gift.drug]} {gift.dose.text()} {ROUTES[gift.route]}{note}",
                    first="      ",
                )
            out += lines(f"until {item.until} ({grounds_text(item.grounds)})", first="      ")
    return out


def item_text(item: OpenItem) -> str:
    """What an open item asks for, where and when."""
    where = f"; in cycles {item.where}" if item.where else ""
    when = f"; when {condition_text(item.when)}" if item.when else ""
    return f"{item.text}{where}{when}"


def eligibility(protocol: Protocol) -> list[str]:
    """What is asked of the patient."""
    if not protocol.eligibility:
        return []
    out = titled("Asked of the patient")
    for entry in protocol.eligibility:
        out += lines(
            f"{entry.about} [{condition_text(entry.must)}] ({grounds_text(entry.grounds)})",
            first="  • ",
        )
    return out


def requirements(protocol: Protocol) -> list[str]:
    """What must be so for the protocol to be given as it stands."""
    if not protocol.requirements:
        return []
    out = titled("What must be so")
    for entry in protocol.requirements:
        when = f" (when {condition_text(entry.when)})" if entry.when else ""
        must = f"[{condition_text(entry.must)}; else {entry.otherwise.value}]"
        out += lines(f"{entry.about}{when} {must} ({grounds_text(entry.grounds)})", first="  • ")
    return out


def contradictions(protocol: Protocol) -> list[str]:
    """Where the sources disagree, and what was chosen."""
    if not protocol.contradictions:
        return []
    out = titled("Where the sources disagree")
    for entry in protocol.contradictions:
        out += contradiction(entry)
    return out


def contradiction(entry: Contradiction, said_by: str = "") -> list[str]:
    """One disagreement: every reading with its citation, the one chosen, and why.

    Args:
        entry: As a protocol or the formulary records it.
        said_by: Who records it, where that is to be said.
    """
    when = f" (when {condition_text(entry.when)})" if entry.when else ""
    out = lines(entry.about + when + said_by, first="  • ")
    for reading in entry.says:
        out += lines(f"{reading.value} ({reading.source})", first="      says    ")
    return out + lines(f"{entry.chosen}, because {entry.because}", first="      chosen  ")


def silences(protocol: Protocol) -> list[str]:
    """What the source leaves out."""
    if not protocol.silences:
        return []
    out = titled("What the source does not say")
    for entry in protocol.silences:
        out += lines(silence_text(entry), first="  • ")
    return out


def silence_text(entry: Silence) -> str:
    """What is left out, what was done about it, and where one would look for it."""
    return f"{entry.about}: {entry.left} ({entry.source})"


def expectations(protocol: Protocol) -> list[str]:
    """What the file must come to."""
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
                f"over {', '.join(map(lasting, entry.over))}" if entry.over else "",
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
