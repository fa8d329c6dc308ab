"""The bags of an infusion of alpha, worked by hand from Monday 2026-03-02, 10:00."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
import pytest
from tests.engine import cited, drug_text, planned, read_drug
from tests.engine import said as plain
from tests.scenes import HERE, at, day, on, row

from protoplan.model.bag_plan import Bag, BagPlan, BagPlans, DaysWithout, Stretch
from protoplan.model.bags import BagRules, Lasting
from protoplan.model.formulary import Drug
from protoplan.model.plan import Administration, Finding, Plan, PlannedCycle, Unresolved
from protoplan.planning.bag_plans import bag_plans, infusions
from protoplan.problems import Severity
from protoplan.quantity import parse

BAGS = """\
bags:
  - {lasts: 24 h, runs_at: 10 mL/h, source: [label, section 1]}
  - {lasts: 72 h, runs_at: 2 mL/h, not_below: 40 kg, note: with salt, source: [label, section 1],
     borrowed: {not_below: [label, section 2]}}
  - {lasts: 4 days, runs_at: 2 mL/h, not_below: 40 kg, note: with salt, source: [label, section 1],
     borrowed: {not_below: [label, section 2]}}
  - {lasts: 7 days, runs_at: 1 mL/h, not_below: 60 kg, disputed_below: 80 kg,
     source: [label, section 1],
     borrowed: {not_below: [label, section 3], disputed_below: [label, section 4]}}
"""
SPELT = drug_text("alpha", BAGS).replace("name: alpha", "name: alPHA")
DRUGS = {"alpha": read_drug(SPELT), "beta": read_drug(drug_text("beta"))}
DAY, DAYS_3, DAYS_4, WEEK = DRUGS["alpha"].bags

FIRST, SECOND = "1.d1.alpha.IV.1", "1.d5.alpha.IV.1"
WEEKEND, ANY_DAY = ("Saturday", "Sunday"), BagRules()


@cache
def base() -> Plan:
    return planned()


def runs(
    name: str, first: int, last: int, amount: str | None = "14 mg", **more: Any
) -> Administration:
    """An infusion from the morning of a day to that of another one."""
    order = {"rate": parse("2 mg/day"), "name": "alPHA", **more.pop("order", {})}
    ordered = None if amount is None else parse(amount)
    return row(name, ordered, **on(first, end=at(last)), order=order, **more)


def plans(
    *rows: Administration,
    rules: BagRules = ANY_DAY,
    flagged: Sequence[str] = (),
    cycles: Sequence[str] = ("1",),
    weight: str = "70 kg",
    drugs: Mapping[str, Drug] = DRUGS,
    course: Sequence[PlannedCycle] | None = None,
    **more: Any,
) -> tuple[Plan, BagPlans]:
    measures = tuple(attrs.evolve(one, weight=parse(weight)) for one in base().measures)
    course = base().cycles if course is None else course
    plan = attrs.evolve(
        base(), administrations=rows, measures=measures, cycles=tuple(course), **more
    )
    return plan, bag_plans(plan, drugs, rules, flagged, [("alpha", "IV", c) for c in cycles])


def bagged(*rows: Administration, **more: Any) -> BagPlan:
    (found,) = plans(*rows, **more)[1].plans
    return found


def told(found: BagPlan) -> list[tuple[str, str, str, str | None]]:
    """What is found, each of all parts of the infusion."""
    ids = tuple(each.id for each in found.stretches)
    assert all(each.administrations == ids for each in found.findings)
    return [(f.code, f.severity.value, plain(f.message), f.source) for f in found.findings]


def stretch(name: str, first: int, last: int, per_day: int | None = 2, **more: Any) -> Stretch:
    rate = None if per_day is None else Fraction(per_day)
    return attrs.evolve(Stretch(name, at(first), at(last), "planned", rate, "mg"), **more)


def lasting(*hours: int) -> BagRules:
    return BagRules((), tuple((Lasting(each), HERE) for each in hours))


# -- which infusions --------------------------------------------------------------------------------


def test_infusions_of_drugs_that_come_in_bags_are_found_part_by_part() -> None:
    """Beta comes in none; a dose without a rate and a rate without an end are none."""
    first, second = runs(FIRST, 1, 5), runs(SECOND, 5, 8)
    later, other = runs("2.d1.alpha.IV.1", 22, 29), runs("1.d1.alpha.SC.1", 2, 3)
    rows = (
        second, later, other, first,
        runs("1.d1.beta.IV.1", 1, 5), row("1.d2.alpha.IV.1"),
        row("1.d3.alpha.IV.1", order={"rate": parse("2 mg/day")}),
        row("1.d4.alpha.IV.1", **on(4, end=at(5))),
    )  # fmt: skip

    found = infusions(attrs.evolve(base(), administrations=rows), DRUGS)

    assert [
        (("alpha", "IV", "1"), (first, second)),
        (("alpha", "SC", "1"), (other,)),
        (("alpha", "IV", "2"), (later,)),
    ] == list(found.items())


def test_the_bags_of_a_course_stand_as_they_are_asked_for() -> None:
    stop, warning = (Finding("PF000", how, "so") for how in (Severity.STOP, Severity.WARNING))
    feasts = ((date(2026, 3, 9), "A feast"),)
    rules = attrs.evolve(lasting(24), no_changes_on=("holidays",))
    plan, found = plans(
        runs(FIRST, 1, 3),
        runs("2.d1.alpha.IV.1", 22, 24),
        rules=rules,
        flagged=["no-changes-on"],
        cycles=["2", "1"],
        findings=(warning, stop),
        holidays=feasts,
        revision=3,
    )

    assert (
        BagPlans(
            treatment="made-up",
            label="made up",
            revision=3,
            protocol=plan.protocol,
            as_of=date(2026, 3, 1),
            policy=next(entry for entry in plan.inputs if entry.kind == "policy"),
            without=DaysWithout(("holidays",), feasts),
            lasting=(Lasting(24),),
            flagged=("no-changes-on",),
            plans=found.plans,
            stops=(stop,),
        )
        == found
    )
    assert ["2", "1"] == [each.cycle for each in found.plans]


# -- the bags of one --------------------------------------------------------------------------------


def test_a_week_is_one_bag() -> None:
    """14 mg in seven days; at 70 kg the bag of a week is disputed."""
    whole = stretch(FIRST, 1, 8)
    message = (
        "a bag of 7\xa0days is given from 60\xa0kg on by label: section 3, and only from 80\xa0kg "
        "on by label: section 4; the weight is 70\xa0kg"
    )

    assert BagPlan(
        drug="alpha",
        name="alPHA",
        route="IV",
        cycle="1",
        weight=parse("70 kg"),
        kinds=(DAY, DAYS_3, DAYS_4, WEEK),
        stretches=(whole,),
        bags=(Bag(at(1), at(8), WEEK, whole),),
        changes=0,
        starts=None,
        lacks=(),
        findings=(Finding("PF253", Severity.WARNING, message, (FIRST,)),),
    ) == bagged(runs(FIRST, 1, 8))


def test_each_part_has_bags_of_its_own() -> None:
    """8 mg in four days and 12 in three; the change of rate is the one change of bag."""
    first, second = stretch(FIRST, 1, 5), stretch(SECOND, 5, 8, 4)
    found = bagged(runs(FIRST, 1, 5, "8 mg"), runs(SECOND, 5, 8, "12 mg"))

    assert (
        (first, second),
        (Bag(at(1), at(5), DAYS_4, first), Bag(at(5), at(8), DAYS_3, second)),
        1,
        (),
    ) == (found.stretches, found.bags, found.changes, found.findings)


def test_bags_stand_end_to_end() -> None:
    """Three days of bags of one day are two changes."""
    whole = stretch(FIRST, 1, 4)
    found = bagged(runs(FIRST, 1, 4, "6 mg"), rules=lasting(24))

    assert ((DAY,), tuple(Bag(at(n), at(n + 1), DAY, whole) for n in (1, 2, 3)), 2) == (
        found.kinds, found.bags, found.changes
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "last", "changes"),
    [("given", 5, 1), ("given", 4, 0), ("held", 5, 0), ("missed", 5, 0)],
)
def test_a_bag_that_takes_the_place_of_one_that_ran_is_a_change(
    status: str, last: int, changes: int
) -> None:
    """One after a break, or after a part that did not run, is none."""
    past = runs(FIRST, 1, last, "2 mg", status=status, order={"because": "so"})
    found = bagged(past, runs(SECOND, 5, 8, "6 mg"))

    assert (changes, [(status, False, "so"), ("planned", True, None)]) == (
        found.changes, [(each.status, each.bagged, each.because) for each in found.stretches]
    )  # fmt: skip
    assert found.bags == (Bag(at(5), at(8), DAYS_3, stretch(SECOND, 5, 8)),)


def test_a_dose_that_is_not_known_has_bags_and_says_what_it_lacks() -> None:
    unresolved = (
        Unresolved("alpha", ("a",), ("state a", "state b"), ("1.d9.alpha.IV.1", FIRST)),
        Unresolved("alpha", ("c",), ("state c",), ("2.d1.alpha.IV.1",)),
    )
    row = runs(FIRST, 1, 4, None, status="unresolved", order={"needs": ("a",)})
    found = bagged(row, unresolved=unresolved)

    assert (
        (stretch(FIRST, 1, 4, None, status="unresolved"),),
        ("state a", "state b"),
        True,
    ) == (found.stretches, found.lacks, found.open)
    assert found.bags is not None and [DAYS_3] == [bag.kind for bag in found.bags]


@pytest.mark.parametrize(
    ("because", "expected"), [(None, "record: a; state b"), ("interrupted", "interrupted")]
)
def test_what_waits_for_the_record_gets_no_bags(because: str | None, expected: str) -> None:
    order = {"needs": ("record: a", "state b"), "because": because}
    found = bagged(runs(FIRST, 1, 4, None, status="unresolved", order=order))

    assert (
        (stretch(FIRST, 1, 4, None, status="unresolved", bagged=False, because=expected),),
        (), 0,
    ) == (found.stretches, found.bags, found.changes)  # fmt: skip


def test_a_dose_is_counted_in_its_own_unit() -> None:
    found = bagged(runs(FIRST, 1, 4, "9000 mcg"))

    assert (stretch(FIRST, 1, 4, 3000, unit="mcg"),) == found.stretches


# -- by weight --------------------------------------------------------------------------------------

SALT = "bags of 72 h and 4 days (with salt) are left out: they are not given below 40 kg, and the weight is "
WEEKS = "bags of 7 days are left out: they are not given below 60 kg, and the weight is "
DISPUTED = (
    "a bag of 7 days is given from 60 kg on by label: section 3, and only from 80 kg on by label: "
    "section 4; the weight is "
)


@pytest.mark.parametrize(
    ("weight", "kinds", "notes"),
    [
        ("39.9 kg", [24], [("PF252", "note", f"{SALT}39.9 kg", "label: section 2"),
                           ("PF252", "note", f"{WEEKS}39.9 kg", "label: section 3")]),
        ("40 kg", [24, 72, 96], [("PF252", "note", f"{WEEKS}40 kg", "label: section 3")]),
        ("60 kg", [24, 72, 96, 168], [("PF253", "warning", f"{DISPUTED}60 kg", None)]),
        ("80 kg", [24, 72, 96, 168], []),
    ],
)  # fmt: skip
def test_bags_are_used_from_their_weight_on(
    weight: str, kinds: list[int], notes: list[tuple[str, ...]]
) -> None:
    found = bagged(runs(FIRST, 1, 8), weight=weight)

    assert (parse(weight), kinds, notes) == (
        found.weight, [kind.lasts.hours for kind in found.kinds], told(found)
    )  # fmt: skip


def test_a_bag_that_is_not_made_is_not_left_out_for_the_weight() -> None:
    assert [] == told(bagged(runs(FIRST, 1, 8), weight="39 kg", rules=lasting(24)))


def test_a_dispute_is_told_of_the_bags_that_are_used() -> None:
    """Eight days are 1 + 7 or 4 + 4, and the shorter first is taken; ten are 1 + 2 + 7.

    The source of a bag for any weight is that of the bag itself.
    """
    by = "borrowed: {lasts: [label, section 5], disputed_below: [label, section 6]}"
    bags = cited("bags", f"lasts: 7 days, runs_at: 1 mL/h, disputed_below: 80 kg, {by}",
                 f"lasts: 48 h, runs_at: 1 mL/h, disputed_below: 80 kg, note: with salt, {by}",
                 f"lasts: 96 h, runs_at: 1 mL/h, disputed_below: 80 kg, {by}",
                 "lasts: 24 h, runs_at: 1 mL/h")  # fmt: skip
    drugs = {"alpha": read_drug(drug_text("alpha", bags))}
    rest = (
        "is given at any weight by label: section 5, and only from 80 kg on by label: section 6; the "
        "weight is 79 kg"
    )
    short = ("PF253", "warning", f"a bag of 48 h (with salt) {rest}", None)
    long = ("PF253", "warning", f"a bag of 7 days {rest}", None)

    assert [long] == told(bagged(runs(FIRST, 1, 9), drugs=drugs, weight="79 kg"))
    assert [short, long] == told(bagged(runs(FIRST, 1, 11), drugs=drugs, weight="79 kg"))


@pytest.mark.parametrize(("taken", "weight"), [(22, "71 kg"), (23, "70 kg")])
def test_the_weight_is_that_of_the_cycle(taken: int, weight: str) -> None:
    """The second cycle begins on day 22, and its infusion on day 24; 71 kg are weighed meanwhile."""
    first = base().measures[0]
    second = attrs.evolve(first, date=day(taken), weight=parse("71 kg"))
    rows = (runs(FIRST, 1, 4), runs("2.d3.alpha.IV.1", 24, 27))
    plan = attrs.evolve(base(), administrations=rows, measures=(first, second))
    infusions = [("alpha", "IV", "1"), ("alpha", "IV", "2")]
    found = bag_plans(plan, DRUGS, ANY_DAY, (), infusions)

    assert [parse("70 kg"), parse(weight)] == [each.weight for each in found.plans]


# -- where there is no series -----------------------------------------------------------------------

STEP = (runs(FIRST, 1, 6, "10 mg"), runs(SECOND, 6, 9, "9 mg"))
STEPPED = (
    "no series of bags covers the infusion of cycle 1 without a change on Saturday or Sunday: the "
    "rate goes to 3 mg/day on Saturday 2026-03-07, and a change of rate is a change of bag"
)


def test_starts_near_by_are_named_from_which_there_is_a_series() -> None:
    """The step stands five days after the start: a Monday, Tuesday or Wednesday for these alone."""
    starts = [date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27),
              date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)]  # fmt: skip
    found = bagged(*STEP, rules=BagRules(WEEKEND), weight="80 kg")

    assert (None, None, tuple(starts)) == (found.bags, found.changes, found.starts)
    assert [
        ("PF251", "stop", f"{STEPPED}; there is one if it begins on Wednesday 2026-02-25, Thursday "
         "2026-02-26, Friday 2026-02-27, Wednesday 2026-03-04, Thursday 2026-03-05 or Friday "
         "2026-03-06", None),
    ] == told(found)  # fmt: skip


def test_a_cycle_that_began_and_an_infusion_that_ran_have_no_other_start() -> None:
    begun = tuple(attrs.evolve(cycle, recorded=True) for cycle in base().cycles)
    past = runs("1.d-1.alpha.IV.1", 0, 1, status="given")
    found = [
        bagged(*STEP, rules=BagRules(WEEKEND), weight="80 kg", course=begun),
        bagged(past, *STEP, rules=BagRules(WEEKEND), weight="80 kg"),
    ]

    assert [None, None] == [each.starts for each in found]
    assert [[("PF251", "stop", STEPPED, None)]] * 2 == [told(each) for each in found]


def test_all_that_stands_in_the_way_is_told() -> None:
    """The step stands on a Saturday, and from there no bag of two days is made."""
    found = bagged(STEP[0], runs(SECOND, 6, 8, "6 mg"), rules=BagRules(WEEKEND), weight="80 kg")

    assert told(found)[0][2].startswith(
        f"{STEPPED}; from Saturday 2026-03-07 on no bag goes on: one of 24 h ends on Sunday "
        "2026-03-08, those of 72 h, 4 days and 7 days run past the end on Monday 2026-03-09; "
        "there is one if it begins on "
    )


def test_where_no_other_start_helps_that_is_said() -> None:
    """Bags of a day do not pass a weekend, wherever a week begins."""
    found = bagged(
        runs(FIRST, 1, 8), rules=attrs.evolve(lasting(24), no_changes_on=WEEKEND), weight="80 kg"
    )

    assert () == found.starts
    assert [
        ("PF251", "stop",
         "no series of bags covers the infusion of cycle 1 without a change on Saturday or Sunday: "
         "after a change on Friday 2026-03-06 no bag goes on: one of 24 h ends on Saturday "
         "2026-03-07; nor is there one from any other start within 7 days of it", None),
    ] == told(found)  # fmt: skip


def test_where_no_bag_may_be_used_there_is_none() -> None:
    found = bagged(runs(FIRST, 1, 4), rules=lasting(72), weight="39 kg")

    assert ((), None, None, None) == (found.kinds, found.bags, found.changes, found.starts)
    assert [
        ("PF252", "note", "bags of 72 h (with salt) are left out: they are not given below 40 kg, "
         "and the weight is 39 kg", "label: section 2"),
        ("PF251", "stop", "no series of bags covers the infusion of cycle 1: no bag may be used",
         None),
    ] == told(found)  # fmt: skip


# -- where somebody must be there -------------------------------------------------------------------

BE_THERE = ", when no bag is to be changed; that is no change of bag, and somebody must be there"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        # Days 6, 7, 13 and 14 are those of weekends.
        ((runs(FIRST, 6, 13),), "is connected on Saturday 2026-03-07 and ends on Saturday 2026-03-14"),
        ((runs(FIRST, 2, 6),), "ends on Saturday 2026-03-07"),
        ((runs(FIRST, 7, 9),), "is connected on Sunday 2026-03-08"),
        ((runs(FIRST, 2, 6), runs(SECOND, 7, 14)),
         "ends on Saturday 2026-03-07, is connected on Sunday 2026-03-08 and ends on Sunday "
         "2026-03-15"),
        # What ran is past; what follows it at once is no new connection.
        ((runs(FIRST, 2, 6, status="given"), runs(SECOND, 6, 13)),
         "ends on Saturday 2026-03-14"),
        ((runs(FIRST, 6, 7, status="given"), runs(SECOND, 8, 9)), None),
        ((runs(FIRST, 1, 5),), None),
    ],
)  # fmt: skip
def test_an_end_on_a_day_without_changes_is_told(
    rows: tuple[Administration, ...], message: str | None
) -> None:
    found = bagged(*rows, rules=BagRules(WEEKEND), weight="80 kg")

    expected = (
        [] if message is None else [("PF254", "warning", f"the infusion {message}{BE_THERE}", None)]
    )
    assert expected == [each for each in told(found) if each[0] != "PF251"]


@pytest.mark.parametrize(
    ("days", "listed", "years"),
    [
        # Day 305 is the last of 2026.
        ([(1, 5)], [], "2026"),
        ([(304, 305)], [], "2026"),
        ([(304, 306)], [], "2026 and 2027"),
        ([(300, 301), (305, 306)], [], "2026 and 2027"),
        ([(304, 306)], [2026], "2027"),
        ([(304, 306)], [2027], "2026"),
        ([(304, 306)], [2026, 2027], None),
    ],
)
def test_holidays_of_which_none_is_listed_are_asked_for(
    days: list[tuple[int, int]], listed: list[int], years: str | None
) -> None:
    rows = [runs(f"1.d{n}.alpha.IV.1", *span) for n, span in enumerate(days, 1)]
    feasts = tuple((date(year, 6, 1), "A feast") for year in listed)
    found = bagged(*rows, rules=BagRules(("holidays",)), holidays=feasts)

    message = (
        f"no bag is to be changed on holidays, and the policy lists none of {years}: a change may "
        "fall on one"
    )
    assert ([] if years is None else [("PF255", "warning", message, None)]) == told(found)
