"""The API's layer: what is under /api is answered by the API alone, everything else goes on as it was."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app import api

pytestmark = pytest.mark.anyio
OURS = ("/api", "/api/", "/api/v1", "/api/v2/events", "/api/v1/events/", "/api/%0Av1")


async def _page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"the page {request.url.path}")


def a_client() -> httpx.AsyncClient:
    pages = Starlette(routes=[Route("/{path:path}", _page)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(api.ahead(pages)), base_url="http://shop.test")


@pytest.mark.parametrize("path", OURS)
async def test_no_page_sees_what_is_under_api(path: str) -> None:
    async with a_client() as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_api_answers_for_itself() -> None:
    async with a_client() as client:
        answer = await client.get("/api/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", ["/", "/apis", "/rewards", "/rewards/", "/apiary/v1", "/en/api"])
async def test_pages_are_left_alone(path: str) -> None:
    async with a_client() as client:
        answer = await client.get(path)
    assert answer.text == f"the page {path}"
