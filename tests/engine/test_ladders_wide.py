"""Ladders of every measure and window, what levels give, and levels by hand: over HTTP and the command line."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from app import database
from app.jobs.friends import follow_late
from facts.language import language
from members.referral_codes import mine
from members.tables import Audit
from members.views.home import hero
from members.views.rules import rules
from tests.engine.till import SOURCE, Till
from tests.engine.wording import a_programme

EARNING = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00", tier_multiplier: false}'


def ladder(tiers: str, levels: str, **more: str) -> str:
    """A programme with these tiers; a dollar earns a point, whatever the tier."""
    return a_programme(tiers=f"  {tiers}", levels=f"  levels:\n    - {{slug: member, name: Member}}\n{levels}",
                       earning=EARNING, **more)  # fmt: skip


def review(till: Till, number: int) -> dict[str, Any]:
    return till.event("review.posted", {"review_id": f"r{number}"}, id=f"review-{number}")


def at_home(till: Till, code: str = "en") -> str:
    """The sentence under the bar at home."""
    with database.reading(till.engine) as session:
        card = hero(session, till.member(session), till.now, language(code)).tier
    return f"{card.percent}% {card.before}{card.strong}{card.after}"


BOTH = """    - {slug: silver, name: Silver, needs: {any: {orders: 2, review.posted: 3}}}
    - {slug: gold, name: Gold, needs: {all: {orders: 3, spend: 100, review.posted: 1}}}
"""


@pytest.mark.feature(36)
def test_orders_reviews_and_money_together_climb_and_spending_points_lowers_nothing(till: Till) -> None:
    reward = "  - {slug: tote, kind: product, name: Tote, price: 50, sku: TOTE}"
    till.open(ladder("basis: orders", BOTH, rewards=reward))
    till.at("2026-03-01 12:00").post(till.order("A", "60.00"))
    assert till.standing()["to_next"] == {"tier": "silver", "orders": 1, "facts": {"review.posted": 3},
                                          "either": True, "by": "2026-12-31"}  # fmt: skip
    till.later(hours=1).post(till.order("B", "10.00"))
    assert till.tier() == "silver"
    assert till.standing()["to_next"] == {"tier": "gold", "money": "30.00", "orders": 1,
                                          "facts": {"review.posted": 1}, "by": "2026-12-31"}  # fmt: skip
    assert at_home(till) == "45% 1 order, 1 review, and $30 to Gold"
    assert at_home(till, "ru").replace("\xa0", " ") == "45% 1 заказ, 1 отзыв и 30 $ до уровня «Gold»"
    assert at_home(till, "ar").count("واحد") == 2
    till.later(hours=1).post(till.order("C", "30.00"))
    assert till.tier() == "silver"
    with database.reading(till.engine) as session:
        card = rules(session, till.now, language("en"), "silver")
    assert card.ladder.startswith(
        "For your tier we count your orders, what you spend, and a review. It counts in a"
    )
    assert [one.threshold for one in card.levels] == [
        "For everybody",
        "From 2 orders or 3 reviews",
        "From 3 orders, 1 review, and $100",
    ]
    till.later(hours=1).post(review(till, 1))
    assert till.tier() == "gold"
    assert till.redeem("tote").status_code in (200, 201)
    assert till.tier() == "gold"
    till.later(hours=1).post(till.refund("C", ("1", "0.01")))
    assert till.tier() == "silver"
    assert till.standing()["to_next"] == {"tier": "gold", "money": "0.01", "by": "2026-12-31"}
    till.later(hours=1).post(till.refund("B", ("1", "10.00")), till.refund("C", ("1", "29.99")))
    assert till.tier() == "member"
    till.proven()


BRINGING = """
referrals:
  offers: [{slug: give, name: Give and get, sharer: {points: 50}, friend: {points: 10}, order_min: "20.00"}]
"""
STEPS = """    - {slug: silver, name: Silver, threshold: 1}
    - {slug: gold, name: Gold, threshold: 2}
"""


@pytest.mark.feature(36)
def test_first_purchases_of_friends_climb_and_a_return_takes_the_step_back(till: Till) -> None:
    till.open(ladder("basis: referrals", STEPS) + BRINGING)
    till.at("2026-03-01 12:00").post(till.order("own", "500.00"))
    with database.transaction(till.engine) as session:
        link = mine(session, till.member(session), till.now)
    assert link is not None
    assert (till.tier(), till.standing()["to_next"]) == (
        "member",
        {"tier": "silver", "referrals": 1, "by": "2026-12-31"},
    )
    for friend in "23":
        joins = till.event("member.signed_up", {"referral_code": link.code}, friend)
        till.later(hours=1).post(joins, till.order(f"first-{friend}", "30.00", customer=friend))
        follow_late(till.engine, till.now)
        assert till.tier() == {"2": "silver", "3": "gold"}[friend]
    more = [till.order("again-2", "30.00", customer="2"), till.order("stranger", "30.00", customer="4")]
    till.later(hours=1).post(*more, till.refund("first-3", ("1", "30.00"), customer="3"))
    follow_late(till.engine, till.now)
    assert (till.tier(), till.tier("2")) == ("silver", "member")
    till.proven()


@pytest.mark.feature(36)
def test_facts_of_the_types_that_are_named_climb_and_nothing_else_does(till: Till) -> None:
    facts = "facts:\n  x.workshop: {name: a workshop}\n  x.visit: {name: a visit}\n"
    reward = "  - {slug: tote, kind: product, name: Tote, price: 50, sku: TOTE}"
    till.open(facts + ladder("basis: facts\n  facts: [review.posted, x.workshop]", STEPS, rewards=reward))
    till.at("2026-03-01 12:00").post(
        till.order("own", "500.00"), till.event("x.visit", {}), till.event("visit", {})
    )
    assert (till.tier(), till.standing()["to_next"]["tier"]) == ("member", "silver")
    till.later(hours=1).post(till.event("x.workshop", {}))
    assert till.tier() == "silver"
    till.later(hours=1).post(review(till, 1))
    assert till.tier() == "gold"
    assert till.redeem("tote").status_code in (200, 201)
    till.later(hours=1).post(till.refund("own", ("1", "500.00")))
    assert (till.tier(), till.balance()) == ("gold", -50)
    till.proven()


GIVING = """    - {slug: silver, name: Silver, threshold: 100, entry: {points: 40}}
    - slug: gold
      name: Gold
      threshold: 300
      entry: {points: 90, reward: tote}
      per_order: {points: 7, order_min: "5.00"}
"""


@pytest.mark.feature(44)
def test_a_level_is_entered_once_in_a_life_and_each_order_is_paid_once(till: Till) -> None:
    reward = "  - {slug: tote, kind: product, name: Tote, price: 50, sku: TOTE}"
    till.open(ladder("window: {kind: rolling, months: 1}", GIVING, rewards=reward))
    till.at("2026-01-10 12:00").post(till.order("A", "300.00"))
    assert (till.tier(), till.balance()) == ("gold", 300 + 40 + 90)
    till.later(hours=1).post(till.order("small", "4.00"), till.order("B", "5.00"))
    assert till.balance() == 430 + 4 + 5 + 7
    (answer,) = till.send(till.order("B", "5.00"))
    assert (answer["status"], till.balance()) == ("duplicate", 446)
    till.at("2026-03-01 12:00").night()
    assert till.tier() == "member"
    till.post(till.order("C", "310.00"))  # reached again: nothing is paid twice
    assert (till.tier(), till.balance()) == ("gold", 446 + 310)
    causes = [entry["cause"].split("|") for entry in till.entries() if entry["cause"].startswith("tier|")]
    assert [(level, fact) for _, level, _, fact, _ in causes] == [
        ("silver", "order.paid-A"),
        ("gold", "order.paid-A"),
    ]
    till.later(hours=1).post(till.refund("A", ("1", "300.00")))  # then the second time was the first
    assert till.balance() == 4 + 5 + 310 + 40 + 90
    assert [entry["amount"] for entry in till.entries() if entry["cause"].startswith("tier|gold")] == [90, 90]
    assert "“Tote” waits for you" in " ".join(card.why for card in till.history().entries)
    till.proven()


def test_one_person_with_two_accounts_is_welcomed_once(till: Till) -> None:
    till.open(
        ladder(
            "window: {kind: rolling, months: 1}",
            "    - {slug: silver, name: Silver, threshold: 100, entry: {points: 40}}\n",
        )
    )
    till.at("2026-01-10 12:00").post(till.order("A", "100.00"), till.order("B", "1.00", customer="2"))
    one, other = till.standing("1")["member"], till.standing("2")["member"]
    assert till.run("members", "merge", one, other, "--reason", "The same person").exit_code == 0
    till.later(hours=1).post(till.order("C", "150.00", customer="2"))
    assert (till.tier("2"), till.balance("2")) == ("silver", 100 + 40 + 1 + 150)
    till.proven()
    till.later(hours=1)
    assert till.run("members", "unmerge", one).exit_code == 0
    assert (till.balance("2"), till.balance("1")) == (1 + 150 + 40, 140)
    till.proven()


def pin(till: Till, tier: str, *more: str, reason: str = "A friend of the house") -> Any:
    return till.run("members", "pin-tier", f"customer:{SOURCE}:1", tier, "--reason", reason, *more)


INVITED = """    - {slug: silver, name: Silver, threshold: 100}
    - {slug: circle, name: Circle, invite_only: true, entry: {points: 25}}
"""


@pytest.mark.feature(45)
def test_a_level_by_hand_survives_recalculation_until_its_last_day(till: Till) -> None:
    till.open(ladder("window: {kind: rolling, months: 1}", INVITED))
    till.at("2026-01-10 12:00").post(till.order("A", "120.00"), till.order("early", "1.00"))
    assert till.tier() == "silver"
    assert pin(till, "member").exit_code != 0
    assert pin(till, "circle", "--until", "2026-01-09").exit_code != 0
    assert pin(till, "circle", "--until", "2026-06-30").exit_code == 0
    assert (till.tier(), till.standing()["tier_until"], till.balance()) == ("circle", "2026-06-30", 121 + 25)
    till.later(hours=1).post(till.refund("early", ("1", "1.00")))  # weighed anew
    assert till.tier() == "circle"
    till.at("2026-04-01 12:00").night()  # silver has ended meanwhile, the circle has not
    assert till.tier() == "circle"
    till.at("2026-06-30 23:59").night()
    assert till.tier() == "circle"
    till.at("2026-07-01 00:00").night()
    assert till.tier() == "member"
    assert pin(till, "circle").exit_code == 0
    till.later(hours=1)
    assert pin(till, "silver", "--until", "2026-12-31").exit_code == 0  # the later one holds
    assert (till.tier(), till.standing()["tier_until"]) == ("silver", "2026-12-31")
    assert [entry["amount"] for entry in till.entries() if entry["cause"].startswith("tier|")] == [25]
    off = ("members", "unpin-tier", f"customer:{SOURCE}:1", "--reason", "They asked for it")
    till.later(hours=1)
    assert till.run(*off).exit_code == 0
    assert (till.tier(), till.run(*off).exit_code != 0) == ("member", True)
    with database.reading(till.engine) as session:
        rows = [
            row
            for row in session.exec(select(Audit).order_by(col(Audit.seq)))
            if row.action.startswith("tier.")
        ]
    assert [row.action for row in rows] == ["tier.pinned", "tier.pinned", "tier.pinned", "tier.unpinned"]
    assert not any("friend of the house" in row.detail for row in rows), (
        "reasons can be erased, the audit cannot"
    )
    till.proven()


@pytest.mark.feature(37)
def test_a_members_own_year_begins_where_they_came(till: Till) -> None:
    till.open(ladder("window: {kind: anniversary}", "    - {slug: silver, name: Silver, threshold: 100}\n"))
    till.at("2024-02-29 23:30").post(till.order("A", "40.00"))
    till.at("2024-12-31 12:00").post(till.order("B", "60.00"))  # the turn of the year is not the member's
    assert (till.tier(), till.standing()["tier_until"]) == ("silver", "2025-02-27")
    till.at("2025-02-27 23:59").night()
    assert till.tier() == "silver"
    till.at("2025-02-28 00:00").night()
    assert (till.tier(), till.standing()["to_next"]["by"]) == ("member", "2026-02-27")
    late = till.order("old", "1.00", id="old") | {"time": "2024-01-15T17:00:00+00:00"}
    till.post(late)  # a fact that comes late: their years begin there
    assert (till.tier(), till.standing()["to_next"]) == (
        "member", {"tier": "silver", "points": 100, "by": "2026-01-14"})  # fmt: skip
