"""Part a: commands as whole processes, beside a bare interpreter and beside click with YAML."""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.subjects import COURSE, ROOT
from benchmarks.timing import Spent, Subject, in_turns, shown

DRUG = "inotuzumab-ozogamicin"
ENTRY = "from protoplan.cli import main; main()"
#: Run in a process of its own: names every YAML file that a command opens, then its modules.
WATCHED = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)
from protoplan.cli import main
try:
    main()
except SystemExit:
    pass
files = list(dict.fromkeys(name for name in opened if name.endswith('.yaml')))
modules = [name for name in sys.modules if name.split('.')[0] == 'protoplan']
print(json.dumps([files, modules]), file=sys.stderr)
"""


def measure(rounds: int) -> dict[str, object]:
    """Wall and processor time of each, and its ratio to the floor.

    The floor loads the same files as `cumulative` by PyYAML's C loader. With the model's records it
    is the least that a command takes whose records are attrs classes, which attrs makes anew in
    every process. What it costs to import all modules of `cumulative` is measured alone.
    """
    cumulative = ["cumulative", DRUG, str(COURSE)]
    files, modules = _opened(cumulative)
    records = ",".join(name for name in modules if name.startswith("protoplan.model"))
    bottom = str(ROOT / "benchmarks" / "floor.py")
    commands = {
        "bare interpreter": ["-c", "pass"],
        "click and the same YAML": [bottom, "", *files],
        "click, the same YAML and the model's records": [bottom, records, *files],
        "the modules of cumulative alone": ["-c", f"import click, {', '.join(modules)}"],
        "protoplan cumulative": ["-c", ENTRY, *cumulative],
        "protoplan plan": ["-c", ENTRY, "plan", str(COURSE)],
    }
    times = in_turns({name: _process(row) for name, row in commands.items()}, rounds)
    floor = "click and the same YAML"
    return {
        "files": len(files),
        "bytes": sum(Path(name).stat().st_size for name in files),
        "rounds": rounds,
        "wall seconds": {name: shown(times.median(name).wall) for name in commands},
        "processor seconds": {name: shown(times.median(name).processor) for name in commands},
        "times the floor": {name: times.ratio(name, floor) for name in commands if name != floor},
        "times a bare interpreter": {
            name: times.ratio(name, "bare interpreter") for name in commands if name[0] == "p"
        },
    }


def _environment() -> dict[str, str]:
    """Compiled files are kept, as they are where protoplan is installed."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT / "src")}


def _opened(command: list[str]) -> tuple[list[str], list[str]]:
    """The files that a command reads, and the modules that it imports."""
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WATCHED, *command],
        capture_output=True, text=True, check=True, env=_environment(), cwd=ROOT,
    )  # fmt: skip
    files, modules = json.loads(ran.stderr)
    return [str(ROOT / name) for name in files], modules


def _process(arguments: list[str]) -> Subject:
    """A process, from before it is started to after it has ended."""

    def run() -> Spent:
        begun = perf_counter()
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, *arguments], stdout=subprocess.DEVNULL, env=_environment(), cwd=ROOT
        )
        _, status, usage = os.wait4(child.pid, 0)
        taken = perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, arguments)
        return Spent(taken, usage.ru_utime + usage.ru_stime)

    return run
