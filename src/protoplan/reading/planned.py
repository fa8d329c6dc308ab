"""A plan as JSON, read back as far as a comparison looks at it.

Keys that are not known are kept as they stand; what is wrong with the others is told all at once.
"""

from collections.abc import Mapping
from typing import Any

from protoplan.model.exposure import InputFile
from protoplan.model.outline import (
    BodyMeasure,
    CycleDates,
    DatedLine,
    Dose,
    DrugTotal,
    Found,
    LimitStand,
    Lowered,
    Needed,
    Outline,
    Told,
    WorkedStep,
)
from protoplan.problems import Faulty, fault
from protoplan.quantity import Quantity
from protoplan.reading.json_text import Log, Part, parse
from protoplan.source import Place

FORMAT = "protoplan-plan/1"

#: Keys of the whole plan that are read; every other one is kept as it stands. What is complete
#: and what is unresolved is one thing.
_KNOWN = frozenset({
    "format", "protocol", "inputs", "treatment", "complete", "as_of", "options", "facts",
    "medicines", "patient", "cycles", "administrations", "instructions", "open_items", "exposure",
    "unresolved", "checklist", "findings", "silences", "totals",
})  # fmt: skip

_KNOWN_OF_DOSE = frozenset({
    "id", "cycle", "day", "date", "start", "end", "drug", "name", "route", "status", "overdue",
    "window", "basis", "bsa", "calculated", "adjusted", "ordered", "rate", "working",
    "adjustments", "because", "needs", "due", "given",
})  # fmt: skip


def outline(text: str, path: str) -> Outline:
    """Return the outline of the plan that *text* writes as JSON.

    Args:
        text: The whole file.
        path: How the file is named in problems.

    Raises:
        Faulty: With every problem of the file.
    """
    return outline_of(parse(text, path), path)


def outline_of(data: Any, path: str) -> Outline:
    """Return the outline of a plan that is plain data already.

    Raises:
        Faulty: With every problem of the data.
    """
    top = Place(path, 1, 1)
    written = data.get("format") if isinstance(data, Mapping) else None
    if written != FORMAT:
        found = "lacks the key 'format'" if written is None else "is of another format"
        raise fault("PP107", f"the JSON {found}; {FORMAT} was expected", top)
    log = Log(path, [])
    try:
        read = _outline(Part(dict(data), "", log))
    except RecursionError:
        raise fault("PP106", "the file is nested too deeply", top) from None
    if log.problems:
        raise Faulty(log.problems)
    return read


def _outline(part: Part) -> Outline:
    treatment = _inner(part, "treatment")
    doses = tuple(_dose(entry) for entry in part.parts("administrations"))
    _once(doses, part)
    return Outline(
        protocol=_file(_inner(part, "protocol"), "protocol"),
        inputs=tuple(_file(entry, entry.text("kind")) for entry in part.parts("inputs")),
        treatment=treatment.text("id"),
        label=treatment.text("label"),
        revision=treatment.whole("revision"),
        revision_date=treatment.day_or_none("revision_date"),
        as_of=part.day("as_of"),
        options=_answers(part, "options"),
        facts=_answers(part, "facts") if part.has("facts") else (),
        medicines=_medicines(part),
        patient=_patient(part),
        measures=_measures(part),
        cycles=tuple(_cycle(entry) for entry in part.parts("cycles")),
        doses=doses,
        instructions=tuple(_instruction(entry) for entry in part.parts("instructions")),
        checklist=_checklist(part),
        open_items=tuple(_open_item(entry) for entry in part.parts("open_items")),
        silences=_silences(part),
        totals=tuple(_total(entry) for entry in part.parts("exposure")),
        numbers=_numbers(part),
        unresolved=tuple(_needed(entry) for entry in part.parts("unresolved")),
        findings=tuple(_found(entry) for entry in part.parts("findings")),
        others=part.others(_KNOWN),
    )


def _once(doses: tuple[Dose, ...], part: Part) -> None:
    """Doses are told apart by their ids; of two with one id neither could be followed."""
    seen: set[str] = set()
    for dose in doses:
        if dose.id in seen and dose.id != "?":
            part.log.refuse("PP310", "administrations", f"the id '{dose.id}' stands twice")
        seen.add(dose.id)


def _inner(part: Part, key: str) -> Part:
    """The object under *key*; one of which nothing is told where it is no good."""
    return part.part(key) or Part({}, "", Log("", []))


def _file(part: Part, kind: str) -> InputFile:
    return InputFile(kind, part.text("id"), part.text("version"), part.text("sha256"))


def _answers(part: Part, key: str) -> tuple[Told, ...]:
    inner = _inner(part, key)
    return tuple(
        Told(name, inner.text(name) if inner.has(name) else "not chosen") for name in inner.data
    )


def _medicines(part: Part) -> tuple[Told, ...]:
    if "medicines" not in part.data:
        return ()
    if not part.has("medicines"):
        return (Told("medicines", "not stated"),)
    told = []
    for entry in part.parts("medicines"):
        first, last = entry.day_or_none("from"), entry.day_or_none("to")
        says = f"from {first or 'a day not stated'} to {last or 'a day not stated'}"
        told.append(Told(entry.text("drug"), says))
    return tuple(told) or (Told("medicines", "none"),)


def _patient(part: Part) -> tuple[Told, ...]:
    inner = _inner(part, "patient")
    age = inner.whole_or_none("age")
    return (
        Told("sex", inner.text_or_none("sex") or "not stated"),
        Told("age", "not stated" if age is None else f"{age} years"),
    )


def _measures(part: Part) -> tuple[BodyMeasure, ...]:
    inner = _inner(part, "patient")
    if not inner.has("measures"):
        return ()
    return tuple(
        BodyMeasure(
            entry.day("date"),
            entry.amount("height"),
            entry.amount("weight"),
            entry.decimal("bsa"),
            entry.text_or_none("working") or "",
        )
        for entry in inner.parts("measures")
    )


def _cycle(part: Part) -> CycleDates:
    return CycleDates(
        part.text("label"),
        part.text("kind"),
        part.text("phase"),
        part.day_or_none("start"),
        part.whole_or_none("length_days"),
        part.whole_or_none("late_days") or 0,
    )


def _dose(part: Part) -> Dose:
    window = part.part("window") if part.has("window") else None
    drug = part.text("drug")
    amounts = {
        key: part.amount_or_none(key)
        for key in ("basis", "calculated", "adjusted", "ordered", "rate")
    }
    return Dose(
        id=part.text("id"),
        cycle=part.text("cycle"),
        day=part.whole("day"),
        date=part.day("date"),
        start=part.moment("start"),
        end=part.moment_or_none("end"),
        drug=drug,
        name=part.text_or_none("name") or drug,
        route=part.text("route"),
        status=part.text("status"),
        overdue=part.truth("overdue"),
        window=None if window is None else (window.day("earliest"), window.day("latest")),
        bsa=part.decimal_or_none("bsa"),
        because=part.text_or_none("because"),
        needs=part.texts("needs"),
        given=_given(part),
        working=tuple(_step(entry) for entry in part.parts("working")),
        adjustments=tuple(_lowered(entry) for entry in part.parts("adjustments")),
        others=(*part.others(_KNOWN_OF_DOSE), *_besides(part)),
        **amounts,
    )


def _given(part: Part) -> Quantity | None:
    """What was given, where the plan has a record of it."""
    inner = part.part("given") if part.has("given") else None
    return None if inner is None else inner.amount_or_none("amount")


def _besides(part: Part) -> tuple[tuple[str, str], ...]:
    """What a record says of a given dose besides its amount."""
    inner = part.part("given") if part.has("given") else None
    return () if inner is None else inner.others(frozenset({"amount", "at"}))


def _step(part: Part) -> WorkedStep:
    return WorkedStep(part.text("step"), part.text("after"), part.text("why"), part.text("source"))


def _lowered(part: Part) -> Lowered:
    return Lowered(
        part.text("rule"), part.amount("before"), part.amount("after"), part.text("reason")
    )


def _instruction(part: Part) -> DatedLine:
    says = f"{part.text('text')}: {part.text('because')} ({part.text('source')})"
    around = part.texts("around") if part.has("around") else ()
    return DatedLine(part.day("date"), says, around, None)


def _checklist(part: Part) -> tuple[DatedLine, ...]:
    return (
        tuple(_check(entry) for entry in part.parts("checklist")) if part.has("checklist") else ()
    )


def _check(part: Part) -> DatedLine:
    asked = ", ".join((*part.texts("labs"), *(f"ask for {t}" for t in part.texts("toxicities"))))
    would = f" ({'; '.join(part.texts('would'))})" if part.texts("would") else ""
    return DatedLine(
        part.day("date"), asked + would, part.texts("administrations"), part.text("cycle")
    )


def _open_item(part: Part) -> Told:
    gives = f"; gives {'; '.join(part.texts('gives'))}" if part.data.get("gives") else ""
    when = f"; {part.text('when')}" if part.data.get("when") else ""
    return Told(
        part.text("text"), f"until {part.text('until')} ({part.text('source')}){when}{gives}"
    )


def _silences(part: Part) -> tuple[Told, ...]:
    if not part.has("silences"):
        return ()
    return tuple(Told(entry.text("about"), entry.text("left")) for entry in part.parts("silences"))


def _numbers(part: Part) -> tuple[Told, ...]:
    """Numbers of doses over all cycles; a plan without a record need not have them."""
    if not part.has("totals"):
        return ()
    told = []
    for entry in part.parts("totals"):
        given, planned, left = (entry.whole(key) for key in ("given", "planned", "open"))
        says = f"{given} given, {planned} planned, {left} open of {entry.whole('doses')}"
        source = entry.text_or_none("source")
        told.append(
            Told(" and ".join(entry.texts("of")), says + (f" ({source})" if source else ""))
        )
    return tuple(told)


def _total(part: Part) -> DrugTotal:
    unit = part.unit("basis")
    planned, earlier = part.decimal_or_none("planned"), part.decimal_or_none("earlier")
    whole, ordered = part.decimal_or_none("value"), part.decimal_or_none("ordered")
    counted = planned if "planned" in part.data else whole
    return DrugTotal(
        drug=part.text("drug"),
        route=part.text_or_none("route") or "",
        unit=unit,
        planned=None if counted is None else Quantity(counted, unit),
        earlier=None if earlier is None else Quantity(earlier, unit),
        ordered=None
        if ordered is None or not part.has("ordered_unit")
        else Quantity(ordered, part.unit("ordered_unit")),
        doses=part.whole_or_none("administrations"),
        limits=tuple(_limit(entry) for entry in part.parts("limits")),
    )


def _limit(part: Part) -> LimitStand:
    return LimitStand(
        part.text("about"),
        part.text("over"),
        part.amount_or_none("most"),
        part.whole_or_none("cycles"),
        part.decimal_or_none("value"),
        part.truth("passed") if part.has("passed") else None,
    )


def _needed(part: Part) -> Needed:
    hangs = part.texts("administrations") if part.has("administrations") else ()
    return Needed(part.text("about"), part.texts("needs"), hangs)


def _found(part: Part) -> Found:
    return Found(
        part.text("code"),
        part.text("severity"),
        part.text("message"),
        part.text_or_none("source"),
        part.texts("administrations"),
    )
