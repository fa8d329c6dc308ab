"""The plan as text in 100 columns: heading, what to look at, day by day, what is open, totals."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from protoplan.model.component import ROUTES, lasting, spelled
from protoplan.model.plan import Administration, CheckLine, Finding, Instruction, Plan, PlannedCycle
from protoplan.problems import Severity
from protoplan.quantity import decimal_of, printed
from protoplan.rendering.cycle_days import holds
from protoplan.rendering.runs import runs
from protoplan.rendering.words import NO_ORDER, dated, lines, table, titled


def render(plan: Plan) -> str:
    """The whole plan."""
    legend: dict[str, int] = {}
    parts = [*_incomplete(plan), *_heading(plan, legend), *_findings(plan)]
    for cycle in plan.cycles:
        parts += _cycle(plan, cycle, legend)
    parts += [*_open_items(plan), *_totals(plan), *_assumptions(legend), *_silences(plan)]
    return "\n".join(parts).strip("\n") + "\n"


def _heading(plan: Plan, legend: dict[str, int]) -> list[str]:
    first = plan.measures[0]
    revision = f"revision {plan.revision}"
    if plan.revision_date:
        revision += f" of {plan.revision_date}"
    rows = [
        (
            "protocol",
            f"{plan.protocol.id} {plan.protocol.version} (sha256 {plan.protocol.sha256[:12]})",
        ),
        ("treatment", f"{plan.treatment} ({plan.label}), {revision}, planned as of {plan.as_of}"),
    ]
    for measure in plan.measures:
        taken = f"{measure.height.text()}, {measure.weight.text()} on {measure.date}"
        rows.append(("patient" if measure is first else "", taken))
        rows.append(("surface area", f"{measure.working} ({measure.formula})"))
    for line in plan.options:
        shown = "not chosen" if line.value is None else line.value
        shown += "" if line.chosen or line.value is None else " (default)"
        marks = _mark([f"option {line.name}, {text}" for text in line.assumptions], legend)
        rows.append(("option", f"{line.name}: {shown}{marks}"))
    policy = next(entry for entry in plan.inputs if entry.kind == "policy")
    rows.append(("policy", f"{policy.id} {policy.version} (sha256 {policy.sha256[:12]})"))
    out = [plan.title, "═" * min(len(plan.title), 100)]
    for name, text in rows:
        out += lines(text, first=f"{name:<14}")
    out += ["", NO_ORDER]
    return out


def _incomplete(plan: Plan) -> list[str]:
    if plan.complete:
        return []
    out = ["INCOMPLETE: not a plan to give from until this is known", ""]
    for entry in plan.unresolved:
        count = len(entry.administrations)
        many = "1 administration hangs" if count == 1 else f"{count} administrations hang"
        hangs = f" ({many} on it)" if count else ""
        out += lines(f"{spelled(entry.about)}{hangs}", first="  • ")
        for how in entry.wanted:
            out += lines(how, first="      ")
    return [*out, ""]


def _findings(plan: Plan) -> list[str]:
    if not plan.findings:
        return []
    order = (Severity.STOP, Severity.WARNING, Severity.NOTE)
    out = titled("To look at")
    for finding in sorted(plan.findings, key=lambda found: order.index(found.severity)):
        out += lines(_sentence(finding), first=f"  {finding.severity.value:<8}")
    return out


def _sentence(finding: Finding) -> str:
    source = f" ({finding.source})" if finding.source else ""
    return f"{finding.message}{source} [{finding.code}]"


def _cycle(plan: Plan, cycle: PlannedCycle, legend: dict[str, int]) -> list[str]:
    if cycle.start is None or cycle.length_days is None:
        return [
            "",
            f"Cycle {cycle.label} ({cycle.kind}, {cycle.phase}): no dates; see what is lacking",
        ]
    last = cycle.start + timedelta(cycle.length_days - 1)
    mark = _mark(cycle.assumptions, legend)
    what = dict.fromkeys((cycle.kind, cycle.title or cycle.phase))
    out = titled(f"Cycle {cycle.label} · {' · '.join(what)}")
    ends = f"{dated(cycle.start)} to {dated(last)}, {cycle.length_days} days{mark}"
    if cycle.between:
        ends += f" (the source allows {cycle.between[0]} to {cycle.between[1]})"
    if cycle.late:
        by = "late" if cycle.late > 0 else "early"
        reason = f": {cycle.because}" if cycle.because else ""
        ends += f"; {abs(cycle.late)} day{'' if abs(cycle.late) == 1 else 's'} {by}{reason}"
    out.append(ends)
    here = [a for a in plan.administrations if a.cycle == cycle.label]
    days: dict[tuple[date, date], list[list[str]]] = {}
    for run in sorted(runs(here), key=lambda run: (run[0].start, -len(run))):
        days.setdefault((run[0].date, run[-1].date), []).append(_row(run, legend))
    for check in plan.checklist:
        if holds(plan, cycle, check.date):
            days.setdefault((check.date, check.date), []).insert(0, _check(check))
    for line in plan.instructions:
        if holds(plan, cycle, line.date):
            days.setdefault((line.date, line.date), []).insert(0, _held(line))
    for (begin, end), rows in sorted(
        days.items(), key=lambda day: (day[0][0], day[0][0] == day[0][1])
    ):
        out += ["", _day(begin, end, cycle.start), *(text for row in rows for text in row)]
    return out if days else [*out, "  nothing is given"]


def _day(begin: date, end: date, start: date) -> str:
    first, last = _cycle_day(begin, start), _cycle_day(end, start)
    if begin == end:
        return f"  day {first} · {dated(begin)}"
    return f"  days {first}–{last} · {dated(begin)} to {dated(end)}, daily"


def _cycle_day(on: date, start: date) -> str:
    day = (on - start).days + 1
    return str(day) if day > 0 else f"−{1 - day}"


def _row(rows: list[Administration], legend: dict[str, int]) -> list[str]:
    first = rows[0]
    order = first.order
    same_day = [row.start.strftime("%H:%M") for row in rows if row.date == first.date]
    if first.amount is None:
        dose = order.status.upper()
    elif order.rate is not None:
        dose = order.rate.text()
    else:
        dose = first.amount.text() + (" each" if len(same_day) > 1 else "")
    clock = ", ".join(same_day) if len(same_day) <= 2 else f"{len(same_day)} × daily"
    marked = [f"{order.drug} {order.route}, {text}" for text in order.assumptions]
    marked += [f"{order.drug} {order.route}, borrowed {text}" for text in order.borrowed]
    name = order.name + _mark(marked, legend)
    basis = _basis(first, same_day)
    return lines(basis, first=f"    {clock:<14}{name:<25} {dose:<13} {ROUTES[order.route]:<12}  ")


def _basis(first: Administration, clock: Sequence[str]) -> str:
    order = first.order
    parts = _recorded(first)
    if order.needs:
        parts.append(f"needs {', '.join(order.needs)}")
    if order.because:
        parts.append(order.because)
    if order.basis is not None:
        step = next(step for step in order.working if step.step == "calculated")
        parts.append(step.why if order.rate else step.why.partition(" = ")[0])
    parts += [change.reason for change in order.adjustments]
    if order.made_of:
        parts.append(" + ".join(map(str, order.made_of)))
    if len(clock) > 2:
        parts.append(f"at {', '.join(clock)}")
    if first.end is not None:
        parts.append(_runs(first, first.end, clock))
    if order.timed_by is not None:
        parts.append(order.timed_by)
    if first.window is not None:
        parts.append(f"window {dated(first.window[0])} to {dated(first.window[1])}")
    if first.overdue:
        parts.append("NOT RECORDED")
    return "; ".join(parts)


def _runs(first: Administration, end: datetime, clock: Sequence[str]) -> str:
    """Until when an infusion runs; how long each one takes, where a day has several."""
    if len(clock) > 1 and not first.order.rate:
        return f"over {lasting(int((end - first.start).total_seconds()) // 60)} each"
    return f"{'continuous to' if first.order.rate else 'to'} {dated(end.date())} {end:%H:%M}"


def _recorded(first: Administration) -> list[str]:
    """What the record says of a dose that was given."""
    given = first.given
    if given is None:
        return []
    parts = ["GIVEN"]
    if first.order.rate is not None:
        parts[0] += f" {given.amount.text()} in all"
    if given.ordered is not None and given.ordered != given.amount:
        parts.append(f"ordered {given.ordered.text()}")
    if first.date != first.due:
        parts.append(f"due {dated(first.due)}")
    return parts


def _held(line: Instruction) -> list[str]:
    return lines(f"{line.text}: {line.because}", first=" " * 18)


def _check(line: CheckLine) -> list[str]:
    """What is to be asked for before the doses of a day."""
    asked = []
    if line.labs:
        asked.append(f"{', '.join(line.labs)} ({'; '.join(line.would)})")
    if line.toxicities:
        asked.append(f"ask for {', '.join(line.toxicities)}")
    return lines(f"before these doses: {'; '.join(asked)}", first=" " * 18)


def _mark(assumptions: Sequence[str], legend: dict[str, int]) -> str:
    """A dagger and the numbers of what is assumed; the legend stands at the end."""
    numbers = [legend.setdefault(text, len(legend) + 1) for text in assumptions]
    return "†" + ",".join(map(str, numbers)) if numbers else ""


def _open_items(plan: Plan) -> list[str]:
    if not plan.open_items:
        return []
    out = titled("Open-ended: days that no one can know beforehand")
    for item in plan.open_items:
        out += lines(f"{item.text} ({item.when})", first="  • ")
        for gift in item.gives:
            out += lines(gift, first="      ")
        out += lines(f"until {item.until} ({item.source})", first="      ")
    return out


def _totals(plan: Plan) -> list[str]:
    rows = []
    for entry in plan.exposure:
        if entry.planned is None:
            planned = ordered = "unresolved"
        else:
            planned = f"{printed(decimal_of(entry.planned))} {entry.unit.replace('m2', 'm²')}"
            ordered = entry.ordered.text() if entry.ordered else "unresolved"
        name = next(a.order.name for a in plan.administrations if a.order.drug == entry.drug)
        before = "not stated" if entry.earlier is None else printed(decimal_of(entry.earlier))
        rows.append((name, ROUTES[entry.route], str(entry.doses), planned, before, ordered))
    head = ("drug", "route", "times", "planned before rounding", "earlier", "ordered")
    if not rows:
        return []
    out = [*titled("Totals over all cycles"), *table(rows, head)]
    for total in plan.totals:
        if total.given or total.open:
            of = " and ".join(map(spelled, total.of))
            stands = f"{total.given} given, {total.planned} planned, {total.open} open"
            out += lines(f"{of}: {total.doses} doses in all; {stands}", first="  ")
    return out


def _assumptions(legend: dict[str, int]) -> list[str]:
    if not legend:
        return []
    out = titled("† Assumed, because no source gives it, or borrowed from another source")
    for text, number in legend.items():
        out += lines(text, first=f"  {number:>2}  ")
    return out


def _silences(plan: Plan) -> list[str]:
    if not plan.silences:
        return []
    out = titled("What the source does not say")
    for about, left in plan.silences:
        out += lines(f"{about}: {left}", first="  • ")
    return out
