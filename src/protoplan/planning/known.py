"""What is known when a plan is made, and what an answer to a question may be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

import attrs

from protoplan.model.catalogue import Lab
from protoplan.model.option import Answer, Option
from protoplan.model.plan import Measure
from protoplan.model.record import Toxicity
from protoplan.model.treatment import LabValue, Patient
from protoplan.quantity import Quantity

Name = TypeVar("Name")


@attrs.frozen
class Verdict:
    """An answer.

    Attributes:
        answer: True, False, or None for unknown.
        needs: The names of what must be known to answer it.
        pending: Labs that were stated and are too old for a day that is still to come; where
            these alone are wanted, the answer waits for that day.
        because: What it rests on, in words; two verdicts that differ in words alone are equal.
    """

    answer: bool | None
    needs: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    because: tuple[str, ...] = attrs.field(default=(), eq=False)

    @property
    def wanted(self) -> tuple[str, ...]:
        """All that is lacking for an answer, a laboratory value of a day to come included."""
        return tuple(dict.fromkeys((*self.needs, *self.pending)))

    @property
    def waits(self) -> bool:
        """Unknown only because the day has not come."""
        return self.answer is None and not self.needs


YES = Verdict(True)
NO = Verdict(False)


@attrs.frozen
class Taken:
    """A medicine that the patient takes, or a drug of the plan itself.

    Attributes:
        name: As it was stated.
        ids: Every name it has in the formulary; only the stated one where it is not known.
        classes: None where no class is known.
        start: The first day taken; None is since before the plan.
        end: The last day taken; None is without end.
        needs: What must be known before it is certain that it is given.
    """

    name: str
    ids: frozenset[str]
    classes: frozenset[str] | None
    start: date | None
    end: date | None
    needs: tuple[str, ...] = ()

    @property
    def kinds(self) -> Collection[str | None]:
        """Its classes; None alone where no class is known."""
        return (None,) if self.classes is None else self.classes

    def __str__(self) -> str:
        """The medicine and its dates."""
        if self.start is None and self.end is None:
            return self.name
        first = f" from {self.start}" if self.start else ""
        return f"{self.name}{first}{f' to {self.end}' if self.end else ''}"

    def acts(self, on: date, washout: int) -> bool:
        """Whether it acts on a day: from its first day until the wash-out is over."""
        begun = self.start is None or self.start <= on
        return begun and (self.end is None or on < self.end + timedelta(max(washout, 1)))


@attrs.frozen
class Own:
    """The drugs of the plan itself, which count as medicines too.

    Attributes:
        taken: One for each run of days on which a drug is given.
        named: The same by each of their names.
        of_class: The same by each of their classes; under None those of which no class is known.
    """

    taken: tuple[Taken, ...] = ()
    named: Mapping[str, Sequence[Taken]] = attrs.field(init=False, eq=False)
    of_class: Mapping[str | None, Sequence[Taken]] = attrs.field(init=False, eq=False)

    @named.default
    def _named(self) -> Mapping[str, Sequence[Taken]]:
        return _grouped((name, taken) for taken in self.taken for name in taken.ids)

    @of_class.default
    def _of_class(self) -> Mapping[str | None, Sequence[Taken]]:
        return _grouped((kind, taken) for taken in self.taken for kind in taken.kinds)


def _grouped(pairs: Iterable[tuple[Name, Taken]]) -> Mapping[Name, Sequence[Taken]]:
    found: dict[Name, list[Taken]] = {}
    for name, taken in pairs:
        found.setdefault(name, []).append(taken)
    return found


@attrs.frozen
class Known:
    """What is known when a plan is made.

    Attributes:
        options: Every option that applies or may apply, with its answer; None while it is not
            chosen, or while it is not known whether it applies.
        waiting: For an option of which it is not known whether it applies, what decides that.
        facts: Facts as stated.
        labs: Labs as stated, by name, in the order of their dates.
        units: The catalogue's labs, for conversions.
        fresh_days: How old a lab may be.
        patient: Whose age it is; None where there is no patient.
        offered: Every option of the protocol, by name.
        defaults: Those that were not chosen and stand at their default.
        as_of: The day the plan is made; a lab that is too old for a later day is pending.
        medicines: Those that are taken; None where nothing is stated.
        own: The drugs of the plan itself.
        beside: The drug beside which medicines are looked for; it is none beside itself.
        washout: So many days after its last day a medicine still acts.
        events: Toxicities, in the order of their dates.
        measures: The patient's measures, for weight and clearance.
        upper_limits: The site's upper limit of normal of each lab.
        clearance_weight: The weight that goes into a creatinine clearance.
        last_values: Take the last value of a lab however old it is.
    """

    options: Mapping[str, Answer | None]
    waiting: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, str]
    labs: Mapping[str, tuple[LabValue, ...]]
    units: Mapping[str, Lab]
    fresh_days: int
    patient: Patient | None = None
    offered: Mapping[str, Option] = attrs.field(factory=dict)
    defaults: Collection[str] = ()
    as_of: date = date.max
    medicines: tuple[Taken, ...] | None = None
    own: Own = Own()
    beside: str = ""
    washout: int = 0
    events: tuple[Toxicity, ...] = ()
    measures: tuple[Measure, ...] = ()
    upper_limits: Mapping[str, Quantity] = attrs.field(factory=dict)
    clearance_weight: str = "actual"
    last_values: bool = False

    def named(self, name: str) -> list[Taken]:
        """The medicines of a name, the plan's own drugs first, whenever they are taken."""
        own = [taken for taken in self.own.named.get(name, ()) if self.beside not in taken.ids]
        return own + [taken for taken in self.medicines or () if name in taken.ids]

    def of_class(self, name: str | None) -> list[Taken]:
        """Likewise those of a class; None for those of which no class is known."""
        own = [taken for taken in self.own.of_class.get(name, ()) if self.beside not in taken.ids]
        return own + [taken for taken in self.medicines or () if name in taken.kinds]
