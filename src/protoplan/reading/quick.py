"""The quick form: a treatment stated on the command line, read by the same reader as a file."""

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Lookup
from datetime import date

from protoplan.model.treatment import Treatment
from protoplan.problems import Faulty, Problem, fault
from protoplan.reading.shapes import Log, Refused
from protoplan.reading.treatment import treatment
from protoplan.reading.tree import Mapping, Node, Scalar
from protoplan.reading.tree import Sequence as List
from protoplan.reading.values import day
from protoplan.source import Place

#: How problems of the command line name their file; a line is the number of an argument.
PATH = "command line"


def quick(
    protocol: str,
    stated: Sequence[tuple[str, str]],
    words: Lookup[str, Collection[str]],
) -> Treatment:
    """Read a treatment from flags and values.

    Args:
        protocol: An id or a path.
        stated: Flag without dashes and value, in order; ``option``, ``fact``, ``lab``,
            ``medicine`` and ``earlier`` may stand more than once.
        words: The vocabularies.

    Raises:
        Faulty: Each problem's line is the number of the argument it is about, from 1; 0 where
            something is missing.
    """
    given = {flag for flag, _ in stated}
    missing = [f"--{flag}" for flag in ("height", "weight", "start") if flag not in given]
    if not given & {"age", "birth-date"}:
        missing.append("--age or --birth-date")
    if missing:
        message = f"a protocol is planned for a patient: {', '.join(missing)} is wanted"
        raise fault("PP202", message, Place(PATH, 0, 0))
    problems: list[Problem] = []
    try:
        found = treatment(_tree(protocol, stated, problems), Log(PATH, words, problems), "")
    except Refused:
        raise Faulty(problems) from None
    if problems:
        raise Faulty(problems)
    return found


def as_of_flag(written: str, argument: int) -> date:
    """The day of ``--as-of``.

    Args:
        written: As it stands.
        argument: Its number among the arguments, for a problem.

    Raises:
        Faulty: If it is no date.
    """
    problems: list[Problem] = []
    try:
        return day(Scalar(written, argument, 0), Log(PATH, {}, problems))
    except Refused:
        raise Faulty(problems) from None


def _tree(protocol: str, stated: Sequence[tuple[str, str]], problems: list[Problem]) -> Node:
    """The mapping that a treatment file with the same statements would be."""
    by_flag: dict[str, list[Scalar]] = {}
    for line, (flag, value) in enumerate(stated, 1):
        by_flag.setdefault(flag, []).append(Scalar(value, line, 0))

    def one(flag: str) -> Scalar | None:
        return by_flag.get(flag, [None])[-1]

    start = by_flag["start"][-1]
    as_of = one("as-of") or start
    label = one("label") or _made("quick form")
    identity = f"{protocol}\n{label.text}\n{start.text}"
    patient = {
        "label": label,
        "age": one("age"),
        "birth_date": one("birth-date"),
        "sex": one("sex"),
    }
    measured = {"height": one("height"), "weight": one("weight"), "date": as_of}
    parts: dict[str, Node | None] = {
        "id": _made(_identifier(protocol, start.text, identity)),
        "patient": _mapping(patient),
        "protocol": _made(protocol),
        "start": start,
        "options": _pairs(by_flag.get("option", []), "KEY=VALUE", problems),
        "facts": _pairs(by_flag.get("fact", []), "KEY=VALUE", problems),
        "measurements": _list(_mapping(measured)),
        "labs": _labs(by_flag.get("lab", []), as_of, problems),
        "medicines": _listed(by_flag.get("medicine"), _medicine, problems),
        "earlier_exposure": _listed(by_flag.get("earlier"), _earlier, problems),
        "policy": one("policy"),
        "as_of": one("as-of"),
    }
    return _mapping(parts)


def _identifier(protocol: str, start: str, identity: str) -> str:
    """An id that protocol, label and start make, and nothing else does."""
    name = re.sub(r"[^A-Za-z0-9-]+", "-", protocol.rpartition("/")[2].removesuffix(".yaml"))
    digest = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
    return f"{name[:40] or 0}-{start}-{digest[:8]}"


def _made(text: str) -> Scalar:
    """A value that is no argument."""
    return Scalar(text, 0, 0)


def _list(*nodes: Node) -> List:
    return List(nodes, 0, 0)


def _mapping(parts: Lookup[str, Node | None]) -> Mapping:
    present = [(key, node) for key, node in parts.items() if node is not None]
    line = next(node.line for _, node in present if node.line)
    return Mapping(tuple((Scalar(key, node.line, 0), node) for key, node in present), line, 0)


def _split(word: Scalar, form: str, problems: list[Problem]) -> tuple[Scalar, Scalar] | None:
    key, sign, value = word.text.partition("=")
    if not sign or not key.strip() or not value.strip():
        problems.append(
            Problem("PP203", f"'{word.text}' is not of the form {form}", Place(PATH, word.line, 0))
        )
        return None
    return Scalar(key.strip(), word.line, 0), Scalar(value.strip(), word.line, 0)


def _pairs(words: Sequence[Scalar], form: str, problems: list[Problem]) -> Mapping | None:
    found: dict[str, Scalar] = {}
    for word in words:
        pair = _split(word, form, problems)
        if pair is None:
            continue
        if pair[0].text in found:
            problems.append(
                Problem("PP103", f"'{pair[0].text}' is stated twice", Place(PATH, word.line, 0))
            )
        found[pair[0].text] = pair[1]
    return _mapping(found) if found else None


def _labs(words: Sequence[Scalar], as_of: Scalar, problems: list[Problem]) -> List | None:
    pairs = _pairs(words, "NAME='VALUE UNIT'", problems)
    if pairs is None:
        return None
    values = {key.text: value for key, value in pairs.items}
    if "date" in values:
        at = Place(PATH, values["date"].line, 0)
        hint = "labs are of the day of --as-of, and without it of the day of --start"
        problems.append(Problem("PP303", "lab 'date' is not known", at, hint))
    return _list(_mapping({**values, "date": as_of}))


def _listed(
    words: list[Scalar] | None,
    entry: Callable[[Scalar, list[Problem]], Node | None],
    problems: list[Problem],
) -> Node | None:
    if words is None:
        return None
    if len(words) == 1 and words[0].text == "none":
        return words[0]
    entries = [entry(word, problems) for word in words]
    found = tuple(node for node in entries if node is not None)
    return _list(*found) if found else None


def _medicine(word: Scalar, problems: list[Problem]) -> Mapping | None:
    """``posaconazole`` or ``posaconazole=FROM..TO``; either date may be left out."""
    name, sign, dates = word.text.partition("=")
    first, dots, last = dates.partition("..")
    formed = ".." not in name and (bool(dots) or not sign) and name.strip()
    if word.text == "none" or not formed:
        problems.append(
            Problem(
                "PP203",
                f"'{word.text}' is not of the form DRUG or DRUG=FROM..TO; none stands alone",
                Place(PATH, word.line, 0),
            )
        )
        return None
    parts = {"drug": name, "from": first, "to": last}
    return _mapping(
        {
            key: Scalar(text.strip(), word.line, 0) if text.strip() else None
            for key, text in parts.items()
        }
    )


def _earlier(word: Scalar, problems: list[Problem]) -> Mapping | None:
    pair = _split(word, "DRUG='AMOUNT UNIT'", problems)
    return None if pair is None else _mapping({"drug": pair[0], "amount": pair[1]})
