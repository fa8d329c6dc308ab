"""The steps of planning in their one order, from days through doses to looks at the whole."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from protoplan.model.catalogue import Catalogue
from protoplan.model.component import Component
from protoplan.model.formulary import Drug
from protoplan.model.option import Answer, OptionRef
from protoplan.model.plan import (
    Adjustment,
    Administration,
    InputFile,
    Measure,
    Order,
    Piece,
    Plan,
    Unresolved,
)
from protoplan.model.policy import Policy
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.planning.adjusting import adjust
from protoplan.planning.conditions import Known, known
from protoplan.planning.dosing import calculate, merged
from protoplan.planning.exposure import counted, exposures
from protoplan.planning.findings import LOOKS, Scene
from protoplan.planning.instructions import instructions, open_lines
from protoplan.planning.measuring import measure_for, measures_of
from protoplan.planning.rounding import needs_rounding, order
from protoplan.planning.schedule import Course, Slot, course, slots, undated
from protoplan.quantity import UNITS


@attrs.frozen
class Surroundings:
    """All that a treatment is planned with, besides its protocol.

    Attributes:
        policy: The site's.
        drugs: The formulary's entry for every drug of the protocol.
        medicines: The formulary's entry for every stated medicine that it knows, as written.
        medicine_names: Every name the formulary knows, for hints.
        catalogue: Facts and labs.
        inputs: The files the plan is made from, for its heading.
    """

    policy: Policy
    drugs: Mapping[str, Drug]
    medicines: Mapping[str, Drug]
    medicine_names: Sequence[str]
    catalogue: Catalogue
    inputs: Sequence[InputFile]


def make_plan(protocol: Protocol, treatment: Treatment, around: Surroundings) -> Plan:
    """Plan one treatment.

    Args:
        protocol: Checked without error, as are the files around it.
        treatment: Its answers fit the protocol.
        around: The site's policy, the formulary and the catalogue.
    """
    policy = around.policy
    state = known(
        protocol.options,
        {answer.name: answer.value for answer in treatment.options},
        {fact.name: fact.value for fact in treatment.facts},
        treatment.labs,
        around.catalogue,
        policy.labs_fresh_days,
        treatment.patient,
    )
    laid_out = course(protocol, state, treatment.start)
    measures = measures_of(treatment, policy)
    as_of = _as_of(treatment)
    rows = slots(protocol, laid_out.cycles, state, policy.clock)
    administrations = _administrations(rows, protocol, measures, state, around, as_of)
    orders, strange = instructions(protocol, administrations, treatment, around.medicines)
    lines, open_questions = open_lines(protocol, laid_out.cycles, state, treatment.start)
    exposure = exposures(administrations, treatment.earlier)
    scene = Scene(
        protocol,
        treatment,
        policy,
        state,
        laid_out,
        administrations,
        exposure,
        measures,
        around.drugs,
        around.medicines,
        around.medicine_names,
    )
    wanted = _Wanted(protocol, around.catalogue)
    return Plan(
        treatment=treatment.id,
        label=treatment.patient.label,
        revision=treatment.revision,
        revision_date=treatment.revision_date,
        protocol=InputFile("protocol", protocol.id, protocol.version, protocol.sha256),
        title=protocol.title,
        inputs=tuple(around.inputs),
        as_of=as_of,
        options=_options(protocol, state, treatment),
        facts=tuple((fact.name, fact.value) for fact in treatment.facts),
        medicines=None
        if treatment.medicines is None
        else tuple((entry.drug, entry.start, entry.end) for entry in treatment.medicines),
        sex=treatment.patient.sex,
        age=treatment.patient.age,
        measures=measures,
        cycles=laid_out.cycles,
        administrations=administrations,
        instructions=orders,
        open_items=lines,
        exposure=exposure,
        unresolved=(
            *_open_phase(laid_out, wanted),
            *_open_doses(administrations, wanted),
            *_open_days(undated(protocol, laid_out.cycles, state), wanted),
            *(Unresolved(text, needs, wanted.how(needs), ()) for text, needs in open_questions),
            *strange,
        ),
        findings=tuple(finding for look in LOOKS for finding in look(scene)),
        silences=tuple((silence.about, silence.left) for silence in protocol.silences),
    )


def _as_of(treatment: Treatment) -> date:
    """When the plan is made: stated, else the latest measurement or lab, else the start."""
    if treatment.as_of is not None:
        return treatment.as_of
    dates = [taken.date for taken in treatment.measurements]
    dates += [lab.date for lab in treatment.labs]
    return max(dates, default=treatment.start)


def _options(
    protocol: Protocol, state: Known, treatment: Treatment
) -> tuple[tuple[str, str | None, bool], ...]:
    chosen = {answer.name for answer in treatment.options}
    return tuple(
        (
            option.name,
            _said(state.options[option.name]),
            option.name in chosen,
        )
        for option in protocol.options
        if option.name in state.options
    )


def _said(answer: Answer | None) -> str | None:
    """An answer as it is written in files; None while it is open."""
    if isinstance(answer, tuple):
        return ", ".join(map(str, answer))
    return None if answer is None else str(answer)


def _administrations(
    rows: Sequence[Slot],
    protocol: Protocol,
    measures: Sequence[Measure],
    state: Known,
    around: Surroundings,
    as_of: date,
) -> tuple[Administration, ...]:
    """Work each dose once per sig and measure, and share it among its administrations."""
    units = _exposure_units(rows, protocol, around.drugs)
    worked: dict[tuple[int, int, int, int, tuple[str, ...]], Order] = {}
    planned = []
    for slot in rows:
        assert slot.cycle.start is not None
        measure = measure_for(slot.cycle.start, measures)
        nth = slot.nth if slot.sig.ramp is not None else 0
        key = (id(slot.sig), id(measure), slot.days, nth, slot.verdict.needs)
        found = worked.get(key)
        if found is None:
            drug = around.drugs[slot.component.drug]
            unit = units[slot.component.name]
            found = worked[key] = _order(slot, measure, state, drug, around.policy, unit)
        on = slot.start.date()
        name = f"{slot.cycle.label}.d{slot.day}.{found.drug}.{found.route}.{slot.number}"
        planned.append(
            Administration(
                name,
                slot.cycle.label,
                slot.day,
                on,
                slot.start,
                slot.end,
                slot.window,
                "unresolved" if found.needs else "planned",
                on < as_of,
                found,
            )
        )
    return tuple(planned)


def _exposure_units(
    rows: Sequence[Slot], protocol: Protocol, drugs: Mapping[str, Drug]
) -> dict[str, str]:
    """Per component name the unit of its exposure: per m2 where every dose is worked so."""
    chosen = {option.name: option.unit for option in protocol.options}
    by_area: dict[str, bool] = {}
    for slot in rows:
        printed = slot.sig.rate or slot.sig.dose
        unit = (
            chosen[printed.option] if isinstance(printed, OptionRef) else printed and printed.unit
        )
        name = slot.component.name
        by_area[name] = by_area.get(name, True) and UNITS[str(unit)].per == "m2"
    return {
        name: f"{drugs[name.split()[0]].unit}/m2" if area else str(drugs[name.split()[0]].unit)
        for name, area in by_area.items()
    }


def _order(
    slot: Slot, measure: Measure, state: Known, drug: Drug, policy: Policy, unit: str
) -> Order:
    component, sig, route = slot.component, slot.sig, slot.component.route
    assert drug.unit is not None  # a drug with routes has the unit of its doses
    worked = calculate(component, sig, slot.nth, slot.days, measure, state, drug.unit)
    grounds = merged(component.grounds, sig.grounds)
    needs = tuple(dict.fromkeys((*slot.verdict.needs, *worked.needs)))
    adjusted = ordered = counts = None
    adjustments: tuple[Adjustment, ...] = ()
    steps = worked.steps
    pieces: tuple[Piece, ...] = ()
    if worked.amount is not None and not needs:
        capped = adjust(worked.amount, sig, route, drug, grounds)
        adjusted, adjustments = capped.amount, capped.adjustments
        steps = (*steps, *capped.steps)
        exact = not needs_rounding(worked.basis, adjusted, worked.amount)
        rounded = order(adjusted, capped.largest, drug, route, policy, exact=exact)
        ordered, pieces = rounded.ordered, rounded.made_of
        steps = (*steps, *([rounded.step] if rounded.step else []))
        counts = counted(adjusted, ordered, worked.bsa, unit)
    return Order(
        drug=drug.id,
        name=drug.name,
        route=route,
        basis=worked.basis,
        bsa=worked.bsa,
        calculated=worked.amount,
        adjusted=adjusted,
        ordered=ordered,
        made_of=pieces,
        rate=worked.rate,
        per_basis=counts,
        exposure_unit=unit,
        working=steps,
        adjustments=adjustments,
        assumptions=(
            *(f"{field}: {reason}" for field, reason in grounds.assumed),
            *worked.assumptions,
        ),
        borrowed=tuple(f"{field}: {citation}" for field, citation in grounds.borrowed),
        sources=(
            *((str(grounds.source),) if grounds.source else ()),
            *(f"{citation} ({field})" for field, citation in grounds.borrowed),
        ),
        needs=needs,
    )


class _Wanted:
    """How each open question is to be answered, in words."""

    def __init__(self, protocol: Protocol, catalogue: Catalogue) -> None:
        self._words = {o.name: f"{o.about}: choose {o.name} {o.offers()}" for o in protocol.options}
        for fact in catalogue.facts:
            self._words[fact.name] = f"{fact.about}: state the fact {fact.name}"
        for lab in catalogue.labs:
            self._words[lab.name] = f"{lab.about}: state the lab {lab.name}"

    def how(self, needs: Sequence[str]) -> tuple[str, ...]:
        """One sentence for each name."""
        return tuple(self._words.get(name, name) for name in needs)


def _open_phase(laid_out: Course, wanted: _Wanted) -> tuple[Unresolved, ...]:
    if laid_out.open is None:
        return ()
    phase, needs = laid_out.open
    return (Unresolved(f"{phase} and all that follows", needs, wanted.how(needs), ()),)


def _open_days(
    lacking: Iterable[tuple[Component, tuple[str, ...]]], wanted: _Wanted
) -> tuple[Unresolved, ...]:
    """One line a component whose days are not chosen; it has no administrations yet."""
    needs: dict[str, dict[str, None]] = {}
    for component, names in lacking:
        needs.setdefault(component.drug, {}).update(dict.fromkeys(names))
    return tuple(
        Unresolved(drug, tuple(names), wanted.how(tuple(names)), ())
        for drug, names in needs.items()
    )


def _open_doses(
    administrations: Sequence[Administration], wanted: _Wanted
) -> tuple[Unresolved, ...]:
    """One line a drug, or a drug by a route where it has several, with all it lacks."""
    routes: dict[str, set[str]] = {}
    groups: dict[str, tuple[dict[str, None], list[str]]] = {}
    for a in administrations:
        routes.setdefault(a.order.drug, set()).add(a.order.route)
    for a in administrations:
        if a.order.needs:
            drug = a.order.drug
            about = drug if len(routes[drug]) == 1 else f"{drug} {a.order.route}"
            needs, ids = groups.setdefault(about, ({}, []))
            needs.update(dict.fromkeys(a.order.needs))
            ids.append(a.id)
    return tuple(
        Unresolved(about, tuple(needs), wanted.how(tuple(needs)), tuple(ids))
        for about, (needs, ids) in groups.items()
    )
