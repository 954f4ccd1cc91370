"""The OpenAPI 3.1 text of the API, from the operations and the shapes themselves, so that it cannot drift."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.operations import Operation
from app.api.problems import MEDIA_TYPE, Problem
from app.api.shapes import Events

REFERENCE = "#/components/schemas/{model}"
JSON = "application/json"


def describe(operations: Sequence[Operation], prefix: str) -> dict[str, Any]:
    """The whole description."""
    paths: dict[str, Any] = {}
    for operation in operations:
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Regulars",
            "version": "1",
            "summary": "Orders and other facts in; points, tiers and rewards out.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": prefix}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "a key of `regulars keys`"}
            },
        },
    }


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    into = {model for operation in operations for model in operation.takes.values() if model is not Events}
    out = {model for operation in operations for model in operation.answers} | {Problem}
    modes: list[Any] = [(model, "validation") for model in sorted(into, key=_name)]
    modes += [(model, "serialization") for model in sorted(out, key=_name)]
    _, found = models_json_schema(modes, ref_template=REFERENCE)
    schemas = dict(found["$defs"])
    schemas["Events"] = {
        "type": "array",
        "maxItems": 1000,
        "items": {"$ref": REFERENCE.format(model="Event")},
    }
    return schemas


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": {"200": {"description": "Done.", "content": {JSON: {"schema": _answer(operation)}}}}
        | {str(status): _refusal(status) for status in sorted(_statuses(operation))},
    }
    if operation.scope:
        found["security"] = [{"key": []}]
        found["description"] = f"Needs the scope `{operation.scope}`."
    if operation.parameters:
        found["parameters"] = [
            {
                "name": parameter.name,
                "in": parameter.place,
                "required": True,
                "description": parameter.description,
                "schema": _parameter(parameter.pattern, parameter.length_max),
                **({"example": parameter.example} if parameter.example else {}),
            }
            for parameter in operation.parameters
        ]
    if operation.takes:
        content = {media_type: {"schema": _reference(model)} for media_type, model in operation.takes.items()}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _answer(operation: Operation) -> dict[str, Any]:
    choices = [_reference(model) for model in operation.answers]
    return choices[0] if len(choices) == 1 else {"oneOf": choices}


def _parameter(pattern: str | None, length_max: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": length_max}
    return schema | ({"pattern": pattern} if pattern else {})


def _statuses(operation: Operation) -> set[int]:
    """What may go wrong, by what the operation is made of; 500 and 503 are never excluded."""
    found = {500, 503, *operation.refuses}
    found |= {401, 403} if operation.scope else set()
    found |= {400, 413, 415, 422} if operation.takes else set()
    return found


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": _reference(Problem)}},
    }


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}
