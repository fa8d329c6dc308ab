"""What must hold on every day of every course, whatever was recorded."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.standings import RECORDED, STARTS, planned, sample, stands

from protoplan.model.plan import NOT_GIVEN
from protoplan.model.standing import ExposureSoFar
from protoplan.rendering import standing_text
from protoplan.rendering.words import WIDTH

HELD = "  - {date: 2026-05-04, held: 3.d1.vincristine.IV.1, reason: ileus}\n"
TEXTS = st.sampled_from([sample(""), sample(STARTS), sample(STARTS + HELD), RECORDED])
DAYS = st.integers(-3, 420).map(lambda n: date(2026, 3, 2) + timedelta(n))


@settings(max_examples=20)
@given(text=TEXTS, on=DAYS)
def test_no_dose_is_lost_between_what_is_past_and_what_is_to_come(text: str, on: date) -> None:
    plan, standing = planned(text, on), stands(text, on)
    named = {row.id for group in standing.overdue for row in group.doses}
    counted = [row for row in plan.administrations if row.status not in NOT_GIVEN]
    unrecorded = {row.id for row in counted if row.date < on and row.status != "given"}

    assert unrecorded <= named
    assert all(row.date < on for group in standing.overdue for row in group.doses)
    assert len(counted) == sum(sum(entry.doses) for entry in standing.exposure)
    for whole, parts in zip(plan.exposure, standing.exposure, strict=True):
        assert (whole.drug, whole.route) == (parts.drug, parts.route)
        assert whole.planned == together(parts)


def together(parts: ExposureSoFar) -> object:
    if parts.not_recorded is None or parts.to_come is None:
        return None
    return parts.given + parts.not_recorded + parts.to_come


@settings(max_examples=10)
@given(text=TEXTS, on=DAYS)
def test_no_line_is_too_long_and_no_dose_of_the_day_is_left_out(text: str, on: date) -> None:
    standing = stands(text, on)
    lines = standing_text.render(standing).splitlines()

    assert [] == [line for line in lines if len(line) > WIDTH]
    head = " ".join(" ".join(lines[: lines.index("")]).split())
    assert all(row.order.name in head or row.status in ("omitted", "cancelled")
               for row in standing.doses)  # fmt: skip
