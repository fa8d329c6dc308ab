"""Looks at a finished plan: each finding in full, and silence just beside it.

Alpha is 100 mg on day 1 of cycles of 21 days from 2026-03-02, 03-23 and 04-13, for a woman of 45
years, 175 cm and 70 kg, which is 1.84 m2.
"""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from tests.engine import (
    NONE,
    TREATMENT,
    component,
    drug_text,
    in_steps,
    listed,
    policy_with,
    rule,
    said,
    scene,
)

from protoplan.model.plan import Finding
from protoplan.model.policy import Policy, RoundingStep
from protoplan.planning import findings
from protoplan.planning.scene import Scene
from protoplan.problems import Severity
from protoplan.quantity import parse
from protoplan.source import Grounds

NOTE, WARNING, STOP = Severity.NOTE, Severity.WARNING, Severity.STOP
FIRST = tuple(f"{cycle}.d1.alpha.IV.1" for cycle in "123")


def looked(look: Callable[[Scene], Iterator[Finding]], *args: Any, **more: Any) -> list[Finding]:
    """What a look finds, with plain spaces."""
    found = look(scene(*args, **more))
    return [attrs.evolve(finding, message=said(finding.message)) for finding in found]


def facts(**stated: str) -> str:
    return f"{NONE}facts: {{{', '.join(f'{name}: {value}' for name, value in stated.items())}}}\n"


def recorded(*entries: str) -> str:
    return NONE + listed("record", [f"{{{entry}}}" for entry in entries]) + "\n"


BETA = [drug_text("beta")]

# ------------------------------------------------------------------------- what the protocol asks


def eligible(*entries: str) -> str:
    return listed("eligibility", [f"{{{entry}, source: [paper, p1]}}" for entry in entries])


def test_a_condition_that_is_not_met_is_told_and_so_is_what_is_not_known() -> None:
    asked = eligible(
        "about: grown up, must: {measure: age, at_least: 18}",
        "about: heavy, must: {measure: weight, at_least: 70 kg}",
        "about: fit and well, must: {all: [{fact: ecog, at_most: 2}, {fact: cns, is: negative}]}",
        "about: younger, must: {measure: age, below: 45}",
        "about: fit, must: {fact: ecog, at_most: 2}",
        "about: lighter, must: {measure: weight, below: 70 kg}, assumed: {must: nobody prints it}",
    )

    assert [
        Finding("PF201", WARNING, "not met: younger", (), "paper: p1"),
        Finding("PF201", WARNING, "not met: lighter", (), "assumed: nobody prints it"),
        Finding("PF202", NOTE, "eligibility cannot be judged in full; not known: ecog, cns"),
    ] == looked(findings.eligibility, more=asked)
    assert [] == looked(findings.eligibility)


def required(entry: str) -> str:
    return listed("requirements", [f"{{about: so it must be, {entry}, source: [paper, p1]}}"])


FIT, WELL = "must: {fact: ecog, at_most: 2}", "when: {fact: cns, is: negative}"

#: What is required, what is stated, and what is told.
REQUIRED = [
    (f"{FIT}, otherwise: stop", {"ecog": "1"}, None),
    (f"{FIT}, otherwise: stop", {"ecog": "3"}, (STOP, "so it must be")),
    (f"{FIT}, otherwise: warning", {"lineage": "B"}, (WARNING, "so it must be; not stated: ecog")),
    # Only then.
    (f"{WELL}, {FIT}, otherwise: stop", {"cns": "active", "ecog": "3"}, None),
    (f"{WELL}, {FIT}, otherwise: stop", {"cns": "negative", "ecog": "3"}, (STOP, "so it must be")),
    (f"{WELL}, {FIT}, otherwise: note", {"ecog": "3"}, (NOTE, "so it must be; not stated: cns")),
    (f"{WELL}, {FIT}, otherwise: note", {"ecog": "1"}, None),
    (f"{WELL}, {FIT}, otherwise: note", {"lineage": "B"},
     (NOTE, "so it must be; not stated: cns, ecog")),
    # Each name once; measures of the patient's are known.
    ("when: {fact: ecog, at_most: 4}, must: {fact: ecog, at_most: 2}, otherwise: note",
     {"lineage": "B"}, (NOTE, "so it must be; not stated: ecog")),
    ("when: {measure: weight, at_least: 70 kg}, must: {measure: weight, above: 70 kg}, otherwise: "
     "note", {"lineage": "B"}, (NOTE, "so it must be")),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "stated", "expected"), REQUIRED)
def test_what_must_be_so_and_is_not_known_so_is_told(
    entry: str, stated: dict[str, str], expected: tuple[Severity, str] | None
) -> None:
    told = [] if expected is None else [Finding("PF216", *expected, (), "paper: p1")]

    assert told == looked(findings.requirements, (), facts(**stated), more=required(entry))


def test_each_requirement_is_looked_at_and_cited_as_what_it_is_taken_for() -> None:
    asked = listed("requirements", [
        "{about: met, must: {measure: age, above: 18}, otherwise: stop, source: [paper, p1]}",
        "{about: not met, must: {measure: age, above: 45}, otherwise: stop, source: [paper, p1], "
        "assumed: {must: nobody prints it}}",
    ])  # fmt: skip

    assert [Finding("PF216", STOP, "not met", (), "assumed: nobody prints it")] == looked(
        findings.requirements, more=asked
    )


# ------------------------------------------------------------------------- phases that begin early

ONE = "  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}"
MAIN = "  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}\n"
PLAIN = {ONE: f"{MAIN}  - {{name: upkeep, cycles: {{4: only}}, source: [paper, Methods]}}"}
ALLOWED = {
    ONE: f"{MAIN}  - name: upkeep\n    cycles: {{4: only}}\n    begins_after: {{option: after, because: "
    "toxicity, source: [paper, p3]MORE}\n    source: [paper, Methods]"
}
ASSUMED = {ONE: ALLOWED[ONE].replace("MORE", ", assumed: {option: nobody prints it}")}
ALLOWED = {ONE: ALLOWED[ONE].replace("MORE", "")}
AFTER = (
    "options:\n  after: {about: last cycle, choices: [1, 2, 3], default: 3, source: [paper, p2]}"
)
ONLY = "upkeep begins after cycle {0}; {1}; the source allows it only for toxicity"
NO_LEAVE = "; the source gives no leave for that"

#: The phases, the options, what is stated, what is told, and the source.
EARLY: list[tuple[dict[str, str], str, str, str | None, str | None]] = [
    (PLAIN, "", NONE, None, None),
    (PLAIN, "", recorded("date: 2026-04-12, moved_on: upkeep, reason: liver"),
     f"the course moves on to upkeep after cycle 2; cycle 3 falls away: liver{NO_LEAVE}", None),
    (PLAIN, "", recorded("date: 2026-03-20, moved_on: upkeep, reason: liver"),
     f"the course moves on to upkeep after cycle 1; cycles 2, 3 fall away: liver{NO_LEAVE}", None),
    (PLAIN, "", recorded("date: 2026-03-02, moved_on: transplant, reason: donor"),
     "the course moves on to transplant before a first cycle; cycles 1, 2, 3, 4 fall away: donor",
     None),
    (PLAIN, "", recorded("date: 2026-03-30, moved_on: transplant, reason: donor"),
     "the course moves on to transplant after cycle 2; cycles 3, 4 fall away: donor", None),
    (ALLOWED, AFTER, NONE, None, None),
    (ALLOWED, AFTER, f"{NONE}options: {{after: 2}}\n", ONLY.format(2, "cycle 3 falls away"), "paper: p3"),
    (ASSUMED, AFTER, f"{NONE}options: {{after: 1}}\n", ONLY.format(1, "cycles 2, 3 fall away"),
     "assumed: nobody prints it"),
    (ALLOWED, AFTER, recorded("date: 2026-04-12, moved_on: upkeep, reason: liver"),
     ONLY.format(2, "cycle 3 falls away"), "paper: p3"),
]  # fmt: skip


@pytest.mark.parametrize(("instead", "options", "stated", "message", "source"), EARLY)
def test_a_phase_that_begins_early_is_told_with_what_falls_away(
    instead: dict[str, str], options: str, stated: str, message: str | None, source: str | None
) -> None:
    told = [] if message is None else [Finding("PF204", WARNING, message, (), source)]

    assert told == looked(findings.early_maintenance, (), stated, instead=instead, options=options)


def test_all_that_begins_early_is_told() -> None:
    """Of two cycles of upkeep the second would begin on the 10th of April."""
    stated = recorded(
        "date: 2026-03-20, moved_on: upkeep, reason: liver",
        "date: 2026-04-01, moved_on: transplant, reason: donor",
    )
    longer = {ONE: PLAIN[ONE].replace("{4: only}", "{4-5: only}")}

    assert [
        f"the course moves on to upkeep after cycle 1; cycles 2, 3 fall away: liver{NO_LEAVE}",
        "the course moves on to transplant after cycle 4; cycle 5 falls away: donor",
    ] == [f.message for f in looked(findings.early_maintenance, (), stated, instead=longer)]


# ------------------------------------------------------------------------------- doses in all


def total(doses: int, of: str = "alpha IV", more: str = "") -> str:
    return f"{{doses: {doses}, of: [{of}], source: [paper, p1]{more}}}"


OF = "doses of alpha intravenous"
ADDED = "; none is added by itself"

#: The number of doses, what is recorded, and what is told.
TOTALS = [
    (3, [], (), None),
    (5, [], (), f"3 of 5 {OF} are placed{ADDED}"),
    (5, ["date: 2026-03-02, given: 1.d1.alpha.IV.1, amount: 100 mg"], (),
     f"3 of 5 {OF} are given (1) or planned (2); open: 2{ADDED}"),
    (3, ["date: 2026-03-02, missed: 1.d1.alpha.IV.1, reason: x"], (),
     f"2 of 3 {OF} are given (0) or planned (2); open: 1{ADDED}"),
    (3, ["date: 2026-03-02, held: 1.d1.alpha.IV.1, reason: x"], (),
     f"2 of 3 {OF} are given (0) or planned (2); open: 1{ADDED}"),
    (3, ["date: 2026-04-13, stopped: alpha, reason: x"], (),
     f"2 of 3 {OF} are given (0) or planned (2); open: 1{ADDED}"),
    (3, [], ("in: [2], omit: true",), f"2 of 3 {OF} are placed{ADDED}"),
]  # fmt: skip


@pytest.mark.parametrize(("doses", "entries", "rules", "message"), TOTALS)
def test_fewer_doses_than_the_protocol_gives_are_told(
    doses: int, entries: list[str], rules: tuple[str, ...], message: str | None
) -> None:
    told = [] if message is None else [Finding("PF205", WARNING, message, FIRST, "paper: p1")]

    assert told == looked(
        findings.too_few, [rule(effect) for effect in rules], recorded(*entries) if entries else NONE,
        more=listed("totals", [total(doses)]), components=component("{dose: 1 mg, days: [2]}"),
        drugs=BETA,
    )  # fmt: skip


def test_more_doses_than_the_protocol_gives_are_told() -> None:
    message = (
        f"3 {OF} are given (1) or planned (2), more than the 2 that the protocol gives; none is taken "
        "away by itself"
    )

    assert [Finding("PF205", WARNING, message, (), "paper: p1")] == looked(
        findings.too_few, (),
        recorded("date: 2026-04-13, given: 3.d1.alpha.IV.1, amount: 100 mg"),
        more=listed("totals", [total(2)]),
    )  # fmt: skip


def test_more_doses_of_two_drugs_are_told_by_both_names() -> None:
    found = looked(
        findings.too_few, (),
        recorded("date: 2026-04-13, given: 3.d1.alpha.IV.1, amount: 100 mg"),
        more=listed("totals", [total(4, "alpha IV, beta PO")]), drugs=BETA,
        components=component("{dose: 1 mg, days: [2]}", "beta", "PO"),
    )  # fmt: skip

    # Two of each are planned, and one more was given.
    assert [
        f"5 {OF} and beta by mouth are given (1) or planned (4), more than the 4 that the protocol "
        "gives; none is taken away by itself"
    ] == [finding.message for finding in found]


def test_doses_of_two_drugs_count_together_and_each_number_for_itself() -> None:
    totals = [total(6, "alpha IV, beta PO"), total(4, "gamma IV")]
    more = component("{dose: 1 mg, days: [2]}", "beta", "PO")
    more += component("{dose: 1 mg, days: [3]}", "gamma")
    seen = {"components": more, "drugs": [*BETA, drug_text("gamma")]}
    ids = tuple(f"{cycle}.d3.gamma.IV.1" for cycle in "123")
    both = tuple(name for n in "123" for name in (f"{n}.d1.alpha.IV.1", f"{n}.d2.beta.PO.1"))
    gamma = Finding("PF205", WARNING, f"3 of 4 doses of gamma intravenous are placed{ADDED}", ids,
                    "paper: p1")  # fmt: skip
    seven = f"6 of 7 {OF} and beta by mouth are placed{ADDED}"

    assert [gamma] == looked(findings.too_few, more=listed("totals", totals), **seen)
    totals[0] = total(7, "alpha IV, beta PO")
    assert [Finding("PF205", WARNING, seven, both, "paper: p1"), gamma] == looked(
        findings.too_few, more=listed("totals", totals), **seen
    )


# ------------------------------------------------------------------------------------ not recorded

OVERDUE = "before the day of this plan {0} not recorded as given, held or missed; {1} as planned"


@pytest.mark.parametrize(
    ("as_of", "message", "ids"),
    [
        ("2026-03-02", None, ()),
        ("2026-03-03", "1 administration " + OVERDUE.format("is", "it counts"), FIRST[:1]),
        ("2026-04-13", "2 administrations " + OVERDUE.format("are", "they count"), FIRST[:2]),
    ],
)
def test_days_that_are_past_and_not_recorded_are_told(
    as_of: str, message: str | None, ids: tuple[str, ...]
) -> None:
    told = [] if message is None else [Finding("PF206", WARNING, message, ids)]

    assert told == looked(findings.overdue, (), f"{NONE}as_of: {as_of}\n")


# ---------------------------------------------------------------------------- lowered and rounded


def test_doses_that_were_lowered_are_told_by_their_cause() -> None:
    prescribed = (
        "prescribed: [{drug: alpha, from_cycle: 3, set: 80 mg, reason: made up, by: team}]\n"
    )
    found = looked(findings.capped, [rule("in: [1, 2], scale: 50 percent")], NONE + prescribed)

    assert [
        Finding("PF210", NOTE, "alpha 100 mg made 50 mg by made-up/rule", FIRST[:2], "paper: Table 1"),
        Finding("PF210", NOTE, "alpha 100 mg ordered as 80 mg: made up; by team", FIRST[2:],
                "prescriber"),
    ] == found  # fmt: skip


TABLETS = listed("products", [f"{{form: tablet, holds: {size} mg, source: [label, x]}}"
                              for size in (10, 50)])  # fmt: skip
PO = tuple(name.replace("IV", "PO") for name in FIRST)
SITE, FAR = "past the site's 5%", "more than 10% away"

#: The dose, the step, and what is told: 100 mg per m2 are 184 mg; flat doses are halved by a rule.
STEPPED: list[tuple[str, str, tuple[Severity, str] | None]] = [
    # -9/184 is -4.89%; +16/184 is +8.7%; -34/184 is -18.48%.
    ("100 mg/m2", "25 mg", None),
    ("100 mg/m2", "40 mg", (WARNING, f"rounding moves alpha from 184 mg to 200 mg (+8.7%), {SITE}; 200 "
                                     "mg is what its steps can make")),
    ("100 mg/m2", "150 mg", (STOP, f"rounding moves alpha from 184 mg to 150 mg (−18.48%), {FAR}; 150 "
                                   "mg is what its steps can make")),
    # 5% is not past 5%, nor 10% more than 10%.
    ("200 mg", "105 mg", None),
    ("200 mg", "95 mg", None),
    ("200 mg", "110 mg", (WARNING, f"rounding moves alpha from 100 mg to 110 mg (+10%), {SITE}; 110 mg "
                                   "is what its steps can make")),
    ("200 mg", "90 mg", (WARNING, f"rounding moves alpha from 100 mg to 90 mg (−10%), {SITE}; 90 mg is "
                                  "what its steps can make")),
    ("200 mg", "111 mg", (STOP, f"rounding moves alpha from 100 mg to 111 mg (+11%), {FAR}; 111 mg is "
                                "what its steps can make")),
    ("200 mg", "201 mg", (STOP, "rounding makes nothing of alpha 100 mg; its step is too coarse")),
]  # fmt: skip


@pytest.mark.parametrize(("dose", "step", "expected"), STEPPED)
def test_rounding_that_moves_a_dose_too_far_is_told(
    dose: str, step: str, expected: tuple[Severity, str] | None
) -> None:
    rules = [] if "m2" in dose else [rule("scale: 50 percent")]
    found = looked(
        findings.rounding, rules, sig=f"{{dose: {dose}, days: [1]}}", policy=in_steps(step)
    )
    told = [] if expected is None else [Finding("PF207", *expected, FIRST)]

    assert told == [finding for finding in found if finding.code == "PF207"]


#: The dose after a rule, and what is told of tablets of 10 and of 50 mg.
IN_TABLETS: list[tuple[str, tuple[Severity, str] | None]] = [
    # 1/61 is 1.64%, 4/64 is 6.25%, 4/34 is 11.76%; 4 is less than half a tablet.
    ("61", None),
    ("64", (WARNING, f"alpha 64 mg cannot be made of tablets of 10 mg, 50 mg, {SITE}; 60 mg (−6.25%) "
                     "is nearest")),
    ("34", (STOP, f"alpha 34 mg cannot be made of tablets of 10 mg, 50 mg, {FAR}; 30 mg (−11.76%) is "
                  "nearest")),
    ("4", (STOP, "rounding makes nothing of alpha 4 mg; no tablet of 10 mg, 50 mg makes it")),
]  # fmt: skip


@pytest.mark.parametrize(("percent", "expected"), IN_TABLETS)
def test_a_dose_that_no_tablets_make_is_told(
    percent: str, expected: tuple[Severity, str] | None
) -> None:
    told = [] if expected is None else [Finding("PF207", *expected, PO)]

    assert told == looked(
        findings.rounding, [rule(f"scale: {percent} percent")], route="PO", label=TABLETS
    )


@pytest.mark.parametrize(
    ("percent", "message"),
    [
        (
            "64",
            f"alpha 64 mg cannot be made of capsules of 10 mg, {SITE}; 60 mg (−6.25%) is nearest",
        ),
        ("4", "rounding makes nothing of alpha 4 mg; no capsule of 10 mg makes it"),
    ],
)
def test_what_cannot_be_made_is_called_by_its_form(percent: str, message: str) -> None:
    capsules = TABLETS.replace("tablet", "capsule").rpartition("\n")[0]

    assert [message] == [
        finding.message
        for finding in looked(
            findings.rounding, [rule(f"scale: {percent} percent")], route="PO", label=capsules
        )
    ]


def test_a_dose_that_is_not_given_is_not_rounded() -> None:
    sig = "{dose: 100 mg/m2, days: [1]}"

    assert [] == looked(findings.rounding, [rule("omit: true")], sig=sig, policy=in_steps("150 mg"))
    assert [] == looked(
        findings.rounding, [rule("ask: whether")], sig=sig, policy=in_steps("150 mg")
    )


COARSE = "the rounding step of {0} is more than 5% of the smallest alpha IV dose, {1}"

#: The sig, the rules, the step, and what is told of it.
COARSENESS = [
    # 5% of 184 mg are 9.2 mg.
    ("100 mg/m2", [], "9.2 mg", None),
    ("100 mg/m2", [], "9.21 mg", COARSE.format("9.21 mg", "184 mg")),
    ("100 mg/m2", [], "0.01 g", COARSE.format("0.01 g", "184 mg")),
    ("100 mg/m2", [], "0.009 g", None),
    # The smallest counts, wherever it stands: 5% of 92 mg are 4.6 mg, of 46 mg 2.3 mg.
    ("100 mg/m2", ["in: [2], scale: 50 percent"], "5 mg", COARSE.format("5 mg", "92 mg")),
    ("100 mg/m2", ["in: [1], scale: 50 percent"], "5 mg", COARSE.format("5 mg", "92 mg")),
    ("100 mg/m2", ["in: [1], scale: 50 percent", "in: [3], scale: 25 percent"], "5 mg",
     COARSE.format("5 mg", "46 mg")),
    # A flat dose is ordered as printed, unless something has changed it.
    ("100 mg", [], "10 mg", None),
    ("100 mg", ["scale: 50 percent"], "10 mg", COARSE.format("10 mg", "50 mg")),
]  # fmt: skip


@pytest.mark.parametrize(("dose", "rules", "step", "message"), COARSENESS)
def test_a_step_that_is_coarse_for_the_smallest_dose_is_told(
    dose: str, rules: list[str], step: str, message: str | None
) -> None:
    written = [rule(effect, f"made-up/{n}") for n, effect in enumerate(rules)]
    found = looked(
        findings.rounding, written, sig=f"{{dose: {dose}, days: [1]}}", policy=in_steps(step)
    )
    told = [] if message is None else [Finding("PF208", WARNING, message, FIRST)]

    assert told == [finding for finding in found if finding.code == "PF208"]


def test_the_step_of_the_route_is_the_one_that_is_looked_at() -> None:
    policy = in_steps("5 mg")
    fine = attrs.evolve(policy.steps[-1], route="IV", step=parse("1 mg"))
    sig = "{dose: 50 mg/m2, days: [1]}"

    # 5% of 92 mg are 4.6 mg.
    assert [COARSE.format("5 mg", "92 mg")] == [
        finding.message for finding in looked(findings.rounding, sig=sig, policy=policy)
    ]
    both = attrs.evolve(policy, steps=(*policy.steps, fine))
    assert [] == looked(findings.rounding, sig=sig, policy=both)


def test_a_drug_without_a_step_is_told_and_the_next_is_looked_at() -> None:
    policy = policy_with({})
    coarse = RoundingStep("beta", None, parse("10 mg"), policy.steps[0].at)
    found = looked(
        findings.rounding,
        sig="{dose: 100 mg/m2, days: [1]}",
        components=component("{dose: 100 mg/m2, days: [2]}"),
        drugs=BETA,
        policy=attrs.evolve(policy, steps=(*policy.steps, coarse)),
    )

    none = "the policy states no rounding step for alpha IV; its doses stand as calculated"
    beta = "the rounding step of 10 mg is more than 5% of the smallest beta IV dose, 184 mg"
    ids = tuple(f"{cycle}.d2.beta.IV.1" for cycle in "123")
    assert [
        Finding("PF208", NOTE, none, FIRST), Finding("PF208", WARNING, beta, ids)
    ] == found  # fmt: skip


def test_whole_vials_are_no_steps() -> None:
    """184 mg are 18 vials of 10 mg and a bit, which is 2.17% away."""
    vials = listed("products", ["{form: vial, holds: 10 mg, source: [label, x]}"])
    policy = attrs.evolve(policy_with({}), to_vials=("alpha",))

    assert [] == looked(
        findings.rounding, sig="{dose: 100 mg/m2, days: [1]}", label=vials, policy=policy
    )


# ---------------------------------------------------------------------- the prescriber and the rules


def test_what_rules_say_is_told_once_for_all_doses() -> None:
    found = looked(findings.rules, [rule("in: [1, 3], finding: stop, says: never")])

    assert [
        Finding("PF219", STOP, "never [made-up/rule]", (FIRST[0], FIRST[2]), "paper: Table 1")
    ] == (found)


SECOND = {"in: only\n": "in: [2]\n"}


def test_a_change_that_meets_no_dose_is_told_with_its_cycles() -> None:
    """Alpha is given in cycle 2 alone."""
    entry = "{{drug: alpha, {0}, scale: 80%, reason: made up, by: team}}"
    entries = [entry.format(cycles) for cycles in ("from_cycle: 3", "from_cycle: 1, to_cycle: 1")]
    meets = "the prescriber's change of alpha from cycle {0} meets no dose of this plan: made up"

    assert [
        Finding("PF222", WARNING, meets.format("3 on")),
        Finding("PF222", WARNING, meets.format("1 to 1")),
    ] == looked(findings.prescribed, (), f"{NONE}{listed('prescribed', entries)}\n", instead=SECOND)


@pytest.mark.parametrize("cycles", ["from_cycle: 2", "from_cycle: 1, to_cycle: 3"])
def test_a_change_that_meets_a_dose_is_not_told(cycles: str) -> None:
    entry = f"{{drug: alpha, {cycles}, scale: 80%, reason: made up, by: team}}"

    assert [] == looked(findings.prescribed, (), f"{NONE}prescribed: [{entry}]\n",
                        instead=SECOND)  # fmt: skip


# ------------------------------------------------------------------------------------- the patient


def capped_at(cap: str | None, decimals: int = 2) -> Policy:
    policy = policy_with({})
    area = attrs.evolve(
        policy.surface_area, cap=None if cap is None else parse(cap), decimals=decimals
    )
    return attrs.evolve(policy, surface_area=area)


#: Height and weight come to 1.8447 m2.
AREAS = [
    (None, 2, None, None),
    ("1.84 m2", 2, None, None),
    ("1.83 m2", 2, "1.84", "1.83"),
    ("1.5 m2", 2, "1.84", "1.5"),
    ("1.8 m2", 1, None, None),
    ("1.7 m2", 1, "1.8", "1.7"),
    ("1.84 m2", 3, "1.845", "1.84"),
]


@pytest.mark.parametrize(("cap", "decimals", "area", "shown"), AREAS)
def test_a_surface_area_that_is_capped_is_told(
    cap: str | None, decimals: int, area: str | None, shown: str | None
) -> None:
    message = (
        f"the body surface area of {area} m² measured 2026-03-01 is capped at {shown} m² by policy "
        "default"
    )
    told = [] if area is None else [Finding("PF213", WARNING, message)]

    assert told == looked(findings.area, policy=capped_at(cap, decimals))


def test_a_surface_area_is_rounded_halves_up() -> None:
    """The root of 150 x 81.6966 / 3600 is 1.845."""
    head = TREATMENT.replace("175 cm", "150 cm").replace("70 kg", "81.6966 kg")
    message = "the body surface area of 1.85 m² measured 2026-03-01 is capped at 1.84 m² by policy default"

    assert [Finding("PF213", WARNING, message)] == looked(
        findings.area, head=head, policy=capped_at("1.84 m2")
    )


@pytest.mark.parametrize(
    ("start", "limit", "age"),
    [("03-29", 28, None), ("03-30", 28, 29), ("03-15", 14, None), ("03-16", 14, 15),
     ("05-30", None, None)],
)  # fmt: skip
def test_measures_that_are_old_at_the_start_are_told(
    start: str, limit: int | None, age: int | None
) -> None:
    policy = attrs.evolve(policy_with({}), measured_within_days=limit)
    head = TREATMENT.replace("start: 2026-03-02", f"start: 2026-{start}")
    message = (
        f"height and weight were taken on 2026-03-01, {age} days before the start; policy default "
        f"asks for {limit} days at most"
    )
    told = [] if age is None else [Finding("PF217", WARNING, message)]

    assert told == looked(findings.old_measures, head=head, policy=policy)


# ----------------------------------------------------------------------------- what is not stated

EARLIER = "earlier_exposure: none\n"


def test_medicines_that_are_not_stated_are_told() -> None:
    message = "medicines are not stated, so no interaction can be seen; state them, or none"

    assert [Finding("PF214", NOTE, message)] == looked(findings.medicines, (), EARLIER)
    assert [] == looked(findings.medicines)
    assert [] == looked(findings.unknown_medicines, (), EARLIER)


def test_a_medicine_that_no_rule_can_see_is_told_with_what_may_be_meant() -> None:
    unknown = "the formulary does not know the medicine '{0}', so no rule can see it{1}"
    stated = (
        "medicines: [{drug: strange, classes: none}, {drug: verapamil}, {drug: fluconazol}, {drug: "
        "posacon}]\n"
    )

    assert [
        Finding("PF211", WARNING, unknown.format("fluconazol", "; did you mean 'fluconazole'?")),
        Finding("PF211", WARNING, unknown.format("posacon", "")),
    ] == looked(findings.unknown_medicines, (), f"{EARLIER}{stated}")


def test_earlier_treatment_that_is_not_stated_or_not_counted_is_told() -> None:
    message = (
        "earlier treatment is not stated; totals count this course alone until earlier_exposure is "
        "stated, or stated as none"
    )
    stated = (
        "medicines: none\nearlier_exposure: [{drug: alpha, amount: 50 mg/m2}, {drug: beta, amount: 60 "
        "mg}, {drug: vincristine, amount: 2 mg}]\n"
    )
    seen = {"sig": "{dose: 100 mg/m2, days: [1]}", "drugs": BETA,
            "components": component("{dose: 10 mg/m2, days: [2]}")}  # fmt: skip
    beta = "earlier beta 60 mg cannot be counted in mg/m2 and is in no total; state it in mg/m2"

    assert [Finding("PF209", NOTE, message)] == looked(findings.earlier, (), "medicines: none\n")
    assert [] == looked(findings.earlier)
    assert [Finding("PF209", WARNING, beta)] == looked(findings.earlier, (), stated, **seen)


def test_each_drug_is_stated_in_the_unit_in_which_it_is_counted() -> None:
    stated = (
        "medicines: none\nearlier_exposure: [{drug: alpha, amount: 50 mg/m2}, {drug: beta, amount: 60 "
        "mg}]\n"
    )
    seen = {"drugs": BETA, "components": component("{dose: 10 mg/m2, days: [2]}")}

    assert [
        "earlier alpha 50 mg/m² cannot be counted in mg and is in no total; state it in mg",
        "earlier beta 60 mg cannot be counted in mg/m2 and is in no total; state it in mg/m2",
    ] == [finding.message for finding in looked(findings.earlier, (), stated, **seen)]


# ------------------------------------------------------------------------------- what is left out


@pytest.mark.parametrize(
    ("when", "stated", "because"),
    [
        ("{fact: lineage, is: T}", {"lineage": "B"}, "lineage B"),
        ("{fact: lineage, is: T}", {"lineage": "T"}, None),
        ("{fact: lineage, is: T}", {"cns": "active"}, None),
        ("{all: [{fact: lineage, is: T}, {fact: ecog, at_most: 2}]}", {"lineage": "B", "ecog": "3"},
         "lineage B, ecog 3"),
        ("{all: [{fact: lineage, is: T}, {measure: weight, above: 70 kg}]}", {"lineage": "T"},
         "weight 70 kg"),
        # What decides it is told, and no more: not what is not stated, nor what would let it be given.
        ("{all: [{fact: lineage, is: T}, {fact: ecog, at_most: 2}]}", {"lineage": "B"}, "lineage B"),
        ("{all: [{fact: lineage, is: T}, {fact: ecog, at_most: 2}]}", {"lineage": "B", "ecog": "1"},
         "lineage B"),
        # No fact, but the patient.
        ("{measure: age, above: 45}", {"lineage": "B"}, None),
    ],
)  # fmt: skip
def test_what_a_fact_leaves_out_is_told(
    when: str, stated: dict[str, str], because: str | None
) -> None:
    more = component("{dose: 1 mg, days: [2]}", more=f"when: {when}, ")
    message = f"beta is left out, because of {because}"
    told = [] if because is None else [Finding("PF218", NOTE, message, (), "paper: x")]

    assert told == looked(findings.left_out, (), facts(**stated), components=more, drugs=BETA)


def test_what_the_prescriber_chose_is_not_told_again() -> None:
    when = "when: {all: [{fact: lineage, is: T}, {option: after, is: 1}]}, "
    more = component("{dose: 1 mg, days: [2]}", more=when)
    seen = {"components": more, "drugs": BETA, "options": AFTER}

    assert [] == looked(findings.left_out, (), facts(lineage="T"), **seen)


def test_what_is_left_out_without_a_source_has_none() -> None:
    here = scene(
        (), facts(lineage="B"), drugs=BETA,
        components=component("{dose: 1 mg, days: [2]}", more="when: {fact: lineage, is: T}, "),
    )  # fmt: skip
    bare = tuple(attrs.evolve(c, grounds=Grounds()) for c in here.protocol.components)
    here = attrs.evolve(here, protocol=attrs.evolve(here.protocol, components=bare))

    assert [""] == [finding.source for finding in findings.left_out(here)]


# ------------------------------------------------------------------------ what sources say twice


def disagree(about: str = "the dose", more: str = "") -> str:
    return (
        f"{{about: {about}, says: [{{value: one, source: [paper, p1]}}, {{value: two, source: [paper, "
        f"p2]}}], chosen: one, because: it is newer{more}}}"
    )


SAYS = "the dose: one (paper: p1); two (paper: p2). Chosen: one, because it is newer"
EIGHTH = tuple(f"{cycle}.d8.alpha.IV.1" for cycle in "123")
BOTH = tuple(name for pair in zip(FIRST, EIGHTH, strict=True) for name in pair)

#: What is written besides, and the doses that are touched; None where nothing is told.
TOUCHES: list[tuple[str, tuple[str, ...] | None]] = [
    ("", ()),
    (", when: {measure: age, above: 45}", None),
    (", when: {measure: weight, at_least: 70 kg}", ()),
    (", when: {fact: ecog, is: 1}", ()),
    (", touches: [alpha]", BOTH),
    (", touches: [alpha IV]", BOTH),
    (", touches: [beta]", None),
    (", touches: [beta, alpha]", BOTH),
    (", touches: [alpha, alpha IV]", BOTH),
    (", touches: {drug: alpha, in: [2]}", (FIRST[1], EIGHTH[1])),
    (", touches: {drug: alpha, in: only}", BOTH),
    (", touches: {drug: alpha, days: [8]}", EIGHTH),
    (", touches: {drug: alpha IV, in: [1, 3], days: [1]}", (FIRST[0], FIRST[2])),
]


@pytest.mark.parametrize(("more", "ids"), TOUCHES)
def test_where_sources_disagree_the_reading_is_told_with_its_doses(
    more: str, ids: tuple[str, ...] | None
) -> None:
    found = looked(
        findings.contradictions, (), facts(lineage="B"), sig="{dose: 100 mg, days: [1, 8]}",
        components=component("{dose: 1 mg, days: [2]}", more="when: {fact: lineage, is: T}, "),
        drugs=BETA, more=listed("contradictions", [disagree(more=more)]),
    )  # fmt: skip

    assert ([] if ids is None else [Finding("PF203", NOTE, SAYS, ids)]) == found


def test_each_disagreement_is_looked_at() -> None:
    entries = [
        disagree("never", ", when: {measure: age, above: 45}"),
        disagree("nowhere", ", touches: [beta]"),
        disagree("here"),
    ]
    found = looked(
        findings.contradictions, (), facts(lineage="B"), drugs=BETA,
        components=component("{dose: 1 mg, days: [2]}", more="when: {fact: lineage, is: T}, "),
        more=listed("contradictions", entries),
    )  # fmt: skip

    assert [SAYS.replace("the dose", "here")] == [finding.message for finding in found]
