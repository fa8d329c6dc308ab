"""The plan as CSV: one row an administration; cells that a spreadsheet would run are defused."""

import csv
import io

from protoplan.model.plan import Plan
from protoplan.quantity import Quantity, plain

COLUMNS = (
    "treatment",
    "id",
    "cycle",
    "day",
    "date",
    "start",
    "end",
    "earliest",
    "latest",
    "drug",
    "route",
    "status",
    "overdue",
    "basis",
    "basis_unit",
    "bsa_m2",
    "calculated",
    "adjusted",
    "ordered",
    "unit",
    "given",
    "given_unit",
    "rate",
    "rate_unit",
    "assumptions",
    "sources",
    "needs",
)

#: What a spreadsheet takes for the beginning of a formula.
_LIVE = ("=", "+", "-", "@", "\t", "\r")


def render(plan: Plan) -> str:
    """A heading and one row an administration, lines ended by CR LF."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in plan.administrations:
        order = row.order
        earliest, latest = row.window or (None, None)
        cells = (
            plan.treatment, row.id, row.cycle, row.day, row.date, row.start.isoformat(),
            row.end.isoformat() if row.end else None, earliest, latest, order.drug, order.route,
            row.status, "yes" if row.overdue else "no",
            *_pair(order.basis), order.bsa if order.bsa is None else plain(order.bsa),
            _pair(order.calculated)[0], _pair(order.adjusted)[0], *_pair(order.ordered),
            *_pair(row.given.amount if row.given else None),
            *_pair(order.rate), "; ".join(order.assumptions), "; ".join(order.sources),
            "; ".join(order.needs),
        )  # fmt: skip
        writer.writerow([defused("" if cell is None else str(cell)) for cell in cells])
    return out.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_LIVE) else cell


def _pair(quantity: Quantity | None) -> tuple[str | None, str | None]:
    return (None, None) if quantity is None else (plain(quantity.value), quantity.unit)
