"""What a look at a finished plan may look at."""

from collections.abc import Mapping, Sequence

import attrs

from protoplan.model.exposure import Exposure
from protoplan.model.formulary import Drug
from protoplan.model.plan import NOT_GIVEN, Administration, Measure
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.planning.course import Course
from protoplan.planning.happened import NOTHING, Happened
from protoplan.planning.known import Known


@attrs.frozen
class Scene:
    """All that a look may look at."""

    protocol: Protocol
    treatment: Treatment
    policy: Policy
    state: Known
    course: Course
    administrations: Sequence[Administration]
    exposure: Sequence[Exposure]
    measures: Sequence[Measure]
    drugs: Mapping[str, Drug]
    medicines: Mapping[str, Drug]
    medicine_names: Sequence[str]
    earlier_drugs: Mapping[str, Drug]
    happened: Happened = NOTHING

    @property
    def given(self) -> tuple[Administration, ...]:
        """The administrations that are to be given."""
        return tuple(row for row in self.administrations if row.status not in NOT_GIVEN)

    def picked(self, name: str) -> str | None:
        """What the site's policy picks where sources leave several open."""
        return dict(self.policy.choices).get(name)

    def classes_of(self, drug: str) -> frozenset[str]:
        """The classes of a drug of the plan."""
        return frozenset(name for name, _ in self.drugs[drug].classes)
