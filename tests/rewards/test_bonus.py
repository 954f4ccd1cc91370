"""What the game gives: bonuses that climb no tier, and multipliers for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from facts.history import events
from rewards.bonus import Bonus, boost, boosted, give
from rewards.effects import Posting
from rewards.fold import Fold
from rewards.lots import EARNED, LotState
from tests.builders import SHOP, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import folded, left, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
KEY = (NOON, SHOP, "paid-A")
BADGE = Bonus("badge", "baker", 0, 3, 25, True, 9)
ENDS = datetime(2026, 3, 12, 4, tzinfo=UTC)


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def test_a_bonus_is_a_lot_of_its_own_and_climbs_no_tier() -> None:
    fold = Fold(line_of("", ("", days(-1))))
    give(fold, BADGE, KEY)
    cause = f"prize|{SHOP}|paid-A|badge:baker:0:3"
    said = '{"k":"prize","points":25,"for":"badge","slug":"baker","level":3}'
    assert fold.postings == [Posting(cause, "earned", 25, NOON, NOON, ENDS, "baker", 2, said)]
    rank = f"20260302170000000000\x1f{SHOP}\x1fpaid-A\x1fbadge:baker:000000000000:003"
    assert fold.lots == {cause: LotState(cause, EARNED, 25, 25, True, NOON, NOON, ENDS, rank, None, [])}
    assert (fold.climb.days, fold.expiry_due) == ([], ENDS)


def test_a_bonus_without_days_of_its_own_lasts_as_the_programme_says() -> None:
    fold = Fold(line_of(a_programme(points="  expiry: {kind: never}")))
    give(fold, Bonus("challenge", "week", 7, 1, 5, False, None), KEY)
    (one,) = fold.lots.values()
    assert (one.cause, one.promotional, one.expires_at) == (
        f"prize|{SHOP}|paid-A|challenge:week:7:1",
        False,
        None,
    )
    assert fold.expiry_due is None


def test_a_bonus_repays_a_debt_first() -> None:
    fold = folded(line_of(), [an_order("A", "0.10", at=days(-2), points_paid="0.10")])
    give(fold, BADGE, KEY)
    assert left(fold) == {"prize paid-A badge:baker:0:3": 15}
    assert lot(fold, "prize paid-A badge:baker:0:3").draws[0][1:] == (NOON, 10)
    assert posted(fold) == [("spend order:A", -10), ("prize paid-A badge:baker:0:3", 25)]


def test_days_are_those_of_the_programme_at_that_moment() -> None:
    """In Tokyo it is the third of March already; the shop moved there the day before."""
    fold = Fold(line_of("", (a_programme(zone="Asia/Tokyo"), days(-1))))
    give(fold, BADGE, KEY)
    (one,) = fold.lots.values()
    assert one.expires_at == datetime(2026, 3, 12, 15, tzinfo=UTC)
    boost(fold, 2000, 3, KEY)
    assert fold.boosts == [[NOON.toordinal() + 4, 2000]]


def test_boosts_hold_for_their_days_and_are_then_forgotten() -> None:
    fold, today = Fold(line_of()), NOON.toordinal()
    boost(fold, 2000, 3, KEY)
    assert fold.boosts == [[today + 3, 2000]]
    boost(fold, 1500, 1, (days(2), SHOP, "b"))
    assert fold.boosts == [[today + 3, 2000], [today + 3, 1500]]
    boost(fold, 3000, 5, (days(3), SHOP, "c"))
    assert fold.boosts == [[today + 8, 3000]]


@pytest.mark.parametrize(
    ("factor", "boosts", "worth"),
    [(1000, [], 1000), (1500, [[11, 2000]], 3000), (1500, [[10, 2000]], 1500), (1000, [[11, 1500], [12, 1500]], 2250),
     (1001, [[11, 1500]], 1501), (1000, [[9, 3000], [11, 2000]], 2000)],
)  # fmt: skip
def test_boosts_of_a_day_multiply(factor: int, boosts: list[list[int]], worth: int) -> None:
    assert boosted(factor, boosts, 10) == worth


def test_an_order_earns_more_while_a_boost_lasts() -> None:
    fold = Fold(line_of())
    boost(fold, 2000, 2, (days(-1), SHOP, "x"))
    orders = [an_order("A", "10.00", at=NOON), an_order("B", "10.00", at=days(1))]
    for event in events(orders):
        fold.apply(event)
    assert posted(fold) == [("earn paid-A base", 20), ("earn paid-B base", 10)]
