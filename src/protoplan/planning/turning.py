"""On which days an answer may change, so that between them a question is asked but once.

A day too many costs an answer; a day too few would carry an answer past its time. So each kind of
question has a row here, beside its row in `conditions`, and a test asks every day anew.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from protoplan.model.condition import Condition, Test, tests_in
from protoplan.planning.known import Known
from protoplan.planning.measures import birthday

#: The first and the last day that is asked about.
Span = tuple[date, date]


def turns(conditions: Iterable[Condition | None], state: Known, span: Span) -> tuple[date, ...]:
    """The days on which an answer to one of *conditions* may be another than the day before.

    Args:
        conditions: Trees of questions; None holds always.
        state: What is known; its wash-out is that of the rule whose conditions they are.
        span: Days outside are not asked about; turns outside may be left out.

    Returns:
        The days in order, each once.
    """
    found: set[date] = set()
    for condition in conditions:
        for test in tests_in(condition):
            found.update(_TURNS[test.asks](test, state, span))
    return tuple(sorted(found))


def _never(test: Test, state: Known, span: Span) -> Iterator[date]:
    yield from ()


def _of_lab(name: str, state: Known) -> Iterator[date]:
    """When a value is taken, when it is too old, and when a later one may still be pending."""
    yield state.as_of + timedelta(1)
    for value in state.labs.get(name, ()):
        yield value.date
        yield value.date + timedelta(state.fresh_days + 1)


def _lab(test: Test, state: Known, span: Span) -> Iterator[date]:
    return _of_lab(test.name, state)


def _measure(test: Test, state: Known, span: Span) -> Iterator[date]:
    """Birthdays, new measures, and the creatinine of a clearance, whichever of them it reads."""
    if test.name == "creatinine_clearance":
        yield from _of_lab("creatinine", state)
    if test.name != "weight":
        yield from _birthdays(state, span)
    if test.name != "age":
        yield from (measure.date for measure in state.measures)


def _birthdays(state: Known, span: Span) -> Iterator[date]:
    born = state.patient.birth_date if state.patient else None
    if born is None:
        return
    for year in range(span[0].year, span[1].year + 1):
        yield birthday(born, year)


def _medicine(test: Test, state: Known, span: Span) -> Iterator[date]:
    """From the first day of a medicine that is meant, or may be, to the end of its wash-out."""
    by_class = test.asks == "class"
    named = state.of_class(test.name) if by_class else state.named(test.name)
    for taken in (*named, *(state.of_class(None) if by_class else ())):
        if taken.start is not None:
            yield taken.start
        if taken.end is not None:
            yield taken.end + timedelta(max(state.washout, 1))


def _toxicity(test: Test, state: Known, span: Span) -> Iterator[date]:
    return (event.date for event in state.events)


_TURNS: dict[str, Callable[[Test, Known, Span], Iterator[date]]] = {
    "fact": _never,
    "option": _never,
    "lab": _lab,
    "measure": _measure,
    "medicine": _medicine,
    "class": _medicine,
    "toxicity": _toxicity,
    "worst_toxicity": _toxicity,
}
