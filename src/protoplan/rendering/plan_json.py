"""The plan to the machine-readable contract: numbers that matter are strings of exact decimals."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from protoplan.model.exposure import Exposure, LimitLine
from protoplan.model.order import GivenDose, Order, Step
from protoplan.model.plan import Administration, Plan
from protoplan.quantity import Quantity, decimal_of, plain


def render(plan: Plan) -> str:
    """One JSON object, keys in the order of the contract."""
    return laid_out(as_data(plan))


def laid_out(data: Mapping[str, Any]) -> str:
    """JSON with a line for each key and each entry of a list: light to write, easy to compare."""
    return "{\n" + ",\n".join(f"  {_json(key)}: {_value(data[key])}" for key in data) + "\n}\n"


def _value(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n" + ",\n".join(f"    {_json(entry)}" for entry in value) + "\n  ]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def amount(quantity: Quantity | None) -> dict[str, str] | None:
    """Value and unit, or null."""
    return None if quantity is None else {"value": plain(quantity.value), "unit": quantity.unit}


def fraction(value: Fraction | None) -> str | None:
    """The exact decimal, or null."""
    return None if value is None else plain(decimal_of(value))


def moment(when: date | datetime | None) -> str | None:
    """ISO text, or null."""
    return None if when is None else when.isoformat()


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain data."""
    measure = plan.measures[-1]
    inputs = [
        {"kind": entry.kind, "id": entry.id, "version": entry.version, "sha256": entry.sha256}
        for entry in plan.inputs
    ]
    return {
        "format": "protoplan-plan/1",
        "protocol": {"id": plan.protocol.id, "version": plan.protocol.version,
                     "sha256": plan.protocol.sha256, "title": plan.title},
        "inputs": inputs,
        "treatment": {"id": plan.treatment, "label": plan.label, "revision": plan.revision,
                      "revision_date": moment(plan.revision_date)},
        "complete": plan.complete,
        "as_of": moment(plan.as_of),
        "options": {line.name: line.value for line in plan.options},
        "facts": dict(plan.facts),
        "medicines": None
        if plan.medicines is None
        else [
            {"drug": drug, "from": moment(start), "to": moment(end)}
            for drug, start, end in plan.medicines
        ],
        "patient": {
            "sex": plan.sex,
            "age": plan.age,
            "height": amount(measure.height),
            "weight": amount(measure.weight),
            "bsa": {"value": plain(measure.bsa), "unit": "m2", "formula": measure.formula},
            "measures": [
                {"date": moment(m.date), "height": amount(m.height), "weight": amount(m.weight),
                 "bsa": plain(m.bsa), "working": m.working}
                for m in plan.measures
            ],
        },
        "cycles": [
            {"label": c.label, "kind": c.kind, "phase": c.phase, "start": moment(c.start),
             "length_days": c.length_days, "length_between": c.between and list(c.between),
             "title": c.title, "assumptions": list(c.assumptions), "late_days": c.late,
             "recorded": c.recorded, "because": c.because}
            for c in plan.cycles
        ],
        "administrations": _administrations(plan.administrations),
        "instructions": [
            {"date": moment(i.date), "text": i.text, "because": i.because, "source": i.source,
             "around": list(i.around)}
            for i in plan.instructions
        ],
        "open_items": [
            {"text": i.text, "gives": list(i.gives), "when": i.when, "until": i.until,
             "source": i.source}
            for i in plan.open_items
        ],
        "exposure": [exposure(entry) for entry in plan.exposure],
        "unresolved": [
            {"about": u.about, "needs": list(u.needs), "wanted": list(u.wanted),
             "administrations": list(u.administrations)}
            for u in plan.unresolved
        ],
        "checklist": [
            {"date": moment(c.date), "cycle": c.cycle, "labs": list(c.labs),
             "toxicities": list(c.toxicities), "would": list(c.would),
             "administrations": list(c.administrations)}
            for c in plan.checklist
        ],
        "findings": [
            {"code": f.code, "severity": f.severity.value, "message": f.message,
             "administrations": list(f.administrations), "source": f.source}
            for f in plan.findings
        ],
        "silences": [{"about": about, "left": left} for about, left in plan.silences],
        "totals": [
            {"of": list(t.of), "doses": t.doses, "given": t.given, "planned": t.planned,
             "open": t.open, "source": t.source}
            for t in plan.totals
        ],
    }  # fmt: skip


def exposure(entry: Exposure) -> dict[str, Any]:
    """One drug's exposure."""
    return {
        "drug": entry.drug,
        "route": entry.route,
        "basis": entry.unit,
        "value": fraction(entry.value),
        "planned": fraction(entry.planned),
        "earlier": fraction(entry.earlier),
        "ordered": None if entry.ordered is None else plain(entry.ordered.value),
        "ordered_unit": None if entry.ordered is None else entry.ordered.unit,
        "administrations": entry.doses,
        "limits": [limit(line) for line in entry.limits],
    }


def limit(line: LimitLine) -> dict[str, Any]:
    """How one limit stands."""
    return {
        "about": line.about,
        "most": amount(line.most),
        "cycles": line.cycles,
        "over": line.over,
        "cycle": line.cycle,
        "value": fraction(line.value),
        "passed": line.passed,
        "equivalents": line.by,
        "says": line.says,
        "source": line.source,
    }


def _administrations(rows: Sequence[Administration]) -> list[dict[str, Any]]:
    shared: dict[int, dict[str, Any]] = {}
    out = []
    for row in rows:
        order = shared.setdefault(id(row.order), _order(row.order))
        window = row.window and {"earliest": moment(row.window[0]), "latest": moment(row.window[1])}
        out.append({
            "id": row.id,
            "cycle": row.cycle,
            "day": row.day,
            "date": moment(row.date),
            "start": moment(row.start),
            "end": moment(row.end),
            "drug": row.order.drug,
            "name": row.order.name,
            "route": row.order.route,
            "status": row.status,
            "overdue": row.overdue,
            "window": window,
            "due": moment(row.due),
            "given": _given(row.given),
            **order,
        })  # fmt: skip
    return out


def _given(dose: GivenDose | None) -> dict[str, Any] | None:
    """What the record says was given."""
    if dose is None:
        return None
    return {
        "amount": amount(dose.amount),
        "rate": amount(dose.rate),
        "bsa": None if dose.bsa is None else plain(dose.bsa),
        "weight": amount(dose.weight),
        "stated": dose.stated,
        "at": str(dose.at),
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "basis": amount(order.basis),
        "bsa": None if order.bsa is None else plain(order.bsa),
        "calculated": amount(order.calculated),
        "adjusted": amount(order.adjusted),
        "ordered": amount(order.ordered),
        "made_of": [
            {"count": piece.count, "holds": amount(piece.holds), "form": piece.form}
            for piece in order.made_of
        ],
        "rate": amount(order.rate),
        "working": [_step(step) for step in order.working],
        "adjustments": [
            {"rule": a.rule, "before": amount(a.before), "after": amount(a.after),
             "reason": a.reason, "source": a.source}
            for a in order.adjustments
        ],
        "because": order.because,
        "rules": [
            {"rule": line.rule, "outcome": line.outcome, "words": line.words, "source": line.source}
            for line in order.rules
        ],
        "pending": [
            {"rule": p.rule, "wants": list(p.wants), "would": p.would} for p in order.pending
        ],
        "assumptions": list(order.assumptions),
        "borrowed": list(order.borrowed),
        "sources": list(order.sources),
        "needs": list(order.needs),
        "timed_by": order.timed_by,
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.step,
        "before": None if step.before is None else str(step.before),
        "after": str(step.after),
        "why": step.why,
        "source": step.source,
        "at": None if step.at is None else str(step.at),
    }
