"""Commands that plan a treatment: plan, explain, cumulative."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from protoplan.cli.shared import (
    INCOMPLETE,
    STOPPED,
    day_of,
    has_cycle,
    planned,
    printed,
    targeted,
    with_output,
)

if TYPE_CHECKING:
    from protoplan.model.plan import Administration


@click.command()
@targeted
@with_output("text", "json", "csv")
def plan(target: str, form: str, output: str | None, force: bool, **values: Any) -> None:
    """Plan a whole course day by day.

    TARGET is a treatment file, - for standard input, or a protocol's id or path with the quick
    form: --height, --weight, --age or --birth-date, --start and what else is known.
    """
    from protoplan import api

    made, _, _ = planned(target, values)
    if form == "json":
        from protoplan.rendering.plan_json import render
    elif form == "csv":
        from protoplan.rendering.plan_csv import render
    else:
        from protoplan.rendering.plan_text import render
    printed(render(made), output, force)
    sys.exit(api.exit_code(made))


@click.command()
@targeted
@click.option("--cycle", metavar="LABEL", help="only this cycle")
@click.option("--day", type=int, metavar="DAY", help="only this day of the cycle")
@click.option("--drug", metavar="DRUG", help="only this drug")
@with_output("text")
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

    made, _, _ = planned(target, values)
    has_cycle(made, cycle)
    drug = api.drug_id(drug) if drug else None
    chosen = [
        row
        for row in made.administrations
        if cycle in (None, row.cycle) and drug in (None, row.order.drug) and _covers(row, day)
    ]
    if not chosen:
        raise click.UsageError("nothing is given of that drug, in that cycle, on that day")
    printed(render(made, chosen), output, force)
    open_doses = any(row.order.needs for row in chosen)
    sys.exit(STOPPED if made.stopped else INCOMPLETE if open_doses else 0)


def _covers(row: Administration, day: int | None) -> bool:
    """Whether an administration is given on a day of its cycle, or runs through it."""
    if day is None or row.end is None:
        return day in (None, row.day)
    return row.day <= day <= row.day + (row.end.date() - row.date).days


@click.command()
@click.argument("drug")
@targeted
@click.option("--before-transplant", metavar="DATE", help="count the weeks to a transplant")
@with_output("text", "json")
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

    made, treatment, protocol = planned(target, values)
    transplant = day_of("before-transplant", before_transplant) if before_transplant else None
    ledgers = api.ledgers(made, treatment, protocol, drug, transplant)
    if not ledgers:
        given = sorted({row.order.drug for row in made.administrations})
        from protoplan.problems import SLIP, did_you_mean

        hint = did_you_mean(drug, given, SLIP) or f"it gives {', '.join(given)}"
        raise click.UsageError(f"this plan gives no '{drug}'; {hint}")
    render = render_json if form == "json" else render_text
    printed(render(ledgers), output, force)
    known = all(entry.total is not None and entry.earlier is not None for entry in ledgers)
    sys.exit(STOPPED if made.stopped else 0 if known else INCOMPLETE)
