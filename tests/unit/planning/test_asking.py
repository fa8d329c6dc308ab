"""Which rules hold for a dose, and how each answers on its day; three cycles from 2026-03-02.

The second cycle begins on 23 March, the third on 13 April.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import attrs
import pytest
from tests.engine import (
    LABEL,
    drug_text,
    formulary,
    listed,
    policy_with,
    protocol_text,
    read_drug,
    rule,
)

from protoplan import files
from protoplan.model.catalogue import Catalogue
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import LabValue, Patient
from protoplan.planning.asking import Answered, Asker, Standing, standings
from protoplan.planning.conditions import known
from protoplan.planning.course import course
from protoplan.planning.known import Known, Own, Taken
from protoplan.planning.layout import Layouts
from protoplan.planning.schedule import Slot, slots
from protoplan.problems import Faulty, Severity
from protoplan.quantity import parse
from protoplan.source import Place

START = date(2026, 3, 2)
HERE = Place("treatment.yaml", 1, 1)
BETA = """\
  - drug: beta
    in: only
    route: PO
    sigs:
      - {dose: 7 mg, days: [1]}
    source: [paper, Methods]
  - drug: beta
    in: only
    route: IV
    sigs:
      - {dose: 7 mg, days: [2]}
    source: [paper, Methods]"""


@attrs.frozen
class Asked:
    """The rules of a protocol, and the doses of which they are asked."""

    protocol: Protocol
    rules: Mapping[str, Sequence[Standing]]
    rows: Sequence[Slot]
    state: Known

    def asker(self, days: Sequence[date] = (START, date(2026, 5, 3))) -> Asker:
        return Asker(self.rules, self.state, days)

    def dose(self, day: str, drug: str = "alpha", route: str = "IV") -> Slot:
        return next(slot for slot in self.rows if (
            f"{slot.start:%m-%d}", slot.component.drug, slot.component.route
        ) == (day, drug, route))  # fmt: skip

    def answers(
        self, day: str, basis: str | None = "100 mg", drug: str = "alpha", route: str = "IV"
    ) -> tuple[Answered, ...]:
        amount = None if basis is None else parse(basis)
        return self.asker().answers(self.dose(day, drug, route), amount)

    def outcomes(self, day: str, basis: str | None = "100 mg") -> list[tuple[str, str]]:
        """Each rule and what came of it."""
        return [(a.standing.rule.id, a.outcome) for a in self.answers(day, basis)]

    def one(self, day: str) -> tuple[object, ...]:
        """Of a single rule all that was answered; effects by their shares."""
        (found,) = self.answers(day)
        assert found.standing is self.rules["alpha"][0]
        shares = [e and e.scale and str(e.scale) for e in (found.effect, found.last)]
        return (
            found.outcome, shares[0], found.needs, found.pending, shares[1], found.last_needs,
            found.because,
        )  # fmt: skip


def asked(
    *rules: str,
    label: Sequence[str] = (),
    sig: str = "{dose: 100 mg, days: [1, 8]}",
    choices: Mapping[str, str] | None = None,
    adopts: str = "",
    state: Known | None = None,
) -> Asked:
    """The rules of the protocol, and those of alpha's entry in the formulary."""
    more = f"adopts: [{{rule: {adopts}, because: made up, source: [paper, x]}}]" if adopts else ""
    alpha = drug_text("alpha", listed("rules", label))
    with formulary(alpha, drug_text("beta")):
        text = protocol_text(rules, sig=sig, components=BETA, more=more)
        protocol = files.load_text(text, "made-up.yaml")[1]
        drugs = {"alpha": read_drug(alpha), "beta": read_drug(drug_text("beta"))}
    policy = policy_with(choices or {})
    state = state or known((), {}, {})
    cycles = course(protocol, state, START).cycles
    rows = slots(Layouts(protocol), cycles, state, policy.clock)
    return Asked(protocol, standings(protocol, drugs, policy, cycles), rows, state)


def standing(found: Asked, drug: str = "alpha") -> list[tuple[object, ...]]:
    """Each rule of a drug: its id, why it is a note, to what it gives way, its cycles, its days."""
    return [
        (s.rule.id, s.note, s.aside, s.labels and sorted(s.labels), s.washout)
        for s in found.rules[drug]
    ]


# ------------------------------------------------------------------------------ whose rules hold


def of_label(name: str, more: str = "") -> str:
    return rule(f"{more}scale: 50 percent", name, LABEL)


def test_rules_stand_in_order_the_protocol_s_before_those_of_the_formulary() -> None:
    found = asked(
        rule("scale: 50 percent", "own/second"),
        rule("in: [1, 3], scale: 50 percent", "own/first"),
        rule("in: later only, scale: 50 percent, washout: 3 days", "own/beta", drug="beta"),
        label=[of_label("label/b"), of_label("label/a")],
    )

    assert [
        ("own/second", None, None, None, 0), ("own/first", None, None, ["1", "3"], 0),
        ("label/b", None, None, None, 0), ("label/a", None, None, None, 0),
    ] == standing(found)  # fmt: skip
    assert [("own/beta", None, None, ["2", "3"], 3)] == standing(found, "beta")
    assert ["alpha", "beta"] == sorted(found.rules)


def test_a_rule_of_the_formulary_gives_way_or_is_a_note() -> None:
    """To the protocol first, then to the table that is picked; adopted, it is no note."""
    found = asked(
        rule("about: liver, scale: 50 percent", "own/liver"),
        rule("about: heart, scale: 50 percent", "own/heart", drug="beta"),
        label=[
            of_label("label/liver", "about: liver, table: one, "),
            of_label("label/heart", "about: heart, "),
            of_label("label/one", "about: kidney, table: one, "),
            of_label("label/other", "about: kidney, table: other, written_for: another disease, "),
            of_label("label/free", "about: lung, table: one, "),
            of_label("label/written", "written_for: another disease, "),
            of_label("label/adopted", "written_for: another disease, "),
        ],
        choices={"liver": "one", "kidney": "one"},
        adopts="label/adopted",
    )

    assert [
        ("own/liver", None, None, None, 0),
        ("label/liver", None, "gives way to what the protocol says of liver", None, 0),
        ("label/heart", None, None, None, 0),
        ("label/one", None, None, None, 0),
        ("label/other", None, "the policy picks the table one", None, 0),
        ("label/free", None, "the policy picks the table None", None, 0),
        ("label/written", "written for another disease", None, None, 0),
        ("label/adopted", None, None, None, 0),
    ] == standing(found)


WASHOUT = "washout: {choice: days/of, of: [2 days, 13 days]}"


@pytest.mark.parametrize(("picked", "days"), [("2", 2), ("13", 13)])
def test_the_policy_picks_the_days_of_a_wash_out(picked: str, days: int) -> None:
    body = f"scale: 50 percent, {WASHOUT}"
    found = asked(rule(body), label=[rule(body, "label/rule", LABEL)], choices={"days/of": picked})

    assert [
        ("made-up/rule", None, None, None, days), ("label/rule", None, None, None, days)
    ] == standing(found)  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "said"),
    [({}, "nothing"), ({"days/of": "1"}, "'1'"), ({"days/of": "2, 13"}, "'2, 13'")],
)
def test_days_of_a_wash_out_that_are_not_printed_are_a_problem(
    choices: dict[str, str], said: str
) -> None:
    with pytest.raises(Faulty) as wrong:
        asked(rule(f"scale: 50 percent, {WASHOUT}"), choices=choices)

    assert [
        f"policies/default.yaml:2:1: error: policy default picks {said} for days/of; 2 or 13 is "
        "printed [PP402]\n    hint: asked for by the rule at made-up.yaml:34:5"
    ] == [str(problem) for problem in wrong.value.problems]


# --------------------------------------------------------------------------- which bear on a dose


def test_a_rule_is_asked_for_its_routes_its_cycles_and_its_doses() -> None:
    found = asked(
        rule("routes: [IT], scale: 50 percent", "own/route"),
        rule("routes: [IV, IT], scale: 50 percent", "own/routes"),
        rule("in: [2], scale: 50 percent", "own/cycle"),
        rule("for_doses: {above: 100 mg}, scale: 50 percent", "own/dose"),
    )

    assert [("own/routes", "fired")] == found.outcomes("03-02")
    assert [("own/routes", "fired"), ("own/cycle", "fired")] == found.outcomes("03-23")
    assert [("own/routes", "fired"), ("own/dose", "fired")] == found.outcomes("04-13", "101 mg")
    assert [("own/routes", "fired")] == found.outcomes("04-13", None)


def test_by_another_route_other_rules_are_asked() -> None:
    found = asked(rule("routes: [PO], scale: 50 percent", "own/mouth", drug="beta"))

    assert ["own/mouth"] == [
        a.standing.rule.id for a in found.answers("03-02", "7 mg", "beta", "PO")
    ]
    assert () == found.answers("03-03", "7 mg", "beta", "IV")
    assert () == found.answers("03-02")


def test_a_rate_is_looked_at_over_its_days() -> None:
    """60 mg a day over two days are 120 mg."""
    found = asked(
        rule("for_doses: {above: 100 mg}, scale: 50 percent"),
        sig="{rate: 60 mg/day, days: [1, 3-4]}",
    )
    asker = found.asker()
    one, two = (asker.answers(found.dose(day), parse("60 mg/day")) for day in ("03-02", "03-04"))

    assert ([], ["fired"]) == ([a.outcome for a in one], [a.outcome for a in two])


def test_a_rule_that_gives_way_is_not_asked() -> None:
    """To one of the protocol; or of a table that is written for something else."""
    state = state_of(("2026-03-02", "bilirubin", "4 mg/dL"))
    written = f"about: liver, table: one, written_for: another disease, {BANDS}"
    for own, label in (
        ("about: liver, scale: 50 percent", f"about: liver, {BANDS}"),
        ("scale: 50 percent", written),
    ):
        found = asked(rule(own, "own"), label=[rule(label, "label", LABEL)], state=state)
        first, second = found.rules["alpha"]

        assert (None, None) == (first.rival, second.rival)
        assert Answered(second, "set aside") == found.answers("03-02")[1]
        assert () == found.asker().turning("alpha")


@pytest.mark.parametrize(
    ("more", "adopts", "severity"),
    [
        ("", "", Severity.NOTE),
        ("written_for: another disease, ", "other", Severity.WARNING),
        ("", "other", Severity.WARNING),
    ],
)
def test_a_table_that_is_not_picked_is_asked_what_it_would_do(
    more: str, adopts: str, severity: Severity
) -> None:
    """Of a value that is fresh up to the 9th of March."""
    label = [
        of_label("one", "about: liver, table: one, "),
        rule(f"about: liver, table: other, {more}{BANDS}", "other", LABEL),
    ]
    state = state_of(("2026-03-02", "bilirubin", "4 mg/dL"))
    found = asked(label=label, choices={"liver": "one"}, adopts=adopts, state=state)
    one, other = found.rules["alpha"]
    fresh, later = (found.answers(day)[1] for day in ("03-09", "03-23"))

    assert (None, severity) == (one.rival, other.rival)
    assert ("set aside", other.rule.branches[2].effect) == (fresh.outcome, fresh.effect)
    assert ["bilirubin 4~mg/dL on 2026-03-02"] == [
        text.replace("\N{NO-BREAK SPACE}", "~") for text in fresh.because
    ]
    assert Answered(other, "set aside") == later
    assert date(2026, 3, 10) in found.asker().turning("alpha")


@pytest.mark.parametrize("values", [[], [("2026-03-02", "bilirubin", "0.9 mg/dL")]])
def test_of_a_table_that_is_not_picked_nothing_is_wanted(
    values: list[tuple[str, str, str]],
) -> None:
    label = [rule(f"about: liver, table: other, {BANDS}", "other", LABEL)]
    found = asked(label=label, choices={"liver": "one"}, state=state_of(*values))

    assert [Answered(found.rules["alpha"][0], "set aside")] == list(found.answers("03-02"))


def test_answers_are_one_record_wherever_nothing_that_is_asked_differs() -> None:
    """Of alpha a rule holds in cycle 3 alone; beta has none that knows a cycle."""
    found = asked(
        rule("in: [3], scale: 50 percent", "own/cycle"),
        rule("scale: 50 percent", "own/beta", drug="beta"),
    )
    asker = found.asker()

    def alpha(day: str, basis: str = "100 mg") -> tuple[Answered, ...]:
        return asker.answers(found.dose(day), parse(basis))

    def beta(day: str) -> tuple[Answered, ...]:
        return asker.answers(found.dose(day, "beta", "PO"), parse("7 mg"))

    assert alpha("04-13") is alpha("04-20")
    assert [0, 0, 1] == [len(alpha(day)) for day in ("03-02", "03-23", "04-13")]
    assert beta("03-02") is beta("03-23") is beta("04-13")
    assert alpha("04-13")[0] is alpha("04-13", "50 mg")[0]


# ------------------------------------------------------------------------------ how one answers


def state_of(
    *labs: tuple[str, str, str],
    facts: Mapping[str, str] | None = None,
    medicines: tuple[Taken, ...] | None = (),
    born: date = date(1980, 1, 1),
) -> Known:
    """What is known of a patient on 2 March; labs by their dates."""
    values = tuple(LabValue(date.fromisoformat(on), name, parse(v), HERE) for on, name, v in labs)
    catalogue: Catalogue = files.catalogue()
    state = known((), {}, facts or {}, values, catalogue, 7)
    patient = Patient("made up", born, None, "female", HERE)
    return attrs.evolve(state, as_of=START, medicines=medicines, patient=patient)


BANDS = (
    "by: {lab: bilirubin}, bands: [{below: 1 mg/dL, keep: true}, "
    "{at_least: 1 mg/dL, at_most: 3 mg/dL, scale: 50 percent}, {above: 3 mg/dL, scale: 20 percent}]"
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.9 mg/dL", ("not fired", None, (), (), None, (), ())),
        (
            "1 mg/dL",
            ("fired", "50 percent", (), (), None, (), ("bilirubin 1 mg/dL on 2026-03-02",)),
        ),
        (
            "4 mg/dL",
            ("fired", "20 percent", (), (), None, (), ("bilirubin 4 mg/dL on 2026-03-02",)),
        ),
    ],
)
def test_the_band_that_holds_is_what_a_rule_does(value: str, expected: tuple[object, ...]) -> None:
    found = asked(rule(BANDS), state=state_of(("2026-03-02", "bilirubin", value)))

    assert expected == _plain(found.one("03-02"))


def _plain(found: tuple[object, ...]) -> tuple[object, ...]:
    """With plain spaces in words."""
    *rest, words = found
    assert isinstance(words, tuple)
    return (*rest, tuple(word.replace("\N{NO-BREAK SPACE}", " ") for word in words))


def test_what_was_never_stated_is_wanted() -> None:
    found = asked(rule(BANDS), state=state_of())

    assert ("unresolved", None, ("bilirubin",), (), None, (), ()) == found.one("03-02")


@pytest.mark.parametrize(
    ("value", "last"), [("0.9 mg/dL", None), ("1 mg/dL", "50 percent"), ("4 mg/dL", "20 percent")]
)
def test_on_a_day_to_come_a_rule_waits_and_says_what_the_last_value_would_do(
    value: str, last: str | None
) -> None:
    found = asked(rule(BANDS), state=state_of(("2026-03-02", "bilirubin", value)))

    assert ("pending", None, (), ("bilirubin",), last, (), ()) == found.one("03-23")


GUARDED = f"when: {{fact: ecog, at_least: 2}}, {BANDS}"


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        # A guard that is false is the end of it, one that is open asks for nothing behind it.
        ({"ecog": "1"}, "03-23", ("not fired", None, (), (), None, (), ())),
        ({}, "03-02", ("unresolved", None, ("ecog",), (), None, (), ())),
        ({"ecog": "2"}, "03-02",
         ("fired", "50 percent", (), (), None, (), ("ecog 2", "bilirubin 2 mg/dL on 2026-03-02"))),
        ({"ecog": "2"}, "03-23", ("pending", None, (), ("bilirubin",), "50 percent", (), ())),
    ],
)  # fmt: skip
def test_the_guard_is_asked_first(
    facts: dict[str, str], day: str, expected: tuple[object, ...]
) -> None:
    state = state_of(("2026-03-02", "bilirubin", "2 mg/dL"), facts=facts)

    assert expected == _plain(asked(rule(GUARDED), state=state).one(day))


@pytest.mark.parametrize(
    ("value", "outcome"), [("0.9 mg/dL", "not fired"), ("2 mg/dL", "unresolved")]
)
def test_a_band_that_keeps_the_dose_holds_whatever_the_guard(value: str, outcome: str) -> None:
    found = asked(rule(GUARDED), state=state_of(("2026-03-02", "bilirubin", value)))

    assert [("made-up/rule", outcome)] == found.outcomes("03-02")


def test_a_band_that_keeps_the_dose_and_says_something_waits_for_the_guard() -> None:
    bands = (
        "when: {fact: ecog, at_least: 2}, by: {lab: bilirubin}, bands: [{below: 1 mg/dL, "
        "finding: warning, says: beware}, {at_least: 1 mg/dL, scale: 50 percent}]"
    )
    labs = ("2026-03-02", "bilirubin", "0.9 mg/dL")
    open_, sure = (
        asked(rule(bands), state=state_of(labs, facts=facts)).answers("03-02")[0]
        for facts in ({}, {"ecog": "2"})
    )

    assert ("unresolved", ("ecog",)) == (open_.outcome, open_.needs)
    assert ("fired", "beware") == (sure.outcome, sure.effect and sure.effect.says)


def test_what_else_is_wanted_is_asked_for_only_if_the_last_value_makes_it_matter() -> None:
    """A guard of two parts: a lab that will be too old, and a fact of which nothing is stated."""
    both = "when: {all: [{lab: bilirubin, above: 1 mg/dL}, {fact: ecog, at_least: 2}]}, scale: 50 percent"
    low, high = (
        asked(rule(both), state=state_of(("2026-03-02", "bilirubin", value)))
        for value in ("1 mg/dL", "2 mg/dL")
    )

    assert ("pending", None, (), ("bilirubin",), None, (), ()) == low.one("03-23")
    assert ("unresolved", None, ("ecog",), ("bilirubin",), None, (), ()) == high.one("03-23")


def test_what_a_later_day_asks_of_two_labs_is_what_their_last_values_say() -> None:
    two = (
        "when: {lab: platelets, below: 100 10^9/L}, by: {lab: bilirubin}, bands: [{at_most: 1 mg/dL, "
        "keep: true}, {above: 1 mg/dL, scale: 50 percent}]"
    )
    labs = [("2026-03-02", "bilirubin", "2 mg/dL"), ("2026-03-02", "platelets", "90 10^9/L")]
    found = asked(rule(two), state=state_of(*labs))
    unknown = asked(rule(two), state=state_of(labs[1]))

    assert ("pending", None, (), ("platelets",), "50 percent", (), ()) == found.one("03-23")
    assert ("pending", None, (), ("platelets",), None, ("bilirubin",), ()) == unknown.one("03-23")


def test_a_rule_asked_by_the_cycle_is_asked_on_its_first_day() -> None:
    """Sixty on 5 March: on day 8 and from then on, by the cycle from the second one on."""
    body = "when: {measure: age, at_least: 60}, scale: 50 percent"
    state = state_of(born=date(1966, 3, 5))
    by_day, by_cycle = (
        asked(rule(body), state=state),
        asked(rule(f"asked: cycle, {body}"), state=state),
    )
    days = ("03-02", "03-09", "03-23", "03-30")

    assert ["not fired", "fired", "fired", "fired"] == [by_day.one(day)[0] for day in days]
    assert ["not fired", "not fired", "fired", "fired"] == [by_cycle.one(day)[0] for day in days]


def test_one_asker_gives_each_day_its_own_answer() -> None:
    state = state_of(born=date(1966, 3, 5))
    body = "when: {measure: age, at_least: 60}, scale: 50 percent"
    found = asked(rule(body), rule(f"asked: cycle, {body}", "made-up/cycle"), state=state)
    asker = found.asker()

    for _ in range(2):
        assert [
            ["not fired", "not fired"], ["fired", "not fired"],
            ["fired", "fired"], ["fired", "fired"],
        ] == [
            [a.outcome for a in asker.answers(found.dose(day), parse("100 mg"))]
            for day in ("03-02", "03-09", "03-23", "03-30")
        ]  # fmt: skip
    assert (date(2026, 3, 5),) == asker.turning("alpha")
    assert () == asker.turning("beta")
    assert () == asker.turning("gamma")


def test_birthdays_are_looked_for_from_the_first_to_the_last_of_the_days_that_are_asked() -> None:
    state = state_of(born=date(1966, 3, 5))
    found = asked(rule("when: {measure: age, at_least: 60}, scale: 50 percent"), state=state)
    days = [date(2027, 6, 1), date(2026, 6, 1), date(2028, 1, 1)]

    assert [date(2026, 3, 5), date(2027, 3, 5), date(2028, 3, 5)] == list(
        found.asker(days).turning("alpha")
    )


def test_without_days_that_are_asked_birthdays_lie_beyond_them_all() -> None:
    state = state_of(born=date(1966, 3, 5))
    found = asked(rule("when: {measure: age, at_least: 60}, scale: 50 percent"), state=state)

    assert (date(9999, 3, 5),) == found.asker(()).turning("alpha")


def test_what_is_known_for_a_rule_and_its_days_are_worked_out_once() -> None:
    state = state_of(born=date(1966, 3, 5))
    found = asked(rule("when: {measure: age, at_least: 60}, scale: 50 percent"), state=state)
    asker, (one,) = found.asker(), found.rules["alpha"]

    assert asker.turning("alpha") is asker.turning("alpha")
    assert asker._prepared(one) is asker._prepared(one)


#: Under a name and of a class that files know.
MEDICINE = Taken("azole", frozenset({"beta"}), frozenset({"azole"}), START, date(2026, 3, 7))


@pytest.mark.parametrize("asks", ["class: azole", "medicine: beta"])
@pytest.mark.parametrize(
    ("washout", "outcome"),
    [("", "not fired"), (", washout: 2 days", "not fired"), (", washout: 3 days", "fired")],
)
def test_a_medicine_acts_through_the_wash_out_of_the_rule(
    asks: str, washout: str, outcome: str
) -> None:
    """It ends on 7 March and acts on the 8th with 2 days of wash-out, on the 9th with 3."""
    found = asked(
        rule(f"when: {{{asks}}}, scale: 50 percent{washout}"),
        state=state_of(medicines=(MEDICINE,)),
    )

    assert outcome == found.one("03-09")[0]
    assert ("fired", "50 percent", (), (), None, (), ("azole from 2026-03-02 to 2026-03-07",)) == (
        found.one("03-02")
    )


def test_each_rule_has_the_wash_out_that_it_prints() -> None:
    body = "when: {class: azole}, scale: 50 percent, washout:"
    found = asked(
        rule(f"{body} 2 days", "made-up/two"),
        rule(f"{body} 3 days", "made-up/three"),
        state=state_of(medicines=(MEDICINE,)),
    )

    assert [("made-up/two", "not fired"), ("made-up/three", "fired")] == found.outcomes("03-09")


@pytest.mark.parametrize(("drug", "outcome"), [("alpha", "not fired"), ("beta", "fired")])
def test_a_drug_of_the_plan_is_no_medicine_beside_itself(drug: str, outcome: str) -> None:
    own = Own((Taken(drug, frozenset({drug}), frozenset({"azole"}), START, START),))
    found = asked(
        rule("when: {class: azole}, scale: 50 percent"), state=attrs.evolve(state_of(), own=own)
    )

    assert [("made-up/rule", outcome)] == found.outcomes("03-02")
