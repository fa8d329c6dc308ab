"""Doses of one day as lines: when, what, how much, by which route, on what basis, what of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from protoplan.model.component import ROUTES
from protoplan.model.plan import Administration
from protoplan.rendering.words import dated, lines

#: Statuses as a ward reads them; a dose that is planned needs no word.
STATUS = {
    "planned": "",
    "given": "GIVEN",
    "missed": "MISSED",
    "held": "HELD",
    "omitted": "LEFT OUT",
    "cancelled": "CANCELLED",
    "unresolved": "UNRESOLVED",
}


def dose_lines(
    rows: Sequence[Administration],
    unrecorded: Collection[str] = (),
    begun: Collection[str] = (),
) -> list[str]:
    """One entry a dose; equal doses of one drug at several times of the day share theirs.

    Args:
        rows: Of one day, in the order of time.
        unrecorded: The ids of those whose day is past and of which nothing is recorded.
        begun: The ids of those of which only the beginning is recorded.
    """
    marks = dict.fromkeys(begun, "BEGUN") | dict.fromkeys(unrecorded, "NOT RECORDED")
    return [text for group in _alike(rows, marks) for text in _entry(group, marks)]


def named(rows: Sequence[Administration]) -> str:
    """The drugs by name, each once; the intrathecal route is always said."""
    return ", ".join(dict.fromkeys(name_of(row) for row in rows))


def name_of(row: Administration) -> str:
    """A drug as it is printed, with the route where it is intrathecal."""
    order = row.order
    return f"{order.name} {ROUTES['IT']}" if order.route == "IT" else order.name


def _alike(
    rows: Sequence[Administration], marks: Mapping[str, str]
) -> Iterator[list[Administration]]:
    groups: dict[tuple[object, ...], list[Administration]] = {}
    for row in rows:
        # An infusion has an end of its own.
        key = (id(row.order), marks.get(row.id), "" if row.end is None else row.id)
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def _entry(rows: Sequence[Administration], marks: Mapping[str, str]) -> list[str]:
    first = rows[0]
    times = [row.start.strftime("%H:%M") for row in rows]
    clock = ", ".join(times) if len(times) <= 2 else f"{len(times)} × daily"
    words = "; ".join(_words(first, times, marks))
    start = f"    {clock:<14}{first.order.name:<23} {_dose(first, times):<14} "
    return lines(words, first=f"{start}{ROUTES[first.order.route]:<12}  ")


def _dose(row: Administration, times: Sequence[str]) -> str:
    if row.given is not None:
        return row.given.amount.text() + (" each" if len(times) > 1 else "")
    if row.order.ordered is None:
        return STATUS[row.status] or "UNRESOLVED"
    if row.order.rate is not None:
        return row.order.rate.text()
    return row.order.ordered.text() + (" each" if len(times) > 1 else "")


def _words(row: Administration, times: Sequence[str], marks: Mapping[str, str]) -> Iterator[str]:
    order = row.order
    if row.id in marks:
        yield marks[row.id]
    if row.given is not None:
        yield STATUS["given"]
        if row.given.ordered is not None and row.given.ordered != row.given.amount:
            yield f"ordered {row.given.ordered.text()}"
    if order.needs:
        yield f"needs {', '.join(order.needs)}"
    if order.because:
        yield order.because
    if order.basis is not None:
        step = next(step for step in order.working if step.step == "calculated")
        yield step.why if order.rate else step.why.partition(" = ")[0]
    if row.given is None:
        yield from (change.reason for change in order.adjustments)
        if order.made_of:
            yield " + ".join(map(str, order.made_of))
    if len(times) > 2:
        yield f"at {', '.join(times)}"
    if row.end is not None:
        began = f"from {dated(row.date)} {row.start.strftime('%H:%M')} " if order.rate else ""
        yield f"{began}to {dated(row.end.date())} {row.end.strftime('%H:%M')}"
    if row.window is not None and row.status not in ("given", "missed", "cancelled"):
        yield f"window {dated(row.window[0])} to {dated(row.window[1])}"
