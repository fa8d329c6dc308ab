"""The medicines that act beside a dose: those the patient takes, and the plan's own drugs."""

from collections.abc import Mapping, Sequence
from datetime import date

from protoplan.model.formulary import Drug
from protoplan.model.plan import NOT_GIVEN
from protoplan.model.treatment import Medicine
from protoplan.planning.known import Own, Taken
from protoplan.planning.schedule import Slot


def taken(stated: Sequence[Medicine] | None, known: Mapping[str, Drug]) -> tuple[Taken, ...] | None:
    """The stated medicines with their classes; None where nothing is stated.

    Args:
        stated: Of the treatment.
        known: The formulary's entry for each of them that it knows, as written.
    """
    if stated is None:
        return None
    return tuple(_taken(entry, known.get(entry.drug)) for entry in stated)


def _taken(entry: Medicine, drug: Drug | None) -> Taken:
    own = None if drug is None else frozenset(name for name, _ in drug.classes)
    classes = own if entry.classes is None else frozenset(entry.classes) | (own or frozenset())
    ids = {entry.drug} if drug is None else {entry.drug, drug.id, *drug.aliases}
    return Taken(entry.drug, frozenset(ids), classes, entry.start, entry.end)


def own(rows: Sequence[Slot], drugs: Mapping[str, Drug]) -> Own:
    """The plan's own drugs as medicines, one for each run of days on which one is given.

    Doses of which it is not known whether they are given make runs of their own.
    """
    alike: dict[int, tuple[Slot, set[int]]] = {}
    for slot in rows:
        spot, _, _, _, start, end, _, _, fate, _, _, _ = slot
        if fate is not None and fate.status in NOT_GIVEN:
            continue
        found = alike.get(spot.alike)
        if found is None:
            found = alike[spot.alike] = (slot, set())
        begun = start.toordinal()
        found[1].add(begun)
        if spot.sig.rate is not None and end:
            found[1].update(range(begun + 1, end.toordinal() + 1))
    days: dict[tuple[str, tuple[str, ...]], set[int]] = {}
    for slot, dates in alike.values():
        days.setdefault((slot.component.drug, slot.spot.verdict.needs), set()).update(dates)
    runs = []
    for (name, needs), dates in days.items():
        drug = drugs[name]
        ids = frozenset({name, *drug.aliases})
        classes = frozenset(label for label, _ in drug.classes)
        runs += [
            Taken(drug.name, ids, classes, first, last, needs)
            for first, last in _runs(sorted(dates))
        ]
    return Own(tuple(runs))


def _runs(days: Sequence[int]) -> list[tuple[date, date]]:
    """First and last date of each run of days without a gap; the days as ordinals, in order."""
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and day == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return [(date.fromordinal(first), date.fromordinal(last)) for first, last in runs]
