"""History: every entry with its why, its dates, and the order behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime

import pytest

from app import database, door, live
from facts.language import language
from members.programme.versions import versions
from members.views.entries import EntryRow, entry_card
from members.views.history import history
from pages.history import HistoryState
from tests.builders import a_fact, an_order
from tests.pages.conftest import House, a_review, call, in_background, post
from tests.wires import listens

pytestmark = pytest.mark.anyio


@pytest.mark.feature(20)
async def test_the_why_of_an_entry_says_how_it_comes_about(house: House) -> None:
    state = house.visit(HistoryState, "/history")
    await call(state, "load")
    new, old = state.entries
    assert (new.title, new.amount) == ("Shopping", "+62")
    assert new.why == "$22.40 + $20 × 2, at 1 point for each $1. Rounded down to whole points."
    assert new.status.startswith("Yours on ")
    assert old.status.startswith("Good until ")
    assert new.rule == "Rule “Shopping”, version 1 of the programme"


def test_what_a_prize_was_for_is_said_once_and_by_its_name(house: House) -> None:
    why = json.dumps({"k": "prize", "for": "badge", "slug": "first-basket", "level": 1, "points": 20})
    row = EntryRow(1, "earned", 20, datetime.now(UTC), None, None, "prize", "first-basket", 1, why)
    with database.reading(door.engine()) as session:
        card = entry_card(row, versions(session), language("en"), datetime.now(UTC))
    assert card.rule == "Version 1 of the programme"


PRIZE = {"k": "prize", "slug": "regulars", "level": 2, "points": 20}


@pytest.mark.parametrize(
    ("why", "said", "icon"),
    [
        (PRIZE | {"for": "board"}, "Place 2 on “regulars”", "trophy"),
        (PRIZE | {"for": "badge"}, "Badge “regulars”", "medal"),
        (PRIZE | {"for": "challenge"}, "Challenge “regulars”", "flag"),
        (PRIZE | {"for": "goal"}, "Reached together: “regulars”", "sprout"),
        ({"k": "referral", "side": "friend", "points": 20}, "A friend's invitation", "user-plus"),
        ({"k": "referral", "side": "advocate", "points": 20}, "Friends you brought", "user-plus"),
        ({"k": "tier_order", "tier": "gold", "points": 20}, "gold: more with each order", "shopping-basket"),
    ],
)
def test_what_points_were_given_for_stands_in_the_title(
    house: House, why: dict[str, object], said: str, icon: str
) -> None:
    now = datetime.now(UTC)
    given = EntryRow(1, "earned", 20, now, None, None, "prize", "regulars", 1, json.dumps(why))
    back = EntryRow(
        2, "reversal", -20, now, None, None, "back", "regulars", 1, json.dumps({"k": "reversal", "of": why})
    )
    with database.reading(door.engine()) as session:
        cards = [entry_card(row, versions(session), language("en"), now) for row in (given, back)]
    assert [card.title for card in cards] == [said, f"Taken back: {said}"]
    assert cards[0].icon == icon


@pytest.mark.feature(20)
async def test_the_why_in_three_languages(house: House) -> None:
    said, rules = [], []
    for address in ("/ru/history", "/ar/history"):
        state = house.visit(HistoryState, address)
        await call(state, "load")
        said.append(state.entries[0].why)
        rules.append(state.entries[0].rule)
    assert (
        said[0]
        == "22,40\xa0$ + 20\xa0$ × 2 по курсу 1 балл за каждые 1\xa0$. Округлено вниз до целых баллов."
    )
    assert "٢٢٫٤٠" in said[1]
    assert rules[0].endswith("версия программы 1")
    assert "١" in rules[1]


async def test_the_order_behind_an_entry(house: House) -> None:
    state = house.visit(HistoryState, "/history")
    await call(state, "load")
    await call(state, "open_order", state.entries[0].key)
    assert [(line.name, line.detail, line.amount, line.points) for line in state.lines] == [
        ("sku-1", "", "$22.40", "+22"),
        ("Rye bread", "2 pieces", "$20.00", "+40"),
        ("Diesel", "", "$50.00", ""),
    ]
    await call(state, "open_order", state.entries[0].key)
    assert (state.opened, state.lines) == ("", [])


async def test_a_return_is_told(house: House) -> None:
    back = {
        "order_id": "new",
        "refund_id": "r",
        "lines": [{"line_id": "2", "quantity": "2", "amount": "20.00"}],
    }
    post(a_fact("order.refunded", back, at=datetime.now(UTC), id="refund"))
    state = house.visit(HistoryState, "/history")
    await call(state, "load")
    assert [entry.amount for entry in state.entries] == ["+22", "\u221262", "+62", "+400"]
    assert state.entries[1].title == "Taken back: Shopping"
    await call(state, "open_order", state.entries[0].key)
    assert [(line.name, line.detail) for line in state.lines][1] == ("Rye bread", "returned")


@pytest.mark.parametrize("key", ["", "999999", "-1", "1; DROP TABLE entry", "9" * 40, "٣"])
async def test_a_key_that_is_none_opens_nothing(house: House, key: str) -> None:
    state = house.visit(HistoryState, "/history")
    await call(state, "load")
    await call(state, "open_order", key)
    assert (state.opened, state.lines) == ("", [])


async def test_older_entries_come_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members.views.history.PAGE", 1)
    state = house.visit(HistoryState, "/history")
    await call(state, "load")
    assert ([entry.amount for entry in state.entries], state.older) == (["+62"], state.entries[0].key)
    await call(state, "more")
    assert ([entry.amount for entry in state.entries], state.older) == (["+62", "+400"], "")
    await call(state, "more")
    assert len(state.entries) == 2


async def test_what_was_leafed_to_stays_when_something_happens(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.views.history.PAGE", 2)
    post(a_review())
    state = house.visit(HistoryState, "/history")
    await call(state, "load")
    await call(state, "more")
    assert [entry.amount for entry in state.entries] == ["+40", "+62", "+400"]
    for n, left in ((1, ["+7", "+40", "+62", "+400"]), (2, ["+7", "+7", "+40", "+62", "+400"])):
        post(an_order(f"more-{n}", "7.00", at=datetime.now(UTC)))
        with database.reading(door.engine()) as session:
            state._show(history(session, house.mira, datetime.now(UTC), language("en"), None))
        assert ([entry.amount for entry in state.entries], state.older) == (left, "")
    for n in (3, 4):
        post(an_order(f"more-{n}", "7.00", at=datetime.now(UTC)))
    with database.reading(door.engine()) as session:
        state._show(history(session, house.mira, datetime.now(UTC), language("en"), None))
    assert ([entry.amount for entry in state.entries], state.older != "") == (["+7", "+7"], True), "no gap"


async def test_what_happens_is_shown_while_the_ledger_is_open(house: House) -> None:
    state = house.visit(HistoryState, "/history")
    await call(state, "load")
    assert len(state.entries) == 2
    async with live.lifespan():
        await listens(live._here, door.engine())  # pyright: ignore[reportPrivateUsage]
        following = asyncio.create_task(in_background(state, "keep_up"))
        try:
            await asyncio.to_thread(post, a_review())
            live.nudge()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(60):
                    while len(state.entries) < 3 and not following.done():
                        await asyncio.sleep(0.05)
            assert [entry.amount for entry in state.entries] == ["+40", "+62", "+400"]
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
