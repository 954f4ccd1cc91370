"""Tiers: what climbs, what falls when, what is missing by which day, and what a return changes afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engine.ladders import (
    BERLIN,
    EARNED,
    EARNED_GRACE,
    HALF,
    NEXT,
    NONE,
    NY,
    PLAIN,
    STEP,
    STEP_GRACE,
    YEAR,
    ladder,
)
from tests.engine.till import Till
from tests.engine.wording import a_programme, local

# window, downgrade, zone, purchases (local noon), and the local midnights from which a tier is another one
TABLE: dict[str, tuple[str, str, str, list[tuple[str, int]], list[tuple[str, str]]]] = {
    "joined in the middle of the year": (YEAR, EARNED, NY, [("2025-07-15", 100)], [("2026-01-01", "member")]),
    "kept through the next year": (NEXT, EARNED, NY, [("2025-07-15", 100)], [("2027-01-01", "member")]),
    "earned again in the next year": (
        NEXT,
        EARNED,
        NY,
        [("2025-07-15", 300), ("2026-12-31", 100)],
        [("2027-01-01", "silver"), ("2028-01-01", "member")],
    ),
    "the last day of a year counts": (YEAR, EARNED, NY, [("2025-12-31", 300)], [("2026-01-01", "member")]),
    "the first day of a year does too": (YEAR, EARNED, NY, [("2026-01-01", 300)], [("2027-01-01", "member")]),
    "one step at a time, each for a year": (
        YEAR,
        STEP,
        NY,
        [("2025-05-05", 300)],
        [("2026-01-01", "silver"), ("2027-01-01", "member")],
    ),
    "never down": (YEAR, NONE, NY, [("2025-05-05", 300)], []),
    "a leap day a year ago": (
        "{kind: rolling, months: 12}",
        EARNED,
        NY,
        [("2024-02-29", 100)],
        [("2025-02-28", "member")],
    ),
    "the last day of a long month": (
        "{kind: rolling, months: 1}",
        EARNED,
        NY,
        [("2026-01-31", 100)],
        [("2026-02-28", "member")],
    ),
    "a leap day in between": (
        "{kind: rolling, months: 12}",
        EARNED,
        NY,
        [("2023-03-01", 100)],
        [("2024-03-01", "member")],
    ),
    "down to what is still earned": (
        HALF,
        EARNED,
        NY,
        [("2026-01-10", 300), ("2026-03-10", 100)],
        [("2026-07-10", "silver"), ("2026-09-10", "member")],
    ),
    "one step, and lent for a period": (
        HALF,
        STEP,
        NY,
        [("2026-01-10", 300)],
        [("2026-07-10", "silver"), ("2027-01-10", "member")],
    ),
    "grace": (HALF, EARNED_GRACE, NY, [("2026-01-10", 300)], [("2026-07-20", "member")]),
    "over the hour that is left out": (
        "{kind: rolling, months: 1}",
        EARNED,
        "America/Santiago",
        [("2024-08-08", 100)],
        [("2024-09-08", "member")],
    ),
    "over the hour that comes twice": (
        "{kind: rolling, months: 1}",
        EARNED,
        "America/Havana",
        [("2024-10-03", 100)],
        [("2024-11-03", "member")],
    ),
    "clocks that went on between": (
        "{kind: rolling, months: 1}",
        EARNED,
        BERLIN,
        [("2026-03-15", 100)],
        [("2026-04-15", "member")],
    ),
    "for life, from the middle of a year": ("{kind: lifetime}", EARNED, NY, [("2025-07-15", 100)], []),
    "a year of one's own": (
        "{kind: anniversary}",
        EARNED,
        NY,
        [("2025-07-15", 300)],
        [("2026-07-15", "member")],
    ),
    "one that began on a leap day": (
        "{kind: anniversary}",
        EARNED,
        BERLIN,
        [("2024-02-29", 100)],
        [("2025-02-28", "member")],
    ),
    "one's own, and kept through the next": (
        "{kind: anniversary, keep: next_year}",
        EARNED,
        "America/Havana",
        [("2025-07-15", 100)],
        [("2027-07-15", "member")],
    ),
}


@pytest.mark.feature(37)
@pytest.mark.feature(39)
@pytest.mark.parametrize("name", TABLE)
def test_tiers_rise_at_once_and_fall_at_their_midnight(till: Till, name: str) -> None:
    window, downgrade, zone, purchases, falls = TABLE[name]
    till.at(f"{purchases[0][0]} 09:00", zone)
    till.open(a_programme(earning=PLAIN, tiers=ladder(window, downgrade), zone=zone))
    for i, (day, amount) in enumerate(purchases):
        till.at(f"{day} 12:00", zone).post(till.order(f"o{i}", f"{amount}.00"))
    held = till.tier()
    best = max(amount for _, amount in purchases)
    assert held == ("gold" if best >= 300 else "silver")
    for day, tier in falls:
        midnight = local(f"{day} 00:00", zone)
        assert till.at(midnight - timedelta(seconds=1)).tier() == held, day
        assert till.at(midnight).tier() == tier, day
        held = tier
    assert till.later(days=4000).tier() == held
    till.night()
    assert till.tier() == held, "the job that runs ten years late ends where the engine said"
    till.proven()


@pytest.mark.feature(39)
def test_one_point_short_then_grace_then_one_step(till: Till) -> None:
    till.at("2025-03-01 12:00").open(a_programme(earning=PLAIN, tiers=ladder(NEXT, STEP_GRACE)))
    till.post(till.order("A", "300.00"))
    till.at("2026-06-01 12:00").post(till.order("B", "299.00"))
    found = till.standing()
    assert (found["tier"]["slug"], found["tier_until"]) == ("gold", "2026-12-31")
    assert found["to_stay"]["points"] == 1
    assert till.at("2026-12-31 23:59:59").tier() == "gold"
    assert till.at("2027-01-14 23:59:59").tier() == "gold", "in grace"
    till.at("2027-01-15 00:00")
    assert till.tier() == "silver"
    till.night()
    assert till.standing()["tier_until"] == "2027-12-31"
    assert till.at("2028-01-15 00:00").tier() == "member"


@pytest.mark.feature(39)
def test_the_missing_point_in_time_keeps_the_tier(till: Till) -> None:
    till.at("2025-03-01 12:00").open(a_programme(earning=PLAIN, tiers=ladder(NEXT, STEP_GRACE)))
    till.post(till.order("A", "300.00"))
    till.at("2026-06-01 12:00").post(till.order("B", "299.00"))
    asked = till.standing()["to_stay"]
    till.at(f"{asked['by']} 23:59:59").post(till.order("C", "1.00"))
    assert till.at("2027-12-31 12:00").tier() == "gold"


@pytest.mark.feature(36)
def test_spending_points_never_lowers_a_tier(till: Till) -> None:
    rewards = "  - {slug: tea, kind: product, name: Tea, price: 90}"
    till.at("2026-03-01 12:00").open(a_programme(earning=PLAIN, tiers=ladder(NEXT), rewards=rewards))
    till.post(till.order("A", "120.00"))
    before = till.standing()
    assert before["to_next"] == {"tier": "gold", "points": 180, "by": "2026-12-31"}
    till.later(days=1)
    assert till.redeem("tea").status_code == 200
    till.later(days=1).post(till.order("B", "0.30", points_paid="0.30"))
    after = till.standing()
    assert after["available"] == 0
    assert [after[name] for name in ("tier", "to_next", "to_stay", "tier_until")] == [
        before[name] for name in ("tier", "to_next", "to_stay", "tier_until")
    ]
    till.later(days=1).adjust(-50)
    assert till.tier() == "silver"


@pytest.mark.feature(36)
def test_by_spend_the_part_paid_with_points_climbs_nothing(till: Till) -> None:
    till.at("2026-03-01 12:00").open(a_programme(earning=PLAIN, tiers=ladder(YEAR, basis="spend")))
    till.post(till.order("A", "99.99", shipping="9.00"))
    assert till.standing()["to_next"] == {"tier": "silver", "money": "0.01", "by": "2026-12-31"}
    till.later(days=1).post(till.order("B", "0.50", points_paid="0.50"))
    assert till.standing()["to_next"]["money"] == "0.01"
    till.later(days=1).post(till.order("C", "0.01"))
    assert till.tier() == "silver"


@pytest.mark.feature(30)
def test_a_return_lowers_the_tier_and_reprices_what_came_after_and_says_so(till: Till) -> None:
    till.at("2026-03-01 12:00").open(a_programme())
    till.post(till.order("A", "100.00"))
    till.later(days=1).post(till.order("B", "40.00"))
    till.later(days=1).post(till.order("C", "100.00"))
    assert (till.tier(), till.balance()) == ("gold", 100 + 60 + 150)
    till.later(days=1).post(till.refund("A", ("1", "100.00"), id="back"))
    assert (till.tier(), till.balance()) == ("silver", 40 + 100)
    assert till.lots() == {"earn order.paid-B base": 40, "earn order.paid-C base": 100}
    rows = till.entries()
    assert [(row["kind"], row["amount"]) for row in rows] == [
        ("earned", 100),
        ("earned", 60),
        ("earned", 150),
        ("reversal", -60),
        ("reversal", -150),
        ("reversal", -100),
        ("earned", 40),
        ("earned", 100),
    ]
    said = [card for card in till.history().entries if card.title.startswith("Taken back")]
    assert len(said) == 3
    assert all("changed, so this was reckoned anew" in card.why for card in said)
    assert any("× 1.5" in card.why or "×1.5" in card.why for card in said), "the old multiplier is named"
    till.proven()


@pytest.mark.feature(30)
def test_the_same_orders_without_the_returned_one_give_the_same_standing(till: Till) -> None:
    till.at("2026-03-01 12:00").open(a_programme())
    start = till.now
    for customer, orders in (("1", "ABCD"), ("2", "BCD")):
        for i, name in enumerate("ABCD"):
            if name in orders:
                till.at(start + timedelta(days=i)).post(
                    till.order(f"{name}{customer}", f"{80 + i}.00", customer=customer)
                )
    till.at(start + timedelta(days=9)).post(till.refund("A1", ("1", "80.00")))
    mine, theirs = till.standing("1"), till.standing("2")
    assert {**mine, "member": ""} == {**theirs, "member": ""}


@pytest.mark.feature(43)
def test_gold_pays_450_where_silver_pays_500_and_earns_more(till: Till) -> None:
    rewards = (
        """  - {slug: basket, kind: product, name: Basket, price: 600, prices: {silver: 500, gold: 450}}"""
    )
    till.at("2026-03-01 12:00").open(a_programme(rewards=rewards))
    spent = {"member": 99, "silver": 100, "gold": 300}
    factors = {"member": 1000, "silver": 1500, "gold": 2000}
    for tier, amount in spent.items():
        till.post(till.order(f"{tier}-1", f"{amount}.00", customer=tier))
        assert till.tier(tier) == tier
        till.adjust(500, customer=tier)
    till.later(hours=1)
    for tier, price in (("member", 600), ("silver", 500), ("gold", 450)):
        if tier == "member":
            till.adjust(1, customer=tier)
        before = till.standing(tier)["available"]
        made = till.redeem("basket", customer=tier)
        assert (made.status_code, made.json()["price"]) == (200, price)
        assert till.standing(tier)["available"] == before - price
        (answer,) = till.send(till.order(f"{tier}-2", "0.99", "1.01", customer=tier))
        assert answer["points"] == 2 * factors[tier] // 1000
    shown = till.client.get("/api/v1/catalogue", headers=till.head).json()["rewards"][0]
    assert (shown["price"], shown["prices"]) == (600, {"silver": 500, "gold": 450})
