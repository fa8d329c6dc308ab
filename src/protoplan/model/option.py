"""Decisions that a protocol leaves to the prescriber, and their answers."""

import attrs

from protoplan.model.condition import Condition
from protoplan.quantity import Quantity
from protoplan.source import Grounds, Place

#: What an option is answered with: a word or days as written, an amount, or a row of amounts.
Answer = str | Quantity | tuple[Quantity, ...]


@attrs.frozen
class Choice:
    """One named answer to an option, and what it means.

    Attributes:
        amount: The answer as an amount, where every choice of the option is one.
    """

    name: str
    means: str | None
    amount: Quantity | None = None


@attrs.frozen
class Option:
    """A decision the protocol leaves to the prescriber.

    Attributes:
        name: The key by which it is answered.
        about: What is decided, in a few words.
        when: Only then is it asked; None means always.
        choices: The named answers; empty where an amount is asked for.
        between: The smallest and largest amount allowed, both included.
        days: How many days of a cycle are asked for; None where something else is.
        steps: The unit of a row of rising amounts that is asked for; None likewise.
        default: What holds when nothing is chosen; None means that it must be chosen.
    """

    name: str
    about: str
    when: Condition | None
    choices: tuple[Choice, ...]
    between: tuple[Quantity, Quantity] | None
    days: int | None
    steps: str | None
    default: "Answer | None"
    grounds: Grounds
    at: Place

    @property
    def unit(self) -> str | None:
        """The unit of the amount that is chosen; None where words are chosen."""
        if self.between:
            return self.between[0].unit
        if self.steps:
            return self.steps
        amounts = [choice.amount for choice in self.choices]
        return amounts[0].unit if amounts and amounts[0] is not None else None

    def offers(self) -> str:
        """The possible answers, in words."""
        if self.between:
            return f"from {self.between[0].text()} to {self.between[1].text()}"
        if self.days:
            return f"as {self.days} day{'' if self.days == 1 else 's'} of the cycle, with commas"
        if self.steps:
            return f"as rising amounts in {self.steps}, with commas"
        return "one of " + ", ".join(choice.name for choice in self.choices)


@attrs.frozen
class OptionRef:
    """An amount, or days, that the prescriber chooses: the answer to the option of this name."""

    option: str
    at: Place
