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
from app.frame.anew import Anew
from app.frame.first import FirstPaint, document
from app.frame.gate import Gate
from facts.ids import MemberId
from facts.language import language
from members import sessions
from members.actions.record import record
from members.actions.redeem import code_of, redeem
from members.board_cards import BoardCard, BoardsCard, PlaceCard
from members.cards import EntryCard, HistoryCard, HomeCard, RewardsCard, TierCard
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


ROW = (
    '<li data-ahead-if="entries.{n}" class="row"><svg><use href="/icons.svg#ahead:entries.{n}.icon"></use></svg>'
    '<p class="x w-fit first-waits" data-ahead="entries.{n}.title">\u00a0</p>'
    '<p data-ahead="entries.{n}.status" hidden="" class="y">\u00a0</p>'
    '<i style="inline-size:ahead:entries.{n}.key%"></i></li>'
)
LIST = f"""<ul data-ahead-if="entries">{ROW.format(n=0)}{ROW.format(n=1)}</ul>
<div data-ahead-if="!entries" hidden="">Nothing yet</div>"""


def test_rows_are_filled_as_far_as_there_are_any() -> None:
    entry = EntryCard(key="40", icon="gift", title="<i>Tea</i>", status="")
    said = document(LIST).filled(HistoryCard(entries=(entry,)))
    assert said.startswith('<ul data-ahead-if="entries"><li data-ahead-if="entries.0" class="row">')
    assert 'href="/icons.svg#gift"' in said
    assert '<p class="x w-fit" data-ahead="entries.0.title">&lt;i&gt;Tea&lt;/i&gt;</p>' in said
    assert '<p data-ahead="entries.0.status" class="y" hidden></p>' in said
    assert "inline-size:40%" in said
    assert '<li data-ahead-if="entries.1" class="row" hidden>' in said
    assert '<div data-ahead-if="!entries" hidden>' in said
    assert "ahead:" not in said
    later = document(LIST).filled(HistoryCard(entries=(entry, EntryCard(title="Tea", status="on its way"))))
    assert '<p data-ahead="entries.1.status" class="y">on its way</p>' in later
    assert later.count("hidden") == 2


def test_a_number_is_kept_with_what_it_counts_as_the_page_itself_does() -> None:
    entry = EntryCard(title="40 points", status="Yours on 24 Nov 2026")
    said = document(LIST).filled(HistoryCard(entries=(entry,)))
    assert ">40\u00a0points</p>" in said
    assert ">Yours on 24\u00a0Nov 2026</p>" in said


def test_a_picture_gets_its_address_and_a_tone_is_said_as_the_page_says_it() -> None:
    built = (
        '<ol data-ahead-if="boards.0.rows"><li data-ahead-if="boards.0.rows.1" data-me="ahead:boards.0.rows.1.me">'
        '<img alt="" data-ahead-src="boards.0.rows.1.alias"></li></ol>'
    )
    places = (PlaceCard(alias="A"), PlaceCard(alias='/pictures/"b"', me=True))
    said = document(built).filled(BoardsCard(boards=(BoardCard(rows=places),)))
    assert '<img alt="" src="/pictures/&quot;b&quot;">' in said
    assert 'data-me="true"' in said
    assert "hidden" not in said
    nobody = document(built).filled(BoardsCard())
    assert '<ol data-ahead-if="boards.0.rows" hidden>' in nobody
    assert 'src=""' in nobody


def test_without_rows_it_says_what_to_do() -> None:
    said = document(LIST).filled(HistoryCard())
    assert '<ul data-ahead-if="entries" hidden>' in said
    assert '<div data-ahead-if="!entries">Nothing yet</div>' in said


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages as a build leaves them, and where: in the folder that the server was given, whatever else was built."""
    client = tmp_path / "build" / "client"
    for name in ("", "ru", "rewards", "history", "rules", "ru/rules"):
        (client / name).mkdir(parents=True, exist_ok=True)
        text = BUILT if name in {"", "ru"} else '<p data-first="balance">\u00a0</p>'
        text = '<p data-ahead="earn.0.sentence">\u00a0</p>' if "rules" in name else text
        (client / name / "index.html").write_text(text)
    monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(tmp_path))
    return client


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
    assert said(await get("/rewards", mira)) == said(await get("/history/", mira)) == "400\u00a0points"
    assert (await get("/staff", mira)).text == PLAIN


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
@pytest.mark.usefixtures("built")
async def test_a_page_for_everybody_is_filled_for_everybody(house: House) -> None:
    for cookie in ("", "made-up", token(Person("kim", "owner")), token(Person(str(house.mira), MEMBER))):
        answer = await get("/rules", cookie)
        assert re.search(r'data-ahead="earn.0.sentence">[^<]*\d[^<]*<', answer.text), answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        assert re.search("[а-я]", (await get("/ru/rules", cookie)).text)


@pytest.mark.anyio
async def test_no_code_stands_in_a_document(house: House) -> None:
    page = next(page for page in PAGES if page.path == "/rewards")
    key = b"k" * 32
    with database.transaction(door.engine()) as session:
        made = redeem(session, house.mira, "coffee", NOW, "once", key)
        assert code_of(made, key)
    with database.reading(door.engine()) as session:
        assert page.first
        card = page.first(session, MemberId(house.mira), datetime.now(UTC), language("en"))
    assert isinstance(card, RewardsCard)
    assert [one.key for one in card.mine] == [str(made.redemption_id)]
    assert (card.mine[0].code, card.mine[0].qr) == ("", "")


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
