"""Each hazard has its control and its tests, and the chain that says so cannot hold by itself."""

from typing import Any

import attrs
import pytest
from tests import hazards

from protoplan.planning.safety import SAFETY
from protoplan.problems import Problem
from protoplan.reading.tree import compose

TEXT = hazards.REGISTER.read_text("utf-8")
FOUND = hazards.read(TEXT)
NAMED = {name for check in SAFETY for name in check.hazards}


def test_the_chain_is_whole() -> None:
    assert [] == list(hazards.broken(FOUND, NAMED))


def test_the_register_has_nothing_that_deceives() -> None:
    """A key that stands twice, above all, of which the last would win."""
    problems: list[Problem] = []
    compose(TEXT, hazards.REGISTER.name, problems)

    assert [] == problems


def test_the_page_is_what_the_register_makes() -> None:
    """`make hazards` writes it anew."""
    assert hazards.page(FOUND) == hazards.PAGE.read_text("utf-8")


def with_first(**changes: Any) -> hazards.Register:
    """The register with its first row changed."""
    first, *rest = FOUND.hazards
    return attrs.evolve(FOUND, hazards=(attrs.evolve(first, **changes), *rest))


TEST = "tests/test_hazard_chain.py"

BROKEN = {
    "H01 has no tests": with_first(tests=()),
    "H01 has no control": with_first(control=()),
    f"H01: there is no test {TEST}::test_nothing": with_first(tests=[f"{TEST}::test_nothing"]),
    f"H01: there is no test {TEST}::with_first": with_first(tests=[f"{TEST}::with_first"]),
    f"H01: there is no test {TEST}": with_first(tests=[TEST]),
    "H01: there is no test tests/test_none.py::test_one": with_first(
        tests=["tests/test_none.py::test_one"]
    ),
    "H01: there is no src/protoplan/none.py::parse": with_first(
        control=["src/protoplan/none.py::parse"]
    ),
    "H01: there is no src/protoplan/quantity.py::guess": with_first(
        control=["src/protoplan/quantity.py::guess"]
    ),
    "H01: there is no src/protoplan/quantity.py": with_first(
        control=["src/protoplan/quantity.py"]
    ),
    f"H01: there is no {TEST}::FOUND": with_first(control=[f"{TEST}::FOUND"]),
    "H02 stands 2 times": attrs.evolve(FOUND, hazards=(*FOUND.hazards, FOUND.hazards[1])),
    "H15 stands 2 times": attrs.evolve(FOUND, waiting=hazards.Waiting(
        (*FOUND.waiting.ids, "H15"), "x")),
    "H40 is neither held nor waiting": attrs.evolve(
        FOUND, waiting=hazards.Waiting((*FOUND.waiting.ids[:-1], "H41"), "x")
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "register"), BROKEN.items(), ids=BROKEN)
def test_a_broken_chain_is_found_out(said: str, register: hazards.Register) -> None:
    assert [said] == list(hazards.broken(register, NAMED))


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_check_whose_hazard_is_no_row_is_found_out(name: str) -> None:
    rest = tuple(row for row in FOUND.hazards if row.id != name)

    found = list(hazards.broken(attrs.evolve(FOUND, hazards=rest), NAMED))

    assert f"{name} is named by a check and is no row" in found


def test_a_changed_row_changes_the_page() -> None:
    assert hazards.page(with_first(cause="another")) != hazards.PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new"), [("    tests:\n", "    test:\n"), ("waiting:\n", "more: x\nwaiting:\n")]
)
def test_a_key_that_is_not_known_is_refused(old: str, new: str) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        hazards.read(TEXT.replace(old, new, 1))
