"""What looks at a plan look at: the doses that stand, by drug, by class, and those that do not."""

from tests.engine import drug_text, policy_with, rule, scene

from protoplan.planning.scene import Scene

ODD = "classes:\n  odd: {source: [label, x]}\n  rare: {source: [label, x]}\n"
BETA = (
    "  - {drug: beta, in: only, route: IV, sigs: [{dose: 1 mg, days: [1, 2]}], source: [paper, x]}\n"
    "  - {drug: beta, in: only, route: PO, sigs: [{dose: 1 mg, days: [1]}], source: [paper, x]}"
)


def seen() -> Scene:
    """Cycle 2 of alpha is left out, and what beta is given by mouth in cycle 3 is held."""
    rules = [
        rule("in: [2], omit: true"),
        rule("in: [3], routes: [PO], hold: so", "made-up/beta", drug="beta"),
    ]
    policy = policy_with({"made-up": "so", "other": "not so"})
    return scene(rules, components=BETA, drugs=[drug_text("beta", ODD)], policy=policy)


ALPHA = [f"{cycle}.d1.alpha.IV.1" for cycle in "13"]
IV = [f"{cycle}.d{day}.beta.IV.1" for cycle in "123" for day in (1, 2)]
PO = [f"{cycle}.d1.beta.PO.1" for cycle in "12"]


def ids(rows: object) -> list[str]:
    return [row.id for row in rows]  # type: ignore[attr-defined]


def test_all_doses_are_there_and_those_that_are_given() -> None:
    here = seen()

    assert len(ids(here.administrations)) == len({*ALPHA, *IV, *PO}) + 2
    assert sorted([*ALPHA, *IV, *PO]) == sorted(ids(here.given))
    assert [row.start for row in here.given] == sorted(row.start for row in here.given)


def test_a_plan_of_which_all_is_given_is_given() -> None:
    whole = scene()

    assert [f"{cycle}.d1.alpha.IV.1" for cycle in "123"] == ids(whole.given)


def test_doses_are_found_by_drug_and_route_and_class() -> None:
    here = seen()

    assert ALPHA == ids(here.doses_of("alpha"))
    assert sorted(IV + PO) == sorted(ids(here.doses_of("beta")))
    assert IV == ids(here.doses_by(lambda drug, route: (drug, route) == ("beta", "IV")))
    assert sorted(IV + PO) == sorted(ids(here.doses_in("odd"))) and [] == ids(
        here.doses_in("vinca")
    )
    assert {("alpha", "IV"): ALPHA, ("beta", "IV"): IV, ("beta", "PO"): PO} == {
        kind: sorted(row.id for share in shares for row in share.rows)
        for kind, shares in here.of_kind.items()
    }


def test_what_is_nowhere_given_is_a_kind_of_the_plan_all_the_same() -> None:
    none = scene([rule("omit: true")])

    assert ([("alpha", "IV")], {}, []) == (list(none.kinds), dict(none.of_kind), ids(none.given))


def test_a_drug_has_its_classes_and_the_policy_its_picks() -> None:
    here = seen()

    assert (frozenset({"odd", "rare"}), frozenset()) == (
        here.classes_of("beta"), here.classes_of("alpha"))  # fmt: skip
    assert ("so", None) == (here.picked("made-up"), here.picked("nothing"))
