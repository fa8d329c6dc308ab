"""A protocol laid out without a patient: three cycles of 21 days, their doses and what is open."""

import pytest
from tests.engine import cited, component, drug_text, formulary, protocol_text, ready

from protoplan.model.skeleton import Row, Skeleton, Waiting
from protoplan.planning.skeleton import lay_out
from protoplan.quantity import parse

CYCLES = "  - {name: treatment, cycles: {1-3: only}, source: [paper, Methods]}"
ONE = CYCLES.replace("1-3", "1")
OPEN = (
    f"{CYCLES.replace('1-3', '1')}\n"
    "  - {name: upkeep, cycles: {2-3: only}, up_to: {option: months}, source: [paper, Methods]}"
)
#: Where the first cycle is the only one.
BEGINS = (("1", "only", 0),)


def option(name: str, offers: str, more: str = "") -> str:
    return f"  {name}: {{about: {name}, {offers}, {more}source: [paper, Methods]}}\n"


AMOUNT = option("amount", "between: [1 mg, 9 mg]")
DAYS = option("on", "days: 2")
CNS = "when: {fact: cns, is: active}"


def laid_out(
    sig: str = "{dose: 100 mg, days: [1]}",
    given: dict[str, str] | None = None,
    *,
    phases: str = ONE,
    options: str = "",
    label: str = "",
    components: str = "",
) -> Skeleton:
    options = f"options:\n{options}" if options else ""
    text = protocol_text(sig=sig, options=options, components=components).replace(CYCLES, phases)
    with formulary(drug_text("alpha", label), drug_text("beta")):
        prepared = ready(text)
    return lay_out(prepared.protocol, prepared.drugs, given or {})


def row(amount: str | None = "100 mg", day: int = 1, cycle: str = "1", **more: object) -> Row:
    """A dose of alpha."""
    largest, minutes = more.get("largest"), more.get("minutes")
    return Row(
        cycle, "only", "alpha", "IV", day, parse(amount) if amount else None,
        parse(largest) if isinstance(largest, str) else None,
        minutes if isinstance(minutes, int) else None,
    )  # fmt: skip


def waiting(*needs: str, cycle: str = "1", drug: str = "alpha") -> Waiting:
    return Waiting(cycle, drug, "IV", needs)


def test_each_cycle_has_its_day_and_its_doses() -> None:
    rows = tuple(row(day=day, cycle=cycle) for cycle in "123" for day in (1, 8))

    assert Skeleton(
        (("1", "only", 0), ("2", "only", 21), ("3", "only", 42)), (), rows, ()
    ) == laid_out("{dose: 100 mg, days: [1, 8]}", phases=CYCLES)  # fmt: skip


@pytest.mark.parametrize(
    ("sig", "expected"),
    [
        ("{dose: 100 mg, over: 90 min, days: [1]}", row(minutes=90)),
        # 3 × 28; 2 × 24 × 5; 48 × 2: a rate has no time of its own beside its days.
        ("{rate: 28 mcg/day, days: 1-3}", row("84 mcg")),
        ("{rate: 5 mcg/m2/h, days: 1-2}", row("240 mcg/m2")),
        ("{rate: 2 mg/h, days: 1-2}", row("96 mg")),
        ("{dose: 100 mg, cap: 80 mg, days: [1]}", row(largest="80 mg")),
        ("{dose: 100 mg, cap: none, days: [1]}", row()),
    ],
)
def test_a_dose_is_as_it_is_printed(sig: str, expected: Row) -> None:
    assert Skeleton(BEGINS, (), (expected,), ()) == laid_out(sig)


def test_the_largest_dose_of_the_formulary_holds_where_the_protocol_has_none() -> None:
    label = cited("caps", "about: alpha/largest-dose, dose: 50 mg")

    assert (row(largest="50 mg"),) == laid_out(label=label).rows
    assert (row(largest="80 mg"),) == laid_out(
        "{dose: 100 mg, cap: 80 mg, days: [1]}", label=label
    ).rows


@pytest.mark.parametrize(("route", "most"), [("IV", "50 mg"), ("IT", None)])
def test_the_largest_dose_of_the_formulary_may_be_that_of_a_route(
    route: str, most: str | None
) -> None:
    label = cited("caps", f"about: alpha/largest-dose, dose: 50 mg, routes: [{route}]")

    assert (row(largest=most),) == laid_out(label=label).rows


@pytest.mark.parametrize(("given", "amount"), [({}, None), ({"amount": "7 mg"}, "7 mg")])
def test_a_dose_that_is_to_be_chosen_has_the_amount_that_is_chosen(
    given: dict[str, str], amount: str | None
) -> None:
    sig = "{dose: {option: amount}, days: [1]}"

    assert Skeleton(BEGINS, (), (row(amount),), ()) == laid_out(sig, given, options=AMOUNT)


@pytest.mark.parametrize(
    ("given", "rows", "open_"),
    [
        ({}, (row(),), (waiting("cns"),)),
        ({"cns": "active"}, (row(),), ()),
        ({"cns": "negative"}, (), ()),
    ],
)
@pytest.mark.parametrize(
    "sig", [f"{{dose: 100 mg, days: [1], {CNS}}}", f"{{dose: 100 mg, days: [1]}}\n    {CNS}"]
)
def test_a_dose_waits_for_the_fact_that_decides_on_it(
    sig: str, given: dict[str, str], rows: tuple[Row, ...], open_: tuple[Waiting, ...]
) -> None:
    """It is laid out all the same, since it may be given."""
    assert Skeleton(BEGINS, (), rows, open_) == laid_out(sig, given)


@pytest.mark.parametrize(
    ("age", "rows", "open_"),
    [
        (None, (row(),), (waiting("age"),)),
        ("60", (row(),), ()),
        ("59", (), ()),
    ],
)
def test_a_dose_may_hang_on_an_age(
    age: str | None, rows: tuple[Row, ...], open_: tuple[Waiting, ...]
) -> None:
    sig = "{dose: 100 mg, days: [1], when: {measure: age, at_least: 60}}"

    assert Skeleton(BEGINS, (), rows, open_) == laid_out(sig, {"age": age} if age else {})


@pytest.mark.parametrize(
    ("given", "rows", "open_"),
    [
        ({"cns": "negative"}, (row(),), (waiting("on"),)),
        ({"cns": "negative", "on": "3, 5"}, (row(), row(day=3), row(day=5)), ()),
        ({}, (row(),), (waiting("cns", "on"),)),
    ],
)
def test_days_that_are_to_be_chosen_are_waited_for(
    given: dict[str, str], rows: tuple[Row, ...], open_: tuple[Waiting, ...]
) -> None:
    sig = (
        "{dose: 100 mg, days: [1]}\n"
        "      - {dose: 100 mg, days: {option: on}, when: {fact: cns, is: negative}}"
    )

    assert Skeleton(BEGINS, (), rows, open_) == laid_out(sig, given, options=DAYS)


def test_days_wait_for_what_decides_on_their_option() -> None:
    sig = "{dose: 100 mg, days: {option: on}}"
    asked = DAYS.replace("source", f"{CNS}, source")

    assert Skeleton(BEGINS, (), (), (waiting("cns"),)) == laid_out(sig, options=asked)


def test_cycles_that_may_not_come_about_have_no_day_and_their_doses_wait() -> None:
    """Beta is given in the third cycle alone."""
    months = option("months", "choices: [0, 1, 2]")
    beta = component("{dose: 5 mg, days: [1]}", cycles="[3]")

    assert Skeleton(
        (("1", "only", 0), ("2", "only", None), ("3", "only", None)),
        ("months",),
        (row(),),
        (waiting("months", cycle="2"), waiting("months", cycle="3"),
         waiting("months", cycle="3", drug="beta")),
    ) == laid_out(options=months, phases=OPEN, components=beta)  # fmt: skip
