"""PF215: an intrathecal dose on a day with a vinca alkaloid, which kills when it is mistaken."""

from collections.abc import Iterator
from datetime import date

from protoplan.model.plan import Administration, Finding
from protoplan.planning.scene import Scene
from protoplan.problems import Severity


def look(scene: Scene) -> Iterator[Finding]:
    """Intrathecal doses that fall, or may be moved, onto a day with a vinca alkaloid."""
    vinca: dict[date, list[Administration]] = {}
    for a in scene.doses_in("vinca"):
        vinca.setdefault(a.date, []).append(a)
    found: dict[str, dict[str, list[str]]] = {
        "stand on": {},
        "may be moved by their windows onto": {},
    }
    for a in scene.doses_by(lambda drug, route: route == "IT"):
        first, last = a.window or (a.date, a.date)
        days = [on for on in vinca if first <= on <= last]
        if days:
            how = "stand on" if a.date in days else "may be moved by their windows onto"
            ids = found[how].setdefault(f"cycle {a.cycle} day {a.day}", [a.id])
            ids.extend(row.id for on in days for row in vinca[on])
    for how, doses in found.items():
        if doses:
            every = tuple(dict.fromkeys(name for row in doses.values() for name in row))
            yield Finding(
                "PF215",
                Severity.WARNING,
                f"intrathecal doses {how} days with a vinca alkaloid, which kills when it is "
                f"given intrathecally ({'; '.join(doses)}); keep them on different days",
                every,
                "UK guidance HSC 2008/001: separate in time and place",
            )
