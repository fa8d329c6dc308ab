"""The words of the files: what the oracle knows, and what has no bearing on a date or a dose.

A word that stands in neither list makes a test fail, so that nothing is passed over in silence.
"""

from collections.abc import Iterator
from typing import Any

#: What says where a figure comes from, or only tells a reader something.
TOLD = {"source", "assumed", "borrowed", "note", "about", "because", "says", "finding"}
CONDITION = {"fact", "lab", "option", "measure", "medicine", "class", "toxicity", "worst_toxicity",
             "related_to", "is", "at_least", "above", "below", "at_most", "all", "any", "not"}  # fmt: skip
EFFECT = {"scale", "set", "down", "cap", "hold", "omit", "ask", "keep"}
BOUNDS = {"at_least", "above", "below", "at_most"}

#: Each kind of group, with the words in it that the oracle reads, and the groups below them.
READ: dict[str, dict[str, str]] = {
    "protocol": {
        "options": "{option}", "kinds": "{kind}", "phases": "[phase]", "include": "[include]",
        "components": "[component]", "totals": "[total]", "rules": "[rule]", "adopts": "[adoption]",
        "id": "", "format": "",
    },
    "fragment": {"components": "[component]", "id": "", "format": ""},
    "option": {"when": "condition", "choices": "", "between": "", "days": "", "steps": "",
               "default": ""},
    "kind": {"length": ""},
    "phase": {"name": "", "when": "condition", "cycles": "", "prefix": "", "times": "",
              "up_to": "chosen", "begins_after": "chosen"},
    "chosen": {"option": ""},
    "include": {"fragment": "", "version": "", "gives": ""},
    "component": {"drug": "", "in": "", "when": "condition", "route": "", "sigs": "[sig]"},
    "sig": {"in": "", "when": "condition", "dose": "chosen", "rate": "", "days": "chosen",
            "begins": "begins", "every": "", "doses": "", "times_a_day": "", "over": "chosen",
            "repeat": "repeat", "cap": "", "ramp": "chosen"},
    "begins": {"after_end_of": "", "after_start_of": "", "before_start_of": "", "by": ""},
    "repeat": {"every": "", "for": ""},
    "total": {"doses": "", "of": ""},
    "adoption": {"rule": ""},
    "rule": {"id": "", "about": "", "drug": "", "in": "", "routes": "", "for_doses": "bounds",
             "when": "condition", "by": "condition", "bands": "[band]", "ladder": "", "washout": "washout",
             "table": "", "written_for": "", "when_unknown": "", "asked": "", "combine": "",
             **dict.fromkeys(EFFECT, "")},
    "band": dict.fromkeys(EFFECT | BOUNDS, ""),
    "bounds": dict.fromkeys(BOUNDS, ""),
    "washout": {"choice": "", "of": ""},
    "condition": dict.fromkeys(CONDITION, "") | {
        "all": "[condition]", "any": "[condition]", "not": "condition",
    },
    "formulary": {"drug": "", "aliases": "", "unit": "", "classes": "", "caps": "[formulary cap]",
                  "products": "[product]", "rules": "[rule]", "calvert": "calvert", "format": ""},
    "formulary cap": {"dose": "", "routes": ""},
    "product": {"form": "", "holds": ""},
    "calvert": {"clearance_at_most": ""},
    "policy": {"id": "", "format": "", "body_surface_area": "area", "clock": "clock",
               "labs_fresh_for": "", "upper_limits": "", "creatinine_clearance": "clearance",
               "reweighing": "reweighing", "choices": "", "rounding": "rounding"},
    "area": {"formula": "", "decimals": "", "cap": ""},
    "clock": {"first_dose": "", "times": ""},
    "clearance": {"weight": "", "decimals": ""},
    "reweighing": {"at_change": ""},
    "rounding": {"tolerance": "", "to_vials": "", "steps": ""},
}  # fmt: skip

#: Words that move no date and change no dose, by the docs; the tests of the program hold them.
LEFT: dict[str, set[str]] = {
    "protocol": {"version", "title", "population", "indications", "reviewed", "sources", "spacing",
                 "limits", "instructions", "open_items", "eligibility", "requirements", "expect",
                 "contradictions", "silences"},
    "fragment": {"version", "title", "reviewed", "sources"},
    "kind": {"title", "between"},
    "sig": {"window"},
    "formulary": {"version", "name", "routes", "limits", "spacing", "companions", "usual",
                  "equivalents", "interruption", "bags", "contradictions", "sources"},
    "policy": {"version", "title", "week_starts", "holidays", "measured_within", "bags"},
    "reweighing": {"warn_above"},
}  # fmt: skip


def strange(kind: str, group: Any, place: str) -> Iterator[str]:
    """Every word of a group, and of the groups in it, that the oracle does not know."""
    known = READ[kind]
    for word, value in group.items():
        here = f"{place}: {word}"
        if word in LEFT.get(kind, set()) | TOLD and word not in known:
            continue
        if word not in known:
            yield here
            continue
        below = known[word]
        if below.startswith("{"):
            for name, each in value.items():
                yield from strange(below[1:-1], each, f"{here}: {name}")
        elif below.startswith("["):
            for each in value:
                yield from strange(below[1:-1], each, here)
        elif below and isinstance(value, dict):
            yield from strange(below, value, here)
