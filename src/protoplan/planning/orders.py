"""Doses worked: calculated, ruled on, capped and rounded, once per sig and cause of change."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from protoplan.model.component import Sig
from protoplan.model.formulary import Drug
from protoplan.model.option import OptionRef
from protoplan.model.order import Adjustment, Order, Pending, Step
from protoplan.model.plan import Measure, PlannedCycle
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
from protoplan.planning.prescribing import changes, printed_labels
from protoplan.planning.rounding import Rounded, needs_rounding, order
from protoplan.planning.ruling import Ruled, rule_on
from protoplan.planning.schedule import Slot
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


class Orders:
    """Works each dose once for all slots that have it."""

    def __init__(self, rows: Sequence[Slot], bench: Bench) -> None:
        self._bench = bench
        self._units = _exposure_units(rows, bench.protocol, bench.drugs)
        self._labels = [cycle.label for cycle in bench.cycles]
        self._printed = printed_labels(bench.protocol)
        self._turning: dict[str, tuple[date, ...]] = {}
        self._found: dict[tuple[object, ...], Order] = {}
        self._worked: dict[tuple[object, ...], Order] = {}
        self._keys: dict[int, int] = {}
        self._numbers: dict[tuple[object, ...], int] = {}

    def measure(self, slot: Slot) -> Measure:
        """The measures of the slot's cycle."""
        assert slot.cycle.start is not None
        return measure_for(slot.cycle.start, self._bench.measures)

    def of(self, slot: Slot, on: date) -> Order:
        """The dose of a slot on a day; the same record wherever nothing differs.

        Nothing differs between slots that are alike while no answer of a rule changes; how long a
        part of an infusion runs is its own.
        """
        spot = slot.spot
        turning = self._turning.get(spot.component.drug)
        if turning is None:
            turning = self._bench.asker.turning(spot.component.drug)
            self._turning[spot.component.drug] = turning
        key = spot.alike, slot.days, bisect_right(turning, on)
        found = self._found.get(key)
        if found is None:
            found = self._alike(slot)
            if not _by_clearance(_basis(spot.sig, self._bench.state)):
                self._found[key] = found  # else it has a clearance for each day
        return found

    def _alike(self, slot: Slot) -> Order:
        """The dose of a slot, as it was worked in another cycle if nothing differs."""
        bench, measure, spot = self._bench, self.measure(slot), slot.spot
        basis = _basis(spot.sig, bench.state)
        answers = bench.asker.answers(slot, basis)
        cleared = _cleared(slot, basis, bench)
        prescribed = self._prescribed(slot)
        nth = spot.nth if spot.sig.ramp is not None else 0
        key = (id(spot.sig), id(measure), slot.days, nth, spot.verdict.needs, id(prescribed),
               cleared, self._key(answers))  # fmt: skip
        found = self._worked.get(key)
        if found is None:
            unit = self._units[spot.component.name]
            found = _order(slot, measure, cleared, answers, prescribed, unit, bench)
            self._worked[key] = found
        return found

    def _key(self, answers: tuple[Answered, ...]) -> int:
        """The same number for answers that make the same dose and working; the asker keeps them."""
        found = self._keys.get(id(answers))
        if found is None:
            told = tuple(
                (
                    id(a.standing),
                    a.outcome,
                    id(a.effect),
                    a.needs,
                    a.pending,
                    id(a.last),
                    a.last_needs,
                    a.because,
                )
                for a in answers
            )
            found = self._keys[id(answers)] = self._numbers.setdefault(told, len(self._numbers))
        return found

    def _prescribed(self, slot: Slot) -> Prescription | None:
        """The prescriber's own change of a dose; the last one stated holds."""
        if not self._bench.prescribed:
            return None
        drug, route, cycle = slot.component.drug, slot.component.route, slot.cycle.label
        found = [
            each
            for each in self._bench.prescribed
            if changes(each, drug, route, cycle, self._labels, self._printed)
        ]
        return found[-1] if found else None


def _basis(sig: Sig, state: Known) -> Quantity | None:
    """The printed dose or rate, for rules that are printed for some doses only."""
    printed = sig.rate if sig.rate is not None else sig.dose
    if isinstance(printed, OptionRef):
        answer = state.options.get(printed.option)
        return answer if isinstance(answer, Quantity) else None
    return printed


def _exposure_units(
    rows: Sequence[Slot], protocol: Protocol, drugs: Mapping[str, Drug]
) -> dict[str, str]:
    """Per component name the unit of its exposure: per m2 where every dose is worked so."""
    chosen = {option.name: option.unit for option in protocol.options}
    by_area: dict[str, bool] = {}
    one_of_each = {slot.spot.alike: slot.spot for slot in rows}.values()
    lines = {(id(spot.component), id(spot.sig)): spot for spot in one_of_each}
    for component, sig in ((spot.component, spot.sig) for spot in lines.values()):
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


@attrs.frozen
class _Settled:
    """A dose after its caps and its rounding.

    Attributes:
        counts: In the unit of exposure.
    """

    adjusted: Quantity
    rounded: Rounded
    rate: Quantity | None
    counts: Fraction
    steps: tuple[Step, ...]
    adjustments: tuple[Adjustment, ...]


#: What the rules say of a dose that could not be worked.
_NOT_ASKED = Ruled("unresolved", None, None, (), (), (), (), (), ())


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
    drug, grounds = bench.drugs[component.drug], merged(component.grounds, sig.grounds)
    worked = _worked(slot, measure, cleared, bench)
    done = worked if isinstance(worked, Worked) else None
    lacking = () if isinstance(worked, Worked) else worked
    ruled = _NOT_ASKED if done is None else rule_on(done, answers, prescribed)
    needs = tuple(dict.fromkeys((*slot.spot.verdict.needs, *lacking, *ruled.needs)))
    settled = None
    if done is not None and ruled.amount is not None and not needs:
        settled = _settled(ruled.amount, done, slot, grounds, unit, bench)
    assumed = tuple(f"{field}: {reason}" for field, reason in grounds.assumed)
    return Order(
        drug=drug.id,
        name=drug.name,
        route=component.route,
        basis=done.basis if done else None,
        bsa=done.bsa if done else None,
        calculated=done.amount if done else None,
        adjusted=settled.adjusted if settled else None,
        ordered=settled.rounded.ordered if settled else None,
        made_of=settled.rounded.made_of if settled else (),
        rate=settled.rate if settled else done.rate if done else None,
        per_basis=settled.counts if settled else None,
        exposure_unit=unit,
        working=(
            *(done.steps if done else ()),
            *(ruled.steps if settled else ()),
            *(settled.steps if settled else ()),
        ),
        adjustments=(*ruled.adjustments, *settled.adjustments) if settled else (),
        rules=ruled.lines,
        pending=(*ruled.pending, *_asked_again(cleared)),
        status="unresolved" if needs else ruled.status,
        because=ruled.because,
        remarks=ruled.remarks,
        assumptions=(*assumed, *(done.assumptions if done else ())),
        borrowed=tuple(f"{field}: {citation}" for field, citation in grounds.borrowed),
        sources=(
            *((str(grounds.source),) if grounds.source else ()),
            *(f"{citation} ({field})" for field, citation in grounds.borrowed),
        ),
        needs=needs,
        timed_by=None if sig.begins is None else str(sig.begins),
    )


def _worked(
    slot: Slot, measure: Measure, cleared: Filtration | tuple[str, ...] | None, bench: Bench
) -> Worked | tuple[str, ...]:
    """The calculated dose, or what it lacks."""
    if isinstance(cleared, tuple):
        return cleared
    component, spot = slot.component, slot.spot
    unit = bench.drugs[component.drug].unit
    assert unit is not None  # a drug with routes has the unit of its doses
    body = Body(measure, cleared)
    return calculate(component, spot.sig, spot.nth, slot.days, body, bench.state, unit)


def _settled(
    amount: Quantity, worked: Worked, slot: Slot, grounds: Grounds, unit: str, bench: Bench
) -> _Settled:
    """The caps and the rounding of a dose, and what it counts in the unit of its exposure."""
    route, drug = slot.component.route, bench.drugs[slot.component.drug]
    capped = adjust(amount, slot.sig, route, drug, grounds)
    exact = not needs_rounding(worked.basis, capped.amount, worked.amount)
    rounded = order(capped.amount, capped.largest, drug, route, bench.policy, exact=exact)
    rate = worked.rate
    if rate is not None and capped.amount != worked.amount:
        # A changed infusion runs at its own rate over the same days.
        per_day = decimal_of(Fraction(rounded.ordered.value) / slot.days)
        rate = Quantity(per_day, f"{rounded.ordered.unit}/day")
    steps = (*capped.steps, *([rounded.step] if rounded.step else []))
    counts = counted(capped.amount, rounded.ordered, worked.bsa, unit)
    return _Settled(capped.amount, rounded, rate, counts, steps, capped.adjustments)


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
