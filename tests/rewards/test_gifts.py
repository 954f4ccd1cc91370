"""Gifts on paper: what may be given, what comes back, and that nothing grows younger or more on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from pydantic import ValidationError

from facts.events import OWN_SOURCE, Fact
from facts.history import Event
from rewards.document import NegativeBalance
from rewards.fold import Fold, needs_lots
from rewards.gifts import Gifts, may_go
from rewards.lots import HELD
from rewards.why import amount_of
from tests.builders import a_fact, a_refund, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
EARNING = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: fixed_points, slug: hello, on: member.signed_up, points: 50}
  - {kind: extra_points, slug: promo, points: 20, promotional: true, where: {skus: [tea]}}"""
TEXT = a_programme(points="  expiry: {kind: rolling, months: 2}", earning=EARNING, levels=ONE_LEVEL)
TEA = {"line_id": "1", "sku": "tea", "quantity": "1", "amount": "10.00"}


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def gift(kind: str, at: datetime, **data: Any) -> Fact:
    return a_fact(
        f"gift.{kind}", {"gift_id": "g", **data}, at=at, id=f"g:{kind}", source=OWN_SOURCE, internal=True
    )


def given(points: int, at: datetime, **data: Any) -> Fact:
    return gift("given", at, points=points, **data)


def a_life(*more: Fact) -> list[Fact]:
    """100 and then 10 points by shopping, 20 promotional ones, and 50 for joining."""
    joined = a_fact("member.signed_up", {}, at=NOON, id="joined")
    return [joined, an_order("A", "100.00", at=NOON), an_order("B", TEA, at=days(1)), *more]


def names(fold: Fold) -> dict[str, int]:
    return {cause.replace("regulars ", ""): amount for cause, amount in left(fold).items()}


def test_what_was_bought_is_given_and_the_rest_stays() -> None:
    fold = folded(line_of(TEXT), a_life(given(105, days(2))))
    assert names(fold) == {
        "earn joined hello": 50,
        "earn paid-B promo": 20,
        "earn paid-B base": 5,
        "hold gift:g": 105,
    }
    assert posted(fold)[-1] == ("hold regulars gift:g", 0)
    assert lot(fold, "earn paid-A base").draws == [("hold|regulars|gift:g", days(2), 100)]
    assert json.loads(fold.postings[-1].why) == {"k": "held", "points": 105, "gift": True}


def test_promotional_ones_go_first_where_they_may_go() -> None:
    fold = folded(line_of(TEXT), a_life(given(25, days(2), promotional=True)))
    assert names(fold)["earn paid-A base"] == 95
    assert "earn paid-B promo" not in names(fold)


def test_taken_it_is_given_at_that_moment() -> None:
    fold = folded(line_of(TEXT), a_life(given(105, days(2)), gift("taken", days(4))), days(5))
    last = fold.postings[-1]
    assert (last.kind, last.amount, last.at) == ("given", -105, days(4))
    assert amount_of(json.loads(last.why)) == -105
    assert "hold gift:g" not in names(fold)


@pytest.mark.parametrize("after", [3, 100])
def test_called_back_it_is_as_if_it_had_never_been(after: float) -> None:
    back = folded(line_of(TEXT), a_life(given(105, days(2)), gift("cancelled", days(after))), days(120))
    never = folded(line_of(TEXT), a_life(), days(120))
    assert (back.lots, back.postings) == (never.lots, never.postings)


def test_an_order_that_goes_back_takes_what_else_there_is_and_then_makes_a_debt() -> None:
    facts = a_life(given(105, days(2)), gift("taken", days(3)), a_refund("A", ("1", "100.00"), at=days(5)))
    fold = folded(line_of(TEXT), facts, days(6))
    assert names(fold) == {"debt hold gift:g": -25}
    assert any(one.kind == "given" and one.amount == -105 for one in fold.postings)
    assert NegativeBalance().policy == "debt"


def test_any_order_of_arrival_ends_the_same() -> None:
    facts = a_life(given(60, days(2)), gift("taken", days(3)))
    ends = {json.dumps(sorted(names(folded(line_of(TEXT), order)).items())) for order in permutations(facts)}
    assert len(ends) == 1


def test_received_it_keeps_its_days_climbs_nothing_and_wakes_no_rule() -> None:
    lots = [{"points": 7, "promotional": True, "expires_at": days(9).isoformat()}, {"points": 30}]
    fold = folded(line_of(TEXT), [gift("received", days(2), points=37, lots=lots)], days(3))
    first, second = lot(fold, "gift regulars g:received 0"), lot(fold, "gift regulars g:received 1")
    assert (first.promotional, first.expires_at, first.remaining) == (True, days(9), 7)
    assert (second.promotional, second.expires_at, second.remaining) == (False, None, 30)
    assert [(one.kind, one.amount, one.rule) for one in fold.postings] == [
        ("received", 7, ""),
        ("received", 30, ""),
    ]
    assert (fold.climb.days, fold.moves, fold.purchases) == ([], [], 0)
    assert fold.expiry_due == days(9)
    on = folded(line_of(TEXT), [gift("received", days(2), points=37, lots=lots), given(30, days(4))])
    assert names(on) == {"gift g:received 0": 7, "hold gift:g": 30}, (
        "a gift may go on; promotional points stay"
    )


def test_what_a_friend_or_a_prize_brought_is_not_given() -> None:
    said = {"referral": "r", "step": "1", "side": "friend", "offer": "o", "points": 40}
    brought = a_fact("referral.rewarded", said, at=NOON, id="r1", source=OWN_SOURCE, internal=True)
    fold = folded(line_of(TEXT), [brought, an_order("A", "10.00", at=NOON), given(10, days(1))])
    assert names(fold) == {"referral r1": 40, "hold gift:g": 10}


def test_only_points_that_were_earned_are_given() -> None:
    one = lot(folded(line_of(TEXT), a_life()), "earn paid-A base")
    assert may_go(one, False, ())
    assert not may_go(replace(one, wallet="cash"), False, ())
    assert not may_go(replace(one, kind=HELD), False, ())


def test_giving_needs_the_older_lots() -> None:
    assert needs_lots(Fold(line_of(TEXT)), 0, [Event((NOON, "s", "g"), "gift.given", {})])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"per_day": 0}, "per_day"), ({}, "per_day"), ({"per_day": 5, "least": 6}, "nobody could give"),
     ({"per_day": 50, "least": 6, "most": 5}, "nobody could give")],
)  # fmt: skip
def test_terms_that_make_no_sense(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Gifts.model_validate(wrong)


def test_the_most_of_one_gift() -> None:
    assert (Gifts(per_day=500).limit, Gifts(per_day=500, most=80).limit) == (500, 80)
