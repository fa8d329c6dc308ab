"""What a look at a finished plan looks at, made of a few administrations written by hand.

Drugs are made up; cycles of 21 days begin on 2026-03-02, 23 and 04-13, and doses at 10:00.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import attrs
from tests.engine import (
    NONE,
    TREATMENT,
    drug_text,
    formulary,
    policy_with,
    protocol_text,
    read_drug,
)

from protoplan import files
from protoplan.model.formulary import Drug
from protoplan.model.order import Order
from protoplan.model.plan import Administration, PlannedCycle
from protoplan.model.protocol import Protocol
from protoplan.model.record import DOSE
from protoplan.model.treatment import Treatment
from protoplan.planning.course import Course
from protoplan.planning.known import Known
from protoplan.planning.scene import Scene
from protoplan.planning.shares import shared
from protoplan.quantity import Quantity, parse
from protoplan.source import Place

HERE = Place("t.yaml", 1, 1)
START = date(2026, 3, 2)
HOUR = time(10)
LENGTH = 21

#: An amount of nothing in particular.
SOME = parse("100 mg")


def day(number: int) -> date:
    """A day counted from the first of the first cycle, which is 1; 0 is the day before."""
    return START + timedelta(number - 1)


def at(number: int, clock: time = HOUR) -> datetime:
    """A time on such a day."""
    return datetime.combine(day(number), clock)


def order(drug: str, route: str, ordered: Quantity | None = SOME, **more: Any) -> Order:
    """An order of an amount as it is, with nothing said of it."""
    plain = Order(
        drug=drug, name=drug, route=route, basis=ordered, bsa=None, calculated=ordered,
        adjusted=ordered, ordered=ordered, made_of=(), rate=None, per_basis=None,
        exposure_unit="mg", working=(), adjustments=(), rules=(), pending=(), status="planned",
        because=None, remarks=(), assumptions=(), borrowed=(), sources=(), needs=(),
    )  # fmt: skip
    return attrs.evolve(plain, **more)


def row(name: str, ordered: Quantity | None = SOME, **more: Any) -> Administration:
    """The dose of an id, on its day; fields of the order may be given as ``order``."""
    found = DOSE.fullmatch(name)
    assert found is not None
    number = int(found["day"])
    cycle = int(found["cycle"])
    due = day(LENGTH * (cycle - 1) + (number if number > 0 else number + 1))
    made = order(found["drug"], found["route"], ordered, **more.pop("order", {}))
    plain = Administration(
        name, found["cycle"], number, due, datetime.combine(due, HOUR), None, None, "planned",
        False, made, due,
    )  # fmt: skip
    return attrs.evolve(plain, **more)


def on(number: int, clock: time = HOUR, **more: Any) -> dict[str, Any]:
    """The fields of a dose that is given on another day than its own."""
    return {"date": day(number), "start": at(number, clock), **more}


@cache
def protocol() -> Protocol:
    with formulary(drug_text("alpha")):
        found: Protocol = files.load_text(protocol_text(), "made-up.yaml")[1]
    return found


@cache
def treatment() -> Treatment:
    found: Treatment = files.load_text(f"{TREATMENT}{NONE}", "t.yaml")[1]
    return found


def cycles(count: int = 3) -> tuple[PlannedCycle, ...]:
    return tuple(
        PlannedCycle(str(n), "only", "treatment", day(LENGTH * (n - 1) + 1), LENGTH)
        for n in range(1, count + 1)
    )


def scene(
    rows: Sequence[Administration],
    labels: Mapping[str, str] | None = None,
    as_of: date = START,
    **more: Any,
) -> Scene:
    """A scene of these administrations.

    Args:
        rows: In the order of time.
        labels: More of the formulary's entry for a drug.
        as_of: The day the plan is made.
        more: Fields of the scene.
    """
    said = labels or {}
    names = dict.fromkeys([*(one.order.drug for one in rows), *said])
    drugs: dict[str, Drug] = {
        name: read_drug(drug_text(name, said.get(name, ""))) for name in names
    }
    plain = Scene(
        protocol(), treatment(), policy_with({}), Known({}, {}, {}, {}, {}, 7, as_of=as_of),
        Course(cycles(), None, ()), rows, shared(rows), (), (), drugs, {}, (), {},
    )  # fmt: skip
    return attrs.evolve(plain, **more)
