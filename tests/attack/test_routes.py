"""Our own routes: nothing that changes anything listens to another site, or says more than it must."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

import app.app as shop
from app.frame.gate import FORM_BYTES_MAX, FROM_ELSEWHERE, Gate, _plain, body_bytes_max
from tests.pages.conftest import House, house

pytestmark = pytest.mark.anyio
SQLITE_ALONE = True
__all__ = ["house"]
ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://shop.test:81"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://shop.test", "sec-fetch-site": "cross-site"},
]


def writing(routes: list[BaseRoute]) -> list[Route]:
    """Every route of ours that takes something other than GET and HEAD; the API has keys, and is not asked here."""
    found: list[Route] = []
    for route in routes:
        if isinstance(route, Mount):
            found += writing(list(route.routes or []))
        elif isinstance(route, Route) and (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            found.append(route)
    return found


POSTS = sorted(
    {route.path for route in writing([one for one in shop.routes.routes if isinstance(one, Route)])}
)


def an_address(path: str) -> str:
    return path.replace("{", "").replace("}", "").replace(":path", "")


@pytest.fixture
def client(house: House) -> httpx.AsyncClient:
    inside = Starlette(routes=[one for one in shop.routes.routes if isinstance(one, Route)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(Gate(inside)), base_url="http://shop.test")


def test_there_are_routes_to_ask() -> None:
    assert "/leave" in POSTS
    assert len(POSTS) > 20


async def test_what_another_site_sends_is_not_done(client: httpx.AsyncClient) -> None:
    """But for what is meant to come from elsewhere, which is named, and has attacks of its own."""
    done = [
        (path, headers)
        for path in POSTS
        if not FROM_ELSEWHERE.match(_plain(path))
        for headers in ELSEWHERE
        if (await client.post(an_address(path), data={"a": "b"}, headers=headers)).status_code != 403
    ]
    assert done == []


def test_what_may_come_from_elsewhere_is_this() -> None:
    found = {_plain(path) for path in POSTS if FROM_ELSEWHERE.match(_plain(path))}
    assert found == {"/verify", "/unsubscribe/{token}", "/oidc/{name}/back"}


async def test_more_than_a_form_is_not_read(client: httpx.AsyncClient) -> None:
    statuses: set[int] = set()
    for path in POSTS:
        much = {"content-length": str(body_bytes_max(path) + 1)}
        statuses.add((await client.post(an_address(path), headers=much)).status_code)
    assert statuses == {413}
    assert {path for path in POSTS if body_bytes_max(path) > FORM_BYTES_MAX} == {
        "/verify",
        "/ru/verify",
        "/ar/verify",
    }


async def test_an_answer_is_guarded_and_tells_nothing_of_our_inside(client: httpx.AsyncClient) -> None:
    for path in POSTS:
        answer = await client.post(an_address(path), data={"a": "b"})
        assert (answer.status_code < 500, path) == (True, path)
        assert "Traceback" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers.get("content-type", "").startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert "unsafe-eval" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-frame-options"] == "DENY"
