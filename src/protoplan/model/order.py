"""A dose worked out: its basis, its working, what changed it, and what was given of it."""

from decimal import Decimal
from fractions import Fraction

import attrs

from protoplan.problems import Severity
from protoplan.quantity import Quantity
from protoplan.source import Place


@attrs.frozen
class Step:
    """One step of the working of a dose.

    Attributes:
        step: ``basis``, ``body surface area``, ``calculated``, ``cap``, ``rounding`` …
        before: The amount before the step; None for the first.
        after: The amount after it.
        why: The arithmetic or the reason, in words a pharmacist can check with a pencil.
        source: What the step rests on: a citation, the site's policy, or an assumption.
        at: Where that is written; None for plain arithmetic.
    """

    step: str
    before: Quantity | None
    after: Quantity
    why: str
    source: str
    at: Place | None


@attrs.frozen
class Adjustment:
    """A rule or a cap that changed a dose."""

    rule: str
    before: Quantity
    after: Quantity
    reason: str
    source: str


@attrs.frozen
class RuleLine:
    """A rule that was looked at for a dose, and what came of it.

    Attributes:
        outcome: ``fired``, ``superseded``, ``not fired``, ``pending``, ``unresolved``, ``note`` or
            ``set aside``.
        words: What it makes, needs or gives way to.
    """

    rule: str
    outcome: str
    words: str
    source: str


@attrs.frozen
class Pending:
    """A rule that waits for labs of a day that is still to come.

    Attributes:
        would: What it would do by their last values.
    """

    rule: str
    wants: tuple[str, ...]
    would: str


@attrs.frozen
class Remark:
    """What a person must be told of a dose; the doses of one remark make one finding."""

    code: str
    severity: Severity
    text: str
    source: str | None


@attrs.frozen
class Piece:
    """Tablets, capsules or vials of one strength.

    Attributes:
        count: How many, whole.
    """

    count: int
    holds: Quantity
    form: str

    def __str__(self) -> str:
        return f"{self.count} × {self.holds.text()} {self.form}{'' if self.count == 1 else 's'}"


@attrs.frozen
class Order:
    """A dose, worked once and shared by all administrations that have it.

    Attributes:
        name: The drug as it is printed, with tall-man letters.
        basis: The dose as the protocol prints it; None while it is not chosen.
        bsa: The body surface area used, in m2; None where the dose does not depend on it.
        calculated: Basis times body measure; None while the basis is not known.
        adjusted: After rules and caps, before rounding; None while unresolved.
        ordered: After rounding; None while unresolved.
        made_of: The tablets, capsules or vials that make the ordered dose; empty if not known.
        rate: The rate of a continuous infusion.
        per_basis: What the dose counts in the unit of exposure: adjusted over its surface area
            where it is dosed so, else ordered; exact, as a fraction; None while unresolved.
        rules: Every rule that was looked at, with what came of it.
        pending: The rules that wait for labs of its day.
        status: ``planned``, ``held``, ``omitted`` or ``unresolved``; of the record ``given``,
            ``missed`` or ``cancelled``.
        because: Why it is not given, or how it was given otherwise.
        remarks: What is to be told of it.
        assumptions: Field and reason, for what no source gives.
        borrowed: Field and citation, for what comes from another source than the rest.
        sources: Every citation the dose rests on.
        timed_by: By which other dose it is timed, in words; None for the site's usual time.
        needs: What must be known before there is a dose; empty when it is resolved.
    """

    drug: str
    name: str
    route: str
    basis: Quantity | None
    bsa: Decimal | None
    calculated: Quantity | None
    adjusted: Quantity | None
    ordered: Quantity | None
    made_of: tuple[Piece, ...]
    rate: Quantity | None
    per_basis: Fraction | None
    exposure_unit: str
    working: tuple[Step, ...]
    adjustments: tuple[Adjustment, ...]
    rules: tuple[RuleLine, ...]
    pending: tuple[Pending, ...]
    status: str
    because: str | None
    remarks: tuple[Remark, ...]
    assumptions: tuple[str, ...]
    borrowed: tuple[str, ...]
    sources: tuple[str, ...]
    needs: tuple[str, ...]
    timed_by: str | None = None


@attrs.frozen
class GivenDose:
    """What the record says of a dose that was given.

    Attributes:
        amount: What was given.
        ordered: What the plan would have ordered; None where it has no number.
        stated: It stands in the record; else it is what a rate came to until it was interrupted.
        at: Where it stands.
    """

    amount: Quantity
    ordered: Quantity | None
    rate: Quantity | None
    bsa: Decimal | None
    weight: Quantity | None
    stated: bool
    at: Place
