"""`/give` and `/g/<code>` in two browsers: both confirm, a day has its limits, and a link that is over says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from app import database, door, limits
from app.public import coming_in, gifts
from members import sessions
from members.actions import joining, own, record
from members.actions.joining import Wish
from members.prove import prove
from members.roles import MEMBER, Person
from members.tables import Identity
from rewards.tables import Entry, Lot
from tests.builders import PROGRAMME, an_order, days, in_force
from tests.ways.conftest import Visit, newest_code

pytestmark = pytest.mark.anyio
TERMS = (
    PROGRAMME.replace(
        "rewards: []",
        "rewards: []\nsafety: {fresh_above: 80}\ngifts: {per_day: 100, least: 10, days_to_take: 7, min_age_days: 30}",
    )
    .replace("languages: [en]", "languages: [en, ru, ar]")
    .replace("multiplier: 1.5", "multiplier: 1")
)
BEN = "ben@shop.example"


@pytest.fixture
def shop(house: Path) -> Iterator[Starlette]:
    with database.transaction(door.engine()) as session:
        in_force(session, TERMS)
    limits.forget()
    yield Starlette(routes=[*coming_in.routes(), *gifts.routes()])
    limits.forget()


def a_member(name: str, points: int = 200, since: float = 90) -> tuple[UUID, str]:
    """Somebody with points of an order, and their session."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        member_id = joining.join(session, f"email:{name}@shop.example", Wish(), now - days(since))
        own.tell(session, member_id, now, name=name.title())
        order = an_order(
            f"order-{name}", f"{points}.00", at=now - days(since / 2), subject=f"member:{member_id}"
        )
        record(session, [order], now)
        token, _ = sessions.start(session, Person(str(member_id), MEMBER), now)
        return member_id, token


def signed_in(browser: httpx.AsyncClient, token: str) -> httpx.AsyncClient:
    browser.cookies.set(door.COOKIE, token)
    return browser


def kept(page: str) -> dict[str, str]:
    """What the form on a page sends along unseen."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def said(page: httpx.Response) -> str:
    """What is on a page, as people read it."""
    return unescape(re.sub("[\u2066-\u2069]", "", re.sub(r"<[^>]+>", " ", page.text.split("<main>")[-1])))


async def give(browser: httpx.AsyncClient, points: int = 50, **more: str) -> httpx.Response:
    form = {**kept((await browser.get("/give")).text), "points": str(points), **more}
    looked = await browser.post("/give", data=form)
    return await browser.post("/give", data=kept(looked.text)) if looked.status_code == 200 else looked


def link_in(page: httpx.Response) -> str:
    found = re.search(r'class="link"[^>]*>[^<]*(/g/[0-9A-Z-]+)<', page.text)
    assert found
    return found[1]


def books(member_id: UUID) -> dict[str, int]:
    """A member's entries by kind; the proof holds."""
    with database.reading(door.engine()) as session:
        assert prove(session).flaws == []
        rows = session.exec(select(Entry.kind, Entry.amount).where(Entry.member_id == member_id)).all()
    return {kind: sum(amount for one, amount in rows if one == kind) for kind, _ in rows}


@pytest.mark.feature(34)
async def test_both_confirm_and_the_points_are_as_old_as_they_were(visit: Visit) -> None:
    (ann, hers), (ben, his) = a_member("ann"), a_member("ben", 10)
    async with visit() as one, visit() as other:
        signed_in(one, hers)
        page = await one.get("/give")
        assert "You can give up to 100 points now." in said(page)
        assert len(re.findall("<button(?! class=.plain)", page.text)) == 1
        looked = await one.post("/give", data={**kept(page.text), "points": "50", "named": "yes"})
        assert "50 points" in said(looked)
        assert books(ann) == {"earned": 200}, "nothing is given before it is confirmed"
        sent = kept(looked.text)
        first, again = await one.post("/give", data=sent), await one.post("/give", data=sent)
        assert (first.status_code, again.status_code) == (303, 303)
        assert books(ann) == {"earned": 200, "held": 0}, "twice is once"
        link = link_in(await one.get("/give"))
        assert "Send its link" in said(await one.get(link))
        assert "This gift is yours" in said(await one.post(link))
        signed_in(other, his)
        gift = await other.get(link)
        assert "Ann gives you 50 points" in said(gift)
        assert books(ben) == {"earned": 10}, "nothing is taken before it is confirmed"
        assert (await other.post(link)).headers["location"] == link
        assert (await other.post(link)).status_code == 303
        assert "50 points are yours" in said(await other.get(link))
        assert "Taken on" in said(await one.get("/give"))
        assert (await one.get(link)).status_code == 404
    assert (books(ann), books(ben)) == (
        {"earned": 200, "held": 0, "given": -50},
        {"earned": 10, "received": 50},
    )
    with database.reading(door.engine()) as session:
        ends = select(Lot.expires_at).where(Lot.kind == "earned")
        mine, theirs = (session.exec(ends.where(Lot.member_id == one, col(Lot.cause).contains(what))).one()
                        for one, what in ((ann, "earn|"), (ben, "gift|")))  # fmt: skip
        assert mine == theirs


@pytest.mark.feature(34)
async def test_a_day_has_its_limit_and_nothing_is_on_by_itself(visit: Visit) -> None:
    _, hers = a_member("ann", 400)
    async with visit() as browser:
        signed_in(browser, hers)
        assert (await give(browser, 60)).status_code == 303
        too_much = await give(browser, 41)
        assert (too_much.status_code, "Choose from 10 to 40 points." in said(too_much)) == (422, True)
        form = {"step": "give", "points": "41", "named": "", "request": "a-second-tab"}
        assert "Today you can give 40 more points." in said(await browser.post("/give", data=form))
        for points in ("", "-5", "1e3", "9" * 30, "٥٠x"):
            assert (await browser.post("/give", data=form | {"points": points})).status_code == 422
        elsewhere = await browser.post("/give", data=form, headers={"origin": "https://evil.example"})
        assert elsewhere.status_code == 403
        _, young = a_member("new", since=10)
        signed_in(browser, young)
        assert "Who has been here for 30 days can give points." in said(await browser.get("/give"))
        with database.transaction(door.engine()) as session:
            from members.programme import apply, load

            now = datetime.now(UTC)
            apply(session, load(PROGRAMME), base=1, effective_from=now, actor="test", now=now)
        assert (await browser.get("/give")).status_code == 404
        signed_in(browser, hers)
        back = await browser.get("/give")
        assert ("Call it back" in said(back), 'id="points"' in back.text) == (True, False)


async def test_called_back_it_says_no_more_than_one_that_never_was(visit: Visit) -> None:
    (ann, hers), (_, his) = a_member("ann"), a_member("ben", 10)
    async with visit() as one, visit() as other:
        signed_in(one, hers)
        await give(one)
        page = await one.get("/give")
        link, form = link_in(page), {"gift": kept(page.text.split('action="/give/back"')[1])["gift"]}
        signed_in(other, his)
        assert (await other.post("/give/back", data=form)).status_code == 404
        assert (await one.post("/give/back", data=form)).status_code == 303
        assert (await one.post("/give/back", data=form)).status_code == 303
        answers = [await other.get(link), await other.get("/g/7XKQ-2M9D-VB40-HT3WE"), await other.get("/g/x"),
                   await other.post(link)]  # fmt: skip
        assert {answer.status_code for answer in answers} == {404}
        assert len({said(answer) for answer in answers}) == 1
    assert books(ann) == {"earned": 200, "held": 0, "reversal": 0}


async def test_a_stranger_joins_and_finds_the_gift_again(visit: Visit) -> None:
    _, hers = a_member("ann")
    async with visit() as one, visit() as other:
        await give(signed_in(one, hers))
        link = link_in(await one.get("/give"))
        for start, lang in (("", "en"), ("/ru", "ru"), ("/ar", "ar")):
            seen = await other.get(f"{start}{link}", headers={"user-agent": "TelegramBot (like TwitterBot)"})
            told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', seen.text))
            assert (f'<html lang="{lang}"' in seen.text, "<script" in seen.text) == (True, False)
            assert ("Ann" in told["title"], len(told["description"]) > 20) == (False, True)
        await other.post("/join", data={"address": BEN, "agree": "yes"})
        done = await other.post("/join/code", data={"code": newest_code(BEN)})
        assert done.headers["location"] == link
        assert (await other.post(link)).status_code == 303
        await other.get(link)
        assert "regulars_gift" not in other.cookies
    with database.reading(door.engine()) as session:
        ben = session.exec(select(Identity.member_id).where(Identity.key == f"email:{BEN}")).one()
    assert books(ben)["received"] == 50


async def test_a_large_gift_on_a_new_device_asks_for_a_code(visit: Visit) -> None:
    ann, hers = a_member("ann")
    async with visit() as browser:
        signed_in(browser, hers)
        asked = await give(browser, 90)
        assert (asked.status_code, "Let us send you a code first." in said(asked)) == (403, True)
        box = await browser.post("/give", data=kept(asked.text))
        wrong = await browser.post("/give", data={**kept(box.text), "code": "000000"})
        assert (wrong.status_code >= 400, books(ann)) == (True, {"earned": 200})
        done = await browser.post("/give", data={**kept(box.text), "code": newest_code("ann@shop.example")})
        assert (done.status_code, done.headers["location"]) == (303, "/give")
    assert books(ann) == {"earned": 200, "held": 0}


async def test_nobody_gives_without_a_session(visit: Visit) -> None:
    async with visit() as browser:
        for path in ("/give", "/give/back", "/g/7XKQ-2M9D-VB40-HT3WE"):
            answer = await browser.post(path, data={"points": "10"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
