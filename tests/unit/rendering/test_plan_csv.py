"""The plan as CSV, read back as a spreadsheet would."""

import csv
import io

import attrs
import pytest
from tests.courses import COURSE, plan_of

from protoplan.rendering import plan_csv


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=1,"=2"', "one\r\ntwo"]
)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    plan = plan_of(*COURSE)
    order = attrs.evolve(plan.administrations[0].order, assumptions=(text,))
    first = attrs.evolve(plan.administrations[0], order=order)
    harmed = attrs.evolve(plan, administrations=(first, *plan.administrations[1:]))

    rows = list(csv.DictReader(io.StringIO(plan_csv.render(harmed), newline="")))

    assert len(plan.administrations) == len(rows)
    assert rows[0]["assumptions"] in {text, f"'{text}"}
    cells = [cell for row in rows for cell in row.values()]
    assert [] == [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
