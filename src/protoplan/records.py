"""One more entry for the record of a treatment file: from what is said to the new bytes.

Nothing is written here. The new file is read and planned before anyone gets it, so that what is
written is known to hold the old entries, the new one, and nothing else.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import attrs

from protoplan import api
from protoplan.appending import RECORD, Addition, Appended, Line, appended
from protoplan.entries import Now, Said, additions, read, understood
from protoplan.model.plan import Finding, Plan, Unresolved
from protoplan.model.record import in_order
from protoplan.model.treatment import Treatment
from protoplan.problems import Faulty, Severity
from protoplan.reading.file import decode
from protoplan.reading.tree import MAX_BYTES
from protoplan.source import Place

__all__ = ["MAX_BYTES", "Recorded", "Said", "Unfit", "recorded"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Unfit(Faulty):
    """The file with the entry cannot be planned; problems have the lines that it would have.

    Attributes:
        lines: Those that would be new.
    """

    def __init__(self, wrong: Faulty, lines: tuple[Line, ...]) -> None:
        super().__init__(wrong.problems)
        self.lines = lines


@attrs.frozen
class Recorded:
    """A treatment file with one more entry.

    Attributes:
        data: All of the new file.
        lines: Those that are new.
        before: The plan without the entry; None where the file could not be planned.
        after: The plan with it.
    """

    data: bytes
    lines: tuple[Line, ...]
    before: Plan | None
    after: Plan

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The stops and warnings that the plan has since the entry."""
        known = {(one.code, one.message) for one in (self.before.findings if self.before else ())}
        grave = (Severity.STOP, Severity.WARNING)
        return tuple(
            one
            for one in self.after.findings
            if one.severity in grave and (one.code, one.message) not in known
        )

    @property
    def lacking(self) -> tuple[Unresolved, ...]:
        """What the plan lacks since the entry."""
        known = {(one.about, one.needs) for one in (self.before.unresolved if self.before else ())}
        return tuple(one for one in self.after.unresolved if (one.about, one.needs) not in known)


def recorded(data: bytes, path: Path, name: str, said: Said) -> Recorded:
    """The file with what was said as the last entry of its record.

    Args:
        data: The treatment file as it stands.
        path: Where it stands; paths in it are taken from its folder.
        name: How it is named in problems.
        said: What is to be recorded.

    Raises:
        WrongUse: If it is no treatment file, or the plan has no amount to be written.
        Faulty: With every problem of the file, or of what was said (its path is ``command line``).
        Unfit: With every problem of the file as it would be.
        RuntimeError: If the new file would be anything but the old one with the entry.
    """
    text = decode(data, name)
    treatment = _treatment(text, name)
    understood(said, api.vocabularies())
    now = _now(text, name, path.parent, treatment)
    items = additions(said, now)
    new = appended(text, name, items)
    mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
    made = mark + new.text.encode()
    found = _treatment(decode(made, name), name)
    if _placeless(found) != _placeless(_with(treatment, items)) or not _kept(data, made, new):
        raise RuntimeError("the new file is not the old one with the entry")
    try:
        after = api.plan_treatment(found, now.protocol, now.beside)
    except Faulty as wrong:
        raise Unfit(wrong, new.lines) from None
    return Recorded(made, new.lines, now.plan, after)


def _treatment(text: str, name: str) -> Treatment:
    kind, model = api.load_text(text, name)
    if kind != "treatment":
        raise api.WrongUse(f"{name} is a {kind} file; a record is kept in a treatment file")
    treatment: Treatment = model
    return treatment


def _now(text: str, name: str, beside: Path, treatment: Treatment) -> Now:
    protocol = api.load_protocol(treatment.protocol, treatment.protocol_at, beside)
    plan, wrong = None, None
    try:
        plan = api.plan_treatment(treatment, protocol, beside)
    except Faulty as faulty:  # the entry may mend it; else it is said of the new file
        wrong = faulty
    return Now(text, name, beside, treatment, protocol, plan, wrong)


def _with(treatment: Treatment, items: Sequence[Addition]) -> Treatment:
    """The treatment with what the additions state."""
    found = read(items, api.vocabularies())
    return attrs.evolve(
        treatment,
        measurements=(*treatment.measurements, *found.get("measurements", ())),
        labs=(*treatment.labs, *(value for group in found.get("labs", ()) for value in group)),
        record=in_order((*treatment.record, *found[RECORD])),
    )


def _placeless(value: Any) -> Any:
    """What a model says, without the places at which it is written."""
    if isinstance(value, Place):
        return None
    if isinstance(value, tuple):
        return tuple(_placeless(part) for part in value)
    if attrs.has(type(value)):
        fields = attrs.fields(type(value))
        return type(value).__name__, *(_placeless(getattr(value, one.name)) for one in fields)
    return value


def _kept(old: bytes, made: bytes, new: Appended) -> bool:
    """Whether the new bytes less the new lines are the old ones, but for a last line break."""
    rest = _less(made, {line.number for line in new.lines})
    return rest == old or (rest.startswith(old) and rest[len(old) :] in (b"\n", b"\r\n", b"\r"))


def _less(data: bytes, numbers: Collection[int]) -> bytes:
    lines = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", data)
    return b"".join(line for number, line in enumerate(lines, 1) if number not in numbers)
