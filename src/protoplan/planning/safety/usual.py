"""PF228: a printed dose that lies outside those that the sources of the formulary give."""

from collections.abc import Iterator

from protoplan.model.order import Order
from protoplan.model.plan import Finding
from protoplan.model.safety import Usual
from protoplan.planning.scene import Scene
from protoplan.planning.shares import by_cause
from protoplan.problems import Severity
from protoplan.quantity import Quantity, compared


def look(scene: Scene) -> Iterator[Finding]:
    """Doses below the smallest or above the largest that a source prints for the route."""

    def outside(order: Order) -> Iterator[tuple[str, Quantity, Usual]]:
        for usual in scene.drugs[order.drug].usual:
            if order.basis is not None and _outside(order.basis, order.route, usual):
                yield order.drug, order.basis, usual

    standing = [share for share in scene.shares if share.stands]
    for (drug, basis, usual), ids in by_cause(standing, outside).items():
        yield Finding(
            "PF228",
            Severity.WARNING,
            f"{drug} {basis.text()} lies outside {usual.low.text()} to {usual.high.text()}, the "
            "doses that are usual for it",
            tuple(ids),
            usual.grounds.of("to"),
        )


def _outside(basis: Quantity, route: str, usual: Usual) -> bool:
    if route not in (usual.routes or (route,)) or basis.dimension != usual.low.dimension:
        return False
    return compared(basis, usual.low) < 0 or compared(basis, usual.high) > 0
