"""Whole tablets: what can be made of them, and the nearest of that; each amount worked by hand."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protoplan.model.formulary import Product
from protoplan.planning.pieces import made_of, nearest, of_form
from protoplan.quantity import Quantity, parse
from protoplan.source import Citation, Grounds, Place

HERE = Place("test", 1, 1)


def sold(*sizes: str, form: str = "tablet") -> tuple[Product, ...]:
    label = Grounds(Citation("label", "presentation"))
    return tuple(Product(form, parse(size), None, label, HERE) for size in sizes)


VENETOCLAX = sold("10 mg", "50 mg", "100 mg")


def pieces(amount: str, products: tuple[Product, ...]) -> list[str]:
    return [str(piece) for piece in made_of(parse(amount), products)]


def fitted(amount: str, products: tuple[Product, ...], most: str | None = None) -> str | None:
    found = nearest(parse(amount), products, None if most is None else parse(most))
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("amount", "made"),
    [
        ("70 mg", ["1 × 50\xa0mg tablet", "2 × 10\xa0mg tablets"]),
        ("400 mg", ["4 × 100\xa0mg tablets"]),
        ("20 mg", ["2 × 10\xa0mg tablets"]),
        ("0.16 g", ["1 × 0.1\xa0g tablet", "1 × 0.05\xa0g tablet", "1 × 0.01\xa0g tablet"]),
        ("34 mg", []),
        ("5 mg", []),
        ("0 mg", []),
    ],
)
def test_an_amount_is_made_of_the_fewest_pieces_or_of_none(amount: str, made: list[str]) -> None:
    assert made == pieces(amount, VENETOCLAX)


def test_the_fewest_pieces_are_not_always_those_with_the_largest_first() -> None:
    """140 of 50, 70 and 100: 100 leaves 40, which nothing makes; two of 70 do."""
    assert ["2 × 70\xa0mg tablets"] == pieces("140 mg", sold("50 mg", "70 mg", "100 mg"))


def test_among_equally_few_the_larger_come_first() -> None:
    """80 + 20 and 50 + 50 are two pieces each."""
    made = pieces("100 mg", sold("20 mg", "50 mg", "80 mg"))

    assert ["1 × 80\xa0mg tablet", "1 × 20\xa0mg tablet"] == made


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("34 mg", "30 mg"),
        ("35 mg", "40 mg"),
        ("34.999 mg", "30 mg"),
        ("36 mg", "40 mg"),
        ("70 mg", "70 mg"),
        ("10 mg", "10 mg"),
        ("5 mg", "10 mg"),
    ],
)
def test_the_nearest_is_taken_and_halves_go_up(amount: str, expected: str) -> None:
    assert expected == fitted(amount, VENETOCLAX)


@pytest.mark.parametrize("amount", ["4.999 mg", "0.1 mg"])
def test_below_half_the_smallest_tablet_nothing_is_nearest(amount: str) -> None:
    """10 mg would be twice such a dose, and more."""
    assert fitted(amount, VENETOCLAX) is None


@pytest.mark.parametrize(
    ("amount", "most", "expected"),
    [
        ("36 mg", "38 mg", "30 mg"),
        ("36 mg", "40 mg", "40 mg"),
        ("250 mg", "249 mg", "240 mg"),
        ("9 mg", "9.9 mg", None),
    ],
)
def test_a_cap_is_never_passed(amount: str, most: str, expected: str | None) -> None:
    assert expected == fitted(amount, VENETOCLAX, most)


def test_what_lies_between_two_strengths_goes_to_the_nearer() -> None:
    """20 and 50 make 40 and 50, and nothing between 20 and 40."""
    both = sold("20 mg", "50 mg")

    assert ["20 mg", "40 mg", "40 mg"] == [fitted(f"{n} mg", both) for n in (29, 30, 44)]


def test_what_no_pieces_make_goes_down_as_far_as_it_must() -> None:
    """50 and 70 make 70 and 100, and nothing between them: 80 is nearer to 70."""
    assert "70 mg" == fitted("80 mg", sold("50 mg", "70 mg"))


@pytest.mark.parametrize(
    ("amount", "made", "near"),
    [
        ("100000 mg", ["1000 × 100\xa0mg tablets"], "100000 mg"),
        ("100010 mg", [], None),
        ("1000000 mg", [], None),
    ],
)
def test_an_amount_past_any_count_of_pieces_is_not_fitted(
    amount: str, made: list[str], near: str | None
) -> None:
    """100000 mg are 10000 of the smallest tablets, which is the most that is fitted."""
    assert (made, near) == (pieces(amount, VENETOCLAX), fitted(amount, VENETOCLAX))


def test_each_strength_of_a_form_is_taken_once() -> None:
    both = (*sold("100 mg", "0.1 g", "50 mg"), *sold("25 mg", form="vial"))

    assert ["100 mg", "50 mg"] == [str(p.holds) for p in of_form(both, ("tablet", "capsule"))]
    assert ["25 mg"] == [str(p.holds) for p in of_form(both, ("vial",))]


SIZES = st.sets(st.sampled_from([5, 10, 20, 25, 50, 70, 80, 100, 140]), min_size=1, max_size=3)
AMOUNTS = st.decimals(Decimal("0.1"), Decimal(300), places=1)


def makeable(sizes: set[int], most: int) -> dict[int, int]:
    """Every amount up to *most* that whole pieces make, with the fewest pieces, by brute force."""
    found: dict[int, int] = {}
    for counts in product(*(range(most // size + 1) for size in sizes)):
        total = sum(count * size for count, size in zip(counts, sizes, strict=True))
        if 0 < total <= most:
            found[total] = min(found.get(total, most), sum(counts))
    return found


@given(AMOUNTS, SIZES, st.one_of(st.none(), st.integers(1, 300)))
def test_no_amount_that_can_be_made_lies_nearer(
    amount: Decimal, sizes: set[int], cap: int | None
) -> None:
    products = sold(*(f"{size} mg" for size in sorted(sizes)))
    most = None if cap is None else Quantity(Decimal(cap), "mg")
    possible = [n for n in makeable(sizes, 440) if cap is None or n <= cap]

    found = nearest(Quantity(amount, "mg"), products, most)

    if found is None:
        assert all(n - amount > amount for n in possible)
        return
    made = made_of(found, products)
    assert found.value in possible
    assert found.value == min(possible, key=lambda n: (abs(n - amount), -n))
    assert found.value == sum(piece.count * piece.holds.value for piece in made)
    assert makeable(sizes, int(found.value))[int(found.value)] == sum(p.count for p in made)
