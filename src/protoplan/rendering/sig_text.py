"""How a drug is given, in words: the one place that puts a sig into words.

A field of a sig that has no phrase of its own here is told by its name and its value.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from protoplan.model.component import Component, DoseCap, Repeat, Sig, Where, lasting
from protoplan.model.formulary import Cap
from protoplan.model.option import Answer, Option, OptionRef
from protoplan.quantity import Quantity
from protoplan.rendering.conditions_text import condition_text
from protoplan.rendering.protocol_values import words
from protoplan.rendering.words import counted, signed


def sig_row(component: Component, sig: Sig) -> tuple[str, str, str, str]:
    """Cycles, dose, days and how: a row of a table of sigs."""
    where = sig.where or component.where
    stated = dict(sig.stated())
    dose, rate, days, when = (stated.pop(name, None) for name in ("dose", "rate", "days", "when"))
    how = ["continuous infusion"] if rate is not None else []
    how += [phrase(name, value) for name, value in stated.items()]
    how += [] if when is None else [phrase("when", when)]
    return (
        where_text(where) if where else "",
        phrase("dose", dose if rate is None else rate),
        phrase("days", days),
        ", ".join(how) or "one dose a day",
    )


def phrase(field: str, value: Any) -> str:
    """What a field of a sig says.

    Args:
        field: Its name in the model.
        value: Its value; where the prescriber chooses, the option or a reference to it. None is
            silence, and no words.
    """
    if value is None:
        return ""
    if isinstance(value, (Option, OptionRef)):
        return f"{_BEFORE_CHOSEN.get(field, '')}{chosen_text(value)}"
    if field in _PHRASES:
        return _PHRASES[field](value)
    return f"{field.replace('_', ' ')} {words(value)}"


def _cap(value: Any) -> str:
    if isinstance(value, DoseCap):
        return f"at most {value.dose.text()}" if value.dose else "no largest dose"
    caps: tuple[Cap, ...] = value if isinstance(value, tuple) else (value,)
    largest = " or ".join(f"{cap.dose.text()} ({cap.grounds.of('dose')})" for cap in caps)
    return f"at most {largest}, by the formulary"


def _over(value: int | str) -> str:
    """How long one infusion takes; whole hours as hours. A rate runs on."""
    return f"{value} infusion" if isinstance(value, str) else f"over {lasting(value)}"


def _repeat(value: Repeat) -> str:
    return f"again every {value.every} for {value.lasting}"


def _ramp(value: tuple[Quantity, ...]) -> str:
    return f"first rising by steps, {', '.join(step.text() for step in value)}"


def _window(value: tuple[int, int]) -> str:
    return f"window {signed(value[0])} to {signed(value[1])} days"


_BEFORE_CHOSEN = {"over": "over ", "ramp": "first rising by steps, "}

_PHRASES: Mapping[str, Callable[[Any], str]] = {
    "dose": words,
    "rate": words,
    "days": str,
    "begins": str,
    "every": lambda hours: f"every {hours} hours",
    "doses": lambda count: counted(count, "dose"),
    "times_a_day": lambda times: "once a day" if times == 1 else f"{times} times a day",
    "over": _over,
    "repeat": _repeat,
    "cap": _cap,
    "ramp": _ramp,
    "window": _window,
    "when": lambda condition: f"when {condition_text(condition)}",
}


# -- what the prescriber chooses -------------------------------------------------------------------


def chosen_text(option: Option | OptionRef) -> str:
    """That it is chosen: from what, where the option itself is at hand, else by which option."""
    if isinstance(option, OptionRef):
        return f"as chosen: {option.option}"
    return f"as chosen: {offers_text(option)}"


def offers_text(option: Option) -> str:
    """What may be chosen, and what holds where nothing is."""
    default = "" if option.default is None else f" (default {words(option.default)})"
    return _offered(option) + default


def _offered(option: Option) -> str:
    if option.between:
        low, high = option.between
        return f"{low.text()} to {high.text()}"
    if option.days:
        return f"{counted(option.days, 'day')} of the cycle"
    if option.steps:
        return f"rising amounts in {option.steps}"
    names = [choice.name for choice in option.choices]
    if is_long_row(names):
        return f"a whole number from {names[0]} to {names[-1]}"
    return " or ".join(choice.amount.text() if choice.amount else choice.name
                       for choice in option.choices)  # fmt: skip


def is_long_row(names: list[str]) -> bool:
    """Whether the answers are a long row of whole numbers, each one more than the last."""
    digits = all(name.isdecimal() for name in names)
    return len(names) > 3 and digits and all(int(b) - int(a) == 1 for a, b in pairwise(names))


def answer_text(answer: Answer) -> str:
    """An answer as it is written in files."""
    return ", ".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)


# -- in which cycles -------------------------------------------------------------------------------


def where_text(where: Where) -> str:
    """The cycles of a sig; rows of numbered labels by their ends."""
    shown = labels_text(where.names)
    return f"{where.only} {shown}" if where.only else shown


def labels_text(names: tuple[str, ...]) -> str:
    """Labels and kinds of cycle; rows of numbered ones by their ends."""
    rows: list[tuple[str, str]] = []
    for name in names:
        if rows and follows(rows[-1][1], name):
            rows[-1] = (rows[-1][0], name)
        else:
            rows.append((name, name))
    return ", ".join(_ends(first, last) for first, last in rows)


def _ends(first: str, last: str) -> str:
    if first == last:
        return first
    return f"{first}, {last}" if follows(first, last) else f"{first}–{last}"


def follows(before: str, after: str) -> bool:
    """Whether a label is the next number after another, such as M4 after M3."""
    head, digits = _numbered(before)
    return digits != "" and after == f"{head}{int(digits) + 1}"


def _numbered(label: str) -> tuple[str, str]:
    head = label.rstrip("0123456789")
    return head, label[len(head) :]
