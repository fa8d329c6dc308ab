"""What becomes of a harmed file: a problem with a place, an unchanged plan, or one that moved and is told."""

import json
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
from tests.corpus.harms import Harm, anatomy
from tests.corpus.patients import OPTIONS, treatment
from tests.corpus.told import untold

from protoplan import api, files, library
from protoplan.comparing import plans, protocols
from protoplan.model.outline import Outline
from protoplan.model.plan import Plan
from protoplan.model.protocol import Protocol
from protoplan.problems import PROBLEMS, Faulty, Problem
from protoplan.reading.planned import outline_of
from protoplan.rendering import difference_json, differences
from protoplan.rendering.plan_json import as_data

ROOT = Path(__file__).parents[2]
PROBLEM, UNCHANGED, MOVED, WRONG = "problem", "unchanged", "moved", "WRONG"
#: What a protocol says of itself, which lays it out and counts; the plan is looked at besides.
EXPECTED = {"PP308", "PP313"}
#: Keys under which there is a figure that makes a plan, as against those of the file's own test.
SECTIONS = {"components", "kinds", "phases", "rules", "caps"}


@attrs.frozen
class Verdict:
    """What became of one harmed file.

    Attributes:
        ends: ``problem``, ``unchanged``, ``moved`` or ``WRONG``.
        behind: Where the file's own expectations alone make it a problem: what the plan would be.
        said: What is wrong; else the first problem, or what moved.
        seconds: Of computing, until the file was read and checked.
        silent: A figure of a protocol is another, and neither a problem nor the protocol's own diff
            says so.
    """

    ends: str
    behind: str
    said: str
    seconds: float
    silent: bool = False


@attrs.frozen
class Made:
    """A plan in the forms in which two are compared."""

    plan: Plan
    data: dict[str, Any]
    outline: Outline


def made(plan: Plan) -> Made:
    data = as_data(plan)
    return Made(plan, _placeless(data), outline_of(data, "plan"))


_PLACE = re.compile(r"^[^ ]*\.yaml:[0-9]+:[0-9]+$")


def _placeless(value: Any) -> Any:
    """A plan without what is known to change with any byte of a file: hashes and places."""
    if isinstance(value, dict):
        return {key: _placeless(part) for key, part in value.items() if key not in ("sha256", "at")}
    if isinstance(value, list):
        return [_placeless(part) for part in value]
    return "" if isinstance(value, str) and _PLACE.match(value) else value


@attrs.frozen
class Subject:
    """One shipped file, and how a plan is made with it.

    Attributes:
        path: The shipped file.
        check: Every problem of the harmed file, which stands at its place in the folder.
        plan: The plan with it; its own expectations are not asked.
        place: The file in the folder.
        protocol: The model of a protocol, for the diff of protocols.
    """

    path: Path
    place: str
    check: Callable[[Path], list[Problem]]
    plan: Callable[[Path], Plan]
    protocol: Callable[[Path], Protocol] | None = None


def _patient(text: str) -> Any:
    return api.load_text(text, "t.yaml")[1]


def of_protocol(name: str) -> Subject:
    """A protocol with its complete treatment."""
    place = f"{name}.yaml"

    def read(folder: Path) -> Protocol:
        kind, model = files.load(library.Found(folder / place, place))
        return files.whole(files.of_kind("protocol", (kind, model), model.at), folder / place)

    def plan(folder: Path) -> Plan:
        protocol = read(folder)
        problems = files.check_protocol(protocol, expectations=False)
        if problems:
            raise Faulty(problems)
        return api.plan_treatment(_patient(treatment(name)), protocol, beside=folder)

    path = library.shipped("protocol", name).path
    return Subject(path, place, lambda folder: api.check_file(folder / place, place), plan, read)


def of_fragment(name: str, protocol: str) -> Subject:
    """A fragment in the folder beside a protocol that includes it."""
    place = f"fragments/{name}.yaml"
    whole = of_protocol(protocol)

    def laid(folder: Path) -> Path:
        (folder / whole.place).write_bytes(whole.path.read_bytes())
        for other in (library.root() / "protocols/fragments").glob("*.yaml"):
            if other.stem != name:
                (folder / "fragments" / other.name).write_bytes(other.read_bytes())
        return folder

    def check(folder: Path) -> list[Problem]:
        return api.check_file(folder / place, place) or whole.check(laid(folder))

    path = library.root() / "protocols" / place
    return Subject(path, place, check, lambda folder: whole.plan(laid(folder)), whole.protocol)


def of_drug(name: str, protocol: str) -> Subject:
    """An entry of the formulary under a protocol that gives the drug."""
    place = f"{name}.yaml"
    shipped = files.drug

    def plan(folder: Path) -> Plan:
        _, entry = files.load(library.Found(folder / place, place), {})
        with mock.patch.object(files, "drug", lambda n: entry if n == name else shipped(n)):
            return api.plan_treatment(_patient(treatment(protocol)))

    path = library.shipped("formulary", name).path
    return Subject(path, place, lambda folder: api.check_file(folder / place, place), plan)


def of_policy(name: str, protocol: str) -> Subject:
    """A policy by its path."""
    place = f"{name}.yaml"

    def plan(folder: Path) -> Plan:
        text = treatment(protocol, policy=f"./{place}")
        return api.plan_treatment(_patient(text), beside=folder)

    path = library.shipped("policy", name).path
    return Subject(path, place, lambda folder: api.check_file(folder / place, place), plan)


def of_treatment(name: str) -> Subject:
    """A treatment file, planned as it stands."""
    place = f"{name}.yaml"

    def plan(folder: Path) -> Plan:
        _, model = files.load(library.Found(folder / place, place))
        return api.plan_treatment(model, beside=folder)

    path = library.root() / "examples" / place
    return Subject(path, place, lambda folder: api.check_file(folder / place, place), plan)


@cache
def subjects() -> tuple[Subject, ...]:
    """Every shipped protocol and fragment; of the other kinds of file those that plans hang on most."""
    found = [of_protocol(name) for name in OPTIONS]
    found += [
        of_fragment("hyper-cvad", "hyper-cvad"),
        of_fragment("mini-hyper-cvd", "mini-hyper-cvd-venetoclax"),
        of_fragment("pomp", "pomp"),
        of_drug("vincristine", "hyper-cvad"),
        of_drug("methotrexate", "hyper-cvad"),
        of_drug("inotuzumab-ozogamicin", "inotuzumab-ozogamicin"),
        of_policy("default", "hyper-cvad"),
        of_treatment("sample-a"),
        of_treatment("sample-a-record"),
    ]
    return tuple(found)


class Court:
    """Judges harmed files of one subject in a folder of its own."""

    def __init__(self, subject: Subject, folder: Path) -> None:
        self.subject = subject
        self.folder = folder
        self.file = folder / subject.place
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.write(anatomy(subject.path).text)
        problems = subject.check(folder)
        assert not problems, [str(problem) for problem in problems]
        self.whole = made(subject.plan(folder))
        assert self.whole.plan.complete, "the sample treatment lacks something"
        self.protocol = subject.protocol and subject.protocol(folder)

    def write(self, text: str) -> None:
        self.file.write_bytes(text.encode())

    def verdict(self, harm: Harm) -> Verdict:
        """What becomes of a harmed file; whatever else it does is in ``said``."""
        self.write(harm.text)
        begin = time.process_time()
        try:
            problems = self.subject.check(self.folder)
            seconds = time.process_time() - begin
            misplaced = [problem for problem in problems if not self._placed(problem, harm.text)]
            if misplaced:
                return Verdict(WRONG, "", f"a problem without a place: {misplaced[0]}", seconds)
            if problems and not {problem.code for problem in problems} <= EXPECTED:
                return Verdict(PROBLEM, "", str(problems[0]), seconds)
            ends, said = self._planned(harm)
            silent = ends != PROBLEM and not problems and self._silent(harm)
        except Exception as wrong:  # noqa: BLE001  a traceback is what must never be
            seconds = time.process_time() - begin
            return Verdict(WRONG, "", f"{type(wrong).__name__}: {wrong}", seconds)
        if ends == WRONG:
            return Verdict(WRONG, "", said, seconds)
        if problems:
            return Verdict(PROBLEM, ends, str(problems[0]), seconds)
        return Verdict(ends, "", said, seconds, silent)

    def _placed(self, problem: Problem, text: str) -> bool:
        """Whether a problem names a line that the file has."""
        at = problem.at
        if problem.code not in PROBLEMS or at.line < 1 or at.column < 1:
            return False
        lines = text.splitlines() or [""]
        inside = at.line <= len(lines) + 1
        return at.path != self.subject.place or inside

    def _planned(self, harm: Harm) -> tuple[str, str]:
        """How the plan stands to the shipped one, and what is wrong with what is told of it."""
        try:
            now = made(self.subject.plan(self.folder))
        except Faulty as wrong:
            misplaced = [p for p in wrong.problems if not self._placed(p, harm.text)]
            if misplaced:
                return WRONG, f"a problem without a place: {misplaced[0]}"
            return PROBLEM, str(wrong.problems[0])
        before = self.whole
        if before.plan.as_of != now.plan.as_of:
            # As `protoplan diff` does: both as of the earlier day.
            return MOVED, "the day of the plan"
        found = plans.compare(before.outline, now.outline, ("shipped", "harmed"))
        told = json.loads(difference_json.render(found))
        if before.data == now.data:
            lines = [key for key in DOSES if told[key]]
            return (WRONG, f"nothing changed, and {lines} are told") if lines else (UNCHANGED, "")
        wrong_lines = list(untold(before.data, now.data, told))
        if wrong_lines:
            return WRONG, "; ".join(wrong_lines[:3])
        if found.same:
            return WRONG, "the plan is another, and no line says so"
        text = differences.render(found)
        names = {row["name"] for key in DOSES for row in told.get(key, ()) if "name" in row}
        missing = sorted(name for name in names if name not in text)
        if missing:
            return WRONG, f"the printed difference does not name {missing}"
        return MOVED, ", ".join(key for key in ALL if told[key])

    def _silent(self, harm: Harm) -> bool:
        """Whether a figure is another, of which the protocol's own diff says nothing."""
        if self.protocol is None or self.subject.protocol is None:
            return False
        now = self.subject.protocol(self.folder)
        named = ("shipped", "harmed")
        names = {**files.names_of(self.protocol), **files.names_of(now)}
        told = protocols.compare(self.protocol, now, named, names)
        return told.same and bool(SECTIONS & set(harm.keys))


#: What a difference tells of doses and days.
DOSES = ("moves", "timings", "doses", "statuses", "new", "gone", "totals", "cycles")
ALL = (*DOSES, "stated", "told", "carried", "remarks")


def judged(
    subject: Subject, chosen: Iterator[Harm], folder: Path
) -> Iterator[tuple[Harm, Verdict]]:
    """The verdict on each harmed file; the folder is made when there is one."""
    court = None
    for harm in chosen:
        court = court or Court(subject, folder)
        yield harm, court.verdict(harm)
