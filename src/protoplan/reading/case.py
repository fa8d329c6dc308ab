"""The reader of case files: tests that a pharmacist can read and write."""

from datetime import date
from typing import Any

from protoplan.model.case import Case, CaseFile, ExpectedDose, ExpectedTotal
from protoplan.reading.components import AMOUNTS
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    OneOf,
    Record,
    all_of,
    entries_of,
    text,
    without,
)
from protoplan.reading.treatment import TREATMENT_FIELDS, case_treatment
from protoplan.reading.tree import Node
from protoplan.reading.values import Amount, Whole, day, drug_name, route

STATUSES = ("planned", "held", "omitted", "unresolved", "given", "missed", "cancelled")

_DOSE = Record(ExpectedDose, "expected dose", {
    "drug": Field(drug_name),
    "route": Field(route, None),
    "times": Field(Whole(0, 100), None),
    "calculated": Field(Amount(AMOUNTS), None),
    "ordered": Field(Amount(AMOUNTS), None),
    "given": Field(Amount(AMOUNTS), None),
    "status": Field(OneOf(STATUSES, "status"), None),
})  # fmt: skip


def days(node: Node, log: Log) -> tuple[tuple[date, tuple[ExpectedDose, ...]], ...]:
    """Date and the doses that must stand on it."""
    entries = entries_of(node, log)
    dates = all_of([(day, key) for key, _ in entries], log)
    doses = all_of([(ListOf(_DOSE), value) for _, value in entries], log)
    return tuple(zip(dates, doses, strict=True))


def cycles(node: Node, log: Log) -> tuple[tuple[str, date], ...]:
    """Label of a cycle and the date on which it begins."""
    entries = entries_of(node, log)
    labels = all_of([(text, key) for key, _ in entries], log)
    starts = all_of([(day, value) for _, value in entries], log)
    return tuple(zip(labels, starts, strict=True))


_TOTAL = Record(ExpectedTotal, "expected total", {
    "drug": Field(drug_name),
    "route": Field(route, None),
    "doses": Field(Whole(0, 100_000), None),
    "exposure": Field(Amount(AMOUNTS), None),
    "ordered": Field(Amount(AMOUNTS), None),
})  # fmt: skip


def _case(name: str, at: Any, **rest: Any) -> Case:
    names = [field.into or key for key, field in TREATMENT_FIELDS.items()]
    stated = {key: rest.pop(key) for key in names}
    return Case(name=name, treatment=case_treatment(name, at, stated), at=at, **rest)


def _case_rule(values: dict[str, Any]) -> str | None:
    listed = any(values[key] for key in ("days", "cycles", "totals"))
    stated = any(values[key] is not None for key in ("bsa", "unresolved", "exit_code"))
    return None if listed or stated else "expects nothing"


_CASE = Record(_case, "case", {
    "name": Field(text),
    **TREATMENT_FIELDS,
    "bsa": Field(Amount(("m2",)), None),
    "days": Field(days, ()),
    "cycles": Field(cycles, ()),
    "totals": Field(ListOf(_TOTAL), ()),
    "unresolved": Field(ListOf(text), None),
    "exit": Field(Whole(0, 6), None, "exit_code"),
}, _case_rule)  # fmt: skip

_FILE = Record(CaseFile, "case file", {"cases": Field(ListOf(_CASE))})


def cases(node: Node, log: Log, sha256: str) -> CaseFile:
    """Read a whole case file."""
    return _FILE(without(node, "format"), log)
