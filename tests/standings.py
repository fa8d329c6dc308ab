"""Treatments with a record, for tests of where a patient stands."""

from datetime import date
from functools import cache
from typing import Any

from tests.conftest import ROOT

from protoplan import api
from protoplan.model.plan import Plan
from protoplan.model.standing import Standing
from protoplan.model.treatment import Treatment
from protoplan.source import Place

SAMPLE = (ROOT / "examples" / "sample-a.yaml").read_text("utf-8")
RECORDED = (ROOT / "examples" / "sample-a-record.yaml").read_text("utf-8")

#: The second cycle 7 days late, the third on the day after its end.
STARTS = """
  - {date: 2026-03-02, cycle: 1, started: true}
  - {date: 2026-04-06, cycle: 2, started: true}
  - {date: 2026-05-04, cycle: 3, started: true}
"""


@cache
def treatment_of(text: str) -> Treatment:
    kind, model = api.load_text(text, "treatment.yaml")
    assert kind == "treatment"
    found: Treatment = model
    return found


@cache
def protocol_of(treatment: str) -> Any:
    return api.load_protocol(treatment_of(treatment).protocol, Place("test", 1, 1))


@cache
def planned(text: str, on: date | None = None) -> Plan:
    return api.plan_on(treatment_of(text), protocol_of(text), None, on)


def stands(text: str, on: date | None = None) -> Standing:
    return api.standing(planned(text, on), treatment_of(text), protocol_of(text), on)


def sample(record: str) -> str:
    """The first sample with a record."""
    return f"{SAMPLE}record:\n{record.strip(chr(10))}\n" if record else SAMPLE
