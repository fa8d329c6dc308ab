"""The fields of regimens side by side in words; text and JSON say the same."""

from collections.abc import Sequence

from protoplan.model.comparison import ALIKE, Block, KindLine, Line
from protoplan.rendering.sig_text import phrase
from protoplan.rendering.words import counted

#: What stands where a regimen says nothing of a field that another states.
SILENT = {"infusion": "not stated"}


def field_text(line: Line, field: str) -> str:
    """What a line says in a field; empty where it is silent."""
    return ", ".join(phrase(name, value) for name, value in line.value(field))


def cell(line: Line, field: str) -> str:
    """The same in a column; † marks what no source gives."""
    text = field_text(line, field)
    # In a column of its own the field need not be named again.
    text = text.removeprefix(f"{field} ") or SILENT.get(field, "–")
    return f"{text}†" if field in line.assumed else text


def alike(block: Block) -> dict[str, str]:
    """The fields that every line says in the same words."""
    lines = _lines(block)
    found = {}
    for field, state in block.fields:
        texts = {field_text(line, field) for line in lines}
        if state == ALIKE and len(texts) == 1 and texts != {""}:
            found[field] = texts.pop()
    return found


def alike_text(block: Block) -> str:
    """What all say alike, in one line; doses and days are named."""
    marked = {field for line in _lines(block) for field in line.assumed}
    parts = []
    for field, text in alike(block).items():
        name = {"dose": "dose ", "days": "day " if text.isdecimal() else "days "}.get(field, "")
        parts.append(text if text == "every day" else f"{name}{text}")
        parts[-1] += "†" if field in marked else ""
    return "; ".join(parts)


def shown(block: Block) -> list[str]:
    """The fields that do not stand among those that are alike: each is told regimen by regimen."""
    said = dict.fromkeys(name for line in _lines(block) for name, _ in line.values)
    order = [name for name, _ in block.fields if name in said] or list(said)
    known = alike(block)
    return [name for name in order if name not in known]


def _lines(block: Block) -> Sequence[Line]:
    return [line for giving in block.givings for line in giving.lines]


def length_text(kind: KindLine) -> str:
    """How long a cycle is, and between what its source lets it be."""
    between = f" ({kind.between[0]} to {counted(kind.between[1], 'day')})" if kind.between else ""
    return f"{kind.length}{between}"
