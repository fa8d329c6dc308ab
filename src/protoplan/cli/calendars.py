"""Commands that make calendars: ics."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from protoplan.cli.shared import (
    INCOMPLETE,
    INTERNAL,
    STOPPED,
    day_of,
    has_cycle,
    planned,
    printed,
    targeted,
    to_file,
)

if TYPE_CHECKING:
    from protoplan.model.plan import Plan
    from protoplan.rendering.calendar_days import Look
    from protoplan.rendering.ics import Previous
    from protoplan.rendering.releasing import Bar

#: Larger than any calendar of ours; a file above it is not read.
MAX_PREVIOUS = 32_000_000

_LARGEST = 2**31 - 1


@click.command()
@targeted
@click.option("--cycle", metavar="LABEL", help="only this cycle")
@click.option("--private", is_flag=True, help="neutral titles, and no drug anywhere")
@click.option("--detail", is_flag=True, help="doses and their working in the description")
@click.option("--timed", metavar="ZONE", help="each dose at its time, such as Europe/Madrid")
@click.option(
    "--revision", type=click.IntRange(0, _LARGEST), metavar="N", help="the number of this revision"
)
@click.option("--revised", metavar="DATE", help="the date of this revision")
@click.option("--previous", metavar="OLD.ics", help="cancel what stood there and is no more")
@click.option("--draft", is_flag=True, help="write it whatever the plan lacks, marked DRAFT")
@to_file
def ics(
    *,
    target: str,
    cycle: str | None,
    timed: str | None,
    revision: int | None,
    revised: str | None,
    previous: str | None,
    private: bool,
    detail: bool,
    draft: bool,
    output: str | None,
    force: bool,
    **values: Any,
) -> None:
    """Write the days of a plan as an .ics file, for calendars.

    One whole-day entry for each day on which something is given or begins. Nothing is written
    while a stop or an unresolved dose lies in what is asked for, unless --draft is given.
    """
    from protoplan import api
    from protoplan.rendering.calendar_days import Look
    from protoplan.rendering.releasing import bar

    if private and detail:
        raise click.UsageError("--private shows no drug and --detail shows each dose; choose one")
    on = day_of("revised", revised) if revised else None
    made, _, _ = planned(target, values)
    has_cycle(made, cycle)
    barred = bar(made, cycle)
    if barred and not draft:
        _refuse(barred)
    own = revision in (None, made.revision)
    look = Look(
        revision=made.revision if revision is None else revision,
        revised=on or (made.revision_date if own else None) or made.as_of,
        cycle=cycle, zone=timed, private=private, detail=detail, draft=draft,
    )  # fmt: skip
    data = _rendered(made, look, previous)
    for text in [*_clocks(made, look), *_elsewhere(made, barred)]:
        click.echo(f"warning: {text}".encode(), err=True)
    printed(data.decode(), output, force)
    sys.exit(api.exit_code(made))


def _rendered(made: Plan, look: Look, previous: str | None) -> bytes:
    """The calendar, or a sentence on what was asked for."""
    from protoplan.rendering.ics import Empty, WrongPrevious, render
    from protoplan.rendering.ics_zone import UnknownZone

    try:
        return render(made, look, _read(previous) if previous else None)
    except Empty:
        raise click.UsageError("nothing is given in what is asked for") from None
    except UnknownZone as wrong:
        raise click.UsageError(f"--timed: {wrong}") from None
    except WrongPrevious as wrong:
        raise click.UsageError(f"--previous: {previous} cannot be replaced: {wrong}") from None


def _clocks(made: Plan, look: Look) -> list[str]:
    """What a change of the clocks does to what is asked for."""
    from protoplan.rendering.ics_zone import clock_warnings
    from protoplan.rendering.releasing import in_range

    return clock_warnings(in_range(made, look.cycle), look.zone) if look.zone else []


def _refuse(barred: Bar) -> NoReturn:
    """Say what keeps the calendar from being written, and end."""
    for sentence in barred.why:
        click.echo(
            f"{'stop' if sentence in barred.stops else 'lacks'}: {sentence}".encode(), err=True
        )
    click.echo(
        "error: nothing was written: a calendar is not handed out while this lies in it; "
        "--draft writes it all the same, with every title marked DRAFT",
        err=True,
    )
    sys.exit(STOPPED if barred.stops else INCOMPLETE)


def _elsewhere(made: Plan, barred: Bar | None) -> list[str]:
    """What is to be known of a plan of which a sound part is written."""
    if barred or (made.complete and not made.stopped):
        return []
    return [
        "the plan has a stop or lacks something in other cycles; only what was asked for is sound"
    ]


def _read(path: str) -> Previous:
    """An earlier calendar, from its file."""
    from protoplan.rendering.ics import WrongPrevious, read

    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_PREVIOUS + 1)
    except OSError as wrong:
        said = wrong.strerror or type(wrong).__name__
        click.echo(f"error: {path} cannot be read: {said}".encode(), err=True)
        sys.exit(INTERNAL)
    if len(data) > MAX_PREVIOUS:
        raise WrongPrevious("it is too large to be a calendar that protoplan wrote")
    return read(data)
