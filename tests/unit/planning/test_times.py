"""When the doses of one sig begin and end in one cycle, of 21 days from Monday 2026-03-02.

The site gives a dose at 10:00. What a dose may hang on is made up here: a start and an end.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import attrs
from tests.engine import drug_text, formulary, policy_with, protocol_text

from protoplan import files
from protoplan.model.component import Days, Sig
from protoplan.model.plan import PlannedCycle
from protoplan.planning.times import Time, times

CYCLE = PlannedCycle("1", "only", "treatment", date(2026, 3, 2), 21)


@attrs.frozen(eq=False)
class Dose:
    """One on which another hangs; there is no first and no last of two but by their times."""

    start: datetime
    end: datetime | None


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(date(2026, 3, day), time(hour, minute))


def timed(
    written: str, near: Sequence[Dose] = (), takes: timedelta | None = None
) -> list[Time[Dose]]:
    """What a sig asks for, written as in a protocol."""
    with formulary(drug_text("alpha")):
        protocol = files.load_text(protocol_text(sig=f"{{{written}}}"), "made-up.yaml")[1]
    sig: Sig = protocol.components[0].sigs[0]
    assert sig.days is None or isinstance(sig.days, Days)
    return list(times(CYCLE, sig, (sig.days, takes), policy_with({}).clock, near))


def test_a_single_dose_takes_one_day_and_ends_where_its_length_is_known() -> None:
    sig = "dose: 1 mg, days: [1, 3]"

    assert [(at(2, 10), None, 1, None), (at(4, 10), None, 1, None)] == timed(sig)
    assert [
        (at(2, 10), at(2, 11, 30), 1, None), (at(4, 10), at(4, 11, 30), 1, None)
    ] == timed(sig, takes=timedelta(minutes=90))  # fmt: skip


def test_an_infusion_of_days_takes_as_many_and_ends_by_itself() -> None:
    """From 10:00 of day 2 to 10:00 of the day after day 5, four days."""
    assert [(at(3, 10), at(7, 10), 4, None)] == timed(
        "rate: 9 mg/day, days: 2-5", takes=timedelta(hours=1)
    )


#: The second begins last and is over before the first ends.
LONG, SHORT = Dose(at(2, 10), at(4, 10)), Dose(at(3, 8), at(3, 9))
AT_ONCE = Dose(at(2, 10), at(4, 10))


def test_a_time_hangs_on_the_first_start_and_on_the_last_end() -> None:
    by_start = "dose: 1 mg, begins: {before_start_of: beta IV, by: 1 h}"
    by_end = "dose: 1 mg, begins: {after_end_of: beta IV, by: 30 min}"

    for near in ([LONG, SHORT], [SHORT, LONG]):
        assert [(at(2, 9), None, 1, LONG)] == timed(by_start, near)
        assert [(at(4, 10, 30), None, 1, LONG)] == timed(by_end, near)


def test_of_doses_at_one_time_the_first_in_the_protocol_is_the_one_it_hangs_on() -> None:
    for edge in ("after_start_of", "after_end_of"):
        for near in ([LONG, AT_ONCE], [AT_ONCE, LONG]):
            (found,) = timed(f"dose: 1 mg, begins: {{{edge}: beta IV}}", near)
            assert near[0] is found[3]


def test_on_a_day_a_time_hangs_on_the_doses_that_begin_on_it() -> None:
    sig = "dose: 1 mg, days: 1-2, begins: {after_end_of: beta IV, by: 1 h}"

    assert [(at(4, 11), None, 1, LONG), (at(3, 10), None, 1, SHORT)] == timed(sig, [SHORT, LONG])


def test_a_dose_without_an_end_gives_no_time_after_its_end() -> None:
    endless = Dose(at(2, 12), None)
    sig = "dose: 1 mg, begins: {after_end_of: beta IV}"

    assert [] == timed(sig, [endless])
    assert [(at(3, 9), None, 1, SHORT)] == timed(sig, [endless, SHORT])
