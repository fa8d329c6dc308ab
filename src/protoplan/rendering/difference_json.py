"""What differs as one JSON object, for programs: ``protoplan-difference/1``."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from protoplan.model.difference import (
    AmountChange,
    Change,
    CycleChange,
    CycleMove,
    DoseChange,
    DrugLine,
    PlanDifference,
    PlanSide,
    Presence,
    ProtocolChange,
    ProtocolDifference,
    ProtocolSide,
    StatusChange,
    Timing,
    TotalChange,
    Unchanged,
)
from protoplan.quantity import plain
from protoplan.rendering.plan_json import amount, laid_out, moment
from protoplan.rendering.protocol_values import row, words

FORMAT = "protoplan-difference/1"


def render(difference: PlanDifference | ProtocolDifference) -> str:
    """One JSON object, keys in the order of its schema."""
    if isinstance(difference, ProtocolDifference):
        return laid_out(_protocols(difference))
    return laid_out(_plans(difference))


def _protocols(found: ProtocolDifference) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "compares": "protocols",
        "same": found.same,
        "before": _protocol(found.before),
        "after": _protocol(found.after),
        "changes": [_protocol_change(change) for change in found.changes],
    }


def _protocol(side: ProtocolSide) -> dict[str, Any]:
    return {"name": side.name, "id": side.id, "version": side.version, "sha256": side.sha256}


def _protocol_change(change: ProtocolChange) -> dict[str, Any]:
    tell = {"order": ", ".join, "changed": words}.get(
        change.change, lambda value: "" if value is None else row(value, change.path)
    )
    before, after = tell(change.before), tell(change.after)
    return {
        "path": list(change.path),
        "change": change.change,
        "before": None if change.change == "new" else before,
        "after": None if change.change == "gone" else after,
        "percent": percent(change.percent),
    }


def _plans(found: PlanDifference) -> dict[str, Any]:
    recorded = found.recorded
    return {
        "format": FORMAT,
        "compares": "plans",
        "same": found.same,
        "before": _side(found.before),
        "after": _side(found.after),
        "stated": [_change(entry) for entry in found.stated],
        "moves": [_move(entry) for entry in found.moves],
        "cycles": [_cycle(entry) for entry in found.course],
        "timings": [_timing(entry) for entry in found.timings],
        "doses": [_dose(entry) for entry in found.doses],
        "statuses": [_status(entry) for entry in found.statuses],
        "recorded": None
        if recorded is None
        else {
            "as_planned": recorded.as_planned,
            "otherwise": recorded.otherwise,
            "unstated": recorded.unstated,
        },
        "new": [_presence(entry) for entry in found.presence if entry.new],
        "gone": [_presence(entry) for entry in found.presence if not entry.new],
        "totals": [_total(entry) for entry in found.totals],
        "told": [_change(entry) for entry in found.told],
        "carried": [{"about": entry.about, "count": entry.count} for entry in found.carried],
        "remarks": [_remark(entry) for entry in found.unchanged],
        "elapsed": [
            {
                "name": entry.name,
                "as_of": moment(entry.as_of),
                "overdue": entry.overdue,
                "unresolved": entry.unresolved,
                "stops": list(entry.stops),
            }
            for entry in found.elapsed
        ],
    }


def percent(share: Decimal | None) -> str | None:
    """An exact decimal with its sign, or null."""
    return None if share is None else f"-{plain(-share)}" if share < 0 else plain(share)


def _side(side: PlanSide) -> dict[str, Any]:
    return {
        "name": side.name,
        "treatment": {"id": side.treatment, "label": side.label, "revision": side.revision,
                      "revision_date": moment(side.revision_date)},
        "as_of": moment(side.as_of),
        "protocol": {"id": side.protocol.id, "version": side.protocol.version,
                     "sha256": side.protocol.sha256},
    }  # fmt: skip


def _change(entry: Change) -> dict[str, Any]:
    return {
        "about": entry.about,
        "name": entry.name,
        "before": entry.before,
        "after": entry.after,
        "administrations": list(entry.doses),
    }


def _move(entry: CycleMove) -> dict[str, Any]:
    return {
        "cycles": list(entry.labels),
        "days": entry.days,
        "before": moment(entry.before),
        "after": moment(entry.after),
        "administrations_moved": entry.doses,
        "nothing_else_changed": entry.whole,
    }


def _cycle(entry: CycleChange) -> dict[str, Any]:
    return {
        "cycles": list(entry.labels),
        "what": entry.what,
        "before": entry.before,
        "after": entry.after,
        "administrations_with_them": entry.doses,
    }


def _line(line: DrugLine) -> dict[str, Any]:
    return {"drug": line.drug, "name": line.name, "route": line.route}


def _ids(line: DrugLine) -> dict[str, Sequence[str]]:
    return {"administrations": [spot.id for spot in line.spots]}


def _timing(entry: Timing) -> dict[str, Any]:
    return {
        **_line(entry.line),
        "what": entry.what,
        "before": entry.before,
        "after": entry.after,
        "days": entry.by.days,
        **_ids(entry.line),
    }


def _dose(entry: DoseChange) -> dict[str, Any]:
    return {
        **_line(entry.line),
        "what": entry.what,
        "before": amount(entry.before),
        "after": amount(entry.after),
        "percent": percent(entry.percent),
        "why": list(entry.why),
        **_ids(entry.line),
    }


def _status(entry: StatusChange) -> dict[str, Any]:
    return {
        **_line(entry.line),
        "before": entry.before,
        "after": entry.after,
        "dose": amount(entry.dose),
        "because": entry.because,
        **_ids(entry.line),
    }


def _presence(entry: Presence) -> dict[str, Any]:
    return {
        **_line(entry.line),
        "dose": amount(entry.dose),
        "first": moment(entry.first),
        "last": moment(entry.last),
        **_ids(entry.line),
    }


def _total(entry: TotalChange) -> dict[str, Any]:
    return {
        "drug": entry.drug,
        "name": entry.name,
        "route": entry.route or None,
        "planned": _amounts(entry.planned),
        "ordered": _amounts(entry.ordered),
        "earlier": _amounts(entry.earlier),
        "doses": {"before": entry.doses[0], "after": entry.doses[1]},
    }


def _amounts(change: AmountChange) -> dict[str, Any]:
    return {
        "before": amount(change.before),
        "after": amount(change.after),
        "percent": percent(change.percent),
    }


def _remark(entry: Unchanged) -> dict[str, Any]:
    return {
        "key": entry.key,
        "names": list(entry.names),
        "administrations": [spot.id for spot in entry.spots],
    }
