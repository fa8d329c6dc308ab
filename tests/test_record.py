"""What a record does to a plan, worked by hand."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest
from tests.conftest import Run

from protoplan import api
from protoplan.model.plan import Administration, Finding, Plan
from protoplan.model.treatment import Treatment
from protoplan.problems import Faulty, Severity

LABS = (
    "  - {{date: {on}, creatinine: 0.9 mg/dL, bilirubin: 0.6 mg/dL, alt: 0.8 xULN, ast: 0.7 xULN, "
    "neutrophils: 2.1 10^9/L, platelets: 180 10^9/L}}\n"
)
INOTUZUMAB = "protocol: mini-hyper-cvd-inotuzumab\nfacts: {cd20_percent: 0, cns: negative}\n"
BORTEZOMIB = (
    "protocol: hyper-cvad-bortezomib\n"
    "facts: {cd20_percent: 0, philadelphia: negative, leucovorin_elsewhere: yes}\n"
    'options: {asparaginase_dose: 5000 units/m2, asparaginase_days: "5, 7, 9, 11, 13, 15"}\n'
)
VENETOCLAX = (
    "protocol: mini-hyper-cvd-venetoclax\n"
    "facts: {cd20_percent: 0, lineage: B, philadelphia: negative}\n"
)
START = date(2026, 3, 2)


def text(
    stated: str, entries: Sequence[str] = (), as_of: str = "", weights: Sequence[str] = (),
    policy: str = "default",
) -> str:  # fmt: skip
    """A treatment file, with labs of every week so that no rule lacks one."""
    labs = "".join(LABS.format(on=START + timedelta(7 * n)) for n in range(60))
    more = "".join(f"  - {{{entry}}}\n" for entry in weights)
    record = "record:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries) if entries else ""
    dates = re.findall(r"date: ([0-9-]{10})", " ".join((*entries, *weights)))
    day = f"as_of: {as_of or max(dates, default=str(START))}\n"
    return (
        "format: protoplan-treatment/1\nid: recorded\npatient: {label: made up, age: 45, sex: "
        f"female}}\n{stated}start: {START}\nmeasurements:\n"
        f"  - {{date: 2026-03-01, height: 175 cm, weight: 70 kg}}\n{more}labs:\n{labs}"
        f"medicines: none\nearlier_exposure: none\npolicy: {policy}\n{day}{record}"
    )


def planned(stated: str, *entries: str, **more: object) -> Plan:
    kind, treatment = api.load_text(text(stated, entries, **more), "t.yaml")  # type: ignore[arg-type]
    assert kind == "treatment" and isinstance(treatment, Treatment)
    return api.plan_treatment(treatment)


def problems(stated: str, *entries: str, **more: object) -> list[str]:
    with pytest.raises(Faulty) as wrong:
        planned(stated, *entries, **more)
    return [f"{p.message} [{p.code}]" for p in wrong.value.problems]


def row(plan: Plan, name: str) -> Administration:
    return next(found for found in plan.administrations if found.id == name)


def doses(plan: Plan, drug: str, *cycles: str) -> list[Administration]:
    return [a for a in plan.administrations if a.order.drug == drug and a.cycle in cycles]


def found(plan: Plan, code: str) -> list[Finding]:
    return [finding for finding in plan.findings if finding.code == code]


def said(plan: Plan, code: str) -> list[str]:
    return [f"{f.severity.value}: {f.message}" for f in found(plan, code)]


# -- a cycle begins late ---------------------------------------------------------------------------


def test_a_cycle_that_begins_late_moves_the_tail_and_nothing_else() -> None:
    before = planned(INOTUZUMAB, as_of="2026-05-04")
    after = planned(INOTUZUMAB, "date: 2026-05-04, cycle: 3, started: true", as_of="2026-05-04")

    then = {a.id: a for a in before.administrations}
    assert {*then} == {a.id for a in after.administrations}
    for now in after.administrations:
        was = then[now.id]
        by = timedelta(0 if now.cycle in ("1", "2") else 7)
        assert was.date + by == now.date, now.id
        assert (was.order.ordered, was.order.calculated) == (
            now.order.ordered, now.order.calculated)  # fmt: skip
        assert was.day == now.day
    starts = {c.label: c.start for c in after.cycles}
    assert (date(2026, 3, 30), date(2026, 5, 4), date(2026, 6, 1)) == (
        starts["2"], starts["3"], starts["4"])  # fmt: skip
    assert ["note: cycle 3 begins 7 days after it was due"] == said(after, "PF233")
    assert after.cycles[2].recorded and 7 == after.cycles[2].late


@pytest.mark.parametrize("late", [0, 1, 7, 40])
@pytest.mark.parametrize("label", ["1", "2", "5", "M3"])
def test_any_delay_of_any_cycle_moves_exactly_the_tail(label: str, late: int) -> None:
    as_of = "2027-06-01"
    before = planned(INOTUZUMAB, as_of=as_of)
    labels = [cycle.label for cycle in before.cycles]
    due = next(cycle.start for cycle in before.cycles if cycle.label == label)
    assert due is not None
    entry = f"date: {due + timedelta(late)}, cycle: {label}, started: true"
    after = planned(INOTUZUMAB, entry, as_of=as_of)

    tail = labels[labels.index(label) :]
    moved = {
        a.id: a.date + timedelta(late if a.cycle in tail else 0) for a in before.administrations
    }
    assert moved == {a.id: a.date for a in after.administrations}
    lengths = [(c.label, c.length_days) for c in before.cycles]
    assert lengths == [(c.label, c.length_days) for c in after.cycles]


def test_a_cycle_that_is_put_off_says_why_and_begins_no_sooner_than_the_one_before_is_over() -> (
    None
):
    one = planned(INOTUZUMAB, "date: 2026-04-20, delayed: 3, to: 2026-05-04, reason: low platelets")
    two = planned(
        INOTUZUMAB,
        "date: 2026-04-06, cycle: 2, started: true",
        "date: 2026-04-06, delayed: 3, to: 2026-05-02, reason: holiday",
    )

    assert date(2026, 5, 4) == one.cycles[2].start
    assert ["note: cycle 3 begins 7 days after it was due: low platelets"] == said(one, "PF233")
    # Cycle 2 began a week late and is over on 3 May, so that 2 May is too soon.
    assert date(2026, 5, 4) == two.cycles[2].start


def test_a_cycle_that_begins_early_is_told_and_takes_the_days_of_the_one_before() -> None:
    plan = planned(INOTUZUMAB, "date: 2026-04-22, cycle: 3, started: true", as_of="2026-04-22")

    # Cycle 2 is due from 30 March for 28 days; cycle 3 begins on its day 24.
    late = doses(plan, "ursodiol", "2")
    assert {"cancelled"} == {a.status for a in late if a.date >= date(2026, 4, 22)}
    assert {"planned"} == {a.status for a in late if a.date < date(2026, 4, 22)}
    assert 15 == sum(a.status == "cancelled" for a in late)  # three a day on days 24 to 28
    assert [
        "warning: cycle 3 begins 23 days after cycle 2, and the source gives 28 at least"
    ] == said(plan, "PF233")
    assert ["warning: 15 doses of ursodiol by mouth fall away: cycle 3 began"] == said(
        plan, "PF238"
    )


def test_the_revision_of_calendars_is_that_of_the_record() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-03-02, cycle: 1, started: true",
        "date: 2026-03-30, cycle: 2, started: true",
    )

    assert (2, date(2026, 3, 30)) == (plan.revision, plan.revision_date)


# -- doses -----------------------------------------------------------------------------------------


def test_what_was_given_counts_and_stays() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-03-03, given: 1.d2.inotuzumab-ozogamicin.IV.1, amount: 1.1 mg, time: '11:30'",
        "date: 2026-03-10, given: 1.d8.inotuzumab-ozogamicin.IV.1, amount: 0.5 mg, bsa: 2 m2",
    )

    first, second = doses(plan, "inotuzumab-ozogamicin", "1")
    assert ("given", date(2026, 3, 3), "11:30") == (
        first.status, first.date, first.start.strftime("%H:%M"))  # fmt: skip
    # Due on day 8, the 9th of March; given on the 10th.
    assert ("given", date(2026, 3, 10), 9, date(2026, 3, 9)) == (
        second.status, second.date, second.day, second.due)  # fmt: skip
    exposure = next(e for e in plan.exposure if e.drug == "inotuzumab-ozogamicin")
    # 1.1/1.84 and 0.5/2 given; 3 × 0.3 on two days of cycles 2, 3 and 4 planned.
    assert Fraction(11, 10) / Fraction(184, 100) + Fraction(1, 4) + Fraction(18, 10) == (
        exposure.planned)  # fmt: skip
    # 0.3 × 1.84 = 0.552, ordered as 0.55; 1.1 + 0.5 + 6 × 0.55.
    assert exposure.ordered is not None and "4.9 mg" == str(exposure.ordered)
    assert [
        "note: inotuzumab ozogamicin intravenous was given on 2026-03-10; it was due on "
        "2026-03-09, and no window is printed",
        "warning: inotuzumab ozogamicin intravenous 0.5 mg was given where 0.55 mg was ordered "
        "(−9.09%)",
    ] == [line.replace("\xa0", " ") for line in said(plan, "PF234")]


def test_missed_intrathecal_doses_stay_open_and_none_is_added() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-03-03, given: 1.d2.methotrexate.IT.1, amount: 12 mg",
        "date: 2026-03-09, missed: 1.d7.cytarabine.IT.1, reason: platelets 20",
        "date: 2026-04-01, refused: 2.d2.cytarabine.IT.1, reason: did not want it",
    )

    intrathecal = [a for a in plan.administrations if a.order.route == "IT"]
    assert 8 == len(intrathecal)
    assert 6 == sum(a.status in ("given", "planned", "unresolved") for a in intrathecal)
    assert ["missed", "missed"] == [a.status for a in intrathecal if a.order.ordered is None]
    line = next(t for t in plan.totals if "methotrexate IT" in t.of)
    assert (8, 1, 5, 2) == (line.doses, line.given, line.planned, line.open)
    assert [
        "warning: 6 of 8 doses of methotrexate INTRATHECAL and cytarabine INTRATHECAL are given "
        "(1) or planned (5); open: 2; none is added by itself"
    ] == said(plan, "PF205")


def test_a_held_dose_has_the_smallest_legal_shift() -> None:
    # Intrathecal methotrexate of day 7 (8 March) may be moved by 3 days; vincristine is on day 8.
    plan = planned(INOTUZUMAB, "date: 2026-03-08, held: 1.d7.cytarabine.IT.1, reason: platelets 20")

    held = row(plan, "1.d7.cytarabine.IT.1")
    assert ("held", None, False) == (held.status, held.order.ordered, held.overdue)
    assert [
        "warning: cytarabine INTRATHECAL is held on 2026-03-08: platelets 20; cycle 1 day 7: the "
        "smallest legal shift is to 2026-03-08"
    ] == said(plan, "PF236")


def test_a_dose_that_is_put_off_onto_a_day_with_a_vinca_alkaloid_is_told_the_next_legal_day() -> (
    None
):
    plan = planned(
        INOTUZUMAB, "date: 2026-03-08, delayed: 1.d7.cytarabine.IT.1, to: 2026-03-09, reason: bed"
    )

    assert date(2026, 3, 9) == row(plan, "1.d7.cytarabine.IT.1").date
    # The 8th is still legal on the day of the decision; the 9th holds vincristine.
    assert [
        "warning: cytarabine INTRATHECAL is put off by 1 day to 2026-03-09: bed; a vinca alkaloid "
        "stands on that day; the smallest legal shift is to 2026-03-08"
    ] == said(plan, "PF236")


def test_a_dose_past_its_window_has_no_legal_day() -> None:
    plan = planned(
        INOTUZUMAB, "date: 2026-03-12, delayed: 1.d7.cytarabine.IT.1, to: 2026-03-13, reason: bed"
    )

    assert [
        "warning: cytarabine INTRATHECAL is put off by 5 days to 2026-03-13: bed; its window ends "
        "on 2026-03-11; there is no legal day for it: its window ends on 2026-03-11"
    ] == said(plan, "PF236")


def test_a_least_distance_gives_the_smallest_shift() -> None:
    # The label asks for 6 days between inotuzumab doses; day 2 put off to the 5th of March leaves
    # 4 days to day 8, and no day before the next dose is far enough but the day itself.
    plan = planned(
        INOTUZUMAB,
        "date: 2026-03-04, delayed: 1.d2.inotuzumab-ozogamicin.IV.1, to: 2026-03-05, reason: fever",
    )

    (line,) = said(plan, "PF236")
    near = (
        "doses of inotuzumab-ozogamicin lie less than 6 days apart "
        "(inotuzumab-ozogamicin intravenous cycle 1 day 8)"
    )
    assert line.startswith(
        "warning: inotuzumab ozogamicin intravenous is put off by 2 days to 2026-03-05: fever; "
    )
    assert 2 == line.count(near)
    assert (
        "there is no legal day for it: the next dose of inotuzumab-ozogamicin is due on "
        "2026-03-09, and on each day before "
    ) in line


# -- stops and moves -------------------------------------------------------------------------------


def test_bortezomib_stops_for_later_cycles_after_neuropathy_of_grade_3() -> None:
    plan = planned(
        BORTEZOMIB,
        "date: 2026-04-01, toxicity: peripheral neuropathy, grade: 3, related_to: bortezomib",
    )

    assert {"omitted"} == {a.status for a in doses(plan, "bortezomib", "3", "4")}
    assert {"planned"} == {a.status for a in doses(plan, "bortezomib", "1", "2")}
    (finding,) = [f for f in found(plan, "PF221") if "bortezomib/later-cycles" in f.message]
    assert (
        "ramos2025: Chemotherapy treatment, last paragraph: halted for subsequent cycles at grade 3 or 4"
        in finding.message
    )
    assert 8 == len(finding.administrations)


def test_a_drug_that_is_stopped_falls_away_from_that_day_on() -> None:
    plan = planned(
        BORTEZOMIB, "date: 2026-03-28, stopped: bortezomib, reason: pain", as_of="2026-03-28"
    )

    # Cycle 2 begins on 23 March; its days 1, 4, 8 and 11 are 23, 26, 30 March and 2 April.
    assert ["planned", "planned", "cancelled", "cancelled"] == [
        a.status for a in doses(plan, "bortezomib", "2")
    ]
    assert {"cancelled"} == {a.status for a in doses(plan, "bortezomib", "3", "4")}
    assert [
        "warning: 10 doses of bortezomib subcutaneous fall away: bortezomib stopped for good on "
        "2026-03-28: pain"
    ] == said(plan, "PF238")


def test_maintenance_that_begins_early_ends_the_cycles_before_it() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-05-11, moved_on: maintenance, reason: liver tests",
        as_of="2026-05-11",
    )

    assert ["1", "2", "3", "M1", "M2"] == [c.label for c in plan.cycles][:5]
    assert date(2026, 5, 11) == plan.cycles[3].start
    third = [a for a in plan.administrations if a.cycle == "3"]
    assert {"cancelled"} == {a.status for a in third if a.date >= date(2026, 5, 11)}
    (line,) = said(plan, "PF204")
    assert line.startswith("warning: maintenance begins after cycle 3; cycles 4, 5, 6, 7, 8 fall")


def test_a_transplant_ends_the_course() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-05-05, transplant_on: 2026-06-10",
        "date: 2026-05-20, moved_on: transplant, reason: donor found",
    )

    assert ["1", "2", "3"] == [c.label for c in plan.cycles]
    assert max(a.date for a in plan.administrations if a.status == "planned") < date(2026, 5, 20)
    assert [] == found(plan, "PF240")


def test_cumulative_counts_to_the_transplant_of_the_record(run: Run) -> None:
    ran = run("cumulative", "inotuzumab-ozogamicin", "-", stdin=text(
        INOTUZUMAB, ["date: 2026-05-05, transplant_on: 2026-07-13"]))  # fmt: skip

    # The last dose is day 8 of cycle 4, which begins 84 days after 2 March: the 1st of June.
    assert "transplant          2026-07-13, 6 weeks after the last dose" in ran.out


def test_doses_after_a_planned_transplant_are_told() -> None:
    plan = planned(INOTUZUMAB, "date: 2026-05-05, transplant_on: 2026-06-10")

    (line,) = said(plan, "PF240")
    assert line.startswith("warning: a transplant is planned on 2026-06-10, and ")


# -- infusions -------------------------------------------------------------------------------------

FIFTH = "5.d5.blinatumomab.IV.1"


def infusions(plan: Plan) -> list[tuple[str, str, str, str | None]]:
    return [
        (
            a.status,
            f"{a.start:%m-%d %H:%M}",
            f"{a.end or a.start:%m-%d %H:%M}",
            None if a.amount is None else str(a.amount),
        )
        for a in doses(plan, "blinatumomab", "5")
    ]


def test_an_infusion_that_goes_on_within_7_days_delivers_its_28_days() -> None:
    # Cycle 5 begins on 22 June; its day 10 is 1 July. 4 days at 9 and 5 of 24 at 28 mcg/day ran.
    plan = planned(
        INOTUZUMAB,
        f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever",
        f"date: 2026-07-04, resumed: {FIFTH}",
    )

    assert [
        ("planned", "06-22 10:00", "06-26 10:00", "36 mcg"),
        ("given", "06-26 10:00", "07-01 10:00", "140 mcg"),
        ("planned", "07-04 10:00", "07-23 10:00", "532 mcg"),
    ] == infusions(plan)
    ran = [(a.end - a.start).days for a in doses(plan, "blinatumomab", "5") if a.end]
    assert 28 == sum(ran)
    third = doses(plan, "blinatumomab", "5")[2]
    assert ("5.d13.blinatumomab.IV.1", 13) == (third.id, third.day)
    (finding,) = found(plan, "PF237")
    assert (
        "blinatumomab was interrupted on 2026-07-01 for 3 days (fever) and goes on; it ends on "
        "2026-07-23, so that all its days are delivered; 11 days without it remain before cycle 6"
    ) == finding.message
    assert date(2026, 8, 3) == next(c.start for c in plan.cycles if c.label == "6")
    # 36 + 140 + 532 is the 708 of the protocol; three cycles of 784 and four in maintenance follow.
    exposure = next(e for e in plan.exposure if e.drug == "blinatumomab")
    assert exposure.ordered is not None and "6196 mcg" == str(exposure.ordered)


def test_a_break_in_the_first_days_moves_the_step_that_follows() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-06-24, time: '16:00', interrupted: 5.d1.blinatumomab.IV.1, reason: fever, "
        "delivered: 20 mcg",
        "date: 2026-06-25, time: '22:00', resumed: 5.d1.blinatumomab.IV.1",
    )

    # 2 days and 6 hours ran; 42 hours are left, and all is 30 hours later.
    assert [
        ("given", "06-22 10:00", "06-24 16:00", "20 mcg"),
        ("planned", "06-25 22:00", "06-27 16:00", "15.75 mcg"),
        ("planned", "06-27 16:00", "07-21 16:00", "672 mcg"),
    ] == infusions(plan)


def test_after_more_than_7_days_a_new_cycle_is_asked_for() -> None:
    plan = planned(
        INOTUZUMAB,
        f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever",
        f"date: 2026-07-09, resumed: {FIFTH}",
    )

    assert ["planned", "given", "unresolved"] == [
        a.status for a in doses(plan, "blinatumomab", "5")
    ]
    (finding,) = found(plan, "PF237")
    assert (
        "blinatumomab was interrupted on 2026-07-01 for 8 days, more than 7: fever; a new cycle is "
        "asked for"
    ) == finding.message
    assert finding.source is not None and finding.source.startswith("blincyto: section 2.4")
    assert "cycle 6 and all that follows" == plan.unresolved[0].about
    assert all(c.start is None for c in plan.cycles if c.label in ("6", "7", "8", "M1"))
    assert 5 == api.exit_code(plan)


def test_a_short_break_before_hides_no_break_that_is_too_long() -> None:
    """Of the first four days one was lost; of the rest of the cycle more than seven."""
    plan = planned(
        INOTUZUMAB,
        "date: 2026-06-23, interrupted: 5.d1.blinatumomab.IV.1, reason: fever",
        "date: 2026-06-24, resumed: 5.d1.blinatumomab.IV.1",
        f"date: 2026-07-02, interrupted: {FIFTH}, reason: fever",
        as_of="2026-07-12",
    )

    assert "cycle 6 and all that follows" == plan.unresolved[0].about
    assert all(c.start is None for c in plan.cycles if c.label in ("6", "7", "8", "M1"))


def test_a_break_of_exactly_7_days_is_not_too_long() -> None:
    plan = planned(
        INOTUZUMAB,
        f"date: 2026-07-01, time: '10:00', interrupted: {FIFTH}, reason: fever",
        f"date: 2026-07-08, time: '10:00', resumed: {FIFTH}",
    )
    longer = planned(
        INOTUZUMAB,
        f"date: 2026-07-01, time: '10:00', interrupted: {FIFTH}, reason: fever",
        f"date: 2026-07-08, time: '10:01', resumed: {FIFTH}",
    )

    assert "07-27 10:00" == infusions(plan)[2][2]
    assert "unresolved" == infusions(longer)[2][0]


def test_the_start_of_the_next_cycle_answers_a_break_that_was_too_long() -> None:
    plan = planned(
        INOTUZUMAB,
        f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever",
        "date: 2026-07-12, cycle: 6, started: true",
    )

    assert ["planned", "given", "cancelled"] == [a.status for a in doses(plan, "blinatumomab", "5")]
    starts = {c.label: c.start for c in plan.cycles}
    assert (date(2026, 7, 12), date(2026, 8, 23)) == (starts["6"], starts["7"])
    assert () == plan.unresolved


def test_an_infusion_that_has_not_gone_on_waits_and_says_until_when() -> None:
    plan = planned(INOTUZUMAB, f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever")
    week = planned(
        INOTUZUMAB, f"date: 2026-07-01, interrupted: {FIFTH}, reason: fever", as_of="2026-07-09"
    )

    assert ("held", None) == (infusions(plan)[2][0], infusions(plan)[2][3])
    assert [
        "warning: blinatumomab is interrupted since 2026-07-01: fever; it may go on until "
        "2026-07-08 to complete this cycle"
    ] == said(plan, "PF237")
    assert "unresolved" == infusions(week)[2][0]


# -- weight ----------------------------------------------------------------------------------------


def test_a_new_weight_is_used_from_the_next_cycle_and_a_large_change_is_told() -> None:
    plan = planned(INOTUZUMAB, weights=["date: 2026-03-20, weight: 80 kg"], as_of="2026-03-20")

    first, second = doses(plan, "cytarabine", "1", "2")[0], row(plan, "2.d2.cytarabine.IV.1")
    assert first.cycle == "1"
    # √(175 × 80 / 3600) = 1.972, rounded to 1.97 m²; 500 × 1.97 = 985 mg.
    assert "985 mg" == str(second.order.calculated)
    assert [
        "warning: the weight changed from 70 kg on 2026-03-01 to 80 kg on 2026-03-20 (+14.3%), "
        "more than 10%"
    ] == [line.replace("\xa0", " ") for line in said(plan, "PF239")]


def test_a_policy_may_rework_doses_from_a_change_on() -> None:
    small = planned(
        INOTUZUMAB, weights=["date: 2026-03-20, weight: 72 kg"], as_of="2026-03-20",
        policy="contrasting",
    )  # fmt: skip
    steps = planned(
        INOTUZUMAB,
        weights=["date: 2026-03-20, weight: 72 kg", "date: 2026-04-20, weight: 74 kg"],
        as_of="2026-04-20", policy="contrasting",
    )  # fmt: skip

    # 72 kg is 2.9% more than 70 and changes nothing; 74 kg is 5.7% more.
    assert {"70"} == weights_of(small, "2")
    assert ({"70"}, {"74"}) == (weights_of(steps, "2"), weights_of(steps, "3"))
    assert [Severity.NOTE] == [f.severity for f in found(small, "PF239")]


def test_a_change_that_lies_just_below_the_bound_is_not_rounded_onto_it() -> None:
    # 3.47 / 70 is 4.957%, and 3.5 / 70 is 5%.
    below, at = (
        planned(
            INOTUZUMAB, weights=[f"date: 2026-03-20, weight: {weight} kg"], as_of="2026-03-20",
            policy="contrasting",
        )
        for weight in ("73.47", "73.5")
    )  # fmt: skip

    assert ({"70"}, {"73.5"}) == (weights_of(below, "2"), weights_of(at, "2"))
    assert [
        "note: the weight changed from 70 kg on 2026-03-01 to 73.47 kg on 2026-03-20 (+4.96%), "
        "less than the 5% from which policy contrasting reworks doses; 70 kg is used"
    ] == [line.replace("\xa0", " ") for line in said(below, "PF239")]


def weights_of(plan: Plan, cycle: str) -> set[str]:
    """The weights that stand in the working of a cycle's doses by surface area."""
    shown = [
        step.why
        for a in plan.administrations
        if a.cycle == cycle
        for step in a.order.working
        if step.step == "body surface area"
    ]
    return {re.findall(r"([0-9.]+)\skg give", why)[0] for why in shown}


# -- counts that recover ---------------------------------------------------------------------------


def test_recovery_of_counts_is_asked_for_where_the_source_gives_a_range() -> None:
    plan = planned(VENETOCLAX, "date: 2026-03-30, cycle: 2, started: true")

    (finding,) = found(plan, "PF241")
    assert (
        "cycles 3, 4, 5, 6, 7, 8, M1: planned after 28 days, and may begin from 21 days on when "
        "counts have recovered; ask for the counts and record each start"
    ) == finding.message
    assert finding.source == "short2024: Treatment regimen: every 21 to 28 days"


# -- another version of the protocol ---------------------------------------------------------------


def pin(**other: str) -> str:
    """The protocol as it is shipped, with something otherwise."""
    plan = planned(BORTEZOMIB)
    said = {
        "id": f"{plan.protocol.id}@{plan.protocol.version}",
        "sha": plan.protocol.sha256,
    } | other
    return f"date: 2026-03-02, protocol: {said['id']}, sha256: {said['sha']}"


def test_another_version_stops_until_it_is_accepted() -> None:
    same = planned(BORTEZOMIB, pin())
    version = planned(BORTEZOMIB, pin(id="hyper-cvad-bortezomib@1.0.0"))
    file = planned(BORTEZOMIB, pin(sha="0" * 64))
    accepted = planned(BORTEZOMIB, pin(sha="0" * 64), pin().replace("2026-03-02", "2026-03-10"))

    assert ([], []) == (found(same, "PF232"), found(accepted, "PF232"))
    assert [Severity.STOP] == [f.severity for f in found(version, "PF232")]
    assert 4 == api.exit_code(version)
    assert found(version, "PF232")[0].message.startswith(
        "the record pins hyper-cvad-bortezomib@1.0.0, and hyper-cvad-bortezomib@1.2.0 is planned;"
    )
    assert found(file, "PF232")[0].message.startswith(
        "the record pins hyper-cvad-bortezomib@1.2.0 as another file (sha256 000000000000, now "
    )


def test_entries_after_the_day_of_the_plan_are_told() -> None:
    plan = planned(BORTEZOMIB, "date: 2026-03-09, cycle: 1, started: true", as_of="2026-03-02")

    assert [
        "warning: the plan is made as of 2026-03-02, with 1 entry of the record of later days, up "
        "to 2026-03-09"
    ] == said(plan, "PF242")


# -- what cannot be --------------------------------------------------------------------------------

GIVEN = "date: 2026-03-03, given: 1.d2.methotrexate.IT.1, amount: 12 mg"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            [GIVEN, "date: 2026-03-03, missed: 1.d2.methotrexate.IT.1, reason: x"],
            "1.d2.methotrexate.IT.1 is recorded as given and as missed (t.yaml:{first}:5) [PP405]",
        ),
        (
            [GIVEN, GIVEN.replace("12 mg", "10 mg")],
            "1.d2.methotrexate.IT.1 is recorded as given and as given (t.yaml:{first}:5) [PP405]",
        ),
        (
            [GIVEN, "date: 2026-03-05, held: 1.d2.methotrexate.IT.1, reason: x"],
            "1.d2.methotrexate.IT.1 is recorded as given on 2026-03-03 and as held on 2026-03-05, "
            "after it (t.yaml:{first}:5) [PP405]",
        ),
        (
            ["date: 2026-03-30, cycle: 2, started: true", "date: 2026-03-31, cycle: 2, started: true"],
            "cycle 2 is recorded twice as started (t.yaml:{first}:5) [PP405]",
        ),
        (
            ["date: 2026-04-20, cycle: 2, started: true", "date: 2026-04-13, cycle: 3, started: true"],
            "cycle 3 begins on 2026-04-13, and cycle 2, which comes before it, began on 2026-04-20 "
            "(t.yaml:{first}:5) [PP405]",
        ),
        (
            ["date: 2026-03-02, cycle: 1, started: true", "date: 2026-03-01, given: "
             "1.d2.methotrexate.IT.1, amount: 12 mg"],
            "1.d2.methotrexate.IT.1 was given on 2026-03-01, before its cycle began on 2026-03-02 "
            "(t.yaml:{first}:5) [PP405]",
        ),
        (
            ["date: 2026-03-02, stopped: methotrexate, reason: x", GIVEN],
            "1.d2.methotrexate.IT.1 was given on 2026-03-03, and methotrexate was stopped for good "
            "on 2026-03-02 (t.yaml:{first}:5) [PP405]",
        ),
        (
            [f"date: 2026-07-04, resumed: {FIFTH}"],
            f"{FIFTH} is recorded as resumed more often than as interrupted [PP405]",
        ),
        (
            [f"date: 2026-08-01, interrupted: {FIFTH}, reason: x"],
            f"{FIFTH} was not running on 2026-08-01 10:00; it runs from 2026-06-26 10:00 to "
            "2026-07-20 10:00 [PP405]",
        ),
        *(
            (
                [f"date: 2026-06-26, begun: {FIFTH}", f"date: {on}, {how}, reason: x"],
                f"{FIFTH} is recorded as begun and as {word} (t.yaml:{{first}}:5) [PP405]",
            )
            for on, how, word in (
                ("2026-06-26", f"held: {FIFTH}", "held"),
                ("2026-06-27", f"missed: {FIFTH}", "missed"),
                ("2026-06-26", f"refused: {FIFTH}", "refused"),
                ("2026-06-27", f"delayed: {FIFTH}, to: 2026-06-28", "put off"),
                ("2026-06-26", f"delayed: {FIFTH}, to: 2026-06-27", "put off"),
            )
        ),
        *(
            (
                [f"date: 2026-07-01, interrupted: {FIFTH}, reason: x", f"date: {on}, {entry}"],
                f"{FIFTH} is recorded as {words} (t.yaml:{{first}}:5) [PP405]",
            )
            for on, entry, words in (
                ("2026-06-28", f"held: {FIFTH}, reason: x", "held and as interrupted"),
                ("2026-07-02", f"held: {FIFTH}, reason: x", "interrupted and as held"),
                ("2026-06-28", f"missed: {FIFTH}, reason: x", "missed and as interrupted"),
                ("2026-07-02", f"delayed: {FIFTH}, to: 2026-07-03, reason: x",
                 "interrupted and as put off"),
                ("2026-06-30", f"given: {FIFTH}, amount: 140 mcg", "given and as interrupted"),
            )
        ),
        (
            ["date: 2026-03-03, given: 1.d3.methotrexate.IT.1, amount: 12 mg"],
            "the plan has no dose '1.d3.methotrexate.IT.1' [PP406]",
        ),
        (
            ["date: 2026-03-02, cycle: 9, started: true"],
            "the protocol has no cycle '9' [PP304]",
        ),
        (
            ["date: 2026-03-02, moved_on: surgery, reason: x"],
            "the protocol has no phase 'surgery' [PP304]",
        ),
        (
            ["date: 2026-03-03, given: 1.d2.methotrexate.IT.1, amount: 12 units"],
            "12 units does not fit methotrexate, which is ordered in mg [PP309]",
        ),
    ],
)  # fmt: skip
def test_entries_that_contradict_each_other_or_the_plan(entries: list[str], message: str) -> None:
    written = text(INOTUZUMAB, entries)
    first = written[: written.index("record:")].count("\n") + 2
    assert [message.format(first=first)] == problems(INOTUZUMAB, *entries)
    if len(entries) > 1:  # wherever the entries stand
        turned = problems(INOTUZUMAB, *reversed(entries))
        assert [
            message.split(" (t.yaml", maxsplit=1)[0].split(" is recorded as", maxsplit=1)[0]
        ] == [turned[0].split(" (t.yaml")[0].split(" is recorded as")[0]]


@pytest.mark.parametrize(
    ("entries", "began"),
    [
        # Held at first; then it began, or was put off, and ran until it was interrupted.
        ([f"date: 2026-06-26, held: {FIFTH}, reason: x", f"date: 2026-06-28, begun: {FIFTH}"],
         "06-28"),
        ([f"date: 2026-06-26, held: {FIFTH}, reason: x",
          f"date: 2026-06-27, delayed: {FIFTH}, to: 2026-06-29, reason: x"], "06-29"),
        ([f"date: 2026-06-26, delayed: {FIFTH}, to: 2026-06-28, reason: x",
          f"date: 2026-06-28, begun: {FIFTH}"], "06-28"),
        ([f"date: 2026-06-27, delayed: {FIFTH}, to: 2026-06-27, reason: x",
          f"date: 2026-06-27, begun: {FIFTH}"], "06-27"),
    ],
)  # fmt: skip
def test_an_infusion_that_waited_may_run_and_be_interrupted(entries: list[str], began: str) -> None:
    plan = planned(INOTUZUMAB, *entries, f"date: 2026-07-01, interrupted: {FIFTH}, reason: x")

    assert ("given", f"{began} 10:00", "07-01 10:00") == infusions(plan)[1][:3]


def test_an_infusion_may_be_interrupted_and_given_when_it_has_run_to_its_end() -> None:
    plan = planned(
        INOTUZUMAB,
        f"date: 2026-07-01, interrupted: {FIFTH}, reason: x",
        f"date: 2026-07-01, given: {FIFTH}, amount: 139 mcg",
    )

    assert ("given", "06-26 10:00", "07-01 10:00", "139 mcg") == infusions(plan)[1]


def test_a_dose_that_was_given_stays_though_a_fact_now_says_otherwise() -> None:
    stated = INOTUZUMAB.replace("cd20_percent: 0", "cd20_percent: 30")
    entry = "date: 2026-03-02, given: 1.d1.rituximab.IV.1, amount: 690 mg"
    before, after = planned(stated, entry), planned(INOTUZUMAB, entry)

    assert ("given", "690 mg") == (
        row(before, "1.d1.rituximab.IV.1").status, str(row(after, "1.d1.rituximab.IV.1").amount)
    )  # fmt: skip
    assert ["1.d1.rituximab.IV.1"] == [a.id for a in doses(after, "rituximab", "1", "2", "3", "4")]


def test_a_held_dose_may_be_given_later() -> None:
    plan = planned(
        INOTUZUMAB,
        "date: 2026-03-03, held: 1.d2.methotrexate.IT.1, reason: platelets 20",
        "date: 2026-03-05, given: 1.d2.methotrexate.IT.1, amount: 12 mg",
    )

    assert ("given", date(2026, 3, 5)) == attrs.astuple(
        row(plan, "1.d2.methotrexate.IT.1"),
        filter=lambda attribute, value: attribute.name in ("date", "status"),
    )[::-1]


def test_the_whole_file_reads_from_the_command_line(run: Run, tmp_path: object) -> None:
    ran = run("plan", "-", "--format", "json", stdin=text(INOTUZUMAB, [GIVEN]))

    dose = next(a for a in ran.data["administrations"] if a["id"] == "1.d2.methotrexate.IT.1")
    assert ("given", {"value": "12", "unit": "mg"}) == (dose["status"], dose["given"]["amount"])


def test_the_working_of_a_given_dose_says_what_was_given_and_where_it_is_recorded(run: Run) -> None:
    entry = "date: 2026-03-03, given: 1.d2.methotrexate.IT.1, amount: 10 mg"
    written = text(INOTUZUMAB, [entry])
    line = written[: written.index(entry)].count("\n") + 1

    out = run(
        "explain", "-", "--cycle", "1", "--day", "2", "--drug", "methotrexate", stdin=written
    ).out

    told = [" ".join(said.split()) for said in out.splitlines()]
    assert "ordered 12 mg" in told
    assert f"given 10 mg (the record) [standard input:{line}:5]" in told
    assert any(said.startswith("when cycle 1 day 2, Tue 2026-03-03") for said in told)
