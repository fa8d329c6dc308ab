"""Writes `requirements/`: what is used at one time, with hashes, and the list of its parts.

``python -m tests.locks lock``, or `make lock`, takes the highest versions that `pyproject.toml`
allows: ``run.txt`` holds what protoplan needs to run, with the extra ``pdf``, and ``lock.txt`` the
tools for tests and checks besides. ``python -m tests.locks sbom``, or `make sbom`, installs
``run.txt`` in an environment of its own and writes ``sbom.json`` (CycloneDX) of what is there: no
time, no serial number, no address, so that the same lock gives the same bytes.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from protoplan import __version__

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "requirements"
RUN, LOCK, SBOM = FOLDER / "run.txt", FOLDER / "lock.txt", FOLDER / "sbom.json"

#: Pins hold on every system from the oldest Python on; no address of a registry is written down.
COMPILE: Final = (
    "pip", "compile", "--no-header", "--no-annotate", "--generate-hashes", "--no-emit-index-url",
    "--universal", "--python-version", "3.11", "--upgrade", "--extra", "pdf",
)  # fmt: skip


def pins(path: Path) -> dict[str, str]:
    """The version of each package of a lock, by name in small letters."""
    found = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", path.read_text("utf-8"))
    return {plain(name): version for name, version in found}


def plain(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def run(tool: str, *arguments: str) -> None:
    """Run a tool of this environment at the top of the project; what it prints is told."""
    command = [str(Path(sys.executable).parent / tool), *arguments]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


def lock() -> None:
    """Write both locks anew."""
    FOLDER.mkdir(exist_ok=True)
    run("uv", "--quiet", *COMPILE, "--output-file", str(RUN), "pyproject.toml")
    more = ("--group", "dev", "--constraints", str(RUN), "--output-file", str(LOCK))
    run("uv", "--quiet", *COMPILE, *more, "pyproject.toml")


def sbom() -> None:
    """Write the list of parts anew."""
    with tempfile.TemporaryDirectory() as folder:
        python, made = (
            str(Path(folder) / "home" / "bin" / "python"),
            str(Path(folder) / "sbom.json"),
        )
        run("uv", "--quiet", "venv", "--python", sys.executable, str(Path(folder) / "home"))
        run("uv", "--quiet", "pip", "install", "--python", python, "--require-hashes",
            "--requirements", str(RUN))  # fmt: skip
        run("cyclonedx-py", "environment", "--output-reproducible", "--pyproject", "pyproject.toml",
            "--output-file", made, python)  # fmt: skip
        parts = json.loads(Path(made).read_text("utf-8"))
    SBOM.write_text(listed(parts), "utf-8")


def listed(parts: Mapping[str, Any]) -> str:
    """The list as it is kept: without addresses, and with our own version, which the tool lacks."""
    kept = without_addresses(parts)
    kept["metadata"]["component"]["version"] = __version__
    return f"{json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)}\n"


def without_addresses(part: Any) -> Any:
    """A part of the list without the addresses of others."""
    if isinstance(part, dict):
        left = {key: value for key, value in part.items() if key != "externalReferences"}
        return {key: without_addresses(value) for key, value in left.items()}
    if isinstance(part, list):
        return [without_addresses(value) for value in part]
    return part


def main(asked: Sequence[str]) -> None:
    """Do what is asked for."""
    known = {"lock": lock, "sbom": sbom}
    if len(asked) != 1 or asked[0] not in known:
        sys.exit(f"say one of {', '.join(known)}")
    known[asked[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
