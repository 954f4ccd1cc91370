"""A shop that gives money back and no points: what members have is their cashback, on every page; FEATURES 11."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app import database, door
from app.frame.routes import address
from facts.language import language
from members.actions.record import record
from members.programme import apply, load, presets
from members.views.counter import served
from members.views.own_card import own_card
from members.views.rules import welcome
from pages.history import HistoryState
from pages.home import HomeState
from pages.offers import RewardsState
from pages.rules import RulesState
from tests.builders import an_order
from tests.pages.conftest import House, call

pytestmark = pytest.mark.anyio


def publish(session: Session, waiting: int = 0, **more: Any) -> None:
    now = datetime.now(UTC)
    document = presets.preset("cashback", now)
    cash = document.wallets["cash"].model_copy(update={"pending_days": waiting, **more})
    changed = document.model_copy(update={"wallets": {"cash": cash}})
    apply(session, changed, base=1, effective_from=now, actor="test", now=now)


def customer(waiting: int = 0, **more: Any) -> House:
    """Somebody who came for cashback, and has bought for 789.00."""
    with database.transaction(door.engine()) as session:
        publish(session, waiting, **more)
        now = datetime.now(UTC)
        (done,) = record(session, [an_order("kettle", "789.00", at=now, subject="customer:new")], now)
        assert done.member_id
        return House(done.member_id)


async def home(house: House, code: str = "en") -> Any:
    state = house.visit(HomeState, address("/", code))
    await call(state, "load")
    return state.card


@pytest.mark.feature(11)
async def test_home_shows_money_where_points_would_stand(house: House) -> None:
    theirs = customer()
    card = await home(theirs)
    assert (card.balance, card.unit, card.worth, card.purses) == ("$7.89", "Cashback", "", ())
    assert (card.expiring, card.step.title) == ("", "How to earn")
    assert card.pending.startswith("$7.89 until ")
    assert (await home(theirs, "ru")).balance == "7,89\u00a0$"
    assert "٧٫٨٩" in (await home(theirs, "ar")).balance
    state = theirs.visit(HistoryState, "/history")
    await call(state, "load")
    assert (state.balance, [one.amount for one in state.entries]) == ("$7.89", ["+$7.89"])
    state = theirs.visit(HistoryState, "/ar/history")
    await call(state, "load")
    assert state.entries[0].amount == "\u200f\u2066+٧٫٨٩\u2069\u00a0$", "the dollar as in the balance"
    shelf = theirs.visit(RewardsState, "/rewards")
    await call(shelf, "load")
    assert (shelf.card.balance, shelf.card.worth, shelf.card.none) == ("$7.89", "", True)
    with database.reading(door.engine()) as session:
        now = datetime.now(UTC)
        assert served(session, theirs.mira, now, language("en")).balance == "$7.89"
        held = own_card(session, theirs.mira, "1234", now, language("en"))
        assert (held.balance, held.worth) == ("$7.89", "")


@pytest.mark.feature(11)
async def test_what_is_on_its_way_is_said_in_money_too(house: House) -> None:
    card = await home(customer(waiting=14))
    assert (card.balance, card.pending[:9]) == ("$0.00", "$7.89 on ")


@pytest.mark.feature(11)
async def test_money_that_pays_less_than_it_says_tells_what_it_pays(house: House) -> None:
    worth = presets.preset("cashback", datetime.now(UTC)).wallets["cash"].value
    card = await home(customer(value=worth.model_copy(update={"pays": "0.50"})))
    assert (card.balance, card.worth) == ("$7.89", "worth $3.94 at checkout")


@pytest.mark.feature(11)
async def test_who_still_has_points_sees_them(house: House) -> None:
    customer()
    card = await home(house)
    assert (card.balance, card.unit, [one.name for one in card.purses]) == ("400", "points", ["Cashback"])


@pytest.mark.feature(11)
@pytest.mark.feature(130)
async def test_the_rules_page_and_the_welcome_say_nothing_of_points(house: House) -> None:
    theirs = customer()
    for code in ("en", "ru", "ar"):
        state = theirs.visit(RulesState, address("/rules", code))
        await call(state, "load")
        card = state.card
        (cash,) = card.wallets
        assert (card.points, len(cash.sentences)) == ((), 9)
        with database.reading(door.engine()) as session:
            greeting = welcome(session, datetime.now(UTC), language(code))
        told = " ".join([*cash.sentences, *(f"{one.sentence} {one.limits}" for one in (*card.earn, *card.nothing)),
                         *(level.multiplier for level in card.levels),
                         *(f"{one.title} {one.text}" for one in greeting.gives),
                         *(language(code).text(one) for one in ("How to earn", "What earns nothing"))])  # fmt: skip
        for word in ("point", "балл", "نقط", "نقاط"):
            assert word not in told.lower()
        if code == "en":
            assert greeting.gives[0].text == "At the checkout it pays for up to 100% of an order."
            assert greeting.gives[-1].text == "Member, Silver, and Gold"
            assert "You get 10 times as much on kettles." in told
            assert "You get nothing for gift cards." in told
            assert "It does not pay for gift cards." in told
            tiers = [one.limits.split(".")[0] for one in card.earn if "kettles" in one.sentence]
            assert tiers == ["Only for Member", "Only for Silver", "Only for Gold"]


@pytest.mark.feature(11)
async def test_a_level_multiplies_whatever_comes(house: House) -> None:
    text = presets.text("cashback").replace("threshold: 2000}", "threshold: 2000, multiplier: 2}")
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        apply(session, load(text), base=1, effective_from=now, actor="test", now=now)
        greeting = welcome(session, now + timedelta(minutes=1), language("en"))
    state = house.visit(RulesState, "/rules")
    await call(state, "load")
    assert [level.multiplier for level in state.card.levels] == [
        "Everything × 1",
        "Everything × 1",
        "Everything × 2",
    ]
    assert greeting.gives[-1].text == "up to 2 times as much when you are Gold"
