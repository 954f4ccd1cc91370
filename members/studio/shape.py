"""What a criterion is made of, read off the dataclasses of `facts.criteria`: each field with the box it needs.

A new kind of criterion, a new filter or a new window is in the form as soon as its dataclass has it; a field of a type
that no box can hold is an error here, which a test meets.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from facts.criteria import KINDS, Criterion, Field, Filter
from facts.criteria.filters import Path
from facts.criteria.windows import Window
from facts.parts import Money


class Box(StrEnum):
    """What a field is filled in with. The last four hold boxes themselves."""

    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    TICKS = "ticks"
    LIST = "list"
    HOURS = "hours"
    FILTER = "filter"
    WINDOW = "window"
    FIELDS = "fields"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Shape:
    """A field: its box, what can be chosen, its bounds, and what it is when nobody says (`needed`: nothing)."""

    name: str
    box: Box
    options: tuple[str, ...] = ()
    default: str = ""
    needed: bool = False
    least: int | None = None
    most: int | None = None


@cache
def shapes(kind: type) -> tuple[Shape, ...]:
    """The fields of a criterion, a filter or a window, its `kind` left out, in the order of the dataclass."""
    hints = get_type_hints(kind, include_extras=True)
    found: list[Shape] = []
    for one in fields(cast(Any, kind)):
        if one.name != "kind":
            needed = one.default is MISSING and one.default_factory is MISSING
            default = "" if needed or not isinstance(one.default, str | int) else str(one.default)
            found.append(_shape(one.name, hints[one.name], default, needed))
    return tuple(found)


def kind_of(one: type) -> str:
    """What a criterion or a window is called in the document."""
    return str(get_args(get_type_hints(one)["kind"])[0])


def _shape(name: str, hint: Any, default: str, needed: bool) -> Shape:
    least, most = _bounds(hint)
    if hint == Money:
        return Shape(name, Box.MONEY, (), default, needed)
    hint = _bare(hint)
    if get_origin(hint) is Literal:
        return Shape(name, Box.CHOICE, get_args(hint), default, needed)
    box, options = _plain(hint)
    return Shape(name, box, options, default, needed, least, most)


def _plain(hint: Any) -> tuple[Box, tuple[str, ...]]:
    """The box of a type, and what can be ticked in it."""
    simple = {int: Box.NUMBER, str: Box.TEXT, date: Box.DATE, Filter: Box.FILTER}
    if hint in simple:
        return simple[hint], ()
    if hint == Window:
        return Box.WINDOW, ()
    if get_origin(hint) in (Union, UnionType):  # something or nothing
        return _plain(next(one for one in get_args(hint) if one is not type(None)))
    if get_origin(hint) is tuple:
        return _several(get_args(hint))
    raise TypeError(f"no box of the studio holds {hint}")


def _several(items: tuple[Any, ...]) -> tuple[Box, tuple[str, ...]]:
    first = items[0]
    if items == (int, int):
        return Box.HOURS, ()
    if get_origin(first) is Literal:
        return Box.TICKS, get_args(first)
    if first is Field:
        return Box.FIELDS, ()
    if first == Criterion:
        return Box.PARTS, ()
    if first is str or first == Path:
        return Box.LIST, ()
    raise TypeError(f"no box of the studio holds several {first}")


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _bounds(hint: Any) -> tuple[int | None, int | None]:
    """The least and the most that a number may be."""
    told = [one for one in get_args(hint)[1:] if isinstance(one, FieldInfo)] if hint != Money else []
    limits = [limit for one in told for limit in one.metadata]
    least = next((one.ge for one in limits if hasattr(one, "ge")), None)
    most = next((one.le for one in limits if hasattr(one, "le")), None)
    return cast(int | None, least), cast(int | None, most)


COMBINED = {kind_of(one): one for one in KINDS if any(s.box is Box.PARTS for s in shapes(one))}
"""How parts go together: all, any, so many of them."""

SIMPLE = {kind_of(one): one for one in KINDS if kind_of(one) not in COMBINED}
"""What a part can ask."""

WINDOWS = {kind_of(one): one for one in get_args(Window)}
"""Over which time."""
