"""For which doses a prescriber's change holds: its drug, its route, and its cycles by their order."""

from collections.abc import Sequence

import pytest
from tests.engine import drug_text, formulary, protocol_text

from protoplan import files
from protoplan.model.treatment import Prescription
from protoplan.planning.prescribing import changes, printed_labels
from protoplan.quantity import parse
from protoplan.source import Place

PRINTED = ["1", "2", "3", "4", "M1", "M2"]


def change(first: str, last: str | None = None, route: str | None = None) -> Prescription:
    at = Place("treatment.yaml", 1, 1)
    return Prescription(
        first, last, "alpha", route, None, parse("1 mg"), False, "neuropathy", "team", at
    )


def cycles_of(entry: Prescription, labels: Sequence[str] = PRINTED) -> list[str]:
    return [c for c in labels if changes(entry, "alpha", "IV", c, labels, PRINTED)]


@pytest.mark.parametrize(
    ("first", "last", "cycles"),
    [
        ("2", "4", ["2", "3", "4"]),
        ("2", "2", ["2"]),
        ("4", None, ["4", "M1", "M2"]),
        ("M1", "2", []),
        ("1", "M2", PRINTED),
    ],
)
def test_a_change_holds_from_its_first_cycle_to_its_last(
    first: str, last: str | None, cycles: list[str]
) -> None:
    assert cycles == cycles_of(change(first, last))


@pytest.mark.parametrize(
    ("first", "last", "left", "cycles"),
    [
        ("2", "4", ["1", "2", "M1", "M2"], ["2"]),  # up to the last before 4 that is given
        ("1", "3", ["M1", "M2"], []),  # none before 3 is given
        ("M1", "1", ["M1", "M2"], []),
        ("2", "M1", ["1", "2", "3", "4"], ["2", "3", "4"]),
        ("3", None, ["1", "2", "M1"], []),  # its first cycle is not given, so it never begins
        ("3", "M1", ["1", "2", "M1"], []),
    ],
)
def test_a_change_whose_cycles_have_fallen_away_holds_for_those_that_are_left(
    first: str, last: str | None, left: list[str], cycles: list[str]
) -> None:
    assert cycles == cycles_of(change(first, last), left)


@pytest.mark.parametrize(
    ("drug", "route", "stated", "holds"),
    [
        ("alpha", "IV", None, True),
        ("alpha", "IT", None, True),
        ("alpha", "IV", "IV", True),
        ("alpha", "IT", "IV", False),
        ("beta", "IV", "IV", False),
        ("beta", "IV", None, False),
        ("beta", "IT", "IV", False),
    ],
)
def test_a_change_holds_for_its_drug_and_where_it_names_one_for_its_route(
    drug: str, route: str, stated: str | None, holds: bool
) -> None:
    entry = change("1", route=stated)

    assert holds is changes(entry, drug, route, "1", PRINTED, PRINTED)


def test_the_labels_of_a_protocol_are_those_of_all_its_phases_each_once() -> None:
    text = protocol_text().replace(
        "cycles: {1-3: only}, source: [paper, Methods]}",
        "cycles: {1-3: only}, source: [paper, Methods]}\n"
        "  - {name: again, cycles: {3-4: only}, source: [paper, Methods]}",
    )
    with formulary(drug_text("alpha")):
        protocol = files.load_text(text, "made-up.yaml")[1]

    assert ["1", "2", "3", "4"] == printed_labels(protocol)
