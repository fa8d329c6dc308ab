"""The commands that compare: diff, compare."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from protoplan.cli.shared import DIFFERENT, printed, usage, with_output

if TYPE_CHECKING:
    from typing import BinaryIO


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@with_output("text", "json")
def diff(before: str, after: str, form: str, output: str | None, force: bool) -> None:
    """Say what differs between A and B, in clinical words.

    A and B are two treatment files, two plans that `protoplan plan --format json` wrote, a plan
    and a treatment file, or two versions of a protocol by path or id. One of them may be - for
    standard input. The exit code is 0 where nothing differs and 6 where something does.
    """
    from protoplan import api
    from protoplan.problems import Faulty

    if before == "-" == after:
        raise click.UsageError("only one of the two can be read from standard input")
    try:
        found = api.difference(before, after, _standard_input() if "-" in (before, after) else None)
    except api.WrongUse as wrong:
        raise click.UsageError(str(wrong)) from None
    except Faulty as wrong:
        raise usage(wrong, []) from None
    if form == "json":
        from protoplan.rendering.difference_json import render as render_json

        text = render_json(found)
    else:
        from protoplan.rendering.differences import render as render_text

        text = render_text(found)
    printed(text, output, force)
    sys.exit(0 if found.same else DIFFERENT)


@click.command()
@click.argument("regimens", metavar="REGIMEN...", nargs=-1)
@click.option("--drug", metavar="NAME", multiple=True, help="tell of this drug alone")
@with_output("text", "json")
def compare(
    regimens: tuple[str, ...], drug: tuple[str, ...], form: str, output: str | None, force: bool
) -> None:
    """Set two REGIMENs or more side by side: how they run, what they give, how they differ.

    A REGIMEN is a protocol by id or path. What is given alike is said once, what differs is marked,
    and where sources disagree on a drug every reading stands below it. For two versions of one
    protocol use diff, which looks at every figure and sentence.
    """
    from protoplan import api
    from protoplan.problems import Faulty

    try:
        found = api.comparison(regimens, drug)
    except api.WrongUse as wrong:
        raise click.UsageError(str(wrong)) from None
    except Faulty as wrong:
        raise usage(wrong, []) from None
    if form == "json":
        from protoplan.rendering.comparison_json import render
    else:
        from protoplan.rendering.comparison_text import render
    printed(render(found), output, force)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise click.UsageError("standard input is closed")
    return sys.stdin.buffer
