"""Hazards that no other test held: each fails when the control in `docs/hazards.yaml` is taken away.

Most plan a made-up protocol for a made-up patient of 180 cm and 80 kg, whose surface area by
Mosteller is √(180 × 80 / 3600) = √4 = 2 m².
"""

import errno
import hashlib
import itertools
import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import attrs
import pytest
from tests.conftest import FACTS, LABS, QUICK, ROOT, Ran, Run

from protoplan import api, files, library
from protoplan.quantity import NBSP

HEAD = """\
format: protoplan-protocol/1
id: made-up
version: 1.0.0
title: Made up
population: no one
reviewed: not a clinical protocol
sources:
  paper: {cite: "A paper, 2026"}
kinds:
  only: {length: 21 days, source: [paper, Methods]}
phases:
  - {name: all, cycles: {1-2: only}, source: [paper, Methods]}
components:
"""
NOTHING = ("--medicine", "none", "--earlier", "none")
BODY = ("--height", "180cm", "--weight", "80kg", "--age", "45", "--start", "2026-03-02")


def component(drug: str, route: str, *sigs: str) -> str:
    """The lines of a component that is given in every cycle."""
    rows = ", ".join(f"{{{sig}}}" for sig in sigs)
    return f"  - {{drug: {drug}, in: only, route: {route}, sigs: [{rows}], source: [paper, Methods]}}\n"


VINCRISTINE = component("vincristine", "IV", "dose: 2 mg, days: [1, 8]")

Planned = Callable[..., Ran]


@pytest.fixture
def planned(run: Run, tmp_path: Path) -> Planned:
    """Plan what some components and other sections make."""

    def plan(
        components: str,
        *flags: str,
        more: str = "",
        head: str = HEAD,
        body: tuple[str, ...] = BODY,
        labs: Sequence[str] = LABS,
    ) -> Ran:
        path = tmp_path / "made-up.yaml"
        path.write_text(head + components + more, "utf-8")
        return run("plan", str(path), *body, *labs, *flags, "--format", "json")

    return plan


Formulary = Callable[[str, str, str], None]


@pytest.fixture
def formulary(monkeypatch: pytest.MonkeyPatch) -> Formulary:
    """Give a drug of the formulary another section, whatever its file says today."""

    def change(name: str, field: str, section: str) -> None:
        text = (
            f"format: protoplan-formulary/1\ndrug: {name}\nversion: 1.0.0\nname: {name}\n"
            f'unit: mg\nroutes: {{IV: {{source: [p, x]}}}}\nsources: {{p: {{cite: "A label, 2026"}}}}\n'
        )
        read = files.load_text(text + section, name, {})[1]
        known = files.drug
        changed = attrs.evolve(known(name), **{field: getattr(read, field)})
        monkeypatch.setattr(files, "drug", lambda n: changed if n == name else known(n))

    return change


def found(ran: Ran, code: str) -> list[tuple[str, str]]:
    """The findings of a code: how grave, and what is said."""
    return [(f["severity"], f["message"]) for f in ran.data["findings"] if f["code"] == code]


def ordered(ran: Ran, drug: str) -> list[str | None]:
    return [
        row["ordered"] and row["ordered"]["value"]
        for row in ran.data["administrations"]
        if row["drug"] == drug
    ]


# -- H01, H28: doses out of reason ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "outside"),
    [("0.4 mg/m2", False), ("1.4 mg/m2", False), ("1.41 mg/m2", True), ("0.39 mg/m2", True)],
)
def test_a_dose_that_no_source_prints_is_a_warning(
    planned: Planned, formulary: Formulary, dose: str, outside: bool
) -> None:
    formulary("vincristine", "usual", "usual: [{from: 0.4 mg/m2, to: 1.4 mg/m2, source: [p, x]}]")

    ran = planned(component("vincristine", "IV", f"dose: {dose}, days: [1]"), *NOTHING)

    assert [("warning", True)] * outside == [(s, "0.4" in m) for s, m in found(ran, "PF228")]


def test_a_capped_area_is_a_warning_and_a_capped_dose_is_said(planned: Planned) -> None:
    """√(200 × 150 / 3600) is 2.887 m² by Mosteller; du Bois gives more than 2.2 m² too."""
    large = ("--height", "200cm", "--weight", "150kg", *BODY[4:])

    ran = planned(component("vincristine", "IV", "dose: 1.4 mg/m2, days: [1]"), *NOTHING,
                  "--policy", "contrasting", body=large)  # fmt: skip

    assert "2.2" == ran.data["patient"]["bsa"]["value"]
    assert ["warning"] == [severity for severity, _ in found(ran, "PF213")]
    # 1.4 × 2.2 = 3.08 mg
    assert [
        ("note", f"vincristine 3.08{NBSP}mg lowered to the largest dose of 2{NBSP}mg")
    ] == found(ran, "PF210")


# -- H03: given twice ------------------------------------------------------------------------------


def test_one_drug_twice_at_one_time_is_a_warning(planned: Planned) -> None:
    twice = VINCRISTINE + component("vincristine", "IV", "dose: 1 mg, days: [8]")

    assert [("warning", "vincristine IV is planned twice at one time; is one of the two a duplicate?")
            ] == found(planned(twice, *NOTHING), "PF227")  # fmt: skip
    assert [] == found(planned(VINCRISTINE, *NOTHING), "PF227")


def test_one_sig_written_twice_is_refused(planned: Planned) -> None:
    ran = planned(VINCRISTINE + VINCRISTINE, *NOTHING)

    assert (3, True) == (ran.code, "stands twice with the same dose and days" in ran.err)


# -- H04, H05, H06: the surface area, and what is made of it ---------------------------------------


@pytest.mark.parametrize(("taken", "old"), [("2026-02-02", False), ("2026-02-01", True)])
def test_height_and_weight_older_than_the_policy_asks_are_a_warning(
    planned: Planned, taken: str, old: bool
) -> None:
    """The default policy asks for 28 days at most before 2026-03-02."""
    ran = planned(VINCRISTINE, *NOTHING, "--as-of", taken)

    assert ["warning"] * old == [severity for severity, _ in found(ran, "PF217")]


def test_the_policy_s_formula_makes_the_area_and_is_named(run: Run) -> None:
    """Du Bois 0.007184 × 70^0.425 × 175^0.725 is 1.8481 m², Mosteller 1.8447 m²."""
    headings = [
        " ".join(run("plan", *QUICK, *FACTS, "--policy", policy).out.split())
        for policy in ("default", "contrasting")
    ]

    assert "give 1.844662 m², rounded to 1.84 m² (mosteller)" in headings[0]
    assert "rounded to 1.848 m² (du-bois)" in headings[1]


def test_a_reduced_dose_is_rounded_once_and_last(run: Run, tmp_path: Path) -> None:
    """√(175 × 69 / 3600) is 1.83 m². 0.3 × 1.83 × 90% = 0.4941, to 0.49; 0.55 × 90% makes 0.50."""
    text = (ROOT / "examples/sample-a.yaml").read_text("utf-8").replace("70 kg", "69 kg")
    change = "{from_cycle: 2, drug: inotuzumab-ozogamicin, scale: 90 percent, reason: r, by: b}"
    path = tmp_path / "reduced.yaml"
    path.write_text(f"{text}\nprescribed: [{change}]\n", "utf-8")

    data = run("plan", str(path), "--format", "json").data
    rows = [row for row in data["administrations"] if row["drug"] == "inotuzumab-ozogamicin"]

    assert ("0.549", "0.4941", "0.49") == tuple(
        rows[2][key]["value"] for key in ("calculated", "adjusted", "ordered")
    )


# -- H08, H10, H11, H12: rules and caps ------------------------------------------------------------


def rule(name: str, does: str) -> str:
    return f"  - {{id: {name}, drug: vincristine, {does}, source: [paper, Methods]}}\n"


BY_AREA = component("vincristine", "IV", "dose: 1 mg/m2, days: [1]")
BILIRUBIN = rule("v/liver", "by: {lab: bilirubin}, bands: [{below: 1.5 mg/dL, keep: true}, "
                 "{at_least: 1.5 mg/dL, at_most: 3 mg/dL, scale: 50 percent}, "
                 "{above: 3 mg/dL, omit: true}]")  # fmt: skip


def test_a_cap_comes_after_the_rules(planned: Planned) -> None:
    """1.4 × 2 = 2.8; 80% of it is 2.24, capped at 2. Capped first it would be 1.6."""
    dose = component("vincristine", "IV", "dose: 1.4 mg/m2, days: [1]")

    ran = planned(dose, *NOTHING, more="rules:\n" + rule("v/less", "scale: 80 percent"))

    assert ["2", "2"] == ordered(ran, "vincristine")


def test_a_missing_lab_is_never_a_normal_one(planned: Planned) -> None:
    ran = planned(BY_AREA, *NOTHING, "--as-of", "2026-03-23", more=f"rules:\n{BILIRUBIN}", labs=())

    assert (5, [None, None]) == (ran.code, ordered(ran, "vincristine"))
    assert [["bilirubin"]] == [entry["needs"] for entry in ran.data["unresolved"]]


@pytest.mark.parametrize(
    ("value", "dose"),
    [("1.49 mg/dL", "2"), ("1.5 mg/dL", "1"), ("3 mg/dL", "1"), ("3.01 mg/dL", None),
     # 1.5 mg/dL is 25.656 µmol/L
     ("25.655 umol/L", "2"), ("25.656 umol/L", "1")],
)  # fmt: skip
def test_every_value_falls_into_one_band_whatever_its_unit(
    planned: Planned, value: str, dose: str | None
) -> None:
    others = [flag for flag in LABS if "bilirubin" not in flag]

    ran = planned(BY_AREA, *NOTHING, "--lab", f"bilirubin={value}", "--as-of", "2026-03-02",
                  "--lab=direct_bilirubin=0.2 mg/dL", more=f"rules:\n{BILIRUBIN}", labs=others)  # fmt: skip

    assert dose == ordered(ran, "vincristine")[0]


@pytest.mark.parametrize(
    "bands",
    [
        "{below: 1 mg/dL, keep: true}, {above: 1 mg/dL, omit: true}",
        "{at_most: 1 mg/dL, keep: true}, {at_least: 1 mg/dL, omit: true}",
        "{below: 1 mg/dL, keep: true}, {at_least: 1.1 mg/dL, omit: true}",
        "{below: 1.1 mg/dL, keep: true}, {at_least: 1 mg/dL, omit: true}",
        "{at_least: 0 mg/dL, below: 1 mg/dL, keep: true}, {at_least: 1 mg/dL, omit: true}",
        "{below: 1 mg/dL, keep: true}, {at_least: 1 mg/dL, at_most: 9 mg/dL, omit: true}",
    ],
    ids=["no owner", "two owners", "hole", "overlap", "open below", "open above"],
)
def test_bands_with_a_hole_or_an_overlap_are_refused(planned: Planned, bands: str) -> None:
    text = rule("v/liver", f"by: {{lab: bilirubin}}, bands: [{bands}]")

    ran = planned(BY_AREA, *NOTHING, more=f"rules:\n{text}")

    assert (3, 1) == (ran.code, ran.err.count("[PP312]")), ran.err


def test_the_lowest_of_two_rules_holds_in_any_order_and_two_causes_are_said(
    planned: Planned,
) -> None:
    """Of 2 mg: 75% is 1.5, half is 1, both together would make 0.75."""
    rules = (
        rule("v/liver", "scale: 50 percent"),
        rule("v/nerves", "scale: 75 percent"),
        rule("v/age", "set: 0.8 mg/m2"),
    )

    plans = [
        planned(BY_AREA, *NOTHING, more="rules:\n" + "".join(row))
        for row in itertools.permutations(rules)
    ]

    assert {("1", "1")} == {tuple(map(str, ordered(ran, "vincristine"))) for ran in plans}
    # 75% × 50% × 80% of 2 mg
    assert {"warning"} == {severity for ran in plans for severity, _ in found(ran, "PF223")}
    assert all(f"would make 0.6{NBSP}mg" in found(ran, "PF223")[0][1] for ran in plans)


def test_an_azole_beside_a_vinca_alkaloid_is_a_warning_unless_it_is_held(planned: Planned) -> None:
    hold = ("instructions: [{hold: azole, around: vincristine, offsets: [-1, 0, 1], because: nerves, "
            "source: [paper, Methods]}]\n")  # fmt: skip
    taken = ("--earlier", "none", "--medicine", "posaconazole=2026-03-03..2026-03-03")
    too_late = ("--earlier", "none", "--medicine", "posaconazole=2026-03-04..2026-03-06")

    assert ["warning"] == [s for s, _ in found(planned(VINCRISTINE, *taken), "PF226")]
    assert [] == found(planned(VINCRISTINE, *too_late), "PF226")
    assert [] == found(planned(VINCRISTINE, *taken, more=hold), "PF226")


# -- H09: limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "over", "earlier", "code"),
    [
        # Four doses of 2 mg, in two cycles.
        ("8 mg", "lifetime", "none", 0),
        ("7.9 mg", "lifetime", "none", 4),
        ("10 mg", "lifetime", "vincristine=2 mg", 0),
        ("10 mg", "lifetime", "vincristine=2.1 mg", 4),
        ("10 mg", "lifetime", "vincristine=1 mg/m2", 5),
        ("10 mg", "lifetime", None, 5),
        ("7.9 mg", "lifetime", None, 4),
        ("4 mg", "cycle", None, 0),
        ("3.9 mg", "cycle", None, 4),
    ],
)
def test_a_limit_is_never_passed_unsaid(
    planned: Planned, most: str, over: str, earlier: str | None, code: int
) -> None:
    limit = f"limits: [{{drug: vincristine, about: v/sum, most: {most}, over: {over}, source: [paper, x]}}]\n"
    stated = ("--medicine", "none", *(("--earlier", earlier) if earlier else ()))

    ran = planned(VINCRISTINE, *stated, more=limit)

    assert (code, code == 4) == (ran.code, "stop" in dict(found(ran, "PF231")))


def test_the_shipped_limit_of_doxorubicin_counts_earlier_treatment(run: Run) -> None:
    """50 mg/m² in cycles 1 and 3, and 450 before, are 550; a lifetime's limit is 550."""
    target = ("hyper-cvad-bortezomib", *BODY, *LABS, "--medicine", "none")

    codes = [
        ("PF231" in {f["code"] for f in ran.data["findings"]}, ran.code == 4)
        for earlier in ("450", "450.1")
        for ran in [run("plan", *target, "--fact", "leucovorin_elsewhere=yes", "--earlier",
                        f"doxorubicin={earlier} mg/m2", "--format", "json")]
    ]  # fmt: skip

    assert [(False, False), (True, True)] == codes


# -- H13, H39: days and the time between -----------------------------------------------------------


@pytest.mark.parametrize(("second", "near"), [(8, False), (7, True)])
def test_doses_nearer_than_allowed_are_found_and_not_moved(
    planned: Planned, second: int, near: bool
) -> None:
    """Days 1 and 8 are 7 days apart, days 1 and 7 are 6."""
    dose = component("vincristine", "IV", f"dose: 2 mg, days: [1, {second}]")
    apart = ("spacing: [{drug: vincristine, from: itself, at_least: 7 days, otherwise: stop, "
             "source: [paper, x]}]\n")  # fmt: skip

    ran = planned(dose, *NOTHING, more=apart)

    assert (4 if near else 0, ["stop"] * near) == (ran.code, [s for s, _ in found(ran, "PF230")])
    assert {1, second} == {row["day"] for row in ran.data["administrations"]}


def test_a_dose_on_a_weekend_stays_where_it_is(planned: Planned) -> None:
    """2026-03-07 is a Saturday."""
    ran = planned(component("vincristine", "IV", "dose: 2 mg, days: [6]"), *NOTHING)

    assert ["2026-03-07", "2026-03-28"] == [row["date"] for row in ran.data["administrations"]]


# -- H14, H20, H25, H26, H36: what is printed ------------------------------------------------------

SHOWN = {
    "plan a": ("plan", "examples/sample-a.yaml"),
    "plan b": ("plan", "examples/sample-b-original.yaml"),
    "explain": ("explain", "examples/sample-a.yaml"),
    "cumulative": ("cumulative", "doxorubicin", "hyper-cvad-bortezomib", *BODY, *NOTHING),
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.fixture(params=list(SHOWN.values()), ids=list(SHOWN))
def shown(run: Run, request: pytest.FixtureRequest) -> str:
    """What a person is shown."""
    return run(*request.param).out


def test_every_date_bears_its_own_weekday(shown: str) -> None:
    dates = re.findall(rf"\b([A-Z][a-z]{{2}})[{NBSP} ]([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\b", shown)

    assert dates
    assert [] == [(day, on) for day, on in dates
                  if day != WEEKDAYS[date.fromisoformat(on).weekday()]]  # fmt: skip


def test_two_identifiers_stand_at_the_head(run: Run) -> None:
    texts = [run(command, *arguments).out.split("\n\n")[0] for command, *arguments in (
        ("plan", "examples/sample-a.yaml"),
        ("explain", "examples/sample-a.yaml"),
        ("cumulative", "methotrexate", "examples/sample-a.yaml"),
    )]  # fmt: skip
    data = run("plan", "examples/sample-a.yaml", "--format", "json").data["treatment"]

    assert all("sample-a (sample A)" in text for text in texts)
    assert ("sample-a", "sample A") == (data["id"], data["label"])


def test_every_drug_is_printed_in_full(run: Run) -> None:
    text = run("plan", "examples/sample-a.yaml").out
    data = run("plan", "examples/sample-a.yaml", "--format", "json").data
    names = {api.drug(row["drug"]).name for row in data["administrations"]}

    rows = {
        name: (
            # A row of a day: times or blanks, the name with its daggers, the dose.
            re.findall(rf"(?m)^    .{{14}}{re.escape(name)}(?:†[0-9,]+)? {{2,}}\S", text),
            # The row of the totals.
            re.findall(rf"(?m)^  {re.escape(name)} {{2,}}\S", text),
        )
        for name in names
    }

    assert 10 < len(names)
    assert [] == [name for name, (days, totals) in rows.items() if not (days and totals)]


def test_no_amount_is_printed_so_that_it_can_be_misread(shown: str) -> None:
    """After ISMP's list: no trailing zero, no naked point, no U or µg, a thousands comma."""
    amounts = re.findall(rf"([^\s(]*[0-9.])({NBSP})(mg|mcg|g|units)\b", shown)

    assert amounts
    assert [] == [a for a, *_ in amounts if not re.fullmatch(
        r"−?(0|[1-9][0-9]{0,2}(,[0-9]{3})*)(\.[0-9]*[1-9])?", a)]  # fmt: skip
    assert [] == re.findall(r"[0-9]\s?(?:U|IU|µg|ug|μg|MG|cc)\b", shown)


def test_a_plan_says_that_it_is_no_order_and_shows_how_each_dose_is_worked(run: Run) -> None:
    text = run("plan", *QUICK, *FACTS).out
    data = run("plan", *QUICK, *FACTS, "--format", "json").data
    bases = {
        f"{row['basis']['value']}{NBSP}{row['basis']['unit'].replace('m2', 'm²')}"
        for row in data["administrations"]
        if row["bsa"]
    }

    assert NO_ORDER in text
    assert [] == [basis for basis in bases if f"{basis} × 1.84 m²" not in text]


NO_ORDER = "A planning aid for qualified staff, not an order. A person checks every dose.\n"
WITH_DOSES = [
    ["plan", *QUICK, *FACTS],
    ["explain", *QUICK, *FACTS, "--cycle", "1", "--day", "2"],
    ["cumulative", "inotuzumab", *QUICK, *FACTS],
    ["cumulative", "methotrexate", *QUICK, *FACTS],  # by two routes
    ["bags", *QUICK, *FACTS],
    ["compare", "flag", "flag-ida"],
    ["status", "examples/sample-a-record.yaml", "--on", "2026-05-05"],
]


@pytest.mark.parametrize("arguments", WITH_DOSES, ids=lambda words: words[0])
def test_every_text_with_doses_says_once_that_it_is_no_order(
    run: Run, arguments: list[str]
) -> None:
    assert 1 == run(*arguments).out.count(NO_ORDER)


# -- H21: which protocol ---------------------------------------------------------------------------


def test_an_edited_copy_shows_another_hash(run: Run, tmp_path: Path) -> None:
    name = "mini-hyper-cvd-inotuzumab"
    fragments = tmp_path / "fragments"
    fragments.mkdir()
    for source in (library.root() / "protocols" / "fragments").glob("*.yaml"):
        (fragments / source.name).write_bytes(source.read_bytes())
    text = library.shipped("protocol", name).path.read_text("utf-8")
    path = tmp_path / f"{name}.yaml"
    path.write_text(text + "# one remark more\n", "utf-8")

    heads = [
        re.findall(r"(?m)^protocol +(\S+ \S+) \(sha256 ([0-9a-f]{12})\)$", run("plan", target, *BODY).out)
        for target in (name, str(path))
    ]  # fmt: skip

    assert [1, 1] == list(map(len, heads))
    assert heads[0][0][0] == heads[1][0][0]
    assert heads[0][0][1] != heads[1][0][1]


def test_the_files_that_a_plan_is_made_from_are_named_with_their_hashes(run: Run) -> None:
    data = run("plan", *QUICK, *FACTS, "--format", "json").data
    folders = {"fragment": "protocols/fragments", "policy": "policies", "catalogue": "catalogue",
               "formulary": "formulary"}  # fmt: skip
    named = {
        f"{folders[entry['kind']]}/{entry['id']}.yaml": entry["sha256"] for entry in data["inputs"]
    }
    named[f"protocols/{data['protocol']['id']}.yaml"] = data["protocol"]["sha256"]
    drugs = {f"formulary/{row['drug']}.yaml" for row in data["administrations"]}

    assert {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in named} == named
    assert {"policies/default.yaml", "protocols/fragments/mini-hyper-cvd.yaml", *drugs} <= set(
        named
    )


# -- H24, H38: what goes together, and what does not -----------------------------------------------


def test_an_intrathecal_dose_on_the_day_of_a_vinca_alkaloid_is_a_warning(planned: Planned) -> None:
    def both(day: int) -> str:
        return VINCRISTINE + component("methotrexate", "IT", f"dose: 12 mg, days: [{day}]")

    assert [("warning", True)] == [
        (severity, "stand on days with a vinca alkaloid" in message)
        for severity, message in found(planned(both(8), *NOTHING), "PF215")
    ]
    assert [] == found(planned(both(9), *NOTHING), "PF215")


def test_intrathecal_is_spelled_out(run: Run) -> None:
    """Abbreviated, it is too like IV."""
    text = run("plan", "examples/sample-a.yaml").out

    assert 4 == len(re.findall(r"methotrexate\S* +12.mg(?: each)? +INTRATHECAL", text))
    assert [] == re.findall(r"\b(?:IT|IV)\b", text.partition("† Assumed")[0])


def test_no_shipped_file_lets_a_vinca_alkaloid_go_another_way_than_into_a_vein() -> None:
    drugs = [api.drug(name) for name in library.ids("formulary")]
    routes = {
        (drug.id, route.route)
        for drug in drugs
        for route in drug.routes
        if "vinca" in dict(drug.classes)
    }

    assert {("vincristine", "IV")} == routes


@pytest.mark.parametrize(
    ("dose", "rescue", "flags", "code"),
    [
        ("500 mg/m2", "", (), 4),
        ("499 mg/m2", "", (), 0),
        ("500 mg/m2", component("leucovorin", "IV", "dose: 50 mg, days: [2]"), (), 0),
        ("500 mg/m2", "", ("--fact", "leucovorin_elsewhere=yes"), 0),
        ("500 mg/m2", "", ("--fact", "leucovorin_elsewhere=no"), 4),
    ],
)
def test_a_missing_companion_is_a_stop(
    planned: Planned,
    formulary: Formulary,
    dose: str,
    rescue: str,
    flags: tuple[str, ...],
    code: int,
) -> None:
    formulary("methotrexate", "companions", "companions: [{drug: leucovorin, routes: [IV], "
              "for_doses: {at_least: 500 mg/m2}, unless: {fact: leucovorin_elsewhere, is: yes}, "
              "otherwise: stop, says: no rescue, source: [p, x]}]")  # fmt: skip
    given = component("methotrexate", "IV", f"dose: {dose}, days: [1]") + rescue

    ran = planned(given, *NOTHING, *flags)

    assert (code, ["stop"] * (code == 4)) == (ran.code, [s for s, _ in found(ran, "PF229")])


def test_high_dose_methotrexate_without_a_word_on_leucovorin_is_a_stop(run: Run) -> None:
    target = ("hyper-cvad-bortezomib", *BODY, *NOTHING)

    ran = run("plan", *target, "--format", "json")

    assert 4 == ran.code
    assert ["stop"] == [s for s, message in found(ran, "PF229") if "leucovorin" in message]


# -- H27: rounding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "severity", "percent"),
    [
        ("1.05", None, "+5"), ("1.06", "warning", "+6"), ("1.1", "warning", "+10"),
        ("1.11", "stop", "+11"), ("0.95", None, "−5"), ("0.94", "warning", "−6"),
        ("0.9", "warning", "−10"), ("0.89", "stop", "−11"),
    ],
)  # fmt: skip
def test_rounding_past_the_tolerance_is_a_warning_and_past_ten_percent_a_stop(
    planned: Planned, tmp_path: Path, width: str, severity: str | None, percent: str
) -> None:
    """0.5 mg/m² × 2 m² = 1 mg, which whole steps of *width* turn into one step."""
    text = (ROOT / "policies/default.yaml").read_text("utf-8")
    policy = tmp_path / "coarse.yaml"
    policy.write_text(text.replace("vincristine: 0.05 mg", f"vincristine: {width} mg"), "utf-8")

    ran = planned(component("vincristine", "IV", "dose: 0.5 mg/m2, days: [1]"), *NOTHING,
                  "--policy", str(policy))  # fmt: skip
    said = found(ran, "PF207")

    assert (4 if severity == "stop" else 0) == ran.code
    assert [severity] * (severity is not None) == [entry for entry, _ in said]
    assert all(
        f"from 1{NBSP}mg to {width}{NBSP}mg ({percent}%)" in message
        and message.endswith(f"{width}{NBSP}mg is what its steps can make")
        for _, message in said
    )


@pytest.mark.parametrize(("width", "coarse"), [("0.05", False), ("0.06", True)])
def test_a_step_of_more_than_five_percent_of_the_smallest_dose_is_a_warning(
    planned: Planned, tmp_path: Path, width: str, coarse: bool
) -> None:
    text = (ROOT / "policies/default.yaml").read_text("utf-8")
    policy = tmp_path / "coarse.yaml"
    policy.write_text(text.replace("vincristine: 0.05 mg", f"vincristine: {width} mg"), "utf-8")
    doses = component("vincristine", "IV", "dose: 0.5 mg/m2, days: [1]", "dose: 1 mg/m2, days: [8]")

    ran = planned(doses, *NOTHING, "--policy", str(policy))

    assert ["warning"] * coarse == [severity for severity, _ in found(ran, "PF208")]


@pytest.mark.parametrize(
    ("dose", "severity"), [("10.5", None), ("10.9", "warning"), ("13", "stop"), ("4", "stop")]
)
def test_tablets_that_make_another_dose_are_a_warning_or_a_stop(
    planned: Planned, dose: str, severity: str | None
) -> None:
    """Of 10.5, 10.9 and 13 mg one tablet of 10 mg is −4.76, −8.26 and −23.08%; 4 mg makes nothing."""
    ran = planned(component("venetoclax", "PO", f"dose: {dose} mg, days: [1]"), *NOTHING)
    said = found(ran, "PF207")

    assert (4 if severity == "stop" else 0) == ran.code
    assert [severity] * (severity is not None) == [entry for entry, _ in said]
    if dose == "13":
        assert (
            f"venetoclax 13{NBSP}mg cannot be made of tablets of 10{NBSP}mg, 50{NBSP}mg, "
            f"100{NBSP}mg, more than 10% away; 10{NBSP}mg (−23.08%) is nearest"
        ) == said[0][1]


# -- H32: more than can be planned -----------------------------------------------------------------


def test_more_doses_than_a_person_could_read_are_refused(planned: Planned) -> None:
    """504 hours in each of 100 cycles are 50,400 doses."""
    hourly = component("vincristine", "IV", "dose: 2 mg, every: 1 h, days: 1-21")

    ran = planned(hourly, *NOTHING, head=HEAD.replace("1-2:", "1-100:"))

    assert (3, True) == (
        ran.code,
        "the course has more than 50,000 administrations [PP106]" in ran.err,
    )


# -- H30, H33: who is told what, and what is written -----------------------------------------------


def test_an_internal_error_tells_nothing_of_the_patient(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> NoReturn:
        raise RuntimeError("Jane Planted, 1980-05-17")

    monkeypatch.setattr(api, "plan_prepared", breaks)

    ran = run("plan", "examples/sample-a.yaml")

    assert (1, "") == (ran.code, ran.out)
    assert "RuntimeError at test_hazards.py" in ran.err
    assert not re.search("Planted|1980|Traceback|sample", ran.err)


def test_a_problem_of_a_treatment_names_no_patient(run: Run, tmp_path: Path) -> None:
    text = (ROOT / "examples/sample-a.yaml").read_text("utf-8")
    text = text.replace("label: sample A", "label: Jane Planted").replace("70 kg", "7,0 kg")
    path = tmp_path / "t.yaml"
    path.write_text(text, "utf-8")

    ran = run("plan", str(path))

    assert (3, False) == (ran.code, "Planted" in ran.out + ran.err)


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_no_plan_shows_the_birth_date(run: Run, form: str) -> None:
    assert "1980-05-17" not in run("plan", "examples/sample-a.yaml", "--format", form).out


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_full_disk_leaves_what_was_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: list[str]
) -> None:
    out = tmp_path / "plan.txt"
    if force:
        out.write_text("the plan of yesterday", "utf-8")
    before = sorted(tmp_path.iterdir())

    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    ran = run("plan", "examples/sample-a.yaml", "--output", str(out), *force)

    assert (1, f"error: {out} cannot be written: No space left on device\n") == (ran.code, ran.err)
    assert before == sorted(tmp_path.iterdir())
    assert not force or "the plan of yesterday" == out.read_text("utf-8")


def test_a_file_that_another_run_wrote_meanwhile_is_left_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "plan.txt"
    monkeypatch.setattr(os, "fsync", lambda _: out.write_text("the other plan", "utf-8"))

    ran = run("plan", "examples/sample-a.yaml", "--output", str(out))

    assert (1, True) == (ran.code, "exists and is not overwritten" in ran.err)
    assert "the other plan" == out.read_text("utf-8")
    assert [out] == list(tmp_path.iterdir())
