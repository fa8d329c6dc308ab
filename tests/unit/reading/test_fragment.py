"""Fragments: what a protocol takes, what is refused, and where the file is looked for."""

import hashlib
from pathlib import Path

import attrs
import pytest

from protoplan import api, files, library
from protoplan.files import load_text
from protoplan.model.protocol import Fragment, Protocol
from protoplan.problems import Faulty
from protoplan.reading.fragment import joined
from protoplan.source import Citation, Grounds

FRAGMENT = """\
format: protoplan-fragment/1
id: backbone
version: 1.0.0
title: A made-up backbone
reviewed: not a clinical protocol
sources:
  older: {cite: "Somebody B. J Nothing 2010;1:1", doi: 10.0000/older}
components:
  - drug: cyclophosphamide
    in: odd
    route: IV
    sigs:
      - {dose: 150 mg/m2, every: 12 h, days: 1-3}
    source: [older, "Table 1"]
    assumed: {route: not printed}
  - drug: vincristine
    in: [odd, 4N]
    route: IV
    sigs:
      - {dose: 2 mg, days: [1, 8]}
    source: [older, "Table 1"]
"""

PROTOCOL = """\
format: protoplan-protocol/1
id: made-up
version: 1.0.0
title: Made up
population: No one
reviewed: not a clinical protocol
sources:
  paper: {cite: "Nobody A. J Nothing 2020;1:1"}
kinds:
  odd: {length: 21 days, source: [paper, Methods]}
phases:
  - {name: treatment, cycles: {1: odd, 4N: odd}, source: [paper, Methods]}
include:
  - {fragment: backbone, version: 1.0.0, gives: [cyclophosphamide IV]}
components:
  - drug: dexamethasone
    in: odd
    route: PO
    sigs:
      - {dose: 20 mg, days: 1-4}
    source: [paper, Methods]
"""


def fragment(text: str = FRAGMENT) -> Fragment:
    read: Fragment = load_text(text, "backbone.yaml")[1]
    return read


def protocol(text: str = PROTOCOL) -> Protocol:
    read: Protocol = load_text(text, "made-up.yaml")[1]
    return read


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def said(text: str, **others: Fragment) -> list[str]:
    """Every problem of reading and joining a protocol."""
    with pytest.raises(Faulty) as wrong:
        joined(protocol(text), {"backbone": fragment(), **others})
    return [str(problem) for problem in wrong.value.problems]


# -- what is taken ---------------------------------------------------------------------------------


def test_joining_changes_nothing_but_components_sources_and_what_was_used() -> None:
    before, taken = protocol(), fragment()

    after = joined(before, {"backbone": taken})

    assert (taken.components[0], *before.components) == after.components
    assert (*before.sources, *taken.sources) == after.sources
    assert (taken,) == after.fragments
    assert before == attrs.evolve(
        after, components=before.components, sources=before.sources, fragments=before.fragments
    )


def test_a_protocol_s_own_word_borrows_the_figures_and_leaves_what_is_marked() -> None:
    text = changed(PROTOCOL, ("cyclophosphamide IV]", "cyclophosphamide IV], source: [paper, R18]"))
    taken = fragment()

    found = joined(protocol(text), {"backbone": taken}).components[0]

    assert "paper: R18" == str(found.grounds.source)
    assert (("route", "not printed"),) == found.grounds.assumed
    assert [(name, "older: Table 1") for name in ("dose", "days", "every")] == [
        (figure, str(source)) for figure, source in found.sigs[0].grounds.borrowed
    ]
    bare = attrs.evolve(found.sigs[0], grounds=taken.components[0].sigs[0].grounds)
    assert taken.components[0] == attrs.evolve(
        found, sigs=(bare,), grounds=taken.components[0].grounds
    )


def test_a_source_that_both_have_stands_once() -> None:
    own = '  paper: {cite: "Nobody A. J Nothing 2020;1:1"}\n'
    older = '  older: {cite: "Somebody B. J Nothing 2010;1:1", doi: 10.0000/older, note: mine}\n'

    found = joined(protocol(changed(PROTOCOL, (own, own + older))), {"backbone": fragment()})

    assert ["paper", "older"] == [source.key for source in found.sources]
    assert "mine" == found.sources[1].note


@pytest.mark.parametrize(
    ("sig", "assumed", "borrowed"),
    [
        ("dose: 2 mg, days: [1, 8]", (), ("dose", "days", "route")),
        ("rate: 28 mcg/day, days: 5-28, assumed: {days: not printed}",
         (("days", "not printed"),), ("rate", "route")),
        ("dose: 15 mg, begins: {after_start_of: above, by: 24 h}, every: 6 h, doses: 8",
         (), ("dose", "begins", "every", "doses", "route")),
        ("dose: 15 mg, begins: {after_end_of: above}, days: [2], over: 15 min, cap: 20 mg, "
         "window: [0, +1]",
         (), ("dose", "days", "begins", "over", "cap", "window", "route")),
        ("dose: 15 mg, ramp: [5 mg], days: [2], repeat: {every: 7 days, for: 3 weeks}",
         (), ("dose", "days", "repeat", "ramp", "route")),
    ],
)  # fmt: skip
def test_what_a_sig_says_is_borrowed_and_what_it_marks_is_not(
    sig: str, assumed: tuple[tuple[str, str], ...], borrowed: tuple[str, ...]
) -> None:
    text = changed(PROTOCOL, ("cyclophosphamide IV]", "vincristine IV], source: [paper, R18]"))
    taken = fragment(changed(FRAGMENT, ("dose: 2 mg, days: [1, 8]", sig)))

    found = joined(protocol(text), {"backbone": taken}).components[0]

    theirs = Citation("older", "Table 1")
    assert [
        Grounds(Citation("paper", "R18"), assumed, tuple((figure, theirs) for figure in borrowed))
    ] == [each.grounds for each in found.sigs]


OTHER = changed(
    FRAGMENT,
    ("id: backbone", "id: other"),
    ("older", "newer"),
    ("Somebody B. J Nothing 2010;1:1", "Another C. J Else 2011;2:2"),
)
BOTH = changed(
    PROTOCOL,
    ("gives: [cyclophosphamide IV]}\n",
     "gives: [cyclophosphamide IV]}\n  - {fragment: other, version: 1.0.0, gives: [vincristine IV]}\n"),
)  # fmt: skip


def test_two_fragments_are_taken_in_their_order() -> None:
    first, second = fragment(), fragment(OTHER)
    before = protocol(BOTH)

    after = joined(before, {"backbone": first, "other": second})

    assert (first.components[0], second.components[1], *before.components) == after.components
    assert (*before.sources, *first.sources, *second.sources) == after.sources
    assert (first, second) == after.fragments


def test_a_fragment_keeps_the_hash_of_its_text() -> None:
    assert hashlib.sha256(FRAGMENT.encode("utf-8")).hexdigest() == fragment().sha256


# -- what is refused -------------------------------------------------------------------------------


def test_what_is_wrong_with_each_of_two_fragments_is_told() -> None:
    text = changed(BOTH, ("version: 1.0.0, gives", "version: 1.1.0, gives"))
    hint = "\n    hint: read what changed, then ask for the version that is here"

    assert [
        f"made-up.yaml:{line}:5: error: version 1.1.0 of fragment {name} is asked for, and 1.0.0 is "
        f"here [PP404]{hint}"
        for line, name in ((14, "backbone"), (15, "other"))
    ] == said(text, other=fragment(OTHER))


def test_another_version() -> None:
    assert [
        "made-up.yaml:14:5: error: version 1.1.0 of fragment backbone is asked for, and 1.0.0 is "
        "here [PP404]\n"
        "    hint: read what changed, then ask for the version that is here"
    ] == said(changed(PROTOCOL, ("backbone, version: 1.0.0", "backbone, version: 1.1.0")))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("cyclophosphamid IV", "did you mean 'cyclophosphamide IV'?"),
        ("vinblastine IV", "it has cyclophosphamide IV, vincristine IV"),
        ("vincristine", "it has cyclophosphamide IV, vincristine IV"),
    ],
)
def test_an_unknown_component(name: str, hint: str) -> None:
    """No other drug is suggested: vinblastine is not vincristine misspelt."""
    assert [
        f"made-up.yaml:14:5: error: fragment backbone does not give {name} [PP304]\n    hint: {hint}"
    ] == said(changed(PROTOCOL, ("gives: [cyclophosphamide IV]", f"gives: [{name}]")))


def test_a_kind_and_a_label_that_the_protocol_lacks() -> None:
    text = changed(
        PROTOCOL,
        ("odd: {length", "A: {length"),
        ("cycles: {1: odd, 4N: odd}", "cycles: {1: A}"),
        ("in: odd", "in: A"),
        ("gives: [cyclophosphamide IV]", "gives: [vincristine IV]"),
    )

    assert [
        "made-up.yaml:14:5: error: fragment backbone gives vincristine IV in 'odd', and the "
        "protocol has no such kind of cycle or label [PP304]",
        "made-up.yaml:14:5: error: fragment backbone gives vincristine IV in '4N', and the "
        "protocol has no such kind of cycle or label [PP304]",
    ] == said(text)


def test_cycles_of_what_is_not_taken_are_not_asked_for() -> None:
    """Only vincristine is given in 4N, and it is left where it is."""
    text = changed(PROTOCOL, ("{1: odd, 4N: odd}", "{1: odd}"))

    found = joined(protocol(text), {"backbone": fragment()})

    assert ["cyclophosphamide IV", "dexamethasone PO"] == [row.name for row in found.components]


def test_a_source_key_with_another_meaning() -> None:
    assert [
        "made-up.yaml:8:10: error: source 'older' is another one in fragment backbone: "
        "Somebody B. J Nothing 2010;1:1 [PP310]"
    ] == said(changed(PROTOCOL, ("  paper:", "  older:"), ("[paper", "[older")))


def test_a_source_key_with_one_meaning_in_each_of_two_fragments() -> None:
    """The figures of the first would be said to stand in the source of the second."""
    assert [
        "made-up.yaml:15:5: error: source 'older' is another one in fragment other: "
        "Another C. J Else 2011;2:2 [PP310]\n"
        "    hint: an earlier fragment has it for Somebody B. J Nothing 2010;1:1"
    ] == said(BOTH, other=fragment(changed(OTHER, ("newer", "older"))))


@pytest.mark.parametrize(
    "name", ["fragments/backbone", "../backbone", "..", "/etc/backbone", "a b"]
)
def test_nothing_but_an_id_is_looked_for(name: str) -> None:
    with pytest.raises(Faulty) as wrong:
        protocol(changed(PROTOCOL, ("fragment: backbone", f"fragment: {name}")))

    assert [
        f"made-up.yaml:14:16: error: '{name}' is not a name of letters, digits and hyphens [PP205]"
    ] == [str(problem) for problem in wrong.value.problems]


def test_a_fragment_hangs_on_no_option() -> None:
    with pytest.raises(Faulty) as wrong:
        fragment(changed(FRAGMENT, ("days: [1, 8]", "days: {option: chosen_days}")))

    assert ["backbone.yaml:20:37: error: option 'chosen_days' is not known [PP303]"] == [
        str(problem) for problem in wrong.value.problems
    ]


# -- where it is looked for ------------------------------------------------------------------------


def written(folder: Path, text: str = PROTOCOL, **fragments: str) -> Path:
    """A protocol in a folder, with fragments beside it."""
    path = folder / "made-up.yaml"
    path.write_text(text, "utf-8")
    (folder / "fragments").mkdir()
    for name, body in fragments.items():
        (folder / "fragments" / f"{name}.yaml").write_text(body, "utf-8")
    return path


def problems(path: Path) -> list[str]:
    return [str(problem) for problem in api.check_file(path, path.name)]


def test_a_fragment_beside_a_protocol_that_is_given_by_its_path_is_found(tmp_path: Path) -> None:
    path = written(tmp_path, backbone=FRAGMENT)

    found = files.whole(files.load(library.Found(path, path.name))[1], path)

    assert [] == problems(path)
    assert [("backbone", "1.0.0")] == [(used.id, used.version) for used in found.fragments]
    assert "fragments/backbone.yaml:9:5" == str(found.components[0].at)


def test_a_fragment_that_is_shipped_is_found_from_anywhere(tmp_path: Path) -> None:
    path = written(tmp_path, changed(PROTOCOL, ("backbone", "mini-hyper-cvd")))

    assert [] == problems(path)


def test_an_unknown_fragment(tmp_path: Path) -> None:
    path = written(tmp_path, changed(PROTOCOL, ("backbone", "mini-hyper-cdv")))

    assert [
        "made-up.yaml:14:5: error: there is no fragment 'mini-hyper-cdv' [PP404]\n"
        "    hint: did you mean 'mini-hyper-cvd'?"
    ] == problems(path)


def test_another_kind_of_file_is_no_fragment(tmp_path: Path) -> None:
    path = written(tmp_path, backbone=PROTOCOL)

    assert [
        "fragments/backbone.yaml:1:1: error: a fragment was expected, this is a protocol [PP107]"
    ] == problems(path)


def test_a_fragment_under_another_name_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, backbone=changed(FRAGMENT, ("id: backbone", "id: other")))

    assert [
        "fragments/backbone.yaml:1:1: error: the file 'fragments/backbone.yaml' holds the fragment "
        "'other' [PP310]\n    hint: name the file other.yaml"
    ] == problems(path)
