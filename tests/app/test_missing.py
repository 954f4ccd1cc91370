"""An address where nothing is, answered in its own language, in the shop's name, with a way back in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app import database, door
from app.public.missing import Missing, split
from facts.language import codes, language
from members import programme
from tests.builders import PROGRAMME

pytestmark = pytest.mark.anyio


async def bare(request: Request) -> Response:
    """What stands behind: pages and programs that were not found."""
    path = request.path_params["path"]
    if path.startswith("api/"):
        return JSONResponse({"status": 404}, 404)
    return HTMLResponse("here" if path == "here" else "404: Page not found", 200 if path == "here" else 404)


@pytest.fixture
async def stranger(house: Path) -> AsyncIterator[httpx.AsyncClient]:
    text = PROGRAMME.replace("languages: [en]", "languages: [en, ru, ar]")
    with database.transaction(door.engine()) as session:
        programme.apply(session, programme.load(text), base=None, actor="test", now=datetime.now(UTC))
    app = Missing(Starlette(routes=[Route("/{path:path}", bare)]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        yield client


@pytest.mark.parametrize("code", codes())
async def test_it_is_said_in_the_language_of_the_address_and_leads_back(
    stranger: httpx.AsyncClient, code: str
) -> None:
    start, say = ("" if code == "en" else f"/{code}"), language(code)
    answer = await stranger.get(f"{start}/nowhere/<b>")
    assert answer.status_code == 404
    assert "Page not found" not in answer.text
    assert f'<html lang="{code}" dir="{say.dir}">' in answer.text
    assert say.text("There is nothing at this address.") in answer.text
    assert f'class="go" href="{start}/"' in answer.text
    assert "/nowhere/<b>" not in answer.text
    other = "/ru/nowhere" if code != "ru" else '"/nowhere'
    assert other in answer.text


async def test_what_is_there_and_what_programs_read_passes_as_it_is(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/here")).text == "here"
    assert (await stranger.get("/api/v1/none")).json() == {"status": 404}
    assert (await stranger.post("/nowhere")).status_code == 405


def test_an_address_knows_its_language() -> None:
    assert split("/ru/nowhere") == ("ru", "/nowhere")
    assert split("/nowhere") == ("en", "/nowhere")
    assert split("/ru") == ("ru", "/")
    assert split("/en/nowhere") == ("en", "/en/nowhere")
    assert len(split("/" + "x" * 5000)[1]) < 300
