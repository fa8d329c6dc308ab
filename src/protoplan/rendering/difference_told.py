"""Findings and other things that plans say in words, as lines of a comparison."""

from protoplan.model.component import spelled
from protoplan.model.difference import Change
from protoplan.rendering.places import listed

#: A kind of line, and what it says.
Row = tuple[str, str]

#: So many dates of one line are named; the JSON names all.
DATES = 4


def told(entry: Change) -> Row:
    """The kind of a change that is said in words, and the sentence."""
    match entry.about:
        case "finding":
            return "finding", _finding(entry)
        case "unresolved":
            return _needed(entry)
        case "overdue":
            return "overdue", _overdue(entry)
        case "instruction" | "checklist":
            how = "new" if entry.before is None else "gone"
            said = f"{entry.name}: {_dates(entry.after or entry.before or '')}"
            return entry.about, f"{how}: {said}"
        case "plan":
            return "plan", f"what stands under {entry.name} is another"
    name = spelled(entry.name)
    if entry.before is None:
        return entry.about, f"new: {name}: {entry.after}"
    if entry.after is None:
        return entry.about, f"gone: {name}: {entry.before}"
    return entry.about, f"{name}: {entry.before} → {entry.after}"


def _finding(entry: Change) -> str:
    if entry.before is None:
        return f"new: {entry.name}: {entry.after}"
    if entry.after is None:
        return f"cleared: {entry.name}: {entry.before}"
    return f"changed: {entry.name}: {entry.after}; before: {entry.before}"


def _needed(entry: Change) -> Row:
    about, doses = spelled(entry.name), len(entry.doses)
    hangs = f" ({counted(doses, 'dose')} hang{'s' if doses == 1 else ''} on it)" if doses else ""
    if entry.before is None:
        return "unresolved", f"{about} needs {entry.after}{hangs}"
    if entry.after is None:
        return "resolved", f"{about}, which needed {entry.before}{hangs}"
    return "unresolved", f"{about} needs {entry.after}, and needed {entry.before}"


def _overdue(entry: Change) -> str:
    count = int(entry.after or entry.before or 0)
    if entry.before is None:
        return f"{counted(count, 'dose')} lie before the day of the plan and nothing is recorded"
    return f"{counted(count, 'dose')} of the past lacked a record before, and no longer do"


def _dates(text: str) -> str:
    """The first few dates, and how many more there are."""
    dates = text.split(", ")
    if len(dates) <= DATES:
        return listed(dates)
    return f"{', '.join(dates[:DATES])} and {len(dates) - DATES} more"


def counted(number: int, word: str) -> str:
    """A number with its noun: ``1 dose``, ``1,004 doses``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
