"""Shapes of rules: when a dose is changed, by what, in bands that leave no hole.

PP312: bands leave a value that none of them holds, or give one to two of them.

Good: `{below: 3 mg/dL, scale: 100%}` and `{at_least: 3 mg/dL, scale: 50%}`.
Bad: `{at_most: 3 mg/dL, scale: 100%}` and `{above: 3.1 mg/dL, scale: 50%}`.
"""

from itertools import pairwise
from typing import Any

import attrs

from protoplan.model.condition import Bounds, Test
from protoplan.model.rule import Adoption, Branch, Effect, Named, Rule
from protoplan.problems import Severity
from protoplan.quantity import Quantity, compared
from protoplan.reading.components import AMOUNTS, DOSES
from protoplan.reading.conditions import ASKS, BOUNDS, condition, limit, unfit
from protoplan.reading.cycles import where
from protoplan.reading.shapes import Field, ListOf, Log, OneOf, Record, entries_of, text
from protoplan.reading.tree import Mapping, Node
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    drug_name,
    grounded,
    grounds_fields,
    in_days,
    must_ground,
    route,
    yes_or_no,
)


def severity(node: Node, log: Log) -> Severity:
    """How gravely a person is told."""
    return Severity(OneOf(("stop", "warning", "note"), "severity")(node, log))


def share(node: Node, log: Log) -> Quantity:
    """A share of a dose, in percent, above nothing and below the whole."""
    found = Amount(("percent",))(node, log)
    if not 0 < found.value < 100:
        message = f"a share of {found.value} percent is not a reduction; write 1 to 99 percent"
        raise log.refuse("PP209", message, node)
    return found


_CHANGES = ("scale", "set", "down", "cap", "hold", "omit", "ask")

EFFECT_FIELDS = {
    "scale": Field(share, None),
    "set": Field(above_nothing(Amount(AMOUNTS)), None),
    "down": Field(Whole(1, 9), None),
    "cap": Field(above_nothing(Amount(AMOUNTS)), None),
    "hold": Field(text, None),
    "omit": Field(yes_or_no, default=False),
    "ask": Field(text, None),
    "keep": Field(yes_or_no, default=False),
    "finding": Field(severity, None),
    "says": Field(text, None),
}


def _effect(values: dict[str, Any], at: Any) -> Effect:
    return Effect(**{key: values[key] for key in (*_CHANGES, "finding", "says")}, at=at)


def _effect_rule(values: dict[str, Any]) -> str | None:
    changes = [key for key in (*_CHANGES, "keep") if values[key]]
    if len(changes) > 1:
        return f"does two things at once: {changes[0]} and {changes[1]}"
    if not changes and values["finding"] is None:
        return f"does nothing; it needs one of {', '.join(_CHANGES)}, keep or finding"
    if (values["finding"] is None) != (values["says"] is None):
        return "needs both 'finding' and 'says', what is said"
    return None


@attrs.frozen
class _Band:
    bounds: Bounds
    effect: Effect


def _band(at: Any, **values: Any) -> _Band:
    bounds = Bounds(**{word: values[word] for word in BOUNDS})
    return _Band(bounds, _effect(values, at))


def _band_rule(values: dict[str, Any]) -> str | None:
    if all(values[word] is None for word in BOUNDS):
        return "has no bound"
    for one, other in (("at_least", "above"), ("at_most", "below")):
        if values[one] is not None and values[other] is not None:
            return f"has both '{one}' and '{other}'"
    return _effect_rule(values)


_BAND = Record(_band, "band", {
    **{word: Field(limit, None) for word in BOUNDS},
    **EFFECT_FIELDS,
}, _band_rule)  # fmt: skip


def bands(node: Node, log: Log) -> tuple[_Band, ...]:
    """Bands from the lowest to the highest that cover every value once."""
    found = ListOf(_BAND)(node, log)
    wrong = _hole(found)
    if wrong:
        raise log.refuse("PP312", wrong, node)
    return found


def _hole(found: tuple[_Band, ...]) -> str | None:
    if len(found) < 2:
        return "bands are at least two, from the lowest to the highest"
    first, last = found[0].bounds, found[-1].bounds
    if first.at_least is not None or first.above is not None:
        return "the first band must be open downwards"
    if last.at_most is not None or last.below is not None:
        return "the last band must be open upwards"
    for lower, upper in pairwise(found):
        top, bottom = lower.bounds, upper.bounds
        end = top.below if top.below is not None else top.at_most
        begin = bottom.at_least if bottom.at_least is not None else bottom.above
        if end is None or begin is None:
            return "a band between two others needs both a lower and an upper bound"
        if type(end) is not type(begin) or _apart(end, begin):
            return (
                f"the bands leave a hole or overlap: one ends at {end}, the next begins at {begin}"
            )
        if (top.below is None) == (bottom.above is None):
            said = "write below and at_least, or at_most and above"
            return f"{end} itself must belong to one band: {said}"
    return None


def _apart(end: Any, begin: Any) -> bool:
    if isinstance(end, Quantity):
        return end.dimension != begin.dimension or compared(end, begin) != 0
    return bool(end != begin)


def by(node: Node, log: Log) -> Test:
    """What the bands are about: ``{lab: bilirubin}``, ``{measure: age}``, ``{fact: …}``."""
    keys = [key.text for key, _ in entries_of(node, log) if key.text in _BY]
    if len(keys) != 1:
        raise log.refuse("PP209", "bands are about one lab, measure, fact or toxicity", node)
    return _BY[keys[0]](node, log)


_BY = {
    ask: Record(
        lambda name, at, ask=ask, of=None: Test(ask, name, (), None, at, of),
        "subject of the bands",
        {ask: Field(ASKS[ask], into="name")}
        | ({"related_to": Field(text, None, "of")} if "toxicity" in ask else {}),
    )
    for ask in ("lab", "measure", "fact", "toxicity", "worst_toxicity")
}

#: Bounds on the printed dose.
DOSE_BOUNDS = Record(
    lambda at, **values: Bounds(**values),
    "for_doses",
    {word: Field(Amount(AMOUNTS), None) for word in BOUNDS},
)

_NAMED = Record(lambda choice, of, at: Named(choice, of), "washout", {
    "choice": Field(text),
    "of": Field(ListOf(in_days)),
})  # fmt: skip


def washout(node: Node, log: Log) -> int | Named:
    """Days after the last day of a medicine, or ``{choice: …, of: […]}`` for the policy to pick."""
    return _NAMED(node, log) if isinstance(node, Mapping) else in_days(node, log)


def ladder(node: Node, log: Log) -> tuple[Quantity, ...]:
    """Levels from the highest to the lowest."""
    found = ListOf(Amount(DOSES))(node, log)
    if any(a.dimension != b.dimension or compared(a, b) <= 0 for a, b in pairwise(found)):
        raise log.refuse("PP209", "the levels of a ladder fall, in one unit", node)
    return found


def _rule(by: Test | None, bands: Any, at: Any, **values: Any) -> Rule:
    effects = {key: values.pop(key) for key in EFFECT_FIELDS}
    branches = tuple(
        Branch(attrs.evolve(by, bounds=band.bounds, at=band.effect.at), band.effect)
        for band in bands
        if by is not None
    )
    branches = branches or (Branch(None, _effect(effects, at)),)
    about = values.pop("about") or values["id"]
    unknown = values.pop("when_unknown") == "note"
    by_cycle = values.pop("asked") == "cycle"
    multiplies = values.pop("combine") == "multiply"
    return Rule(
        about=about,
        branches=branches,
        note_unknown=unknown,
        by_cycle=by_cycle,
        multiplies=multiplies,
        at=at,
        **values,
    )


def _rule_rule(values: dict[str, Any]) -> str | None:
    if (values["by"] is None) != (not values["bands"]):
        return "needs both 'by' and 'bands'"
    if values["bands"] and any(values[key] for key in EFFECT_FIELDS):
        return "says what it does in its bands, and nowhere else"
    if not values["bands"]:
        wrong = _effect_rule(values)
        if wrong:
            return wrong
        if values["keep"]:
            return "keeps the dose whatever happens, and so does nothing"
    for band in values["bands"]:
        limits = [bound for bound in attrs.astuple(band.bounds, recurse=False) if bound is not None]
        wrong = unfit(values["by"].asks, values["by"].name, limits)
        if wrong:
            return wrong
    effects = [band.effect for band in values["bands"]]
    amounts = [e for e in effects if e.set or e.cap or e.down is not None]
    if values["combine"] == "multiply" and (
        amounts or any(values[k] for k in ("set", "cap", "down"))
    ):
        return "multiplies, and so reduces by 'scale' alone"
    downs = [values["down"], *(effect.down for effect in effects)]
    if any(downs) != bool(values["ladder"]):
        return "needs both 'down' and 'ladder'"
    return must_ground("rule")(values)


_RULE_FIELDS = {
    "id": Field(text),
    "about": Field(text, None),
    "routes": Field(ListOf(route), ()),
    "table": Field(text, None),
    "written_for": Field(text, None),
    "for_doses": Field(DOSE_BOUNDS, None),
    "when": Field(condition, None),
    "by": Field(by, None),
    "bands": Field(bands, ()),
    "ladder": Field(ladder, ()),
    "washout": Field(washout, 0),
    "when_unknown": Field(OneOf(("unresolved", "note"), "word"), "unresolved"),
    "asked": Field(OneOf(("dose", "cycle"), "word"), "dose"),
    "combine": Field(OneOf(("lowest", "multiply"), "word"), "lowest"),
    **EFFECT_FIELDS,
    **grounds_fields(("rule", "when", "bands", "washout")),
}

#: A rule of the formulary is about the drug in whose file it stands.
DRUG_RULE = Record(grounded(lambda **values: _rule(drug="", where=None, **values)), "rule",
                   dict(_RULE_FIELDS), _rule_rule)  # fmt: skip

PROTOCOL_RULE = Record(grounded(_rule), "rule", {
    "drug": Field(drug_name),
    "in": Field(where, None, "where"),
    **_RULE_FIELDS,
}, _rule_rule)  # fmt: skip

ADOPTION = Record(grounded(Adoption), "adoption", {
    "rule": Field(text),
    "because": Field(text),
    **grounds_fields(("rule",)),
})  # fmt: skip
