"""Standard hyper-CVAD by hand: times that hang on the methotrexate, and what a record does to them."""

from datetime import datetime

import pytest
from tests.test_record import planned

from protoplan.model.plan import Administration, Plan
from protoplan.quantity import parse
from protoplan.rendering import explain_text

STATED = (
    "protocol: hyper-cvad\n"
    "facts: {cd20_percent: 0, lvef_percent: 60, cns_risk: low}\n"
    "options: {doxorubicin_infusion: 24 h, intrathecal_schedule: modified}\n"
)
#: The first course B begins on 23 March; the first dose of a day is at 10:00.
METHOTREXATE = "2.d1.methotrexate.IV.2"


def leucovorin(plan: Plan) -> list[Administration]:
    return [a for a in plan.administrations if a.cycle == "2" and a.order.drug == "leucovorin"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_leucovorin_begins_12_hours_after_the_methotrexate_ends() -> None:
    """10:00, 2 h, 22 h: it ends on the 24th at 10:00. 50 mg at 22:00, then every 6 hours 8 times."""
    plan = planned(STATED)
    parts = [
        a
        for a in plan.administrations
        if a.cycle == "2" and a.id.startswith("2.d1.methotrexate.IV")
    ]
    rescue = leucovorin(plan)

    assert [(at("2026-03-23T10:00"), at("2026-03-23T12:00")),
            (at("2026-03-23T12:00"), at("2026-03-24T10:00"))] == [(a.start, a.end) for a in parts]  # fmt: skip
    assert [at("2026-03-24T22:00")] + [
        at(f"2026-03-{day}T{hour}:00") for day in (25, 26) for hour in ("04", "10", "16", "22")
    ] == [a.start for a in rescue]
    assert ["50 mg", *["15 mg"] * 8] == [str(a.order.ordered) for a in rescue]
    assert ["2.d2.leucovorin.IV.1", "2.d3.leucovorin.IV.1"] == [a.id for a in rescue[:2]]
    assert "12 hours after the end of methotrexate intravenous" == rescue[0].order.timed_by
    # The paper prints the 12 hours; that the first 15 mg follows after 6 is ours.
    assert [(), 1] == [rescue[0].order.assumptions, len(rescue[1].order.assumptions)]


def test_the_working_of_a_rescue_says_by_which_dose_it_is_timed() -> None:
    plan = planned(STATED)

    text = explain_text.render(plan, leucovorin(plan)[:2])

    assert (
        "  when        cycle 2 day 2, Tue 2026-03-24 22:00\n"
        "  timed       12 hours after the end of methotrexate intravenous\n"
    ) in text.replace("\xa0", " ")
    assert "  timed       6 hours after the start of the dose above\n" in text.replace("\xa0", " ")


def test_leucovorin_follows_a_methotrexate_that_was_put_off() -> None:
    """Both parts a day later: each dose a day later, with the id that it had."""
    entries = [
        f"date: 2026-03-23, delayed: 2.d1.methotrexate.IV.{n}, to: 2026-03-24, reason: fever"
        for n in (1, 2)
    ]
    before, after = leucovorin(planned(STATED)), leucovorin(planned(STATED, *entries))

    assert [a.id for a in before] == [a.id for a in after]
    assert [at("2026-03-25T22:00"), at("2026-03-26T04:00")] == [a.start for a in after[:2]]
    assert {"planned"} == {a.status for a in after}


def test_leucovorin_follows_a_methotrexate_that_began_late_on_its_day() -> None:
    """The second part at 15:30 and not at 12:00: 3.5 hours later, with the first dose at 01:30."""
    given = f'date: 2026-03-23, given: {METHOTREXATE}, amount: 1472 mg, time: "15:30"'
    rescue = leucovorin(planned(STATED, given))

    assert [at("2026-03-25T01:30"), at("2026-03-25T07:30")] == [a.start for a in rescue[:2]]
    assert "2.d2.leucovorin.IV.1" == rescue[0].id


def test_a_methotrexate_that_waits_leaves_the_time_of_leucovorin_open() -> None:
    """Half of the methotrexate may be in: leucovorin is asked for, and neither dropped nor kept."""
    held = f"date: 2026-03-23, held: {METHOTREXATE}, reason: fever"
    rescue = leucovorin(planned(STATED, held))

    assert {"unresolved"} == {a.status for a in rescue}
    assert rescue[0].order.ordered is None
    assert (
        "record: whether and when leucovorin is given; methotrexate intravenous of 2026-03-23, by "
        "which it is timed, is held"
    ) == rescue[0].order.needs[0]


def test_what_the_record_says_of_a_dose_itself_stays() -> None:
    given = [
        f'date: 2026-03-23, given: {METHOTREXATE}, amount: 1472 mg, time: "15:30"',
        'date: 2026-03-24, given: 2.d2.leucovorin.IV.1, amount: 50 mg, time: "23:00"',
    ]
    rescue = leucovorin(planned(STATED, *given))

    assert at("2026-03-24T23:00") == rescue[0].start
    # the row goes on from the dose as it was given
    assert at("2026-03-25T05:00") == rescue[1].start


CNS = [("high", "original", 16), ("not determined", "original", 8), ("low", "original", 4),
       ("high", "modified", 8), ("not determined", "modified", 8), ("low", "modified", 6)]  # fmt: skip


@pytest.mark.parametrize(("risk", "schedule", "doses"), CNS)
def test_intrathecal_doses_are_as_many_as_the_risk_asks_for(
    risk: str, schedule: str, doses: int
) -> None:
    stated = STATED.replace("cns_risk: low", f"cns_risk: {risk}").replace(
        "intrathecal_schedule: modified", f"intrathecal_schedule: {schedule}"
    )
    plan = planned(stated)

    assert doses == sum(a.order.route == "IT" for a in plan.administrations)


def test_a_low_ejection_fraction_makes_a_slow_infusion() -> None:
    """48 hours below 50%, whatever was chosen; the dose is 50 × 1.84 = 92 mg either way."""
    stated = STATED.replace("lvef_percent: 60", "lvef_percent: 49").replace(
        "doxorubicin_infusion: 24 h, ", ""
    )
    first = next(a for a in planned(stated).administrations if a.order.drug == "doxorubicin")

    assert (at("2026-03-05T10:00"), at("2026-03-07T10:00")) == (first.start, first.end)
    assert parse("92 mg") == first.order.ordered


def test_an_infusion_time_that_is_not_chosen_leaves_the_dose_open() -> None:
    stated = STATED.replace("doxorubicin_infusion: 24 h, ", "")
    first = next(a for a in planned(stated).administrations if a.order.drug == "doxorubicin")

    assert ("unresolved", ("doxorubicin_infusion",)) == (first.status, first.order.needs)
