"""Checks of files that were read without a problem: one small module each, listed here."""

from collections.abc import Callable, Iterator

from protoplan.checks import (
    anchors,
    answers,
    cycles,
    days,
    doses,
    expectations,
    reach,
    routes,
    rules,
    twice,
)
from protoplan.checks.scene import ProtocolScene
from protoplan.problems import Problem

#: The checks of a protocol file, in the order in which they are run.
PROTOCOL: tuple[Callable[[ProtocolScene], Iterator[Problem]], ...] = (
    answers.check,
    anchors.check,
    doses.check,
    cycles.check,
    days.check,
    routes.check,
    rules.check,
    reach.check,
    twice.check,
    expectations.check,
)

#: Those that lay the protocol out.
LAYOUT = (cycles.check, expectations.check)

#: Those that need no layout, run before every plan.
QUICK = tuple(check for check in PROTOCOL if check not in LAYOUT)
