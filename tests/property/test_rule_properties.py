"""What must hold for rules whatever they are and whatever is stated."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine import planned, rows_of

from protoplan.model.plan import Plan
from protoplan.quantity import compared, parse

START = date(2026, 3, 2)
CAP = "caps:\n  - {about: alpha/largest, dose: 60 mg, source: [label, section 2]}"
LARGEST = parse("60 mg")

EFFECTS = (
    ("scale: 50 percent",), ("scale: 25 percent",), ("scale: 80 percent", "combine: multiply"),
    ("set: 30 mg",), ("set: 200 mg",), ("set: 20 mg/m2",), ("cap: 45 mg",), ("omit: true",),
    ("hold: recovery",), ("ask: whether to go on",), ("down: 1", "ladder: [120 mg, 90 mg, 40 mg]"),
    ("finding: warning", "says: look"), ("scale: 60 percent", "finding: note", "says: look"),
)  # fmt: skip
QUESTIONS = (
    "{fact: ecog, at_least: 2}", "{fact: cns, is: active}", "{lab: bilirubin, above: 2 mg/dL}",
    "{lab: bilirubin, at_most: 1 xULN}", "{measure: creatinine_clearance, below: 60 mL/min}",
    "{measure: age, at_least: 40}", "{medicine: posaconazole}", "{class: azole}",
    "{class: p-gp-inhibitor}", "{toxicity: mucositis, at_least: 2}",
    "{worst_toxicity: any, related_to: alpha, at_least: 3}",
)  # fmt: skip


@attrs.frozen
class Made:
    """A rule whose keys and parts can be written in any order."""

    name: str
    joint: str
    parts: tuple[str, ...]
    effect: tuple[str, ...]
    more: tuple[str, ...]

    def text(self, *, turned: bool = False) -> str:
        parts = ", ".join(self.parts[::-1] if turned else self.parts)
        when = (
            f"when: {{not: {parts}}}"
            if self.joint == "not"
            else f"when: {{{self.joint}: [{parts}]}}"
        )
        keys = [f"id: {self.name}", "drug: alpha", when, *self.effect, *self.more]
        keys.append("source: [paper, Table 1]")
        return "{" + ", ".join(keys[::-1] if turned else keys) + "}"


def made(notes: bool) -> st.SearchStrategy[list[Made]]:
    """Up to four rules; with *notes* also those whose unknown facts make a note alone."""
    more = [(), ("washout: 3 days",), ("asked: cycle",), ("in: [1, 3]",), ("about: liver",)]
    more += [("when_unknown: note",)] if notes else []
    one = st.tuples(
        st.sampled_from(["all", "any", "not"]),
        st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=3, unique=True),
        st.sampled_from(EFFECTS),
        st.sampled_from(more),
    )

    def built(drawn: list[Any]) -> list[Made]:
        return [
            Made(f"r/{n}", joint, tuple(parts[:1] if joint == "not" else parts), effect, more)
            for n, (joint, parts, effect, more) in enumerate(drawn)
        ]

    return st.lists(one, min_size=1, max_size=4).map(built)


#: One line of the treatment for each kind of statement; a day is so many days from the start.
STATEMENTS = {
    "facts-ecog": ["1", "2"],
    "facts-cns": ["active", "negative"],
    "bilirubin": ["1 mg/dL", "2.5 mg/dL", "17.104 umol/L", "5 xULN"],
    "creatinine": ["0.9 mg/dL", "200 umol/L"],
    "sex": ["female", "male"],
    "medicines": [
        "none", "[{drug: posaconazole, from: D-3, to: D+5}]", "[{drug: verapamil}]",
        "[{drug: madeup, to: D+1}]", "[{drug: madeup, classes: [azole]}, {drug: ritonavir}]",
    ],
}  # fmt: skip
STATED = st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in STATEMENTS.items()})
RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["mucositis", "seizure"]),
        st.integers(0, 4),
        st.sampled_from(["", ", related_to: alpha", ", related_to: vincristine"]),
        st.integers(-5, 40),
    ),
    max_size=3,
).map(lambda rows: sorted(rows, key=lambda row: row[3]))
#: How many days before the start labs are dated; 30 is too old.
AGES = st.sampled_from([0, 1, 30])
AS_OF = st.sampled_from([-1, 0, 10, 30])


def treated(
    stated: dict[str, str],
    record: Sequence[tuple[str, int, str, int]],
    age: int,
    as_of: int,
    start: date = START,
) -> tuple[str, str]:
    """Head and rest of a treatment, with every date counted from the start."""

    def on(days: int) -> str:
        return (start + timedelta(days)).isoformat()

    sex = f", sex: {stated['sex']}" if "sex" in stated else ""
    head = (
        "format: protoplan-treatment/1\nid: made-up\n"
        f"patient: {{label: made up, age: 45{sex}}}\nprotocol: made-up\nstart: {on(0)}\n"
        f"measurements:\n  - {{date: {on(-30)}, height: 175 cm, weight: 70 kg}}\n"
    )
    rest = f"earlier_exposure: none\nas_of: {on(as_of)}\n"
    facts = [f"{n}: {stated[f'facts-{n}']}" for n in ("ecog", "cns") if f"facts-{n}" in stated]
    labs = [f"{n}: {stated[n]}" for n in ("bilirubin", "creatinine") if n in stated]
    rest += f"facts: {{{', '.join(facts)}}}\n" if facts else ""
    rest += f"labs: [{{date: {on(-age)}, {', '.join(labs)}}}]\n" if labs else ""
    if "medicines" in stated:
        text = stated["medicines"]
        for days in (-3, 1, 5):
            text = text.replace(f"D{days:+}", on(days))
        rest += f"medicines: {text}\n"
    if record:
        rest += "record:\n" + "".join(
            f"  - {{date: {on(day)}, toxicity: {name}, grade: {grade}{cause}}}\n"
            for name, grade, cause, day in record
        )
    return head, rest


def plan_of(
    rules: Sequence[Made], treatment: tuple[str, str], *, turned: bool = False, sig: str = ""
) -> Plan:
    return planned(
        [rule.text(turned=turned) for rule in rules],
        treatment[1],
        head=treatment[0],
        sig=sig or "{dose: 100 mg, days: [1, 4]}",
        label=CAP,
    )


def seen(plan: Plan) -> list[Any]:
    """What a dose comes to, without the order in which its rules and needs are listed."""
    return [
        (row.id, row.status, row.order.adjusted, row.order.ordered, frozenset(row.order.needs),
         row.order.because is None, frozenset((line.rule, line.outcome) for line in row.order.rules))
        for row in rows_of(plan)
    ]  # fmt: skip


EXAMPLES = settings(max_examples=60, deadline=None)


@EXAMPLES
@given(made(notes=True), STATED, RECORDS, AGES, AS_OF, st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(
    rules: list[Made], stated: dict[str, str], record: Any, age: int, as_of: int, chance: Any
) -> None:
    treatment = treated(stated, record, age, as_of)
    shuffled = list(rules)
    chance.shuffle(shuffled)
    one, other = plan_of(rules, treatment), plan_of(shuffled, treatment)

    assert seen(one) == seen(other)
    assert set(one.findings) == set(other.findings)
    assert one.checklist == other.checklist
    assert one.exposure == other.exposure


@EXAMPLES
@given(made(notes=True), STATED, RECORDS, AGES, AS_OF)
def test_the_order_of_keys_and_of_parts_changes_nothing(
    rules: list[Made], stated: dict[str, str], record: Any, age: int, as_of: int
) -> None:
    treatment = treated(stated, record, age, as_of)

    assert seen(plan_of(rules, treatment)) == seen(plan_of(rules, treatment, turned=True))


@EXAMPLES
@given(made(notes=False), STATED, RECORDS, AGES, AS_OF, st.sampled_from(list(STATEMENTS)))
def test_one_more_statement_never_makes_less_known(
    rules: list[Made], stated: dict[str, str], record: Any, age: int, as_of: int, more: str
) -> None:
    """What is known stays; what was pending may become anything, once its lab is there.

    A statement may open a question of its own: a decision that a rule asks for once it holds, the
    classes of a medicine that is not known.
    """
    if more in stated:
        return
    before = plan_of(rules, treated(stated, record, age, as_of))
    for answer in STATEMENTS[more]:
        after = plan_of(rules, treated({**stated, more: answer}, record, age, as_of))
        for one, other in zip(rows_of(before), rows_of(after), strict=True):
            new = {*other.order.needs} - {*one.order.needs}
            if one.order.pending:
                continue
            assert all(need.startswith(("decision: ", "classes of ")) for need in new)
            if one.status != "unresolved":
                assert (one.status, one.order.ordered) == (other.status, other.order.ordered)


@EXAMPLES
@given(
    made(notes=True), STATED, RECORDS, AGES, AS_OF,
    st.sampled_from(["{dose: 100 mg, days: [1, 4]}", "{dose: 40 mg/m2, days: [1]}",
                     "{rate: 30 mg/day, days: 1-2}"]),
)  # fmt: skip
def test_no_rule_raises_a_dose_and_none_passes_its_cap(
    rules: list[Made], stated: dict[str, str], record: Any, age: int, as_of: int, sig: str
) -> None:
    timed = [rule for rule in rules if not ("/day" in sig and {"set", "cap", "down"} & _does(rule))]
    fitting = [rule for rule in timed if not ("/m2" in sig and "down" in _does(rule))]
    for row in rows_of(plan_of(fitting, treated(stated, record, age, as_of), sig=sig)):
        order = row.order
        if order.adjusted is not None and order.calculated is not None:
            assert order.ordered is not None
            assert compared(order.adjusted, order.calculated) <= 0
            assert compared(order.ordered, LARGEST) <= 0
        else:
            assert row.status in ("held", "omitted", "unresolved")
            assert (order.adjusted, order.ordered, order.per_basis) == (None, None, None)


def _does(rule: Made) -> set[str]:
    return {key.partition(":")[0] for key in rule.effect}


@EXAMPLES
@given(made(notes=True), STATED, RECORDS, AGES, AS_OF, st.integers(1, 4000))
def test_moving_every_date_moves_every_day_and_changes_no_dose(
    rules: list[Made], stated: dict[str, str], record: Any, age: int, as_of: int, days: int
) -> None:
    here = plan_of(rules, treated(stated, record, age, as_of))
    there = plan_of(rules, treated(stated, record, age, as_of, START + timedelta(days)))

    assert seen(here) == seen(there)
    assert [row.date + timedelta(days) for row in here.administrations] == [
        row.date for row in there.administrations
    ]
    assert [line.date + timedelta(days) for line in here.checklist] == [
        line.date for line in there.checklist
    ]


@EXAMPLES
@given(made(notes=True), STATED, RECORDS, AGES, AS_OF)
def test_a_plan_is_incomplete_just_where_a_dose_has_no_answer(
    rules: list[Made], stated: dict[str, str], record: Any, age: int, as_of: int
) -> None:
    plan = plan_of(rules, treated(stated, record, age, as_of))
    open_doses = {row.id for row in rows_of(plan) if row.status == "unresolved"}

    assert open_doses == {name for entry in plan.unresolved for name in entry.administrations}
    assert plan.complete == (not open_doses)
    for row in rows_of(plan):
        assert (row.status == "unresolved") == bool(row.order.needs)
        assert (row.status == "planned") == (row.order.ordered is not None)
