"""The record laid out by what its entries are about."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.engine import drug_text, read_drug

from protoplan.model.record import (
    Begun,
    Delayed,
    Entry,
    Given,
    Interrupted,
    MovedOn,
    NotGiven,
    Response,
    Resumed,
    Started,
    Stopped,
)
from protoplan.model.safety import Interruption
from protoplan.planning.happened import NOTHING, Break, Happened, happened
from protoplan.quantity import Quantity
from protoplan.source import Citation, Grounds, Place

HERE = Place("t.yaml", 1, 1)
HOUR = time(10)
DOSE, OTHER = "1.d1.alpha.IV.1", "1.d1.beta.IV.1"
LABEL = "interruption: {at_most: 7 days, source: [label, section 2]}"
DRUGS = {"alpha": read_drug(drug_text("alpha", LABEL)), "beta": read_drug(drug_text("beta"))}


def day(number: int) -> date:
    return date(2026, 3, number)


FIRST = day(2)


def at(number: int, hour: int) -> datetime:
    return datetime.combine(day(number), time(hour))


def given(number: int, dose: str = DOSE) -> Given:
    amount = Quantity(Decimal(1), "mg")
    return Given(
        date=day(number), at=HERE, dose=dose, amount=amount, time=None, rate=None, bsa=None,
        weight=None,
    )  # fmt: skip


def missed(number: int, dose: str = DOSE, how: str = "missed") -> NotGiven:
    return NotGiven(date=day(number), at=HERE, dose=dose, how=how, reason="so")


def begun(number: int, dose: str = DOSE, clock: time | None = None) -> Begun:
    return Begun(date=day(number), at=HERE, dose=dose, time=clock)


def delayed(number: int, what: str, to: int) -> Delayed:
    return Delayed(date=day(number), at=HERE, what=what, to=day(to), reason="so")


def cut(number: int, dose: str = DOSE, clock: time | None = None) -> Interrupted:
    return Interrupted(
        date=day(number), at=HERE, dose=dose, time=clock, delivered=None, reason="fever"
    )


def again(number: int, dose: str = DOSE, clock: time | None = None) -> Resumed:
    return Resumed(date=day(number), at=HERE, dose=dose, time=clock)


def stopped(number: int, drug: str) -> Stopped:
    return Stopped(date=day(number), at=HERE, drug=drug, route=None, reason="so")


def moved(number: int, to: str) -> MovedOn:
    return MovedOn(date=day(number), at=HERE, to=to, reason="so")


def laid(*record: Entry, as_of: date = FIRST) -> Happened:
    return happened(record, DRUGS, as_of, HOUR)


# -- each kind --------------------------------------------------------------------------------------


def test_each_entry_stands_with_what_it_is_about_and_the_last_word_holds() -> None:
    first, second = (
        Started(date=day(2), at=HERE, cycle="1"),
        Started(date=day(3), at=HERE, cycle="2"),
    )
    record: Sequence[Entry] = (
        first,
        second,
        delayed(3, "3", 20),
        delayed(4, "3", 22),
        delayed(4, DOSE, 8),
        delayed(5, DOSE, 9),
        given(6),
        begun(6, OTHER),
        missed(6, OTHER, "held"),
        missed(7, OTHER),
        stopped(8, "beta"),
        moved(9, "maintenance"),
        moved(10, "transplant"),
        Response(date=day(9), at=HERE, remission=None, mrd="negative"),
        cut(6, OTHER),
    )

    assert laid(*record) == Happened(
        started={"1": first, "2": second},
        put_off={"3": delayed(4, "3", 22)},
        given={DOSE: given(6)},
        begun={OTHER: begun(6, OTHER)},
        not_given={OTHER: missed(7, OTHER)},
        delayed={DOSE: delayed(5, DOSE, 9)},
        stopped=(stopped(8, "beta"),),
        moved_on=(moved(9, "maintenance"), moved(10, "transplant")),
        breaks=(Break(cut(6, OTHER), None, None, None, False, 0),),
    )


def test_of_an_empty_record_nothing_is_known() -> None:
    assert NOTHING == laid()
    assert {} == NOTHING.doses
    assert NOTHING.transplant is None
    assert NOTHING.broken_off("1") is None


def test_every_dose_is_named_with_one_entry_the_surest_of_them() -> None:
    names = [f"1.d{number}.alpha.IV.1" for number in range(1, 6)]
    record = [given(2, names[0])]
    record += [begun(3, name) for name in names[:2]]  # type: ignore[misc]
    record += [missed(4, name) for name in names[:3]]  # type: ignore[misc]
    record += [delayed(5, name, 20) for name in names[:4]]  # type: ignore[misc]
    record += [cut(6, name) for name in names]  # type: ignore[misc]
    record += [cut(8, name) for name in names]  # type: ignore[misc]

    assert laid(*record).doses == {
        names[0]: given(2, names[0]),
        names[1]: begun(3, names[1]),
        names[2]: missed(4, names[2]),
        names[3]: delayed(5, names[3], 20),
        names[4]: cut(6, names[4]),
    }


def test_a_course_moves_on_to_a_phase_or_to_a_transplant() -> None:
    went = laid(moved(3, "maintenance"), moved(4, "late"), moved(5, "late"))

    assert moved(3, "maintenance") == went.moved_to("maintenance")
    assert moved(4, "late") == went.moved_to("late")
    assert went.moved_to("early") is None
    assert went.transplant is None
    assert moved(6, "transplant") == laid(moved(3, "late"), moved(6, "transplant")).transplant


# -- interruptions ----------------------------------------------------------------------------------

SOURCE = "label: section 2"


def seven(
    entry: Interrupted, ended: Resumed | None, *, over: bool, whole_days: int
) -> tuple[Break, ...]:
    """The one interruption of alpha, whose label allows 7 days."""
    return (Break(entry, ended, 7, SOURCE, over, whole_days),)


@pytest.mark.parametrize(
    ("as_of", "over", "whole_days"),
    [(1, False, 0), (2, False, 0), (3, False, 1), (9, False, 7), (10, True, 8)],
)
def test_a_break_that_goes_on_has_lasted_up_to_the_day_of_the_plan(
    as_of: int, over: bool, whole_days: int
) -> None:
    for entry in (cut(2), cut(2, clock=time(22))):
        assert seven(entry, None, over=over, whole_days=whole_days) == (
            laid(entry, as_of=day(as_of)).breaks
        )


@pytest.mark.parametrize(
    ("began", "ended", "over", "whole_days"),
    [
        # Without times whole days; a time alone counts from, or to, the hour of infusions: 10:00.
        (None, (9, None), False, 7),
        (None, (10, None), True, 8),
        (time(22), (9, None), False, 7),
        (None, (9, time(10)), False, 7),
        (None, (9, time(10, 1)), True, 8),
        (None, (9, time(9, 59)), False, 7),
        (time(9, 59), (9, time(10)), True, 8),
        (time(22), (3, time(21)), False, 1),
        (time(22), (3, time(22)), False, 1),
        (time(22), (3, time(23)), False, 2),
        (time(22), (2, time(22)), False, 0),
        (time(8), (2, time(22)), False, 1),
    ],
)
def test_a_break_that_is_over_is_counted_by_the_clock(
    began: time | None, ended: tuple[int, time | None], over: bool, whole_days: int
) -> None:
    entry, resumed = cut(2, clock=began), again(ended[0], clock=ended[1])

    assert seven(entry, resumed, over=over, whole_days=whole_days) == (
        laid(entry, resumed, as_of=day(28)).breaks
    )


@pytest.mark.parametrize(
    ("entries", "over", "whole_days"),
    [
        # From 10:00 on day 2 to 08:00 on day 9 are 22 hours less than 7 days and a day.
        ([], False, 7),
        ([begun(1, "1.d9.alpha.IV.2")], False, 7),
        # From 06:00 they are 7 days and 2 hours.
        ([begun(1, "1.d9.alpha.IV.2", time(6))], True, 8),
        # What began before it takes it along; of several the last, by day and then by number.
        ([begun(1, "1.d9.alpha.IV.1", time(6))], True, 8),
        ([begun(1, "1.d5.alpha.IV.3", time(6))], True, 8),
        ([begun(1, "1.d5.alpha.IV.1", time(6)), begun(1, "1.d9.alpha.IV.1", time(9))], False, 7),
        ([begun(1, "1.d5.alpha.IV.1", time(9)), begun(1, "1.d9.alpha.IV.1", time(6))], True, 8),
        # What comes after it does not, nor another drug, cycle or route.
        ([begun(1, "1.d9.alpha.IV.3", time(6))], False, 7),
        ([begun(1, "1.d10.alpha.IV.1", time(6))], False, 7),
        ([begun(1, "1.d1.beta.IV.1", time(6))], False, 7),
        ([begun(1, "2.d1.alpha.IV.1", time(6))], False, 7),
        ([begun(1, "1.d1.alpha.SC.1", time(6))], False, 7),
        ([begun(1, "no id at all", time(6))], False, 7),
    ],
)
def test_a_break_without_a_time_counts_from_the_hour_at_which_the_infusion_began(
    entries: list[Begun], over: bool, whole_days: int
) -> None:
    dose = "1.d9.alpha.IV.2"
    entry, resumed = cut(2, dose), again(9, dose, clock=time(8))
    found = laid(*entries, entry, resumed, as_of=day(28)).breaks

    assert (Break(entry, resumed, 7, SOURCE, over, whole_days),) == found


def test_each_interruption_ends_with_the_first_resumption_after_it() -> None:
    """In the order of time, whatever their order in the file; what is of one day, by the hour."""
    entries = (cut(2), cut(4, clock=time(9)), cut(4, clock=time(20)), cut(8))
    ends = (again(3), again(4, clock=time(12)), again(6))
    other = cut(3, OTHER)
    expected = (
        Break(entries[0], ends[0], 7, SOURCE, False, 1),
        Break(other, again(9, OTHER), None, None, False, 6),
        Break(entries[1], ends[1], 7, SOURCE, False, 1),
        Break(entries[2], ends[2], 7, SOURCE, False, 2),
        Break(entries[3], None, 7, SOURCE, False, 1),
    )
    record = (*entries, *ends, other, again(9, OTHER))

    assert expected == laid(*record, as_of=day(9)).breaks
    assert expected == laid(*reversed(record), as_of=day(9)).breaks


@pytest.mark.parametrize("dose", [OTHER, "1.d1.gamma.IV.1", "no id at all"])
def test_where_no_source_says_how_long_no_break_is_too_long(dose: str) -> None:
    found = laid(cut(2, dose), as_of=day(28)).breaks

    assert (Break(cut(2, dose), None, None, None, False, 26),) == found


def test_the_source_of_the_longest_break_is_the_one_of_that_figure() -> None:
    limit = Interruption(7, Grounds(Citation("label", "section 2"), (("at_most", "so"),)), HERE)
    drugs = {"alpha": attrs.evolve(DRUGS["alpha"], interruption=limit)}
    (found,) = happened((cut(2),), drugs, day(2), HOUR).breaks

    assert (7, "assumed: so") == (found.days, found.source)


@pytest.mark.parametrize(
    ("began", "ended", "expected"),
    [
        (None, None, (at(2, 6), None)),
        (time(22), None, (at(2, 22), None)),
        (None, again(4), (at(2, 6), at(4, 6))),
        (time(22), again(4), (at(2, 22), at(4, 22))),
        (None, again(4, clock=time(8)), (at(2, 6), at(4, 8))),
        (time(22), again(4, clock=time(8)), (at(2, 22), at(4, 8))),
    ],
)
def test_an_infusion_stops_and_goes_on_at_the_hours_that_are_recorded_or_at_its_own(
    began: time | None, ended: Resumed | None, expected: tuple[Any, Any]
) -> None:
    found = Break(cut(2, clock=began), ended, None, None, False, 0)

    assert expected == (found.began(time(6)), found.ended(time(6)))


# -- broken off -------------------------------------------------------------------------------------

SECOND = "2.d1.alpha.IV.1"


def test_a_cycle_is_broken_off_by_the_first_break_that_was_too_long() -> None:
    entries = (cut(2), again(3), cut(4), again(12), cut(13), again(22))
    went = laid(*entries, as_of=day(22))

    assert went.breaks[1] == went.broken_off("1")
    assert went.broken_off("2") is None


def test_a_break_of_another_cycle_or_one_that_was_short_breaks_nothing_off() -> None:
    went = laid(cut(2), again(3), cut(4, SECOND), again(12, SECOND))

    assert went.broken_off("1") is None
    assert went.breaks[1] == went.broken_off("2")


def test_a_short_break_of_one_infusion_hides_no_long_one_of_another() -> None:
    part = "1.d5.alpha.IV.1"
    went = laid(cut(2), again(3), cut(4, part), again(12, part))

    assert went.breaks[1] == went.broken_off("1")


@pytest.mark.parametrize(("drug", "waits"), [("alpha", False), ("beta", True)])
def test_of_a_drug_that_was_stopped_no_new_cycle_is_asked_for(drug: str, waits: bool) -> None:
    went = laid(cut(2), again(10), stopped(11, "gamma"), stopped(11, drug))

    assert waits == (went.broken_off("1") is not None)


def test_what_breaks_a_cycle_off_is_looked_for_past_drugs_that_were_stopped() -> None:
    drugs = {**DRUGS, "beta": attrs.evolve(DRUGS["alpha"], id="beta")}
    record = (cut(2, OTHER), again(10, OTHER), cut(3), again(11), stopped(12, "beta"))
    went = happened(record, drugs, day(12), HOUR)

    assert went.breaks[1] == went.broken_off("1")


def test_a_name_that_is_no_id_breaks_nothing_off() -> None:
    went = Happened(breaks=(Break(cut(2, "no id"), None, 7, SOURCE, True, 8),))

    assert went.broken_off("1") is None
