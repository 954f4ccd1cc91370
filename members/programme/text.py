"""The document as YAML: read without surprises, with the line of every value, and written back the same.

The YAML here is what people expect it to be: `on`, `no` and `12:30` are text, only `true` and `false` are
yes and no (the core schema of YAML 1.2). A key given twice and a reference to another place are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from pydantic import BaseModel

from facts.said import Said
from members.programme.problems import Loc, Problem, ProgrammeInvalid

CHARACTERS_MAX = 1_000_000
DEPTH_MAX = 30

_SCALARS = (
    ("tag:yaml.org,2002:bool", r"true|false|True|False|TRUE|FALSE", list("tTfF")),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(0|[1-9][0-9]{0,17})", list("-+0123456789")),
    ("tag:yaml.org,2002:float", r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}", list("-+0123456789")),
)


def _core(kind: Any) -> None:
    kind.yaml_implicit_resolvers = {}
    for tag, pattern, first in _SCALARS:
        kind.add_implicit_resolver(tag, re.compile(rf"(?:{pattern})\Z"), first)


class _Reader(yaml.SafeLoader):
    """The safe loader with the scalars of YAML 1.2."""


class _Writer(yaml.SafeDumper):
    """The safe dumper with the scalars of YAML 1.2; texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value out each time."""
        return True


def _write_text(writer: _Writer, text: str) -> Any:
    """Quoted with escapes where a character would otherwise count as the end of a line, or not print."""
    plain = text.isprintable()
    return cast(Any, writer).represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_core(_Reader)
_core(_Writer)
_Writer.add_representer(str, _write_text)


@dataclass(slots=True)
class Source:
    """A YAML text as plain data, with the place (line, column from 1) of every key and item in it."""

    data: object = None
    places: dict[Loc, tuple[int, int]] = field(default_factory=dict[Loc, tuple[int, int]])

    @property
    def is_mapping(self) -> bool:
        """Whether it is keys and values."""
        return isinstance(self.data, dict)

    def at(self, loc: Loc) -> Any:
        """The data at `loc`, or None."""
        here: Any = self.data
        for part in loc:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def place(self, loc: Loc) -> tuple[int, int]:
        """Where `loc` stands, or the nearest place around it."""
        for end in range(len(loc), -1, -1):
            found = self.places.get(loc[:end])
            if found:
                return found
        return (1, 1)


def read(text: str) -> Source:
    """The data in a YAML text. Refuses (`ProgrammeInvalid`) what is not YAML, with line and column."""
    if len(text) > CHARACTERS_MAX:
        raise _invalid(
            Said("the document is too long"),
            Said("keep it below {most} characters", most=f"{CHARACTERS_MAX:,}"),
            0,
            0,
        )
    loader: Any = None
    try:
        loader = _Reader(text)
        node: Any = loader.get_single_node()
        if node is None:
            raise _invalid(Said("the document is empty"), Said("begin with regulars: 1"), 1, 1)
        source = Source()
        source.data = _Walk(loader, source, set()).value(node, ())
        return source
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = Said("this is not YAML: {problem}", problem=error.problem or error.context)
        raise _invalid(said, Said("check the indentation, quotes and colons here"), line, column) from None
    except yaml.YAMLError as error:
        raise _invalid(
            Said("this is not YAML: {problem}", problem=error), Said("save the file as UTF-8 text"), 0, 0
        ) from None
    except RecursionError:
        raise _invalid(Said("the document is nested too deeply"), Said("write it flat"), 0, 0) from None
    finally:
        if loader is not None:
            loader.dispose()


def _invalid(problem: Said, remedy: Said, line: int, column: int) -> ProgrammeInvalid:
    return ProgrammeInvalid([Problem.at((), problem, remedy, line, column)])


class _Walk:
    """Turns nodes into data, noting where each stands."""

    def __init__(self, loader: Any, source: Source, seen: set[int]) -> None:
        self.loader, self.source, self.seen = loader, source, seen

    def value(self, node: Any, loc: Loc) -> Any:
        """The data of a node at `loc`."""
        self.source.places.setdefault(loc, _place(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, loc)
        if id(node) in self.seen:
            raise _refused(
                node, loc, Said("it refers to another place of the file (& and *)"), Said("write it out here")
            )
        if len(loc) > DEPTH_MAX:
            raise _refused(node, loc, Said("the document is nested too deeply"), Said("write it flat"))
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*loc, i)) for i, item in enumerate(node.value)]
        found: dict[str, Any] = {}
        for key_node, item in node.value:
            key: Any = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise _refused(key_node, loc, Said("a key must be a word"), Said("write key: value"))
            if key in found:
                raise _refused(
                    key_node,
                    (*loc, key),
                    Said("“{slug}” is there twice", slug=key),
                    Said("keep one of the two"),
                )
            self.source.places[(*loc, key)] = _place(key_node)
            found[key] = self.value(item, (*loc, key))
        return found

    def _scalar(self, node: Any, loc: Loc) -> Any:
        if node.tag not in _PLAIN:
            raise _refused(
                node,
                loc,
                Said("“{tag}” means nothing here", tag=node.tag),
                Said("use text, numbers, true or false"),
            )
        return self.loader.construct_object(node)


_PLAIN = {tag for tag, _, _ in _SCALARS} | {"tag:yaml.org,2002:str"}


def _place(node: Any) -> tuple[int, int]:
    return (node.start_mark.line + 1, node.start_mark.column + 1)


def _refused(node: Any, loc: Loc, problem: Said, remedy: Said) -> ProgrammeInvalid:
    return ProgrammeInvalid([Problem.at(loc, problem, remedy, *_place(node))])


def write(model: BaseModel) -> str:
    """A document, or a part of it, as YAML: what says nothing new is left out, `kind` always stands first."""
    return yaml.dump(plain(model), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100)


def plain(value: Any) -> Any:
    """The data of a document without its defaults, kinds kept: what `write` writes and a plan compares."""
    if isinstance(value, BaseModel):
        told = value.model_dump(mode="json", exclude_defaults=True)
        kept: dict[str, Any] = {}
        for name in type(value).model_fields:
            item = getattr(value, name)
            if name in ("kind", "slug", "regulars") or name in told:
                kept[name] = plain(item) if _deep(item) else told.get(name, item)
        return kept
    if isinstance(value, list):
        return [plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value


def _deep(item: Any) -> bool:
    return isinstance(item, BaseModel) or (
        isinstance(item, list) and bool(item) and isinstance(item[0], BaseModel)  # pyright: ignore[reportUnknownArgumentType]
    )
