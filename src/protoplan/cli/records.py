"""The command that appends to the record of a treatment file: record."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from protoplan.cli.shared import INTERNAL, INVALID, to_stdout

if TYPE_CHECKING:
    from protoplan.appending import Line
    from protoplan.problems import Faulty
    from protoplan.records import Recorded, Said


class Flag(NamedTuple):
    """A flag of a command."""

    name: str
    metavar: str
    help: str
    required: bool = False


class Kind(NamedTuple):
    """A command: what it is called, what is written, and with what."""

    name: str
    help: str
    argument: str | None = None
    key: str | None = None
    flags: tuple[Flag, ...] = ()


_DATE = Flag("date", "DATE", "the day on which it happened, such as 2026-03-02", True)
_REASON = Flag("reason", "TEXT", "why, in words", True)
_TIME = Flag("time", "HH:MM", "when, such as 10:00")

_KINDS = (
    Kind("started", "A cycle began.", "CYCLE", "cycle"),
    Kind("given", "A dose was given, as ordered where no --amount is stated.", "DOSE", "given", (
        Flag("amount", "AMOUNT", "what was given, such as '1.1 mg'"),
        _TIME,
        Flag("rate", "RATE", "the rate of an infusion, such as '28 mcg/day'"),
        Flag("bsa", "AREA", "the body surface area on the day, such as '1.84 m2'"),
        Flag("weight", "WEIGHT", "the weight on the day, such as '70 kg'"),
    )),
    Kind("begun", "A continuous infusion began.", "DOSE", "begun", (_TIME,)),
    Kind("held", "A dose was held; it may still be given.", "DOSE", "held", (_REASON,)),
    Kind("missed", "A dose was missed.", "DOSE", "missed", (_REASON,)),
    Kind("refused", "The patient refused a dose.", "DOSE", "refused", (_REASON,)),
    Kind("delayed", "A dose, or the start of a cycle, was put off.", "DOSE-OR-CYCLE", "delayed", (
        Flag("to", "DATE", "the day to which it is put off", True),
        _REASON,
    )),
    Kind("stopped", "A drug was stopped for good.", "DRUG", "stopped", (
        Flag("route", "ROUTE", "only by this route, such as IT"),
        _REASON,
    )),
    Kind("moved-on", "The course moved on to a phase, or to transplant.", "PHASE", "moved_on",
         (_REASON,)),
    Kind("interrupted", "A continuous infusion was interrupted.", "DOSE", "interrupted", (
        _TIME,
        Flag("delivered", "AMOUNT", "what was delivered until then; else by the rate"),
        _REASON,
    )),
    Kind("resumed", "An interrupted infusion went on.", "DOSE", "resumed", (_TIME,)),
    Kind("toxicity", "A toxicity, by its name in the catalogue.", "NAME", "toxicity", (
        Flag("grade", "N", "its grade by CTCAE, 0 to 5; 0 states that it is over", True),
        Flag("related-to", "DRUG", "the drug that it is judged to be due to"),
        Flag("outcome", "TEXT", "how it stands, such as resolved"),
    )),
    Kind("response", "How the disease answered.", None, None, (
        Flag("response", "TEXT", "such as 'complete remission'"),
        Flag("mrd", "RESULT", "residual disease: negative or positive"),
    )),
    Kind("transplant", "A transplant is planned.", None, None, (
        Flag("on", "DATE", "the planned day", True),
    )),
    Kind("weight", "A new weight, which goes into the measurements.", "WEIGHT", "weight", (
        Flag("height", "HEIGHT", "a new height, such as 175cm"),
    )),
    Kind("revised", "Another part of the file was changed by hand.", "TEXT", "revised"),
    Kind("protocol", "The protocol as it is now is the one that is followed from this day on."),
)  # fmt: skip

#: Flags under another key than their own name.
_KEYS = {"on": "transplant_on"}


@click.group(subcommand_metavar="WHAT ...")
@click.argument("treatment", metavar="TREATMENT")
@click.pass_context
def record(ctx: click.Context, treatment: str) -> None:
    """Append a dated entry to the record of the file TREATMENT; all else in it stays as it is.

    The new file is read and planned first: nothing is written while an entry contradicts it. What
    the plan says since then is printed after what was written.
    """
    ctx.obj = treatment


def _command(kind: Kind) -> click.Command:
    """The command of a kind."""

    def call(dry_run: bool, **values: str | None) -> None:
        treatment = click.get_current_context().obj
        _record(treatment, kind.name, *_stated(kind, values), dry_run=dry_run)

    params: list[click.Parameter] = []
    if kind.argument:
        params.append(click.Argument(["argument"], metavar=kind.argument))
    return click.Command(kind.name, callback=call, help=kind.help, params=params + _options(kind))


def _options(kind: Kind) -> list[click.Parameter]:
    made: list[click.Parameter] = [
        click.Option(
            [f"--{flag.name}"], metavar=flag.metavar, help=flag.help, required=flag.required
        )
        for flag in (_DATE, *kind.flags)
    ]
    said = "print what would be written, and write nothing"
    return [*made, click.Option(["--dry-run"], is_flag=True, help=said)]


def _stated(kind: Kind, values: dict[str, str | None]) -> tuple[list[tuple[str, str]], list[str]]:
    """Key and value of each argument that is stated, and what each is called in problems."""
    rows = [("date", values["date"], "--date")]
    if kind.key:
        rows.append((kind.key, values["argument"], str(kind.argument)))
    for flag in kind.flags:
        key = flag.name.replace("-", "_")
        rows.append((_KEYS.get(key, key), values[key], f"--{flag.name}"))
    if kind.name == "weight":
        rows.sort(key=lambda row: row[0] == "weight")  # the height stands first, as in the samples
    if kind.name == "response" and not (values["response"] or values["mrd"]):
        raise click.UsageError("state --response, --mrd or both")
    return (
        [(key, value) for key, value, _ in rows if value is not None],
        [name for _, value, name in rows if value is not None],
    )


@click.command()
@click.argument("values", metavar="NAME=VALUE...", nargs=-1, required=True)
def lab(values: tuple[str, ...], date: str, dry_run: bool) -> None:
    """Laboratory values, such as creatinine='0.9 mg/dL', which go into the labs."""
    stated = {"date": date}
    for word in values:
        name, sign, value = word.partition("=")
        name = name.strip()
        if not sign or not name or not value.strip():
            raise click.UsageError(f"'{word}' is not of the form NAME='VALUE UNIT'")
        if name in stated:
            raise click.UsageError(f"'{name}' is stated twice")
        stated[name] = value
    treatment = click.get_current_context().obj
    _record(treatment, "lab", list(stated.items()), ["--date", *values], dry_run=dry_run)


lab.params += _options(Kind("lab", ""))
for _kind in _KINDS:
    record.add_command(_command(_kind))
record.add_command(lab)


def _record(
    treatment: str, kind: str, stated: list[tuple[str, str]], names: list[str], *, dry_run: bool
) -> None:
    """Make the entry, write it, and say what was written and what the plan says since."""
    from protoplan import api
    from protoplan.problems import Faulty
    from protoplan.records import Said

    path = _path(treatment)
    name = treatment.encode(errors="replace").decode()  # as it can be printed
    try:
        lines, consequences = _written(path, name, Said(kind, tuple(stated)), dry_run=dry_run)
    except api.WrongUse as wrong:
        raise click.UsageError(str(wrong)) from None
    except Faulty as wrong:
        _refuse(wrong, names, name)
    for line in lines:
        if dry_run:
            to_stdout(f"{line.text}\n")
        elif line.holds is not None:
            to_stdout(f"{name}: recorded in line {line.number}: {line.text.strip()[2:]}\n")
    for text in consequences:
        click.echo(text.encode(), err=True)


def _path(treatment: str) -> Path:
    """The path of a treatment file, of what may be one."""
    from protoplan import library

    path = Path(treatment)
    try:
        there = path.exists() or path.is_symlink()
    except OSError:  # a name that is too long to be one
        there = False
    expected = "a record is kept in a treatment file; state its path"
    if treatment == "-":
        raise click.UsageError(f"- is standard input, to which nothing can be written; {expected}")
    if not there and treatment.partition("@")[0] in library.ids("protocol"):
        raise click.UsageError(f"'{treatment}' is the id of a protocol; {expected}")
    if not there:
        raise click.UsageError(f"there is no file '{treatment}'; {expected}")
    return path


def _written(
    path: Path, name: str, said: Said, *, dry_run: bool
) -> tuple[tuple[Line, ...], list[str]]:
    """Write the file with the entry unless it is only to be shown: its new lines, and what follows.

    All that is to be said is made before the file is written, so that nothing can fail after it.
    """
    from protoplan.records import MAX_BYTES, recorded
    from protoplan.writing import NotWritten, amend, present

    def change(data: bytes) -> tuple[bytes, tuple[tuple[Line, ...], list[str]]]:
        made = recorded(data, path, name, said)
        return made.data, (made.lines, _consequences(made, name))

    try:
        return change(present(path, MAX_BYTES))[1] if dry_run else amend(path, change, MAX_BYTES)
    except NotWritten as wrong:
        click.echo(f"error: {wrong}".encode(errors="replace"), err=True)
    sys.exit(INTERNAL)


def _refuse(wrong: Faulty, names: list[str], treatment: str) -> NoReturn:
    """Problems of the command line are named by their flag; those of the file by their line."""
    from protoplan.reading.quick import PATH
    from protoplan.records import Unfit

    if all(problem.at.path == PATH for problem in wrong.problems):
        said = []
        for problem in wrong.problems:
            flag = f"{names[problem.at.line - 1]}: " if problem.at.line else ""
            hint = f"; {problem.hint}" if problem.hint else ""
            said.append(f"{flag}{problem.message}{hint} [{problem.code}]")
        raise click.UsageError("\n       ".join(said))
    for problem in wrong.problems:
        click.echo(str(problem).encode(), err=True)
    new = wrong.lines if isinstance(wrong, Unfit) else ()
    said = [f"error: nothing was written to {treatment}{'; it would have had' if new else ''}"]
    said += [f"    line {line.number}: {line.text}" for line in new]
    click.echo("\n".join(said).encode(), err=True)
    sys.exit(INVALID)


def _consequences(done: Recorded, treatment: str) -> list[str]:
    """What a person must know of the plan since the entry, a line each."""
    found = [f"{one.severity.value}: {one.message} [{one.code}]" for one in done.findings]
    found += [f"lacks: {one.about}: {', '.join(one.wanted)}" for one in done.lacking]
    state = "has a stop" if done.after.stopped else "" if done.after.complete else "is incomplete"
    if state:
        found.append(f"the plan {state}; see it with: protoplan plan {shlex.quote(treatment)}")
    return found
