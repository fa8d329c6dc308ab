"""Medicines with their dates: when they act, what is known of them, and the list of venetoclax.

alpha is 100 mg on days 1 to 6 of cycle 1: the 2nd to the 7th of March 2026.
"""

import pytest
from tests.conftest import Run
from tests.engine import adjusted, drug_text, first, messages, planned, policy_with, rows_of, rule

from protoplan import api
from protoplan.model.plan import Plan

EARLIER = "earlier_exposure: none\n"
STRONG = "when: {class: cyp3a4-strong-inhibitor}, scale: 50 percent"

#: What half a dose looks like on the days on which it is given, of the first six.
FULL, HALF = "100 mg", "50 mg"


def six(plan: Plan) -> list[str | None]:
    return adjusted(plan)[:6]


def taking(*medicines: str, rules: str = STRONG) -> Plan:
    stated = ", ".join(f"{{{medicine}}}" for medicine in medicines)
    return planned(
        [rule(rules)], f"{EARLIER}medicines: [{stated}]\n", sig="{dose: 100 mg, days: 1-6}"
    )


@pytest.mark.parametrize(
    ("dates", "washout", "expected"),
    [
        # Taken on the 3rd and 4th: both days count.
        (", from: 2026-03-03, to: 2026-03-04", 0, [FULL, HALF, HALF, FULL, FULL, FULL]),
        # The full dose is back on the last day plus the wash-out: 4 + 1, 4 + 2, 4 + 3.
        (", from: 2026-03-03, to: 2026-03-04", 1, [FULL, HALF, HALF, FULL, FULL, FULL]),
        (", from: 2026-03-03, to: 2026-03-04", 2, [FULL, HALF, HALF, HALF, FULL, FULL]),
        (", from: 2026-03-03, to: 2026-03-04", 3, [FULL, HALF, HALF, HALF, HALF, FULL]),
        # One day only.
        (", from: 2026-03-04, to: 2026-03-04", 0, [FULL, FULL, HALF, FULL, FULL, FULL]),
        # Ended before the plan, still acting in it or no longer.
        (", to: 2026-03-01", 3, [HALF, HALF, FULL, FULL, FULL, FULL]),
        (", to: 2026-02-27", 3, [FULL] * 6),
        # Open ends.
        (", to: 2026-03-03", 0, [HALF, HALF, FULL, FULL, FULL, FULL]),
        (", from: 2026-03-05", 0, [FULL, FULL, FULL, HALF, HALF, HALF]),
        ("", 0, [HALF] * 6),
    ],
)
def test_a_medicine_acts_from_its_first_day_until_its_wash_out_is_over(
    dates: str, washout: int, expected: list[str]
) -> None:
    rules = f"{STRONG}, washout: {washout} days" if washout else STRONG

    assert expected == six(taking(f"drug: posaconazole{dates}", rules=rules))


@pytest.mark.parametrize(
    "name", ["posaconazole", "Posaconazole", "POSACONAZOLE", "clarithromycin", "Ritonavir"]
)
def test_a_medicine_is_known_by_its_name_in_any_case(name: str) -> None:
    assert [HALF] * 6 == six(taking(f"drug: {name}"))


@pytest.mark.parametrize("name", ["rifampin", "rifampicin", "Rifampicin"])
def test_a_medicine_is_known_by_an_alias(name: str) -> None:
    by_class = taking(f"drug: {name}", rules="when: {class: cyp3a4-strong-inducer}, omit: true")
    by_name = taking(f"drug: {name}", rules="when: {medicine: rifampicin}, omit: true")

    assert ["omitted"] * 6 == six(by_class) == six(by_name)


def test_an_unknown_medicine_leaves_rules_on_classes_unresolved_while_it_acts() -> None:
    plan = taking("drug: madeupazole, from: 2026-03-03, to: 2026-03-04")

    assert [FULL, "unresolved", "unresolved", FULL, FULL, FULL] == six(plan)
    assert ("classes of madeupazole",) == rows_of(plan)[1].order.needs
    assert 5 == api.exit_code(plan)
    assert [
        "the formulary does not know the medicine 'madeupazole', so no rule can see it"
    ] == messages(plan, "PF211")


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ("none", FULL),
        ("[cyp3a4-strong-inhibitor]", HALF),
        ("[cyp3a4-moderate-inhibitor]", FULL),
        ("[p-gp-inhibitor, cyp3a4-strong-inhibitor]", HALF),
    ],
)
def test_its_classes_as_stated_resolve_it(classes: str, expected: str) -> None:
    plan = taking(f"drug: madeupazole, classes: {classes}")

    assert [expected] * 6 == six(plan)
    assert 0 == api.exit_code(plan)


def test_an_unknown_medicine_hides_nothing_that_another_makes_certain() -> None:
    assert [HALF] * 6 == six(taking("drug: madeupazole", "drug: posaconazole"))


def test_medicines_that_are_not_stated_are_not_none() -> None:
    absent = planned([rule(STRONG)], EARLIER)
    none = planned([rule(STRONG)], f"{EARLIER}medicines: none\n")

    assert ["unresolved"] * 3 == adjusted(absent)
    assert [("medicines are not stated: state them, or none",)] == [
        entry.wanted for entry in absent.unresolved
    ]
    assert 5 == api.exit_code(absent)
    assert [FULL] * 3 == adjusted(none)
    assert 0 == api.exit_code(none)


def test_of_several_medicines_the_lowest_dose_holds_day_by_day() -> None:
    rules = [
        rule(STRONG, "strong"),
        rule("when: {class: cyp3a4-moderate-inhibitor}, scale: 75 percent", "moderate"),
    ]
    stated = "medicines: [{drug: posaconazole, from: 2026-03-03, to: 2026-03-04}, "
    stated += "{drug: fluconazole, from: 2026-03-04, to: 2026-03-05}]\n"
    plan = planned(rules, EARLIER + stated, sig="{dose: 100 mg, days: 1-6}")

    assert [FULL, HALF, HALF, "75 mg", FULL, FULL] == six(plan)


BETA = drug_text("beta", "classes:\n  odd: {source: [label, x]}")
ODD = "when: {class: odd}, scale: 50 percent"


def beside(sig: str, rules: str = ODD, stated: str = "") -> Plan:
    """alpha with beta, which is of the class odd."""
    beta = f"  - {{drug: beta, in: [1], route: IV, sigs: [{sig}], source: [paper, x]}}"
    return planned(
        [rule(rules)],
        f"{EARLIER}medicines: none\n{stated}",
        sig="{dose: 100 mg, days: 1-6}",
        components=beta,
        drugs=[BETA],
    )


def test_the_plan_s_own_drugs_count_as_medicines() -> None:
    assert [FULL, HALF, HALF, FULL, HALF, FULL] == six(beside("{dose: 1 mg, days: [2, 3, 5]}"))
    assert [FULL, HALF, HALF, HALF, HALF, HALF] == six(
        beside("{dose: 1 mg, days: [2, 3, 5]}", f"{ODD}, washout: 2 days")
    )
    assert [FULL, HALF, FULL, FULL, FULL, FULL] == six(
        beside("{dose: 1 mg, days: [2]}", "when: {medicine: beta}, scale: 50 percent")
    )


def test_an_infusion_counts_until_the_day_on_which_it_ends() -> None:
    # Days 2 and 3, from 10:00 on the 2nd day to 10:00 on the 4th.
    assert [FULL, HALF, HALF, HALF, FULL, FULL] == six(beside("{rate: 1 mg/day, days: 2-3}"))


def test_a_drug_is_no_medicine_beside_itself() -> None:
    label = "classes:\n  odd: {source: [label, x]}"
    plan = planned([rule(ODD)], label=label)

    assert [FULL] * 3 == adjusted(plan)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("", "unresolved"), ("facts: {lineage: T}\n", HALF), ("facts: {lineage: B}\n", FULL)],
)
def test_an_own_drug_that_may_not_be_given_is_no_certain_medicine(
    stated: str, expected: str
) -> None:
    plan = beside("{when: {fact: lineage, is: T}, dose: 1 mg, days: [1]}", stated=stated)

    assert expected == six(plan)[0]
    assert (("lineage",) if expected == "unresolved" else ()) == first(plan).needs


@pytest.mark.parametrize(("picked", "expected"), [("2", FULL), ("3", HALF)])
def test_the_policy_picks_the_days_that_a_source_leaves_open(picked: str, expected: str) -> None:
    rules = f"{STRONG}, washout: {{choice: venetoclax/washout, of: [2 days, 3 days]}}"
    plan = planned(
        [rule(rules)],
        f"{EARLIER}medicines: [{{drug: posaconazole, to: 2026-03-01}}]\n",
        sig="{dose: 100 mg, days: 1-6}",
        policy=policy_with({"venetoclax/washout": picked}),
    )

    # The 3rd is the last day plus 2.
    assert [HALF, expected, FULL] == six(plan)[:3]


# -- venetoclax, as issue 4 asks for it ------------------------------------------------------------

STATED = [
    "mini-hyper-cvd-venetoclax", "--height", "175cm", "--weight", "70kg", "--age", "45",
    "--sex", "female", "--start", "2026-03-02", "--fact", "lineage=B", "--fact", "cd20_percent=0",
    "--fact", "cns=negative", "--earlier", "none", "--lab", "bilirubin=0.6 mg/dL", "--lab",
    "creatinine=0.9 mg/dL", "--lab", "alt=0.8 xULN", "--lab", "ast=0.7 xULN", "--lab",
    "neutrophils=2.1 10^9/L", "--lab", "platelets=180 10^9/L", "--format", "json",
]  # fmt: skip
FROM_7_TO_10 = "2026-03-07..2026-03-10"


def doses(run: Run, *more: str) -> tuple[int, list[str], list[str]]:
    """The exit code, and the adjusted and ordered milligrams of days 1 to 14, the 2nd to the 15th."""
    ran = run("plan", *STATED, *more)
    rows = [
        row
        for row in ran.data["administrations"]
        if row["drug"] == "venetoclax" and row["cycle"] == "1"
    ]
    assert [f"2026-03-{day:02}" for day in range(2, 16)] == [row["date"] for row in rows]
    amounts = [
        [row[key]["value"] if row[key] else row["status"] for row in rows]
        for key in ("adjusted", "ordered")
    ]
    return ran.code, amounts[0], amounts[1]


def days(low: str, full: str = "400", last: int = 6) -> list[str]:
    """A ramp of 100, 200 and then the full dose; *low* from the 7th on, for *last* days."""
    head = ["100", "200", full, full, full]
    return head + [low] * last + [full] * (9 - last)


@pytest.mark.parametrize(
    ("medicines", "low"),
    [
        # Taken to the 10th, and back to the full dose on the 13th: 10 + 3 days.
        (["posaconazole"], "70"),
        (["fluconazole"], "200"),  # moderate: 50% of 400
        (["voriconazole"], "100"),  # strong: 25% of 400
        (["verapamil"], "200"),  # moderate, and of P-gp: 50%
        (["posaconazole", "verapamil"], "70"),
        (["verapamil", "voriconazole"], "100"),
    ],
)
def test_venetoclax_400_mg_beside_an_inhibitor(run: Run, medicines: list[str], low: str) -> None:
    more = [word for name in medicines for word in ("--medicine", f"{name}={FROM_7_TO_10}")]
    _, planned_doses, ordered = doses(run, *more)

    assert days(low) == planned_doses
    assert days(low) == ordered


@pytest.mark.parametrize(
    ("medicine", "low", "made"),
    [
        ("voriconazole", "50", "50"),  # 25% of 200
        ("fluconazole", "100", "100"),
        # 17% of 200 is 34, which no tablets of 10, 50 and 100 mg make; 30 is nearest.
        ("posaconazole", "34", "30"),
    ],
)
def test_venetoclax_200_mg_beside_an_inhibitor(
    run: Run, medicine: str, low: str, made: str
) -> None:
    more = ["--option", "venetoclax_dose=200 mg", "--medicine", f"{medicine}={FROM_7_TO_10}"]
    _, planned_doses, ordered = doses(run, *more)

    assert days(low, "200") == planned_doses
    assert days(made, "200") == ordered


def test_thirty_four_milligrams_cannot_be_made_and_the_plan_says_so(run: Run) -> None:
    more = ["--option", "venetoclax_dose=200 mg", "--medicine", f"posaconazole={FROM_7_TO_10}"]
    said = [
        f["message"] for f in run("plan", *STATED, *more).data["findings"] if "34" in f["message"]
    ]

    assert any(
        text.replace("\N{NO-BREAK SPACE}", " ").startswith(
            "venetoclax 34 mg cannot be made of tablets of 10 mg, 50 mg, 100 mg"
        )
        for text in said
    )


def test_with_two_days_of_wash_out_the_full_dose_is_back_a_day_earlier(run: Run) -> None:
    more = ["--policy", "contrasting", "--medicine", f"posaconazole={FROM_7_TO_10}"]

    assert days("70", last=5) == doses(run, *more)[1]


def test_an_inducer_is_a_stop(run: Run) -> None:
    code, planned_doses, _ = doses(run, "--medicine", "rifampicin=2026-03-07..2026-03-10")

    assert 4 == code
    assert days("400") == planned_doses


@pytest.mark.parametrize(
    ("last", "code"),
    [("2026-02-24", 4), ("2026-02-23", 0)],  # 24 + 7 days is the 3rd of March, 23 + 7 the 2nd
)
def test_an_inducer_of_the_week_before_is_a_stop(run: Run, last: str, code: int) -> None:
    ran = run("plan", *STATED, "--medicine", f"rifampicin=..{last}")
    stops = [f["message"] for f in ran.data["findings"] if f["severity"] == "stop"]

    assert (code == 4) == (ran.code == 4) == bool(stops)


def test_without_medicines_every_dose_is_unresolved_and_with_none_it_is_not(run: Run) -> None:
    code, planned_doses, _ = doses(run)

    assert (5, ["unresolved"] * 14) == (code, planned_doses)
    assert days("400") == doses(run, "--medicine", "none")[1]
