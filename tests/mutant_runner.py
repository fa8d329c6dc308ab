"""Runs the tests against mutants of the program, each in a process of its own.

The tests are collected once. Each mutant is forked from there, as many at a time as there are
processors: nothing is imported twice, and no result that was made without it, or with another, can be
met. The tests that reach its function come
in this order: those that have failed for it, those of the file that mirrors its module, the quick.
"""

import functools
import gc
import importlib
import json
import os
import resource
import signal
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import attrs
import pytest
from _pytest.runner import runtestprotocol
from tests.mutants import ON_IMPORT, Mutant, live, swap, texts_of, watch

#: In seconds; no share of the mutants takes as long.
A_DAY = 24 * 3600

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
    return _ended(*_started(work, seconds))


def _started(work: Callable[[], Any], seconds: int) -> tuple[int, int]:
    """A child that runs *work*, and where what it returns is to be read."""
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
        except BaseException:  # noqa: BLE001 - the parent sees that nothing came back
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)
    os.close(writes)
    return child, reads


def _ended(child: int, reads: int) -> tuple[int, Any]:
    """The exit status of a child, and what it returned."""
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


def _failures(items: Sequence[pytest.Item]) -> Iterator[bool]:
    """Run tests in turn, with what a module sets up once kept for its next test: does each fail?"""
    for item, following in zip_longest(items, items[1:]):
        reports = runtestprotocol(item, log=False, nextitem=following)
        yield any(report.failed for report in reports)


class Runner:
    """A plugin of pytest that runs mutants in place of the tests."""

    def __init__(self, campaign: Campaign, mutants: Sequence[Mutant], budget: float) -> None:
        self.campaign, self.mutants, self.budget = campaign, mutants, budget
        self.tried: list[Tried] = []
        self.caches: list[Any] = []
        self.said = os.fdopen(os.dup(2), "w", buffering=1)

    def pytest_internalerror(self, excrepr: object) -> None:
        self.said.write(str(excrepr))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Called once all tests are collected; True keeps pytest from running them."""
        from hypothesis import settings  # not before pytest has looked at its plugins

        settings.register_profile("mutants", settings.default, derandomize=True, database=None)
        settings.load_profile("mutants")
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
        self.tried = self._tried(items, reached)
        return True

    def _reached(self, items: Mapping[str, pytest.Item]) -> dict[str, tuple[float, set[str]]]:
        """How long each test takes, and which of the functions it reaches."""
        status, found = _forked(lambda: self._look(list(items.values())), 3600)
        if status or found is None:
            raise SystemExit("the tests could not be run without a mutant")
        return {name: (seconds, set(hits)) for name, (seconds, hits) in found.items()}

    def _look(self, items: Sequence[pytest.Item]) -> dict[str, tuple[float, list[str]]]:
        hits: set[str] = set()
        for module, some in self.campaign.functions.items():
            for function, text in texts_of(module).items():
                if (not some or function in some) and live(module, function) is not None:
                    watch(module, function, text, hits)
        found = {}
        began = time.process_time()
        for item, failed in zip(items, _failures(items), strict=True):
            if failed:
                raise SystemExit(f"{item.nodeid} fails without a mutant")
            found[item.nodeid] = (time.process_time() - began, sorted(hits))
            for cache in self.caches:
                cache.cache_clear()
            hits.clear()
            began = time.process_time()
        return found

    def _tried(
        self, items: Mapping[str, pytest.Item], reached: Mapping[str, tuple[float, set[str]]]
    ) -> list[Tried]:
        """What came of every mutant; each processor has a share of them."""
        count = len(os.sched_getaffinity(0))
        shares = [self.mutants[n::count] for n in range(count)]
        works = [functools.partial(self._share, share, items, reached) for share in shares]
        running = [_started(work, A_DAY) for work in works]
        found: dict[int, Tried] = {}
        for share, child in zip(shares, running, strict=True):
            status, told = _ended(*child)
            if status or told is None:
                raise SystemExit("a share of the mutants was not tried to its end")
            for mutant, (outcome, by) in zip(share, told, strict=True):
                found[id(mutant)] = Tried(mutant, outcome, by)
        return [found[id(mutant)] for mutant in self.mutants]

    def _share(
        self,
        share: Sequence[Mutant],
        items: Mapping[str, pytest.Item],
        reached: Mapping[str, tuple[float, set[str]]],
    ) -> list[tuple[str, str]]:
        """Outcome and test of each."""
        return [(one.outcome, one.by) for one in self._in_turn(share, items, reached)]

    def _in_turn(
        self,
        mutants: Sequence[Mutant],
        items: Mapping[str, pytest.Item],
        reached: Mapping[str, tuple[float, set[str]]],
    ) -> Iterable[Tried]:
        killers: dict[str, Counter[str]] = defaultdict(Counter)
        for number, mutant in enumerate(mutants, 1):
            own = f"/test_{mutant.module.rpartition('.')[2]}.py::"  # the file that mirrors it
            again, near = killers[mutant.where], []
            for name, (seconds, hits) in reached.items():
                if mutant.where in hits or (mutant.module, mutant.function) in ON_IMPORT:
                    near.append((-again[name], own not in name, seconds, name))
            names = _within([name for *_, name in sorted(near)], reached, self.budget)
            seconds = sum(reached[name][0] for name in names)
            found = self._try(mutant, [items[name] for name in names], seconds)
            again[found.by] += 1
            if found.outcome in (SURVIVED, UNREACHED) or number % 50 == 0:
                self.said.write(f"{number}/{len(mutants)} {found.outcome}: {mutant}\n")
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
            failed = zip(items, _failures(items), strict=True)
            return next((item.nodeid for item, wrong in failed if wrong), "")

        status, by = _forked(work, int(seconds * 4) + 10)
        if by is None or status:
            return Tried(mutant, SLOW if os.WIFSIGNALED(status) else KILLED, "the whole process")
        return Tried(mutant, KILLED if by else SURVIVED, by)


def _within(
    names: Sequence[str], reached: Mapping[str, tuple[float, set[str]]], budget: float
) -> list[str]:
    """The first tests that take *budget* seconds together; all of them where it is 0."""
    kept: list[str] = []
    spent = 0.0
    for name in names:
        spent += reached[name][0]
        if kept and budget and spent > budget:
            break
        kept.append(name)
    return kept


def _warm() -> None:
    from protoplan import files, library

    files.vocabularies()
    for name in library.ids("formulary"):
        files.drug(name)


def run(campaign: Campaign, mutants: Sequence[Mutant], budget: float) -> list[Tried]:
    """Try mutants with the tests of a campaign.

    Args:
        campaign: Whose tests are collected.
        mutants: In the order in which they are tried.
        budget: Seconds of tests for each mutant, the quickest tests first; 0 runs them all.

    Raises:
        SystemExit: If the tests fail without a mutant.
    """
    for module in campaign.functions:
        importlib.import_module(module)
    runner = Runner(campaign, mutants, budget)
    code = pytest.main(
        [*campaign.tests, "-qqq", "--no-header", "--no-summary", "--numprocesses=0",
         "--capture=sys", "-p", "no:cacheprovider", "--hypothesis-seed=0",
         "-o", "tmp_path_retention_policy=none"],
        plugins=[runner],
    )  # fmt: skip
    if code != 0:
        raise SystemExit(f"pytest ended with {code}")
    return runner.tried
