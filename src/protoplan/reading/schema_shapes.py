"""What the plain functions among the shapes take, as JSON Schema: one row each, in one table.

An editor parses what the reader takes as text: `8` is a number there, `true` a truth value, `1-3` a
text. So each row takes a value in every form in which it may be written.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from protoplan.model.component import ROUTES
from protoplan.model.record import DOSE
from protoplan.quantity import NUMBER, literal, pattern
from protoplan.reading import (
    bags,
    case,
    components,
    conditions,
    cycles,
    formulary,
    policy,
    record,
    rules,
    safety,
    values,
)
from protoplan.reading import protocol as protocols
from protoplan.reading import treatment as treatments
from protoplan.reading.case import _DOSE
from protoplan.reading.catalogue import UNITS_OF_LABS
from protoplan.reading.components import (
    _DAYS_OPTION,
    _DOSE_OPTION,
    _OVER_OPTION,
    _RAMP_OPTION,
    DOSES,
    WHOLE_DOSES,
)
from protoplan.reading.conditions import _JOINTS, _TESTS, _joint, limit
from protoplan.reading.evidence import _TOUCH, touch
from protoplan.reading.formulary import _ROUTE
from protoplan.reading.policy import cap as area_cap
from protoplan.reading.rules import _BAND, _BY, _NAMED
from protoplan.reading.shapes import Record, Shape, text
from protoplan.reading.treatment import _LABS, _lab
from protoplan.reading.values import YEARS, drug_name, lab_name, toxicity_name

Schema = dict[str, Any]


class Drawer(Protocol):
    """What draws the parts of a shape."""

    def of(self, shape: Any) -> Schema:
        """The schema of a shape."""

    def whole(self, record: Record[Any], **more: Schema) -> Schema:
        """The schema of a record itself, where it stands."""

    def keyed(self, key: Any, value: Schema) -> Schema:
        """A mapping with names for keys."""

    def names(self, shape: Any) -> tuple[str, ...] | None:
        """The words that a shape takes, where they are a known list."""


# -- words of the tables ---------------------------------------------------------------------------


def either(*schemas: Schema) -> Schema:
    """What fits one of *schemas*."""
    return {"anyOf": list(schemas)}


def written(form: str, *parsed: str) -> Schema:
    """A text of this form; blanks around it count for nothing.

    Args:
        form: A regular expression.
        parsed: The other types that an editor may make of it.
    """
    return {"type": ["string", *parsed] if parsed else "string", "pattern": rf"^\s*(?:{form})\s*$"}


def integer(low: int, high: int, form: str) -> Schema:
    """A whole number from *low* to *high*, or the same in quotes."""
    return either({"type": "integer", "minimum": low, "maximum": high}, written(form))


def listed(words: Iterable[str]) -> Schema:
    """One of *words*, also where an editor makes a number or a truth value of it."""
    values: list[Any] = []
    for word in words:
        values.append(word)
        if word in ("true", "false"):
            values.append(word == "true")
        elif re.fullmatch("0|[1-9][0-9]*", word):
            values.append(int(word))
    return {"enum": values}


def some(item: Schema) -> Schema:
    """A list that is not empty."""
    return {"type": "array", "minItems": 1, "items": item}


def amount(*units: str) -> Schema:
    """An amount in one of *units*; none means any of the closed list."""
    return written(pattern(units))


_NONE: Schema = {"const": "none"}
_TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_CENTURIES = "|".join(str(year) for year in range(YEARS[0] // 100, YEARS[1] // 100 + 1))
_DATE = rf"(?:{_CENTURIES})[0-9]{{2}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_RUN = either(
    {"type": "integer", "minimum": -9999, "maximum": 9999, "not": {"const": 0}},
    written(r"-?[0-9]{1,4}(?:\s*[-–]\s*[0-9]{1,4})?"),
)


def _condition(draw: Drawer) -> Schema:
    """Any of the forms of a condition."""
    return either(*(draw.whole(form) for form in (*_TESTS.values(), *_JOINTS.values())))


def _labs_of_a_day(draw: Drawer) -> Schema:
    """A date beside the labs."""
    drawn = draw.of(_LABS)
    dated = {"date": draw.of(values.day), **drawn.get("properties", {})}
    return {**drawn, "required": ["date"], "properties": dated}


def _steps(draw: Drawer) -> Schema:
    """Drugs, and drugs with their route."""
    step = amount("mcg", "mg", "g", "units")
    drugs = draw.names(drug_name)
    known = r"\S+" if drugs is None else "|".join(map(literal, drugs))
    return {
        "type": "object",
        "properties": dict.fromkeys(drugs or (), step),
        "patternProperties": {rf"^\s*(?:{known})(?:\s+(?:{'|'.join(ROUTES)}))?\s*$": step},
        "additionalProperties": False,
    }


def _toxicities(draw: Drawer) -> Schema:
    """Their names, with a line or a blank between the words."""
    names = draw.names(toxicity_name) or ()
    spaced = (name.replace("_", " ") for name in names)
    return listed(dict.fromkeys((*names, *spaced))) if names else _TEXT


# -- the table -------------------------------------------------------------------------------------

#: Each function that stands as a shape in a reader's table, and what draws its schema.
DECLARED: dict[Shape[Any], Callable[[Drawer], Schema]] = {
    text: lambda draw: _TEXT,
    values.name: lambda draw: {
        **written("[A-Za-z0-9][A-Za-z0-9._-]{0,79}", "number", "boolean"),
        "minimum": 0,
    },
    values.decimal: lambda draw: either(
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1_000_000_000}, written(NUMBER)
    ),
    values.day: lambda draw: written(_DATE),
    values.clock: lambda draw: written("(?:[01][0-9]|2[0-3]):[0-5][0-9]"),
    values.span: lambda draw: written(r"[1-9][0-9]{0,3}\s+(?:day|week|month|year)s?"),
    values.in_days: lambda draw: written(r"0\s+days|[1-9][0-9]{0,3}\s+(?:day|week)s?"),
    values.days: lambda draw: either(written(r"every\s+day"), _RUN, some(_RUN)),
    values.offset: lambda draw: integer(-999, 999, "[-+]?[0-9]{1,3}"),
    values.window: lambda draw: {**some(draw.of(values.offset)), "minItems": 2, "maxItems": 2},
    values.citation: lambda draw: {**some(draw.of(text)), "minItems": 2, "maxItems": 2},
    values.yes_or_no: lambda draw: listed(("true", "false")),
    conditions.condition: _condition,
    _joint: lambda draw: some(draw.of(conditions.condition)),
    limit: lambda draw: either(draw.of(values.decimal), amount()),
    cycles.where: lambda draw: either(draw.of(text), some(draw.of(text))),
    cycles.range_in_days: lambda draw: {
        **some(draw.of(values.in_days)),
        "minItems": 2,
        "maxItems": 2,
    },
    cycles.cycles: lambda draw: either(
        {"type": "array", "items": draw.of(text)}, draw.keyed(values.name, draw.of(text))
    ),
    components.dose: lambda draw: either(amount(*DOSES, "AUC"), draw.whole(_DOSE_OPTION)),
    components.days_or_option: lambda draw: either(
        draw.of(values.days), draw.whole(_DAYS_OPTION)
    ),
    components.ramp: lambda draw: either(some(amount(*WHOLE_DOSES)), draw.whole(_RAMP_OPTION)),
    components.hours: lambda draw: amount("h"),
    components.over: lambda draw: either(amount("min", "h"), draw.whole(_OVER_OPTION)),
    components.minutes: lambda draw: amount("min", "h"),
    protocols.lengths: lambda draw: either(amount("min", "h"), some(amount("min", "h"))),
    components.cap: lambda draw: either(_NONE, amount(*WHOLE_DOSES)),
    protocols.choices: lambda draw: either(
        {"type": "array", "items": draw.of(text)}, draw.keyed(text, draw.of(text))
    ),
    protocols.offsets: lambda draw: some(draw.of(values.offset)),
    touch: lambda draw: either(draw.of(text), draw.whole(_TOUCH)),
    formulary.routes: lambda draw: draw.keyed(values.route, draw.of(_ROUTE)),
    area_cap: lambda draw: either(_NONE, amount("m2")),
    policy.times: lambda draw: {
        "type": "object",
        "propertyNames": {"pattern": r"^\s*0*[2-4]\s*$"},
        "additionalProperties": {"type": "array", "items": draw.of(values.clock)},
    },
    policy.steps: _steps,
    policy.upper_limits: lambda draw: draw.keyed(lab_name, amount(*policy.UNITS_OF_LIMITS)),
    rules.severity: lambda draw: listed(("stop", "warning", "note")),
    safety.distance: lambda draw: either(amount("h"), draw.of(values.in_days)),
    bags.lasting: lambda draw: either(amount("h"), written(bags.DAYS)),
    bags.placed: lambda draw: draw.of(bags.lasting),
    rules.share: lambda draw: amount("percent"),
    rules.bands: lambda draw: {**some(draw.whole(_BAND)), "minItems": 2},
    rules.by: lambda draw: either(*(draw.whole(form) for form in _BY.values())),
    rules.washout: lambda draw: either(draw.of(values.in_days), draw.whole(_NAMED)),
    rules.ladder: lambda draw: {"type": "array", "items": amount(*DOSES)},
    policy.tolerance: lambda draw: amount("percent"),
    policy.percent: lambda draw: amount("percent"),
    treatments.label: lambda draw: _TEXT,
    treatments.labs: _labs_of_a_day,
    treatments.placed: lambda draw: _TEXT,
    _lab: lambda draw: amount(*UNITS_OF_LABS),
    record.entry: lambda draw: either(*(draw.whole(kind) for kind in record.KINDS.values())),
    record.dose_id: lambda draw: written(re.sub("[?]P<[a-z]+>", "?:", DOSE.pattern)),
    record.yes: lambda draw: listed(("true",)),
    record.sha256: lambda draw: written("[0-9a-f]{64}"),
    record.version_id: lambda draw: written(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}@\S{1,40}"),
    record.toxicity: _toxicities,
    case.days: lambda draw: draw.keyed(
        values.day, {"type": "array", "items": draw.of(_DOSE)}
    ),
    case.cycles: lambda draw: draw.keyed(text, draw.of(values.day)),
}  # fmt: skip
