"""The entries of a calendar: one a treatment day, or one a dose; plain records of any format."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

import attrs

from protoplan.model.component import ROUTES
from protoplan.model.plan import Administration, Plan
from protoplan.rendering.calendar_words import before, doses, infusions
from protoplan.rendering.releasing import in_range

#: Made once, at random; it keeps our identifiers apart from those of others.
_OURS = UUID("5d0c1e0a-6d2b-4a53-9a0e-0f6f3b1c7d24")

#: Statuses of doses that are given, or that are to be resolved before the day comes.
_MAKES_A_DAY = ("planned", "given", "unresolved")
#: Statuses that stand in a title, and how. What is left out altogether does not.
_MARKED = {"held": "HELD ", "missed": "MISSED ", "unresolved": "UNRESOLVED "}


#: Statuses of the record: what was planned once and is not given.
_FELL_AWAY = ("missed", "cancelled")

#: What the title of an entry begins with that no longer holds.
CANCELLED = "CANCELLED: "


@attrs.frozen
class Look:
    """How a calendar is wanted.

    Attributes:
        cycle: Only this cycle; None for the whole course.
        zone: The zone by whose clock doses are entered; None for whole days.
        private: Neutral titles, and no drug anywhere.
        detail: Doses and their working in the description.
        draft: Every title says DRAFT.
        revised: The date of the revision, which stands for the clock.
    """

    revision: int
    revised: date
    cycle: str | None = None
    zone: str | None = None
    private: bool = False
    detail: bool = False
    draft: bool = False


@attrs.frozen
class Entry:
    """One event.

    Attributes:
        group: An opaque identifier of the cycle, the same in every revision.
        start: A day; or a time by the clock of *zone*.
        end: The day after the last one; or when it ends; None where no duration is known.
        zone: None for days.
    """

    uid: str
    group: str
    title: str
    description: str
    start: date
    end: date | None
    zone: str | None
    cancelled: bool = False


def identifier(*parts: str) -> str:
    """The same for the same parts, now and in every later revision."""
    return str(uuid5(_OURS, "\n".join(parts)))


def entries(plan: Plan, look: Look) -> tuple[Entry, ...]:
    """The entries of a plan in order of time."""
    rows = in_range(plan, look.cycle)
    make = _days if look.zone is None else _doses
    return tuple(make(plan, rows, look))


def _days(plan: Plan, rows: Sequence[Administration], look: Look) -> Iterator[Entry]:
    """One entry a day of a cycle on which a dose is given or begins."""
    for here in _by(rows, lambda row: (row.cycle, row.day, row.date)):
        first = here[0]
        if not any(row.status in _MAKES_A_DAY for row in here):
            if any(row.status in _FELL_AWAY or _held_since(row, plan) for row in here):
                uid = identifier(plan.treatment, first.cycle, str(first.day), "day")
                yield _fallen(plan, here, look, uid)
            continue
        yield Entry(
            uid=identifier(plan.treatment, first.cycle, str(first.day), "day"),
            group=identifier(plan.treatment, first.cycle),
            title=_title(first, _names(here), look),
            description=_description(plan, here, look, of_day=True),
            start=first.date,
            end=first.date + timedelta(1),
            zone=None,
        )
    yield from _left(plan, rows, look)


def _doses(plan: Plan, rows: Sequence[Administration], look: Look) -> Iterator[Entry]:
    """One entry a dose; where no drug is named, one for all that begin and end together."""
    given = [row for row in rows if row.status in _MAKES_A_DAY]
    for row in rows:
        gone = row.status in _FELL_AWAY or _held_since(row, plan)
        if gone and not look.private:
            uid = _uid(plan, row)
            yield attrs.evolve(_fallen(plan, [row], look, uid), start=row.start, end=row.end,
                               zone=look.zone)  # fmt: skip
    seen: set[object] = set()
    days: set[tuple[str, date]] = set()
    for row in given:
        span = (row.cycle, row.start, row.end)
        if look.private and span in seen:
            continue
        seen.add(span)
        day = (row.cycle, row.date)
        yield Entry(
            uid=_uid(plan, row),
            group=identifier(plan.treatment, row.cycle),
            title=_title(row, _names([row]), look),
            description=_description(plan, [row], look, of_day=day not in days),
            start=row.start,
            end=row.end,
            zone=look.zone,
        )
        days.add(day)


def _held_since(row: Administration, plan: Plan) -> bool:
    """Held in a later revision: an earlier one may have put it into calendars."""
    return row.status == "held" and plan.revision > 0


def _uid(plan: Plan, row: Administration) -> str:
    """Of a dose: by the day that the protocol gives it, so that it stays when the dose moves."""
    return identifier(plan.treatment, row.cycle, str(row.printed_day), f"dose {row.id}")


def _left(plan: Plan, rows: Sequence[Administration], look: Look) -> Iterator[Entry]:
    """Days of the protocol from which every dose has moved to another."""
    there = {(row.cycle, row.day) for row in rows}
    gone: dict[tuple[str, int], list[Administration]] = {}
    for row in rows:
        if (row.cycle, row.printed_day) not in there:
            gone.setdefault((row.cycle, row.printed_day), []).append(row)
    for (cycle, day), moved in gone.items():
        uid = identifier(plan.treatment, cycle, str(day), "day")
        as_printed = [attrs.evolve(row, day=day, date=row.due) for row in moved]
        yield _fallen(plan, as_printed, look, uid)


def _fallen(plan: Plan, rows: Sequence[Administration], look: Look, uid: str) -> Entry:
    """A day, or a dose, that fell away by the record: calendars that have it take it out."""
    first = rows[0]
    draft = "DRAFT " if look.draft else ""
    names = ", ".join(dict.fromkeys(row.order.name for row in rows))
    because = dict.fromkeys(row.order.because or "" for row in rows if row.status in _FELL_AWAY)
    said = f"Revision {look.revision} of {look.revised}. This entry no longer holds."
    return Entry(
        uid=uid,
        group=identifier(plan.treatment, first.cycle),
        title=f"{draft}{CANCELLED}{_title(first, names, attrs.evolve(look, draft=False))}",
        description=said if look.private else "\n".join((said, *because)),
        start=first.date,
        end=first.date + timedelta(1),
        zone=None,
        cancelled=True,
    )


def _by(
    rows: Sequence[Administration], key: Callable[[Administration], tuple[str, int, date]]
) -> list[list[Administration]]:
    groups: dict[tuple[str, int, date], list[Administration]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return sorted(groups.values(), key=lambda group: (group[0].date, group[0].start))


def _title(row: Administration, names: str, look: Look) -> str:
    title = f"Treatment plan, day {row.day}"
    if not look.private:
        title = f"Cycle {row.cycle} day {row.day}: {names}"
    return f"DRAFT {title}" if look.draft else title


def _names(rows: Sequence[Administration]) -> str:
    """What is given, each drug once; a route that could be taken for another is spelled out."""
    routes: dict[str, set[str]] = {}
    for row in rows:
        routes.setdefault(row.order.name, set()).add(row.order.route)
    given: dict[str, None] = {}
    marked: dict[str, None] = {}
    for row in rows:
        name, route = row.order.name, row.order.route
        if route == "IT" or len(routes[name]) > 1:
            name += f" {ROUTES[route]}"
        if row.status in _MARKED:
            marked[_MARKED[row.status] + name] = None
        elif row.status in _MAKES_A_DAY:
            given[name] = None
    return "; ".join(part for part in (", ".join(given), ", ".join(marked)) if part)


def _description(plan: Plan, rows: Sequence[Administration], look: Look, *, of_day: bool) -> str:
    lines: list[str] = []
    if look.detail:
        lines += before(plan, rows[0]) if of_day else []
        lines += doses(rows)
    elif not look.private:
        lines += infusions(rows)
    replaced = f"Revision {look.revision} of {look.revised}. A later revision replaces it."
    lines.append(replaced)
    if not look.private:
        lines.append("A planning aid, not an order. A person checks every dose.")
    return "\n".join(" ".join(line.splitlines()) for line in lines)
