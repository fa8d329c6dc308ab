"""The record of mutants: nothing new goes unnoticed, and what is recorded is still so."""

from typing import Any

import pytest

pytest.importorskip("mutmut", reason="mutants are made by mutmut, of the group `mutate`")

from tests.mutant_runner import KILLED, SURVIVED, UNREACHED, Tried
from tests.mutants import Mutant, live, mutants_of, swap, texts_of
from tests.mutating import QUICK, counts, differences, recorded

MODULE = "protoplan.planning.rounding"


def mutant(function: str, was: str = "a < b", now: str = "a <= b") -> Mutant:
    return Mutant("protoplan.made", function, 1, was, now, "")


def told(function: str) -> str:
    return f"made: {function}\n    - a < b\n    + a <= b"


ONE = ("made: one", "a < b", "a <= b")


@pytest.mark.parametrize("outcome", [SURVIVED, UNREACHED])
def test_what_goes_unnoticed_must_be_recorded(outcome: str) -> None:
    tried = [Tried(mutant("one"), outcome), Tried(mutant("two"), outcome)]

    assert ([told("two")], []) == differences(tried, {ONE: (1, "it is the same")})
    assert ([told("one"), told("two")], []) == differences(tried, {})


def test_what_is_recorded_must_go_unnoticed() -> None:
    tried = [Tried(mutant("one"), KILLED, "a test")]

    assert ([], [told("one")]) == differences(tried, {ONE: (1, "it is the same")})


def test_the_same_change_in_two_places_of_a_function_is_counted() -> None:
    tried = [Tried(mutant("one"), SURVIVED), Tried(mutant("one"), SURVIVED)]

    assert ([], []) == differences(tried, {ONE: (2, "it is the same")})
    assert ([told("one")], []) == differences(tried, {ONE: (1, "it is the same")})


def test_functions_that_were_not_tried_are_not_compared() -> None:
    assert ([], []) == differences([Tried(mutant("two"), KILLED, "a test")], {ONE: (1, "same")})


def test_what_is_recorded_without_a_reason_has_survived() -> None:
    tried = [Tried(mutant("one"), SURVIVED), Tried(mutant("two"), SURVIVED)]

    found = counts(tried, {ONE: (1, "it is the same"), ("made: two", "a < b", "a <= b"): (1, "")})

    assert {"mutants": 2, "killed": 0, "survived": 1, "equivalent": 1, "killed by time": 0} == found


def test_a_mutant_is_swapped_in_and_out() -> None:
    text = texts_of(MODULE)["signed"]
    function: Any = live(MODULE, "signed")
    before = function.__code__

    swap(MODULE, "signed", text.replace("−", "minus "))
    try:
        from decimal import Decimal

        assert "minus 5" == function(Decimal(-5))
    finally:
        function.__code__ = before


def test_every_function_of_the_quick_list_is_there() -> None:
    for campaign in QUICK:
        for module, functions in campaign.functions.items():
            assert set() == set(functions) - set(texts_of(module))


def test_what_is_recorded_can_still_be_made() -> None:
    """A changed line takes its entries along; without this they would lie about until a full run."""
    record = recorded()
    modules = {f"protoplan.{where.partition(':')[0]}" for where, _, _ in record}
    made = {each.key for module in modules for each in mutants_of(module)}

    assert set() == set(record) - made
