"""Doses outside the usual ones: what each finding says in full, and of which doses.

alpha and beta are made up; cycles of 21 days begin on 2026-03-02, 03-23 and 04-13.
"""

from tests.engine import NONE, cited, rule, said, scene

from protoplan.model.plan import Finding
from protoplan.planning.safety import usual
from protoplan.problems import Severity


def unusual(
    *sigs: str, routes: str = "routes: [IV], ", rules: tuple[str, ...] = ()
) -> list[Finding]:
    entry = cited("usual", f"{routes}from: 0.5 g/m2, to: 3 g/m2")
    here = scene(rules, NONE, sig="\n      - ".join(sigs), label=entry)
    return [plain(finding) for finding in usual.look(here)]


def plain(found: Finding) -> Finding:
    return Finding(
        found.code, found.severity, said(found.message), found.administrations, found.source
    )


def far(dose: str, day: int = 1) -> Finding:
    text = f"alpha {dose} lies outside 0.5 g/m² to 3 g/m², the doses that are usual for it"
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
    entry = cited("usual", "from: 0.5 g/m2, to: 3 g/m2, assumed: {to: nobody prints it}")
    here = scene((), NONE, sig="{dose: 9 g/m2, days: [1]}", label=entry)

    assert ["assumed: nobody prints it"] == [finding.source for finding in usual.look(here)]
