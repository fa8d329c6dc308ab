"""For any infusion, days and bags: what is found is legal, whole and the best there is."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.bag_series import rows, stepped, stretch, tried

from protoplan.model.bag_plan import DaysWithout
from protoplan.model.bags import WEEKDAYS, Lasting
from protoplan.planning.bags import reasons, series, starts

DATES = st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(n))
LENGTHS = st.sets(st.sampled_from([24, 36, 48, 72, 96, 168]), min_size=1)
WITHOUT = st.builds(
    DaysWithout,
    st.sets(st.sampled_from([*WEEKDAYS, "holidays"]), max_size=4).map(tuple),
    st.sets(DATES, max_size=20).map(lambda days: tuple((on, "a feast") for on in sorted(days))),
)


@settings(max_examples=300)
@given(start=DATES, parts=st.lists(st.integers(1, 8), min_size=1, max_size=2), lengths=LENGTHS,
       without=WITHOUT)  # fmt: skip
def test_what_is_found_is_what_trying_everything_finds(
    start: date, parts: list[int], lengths: set[int], without: DaysWithout
) -> None:
    """Also where there is none: then trying everything finds none either, and a reason is given."""
    whole = stepped(start, *((days, 9 + n) for n, days in enumerate(parts)))
    bags = [Lasting(hours) for hours in lengths]

    laid = series(whole, bags, without)

    wanted = tried(whole, sorted(lengths), without)
    assert wanted == (None if laid is None else [tuple(b.hours for b in row) for row in laid])
    assert (laid is None) == bool(reasons(whole, bags, without))


@settings(max_examples=100)
@given(start=DATES, step=st.integers(1, 27), lengths=LENGTHS, without=WITHOUT)
def test_a_cycle_is_covered_exactly_and_never_changed_on_a_day_that_is_left_out(
    start: date, step: int, lengths: set[int], without: DaysWithout
) -> None:
    whole = stepped(start, (step, 9), (28 - step, 28))

    laid = series(whole, [Lasting(hours) for hours in lengths], without)

    if laid is None:
        return
    moment, changes = whole[0].start, []
    for part, row in zip(whole, laid, strict=True):
        assert part.start == moment
        for bag in row:
            assert bag.hours in lengths
            moment += timedelta(hours=bag.hours)
            changes.append(moment)
        assert part.end == moment
    assert timedelta(28) == moment - whole[0].start
    assert [] == [change for change in changes[:-1] if change.date() in without]
    # As few as there can be, whatever the days: a longest bag each, and one for what is left.
    assert len(changes) >= sum(-(-part // max(lengths)) for part in (step * 24, (28 - step) * 24))


@settings(max_examples=30)
@given(start=DATES, lengths=LENGTHS, without=WITHOUT)
def test_from_a_start_that_is_proposed_there_is_a_series(
    start: date, lengths: set[int], without: DaysWithout
) -> None:
    bags = [Lasting(hours) for hours in lengths]

    for other in starts([stretch(start, 12)], bags, without):
        assert 1 <= abs((other - start).days) <= 7
        assert other not in without
        assert series([stretch(other, 12)], bags, without) is not None


def test_the_slow_search_tries_everything() -> None:
    """Four days of one, two or three: 1111, 112, 121, 211, 22, 13, 31."""
    assert 7 == len(list(rows(96, [24, 48, 72])))
