"""What an operation of the API is: one declaration that the route, the checks and the OpenAPI text come from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from app import database
from app.api.bodies import json_body
from app.api.keyring import Keyring
from app.api.lane import Records
from app.door import in_worker
from facts.refusals import Refusal
from members.keys import Key, Scope


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the path or in a header."""

    name: str
    place: str
    description: str
    pattern: str | None = None
    length_max: int = 250
    example: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. `takes` and `answers` map media types to the models they hold.

    `refuses` lists the statuses of its own; those that follow from scope and body are added.
    """

    method: str
    path: str
    name: str
    summary: str
    run: Callable[[Call], Awaitable[BaseModel | Response]]
    answers: tuple[type[BaseModel], ...]
    scope: Scope | None = None
    takes: dict[str, type[BaseModel]] = field(default_factory=dict[str, type[BaseModel]])
    parameters: tuple[Parameter, ...] = ()
    refuses: tuple[int, ...] = ()
    checked_inside: bool = False  # the operation validates its body itself, item by item


@dataclass(slots=True)
class Call:
    """One request on its way through an operation. `body` is decoded, and validated unless `checked_inside`."""

    request: Request
    engine: Engine
    lane: Records
    nudge: Callable[[], None]
    key: Key
    now: datetime
    secret: Callable[[], bytes]
    body: Any = None
    media_type: str = ""

    async def read(self, work: Callable[..., Any], *args: Any) -> Any:
        """`work(session, *args)` on a snapshot, in a worker thread."""
        return await in_worker(self._read, work, args)

    async def write(self, work: Callable[..., Any], *args: Any) -> Any:
        """`work(session, *args)` in a transaction, in a worker thread, and the news of it spread."""
        answer = await in_worker(database.attempt, self.engine, lambda session: work(session, *args))
        self.nudge()
        return answer

    def _read(self, work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        with database.reading(self.engine) as session:
            return work(session, *args)


NOBODY = Key("", frozenset(), "")


@dataclass(slots=True)
class Desk:
    """What all operations of one process share."""

    engine: Callable[[], Engine]
    lane: Records
    nudge: Callable[[], None]
    keyring: Keyring
    secret: Callable[[], bytes]

    def endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """The route function of an operation: key, body, work, answer."""

        async def endpoint(request: Request) -> Response:
            key = await self.keyring.key(request, operation.scope) if operation.scope else NOBODY
            call = Call(request, self.engine(), self.lane, self.nudge, key, datetime.now(UTC), self.secret)
            if operation.takes:
                call.media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
                call.body = await json_body(request, tuple(operation.takes))
                if not operation.checked_inside:
                    call.body = _validated(operation.takes[call.media_type], call.body)
            answer = await operation.run(call)
            if isinstance(answer, Response):
                return answer
            return Response(answer.model_dump_json(exclude_none=True), media_type="application/json")

        endpoint.__name__ = operation.name
        return endpoint


def _validated(model: type[BaseModel], value: Any) -> BaseModel:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise Refusal("body_malformed", "{problem} at “{path}”.", path=path, problem=first["msg"]) from None
