"""A file is amended whole, and no other program's change to it is lost."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from protoplan import writing
from protoplan.writing import TRIES, NotWritten, amend, write

MOST = 1_000_000


def adding(line: bytes) -> Callable[[bytes], tuple[bytes, int]]:
    return lambda old: (old + line, len(old))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"old\n")
    return path


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755], ids=oct)
def test_a_file_is_amended_and_keeps_its_mode(file: Path, mode: int) -> None:
    file.chmod(mode)

    assert 4 == amend(file, adding(b"new\n"), MOST)

    assert (b"old\nnew\n", mode) == (file.read_bytes(), file.stat().st_mode & 0o7777)
    assert [file] == list(file.parent.iterdir())


def test_a_group_that_cannot_be_kept_lets_no_other_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new file may come into another group than the one that was to read it."""
    file.chmod(0o664)
    there = file.stat()

    def not_allowed(*_: object) -> NoReturn:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chown", not_allowed)
    amend(file, adding(b"same group\n"), MOST)
    same = file.stat().st_mode & 0o777
    stat = Path.stat

    def another_group(path: Path, **named: bool) -> os.stat_result:
        found = stat(path, **named)
        if path.name.startswith("."):
            return os.stat_result([*found[:5], there.st_gid + 1, *found[6:]])
        return found

    monkeypatch.setattr(Path, "stat", another_group)
    amend(file, adding(b"another\n"), MOST)
    monkeypatch.undo()

    assert (0o664, 0o604) == (same, file.stat().st_mode & 0o777)


def test_what_the_change_refuses_is_not_written(file: Path) -> None:
    def refuse(_: bytes) -> NoReturn:
        raise KeyError("no")

    with pytest.raises(KeyError):
        amend(file, refuse, MOST)

    assert (b"old\n", [file]) == (file.read_bytes(), list(file.parent.iterdir()))


def test_one_byte_more_than_the_most_is_read(file: Path) -> None:
    seen = []

    def look(old: bytes) -> NoReturn:
        seen.append(old)
        raise KeyError

    with pytest.raises(KeyError):
        amend(file, look, 2)

    assert [b"old"] == seen


def test_what_was_written_meanwhile_is_kept(file: Path) -> None:
    """By an editor, which knows nothing of the lock."""
    written: list[int] = []

    def change(old: bytes) -> tuple[bytes, None]:
        if not written:
            written.append(file.write_bytes(b"old\neditor\n"))
        return old + b"new\n", None

    amend(file, change, MOST)

    assert b"old\neditor\nnew\n" == file.read_bytes()


def test_a_file_that_is_written_again_and_again_is_left_alone(file: Path) -> None:
    def change(old: bytes) -> tuple[bytes, None]:
        file.write_bytes(old + b"editor\n")
        return old + b"new\n", None

    with pytest.raises(NotWritten) as wrong:
        amend(file, change, MOST)

    assert f"{file} is being written by another program; nothing was written, try again" == str(
        wrong.value
    )
    assert b"old\n" + b"editor\n" * TRIES == file.read_bytes()
    assert [file] == list(file.parent.iterdir())


def refusal(path: Path) -> str:
    with pytest.raises(NotWritten) as wrong:
        amend(path, adding(b"new\n"), MOST)
    return str(wrong.value)


def test_what_is_not_a_regular_file_is_left_alone(file: Path) -> None:
    link, folder, pipe = (file.with_name(name) for name in ("link", "folder", "pipe"))
    link.symlink_to(file)
    folder.mkdir()
    os.mkfifo(pipe)

    for path in (link, folder, pipe):
        assert f"{path} is not a regular file and is left alone" == refusal(path)
    assert (b"old\n", True) == (file.read_bytes(), link.is_symlink())


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"

    assert f"{path} cannot be written: No such file or directory" == refusal(path)
    assert [] == list(tmp_path.iterdir())


def test_a_read_only_file_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be replaced in its folder, and is not meant to be."""
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)

    assert f"{file} cannot be written: Permission denied" == refusal(file)
    assert b"old\n" == file.read_bytes()


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        ("os.fsync", errno.ENOSPC, "No space left on device"),
        ("tempfile.mkstemp", errno.EACCES, "Permission denied"),
        ("tempfile.mkstemp", errno.EROFS, "Read-only file system"),
        ("pathlib.Path.replace", errno.EIO, "Input/output error"),
    ],
)
def test_a_fault_leaves_the_old_file_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int, said: str
) -> None:
    def fails(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(name, fails)
    said_now = refusal(file)
    monkeypatch.undo()

    assert f"{file} cannot be written: {said}" == said_now
    assert (b"old\n", [file]) == (file.read_bytes(), list(file.parent.iterdir()))


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that knows no second name of a file."""

    def refused(*_: object) -> NoReturn:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refused)


@pytest.mark.usefixtures("without_links")
def test_a_fault_without_links_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    for name in ("rename", "replace"):
        monkeypatch.setattr(Path, name, fails)
    with pytest.raises(NotWritten) as wrong:
        write(tmp_path / "new.txt", b"all of it", force=False)

    assert f"{tmp_path / 'new.txt'} cannot be written: Input/output error" == str(wrong.value)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.usefixtures("without_links")
def test_a_file_that_came_meanwhile_is_left_alone_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.txt"
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"another's"))

    with pytest.raises(NotWritten) as wrong:
        write(path, b"all of it", force=False)

    there = f"{path} exists and is not overwritten; give --force to overwrite it"
    assert (there, b"another's") == (str(wrong.value), path.read_bytes())
    assert [path] == list(tmp_path.iterdir())


WRITERS = """
import sys
from pathlib import Path
from protoplan import writing
if sys.argv[3] == "without locks":
    writing.fcntl = None
for number in range(int(sys.argv[4])):
    line = f"{sys.argv[2]} {number}\\n".encode()
    while True:
        try:
            writing.amend(Path(sys.argv[1]), lambda old: (old + line, None), 10**6)
            break
        except writing.NotWritten:
            if sys.argv[3] == "locks":
                raise
"""


def test_many_programs_lose_nothing(file: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITERS, str(file), str(n), "locks", "25"])
        for n in range(8)
    ]

    assert [0] * 8 == [program.wait() for program in running]
    lines = file.read_text().splitlines()
    assert sorted(lines) == sorted(["old", *(f"{n} {i}" for n in range(8) for i in range(25))])
    for n in range(8):  # each in its own order
        assert [f"{n} {i}" for i in range(25)] == [x for x in lines if x.startswith(f"{n} ")]
    assert [file] == list(file.parent.iterdir())


def test_a_folder_without_locks_still_compares(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> NoReturn:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", none)
    test_what_was_written_meanwhile_is_kept(file)
    monkeypatch.setattr(writing, "fcntl", None)
    file.write_bytes(b"old\n")
    test_what_was_written_meanwhile_is_kept(file)


def test_another_program_waits_for_the_lock(file: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(old: bytes) -> tuple[bytes, None]:
        inside.set()
        go_on.wait(30)
        return old + b"first\n", None

    first = threading.Thread(target=amend, args=(file, slow, MOST))
    second = threading.Thread(target=amend, args=(file, adding(b"second\n"), MOST))
    first.start()
    inside.wait(30)
    second.start()
    time.sleep(0.1)
    between = file.read_bytes()
    go_on.set()
    first.join()
    second.join()

    assert (b"old\n", b"old\nfirst\nsecond\n") == (between, file.read_bytes())


def test_programs_that_are_killed_leave_a_whole_file(file: Path) -> None:
    """Killed again and again wherever they are: only whole lines, and none that was there goes."""
    before = [b"old"]
    for killed in range(12):
        program = subprocess.Popen(
            [sys.executable, "-c", WRITERS, str(file), f"k{killed}", "locks", "1000000"]
        )
        start = file.read_bytes()
        while file.read_bytes() == start and program.poll() is None:
            time.sleep(0.001)
        time.sleep(0.0007 * killed)
        program.send_signal(signal.SIGKILL)
        program.wait()
        data = file.read_bytes()
        lines = data.splitlines()

        assert data.endswith(b"\n") and before == lines[: len(before)]
        assert [f"k{killed} {n}".encode() for n in range(len(lines) - len(before))] == lines[
            len(before) :
        ]
        before = lines
    amend(file, adding(b"new\n"), MOST)
    assert b"new" == file.read_bytes().splitlines()[-1]
