"""Posters: staff make ways to join, print them in three languages, and see how many came by each."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from app import database, door
from app.pictures.poster import HEIGHT, WIDTH, Poster, poster
from app.public import posters
from members.actions import joining
from pages.staff.posters import PostersState
from tests.builders import PROGRAMME, in_force
from tests.staff.conftest import call, visit

pytestmark = pytest.mark.anyio


@pytest.fixture
def shop(house: Path) -> None:
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME)


@pytest.mark.feature(1)
@pytest.mark.usefixtures("shop")
async def test_a_way_to_join_is_made_printed_counted_and_taken_away() -> None:
    state = visit(PostersState, "owner", "/ru/staff/posters")
    await call(state, "load")
    assert state.card.ways == ()
    await call(state, "make", {"label": " ", "channel": "poster"})
    assert (state.card.ways, state.turn) == ((), 0)  # what was typed stays in the boxes
    for _ in range(2):  # pressed again before the answer has come
        await call(state, "make", {"label": "У хлеба", "channel": "poster", "turn": "0"})
    (way,) = state.card.ways
    assert way.address == f"http://localhost:3000/ru/j/{way.code}"
    with database.transaction(door.engine()) as session:
        joining.join(session, "email:anna@shop.test", joining.Wish(link=way.code), datetime.now(UTC))
    await call(state, "load")
    assert state.card.ways[0].joined.startswith("1 ")
    cookie = {"cookie": state.router.headers.cookie}
    app = Starlette(routes=posters.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        for address, kind in (
            (way.png, "image/png"),
            (way.pdf, "application/pdf"),
            (way.svg, "image/svg+xml"),
        ):
            assert (await client.get(address)).status_code == 401
            answer = await client.get(address, headers=cookie)
            assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
            assert len(answer.content) > 2000
        await call(state, "retire", way.code)
        assert state.card.ways == ()
        assert (await client.get(way.png, headers=cookie)).status_code == 404


@pytest.mark.usefixtures("shop")
async def test_only_who_may_edit_makes_one() -> None:
    state = visit(PostersState, "analyst", "/staff/posters")
    await call(state, "load")
    assert not state.card.may_edit
    await call(state, "make", {"label": "Door", "channel": "poster"})
    with database.reading(door.engine()) as session:
        assert joining.links(session) == []


@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_a_poster_is_a_page_of_a4_with_a_sharp_code(code: str) -> None:
    card = Poster("مارلو وأولاده" if code == "ar" else "Marlow & Sons", "انضم" if code == "ar" else "Join",
                  "Scan <it> & collect", "https://club.example/j/abc234", code)  # fmt: skip
    image = Image.open(io.BytesIO(poster(card, "png")))
    assert image.size == (WIDTH, HEIGHT)
    assert round(image.info["dpi"][0]) == 150
    shades = image.convert("L").getcolors(256) or []
    assert sum(count for count, shade in shades if shade in {0, 255}) > 0.9 * WIDTH * HEIGHT
    assert poster(card, "pdf").startswith(b"%PDF")
    drawn = poster(card, "svg").decode()
    assert 'viewBox="0 0 210 297"' in drawn
    assert "&lt;it&gt; &amp; collect" in drawn
    assert drawn.count('direction="rtl"') == (3 if code == "ar" else 0)
