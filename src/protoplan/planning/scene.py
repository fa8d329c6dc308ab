"""What a look at a finished plan may look at."""

from collections.abc import Callable, Collection, Mapping, Sequence

import attrs

from protoplan.model.exposure import Exposure
from protoplan.model.formulary import Drug
from protoplan.model.plan import Administration, Measure
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.planning.course import Course
from protoplan.planning.happened import NOTHING, Happened
from protoplan.planning.known import Known
from protoplan.planning.shares import Share, in_order


@attrs.frozen
class Scene:
    """All that a look may look at.

    Attributes:
        administrations: Of the plan, in order of time.
        shares: The same by their orders.
        given: Those that are to be given.
        of_kind: The shares of those by drug and route.
        kinds: Each drug and route of the plan, those that are not given too.
    """

    protocol: Protocol
    treatment: Treatment
    policy: Policy
    state: Known
    course: Course
    administrations: Sequence[Administration]
    shares: Sequence[Share]
    exposure: Sequence[Exposure]
    measures: Sequence[Measure]
    drugs: Mapping[str, Drug]
    medicines: Mapping[str, Drug]
    medicine_names: Sequence[str]
    earlier_drugs: Mapping[str, Drug]
    happened: Happened = NOTHING
    given: Sequence[Administration] = attrs.field(init=False)
    of_kind: Mapping[tuple[str, str], Sequence[Share]] = attrs.field(init=False)
    kinds: Collection[tuple[str, str]] = attrs.field(init=False)
    _classes: Mapping[str, frozenset[str]] = attrs.field(init=False)

    @given.default
    def _given(self) -> Sequence[Administration]:
        standing = [share for share in self.shares if share.stands]
        return self.administrations if len(standing) == len(self.shares) else in_order(standing)

    @of_kind.default
    def _of_kind(self) -> Mapping[tuple[str, str], Sequence[Share]]:
        found: dict[tuple[str, str], list[Share]] = {}
        for share in self.shares:
            if share.stands:
                found.setdefault(share.kind, []).append(share)
        return found

    @kinds.default
    def _kinds(self) -> Collection[tuple[str, str]]:
        return dict.fromkeys(share.kind for share in self.shares)

    @_classes.default
    def _in_classes(self) -> Mapping[str, frozenset[str]]:
        return {
            name: frozenset(word for word, _ in drug.classes) for name, drug in self.drugs.items()
        }

    def shares_by(self, meant: Callable[[str, str], bool]) -> Sequence[Share]:
        """The doses to be given of which drug and route are meant, by their orders."""
        kinds = [kind for kind in self.of_kind if meant(*kind)]
        return [share for kind in kinds for share in self.of_kind[kind]]

    def doses_by(self, meant: Callable[[str, str], bool]) -> Sequence[Administration]:
        """The administrations to be given of which drug and route are meant, in order of time."""
        return in_order(self.shares_by(meant))

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
        return self._classes[drug]
