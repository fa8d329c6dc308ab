"""The reader of catalogue files: the vocabulary of facts, labs, toxicities and indications."""

from typing import Any

from protoplan.model.catalogue import Catalogue, Fact, Indication, Lab, Toxicity
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    Named,
    OneOf,
    Record,
    text,
    without,
)
from protoplan.reading.tree import Node
from protoplan.reading.values import (
    decimal,
    grounded,
    grounds_fields,
    must_ground,
    sources,
    with_sources,
)
from protoplan.source import Grounds

UNITS_OF_LABS = ("mg/dL", "umol/L", "g/dL", "10^9/L", "/uL", "U/L", "xULN")


def _fact_rule(values: dict[str, Any]) -> str | None:
    ends = [values[key] for key in ("low", "high") if values[key] is not None]
    if len(ends) == 1 or bool(ends) == bool(values["words"]):
        return "needs either 'one_of' or both 'from' and 'to'"
    if ends and ends[0] >= ends[1]:
        return "runs backwards: 'from' must be less than 'to'"
    return None


_FACT = Record(Fact, "fact", {
    "about": Field(text),
    "one_of": Field(ListOf(text), (), "words"),
    "from": Field(decimal, None, "low"),
    "to": Field(decimal, None, "high"),
}, _fact_rule)  # fmt: skip


def _conversion(name: str, factor: Any, grounds: Grounds, at: Any) -> Any:
    return name, factor, grounds


_CONVERSION = Record(grounded(_conversion), "conversion", {
    "factor": Field(decimal),
    **grounds_fields(("factor",)),
}, must_ground("factor"))  # fmt: skip


def _lab_rule(values: dict[str, Any]) -> str | None:
    if len(values["per"]) > 1:
        return "has more than one conversion; one between its first two units is known"
    for unit, factor, _ in values["per"]:
        if unit not in values["units"][1:] or factor == 0:
            return f"has a conversion to '{unit}', which is not one of its other units, or of 0"
    return None


_LAB = Record(Lab, "lab", {
    "about": Field(text),
    "units": Field(ListOf(OneOf(UNITS_OF_LABS, "unit"))),
    "conversions": Field(Named(_CONVERSION), (), "per"),
}, _lab_rule)  # fmt: skip

_TOXICITY = Record(Toxicity, "toxicity", {"about": Field(text)})

_INDICATION = Record(Indication, "indication", {"about": Field(text)})

_CATALOGUE = Record(Catalogue, "catalogue", {
    "id": Field(text),
    "version": Field(text),
    "facts": Field(Named(_FACT), ()),
    "labs": Field(Named(_LAB), ()),
    "toxicities": Field(Named(_TOXICITY), ()),
    "indications": Field(Named(_INDICATION), ()),
    "sources": Field(sources, ()),
})  # fmt: skip


def catalogue(node: Node, log: Log, sha256: str) -> Catalogue:
    """Read a whole catalogue file."""
    own = with_sources(node, log)
    return _CATALOGUE(without(node, "format"), own, sha256=sha256)
