"""The HTTP API under /api/v1: one list of operations, from which the routes and the OpenAPI text are made.

For the composition root: `ahead` is a layer around the pages that answers for the API itself. It opens nothing at
import, so that workers may fork first; every blocking call runs in a worker thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import BaseModel
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp

from app import door, live
from app.api.catalogue import get_catalogue
from app.api.events import BATCH, ONE, post_events
from app.api.keyring import Keyring
from app.api.lane import Records
from app.api.openapi import JSON, describe
from app.api.operations import Call, Desk, Operation, Parameter
from app.api.payment_shapes import HoldRequest, PaymentAnswer, PaymentRequest, QuoteAnswer, QuoteRequest
from app.api.payments import post_commit, post_payment, post_quote, post_release
from app.api.problems import on_bug, on_http, on_refusal
from app.api.redemptions import post_cancel, post_code, post_redemption
from app.api.requests import KEY_PATTERN
from app.api.shapes import (
    CancelRequest,
    CatalogueAnswer,
    CodeAnswer,
    CodeRequest,
    Event,
    EventAnswer,
    EventAnswers,
    Events,
    OpenApiAnswer,
    ProgrammeAnswer,
    RedemptionAnswer,
    RedemptionRequest,
    SimulationAnswer,
    StandingAnswer,
)
from app.api.simulation import post_simulate
from app.api.standings import get_member, get_programme
from app.recording import process
from facts.refusals import Refusal
from members.actions.redeem import REQUEST_LENGTH_MAX
from members.keys import Scope

PREFIX = "/api/v1"
SUBJECT = Parameter(
    "subject", "path", "Whom: member:<id>, or customer:<id>, email:, phone:, card: in the eyes of the key's source.",
    length_max=220, example="customer:900",
)  # fmt: skip
REQUEST = Parameter(
    "Idempotency-Key", "header", "The same key, for the same member, is the same request again: it is done once.",
    pattern=KEY_PATTERN, length_max=REQUEST_LENGTH_MAX, example="basket-4711",
)  # fmt: skip
PAYMENT = Parameter("id", "path", "The payment's id.", length_max=36)
REDEMPTION = Parameter("id", "path", "The redemption's id.", length_max=36)


async def get_openapi(call: Call) -> Response:
    """This description."""
    return JSONResponse(describe(OPERATIONS, PREFIX))


EVENTS: dict[str, type[BaseModel]] = {ONE: Event, BATCH: Events}

OPERATIONS: list[Operation] = [
    Operation("POST", "/events", "postEvents", "Tell what happened: one event, or a batch.",
              post_events, (EventAnswer, EventAnswers), Scope.EVENTS_WRITE, EVENTS,
              refuses=(404, 409), checked_inside=True),
    Operation("POST", "/simulate", "simulate", "What events would do; writes nothing.",
              post_simulate, (SimulationAnswer,), Scope.SIMULATE, EVENTS, checked_inside=True),
    Operation("GET", "/members/{subject:path}", "getMember", "How a member stands.",
              get_member, (StandingAnswer,), Scope.MEMBERS_READ, parameters=(SUBJECT,), refuses=(404,)),
    Operation("GET", "/catalogue", "getCatalogue", "What can be had for points.",
              get_catalogue, (CatalogueAnswer,), Scope.CATALOGUE_READ),
    Operation("POST", "/redemptions", "redeem", "Give points for a reward, once for an Idempotency-Key.",
              post_redemption, (RedemptionAnswer,), Scope.REDEEM, {JSON: RedemptionRequest},
              parameters=(REQUEST,), refuses=(404, 409)),
    Operation("POST", "/redemptions/{id}/cancel", "cancelRedemption", "Call a redemption off.",
              post_cancel, (RedemptionAnswer,), Scope.REDEEM, {JSON: CancelRequest},
              parameters=(REDEMPTION,), refuses=(404, 409)),
    Operation("POST", "/codes/use", "useCode", "Use a voucher code once, or only look at it.",
              post_code, (CodeAnswer,), Scope.REDEEM, {JSON: CodeRequest}, refuses=(404, 429)),
    Operation("POST", "/payments/quote", "quotePayment", "How much of an order points can pay; writes nothing.",
              post_quote, (QuoteAnswer,), Scope.REDEEM, {JSON: QuoteRequest}, refuses=(404,)),
    Operation("POST", "/payments", "holdPayment", "Set points aside for an order, once for an Idempotency-Key.",
              post_payment, (PaymentAnswer,), Scope.REDEEM, {JSON: HoldRequest},
              parameters=(REQUEST,), refuses=(404, 409)),
    Operation("POST", "/payments/{id}/commit", "commitPayment", "The order was placed: what was set aside stays so.",
              post_commit, (PaymentAnswer,), Scope.REDEEM, {JSON: PaymentRequest},
              parameters=(PAYMENT,), refuses=(404, 409)),
    Operation("POST", "/payments/{id}/release", "releasePayment", "The order was not placed: give the points back.",
              post_release, (PaymentAnswer,), Scope.REDEEM, {JSON: PaymentRequest},
              parameters=(PAYMENT,), refuses=(404, 409)),
    Operation("GET", "/programme", "getProgramme", "The programme document in force.",
              get_programme, (ProgrammeAnswer,), Scope.CATALOGUE_READ),
    Operation("GET", "/openapi.json", "getOpenApi", "This description.", get_openapi, (OpenApiAnswer,)),
]  # fmt: skip


def routes(
    engine: Callable[[], Engine] = door.engine,
    nudge: Callable[[], None] = live.nudge,
    secret: Callable[[], bytes] = door.secret,
    lane: Records = process.here,
) -> list[BaseRoute]:
    """What to mount at the root: everything under /api, where even an unknown address is answered in JSON."""
    inside = Mount("/api", application(engine, nudge, secret, lane))
    inside.path_regex = re.compile(inside.path_regex.pattern, re.DOTALL)  # an encoded line break is ours too
    return [Route("/api", _nothing), inside]


def ahead(app: ASGIApp) -> ASGIApp:
    """What is under /api goes straight to the API; the layers and routes of the pages see nothing of it."""
    return Router(routes(), redirect_slashes=False, default=app)


async def _nothing(request: Request) -> Response:
    return await on_http(request, HTTPException(404))


def application(
    engine: Callable[[], Engine], nudge: Callable[[], None], secret: Callable[[], bytes], lane: Records
) -> Starlette:
    """The API as an application of its own, to be mounted at /api."""
    desk = Desk(engine, lane, nudge, Keyring(engine), secret)
    found = [
        Route(f"/v1{operation.path}", desk.endpoint(operation), methods=[operation.method])
        for operation in OPERATIONS
    ]
    handlers = {Refusal: on_refusal, HTTPException: on_http, Exception: on_bug}
    made = Starlette(routes=found, exception_handlers=handlers)
    made.router.redirect_slashes = False
    return made
