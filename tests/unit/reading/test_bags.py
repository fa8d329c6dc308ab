"""Bags: how long they run, who may have them, and what the command line says of them."""

from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from tests.written import START, line, said, value

from protoplan.model.bags import BagKind, BagRules, Lasting
from protoplan.problems import Faulty
from protoplan.quantity import parse
from protoplan.reading.bags import BAG, RULES, lasting, of_flags, placed, twice
from protoplan.source import Citation, Grounds, Place

# -- how long --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hours", "printed"),
    [
        ("1 h", 1, "1 h"),
        ("24 h", 24, "24 h"),
        ("24h", 24, "24 h"),
        ("72.0 h", 72, "72 h"),
        ("1 day", 24, "1 day"),
        ("7 days", 168, "7 days"),
        ("10days", 240, "10 days"),
        ("1 week", 168, "7 days"),
        ("2 weeks", 336, "14 days"),
    ],
)
def test_a_bag_runs_for_hours_or_days(written: str, hours: int, printed: str) -> None:
    """Three days and 72 hours are equal, and are printed as they are written."""
    found = value(lasting, written)

    assert (Lasting(hours), printed) == (found, str(found))


NO_LENGTH = "is not how long a bag runs; expected hours or days"
NO_HOURS = "is not a whole number of hours above 0"
SUCH_AS = "write such as 24 h or 7 days"

REFUSED = [
    ("24", line("PP204", f"'24' {NO_LENGTH}", SUCH_AS)),
    ("0 days", line("PP204", f"'0 days' {NO_LENGTH}", SUCH_AS)),
    ("1.5 days", line("PP204", f"'1.5 days' {NO_LENGTH}", SUCH_AS)),
    ("1 month", line("PP204", f"'1 month' {NO_LENGTH}", SUCH_AS)),
    ("60 min", line("PP204", f"'60 min' {NO_LENGTH}", SUCH_AS)),
    ("0 h", line("PP208", f"'0 h' {NO_HOURS}")),
    ("1.5 h", line("PP208", f"'1.5 h' {NO_HOURS}")),
    ("[24 h]", line("PP203", "one value was expected, a list was found")),
]


@pytest.mark.parametrize(("written", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_length_that_cannot_be_is_refused(written: str, told: list[str]) -> None:
    assert told == said(lasting, written)
    assert told == said(placed, written)


# -- kinds of bags ---------------------------------------------------------------------------------

SOURCE = "source: [label, 2]"

DAILY = BagKind(Lasting(24), parse("10 mL/h"), None, None, None, Grounds(Citation("label", "2")),
                START)  # fmt: skip


def assumed(*figures: str) -> Grounds:
    return Grounds(None, tuple((figure, "a guess") for figure in figures))


@pytest.mark.parametrize(
    ("written", "differs"),
    [
        (SOURCE, {}),
        (f"not_below: 22 kg, note: preserved, {SOURCE}",
         {"not_below": parse("22 kg"), "note": "preserved"}),
        (f"disputed_below: 45 kg, {SOURCE}", {"disputed_below": parse("45 kg")}),
        (f"not_below: 22 kg, disputed_below: 22.1 kg, {SOURCE}",
         {"not_below": parse("22 kg"), "disputed_below": parse("22.1 kg")}),
        ("assumed: {lasts: a guess, runs_at: a guess}", {"grounds": assumed("lasts", "runs_at")}),
        ("not_below: 22 kg, assumed: {lasts: a guess, runs_at: a guess, not_below: a guess}",
         {"not_below": parse("22 kg"), "grounds": assumed("lasts", "runs_at", "not_below")}),
    ],
)  # fmt: skip
def test_what_a_bag_says(written: str, differs: dict[str, Any]) -> None:
    assert attrs.evolve(DAILY, **differs) == value(
        BAG, f"{{lasts: 24 h, runs_at: 10 mL/h, {written}}}"
    )


NOT_ABOVE = ("PP209", "bag has a 'disputed_below' that does not lie above its 'not_below'")
UNGROUNDED = ("PP305", "bag gives no source")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (f"not_below: 22 kg, disputed_below: 22 kg, {SOURCE}", NOT_ABOVE),
        (f"not_below: 22 kg, disputed_below: 21.9 kg, {SOURCE}", NOT_ABOVE),
        ("assumed: {lasts: x}", UNGROUNDED),
        ("assumed: {runs_at: x}", UNGROUNDED),
        ("not_below: 22 kg, assumed: {lasts: x, runs_at: x}", UNGROUNDED),
        ("disputed_below: 45 kg, assumed: {lasts: x, runs_at: x}", UNGROUNDED),
    ],
)
def test_a_bag_that_cannot_be_is_refused(written: str, told: tuple[str, str]) -> None:
    assert line(*told) == said(BAG, f"{{lasts: 24 h, runs_at: 10 mL/h, {written}}}")


def test_of_two_bags_of_one_length_nobody_could_say_which_is_meant() -> None:
    """Also where one is written in hours and the other in days."""
    week, days = attrs.evolve(DAILY, lasts=Lasting(168)), attrs.evolve(
        DAILY, lasts=Lasting(24, in_days=True)
    )  # fmt: skip

    assert twice([]) is None
    assert twice([DAILY, week]) is None
    assert "has two bags of 1 day" == twice([DAILY, week, days])
    assert "has two bags of 24 h" == twice([days, DAILY])


# -- what a site says ------------------------------------------------------------------------------


def test_what_a_policy_says_of_bags() -> None:
    text = "{no_changes_on: [Sunday, holidays], lasting: [24 h, 7 days]}"

    assert BagRules(
        ("Sunday", "holidays"),
        ((Lasting(24), Place("x.yaml", 1, 47)), (Lasting(168), Place("x.yaml", 1, 53))),
    ) == value(RULES, text)
    assert BagRules((), ()) == value(RULES, "{}")


def flag(number: int) -> Place:
    return Place("command line", number, 0)


@pytest.mark.parametrize(
    ("days", "lengths", "meant"),
    [
        ((), (), BagRules((), ())),
        (("none",), (), BagRules((), ())),
        (["none"], ["24 h"], BagRules((), ((Lasting(24), flag(2)),))),
        (("Saturday", "holidays"), ("1 day", "7 days"),
         BagRules(("Saturday", "holidays"), ((Lasting(24), flag(3)), (Lasting(168), flag(4))))),
    ],
)  # fmt: skip
def test_what_the_command_line_says_of_bags(
    days: Sequence[str], lengths: Sequence[str], meant: BagRules
) -> None:
    assert meant == of_flags(days, lengths)


KNOWN = "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, holidays"


def test_everything_that_the_command_line_says_amiss_is_told_by_its_number() -> None:
    with pytest.raises(Faulty) as wrong:
        of_flags(["sunday", "Monday", "none"], ["24", "24 h", "0 h"])

    assert [
        (flag(1), f"command line: error: day 'sunday' is not known; expected {KNOWN} [PP205]\n"
            "    hint: did you mean 'Sunday'?"),
        (flag(3), f"command line: error: day 'none' is not known; expected {KNOWN} [PP205]"),
        (flag(4), f"command line: error: '24' {NO_LENGTH} [PP204]\n    hint: {SUCH_AS}"),
        (flag(6), f"command line: error: '0 h' {NO_HOURS} [PP208]"),
    ] == [(problem.at, str(problem)) for problem in wrong.value.problems]  # fmt: skip
