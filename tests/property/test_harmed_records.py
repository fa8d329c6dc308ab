"""Treatment files with a record, harmed in every way that a hand or a bad disk can harm them.

Reading and planning such a file ends in problems or a plan, never in another exception. Recording
in it either refuses and leaves its bytes, or keeps every entry that could be read before.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT, Run

from protoplan import api
from protoplan.model.record import Entry, Pin, Revised
from protoplan.problems import PROBLEMS, Faulty, Problem
from protoplan.reading.file import decode
from protoplan.records import Said, recorded
from protoplan.source import Place

MINIMAL = Path(__file__).parents[1] / "problems" / "minimal.yaml"
STATED = b"""\
# made up, with what happened
format: protoplan-treatment/1
id: made-up
patient: {label: "made \xc3\xbcp", age: 45}
protocol: ./minimal.yaml
start: 2026-03-02
measurements:
  - {date: 2026-03-01, height: 175 cm, weight: 70 kg}
labs:
  - {date: 2026-03-01, creatinine: 0.9 mg/dL}   # at the desk
medicines: none
earlier_exposure: none
# appended to, never changed
record:
  - {date: 2026-03-02, cycle: 1, started: true}
  - {date: 2026-03-02, given: 1.d1.vincristine.IV.1, amount: 2 mg, time: 10:10}
  # by hand
  - date: 2026-03-09
    held: 1.d8.vincristine.IV.1
    reason: >
      constipation,
      not resolved

  - {date: 2026-03-10, delayed: 1.d8.vincristine.IV.1, to: 2026-03-11,
     reason: "better: \\"slowly\\""}
  - {date: 2026-03-11, toxicity: liver, grade: 1, related_to: vincristine} # mild
  - {date: 2026-03-12, stopped: vincristine, reason: 'enough'}
  - {date: 2026-03-23, delayed: 2, to: 2026-03-30, reason: fever}
  - {date: 2026-03-30, revised: facts}
"""
SAID = Said("revised", (("date", "2026-04-01"), ("revised", "after the harm")))
NEW = Revised(date=date(2026, 4, 1), what="after the harm", at=Place("", 0, 0))
LINES = STATED.splitlines(keepends=True)
RECORD = LINES.index(b"record:\n") + 1

SAMPLE = (
    (ROOT / "examples/sample-a.yaml").read_bytes()
    + b"""\
record:
  - {date: 2026-03-02, cycle: 1, started: true}
  - {date: 2026-03-03, given: 1.d2.inotuzumab-ozogamicin.IV.1, amount: 1.1 mg, bsa: 1.84 m2}
  - {date: 2026-03-08, held: 1.d7.cytarabine.IT.1, reason: fever}
"""
)

few = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "minimal.yaml").write_bytes(MINIMAL.read_bytes())
    return tmp_path


def entries_of(data: bytes) -> Counter[Entry] | None:
    """What stands in the record; None where the file cannot be read."""
    try:
        kind, model = api.load_text(decode(data, "t.yaml"), "t.yaml")
    except Faulty:
        return None
    return Counter(model.record) if kind == "treatment" else None


def survived(data: bytes, folder: Path) -> bool:
    """Read, plan and record; whether the entry was taken, with everything that stood there."""
    before = entries_of(data)
    problems: tuple[Problem, ...] = ()
    made = None
    try:
        made = recorded(data, folder / "t.yaml", "t.yaml", SAID)
    except Faulty as wrong:
        problems = wrong.problems
    except api.WrongUse:  # another kind of file by now
        assert before is None
    assert {problem.code for problem in problems} <= set(PROBLEMS)
    assert all(problem.at.line >= 1 for problem in problems)
    if made is None:
        return False
    after = entries_of(made.data)

    assert before is not None and after is not None
    new = after - before
    assert Counter() == before - after
    assert 1 == new.pop(NEW)
    assert [Pin] * (not before) == [type(entry) for entry in new.elements()]
    if made.data.startswith(data):
        return True
    assert made.data.startswith(data + b"\n") or made.data.startswith(data + b"\r")
    return True


def test_the_whole_file_takes_an_entry(folder: Path) -> None:
    assert survived(STATED, folder)


def test_a_file_cut_off_at_any_byte_loses_no_entry(folder: Path) -> None:
    """Cut at the end of an entry it reads, and takes the next one; elsewhere hardly ever."""
    taken = [end for end in range(len(STATED)) if survived(STATED[:end], folder)]

    whole = {STATED.index(line) + len(line) for line in (b"started: true}\n", b"10:10}\n")}
    assert whole <= set(taken)


def test_the_sample_cut_off_at_any_place_loses_no_entry(folder: Path) -> None:
    taken = [end for end in range(0, len(SAMPLE), 16) if survived(SAMPLE[:end], folder)]

    assert taken != [] and survived(SAMPLE, folder)


def test_any_byte_turned_over_loses_no_entry(folder: Path) -> None:
    chance = random.Random("bytes")
    for place in range(len(STATED)):
        harmed = bytearray(STATED)
        harmed[place] ^= 1 << chance.randrange(8)
        survived(bytes(harmed), folder)


@few
@given(st.lists(st.tuples(st.integers(0, len(STATED) - 1), st.integers(0, 255)), max_size=5))
def test_some_bytes_changed_lose_no_entry(folder: Path, changes: list[tuple[int, int]]) -> None:
    harmed = bytearray(STATED)
    for place, byte in changes:
        harmed[place] = byte
    survived(bytes(harmed), folder)


def line_harms() -> Iterator[list[bytes]]:
    for number, line in enumerate(LINES):
        yield LINES[:number] + LINES[number + 1 :]
        yield [*LINES[: number + 1], line, *LINES[number + 1 :]]
        yield [*LINES[:number], b" " + line, *LINES[number + 1 :]]
        yield [*LINES[:number], line.rstrip() + b"\r\n", *LINES[number + 1 :]]
        yield [*LINES[:number], b"<<<<<<< ours\n", line, *LINES[number + 1 :]]


def test_lines_left_out_or_doubled_lose_no_entry(folder: Path) -> None:
    for lines in line_harms():
        survived(b"".join(lines), folder)


@few
@given(st.permutations(LINES[RECORD:]))
def test_lines_of_the_record_in_any_order_lose_no_entry(folder: Path, lines: list[bytes]) -> None:
    survived(b"".join([*LINES[:RECORD], *lines]), folder)


@few
@given(st.binary(max_size=200))
def test_anything_at_the_end_loses_no_entry(folder: Path, end: bytes) -> None:
    survived(STATED + end, folder)


#: The layout of a line at the end, which decides whether an entry can follow it.
ENDS = st.text("-:#[]{}|>\"'\n \t.&*!%@`,?x", max_size=12)


@few
@given(ENDS, st.booleans())
def test_any_layout_at_the_end_loses_no_entry(folder: Path, end: str, broken: bool) -> None:
    survived(STATED.rstrip(b"\n" if broken else b"") + end.encode(), folder)


HEAD, BODY = b"".join(LINES[:RECORD]), b"".join(LINES[RECORD:])
CORPUS = {
    "nothing": b"",
    "a byte order mark": b"\xef\xbb\xbf",
    "two byte order marks": b"\xef\xbb\xbf" * 2 + STATED,
    "noughts": bytes(4096),
    "noughts at the end": STATED + bytes(512),
    "another encoding": STATED.decode().encode("latin-1"),
    "two bytes a letter": STATED.decode().encode("utf-16"),
    "half a letter at the end": STATED + b"# \xc3",
    "the file twice": STATED * 2,
    "a second document": STATED + b"---\n" + STATED,
    "the end of a document": STATED + b"...\n",
    "the record twice": STATED + b"record:\n  - {date: 2026-03-02, revised: x}\n",
    "an empty record": HEAD,
    "no entry in the record": HEAD + b"  []\n",
    "the record in brackets": HEAD + b"  [{date: 2026-03-02, revised: x}]\n",
    "a record of one word": HEAD + b"  none\n",
    "an anchor": STATED + b"  - &a {date: 2026-03-02, revised: x}\n  - *a\n",
    "a tab": STATED + b"\t- {date: 2026-03-02, revised: x}\n",
    "a word that is left open": STATED + b'  - {date: 2026-03-02, revised: "x\n',
    "a brace that is left open": STATED + b"  - {date: 2026-03-02,\n",
    "braces without end": STATED + b"  - " + b"{a: " * 5000,
    "words that go on": STATED + b"  - date: 2026-03-02\n    revised: |+\n      x\n\n",
    "a long line": STATED + b"  # " + b"x" * 500_000 + b"\n",
    "as large as may be": STATED + b"#" * (1_000_000 - len(STATED) - 1) + b"\n",
    "too large": STATED + b"#" * 1_000_000,
    "a thousand entries": STATED + b"  - {date: 2026-03-02, revised: x}\n" * 1000,
    "a marker of a conflict": STATED + b"=======\n",
}


@pytest.mark.parametrize("data", CORPUS.values(), ids=CORPUS)
def test_a_harmed_file_is_as_it_was_or_has_one_entry_more(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    """By the command itself; 1 would be an internal error, or a traceback."""
    monkeypatch.chdir(folder)
    path = folder / "t.yaml"
    path.write_bytes(data)
    taken = survived(data, folder)

    ran = run("record", "t.yaml", "revised", "after the harm", "--date", "2026-04-01")

    assert (0 if taken else 3) == ran.code, ran.err
    assert (path.read_bytes() == data) is not taken
    assert sorted(["minimal.yaml", "t.yaml"]) == sorted(p.name for p in folder.iterdir())
    if taken:
        before, after = entries_of(data), entries_of(path.read_bytes())
        assert before is not None and after is not None and before + Counter([NEW]) == after
    planned = run("plan", "t.yaml")
    assert planned.code in ({0, 4, 5} if taken else {0, 2, 3, 4, 5}), planned.err
