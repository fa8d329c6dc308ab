"""The steps of planning in their one order, from days through doses to looks at the whole."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from protoplan.model.catalogue import Catalogue
from protoplan.model.component import Component
from protoplan.model.exposure import InputFile
from protoplan.model.formulary import Drug
from protoplan.model.option import Answer, Option
from protoplan.model.plan import OptionLine, Plan, Unresolved
from protoplan.model.protocol import Protocol
from protoplan.model.record import Transplant, of
from protoplan.model.treatment import Treatment
from protoplan.planning.administrations import administered
from protoplan.planning.asking import Asker
from protoplan.planning.checklist import checklist
from protoplan.planning.comedication import own, taken
from protoplan.planning.conditions import known
from protoplan.planning.course import Course, course
from protoplan.planning.exposure import exposures, totals
from protoplan.planning.findings import LOOKS
from protoplan.planning.happened import happened
from protoplan.planning.instructions import instructions, open_lines
from protoplan.planning.known import Known
from protoplan.planning.measuring import measures_of, used
from protoplan.planning.orders import Bench
from protoplan.planning.prepared import Prepared
from protoplan.planning.replanning import as_it_went
from protoplan.planning.safety import limits
from protoplan.planning.scene import Scene
from protoplan.planning.schedule import Slot, slots, undated
from protoplan.planning.shares import Share, in_order, shared


@attrs.frozen
class Medicines:
    """What the formulary knows of the drugs that a treatment names besides its protocol.

    Attributes:
        taken: The entry for every stated medicine that it knows, as written.
        names: Every name that it knows, for hints.
        earlier: The entry for every drug of the earlier treatment.
    """

    taken: Mapping[str, Drug]
    names: Sequence[str]
    earlier: Mapping[str, Drug]


def make_plan(
    prepared: Prepared, treatment: Treatment, medicines: Medicines, as_of: date | None = None
) -> Plan:
    """Plan one treatment.

    Args:
        prepared: The protocol with the site's policy, the formulary and the catalogue.
        treatment: Its answers fit the protocol.
        medicines: What the formulary knows of those it names.
        as_of: The day the plan is made, where it is not the treatment's own.
    """
    protocol, policy, drugs = prepared.protocol, prepared.policy, prepared.drugs
    state = known(
        protocol.options,
        {answer.name: answer.value for answer in treatment.options},
        _facts(treatment, prepared.catalogue),
        treatment.labs,
        prepared.catalogue,
        policy.labs_fresh_days,
        treatment.patient,
    )
    measures = measures_of(treatment, policy)
    as_of = as_of or _as_of(treatment)
    state = attrs.evolve(
        state,
        as_of=as_of,
        medicines=taken(treatment.medicines, medicines.taken),
        events=treatment.toxicities,
        measures=measures,
        upper_limits=dict(policy.upper_limits),
        clearance_weight=policy.clearance.weight,
    )
    went = happened(treatment.record, drugs, as_of, policy.clock.first_dose)
    laid_out = course(protocol, state, treatment.start, went)
    scheduled = slots(prepared.layouts, laid_out.cycles, state, policy.clock)
    rows = as_it_went(
        scheduled,
        lambda: slots(prepared.layouts, laid_out.cycles, state, policy.clock, whatever=True),
        went,
        laid_out,
    )
    state = attrs.evolve(state, own=own(rows, drugs))
    rules = prepared.rules(laid_out.cycles)
    asker = Asker(rules, state, _days(rows, laid_out))
    bench = Bench(protocol, drugs, policy, used(measures, policy), state, asker,
                  treatment.prescribed, laid_out.cycles)  # fmt: skip
    administrations = administered(rows, bench, as_of)
    shares = shared(administrations)
    orders, strange = instructions(protocol, shares, treatment, medicines.taken)
    lines, open_questions = open_lines(protocol, laid_out.cycles, state, treatment.start)
    exposure = exposures(shares, treatment.earlier)
    scene = Scene(
        protocol,
        treatment,
        policy,
        state,
        laid_out,
        administrations,
        shares,
        exposure,
        measures,
        drugs,
        medicines.taken,
        medicines.names,
        medicines.earlier,
        went,
    )
    against = limits.counted(scene)
    exposure = tuple(attrs.evolve(e, limits=limits.lines_of(e, against, scene)) for e in exposure)
    wanted = _Wanted(protocol, prepared.catalogue)
    return Plan(
        treatment=treatment.id,
        label=treatment.patient.label,
        revision=treatment.revision + len(treatment.record),
        revision_date=_revised(treatment),
        protocol=InputFile("protocol", protocol.id, protocol.version, protocol.sha256),
        title=protocol.title,
        inputs=tuple(prepared.inputs),
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
            *_open_doses(shares, wanted),
            *_open_days(undated(protocol, laid_out.cycles, state), wanted),
            *(Unresolved(text, needs, wanted.how(needs), ()) for text, needs in open_questions),
            *strange,
            *limits.lacking(against),
        ),
        checklist=checklist(shares, state, rules, laid_out.cycles, as_of),
        findings=tuple(finding for look in LOOKS for finding in look(scene)),
        silences=tuple((silence.about, silence.left) for silence in protocol.silences),
        totals=totals(protocol, shares),
        week_starts=policy.week_starts,
        holidays=policy.holidays,
        bags=policy.bags,
    )


def _days(rows: Sequence[Slot], laid_out: Course) -> list[date]:
    """Days between which all lie of which rules are asked; doses stand in order of time."""
    starts = [cycle.start for cycle in laid_out.cycles if cycle.start is not None]
    return [*starts, *(slot.start.date() for slot in (*rows[:1], *rows[-1:]))]


#: The fact that a transplant in the record answers, where it is not stated.
_PLANNED = "transplant_planned"


def _facts(treatment: Treatment, catalogue: Catalogue) -> dict[str, str]:
    """The facts as stated, and what the record says of a planned transplant."""
    facts = {fact.name: fact.value for fact in treatment.facts}
    if of(Transplant, treatment.record) and any(f.name == _PLANNED for f in catalogue.facts):
        facts.setdefault(_PLANNED, "yes")
    return facts


def _revised(treatment: Treatment) -> date | None:
    """The date of the revision: the last that is stated, of the file or in its record."""
    dates = [entry.date for entry in treatment.record]
    dates += [treatment.revision_date] if treatment.revision_date else []
    return max(dates, default=None)


def _as_of(treatment: Treatment) -> date:
    """When the plan is made: stated, else the last measurement, lab or record, else the start."""
    if treatment.as_of is not None:
        return treatment.as_of
    dates = [taken.date for taken in treatment.measurements]
    dates += [lab.date for lab in treatment.labs]
    dates += [entry.date for entry in treatment.record]
    return max(dates, default=treatment.start)


def _options(protocol: Protocol, state: Known, treatment: Treatment) -> tuple[OptionLine, ...]:
    chosen = {answer.name for answer in treatment.options}
    return tuple(
        OptionLine(
            option.name,
            _said(state.options[option.name]),
            option.name in chosen,
            _assumed(option, by_default=option.name in state.defaults),
        )
        for option in protocol.options
        if option.name in state.options
    )


def _assumed(option: Option, *, by_default: bool) -> tuple[str, ...]:
    """What no source gives of what an option offers; of its default only where that holds."""
    marked = [f"{field}: {reason}" for field, reason in option.grounds.assumed
              if field != "default" or by_default]  # fmt: skip
    marked += [f"{field} borrowed from {citation}" for field, citation in option.grounds.borrowed]
    return tuple(marked)


def _said(answer: Answer | None) -> str | None:
    """An answer as it is written in files; None while it is open."""
    if isinstance(answer, tuple):
        return ", ".join(map(str, answer))
    return None if answer is None else str(answer)


class _Wanted:
    """How each open question is to be answered, in words."""

    def __init__(self, protocol: Protocol, catalogue: Catalogue) -> None:
        self._words = {o.name: f"{o.about}: choose {o.name} {o.offers()}" for o in protocol.options}
        for fact in catalogue.facts:
            self._words[fact.name] = f"{fact.about}: state the fact {fact.name}"
        for lab in catalogue.labs:
            self._words[lab.name] = f"{lab.about}: state the lab {lab.name}"
        self._words["medicines"] = "medicines are not stated: state them, or none"
        self._words["sex"] = "sex: state it under patient, or by --sex"

    def how(self, needs: Sequence[str]) -> tuple[str, ...]:
        """One sentence for each name."""
        return tuple(self._words.get(name, _in_words(name)) for name in needs)


def _in_words(name: str) -> str:
    """What is wanted where no file has words for it."""
    if name.startswith("classes of "):
        medicine = name.removeprefix("classes of ")
        return f"the formulary does not know {medicine}: state classes: under it, or classes: none"
    if name.startswith("decision: "):
        return f"the prescriber decides, under prescribed: {name.removeprefix('decision: ')}"
    if name.startswith("record: "):
        return f"record {name.removeprefix('record: ')}"
    return f"state {name}"


def _open_phase(laid_out: Course, wanted: _Wanted) -> tuple[Unresolved, ...]:
    if laid_out.open is None:
        return ()
    about, needs = laid_out.open
    return (Unresolved(about, needs, wanted.how(needs), ()),)


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


def _open_doses(shares: Sequence[Share], wanted: _Wanted) -> tuple[Unresolved, ...]:
    """One line a drug, or a drug by a route where it has several, with all it lacks."""
    routes: dict[str, set[str]] = {}
    groups: dict[str, list[Share]] = {}
    for share in shares:
        routes.setdefault(share.order.drug, set()).add(share.order.route)
    for share in shares:
        if share.order.needs:
            drug = share.order.drug
            about = drug if len(routes[drug]) == 1 else f"{drug} {share.order.route}"
            groups.setdefault(about, []).append(share)
    found = []
    for about, here in groups.items():
        needs = tuple(dict.fromkeys(name for share in here for name in share.order.needs))
        ids = tuple(row.id for row in in_order(here))
        found.append(Unresolved(about, needs, wanted.how(needs), ids))
    return tuple(found)
