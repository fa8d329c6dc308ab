"""PP310: a label stands twice in one course, so that an administration's id would too.

Good: `cycles: {1: odd, 2: even}`.
Bad: two phases that can both be planned and both have a cycle `1`.
"""

from collections import Counter
from collections.abc import Iterator

from protoplan.checks.scene import ProtocolScene
from protoplan.problems import Problem


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Labels are unique in each phase, and in the course under each set of expected answers."""
    said = False
    for phase in scene.protocol.phases:
        for label, count in Counter(label for label, _ in phase.cycles).items():
            if count > 1:
                said = True
                yield Problem(
                    "PP310",
                    f"label '{label}' stands {count} times in phase '{phase.name}'",
                    phase.at,
                )
    if said:
        return
    for given in dict.fromkeys([(), *(expected.given for expected in scene.protocol.expect)]):
        labels = Counter(label for label, _, _ in scene.lay_out(given).begins)
        for label, count in labels.items():
            if count > 1:
                shown = ", ".join(f"{name} {answer}" for name, answer in given) or "no answer given"
                yield Problem(
                    "PP310",
                    f"label '{label}' stands {count} times in the course (with {shown})",
                    scene.protocol.at,
                )
