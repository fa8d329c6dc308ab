"""Regimens side by side as one JSON object, for programs: ``protoplan-comparison/1``."""

from typing import Any

from protoplan.model.comparison import (
    DIFFERS,
    Block,
    Comparison,
    Course,
    Disagreement,
    Giving,
    Line,
    Regimen,
)
from protoplan.model.evidence import Source
from protoplan.model.protocol import OpenItem
from protoplan.rendering.comparison_fields import alike, field_text, length_text
from protoplan.rendering.conditions_text import condition_text
from protoplan.rendering.plan_json import amount, laid_out
from protoplan.rendering.sig_text import offers_text, where_text
from protoplan.source import Citation, Grounds

FORMAT = "protoplan-comparison/1"


def render(found: Comparison) -> str:
    """One JSON object, keys in the order of its schema."""
    labels = [one.label for one in found.regimens]
    return laid_out(
        {
            "format": FORMAT,
            "regimens": [
                {**_regimen(one), **_course(course)}
                for one, course in zip(found.regimens, found.courses, strict=True)
            ],
            "course_differs": [name for name, state in found.course if state == DIFFERS],
            "drugs": [_block(block, labels) for block in found.blocks],
            "disagreements": [_disagreement(one) for one in found.disagreements],
            "sources": [
                {**_source(one.source), "said_by": list(one.said_by)} for one in found.sources
            ],
        }
    )


def _regimen(one: Regimen) -> dict[str, Any]:
    return {
        "label": one.label,
        "name": one.name,
        "id": one.id,
        "version": one.version,
        "sha256": one.sha256,
        "title": one.title,
        "population": one.population,
        "indications": list(one.indications),
        "reviewed": one.reviewed,
    }


def _course(course: Course) -> dict[str, Any]:
    return {
        "kinds": [
            {
                "kind": kind.name,
                "title": kind.title,
                "length": length_text(kind),
                "cycles": list(kind.labels),
                **_grounds(kind.grounds),
            }
            for kind in course.kinds
        ],
        "phases": [
            {
                "name": entry.phase.name,
                "when": condition_text(entry.phase.when) or None,
                "cycles": [{"cycle": cycle, "kind": kind} for cycle, kind in entry.phase.cycles],
                "as_many_as": entry.phase.up_to,
                "begins_after": entry.phase.begins_after,
                **_grounds(entry.phase.grounds),
            }
            for entry in course.phases
        ],
        "options": [
            {
                "option": option.name,
                "about": option.about,
                "offers": offers_text(option),
                "when": condition_text(option.when) or None,
                **_grounds(option.grounds),
            }
            for option in course.options
        ],
    }


def _block(block: Block, labels: list[str]) -> dict[str, Any]:
    return {
        "drug": block.drug,
        "name": block.name,
        "route": block.route,
        "alike": alike(block),
        "differs": list(block.differs),
        "regimens": [
            {"regimen": label, **_giving(giving, block)}
            for label, giving in zip(labels, block.givings, strict=True)
        ],
    }


def _giving(giving: Giving, block: Block) -> dict[str, Any]:
    return {
        "given": bool(giving.lines),
        "doses": [_line(line) for line in giving.lines],
        "doses_in_all": giving.total.doses if giving.total else None,
        "counted_with": list(giving.total.of) if giving.total else [],
        "notes": list(giving.notes),
        "open_items": [_opened(item, block) for item in giving.opened],
        "silent": [
            {"about": entry.about, "left": entry.left, **_citation(entry.source)}
            for entry in giving.silences
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "cycles": where_text(line.where) if line.where else None,
        "labels": list(line.labels),
        "says": {field: field_text(line, field) for field, _ in line.values},
        **_grounds(line.grounds),
    }


def _opened(item: OpenItem, block: Block) -> dict[str, Any]:
    return {
        "text": item.text,
        "doses": [
            amount(gift.dose)
            for gift in item.gives
            if (gift.drug, gift.route) == (block.drug, block.route)
        ],
        "until": item.until,
        **_grounds(item.grounds),
    }


def _disagreement(one: Disagreement) -> dict[str, Any]:
    return {
        "about": one.entry.about,
        "said_by": list(one.said_by),
        "drugs": list(one.drugs),
        "when": condition_text(one.entry.when) or None,
        "says": [
            {"value": reading.value, **_citation(reading.source)} for reading in one.entry.says
        ],
        "chosen": one.entry.chosen,
        "because": one.entry.because,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "key": source.key,
        "cite": source.cite,
        "doi": source.doi,
        "verified": source.verified,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {"source": citation.key, "place": citation.locator, "verified": citation.verified}


def _grounds(grounds: Grounds) -> dict[str, Any]:
    return {
        "source": _citation(grounds.source) if grounds.source else None,
        "borrowed": [{"field": field, **_citation(cited)} for field, cited in grounds.borrowed],
        "assumed": [{"field": field, "because": why} for field, why in grounds.assumed],
    }
