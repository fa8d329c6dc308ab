"""What acts beside a dose: the medicines that are stated, and the plan's own drugs by their days."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from tests.engine import drug_text, formulary, policy_with, protocol_text, read_drug

from protoplan import files
from protoplan.model.formulary import Drug
from protoplan.model.treatment import Medicine
from protoplan.planning.comedication import own, taken
from protoplan.planning.conditions import known
from protoplan.planning.course import course
from protoplan.planning.known import Taken
from protoplan.planning.layout import Layouts
from protoplan.planning.schedule import Fate, Slot, slots
from protoplan.source import Place

HERE = Place("treatment.yaml", 1, 1)
ODD = "aliases: [Alphax]\nclasses:\n  odd: {source: [label, x]}\n  rare: {source: [label, x]}"
ALPHA, PLAIN = read_drug(drug_text("alpha", ODD)), read_drug(drug_text("beta"))


def day(month: int, number: int) -> date:
    return date(2026, month, number)


# ------------------------------------------------------------------------------- what is stated


def test_medicines_that_are_not_stated_stay_so_and_none_are_none() -> None:
    assert None is taken(None, {})
    assert () == taken([], {})


@pytest.mark.parametrize(
    ("written", "classes", "drug", "ids", "expected"),
    [
        # The formulary knows it: by all its names, of its classes.
        ("Alphax", None, ALPHA, {"alpha", "Alphax"}, {"odd", "rare"}),
        ("Alphax", ("strong", "odd"), ALPHA, {"alpha", "Alphax"}, {"odd", "rare", "strong"}),
        ("beta", None, PLAIN, {"beta"}, set()),
        ("beta", (), PLAIN, {"beta"}, set()),
        # It does not: what is stated is all that is known.
        ("herb", None, None, {"herb"}, None),
        ("herb", (), None, {"herb"}, set()),
        ("herb", ("strong",), None, {"herb"}, {"strong"}),
    ],
)
def test_a_medicine_has_its_names_and_its_classes_stated_or_of_the_formulary(
    written: str,
    classes: tuple[str, ...] | None,
    drug: Drug | None,
    ids: set[str],
    expected: set[str] | None,
) -> None:
    entry = Medicine(written, day(3, 1), day(3, 9), classes, HERE)
    formulary: Mapping[str, Drug] = {} if drug is None else {written: drug}

    assert (
        Taken(written, frozenset(ids), None if expected is None else frozenset(expected),
              day(3, 1), day(3, 9)),
    ) == taken([entry], formulary)  # fmt: skip


def test_medicines_stand_in_the_order_in_which_they_are_stated() -> None:
    found = taken([Medicine(name, None, None, None, HERE) for name in ("herb", "azole")], {})

    assert found is not None
    assert [("herb", None, None), ("azole", None, None)] == [
        (each.name, each.start, each.end) for each in found
    ]


# -------------------------------------------------------------------------- the plan's own drugs

BETA = """\
  - drug: beta
    in: only
    route: PO
    sigs:
      - SIG
    source: [paper, Methods]"""


def scheduled(sig: str, beta: str = "{dose: 1 mg, days: [21]}") -> tuple[Slot, ...]:
    """The doses of two cycles of 21 days from 2026-03-02, of a patient of whom nothing is known."""
    text = protocol_text(sig=sig, components=BETA.replace("SIG", beta)).replace("1-3", "1-2")
    with formulary(drug_text("alpha"), drug_text("beta")):
        protocol = files.load_text(text, "made-up.yaml")[1]
    state = known(protocol.options, {}, {})
    cycles = course(protocol, state, day(3, 2)).cycles
    return slots(Layouts(protocol), cycles, state, policy_with({}).clock)


def runs(rows: Sequence[Slot], drug: str = "alpha") -> list[tuple[str, str, tuple[str, ...]]]:
    """First and last day of each run of a drug, and what it lacks."""
    found = own(rows, {"alpha": ALPHA, "beta": PLAIN}).taken
    return [
        (f"{run.start:%m-%d}", f"{run.end:%m-%d}", run.needs) for run in found if drug in run.ids
    ]


def test_a_drug_of_the_plan_is_a_medicine_on_each_run_of_its_days() -> None:
    """Day 1 of cycle 2 is 23 March, so days 21 and 1 make one run."""
    assert [
        ("03-02", "03-03", ()), ("03-06", "03-06", ()), ("03-22", "03-24", ()),
        ("03-27", "03-27", ()), ("04-12", "04-12", ()),
    ] == runs(scheduled("{dose: 1 mg, days: [1, 2, 5, 21]}"))  # fmt: skip


def test_a_run_has_the_name_the_ids_and_the_classes_of_its_drug() -> None:
    found = own(scheduled("{dose: 1 mg, days: [1]}"), {"alpha": ALPHA, "beta": PLAIN}).taken

    assert Taken(
        "alpha", frozenset({"alpha", "Alphax"}), frozenset({"odd", "rare"}), day(3, 2), day(3, 2)
    ) == found[0]  # fmt: skip
    assert Taken("beta", frozenset({"beta"}), frozenset(), day(3, 22), day(3, 22)) == found[2]


def test_an_infusion_of_days_acts_to_the_day_of_its_end_and_one_of_hours_on_its_first() -> None:
    """Days 2 to 4 run to 10:00 of day 5."""
    assert [("03-03", "03-06", ()), ("03-24", "03-27", ())] == runs(
        scheduled("{rate: 1 mg/day, days: 2-4}")
    )
    assert [("03-02", "03-02", ()), ("03-23", "03-23", ())] == runs(
        scheduled("{dose: 1 mg, over: 22 h, days: [1]}")
    )


def test_doses_that_may_not_be_given_make_runs_of_their_own() -> None:
    sigs = "{dose: 1 mg, days: 1-2}\n      - {dose: 2 mg, days: 2-3, when: {fact: cns, is: active}}"

    assert [
        ("03-02", "03-03", ()), ("03-23", "03-24", ()),
        ("03-03", "03-04", ("cns",)), ("03-24", "03-25", ("cns",)),
    ] == runs(scheduled(sigs))  # fmt: skip


@pytest.mark.parametrize("status", ["held", "missed", "cancelled", "given", "unresolved"])
def test_a_dose_that_was_not_given_is_no_medicine_and_those_after_it_are(status: str) -> None:
    """What is unresolved counts as planned, as does what was given."""
    rows = list(scheduled("{dose: 1 mg, days: [1, 3, 5]}"))
    rows[0] = rows[0]._replace(fate=Fate(status, None, HERE))

    first = [("03-02", "03-02", ())] if status in ("given", "unresolved") else []
    assert [*first, ("03-04", "03-04", ()), ("03-06", "03-06", ())] == runs(rows)[: len(first) + 2]
