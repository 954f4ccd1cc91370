"""What the friends page offers beside the link: the friend's language, who invites, milestones, figures, limits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from sqlmodel import select

from app import database, door
from facts.language import language
from members.actions import own, referring
from members.actions.erase import erase
from members.referral_tables import ReferralCode
from members.tables import Member
from members.views.inviting import first_name, invitation, inviter
from tests.builders import a_refund, an_order
from tests.pages.conftest import House, call
from tests.pages.game import begin
from tests.pages.test_friends import buys, friend, opened

pytestmark = pytest.mark.anyio
MANY = """
referrals:
  milestones: [{friends: 2, points: 100}, {friends: 3, points: 1000}]
  offers:
    - {slug: give-get, name: Both, sharer: {points: 500}, friend: {points: 300}, hold_days: 0,
       per_member: {friends: 3, per: month}, link_days: 60}
"""


async def made(house: House, where: str = "/friends") -> tuple[Any, str]:
    begin(house, MANY)
    page = await opened(house, where)
    await call(page, "get_link")
    return page, page.card.code


def comes(name: str, code: str, *, buys_too: bool = True) -> UUID:
    member_id = friend(name, code)
    if buys_too:
        at = datetime.now(UTC)
        buys(member_id, an_order(name, "30.00", at=at, subject=f"email:{name}@secret.example"))
    return member_id


@pytest.mark.feature(83)
async def test_milestones_count_friends_who_bought_and_did_not_return_it(house: House) -> None:
    _, code = await made(house)
    seen: list[tuple[str, int]] = []

    async def look() -> None:
        card = (await opened(house)).card
        seen.append((card.milestone.words, card.milestone.percent))

    await look()
    ben = comes("ben", code)
    comes("eve", code, buys_too=False)
    await look()
    comes("cem", code)
    await look()
    card = (await opened(house)).card
    assert [(one.figure, one.label) for one in card.figures] == [
        ("2", "friends who count"), ("1,100", "points earned"), ("0", "points waiting"),
    ]  # fmt: skip
    assert "It counts for 3 friends a month at most." in card.rules
    assert "The link leads there for 60 days." in card.rules
    now = datetime.now(UTC)
    buys(ben, a_refund("ben", ("1", "30.00"), at=now, subject="email:ben@secret.example"))
    await look()
    assert seen == [
        ("2 more friends to 100 points", 0), ("1 more friend to 100 points", 50),
        ("1 more friend to 1,000 points", 66), ("1 more friend to 100 points", 50),
    ]  # fmt: skip
    card = (await opened(house)).card
    assert card.figures[1].figure == "500", "the milestone went back with its friend"


@pytest.mark.feature(80)
async def test_a_link_is_shared_in_the_language_that_the_friend_reads(house: House) -> None:
    page, code = await made(house)
    assert [(one.code, one.on) for one in page.card.tongues] == [("en", True), ("ar", False), ("ru", False)]
    for spoken, words in (("ru", "Присоединяйтесь"), ("ar", "انضم")):
        await call(page, "speak", spoken)
        assert page.card.link == f"http://localhost:3000/{spoken}/r/{code}"
        assert words in page.card.message
        assert all(words in unquote(way.address) for way in page.card.ways)
        assert page.card.headline.startswith("300 points"), "what I read stays in my own language"
        assert page.card.poster == f"/{spoken}/r/{code}/poster.pdf"
    await call(page, "speak", "../x")
    assert page.card.link == f"http://localhost:3000/r/{code}"
    assert page.card.qr.startswith("data:image/svg+xml")


async def test_how_many_opened_the_link_is_said_and_who_is_not_known(house: House) -> None:
    page, code = await made(house)
    assert page.card.opened == ""
    with database.transaction(door.engine()) as session:
        for _ in range(4):
            referring.clicked(session, code, datetime.now(UTC))
    assert (await opened(house)).card.opened == "4 people opened your link."


@pytest.mark.feature(85)
async def test_a_link_says_who_invites_only_if_they_let_it(house: House) -> None:
    page, code = await made(house)
    now, say = datetime.now(UTC), language("en")

    def title() -> str:
        with database.reading(door.engine()) as session:
            link = session.get_one(ReferralCode, code)
            return invitation(session, link, now, say).title

    with database.transaction(door.engine()) as session:
        member_id = session.get_one(ReferralCode, code).member_id
        session.get_one(Member, member_id).name = "Amina Haddad"
    plain = title()
    assert not page.card.switches[0].on
    assert "Amina" not in str(asdict((await opened(house)).card.shop)) + plain
    await call(page, "switch", "named")
    assert page.card.switches[0].on
    assert page.card.switches[0].text == "Your link says “Amina invites you”."
    assert title() == "Amina invites you to Corner Shop"
    await call(page, "switch", "named")
    assert title() == plain
    await call(page, "switch", "named")
    with database.transaction(door.engine()) as session:
        own.leave(session, member_id, "test", now)
        assert inviter(session, member_id) == "", "who has left invites nobody"
        own.come_back(session, member_id, "test", now)
        assert inviter(session, member_id) == "Amina"
        erase(session, member_id, "test", now)
        assert inviter(session, member_id) == ""
        assert session.exec(select(ReferralCode)).all() == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Amina Haddad", "Amina"), ("  أمينة حداد", "أمينة"), ("Анна-Мария К", "Анна-Мария"), ("<b>Eve</b>", "bEveb"),
        ("\u202eevil\u2066 x", "evil"), ("Zoë", "Zoë"), ("e" + "\u0301" * 40, "é" + "\u0301" * 2), ("\u3164", ""),
        ("Admin Support", ""), ("www.evil.example", ""), ("+79161234567", ""), ("N" * 300, "N" * 24), ("", ""),
        ("’Neil", "Neil"),
    ],
)  # fmt: skip
def test_a_first_name_is_letters_that_hide_nothing(name: str, said: str) -> None:
    assert first_name(name) == said
