"""What a look at a finished plan may look at."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import attrs

from protoplan.model.exposure import Exposure
from protoplan.model.formulary import Drug
from protoplan.model.order import Order
from protoplan.model.plan import NOT_GIVEN, Administration, Measure
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.planning.course import Course
from protoplan.planning.happened import NOTHING, Happened
from protoplan.planning.known import Known

Cause = TypeVar("Cause", bound=Hashable)


@attrs.frozen
class Scene:
    """All that a look may look at.

    Attributes:
        given: The administrations that are to be given.
        of_kind: The same by drug and route.
        kinds: Each drug and route of the plan, those that are not given too.
    """

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
    given: tuple[Administration, ...] = attrs.field(init=False)
    of_kind: Mapping[tuple[str, str], Sequence[Administration]] = attrs.field(init=False)
    kinds: Collection[tuple[str, str]] = attrs.field(init=False)

    @given.default
    def _given(self) -> tuple[Administration, ...]:
        return tuple(row for row in self.administrations if row.status not in NOT_GIVEN)

    @of_kind.default
    def _of_kind(self) -> Mapping[tuple[str, str], Sequence[Administration]]:
        found: dict[tuple[str, str], list[Administration]] = {}
        for row in self.given:
            found.setdefault((row.order.drug, row.order.route), []).append(row)
        return found

    @kinds.default
    def _kinds(self) -> Collection[tuple[str, str]]:
        return dict.fromkeys((row.order.drug, row.order.route) for row in self.administrations)

    def doses_by(self, meant: Callable[[str, str], bool]) -> Sequence[Administration]:
        """The administrations to be given of which drug and route are meant, in order of time."""
        kinds = {kind for kind in self.of_kind if meant(*kind)}
        if len(kinds) > 1:
            return [row for row in self.given if (row.order.drug, row.order.route) in kinds]
        return self.of_kind[kinds.pop()] if kinds else ()

    def doses_of(self, drug: str) -> Sequence[Administration]:
        """The administrations of a drug, by any route, that are to be given."""
        return self.doses_by(lambda name, _: name == drug)

    def doses_in(self, name: str) -> Sequence[Administration]:
        """The administrations of the drugs of a class that are to be given."""
        return self.doses_by(lambda drug, _: name in self.classes_of(drug))

    def picked(self, name: str) -> str | None:
        """What the site's policy picks where sources leave several open."""
        return dict(self.policy.choices).get(name)

    def classes_of(self, drug: str) -> frozenset[str]:
        """The classes of a drug of the plan."""
        return frozenset(name for name, _ in self.drugs[drug].classes)


def by_cause(
    rows: Iterable[Administration], causes: Callable[[Order], Iterable[Cause]]
) -> dict[Cause, list[str]]:
    """The ids of *rows* by what their orders say; an order that many share is asked once."""
    found: dict[Cause, list[str]] = {}
    lists: dict[int, tuple[list[str], ...]] = {}
    for row in rows:
        key = id(row.order)
        if key not in lists:
            lists[key] = tuple(found.setdefault(cause, []) for cause in causes(row.order))
        for ids in lists[key]:
            ids.append(row.id)
    return found
