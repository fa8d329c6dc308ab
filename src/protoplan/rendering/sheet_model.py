"""What is printed, page by page: texts alone, which HTML and PDF lay out and never change."""

import attrs


@attrs.frozen
class Entry:
    """One dose on one day, or day after day.

    Attributes:
        status: Of the administration, such as ``planned`` or ``held``.
        label: The word for a status that is not ``planned``; empty for that.
        when: Times, or how often, or from when to when.
        mark: A dagger with the numbers of what is assumed; empty for nothing.
        route: Spelled out.
        alert: The route is one that must not be mistaken.
        lines: Working, tablets, window and what else is to be told, in order.
    """

    status: str
    label: str
    when: str
    drug: str
    mark: str
    dose: str
    route: str
    alert: bool
    lines: tuple[str, ...]


@attrs.frozen
class Bar:
    """An entry that runs over several days of a week.

    Attributes:
        first: The first column of the week it covers, from 0.
        last: The last one.
        days: Its days of this week, and how many doses they hold.
        before: It began before this week.
        after: It goes on after it.
    """

    first: int
    last: int
    days: str
    before: bool
    after: bool
    entry: Entry


@attrs.frozen
class Notice:
    """What is to be done or known on a day, without a dose.

    Attributes:
        kind: ``do``, ``check``, ``runs`` or ``holiday``.
    """

    kind: str
    text: str


@attrs.frozen
class Day:
    """A day of the calendar.

    Attributes:
        number: The day of the cycle; for a day outside it, where to look.
        inside: It belongs to the cycle of the page.
    """

    date: str
    number: str
    weekend: bool
    inside: bool
    notices: tuple[Notice, ...]
    entries: tuple[Entry, ...]


@attrs.frozen
class Week:
    """Seven days."""

    title: str
    days: tuple[Day, ...]
    bars: tuple[Bar, ...]
    nothing: str


@attrs.frozen
class Look:
    """A line of the box of what a person must look at.

    Attributes:
        severity: ``stop``, ``warning``, ``note`` or ``incomplete``.
    """

    severity: str
    text: str


@attrs.frozen
class OpenEnded:
    """An item whose days no one can know beforehand."""

    text: str
    lines: tuple[str, ...]


@attrs.frozen
class Page:
    """One cycle.

    Attributes:
        heading: Names and texts of the lines under the title.
        look: The box of findings.
        before: Days with something to do before the first week that is drawn.
        weeks: The calendar; empty on a patient's page.
        spans: A patient's courses of many days.
        days: A patient's days with treatment.
        remark: What is said instead of a calendar that has nothing in it.
        blanks: Titles with lines to be filled in by hand.
    """

    title: str
    heading: tuple[tuple[str, str], ...]
    look: tuple[Look, ...]
    before: tuple[Day, ...]
    weeks: tuple[Week, ...]
    spans: tuple[Bar, ...]
    days: tuple[Day, ...]
    remark: str
    open_items: tuple[OpenEnded, ...]
    blanks: tuple[tuple[str, tuple[str, ...]], ...]


@attrs.frozen
class Section:
    """Numbered or plain lines after the pages of the cycles."""

    title: str
    lines: tuple[tuple[str, str], ...]


@attrs.frozen
class Working:
    """The working of one distinct dose: name, amount and reason of each step."""

    title: str
    given: str
    steps: tuple[tuple[str, str, str], ...]


@attrs.frozen
class Sheet:
    """Everything that is printed.

    Attributes:
        title: Of the course.
        identity: Two identifiers of the treatment.
        banners: What every page is marked with.
        footer: Revision, hash of the plan and ``verify before use``.
        signatures: What a person signs, on lines left empty.
        words: What the renderings themselves have to say, by key.
    """

    language: str
    audience: str
    title: str
    identity: str
    banners: tuple[str, ...]
    footer: str
    words: dict[str, str]
    signatures: tuple[str, ...]
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    workings: tuple[Working, ...]
