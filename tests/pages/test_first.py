"""The first paint: a document says the member's own figures to the member, and nobody else's to anybody."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from reflex_base.event import Event
from sqlalchemy import event
from sqlmodel import select
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app import database, door
from app.app import PAGES
from app.frame import first
from app.frame.anew import Anew
from app.frame.first import FirstPaint, document
from app.frame.gate import Gate
from members import sessions
from members.actions.record import record
from members.cards import HomeCard, TierCard
from members.roles import MEMBER, Person
from members.tables import Identity
from pages.home import HomeState
from tests.builders import an_order
from tests.pages.conftest import NOW, House, a_review, call, post

PLAIN = "<p>as it was built</p>"
BUILT = (
    '<script>let a = "first-tone";</script><section class="card first-tone">'
    '<p class="x first-waits" data-first="balance">\u00a0</p><b data-first="shop.name" class="y first-waits">\u00a0</b>'
    '<i style="inline-size:var(--first-share,0%)"></i><p class="first-waits">rest</p></section>'
)


def test_a_document_is_filled_from_a_card() -> None:
    card = HomeCard(balance="<b>1 & 2</b>", tier=TierCard(tone="3", percent=40))
    said = document(BUILT).filled(card)
    assert '<p class="x" data-first="balance">&lt;b&gt;1 &amp; 2&lt;/b&gt;</p>' in said
    assert '<section class="card tier-3">' in said
    assert 'style="inline-size:40%"' in said
    assert '<b data-first="shop.name" class="y "></b>' in said
    assert said.startswith('<script>let a = "first-tone";</script>')
    assert "first-waits" not in said


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages as a build leaves them, and where."""
    for name in ("", "ru", "rewards", "history"):
        (tmp_path / "client" / name).mkdir(parents=True, exist_ok=True)
        text = BUILT if name in {"", "ru"} else '<p data-first="balance">\u00a0</p>'
        (tmp_path / "client" / name / "index.html").write_text(text)
    monkeypatch.setattr(first, "CLIENT", tmp_path / "client")
    return tmp_path / "client"


def token(person: Person) -> str:
    """The cookie of somebody who comes in."""
    with database.transaction(door.engine()) as session:
        return sessions.start(session, person, datetime.now(UTC))[0]


async def get(path: str, cookie: str = "", **headers: str) -> httpx.Response:
    """What the server answers."""

    async def plain(_: Any) -> HTMLResponse:
        return HTMLResponse(PLAIN)

    app = Gate(FirstPaint(Starlette(routes=[Route("/{rest:path}", plain)]), PAGES))
    if cookie:
        headers["cookie"] = f"{door.COOKIE}={cookie}"
    headers.setdefault("accept-encoding", "identity")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
        return await client.get(path, headers=headers)


def said(answer: httpx.Response) -> str:
    """The balance in the document."""
    found = re.search(r'data-first="balance">([^<]*)<', answer.text)
    assert found, answer.text
    return found[1]


@pytest.mark.anyio
@pytest.mark.usefixtures("built")
async def test_a_member_finds_their_own_figures_in_the_document(house: House) -> None:
    mira = token(Person(str(house.mira), MEMBER))
    answer = await get("/", mira)
    assert said(answer) == "400"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Cookie" in answer.headers["vary"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "Лавка" in (await get("/ru", mira)).text
    assert said(await get("/rewards", mira)) == said(await get("/history/", mira)) == "400 points"
    assert (await get("/rules", mira)).text == PLAIN


@pytest.mark.anyio
@pytest.mark.usefixtures("built")
async def test_it_is_the_same_as_the_page_says_in_the_end(house: House) -> None:
    state = house.visit(HomeState)
    await call(state, "load")
    answer = await get("/", token(Person(str(house.mira), MEMBER)))
    assert said(answer) == state.card.balance
    assert f"tier-{state.card.tier.tone}" in answer.text
    assert f"inline-size:{state.card.tier.percent}%" in answer.text


@pytest.mark.anyio
@pytest.mark.usefixtures("built")
async def test_nobody_sees_another_ones_figures(house: House) -> None:
    with database.transaction(door.engine()) as session:
        record(session, [an_order("theirs", "7.00", at=NOW, subject="customer:other")], NOW)
        everybody = set(session.exec(select(Identity.member_id)))
    other = (everybody - {house.mira}).pop()
    ours, theirs = token(Person(str(house.mira), MEMBER)), token(Person(str(other), MEMBER))
    for _ in range(2):
        assert said(await get("/", ours)) == "400"
        assert said(await get("/", theirs)) == "0"
    with database.transaction(door.engine()) as session:
        sessions.end(session, ours, datetime.now(UTC))
    unknown = token(Person(str(UUID(int=7)), MEMBER))
    for cookie in ("", "made-up", ours, token(Person("kim", "owner")), unknown):
        answer = await get("/", cookie)
        assert answer.text == PLAIN
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.anyio
async def test_when_it_fails_the_page_comes_as_it_was_built(house: House, built: Path) -> None:
    mira = token(Person(str(house.mira), MEMBER))
    (built / "index.html").write_text('<p data-first="nonsense"></p>')
    assert (await get("/", mira)).text == PLAIN
    (built / "ru" / "index.html").unlink()
    assert (await get("/ru/", mira)).text == PLAIN


@pytest.mark.anyio
@pytest.mark.usefixtures("built")
async def test_it_is_squeezed_for_who_can_take_it_and_costs_three_queries(house: House) -> None:
    mira = token(Person(str(house.mira), MEMBER))
    await get("/", mira)
    asked: list[str] = []
    engine = door.engine()

    def count(*args: Any) -> None:
        asked.append(args[2])

    event.listen(engine, "before_cursor_execute", count)
    try:
        answer = await get("/", mira, **{"accept-encoding": "gzip"})
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert answer.headers["content-encoding"] == "gzip"
    assert said(answer) == "400"
    assert int(answer.headers["content-length"]) < len(gzip.compress(answer.content)) + 40
    assert len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 3


@pytest.mark.anyio
async def test_a_document_that_is_opened_anew_begins_anew(house: House) -> None:
    state = house.visit(HomeState)
    await call(state, "load")
    root = state._get_root_state()
    found_again = Event(name="reflex___state____state.hydrate_and_load", payload={})
    await Anew().preprocess(None, root, found_again)
    assert (state.status, state.card.balance) == ("here", "400")
    opened = Event(name="reflex___state____state.hydrate_and_load", payload={"hashes": ["a"]})
    await Anew().preprocess(None, root, opened)
    assert (state.status, state.card) == ("waiting", HomeCard())


@pytest.mark.anyio
async def test_a_balance_moves_only_when_it_has_become_another(house: House) -> None:
    state = house.visit(HomeState)
    await call(state, "load")
    assert not state.moved
    post(a_review())
    await call(state, "load")
    assert (state.card.balance, state.moved) == ("440", True)
    await call(state, "load")
    assert (state.card.balance, state.moved) == ("440", False)
