"""The protocols that were found as one JSON object, for programs: ``protoplan-list/1``."""

from typing import Any

from protoplan.model.listing import Entry, Group, Listing
from protoplan.rendering.plan_json import laid_out

FORMAT = "protoplan-list/1"


def render(found: Listing) -> str:
    """One JSON object, keys in the order of its schema."""
    groups = None if found.groups is None else [_group(group) for group in found.groups]
    return laid_out(
        {
            "format": FORMAT,
            "by": found.asked.by,
            "protocols": [_entry(entry) for entry in found.entries],
            "groups": groups,
            "cited": [entry.id for entry in found.cited],
        }
    )


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "version": entry.version,
        "title": entry.title,
        "population": entry.population,
        "indications": list(entry.indications),
        "reviewed": entry.reviewed,
        "drugs": [{"drug": one.id, "name": one.name, "given": one.given} for one in entry.drugs],
        "sources": [
            {"key": one.key, "cite": one.cite, "doi": one.doi, "figures": one.figures}
            for one in entry.sources
        ],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "about": group.about or None,
        "protocols": [entry.id for entry, _ in group.entries],
    }
