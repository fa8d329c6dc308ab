"""Doses, sigs and components: what each may say, and which of its words do not go together."""

from typing import Any

import attrs
import pytest
from tests.written import START, at, line, means, said, value

from protoplan.model.component import Anchor, Component, Days, DoseCap, Repeat, Sig, Span, Where
from protoplan.model.option import OptionRef
from protoplan.quantity import parse
from protoplan.reading.components import (
    COMPONENT,
    cap,
    days_or_option,
    dose,
    hours,
    minutes,
    over,
    ramp,
)
from protoplan.reading.shapes import Shape
from protoplan.source import Citation, Grounds

# -- single values ---------------------------------------------------------------------------------

MEANT = [
    (dose, "1.4 mg/m2", parse("1.4 mg/m2")),
    (dose, "AUC 5", parse("AUC 5")),
    (days_or_option, "1-3", Days(((1, 3),), START)),
    (over, "2 h", 120),
    (ramp, "[100 mg]", (parse("100 mg"),)),
    (ramp, "[999 mcg, 20 mg, 0.05 g]", (parse("999 mcg"), parse("20 mg"), parse("0.05 g"))),
    (hours, "1 h", 1),
    (hours, "3 h", 3),
    (hours, "8 h", 8),
    (hours, "24 h", 24),
    (minutes, "1 min", 1),
    (minutes, "90 min", 90),
    (minutes, "1.5 h", 90),
    # A week is 7 × 24 hours, 10,080 minutes.
    (minutes, "168 h", 10_080),
    (minutes, "10080 min", 10_080),
    (cap, "2 mg", DoseCap(parse("2 mg"), START)),
    (cap, "none", DoseCap(None, START)),
]


@pytest.mark.parametrize(("shape", "written", "meant"), MEANT)
def test_what_is_written_means_one_thing(shape: Shape[Any], written: str, meant: object) -> None:
    means(shape, written, meant)


ODD_HOURS = "does not divide a day evenly"
NO_MINUTES = "is not a whole number of minutes up to a week"
NO_RAMP = "the steps of a ramp are amounts that rise"

REFUSED: list[tuple[Shape[Any], str, str, str]] = [
    (dose, "2 mg/day", "PP204",
     "unit 'mg/day' does not fit here; expected a unit such as mcg, mcg/m2, mcg/kg, mg"),
    (ramp, "[]", "PP209", NO_RAMP),
    (ramp, "[1 mg, 200 units]", "PP209", NO_RAMP),
    (ramp, "[200 mg, 100 mg]", "PP209", NO_RAMP),
    (ramp, "[100 mg, 0.1 g]", "PP209", NO_RAMP),
    (hours, "5 h", "PP208", f"every 5 h {ODD_HOURS}"),
    (hours, "48 h", "PP208", f"every 48 h {ODD_HOURS}"),
    (hours, "0.5 h", "PP208", f"every 0.5 h {ODD_HOURS}"),
    (hours, "1.5 h", "PP208", f"every 1.5 h {ODD_HOURS}"),
    (hours, "0 h", "PP208", f"every 0 h {ODD_HOURS}"),
    (hours, "60 min", "PP204", "unit 'min' does not fit here; expected h"),
    (minutes, "0 min", "PP208", f"'0 min' {NO_MINUTES}"),
    (minutes, "1.5 min", "PP208", f"'1.5 min' {NO_MINUTES}"),
    (minutes, "0.01 h", "PP208", f"'0.01 h' {NO_MINUTES}"),
    (minutes, "10081 min", "PP208", f"'10081 min' {NO_MINUTES}"),
    (minutes, "2 mg", "PP204", "unit 'mg' does not fit here; expected min, h"),
    (cap, "2 mg/m2", "PP204", "unit 'mg/m2' does not fit here; expected mcg, mg, g, units"),
    (cap, "0 mg", "PP209", "0 mg is nothing; more than nothing is needed here"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "written", "code", "message"), REFUSED)
def test_what_is_written_amiss_is_refused_in_whole_words(
    shape: Shape[Any], written: str, code: str, message: str
) -> None:
    assert line(code, message) == said(shape, written)


def test_a_step_of_a_ramp_is_an_amount_above_nothing() -> None:
    assert [
        "x.yaml:1:2: error: 0 mg is nothing; more than nothing is needed here [PP209]",
        "x.yaml:1:8: error: unit 'mg/m2' does not fit here; expected mcg, mg, g, units [PP204]",
    ] == said(ramp, "[0 mg, 2 mg/m2]")


CHOSEN = {"dose": dose, "days": days_or_option, "over": over, "ramp": ramp}


@pytest.mark.parametrize(("calls", "shape"), CHOSEN.items())
def test_a_figure_can_be_left_to_the_prescriber(calls: str, shape: Shape[Any]) -> None:
    assert OptionRef("mine", START) == value(shape, "{option: mine}", option=("mine",))
    assert line("PP303", "option 'yours' is not known", column=10) == said(
        shape, "{option: yours}", option=("mine",)
    )
    assert line("PP202", f"{calls} lacks the key 'option'") == said(shape, "{}")


@pytest.mark.parametrize("shape", [dose, days_or_option, over, hours, minutes, cap])
def test_a_blank_of_the_form_is_no_value(shape: Shape[Any]) -> None:
    assert line("PP210", "a blank is not filled in: 'FILL'") == said(shape, "FILL")


def test_a_ramp_is_a_list() -> None:
    assert line("PP203", "a list was expected, one value was found") == said(ramp, "100 mg")


# -- sigs ------------------------------------------------------------------------------------------


def component_with(sig: str) -> str:
    """A component whose one sig begins in line 6, column 3."""
    return (
        "drug: vincristine\nroute: IV\nin: odd\nsource: [paper, Methods]\nsigs:\n"
        f"- {{{sig}}}\n"
    )  # fmt: skip


def sig_of(written: str) -> Sig:
    found: Sig = value(COMPONENT, component_with(written)).sigs[0]
    return found


def wrong_with(written: str) -> list[str]:
    """What is wrong with a sig as a whole."""
    found = said(COMPONENT, component_with(written))

    begin, end = "x.yaml:6:3: error: sig ", " [PP209]"
    assert all(told.startswith(begin) and told.endswith(end) for told in found)
    return [told[len(begin) : -len(end)] for told in found]


def test_what_a_sig_does_not_say_is_none() -> None:
    assert Sig(
        dose=parse("2 mg"), rate=None, where=None, when=None,
        days=Days(((1, 1),), at(22, 6)), begins=None, every=None, doses=None, times_a_day=1,
        over=None, repeat=None, cap=None, ramp=None, window=None, grounds=Grounds(), at=at(3, 6),
    ) == sig_of("dose: 2 mg, days: [1]")  # fmt: skip


FITS: list[tuple[str, dict[str, object]]] = [
    ("rate: 28 mcg/day, days: 1-28", {"rate": parse("28 mcg/day"), "dose": None}),
    ("rate: 1 mg/h, days: 1-2, repeat: {every: 1 week, for: 1 month}",
     {"repeat": Repeat(Span(1, "weeks"), Span(1, "months"))}),
    ("dose: 2 mg, days: 1-3, every: 12 h", {"every": 12, "doses": None}),
    ("dose: 2 mg, days: [1, 8], every: 12 h, doses: 6", {"every": 12, "doses": 6}),
    ("dose: 2 mg, days: 1-3, times_a_day: 2", {"times_a_day": 2}),
    ("dose: 2 mg, days: every day", {"days": Days((), at(22, 6))}),
    ("dose: 2 mg, days: {option: mine}", {"days": OptionRef("mine", at(22, 6))}),
    ("dose: 2 mg, begins: {after_end_of: above}", {"days": None}),
    ("dose: 2 mg, days: [1], begins: {after_end_of: above}", {"days": Days(((1, 1),), at(22, 6))}),
    ("dose: 2 mg, begins: {after_end_of: above}, every: 6 h, doses: 8", {"every": 6, "doses": 8}),
    ("dose: 2 mg, days: [1], over: 2 h, cap: 2 mg, ramp: [1 mg]",
     {"over": 120, "cap": DoseCap(parse("2 mg"), at(43, 6)), "ramp": (parse("1 mg"),)}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), FITS)
def test_words_of_a_sig_that_go_together(written: str, meant: dict[str, object]) -> None:
    sig = sig_of(written)

    assert meant == {name: getattr(sig, name) for name in meant}


EITHER = "needs either a 'dose' or a 'rate'"
RATE_ONCE = "gives a rate more than once a day; a rate runs through all its days"
RATE_ALONE = "gives 'over', 'cap' or 'ramp' with a rate, which has none of them"
FROM_SINGLE_DAYS = "gives 'doses' from single days on; write each first day, such as [1]"
BEGINS_ONCE = "gives 'begins' with 'repeat', 'ramp' or 'times_a_day'"
BEGINS_PRINTED = "gives 'begins' on days that are not printed one by one"
ABOVE = "begins: {after_end_of: above}"

CLASHES = [
    ("days: [1]", EITHER),
    ("dose: 2 mg, rate: 2 mg/day, days: [1]", EITHER),
    ("dose: 2 mg, days: [1], every: 12 h, times_a_day: 2",
     "gives both 'every' and 'times_a_day'"),
    ("rate: 2 mg/day, days: 1-4, every: 12 h", RATE_ONCE),
    ("rate: 2 mg/day, days: 1-4, times_a_day: 2", RATE_ONCE),
    ("dose: 2 mg", "needs 'days', or 'begins', which says when"),
    ("dose: 2 mg, days: [1], doses: 2",
     "gives 'doses' without 'every', the hours from one to the next"),
    (f"dose: 2 mg, {ABOVE}, doses: 2",
     "gives 'doses' without 'every', the hours from one to the next"),
    ("dose: 2 mg, days: 1-2, every: 12 h, doses: 3", FROM_SINGLE_DAYS),
    ("dose: 2 mg, days: [1, 4-5], every: 12 h, doses: 3", FROM_SINGLE_DAYS),
    ("dose: 2 mg, days: every day, every: 12 h, doses: 3", FROM_SINGLE_DAYS),
    ("dose: 2 mg, days: {option: mine}, every: 12 h, doses: 3", FROM_SINGLE_DAYS),
    (f"rate: 2 mg/day, days: 1-4, {ABOVE}",
     "gives 'begins' with a rate, which begins at the site's usual time"),
    (f"dose: 2 mg, days: [1], {ABOVE}, repeat: {{every: 1 week, for: 1 month}}", BEGINS_ONCE),
    (f"dose: 2 mg, days: [1], {ABOVE}, ramp: [1 mg]", BEGINS_ONCE),
    (f"dose: 2 mg, days: [1], {ABOVE}, times_a_day: 2", BEGINS_ONCE),
    (f"dose: 2 mg, days: every day, {ABOVE}", BEGINS_PRINTED),
    (f"dose: 2 mg, days: {{option: mine}}, {ABOVE}", BEGINS_PRINTED),
    (f"dose: 2 mg, {ABOVE}, every: 6 h",
     "gives 'begins' and 'every' without 'doses', how many they are"),
    ("rate: 2 mg/day, days: 1-4, over: 2 h", RATE_ALONE),
    ("rate: 2 mg/day, days: 1-4, cap: 2 mg", RATE_ALONE),
    ("rate: 2 mg/day, days: 1-4, ramp: [1 mg]", RATE_ALONE),
    ("rate: 2 mg/day, days: {option: mine}",
     "gives a rate on chosen days; write the first and the last day of the infusion"),
    ("rate: 2 mg/day, days: every day",
     "gives a rate on every day; write the first and the last day of the infusion"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "clash"), CLASHES)
def test_words_of_a_sig_that_do_not_go_together(written: str, clash: str) -> None:
    assert [clash] == wrong_with(written)


#: The longest run of days that each length holds; months have 28 days, and years 365, at least.
HOLDS = [
    ("5 days", "1-5", "1-6"),
    ("1 week", "1-7", "1-8"),
    ("1 week", "3-9", "3-10"),
    ("1 week", "[1-2, 7]", "[1-2, 8]"),
    ("2 weeks", "1-14", "1-15"),
    ("1 month", "1-28", "1-29"),
    ("1 year", "[1, 365]", "[1, 366]"),
]


@pytest.mark.parametrize(("every", "fits", "overlaps"), HOLDS)
def test_days_are_over_before_they_are_repeated(every: str, fits: str, overlaps: str) -> None:
    repeat = f"repeat: {{every: {every}, for: 2 years}}"

    assert sig_of(f"dose: 2 mg, days: {fits}, {repeat}").repeat is not None
    assert ["repeats its days before they are over"] == wrong_with(
        f"dose: 2 mg, days: {overlaps}, {repeat}"
    )


@pytest.mark.parametrize("days", ["every day", "{option: mine}"])
def test_days_without_an_end_are_not_repeated(days: str) -> None:
    assert ["repeats its days before they are over"] == wrong_with(
        f"dose: 2 mg, days: {days}, repeat: {{every: 1 year, for: 2 years}}"
    )


# -- the time of a first dose ----------------------------------------------------------------------

ANCHORS = [
    ("{after_end_of: above}", Anchor(None, "end", 0, at(24, 6))),
    ("{after_end_of: methotrexate IV, by: 12 h}", Anchor("methotrexate IV", "end", 720, at(24, 6))),
    ("{after_start_of: above, by: 24 h}", Anchor(None, "start", 1440, at(24, 6))),
    ("{after_start_of: mesna IV}", Anchor("mesna IV", "start", 0, at(24, 6))),
    ("{before_start_of: mesna IV, by: 30 min}", Anchor("mesna IV", "start", -30, at(24, 6))),
]


@pytest.mark.parametrize(("written", "anchor"), ANCHORS)
def test_a_time_can_hang_on_another_dose(written: str, anchor: Anchor) -> None:
    assert anchor == sig_of(f"dose: 2 mg, begins: {written}").begins


ONE_EDGE = "needs one of 'after_end_of', 'after_start_of', 'before_start_of'"


@pytest.mark.parametrize(
    ("written", "clash"),
    [
        ("{by: 1 h}", ONE_EDGE),
        ("{after_end_of: above, after_start_of: above}", ONE_EDGE),
        ("{after_start_of: above, before_start_of: above, by: 1 h}", ONE_EDGE),
        ("{before_start_of: above}", "needs 'by' with 'before_start_of'"),
    ],
)
def test_a_time_hangs_on_one_edge_of_one_dose(written: str, clash: str) -> None:
    assert [f"x.yaml:6:24: error: begins {clash} [PP209]"] == said(
        COMPONENT, component_with(f"dose: 2 mg, begins: {written}")
    )


# -- components ------------------------------------------------------------------------------------

SOURCE = "source: [paper, Methods]"
SIG = "sigs: [{dose: 2 mg, days: [1]}]"


def test_what_a_component_says() -> None:
    found = value(COMPONENT, "{drug: vincristine, in: odd, route: IV, note: x, "
                  f"{SIG}, {SOURCE}}}")  # fmt: skip

    assert Component(
        "vincristine", "IV", Where(("odd",), None, at(25)), None, (),
        "x", Grounds(Citation("paper", "Methods")), START,
    ) == attrs.evolve(found, sigs=())  # fmt: skip
    assert [parse("2 mg")] == [sig.dose for sig in found.sigs]


SAYS_IN_ONCE = "says 'in' once: for the component, or for each of its sigs"


@pytest.mark.parametrize(
    ("written", "clash"),
    [
        (f"in: odd, sigs: [], {SOURCE}", "has no sigs"),
        (f"{SIG}, {SOURCE}", SAYS_IN_ONCE),
        (f"in: odd, sigs: [{{in: odd, dose: 2 mg, days: [1]}}], {SOURCE}", SAYS_IN_ONCE),
        (f"sigs: [{{in: odd, dose: 2 mg, days: [1]}}, {{dose: 1 mg, days: [2]}}], {SOURCE}",
         SAYS_IN_ONCE),
    ],
)  # fmt: skip
def test_words_of_a_component_that_do_not_go_together(written: str, clash: str) -> None:
    assert line("PP209", f"component {clash}") == said(
        COMPONENT, f"{{drug: vincristine, route: IV, {written}}}"
    )


def test_each_sig_can_say_in_which_cycles_it_is_given() -> None:
    found = value(COMPONENT, f"{{drug: vincristine, route: IV, {SOURCE}, sigs: "
                  "[{in: odd, dose: 2 mg, days: [1]}, {in: even, dose: 1 mg, days: [2]}]}")  # fmt: skip

    assert (None, [("odd",), ("even",)]) == (found.where, [sig.where.names for sig in found.sigs])


ASSUMED = "assumed: {dose: a, rate: b, days: c}"
OWN = "{dose: 1 mg, days: [2], source: [paper, Table 1]}"


@pytest.mark.parametrize("written", [f"sigs: [{OWN}, {OWN}]", f"{SIG}, {ASSUMED}"])
def test_a_component_stands_on_its_sigs_or_on_what_is_assumed(written: str) -> None:
    found = value(COMPONENT, f"{{drug: vincristine, in: odd, route: IV, {written}}}")

    assert None is found.grounds.source


@pytest.mark.parametrize(
    "written",
    [
        f"sigs: [{OWN}, {{dose: 1 mg, days: [2]}}]",
        f"{SIG}, assumed: {{rate: b, days: c}}",
        f"{SIG}, assumed: {{dose: a, days: c}}",
        f"{SIG}, assumed: {{dose: a, rate: b}}",
    ],
)
def test_a_dose_without_a_source_is_refused(written: str) -> None:
    assert line("PP305", "component gives no source") == said(
        COMPONENT, f"{{drug: vincristine, in: odd, route: IV, {written}}}"
    )
