"""The locks hold what `pyproject.toml` asks for, within its bounds, and the list of parts is theirs.

`make lock` and `make sbom` write them anew.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.locks import LOCK, ROOT, RUN, SBOM, listed, pins, plain

from protoplan import __version__

DATA = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNTIME = [*DATA["project"]["dependencies"], *DATA["project"]["optional-dependencies"]["pdf"]]
GROUPS = DATA["dependency-groups"]
ALL = [*RUNTIME, *GROUPS["test"], *GROUPS["lint"], *GROUPS["mutate"]]


def test_the_group_of_developers_is_those_that_are_looked_at() -> None:
    looked_at = ("test", "lint", "mutate")
    assert [{"include-group": name} for name in looked_at] == GROUPS["dev"]


@pytest.mark.parametrize("line", ALL)
def test_every_dependency_is_locked_within_its_bounds(line: str) -> None:
    asked = Requirement(line)

    assert asked.specifier.contains(pins(LOCK)[plain(asked.name)])


@pytest.mark.parametrize("line", RUNTIME)
def test_what_is_needed_to_run_is_locked_by_itself(line: str) -> None:
    assert plain(Requirement(line).name) in pins(RUN)


def test_both_locks_hold_the_same_versions() -> None:
    assert {} == {name: v for name, v in pins(RUN).items() if pins(LOCK).get(name) != v}


@pytest.mark.parametrize("path", [RUN, LOCK], ids=lambda path: path.name)
def test_every_pin_has_a_hash_and_no_address_stands_there(path: Path) -> None:
    text = path.read_text("utf-8")
    entries = re.split(r"(?m)^(?=\S)", text)[1:]

    assert [] == [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert "://" not in text and "--index" not in text


def test_the_list_of_parts_is_what_is_locked_to_run() -> None:
    parts = json.loads(SBOM.read_text("utf-8"))

    assert pins(RUN) == {plain(one["name"]): one["version"] for one in parts["components"]}
    assert __version__ == parts["metadata"]["component"]["version"]
    assert [] == [one["name"] for one in parts["components"] if not one.get("licenses")]


def test_the_list_of_parts_names_no_time_no_chance_and_no_address() -> None:
    text = SBOM.read_text("utf-8")

    assert "timestamp" not in text and "serialNumber" not in text
    assert ["http://cyclonedx.org/schema/bom-1.6.schema.json"] == re.findall(r"\w+://[^\"]+", text)


def test_addresses_are_taken_out_and_our_version_is_put_in() -> None:
    parts = {
        "components": [{"name": "a", "externalReferences": [{"url": "x"}]}],
        "metadata": {"component": {"name": "protoplan"}},
    }

    assert {
        "components": [{"name": "a"}],
        "metadata": {"component": {"name": "protoplan", "version": __version__}},
    } == json.loads(listed(parts))
