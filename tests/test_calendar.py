"""What is printed is read back: every drug, dose and date of the plan, no more and no fewer."""

import hashlib
import io
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pypdf
import pytest
from click.testing import CliRunner
from tests.conftest import ROOT, Run

from protoplan import api
from protoplan.cli import main
from protoplan.model.plan import Plan
from protoplan.quantity import Quantity
from protoplan.rendering import calendar_html, calendar_pdf, sheet, texts
from protoplan.rendering.sheet_clean import clean
from protoplan.rendering.sheet_model import Bar, Entry, Page, Sheet

STATED = [
    "--height", "175cm", "--weight", "70kg", "--age", "45", "--start", "2026-03-02", "--sex", "female",
    "--lab", "creatinine=0.9 mg/dL", "--lab", "bilirubin=0.6 mg/dL", "--lab", "alt=0.8 xULN",
    "--lab", "ast=0.7 xULN", "--lab", "neutrophils=2.1 10^9/L", "--lab", "platelets=180 10^9/L",
    "--medicine", "none", "--earlier", "none", "--fact", "cns=negative", "--fact", "lineage=B", "--fact", "philadelphia=negative",
]  # fmt: skip
CD20 = ["--fact", "cd20_percent=20"]
COURSES = {
    "inotuzumab": ["mini-hyper-cvd-inotuzumab", *STATED, *CD20],
    "bortezomib": ["hyper-cvad-bortezomib", *STATED, "--option", "asparaginase_dose=5000 units/m2",
                   "--option", "asparaginase_days=5, 7, 9, 11, 13, 15",
                   "--fact", "leucovorin_elsewhere=no", "--fact", "cd20_percent=0"],
    "venetoclax": ["mini-hyper-cvd-venetoclax", *STATED, *CD20],
    "incomplete": ["mini-hyper-cvd-inotuzumab", *STATED],
}  # fmt: skip
COMPLETE = [name for name in COURSES if name != "incomplete"]


@cache
def plan_of(name: str) -> Plan:
    flags = COURSES[name][1:]
    stated = list(zip((flag.removeprefix("--") for flag in flags[::2]), flags[1::2], strict=True))
    return api.plan_treatment(*api.target(COURSES[name][0], stated))


@cache
def sheet_of(name: str, audience: str, language: str = "en") -> Sheet:
    return sheet.make(plan_of(name), audience, language=language, draft=True)


@cache
def json_of(name: str) -> Any:
    ran = CliRunner().invoke(main, ["plan", *COURSES[name], "--format", "json"])
    assert ran.exit_code in {0, 4, 5}, ran.stderr
    return json.loads(ran.stdout)


# -- reading HTML back -----------------------------------------------------------------------------


@attrs.define
class Element:
    kind: str
    classes: tuple[str, ...]
    parts: list["Element | str"]

    def all(self, name: str) -> Iterator["Element"]:
        """Every element of a class, or of a tag, in order."""
        for part in self.parts:
            if isinstance(part, Element):
                if name in (part.kind, *part.classes):
                    yield part
                yield from part.all(name)

    def one(self, name: str) -> "Element":
        return next(self.all(name))

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


class Tree(HTMLParser):
    """The elements of a file; it is an error if one is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open = [Element("", (), [])]
        self.feed(text)
        assert len(self.open) == 1

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attributes}
        assert not names & {"style", "onclick", "onload", "src", "href"}, tag
        element = Element(tag, tuple((dict(attributes).get("class") or "").split()), [])
        self.open[-1].parts.append(element)
        if tag not in ("meta", "br", "wbr"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().kind == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


@cache
def html_of(name: str, audience: str, language: str = "en") -> Element:
    return Tree(calendar_html.render(sheet_of(name, audience, language), "a4")).open[0]


@cache
def days_in_words(language: str, plain: bool) -> dict[str, date]:
    words = texts.Words(language, plain)
    begin = date(2026, 2, 1)
    return {words.day(on): on for on in (begin + timedelta(n) for n in range(1500))}


def dates_in(text: str, language: str, plain: bool) -> list[date]:
    """The dates that stand in a text, in its order."""
    known = days_in_words(language, plain)
    form = r"[A-Z][a-z]+\xa0[0-9-]{10}"
    if plain:
        form = r"\w+ [0-9]+\xa0(?:de\xa0)?[A-Za-z]+\xa0(?:de\xa0)?[0-9]{4}"
    return [known[word] for word in re.findall(form, text)]


def given_in(entry: Element) -> tuple[str, str, str]:
    """Drug, dose and route of an entry."""
    drug = "".join(part for part in entry.one("drug").parts if isinstance(part, str))
    last = next((e for name in ("alert", "route") for e in entry.all(name)), None)
    assert last is not None
    return drug, entry.one("dose").text, last.text


def read_back(root: Element, language: str, plain: bool) -> Counter[tuple[Any, ...]]:
    """Each administration of a printed sheet: date, drug, dose as printed, route, time."""
    found: Counter[tuple[Any, ...]] = Counter()
    for week in root.all("week"):
        heads = list(week.all("th"))
        for row in (row for row in week.one("tbody").all("tr") if len(row.parts) == 7):
            for head, cell in zip(heads, row.all("td"), strict=True):
                on = dates_in(head.text, language, plain)[0]
                for entry in cell.all("entry"):
                    found.update(on_day(on, entry))
    for row in (row for table in root.all("days") for row in table.all("tr")):
        on = dates_in(row.one("th").text, language, plain)[0]
        for entry in row.all("entry"):
            found.update(on_day(on, entry))
    for bar in root.all("bar"):
        found.update(over_days(bar, language, plain))
    return found


def on_day(on: date, entry: Element) -> Iterator[tuple[Any, ...]]:
    times = entry.one("when").text.split(" h")[0]
    for clock in re.findall(r"[0-9]{2}:[0-9]{2}", times):
        yield (on.isoformat(), *given_in(entry), clock)


def over_days(bar: Element, language: str, plain: bool) -> Iterator[tuple[Any, ...]]:
    shown = list(bar.all("more"))[-1].text
    when = bar.one("when").text
    ends = dates_in(when, language, plain)
    if ends:
        if "before" not in bar.classes:
            clock = re.findall(r"[0-9]{2}:[0-9]{2}", when)[0]
            yield (ends[0].isoformat(), *given_in(bar), clock)
        return
    covered = dates_in(shown, language, plain)
    for n in range((covered[-1] - covered[0]).days + 1):
        for clock in re.findall(r"[0-9]{2}:[0-9]{2}", when):
            yield ((covered[0] + timedelta(n)).isoformat(), *given_in(bar), clock)


def expected(name: str, language: str, plain: bool) -> Counter[tuple[Any, ...]]:
    """The same of the JSON plan; names and routes are those of the formulary as printed."""
    words = texts.Words(language, plain)
    names = {row.order.drug: row.order.name for row in plan_of(name).administrations}
    often = Counter((r["drug"], r["route"], r["date"], r["status"], str(r["ordered"]), str(r["basis"]))
                    for r in json_of(name)["administrations"])  # fmt: skip
    found: Counter[tuple[Any, ...]] = Counter()
    for row in json_of(name)["administrations"]:
        dose = row["rate"] or row["ordered"]
        if row["ordered"] is None:
            printed = words("no dose")
        else:
            printed = words.amount(Quantity(Decimal(dose["value"]), dose["unit"]).text())
            key = (row["drug"], row["route"], row["date"], row["status"], str(row["ordered"]),
                   str(row["basis"]))  # fmt: skip
            if often[key] > 1:
                printed += f"\N{NO-BREAK SPACE}{words('each')}"
        found[(row["date"], names[row["drug"]], printed, words.route(row["route"]),
               row["start"][11:16])] += 1  # fmt: skip
    return found


VIEWS = [("pharmacist", "en"), ("nurse", "en"), ("patient", "en"), ("patient", "es")]


@pytest.mark.parametrize(("audience", "language"), VIEWS)
@pytest.mark.parametrize("name", COURSES)
def test_html_holds_every_administration_once(name: str, audience: str, language: str) -> None:
    plain = audience == "patient"

    read = read_back(html_of(name, audience, language), language, plain)

    assert expected(name, language, plain) == read
    assert len(json_of(name)["administrations"]) == read.total()


@pytest.mark.parametrize("audience", ["pharmacist", "nurse"])
@pytest.mark.parametrize("name", COURSES)
def test_html_shows_the_total_of_infusions_and_the_basis_beside_each_dose(
    name: str, audience: str
) -> None:
    text = html_of(name, audience).text
    for row in plan_of(name).administrations:
        if row.order.ordered is not None:
            assert row.order.ordered.text() in text
            assert row.order.basis is not None
            why = next(s.why for s in row.order.working if s.step == "calculated")
            assert why.partition(" = ")[0] in text


# -- reading PDF back ------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}]+", "", text)


@cache
def pdf_of(name: str, audience: str, language: str = "en") -> bytes:
    return calendar_pdf.render(sheet_of(name, audience, language), "a4")


def pdf_text(data: bytes) -> list[str]:
    """The text of each page, in the order in which it is set."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def entry_text(entry: Entry, days: str = "") -> str:
    return squeezed("".join((entry.label, entry.when, entry.drug, entry.mark, entry.dose, entry.route,
                             *entry.lines, days)))  # fmt: skip


def bar_text(bar: Bar, printed: Sheet) -> str:
    goes_on = f"{printed.words['goes on']} " if bar.before else ""
    it = bar.entry
    return squeezed("".join((it.label, it.drug, it.mark, it.dose, it.route, it.when, *it.lines,
                             goes_on + bar.days)))  # fmt: skip


def texts_of(printed: Sheet, page: Page) -> Iterator[str]:
    """What a page holds, in the order in which it is set."""
    yield page.title
    for name, text in page.heading:
        yield name + text
    for look in page.look:
        yield look.severity.upper() + look.text
    for week in page.weeks:
        for day in week.days:
            yield day.date + day.number
        yield from (bar_text(bar, printed) for bar in week.bars)
        for day in week.days:
            yield from (notice.text for notice in day.notices)
            yield from map(entry_text, day.entries)
    yield from (bar_text(bar, printed) for bar in page.spans)
    for day in page.days:
        yield day.date + day.number
        yield from (notice.text for notice in day.notices)
        yield from map(entry_text, day.entries)
    for item in page.open_items:
        yield item.text + "".join(item.lines)
    for title, lines in page.blanks:
        yield from (title, *lines)


#: Every protocol for everyone; a plan that is incomplete, and Spanish, once.
#: Reading a PDF back takes its time: the longest course, the shortest, one with open questions.
IN_PDF = [
    (name, audience, "en") for name in ("inotuzumab", "bortezomib") for audience in sheet.AUDIENCES
]
IN_PDF += [("incomplete", "nurse", "en"), ("bortezomib", "patient", "es")]


@pytest.mark.parametrize(("name", "audience", "language"), IN_PDF)
def test_pdf_holds_all_that_the_html_holds_in_the_same_order(
    name: str, audience: str, language: str
) -> None:
    printed = sheet_of(name, audience, language)

    whole = read_in_order(printed, pdf_text(pdf_of(name, audience, language)))

    for section in printed.sections:
        for number, text in section.lines:
            assert squeezed(number + text) in whole
    for working in printed.workings:
        for step in working.steps:
            assert squeezed("".join(step)) in whole


def read_in_order(printed: Sheet, pages: Sequence[str]) -> str:
    """The text of all pages, after each thing that the sheet holds was found in its place."""
    whole = squeezed("".join(without_margins(page, printed) for page in pages))
    at = 0
    for page in printed.pages:
        for text in texts_of(printed, page):
            found = whole.find(squeezed(text), at)
            assert found >= 0, f"{text!r} is not on the page, or not in its place"
            at = found + len(squeezed(text))
    return whole


def without_margins(page: str, printed: Sheet) -> str:
    """The text of a page without its header and footer."""
    foot = re.escape(squeezed(printed.footer + printed.words["page"]))
    head = re.escape(squeezed(" · ".join((*printed.banners, printed.identity))))
    return re.sub(rf"{foot}[0-9]+{printed.words['of']}[0-9]+|^{head}", "", squeezed(page))


# -- texts that would do harm ----------------------------------------------------------------------

HARM = (
    "<script>alert(1)</script><img src=x onerror=y>",
    "=HYPERLINK(1)",
    "#text(red)[x] $x$ *bold* `raw` // gone",
    "\"double\" 'single' & &amp; {brace} \\u{41}",
    "one\r\ntwo\x00\x1b[31m",
    "</style><b>",
)


def with_harm(text: str) -> Plan:
    plan = plan_of("bortezomib")
    finding = attrs.evolve(plan.findings[0], message=text, administrations=())
    cycles = tuple(attrs.evolve(cycle, title=text) for cycle in plan.cycles)
    order = attrs.evolve(plan.administrations[0].order, name=text, assumptions=(text,))
    first = attrs.evolve(plan.administrations[0], order=order)
    return attrs.evolve(
        plan, label=text, title=text, findings=(finding, *plan.findings), cycles=cycles,
        administrations=(first, *plan.administrations[1:]),
    )  # fmt: skip


@pytest.mark.parametrize("text", HARM)
def test_payloads_come_out_as_text(text: str) -> None:
    printed = sheet.make(with_harm(text), "pharmacist", label="1")
    root = Tree(calendar_html.render(printed, "a4")).open[0]
    kinds = {element.kind for element in everything(root)}
    seen = clean(text)

    assert {"script", "img"} & kinds == set()
    assert 5 <= root.text.count(seen)
    whole = squeezed("".join(pdf_text(calendar_pdf.render(printed, "a4"))))
    assert 4 <= whole.count(squeezed(seen))


def everything(root: Element) -> Iterator[Element]:
    for part in root.parts:
        if isinstance(part, Element):
            yield part
            yield from everything(part)


def test_what_turns_the_order_of_letters_is_named() -> None:
    assert "a<U+202E>b c<U+200F>d" == clean("a\u202eb\nc\u200fd")


def test_the_margins_of_the_style_sheet_hold_texts_as_strings() -> None:
    text = calendar_html.render(sheet.make(with_harm('"; } </style> \\'), "nurse", label="1"), "a4")

    style = text.partition("<style>")[2].partition("</style>")[0]

    assert 0 == len(re.findall(r"(?<![0-9a-f ])\\\\", style))
    assert style.count("{") == style.count("}")
    assert text.count("</style>") == 1


def test_a_character_without_a_glyph_is_an_error_and_no_blank() -> None:
    plan = attrs.evolve(plan_of("bortezomib"), label="\u6f22")

    with pytest.raises(calendar_pdf.NoPdf, match="cannot be printed"):
        calendar_pdf.render(sheet.make(plan, "nurse", label="1"), "a4")


@pytest.mark.parametrize("release", ["0.13.7", "0.14.0", "0.14.3", "0.14.3.post1"])
def test_a_typst_that_leaves_blanks_is_refused(
    release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_pdf, "version", lambda name: release)

    with pytest.raises(calendar_pdf.NoPdf) as refused:
        calendar_pdf.render(sheet_of("bortezomib", "patient"), "a4")

    assert (
        f"typst {release} is installed, and PDF needs 0.14.4 or later: "
        "pip install --upgrade 'protoplan[pdf]'. HTML needs nothing more, and a browser prints it"
    ) == str(refused.value)


def test_the_oldest_typst_is_the_one_that_the_extra_asks_for() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    (line,) = data["project"]["optional-dependencies"]["pdf"]

    assert line.startswith(f"typst>={calendar_pdf.OLDEST},")


# -- how it is laid out ----------------------------------------------------------------------------

CSS = (files("protoplan.rendering") / "calendar.css").read_text("utf-8")
TYPST = (files("protoplan.rendering") / "calendar.typ").read_text("utf-8")


def rules() -> list[tuple[str, dict[str, str]]]:
    plain = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", plain):
        pairs = (part.partition(":") for part in body.split(";") if part.strip())
        found.append((selector.strip(), {name.strip(): value.strip() for name, _, value in pairs}))
    return found


def test_nothing_is_clipped() -> None:
    for selector, style in rules():
        assert not {"overflow", "max-height", "text-overflow", "white-space", "position"} & {*style}
        assert "height" not in style or "before" in selector, selector  # only the box to tick
    assert "clip" not in TYPST
    # Only the box to tick and the line to write on have a height.
    assert 2 == len(re.findall(r"[(, ]height:", TYPST))


def test_a_day_that_is_longer_than_a_page_flows_on() -> None:
    plan = plan_of("bortezomib")
    rows = tuple(
        attrs.evolve(row, id=f"1.d2.{n}", order=attrs.evolve(row.order, name=f"drug number {n}."))
        for row in plan.administrations[:1]
        for n in range(60)
    )
    plan = attrs.evolve(plan, administrations=rows)
    for audience in sheet.AUDIENCES:
        printed = sheet.make(plan, audience, label="1")
        root = Tree(calendar_html.render(printed, "a4")).open[0]
        whole = squeezed("".join(pdf_text(calendar_pdf.render(printed, "a4"))))
        names = {squeezed(row.order.name) for row in rows}

        assert names == {squeezed(e.text.partition("†")[0]) for e in root.all("drug")}
        assert [] == [name for name in names if name not in whole]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_ink_stands_out_from_paper() -> None:
    pairs = []
    for selector, style in rules():
        if "color" in style or "background" in style:
            assert {"color", "background"} <= {*style}, f"{selector} has one of the two"
            pairs.append((style["color"], style["background"]))
    light = [sorted((luminance(a), luminance(b))) for a, b in pairs]

    assert [] != pairs
    assert all((high + 0.05) / (low + 0.05) >= 4.5 for low, high in light)
    # Grey text on the grey of weekends is the worst that can meet.
    assert (luminance("#e9e9e9") + 0.05) / (luminance("#404040") + 0.05) >= 4.5


@pytest.mark.parametrize(("paper", "size"), [("a4", "A4"), ("letter", "letter")])
def test_paper_is_landscape_for_staff(paper: str, size: str) -> None:
    text = calendar_html.render(sheet_of("bortezomib", "nurse"), paper)
    box = pypdf.PdfReader(io.BytesIO(calendar_pdf.render(sheet_of("bortezomib", "nurse"), paper)))

    assert f"size: {size} landscape" in text
    assert box.pages[0].mediabox.width > box.pages[0].mediabox.height


def test_the_file_loads_nothing_and_runs_nothing() -> None:
    text = calendar_html.render(sheet_of("bortezomib", "pharmacist"), "a4")

    assert "default-src 'none'; style-src 'sha256-" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "url(" not in text and "@import" not in text


# -- what each page says ---------------------------------------------------------------------------


@pytest.mark.parametrize("audience", sheet.AUDIENCES)
def test_each_page_names_the_treatment_twice_the_revision_and_the_plan(audience: str) -> None:
    ran = CliRunner().invoke(main, ["plan", *COURSES["bortezomib"], "--format", "json"])
    digest = hashlib.sha256(ran.stdout_bytes).hexdigest()[:12]
    pages = [squeezed(page) for page in pdf_text(pdf_of("bortezomib", audience))]

    assert len(pages) >= 4
    for number, page in enumerate(pages, 1):
        plan = plan_of("bortezomib")
        assert squeezed(f"{plan.label} · {plan.treatment}") in page
        assert squeezed(f"DRAFT · not for use · {plan.label}") in page
        assert squeezed(f"revision 0 · plan {digest} · verify before use") in page
        assert f"page{number}of{len(pages)}" in page


def test_only_the_pharmacist_has_workings_and_notes_of_silence() -> None:
    made = {audience: sheet_of("bortezomib", audience) for audience in sheet.AUDIENCES}

    assert [True, False, False] == [bool(made[name].workings) for name in sheet.AUDIENCES]
    distinct = {row.order for row in plan_of("bortezomib").administrations}
    assert len(distinct) == len(made["pharmacist"].workings)
    assert [("prepared by (name, date)", "checked by (name, date)"), ()] == [
        made["nurse"].signatures, made["patient"].signatures]  # fmt: skip
    assert () == made["patient"].sections
    assert all(page.look == () and page.blanks for page in made["patient"].pages)


def test_every_assumption_that_is_marked_is_in_the_legend() -> None:
    root = html_of("inotuzumab", "pharmacist")
    used = {int(n) for mark in root.all("sup") for n in mark.text.removeprefix("†").split(",")}
    legend = next(s for s in sheet_of("inotuzumab", "pharmacist").sections if "†" in s.title)

    assert used <= {int(number) for number, _ in legend.lines}
    assert [str(n) for n in range(1, len(legend.lines) + 1)] == [n for n, _ in legend.lines]


def test_what_is_not_planned_says_so_in_words() -> None:
    rows = [e for e in html_of("incomplete", "nurse").all("unresolved") if e.kind == "div"]
    dose = {(row.one("label").text, row.one("dose").text) for row in rows}

    assert {("UNRESOLVED", "no dose")} == dose
    plan = plan_of("bortezomib")
    for status, word in (("held", "HELD"), ("omitted", "LEFT OUT")):
        order = attrs.evolve(plan.administrations[0].order, status=status, ordered=None,
                             because="platelets 20")  # fmt: skip
        row = attrs.evolve(plan.administrations[0], status=status, order=order)
        made = sheet.make(attrs.evolve(plan, administrations=(row,)), "nurse", label="1")
        entry = Tree(calendar_html.render(made, "a4")).open[0].one(status)
        assert (word, "no dose") == (entry.one("label").text, entry.one("dose").text)
        assert "platelets 20" in entry.text


def test_an_infusion_that_ends_on_another_day_is_told_of_there() -> None:
    plan = plan_of("bortezomib")
    row = next(r for r in plan.administrations if r.order.drug == "methotrexate")
    row = attrs.evolve(row, end=row.start + timedelta(hours=24))
    made = sheet.make(attrs.evolve(plan, administrations=(row,)), "nurse", label=row.cycle)
    days = [day for week in made.pages[0].weeks for day in week.days]
    there = next(n for n, day in enumerate(days) if day.entries)

    assert "24\N{NO-BREAK SPACE}h" in days[there].entries[0].when
    assert "methotrexate runs until 10:00" == days[there + 1].notices[-1].text


def test_weeks_begin_as_the_policy_says_and_holidays_are_marked() -> None:
    plan = plan_of("bortezomib")
    before = sheet.make(plan, "nurse", label="1")
    plan = attrs.evolve(plan, week_starts="Sunday", holidays=((date(2026, 3, 16), "A feast"),))
    made = sheet.make(plan, "nurse", label="1")
    days = [day for week in made.pages[0].weeks for day in week.days]
    entries = [e for page in before.pages for w in page.weeks for d in w.days for e in d.entries]

    assert {"Sun"} == {week.days[0].date[:3] for week in made.pages[0].weeks}
    assert {"Mon"} == {week.days[0].date[:3] for week in before.pages[0].weeks}
    assert ["2026-03-16"] == [
        d.date[4:] for d in days if [n.text for n in d.notices] == ["A feast"]
    ]
    assert entries == [entry for day in days for entry in day.entries]
    assert "see cycle 2" == days[-1].number


def test_the_spanish_page_says_that_nobody_has_reviewed_it() -> None:
    printed = sheet_of("bortezomib", "patient", "es")

    assert "TRADUCCIÓN NO REVISADA" in printed.banners
    assert set(texts.EN) == set(texts.ES) and set(texts.STAFF) == set(texts.EN)
    blanks = {key: re.findall(r"\{\w+\}", said) for key, said in texts.EN.items()}
    assert blanks == {key: re.findall(r"\{\w+\}", said) for key, said in texts.ES.items()}


#: Signs that are misread: ISMP's list of error-prone abbreviations and designations.
MISREAD = {
    "a naked point": r"(?<![0-9])\.[0-9]",
    "a trailing zero": r"(?<![0-9.:,-])[0-9]+\.0(?![0-9.])\s*(?:mg|g|mcg|units)",
    "U or IU": r"[0-9]\s*I?U\b",
    "micrograms by a Greek letter": "[\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]g",
    "a unit that can be torn off": r"[0-9] (?:mg|mcg|units|g)\b",
}


@pytest.mark.parametrize("audience", sheet.AUDIENCES)
@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("fault", MISREAD)
def test_nothing_is_printed_that_is_known_to_be_misread(
    name: str, audience: str, fault: str
) -> None:
    made = sheet_of(name, audience)
    entries = [e for p in made.pages for e in (
        *(e for d in (*p.days, *(d for w in p.weeks for d in w.days)) for e in d.entries),
        *(bar.entry for bar in (*p.spans, *(b for w in p.weeks for b in w.bars))))]  # fmt: skip
    shown = {text for e in entries for text in (e.dose, e.when, *e.lines)}

    assert [] == [text for text in shown if re.search(MISREAD[fault], text)]


# -- the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_the_same_bytes_twice_and_in_two_processes(run: Run, tmp_path: Path, ending: str) -> None:
    names = [tmp_path / f"{n}.{ending}" for n in range(3)]
    call = ["calendar", *COURSES["bortezomib"], "--cycle", "1", "--output"]
    for name in names[:2]:
        assert run(*call, str(name)).code in {0, 4}
    code = "import sys; from protoplan.cli import main; main(sys.argv[1:])"
    subprocess.run([sys.executable, "-c", code, *call, str(names[2])], check=False, cwd=ROOT)

    assert 1 == len({name.read_bytes() for name in names})


def test_an_ending_decides_and_another_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("calendar", *COURSES["bortezomib"], "--output", str(tmp_path / "a.docx"))

    assert 2 == ran.code
    assert "ends in .html or .pdf" in ran.err
    assert [] == list(tmp_path.iterdir())


def test_the_code_is_that_of_the_plan(run: Run, tmp_path: Path) -> None:
    for name, course in COURSES.items():
        code = run("plan", *course).code
        assert code == run("calendar", *course, "-o", str(tmp_path / f"{name}.html")).code


def test_an_existing_file_is_left_alone_without_force(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    out.write_text("old")
    call = ["calendar", *COURSES["inotuzumab"], "--output", str(out)]

    assert 1 == run(*call).code and "old" == out.read_text()
    assert 0 == run(*call, "--force").code and out.read_text().startswith("<!DOCTYPE html>")
    assert 0o600 == out.stat().st_mode & 0o777


def test_a_patient_gets_nothing_while_a_dose_is_not_decided(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    call = ["calendar", *COURSES["incomplete"], "--for", "patient", "--output", str(out)]

    ran = run(*call)
    assert (5, False) == (ran.code, out.exists())
    assert "is not written for a patient" in ran.err and "rituximab is not decided" in ran.err
    # A cycle in which nothing is open may be given out.
    assert (5, True) == (run(*call, "--cycle", "M1").code, out.exists())
    assert 5 == run(*call, "--draft", "--force").code
    assert all(section.one("banner").text == "DRAFT · not for use"
               for section in Tree(out.read_text("utf-8")).open[0].all("sheet"))  # fmt: skip


def test_a_patient_gets_nothing_under_a_stop(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    ran = run("calendar", *COURSES["bortezomib"], "--for", "patient", "--output", str(out))

    assert (4, False) == (ran.code, out.exists())
    assert "leucovorin" in ran.err


def test_another_language_is_of_the_patients_page_alone(run: Run, tmp_path: Path) -> None:
    ran = run(
        "calendar", *COURSES["bortezomib"], "--language", "es", "-o", str(tmp_path / "a.html")
    )

    assert 2 == ran.code


def test_without_the_extra_the_message_says_how_to_install_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)

    ran = run("calendar", *COURSES["bortezomib"], "--output", str(tmp_path / "a.pdf"))

    assert 1 == ran.code
    assert "pip install 'protoplan[pdf]'" in ran.err
