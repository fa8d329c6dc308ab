"""Formulary files: one drug, and what its rules, limits and spacing say of itself."""

from typing import Any

import attrs
import pytest
from tests.written import START, at, line, said, value

from protoplan.model.evidence import Source
from protoplan.model.formulary import AllowedRoute, Cap, Drug, Product
from protoplan.model.safety import Limit, Spacing
from protoplan.problems import Severity
from protoplan.quantity import parse
from protoplan.reading import formulary as reader
from protoplan.reading.formulary import routes
from protoplan.reading.rules import DRUG_RULE
from protoplan.reading.shapes import Log
from protoplan.reading.tree import Node
from protoplan.source import Citation, Grounds


def read(node: Node, log: Log) -> Drug:
    return reader.drug(node, log, "the hash")


NAMED = """\
format: protoplan-formulary/1
drug: alpha
version: 1.0.0
name: Alpha
sources: {paper: {cite: A paper}}
"""

LEAST = Drug(
    id="alpha", version="1.0.0", name="Alpha", aliases=(), unit=None, routes=(), classes=(),
    caps=(), limits=(), products=(), rules=(), spacing=(), companions=(), usual=(),
    equivalents=(), interruption=None, calvert=None, bags=(), contradictions=(),
    sources=(Source("paper", "A paper", None, None, True, at(18, 5)),),
    sha256="the hash", at=START,
)  # fmt: skip

CITED = "source: [paper, Table 1]"
GROUNDS = Grounds(Citation("paper", "Table 1"))


def test_a_drug_needs_no_more_than_a_name() -> None:
    """Such as a medicine that acts on another."""
    assert LEAST == value(read, NAMED)


STATED: list[tuple[str, dict[str, Any]]] = [
    ("aliases: [one, two]", {"aliases": ("one", "two")}),
    ("unit: mcg", {"unit": "mcg"}),
    (f"unit: mg\nroutes: {{IV: {{{CITED}}}}}",
     {"unit": "mg", "routes": (AllowedRoute("IV", GROUNDS, at(14, 7)),)}),
    (f"classes: {{vinca: {{{CITED}}}}}", {"classes": (("vinca", GROUNDS),)}),
    (f"caps: [{{about: largest-dose, dose: 2 mg, routes: [IV], {CITED}}}]",
     {"caps": (Cap("largest-dose", parse("2 mg"), ("IV",), GROUNDS, at(8, 6)),)}),
    (f"products: [{{form: vial, holds: 5 mg, {CITED}}}]",
     {"products": (Product("vial", parse("5 mg"), None, GROUNDS, at(12, 6)),)}),
    # What follows is of the drug itself, which it need not say.
    (f"limits: [{{about: heart, most: 550 mg/m2, over: lifetime, {CITED}}}]",
     {"limits": (Limit("heart", "alpha", parse("550 mg/m2"), None, "lifetime", None, False,
                       Severity.STOP, None, GROUNDS, at(10, 6)),)}),
    (f"spacing: [{{from: itself, at_least: 24 h, {CITED}}}]",
     {"spacing": (Spacing("alpha", "from", "itself", 24, False, Severity.WARNING, None,
                          GROUNDS, at(11, 6)),)}),
    (f"spacing: [{{route: IV, after: beta, at_least: 1 day, {CITED}}}]",
     {"spacing": (Spacing("alpha IV", "after", "beta", 24, True, Severity.WARNING, None,
                          GROUNDS, at(11, 6)),)}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "stated"), STATED, ids=[row[0] for row in STATED])
def test_what_a_drug_says(written: str, stated: dict[str, Any]) -> None:
    assert attrs.evolve(LEAST, **stated) == value(read, f"{NAMED}{written}\n")


def test_the_rules_of_a_drug_are_about_itself() -> None:
    rule = f"{{id: alpha/why, scale: 50%, {CITED}}}"

    found = value(read, f"{NAMED}rules: [{rule}]\n")

    own = attrs.evolve(value(DRUG_RULE, rule, source=("paper",)), drug="alpha")
    assert [attrs.evolve(own, at=at(9, 6))] == [
        attrs.evolve(each, branches=own.branches) for each in found.rules
    ]


def test_every_route_that_is_not_known_is_told_where_it_stands_and_what_is_wrong_below_it() -> None:
    known = "is not known; expected IV, IT, SC, IM, PO [PP205]"

    assert [
        "x.yaml:1:6: error: route gives no source [PP305]",
        f"x.yaml:1:10: error: route 'iv' {known}\n    hint: did you mean 'IV'?",
        f"x.yaml:1:44: error: route 'rectal' {known}",
        "x.yaml:1:52: error: route gives no source [PP305]",
    ] == said(routes, "{IV: {}, iv: {assumed: {route: not said}}, rectal: {}}")


NO_UNIT = "error: drug has routes and needs the 'unit' of its doses [PP209]"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (f"routes: {{IV: {{{CITED}}}}}", f"1:1: {NO_UNIT}"),
        ("limits: [{about: a, most: 1 mg, over: lifetime, source: [other, A]}]",
         "6:58: error: source 'other' is not known [PP301]"),
    ],
)  # fmt: skip
def test_what_a_drug_must_say(written: str, told: str) -> None:
    assert [f"x.yaml:{told}"] == said(read, f"{NAMED}{written}\n")


def test_what_is_no_mapping_is_no_drug() -> None:
    assert line("PP203", "a mapping was expected, a list was found") == said(read, "[a]")
