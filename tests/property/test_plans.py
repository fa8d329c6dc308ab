"""What must hold for every plan, whoever is treated and whenever it starts."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from protoplan import api
from protoplan.model.plan import Plan
from protoplan.model.treatment import Treatment
from protoplan.reading.quick import quick
from protoplan.source import Place

PROTOCOL = "mini-hyper-cvd-inotuzumab"

ANSWERS: dict[str, st.SearchStrategy[list[tuple[str, str]]]] = {
    "schedule": st.one_of(
        st.just([]),
        st.just([("option", "inotuzumab_schedule=fractionated")]),
        st.tuples(st.integers(130, 180), st.integers(100, 130)).map(
            lambda doses: [
                ("option", "inotuzumab_schedule=original"),
                ("option", f"inotuzumab_first_dose={Decimal(doses[0]) / 100} mg/m2"),
                ("option", f"inotuzumab_later_dose={Decimal(doses[1]) / 100} mg/m2"),
            ]
        ),
    ),
    "after": st.one_of(
        st.just([]), st.integers(1, 8).map(lambda n: [("option", f"maintenance_after={n}")])
    ),
    "cd20": st.one_of(
        st.just([]),
        st.sampled_from(["0", "19.9", "20", "100"]).map(lambda p: [("fact", f"cd20_percent={p}")]),
    ),
    "cns": st.sampled_from([[], [("fact", "cns=negative")], [("fact", "cns=active")]]),
}
STATED = st.tuples(*ANSWERS.values()).map(lambda parts: [pair for part in parts for pair in part])
HEIGHTS = st.integers(1400, 2100).map(lambda mm: Decimal(mm) / 10)
WEIGHTS = st.integers(400, 1300).map(lambda hg: Decimal(hg) / 10)
STARTS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@cache
def protocol() -> Any:
    return api.load_protocol(PROTOCOL, Place("test", 1, 1))


def treated(
    stated: list[tuple[str, str]],
    height: Decimal = Decimal(175),
    weight: Decimal = Decimal(70),
    start: date = date(2026, 3, 2),
) -> Treatment:
    flags = [("height", f"{height}cm"), ("weight", f"{weight}kg"), ("age", "45")]
    flags += [("start", start.isoformat()), *stated]
    return quick(PROTOCOL, flags, api.vocabularies())


def planned(*arguments: Any) -> Plan:
    return api.plan_treatment(treated(*arguments), protocol())


@settings(max_examples=25, deadline=None)
@given(STATED, STARTS, st.integers(1, 3000))
def test_moving_the_start_moves_every_day_and_changes_no_dose(
    stated: list[tuple[str, str]], start: date, days: int
) -> None:
    """Calendar months aside, of which only the original maintenance has any."""
    one = planned(stated, Decimal(175), Decimal(70), start)
    other = planned(stated, Decimal(175), Decimal(70), start + timedelta(days))
    rows = [a for a in one.administrations if a.order.drug == "x" or not _by_months(one, a.cycle)]
    moved = [a for a in other.administrations if not _by_months(other, a.cycle)]

    assert [(a.id, a.date + timedelta(days), a.order.ordered) for a in rows] == [
        (a.id, a.date, a.order.ordered) for a in moved
    ]


def _by_months(plan: Plan, label: str) -> bool:
    return any(c.label == label and c.kind == "POMP-3-years" for c in plan.cycles)


@settings(max_examples=25, deadline=None)
@given(STATED, HEIGHTS, WEIGHTS)
def test_a_larger_body_never_lowers_a_calculated_dose(
    stated: list[tuple[str, str]], height: Decimal, weight: Decimal
) -> None:
    smaller = planned(stated, height, weight)
    larger = planned(stated, height, weight + 5)

    for before, after in zip(smaller.administrations, larger.administrations, strict=True):
        assert before.id == after.id
        if before.order.calculated is not None and after.order.calculated is not None:
            assert before.order.calculated.value <= after.order.calculated.value


@settings(max_examples=25, deadline=None)
@given(STATED, HEIGHTS, WEIGHTS, STARTS)
def test_every_plan_keeps_its_books(
    stated: list[tuple[str, str]], height: Decimal, weight: Decimal, start: date
) -> None:
    plan = planned(stated, height, weight, start)
    rows = plan.administrations
    cycles = [c for c in plan.cycles if c.start is not None]

    assert len(rows) == len({row.id for row in rows})
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    for one, other in itertools.pairwise(cycles):
        assert one.start is not None
        assert one.length_days is not None
        assert other.start == one.start + timedelta(one.length_days)
    for row in rows:
        cycle = next(c for c in cycles if c.label == row.cycle)
        assert cycle.start is not None
        assert row.date == cycle.start + timedelta(row.day - 1)
        assert (row.status == "unresolved") == (row.order.ordered is None) == bool(row.order.needs)
    for entry in plan.exposure:
        amounts = [
            r.order.ordered
            for r in rows
            if (r.order.drug, r.order.route) == (entry.drug, entry.route)
        ]
        if entry.ordered is not None:
            assert entry.ordered.value == sum(a.value for a in amounts if a is not None)
        else:
            assert None in amounts


@settings(max_examples=25, deadline=None)
@given(
    STATED,
    st.sampled_from([("fact", "cd20_percent=20"), ("fact", "cns=negative"), ("fact", "ecog=1")]),
)
def test_stating_one_more_fact_never_makes_less_known(
    stated: list[tuple[str, str]], more: tuple[str, str]
) -> None:
    if more[1].split("=")[0] in {value.split("=")[0] for _, value in stated}:
        return
    before, after = planned(stated), planned([*stated, more])
    resolved = {a.id: a.order.ordered for a in before.administrations if a.status == "planned"}
    now = {a.id: a.order.ordered for a in after.administrations}

    assert len(after.unresolved) <= len(before.unresolved)
    assert resolved.items() <= now.items()


@settings(max_examples=15, deadline=None)
@given(STATED, st.randoms(use_true_random=False))
def test_the_order_of_what_is_stated_changes_nothing(
    stated: list[tuple[str, str]], chance: Any
) -> None:
    shuffled = list(stated)
    chance.shuffle(shuffled)
    one, other = planned(stated), planned(shuffled)

    assert (one.administrations, one.findings, one.unresolved) == (
        other.administrations, other.findings, other.unresolved,
    )  # fmt: skip
