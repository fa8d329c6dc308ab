"""Shapes of bags: those of the formulary, and what a policy says of them."""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from protoplan.model.bags import HOLIDAYS, HOURS_A_DAY, WEEKDAYS, BagKind, BagRules, Lasting
from protoplan.problems import Faulty, Problem
from protoplan.quantity import NotAnAmount, compared, parse
from protoplan.reading.quick import PATH
from protoplan.reading.shapes import Field, ListOf, Log, OneOf, Record, Refused, text
from protoplan.reading.tree import Node, Scalar
from protoplan.reading.values import (
    Amount,
    above_nothing,
    grounded,
    grounds_fields,
    must_ground,
)
from protoplan.source import Place

#: Days or weeks, as a regular expression that editors know too.
DAYS = r"[1-9][0-9]{0,3}\s*(?:day|week)s?"


def lasting(node: Node, log: Log) -> Lasting:
    """How long a bag runs, in whole hours, days or weeks."""
    written = text(node, log)
    if re.fullmatch(DAYS, written):
        days = int("".join(takewhile(str.isdigit, written)))
        return Lasting(days * HOURS_A_DAY * (7 if "week" in written else 1), in_days=True)
    try:
        hours = parse(written, ("h",)).value
    except NotAnAmount:
        message = f"'{written}' is not how long a bag runs; expected hours or days"
        raise log.refuse("PP204", message, node, "write such as 24 h or 7 days") from None
    if hours == 0 or hours % 1:
        message = f"'{written}' is not a whole number of hours above 0"
        raise log.refuse("PP208", message, node)
    return Lasting(int(hours))


def placed(node: Node, log: Log) -> tuple[Lasting, Place]:
    """Likewise, with the place where it is said."""
    return lasting(node, log), log.place(node)


def _rule(values: dict[str, Any]) -> str | None:
    least, disputed = values["not_below"], values["disputed_below"]
    if least and disputed and compared(least, disputed) >= 0:
        return "has a 'disputed_below' that does not lie above its 'not_below'"
    bounds = [name for name in ("not_below", "disputed_below") if values[name] is not None]
    return must_ground("lasts", "runs_at", *bounds)(values)


_MARKED = ("lasts", "runs_at", "not_below", "disputed_below")

BAG = Record(grounded(BagKind), "bag", {
    "lasts": Field(lasting),
    "runs_at": Field(above_nothing(Amount(("mL/h",)))),
    "not_below": Field(above_nothing(Amount(("kg",))), None),
    "disputed_below": Field(above_nothing(Amount(("kg",))), None),
    "note": Field(text, None),
    **grounds_fields(_MARKED),
}, _rule)  # fmt: skip

DAY = OneOf((*WEEKDAYS, HOLIDAYS), "day")

RULES = Record(lambda at, **values: BagRules(**values), "bags", {
    "no_changes_on": Field(ListOf(DAY), ()),
    "lasting": Field(ListOf(placed), ()),
})  # fmt: skip


def twice(kinds: Sequence[BagKind]) -> str | None:
    """What is wrong with a list of bags: two of one length."""
    lengths = [kind.lasts for kind in kinds]
    double = next((one for n, one in enumerate(lengths) if one in lengths[:n]), None)
    return None if double is None else f"has two bags of {double}"


def of_flags(days: Sequence[str], lengths: Sequence[str]) -> BagRules:
    """What the command line says of bags.

    Args:
        days: Weekdays and the word holidays, or the word none alone.
        lengths: How long the bags run.

    Raises:
        Faulty: With every problem; its line is the number of the value, the days first.
    """
    problems: list[Problem] = []
    log = Log(PATH, {}, problems)
    read_days, read_lengths = [], []
    for number, written in enumerate(() if list(days) == ["none"] else days, 1):
        try:
            read_days.append(DAY(Scalar(written, number, 0), log))
        except Refused:
            continue
    for number, written in enumerate(lengths, len(days) + 1):
        try:
            read_lengths.append(placed(Scalar(written, number, 0), log))
        except Refused:
            continue
    if problems:
        raise Faulty(problems)
    return BagRules(tuple(read_days), tuple(read_lengths))
