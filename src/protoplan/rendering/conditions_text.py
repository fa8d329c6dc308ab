"""Conditions and grounds in words."""

from protoplan.model.condition import All, Any, Condition, Not, Test
from protoplan.quantity import Quantity
from protoplan.source import Grounds


def condition_text(condition: Condition | None) -> str:
    """A condition in words; empty for none."""
    if condition is None:
        return ""
    if isinstance(condition, Test):
        return question_text(condition)
    if isinstance(condition, Not):
        return f"not ({condition_text(condition.part)})"
    joint = " and " if isinstance(condition, All) else " or "
    return joint.join(
        f"({condition_text(part)})" if isinstance(part, (All, Any)) else condition_text(part)
        for part in condition.parts
    )


def question_text(test: Test) -> str:
    """One question in words."""
    if test.asks == "medicine":
        return f"{test.name} is taken"
    if test.asks == "class":
        return f"a {test.name} is taken"
    if "toxicity" not in test.asks:
        return f"{test.name} {answer_text(test)}"
    worst = "the worst " if test.asks == "worst_toxicity" else ""
    name = "any toxicity" if test.name == "any" else test.name
    due = f" due to {test.of}" if test.of else ""
    return f"{worst}{name}{due} of grade {answer_text(test)}"


def answer_text(test: Test) -> str:
    """What is asked of the thing that a test names: its bounds or its words."""
    if test.bounds is None:
        return f"is {' or '.join(test.words)}"
    words = [
        ("at_least", "at least"),
        ("above", "above"),
        ("below", "below"),
        ("at_most", "at most"),
    ]
    return " and ".join(
        f"{word} {_limit(limit)}"
        for name, word in words
        if (limit := getattr(test.bounds, name)) is not None
    )


def _limit(limit: object) -> str:
    return limit.text() if isinstance(limit, Quantity) else str(limit)


def grounds_text(grounds: Grounds) -> str:
    """Where figures come from, in one line."""
    parts = [str(grounds.source)] if grounds.source else []
    by: dict[str, list[str]] = {}
    for field, citation in grounds.borrowed:
        by.setdefault(str(citation), []).append(field)
    parts += [f"{', '.join(fields)} borrowed from {cited}" for cited, fields in by.items()]
    parts += [f"† {field} assumed: {reason}" for field, reason in grounds.assumed]
    return "; ".join(parts)
