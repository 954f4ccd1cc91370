"""Whoever came on a friend's invitation sees what becomes of their own reward, and why it waits. Nobody is named."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from app import database, door, live
from app.frame.visit import _news_or_day
from members.actions import joining, referring, suspicions
from members.actions.joining import Wish
from members.cards import HomeCard
from members.suspicion_signs import digest
from members.suspicion_tables import Suspicion
from members.views.kept import Kept
from tests.builders import NOW, a_refund, an_order, days
from tests.pages.conftest import House
from tests.pages.game import begin
from tests.pages.test_friends import REFERRALS, buys, friend, opened

pytestmark = [pytest.mark.anyio, pytest.mark.feature(85)]
HIS = {"subject": "email:ben@secret.example"}


def code_of(member_id: UUID) -> str:
    with database.transaction(door.engine()) as session:
        link = referring.open_link(session, member_id, datetime.now(UTC))
        assert link is not None
        return link.code


async def seen(who: UUID, address: str = "/friends") -> tuple[str, str]:
    """The chip of the panel, and its words."""
    card = (await opened(House(who), address)).card
    assert "Mira" not in str(asdict(card)), "who sent them is nobody's to know"
    return card.came.status, card.came.words


async def test_the_reward_of_ones_own_coming_is_followed(house: House) -> None:
    begin(house, REFERRALS)
    ben, now = friend("ben", code_of(house.mira)), datetime.now(UTC)
    assert await seen(ben) == ("To come", "With your first purchase: 300 points.")
    buys(ben, an_order("1", "5.00", at=now - days(1), **HIS))
    assert await seen(ben) == ("Nothing to pay", "Your purchase was too small to count.")
    paid_at = now - days(1)
    buys(ben, an_order("2", "30.00", at=paid_at, **HIS))
    status, words = await seen(ben)
    assert (status, words.partition(",")[0]) == ("Waiting", "300 points")
    assert words.endswith(" on, if nothing is returned.")
    for who in (ben, house.mira):
        page = await opened(House(who))
        assert page.card.turns_at is not None, "both pages are filled anew when the day has come"
        assert days(12.9) < page.card.turns_at - paid_at <= days(14.1)
    buys(ben, a_refund("2", ("1", "30.00"), at=now, **HIS))
    assert (await seen(ben))[0] == "Nothing to pay", "the small one is left"
    buys(ben, a_refund("1", ("1", "5.00"), at=now, **HIS))
    assert await seen(ben) == (
        "Cancelled", "The purchase was returned, so the points went back, for both of you.",
    )  # fmt: skip
    assert (await opened(House(ben))).card.turns_at is None
    assert (await opened(house)).card.came.words == "", "Mira came by herself"


async def test_a_reward_that_is_looked_at_says_so_to_the_friend_too(house: House) -> None:
    """In plain words, without the signs and without a name; whoever shared it may appeal."""
    begin(house, REFERRALS)
    now, shared = datetime.now(UTC), (("device", digest("device", "one", b"s" * 32)),)
    with database.transaction(door.engine()) as session:
        ann = joining.join(session, "email:ann@secret.example", Wish(signs=shared), now - days(30))
    wish = Wish(invited=code_of(ann), signs=shared)
    with database.transaction(door.engine()) as session:
        ben = joining.join(session, "email:ben@secret.example", wish, now - days(2))
    buys(ben, an_order("2", "30.00", at=now - days(1), **HIS))
    looks = "This account looks like the same household or device as another one here."
    assert await seen(ben) == (
        "Under review", f"{looks} The shop looks at it. Until then neither of you is paid.",
    )  # fmt: skip
    assert (await seen(ben, "/ru/friends"))[1].startswith("Похоже, этот аккаунт")
    assert (await seen(ben, "/ar/friends"))[1].startswith("يبدو أن هذا الحساب")
    with database.transaction(door.engine()) as session:
        row = session.exec(select(Suspicion)).one()
        name = (row.member_id, row.referral_id)
        suspicions.refuse(session, name, suspicions.evidence(row), "support:kim", now)
    assert await seen(ben) == ("Not paid", f"{looks} The shop has looked at it, and pays nothing for it.")
    with database.transaction(door.engine()) as session:
        row = session.get_one(Suspicion, name)
        suspicions.pay(session, name, suspicions.evidence(row), "support:kim", now)
    assert (await seen(ben))[0] == "Waiting"


async def test_an_open_page_is_filled_anew_when_its_moment_has_come() -> None:
    """Without news; news come before it all the same, and whoever leaves is not waited for."""
    await asyncio.wait_for(_news_or_day(live.News(), NOW - days(1)), 60)
    news = live.News()
    news.come()
    await asyncio.wait_for(_news_or_day(news, datetime.now(UTC) + days(9)), 60)
    waiting = asyncio.create_task(_news_or_day(live.News(), datetime.now(UTC) + days(9)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_a_card_that_is_kept_is_made_anew_when_its_moment_has_come() -> None:
    cards = Kept[HomeCard](2)
    at = NOW.replace(second=10)
    turning = HomeCard(balance="40", turns_at=at + timedelta(seconds=20))
    turned = HomeCard(balance="340", turns_at=None)
    made = iter([turning, turned])
    seen = [
        cards.card("mira", (), at + timedelta(seconds=n), lambda: next(made)).balance for n in (0, 19, 20, 21)
    ]
    assert seen == ["40", "40", "340", "340"]
