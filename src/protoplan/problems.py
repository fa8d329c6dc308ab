"""What is wrong with a file (Problem), how grave it is (Severity), and the tables of codes."""

from collections.abc import Iterable
from enum import Enum

import attrs

from protoplan.source import Place


class Severity(Enum):
    """How grave it is.

    An ``error`` is a problem of a file: it cannot be used. The others are findings in a plan:
    ``stop`` must not be given as it stands, ``warning`` must be looked at, ``note`` is to be known.
    """

    ERROR = "error"
    STOP = "stop"
    WARNING = "warning"
    NOTE = "note"


#: A message longer than this quotes more of the file than helps.
LONGEST = 240


def _one_line(message: str) -> str:
    """A message on one line, whatever it quotes."""
    line = " ".join(message.splitlines())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


@attrs.frozen
class Problem:
    """One thing that is wrong with a file, with its place.

    Attributes:
        code: A key of ``PROBLEMS``.
        message: What was found and what was expected.
        at: Where.
        hint: The nearest good spelling or the next step, if there is one.
    """

    code: str
    message: str = attrs.field(converter=_one_line)
    at: Place
    hint: str | None = None

    def __str__(self) -> str:
        line = f"{self.at}: error: {self.message} [{self.code}]"
        return line if self.hint is None else f"{line}\n    hint: {self.hint}"


class Faulty(Exception):
    """A file cannot be used; carries every problem found in it, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(
                dict.fromkeys(problems),
                key=lambda p: (p.at.path, p.at.line, p.at.column),
            )
        )
        super().__init__("\n".join(map(str, self.problems)))


class WrongUse(Exception):
    """The command line asks for something that does not go together."""


def fault(code: str, message: str, at: Place, hint: str | None = None) -> Faulty:
    """What is raised for one problem alone."""
    return Faulty([Problem(code, message, at, hint)])


#: Codes of problems. A code is never used again for another meaning.
PROBLEMS = {
    "PP101": "the file cannot be read",
    "PP102": "the text is not YAML",
    "PP103": "a key stands twice",
    "PP104": "an anchor, an alias or a tag",
    "PP105": "more than one document, or none",
    "PP106": "too deep or too large",
    "PP107": "the format line is missing or not known",
    "PP108": "a plan whose text is not JSON",
    "PP201": "a key that is not known",
    "PP202": "a key that is missing",
    "PP203": "another shape was expected: a list, a mapping, one value",
    "PP204": "an amount that cannot be read",
    "PP205": "a word that is not in the list",
    "PP206": "a day or a range of days that cannot be",
    "PP207": "a date that cannot be",
    "PP208": "a whole number was expected",
    "PP209": "keys that do not go together",
    "PP210": "a blank that is not filled in",
    "PP301": "a source that the file does not list",
    "PP302": "a drug that the formulary does not know",
    "PP303": "a fact, lab, option or indication that is not known",
    "PP304": "a kind of cycle or a label that the protocol does not have",
    "PP305": "no source is given",
    "PP306": "a route that the formulary does not allow for the drug",
    "PP307": "a day that lies outside its cycle",
    "PP308": "an expected total or day that the protocol does not give",
    "PP309": "an amount that does not fit the drug or the option",
    "PP310": "a name that stands twice",
    "PP311": "a part of the protocol that cannot be reached",
    "PP312": "bands that leave a hole or overlap",
    "PP313": "a time that hangs on a dose which is not there",
    "PP401": "a value outside what is possible",
    "PP402": "an answer that the protocol does not offer",
    "PP404": "a protocol, policy or drug that was not found",
    "PP405": "entries of the record that contradict each other or the plan",
    "PP406": "a dose or a cycle of the record that the plan does not have",
    "PP501": "a case expects what the plan does not give",
}

#: Codes of findings.
FINDINGS = {
    "PF201": "an eligibility condition of the protocol is not met",
    "PF202": "eligibility conditions whose facts are not known",
    "PF203": "the source contradicts itself or another source",
    "PF204": "maintenance begins early",
    "PF205": "fewer doses are placed than the protocol's total",
    "PF206": "doses before the day the plan is made are not recorded",
    "PF207": "rounding moves a dose past the site's tolerance",
    "PF208": "a rounding step is coarse for the dose, or none is stated",
    "PF209": "earlier treatment is not stated, or cannot be counted",
    "PF210": "a dose was lowered to its cap, by a rule or by the prescriber",
    "PF211": "a medicine that the formulary does not know",
    "PF214": "medicines are not stated",
    "PF215": "an intrathecal dose stands, or may be moved, onto a day with a vinca alkaloid",
    "PF216": "a requirement of the protocol is not known to be met",
    "PF217": "height and weight were taken long before the start",
    "PF218": "a component that a stated fact leaves out",
    "PF219": "what a rule of the protocol or of a label says",
    "PF220": "a label rule written for something else, which changes no dose here",
    "PF221": "a rule holds a dose or leaves it out",
    "PF222": "the prescriber orders otherwise than the rules say",
    "PF223": "two rules of different cause lower one dose",
    "PF224": "a fact that a rule asks for is not stated",
    "PF226": "an azole is taken within a day of a vinca alkaloid",
    "PF227": "a drug is planned twice at one time",
    "PF228": "a printed dose outside those that its sources give",
    "PF229": "what must be given beside a dose is not planned",
    "PF230": "doses lie nearer to each other than is allowed",
    "PF231": "more of a drug than a limit allows",
    "PF232": "the record follows another version of the protocol, or names none",
    "PF233": "a cycle begins before its source allows, or later than it was due",
    "PF234": "a dose was given in another amount than ordered, or on another day",
    "PF235": "a dose was given though the plan does not give it",
    "PF236": "a dose that is held or put off, and where it may go",
    "PF237": "an infusion was interrupted",
    "PF238": "doses that fall away for what the record says",
    "PF239": "the weight changed",
    "PF240": "doses are planned after a transplant",
    "PF241": "a cycle that begins when counts have recovered",
    "PF242": "the record goes on after the day of the plan",
    "PF243": "a table that the policy did not pick leaves less of the dose",
    "PF251": "no series of bags covers an infusion without a change on a day that is left out",
    "PF252": "bags of an infusion that are left out for the weight",
    "PF253": "a bag that another source gives only from a larger weight on",
    "PF254": "an infusion is connected or ends on a day without changes of bags",
    "PF255": "no bag is changed on holidays, and the policy lists none of a year",
    "PF213": "the body surface area was capped by the site's policy",
}


#: How like a known drug a word must be to be suggested: only a slip of the pen is, because
#: vinblastine is not a vincristine misspelt.
SLIP = 0.93


def nearest(word: str, words: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word most like *word*, or None when none is like it by at least *likeness*."""
    import difflib  # only needed when something is wrong

    known = sorted(words)
    lowered = {w.lower(): w for w in known}
    if word.lower() in lowered:
        return lowered[word.lower()]
    found = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=likeness)
    return lowered[found[0]] if found else None


def did_you_mean(word: str, words: Iterable[str], likeness: float = 0.6) -> str | None:
    """A hint that names the nearest known word."""
    guess = nearest(word, words, likeness)
    return f"did you mean '{guess}'?" if guess else None
