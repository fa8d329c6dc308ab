"""Entries of the record: each is known by one word, and says one thing that happened."""

from datetime import date, time
from typing import Any

import pytest
from tests.written import START, line, said, value

from protoplan.model import record as model
from protoplan.model.record import Entry
from protoplan.quantity import parse
from protoplan.reading.record import dose_id, entry, sha256, toxicity, version_id, yes
from protoplan.reading.shapes import Shape

DAY = date(2026, 3, 2)
DOSE = "1.d2.vincristine.IV.1"
HASH = "0123456789abcdef" * 4

# -- single values ---------------------------------------------------------------------------------

MEANT = [
    (dose_id, DOSE, DOSE),
    (dose_id, "C1.2.d-1.methotrexate.IT.10", "C1.2.d-1.methotrexate.IT.10"),
    (yes, "true", True),
    (sha256, HASH, HASH),
    (version_id, "hyper-cvad@1.1.0", "hyper-cvad@1.1.0"),
    (version_id, f"{'n' * 80}@{'1' * 40}", f"{'n' * 80}@{'1' * 40}"),
    (toxicity, "neuropathy", "neuropathy"),
    (toxicity, "peripheral  sensory neuropathy", "peripheral_sensory_neuropathy"),
]


@pytest.mark.parametrize(("shape", "written", "meant"), MEANT)
def test_what_is_written_means_one_thing(shape: Shape[Any], written: str, meant: object) -> None:
    assert meant == value(shape, written)


NO_DOSE = (
    "is not the id of a dose; expected cycle, day, drug, route and number, such as "
    "1.d2.vincristine.IV.1"
)
NO_HASH = "is not a sha256 of 64 digits and letters"
NO_VERSION = "is not a protocol with its version; expected such as hyper-cvad-bortezomib@1.1.0"

REFUSED: list[tuple[Shape[Any], str, str, str]] = [
    (dose_id, "1.d0.vincristine.IV.1", "PP205", f"'1.d0.vincristine.IV.1' {NO_DOSE}"),
    (dose_id, f"{DOSE} x", "PP205", f"'{DOSE} x' {NO_DOSE}"),
    (yes, "false", "PP209", "a record states what happened; take out what did not"),
    (sha256, HASH[1:], "PP205", f"'{HASH[1:]}' {NO_HASH}"),
    (sha256, HASH.upper(), "PP205", f"'{HASH.upper()}' {NO_HASH}"),
    (version_id, "hyper-cvad", "PP205", f"'hyper-cvad' {NO_VERSION}"),
    (version_id, "a@1 0", "PP205", f"'a@1 0' {NO_VERSION}"),
    (version_id, f"{'n' * 81}@1", "PP205", f"'{'n' * 81}@1' {NO_VERSION}"),
    (version_id, f"a@{'1' * 41}", "PP205", f"'a@{'1' * 41}' {NO_VERSION}"),
]


@pytest.mark.parametrize(("shape", "written", "code", "message"), REFUSED)
def test_what_is_written_amiss_is_refused_in_whole_words(
    shape: Shape[Any], written: str, code: str, message: str
) -> None:
    assert line(code, message) == said(shape, written)


@pytest.mark.parametrize("shape", [dose_id, yes, sha256, version_id, toxicity])
def test_where_one_value_must_stand_a_list_is_refused(shape: Shape[Any]) -> None:
    assert line("PP203", "one value was expected, a list was found") == said(shape, "[true]")


def test_a_toxicity_is_looked_up_where_it_stands() -> None:
    """A blank may stand for the line between its words."""
    known = ("sensory_neuropathy", "sepsis")
    message = "toxicity 'sensory_neuropaty' is not known"

    assert line("PP303", message, "did you mean 'sensory_neuropathy'?") == said(
        toxicity, "sensory neuropaty", toxicity=known
    )
    assert line("PP303", message, "did you mean 'sensory_neuropathy'?", column=12) == said(
        entry, "{toxicity: sensory neuropaty, date: 2026-03-02, grade: 2}", toxicity=known
    )


# -- entries ---------------------------------------------------------------------------------------

ENTRIES: list[tuple[str, Entry]] = [
    (f"protocol: made-up@1.0.0, sha256: {HASH}, fragments: {{backbone: {HASH}}}",
     model.Pin(date=DAY, protocol="made-up@1.0.0", sha256=HASH, fragments=(("backbone", HASH),),
               at=START)),
    ("started: true, cycle: 4N", model.Started(date=DAY, cycle="4N", at=START)),
    (f"given: {DOSE}, amount: 2 mg",
     model.Given(date=DAY, dose=DOSE, amount=parse("2 mg"), time=None, rate=None, bsa=None,
                 weight=None, at=START)),
    (f"given: {DOSE}, amount: 2 mg, time: 08:30, rate: 1 mg/h, bsa: 1.8 m2, weight: 150 lb",
     model.Given(date=DAY, dose=DOSE, amount=parse("2 mg"), time=time(8, 30),
                 rate=parse("1 mg/h"), bsa=parse("1.8 m2"), weight=parse("150 lb"), at=START)),
    (f"begun: {DOSE}", model.Begun(date=DAY, dose=DOSE, time=None, at=START)),
    *((f"{how}: {DOSE}, reason: fever",
       model.NotGiven(date=DAY, dose=DOSE, how=how, reason="fever", at=START))
      for how in ("held", "missed", "refused")),
    ("delayed: 2, to: 2026-03-02, reason: fever",
     model.Delayed(date=DAY, what="2", to=DAY, reason="fever", at=START)),
    ("stopped: vincristine, reason: ileus",
     model.Stopped(date=DAY, drug="vincristine", route=None, reason="ileus", at=START)),
    ("moved_on: transplant, reason: donor found",
     model.MovedOn(date=DAY, to="transplant", reason="donor found", at=START)),
    (f"interrupted: {DOSE}, reason: line, delivered: 1 mg",
     model.Interrupted(date=DAY, dose=DOSE, time=None, delivered=parse("1 mg"), reason="line",
                       at=START)),
    (f"resumed: {DOSE}, time: 23:59",
     model.Resumed(date=DAY, dose=DOSE, time=time(23, 59), at=START)),
    ("toxicity: sensory neuropathy, grade: 0",
     model.Toxicity(date=DAY, name="sensory_neuropathy", grade=0, related_to=None, outcome=None,
                    at=START)),
    ("response: relapse", model.Response(date=DAY, remission="relapse", mrd=None, at=START)),
    ("mrd: negative", model.Response(date=DAY, remission=None, mrd="negative", at=START)),
    ("response: relapse, mrd: positive",
     model.Response(date=DAY, remission="relapse", mrd="positive", at=START)),
    ("transplant_on: 2026-05-01",
     model.Transplant(date=DAY, on=date(2026, 5, 1), at=START)),
    ("revised: labs", model.Revised(date=DAY, what="labs", at=START)),
]  # fmt: skip


@pytest.mark.parametrize(("written", "happened"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_an_entry_says_what_happened(written: str, happened: Entry) -> None:
    found = value(entry, f"{{date: 2026-03-02, {written}}}")

    assert (happened, START) == (found, found.at)


@pytest.mark.parametrize("how", ["held", "missed", "refused"])
def test_a_dose_is_not_given_for_a_reason(how: str) -> None:
    assert line("PP202", "entry of the record lacks the key 'reason'") == said(
        entry, f"{{date: 2026-03-02, {how}: {DOSE}}}"
    )
    assert line("PP202", "entry of the record lacks the key 'date'") == said(
        entry, f"{{reason: fever, {how}: {DOSE}}}"
    )
    assert line("PP205", f"'today' {NO_DOSE}", column=len(how) + 4) == said(
        entry, f"{{{how}: today, date: 2026-03-02, reason: fever}}"
    )


def test_a_dose_is_not_put_off_to_the_past() -> None:
    message = "entry of the record is put off to a day before its own date"

    assert line("PP209", message) == said(
        entry, "{date: 2026-03-02, delayed: 2, to: 2026-03-01, reason: fever}"
    )


ONE_THING = "an entry says one thing; this one says"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (f"given: {DOSE}, missed: {DOSE}", "given and missed"),
        (f"missed: {DOSE}, mrd: negative, given: {DOSE}, response: relapse",
         "missed and response and given"),
    ],
)  # fmt: skip
def test_an_entry_says_one_thing(written: str, told: str) -> None:
    assert line("PP209", f"{ONE_THING} {told}", "write an entry for each") == said(
        entry, f"{{date: 2026-03-02, {written}}}"
    )


KNOWN = (
    "protocol, started, given, begun, held, missed, refused, delayed, stopped, moved_on, "
    "interrupted, resumed, toxicity, response, transplant_on, revised"
)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("{}", f"known: {KNOWN}"),
        ("{date: 2026-03-02}", f"known: {KNOWN}"),
        ("{date: 2026-03-02, dose: x}", f"known: {KNOWN}"),
        ("{date: 2026-03-02, dose: x, givn: y, hold: z}", "did you mean 'given'?"),
    ],
)
def test_an_entry_says_what_happened_or_is_refused(written: str, hint: str) -> None:
    message = "an entry of the record does not say what happened"

    assert line("PP202", message, hint) == said(entry, written)


def test_an_entry_is_a_mapping() -> None:
    assert line("PP203", "a mapping was expected, one value was found") == said(entry, "given")
