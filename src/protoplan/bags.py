"""Joins the rooms for the plan of bags: the plan, what the site decides, what is asked for."""

import attrs

from protoplan import library
from protoplan.checks import policies
from protoplan.files import drug, drugs_of
from protoplan.model.bag_plan import BagPlans
from protoplan.model.bags import BagRules, Lasting
from protoplan.model.plan import Plan
from protoplan.model.protocol import Protocol
from protoplan.planning.bag_plans import bag_plans, infusions
from protoplan.problems import SLIP, Faulty, did_you_mean
from protoplan.reading.bags import of_flags


class NothingToBag(Exception):
    """What is asked for is not an infusion that comes in bags."""


@attrs.frozen
class Asked:
    """What the command line asks for.

    Attributes:
        drug: By id or alias; None is every drug that comes in bags.
        cycle: By label; None is every one.
        days: Days without changes in place of the policy's, or ``none``.
        lengths: Bags that the pharmacy makes, in place of the policy's.
    """

    drug: str | None = None
    cycle: str | None = None
    days: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()


def planned(plan: Plan, protocol: Protocol, asked: Asked) -> BagPlans:
    """The bags of a plan's infusions.

    Raises:
        NothingToBag: If no such infusion is planned.
        Faulty: If a flag cannot be read, or a bag is not one that the formulary knows.
    """
    drugs = drugs_of(protocol)
    stated = of_flags(asked.days, asked.lengths)
    rules = BagRules(
        stated.no_changes_on if asked.days else plan.bags.no_changes_on,
        stated.lasting if asked.lengths else plan.bags.lasting,
    )
    problems = list(policies.made(rules, known() if rules.lasting else ()))
    if problems:
        raise Faulty(problems)
    rows = infusions(plan, drugs)
    if not rows:
        late = "; what is unresolved comes first" if not plan.complete else ""
        raise NothingToBag(f"this plan has no continuous infusion of a drug in bags{late}")
    chosen = [key for key in rows if asked.drug in (None, key[0])]
    if not chosen:
        names = sorted({key[0] for key in rows})
        hint = did_you_mean(str(asked.drug), names, SLIP) or f"it has {', '.join(names)}"
        raise NothingToBag(f"this plan has no infusion of '{asked.drug}' in bags; {hint}")
    labels = [key[2] for key in chosen]
    if asked.cycle is not None and asked.cycle not in labels:
        here = ", ".join(labels)
        raise NothingToBag(f"cycle {asked.cycle} has no infusion in bags; it is in {here}")
    chosen = [key for key in chosen if asked.cycle in (None, key[2])]
    flagged = [name for name, given in (("days", asked.days), ("lengths", asked.lengths)) if given]
    return bag_plans(plan, drugs, rules, flagged, chosen)


def known() -> tuple[Lasting, ...]:
    """Every bag of the formulary, the shortest first."""
    kinds = [kind for name in library.ids("formulary") for kind in drug(name).bags]
    return tuple(sorted({kind.lasts for kind in kinds}, key=lambda lasts: lasts.hours))


def exit_code(found: BagPlans) -> int:
    """4 for a stop or an infusion without a series, 5 for a dose that is not known, else 0."""
    if found.stops or any(plan.bags is None for plan in found.plans):
        return 4
    return 5 if any(plan.open for plan in found.plans) else 0
