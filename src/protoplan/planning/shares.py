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
        rows: Each with its place in the plan, in that order; one at least.
    """

    order: Order
    status: str
    rows: Sequence[tuple[int, Administration]]

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
    found: dict[tuple[int, str], list[tuple[int, Administration]]] = {}
    for place, row in enumerate(administrations):
        key = id(row.order), row.status
        rows = found.get(key)
        if rows is None:
            found[key] = [(place, row)]
        else:
            rows.append((place, row))
    return tuple(Share(rows[0][1].order, rows[0][1].status, rows) for rows in found.values())


def in_order(shares: Sequence[Share]) -> list[Administration]:
    """The doses of some shares in the order of the plan."""
    if not shares:
        return []
    if len(shares) == 1:
        return [row for _, row in shares[0].rows]
    rows = sorted(chain.from_iterable(share.rows for share in shares), key=itemgetter(0))
    return [row for _, row in rows]


def by_cause(
    shares: Iterable[Share], causes: Callable[[Order], Iterable[Cause]]
) -> dict[Cause, list[str]]:
    """The ids of doses, in the order of the plan, by what their orders say.

    Args:
        shares: Of the plan, or some of them.
        causes: What an order says; it is asked once.
    """
    found: dict[Cause, list[Share]] = {}
    for share in shares:
        for cause in causes(share.order):
            found.setdefault(cause, []).append(share)
    return {cause: [row.id for row in in_order(group)] for cause, group in found.items()}
