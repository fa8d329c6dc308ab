"""Two versions of a protocol side by side as text: a line for each figure or sentence."""

from collections.abc import Iterator

from protoplan.model.difference import ProtocolChange, ProtocolDifference, ProtocolSide
from protoplan.rendering.difference_text import INDENT, percentage
from protoplan.rendering.protocol_values import row, words
from protoplan.rendering.words import lines


def render(difference: ProtocolDifference) -> str:
    """The whole comparison, wrapped at 100 columns."""
    out: list[str] = []
    for label, text in _rows(difference):
        out += lines(text, first=f"{label:<{INDENT}}")
    return "\n".join(out) + "\n"


def _rows(found: ProtocolDifference) -> Iterator[tuple[str, str]]:
    before, after = found.before, found.after
    if before.id != after.id:
        both = f"{before.id} and {after.id}"
        yield "ATTENTION", f"DIFFERENT PROTOCOLS, not two versions of one: {both}"
    yield "before", _side(before)
    yield "after", _side(after)
    if found.same:
        other = "" if before.sha256 == after.sha256 else "; the files differ in remarks or layout"
        yield "same", f"no difference in what the protocol says{other}"
    yield from ((change.change, _change(change)) for change in found.changes)


def _side(side: ProtocolSide) -> str:
    return f"{side.name}: {side.id} {side.version} (sha256 {side.sha256[:12]})"


def _change(change: ProtocolChange) -> str:
    path = ", ".join(change.path)
    if change.change == "new":
        return f"{path}: {row(change.after, change.path)}"
    if change.change == "gone":
        return f"{path}: {row(change.before, change.path)}"
    if change.change == "order":
        return f"{path}: {', '.join(change.after)}; before: {', '.join(change.before)}"
    both = f"{words(change.before)} → {words(change.after)}"
    return f"{path}: {both}{percentage(change.percent)}"
