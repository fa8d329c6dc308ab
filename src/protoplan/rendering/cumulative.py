"""How much of one drug: dose by dose with running totals, as text and as JSON."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from protoplan.model.component import ROUTES
from protoplan.model.exposure import Ledger, LedgerRow, LimitLine
from protoplan.model.plan import NOT_GIVEN
from protoplan.quantity import Quantity, decimal_of, plain, printed
from protoplan.rendering.plan_json import amount, fraction, laid_out, limit
from protoplan.rendering.words import NO_ORDER, dated, lines, table


def render_text(ledgers: Sequence[Ledger]) -> str:
    """A table for each route in 100 columns, and the totals against what the protocol plans."""
    return "\n".join([*map(_text_of, ledgers), f"{NO_ORDER}\n"])


def _text_of(ledger: Ledger) -> str:
    unit = ledger.unit.replace("m2", "m²")
    out = [
        f"{ledger.name}, {ROUTES[ledger.route]}: cumulative dose",
        f"{ledger.protocol.id} {ledger.protocol.version} · {ledger.treatment} ({ledger.label})",
        "",
    ]
    head = (
        "date",
        "cycle",
        "day",
        "amount",
        "running",
        f"counts {unit}",
        f"running {unit}",
        "remaining",
        "",
    )
    rows = []
    for row in ledger.rows:
        left = "" if row.remaining is None else printed(decimal_of(row.remaining))
        counts = "unresolved" if row.counts is None else printed(decimal_of(row.counts))
        running = "" if row.running is None else printed(decimal_of(row.running))
        rows.append(
            (
                dated(row.date),
                row.cycle,
                str(row.day),
                _text(row.ordered, row.status),
                _text(row.running_ordered, row.status),
                counts,
                running,
                left,
                row.status,
            )
        )
    out += table(rows, head)
    out.append("")
    out += lines(_earlier(ledger, unit), first="earlier treatment   ")
    out += lines(_amount(ledger.planned, unit), first="this plan           ")
    out += lines(_amount(ledger.total, unit), first="with earlier        ")
    if ledger.expected is None:
        out += lines("the protocol states no total for these choices", first="protocol's total    ")
    else:
        out += lines(
            f"{ledger.expected.text()} ({ledger.expected_at})", first="protocol's total    "
        )
    for line in ledger.limits:
        out += lines(_limit(line), first="limit               ")
    if ledger.transplant is not None and ledger.last is not None:
        on, days = ledger.transplant
        text = f"{on}, {weeks(days)} after the last dose of this plan on {ledger.last}"
        out += lines(text, first="transplant          ")
    out += lines(
        "what is counted is the dose before rounding over its own surface area; "
        "what is ordered is after rounding"
        if unit.endswith("m²")
        else "what is counted is the dose before rounding",
        first="note                ",
    )
    return "\n".join(out) + "\n"


def _text(quantity: Quantity | None, status: str) -> str:
    if quantity is None:
        return status if status in NOT_GIVEN else "unresolved"
    return quantity.text()


def _amount(value: Fraction | None, unit: str) -> str:
    return "unresolved" if value is None else f"{printed(decimal_of(value))} {unit}"


def weeks(days: int) -> str:
    """Days as weeks and days."""
    whole, rest = divmod(abs(days), 7)
    text = f"{whole} week{'' if whole == 1 else 's'}"
    text += f" and {rest} day{'' if rest == 1 else 's'}" if rest else ""
    return f"{text} BEFORE" if days < 0 else text


def _limit(line: LimitLine) -> str:
    most = line.most.text() if line.most else f"{line.cycles} cycles"
    where = f"in a cycle (cycle {line.cycle} comes nearest)" if line.cycle else "in all"
    if line.value is None:
        stands = "PASSED by this plan alone" if line.passed else "not known: see earlier treatment"
    else:
        value = f"{printed(decimal_of(line.value))} {line.unit.replace('m2', 'm²')}"
        stands = f"{value}, {'PASSED' if line.passed else 'not passed'}"
    by = f"; other drugs count by the table {line.by}" if line.by else ""
    says = f"; {line.says}" if line.says else ""
    return f"{line.about}: {most} {where}: {stands}{by}{says} ({line.source})"


def _earlier(ledger: Ledger, unit: str) -> str:
    if ledger.earlier is None:
        return (
            f"NOT KNOWN: {ledger.earlier_why}; the running totals count this course alone. "
            f"State earlier_exposure, or none"
        )
    if ledger.earlier == 0:
        return "none stated"
    return f"{printed(decimal_of(ledger.earlier))} {unit}, counted in the running totals"


def render_json(ledgers: Sequence[Ledger]) -> str:
    """One JSON object with a ledger for each route."""
    first = ledgers[0]
    data = {
        "format": "protoplan-cumulative/1",
        "drug": first.drug,
        "protocol": {
            "id": first.protocol.id,
            "version": first.protocol.version,
            "sha256": first.protocol.sha256,
        },
        "treatment": {"id": first.treatment, "label": first.label},
        "ledgers": [_data_of(ledger) for ledger in ledgers],
    }
    return laid_out(data)


def _data_of(ledger: Ledger) -> dict[str, Any]:
    return {
        "route": ledger.route,
        "basis": ledger.unit,
        "earlier": fraction(ledger.earlier),
        "planned": fraction(ledger.planned),
        "value": fraction(ledger.total),
        "protocol_total": None if ledger.expected is None else plain(ledger.expected.value),
        "remaining": fraction(ledger.rows[-1].remaining),
        "limits": [limit(line) for line in ledger.limits],
        "last_dose": ledger.last.isoformat() if ledger.last else None,
        "transplant": _transplant(ledger),
        "doses": [_row(row) for row in ledger.rows],
    }


def _transplant(ledger: Ledger) -> dict[str, Any] | None:
    if ledger.transplant is None:
        return None
    on, days = ledger.transplant
    return {"date": on.isoformat(), "days_after_last_dose": days}


def _row(row: LedgerRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "date": row.date.isoformat(),
        "cycle": row.cycle,
        "day": row.day,
        "status": row.status,
        "ordered": amount(row.ordered),
        "running_ordered": amount(row.running_ordered),
        "counts": fraction(row.counts),
        "running": fraction(row.running),
        "remaining": fraction(row.remaining),
    }
