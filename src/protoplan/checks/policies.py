"""Checks of a policy.

PP309: a rounding step, a vial or a bag that the drug does not have.

Good: `inotuzumab-ozogamicin: 0.01 mg` for a drug ordered in mg.
Bad: `inotuzumab-ozogamicin: 1 units`.
"""

from collections.abc import Collection, Iterator, Mapping

from protoplan.model.bags import BagRules, Lasting
from protoplan.model.formulary import Drug
from protoplan.model.policy import Policy
from protoplan.problems import Problem
from protoplan.quantity import UNITS


def check(policy: Policy, drugs: Mapping[str, Drug]) -> Iterator[Problem]:
    """Each step measures what its drug's doses measure, and whole vials are known."""
    for entry in policy.steps:
        unit = drugs[entry.drug].unit
        if unit is None or UNITS[unit].dimension != entry.step.dimension:
            yield Problem("PP309", f"a step of {entry.step} does not fit {entry.drug}", entry.at)
    for name in policy.to_vials:
        if not any(product.form == "vial" for product in drugs[name].products):
            message = f"the formulary knows no vial of {name}, to which it is to be rounded"
            yield Problem("PP309", message, policy.at)


def made(rules: BagRules, known: Collection[Lasting]) -> Iterator[Problem]:
    """Each bag that the pharmacy makes is one that the formulary knows.

    Args:
        rules: Of the policy, or of the command line.
        known: Every bag of the formulary.
    """
    for lasts, at in rules.lasting:
        if lasts not in known:
            expected = ", ".join(map(str, known))
            message = f"no drug of the formulary has a bag of {lasts}; expected {expected}"
            yield Problem("PP309", message, at)
