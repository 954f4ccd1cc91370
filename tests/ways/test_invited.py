"""`/r/<code>`: a friend's link shows its offer to people and messengers, is remembered, and counts when they join."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from PIL import Image
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from app import database, door, limits
from app.jobs import friends
from app.live import Outlook
from app.public import coming_in, invited, invited_poster
from members.actions import joining, referring
from members.actions.joining import Wish
from members.actions.record import advance_due, record
from members.programme import apply, load
from members.programme.versions import versions
from members.referral_tables import Brought, Referral, ReferralCode
from members.standing import standing_of
from members.tables import FactRow, Member, Standing
from rewards.tables import Lot
from tests.builders import a_refund, an_order, days, in_force
from tests.members.test_referring import FRIENDS
from tests.ways.conftest import SITE, Visit, newest_code

pytestmark = pytest.mark.anyio
RUSSIAN = FRIENDS.replace("languages: [en]", "languages: [en, ru, ar]")
BEN = "ben@shop.example"


@pytest.fixture
def shop(house: Path) -> Iterator[Starlette]:
    with database.transaction(door.engine()) as session:
        in_force(session, RUSSIAN)
    limits.forget()
    yield Starlette(routes=[*coming_in.routes(), *invited.routes(), *invited_poster.routes()])
    limits.forget()


def link_of(name: str = "ann") -> tuple[UUID, str]:
    """A member and the code of their link."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        member_id = joining.join(session, f"email:{name}@shop.example", Wish(), now - days(30))
        link = referring.open_link(session, member_id, now)
        assert link is not None
        return member_id, link.code


def balance(member_id: UUID) -> int:
    with database.reading(door.engine()) as session:
        return session.exec(select(Standing.balance).where(Standing.member_id == member_id)).one()


@pytest.mark.feature(80)
@pytest.mark.parametrize(
    ("start", "said", "lang"),
    [("", "300 points for you at ", "en"), ("/ru", "300 баллов для вас в «", "ru"),
     ("/ar", "٣٠٠ نقطة لك في ", "ar")],
)  # fmt: skip
async def test_a_messenger_without_script_sees_the_offer(
    visit: Visit, start: str, said: str, lang: str
) -> None:
    _, code = link_of()
    async with visit() as crawler:
        page = await crawler.get(f"{start}/r/{code}", headers={"user-agent": "TelegramBot (like TwitterBot)"})
        told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page.text))
        assert page.status_code == 200
        assert f'<html lang="{lang}"' in page.text
        plain = told["title"].replace("\u2068", "").replace("\u2069", "")
        assert plain.replace("\xa0", " ").startswith(said)
        assert len(told["description"]) > 20
        assert told["image"].endswith(f"{start}/r/{code}/card.png")
        assert "<script" not in page.text
        picture = await crawler.get(f"{start}/r/{code}/card.png")
        assert picture.headers["content-type"] == "image/png"
        with Image.open(io.BytesIO(picture.content)) as image:
            assert image.size == (1200, 630)
        again = await crawler.get(
            f"{start}/r/{code}/card.png", headers={"if-none-match": picture.headers["etag"]}
        )
        assert again.status_code == 304


async def join(browser: httpx.AsyncClient, address: str = BEN) -> None:
    await browser.post("/join", data={"address": address, "agree": "yes"})
    done = await browser.post("/join/code", data={"code": newest_code(address)})
    assert done.headers["location"] == "/"


@pytest.mark.feature(82)
async def test_from_a_link_to_points_for_both_and_back(visit: Visit) -> None:
    ann, code = link_of()
    async with visit() as browser:
        page = await browser.get(f"/r/{code}", headers={"sec-fetch-mode": "navigate"})
        assert 'action="/join"' in page.text
        assert len(re.findall(r"<input (?![^>]*hidden)[^>]*required", page.text)) == 2, (
            "and the code: three inputs"
        )
        await join(browser)
    outlook, now = Outlook(door.engine()), datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        ben = session.exec(select(Referral.friend_id)).one()
        assert session.exec(select(ReferralCode.clicked)).one() == 1
        joined = session.exec(
            select(FactRow.data).where(FactRow.type == "member.signed_up", FactRow.member_id == ben)
        )
        assert code in joined.one()
        record(session, [an_order("1", "40.00", at=now, subject=f"email:{BEN}")], now)
    assert friends.follow_news(door.engine(), outlook.read()) == 1
    assert (balance(ann), balance(ben)) == (500, 340)
    with database.reading(door.engine()) as session:
        pending = session.exec(select(Standing.due_at).where(col(Standing.member_id).in_([ann, ben]))).all()
    assert len(pending) == 2
    with database.transaction(door.engine()) as session:
        record(session, [a_refund("1", ("1", "40.00"), at=now, subject=f"email:{BEN}")], now)
    assert friends.follow_late(door.engine(), now) == 1, "nobody was there to follow, and it is found"
    assert (balance(ann), balance(ben)) == (0, 0)
    assert friends.follow_late(door.engine(), now + days(1)) == 1, "what was under way is looked at again"
    assert friends.follow_late(door.engine(), now) == 0


@pytest.mark.feature(81)
@pytest.mark.parametrize(("touch", "paid"), [("last", "cem"), ("first", "ann")])
async def test_the_last_link_counts_or_the_first_as_the_shop_says(
    visit: Visit, touch: str, paid: str
) -> None:
    with database.transaction(door.engine()) as session:
        changed = RUSSIAN.replace("late_days: 14", f"late_days: 14\n  touch: {touch}")
        if touch == "first":
            apply(session, load(changed), base=1, actor="test", now=datetime.now(UTC))
    found = {name: link_of(name) for name in ("ann", "cem")}
    async with visit() as browser:
        for _, code in found.values():
            await browser.get(f"/r/{code}")
        await join(browser)
    with database.reading(door.engine()) as session:
        assert session.exec(select(Brought.sharer_id)).one() == found[paid][0]


async def test_a_link_that_nobody_has_leads_on_kindly(visit: Visit) -> None:
    async with visit() as browser:
        for code in ("swift-otter-42", "%3Cscript%3E", "x" * 500):
            page = await browser.get(f"/r/{code}")
            assert page.status_code == 404
            assert "<script>" not in page.text
            assert invited.INVITED not in browser.cookies
        assert (await browser.get("/r/swift-otter-42/card.png")).status_code == 404


async def test_only_a_person_who_opens_a_link_is_counted_and_once(visit: Visit) -> None:
    _, code = link_of()
    async with visit() as browser, visit() as crawler:
        for _ in range(3):
            await browser.get(f"/r/{code}", headers={"sec-fetch-mode": "navigate"})
            await crawler.get(f"/r/{code}")
        await crawler.head(f"/r/{code}")
    with database.reading(door.engine()) as session:
        assert session.exec(select(ReferralCode.clicked)).one() == 1


async def test_a_link_is_opened_as_often_as_one_likes_and_counted_so_often(visit: Visit) -> None:
    """Whoever throws their cookies away writes no more than the rate allows; the page is there all the same."""
    most = int(limits.RATES["clicked"].partition("/")[0])
    _, code = link_of()
    for _ in range(most + 3):
        async with visit() as browser:
            page = await browser.get(f"/r/{code}", headers={"sec-fetch-mode": "navigate"})
            assert page.status_code == 200
    with database.reading(door.engine()) as session:
        assert session.exec(select(ReferralCode.clicked)).one() == most


async def test_a_made_up_cookie_brings_nobody(visit: Visit) -> None:
    async with visit() as browser:
        browser.cookies.set(invited.INVITED, "swift-otter-42", domain=SITE.removeprefix("http://"))
        await join(browser)
    with database.reading(door.engine()) as session:
        assert session.exec(select(Brought)).all() == []


def test_reading_is_not_writing(session: Session) -> None:
    """Who looks at their page has no link made for them unasked."""
    in_force(session, FRIENDS)
    member_id = joining.join(session, "email:a@b.example", Wish(), datetime.now(UTC))
    assert referring.link_of(session, member_id, datetime.now(UTC)) is None
    assert session.exec(select(ReferralCode)).all() == []


@pytest.mark.feature(80)
async def test_a_link_hangs_on_the_wall_in_three_languages_and_says_no_more_than_the_link(
    visit: Visit,
) -> None:
    _, code = link_of()
    async with visit() as anybody:
        for start in ("", "/ru", "/ar"):
            sheet = await anybody.get(f"{start}/r/{code}/poster.png")
            assert sheet.headers["content-type"] == "image/png"
            with Image.open(io.BytesIO(sheet.content)) as image:
                assert image.size == (1240, 1754)
            printed = await anybody.get(f"{start}/r/{code}/poster.pdf")
            assert printed.content.startswith(b"%PDF")
        assert (await anybody.get("/r/swift-otter-42/poster.pdf")).status_code == 404
        assert (await anybody.get(f"/r/{code}/poster.svg")).status_code == 404


async def test_a_name_that_tries_to_be_html_or_to_turn_the_page_round_is_a_name(visit: Visit) -> None:
    member_id, code = link_of()
    with database.transaction(door.engine()) as session:
        session.get_one(Member, member_id).name = "<script>alert(1)</script>\u202e"
        referring.let_name(session, member_id, True)
    async with visit() as crawler:
        for start in ("", "/ru", "/ar"):
            page = await crawler.get(f"{start}/r/{code}")
            told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page.text))
            assert "scriptalert1script" in told["title"], "what is left of it are letters"
            assert "<script>alert" not in page.text
            assert "\u202e" not in page.text
            picture = await crawler.get(f"{start}/r/{code}/card.png")
            assert picture.headers["content-type"] == "image/png"


@pytest.mark.feature(82)
@pytest.mark.parametrize("returned", [False, True])
async def test_both_lots_are_there_on_the_day_unless_it_was_returned_the_day_before(
    visit: Visit, returned: bool
) -> None:
    ann, code = link_of()
    async with visit() as browser:
        await browser.get(f"/r/{code}")
        await join(browser)
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        ben = session.exec(select(Referral.friend_id)).one()
        record(session, [an_order("1", "40.00", at=now, subject=f"email:{BEN}")], now)
        referring.follow(session, [ben], now)
        [day] = {lot.active_from for lot in session.exec(select(Lot)) if lot.cause.startswith("referral")}

    def points(at: datetime) -> list[tuple[int, int]]:
        with database.transaction(door.engine()) as session:
            advance_due(session, at)
            found = [standing_of(session, one, at, versions(session)) for one in (ann, ben)]
        return [(one.available, one.pending) for one in found if one]

    before = day - timedelta(days=1)
    assert points(before) == [(0, 500), (0 + 40, 300)]
    if returned:
        with database.transaction(door.engine()) as session:
            record(session, [a_refund("1", ("1", "40.00"), at=before, subject=f"email:{BEN}")], before)
        assert friends.follow_late(door.engine(), before) == 1
    assert points(day) == ([(0, 0), (0, 0)] if returned else [(500, 0), (340, 0)])


@pytest.mark.feature(83)
async def test_milestones_a_limit_and_an_end_by_the_terms_that_the_link_was_made_with(visit: Visit) -> None:
    terms = RUSSIAN.replace(
        "hold_days: 14", "per_member: {friends: 1, per: month}\n      link_days: 30"
    ).replace("late_days: 14", "late_days: 14\n  milestones: [{friends: 2, points: 70}]")
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        apply(session, load(terms), base=1, actor="test", now=now - days(40))
        old = joining.join(session, "email:old@shop.example", Wish(), now - days(40))
        over = referring.open_link(session, old, now - days(31))
        assert over is not None
        ended = over.code
    ann, code = link_of()
    for name in ("ben", "cem"):
        async with visit() as browser:
            await browser.get(f"/r/{code}")
            await join(browser, f"{name}@shop.example")
        order = an_order(name, "40.00", at=datetime.now(UTC), subject=f"email:{name}@shop.example")
        with database.transaction(door.engine()) as session:
            record(session, [order], datetime.now(UTC))
        friends.follow_late(door.engine(), datetime.now(UTC))
    assert balance(ann) == 500 + 70, "one friend a month is paid for, and both count"
    async with visit() as browser:
        page = await browser.get(f"/r/{ended}")
        assert "This invitation is over." in page.text
        assert invited.INVITED not in browser.cookies
