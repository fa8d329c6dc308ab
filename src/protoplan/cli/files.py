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
    "comparison",
    "status",
    "bags",
    "list",
)


@click.command("list")
@click.option("--drug", metavar="NAME", multiple=True, help="gives it, or has it as an open item")
@click.option("--indication", metavar="WORD", multiple=True, help="a word of the catalogue")
@click.option("--source", metavar="TEXT", multiple=True, help="a key, or part of a citation")
@click.option("--by", type=click.Choice(("drug", "indication", "source")), help="group by it")
@with_output("text", "json")
def list_(
    drug: tuple[str, ...],
    indication: tuple[str, ...],
    source: tuple[str, ...],
    by: str | None,
    form: str,
    output: str | None,
    force: bool,
) -> None:
    """List the protocols that are here, or those that have all that is asked for.

    --drug takes an id or an alias. --source finds protocols of which a figure rests on such a
    source: one that is cited only where sources disagree or are silent is not counted. Where
    nothing is found, that is said, and the exit code is 0.
    """
    from protoplan import api
    from protoplan.problems import Faulty

    stated = [("drug", value) for value in drug]
    stated += [("indication", value) for value in indication]
    stated += [("source", value) for value in source]
    try:
        found = api.listing(stated, by)
    except Faulty as wrong:
        raise usage(wrong, stated) from None
    if form == "json":
        from protoplan.rendering.listing_json import render
    else:
        from protoplan.rendering.listing_text import render
    printed(render(found), output, force)


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
        problems, unheld = api.checked(Path(name), name)
        for problem in problems:
            click.echo(str(problem).encode())
        faults += len(problems)
        if not problems:
            but = ", but nothing under expect says what it must come to" if unheld else ""
            click.echo(f"{name}: ok{but}".encode())
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
    comparison, status, bags or list.
    """
    from protoplan import api

    to_stdout(api.schema(kind))
