"""The friends page: a link with its terms, every friend under an alias with how far it is, and a code named late."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from app import database, door
from members.actions import joining, referring
from members.actions.joining import Wish
from members.actions.record import record
from members.referral_tables import ReferralCode
from pages.friends import FriendsState
from tests.builders import a_refund, an_order, days
from tests.pages.conftest import House, call
from tests.pages.game import begin

pytestmark = pytest.mark.anyio
REFERRALS = """
referrals:
  offers:
    - {slug: give-get, name: Both, sharer: {points: 500}, friend: {points: 300}, order_min: "20.00", per_member: 3}
"""


async def opened(house: House, address: str = "/friends", who: str = "mira") -> Any:
    state = house.visit(FriendsState, address, who)
    await call(state, "load")
    return state


def friend(name: str, code: str) -> UUID:
    """Somebody who came by a link two days ago."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        wish = Wish(invited=code)
        return joining.join(session, f"email:{name}@secret.example", wish, now - days(2))


def buys(member_id: UUID, *facts: Any) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(session, list(facts), now)
        referring.follow(session, [member_id], now)


@pytest.mark.feature(80)
async def test_a_link_is_made_when_it_is_asked_for(house: House) -> None:
    begin(house, REFERRALS)
    page = await opened(house)
    assert (page.card.link, page.card.headline) == ("", "300 points for your friend, 500 points for you")
    await call(page, "get_link")
    code = page.card.code
    assert page.card.link == f"http://localhost:3000/r/{code}"
    assert page.card.message == f"Join me at Corner Shop and get 300 points: {page.card.link}?by=copy"
    assert [way.key for way in page.card.ways] == ["telegram", "whatsapp", "vk", "mail"]
    assert all(code in way.address for way in page.card.ways)
    assert page.card.rules == (
        "It counts with your friend's first purchase of at least $20.",
        "The points can be used 14 days later, if nothing was returned.",
        "Your friend must be new here.",
        "It counts for 3 friends at most.",
    )
    await call(page, "shared", "copy")
    assert page.copied
    russian = await opened(house, "/ru/friends")
    assert russian.card.link.endswith(f"/ru/r/{code}")
    with database.reading(door.engine()) as session:
        assert session.exec(select(ReferralCode.shared)).one() == 1


@pytest.mark.feature(85)
async def test_every_friend_is_seen_on_the_way_under_an_alias(house: House) -> None:
    begin(house, REFERRALS)
    page = await opened(house)
    await call(page, "get_link")
    code, seen = page.card.code, list[tuple[str, str]]()
    ben = friend("ben", code)

    async def look() -> None:
        again = await opened(house)
        seen.append((again.card.friends[-1].status, again.card.friends[-1].why))
        assert "secret" not in str(asdict(again.card))
        assert str(ben) not in str(asdict(again.card))

    await look()
    now, his = datetime.now(UTC), {"subject": "email:ben@secret.example"}
    buys(ben, an_order("1", "5.00", at=now - days(1), **his))
    await look()
    buys(ben, an_order("2", "30.00", at=now - days(1), **his))
    await look()
    buys(ben, a_refund("2", ("1", "30.00"), at=now, **his))
    await look()
    assert [status for status, _ in seen] == ["Has joined", "Nothing to pay", "Waiting", "Nothing to pay"]
    assert seen[1][1] == "Their purchase was too small to count."
    assert seen[2][1].startswith("Bought. The points wait until ")
    friend("cem", code)
    last = await opened(house)
    assert last.card.totals == "2 friends have come so far."
    assert len({one.name for one in last.card.friends}) == 2
    assert all(one.when.startswith("since ") for one in last.card.friends)


async def test_a_purchase_that_goes_back_is_said_to_have(house: House) -> None:
    begin(house, REFERRALS)
    page = await opened(house)
    await call(page, "get_link")
    ben, now = friend("ben", page.card.code), datetime.now(UTC)
    his = {"subject": "email:ben@secret.example"}
    buys(ben, an_order("2", "30.00", at=now - days(1), **his))
    buys(ben, a_refund("2", ("1", "30.00"), at=now, **his))
    [card] = (await opened(house)).card.friends
    assert (card.status, card.why) == (
        "Cancelled", "The purchase was returned, so the points went back, for both of you.",
    )  # fmt: skip


@pytest.mark.feature(81)
async def test_a_code_can_be_named_late(house: House) -> None:
    begin(house, REFERRALS)
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        ann = joining.join(session, "email:ann@secret.example", Wish(), now - days(40))
        link = referring.open_link(session, ann, now)
        assert link is not None
        code = link.code
        record(session, [an_order("joined", "1.00", at=now)], now)
    page = await opened(house)
    assert not page.card.may_name, "who has been here for a while is asked nothing"
    await call(page, "name", {"code": code})
    assert page.wrong == ""  # Mira has never joined by a form: she is new, as far as anybody can tell
    await call(page, "name", {"code": code})
    assert page.wrong == "You came on somebody's invitation already."
    await call(page, "name", {"code": "nonsense"})
    assert page.wrong == "Nobody has this code. Look at it again, please."


async def test_without_an_offer_there_is_nothing_to_share(house: House) -> None:
    page = await opened(house)
    assert (page.card.link, page.card.headline, page.card.friends) == ("", "", ())
    await call(page, "get_link")
    assert page.card.link == ""


async def test_staff_and_strangers_have_no_friends_page(house: House) -> None:
    begin(house, REFERRALS)
    for who in ("", "staff"):
        page = await opened(house, who=who)
        assert page.status == "stranger"
        await call(page, "get_link")
        assert page.card.link == ""


@pytest.mark.parametrize(
    ("offer", "order", "seen"),
    [
        ("paid: joining, sharer: {points: 500}", False, ("Waiting", "Joined. The points wait until ")),
        ("friend: {points: 300}", True, ("Waiting", "Bought. The points wait until ")),
        ("friend: {points: 300}, hold_days: 0", True, ("Paid", "300 points are your friend's.")),
        ("friend: {points: 300}", False, ("Has joined", "The first purchase is still to come.")),
    ],
)
async def test_an_offer_for_one_of_the_two_or_for_joining_is_told_as_it_is(
    house: House, offer: str, order: bool, seen: tuple[str, str]
) -> None:
    begin(house, f"\nreferrals:\n  offers:\n    - {{slug: one, name: One, {offer}}}\n")
    page = await opened(house)
    await call(page, "get_link")
    ben, now = friend("ben", page.card.code), datetime.now(UTC)
    if order:
        buys(ben, an_order("2", "30.00", at=now - days(1), subject="email:ben@secret.example"))
    [card] = (await opened(house)).card.friends
    assert card.status == seen[0]
    assert card.why.startswith(seen[1])
