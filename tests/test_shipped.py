"""What is shipped hangs together: names of files, aliases, rounding steps."""

from protoplan import api, library
from protoplan.source import Place

HERE = Place("test", 1, 1)


def test_a_protocol_s_file_is_named_for_it() -> None:
    names = library.ids("protocol")

    assert names == tuple(api.load_protocol(name, HERE).id for name in names)


def test_a_policy_s_file_is_named_for_it() -> None:
    names = library.ids("policy")

    assert names == tuple(api.load_policy(name, HERE).id for name in names)


def test_no_alias_is_another_drug_s_name_or_alias() -> None:
    drugs = [api.drug(name) for name in library.ids("formulary")]
    words = [word for drug in drugs for word in (drug.id, *drug.aliases)]

    assert sorted(set(words)) == sorted(words)


def test_the_default_policy_has_a_step_for_every_dose_that_is_worked() -> None:
    policy = api.load_policy("default", HERE)
    stepped = {step.drug for step in policy.steps}
    worked = {
        component.drug
        for name in library.ids("protocol")
        for component in api.load_protocol(name, HERE).components
        for sig in component.sigs
        if "/m2" in str(sig.dose or sig.rate)
    }

    assert set() == worked - stepped


def test_no_shipped_step_is_coarse_for_the_smallest_adult() -> None:
    """5% of the smallest dose at 100 cm and 25 kg: √(100 × 25 / 3600) = 0.8333, so 0.83 m²."""
    for name in ("examples/sample-a.yaml",):
        _, treatment = api.load(library.Found(library.root() / name, name))
        plan = api.plan_treatment(treatment)

        assert "PF208" not in {finding.code for finding in plan.findings}
