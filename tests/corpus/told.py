"""Whether a difference names exactly what moved, judged on the two plans as JSON and nothing else."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

#: What a difference calls an amount of a dose, and where a plan as JSON has it.
AMOUNTS = {
    "dose": "ordered", "rate": "rate", "printed dose": "basis", "calculated dose": "calculated",
    "dose before rounding": "adjusted", "surface area": "bsa", "recorded amount": "given",
    "given": "given",
}  # fmt: skip
#: Keys of a plan that a difference tells in lines of its own.
LINES = (
    "findings", "instructions", "open_items", "checklist", "unresolved", "silences", "totals",
    "options", "facts", "medicines", "patient",
)  # fmt: skip

Row = dict[str, Any]


def untold(before: Row, after: Row, told: Row) -> Iterator[str]:
    """What differs and is not told, and what is told and does not differ.

    Args:
        before: The first plan as JSON.
        after: The second plan.
        told: What `protoplan diff --format json` says of the two.
    """
    sides = Sides(before, after, told)
    yield from sides.not_told()
    yield from sides.told_for_nothing()
    lines = any(told[key] for key in ("stated", "told", "carried", "remarks", "totals", "cycles"))
    for key in LINES:
        if before[key] != after[key] and not lines:
            yield f"{key} differ, and no line says so"
    for key in ("planned", "value", "ordered", "administrations", "earlier"):
        for name, row in _exposures(after).items():
            was = _exposures(before).get(name)
            if was is not None and was[key] != row[key] and name not in sides.totals:
                yield f"the total of {name} is another, and no line says so"


def _exposures(plan: Row) -> dict[str, Row]:
    return {f"{row['drug']} {row['route'] or ''}".strip(): row for row in plan["exposure"]}


class Sides:
    """Two plans and what is told of them."""

    def __init__(self, before: Row, after: Row, told: Row) -> None:
        self.told = told
        self.was = {row["id"]: row for row in before["administrations"]}
        self.now = {row["id"]: row for row in after["administrations"]}
        self.starts = tuple(
            {row["label"]: row["start"] for row in plan["cycles"]} for plan in (before, after)
        )
        self.moves = {label: row["days"] for row in told["moves"] for label in row["cycles"]}
        self.timed = _ids(told["timings"])
        self.dosed = _ids(told["doses"])
        self.stated = _ids(told["statuses"])
        self.new, self.gone = _ids(told["new"]), _ids(told["gone"])
        self.remarked = _ids(told["remarks"])
        self.cycles = {
            what: {n for row in told["cycles"] if row["what"] == what for n in row["cycles"]}
            for what in ("new", "gone")
        }
        self.totals = {f"{row['drug']} {row['route'] or ''}".strip() for row in told["totals"]}

    def not_told(self) -> Iterator[str]:
        """What differs without a line."""
        for name in self.was.keys() & self.now.keys():
            yield from self._of_a_dose(name, self.was[name], self.now[name])
        yield from self._of_other_doses()
        for label in self.starts[0].keys() & self.starts[1].keys():
            starts = [side[label] for side in self.starts]
            if None not in starts and starts[0] != starts[1] and label not in self.moves:
                yield f"cycle {label} begins on another day, and no line says so"

    def _of_a_dose(self, name: str, was: Row, now: Row) -> Iterator[str]:
        """A dose of both plans, by its id."""
        if self._moved(was, now) and name not in self.timed:
            yield f"{name} is given at another time, and no line says so"
        if was["status"] != now["status"] != "given" and name not in self.stated:
            yield f"{name} is {now['status']}, and no line says so"
        dose = any(was[key] != now[key] for key in set(AMOUNTS.values()) - {"given"})
        if dose and name not in self.dosed | self.stated:
            yield f"{name} has another dose, and no line says so"
        rest = {key for key in now if key not in TIMES and was[key] != now[key]}
        if rest and name not in self.timed | self.dosed | self.stated | self.remarked:
            yield f"{name} has other {', '.join(sorted(rest))}, and no line says so"

    def _of_other_doses(self) -> Iterator[str]:
        """Doses of one plan alone; one that moved within its cycle has another id."""
        moved: Counter[tuple[str, str, str]] = Counter()
        for name in self.now.keys() - self.was.keys() - self.new:
            row = self.now[name]
            if row["cycle"] in self.cycles["new"]:
                continue
            if name not in self.timed:
                yield f"{name} is new, and no line says so"
            moved[row["cycle"], row["drug"], row["route"]] += 1
        for name in self.was.keys() - self.now.keys() - self.gone:
            row = self.was[name]
            if row["cycle"] not in self.cycles["gone"]:
                moved[row["cycle"], row["drug"], row["route"]] -= 1
        for course, count in moved.items():
            if count:
                yield f"{course}: {count} doses more that are told as moved than have gone"

    def _moved(self, was: Row, now: Row) -> bool:
        """Whether a dose is given otherwise than moved with its cycle."""
        by = timedelta(self.moves.get(now["cycle"], 0))
        return _times(was, by) != _times(now, timedelta(0))

    def told_for_nothing(self) -> Iterator[str]:
        """Lines of which the two plans know nothing."""
        for label, days in self.moves.items():
            first, second = (date.fromisoformat(side[label]) for side in self.starts)
            if (second - first).days != days or days == 0:
                yield f"cycle {label} is said to move by {days} days"
        yield from (f"{name} is said to be new" for name in self.new - self.now.keys())
        yield from (f"{name} is said to be new" for name in self.new & self.was.keys())
        yield from (f"{name} is said to be gone" for name in self.gone - self.was.keys())
        yield from (f"{name} is said to be gone" for name in self.gone & self.now.keys())
        for name in self.timed & self.was.keys():
            if not self._moved(self.was[name], self.now[name]):
                yield f"{name} is said to be given at another time"
        for entry in self.told["statuses"]:
            for name in entry["administrations"]:
                was = self._was(name, "status", entry["before"])
                if was is None or self.now[name]["status"] != entry["after"]:
                    yield f"{name} is said to be {entry['after']}"
        for entry in self.told["doses"]:
            yield from self._wrong_dose(entry)

    def _wrong_dose(self, entry: Row) -> Iterator[str]:
        key = AMOUNTS[entry["what"]]
        if key == "given":
            return
        for name in entry["administrations"]:
            area = key == "bsa"
            before, after = (
                (end and end["value"]) if area else end for end in (entry["before"], entry["after"])
            )
            if (
                before == after
                or self.now[name][key] != after
                or self._was(name, key, before) is None
            ):
                yield f"{name} is said to have {after} for {before} as its {entry['what']}"

    def _was(self, name: str, key: str, value: Any) -> Row | None:
        """The dose as it was; where its id is new, one of its cycle that has that value."""
        found = self.was.get(name)
        if found is not None:
            return found if found[key] == value else None
        now = self.now[name]
        same = ("cycle", "drug", "route")
        rows = (r for r in self.was.values() if all(r[part] == now[part] for part in same))
        return next((row for row in rows if row[key] == value), None)


def _ids(rows: list[Row]) -> set[str]:
    return {name for row in rows for name in row["administrations"]}


#: What is said of a dose's time; each is looked at with the day by which its cycle moved.
TIMES = ("date", "start", "end", "window", "due", "overdue", "day")


def _times(row: Row, by: timedelta) -> tuple[object, ...]:
    window: Mapping[str, str] = row["window"] or {}
    days = [row["date"], window.get("earliest"), window.get("latest")]
    moments = [row["start"], row["end"]]
    return (
        *(day and (date.fromisoformat(day) + by) for day in days),
        *(moment and (datetime.fromisoformat(moment) + by) for moment in moments),
        row["day"],
    )
