"""The sheet as one HTML file: no script, nothing from elsewhere, print CSS for A4 and Letter."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from protoplan.rendering.sheet_model import (
    Bar,
    Day,
    Entry,
    Look,
    Notice,
    Page,
    Section,
    Sheet,
    Week,
    Working,
)

PAPERS = ("a4", "letter")


def render(sheet: Sheet, paper: str) -> str:
    """The whole file.

    Args:
        sheet: What is printed.
        paper: ``a4`` or ``letter``.
    """
    style = _style(sheet, paper)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    large = ' class="large"' if sheet.audience == "patient" else ""
    body = [_page(sheet, page) for page in sheet.pages]
    if sheet.sections:
        parts = [_section(part) for part in sheet.sections]
        body.append(_sheet(sheet, _title(sheet, sheet.identity), *parts))
    if sheet.workings:
        parts = [_working(part) for part in sheet.workings]
        body.append(
            _sheet(sheet, _title(sheet, f"Working of each dose · {sheet.identity}"), *parts)
        )
    return (
        f'<!DOCTYPE html>\n<html lang="{sheet.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(f'{sheet.title} · {sheet.identity}')}</title>\n"
        f"<style>{style}</style>\n</head>\n<body{large}>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _style(sheet: Sheet, paper: str) -> str:
    """The style sheet, with what stands in the margins of every page."""
    size = {"a4": "A4", "letter": "letter"}[paper]
    turned = "portrait" if sheet.audience == "patient" else "landscape"
    words = sheet.words
    marks = " · ".join((*sheet.banners, sheet.identity))
    margins = (
        f"@page {{ size: {size} {turned}; margin: 13mm 10mm; "
        f"@top-left {{ content: {_quoted(marks)}; font: bold 8pt sans-serif; }} "
        f"@bottom-left {{ content: {_quoted(sheet.footer)}; font: 8pt sans-serif; }} "
        f"@bottom-right {{ content: {_quoted(words['page'] + ' ')} counter(page) "
        f"{_quoted(' ' + words['of'] + ' ')} counter(pages); font: 8pt sans-serif; }} }}"
    )
    return (files("protoplan.rendering") / "calendar.css").read_text("utf-8") + margins + "\n"


def _quoted(text: str) -> str:
    """A string of CSS: all but plain letters and digits by their numbers."""
    signs = (s if s.isascii() and (s.isalnum() or s == " ") else f"\\{ord(s):x} " for s in text)
    return f'"{"".join(signs)}"'


def _text(text: str) -> str:
    return escape(text, quote=True)


def _tag(name: str, content: str, kind: str = "") -> str:
    opened = f'{name} class="{kind}"' if kind else name
    return f"<{opened}>{content}</{name}>"


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


# -- pages -----------------------------------------------------------------------------------------


def _sheet(sheet: Sheet, *parts: str) -> str:
    banners = _lines(_tag("p", _text(said), "banner") for said in sheet.banners)
    foot = _tag("p", _text(sheet.footer), "run")
    return f'<section class="sheet">\n{_lines([banners, *parts, foot])}\n</section>'


def _title(sheet: Sheet, title: str) -> str:
    return _tag("p", _text(sheet.title), "course") + _tag("h1", _text(title))


def _page(sheet: Sheet, page: Page) -> str:
    facts = "".join(_tag("dt", _text(n)) + _tag("dd", _text(t)) for n, t in page.heading)
    signed = "".join(_tag("span", _text(said)) for said in sheet.signatures)
    return _sheet(
        sheet,
        _title(sheet, page.title),
        _tag("dl", facts, "facts"),
        _tag("div", signed, "sign") if signed else "",
        _look(page.look),
        _tag("p", _text(page.remark), "remark") if page.remark else "",
        _before(page),
        _lines(_week(sheet, week) for week in page.weeks),
        _spans(sheet, page),
        _days(sheet, page),
        _open(sheet, page),
        _blanks(page),
    )


def _look(looks: tuple[Look, ...]) -> str:
    items = (
        f'<li class="{look.severity}"><b>{look.severity}</b> {_text(look.text)}</li>'
        for look in looks
    )
    return f'<ul class="look">{_lines(items)}</ul>' if looks else ""


def _before(page: Page) -> str:
    """What is to be done in weeks before the first that is drawn."""
    items = (
        _tag("div", _tag("b", _text(f"{day.date} ({day.number})")) + _day(day))
        for day in page.before
    )
    return _tag("div", _lines(items), "before-all") if page.before else ""


def _week(sheet: Sheet, week: Week) -> str:
    caption = _tag("caption", _text(f"{sheet.identity} · {week.title}"))
    heads = "".join(
        f'<th scope="col"{_kind(day)}><b>{_text(day.date)}</b> {_text(day.number)}</th>'
        for day in week.days
    )
    rows = [_tag("tr", _bar_row(bar, sheet)) for bar in week.bars]
    if week.nothing:
        rows.append(f'<tr><td class="nothing" colspan="7">{_text(week.nothing)}</td></tr>')
    else:
        cells = (f"<td{_kind(day)}>{_day(day)}</td>" for day in week.days)
        rows.append(_tag("tr", "".join(cells)))
    return (f'<table class="week">{caption}<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>{_lines(rows)}</tbody></table>")  # fmt: skip


def _kind(day: Day) -> str:
    kind = "weekend" if day.inside and day.weekend else "" if day.inside else "outside"
    return f' class="{kind}"' if kind else ""


def _bar_row(bar: Bar, sheet: Sheet) -> str:
    before, after = bar.first, 6 - bar.last
    return (
        (f'<td class="void" colspan="{before}"></td>' if before else "")
        + f'<td class="void" colspan="{bar.last - bar.first + 1}">{_bar(bar, sheet)}</td>'
        + (f'<td class="void" colspan="{after}"></td>' if after else "")
    )


def _bar(bar: Bar, sheet: Sheet) -> str:
    kind = " ".join(("bar", *["before"] * bar.before, *["after"] * bar.after))
    days = f"{sheet.words['goes on'] + ' ' if bar.before else ''}{bar.days}"
    return _tag("div", _entry(bar.entry, days), kind)


def _day(day: Day) -> str:
    return _lines((*(_notice(n) for n in day.notices), *(_entry(e) for e in day.entries)))


def _notice(notice: Notice) -> str:
    return _tag("div", _text(notice.text), f"notice {notice.kind}")


def _entry(entry: Entry, days: str = "") -> str:
    mark = "<wbr>" + _tag("sup", _text(entry.mark)) if entry.mark else ""
    when = _tag("div", _text(entry.when), "when")
    route = _tag("span", _text(entry.route), "alert" if entry.alert else "route")
    label = _tag("div", _tag("span", _text(entry.label), "label")) if entry.label else ""
    parts = (
        label,
        "" if days else when,
        _tag("div", _text(entry.drug) + mark, "drug"),
        _tag("div", f"{_tag('span', _text(entry.dose), 'dose')} {route}"),
        when if days else "",
        *(_tag("div", _text(line), "more") for line in entry.lines),
        _tag("div", _text(days), "more") if days else "",
    )
    return _tag("div", "\n".join(part for part in parts if part), f"entry {entry.status}")


def _spans(sheet: Sheet, page: Page) -> str:
    if not page.spans:
        return ""
    return _tag("h2", _text(sheet.words["long"])) + _lines(_bar(bar, sheet) for bar in page.spans)


def _days(sheet: Sheet, page: Page) -> str:
    if not page.days:
        return ""
    rows = (
        f'<tr><th scope="row">{_text(day.date)}<span>{_text(day.number)}</span></th>'
        f"<td>{_day(day)}</td></tr>"
        for day in page.days
    )
    title = _tag("h2", _text(sheet.words["each day"]))
    return f'{title}<table class="days"><tbody>{_lines(rows)}</tbody></table>'


def _open(sheet: Sheet, page: Page) -> str:
    items = (
        _tag("li", _lines((_text(item.text), *(_tag("div", _text(s), "more") for s in item.lines))))
        for item in page.open_items
    )
    if not page.open_items:
        return ""
    return _tag("div", _tag("h3", _text(sheet.words["open"])) + _tag("ul", _lines(items)), "open")


def _blanks(page: Page) -> str:
    return _lines(
        _tag("h2", _text(title))
        + _lines(_tag("div", f"{_text(line)}<span></span>", "blank") for line in lines)
        for title, lines in page.blanks
    )


# -- after the cycles ------------------------------------------------------------------------------


def _section(section: Section) -> str:
    rows = (f'<tr><td class="n">{_text(n)}</td><td>{_text(t)}</td></tr>' for n, t in section.lines)
    table = f'<table class="list"><tbody>{_lines(rows)}</tbody></table>'
    return _tag("div", _tag("h2", _text(section.title)) + table, "section")


def _working(part: Working) -> str:
    rows = (
        f'<tr><td class="n">{_text(name)}</td><td class="a">{_text(amount)}</td>'
        f"<td>{_text(why)}</td></tr>"
        for name, amount, why in part.steps
    )
    head = (f'<tr><th class="n"></th><th class="a"></th><th></th></tr><tr><th colspan="3">'
            f"{_text(part.title)}<br>{_text(part.given)}</th></tr>")  # fmt: skip
    return (f'<table class="list working"><thead>{head}</thead>\n'
            f"<tbody>{_lines(rows)}</tbody></table>")  # fmt: skip
