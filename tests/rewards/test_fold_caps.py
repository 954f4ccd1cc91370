"""Caps of a rule and of the member, day by day, as the fold keeps them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

from facts.events import Fact
from facts.history import events
from rewards.effects import Posting
from rewards.fold import Fold
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


def limited(text: str) -> str:
    return a_programme(points="  expiry: {kind: never}", earning=REVIEW % text, levels=ONE_LEVEL)


def paid(fold: Fold) -> list[tuple[int, object]]:
    """What each entry brings, and what stood in the way."""
    return [(posting.amount, why(posting).get("caps")) for posting in fold.postings]


def test_caps_of_a_week_and_a_month_count_within_the_calendar() -> None:
    sunday, monday = (
        midnight("2026-03-08"),
        datetime(2026, 3, 9, 4, tzinfo=UTC),
    )  # clocks went forward in between
    facts = [review("1", sunday), review("2", monday - timedelta(seconds=1)), review("3", monday),
             review("4", monday + timedelta(days=1))]  # fmt: skip
    assert paid(folded(line_of(limited(", cap_per_week: 60")), facts)) == [
        (40, None), (20, [["rule_week", 20]]), (40, None), (20, [["rule_week", 20]])]  # fmt: skip
    facts = [review("1", midnight("2026-02-28")), review("2", midnight("2026-03-01")), review("3", NOON)]
    assert paid(folded(line_of(limited(", cap_per_month: 40")), facts)) == [
        (40, None), (40, None), (0, [["rule_month", 0]])]  # fmt: skip


def test_all_caps_are_told_and_the_smallest_binds() -> None:
    points = "  cap_per_day: 90\n  cap_per_week: 70\n  cap_per_month: 100\n  expiry: {kind: never}"
    text = a_programme(
        points=points, earning=REVIEW % ", cap_per_day: 50, cap_per_week: 80", levels=ONE_LEVEL
    )
    fold = folded(line_of(text), [review("1"), review("2", days(1)), review("3", days(7))])
    assert paid(fold) == [
        (40, None), (30, [["rule_day", 50], ["rule_week", 40], ["member_day", 90], ["member_week", 30],
                          ["member_month", 60]]),
        (30, [["rule_day", 50], ["rule_week", 80], ["member_day", 90], ["member_week", 70], ["member_month", 30]]),
    ]  # fmt: skip
    monday = date(2026, 3, 9).toordinal()
    week = [monday // 7, 30]
    assert fold.spans == {"review|week": week, "*|week": week, "*|month": [2026 * 12 + 2, 100]}


def test_a_rule_with_a_pause_pays_again_when_it_is_over_to_the_microsecond() -> None:
    text, tick = limited(", pause: {hours: 1, minutes: 30}"), timedelta(microseconds=1)
    again = timedelta(minutes=90)
    facts = [
        review("1"),
        review("2", NOON + again - tick),
        review("3", NOON + again),
        review("4", NOON + 2 * again),
    ]
    assert paid(folded(line_of(text), facts)) == [(40, None), (0, [["pause", 0]]), (40, None), (40, None)]
    assert paid(folded(line_of(text), facts[:2])) == [(40, None), (0, [["pause", 0]])], (
        "what was not paid begins none"
    )


def test_what_was_counted_for_a_rule_that_is_gone_is_forgotten() -> None:
    with_it, without = limited(", cap_per_week: 60, pause: {hours: 1}"), limited(", cap_per_day: 60")
    gone = without.replace("slug: review", "slug: other")
    fold = folded(
        line_of(with_it, (gone, days(0.1)), (with_it, days(0.2))), [review("1"), review("2", days(0.1))]
    )
    assert fold.spans == {}
    line = line_of(with_it, (gone, days(0.1)), (with_it, days(0.2)))
    fold = folded(line, [review("1"), review("2", days(0.1)), review("3", days(0.3))])
    assert [amount for amount, _ in paid(fold)] == [40, 40, 40]


def test_a_budget_gives_all_or_nothing_and_what_caps_leave_is_what_is_asked_for() -> None:
    asked: list[tuple[str, int, str, int]] = []

    def ask(slug: str, budget: int, cause: str, points: int) -> int:
        asked.append((slug, budget, cause, points))
        return 0 if cause.split("|")[2] == "2" else points

    fold = Fold(line_of(limited(", cap_per_day: 100, budget: 1000")), ask=ask)
    for event in events([review("1"), review("2", days(0.1)), review("3", days(0.11)), review("4", days(0.12)),
                         review("5", days(0.13))]):  # fmt: skip
        fold.apply(event)
    assert paid(fold) == [(40, None), (0, [["rule_day", 60], ["budget", 0]]), (40, None), (20, [["rule_day", 20]]),
                          (0, [["rule_day", 0]])]  # fmt: skip
    assert [(slug, budget, points) for slug, budget, _, points in asked] == [
        ("review", 1000, 40), ("review", 1000, 40), ("review", 1000, 40), ("review", 1000, 20)]  # fmt: skip
    assert asked[0][2] == fold.postings[0].cause


def test_what_a_budget_leaves_of_a_grant_is_given_and_told() -> None:
    fold = Fold(
        line_of(limited(", cap_per_day: 30, budget: 1000")),
        ask=lambda slug, budget, cause, points: min(25, points),
    )
    for event in events([review("1"), review("2", days(0.1))]):
        fold.apply(event)
    assert paid(fold) == [(25, [["rule_day", 30], ["budget", 25]]), (5, [["rule_day", 5]])]
