"""The command line: parse, call the api, print, exit. The only place that writes files.

Exit codes: 0 done, 1 reading, writing or internal, 2 usage, 3 a file is invalid, 4 the plan has a
stop finding, 5 the plan is incomplete. Modules that cost time are imported by the command that
needs them, so that ``--help`` and ``--version`` stay light.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from protoplan import __version__

if TYPE_CHECKING:
    from datetime import date

    from protoplan.model.plan import Administration, Plan
    from protoplan.model.protocol import Protocol
    from protoplan.model.treatment import Treatment
    from protoplan.problems import Faulty

F = TypeVar("F", bound=Callable[..., Any])

INTERNAL, INVALID, STOPPED, INCOMPLETE = 1, 3, 4, 5

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
)

_CONTEXT = {"max_content_width": 100}


class _Guarded(click.Group):
    """Turns problems of files into lines, and anything unforeseen into one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as wrong:  # noqa: BLE001  the last line of defence: no traceback, no value
            _end(wrong)


def _end(wrong: Exception) -> None:
    from protoplan.problems import Faulty

    if isinstance(wrong, Faulty):
        for problem in wrong.problems:
            click.echo(str(problem).encode(), err=True)
        sys.exit(INVALID)
    trace, place = wrong.__traceback__, "?"
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    click.echo(
        f"error: internal error, {type(wrong).__name__} at {place}; nothing was written. "
        "This is a fault of protoplan, please report it",
        err=True,
    )
    sys.exit(INTERNAL)


@click.group(cls=_Guarded, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="protoplan")
def main() -> None:
    """Plan chemotherapy day by day from protocols whose every number carries its source.

    A planning aid for qualified staff: not a medical device, not an order. A person checks
    every dose.
    """


# -- what several commands share -----------------------------------------------------------------

_QUICK = (
    ("height", "LENGTH", "such as 175cm"),
    ("weight", "WEIGHT", "such as 70kg"),
    ("age", "YEARS", "in completed years"),
    ("birth-date", "DATE", "instead of an age"),
    ("sex", "SEX", "female or male"),
    ("start", "DATE", "first day of the first cycle, such as 2026-03-02"),
    ("label", "TEXT", "a label for the patient; never a name"),
)
_ALSO_FOR_FILES = (
    ("policy", "NAME", "the site's policy, by id or path"),
    ("as-of", "DATE", "the day the plan is made"),
)
_REPEATED = (
    ("option", "KEY=VALUE", "answer an option of the protocol"),
    ("fact", "KEY=VALUE", "state a fact"),
    ("lab", "NAME=VALUE", "state a lab, such as creatinine='0.9 mg/dL'"),
    ("medicine", "DRUG[=FROM..TO]", "state a medicine, or none"),
    ("earlier", "DRUG=AMOUNT", "state earlier treatment, or none"),
)


def _targeted(command: F) -> F:
    """Add TARGET and the flags of the quick form."""
    for name, metavar, text in reversed(_REPEATED):
        command = click.option(f"--{name}", metavar=metavar, multiple=True, help=text)(command)
    command = click.option(
        "--policy", metavar="NAME", multiple=True, help="the site's policy, by id or path"
    )(command)
    command = click.option(
        "--as-of", metavar="DATE", multiple=True, help="the day the plan is made"
    )(command)
    for name, metavar, text in reversed(_QUICK):
        command = click.option(f"--{name}", metavar=metavar, multiple=True, help=text)(command)
    return click.argument("target", metavar="TARGET")(command)


def _to_file(command: F) -> F:
    """Add --output and --force."""
    command = click.option("--force", is_flag=True, help="overwrite an existing file")(command)
    return click.option("--output", "-o", metavar="FILE", help="write to a file instead")(command)


def _output(*formats: str) -> Callable[[F], F]:
    """Add --format, --output and --force."""

    def add(command: F) -> F:
        choice = click.Choice(formats)
        return click.option("--format", "form", type=choice, default=formats[0], show_default=True)(
            _to_file(command)
        )

    return add


def _stated(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Flags of the quick form that were given, with their values, in a fixed order."""
    stated = []
    for name, _, _ in (*_QUICK, *_ALSO_FOR_FILES):
        given = values[name.replace("-", "_")]
        if len(given) > 1:
            raise click.UsageError(f"--{name} stands {len(given)} times; state it once")
        stated += [(name, value) for value in given]
    return stated + [(name, value) for name, _, _ in _REPEATED for value in values[name]]


def _planned(target: str, values: dict[str, Any]) -> tuple[Plan, Treatment, Protocol]:
    """The plan of TARGET: a treatment file, or a protocol with the quick form."""
    from protoplan import api
    from protoplan.problems import Faulty

    stated = _stated(values)
    if target == "-" and sys.stdin is None:
        raise click.UsageError("standard input is closed")
    try:
        found = api.target(target, stated, sys.stdin.buffer if target == "-" else None)
    except api.WrongUse as wrong:
        raise click.UsageError(str(wrong)) from None
    except Faulty as wrong:
        raise _usage(wrong, stated) from None
    try:
        return api.plan_treatment(*found), found[0], found[1]
    except Faulty as wrong:
        raise _usage(wrong, stated) from None


def _usage(wrong: Faulty, stated: list[tuple[str, str]]) -> Exception:
    """Problems of the command line are named by their flag; those of files stay as they are."""
    from protoplan.reading.quick import PATH

    if not all(problem.at.path == PATH for problem in wrong.problems):
        return wrong
    said = []
    for problem in wrong.problems:
        flag = f"--{stated[problem.at.line - 1][0]}: " if problem.at.line else ""
        hint = f"; {problem.hint}" if problem.hint else ""
        said.append(f"{flag}{problem.message}{hint} [{problem.code}]")
    return click.UsageError("\n       ".join(said))


def _to_stdout(text: str) -> None:
    said = "it is closed"
    try:
        if sys.stdout is not None:
            click.echo(text.encode(), nl=False)
            return
    except BrokenPipeError:
        raise  # click ends quietly when nobody reads on
    except OSError as wrong:
        said = wrong.strerror or type(wrong).__name__
    click.echo(f"error: standard output cannot be written: {said}", err=True)
    sys.exit(INTERNAL)


def _print(text: str, output: str | None, force: bool) -> None:
    """Print as UTF-8 whatever the locale, or write the file whole."""
    if output is None or output == "-":
        _to_stdout(text)
        return
    from protoplan.writing import NotWritten, write

    try:
        write(Path(output), text.encode(), force=force)
    except NotWritten as wrong:
        click.echo(f"error: {wrong}", err=True)
        sys.exit(INTERNAL)


# -- commands ------------------------------------------------------------------------------------


@main.command("list")
def list_() -> None:
    """List the protocols that are here."""
    from protoplan import api, library
    from protoplan.source import Place

    for name in library.ids("protocol"):
        protocol = api.load_protocol(name, Place("protocols", 1, 1))
        click.echo(
            f"{name} {protocol.version}\n    {protocol.title}\n    {protocol.reviewed}".encode()
        )


@main.command()
@click.argument("protocol")
@_output("text")
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
        raise _usage(wrong, []) from None
    _print(render(shown, api.names_of(shown)), output, force)


@main.command()
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


@main.command()
@_targeted
@_output("text", "json", "csv")
def plan(target: str, form: str, output: str | None, force: bool, **values: Any) -> None:
    """Plan a whole course day by day.

    TARGET is a treatment file, - for standard input, or a protocol's id or path with the quick
    form: --height, --weight, --age or --birth-date, --start and what else is known.
    """
    from protoplan import api

    made, _, _ = _planned(target, values)
    if form == "json":
        from protoplan.rendering.plan_json import render
    elif form == "csv":
        from protoplan.rendering.plan_csv import render
    else:
        from protoplan.rendering.plan_text import render
    _print(render(made), output, force)
    sys.exit(api.exit_code(made))


@main.command()
@_targeted
@click.option("--cycle", metavar="LABEL", help="only this cycle")
@click.option("--day", type=int, metavar="DAY", help="only this day of the cycle")
@click.option("--drug", metavar="DRUG", help="only this drug")
@_output("text")
def explain(
    target: str,
    cycle: str | None,
    day: int | None,
    drug: str | None,
    form: str,
    output: str | None,
    force: bool,
    **values: Any,
) -> None:
    """Show the working of each dose, to be checked with a pencil."""
    from protoplan import api
    from protoplan.rendering.explain_text import render

    made, _, _ = _planned(target, values)
    labels = [entry.label for entry in made.cycles]
    drug = api.drug_id(drug) if drug else None
    if cycle is not None and cycle not in labels:
        raise click.UsageError(f"the course has no cycle '{cycle}'; it has {', '.join(labels)}")
    chosen = [
        row
        for row in made.administrations
        if cycle in (None, row.cycle) and drug in (None, row.order.drug) and _covers(row, day)
    ]
    if not chosen:
        raise click.UsageError("nothing is given of that drug, in that cycle, on that day")
    _print(render(made, chosen), output, force)
    open_doses = any(row.order.needs for row in chosen)
    sys.exit(STOPPED if made.stopped else INCOMPLETE if open_doses else 0)


def _covers(row: Administration, day: int | None) -> bool:
    """Whether an administration is given on a day of its cycle, or runs through it."""
    if day is None or row.end is None:
        return day in (None, row.day)
    return row.day <= day <= row.day + (row.end.date() - row.date).days


@main.command()
@click.argument("drug")
@_targeted
@click.option("--before-transplant", metavar="DATE", help="count the weeks to a transplant")
@_output("text", "json")
def cumulative(
    drug: str,
    target: str,
    before_transplant: str | None,
    form: str,
    output: str | None,
    force: bool,
    **values: Any,
) -> None:
    """Show how much of DRUG is given, dose by dose, and what is left of the protocol's total."""
    from protoplan import api
    from protoplan.rendering.cumulative import render_json, render_text

    made, treatment, protocol = _planned(target, values)
    transplant = _day("before-transplant", before_transplant) if before_transplant else None
    ledgers = api.ledgers(made, treatment, protocol, drug, transplant)
    if not ledgers:
        given = sorted({row.order.drug for row in made.administrations})
        from protoplan.problems import SLIP, did_you_mean

        hint = did_you_mean(drug, given, SLIP) or f"it gives {', '.join(given)}"
        raise click.UsageError(f"this plan gives no '{drug}'; {hint}")
    render = render_json if form == "json" else render_text
    _print(render(ledgers), output, force)
    known = all(entry.total is not None and entry.earlier is not None for entry in ledgers)
    sys.exit(STOPPED if made.stopped else 0 if known else INCOMPLETE)


def _day(flag: str, written: str) -> date:
    """The date that a flag states."""
    from protoplan.problems import Faulty
    from protoplan.reading.quick import as_of_flag

    try:
        return as_of_flag(written, 1)
    except Faulty as wrong:
        raise _usage(wrong, [(flag, written)]) from None


@main.command("test")
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


@main.group()
def new() -> None:
    """Begin a new file, with blanks to be filled in."""


@new.command("protocol")
@click.argument("name", metavar="ID")
@_to_file
def new_protocol(name: str, output: str | None, force: bool) -> None:
    """Print a protocol with blanks to fill in, under the id ID.

    Each blank begins with FILL; `protoplan check` names those that are left.
    """
    from protoplan import forms

    try:
        text = forms.protocol(name)
    except forms.WrongId as wrong:
        raise click.UsageError(str(wrong)) from None
    _print(text, output, force)


@main.command()
@click.argument("kind", metavar="KIND", type=click.Choice(_SCHEMAS))
def schema(kind: str) -> None:
    """Print the JSON Schema of a KIND of file, for editors, or of the plan as JSON.

    KIND is protocol, fragment, formulary, catalogue, policy, treatment, case or plan.
    """
    from protoplan import api

    _to_stdout(api.schema(kind))
