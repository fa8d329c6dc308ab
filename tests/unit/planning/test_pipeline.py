"""A plan around its doses: its heading, its day, its options, and what is open in words.

Alpha is 100 mg on day 1 of cycles of 21 days from 2026-03-02, 03-23 and 04-13.
"""

import hashlib
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.engine import (
    NONE,
    TREATMENT,
    adjusted,
    component,
    drug_text,
    formulary,
    listed,
    planned,
    policy_with,
    protocol_text,
    ready,
    rule,
    said,
)

from protoplan import api, files
from protoplan.model.exposure import InputFile
from protoplan.model.plan import OptionLine, Plan, Unresolved
from protoplan.quantity import parse

FIRST = tuple(f"{cycle}.d1.alpha.IV.1" for cycle in "123")
BETA = [drug_text("beta")]


def record(*entries: str) -> str:
    return listed("record", [f"{{{entry}}}" for entry in entries]) + "\n"


STARTED = "date: 2026-03-{0:02}, cycle: 1, started: true"

# ------------------------------------------------------------------------------------- the heading


def test_the_heading_says_what_was_planned_by_what() -> None:
    policy = attrs.evolve(
        policy_with({}), week_starts="Sunday", holidays=((date(2026, 4, 6), "Easter"),)
    )
    silences = "silences:\n  - {about: this, left: to a person, source: [paper, p1]}"
    plan = planned(policy=policy, more=silences)
    sha = hashlib.sha256(protocol_text(more=silences).encode()).hexdigest()

    assert ("made-up", "made up", "Made up", "female", 45) == (
        plan.treatment, plan.label, plan.title, plan.sex, plan.age)  # fmt: skip
    assert InputFile("protocol", "made-up", "1.0.0", sha) == plan.protocol
    assert ("policy", "default") in [(file.kind, file.id) for file in plan.inputs]
    assert ("Sunday", ((date(2026, 4, 6), "Easter"),)) == (plan.week_starts, plan.holidays)
    assert policy.bags is plan.bags
    assert (("this", "to a person"),) == plan.silences
    assert [date(2026, 3, 1)] == [measure.date for measure in plan.measures]
    assert ["1", "2", "3"] == [cycle.label for cycle in plan.cycles]


@pytest.mark.parametrize(
    ("stated", "number", "on"),
    [
        ("", 0, None),
        ("revision: {number: 2, date: 2026-03-05}\n", 2, date(2026, 3, 5)),
        (record(STARTED.format(2)), 1, date(2026, 3, 2)),
        (record(STARTED.format(2), "date: 2026-03-09, revised: labs"), 2, date(2026, 3, 9)),
        (
            "revision: {number: 2, date: 2026-03-05}\n" + record(STARTED.format(2)),
            3,
            date(2026, 3, 5),
        ),
    ],
)
def test_each_entry_of_the_record_is_a_revision(stated: str, number: int, on: date | None) -> None:
    plan = planned([], NONE + stated)

    assert (number, on) == (plan.revision, plan.revision_date)


LABS = "labs: [{date: 2026-03-06, bilirubin: 1 mg/dL}]\n"
MEASURED = "  - {date: 2026-03-04, weight: 70 kg}\n"


@pytest.mark.parametrize(
    ("stated", "on"),
    [
        (NONE, date(2026, 3, 1)),
        (MEASURED + NONE, date(2026, 3, 4)),
        (MEASURED + NONE + LABS, date(2026, 3, 6)),
        (NONE + LABS + record(STARTED.format(2)), date(2026, 3, 6)),
        (NONE + LABS + record("date: 2026-03-09, revised: labs"), date(2026, 3, 9)),
        (NONE + LABS + "as_of: 2026-03-03\n", date(2026, 3, 3)),
    ],
)
def test_the_day_of_the_plan_is_stated_or_the_last_that_is_known(stated: str, on: date) -> None:
    assert on == planned([], stated).as_of


def test_what_was_taken_is_told_with_its_days() -> None:
    stated = (
        "earlier_exposure: none\nmedicines: [{drug: verapamil, from: 2026-03-01, to: 2026-03-09}, "
    )
    plan = planned([], f"{stated}{{drug: posaconazole}}]\nfacts: {{ecog: 1, cns: negative}}\n")

    assert (
        ("verapamil", date(2026, 3, 1), date(2026, 3, 9)), ("posaconazole", None, None)
    ) == plan.medicines  # fmt: skip
    assert {("ecog", "1"), ("cns", "negative")} == set(plan.facts)
    assert () == planned().medicines
    assert None is planned([], "earlier_exposure: none\n").medicines


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("", [None] * 3),
        ("facts: {transplant_planned: no}\n", ["100 mg"] * 3),
        (record("date: 2026-03-02, transplant_on: 2026-07-01"), ["omitted"] * 3),
        # What is stated counts before what the record says.
        ("facts: {transplant_planned: no}\n" + record("date: 2026-03-02, transplant_on: 2026-07-01"),
         ["100 mg"] * 3),
    ],
)  # fmt: skip
def test_a_transplant_of_the_record_answers_whether_one_is_planned(
    stated: str, expected: list[str | None]
) -> None:
    plan = planned([rule("when: {fact: transplant_planned, is: yes}, omit: true")], NONE + stated)
    told = ["unresolved" if each is None else each for each in expected]

    assert told == adjusted(plan)
    assert "transplant_planned" not in dict(plan.facts) or "facts" in stated


# ------------------------------------------------------------------------------------- the options

OPTIONS = """options:
  dose: {about: dose of alpha, between: [50 mg, 150 mg], source: [paper, p1]}
  way: {about: how, choices: [slow, fast], default: slow, source: [paper, p1], assumed: {default: the safer, choices: so they say}}
  days: {about: days of it, days: 2, source: [paper, p1], borrowed: {days: [paper, p9]}}
  rising: {about: steps, steps: mg, source: [paper, p1]}
  never: {about: for others, when: {fact: lineage, is: T}, choices: [a, b], source: [paper, p1]}
"""
SIG = "{dose: {option: dose}, days: [1]}"
#: What hangs on the other options.
HANGS = [rule(f"when: {{option: {name}, is: {answer}}}, finding: note, says: so", answer)
         for name, answer in (("way", "fast"), ("never", "a"))]  # fmt: skip


def options(answers: str) -> tuple[OptionLine, ...]:
    stated = f"{NONE}facts: {{lineage: B}}\n"
    stated += f"options: {{{answers}}}\n" if answers else ""
    more = component("{dose: 1 mg, days: {option: days}}")
    more += component("{dose: 40 mg, ramp: {option: rising}, days: 1-3}", "gamma")
    return planned(HANGS, stated, options=OPTIONS, sig=SIG, components=more,
                   drugs=[*BETA, drug_text("gamma")]).options  # fmt: skip


def test_options_that_apply_are_lines_with_their_answers() -> None:
    they = "choices: so they say"

    assert (
        OptionLine("dose", None, False, ()),
        OptionLine("way", "slow", False, ("default: the safer", they)),
        OptionLine("days", None, False, ("days borrowed from paper: p9",)),
        OptionLine("rising", None, False, ()),
    ) == options("")
    # A default that is chosen is assumed no more.
    assert (
        OptionLine("dose", "100 mg", True, ()),
        OptionLine("way", "slow", True, (they,)),
        OptionLine("days", "1, 3", True, ("days borrowed from paper: p9",)),
        OptionLine("rising", "10 mg, 20 mg", True, ()),
    ) == options('dose: 100 mg, way: slow, days: "1, 3", rising: "10 mg, 20 mg"')


# ------------------------------------------------------------------------------------- what is open


def open_lines(*args: Any, **more: Any) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(o.about, o.needs, o.wanted) for o in planned(*args, **more).unresolved]


DECISION = "decision: whether to go on"

#: A rule, what is lacking, and how it is asked for.
WANTED = [
    ("when: {fact: ecog, at_least: 3}, omit: true", "ecog",
     "ECOG performance status: state the fact ecog"),
    ("when: {lab: creatinine, above: 2 mg/dL}, omit: true", "creatinine",
     "creatinine in serum: state the lab creatinine"),
    ("when: {option: way, is: fast}, omit: true", "way", "how: choose way one of slow, fast"),
    ("when: {class: azole}, omit: true", "medicines", "medicines are not stated: state them, or none"),
    ("ask: whether to go on", DECISION, "the prescriber decides, under prescribed: whether to go on"),
]  # fmt: skip
WAY = "options:\n  way: {about: how, choices: [slow, fast], source: [paper, p1]}\n"


@pytest.mark.parametrize(("effect", "need", "wanted"), WANTED)
def test_what_is_lacking_is_asked_for_in_words(effect: str, need: str, wanted: str) -> None:
    options = WAY if "option" in effect else ""
    plan = planned([rule(effect)], "earlier_exposure: none\n", options=options)

    assert (Unresolved("alpha", (need,), (wanted,), FIRST),) == plan.unresolved


def test_a_medicine_of_unknown_classes_and_a_sex_are_asked_for() -> None:
    medicines = "earlier_exposure: none\nmedicines: [{drug: strange}]\n"
    head = TREATMENT.replace(", sex: female", "")
    sex = "when: {measure: creatinine_clearance, below: 30 mL/min}, omit: true"
    lab = "labs: [{date: 2026-03-02, creatinine: 1 mg/dL}]\n"

    assert [
        ("alpha", ("classes of strange",),
         ("the formulary does not know strange: state classes: under it, or classes: none",))
    ] == open_lines([rule("when: {class: azole}, omit: true")], medicines)  # fmt: skip
    assert [("alpha", ("sex",), ("sex: state it under patient, or by --sex",))] == open_lines(
        [rule(sex)], NONE + lab, head=head
    )


def test_what_is_to_be_recorded_is_asked_for() -> None:
    plan = planned(
        [], f"{NONE}{record('date: 2026-03-03, stopped: alpha, reason: rash')}",
        sig="{rate: 1 mg/day, days: 1-4}",
    )  # fmt: skip
    what = "when the infusion was interrupted; alpha stopped for good on 2026-03-03: rash"

    assert (
        Unresolved("alpha", (f"record: {what}",), (f"record {what}",), FIRST[:1]),
    ) == plan.unresolved


def test_what_has_no_words_is_to_be_stated() -> None:
    stated = "medicines: none\n"
    cap = "limits:\n  - {about: alpha/sum, most: 1 g, over: lifetime, source: [label, section 9]}"

    assert [("limit alpha/sum", ("earlier_exposure",))] == [
        (about, needs) for about, needs, _ in open_lines([], stated, label=cap)
    ]
    alt = "when: {lab: alt, above: 3 xULN}, omit: true"
    lab = "labs: [{date: 2026-03-02, alt: 100 U/L}]\n"
    need = "upper limit of normal of alt"
    policy = attrs.evolve(policy_with({}), upper_limits=())
    assert [("alpha", (need,), (f"state {need}",))] == open_lines(
        [rule(f"in: [1], {alt}")], NONE + lab, policy=policy
    )


ASK = rule("when: {fact: ecog, at_least: 3}, omit: true")


def test_a_drug_by_one_route_is_one_line_and_by_two_routes_two() -> None:
    lacking = ("ecog",), ("ECOG performance status: state the fact ecog",)
    one = planned([ASK], sig="{dose: 100 mg, days: [1, 8]}")
    two = planned([ASK], components=component("{dose: 1 mg, days: [2]}", "alpha", "PO"))

    assert (
        Unresolved(
            "alpha", *lacking, tuple(f"{n}.d{day}.alpha.IV.1" for n in "123" for day in (1, 8))
        ),
    ) == one.unresolved
    assert (
        Unresolved("alpha IV", *lacking, FIRST),
        Unresolved("alpha PO", *lacking, tuple(f"{n}.d2.alpha.PO.1" for n in "123")),
    ) == two.unresolved


def test_all_that_a_drug_lacks_stands_on_its_line_once() -> None:
    rules = [
        rule("in: [1], when: {fact: ecog, at_least: 3}, omit: true", "a"),
        rule("in: [1, 2], when: {fact: cns, is: active}, omit: true", "b"),
    ]
    cns = "leukaemia in the central nervous system, by cytology of the cerebrospinal fluid"
    plan = planned(rules)

    assert (
        Unresolved(
            "alpha", ("ecog", "cns"),
            ("ECOG performance status: state the fact ecog", f"{cns}: state the fact cns"), FIRST[:2],
        ),
    ) == plan.unresolved  # fmt: skip


CHOSEN = "options:\n  on: {about: days of beta, days: 2, source: [paper, p1]}\n"


def test_a_drug_whose_days_are_not_chosen_is_one_line_without_doses() -> None:
    more = component("{dose: 1 mg, days: {option: on}}") + component(
        "{dose: 1 mg, days: {option: on}}", route="PO"
    )
    line = Unresolved(
        "beta", ("on",), ("days of beta: choose on as 2 days of the cycle, with commas",), ()
    )

    assert (line,) == planned(options=CHOSEN, components=more, drugs=BETA).unresolved
    chosen = planned(
        [], f'{NONE}options: {{on: "2, 3"}}\n', options=CHOSEN, components=more, drugs=BETA
    )
    assert () == chosen.unresolved


ONE = "  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}"
UPKEEP = {
    ONE: f"{ONE}\n  - {{name: upkeep, when: {{fact: lineage, is: B}}, cycles: {{4: only}}, source: "
    "[paper, Methods]}"
}


def test_a_phase_that_may_not_come_is_asked_for() -> None:
    line = Unresolved(
        "upkeep and all that follows", ("lineage",),
        ("lineage of the leukaemia: state the fact lineage",), (),
    )  # fmt: skip
    plan = planned(instead=UPKEEP)

    assert (line,) == plan.unresolved
    assert [None] == [cycle.start for cycle in plan.cycles if cycle.label == "4"]


def test_what_is_open_stands_in_one_order() -> None:
    """Phases, doses, days, items, medicines that may be held, limits."""
    more = "open_items:\n  - {text: rescue, when: {fact: cns, is: active}, until: so, source: [paper, x]}\n"
    more += "instructions:\n  - {hold: azole, around: alpha, offsets: [0], because: so, source: [paper, x]}"
    limit = "limits:\n  - {about: alpha/sum, most: 1 g, over: lifetime, source: [label, section 9]}"
    plan: Plan = planned(
        [ASK], "medicines: [{drug: strange}]\n", instead=UPKEEP, options=CHOSEN,
        components=component("{dose: 1 mg, days: {option: on}}"), drugs=BETA, more=more, label=limit,
    )  # fmt: skip

    assert [
        "upkeep and all that follows", "alpha", "beta", "rescue", "whether strange is to be held",
        "limit alpha/sum",
    ] == [entry.about for entry in plan.unresolved]  # fmt: skip


# ------------------------------------------------------------------- what is stated comes into it


def first_of(effect: str, stated: str = "", **more: Any) -> str | None:
    """What becomes of the first dose by a rule that leaves it out."""
    return adjusted(planned([rule(f"{effect}, omit: true")], NONE + stated, **more))[0]


CREATININE = "labs: [{date: 2026-03-02, creatinine: VALUE}]\n"


def test_labs_are_read_in_the_units_of_the_catalogue_and_the_limits_of_the_site() -> None:
    """2 mg/dL are 176.8 umol/L; three times the site's 40 U/L are 120 U/L."""
    above = "when: {lab: creatinine, above: 2 mg/dL}"
    alt = "when: {lab: alt, above: 3 xULN}"
    site = attrs.evolve(policy_with({}), upper_limits=(("alt", parse("40 U/L")),))

    assert ("100 mg", "omitted") == (
        first_of(above, CREATININE.replace("VALUE", "176 umol/L")),
        first_of(above, CREATININE.replace("VALUE", "178 umol/L")),
    )
    assert ("100 mg", "omitted") == (
        first_of(alt, "labs: [{date: 2026-03-02, alt: 120 U/L}]\n", policy=site),
        first_of(alt, "labs: [{date: 2026-03-02, alt: 121 U/L}]\n", policy=site),
    )


@pytest.mark.parametrize(("weight", "expected"), [("actual", "100 mg"), ("ideal", "omitted")])
def test_the_clearance_is_worked_with_the_weight_of_the_site(weight: str, expected: str) -> None:
    """(140 - 45) x 70 / 72 x 0.85 are 78.5 mL/min; her ideal weight of 66 kg makes 74."""
    policy = policy_with({})
    policy = attrs.evolve(policy, clearance=attrs.evolve(policy.clearance, weight=weight))
    below = "when: {measure: creatinine_clearance, below: 76 mL/min}"

    assert expected == first_of(below, CREATININE.replace("VALUE", "1 mg/dL"), policy=policy)


def test_medicines_toxicities_and_the_plan_s_own_drugs_are_seen() -> None:
    odd = drug_text("beta", "classes:\n  odd: {source: [label, x]}")
    toxicity = record("date: 2026-03-02, toxicity: mucositis, grade: 3")
    grade = "when: {toxicity: mucositis, at_least: 3}"
    azole = rule("when: {class: azole}, omit: true")

    assert ("100 mg", "omitted") == (first_of(grade), first_of(grade, toxicity))
    assert "omitted" == first_of(
        "when: {class: odd}", components=component("{dose: 1 mg, days: [1]}"), drugs=[odd]
    )
    taken = "earlier_exposure: none\nmedicines: [{drug: posaconazole, from: 2026-03-23}]\n"
    assert ["100 mg", "omitted", "omitted"] == adjusted(planned([azole], taken))


def test_what_the_prescriber_states_and_what_came_earlier_counts() -> None:
    stated = (
        "medicines: none\nearlier_exposure: [{drug: alpha, amount: 50 mg}]\n"
        "prescribed: [{drug: alpha, from_cycle: 2, set: 80 mg, reason: made up, by: team}]\n"
    )
    limit = "limits:\n  - {about: alpha/sum, most: 1 g, over: lifetime, source: [label, section 9]}"
    plan = planned([], stated, label=limit)

    assert ["100 mg", "80 mg", "80 mg"] == adjusted(plan)
    (found,) = plan.exposure
    assert ("alpha", Fraction(260), Fraction(50), "260 mg", 3) == (
        found.drug, found.planned, found.earlier, str(found.ordered), found.doses)  # fmt: skip
    assert 1 == len(found.limits)


def test_doses_that_were_given_stay_though_the_plan_has_them_no_more() -> None:
    more = component("{dose: 1 mg, days: [2]}", more="when: {fact: lineage, is: T}, ")
    stated = "facts: {lineage: B}\n" + record(
        "date: 2026-03-03, given: 1.d2.beta.IV.1, amount: 1 mg"
    )
    plan = planned([], NONE + stated, components=more, drugs=BETA)

    assert [("1.d2.beta.IV.1", "given")] == [
        (row.id, row.status) for row in plan.administrations if row.order.drug == "beta"
    ]


@pytest.mark.parametrize(
    ("as_of", "statuses"),
    [("2026-03-11", ["given", "held"]), ("2026-03-12", ["given", "unresolved"])],
)
def test_a_break_lasts_until_the_day_of_the_plan(as_of: str, statuses: list[str]) -> None:
    """From the 4th on, by the hour at which it began; seven days are allowed."""
    cut = record("date: 2026-03-04, interrupted: 1.d1.alpha.IV.1, reason: fever")
    plan = planned(
        [], f"{NONE}as_of: {as_of}\n{cut}", sig="{rate: 1 mg/day, days: 1-4}",
        label="interruption: {at_most: 7 days, source: [label, section 2]}",
    )  # fmt: skip
    rows = [row for row in plan.administrations if row.cycle == "1"]

    assert statuses == [row.status for row in rows]
    assert ["03-02 10:00", "03-04 10:00"] == [f"{row.start:%m-%d %H:%M}" for row in rows]


def test_looks_see_the_record_and_the_formulary() -> None:
    stated = (
        "medicines: [{drug: fluconazol}]\nearlier_exposure: [{drug: vincristine, amount: 2 mg}]\n"
        + record("date: 2026-03-02, held: 1.d1.alpha.IV.1, reason: fever")
    )
    found = {finding.code: said(finding.message) for finding in planned([], stated).findings}

    assert found["PF236"] == (
        "alpha intravenous is held on 2026-03-02: fever; cycle 1 day 1: the smallest legal shift is to "
        "2026-03-02, by least distances alone, for no window is printed"
    )
    assert found["PF211"].endswith("no rule can see it; did you mean 'fluconazole'?")


def test_an_item_that_may_hold_is_asked_for_without_doses() -> None:
    item = "{text: rescue, when: {fact: ecog, is: 1}, until: so, source: [paper, x]}"
    line = Unresolved("rescue", ("ecog",), ("ECOG performance status: state the fact ecog",), ())

    assert (line,) == planned(more=f"open_items: [{item}]").unresolved


def test_what_is_to_be_held_around_doses_stands_in_the_plan() -> None:
    held = "{hold: azole, around: alpha, offsets: [0], because: so, source: [paper, x]}"
    plan = planned(more=f"instructions: [{held}]")

    assert [date(2026, 3, 2), date(2026, 3, 23), date(2026, 4, 13)] == [
        line.date for line in plan.instructions
    ]


def test_a_catalogue_that_has_no_word_for_a_transplant_is_not_answered() -> None:
    """The record's transplant is a fact only where there is such a fact."""
    effect = rule("when: {fact: transplant_planned, is: yes}, omit: true")
    stated = f"{TREATMENT}{NONE}{record('date: 2026-03-02, transplant_on: 2026-07-01')}"
    with formulary(drug_text("alpha")):
        treatment = files.load_text(stated, "treatment.yaml")[1]
        whole = ready(protocol_text([effect]))
        kept = tuple(fact for fact in whole.catalogue.facts if fact.name != "transplant_planned")
        less = attrs.evolve(whole, catalogue=attrs.evolve(whole.catalogue, facts=kept))

        assert ["omitted"] * 3 == adjusted(api.plan_prepared(treatment, whole))
        assert ["unresolved"] * 3 == adjusted(api.plan_prepared(treatment, less))


def test_items_without_days_are_asked_about_on_the_first_day() -> None:
    item = "{text: so, when: {measure: weight, at_least: 70 kg}, until: so, source: [paper, x]}"

    assert ["so"] == [line.text for line in planned(more=f"open_items: [{item}]").open_items]


def test_numbers_of_doses_and_what_is_asked_before_them_stand_in_the_plan() -> None:
    total = "totals:\n  - {doses: 3, of: [alpha IV], source: [paper, p1]}"
    plan = planned([rule("when: {lab: creatinine, above: 2 mg/dL}, omit: true")],
                   NONE + CREATININE.replace("VALUE", "1 mg/dL"), more=total)  # fmt: skip

    assert [(("alpha IV",), 3, 0, 3)] == [(t.of, t.doses, t.given, t.planned) for t in plan.totals]
    assert [("2", ("creatinine",)), ("3", ("creatinine",))] == [
        (line.cycle, line.labs) for line in plan.checklist
    ]


def test_a_limit_that_counts_other_drugs_names_the_table_of_the_site() -> None:
    plan = planned(components=component("{dose: 50 mg/m2, days: [1]}", "doxorubicin"))

    assert [[], ["esc-2022"]] == [[line.by for line in e.limits] for e in plan.exposure]
