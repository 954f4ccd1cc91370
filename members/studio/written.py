"""A criterion as it stands in the boxes of a form. Pure.

The form knows one level: one question, or several that go together (`together`: all, any, so many). What is written
deeper than that in the document stays as it is, under `deep`.
"""

from __future__ import annotations

import json
from typing import Any, cast

from pydantic import TypeAdapter

from facts.criteria import Criterion, Filter
from members.studio.asked import OWN, Form
from members.studio.shape import COMBINED, Box, Shape, kind_of, shapes

CRITERION: TypeAdapter[Any] = TypeAdapter(Criterion)


def form_of(criterion: Any) -> Form:
    """A criterion as it stands in the form."""
    kind = kind_of(_type(criterion))
    if kind not in COMBINED:
        return _part_form("part.0", criterion)
    if any(kind_of(_type(one)) in COMBINED for one in criterion.of):
        return {"deep": json.dumps(CRITERION.dump_python(criterion, mode="json"), ensure_ascii=False)}
    form = {"together": kind, "together.at_least": str(getattr(criterion, "at_least", ""))}
    for i, one in enumerate(criterion.of):
        form |= _part_form(f"part.{i}", one)
    return form


def _part_form(part: str, criterion: Any) -> Form:
    form = {f"{part}.kind": kind_of(_type(criterion))}
    for shape in shapes(_type(criterion)):
        value, name = getattr(criterion, shape.name), f"{part}.{shape.name}"
        if shape.box is Box.FILTER:
            form |= _where_form(name, value)
        elif shape.box is Box.WINDOW:
            form[f"{name}.kind"] = kind_of(_type(value))
            form |= {f"{name}.{one.name}": str(getattr(value, one.name)) for one in shapes(_type(value))}
        else:
            form[name] = _written(shape, value)
    return form


def _where_form(name: str, where: Filter) -> Form:
    form = {f"{name}.type": OWN if where.type.startswith(OWN) else where.type}
    if where.type.startswith(OWN):
        form[f"{name}.own"] = where.type.removeprefix(OWN)
    for shape in shapes(Filter):
        value = getattr(where, shape.name)
        if shape.name == "type" or value == getattr(Filter(), shape.name):
            continue
        if shape.box is Box.HOURS:
            form |= {f"{name}.hours.{i}": str(hour) for i, hour in enumerate(value)}
        elif shape.box is Box.FIELDS:
            for i, one in enumerate(value):
                how = "at_least" if one.at_least is not None else "equals"
                said = one.equals if how == "equals" else one.at_least
                shown = (
                    {True: "yes", False: "no"}.get(said, str(said)) if isinstance(said, bool) else str(said)
                )
                form |= {f"{name}.fields.{i}.name": one.name, f"{name}.fields.{i}.how": how,
                         f"{name}.fields.{i}.value": shown}  # fmt: skip
        else:
            form[f"{name}.{shape.name}"] = _written(shape, value)
    return form


def _written(shape: Shape, value: Any) -> str:
    if shape.box is Box.LIST:
        return "\n".join(" > ".join(one) if isinstance(one, tuple) else one for one in value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return " ".join(value) if shape.box is Box.TICKS else str(value)


def _type(one: Any) -> type[Any]:
    return cast("type[Any]", type(one))
