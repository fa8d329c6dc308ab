"""What several commands share: targets, flags of the quick form, printing, writing, ending."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from datetime import date

    from protoplan.model.plan import Plan
    from protoplan.model.protocol import Protocol
    from protoplan.model.treatment import Treatment
    from protoplan.problems import Faulty

F = TypeVar("F", bound=Callable[..., Any])

INTERNAL, INVALID, STOPPED, INCOMPLETE, DIFFERENT = 1, 3, 4, 5, 6

#: What each exit code means; docs/reference/commands.md tells it.
EXIT_CODES = {
    0: "done; warnings and notes leave it 0",
    INTERNAL: "reading, writing or internal; a case of `protoplan test` failed",
    2: "the command line is wrong",
    INVALID: "a file is invalid",
    STOPPED: "the plan has a finding that says stop; `protoplan bags` found no series of bags",
    INCOMPLETE: "the plan is incomplete: it is printed, headed by what it lacks",
    DIFFERENT: "`protoplan diff` found a difference, and printed it",
}


class Guarded(click.Group):
    """Turns problems of files into lines, and anything unforeseen into one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as wrong:  # noqa: BLE001  the last line of defence: no traceback, no value
            end_with(wrong)


def end_with(wrong: Exception) -> None:
    """Say what went wrong, and end with its exit code."""
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


def targeted(command: F) -> F:
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


def to_file(command: F) -> F:
    """Add --output and --force."""
    command = click.option("--force", is_flag=True, help="overwrite an existing file")(command)
    return click.option("--output", "-o", metavar="FILE", help="write to a file instead")(command)


def with_output(*formats: str) -> Callable[[F], F]:
    """Add --format, --output and --force."""

    def add(command: F) -> F:
        choice = click.Choice(formats)
        return click.option("--format", "form", type=choice, default=formats[0], show_default=True)(
            to_file(command)
        )

    return add


def stated_flags(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Flags of the quick form that were given, with their values, in a fixed order."""
    stated = []
    for name, _, _ in (*_QUICK, *_ALSO_FOR_FILES):
        given = values[name.replace("-", "_")]
        if len(given) > 1:
            raise click.UsageError(f"--{name} stands {len(given)} times; state it once")
        stated += [(name, value) for value in given]
    return stated + [(name, value) for name, _, _ in _REPEATED for value in values[name]]


def planned(
    target: str, values: dict[str, Any], on: date | None = None
) -> tuple[Plan, Treatment, Protocol]:
    """The plan of TARGET: a treatment file, or a protocol with the quick form.

    Args:
        on: The plan is made for no earlier day than this one.
    """
    from protoplan import api
    from protoplan.problems import Faulty

    stated = stated_flags(values)
    if target == "-" and sys.stdin is None:
        raise click.UsageError("standard input is closed")
    try:
        found = api.target(target, stated, sys.stdin.buffer if target == "-" else None)
    except api.WrongUse as wrong:
        raise click.UsageError(str(wrong)) from None
    except Faulty as wrong:
        raise usage(wrong, stated) from None
    try:
        return api.plan_on(*found, on), found[0], found[1]
    except Faulty as wrong:
        raise usage(wrong, stated) from None


def usage(wrong: Faulty, stated: list[tuple[str, str]]) -> Exception:
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


def day_of(flag: str, written: str) -> date:
    """The date that a flag states."""
    from protoplan.problems import Faulty
    from protoplan.reading.quick import as_of_flag

    try:
        return as_of_flag(written, 1)
    except Faulty as wrong:
        raise usage(wrong, [(flag, written)]) from None


def has_cycle(made: Plan, label: str | None) -> None:
    """Refuse a cycle that the course does not have."""
    labels = [entry.label for entry in made.cycles]
    if label is not None and label not in labels:
        raise click.UsageError(f"the course has no cycle '{label}'; it has {', '.join(labels)}")


def to_stdout(text: str) -> None:
    """Print as UTF-8 whatever the locale."""
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


def printed(text: str, output: str | None, force: bool) -> None:
    """Print as UTF-8 whatever the locale, or write the file whole."""
    if output is None or output == "-":
        to_stdout(text)
        return
    from protoplan.writing import NotWritten, write

    try:
        write(Path(output), text.encode(), force=force)
    except NotWritten as wrong:
        click.echo(f"error: {wrong}", err=True)
        sys.exit(INTERNAL)
