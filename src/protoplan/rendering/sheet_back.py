"""What stands before and after the calendar: findings, assumptions, open items, workings."""

from collections.abc import Iterable, Sequence

from protoplan.model.component import ROUTES, spelled
from protoplan.model.order import Order
from protoplan.model.plan import Administration, Finding, OpenLine, Plan, Unresolved
from protoplan.problems import Severity
from protoplan.rendering.runs import by_order
from protoplan.rendering.sheet_model import Look, OpenEnded, Section, Working
from protoplan.rendering.words import dated


def concerns(ids: Sequence[str], labels: Iterable[str]) -> bool:
    """Whether what hangs on these administrations concerns one of the cycles; on none, all."""
    return not ids or any(name.startswith(f"{label}.") for name in ids for label in labels)


def looks(plan: Plan, label: str) -> tuple[Look, ...]:
    """What is lacking, stops and warnings of a cycle; notes are counted and stand at the end."""
    found = [
        Look("incomplete", _lacking(entry))
        for entry in plan.unresolved
        if concerns(entry.administrations, [label])
    ]
    here = [entry for entry in plan.findings if concerns(entry.administrations, [label])]
    for severity in (Severity.STOP, Severity.WARNING):
        found += [
            Look(severity.value, _sentence(entry)) for entry in here if entry.severity is severity
        ]
    notes = sum(entry.severity is Severity.NOTE for entry in here)
    if notes:
        said = "1 note" if notes == 1 else f"{notes} notes"
        found.append(Look("note", f"{said}: see Notes, after the cycles"))
    return tuple(found)


def _lacking(entry: Unresolved) -> str:
    count = len(entry.administrations)
    hangs = f" ({count} dose{'' if count == 1 else 's'} of the course)" if count else ""
    return f"{spelled(entry.about)}{hangs}: {'; '.join(entry.wanted)}"


def _sentence(finding: Finding) -> str:
    source = f" ({finding.source})" if finding.source else ""
    return f"{finding.message}{source} [{finding.code}]"


def open_ended(items: Sequence[OpenLine], label: str) -> tuple[OpenEnded, ...]:
    """The open-ended items of a cycle."""
    return tuple(
        OpenEnded(
            f"{item.text} ({item.when})", (*item.gives, f"until {item.until} ({item.source})")
        )
        for item in items
        if not item.cycles or label in item.cycles
    )


def sections(
    plan: Plan, labels: Sequence[str], legend: dict[str, int], *, working: bool
) -> tuple[Section, ...]:
    """Assumptions, notes, and what the source is silent on.

    Args:
        plan: The whole plan.
        labels: Of the cycles that are printed.
        legend: The numbers of the assumptions.
        working: Whether what the source is silent on stands here too.
    """
    notes = [
        ("", _sentence(entry))
        for entry in plan.findings
        if entry.severity is Severity.NOTE and concerns(entry.administrations, labels)
    ]
    silent = [("", f"{about}: {left}") for about, left in plan.silences] if working else []
    all_of_them = (
        Section(
            "† Assumed, because no source gives it, or borrowed from another source",
            tuple((str(number), text) for text, number in legend.items()),
        ),
        Section("Notes", tuple(notes)),
        Section("What the source does not say", tuple(silent)),
    )
    return tuple(section for section in all_of_them if section.lines)


def workings(rows: Sequence[Administration]) -> tuple[Working, ...]:
    """The working of each distinct dose of these administrations."""
    return tuple(_worked(group) for group in by_order(rows))


def _worked(rows: Sequence[Administration]) -> Working:
    order = rows[0].order
    steps = [
        (step.step, step.after.text(), f"{step.why} ({step.source})") for step in order.working
    ]
    for line in order.rules:
        words = f": {line.words}" if line.words else ""
        steps.append(("rule", line.outcome, f"{line.rule}{words} ({line.source})"))
    if order.because:
        steps.append((order.status, "", order.because))
    if order.needs:
        steps.append(("unresolved", "", f"needs {', '.join(order.needs)}; no dose is ordered"))
    steps += [("† assumed", "", text) for text in order.assumptions]
    steps += [("source", "", text) for text in order.sources]
    return Working(f"{order.name}, {ROUTES[order.route]}: {_result(order)}", _given(rows),
                   tuple(steps))  # fmt: skip


def _result(order: Order) -> str:
    if order.ordered is None:
        return order.status.upper()
    made = f" = {' + '.join(map(str, order.made_of))}" if order.made_of else ""
    return order.ordered.text() + made


def _given(rows: Sequence[Administration]) -> str:
    """Every cycle and day it is given on, days in a row as a range."""
    days: dict[str, list[Administration]] = {}
    for row in rows:
        days.setdefault(row.cycle, []).append(row)
    parts = []
    for label, group in days.items():
        numbers = sorted({row.day for row in group})
        spans: list[list[int]] = []
        for number in numbers:
            if spans and number == spans[-1][-1] + 1:
                spans[-1][1:] = [number]
            else:
                spans.append([number])
        shown = ", ".join("–".join(map(str, span)) for span in spans)
        word = "day" if len(numbers) == 1 else "days"
        parts.append(f"cycle {label} {word} {shown} (from {dated(group[0].date)})")
    return "; ".join(parts)
