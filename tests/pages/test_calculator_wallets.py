"""The calculator and the forecast in wallets beside points, above all at a shop that gives money back; FEATURES 11."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app import database, door
from app.frame.routes import address
from facts.language import language
from members.programme import Programme, apply, load, presets
from members.simulation import simulate
from members.views.counter import served
from pages.rules import RulesState
from tests.builders import a_line, an_order
from tests.pages.conftest import SHOP, House, call

pytestmark = pytest.mark.anyio
KETTLES, OVENS = "HOME > KETTLES", "HOME > MICROWAVES"
BOTH = """
wallets:
  cash:
    kind: cashback
    name: {en: Cashback, ru: Кешбэк, ar: استرداد}
    value: {money: "1.00", pays: "0.50"}
    paying: {share: 40, ceilings: [{where: {categories: [TEA > GREEN]}, share: 10}]}
    cap_per_day: 500
  xp: {kind: experience, name: Experience, unit: steps}
  idle: {kind: cashback, name: Idle, paying: {share: 0, ceilings: [{where: {categories: [NOBODY]}, share: 1}]}}
paying: {share: 50, ceilings: [{where: {categories: [CAKE]}, share: 5}]}
"""
MORE = """
  - {kind: cashback, slug: back, percent: "10", wallet: cash}
  - {kind: points_per_money, slug: steps, points: 2, per: "1.00", wallet: xp}
  - {kind: fixed_points, slug: told, on: review.posted, points: 1, wallet: idle}
tiers:"""


def publish(document: Programme) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        apply(session, document, base=1, effective_from=now, actor="test", now=now)


def home_and_hearth() -> None:
    publish(presets.preset("cashback", datetime.now(UTC)))


def both() -> None:
    publish(load(SHOP.replace("\ntiers:", MORE, 1) + BOTH))


async def reckoned(house: House, amount: str, department: str = "", code: str = "en") -> Any:
    state = house.visit(RulesState, address("/rules", code))
    await call(state, "calculate", {"amount": amount, "department": department})
    assert state.problem == ""
    return state


def sums(state: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """The amounts of each tier: in points, and what goes to each wallet."""
    return [(card.points, [(one.amount, one.worth) for one in card.beside]) for card in state.reckoned]


def cash(*amounts: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is said where there are no points at all."""
    return [("", [(amount, "")]) for amount in amounts]


@pytest.mark.feature(11)
@pytest.mark.feature(13)
@pytest.mark.feature(55)
async def test_each_cell_of_the_table_is_told_by_tier_and_department(house: House) -> None:
    home_and_hearth()
    state = await reckoned(house, "129.99", OVENS)
    assert sums(state) == cash("$3.89", "$5.19", "$6.49")
    assert [card.beside[0].name for card in state.reckoned] == ["Cashback"] * 3
    assert (state.could_pay, {card.could_pay for card in state.reckoned}) == (
        "“Cashback” can pay $38.99 of it.",
        {""},
    )
    state = await reckoned(house, "999.99", "PHONES")
    assert sums(state) == cash("$4.99", "$4.99", "$9.99")
    assert state.could_pay == ""
    assert [card.could_pay for card in state.reckoned] == [
        "“Cashback” can pay $99.99 of it.",
        "“Cashback” can pay $99.99 of it.",
        "“Cashback” can pay $199.99 of it.",
    ]
    state = await reckoned(house, "50", "GIFT CARDS")
    assert sums(state) == cash("$0.00", "$0.00", "$0.00")
    assert {state.could_pay, *(card.could_pay for card in state.reckoned)} == {""}
    assert sums(await reckoned(house, "39.99", KETTLES)) == cash("$3.99", "$4.39", "$4.79")
    state = await reckoned(house, "100", "")
    assert (sums(state), state.could_pay) == (
        cash("$1.00", "$1.50", "$2.00"),
        "“Cashback” can pay $100.00 of it.",
    )


@pytest.mark.feature(11)
async def test_the_calculator_speaks_of_money_in_three_languages(house: House) -> None:
    home_and_hearth()
    told: dict[str, str] = {}
    for code in ("en", "ru", "ar"):
        state = await reckoned(house, "129.99", OVENS, code)
        (one,) = state.reckoned[0].beside
        told[code] = f"{one.name} {one.amount} {state.could_pay}"
    assert told["en"] == "Cashback $3.89 “Cashback” can pay $38.99 of it."
    assert told["ru"].replace("\u00a0", " ") == "Кешбэк 3,89 $ Из «Кешбэк» можно оплатить 38,99 $."
    assert "٣٫٨٩" in told["ar"]
    assert "٣٨٫٩٩" in told["ar"]


@pytest.mark.feature(11)
@pytest.mark.feature(130)
@pytest.mark.parametrize("department", ["", KETTLES, OVENS, "PHONES", "GIFT CARDS"])
async def test_what_it_says_is_what_the_engine_does(house: House, department: str) -> None:
    home_and_hearth()
    state, now = await reckoned(house, "777.77", department), datetime.now(UTC)
    line = a_line("777.77", category=department.split(" > ") if department else ["GARDEN"])
    with database.transaction(door.engine()) as session:
        done = simulate(session, [an_order("x", line, at=now, subject="customer:somebody-new")], now)
    given = {one.wallet: one.amount for one in done.entries}
    assert state.reckoned[0].beside[0].amount == f"${given.get('cash', 0) / 100:.2f}"
    assert "points" not in given


@pytest.mark.feature(11)
@pytest.mark.feature(55)
async def test_beside_points_there_is_a_line_for_each_wallet_that_orders_fill(house: House) -> None:
    both()
    state = await reckoned(house, "30.00")
    assert sums(state) == [
        ("30 points", [("$3.00", "$1.50"), ("60\u00a0steps", "")]),
        ("45 points", [("$4.50", "$2.25"), ("90\u00a0steps", "")]),
    ]
    assert state.could_pay == (
        "Points can pay $15.00 of it: 1,500 points. “Cashback” can pay $12.00 of it: $24.00."
    )
    assert sums(await reckoned(house, "80.00"))[0][1][0] == ("$5.00", "$2.50"), "at most so much a day"


@pytest.mark.feature(13)
async def test_departments_of_ceilings_are_offered_and_kept_to(house: House) -> None:
    both()
    state = house.visit(RulesState, "/rules")
    await call(state, "load")
    offered = [one.path for one in state.card.departments]
    assert offered == ["FUEL", "BREAD", "CAKE", "TEA > GREEN"], "nothing is paid from what pays for nothing"
    state = await reckoned(house, "30.00", "TEA > GREEN")
    assert state.could_pay.endswith("“Cashback” can pay $3.00 of it: $6.00.")
    state = await reckoned(house, "30.00", "CAKE")
    assert state.could_pay.startswith("Points can pay $1.50 of it: 150 points.")


@pytest.mark.feature(11)
@pytest.mark.feature(41)
async def test_the_slider_tells_what_goes_to_each_wallet(house: House) -> None:
    both()
    state, now = house.visit(RulesState, "/rules"), datetime.now(UTC)
    await call(state, "foresee", 30)
    assert (state.what.points, state.what.beside) == (
        "30 points",
        ("Cashback: $3.00", "Experience: 60\u00a0steps"),
    )
    with database.transaction(door.engine()) as session:
        done = simulate(session, [an_order("x", "30.00", at=now, subject=f"member:{house.mira}")], now)
    assert {one.wallet: one.amount for one in done.entries} == {"points": 30, "cash": 300, "xp": 60}


@pytest.mark.feature(11)
@pytest.mark.feature(41)
@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "Cashback: $2.00"), ("ru", "Кешбэк: 2,00\u00a0$"), ("ar", "استرداد نقدي")],
)
async def test_where_orders_bring_no_points_the_slider_tells_none(house: House, code: str, said: str) -> None:
    home_and_hearth()
    state = house.visit(RulesState, address("/rules", code))
    await call(state, "foresee", 200)
    assert state.what.points.startswith(said)
    assert state.what.beside == ()


@pytest.mark.feature(11)
async def test_the_counter_says_each_wallet_in_a_line_of_its_own(house: House) -> None:
    both()
    with database.reading(door.engine()) as session:
        card = served(session, house.mira, datetime.now(UTC), language("en"))
    assert card.worth.splitlines()[-3:] == ["Cashback: $0.00", "Idle: $0.00", "Experience: 0\u00a0steps"]
