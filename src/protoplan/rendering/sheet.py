"""The one page model of printed calendars: from a plan to texts on pages, by pure functions."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import attrs

from protoplan.model.plan import Measure, Plan, PlannedCycle
from protoplan.problems import Severity
from protoplan.quantity import NBSP, printed
from protoplan.rendering import plan_json
from protoplan.rendering.cycle_days import holds
from protoplan.rendering.runs import runs
from protoplan.rendering.sheet_back import concerns, looks, open_ended, sections, workings
from protoplan.rendering.sheet_clean import cleaned
from protoplan.rendering.sheet_entries import (
    Desk,
    bars,
    checklist,
    entry,
    instruction,
    is_bar,
    last_day,
    running,
)
from protoplan.rendering.sheet_model import Bar, Day, Notice, Page, Section, Sheet, Week
from protoplan.rendering.texts import REVIEWED_BY, Words

AUDIENCES = ("pharmacist", "nurse", "patient")

#: What the renderings themselves have to say.
_LAID_OUT = ("page", "of", "long", "each day", "goes on", "open")
_SIGNED = ("prepared by (name, date)", "checked by (name, date)")


def blocked(plan: Plan, label: str | None) -> tuple[str, ...]:
    """Why a patient gets no page: stop findings and doses not decided in the range.

    Args:
        plan: The whole plan.
        label: Of the one cycle that is to be printed; None is the whole course.
    """
    labels = [cycle.label for cycle in plan.cycles if label in (None, cycle.label)]
    stops = [
        found.message
        for found in plan.findings
        if found.severity is Severity.STOP and concerns(found.administrations, labels)
    ]
    open_doses = [
        f"{lacks.about} is not decided: {'; '.join(lacks.wanted)}"
        for lacks in plan.unresolved
        if concerns(lacks.administrations, labels)
    ]
    return (*stops, *open_doses)


def make(
    plan: Plan,
    audience: str,
    *,
    label: str | None = None,
    language: str = "en",
    draft: bool = False,
) -> Sheet:
    """Everything that is printed, a page for each cycle.

    Args:
        plan: The whole plan.
        audience: ``pharmacist``, ``nurse`` or ``patient``.
        label: Of the one cycle that is to be printed; None is the whole course.
        language: Of a patient's page; the others are in English.
        draft: Mark every page.
    """
    words = Words(language, audience == "patient")
    desk = Desk(words, {})
    chosen = [cycle for cycle in plan.cycles if label in (None, cycle.label)]
    labels = [cycle.label for cycle in chosen]
    rows = [row for row in plan.administrations if row.cycle in labels]
    pages = tuple(_page(plan, cycle, desk) for cycle in chosen)
    staff = audience == "pharmacist"
    digest = hashlib.sha256(plan_json.render(plan).encode()).hexdigest()
    revised = f" ({plan.revision_date})" if plan.revision_date else ""
    return cleaned(Sheet(
        language=language,
        audience=audience,
        title=words("patient title") if words.plain else plan.title,
        identity=f"{plan.label} · {plan.treatment}",
        banners=tuple(_banners(plan, words, labels, draft=draft)),
        footer=f"{words('revision')} {plan.revision}{revised} · {words('plan')} {digest[:12]} · "
        f"{words('verify')}",
        words={key: words(key) for key in _LAID_OUT},
        signatures=() if words.plain else _SIGNED,
        pages=pages,
        sections=() if words.plain else (
            *sections(plan, labels, desk.legend, working=staff), _identified(plan, digest)),
        workings=workings(rows) if staff else (),
    ))  # fmt: skip


def _banners(plan: Plan, words: Words, labels: Sequence[str], *, draft: bool) -> Iterator[str]:
    if draft:
        yield words("draft")
    # A cycle in which nothing is open may be given to a patient; staff see the state of the whole.
    if any(not words.plain or concerns(u.administrations, labels) for u in plan.unresolved):
        yield words("incomplete")
    if words.plain and words.language not in REVIEWED_BY:
        yield words("unreviewed")


def _identified(plan: Plan, digest: str) -> Section:
    files = [(entry.kind, f"{entry.id} {entry.version}, sha256 {entry.sha256}")
             for entry in (plan.protocol, *plan.inputs) if entry.kind != "formulary"]  # fmt: skip
    return Section("What this was printed from", (("plan", f"sha256 {digest}"), *files))


# -- a cycle ---------------------------------------------------------------------------------------


def _page(plan: Plan, cycle: PlannedCycle, desk: Desk) -> Page:
    words = desk.words
    staff = not words.plain
    heading = _heading(plan, cycle, desk) if staff else _for_patient(plan, words)
    days = _Days(plan, cycle, desk)
    remark = ""
    if cycle.start is None:
        remark = words("no dates")
    elif days.empty:
        remark = words("nothing")
    return Page(
        title=_title(cycle, words),
        heading=heading,
        look=looks(plan, cycle.label) if staff else (),
        before=tuple(days.before()) if staff else (),
        weeks=tuple(days.weeks()) if staff else (),
        spans=() if staff else tuple(days.spans()),
        days=() if staff else tuple(days.treatment_days()),
        remark=remark,
        open_items=open_ended(plan.open_items, cycle.label) if staff else (),
        blanks=() if staff else _blanks(words),
    )


def _title(cycle: PlannedCycle, words: Words) -> str:
    if not words.plain:
        what = dict.fromkeys((cycle.kind, cycle.title or cycle.phase))
        return f"Cycle {cycle.label} · {' · '.join(what)}"
    if cycle.start is None or cycle.length_days is None:
        return f"{words('cycle')} {cycle.label}"
    last = cycle.start + timedelta(cycle.length_days - 1)
    return words("patient cycle", cycle=cycle.label, begin=words.day(cycle.start),
                 end=words.day(last))  # fmt: skip


def _heading(plan: Plan, cycle: PlannedCycle, desk: Desk) -> tuple[tuple[str, str], ...]:
    words = desk.words
    revision = f"revision {plan.revision}"
    if plan.revision_date:
        revision += f" of {plan.revision_date}"
    protocol = f"{plan.protocol.id} {plan.protocol.version}"
    rows = [
        ("treatment", f"{plan.label} · {plan.treatment} · {revision}"),
        (
            "protocol",
            f"{protocol} (sha256 {plan.protocol.sha256[:12]}), planned as of {plan.as_of}",
        ),
    ]
    if cycle.start is not None and cycle.length_days is not None:
        last = cycle.start + timedelta(cycle.length_days - 1)
        mark = desk.mark(cycle.assumptions)
        dates = f"{words.day(cycle.start)} to {words.day(last)}, {cycle.length_days} days{mark}"
        if cycle.between:
            dates += f" (the source allows {cycle.between[0]} to {cycle.between[1]})"
        rows.append(("dates", dates))
    measure = _measure(plan.measures, cycle.start)
    taken = f"{measure.height.text()}, {measure.weight.text()} on {measure.date}"
    area = f"body surface area {printed(measure.bsa)}{NBSP}m² ({measure.formula})"
    rows.append(("patient", f"{taken}; {area}"))
    return tuple(rows)


def _measure(measures: Sequence[Measure], on: date | None) -> Measure:
    """The measures a cycle is worked with: the last before it, or the first of all."""
    before = [taken for taken in measures if on is not None and taken.date <= on]
    return before[-1] if before else measures[0]


def _for_patient(plan: Plan, words: Words) -> tuple[tuple[str, str], ...]:
    said = (words("patient intro"), words("names"))
    return ((words("treatment"), plan.label), *(("", text) for text in said if text))


def _blanks(words: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (words(key), tuple(words(f"{key} lines").split("|"))) for key in ("to do", "to ask")
    )


class _Days:
    """The days of a cycle, with what falls on them."""

    def __init__(self, plan: Plan, cycle: PlannedCycle, desk: Desk) -> None:
        self._plan, self._cycle, self._desk = plan, cycle, desk
        here = [row for row in plan.administrations if row.cycle == cycle.label]
        groups = sorted(runs(here), key=lambda run: (run[0].start, -len(run)))
        # Bars first: so the numbers of the legend rise from the top of the page.
        long = [run for run in groups if is_bar(run)]
        self._long = [(run, entry(run, desk)) for run in long]
        self._short = [(run, entry(run, desk)) for run in groups if not is_bar(run)]
        self._notices = self._collected()

    @property
    def empty(self) -> bool:
        """Nothing is given, and nothing is to be done."""
        return not (self._long or self._short or self._notices)

    def _collected(self) -> dict[date, list[Notice]]:
        found: dict[date, list[Notice]] = {}
        words = self._desk.words
        for check in self._plan.checklist:
            if self._holds(check.date):
                found.setdefault(check.date, []).extend(checklist(check, words))
        for line in self._plan.instructions:
            if self._holds(line.date):
                found.setdefault(line.date, []).append(instruction(line, words))
        for run, _ in self._short:
            for on, notice in running(run, words):
                found.setdefault(on, []).append(notice)
        return found

    def _holds(self, on: date) -> bool:
        """Whether a date lies in the cycle; what lies before the course is of its first cycle."""
        return holds(self._plan, self._cycle, on)

    def weeks(self) -> Iterator[Week]:
        """Rows from the first day of a week to its last, until nothing is left."""
        start, length = self._cycle.start, self._cycle.length_days
        if start is None or length is None:
            return
        words = self._desk.words
        last = max([start + timedelta(length - 1), *self._notices,
                    *(last_day(run) for run, _ in (*self._long, *self._short))])  # fmt: skip
        begin = self._first_drawn(start)
        while begin <= last:
            end = begin + timedelta(6)
            days = tuple(self._day(begin + timedelta(n)) for n in range(7))
            parts = (bars(run, written, begin, end, words) for run, written in self._long)
            drawn = tuple(part for part in parts if part is not None)
            said = any(day.entries or day.notices for day in days) or drawn
            yield Week(self._range(begin, end), days, drawn,
                       "" if said else words("nothing this week"))  # fmt: skip
            begin += timedelta(7)

    def _first_drawn(self, start: date) -> date:
        """The first day of the week in which the cycle starts."""
        sunday = self._plan.week_starts == "Sunday"
        return start - timedelta((start.weekday() + sunday) % 7)

    def before(self) -> Iterator[Day]:
        """Days with something to do before the first week; a row of a week each would be waste."""
        start = self._cycle.start
        if start is not None:
            for on in sorted(on for on in self._notices if on < self._first_drawn(start)):
                yield self._day(on)

    def _range(self, begin: date, end: date) -> str:
        days = (begin + timedelta(n) for n in range((end - begin).days + 1))
        inside = [on for on in days if self._holds(on)]
        numbers = dict.fromkeys(self._number(on) for on in inside[:1] + inside[-1:])
        return f"cycle {self._cycle.label}{', ' if numbers else ''}{' to '.join(numbers)}"

    def _day(self, on: date) -> Day:
        words = self._desk.words
        holidays = [Notice("holiday", name) for day, name in self._plan.holidays if day == on]
        inside = self._holds(on)
        return Day(
            date=words.day(on),
            number=self._number(on) if inside else self._elsewhere(on),
            weekend=on.weekday() >= 5,
            inside=inside,
            notices=(*holidays, *self._notices.get(on, ())),
            entries=tuple(written for run, written in self._short if run[0].date == on),
        )

    def _number(self, on: date) -> str:
        assert self._cycle.start is not None
        number = (on - self._cycle.start).days + 1
        if number <= 0 and self._desk.words.plain:
            return self._desk.words("before")
        return f"{self._desk.words('day')} {number if number > 0 else f'−{1 - number}'}"

    def _elsewhere(self, on: date) -> str:
        """Where to look for a day that is not of this cycle: an empty day must not seem free."""
        for cycle in self._plan.cycles:
            if holds(self._plan, cycle, on) and cycle.start is not None and cycle.start <= on:
                return self._desk.words("other cycle", cycle=cycle.label)
        return self._desk.words("outside")

    def spans(self) -> Iterator[Bar]:
        """Courses of many days, whole."""
        for run, written in self._long:
            part = bars(run, written, run[0].date, last_day(run), self._desk.words)
            assert part is not None
            yield attrs.evolve(part, last=0)

    def treatment_days(self) -> Iterator[Day]:
        """The days on which something is given or to be done."""
        dates = {run[0].date for run, _ in self._short} | set(self._notices)
        for on in sorted(dates):
            yield self._day(on)
