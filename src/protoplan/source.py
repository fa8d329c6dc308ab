"""Where a value was written, and what it cites."""

from collections.abc import Iterator
from typing import Any

import attrs


@attrs.frozen
class Place:
    """Where a value was written.

    Attributes:
        path: The file, as the user named it; for a shipped file its name in the project.
        line: Counted from 1; on the command line, the number of the argument.
        column: Counted from 1; 0 where there are no columns, on the command line.
    """

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.column else self.path


@attrs.frozen
class Citation:
    """A place in print.

    Attributes:
        key: The source's key in the file's own ``sources``.
        locator: Where in the source, such as ``Procedures, paragraph 1``.
        verified: False where the source itself was not read, only others that restate it.
    """

    key: str
    locator: str
    verified: bool = True

    def __str__(self) -> str:
        return f"{self.key}: {self.locator}{'' if self.verified else ' (not verified)'}"


@attrs.frozen
class Grounds:
    """What a record stands on: its source, and the fields for which that source is silent.

    Attributes:
        source: What the record as a whole was read from; None if all of it is assumed.
        assumed: Field and reason, for each field that no source gives.
        borrowed: Field and citation, for each field taken from another source.
    """

    source: Citation | None = None
    assumed: tuple[tuple[str, str], ...] = ()
    borrowed: tuple[tuple[str, Citation], ...] = ()

    def within(self, whole: "Grounds") -> "Grounds":
        """What a part of a record stands on: its own grounds first, then those of the whole."""
        return Grounds(
            self.source or whole.source,
            self.assumed + whole.assumed,
            self.borrowed + whole.borrowed,
        )

    def of(self, field: str) -> str:
        """The words that say where *field* comes from."""
        for name, reason in self.assumed:
            if name == field:
                return f"assumed: {reason}"
        for name, citation in self.borrowed:
            if name == field:
                return str(citation)
        return str(self.source) if self.source else "assumed"


def citations_in(record: Any) -> Iterator[Citation]:
    """Every citation that a figure of *record* rests on, in the order they are written.

    What is cited for a contradiction or a silence alone is no ground of a figure.
    """
    if isinstance(record, tuple):
        for part in record:
            yield from citations_in(part)
    elif isinstance(record, Grounds):
        yield from (record.source,) if record.source else ()
        yield from (citation for _, citation in record.borrowed)
    elif attrs.has(type(record)):
        for field in attrs.fields(type(record)):
            yield from citations_in(getattr(record, field.name))
