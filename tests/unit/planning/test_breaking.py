"""Continuous infusions that were interrupted: what ran, what is left, and what follows.

Cycle 1 begins on 2026-03-02; in it alpha runs at one rate from 08:00 of day 1 to day 5, and at
another from there to day 15. Day 3 is the 4th of March.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.scenes import at, cycles, day, protocol

from protoplan.model.component import Component, Sig
from protoplan.model.record import Begun, Delayed, Interrupted, Resumed
from protoplan.planning.breaking import interrupted
from protoplan.planning.happened import Break, Happened
from protoplan.planning.known import YES
from protoplan.planning.layout import Spot
from protoplan.planning.schedule import Fate, Slot
from protoplan.problems import Faulty
from protoplan.quantity import Quantity, parse
from protoplan.source import Place

CUT, AGAIN = Place("t.yaml", 7, 5), Place("t.yaml", 8, 5)
MORNING = time(8)

_WHOLE = protocol().components[0]
_DOSE = _WHOLE.sigs[0]
LOW, HIGH = (attrs.evolve(_DOSE, dose=None, rate=parse(rate)) for rate in ("9 mg/day", "28 mg/day"))
ALPHA = attrs.evolve(_WHOLE, sigs=(LOW, HIGH, _DOSE))
BETA = attrs.evolve(_WHOLE, drug="beta gamma", sigs=(LOW,))


def slot(
    name: str, sig: Sig, first: int, last: int | None = None, component: Component = ALPHA,
    **more: Any,
) -> Slot:  # fmt: skip
    """From the morning of one day to that of another; a single dose where there is none."""
    end = None if last is None else at(last, MORNING)
    days = 1 if last is None else last - first
    # Where it lies in the course is never asked: an interruption speaks of dates.
    spot = Spot(name, 0, component, sig, first, 1, days, YES, timedelta(), None, None, 0)
    plain = Slot(spot, name, cycles()[0], first, at(first, MORNING), end, day(first), days)
    return plain._replace(**more)


FIRST, SECOND = slot("1.d1.alpha.IV.1", LOW, 1, 5), slot("1.d5.alpha.IV.1", HIGH, 5, 15)
#: By the same drug before, by another drug, by another component's rate, and a single dose.
BEFORE = slot("1.d1.alpha.IV.9", HIGH, 1, 3)
OTHER = slot("1.d1.beta.IV.1", LOW, 1, 20, BETA)
SINGLE = slot("1.d6.alpha.IV.1", _DOSE, 6)


def cut(
    number: int, clock: time | None = None, again: datetime | None = None, *, bare: bool = False,
    days: int | None = 7, over: bool = False, dose: str = FIRST.id, delivered: Quantity | None = None,
) -> Break:  # fmt: skip
    """An interruption, and when the infusion went on; *bare* leaves out the time of that."""
    entry = Interrupted(
        date=day(number), at=CUT, dose=dose, time=clock, delivered=delivered, reason="fever"
    )
    resumed = None
    if again is not None:
        when = None if bare else again.time()
        resumed = Resumed(date=again.date(), at=AGAIN, dose=dose, time=when)
    return Break(entry, resumed, days, None if days is None else "label: 2", over, 9)


def parts(
    *rows: Slot,
    entries: Sequence[Break],
    answered: bool = False,
    begun: Mapping[str, Begun] | None = None,
    delayed: Mapping[str, Delayed] | None = None,
) -> list[Slot]:
    happened = Happened(breaks=tuple(entries), begun=begun or {}, delayed=delayed or {})
    return list(interrupted(rows, happened, answered=answered))


def ran(of: Slot, end: datetime, days: int | Fraction, delivered: Quantity | None = None) -> Slot:
    fate = Fate("given", "interrupted: fever", CUT)
    return of._replace(end=end, days=days, fate=fate, delivered=delivered)


def rest(
    of: Slot, name: str, start: datetime, end: datetime, days: int | Fraction, **more: Any
) -> Slot:
    number = (start.date() - day(1)).days + 1
    plain = of._replace(id=name, day=number, start=start, end=end, due=start.date(), days=days)
    return plain._replace(**more)


def later(of: Slot, by: timedelta) -> Slot:
    """A later infusion, moved with its end; the day on which it was due stays."""
    assert of.end is not None
    number = ((of.start + by).date() - day(1)).days + 1
    return of._replace(start=of.start + by, end=of.end + by, day=number)


# -- goes on ----------------------------------------------------------------------------------------


def test_an_infusion_goes_on_until_its_days_are_complete_and_what_follows_moves() -> None:
    """Days 1 and 2 ran; from day 6 the two that are left; the second is 3 days later."""
    found = parts(
        BEFORE, FIRST, OTHER, SECOND, SINGLE,
        entries=[cut(3, again=at(6, MORNING), bare=True)],
    )  # fmt: skip

    assert found == [
        BEFORE,
        OTHER,
        SINGLE,
        ran(FIRST, at(3, MORNING), 2),
        rest(FIRST, "1.d6.alpha.IV.2", at(6, MORNING), at(8, MORNING), 2, begun=True),
        later(SECOND, timedelta(days=3)),
    ]


def test_a_break_is_counted_by_the_clock() -> None:
    """From 08:00 on day 1 to 20:00 on day 3 are 2.5 days; 1.5 are left; the gap is 27 hours."""
    found = parts(
        FIRST, SECOND,
        entries=[cut(3, time(20), at(4, time(23)), delivered=parse("20 mg"))],
    )  # fmt: skip

    assert found == [
        ran(FIRST, at(3, time(20)), Fraction(5, 2), parse("20 mg")),
        rest(
            FIRST, "1.d4.alpha.IV.1", at(4, time(23)), at(6, time(11)), Fraction(3, 2), begun=True
        ),
        later(SECOND, timedelta(hours=27)),
    ]
    assert [int, Fraction] == [type(parts(FIRST, entries=[cut(2)])[0].days), type(found[0].days)]


def test_an_infusion_that_goes_on_at_once_has_a_part_of_its_own() -> None:
    found = parts(FIRST, SECOND, entries=[cut(3, again=at(3, MORNING))])

    assert found == [
        ran(FIRST, at(3, MORNING), 2),
        rest(FIRST, "1.d3.alpha.IV.1", at(3, MORNING), at(5, MORNING), 2, begun=True),
        SECOND,
    ]


def test_an_infusion_that_was_cut_as_it_began_keeps_its_name_and_the_day_it_was_due() -> None:
    (found,) = parts(FIRST, entries=[cut(1, again=at(2, MORNING))])

    assert found == rest(FIRST, FIRST.id, at(2, MORNING), at(6, MORNING), 4, begun=True, due=day(1))


def test_of_what_is_left_nothing_is_recorded_yet() -> None:
    known = FIRST._replace(fate=Fate("given", "so", AGAIN), delivered=parse("5 mg"))

    assert parts(known, entries=[cut(3, again=at(6, MORNING))]) == [
        ran(FIRST, at(3, MORNING), 2),
        rest(FIRST, "1.d6.alpha.IV.1", at(6, MORNING), at(8, MORNING), 2, begun=True),
    ]


def test_a_part_may_be_interrupted_again() -> None:
    """Two days ran, then one from day 6; of the one that is left, from day 8, what follows on 9."""
    entries = [cut(3, again=at(6, MORNING)), cut(7, again=at(8, MORNING))]

    assert parts(FIRST, SECOND, entries=entries) == [
        ran(FIRST, at(3, MORNING), 2),
        ran(rest(FIRST, "1.d6.alpha.IV.1", at(6, MORNING), at(8, MORNING), 2, begun=True),
            at(7, MORNING), 1),
        rest(FIRST, "1.d8.alpha.IV.1", at(8, MORNING), at(9, MORNING), 1, begun=True),
        later(SECOND, timedelta(days=4)),
    ]  # fmt: skip


def test_a_part_may_be_named_by_its_own_id_or_by_that_of_one_before_it() -> None:
    """Whatever they name, breaks are taken in the order of time.

    A day of the part from day 4 ran, and one of that from day 6 on; the last is left, of SECOND 10.
    """
    entries = [
        cut(2, again=at(4, MORNING)),
        cut(5, again=at(6, MORNING), dose="1.d4.alpha.IV.1"),
        cut(7, again=at(9, MORNING)),
    ]

    assert parts(FIRST, SECOND, entries=entries) == [
        ran(FIRST, at(2, MORNING), 1),
        ran(rest(FIRST, "1.d4.alpha.IV.1", at(4, MORNING), at(7, MORNING), 3, begun=True),
            at(5, MORNING), 1),
        ran(rest(FIRST, "1.d6.alpha.IV.1", at(6, MORNING), at(8, MORNING), 2, begun=True),
            at(7, MORNING), 1),
        rest(FIRST, "1.d9.alpha.IV.1", at(9, MORNING), at(10, MORNING), 1, begun=True),
        later(SECOND, timedelta(days=5)),
    ]  # fmt: skip


def test_a_part_may_be_named_on_the_day_of_the_break_that_makes_it() -> None:
    """Without a time it comes first in the order of that day, and it began at 14:00."""
    entries = [
        cut(3, dose="1.d3.alpha.IV.1", again=at(4, time(14)), bare=True),
        cut(3, time(12), at(3, time(14))),
    ]

    assert [
        (at(1, MORNING), at(3, time(12))),
        (at(4, time(14)), at(6, time(10))),
    ] == [(part.start, part.end) for part in parts(FIRST, entries=entries)]


def test_two_infusions_may_each_be_interrupted() -> None:
    entries = [
        cut(3, again=at(4, MORNING)),
        cut(7, again=at(9, MORNING), dose=SECOND.id),
        cut(3, dose="2.d1.alpha.IV.1"),
    ]

    assert parts(FIRST, SECOND, entries=entries) == [
        ran(FIRST, at(3, MORNING), 2),
        rest(FIRST, "1.d4.alpha.IV.1", at(4, MORNING), at(6, MORNING), 2, begun=True),
        ran(later(SECOND, timedelta(days=1)), at(7, MORNING), 1),
        rest(SECOND, "1.d9.alpha.IV.1", at(9, MORNING), at(18, MORNING), 9, begun=True),
    ]


BEGUN = {SECOND.id: Begun(date=day(6), at=AGAIN, dose=SECOND.id, time=None)}
#: It follows SECOND; what put SECOND on its day has moved it too.
THIRD = slot("1.d15.alpha.IV.1", LOW, 15, 17)


def put_off(number: int, to: int) -> dict[str, Delayed]:
    return {SECOND.id: Delayed(date=day(number), at=AGAIN, what=SECOND.id, to=day(to), reason="")}


def test_a_later_infusion_whose_beginning_is_recorded_stays_and_so_does_what_follows_it() -> None:
    found = parts(FIRST, SECOND, THIRD, entries=[cut(3, again=at(4, MORNING))], begun=BEGUN)

    assert [SECOND, THIRD] == found[2:]


@pytest.mark.parametrize(
    ("number", "to", "by"),
    [
        # On the day of the interruption, or later, the break was known.
        (3, 5, 0),
        (4, 5, 0),
        (2, 5, 1),
        # It does not stand on that day, as it was held since, or moved by another break.
        (4, 6, 1),
    ],
)
def test_a_later_infusion_that_was_put_off_since_the_break_stays(
    number: int, to: int, by: int
) -> None:
    entries = [cut(3, again=at(4, MORNING))]
    found = parts(FIRST, SECOND, THIRD, entries=entries, delayed=put_off(number, to))

    assert [later(SECOND, timedelta(days=by)), later(THIRD, timedelta(days=by))] == found[2:]


def test_what_comes_before_one_that_stands_moves_all_the_same() -> None:
    between = slot("1.d5.alpha.IV.2", LOW, 5, 6)
    found = parts(FIRST, between, SECOND, entries=[cut(3, again=at(4, MORNING))], begun=BEGUN)

    assert [later(between, timedelta(days=1)), SECOND] == found[2:]


@pytest.mark.parametrize("entry", [cut(3), cut(3, over=True)])
def test_an_infusion_whose_beginning_is_recorded_does_not_wait(entry: Break) -> None:
    *_, left, third, second = parts(FIRST, SECOND, THIRD, entries=[entry], begun=BEGUN)

    assert left.fate is not None
    assert [THIRD._replace(fate=left.fate), SECOND] == [third, second]


def test_a_later_infusion_without_an_end_is_moved_by_its_start() -> None:
    endless = SECOND._replace(end=None)
    found = parts(FIRST, endless, entries=[cut(3, again=at(4, MORNING))])

    assert endless._replace(start=at(6, MORNING), day=6) == found[-1]


def test_of_a_drug_of_two_words_the_name_of_a_part_is_in_one() -> None:
    found = parts(OTHER, entries=[cut(3, again=at(4, MORNING), dose=OTHER.id)])

    assert [OTHER.id, "1.d4.beta.gamma.IV.1"] == [part.id for part in found]


def test_a_part_takes_the_first_number_that_is_free_up_to_99() -> None:
    def named(taken: int) -> str:
        rows = [slot(f"1.d4.alpha.IV.{number}", _DOSE, 4) for number in range(1, taken + 1)]
        return parts(FIRST, *rows, entries=[cut(3, again=at(4, MORNING))])[-1].id

    assert ["1.d4.alpha.IV.1", "1.d4.alpha.IV.3", "1.d4.alpha.IV.99"] == list(
        map(named, (0, 2, 98))
    )
    with pytest.raises(StopIteration):
        named(99)


# -- waits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "answered", "fate"),
    [
        # Day 3 and 7 days are the 11th of March.
        (cut(3), False, Fate("held", "interrupted since 2026-03-04: fever; it may go on until "
                             "2026-03-11 to complete this cycle (label: 2)", CUT)),
        (cut(3), True, Fate("held", "interrupted since 2026-03-04: fever; it may go on until "
                            "2026-03-11 to complete this cycle (label: 2)", CUT)),
        (cut(3, days=None), False, Fate("held", "interrupted since 2026-03-04: fever", CUT)),
        (cut(3, over=True), False, Fate("unresolved", None, CUT, (
            "record: the start of a new cycle; 9 days without the infusion are more than 7 "
            "(label: 2)",))),
        (cut(3, again=at(12, MORNING), over=True), False, Fate("unresolved", None, CUT, (
            "record: the start of a new cycle; 9 days without the infusion are more than 7 "
            "(label: 2)",))),
        (cut(3, over=True), True, Fate("cancelled", "broken off on 2026-03-04 for more than 7 "
                                       "days: a new cycle began", CUT)),
        (cut(3, again=at(12, MORNING), over=True), True, Fate(
            "cancelled", "broken off on 2026-03-04 for more than 7 days: a new cycle began", CUT)),
    ],
)  # fmt: skip
def test_what_does_not_go_on_has_no_day_of_its_own(
    entry: Break, answered: bool, fate: Fate
) -> None:
    left = rest(FIRST, "1.d3.alpha.IV.1", at(3, MORNING), at(5, MORNING), 2, fate=fate)

    assert parts(BEFORE, FIRST, OTHER, SECOND, SINGLE, entries=[entry], answered=answered) == [
        BEFORE,
        OTHER,
        SINGLE,
        ran(FIRST, at(3, MORNING), 2),
        left,
        SECOND._replace(fate=fate),
    ]


def test_without_an_interruption_all_stays_as_it_is() -> None:
    assert [FIRST, SECOND] == parts(FIRST, SECOND, entries=[])


# -- what cannot be ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        # At its very end it runs no more.
        (cut(5), "1.d1.alpha.IV.1 was not running on 2026-03-06 08:00; it runs from 2026-03-02 "
         "08:00 to 2026-03-06 08:00"),
        (cut(1, time(7, 59)), "1.d1.alpha.IV.1 was not running on 2026-03-02 07:59; it runs from "
         "2026-03-02 08:00 to 2026-03-06 08:00"),
        (cut(6, dose=SINGLE.id), "1.d6.alpha.IV.1 was not running on 2026-03-07 08:00; it is no "
         "continuous infusion"),
        # Another run of the same line is another infusion.
        (cut(16), "1.d1.alpha.IV.1 was not running on 2026-03-17 08:00; it runs from 2026-03-02 "
         "08:00 to 2026-03-06 08:00"),
        (cut(3, time(20), at(3, time(19, 59))),
         "1.d1.alpha.IV.1 goes on before it was interrupted (t.yaml:7:5)"),
    ],
)  # fmt: skip
def test_an_interruption_that_cannot_be_is_refused(entry: Break, message: str) -> None:
    with pytest.raises(Faulty) as wrong:
        parts(FIRST, SECOND, SINGLE, OTHER, slot("1.d15.alpha.IV.1", LOW, 15, 19), entries=[entry])

    assert [("PP405", message, CUT)] == [
        (problem.code, problem.message, problem.at) for problem in wrong.value.problems
    ]


@pytest.mark.parametrize(
    ("again", "over", "refused"),
    [
        # From day 3 at 08:00 to day 10: 7 days, and an hour more.
        (at(10, MORNING), False, False),
        (at(10, MORNING), True, True),
        (at(10, time(9)), True, False),
        (at(10, time(9)), False, True),
    ],
)
def test_a_break_that_was_counted_from_another_hour_is_asked_for(
    again: datetime, over: bool, refused: bool
) -> None:
    message = (
        "whether 1.d1.alpha.IV.1 stood still for more than 7 days hangs on the hour at which it was "
        "interrupted, which is not recorded; state its time"
    )
    try:
        parts(FIRST, entries=[cut(3, again=again, over=over)])
        told = []
    except Faulty as wrong:
        told = [(problem.code, problem.message, problem.at) for problem in wrong.problems]

    assert ([("PP405", message, CUT)] if refused else []) == told


def test_an_infusion_that_runs_in_parts_is_told_with_each() -> None:
    """It ran to day 3 and runs from day 6 to day 8; another run of its line is another infusion."""
    next_run = slot("1.d15.alpha.IV.1", LOW, 15, 19)
    with pytest.raises(Faulty) as wrong:
        parts(FIRST, SECOND, next_run, entries=[cut(3, again=at(6, MORNING)), cut(4)])

    assert [
        "1.d1.alpha.IV.1 was not running on 2026-03-05 08:00; it runs from 2026-03-02 08:00 to "
        "2026-03-04 08:00; 2026-03-07 08:00 to 2026-03-09 08:00"
    ] == [problem.message for problem in wrong.value.problems]
