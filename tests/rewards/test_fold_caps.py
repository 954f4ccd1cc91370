"""Caps of a rule and of the member, day by day, as the fold keeps them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from facts.events import Fact
from rewards.effects import Posting
from tests.builders import SHOP, a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, line_of, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
REVIEW = "  - {kind: fixed_points, slug: review, on: review.posted, points: 40%s}"
BASE = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"%s}'


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def midnight(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=5, tzinfo=UTC)


def review(name: str, at: datetime = NOON) -> Fact:
    return a_fact("review.posted", {"review_id": name}, at=at, id=name)


def why(posting: Posting) -> dict[str, object]:
    return json.loads(posting.why)


def test_caps_of_a_rule_and_of_the_member_count_within_a_local_day() -> None:
    text = a_programme(points="  cap_per_day: 100\n  expiry: {kind: never}", levels=ONE_LEVEL,
                       earning=BASE % "" + "\n" + REVIEW % ", cap_per_day: 50")  # fmt: skip
    first = midnight("2026-03-02")
    facts = [an_order("A", "30.00", at=first), review("1", first + timedelta(hours=1)),
             review("2", first + timedelta(hours=2)), an_order("B", "90.00", at=first + timedelta(hours=3)),
             review("3", midnight("2026-03-03") - timedelta(seconds=1)), review("4", midnight("2026-03-03")),
             ]  # fmt: skip
    fold = folded(line_of(text), facts)
    assert [(cause, amount, why(posting).get("caps")) for (cause, amount), posting
            in zip(posted(fold), fold.postings, strict=True)] == [
        ("earn paid-A base", 30, None), ("earn 1 review", 40, None),
        ("earn 2 review", 10, [["rule_day", 10], ["member_day", 30]]), ("earn paid-B base", 20, [["member_day", 20]]),
        ("earn 3 review", 0, [["rule_day", 0], ["member_day", 0]]), ("earn 4 review", 40, None)]  # fmt: skip
    assert fold.postings[4] == Posting(
        f"earn|{SHOP}|3|review", "earned", 0, facts[4].occurred_at, None, None, "review", 1,
        '{"k":"fixed_points","points":40,"caps":[["rule_day",0],["member_day",0]]}')  # fmt: skip
    assert f"earn|{SHOP}|3|review" not in fold.lots
    today = midnight("2026-03-02").toordinal()
    assert fold.climb.days == [[today, 12_000, 30 + 40 + 10 + 20], [today + 1, 0, 40]], (
        "only what was granted climbs"
    )
    assert (fold.caps, fold.caps_day) == ({"review": 40, "*": 40}, midnight("2026-03-03").toordinal())


def test_a_cap_that_shrank_leaves_nothing_and_takes_nothing() -> None:
    loose, tight = (
        a_programme(earning=REVIEW % f", cap_per_day: {cap}", levels=ONE_LEVEL) for cap in (80, 30)
    )
    fold = folded(line_of(loose, (tight, days(0.1))), [review("1"), review("2", days(0.2))])
    assert [(amount, posting.version) for (_, amount), posting in zip(posted(fold), fold.postings, strict=True)] == [
        (40, 1), (0, 2)]  # fmt: skip
    assert why(fold.postings[1])["caps"] == [["rule_day", 0]]


def test_a_rule_for_a_tier_looks_at_the_tier_held_before() -> None:
    text = a_programme(earning=BASE % "" + "\n" + REVIEW % ", tiers: [silver]")
    fold = folded(line_of(text), [review("1"), an_order("A", "100.00", at=days(1)), review("2", days(2))])
    assert posted(fold) == [("earn paid-A base", 100), ("earn 2 review", 40)]
