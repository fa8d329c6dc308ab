"""Relative dose intensity as text: over which cycles, in what time, drug by drug, overall."""

from fractions import Fraction

from protoplan.model.component import ROUTES
from protoplan.model.intensity import DrugIntensity, Intensity
from protoplan.quantity import decimal_of, printed
from protoplan.rendering.words import counted, dated, lines, percent, table, titled

_HEAD = ("drug", "route", "printed", "given", "mean", "intensity")


def section(found: Intensity) -> list[str]:
    """The section of a status that says how much was given, and in what time."""
    out = titled("Relative dose intensity, over complete cycles")
    if found.first is None or found.end is None:
        return [*out, f"  none yet: {found.why}"]
    overall = f"not known: {found.why}" if found.value is None else f"{percent(found.value)}%"
    out += lines(overall, first="  overall       ")
    many = "cycles" if len(found.cycles) > 1 else "cycle"
    took = f"{counted(found.actual_days, 'day')} taken, {dated(found.first)} until "
    took += f"{dated(found.end)}; {counted(found.planned_days, 'day')} planned"
    out += lines(f"{many} {', '.join(found.cycles)}: {took}", first="  time          ")
    for label, days in found.late:
        side = "later" if days > 0 else "earlier"
        text = f"cycle {label} began {counted(abs(days), 'day')} {side} than due"
        out += lines(text, first=" " * 16)
    if found.unrecorded_starts:
        labels = ", ".join(found.unrecorded_starts)
        text = f"by the plan, where no start is recorded: cycle {labels}"
        out += lines(text, first=" " * 16)
    return [*out, *table([_row(entry) for entry in found.drugs], _HEAD)]


def _row(entry: DrugIntensity) -> tuple[str, ...]:
    unit = f"\N{NO-BREAK SPACE}{entry.unit.replace('m2', 'm²')}"
    value = f"not known: {entry.why}" if entry.value is None else f"{percent(entry.value)}%"
    return (
        entry.name,
        ROUTES[entry.route],
        _amount(entry.planned, unit),
        _amount(entry.delivered),
        "yes" if entry.counts else "no",
        value,
    )


def _amount(value: Fraction | None, unit: str = "") -> str:
    return "not known" if value is None else f"{printed(decimal_of(value))}{unit}"
