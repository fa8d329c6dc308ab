"""Asks whether a vulnerability is known of any package of the lock.

``python -m tests.audit``, or `make audit`, runs pip-audit and keeps what came of it in
`docs/evidence.md`. The exit code is 0 only where every package was looked up and nothing is known of
it. pip-audit by itself also says "no known vulnerabilities" where it could look nothing up, and a
service may answer and know nothing; so a version whose vulnerability is public is asked for first.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests import evidence
from tests.locks import LOCK, ROOT, pins

#: CVE-2020-14343, public since 2021: a service that does not know it knows nothing.
CONTROL: Final = ("pyyaml", "5.3.1")


def asked(requirements: Path, *flags: str) -> tuple[list[dict[str, Any]], str]:
    """What pip-audit says of each package of a file, and what it says besides."""
    command = [
        sys.executable, "-m", "pip_audit", "--disable-pip", "--progress-spinner", "off",
        "--format", "json", "--requirement", str(requirements), *flags,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)["dependencies"], done.stderr
    except ValueError:
        return [], done.stderr


def judged(
    control: Sequence[dict[str, Any]], packages: Sequence[dict[str, Any]], locked: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """The result in a word, and what is to be said of it.

    Args:
        control: What is known of `CONTROL`.
        packages: What is known of the packages of the lock.
        locked: The names that stand in the lock.
    """
    if not any(row.get("vulns") for row in control):
        name, version = CONTROL
        why = "; ".join(without_names(str(row["skip_reason"])) for row in control
                        if "skip_reason" in row)  # fmt: skip
        said = f"the service knows no vulnerability of {name} {version}, which has a public one"
        return "not run", (f"{said}{': ' + why if why else ''}",)
    known = [
        f"{row['name']} {row['version']}: {', '.join(one['id'] for one in row['vulns'])}"
        for row in packages
        if row.get("vulns")
    ]
    seen = {row["name"].lower() for row in packages if "skip_reason" not in row}
    absent = sorted({*locked} - seen)
    if absent:
        known.append(f"not looked up: {', '.join(absent)}")
    return ("failed" if known else "passed"), tuple(known)


def without_names(said: str) -> str:
    """A message without addresses, which have no place in what is kept."""
    return re.sub(r"\s+", " ", re.sub(r"\S*://\S+|\S+\.(?:org|dev|com|io)\b\S*", "…", said))[:200]


def main() -> int:
    """Ask, keep and tell."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "control.txt"
        file.write_text("==".join(CONTROL), "utf-8")
        control, said = asked(file, "--no-deps")
    packages, said_too = asked(LOCK, "--require-hashes")
    # Packages of other systems are in the lock and never looked up from here.
    here = [name for name in pins(LOCK) if name != "colorama"]
    result, failed = judged(control, packages, here)
    counts = {
        "packages of the lock": len(pins(LOCK)),
        "looked up": sum("skip_reason" not in row for row in packages),
        "with a known vulnerability": sum(bool(row.get("vulns")) for row in packages),
    }
    found = evidence.Result(
        "The locked packages, those needed to run and those of tests and checks, in a database of "
        "known vulnerabilities (pip-audit).",
        "make audit",
        evidence.today(),
        evidence.versions_here("pip-audit"),
        counts,
        result,
        failed,
        (
            "Vulnerabilities that nobody has reported.",
            "Code that packages ship compiled from other projects, such as that of typst.",
            "Versions below those of the lock, which pyproject.toml allows too.",
        ),
    )
    evidence.keep("audit", found)
    sys.stderr.write("".join((said, said_too, f"{result}\n", *(f"{line}\n" for line in failed))))
    return int(result != "passed")


if __name__ == "__main__":
    sys.exit(main())
