"""Runs the tests against mutants of the program: each must make a test fail, or be recorded.

``python -m tests.mutating --quick`` tries a fixed list of functions in less than a minute and is part
of `.ci/run`; ``python -m tests.mutating``, or `make mutate`, tries all and writes
`docs/evidence/mutation.json`. What survives must stand in `tests/mutants.yaml` with the reason why
it changes no dose, day or finding, and what stands there must survive.

The tests are collected once. Each mutant is tried in a process of its own, forked from there: no
result of another mutant can be met, and nothing is imported twice. Tests that reach the function
come in the order of their length, those that have failed for it before come first.
"""

import argparse
import functools
import gc
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from _pytest.runner import runtestprotocol
from tests.mutants import ON_IMPORT, Mutant, live, mutants_of, planted, swap, texts_of, watch

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "tests" / "mutants.yaml"

KILLED, SURVIVED, UNREACHED, SLOW = "killed", "survived", "no test reaches it", "killed by time"


@attrs.frozen
class Campaign:
    """Modules, and the tests that are run against their mutants.

    Attributes:
        functions: By module; none means all of its functions.
        tests: Files and folders.
        warm: The shipped files are read once, before any mutant; not where reading is mutated.
    """

    functions: Mapping[str, tuple[str, ...]]
    tests: tuple[str, ...]
    warm: bool = True


@attrs.frozen
class Tried:
    """What came of a mutant.

    Attributes:
        by: The test that failed.
    """

    mutant: Mutant
    outcome: str
    by: str = ""


def _forked(work: Callable[[], Any], seconds: int) -> tuple[int, Any]:
    """Run *work* in a child: its exit status, and what it returns, by way of JSON.

    Args:
        seconds: Of processor time, after which the child is ended.
    """
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reads)
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            result = json.dumps(work()).encode()
            with os.fdopen(writes, "wb") as pipe:
                pipe.write(result)
            code = 0
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(data) if data else None


def _caches() -> list[Any]:
    """Every cache of results of the program and its tests."""
    return [
        held
        for held in gc.get_objects()
        if isinstance(held, functools._lru_cache_wrapper)
        and str(held.__module__).startswith(("protoplan", "tests", "test_"))
    ]


def _fails(item: pytest.Item) -> bool:
    """Run one test with fixtures of its own; whether it fails."""
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


class Runner:
    """A plugin of pytest that runs mutants in place of the tests."""

    def __init__(self, campaign: Campaign, mutants: Sequence[Mutant], options: Any) -> None:
        self.campaign, self.mutants, self.options = campaign, mutants, options
        self.tried: list[Tried] = []
        self.said = os.fdopen(os.dup(2), "w", buffering=1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Called once all tests are collected; True keeps pytest from running them."""
        if self.campaign.warm:
            _warm()
        self.caches = [
            cache
            for cache in _caches()
            if not (self.campaign.warm and cache.__module__ == "protoplan.files")
        ]
        gc.collect()
        gc.freeze()  # a child does not copy what it never changes
        items = {item.nodeid: item for item in session.items}
        reached = self._reached(items)
        if not self.options.look:
            self.tried = list(self._tried(items, reached))
        return True

    def _reached(self, items: Mapping[str, pytest.Item]) -> dict[str, tuple[float, set[str]]]:
        """How long each test takes, and which of the functions it reaches."""
        keep = Path(self.options.reached) if self.options.reached else None
        found = json.loads(keep.read_text("utf-8")) if keep and keep.exists() else {}
        new = [item for name, item in items.items() if name not in found]
        if new:
            status, looked = _forked(lambda: self._look(new), 3600)
            if status or looked is None:
                raise SystemExit("the tests could not be run without a mutant")
            found |= looked
        if keep is not None:
            keep.write_text(json.dumps(found), "utf-8")
        return {name: (seconds, set(hits)) for name, (seconds, hits) in found.items()}

    def _look(self, items: Iterable[pytest.Item]) -> dict[str, tuple[float, list[str]]]:
        hits: set[str] = set()
        for module in {mutant.module for mutant in self.mutants}:
            mutated = {m.function for m in self.mutants if m.module == module}
            for function, text in texts_of(module).items():
                if function in mutated and live(module, function) is not None:
                    watch(module, function, text, hits)
        found = {}
        for item in items:
            for cache in self.caches:
                cache.cache_clear()
            hits.clear()
            began = time.process_time()
            if _fails(item):
                raise SystemExit(f"{item.nodeid} fails without a mutant")
            found[item.nodeid] = (time.process_time() - began, sorted(hits))
        return found

    def _tried(
        self, items: Mapping[str, pytest.Item], reached: Mapping[str, tuple[float, set[str]]]
    ) -> Iterable[Tried]:
        killers: dict[str, Counter[str]] = defaultdict(Counter)
        for number, mutant in enumerate(self.mutants, 1):
            near = [
                name
                for name, (_, hits) in reached.items()
                if name in items
                and (mutant.where in hits or (mutant.module, mutant.function) in ON_IMPORT)
            ]
            again = killers[mutant.where]
            near.sort(key=lambda name: (-again[name], reached[name][0], name))
            near = _within(near, reached, self.options.budget)
            found = self._try(mutant, [items[name] for name in near],
                              sum(reached[name][0] for name in near))  # fmt: skip
            again[found.by] += 1
            if found.outcome in (SURVIVED, UNREACHED) or number % 50 == 0:
                self.said.write(f"{number}/{len(self.mutants)} {found.outcome}: {mutant}\n")
            yield found

    def _try(self, mutant: Mutant, items: Sequence[pytest.Item], seconds: float) -> Tried:
        if live(mutant.module, mutant.function) is None or not items:
            return Tried(mutant, UNREACHED)

        def work() -> str:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
            try:
                swap(mutant.module, mutant.function, mutant.text)
            except Exception:  # noqa: BLE001 - such as a default that cannot be worked out
                return "it cannot be imported"
            return next((item.nodeid for item in items if _fails(item)), "")

        status, by = _forked(work, int(seconds * 4) + 10)
        if by is None or status:
            return Tried(mutant, SLOW if os.WIFSIGNALED(status) else KILLED, "the whole process")
        return Tried(mutant, KILLED if by else SURVIVED, by)


def _within(
    names: Sequence[str], reached: Mapping[str, tuple[float, set[str]]], budget: float
) -> list[str]:
    """The first tests that take *budget* seconds together; all of them where it is 0."""
    kept, spent = [], 0.0
    for name in names:
        spent += reached[name][0]
        if kept and budget and spent > budget:
            break
        kept.append(name)
    return kept


def _warm() -> None:
    from protoplan import files, library  # noqa: PLC0415

    files.vocabularies()
    for name in library.ids("formulary"):
        files.drug(name)



def run(campaign: Campaign, options: argparse.Namespace) -> list[Tried]:
    """Try every mutant of a campaign, the planted ones first."""
    for module in campaign.functions:
        __import__(module)
    mutants = [
        mutant
        for module, functions in campaign.functions.items()
        for mutant in mutants_of(module, functions)
    ]
    runner = Runner(campaign, mutants, options)
    code = pytest.main(
        [*campaign.tests, "-q", "--no-header", "--numprocesses=0", "--capture=sys",
         "-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=none"],
        plugins=[runner],
    )  # fmt: skip
    if code != 0:
        raise SystemExit(f"pytest ended with {code}")
    return runner.tried


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--modules", nargs="*", default=[])
    parser.add_argument("--tests", nargs="*", default=[])
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--budget", type=float, default=0)
    parser.add_argument("--reached")
    parser.add_argument("--out")
    parser.add_argument("--look", action="store_true")
    options = parser.parse_args()
    functions = {}
    for name in options.modules:
        module, _, some = name.partition(":")
        functions[module] = tuple(some.split(",")) if some else ()
    tried = run(Campaign(functions, tuple(options.tests), warm=not options.cold), options)
    counts = Counter((one.mutant.module, one.outcome) for one in tried)
    for (module, outcome), count in sorted(counts.items()):
        print(module, outcome, count)
    if options.out:
        Path(options.out).write_text(
            json.dumps([{**attrs.asdict(one.mutant), "outcome": one.outcome, "by": one.by}
                        for one in tried], indent=1), "utf-8")


if __name__ == "__main__":
    main()
