"""What is timed by another dose follows it as it went; each time worked by hand.

Alpha runs for 24 hours from the 2nd of March at 10:00. Beta follows its end by 12 hours, twice, 6
hours apart: on the 3rd at 22:00 and on the 4th at 04:00. Gamma follows beta's start by an hour.
"""

import pytest
from tests.going import Made, told

from protoplan.planning.schedule import Slot


def component(drug: str, sig: str) -> str:
    return (
        f"  - drug: {drug}\n    in: only\n    route: PO\n    sigs:\n      - {{{sig}}}\n"
        "    source: [paper, Methods]\n"
    )


ALPHA = "{dose: 100 mg, days: [1], over: 24 h}"
BETA = component(
    "beta", "dose: 1 mg, begins: {after_end_of: alpha IV, by: 12 h}, every: 6 h, doses: 2"
)
GAMMA = component("gamma", "dose: 1 mg, begins: {after_start_of: beta PO, by: 1 h}")


def of(slot: Slot) -> str:
    return f"{told(slot)}; due {slot.due:%m-%d}"


def by_id(slot: Slot) -> str:
    return slot.id


DOSE = "1.d1.alpha.IV.1"


def hangs(drug: str, on: str, status: str) -> str:
    text = f"record: whether and when {drug} is given; {on}, by which it is timed, is {status}"
    return f"unresolved (line 11): {text}"


def waiting(status: str) -> list[str]:
    """All three where alpha has no time any more."""
    by = "alpha intravenous of 2026-03-02"
    return [
        f"1.d2.beta.PO.1 day 2, 03-03 22:00 {hangs('beta', by, status)}; due 03-03",
        f"1.d3.beta.PO.1 day 3, 03-04 04:00 {hangs('beta', by, status)}; due 03-04",
        "1.d2.gamma.PO.1 day 2, 03-03 23:00 "
        f"{hangs('gamma', 'beta by mouth of 2026-03-03', 'unresolved')}; due 03-03",
    ]


PLANNED = [
    "1.d2.beta.PO.1 day 2, 03-03 22:00; due 03-03",
    "1.d3.beta.PO.1 day 3, 03-04 04:00; due 03-04",
    "1.d2.gamma.PO.1 day 2, 03-03 23:00; due 03-03",
]

#: What is recorded, and the two doses of beta and the one of gamma after it.
FOLLOWING = [
    ([], PLANNED),
    # Two days later; then an hour and a half later on the next day.
    ([f"date: 2026-03-02, delayed: {DOSE}, to: 2026-03-04, reason: bed"],
     ["1.d2.beta.PO.1 day 4, 03-05 22:00; due 03-05",
      "1.d3.beta.PO.1 day 5, 03-06 04:00; due 03-06",
      "1.d2.gamma.PO.1 day 4, 03-05 23:00; due 03-05"]),
    ([f"date: 2026-03-03, given: {DOSE}, amount: 90 mg, time: '11:30'"],
     ["1.d2.beta.PO.1 day 3, 03-04 23:30; due 03-04",
      "1.d3.beta.PO.1 day 4, 03-05 05:30; due 03-05",
      "1.d2.gamma.PO.1 day 4, 03-05 00:30; due 03-05"]),
    ([f"date: 2026-03-02, given: {DOSE}, amount: 90 mg, time: '09:00'"],
     ["1.d2.beta.PO.1 day 2, 03-03 21:00; due 03-03",
      "1.d3.beta.PO.1 day 3, 03-04 03:00; due 03-04",
      "1.d2.gamma.PO.1 day 2, 03-03 22:00; due 03-03"]),
    # A dose of which the record speaks itself stays, and what hangs on it follows it.
    ([f"date: 2026-03-02, delayed: {DOSE}, to: 2026-03-04, reason: bed",
      "date: 2026-03-06, given: 1.d2.beta.PO.1, amount: 1 mg"],
     ["1.d2.beta.PO.1 day 5, 03-06 22:00 given (line 12); due 03-03",
      "1.d3.beta.PO.1 day 5, 03-06 04:00; due 03-06",
      "1.d2.gamma.PO.1 day 5, 03-06 23:00; due 03-06"]),
    ([f"date: 2026-03-02, held: {DOSE}, reason: fever",
      "date: 2026-03-03, delayed: 1.d2.beta.PO.1, to: 2026-03-04, reason: bed"],
     ["1.d2.beta.PO.1 day 3, 03-04 22:00; due 03-03",
      f"1.d3.beta.PO.1 day 3, 03-04 04:00 {hangs('beta', 'alpha intravenous of 2026-03-02', 'held')}"
      "; due 03-04",
      "1.d2.gamma.PO.1 day 3, 03-04 23:00; due 03-04"]),
    # Without alpha there is no time.
    ([f"date: 2026-03-02, held: {DOSE}, reason: fever"], waiting("held")),
    ([f"date: 2026-03-02, missed: {DOSE}, reason: fever"], waiting("missed")),
    (["date: 2026-03-02, stopped: alpha, reason: rash"], waiting("cancelled")),
    # What has fallen away itself asks for nothing.
    ([f"date: 2026-03-02, held: {DOSE}, reason: fever",
      "date: 2026-03-02, stopped: beta, reason: rash"],
     ["1.d2.beta.PO.1 day 2, 03-03 22:00 cancelled (line 12): beta stopped for good on 2026-03-02: "
      "rash; due 03-03",
      "1.d3.beta.PO.1 day 3, 03-04 04:00 cancelled (line 12): beta stopped for good on 2026-03-02: "
      "rash; due 03-04",
      "1.d2.gamma.PO.1 day 2, 03-03 23:00 "
      + hangs("gamma", "beta by mouth of 2026-03-03", "cancelled").replace("line 11", "line 12")
      + "; due 03-03"]),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), FOLLOWING)
def test_what_is_timed_by_a_dose_follows_it(entries: list[str], expected: list[str]) -> None:
    slots = sorted(Made(*entries, sig=ALPHA, components=BETA + GAMMA).went(), key=by_id)
    found = [of(s) for s in slots if s.cycle.label == "1" and s.component.drug == "beta"]
    found += [of(s) for s in slots if s.cycle.label == "1" and s.component.drug == "gamma"]

    assert expected == found


def test_other_cycles_stay_where_they_are() -> None:
    entry = f"date: 2026-03-02, delayed: {DOSE}, to: 2026-03-04, reason: bed"
    before, after = (
        {slot.id: of(slot) for slot in Made(*entries, sig=ALPHA, components=BETA + GAMMA).went()}
        for entries in ([], [entry])
    )

    assert {DOSE, *(line.split()[0] for line in PLANNED)} == {
        name for name in before if before[name] != after[name]
    }


RATE = "{rate: 50 mg/day, days: 1-2}"
BY_END = component("beta", "dose: 1 mg, over: 2 h, begins: {after_end_of: alpha IV, by: 12 h}")
BY_START = component("beta", "dose: 1 mg, over: 2 h, begins: {after_start_of: alpha IV, by: 60 h}")
#: Alpha stands still from the 3rd at 10:00 to the 4th at 10:00.
BREAK = [
    f"date: 2026-03-03, interrupted: {DOSE}, reason: fever",
    f"date: 2026-03-04, resumed: {DOSE}",
]


@pytest.mark.parametrize(
    ("entries", "components", "expected"),
    [
        # 12 hours after the 4th at 10:00, and 60 hours after the 2nd at 10:00.
        ([], BY_END, "day 3, 03-04 22:00 to 03-05 00:00; due 03-04"),
        ([], BY_START, "day 3, 03-04 22:00 to 03-05 00:00; due 03-04"),
        # A day later by its end, and not by its start.
        (BREAK, BY_END, "day 4, 03-05 22:00 to 03-06 00:00; due 03-05"),
        (BREAK, BY_START, "day 3, 03-04 22:00 to 03-05 00:00; due 03-04"),
        ([f"date: 2026-03-03, begun: {DOSE}"], BY_START,
         "day 4, 03-05 22:00 to 03-06 00:00; due 03-05"),
        # While alpha stands still, no one knows when it ends; that it began is known.
        (BREAK[:1], BY_END, "day 3, 03-04 22:00 to 03-05 00:00 "
         f"{hangs('beta', 'alpha intravenous of 2026-03-03', 'unresolved')}; due 03-04"),
        (BREAK[:1], BY_START, "day 3, 03-04 22:00 to 03-05 00:00; due 03-04"),
        # Whether alpha ended is asked for, and so is beta.
        (["date: 2026-03-03, stopped: alpha, reason: rash"], BY_END,
         "day 3, 03-04 22:00 to 03-05 00:00 "
         f"{hangs('beta', 'alpha intravenous of 2026-03-02', 'unresolved')}; due 03-04"),
    ],
)  # fmt: skip
def test_what_follows_an_infusion_follows_its_last_part(
    entries: list[str], components: str, expected: str
) -> None:
    slots = Made(*entries, sig=RATE, components=components).went()
    (beta,) = [of(slot) for slot in slots if slot.id == "1.d3.beta.PO.1"]

    assert f"1.d3.beta.PO.1 {expected}" == beta


def test_of_several_doses_each_is_followed_by_its_own() -> None:
    """Day 1 goes on to the 4th, and what hangs on day 3, which ends later, stays."""
    slots = Made(
        f"date: 2026-03-02, delayed: {DOSE}, to: 2026-03-03, reason: bed",
        sig="{dose: 100 mg, days: [1, 3], over: 2 h}",
        components=component(
            "beta", "dose: 1 mg, days: [1, 3], begins: {after_end_of: alpha IV, by: 1 h}"
        ),
    ).went()

    # 10:00 and two hours and one more.
    assert [
        "1.d1.beta.PO.1 day 2, 03-03 13:00; due 03-03",
        "1.d3.beta.PO.1 day 3, 03-04 13:00; due 03-04",
    ] == [of(s) for s in slots if s.cycle.label == "1" and s.component.drug == "beta"]


def test_of_two_runs_of_an_infusion_each_is_followed_by_its_own() -> None:
    """The first run, of days 1 and 2, stands still for a day, and takes the second along."""
    sig = "{rate: 50 mg/day, days: [1-2, 8-9]}"
    beta = component("beta", "dose: 1 mg, days: [1, 8], begins: {after_end_of: alpha IV, by: 1 h}")
    first, second = (
        [of(s) for s in Made(*entries, sig=sig, components=beta).went()
         if s.cycle.label == "1" and s.component.drug == "beta"]
        for entries in (["date: 2026-03-02, toxicity: mucositis, grade: 1",
                         "date: 2026-03-23, held: 2.d3.beta.PO.1, reason: so"], BREAK)
    )  # fmt: skip

    # The 4th and the 11th at 10:00, and an hour.
    assert first == [
        "1.d3.beta.PO.1 day 3, 03-04 11:00; due 03-04",
        "1.d10.beta.PO.1 day 10, 03-11 11:00; due 03-11",
    ]
    assert second == [
        "1.d3.beta.PO.1 day 4, 03-05 11:00; due 03-05",
        "1.d10.beta.PO.1 day 11, 03-12 11:00; due 03-12",
    ]


def test_a_dose_without_an_end_is_followed_by_its_start() -> None:
    slots = Made(
        f"date: 2026-03-02, delayed: {DOSE}, to: 2026-03-03, reason: bed",
        sig="{dose: 100 mg, days: [1]}",
        components=component("beta", "dose: 1 mg, begins: {after_start_of: alpha IV, by: 1 h}"),
    ).went()

    assert ["1.d1.beta.PO.1 day 2, 03-03 11:00; due 03-03"] == [
        of(s) for s in slots if s.cycle.label == "1" and s.component.drug == "beta"
    ]
