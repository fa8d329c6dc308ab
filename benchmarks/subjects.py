"""What is measured: the sample treatments, and the protocol files that are prepared for them."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import attrs

from protoplan import api
from protoplan.model.plan import Plan
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.planning.prepared import Prepared
from protoplan.quantity import Quantity

ROOT = Path(__file__).resolve().parents[1]

#: The full course of mini-hyper-CVD with inotuzumab.
COURSE = ROOT / "examples" / "sample-a.yaml"


@attrs.frozen
class Subject:
    """A treatment, and the protocol that was made ready for it and for all others like it."""

    treatment: Treatment
    prepared: Prepared

    def plan(self, treatment: Treatment | None = None) -> Plan:
        """The plan of the treatment, or of another one."""
        return api.plan_prepared(treatment or self.treatment, self.prepared)

    def by(self, protocol: Protocol) -> "Subject":
        """The same treatment by another protocol."""
        return Subject(self.treatment, api.prepare(protocol, self.prepared.policy))


def course() -> Subject:
    """The treatment of the full course."""
    treatment, protocol, beside = api.target(str(COURSE), [])
    policy = api.load_policy(treatment.policy, treatment.policy_at, beside)
    return Subject(treatment, api.prepare(protocol, policy))


def alone() -> Subject:
    """A treatment of inotuzumab alone: a short course, for long rows of treatments."""
    full = course()
    protocol = api.load_protocol("inotuzumab-ozogamicin", full.treatment.protocol_at)
    answered = attrs.evolve(full.treatment.options[0], name="remission_after", value="1")
    treatment = attrs.evolve(full.treatment, protocol=protocol.id, options=(answered,))
    return attrs.evolve(full.by(protocol), treatment=treatment)


def many(treatment: Treatment, count: int) -> Iterator[Treatment]:
    """So many treatments, of patients of different weight who begin on different days."""
    for nth in range(count):
        weight = Quantity(Decimal(45 + nth % 60), "kg")
        taken = tuple(attrs.evolve(m, weight=weight) for m in treatment.measurements)
        start = treatment.start + timedelta(nth % 28)
        yield attrs.evolve(treatment, id=f"made-up-{nth}", measurements=taken, start=start)
