"""Doses beside their record: given otherwise, held, put off, interrupted; each finding whole.

Cycles of 21 days begin on 2026-03-02 and 23; day 20 of cycle 1 is the 21st. In what is expected, ~
is a no-break space.
"""

from datetime import date
from typing import Any

import attrs
import pytest
from tests.scenes import HERE, SOME, START, at, cycles, day, on, row, scene

from protoplan.model.order import GivenDose
from protoplan.model.plan import Administration, Finding
from protoplan.model.record import Delayed, Interrupted, NotGiven, Resumed
from protoplan.planning.course import Course
from protoplan.planning.happened import Break, Happened
from protoplan.planning.recorded_doses import (
    LOOKS,
    given_otherwise,
    in_days,
    interruptions,
    printed_name,
    put_off,
)
from protoplan.problems import Severity
from protoplan.quantity import Quantity, parse

FIRST, SECOND = "1.d1.alpha.IV.1", "1.d8.alpha.IV.1"


def tied(text: str) -> str:
    return text.replace("~", "\N{NO-BREAK SPACE}")


def warning(code: str, text: str, *ids: str, source: str | None = None) -> Finding:
    return Finding(code, Severity.WARNING, tied(text), ids, source)


def note(code: str, text: str, *ids: str) -> Finding:
    return Finding(code, Severity.NOTE, tied(text), ids)


def gave(
    amount: str, ordered: Quantity | None = SOME, *, stated: bool = True, **more: Any
) -> dict[str, Any]:
    """The fields of a dose that was given."""
    given = GivenDose(parse(amount), ordered, None, None, None, stated, HERE)
    return {"status": "given", "given": given, **more}


# -- given otherwise --------------------------------------------------------------------------------


def otherwise(*rows: Administration, **more: Any) -> list[Finding]:
    return list(given_otherwise(scene(rows, **more)))


@pytest.mark.parametrize(
    ("amount", "percent", "far"),
    [
        # The site's tolerance is 5%.
        ("105 mg", "+5", False),
        ("105.1 mg", "+5.1", True),
        ("95 mg", "−5", False),
        ("94.9 mg", "−5.1", True),
        ("100.1 mg", "+0.1", False),
        ("2000 mg", "+1,900", True),
    ],
)
def test_another_amount_than_ordered_is_told_by_how_much(
    amount: str, percent: str, far: bool
) -> None:
    text = f"alpha intravenous {amount.replace('2000', '2,000').replace(' ', '~')} was given where "
    text += f"100~mg was ordered ({percent}%)"
    finding = (warning if far else note)("PF234", text, FIRST)

    assert [finding] == otherwise(row(FIRST, **gave(amount)))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        gave("100 mg"),
        # Worked of a rate and not stated; never ordered; ordered as nothing.
        gave("90 mg", stated=False),
        gave("90 mg", None),
        gave("90 mg", parse("0 mg")),
    ],
)
def test_what_was_given_as_ordered_or_cannot_be_held_against_it_is_not_told(
    fields: dict[str, Any],
) -> None:
    assert [] == otherwise(row(FIRST, **fields))


def test_one_deviation_of_several_doses_is_told_once_after_all_else() -> None:
    because = "given although the plan holds it: so"
    rows = (
        row("1.d1.alpha.IV.1"),
        row("1.d2.alpha.IV.1", **gave("90 mg")),
        row("1.d3.alpha.IV.1", **gave("80 mg")),
        row("1.d4.alpha.IV.1", **gave("90 mg"), order={"because": because}),
        row("1.d5.alpha.IT.1", **gave("90 mg")),
    )

    assert otherwise(*rows) == [
        warning("PF235", f"alpha intravenous was {because}", "1.d4.alpha.IV.1"),
        warning(
            "PF234",
            "alpha intravenous 90~mg was given where 100~mg was ordered (−10%)",
            "1.d2.alpha.IV.1",
            "1.d4.alpha.IV.1",
        ),
        warning(
            "PF234",
            "alpha intravenous 80~mg was given where 100~mg was ordered (−20%)",
            "1.d3.alpha.IV.1",
        ),
        warning(
            "PF234",
            "alpha INTRATHECAL 90~mg was given where 100~mg was ordered (−10%)",
            "1.d5.alpha.IT.1",
        ),
    ]


def test_only_what_was_given_against_the_plan_is_told_so() -> None:
    interrupted = row(FIRST, **gave("100 mg"), order={"because": "interrupted: fever"})

    assert [] == otherwise(interrupted)


# -- on another day ---------------------------------------------------------------------------------

DAY_3 = "1.d3.alpha.IV.1"


def window(first: int, last: int) -> tuple[date, date]:
    return day(first), day(last)


@pytest.mark.parametrize(
    ("given_on", "fields", "expected"),
    [
        # Day 3 is the 4th of March.
        (3, {}, []),
        (4, {}, [note("PF234", "alpha intravenous was given on 2026-03-05; it was due on "
                      "2026-03-04, and no window is printed", DAY_3)]),
        (1, {}, [note("PF234", "alpha intravenous was given on 2026-03-02; it was due on "
                      "2026-03-04, and no window is printed", DAY_3)]),
        (21, {}, [note("PF234", "alpha intravenous was given on 2026-03-22; it was due on "
                       "2026-03-04, and no window is printed", DAY_3)]),
        (22, {}, [warning("PF234", "alpha intravenous was given on 2026-03-23; it was due on "
                          "2026-03-04, and the cycle ends on 2026-03-22", DAY_3)]),
        (0, {}, [warning("PF234", "alpha intravenous was given on 2026-03-01; it was due on "
                         "2026-03-04, and its cycle begins on 2026-03-02", DAY_3)]),
        (2, {"window": window(2, 5)}, []),
        (5, {"window": window(2, 5)}, []),
        (1, {"window": window(2, 5)},
         [warning("PF234", "alpha intravenous was given on 2026-03-02; it was due on 2026-03-04, "
                  "and its window begins on 2026-03-03", DAY_3)]),
        (6, {"window": window(2, 5)},
         [warning("PF234", "alpha intravenous was given on 2026-03-07; it was due on 2026-03-04, "
                  "and its window ends on 2026-03-06", DAY_3)]),
        # An infusion is told where it was interrupted.
        (22, {"order": {"rate": parse("1 mg/day")}}, []),
    ],
)  # fmt: skip
def test_a_dose_on_another_day_is_told_unless_its_window_holds_the_day(
    given_on: int, fields: dict[str, Any], expected: list[Finding]
) -> None:
    assert expected == otherwise(row(DAY_3, **on(given_on, **gave("100 mg")), **fields))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Day 1 of cycle 2, the 23rd, is given on the day before its cycle; day -1 belongs there.
        ("2.d1.alpha.IV.1", [
            warning("PF234", "alpha intravenous was given on 2026-03-21; it was due on 2026-03-23, "
                    "and its cycle begins on 2026-03-23", "2.d1.alpha.IV.1")]),
        ("2.d-1.alpha.IV.1", [
            note("PF234", "alpha intravenous was given on 2026-03-21; it was due on 2026-03-22, "
                 "and no window is printed", "2.d-1.alpha.IV.1")]),
    ],
)  # fmt: skip
def test_only_a_day_that_is_printed_before_its_cycle_may_lie_there(
    name: str, expected: list[Finding]
) -> None:
    assert expected == otherwise(row(name, **on(20, **gave("100 mg"))))


def test_a_dose_of_a_cycle_without_a_date_is_held_against_its_due_day() -> None:
    undated = Course((attrs.evolve(cycles()[0], start=None, length_days=None),), None, ())
    found = otherwise(row(DAY_3, **on(4, **gave("100 mg"))), course=undated)

    assert found == [
        warning(
            "PF234",
            "alpha intravenous was given on 2026-03-05; it was due on 2026-03-04, and it was due "
            "on 2026-03-04",
            DAY_3,
        )
    ]


# -- held -------------------------------------------------------------------------------------------


def not_given(name: str, number: int, how: str = "held") -> NotGiven:
    return NotGiven(date=day(number), at=HERE, dose=name, how=how, reason="platelets 20")


def held(name: str, **more: Any) -> Administration:
    return row(name, status="held", order={"because": "held: platelets 20"}, **more)


def put(*rows: Administration, happened: Happened, **more: Any) -> list[Finding]:
    return list(put_off(scene(rows, happened=happened, **more)))


@pytest.mark.parametrize(
    ("decided", "as_of", "fields", "shift"),
    [
        # Day 3 is the 4th; the cycle ends on the 22nd.
        (3, START, {}, "the smallest legal shift is to 2026-03-04, by least distances alone, for "
         "no window is printed"),
        (1, START, {}, "the smallest legal shift is to 2026-03-04, by least distances alone, for "
         "no window is printed"),
        (4, START, {}, "the smallest legal shift is by 1 day to 2026-03-05, by least distances "
         "alone, for no window is printed"),
        (3, day(5), {}, "the smallest legal shift is by 2 days to 2026-03-06, by least distances "
         "alone, for no window is printed"),
        (3, START, {"window": window(2, 5)}, "the smallest legal shift is to 2026-03-04"),
        (5, START, {"window": window(2, 5)}, "the smallest legal shift is by 2 days to 2026-03-06"),
        (6, START, {"window": window(2, 5)},
         "there is no legal day for it: its window ends on 2026-03-06"),
    ],
)  # fmt: skip
def test_a_held_dose_is_told_with_its_smallest_legal_shift(
    decided: int, as_of: date, fields: dict[str, Any], shift: str
) -> None:
    found = put(
        held(DAY_3, **fields),
        happened=Happened(not_given={DAY_3: not_given(DAY_3, decided)}),
        as_of=as_of,
    )

    text = f"alpha intravenous is held: platelets 20; cycle 1 day 3: {shift}"
    assert [warning("PF236", text, DAY_3)] == found


def test_what_stands_in_the_way_of_each_day_is_told_once() -> None:
    """The 6th is the next dose, so that the 4th and the 5th are left; beta stands on the 6th too."""
    spacing = "spacing:\n  - {from: itself, at_least: 2 days, source: [label, section 3]}\n"
    spacing += "  - {before: beta, at_least: 2 days, source: [label, section 3]}"
    found = put(
        held(DAY_3),
        row("1.d5.alpha.IV.1"),
        row("1.d5.beta.IV.1"),
        happened=Happened(not_given={DAY_3: not_given(DAY_3, 4)}),
        labels={"alpha": spacing},
    )

    assert found == [
        warning(
            "PF236",
            "alpha intravenous is held: platelets 20; cycle 1 day 3: there is no legal day for it: "
            "the next dose of alpha is due on 2026-03-06, and on each day before doses of alpha "
            "lie less than 2 days apart (alpha intravenous cycle 1 day 5); alpha lies within 2 days "
            "before beta (beta intravenous cycle 1 day 5)",
            DAY_3,
        )
    ]


def test_of_many_doses_held_for_one_cause_three_are_told_singly() -> None:
    names = [f"1.d{number}.alpha.IV.1" for number in range(1, 6)]
    rows = [held(name, window=window(n, n)) for n, name in enumerate(names, 1)]
    told = "; ".join(
        f"cycle 1 day {n}: the smallest legal shift is to 2026-03-0{n + 1}" for n in (1, 2, 3)
    )
    two = "2 doses of alpha intravenous are held: platelets 20; " + told.rpartition("; ")[0]
    both = {name: not_given(name, 1) for name in names[:2]}
    assert [warning("PF236", two, *names[:2])] == put(*rows[:2], happened=Happened(not_given=both))

    for count, more in ((3, ""), (4, "; and 1 more"), (5, "; and 2 more")):
        entries = {name: not_given(name, 1) for name in names[:count]}
        text = f"{count} doses of alpha intravenous are held: platelets 20; {told}{more}"

        assert [warning("PF236", text, *names[:count])] == put(
            *rows[:count], happened=Happened(not_given=entries)
        )


def test_doses_held_for_two_causes_or_of_two_routes_are_told_apart() -> None:
    other = attrs.evolve(
        held("1.d1.alpha.IV.2"), order=attrs.evolve(held(FIRST).order, because=None)
    )
    rows = (held(FIRST), other, held("1.d1.alpha.IT.1"))
    entries = {one.id: not_given(one.id, 1) for one in rows}
    told = (
        "cycle 1 day 1: the smallest legal shift is to 2026-03-02, by least distances alone, for "
        "no window is printed"
    )

    assert put(*rows, happened=Happened(not_given=entries)) == [
        warning("PF236", f"alpha intravenous is held: platelets 20; {told}", FIRST),
        warning("PF236", f"alpha intravenous is ; {told}", other.id),
        warning("PF236", f"alpha INTRATHECAL is held: platelets 20; {told}", "1.d1.alpha.IT.1"),
    ]


@pytest.mark.parametrize(
    ("found", "entry"),
    [
        (row(DAY_3), not_given(DAY_3, 3)),
        (held(DAY_3), not_given(SECOND, 3)),
        (held(DAY_3), not_given(DAY_3, 3, "missed")),
        (held(DAY_3), not_given(DAY_3, 3, "refused")),
    ],
)
def test_only_what_the_record_holds_is_told_as_held(found: Administration, entry: NotGiven) -> None:
    assert [] == put(found, happened=Happened(not_given={entry.dose: entry}))


# -- put off ----------------------------------------------------------------------------------------


def delayed(name: str, to: int, decided: int = 1) -> Happened:
    entry = Delayed(date=day(decided), at=HERE, what=name, to=day(to), reason="no bed")
    return Happened(delayed={name: entry})


@pytest.mark.parametrize(
    ("to", "fields", "how"),
    [
        (4, {}, "put off by 1 day to 2026-03-05: no bed; no window is printed"),
        (5, {}, "put off by 2 days to 2026-03-06: no bed; no window is printed"),
        (3, {}, "put off by 0 days to 2026-03-04: no bed; no window is printed"),
        (2, {}, "brought forward by 1 day to 2026-03-03: no bed; no window is printed"),
        (5, {"window": window(2, 5)},
         "put off by 2 days to 2026-03-06: no bed; inside its window"),
        (4, {"status": "unresolved"},
         "put off by 1 day to 2026-03-05: no bed; no window is printed"),
    ],
)  # fmt: skip
def test_a_dose_put_off_to_a_legal_day_is_a_note(to: int, fields: dict[str, Any], how: str) -> None:
    found = put(row(DAY_3, **on(to, **fields)), happened=delayed(DAY_3, to))

    assert [note("PF236", f"alpha intravenous is {how}", DAY_3)] == found


@pytest.mark.parametrize(
    ("to", "decided", "fields", "text"),
    [
        (6, 4, {"window": window(2, 5)},
         "put off by 3 days to 2026-03-07: no bed; its window ends on 2026-03-06; the smallest "
         "legal shift is by 1 day to 2026-03-05"),
        (6, 6, {"window": window(2, 5)},
         "put off by 3 days to 2026-03-07: no bed; its window ends on 2026-03-06; there is no "
         "legal day for it: its window ends on 2026-03-06"),
        (22, 1, {}, "put off by 19 days to 2026-03-23: no bed; the cycle ends on 2026-03-22; the "
         "smallest legal shift is to 2026-03-04, by least distances alone, for no window is "
         "printed"),
        (1, 1, {"window": window(2, 5)},
         "brought forward by 2 days to 2026-03-02: no bed; its window begins on 2026-03-03; the "
         "smallest legal shift is to 2026-03-04"),
    ],
)  # fmt: skip
def test_a_dose_put_off_to_no_legal_day_is_told_the_first_that_is(
    to: int, decided: int, fields: dict[str, Any], text: str
) -> None:
    found = put(row(DAY_3, **on(to, **fields)), happened=delayed(DAY_3, to, decided))

    assert [warning("PF236", f"alpha intravenous is {text}", DAY_3)] == found


def test_what_speaks_against_the_day_is_told_beside_its_window() -> None:
    """beta on the 7th; alpha, due on the 4th, may not lie within 2 days of it: the 6th does."""
    labels = {"alpha": "spacing:\n  - {from: beta, at_least: 2 days, source: [label, section 3]}"}
    near = "alpha lies within 2 days of beta (beta intravenous cycle 1 day 6)"
    for last, outside in ((5, ""), (4, "its window ends on 2026-03-05; ")):
        rows = (row(DAY_3, **on(5, window=window(2, last))), row("1.d6.beta.IV.1"))
        text = f"put off by 2 days to 2026-03-06: no bed; {outside}{near}; the smallest legal shift"

        assert put(*rows, happened=delayed(DAY_3, 5), labels=labels) == [
            warning("PF236", f"alpha intravenous is {text} is to 2026-03-04", DAY_3)
        ]


@pytest.mark.parametrize(
    ("found", "happened"),
    [
        # Not on the day that is meant, given or cancelled since, or another dose.
        (row(DAY_3), delayed(DAY_3, 4)),
        (row(DAY_3, **on(4, status="given")), delayed(DAY_3, 4)),
        (row(DAY_3, **on(4, status="cancelled")), delayed(DAY_3, 4)),
        (row(DAY_3, **on(4)), delayed(SECOND, 4)),
        (row(DAY_3, **on(4)), Happened()),
    ],
)
def test_only_a_dose_that_stands_where_it_was_put_is_told(
    found: Administration, happened: Happened
) -> None:
    assert [] == put(found, happened=happened)


def test_what_was_put_off_is_told_before_what_is_held() -> None:
    happened = attrs.evolve(
        delayed(SECOND, 9), not_given={FIRST: not_given(FIRST, 1), DAY_3: not_given(DAY_3, 1)}
    )
    rows = (held(FIRST), held(DAY_3), row(SECOND, **on(9)))

    assert [(SECOND,), (FIRST, DAY_3)] == [
        finding.administrations for finding in put(*rows, happened=happened)
    ]


# -- interrupted ------------------------------------------------------------------------------------

RUN, LATER_RUN = "1.d1.alpha.IV.1", "1.d10.alpha.IV.1"


def cut(
    *, resumed: bool = False, days: int | None = 7, over: bool = False, whole_days: int = 3
) -> Break:
    entry = Interrupted(date=day(5), at=HERE, dose=RUN, time=None, delivered=None, reason="fever")
    again = Resumed(date=day(8), at=HERE, dose=RUN, time=None) if resumed else None
    source = None if days is None else "label: section 2"
    return Break(entry, again, days, source, over, whole_days)


def runs(name: str, first: int, last: int, **more: Any) -> Administration:
    rate = {"rate": parse("1 mg/day")}
    return row(name, **on(first, end=at(last)), order={**rate, **more})


def breaks(*rows: Administration, entries: tuple[Break, ...], **more: Any) -> list[Finding]:
    return list(interruptions(scene(rows, happened=Happened(breaks=entries), **more)))


#: The parts of the interrupted infusion, another of its drug by its route, and what is neither.
PARTS = (runs(RUN, 1, 5), runs("1.d8.alpha.IV.1", 8, 12), runs(LATER_RUN, 12, 15))
OTHERS = (
    row("1.d1.alpha.IT.1", **on(1, end=at(18))),
    row("1.d1.beta.IV.1", **on(1, end=at(18))),
    row("2.d1.alpha.IV.1", **on(22, end=at(30))),
)
IDS = (RUN, "1.d8.alpha.IV.1", LATER_RUN)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        # Goes on: the last part ends on day 15, the 16th; cycle 2 begins on the 23rd.
        (cut(resumed=True), "alpha was interrupted on 2026-03-06 for 3 days (fever) and goes on; "
         "it ends on 2026-03-16, so that all its days are delivered; 7 days without it remain "
         "before cycle 2"),
        (cut(resumed=True, whole_days=1), "alpha was interrupted on 2026-03-06 for 1 day (fever) "
         "and goes on; it ends on 2026-03-16, so that all its days are delivered; 7 days without "
         "it remain before cycle 2"),
        (cut(), "alpha is interrupted since 2026-03-06: fever; it may go on until 2026-03-13 to "
         "complete this cycle"),
        (cut(over=True, whole_days=8), "alpha was interrupted on 2026-03-06 for 8 days, more than "
         "7: fever; cycle 2, which it asks for, begins on 2026-03-23"),
        (cut(over=True, resumed=True, whole_days=8), "alpha was interrupted on 2026-03-06 for 8 "
         "days, more than 7: fever; cycle 2, which it asks for, begins on 2026-03-23"),
    ],
)  # fmt: skip
def test_an_interruption_is_told_with_what_comes_of_it(entry: Break, text: str) -> None:
    found = breaks(*PARTS, *OTHERS, entries=(entry,))

    assert [warning("PF237", text, *IDS, source="label: section 2")] == found


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (cut(days=None, resumed=True), "alpha was interrupted on 2026-03-06 for 3 days (fever) and "
         "goes on; it ends on 2026-03-16, so that all its days are delivered; 7 days without it "
         "remain before cycle 2"),
        (cut(days=None), "alpha is interrupted since 2026-03-06: fever"),
    ],
)  # fmt: skip
def test_that_no_source_says_how_long_a_break_may_be_is_told(entry: Break, text: str) -> None:
    silent = "; no source that was read says how long a break may be"

    assert [warning("PF237", text + silent, *IDS)] == breaks(*PARTS, *OTHERS, entries=(entry,))


@pytest.mark.parametrize(
    ("last", "text"),
    [
        # Cycle 2 begins on day 22.
        (21, "1 day without it remains before cycle 2"),
        (22, "0 days without it remain before cycle 2"),
        (23, "1 day of cycle 2 has begun by then"),
        (25, "3 days of cycle 2 have begun by then"),
    ],
)
def test_the_end_of_an_infusion_is_held_against_the_next_cycle(last: int, text: str) -> None:
    (found,) = breaks(runs(RUN, 1, 5), runs(LATER_RUN, 8, last), entries=(cut(resumed=True),))

    assert found.message.endswith(f"so that all its days are delivered; {text}")


@pytest.mark.parametrize(
    "course", [cycles(1), (cycles(1)[0], attrs.evolve(cycles(2)[1], start=None))]
)
def test_where_no_cycle_follows_none_is_named(course: Any) -> None:
    known = Course(course, None, ())
    on_again, over = cut(resumed=True), cut(over=True, whole_days=8)
    first, second = breaks(*PARTS, entries=(on_again, over), course=known)

    assert first.message.endswith("it ends on 2026-03-16, so that all its days are delivered")
    assert second.message.endswith("for 8 days, more than 7: fever; a new cycle is asked for")


def test_the_cycle_after_the_one_that_was_broken_off_is_named() -> None:
    name = "2.d1.alpha.IV.1"
    second = attrs.evolve(cut(over=True), interrupted=attrs.evolve(cut().interrupted, dose=name))
    found = list(
        interruptions(
            scene((runs(RUN, 1, 5), runs(name, 22, 30)), happened=Happened(breaks=(second,)))
        )
    )

    assert [(name,)] == [finding.administrations for finding in found]
    assert found[0].message.endswith("cycle 3, which it asks for, begins on 2026-04-13")


def test_an_infusion_that_was_cut_as_it_began_is_one_part() -> None:
    (found,) = breaks(runs(RUN, 8, 12), entries=(cut(resumed=True),))

    assert found.message.endswith("it ends on 2026-03-13, so that all its days are delivered; "
                                  "10 days without it remain before cycle 2")  # fmt: skip


def test_a_part_without_an_end_counts_from_its_start() -> None:
    (found,) = breaks(
        runs(RUN, 1, 5), row(LATER_RUN, order={"rate": parse("1 mg/day")}),
        entries=(cut(resumed=True),),
    )  # fmt: skip

    assert "it ends on 2026-03-11, so" in found.message


# -- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (-1, "-1 days")]
)
def test_days_in_words(count: int, expected: str) -> None:
    assert expected == in_days(count)


def test_a_drug_is_named_with_its_route() -> None:
    tall = row("1.d1.vincristine.IT.1", order={"name": "vinCRIStine"})

    assert "vinCRIStine INTRATHECAL" == printed_name(tall)


def test_what_was_given_is_told_before_what_is_not() -> None:
    assert (given_otherwise, put_off, interruptions) == LOOKS
