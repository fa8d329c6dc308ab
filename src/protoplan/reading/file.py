"""One file, of whatever kind: its format line decides who reads it.

PP107: the first line does not say what kind of file this is, or names a format of another version.

Good: `format: protoplan-protocol/1`.
Bad: `format: protoplan-protocol/2`, which this version cannot know.
"""

import hashlib
from collections.abc import Callable, Collection
from collections.abc import Mapping as Lookup
from importlib import import_module
from typing import Any

from protoplan.problems import Faulty, Problem, did_you_mean, fault
from protoplan.reading.shapes import Log, Refused, part
from protoplan.reading.tree import Scalar, compose, place_in

#: Format line, kind of file, and the module and function that read it (imported when needed).
READERS = {
    "protoplan-protocol/1": ("protocol", "protocol"),
    "protoplan-fragment/1": ("fragment", "fragment"),
    "protoplan-formulary/1": ("formulary", "drug"),
    "protoplan-catalogue/1": ("catalogue", "catalogue"),
    "protoplan-policy/1": ("policy", "policy"),
    "protoplan-treatment/1": ("treatment", "treatment"),
    "protoplan-case/1": ("case", "cases"),
}


def read(text: str, path: str, words: Lookup[str, Collection[str]]) -> tuple[str, Any]:
    """Return the kind of a file and its model.

    Args:
        text: The whole file.
        path: How the file is named in problems.
        words: The vocabularies against which names are read; one that is absent is not checked.

    Raises:
        Faulty: With every problem of the file.
    """
    problems: list[Problem] = []
    node = compose(text, path, problems)
    log = Log(path, words, problems)
    line = part(node, "format")
    written = line.text if isinstance(line, Scalar) else None
    if written not in READERS:
        log.refuse(
            "PP107",
            f"the format '{written}' is not known"
            if written
            else "the file lacks the key 'format'",
            line or node,
            did_you_mean(written or "", READERS)
            or f"the first line is one of {', '.join(READERS)}",
        )
        raise Faulty(problems)
    kind, function = READERS[written]
    reader: Callable[..., Any] = getattr(import_module(f"protoplan.reading.{kind}"), function)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    try:
        model = reader(node, log, sha256)
    except Refused:
        raise Faulty(problems) from None
    if problems:
        raise Faulty(problems)
    return kind, model


def decode(data: bytes, path: str) -> str:
    """The text of a file's bytes.

    Raises:
        Faulty: If they are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        before = wrong.object[: wrong.start].decode("utf-8", "replace")
        at = place_in(before, len(before), path)
        raise fault("PP102", "the file is not UTF-8 text", at) from None
