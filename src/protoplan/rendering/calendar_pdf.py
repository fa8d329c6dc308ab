"""The sheet as a PDF, set by typst: the same texts as the HTML, handed over as data."""

import json
import re
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import attrs

from protoplan.rendering.sheet_model import Sheet

_PAPERS = {"a4": "a4", "letter": "us-letter"}

#: The oldest typst that will do: 0.14.3 leaves a blank where a font lacks a character, older ones
#: cannot make tagged files.
OLDEST = "0.14.4"

_INSTEAD = "HTML needs nothing more, and a browser prints it"


class NoPdf(Exception):
    """No PDF can be made; says why, and what can be done."""


def render(sheet: Sheet, paper: str) -> bytes:
    """The whole file: tagged, without a date, the same bytes for the same sheet.

    Args:
        sheet: What is printed.
        paper: ``a4`` or ``letter``.

    Raises:
        NoPdf: If typst is not installed or too old, or a character cannot be printed in its fonts.
    """
    try:
        import typst
    except ModuleNotFoundError:
        raise NoPdf(
            f"PDF needs the extra 'pdf': pip install 'protoplan[pdf]'. {_INSTEAD}"
        ) from None
    if _numbers(version("typst")) < _numbers(OLDEST):
        raise NoPdf(
            f"typst {version('typst')} is installed, and PDF needs {OLDEST} or later: "
            f"pip install --upgrade 'protoplan[pdf]'. {_INSTEAD}"
        )
    data = {"sheet": json.dumps(attrs.asdict(sheet)), "paper": _PAPERS[paper]}
    template = (files("protoplan.rendering") / "calendar.typ").read_bytes()
    try:
        made: Any = typst.compile(
            template,
            format="pdf",
            sys_inputs=data,
            ignore_system_fonts=True,
            # The standard for readable documents: tagged, and a missing glyph is an error.
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as wrong:
        raise NoPdf(_said(str(wrong))) from None
    return bytes(made)


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", release)[:3]))


def _said(message: str) -> str:
    """What typst says, where it is about a character, in our words."""
    lacking = re.search(r'the text `"(.+?)"` could not be displayed', message)
    if lacking is None:
        return "the PDF could not be set; write .html instead, and please report it"
    return f"'{lacking[1]}' cannot be printed with the fonts of the PDF; write .html instead"
