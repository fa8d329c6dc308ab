"""The plan of bags as text in 100 columns: what the site decides, then a table for each cycle."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from protoplan.model.bag_plan import Bag, BagPlan, BagPlans, Stretch
from protoplan.model.component import ROUTES
from protoplan.model.plan import Finding
from protoplan.quantity import NBSP, decimal_of, printed
from protoplan.rendering.words import NO_ORDER, WIDTH, counted, dated, lines, table, titled

_HEAD = ("no.", "from", "to", "lasts", "mL/h", "delivers", "dose per day", "of the drug")
#: Nobody is to weigh a dose by what is delivered.
_NOT_IN_IT = (
    "What is delivered runs out of a bag by the rate of the pump. What goes into it is another "
    "amount, which stands in the label's tables of preparation and not here."
)
_ORDER = ("stop", "warning", "note")


def render(found: BagPlans) -> str:
    """The whole plan of bags."""
    parts = [*_heading(found)]
    for plan in found.plans:
        parts += _plan(plan)
    return "\n".join(parts).strip("\n") + "\n"


def _heading(found: BagPlans) -> list[str]:
    names = dict.fromkeys(f"{plan.name}, {ROUTES[plan.route]}" for plan in found.plans)
    title = f"{'; '.join(names)}: bags of the continuous infusion"
    out = [title, "═" * min(len(title), WIDTH)]
    protocol = f"{found.protocol.id} {found.protocol.version}"
    treatment = f"{found.treatment} ({found.label}), revision {found.revision}"
    out += lines(protocol, first="protocol        ")
    out += lines(f"{treatment}, planned as of {found.as_of}", first="treatment       ")
    policy = f"policy {found.policy.id} {found.policy.version}"
    words = found.without.words
    text = ", ".join(words) if words else "no day is left out"
    out += lines(f"{text} ({_by('days', found, policy)})", first="no changes on   ")
    made = ", ".join(bag.text() for bag in found.lasting) or "all that the formulary knows"
    out += lines(f"{made} ({_by('lengths', found, policy)})", first="bags made       ")
    how = (
        "no bag runs past a change of rate; as few changes as there can be, and of series with "
        "as few the one with the shorter bags first"
    )
    out += lines(how, first="how chosen      ")
    out += ["", *lines(_NOT_IN_IT)]
    if found.stops:
        out += ["", "The plan itself must not be given as it stands:"]
        out += [text for finding in found.stops for text in _found(finding)]
    return [
        *out,
        "",
        NO_ORDER,
    ]


def _by(what: str, found: BagPlans, policy: str) -> str:
    return "stated on the command line" if what in found.flagged else policy


def _plan(plan: BagPlan) -> list[str]:
    first, last = plan.stretches[0].start, plan.stretches[-1].end
    out = titled(f"Cycle {plan.cycle} · {plan.name}")
    said = f"{_moment(first)} to {_moment(last)}, {_length(plan.stretches)}; "
    said += f"weight {plan.weight.text()}"
    if plan.bags:
        said += f"; {counted(len(plan.bags), 'bag')}, {counted(plan.changes or 0, 'change')}"
    out += lines(said)
    for finding in sorted(plan.findings, key=lambda found: _ORDER.index(found.severity.value)):
        out += _found(finding)
    for stretch in plan.stretches:
        if not stretch.bagged:
            out += lines(_past(stretch), first="  ", later="    ")
    if plan.lacks:
        out += ["  UNRESOLVED: no dose is given until this is known"]
        out += [text for how in plan.lacks for text in lines(how, first="      ")]
    if plan.bags:
        rows = [_row(number, bag) for number, bag in enumerate(plan.bags, 1)]
        out += ["", *table(rows, _HEAD, indent="")]
        out += _sums(plan)
    return out


def _found(finding: Finding) -> list[str]:
    source = f" ({finding.source})" if finding.source else ""
    text = f"{finding.message}{source} [{finding.code}]"
    return lines(text, first=f"  {finding.severity.value:<8}")


def _moment(when: datetime) -> str:
    return f"{dated(when.date())} {when:%H:%M}"


def _length(stretches: Sequence[Stretch]) -> str:
    """How long the infusion runs, its breaks left out."""
    running = sum((stretch.end - stretch.start for stretch in stretches), timedelta())
    hours = Fraction(int(running.total_seconds()), 3600)
    if hours % 24 == 0:
        return counted(int(hours / 24), "day").replace(" ", NBSP)
    return f"{printed(decimal_of(hours))}{NBSP}h"


def _past(stretch: Stretch) -> str:
    """A part of the infusion for which no bags are planned."""
    why = f": {stretch.because}" if stretch.because else ""
    return (
        f"{_moment(stretch.start)} to {_moment(stretch.end)}, {stretch.rate}, "
        f"{stretch.status.upper()}{why}; no bags are planned for it"
    )


def _row(number: int, bag: Bag) -> tuple[str, ...]:
    known = bag.amount is not None
    return (
        str(number),
        _moment(bag.start),
        _moment(bag.end),
        bag.kind.lasts.text(),
        printed(bag.kind.runs_at.value),
        bag.kind.delivers.text(),
        bag.stretch.rate if known else "UNRESOLVED",
        _amount(bag.amount, bag.stretch.unit) if bag.amount is not None else "UNRESOLVED",
    )


def _amount(value: Fraction, unit: str) -> str:
    return f"{printed(decimal_of(value))}{NBSP}{unit}"


def _sums(plan: BagPlan) -> Iterator[str]:
    """What the bags come to, to be held against the plan."""
    amounts = [bag.amount for bag in plan.bags or ()]
    known = [amount for amount in amounts if amount is not None]
    if len(known) == len(amounts):
        whole = _amount(sum(known, Fraction(0)), plan.stretches[0].unit)
        yield f"in all {whole}, which is what the plan orders for these days"
    kinds = {bag.kind.lasts.hours: bag.kind for bag in plan.bags or ()}
    for note in dict.fromkeys(kind.note for _, kind in sorted(kinds.items()) if kind.note):
        noted = (kind.lasts.text() for _, kind in sorted(kinds.items()) if kind.note == note)
        yield f"{note}: bags of {', '.join(noted)}"
    sources = {kind.grounds.of("runs_at") for kind in kinds.values()}
    yield from lines(f"rates of the pump: {'; '.join(sorted(sources))}")
