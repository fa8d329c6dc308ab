"""The prescriber's own changes of doses: for which doses of a course each holds."""

from collections.abc import Sequence

from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Prescription


def printed_labels(protocol: Protocol) -> list[str]:
    """The labels of every cycle of a protocol, in its order; each once."""
    return list(dict.fromkeys(label for phase in protocol.phases for label, _ in phase.cycles))


def changes(
    entry: Prescription,
    drug: str,
    route: str,
    cycle: str,
    labels: Sequence[str],
    printed: Sequence[str],
) -> bool:
    """Whether a prescriber's change holds for a drug by a route in a cycle.

    Args:
        labels: Of every cycle of the plan, in their order.
        printed: Of every cycle of the protocol, in its order: a change up to a cycle that has
            fallen away holds for those before it.
    """
    first = labels.index(entry.first) if entry.first in labels else len(labels)
    last = labels.index(entry.last) if entry.last in labels else len(labels)
    if entry.last is not None and entry.last in printed and entry.last not in labels:
        before = printed[: printed.index(entry.last)]
        last = max((labels.index(label) for label in before if label in labels), default=-1)
    same = entry.drug == drug and entry.route in (None, route)
    return same and first <= labels.index(cycle) <= last
