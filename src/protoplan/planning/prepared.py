"""A protocol made ready, once, for all the treatments that are planned by it."""

from collections.abc import Hashable, Mapping, Sequence

import attrs

from protoplan.model.catalogue import Catalogue
from protoplan.model.exposure import InputFile
from protoplan.model.formulary import Drug
from protoplan.model.plan import PlannedCycle
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.planning.asking import Standing, standings
from protoplan.planning.layout import Layouts


@attrs.frozen(eq=False)
class Prepared:
    """A protocol with all that it is planned with, whoever the patient is.

    Attributes:
        protocol: Checked without error, as are the files around it.
        policy: The site's.
        drugs: The formulary's entry for every drug of the protocol.
        catalogue: Facts and labs.
        inputs: The files that a plan is made from, for its heading.
        layouts: The courses of the protocol that were laid out.
    """

    protocol: Protocol
    policy: Policy
    drugs: Mapping[str, Drug]
    catalogue: Catalogue
    inputs: Sequence[InputFile]
    layouts: Layouts = attrs.field(init=False)
    _rules: dict[Hashable, Mapping[str, Sequence[Standing]]] = attrs.field(init=False, factory=dict)

    @layouts.default
    def _layouts(self) -> Layouts:
        return Layouts(self.protocol)

    def rules(self, cycles: Sequence[PlannedCycle]) -> Mapping[str, Sequence[Standing]]:
        """The rules by drug, each with the cycles of a course in which it holds."""
        key = tuple((cycle.label, cycle.kind) for cycle in cycles)
        if key not in self._rules:
            self._rules[key] = standings(self.protocol, self.drugs, self.policy, cycles)
        return self._rules[key]
