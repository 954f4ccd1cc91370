"""Badges and challenges by the handlers of the staff pages: what is told of them, and who may pause or retire one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from app import database, door
from app.frame.routes import address
from app.jobs import due
from badges.tables import GameTally
from facts.events import OWN_SOURCE
from members.actions.awards import revoke
from members.actions.merging import merge
from members.actions.record import record
from members.programme import apply, versions
from members.programme.document import Programme
from members.tables import Standing
from members.views.staff_games import tallies
from pages.staff.games import GamesState
from tests.builders import a_fact, a_refund, an_order
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


def latest() -> Any:
    with database.reading(door.engine()) as session:
        return versions(session).latest


def shown(card: Any) -> dict[str, tuple[str, ...]]:
    """The figures of a card, by their names."""
    return {
        figure.label: tuple(one for one in (figure.value, figure.words) if one) for figure in card.figures
    }


def balances() -> int:
    with database.reading(door.engine()) as session:
        return sum(session.exec(select(Standing.balance)))


async def test_each_is_told_in_words_with_how_it_goes() -> None:
    a_game()
    page = visit(GamesState, "analyst", "/staff/badges")
    await call(page, "load")
    assert page.status == "here"
    found = {card.key.partition(":")[2]: card for card in (*page.card.badges, *page.card.challenges)}
    assert [card.name for card in page.card.badges][:3] == ["First order", "Regular", "Founder"]
    assert page.card.badges[-1].name == "Gone"
    states = {slug: card.state for slug, card in found.items()}
    assert states == {
        "first": "Running", "regular": "Running", "founder": "Running", "spring": "Scheduled", "autumn": "Ended",
        "sleepy": "Paused", "gone": "Retired", "spender": "Running",
    }  # fmt: skip
    assert found["first"].asks == "An order"
    assert found["regular"].asks == "At least 2 orders"
    assert found["spender"].asks == "At least $50 spent"
    assert found["founder"].asks == "Given by the shop in person"
    assert found["founder"].words == "Secret · 0 of 5 given"
    assert found["spring"].words == "Opens on 28 February 2999"
    assert found["autumn"].words == "Closed on 30 November 2020"
    assert found["regular"].steps == "step 1: 1 · step 2: 1 · step 3: 0"
    assert shown(found["first"]) == {
        "Holders": ("2", "100% of members hold it"), "Awards": ("2",), "Points given": ("about 40",),
    }  # fmt: skip
    assert shown(found["regular"]) == {
        "Holders": ("1", "50% of members hold it"), "Awards": ("2",), "Points given": ("about 80",),
    }  # fmt: skip
    assert shown(found["spender"]) == {"Finished": ("1",), "Awards": ("2",), "Points given": ("about 15",)}
    assert found["spender"].words == "2 steps · 15 of 1,000 points of its budget are given"
    assert all("/pictures/badge/" in card.picture for card in page.card.badges)
    assert balances() == 40 * 3 + 10 + 40 + 80 + 15  # what the page says was given is what was given


async def test_what_went_back_costs_nothing_and_what_staff_took_away_stays_paid() -> None:
    me, now = a_game(), datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(session, [a_refund("o2", ("1", "40.00"), at=now)], now)
        revoke(session, me, "first", "Given by mistake", "owner:kim", now)
    an_hour_later()
    page = visit(GamesState, "owner", "/staff/badges")
    await call(page, "load")
    found = {card.key: card for card in (*page.card.badges, *page.card.challenges)}
    assert shown(found["badge:regular"])["Awards"] == ("1", "1 taken back")
    assert shown(found["badge:regular"])["Points given"] == ("about 30",)
    assert shown(found["badge:first"])["Awards"] == ("1", "1 taken back")
    assert shown(found["badge:first"])["Points given"] == ("about 40",)
    assert balances() == 40 * 2 + 10 + 40 + 30 + 5


@pytest.mark.feature(60)
async def test_accounts_of_one_person_are_one_holder_whose_prizes_were_given_once() -> None:
    me, now = a_game(), datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        other = session.exec(select(Standing.member_id).where(Standing.member_id != me)).one()
        merge(session, me, other, "One person", "owner:kim", now)
    given = balances()
    an_hour_later()
    page = visit(GamesState, "owner", "/staff/badges")
    await call(page, "load")
    found = {card.key: shown(card) for card in (*page.card.badges, *page.card.challenges)}
    assert found["badge:first"] == {
        "Holders": ("1", "100% of members hold it"), "Awards": ("1",), "Points given": ("about 40",),
    }, "both earned it, and both were paid"  # fmt: skip
    assert found["badge:regular"] == {
        "Holders": ("1", "100% of members hold it"), "Awards": ("2",), "Points given": ("about 80",),
    }, "it came over with its two levels, and was paid once"  # fmt: skip
    assert found["challenge:spender"]["Finished"] == ("1",)
    assert found["challenge:spender"]["Points given"] == ("about 15",)
    assert given == 40 * 3 + 10 + 40 + 80 + 15
    with database.transaction(door.engine()) as session:
        record(session, [a_refund("o2", ("1", "40.00"), at=now)], now)
    an_hour_later()
    await call(page, "load")
    assert shown(page.card.badges[1])["Points given"] == ("about 30",)
    assert balances() == 40 * 2 + 10 + 40 + 30 + 5


async def test_who_took_a_challenge_on_is_the_head_of_its_funnel() -> None:
    me, now = a_game(), datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        programme = versions(session).latest.programme.model_dump(mode="json")
        programme["challenges"][0]["join"] = "opt_in"
        apply(session, Programme.model_validate(programme), base=1, effective_from=now, actor="test", now=now)
        for again in (1, 2):  # coming back is not somebody else
            at = now + timedelta(minutes=again)
            data = {"challenge": "spender"}
            kind = "challenge.joined"
            fact = a_fact(kind, data, at=at, subject=f"member:{me}", source=OWN_SOURCE, internal=True)
            assert record(session, [fact], at)[0].refusal is None
    an_hour_later()
    page = visit(GamesState, "owner", "/staff/badges")
    await call(page, "load")
    figures = shown(page.card.challenges[0])
    assert list(figures) == ["Took it on", "Finished", "Awards", "Points given"]
    assert figures["Took it on"] == ("1",)


async def test_paused_nothing_counts_and_going_on_it_counts_again() -> None:
    a_game()
    page = visit(GamesState, "marketer", "/staff/badges")
    await call(page, "load")
    await call(page, "pause", "badge:regular")
    assert page.said == "Paused. What members have of it stays theirs."
    assert latest().number == 2
    assert latest().programme.badge("regular").paused
    card = page.card.badges[1]
    assert (card.state, card.may_pause, card.may_go_on) == ("Paused", False, True)
    order_of_second("p2")
    assert held("regular") == 1
    await call(page, "go_on", "badge:regular")
    assert not latest().programme.badge("regular").paused
    order_of_second("p3")
    assert held("regular") == 2
    done = [one for one in actions() if one[0] == "marketer:kim"]
    assert done == [
        ("marketer:kim", "programme.applied"), ("marketer:kim", "badge.paused"),
        ("marketer:kim", "programme.applied"), ("marketer:kim", "badge.resumed"),
    ]  # fmt: skip


def order_of_second(name: str) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        assert (
            record(session, [an_order(name, "10.00", at=now, subject="customer:2")], now)[0].refusal is None
        )


def held(slug: str) -> int:
    an_hour_later()
    with database.reading(door.engine()) as session:
        rows = session.exec(select(GameTally)).all()
        return tallies(rows, versions(session))[f"badge:{slug}"].stands.get(1, 0)


def an_hour_later() -> None:
    due.count_badges(door.engine(), datetime.now(UTC))


async def test_nothing_is_counted_when_the_page_is_opened() -> None:
    a_game()
    asked: list[str] = []

    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(statement)

    event.listen(door.engine(), "before_cursor_execute", hear)
    page = visit(GamesState, "owner", "/staff/badges")
    await call(page, "load")
    event.remove(door.engine(), "before_cursor_execute", hear)
    assert page.status == "here"
    assert any("FROM game_tally" in one for one in asked)
    assert [one for one in asked if "FROM award" in one or "FROM fact" in one or "GROUP BY" in one] == []
    order_of_second("more")
    await call(page, "load")
    first = shown(page.card.badges[0])
    an_hour_later()
    await call(page, "load")
    regular = {card.key: shown(card) for card in page.card.badges}["badge:regular"]
    assert (first["Awards"], regular["Awards"]) == (("2",), ("3",))


async def test_a_badge_and_a_challenge_are_retired_after_being_asked() -> None:
    a_game()
    page = visit(GamesState, "owner", "/staff/badges")
    await call(page, "load")
    for key, name in (("badge:first", "First order"), ("challenge:spender", "Spender")):
        await call(page, "ask_retire", key)
        assert (page.retiring, page.retiring_name) == (key, name)
        await call(page, "ask_retire", "")
        await call(page, "retire")
        assert name not in page.said
        before = latest().number
        await call(page, "ask_retire", key)
        await call(page, "retire")
        assert latest().number == before + 1
    assert latest().programme.badge("first").retired
    assert latest().programme.challenge("spender").retired
    assert held("first") == 2  # who has it keeps it
    card = next(card for card in page.card.badges if card.key == "badge:first")
    assert (card.state, card.may_pause, card.may_go_on, card.may_retire) == ("Retired", False, False, False)
    await call(page, "pause", "badge:first")
    assert page.said == "It is retired already."


async def test_two_people_and_the_second_is_told() -> None:
    a_game()
    one, other = (visit(GamesState, role, "/staff/badges") for role in ("owner", "marketer"))
    for page in (one, other):
        await call(page, "load")
    await call(one, "pause", "badge:first")
    await call(other, "pause", "badge:regular")
    assert "moved on to version 2" in other.said
    assert not latest().programme.badge("regular").paused


@pytest.mark.parametrize("role", ["", "member", "cashier", "support", "analyst"])
async def test_who_may_not_publish_changes_nothing(role: str) -> None:
    a_game()
    before = actions()
    page = visit(GamesState, role, "/staff/badges")
    for come_in in (False, True):
        if come_in:
            await call(page, "load")
        for handler, values in (
            ("pause", ("badge:first",)), ("go_on", ("badge:sleepy",)), ("ask_retire", ("badge:first",)), ("retire", ()),
        ):  # fmt: skip
            await call(page, handler, *values)
        page.retiring = "badge:first"
        await call(page, "retire")
    sees = role in ("support", "analyst")
    assert bool(page.card.badges) == sees
    assert not any(card.may_pause or card.may_go_on or card.may_retire for card in page.card.badges)
    assert actions() == before
    assert latest().number == 1


HOSTILE: list[Any] = [
    "", "x" * 100_000, "badge:", "badge:nobody", "challenge:first", "reward:coffee", "badge:first:1", "badges:first",
    "__class__", "\x00", "💥", 7, None, True, ["badge:first"], {"a": [1]}, "' OR 1=1 --",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_values_do_nothing(value: Any) -> None:
    a_game()
    page = visit(GamesState, "owner", "/staff/badges")
    await call(page, "load")
    for handler in ("pause", "go_on", "ask_retire"):
        await call(page, handler, value)
    await call(page, "retire")
    assert page.status == "here"
    assert latest().number == 1


@pytest.mark.parametrize(
    ("code", "state", "asks", "points"),
    [
        ("en", "Running", "At least 2 orders", "about 80"),
        ("ru", "Идёт", "Минимум 2 заказа", "около 80"),
        ("ar", "جارٍ", "طلبان على الأقل", "نحو ٨٠"),
    ],
)
async def test_the_page_speaks(code: str, state: str, asks: str, points: str) -> None:
    a_game()
    page = visit(GamesState, "owner", address("/staff/badges", code))
    await call(page, "load")
    card = page.card.badges[1]
    assert (card.state, card.asks, card.figures[2].value) == (state, asks, points)
