"""What a member can have now, soon and later, and why not yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rewards.catalogue import Holder, Shelf, Stage, Why, offer, offers, stage
from rewards.document import Reward

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WEEKLY = {"most": 1, "per": "week"}
BIRTHDAY = {"on": "member.birthday"}


def a_reward(**more: Any) -> Reward:
    return Reward.model_validate({"slug": "mug", "kind": "product", "name": "Mug", "price": 100, **more})


@pytest.mark.parametrize(
    ("reward", "holder", "left", "shelf", "why"),
    [
        ({}, {"available": 100}, None, Shelf.NOW, None),
        ({}, {"available": 99}, None, Shelf.SOON, Why.POINTS_SHORT),
        ({}, {"available": 20, "pending": 30}, None, Shelf.SOON, Why.POINTS_SHORT),
        ({}, {"available": 20, "pending": 29}, None, Shelf.LATER, Why.POINTS_SHORT),
        ({"prices": {"gold": 80}}, {"available": 80, "tier": "gold"}, None, Shelf.NOW, None),
        ({"tiers": ["gold"]}, {"available": 100}, None, Shelf.LATER, Why.OTHER_TIER),
        ({"tiers": ["gold"]}, {"available": 100, "tier": "gold"}, None, Shelf.NOW, None),
        ({"stock": 5}, {"available": 100}, 0, Shelf.GONE, Why.SOLD_OUT),
        ({"stock": 5}, {"available": 100}, 1, Shelf.NOW, None),
        ({"per_member": 2}, {"available": 100, "taken": {"mug": 2}}, None, Shelf.GONE, Why.LIMIT_REACHED),
        ({"per_member": 2}, {"available": 100, "taken": {"mug": 1}}, None, Shelf.NOW, None),
        ({"per_member": 1}, {"available": 100}, None, Shelf.NOW, None),
        ({"per_member": 1}, {"available": 100, "taken": {"cup": 1}}, None, Shelf.NOW, None),
        ({"per_period": WEEKLY}, {"available": 100}, None, Shelf.NOW, None),
        ({"per_period": WEEKLY}, {"available": 100, "lately": {"cup": 1}}, None, Shelf.NOW, None),
        ({"per_period": WEEKLY}, {"available": 100, "lately": {"mug": 1}}, None, Shelf.LATER, Why.LIMIT_FOR_NOW),
        ({"occasion": BIRTHDAY}, {"available": 100}, None, Shelf.LATER, Why.NO_OCCASION),
        ({"occasion": BIRTHDAY}, {"available": 100, "open_until": {"cup": NOW}}, None, Shelf.LATER, Why.NO_OCCASION),
        ({"occasion": BIRTHDAY}, {"available": 100, "open_until": {"mug": NOW}}, None, Shelf.NOW, None),
        ({"occasion": BIRTHDAY}, {"available": 100, "open_until": {"mug": NOW}, "chosen": frozenset({"mug"})}, None,
         Shelf.LATER, Why.CHOSEN),
        ({"price": 10_000}, {"available": 4_999}, None, Shelf.LATER, Why.POINTS_SHORT),
        ({"claimable_from": NOW + DAY}, {"available": 100}, None, Shelf.LATER, Why.NOT_YET),
        ({"claimable_from": NOW}, {"available": 100}, None, Shelf.NOW, None),
        ({"stock": 5, "tiers": ["gold"]}, {"available": 0}, 0, Shelf.GONE, Why.SOLD_OUT),
    ],
)  # fmt: skip
def test_where_a_reward_stands(
    reward: dict[str, Any], holder: dict[str, Any], left: int | None, shelf: Shelf, why: Why | None
) -> None:
    found = offer(a_reward(**reward), Holder(**{"tier": "member", **holder}), left, NOW)
    assert (found.shelf, found.why) == (shelf, why)


def test_hidden_rewards_are_not_offered() -> None:
    rewards = [
        a_reward(slug="shown"),
        a_reward(slug="to-come", visible_from=NOW + DAY),
        a_reward(slug="over", until=NOW),
        a_reward(slug="gone", retired=True),
    ]
    assert [found.reward.slug for found in offers(rewards, Holder("member", 0), {}, NOW)] == ["shown"]
    assert all(offer(one, Holder("member", 1000), None, NOW).why is Why.HIDDEN for one in rewards[1:])


def test_each_offer_has_what_is_left_of_it_and_until_when_its_occasion_is() -> None:
    rewards = [
        a_reward(stock=3),
        a_reward(slug="cup", occasion=BIRTHDAY),
        a_reward(slug="pen", claimable_from=NOW),
    ]
    found = offers(rewards, Holder("member", 100, open_until={"cup": NOW + DAY}), {"mug": 2, "pen": 0}, NOW)
    assert [(one.left, one.until, one.why) for one in found] == [
        (2, None, None), (None, NOW + DAY, None), (0, None, Why.SOLD_OUT)]  # fmt: skip
    later = offers(rewards[2:], Holder("member", 100), {"mug": 0}, NOW - DAY)
    assert [(one.left, one.why) for one in later] == [(None, Why.NOT_YET)]


def test_what_is_short_is_the_price_for_this_tier() -> None:
    found = offer(a_reward(prices={"gold": 90}), Holder("gold", 70), None, NOW)
    assert (found.price, found.short) == (90, 20)
    for available in (90, 91):
        assert offer(a_reward(prices={"gold": 90}), Holder("gold", available), None, NOW).short == 0


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, Stage.LIVE),
        ({"visible_from": NOW + DAY}, Stage.SCHEDULED),
        ({"visible_from": NOW}, Stage.LIVE),
        ({"until": NOW}, Stage.ENDED),
        ({"retired": True, "visible_from": NOW + DAY}, Stage.RETIRED),
    ],
)
def test_stages_for_staff(more: dict[str, Any], expected: Stage) -> None:
    assert stage(a_reward(**more), NOW) is expected
