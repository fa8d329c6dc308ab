"""Regimens side by side as text: what is alike is said once, what differs stands in columns."""

from collections.abc import Iterator, Sequence

from protoplan.model.comparison import (
    DIFFERS,
    Block,
    Comparison,
    Course,
    Disagreement,
    Giving,
    Line,
)
from protoplan.model.component import ROUTES, spelled
from protoplan.model.protocol import OpenItem
from protoplan.rendering.columns import Across, Row, columns
from protoplan.rendering.comparison_fields import alike_text, cell, field_text, length_text, shown
from protoplan.rendering.conditions_text import condition_text, grounds_text
from protoplan.rendering.protocol_notes_text import contradiction, item_text, silence_text
from protoplan.rendering.protocol_text import early_text, phase_text
from protoplan.rendering.sig_text import labels_text, offers_text, where_text
from protoplan.rendering.words import NO_ORDER, lines, titled
from protoplan.source import Grounds

_LEGEND = (
    "alike     the same in every regimen that gives the drug by this route",
    "differs   another in a cycle that has the same label in two regimens",
    "†         no source gives the figure; the reason stands with the source",
)

#: A field that is told in lines of its own, because it is long.
_BELOW = "condition"


def render(found: Comparison) -> str:
    """The whole comparison, wrapped at 100 columns."""
    labels = [one.label for one in found.regimens]
    out = _head(found)
    out += _courses(found, labels)
    out += _told(found, (), "Where the sources disagree on a regimen as a whole")
    told: dict[Disagreement, str] = {}
    for n, block in enumerate(found.blocks):
        out += _block(block, labels)
        if [later.drug for later in found.blocks[n + 1 : n + 2]] != [block.drug]:
            out += _told_of_drug(found, block, told)
    out += titled("What the courses stand on, and what is to be chosen")
    for label, course in zip(labels, found.courses, strict=True):
        out += [f"  {label}", *_course(course)]
    return "\n".join([*out, *_sources(found)]) + "\n"


def _head(found: Comparison) -> list[str]:
    title = "Regimens side by side"
    out = [title, "═" * len(title)]
    for one in found.regimens:
        named = "" if one.label == one.id else f"{one.label}: "
        path = "" if one.name in {one.id, one.label} else f", {one.name}"
        out += lines(f"{named}{one.id} {one.version} (sha256 {one.sha256[:12]}){path}")
        for text in (one.title, one.population, ", ".join(one.indications), one.reviewed):
            if text:
                out += lines(text, first="    ")
    out += ["", NO_ORDER, ""]
    return [*out, *_LEGEND]


def _differs(fields: Sequence[str], indent: str = "  ") -> list[str]:
    return lines(", ".join(fields), first=f"{indent}differs   ") if fields else []


# -- how they run ----------------------------------------------------------------------------------


def _courses(found: Comparison, labels: Sequence[str]) -> list[str]:
    out = titled("How they run")
    differs = [name for name, state in found.course if state == DIFFERS]
    out += [*_differs(differs), ""]
    rows: list[Row] = []
    for label, course in zip(labels, found.courses, strict=True):
        for n, kind in enumerate(course.kinds):
            marked = "†" if "length" in dict(kind.grounds.assumed) else ""
            cycles = labels_text(kind.labels)
            rows.append(("" if n else label, kind.name, length_text(kind) + marked, cycles))
    out += columns(rows, ("regimen", "kind", "length", "cycles of this kind"))
    for label, course in zip(labels, found.courses, strict=True):
        out += ["", f"  {label}"]
        for entry in course.phases:
            many = f"; as many as chosen: {offers_text(entry.up_to)}" if entry.up_to else ""
            out += lines(phase_text(entry.phase) + many, first="    • ")
    return out


def _course(course: Course) -> list[str]:
    out = []
    for phase in (entry.phase for entry in course.phases):
        early = f"{early_text(phase)}; " if phase.begins_after else ""
        out += lines(f"{phase.name}: {early}{grounds_text(phase.grounds)}", 100, "    phase   ")
    for kind in course.kinds:
        about = f", {kind.title}" if kind.title else ""
        out += lines(f"{kind.name}{about}: {grounds_text(kind.grounds)}", 100, "    kind    ")
    for option in course.options:
        asked = f"; asked when {condition_text(option.when)}" if option.when else ""
        text = f"{option.name}, {option.about}: {offers_text(option)}{asked}"
        out += lines(f"{text} ({grounds_text(option.grounds)})", first="    chosen  ")
    return out


# -- one drug by one route -------------------------------------------------------------------------


def _block(block: Block, labels: Sequence[str]) -> list[str]:
    out = titled(f"{block.name}, {ROUTES[block.route]}")
    same = alike_text(block) if block.fields else ""
    out += lines(same, first="  alike     ") if same else []
    out += _differs(block.differs)
    fields = shown(block)
    beside = [name for name in fields if name != _BELOW]
    rows: list[Row] = []
    for label, giving in zip(labels, block.givings, strict=True):
        rows += _rows(label, giving, block, beside, below=_BELOW in fields)
    out += ["", *columns(rows, ("regimen", "cycles", *beside))]
    return out + _grounds(block, labels)


def _rows(
    label: str, giving: Giving, block: Block, beside: Sequence[str], *, below: bool
) -> Iterator[Row]:
    """The rows of one regimen; its label stands in the first."""
    firsts = iter((label,))
    for line in giving.lines:
        yield (next(firsts, ""), _cycles(line), *(cell(line, name) for name in beside))
        condition = field_text(line, _BELOW)
        if below and condition:
            yield Across("", condition + ("†" if _BELOW in line.assumed else ""))
    for text in _remarks(giving, block):
        yield Across(next(firsts, ""), text)


def _cycles(line: Line) -> str:
    marked = "†" if "cycles" in line.assumed else ""
    return (where_text(line.where) if line.where else "all") + marked


def _remarks(giving: Giving, block: Block) -> Iterator[str]:
    """What else a regimen says; at least that it gives nothing."""
    if giving.total:
        others = [name for name in giving.total.of if name != f"{block.drug} {block.route}"]
        beside = f", counted with {' and '.join(map(spelled, others))}" if others else ""
        yield f"{giving.total.doses} doses in all{beside} ({grounds_text(giving.total.grounds)})"
    yield from (f"note: {note}" for note in giving.notes)
    yield from (f"open item: {_opened(item, block)}" for item in giving.opened)
    silent = "; ".join(silence_text(entry) for entry in giving.silences)
    if silent:
        yield f"silent: {silent}" if giving.opened else f"not given; silent: {silent}"
    elif not giving.lines and not giving.opened:
        yield "not given"


def _opened(item: OpenItem, block: Block) -> str:
    gifts = [gift for gift in item.gives if (gift.drug, gift.route) == (block.drug, block.route)]
    doses = [gift.dose.text() + (f" ({gift.note})" if gift.note else "") for gift in gifts]
    text = "; ".join([item_text(item), *doses, f"until {item.until}"])
    return f"{text} ({grounds_text(item.grounds)})"


def _grounds(block: Block, labels: Sequence[str]) -> list[str]:
    """The source of each figure: one line for each regimen, or for its cycles where they differ."""
    rows: list[Row] = []
    for label, giving in zip(labels, block.givings, strict=True):
        by: dict[Grounds, list[Line]] = {}
        for line in giving.lines:
            by.setdefault(line.grounds, []).append(line)
        for grounds, standing in by.items():
            where = dict.fromkeys(where_text(line.where) for line in standing if line.where)
            cycles = f" in {' and '.join(where)}" if len(by) > 1 else ""
            rows.append(Across("", f"{label}{cycles}: {grounds_text(grounds)}"))
    texts = [row.text for row in rows if isinstance(row, Across)]
    return [line for text in texts for line in lines(text, 100, "  source  ", " " * 12)]


# -- where sources disagree ------------------------------------------------------------------------


def _told(found: Comparison, drugs: tuple[str, ...], title: str) -> list[str]:
    entries = [one for one in found.disagreements if one.drugs == drugs]
    if not entries:
        return []
    out = titled(title)
    for one in entries:
        out += contradiction(one.entry, _said_by(one))
    return out


def _told_of_drug(found: Comparison, block: Block, told: dict[Disagreement, str]) -> list[str]:
    """The disagreements about a drug; one about several drugs stands in full under the first."""
    entries = [one for one in found.disagreements if block.drug in one.drugs]
    if not entries:
        return []
    out = ["", f"  Where the sources disagree on {block.name}"]
    for one in entries:
        if one in told:
            out += lines(f"{one.entry.about}{_said_by(one)}: see {told[one]} above", first="  • ")
        else:
            out += contradiction(one.entry, _said_by(one))
            told[one] = block.name
    return out


def _said_by(one: Disagreement) -> str:
    return f" [{', '.join(one.said_by)}]"


# -- sources ---------------------------------------------------------------------------------------


def _sources(found: Comparison) -> list[str]:
    out = titled("Sources")
    keys = [one.source.key for one in found.sources]
    for one in found.sources:
        source = one.source
        whose = f" [{', '.join(one.said_by)}]" if keys.count(source.key) > 1 else ""
        doi = f" doi {source.doi}" if source.doi else ""
        unread = "" if source.verified else " (not verified)"
        out += lines(f"{source.key}: {source.cite}{doi}{unread}{whose}", 100, "  ", " " * 6)
    return out
