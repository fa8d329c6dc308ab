"""The command that plans the bags of a continuous infusion: bags."""

from __future__ import annotations

import sys
from typing import Any

import click

from protoplan.cli.shared import has_cycle, planned, printed, targeted, usage, with_output


@click.command()
@targeted
@click.option("--cycle", metavar="LABEL", help="only this cycle")
@click.option("--drug", metavar="DRUG", help="only this drug")
@click.option("--no-changes-on", "days", metavar="DAY", multiple=True,
              help="a weekday, or holidays, in place of the policy's; or none")  # fmt: skip
@click.option("--bag", "lengths", metavar="TIME", multiple=True,
              help="a bag that is made, such as '48 h', in place of the policy's")  # fmt: skip
@with_output("text", "json")
def bags(
    *,
    target: str,
    cycle: str | None,
    drug: str | None,
    days: tuple[str, ...],
    lengths: tuple[str, ...],
    form: str,
    output: str | None,
    force: bool,
    **values: Any,
) -> None:
    """Plan the bags of continuous infusions, with no change on days that the policy leaves out.

    It takes each infusion of a drug whose bags the formulary knows. The exit code is 4 where no
    series of bags keeps the rules.
    """
    from protoplan import api
    from protoplan.bags import Asked, NothingToBag, exit_code
    from protoplan.bags import planned as bagged
    from protoplan.problems import Faulty

    made, _, protocol = planned(target, values)
    has_cycle(made, cycle)
    asked = Asked(api.drug_id(drug) if drug else None, cycle, days, lengths)
    try:
        found = bagged(made, protocol, asked)
    except NothingToBag as wrong:
        raise click.UsageError(str(wrong)) from None
    except Faulty as wrong:
        stated = [("no-changes-on", day) for day in days] + [("bag", text) for text in lengths]
        raise usage(wrong, stated) from None
    if form == "json":
        from protoplan.rendering.bags_json import render
    else:
        from protoplan.rendering.bags_text import render
    printed(render(found), output, force)
    sys.exit(exit_code(found))
