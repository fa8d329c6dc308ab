"""Dated lines and findings: what only moved with its doses is counted, the rest is told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from protoplan.comparing.pairing import grouped
from protoplan.model.difference import Carried, Change
from protoplan.model.outline import DatedLine, Found

_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


@attrs.frozen
class Moved:
    """By how many days things moved.

    Attributes:
        cycles: Each cycle.
        doses: Each administration of both plans, by its id.
    """

    cycles: Mapping[str, int]
    doses: Mapping[str, int]

    def allowed(self, doses: Sequence[str], cycle: str | None = None) -> set[int]:
        """By how many days a date may have moved with what it hangs on."""
        days = {self.doses[name] for name in doses if name in self.doses}
        if not days and cycle is not None:
            days = {self.cycles[cycle]} if cycle in self.cycles else set()
        return days or {0, *self.cycles.values()}


def dated(
    about: str, before: Sequence[DatedLine], after: Sequence[DatedLine], moved: Moved
) -> Iterator[Change | Carried]:
    """Lines that came or went, together by what they say, and how many only moved.

    Args:
        about: ``instruction`` or ``checklist``.
        before: Of the first plan.
        after: Of the second plan.
        moved: By how many days doses and cycles moved.
    """
    old, new = grouped(before, _hangs_on), grouped(after, _hangs_on)
    carried, came, went = 0, [], []
    for key, lines in new.items():
        was = list(old.pop(key, []))
        for line in lines:
            twin = next((one for one in was if _with_doses(one, line, moved)), None)
            if twin is None:
                came.append(line)
                continue
            was.remove(twin)
            carried += twin.date != line.date
        went += was
    went += [line for lines in old.values() for line in lines]
    for text, lines in grouped(came, lambda line: line.text).items():
        yield _change(about, text, lines, new=True)
    for text, lines in grouped(went, lambda line: line.text).items():
        yield _change(about, text, lines, new=False)
    if carried:
        yield Carried(about, carried)


def _hangs_on(line: DatedLine) -> tuple[str, tuple[str, ...], str | None]:
    return line.text, line.doses, line.cycle


def _with_doses(before: DatedLine, after: DatedLine, moved: Moved) -> bool:
    days = (after.date - before.date).days
    return days in moved.allowed(after.doses, after.cycle)


def _change(about: str, text: str, lines: Sequence[DatedLine], *, new: bool) -> Change:
    dates = ", ".join(dict.fromkeys(line.date.isoformat() for line in lines))
    doses = tuple(name for line in lines for name in line.doses)
    return Change(about, text, None if new else dates, dates if new else None, doses)


def findings(
    before: Sequence[Found], after: Sequence[Found], moved: Moved
) -> Iterator[Change | Carried]:
    """Findings that are new, cleared or say another thing, and how many only name other dates.

    Two findings are one where code and source agree; of several, the ones that share the most
    doses and say the most alike.
    """
    left = [one for one in before if one not in after]
    came = [one for one in after if one not in before]
    carried = 0
    for found in came:
        twin = _twin(found, left)
        if twin is None:
            yield Change("finding", _name(found), None, found.message, found.doses)
            continue
        left.remove(twin)
        if _says_the_same(twin, found, moved):
            carried += twin.message != found.message
            if _told(twin) == _told(found):
                yield _touches(twin, found)
        else:
            yield Change("finding", _name(found), _graver(twin, found), found.message, found.doses)
    for found in left:
        yield Change("finding", _name(found), found.message, None, found.doses)
    if carried:
        yield Carried("finding", carried)


def _name(found: Found) -> str:
    return f"{found.severity} {found.code}"


def _told(found: Found) -> tuple[str, str]:
    return found.severity, found.message


def _twin(found: Found, among: Sequence[Found]) -> Found | None:
    """The finding of the other plan that is about the same thing."""
    like = [one for one in among if (one.code, one.source) == (found.code, found.source)]
    for same in (_told, lambda one: _DATE.sub("", one.message)):
        exact = next((one for one in like if same(one) == same(found)), None)
        if exact is not None:
            return exact
    doses = set(found.doses)
    sharing = [one for one in like if doses & set(one.doses)]
    return max(sharing, key=lambda one: len(doses & set(one.doses)), default=None)


def _says_the_same(before: Found, after: Found, moved: Moved) -> bool:
    """Whether only dates differ, and each of them moved with the doses."""
    if before.severity != after.severity:
        return False
    if _DATE.sub("", before.message) != _DATE.sub("", after.message):
        return False
    old, new = _DATE.findall(before.message), _DATE.findall(after.message)
    allowed = moved.allowed(after.doses)
    return all(_days(*ends) in allowed for ends in zip(old, new, strict=True) if len(set(ends)) > 1)


def _days(before: str, after: str) -> int | None:
    try:
        return (date.fromisoformat(after) - date.fromisoformat(before)).days
    except ValueError:  # it looks like a date and is none
        return None


def _graver(before: Found, after: Found) -> str:
    if before.severity == after.severity:
        return before.message
    return f"{before.severity}: {before.message}"


def _touches(before: Found, after: Found) -> Change:
    """A finding that says the same of other doses."""
    left = set(before.doses) ^ set(after.doses)
    doses = tuple(name for name in (*before.doses, *after.doses) if name in left)
    old, new = (
        f"about {len(found.doses):,} dose{'' if len(found.doses) == 1 else 's'}"
        for found in (before, after)
    )
    others = ", others than before" if old == new else ""
    return Change("finding", f"{_name(after)}: {after.message}", old, new + others, doses)
