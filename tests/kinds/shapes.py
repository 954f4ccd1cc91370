"""The document's types read as a list of choices, and a document drawn from them, whatever kinds there are.

Nothing here knows a kind by name: literals, numbers, lists and parts are drawn as they are declared. `DRAWN` says how
the few fields are drawn that a type says too little of; a field that neither can draw is an error that asks for a line
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from random import Random
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from facts.parts import Money, Words
from members.programme.document import Programme
from rewards.earning import KINDS

ELSEWHERE = frozenset({
    "regulars", "name", "currency", "timezone", "languages", "categories", "facts", "badges", "challenges", "goals",
    "guards", "boards", "safety", "joining", "referrals",
})  # fmt: skip
"""What of the document does not say what things are worth: it is tested with badges, people and languages."""
WORTH = tuple(name for name in Programme.model_fields if name not in ELSEWHERE)

MONEY, WORDS = get_args(Money)[1], get_args(Words)[1]

Choice = tuple[str, str, str]
"""A model, a field of it, and one of the values that it can have; `*` for a field that can be given."""
Drawer = Callable[[Random], Any]


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, unions and lists of them included."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from KINDS if annotation.__name__ == "Rule" else (annotation,)
    for part in get_args(annotation):
        yield from models(part)


def parts(root: type[BaseModel] = Programme) -> list[type[BaseModel]]:
    """Every model that says what things are worth, each once."""
    found: dict[type[BaseModel], None] = {}
    waiting = [one for name in WORTH for one in models(root.model_fields[name].annotation)]
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found[model] = None
            waiting += [one for field in model.model_fields.values() for one in models(field.annotation)]
    return list(found)


def values(annotation: Any) -> list[Any]:
    """What a literal or an enumeration can be, also inside a list or beside None; nothing for other types."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return list(annotation)
    if get_origin(annotation) is Literal:
        return [one for one in get_args(annotation) if one is not None]
    found = [value for part in get_args(annotation) for value in values(part)]
    return [] if get_origin(annotation) is list and len(found) > WORDS_MOST else found


WORDS_MOST = 5  # of more words than that in a list, one stands for all: the days of the week


def choices() -> list[Choice]:
    """Everything that a document can choose: each value of each literal, each kind, and each field to be given."""
    found: list[Choice] = []
    for model in parts():
        for name, field in model.model_fields.items():
            told = values(field.annotation)
            found += [(owner(model, name), name, str(one)) for one in told] or [
                (owner(model, name), name, "*")
            ]
    return list(dict.fromkeys(found))


def owner(model: type[BaseModel], field: str) -> str:
    """The model that declares a field: what all rules have in common is a choice of `Rule`, and asked for once."""
    return next(one.__name__ for one in model.__mro__ if field in vars(one).get("__annotations__", {}))


def several(value: Any) -> list[Any]:
    """The parts in a field: of a list, of a mapping, or the one that it is."""
    held: list[Any] = (
        [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else [value]
    )
    return [one for one in held if isinstance(one, BaseModel)]


def worth(programme: Programme) -> list[BaseModel]:
    """The parts of a programme that say what things are worth."""
    found: list[BaseModel] = []
    for name in WORTH:
        found += several(getattr(programme, name))
    return found


def chosen(document: BaseModel) -> Iterator[Choice]:
    """Which choices a part of a document makes."""
    model = type(document)
    for name, field in model.model_fields.items():
        value: Any = getattr(document, name)
        told: list[Any] = value if isinstance(value, list) else [value]
        if values(field.annotation):
            yield from ((owner(model, name), name, str(one)) for one in told if one is not None)
        elif name in document.model_fields_set:
            yield (owner(model, name), name, "*")
        for one in several(value):
            yield from chosen(one)


def drawn(
    model: type[BaseModel], chance: Random, how: Mapping[tuple[str, str], Drawer], often: float = 0.25
) -> Any:
    """A part of the document by its model: what it must have, and `often` each field that it can have.

    What does not fit together is left out again, the last first; where nothing would be left, it is drawn anew.
    """
    for more in (often, often, 0.4, 0.6, 0.8, 0.0, 1.0):
        found: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            if field.is_required() or name == "kind" or chance.random() < more:
                found[name] = drawn_field(model, name, field, chance, how, often)
        if fitting(model, found):
            return found
    raise LookupError(f"{model.__name__} cannot be drawn: {found}")


def fitting(model: type[BaseModel], found: dict[str, Any]) -> bool:
    """Leave out what does not fit: the field that is named, or else as little as possible; whether it fits then."""
    while True:
        extra = [name for name in found if not model.model_fields[name].is_required() and name != "kind"]
        try:
            model.model_validate(found)
        except ValidationError as error:
            first: Any = error.errors()[0]
            at = getattr(first.get("ctx", {}).get("error"), "at", None) or first["loc"]
            if not at or at[0] not in extra:
                return _left_out(model, found, extra)
            del found[at[0]]
        else:
            return True


def _left_out(model: type[BaseModel], found: dict[str, Any], extra: list[str]) -> bool:
    for many in range(min(len(extra), 3) + 1):
        for without in combinations(reversed(extra), many):
            kept = {name: value for name, value in found.items() if name not in without}
            try:
                model.model_validate(kept)
            except ValidationError:
                continue
            for name in without:
                del found[name]
            return True
    return False


class _Unknown(Exception):
    """A type that nobody knows how to draw."""


def drawn_field(
    model: type[BaseModel],
    name: str,
    field: FieldInfo,
    chance: Random,
    how: Mapping[tuple[str, str], Drawer],
    often: float,
) -> Any:
    """A field, as `how` says (by its model and name, or by its name alone), or else by its type."""
    plain = None if next(models(field.annotation), None) else how.get(("", name))
    if own := how.get((owner(model, name), name)) or plain:
        return own(chance)
    annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    try:
        return _value(annotation, chance, how, often)
    except _Unknown:
        raise LookupError(f"nobody says how {model.__name__}.{name} is drawn: add it to DRAWN") from None


def _value(annotation: Any, chance: Random, how: Mapping[tuple[str, str], Drawer], often: float) -> Any:
    origin, given = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bounded(given[0], given[1:], chance, how, often)
    if told := values(annotation) if origin is Literal or isinstance(annotation, type) else []:
        return str(chance.choice(told))
    if origin in (Union, UnionType):
        return _value(chance.choice([one for one in given if one is not NoneType]), chance, how, often)
    if origin in (list, tuple):
        return [_value(given[0], chance, how, often) for _ in range(chance.randint(1, 2))]
    if annotation is bool:
        return chance.random() < 0.5
    if annotation is int:
        return chance.randint(0, 40)
    if annotation in (date, datetime, AwareDatetime):
        day = date(2026, chance.randint(1, 12), chance.randint(1, 28)).isoformat()
        return day if annotation is date else f"{day}T00:00:00Z"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return drawn(annotation, chance, how, often)
    raise _Unknown


def _bounded(
    inner: Any, said: tuple[Any, ...], chance: Random, how: Mapping[tuple[str, str], Drawer], often: float
) -> Any:
    if WORDS in said:
        return {"en": "Some", "ru": "Что-то", "ar": "شيء"}
    if MONEY in said:
        return chance.choice(["0.50", "1.00", "5.00", "10.00"])
    if inner is int:
        least = max([0, *(int(str(one.ge)) for one in said if isinstance(one, Ge))])
        most = min([least + 40, *(int(str(one.le)) for one in said if isinstance(one, Le))])
        return chance.randint(least, most)
    if get_origin(inner) in (list, tuple):
        few = max([one.min_length for one in said if isinstance(one, MinLen)] + [1])
        many = min([one.max_length for one in said if isinstance(one, MaxLen)] + [few + 1])
        return [_value(get_args(inner)[0], chance, how, often) for _ in range(chance.randint(few, many))]
    return _value(inner, chance, how, often)
