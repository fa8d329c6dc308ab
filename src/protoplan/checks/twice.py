"""PP310: something stands twice, so that it would be given twice or counted once.

Good: one component of vincristine with `days: [1, 8]`.
Bad: the same sig written twice, which would plan two doses on each of its days.
"""

from collections.abc import Iterator

from protoplan.checks.scene import ProtocolScene
from protoplan.problems import Problem
from protoplan.source import Place


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """No sig of a drug by a route is written twice, and no component stands in two totals."""
    seen: dict[object, Place] = {}
    for component in scene.protocol.components:
        for sig in component.sigs:
            where = sig.where or component.where
            days = getattr(sig.days, "runs", None) or str(sig.days)
            key = (component.name, where and where.names, where and where.only, component.when,
                   sig.when, str(sig.dose or sig.rate), days, str(sig.begins or ""))  # fmt: skip
            if key in seen:
                first = f"first in line {seen[key].line}"
                message = f"{component.name} stands twice with the same dose and days; {first}"
                yield Problem("PP310", message, sig.at)
            seen.setdefault(key, sig.at)
    totals: set[str] = set()
    for total in scene.protocol.totals:
        for name in total.of:
            if name in totals:
                yield Problem("PP310", f"{name} stands in two totals", total.at)
            totals.add(name)
