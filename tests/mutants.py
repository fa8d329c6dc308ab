"""Mutants of the program's functions, made by mutmut's operators and swapped in while it runs.

A mutant is a function with one small change: `<` for `<=`, a number one higher, an argument left
out. mutmut's own runner is not used. It does not change functions with a decorator (properties,
memoised ones) nor those that run on import, which make the table of units here, and it takes a
result that a test has made once and keeps for a result of the mutant.
"""

import ast
import difflib
import functools
import importlib
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

import attrs
import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, OuterFunctionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode

SOURCE = Path(__file__).parents[1] / "src"

#: Where the functions and the methods of a module stand.
Owner = str | None


@attrs.frozen
class Mutant:
    """A function with one change.

    Attributes:
        module: As it is imported.
        function: ``name`` or ``Class.name``.
        line: Of the change, in the module's file.
        was: The lines that are changed, without indentation.
        now: What they become.
        text: The whole function, changed, in its class where it has one.
    """

    module: str
    function: str
    line: int
    was: str
    now: str
    text: str = attrs.field(repr=False)

    @property
    def where(self) -> str:
        """Module and function, as the record of survivors names them."""
        return f"{self.module.removeprefix('protoplan.')}: {self.function}"

    @property
    def key(self) -> tuple[str, str, str]:
        """By which it is found again after other lines have changed."""
        return self.where, self.was, self.now

    def __str__(self) -> str:
        """The place and the change, on lines of their own."""
        return f"{self.where}, line {self.line}\n    - {self.was}\n    + {self.now}"


def _one_string(node: cst.BaseString) -> Iterator[cst.BaseString]:
    """The first of mutmut's changes of a string; capitals and small letters are told alike."""
    yield from list(operator_string(node))[:1]


OPERATORS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = tuple(
    (kind, _one_string if operator is operator_string else operator)
    for kind, operator in mutation_operators
)


class _Maker(MutationVisitor):
    """Collects the changes of a module, each with the function that it lies in."""

    def __init__(self) -> None:
        super().__init__(OPERATORS, IgnoredCode(set(), set(), set()))
        self.made: list[tuple[cst.FunctionDef, int, cst.CSTNode, cst.CSTNode]] = []

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Assert):
            return True  # it tells mypy what the reader has made sure of
        if isinstance(node, cst.FunctionDef):
            return False
        return super()._skip_node_and_children(node)

    def _create_mutations(self, node: cst.CSTNode) -> None:
        function = self.get_metadata(OuterFunctionProvider, node, None)
        if not isinstance(function, cst.FunctionDef):
            return
        line = self.get_metadata(PositionProvider, node).start.line
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                self.made += [(function, line, node, other) for other in operator(node)]


def _functions(module: cst.Module) -> Iterator[tuple[Owner, cst.FunctionDef]]:
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            yield None, statement
        elif isinstance(statement, cst.ClassDef):
            for inner in statement.body.body:
                if isinstance(inner, cst.FunctionDef):
                    yield statement.name.value, inner


def _standing_alone(owner: Owner, function: cst.FunctionDef) -> str:
    """The text of a function without its decorators, in a class of its owner's name."""
    bare = function.with_changes(decorators=[], leading_lines=[], lines_after_decorators=[])
    text = cst.Module([bare]).code
    return f"class {owner}:\n{textwrap.indent(text, '    ')}" if owner else text


def _changed(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, as one line each."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0))[2:]
    was, now = ([line[1:].strip() for line in lines if line[0] == mark] for mark in "-+")
    return " ".join(was), " ".join(now)


def path_of(module: str) -> Path:
    path = SOURCE / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def mutants_of(module: str, functions: Sequence[str] = ()) -> list[Mutant]:
    """Every mutant of a module, or of some of its functions."""
    wrapped = MetadataWrapper(cst.parse_module(path_of(module).read_text("utf-8")))
    maker = _Maker()
    wrapped.visit(maker)
    owners = {id(function): owner for owner, function in _functions(wrapped.module)}
    texts = {id(each): _standing_alone(owner, each) for owner, each in _functions(wrapped.module)}
    found = []
    for function, line, node, other in maker.made:
        owner = owners[id(function)]
        name = f"{owner}.{function.name.value}" if owner else function.name.value
        if functions and name not in functions:
            continue
        before = texts[id(function)]
        changed = function.deep_replace(node, other)
        assert isinstance(changed, cst.FunctionDef)
        after = _standing_alone(owner, changed)
        if after != before:
            was, now = _changed(before, after)
            found.append(Mutant(module, name, line, was, now, after))
    return found


def texts_of(module: str) -> dict[str, str]:
    """Every function of a module by its name."""
    tree = cst.parse_module(path_of(module).read_text("utf-8"))
    return {
        f"{owner}.{node.name.value}" if owner else node.name.value: _standing_alone(owner, node)
        for owner, node in _functions(tree)
    }


def planted(module: str, function: str, was: str, now: str) -> Mutant:
    """A mutant made by hand: *was*, which stands once in the function, becomes *now*."""
    text = texts_of(module)[function]
    assert text.count(was) == 1, f"{was} stands {text.count(was)} times in {function}"
    return Mutant(module, function, 0, was, now, text.replace(was, now))


def live(module: str, function: str) -> FunctionType | None:
    """The function itself, out of its property or its cache; None where a class has kept none."""
    space: Any = importlib.import_module(module)
    *owner, name = function.split(".")
    for part in owner:
        space = getattr(space, part)
    found: Any = vars(space).get(name)
    found = found.fget if isinstance(found, property) else found
    found = getattr(found, "__func__", found)
    found = getattr(found, "__wrapped__", found)
    return found if isinstance(found, FunctionType) else None


def _units_anew() -> None:
    quantity: Any = sys.modules["protoplan.quantity"]
    made = quantity._closed_list()
    quantity.UNITS.clear()
    quantity.UNITS.update(made)


def _questions_anew() -> None:
    conditions: Any = sys.modules["protoplan.reading.conditions"]
    conditions._TESTS.update({ask: conditions._test(ask) for ask in conditions.ASKS})


def _entries_anew() -> None:
    record: Any = sys.modules["protoplan.reading.record"]
    record.KINDS.update({how: record._not_given(how) for how in ("held", "missed", "refused")})


def _formulas_anew() -> None:
    measures: Any = sys.modules["protoplan.planning.measures"]
    for name, formula in measures.SURFACE_AREA.items():
        law = getattr(
            formula.area, "__self__", None
        )  # of those that are no power law there is none
        if law is not None:
            measures.SURFACE_AREA[name] = measures._fitted(formula.name, formula.citation, law)


#: What runs on import, and how its result is made anew.
ON_IMPORT: dict[tuple[str, str], Callable[[], None]] = {
    ("protoplan.quantity", "_closed_list"): _units_anew,
    ("protoplan.planning.measures", "_fitted"): _formulas_anew,
    ("protoplan.reading.conditions", "_test"): _questions_anew,
    ("protoplan.reading.conditions", "_rule_of"): _questions_anew,
    ("protoplan.reading.record", "_not_given"): _entries_anew,
}


def swap(module: str, function: str, text: str) -> None:
    """Put another body into a function, wherever it has been imported to.

    Raises:
        LookupError: If the module holds no such function.
    """
    target = live(module, function)
    if target is None:
        raise LookupError(f"{module} has no {function}")
    space = dict(vars(sys.modules[module]))
    exec(compile(text, str(path_of(module)), "exec"), space)  # noqa: S102 - our own text
    made: Any = functools.reduce(
        lambda held, name: vars(held)[name],
        function.split(".")[1:],
        space[function.split(".", maxsplit=1)[0]],
    )
    made = made.__func__ if isinstance(made, (classmethod, staticmethod)) else made
    target.__code__ = made.__code__
    target.__defaults__ = made.__defaults__
    target.__kwdefaults__ = made.__kwdefaults__
    if (module, function) in ON_IMPORT:
        ON_IMPORT[module, function]()


def watch(module: str, function: str, text: str, reached: set[str]) -> None:
    """Have a function add its place to *reached* whenever it is called."""
    tree = ast.parse(text)
    body = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)).body
    where = f"{module.removeprefix('protoplan.')}: {function}"
    body.insert(0, ast.parse(f"__reached__.add({where!r})").body[0])
    vars(sys.modules[module])["__reached__"] = reached
    swap(module, function, ast.unparse(ast.fix_missing_locations(tree)))


def by_module(mutants: Sequence[Mutant]) -> Counter[str]:
    return Counter(mutant.module for mutant in mutants)
