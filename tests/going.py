"""Made-up courses as they went by a record: the slots, without the doses that are ordered.

Alpha is given in three cycles of 21 days, from Monday 2026-03-02, 03-23 and 04-13, at 10:00; they
are over on 05-04. The first entry of a record stands in line 11 of its file.
"""

from datetime import date

import pytest
from tests.engine import NONE, TREATMENT, drug_text, formulary, listed, protocol_text, ready

from protoplan import files
from protoplan.model.treatment import Treatment
from protoplan.planning.conditions import known
from protoplan.planning.course import Course, course
from protoplan.planning.happened import Happened, happened
from protoplan.planning.prepared import Prepared
from protoplan.planning.replanning import as_it_went
from protoplan.planning.schedule import Slot, slots
from protoplan.problems import Faulty

ONE = "  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}"
#: Two more cycles in a phase of their own, after two.
TWO = (
    "  - {name: treatment, cycles: {1-2: only}, source: [paper, Methods]}\n"
    "  - {name: upkeep, cycles: {3-4: only}, source: [paper, Methods]}"
)
LIMIT = "interruption: {at_most: 7 days, source: [label, section 2]}"
WEEKLY = "{dose: 100 mg, days: [1, 8]}"
#: Two infusions, one after the other.
STEPS = "{rate: 9 mg/day, days: 1-4}\n      - {rate: 28 mg/day, days: 5-11}"


class Made:
    """A protocol as it went by a record."""

    def __init__(
        self,
        *entries: str,
        sig: str = WEEKLY,
        components: str = "",
        phases: str = ONE,
        lineage: str = "",
        as_of: date = date(2026, 7, 1),
    ) -> None:
        text = protocol_text(sig=sig, components=components).replace(ONE, phases)
        record = listed("record", [f"{{{entry}}}" for entry in entries])
        with formulary(*(drug_text(name, LIMIT) for name in ("alpha", "beta", "gamma"))):
            self.prepared: Prepared = ready(text)
            treatment: Treatment = files.load_text(f"{TREATMENT}{NONE}{record}\n", "t.yaml")[1]
        self.clock = self.prepared.policy.clock
        self.state = known((), {}, {"lineage": lineage} if lineage else {})
        self.happened: Happened = happened(
            treatment.record, self.prepared.drugs, as_of, self.clock.first_dose
        )
        self.course: Course = course(
            self.prepared.protocol, self.state, treatment.start, self.happened
        )

    def scheduled(self, *, whatever: bool = False) -> tuple[Slot, ...]:
        return slots(
            self.prepared.layouts, self.course.cycles, self.state, self.clock, whatever=whatever
        )

    def went(self) -> tuple[Slot, ...]:
        return as_it_went(
            self.scheduled(), lambda: self.scheduled(whatever=True), self.happened, self.course
        )


def told(slot: Slot) -> str:
    """Id, day and time, and what became of it with the line that says so."""
    end = "" if slot.end is None else f" to {slot.end:%m-%d %H:%M}"
    where = f"{slot.id} day {slot.day}, {slot.start:%m-%d %H:%M}{end}"
    if slot.fate is None:
        return where
    because = "".join(f": {text}" for text in (slot.fate.because, *slot.fate.needs) if text)
    return f"{where} {slot.fate.status} (line {slot.fate.at.line}){because}"


def went(*entries: str, **more: str) -> dict[str, str]:
    """Each slot by its id."""
    return {slot.id: told(slot) for slot in Made(*entries, **more).went()}  # type: ignore[arg-type]


def refused(*entries: str, **more: str) -> list[str]:
    """Every problem, with its place and its hint."""
    with pytest.raises(Faulty) as wrong:
        Made(*entries, **more).went()  # type: ignore[arg-type]
    return [str(problem) for problem in wrong.value.problems]
