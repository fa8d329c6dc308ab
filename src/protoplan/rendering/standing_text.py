"""Where a patient stands, as text in 100 columns: what is due first, then what follows from it."""

from collections.abc import Sequence
from fractions import Fraction

from protoplan.model.component import ROUTES, spelled
from protoplan.model.standing import ExposureSoFar, NextCycle, PastDoses, Position, Standing
from protoplan.problems import Severity
from protoplan.quantity import decimal_of, printed
from protoplan.rendering import intensity_text
from protoplan.rendering.standing_doses import dose_lines, name_of
from protoplan.rendering.standing_headline import headline
from protoplan.rendering.words import NO_ORDER, counted, dated, lines, table, titled

#: Up to so many past doses of one drug are named by their days.
FEW = 3


def render(standing: Standing) -> str:
    """The whole status."""
    parts = [
        *headline(standing),
        *_heading(standing),
        *_today(standing),
        *_upcoming(standing),
        *_asked(standing),
        *_unresolved(standing),
        *_findings(standing),
        *_past(standing),
        *_exposure(standing),
        *intensity_text.section(standing.intensity),
    ]
    return "\n".join(parts).strip("\n") + "\n"


def _heading(standing: Standing) -> list[str]:
    protocol = standing.protocol
    said = f"{standing.treatment} ({standing.label}), revision {standing.revision}"
    out = ["", *lines(said, first="treatment     ")]
    out += lines(f"{protocol.id} {protocol.version}", first="protocol      ")
    planned = f"as of {dated(standing.as_of)}"
    if standing.on < standing.as_of:
        planned += f"; {dated(standing.on)} is past, and shown as the record has it now"
    out += lines(planned, first="planned       ")
    for text in _cycle(standing.position):
        out += lines(text, first="cycle         ")
    if standing.position.following is not None:
        out += lines(_following(standing.position.following), first="next cycle    ")
    if standing.response is not None:
        entry = standing.response
        mrd = f"residual disease {entry.mrd}" if entry.mrd else None
        text = ", ".join(part for part in (entry.remission, mrd) if part)
        out += lines(f"{text}, found on {dated(entry.date)}", first="response      ")
    if standing.transplant is not None:
        days = (standing.transplant.on - standing.on).days
        far = f"in {counted(days, 'day')}" if days > 0 else "today" if days == 0 else "past"
        text = f"planned for {dated(standing.transplant.on)}, {far}"
        out += lines(text, first="transplant    ")
    return [
        *out,
        "",
        NO_ORDER,
    ]


def _cycle(position: Position) -> list[str]:
    """How the cycle began, where there is more to say than its day."""
    if position.cycle is None:
        return []
    label = position.cycle
    said = [] if position.start_recorded else [f"the start of cycle {label} is NOT RECORDED"]
    if position.late:
        side = "later" if position.late > 0 else "earlier"
        because = f": {position.because}" if position.because else ""
        text = f"{label} began {counted(abs(position.late), 'day')} {side} than due{because}"
        said.append(text)
    return said


def _following(cycle: NextCycle) -> str:
    start = f"planned on {dated(cycle.start)}" if cycle.start else "without a date; see unresolved"
    text = f"{cycle.label}, {start}"
    if cycle.between and cycle.earliest and cycle.latest:
        fewest, most = cycle.between
        text += f"; not before {dated(cycle.earliest)} and not after {dated(cycle.latest)} "
        text += f"({fewest} to {most} days by the source): its blood counts decide. Ask for them; "
        text += "they are never assumed"
    return text


def _today(standing: Standing) -> list[str]:
    out = titled(f"On this day, {dated(standing.on)}")
    past = [
        row.id
        for row in standing.doses
        if row.overdue and row.status != "omitted" and standing.on < standing.as_of
    ]
    out += dose_lines(standing.doses, past, standing.begun) or ["    nothing is given"]
    if standing.running:
        out += ["", "  runs since an earlier day"]
        late = [row.id for group in standing.overdue for row in group.doses]
        out += dose_lines(standing.running, late, standing.begun)
    for row in standing.moved:
        out += lines(f"{name_of(row)} was due on this day and stands on {dated(row.date)}",
                     first="    moved         ")  # fmt: skip
    for line in standing.instructions:
        when = "this day" if line.date == standing.on else "next day"
        out += lines(f"{line.text}: {line.because}", first=f"    {when:<14}")
    return out


def _upcoming(standing: Standing) -> list[str]:
    if not standing.upcoming:
        return [*titled("Next"), "  nothing more is planned"]
    out: list[str] = []
    for n, day in enumerate(standing.upcoming):
        word = "Then, besides what goes on" if n else "Next"
        here = f"{dated(day.date)}, cycle {day.cycle} day {day.day}"
        out += titled(f"{word}: {here.replace('day -', 'day −')}")
        out += dose_lines(day.doses)
    return out


def _asked(standing: Standing) -> list[str]:
    if not standing.to_ask:
        return []
    out = titled("Ask for, before these doses")
    for line in standing.to_ask:
        start = f"  {dated(line.date)}  "
        if line.labs:
            would = f" ({'; '.join(line.would)})" if line.would else ""
            out += lines(f"{', '.join(line.labs)}{would}", first=start)
        if line.toxicities:
            out += lines(f"toxicities: {', '.join(line.toxicities)}", first=start)
    return out


def _past(standing: Standing) -> list[str]:
    out: list[str] = []
    if standing.overdue:
        out += titled("Not recorded: state each as given, held or missed")
        out += [text for group in standing.overdue for text in _group(group)]
    if standing.held:
        out += titled("Held: neither given nor given up since")
        out += [text for group in standing.held for text in _group(group)]
    return out


def _group(group: PastDoses) -> list[str]:
    name = f"{group.name} {ROUTES[group.route]}"
    days = list(dict.fromkeys(dated(row.date) for row in group.doses))
    when = ", ".join(days) if len(days) <= FEW else f"{days[0]} to {days[-1]}"
    why = dict.fromkeys(row.order.because for row in group.doses if row.order.because)
    text = "; ".join((f"{counted(len(group.doses), 'dose')}, {when}", *why))
    return lines(text, first=f"  {name:<36}  ")


def _findings(standing: Standing) -> list[str]:
    if not standing.findings:
        return []
    out = titled("To look at, from this day on")
    order = (Severity.STOP, Severity.WARNING)
    for finding in sorted(standing.findings, key=lambda found: order.index(found.severity)):
        source = f" ({finding.source})" if finding.source else ""
        text = f"{finding.message}{source} [{finding.code}]"
        out += lines(text, first=f"  {finding.severity.value:<8}")
    return out


def _unresolved(standing: Standing) -> list[str]:
    if not standing.unresolved:
        return []
    out = titled("Unresolved: no dose is given until this is known")
    for entry in standing.unresolved:
        count = len(entry.administrations)
        hangs = f" ({counted(count, 'dose')})" if count else ""
        out += lines(f"{_spelled(entry.about, standing)}{hangs}", first="  • ")
        out += [text for how in entry.wanted for text in lines(how, first="      ")]
    return out


def _spelled(about: str, standing: Standing) -> str:
    """What something is about: a drug as it is printed, its route spelled out, or other words."""
    names = {entry.drug: entry.name for entry in standing.exposure}
    drug, blank, rest = spelled(about).partition(" ")
    return f"{names.get(drug, drug)}{blank}{rest}"


def _exposure(standing: Standing) -> list[str]:
    if not standing.exposure:
        return []
    head = ("drug", "route", "given", "not recorded", "to come", "in all")
    rows = [_so_far(entry) for entry in standing.exposure]
    out = [*titled(f"How much, before and after {dated(standing.on)}"), *table(rows, head)]
    out += _earlier(standing.exposure)
    for count in standing.counts:
        of = " and ".join(_spelled(name, standing) for name in count.of)
        text = f"{of}: {counted(count.doses, 'dose')} in all: {count.given} given, "
        text += f"{count.not_recorded} not recorded, {count.to_come} to come, {count.open} open "
        out += lines(f"{text}({count.source})", first="  ", later="    ")
    return out


def _so_far(entry: ExposureSoFar) -> tuple[str, ...]:
    parts: Sequence[Fraction | None] = (entry.given, entry.not_recorded, entry.to_come)
    total = "unresolved" if entry.total is None else _amount(entry.total, entry.unit)
    return (entry.name, ROUTES[entry.route], *(_number(part) for part in parts), total)


def _earlier(entries: Sequence[ExposureSoFar]) -> list[str]:
    """What was given before this treatment, which the last column counts where it is known."""
    unknown = [f"{e.name} {ROUTES[e.route]}" for e in entries if e.earlier is None]
    out: list[str] = []
    if len(unknown) == len(entries):
        out += lines("earlier treatment is NOT STATED, and not counted", first="  ")
    elif unknown:
        text = f"earlier treatment is not known, and not counted, of {', '.join(unknown)}"
        out += lines(text, first="  ", later="    ")
    for entry in entries:
        if entry.earlier:
            text = f"{entry.name}: {_amount(entry.earlier, entry.unit)} of it in earlier treatment"
            out += lines(text, first="  ", later="    ")
    return out


def _amount(value: Fraction, unit: str) -> str:
    return f"{_number(value)}\N{NO-BREAK SPACE}{unit.replace('m2', 'm²')}"


def _number(value: Fraction | None) -> str:
    return "unresolved" if value is None else printed(decimal_of(value))
