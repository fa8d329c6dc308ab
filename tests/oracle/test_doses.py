"""The plan of the program is that of the oracle, dose by dose, whoever is treated."""

import os
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from tests.oracle.comparing import differences, silent, sums_differ
from tests.oracle.course import plan, undated
from tests.oracle.drawing import FOLDER, Drawn, treatments
from tests.oracle.exposure import sums
from tests.oracle.refusals import Refused
from tests.oracle.world import world

from protoplan import api, library
from protoplan.model.plan import Plan
from protoplan.model.treatment import Treatment
from protoplan.problems import Faulty
from protoplan.source import Place

#: How many treatments are drawn for each protocol; the long form is thousands.
LONG = os.environ.get("ORACLE_TREATMENTS")
FEW = {"pomp": 1, "mini-hyper-cvd-inotuzumab": 2, "mini-hyper-cvd-venetoclax": 4,
       "blinatumomab": 4}  # fmt: skip
#: So many times as many by a record: their infusions may be late, and stand still.
INFUSED = {"blinatumomab": 3, "./protocols/words.yaml": 2}
PROTOCOLS = (*library.ids("protocol"), "./protocols/words.yaml")


def examples(name: str) -> int:
    return int(LONG) if LONG else FEW.get(name, 5)


@cache
def prepared(protocol: str, policy: str) -> Any:
    """One for all treatments: what was laid out for one patient is held against the next."""
    here = Place("test", 1, 1)
    found = api.load_protocol(protocol, here, FOLDER)
    return api.prepare(found, api.load_policy(policy, here, FOLDER))


def compared(drawn: Drawn) -> list[str]:
    """What differs, with the treatment file that shows it.

    Raises:
        Refused: If neither plans by the record.
    """
    treatment = drawn.treatment()
    here = world(treatment, FOLDER)
    theirs = _by_the_program(treatment)
    try:
        course, doses = plan(here)
    except Refused as reason:
        if isinstance(theirs, Plan):
            return [f"only the oracle refuses: {reason}"]
        raise
    if not isinstance(theirs, Plan):
        return [f"only the program refuses: {theirs}"]
    return [
        *differences(theirs, course, doses),
        *sums_differ(theirs, sums(here, doses)),
        *silent(theirs, undated(here, course)),
    ]


def _by_the_program(treatment: Treatment) -> Plan | str:
    """Its plan, or why it refuses the record; nothing else of a drawn treatment may be wrong."""
    try:
        return api.plan_prepared(treatment, prepared(treatment.protocol, treatment.policy))
    except Faulty as wrong:
        if {problem.code for problem in wrong.problems} <= {"PP405", "PP406"}:
            return "; ".join(problem.message for problem in wrong.problems)
        raise


def agree(name: str, count: int, *, happened: bool) -> Counter[str]:
    """Draw treatments and compare them; how many were planned, and how many were refused."""
    found: Counter[str] = Counter()

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=LONG is None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def each(data: Any) -> None:
        drawn = data.draw(treatments(name, happened=happened))
        try:
            differs = compared(drawn)
        except Refused:
            found["refused"] += 1
            reject()  # another is drawn in its place
        found["planned"] += 1
        assert differs == [], drawn.text

    each()
    return found


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_program_and_the_oracle_plan_the_same(name: str) -> None:
    agree(name, examples(name), happened=False)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_program_and_the_oracle_plan_the_same_by_a_record(name: str) -> None:
    found = agree(name, examples(name) * INFUSED.get(name, 1), happened=True)

    assert found["planned"] * 4 >= found["refused"]


def test_a_row_of_doses_stands_at_hours_that_fit_the_usual_time() -> None:
    assert [] == compared(Drawn(NOON))


#: 28 days of blinatumomab, by the record of one interruption.
STOOD_STILL = """\
format: protoplan-treatment/1
id: infused
patient: {label: infused, age: 45, sex: female}
protocol: blinatumomab
start: 2026-03-02
options: {indication: relapsed or refractory}
measurements: [{date: 2026-03-01, height: 175 cm, weight: 70 kg}]
medicines: none
record:
  - {date: 2026-03-05, interrupted: 1.d1.blinatumomab.IV.1, time: "10:00", reason: drawn}
  - {date: 2026-03-07, resumed: 1.d1.blinatumomab.IV.1, time: "10:00"}
"""

#: What was seen to go wrong: later words on that infusion.
SEEN = [
    # Its rest is interrupted by its own id, and what is left after that by the first one.
    ["date: 2026-03-08, interrupted: 1.d6.blinatumomab.IV.1, time: '10:00', reason: drawn",
     "date: 2026-03-09, resumed: 1.d6.blinatumomab.IV.1, time: '10:00'",
     "date: 2026-03-10, interrupted: 1.d1.blinatumomab.IV.1, time: '10:00', reason: drawn",
     "date: 2026-03-12, resumed: 1.d1.blinatumomab.IV.1, time: '10:00'"],
    # The step after it is put off when the break is known, and before.
    ["date: 2026-03-10, delayed: 1.d8.blinatumomab.IV.1, to: 2026-03-12, reason: drawn"],
    ["date: 2026-03-03, delayed: 1.d8.blinatumomab.IV.1, to: 2026-03-12, reason: drawn"],
    ["date: 2026-03-12, begun: 1.d8.blinatumomab.IV.1"],
    # It stands still again, and the step after it began all the same.
    ["date: 2026-03-08, interrupted: 1.d6.blinatumomab.IV.1, reason: drawn",
     "date: 2026-03-12, begun: 1.d8.blinatumomab.IV.1"],
]  # fmt: skip


@pytest.mark.parametrize("entries", SEEN)
def test_what_was_seen_to_go_wrong(entries: list[str]) -> None:
    assert [] == compared(_with(*entries))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("date: 2026-03-08, begun: 1.d6.blinatumomab.IV.1",
         "1.d6.blinatumomab.IV.1 is the rest of an infusion"),
        ("date: 2026-03-08, held: 1.d6.blinatumomab.IV.1, reason: drawn",
         "1.d6.blinatumomab.IV.1 is the rest of an infusion"),
        ("date: 2026-03-06, interrupted: 1.d6.blinatumomab.IV.1, reason: drawn",
         "1.d6.blinatumomab.IV.1 was not running on 2026-03-06 10:00:00"),
    ],
)  # fmt: skip
def test_what_the_one_refuses_the_other_refuses_too(entry: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        compared(_with(entry))


@pytest.mark.parametrize(
    ("planner", "told"),
    [
        # The oracle is told to refuse what the program plans, and the other way round.
        (("plan", Refused("so")), "only the oracle refuses: so"),
        (("_by_the_program", "so"), "only the program refuses: so"),
    ],
)
def test_where_only_one_refuses_it_is_told(
    planner: tuple[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, answer = planner

    def planted(_: Any) -> Any:
        if isinstance(answer, Refused):
            raise answer
        return answer

    monkeypatch.setattr(f"{__name__}.{name}", planted)

    assert [told] == compared(_with())


def _with(*entries: str) -> Drawn:
    return Drawn("".join([STOOD_STILL, *(f"  - {{{entry}}}\n" for entry in entries)]))


NOON = """\
format: protoplan-treatment/1
id: noon
patient: {label: noon, age: 45, sex: female}
protocol: cytarabine-etoposide-amsacrine
start: 2026-03-02
policy: ./policies/noon.yaml
options: {printed_row: as here}
measurements: [{date: 2026-03-01, height: 175 cm, weight: 70 kg}]
labs: [{date: 2026-03-01, creatinine: 0.9 mg/dL, bilirubin: 0.6 mg/dL}]
medicines: none
"""
