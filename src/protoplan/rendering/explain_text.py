"""The working of each distinct dose, step by step, to be checked with a pencil."""

from collections.abc import Sequence

from protoplan.model.component import ROUTES
from protoplan.model.order import Step
from protoplan.model.plan import Administration, Plan
from protoplan.rendering.words import NO_ORDER, dated, lines


def render(plan: Plan, chosen: Sequence[Administration]) -> str:
    """The workings of *chosen* administrations, each distinct dose once.

    Args:
        chosen: Some of the plan's administrations, in its order.
    """
    groups: dict[int, list[Administration]] = {}
    for row in chosen:
        groups.setdefault(id(row.order), []).append(row)
    out = [
        f"{plan.title}",
        f"{plan.protocol.id} {plan.protocol.version} · {plan.treatment} ({plan.label})",
        NO_ORDER,
    ]
    for rows in groups.values():
        out += _dose(rows)
    return "\n".join(out) + "\n"


def _dose(rows: Sequence[Administration]) -> list[str]:
    order = rows[0].order
    title = f"{order.name}, {ROUTES[order.route]}"
    out = ["", title, "─" * len(title)]
    times = "; ".join(_when(row) for row in rows[:8])
    more = f"; and {len(rows) - 8} more" if len(rows) > 8 else ""
    out += lines(times + more, first="  when        ")
    if order.timed_by is not None:
        out += lines(order.timed_by, first="  timed       ")
    for step in order.working:
        out += _step(step)
    for entry in order.rules:
        words = f": {entry.words}" if entry.words else ""
        out += lines(
            f"{entry.outcome}, {entry.rule}{words} ({entry.source})", first="  rule        "
        )
    if order.because:
        out += lines(f"{order.status.upper()}: {order.because}", first="  ")
    if order.needs:
        out += lines(f"UNRESOLVED: needs {', '.join(order.needs)}; no dose is ordered", first="  ")
    if order.ordered is not None:
        out += lines(f"{order.ordered.text()}", first="  ordered     ")
    given = rows[0].given
    if given is not None:
        source = "the record" if given.stated else "what its rate came to until it was interrupted"
        at = "; ".join(dict.fromkeys(str(row.given.at) for row in rows if row.given is not None))
        out += lines(f"{given.amount.text()} ({source}) [{at}]", first="  given       ")
    for text in order.assumptions:
        out += lines(text, first="  † assumed   ")
    for text in order.sources:
        out += lines(text, first="  source      ")
    return out


def _when(row: Administration) -> str:
    text = f"cycle {row.cycle} day {row.day}, {dated(row.date)} {row.start.strftime('%H:%M')}"
    if row.end is not None:
        text += f" to {dated(row.end.date())} {row.end.strftime('%H:%M')}"
    if row.window is not None:
        text += f" (window {row.window[0]} to {row.window[1]})"
    return text


def _step(step: Step) -> list[str]:
    at = f" [{step.at}]" if step.at else ""
    names = {"body surface area": "area"}
    first = f"  {names.get(step.step, step.step):<11} "
    out = lines(f"{step.after.text()}", first=first)
    return out + lines(f"{step.why} ({step.source}){at}", first=" " * 16)
