"""What a person is told of a dose that rules have changed, or could not judge: whole findings.

Alpha is 100 mg on day 1 of three cycles.
"""

import pytest
from tests.engine import LABEL, NONE, found, listed, planned, rule

from protoplan.model.plan import Finding, Plan
from protoplan.problems import Severity

ALL = tuple(f"{cycle}.d1.alpha.IV.1" for cycle in "123")


def findings(plan: Plan, code: str) -> list[Finding]:
    return [
        Finding(f.code, f.severity, f.message.replace("\N{NO-BREAK SPACE}", " "),
                f.administrations, f.source) for f in found(plan, code)
    ]  # fmt: skip


def test_a_rule_that_is_not_adopted_is_a_note_with_its_source() -> None:
    written = rule("written_for: another disease, scale: 20 percent", "label/other", LABEL)
    says = rule("written_for: another disease, finding: stop, says: beware", "label/says", LABEL)
    text = "{0}, written for another disease and not adopted here, would hold: {1}"
    plan = planned(label=listed("rules", [written, says]))

    assert [
        Finding(
            "PF220", Severity.NOTE, text.format("label/other", "give 20%"), ALL, "label: section 2"
        ),
        Finding(
            "PF220", Severity.NOTE, text.format("label/says", "beware"), ALL, "label: section 2"
        ),
    ] == findings(plan, "PF220")


@pytest.mark.parametrize("severity", [Severity.NOTE, Severity.WARNING, Severity.STOP])
def test_a_rule_says_what_it_says_as_gravely_as_it_says_it(severity: Severity) -> None:
    plan = planned([rule(f"finding: {severity.value}, says: beware")])

    assert [Finding("PF219", severity, "beware [made-up/rule]", ALL, "paper: Table 1")] == findings(
        plan, "PF219"
    )


def test_what_is_not_known_is_a_note_that_names_all_of_it() -> None:
    both = "{all: [{fact: ecog, at_least: 3}, {fact: cns, is: active}]}"
    rules = [
        rule(f"when_unknown: note, when: {both}, omit: true", "a"),
        # Answered, and so nothing is lacking; and one that leaves the plan incomplete.
        rule("when_unknown: note, when: {fact: lineage, is: T}, omit: true", "b"),
        rule("when: {fact: philadelphia, is: positive}, omit: true", "c"),
    ]
    plan = planned(rules, f"{NONE}facts: {{lineage: B}}\n")

    text = "not known: ecog, cns; a is not applied without it"
    assert [Finding("PF224", Severity.NOTE, text, ALL, "paper: Table 1")] == findings(plan, "PF224")


TWO = "alpha is lowered for two causes, {0}; the lower dose is planned, and both together would make {1}"

#: The rules, their names and the product.
CAUSES = [
    # 100 x 0.5 x 0.25; 100 x 0.5 x 0.3333 is 16.665; and three of them, 100 x 0.5 x 0.3 x 0.7.
    ([("a", "scale: 50 percent"), ("b", "scale: 25 percent")], "a and b", "12.5 mg"),
    ([("b", "scale: 50 percent"), ("a", "set: 33.33 mg")], "a and b", "16.665 mg"),
    # 33.333 x 0.3333 is 11.1098889.
    ([("a", "set: 33.333 mg"), ("b", "set: 33.33 mg")], "a and b", "11.11 mg"),
    ([("a", "scale: 50 percent"), ("b", "scale: 30 percent"), ("c", "scale: 70 percent")],
     "a and b and c", "10.5 mg"),
    # Of one cause the lowest counts, or the last by name of those that are alike.
    ([("a", "about: liver, scale: 50 percent"), ("b", "about: liver, scale: 20 percent"),
      ("c", "scale: 40 percent")], "b and c", "8 mg"),
    ([("a", "about: liver, scale: 50 percent"), ("b", "about: liver, set: 50 mg"),
      ("c", "scale: 40 percent")], "b and c", "20 mg"),
    # What keeps the dose, or multiplies, is no cause.
    ([("a", "scale: 50 percent"), ("b", "set: 100 mg")], "", ""),
    ([("a", "scale: 50 percent"), ("b", "set: 100.5 mg")], "", ""),
    ([("a", "scale: 50 percent"), ("b", "scale: 99.5 percent")], "a and b", "49.75 mg"),
    ([("a", "scale: 50 percent"), ("b", "scale: 25 percent, combine: multiply")], "", ""),
    ([("a", "scale: 50 percent")], "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "names", "product"), CAUSES)
def test_two_causes_are_told_with_what_they_make_together(
    rules: list[tuple[str, str]], names: str, product: str
) -> None:
    expected = (
        [Finding("PF223", Severity.WARNING, TWO.format(names, product), ALL)] if names else []
    )

    written = [rule(effect, name) for name, effect in rules]
    assert expected == findings(planned(written), "PF223")
    assert expected == findings(planned(written[::-1]), "PF223")


OMITTED = "where the rule made-up/rule does not give it: made up"
CUT = "where the rules make it 50 mg (made-up/rule): made up"
KEPT = "where the rules make it 100 mg: made up"

#: The rule, what the prescriber orders, and what is told.
DIFFERS = [
    ("scale: 50 percent", "set: 50 mg", None),
    ("scale: 50 percent", "set: 40 mg", (Severity.NOTE, f"orders 40 mg of alpha {CUT}")),
    ("scale: 50 percent", "set: 50.5 mg", (Severity.WARNING, f"orders 50.5 mg of alpha {CUT}")),
    ("scale: 50 percent", "omit: true", (Severity.NOTE, f"leaves out alpha {CUT}")),
    ("set: 100 mg", "set: 100 mg", None),
    ("set: 100 mg", "set: 90 mg", (Severity.NOTE, f"orders 90 mg of alpha {KEPT}")),
    ("omit: true", "omit: true", None),
    ("hold: recovery", "omit: true", None),
    ("omit: true", "set: 40 mg", (Severity.WARNING, f"orders 40 mg of alpha {OMITTED}")),
    ("hold: recovery", "scale: 40%", (Severity.WARNING, f"orders 40 mg of alpha {OMITTED}")),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "entry", "expected"), DIFFERS)
def test_what_the_prescriber_orders_stands_beside_what_the_rules_say(
    effect: str, entry: str, expected: tuple[Severity, str] | None
) -> None:
    stated = (
        f"prescribed:\n  - {{drug: alpha, from_cycle: 1, {entry}, reason: made up, by: team}}\n"
    )
    plan = planned([rule(effect)], NONE + stated)

    told = [] if expected is None else [
        Finding("PF222", expected[0], f"the prescriber {expected[1]}", ALL)
    ]  # fmt: skip
    assert told == findings(plan, "PF222")
