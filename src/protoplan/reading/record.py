"""The reader of the record: each entry is known by the word that says what happened."""

import re
from typing import Any

from protoplan.model import record as model
from protoplan.problems import did_you_mean
from protoplan.quantity import UNITS
from protoplan.reading.shapes import Field, Log, OneOf, PairsOf, Record, entries_of, keys_of, text
from protoplan.reading.tree import Mapping, Node, Scalar
from protoplan.reading.values import (
    Amount,
    Whole,
    above_nothing,
    clock,
    day,
    drug_name,
    name,
    route,
    toxicity_name,
    yes_or_no,
)

RATES = tuple(name for name, unit in UNITS.items() if unit.time and not unit.per)
WEIGHTS = ("kg", "g", "lb")

#: What every entry is called in problems.
CALLS = "entry of the record"

#: How a toxicity ended or stands, as case report forms have it.
OUTCOMES = ("resolved", "resolving", "not resolved", "resolved with sequelae", "fatal", "not known")

REMISSIONS = (
    "complete remission",
    "complete remission with incomplete recovery",
    "partial remission",
    "no response",
    "relapse",
)


def dose_id(node: Node, log: Log) -> str:
    """The id of an administration."""
    written = text(node, log)
    if not model.DOSE.fullmatch(written):
        raise log.refuse("PP205", f"'{written}' is not the id of a dose; expected cycle, day, "
                         "drug, route and number, such as 1.d2.vincristine.IV.1", node)  # fmt: skip
    return written


def yes(node: Node, log: Log) -> bool:
    """The word true, which makes the entry what it is."""
    if not yes_or_no(node, log):
        raise log.refuse("PP209", "a record states what happened; take out what did not", node)
    return True


def sha256(node: Node, log: Log) -> str:
    """The hash of a file."""
    written = text(node, log)
    if not re.fullmatch("[0-9a-f]{64}", written):
        raise log.refuse("PP205", f"'{written}' is not a sha256 of 64 digits and letters", node)
    return written


def version_id(node: Node, log: Log) -> str:
    """A protocol with its version."""
    written = text(node, log)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}@\S{1,40}", written):
        raise log.refuse("PP205", f"'{written}' is not a protocol with its version; expected "
                         "such as hyper-cvad-bortezomib@1.1.0", node)  # fmt: skip
    return written


def toxicity(node: Node, log: Log) -> str:
    """The name of a toxicity; a blank may stand for the line between its words."""
    if isinstance(node, Scalar):
        node = Scalar("_".join(node.text.split()), node.line, node.column)
    return toxicity_name(node, log)


def _not_given(how: str) -> Record[Any]:
    def build(**values: Any) -> model.NotGiven:
        return model.NotGiven(how=how, **values)

    return Record(build, CALLS, {
        "date": Field(day),
        how: Field(dose_id, into="dose"),
        "reason": Field(text),
    })  # fmt: skip


def _started(*, started: bool, **values: Any) -> model.Started:
    assert started
    return model.Started(**values)


#: What was given is a plain amount, never one by surface area, by weight or by time.
_AMOUNT = above_nothing(Amount(("mcg", "mg", "g", "units")))

#: The word by which an entry is known, and what else may stand in it.
KINDS: dict[str, Record[Any]] = {
    "protocol": Record(model.Pin, CALLS, {
        "date": Field(day),
        "protocol": Field(version_id),
        "sha256": Field(sha256),
        "fragments": Field(PairsOf(name, sha256), ()),
    }),
    "started": Record(_started, CALLS, {
        "date": Field(day),
        "cycle": Field(name),
        "started": Field(yes),
    }),
    "given": Record(model.Given, CALLS, {
        "date": Field(day),
        "given": Field(dose_id, into="dose"),
        "amount": Field(_AMOUNT),
        "time": Field(clock, None),
        "rate": Field(above_nothing(Amount(RATES)), None),
        "bsa": Field(above_nothing(Amount(("m2",))), None),
        "weight": Field(above_nothing(Amount(WEIGHTS)), None),
    }),
    "begun": Record(model.Begun, CALLS, {
        "date": Field(day),
        "begun": Field(dose_id, into="dose"),
        "time": Field(clock, None),
    }),
    "held": _not_given("held"),
    "missed": _not_given("missed"),
    "refused": _not_given("refused"),
    "delayed": Record(model.Delayed, CALLS, {
        "date": Field(day),
        "delayed": Field(name, into="what"),
        "to": Field(day),
        "reason": Field(text),
    }, lambda values: "is put off to a day before its own date"
       if values["to"] < values["date"] else None),
    "stopped": Record(model.Stopped, CALLS, {
        "date": Field(day),
        "stopped": Field(drug_name, into="drug"),
        "route": Field(route, None),
        "reason": Field(text),
    }),
    "moved_on": Record(model.MovedOn, CALLS, {
        "date": Field(day),
        "moved_on": Field(text, into="to"),
        "reason": Field(text),
    }),
    "interrupted": Record(model.Interrupted, CALLS, {
        "date": Field(day),
        "interrupted": Field(dose_id, into="dose"),
        "time": Field(clock, None),
        "delivered": Field(_AMOUNT, None),
        "reason": Field(text),
    }),
    "resumed": Record(model.Resumed, CALLS, {
        "date": Field(day),
        "resumed": Field(dose_id, into="dose"),
        "time": Field(clock, None),
    }),
    "toxicity": Record(model.Toxicity, CALLS, {
        "date": Field(day),
        "toxicity": Field(toxicity, into="name"),
        "grade": Field(Whole(0, 5)),
        "related_to": Field(drug_name, None),
        "outcome": Field(OneOf(OUTCOMES, "outcome"), None),
    }),
    "response": Record(model.Response, CALLS, {
        "date": Field(day),
        "response": Field(OneOf(REMISSIONS, "response"), None, "remission"),
        "mrd": Field(OneOf(("negative", "positive"), "mrd"), None),
    }),
    "transplant_on": Record(model.Transplant, CALLS, {
        "date": Field(day),
        "transplant_on": Field(day, into="on"),
    }),
    "revised": Record(model.Revised, CALLS, {
        "date": Field(day),
        "revised": Field(text, into="what"),
    }),
}  # fmt: skip

#: Words that make an entry what it is, besides those of the table: another word for the same kind.
_ALSO = {"mrd": "response"}


def entry(node: Node, log: Log) -> model.Entry:
    """One entry of the record."""
    entries_of(node, log)
    assert isinstance(node, Mapping)
    keys = keys_of(node)
    kinds = list(dict.fromkeys(_ALSO.get(key, key) for key in keys if key in (*KINDS, *_ALSO)))
    if len(kinds) > 1:
        raise log.refuse("PP209", f"an entry says one thing; this one says {' and '.join(kinds)}",
                         node, "write an entry for each")  # fmt: skip
    if not kinds:
        guesses = (did_you_mean(key, KINDS) for key in keys if key != "date")
        hint = next((guess for guess in guesses if guess), f"known: {', '.join(KINDS)}")
        raise log.refuse("PP202", "an entry of the record does not say what happened", node, hint)
    found: model.Entry = KINDS[kinds[0]](node, log)
    return found
