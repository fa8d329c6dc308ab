"""PF229: what must be given beside a dose is neither planned nor stated as ordered elsewhere."""

from collections.abc import Iterator

from protoplan.model.plan import Administration, Finding
from protoplan.model.safety import Companion
from protoplan.planning.conditions import ask
from protoplan.planning.course import chosen_cycles
from protoplan.planning.dosing import inside
from protoplan.planning.scene import Scene


def look(scene: Scene) -> Iterator[Finding]:
    """Doses that want a companion, in cycles that have none."""
    for drug, entry in scene.drugs.items():
        for companion in entry.companions:
            rows = [row for row in scene.doses_of(drug) if _wants(row, companion)]
            beside = _cycles_with(companion.drug, scene)
            lacking = [row for row in rows if row.cycle not in beside]
            verdict = ask(companion.unless, scene.state, scene.treatment.start)
            if not lacking or (companion.unless is not None and verdict.answer is True):
                continue
            cycles = ", ".join(dict.fromkeys(row.cycle for row in lacking))
            stated = f"; not stated: {', '.join(verdict.needs)}" if verdict.needs else ""
            yield Finding(
                "PF229",
                companion.otherwise,
                f"{companion.says} (cycles {cycles}){stated}",
                tuple(row.id for row in lacking),
                companion.grounds.of("for_doses"),
            )


def _wants(row: Administration, companion: Companion) -> bool:
    if row.order.route not in (companion.routes or (row.order.route,)):
        return False
    bounds, basis = companion.for_doses, row.order.basis
    if bounds is None or basis is None:
        return bounds is None
    days = (row.end.date() - row.date).days if row.order.rate is not None and row.end else 1
    return inside(basis, days, bounds)


def _cycles_with(drug: str | None, scene: Scene) -> frozenset[str]:
    """The cycles in which a drug is planned, as doses or as an open-ended item that gives it."""
    if drug is None:
        return frozenset()
    found = {row.cycle for row in scene.doses_of(drug)}
    for item in scene.protocol.open_items:
        gives = any(gift.drug == drug for gift in item.gives)
        if gives and ask(item.when, scene.state, scene.treatment.start).answer:
            cycles = scene.course.cycles
            here = chosen_cycles(item.where, cycles) if item.where else cycles
            found |= {cycle.label for cycle in here}
    return frozenset(found)
