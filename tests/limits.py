"""Runs commands on hostile files under hard limits, and measures them; a process of its own.

    python -m tests.limits '[["check", "bomb.yaml"]]'

It prints a line of JSON: for each command its exit code (or the signal that ended it, below nought),
what it said, its seconds of computing and its megabytes. The commands run in children of a process in
which the program is loaded already, so that its start, about a third of a second and 40 MB, is counted
as memory and not as time.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from tests import faults
from tests.faults import SAID

from protoplan import api

#: A child that needs more is ended: seconds of computing, and bytes.
SECONDS = 20
DATA = 600_000_000


def run(arguments: list[str]) -> NoReturn:
    """Run a command under the limits, as the last thing of this process."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (DATA, DATA))
    faults.run(arguments)


def measured(arguments: list[str]) -> dict[str, Any]:
    """What a command came to, and what it took."""
    child = os.fork()
    if child == 0:
        run(arguments)
    _, state, used = os.wait4(child, 0)
    return {
        "code": os.waitstatus_to_exitcode(state),
        "said": SAID.read_text("utf-8", "replace")[:400],
        "seconds": round(used.ru_utime + used.ru_stime, 3),
        "megabytes": used.ru_maxrss // 1024,
    }


if __name__ == "__main__":
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    root = Path(__file__).parents[1]
    api.check_file(root / "tests/problems/minimal.yaml", "minimal.yaml")
    api.plan_treatment(api.load_text((root / "examples/sample-a.yaml").read_text("utf-8"), "a")[1])
    sys.stdout.write(json.dumps([measured(row) for row in json.loads(sys.argv[1])]))
