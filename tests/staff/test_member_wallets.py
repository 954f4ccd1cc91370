"""Wallets beside points on the page of a member: seen, given and taken by hand, in the unit of each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app import database, door
from app.frame.routes import address
from members.actions.record import record
from members.actions.staff import adjust
from members.programme.presets import text as preset
from members.prove import prove
from members.purses import purses
from pages.staff.approvals import ApprovalsState
from pages.staff.audit import AuditState
from pages.staff.people import PeopleState
from pages.staff.person import PersonState
from pages.staff.person_by_hand import typed
from pages.staff.same import SameState
from tests.builders import PROGRAMME, an_order, in_force
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions, called_anna

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

WALLETS = """
wallets:
  cash: {kind: cashback, name: {en: Cashback, ru: Кешбэк, ar: استرداد نقدي}}
  xp: {kind: experience, name: {en: Experience, ru: Опыт, ar: خبرة}, unit: {en: steps, ru: шаг., ar: خطوة}}
"""
CLUB = (
    PROGRAMME.replace("points:\n", "points:\n  adjustment_limit: 500\n")
    .replace("languages: [en]", "languages: [en, ru, ar]")
    .replace("name: Member", "name: {en: Member, ru: Гость, ar: عضو}")
    + WALLETS
)


def a_member() -> UUID:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, CLUB)
        record(session, [an_order("o", "90.00", at=now)], now)
        return called_anna(session)


async def the_page(me: UUID, role: str = "support", code: str = "en") -> Any:
    page = visit(PersonState, role, address("/staff/member", code) + f"?id={me}")
    await call(page, "load")
    return page


def held(me: UUID) -> dict[str, int]:
    with database.reading(door.engine()) as session:
        assert prove(session).flaws == []
        return purses(session, me)


def figures(page: Any) -> dict[str, str]:
    return {one.label: one.value for one in page.card.figures}


async def test_without_further_wallets_nothing_is_chosen() -> None:
    page = await the_page(a_shop())
    assert (page.card.by_hand.wallets, page.card.by_hand.together) == ((), "")
    await call(page, "adjust", {"how_many": "5", "reason": "Because", "wallet": "cash"})
    assert (page.said, page.turns["points"]) == ("There is no such wallet.", 0)
    await call(
        page, "adjust", {"how_many": "5", "reason": "Because", "wallet": None}
    )  # a box that is not drawn
    assert (page.card.figures[0].value, page.turns["points"]) == ("95", 1)


async def test_each_wallet_is_changed_in_its_own_unit_once() -> None:
    me = a_member()
    page = await the_page(me)
    card = page.card.by_hand
    assert [(one.key, one.label, one.digits) for one in card.wallets] == [
        ("points", "Points", 0),
        ("cash", "Cashback (USD)", 2),
        ("xp", "Experience (steps)", 0),
    ]
    assert "$5.00 of “Cashback” or 500\u00a0steps of “Experience”" in card.together
    for _ in range(2):  # pressed again before the answer has come
        form = {"how_many": "2.50", "reason": "Broken eggs", "wallet": "cash", "turn": "0"}
        await call(page, "adjust", form)
    await call(page, "adjust", {"how_many": "-0,50", "reason": "Counted wrong", "wallet": "cash"})
    await call(page, "adjust", {"how_many": "+40", "reason": "A good deed", "wallet": "xp"})
    assert held(me) == {"cash": 200, "xp": 40}
    shown = figures(page)
    assert (shown["Can be spent"], shown["Cashback"], shown["Experience"]) == ("90", "$2.00", "40\u00a0steps")
    assert [one.amount for one in page.card.ledger] == ["+40\u00a0steps", "\u2212$0.50", "+$2.50", "+90"]
    assert "A good deed" in page.card.ledger[0].why
    assert actions()[-1] == ("support:kim", "points.adjusted")


async def test_the_audit_says_of_which_wallet_how_much() -> None:
    """In the unit of each; what it weighs in points is told as that."""
    me = a_member()
    page = await the_page(me)
    for wallet, much in (("cash", "2.50"), ("xp", "40"), ("points", "20")):
        await call(page, "adjust", {"how_many": much, "reason": "A good deed", "wallet": wallet})
    found = visit(AuditState, "owner", "/staff/audit")
    await call(found, "load")
    points, xp, cash = (
        [one for one in row.changes if not one.startswith("fact: ")] for row in found.card.rows[:3]
    )
    assert points == ["balance: 90 → 110", "points: 20"]
    assert xp == [
        "balance: 0\u00a0steps → 40\u00a0steps",
        "amount: 40\u00a0steps",
        "in points: 40",
        "wallet: Experience",
    ]
    assert cash == ["balance: 0.00 USD → 2.50 USD", "amount: 2.50 USD", "in points: 250", "wallet: Cashback"]


async def test_what_is_no_amount_of_the_wallet_is_asked_for_again_and_stays_in_the_box() -> None:
    me = a_member()
    page = await the_page(me)
    for wallet, wrong, asked in (
        ("cash", "lots", "Write an amount such as 12.50; with a minus to take some away."),
        ("cash", "1,000", "Write an amount such as 12.50; with a minus to take some away."),
        ("xp", "2.50", "Write a whole number; with a minus to take some away."),
        ("points", "2.50", "Write a whole number of points; with a minus to take some away."),
    ):
        await call(page, "adjust", {"how_many": wrong, "reason": "Because", "wallet": wallet})
        assert page.wrong == asked
    await call(page, "adjust", {"how_many": "0", "reason": "Because", "wallet": "cash"})
    assert (page.wrong, page.said) == ("", "Say how much to give or to take.")
    for value in ("x" * 100_000, "\x00", "\ud800", "💥", 7, ["cash"], {"a": 1}):
        await call(page, "adjust", {"how_many": "5", "reason": "Because", "wallet": value})
        assert page.said == "There is no such wallet."
    assert (held(me), page.turns["points"]) == ({}, 0)


async def test_much_of_a_wallet_waits_for_a_second_person() -> None:
    me = a_member()
    page = await the_page(me)
    await call(page, "adjust", {"how_many": "5.01", "reason": "A big sorry", "wallet": "cash"})
    assert page.said == "Asked. It is done as soon as a second person agrees."
    assert held(me) == {}
    owner = visit(ApprovalsState, "owner", "/staff/approvals", who="eva")
    await call(owner, "load")
    (waiting,) = owner.card.waiting
    assert waiting.what == "Give $5.01 of “Cashback” to Anna Petrova"
    await call(owner, "agree", waiting.key)
    assert held(me) == {"cash": 501}


async def test_who_may_not_adjust_is_offered_no_wallet_and_changes_none() -> None:
    me = a_member()
    for role in ("", "member", "marketer", "analyst", "cashier"):
        page = await the_page(me, role)
        assert page.card.by_hand.wallets == ()
        page._member = str(me)
        await call(page, "adjust", {"how_many": "5", "reason": "Because", "wallet": "xp"})
        assert held(me) == {}


async def test_wallets_are_named_in_the_language_of_the_page() -> None:
    me = a_member()
    for code, cash, steps in (
        ("ru", "Кешбэк (USD)", "Опыт (шаг.)"),
        ("ar", "استرداد نقدي (USD)", "خبرة (خطوة)"),
    ):
        page = await the_page(me, code=code)
        assert [one.label for one in page.card.by_hand.wallets][1:] == [cash, steps]
        assert page.card.by_hand.together.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("text", "digits", "amount"),
    [
        ("25", 0, 25),
        ("+1,000", 0, 1000),
        ("\N{MINUS SIGN}15", 0, -15),
        ("٢٥", 0, 25),
        ("2.5", 0, None),
        ("2,5", 0, None),
        ("1,00", 0, None),
        ("-1,250,000", 0, -1_250_000),
        ("1" * 10, 0, None),
        ("2.5", 2, 250),
        ("2,50", 2, 250),
        ("-0.05", 2, -5),
        ("٣٫٥٠", 2, 350),
        ("2.505", 2, None),
        ("2.505", 3, 2505),
        ("1,000", 3, None),
        ("99999999", 2, None),
        ("", 2, None),
        (".5", 2, None),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, digits: int, amount: int | None) -> None:
    assert typed(text, digits) == amount


async def test_where_there_are_no_points_the_wallet_comes_first_and_a_merge_tells_it() -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, Path("rewards/presets/cashback.yaml").read_text())
        record(session, [an_order("o", "90.00", at=now)], now)
        me = called_anna(session)
    page = await the_page(me)
    assert [one.key for one in page.card.by_hand.wallets] == ["cash", "points"]
    same = visit(SameState, "support", f"/staff/member/same?id={me}")
    await call(same, "load")
    assert same.card.one.points == "$0.90"


async def test_who_is_found_in_a_shop_without_points_has_what_is_in_the_wallet() -> None:
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        in_force(session, preset("cashback"))
        record(
            session,
            [an_order("o1", "90.00", at=now), an_order("o2", "9.00", at=now, subject="customer:2")],
            now,
        )
        me = called_anna(session)
    page = visit(PeopleState, "cashier", "/staff/members")
    await call(page, "search", {"wanted": "anna"})
    assert [row.balance for row in page.card.people] == ["$0.90"]
    with database.transaction(door.engine()) as session:
        adjust(session, me, 5, "From the shop before", "owner:ada", now)
    await call(page, "search", {"wanted": "anna"})
    assert [row.balance for row in page.card.people] == ["5 points"], (
        "points that somebody has are not hidden"
    )
