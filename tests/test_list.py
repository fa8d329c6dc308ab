"""The command that lists: who is found by what, under which headings, and what it refuses."""

import json
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator
from tests.conftest import Run
from tests.test_plan_schema import strict

from protoplan import api, library, listing
from protoplan.model.listing import Asked, Drug, Entry, Publication
from protoplan.source import Place

USAGE = "Usage: protoplan list [OPTIONS]\nTry 'protoplan list --help' for help.\n\nError: "
SCHEMA = json.loads(api.schema("list"))


def entry(name: str, drugs: str = "", words: str = "", sources: str = "") -> Entry:
    """A protocol; a drug or a source in brackets is only named or cited."""
    return Entry(
        id=name,
        version="1.0.0",
        title=f"Title of {name}",
        population="nobody",
        indications=tuple(words.split()),
        reviewed="never",
        drugs=tuple(Drug(one.strip("()"), one.strip("()"), one[0] != "(") for one in drugs.split()),
        sources=tuple(
            Publication(one.strip("()"), f"{one.strip('()').title()} et al.", None, one[0] != "(")
            for one in sources.split()
        ),
    )


FLAG = entry("flag", "fludarabine cytarabine", "aml", "frey2015 (thomas2010)")
NELARABINE = entry("nelarabine", "nelarabine", "t-cell-all", "label frey2015")
MINI = entry("mini", "cytarabine (nelarabine)", "b-cell-all t-cell-all", "thomas2010 (frey2015)")
THREE = (FLAG, MINI, NELARABINE)


@pytest.mark.parametrize(
    ("asked", "found", "cited"),
    [
        (Asked(), "flag mini nelarabine", ""),
        (Asked(drugs=("cytarabine",)), "flag mini", ""),
        (Asked(drugs=("nelarabine",)), "mini nelarabine", ""),
        (Asked(drugs=("nelarabine", "cytarabine")), "mini", ""),
        (Asked(indications=("t-cell-all",)), "mini nelarabine", ""),
        (Asked(indications=("t-cell-all", "b-cell-all")), "mini", ""),
        (Asked(sources=("FREY",)), "flag nelarabine", "mini"),
        (Asked(sources=("y2015 et AL",)), "flag nelarabine", "mini"),
        (Asked(sources=("frey", "thomas")), "", "flag mini"),
        (Asked(sources=("frey", "label")), "nelarabine", ""),
        (Asked(("cytarabine",), ("aml",), ("frey",)), "flag", ""),
        (Asked(("fludarabine",), ("t-cell-all",)), "", ""),
    ],
)
def test_filters_are_joined_with_and(asked: Asked, found: str, cited: str) -> None:
    listed = listing.found_among(THREE, asked)

    assert (found.split(), cited.split(), None) == (
        [one.id for one in listed.entries],
        [one.id for one in listed.cited],
        listed.groups,
    )


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("drug", ["cytarabine: flag, mini", "fludarabine: flag",
                  "nelarabine: mini (as an open item), nelarabine"]),
        ("indication", ["aml: flag", "b-cell-all: mini", "t-cell-all: mini, nelarabine"]),
        ("source", ["frey2015: flag, nelarabine", "label: nelarabine", "thomas2010: mini"]),
    ],
)  # fmt: skip
def test_groups_hold_all_that_have_it_in_common(by: str, groups: list[str]) -> None:
    shown = [
        f"{group.name}: "
        + ", ".join(f"{one.id} ({remark})" if remark else one.id for one, remark in group.entries)
        for group in listing.grouped(THREE, by)
    ]

    assert groups == shown


def test_one_publication_is_one_group_whatever_its_key() -> None:
    first = entry("a", sources="paper")
    second = entry("b", sources="other")
    both = [
        Publication(key, cite, "10.1/x", True)
        for key, cite in (("paper", "A paper"), ("other", "A paper (NCT1)"))
    ]
    entries = [
        attrs.evolve(one, sources=(source,))
        for one, source in zip((first, second), both, strict=True)
    ]

    (group,) = listing.grouped(entries, "source")

    assert ("paper, other", "A paper", ["a", "b"]) == (
        group.name,
        group.about,
        [one.id for one, _ in group.entries],
    )


def test_a_protocol_without_indications_is_not_lost() -> None:
    (group,) = listing.grouped([entry("bare")], "indication")

    assert ("none is stated", ["bare"]) == (group.name, [one.id for one, _ in group.entries])


# -- what is shipped -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.ids("protocol"))
def test_every_shipped_protocol_states_what_it_is_for(name: str) -> None:
    assert () != api.load_protocol(name, Place("test", 1, 1)).indications


def ids(run: Run, *arguments: str) -> set[str]:
    return {one["id"] for one in run("list", *arguments, "--format", "json").data["protocols"]}


def test_three_questions_are_answered(run: Run) -> None:
    assert {"hyper-cvad-bortezomib"} <= ids(run, "--drug", "imatinib")
    assert {"mini-hyper-cvd-venetoclax"} <= ids(run, "--indication", "t-cell-all")
    assert {"mini-hyper-cvd-inotuzumab", "mini-hyper-cvd-venetoclax"} <= ids(
        run, "--source", "Kantarjian"
    )
    assert not {"mini-hyper-cvd-inotuzumab"} & ids(run, "--source", "frey2015")
    assert not {"hyper-cvad-bortezomib"} & ids(run, "--indication", "t-cell-all")


def test_a_drug_is_found_by_its_alias_in_any_case(run: Run) -> None:
    assert {"mini-hyper-cvd-inotuzumab"} <= ids(run, "--drug", "Inotuzumab")
    assert ids(run, "--drug", "inotuzumab") == ids(run, "--drug", "inotuzumab-ozogamicin")


def test_bare_it_names_every_protocol_with_what_it_is(run: Run) -> None:
    text = run("list").out

    assert list(library.ids("protocol")) == [
        line.split()[0] for line in text.splitlines() if not line.startswith(" ")
    ]
    assert (
        "mini-hyper-cvd-venetoclax 1.2.0\n"
        "    Mini-hyper-CVD with venetoclax\n"
        "    Adults with relapsed or refractory acute lymphoblastic leukaemia of B- or T-cell lineage;\n"
        "    neither Philadelphia-positive nor Burkitt leukaemia\n"
        "    all, b-cell-all, t-cell-all, relapsed-or-refractory\n"
        "    not yet checked by a clinician\n"
    ) in text


def test_nothing_found_is_a_sentence(run: Run) -> None:
    ran = run("list", "--drug", "venetoclax", "--source", "no such source")

    assert (
        0,
        "No protocol here has venetoclax and rests on a source with 'no such source' in its key or "
        "citation.\n",
    ) == (ran.code, ran.out)


def test_a_source_that_is_cited_for_no_figure_is_named_apart(run: Run) -> None:
    ran = run("list", "--source", "frey2015", "--drug", "inotuzumab", "--drug", "ursodiol")

    assert (
        0,
        "mini-hyper-cvd-inotuzumab cites such a source only where sources disagree or are silent; no "
        "figure\nrests on it.\n",
    ) == (ran.code, ran.out[ran.out.index("mini-hyper") :])


@pytest.mark.parametrize("by", ["drug", "indication", "source"])
def test_groups_are_printed_within_a_hundred_columns(run: Run, by: str) -> None:
    ran = run("list", "--by", by)

    assert 0 == ran.code
    assert [] == [line for line in ran.out.splitlines() if len(line) > 100]
    assert all(
        any(line.startswith(f"    {name} ") for line in ran.out.splitlines())
        for name in library.ids("protocol")
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--drug", "vincristin"],
         "--drug: drug 'vincristin' is not known; did you mean 'vincristine'? [PP302]\n"),
        # Vinblastine is not vincristine misspelt.
        (["--drug", "vinblastine"], "--drug: drug 'vinblastine' is not known [PP302]\n"),
        (["--indication", "tcell-all", "--drug", " "],
         "--drug: nothing is written here; a value was expected [PP203]\n"
         "       --indication: indication 'tcell-all' is not known; did you mean 't-cell-all'? [PP303]\n"),
        (["--source", ""], "--source: nothing is written here; a value was expected [PP203]\n"),
        (["--by", "cycle"], "Invalid value for '--by': 'cycle' is not one of 'drug', 'indication', "
         "'source'.\n"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_2(run: Run, arguments: list[str], message: str) -> None:
    ran = run("list", *arguments)

    assert (2, "", USAGE + message) == (ran.code, ran.out, ran.err)


@pytest.mark.parametrize(
    "arguments", [[], ["--by", "drug"], ["--by", "indication"], ["--source", "frey2015", "--by", "source"]]
)  # fmt: skip
def test_the_json_fits_its_schema_and_every_key_is_described(
    run: Run, arguments: list[str]
) -> None:
    data: Any = run("list", *arguments, "--format", "json").data

    errors = [
        f"{e.json_path}: {e.message}"
        for e in Draft202012Validator(strict(SCHEMA)).iter_errors(data)
    ]

    assert [] == errors
