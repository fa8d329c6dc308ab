"""Rules: what they do with a dose, when, in bands that hold every value once."""

from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.written import START, at, line, means, said, value

from protoplan.model.component import Where
from protoplan.model.condition import Bounds, Test
from protoplan.model.rule import Adoption, Branch, Effect, Named, Rule
from protoplan.problems import Severity
from protoplan.quantity import parse
from protoplan.reading.rules import (
    ADOPTION,
    DRUG_RULE,
    PROTOCOL_RULE,
    bands,
    by,
    ladder,
    severity,
    share,
    washout,
)
from protoplan.reading.shapes import Shape
from protoplan.source import Citation, Grounds

# -- single values ---------------------------------------------------------------------------------


def subject(asks: str, name: str, of: str | None = None) -> Test:
    return Test(asks, name, (), None, START, of)


MEANT = [
    (severity, "stop", Severity.STOP),
    (severity, "warning", Severity.WARNING),
    (severity, "note", Severity.NOTE),
    (share, "0.5 percent", parse("0.5 percent")),
    (share, "50%", parse("50 percent")),
    (share, "99.9 percent", parse("99.9 percent")),
    (washout, "0 days", 0),
    (washout, "2 weeks", 14),
    (washout, "{choice: azole, of: [1 day, 3 days]}", Named("azole", (1, 3))),
    (ladder, "[1 g]", (parse("1 g"),)),
    (ladder, "[1 g, 400 mg, 399 mg]", (parse("1 g"), parse("400 mg"), parse("399 mg"))),
    (ladder, "[2 mg/m2, 1 mg/m2]", (parse("2 mg/m2"), parse("1 mg/m2"))),
    (by, "{lab: bilirubin}", subject("lab", "bilirubin")),
    (by, "{measure: age}", subject("measure", "age")),
    (by, "{fact: cd20}", subject("fact", "cd20")),
    (by, "{toxicity: neuropathy}", subject("toxicity", "neuropathy")),
    (by, "{related_to: vincristine, worst_toxicity: neuropathy}",
     subject("worst_toxicity", "neuropathy", "vincristine")),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "meant"), MEANT)
def test_what_is_written_means_one_thing(shape: Shape[Any], written: str, meant: object) -> None:
    means(shape, written, meant)


NO_REDUCTION = "is not a reduction; write 1 to 99 percent"
FALLS = "the levels of a ladder fall, in one unit"
ONE_SUBJECT = "bands are about one lab, measure, fact or toxicity"

REFUSED: list[tuple[Shape[Any], str, str, str]] = [
    (severity, "error", "PP205", "severity 'error' is not known; expected stop, warning, note"),
    (share, "0 percent", "PP209", f"a share of 0 percent {NO_REDUCTION}"),
    (share, "100 percent", "PP209", f"a share of 100 percent {NO_REDUCTION}"),
    (share, "50 mg", "PP204", "unit 'mg' does not fit here; expected percent"),
    (ladder, "[30 mg, 40 mg]", "PP209", FALLS),
    (ladder, "[30 mg, 20 mg, 20 mg]", "PP209", FALLS),
    (ladder, "[30 mg, 20 units]", "PP209", FALLS),
    (by, "{}", "PP209", ONE_SUBJECT),
    (by, "{option: rituximab}", "PP209", ONE_SUBJECT),
    (by, "{lab: alt, fact: cns}", "PP209", ONE_SUBJECT),
    (by, "alt", "PP203", "a mapping was expected, one value was found"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "code", "message"), REFUSED)
def test_what_is_written_amiss_is_refused_in_whole_words(
    shape: Shape[Any], written: str, code: str, message: str
) -> None:
    assert line(code, message) == said(shape, written)


@pytest.mark.parametrize("shape", [severity, share, washout])
def test_a_blank_of_the_form_is_no_value(shape: Shape[Any]) -> None:
    assert line("PP210", "a blank is not filled in: 'FILL'") == said(shape, "FILL")


def test_a_level_of_a_ladder_is_a_dose() -> None:
    message = "unit 'mg/day' does not fit here; expected a unit such as mcg, mcg/m2, mcg/kg, mg"

    assert line("PP204", message, column=2) == said(ladder, "[2 mg/day]")
    assert line("PP203", "a list was expected, one value was found") == said(ladder, "2 mg")


def test_what_bands_are_about_is_looked_up() -> None:
    assert line("PP303", "lab 'altt' is not known", "did you mean 'alt'?", 7) == said(
        by, "{lab: altt}", lab=("alt", "ast")
    )


def test_a_washout_that_the_policy_picks_has_a_name_and_its_days() -> None:
    assert ["x.yaml:1:1: error: washout lacks the key 'of' [PP202]"] == said(
        washout, "{choice: azole}"
    )


# -- bands -----------------------------------------------------------------------------------------

NOTHING = Effect(None, None, None, None, None, omit=False, ask=None, finding=None, says=None,
                 at=START)  # fmt: skip


def effect(place: Any, **does: Any) -> Effect:
    return attrs.evolve(NOTHING, at=place, **does)


SCALE = parse("50 percent")

COVERED: list[tuple[str, list[Bounds]]] = [
    ("[{below: 3, keep: true}, {at_least: 3, omit: true}]",
     [Bounds(below=Decimal(3)), Bounds(at_least=Decimal(3))]),
    ("[{at_most: 3, keep: true}, {above: 3, omit: true}]",
     [Bounds(at_most=Decimal(3)), Bounds(above=Decimal(3))]),
    ("[{below: 0, keep: true}, {at_least: 0, at_most: 3, omit: true}, {above: 3, keep: true}]",
     [Bounds(below=Decimal(0)), Bounds(at_least=Decimal(0), at_most=Decimal(3)),
      Bounds(above=Decimal(3))]),
    ("[{at_most: 0, keep: true}, {above: 0, below: 3, omit: true}, {at_least: 3, keep: true}]",
     [Bounds(at_most=Decimal(0)), Bounds(above=Decimal(0), below=Decimal(3)),
      Bounds(at_least=Decimal(3))]),
    # 0.003 g/dL are 3 mg/dL.
    ("[{below: 3 mg/dL, keep: true}, {at_least: 0.003 g/dL, omit: true}]",
     [Bounds(below=parse("3 mg/dL")), Bounds(at_least=parse("0.003 g/dL"))]),
]  # fmt: skip


@pytest.mark.parametrize(("written", "bounds"), COVERED)
def test_bands_hold_every_value_once(written: str, bounds: list[Bounds]) -> None:
    assert bounds == [band.bounds for band in value(bands, written)]


def test_a_band_does_one_thing() -> None:
    found = value(
        bands, "[{below: 3, keep: true}, {at_least: 3, scale: 50%, finding: note, says: less}]"
    )

    assert [
        effect(at(2)), effect(at(26), scale=SCALE, finding=Severity.NOTE, says="less")
    ] == [band.effect for band in found]  # fmt: skip


TWO = "bands are at least two, from the lowest to the highest"
BETWEEN = "a band between two others needs both a lower and an upper bound"
HOLE = "the bands leave a hole or overlap: one ends at"
ONE_OWNER = "itself must belong to one band: write below and at_least, or at_most and above"

HOLES = [
    ("[]", TWO),
    ("[{below: 3, keep: true}]", TWO),
    ("[{at_least: 1, below: 3, keep: true}, {at_least: 3, omit: true}]",
     "the first band must be open downwards"),
    ("[{above: 1, below: 3, keep: true}, {at_least: 3, omit: true}]",
     "the first band must be open downwards"),
    ("[{below: 3, keep: true}, {at_least: 3, at_most: 5, omit: true}]",
     "the last band must be open upwards"),
    ("[{below: 3, keep: true}, {at_least: 3, below: 5, omit: true}]",
     "the last band must be open upwards"),
    ("[{below: 3, keep: true}, {at_least: 3, omit: true}, {above: 5, keep: true}]", BETWEEN),
    ("[{below: 3, keep: true}, {below: 5, omit: true}, {at_least: 5, keep: true}]", BETWEEN),
    ("[{below: 3, keep: true}, {at_least: 4, omit: true}]", f"{HOLE} 3, the next begins at 4"),
    ("[{at_most: 3, keep: true}, {above: 2, omit: true}]", f"{HOLE} 3, the next begins at 2"),
    ("[{below: 3 mg/dL, keep: true}, {at_least: 3 g/dL, omit: true}]",
     f"{HOLE} 3 mg/dL, the next begins at 3 g/dL"),
    ("[{below: 3 mg/dL, keep: true}, {at_least: 3 umol/L, omit: true}]",
     f"{HOLE} 3 mg/dL, the next begins at 3 umol/L"),
    ("[{below: 3, keep: true}, {at_least: 3 mg/dL, omit: true}]",
     f"{HOLE} 3, the next begins at 3 mg/dL"),
    ("[{below: 3, keep: true}, {above: 3, omit: true}]", f"3 {ONE_OWNER}"),
    ("[{at_most: 3, keep: true}, {at_least: 3, omit: true}]", f"3 {ONE_OWNER}"),
    ("[{below: 1, keep: true}, {at_least: 1, below: 3, omit: true}, {above: 3, keep: true}]",
     f"3 {ONE_OWNER}"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "hole"), HOLES)
def test_bands_that_leave_a_value_out_or_hold_it_twice(written: str, hole: str) -> None:
    assert line("PP312", hole) == said(bands, written)


DOES_NOTHING = (
    "does nothing; it needs one of scale, set, down, cap, hold, omit, ask, keep or finding"
)
BOTH_SAID = "needs both 'finding' and 'says', what is said"

#: What a band or a rule cannot do.
MISDEEDS = [
    ("", DOES_NOTHING),
    ("keep: false, omit: false", DOES_NOTHING),
    ("scale: 50%, set: 1 mg", "does two things at once: scale and set"),
    ("down: 1, cap: 1 mg", "does two things at once: down and cap"),
    ("hold: recovery, omit: true", "does two things at once: hold and omit"),
    ("ask: how much, keep: true", "does two things at once: ask and keep"),
    ("scale: 50%, says: less", BOTH_SAID),
    ("scale: 50%, finding: note", BOTH_SAID),
    ("finding: note", BOTH_SAID),
]


@pytest.mark.parametrize(
    ("does", "clash"),
    [
        *MISDEEDS,
        ("at_least: 3, above: 3, omit: true", "has both 'at_least' and 'above'"),
        ("at_most: 3, below: 3, omit: true", "has both 'at_most' and 'below'"),
    ],
)
def test_words_of_a_band_that_do_not_go_together(does: str, clash: str) -> None:
    bound = "" if "at_" in does else "above: 3, "

    assert line("PP209", f"band {clash}", column=2) == said(bands, f"[{{{bound}{does}}}]")


def test_a_band_has_a_bound() -> None:
    assert line("PP209", "band has no bound", column=2) == said(bands, "[{omit: true}]")


# -- rules -----------------------------------------------------------------------------------------

SOURCE = "source: [label, section 2]"
LABEL = Grounds(Citation("label", "section 2"))


def rule_of(written: str) -> Rule:
    found: Rule = value(PROTOCOL_RULE, f"{{{written}, id: drug/why, drug: vincristine, {SOURCE}}}")
    return found


#: What a rule says that says no more than that the dose is halved.
HALVED = Rule(
    id="drug/why", about="drug/why", drug="vincristine", routes=(), where=None, table=None,
    written_for=None, for_doses=None, when=None,
    branches=(Branch(None, effect(START, scale=SCALE)),),
    ladder=(), washout=0, note_unknown=False, by_cycle=False, multiplies=False, grounds=LABEL,
    at=START,
)  # fmt: skip

RULES: list[tuple[str, dict[str, Any]]] = [
    ("scale: 50%", {}),
    ("scale: 50%, about: platelets", {"about": "platelets"}),
    ("scale: 50%, when_unknown: note", {"note_unknown": True}),
    ("scale: 50%, when_unknown: unresolved", {}),
    ("scale: 50%, asked: cycle", {"by_cycle": True}),
    ("scale: 50%, asked: dose", {}),
    ("scale: 50%, combine: multiply", {"multiplies": True}),
    ("scale: 50%, combine: lowest", {}),
    ("scale: 50%, routes: [IV, SC], table: older, written_for: lymphoma",
     {"routes": ("IV", "SC"), "table": "older", "written_for": "lymphoma"}),
    ("scale: 50%, in: odd", {"where": Where(("odd",), None, at(18))}),
    ("scale: 50%, for_doses: {above: 1 g}", {"for_doses": Bounds(above=parse("1 g"))}),
    ("scale: 50%, when: {class: azole}, washout: 3 days",
     {"when": Test("class", "azole", (), None, at(20)), "washout": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "differs"), RULES)
def test_what_a_rule_says(written: str, differs: dict[str, Any]) -> None:
    assert attrs.evolve(HALVED, **differs) == rule_of(written)


DOES = [
    ("set: 1 mg", {"set": parse("1 mg")}),
    ("set: 9 mcg/day", {"set": parse("9 mcg/day")}),
    ("cap: 1 mg", {"cap": parse("1 mg")}),
    ("hold: recovery", {"hold": "recovery"}),
    ("omit: true", {"omit": True}),
    ("ask: how much", {"ask": "how much"}),
    ("finding: stop, says: look", {"finding": Severity.STOP, "says": "look"}),
    ("omit: true, finding: warning, says: look",
     {"omit": True, "finding": Severity.WARNING, "says": "look"}),
    ("down: 1, ladder: [2 mg, 1 mg]", {"down": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "does"), DOES)
def test_a_rule_without_bands_does_one_thing(written: str, does: dict[str, Any]) -> None:
    assert (Branch(None, effect(START, **does)),) == rule_of(written).branches


def test_each_band_of_a_rule_asks_for_its_own_range() -> None:
    found = value(
        PROTOCOL_RULE,
        f"id: drug/why\ndrug: vincristine\n{SOURCE}\n"
        "by: {toxicity: neuropathy, related_to: vincristine}\n"
        "ladder: [2 mg, 1 mg]\n"
        "bands:\n"
        "- {below: 2, keep: true}\n"
        "- {at_least: 2, at_most: 3, down: 1}\n"
        "- {above: 3, omit: true}\n",
    )

    rows: list[tuple[int, Bounds, dict[str, Any]]] = [
        (7, Bounds(below=Decimal(2)), {}),
        (8, Bounds(at_least=Decimal(2), at_most=Decimal(3)), {"down": 1}),
        (9, Bounds(above=Decimal(3)), {"omit": True}),
    ]
    assert [
        Branch(
            Test("toxicity", "neuropathy", (), bounds, at(3, row), "vincristine"),
            effect(at(3, row), **does),
        )
        for row, bounds, does in rows
    ] == list(found.branches)
    assert (parse("2 mg"), parse("1 mg")) == found.ladder


BANDS = "bands: [{below: 3 mg/dL, keep: true}, {at_least: 3 mg/dL, omit: true}]"
BY = "by: {lab: creatinine}"
BOTH = "needs both 'by' and 'bands'"
IN_BANDS = "says what it does in its bands, and nowhere else"
BY_SCALE = "multiplies, and so reduces by 'scale' alone"
LADDER = "needs both 'down' and 'ladder'"
NO_UNIT = "compares a lab with a number that has no unit"

CLASHES = [
    *((does or "washout: 0 days", clash) for does, clash in MISDEEDS),
    (BY, BOTH),
    (BANDS, BOTH),
    (f"{BY}, scale: 50%", BOTH),
    (f"{BY}, {BANDS}, scale: 50%", IN_BANDS),
    (f"{BY}, {BANDS}, keep: true", IN_BANDS),
    (f"{BY}, {BANDS}, finding: note, says: x", IN_BANDS),
    ("keep: true", "keeps the dose whatever happens, and so does nothing"),
    ("keep: true, finding: note, says: x",
     "keeps the dose whatever happens, and so does nothing"),
    (f"{BY}, bands: [{{below: 3, keep: true}}, {{at_least: 3, omit: true}}]", NO_UNIT),
    ("by: {measure: weight}, bands: [{below: 3 mg/dL, keep: true}, {at_least: 3 mg/dL, omit: true}]",
     "compares weight, which is measured in kg"),
    ("set: 1 mg, combine: multiply", BY_SCALE),
    ("cap: 1 mg, combine: multiply", BY_SCALE),
    ("down: 1, ladder: [2 mg, 1 mg], combine: multiply", BY_SCALE),
    *((f"{BY}, {BANDS.replace('omit: true', does)}, combine: multiply", BY_SCALE)
      for does in ("set: 1 mg", "cap: 1 mg", "down: 1")),
    ("down: 1", LADDER),
    ("scale: 50%, ladder: [2 mg, 1 mg]", LADDER),
    (f"{BY}, {BANDS.replace('omit: true', 'down: 1')}", LADDER),
    (f"{BY}, {BANDS}, ladder: [2 mg, 1 mg]", LADDER),
]  # fmt: skip


@pytest.mark.parametrize(("written", "clash"), CLASHES)
def test_words_of_a_rule_that_do_not_go_together(written: str, clash: str) -> None:
    assert line("PP209", f"rule {clash}") == said(
        PROTOCOL_RULE, f"{{id: drug/why, drug: vincristine, {SOURCE}, {written}}}"
    )


def test_bands_that_hold_omit_or_ask_can_multiply() -> None:
    both = BANDS.replace("keep: true", "scale: 75%").replace("omit: true", "scale: 50%")

    found = rule_of(f"{BY}, {both}, combine: multiply")

    assert (True, ["75 percent", "50 percent"]) == (
        found.multiplies, [str(branch.effect.scale) for branch in found.branches]
    )  # fmt: skip
    assert rule_of(f"{BY}, {BANDS}, combine: multiply").multiplies


def test_a_rule_stands_on_something() -> None:
    written = "{id: drug/why, drug: vincristine, omit: true"

    assert line("PP305", "rule gives no source") == said(PROTOCOL_RULE, f"{written}}}")
    assert line("PP305", "rule gives no source") == said(
        PROTOCOL_RULE, f"{written}, assumed: {{when: why}}}}"
    )
    assert (
        Grounds(None, (("rule", "why"),))
        == value(PROTOCOL_RULE, f"{written}, assumed: {{rule: why}}}}").grounds
    )


def test_a_rule_of_a_drug_is_about_the_file_it_stands_in() -> None:
    assert attrs.evolve(HALVED, drug="") == value(
        DRUG_RULE, f"{{id: drug/why, {SOURCE}, scale: 50%}}"
    )


def test_a_protocol_adopts_a_rule_with_a_reason() -> None:
    assert Adoption("drug/why", "it is alike", LABEL, START) == value(
        ADOPTION, f"{{rule: drug/why, because: it is alike, {SOURCE}}}"
    )
