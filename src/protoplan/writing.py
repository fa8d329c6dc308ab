"""Writes a file whole or not at all: beside its target, flushed to disk, then put in its place."""

import contextlib
import os
import tempfile
from pathlib import Path


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
        _replace(path, data, force=force)
    except FileExistsError:
        raise NotWritten(there) from None
    except OSError as wrong:
        said = wrong.strerror or type(wrong).__name__
        raise NotWritten(f"{path} cannot be written: {said}") from None


def _replace(path: Path, data: bytes, *, force: bool) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if force:
            Path(name).replace(path)
        else:
            _place(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def _place(name: str, path: Path) -> None:
    """Put the finished file where nothing stands; a file that came to stand there is left alone."""
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        Path(name).replace(path)
