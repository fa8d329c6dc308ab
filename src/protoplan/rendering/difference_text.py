"""Two plans side by side as text: a line for each thing that is another, and its kind before it."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from protoplan.model.component import ROUTES
from protoplan.model.difference import (
    AmountChange,
    Change,
    CycleChange,
    CycleMove,
    DoseChange,
    DrugLine,
    Elapsed,
    PlanDifference,
    PlanSide,
    Presence,
    Recorded,
    StatusChange,
    Timing,
    TotalChange,
)
from protoplan.quantity import Quantity, printed
from protoplan.rendering.difference_told import Row, counted, told
from protoplan.rendering.places import cycles, listed, places
from protoplan.rendering.words import dated, lines

#: Where the text of a line begins.
INDENT = 13

#: What stands under keys of the machine-readable plan, in words.
_KEYS = {
    "rules": "the rules that were looked at",
    "pending": "the rules that wait for labs of their day",
    "made_of": "the tablets, capsules or vials",
    "needs": "what must be known first",
    "because": "the reason",
    "working": "the working",
}


def render(difference: PlanDifference) -> str:
    """The whole comparison, wrapped at 100 columns."""
    out: list[str] = []
    for label, text in _rows(difference):
        out += lines(text, first=f"{label:<{INDENT}}")
    return "\n".join(out) + "\n"


def _rows(found: PlanDifference) -> Iterator[Row]:
    yield from _loud(found)
    yield "before", _side(found.before)
    yield "after", _side(found.after)
    if found.same:
        yield "same", "no difference: every date, dose and finding of the two plans is the same"
    order = found.cycles
    yield from _stated(found.stated)
    yield from (("moved", _move(entry, found)) for entry in found.moves)
    yield from (("cycle", _course(entry, order)) for entry in found.course)
    yield from (("moved", _timing(entry, order)) for entry in found.timings)
    yield from _recorded(found.recorded)
    yield from (("dose", _dose(entry, order)) for entry in found.doses)
    yield from ((entry.after, _status(entry, order)) for entry in found.statuses)
    for entry in found.presence:
        yield "new" if entry.new else "gone", _presence(entry, order)
    yield from (("total", _total(entry)) for entry in found.totals)
    yield from (told(entry) for entry in found.told)
    yield from _carried(found)
    yield from (("time", _elapsed(entry, found)) for entry in found.elapsed)
    for other in found.unchanged:
        what = _KEYS.get(other.key, other.key)
        doses = f"{counted(len(other.spots), 'dose')} that {_stay(len(other.spots))}"
        yield "remarks", f"{what} differ{_s(what)} at {doses}: {listed(other.names)}"


def _elapsed(entry: Elapsed, found: PlanDifference) -> str:
    """What went by with the days; it is no change of the treatment."""
    parts = []
    if entry.overdue:
        parts.append(f"{counted(entry.overdue, 'dose')} past and not recorded")
    if entry.unresolved:
        parts.append(f"{counted(entry.unresolved, 'dose')} that lack something, such as fresh labs")
    parts += [f"a stop: {text}" for text in entry.stops]
    return (
        f"both are compared as of {found.before.as_of}; as of {entry.as_of}, {entry.name} has "
        f"besides {'; '.join(parts)}"
    )


def _loud(found: PlanDifference) -> Iterator[Row]:
    before, after = found.before, found.after
    if before.treatment != after.treatment:
        both = f"{before.treatment} ({before.label}) and {after.treatment} ({after.label})"
        yield "ATTENTION", f"DIFFERENT TREATMENTS, not two versions of one: {both}"
    if before.protocol.id != after.protocol.id:
        both = f"{before.protocol.id} and {after.protocol.id}"
        yield "ATTENTION", f"DIFFERENT PROTOCOLS: {both}"


def _side(side: PlanSide) -> str:
    revised = f" of {side.revision_date}" if side.revision_date else ""
    return (
        f"{side.name}: {side.treatment} ({side.label}), revision {side.revision}{revised}, planned "
        f"as of {side.as_of}"
    )


def _stated(changes: Sequence[Change]) -> Iterator[Row]:
    """A line for each kind of thing that the plans were made from."""
    kinds: dict[str, list[str]] = {}
    for entry in changes:
        kinds.setdefault(entry.about, []).append(_from_to(entry))
    yield from ((kind, "; ".join(texts)) for kind, texts in kinds.items())


def _from_to(entry: Change) -> str:
    if entry.before is None:
        return f"{entry.name}: {entry.after} (new)"
    if entry.after is None:
        return f"{entry.name}: {entry.before} (gone)"
    return f"{entry.name}: {entry.before} → {entry.after}"


def _move(entry: CycleMove, found: PlanDifference) -> str:
    one = len(entry.labels) == 1
    whole = len(entry.labels) == len(found.cycles)
    which = (
        f"all {len(entry.labels)} cycles"
        if whole and not one
        else cycles(entry.labels, found.cycles)
    )
    way = "later" if entry.days > 0 else "earlier"
    first = "" if one else f"cycle {entry.labels[0]} "
    on = f"{first}on {dated(entry.after)} instead of {dated(entry.before)}"
    begins = f"begin{'s' if one else ''} {counted(abs(entry.days), 'day')} {way}: {on}"
    theirs = "its" if one else "their"
    doses = f"{counted(entry.doses, 'dose')} moved with {'it' if one else 'them'}"
    if entry.whole:
        return f"{which} {begins}; {theirs} doses and {theirs} days stay as they are ({doses})"
    return f"{which} {begins}; {doses}, and what else changed in {theirs} days is told below"


def _course(entry: CycleChange, order: Sequence[str]) -> str:
    one = len(entry.labels) == 1
    which, be = cycles(entry.labels, order), "is" if one else "are"
    with_doses = f", with {counted(entry.doses, 'dose')}" if entry.doses else ""
    match entry.what:
        case "new":
            return f"{which} {be} new, {entry.after}{with_doses}"
        case "gone":
            return f"{which} {be} gone, {entry.before}{with_doses}"
        case "length":
            return f"{which} last{'s' if one else ''} {entry.after} instead of {entry.before}"
        case "late":
            return f"{which} {'begins' if one else 'begin'} {entry.after}, {entry.before} before"
        case "dates":
            return f"{which} {'has' if one else 'have'} {entry.after} now, {entry.before} before"
    return f"{which} {be} of {entry.what} {entry.after} instead of {entry.before}"


def drug(line: DrugLine) -> str:
    """A drug with its route spelled out."""
    return f"{line.name} {ROUTES.get(line.route, line.route)}"


def _timing(entry: Timing, order: Sequence[str]) -> str:
    where, name = places(entry.line.spots, order), drug(entry.line)
    instead = f"{entry.after} instead of {entry.before}"
    match entry.what:
        case "day":
            on = [dated(date.fromisoformat(text)) for text in (entry.after, entry.before)]
            first = "the first on" if len(entry.line.spots) > 1 else "on"
            way = "later" if entry.by.days > 0 else "earlier"
            by = f"{counted(abs(entry.by.days), 'day')} {way} than the rest of its cycle"
            return f"{name} is {by}, {where}: {first} {on[0]} instead of {on[1]}"
        case "cycle day":
            return f"{name} stands on {instead}, {where}"
        case "time":
            return f"{name} begins at {instead}, {where}"
        case "duration":
            return f"{name} lasts {instead}, {where}"
    return f"{name} may be moved by {instead}, {where}"


def _recorded(found: Recorded | None) -> Iterator[Row]:
    if found is None:
        return
    parts = []
    if found.as_planned:
        parts.append(f"{_be(found.as_planned)} recorded as given, as planned")
    if found.otherwise:
        parts.append(f"{_be(found.otherwise)} recorded as given otherwise than ordered, see below")
    if found.unstated:
        parts.append(f"{_be(found.unstated)} recorded as given, without an amount")
    yield "recorded", "; ".join(parts)


def _be(count: int) -> str:
    return f"{counted(count, 'dose')} {'is' if count == 1 else 'are'}"


def _dose(entry: DoseChange, order: Sequence[str]) -> str:
    where = places(entry.line.spots, order)
    why = f": {'; '.join(entry.why)}" if entry.why else ""
    if entry.what == "given":
        given = f"{amount(entry.after)} given, {amount(entry.before)} ordered"
        return f"{drug(entry.line)} {given}{percentage(entry.percent)}, {where}{why}"
    what = "" if entry.what == "dose" else f" {entry.what}"
    both = f"{amount(entry.before)} → {amount(entry.after)}{percentage(entry.percent)}"
    return f"{drug(entry.line)}{what} {both}, {where}{why}"


def amount(quantity: Quantity | None) -> str:
    """An amount as it is printed; a dash where there is none."""
    return "–" if quantity is None else quantity.text()


def percentage(share: Decimal | None) -> str:
    """A percentage with its sign, in brackets; what rounds to nothing is told as little."""
    if share is None:
        return ""
    sign = "−" if share < 0 else "+"
    return f" ({sign}{printed(abs(share))}%)" if share else " (less than 0.1%)"


def _status(entry: StatusChange, order: Sequence[str]) -> str:
    dose = "" if entry.dose is None else f" {entry.dose.text()}"
    why = f": {entry.because}" if entry.because else ""
    where = places(entry.line.spots, order)
    return f"{drug(entry.line)}{dose}, {where}, {entry.before} → {entry.after}{why}"


def _presence(entry: Presence, order: Sequence[str]) -> str:
    dose = "" if entry.dose is None else f" {entry.dose.text()}"
    on = dated(entry.first)
    if entry.first != entry.last:
        on = f"from {on} to {dated(entry.last)}"
    return f"{drug(entry.line)}{dose}, {places(entry.line.spots, order)}, {on}"


def _total(entry: TotalChange) -> str:
    parts = []
    if entry.planned.differs:
        parts.append(_both(entry.planned, entry))
    if entry.ordered.differs:
        same = entry.planned.after == entry.ordered.after and parts
        parts += [] if same else [f"ordered {_both(entry.ordered, entry)}"]
    if entry.earlier.differs and 0 not in entry.doses:
        before, after = entry.earlier.before, entry.earlier.after
        parts.append(f"earlier treatment {_earlier(before)} → {_earlier(after)}")
    if entry.doses[0] != entry.doses[1]:
        was, now = ("–" if count is None else f"{count:,}" for count in entry.doses)
        parts.append(f"{was} → {now} doses")
    route = ROUTES.get(entry.route, entry.route)
    return f"{entry.name} {route}: {', '.join(parts)}"


def _both(change: AmountChange, entry: TotalChange) -> str:
    ends = zip((change.before, change.after), entry.doses, strict=True)
    before, after = (_sum(total, doses) for total, doses in ends)
    return f"{before} → {after}{percentage(change.percent)}"


def _sum(total: Quantity | None, doses: int | None) -> str:
    """A sum; without one a dose of the drug is unresolved, or the drug is not given."""
    if total is not None:
        return total.text()
    return "unresolved" if doses != 0 else "not given"


def _earlier(total: Quantity | None) -> str:
    return "not stated" if total is None else total.text()


def _carried(found: PlanDifference) -> Iterator[Row]:
    words = {"finding": "finding", "instruction": "instruction", "checklist": "line"}
    parts = []
    for entry in found.carried:
        text = counted(entry.count, words[entry.about])
        parts.append(f"{text} of the checklist" if entry.about == "checklist" else text)
    if parts:
        yield "moved", f"{listed(parts)}: another date alone, with the doses they are about"


def _stay(count: int) -> str:
    return "stays as it is" if count == 1 else "stay as they are"


def _s(what: str) -> str:
    singular = {"the reason", "the working", "what must be known first"}
    return "s" if what in singular else ""
