"""A reward by its days, as the API sees them: when it is told of, when it can be had, and how long given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.engine.till import Till
from tests.engine.wording import a_programme

REWARDS = """  - slug: tasting
    kind: product
    name: Tasting
    price: 10
    tiers: [gold]
    visible_from: 2026-12-01T05:00:00Z
    claimable_from: 2026-12-05T05:00:00Z
  - {slug: tea, kind: product, name: Tea, price: 10, refundable_days: 10, valid_days: 30}"""


@pytest.fixture
def shop(till: Till) -> Till:
    """Customer 1 is Gold, customer 2 is Silver; both can pay."""
    till.at("2026-11-20 12:00").open(a_programme(rewards=REWARDS))
    till.post(till.order("gold", "500.00"), till.order("silver", "150.00", customer="2"))
    assert (till.tier("1"), till.tier("2")) == ("gold", "silver")
    return till


def offered(till: Till) -> list[str]:
    return [reward["slug"] for reward in till.get("/catalogue").json()["rewards"]]


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code") if answer.status_code != 200 else ""


@pytest.mark.feature(51)
def test_unseen_then_seen_then_had_by_gold_alone(shop: Till) -> None:
    assert offered(shop.at("2026-11-30 23:59:59")) == ["tea"]
    assert said(shop.redeem("tasting")) == (404, "reward_hidden")
    for moment in ("2026-12-01 00:00", "2026-12-04 23:59:59"):
        assert sorted(offered(shop.at(moment))) == ["tasting", "tea"]
        assert said(shop.redeem("tasting")) == (409, "reward_not_yet")
    shop.at("2026-12-05 00:00")
    assert said(shop.redeem("tasting", customer="2")) == (409, "reward_other_tier")
    assert (shop.redeem("tasting").status_code, shop.balance(), shop.balance("2")) == (200, 490, 150)


@pytest.mark.feature(54)
def test_what_was_not_used_is_given_back_for_its_days_and_not_a_moment_longer(shop: Till) -> None:
    first, second = shop.redeem("tea").json(), shop.redeem("tea").json()
    last = shop.now + timedelta(days=10)
    back = shop.at(last - timedelta(seconds=1)).call_off(first["redemption_id"])
    assert (back.status_code, back.json()["state"], shop.balance()) == (200, "cancelled", 490)
    late = shop.at(last).call_off(second["redemption_id"])
    assert (late.status_code, shop.balance()) == (409, 490)
    assert said(shop.later(days=1).call_off(second["redemption_id"]))[0] == 409
    used = shop.ask("/codes/use", {"code": second["code"]})
    assert (used.status_code, used.json()["state"]) == (200, "used")
    shop.proven()
