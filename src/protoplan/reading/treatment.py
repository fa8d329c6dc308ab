"""The reader of treatment files: one patient on one protocol, as stated."""

from datetime import date
from typing import Any

import attrs

from protoplan.model.record import in_order
from protoplan.model.treatment import (
    EarlierExposure,
    LabValue,
    Measurement,
    Medicine,
    Patient,
    Prescription,
    Stated,
    Treatment,
)
from protoplan.quantity import Quantity
from protoplan.reading.catalogue import UNITS_OF_LABS
from protoplan.reading.components import AMOUNTS
from protoplan.reading.record import entry
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    OneOf,
    PairsOf,
    Record,
    Shape,
    all_of,
    entries_of,
    part,
    text,
    without,
)
from protoplan.reading.tree import Node, Scalar
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    day,
    drug_name,
    fact_name,
    lab_name,
    name,
    route,
    yes_or_no,
)
from protoplan.source import Place

LENGTHS = ("cm", "m", "in")
WEIGHTS = ("kg", "g", "lb")
EXPOSURES = ("mg/m2", "mg", "mcg", "units", "units/m2")


@attrs.frozen
class _Revision:
    number: int
    date: date | None
    at: Any


_REVISION = Record(_Revision, "revision", {
    "number": Field(Whole(0, 9999)),
    "date": Field(day, None),
})  # fmt: skip


def _patient_rule(values: dict[str, Any]) -> str | None:
    if (values["birth_date"] is None) == (values["age"] is None):
        return "needs either a birth_date or an age"
    return None


#: The longest label of a patient; it stands in the heading of every page.
LONGEST_LABEL = 60


def label(node: Node, log: Log) -> str:
    """A label that is not a name, short enough for a heading."""
    written = text(node, log)
    if len(written) > LONGEST_LABEL:
        raise log.refuse("PP209", f"a label has at most {LONGEST_LABEL} characters", node)
    return written


_PATIENT = Record(Patient, "patient", {
    "label": Field(label),
    "birth_date": Field(day, None),
    "age": Field(Whole(0, 120), None),
    "sex": Field(OneOf(("female", "male"), "sex"), None),
}, _patient_rule)  # fmt: skip


@attrs.frozen
class Answers:
    """Names with what is answered, as written.

    Attributes:
        name: The shape of a name.
    """

    name: Shape[str]

    def __call__(self, node: Node, log: Log) -> tuple[Stated, ...]:
        return all_of([(self._answer(key), value) for key, value in entries_of(node, log)], log)

    def _answer(self, key: Scalar) -> Shape[Stated]:
        def read(node: Node, log: Log) -> Stated:
            return Stated(self.name(key, log), text(node, log), log.place(node))

        return read


_MEASUREMENT = Record(Measurement, "measurement", {
    "date": Field(day),
    "height": Field(Amount(LENGTHS), None),
    "weight": Field(Amount(WEIGHTS), None),
}, lambda values: "has neither a height nor a weight"
   if values["height"] is None and values["weight"] is None else None)  # fmt: skip


def _lab(node: Node, log: Log) -> tuple[Quantity, Place]:
    return Amount(UNITS_OF_LABS)(node, log), log.place(node)


_LABS: Shape[Any] = PairsOf(lab_name, _lab)


def labs(node: Node, log: Log) -> tuple[LabValue, ...]:
    """A date and any number of labs on it."""
    entries_of(node, log)
    dated = part(node, "date")
    if dated is None:
        raise log.refuse("PP202", "labs lack the key 'date'; an undated value is not known", node)
    on, values = all_of([(day, dated), (_LABS, without(node, "date"))], log)
    return tuple(LabValue(on, name, value, at) for name, (value, at) in values)


@attrs.frozen
class OrNone:
    """What *shape* reads, or the word none, which states that there is nothing."""

    shape: Any

    def __call__(self, node: Node, log: Log) -> Any:
        if isinstance(node, Scalar) and node.text == "none":
            return ()
        found = self.shape(node, log)
        if not found:
            raise log.refuse("PP203", "an empty list does not say whether there is nothing; "
                             "write none", node)  # fmt: skip
        return found


def _or_none(shape: Any) -> OrNone:
    """What *shape* reads, or the word none, which states that there is nothing."""
    return OrNone(shape)


_MEDICINE = Record(Medicine, "medicine", {
    "drug": Field(text),
    "from": Field(day, None, "start"),
    "to": Field(day, None, "end"),
    "classes": Field(_or_none(ListOf(text)), None),
}, lambda values: "ends before it begins"
   if values["start"] and values["end"] and values["end"] < values["start"] else None)  # fmt: skip

_EARLIER = Record(EarlierExposure, "earlier exposure", {
    "drug": Field(text),
    "amount": Field(Amount(EXPOSURES)),
})  # fmt: skip


def _prescription_rule(values: dict[str, Any]) -> str | None:
    changes = [key for key in ("scale", "set", "omit") if values[key]]
    return None if len(changes) == 1 else "states one of 'scale', 'set' and 'omit'"


_PRESCRIPTION = Record(Prescription, "prescribed change", {
    "from_cycle": Field(name, into="first"),
    "to_cycle": Field(name, None, "last"),
    "drug": Field(drug_name),
    "route": Field(route, None),
    "scale": Field(above_nothing(Amount(("percent",))), None),
    "set": Field(above_nothing(Amount(AMOUNTS)), None),
    "omit": Field(yes_or_no, default=False),
    "reason": Field(text),
    "by": Field(text),
}, _prescription_rule)  # fmt: skip


def placed(node: Node, log: Log) -> Stated:
    """A text with its place."""
    return Stated("", text(node, log), log.place(node))


def _treatment(
    revision: _Revision | None, labs: Any, earlier_exposure: Any, record: Any, **rest: Any
) -> Treatment:
    protocol, policy = rest.pop("protocol"), rest.pop("policy")
    return Treatment(
        earlier=earlier_exposure,
        protocol=protocol.value,
        protocol_at=protocol.at,
        policy=policy.value if policy else "default",
        policy_at=policy.at if policy else rest["at"],
        revision=revision.number if revision else 0,
        revision_date=revision.date if revision else None,
        labs=tuple(value for group in labs for value in group),
        record=in_order(record),
        **rest,
    )


#: What a case states too; a treatment file has its own id, revision and record besides.
TREATMENT_FIELDS = {
    "patient": Field(_PATIENT),
    "protocol": Field(placed),
    "start": Field(day),
    "options": Field(Answers(text), ()),
    "facts": Field(Answers(fact_name), ()),
    "measurements": Field(ListOf(_MEASUREMENT)),
    "labs": Field(ListOf(labs), ()),
    "medicines": Field(_or_none(ListOf(_MEDICINE)), None),
    "earlier_exposure": Field(_or_none(ListOf(_EARLIER)), None),
    "policy": Field(placed, None),
    "as_of": Field(day, None),
    "prescribed": Field(ListOf(_PRESCRIPTION), ()),
    "record": Field(ListOf(entry), ()),
}

_TREATMENT = Record(_treatment, "treatment", {
    "id": Field(name),
    "revision": Field(_REVISION, None),
    **TREATMENT_FIELDS,
})  # fmt: skip


def case_treatment(name: str, at: Place, stated: dict[str, Any]) -> Treatment:
    """The treatment of a case, which needs no id of its own."""
    return _treatment(id=f"case: {name}", revision=None, at=at, **stated)


def treatment(node: Node, log: Log, sha256: str) -> Treatment:
    """Read a whole treatment file."""
    return _TREATMENT(without(node, "format"), log)
