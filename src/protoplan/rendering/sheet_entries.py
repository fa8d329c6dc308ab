"""Entries, bars and notices of the printed calendar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import attrs

from protoplan.model.order import Order, Piece
from protoplan.model.plan import Administration, CheckLine, Instruction
from protoplan.quantity import NBSP
from protoplan.rendering.sheet_model import Bar, Entry, Notice
from protoplan.rendering.texts import Words


@attrs.frozen
class Desk:
    """What the entries of one sheet are written with.

    Attributes:
        legend: The number of each assumption, in the order in which they turn up.
    """

    words: Words
    legend: dict[str, int]

    def mark(self, assumptions: Sequence[str]) -> str:
        """A dagger and the numbers of what is assumed; a patient's page has none."""
        if self.words.plain or not assumptions:
            return ""
        numbers = [self.legend.setdefault(text, len(self.legend) + 1) for text in assumptions]
        return "†" + ",".join(map(str, numbers))


def is_bar(run: Sequence[Administration]) -> bool:
    """Whether a run is drawn across its days: a continuous infusion, a course of a week or more."""
    first = run[0]
    return run[-1].date != first.date or (_continuous(first) and first.end is not None)


def _continuous(row: Administration) -> bool:
    """Whether it is an infusion at a rate; one without a dose as yet is known by its length."""
    if row.amount is not None:
        return row.order.rate is not None
    return row.end is not None and row.end - row.start > timedelta(1)


def last_day(run: Sequence[Administration]) -> date:
    """The last day of a run; that on which an infusion ends is one of its days."""
    return max((row.end or row.start).date() for row in run)


def entry(run: Sequence[Administration], desk: Desk) -> Entry:
    """What is given, how much, by which route, and when."""
    first, words = run[0], desk.words
    order = first.order
    marked = [f"{order.drug} {order.route}, {text}" for text in order.assumptions]
    marked += [f"{order.drug} {order.route}, borrowed {text}" for text in order.borrowed]
    times = [row for row in run if row.date == first.date]
    return Entry(
        status=first.status,
        label="" if first.status == "planned" else words(first.status),
        when=_when(run, times, words),
        drug=order.name,
        mark=desk.mark(marked),
        dose=_dose(first, len(times), words),
        route=words.route(order.route),
        alert=order.route == "IT",
        lines=tuple(_lines(first, times, words)),
    )


def _dose(first: Administration, often: int, words: Words) -> str:
    amount, rate = first.amount, first.order.rate
    if amount is None:
        return words("no dose")
    shown = rate if rate is not None else amount
    text = words.amount(shown.text())
    return f"{text}{NBSP}{words('each')}" if often > 1 else text


def _when(run: Sequence[Administration], times: Sequence[Administration], words: Words) -> str:
    first = run[0]
    clock = ", ".join(row.start.strftime("%H:%M") for row in times)
    if _continuous(first) and first.end is not None:
        return words("all the time", begin=moment(first.start, words), end=moment(first.end, words))
    if run[-1].date != first.date:
        key = "once a day" if len(times) == 1 else "times a day"
        return words(key, n=len(times), times=clock)
    text = words("at", times=clock)
    if first.end is None:
        return text
    text += f", {duration(first.end - first.start)}"
    if first.end.date() != first.date and len(times) == 1:
        text += f" {words('until')} {moment(first.end, words)}"
    return text


def moment(when: datetime, words: Words) -> str:
    """A day and a time."""
    return f"{words.day(when.date())}{NBSP}{when.strftime('%H:%M')}"


def duration(length: timedelta) -> str:
    """Hours and minutes."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [f"{hours}{NBSP}h"] * bool(hours) + [f"{minutes}{NBSP}min"] * bool(minutes)
    return " ".join(parts)


def _lines(first: Administration, times: Sequence[Administration], words: Words) -> list[str]:
    order = first.order
    out = []
    if order.rate is not None and first.amount is not None:
        out.append(words("in all", dose=words.amount(first.amount.text())))
    given = first.given
    ordered = given.ordered if given is not None else None
    if ordered is not None and ordered != first.amount and not words.plain:
        out.append(f"ordered {ordered.text()}")
    pieces = [piece for piece in order.made_of if piece.form != "vial" or not words.plain]
    if pieces:
        shown = " + ".join(_piece(piece, words) for piece in pieces)
        out.append(words("each time", pieces=shown) if len(times) > 1 else shown)
    if not words.plain:
        out += _working(order)
    if first.window is not None:
        begin, end = map(words.day, first.window)
        out.append(words("moved", begin=begin, end=end))
    if first.overdue:
        out.append(words("not recorded"))
    return out


def _piece(piece: Piece, words: Words) -> str:
    form = piece.form if piece.count == 1 else f"{piece.form}s"
    if words.plain:
        form = words(form)
    text = words("pieces", count=piece.count, holds=piece.holds.text(), form=form)
    return text.replace(" × ", f"{NBSP}×{NBSP}")


def _working(order: Order) -> list[str]:
    """The basis and what changed the dose; of a dose that is not there, what it waits for."""
    if order.ordered is None:
        lacks = [f"needs {', '.join(order.needs)}"] if order.needs else []
        return lacks + ([order.because] if order.because else [])
    out = [order.because] if order.because else []
    steps = [step for step in order.working if step.step == "calculated"]
    if steps:
        out.append(steps[0].why if order.rate else steps[0].why.partition(" = ")[0])
    return out + [change.reason for change in order.adjustments]


def bars(
    run: Sequence[Administration], written: Entry, begin: date, end: date, words: Words
) -> Bar | None:
    """The part of a run that lies from *begin* to *end*; None where it has none.

    Args:
        run: Drawn across its days.
        written: Its entry.
        begin: The first day of a week, or of a cycle.
        end: The last one.
        words: Of the sheet.
    """
    starts, ends = run[0].date, last_day(run)
    first, last = max(starts, begin), min(ends, end)
    if first > last:
        return None
    shown = (
        words.day(first) if first == last else f"{words.day(first)} {words('to')} {words.day(last)}"
    )
    count = sum(first <= row.date <= last for row in run)
    if count and run[0].end is None:
        shown += f": {words('one dose') if count == 1 else f'{count}{NBSP}' + words('doses')}"
    if ends > last:
        shown += f" {words('and on')}"
    return Bar(
        (first - begin).days, (last - begin).days, shown, starts < first, ends > last, written
    )


def running(run: Sequence[Administration], words: Words) -> tuple[tuple[date, Notice], ...]:
    """Infusions that end on a later day are told of on that day too."""
    return tuple(
        (row.end.date(), Notice("runs", words("runs on", drug=row.order.name,
                                              time=row.end.strftime("%H:%M"))))
        for row in run
        if row.end is not None and row.end.date() > row.date
    )  # fmt: skip


def instruction(line: Instruction, words: Words) -> Notice:
    """A dated thing to do without a dose."""
    if not words.plain:
        return Notice("do", f"{line.text}: {line.because}")
    held = line.text.removeprefix("hold ")
    return Notice("do", line.text if held == line.text else words("do not take", what=held))


def checklist(line: CheckLine, words: Words) -> tuple[Notice, ...]:
    """What is to be asked for before the doses of a day; a patient is told of blood tests only."""
    if words.plain:
        return (Notice("check", words("blood test")),) if line.labs else ()
    asked = []
    if line.labs:
        asked.append(f"{', '.join(line.labs)} ({'; '.join(line.would)})")
    if line.toxicities:
        asked.append(f"ask for {', '.join(line.toxicities)}")
    return (Notice("check", f"before these doses: {'; '.join(asked)}"),)
