"""PP306: a route that the formulary does not allow for the drug.

Good: `{drug: vincristine, route: IV}`.
Bad: `{drug: vincristine, route: IT}`, which is fatal.
"""

from collections.abc import Iterator

from protoplan.checks.scene import ProtocolScene
from protoplan.problems import Problem


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Each component, and each drug of an open-ended item, goes by an allowed route."""
    given = [(entry.drug, entry.route, entry.at) for entry in scene.protocol.components]
    given += [(g.drug, g.route, g.at) for item in scene.protocol.open_items for g in item.gives]
    for drug, route, at in given:
        allowed = [entry.route for entry in scene.drugs[drug].routes]
        if route not in allowed:
            shown = ", ".join(allowed) or "none"
            yield Problem("PP306", f"{drug} is not given {route}; the formulary allows {shown}", at)
