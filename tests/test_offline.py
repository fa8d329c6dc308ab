"""No command needs, or tries, anything that is not on the machine (H37)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

from protoplan.cli import main

#: Runs command lines and says of each how it ended, and what of the network it asked for or which
#: other program it started. Python tells of every such thing by an event of its audit.
WATCHED = """
import contextlib, io, json, sys
seen = []
WATCH = {"socket", "subprocess", "urllib", "http", "ftplib", "smtplib"}
OTHER = {"os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"}
def look(event, arguments):
    if event.split(".")[0] in WATCH or event in OTHER:
        seen.append(event)
sys.addaudithook(look)
from protoplan.cli import main
found = []
for line in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())):
        try:
            code = main(line, prog_name="protoplan")
        except SystemExit as end:
            code = end.code
    found.append([code, sorted(set(seen))])
    seen.clear()
print(json.dumps(found))
"""

SAMPLE = "examples/sample-a.yaml"
RECORDED = "examples/sample-a-record.yaml"
#: A command line, and how it ends: 4 and 5 for a stop and for what is unresolved, 6 for a difference.
COMMANDS = {
    f"bags {SAMPLE}": 0,
    f"calendar {SAMPLE} --output OUT/a.pdf": 0,
    f"calendar {SAMPLE} --output OUT/a.html": 0,
    f"check protocols/pomp.yaml {SAMPLE}": 0,
    "compare flag flag-ida": 0,
    f"cumulative inotuzumab {SAMPLE}": 0,
    f"diff {SAMPLE} examples/sample-a-revised.yaml": 6,
    f"explain {SAMPLE} --cycle 1 --day 2": 0,
    f"ics {SAMPLE} --output OUT/a.ics": 0,
    "list --by drug": 0,
    "new protocol ours --output OUT/ours.yaml": 0,
    f"plan {SAMPLE} --format json": 0,
    "record OUT/course.yaml weight 71kg --date 2026-05-06": 0,
    "schema plan": 0,
    "show pomp": 0,
    f"status {RECORDED} --on 2026-05-05": 0,
    "test tests/cases/pomp.yaml": 0,
}


def watched(code: str, folder: Path, *lines: str) -> Any:
    """How each command line ended, and what it asked for."""
    words = [line.replace("OUT", str(folder)).split() for line in lines]
    ran = subprocess.run(
        [sys.executable, "-c", code, json.dumps(words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


def test_no_command_asks_the_network_or_another_program(tmp_path: Path) -> None:
    shutil.copy(ROOT / RECORDED, tmp_path / "course.yaml")

    found = watched(WATCHED, tmp_path, *COMMANDS)

    assert {line: [code, []] for line, code in COMMANDS.items()} == dict(
        zip(COMMANDS, found, strict=True)
    )


def test_every_command_is_among_them() -> None:
    assert sorted(main.commands) == sorted({line.split()[0] for line in COMMANDS})


@pytest.mark.parametrize(
    ("harm", "seen"),
    [
        ("import socket; socket.socket()", "socket.__new__"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
        ("import os; os.system('true')", "os.system"),
    ],
)
def test_what_is_watched_for_is_seen(harm: str, seen: str, tmp_path: Path) -> None:
    code = WATCHED.replace("found = []", f"found = []\n{harm}")

    ((_, found),) = watched(code, tmp_path, "list")

    assert seen in found
