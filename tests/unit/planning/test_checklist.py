"""What is to be asked for before later doses. A lab is fresh for 7 days, the cycles have 21."""

from datetime import date

import pytest
from tests.engine import (
    LABEL,
    NONE,
    TREATMENT,
    drug_text,
    in_turn,
    planned,
    protocol_text,
    rule,
    said,
)

from protoplan.model.plan import CheckLine, Plan

BILIRUBIN = "when: {lab: bilirubin, above: 1 mg/dL}, scale: 50 percent"
PLATELETS = "when: {lab: platelets, below: 50 10^9/L}, omit: true"
HALVED = "the last value would have made it 50 mg"
NOTHING = "the last value would have changed nothing"


def labs(**values: str) -> str:
    """Labs of 2 March, the day of the plan."""
    rows = ", ".join(f"{name}: {value}" for name, value in values.items())
    return f"as_of: 2026-03-02\nlabs: [{{date: 2026-03-02, {rows}}}]\n{NONE}"


def by(drug: str, sig: str, where: str = "only") -> str:
    """Another component of the protocol, by mouth."""
    return (
        f"  - drug: {drug}\n    in: {where}\n    route: PO\n    sigs:\n      - {{{sig}}}\n"
        "    source: [paper, Methods]"
    )


def lines(plan: Plan) -> list[tuple[object, ...]]:
    """Date and cycle, what is asked for, what it would do, and for which doses."""
    return [
        (f"{line.date:%m-%d}", line.cycle, line.labs, line.toxicities,
         tuple(map(said, line.would)), line.administrations)
        for line in plan.checklist
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------- labs


def test_a_lab_is_asked_for_when_it_is_too_old_and_again_when_that_one_is() -> None:
    """Of 2 March it is fresh on day 8, 9 March; taken on the 10th, day 9, it is on the 17th."""
    plan = planned(
        [rule(f"in: [1], {BILIRUBIN}")],
        labs(bilirubin="2 mg/dL"),
        sig="{dose: 100 mg, days: [1, 8, 9, 16, 17]}",
    )

    assert [
        ("03-10", "1", ("bilirubin",), (), (HALVED,), ("1.d9.alpha.IV.1",)),
        ("03-18", "1", ("bilirubin",), (), (HALVED,), ("1.d17.alpha.IV.1",)),
    ] == lines(plan)
    assert CheckLine(
        date(2026, 3, 10), "1", ("bilirubin",), (),
        (plan.checklist[0].would[0],), ("1.d9.alpha.IV.1",),
    ) == plan.checklist[0]  # fmt: skip


def test_labs_of_a_day_are_asked_for_together_each_with_the_doses_that_wait_for_it() -> None:
    """On day 10 bilirubin is a day old, and what waits for it alone is not told again."""
    plan = planned(
        [
            rule(f"in: [1], {PLATELETS}", "made-up/alpha"),
            rule(f"in: [1], {BILIRUBIN}", "made-up/beta", drug="beta"),
            rule(f"in: [1], {BILIRUBIN}", "made-up/gamma", drug="gamma"),
            rule(
                "in: [1], when: {lab: creatinine, above: 9 mg/dL}, hold: recovery",
                "made-up/kidney",
                drug="gamma",
            ),
        ],
        labs(bilirubin="2 mg/dL", platelets="90 10^9/L", creatinine="1 mg/dL"),
        sig="{dose: 100 mg, days: [9], times_a_day: 2}",
        components=f"{by('beta', 'dose: 100 mg, days: [9]')}\n{by('gamma', 'dose: 7 mg, days: [10]')}",
        drugs=[drug_text("beta"), drug_text("gamma")],
    )

    assert [
        ("03-10", "1", ("bilirubin", "platelets"), (), (NOTHING, HALVED),
         ("1.d9.beta.PO.1", "1.d9.alpha.IV.1", "1.d9.alpha.IV.2")),
        ("03-11", "1", ("creatinine",), (), (NOTHING,), ("1.d10.gamma.PO.1",)),
    ] == lines(plan)  # fmt: skip


def test_a_line_stands_in_the_cycle_that_has_begun_and_before_all_in_the_first() -> None:
    """Day -2 is 28 February and 21 March, day 1 is 2 and 23 March; labs are of 20 February."""
    plan = planned(
        [rule(BILIRUBIN)],
        f"as_of: 2026-02-20\nlabs: [{{date: 2026-02-20, bilirubin: 2 mg/dL}}]\n{NONE}",
        sig="{dose: 100 mg, days: [-2, 10]}",
    )

    assert [
        ("02-28", "1", "1.d-2.alpha.IV.1"), ("03-11", "1", "1.d10.alpha.IV.1"),
        ("03-21", "1", "2.d-2.alpha.IV.1"), ("04-01", "2", "2.d10.alpha.IV.1"),
        ("04-11", "2", "3.d-2.alpha.IV.1"), ("04-22", "3", "3.d10.alpha.IV.1"),
    ] == [(on, cycle, ids[0]) for on, cycle, *_, ids in lines(plan)]  # type: ignore[index]  # fmt: skip


# --------------------------------------------------------------------------------------- toxicities

GRADED = "by: {ASKED}, bands: [{at_most: 1, keep: true}, {above: 1, scale: 50 percent}]"


def asked(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [(f"{line.date:%m-%d}", line.toxicities) for line in plan.checklist if line.toxicities]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("by: {toxicity: peripheral_neuropathy}, BANDS", ("peripheral_neuropathy",)),
        ("by: {worst_toxicity: any}, BANDS", ("any toxicity",)),
        ("by: {toxicity: any, related_to: alpha}, BANDS", ("any toxicity due to alpha",)),
        (
            "by: {toxicity: peripheral_neuropathy, related_to: alpha}, BANDS",
            ("peripheral_neuropathy due to alpha",),
        ),
        (
            "when: {toxicity: haemorrhage, at_least: 2}, by: {toxicity: any}, BANDS",
            ("any toxicity", "haemorrhage"),
        ),
        # By another cause it is no other question; of another toxicity it is one.
        (
            "when: {any: [{toxicity: haemorrhage, at_least: 2, related_to: alpha}, "
            "{toxicity: liver, at_least: 2, related_to: alpha}, {toxicity: haemorrhage, at_least: 3}]}, "
            "scale: 50 percent",
            ("haemorrhage", "liver due to alpha"),
        ),
        (
            "by: {lab: bilirubin}, bands: [{at_most: 1 mg/dL, keep: true}, {above: 1 mg/dL, omit: true}]",
            (),
        ),
    ],
)
def test_each_toxicity_that_a_rule_reads_is_asked_for(written: str, shown: tuple[str, ...]) -> None:
    bands = "bands: [{at_most: 1, keep: true}, {above: 1, scale: 50 percent}]"
    plan = planned([rule(written.replace("BANDS", bands))], labs(bilirubin="1 mg/dL"))

    assert ([("03-23", shown), ("04-13", shown)] if shown else []) == asked(plan)


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        ("2026-03-01", ["03-02", "03-23", "04-13"]),
        ("2026-03-02", ["03-23", "04-13"]),
        ("2026-03-22", ["03-23", "04-13"]),
        ("2026-03-23", ["04-13"]),
        ("2026-04-13", []),
    ],
)
def test_toxicities_are_asked_for_on_the_first_days_after_that_of_the_plan(
    as_of: str, days: list[str]
) -> None:
    plan = planned(
        [rule(GRADED.replace("ASKED", "toxicity: haemorrhage"))], f"as_of: {as_of}\n{NONE}"
    )

    assert days == [day for day, _ in asked(plan)]


def test_toxicities_are_those_of_the_drugs_that_are_given_in_the_cycle() -> None:
    """Beta is given in cycle 2 alone, and a rule of alpha holds in cycle 3."""
    plan = planned(
        [
            rule(f"in: [3], {GRADED.replace('ASKED', 'toxicity: any')}", "made-up/alpha"),
            rule(GRADED.replace("ASKED", "toxicity: haemorrhage"), "made-up/beta", drug="beta"),
            rule(
                GRADED.replace("ASKED", "toxicity: infusion_reaction"), "made-up/too", drug="beta"
            ),
        ],
        f"as_of: 2026-03-01\n{NONE}",
        components=by("beta", "dose: 1 mg, days: [2]", "[2]"),
        drugs=[drug_text("beta")],
    )

    assert [("03-23", ("haemorrhage", "infusion_reaction")), ("04-13", ("any toxicity",))] == asked(
        plan
    )
    assert [()] * 2 == [line.labs for line in plan.checklist]
    assert [("2", (), ()), ("3", (), ())] == [
        (line.cycle, line.would, line.administrations) for line in plan.checklist
    ]


def test_toxicities_of_a_drug_that_is_not_given_any_more_are_not_asked_for() -> None:
    stopped = "record:\n  - {date: 2026-03-25, stopped: alpha, reason: nerves}\n"
    plan = planned(
        [rule(GRADED.replace("ASKED", "toxicity: haemorrhage"))],
        f"as_of: 2026-03-01\n{stopped}{NONE}",
    )

    assert ["03-02", "03-23"] == [day for day, _ in asked(plan)]


def test_a_rule_that_changes_no_dose_here_reads_nothing() -> None:
    """Of the label one is written for something else, and one gives way to the protocol."""
    neuropathy = GRADED.replace("ASKED", "toxicity: peripheral_neuropathy")
    label = (
        "rules:\n"
        f"  - {{id: alpha/note, written_for: another course, {neuropathy}, {LABEL}}}\n"
        f"  - {{id: alpha/aside, about: bleeding, {neuropathy}, {LABEL}}}\n"
    )
    plan = planned(
        [rule(f"about: bleeding, {GRADED.replace('ASKED', 'toxicity: haemorrhage')}")],
        f"as_of: 2026-03-02\n{NONE}",
        label=label,
    )

    assert [("03-23", ("haemorrhage",)), ("04-13", ("haemorrhage",))] == asked(plan)


def test_a_cycle_without_a_date_is_asked_nothing() -> None:
    """Whether cycle 2, and with it all that follows, is given hangs on a fact."""
    phases = (
        "cycles: {1: only}, source: [paper, Methods]}\n  - {name: more, cycles: {2-3: only}, "
        "when: {fact: cns, is: active}, source: [paper, Methods]}"
    )
    text = protocol_text([rule(GRADED.replace("ASKED", "toxicity: haemorrhage"))])
    text = text.replace("cycles: {1-3: only}, source: [paper, Methods]}", phases)
    stated = f"as_of: 2026-03-01\n{NONE}"

    open_, active = in_turn(
        [f"{TREATMENT}{stated}", f"{TREATMENT}facts: {{cns: active}}\n{stated}"], text
    )

    assert ["03-02"] == [day for day, _ in asked(open_)]
    assert ["03-02", "03-23", "04-13"] == [day for day, _ in asked(active)]
