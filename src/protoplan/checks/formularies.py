"""Checks of a file of the formulary.

PP310: the file is named for another drug than it holds.

Good: `formulary/vincristine.yaml` with `drug: vincristine`.
Bad: `formulary/vincristine.yaml` with `drug: vinblastine`.

PP309: a cap is measured otherwise than doses of the drug.

Good: `cap: 2 mg` for a drug whose `unit` is mg.
Bad: `cap: 2 units` for that drug.
"""

from collections.abc import Iterator

from protoplan.checks import answers, rules
from protoplan.model.catalogue import Catalogue
from protoplan.model.formulary import Drug
from protoplan.problems import Problem
from protoplan.quantity import UNITS


def check(drug: Drug, stem: str, catalogue: Catalogue, known: rules.Names) -> Iterator[Problem]:
    """The file is named for its drug, its amounts fit its doses, and its rules can be asked."""
    asked = [
        *rules.conditions_of(drug.rules),
        *(companion.unless for companion in drug.companions),
    ]
    yield from answers.of_conditions(asked, catalogue)
    yield from rules.names(asked, known)
    for rule in drug.rules:
        yield from rules.amounts(rule, drug)
    if drug.id != stem:
        yield Problem(
            "PP310",
            f"the file '{stem}.yaml' holds the drug '{drug.id}'",
            drug.at,
            f"name the file {drug.id}.yaml",
        )
    amounts = [(cap.dose, cap.at) for cap in drug.caps]
    amounts += [(product.holds, product.at) for product in drug.products]
    amounts += [(limit.most, limit.at) for limit in drug.limits if limit.most is not None]
    for amount, at in amounts:
        whole = UNITS[UNITS[amount.unit].amount].dimension
        if drug.unit is None or UNITS[drug.unit].dimension != whole:
            yield Problem("PP309", f"{amount} does not fit {drug.id}", at)
