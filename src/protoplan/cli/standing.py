"""The command that says where a patient stands: status."""

from __future__ import annotations

import sys
from typing import Any

import click

from protoplan.cli.shared import day_of, planned, printed, targeted, with_output


@click.command()
@targeted
@click.option("--on", metavar="DATE", help="the day it is about; else the day of the plan")
@with_output("text", "json")
def status(
    *, target: str, on: str | None, form: str, output: str | None, force: bool, **values: Any
) -> None:
    """Say where the patient stands: what is due, what comes next, what is open.

    Without --on it is about the day the plan is made. A day that is past is shown as the record
    has it now.
    """
    from protoplan import api

    day = day_of("on", on) if on else None
    made, treatment, protocol = planned(target, values, day)
    stands = api.standing(made, treatment, protocol, day)
    if form == "json":
        from protoplan.rendering.standing_json import render
    else:
        from protoplan.rendering.standing_text import render
    printed(render(stands), output, force)
    sys.exit(api.exit_code(made))
