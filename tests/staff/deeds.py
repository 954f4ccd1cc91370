"""The deeds that the code can write into the audit, read from its source: what reaches the `action` of `audit`.

A name is followed to the constant that it is, to what was put into it before, or, when it is a parameter, to what each
caller gives. `*` stands for what only the running code knows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[2]
AUDIT, ACTION, UNKNOWN = "members.audit.audit", "action", "*"
FIELDS = {"looked.action": ("app.frame.staff_visit.Looked", "action")}
"""Fields of what is handed on: of which class, which field."""
TYPES = {("members.actions.pinning", "fact.type"): ("PINNED", "UNPINNED")}
"""What is only known by the facts that are made in the same module: the names of their types there."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the module, and the functions around it, the innermost first."""

    module: str
    inside: tuple[Function, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """A call, where it stands, and the full name of what is called."""

    name: str
    call: ast.Call
    place: Place


def deeds() -> set[str]:
    """Every deed, as far as it is known: `badge.granted`, `*.paused`."""
    return set(_handed(AUDIT, ACTION, frozenset()))


def _handed(function: str, parameter: str, seen: frozenset[tuple[str, str]]) -> Iterator[str]:
    """What callers hand to a parameter of a function, or to a field of a class."""
    if (function, parameter) in seen:
        return
    seen |= {(function, parameter)}
    names = _parameters(function)
    default = names[parameter]
    for one in _calls().get(function, ()):
        given = {word.arg: word.value for word in one.call.keywords}.get(parameter)
        at = list(names).index(parameter)
        if given is None and at < len(one.call.args):
            given = one.call.args[at]
        if given is not None:
            yield from _values(given, one.place, seen)
        elif default is not None:
            yield from _values(default, Place(function.rpartition(".")[0]), seen)


def _values(what: ast.expr, place: Place, seen: frozenset[tuple[str, str]]) -> list[str]:
    """All texts that an expression can be."""
    match what:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            return [*_values(what.body, place, seen), *_values(what.orelse, place, seen)]
        case ast.JoinedStr():
            parts = [_values(part.value if isinstance(part, ast.FormattedValue) else part, place, seen)
                     for part in what.values]  # fmt: skip
            return ["".join(one) for one in product(*parts)]
        case ast.Call(func=ast.Attribute(value=ast.Dict() as table, attr="get"), args=[asked, other]):
            keys = [text for key in table.keys if key for text in _values(key, place, seen)]
            left = [
                text
                for text in _values(other, place, seen)
                if ast.dump(asked) != ast.dump(other) or text not in keys
            ]
            return [*(text for one in table.values for text in _values(one, place, seen)), *left]
        case ast.Name(id=name):
            return _named(name, place, seen)
        case ast.Attribute():
            return _attribute(what, place, seen)
        case _:
            return [UNKNOWN]


def _attribute(what: ast.Attribute, place: Place, seen: frozenset[tuple[str, str]]) -> list[str]:
    said = ast.unparse(what)
    if said in FIELDS:
        return list(_handed(*FIELDS[said], seen))
    if (place.module, said) in TYPES:
        return [getattr(import_module(place.module), name) for name in TYPES[place.module, said]]
    return [UNKNOWN]


def _named(name: str, place: Place, seen: frozenset[tuple[str, str]]) -> list[str]:
    for function in place.inside:
        put = [text for one in _assigned(name, function) for text in _values(one, place, seen)]
        if put:
            return put
        own = f"{place.module}.{function.name}"
        if name in _names_of(function):
            return list(_handed(own, name, seen)) or [UNKNOWN]
    value = getattr(import_module(place.module), name, UNKNOWN)
    return [str(value)] if isinstance(value, str) else [UNKNOWN]


def _assigned(name: str, function: Function) -> Iterator[ast.expr]:
    """What is put into a name within a function, by itself or in a row with others."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _put(name, target, node.value)


def _put(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.IfExp):
        yield from _put(name, target, value.body)
        yield from _put(name, target, value.orelse)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _put(name, one, other)


def _names_of(function: Function) -> dict[str, ast.expr | None]:
    given = [*function.args.posonlyargs, *function.args.args]
    missing = [None] * (len(given) - len(function.args.defaults))
    names = dict(zip((one.arg for one in given), [*missing, *function.args.defaults], strict=True))
    return names | {
        one.arg: value for one, value in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    }


@cache
def _parameters(name: str) -> dict[str, ast.expr | None]:
    """The parameters of a function, or the fields of a class, in order, with what they are when they are not given."""
    module, _, last = name.rpartition(".")
    for node in ast.walk(_modules()[module]):
        if isinstance(node, Function) and node.name == last:
            return _names_of(node)
        if isinstance(node, ast.ClassDef) and node.name == last:
            fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            return {one.target.id: one.value for one in fields if isinstance(one.target, ast.Name)}
    raise LookupError(name)


@cache
def _modules() -> dict[str, ast.Module]:
    """The shop's own modules, by name."""
    paths = [path for folder in ("app", "members", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths
    ]
    return {name: ast.parse(path.read_text()) for name, path in zip(names, paths, strict=True)}


@cache
def _calls() -> dict[str, list[Called]]:
    """All calls, by the full name of what is called."""
    found: dict[str, list[Called]] = {}
    for module, tree in _modules().items():
        known = _imported(tree) | {
            node.name: f"{module}.{node.name}"
            for node in ast.walk(tree)
            if isinstance(node, Function | ast.ClassDef)
        }
        for one in _calls_in(tree, Place(module), known):
            found.setdefault(one.name, []).append(one)
    return found


def _imported(tree: ast.Module) -> dict[str, str]:
    return {
        one.asname or one.name: f"{node.module}.{one.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }


def _calls_in(node: ast.AST, place: Place, known: dict[str, str]) -> Iterator[Called]:
    if isinstance(node, ast.Call):
        first, _, rest = ast.unparse(node.func).partition(".")
        if first in known:
            yield Called(f"{known[first]}.{rest}" if rest else known[first], node, place)
    if isinstance(node, Function):
        place = Place(place.module, (node, *place.inside))
    for child in ast.iter_child_nodes(node):
        yield from _calls_in(child, place, known)
