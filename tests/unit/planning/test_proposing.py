"""What a rule, or the prescriber, makes of a dose, and its arithmetic in whole lines.

Alpha is 100 mg on day 1 of three cycles, for a patient of 1.84 m2 and 70 kg.
"""

import pytest
from tests.engine import LABEL, NONE, first, found, listed, messages, planned, rule, said

from protoplan.model.plan import Plan

FLAT = "{dose: 100 mg, days: [1]}"
RATE = "{rate: 100 mg/day, days: 1-2}"
LADDER = "ladder: [120 mg, 80 mg, 60 mg, 40 mg]"


def steps(plan: Plan, kind: str = "rule") -> list[str]:
    """The lines of the working of the first dose that rules, or the prescriber, have made."""
    return [said(step.why) for step in first(plan).working if step.step == kind]


def dose(mg: int) -> str:
    return f"{{dose: {mg} mg, days: [1]}}"


#: The effect, alpha's sig, the dose, and the line of the working.
WORDS = [
    ("scale: 50 percent", FLAT, "50 mg", "50% of 100 mg"),
    ("scale: 12.5 percent", FLAT, "12.5 mg", "12.5% of 100 mg"),
    ("set: 70 mg", FLAT, "70 mg", "70 mg"),
    # 25 x 1.84; 0.5 x 70 over two days.
    ("set: 25 mg/m2", FLAT, "46 mg", "25 mg/m² × 1.84 m²"),
    ("set: 0.5 mg/kg/day", RATE, "70 mg", "0.5 mg/kg/day × 70 kg × 2 days"),
    ("cap: 60 mg", FLAT, "60 mg", "at most 60 mg"),
    ("cap: 20 mg/m2", FLAT, "36.8 mg", "at most 20 mg/m²"),
    # Down from the first level below the printed dose, and never past the last.
    (f"down: 1, {LADDER}", FLAT, "80 mg", "80 mg, 1 down from 100 mg"),
    (f"down: 2, {LADDER}", FLAT, "60 mg", "60 mg, 2 down from 100 mg"),
    (f"down: 4, {LADDER}", FLAT, "40 mg", "40 mg, 4 down from 100 mg"),
    (f"down: 1, {LADDER}", dose(80), "60 mg", "60 mg, 1 down from 80 mg"),
    # 75 x 1.84.
    ("down: 1, ladder: [100 mg/m2, 75 mg/m2]", "{dose: 100 mg/m2, days: [1]}", "138 mg",
     "75 mg/m², 1 down from 100 mg/m² × 1.84 m²"),
    # On its lowest level, or below it, a dose is not lowered.
    (f"down: 1, {LADDER}", dose(40), "40 mg", "would make 40 mg, which is not below 40 mg"),
    (f"down: 1, {LADDER}", dose(30), "30 mg", "would make 40 mg, which is not below 30 mg"),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "sig", "amount", "words"), WORDS)
def test_the_working_tells_how_a_rule_makes_the_dose(
    effect: str, sig: str, amount: str, words: str
) -> None:
    plan = planned([rule(effect)], sig=sig)

    assert amount == str(first(plan).adjusted)
    assert [f"made-up/rule: {words}"] == steps(plan)


def test_what_a_rule_fired_for_stands_behind_it() -> None:
    bands = "by: {toxicity: peripheral_neuropathy}, bands: [{at_most: 1, keep: true}, "
    bands += "{above: 1, scale: 75 percent}]"
    record = "record:\n  - {date: 2026-03-02, toxicity: peripheral_neuropathy, grade: 2}\n"

    assert ["made-up/rule: 75% of 100 mg; for peripheral neuropathy of grade 2"] == steps(
        planned([rule(bands)], NONE + record)
    )


#: The effect of a rule that is printed in another kind of amount than the sig's, and both.
UNFIT = [
    ("set: 50 mg/day", FLAT, "mg/day", "mg"),
    ("cap: 50 mg/day", FLAT, "mg/day", "mg"),
    ("set: 50 mg", RATE, "mg", "mg/day"),
    ("cap: 50 mg", RATE, "mg", "mg/day"),
    ("down: 1, ladder: [80 mg/m2]", FLAT, "mg/m2", "mg"),
    ("down: 1, ladder: [1 g/m2, 800 mg/m2]", FLAT, "g/m2", "mg"),
    ("down: 1, ladder: [80 mg, 60 mg]", RATE, "mg", "mg/day"),
]


@pytest.mark.parametrize(("effect", "sig", "printed", "basis"), UNFIT)
def test_what_is_printed_in_another_kind_of_amount_is_decided_by_a_person(
    effect: str, sig: str, printed: str, basis: str
) -> None:
    plan = planned(sig=sig, label=listed("rules", [rule(effect, "label/rule", LABEL)]))
    need = f"decision: label/rule is printed in {printed}, and the dose in {basis}"

    assert [("alpha", (need,))] == [(entry.about, entry.needs) for entry in plan.unresolved]
    assert None is first(plan).ordered


def test_a_ladder_matters_only_to_what_goes_down_it() -> None:
    bands = "by: {toxicity: peripheral_neuropathy}, bands: [{at_most: 1, scale: 50 percent}, "
    bands += "{above: 1, down: 1}], ladder: [80 mg/m2, 60 mg/m2]"

    assert ["made-up/rule: 50% of 100 mg; for peripheral neuropathy of grade 0"] == steps(
        planned([rule(bands)])
    )


@pytest.mark.parametrize(
    ("entry", "amount", "words"),
    [
        ("set: 90 mg", "90 mg", "90 mg"),
        ("set: 25 mg/m2", "46 mg", "25 mg/m² × 1.84 m²"),
        ("scale: 80%", "80 mg", "80% of 100 mg"),
    ],
)
def test_the_working_tells_what_the_prescriber_orders(entry: str, amount: str, words: str) -> None:
    stated = (
        f"prescribed:\n  - {{drug: alpha, from_cycle: 1, {entry}, reason: made up, by: team}}\n"
    )
    plan = planned([], NONE + stated)

    assert amount == str(first(plan).adjusted)
    assert [f"{words}: made up; by team"] == steps(plan, "prescribed")


#: An effect, and what it would do by a rule that was written for something else.
IN_WORDS = [
    ("omit: true", "leave the dose out"),
    ("hold: recovery", "hold the dose until recovery"),
    ("scale: 20 percent", "give 20%"),
    ("set: 20 mg", "give 20 mg"),
    ("cap: 20 mg", "give at most 20 mg"),
    ("down: 2, ladder: [80 mg, 60 mg]", "go 2 down its ladder"),
    ("ask: whether to go on", "whether to go on"),
    ("finding: warning, says: beware", "beware"),
]


@pytest.mark.parametrize(("effect", "words"), IN_WORDS)
def test_a_rule_that_is_not_adopted_tells_what_it_would_do(effect: str, words: str) -> None:
    written = rule(f"written_for: another disease, {effect}", "label/other", LABEL)
    plan = planned(label=listed("rules", [written]))

    assert [
        "label/other, written for another disease and not adopted here, would hold: " + words
    ] == messages(plan, "PF220")


def test_a_rule_is_cited_as_what_it_is_taken_for() -> None:
    body = "finding: note, says: beware, assumed: {rule: nobody prints it}"

    assert ["assumed: nobody prints it"] == [
        finding.source for finding in found(planned([rule(body)]), "PF219")
    ]


def test_of_two_that_make_the_same_the_first_by_name_wins() -> None:
    rules = [rule("set: 50 mg", "b"), rule("scale: 50 percent", "a")]
    expected = ["a: 50% of 100 mg", "b: would make 50 mg; a makes it lower"]

    assert expected == steps(planned(rules)) == steps(planned(rules[::-1]))


def test_a_rule_that_makes_as_much_wins_nothing() -> None:
    assert ["made-up/rule: would make 100 mg, which is not below 100 mg"] == steps(
        planned([rule("set: 100 mg")])
    )
