"""Writes a file whole or not at all: beside its target, flushed to disk, then put in its place."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from stat import S_IMODE
from typing import TypeVar

try:
    import fcntl
except ImportError:  # Windows: there the comparison before the file is replaced is all there is
    fcntl = None  # type: ignore[assignment]

T = TypeVar("T")

#: How often a change is made again because another program wrote the file meanwhile.
TRIES = 5


class NotWritten(Exception):
    """The file was not written; what stood there before stands there still."""


def write(path: Path, data: bytes, *, force: bool) -> None:
    """Write *data* to *path*, readable by its owner alone.

    Args:
        path: The file.
        data: All of it.
        force: Replace a file that is there already.

    Raises:
        NotWritten: If it is there already, or cannot be written; nothing is changed then.
    """
    there = f"{path} exists and is not overwritten; give --force to overwrite it"
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise NotWritten(f"{path} is not a regular file and is left alone")
        if path.exists() and not force:
            raise NotWritten(there)
        with _beside(path, data) as name:
            if force:
                Path(name).replace(path)
            else:
                _place(name, path)
    except FileExistsError:
        raise NotWritten(there) from None
    except OSError as wrong:
        raise _cannot(path, wrong) from None


def amend(path: Path, change: Callable[[bytes], tuple[bytes, T]], most: int) -> T:
    """Replace a file by what *change* makes of it, with its mode; no other change to it is lost.

    Programs that amend files of one folder wait for each other. If another program wrote the file
    meanwhile all the same, the change is made again from what stands there then.

    Args:
        path: An existing file.
        change: Takes the bytes of the file and returns those to be written with what is to be
            returned; what it raises is raised, and nothing is written.
        most: The file is read up to one byte more than this, so that *change* can refuse it.

    Returns:
        What *change* returned beside the bytes that were written.

    Raises:
        NotWritten: If it is not there, cannot be written, or is written again and again by another
            program; nothing is changed then.
    """
    try:
        with _alone(path.parent):
            for _ in range(TRIES):
                old = present(path, most)
                new, result = change(old)
                with _beside(path, new, like=path) as name:
                    if present(path, most) == old:
                        Path(name).replace(path)
                        _flush(path.parent)
                        return result
    except OSError as wrong:
        raise _cannot(path, wrong) from None
    raise NotWritten(f"{path} is being written by another program; nothing was written, try again")


def present(path: Path, most: int) -> bytes:
    """The bytes of a file that may be amended, up to one more than *most*.

    Raises:
        NotWritten: If it is not there, is no regular file, or may not be written.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise NotWritten(f"{path} is not a regular file and is left alone")
    if path.exists() and not os.access(path, os.W_OK):
        raise NotWritten(f"{path} cannot be written: Permission denied")
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as wrong:
        raise _cannot(path, wrong) from None


def _flush(folder: Path) -> None:
    """Have the disk keep the new name of a file, where it can be told to."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot(path: Path, wrong: OSError) -> NotWritten:
    return NotWritten(f"{path} cannot be written: {wrong.strerror or type(wrong).__name__}")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, where there is such a thing; the file itself is replaced."""
    handle = None
    with contextlib.suppress(OSError):  # a folder that cannot be opened, a disk without locks
        if fcntl is not None:
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextlib.contextmanager
def _beside(path: Path, data: bytes, like: Path | None = None) -> Iterator[str]:
    """A finished file in the folder of *path*, which is gone afterwards unless it was moved.

    Args:
        like: The file whose owner, group and mode it has; else it is its owner's alone.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if like is not None:
                _alike(name, like)
            file.flush()
            os.fsync(file.fileno())
        yield name
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def _alike(name: str, like: Path) -> None:
    """Give a file the owner, group and mode of another, as far as it is allowed."""
    there = like.stat()
    mode = S_IMODE(there.st_mode)
    if hasattr(os, "chown"):
        try:
            os.chown(name, there.st_uid, there.st_gid)
        except OSError:
            own = Path(name).stat()
            if own.st_gid != there.st_gid:  # what that group may read, another may not
                mode &= ~0o070
    Path(name).chmod(mode)


def _place(name: str, path: Path) -> None:
    """Put the finished file where nothing stands; a file that came to stand there is left alone."""
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links. No empty file is put there first to keep the place: it
        # would be left by a program that is killed, or by a disk that fails, between the two.
        with _alone(path.parent):
            if os.path.lexists(path):
                raise FileExistsError from None
            Path(name).rename(path)
