"""Runs the benchmarks, all or a part, prints what came of them and writes it to a file."""

import json
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from benchmarks import calendars, growth, planning, processes

HERE = Path(__file__).parent

#: Part, what measures it, and its rounds.
PARTS: dict[str, tuple[Callable[[int], dict[str, object]], int]] = {
    "processes": (processes.measure, 15),
    "planning": (planning.measure, 15),
    "calendars": (calendars.measure, 15),
    "growth": (growth.measure, 5),
}
PACKAGES = ("protoplan", "attrs", "click", "icalendar", "PyYAML", "python-dateutil")


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(tuple(PARTS)))
@click.option("--rounds", type=click.IntRange(1), help="instead of each part's own number")
@click.option("--output", type=click.Path(path_type=Path), default=HERE / "results.json")
@click.option("--date", "on", help="of the results; the day it is, where none is given")
def main(parts: tuple[str, ...], rounds: int | None, output: Path, on: str | None) -> None:
    """Measure PARTS, or all of them. Parts that are not run keep what the file says of them."""
    found = json.loads(output.read_text("utf-8")) if output.is_file() else {}
    for name in parts or PARTS:
        measure, usual = PARTS[name]
        click.echo(f"{name} ...", err=True)
        made = {"date": on or datetime.now(UTC).date().isoformat(), "machine": _machine()}
        found[name] = {**made, **measure(rounds or usual)}
        click.echo(json.dumps({name: found[name]}, indent=2, ensure_ascii=False))
        output.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _machine() -> dict[str, object]:
    """What it ran on, and with."""
    return {
        "processors": os.cpu_count(),
        "load before": [round(load, 1) for load in os.getloadavg()],
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        **planning.versions(),
    }


if __name__ == "__main__":
    main()
