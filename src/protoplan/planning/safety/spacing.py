"""PF230: two doses lie nearer to each other than their label or their paper allows."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from protoplan.model.component import spelled
from protoplan.model.plan import Administration, Finding
from protoplan.model.safety import Spacing
from protoplan.planning.scene import Scene

HOURS_A_DAY = 24

#: So many pairs are named; all doses stand in the finding.
SHOWN = 3

Pair = tuple[Administration, Administration]


def look(scene: Scene) -> Iterator[Finding]:
    """Each distance that the formulary or the protocol asks for, between the doses of the plan."""
    drugs = dict.fromkeys(drug for drug, _ in scene.of_kind)
    asked = [entry for name in drugs for entry in scene.drugs[name].spacing]
    for entry in (*asked, *scene.protocol.spacing):
        pairs = list(_near(entry, scene))
        if not pairs:
            continue
        where = "; ".join(f"{_when(a)} and {_when(b)}" for a, b in pairs[:SHOWN])
        more = f"; and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
        ids = tuple(dict.fromkeys(row.id for pair in pairs for row in pair))
        said = entry.says or _says(entry)
        source = entry.grounds.of("at_least")
        yield Finding("PF230", entry.otherwise, f"{said}: {where}{more}", ids, source)


def broken_by(row: Administration, scene: Scene) -> Iterator[str]:
    """The least distances that one dose of the plan breaks, in words."""
    drugs = dict.fromkeys(drug for drug, _ in scene.of_kind)
    asked = [entry for name in drugs for entry in scene.drugs[name].spacing]
    for entry in (*asked, *scene.protocol.spacing):
        kind = row.order.drug, row.order.route
        if not any(_is(name, kind, scene) for name in (entry.drug, entry.other)):
            continue
        for pair in _near(entry, scene):
            if row.id in (pair[0].id, pair[1].id):
                other = pair[1] if pair[0].id == row.id else pair[0]
                yield f"{entry.says or _says(entry)} ({_when(other)})"
                break


def _near(entry: Spacing, scene: Scene) -> Iterator[Pair]:
    ours = _of(entry.drug, scene)
    if entry.other == "itself":
        yield from ((a, b) for a, b in pairwise(ours) if _hours(a, b, entry) < entry.hours)
        return
    seen: set[frozenset[str]] = set()
    theirs = _of(entry.other, scene)
    for a in ours:
        for b in theirs:
            # Doses at one time lie too near either way.
            if (entry.way == "before" and b.start < a.start) or (
                entry.way == "after" and a.start < b.start
            ):
                continue
            pair = frozenset((a.id, b.id))
            first, second = (b, a) if b.start < a.start else (a, b)
            if len(pair) == 2 and pair not in seen and _hours(first, second, entry) < entry.hours:
                seen.add(pair)
                yield first, second


def _hours(first: Administration, second: Administration, entry: Spacing) -> int:
    """Whole hours from one dose to the next; by dates where the source counts in days."""
    if entry.by_date:
        return (second.date - first.date).days * HOURS_A_DAY
    ended = first.end if first.order.rate is not None and first.end else first.start
    return int((second.start - ended) / timedelta(hours=1))


def _of(name: str, scene: Scene) -> Sequence[Administration]:
    """The doses of a drug, of a drug by a route, or of every drug of a class, in order of time.

    A class stands for its drugs in the whole body: what labels ask of cytotoxic chemotherapy they
    do not ask of an intrathecal dose.
    """
    return scene.doses_by(lambda *kind: _is(name, kind, scene))


def _is(name: str, kind: tuple[str, str], scene: Scene) -> bool:
    drug, route = kind
    member = route != "IT" and name in scene.classes_of(drug)
    return member or name in (drug, f"{drug} {route}")


def _when(row: Administration) -> str:
    return f"{spelled(f'{row.order.drug} {row.order.route}')} cycle {row.cycle} day {row.day}"


def _says(entry: Spacing) -> str:
    count = entry.hours // HOURS_A_DAY if entry.by_date else entry.hours
    length = f"{count} {'day' if entry.by_date else 'hour'}{'' if count == 1 else 's'}"
    if entry.other == "itself":
        return f"doses of {entry.drug} lie less than {length} apart"
    ways = {"from": "of", "before": "before", "after": "after"}
    return f"{entry.drug} lies within {length} {ways[entry.way]} {entry.other}"
