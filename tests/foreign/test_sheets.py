"""Poppler's pdftotext reads from a printed PDF what the plan holds."""

import subprocess

import pytest
from tests.test_calendar import IN_PDF, pdf_of, read_in_order, sheet_of


def read_by_poppler(data: bytes) -> list[str]:
    """The text of each page, in the order in which it is set."""
    ran = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    )
    return ran.stdout.decode().removesuffix("\f").split("\f")


@pytest.mark.parametrize(("name", "audience", "language"), IN_PDF)
def test_pdftotext_reads_every_day_and_dose(name: str, audience: str, language: str) -> None:
    pages = read_by_poppler(pdf_of(name, audience, language))

    read_in_order(sheet_of(name, audience, language), pages)
