"""What TARGET of the command line means: a treatment file, or a protocol with the quick form."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs

from protoplan import library
from protoplan.files import load, load_protocol, load_text, vocabularies
from protoplan.model.protocol import Protocol
from protoplan.model.treatment import Treatment
from protoplan.problems import WrongUse
from protoplan.reading.file import decode
from protoplan.reading.quick import PATH, as_of_flag, quick
from protoplan.reading.tree import MAX_BYTES
from protoplan.source import Place

#: How standard input is named in problems.
STDIN = "standard input"


def target(
    ref: str, stated: Sequence[tuple[str, str]], stream: BinaryIO | None = None
) -> tuple[Treatment, Protocol, Path | None]:
    """Find what TARGET means: a treatment file, or a protocol with the quick form.

    Args:
        ref: ``-``, an existing path (its format line decides), or a protocol's id.
        stated: Flags of the quick form with their values.
        stream: Read where *ref* is ``-``.

    Returns:
        The treatment, its protocol, and the folder from which its paths are taken.

    Raises:
        WrongUse: If flags of the quick form stand beside a treatment file.
        Faulty: If a file or a flag is no good.
    """
    path = Path(ref)
    kind: str = "protocol"
    model: Any = None
    if stream is not None:
        kind, model = load_text(decode(stream.read(MAX_BYTES + 1), STDIN), STDIN)
    elif _is_file(path):
        kind, model = load(library.Found(path, ref))
    if kind == "treatment":
        return _of_file(ref, model, stated, path.parent if stream is None else None)
    if kind != "protocol" or stream is not None:
        raise WrongUse(f"{ref} is a {kind} file; a treatment or a protocol can be planned")
    here = Place(PATH, 0, 1)
    bare = model is not None and "/" not in ref and not ref.endswith((".yaml", ".yml"))
    protocol = load_protocol(f"./{ref}" if bare else ref, here)
    return quick(ref, stated, vocabularies()), protocol, None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long to be one
        return False


def _of_file(
    ref: str, treatment: Treatment, stated: Sequence[tuple[str, str]], beside: Path | None
) -> tuple[Treatment, Protocol, Path | None]:
    """A treatment file, with the day of the plan and the policy as the command line has them."""
    for argument, (flag, value) in enumerate(stated, 1):
        if flag == "as-of":
            treatment = attrs.evolve(treatment, as_of=as_of_flag(value, argument))
        elif flag == "policy":
            # A path on the command line is taken from where one stands, not from the treatment.
            path = Path(value)
            named = str(path.absolute()) if _is_file(path) else value
            at = Place(PATH, argument, 0)
            treatment = attrs.evolve(treatment, policy=named, policy_at=at)
        else:
            raise WrongUse(f"{ref} is a treatment file; state --{flag} in it instead")
    return treatment, load_protocol(treatment.protocol, treatment.protocol_at, beside), beside
