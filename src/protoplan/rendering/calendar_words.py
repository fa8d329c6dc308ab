"""What stands in the description of a calendar's entry."""

from collections.abc import Sequence

from protoplan.model.component import ROUTES
from protoplan.model.order import Order
from protoplan.model.plan import Administration, Plan
from protoplan.rendering.words import dated


def before(plan: Plan, row: Administration) -> list[str]:
    """What is to be done and asked for on the day of a dose."""
    out = [
        f"{line.text}: {line.because} ({line.source})"
        for line in plan.instructions
        if line.date == row.date
    ]
    for check in plan.checklist:
        if check.date != row.date or check.cycle != row.cycle:
            continue
        if check.labs:
            out.append(f"before these doses: {', '.join(check.labs)} ({'; '.join(check.would)})")
        if check.toxicities:
            out.append(f"before these doses: ask for {', '.join(check.toxicities)}")
    return out


def infusions(rows: Sequence[Administration]) -> list[str]:
    """Until when infusions run that begin; they have no entry of their own on later days."""
    return [
        f"{row.order.name} {_until(row)}"
        for row in rows
        if row.end is not None and row.end.date() > row.date
    ]


def doses(rows: Sequence[Administration]) -> list[str]:
    """Each distinct dose with its times, route, basis and working."""
    groups: dict[tuple[int, str], list[Administration]] = {}
    for row in rows:
        groups.setdefault((id(row.order), row.status), []).append(row)
    return [line for group in groups.values() for line in _dose(group)]


def _dose(rows: Sequence[Administration]) -> list[str]:
    first, order = rows[0], rows[0].order
    name = f"{order.name}{'†' if order.assumptions or order.borrowed else ''}"
    route = ROUTES[order.route]
    if first.status in ("held", "omitted", "missed", "cancelled"):
        said = {"held": "HELD", "omitted": "left out"}.get(first.status, first.status.upper())
        because = f": {order.because}" if order.because else ""
        return [f"{said}: {name}, {route}{because}"]
    out = [f"{', '.join(_clock(row) for row in rows)} {name} {_amount(rows)}, {route}"]
    out += [f"  {row.start:%H:%M} {_until(row)}" for row in rows if row.end is not None]
    if first.window is not None:
        out.append(f"  window {dated(first.window[0])} to {dated(first.window[1])}")
    if any(row.overdue for row in rows):
        out.append("  NOT RECORDED")
    if order.needs:
        out.append(f"  needs {', '.join(order.needs)}")
    return out + _working(order)


def _amount(rows: Sequence[Administration]) -> str:
    order = rows[0].order
    amount = rows[0].amount
    if amount is None:
        return order.status.upper()
    each = " each" if len(rows) > 1 else ""
    rate = f"at {order.rate.text()}, in all " if order.rate else ""
    given = "" if rows[0].given is None else " GIVEN"
    return f"{rate}{amount.text()}{each}{given}"


def _working(order: Order) -> list[str]:
    out = [
        f"  {step.step}: {step.after.text()}, {step.why} ({step.source})" for step in order.working
    ]
    if order.made_of:
        out.append(f"  made of {' + '.join(map(str, order.made_of))}")
    out += [f"  † assumed: {text}" for text in order.assumptions]
    out += [f"  † borrowed: {text}" for text in order.borrowed]
    return out


def _clock(row: Administration) -> str:
    return row.start.strftime("%H:%M")


def _until(row: Administration) -> str:
    assert row.end is not None
    return f"runs to {dated(row.end.date())} {row.end:%H:%M}"
