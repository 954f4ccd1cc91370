"""The rules page: what it says is what the engine does, for members and strangers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import database, door
from facts.language import language
from members.actions.record import record
from members.programme import apply, in_force, load
from members.views.rules import rules
from members.views.rules_document import rules_document
from pages.rules import RulesState
from tests.builders import a_fact, an_order
from tests.pages.conftest import SHOP, House, call
from tests.pages.game import begin

pytestmark = pytest.mark.anyio


@pytest.mark.feature(130)
async def test_the_rules_in_sentences(house: House) -> None:
    state = house.visit(RulesState, "/rules")
    await call(state, "load")
    card = state.card
    assert [one.sentence for one in card.earn] == [
        "1 point for each $1 you spend.",
        "2 times the points on Bread.",
        "40 points for a review.",
    ]
    assert [one.sentence for one in card.nothing] == ["No points on Fuel."]
    assert card.points[0] == "100 points are worth $1."
    assert [(one.name, one.threshold, one.mine) for one in card.levels] == [
        ("Member", "For everybody", True),
        ("Silver", "From 1,000 points", False),
    ]


async def test_strangers_may_read_them(house: House) -> None:
    state = house.visit(RulesState, "/rules", who="")
    await call(state, "load")
    assert (state.status, [one.mine for one in state.card.levels]) == ("here", [False, False])


@pytest.mark.feature(130)
async def test_a_new_version_changes_page_and_json(house: House) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    with database.transaction(door.engine()) as session:
        changed = load(SHOP.replace("points: 1, per", "points: 3, per"))
        base = in_force(session, later).number
        apply(session, changed, base=base, effective_from=later, actor="test", now=datetime.now(UTC))
        now, then = (
            rules(session, later - timedelta(hours=1), language("en")),
            rules(session, later, language("en")),
        )
        document = rules_document(session, later)
    assert (now.earn[0].sentence, then.earn[0].sentence) == (
        "1 point for each $1 you spend.",
        "3 points for each $1 you spend.",
    )
    assert next(rule for rule in document["earning"] if rule["slug"] == "base")["points"] == 3
    assert document["version"] == 2


@pytest.mark.feature(130)
@pytest.mark.parametrize(
    ("amount", "department", "category"),
    [("62.40", "", []), ("62.40", "BREAD", ["BREAD"]), ("10", "FUEL", ["FUEL"])],
)
async def test_the_calculator_says_what_the_engine_does(
    house: House, amount: str, department: str, category: Any
) -> None:
    state = house.visit(RulesState, "/rules")
    await call(state, "calculate", {"amount": amount, "department": department})
    now = datetime.now(UTC)
    line = {
        "line_id": "1",
        "sku": "x",
        "category": category or ["OTHER"],
        "quantity": "1",
        "amount": f"{float(amount):.2f}",
    }
    with database.transaction(door.engine()) as session:
        order = an_order("reckoned", line, at=now, subject="customer:somebody-new")
        outcome = record(session, [order], now)[0]
    assert state.reckoned[0].points == language("en").plural("{n} point", "{n} points", outcome.points)


@pytest.mark.parametrize("amount", ["", "abc", "-5", "1e308", "NaN", "12345678", "1,2,3", "62.4.0", "²"])
async def test_what_is_no_amount_is_refused(house: House, amount: str) -> None:
    state = house.visit(RulesState, "/rules")
    await call(state, "calculate", {"amount": amount})
    assert (state.problem, state.reckoned) == ("Write an amount such as $62.50.", [])


async def test_arabic_digits_are_digits(house: House) -> None:
    state = house.visit(RulesState, "/ar/rules")
    await call(state, "calculate", {"amount": "٦٢٫٤٠"})
    assert state.reckoned[0].points == "٦٢ نقطة"


@pytest.mark.feature(61)
async def test_nobody_reads_in_the_data_what_is_a_secret_or_a_surprise(house: House) -> None:
    begin(house)
    with database.transaction(door.engine()) as session:
        document = rules_document(session, datetime.now(UTC))
    told = json.dumps(document)
    assert "hidden-gem" not in told
    assert "Gem of night" not in told
    slugs = [one["slug"] for one in document["challenges"]]
    assert "monthly" in slugs
    assert not {"later", "gone"} & set(slugs)
    prizes = [one["prize"] for one in document["challenges"][slugs.index("monthly")]["milestones"]]
    assert prizes[1]["badge"] == "secret"
    assert not {"guards", "safety"} & set(document)
    assert not [one for one in document["rewards"] if {"stock", "alert_percent"} & set(one)]


@pytest.mark.feature(130)
async def test_what_is_offered_from_a_later_day_on_is_not_told_before(house: House) -> None:
    more = """
referrals:
  offers:
    - {slug: now, name: Now, friend: {points: 5}}
    - {slug: later, name: Later, friend: {points: 5}, opens: 2100-01-01T00:00:00Z}
    - {slug: over, name: Over, friend: {points: 5}, retired: true}
goals:
  - {slug: ours, name: Ours, criterion: {kind: count, at_least: 1}, target: 10, prize: {points: 5}}
  - {slug: next, name: Next, criterion: {kind: count, at_least: 1}, target: 10, prize: {points: 5},
     opens: 2100-01-01T00:00:00Z}
"""
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        apply(session, load(SHOP + more), base=1, actor="test", now=now)
        document = rules_document(session, now)
    assert [one["slug"] for one in document["referrals"]["offers"]] == ["now"]
    assert [one["slug"] for one in document["goals"]] == ["ours"]
    assert "signals" not in document["referrals"]


BUDGETS = """  - {kind: points_per_money, slug: base, name: Shopping, points: 1, per: "1.00", budget: 500}
  - {kind: fixed_points, slug: survey, on: survey.answered, points: 40, budget: 100}
  - {kind: fixed_points, slug: told, on: social.shared, points: 40, budget: 100, cap_per_day: 70}
  - {kind: cashback, slug: back, percent: "1", wallet: cash, budget: 500}
tiers:
"""
CASH = "wallets:\n  cash: {kind: cashback, name: Cashback}\n"


@pytest.mark.feature(18)
@pytest.mark.feature(130)
async def test_a_rule_whose_budget_is_spent_says_so(house: House) -> None:
    """Of 40 points each, 100 are gone with the second one; a cap may make it less, and then there is some left."""
    now = datetime.now(UTC)
    ours = SHOP.replace(next(line for line in SHOP.splitlines() if "slug: base" in line) + "\n", "")
    with database.transaction(door.engine()) as session:
        apply(session, load(ours.replace("tiers:\n", BUDGETS, 1) + CASH), base=1, actor="test", now=now)
    gone = {"en": "All points of this campaign have been given.", "ru": "Все баллы этой акции уже розданы."}
    beside = {
        "en": "All that this campaign had to give has been given.",
        "ru": "Всё, что было у этой акции, уже роздано.",
    }

    async def stopped(code: str) -> list[str]:
        state = house.visit(RulesState, "/rules" if code == "en" else f"/{code}/rules")
        await call(state, "load")
        told = {one.key: one.limits for one in state.card.earn}
        return [slug for slug, limits in told.items() if (beside if slug == "back" else gone)[code] in limits]

    assert await stopped("en") == []
    with database.transaction(door.engine()) as session:
        deeds = {"survey.answered": "survey_id", "social.shared": "network"}
        told = [
            a_fact(kind, {name: str(n)}, at=now, id=f"{kind}{n}", subject=f"customer:{n}")
            for kind, name in deeds.items()
            for n in (1, 2)
        ]
        record(session, [*told, an_order("a", "499.00", at=now, subject="customer:3")], now)
    assert await stopped("en") == ["survey"]
    with database.transaction(door.engine()) as session:
        record(session, [an_order("b", "1.90", at=now, subject="customer:3")], now)
    assert sorted(await stopped("en")) == sorted(await stopped("ru")) == ["back", "base", "survey"]
