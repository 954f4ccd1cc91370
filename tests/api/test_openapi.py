"""The description of the API, and the API held to it by generated requests."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine
from starlette.applications import Starlette

from app.api import OPERATIONS, PREFIX, routes
from tests.api.shop import Shop, a_programme

CASES = 25
CASES_FULL = 5000
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.anyio
async def test_every_operation_is_described_with_its_scope_and_its_refusals(shop: Shop) -> None:
    described = (await shop.client.get("/api/v1/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    found = {(method.upper(), path) for path, item in described["paths"].items() for method in item}
    assert found == {(one.method, one.path.replace(":path", "")) for one in OPERATIONS}
    for item in described["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert ("security" in operation) == ("401" in operation["responses"])
    assert described["servers"] == [{"url": PREFIX}]


def _campaign(engine: Engine, cases: int) -> None:
    app = Starlette(
        routes=routes(lambda: engine, lambda: None, lambda: b"a secret of this test only, 32 bytes")
    )
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    with a_programme(engine):
        shop: Any = Shop(engine, None)  # type: ignore[arg-type]
        key = shop.key()
    for operation in schema.get_all_operations():
        _one(operation.ok(), key, cases)  # type: ignore[union-attr]


def _one(operation: Any, key: dict[str, str], cases: int) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=cases, deadline=None, suppress_health_check=list(HealthCheck), database=None)  # type: ignore[arg-type]
    def check(case: Any) -> None:
        response = case.call(headers=key)
        case.validate_response(response, checks=CHECKS)

    check()


def test_generated_requests_find_no_server_error_and_no_other_shape(engine: Engine) -> None:
    """R7, short."""
    _campaign(engine, CASES)


@pytest.mark.full
def test_generated_requests_in_full(engine: Engine) -> None:
    """R7: 50,000 cases and more over the whole API."""
    _campaign(engine, CASES_FULL)
