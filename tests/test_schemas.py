"""The schemas of the files: drawn anew they are the same, and they agree with the reader."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.conftest import ROOT, Run
from tests.editor import seen, validator
from tests.test_docs import BASES, FENCES, placed, sections_of
from tests.test_new import filled

from protoplan import api, schemas
from protoplan.problems import Faulty
from protoplan.reading.file import READERS
from protoplan.reading.schema import FILES, Walk
from protoplan.reading.schema_shapes import DECLARED
from protoplan.reading.shapes import Word

KIND_OF = {
    "protocols": "protocol",
    "protocols/fragments": "fragment",
    "formulary": "formulary",
    "catalogue": "catalogue",
    "policies": "policy",
    "examples": "treatment",
    "tests/cases": "case",
}
#: What is printed as JSON, with a schema that is written by hand.
PRINTED = ("plan", "difference", "comparison", "status", "bags", "list")
#: The form of `protoplan new protocol`, whose blanks no schema takes.
FORM = ROOT / "examples" / "new-protocol.yaml"
SHIPPED = [
    pytest.param(path, "protocol" if path == FORM else kind, id=f"{path.parent.name}-{path.stem}")
    for folder, kind in KIND_OF.items()
    for path in sorted((ROOT / folder).glob("*.yaml"))
]
BROKEN = sorted((ROOT / "tests" / "problems").glob("*.yaml"))

#: Codes of what a schema is there to see: keys, shapes, amounts and words.
STRUCTURE = {"PP201", "PP202", "PP203", "PP204", "PP205"}


def codes_of(text: str, name: str) -> set[str]:
    """The codes of what the reader finds in a file, before any check of what it means."""
    try:
        api.load_text(text, name)
    except Faulty as wrong:
        return {problem.code for problem in wrong.problems}
    return set()


def kind_of(data: Any) -> str | None:
    line = data.get("format") if isinstance(data, dict) else None
    return READERS[line][0] if line in READERS else None


# -- what is committed ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FILES)
def test_what_is_committed_is_what_is_drawn(kind: str) -> None:
    assert api.schema(kind) == schemas.drawn(kind), "run `make schemas`"


@pytest.mark.parametrize("kind", [*FILES, *PRINTED])
def test_each_schema_is_one(kind: str) -> None:
    data = json.loads(api.schema(kind))

    Draft202012Validator.check_schema(data)
    assert f"{kind}.schema.json" == data["$id"]


def test_there_is_a_schema_of_every_kind_of_file_and_of_what_is_printed() -> None:
    files = {path.name for path in (ROOT / "schemas").iterdir()}

    assert {kind for kind, _ in READERS.values()} == set(FILES)
    assert {f"{kind}.schema.json" for kind in (*FILES, *PRINTED)} == files


@pytest.mark.parametrize("kind", [*FILES, *PRINTED])
def test_the_words_of_a_schema_are_those_that_every_editor_knows(kind: str) -> None:
    later = {"$defs", "$dynamicRef", "$anchor", "prefixItems", "dependentRequired",
             "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "minContains"}  # fmt: skip

    assert set() == later & set(re.findall(r'"([^"]+)":', api.schema(kind)))


def patterns_in(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {found for part in schema for found in patterns_in(part)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
    own |= set(schema.get("patternProperties", ()))
    return own.union(*(patterns_in(part) for part in schema.values()))


@pytest.mark.parametrize("kind", [*FILES, *PRINTED])
def test_patterns_mean_the_same_in_ecmascript(kind: str) -> None:
    """Of the escapes only those that its strict form has too, and nothing that Python alone knows."""
    for pattern in patterns_in(json.loads(api.schema(kind))):
        assert set(re.findall(r"\\(.)", pattern)) <= set("sS.^$|/"), pattern
        assert not re.search(r"\(\?[^:]", pattern), pattern


@pytest.mark.parametrize("kind", [*FILES, *PRINTED])
def test_the_command_prints_what_is_shipped(run: Run, kind: str) -> None:
    ran = run("schema", kind)

    assert (0, (ROOT / "schemas" / f"{kind}.schema.json").read_text("utf-8")) == (ran.code, ran.out)


def test_a_kind_that_is_none_is_wrong_use(run: Run) -> None:
    ran = run("schema", "protokol")

    assert 2 == ran.code
    assert "'protokol' is not one of 'protocol', 'fragment'" in ran.err


# -- no shape is forgotten --------------------------------------------------------------------------


def test_every_declared_function_stands_somewhere() -> None:
    drawn: list[Any] = []
    for kind in FILES:
        walk = Walk(api.vocabularies(), {})
        walk.whole(FILES[kind])
        drawn += [shape for shape, _ in walk.drawn]

    unused = [shape.__name__ for shape in DECLARED if shape not in drawn]
    assert [] == unused


@pytest.mark.parametrize("kind", FILES)
def test_without_vocabularies_any_name_is_a_text(kind: str) -> None:
    walk = Walk({}, {})
    walk.whole(FILES[kind])

    assert [] == [name for shape, name in walk.drawn if isinstance(shape, Word)]


# -- files that are in order ------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "kind"), SHIPPED)
def test_every_shipped_file_fits_its_schema(path: Path, kind: str) -> None:
    text = path.read_text("utf-8")
    written = filled(text) if path == FORM else text
    errors = [e.message for e in validator(kind).iter_errors(seen(written))]

    assert [] == errors


@pytest.mark.parametrize(("path", "kind"), SHIPPED)
def test_every_shipped_file_names_its_schema_first(path: Path, kind: str) -> None:
    first = path.read_text("utf-8").partition("\n")[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)

    assert found
    assert (path.parent / found[1]).resolve() == ROOT / "schemas" / f"{kind}.schema.json"


GOOD = [
    pytest.param(fence, id=str(fence))
    for fence in FENCES
    if fence.words[:2] in {("yaml", "base"), ("yaml", "good")}
]


@pytest.mark.parametrize("fence", GOOD)
def test_every_good_example_fits_its_schema(fence: Any) -> None:
    text = fence.body if fence.words[1] == "base" else placed(fence)

    errors = [e.message for e in validator(fence.words[2]).iter_errors(seen(text))]

    assert [] == errors


# -- files that are not -----------------------------------------------------------------------------


def judged(text: str, name: str) -> tuple[set[str], bool] | None:
    """What the reader says, and whether the file fits its schema; None where it cannot be parsed."""
    codes = codes_of(text, name)
    try:
        data = seen(text)
    except (yaml.YAMLError, AssertionError):
        return None
    kind = kind_of(data)
    return None if kind is None else (codes, validator(kind).is_valid(data))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken_files_are_refused_where_a_schema_can_see_it(path: Path) -> None:
    data = path.read_bytes()
    found = judged(data.decode("utf-8", "replace"), path.name)
    if found is None:
        assert path.stem.startswith("PP10")
        return
    codes, fits = found
    if not codes:
        assert fits, "the reader takes what the schema refuses"
    elif codes & STRUCTURE:
        assert not fits, codes


BAD = [pytest.param(f, id=str(f)) for f in FENCES if f.words[:2] == ("yaml", "bad")]


@pytest.mark.parametrize("fence", BAD)
def test_bad_examples_are_refused_where_a_schema_can_see_it(fence: Any) -> None:
    found = judged(placed(fence), str(fence))
    if found is None:
        return
    codes, fits = found
    if not codes:
        assert fits, "the reader takes what the schema refuses"
    elif codes & STRUCTURE:
        assert not fits, codes


# -- what the two see differently -------------------------------------------------------------------

#: What the reader refuses and a schema takes: kind, sections, code, and why.
UNSEEN = [
    ("protocol", "kinds: {odd: {length: 21 days}, even: {length: 28 days, source: [paper, A]}}\n",
     "PP305", "keys that do not go together are no matter of shapes"),
    ("protocol", "silences: [{about: a, left: b, source: [papre, A]}]\n", "PP301",
     "the words that a file itself brings are not known to a schema"),
    ("protocol", "id: +3\n", "PP205", "an editor makes the number 3 of it, and 3 is a name"),
    ("catalogue", "facts: {a: {about: a, from: 0, to: 1e3}}\n", "PP204", "likewise, 1000"),
    ("protocol", "sources: {paper: {cite: A, verified: True}, label: {cite: B}}\n", "PP205",
     "an editor makes true of it, as of true"),
    ("protocol", "kinds: {odd: {length: 999 weeks, source: [paper, A]}, "
     "even: {length: 28 days, source: [paper, A]}}\n", "PP204", "a pattern does not count to ten years"),
    ("protocol", 'title: "a bell: \\a"\n', "PP102", "a pattern for characters that cannot be seen is "
     "not the same in every editor"),
    ("treatment", "start: 2026-02-30\n", "PP207", "a pattern does not count the days of a month"),
    ("policy", "labs_fresh_for: 9999 days\n", "PP204", "a pattern does not count to ten years"),
]  # fmt: skip

#: What the reader takes and a schema refuses: kind, sections, and why it stays so.
STRICTER = [
    ("protocol", "title: null\n", "for an editor it is what a key without a value is, which is a fault"),
    ("protocol", "title: ~\n", "likewise"),
    ("formulary", 'unit: " mg "\n', "a list of words is what editors offer and explain; nobody "
     "writes blanks into quotes"),
]  # fmt: skip


def on_the_base(kind: str, sections: str) -> str:
    own, rest = sections_of(sections), sections_of(BASES[kind])
    return sections + "".join(text for key, text in rest.items() if key not in own)


@pytest.mark.parametrize(("kind", "sections", "code", "why"), UNSEEN)
def test_what_a_schema_does_not_see(kind: str, sections: str, code: str, why: str) -> None:
    assert ({code}, True) == judged(on_the_base(kind, sections), "unseen.yaml"), why


@pytest.mark.parametrize(("kind", "sections", "why"), STRICTER)
def test_where_a_schema_is_stricter(kind: str, sections: str, why: str) -> None:
    assert (set(), False) == judged(on_the_base(kind, sections), "stricter.yaml"), why


def test_editors_parse_what_they_should() -> None:
    written = (
        "{a: no, b: 2026-03-02, c: 10:00, d: 01, e: 1-3, f: 1.10, g: true, h: 'true', i: , 2: -1}"
    )

    assert {"a": "no", "b": "2026-03-02", "c": "10:00", "d": 1, "e": "1-3", "f": 1.1, "g": True,
            "h": "true", "i": None, "2": -1} == seen(written)  # fmt: skip
