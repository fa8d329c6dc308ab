"""A coverage-guided hunt for what no reader foresaw: any bytes end in problems with a place, or are read.

    python tests/fuzz/fuzz_readers.py --seconds 300

Needs the package ``atheris``, which the tests do without. The shipped files are where it begins; the
words of the language are what it writes into them. Each kind of file goes the way that the commands
go: read, checked, planned where it is a treatment, run where it holds cases, compared where it is a
plan as JSON. One line of JSON at the end says what came of it; the exit code is 1 where anything but
problems did. A folder given by ``--keep`` holds each input that made a crash or took too long.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

#: Seconds of computing that one input may take; instrumented code is several times as slow.
LONG = 6
LARGEST = 16_000
#: Courses of years, which take long to plan; no seed states a patient on one of them.
LENGTHY = ("mini-hyper-cvd", "pomp", "hyper-cvad")
SMALL_PLAN = """\
format: protoplan-treatment/1
id: made-up
patient: {label: made up, age: 45}
protocol: ./minimal.yaml
start: 2026-03-02
measurements:
  - {date: 2026-03-01, height: 175 cm, weight: 70 kg}
medicines: none
earlier_exposure: none
record:
  - {date: 2026-03-02, cycle: 1, started: true}
  - {date: 2026-03-02, given: 1.d1.vincristine.IV.1, amount: 2 mg}
"""
ON_FLAG = """\
format: protoplan-treatment/1
id: made-up
revision: {number: 1, date: 2026-03-02}
patient: {label: made up, birth_date: 1980-05-17, sex: female}
protocol: flag
start: 2026-03-02
as_of: 2026-03-03
options: {cycles: 2}
facts: {philadelphia: negative, ecog: 1}
measurements:
  - {date: 2026-03-01, height: 160 cm, weight: 60 kg}
labs:
  - {date: 2026-03-01, creatinine: 0.9 mg/dL, bilirubin: 0.6 mg/dL, alt: 0.8 xULN, neutrophils: 2.1 10^9/L}
medicines:
  - {drug: posaconazole, from: 2026-03-01, to: 2026-03-20}
earlier_exposure:
  - {drug: cytarabine, amount: 200 mg/m2}
prescribed:
  - {from_cycle: 2, drug: cytarabine, scale: 80 percent, reason: fever, by: treating team}
policy: default
record:
  - {date: 2026-03-02, cycle: 1, started: true}
  - {date: 2026-03-03, held: 1.d2.cytarabine.IV.1, reason: fever}
  - {date: 2026-03-03, toxicity: fever, grade: 1, related_to: cytarabine}
"""
HOSTILE = (
    "0", "-1", "1,4", "999999999", "1e9", "9999-12-31", "0000-00-00", "1-999", "-9999", "first x",
    "none", "{}", "[]", "[[]]", "''", "null", "*a", "&a b", "!!int 1", "|", ">", "? x", "- x", "9999 years",
    "0 mg", "5 MG", "999999999 mg", "0.000000001 mg", "every day", "24:00", "\N{NO-BREAK SPACE}",
    "\N{ARABIC-INDIC DIGIT THREE} mg", '"\\ud800"', '"\\e[2J"', "\u2028", "\ufeff", "x: y: z",
)  # fmt: skip


def seeds() -> list[Path]:
    """The shipped files that are small enough to be read many times a second."""
    folders = ("protocols", "protocols/fragments", "formulary", "catalogue", "policies", "examples",
               "tests/cases", "tests/problems", "tests/protocols", "tests/policies")  # fmt: skip
    found = [path for folder in folders for path in sorted((ROOT / folder).glob("*.yaml"))]
    return [path for path in found if path.stat().st_size <= LARGEST and not _long(path)]


def _long(path: Path) -> bool:
    """Whether a file states a patient on a course of years."""
    text = path.read_text("utf-8", "replace")
    return any(f"protocol: {name}" in text for name in LENGTHY)


def words() -> list[str]:
    """The words of the language: keys and values of the shipped files, and what is hostile."""
    found = {
        word
        for path in seeds()
        for word in re.findall(r"[\w./-]+", path.read_text("utf-8", "replace"))
    }
    keys = {f"{word}: " for word in found if word.isidentifier() and word.islower()}
    return sorted({word for word in found if len(word) < 32} | keys) + list(HOSTILE)


def main() -> int:
    """Hunt in a process of its own, and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--keep", type=Path, help="where inputs are kept that made a crash")
    asked.add_argument("--seed", type=int, default=1, help="another hunt")
    asked.add_argument("--replay", type=Path, nargs="+", help="read these files, and nothing else")
    asked.add_argument("--hunting", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.replay:
        for path in given.replay:
            readers(path.parent)(path.read_bytes())
        return 0
    if given.hunting:
        return hunt(given.hunting, given.seconds, given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        command = [sys.executable, str(Path(__file__)), "--hunting", str(folder)]
        command += ["--seconds", str(given.seconds), "--seed", str(given.seed)]
        ran = subprocess.run(
            command, stderr=subprocess.PIPE, text=True, errors="replace", check=False
        )
        summary = summed_up(ran.stderr, folder, time.monotonic() - begin)
    sys.stdout.write(f"{json.dumps(summary)}\n")
    if summary["runs"] == 0:
        sys.stderr.write(ran.stderr[-2000:])
    return 0 if ran.returncode == 0 and not summary["crashes"] and not summary["slow"] else 1


def summed_up(said: str, folder: Path, seconds: float) -> dict[str, Any]:
    """What the hunt came to, from what its library said and from the inputs that were kept."""
    from protoplan import __version__

    covered = re.findall(r"\bcov: (\d+) ft: (\d+)", said) or [("0", "0")]
    runs = re.findall(r"number_of_executed_units:\s+(\d+)", said) or ["0"]
    peak = re.findall(r"peak_rss_mb:\s+(\d+)", said) or ["0"]
    kept = sorted(folder.glob("crash-*.txt"))
    return {
        "version": __version__,
        "runs": int(runs[-1]),
        "edges": int(covered[-1][0]),
        "features": int(covered[-1][1]),
        "crashes": len(kept),
        "slow": len(list(folder.glob("slow-*.input"))),
        "seconds": round(seconds),
        "peak_mb": int(peak[-1]),
        "kept": [path.read_text("utf-8").splitlines()[0] for path in kept],
    }


def hunt(folder: Path, seconds: int, seed: int) -> int:
    """Hunt for so many seconds; each crash of another place is kept once, and the hunt goes on."""
    try:
        atheris: Any = import_module("atheris")
    except ImportError:
        sys.stderr.write("the hunt needs the package atheris: pip install atheris\n")
        return 2
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        begun = here / "seeds"
        begun.mkdir()
        with atheris.instrument_imports(include=["protoplan"]):
            read = readers(here)
        for number, path in enumerate(seeds()):
            (begun / f"{number:04}").write_bytes(path.read_bytes())
        (begun / "plan").write_text(plan_as_json(here), "utf-8")
        for text in (SMALL_PLAN, ON_FLAG):
            (begun / f"treatment-{len(text)}").write_text(text, "utf-8")
            read(text.encode())

        def once(data: bytes) -> None:
            watched(read, data, folder)

        arguments = [sys.argv[0], f"-max_total_time={seconds}", f"-seed={seed}", "-print_final_stats=1",
                     f"-max_len={LARGEST}", "-rss_limit_mb=1000", "-timeout=60", "-len_control=0",
                     f"-artifact_prefix={folder}/", str(begun)]  # fmt: skip
        atheris.Setup(arguments, once, custom_mutator=mutator())
        atheris.Fuzz()
    return 0


def watched(read: Callable[[bytes], None], data: bytes, folder: Path) -> None:
    """Read once; what nobody foresaw is kept, under the place where it happened."""
    begin = time.process_time()
    try:
        read(data)
    except Exception as wrong:  # noqa: BLE001  each of them is what is hunted for
        last = traceback.extract_tb(wrong.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        said = f"{type(wrong).__name__} at {place}"
        stem = f"crash-{re.sub(r'[^a-zA-Z0-9]+', '-', said)}"
        if not (folder / f"{stem}.txt").exists():
            (folder / f"{stem}.input").write_bytes(data)
            (folder / f"{stem}.txt").write_text(f"{said}\n{traceback.format_exc()}", "utf-8")
    took = time.process_time() - begin
    if took > LONG:
        (folder / f"slow-{took:.1f}-{len(data)}.input").write_bytes(data)


def readers(here: Path) -> Callable[[bytes], None]:
    """What is done with the bytes of a file; *here* is where a protocol is that treatments name."""
    from protoplan import api
    from protoplan.problems import PROBLEMS, Faulty
    from protoplan.reading.file import decode

    (here / "minimal.yaml").write_bytes((ROOT / "tests/problems/minimal.yaml").read_bytes())
    whole = plan_as_json(here)
    path = here / "file.yaml"

    def read(data: bytes) -> None:
        try:
            text = decode(data, path.name)
            if text.lstrip().startswith("{"):
                compared(whole, text)
            else:
                path.write_bytes(data)
                taken(text, path)
        except Faulty as wrong:
            for problem in wrong.problems:
                # In a plan as JSON the place is said in words, at the head of the message.
                nowhere = problem.at.line < 1 and ": " not in problem.message
                if problem.code not in PROBLEMS or nowhere or not problem.at.path:
                    raise AssertionError(f"a problem without a place: {problem}") from wrong
                str(problem).encode()
        except api.WrongUse:
            pass

    return read


def compared(whole: str, text: str) -> None:
    """Compare a plan as JSON with another, and print what differs."""
    from protoplan.comparing.plans import compare
    from protoplan.reading.planned import outline
    from protoplan.rendering import differences

    before, after = outline(whole, "plan.json"), outline(text, "file.yaml")
    differences.render(compare(before, after, ("plan.json", "file.yaml")))


def taken(text: str, path: Path) -> None:
    """Do with a file what the commands do; its plan is printed, and read back."""
    from protoplan import api
    from protoplan.problems import Faulty
    from protoplan.reading.planned import outline
    from protoplan.rendering import plan_csv, plan_json, plan_text

    kind, model = api.load_text(text, path.name)
    if kind == "treatment":
        plan = api.plan_treatment(model, beside=path.parent)
        outline(plan_json.render(plan), "plan.json")
        plan_text.render(plan)
        plan_csv.render(plan)
    elif kind == "case":
        for _ in api.run_cases(path, path.name):
            pass
    elif problems := api.check_file(path, path.name):
        raise Faulty(problems)


def plan_as_json(here: Path) -> str:
    """A small plan, as it is printed for programs."""
    from protoplan import api
    from protoplan.rendering.plan_json import render

    (here / "minimal.yaml").write_bytes((ROOT / "tests/problems/minimal.yaml").read_bytes())
    _, treatment = api.load_text(SMALL_PLAN, "treatment.yaml")
    return render(api.plan_treatment(treatment, beside=here))


def mutator() -> Callable[[bytes, int, int], bytes]:
    """Changes that keep a file's form oftener than not: words, lines and numbers before bytes."""
    known = words()

    def change(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.1:
            return bytes_changed(data, chance)[:most]
        text = data.decode("utf-8", "replace")
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            text = chance.choice((word, number, line, line, entry))(text, chance, known)
        return text.encode("utf-8", "replace")[:most]

    return change


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """A few bytes out, and a few others in their place."""
    begin = chance.randrange(len(data) + 1)
    end = min(len(data), begin + chance.choice((0, 0, 1, 1, 2, 8, 64)))
    return data[:begin] + chance.randbytes(chance.choice((0, 1, 1, 4))) + data[end:]


def word(text: str, chance: random.Random, known: list[str]) -> str:
    """One word for another."""
    return replaced(text, r"[\w./-]+", chance, lambda _: chance.choice(known))


def number(text: str, chance: random.Random, _: list[str]) -> str:
    """One number for another, or for what is none."""

    def other(old: str) -> str:
        new = (f"{old}0", f"0.{old}", f"-{old}", f"{old},5", f"{old}-{old}", str(int(old) + 1),
               "0", "999999999", chance.choice(HOSTILE))  # fmt: skip
        return chance.choice(new)

    return replaced(text, r"[0-9]{1,9}", chance, other)


def entry(text: str, chance: random.Random, known: list[str]) -> str:
    """An entry of a mapping in braces, out, doubled or with another value."""
    new = chance.choice(known)
    ways: tuple[Callable[[str], str], ...] = (
        lambda _: "",
        lambda old: f"{old} {old}",
        lambda old: f"{old.split(':')[0]}: {new},",
    )
    return replaced(text, r"[a-z_]+: [^,{}\[\]\n]*,", chance, chance.choice(ways))


def line(text: str, chance: random.Random, _: list[str]) -> str:
    """A line, or several, out, doubled, elsewhere or further in."""
    lines = text.splitlines(keepends=True) or [""]
    here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
    way = chance.randrange(5)
    if way == 0:
        del lines[here]
    elif way == 1:
        lines.insert(there, lines[here])
    elif way == 2:
        lines[here], lines[there] = lines[there], lines[here]
    elif way == 3:
        lines[here] = f"  {lines[here]}" if chance.random() < 0.5 else lines[here][2:]
    else:
        del lines[min(here, there) : max(here, there)]
    return "".join(lines)


def replaced(text: str, pattern: str, chance: random.Random, by: Callable[[str], str]) -> str:
    """The text with one of the places that match put otherwise."""
    places = list(re.finditer(pattern, text, re.ASCII))
    if not places:
        return text
    place = chance.choice(places)
    return text[: place.start()] + by(place[0]) + text[place.end() :]


if __name__ == "__main__":
    sys.exit(main())
