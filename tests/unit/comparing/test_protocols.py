"""Two versions of a protocol compared: every leaf, in words."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.conftest import ROOT

from protoplan import api, differing
from protoplan.comparing.protocols import compare
from protoplan.model.component import ROUTES
from protoplan.model.difference import ProtocolDifference
from protoplan.model.protocol import Protocol
from protoplan.problems import Severity
from protoplan.quantity import Quantity
from protoplan.rendering.protocol_difference_text import render
from protoplan.source import Place

FULL = ROOT / "tests" / "protocols" / "full-doses.yaml"
SHIPPED = ("hyper-cvad-bortezomib", "mini-hyper-cvd-inotuzumab", "mini-hyper-cvd-venetoclax")


@cache
def shipped(name: str) -> Protocol:
    found: Protocol = differing.side(name, "-", None).model
    return found


def differ(before: Protocol, after: Protocol) -> ProtocolDifference:
    names = {**api.names_of(before), **api.names_of(after)}
    return compare(before, after, ("a.yaml", "b.yaml"), names)


def told(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    """The lines but for those that name the sides, of full-doses with some text replaced."""
    text = FULL.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "new.yaml"
    path.write_text(text, "utf-8")
    found = api.difference(str(FULL), str(path))
    assert isinstance(found, ProtocolDifference)
    unwrapped = render(found).replace("\n" + " " * 13, " ").replace("\N{NO-BREAK SPACE}", " ")
    return [" ".join(line.split()) for line in unwrapped.splitlines()[2:]]


DOXORUBICIN = (
    "  - {drug: doxorubicin, in: all, route: IV, sigs: [{dose: 50 mg/m2, days: [1]}], "
    "source: [test, doses]}\n"
)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("version: 1.0.0", "version: 1.1.0", "changed version: 1.0.0 → 1.1.0"),
        ("dose: 50 mg/m2", "dose: 75 mg/m2",
         "changed DOXOrubicin intravenous in all, day 1, dose: 50 mg/m² → 75 mg/m² (+50%)"),
        ("rate: 28 mcg/day", "rate: 9 mcg/day",
         "changed blinatumomab intravenous in all, days 1–7, rate: 28 mcg/day → 9 mcg/day (−67.9%)"),
        ("days: 1-7", "days: 1-14",
         "changed blinatumomab intravenous in all, days 1–7, days: 1–7 → 1–14"),
        ("every: 12 h", "every: 8 h",
         "changed cytarabine intravenous in all, days 2–3, hours from dose to dose: 12 → 8"),
        ("length: 28 days", "length: 21 days",
         "changed kind of cycle, all, length: 28 days → 21 days"),
        ("      - {dose: 100 mg, days: [9]}\n", "", "gone dasatinib by mouth in all, day 9: dose 100 mg; "
         "days 9; times a day 1"),
        (DOXORUBICIN, "", "gone DOXOrubicin intravenous in all: dose 50 mg/m²; days 1; times a day "
         "1; source test: doses"),
        ("cite: \"Made up for tests\"", "cite: \"Made up\"",
         "changed source, test, cite: Made up for tests → Made up"),
        ("severe, because: it is tested", "severe, because: it is asked for",
         "changed adopted rule, bortezomib/neuropathy/severe, because: it is tested → it is asked for"),
    ],
)  # fmt: skip
def test_a_change_is_one_line_in_clinical_words(
    tmp_path: Path, old: str, new: str, line: str
) -> None:
    assert [line] == told(tmp_path, (old, new))


def test_another_drug_is_another_component(tmp_path: Path) -> None:
    lines = told(
        tmp_path, (DOXORUBICIN, DOXORUBICIN.replace("drug: doxorubicin", "drug: rituximab"))
    )

    assert [
        "gone DOXOrubicin intravenous in all: dose 50 mg/m²; days 1; times a day 1; source test: doses",
        "new riTUXimab intravenous in all: dose 50 mg/m²; days 1; times a day 1; source test: doses",
    ] == lines


def test_remarks_and_layout_are_no_difference(tmp_path: Path) -> None:
    lines = told(tmp_path, ("# No regimen,", "# No real regimen,"))

    assert [
        "same no difference in what the protocol says; the files differ in remarks or layout"
    ] == lines


@pytest.mark.parametrize("name", SHIPPED)
def test_a_protocol_is_the_same_as_itself(name: str) -> None:
    assert differ(shipped(name), shipped(name)).same


def test_protocols_of_different_ids_are_compared_and_said_so_first() -> None:
    found = differ(shipped(SHIPPED[1]), shipped(SHIPPED[2]))

    assert not found.same
    assert render(found).startswith(
        "ATTENTION    DIFFERENT PROTOCOLS, not two versions of one: mini-hyper-cvd-inotuzumab and"
    )


# -- nothing is passed over ------------------------------------------------------------------------


def altered(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with each of its leaves altered in turn, and what was altered."""
    if isinstance(value, Place):
        return
    if isinstance(value, tuple):
        yield from altered_row(value)
    elif attrs.has(type(value)) and not isinstance(value, Quantity):
        for field in attrs.fields(type(value)):
            if field.name not in {"at", "sha256"}:
                for what, other in altered(getattr(value, field.name)):
                    yield f"{field.name}.{what}", attrs.evolve(value, **{field.name: other})
    else:
        yield type(value).__name__, another(value)


def another(value: Any) -> Any:
    match value:
        case Quantity():
            return Quantity(value.value + 1, value.unit)
        case bool():
            return not value
        case str():
            # A route is one of a closed list.
            return "SC" if value in ROUTES and value != "SC" else f"{value} altered"
        case Severity():
            return Severity.NOTE if value is Severity.STOP else Severity.STOP
        case None:
            return "altered"
    return value + 1


def altered_row(value: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    for n, part in enumerate(value):
        for what, other in altered(part):
            yield f"{n}.{what}", (*value[:n], other, *value[n + 1 :])
        if not is_pair(value):
            yield f"{n} gone", (*value[:n], *value[n + 1 :])


def is_pair(value: tuple[Any, ...]) -> bool:
    """A name with its value, or two ends of a range: neither can go alone."""
    return len(value) == 2 and isinstance(value[0], (str, int, Quantity))


def few(protocol: Protocol) -> Protocol:
    """Of each long row its first two and its last: quick to alter everywhere."""
    rows: dict[str, Any] = {
        field.name: tuple(dict.fromkeys((*value[:2], *value[-1:])))
        for field in attrs.fields(Protocol)
        if isinstance(value := getattr(protocol, field.name), tuple) and len(value) > 3
    }
    return attrs.evolve(protocol, **rows)


def test_no_leaf_of_a_protocol_can_change_without_a_line() -> None:
    before = few(shipped("mini-hyper-cvd-inotuzumab"))
    names = api.names_of(before)

    passed_over = [
        what for what, after in altered(before) if compare(before, after, ("a", "b"), names).same
    ]

    assert [] == passed_over


def test_each_altered_leaf_can_be_printed() -> None:
    before = few(shipped("mini-hyper-cvd-venetoclax"))
    names = api.names_of(before)

    for n, (what, after) in enumerate(altered(before)):
        # Bounds are a record or none; a text cannot stand there.
        if n % 7 == 0 and not what.endswith("bounds.NoneType"):
            text = render(compare(before, after, ("a", "b"), names))
            assert all(len(line) <= 100 or " " not in line[13:] for line in text.splitlines())
