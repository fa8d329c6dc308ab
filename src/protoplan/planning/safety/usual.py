"""PF228: a printed dose that lies outside those that the sources of the formulary give."""

from collections.abc import Iterator

from protoplan.model.plan import Finding
from protoplan.model.safety import Usual
from protoplan.planning.scene import Scene
from protoplan.problems import Severity
from protoplan.quantity import Quantity, compared


def look(scene: Scene) -> Iterator[Finding]:
    """Doses below the smallest or above the largest that a source prints for the route."""
    found: dict[tuple[str, Quantity, Usual], list[str]] = {}
    for row in scene.given:
        order = row.order
        for usual in scene.drugs[order.drug].usual:
            if order.basis is not None and _outside(order.basis, order.route, usual):
                found.setdefault((order.drug, order.basis, usual), []).append(row.id)
    for (drug, basis, usual), ids in found.items():
        yield Finding(
            "PF228",
            Severity.WARNING,
            f"{drug} {basis.text()} lies outside {usual.low.text()} to {usual.high.text()}, the "
            "doses that its sources print",
            tuple(ids),
            usual.grounds.of("to"),
        )


def _outside(basis: Quantity, route: str, usual: Usual) -> bool:
    if route not in (usual.routes or (route,)) or basis.dimension != usual.low.dimension:
        return False
    return compared(basis, usual.low) < 0 or compared(basis, usual.high) > 0
