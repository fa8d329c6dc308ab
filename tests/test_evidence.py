"""The page of evidence is what the kept results make, and no result can claim more than it has."""

from typing import Any

import attrs
import pytest
from tests import audit, builds, evidence, versions

GOOD = evidence.Result(
    what="Something.",
    command="make something",
    date="2026-11-21",
    versions={"protoplan": "0.1.0 at 0123456789ab"},
    counts={"passed": 2},
    result="passed",
    failed=(),
    limits=("Everything else.",),
)


def with_(**changes: Any) -> evidence.Result:
    return attrs.evolve(GOOD, **changes)


def test_the_page_is_what_the_results_make() -> None:
    """`make evidence` writes it anew."""
    assert evidence.page(evidence.found()).encode() == evidence.PAGE.read_bytes()


def test_every_kept_result_can_be_believed() -> None:
    assert [] == [
        said for kind, one in evidence.found().items() for said in evidence.wrong(kind, one)
    ]


def test_a_good_result_has_nothing_wrong() -> None:
    assert [] == list(evidence.wrong("tests", GOOD))


@pytest.mark.parametrize(
    ("kind", "result", "said"),
    [
        ("luck", GOOD, f"luck is no kind of evidence; known: {', '.join(evidence.KINDS)}"),
        ("tests", with_(result="fine"), "tests: the result 'fine' is not known"),
        ("tests", with_(date="today"), "tests: 'today' is not a date"),
        ("tests", with_(failed=["one failed"]), "tests passed and says what failed"),
        ("tests", with_(result="failed"), "tests is failed and does not say why"),
        ("tests", with_(result="not run"), "tests is not run and does not say why"),
        ("tests", with_(counts={"passed": 0}), "tests passed and counted nothing"),
        ("tests", with_(limits=()), "tests does not say what it does not show"),
        (
            "tests",
            with_(versions={"Python": "3.11"}),
            "tests does not say which version of protoplan it is about",
        ),
        ("tests", with_(command="run /home/me/x"), "tests names '/home/' of one machine"),
    ],
)
def test_a_result_that_cannot_be_believed_is_found_out(
    kind: str, result: evidence.Result, said: str
) -> None:
    found = list(evidence.wrong(kind, result))

    assert said in found


def test_a_key_that_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        evidence.read('{"what": "x", "score": 10}')


def test_a_kind_without_a_result_is_told_as_not_run() -> None:
    page = evidence.page({"tests": GOOD})

    assert "| Tests (`tests`) | passed | 2026-11-21 | passed 2 |\n" in page
    assert "| Fuzzing (`fuzz`) | not run | | |\n" in page
    assert "## Fuzzing\n\nNot run: no result is kept.\n" in page


def test_what_failed_stands_on_the_page() -> None:
    page = evidence.page({"tests": with_(result="failed", failed=["test_a failed"])})

    assert "| Tests (`tests`) | **failed** | 2026-11-21 | passed 2 |\n" in page
    assert "What failed:\n\n- test_a failed\n" in page


def test_of_many_counts_the_table_shows_six_and_the_part_below_all() -> None:
    many = {f"c{number}": number for number in range(1, 9)}
    page = evidence.page({"tests": with_(counts=many)})

    assert "| 2026-11-21 | c1 1, c2 2, c3 3, c4 4, c5 5, c6 6, and 2 more below |\n" in page
    assert "- counts: c1 1, c2 2, c3 3, c4 4, c5 5, c6 6, c7 7, c8 8\n" in page


def test_tests_are_counted_by_their_outcome() -> None:
    report = (
        "<testsuites><testsuite>"
        "<testcase classname='a' name='one'/>"
        "<testcase classname='a' name='two'><failure/></testcase>"
        "<testcase classname='a' name='three'><error/></testcase>"
        "<testcase classname='a' name='four'><skipped/></testcase>"
        "</testsuite></testsuites>"
    )

    assert evidence.Ran(
        {"passed": 1, "failed": 2, "skipped": 1}, ("a::two failed", "a::three failed")
    ) == evidence.counted(report)


# -- versions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "lowest"), [(">=23.2,<27", "23.2"), ("<7,>=6.0.1", "6.0.1"), (">= 2024.1", "2024.1")]
)
def test_the_lowest_version_is_that_of_the_bound(bounds: str, lowest: str) -> None:
    assert lowest == versions.lowest(bounds)


def test_bounds_without_a_lowest_version_are_refused() -> None:
    with pytest.raises(ValueError, match="'<7' has no lower bound"):
        versions.lowest("<7")


def test_every_runtime_dependency_has_a_lowest_version() -> None:
    assert [] == [
        name for name, bounds in versions.declared().items() if not versions.lowest(bounds)
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("23.2.0", "23.2", True), ("2.9.0", "2.9", True), ("8.2.1", "8.2", False), ("10", "1", False)],
)
def test_zeros_at_the_end_make_no_other_version(one: str, other: str, *, same: bool) -> None:
    assert same == versions.same(one, other)


def tried(*failed: str) -> versions.Tried:
    trial = versions.Trial("3.11", "all lowest", "lowest-direct", ())
    return versions.Tried(trial, {"attrs": "23.2.0"}, evidence.Ran({"passed": 3}, failed))


def test_one_environment_that_fails_fails_the_whole() -> None:
    passed = versions.result([tried()], GOOD.versions)
    failed = versions.result([tried(), tried("a::b failed")], GOOD.versions)

    assert ("passed", ()) == (passed.result, passed.failed)
    assert ("failed", ("Python 3.11, all lowest: a::b failed",)) == (failed.result, failed.failed)
    assert "Python 3.12: it was not run." in passed.limits


# -- builds ----------------------------------------------------------------------------------------

BUILT = {"x.whl": "1", "x.tar.gz": "2"}


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (BUILT, BUILT, ()),
        (BUILT, {**BUILT, "x.whl": "3"}, ("x.whl differs",)),
        (BUILT, {"x.whl": "1"}, ("x.tar.gz differs",)),
        ({"x.whl": "1"}, {"x.whl": "1"}, ("no sdist was built",)),
        ({}, {}, ("no wheel was built", "no sdist was built")),
    ],
)
def test_builds_are_alike_only_where_both_files_are(
    one: dict[str, str], other: dict[str, str], said: tuple[str, ...]
) -> None:
    assert said == builds.differences(one, other)


# -- audit -----------------------------------------------------------------------------------------

KNOWN = [{"name": "pyyaml", "version": "5.3.1", "vulns": [{"id": "PYSEC-1"}]}]
CLEAN = [{"name": "attrs", "version": "26.1.0", "vulns": []}]
SKIPPED = [{"name": "attrs", "skip_reason": "not found on https://x.org/ and not audited"}]


@pytest.mark.parametrize(
    ("control", "packages", "judged"),
    [
        (KNOWN, CLEAN, ("passed", ())),
        (KNOWN, SKIPPED, ("failed", ("not looked up: attrs",))),
        (KNOWN, [], ("failed", ("not looked up: attrs",))),
        (
            KNOWN,
            [{**CLEAN[0], "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]}],
            ("failed", ("attrs 26.1.0: CVE-1, CVE-2",)),
        ),
        (
            CLEAN,
            CLEAN,
            (
                "not run",
                ("the service knows no vulnerability of pyyaml 5.3.1, which has a public one",),
            ),
        ),
        (
            SKIPPED,
            CLEAN,
            (
                "not run",
                (
                    "the service knows no vulnerability of pyyaml 5.3.1, which has a public one: "
                    "not found on … and not audited",
                ),
            ),
        ),
    ],
)
def test_an_audit_passes_only_where_everything_was_looked_up(
    control: list[dict[str, Any]],
    packages: list[dict[str, Any]],
    judged: tuple[str, tuple[str, ...]],
) -> None:
    assert judged == audit.judged(control, packages, ["attrs"])
