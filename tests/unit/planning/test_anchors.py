"""Times that hang on other doses: on whose, in what order, and what must be chosen first."""

from datetime import timedelta
from functools import cache

import attrs
import pytest
from tests.engine import drug_text, formulary, protocol_text

from protoplan import files
from protoplan.model.component import Anchor, Component, Days, Sig
from protoplan.model.option import Answer, OptionRef
from protoplan.model.protocol import Protocol
from protoplan.planning.anchors import anchors_of, days_of, in_order, length_of, unchosen
from protoplan.planning.known import Known
from protoplan.quantity import parse
from protoplan.source import Place

HERE, THERE = Place("made-up.yaml", 1, 1), Place("made-up.yaml", 9, 9)


@cache
def made_up() -> Protocol:
    with formulary(drug_text("alpha")):
        found: Protocol = files.load_text(protocol_text(), "made-up.yaml")[1]
    return found


def ref(name: str) -> OptionRef:
    return OptionRef(name, THERE)


def sig(
    line: int,
    to: str | None = "",
    edge: str = "end",
    days: Days | OptionRef | None = None,
    over: int | OptionRef | None = None,
) -> Sig:
    """A sig, told from others by its line; it hangs on *to*, None being the sig above."""
    (one,) = made_up().components[0].sigs
    begins = None if to == "" else Anchor(to, edge, 60, HERE)
    return attrs.evolve(one, begins=begins, days=days, over=over, at=Place("made-up.yaml", line, 1))


def component(name: str, *sigs: Sig) -> Component:
    drug, route = name.split()
    return attrs.evolve(made_up().components[0], drug=drug, route=route, sigs=sigs)


def protocol(*components: Component) -> Protocol:
    return attrs.evolve(made_up(), components=components)


def knowing(**answers: Answer | None) -> Known:
    return Known(answers, {}, {}, {}, {}, 7)


def lines(*sigs: Sig) -> list[int]:
    return [one.at.line for one in sigs]


# -- on whose doses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "to", "expected"),
    [
        (0, "", []),
        (2, "", []),
        # The sig above, where there is one.
        (0, None, []),
        (1, None, [1]),
        (2, None, [2]),
        # All sigs of a drug and route, wherever they stand, but not the sig itself.
        (1, "beta IV", [4, 5, 6]),
        (1, "alpha IV", [1, 3]),
        (1, "beta PO", [7]),
        (1, "beta IT", []),
    ],
)
def test_a_time_hangs_on_the_sig_above_or_on_a_drug(
    place: int, to: str | None, expected: list[int]
) -> None:
    sigs = [sig(1), sig(2), sig(3)]
    sigs[place] = sig(place + 1, to)
    alpha = component("alpha IV", *sigs)
    whole = protocol(
        component("beta IV", sig(4), sig(5)),
        alpha,
        component("beta PO", sig(7)),
        component("beta IV", sig(6)),
    )

    assert expected == lines(*anchors_of(alpha, alpha.sigs[place], whole))


# -- in what order ----------------------------------------------------------------------------------


def test_each_sig_stands_after_those_on_which_it_hangs_with_its_place_in_the_file() -> None:
    alpha = component("alpha IV", sig(0, "beta IV"), sig(1, None))
    beta = component("beta IV", sig(2, "gamma IV"), sig(3))
    gamma = component("gamma IV", sig(4))

    assert [(4, gamma, 4), (2, beta, 2), (3, beta, 3), (0, alpha, 0), (1, alpha, 1)] == [
        (place, part, one.at.line) for place, part, one in in_order(protocol(alpha, beta, gamma))
    ]


def test_what_hangs_on_nothing_stays_as_it_is_written() -> None:
    alpha, beta = component("alpha IV", sig(0), sig(1)), component("beta IV", sig(2))

    assert ((0, alpha, alpha.sigs[0]), (1, alpha, alpha.sigs[1]), (2, beta, beta.sigs[0])) == (
        in_order(protocol(alpha, beta))
    )


def test_sigs_that_hang_on_each_other_stand_once_each() -> None:
    """A check refuses them; it lays them out to say so."""
    whole = protocol(
        component("alpha IV", sig(0, "beta IV")),
        component("beta IV", sig(1, "gamma IV")),
        component("gamma IV", sig(2, "alpha IV")),
    )

    assert [2, 1, 0] == [place for place, _, _ in in_order(whole)]


# -- what must be chosen ----------------------------------------------------------------------------

CHOSEN = Days(((2, 2), (4, 4)), THERE)


@pytest.mark.parametrize(
    ("days", "answer", "expected"),
    [
        (None, None, None),
        (Days(((1, 3),), HERE), "2, 4", Days(((1, 3),), HERE)),
        (ref("days"), None, None),
        (ref("days"), "2, 4", CHOSEN),
        (ref("days"), "none", None),
        (ref("others"), "2, 4", None),
    ],
)
def test_days_are_those_printed_or_chosen(
    days: Days | OptionRef | None, answer: str | None, expected: Days | None
) -> None:
    assert expected == days_of(sig(1, days=days), knowing(days=answer))


@pytest.mark.parametrize(
    ("over", "answer", "expected"),
    [
        (None, "3 h", None),
        (90, "3 h", timedelta(minutes=90)),
        (ref("time"), None, None),
        (ref("time"), "3 h", timedelta(hours=3)),
        (ref("time"), "1.5 h", timedelta(minutes=90)),
        (ref("time"), "45 min", timedelta(minutes=45)),
        (ref("time"), "0.5 min", timedelta(seconds=30)),
        (ref("others"), "3 h", None),
    ],
)
def test_an_infusion_takes_as_long_as_printed_or_chosen(
    over: int | OptionRef | None, answer: str | None, expected: timedelta | None
) -> None:
    state = knowing(time=parse(answer) if answer else None)

    assert expected == length_of(sig(1, over=over), state)


def test_a_word_is_no_length_of_time() -> None:
    assert length_of(sig(1, over=ref("time")), knowing(time="slowly")) is None


DAYS, TIME = ref("days"), ref("time")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (sig(1), sig(2), ()),
        # Its own days, and those of the dose on which it hangs.
        (sig(1), sig(2, days=DAYS), (DAYS,)),
        (sig(1, days=DAYS), sig(2, None), (DAYS,)),
        (sig(1, days=DAYS), sig(2), ()),
        (sig(1, days=DAYS), sig(2, None, days=DAYS), (DAYS,)),
        # How long that dose takes, where its end is meant.
        (sig(1, over=TIME), sig(2, None), (TIME,)),
        (sig(1, over=TIME), sig(2, None, "start"), ()),
        (sig(1, over=60), sig(2, None), ()),
        (sig(1, over=TIME), sig(2), ()),
        (sig(1), sig(2, None, over=TIME), ()),
        (sig(1, days=DAYS, over=TIME), sig(2, None, days=ref("own")), (ref("own"), DAYS, TIME)),
    ],
)
def test_what_must_be_chosen_before_the_time_of_a_dose_is_known(
    first: Sig, second: Sig, expected: tuple[OptionRef, ...]
) -> None:
    alpha = component("alpha IV", first, second)
    whole = protocol(alpha)

    assert expected == unchosen(alpha, second, whole, knowing())
    assert expected == unchosen(alpha, second, whole, knowing(days=None, time=None, own=None))
    chosen = knowing(days="2, 4", time=parse("1 h"), own="1")
    assert () == unchosen(alpha, second, whole, chosen)


def test_what_must_be_chosen_is_looked_for_through_every_dose_between() -> None:
    """gamma hangs on the second of beta, that on the first of it, and that on alpha."""
    gamma = component("gamma IV", sig(4, "beta IV", "start"))
    whole = protocol(
        component("alpha IV", sig(1, days=DAYS, over=TIME)),
        component("beta IV", sig(2, "alpha IV", days=ref("own")), sig(3, None, "start")),
        gamma,
    )

    assert (ref("own"), DAYS, TIME) == unchosen(gamma, gamma.sigs[0], whole, knowing())


def test_sigs_that_hang_on_each_other_are_looked_at_once() -> None:
    alpha = component("alpha IV", sig(0, "beta IV"))
    whole = protocol(
        alpha,
        component("beta IV", sig(1, "gamma IV", days=DAYS)),
        component("gamma IV", sig(2, "alpha IV", over=TIME)),
    )

    assert (DAYS, TIME) == unchosen(alpha, alpha.sigs[0], whole, knowing())
