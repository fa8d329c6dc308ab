"""PF227: one drug by one route from two places of the protocol at one time."""

from collections.abc import Iterator
from datetime import datetime

from protoplan.model.plan import Administration, Finding
from protoplan.planning.scene import Scene
from protoplan.problems import Severity


def look(scene: Scene) -> Iterator[Finding]:
    """Two doses of a drug by a route that begin at the same time."""
    rows: dict[tuple[str, str, datetime], list[Administration]] = {}
    for row in scene.given:
        rows.setdefault((row.order.drug, row.order.route, row.start), []).append(row)
    twice: dict[str, list[str]] = {}
    for (drug, route, _), group in rows.items():
        if len(group) > 1:
            twice.setdefault(f"{drug} {route}", []).extend(row.id for row in group)
    for name, ids in twice.items():
        message = f"{name} is planned twice at one time; is one of the two a duplicate?"
        yield Finding("PF227", Severity.WARNING, message, tuple(ids))
