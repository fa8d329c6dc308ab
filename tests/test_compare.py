"""The command that sets regimens side by side: what it must show, what it refuses, its JSON."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.conftest import ROOT, Run
from tests.test_plan_schema import strict

from protoplan import api, library
from protoplan.cli import main
from protoplan.comparing.regimens import compare
from protoplan.model.component import ROUTES
from protoplan.model.option import OptionRef
from protoplan.model.protocol import Protocol
from protoplan.quantity import Quantity
from protoplan.rendering.comparison_text import render
from protoplan.source import Place

SCHEMA = json.loads(api.schema("comparison"))
USAGE = "Usage: protoplan compare [OPTIONS] REGIMEN...\nTry 'protoplan compare --help' for help.\n\nError: "
HYPER_CVAD, AUGMENTED = "hyper-cvad", "augmented-hyper-cvad"
FILE = "protocols/hyper-cvad.yaml"
SMALL = "tests/protocols/full-doses.yaml"


# -- section 0 of the record of evidence: conflicts to settle before coding -------------------------

FOUR = (HYPER_CVAD, AUGMENTED, "hyper-cvad-bortezomib", "mini-hyper-cvd-inotuzumab")

#: What a regimen says of a drug in its first cycles: drug, route, label of the cycle, field, and what
#: stands there for each regimen of FOUR; None where it gives none. A text is looked for in the cell.
FIGURES: list[tuple[str, str, str, str, tuple[str | None, ...]]] = [
    ("vincristine", "IV", "1", "days", ("1, 11", "1, 8, 15", "1, 8, 15", "1, 8")),
    ("dexamethasone", "PO", "1", "days", ("11–14", "15–18", "11–14", "11–14")),
    ("methotrexate", "IV", "2", "dose",
     ("800\xa0mg/m²", "800\xa0mg/m²", "1,500\xa0mg/m²", "250\xa0mg/m²")),
    ("methotrexate", "IV", "2", "infusion", ("over 22 hours", "over 22 hours", "", "")),
    ("methotrexate", "IT", "2", "days", ("2", None, "2", "7")),
    ("doxorubicin", "IV", "1", "infusion", ("2\xa0h to 24\xa0h", "2\xa0h to 24\xa0h", "", None)),
    ("bortezomib", "SC", "1", "days", (None, None, "1, 4, 8, 11", None)),
]  # fmt: skip

#: Each line of section 0 that is about a regimen or a drug of FOUR: the drug under which it must
#: stand, and what its readings must say, as regular expressions. None is a regimen as a whole.
READINGS: list[tuple[str, str | None, tuple[str, ...]]] = [
    ("vincristine days", "vincristine", ("1 and 11", "4 and 11", "1 and 8")),
    ("second dexamethasone block", "dexamethasone", ("11 to 14", "8 to 11", "15 to 18")),
    ("doxorubicin infusion", "doxorubicin", ("2 to 24 h", "over 2 h", "over 24 h", "15 min")),
    ("methotrexate second part", "methotrexate",
     ("800 mg/m. over 22 h", "over 24 h", "1,?000 mg/m. over 24 h")),
    ("leucovorin start", "leucovorin",
     ("12 hours after the methotrexate ends", "24 hours after the methotrexate ends",
      "36 hours after the methotrexate begins", "25 mg/m.")),
    ("bortezomib and vincristine", "vincristine", ("days 1 and 8 of cycle A", "not given concurrently")),
    ("bortezomib and vincristine", "bortezomib", ("days 1 and 8 of cycle A", "not given concurrently")),
    ("four cycles or six", None, ("at most four", "needed six")),
    ("intrathecal methotrexate the day after", "methotrexate", ("day 2 of c", "order is reversed")),
    ("doxorubicin by bilirubin", "doxorubicin",
     ("half at 1.2 to 3 mg/dL", "three quarters at 2 to 3 mg/dL", "30 to 50 µmol/L")),
    ("equivalence factors", "doxorubicin",
     ("idarubicin 5, mitoxantrone 10.5", "idarubicin cannot be estimated",
      "mitoxantrone and idarubicin 4 to 5")),
]  # fmt: skip


@cache
def shown(*arguments: str) -> str:
    ran = CliRunner().invoke(main, ["compare", *arguments])
    assert 0 == ran.exit_code, ran.stderr
    return ran.stdout


@cache
def data_of(*arguments: str) -> Any:
    return json.loads(shown(*arguments, "--format", "json"))


def flat(text: str) -> str:
    """A text on one line, with no other blanks than spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("drug", "route", "label", "field", "expected"), FIGURES, ids=lambda part: str(part)[:24]
)
def test_section_0_each_regimen_shows_its_figure(
    drug: str, route: str, label: str, field: str, expected: tuple[str | None, ...]
) -> None:
    (block,) = [b for b in data_of(*FOUR)["drugs"] if (b["drug"], b["route"]) == (drug, route)]

    for wanted, giving in zip(expected, block["regimens"], strict=True):
        cells = [dose["says"].get(field, "") for dose in giving["doses"] if label in dose["labels"]]
        if wanted is None:
            assert [] == cells, giving["regimen"]
        else:
            assert any(wanted in cell for cell in cells), (giving["regimen"], cells)
    if len({wanted for wanted in expected if wanted is not None}) > 1:
        assert field in block["differs"]


@pytest.mark.parametrize(("line", "drug", "readings"), READINGS)
def test_section_0_each_conflict_stands_under_its_drug(
    line: str, drug: str | None, readings: tuple[str, ...]
) -> None:
    told = [
        entry
        for entry in data_of(*FOUR)["disagreements"]
        if (drug in entry["drugs"] if drug else entry["drugs"] == [])
    ]
    text = flat("\n".join(says["value"] for entry in told for says in entry["says"]))

    assert [] == [wanted for wanted in readings if not re.search(wanted, text)], line


def test_section_0_every_reading_stands_in_the_text_with_its_citation() -> None:
    text = flat(shown(*FOUR))

    missing = [
        says
        for entry in data_of(*FOUR)["disagreements"]
        for says in entry["says"]
        if flat(f"{says['value']} ({says['source']}: {says['place']}") not in text
    ]

    assert [] == missing


# -- what must hold for any --------------------------------------------------------------------------


def given_amounts(protocol: Protocol) -> Iterator[tuple[str, str, Quantity]]:
    """Drug, route and every amount that the protocol gives or offers of it."""
    options = {option.name: option for option in protocol.options}
    for component in protocol.components:
        for sig in component.sigs:
            for value in (sig.dose, sig.rate, sig.ramp):
                if isinstance(value, OptionRef):
                    option = options[value.option]
                    offered = (*(option.between or ()), *(c.amount for c in option.choices))
                    amounts = [amount for amount in offered if amount is not None]
                else:
                    amounts = list(value) if isinstance(value, tuple) else [value] if value else []
                yield from ((component.drug, component.route, amount) for amount in amounts)
    for item in protocol.open_items:
        yield from ((gift.drug, gift.route, gift.dose) for gift in item.gives)


@pytest.mark.parametrize("name", library.ids("protocol"))
def test_every_dose_of_a_regimen_stands_under_its_drug(name: str) -> None:
    other = next(one for one in library.ids("protocol") if one != name)
    text = shown(name, other)
    protocol = api.load_protocol(name, Place("test", 1, 1))
    names = api.names_of(protocol)

    for drug, route, amount in given_amounts(protocol):
        heading = f"{names[drug]}, {ROUTES[route]}\n"
        part = text[text.index(f"\n{heading}") :]
        end = re.search(r"\n\n\S|\n\n  Where", part[len(heading) :])
        assert amount.text() in part[: end.start() + len(heading) if end else None], (drug, amount)


def unordered(data: Any) -> Any:
    """Data in which the order of lists is no matter, as a text that can be compared."""
    if isinstance(data, dict):
        return json.dumps({key: unordered(data[key]) for key in sorted(data)}, sort_keys=True)
    if isinstance(data, list):
        return json.dumps(sorted(map(unordered, data)))
    return json.dumps(data)


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_another_order_changes_the_order_alone(order: tuple[int, ...]) -> None:
    three = ("hyper-cvad-bortezomib", "mini-hyper-cvd-inotuzumab", HYPER_CVAD)

    other = data_of(*(three[n] for n in order))

    assert unordered(data_of(*three)) == unordered(other)


@pytest.mark.parametrize("name", library.ids("protocol"))
def test_a_regimen_and_its_copy_differ_in_nothing(name: str) -> None:
    protocol = api.load_protocol(name, Place("test", 1, 1))

    found = compare(
        (protocol, attrs.evolve(protocol, id="copy")), ("a", "b"), api.drugs_of(protocol)
    )

    assert not found.differs
    assert "  differs   " not in render(found)
    assert all(one.lines or one.opened for block in found.blocks for one in block.givings)


@pytest.mark.parametrize(
    "arguments", [FOUR, tuple(library.ids("protocol")), (*FOUR, "--drug", "vincristine")]
)
def test_text_fits_a_hundred_columns(arguments: tuple[str, ...]) -> None:
    assert [] == [line for line in shown(*arguments).splitlines() if len(line) > 100]


def test_it_is_read_through(golden: Callable[[str, str], None]) -> None:
    golden("compare.txt", shown(HYPER_CVAD, AUGMENTED))


def test_some_drugs_alone_by_id_and_alias() -> None:
    data = data_of(*FOUR, "--drug", "L-asparaginase", "--drug", "bortezomib")

    assert ["asparaginase-e-coli", "bortezomib"] == [block["drug"] for block in data["drugs"]]


# -- JSON --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [FOUR, tuple(library.ids("protocol"))])
def test_the_json_fits_its_schema_and_every_key_is_described(arguments: tuple[str, ...]) -> None:
    closed = strict(SCHEMA)

    errors = [
        f"{e.json_path}: {e.message}"
        for e in Draft202012Validator(closed).iter_errors(data_of(*arguments))
    ]

    assert [] == errors


def test_the_json_says_what_the_text_says() -> None:
    data = data_of(HYPER_CVAD, AUGMENTED)
    (block,) = [b for b in data["drugs"] if b["drug"] == "dexamethasone"]

    assert (
        "protoplan-comparison/1",
        ["hyper-cvad", "augmented-hyper-cvad"],
        ["cycles"],
        {"how often": "once a day"},
        ["cycles", "dose", "days"],
        [[{"dose": "40\xa0mg", "how often": "once a day", "days": "1–4, 11–14"}],
         [{"dose": "80\xa0mg", "how often": "once a day", "days": "1–4, 15–18"},
          {"dose": "80\xa0mg", "how often": "once a day", "days": "1–4, 15–18",
           "condition": "when augmented_courses is every course"}]],
        {"source": "faderl-abstracts", "place": "regimen", "verified": True},
    ) == (
        data["format"],
        [one["label"] for one in data["regimens"]],
        data["course_differs"],
        block["alike"],
        block["differs"],
        [[dose["says"] for dose in giving["doses"]] for giving in block["regimens"]],
        block["regimens"][1]["doses"][0]["source"],
    )  # fmt: skip


# -- wrong use ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "two regimens or more are compared; name another\n"),
        (["hyper-cvad-bortezomib"], "two regimens or more are compared; name another\n"),
        (["hyper-cvad-bortezomib", "mini-hyper-cvd-venetoclax", "hyper-cvad-bortezomib"],
         "hyper-cvad-bortezomib is named twice; a regimen is compared with another\n"),
        (["hyper-cvad-bortezomib", "protocols/hyper-cvad-bortezomib.yaml"],
         "hyper-cvad-bortezomib and protocols/hyper-cvad-bortezomib.yaml are one file; a regimen is "
         "compared with another\n"),
        (["hyper-cvad-bortezomeb", "mini-hyper-cvd-inotuzumib"],
         "there is no protocol 'hyper-cvad-bortezomeb'; did you mean 'hyper-cvad-bortezomib'? [PP404]\n"
         "       there is no protocol 'mini-hyper-cvd-inotuzumib'; did you mean "
         "'mini-hyper-cvd-inotuzumab'? [PP404]\n"),
        (["hyper-cvad-bortezomib", "./none.yaml"], "there is no file './none.yaml' [PP404]\n"),
        (["hyper-cvad-bortezomib", "mini-hyper-cvd-venetoclax@0.1"],
         "version 0.1 of mini-hyper-cvd-venetoclax is asked for, and 1.2.0 is here [PP404]\n"),
        ([HYPER_CVAD, AUGMENTED, "--drug", "blinatumomab"],
         "none of them gives blinatumomab; they give asparaginase-e-coli, cyclophosphamide, cytarabine, "
         "dexamethasone, doxorubicin, leucovorin, mesna, methotrexate, methylprednisolone, "
             "rituximab, vincristine\n"),
    ],
)  # fmt: skip
def test_wrong_use_is_exit_2(run: Run, arguments: list[str], message: str) -> None:
    ran = run("compare", *arguments)

    assert (2, "", USAGE + message) == (ran.code, ran.out, ran.err)


def test_a_file_that_is_no_protocol_is_exit_3(run: Run) -> None:
    ran = run("compare", "hyper-cvad-bortezomib", "examples/sample-a.yaml")

    assert (3, "", "examples/sample-a.yaml:1:1: error: a protocol was expected, this is a treatment [PP107]\n") == (
        ran.code, ran.out, ran.err)  # fmt: skip


def test_an_invalid_protocol_is_exit_3_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    broken, out = tmp_path / "broken.yaml", tmp_path / "out.txt"
    text = (ROOT / FILE).read_text("utf-8")
    broken.write_text(text.replace("dose: 2 mg", "dose: 2 mgs"), "utf-8")

    ran = run("compare", "hyper-cvad-bortezomib", str(broken), "--output", str(out))

    assert (3, "", False) == (ran.code, ran.out, out.exists())
    assert f"{broken}:96:16:" in ran.err
    assert "[PP204]" in ran.err


def test_a_copy_of_a_file_may_be_compared(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    text = (ROOT / SMALL).read_text("utf-8")
    copy.write_text(text.replace("dose: 140 mg", "dose: 70 mg"), "utf-8")

    data = run("compare", SMALL, str(copy), "--format", "json").data

    assert [SMALL, str(copy)] == [one["label"] for one in data["regimens"]]
    assert [["dose"]] == [block["differs"] for block in data["drugs"] if block["differs"]]
