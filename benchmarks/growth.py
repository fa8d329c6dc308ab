"""Part d: how the cost grows with cycles, with rules, with treatments, and what memory does."""

import resource
import subprocess
import sys
from collections.abc import Iterator

import attrs

from benchmarks.subjects import ROOT, alone, course, many
from benchmarks.timing import in_turns, shown, timed
from protoplan import api
from protoplan.model.protocol import Protocol
from protoplan.model.rule import Rule

TIMES = (1, 2, 4, 8)
RULES = (0, 50, 100, 200)
TREATMENTS = (100, 1_000, 10_000)


def measure(rounds: int) -> dict[str, object]:
    """Milliseconds a plan at each size."""
    return {
        "rounds": rounds,
        "cycles": _with_cycles(rounds),
        "rules": _with_rules(rounds),
        "treatments": _with_treatments(),
    }


def _with_cycles(rounds: int) -> list[dict[str, object]]:
    """The maintenance of the course again and again, under labels of its own."""
    subject = course()
    protocol = subject.prepared.protocol
    grown = {str(times): subject.by(_longer(protocol, times)) for times in TIMES}
    subjects = {name: timed(it.plan) for name, it in grown.items()}
    times = in_turns(subjects, rounds)
    found: list[dict[str, object]] = []
    for name, it in grown.items():
        plan = it.plan()
        count, spent = len(plan.administrations), times.median(name).processor
        found.append({
            "cycles": len(plan.cycles), "administrations": count,
            "milliseconds": shown(spent * 1e3),
            "microseconds an administration": shown(spent / count * 1e6),
        })  # fmt: skip
    return found


def _longer(protocol: Protocol, times: int) -> Protocol:
    phases = []
    for phase in protocol.phases:
        cycles = phase.cycles
        if phase.name == "maintenance":
            cycles = tuple(
                (f"{label}x{nth}" if nth else label, kind)
                for nth in range(times)
                for label, kind in phase.cycles
            )
        phases.append(attrs.evolve(phase, cycles=cycles))
    return attrs.evolve(protocol, phases=tuple(phases))


def _with_rules(rounds: int) -> list[dict[str, object]]:
    """So many rules more, copies of the formulary's own for the drugs of the course."""
    subject = course()
    grown = {str(more): subject.by(_ruled(subject.prepared.protocol, more)) for more in RULES}
    subjects = {name: timed(it.plan) for name, it in grown.items()}
    times = in_turns(subjects, rounds)
    return [
        {"rules more": int(name), "milliseconds": shown(times.median(name).processor * 1e3)}
        for name in grown
    ]


def _ruled(protocol: Protocol, more: int) -> Protocol:
    drugs = api.drugs_of(protocol)
    given = dict.fromkeys(component.drug for component in protocol.components)
    models = [rule for name in given for rule in drugs[name].rules if _plain(rule)]
    copies = [
        attrs.evolve(model, id=f"{model.id}/copy-{nth}", about=f"{model.about}/copy-{nth}")
        for nth, model in zip(range(more), _round(models), strict=False)
    ]
    return attrs.evolve(protocol, rules=(*protocol.rules, *copies))


def _plain(rule: Rule) -> bool:
    return rule.table is None and rule.written_for is None and isinstance(rule.washout, int)


def _round(models: list[Rule]) -> Iterator[Rule]:
    while True:
        yield from models


def _with_treatments() -> list[dict[str, object]]:
    """Each number in a process of its own, for memory has only a highest mark."""
    found: list[dict[str, object]] = []
    for count in TREATMENTS:
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "benchmarks.growth", str(count)],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        seconds, most, doses = ran.stdout.split()
        found.append({
            "treatments": count,
            "administrations": int(doses),
            "milliseconds a treatment": shown(float(seconds) / count * 1e3),
            "most memory, MB": round(int(most) / 1024, 1),
        })  # fmt: skip
    return found


def _stream(count: int) -> str:
    """Plan so many treatments one after the other, and keep none."""
    subject = alone()
    doses = 0

    def work() -> None:
        nonlocal doses
        for each in many(subject.treatment, count):
            doses += len(subject.plan(each).administrations)

    spent = timed(work)()
    return f"{spent.processor} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss} {doses}\n"


if __name__ == "__main__":
    sys.stdout.write(_stream(int(sys.argv[1])))
