"""The oracle is a second implementation: it shares no code with the first, and knows every word."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.conftest import ROOT
from tests.oracle.language import strange

FOLDER = Path(__file__).parent
#: What of the program may be read: the models, the readers behind `api`, and how amounts are read.
MAY = (
    "protoplan.model",
    "protoplan.quantity",
    "protoplan.source",
    "protoplan.api",
    "protoplan.library",
)
LOADERS = {"load_text", "load_policy", "load_protocol", "drug", "catalogue"}
#: Of the amounts only how they are written; sums are worked in fractions.
WRITTEN = {"Quantity", "parse"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules() -> list[Path]:
    return [path for path in sorted(FOLDER.glob("*.py")) if not path.name.startswith("test_")]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_nothing_here_imports_the_planner(path: Path) -> None:
    rooms = ("planning", "checks", "comparing", "rendering", "cli")
    forbidden = tuple(f"protoplan.{room}" for room in rooms)

    assert [] == [name for name in imported(path) if name.startswith(forbidden)]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.name)
def test_the_oracle_reads_models_and_nothing_else(path: Path) -> None:
    names = [name for name in imported(path) if name.split(".")[0] == "protoplan"]
    amounts = {name.rpartition(".")[2] for name in names if name.startswith("protoplan.quantity")}
    asked = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "api"
    }

    assert [] == [name for name in names if not name.startswith(MAY)]
    assert set() == amounts - WRITTEN
    assert set() == asked - LOADERS


KINDS = {"protocols": "protocol", "protocols/fragments": "fragment", "formulary": "formulary",
         "policies": "policy", "tests/oracle/policies": "policy"}  # fmt: skip


@pytest.mark.parametrize("folder", KINDS)
def test_the_oracle_knows_every_word_of_the_files_that_are_shipped(folder: str) -> None:
    paths = sorted((ROOT / folder).glob("*.yaml"))
    # Another loader than the program's own: every scalar is a text.
    files = {path.name: yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in paths}  # noqa: S506
    found = [each for name, data in files.items() for each in strange(KINDS[folder], data, name)]

    assert [] == found
    assert files != {}


def test_a_word_that_the_oracle_does_not_know_is_named() -> None:
    sig = {"dose": "1 mg", "days": "[1]", "taper": "2 days", "window": "[0, 1]"}
    rule = {"when": {"all": [{"lab": "alt", "trend": "up"}]}, "omit": "true"}
    protocol = {"components": [{"drug": "x", "sigs": [sig]}], "rules": [rule], "phasen": []}

    assert [
        "made-up: components: sigs: taper",
        "made-up: rules: when: all: trend",
        "made-up: phasen",
    ] == list(strange("protocol", protocol, "made-up"))
