"""Rules that change doses: when they hold, what they do, and what they rest on."""

import attrs

from protoplan.model.component import Where
from protoplan.model.condition import Bounds, Condition, Test
from protoplan.problems import Severity
from protoplan.quantity import Quantity
from protoplan.source import Grounds, Place


@attrs.frozen
class Effect:
    """What a rule does with a dose. At most one of the first seven is given.

    Attributes:
        scale: The share that is given, in percent of the calculated dose.
        set: The dose, or the rate, that is given instead.
        down: So many levels down the rule's ladder.
        cap: The most that is given.
        hold: Until what the dose is held.
        omit: The dose is left out.
        ask: What the prescriber must decide; unresolved until it is prescribed.
        finding: How gravely a person is told; None where the working says enough.
        says: What is said then.
    """

    scale: Quantity | None
    set: Quantity | None
    down: int | None
    cap: Quantity | None
    hold: str | None
    omit: bool
    ask: str | None
    finding: Severity | None
    says: str | None
    at: Place

    @property
    def keeps(self) -> bool:
        """Whether the dose stays as it is."""
        changes = (self.scale, self.set, self.down, self.cap, self.hold, self.ask)
        return not self.omit and all(change is None for change in changes)


@attrs.frozen
class Branch:
    """One band of a rule, or the whole of a rule without bands.

    Attributes:
        test: When it holds; None is whenever its rule does.
    """

    test: Test | None
    effect: Effect


@attrs.frozen
class Named:
    """One of a few days that a source leaves open; the site's policy picks one by name.

    Attributes:
        choice: The name under which the policy picks.
        of: The days it may pick.
    """

    choice: str
    of: tuple[int, ...]


@attrs.frozen
class Rule:
    """One rule.

    Attributes:
        id: Its name; unique among the rules of the plan.
        about: What it is about; a protocol's rule replaces the formulary's about the same.
        drug: Whose doses it changes.
        routes: Only by these routes; empty is every route.
        where: Only in these cycles; None is every one.
        table: Which of several tables about the same it belongs to; the policy picks one.
        written_for: Another disease or regimen that it was written for; then it is a note, unless
            the protocol adopts it.
        for_doses: Only for printed doses within these bounds; None is every dose.
        when: When it holds; None is always.
        branches: What it does; with bands, exactly one of them holds.
        ladder: The levels from the highest to the lowest.
        washout: So many days after its last day a medicine no longer acts.
        note_unknown: What is not known makes a note and not an incomplete plan.
        by_cycle: It is asked on the first day of the cycle and holds for all of it.
        multiplies: It reduces what other rules leave, where else the lowest proposal wins.
    """

    id: str
    about: str
    drug: str
    routes: tuple[str, ...]
    where: Where | None
    table: str | None
    written_for: str | None
    for_doses: Bounds | None
    when: Condition | None
    branches: tuple[Branch, ...]
    ladder: tuple[Quantity, ...]
    washout: int | Named
    note_unknown: bool
    by_cycle: bool
    multiplies: bool
    grounds: Grounds
    at: Place


@attrs.frozen
class Adoption:
    """A label rule written for something else that the protocol takes for its own."""

    rule: str
    because: str
    grounds: Grounds
    at: Place
