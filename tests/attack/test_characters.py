"""Characters that PostgreSQL keeps in no text (NUL), or that are no text at all (half a surrogate): nobody stumbles."""

from __future__ import annotations

import inspect
import itertools
import json
import re
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app import limits
from app.frame.anew import plain
from app.frame.gate import Gate
from tests.attack.ids import COUNTER
from tests.attack.test_handlers import Tally, a_cookie, a_page, counted, handlers, strike, victim
from tests.attack.test_ids import own_routes
from tests.pages.conftest import House, house

pytestmark = pytest.mark.anyio
__all__ = ["house", "victim"]
STRANGE = "a\x00b\udcffc"
BOXES = (
    "address", "agree", "code", "credential", "email", "lang", "language", "label", "link", "name", "offers", "step",
    "which", "next", "wanted", "object", "action", "actor", "draft",
)  # fmt: skip


@pytest.mark.parametrize("who", ["nobody", "another member", "owner"])
async def test_no_route_stumbles_over_them(victim: House, who: str) -> None:
    cookie = a_cookie(who, victim)
    transport = httpx.ASGITransport(Gate(Starlette(routes=own_routes())))
    headers = {"origin": "http://localhost:3000"} | ({"cookie": cookie} if cookie else {})
    for route in own_routes():
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if route.path in {"/leave", "/ways/end-others"}:
                continue  # they would end the session, and take nothing
            limits.forget()
            here = "ab" if method == "POST" else "a%00b"  # an address with NUL in it goes no further
            address = re.sub(r"\{\w+(:\w+)?\}", here, route.path)
            address += "?" + "&".join(f"{one}={here}" for one in BOXES)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
                data = {str(one): "a\x00b" for one in BOXES} if method == "POST" else None
                answer = await client.request(method, address, data=data, headers=headers)
            assert answer.status_code < 500, (method, address)


async def test_the_counter_does_not_stumble_over_them(victim: House) -> None:
    headers = {"origin": "http://localhost:3000", "cookie": a_cookie("owner", victim)}
    transport = httpx.ASGITransport(Gate(Starlette(routes=own_routes())))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        for path, (box, _, more) in COUNTER.items():
            for name in {box, *more} - {"price"}:
                sent = {**more, box: str(victim.mira), "agreed": True, name: STRANGE}
                limits.forget()
                kind = {**headers, "content-type": "application/json"}
                answer = await client.post(path, content=json.dumps(sent), headers=kind)
                assert answer.status_code < 500, (path, name)


@pytest.mark.parametrize("who", ["another member", "owner"])
async def test_no_handler_stumbles_over_them(victim: House, who: str) -> None:
    """As the pages' middleware hands it on."""
    cookie, tally = a_cookie(who, victim), Tally()
    with counted(tally):
        for kind, group in itertools.groupby(handlers().values(), key=lambda one: one.states[0]):
            state = a_page(kind, cookie, f"/?id={victim.mira}", victim)
            if "load" in kind.event_handlers:
                await strike(handlers()[f"{kind.get_full_name()}.load"], state, {}, tally)
            for found in group:
                names = list(inspect.signature(found.handler.fn).parameters)[1:]
                payload: dict[str, Any] = {
                    one: dict.fromkeys(BOXES, STRANGE) if one == "form" else STRANGE for one in names
                }
                plain(payload)
                if names:
                    await strike(found, state, payload, tally)
    assert tally.stumbled == 0
    assert tally.admitted > 0


def test_what_is_no_text_is_made_one() -> None:
    payload: dict[str, Any] = {"a\x00": ["x\x00y", {"b": "\udcff"}], "n": 1, "f": 1.5, "no": None}
    plain(payload)
    assert payload == {"a": ["xy", {"b": "\ufffd"}], "n": 1, "f": 1.5, "no": None}
