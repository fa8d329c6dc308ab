"""What the answers of all rules make of one dose, compared as a whole.

The dose is 100 mg flat; the patient has 2 m2. In what is expected, ~ is a no-break space.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from protoplan.model.order import Adjustment, Pending, Remark, RuleLine, Step
from protoplan.model.plan import Measure
from protoplan.model.rule import Effect, Rule
from protoplan.model.treatment import Prescription
from protoplan.planning.asking import Answered, Standing
from protoplan.planning.dosing import Body, Worked
from protoplan.planning.ruling import Ruled, rule_on
from protoplan.problems import Severity
from protoplan.quantity import Quantity, parse
from protoplan.source import Citation, Grounds, Place

HERE, THERE = Place("rules.yaml", 1, 1), Place("rules.yaml", 7, 3)
PRINTED = "paper: Table 1"
KEEP = Effect(None, None, None, None, None, False, None, None, None, THERE)

_BODY = Measure(
    date(2026, 3, 2), parse("180 cm"), parse("80 kg"), Decimal(2), Decimal(2), "mosteller", "", HERE
)
NOTHING = "the last value would have changed nothing"
FULL = parse("100 mg")
WORKED = Worked(FULL, FULL, FULL, (), None, None, (), (), Body(_BODY, None), 1)
RAMPING = attrs.evolve(WORKED, amount=parse("20 mg"), ramping=("steps",))


def tied(text: str) -> str:
    return text.replace("~", "\N{NO-BREAK SPACE}")


def scale(percent: int) -> Effect:
    return attrs.evolve(KEEP, scale=Quantity(Decimal(percent), "percent"))


def to(amount: str) -> Effect:
    return attrs.evolve(KEEP, set=parse(amount))


def rule(name: str, *, multiplies: bool = False, note_unknown: bool = False) -> Rule:
    """A rule about something of its own, so that two of them are two causes."""
    return Rule(
        name, name, "alpha", (), None, None, None, None, None, (), (), 0, note_unknown, False,
        multiplies, Grounds(Citation("paper", "Table 1")), HERE,
    )  # fmt: skip


def rival(name: str, effect: Effect, *because: str, grave: Severity = Severity.NOTE) -> Answered:
    """Of a table that the policy did not pick."""
    standing = Standing(rule(name), None, "the policy picks one", None, 0, grave)
    return Answered(standing, "set aside", effect, because=because)


def answer(
    name: str,
    outcome: str,
    effect: Effect | None = None,
    *,
    note: str | None = None,
    aside: str | None = None,
    multiplies: bool = False,
    note_unknown: bool = False,
    needs: tuple[str, ...] = (),
    pending: tuple[str, ...] = (),
    last: Effect | None = None,
    last_needs: tuple[str, ...] = (),
    because: tuple[str, ...] = (),
) -> Answered:
    found = rule(name, multiplies=multiplies, note_unknown=note_unknown)
    standing = Standing(found, note, aside, None, 0)
    return Answered(standing, outcome, effect, needs, pending, last, last_needs, because)


def fired(
    name: str, effect: Effect, *because: str, multiplies: bool = False, note: str | None = None
) -> Answered:
    return answer(name, "fired", effect, because=because, multiplies=multiplies, note=note)


def ordered(
    amount: str = "", percent: int = 0, *, omit: bool = False, reason: str = "neuropathy"
) -> Prescription:
    return Prescription(
        "1", None, "alpha", None, Quantity(Decimal(percent), "percent") if percent else None,
        parse(amount) if amount else None, omit, reason, "the team", THERE,
    )  # fmt: skip


def step(before: str, after: str, why: str) -> Step:
    return Step("rule", parse(before), parse(after), tied(why), PRINTED, THERE)


def change(name: str, before: str, after: str, reason: str) -> Adjustment:
    return Adjustment(name, parse(before), parse(after), tied(reason), PRINTED)


def line(name: str, outcome: str, words: str = "") -> RuleLine:
    return RuleLine(name, outcome, tied(words), PRINTED)


def warning(code: str, text: str, source: str | None = None) -> Remark:
    return Remark(code, Severity.WARNING, tied(text), source)


def planned(amount: str = "100 mg", **more: Any) -> Ruled:
    """A dose that is planned, and else nothing, but for what is given."""
    plain = Ruled("planned", parse(amount), None, (), (), (), (), (), ())
    return attrs.evolve(plain, **more)


def unplanned(status: str, **more: Any) -> Ruled:
    return attrs.evolve(planned(), status=status, amount=None, **more)


# -- proposals --------------------------------------------------------------------------------------


def test_without_rules_a_dose_stays_as_it_was_worked() -> None:
    assert planned() == rule_on(WORKED, (), None)


def test_one_rule_that_lowers_a_dose() -> None:
    found = rule_on(WORKED, [fired("half", scale(50), "bilirubin 2", "ecog 3")], None)

    assert found == planned(
        "50 mg",
        steps=(step("100 mg", "50 mg", "half: 50% of 100~mg; for bilirubin 2, ecog 3"),),
        adjustments=(
            change("half", "100 mg", "50 mg", "made 50~mg by half; for bilirubin 2, ecog 3"),
        ),
        lines=(line("half", "fired", "makes it 50~mg"),),
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_rules_the_lower_makes_the_dose_and_the_other_says_what_it_would(
    turned: bool,
) -> None:
    """100 x 0.5 x 0.25 = 12.5, which nobody gives."""
    answers = [fired("a", scale(50), "ecog 3"), fired("b", to("25 mg"))]
    found = rule_on(WORKED, answers[::-1] if turned else answers, None)
    lines = (line("a", "superseded", "makes it 50~mg"), line("b", "fired", "makes it 25~mg"))

    assert found == planned(
        "25 mg",
        steps=(
            step("100 mg", "100 mg", "a: would make 50~mg; b makes it lower; for ecog 3"),
            step("100 mg", "25 mg", "b: 25~mg"),
        ),
        adjustments=(change("b", "100 mg", "25 mg", "made 25~mg by b"),),
        lines=lines[::-1] if turned else lines,
        remarks=(
            warning(
                "PF223",
                "alpha is lowered for two causes, a and b; the lower dose is planned, and both "
                "together would make 12.5~mg",
            ),
        ),
    )


def test_what_multiplies_is_taken_of_what_is_left_in_the_order_of_the_names() -> None:
    """60 of 100, then 50% of it: 30, then 10% of that: 3."""
    answers = [
        fired("a", scale(10), multiplies=True),
        fired("d", scale(60)),
        fired("c", scale(50), "weight 90", multiplies=True),
    ]
    found = rule_on(WORKED, answers, None)

    assert found == planned(
        "3 mg",
        steps=(
            step("100 mg", "60 mg", "d: 60% of 100~mg"),
            step("60 mg", "6 mg", "a: 10% of what is left"),
            step("6 mg", "3 mg", "c: 50% of what is left; for weight 90"),
        ),
        adjustments=(
            change("d", "100 mg", "60 mg", "made 60~mg by d"),
            change("a", "60 mg", "6 mg", "made 6~mg by a"),
            change("c", "6 mg", "3 mg", "made 3~mg by c; for weight 90"),
        ),
        lines=(
            line("a", "fired", "makes it 10~mg"),
            line("d", "fired", "makes it 60~mg"),
            line("c", "fired", "makes it 50~mg"),
        ),
    )


@pytest.mark.parametrize("amount", ["100 mg", "150 mg"])
def test_a_rule_never_raises_a_dose(amount: str) -> None:
    words = f"{amount}, which is not below 100 mg".replace(" mg", "~mg")
    found = rule_on(WORKED, [fired("up", to(amount))], None)

    assert found == planned(
        steps=(step("100 mg", "100 mg", f"up: would make {words}"),),
        lines=(line("up", "superseded", f"makes it {words}"),),
    )


def test_a_rule_that_only_speaks_changes_nothing() -> None:
    says = attrs.evolve(KEEP, finding=Severity.WARNING, says="look at it")

    assert rule_on(WORKED, [fired("look", says)], None) == planned(
        lines=(line("look", "fired", "look at it"),),
        remarks=(warning("PF219", "look at it [look]", PRINTED),),
    )


# -- leaving out and holding ------------------------------------------------------------------------

OMIT = attrs.evolve(KEEP, omit=True)
HOLD = attrs.evolve(KEEP, hold="grade 1")


@pytest.mark.parametrize("turned", [False, True])
def test_what_leaves_a_dose_out_comes_first_and_each_cause_is_told(turned: bool) -> None:
    answers = [
        fired("a", HOLD, "neutropenia of grade 4", "ecog 3"),
        fired("b", HOLD),
        fired("c", scale(50)),
        fired("d", OMIT, "bilirubin 9"),
        fired("e", OMIT),
    ]
    lines = (
        line("a", "fired"),
        line("b", "fired"),
        line("c", "superseded", "makes it 50~mg"),
        line("d", "fired"),
        line("e", "fired"),
    )
    causes = (
        "omitted: d, for bilirubin 9 (paper: Table 1)",
        "omitted: e (paper: Table 1)",
        "held until grade 1: a, for neutropenia of grade 4, ecog 3 (paper: Table 1)",
        "held until grade 1: b (paper: Table 1)",
    )
    found = rule_on(WORKED, answers[::-1] if turned else answers, None)

    assert found == unplanned(
        "omitted",
        because="; ".join(causes),
        lines=lines[::-1] if turned else lines,
        remarks=tuple(warning("PF221", f"alpha is {cause}") for cause in causes),
    )


def test_a_dose_that_is_held_is_held_and_what_else_was_said_is_told() -> None:
    waits = answer("w", "pending", pending=("alt",))
    note = answer("u", "unresolved", needs=("ecog",), note_unknown=True)

    assert rule_on(WORKED, [waits, note, fired("h", HOLD)], None) == unplanned(
        "held",
        because="held until grade 1: h (paper: Table 1)",
        lines=(
            line("w", "pending", NOTHING),
            line("u", "note", "not applied without ecog"),
            line("h", "fired"),
        ),
        pending=(Pending("w", ("alt",), NOTHING),),
        remarks=(
            Remark("PF224", Severity.NOTE, "not known: ecog; u is not applied without it", PRINTED),
            warning("PF221", "alpha is held until grade 1: h (paper: Table 1)"),
        ),
    )


# -- what is not known ------------------------------------------------------------------------------

UNKNOWN = answer("u", "unresolved", needs=("ecog", "cns"))
NEEDS = line("u", "unresolved", "needs ecog, cns")


def test_a_rule_that_cannot_be_answered_leaves_the_dose_without_a_number() -> None:
    twice = answer("v", "unresolved", needs=("cns", "age"))
    waits = answer("w", "pending", pending=("alt",))
    says = attrs.evolve(KEEP, finding=Severity.WARNING, says="look")
    found = rule_on(WORKED, [UNKNOWN, twice, waits, fired("l", says), fired("s", scale(50))], None)

    assert found == unplanned(
        "unresolved",
        needs=("ecog", "cns", "age"),
        lines=(
            NEEDS,
            line("v", "unresolved", "needs cns, age"),
            line("w", "pending", NOTHING),
            line("l", "fired", "look"),
            line("s", "fired", "makes it 50~mg"),
        ),
        pending=(Pending("w", ("alt",), NOTHING),),
        remarks=(warning("PF219", "look [l]", PRINTED),),
    )


def test_what_is_asked_of_the_prescriber_is_a_decision() -> None:
    asks = attrs.evolve(KEEP, ask="whether to go on")

    assert rule_on(WORKED, [fired("a", asks)], None) == unplanned(
        "unresolved", needs=("decision: whether to go on",), lines=(line("a", "fired"),)
    )
    assert ("planned", ()) == attrs.astuple(
        rule_on(WORKED, [fired("a", asks)], ordered("90 mg")), recurse=False,
        filter=lambda field, _: field.name in ("status", "needs"),
    )  # fmt: skip


def test_a_rule_in_another_kind_of_unit_is_a_decision_too() -> None:
    daily = fired("d", to("5 mg/day"))
    wanted = ("decision: d is printed in mg/day, and the dose in mg",)

    assert rule_on(WORKED, [daily], None) == unplanned(
        "unresolved", needs=wanted, lines=(line("d", "fired"),)
    )
    assert () == rule_on(WORKED, [daily], ordered("90 mg")).needs


def test_a_dose_that_is_not_given_needs_nothing() -> None:
    assert rule_on(WORKED, [UNKNOWN, fired("o", OMIT)], None) == unplanned(
        "omitted",
        because="omitted: o (paper: Table 1)",
        lines=(NEEDS, line("o", "fired")),
        remarks=(warning("PF221", "alpha is omitted: o (paper: Table 1)"),),
    )


def test_a_note_that_cannot_be_answered_leaves_the_dose_as_it_is() -> None:
    note = answer("n", "unresolved", needs=("ecog", "cns"), note_unknown=True)

    assert rule_on(WORKED, [note], None) == planned(
        lines=(line("n", "note", "not applied without ecog, cns"),),
        remarks=(
            Remark("PF224", Severity.NOTE, "not known: ecog, cns; n is not applied without it",
                   PRINTED),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "prescribed", "needs"),
    [
        # A share is of the full dose, 100 mg: a step of 20 mg may lie below it or not.
        ([fired("s", scale(50))], None, ("steps",)),
        ([fired("s", to("99 mg"))], None, ("steps",)),
        ([fired("s", to("100 mg"))], None, ()),
        ([], None, ()),
        ([fired("s", to("150 mg")), fired("t", to("10 mg"))], None, ("steps",)),
        ([fired("s", scale(50)), fired("o", OMIT)], None, ()),
        ([fired("s", scale(50))], ordered("10 mg"), ()),
        ([UNKNOWN, fired("s", scale(50))], None, ("ecog", "cns", "steps")),
        ([UNKNOWN], None, ("ecog", "cns")),
    ],
)
def test_on_a_ramp_that_nobody_chose_a_lower_dose_wants_its_steps(
    answers: list[Answered], prescribed: Prescription | None, needs: tuple[str, ...]
) -> None:
    assert needs == rule_on(RAMPING, answers, prescribed).needs


# -- what waits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "last_needs", "would"),
    [
        (None, (), NOTHING),
        (scale(50), (), "the last value would have made it 50~mg"),
        (OMIT, (), "the last value would have left the dose out"),
        (None, ("sex", "age"),
         "what the last value would have done is not known without sex, age"),
        (scale(50), ("sex",), "what the last value would have done is not known without sex"),
    ],
)  # fmt: skip
def test_a_rule_that_waits_says_what_it_would_do(
    last: Effect | None, last_needs: tuple[str, ...], would: str
) -> None:
    waits = answer("w", "pending", pending=("alt", "ast"), last=last, last_needs=last_needs)

    assert rule_on(WORKED, [waits], None) == planned(
        lines=(line("w", "pending", would),),
        pending=(Pending("w", ("alt", "ast"), tied(would)),),
    )


# -- notes and what is set aside --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (answer("r", "not fired"), line("r", "not fired")),
        (answer("r", "not fired", note="written for X"), line("r", "not fired")),
        (answer("r", "set aside", aside="gives way"), line("r", "set aside", "gives way")),
        (answer("r", "set aside"), line("r", "set aside")),
        (answer("r", "fired"), line("r", "fired")),
    ],
)
def test_a_rule_that_does_nothing_has_its_line(found: Answered, expected: RuleLine) -> None:
    assert planned(lines=(expected,)) == rule_on(WORKED, [found], None)


#: What a table that is set aside does, what it would have done, and whether that is told beside
#: 50 mg.
RIVALS = [
    (scale(49), "made it 49~mg", True),
    (scale(50), "made it 50~mg", False),
    (scale(51), "made it 51~mg", False),
    (OMIT, "left the dose out", True),
    (attrs.evolve(KEEP, hold="recovery"), "held the dose until recovery", True),
    (attrs.evolve(KEEP, ask="which share"), "asked for a decision: which share", True),
    (to("1 mg/h"), "asked for a decision: r is printed in mg/h, and the dose in mg", True),
    (attrs.evolve(KEEP, finding=Severity.STOP, says="beware"), "said: beware", False),
]


@pytest.mark.parametrize(("effect", "does", "told"), RIVALS)
def test_a_table_that_is_set_aside_is_told_where_it_leaves_less(
    effect: Effect,
    does: str,
    told: bool,
) -> None:
    text = f"alpha 50~mg: r would have {does}, for ecog 3, age 70; the policy picks one"
    remark = Remark("PF243", Severity.WARNING, tied(text), PRINTED)
    other = rival("r", effect, "ecog 3", "age 70", grave=Severity.WARNING)
    found = rule_on(WORKED, [other, fired("h", scale(50))], None)

    words = f"the policy picks one; it would have {does}"
    assert line("r", "set aside", words) == found.lines[0]
    assert ("planned", parse("50 mg")) == (found.status, found.amount)
    assert ((remark,) if told else ()) == found.remarks


def test_every_table_that_leaves_less_is_told_after_all_else() -> None:
    said = attrs.evolve(KEEP, finding=Severity.NOTE, says="beware")
    answers = [rival("a", scale(20)), rival("b", OMIT), fired("c", said)]
    begin = "alpha 100~mg: {} would have {}; the policy picks one"

    assert rule_on(WORKED, answers, None).remarks == (
        Remark("PF219", Severity.NOTE, "beware [c]", PRINTED),
        Remark("PF243", Severity.NOTE, tied(begin.format("a", "made it 20~mg")), PRINTED),
        Remark("PF243", Severity.NOTE, tied(begin.format("b", "left the dose out")), PRINTED),
    )


def test_it_is_held_against_what_the_prescriber_orders() -> None:
    found = [
        [remark.code for remark in rule_on(WORKED, [rival("r", scale(50))], entry).remarks]
        for entry in (ordered("60 mg"), ordered("50 mg"), ordered(omit=True))
    ]

    assert [["PF222", "PF243"], ["PF222"], ["PF222"]] == found


@pytest.mark.parametrize("other", [fired("h", OMIT), answer("u", "unresolved", needs=("ecog",))])
def test_of_a_dose_that_is_not_given_it_says_nothing(other: Answered) -> None:
    found = rule_on(WORKED, [other, rival("r", scale(20))], None)

    assert "PF243" not in {remark.code for remark in found.remarks}


@pytest.mark.parametrize(
    ("effect", "words", "does"),
    [
        (scale(50), "makes it 50~mg; written for X", "give 50%"),
        (OMIT, "written for X", "leave the dose out"),
    ],
)
def test_a_rule_written_for_something_else_is_told_and_changes_nothing(
    effect: Effect, words: str, does: str
) -> None:
    note = fired("n", effect, note="written for X")
    text = f"n, written for X and not adopted here, would hold: {does}"

    assert rule_on(WORKED, [note, fired("h", scale(80))], None) == planned(
        "80 mg",
        steps=(step("100 mg", "80 mg", "h: 80% of 100~mg"),),
        adjustments=(change("h", "100 mg", "80 mg", "made 80~mg by h"),),
        lines=(line("n", "note", words), line("h", "fired", "makes it 80~mg")),
        remarks=(Remark("PF220", Severity.NOTE, text, PRINTED),),
    )


def test_a_note_needs_nothing_and_waits_for_nothing() -> None:
    notes = [
        answer("a", "unresolved", note="written for X", needs=("ecog",)),
        answer("b", "pending", note="written for X", pending=("alt",)),
    ]

    assert rule_on(WORKED, notes, None) == planned(
        lines=(line("a", "unresolved", "needs ecog"), line("b", "pending", NOTHING))
    )


# -- the prescriber ---------------------------------------------------------------------------------

HALF = fired("half", scale(50))


def given(amount: str, words: str) -> dict[str, Any]:
    """What a prescribed dose stands on."""
    why = f"{words}: neuropathy; by the team"
    reason = f"ordered as {amount}: neuropathy; by the team"
    made = parse(amount)
    return {
        "steps": (Step("prescribed", FULL, made, tied(why), "prescriber", THERE),),
        "adjustments": (
            Adjustment("prescribed", FULL, made, tied(reason.replace(" mg", "~mg")), "prescriber"),
        ),
    }


def test_the_prescriber_s_dose_is_given_and_the_rules_stand_beside_it() -> None:
    text = "the prescriber orders 80~mg of alpha where the rules make it 50~mg (half): neuropathy"

    assert rule_on(WORKED, [HALF], ordered("80 mg")) == planned(
        "80 mg",
        lines=(line("half", "fired", "makes it 50~mg"),),
        remarks=(warning("PF222", text),),
        **given("80 mg", "80~mg"),
    )


def test_a_prescribed_share_is_of_the_dose_as_it_was_worked() -> None:
    waits = answer("w", "pending", pending=("alt",))
    text = "the prescriber orders 80~mg of alpha where the rules make it 100~mg: neuropathy"

    assert rule_on(WORKED, [waits], ordered(percent=80)) == planned(
        "80 mg",
        lines=(line("w", "pending", NOTHING),),
        pending=(Pending("w", ("alt",), NOTHING),),
        remarks=(Remark("PF222", Severity.NOTE, tied(text), None),),
        **given("80 mg", "80% of 100~mg"),
    )


def test_what_a_rule_does_not_give_and_the_prescriber_does_is_a_warning() -> None:
    text = "the prescriber orders 80~mg of alpha where the rule a does not give it: neuropathy"

    assert rule_on(WORKED, [fired("b", HOLD), fired("a", HOLD)], ordered("80 mg")) == planned(
        "80 mg",
        lines=(line("b", "fired"), line("a", "fired")),
        remarks=(warning("PF222", text),),
        **given("80 mg", "80~mg"),
    )


OUT = {"because": "left out by the prescriber: neuropathy; by the team"}


@pytest.mark.parametrize(
    ("answers", "lines", "remarks"),
    [
        ([UNKNOWN], (NEEDS,),
         (Remark("PF222", Severity.NOTE, tied("the prescriber leaves out alpha where the "
                 "rules make it 100~mg: neuropathy"), None),)),
        ([UNKNOWN, fired("o", OMIT)], (NEEDS, line("o", "fired")), ()),
    ],
)  # fmt: skip
def test_what_the_prescriber_leaves_out_needs_nothing(
    answers: Sequence[Answered], lines: tuple[RuleLine, ...], remarks: tuple[Remark, ...]
) -> None:
    assert rule_on(WORKED, answers, ordered(omit=True)) == unplanned(
        "omitted", lines=lines, remarks=remarks, **OUT
    )


def test_what_the_prescriber_leaves_out_waits_all_the_same() -> None:
    waits = answer("w", "pending", pending=("alt",))
    found = rule_on(WORKED, [waits], ordered(omit=True))

    assert (Pending("w", ("alt",), NOTHING),) == found.pending


@pytest.mark.parametrize("answers", [[UNKNOWN], [UNKNOWN, fired("o", OMIT)]])
def test_a_prescribed_dose_whose_rules_are_not_known_has_no_number(
    answers: Sequence[Answered],
) -> None:
    found = rule_on(WORKED, answers, ordered("80 mg"))

    assert ("unresolved", None, ("ecog", "cns")) == (found.status, found.amount, found.needs)
