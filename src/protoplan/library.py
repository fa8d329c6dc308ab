"""Where the shipped files are, and how a file is found by its id or its path.

PP404: a protocol, policy or other file that is named and is not here.

Good: `protocol: mini-hyper-cvd-inotuzumab`, whole, or a path such as `./my-protocol.yaml`.
Bad: `protocol: mini-hyper-cvd`, which could be either of two.
"""

import contextlib
from functools import cache
from pathlib import Path

import attrs

from protoplan.problems import did_you_mean, fault
from protoplan.source import Place

#: Kind of file and the folder in which its files are shipped.
FOLDERS = {
    "protocol": "protocols",
    "formulary": "formulary",
    "catalogue": "catalogue",
    "policy": "policies",
}


@attrs.frozen
class Found:
    """A file that was found.

    Attributes:
        path: Where it is.
        name: How it is named for people: its place in the project, or as the user named it.
    """

    path: Path
    name: str


def root() -> Path:
    """What holds the data folders: in the wheel a folder beside the code, else the source tree."""
    here = Path(__file__).resolve().parent
    packed = here / "data"
    return packed if packed.is_dir() else here.parents[1]


@cache
def ids(kind: str, within: str = ".") -> tuple[str, ...]:
    """The ids of all shipped files of a kind, sorted, in its folder or a folder within it."""
    return tuple(sorted(path.stem for path in (root() / FOLDERS[kind] / within).glob("*.yaml")))


def shipped(kind: str, name: str) -> Found:
    """The shipped file of a kind with this id; it may not exist."""
    return Found(root() / FOLDERS[kind] / f"{name}.yaml", f"{FOLDERS[kind]}/{name}.yaml")


def fragment(name: str, beside: Path | None) -> Found:
    """The fragment with this id: in the folder ``fragments`` beside its protocol, else shipped.

    Args:
        name: An id, which holds no slash; no other folder can be reached by it.
        beside: The folder of the protocol.
    """
    own = None if beside is None else beside / "fragments" / f"{name}.yaml"
    folder = f"{FOLDERS['protocol']}/fragments"
    here = Found(root() / folder / f"{name}.yaml", f"{folder}/{name}.yaml")
    if own is None or own.resolve() == here.path or not own.is_file():
        return here
    return Found(own, f"fragments/{name}.yaml")


def find(kind: str, ref: str, at: Place, beside: Path | None = None) -> Found:
    """Find a file by id or by path.

    Args:
        kind: Which kind of file.
        ref: An id, or a path if it holds a slash or ends in ``.yaml``.
        at: Where *ref* is written, for the problem.
        beside: The folder from which a relative path is taken.

    Raises:
        Faulty: If there is no such file.
    """
    if "/" in ref or "\\" in ref or ref.endswith((".yaml", ".yml")):
        path = (beside or Path()) / ref
        with contextlib.suppress(OSError):  # a name that is too long to be one
            if path.is_file():
                return Found(path, ref)
        raise fault("PP404", f"there is no file '{ref}'", at)
    known = ids(kind)
    if ref in known:
        return shipped(kind, ref)
    raise fault("PP404", f"there is no {kind} '{ref}'", at, _hint(ref, known))


def _hint(ref: str, known: tuple[str, ...]) -> str:
    """The nearest id; all of them where several begin so, because one regimen is not another."""
    alike = [name for name in known if name.startswith(ref)]
    if len(alike) > 1:
        return f"it could be {', '.join(alike[:-1])} or {alike[-1]}"
    return did_you_mean(ref, known) or f"known: {', '.join(known)}"
