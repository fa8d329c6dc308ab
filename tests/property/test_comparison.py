"""What must hold of regimens side by side, whatever they give."""

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.regimens import beside, giving, regimen

from protoplan.model.comparison import DIFFERS, Block, Comparison
from protoplan.model.protocol import Protocol
from protoplan.rendering.comparison_text import render

DRUGS = (
    ("cyclophosphamide", "IV"),
    ("methotrexate", "IV"),
    ("methotrexate", "IT"),
    ("mesna", "IV"),
)

#: Each key of a sig with several ways to write it; the first is what stands where it is not altered.
KEYS: dict[str, tuple[str, ...]] = {
    "dose": ("dose: 50 mg", "dose: 0.05 g", "dose: 60 mg", "dose: 50 mg/m2"),
    "days": ("days: [1]", "days: 1-2", "days: [1, 2]", "days: [1, 8]", "days: every day"),
    "how often": ("", "every: 12 h", "times_a_day: 2", "times_a_day: 3"),
    "infusion": ("", "over: 2 h", "over: 120 min", "over: 30 min"),
    "largest dose": ("", "cap: 2 g", "cap: 2000 mg", "cap: 3 g", "cap: none"),
    "window": ("", "window: [0, +2]", "window: [-1, +2]"),
    "condition": ("", "when: {fact: cns, is: active}", "when: {measure: age, below: 60}"),
    "cycles": ("in: A", "in: B", "in: [A, B]", "in: first A", "in: [1, 3]"),
}

#: Ways of writing that mean the same.
SAME = ({"dose: 50 mg", "dose: 0.05 g"}, {"days: 1-2", "days: [1, 2]"}, {"over: 2 h", "over: 120 min"},
        {"cap: 2 g", "cap: 2000 mg"}, {"in: A", "in: [1, 3]"})  # fmt: skip

sigs = st.fixed_dictionaries({key: st.sampled_from(ways) for key, ways in KEYS.items()})
gifts = st.dictionaries(st.sampled_from(DRUGS), st.lists(sigs, min_size=1, max_size=3), min_size=1)


def made(given_drugs: dict[tuple[str, str], list[dict[str, str]]], name: str) -> Protocol:
    rows = [
        giving(*drug, *(written(sig) for sig in ways), more="")
        for drug, ways in given_drugs.items()
    ]
    return regimen(*rows, name=name)


def written(sig: dict[str, str]) -> str:
    return ", ".join(part for part in sig.values() if part)


def by_drug(found: Comparison) -> dict[tuple[str, str], Block]:
    return {(block.drug, block.route): block for block in found.blocks}


@settings(max_examples=60)
@given(gifts, gifts, gifts)
def test_another_order_changes_the_order_alone(
    one: dict[tuple[str, str], list[dict[str, str]]],
    two: dict[tuple[str, str], list[dict[str, str]]],
    three: dict[tuple[str, str], list[dict[str, str]]],
) -> None:
    protocols = [made(gift, name) for gift, name in ((one, "one"), (two, "two"), (three, "three"))]

    forth, back = by_drug(beside(*protocols)), by_drug(beside(*protocols[::-1]))

    assert forth.keys() == back.keys()
    for drug, block in forth.items():
        assert dict(block.fields) == dict(back[drug].fields)
        assert block.givings == back[drug].givings[::-1]


@settings(max_examples=60)
@given(gifts)
def test_a_copy_differs_in_nothing_and_every_dose_is_told(
    given_drugs: dict[tuple[str, str], list[dict[str, str]]],
) -> None:
    protocol = made(given_drugs, "one")

    found = beside(protocol, attrs.evolve(protocol, id="copy"))
    text = render(found)

    assert not found.differs
    assert "  differs   " not in text
    for component in protocol.components:
        for sig in component.sigs:
            assert sig.dose is not None
            assert getattr(sig.dose, "text", str)() in text


@settings(max_examples=100)
@given(sigs, st.sampled_from(sorted(KEYS)), st.data())
def test_one_field_that_is_another_is_marked_and_no_other(
    sig: dict[str, str], key: str, data: st.DataObject
) -> None:
    other = {**sig, key: data.draw(st.sampled_from(KEYS[key]))}
    same = sig[key] == other[key] or any({sig[key], other[key]} <= ways for ways in SAME)
    drug = ("cyclophosphamide", "IV")

    block = by_drug(beside(made({drug: [sig]}, "one"), made({drug: [other]}, "two")))[drug]

    assert ([] if same else [key]) == [name for name, state in block.fields if state == DIFFERS]
