"""What is measured: the sample treatments, and the protocol files that are prepared for them."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import attrs

from protoplan import api
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.quantity import Quantity

ROOT = Path(__file__).resolve().parents[1]

#: The full course of mini-hyper-CVD with inotuzumab.
COURSE = ROOT / "examples" / "sample-a.yaml"


def course() -> tuple[Treatment, Protocol, Path | None]:
    """The treatment of the full course, its protocol, and the folder of its file."""
    return api.target(str(COURSE), [])


def alone() -> tuple[Treatment, Protocol]:
    """A treatment of inotuzumab alone: a short course, for long rows of treatments."""
    treatment, _, _ = course()
    protocol = api.load_protocol("inotuzumab-ozogamicin", treatment.protocol_at)
    answered = attrs.evolve(treatment.options[0], name="remission_after", value="1")
    return attrs.evolve(treatment, protocol=protocol.id, options=(answered,)), protocol


def many(treatment: Treatment, count: int) -> Iterator[Treatment]:
    """So many treatments, of patients of different weight who begin on different days."""
    for nth in range(count):
        weight = Quantity(Decimal(45 + nth % 60), "kg")
        taken = tuple(attrs.evolve(m, weight=weight) for m in treatment.measurements)
        start = treatment.start + timedelta(nth % 28)
        yield attrs.evolve(treatment, id=f"made-up-{nth}", measurements=taken, start=start)
