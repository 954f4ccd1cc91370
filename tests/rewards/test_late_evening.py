"""Late in the evening of the programme's zone it is the next day already elsewhere: what is brought then lasts, and is
good, by the day that the shop has. What is brought repays a debt at that moment.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from facts.events import OWN_SOURCE
from facts.history import Event
from rewards.allowance import again, began, lately
from rewards.document import Reward
from rewards.fold import Fold
from rewards.lots import DEBT
from rewards.referrals import Offer, Purchase, Share, steps
from rewards.terms import TermsLine
from tests.engine.wording import a_programme, local
from tests.rewards.paper import line_of

LEVELS = """  levels:
    - {slug: member, name: Member}
    - {slug: silver, name: Silver, threshold: 100}
"""
LINE = line_of(a_programme(levels=LEVELS))
LASTING = line_of(a_programme(points="  expiry: {kind: rolling, months: 1}"))
EVENING = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)  # half past eleven at night of 31 December in New York
FRIEND = {"referral": "r", "step": "1", "side": "friend", "offer": "o", "points": 40, "expires_days": 3}
CHOSEN = {"redemption_id": "r", "reward": "mug", "points": 0, "brings": 40, "lasts_days": 3}


def after(*told: tuple[str, dict[str, Any]], line: TermsLine = LINE) -> Fold:
    fold = Fold(line)
    for number, (kind, data) in enumerate(told):
        fold.apply(Event((EVENING, OWN_SOURCE, f"f{number}"), kind, data))
    return fold


@pytest.mark.parametrize("told", [("referral.rewarded", FRIEND), ("redemption.made", CHOSEN)])
def test_what_is_brought_lasts_by_the_day_of_the_shop_and_repays_what_is_owed(
    told: tuple[str, dict[str, Any]],
) -> None:
    fold = after(("points.adjusted", {"points": -15, "reason": "a mistake"}), told)
    owed, lot = fold.lots.values()
    assert (lot.expires_at, lot.remaining) == (local("2026-01-04 00:00"), 25)
    assert (owed.kind, owed.remaining) == (DEBT, 0)
    assert [(at, points) for _, at, points in (*owed.draws, *lot.draws)] == [(EVENING, -15), (EVENING, 15)]


def test_what_a_friend_bought_is_good_by_the_day_of_the_shop() -> None:
    offer = Offer(slug="o", name={"en": "O"}, sharer=Share(points=5), hold_days=2)
    found, _ = steps(offer, 14, 0, EVENING, [Purchase(EVENING, "a", 900)], LINE.at(EVENING))
    assert [one.active_from for one in found if one.kind == "rewarded"] == [local("2026-01-02 00:00")]


def test_a_level_that_is_brought_along_is_of_the_year_of_the_shop() -> None:
    fold = after(("import.tier", {"item": "t", "tier": "silver"}))
    assert fold.climb.lent == ["silver", date(2025, 12, 31).toordinal()]


def test_an_old_balance_lasts_from_the_day_of_the_shop_and_repays_what_is_owed() -> None:
    owed = ("points.adjusted", {"points": -15, "reason": "a mistake"})
    fold = after(owed, ("import.balance", {"item": "b", "lots": [{"points": 40}]}), line=LASTING)
    debt, lot = fold.lots.values()
    assert (lot.remaining, lot.expires_at) == (25, local("2026-02-01 00:00"))
    assert [at for _, at, _ in (*debt.draws, *lot.draws)] == [EVENING, EVENING]


def test_a_level_of_another_account_holds_to_the_end_of_its_day_in_the_shop() -> None:
    there = {"merge": "m", "lent": [{"tier": "silver", "until": "2025-12-31"}]}
    assert after(("game.transferred", there)).climb.tier == "silver"


def test_how_often_a_reward_is_had_is_counted_in_the_months_of_the_shop() -> None:
    zone = LINE.at(EVENING).zone
    assert began("month", EVENING, zone) == local("2025-12-01 00:00")
    assert again("month", EVENING, zone) == local("2026-01-01 00:00")
    limit = {"per": "month", "most": 3}
    mug = Reward.model_validate({"slug": "mug", "kind": "gift", "name": "M", "price": 1, "per_period": limit})
    had = [("mug", EVENING), ("mug", EVENING), ("tea", EVENING), ("mug", local("2025-11-30 23:59"))]
    assert lately([mug], had, EVENING, zone) == {"mug": 2}
