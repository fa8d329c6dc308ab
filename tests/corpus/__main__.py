"""Makes the corpus of harmed files, and says what becomes of each.

    python -m tests.corpus            an even sample of 500 and some
    python -m tests.corpus --all      every harmed file: thousands
    python -m tests.corpus --write FOLDER --all

One line of JSON at the end: how many files, how they end by kind of harm, the longest time and the
most memory of the run, and each file that ended as it must not. The exit code is 1 where one did.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.corpus.harms import HARMS, Harm, harms
from tests.corpus.verdicts import WRONG, Subject, judged, subjects

#: So many files of each kind of harm, spread evenly over all that there are.
OF_EACH = 57


def chosen(of_each: int | None) -> Iterator[tuple[Subject, Iterator[Harm]]]:
    """The harmed files by subject: all, or so many of each kind. None is kept longer than it is used."""
    counts = Counter(harm.kind for subject in subjects() for harm in harms(subject.path))
    steps = {
        kind: 1 if of_each is None else max(1, count // of_each) for kind, count in counts.items()
    }
    seen: Counter[str] = Counter()

    def some(path: Path) -> Iterator[Harm]:
        for harm in harms(path):
            seen[harm.kind] += 1
            if seen[harm.kind] % steps[harm.kind] == steps[harm.kind] // 2:
                yield harm

    for subject in subjects():
        yield subject, some(subject.path)


def run(of_each: int | None, only: str = "", log: Path | None = None) -> dict[str, Any]:
    """Judge the harmed files, and say what came of them."""
    ends: dict[str, Counter[str]] = {kind: Counter() for kind in HARMS}
    wrong: list[str] = []
    silent: list[str] = []
    longest = (0.0, "")
    with tempfile.TemporaryDirectory() as name, (log or Path(os.devnull)).open("w") as lines:
        for number, (subject, rows) in enumerate(chosen(of_each)):
            if only not in subject.place:
                deque(rows, maxlen=0)
                continue
            for harm, verdict in judged(subject, rows, Path(name) / str(number)):
                where = f"{subject.place}: {harm.what}"
                behind = f" ({verdict.behind} but for what it expects)" if verdict.behind else ""
                ends[harm.kind][f"{verdict.ends}{behind}"] += 1
                longest = max(longest, (verdict.seconds, where))
                if verdict.ends == WRONG:
                    wrong.append(f"{where}: {verdict.said}")
                if verdict.silent:
                    silent.append(where)
                lines.write(f"{verdict.ends}{behind}\t{where}\t{verdict.said!r}\n")
                lines.flush()
    all_ends = sum(ends.values(), Counter())
    return {
        "files": sum(all_ends.values()),
        "ends": dict(sorted(all_ends.items())),
        "by_harm": {kind: dict(sorted(found.items())) for kind, found in ends.items()},
        "longest_seconds": round(longest[0], 3),
        "longest": longest[1],
        "peak_mb": most_memory(),
        "wrong": wrong,
        "silent": silent,
    }


def most_memory() -> int:
    """The most megabytes that this process has held.

    `getrusage` would count those of the process from which this one was started as well.
    """
    (line,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(line) // 1024


def main() -> int:
    """What was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--all", action="store_true", help="every harmed file, not a sample")
    asked.add_argument("--of-each", type=int, default=OF_EACH, help="so many of each kind of harm")
    asked.add_argument("--only", default="", help="files whose name holds this")
    asked.add_argument("--log", type=Path, help="a file for a line about each")
    asked.add_argument("--write", type=Path, help="write the harmed files here, and judge none")
    given = asked.parse_args()
    of_each = None if given.all else given.of_each
    if given.write:
        for subject, rows in chosen(of_each):
            for number, harm in enumerate(rows):
                folder = given.write / subject.place / harm.kind.replace(" ", "-")
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{number:05}.yaml").write_bytes(harm.text.encode())
        return 0
    found = run(of_each, given.only, given.log)
    sys.stdout.write(f"{json.dumps(found, ensure_ascii=False)}\n")
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
