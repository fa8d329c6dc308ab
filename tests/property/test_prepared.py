"""What is worked out for one patient and kept serves another only where it is the same."""

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracle.drawing import FOLDER, treatments

from protoplan import api
from protoplan.model.treatment import Treatment
from protoplan.planning.prepared import Prepared
from protoplan.problems import Faulty
from protoplan.source import Place

#: With options, facts, ages, calendar months, totals and times that hang on other doses.
PROTOCOLS = ("hyper-cvad", "mini-hyper-cvd-inotuzumab", "blinatumomab", "./protocols/words.yaml")


@cache
def prepared(protocol: str, policy: str) -> Prepared:
    """One for all treatments of the test, in whatever order they are drawn."""
    here = Place("test", 1, 1)
    found = api.load_protocol(protocol, here, FOLDER)
    return api.prepare(found, api.load_policy(policy, here, FOLDER))


def outcome(plan: Any) -> Any:
    try:
        return plan()
    except Faulty as wrong:
        return wrong.problems


@pytest.mark.parametrize("name", PROTOCOLS)
@pytest.mark.parametrize("happened", [False, True])
def test_whoever_was_planned_before_changes_no_plan(name: str, happened: bool) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def each(data: Any) -> None:
        treatment: Treatment = data.draw(treatments(name, happened=happened)).treatment()
        shared = prepared(treatment.protocol, treatment.policy)

        alone = outcome(lambda: api.plan_treatment(treatment, beside=FOLDER))

        assert alone == outcome(lambda: api.plan_prepared(treatment, shared))

    each()
