"""Treatments drawn at random, as the text of a treatment file: what fails can be read and kept."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import attrs
from hypothesis import strategies as st
from tests.oracle.answers import Asking, ask
from tests.oracle.course import Dose, plan
from tests.oracle.cycles import cycles
from tests.oracle.refusals import Refused
from tests.oracle.world import World, formulary, labs, world

from protoplan import api
from protoplan.model.condition import Condition, Test, tests_in
from protoplan.model.option import Option
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Stated, Treatment
from protoplan.source import Place

HERE = Place("drawn", 1, 1)
FOLDER = Path(__file__).parent
POLICIES = ["default", "default", "contrasting", "./policies/first.yaml", "./policies/second.yaml",
            "./policies/third.yaml", "./policies/fourth.yaml"]  # fmt: skip
#: Values on the edges of the rules that are shipped, and beside them.
VALUES = {
    "mg/dL": [
        "0.4",
        "0.9",
        "1.2",
        "1.3",
        "1.5",
        "1.9",
        "2",
        "2.1",
        "2.5",
        "3",
        "3.1",
        "4",
        "5",
        "6",
    ],
    "umol/L": ["17", "26", "30", "51", "53", "80", "106", "133", "177", "180", "265", "350"],
    "xULN": ["0.5", "1", "1.5", "1.6", "2", "2.5", "3", "3.1", "5", "5.1", "10", "12"],
    "U/L": ["20", "40", "60", "100", "121", "180", "181", "200", "250"],
    "10^9/L": [
        "0.2",
        "0.5",
        "0.9",
        "1",
        "1.5",
        "2.5",
        "10",
        "10.1",
        "30",
        "50",
        "70",
        "100",
        "200",
    ],
    "/uL": ["200", "900", "1000", "2500", "10000", "10001", "50000", "180000"],
    "g/dL": ["7", "8", "9", "12"],
}
MEDICINES = ["posaconazole", "voriconazole", "Vfend", "verapamil", "fluconazole", "isavuconazole",
             "rifampin", "carbamazepine", "amiodarone", "allopurinol", "omeprazole", "aspirin",
             "co-trimoxazole", "clarithromycin", "efavirenz", "ritonavir"]  # fmt: skip
BASE = """\
format: protoplan-treatment/1
id: drawn
patient: {label: drawn, age: 45}
protocol: PROTOCOL
start: 2026-03-02
measurements: [{date: 2026-03-01, height: 175 cm, weight: 70 kg}]
"""

NORMAL = ("creatinine: 0.9 mg/dL, bilirubin: 0.6 mg/dL, direct_bilirubin: 0.3 mg/dL, "
          "alt: 0.8 xULN, ast: 0.7 xULN, neutrophils: 2.1 10^9/L, platelets: 180 10^9/L")  # fmt: skip

Draw = Callable[[st.SearchStrategy[Any]], Any]


@cache
def protocol_of(name: str) -> Protocol:
    return api.load_protocol(name, HERE, FOLDER)


@cache
def _blank(name: str) -> Treatment:
    kind, treatment = api.load_text(BASE.replace("PROTOCOL", name), "drawn.yaml")
    assert kind == "treatment"
    assert isinstance(treatment, Treatment)
    return treatment


def conditions(protocol: Protocol) -> Iterator[Condition | None]:
    """Every condition on which a date or a dose of the protocol can hang."""
    yield from (phase.when for phase in protocol.phases)
    yield from (asked.when for asked in protocol.options)
    for component in protocol.components:
        yield component.when
        yield from (sig.when for sig in component.sigs)
    rules = list(protocol.rules)
    for drug in {component.drug for component in protocol.components}:
        rules += formulary()[drug].rules
    for rule in rules:
        yield rule.when
        yield from (branch.test for branch in rule.branches)


@cache
def asked_for(name: str, what: str) -> tuple[str, ...]:
    """The names of what the protocol and the rules of its drugs ask for."""
    tests: list[Test] = [test for when in conditions(protocol_of(name)) for test in tests_in(when)]
    found = {test.name for test in tests if test.asks == what}
    if what == "lab" and ("measure", "creatinine_clearance") in {(t.asks, t.name) for t in tests}:
        found.add("creatinine")
    return tuple(sorted(found))


@attrs.frozen
class Drawn:
    """A treatment file."""

    text: str

    def treatment(self) -> Treatment:
        kind, treatment = api.load_text(self.text, "drawn.yaml")
        assert kind == "treatment"
        assert isinstance(treatment, Treatment)
        return treatment


@st.composite
def treatments(draw: Draw, name: str, *, happened: bool = False) -> Drawn:
    """A treatment on a protocol; much of it is left out now and then.

    Args:
        draw: Of hypothesis.
        name: The protocol.
        happened: With a record of what was given, held, missed and put off.
    """
    start = draw(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
    near = st.sampled_from([-10, -7, -3, -1, 0, 1, 3, 7, 8, 14, 20, 28, 29, 35, 56, 84])
    facts = _facts(draw, name)
    options = _options(draw, name, facts)
    lines = ["format: protoplan-treatment/1", "id: drawn"]
    patient = _patient(draw, start)
    lines += [f"patient: {{label: drawn, {patient}}}"]
    lines += [f"protocol: {name}", f"start: {start}"]
    # Schlich's formula has one form for each sex; without one the treatment is refused.
    sexless = "sex:" not in patient
    lines += [f"policy: {draw(st.sampled_from(POLICIES[:-1] if sexless else POLICIES))}"]
    if options:
        lines += [f"options: {{{', '.join(options)}}}"]
    if facts:
        lines += [f"facts: {{{', '.join(f'{fact}: {value}' for fact, value in facts)}}}"]
    lines += ["measurements:"]
    lines += [f"  - {{{row}}}" for row in _measurements(draw, start, near)]
    values = list(_labs(draw, name, start, near))
    if happened and draw(st.booleans()):
        values = [f"date: {start + timedelta(7 * n)}, {NORMAL}" for n in range(-1, 12)]
    if values:
        lines += ["labs:", *(f"  - {{{row}}}" for row in values)]
    lines += _medicines(draw, name, start)
    lines += _earlier(draw, name)
    lines += _prescribed(draw, name)
    if not happened and draw(st.integers(0, 3)) == 0:
        lines += [f"as_of: {start + timedelta(draw(st.sampled_from([84, 90, 120])))}"]
    record = list(_toxicities(draw, name, start, near))
    if happened:
        record += _record(draw, "\n".join(lines) + "\n", start)
    if record:
        lines += ["record:", *(f"  - {{{row}}}" for row in record)]
    return Drawn("\n".join(lines) + "\n")


def _patient(draw: Draw, start: date) -> str:
    sex = draw(st.sampled_from([", sex: female", ", sex: male", ", sex: male", ""]))
    if draw(st.booleans()):
        return f"age: {draw(st.sampled_from([18, 39, 40, 45, 59, 60, 61, 70, 71, 85]))}{sex}"
    # A birthday in the course, on which an age is passed that protocols ask for.
    years = draw(st.sampled_from([18, 40, 60, 60, 61, 71]))
    day = start + timedelta(draw(st.sampled_from([-400, -1, 0, 1, 2, 3, 7, 30, 120, 200])))
    day = day.replace(day=min(day.day, 28)) if draw(st.booleans()) else day
    try:
        return f"birth_date: {day.replace(year=day.year - years)}{sex}"
    except ValueError:  # the 29th of February
        return f"birth_date: {day.replace(year=day.year - years, day=28)}{sex}"


def _facts(draw: Draw, name: str) -> list[tuple[str, str]]:
    known = {fact.name: fact for fact in api.catalogue().facts}
    found = []
    for fact in asked_for(name, "fact"):
        if draw(st.integers(0, 6)) == 0:
            continue
        numbers = ("0", "1", "1.9", "2", "4", "19.9", "20", "49", "50", "50.1", "100")
        words = known[fact].words or [n for n in numbers if Decimal(n) <= (known[fact].high or 0)]
        found.append((fact, draw(st.sampled_from(words))))
    return found


def _options(draw: Draw, name: str, facts: list[tuple[str, str]]) -> list[str]:
    protocol = protocol_of(name)
    chosen: list[Stated] = []
    found = []
    for asked in protocol.options:
        treatment = attrs.evolve(
            _blank(name),
            options=tuple(chosen),
            facts=tuple(Stated(fact, value, HERE) for fact, value in facts),
        )
        blank = World(treatment, protocol, api.load_policy("default", HERE), treatment.start)
        applies = ask(asked.when, Asking(blank, treatment.start)) is True
        if not applies or draw(st.integers(0, 5)) == 0:
            continue
        value = _chosen(draw, asked)
        chosen.append(Stated(asked.name, value, HERE))
        found.append(f'{asked.name}: "{value}"')
    return found


def _chosen(draw: Draw, asked: Option) -> str:
    if asked.choices:
        return str(draw(st.sampled_from([choice.name for choice in asked.choices])))
    if asked.between:
        low, high = asked.between
        tenths = draw(st.integers(int(low.value * 10), int(high.value * 10)))
        return f"{tenths // 10}.{tenths % 10} {low.unit}"
    if asked.days:
        days = draw(
            st.lists(st.integers(1, 21), min_size=asked.days, max_size=asked.days, unique=True)
        )
        return ", ".join(map(str, sorted(days)))
    rows = ["20, 50, 100, 200", "100, 200, 400", "70", "50, 100", "10, 20, 30, 40, 50, 60, 70, 80"]
    row = draw(st.sampled_from(rows))
    return ", ".join(f"{step} {asked.steps}" for step in row.split(", "))


def _measurements(draw: Draw, start: date, near: st.SearchStrategy[int]) -> Iterator[str]:
    height = draw(
        st.sampled_from(["141 cm", "151.5 cm", "160 cm", "1.75 m", "70 in", "182.3 cm", "210 cm"])
    )
    weight = draw(
        st.sampled_from(["38 kg", "44.9 kg", "45 kg", "61.4 kg", "154 lb", "83.7 kg", "132 kg"])
    )
    yield f"date: {start - timedelta(draw(st.integers(0, 40)))}, height: {height}, weight: {weight}"
    for offset in sorted({draw(near) for _ in range(draw(st.integers(0, 3)))}):
        if offset > 0:
            kilos = draw(st.sampled_from(["43", "44.9", "45", "58.3", "64", "70", "87.5", "120"]))
            yield f"date: {start + timedelta(offset)}, weight: {kilos} kg"


def _labs(draw: Draw, name: str, start: date, near: st.SearchStrategy[int]) -> Iterator[str]:
    asked = asked_for(name, "lab")
    if not asked:
        return
    for offset in sorted({draw(near) for _ in range(draw(st.integers(0, 4)))}):
        values = []
        for lab in asked:
            if draw(st.integers(0, 7)) == 0:
                continue
            unit = draw(st.sampled_from(labs()[lab].units))
            values.append(f"{lab}: {draw(st.sampled_from(VALUES[unit]))} {unit}")
        if values:
            yield f"date: {start + timedelta(offset)}, {', '.join(values)}"


@cache
def acting(name: str) -> tuple[str, ...]:
    """The medicines for which a rule of the protocol or of its drugs asks, by name or class."""
    names, groups = asked_for(name, "medicine"), set(asked_for(name, "class"))
    return tuple(
        drug.id
        for drug in formulary().values()
        if drug.id in names or groups & {group for group, _ in drug.classes}
    )


def _medicines(draw: Draw, name: str, start: date) -> Iterator[str]:
    kind = draw(st.sampled_from(["none", "none", "some", "some", "some", "nothing is said"]))
    if kind == "none":
        yield "medicines: none"
    if kind != "some":
        return
    yield "medicines:"
    likely = acting(name) or tuple(MEDICINES)
    # From shortly before the course into its first weeks, so that wash-outs end on days of doses.
    days = st.sampled_from([-6, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12, 26, 27, 28, 29, 31, 60])
    for _ in range(draw(st.integers(1, 3))):
        drug, classes = draw(st.sampled_from([draw(st.sampled_from(MEDICINES)), *likely])), ""
        if draw(st.integers(0, 9)) == 0:
            drug = "something new"
            classes = draw(st.sampled_from(["", ", classes: none", ", classes: [p-gp-inhibitor]"]))
        first, last = sorted([draw(days), draw(days)])
        begin = f", from: {start + timedelta(first)}" if draw(st.booleans()) else ""
        end = f", to: {start + timedelta(last)}" if draw(st.integers(0, 3)) else ""
        yield f"  - {{drug: {drug}{begin}{end}{classes}}}"


def _earlier(draw: Draw, name: str) -> list[str]:
    kind = draw(st.sampled_from(["none", "some", "some", "nothing is said"]))
    if kind != "some":
        return ["earlier_exposure: none"] if kind == "none" else []
    drugs = sorted({component.drug for component in protocol_of(name).components})
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        drug = draw(st.sampled_from(drugs))
        one = "units" if formulary()[drug].unit == "units" else "mg"
        unit = draw(st.sampled_from([formulary()[drug].unit, one, f"{one}/m2"]))
        rows.append(f"  - {{drug: {drug}, amount: 2.4 {unit}}}")
    return ["earlier_exposure:", *rows]


def _prescribed(draw: Draw, name: str) -> list[str]:
    protocol = protocol_of(name)
    labels = [label for phase in protocol.phases for label, _ in phase.cycles]
    rows = []
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        component = draw(st.sampled_from(protocol.components))
        first = draw(st.sampled_from(labels))
        last = draw(st.sampled_from(["", f", to_cycle: {first}"]))
        route = draw(st.sampled_from(["", f", route: {component.route}"]))
        unit = formulary()[component.drug].unit
        changes = ["omit: true", "scale: 75 percent", "scale: 120 percent"]
        if all(sig.rate is None for sig in component.sigs):
            changes += [f"set: 7 {unit}", f"set: 31.5 {unit}/m2"]
        rows.append(
            f"  - {{from_cycle: {first}{last}, drug: {component.drug}{route}, "
            f"{draw(st.sampled_from(changes))}, reason: drawn, by: drawn}}"
        )
    return ["prescribed:", *rows] if rows else []


def _toxicities(draw: Draw, name: str, start: date, near: st.SearchStrategy[int]) -> Iterator[str]:
    asked = asked_for(name, "toxicity") + asked_for(name, "worst_toxicity")
    names = [tox.name for tox in api.catalogue().toxicities if tox.name in asked or "any" in asked]
    names = [name for name in names if name != "any"]
    if not names:
        return
    drugs = sorted({component.drug for component in protocol_of(name).components})
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2, 4]))):
        cause = draw(st.sampled_from(["", *(f", related_to: {drug}" for drug in drugs)]))
        day = start + timedelta(draw(near))
        toxicity = draw(st.sampled_from(names)).replace("_", " ")
        yield f"date: {day}, toxicity: {toxicity}, grade: {draw(st.integers(0, 4))}{cause}"


# ------------------------------------------------------------------------------------- the record


def _record(draw: Draw, text: str, start: date) -> list[str]:
    """Starts of cycles, then what became of some of their doses, and drugs that were stopped."""
    begun = _starts(draw, text, start)
    doses = _planned(text, begun)
    labels = [row.split("cycle: ")[1].split(",")[0] for row in begun if "started" in row]
    rates = {
        component.name
        for component in protocol_of(_name(text)).components
        if any(sig.rate is not None for sig in component.sigs)
    }
    here = [dose for dose in doses if dose.cycle in labels]
    near = [dose for dose in here if f"{dose.drug} {dose.route}" not in rates][:90]
    rows = list(begun)
    count = draw(st.integers(0, 6)) if near else 0
    for dose in dict.fromkeys(draw(st.sampled_from(near)) for _ in range(count)):
        rows += _of_dose(draw, dose)
    infusions = [dose for dose in here if f"{dose.drug} {dose.route}" in rates]
    count = draw(st.sampled_from([1, 2, 2, 3])) if infusions else 0
    for name in dict.fromkeys(draw(st.sampled_from(infusions)).id for _ in range(count)):
        # Where it stands now, after what is recorded of the others.
        stands = [dose for dose in _planned(text, rows) if dose.id == name and dose.end]
        rows += _of_infusion(draw, stands[0], text, rows) if stands else []
    near += infusions
    if near and draw(st.integers(0, 3)) == 0:
        dose = draw(st.sampled_from(near))
        route = draw(st.sampled_from(["", f", route: {dose.route}"]))
        later = timedelta(draw(st.integers(0, 30)))
        rows.append(
            f"date: {dose.start.date() + later}, stopped: {dose.drug}{route}, reason: drawn"
        )
    return rows


def _planned(text: str, rows: list[str]) -> tuple[Dose, ...]:
    """The doses by a record so far; none where nothing can be planned by it."""
    try:
        return plan(world(_with(text, rows).treatment(), FOLDER))[1]
    except Refused:
        return ()


def _of_infusion(draw: Draw, dose: Dose, text: str, before: list[str]) -> list[str]:
    """Of an infusion by the schedule: when it began, how often it stood still, how it ended.

    A later part of it is named by its own id, or by that of one before it.
    """
    if draw(st.integers(0, 5)) == 0:
        return _of_dose(draw, dose)
    assert dose.end is not None
    start, left, rows, names = dose.start, dose.end - dose.start, [], [dose.id]
    unit = formulary()[dose.drug].unit
    if draw(st.booleans()):
        start = _later(draw, start, [0, 0, 1, 2, 5])
        rows.append(f"date: {start.date()}, begun: {dose.id}{_at(start, dose.start)}")
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
        name = draw(st.sampled_from([*names, names[-1]]))
        # Now and then at its very end, when it runs no more.
        days = [day for day in (0, 0, 1, 2, 3, left.days - 1) if day < left.days] * 3
        off = _later(draw, start, [*days, left.days])
        delivered = draw(st.sampled_from(["", "", f", delivered: 4.5 {unit}"]))
        rows.append(f"date: {off.date()}, interrupted: {name}{_at(off, start)}{delivered}, "
                    "reason: drawn")  # fmt: skip
        if draw(st.integers(0, 3)) == 0:
            names += _part(dose, off, _planned(text, [*before, *rows]))
            break
        on = _later(draw, off, [0, 1, 3, 6, 7, 7, 8, 12])
        rows.append(f"date: {on.date()}, resumed: {name}{_at(on, off)}")
        start, left = on, left - (off - start)
        names += _part(dose, on, _planned(text, [*before, *rows]))
    if names[1:] and draw(st.integers(0, 2)) == 0:
        rows.append(f"date: {(start + left).date()}, given: {names[-1]}, amount: 7.5 {unit}")
    if draw(st.integers(0, 9)) == 0:
        rows.append(_strange(draw, names, start.date()))
    return rows


def _strange(draw: Draw, names: list[str], on: date) -> str:
    """What seldom goes with the rest of what is said of an infusion."""
    on += timedelta(draw(st.sampled_from([-4, -1, 0, 0, 1, 5])))
    word = draw(st.sampled_from(["held", "missed", "begun", "delayed", "interrupted"]))
    to = f", to: {on + timedelta(1)}" if word == "delayed" else ""
    why = "" if word == "begun" else ", reason: drawn"
    return f"date: {on}, {word}: {draw(st.sampled_from(names))}{to}{why}"


def _part(dose: Dose, on: datetime, doses: tuple[Dose, ...]) -> list[str]:
    """The id of the part of an infusion that goes on at a moment, or waits since then, if any."""
    key = dose.cycle, dose.drug, dose.route, on
    return [d.id for d in doses if (d.cycle, d.drug, d.route, d.start) == key and d.id != dose.id]


def _later(draw: Draw, moment: datetime, days: list[int]) -> datetime:
    """Some days later, at the same hour or at another."""
    found = moment + timedelta(draw(st.sampled_from(days)))
    hour = draw(st.sampled_from([None, None, time(6), time(15, 30), time(23, 50)]))
    return max(moment, found if hour is None else datetime.combine(found.date(), hour))


def _at(moment: datetime, before: datetime) -> str:
    """The hour as an entry states it; one that is the same as before may be left out."""
    return "" if moment.time() == before.time() else f', time: "{moment:%H:%M}"'


def _with(text: str, rows: list[str]) -> Drawn:
    return Drawn("".join([text, "record:\n", *(f"  - {{{row}}}\n" for row in rows)]))


def _starts(draw: Draw, text: str, start: date) -> list[str]:
    rows = [
        f"date: {start + timedelta(draw(st.sampled_from([0, 0, 0, 2])))}, cycle: FIRST, started: true"
    ]
    rows[0] = rows[0].replace("FIRST", _labels(text)[0])
    for label in _labels(text)[1 : 1 + draw(st.integers(0, 3))]:
        course = cycles(world(_with(text, rows).treatment(), FOLDER))
        due = next(cycle.start for cycle in course if cycle.label == label)
        if due is None:
            break
        if draw(st.integers(0, 2)) == 0:
            to = due + timedelta(draw(st.integers(1, 9)))
            rows.append(f"date: {due - timedelta(1)}, delayed: {label}, to: {to}, reason: drawn")
            break
        late = timedelta(draw(st.sampled_from([0, 0, 1, 5, 9, -4])))
        rows.append(f"date: {due + late}, cycle: {label}, started: true")
    if draw(st.integers(0, 4)) == 0:
        phases = [phase.name for phase in protocol_of(_name(text)).phases]
        to = draw(st.sampled_from([*phases[1:], "transplant"]))
        last = date.fromisoformat(rows[-1].split(",")[0].removeprefix("date: "))
        on = last + timedelta(draw(st.sampled_from([0, 1, 5, 20, 21, 40, 90])))
        rows.append(f'date: {on}, moved_on: "{to}", reason: drawn')
    return rows


def _name(text: str) -> str:
    return Drawn(text).treatment().protocol


def _labels(text: str) -> list[str]:
    return [cycle.label for cycle in cycles(world(Drawn(text).treatment(), FOLDER))]


def _of_dose(draw: Draw, dose: Dose) -> list[str]:
    """One entry of a dose, or two that follow each other."""
    unit = formulary()[dose.drug].unit
    on, later = dose.start.date(), draw(st.integers(0, 3))
    held = f"date: {on}, held: {dose.id}, reason: drawn"
    put_off = f"date: {on}, delayed: {dose.id}, to: {on + timedelta(1 + later)}, reason: drawn"
    time = draw(st.sampled_from(["", ', time: "07:15"', ', time: "23:50"']))
    time += draw(st.sampled_from(["", "", ", bsa: 1.91 m2"]))
    given = f"date: {on + timedelta(later)}, given: {dose.id}, amount: 7.5 {unit}{time}"
    at_once = f"date: {on}, given: {dose.id}, amount: 7.5 {unit}{time}"
    found: list[str] = draw(
        st.sampled_from(
            [
                [at_once], [given], [held], [held, given], [put_off],
                [f"date: {on + timedelta(later)}, missed: {dose.id}, reason: drawn"],
                [f"date: {on}, refused: {dose.id}, reason: drawn"],
                [held, put_off], [put_off, given.replace(str(on), str(on + timedelta(1)))],
                [put_off, held.replace(str(on), str(on + timedelta(1)))],
                [put_off, f"date: {on + timedelta(later)}, missed: {dose.id}, reason: drawn"],
            ]
        )
    )  # fmt: skip
    return found
