"""Makes `docs/reference/` of the code: problems, findings and commands.

``python -m tests.reference``, or `make reference`, writes the pages anew.

What a code means stands in `protoplan.problems`. What is to be said of it besides stands in a
docstring of the room that finds it, as a paragraph that begins with the code; a paragraph with a
line ``Good:`` and a line ``Bad:`` may follow it. The lines and messages below a problem are those of
its broken files in `tests/problems/`, which are run.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

import attrs
import click

from protoplan.cli import main
from protoplan.cli.shared import EXIT_CODES
from protoplan.problems import FINDINGS, PROBLEMS, Severity

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "protoplan"
BROKEN = ROOT / "tests" / "problems"
FOLDER = ROOT / "docs" / "reference"

MADE = "This page is made from the code by `make reference`; change it there."


def prose(text: str) -> str:
    """Paragraphs in lines of no more than 100 signs."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    return "\n\n".join(
        textwrap.fill(part, 100, break_long_words=False, break_on_hyphens=False)
        for part in paragraphs
    )


# -- what the docstrings say -----------------------------------------------------------------------


@attrs.frozen
class Said:
    """What one docstring says of a code.

    Attributes:
        file: The module, from `src/protoplan/` on.
        good: An example that is in order; empty where there is none.
    """

    code: str
    file: str
    text: str
    good: str = ""
    bad: str = ""


def said_in(docstring: str, file: str) -> Iterator[Said]:
    """The paragraphs of a docstring that are about codes."""
    last: Said | None = None
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(docstring)):
        headed = re.match(r"(P[PF][0-9]{3}): (.+)", paragraph, re.DOTALL)
        examples = re.fullmatch(r"Good: (.+)\nBad: (.+)", paragraph, re.DOTALL)
        if headed:
            if last is not None:
                yield last
            last = Said(headed[1], file, " ".join(headed[2].split()))
        elif examples and last is not None:
            good, bad = (" ".join(part.split()) for part in examples.groups())
            yield attrs.evolve(last, good=good, bad=bad)
            last = None
    if last is not None:
        yield last


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module of the program, by its file from `src/protoplan/` on."""
    paths = sorted(SOURCE.rglob("*.py"))
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths
    }


@cache
def said() -> Mapping[str, tuple[Said, ...]]:
    """What docstrings say, by code."""
    found: dict[str, list[Said]] = {}
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for file, tree in modules().items():
        for node in ast.walk(tree):
            text = ast.get_docstring(node) if isinstance(node, homes) else None
            for one in said_in(text or "", file):
                found.setdefault(one.code, []).append(one)
    return {code: tuple(rows) for code, rows in found.items()}


def home(one: Said) -> str:
    """A link to the module that says it."""
    return f"[`{one.file.removesuffix('.py')}`](../../src/protoplan/{one.file})"


# -- problems --------------------------------------------------------------------------------------


def shown(line: str) -> str:
    """A line of a file as it can be printed: no sign that cannot be seen, and not too long."""
    if not line:
        return "(a line on which nothing stands)"
    seen = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line.rstrip())
    return seen if len(seen) <= 100 else f"{seen[:99]}…"


def printed(code: str) -> Iterator[str]:
    """Each line of a broken file that has the problem, and what is said of it."""
    for path in sorted(BROKEN.glob(f"{code}-*.txt")):
        lines = re.split(
            "\r\n|\r|\n", path.with_suffix(".yaml").read_bytes().decode(errors="replace")
        )
        messages = re.findall(
            r"(?m)^.+:(\d+):\d+: (error: .+)((?:\n    hint: .+)?)", path.read_text()
        )
        for number, message, hint in messages:
            if message.endswith(f"[{code}]"):
                yield f"{shown(lines[int(number) - 1])}\n{shorter(message)}{shorter(hint)}\n"


def shorter(message: str) -> str:
    """A message of which long lists are cut off."""
    return message if len(message) <= 240 else f"{message[:239]}…"


def problems() -> str:
    """The page of problems."""
    head = prose(f"""
        What `protoplan check` and every other command say of a file that cannot be used, with the
        line and column. Each is an error: nothing is planned with the file until it is mended.
        {MADE}

        Below each code stand lines of broken files as they are tested, each with what is said of
        it.
    """)
    head = f"# Problems\n\n{head.strip()}\n"
    return head + "".join(_problem(code, text) for code, text in sorted(PROBLEMS.items()))


def _problem(code: str, meaning: str) -> str:
    parts = [f"\n## {code}\n\n{meaning[0].upper()}{meaning[1:]}.\n"]
    for one in said()[code]:
        example = f"\n  - good: {one.good}\n  - bad: {one.bad}" if one.good else ""
        parts.append(f"\n- {home(one)}: {one.text}{example}\n")
    examples = "\n".join(printed(code))
    return "".join(parts) + (f"\n```text\n{examples}```\n" if examples else "")


# -- findings --------------------------------------------------------------------------------------

GRAVEST_FIRST: Final = (Severity.STOP, Severity.WARNING, Severity.NOTE)


@cache
def found() -> Mapping[str, frozenset[str]]:
    """How grave each finding can be, in words, by code, as the code makes them."""
    grave: dict[str, set[str]] = {}
    for tree in modules().values():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            for node in ast.walk(function):
                match node:
                    case ast.Call(args=[ast.Constant(value=str(code)), how, *_]):
                        pass
                    case ast.Tuple(elts=[ast.Constant(value=str(code)), how, *_]):
                        pass
                    case _:
                        continue
                if re.fullmatch("PF[0-9]{3}", code):
                    grave.setdefault(code, set()).update(_gravities(how, function))
    return {code: frozenset(words) for code, words in grave.items()}


def _gravities(how: ast.expr, function: ast.FunctionDef) -> set[str]:
    """What an expression for a severity may come to."""
    named = {severity.name: severity.value for severity in Severity}
    inside = function if isinstance(how, ast.Name) else how
    words = {
        named[node.attr]
        for node in ast.walk(inside)
        if isinstance(node, ast.Attribute) and node.attr in named
    }
    return words or {"as the file says that asks for it"}


def findings() -> str:
    """The page of findings."""
    head = prose(f"""
        What a person must look at in a plan; one for each cause. A **stop** must not be given as it
        stands, and ends the command with exit code 4; a **warning** must be looked at; a **note**
        is to be known. {MADE}
    """)
    head = f"# Findings\n\n{head.strip()}\n"
    return head + "".join(_finding(code, text) for code, text in sorted(FINDINGS.items()))


def _finding(code: str, meaning: str) -> str:
    words = [severity.value for severity in GRAVEST_FIRST if severity.value in found()[code]]
    words += sorted(found()[code] - {*words})
    told = "".join(f"\n- {home(one)}: {one.text}\n" for one in said()[code])
    return f"\n## {code}\n\n{meaning[0].upper()}{meaning[1:]}. How grave: {' or '.join(words)}.\n{told}"


# -- commands --------------------------------------------------------------------------------------

#: How the code names the exit codes that only some commands have.
ENDS: Final = {"STOPPED": {4}, "INCOMPLETE": {5}, "DIFFERENT": {6}, "exit_code": {4, 5}}
EVERY: Final = (0, 1, 2, 3)


def commands() -> str:
    """The page of commands."""
    rows = "".join(f"| {code} | {meaning} |\n" for code, meaning in EXIT_CODES.items())
    head = (
        f"# Commands\n\n{_help(main)}\n\n{MADE}\n\n## Exit codes\n\n"
        f"| exit code | meaning |\n|---|---|\n{rows}\nEvery command may end with "
        f"{_listed(EVERY)}; those below it name the others with which it may end.\n"
    )
    every = [main, *(command for _, command in sorted(main.commands.items()))]
    return head + "".join(_command(command, "protoplan", 2) for command in every[1:])


def _listed(codes: tuple[int, ...]) -> str:
    return ", ".join(map(str, codes[:-1])) + f" or {codes[-1]}"


def _command(command: click.Command, above: str, level: int) -> str:
    name, usage = f"{above} {command.name}", " ".join([above, str(command.name), *_pieces(command)])
    options = [param for param in command.params if isinstance(param, click.Option)]
    rows = "".join(_option(option) for option in options)
    table = f"\n| option | what it does |\n|---|---|\n{rows}" if rows else ""
    more = sorted(ends_of(command) - {*EVERY})
    ends = f"\nIt may also end with {' or '.join(map(str, more))}.\n" if more else ""
    below = ""
    if isinstance(command, click.Group):
        below = "".join(
            _command(one, usage, level + 1) for _, one in sorted(command.commands.items())
        )
    shown_usage = f"{usage} COMMAND …" if isinstance(command, click.Group) else usage
    return f"\n{'#' * level} {name}\n\n`{shown_usage}`\n\n{_help(command)}\n{table}{ends}{below}"


def _pieces(command: click.Command) -> Iterator[str]:
    if any(isinstance(param, click.Option) for param in command.params):
        yield "[OPTIONS]"
    for param in command.params:
        if isinstance(param, click.Argument):
            name = param.metavar or str(param.name).upper()
            choices = param.type.choices if isinstance(param.type, click.Choice) else ()
            if choices and not param.metavar:
                name = "{" + "|".join(map(str, choices)) + "}"
            name = f"{name.removesuffix('...')}…" if param.nargs == -1 else name
            yield name if param.required else f"[{name}]"


def _option(option: click.Option) -> str:
    metavar = option.metavar or ""
    if isinstance(option.type, click.Choice) and not option.metavar:
        metavar = "|".join(map(str, option.type.choices))
    words = " ".join(part for part in (", ".join(option.opts), metavar) if part)
    told = [option.help or ""]
    told += ["must be stated"] if option.required else []
    told += ["may be stated again"] if option.multiple and not _once(option) else []
    told += [f"{option.default} by default"] if option.show_default else []
    cells = [f"`{words}`", "; ".join(part for part in told if part)]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _once(option: click.Option) -> bool:
    """Whether a flag is only gathered so that stating it twice can be refused."""
    from protoplan.cli import shared

    once = (*shared._QUICK, *shared._ALSO_FOR_FILES)
    return str(option.name).replace("_", "-") in {name for name, _, _ in once}


def _help(command: click.Command) -> str:
    """What a command says of itself, up to the mark after which click shows nothing."""
    text = inspect.cleandoc(command.help or "").partition("\f")[0].replace("\b\n", "")
    return prose(text)


def ends_of(command: click.Command) -> frozenset[int]:
    """The exit codes of a command beside those of every command, as its functions name them."""
    callback = inspect.unwrap(command.callback) if command.callback else None
    module = inspect.getmodule(callback)
    if callback is None or not isinstance(module, ModuleType):
        return frozenset()
    functions = {
        node.name: node
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef)
    }
    codes: set[int] = set()
    waiting, seen = [callback.__name__], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in ast.walk(functions[name]):
            word = getattr(node, "id", getattr(node, "attr", None))
            if isinstance(word, str):
                codes |= ENDS.get(word, set())
                waiting.append(word)
    return frozenset(codes)


#: Each page by its name.
PAGES: Final = {"problems.md": problems, "findings.md": findings, "commands.md": commands}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, make in PAGES.items():
        (FOLDER / file).write_text(make(), "utf-8")
