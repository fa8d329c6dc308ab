"""The rules of the shipped formulary, protocols and policies, as data that hangs together."""

from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import LABS, ROOT, Run

from protoplan import api, library
from protoplan.model.condition import Test
from protoplan.model.condition import tests_in as questions_in
from protoplan.model.rule import Rule
from protoplan.quantity import Quantity
from protoplan.source import Place

HERE = Place("test", 1, 1)
POLICIES = library.ids("policy")
PROTOCOLS = library.ids("protocol")

#: The facts of the sample treatment; with these, its labs and its medicines nothing is lacking.
SAMPLE = [
    "--birth-date=1980-05-17", "--height=175cm", "--weight=70kg", "--start=2026-03-02",
    "--as-of=2026-03-01", *LABS, "--earlier=none", "--fact=cd20_percent=30", "--fact=lineage=B",
    "--fact=philadelphia=negative", "--fact=cns=negative", "--fact=lvef_percent=60",
    "--fact=ecog=1",
]  # fmt: skip
#: What each protocol leaves to be chosen.
CHOSEN = {
    "augmented-hyper-cvad": [
        "--option=augmented_courses=every course", "--option=doxorubicin_infusion=24 h",
    ],
    "blinatumomab": ["--option=indication=relapsed or refractory"],
    "clofarabine": ["--option=form=adult"],
    "clofarabine-etoposide-mitoxantrone": ["--option=clofarabine_dose=25 mg/m2"],
    "cytarabine-etoposide-amsacrine": ["--option=printed_row=as here"],
    "flag": ["--option=cycles=2"],
    "flag-ida": ["--option=row=first", "--option=idarubicin_days=five"],
    "flag-ida-new-zealand": ["--option=cycles=2"],
    "high-dose-cytarabine-mitoxantrone": ["--option=row=first"],
    "hyper-cvad": [
        "--fact=cns_risk=high", "--option=intrathecal_schedule=original",
        "--option=doxorubicin_infusion=2 h",
    ],
    "hyper-cvad-bortezomib": [
        "--option=rituximab_dose=375 mg/m2", "--option=rituximab_days=1",
        "--option=asparaginase_dose=5000 units/m2",
        "--option=asparaginase_days=5, 7, 9, 11, 13, 15", "--option=supportive_block=standard",
    ],
    "inotuzumab-ozogamicin": ["--option=remission_after=1"],
    "nelarabine": ["--option=schedule=adult"],
    # A ramp-up that is lowered by an inhibitor must be chosen.
    "mini-hyper-cvd-venetoclax": ["--option=venetoclax_ramp_up=100 mg, 200 mg, 400 mg"],
}  # fmt: skip


def rules_by_home() -> dict[str, tuple[Rule, ...]]:
    found = {f"formulary/{name}": api.drug(name).rules for name in library.ids("formulary")}
    found |= {f"protocols/{name}": api.load_protocol(name, HERE).rules for name in PROTOCOLS}
    return found


RULES = [(home, rule) for home, rules in rules_by_home().items() for rule in rules]


def asked(rule: Rule) -> list[Test]:
    conditions = (rule.when, *(branch.test for branch in rule.branches))
    return [test for condition in conditions for test in questions_in(condition)]


def tables() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for _, rule in RULES:
        if rule.table is not None:
            found.setdefault(rule.about, set()).add(rule.table)
    return found


def test_the_drugs_that_the_evidence_has_rules_for_have_them() -> None:
    with_rules = {home for home, _ in RULES}

    assert {
        "formulary/blinatumomab", "formulary/bortezomib", "formulary/cyclophosphamide",
        "formulary/clofarabine", "formulary/cytarabine", "formulary/dasatinib",
        "formulary/doxorubicin", "formulary/filgrastim", "formulary/fludarabine",
        "formulary/idarubicin",
        "formulary/imatinib", "formulary/inotuzumab-ozogamicin", "formulary/mercaptopurine",
        "formulary/methotrexate", "formulary/mitoxantrone", "formulary/nelarabine",
        "formulary/pegaspargase",
        "formulary/pegfilgrastim", "formulary/rituximab", "formulary/venetoclax", "formulary/vincristine",
        "protocols/augmented-hyper-cvad", "protocols/hyper-cvad", "protocols/inotuzumab-ozogamicin",
        "protocols/hyper-cvad-bortezomib", "protocols/mini-hyper-cvd-venetoclax",
    } == with_rules  # fmt: skip


def test_every_id_of_a_rule_is_unique() -> None:
    ids = Counter(rule.id for _, rule in RULES)

    assert [] == [name for name, count in ids.items() if count > 1]


def test_an_id_begins_with_its_drug() -> None:
    assert [] == [
        rule.id for _, rule in RULES if rule.id.split("/")[0] != rule.drug.split("-ozogamicin")[0]
    ]


def test_every_rule_has_a_source_or_is_marked_as_assumed() -> None:
    assert [] == [
        rule.id
        for _, rule in RULES
        if rule.grounds.source is None and "rule" not in dict(rule.grounds.assumed)
    ]


def test_every_rule_about_one_thing_of_a_drug_has_a_table_or_none_has() -> None:
    kinds: dict[str, set[bool]] = {}
    for home, rule in RULES:
        if home.startswith("formulary/"):
            kinds.setdefault(rule.about, set()).add(rule.table is None)

    assert [] == [about for about, found in kinds.items() if len(found) > 1]


def test_tables_are_at_least_two() -> None:
    assert [] == [about for about, names in tables().items() if len(names) < 2]


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_picks_a_table_that_there_is_of_everything_with_tables(name: str) -> None:
    picked = dict(api.load_policy(name, HERE).choices)
    named = {about: table for about, table in picked.items() if about in tables()}

    assert set(tables()) == set(named)
    assert [] == [about for about, table in named.items() if table not in tables()[about]]


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_picks_nothing_that_no_rule_offers(name: str) -> None:
    offered = set(tables())
    offered |= {rule.washout.choice for _, rule in RULES if not isinstance(rule.washout, int)}
    offered |= {
        f"{entry.to}/equivalents"
        for name in library.ids("formulary")
        for entry in api.drug(name).equivalents
    }

    assert set() == set(dict(api.load_policy(name, HERE).choices)) - offered


def test_the_two_policies_pick_otherwise_wherever_they_can() -> None:
    first, second = (dict(api.load_policy(name, HERE).choices) for name in POLICIES)

    assert [] == [about for about in first if first[about] == second.get(about)]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_what_a_protocol_adopts_is_a_rule_of_its_drugs_that_needs_it(name: str) -> None:
    protocol = api.load_protocol(name, HERE)
    drugs = {component.drug for component in protocol.components}
    notes = {r.id for drug in drugs for r in api.drug(drug).rules if r.written_for is not None}

    assert set() == {entry.rule for entry in protocol.adopts} - notes


def test_a_rule_asks_for_answers_that_the_catalogue_offers() -> None:
    facts = {fact.name: fact for fact in api.catalogue().facts}
    labs = {lab.name: lab for lab in api.catalogue().labs}
    for _, rule in RULES:
        for test in asked(rule):
            if test.asks == "fact" and test.words:
                assert set(test.words) <= set(facts[test.name].words), rule.id
            if test.asks == "lab" and test.bounds is not None:
                limits = (test.bounds.at_least, test.bounds.above, test.bounds.below,
                          test.bounds.at_most)  # fmt: skip
                units = {limit.unit for limit in limits if isinstance(limit, Quantity)}
                assert units <= {*labs[test.name].units, "xULN", "U/L"}, rule.id


def test_a_rule_names_medicines_and_classes_that_the_formulary_knows() -> None:
    classes = {name for drug in library.ids("formulary") for name, _ in api.drug(drug).classes}
    for _, rule in RULES:
        for test in asked(rule):
            if test.asks == "medicine":
                assert test.name in library.ids("formulary"), rule.id
            if test.asks == "class":
                assert test.name in classes, rule.id


@pytest.mark.parametrize(
    ("medicine", "policy"),
    [("none", "default"), ("posaconazole", "contrasting"), ("rifampin", "default")],
)
@pytest.mark.parametrize("name", PROTOCOLS)
def test_with_the_sample_s_facts_and_labs_a_protocol_lacks_nothing(
    run: Run, name: str, medicine: str, policy: str
) -> None:
    ran = run("plan", name, *SAMPLE, *CHOSEN.get(name, ()), f"--medicine={medicine}",
              f"--policy={policy}", "--format=json")  # fmt: skip

    assert [] == ran.data["unresolved"]
    assert {"planned"} == {row["status"] for row in ran.data["administrations"]}
    assert ran.code == (4 if (name, medicine) == ("mini-hyper-cvd-venetoclax", "rifampin") else 0)


def test_with_nothing_out_of_the_normal_no_rule_changes_a_dose(run: Run) -> None:
    for name in PROTOCOLS:
        plan = run("plan", name, *SAMPLE, *CHOSEN.get(name, ()), "--medicine=none",
                   "--format=json").data  # fmt: skip
        changed = {
            change["rule"] for row in plan["administrations"] for change in row["adjustments"]
        }

        assert changed <= {"vincristine/largest-dose"}


def test_a_policy_that_picks_no_table_is_a_problem(run: Run, tmp_path: Path) -> None:
    text = (ROOT / "policies/default.yaml").read_text("utf-8")
    path = tmp_path / "none.yaml"
    path.write_text(text.replace("  doxorubicin/hepatic: label\n", ""), "utf-8")

    ran = run("plan", "hyper-cvad-bortezomib", *SAMPLE, *CHOSEN["hyper-cvad-bortezomib"],
              "--medicine=none", f"--policy={path}")  # fmt: skip

    assert 3 == ran.code
    assert f"{path}:2:1: error: policy default picks none for doxorubicin/hepatic" in ran.err


# -- what a file says and a reader would look for: found by reading the sources against the files ---


def told(run: Run, name: str, code: str, *more: str) -> list[tuple[str, str]]:
    """How grave each finding is, and its words, with plain spaces; *more* takes the sample's place."""
    given = {argument.rpartition("=")[0] for argument in more}
    sample = [each for each in SAMPLE if each.rpartition("=")[0] not in given]
    plan = run("plan", name, *sample, *CHOSEN.get(name, ()), *more, "--format=json").data
    return [
        (found["severity"], found["message"].replace("\N{NO-BREAK SPACE}", " "))
        for found in plan["findings"]
        if found["code"] == code
    ]


def test_vincristine_beside_asparaginase_is_a_warning(run: Run) -> None:
    """Both stand on days 1, 8 and 15; the label gives vincristine 12 to 24 hours before."""
    (near,) = (
        (severity, words) for severity, words in told(run, "augmented-hyper-cvad", "PF230")
        if "asparaginase" in words
    )  # fmt: skip

    assert "warning" == near[0]
    assert near[1].startswith(
        "vincristine and asparaginase lie within 12 hours; the label gives vincristine 12 to 24 "
        "hours before asparaginase: vincristine intravenous cycle 1 day 1 and "
    )


@pytest.mark.parametrize(("creatinine", "met"), [("1.65", True), ("1.66", False)])
def test_venetoclax_asks_for_a_clearance_of_30(run: Run, creatinine: str, *, met: bool) -> None:
    """(140 - 80) x 70 / (72 x 1.65) x 0.85 = 30.05 mL/min; with 1.66 it is 29.87."""
    lab = f"--lab=creatinine={creatinine} mg/dL"
    born = "--birth-date=1945-05-17"
    found = told(run, "mini-hyper-cvd-venetoclax", "PF201", born, "--sex=female", lab)

    assert met is (("warning", "not met: creatinine clearance of 30 mL/min or more") not in found)


@pytest.mark.parametrize(
    ("medicine", "said"),
    [("posaconazole", 1), ("verapamil", 1), ("fluconazole", 1), ("allopurinol", 0), ("none", 0)],
)
def test_an_inhibitor_while_venetoclax_rises_is_a_warning(
    run: Run, medicine: str, said: int
) -> None:
    found = told(run, "mini-hyper-cvd-venetoclax", "PF219", f"--medicine={medicine}")

    assert said == sum(
        severity == "warning" and "in the cycle in which the dose of venetoclax rises" in words
        for severity, words in found
    )


@pytest.mark.parametrize(("bilirubin", "said"), [("2", False), ("2.1", True)])
def test_a_table_that_the_protocol_adopts_and_the_policy_does_not_pick_is_told(
    run: Run, bilirubin: str, *, said: bool
) -> None:
    """Hyper-CVAD gives 1 mg of vincristine above 2 mg/dL, the label half above 3 mg/dL."""
    lab = f"--lab=bilirubin={bilirubin} mg/dL"
    found = told(run, "hyper-cvad", "PF243", lab)
    words = (
        "vincristine 2 mg: vincristine/hepatic/hyper-cvad would have made it 1 mg, for bilirubin "
        "2.1 mg/dL on 2026-03-01; the policy picks the table label"
    )

    assert said is (("warning", words) in found)


def test_a_dose_of_mitoxantrone_ten_times_the_usual_is_a_warning(run: Run) -> None:
    (found,) = told(run, "high-dose-cytarabine-mitoxantrone", "PF228")

    assert found == (
        "warning",
        "mitoxantrone 80 mg/m² lies outside 8 mg/m² to 14 mg/m², the doses that are usual for it",
    )
