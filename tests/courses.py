"""Whole courses that calendars are made of, and how tests change them."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import attrs
from tests.conftest import QUICK

from protoplan import api
from protoplan.model.plan import Administration, Plan
from protoplan.rendering.calendar_days import Look

LABS = ["--lab", "creatinine=0.9 mg/dL", "--lab", "bilirubin=0.6 mg/dL", "--lab", "alt=0.8 xULN",
        "--lab", "ast=0.7 xULN", "--lab", "neutrophils=2.1 10^9/L", "--lab",
        "platelets=180 10^9/L"]  # fmt: skip
STATED = ["--sex", "female", *LABS, "--medicine", "none", "--earlier", "none"]
COURSE = [*QUICK, *STATED, "--fact", "cd20_percent=0", "--fact", "cns=negative"]
LOOK = Look(revision=0, revised=date(2026, 3, 2))

VENETOCLAX = ["mini-hyper-cvd-venetoclax", *QUICK[1:], *STATED, "--fact", "cd20_percent=100",
              "--fact", "lineage=B", "--fact", "philadelphia=negative"]  # fmt: skip
BORTEZOMIB = ["hyper-cvad-bortezomib", *QUICK[1:], *STATED, "--fact", "cd20_percent=0", "--fact",
              "philadelphia=negative", "--fact", "leucovorin_elsewhere=yes", "--fact", "ecog=1",
              "--fact", "lineage=B", "--option", "asparaginase_dose=5000 units/m2", "--option",
              "asparaginase_days=5, 7, 9, 11, 13, 15"]  # fmt: skip

Change = Callable[[Administration], Administration | None]


@cache
def plan_of(protocol: str, *flags: str) -> Plan:
    stated = [
        (flag.removeprefix("--"), value) for flag, value in zip(*[iter(flags)] * 2, strict=True)
    ]
    return api.plan_treatment(*api.target(protocol, stated))


def told(plan: Plan, change: Change) -> Plan:
    """The plan with each administration as *change* makes it; None takes it out."""
    changed = [change(row) for row in plan.administrations]
    return attrs.evolve(plan, administrations=tuple(row for row in changed if row is not None))


def moved(row: Administration, days: int) -> Administration:
    by = timedelta(days)
    end = None if row.end is None else row.end + by
    return attrs.evolve(row, date=row.date + by, start=row.start + by, end=end)


def second(plan: Plan) -> Plan:
    """Cycle 3 a week later, and its days from 11 on left out."""

    def change(row: Administration) -> Administration | None:
        if row.cycle != "3":
            return row
        return None if row.day >= 11 else moved(row, 7)

    return told(plan, change)
