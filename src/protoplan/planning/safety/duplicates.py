"""PF227: one drug by one route twice at one time, or two of its infusions that overlap."""

from collections.abc import Iterator
from itertools import pairwise

from protoplan.model.plan import Finding
from protoplan.planning.scene import Scene
from protoplan.planning.shares import in_order
from protoplan.problems import Severity


def look(scene: Scene) -> Iterator[Finding]:
    """Two doses of a drug by a route that begin at the same time."""
    for kind, shares in scene.of_kind.items():
        rows = in_order(shares)
        twice = {one.start for one, other in pairwise(rows) if one.start == other.start}
        if twice:
            ids = tuple(row.id for row in rows if row.start in twice)
            name = " ".join(kind)
            message = f"{name} is planned twice at one time; is one of the two a duplicate?"
            yield Finding("PF227", Severity.WARNING, message, ids)
    yield from _at_once(scene)


def _at_once(scene: Scene) -> Iterator[Finding]:
    """Two infusions of one drug that run at the same time: their rates add up."""
    for shares in scene.of_kind.values():
        infusions = in_order([share for share in shares if share.order.rate is not None])
        rows = [row for row in infusions if row.end is not None]
        for one, other in pairwise(sorted(rows, key=lambda row: row.start)):
            if one.end is not None and other.start < one.end and one.status != "given":
                message = (
                    f"two infusions of {one.order.drug} run at once from "
                    f"{other.start:%Y-%m-%d %H:%M}; that of cycle {one.cycle} ends on "
                    f"{one.end:%Y-%m-%d %H:%M}"
                )
                yield Finding("PF227", Severity.STOP, message, (one.id, other.id))
