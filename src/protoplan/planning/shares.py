"""The doses of a plan by their orders: what many doses share is looked at once."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import TypeVar

import attrs

from protoplan.model.order import Order
from protoplan.model.plan import NOT_GIVEN, Administration

Cause = TypeVar("Cause", bound=Hashable)


@attrs.frozen
class Share:
    """The administrations of one order and one status.

    Attributes:
        rows: In the order of the plan; one at least.
        places: Of each in the plan.
    """

    order: Order
    status: str
    rows: Sequence[Administration]
    places: Sequence[int]

    @property
    def kind(self) -> tuple[str, str]:
        """Drug and route."""
        return self.order.drug, self.order.route

    @property
    def stands(self) -> bool:
        """They are to be given, or were."""
        return self.status not in NOT_GIVEN


def shared(administrations: Iterable[Administration]) -> tuple[Share, ...]:
    """The doses of a plan by their orders, in the order of the first dose of each."""
    found: dict[tuple[int, str], tuple[list[Administration], list[int]]] = {}
    for place, row in enumerate(administrations):
        key = id(row.order), row.status
        share = found.get(key)
        if share is None:
            share = found[key] = [], []
        share[0].append(row)
        share[1].append(place)
    return tuple(Share(rows[0].order, rows[0].status, rows, at) for rows, at in found.values())


def in_order(shares: Sequence[Share]) -> list[Administration]:
    """The doses of some shares in the order of the plan."""
    if len(shares) == 1:
        return list(shares[0].rows)
    rows = chain.from_iterable(zip(share.places, share.rows, strict=True) for share in shares)
    return [row for _, row in sorted(rows, key=itemgetter(0))]


def by_cause(
    shares: Iterable[Share], causes: Callable[[Order], Iterable[Cause]]
) -> dict[Cause, list[str]]:
    """The ids of doses, in the order of the plan, by what their orders say.

    Args:
        shares: Of the plan, or some of them.
        causes: What an order says; it is asked once, and what it says twice counts once.
    """
    found: dict[Cause, list[Share]] = {}
    for share in shares:
        for cause in dict.fromkeys(causes(share.order)):
            found.setdefault(cause, []).append(share)
    return {cause: [row.id for row in in_order(group)] for cause, group in found.items()}
