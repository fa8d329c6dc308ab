"""The protocols that were found as text."""

from collections.abc import Iterator

from protoplan.model.listing import Asked, Entry, Group, Listing
from protoplan.rendering.places import listed
from protoplan.rendering.words import lines


def render(found: Listing) -> str:
    """Each protocol with what it is for, or its name under each of its groups."""
    if not found.entries:
        out = lines(f"No protocol here {_asked(found.asked)}.")
    elif found.groups is None:
        out = [line for entry in found.entries for line in _entry(entry, found.asked)]
    else:
        out = [line for group in found.groups for line in _group(group)]
    if found.cited:
        names = listed([entry.id for entry in found.cited])
        verb = "cites" if len(found.cited) == 1 else "cite"
        out += lines(
            f"{names} {verb} such a source only where sources disagree or are silent; no figure "
            "rests on it."
        )
    return "\n".join(out) + "\n"


def _asked(asked: Asked) -> str:
    parts = [f"has {name}" for name in asked.drugs]
    parts += [f"is for {word}" for word in asked.indications]
    parts += [f"rests on a source with '{part}' in its key or citation" for part in asked.sources]
    return listed(parts) or "is shipped"


def _entry(entry: Entry, asked: Asked) -> Iterator[str]:
    yield f"{entry.id} {entry.version}"
    texts = [entry.title, entry.population, ", ".join(entry.indications), entry.reviewed]
    texts += [
        f"{one.name} stands in an open item alone"
        for one in entry.drugs
        if one.id in asked.drugs and not one.given
    ]
    for text in texts:
        if text:
            yield from lines(text, first="    ")


def _group(group: Group) -> Iterator[str]:
    about = f": {group.about}" if group.about else ""
    yield from lines(f"{group.name}{about}", later="    ")
    for entry, remark in group.entries:
        more = f" ({remark})" if remark else ""
        yield from lines(f"{entry.id} {entry.version}: {entry.title}{more}", 100, "    ", " " * 8)
