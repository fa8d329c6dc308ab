"""What a plan was made from and what it tells of the whole course: inputs, answers, totals."""

from collections.abc import Callable, Iterator, Sequence

from protoplan.comparing import amounts
from protoplan.comparing.pairing import Paired, grouped
from protoplan.model.difference import AmountChange, Change, TotalChange
from protoplan.model.exposure import InputFile
from protoplan.model.outline import BodyMeasure, DrugTotal, LimitStand, Needed, Outline, Told
from protoplan.quantity import Quantity, printed


def stated(before: Outline, after: Outline) -> Iterator[Change]:
    """What went into the two plans that is not the same."""
    yield from _files((before.protocol, *before.inputs), (after.protocol, *after.inputs))
    yield from _treatment(before, after)
    yield from told("option", before.options, after.options)
    yield from told("fact", before.facts, after.facts)
    yield from told("medicine", before.medicines, after.medicines)
    yield from told("patient", before.patient, after.patient)
    measures = list(told("patient", _measures(before.measures), _measures(after.measures)))
    yield from measures
    if not measures:
        # The working repeats the measures; it is told where they are the same.
        yield from told("patient", _workings(before.measures), _workings(after.measures))


def _files(before: Sequence[InputFile], after: Sequence[InputFile]) -> Iterator[Change]:
    """Files by kind and id; the one protocol and the one policy by kind alone."""
    old, new = ({_key(file): file for file in files} for files in (before, after))
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        file = now or was
        assert file is not None
        old_text, new_text = (
            None if one is None else f"{one.id} {one.version}" for one in (was, now)
        )
        if was is not None and now is not None and old_text == new_text:
            old_text = f"{old_text} (sha256 {was.sha256[:12]})"
            new_text = f"(sha256 {now.sha256[:12]})"
        yield Change("input", file.kind, old_text, new_text)


def _key(file: InputFile) -> tuple[str, str]:
    return file.kind, "" if file.kind in {"protocol", "policy"} else file.id


def _treatment(before: Outline, after: Outline) -> Iterator[Change]:
    for name, old, new in (
        ("id", before.treatment, after.treatment),
        ("label", before.label, after.label),
        ("revision", _revision(before), _revision(after)),
        ("planned as of", str(before.as_of), str(after.as_of)),
    ):
        if old != new:
            yield Change("treatment", name, old, new)


def _revision(plan: Outline) -> str:
    on = f" of {plan.revision_date}" if plan.revision_date else ""
    return f"{plan.revision}{on}"


def told(about: str, before: Sequence[Told], after: Sequence[Told]) -> Iterator[Change]:
    """Named things that came, went or say another thing; several of one name in their order."""
    old, new = (grouped(rows, lambda row: row.name) for rows in (before, after))
    for name in dict.fromkeys((*old, *new)):
        was = [row.says for row in old.get(name, ())]
        now = [row.says for row in new.get(name, ())]
        left = [text for text in was if text not in now]
        came = [text for text in now if text not in was]
        both = min(len(left), len(came))
        for ends in zip(left[:both], came[:both], strict=True):
            yield Change(about, name, *ends)
        yield from (Change(about, name, text, None) for text in left[both:])
        yield from (Change(about, name, None, text) for text in came[both:])


def _measures(rows: Sequence[BodyMeasure]) -> tuple[Told, ...]:
    """Each by its place in the row: the measures that a course began with are compared first."""
    return tuple(
        Told(
            "body measures" if not n else f"body measures (no. {n + 1})",
            f"{row.height.text()}, {row.weight.text()} on {row.date}, "
            f"surface area {printed(row.bsa)} m²",
        )
        for n, row in enumerate(rows)
    )


def _workings(rows: Sequence[BodyMeasure]) -> tuple[Told, ...]:
    return tuple(Told(f"surface area on {row.date}", row.working) for row in rows)


def unresolved(before: Sequence[Needed], after: Sequence[Needed]) -> Iterator[Change]:
    """What came to be unresolved, was resolved, or lacks something else."""
    old, new = (_by_name(rows) for rows in (before, after))
    for about in dict.fromkeys((*old, *new)):
        was, now = old.get(about), new.get(about)
        if was == now:
            continue
        ends = tuple(None if row is None else ", ".join(row.needs) for row in (was, now))
        if was and now and ends[0] == ends[1]:
            ends = tuple(f"{ends[0]} ({len(row.doses)} doses hang on it)" for row in (was, now))
        doses = now.doses if now else was.doses if was else ()
        yield Change("unresolved", about, ends[0], ends[1], doses)


def _by_name(rows: Sequence[Needed]) -> dict[str, Needed]:
    """Rows by what they are about; those about one thing are one."""
    return {
        about: Needed(
            about,
            tuple(dict.fromkeys(need for row in same for need in row.needs)),
            tuple(name for row in same for name in row.doses),
        )
        for about, same in grouped(rows, lambda row: row.about).items()
    }


def totals(before: Outline, after: Outline) -> Iterator[TotalChange]:
    """What each drug comes to, where that is another."""
    names = {dose.drug: dose.name for dose in (*before.doses, *after.doses)}
    old = {(row.drug, row.route): row for row in before.totals}
    new = {(row.drug, row.route): row for row in after.totals}
    for drug, route in dict.fromkeys((*new, *old)):
        was, now = old.get((drug, route)), new.get((drug, route))
        change = TotalChange(
            drug,
            names.get(drug, drug),
            route,
            _amounts(was, now, lambda row: row.planned),
            _amounts(was, now, lambda row: row.ordered),
            _amounts(was, now, lambda row: row.earlier),
            (was.doses if was else 0, now.doses if now else 0),
        )
        parts = (change.planned, change.ordered, change.earlier)
        if any(part.differs for part in parts) or change.doses[0] != change.doses[1]:
            yield change


def _amounts(
    before: DrugTotal | None,
    after: DrugTotal | None,
    of: Callable[[DrugTotal], Quantity | None],
) -> AmountChange:
    """One amount of a drug before and after; None where the drug is not given."""
    return amounts.change(
        None if before is None else of(before), None if after is None else of(after)
    )


def limits(before: Sequence[DrugTotal], after: Sequence[DrugTotal]) -> Iterator[Change]:
    """Limits that stand otherwise."""
    old, new = (
        # A limit stands with each drug that it counts.
        list(dict.fromkeys(Told(one.about, _limit(one)) for row in rows for one in row.limits))
        for rows in (before, after)
    )
    yield from told("limit", old, new)


def _limit(limit: LimitStand) -> str:
    if limit.most is not None:
        most, counted = limit.most.text(), limit.most.unit
    else:
        most, counted = f"{limit.cycles} cycles", ""
    if limit.value is None:
        value = "not known"
    else:
        value = Quantity(limit.value, counted).text() if counted else f"{limit.value} cycles"
    passed = {True: ", PASSED", False: "", None: ", not known whether it is passed"}[limit.passed]
    return f"{value} of at most {most} over a {limit.over}{passed}"


def overdue(paired: Paired) -> Iterator[Change]:
    """How many doses came to lie before the day of the plan without a record, or no longer do."""
    came = [p.after.id for p in paired.both if p.after.overdue and not p.before.overdue]
    went = [p.after.id for p in paired.both if p.before.overdue and not p.after.overdue]
    if came:
        yield Change("overdue", "doses", None, f"{len(came)}", tuple(came))
    if went:
        yield Change("overdue", "doses", f"{len(went)}", None, tuple(went))
