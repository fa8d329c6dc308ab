"""A course that was laid out for one patient serves the next where all that was asked is the same.

Each patient's days are worked by hand; whoever is planned before must not change them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import permutations

import pytest
from tests.engine import (
    NONE,
    TREATMENT,
    drug_text,
    formulary,
    in_turn,
    planned,
    policy_with,
    protocol_text,
    ready,
    rows_of,
)

from protoplan import api, files
from protoplan.model.plan import Plan
from protoplan.model.protocol import Protocol
from protoplan.planning import layout
from protoplan.planning.conditions import known
from protoplan.planning.course import course
from protoplan.planning.known import YES
from protoplan.planning.layout import Layouts, Spot
from protoplan.planning.schedule import slots
from protoplan.problems import Faulty


def starting(*days: str) -> list[str]:
    return [f"{TREATMENT.replace('2026-03-02', day)}{NONE}" for day in days]


def dates(plan: Plan, drug: str = "alpha") -> list[str]:
    return [str(row.date) for row in rows_of(plan, drug)]


def in_any_order(treatments: Sequence[str], text: str, expected: Sequence[list[str]]) -> None:
    """Every order in which the patients may come, each twice."""
    for order in permutations(range(len(treatments))):
        found = in_turn([treatments[n] for n in (*order, *order)], text)
        assert [expected[n] for n in (*order, *order)] == [dates(plan) for plan in found]


def test_days_are_counted_from_each_patients_own_start() -> None:
    text = protocol_text(sig="{dose: 1 mg, days: [-1, 8]}")

    in_any_order(
        starting("2026-03-02", "2028-02-23"),
        text,
        [
            ["2026-03-01", "2026-03-09", "2026-03-22", "2026-03-30", "2026-04-12", "2026-04-20"],
            # over 29 February
            ["2028-02-22", "2028-03-01", "2028-03-14", "2028-03-22", "2028-04-04", "2028-04-12"],
        ],
    )


def test_calendar_months_are_those_of_each_patient() -> None:
    text = protocol_text(sig="{dose: 1 mg, days: [1], repeat: {every: 1 month, for: 3 months}}")
    text = text.replace("21 days", "100 days").replace("1-3: only", "1: only")

    in_any_order(
        starting("2026-01-31", "2026-03-01", "2028-01-31"),
        text,
        [
            ["2026-01-31", "2026-02-28", "2026-03-31"],
            ["2026-03-01", "2026-04-01", "2026-05-01"],
            ["2028-01-31", "2028-02-29", "2028-03-31"],
        ],
    )


def test_calendar_years_are_those_of_each_patient() -> None:
    """To 2 March 2028 there are 366 days."""
    text = protocol_text(sig="{dose: 1 mg, days: [1], repeat: {every: 1 year, for: 2 years}}")
    text = text.replace("21 days", "800 days").replace("1-3: only", "1: only")

    in_any_order(
        starting("2026-03-02", "2027-03-02"),
        text,
        [["2026-03-02", "2027-03-02"], ["2027-03-02", "2028-03-02"]],
    )


def test_an_age_is_asked_for_each_patient_on_each_day() -> None:
    """Sixty on 9 March 2026 (day 8 of cycle 1), a day later, and never in the course."""
    text = protocol_text(sig="{dose: 1 mg, days: [1, 8], when: {measure: age, at_least: 60}}")
    born = [
        f"{TREATMENT.replace('age: 45', f'birth_date: {day}')}{NONE}"
        for day in ("1966-03-09", "1966-03-10", "1980-01-01")
    ]

    in_any_order(
        born,
        text,
        [
            ["2026-03-09", "2026-03-23", "2026-03-30", "2026-04-13", "2026-04-20"],
            ["2026-03-23", "2026-03-30", "2026-04-13", "2026-04-20"],
            [],
        ],
    )


def test_a_fact_is_that_of_each_patient_and_so_are_its_doubts() -> None:
    text = protocol_text(sig="{dose: 1 mg, days: [1], when: {fact: cns, is: active}}")
    stated = [f"{TREATMENT}facts: {{cns: {word}}}\n{NONE}" for word in ("active", "negative")]

    sure, none, open_ = in_turn([*stated, f"{TREATMENT}{NONE}"], text)

    assert (["planned"] * 3, [], ["unresolved"] * 3) == tuple(
        [row.status for row in rows_of(plan)] for plan in (sure, none, open_)
    )


def test_what_hangs_on_a_dose_hangs_on_that_of_each_patient() -> None:
    beta = (
        "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n"
        "      - {dose: 1 mg, begins: {after_start_of: alpha IV, by: 6 h}}\n"
        "    source: [paper, Methods]"
    )
    text = protocol_text(sig="{dose: 1 mg, days: [1], over: 2 h}", components=beta)
    early, late = in_turn(starting("2026-03-02", "2026-05-04"), text, drug_text("beta"))

    assert [
        ["2026-03-02 16:00:00", "2026-03-23 16:00:00", "2026-04-13 16:00:00"],
        ["2026-05-04 16:00:00", "2026-05-25 16:00:00", "2026-06-15 16:00:00"],
    ] == [[str(row.start) for row in rows_of(plan, "beta")] for plan in (early, late)]
    assert ["2026-05-04 12:00:00"] == [str(row.end) for row in rows_of(late)][:1]


def test_a_lab_that_will_be_too_old_is_pending_for_one_and_known_for_another() -> None:
    """Asked on the first day of each cycle: creatinine of 1 March is fresh on 2 March alone."""
    text = protocol_text(sig="{dose: 1 mg, days: [1], when: {lab: creatinine, below: 2 mg/dL}}")
    labs = "labs:\n  - {date: DAY, creatinine: VALUE mg/dL}\nas_of: 2026-03-02\n"
    stated = [
        f"{TREATMENT}{labs.replace('DAY', day).replace('VALUE', value)}{NONE}"
        for day, value in (("2026-03-01", "1"), ("2026-03-01", "3"), ("2025-01-01", "1"))
    ]

    found = in_turn(stated, text)

    assert [
        ["planned", "unresolved", "unresolved"], ["unresolved", "unresolved"], ["unresolved"] * 3
    ] == [[row.status for row in rows_of(plan)] for plan in found]  # fmt: skip


def test_a_lab_is_asked_for_once_a_cycle_on_its_first_day() -> None:
    """Creatinine of 1 March is fresh on day 1 and answers for day 8 too, on which it is not."""
    plan = planned(
        stated="labs:\n  - {date: 2026-03-01, creatinine: 1 mg/dL}\nas_of: 2026-03-01\n" + NONE,
        sig="{dose: 1 mg, days: [1, 8], when: {lab: creatinine, below: 2 mg/dL}}",
    )

    assert ["planned"] * 2 + ["unresolved"] * 4 == [row.status for row in rows_of(plan)]


def test_only_so_many_courses_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doubt, the yes and the no make three courses; who comes back is laid out anew."""
    monkeypatch.setattr(layout, "KEPT", 2)
    text = protocol_text(sig="{dose: 1 mg, days: [1], when: {fact: cns, is: negative}}")
    stated = ["", "facts: {cns: negative}\n", "facts: {cns: active}\n"]
    with formulary(drug_text("alpha")):
        prepared = ready(text)
        doses, kept = [], []
        for more in (*stated, stated[0], stated[0]):
            treatment = files.load_text(f"{TREATMENT}{more}{NONE}", "treatment.yaml")[1]
            doses.append(len(api.plan_prepared(treatment, prepared).administrations))
            kept.append(len(prepared.layouts))

    assert ([3, 3, 0, 3, 3], [1, 2, 2, 2, 2]) == (doses, kept)


# --------------------------------------------------------------------------- the layouts themselves

#: Hangs on alpha, and stands below it.
BETA = "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n      - SIG\n    source: [paper, Methods]"
NEGATIVE = "{dose: 1 mg, days: [1], when: {fact: cns, is: negative}}"


def read(text: str) -> Protocol:
    with formulary(drug_text("alpha"), drug_text("beta")):
        protocol: Protocol = files.load_text(text, "made-up.yaml")[1]
    return protocol


def laid(
    layouts: Layouts,
    facts: Mapping[str, str] | None = None,
    start: date = date(2026, 3, 2),
    *,
    whatever: bool = False,
) -> list[Spot]:
    """Where the doses of a patient lie of whom nothing is stated but facts."""
    state = known(layouts.protocol.options, {}, facts or {})
    cycles = course(layouts.protocol, state, start).cycles
    clock = policy_with({}).clock
    return [slot.spot for slot in slots(layouts, cycles, state, clock, whatever=whatever)]


def same(one: Sequence[Spot], other: Sequence[Spot]) -> bool:
    """Whether they come of one course that was laid out, not of two that are alike."""
    return all(here is there for here, there in zip(one, other, strict=True))


def test_a_course_is_laid_out_once_for_all_whom_it_fits() -> None:
    layouts = Layouts(read(protocol_text(sig="{dose: 1 mg, days: [1, 8]}")))

    first, second = laid(layouts), laid(layouts, start=date(2027, 5, 3))

    assert (1, 6) == (len(layouts), len(first))
    assert same(first, second)


def test_the_course_that_was_laid_out_first_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "KEPT", 2)
    facts: list[dict[str, str]] = [{}, {"cns": "negative"}, {"cns": "active"}]
    layouts = Layouts(read(protocol_text(sig=f"{NEGATIVE}\n      - {{dose: 2 mg, days: [2]}}")))

    first, second, third = (laid(layouts, each) for each in facts)

    assert (6, 6, 3) == (len(first), len(second), len(third))
    assert same(second, laid(layouts, facts[1]))
    assert same(third, laid(layouts, facts[2]))
    assert not same(first, laid(layouts, facts[0]))


def test_a_course_with_too_many_doses_is_a_slip_in_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each hour of 3 cycles of 21 days: 3 × 21 × 24 = 1,512."""
    protocol = read(protocol_text(sig="{dose: 1 mg, days: every day, every: 1 h}"))
    monkeypatch.setattr(layout, "MOST", 1_512)
    assert 1_512 == len(laid(Layouts(protocol)))

    monkeypatch.setattr(layout, "MOST", 1_511)
    with pytest.raises(Faulty) as wrong:
        laid(Layouts(protocol))

    assert ["made-up.yaml:19:9: error: the course has more than 1,511 administrations [PP106]"] == [
        str(problem) for problem in wrong.value.problems
    ]


def test_whatever_is_known_every_dose_that_can_be_given_is_laid_out() -> None:
    """Three cycles, of which the number of doses in all leaves two, and the fact none."""
    total = "totals:\n  - {doses: 2, of: [alpha IV], source: [paper, Methods]}"
    text = protocol_text(sig=NEGATIVE, more=total)

    for facts in ({}, {"cns": "negative"}, {"cns": "active"}):
        found = laid(Layouts(read(text)), facts, whatever=True)
        assert [(0, YES), (1, YES), (2, YES)] == [(spot.cycle, spot.verdict) for spot in found]
    assert [0, 1] == [spot.cycle for spot in laid(Layouts(read(text)), {"cns": "negative"})]


def test_doses_are_alike_where_nothing_but_their_date_differs() -> None:
    """Alpha rises on its second day, where both doses of a day are of one step; beta does not."""
    text = protocol_text(
        sig="{dose: 9 mg, ramp: [1 mg], days: 1-2, times_a_day: 2}",
        components=BETA.replace("SIG", "{dose: 1 mg, days: 4-6}"),
    ).replace("1-3: only", "1-2: only")
    layouts = Layouts(read(text))

    first, later = laid(layouts), laid(layouts, start=date(2027, 5, 3), whatever=True)

    assert [0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5] == [
        sorted({spot.alike for spot in first}, key=[s.alike for s in first].index).index(spot.alike)
        for spot in first
    ]
    assert [spot.alike for spot in first] == [spot.alike for spot in later]


def test_doses_at_one_time_stand_in_the_order_of_the_protocol_whatever_hangs_on_what() -> None:
    text = protocol_text(
        sig="{dose: 1 mg, begins: {after_start_of: beta PO}}",
        components=BETA.replace("SIG", "{dose: 1 mg, days: [1]}"),
    )

    assert ["1.d1.alpha.IV.1", "1.d1.beta.PO.1"] == [spot.id for spot in laid(Layouts(read(text)))][
        :2
    ]


def test_infusions_of_a_line_that_begin_at_once_stand_in_the_order_of_their_cycles() -> None:
    """Day 20 of a cycle of 21 days is day -2 of the next."""
    text = protocol_text(sig="{rate: 9 mg/day, days: [-2, 20-21]}")

    assert [("1", "-2", 1), ("1", "20", 2), ("2", "-2", 1), ("2", "20", 2)] == [
        (*spot.id.replace("d", "").split(".")[:2], spot.days) for spot in laid(Layouts(read(text)))
    ][:4]


def test_a_dose_hangs_on_whichever_line_of_a_drug_is_given_in_its_cycle() -> None:
    """Alpha at 10:00, and in the third cycle of another line, on day 2; beta six hours later."""
    more = BETA.replace("beta", "alpha").replace("PO", "IV").replace("only", "[3]")
    more = more.replace("SIG", "{dose: 2 mg, days: [2]}")
    beta = BETA.replace("SIG", "{dose: 1 mg, begins: {after_start_of: alpha IV, by: 6 h}}")
    text = protocol_text(components=f"{more}\n{beta}").replace("in: only", "in: [1, 2]", 1)

    assert [timedelta(0, hours=16), timedelta(21, hours=16), timedelta(43, hours=16)] == [
        spot.begins for spot in laid(Layouts(read(text))) if spot.component.drug == "beta"
    ]


def hanging(spots: Sequence[Spot]) -> list[tuple[str, str | None]]:
    """Each dose with the one by which it is timed."""
    return [(spot.id, spot.hangs_on) for spot in spots]


def test_a_dose_names_the_one_by_which_it_is_timed_wherever_that_stands() -> None:
    """Alpha hangs on beta, which is written below it and given after it, at 10:00."""
    text = protocol_text(
        sig="{dose: 1 mg, days: [1, 3], begins: {before_start_of: beta PO, by: 1 h}}",
        components=BETA.replace("SIG", "{dose: 1 mg, days: [1, 3]}"),
    )

    assert [
        ("1.d1.alpha.IV.1", "1.d1.beta.PO.1"), ("1.d1.beta.PO.1", None),
        ("1.d3.alpha.IV.1", "1.d3.beta.PO.1"), ("1.d3.beta.PO.1", None),
        ("2.d1.alpha.IV.1", "2.d1.beta.PO.1"), ("2.d1.beta.PO.1", None),
    ] == hanging(laid(Layouts(read(text))))[:6]  # fmt: skip


def totalled(sig: str, days: str, doses: int) -> Plan:
    """Beta so many times in all; alpha hangs on it."""
    beta = (
        "  - drug: beta\n    in: only\n    route: PO\n    sigs:\n"
        f"      - {{dose: 1 mg, {days}, over: 2 h}}\n    source: [paper, Methods]"
    )
    total = f"totals:\n  - {{doses: {doses}, of: [beta PO], source: [paper, Methods]}}"
    text = protocol_text(sig=sig, components=beta, more=total)
    return in_turn(starting("2026-03-02"), text, drug_text("beta"))[0]


def test_nothing_hangs_on_a_dose_past_the_number_in_all() -> None:
    """One dose of beta in all: in cycles 2 and 3 there is none, and alpha has no time."""
    plan = totalled("{dose: 1 mg, begins: {before_start_of: beta PO, by: 1 h}}", "days: [1]", 1)

    assert ["2026-03-02 10:00:00"] == [str(row.start) for row in rows_of(plan, "beta")]
    assert ["2026-03-02 09:00:00"] == [str(row.start) for row in rows_of(plan)]


def test_what_hangs_on_the_last_dose_hangs_on_the_last_that_is_given() -> None:
    """Days 1 and 3, three in all: of cycle 2 only 23 March, from 10:00 to 12:00."""
    plan = totalled("{dose: 1 mg, begins: {after_end_of: beta PO, by: 1 h}}", "days: [1, 3]", 3)

    assert ["2026-03-04 13:00:00", "2026-03-23 13:00:00"] == [
        str(row.start) for row in rows_of(plan)
    ]
