"""The reader of formulary files: one drug a file."""

from typing import Any

import attrs

from protoplan.model.formulary import AllowedRoute, Cap, Drug, Product
from protoplan.reading.bags import BAG, twice
from protoplan.reading.evidence import CONTRADICTION
from protoplan.reading.rules import DRUG_RULE
from protoplan.reading.safety import (
    CALVERT,
    COMPANION,
    DRUG_LIMIT,
    DRUG_SPACING,
    EQUIVALENT,
    INTERRUPTION,
    USUAL,
)
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
    Amount,
    above_nothing,
    grounded,
    grounds_fields,
    must_ground,
    name,
    route,
    sources,
    with_sources,
)
from protoplan.source import Grounds

UNITS_OF_DOSES = ("mcg", "mg", "g", "units")

_ROUTE = Record(grounded(AllowedRoute), "route", grounds_fields(("route",)), must_ground("route"))


def _class(name: str, grounds: Grounds, at: Any) -> tuple[str, Grounds]:
    return name, grounds


_CLASS = Record(grounded(_class), "class", grounds_fields(("class",)), must_ground("class"))

_CAP = Record(grounded(Cap), "cap", {
    "about": Field(text),
    "dose": Field(above_nothing(Amount(UNITS_OF_DOSES))),
    "routes": Field(ListOf(route), ()),
    **grounds_fields(("dose",)),
}, must_ground("dose"))  # fmt: skip

_PRODUCT = Record(grounded(Product), "product", {
    "form": Field(OneOf(("vial", "tablet", "capsule"), "form")),
    "holds": Field(above_nothing(Amount(UNITS_OF_DOSES))),
    "note": Field(text, None),
    **grounds_fields(("holds",)),
}, must_ground("holds"))  # fmt: skip


def routes(node: Node, log: Log) -> tuple[AllowedRoute, ...]:
    """Route and what it stands on."""
    return Named(_ROUTE, into="route", key=route)(node, log)


def _drug(id: str, **rest: Any) -> Drug:  # noqa: A002  the field's name
    """A drug whose rules, limits and spacing are its own."""
    for key in ("rules", "limits"):
        rest[key] = tuple(attrs.evolve(entry, drug=id) for entry in rest[key])
    rest["spacing"] = tuple(
        attrs.evolve(entry, drug=f"{id} {entry.drug}".strip()) for entry in rest["spacing"]
    )
    return Drug(id=id, **rest)


def _drug_rule(values: dict[str, Any]) -> str | None:
    if values["routes"] and values["unit"] is None:
        return "has routes and needs the 'unit' of its doses"
    return twice(values["bags"])


_DRUG = Record(_drug, "drug", {
    "drug": Field(name, into="id"),
    "version": Field(text),
    "name": Field(text),
    "aliases": Field(ListOf(text), ()),
    "unit": Field(OneOf(UNITS_OF_DOSES, "unit"), None),
    "routes": Field(routes, ()),
    "classes": Field(Named(_CLASS), ()),
    "caps": Field(ListOf(_CAP), ()),
    "limits": Field(ListOf(DRUG_LIMIT), ()),
    "products": Field(ListOf(_PRODUCT), ()),
    "rules": Field(ListOf(DRUG_RULE), ()),
    "spacing": Field(ListOf(DRUG_SPACING), ()),
    "companions": Field(ListOf(COMPANION), ()),
    "usual": Field(ListOf(USUAL), ()),
    "equivalents": Field(ListOf(EQUIVALENT), ()),
    "interruption": Field(INTERRUPTION, None),
    "calvert": Field(CALVERT, None),
    "bags": Field(ListOf(BAG), ()),
    "contradictions": Field(ListOf(CONTRADICTION), ()),
    "sources": Field(sources, ()),
}, _drug_rule)  # fmt: skip


def drug(node: Node, log: Log, sha256: str) -> Drug:
    """Read a whole formulary file."""
    own = with_sources(node, log)
    return _DRUG(without(node, "format"), own, sha256=sha256)
