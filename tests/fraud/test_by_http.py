"""Fraud at the doors themselves: browsers with their cookies, codes by letter, orders by the API, and staff's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from app import database, door, limits
from app.jobs import friends
from app.live import Outlook
from app.public import coming_in, invited
from members.actions import referring
from members.referral_tables import Referral
from members.roles import MEMBER
from members.suspicion_tables import Sign
from members.tables import Audit, FactRow, Identity
from pages.friends import FriendsState
from pages.staff.cases import CasesState
from rewards.tables import Lot
from tests.api.shop import Shop, a_client, an_order
from tests.builders import in_force
from tests.fraud.deeds import World, fresh_seed
from tests.fraud.frauds import guesses
from tests.members.test_referring import FRIENDS
from tests.staff.conftest import call, visit
from tests.ways.conftest import SITE, newest_code

pytestmark = pytest.mark.anyio
ANN, ALIAS, BEN = "ann.petrova@gmail.com", "annpetrova+2@gmail.com", "ben@shop.example"


@pytest.fixture
def site(house: Path) -> Iterator[Starlette]:
    with database.transaction(door.engine()) as session:
        in_force(session, FRIENDS.replace("languages: [en]", "languages: [en, ru, ar]"))
    limits.forget()
    yield Starlette(routes=[*coming_in.routes(), *invited.routes()])
    limits.forget()


def a_browser(site: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=SITE)


async def join(browser: httpx.AsyncClient, address: str) -> UUID:
    """Join in this browser, whoever was signed in here before."""
    browser.cookies.delete(door.COOKIE)
    await browser.post("/join", data={"address": address, "agree": "yes"})
    done = await browser.post("/join/code", data={"code": newest_code(address)})
    assert done.headers["location"] == "/"
    with database.reading(door.engine()) as session:
        return session.exec(select(Identity.member_id).where(Identity.key == f"email:{address}")).one()


async def code_of(member_id: UUID) -> str:
    with database.transaction(door.engine()) as session:
        link = referring.open_link(session, member_id, datetime.now(UTC))
        assert link is not None
        return link.code


async def buys(mailbox: str, **more: str) -> None:
    """An order by the API, and what follows from its news."""
    outlook, engine = Outlook(door.engine()), door.engine()
    outlook.read()
    async with a_client(engine) as client:
        shop = Shop(engine, client)
        order = an_order("40.00", subject=f"email:{mailbox}")
        order["data"] |= more
        answer = await shop.post(order, key=shop.key())
        assert answer.json()["status"] == "recorded"
    friends.follow_news(engine, outlook.read())


def rewards() -> dict[UUID, int]:
    with database.reading(door.engine()) as session:
        lots = select(Lot.member_id, Lot.remaining).where(
            col(Lot.cause).like("referral|%"), Lot.remaining > 0
        )
        return dict(session.exec(lots).all())


async def opened(kind: Any, role: str, address: str, who: str) -> Any:
    page = visit(kind, role, address, who=who)
    await call(page, "load")
    return page


@pytest.mark.feature(84)
@pytest.mark.feature(85)
async def test_who_brings_themselves_waits_for_staff_and_may_say_something_once(site: Starlette) -> None:
    async with a_browser(site) as browser:
        ann = await join(browser, ANN)
        await browser.get(f"/r/{await code_of(ann)}")
        friend = await join(browser, ALIAS)
    await buys(ALIAS, address="1 Elm Street", payment="visa 4242")
    assert rewards() == {}
    page = await opened(FriendsState, MEMBER, "/friends", str(ann))
    [card] = page.card.friends
    assert (card.status, card.may_appeal) == ("Under review", True)
    assert card.why == ("This looks like the same household or device as yours, or as another friend's. "
                        "The shop looks at it. Until then neither of you is paid.")  # fmt: skip
    desk = await opened(CasesState, "support", "/staff/cases", "kim")
    [case] = desk.card.open
    assert desk.card.words == "1 case waits for a decision."
    assert case.reasons == (
        "The same mailbox, spelled in another way: 1 other account", "The same browser: 1 other account",
        "The same network: 1 other account",
    )  # fmt: skip
    assert case.allowed == "Together 170; from 60 on it waits."
    await call(desk, "settle", case.key, "refuse")
    assert [one.state for one in desk.card.decided] == ["Not paid"]

    page = await opened(FriendsState, MEMBER, "/friends", str(ann))
    [card] = page.card.friends
    assert card.status == "Not paid"
    await call(page, "ask_appeal", card.key)
    await call(page, "appeal", {"words": "It is my sister, at my computer"})
    [card] = page.card.friends
    assert (page.appealing, card.status, card.may_appeal) == ("", "Under review", False)
    assert card.appealed == "You have said: It is my sister, at my computer"
    await call(desk, "load")
    [case] = desk.card.open
    assert case.appeal == "They say: It is my sister, at my computer"
    await call(desk, "settle", case.key, "pay")
    assert rewards() == {ann: 500, friend: 300}
    page = await opened(FriendsState, MEMBER, "/friends", str(ann))
    assert page.card.friends[0].status == "Waiting"
    for hidden in (ALIAS, "visa 4242", "Elm Street", str(friend)):
        assert hidden not in str(asdict(page.card))
        assert hidden not in str(asdict(desk.card)) or hidden == str(friend)
    with database.reading(door.engine()) as session:
        done = select(Audit.actor, Audit.action).where(col(Audit.action).like("friend.%"))
        told = session.exec(done.order_by(col(Audit.seq))).all()
    assert told == [("support:kim", "friend.refused"), ("support:kim", "friend.paid")]


@pytest.mark.feature(84)
async def test_a_friend_at_home_on_the_same_network_is_paid(site: Starlette) -> None:
    async with a_browser(site) as hers, a_browser(site) as his:
        ann = await join(hers, ANN)
        await his.get(f"/r/{await code_of(ann)}")
        ben = await join(his, BEN)
    await buys(ANN, address="1 Elm Street", payment="hers")
    await buys(BEN, address="1 ELM STREET", payment="his")
    assert rewards() == {ann: 500, ben: 300}
    with database.reading(door.engine()) as session:
        assert set(session.exec(select(Sign.kind)).all()) == {
            "email",
            "device",
            "network",
            "address",
            "payment",
        }
        assert "ELM STREET" not in " ".join(session.exec(select(FactRow.data)).all()).upper()
        assert session.exec(select(Referral.reason)).one() == ""


@pytest.mark.feature(84)
async def test_guessing_codes_brings_nothing(site: Starlette, capsys: pytest.CaptureFixture[str]) -> None:
    seed, hits = fresh_seed(), 0
    async with a_browser(site) as hers, a_browser(site) as guesser:
        await code_of(await join(hers, ANN))
        thief = await join(guesser, "thief@yopmail.com")
        for code in guesses(World(seed), 150):
            hits += (await guesser.get(f"/r/{code}")).status_code == 200
    page = await opened(FriendsState, MEMBER, "/friends", str(thief))
    said: list[str] = []
    for code in guesses(World(seed + 1), 20):
        await call(page, "name", {"code": code})
        said.append(page.wrong)
    with capsys.disabled():
        print(f"\nguessing: {hits} of 170 codes lead anywhere, 0 points (FRAUD_SEED={seed})")
    assert said.count("That was a little too often. Please wait a while and try again.") == 15
    assert rewards() == {}, "and who guesses right has bought nothing yet"


@pytest.mark.feature(84)
async def test_staff_who_may_not_decide_look_and_learn_no_names(site: Starlette) -> None:
    async with a_browser(site) as browser:
        ann = await join(browser, ANN)
        await browser.get(f"/r/{await code_of(ann)}")
        await join(browser, ALIAS)
    await buys(ALIAS)
    desk = await opened(CasesState, "analyst", "/staff/cases", "lee")
    [case] = desk.card.open
    assert (case.name, case.path, case.may_release, case.may_reject) == ("A member", "", False, False)
    await call(desk, "settle", case.key, "pay")
    assert rewards() == {}
    owner = await opened(CasesState, "owner", "/staff/cases", "ada")
    for key in (f"friend {ann} {ann}", "friend x", "nobody", case.key.replace("friend", "bursts")):
        await call(owner, "settle", key, "pay")
    assert rewards() == {}, "a case is decided by whoever has seen it"
