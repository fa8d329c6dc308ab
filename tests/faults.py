"""Runs commands that write, and lets them fail or die while they do; a process of its own.

    python -m tests.faults '[{"command": ["plan", "t.yaml", "-o", "out/plan.txt"], "cases": ["killed"]}]'

It prints JSON. A command runs up to where its file is written. There the process divides, once for
each case, so that what the command works out is worked out once: one child is killed at the first
line that writes, the next at the second, until one is not killed any more. Before each the folder
``out`` of the working folder is as it was at the start.
"""

import errno
import hashlib
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, NoReturn, Self

import attrs

from protoplan import writing
from protoplan.cli import main, sheets
from protoplan.writing import amend, write

#: What stands in a file that is written over.
OLD = b"what stood here before\n"
OUT = Path("out")
SAID = Path("said.txt")
NOBODY = 65534

Trace = Callable[[FrameType, str, Any], Any]
#: What is done, at the n-th line or before the first.
Fault = Callable[[int], None]


def kept() -> dict[str, bytes]:
    """Every file of the folder."""
    return {path.name: path.read_bytes() for path in OUT.iterdir()}


def restore(files: dict[str, bytes]) -> None:
    OUT.chmod(0o700)
    shutil.rmtree(OUT)
    OUT.mkdir()
    for name, data in files.items():
        (OUT / name).write_bytes(data)


def shown(files: dict[str, bytes]) -> dict[str, str]:
    """Files by name, each as `mark` tells it."""
    return {name: mark(data) for name, data in files.items()}


def mark(data: bytes) -> str:
    """The length of a file and what it hashes to."""
    return f"{len(data)} {hashlib.sha256(data).hexdigest()[:16]}"


def run(arguments: list[str]) -> NoReturn:
    """Run a command as the last thing of this process, its words going to a file."""
    handle = os.open(SAID, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    code = 0
    try:
        main(arguments, prog_name="protoplan")
    except SystemExit as ended:
        code = int(ended.code or 0)
    sys.stdout.flush()
    os._exit(code)


def waited(child: int) -> int:
    """The exit code of a child, or the signal that ended it, below nought."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def small_disk(_: int) -> None:
    """No file may grow beyond 200 bytes: what is written is cut off there, and the rest refused."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))


def read_only(_: int) -> None:
    """The folder lets nobody write, and who asks is no longer root, whom nothing is refused."""
    OUT.chmod(0o555)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def no_links(_: int) -> None:
    """A disk that knows no second name of a file, such as a memory stick's."""

    def refused(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    os.link = refused


def half_written(_: int) -> None:
    """Killed in the middle of the bytes."""
    opened: Any = os.fdopen

    class Half:
        def __init__(self, file: BinaryIO) -> None:
            self.file = file

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> None:
            self.file.write(data[: len(data) // 2])
            self.file.flush()
            die(0)

    os.fdopen = lambda *named, **more: Half(opened(*named, **more))  # type: ignore[assignment]


@attrs.frozen
class Case:
    """What is done to a command that writes.

    Attributes:
        at_line: Done at a line of the module that writes, at another in each child.
        first: Done before the first of them.
        over: There is a file already, which is to be written over.
    """

    at_line: Fault | None = None
    first: Fault | None = None
    over: bool = False


CASES = {
    "nothing": Case(),
    "killed": Case(at_line=die),
    "killed without links": Case(at_line=die, first=no_links),
    "killed amid the bytes": Case(first=half_written),
    "small disk": Case(first=small_disk),
    "read only": Case(first=read_only),
}
CASES |= {f"{name}, over another": attrs.evolve(case, over=True) for name, case in CASES.items()}


class Divided:
    """Divides this process where the writing begins, once for each case and each line.

    Attributes:
        cases: Their names.
        line: The number of the line that is run.
        fault: What is done at which line; None in the process that divides.
    """

    def __init__(self, cases: list[str]) -> None:
        self.cases = cases
        self.line = 0
        self.fault: tuple[int, Fault] | None = None
        self.pipe = os.pipe()

    def writing(self, path: Path, data: bytes, *, force: bool) -> None:
        """In place of the function that writes a file."""
        case = self.divide(path)
        sys.settrace(self.trace)
        write(path, data, force=force or case.over)

    def amending(self, path: Path, change: Callable[[bytes], tuple[bytes, Any]], most: int) -> Any:
        """In place of the function that amends one; what it becomes is worked out once."""
        data = path.read_bytes()
        made = change(data)
        self.divide(path)
        sys.settrace(self.trace)
        return amend(path, lambda old: made if old == data else change(old), most)

    def trace(self, frame: FrameType, event: str, _: Any) -> Trace | None:
        return self.lines if frame.f_code.co_filename == writing.__file__ else None

    def lines(self, frame: FrameType, event: str, _: Any) -> Trace:
        if event == "line":
            self.line += 1
            if self.fault is not None and self.line == self.fault[0]:
                self.fault[1](self.line)
        return self.lines

    def divide(self, path: Path) -> Case:
        """Return in each child; the process itself ends here, with what they came to."""
        files = kept()
        results: dict[str, list[Any]] = {name: [] for name in self.cases}
        for name in self.cases:
            case = CASES[name]
            stood = {**files, path.name: OLD} if case.over else files
            for at in range(1, 1000):
                restore(stood)
                child = os.fork()
                if child == 0:
                    os.ftruncate(1, 0)
                    os.lseek(1, 0, os.SEEK_SET)
                    if case.first is not None:
                        case.first(at)
                    self.fault = case.at_line and (at, case.at_line)
                    return case
                results[name].append(ended(child))
                if case.at_line is None or results[name][-1]["code"] >= 0:
                    break
        restore(files)
        with os.fdopen(self.pipe[1], "wb") as pipe:
            pipe.write(json.dumps(results).encode())
        os._exit(0)


def ended(child: int) -> dict[str, Any]:
    """How a child ended, what it said, and the files that it left."""
    code = waited(child)
    OUT.chmod(0o700)
    return {"code": code, "said": SAID.read_text("utf-8"), "files": shown(kept())}


def divided(arguments: list[str], cases: list[str]) -> Any:
    """Run the command in a child that divides; what its children came to."""
    faults = Divided(cases)
    child = os.fork()
    if child == 0:
        os.close(faults.pipe[0])
        writing.write = faults.writing
        vars(sheets)["write"] = faults.writing
        writing.amend = faults.amending
        run(arguments)
    os.close(faults.pipe[1])
    with os.fdopen(faults.pipe[0], "rb") as pipe:
        data = pipe.read()
    waited(child)
    return json.loads(data) if data else SAID.read_text("utf-8")


def at_once(commands: list[list[str]]) -> Any:
    """Run commands that begin together; a reader looks at the folder all the while."""
    go = os.pipe()
    children = []
    for number, arguments in enumerate(commands):
        child = os.fork()
        if child == 0:
            os.close(go[1])
            os.read(go[0], 1)
            globals()["SAID"] = Path(f"said-{number}.txt")
            run(arguments)
        children.append(child)
    os.close(go[0])
    os.close(go[1])
    seen: set[str] = set()
    codes: dict[int, int] = {}
    while len(codes) < len(children):
        for child in set(children) - set(codes):
            done, state = os.waitpid(child, os.WNOHANG)
            if done:
                codes[child] = os.waitstatus_to_exitcode(state)
        for path in OUT.iterdir():
            if not path.name.startswith("."):
                seen |= set(shown({path.name: path.read_bytes()}).values())
        time.sleep(0.001)
    said = [Path(f"said-{number}.txt").read_text("utf-8") for number in range(len(children))]
    codes_in_order = [codes[child] for child in children]
    return {"codes": codes_in_order, "said": said, "files": shown(kept()), "seen": sorted(seen)}


if __name__ == "__main__":
    done = [
        divided(row["command"], row["cases"]) if "command" in row else at_once(row["commands"])
        for row in json.loads(sys.argv[1])
    ]
    sys.stdout.write(json.dumps(done))
