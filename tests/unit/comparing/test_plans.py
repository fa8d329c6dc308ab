"""Two plans compared: what is told, in how few words, and what is never passed over."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.pairs import differ, late, later, move, rows, sample

from protoplan.comparing import amounts
from protoplan.comparing.plans import compare
from protoplan.model.difference import Carried, PlanDifference, Recorded
from protoplan.quantity import Quantity
from protoplan.reading.planned import outline_of
from protoplan.rendering.difference_text import render


def told(found: PlanDifference) -> list[str]:
    """The lines but for the two that name the sides, unwrapped, with plain spaces."""
    unwrapped = render(found).replace("\n" + " " * 13, " ").replace("\N{NO-BREAK SPACE}", " ")
    return [
        " ".join(line.split())
        for line in unwrapped.splitlines()
        if not line.startswith(("before ", "after "))
    ]


def amount(value: str, unit: str = "mg") -> dict[str, str]:
    return {"value": value, "unit": unit}


# -- days ------------------------------------------------------------------------------------------


def test_a_plan_is_the_same_as_itself() -> None:
    found = differ(sample(), sample())

    assert found.same
    assert [
        "same no difference: every date, dose and finding of the two plans is the same"
    ] == told(found)


def test_a_late_cycle_is_told_in_a_few_lines() -> None:
    """Cycle 3 a week late: 1,004 of the 1,207 doses move, and no line names one of them."""
    found = differ(sample(), late(sample()))

    assert [
        "moved cycles 3 to M16 begin 7 days later: cycle 3 on Mon 2026-05-04 instead of "
        "Mon 2026-04-27; their doses and their days stay as they are (1,004 doses moved with them)",
        "cycle cycle 2 lasts 35 days instead of 28 days",
        "moved 42 instructions and 24 lines of the checklist: another date alone, with the doses "
        "they are about",
    ] == told(found)
    assert len(render(found).splitlines()) <= 10


def test_what_moved_with_a_cycle_and_what_did_not_are_told_apart() -> None:
    data = late(sample())
    for row in rows(data, "vincristine", ["3"]):
        if row["day"] == 8:
            move(row, 2)

    lines = told(differ(sample(), data))

    assert (
        lines[0].endswith("(1,003 doses moved with them)") is False
        and "1,003 doses moved with them, and what else changed" in lines[0]
    )
    # Day 8 of a cycle that begins on 2026-04-27 is 2026-05-04; 7 and 2 days later 2026-05-13.
    assert (
        "moved vinCRIStine intravenous is 2 days later than the rest of its cycle, cycle 3, day 8: "
        "on Wed 2026-05-13 instead of Mon 2026-05-04"
    ) in lines


def test_cycles_that_move_by_different_numbers_of_days_are_different_lines() -> None:
    found = differ(sample(), late(late(sample(), "3", 7), "5", -3))

    assert [(("3", "4"), 7), (("5", "M16"), 4)] == [
        ((move.labels[0], move.labels[-1]), move.days) for move in found.moves
    ]


def test_a_dose_of_another_day_of_the_cycle_is_the_same_dose() -> None:
    data = sample()
    for row in rows(data, "vincristine", ["1", "3"]):
        if row["day"] == 8:
            row.update(day=11, id=row["id"].replace("d8", "d11"))
            move(row, 3)

    found = differ(sample(), data)

    assert () == found.presence
    assert (
        "moved vinCRIStine intravenous stands on day 11 instead of day 8, cycles 1 and 3, day 11 "
        "(2 doses)"
    ) in told(found)


def test_a_run_of_days_that_shifts_is_a_day_gone_and_a_day_more() -> None:
    """Days 1 to 4 that become 2 to 5: no dose leaps over three that stay."""
    data = sample()
    first = next(row for row in rows(data, "dexamethasone", ["1"]) if row["day"] == 1)
    first.update(day=5, id="1.d5.dexamethasone.PO.1")
    move(first, 4)

    found = differ(sample(), data)

    assert [("1.d5.dexamethasone.PO.1", True), ("1.d1.dexamethasone.PO.1", False)] == [
        (entry.line.spots[0].id, entry.new) for entry in found.presence
    ]
    assert "gone dexamethasone by mouth 20 mg, cycle 1, day 1, Mon 2026-03-02" in told(found)


def test_times_durations_and_windows_are_told() -> None:
    data = sample()
    for row in rows(data, "methotrexate", ["1"], "IT"):
        row["start"] = row["start"].replace("T10:00", "T14:00")
        row["window"]["latest"] = later(row["window"]["latest"], 1)
    for row in rows(data, "blinatumomab", ["6"]):
        row["end"] = later(row["end"], 1)

    lines = told(differ(sample(), data))

    assert (
        "moved methotrexate INTRATHECAL begins at 14:00 instead of 10:00, cycle 1, day 2" in lines
    )
    assert (
        "moved methotrexate INTRATHECAL may be moved by −1 to +4 days instead of −1 to +3 days, "
        "cycle 1, day 2"
    ) in lines
    assert (
        "moved blinatumomab intravenous lasts 29 days instead of 28 days, cycle 6, day 1" in lines
    )


# -- doses -----------------------------------------------------------------------------------------


def halve(row: Any) -> None:
    row.update(ordered=amount("1"), adjusted=amount("1"))
    row["adjustments"] = [
        {"rule": "vincristine/hepatic/label", "before": amount("2"), "after": amount("1"),
         "reason": "bilirubin 3.4 mg/dL: 50% is given", "source": "spc"}
    ]  # fmt: skip


def test_doses_that_changed_alike_for_one_reason_are_one_line() -> None:
    data = sample()
    for row in rows(data, "vincristine", ["1", "3", "M1", "M2", "M3"]):
        halve(row)

    found = differ(sample(), data)

    assert [
        "dose vinCRIStine intravenous 2 mg → 1 mg (−50%), cycles 1 and 3, days 1 and 8; cycles M1 "
        "to M3, day 1 (7 doses): bilirubin 3.4 mg/dL: 50% is given"
    ] == told(found)
    assert [
        "dose vinCRIStine intravenous 1 mg → 2 mg (+100%), cycles 1 and 3, days 1 and 8; cycles M1 "
        "to M3, day 1 (7 doses): no longer: bilirubin 3.4 mg/dL: 50% is given"
    ] == told(differ(data, sample()))


def test_without_an_adjustment_the_first_step_that_differs_is_the_reason() -> None:
    data = sample()
    for row in rows(data, "inotuzumab-ozogamicin", ["1"]):
        if row["day"] == 2:
            row.update(bsa="2", calculated=amount("1.2"), adjusted=amount("1.2"),
                       ordered=amount("1.2"))  # fmt: skip
            steps = {step["step"]: step for step in row["working"]}
            steps["body surface area"]["after"] = "2 m2"
            steps["calculated"]["after"] = steps["rounding"]["after"] = "1.2 mg"

    # 1.2 / 1.1 = 1.0909…
    assert [
        "dose inotuzumab ozogamicin intravenous 1.1 mg → 1.2 mg (+9.1%), cycle 1, day 2: body "
        "surface area 1.84 m² → 2 m²"
    ] == told(differ(sample(), data))


def test_rates_are_told_as_rates() -> None:
    data = sample()
    for row in rows(data, "blinatumomab", ["6"]):
        row.update(rate=amount("9", "mcg/day"))

    # 9 / 28 = 0.3214…, 67.857…% less
    assert (
        "dose blinatumomab intravenous rate 28 mcg/day → 9 mcg/day (−67.9%), cycle 6, day 1"
        in told(differ(sample(), data))[0]
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2 mg", "1 mg", "-50.0"),
        ("150 mg/m2", "200 mg/m2", "33.3"),
        ("1 g", "1500 mg", "50.0"),
        ("1000 mg", "1000.4 mg", "0.0"),
        ("8 mg", "8.002 mg", "0.0"),
        ("8 mg", "8.004 mg", "0.1"),  # 0.05% is half of the last digit: away from 0
        ("8 mg", "7.996 mg", "-0.1"),
        ("0 mg", "1 mg", None),
        ("1 mg", "0 mg", "-100.0"),
        ("1 mg", "1 mg/m2", None),
        ("1 mg", "1000 units", None),
        ("0.000000001 mg", "999999999 mg", None),
    ],
)
def test_percentages(before: str, after: str, expected: str | None) -> None:
    ends = [Quantity(Decimal(text.split()[0]), text.split()[1]) for text in (before, after)]

    found = amounts.percent(*ends)

    assert (None if expected is None else Decimal(expected)) == found


# -- statuses --------------------------------------------------------------------------------------


def test_a_held_dose_is_told_with_its_reason_and_no_number_is_called_changed() -> None:
    data = sample()
    for row in rows(data, "vincristine", ["3"]):
        row.update(status="held", ordered=None, adjusted=None, because="held until it recovers")

    found = differ(sample(), data)

    assert () == found.doses
    assert [
        "held vinCRIStine intravenous 2 mg, cycle 3, days 1 and 8 (2 doses), planned → held: held "
        "until it recovers"
    ] == told(found)


def test_recorded_doses_are_one_line_and_those_given_otherwise_have_their_own() -> None:
    data = sample()
    for row in rows(data, "vincristine", ["1", "3"]):
        row.update(status="given", given={"amount": amount("2"), "by": "anyone"})
    for row in rows(data, "inotuzumab-ozogamicin", ["1"]):
        given_now = "1100" if row["day"] == 2 else "500"
        row.update(status="given", given={"amount": amount(given_now, "mcg")})
    for row in rows(data, "pegfilgrastim", ["1"]):
        row.update(status="given", given=None)

    found = differ(sample(), data)

    # 1100 mcg are the 1.1 mg that were ordered; 500 mcg instead of 0.55 mg are 9.09…% less.
    assert Recorded(as_planned=5, otherwise=1, unstated=1) == found.recorded
    assert [
        "recorded 5 doses are recorded as given, as planned; 1 dose is recorded as given otherwise "
        "than ordered, see below; 1 dose is recorded as given, without an amount",
        "dose inotuzumab ozogamicin intravenous 500 mcg given, 0.55 mg ordered (−9.1%), cycle 1, "
        "day 8",
    ] == told(found)


def test_a_record_that_is_changed_or_taken_back_is_told() -> None:
    first, second, third = sample(), sample(), sample()
    for data, given_now in ((first, "2"), (second, "1.5")):
        for row in rows(data, "vincristine", ["1"]):
            row.update(status="given", given={"amount": amount(given_now)})

    assert [
        "dose vinCRIStine intravenous recorded amount 2 mg → 1.5 mg (−25%), cycle 1, days 1 and 8 "
        "(2 doses)"
    ] == told(differ(first, second))
    assert [("given", "planned")] == [
        (entry.before, entry.after) for entry in differ(first, third).statuses
    ]


# -- what came and went ----------------------------------------------------------------------------


def test_a_cycle_that_fell_away_is_one_line_with_its_doses() -> None:
    data = sample()
    data["cycles"] = [c for c in data["cycles"] if not c["label"].startswith("M")]
    lost = [row for row in data["administrations"] if row["cycle"].startswith("M")]
    data["administrations"] = [
        row for row in data["administrations"] if not row["cycle"].startswith("M")
    ]

    found = differ(sample(), data)

    assert () == found.presence
    assert (
        f"cycle cycles M1 to M16 are gone, from 2026-12-07 to 2028-03-13, with {len(lost)} doses"
        in told(found)
    )


def test_totals_inputs_and_statements_are_told() -> None:
    data = sample()
    data["inputs"][0]["version"] = "9.9.9"
    data["protocol"]["sha256"] = "0" * 64
    data["options"]["inotuzumab_schedule"] = "original"
    data["facts"]["ecog"] = "2"
    data["medicines"] = []
    total = next(e for e in data["exposure"] if e["drug"] == "cyclophosphamide")
    total.update(value="900", planned="900", ordered="1656", administrations=6)
    kind, name = data["inputs"][0]["kind"], data["inputs"][0]["id"]
    old = sample()["inputs"][0]["version"]

    lines = told(differ(sample(), data))

    assert lines[0].startswith("input protocol: mini-hyper-cvd-inotuzumab 1.4.0 (sha256 ")
    assert f"{kind}: {name} {old} → {name} 9.9.9" in lines[0]
    assert [
        "option inotuzumab_schedule: fractionated → original",
        "fact ecog: 1 → 2",
        "medicine posaconazole: from 2026-03-01 to 2026-03-20 (gone); medicines: none (new)",
        "total cyclophosphamide intravenous: 1,800 mg/m² → 900 mg/m² (−50%), ordered 3,312 mg → "
        "1,656 mg (−50%), 12 → 6 doses",
    ] == lines[1:]


def test_a_total_of_unresolved_doses_is_no_number() -> None:
    data = sample()
    total = next(e for e in data["exposure"] if e["drug"] == "vincristine")
    total.update(value=None, planned=None, ordered=None, ordered_unit=None)
    data["exposure"] = [e for e in data["exposure"] if e["drug"] != "rituximab"]

    # Before: 16 × 2 mg, and 8 × 375 mg/m².
    assert [
        "total vinCRIStine intravenous: 32 mg → unresolved",
        "total riTUXimab intravenous: 3,000 mg/m² → not given, 8 → 0 doses",
    ] == told(differ(sample(), data))


def test_different_treatments_and_protocols_are_said_first_and_loudly() -> None:
    data = sample()
    data["treatment"].update(id="sample-z", label="Z")
    data["protocol"]["id"] = "another"

    lines = render(differ(sample(), data)).splitlines()

    assert [
        "ATTENTION    DIFFERENT TREATMENTS, not two versions of one: sample-a (sample A) and "
        "sample-z (Z)",
        "ATTENTION    DIFFERENT PROTOCOLS: mini-hyper-cvd-inotuzumab and another",
    ] == lines[:2]


# -- findings --------------------------------------------------------------------------------------


def finding(message: str, doses: list[str], severity: str = "warning") -> dict[str, Any]:
    return {"code": "PF230", "severity": severity, "message": message, "administrations": doses,
            "source": None}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, "too near", ["finding new: warning PF230: too near"]),
        ("too near", None, ["finding cleared: warning PF230: too near"]),
        ("5 days apart", "4 days apart",
         ["finding changed: warning PF230: 4 days apart; before: 5 days apart"]),
        ("on 2026-05-04", "on 2026-05-05",
         ["finding changed: warning PF230: on 2026-05-05; before: on 2026-05-04"]),
    ],
)  # fmt: skip
def test_findings_are_new_cleared_or_changed(
    before: str | None, after: str | None, expected: list[str]
) -> None:
    first, second = sample(), sample()
    first["findings"] = [finding(before, ["3.d8.vincristine.IV.1"])] if before else []
    second["findings"] = [finding(after, ["3.d8.vincristine.IV.1"])] if after else []

    assert expected == told(differ(first, second))


def test_a_finding_that_only_names_the_new_dates_is_counted() -> None:
    first, second = sample(), late(sample())
    first["findings"] = [finding("on 2026-05-04", ["3.d8.vincristine.IV.1"])]
    second["findings"] = [finding("on 2026-05-11", ["3.d8.vincristine.IV.1"])]

    found = differ(first, second)

    assert () == found.told
    assert Carried("finding", 1) in found.carried


def test_a_date_that_moved_otherwise_than_its_dose_is_no_new_date_alone() -> None:
    """The dose stands in cycle 1, which did not move; that others moved by 7 days is no excuse."""
    first, second = sample(), late(sample())
    first["findings"] = [finding("on 2026-03-09", ["1.d8.vincristine.IV.1"])]
    second["findings"] = [finding("on 2026-03-16", ["1.d8.vincristine.IV.1"])]

    assert [("on 2026-03-09", "on 2026-03-16")] == [
        (entry.before, entry.after) for entry in differ(first, second).told
    ]


def test_a_graver_finding_is_changed() -> None:
    first, second = sample(), sample()
    first["findings"] = [finding("too near", [])]
    second["findings"] = [finding("too near", [], "stop")]

    lines = told(differ(first, second))

    assert ["finding changed: stop PF230: too near; before: warning: too near"] == lines


def test_what_became_unresolved_and_what_was_resolved() -> None:
    data = sample()
    data["unresolved"] = [{"about": "rituximab", "needs": ["cd20_percent"],
                           "administrations": ["1.d1.rituximab.IV.1"]}]  # fmt: skip

    assert ["unresolved rituximab needs cd20_percent (1 dose hangs on it)"] == told(
        differ(sample(), data)
    )
    assert ["resolved rituximab, which needed cd20_percent (1 dose hangs on it)"] == told(
        differ(data, sample())
    )


def test_what_is_said_of_doses_that_stay_is_counted() -> None:
    data = sample()
    for row in rows(data, "rituximab", ["1"]):
        row["pending"] = [{"rule": "r", "wants": ["alt"], "would": "nothing"}]
        row["a new key"] = "of a later version"

    assert [
        "remarks a new key differ at 2 doses that stay as they are: riTUXimab",
        "remarks the rules that wait for labs of their day differ at 2 doses that stay as they are: "
        "riTUXimab",
    ] == told(differ(sample(), data))


# -- nothing is passed over ------------------------------------------------------------------------


def leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every text, number and truth of the data."""
    if isinstance(data, dict):
        return [leaf for key in data for leaf in leaves(data[key], (*path, key))]
    if isinstance(data, list):
        return [leaf for n, part in enumerate(data) for leaf in leaves(part, (*path, n))]
    return [] if data is None else [path]


@cache
def few() -> str:
    data = sample()
    data["administrations"] = [
        row for row in data["administrations"] if row["cycle"] in {"1", "3"} and row["day"] < 9
    ]
    return json.dumps(data)


def small() -> Any:
    """The sample with its first doses alone: quick to compare again and again."""
    return json.loads(few())


#: What is not compared: where a value was written, and what follows from another key.
ASIDE = {"at", "format", "complete", "title", "length_between", "due", "late_days", "recorded"}


def is_aside(path: tuple[Any, ...]) -> bool:
    """What says nothing of its own.

    Of measures the last stand twice, a total is the sum of its parts, a step begins where the one
    before it ended, and what is assumed of cycles is the protocol's, whose hash is compared.
    """
    shape = [key for key in path if not isinstance(key, int)]
    return (
        bool(ASIDE & set(shape))
        or (shape[0] == "cycles" and shape[-1] in {"assumptions", "because"})
        or (shape[0] == "patient" and shape[1] in {"height", "weight", "bsa"})
        or shape[:2] == ["exposure", "value"]
        or shape[:2] == ["exposure", "limits"]
        or shape[-2:] == ["working", "before"]
    )


def one_of_each() -> list[tuple[Any, ...]]:
    """For each key of a plan the first leaf and the last."""
    ends: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for path in leaves(small()):
        shape = tuple(key for key in path if not isinstance(key, int))
        ends.setdefault(shape, []).append(path)
    return [
        path
        for row in ends.values()
        for path in dict.fromkeys((row[0], row[-1]))
        if not is_aside(path)
    ]


def another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    try:
        date.fromisoformat(value[:10])
        return later(value, 1)
    except ValueError:
        pass
    if value.replace(".", "", 1).isdecimal():
        return str(Decimal(value) + 1)
    return {"mg": "g", "mg/m2": "g/m2", "mcg": "g", "cm": "m", "kg": "g"}.get(value, f"{value}x")


def test_no_leaf_of_a_plan_can_change_without_a_line() -> None:
    before = outline_of(small(), "x.json")
    passed_over = []
    for path in one_of_each():
        data = small()
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = another(inner[path[-1]])
        if compare(before, outline_of(data, "x.json"), ("a", "b")).same:
            passed_over.append(path)

    assert [] == passed_over
