"""Finds out what is compared, brings both sides to one form, and compares them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import attrs

from protoplan import library
from protoplan.comparing import plans, protocols, regimens
from protoplan.comparing.elapsed import elapsed
from protoplan.files import drugs_of, load_protocol, load_text, names_of, whole
from protoplan.model.comparison import Comparison
from protoplan.model.difference import PlanDifference, ProtocolDifference
from protoplan.model.outline import Outline
from protoplan.model.plan import Plan
from protoplan.model.treatment import Treatment
from protoplan.problems import Faulty, Problem, WrongUse, fault
from protoplan.reading.file import decode
from protoplan.reading.json_text import MAX_PLAN_BYTES
from protoplan.reading.planned import outline, outline_of
from protoplan.reading.quick import PATH
from protoplan.rendering.plan_json import as_data
from protoplan.source import Place


@attrs.frozen
class Side:
    """One of the two things that are compared.

    Attributes:
        name: How the user named it, for people.
        kind: ``plan`` (a plan as JSON), or the kind of the file.
        model: An outline, or the model of the file.
        path: Where the file is; for standard input a file of the folder one stands in.
    """

    name: str
    kind: str
    model: Any
    path: Path


def side(ref: str, stdin: str, stream: BinaryIO | None) -> Side:
    """Read one side: ``-``, an existing path, or a protocol's id.

    Args:
        ref: As the user named it.
        stdin: How standard input is named in problems.
        stream: Read where *ref* is ``-``.

    Raises:
        Faulty: With every problem of the file.
    """
    name, path = (stdin, Path("-")) if ref == "-" else (ref, Path(ref))
    if stream is not None and ref == "-":
        data = stream.read(MAX_PLAN_BYTES + 1)
    else:
        found = _found(ref, path)
        name, path = found.name, found.path
        data = _bytes(found)
    text = decode(data, name)
    if _is_json(text, name):
        return Side(name, "plan", outline(text, name), path)
    kind, model = load_text(text, name)
    return Side(name, kind, whole(model, path) if kind == "protocol" else model, path)


def _found(ref: str, path: Path) -> library.Found:
    try:
        if path.exists():
            return library.Found(path, ref)
    except OSError:  # a name that is too long to be one
        pass
    return library.find("protocol", ref, Place(PATH, 0, 1))


def _bytes(found: library.Found) -> bytes:
    try:
        with found.path.open("rb") as file:
            return file.read(MAX_PLAN_BYTES + 1)
    except OSError as wrong:
        said = wrong.strerror or type(wrong).__name__
        raise fault("PP101", f"the file cannot be read: {said}", Place(found.name, 1, 1)) from None


def _is_json(text: str, name: str) -> bool:
    """Whether a file is a plan as JSON; braces alone may be YAML as well."""
    if not text.lstrip().startswith("{"):
        return False
    return name.endswith(".json") or '"protoplan-plan/' in text


#: Plans a treatment, as of a day that may be another than its own; paths in it are taken from the
#: folder that is given.
Planner = Callable[[Treatment, Path | None, date | None], Plan]


def difference(
    refs: tuple[str, str], stdin: str, stream: BinaryIO | None, plan: Planner
) -> PlanDifference | ProtocolDifference:
    """What differs between two treatments or plans, or between two versions of a protocol.

    Args:
        refs: The two as the user named them.
        stdin: How standard input is named in problems.
        stream: Read where one of the two is ``-``.
        plan: Plans a treatment.

    Raises:
        WrongUse: If the two are not of kinds that can be compared.
        Faulty: With every problem of a file.
    """
    first, second = (side(ref, stdin, stream) for ref in refs)
    for one in (first, second):
        if one.kind not in {"plan", "treatment", "protocol"}:
            what = "treatments, plans as JSON and protocols can be compared"
            raise WrongUse(f"{one.name} is a {one.kind} file; {what}")
    if (first.kind == "protocol") != (second.kind == "protocol"):
        both = f"{first.name} is a {first.kind} and {second.name} is a {second.kind}"
        raise WrongUse(f"{both}; a protocol can be compared with a protocol alone")
    if first.kind == "protocol":
        names = {**names_of(first.model), **names_of(second.model)}
        named = first.name, second.name
        return protocols.compare(first.model, second.model, named, names)
    return _plans(first, second, plan)


def _plans(first: Side, second: Side, plan: Planner) -> PlanDifference:
    """Both as of one day, the earlier of theirs: days that go by are no change of a treatment.

    What they make of the later plan is told apart from what changed. A plan that was read stays as
    it was made.
    """
    before, after = _outline(first, plan), _outline(second, plan)
    named = first.name, second.name
    if before.as_of == after.as_of:
        return plans.compare(before, after, named)
    late, later = (first, before) if before.as_of > after.as_of else (second, after)
    if late.kind == "plan":
        return plans.compare(before, after, named)
    earlier = _outline(late, plan, min(before.as_of, after.as_of))
    found = elapsed(late.name, earlier, later)
    both = (earlier, after) if late is first else (before, earlier)
    return plans.compare(*both, named, (found,) if found else ())


def _outline(one: Side, plan: Planner, as_of: date | None = None) -> Outline:
    """A plan that is made here goes the same way as one that was read."""
    if one.kind == "plan":
        found: Outline = one.model
        return found
    return outline_of(as_data(plan(one.model, one.path.parent, as_of)), one.name)


def comparison(refs: Sequence[str], only: Sequence[str] = ()) -> Comparison:
    """Protocols side by side.

    Args:
        refs: Ids or paths, as the user named them.
        only: Ids of the drugs that are told; none means all.

    Raises:
        WrongUse: If they are fewer than two, if one is named twice, or if none gives a drug.
        Faulty: With every problem of what cannot be found, or of the first file that is no good.
    """
    if len(refs) < 2:
        raise WrongUse("two regimens or more are compared; name another")
    problems: list[Problem] = []
    found: dict[Path, str] = {}
    for argument, ref in enumerate(refs, 1):
        try:
            path = library.find("protocol", ref.partition("@")[0], Place(PATH, 0, argument)).path
        except Faulty as wrong:
            problems += wrong.problems
            continue
        first = found.get(path.resolve())
        if first is not None:
            both = f"{first} and {ref} are one file" if first != ref else f"{ref} is named twice"
            raise WrongUse(f"{both}; a regimen is compared with another")
        found[path.resolve()] = ref
    if problems:
        raise Faulty(problems)
    models = [load_protocol(ref, Place(PATH, 0, n)) for n, ref in enumerate(refs, 1)]
    drugs = {name: entry for model in models for name, entry in drugs_of(model).items()}
    told = regimens.compare(models, refs, drugs)
    given = {block.drug for block in told.blocks}
    strange = [name for name in only if name not in given]
    if strange:
        raise WrongUse(
            f"none of them gives {' or '.join(strange)}; they give {', '.join(sorted(given))}"
        )
    return regimens.compare(models, refs, drugs, only) if only else told
