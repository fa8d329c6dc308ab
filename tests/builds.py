"""Builds wheel and sdist twice and compares their bytes.

``python -m tests.builds``, or `make reproducible`, prints each file with its sha256 and keeps what
came of it in `docs/evidence.md`; the exit code is 1 where two differ. Both builds are made of the
last commit, the second in another folder, at another time, with other times and rights of its files,
another umask, time zone, locale and seed of hashes. `SOURCE_DATE_EPOCH` is the time of the commit.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

import attrs
from tests import evidence

ROOT = Path(__file__).parents[1]
#: Times in a zip file have steps of two seconds.
APART = 3


@attrs.frozen
class Surroundings:
    """What must not show in what is built.

    Attributes:
        folder: Where the tree lies, below a folder that is made anew.
        umask: Rights that new files do not get.
        touched: The time of every file of the tree, in seconds since 1970; None leaves it.
        told: Variables of the environment.
    """

    folder: str
    umask: int
    touched: int | None
    told: Mapping[str, str]


BOTH: Final = (
    Surroundings("one", 0o022, None, {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
    Surroundings(
        "two/deeper down",
        0o077,
        1_000_000_001,
        {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    ),
)


def git(*arguments: str) -> bytes:
    """What git says of this repository."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


def build(around: Surroundings, tree: bytes, epoch: str, top: Path) -> dict[str, str]:
    """Build both files of a tree.

    Args:
        tree: A tar file of it.
        epoch: Seconds since 1970 that files are dated with.
        top: A folder of this build alone.

    Returns:
        The sha256 of each file, by name.
    """
    home, out = top / around.folder, top / "out"
    home.mkdir(parents=True)
    with tarfile.open(fileobj=BytesIO(tree)) as packed:
        packed.extractall(home, filter="data")
    for path in home.rglob("*"):
        if around.touched is not None:
            path.chmod(0o700 if path.is_dir() or os.access(path, os.X_OK) else 0o600)
            os.utime(path, (around.touched, around.touched))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    network = {name: value for name, value in os.environ.items() if "CERT" in name or "PIP" in name}
    subprocess.run(
        [sys.executable, "-m", "build", "--quiet", "--outdir", str(out), str(home)],
        env={**kept, **network, **around.told, "SOURCE_DATE_EPOCH": epoch},
        umask=around.umask,
        stdout=sys.stderr,
        check=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """What is not alike in two builds, in words."""
    kinds = {".whl": "wheel", ".gz": "sdist"}
    lacking = [
        f"no {kind} was built"
        for suffix, kind in kinds.items()
        if not any(name.endswith(suffix) for name in one)
    ]
    names = sorted({*one, *other})
    return (*lacking, *(f"{name} differs" for name in names if one.get(name) != other.get(name)))


def main() -> int:
    """Build twice, print and keep."""
    tree, epoch = git("archive", "HEAD"), git("log", "-1", "--format=%ct").decode().strip()
    versions = evidence.versions_here("build")
    done: list[dict[str, str]] = []
    for around in BOTH:
        if done:
            time.sleep(APART)
        with tempfile.TemporaryDirectory() as folder:
            done.append(build(around, tree, epoch, Path(folder)))
        for name, digest in sorted(done[-1].items()):
            sys.stdout.write(f"{digest}  {name}\n")
    failed = differences(*done)
    found = evidence.Result(
        "Wheel and sdist of one commit, built twice in other folders, at other times, with other "
        "times and rights of files, umask, time zone, locale and seed of hashes.",
        "make reproducible",
        evidence.today(),
        versions,
        {"files": len(done[0]), **{f"sha256 of {n}": d[:16] for n, d in sorted(done[0].items())}},
        "failed" if failed else "passed",
        failed,
        (
            "Builds on another machine, system or Python, or with another version of hatchling "
            "than the newest that pyproject.toml allows.",
            "That what was published is what was built here: nothing is published yet.",
        ),
    )
    evidence.keep("builds", found)
    sys.stdout.write("".join(f"{said}\n" for said in failed))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
