"""The reader of protocol files: each word of the language is one row of a table here."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from protoplan.model.option import Choice, Option
from protoplan.model.protocol import (
    Eligibility,
    Expectation,
    Gift,
    Include,
    OffsetInstruction,
    OpenItem,
    Protocol,
    Requirement,
    Total,
)
from protoplan.problems import SLIP, Severity
from protoplan.quantity import NotAnAmount, Quantity, parse, steps
from protoplan.reading.components import AMOUNTS, COMPONENT, DOSES, WHOLE_DOSES, cap, minutes
from protoplan.reading.conditions import condition
from protoplan.reading.cycles import KIND, MOST_LABELS, PHASE, labels_of, where
from protoplan.reading.evidence import CONTRADICTION, SILENCE
from protoplan.reading.rules import ADOPTION, PROTOCOL_RULE
from protoplan.reading.safety import PROTOCOL_LIMIT, PROTOCOL_SPACING
from protoplan.reading.shapes import (
    Field,
    ListOf,
    Log,
    Named,
    OneOf,
    PairsOf,
    Record,
    Word,
    keys_of,
    knowing,
    part,
    text,
    without,
)
from protoplan.reading.tree import Mapping, Node, Scalar, Sequence
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    days,
    drug_name,
    grounded,
    grounds_fields,
    in_days,
    must_ground,
    name,
    offset,
    route,
    sources,
    with_sources,
)

answer_name = Word("answer", "option or fact", "PP303")


# -- options ---------------------------------------------------------------------------------------


def choices(node: Node, log: Log) -> tuple[Choice, ...]:
    """The named answers, as a list or with what each means."""
    found: tuple[tuple[str, str | None], ...]
    if isinstance(node, Mapping):
        found = PairsOf(text, text)(node, log)
    else:
        listed = ListOf(text)(node, log)
        names = [name for written in listed[:MOST_LABELS] for name in labels_of(written)]
        if max(len(names), len(listed)) > MOST_LABELS:
            message = f"a list of more than {MOST_LABELS:,} choices stands here"
            raise log.refuse("PP106", message, node)
        found = tuple((name, None) for name in names)
    amounts = [_amount(name) for name, _ in found]
    if any(amount is None for amount in amounts):
        amounts = [None] * len(found)
    return tuple(Choice(*pair, amount) for pair, amount in zip(found, amounts, strict=True))


def _amount(name: str) -> Quantity | None:
    try:
        return parse(name)
    except NotAnAmount:
        return None


def _option(default: str | None, between: Any, **rest: Any) -> Option:
    chosen = next((c.amount for c in rest["choices"] if c.name == default), None)
    value: Any = chosen or default
    if default is not None and between:
        value = parse(default)
    elif default is not None and rest["steps"]:
        value = steps(default, rest["steps"])
    return Option(default=value, between=between or None, **rest)


def _option_rule(values: dict[str, Any]) -> str | None:
    if [bool(values[key]) for key in ("choices", "between", "days", "steps")].count(True) != 1:
        return "needs one of 'choices', 'between', 'days' and 'steps'"
    between, default = values["between"], values["default"]
    if between and (len(between) != 2 or between[0].unit != between[1].unit
                    or between[0].value >= between[1].value):  # fmt: skip
        return "needs a smaller and a larger amount in one unit under 'between'"
    wrong = None if default is None else _default_rule(default, between, values)
    return wrong or must_ground("choices")(values)


def _default_rule(default: str, between: Any, values: dict[str, Any]) -> str | None:
    if values["days"]:
        return "asks for days, which have no default"
    if values["steps"]:
        try:
            steps(default, values["steps"])
        except NotAnAmount as wrong:
            return f"has a default that is no row of steps: {wrong.message}"
        return None
    if not between:
        known = default in [choice.name for choice in values["choices"]]
        return None if known else f"has the default '{default}', which is not one of its choices"
    try:
        value = parse(default, (between[0].unit,)).value
    except NotAnAmount as wrong:
        return f"has a default that is no amount: {wrong.message}"
    inside = between[0].value <= value <= between[1].value
    return None if inside else f"has the default {default}, which lies outside its range"


_OPTION = Record(grounded(_option), "option", {
    "about": Field(text),
    "when": Field(condition, None),
    "choices": Field(choices, ()),
    "between": Field(ListOf(Amount((*AMOUNTS, "AUC", "h", "min"))), ()),
    "days": Field(Whole(1, 31), None),
    "steps": Field(OneOf(WHOLE_DOSES, "unit"), None),
    "default": Field(text, None),
    **grounds_fields(("choices", "between", "days", "steps", "default")),
}, _option_rule)  # fmt: skip


# -- what is taken from a fragment -----------------------------------------------------------------

_INCLUDE = Record(grounded(Include), "include", {
    "fragment": Field(name),
    "version": Field(text),
    "gives": Field(ListOf(text)),
    **grounds_fields(()),
})  # fmt: skip


# -- what has no dose, or no end -------------------------------------------------------------------

_TOTAL = Record(grounded(Total), "total", {
    "doses": Field(Whole(1, 1000)),
    "of": Field(ListOf(Word("component", "component", "PP304", SLIP), single=True)),
    **grounds_fields(("doses",)),
}, must_ground("doses"))  # fmt: skip


def offsets(node: Node, log: Log) -> tuple[int, ...]:
    """Days around a dose, at least one."""
    found = ListOf(offset)(node, log)
    if not found:
        raise log.refuse("PP203", "a list of offsets was expected, and it is empty", node)
    return found


_INSTRUCTION = Record(grounded(OffsetInstruction), "instruction", {
    "hold": Field(text),
    "named": Field(ListOf(drug_name, single=True), ()),
    "around": Field(drug_name),
    "offsets": Field(offsets),
    "because": Field(text),
    **grounds_fields(("offsets",)),
}, must_ground("offsets"))  # fmt: skip

_GIFT = Record(Gift, "item", {
    "drug": Field(drug_name),
    "route": Field(route),
    "dose": Field(Amount(DOSES)),
    "note": Field(text, None),
})  # fmt: skip

_OPEN_ITEM = Record(grounded(OpenItem), "open item", {
    "text": Field(text),
    "in": Field(where, None, "where"),
    "when": Field(condition, None),
    "gives": Field(ListOf(_GIFT), ()),
    "until": Field(text),
    **grounds_fields(("text", "gives", "until")),
}, must_ground("text"))  # fmt: skip


def _requirement(otherwise: str, **rest: Any) -> Requirement:
    return Requirement(otherwise=Severity(otherwise), **rest)


_ELIGIBILITY = Record(grounded(Eligibility), "eligibility", {
    "about": Field(text),
    "must": Field(condition),
    **grounds_fields(("must",)),
}, must_ground("must"))  # fmt: skip

_REQUIREMENT = Record(grounded(_requirement), "requirement", {
    "about": Field(text),
    "when": Field(condition, None),
    "must": Field(condition),
    "otherwise": Field(OneOf(("stop", "warning", "note"), "severity")),
    **grounds_fields(("must",)),
}, must_ground("must"))  # fmt: skip


# -- expectations ----------------------------------------------------------------------------------


_COUNTED = ("route", "where", "days", "first_day", "doses", "total", "over", "largest",
            "reduced_by")  # fmt: skip


def lengths(node: Node, log: Log) -> tuple[int, ...]:
    """How long infusions take: one length, or each that occurs, in the order of time."""
    if isinstance(node, Sequence):
        return tuple(ListOf(minutes)(node, log))
    return (minutes(node, log),)


def _expectation_rule(values: dict[str, Any]) -> str | None:
    if (values["drug"] is None) == (values["cycle"] is None):
        return "is about a 'drug' or about a 'cycle'"
    if (values["cycle"] is None) != (values["begins"] is None):
        return "says of a cycle when it begins, and of nothing else"
    if values["cycle"] is not None and any(values[key] is not None for key in _COUNTED):
        return "is about a cycle and counts no doses"
    counted = [values[key] for key in _COUNTED[2:]]
    if values["drug"] is not None and all(value is None for value in counted):
        return "must state days, doses, a total or how long infusions take"
    if (values["reduced_by"] is None) != (values["full"] is None):
        return "needs both 'reduced_by' and 'from', the sum it is reduced from"
    return must_ground("reduced_by")(values) if values["full"] is not None else None


_EXPECTATION = Record(grounded(Expectation), "expectation", {
    "given": Field(PairsOf(answer_name, text), ()),
    "drug": Field(drug_name, None),
    "route": Field(route, None),
    "in": Field(where, None, "where"),
    "days": Field(days, None),
    "first_day": Field(Whole(1, 9999), None),
    "doses": Field(Whole(0, 100_000), None),
    "total": Field(Amount((*DOSES, "AUC")), None),
    "over": Field(lengths, None),
    "largest": Field(cap, None),
    "reduced_by": Field(Amount(("percent",)), None),
    "from": Field(above_nothing(Amount(DOSES)), None, "full"),
    "cycle": Field(Word("label", "label", "PP304"), None),
    "begins": Field(in_days, None),
    **grounds_fields(("reduced_by", "from")),
}, _expectation_rule)  # fmt: skip


# -- the file --------------------------------------------------------------------------------------


def _protocol_rule(values: dict[str, Any]) -> str | None:
    if len(set(values["indications"])) < len(values["indications"]):
        return "states an indication twice"
    if values["components"] or values["includes"]:
        return None
    return "gives nothing: it has neither 'components' nor 'include'"


_PROTOCOL = Record(Protocol, "protocol", {
    "id": Field(name),
    "version": Field(text),
    "title": Field(text),
    "population": Field(text),
    "indications": Field(ListOf(Word("indication", "indication", "PP303")), ()),
    "reviewed": Field(text),
    "sources": Field(sources),
    "options": Field(Named(_OPTION), ()),
    "kinds": Field(Named(KIND)),
    "phases": Field(ListOf(PHASE)),
    "include": Field(ListOf(_INCLUDE), (), "includes"),
    "components": Field(ListOf(COMPONENT), ()),
    "totals": Field(ListOf(_TOTAL), ()),
    "rules": Field(ListOf(PROTOCOL_RULE), ()),
    "adopts": Field(ListOf(ADOPTION), ()),
    "spacing": Field(ListOf(PROTOCOL_SPACING), ()),
    "limits": Field(ListOf(PROTOCOL_LIMIT), ()),
    "instructions": Field(ListOf(_INSTRUCTION), ()),
    "open_items": Field(ListOf(_OPEN_ITEM), ()),
    "eligibility": Field(ListOf(_ELIGIBILITY), ()),
    "requirements": Field(ListOf(_REQUIREMENT), ()),
    "expect": Field(ListOf(_EXPECTATION), ()),
    "contradictions": Field(ListOf(CONTRADICTION), ()),
    "silences": Field(ListOf(SILENCE), ()),
}, _protocol_rule)  # fmt: skip


def protocol(node: Node, log: Log, sha256: str) -> Protocol:
    """Read a whole protocol file, its own names known before its parts are read."""
    own = knowing(with_sources(node, log), **_own_words(node, log))
    return _PROTOCOL(without(node, "format"), own, sha256=sha256)


def _own_words(node: Node, log: Log) -> dict[str, frozenset[str]]:
    """The names that the file itself brings: sources, options, kinds, labels, components."""
    sections = (("option", "options"), ("kind", "kinds"))
    own = {word: frozenset(keys_of(part(node, section))) for word, section in sections}
    own["label"] = frozenset(_labels(part(node, "phases")))
    own["cycle"] = own["kind"] | own["label"]
    taken = [named for entry in _items(part(node, "include")) for named in _texts(entry, "gives")]
    own["component"] = frozenset([*taken, *_components(part(node, "components"))])
    if "fact" in log.words:
        own["answer"] = own["option"] | frozenset(log.words["fact"]) | {"age"}
    return own


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _texts(entry: Node, key: str) -> list[str]:
    return [item.text for item in _items(part(entry, key)) if isinstance(item, Scalar)]


def _labels(phases: Node | None) -> Iterator[str]:
    """The labels of all cycles; of a phase with more than it may have, as many as it may."""
    for phase in _items(phases):
        cycles, prefix, times = (part(phase, key) for key in ("cycles", "prefix", "times"))
        labels = (label for key in keys_of(cycles) for label in labels_of(key))
        yield from islice(labels, MOST_LABELS)
        if isinstance(prefix, Scalar):
            rounds = times.text if isinstance(times, Scalar) else "1"
            count = int(rounds) if re.fullmatch(r"[0-9]{1,3}", rounds) else 1
            numbers = range(1, count * len(_items(cycles)) + 1)
            yield from (f"{prefix.text}{number}" for number in numbers[:MOST_LABELS])


def _components(components: Node | None) -> list[str]:
    named = [(part(entry, "drug"), part(entry, "route")) for entry in _items(components)]
    return [
        f"{drug.text} {by.text}"
        for drug, by in named
        if isinstance(drug, Scalar) and isinstance(by, Scalar)
    ]
