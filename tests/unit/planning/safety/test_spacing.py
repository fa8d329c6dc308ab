"""Two doses too near to each other: which are looked at, how time is counted, what is said."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

import attrs
import pytest
from tests.scenes import HERE, at, on, protocol, row, scene

from protoplan.model.plan import Administration, Finding
from protoplan.model.safety import Spacing
from protoplan.planning.safety.spacing import broken_by, look
from protoplan.planning.scene import Scene
from protoplan.problems import Severity
from protoplan.quantity import parse
from protoplan.source import Citation, Grounds

GROUNDS = Grounds(
    Citation("label", "all of it"), (), (("at_least", Citation("paper", "of the distance")),)
)
SOURCE = "paper: of the distance"
ODD = "classes:\n  odd: {source: [label, x]}"


def apart(
    hours: int = 48, other: str = "itself", way: str = "from", drug: str = "alpha",
    *, by_date: bool = True, **more: Any,
) -> Spacing:  # fmt: skip
    plain = Spacing(
        drug, way, other, hours, by_date, Severity.WARNING, None, GROUNDS, HERE,
    )  # fmt: skip
    return attrs.evolve(plain, **more)


def looked(
    rows: Sequence[Administration], *spacing: Spacing, labels: Mapping[str, str] | None = None
) -> Scene:
    return scene(rows, labels, protocol=attrs.evolve(protocol(), spacing=spacing))


def found(*args: Any, **more: Any) -> list[Finding]:
    return list(look(looked(*args, **more)))


def near(rows: Sequence[Administration], one: Spacing, **more: Any) -> list[tuple[str, ...]]:
    """The doses that lie too near, of each finding."""
    return [finding.administrations for finding in found(rows, one, **more)]


def alpha(*days: int) -> list[Administration]:
    return [row(f"1.d{number}.alpha.IV.1") for number in days]


def ids(*days: int) -> tuple[str, ...]:
    return tuple(f"1.d{number}.alpha.IV.1" for number in days)


# -- what is said -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (apart(), "doses of alpha lie less than 2 days apart"),
        (apart(48, by_date=False), "doses of alpha lie less than 48 hours apart"),
        (apart(says="so it is"), "so it is"),
    ],
)
def test_doses_too_near_are_told_with_both_of_each_pair(one: Spacing, said: str) -> None:
    assert found(alpha(1, 2), one) == [
        Finding(
            "PF230",
            Severity.WARNING,
            f"{said}: alpha intravenous cycle 1 day 1 and alpha intravenous cycle 1 day 2",
            ids(1, 2),
            SOURCE,
        )
    ]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (apart(48, "beta"), "alpha lies within 2 days of beta"),
        (apart(48, "beta", by_date=False), "alpha lies within 48 hours of beta"),
        (apart(72, "beta", "before"), "alpha lies within 3 days before beta"),
        (apart(48, "alpha", "after", "beta"), "beta lies within 2 days after alpha"),
        (apart(48, "beta IT"), "alpha lies within 2 days of beta IT"),
    ],
)
def test_a_distance_to_another_drug_is_told_one_way_or_both(one: Spacing, said: str) -> None:
    rows = (*alpha(1), row("1.d2.beta.IT.1"))

    assert found(rows, attrs.evolve(one, otherwise=Severity.STOP)) == [
        Finding(
            "PF230",
            Severity.STOP,
            f"{said}: alpha intravenous cycle 1 day 1 and beta INTRATHECAL cycle 1 day 2",
            (*ids(1), "1.d2.beta.IT.1"),
            SOURCE,
        )
    ]


@pytest.mark.parametrize(("by_date", "length"), [(True, "1 day"), (False, "24 hours")])
def test_one_day_is_told_as_one(by_date: bool, length: str) -> None:
    rows = (*alpha(1), row("1.d1.beta.IT.1"))
    (finding,) = found(rows, apart(24, "beta", by_date=by_date))

    assert finding.message.startswith(f"alpha lies within {length} of beta: ")


@pytest.mark.parametrize(("last", "more"), [(4, ""), (5, "; and 1 more"), (6, "; and 2 more")])
def test_of_many_pairs_three_are_named_and_every_dose_once(last: int, more: str) -> None:
    pairs = "; ".join(
        f"alpha intravenous cycle 1 day {n} and alpha intravenous cycle 1 day {n + 1}"
        for n in (1, 2, 3)
    )
    (finding,) = found(alpha(*range(1, last + 1)), apart())

    assert f"doses of alpha lie less than 2 days apart: {pairs}{more}" == finding.message
    assert ids(*range(1, last + 1)) == finding.administrations


def test_the_formulary_s_distances_are_looked_at_then_the_protocol_s() -> None:
    def label(*days: int) -> str:
        lines = (f"  - {{from: itself, at_least: {n} days, source: [label, s]}}" for n in days)
        return "\n".join(["spacing:", *lines])

    rows = (*alpha(1, 2), row("1.d3.beta.IV.1"), row("1.d4.beta.IV.1"))
    labels = {"alpha": label(1, 3), "beta": label(2), "gamma": label(9)}

    assert [
        "doses of alpha lie less than 3 days apart",
        "doses of beta lie less than 2 days apart",
        "doses of alpha lie less than 4 days apart",
    ] == [
        finding.message.partition(":")[0]
        for finding in found(rows, apart(24), apart(96), labels=labels)
    ]


# -- which doses are looked at ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drug", "other", "expected"),
    [
        # alpha IV on day 1, alpha IT on day 2, beta IV on day 3, beta IT on day 4; beta is odd.
        ("alpha", "itself", [("1.d1.alpha.IV.1", "1.d2.alpha.IT.1")]),
        ("alpha IV", "itself", []),
        ("alpha", "beta", [("1.d2.alpha.IT.1", "1.d3.beta.IV.1")]),
        ("alpha IV", "beta", []),
        ("alpha", "beta IT", []),
        ("alpha IT", "beta IV", [("1.d2.alpha.IT.1", "1.d3.beta.IV.1")]),
        ("alpha", "odd", [("1.d2.alpha.IT.1", "1.d3.beta.IV.1")]),
        ("odd", "itself", []),
        ("odd", "beta IT", [("1.d3.beta.IV.1", "1.d4.beta.IT.1")]),
        ("gamma", "beta", []),
    ],
)
def test_a_distance_holds_for_a_drug_by_any_route_or_by_one_or_for_a_class_in_the_body(
    drug: str, other: str, expected: list[tuple[str, ...]]
) -> None:
    rows = (
        row("1.d1.alpha.IV.1"), row("1.d2.alpha.IT.1"), row("1.d3.beta.IV.1"),
        row("1.d4.beta.IT.1"),
    )  # fmt: skip

    assert expected == near(rows, apart(48, other, drug=drug), labels={"beta": ODD})


def test_a_dose_that_is_not_given_is_near_to_none() -> None:
    rows = (*alpha(1), row("1.d2.alpha.IV.1", status="held"), *alpha(3))

    assert [] == near(rows, apart())
    assert [] == list(broken_by(rows[1], looked(rows, apart())))


def test_a_dose_is_no_pair_with_itself_and_each_pair_is_one() -> None:
    labels = {"alpha": ODD}

    assert [] == near(alpha(1), apart(48, "odd"), labels=labels)
    (finding,) = found(alpha(1, 2, 3), apart(48, "odd"), labels=labels)
    assert (
        "alpha lies within 2 days of odd: alpha intravenous cycle 1 day 1 and alpha intravenous "
        "cycle 1 day 2; alpha intravenous cycle 1 day 2 and alpha intravenous cycle 1 day 3"
    ) == finding.message


# -- how time is counted ----------------------------------------------------------------------------


def clocked(name: str, number: int, clock: time, **more: Any) -> Administration:
    return row(name, **on(number, clock, **more))


EVENING = clocked("1.d1.alpha.IV.1", 1, time(23))


@pytest.mark.parametrize(
    ("one", "second", "expected"),
    [
        # By dates, whatever the hour: from the 1st to the 3rd day are 2 days.
        (apart(48), clocked("1.d3.alpha.IV.1", 3, time(1)), False),
        (apart(72), clocked("1.d3.alpha.IV.1", 3, time(23)), True),
        (apart(24), clocked("1.d1.alpha.IV.2", 1, time(23, 30)), True),
        (apart(24), clocked("1.d2.alpha.IV.1", 2, time(1)), False),
        # By the clock, in whole hours.
        (apart(24, by_date=False), clocked("1.d2.alpha.IV.1", 2, time(23)), False),
        (apart(24, by_date=False), clocked("1.d2.alpha.IV.1", 2, time(22, 59)), True),
        (apart(26, by_date=False), clocked("1.d3.alpha.IV.1", 3, time(1)), False),
        (apart(27, by_date=False), clocked("1.d3.alpha.IV.1", 3, time(1, 59)), True),
    ],
)
def test_days_are_counted_by_dates_and_hours_by_the_clock(
    one: Spacing, second: Administration, expected: bool
) -> None:
    assert expected == bool(near((EVENING, second), one))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # 48 hours from its start; 24 from its end, which counts of a continuous infusion alone.
        ({"end": at(2), "order": {"rate": parse("1 mg/day")}}, True),
        ({"end": at(2)}, False),
        ({"order": {"rate": parse("1 mg/day")}}, False),
        ({}, False),
    ],
)
def test_from_a_continuous_infusion_hours_are_counted_from_its_end(
    fields: dict[str, Any], expected: bool
) -> None:
    rows = (row("1.d1.alpha.IV.1", **fields), *alpha(3))

    assert expected == bool(near(rows, apart(48, by_date=False)))
    assert not near(rows, apart(48))


@pytest.mark.parametrize(
    ("way", "day", "expected"),
    [
        # alpha stands on day 5; two days are asked for.
        ("from", 3, False), ("from", 4, True), ("from", 5, True), ("from", 6, True),
        ("from", 7, False), ("before", 4, False), ("before", 5, True), ("before", 6, True),
        ("before", 7, False), ("after", 3, False), ("after", 4, True), ("after", 5, True),
        ("after", 6, False),
    ],
)  # fmt: skip
def test_a_distance_counts_both_ways_or_one(way: str, day: int, expected: bool) -> None:
    beta = row(f"1.d{day}.beta.IV.1")
    rows = sorted((*alpha(5), beta), key=lambda one: one.start)

    assert [tuple(one.id for one in rows)] * expected == near(rows, apart(48, "beta", way))


def test_doses_of_one_day_are_told_apart_by_their_hour() -> None:
    early, late = clocked("1.d5.beta.IV.1", 5, time(9)), clocked("1.d5.beta.IV.2", 5, time(11))
    (same,) = alpha(5)
    rows = (early, same, late)

    assert [(same.id, late.id)] == near(rows, apart(48, "beta", "before"))
    assert [(early.id, same.id)] == near(rows, apart(48, "beta", "after"))
    assert [(early.id, same.id, late.id)] == near(rows, apart(48, "beta"))


# -- what one dose breaks ---------------------------------------------------------------------------


def test_what_a_dose_breaks_is_told_with_the_nearest_other_once_for_each_distance() -> None:
    rows = (*alpha(1, 2, 3), row("1.d4.beta.IV.1"))
    spacing = (
        apart(),
        apart(120, "beta", says="so it is"),
        apart(48, by_date=False),
        apart(48, "itself", drug="beta"),
        apart(24),
    )
    labels = {"alpha": "spacing:\n  - {from: beta, at_least: 4 days, source: [label, s]}"}
    at_all = looked(rows, *spacing, labels=labels)
    first = "alpha intravenous cycle 1 day 1"
    second = "alpha intravenous cycle 1 day 2"
    beta = "beta intravenous cycle 1 day 4"

    assert [
        f"alpha lies within 4 days of beta ({beta})",
        f"doses of alpha lie less than 2 days apart ({second})",
        f"so it is ({beta})",
        f"doses of alpha lie less than 48 hours apart ({second})",
    ] == list(broken_by(rows[0], at_all))
    assert [
        f"alpha lies within 4 days of beta ({beta})",
        f"doses of alpha lie less than 2 days apart ({first})",
        f"so it is ({beta})",
        f"doses of alpha lie less than 48 hours apart ({first})",
    ] == list(broken_by(rows[1], at_all))
    assert [f"alpha lies within 4 days of beta ({first})", f"so it is ({first})"] == list(
        broken_by(rows[3], at_all)
    )


def test_a_distance_between_other_doses_is_none_of_its_own() -> None:
    rows = (*alpha(1, 2), row("1.d2.beta.IV.1"), row("1.d3.beta.IV.1"), row("1.d2.beta.IT.1"))
    spacing = (apart(24, "itself", drug="beta"), apart(48), apart(48, "itself", drug="beta IV"))
    at_all = looked(rows, *spacing)

    assert ["doses of beta IV lie less than 2 days apart (beta intravenous cycle 1 day 3)"] == (
        list(broken_by(rows[2], at_all))
    )
    assert [] == list(broken_by(rows[4], looked(rows, *spacing[1:])))
