"""PP402: a condition or an expectation names an answer that cannot be given.

Good: `when: {option: schedule, is: original}` where `original` is a choice of `schedule`.
Bad: `when: {option: schedule, is: orignal}`, which would never be true.
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from protoplan.checks import rules
from protoplan.checks.scene import ProtocolScene
from protoplan.model.catalogue import Catalogue, Fact, Lab
from protoplan.model.condition import Condition, Test, tests_in
from protoplan.model.option import Option
from protoplan.model.protocol import Protocol
from protoplan.problems import Problem, did_you_mean
from protoplan.quantity import NotAnAmount, Quantity, number, parse, rising, steps

OLDEST = 120


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Every answer that the file names can be given."""
    protocol = scene.protocol
    options = {option.name: option for option in protocol.options}
    facts = {fact.name: fact for fact in scene.catalogue.facts}
    labs = {lab.name: lab for lab in scene.catalogue.labs}
    for condition in conditions_of(protocol):
        for test in tests_in(condition):
            yield from of_test(test, options, facts, labs)
    seen: set[str] = set()
    for option in protocol.options:
        for test in tests_in(option.when):
            if test.asks in ("lab", "measure"):
                message = f"option {option.name} hangs on a {test.asks}, which changes with time"
                yield Problem("PP311", message, test.at)
            if test.asks == "option" and test.name not in seen:
                yield Problem(
                    "PP303",
                    f"option {option.name} hangs on '{test.name}', which must stand before it",
                    test.at,
                )
        seen.add(option.name)
    yield from _phase_options(protocol, options)
    for expected in protocol.expect:
        for name, answer in expected.given:
            wrong = wrong_answer(name, answer, options, facts)
            if wrong:
                yield Problem("PP402", wrong[0], expected.at, wrong[1])


def _phase_options(protocol: Protocol, options: dict[str, Option]) -> Iterator[Problem]:
    """An option that ends a phase offers labels of cycles; one that counts cycles, numbers."""
    labels = {label for phase in protocol.phases for label, _ in phase.cycles}
    for phase in protocol.phases:
        for name, good, what in (
            (phase.begins_after, labels, "the label of a cycle"),
            (phase.up_to, {str(n) for n in range(len(phase.cycles) + 1)}, "a number of cycles"),
        ):
            offered = [choice.name for choice in options[name].choices] if name else [None]
            for choice in [c for c in offered if c not in good] if name else []:
                message = f"option {name} offers '{choice}', which is not {what} of the protocol"
                yield Problem("PP309", message, options[str(name)].at)
            if name and not offered:
                yield Problem("PP309", f"option {name} must offer choices", options[name].at)


def of_conditions(
    conditions: Iterable[Condition | None], catalogue: Catalogue
) -> Iterator[Problem]:
    """What is wrong with the facts and labs that conditions ask about, where no option is."""
    facts = {fact.name: fact for fact in catalogue.facts}
    labs = {lab.name: lab for lab in catalogue.labs}
    for condition in conditions:
        for test in tests_in(condition):
            if test.asks == "option":
                message = f"option '{test.name}' is of a protocol; a drug has none"
                yield Problem("PP303", message, test.at)
            else:
                yield from of_test(test, {}, facts, labs)


def conditions_of(protocol: Protocol) -> Iterator[Condition | None]:
    """Every condition that a protocol states."""
    yield from (option.when for option in protocol.options)
    yield from (phase.when for phase in protocol.phases)
    yield from (item.when for item in protocol.open_items)
    yield from (entry.must for entry in protocol.eligibility)
    yield from (entry.when for entry in protocol.contradictions)
    yield from rules.conditions_of(protocol.rules)
    for required in protocol.requirements:
        yield from (required.when, required.must)
    for component in protocol.components:
        yield component.when
        yield from (sig.when for sig in component.sigs)


def of_test(
    test: Test, options: dict[str, Option], facts: dict[str, Fact], labs: dict[str, Lab]
) -> Iterator[Problem]:
    """One question: the answers that it names can be given."""
    if test.asks == "lab":
        limits = attrs.astuple(test.bounds, recurse=False) if test.bounds else ()
        for limit in limits:
            if limit is not None and limit.unit not in labs[test.name].units:
                yield Problem("PP309", f"{test.name} is not stated in {limit.unit}", test.at)
    if test.asks not in ("fact", "option"):
        return
    for word in test.words:
        wrong = wrong_answer(test.name, word, options, facts)
        if wrong:
            yield Problem("PP402", wrong[0], test.at, wrong[1])
    if test.bounds is None:
        return
    limits = (test.bounds.at_least, test.bounds.above, test.bounds.below, test.bounds.at_most)
    for limit in limits:
        if limit is not None and not _comparable(limit, test.name, options, facts):
            yield Problem("PP309", f"'{test.name}' cannot be compared with {limit}", test.at)


def _comparable(
    limit: object, name: str, options: dict[str, Option], facts: dict[str, Fact]
) -> bool:
    if name in facts:
        return facts[name].low is not None and not isinstance(limit, Quantity)
    between = options[name].between
    return between is not None and isinstance(limit, Quantity) and limit.unit == between[0].unit


def wrong_answer(
    name: str, answer: str, options: dict[str, Option], facts: dict[str, Fact]
) -> tuple[str, str | None] | None:
    """What is wrong with an answer, and a hint; None when nothing is."""
    if name in options:
        return _wrong_choice(options[name], answer)
    if name in facts:
        return _wrong_fact(facts[name], answer)
    if name == "age":
        whole = answer.isascii() and answer.isdecimal() and int(answer) <= OLDEST
        return None if whole else (f"'{answer}' is not an age in whole years", None)
    return f"'{name}' is neither an option nor a fact", did_you_mean(name, [*options, *facts])


def _wrong_fact(fact: Fact, answer: str) -> tuple[str, str | None] | None:
    if fact.low is None or fact.high is None:
        return _wrong_word(f"an answer to {fact.name}", answer, fact.words)
    try:
        value = number(answer)
    except NotAnAmount as wrong:
        return f"{fact.name} must be a number: {wrong.message}", wrong.hint
    if fact.low <= value <= fact.high:
        return None
    return f"{fact.name} {answer} lies outside {fact.low} to {fact.high}", None


def _wrong_word(what: str, answer: str, words: Sequence[str]) -> tuple[str, str | None] | None:
    if answer in words:
        return None
    return f"'{answer}' is not {what}; expected {', '.join(words)}", did_you_mean(answer, words)


def _wrong_days(option: Option, answer: str) -> tuple[str, str | None] | None:
    try:
        found = rising(answer)
    except NotAnAmount as wrong:
        return f"{option.name}: {wrong.message}", wrong.hint
    if len(found) == option.days:
        return None
    return f"{option.name} asks for {option.days} days, and {len(found)} are stated", None


def _wrong_choice(option: Option, answer: str) -> tuple[str, str | None] | None:
    if option.days is not None:
        return _wrong_days(option, answer)
    if option.steps is not None:
        try:
            steps(answer, option.steps)
        except NotAnAmount as wrong:
            return f"{option.name}: {wrong.message}", wrong.hint
        return None
    if option.between is None:
        names = [choice.name for choice in option.choices]
        return _wrong_word(f"a choice of {option.name}", answer, names)
    low, high = option.between
    try:
        value = parse(answer, (low.unit,)).value
    except NotAnAmount as wrong:
        return f"{option.name}: {wrong.message}", wrong.hint
    if low.value <= value <= high.value:
        return None
    return f"{option.name} {answer} lies outside {low} to {high}", None
