"""What several tests need: the command line in this process, and plans by the quick form."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from hypothesis import settings

from protoplan.cli import main

# How long an example takes says more of the machine than of the code.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

ROOT = Path(__file__).parents[1]

QUICK = [
    "mini-hyper-cvd-inotuzumab",
    "--height",
    "175cm",
    "--weight",
    "70kg",
    "--age",
    "45",
    "--start",
    "2026-03-02",
]
#: What the rules of the formulary read, all of it normal.
LABS = [
    "--sex=female",
    "--lab=creatinine=0.9 mg/dL",
    "--lab=bilirubin=0.6 mg/dL",
    "--lab=alt=0.8 xULN",
    "--lab=ast=0.7 xULN",
    "--lab=neutrophils=2.1 10^9/L",
    "--lab=platelets=180 10^9/L",
]
NORMAL = [*LABS, "--medicine=none"]
FACTS = ["--fact", "cns=negative", "--fact", "cd20_percent=20", *NORMAL]
#: The same without a word on medicines.
WITH_MEDICINES = FACTS[:-1]


@attrs.frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run() -> Run:
    """Run the command line in this process."""

    def call(*arguments: str, stdin: str | bytes | None = None) -> Ran:
        result = CliRunner().invoke(main, list(arguments), input=stdin, prog_name="protoplan")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in messages are those a user at the top of the project sees."""
    monkeypatch.chdir(ROOT)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a golden file; with --update-golden, write it."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, "utf-8")

        assert path.read_text("utf-8") == text

    return compare
