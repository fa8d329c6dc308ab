"""The form from which a new file is made; ``protoplan check`` names the blanks left in it."""

from pathlib import Path

from protoplan import library
from protoplan.reading.shapes import BLANK
from protoplan.reading.values import NAME


class WrongId(Exception):
    """A new file cannot have this id."""


def path(kind: str) -> Path:
    """Where the form of a kind of file is."""
    return library.root() / "examples" / f"new-{kind}.yaml"


def protocol(name: str) -> str:
    """The text of a protocol file whose id is *name* and whose other blanks are to be filled in.

    Args:
        name: Letters, digits, points, hyphens and underscores, 1 to 80 of them.

    Raises:
        WrongId: If *name* is not that, or is the id of a shipped protocol.
    """
    if not NAME.fullmatch(name):
        raise WrongId(f"'{name}' is not a name of letters, digits and hyphens")
    if name in library.ids("protocol"):
        raise WrongId(f"there is a protocol '{name}' already; give the new one another id")
    return path("protocol").read_text("utf-8").replace(f"{BLANK} id", name, 1)
