"""What is said of a treatment, made into entries: read as a file is, completed by the plan."""

from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Lookup
from pathlib import Path
from typing import Any

import attrs

from protoplan import api
from protoplan.appending import RECORD, Addition, appended
from protoplan.model.plan import NOT_GIVEN, Administration, Plan
from protoplan.model.protocol import Protocol
from protoplan.model.record import Pin, of
from protoplan.model.treatment import Treatment
from protoplan.planning.contradicting import doses_near
from protoplan.problems import Faulty, Problem, fault
from protoplan.quantity import Quantity
from protoplan.reading.quick import PATH
from protoplan.reading.shapes import Log, Refused
from protoplan.reading.treatment import TREATMENT_FIELDS
from protoplan.reading.tree import Mapping, Scalar, hidden
from protoplan.reading.tree import Sequence as List
from protoplan.source import Place

#: Kinds that add to another list of the file, and to which.
LISTS = {"lab": "labs", "weight": "measurements"}


@attrs.frozen
class Said:
    """What is to be recorded, as it was said.

    Attributes:
        kind: A command, such as ``given``, ``lab`` or ``protocol``.
        stated: Key and value of each argument, in the order in which they are to be written. The
            number of each, from 1, is the line of problems about it.
    """

    kind: str
    stated: tuple[tuple[str, str], ...]

    def value(self, key: str) -> str | None:
        """What is stated under a key."""
        return dict(self.stated).get(key)


@attrs.frozen
class Now:
    """A treatment as it stands.

    Attributes:
        text: Of its file.
        name: How the file is named in problems.
        beside: The folder from which paths in it are taken.
        plan: None where it cannot be planned.
        wrong: Why it cannot.
    """

    text: str
    name: str
    beside: Path
    treatment: Treatment
    protocol: Protocol
    plan: Plan | None
    wrong: Faulty | None


def understood(said: Said, words: Lookup[str, Collection[str]]) -> None:
    """Read what was said as a file's reader would.

    Args:
        said: Without what the plan is to complete.
        words: The vocabularies against which names are read.

    Raises:
        Faulty: With every problem; the path of each is ``command line``.
    """
    problems = []
    for line, (_, value) in enumerate(said.stated, 1):
        strange = hidden(value.replace("\n", "\t").replace("\r", "\t"))
        if strange is not None:
            message = f"the character U+{ord(value[strange]):04X} may not stand in a text"
            hint = "write it on one line, with spaces" if value[strange].isspace() else None
            problems.append(Problem("PP102", message, Place(PATH, line, 0), hint))
    if problems:
        raise Faulty(problems)
    node = _node(said)
    if said.kind == "given" and said.value("amount") is None:
        node = _and(node, ("amount", "1 mg"))  # the plan's own stands there in the end
    if said.kind != "protocol":
        read((Addition(LISTS.get(said.kind, RECORD), node),), words)


def read(
    additions: Sequence[Addition], words: Lookup[str, Collection[str]]
) -> dict[str, tuple[Any, ...]]:
    """What a file's reader makes of each addition, by the list that it is for.

    Raises:
        Faulty: With every problem; the path of each is ``command line``.
    """
    problems: list[Problem] = []
    log = Log(PATH, words, problems)
    found: dict[str, tuple[Any, ...]] = {}
    for addition in additions:
        shape = TREATMENT_FIELDS[addition.key].shape
        try:
            items = shape(List((addition.item,), 0, 0), log)
        except Refused:
            continue
        found[addition.key] = (*found.get(addition.key, ()), *items)
    if problems:
        raise Faulty(problems)
    return found


def additions(said: Said, now: Now) -> list[Addition]:
    """Every item that is to be put into the file.

    The first entry of a record is preceded by one that states the protocol with its hash.

    Raises:
        WrongUse: If the plan has no amount of a dose that is said to be given.
        Faulty: If it has no such dose; or the file cannot be planned, and its plan is asked for.
    """
    node = _node(said)
    if said.kind in LISTS:
        revised = (("date", str(said.value("date"))), ("revised", _revised(said)))
        made = [Addition(LISTS[said.kind], node), Addition(RECORD, _mapping(revised))]
    else:
        complete = _COMPLETED.get(said.kind)
        made = [Addition(RECORD, complete(node, said, now) if complete else node)]
    if not now.treatment.record and said.kind != "protocol":
        made.insert(len(made) - 1, Addition(RECORD, _pin(_node(said), said, now)))
    return made


def _node(said: Said) -> Mapping:
    """The mapping that states what was said, as a file would."""
    pairs = tuple(
        (Scalar(key, line, 0), Scalar(" ".join(value.split()), line, 0))
        for line, (key, value) in enumerate(said.stated, 1)
    )
    node = Mapping(pairs, 0, 0)
    return _and(node, ("started", "true")) if said.kind == "started" else node


def _mapping(pairs: Sequence[tuple[str, str]]) -> Mapping:
    return Mapping(tuple((Scalar(key, 0, 0), Scalar(value, 0, 0)) for key, value in pairs), 0, 0)


def _and(node: Mapping, *pairs: tuple[str, str]) -> Mapping:
    """The mapping with more keys after its own."""
    return attrs.evolve(node, items=(*node.items, *_mapping(pairs).items))


def _revised(said: Said) -> str:
    names = [key for key, _ in said.stated if key != "date"]
    return f"lab {', '.join(names)}" if said.kind == "lab" else " and ".join(names)


def _pin(node: Mapping, said: Said, now: Now) -> Mapping:
    """The protocol as it is now, with the hash of its file and of each fragment."""
    protocol = now.protocol
    wanted = (f"{protocol.id}@{protocol.version}", protocol.sha256)
    parts = tuple((part.id, part.sha256) for part in protocol.fragments)
    pins = sorted(of(Pin, now.treatment.record), key=lambda pin: (pin.date, pin.at.line))
    last = pins[-1] if pins else None
    if last and (last.protocol, last.sha256, dict(last.fragments)) == (*wanted, dict(parts)):
        raise api.WrongUse(
            f"{now.name} states {wanted[0]} as it is now already, in line {last.at.line}"
        )
    dated = (("date", str(said.value("date"))), ("protocol", wanted[0]), ("sha256", wanted[1]))
    made = _mapping(dated)
    if not parts:
        return made
    fragments = (Scalar("fragments", 0, 0), _mapping(parts))
    return attrs.evolve(made, items=(*made.items, fragments))


def _given(node: Mapping, said: Said, now: Now) -> Mapping:
    """The dose with the amount and the surface area that the plan has for it, where none is stated.

    They are written out, so that what was given stays as it was when the plan changes.
    """
    if now.plan is None:
        if said.value("amount") is None:
            assert now.wrong is not None
            raise now.wrong
        return node
    dose = str(said.value("given"))
    row = next((row for row in now.plan.administrations if row.id == dose), None)
    amount, area = said.value("amount"), said.value("bsa")
    if amount is None:
        amount = str(_ordered(dose, row, now.plan))
    if area is None and row is not None and row.order.bsa is not None:
        area = str(Quantity(row.order.bsa, "m2"))
    completed = {"amount": amount, **dict(said.stated), "bsa": area}
    keys = ("date", "given", "amount", "time", "rate", "bsa", "weight")
    return _mapping([(key, value) for key in keys if (value := completed.get(key)) is not None])


def _ordered(dose: str, row: Administration | None, plan: Plan) -> Quantity:
    """What the plan orders of a dose."""
    if row is None:
        hint = doses_near(dose, [other.id for other in plan.administrations])
        raise fault("PP406", f"the plan has no dose '{dose}'", Place("DOSE", 1, 0), hint)
    amount = row.order.ordered
    if amount is not None and row.status not in (*NOT_GIVEN, "unresolved"):
        return amount
    why = f": {row.order.because}" if row.order.because else ""
    needs = f", for it lacks {', '.join(row.order.needs)}" if row.order.needs else ""
    raise api.WrongUse(
        f"the plan has no amount of {dose}, which is {row.status}{why}{needs}; "
        "state what was given with --amount"
    )


def _interrupted(node: Mapping, said: Said, now: Now) -> Mapping:
    """The interruption with what the rate came to until then, where the plan can say so."""
    if said.value("delivered") is not None:
        return node
    try:
        new = appended(now.text, now.name, [Addition(RECORD, node)])
        _, treatment = api.load_text(new.text, now.name)
        plan = api.plan_treatment(treatment, now.protocol, now.beside)
    except Faulty:
        return node  # said again, and by the file as it would be
    given = [row.given for row in plan.administrations if row.given and not row.given.stated]
    line = new.lines[-1].number
    amount = next((str(one.amount) for one in given if one.at.line == line), None)
    if amount is None:
        return node
    *first, reason = node.items
    return attrs.evolve(node, items=(*first, *_mapping([("delivered", amount)]).items, reason))


#: How an entry of a kind is completed.
_COMPLETED: dict[str, Callable[[Mapping, Said, Now], Mapping]] = {
    "given": _given,
    "interrupted": _interrupted,
    "protocol": _pin,
}
