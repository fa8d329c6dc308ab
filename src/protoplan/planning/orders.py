"""Doses worked: calculated, ruled on, capped and rounded, once per sig and cause of change."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from protoplan.model.component import Sig
from protoplan.model.formulary import Drug
from protoplan.model.option import OptionRef
from protoplan.model.order import GivenDose, Order, Pending
from protoplan.model.plan import Administration, Measure, PlannedCycle
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Prescription
from protoplan.planning.adjusting import adjust
from protoplan.planning.asking import Answered, Asker
from protoplan.planning.dosing import Body, Worked, calculate, merged
from protoplan.planning.exposure import counted
from protoplan.planning.filtration import Filtration, filtration
from protoplan.planning.known import Known
from protoplan.planning.measuring import measure_for
from protoplan.planning.recording import as_recorded
from protoplan.planning.rounding import needs_rounding, order
from protoplan.planning.ruling import Ruled, rule_on
from protoplan.planning.schedule import Fate, Slot
from protoplan.quantity import UNITS, Quantity, decimal_of
from protoplan.source import Grounds


@attrs.frozen
class Bench:
    """All that a dose is worked with, besides its slot."""

    protocol: Protocol
    drugs: Mapping[str, Drug]
    policy: Policy
    measures: Sequence[Measure]
    state: Known
    asker: Asker
    prescribed: Sequence[Prescription]
    cycles: Sequence[PlannedCycle]


def administered(rows: Sequence[Slot], bench: Bench, as_of: date) -> tuple[Administration, ...]:
    """Work each dose once per sig, measure and cause of change, and share it."""
    shared = _Shared(rows, bench)
    recorded: dict[tuple[object, ...], Order] = {}
    planned = []
    for slot in rows:
        order, given = shared.order(slot), None
        if slot.fate is not None:
            given = _given(slot, order)
            key = (id(order), *_told(slot.fate, given))
            if key not in recorded:
                recorded[key] = as_recorded(order, slot.fate, given, shared.measure(slot))
            order = recorded[key]
        planned.append(
            Administration(
                id=slot.id,
                cycle=slot.cycle.label,
                day=slot.day,
                date=slot.start.date(),
                start=slot.start,
                end=slot.end,
                window=slot.window,
                status=order.status,
                overdue=_overdue(slot, as_of),
                order=order,
                due=slot.due,
                given=given,
            )
        )
    return tuple(planned)


class _Shared:
    """Works each dose once for all slots that have it."""

    def __init__(self, rows: Sequence[Slot], bench: Bench) -> None:
        self._bench = bench
        self._units = exposure_units(rows, bench.protocol, bench.drugs)
        self._labels = [cycle.label for cycle in bench.cycles]
        self._printed = printed_labels(bench.protocol)
        self._turning = bench.asker.turning
        self._found: dict[tuple[object, ...], Order] = {}
        self._worked: dict[tuple[object, ...], Order] = {}

    def measure(self, slot: Slot) -> Measure:
        """The measures of the slot's cycle."""
        assert slot.cycle.start is not None
        return measure_for(slot.cycle.start, self._bench.measures)

    def order(self, slot: Slot) -> Order:
        """The dose of a slot; the same record wherever nothing differs.

        Nothing differs between slots of a sig in a cycle while no answer of a rule changes; what
        their days and their conditions make of a dose stands in the key.
        """
        sig, component = slot.sig, slot.component
        key = (
            id(sig),
            id(component),
            id(slot.cycle),
            slot.days,
            slot.nth if sig.ramp is not None else 0,
            slot.verdict.needs,
            bisect_right(self._turning(component.drug), slot.start.date()),
        )
        found = self._found.get(key)
        if found is None:
            found = self._alike(slot)
            if not _by_clearance(_basis(sig, self._bench.state)):  # it has a clearance for each day
                self._found[key] = found
        return found

    def _alike(self, slot: Slot) -> Order:
        """The dose of a slot, as it was worked in another cycle if nothing differs."""
        bench, measure = self._bench, self.measure(slot)
        basis = _basis(slot.sig, bench.state)
        answers = bench.asker.answers(slot, basis)
        cleared = _cleared(slot, basis, bench)
        prescribed = self._prescribed(slot)
        nth = slot.nth if slot.sig.ramp is not None else 0
        key = (id(slot.sig), id(measure), slot.days, nth, slot.verdict.needs, id(prescribed),
               cleared, *(_key(answer) for answer in answers))  # fmt: skip
        found = self._worked.get(key)
        if found is None:
            unit = self._units[slot.component.name]
            found = _order(slot, measure, cleared, answers, prescribed, unit, bench)
            self._worked[key] = found
        return found

    def _prescribed(self, slot: Slot) -> Prescription | None:
        """The prescriber's own change of a dose; the last one stated holds."""
        drug, route, cycle = slot.component.drug, slot.component.route, slot.cycle.label
        found = [
            each
            for each in self._bench.prescribed
            if changes(each, drug, route, cycle, self._labels, self._printed)
        ]
        return found[-1] if found else None


def _given(slot: Slot, order: Order) -> GivenDose | None:
    """What was given of a dose; of the part of an infusion that ran, what its rate came to."""
    if slot.fate is None or slot.fate.status != "given":
        return None
    entry = slot.given
    amount = entry.amount if entry else slot.delivered or order.ordered
    if amount is None:
        return None
    return GivenDose(
        amount=amount.into(UNITS[order.exposure_unit].amount),
        ordered=order.ordered,
        rate=entry.rate if entry else None,
        bsa=entry.bsa.value if entry and entry.bsa else None,
        weight=entry.weight if entry else None,
        stated=entry is not None or slot.delivered is not None,
        at=slot.fate.at,
    )


def _overdue(slot: Slot, as_of: date) -> bool:
    """Its day is past and nothing is recorded; of an infusion that began, the day of its end."""
    last = slot.end if slot.begun and slot.end is not None else slot.start
    return slot.fate is None and last.date() < as_of


def _told(fate: Fate | None, given: GivenDose | None) -> tuple[object, ...]:
    """What of the record makes another order."""
    if fate is None:
        return ()
    told = given and (given.amount, given.bsa)
    return (fate.status, fate.because, fate.needs, told)


def _key(answer: Answered) -> tuple[object, ...]:
    """What of an answer makes another dose or another working."""
    return (id(answer.standing), answer.outcome, id(answer.effect), answer.needs, answer.pending,
            id(answer.last), answer.because)  # fmt: skip


def _basis(sig: Sig, state: Known) -> Quantity | None:
    """The printed dose or rate, for rules that are printed for some doses only."""
    printed = sig.rate if sig.rate is not None else sig.dose
    if isinstance(printed, OptionRef):
        answer = state.options.get(printed.option)
        return answer if isinstance(answer, Quantity) else None
    return printed


def printed_labels(protocol: Protocol) -> list[str]:
    """The labels of every cycle of a protocol, in its order; each once."""
    return list(dict.fromkeys(label for phase in protocol.phases for label, _ in phase.cycles))


def changes(
    entry: Prescription,
    drug: str,
    route: str,
    cycle: str,
    labels: Sequence[str],
    printed: Sequence[str],
) -> bool:
    """Whether a prescriber's change holds for a drug by a route in a cycle.

    Args:
        labels: Of every cycle of the plan, in their order.
        printed: Of every cycle of the protocol, in its order: a change up to a cycle that has
            fallen away holds for those before it.
    """
    first = labels.index(entry.first) if entry.first in labels else len(labels)
    last = labels.index(entry.last) if entry.last in labels else len(labels)
    if entry.last is not None and entry.last in printed and entry.last not in labels:
        before = printed[: printed.index(entry.last)]
        last = max((labels.index(label) for label in before if label in labels), default=-1)
    same = entry.drug == drug and entry.route in (None, route)
    return same and first <= labels.index(cycle) <= last


def exposure_units(
    rows: Sequence[Slot], protocol: Protocol, drugs: Mapping[str, Drug]
) -> dict[str, str]:
    """Per component name the unit of its exposure: per m2 where every dose is worked so."""
    chosen = {option.name: option.unit for option in protocol.options}
    by_area: dict[str, bool] = {}
    sigs = {(id(slot.component), id(slot.sig)): slot for slot in rows}
    for component, sig in ((slot.component, slot.sig) for slot in sigs.values()):
        printed = sig.rate or sig.dose
        unit = (
            chosen[printed.option] if isinstance(printed, OptionRef) else printed and printed.unit
        )
        name = component.name
        by_area[name] = by_area.get(name, True) and UNITS[str(unit)].per == "m2"
    return {
        name: f"{drugs[name.split()[0]].unit}/m2" if area else str(drugs[name.split()[0]].unit)
        for name, area in by_area.items()
    }


def _order(
    slot: Slot,
    measure: Measure,
    cleared: Filtration | tuple[str, ...] | None,
    answers: Sequence[Answered],
    prescribed: Prescription | None,
    unit: str,
    bench: Bench,
) -> Order:
    component, sig = slot.component, slot.sig
    drug = bench.drugs[component.drug]
    assert drug.unit is not None  # a drug with routes has the unit of its doses
    worked: Worked | tuple[str, ...] = ()
    if isinstance(cleared, tuple):
        worked = cleared
    else:
        worked = calculate(
            component, sig, slot.nth, slot.days, Body(measure, cleared), bench.state, drug.unit
        )
    grounds = merged(component.grounds, sig.grounds)
    blank = _blank(drug, slot, unit, grounds)
    if not isinstance(worked, Worked):
        needs = tuple(dict.fromkeys((*slot.verdict.needs, *worked)))
        return attrs.evolve(blank, needs=needs, status="unresolved")
    ruled = rule_on(worked, answers, prescribed)
    needs = tuple(dict.fromkeys((*slot.verdict.needs, *ruled.needs)))
    blank = attrs.evolve(
        blank,
        basis=worked.basis,
        bsa=worked.bsa,
        calculated=worked.amount,
        rate=worked.rate,
        working=worked.steps,
        assumptions=(*blank.assumptions, *worked.assumptions),
        rules=ruled.lines,
        pending=(*ruled.pending, *_asked_again(cleared)),
        remarks=ruled.remarks,
        because=ruled.because,
        status="unresolved" if needs else ruled.status,
        needs=needs,
    )
    if needs or ruled.amount is None:
        return blank
    return _ordered(blank, worked, ruled, ruled.amount, slot, bench)


def _cleared(
    slot: Slot, basis: Quantity | None, bench: Bench
) -> Filtration | tuple[str, ...] | None:
    """The clearance of a dose by AUC, or what it lacks; None for any other dose."""
    if not _by_clearance(basis):
        return None
    drug = bench.drugs[slot.component.drug]
    return filtration(drug, bench.policy, bench.state, slot.start.date())


def _by_clearance(basis: Quantity | None) -> bool:
    return basis is not None and basis.unit == "AUC"


def _asked_again(cleared: Filtration | tuple[str, ...] | None) -> tuple[Pending, ...]:
    """The labs of the day that a dose by AUC waits for; the last ones were used."""
    if not isinstance(cleared, Filtration) or not cleared.pending:
        return ()
    would = f"the dose is worked with the clearance of {cleared.value.text()}, and follows it"
    return (Pending("dose by AUC", cleared.pending, would),)


def _blank(drug: Drug, slot: Slot, unit: str, grounds: Grounds) -> Order:
    """An order without a dose as yet."""
    begins = slot.sig.begins
    return Order(
        drug=drug.id,
        name=drug.name,
        route=slot.component.route,
        basis=None,
        bsa=None,
        calculated=None,
        adjusted=None,
        ordered=None,
        made_of=(),
        rate=None,
        per_basis=None,
        exposure_unit=unit,
        working=(),
        adjustments=(),
        rules=(),
        pending=(),
        status="planned",
        because=None,
        remarks=(),
        assumptions=tuple(f"{field}: {reason}" for field, reason in grounds.assumed),
        borrowed=tuple(f"{field}: {citation}" for field, citation in grounds.borrowed),
        sources=(
            *((str(grounds.source),) if grounds.source else ()),
            *(f"{citation} ({field})" for field, citation in grounds.borrowed),
        ),
        needs=(),
        timed_by=None if begins is None else str(begins),
    )


def _ordered(
    blank: Order, worked: Worked, ruled: Ruled, amount: Quantity, slot: Slot, bench: Bench
) -> Order:
    """The order with its caps, its rounding, and what it counts."""
    component, drug = slot.component, bench.drugs[slot.component.drug]
    grounds = merged(component.grounds, slot.sig.grounds)
    capped = adjust(amount, slot.sig, component.route, drug, grounds)
    exact = not needs_rounding(worked.basis, capped.amount, worked.amount)
    rounded = order(capped.amount, capped.largest, drug, component.route, bench.policy, exact=exact)
    rate = worked.rate
    if rate is not None and capped.amount != worked.amount:
        # A changed infusion runs at its own rate over the same days.
        per_day = decimal_of(Fraction(rounded.ordered.value) / slot.days)
        rate = Quantity(per_day, f"{rounded.ordered.unit}/day")
    return attrs.evolve(
        blank,
        adjusted=capped.amount,
        ordered=rounded.ordered,
        made_of=rounded.made_of,
        rate=rate,
        per_basis=counted(capped.amount, rounded.ordered, worked.bsa, blank.exposure_unit),
        working=(
            *worked.steps,
            *ruled.steps,
            *capped.steps,
            *([rounded.step] if rounded.step else []),
        ),
        adjustments=(*ruled.adjustments, *capped.adjustments),
    )
