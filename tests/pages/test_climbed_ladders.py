"""Only who climbed is told of a tier: the ladder may change under them, and who falls may land in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import database, door, live
from badges.tables import Player
from facts.events import Fact
from facts.language import language
from members.actions.record import advance_due, record
from members.actions.telling import tell_once
from members.programme import apply
from members.programme.versions import versions
from members.views.playing import play_for
from members.views.reached import held
from pages.home import HomeState
from pages.shelf import BadgesState
from tests.builders import a_refund, an_order, loaded
from tests.pages.conftest import SHOP, House, asked, call, post
from tests.pages.game import a_survey
from tests.pages.test_climbed import GEM, SAID, climb
from tests.pages.test_joy import keeping_up, opened, told
from tests.wires import listens

pytestmark = pytest.mark.anyio
HEAD, _, REST = SHOP.partition("  levels:\n")
TAIL = REST[REST.index("rewards:") :]
MEMBER, BRONZE, SILVER, GOLD = (("member", 0), ("bronze", 600), ("silver", 1000), ("gold", 2000))
GOLDEN = "Your tier is now Gold"


def ladder(*levels: tuple[str, int], game: str = "") -> None:
    """The shop publishes another ladder."""
    lines = "".join(
        f"    - {{slug: {slug}, name: {slug.title()}, threshold: {asks}}}\n" for slug, asks in levels
    )
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        base = versions(session).latest.number
        tail = TAIL if SILVER in levels else TAIL.replace("tiers: [silver]", "tiers: [gold]")
        apply(session, loaded(f"{HEAD}  levels:\n{lines}{tail}{game}"), base=base, actor="test", now=now)


def shop(name: str, money: str) -> None:
    post(an_order(name, money, at=datetime.now(UTC)))


async def test_a_level_that_is_put_below_theirs_is_no_climb(house: House) -> None:
    await opened(house)
    climb()
    assert (await opened(house)).said == SAID
    ladder(MEMBER, BRONZE, SILVER, GOLD)
    assert (await opened(house)).said == ""
    shop("little", "1.00")
    assert (await opened(house)).said == ""
    shop("much", "1000.00")
    assert (await opened(house)).said == GOLDEN
    assert told(house) == "tier:gold:0:1"


async def test_nor_is_one_that_is_put_below_the_lowest(house: House) -> None:
    await opened(house)
    ladder(("guest", 0), ("member", 100), SILVER)
    assert (await opened(house)).said == ""
    climb()
    assert (await opened(house)).said == SAID


@pytest.mark.parametrize("between", [True, False])
async def test_a_climb_to_the_place_of_a_level_that_was_dropped_is_said(house: House, between: bool) -> None:
    ladder(MEMBER, BRONZE, SILVER)
    await opened(house)
    shop("some", "200.00")
    assert (await opened(house)).said == "Your tier is now Bronze"
    ladder(MEMBER, SILVER)
    if between:
        assert (await opened(house)).said == ""
    shop("more", "600.00")
    assert (await opened(house)).said == SAID


@pytest.mark.parametrize("knew", [True, False])
async def test_who_lands_below_a_level_that_was_dropped_did_not_climb(house: House, knew: bool) -> None:
    ladder(MEMBER, SILVER, GOLD)
    await opened(house)
    shop("much", "1600.00")
    if knew:
        assert (await opened(house)).said == GOLDEN
    ladder(MEMBER, SILVER)
    shop("little", "1.00")
    assert (await opened(house)).said == ""
    assert told(house) == "tier:silver:0:1"


@pytest.mark.parametrize("knew", [True, False])
def test_who_falls_to_the_middle_by_date_alone_is_not_told_of_it(house: House, knew: bool) -> None:
    ladder(MEMBER, SILVER, GOLD)
    now = datetime.now(UTC)

    def said(at: datetime) -> set[str]:
        with database.transaction(door.engine()) as session:
            keys = [one.key for one in held(play_for(session, house.mira, at, language("en")))]
            return set(tell_once(session, house.mira, keys, at))

    shop("much", "1600.00")
    if knew:
        assert said(now) == {"tier:gold:0:1"}
    fallen = now + timedelta(days=367)
    with database.transaction(door.engine()) as session:
        half = now + timedelta(days=200)
        assert record(session, [an_order("half", "1100.00", at=half)], half)[0].status == "recorded"
        advance_due(session, fallen)
    assert said(fallen) == set()
    with database.reading(door.engine()) as session:
        player = session.get(Player, house.mira)
        assert player
        assert player.told == "tier:silver:0:1"
    with database.transaction(door.engine()) as session:
        assert record(session, [an_order("late", "1200.00", at=fallen)], fallen)[0].status == "recorded"
    assert said(fallen + timedelta(hours=1)) == {"tier:gold:0:1"}


async def test_who_falls_to_the_middle_by_a_refund_is_not_told_of_it(house: House) -> None:
    ladder(MEMBER, SILVER, GOLD)
    await opened(house)
    shop("some", "700.00")
    shop("much", "1000.00")
    assert (await opened(house)).said == GOLDEN
    post(a_refund("much", ("1", "1000.00"), at=datetime.now(UTC)))
    assert (await opened(house)).said == ""
    state = house.visit(HomeState)
    with asked() as seen:
        await call(state, "load")
    assert (state.card.tier.name, len(seen)) == ("Silver", 1), seen


async def test_two_open_pages_say_a_climb_each_and_no_fall(house: House) -> None:
    ladder(MEMBER, SILVER, GOLD, game=GEM)
    shop("some", "700.00")
    assert (await opened(house)).said == SAID
    pages = [await opened(house), await opened(house, BadgesState, "/badges")]
    async with live.lifespan():
        await listens(live._here, door.engine())  # pyright: ignore[reportPrivateUsage]
        async with following(pages):
            await asyncio.to_thread(shop, "much", "1000.00")
            live.nudge()
        assert [page.said for page in pages] == [GOLDEN, GOLDEN]
        for page in pages:
            page.said = ""
        back = [a_refund("much", ("1", "1000.00"), at=datetime.now(UTC)), a_survey()]
        async with following(pages):
            await asyncio.to_thread(together, back)
            live.nudge()
    assert [page.said for page in pages] == ["New badge: Gem", "New badge: Gem"]


@asynccontextmanager
async def following(pages: list[Any]) -> AsyncIterator[None]:
    """The pages stay open until each has said something."""
    async with keeping_up(pages[0], lambda: pages[0].said), keeping_up(pages[1], lambda: pages[1].said):
        yield


def together(facts: list[Fact]) -> None:
    with database.transaction(door.engine()) as session:
        assert {one.status for one in record(session, facts, datetime.now(UTC))} == {"recorded"}
