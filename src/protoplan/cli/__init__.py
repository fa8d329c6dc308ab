"""The command line: parse, call the api, print, exit. The only room that writes files.

Exit codes: 0 done, 1 reading, writing or internal, 2 usage, 3 a file is invalid, 4 the plan has a
stop finding, 5 the plan is incomplete, 6 ``diff`` found a difference. Modules that cost time are
imported by the command that needs them, so that ``--help`` and ``--version`` stay light.
"""

import click

from protoplan import __version__
from protoplan.cli import bags, calendars, differences, files, plans, records, sheets, standing
from protoplan.cli.shared import Guarded

_CONTEXT = {"max_content_width": 100}


@click.group(cls=Guarded, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="protoplan")
def main() -> None:
    """Plan chemotherapy day by day from protocols whose every number carries its source.

    A planning aid for qualified staff: not a medical device, not an order. A person checks
    every dose.
    """


for command in (
    files.list_,
    files.show,
    files.check,
    plans.plan,
    plans.explain,
    plans.cumulative,
    bags.bags,
    differences.diff,
    differences.compare,
    standing.status,
    calendars.ics,
    sheets.calendar,
    records.record,
    files.test_,
    files.new,
    files.schema,
):
    main.add_command(command)
