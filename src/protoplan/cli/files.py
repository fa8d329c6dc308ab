"""Commands about files: list, show, check, test, new, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from protoplan.cli.shared import INTERNAL, INVALID, printed, to_file, to_stdout, usage, with_output

if TYPE_CHECKING:
    pass

#: What there is a JSON Schema of.
_SCHEMAS = (
    "protocol",
    "fragment",
    "formulary",
    "catalogue",
    "policy",
    "treatment",
    "case",
    "plan",
    "difference",
    "status",
    "bags",
)


@click.command("list")
def list_() -> None:
    """List the protocols that are here."""
    from protoplan import api, library
    from protoplan.source import Place

    for name in library.ids("protocol"):
        protocol = api.load_protocol(name, Place("protocols", 1, 1))
        click.echo(
            f"{name} {protocol.version}\n    {protocol.title}\n    {protocol.reviewed}".encode()
        )


@click.command()
@click.argument("protocol")
@with_output("text")
def show(protocol: str, form: str, output: str | None, force: bool) -> None:
    """Show a PROTOCOL with its sources, assumptions, contradictions and silences."""
    from protoplan import api
    from protoplan.problems import Faulty
    from protoplan.reading.quick import PATH
    from protoplan.rendering.protocol_text import render
    from protoplan.source import Place

    try:
        shown = api.load_protocol(protocol, Place(PATH, 0, 0))
    except Faulty as wrong:
        raise usage(wrong, []) from None
    printed(render(shown, api.names_of(shown)), output, force)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--sources", "lists", flag_value="sources", help="list every figure's source")
@click.option("--assumptions", "lists", flag_value="assumptions", help="list what no source gives")
@click.option("--contradictions", "lists", flag_value="contradictions", help="list disagreements")
@click.option("--unverified", "lists", flag_value="unverified", help="list sources not read")
def check(files: tuple[str, ...], lists: str | None) -> None:
    """Check protocol, formulary, catalogue, policy, treatment and case files."""
    from protoplan import api

    faults = 0
    for name in files:
        problems = api.check_file(Path(name), name)
        for problem in problems:
            click.echo(str(problem).encode())
        faults += len(problems)
        if not problems:
            click.echo(f"{name}: ok".encode())
            for line in api.listed(Path(name), name, lists) if lists else ():
                click.echo(f"  {line}".encode())
    if faults:
        sys.exit(INVALID)


@click.command("test")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def test_(files: tuple[str, ...]) -> None:
    """Run case files: plan each case and compare it with what it expects."""
    from protoplan import api

    passed = failed = 0
    for name in files:
        for case, problems in api.run_cases(Path(name), name):
            click.echo(f"{'FAILED' if problems else 'passed'}  {case}".encode())
            for problem in problems:
                click.echo(f"  {problem}".encode())
            passed, failed = passed + (not problems), failed + bool(problems)
    click.echo(f"{passed} passed, {failed} failed")
    if failed:
        sys.exit(INTERNAL)


@click.group()
def new() -> None:
    """Begin a new file, with blanks to be filled in."""


@new.command("protocol")
@click.argument("name", metavar="ID")
@to_file
def new_protocol(name: str, output: str | None, force: bool) -> None:
    """Print a protocol with blanks to fill in, under the id ID.

    Each blank begins with FILL; `protoplan check` names those that are left.
    """
    from protoplan import forms

    try:
        text = forms.protocol(name)
    except forms.WrongId as wrong:
        raise click.UsageError(str(wrong)) from None
    printed(text, output, force)


@click.command()
@click.argument("kind", metavar="KIND", type=click.Choice(_SCHEMAS))
def schema(kind: str) -> None:
    """Print the JSON Schema of a KIND of file, for editors, or of what is printed as JSON.

    KIND is protocol, fragment, formulary, catalogue, policy, treatment, case, plan, difference,
    status or bags.
    """
    from protoplan import api

    to_stdout(api.schema(kind))
