"""PP306: a route that the formulary does not allow for the drug.

Good: `{drug: vincristine, route: IV}`.
Bad: `{drug: vincristine, route: IT}`, which is fatal.
"""

from collections.abc import Iterator, Mapping, Sequence

from protoplan.checks.scene import ProtocolScene
from protoplan.model.component import Component
from protoplan.model.formulary import Drug
from protoplan.model.protocol import Gift
from protoplan.problems import Problem


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Each component, and each drug of an open-ended item, goes by an allowed route."""
    gifts = [gift for item in scene.protocol.open_items for gift in item.gives]
    yield from check_components([*scene.protocol.components, *gifts], scene.drugs)


def check_components(
    given: Sequence[Component | Gift], drugs: Mapping[str, Drug]
) -> Iterator[Problem]:
    """Each goes by a route that the formulary allows for its drug."""
    for entry in given:
        allowed = [route.route for route in drugs[entry.drug].routes]
        if entry.route not in allowed:
            shown = ", ".join(allowed) or "none"
            message = f"{entry.drug} is not given {entry.route}; the formulary allows {shown}"
            yield Problem("PP306", message, entry.at)
