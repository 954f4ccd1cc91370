"""Which boxes a part of a criterion has at the moment: they follow from what is in the form so far.

A part's boxes are called by the way to them, `part.0.window.days`. Of the filters only those are there that somebody
added: a condition is in the form when its box is, even if it is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from facts.criteria import Filter
from facts.criteria.filters import NOT_COUNTED, ORDER
from facts.criteria.nouns import FACTS
from facts.events import DATA
from members.studio.shape import SIMPLE, WINDOWS, Box, Shape, shapes

Form = dict[str, str]

PARTS_MAX = 20
ROWS_MAX = 10  # conditions on fields of one fact
OWN = "x."
OF_ORDERS = ("skus", "categories", "brands", "tags", "partners", "amount_min")
ONLY_WHEN = {("distinct", "level"): ("of", "category"), ("largest", "per"): ("of", "count")}
NO_ROLLING = ("largest",)
FIRST = {Box.CHOICE: 0, Box.FILTER: 2, Box.WINDOW: 3}
TYPES = tuple(sorted(FACTS, key=lambda kind: (kind != ORDER, kind)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A box: its whole name, what it is called by (`where.brands`), what it holds, and whether it can be taken away."""

    name: str
    what: str
    shape: Shape
    optional: bool = False


def parts(form: Form) -> list[str]:
    """The beginnings of the names of a criterion's parts: `part.0`, `part.1`."""
    return rows_of(form, "part", "kind", PARTS_MAX)


def boxes(form: Form, part: str) -> list[Asked]:
    """The boxes of a part, its `kind` left out, in the order in which people fill them in."""
    kind = form.get(f"{part}.kind", "")
    if kind not in SIMPLE:
        return []
    found: list[Asked] = []
    for shape in sorted(shapes(SIMPLE[kind]), key=lambda one: FIRST.get(one.box, 1)):
        name = f"{part}.{shape.name}"
        if shape.box is Box.FILTER:
            found += _filters(form, name)
        elif shape.box is Box.WINDOW:
            found += _window(form, name, kind)
        elif _is_there(form, part, kind, shape):
            found.append(Asked(name, shape.name, shape))
    return found


def _is_there(form: Form, part: str, kind: str, shape: Shape) -> bool:
    when = ONLY_WHEN.get((kind, shape.name))
    return when is None or form.get(f"{part}.{when[0]}") == when[1]


def _window(form: Form, name: str, kind: str) -> Iterator[Asked]:
    options = tuple(one for one in WINDOWS if one != "rolling" or kind not in NO_ROLLING)
    yield Asked(f"{name}.kind", "window", Shape("kind", Box.CHOICE, options, "ever"))
    chosen = form.get(f"{name}.kind", "ever")
    for shape in shapes(WINDOWS[chosen]) if chosen in options else ():
        yield Asked(f"{name}.{shape.name}", f"window.{shape.name}", shape)


def _filters(form: Form, name: str) -> Iterator[Asked]:
    kind = form.get(f"{name}.type", ORDER)
    more = () if kind in TYPES or kind.startswith(OWN) else (kind,)
    yield Asked(f"{name}.type", "where.type", Shape("type", Box.CHOICE, (*TYPES, *more, OWN), ORDER))
    if kind.startswith(OWN):
        yield Asked(f"{name}.own", "where.own", Shape("own", Box.TEXT, needed=True))
    for shape in shapes(Filter):
        if shape.name == "type" or not fits(kind, shape.name):
            continue
        if shape.box is Box.HOURS and f"{name}.hours.0" in form:
            yield Asked(f"{name}.hours", "where.hours", shape, optional=True)
        elif shape.box is Box.FIELDS:
            for row in rows(form, f"{name}.fields"):
                yield Asked(row, "where.fields", shape, optional=True)
        elif f"{name}.{shape.name}" in form:
            yield Asked(f"{name}.{shape.name}", f"where.{shape.name}", shape, optional=True)


def fits(kind: str, name: str) -> bool:
    """Whether facts of a type can be asked for that."""
    if name in OF_ORDERS:
        return kind == ORDER
    known: dict[str, Any] = dict(DATA[kind].model_fields) if kind in DATA else {}
    if name == "channels":
        return not known or "channel" in known
    return name != "fields" or bool(data_fields(kind)) or kind.startswith(OWN)


def data_fields(kind: str) -> dict[str, type]:
    """The fields of a fact that a condition can look at: numbers, words, yes or no. Orders are asked otherwise."""
    if kind not in DATA or kind == ORDER or kind in NOT_COUNTED:
        return {}
    found: dict[str, type] = {}
    for name, field in DATA[kind].model_fields.items():
        types = [one for one in (field.annotation, *get_args(field.annotation)) if one in (int, str, bool)]
        types += [int for one in get_args(field.annotation) if get_args(one)[:1] == (int,)]
        if types and name != "channel":
            found[name] = types[0]
    return found


def rows(form: Form, name: str) -> list[str]:
    """The conditions on fields: `….fields.0`, `….fields.1`."""
    return rows_of(form, name, "name", ROWS_MAX)


def to_add(form: Form, part: str) -> list[str]:
    """The conditions that a part could have besides those it has: names of filters."""
    kind = form.get(f"{part}.kind", "")
    if kind not in SIMPLE or not any(shape.box is Box.FILTER for shape in shapes(SIMPLE[kind])):
        return []
    where, of = f"{part}.where", form.get(f"{part}.where.type", ORDER)
    there = {one.what.removeprefix("where.") for one in _filters(form, where)}
    found = [one.name for one in shapes(Filter) if one.name not in (*there, "type") and fits(of, one.name)]
    return found + (["fields"] if "fields" in there and len(rows(form, f"{where}.fields")) < ROWS_MAX else [])


def rows_of(form: Form, name: str, first: str, most: int) -> list[str]:
    """`name.0`, `name.1` and so on, as long as the form has their box `first`."""
    found: list[str] = []
    while len(found) < most and f"{name}.{len(found)}.{first}" in form:
        found.append(f"{name}.{len(found)}")
    return found
