"""Limits over a cycle and over a lifetime: what counts, what passes, what is lacking.

Cycles of 21 days begin on 2026-03-02, 23 and 04-13. In what is expected, ~ is a no-break space.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.engine import drug_text, policy_with, read_drug
from tests.scenes import HERE, protocol, row, scene, treatment

from protoplan.model.condition import Bounds, Test
from protoplan.model.exposure import Exposure, LimitLine
from protoplan.model.order import GivenDose
from protoplan.model.plan import Administration, Finding, Measure, Unresolved
from protoplan.model.safety import Equivalent, Limit
from protoplan.model.treatment import EarlierExposure, LabValue
from protoplan.planning.safety.limits import counted, lacking, limits_of, lines_of, look
from protoplan.planning.scene import Scene
from protoplan.problems import Severity
from protoplan.quantity import Quantity, parse
from protoplan.source import Citation, Grounds

GROUNDS = Grounds(
    Citation("label", "all of it"),
    (("most", "of the most"),),
    (("cycles", Citation("paper", "of the cycles")),),
)


def limit(
    most: str = "", *, about: str = "alpha/sum", drug: str = "alpha", over: str = "lifetime",
    cycles: int | None = None, **more: Any,
) -> Limit:  # fmt: skip
    plain = Limit(
        about, drug, parse(most) if most else None, cycles, over, None, False, Severity.STOP, None,
        GROUNDS, HERE,
    )  # fmt: skip
    return attrs.evolve(plain, **more)


def dose(
    name: str, amount: str | None = "100 mg", ordered: str | None = "", bsa: str | None = None,
    given: GivenDose | None = None, **more: Any,
) -> Administration:  # fmt: skip
    """A dose before rounding, and as it is ordered where that is otherwise."""
    adjusted = None if amount is None else parse(amount)
    fields = {"adjusted": adjusted, "bsa": None if bsa is None else Decimal(bsa)}
    made = parse(ordered) if ordered else None if ordered is None else adjusted
    return row(name, made, order=fields, given=given, **more)


def gave(amount: str, bsa: str | None = None) -> GivenDose:
    area = None if bsa is None else Decimal(bsa)
    return GivenDose(parse(amount), None, None, area, None, True, HERE)


def measure(on: date, bsa: str) -> Measure:
    area = Decimal(bsa)
    return Measure(on, parse("180 cm"), parse("80 kg"), area, area, "mosteller", "", HERE)


#: 2 m² from the start, 1.6 m² from the second cycle on.
MEASURES = (measure(date(2026, 3, 2), "2"), measure(date(2026, 3, 23), "1.6"))


def looked(
    rows: Sequence[Administration],
    *limits: Limit,
    earlier: Sequence[tuple[str, str]] | None = (),
    choices: Mapping[str, str] | None = None,
    **more: Any,
) -> Scene:
    """A scene whose protocol has these limits; earlier treatment as drug and amount."""
    before = None if earlier is None else tuple(
        EarlierExposure(drug, parse(amount), HERE) for drug, amount in earlier
    )  # fmt: skip
    fields: dict[str, Any] = {
        "protocol": attrs.evolve(protocol(), limits=limits),
        "treatment": attrs.evolve(treatment(), earlier=before),
        "policy": policy_with(choices or {}),
        "measures": MEASURES,
    }
    return scene(rows, **{**fields, **more})


def found(*args: Any, **more: Any) -> list[Finding]:
    return list(look(looked(*args, **more)))


def stop(text: str, *ids: str, source: str = "assumed: of the most") -> Finding:
    return Finding("PF231", Severity.STOP, text.replace("~", "\N{NO-BREAK SPACE}"), ids, source)


ONE, TWO, THREE = (f"{cycle}.d1.alpha.IV.1" for cycle in (1, 2, 3))
DOSES = (dose(ONE), dose(TWO), dose(THREE))


# -- which limits hold ------------------------------------------------------------------------------


def test_the_formulary_s_limits_hold_then_the_protocol_s_which_replace_those_about_the_same() -> (
    None
):
    def label(about: str) -> str:
        return f"limits:\n  - {{about: {about}, most: 1 mg, over: lifetime, source: [label, s]}}"

    own = (limit("9 mg", about="beta/sum"), limit("8 mg", about="other", drug="beta"),
           limit("7 mg", about="gone", drug="gamma"))  # fmt: skip
    at = looked(
        (row("1.d1.beta.IV.1", status="held"), dose("1.d2.alpha.IV.1"), dose("1.d2.alpha.IT.1")),
        *own,
        labels={"alpha": label("alpha/sum"), "beta": label("beta/sum"), "gamma": label("g/sum")},
    )

    assert [("alpha/sum", "alpha"), ("beta/sum", "alpha"), ("other", "beta")] == [
        (one.about, one.drug) for one in limits_of(at)
    ]


def test_the_formulary_s_limits_stand_in_the_order_in_which_drugs_are_planned() -> None:
    labels = {
        name: f"limits:\n  - {{about: {name}/sum, most: 1 mg, over: lifetime, source: [label, s]}}"
        for name in ("alpha", "beta")
    }
    at = looked((dose("1.d1.beta.IV.1"), dose(ONE)), labels=labels)

    assert ["beta/sum", "alpha/sum"] == [one.about for one in limits_of(at)]


@pytest.mark.parametrize(("stated", "holds"), [("yes", True), ("no", False), (None, False)])
def test_a_limit_holds_when_its_condition_does(stated: str | None, holds: bool) -> None:
    when = Test("fact", "transplant_planned", ("yes",), None, HERE)
    at = looked(DOSES, limit("1 mg", when=when))
    facts = {} if stated is None else {"transplant_planned": stated}

    assert holds == bool(limits_of(attrs.evolve(at, state=attrs.evolve(at.state, facts=facts))))


@pytest.mark.parametrize(("taken", "holds"), [(2, True), (1, True), (3, False)])
def test_whether_a_limit_holds_is_asked_for_the_day_of_the_start(taken: int, holds: bool) -> None:
    """The treatment begins on the 2nd; what is taken after it is not known on it."""
    value = LabValue(date(2026, 3, taken), "bilirubin", parse("3 mg/dL"), HERE)
    when = Test("lab", "bilirubin", (), Bounds(above=parse("2 mg/dL")), HERE)
    at = looked(DOSES, limit("1 mg", when=when))
    state = attrs.evolve(at.state, labs={"bilirubin": (value,)})

    assert holds == bool(limits_of(attrs.evolve(at, state=state)))


# -- what passes ------------------------------------------------------------------------------------


def test_the_limit_itself_may_be_reached() -> None:
    assert [] == found(DOSES, limit("300 mg"))
    assert [stop("alpha comes to 300 mg in all, with earlier treatment, past 299~mg", ONE, TWO,
                 THREE)] == found(DOSES, limit("299 mg"))  # fmt: skip


def test_a_limit_over_a_cycle_is_told_for_each_cycle_that_passes_it() -> None:
    rows = (dose(ONE), dose(TWO), dose("2.d8.alpha.IV.1"), dose(THREE, "150.5 mg"))

    assert found(rows, limit("150 mg", over="cycle", otherwise=Severity.WARNING, says="so it is"),
                 earlier=[("alpha", "1000 mg")]) == [
        attrs.evolve(stop(text, *ids), severity=Severity.WARNING)
        for text, ids in (
            ("alpha comes to 200 mg in cycle 2, past 150~mg: so it is", (TWO, "2.d8.alpha.IV.1")),
            ("alpha comes to 150.5 mg in cycle 3, past 150~mg: so it is", (THREE,)),
        )
    ]  # fmt: skip


def test_a_limit_of_cycles_counts_those_in_which_the_drug_is_given_by_any_route() -> None:
    rows = (
        dose(ONE), dose("1.d8.alpha.IV.1"), dose("2.d1.alpha.IT.1"),
        dose(THREE, status="held"),
    )  # fmt: skip
    told = stop(
        "alpha comes to 2 cycles in all, with earlier treatment, past 1 cycle",
        ONE, "1.d8.alpha.IV.1", "2.d1.alpha.IT.1", source="paper: of the cycles",
    )  # fmt: skip

    assert [] == found(rows, limit(cycles=2))
    assert [told] == found(rows, limit(cycles=1))
    none = "alpha comes to 2 cycles in all, with earlier treatment, past 0 cycles"
    assert [none] == [one.message for one in found(rows, limit(cycles=0))]
    assert 1 == len(found(rows[:1], limit(cycles=0)))
    # How much was given before says nothing of cycles, nor does it lack.
    assert [told] == found(rows, limit(cycles=1), earlier=None)
    assert () == lacking(counted(looked(rows, limit(cycles=2), earlier=None)))


def test_each_limit_is_looked_at() -> None:
    limits = (limit("300 mg", about="a"), limit("200 mg", about="b"), limit("100 mg", about="c"))

    assert ["past 200 mg", "past 100 mg"] == [
        one.message.split(", ")[-1].replace("\N{NO-BREAK SPACE}", " ")
        for one in found(DOSES, *limits)
    ]


# -- what counts ------------------------------------------------------------------------------------


#: One order of both: 2.5 m² of its own, and none.
OF_ONE = dose(ONE, bsa="2.5", given=gave("100 mg"), status="given")
FLAT = dose(ONE)


@pytest.mark.parametrize(
    ("rows", "most", "total"),
    [
        # Of one order each is counted as it was given, and over the surface area of its own day.
        ((OF_ONE, attrs.evolve(OF_ONE, given=gave("70 mg"))), "1 mg/m2", "68 mg/m²"),
        ((OF_ONE, attrs.evolve(OF_ONE, given=gave("100 mg", "5"))), "1 mg/m2", "60 mg/m²"),
        ((FLAT, attrs.evolve(dose(TWO), order=FLAT.order)), "1 mg/m2", "112.5 mg/m²"),
        ((FLAT, FLAT, attrs.evolve(dose(TWO), order=FLAT.order)), "1 mg/m2", "162.5 mg/m²"),
        # An intrathecal dose does not count, nor one that is not given or not resolved.
        ((dose(ONE), dose("1.d1.alpha.IT.1")), "1 mg", "100 mg"),
        ((dose(ONE, status="omitted"), dose(TWO)), "1 mg", "100 mg"),
        ((dose(ONE, None, None, status="unresolved"), dose(TWO)), "1 mg", "100 mg"),
        ((dose(ONE, None, "70 mg"), dose(TWO)), "1 mg", "100 mg"),
        ((dose(ONE, "70 mg", None), dose(TWO)), "1 mg", "100 mg"),
        # Before rounding or as ordered, whichever is more in all: 105 + 100, 101 + 103.
        ((dose(ONE, "105 mg", "101 mg"), dose(TWO, "100 mg", "103 mg")), "1 mg", "205 mg"),
        ((dose(ONE, "105 mg", "109 mg"), dose(TWO, "100 mg", "103 mg")), "1 mg", "212 mg"),
        # In the unit of the limit.
        ((dose(ONE, "2000 mg"), dose(TWO, "0.5 g")), "1 g", "2.5 g"),
        ((dose(ONE, "2 g"), dose(TWO, "500 mcg")), "1 mg", "2,000.5 mg"),
        # What was given counts in place of what is ordered.
        ((dose(ONE, given=gave("70 mg"), status="given"), dose(TWO)), "1 mg", "170 mg"),
        ((dose(ONE, None, None, given=gave("70 mg"), status="given"),), "1 mg", "70 mg"),
        # Over the surface area that was given by, ordered by, or of the day: 2 m², then 1.6 m².
        ((dose(ONE), dose(TWO)), "1 mg/m2", "112.5 mg/m²"),
        ((dose(ONE, bsa="2.5"), dose(TWO, bsa="4")), "1 mg/m2", "65 mg/m²"),
        ((dose(ONE, bsa="2.5", given=gave("100 mg", "5"), status="given"),), "1 mg/m2",
         "20 mg/m²"),
        ((dose(ONE, bsa="2.5", given=gave("100 mg"), status="given"),), "1 mg/m2", "40 mg/m²"),
        ((dose(TWO, given=gave("100 mg"), status="given"),), "1 mg/m2", "62.5 mg/m²"),
        # 100 / 2.4 is 41.666…
        ((dose(ONE, bsa="2.4"),), "1 mg/m2", "41.6667 mg/m²"),
        # A flat limit asks for no surface area.
        ((dose(ONE, bsa="2.5", given=gave("100 mg", "5"), status="given"),), "1 mg", "100 mg"),
    ],
)  # fmt: skip
def test_what_counts_against_a_limit(
    rows: tuple[Administration, ...], most: str, total: str
) -> None:
    (finding,) = found(rows, limit(most))

    assert f"alpha comes to {total} in all, with earlier treatment, past " == (
        finding.message.partition("past ")[0] + "past "
    )


@pytest.mark.parametrize(
    ("earlier", "most", "total"),
    [
        ((), "299 mg", "300 mg"),
        (None, "299 mg", "300 mg"),
        ([("alpha", "50 mg")], "349 mg", "350 mg"),
        ([("alpha", "50 mg"), ("alpha", "0.1 g")], "449 mg", "450 mg"),
        ([("beta", "50 mg")], "299 mg", "300 mg"),
        # In another unit it cannot be counted.
        ([("alpha", "50 mg/m2")], "299 mg", "300 mg"),
        ([("alpha", "50 mg"), ("alpha", "50 mg/m2")], "299 mg", "300 mg"),
    ],
)
def test_earlier_treatment_counts_over_a_lifetime(
    earlier: Sequence[tuple[str, str]] | None, most: str, total: str
) -> None:
    (finding,) = found(DOSES, limit(most), earlier=earlier)

    assert finding.message.startswith(f"alpha comes to {total} in all, with earlier treatment, ")


def equal(table: str, factor: str, to: str = "alpha") -> Equivalent:
    return Equivalent(to, table, Decimal(factor), Grounds(), HERE)


def drug(name: str, *equivalents: Equivalent) -> dict[str, Any]:
    return {name: attrs.evolve(read_drug(drug_text(name)), equivalents=equivalents)}


BETA = drug("beta", equal("one", "0.5"), equal("two", "0.75"), equal("one", "9", "delta"))
PICKED = {"alpha/equivalents": "one"}


@pytest.mark.parametrize(
    ("earlier", "choices", "known", "counts"),
    [
        # 100 × 0.5, 100 × 0.75; of alpha itself all counts.
        ([("beta", "100 mg")], PICKED, BETA, "50"),
        ([("beta", "100 mg")], {"alpha/equivalents": "two"}, BETA, "75"),
        ([("beta", "100 mg"), ("alpha", "7 mg"), ("beta", "1 g")], PICKED, BETA, "557"),
        # Where no table is picked, or the drug is not known, or counts for others, nothing counts.
        ([("beta", "100 mg")], {}, BETA, "0"),
        ([("beta", "100 mg"), ("alpha", "7 mg")], PICKED, {}, "7"),
        ([("gamma", "100 mg")], PICKED, drug("gamma", equal("one", "2", "delta")), "0"),
        # The table that is picked does not know it; in another unit it cannot be counted.
        ([("beta", "100 mg")], {"alpha/equivalents": "three"}, BETA, None),
        ([("alpha", "7 mg"), ("beta", "100 mg")], {"alpha/equivalents": "three"}, BETA, None),
        ([("beta", "100 mg/m2")], PICKED, BETA, None),
        (None, PICKED, BETA, None),
    ],
)
def test_other_drugs_count_by_the_table_that_the_policy_picks(
    earlier: Sequence[tuple[str, str]] | None,
    choices: Mapping[str, str],
    known: dict[str, Any],
    counts: str | None,
) -> None:
    at = looked(
        DOSES, limit("5 g", equivalents=True), earlier=earlier, choices=choices, earlier_drugs=known
    )
    (line,) = lines_of(EXPOSURE, counted(at), at)
    # 300 mg are planned.
    total = None if counts is None else Fraction(300 + int(counts), 1000)

    assert (total, choices.get("alpha/equivalents")) == (line.value, line.by)
    assert (counts is None) == bool(lacking(counted(at)))


def test_without_equivalents_other_drugs_count_nothing_whatever_the_policy_picks() -> None:
    at = looked(DOSES, limit("5 g"), earlier=[("beta", "1 g")], choices=PICKED, earlier_drugs=BETA)
    (line,) = lines_of(EXPOSURE, counted(at), at)

    assert (Fraction(3, 10), None) == (line.value, line.by)


# -- what is lacking --------------------------------------------------------------------------------


def lack(about: str, unit: str) -> Unresolved:
    wanted = f"earlier alpha: state earlier_exposure in {unit}, or none"
    return Unresolved(f"limit {about}", ("earlier_exposure",), (wanted,), ())


def test_without_earlier_treatment_a_lifetime_cannot_be_judged() -> None:
    limits = (
        limit("300 mg", about="a"),
        limit("299 mg", about="b"),
        limit("1 mg", about="c", over="cycle"),
        limit("1 g/m2", about="d"),
    )

    assert (lack("a", "mg"), lack("d", "g/m2")) == lacking(
        counted(looked(DOSES, *limits, earlier=None))
    )
    assert () == lacking(counted(looked(DOSES, *limits, earlier=())))
    assert (lack("d", "g/m2"),) == lacking(
        counted(looked(DOSES, *limits, earlier=[("alpha", "1 mg")]))
    )


def test_of_a_drug_that_is_not_given_nothing_is_lacking() -> None:
    held = (dose(ONE, status="held"), dose("1.d1.alpha.IT.1"))

    assert () == lacking(counted(looked(held, limit("300 mg"), earlier=None)))


# -- how a limit stands -----------------------------------------------------------------------------

EXPOSURE = Exposure("alpha", "IV", "mg", None, None, None, 3)


def line(**more: Any) -> LimitLine:
    plain = LimitLine(
        about="alpha/sum", most=parse("400 mg"), cycles=None, over="lifetime", cycle=None,
        value=Fraction(300), unit="mg", passed=False, by=None, says=None,
        source="assumed: of the most",
    )  # fmt: skip
    return attrs.evolve(plain, **more)


def most(text: str) -> dict[str, Quantity]:
    return {"most": parse(text)}


LATER = (dose("3.d8.alpha.IV.1", None, None, status="unresolved"),)
OPEN = (*DOSES, *LATER)


@pytest.mark.parametrize(
    ("rows", "one", "earlier", "expected"),
    [
        (DOSES, limit("400 mg", says="so it is"), (), line(says="so it is")),
        (DOSES, limit("300 mg"), (), line(**most("300 mg"))),
        (DOSES, limit("299 mg"), (), line(**most("299 mg"), passed=True)),
        (DOSES, limit("400 mg"), [("alpha", "100 mg")], line(value=Fraction(400))),
        (DOSES, limit("400 mg"), [("alpha", "101 mg")], line(value=Fraction(401), passed=True)),
        # What is not known may be past it already.
        (DOSES, limit("400 mg"), None, line(value=None, passed=None)),
        (DOSES, limit("299 mg"), None, line(**most("299 mg"), value=None, passed=True)),
        (OPEN, limit("400 mg"), (), line(value=None, passed=None)),
        (OPEN, limit("299 mg"), (), line(**most("299 mg"), value=None, passed=True)),
        # The cycle that comes nearest.
        ((dose(ONE), dose(TWO, "120 mg"), dose(THREE)), limit("400 mg", over="cycle"), None,
         line(over="cycle", cycle="2", value=Fraction(120))),
        # What is open in another cycle may bring that one nearer; a limit that is passed, is.
        ((dose(ONE, "120 mg"), *LATER), limit("130 mg", over="cycle"), None,
         line(**most("130 mg"), over="cycle", cycle="1", value=None, passed=None)),
        ((dose(ONE, "120 mg"), *LATER), limit("119 mg", over="cycle"), None,
         line(**most("119 mg"), over="cycle", cycle="1", value=None, passed=True)),
        (DOSES, limit(cycles=2), None,
         line(most=None, cycles=2, value=Fraction(3), unit="cycles", passed=True,
              source="paper: of the cycles")),
        (OPEN, limit(cycles=3), None,
         line(most=None, cycles=3, value=Fraction(3), unit="cycles",
              source="paper: of the cycles")),
    ],
)  # fmt: skip
def test_how_a_limit_stands(
    rows: tuple[Administration, ...],
    one: Limit,
    earlier: Sequence[tuple[str, str]] | None,
    expected: LimitLine,
) -> None:
    at = looked(rows, one, earlier=earlier)
    assert (expected,) == lines_of(EXPOSURE, counted(at), at)


def test_every_limit_on_the_drug_stands_and_no_other() -> None:
    limits = (
        limit("1 g", about="a", drug="beta"),
        limit("1 g", about="b"),
        limit("1 g", about="c", over="cycle"),
        limit("1 g", about="d"),
    )
    rows = (*DOSES, dose("1.d1.beta.IV.1"))
    at = looked(rows, *limits)

    assert ["b", "c", "d"] == [one.about for one in lines_of(EXPOSURE, counted(at), at)]
    assert ["a"] == [
        one.about for one in lines_of(attrs.evolve(EXPOSURE, drug="beta"), counted(at), at)
    ]
    assert () == lines_of(attrs.evolve(EXPOSURE, route="IT"), counted(at), at)


def test_of_a_drug_that_is_not_given_no_cycle_comes_near() -> None:
    at = looked((dose(ONE, status="held"),), limit("1 g", over="cycle"), limit("1 g", about="b"))

    assert ["b"] == [one.about for one in lines_of(EXPOSURE, counted(at), at)]
