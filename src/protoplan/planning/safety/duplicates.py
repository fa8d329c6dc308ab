"""PF227: one drug by one route twice at one time, or two of its infusions that overlap."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

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
    yield from _at_once(scene)


def _at_once(scene: Scene) -> Iterator[Finding]:
    """Two infusions of one drug that run at the same time: their rates add up."""
    running: dict[tuple[str, str], list[Administration]] = {}
    for row in scene.given:
        if row.order.rate is not None and row.end is not None:
            running.setdefault((row.order.drug, row.order.route), []).append(row)
    for rows in running.values():
        for one, other in pairwise(sorted(rows, key=lambda row: row.start)):
            if one.end is not None and other.start < one.end and one.status != "given":
                message = (
                    f"two infusions of {one.order.drug} run at once from "
                    f"{other.start:%Y-%m-%d %H:%M}; that of cycle {one.cycle} ends on "
                    f"{one.end:%Y-%m-%d %H:%M}"
                )
                yield Finding("PF227", Severity.STOP, message, (one.id, other.id))
