"""Words and numbers that several text views share."""

from fractions import Fraction

import pytest

from protoplan.rendering.words import counted, percent


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(1), "100"),
        (Fraction(8, 9), "88.9"),
        (Fraction(13, 15), "86.7"),
        (Fraction(1, 2), "50"),
        (Fraction(1445, 10000), "14.5"),  # 14.45: halves round up
        (Fraction(14449, 100000), "14.4"),
        (Fraction(0), "0"),
        (Fraction(10, 9), "111.1"),
    ],
)
def test_a_share_is_printed_in_percent_to_one_decimal(share: Fraction, shown: str) -> None:
    assert shown == percent(share)


def test_one_is_singular() -> None:
    assert ("0 doses", "1 dose", "2 doses") == tuple(counted(n, "dose") for n in range(3))
