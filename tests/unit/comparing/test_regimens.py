"""Small regimens side by side; what is expected was worked by hand."""

import attrs
import pytest
from tests.regimens import VINCRISTINE, beside, block, giving, regimen

from protoplan.model.comparison import ALIKE, BY_CYCLE, DIFFERS, Comparison
from protoplan.model.component import Sig
from protoplan.model.protocol import Protocol
from protoplan.quantity import parse
from protoplan.rendering.comparison_fields import alike, field_text
from protoplan.rendering.comparison_text import render


def with_sigs(*sigs: str, drug: str = "cyclophosphamide IV", **more: str) -> Protocol:
    name, _, route = drug.partition(" ")
    return regimen(giving(name, route, *sigs), **more)


def differing(one: Protocol, other: Protocol, drug: str = "cyclophosphamide IV") -> list[str]:
    return list(block(beside(one, other), drug).differs)


# -- fields ----------------------------------------------------------------------------------------


def test_what_is_alike_is_said_once_and_what_differs_is_marked() -> None:
    full = with_sigs("dose: 300 mg/m2, every: 12 h, days: 1-3", name="full")
    mini = with_sigs("dose: 150 mg/m2, every: 12 h, days: 1-3", name="mini")

    told = block(beside(full, mini), "cyclophosphamide IV")

    assert (
        ("cycles", ALIKE),
        ("dose", DIFFERS),
        ("how often", ALIKE),
        ("days", ALIKE),
    ) == told.fields
    assert {"how often": "every 12 hours", "days": "1–3"} == alike(told)
    assert ["300\xa0mg/m²", "150\xa0mg/m²"] == [
        field_text(one.lines[0], "dose") for one in told.givings
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dose: 0.5 g/m2, days: [1]", "dose: 500 mg/m2, days: [1]"),
        ("dose: 50 mg, days: 1-3", "dose: 50 mg, days: [1, 2, 3]"),
        ("dose: 50 mg, over: 2 h, days: [1]", "dose: 50 mg, over: 120 min, days: [1]"),
        ("rate: 24 mg/day, days: 1-3", "rate: 1 mg/h, days: 1-3"),
        ("dose: 50 mg, days: [1], repeat: {every: 1 week, for: 3 weeks}",
         "dose: 50 mg, days: [1], repeat: {every: 7 days, for: 21 days}"),
        # A cap is as large whether the protocol states it or not at all.
        ("dose: 50 mg, cap: 1 g, days: [1]", "dose: 50 mg, cap: 1000 mg, days: [1]"),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_no_difference(one: str, other: str) -> None:
    assert [] == differing(with_sigs(one), with_sigs(other, name="two"))


PLAIN = "dose: 50 mg, days: [1]"


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ("dose: 60 mg, days: [1]", "dose"),
        ("dose: 50 mg/m2, days: [1]", "dose"),
        ("dose: 50 mg, days: [2]", "days"),
        ("dose: 50 mg, days: [1, 2]", "days"),
        ("dose: 50 mg, days: every day", "days"),
        ("dose: 50 mg, days: [1], repeat: {every: 1 week, for: 3 weeks}", "days"),
        ("dose: 50 mg, every: 12 h, days: [1]", "how often"),
        ("dose: 50 mg, times_a_day: 2, days: [1]", "how often"),
        ("dose: 50 mg, over: 2 h, days: [1]", "infusion"),
        ("dose: 50 mg, cap: 2 g, days: [1]", "largest dose"),
        ("dose: 50 mg, cap: none, days: [1]", "largest dose"),
        ("dose: 50 mg, ramp: [20 mg], days: [1]", "first steps"),
        ("dose: 50 mg, window: [0, +2], days: [1]", "window"),
        ("dose: 50 mg, when: {fact: cns, is: active}, days: [1]", "condition"),
    ],
)
def test_each_field_that_is_another_is_marked(other: str, field: str) -> None:
    assert [field] == differing(with_sigs(PLAIN), with_sigs(other, name="two"))


def test_a_rate_is_no_dose() -> None:
    rate = with_sigs("rate: 50 mg/day, days: 1-3", name="two")

    found = differing(with_sigs("dose: 50 mg, days: 1-3"), rate)

    assert ["dose", "how often", "infusion"] == found


def test_once_a_day_and_twice_a_day_by_hours_are_told_as_they_are_written() -> None:
    one = with_sigs("dose: 50 mg, every: 12 h, days: [1]")
    other = with_sigs("dose: 50 mg, times_a_day: 2, days: [1]", name="two")

    assert ["how often"] == differing(one, other)


def test_values_put_together_otherwise_are_a_difference() -> None:
    one = with_sigs("dose: 1 mg, days: [1]", "dose: 2 mg, days: [8]")
    other = with_sigs("dose: 2 mg, days: [1]", "dose: 1 mg, days: [8]", name="two")

    assert ["dose", "days"] == differing(one, other)


def test_the_order_of_sigs_is_no_difference() -> None:
    one = with_sigs("dose: 1 mg, days: [1]", "dose: 2 mg, days: [8]")
    other = with_sigs("dose: 2 mg, days: [8]", "dose: 1 mg, days: [1]", name="two")

    told = block(beside(one, other), "cyclophosphamide IV")

    assert {"cycles": ALIKE, "dose": BY_CYCLE, "how often": ALIKE, "days": BY_CYCLE} == dict(
        told.fields
    )


def test_a_condition_of_the_component_and_one_of_the_sig_are_joined() -> None:
    whole = "in: A, when: {fact: cns, is: active}"
    sig = "when: {fact: ecog, at_most: 2}, dose: 50 mg, days: [1]"
    one = regimen(giving("cyclophosphamide", "IV", sig, more=whole))

    (line,) = block(beside(one, with_sigs(PLAIN)), "cyclophosphamide IV").givings[0].lines

    assert "when cns is active and ecog at most 2" == field_text(line, "condition")


def test_the_formulary_s_cap_holds_where_a_protocol_states_none() -> None:
    """That of vincristine is 2 mg, from its summary of product characteristics."""
    silent = regimen(VINCRISTINE)
    same = with_sigs("dose: 2 mg, cap: 2 mg, days: [1, 8]", drug="vincristine IV", name="two")
    larger = with_sigs("dose: 2 mg, cap: 3 mg, days: [1, 8]", drug="vincristine IV", name="two")

    (line,) = block(beside(silent, same), "vincristine IV").givings[0].lines

    assert "at most 2\xa0mg (spc: posology), by the formulary" == field_text(line, "largest dose")
    assert [] == differing(silent, same, "vincristine IV")
    assert ["largest dose"] == differing(silent, larger, "vincristine IV")


def test_what_is_chosen_is_told_with_what_is_offered() -> None:
    options = (
        "options:\n"
        "  first: {about: dose, between: [1 g/m2, 2 g/m2], source: [paper, Methods]}\n"
        "  level: {about: dose, choices: [100 mg, 200 mg], default: 200 mg, source: [paper, Methods]}\n"
        "  when_given: {about: days, days: 2, source: [paper, Methods]}\n"
    )
    sigs = (
        "in: [1], dose: {option: first}, days: {option: when_given}",
        "in: [3], dose: {option: level}, days: [1]",
    )
    one = regimen(giving("cyclophosphamide", "IV", *sigs, more=""), more=options)
    renamed = regimen(
        giving("cyclophosphamide", "IV", *(sig.replace("first", "start") for sig in sigs), more=""),
        name="two",
        more=options.replace("first", "start"),
    )

    told = block(beside(one, renamed), "cyclophosphamide IV")

    assert (
        [
            ["as chosen: 1\xa0g/m² to 2\xa0g/m²", "as chosen: 2 days of the cycle"],
            ["as chosen: 100\xa0mg or 200\xa0mg (default 200\xa0mg)", "1"],
        ],
        (),
    ) == (
        [[field_text(line, name) for name in ("dose", "days")] for line in told.givings[0].lines],
        told.differs,
    )


@attrs.frozen
class LaterSig(Sig):
    """A sig with a field that this version does not know."""

    lock_solution: str | None = None


def test_a_field_that_is_new_to_the_language_is_compared_and_told() -> None:
    plain = with_sigs(PLAIN)
    (component,) = plain.components
    (sig,) = component.sigs
    fields = {field.name: getattr(sig, field.name) for field in attrs.fields(Sig)}
    later = attrs.evolve(
        plain,
        id="two",
        components=(
            attrs.evolve(
                component, sigs=(LaterSig(**fields, lock_solution="heparin 100 units/mL"),)
            ),
        ),
    )

    found = beside(plain, later)

    assert ("lock solution",) == block(found, "cyclophosphamide IV").differs
    assert "heparin 100 units/mL" in render(found)


def test_a_sig_that_names_no_days_is_not_told_once_a_day() -> None:
    hanging = giving(
        "cyclophosphamide",
        "IV",
        "dose: 1 g, days: [1]",
        "dose: 2 g, begins: {after_end_of: above, by: 2 h}",
    )

    line = (
        block(beside(with_sigs(PLAIN), regimen(hanging, name="two")), "cyclophosphamide IV")
        .givings[1]
        .lines[1]
    )

    assert ["dose", "begins"] == [name for name, _ in line.values]
    assert "2 hours after the end of the dose above" == field_text(line, "begins")


# -- cycles ----------------------------------------------------------------------------------------


def test_cycles_are_compared_by_their_labels_and_not_by_the_names_of_kinds() -> None:
    odd = regimen(
        VINCRISTINE.replace("in: A", "in: odd"),
        name="two",
        kinds="odd: {length: 3 weeks, source: [paper, Methods]}\n"
        "  even: {length: 21 days, source: [paper, Methods]}",
        phases=["{name: x, cycles: {1: odd, 2: even, 3: odd, 4: even}, source: [paper, Methods]}"],
    )

    found = beside(regimen(VINCRISTINE), odd)

    assert ((), {"cycles": ALIKE, "cycle length": ALIKE}, False) == (
        block(found, "vincristine IV").differs,
        dict(found.course),
        found.differs,
    )


@pytest.mark.parametrize("where", ["first A", "later A", "[1]", "[1, 2, 3]", "[A, B]", "B"])
def test_other_cycles_are_a_difference(where: str) -> None:
    other = regimen(VINCRISTINE.replace("in: A", f"in: {where}"), name="two")

    assert ["cycles"] == differing(regimen(VINCRISTINE), other, "vincristine IV")


def test_a_cycle_that_the_other_regimen_does_not_have_is_no_difference() -> None:
    """Maintenance is told, and vincristine is not marked for it."""
    longer = regimen(
        VINCRISTINE,
        giving("vincristine", "IV", "dose: 1.4 mg/m2, days: [1]", more="in: M"),
        name="two",
        kinds="A: {length: 21 days, source: [paper, Methods]}\n"
        "  B: {length: 21 days, source: [paper, Methods]}\n"
        "  M: {length: 28 days, source: [paper, Methods]}",
        phases=[
            "{name: treatment, cycles: {1: A, 2: B, 3: A, 4: B}, source: [paper, Methods]}",
            "{name: maintenance, prefix: M, cycles: [M, M], source: [paper, Methods]}",
        ],
    )

    found = beside(regimen(VINCRISTINE), longer)
    told = block(found, "vincristine IV")

    assert {
        "cycles": ALIKE,
        "dose": BY_CYCLE,
        "how often": ALIKE,
        "days": BY_CYCLE,
        "largest dose": ALIKE,
    } == dict(told.fields)
    assert [("1", "3"), ("M1", "M2")] == [line.labels for line in told.givings[1].lines]
    assert {"cycles": DIFFERS, "cycle length": ALIKE} == dict(found.course)


def test_regimens_without_a_cycle_in_common_are_compared_as_wholes() -> None:
    other = regimen(
        VINCRISTINE.replace("2 mg", "1 mg").replace("in: A", "in: C"),
        name="two",
        kinds="C: {length: 28 days, source: [paper, Methods]}",
        phases=["{name: x, cycles: {C1: C}, source: [paper, Methods]}"],
    )

    assert ["dose"] == differing(regimen(VINCRISTINE), other, "vincristine IV")


def test_another_length_of_a_cycle_is_a_difference_of_the_course() -> None:
    longer = regimen(
        name="two",
        kinds="A: {length: 28 days, source: [paper, Methods]}\n"
        "  B: {length: 21 days, source: [paper, Methods]}",
    )

    found = beside(regimen(), longer)

    assert ({"cycles": ALIKE, "cycle length": DIFFERS}, True) == (dict(found.course), found.differs)


# -- what is not given -----------------------------------------------------------------------------


def lines_of(found: Comparison, heading: str) -> list[str]:
    """The lines below a heading, each with single blanks and no other kind of blank."""
    lines = render(found).splitlines()
    first = lines.index(heading) + 2
    last = next((n for n in range(first, len(lines)) if set(lines[n]) == {"─"}), len(lines) + 1)
    return [" ".join(line.split()) for line in lines[first : last - 1] if line.strip()]


def test_what_a_regimen_does_not_give_says_why() -> None:
    gives = regimen(giving("mesna", "IV", "rate: 600 mg/m2/day, days: 1-3"), name="gives")
    nothing = regimen(name="nothing")
    silent = regimen(
        name="silent",
        more="silences: [{about: Mesna with ifosfamide, left: none is planned, source: [paper, Methods]}]",
    )
    opened = regimen(
        name="opened",
        more="open_items: [{text: Mesna as needed, in: A, gives: [{drug: mesna, route: IV, dose: 400 mg,"
        " note: each}], until: not printed, source: [other, Table 2]}]",
    )
    named = regimen(
        name="named",
        more="open_items: [{text: Mesna by local rule, until: not printed, source: [paper, Methods]}]",
    )

    shown = lines_of(beside(gives, nothing, silent, opened, named), "mesna, intravenous")

    assert [
        "regimen cycles dose days infusion",
        "gives A 600 mg/m²/day 1–3 continuous infusion",
        "nothing not given",
        "silent not given; silent: Mesna with ifosfamide: none is planned (paper: Methods)",
        "opened open item: Mesna as needed; in cycles A; 400 mg (each); until not printed (other: Table",
        "2)",
        "named open item: Mesna by local rule; until not printed (paper: Methods)",
        "source gives: paper: Table 1",
    ] == shown


def test_a_silence_about_a_drug_that_is_given_otherwise_is_no_reason() -> None:
    """Methotrexate stands in the silence, and it is given into a vein."""
    oral = regimen(giving("methotrexate", "PO", "dose: 10 mg, days: [1]"))
    vein = regimen(
        giving("methotrexate", "IV", "dose: 1 g/m2, days: [1]"),
        name="two",
        more="silences: [{about: leucovorin after methotrexate, left: none, source: [paper, Methods]}]",
    )

    told = block(beside(oral, vein), "methotrexate PO")

    assert ((), ()) == (told.givings[1].lines, told.givings[1].silences)


def test_a_drug_of_an_open_item_alone_is_told() -> None:
    opened = regimen(
        more="open_items: [{text: Rescue, gives: [{drug: leucovorin, route: IV, dose: 15 mg}], until: "
        "not printed, source: [paper, Methods]}]"
    )

    told = block(beside(opened, regimen(name="two")), "leucovorin IV")

    assert ([], 1, 0) == (
        [line for one in told.givings for line in one.lines],
        len(told.givings[0].opened),
        len(told.givings[1].opened),
    )


# -- disagreements ---------------------------------------------------------------------------------


def saying(about: str, one: str, other: str, touches: str = "") -> str:
    touched = f", touches: {touches}" if touches else ""
    return (
        f"{{about: {about}, says: [{{value: {one}, source: [paper, Methods]}}, {{value: {other}, "
        f"source: [other, Table 3]}}], chosen: {one}, because: it is first{touched}}}"
    )


def disagreeing(*entries: str, name: str = "one") -> Protocol:
    rows = "".join(f"\n  - {entry}" for entry in entries)
    return regimen(
        VINCRISTINE,
        giving("methotrexate", "IV", "dose: 1 g/m2, days: [1]"),
        giving("methotrexate", "IT", "dose: 12 mg, days: [2]"),
        name=name,
        more=f"contradictions:{rows}",
    )


def test_a_disagreement_stands_under_the_drugs_that_it_is_about() -> None:
    one = disagreeing(
        saying("its days", "day 1", "day 2", "vincristine"),
        saying("the second day", "day 2", "day 3", "methotrexate IT"),
        saying("both", "day 1", "day 2", "[methotrexate IV, vincristine]"),
        saying("days of Vincristine", "day 1", "day 2"),
        saying("grade that counts", "grade 4", "grade 3 of methotrexate"),
        saying("number of cycles", "four", "six"),
    )

    found = beside(one, regimen(name="two"))

    assert {
        "its days": ("vincristine",),
        "the second day": ("methotrexate",),
        "both": ("vincristine", "methotrexate"),
        "days of Vincristine": ("vincristine",),
        "grade that counts": ("methotrexate",),
        "number of cycles": (),
    } == {told.entry.about: told.drugs for told in found.disagreements if told.said_by == ("one",)}


def test_every_reading_stands_with_its_citation_and_why_one_was_chosen() -> None:
    shown = lines_of(
        beside(disagreeing(saying("its days", "day 1", "day 2", "vincristine")), regimen(name="two")),
        "vinCRIStine, intravenous",
    )  # fmt: skip
    first = shown.index("• its days [one]")

    assert [
        "• its days [one]",
        "says day 1 (paper: Methods)",
        "says day 2 (other: Table 3)",
        "chosen day 1, because it is first",
    ] == shown[first : first + 4]


def test_one_about_two_drugs_is_told_in_full_once() -> None:
    both = saying("both", "day 1", "day 2", "[methotrexate IV, vincristine]")

    found = beside(disagreeing(both), regimen(name="two"))

    assert "• both [one]: see vinCRIStine above" in lines_of(found, "methotrexate, INTRATHECAL")
    assert 1 == render(found).count("• both [one]\n")


def test_two_of_one_name_about_two_drugs_are_two() -> None:
    """The formulary has a table by bilirubin for vincristine and another for doxorubicin."""
    text = render(
        beside(
            regimen(VINCRISTINE, giving("doxorubicin", "IV", "dose: 50 mg/m2, days: [4]")),
            regimen(name="two"),
        )
    )

    assert 2 == text.count("• dose by bilirubin [formulary]\n")
    assert "three quarters at 2 to 3 mg/dL" in text


def test_what_two_protocols_say_alike_stands_once() -> None:
    entry = saying("its days", "day 1", "day 2", "vincristine")

    found = beside(disagreeing(entry), disagreeing(entry, name="two"))

    assert [("one", "two")] == [
        told.said_by for told in found.disagreements if told.entry.about == "its days"
    ]


# -- the whole -------------------------------------------------------------------------------------


def test_sources_are_those_that_are_named_and_a_publication_stands_once() -> None:
    entry = saying("its days", "day 1", "day 2", "vincristine")
    one = disagreeing(entry)
    longer = regimen(VINCRISTINE.replace("paper", "other"), name="two")
    longer = attrs.evolve(
        longer,
        sources=tuple(
            attrs.evolve(s, cite="Another paper (NCT1)") if s.key == "other" else s
            for s in longer.sources
        ),
    )

    found = [
        (told.source.key, told.source.cite, told.said_by)
        for told in beside(one, longer).sources
        if not any(said.startswith("formulary") for said in told.said_by)
    ]

    # The kinds of cycle of both rest on the paper of each.
    assert [
        ("other", "Another paper (NCT1)", ("one", "two")),
        ("paper", "Paper of one", ("one",)),
        ("paper", "Paper of two", ("two",)),
    ] == found


def test_two_of_one_id_are_called_as_the_user_named_them() -> None:
    found = beside(regimen(), attrs.evolve(regimen(), version="1.1.0"))

    assert ["one-1.yaml", "one-2.yaml"] == [told.label for told in found.regimens]
    assert "\none-2.yaml: one 1.1.0 (sha256 " in render(found)


def test_only_the_drugs_that_are_asked_for_are_told() -> None:
    entries = saying("its days", "1", "2", "vincristine"), saying("number of cycles", "4", "6")
    whole = disagreeing(*entries)

    found = beside(whole, regimen(name="two"), only=["methotrexate"])

    assert ["methotrexate IV", "methotrexate IT"] == [f"{b.drug} {b.route}" for b in found.blocks]
    assert {("methotrexate",)} == {told.drugs for told in found.disagreements}
    assert "vinCRIStine" not in render(found)


def test_a_regimen_and_its_copy_differ_in_nothing() -> None:
    one = disagreeing(saying("its days", "day 1", "day 2", "vincristine"))

    found = beside(one, attrs.evolve(one, id="copy"))

    assert not found.differs
    assert "  differs   " not in render(found)


def test_a_drug_that_one_of_them_does_not_give_is_a_difference() -> None:
    found = beside(regimen(), disagreeing(saying("x", "1", "2"), name="two"))

    assert found.differs


def test_amounts_are_never_rounded() -> None:
    one = with_sigs("dose: 0.30000001 mg/m2, days: [1]")
    other = with_sigs("dose: 0.3 mg/m2, days: [1]", name="two")

    assert ["dose"] == differing(one, other)
    assert parse("0.30000001 mg/m2").text() in render(beside(one, other))
