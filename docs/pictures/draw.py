"""Draws the pictures of the documents: calendars of a made-up patient, as pages of a PDF."""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TREATMENT = str(HERE.parents[1] / "examples" / "sample-a.yaml")
DPI = "110"

#: Name of the picture, page of the PDF, and what is asked for.
PICTURES = (
    ("calendar", 1, ["--cycle", "1"]),
    ("infusion", 1, ["--cycle", "5", "--for", "nurse"]),
    ("patient", 1, ["--cycle", "1", "--for", "patient"]),
)


def draw(name: str, page: int, asked: list[str]) -> None:
    """Print a calendar, and make a picture of one of its pages."""
    with tempfile.TemporaryDirectory() as folder:
        printed = str(Path(folder) / "calendar.pdf")
        command = "import sys; from protoplan.cli import main; main(sys.argv[1:])"
        calendar = ["calendar", TREATMENT, *asked, "--output", printed]
        subprocess.run([sys.executable, "-c", command, *calendar], check=True)
        pages = ["-f", str(page), "-l", str(page), "-singlefile"]
        picture = ["pdftoppm", "-png", "-gray", "-r", DPI, *pages, printed, str(HERE / name)]
        subprocess.run(picture, check=True)


for row in PICTURES:
    draw(*row)
