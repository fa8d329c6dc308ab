"""Part b: administrations a second, beside encender and beside bare records."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from itertools import cycle
from operator import attrgetter
from typing import Any

import attrs

from benchmarks.subjects import ROOT, course, many
from benchmarks.timing import Spent, Subject, in_turns, shown, timed
from protoplan.model.plan import Administration, Plan

#: What encender is asked for, and how `apply.mjs` calls it.
WAYS = {
    "engine alone": "engine",
    "its own worker": "worker",
    "dose expressions": "doses",
    "doses from the record": "record",
}

#: So many of different weight, who begin on different days, are planned in turns.
PATIENTS = 240

ENCENDER = ROOT / "benchmarks" / "encender"


def measure(rounds: int) -> dict[str, object]:
    """Administrations a second, and how many times as many as each of the others makes."""
    subject = course()
    plan = subject.plan()
    count = len(plan.administrations)
    patients = cycle(many(subject.treatment, PATIENTS))
    subjects: dict[str, Subject] = {
        "protoplan": timed(lambda: subject.plan(next(patients))),
        "frozen records alone": timed(_records(plan)),
    }
    found: dict[str, object] = {"administrations": count, "rounds": rounds}
    with _encender(plan) as node:
        if node is None:
            found["encender"] = "not measured: npm or node is not here, or nothing was installed"
        else:
            for name, how in WAYS.items():
                subjects[f"encender, {name}"] = partial(_applied, node, how, plan)
        times = in_turns(subjects, rounds)
    found["administrations a second, by wall"] = {
        name: shown(count / times.median(name).wall) for name in subjects
    }
    found["administrations a second of processor time"] = {
        name: shown(count / times.median(name).processor) for name in subjects
    }
    found["protoplan makes so many times as many"] = {
        name: times.ratio(name, "protoplan") for name in subjects if name != "protoplan"
    }
    return found


def _records(plan: Plan) -> Any:
    """Makes as many administrations, of the values of those of the plan, and nothing else."""
    values = attrgetter(*(field.name for field in attrs.fields(Administration)))
    rows = [values(row) for row in plan.administrations]
    return lambda: [Administration(*row) for row in rows]


@contextmanager
def _encender(plan: Plan) -> Iterator["subprocess.Popen[str] | None"]:
    """Node with encender and a PlanDefinition of as many actions; None where there is none."""
    node = shutil.which("node")
    if node is None or not (ENCENDER / "node_modules" / "encender").is_dir():
        yield None
        return
    with subprocess.Popen(  # noqa: S603
        [node, str(ENCENDER / "apply.mjs")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ENCENDER,
    ) as child:  # fmt: skip
        _say(child, json.dumps(_for_encender(plan)))
        try:
            yield child
        finally:
            assert child.stdin is not None
            child.stdin.close()


def _for_encender(plan: Plan) -> dict[str, object]:
    """The course as encender is given it: what each action gives, and each dose to be worked."""
    doses: dict[tuple[str, str | None], int] = {}
    actions = []
    for row in plan.administrations:
        basis = row.order.basis
        assert basis is not None
        area = basis.unit.endswith("/m2")
        key = (str(basis.value), "m2" if area else None)
        nth = doses.setdefault(key, len(doses))
        actions.append(
            {"title": row.id, "drug": f"{row.order.drug}-{row.order.route}", "dose": nth}
        )
    measure = plan.measures[0]
    return {
        "actions": actions,
        "doses": [{"value": value, "per": per} for value, per in doses],
        "height": str(measure.height.into("cm").value),
        "weight": str(measure.weight.into("kg").value),
    }


def _say(child: "subprocess.Popen[str]", line: str) -> None:
    assert child.stdin is not None
    child.stdin.write(line + "\n")
    child.stdin.flush()


def _applied(child: "subprocess.Popen[str]", how: str, plan: Plan) -> Spent:
    """What one run took; it is made sure that it made every resource, with the dose it has."""
    assert child.stdout is not None
    _say(child, how)
    told = json.loads(child.stdout.readline())
    count, doses = len(plan.administrations), how in ("doses", "record")
    total = sum((_of_basis(row, plan) for row in plan.administrations), Decimal(0))
    expected = {
        "resources": count,
        "dosed": count if doses else 0,
        "sum": float(round(total, 2)) if doses else 0,
    }
    if {name: told[name] for name in expected} != expected:
        raise RuntimeError(f"encender made {told}, and {expected} was expected")
    return Spent(float(told["wall"]), float(told["processor"]))


def _of_basis(row: Administration, plan: Plan) -> Decimal:
    """The printed figure of a dose, times the surface area where it is printed so."""
    basis = row.order.basis
    assert basis is not None
    return basis.value * (plan.measures[0].bsa if basis.unit.endswith("/m2") else 1)


def versions() -> dict[str, str]:
    """What node and encender are here."""
    node = shutil.which("node")
    package = ENCENDER / "node_modules" / "encender" / "package.json"
    if node is None or not package.is_file():
        return {}
    ran = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    version = json.loads(package.read_text("utf-8"))["version"]
    return {"node": ran.stdout.strip(), "encender": version}
