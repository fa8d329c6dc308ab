"""Where a patient stands: days, doses and sums, taken from the calendar by hand."""

from collections.abc import Mapping
from datetime import date, time
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
import pytest
from tests.engine import NONE, TREATMENT, drug_text, formulary, listed, protocol_text, ready
from tests.scenes import at, day, on, row
from tests.standings import RECORDED, STARTS, planned, protocol_of, sample, stands, treatment_of

from protoplan import api, files
from protoplan.model.exposure import Exposure
from protoplan.model.formulary import Drug
from protoplan.model.plan import (
    Administration,
    CheckLine,
    Finding,
    Instruction,
    Plan,
    TotalLine,
    Unresolved,
)
from protoplan.model.standing import Count, DosesOfDay, ExposureSoFar, PastDoses, Standing
from protoplan.model.treatment import Treatment
from protoplan.planning.intensity import intensity
from protoplan.planning.position import position
from protoplan.planning.standing import standing
from protoplan.problems import Severity
from protoplan.quantity import parse

TEXT = sample(STARTS)


def ids(rows: object) -> list[str]:
    assert isinstance(rows, tuple)
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("on", "state", "cycle", "day", "after"),
    [
        (date(2026, 3, 1), "before the course", None, None, None),
        (date(2026, 3, 2), "in a cycle", "1", 1, None),
        (date(2026, 3, 29), "in a cycle", "1", 28, None),
        (date(2026, 3, 30), "between cycles", "1", None, 1),
        (date(2026, 4, 5), "between cycles", "1", None, 7),
        (date(2026, 4, 6), "in a cycle", "2", 1, None),
        (date(2026, 5, 5), "in a cycle", "3", 2, None),
    ],
)
def test_the_day_has_its_place_in_the_course(
    on: date, state: str, cycle: str | None, day: int | None, after: int | None
) -> None:
    position = stands(TEXT, on).position

    assert (state, cycle, day, after) == (
        position.state, position.cycle, position.day, position.days_after)  # fmt: skip


def test_between_cycles_the_next_one_is_named_with_its_day() -> None:
    following = stands(TEXT, date(2026, 4, 1)).position.following

    assert following is not None
    assert ("2", date(2026, 4, 6), None) == (following.label, following.start, following.between)


def test_a_late_cycle_says_so_and_why() -> None:
    position = stands(RECORDED, date(2026, 5, 5)).position

    assert (True, 7, "platelets have not recovered") == (
        position.start_recorded, position.late, position.because)  # fmt: skip


def test_after_the_last_cycle_the_course_is_over() -> None:
    plan = planned(sample(""), date(2030, 1, 1))
    position = stands(sample(""), date(2030, 1, 1)).position

    assert ("after the course", plan.cycles[-1].label) == (position.state, position.cycle)
    assert None is position.following


def test_a_course_that_moved_on_to_transplant_says_so() -> None:
    moved = "  - {date: 2026-05-08, moved_on: transplant, reason: a donor is found}\n"
    position = stands(sample(STARTS + moved)).position

    assert ("moved on to transplant", None) == (position.state, position.following)
    assert position.moved_on is not None
    assert "a donor is found" == position.moved_on.reason


def test_a_kind_with_a_range_gives_the_next_cycle_its_bounds() -> None:
    """Day 1 is 2 March; 21 and 28 days after it are 23 and 30 March."""
    stated = [("height", "175cm"), ("weight", "70kg"), ("age", "45"), ("start", "2026-03-02")]
    found = api.target("mini-hyper-cvd-venetoclax", stated)
    plan = api.plan_on(*found, date(2026, 3, 20))
    following = api.standing(plan, found[0], found[1], date(2026, 3, 20)).position.following

    assert following is not None
    assert (date(2026, 3, 23), date(2026, 3, 30), (21, 28)) == (
        following.earliest, following.latest, following.between)  # fmt: skip


def test_the_doses_of_the_second_day_of_the_third_cycle() -> None:
    """Its third day holds no new drug, its fourth pegfilgrastim."""
    found = stands(RECORDED, date(2026, 5, 5))

    assert [
        "3.d2.ursodiol.PO.1", "3.d2.cyclophosphamide.IV.1", "3.d2.dexamethasone.PO.1",
        "3.d2.inotuzumab-ozogamicin.IV.1", "3.d2.methotrexate.IT.1", "3.d2.ursodiol.PO.2",
        "3.d2.ursodiol.PO.3", "3.d2.cyclophosphamide.IV.2",
    ] == ids(found.doses)  # fmt: skip
    assert [date(2026, 5, 6), date(2026, 5, 7)] == [day.date for day in found.upcoming]
    assert "3.d4.pegfilgrastim.SC.1" in ids(found.upcoming[1].doses)


def test_an_infusion_runs_until_the_day_of_its_end() -> None:
    """From day 5 of cycle 5, 26 June, for 24 days: to 20 July, 10:00."""
    running = {day: ids(stands(sample(""), date(2026, 7, day)).running) for day in (1, 20, 21)}

    assert ["5.d5.blinatumomab.IV.1"] == running[1] == running[20]
    assert [] == running[21]


def test_a_dose_that_was_put_off_is_missed_from_its_day_and_found_on_the_other() -> None:
    put_off = "  - {date: 2026-05-04, delayed: 3.d2.inotuzumab-ozogamicin.IV.1, to: 2026-05-06, reason: fever}\n"
    found = stands(sample(STARTS + put_off), date(2026, 5, 5))

    assert ["3.d2.inotuzumab-ozogamicin.IV.1"] == ids(found.moved)
    assert "3.d2.inotuzumab-ozogamicin.IV.1" in ids(found.upcoming[0].doses)


def test_past_doses_of_which_nothing_is_recorded_are_grouped_oldest_first() -> None:
    found = stands(RECORDED, date(2026, 5, 5))

    assert [("ursodiol", 171), ("dexamethasone", 9), ("pegfilgrastim", 2)] == [
        (group.drug, len(group.doses)) for group in found.overdue
    ]
    assert date(2026, 3, 2) == found.overdue[0].first


def test_an_infusion_that_is_recorded_as_begun_is_not_overdue_while_it_runs() -> None:
    """A plain one whose beginning is not recorded is both running by the plan and overdue."""
    dose = "5.d5.blinatumomab.IV.1"
    begun = f"  - {{date: 2026-07-03, begun: {dose}}}\n"
    late = STARTS + "  - {date: 2026-06-29, cycle: 5, started: true}\n" + begun
    on = date(2026, 7, 10)

    with_it, without = stands(sample(late), on), stands(sample(late.replace(begun, "")), on)

    assert [dose] == ids(with_it.running) == ids(without.running)
    assert [False, True] == [_names(one, dose) for one in (with_it, without)]


def _names(standing: Standing, dose: str) -> bool:
    return any(row.id == dose for group in standing.overdue for row in group.doses)


BROKEN = """
  - {date: 2026-06-29, cycle: 5, started: true}
  - {date: 2026-07-03, begun: 5.d5.blinatumomab.IV.1}
  - {date: 2026-07-08, interrupted: 5.d5.blinatumomab.IV.1, time: '12:00', reason: neurotoxicity}
"""


def test_an_interrupted_infusion_runs_to_its_break_and_then_is_held() -> None:
    """What was delivered until the break is not recorded, and so not among what is to come."""
    text = sample(STARTS + BROKEN)
    before, at, after = (stands(text, date(2026, 7, day)) for day in (7, 8, 9))

    ran, rest = "5.d5.blinatumomab.IV.1", "5.d10.blinatumomab.IV.1"
    assert [ran] == ids(before.running) == ids(at.running)
    assert ([], [rest]) == (ids(after.running), [row.id for g in after.held for row in g.doses])
    assert [False, True] == [_names(one, ran) for one in (at, after)]


def test_an_infusion_that_went_on_runs_to_its_new_end() -> None:
    """Three days' break move the end from Mon 27 July to Thu 30 July."""
    again = "  - {date: 2026-07-11, resumed: 5.d5.blinatumomab.IV.1, time: '12:00'}\n"
    text = sample(STARTS + BROKEN + again)
    found = {day: stands(text, date(2026, 7, day)) for day in (12, 30, 31)}

    assert ["5.d13.blinatumomab.IV.1"] == ids(found[12].running) == ids(found[30].running)
    assert [] == ids(found[31].running) and not _names(found[30], "5.d13.blinatumomab.IV.1")
    assert _names(found[31], "5.d13.blinatumomab.IV.1")


def test_a_held_dose_is_kept_in_sight() -> None:
    held = "  - {date: 2026-05-04, held: 3.d1.vincristine.IV.1, reason: ileus}\n"
    found = stands(sample(STARTS + held), date(2026, 5, 7))

    assert [("vincristine", ["3.d1.vincristine.IV.1"])] == [
        (group.drug, ids(group.doses)) for group in found.held
    ]
    assert not _names(found, "3.d1.vincristine.IV.1")


def test_intrathecal_doses_are_counted_over_the_whole_course() -> None:
    """Of 8: two in each of the first two cycles were given, 4 of cycles 3 and 4 are to come."""
    count = next(c for c in stands(RECORDED, date(2026, 5, 5)).counts if "methotrexate IT" in c.of)

    assert (8, 4, 0, 4, 0) == (
        count.doses, count.given, count.not_recorded, count.to_come, count.open)  # fmt: skip


def test_a_day_that_is_past_is_shown_as_the_record_has_it_now() -> None:
    """On 31 March two of four doses of cytarabine were given; the others were given later."""
    found = stands(RECORDED, date(2026, 3, 31))
    cytarabine = next(e for e in found.exposure if (e.drug, e.route) == ("cytarabine", "IV"))

    assert date(2026, 5, 4) == found.as_of
    assert (2, 0, 6) == cytarabine.doses
    assert (Fraction(1000), Fraction(0), Fraction(2750)) == (
        cytarabine.given,
        cytarabine.not_recorded,
        cytarabine.to_come,
    )
    assert None is found.response


def test_what_the_record_says_of_the_disease_is_the_last_of_it() -> None:
    planned_for = "  - {date: 2026-05-04, transplant_on: 2026-06-15}\n"
    found = stands(RECORDED + planned_for, date(2026, 5, 5))

    assert found.response is not None and found.transplant is not None
    assert ("complete remission", "negative", date(2026, 6, 15)) == (
        found.response.remission, found.response.mrd, found.transplant.on)  # fmt: skip


def test_a_plan_of_an_earlier_day_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a plan does not say what is overdue on a later day$"):
        api.standing(planned(TEXT), treatment_of(TEXT), protocol_of(TEXT), date(2026, 6, 1))


# -- made-up days -----------------------------------------------------------------------------------

#: The eighth day of the first cycle, and of the course.
TODAY = day(8)


@cache
def base() -> tuple[Plan, Mapping[str, Drug]]:
    """A plan of that day without a record, and the drugs that it may give."""
    with formulary(drug_text("alpha"), drug_text("beta")):
        prepared = ready(protocol_text())
        plan = api.plan_prepared(recorded(), prepared, TODAY)
        return plan, {name: files.drug(name) for name in ("alpha", "beta")}


def recorded(*entries: str) -> Treatment:
    record = listed("record", [f"{{{entry}}}" for entry in entries])
    found: Treatment = files.load_text(f"{TREATMENT}{NONE}{record}\n", "t.yaml")[1]
    return found


def made_up(
    *rows: Administration, entries: tuple[str, ...] = (), today: date = TODAY, **more: Any
) -> Standing:
    """Where a patient stands by these administrations and this record."""
    plan, drugs = base()
    treatment = recorded(*entries)
    plan = attrs.evolve(plan, administrations=rows, **{"exposure": (), **more})
    found = standing(plan, treatment, drugs, today)
    moved_on = found.position.moved_on
    assert position(plan, treatment, today) == found.position
    assert found.intensity == intensity(plan, drugs, today, moved_on.date if moved_on else None)
    return found


def counting(name: str, per_basis: int | None, **more: Any) -> Administration:
    basis = None if per_basis is None else Fraction(per_basis)
    return row(name, order={"per_basis": basis, "name": "Named"}, **more)


GIVEN = counting("1.d1.alpha.IV.1", 100, status="given")
OVERDUE = counting("1.d3.alpha.IV.1", 90, overdue=True)
HELD = counting("1.d5.alpha.IV.1", None, status="held")
DUE = counting("1.d8.alpha.IV.1", 80)
HELD_TODAY = counting("1.d8.beta.PO.1", None, status="held")
PUT_OFF = counting("1.d8.alpha.IV.2", 70, **on(9))
NEXT = counting("1.d9.beta.PO.1", 5)
ROWS = (GIVEN, OVERDUE, HELD, DUE, HELD_TODAY, PUT_OFF, NEXT)


def finding(severity: Severity, *rows: Administration) -> Finding:
    return Finding("PF000", severity, "so", tuple(each.id for each in rows))


def test_a_day_is_shown_with_all_that_belongs_to_it() -> None:
    """Nothing but what is due up to the next day with a dose is asked for."""
    warning, stop = Severity.WARNING, Severity.STOP
    kept = (finding(warning), finding(stop, OVERDUE, DUE), finding(warning, NEXT))
    left_out = (finding(Severity.NOTE), finding(Severity.NOTE, DUE), finding(stop, GIVEN, OVERDUE))
    lines = [CheckLine(day(n), "1", (), (), (), ()) for n in (7, 8, 9, 10)]
    things = [Instruction(day(n), "do", "so", "paper: x", ()) for n in (7, 8, 9, 10)]
    unresolved = (Unresolved("alpha", ("a",), ("state a",), (DUE.id,)),)
    found = made_up(
        *ROWS,
        entries=("date: 2026-03-09, response: complete remission, mrd: negative",
                 "date: 2026-03-09, transplant_on: 2026-06-15"),
        findings=(*kept, *left_out),
        checklist=tuple(lines),
        instructions=tuple(things),
        unresolved=unresolved,
        revision=3,
    )  # fmt: skip

    assert found == Standing(
        treatment="made-up",
        label="made up",
        revision=3,
        protocol=base()[0].protocol,
        title="Made up",
        on=TODAY,
        as_of=TODAY,
        complete=False,
        position=found.position,
        doses=(DUE, HELD_TODAY),
        running=(),
        begun=frozenset(),
        moved=(PUT_OFF,),
        upcoming=(DosesOfDay(day(9), "1", 8, (PUT_OFF, NEXT)),),
        overdue=(PastDoses("alpha", "Named", "IV", (OVERDUE,)),),
        held=(PastDoses("alpha", "Named", "IV", (HELD,)),),
        exposure=(),
        counts=(),
        unresolved=unresolved,
        to_ask=tuple(lines[1:3]),
        instructions=tuple(things[1:3]),
        response=found.response,
        transplant=found.transplant,
        findings=kept,
        intensity=found.intensity,
    )
    assert found.response is not None and found.transplant is not None
    assert (TODAY, TODAY) == (found.response.date, found.transplant.date)


def test_where_nothing_is_to_come_the_day_alone_is_asked_for() -> None:
    lines = [CheckLine(day(n), "1", (), (), (), ()) for n in (8, 9)]
    found = made_up(DUE, checklist=tuple(lines))

    assert ((), (lines[0],)) == (found.upcoming, found.to_ask)


def test_what_the_record_says_later_is_not_known_on_the_day() -> None:
    found = made_up(
        entries=("date: 2026-03-08, response: relapse", "date: 2026-03-09, response: no response",
                 "date: 2026-03-08, transplant_on: 2026-06-15"),
        today=day(7),
    )  # fmt: skip
    assert found.response is not None
    assert ("relapse", date(2026, 6, 15)) == (
        found.response.remission, found.transplant and found.transplant.on
    )  # fmt: skip


def test_a_course_that_moved_on_breaks_off_the_cycle_it_lies_in() -> None:
    """The first cycle is over on the 30th day, and was broken off on the 7th."""
    moved = "date: 2026-03-08, moved_on: transplant, reason: a donor"
    found = [made_up(entries=said, today=day(30), as_of=day(30)) for said in ((), (moved,))]

    assert [("1",), ()] == [each.intensity.cycles for each in found]


def running(
    name: str, first: int, last: int, clock: time = time(10), **more: Any
) -> Administration:
    order = {"rate": parse("1 mg/day"), "per_basis": Fraction(1), **more.pop("order", {})}
    return row(name, **on(first, end=at(last, clock), **more), order=order)


@pytest.mark.parametrize(
    ("dose", "runs"),
    [
        (running("1.d7.alpha.IV.1", 7, 8), True),
        (running("1.d7.alpha.IV.1", 7, 8, time(0)), False),
        (running("1.d7.alpha.IV.1", 7, 8, time(0, 1)), True),
        (running("1.d8.alpha.IV.1", 8, 9), False),
        (running("1.d7.alpha.IV.1", 7, 9, status="given"), True),
        (running("1.d7.alpha.IV.1", 7, 9, status="held"), False),
        (running("1.d7.alpha.IV.1", 7, 9, order={"needs": ("record: a",)}), False),
        (running("1.d7.alpha.IV.1", 7, 9, order={"needs": ("a",)}), True),
        (row("1.d7.alpha.IV.1"), False),
    ],
)
def test_an_infusion_runs_on_a_day_that_it_lasts_into(dose: Administration, runs: bool) -> None:
    assert ((dose,) if runs else ()) == made_up(dose).running


BEGUN = "date: 2026-03-06, begun: 1.d5.alpha.IV.1"
AGAIN = (
    "date: 2026-03-06, begun: 1.d5.alpha.IV.1",
    "date: 2026-03-07, interrupted: 1.d5.alpha.IV.1, reason: fever",
    "date: 2026-03-08, resumed: 1.d5.alpha.IV.1",
)


def test_a_finding_stands_while_an_infusion_of_it_runs() -> None:
    """One that ended the day before is past; one that ends on the day is not."""
    over, ends = running("1.d5.alpha.IV.1", 5, 7), running("1.d5.beta.IV.1", 5, 8)
    both = tuple(finding(Severity.STOP, each) for each in (over, ends))

    assert both[1:] == made_up(over, ends, findings=both).findings


# -- what is to come --------------------------------------------------------------------------------

ALPHA, BETA = "alpha.IV.1", "beta.PO.1"


@pytest.mark.parametrize(
    ("doses", "expected"),
    [
        # The next day, and where it only goes on with the drugs of the day, the next with another.
        ([(8, ALPHA), (9, ALPHA), (10, ALPHA), (11, BETA), (12, BETA)], [9, 11]),
        ([(8, ALPHA), (9, ALPHA), (10, ALPHA)], [9]),
        ([(8, ALPHA), (9, ALPHA), (10, ALPHA), (10, BETA)], [9, 10]),
        ([(8, ALPHA), (8, BETA), (9, ALPHA), (10, BETA)], [9, 10]),
        ([(8, ALPHA), (9, BETA), (10, ALPHA)], [9]),
        ([(8, ALPHA), (9, ALPHA), (9, BETA), (10, "gamma.PO.1")], [9]),
        ([(7, ALPHA), (9, ALPHA), (10, BETA)], [9]),
        ([(8, "alpha.IT.1"), (9, ALPHA), (10, BETA)], [9]),
        ([(7, ALPHA), (8, ALPHA)], []),
    ],
)
def test_the_next_days_are_those_with_something_to_see_to(
    doses: list[tuple[int, str]], expected: list[int]
) -> None:
    rows = [row(f"1.d{number}.{name}") for number, name in doses]
    found = made_up(*rows).upcoming

    assert [
        DosesOfDay(day(n), "1", n, tuple(each for each in rows if each.date == day(n)))
        for n in expected
    ] == list(found)


@pytest.mark.parametrize("status", ["held", "omitted", "missed", "cancelled"])
def test_a_dose_that_is_not_given_is_not_waited_for(status: str) -> None:
    """Neither on the day nor later: beta, on the day, would go on."""
    rows = (
        row("1.d8.beta.PO.1", status=status), row("1.d9.alpha.IV.1", status=status),
        row("1.d10.beta.PO.1"), row("1.d11.alpha.IV.1"),
    )  # fmt: skip

    assert [day(10)] == [each.date for each in made_up(*rows).upcoming]


# -- what is open -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "entries", "past"),
    [
        (row("1.d7.alpha.IV.1", overdue=True), (), True),
        (row("1.d7.alpha.IV.1", overdue=True, status="omitted"), (), False),
        (row("1.d7.alpha.IV.1", status="unresolved"), (), True),
        (row("1.d7.alpha.IV.1"), (), False),
        (row("1.d8.alpha.IV.1", overdue=True), (), False),
        # An infusion of which nothing is recorded was due to begin; one that began is to end.
        (running("1.d5.alpha.IV.1", 5, 8, overdue=True), (), True),
        (running("1.d5.alpha.IV.1", 5, 8, overdue=True), (BEGUN,), False),
        (running("1.d5.alpha.IV.1", 5, 7, overdue=True), (BEGUN,), True),
        (running("1.d5.beta.IV.1", 5, 8, overdue=True), (BEGUN,), True),
        (running("1.d5.alpha.IV.1", 5, 8, status="unresolved"), (), False),
        # What went on after a break has an id of its own, of the day on which it went on.
        (running("1.d7.alpha.IV.1", 7, 8, overdue=True), AGAIN, False),
        (running("1.d6.alpha.IV.1", 6, 8, overdue=True), AGAIN, True),
        (running("1.d7.alpha.SC.1", 7, 8, overdue=True), AGAIN, True),
        (running("1.d7.beta.IV.1", 7, 8, overdue=True), AGAIN, True),
    ],
)
def test_a_dose_is_past_and_open_once_its_end_would_be_known(
    dose: Administration, entries: tuple[str, ...], past: bool
) -> None:
    found = made_up(dose, entries=entries)

    assert ([dose] if past else []) == [each for group in found.overdue for each in group.doses]


@pytest.mark.parametrize(
    ("status", "entries", "begun"),
    [
        ("planned", (BEGUN,), True),
        ("unresolved", (BEGUN,), True),
        ("given", (BEGUN,), False),
        ("planned", (), False),
    ],
)
def test_an_infusion_goes_on_from_the_entry_that_it_began(
    status: str, entries: tuple[str, ...], begun: bool
) -> None:
    dose = running("1.d5.alpha.IV.1", 5, 9, status=status)

    assert (frozenset({dose.id}) if begun else frozenset()) == made_up(dose, entries=entries).begun


def test_open_doses_stand_by_drug_and_route_the_oldest_first() -> None:
    names = ["1.d5.alpha.IV.1", "1.d2.beta.PO.1", "1.d3.alpha.IV.1", "1.d4.beta.IV.1"]
    rows = [row(name, overdue=True, order={"name": name[5:7]}) for name in names]
    fifth, second, third, fourth = rows

    assert (
        PastDoses("beta", "be", "PO", (second,)),
        PastDoses("alpha", "al", "IV", (third, fifth)),
        PastDoses("beta", "be", "IV", (fourth,)),
    ) == made_up(*rows).overdue


# -- sums -------------------------------------------------------------------------------------------


def summed(*rows: Administration, today: date = TODAY) -> tuple[ExposureSoFar, Count]:
    """Of alpha by vein, of which 50 mg were given before and 400 in all; 9 doses are printed."""
    exposure = Exposure("alpha", "IV", "mg", Fraction(350), Fraction(50), None, 4)
    total = TotalLine(("alpha IV", "beta IV"), 9, 0, 0, "paper: x")
    found = made_up(*rows, today=today, exposure=(exposure,), totals=(total,))
    return found.exposure[0], found.counts[0]


def so_far(given: int, late: int | None, later: int | None, *doses: int) -> ExposureSoFar:
    return ExposureSoFar(
        drug="alpha", name="Named", route="IV", unit="mg", given=Fraction(given),
        not_recorded=None if late is None else Fraction(late),
        to_come=None if later is None else Fraction(later), earlier=Fraction(50),
        total=Fraction(400), doses=(doses[0], doses[1], doses[2]),
    )  # fmt: skip


def test_doses_are_parted_by_the_day() -> None:
    """100 mg given, 90 of which nothing is recorded, and 80 + 70 to come; beta counts as a dose."""
    other, by_mouth = counting("1.d8.beta.IV.1", 5), counting("1.d8.alpha.PO.1", 5)

    assert (
        so_far(100, 90, 150, 1, 1, 2),
        Count(("alpha IV", "beta IV"), 9, 1, 1, 3, "paper: x"),
    ) == (summed(*ROWS, other, by_mouth))


def test_what_was_given_on_the_day_is_given_and_what_was_given_later_is_to_come() -> None:
    later = counting("1.d8.alpha.IV.1", 80, status="given")

    assert so_far(0, 0, 80, 0, 0, 1) == summed(later, today=day(7))[0]
    assert so_far(180, 0, 0, 2, 0, 0) == summed(GIVEN, later)[0]
    assert so_far(100, 0, 80, 1, 0, 1) == summed(GIVEN, later, today=day(7))[0]


def test_a_sum_of_doses_that_are_not_known_is_not_known() -> None:
    past = counting("1.d3.alpha.IV.1", None, status="unresolved")
    ahead = counting("1.d9.alpha.IV.1", None, status="unresolved")

    assert so_far(100, None, 80, 1, 1, 1) == summed(GIVEN, past, DUE)[0]
    assert so_far(100, 0, None, 1, 0, 2) == summed(GIVEN, DUE, ahead)[0]
