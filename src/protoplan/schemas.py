"""Writes `schemas/` anew from the readers' tables and the documents.

``python -m protoplan.schemas``, or `make schemas`: for those who change the readers, in the source
tree. What is shipped is what this wrote.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from protoplan import api, library
from protoplan.reading.schema import FILES, schema

#: Where the tables of keys stand that the descriptions are taken from.
DOCUMENTS = ("docs/protocol-files.md", "docs/treatment-files.md")


def drawn(kind: str) -> str:
    """The schema of a kind of file, as it is written: the same bytes from the same tables.

    Raises:
        FileNotFoundError: Outside the source tree, where the documents are not.
    """
    meanings = dict(
        row for name in DOCUMENTS for row in _meanings((library.root() / name).read_text("utf-8"))
    )
    data = schema(kind, api.vocabularies(), meanings)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _meanings(document: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Record and key with what the key means, from the tables under ``keys: RECORD``."""
    record = None
    for line in document.split("\n"):
        marked = re.fullmatch("<!-- keys: (.+) -->", line)
        if marked:
            record = marked[1]
        elif not line.startswith("|"):
            record = None
        elif record:
            keys, meaning, *_ = (cell.strip() for cell in line.strip("|").split("|"))
            for key in re.findall("`([^`]+)`", keys):
                yield (record, key), _bare(meaning)


def _bare(text: str) -> str:
    """A text without the marks of links and code."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text).replace("`", "")


def write(folder: Path) -> None:
    """Write the schema of every kind of file into *folder*; those of JSON are written by hand."""
    for kind in FILES:
        (folder / f"{kind}.schema.json").write_text(drawn(kind), "utf-8")


if __name__ == "__main__":
    write(library.root() / "schemas")
