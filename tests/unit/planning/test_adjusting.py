"""Caps: which of several hold, what each says of itself and of what it stands on."""

import attrs
import pytest

from protoplan.api import drug
from protoplan.model.component import Days, DoseCap, Sig
from protoplan.model.formulary import Cap, Drug
from protoplan.model.order import Adjustment, Step
from protoplan.planning.adjusting import adjust, largest
from protoplan.quantity import parse
from protoplan.source import Citation, Grounds, Place

SIG_AT, CAP_AT, LABEL_AT = Place("sig", 1, 1), Place("cap", 2, 2), Place("label", 3, 3)
LABEL = Grounds(Citation("label", "whole"), borrowed=(("dose", Citation("label", "dose")),))
PAPER = Grounds(Citation("paper", "Methods"))


def cap(dose: str, *routes: str) -> Cap:
    return Cap(f"alpha/{dose}", parse(dose), routes, LABEL, LABEL_AT)


def with_caps(*caps: Cap) -> Drug:
    return attrs.evolve(drug("vincristine"), id="alpha", caps=caps)


def sig(stated: str | None = None) -> Sig:
    """A sig without a cap, with one, or with the statement that there is ``none``."""
    own = stated and DoseCap(None if stated == "none" else parse(stated), CAP_AT)
    return Sig(
        dose=parse("1 mg"),
        rate=None,
        where=None,
        when=None,
        days=Days(((1, 1),), SIG_AT),
        begins=None,
        every=None,
        doses=None,
        times_a_day=1,
        over=None,
        repeat=None,
        cap=own or None,
        ramp=None,
        window=None,
        grounds=PAPER,
        at=SIG_AT,
    )


#: Two for some routes, one for all: 3 mg by vein, 2 mg under the skin, 5 mg by any route.
BY_ROUTE = with_caps(cap("3 mg", "IV"), cap("2 mg", "SC", "IM"), cap("5 mg"))


@pytest.mark.parametrize(
    ("route", "most"), [("IV", "3 mg"), ("SC", "2 mg"), ("IM", "2 mg"), ("PO", "5 mg")]
)
def test_a_cap_for_some_routes_holds_for_those_alone(route: str, most: str) -> None:
    found = adjust(parse("10 mg"), sig(), route, BY_ROUTE, PAPER)

    assert (parse(most), parse(most)) == (found.amount, found.largest)
    assert parse(most) == largest(sig(), route, BY_ROUTE)


def test_a_cap_for_another_route_alone_is_none() -> None:
    found = adjust(parse("10 mg"), sig(), "IV", with_caps(cap("2 mg", "IT")), PAPER)

    assert (parse("10 mg"), None, (), ()) == (
        found.amount, found.largest, found.adjustments, found.steps,
    )  # fmt: skip
    assert None is largest(sig(), "IV", with_caps(cap("2 mg", "IT")))


@pytest.mark.parametrize("caps", [("1500 mcg", "2 mg", "0.01 g"), ("0.01 g", "2 mg", "1500 mcg")])
def test_of_several_caps_the_smallest_amount_holds_in_whatever_unit(caps: tuple[str, ...]) -> None:
    """1500 mcg is 1.5 mg, and 0.01 g is 10 mg; by their numbers the order is another."""
    held = with_caps(*map(cap, caps))

    found = adjust(parse("12 mg"), sig(), "IV", held, PAPER)

    assert (parse("1.5 mg"), parse("1500 mcg")) == (found.amount, found.largest)
    assert parse("1500 mcg") == largest(sig(), "IV", held)


def test_each_cap_stands_in_the_working_with_its_source_and_place() -> None:
    """10 mg, to 3 mg, and then not above 5 mg."""
    found = adjust(parse("10 mg"), sig(), "IV", BY_ROUTE, PAPER)

    ten, three = parse("10 mg"), parse("3 mg")
    lowered = "lowered to the largest dose of 3\xa0mg"
    assert (
        Step("cap", ten, three, lowered, "label: dose", LABEL_AT),
        Step("cap", three, three, "not above the largest dose of 5\xa0mg", "label: dose", LABEL_AT),
    ) == found.steps
    assert (Adjustment("alpha/3 mg", ten, three, lowered, "label: dose"),) == found.adjustments


def test_a_protocol_s_own_cap_stands_in_the_working_beside_the_one_that_gave_way() -> None:
    found = adjust(parse("10 mg"), sig("4 mg"), "IV", BY_ROUTE, PAPER)

    ten, four = parse("10 mg"), parse("4 mg")
    gone = "gives way to the protocol's: 4\xa0mg"
    lowered = "lowered to the largest dose of 4\xa0mg"
    assert (
        Step(
            "cap",
            ten,
            ten,
            f"the formulary's largest dose of 3\xa0mg {gone}",
            "label: dose",
            LABEL_AT,
        ),
        Step(
            "cap",
            ten,
            ten,
            f"the formulary's largest dose of 5\xa0mg {gone}",
            "label: dose",
            LABEL_AT,
        ),
        Step("cap", ten, four, lowered, "paper: Methods", CAP_AT),
    ) == found.steps
    assert (
        Adjustment("alpha/largest-dose", ten, four, lowered, "paper: Methods"),
    ) == found.adjustments
    assert (four, four) == (found.largest, largest(sig("4 mg"), "IV", BY_ROUTE))


def test_a_protocol_that_states_no_cap_has_none() -> None:
    found = adjust(parse("10 mg"), sig("none"), "IV", BY_ROUTE, PAPER)

    ten = parse("10 mg")
    assert (ten, None) == (found.amount, found.largest)
    assert None is largest(sig("none"), "IV", BY_ROUTE)
    assert [
        (ten, ten, "the formulary's largest dose of 3\xa0mg gives way to the protocol's: none"),
        (ten, ten, "the formulary's largest dose of 5\xa0mg gives way to the protocol's: none"),
    ] == [(step.before, step.after, step.why) for step in found.steps]


def test_a_dose_exactly_on_its_cap_is_not_changed() -> None:
    found = adjust(parse("5 mg"), sig(), "PO", BY_ROUTE, PAPER)

    assert (parse("5 mg"), ()) == (found.amount, found.adjustments)
    assert ["not above the largest dose of 5\xa0mg"] == [step.why for step in found.steps]


@pytest.mark.parametrize(
    ("grounds", "source"),
    [
        (Grounds(PAPER.source, (("days", "no day"), ("cap", "no cap"))), "assumed: no cap"),
        (Grounds(PAPER.source, (("days", "no day"), ("dose", "no dose"))), "paper: Methods"),
        (
            Grounds(PAPER.source, (), (("days", Citation("a", "b")), ("cap", Citation("c", "d")))),
            "c: d",
        ),
        (Grounds(PAPER.source, (), (("dose", Citation("a", "b")),)), "paper: Methods"),
    ],
)
def test_a_protocol_s_cap_stands_on_what_is_said_of_the_cap_alone(
    grounds: Grounds, source: str
) -> None:
    found = adjust(parse("10 mg"), sig("4 mg"), "IV", with_caps(), grounds)

    assert [source] == [step.source for step in found.steps]
