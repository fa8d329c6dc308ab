"""Where a patient stands, for programs: numbers that matter are strings of exact decimals."""

from typing import Any

from protoplan.model.intensity import DrugIntensity, Intensity
from protoplan.model.plan import Administration
from protoplan.model.record import Response, Transplant
from protoplan.model.standing import Count, ExposureSoFar, PastDoses, Position, Standing
from protoplan.quantity import plain
from protoplan.rendering.plan_json import amount, fraction, laid_out, moment
from protoplan.rendering.words import percent


def render(standing: Standing) -> str:
    """One JSON object."""
    return laid_out(as_data(standing))


def as_data(standing: Standing) -> dict[str, Any]:
    """The status as plain data."""
    protocol = standing.protocol
    return {
        "format": "protoplan-status/1",
        "treatment": {"id": standing.treatment, "label": standing.label,
                      "revision": standing.revision},
        "protocol": {"id": protocol.id, "version": protocol.version, "sha256": protocol.sha256,
                     "title": standing.title},
        "on": moment(standing.on),
        "as_of": moment(standing.as_of),
        "complete": standing.complete,
        "position": _position(standing.position),
        "doses": [_dose(row, standing) for row in standing.doses],
        "running": [_dose(row, standing) for row in standing.running],
        "moved": [_dose(row, standing) for row in standing.moved],
        "next": [
            {"date": moment(day.date), "cycle": day.cycle, "day": day.day,
             "doses": [_dose(row, standing) for row in day.doses]}
            for day in standing.upcoming
        ],
        "not_recorded": [_past(group) for group in standing.overdue],
        "held": [_past(group) for group in standing.held],
        "exposure": [_exposure(entry) for entry in standing.exposure],
        "totals": [_count(count) for count in standing.counts],
        "unresolved": [
            {"about": u.about, "needs": list(u.needs), "wanted": list(u.wanted),
             "administrations": list(u.administrations)}
            for u in standing.unresolved
        ],
        "to_ask": [
            {"date": moment(line.date), "cycle": line.cycle, "labs": list(line.labs),
             "toxicities": list(line.toxicities), "would": list(line.would),
             "administrations": list(line.administrations)}
            for line in standing.to_ask
        ],
        "instructions": [
            {"date": moment(i.date), "text": i.text, "because": i.because, "source": i.source}
            for i in standing.instructions
        ],
        "response": _response(standing.response),
        "transplant": _transplant(standing.transplant, standing),
        "findings": [
            {"code": f.code, "severity": f.severity.value, "message": f.message,
             "administrations": list(f.administrations), "source": f.source}
            for f in standing.findings
        ],
        "relative_dose_intensity": _intensity(standing.intensity),
    }  # fmt: skip


def _position(position: Position) -> dict[str, Any]:
    following, moved_on = position.following, position.moved_on
    return {
        "state": position.state,
        "cycle": position.cycle,
        "day": position.day,
        "days_after": position.days_after,
        "start_recorded": position.start_recorded,
        "late_days": position.late,
        "because": position.because,
        "next_cycle": following and {
            "label": following.label,
            "start": moment(following.start),
            "earliest": moment(following.earliest),
            "latest": moment(following.latest),
            "length_between": following.between and list(following.between),
            "counts_decide": following.between is not None,
        },
        "moved_on": moved_on and {"date": moment(moved_on.date), "to": moved_on.to,
                                  "reason": moved_on.reason},
    }  # fmt: skip


def _dose(row: Administration, standing: Standing) -> dict[str, Any]:
    order = row.order
    return {
        "id": row.id,
        "cycle": row.cycle,
        "day": row.day,
        "date": moment(row.date),
        "due": moment(row.due),
        "start": moment(row.start),
        "end": moment(row.end),
        "drug": order.drug,
        "name": order.name,
        "route": order.route,
        "status": row.status,
        "begun": row.id in standing.begun,
        "basis": amount(order.basis),
        "bsa": None if order.bsa is None else plain(order.bsa),
        "amount": amount(row.amount),
        "rate": amount(order.rate),
        "given": row.given and amount(row.given.amount),
        "window": row.window
        and {"earliest": moment(row.window[0]), "latest": moment(row.window[1])},
        "because": order.because,
        "needs": list(order.needs),
    }


def _past(group: PastDoses) -> dict[str, Any]:
    return {
        "drug": group.drug,
        "name": group.name,
        "route": group.route,
        "first": moment(group.first),
        "administrations": [
            {"id": row.id, "date": moment(row.date), "status": row.status,
             "amount": amount(row.amount), "because": row.order.because}
            for row in group.doses
        ],
    }  # fmt: skip


def _exposure(entry: ExposureSoFar) -> dict[str, Any]:
    given, not_recorded, to_come = entry.doses
    return {
        "drug": entry.drug,
        "route": entry.route,
        "basis": entry.unit,
        "given": fraction(entry.given),
        "not_recorded": fraction(entry.not_recorded),
        "to_come": fraction(entry.to_come),
        "earlier": fraction(entry.earlier),
        "value": fraction(entry.total),
        "administrations": {"given": given, "not_recorded": not_recorded, "to_come": to_come},
    }


def _count(count: Count) -> dict[str, Any]:
    return {
        "of": list(count.of),
        "doses": count.doses,
        "given": count.given,
        "not_recorded": count.not_recorded,
        "to_come": count.to_come,
        "open": count.open,
        "source": count.source,
    }


def _response(entry: Response | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"date": moment(entry.date), "remission": entry.remission, "mrd": entry.mrd}


def _transplant(entry: Transplant | None, standing: Standing) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "stated": moment(entry.date),
        "date": moment(entry.on),
        "days": (entry.on - standing.on).days,
    }


def _intensity(found: Intensity) -> dict[str, Any]:
    return {
        "cycles": list(found.cycles),
        "first": moment(found.first),
        "end": moment(found.end),
        "planned_days": found.planned_days,
        "actual_days": found.actual_days,
        "late": [{"cycle": label, "days": days} for label, days in found.late],
        "unrecorded_starts": list(found.unrecorded_starts),
        "drugs": [_of_drug(entry) for entry in found.drugs],
        "percent": None if found.value is None else percent(found.value),
        "why": found.why,
    }


def _of_drug(entry: DrugIntensity) -> dict[str, Any]:
    return {
        "drug": entry.drug,
        "route": entry.route,
        "basis": entry.unit,
        "planned": fraction(entry.planned),
        "delivered": fraction(entry.delivered),
        "administrations": entry.doses,
        "given": entry.given,
        "not_recorded": entry.not_recorded,
        "percent": None if entry.value is None else percent(entry.value),
        "in_mean": entry.counts,
        "why": entry.why,
    }
