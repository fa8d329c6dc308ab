"""What sources say twice and differently: readings, the one chosen, and the doses it touches."""

from typing import Any

import attrs
import pytest
from tests.written import START, at, line, said, value

from protoplan.model.condition import Test
from protoplan.model.evidence import Contradiction, Reading, Silence, Touch
from protoplan.reading.evidence import CONTRADICTION, SILENCE, touch
from protoplan.source import Citation


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vincristine IV", Touch("vincristine IV", (), ())),
        ("{drug: vincristine}", Touch("vincristine", (), ())),
        ("{drug: vincristine, in: odd}", Touch("vincristine", ("odd",), ())),
        ("{drug: vincristine, in: [odd, 4N]}", Touch("vincristine", ("odd", "4N"), ())),
        ("{drug: vincristine, days: 2}", Touch("vincristine", (), (2,))),
        ("{drug: vincristine, in: odd, days: [1-3, 8]}",
         Touch("vincristine", ("odd",), (1, 2, 3, 8))),
        # No cycle has a day 0.
        ("{drug: vincristine, days: -2-1}", Touch("vincristine", (), (-2, -1, 1))),
        ("{drug: vincristine, days: every day}", Touch("vincristine", (), ())),
    ],
)  # fmt: skip
def test_a_reading_touches_a_drug_in_some_cycles_on_some_days(written: str, meant: Touch) -> None:
    assert meant == value(touch, written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[vincristine]", line("PP203", "one value was expected, a list was found")),
        ("{days: 1}", line("PP202", "touched doses lacks the key 'drug'")),
        ("{drug: [x], days: 0}",
         [*line("PP203", "one value was expected, a list was found", column=8),
          *line("PP206", "a cycle has no day 0; day 1 is its first day and day -1 the day before it",
                column=19)]),
    ],
)  # fmt: skip
def test_what_touches_nothing_is_refused(written: str, told: list[str]) -> None:
    assert told == said(touch, written)


@pytest.mark.parametrize("only", ["first", "later"])
def test_the_first_cycle_alone_is_not_touched(only: str) -> None:
    """It would be shown with the doses of every such cycle."""
    told = "touched doses may be in kinds of cycle or labels, not in the first or the later of them"

    assert line("PP209", told) == said(touch, f"{{drug: vincristine, in: {only} odd}}")


SAYS = "about: a dose, says: [{value: 1, source: [a, A]}, {value: 2, source: [b, B]}]"
CHOSEN = "chosen: 1, because: it is printed twice"

TWO = Contradiction(
    "a dose", (Reading("1", Citation("a", "A")), Reading("2", Citation("b", "B"))),
    "1", "it is printed twice", None, (), START,
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "differs"),
    [
        (CHOSEN, {}),
        (f"when: {{fact: a, is: yes}}, {CHOSEN}",
         {"when": Test("fact", "a", ("yes",), None, at(87), None)}),
        (f"{CHOSEN}, touches: vincristine", {"touches": (Touch("vincristine", (), ()),)}),
        (f"{CHOSEN}, touches: [vincristine, {{drug: mesna, days: 1}}]",
         {"touches": (Touch("vincristine", (), ()), Touch("mesna", (), (1,)))}),
    ],
)  # fmt: skip
def test_what_a_contradiction_says(written: str, differs: dict[str, Any]) -> None:
    assert attrs.evolve(TWO, **differs) == value(CONTRADICTION, f"{{{SAYS}, {written}}}")


def test_one_reading_contradicts_nothing() -> None:
    written = f"{{about: a dose, says: [{{value: 1, source: [a, A]}}], {CHOSEN}}}"

    assert line("PP209", "contradiction needs two readings at least") == said(
        CONTRADICTION, written
    )


def test_a_silence_says_what_was_left_open() -> None:
    assert Silence("the hour", "open", Citation("a", "A"), START) == value(
        SILENCE, "{about: the hour, left: open, source: [a, A]}"
    )
