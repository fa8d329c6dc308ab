"""Small regimens for tests of comparisons, written as files are."""

from collections.abc import Sequence

from protoplan import api
from protoplan.comparing.regimens import compare
from protoplan.model.comparison import Block, Comparison
from protoplan.model.protocol import Protocol

KINDS = "A: {length: 21 days, source: [paper, Methods]}\n  B: {length: 21 days, source: [paper, Methods]}"
PHASE = "{name: treatment, cycles: {1: A, 2: B, 3: A, 4: B}, source: [paper, Methods]}"
VINCRISTINE = "{drug: vincristine, in: A, route: IV, sigs: [{dose: 2 mg, days: [1, 8]}], source: [paper, Table 1]}"


def regimen(
    *components: str,
    name: str = "one",
    kinds: str = KINDS,
    phases: Sequence[str] = (PHASE,),
    more: str = "",
) -> Protocol:
    """A protocol of these components; none stands for vincristine 2 mg on days 1 and 8 of A."""
    rows = "\n".join(f"  - {row}" for row in components or (VINCRISTINE,))
    stretches = "\n".join(f"  - {row}" for row in phases)
    text = f"""format: protoplan-protocol/1
id: {name}
version: 1.0.0
title: Made up {name}
population: nobody
reviewed: never to be given
sources:
  paper: {{cite: "Paper of {name}"}}
  other: {{cite: Another paper, doi: 10.1/other}}
  unused: {{cite: Not used}}
{more}
kinds:
  {kinds}
phases:
{stretches}
components:
{rows}
"""
    found: Protocol = api.load_text(text, f"{name}.yaml")[1]
    return found


def giving(drug: str, route: str, *sigs: str, more: str = "in: A") -> str:
    """A component of these sigs."""
    rows = ", ".join(f"{{{sig}}}" for sig in sigs)
    comma = f"{more}, " if more else ""
    return f"{{drug: {drug}, {comma}route: {route}, sigs: [{rows}], source: [paper, Table 1]}}"


def beside(*protocols: Protocol, only: Sequence[str] = ()) -> Comparison:
    """The protocols side by side, named for their ids."""
    drugs = {name: drug for one in protocols for name, drug in api.drugs_of(one).items()}
    names = [f"{one.id}-{n}.yaml" for n, one in enumerate(protocols, 1)]
    return compare(protocols, names, drugs, only)


def block(found: Comparison, name: str) -> Block:
    """What is told of a drug and route, such as ``vincristine IV``."""
    (one,) = [one for one in found.blocks if f"{one.drug} {one.route}" == name]
    return one
