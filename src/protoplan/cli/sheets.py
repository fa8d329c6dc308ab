"""The command that prints calendars."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from protoplan.cli.shared import INTERNAL, planned, targeted

_AUDIENCES = ("pharmacist", "nurse", "patient")


@click.command()
@targeted
@click.option("--output", "-o", metavar="FILE", required=True, help="FILE.html or FILE.pdf")
@click.option("--for", "audience", type=click.Choice(_AUDIENCES), default="pharmacist",
              show_default=True, help="who reads it")  # fmt: skip
@click.option("--cycle", metavar="LABEL", help="only this cycle")
@click.option("--paper", type=click.Choice(("a4", "letter")), default="a4", show_default=True)
@click.option("--language", type=click.Choice(("en", "es")), default="en", show_default=True,
              help="of a patient's page")  # fmt: skip
@click.option("--draft", is_flag=True, help="mark every page DRAFT")
@click.option("--force", is_flag=True, help="overwrite an existing file")
def calendar(
    target: str,
    *,
    output: str,
    audience: str,
    cycle: str | None,
    paper: str,
    language: str,
    draft: bool,
    force: bool,
    **values: Any,
) -> None:
    """Print a calendar of a course, a cycle to a page, as HTML or PDF.

    The ending of FILE decides. A patient's page is not written while a stop finding or a dose
    that is not decided lies in it, unless --draft marks it.
    """
    from protoplan import api
    from protoplan.rendering import sheet

    ending = Path(output).suffix.lower()
    if ending not in (".html", ".pdf"):
        raise click.UsageError(f"--output ends in .html or .pdf; '{output}' does not")
    if language != "en" and audience != "patient":
        raise click.UsageError("only the page --for patient is translated")
    made, _, _ = planned(target, values)
    labels = [entry.label for entry in made.cycles]
    if cycle is not None and cycle not in labels:
        raise click.UsageError(f"the course has no cycle '{cycle}'; it has {', '.join(labels)}")
    why = sheet.blocked(made, cycle) if audience == "patient" and not draft else ()
    if why:
        click.echo(f"error: {output} is not written for a patient until this is settled:", err=True)
        for said in why:
            click.echo(f"  {said}".encode(), err=True)
        click.echo("  --draft writes it, with DRAFT on every page", err=True)
        sys.exit(api.exit_code(made))
    printed = sheet.make(made, audience, label=cycle, language=language, draft=draft)
    data = _as_file(printed, ending, paper)
    from protoplan.writing import NotWritten, write

    try:
        write(Path(output), data, force=force)
    except NotWritten as wrong:
        click.echo(f"error: {wrong}", err=True)
        sys.exit(INTERNAL)
    sys.exit(api.exit_code(made))


def _as_file(printed: Any, ending: str, paper: str) -> bytes:
    """The bytes of the file."""
    if ending == ".html":
        from protoplan.rendering.calendar_html import render

        return render(printed, paper).encode()
    from protoplan.rendering.calendar_pdf import NoPdf
    from protoplan.rendering.calendar_pdf import render as set_pages

    try:
        return set_pages(printed, paper)
    except NoPdf as wrong:
        click.echo(f"error: {wrong}", err=True)
        sys.exit(INTERNAL)
