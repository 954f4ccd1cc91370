"""What the document's types know at a place: fields and kinds, for suggestions when a word is mistyped."""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from members.programme.problems import Loc
from members.programme.text import Source


def fields_at(root: type, loc: Loc) -> list[str]:
    """The fields that are known at a place; `loc` is Pydantic's, kinds of unions included."""
    return sorted({name for kind in _at(root, loc) for name in _fields(kind)})


def kinds_at(root: type, loc: Loc) -> list[str]:
    """The kinds that are possible at a place, in the order in which they are declared."""
    return [kind for one in _at(root, loc) if (kind := _kind(one))]


def without_kinds(source: Source, loc: Loc, *, missing: bool) -> Loc:
    """The place as the document has it: Pydantic names the chosen kind of a union in between, the document does not.

    `missing` says that the last part is a key, or an item, that is not there.
    """
    found: Loc = ()
    for i, part in enumerate(loc):
        if (*found, part) in source.places or (missing and i == len(loc) - 1):
            found = (*found, part)
    return found


def _at(root: type, loc: Loc) -> list[type]:
    here: list[type] = [root]
    for part in loc:
        if not isinstance(part, str):
            continue
        tagged = [one for one in here if _kind(one) == part]
        if tagged and len(here) > 1:
            here = tagged
            continue
        holding = [one for one in here if part in _fields(one)]
        if holding:
            here = list(_classes(_fields(holding[0])[part]))
    return here


@cache
def _fields(kind: type) -> dict[str, Any]:
    if issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if not is_dataclass(cast(Any, kind)):
        return {}
    hints = get_type_hints(cast(Any, kind), include_extras=True)
    return {name: hint for name, hint in hints.items() if not name.startswith("__")}


def _kind(one: type) -> str:
    told = get_args(_fields(one).get("kind"))
    return str(told[0]) if told and get_origin(_fields(one)["kind"]) is Literal else ""


def _classes(annotation: Any) -> dict[type, None]:
    """The models and dataclasses in an annotation such as `list[Reward]` or `Words | None`, in order."""
    if isinstance(annotation, type) and _fields(cast(type[Any], annotation)):
        return {cast(type[Any], annotation): None}
    return {found: None for part in get_args(annotation) for found in _classes(part)}
