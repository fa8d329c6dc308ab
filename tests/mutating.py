"""Mutation testing: what the tests do not notice is recorded with its reason, or is a failure.

``python -m tests.mutating --quick`` tries a fixed list of functions that make doses and days, and is
part of `.ci/run`. ``python -m tests.mutating`` tries all modules of `CAMPAIGNS`; `make mutate` has it
write `docs/evidence/mutation.json`. A mutant that no test notices must stand in `mutants.yaml`, with
the reason why it changes no dose, no day and no finding; what stands there must go unnoticed.

``python -m tests.mutating --only planning.dosing`` tries the modules whose names begin so; several
may be named.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import yaml
from tests.evidence import Result, keep, today, versions_here
from tests.mutant_runner import KILLED, SLOW, SURVIVED, UNREACHED, Campaign, Tried, run
from tests.mutants import SOURCE, mutants_of, planted

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "tests" / "mutants.yaml"


def _room(name: str) -> dict[str, tuple[str, ...]]:
    """Every module of a room, with all of its functions."""
    found = sorted((SOURCE / "protoplan" / name).rglob("*.py"))
    paths = [path.relative_to(SOURCE).with_suffix("") for path in found]
    return {".".join(path.parts): () for path in paths if path.name != "__init__"}


_UNIT = ("tests/unit/planning", "tests/test_record_at_its_edges.py", "tests/test_record.py",
         "tests/test_inotuzumab_course.py", "tests/test_hyper_cvad.py", "tests/test_golden.py",
         "tests/test_cli.py::test_cases_hold")  # fmt: skip

#: Those of the schemas that are quick.
_SCHEMAS = tuple(
    f"tests/test_schemas.py::{name}"
    for name in (
        "test_what_is_committed_is_what_is_drawn",
        "test_without_vocabularies_any_name_is_a_text",
    )
)

CAMPAIGNS = (
    Campaign({"protoplan.quantity": ()}, ("tests/unit/test_quantity.py",), warm=False),
    Campaign(_room("planning"), _UNIT),
    Campaign(
        _room("reading"),
        ("tests/unit/reading", "tests/problems", "tests/test_wrong_files.py", *_SCHEMAS),
        warm=False,
    ),
)

_AMOUNTS = "tests/unit/test_quantity.py::"
_PLANS = "tests/unit/planning/"

#: Less than a minute of work; the tests are those that are quick.
QUICK = (
    Campaign(
        {
            "protoplan.quantity": (
                "Quantity.in_base",
                "Quantity.into",
                "Quantity.times",
                "Quantity.rounded_to",
                "compared",
            )
        },
        (
            f"{_AMOUNTS}test_halves_are_rounded_up",
            f"{_AMOUNTS}test_the_rounding_of_the_surrounding_program_changes_nothing",
            f"{_AMOUNTS}test_a_step_that_measures_something_else_is_refused",
            f"{_AMOUNTS}test_an_amount_is_multiplied_by_a_number",
            f"{_AMOUNTS}test_amounts_are_compared_across_units_of_one_dimension",
            f"{_AMOUNTS}test_amounts_that_measure_different_things_are_not_compared",
        ),
        warm=False,
    ),
    Campaign(
        {
            "protoplan.planning.adjusting": ("adjust", "largest", "_capped"),
            "protoplan.planning.rounding": ("step_for", "order", "stepped"),
            "protoplan.planning.dosing": ("over_days", "_amount"),
            "protoplan.planning.layout": ("_within_totals",),
        },
        (
            f"{_PLANS}test_adjusting.py",
            f"{_PLANS}test_dosing.py",
            f"{_PLANS}test_rounding.py",
            f"{_PLANS}test_schedule.py",
        ),
    ),
)

_CAPPED = ("protoplan.planning.adjusting", "_capped")
#: By hand: one that lets a dose past its cap and must be noticed, and one that changes nothing.
BAD = planted(
    *_CAPPED, was="compared(amount, cap.dose) <= 0", now="compared(amount, cap.dose) <= 1"
)
SAME = planted(*_CAPPED, was="adjustments = []", now="adjustments = list()")

#: What is not tried, for whoever reads the figures.
LIMITS = (
    "Tables and constants outside functions are not changed, but for the table of units.",
    "Asserts are left alone: they tell the type checker what a reader has made sure of.",
    "Texts are changed in one way each; a change of capitals is not tried besides.",
    "A mutant that takes four times as long as its tests, or 3 GB, counts as noticed.",
    "The rooms checks, comparing and rendering are not tried.",
)

Key = tuple[str, str, str]


def recorded() -> dict[Key, tuple[int, str]]:
    """What goes unnoticed: how often the same change stands in a function, and why it may.

    The reason is empty while none is known.
    """
    found: dict[Key, tuple[int, str]] = {}
    for entry in yaml.safe_load(RECORD.read_text("utf-8")) or ():
        for change in entry["mutants"]:
            key = entry["where"], change["was"], change["now"]
            found[key] = change.get("times", 1), entry.get("because", "")
    return found


def unnoticed(tried: Iterable[Tried]) -> Counter[Key]:
    return Counter(one.mutant.key for one in tried if one.outcome in (SURVIVED, UNREACHED))


def differences(
    tried: Sequence[Tried], record: Mapping[Key, tuple[int, str]]
) -> tuple[list[str], list[str]]:
    """What goes unnoticed and is not recorded, and what is recorded and does not."""
    seen = unnoticed(tried)
    functions = {one.mutant.where for one in tried}
    listed = Counter({key: times for key, (times, _) in record.items() if key[0] in functions})
    new, gone = seen - listed, listed - seen
    return [_told(key) for key in sorted(new)], [_told(key) for key in sorted(gone)]


def _told(key: Key) -> str:
    where, was, now = key
    return f"{where}\n    - {was}\n    + {now}"


def harness_works(tried: Sequence[Tried]) -> list[str]:
    """What is wrong with the trial itself: a known bad mutant that lives, a harmless one that dies."""
    outcomes = {one.mutant: one.outcome for one in tried}
    wrong = []
    if outcomes.get(BAD, KILLED) != KILLED:
        wrong.append("a dose past its cap was not noticed")
    if outcomes.get(SAME, SURVIVED) != SURVIVED:
        wrong.append("a change that changes nothing was noticed")
    return wrong


def counts(tried: Sequence[Tried], record: Mapping[Key, tuple[int, str]]) -> dict[str, int]:
    outcomes = Counter(one.outcome for one in tried)
    left = unnoticed(tried)
    equivalent = sum(n for key, n in left.items() if record.get(key, (0, ""))[1])
    return {
        "mutants": len(tried),
        "killed": outcomes[KILLED] + outcomes[SLOW],
        "survived": left.total() - equivalent,
        "equivalent": equivalent,
        "killed by time": outcomes[SLOW],
    }


def kept(tried: Sequence[Tried], failed: Sequence[str], command: str) -> Result:
    """What a run comes to, as `docs/evidence` keeps it."""
    record = recorded()
    parts = {
        module.removeprefix("protoplan."): counts(
            [one for one in tried if one.mutant.module == module], record
        )
        for module in sorted({one.mutant.module for one in tried})
    }
    functions = {one.mutant.where for one in tried}
    return Result(
        "Mutants of functions that make doses and days, and whether a test notices them.",
        command,
        today(),
        versions_here("mutmut", "pytest", "hypothesis"),
        {
            **counts(tried, record),
            **{name: f"{of['killed']} of {of['mutants']} killed" for name, of in parts.items()},
        },
        "failed" if failed else "passed",
        tuple(failed),
        (
            *LIMITS,
            f"{len(functions)} functions were tried, of the modules that are named, and no other.",
        ),
    )


def write_record(tried: Sequence[Tried]) -> None:
    """Add what is new to the record, without a reason, and take out what is gone from it."""
    seen, functions = unnoticed(tried), {one.mutant.where for one in tried}
    reasons = {key: why for key, (_, why) in recorded().items()}
    kept = Counter({key: n for key, (n, _) in recorded().items() if key[0] not in functions}) + seen
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for (where, was, now), times in sorted(kept.items()):
        change: dict[str, Any] = {"was": was, "now": now} | ({"times": times} if times > 1 else {})
        groups.setdefault((where, reasons.get((where, was, now), "")), []).append(change)
    entries = [{"where": where, "because": why, "mutants": found}
               for (where, why), found in groups.items()]  # fmt: skip
    comment = "".join(line for line in RECORD.read_text("utf-8").splitlines(True) if line[0] == "#")
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=10_000)
    RECORD.write_text(comment + text, "utf-8")


def main() -> None:
    """Try the mutants; exit 1 where something goes unnoticed that is not recorded."""
    parser = argparse.ArgumentParser(description="Run the tests against mutants of the program.")
    parser.add_argument("--quick", action="store_true", help="the functions of the ratchet alone")
    parser.add_argument("--only", nargs="+", default=[""], metavar="NAME",
                        help="modules that begin so")  # fmt: skip
    parser.add_argument("--budget", type=float, default=0, metavar="SECONDS",
                        help="of tests for each mutant; 0 runs all that reach it")  # fmt: skip
    parser.add_argument("--evidence", action="store_true", help="keep what it comes to")
    parser.add_argument("--write", action="store_true", help="bring mutants.yaml up to date")
    options = parser.parse_args()
    tried: list[Tried] = []
    for campaign in QUICK if options.quick else CAMPAIGNS:
        begin = tuple(f"protoplan.{name}" for name in options.only)
        functions = {name: some for name, some in campaign.functions.items()
                     if name.startswith(begin)}  # fmt: skip
        if functions:
            mutants = [m for name, some in functions.items() for m in mutants_of(name, some)]
            first = [BAD, SAME] if BAD.module in functions else []
            narrowed = attrs.evolve(campaign, functions=functions)
            tried += run(narrowed, [*first, *mutants], options.budget)
    wrong = harness_works(tried)
    tried = [one for one in tried if one.mutant not in (BAD, SAME)]
    if options.write:
        write_record(tried)
    record = recorded()
    new, gone = differences(tried, record)
    failed = [*wrong, *(f"not noticed: {text}" for text in new),
              *(f"recorded, but noticed or gone: {text}" for text in gone)]  # fmt: skip
    if options.evidence:
        command = " ".join(["python -m tests.mutating", *sys.argv[1:]])
        keep("mutation", kept(tried, failed, command))
    sys.stderr.write("".join(f"{line}\n" for line in failed))
    found = counts(tried, record)
    sys.stdout.write(", ".join(f"{count} {name}" for name, count in found.items()) + "\n")
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
