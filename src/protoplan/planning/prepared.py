"""A protocol made ready, once, for all the treatments that are planned by it."""

from collections.abc import Mapping, Sequence

import attrs

from protoplan.model.catalogue import Catalogue
from protoplan.model.exposure import InputFile
from protoplan.model.formulary import Drug
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
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

    @layouts.default
    def _layouts(self) -> Layouts:
        return Layouts(self.protocol)
