"""Short-lived points given on top never cost anybody a point of their own, whatever is bought and spent meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from facts.events import OWN_SOURCE, Fact
from rewards.fold import Fold
from rewards.lots import EARNED
from tests.builders import a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, line_of

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
BASE = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'
GIFT = (
    "  - {kind: fixed_points, slug: gift, on: review.posted, points: 40, promotional: true, expires_days: 7}"
)
POINTS = "  expiry: {kind: rolling, months: 1}\n  pending_days: 2\n  negative_balance: {policy: %s}"
things = st.lists(
    st.tuples(st.integers(0, 70), st.sampled_from(["order", "review", "spend"]), st.integers(1, 90)),
    min_size=1, max_size=12,
)  # fmt: skip


def fact_of(number: int, thing: tuple[int, str, int]) -> Fact:
    at, what, figure = thing
    moment, name = NOON + timedelta(days=at, minutes=number), str(number)
    if what == "order":
        return an_order(name, f"{figure}.00", at=moment)
    if what == "review":
        return a_fact("review.posted", {"review_id": name}, at=moment, id=f"v{name}")
    data: dict[str, Any] = {"redemption_id": name, "reward": "mug", "points": figure}
    return a_fact("redemption.made", data, at=moment, id=f"m{name}", source=OWN_SOURCE, internal=True)


def base_of(fold: Fold) -> dict[str, int]:
    return {
        lot.cause: lot.remaining for lot in fold.lots.values() if lot.kind == EARNED and not lot.promotional
    }


@settings(max_examples=60, deadline=None)
@given(things, st.sampled_from(["zero", "debt"]), st.integers(0, 110))
def test_every_lot_of_base_points_holds_at_least_what_it_would_without_them(
    history: list[tuple[int, str, int]], policy: str, until: int
) -> None:
    facts, now = [fact_of(i, one) for i, one in enumerate(history)], NOON + timedelta(days=70 + until)
    points = POINTS % policy
    with_them = folded(line_of(a_programme(points=points, earning=BASE + GIFT, levels=ONE_LEVEL)), facts, now)
    without = folded(line_of(a_programme(points=points, earning=BASE, levels=ONE_LEVEL)), facts, now)
    plain = base_of(without)
    assert all(left >= plain[cause] for cause, left in base_of(with_them).items())
    if not any(what == "spend" for _, what, _ in history):
        assert base_of(with_them) == plain, "what burns by itself takes nothing along"
