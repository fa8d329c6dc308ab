"""Dated things to do around doses, and items without days: each line in full.

Alpha is given on day 1 of cycles of 21 days from 2026-03-02, 03-23 and 04-13; beta where it is said.
"""

from datetime import date

import pytest
from tests.engine import NONE, drug_text, listed, planned, rule, said

from protoplan.model.plan import Instruction, OpenLine, Plan, Unresolved

BETA = "  - {drug: beta, in: [1], route: IV, sigs: [{dose: 1 mg, days: DAYS}], source: [paper, x]}"


def held(
    *entries: str, medicines: str = "none", days: str = "[8]", rules: tuple[str, ...] = ()
) -> Plan:
    written = [f"{{{entry}, because: made up, source: [paper, p1]}}" for entry in entries]
    return planned(
        rules, f"earlier_exposure: none\nmedicines: {medicines}\n", drugs=[drug_text("beta")],
        components=BETA.replace("DAYS", days), more=listed("instructions", written),
    )  # fmt: skip


AROUND = "hold: azole, around: beta, offsets: [-1, 0, 1]"


def line(day: int, text: str, *ids: str, source: str = "paper: p1") -> Instruction:
    return Instruction(date(2026, 3, day), text, "made up", source, ids)


EIGHTH, TENTH = "1.d8.beta.IV.1", "1.d10.beta.IV.1"


def test_a_medicine_is_held_on_the_days_around_a_dose() -> None:
    """Day 8 is the 9th of March; cycles 2 and 3 do not have it."""
    assert (
        tuple(line(day, "hold any azole", EIGHTH) for day in (8, 9, 10))
        == held(AROUND).instructions
    )


def test_one_day_between_two_doses_is_one_line_for_both() -> None:
    days = {8: (EIGHTH,), 9: (EIGHTH,), 10: (EIGHTH, TENTH), 11: (TENTH,), 12: (TENTH,)}

    assert tuple(line(day, "hold any azole", *ids) for day, ids in days.items()) == (
        held(AROUND, days="[8, 10]").instructions
    )


def test_lines_of_all_rules_stand_in_the_order_of_the_days() -> None:
    found = held(
        "hold: azole, named: [posaconazole, voriconazole], around: beta, offsets: [1]",
        "hold: azole, named: voriconazole, around: beta, offsets: [-1], assumed: {offsets: nobody}",
    ).instructions

    assert (
        line(8, "hold any azole (voriconazole)", EIGHTH, source="assumed: nobody"),
        line(10, "hold any azole (posaconazole, voriconazole)", EIGHTH),
    ) == found


def test_around_a_dose_that_is_not_given_nothing_is_held() -> None:
    assert () == held(AROUND, rules=(rule("omit: true", drug="beta"),)).instructions


#: The medicines, and what is held on the 8th, the 9th and the 10th.
MEDICINES = [
    ("{drug: posaconazole}", ["hold posaconazole"] * 3),
    ("{drug: Posaconazole}, {drug: voriconazole}", ["hold posaconazole and voriconazole"] * 3),
    ("{drug: posaconazole, from: 2026-03-09}", ["hold any azole", *["hold posaconazole"] * 2]),
    ("{drug: posaconazole, to: 2026-03-09}", [*["hold posaconazole"] * 2, "hold any azole"]),
    ("{drug: posaconazole, from: 2026-03-11}, {drug: voriconazole, to: 2026-03-07}, {drug: fluconazole}",
     ["hold fluconazole"] * 3),
    # Of another class, by the formulary or as stated; and of this one as stated.
    ("{drug: verapamil}", ["hold any azole"] * 3),
    ("{drug: strange, classes: none}", ["hold any azole"] * 3),
    ("{drug: strange, classes: [azole]}", ["hold strange"] * 3),
    ("{drug: verapamil, classes: [azole]}", ["hold verapamil"] * 3),
    ("{drug: posaconazole, classes: none}", ["hold posaconazole"] * 3),
]  # fmt: skip


@pytest.mark.parametrize(("medicines", "texts"), MEDICINES)
def test_the_stated_medicines_of_the_class_are_named_while_they_are_taken(
    medicines: str, texts: list[str]
) -> None:
    plan = held(AROUND, medicines=f"[{medicines}]")

    assert texts == [line.text for line in plan.instructions]
    assert () == plan.unresolved


def test_a_medicine_of_which_no_class_is_known_is_asked_for() -> None:
    plan = held(
        AROUND,
        medicines="[{drug: strange, from: 2026-03-10}, {drug: odd, to: 2026-03-07}, {drug: posaconazole}]",
        days="[8, 10]",
    )

    # On the 10th around both, on the 11th and 12th around the second.
    assert (
        Unresolved("whether strange is to be held", ("classes of strange",),
                   ("state classes: under the medicine strange",), (EIGHTH, TENTH)),
    ) == plan.unresolved  # fmt: skip
    assert ["hold posaconazole"] * 5 == [line.text for line in plan.instructions]


def test_where_nothing_is_stated_of_medicines_any_is_held() -> None:
    written = listed("instructions", [f"{{{AROUND}, because: made up, source: [paper, p1]}}"])
    plan = planned([], "earlier_exposure: none\n", drugs=[drug_text("beta")],
                   components=BETA.replace("DAYS", "[8]"), more=written)  # fmt: skip

    assert ["hold any azole"] * 3 == [line.text for line in plan.instructions]
    assert () == plan.unresolved


# ------------------------------------------------------------------------------- items without days


def items(*entries: str, stated: str = NONE) -> Plan:
    written = [f"{{{entry}, until: counts recover, source: [paper, p1]}}" for entry in entries]
    return planned([], stated, more=listed("open_items", written))


def item(text: str, *gives: str, when: str = "whole course", cycles: tuple[str, ...] = (),
         source: str = "paper: p1") -> OpenLine:  # fmt: skip
    return OpenLine(text, gives, when, "counts recover", source, cycles)


def plain(plan: Plan) -> list[OpenLine]:
    return [
        OpenLine(row.text, tuple(map(said, row.gives)), row.when, row.until, row.source, row.cycles)
        for row in plan.open_items
    ]


GIVES = "gives: [{drug: alpha, route: IT, dose: 2 mg, note: slowly}, {drug: alpha, route: PO, dose: 3 mg/m2}]"

#: The item, and its line; None where it does not hold.
ITEMS: list[tuple[str, OpenLine | None]] = [
    ("text: so", item("so")),
    (f"text: so, {GIVES}", item("so", "alpha 2 mg INTRATHECAL (slowly)", "alpha 3 mg/m² by mouth")),
    ("text: so, in: [2]", item("so", when="cycle 2", cycles=("2",))),
    ("text: so, in: [1, 3]", item("so", when="cycles 1, 3", cycles=("1", "3"))),
    ("text: so, in: only", item("so", when="cycles 1, 2, 3", cycles=("1", "2", "3"))),
    ("text: so, when: {measure: weight, at_least: 70 kg}", item("so")),
    ("text: so, when: {measure: weight, above: 70 kg}", None),
    ("text: so, assumed: {text: nobody}", item("so", source="assumed: nobody")),
]


@pytest.mark.parametrize(("entry", "expected"), ITEMS)
def test_an_item_without_days_is_a_line_with_its_cycles(
    entry: str, expected: OpenLine | None
) -> None:
    plan = items(entry)

    assert ([] if expected is None else [expected]) == plain(plan)
    assert () == plan.unresolved


def test_an_item_that_may_hold_is_asked_for_and_the_others_stand() -> None:
    plan = items("text: if so, when: {fact: ecog, is: 1}", "text: so")

    assert [item("so")] == plain(plan)
    assert (
        Unresolved("if so", ("ecog",), ("ECOG performance status: state the fact ecog",), ()),
    ) == plan.unresolved


def test_an_item_of_cycles_that_are_not_given_is_none() -> None:
    record = "record:\n  - {date: 2026-03-20, moved_on: transplant, reason: x}\n"
    plan = items("text: later, in: [3], when: {fact: ecog, is: 1}", "text: so",
                 stated=NONE + record)  # fmt: skip

    assert [item("so")] == plain(plan)
    assert () == plan.unresolved
