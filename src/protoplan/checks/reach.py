"""PP311: a part of the protocol that nothing can reach, most often a slip of a name.

Good: a kind of cycle that a phase uses; an instruction around a drug of the protocol.
Bad: a kind that no phase uses, so that what is given in it is never given.
"""

from collections.abc import Iterator

from protoplan.checks import rules
from protoplan.checks.scene import ProtocolScene
from protoplan.model.condition import tests_in
from protoplan.model.option import OptionRef
from protoplan.model.protocol import Protocol
from protoplan.problems import SLIP, Problem, did_you_mean


def check(scene: ProtocolScene) -> Iterator[Problem]:
    """Kinds, options, instructions and readings are all used, and classes are known."""
    protocol = scene.protocol
    cycles = [cycle for phase in protocol.phases for cycle in phase.cycles]
    used = {kind for _, kind in cycles} | {label for label, _ in cycles}
    for kind in protocol.kinds:
        if kind.name not in used:
            yield Problem("PP311", f"no phase has a cycle of kind '{kind.name}'", kind.at)
    asked = _options_asked(protocol)
    for option in protocol.options:
        if option.name not in asked:
            yield Problem("PP311", f"nothing hangs on option '{option.name}'", option.at)
    drugs = {component.drug for component in protocol.components}
    names = drugs | {component.name for component in protocol.components}
    for rule in protocol.instructions:
        if rule.around not in drugs:
            yield Problem(
                "PP311",
                f"an instruction stands around {rule.around}, which the protocol does not give",
                rule.at,
                did_you_mean(rule.around, drugs, SLIP),
            )
        known = any(rule.hold in dict(scene.drugs[name].classes) for name in rule.named)
        if rule.named and not known:
            yield Problem(
                "PP311",
                f"none of the medicines named is of the class '{rule.hold}' in the formulary",
                rule.at,
            )
    for entry in protocol.contradictions:
        for name in (touch.name for touch in entry.touches):
            if name not in names:
                yield Problem(
                    "PP311",
                    f"a contradiction touches '{name}', which the protocol does not give",
                    entry.at,
                    did_you_mean(name, names, SLIP),
                )


def _options_asked(protocol: Protocol) -> set[str]:
    conditions = [o.when for o in protocol.options] + [p.when for p in protocol.phases]
    conditions += [item.when for item in protocol.open_items]
    conditions += [part for r in protocol.requirements for part in (r.when, r.must)]
    conditions += [rule.when for rule in protocol.rules]
    asked = {phase.begins_after for phase in protocol.phases if phase.begins_after}
    asked |= {phase.up_to for phase in protocol.phases if phase.up_to}
    conditions += rules.conditions_of(protocol.rules)
    for component in protocol.components:
        conditions += [component.when, *(sig.when for sig in component.sigs)]
        asked |= {sig.dose.option for sig in component.sigs if isinstance(sig.dose, OptionRef)}
        asked |= {sig.days.option for sig in component.sigs if isinstance(sig.days, OptionRef)}
        asked |= {sig.over.option for sig in component.sigs if isinstance(sig.over, OptionRef)}
        asked |= {sig.ramp.option for sig in component.sigs if isinstance(sig.ramp, OptionRef)}
    return asked | {t.name for c in conditions for t in tests_in(c) if t.asks == "option"}
