"""The plan of the program is that of the oracle, dose by dose, whoever is treated."""

import os
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from tests.oracle.comparing import differences, silent
from tests.oracle.course import plan, undated
from tests.oracle.drawing import FOLDER, Drawn, treatments
from tests.oracle.world import world

from protoplan import api, library
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
    """What differs, with the treatment file that shows it."""
    treatment = drawn.treatment()
    found = api.plan_prepared(treatment, prepared(treatment.protocol, treatment.policy))
    here = world(treatment, FOLDER)
    course, doses = plan(here)
    return [*differences(found, course, doses), *silent(found, undated(here, course))]


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
        except Faulty as wrong:
            # Only entries of a record may contradict each other.
            if happened and {problem.code for problem in wrong.problems} <= {"PP405", "PP406"}:
                found["refused"] += 1
                reject()  # another is drawn in its place
            raise
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

    assert found["planned"] * 2 >= found["refused"]


def test_a_row_of_doses_stands_at_hours_that_fit_the_usual_time() -> None:
    assert [] == compared(Drawn(NOON))


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
