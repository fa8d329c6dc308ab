"""What is measured: the sample treatments, and the protocol files that are prepared for them."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import attrs

from protoplan import api
from protoplan.model.plan import Plan
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.quantity import Quantity

ROOT = Path(__file__).resolve().parents[1]

#: The full course of mini-hyper-CVD with inotuzumab.
COURSE = ROOT / "examples" / "sample-a.yaml"


@attrs.frozen
class Prepared:
    """A treatment with all that is read once, however many are planned by it."""

    treatment: Treatment
    protocol: Protocol
    policy: Policy

    def plan(self, treatment: Treatment | None = None, protocol: Protocol | None = None) -> Plan:
        """The plan of a treatment, or of another one like it."""
        return api.plan_treatment(
            treatment or self.treatment, protocol or self.protocol, policy=self.policy
        )


def course() -> Prepared:
    """The treatment of the full course."""
    treatment, protocol, beside = api.target(str(COURSE), [])
    policy = api.load_policy(treatment.policy, treatment.policy_at, beside)
    return Prepared(treatment, protocol, policy)


def alone() -> Prepared:
    """A treatment of inotuzumab alone: a short course, for long rows of treatments."""
    full = course()
    protocol = api.load_protocol("inotuzumab-ozogamicin", full.treatment.protocol_at)
    answered = attrs.evolve(full.treatment.options[0], name="remission_after", value="1")
    treatment = attrs.evolve(full.treatment, protocol=protocol.id, options=(answered,))
    return Prepared(treatment, protocol, full.policy)


def many(treatment: Treatment, count: int) -> Iterator[Treatment]:
    """So many treatments, of patients of different weight who begin on different days."""
    for nth in range(count):
        weight = Quantity(Decimal(45 + nth % 60), "kg")
        taken = tuple(attrs.evolve(m, weight=weight) for m in treatment.measurements)
        start = treatment.start + timedelta(nth % 28)
        yield attrs.evolve(treatment, id=f"made-up-{nth}", measurements=taken, start=start)
