"""PF226: an azole is taken within a day of a vinca alkaloid, and nothing says to hold it."""

from collections.abc import Iterator
from datetime import timedelta

from protoplan.model.plan import Finding
from protoplan.planning.scene import Scene
from protoplan.problems import Severity

#: Days around the vinca alkaloid on which an azole is looked for.
AROUND = (-1, 0, 1)


def look(scene: Scene) -> Iterator[Finding]:
    """Stated azoles on the day before, of, and after a vinca alkaloid.

    A protocol that itself holds the azole says so in a dated instruction; no finding is needed.
    """
    held = {rule.around for rule in scene.protocol.instructions if rule.hold == "azole"}
    found: dict[str, list[str]] = {}
    for row in scene.doses_in("vinca"):
        if row.order.drug in held:
            continue
        days = [row.date + timedelta(offset) for offset in AROUND]
        for medicine in scene.state.medicines or ():
            azole = medicine.classes is not None and "azole" in medicine.classes
            if azole and any(medicine.acts(on, 0) for on in days):
                found.setdefault(medicine.name, []).append(row.id)
    for name, ids in found.items():
        yield Finding(
            "PF226",
            Severity.WARNING,
            f"{name} is taken within a day of a vinca alkaloid, whose toxicity to nerves it "
            "raises; this protocol does not say to hold it, and nothing is moved",
            tuple(ids),
            "kantarjian2023: Procedures, paragraph 5, holds azoles on days −1, 0 and +1",
        )
