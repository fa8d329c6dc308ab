"""The medicines that act beside a dose: those the patient takes, and the plan's own drugs."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from protoplan.model.formulary import Drug
from protoplan.model.plan import NOT_GIVEN
from protoplan.model.treatment import Medicine
from protoplan.planning.known import Taken
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


def own(rows: Sequence[Slot], drugs: Mapping[str, Drug]) -> tuple[Taken, ...]:
    """The plan's own drugs as medicines, one for each run of days on which one is given.

    Doses of which it is not known whether they are given make runs of their own.
    """
    days: dict[tuple[str, tuple[str, ...]], set[date]] = {}
    for slot in rows:
        if slot.fate is not None and slot.fate.status in NOT_GIVEN:
            continue
        begun = slot.start.date()
        dates = days.setdefault((slot.component.drug, slot.verdict.needs), set())
        dates.add(begun)
        if slot.sig.rate is not None and slot.end:
            span = (slot.end.date() - begun).days
            dates.update(begun + timedelta(n) for n in range(1, span + 1))
    found = []
    for (name, needs), dates in days.items():
        drug = drugs[name]
        classes = frozenset(label for label, _ in drug.classes)
        found += [
            Taken(drug.name, frozenset({name, *drug.aliases}), classes, first, last, needs)
            for first, last in _runs(sorted(dates))
        ]
    return tuple(found)


def _runs(dates: Sequence[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    first = last = None
    for on in dates:
        if first is None or last is None:
            first = on
        elif on.toordinal() != last.toordinal() + 1:
            runs.append((first, last))
            first = on
        last = on
    if first is not None and last is not None:
        runs.append((first, last))
    return runs
