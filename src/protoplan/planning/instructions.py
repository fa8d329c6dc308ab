"""Dated things to do around doses, and items whose days no one can know beforehand."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from protoplan.model.component import ROUTES
from protoplan.model.formulary import Drug
from protoplan.model.plan import Instruction, OpenLine, PlannedCycle, Unresolved
from protoplan.model.protocol import OffsetInstruction, OpenItem, Protocol
from protoplan.model.treatment import Medicine, Treatment
from protoplan.planning.conditions import ask
from protoplan.planning.course import chosen_cycles
from protoplan.planning.known import Known
from protoplan.planning.shares import Share, in_order


def instructions(
    protocol: Protocol,
    shares: Sequence[Share],
    treatment: Treatment,
    medicines: Mapping[str, Drug],
) -> tuple[tuple[Instruction, ...], tuple[Unresolved, ...]]:
    """What is to be held around which doses, one line a date, and the medicines that are not known.

    Args:
        protocol: Which states what is held.
        shares: The doses of the whole plan.
        treatment: Whose medicines they are.
        medicines: The formulary's entry for each stated medicine that it knows, as written.
    """
    lines: list[Instruction] = []
    strange: dict[str, list[str]] = {}
    for rule in protocol.instructions:
        dates: dict[date, list[str]] = {}
        meant = [share for share in shares if share.stands and share.order.drug == rule.around]
        for row in in_order(meant):
            for offset in rule.offsets:
                dates.setdefault(row.date + timedelta(offset), []).append(row.id)
        for on, around in sorted(dates.items()):
            held, unknown = _taken(rule, on, treatment.medicines or (), medicines)
            for medicine in unknown:
                strange.setdefault(medicine, []).extend(around)
            text = f"hold {' and '.join(held)}" if held else _any_of(rule)
            source = rule.grounds.of("offsets")
            lines.append(Instruction(on, text, rule.because, source, tuple(around)))
    needs = tuple(
        Unresolved(
            f"whether {name} is to be held",
            (f"classes of {name}",),
            (f"state classes: under the medicine {name}",),
            tuple(dict.fromkeys(ids)),
        )
        for name, ids in strange.items()
    )
    return tuple(sorted(lines, key=lambda line: line.date)), needs


def _any_of(rule: OffsetInstruction) -> str:
    named = f" ({', '.join(rule.named)})" if rule.named else ""
    return f"hold any {rule.hold}{named}"


def _taken(
    rule: OffsetInstruction, on: date, stated: Sequence[Medicine], known: Mapping[str, Drug]
) -> tuple[list[str], list[str]]:
    """The stated medicines of the class on a day, and those of which no class is known."""
    held, unknown = [], []
    for medicine in stated:
        if (medicine.start and on < medicine.start) or (medicine.end and on > medicine.end):
            continue
        drug = known.get(medicine.drug)
        if medicine.classes is None and drug is None:
            unknown.append(medicine.drug)
        elif rule.hold in (medicine.classes or ()) or (drug and rule.hold in dict(drug.classes)):
            held.append(drug.name if drug else medicine.drug)
    return held, unknown


def open_lines(
    protocol: Protocol, cycles: Sequence[PlannedCycle], state: Known, start: date
) -> tuple[tuple[OpenLine, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """The open-ended items that hold, and those that hang on something not known."""
    lines, unknown = [], []
    for item in protocol.open_items:
        verdict = ask(item.when, state, start)
        if item.where is not None and not chosen_cycles(item.where, cycles):
            continue
        if verdict.answer is None:
            unknown.append((item.text, verdict.wanted))
        elif verdict.answer:
            lines.append(_open_line(item, cycles))
    return tuple(lines), tuple(unknown)


def _open_line(item: OpenItem, cycles: Sequence[PlannedCycle]) -> OpenLine:
    labels = [c.label for c in chosen_cycles(item.where, cycles)] if item.where else []
    when = (
        f"cycle{'' if len(labels) == 1 else 's'} {', '.join(labels)}" if labels else "whole course"
    )
    gives = []
    for gift in item.gives:
        note = f" ({gift.note})" if gift.note else ""
        gives.append(f"{gift.drug} {gift.dose.text()} {ROUTES[gift.route]}{note}")
    return OpenLine(
        item.text, tuple(gives), when, item.until, item.grounds.of("text"), tuple(labels)
    )
