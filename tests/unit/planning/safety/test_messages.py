"""Checks of the finished plan: what each finding says in full, and of which doses.

alpha and beta are made up; cycles of 21 days begin on 2026-03-02, 03-23 and 04-13.
"""

from typing import Any

import pytest
from tests.engine import NONE, drug_text, listed, rule, said, scene

from protoplan.model.plan import Finding
from protoplan.planning.safety import azoles, companions, duplicates, intrathecal, usual
from protoplan.problems import Severity


def component(sig: str, drug: str = "beta", route: str = "IV", cycles: str = "only") -> str:
    return (
        f"  - {{drug: {drug}, in: {cycles}, route: {route}, sigs: [{sig}], source: [paper, x]}}\n"
    )


def label(section: str, *entries: str) -> str:
    return listed(section, [f"{{{entry}, source: [label, section 9]}}" for entry in entries])


VINCA = drug_text("beta", "classes:\n  vinca: {source: [label, section 9]}")


def on_days(days: str, **more: Any) -> str:
    return component(f"{{dose: 1 mg, days: {days}}}", **more)


# -- azoles ----------------------------------------------------------------------------------------

AZOLE = (
    "{0} is taken within a day of a vinca alkaloid, whose toxicity to nerves it raises; this "
    "protocol does not say to hold it, and nothing is moved"
)
HOLDS = "kantarjian2023: Procedures, paragraph 5, holds azoles on days −1, 0 and +1"


def azole(name: str, *ids: str) -> Finding:
    return Finding("PF226", Severity.WARNING, AZOLE.format(name), ids, HOLDS)


def taking(medicines: str, hold: str = "", days: str = "[8]") -> list[Finding]:
    stated = f"earlier_exposure: none\nmedicines: [{medicines}]\n"
    held = (
        f"instructions:\n  - {{hold: {hold}, around: beta, offsets: [0], because: made up, source: "
        "[paper, x]}" if hold else ""
    )  # fmt: skip
    components = on_days(days) + component("{dose: 1 mg, days: [8]}", "vincristine", cycles="[1]")
    here = scene((), stated, components=components, drugs=[VINCA], more=held)
    return list(azoles.look(here))


def test_azoles_are_named_with_the_doses_that_they_meet() -> None:
    """Beta stands on the 9th of each of three times; voriconazole is taken from the 30th on."""
    always = ("1.d8.beta.IV.1", "1.d8.vincristine.IV.1", "2.d8.beta.IV.1", "3.d8.beta.IV.1")

    assert [azole("posaconazole", *always), azole("voriconazole", *always[2:])] == taking(
        "{drug: posaconazole}, {drug: voriconazole, from: 2026-03-30}, {drug: verapamil}, "
        "{drug: something, classes: none}, {drug: strange}"
    )


@pytest.mark.parametrize(
    ("hold", "ids"),
    [
        # Whoever holds it around beta says so; around vincristine nothing is said.
        ("azole", ("1.d8.vincristine.IV.1",)),
        ("strong-cyp3a4-inhibitor", ("1.d8.beta.IV.1", "1.d8.vincristine.IV.1", "2.d8.beta.IV.1",
                                     "3.d8.beta.IV.1")),
    ],
)  # fmt: skip
def test_a_protocol_that_holds_azoles_around_a_drug_says_so_itself(
    hold: str, ids: tuple[str, ...]
) -> None:
    assert [azole("posaconazole", *ids)] == taking("{drug: posaconazole}", hold)


def test_an_azole_that_has_ended_is_met_no_more() -> None:
    """Of the three times of beta only the first lies within a day of the 10th."""
    assert [azole("posaconazole", "1.d8.beta.IV.1", "1.d8.vincristine.IV.1")] == taking(
        "{drug: posaconazole, to: 2026-03-10}"
    )


def test_medicines_that_are_not_stated_are_no_azoles() -> None:
    here = scene((), "earlier_exposure: none\n", components=on_days("[8]"), drugs=[VINCA])

    assert [] == list(azoles.look(here))


# -- companions ------------------------------------------------------------------------------------

BESIDE = "drug: beta, otherwise: warning, says: alpha without beta"


def lacking(*entries: str, stated: str = NONE, **more: Any) -> list[Finding]:
    here = scene((), stated, label=label("companions", *entries),
                 **{"drugs": [drug_text("beta")]} | more)  # fmt: skip
    return list(companions.look(here))


def missed(text: str, *ids: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding("PF229", severity, text, ids, "label: section 9")


FIRST = tuple(f"{cycle}.d1.alpha.IV.1" for cycle in "123")


def test_a_companion_that_is_missed_is_told_with_its_doses() -> None:
    assert [missed("alpha without beta (cycles 1, 2, 3)", *FIRST)] == lacking(BESIDE)
    assert [missed("alpha without beta (cycles 1, 3)", "1.d1.alpha.IV.1", "3.d1.alpha.IV.1")] == (
        lacking(BESIDE, components=on_days("[2]", cycles="[2]"))
    )
    assert [] == lacking(BESIDE, components=on_days("[2]"))


def test_a_cycle_is_named_once_for_all_its_doses() -> None:
    ids = tuple(f"{cycle}.d{day}.alpha.IV.1" for cycle in "123" for day in (1, 8))

    assert [missed("alpha without beta (cycles 1, 2, 3)", *ids)] == lacking(
        BESIDE, sig="{dose: 1 mg, days: [1, 8]}"
    )


def test_each_companion_is_looked_for_by_itself() -> None:
    """That the first is there says nothing of the second; no drug is meant by the third."""
    found = lacking(
        BESIDE, "drug: gamma, otherwise: stop, says: no gamma", "otherwise: note, says: water",
        components=on_days("[2]"), drugs=[drug_text("beta"), drug_text("gamma")],
    )  # fmt: skip

    assert [
        missed("no gamma (cycles 1, 2, 3)", *FIRST, severity=Severity.STOP),
        missed("water (cycles 1, 2, 3)", *FIRST, severity=Severity.NOTE),
    ] == found


def test_all_that_is_not_stated_is_named() -> None:
    unless = "{all: [{fact: ecog, is: 1}, {fact: cns, is: active}]}"

    assert [
        missed("alpha without beta (cycles 1, 2, 3); not stated: ecog, cns", *FIRST)
    ] == lacking(f"{BESIDE}, unless: {unless}")
    assert [] == lacking(
        f"{BESIDE}, unless: {unless}", stated=f"{NONE}facts: {{ecog: 1, cns: active}}\n"
    )


def test_what_is_answered_by_the_patient_is_asked_of_the_patient() -> None:
    """She is 45 years old, and weighs 70 kg from the day before the start on."""
    assert [] == lacking(f"{BESIDE}, unless: {{measure: weight, at_least: 70 kg}}")
    assert 1 == len(lacking(f"{BESIDE}, unless: {{measure: weight, above: 70 kg}}"))
    assert [] == lacking(f"{BESIDE}, unless: {{measure: age, at_least: 45}}")
    assert 1 == len(lacking(f"{BESIDE}, unless: {{measure: age, above: 45}}"))


@pytest.mark.parametrize(
    ("entry", "sig", "wants"),
    [
        ("routes: [IV]", "{dose: 1 mg, days: [1]}", True),
        ("routes: [PO, IV]", "{dose: 1 mg, days: [1]}", True),
        ("routes: [PO]", "{dose: 1 mg, days: [1]}", False),
        ("for_doses: {at_least: 10 mg}", "{dose: 10 mg, days: [1]}", True),
        ("for_doses: {at_least: 10 mg}", "{dose: 9 mg, days: [1]}", False),
        # An infusion of hours is one dose, however long it runs.
        ("for_doses: {at_least: 10 mg}", "{dose: 9 mg, days: [1], over: 48 h}", False),
        ("for_doses: {at_least: 10 mg}", "{rate: 5 mg/day, days: 1-2}", True),
        ("for_doses: {at_least: 10 mg}", "{rate: 4.9 mg/day, days: 1-2}", False),
    ],
)
def test_a_companion_is_meant_for_routes_and_doses(entry: str, sig: str, wants: bool) -> None:
    assert wants == bool(lacking(f"{BESIDE}, {entry}", sig=sig))


GIVES = (
    "open_items:\n  - {text: other, gives: [{drug: gamma, route: IV, dose: 1 mg}], until: so, "
    "source: [paper, x]}\n  - {text: rescue, gives: [{drug: gamma, route: IV, dose: 1 mg}, {drug: "
    "beta, route: IV, dose: 1 mg}], WHERE until: so, source: [paper, x]}"
)


@pytest.mark.parametrize(
    ("where", "cycles"),
    [("", ""), ("in: [2],", "1, 3"), ("in: only,", ""),
     ("when: {measure: weight, at_least: 70 kg},", ""),
     ("when: {measure: age, above: 45},", "1, 2, 3"),
     ("in: [2], when: {measure: age, above: 45},", "1, 2, 3")],
)  # fmt: skip
def test_an_open_item_gives_the_companion_in_its_cycles(where: str, cycles: str) -> None:
    found = lacking(
        BESIDE, more=GIVES.replace("WHERE", where), drugs=[drug_text("beta"), drug_text("gamma")]
    )

    assert ([f"alpha without beta (cycles {cycles})"] if cycles else []) == [
        finding.message for finding in found
    ]


def test_doses_and_open_items_give_it_together() -> None:
    found = lacking(
        BESIDE,
        more=GIVES.replace("WHERE", "in: [2],"),
        components=on_days("[2]", cycles="[1]"),
        drugs=[drug_text("beta"), drug_text("gamma")],
    )

    assert ["alpha without beta (cycles 3)"] == [finding.message for finding in found]


def test_a_companion_is_cited_as_what_it_is_taken_for() -> None:
    entry = f"{BESIDE}, for_doses: {{at_least: 1 mg}}, assumed: {{for_doses: nobody prints it}}"

    assert ["assumed: nobody prints it"] == [finding.source for finding in lacking(entry)]


# -- duplicates ------------------------------------------------------------------------------------

TWICE = "{0} is planned twice at one time; is one of the two a duplicate?"


def doubled(**more: Any) -> list[Finding]:
    return list(duplicates.look(scene(**more)))


def test_doses_at_one_time_are_named_and_no_others() -> None:
    found = doubled(
        sig="{dose: 1 mg, days: [1, 8]}",
        components=on_days("[8, 9]", drug="alpha", cycles="[1, 2]"),
    )

    ids = ("1.d8.alpha.IV.1", "1.d8.alpha.IV.2", "2.d8.alpha.IV.1", "2.d8.alpha.IV.2")
    assert [Finding("PF227", Severity.WARNING, TWICE.format("alpha IV"), ids)] == found


RATE = "{rate: 10 mg/day, days: 1-4}"


@pytest.mark.parametrize(
    ("sig", "runs"),
    [
        # Alpha ends on the 6th at 10:00.
        ("{rate: 5 mg/day, days: 4-5}", "2026-03-05 10:00"),
        ("{rate: 5 mg/day, days: 5-6}", None),
        ("{rate: 5 mg/day, days: 2-3}", "2026-03-03 10:00"),
        # What is no infusion, or runs by another route, adds nothing to a rate.
        ("{dose: 5 mg, days: [3]}", None),
        ("{dose: 5 mg, days: [3], over: 4 h}", None),
    ],
)
def test_infusions_that_run_at_once_are_a_stop(sig: str, runs: str | None) -> None:
    found = doubled(sig=RATE, components=component(sig, "alpha", cycles="[1]"))
    day = {None: 0, "2026-03-05 10:00": 4, "2026-03-03 10:00": 2}[runs]
    message = (
        f"two infusions of alpha run at once from {runs}; that of cycle 1 ends on 2026-03-06 10:00"
    )

    assert ([] if runs is None else [
        Finding("PF227", Severity.STOP, message, ("1.d1.alpha.IV.1", f"1.d{day}.alpha.IV.1"))
    ]) == found  # fmt: skip


def test_infusions_that_begin_together_are_both_findings() -> None:
    message = "two infusions of alpha run at once from 2026-03-02 10:00; that of cycle 1 ends on "
    ids = ("1.d1.alpha.IV.1", "1.d1.alpha.IV.2")

    assert [
        Finding("PF227", Severity.WARNING, TWICE.format("alpha IV"), ids),
        Finding("PF227", Severity.STOP, f"{message}2026-03-06 10:00", ids),
    ] == doubled(sig=RATE, components=component(RATE, "alpha", cycles="[1]"))


def test_another_route_is_another_dose() -> None:
    assert [] == doubled(sig=RATE, components=component(RATE, "alpha", "PO", "[1]"))


def test_what_was_given_is_past() -> None:
    given = "record:\n  - {date: 2026-03-06, given: 1.d1.alpha.IV.1, amount: 40 mg}\n"
    here = scene(
        (), NONE + given, sig=RATE,
        components=component("{rate: 5 mg/day, days: 4-5}", "alpha", cycles="[1]"),
    )  # fmt: skip

    assert [] == list(duplicates.look(here))


# -- intrathecal -----------------------------------------------------------------------------------

APART = (
    "intrathecal doses {0} days with a vinca alkaloid, which kills when it is given intrathecally "
    "({1}); keep them on different days"
)
GUIDANCE = "UK guidance HSC 2008/001: separate in time and place"


def together(
    sig: str, *sigs: str, vinca: str = "[8]", rules: tuple[str, ...] = ()
) -> list[Finding]:
    more = "\n      - ".join((sig, *sigs))
    here = scene(rules, NONE, route="IT", sig=more, drugs=[VINCA],
                 components=on_days(vinca, cycles="[1]"))  # fmt: skip
    return list(intrathecal.look(here))


def apart(how: str, doses: str, *ids: str) -> Finding:
    return Finding("PF215", Severity.WARNING, APART.format(how, doses), ids, GUIDANCE)


def test_an_intrathecal_dose_on_the_day_of_a_vinca_alkaloid_is_told() -> None:
    ids = ("1.d8.alpha.IT.1", "1.d8.beta.IV.1")

    assert [apart("stand on", "cycle 1 day 8", *ids)] == together("{dose: 5 mg, days: [8]}")
    assert [] == together("{dose: 5 mg, days: [7]}") == together("{dose: 5 mg, days: [9]}")


def test_a_window_may_bring_them_together() -> None:
    """Day 9 may be moved from day 8 to day 10, day 5 to day 7."""
    may = "may be moved by their windows onto"
    ids = ("1.d9.alpha.IT.1", "1.d8.beta.IV.1")

    assert [apart(may, "cycle 1 day 9", *ids)] == together(
        "{dose: 5 mg, days: [9], window: [-1, +1]}"
    )
    assert [] == together("{dose: 5 mg, days: [5], window: [-2, +2]}")
    assert [apart(may, "cycle 1 day 6", "1.d6.alpha.IT.1", "1.d8.beta.IV.1")] == together(
        "{dose: 5 mg, days: [6], window: [-2, +2]}"
    )


def test_all_days_are_told_each_once() -> None:
    """Beta is given twice on day 8, and on day 10."""
    found = together(
        "{dose: 5 mg, days: [8, 10], times_a_day: 2}",
        "{dose: 5 mg, days: [11], window: [-3, +1]}",
        vinca="[8, 10]",
    )

    assert [
        apart("stand on", "cycle 1 day 8; cycle 1 day 10", "1.d8.alpha.IT.1", "1.d8.beta.IV.1",
              "1.d10.alpha.IT.1", "1.d10.beta.IV.1"),
        apart("may be moved by their windows onto", "cycle 1 day 11", "1.d11.alpha.IT.1",
              "1.d8.beta.IV.1", "1.d10.beta.IV.1"),
    ] == found  # fmt: skip


def test_a_dose_that_stands_on_such_a_day_is_told_as_that_alone() -> None:
    assert [apart("stand on", "cycle 1 day 8", "1.d8.alpha.IT.1", "1.d8.beta.IV.1",
                  "1.d10.beta.IV.1")] == together(
        "{dose: 5 mg, days: [8], window: [-1, +2]}", vinca="[8, 10]"
    )  # fmt: skip


def test_what_is_not_given_meets_nothing() -> None:
    left_out = rule("omit: true", drug="beta")

    assert [] == together("{dose: 5 mg, days: [8]}", rules=(left_out,))


# -- usual doses -----------------------------------------------------------------------------------


def unusual(
    *sigs: str, routes: str = "routes: [IV], ", rules: tuple[str, ...] = ()
) -> list[Finding]:
    entry = label("usual", f"{routes}from: 0.5 g/m2, to: 3 g/m2")
    here = scene(rules, NONE, sig="\n      - ".join(sigs), label=entry)
    return [plain(finding) for finding in usual.look(here)]


def plain(found: Finding) -> Finding:
    return Finding(
        found.code, found.severity, said(found.message), found.administrations, found.source
    )


def far(dose: str, day: int = 1) -> Finding:
    text = f"alpha {dose} lies outside 0.5 g/m² to 3 g/m², the doses that its sources print"
    ids = tuple(f"{cycle}.d{day}.alpha.IV.1" for cycle in "123")
    return Finding("PF228", Severity.WARNING, text, ids, "label: section 9")


def test_a_dose_outside_the_usual_ones_is_told_with_all_its_days() -> None:
    sigs = [f"{{dose: {dose}, days: [{day}]}}" for day, dose in enumerate(
        ("0.4 g/m2", "0.5 g/m2", "500 mg/m2", "3 g/m2", "3001 mg/m2"), start=1)]  # fmt: skip

    assert [far("0.4 g/m²"), far("3,001 mg/m²", 5)] == unusual(*sigs)
    assert [far("0.4 g/m²"), far("3,001 mg/m²", 5)] == unusual(*sigs, routes="")


def test_amounts_of_another_kind_routes_and_doses_not_given_are_not_looked_at() -> None:
    assert [] == unusual("{dose: 9 g, days: [1]}")
    assert [] == unusual("{dose: 9 g/m2, days: [1]}", routes="routes: [PO], ")
    assert [] == unusual("{dose: 9 g/m2, days: [1]}", rules=(rule("omit: true"),))


def test_the_usual_doses_are_cited_as_what_they_are_taken_for() -> None:
    entry = label("usual", "from: 0.5 g/m2, to: 3 g/m2, assumed: {to: nobody prints it}")
    here = scene((), NONE, sig="{dose: 9 g/m2, days: [1]}", label=entry)

    assert ["assumed: nobody prints it"] == [finding.source for finding in usual.look(here)]
