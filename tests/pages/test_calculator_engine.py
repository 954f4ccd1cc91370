"""The calculator leaves nothing out of what the engine gives: levels, firsts, counts, wallets and budgets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app import database, door
from app.frame.routes import address
from members.actions.record import record
from members.programme import apply, load
from pages.rules import RulesState
from tests.builders import a_line, an_order
from tests.pages.conftest import SHOP, House, call

pytestmark = pytest.mark.anyio
MORE = """
  - {kind: extra_points, slug: hello, points: 100, where: {}, each: order, when: {purchases: [1]}}
  - {kind: criterion_bonus, slug: large, points: 3, criterion: {kind: sum, at_least: "50"}}
  - {kind: extra_points, slug: gone, points: 30, where: {}, each: order, budget: 40}
  - {kind: points_per_money, slug: steps, points: 2, per: "1.00", wallet: xp}
tiers:"""
WALLETS = "wallets:\n  xp: {kind: experience, name: Experience, unit: steps}\n"
FOR_A_FIRST = {
    "en": "Reckoned as a first order. A later one may bring more or less.",
    "ru": "Посчитано для первого заказа. Следующий может принести больше или меньше.",
    "ar": "هذا الحساب لأول طلب. وقد يجلب طلب لاحق أكثر أو أقل.",
}


def publish(text: str) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        apply(session, load(text), base=1, effective_from=now, actor="test", now=now)


def bought(amount: str, customer: str) -> int:
    """What an order of somebody new brings, in points."""
    now = datetime.now(UTC)
    line = a_line(amount, category=["OTHER"])
    with database.transaction(door.engine()) as session:
        (outcome,) = record(session, [an_order(customer, line, at=now, subject=f"customer:{customer}")], now)
    assert outcome.status == "recorded", outcome
    return outcome.points


async def reckoned(house: House, amount: str) -> list[tuple[str, list[str]]]:
    state = house.visit(RulesState, "/rules")
    await call(state, "calculate", {"amount": amount, "department": ""})
    return [
        (one.points, [wallet.amount.replace("\xa0", " ") for wallet in one.beside]) for one in state.reckoned
    ]


async def page(house: House, code: str = "en") -> Any:
    state = house.visit(RulesState, address("/rules", code))
    await call(state, "load")
    return state.card


@pytest.mark.feature(130)
async def test_what_a_level_gives_for_each_order_is_reckoned(house: House) -> None:
    publish(SHOP.replace("name: {en: Member, ru: Участник}, threshold: 0",
                         "name: Member, threshold: 0, per_order: {points: 7}"))  # fmt: skip
    assert await reckoned(house, "20") == [("27 points", []), ("30 points", [])]
    assert bought("20.00", "newcomer") == 27
    assert (await page(house)).reckoned_for == "", "every order brings the same"


@pytest.mark.feature(130)
async def test_first_orders_what_is_counted_wallets_and_budgets_are_reckoned(house: House) -> None:
    """Of 40 points, 30 are gone with the first order, and then there is not enough for another one."""
    publish(SHOP.replace("\ntiers:", MORE, 1) + WALLETS)
    assert await reckoned(house, "60") == [("193 points", ["120 steps"]), ("223 points", ["180 steps"])]
    assert await reckoned(house, "20") == [("150 points", ["40 steps"]), ("160 points", ["60 steps"])]
    assert bought("60.00", "first") == 193
    assert (await reckoned(house, "60"))[0] == ("163 points", ["120 steps"])
    assert bought("60.00", "second") == 163
    for code, words in FOR_A_FIRST.items():
        assert (await page(house, code)).reckoned_for == words
