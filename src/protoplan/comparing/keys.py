"""By what the rows of a protocol are told apart, and what their fields are called."""

from collections.abc import Callable, Mapping
from typing import Any

from protoplan.model.component import ROUTES, Days, spelled
from protoplan.model.option import OptionRef

#: Fields under a name other than their own; an empty one is no step of a path.
_WORDS = {
    "id": "id",
    "grounds": "",
    "allowed": "",
    "components": "",
    "fragments": "fragment",
    "includes": "taken from fragments",
    "sigs": "",
    "branches": "",
    "effect": "",
    "rules": "rule",
    "adopts": "adopted rule",
    "kinds": "kind of cycle",
    "phases": "phase",
    "sources": "source",
    "options": "option",
    "totals": "doses in all",
    "limits": "limit",
    "spacing": "distance",
    "instructions": "instruction",
    "open_items": "open-ended item",
    "requirements": "what must be so",
    "contradictions": "disagreement",
    "silences": "silence",
    "expect": "expectation",
    "when": "condition",
    "where": "cycles",
    "every": "hours from dose to dose",
    "times_a_day": "times a day",
    "over": "minutes of the infusion",
    "cap": "largest dose",
    "ramp": "first steps",
    "by_date": "counted by dates",
    "for_doses": "for printed doses",
    "note_unknown": "what is not known is a note",
    "by_cycle": "asked once for each cycle",
    "multiplies": "reduces what other rules leave",
    "written_for": "written for",
    "otherwise": "how grave it is otherwise",
    "finding": "how grave it is",
    "up_to": "as many as the option says",
    "begins_after": "begins after",
    "reduced_by": "less than elsewhere by",
    "first_day": "first day",
    "test": "band",
    "down": "levels down",
    "between": "between",
    "scale": "share that is given",
    "set": "dose instead",
}


def word_of(field: str) -> str:
    """What a field of the model is called in words; empty where its parts say enough."""
    return _WORDS.get(field, field.replace("_", " "))


#: For each kind of row its keys, from the most exact to the least. A row whose most exact key is
#: not found on the other side is looked for by the next. An empty key pairs what is left in order.
_KEYS: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "Component": (lambda c: (c.drug, c.route, c.where), lambda c: (c.drug, c.route)),
    "Sig": (
        lambda s: (s.where, s.days, str(s.begins), s.when),
        lambda s: (s.where, s.days, str(s.begins)),
        lambda s: (s.where, s.days),
        lambda s: s.where,
        lambda s: (),
    ),
    "Rule": (lambda r: r.id,),
    "Branch": (lambda b: b.test, lambda b: ()),
    "Option": (lambda o: o.name,),
    "Choice": (lambda c: c.name,),
    "Kind": (lambda k: k.name,),
    "Phase": (lambda p: (p.name, p.when), lambda p: p.name),
    "Source": (lambda s: s.key,),
    "Include": (lambda i: i.fragment,),
    "Fragment": (lambda f: f.id,),
    "Total": (lambda t: t.of,),
    "Adoption": (lambda a: a.rule,),
    "Spacing": (lambda s: (s.drug, s.way, s.other), lambda s: (s.drug, s.other)),
    "Limit": (lambda e: (e.about, e.drug, e.over), lambda e: (e.about, e.drug)),
    "OffsetInstruction": (lambda i: (i.hold, i.around),),
    "OpenItem": (lambda i: i.text,),
    "Gift": (lambda g: (g.drug, g.route),),
    "Eligibility": (lambda e: e.about,),
    "Requirement": (lambda r: (r.about, r.when), lambda r: r.about),
    "Contradiction": (lambda c: c.about,),
    "Silence": (lambda s: s.about,),
    "Touch": (lambda t: t, lambda t: t.name),
    "Reading": (lambda r: r, lambda r: ()),
    "Expectation": (
        lambda e: (e.drug, e.route, e.where, e.cycle, e.given),
        lambda e: (e.drug, e.route, e.where, e.cycle),
        lambda e: (e.drug, e.cycle),
    ),
}


def keys_of(row: Any) -> tuple[Any, ...]:
    """The keys of a row, from the most exact to the least."""
    if isinstance(row, tuple):
        return (row[0],)
    return tuple(key(row) for key in _KEYS.get(type(row).__name__, (lambda row: (),)))


def described(row: Any, place: int, names: Mapping[str, str]) -> str:
    """A row in words, as a step of a path.

    Args:
        row: A record, or a name with its value.
        place: Which of its rows it is, counted from 0, for what has no name.
        names: How each drug is printed, by its id.
    """
    if isinstance(row, tuple):
        return str(row[0])
    match type(row).__name__:
        case "Component" | "Gift":
            where = getattr(row, "where", None)
            cycles = f" in {where}" if where else ""
            return f"{_drug(row.drug, names)} {ROUTES[row.route]}{cycles}"
        case "Sig":
            where = f"cycles {row.where}, " if row.where else ""
            return where + _days(row.days)
        case "Spacing":
            return f"{spelled(row.drug)} {row.way} {spelled(row.other)}"
        case "OffsetInstruction":
            return f"hold {row.hold} around {_drug(row.around, names)}"
        case "Expectation":
            return _expected(row, names)
        case "Total":
            return " and ".join(map(spelled, row.of))
    for name in ("id", "name", "key", "about", "fragment", "rule", "text"):
        if isinstance(getattr(row, name, None), str):
            return str(getattr(row, name))
    return f"no. {place + 1}"


def _days(days: Days | OptionRef | None) -> str:
    if days is None:
        return "timed by another dose"
    if isinstance(days, OptionRef):
        return "days as chosen"
    if not days.runs:
        return "every day"
    return f"day{'s' if len(days.runs) > 1 or len(set(days.runs[0])) > 1 else ''} {days}"


def _drug(drug: str, names: Mapping[str, str]) -> str:
    return names.get(drug, drug)


def _expected(row: Any, names: Mapping[str, str]) -> str:
    if row.cycle is not None:
        return f"cycle {row.cycle}"
    route = f" {ROUTES[row.route]}" if row.route else ""
    where = f" in each of {row.where}" if row.where else " in all"
    given = "".join(f", {name} {value}" for name, value in row.given)
    return f"{_drug(row.drug or 'doses', names)}{route}{where}{given}"
