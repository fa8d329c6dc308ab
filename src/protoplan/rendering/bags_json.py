"""The plan of bags, for programs: numbers that matter are strings of exact decimals."""

from typing import Any

from protoplan.model.bag_plan import Bag, BagPlan, BagPlans, Stretch
from protoplan.model.plan import Finding
from protoplan.rendering.plan_json import amount, fraction, laid_out, moment


def render(found: BagPlans) -> str:
    """One JSON object."""
    return laid_out(as_data(found))


def as_data(found: BagPlans) -> dict[str, Any]:
    """The plan of bags as plain data."""
    protocol, policy = found.protocol, found.policy
    return {
        "format": "protoplan-bags/1",
        "treatment": {"id": found.treatment, "label": found.label, "revision": found.revision},
        "protocol": {"id": protocol.id, "version": protocol.version, "sha256": protocol.sha256},
        "policy": {"id": policy.id, "version": policy.version, "sha256": policy.sha256},
        "as_of": moment(found.as_of),
        "no_changes_on": {
            "stated_by": _by("days", found),
            "days": list(found.without.words),
            "holidays": [{"date": moment(on), "name": name} for on, name in found.without.holidays],
        },
        "bags_made": {
            "stated_by": _by("lengths", found),
            "lasting": [str(bag) for bag in found.lasting],
        },
        "stops": [_found(finding) for finding in found.stops],
        "infusions": [_infusion(plan) for plan in found.plans],
    }


def _by(what: str, found: BagPlans) -> str:
    return "command line" if what in found.flagged else "policy"


def _infusion(plan: BagPlan) -> dict[str, Any]:
    return {
        "drug": plan.drug,
        "name": plan.name,
        "route": plan.route,
        "cycle": plan.cycle,
        "start": moment(plan.stretches[0].start),
        "end": moment(plan.stretches[-1].end),
        "weight": amount(plan.weight),
        "usable": [str(kind.lasts) for kind in plan.kinds],
        "stretches": [_stretch(stretch) for stretch in plan.stretches],
        "changes": plan.changes,
        "bags": None
        if plan.bags is None
        else [_bag(number, bag) for number, bag in enumerate(plan.bags, 1)],
        "other_starts": None if plan.starts is None else [moment(on) for on in plan.starts],
        "lacks": list(plan.lacks),
        "findings": [_found(finding) for finding in plan.findings],
    }


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "administrations": list(finding.administrations),
        "source": finding.source,
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "administration": stretch.id,
        "start": moment(stretch.start),
        "end": moment(stretch.end),
        "status": stretch.status,
        "bagged": stretch.bagged,
        "rate": _of_drug(stretch.per_day, f"{stretch.unit}/day"),
        "because": stretch.because,
    }


def _bag(number: int, bag: Bag) -> dict[str, Any]:
    return {
        "number": number,
        "administration": bag.stretch.id,
        "start": moment(bag.start),
        "end": moment(bag.end),
        "lasts": str(bag.kind.lasts),
        "hours": bag.kind.lasts.hours,
        "runs_at": amount(bag.kind.runs_at),
        "delivers": amount(bag.kind.delivers),
        "rate": _of_drug(bag.stretch.per_day, f"{bag.stretch.unit}/day"),
        "amount": _of_drug(bag.amount, bag.stretch.unit),
        "note": bag.kind.note,
        "source": bag.kind.grounds.of("runs_at"),
    }


def _of_drug(value: Any, unit: str) -> dict[str, str | None] | None:
    return None if value is None else {"value": fraction(value), "unit": unit}
