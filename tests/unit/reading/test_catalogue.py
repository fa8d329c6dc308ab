"""Catalogues: facts, labs, toxicities and indications, and what one of them cannot be."""

from decimal import Decimal

import pytest
from tests.written import START, at, line, said, value

from protoplan.model.catalogue import Catalogue, Fact, Indication, Lab, Toxicity
from protoplan.model.evidence import Source
from protoplan.reading import catalogue as reader
from protoplan.reading.shapes import Log
from protoplan.reading.tree import Node
from protoplan.source import Citation, Grounds


def read(node: Node, log: Log) -> Catalogue:
    return reader.catalogue(node, log, "the hash")


NAMED = "id: made-up\nversion: 1.0.0\n"

CITED = "source: [paper, Table 1]"


def test_a_catalogue_may_hold_nothing() -> None:
    assert Catalogue("made-up", "1.0.0", (), (), (), (), (), "the hash", START) == value(
        read, f"format: protoplan-catalogue/1\n{NAMED}"
    )


def test_what_a_catalogue_says() -> None:
    text = f"""\
{NAMED}facts:
  lineage: {{about: of the cells, one_of: [B, T]}}
  ecog: {{about: by ECOG, from: 0, to: 4}}
labs:
  alt: {{about: ALT, units: [xULN, U/L]}}
  bilirubin:
    about: in serum
    units: [mg/dL, umol/L]
    conversions: {{umol/L: {{factor: 17.104, {CITED}}}}}
toxicities:
  vomiting: {{about: by CTCAE}}
indications:
  all: {{about: acute leukaemia}}
sources:
  paper: {{cite: A paper, verified: false}}
"""
    doubtful = Grounds(Citation("paper", "Table 1", verified=False))

    assert Catalogue(
        id="made-up", version="1.0.0",
        facts=(Fact("lineage", "of the cells", ("B", "T"), None, None, at(12, 4)),
               Fact("ecog", "by ECOG", (), Decimal(0), Decimal(4), at(9, 5))),
        labs=(Lab("alt", "ALT", ("xULN", "U/L"), (), at(8, 7)),
              Lab("bilirubin", "in serum", ("mg/dL", "umol/L"),
                  (("umol/L", Decimal("17.104"), doubtful),), at(5, 9))),
        toxicities=(Toxicity("vomiting", "by CTCAE", at(13, 13)),),
        indications=(Indication("all", "acute leukaemia", at(8, 15)),),
        sources=(Source("paper", "A paper", None, None, False, at(10, 17)),),
        sha256="the hash", at=START,
    ) == value(read, text)  # fmt: skip


NO_RANGE = "needs either 'one_of' or both 'from' and 'to' [PP209]"
BACKWARDS = "runs backwards: 'from' must be less than 'to' [PP209]"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("", NO_RANGE),
        ("one_of: []", NO_RANGE),
        ("from: 0", NO_RANGE),
        ("to: 4", NO_RANGE),
        ("one_of: [B, T], from: 0, to: 4", NO_RANGE),
        ("one_of: [B, T], from: 0", NO_RANGE),
        ("one_of: [B, T], to: 0", NO_RANGE),
        ("from: 4, to: 0", BACKWARDS),
        ("from: 4, to: 4", BACKWARDS),
    ],
)
def test_a_fact_is_one_of_some_words_or_lies_in_a_range(answers: str, told: str) -> None:
    assert [f"x.yaml:3:12: error: fact {told}"] == said(
        read, f"{NAMED}facts: {{a: {{about: b, {answers}}}}}\n"
    )


MANY = "has more than one conversion; one between its first two units is known [PP209]"


def strange(unit: str) -> str:
    """A conversion that leads nowhere."""
    return f"has a conversion to '{unit}', which is not one of its other units, or of 0 [PP209]"


@pytest.mark.parametrize(
    ("conversions", "told"),
    [
        (["umol/L: {factor: 0, X}"], strange("umol/L")),
        (["mg/dL: {factor: 2, X}"], strange("mg/dL")),
        (["g/dL: {factor: 2, X}"], strange("g/dL")),
        (["umol/L: {factor: 2, X}", "xULN: {factor: 2, X}"], MANY),
    ],
)
def test_a_lab_is_converted_into_one_of_its_other_units(conversions: list[str], told: str) -> None:
    listed = ", ".join(conversions).replace("X", CITED)
    text = (
        f"{NAMED}labs: {{a: {{about: b, units: [mg/dL, umol/L, xULN], conversions: {{{listed}}}}}}}\n"
        "sources: {paper: {cite: A paper}}\n"
    )

    assert [f"x.yaml:3:11: error: lab {told}"] == said(read, text)


@pytest.mark.parametrize("unit", ["umol/L", "xULN"])
def test_a_conversion_may_be_by_one(unit: str) -> None:
    text = (
        f"{NAMED}labs: {{a: {{about: b, units: [mg/dL, umol/L, xULN], "
        f"conversions: {{{unit}: {{factor: 1, {CITED}}}}}}}}}\nsources: {{paper: {{cite: A paper}}}}\n"
    )

    factor = (unit, Decimal(1), Grounds(Citation("paper", "Table 1")))
    assert (Lab("a", "b", ("mg/dL", "umol/L", "xULN"), (factor,), at(11, 3)),) == value(
        read, text
    ).labs


def test_a_conversion_has_a_source_of_the_catalogue() -> None:
    text = (
        f"{NAMED}labs:\n  a: {{about: b, units: [mg/dL, umol/L], conversions: {{umol/L: {{factor: 2}}}}}}\n"
        f"  c: {{about: d, units: [mg/dL, umol/L], conversions: {{umol/L: {{factor: 2, {CITED}}}}}}}\n"
        "sources: {other: {cite: A paper}}\n"
    )

    assert [
        "x.yaml:4:63: error: conversion gives no source [PP305]",
        "x.yaml:5:84: error: source 'paper' is not known [PP301]",
    ] == said(read, text)


def test_what_is_no_mapping_is_no_catalogue() -> None:
    assert line("PP203", "a mapping was expected, a list was found") == said(read, "[a]")
