"""Levels that staff give, and what levels give: who has which, until when, and what is paid once or for each order."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from facts.events import OWN_SOURCE, Fact
from rewards.effects import TierMove
from rewards.fold import Fold
from rewards.pins import over_at, tier_of
from tests.builders import SHOP, a_fact, an_order
from tests.engine.wording import a_programme, local
from tests.rewards.paper import folded, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
LEVELS = """  levels:
    - {slug: member, name: Member}
    - {slug: silver, name: Silver, threshold: 100, entry: {points: 50}}
    - {slug: guest, name: Guest, invite_only: true, entry: {points: 9}}
    - {slug: gold, name: Gold, threshold: 300, entry: {points: 70, promotional: true, expires_days: 3},
       per_order: {points: 5, order_min: "20.00"}}
"""
POINTS = "  expiry: {kind: rolling, months: 1}\n  pending_days: 2"
LINE = line_of(a_programme(points=POINTS, levels=LEVELS))
TERMS = LINE.at(NOON)


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def own(kind: str, name: str, at: datetime, **data: Any) -> Fact:
    return a_fact(kind, data, at=at, id=name, source=OWN_SOURCE, internal=True)


def pin(tier: str, until: str = "", at: datetime = NOON, name: str = "p") -> Fact:
    return own("tier.pinned", name, at, pin_id=name, tier=tier, until=until, reason="a friend", actor="ann")


def brought(tier: str, until: str = "") -> dict[str, str]:
    """A level that was given on another account nine days before noon."""
    return {"tier": tier, "until": until, "since": days(-9).isoformat()}


def unpin(at: datetime) -> Fact:
    return own("tier.unpinned", "u", at, pin_id="p", reason="no more", actor="ann")


def after(*facts: Fact, now: datetime | None = None) -> Fold:
    return folded(LINE, facts, now)


def order(name: str, dollars: str, at: datetime) -> Fact:
    return an_order(name, dollars, at=at)


def test_a_level_is_held_to_the_end_of_its_last_day() -> None:
    last, over = date(2026, 3, 10).toordinal(), local("2026-03-11 00:00")
    fold = after(pin("silver", "2026-03-10"), now=over - timedelta(microseconds=1))
    assert fold.moves == [TierMove(NOON, "silver", "member", "pinned")]
    assert (tier_of(fold, TERMS), over_at(fold)) == (("silver", NOON, last), over)
    assert fold.due_at() == over
    fold.advance(over)
    assert fold.moves[1:] == [TierMove(over, "member", "silver", "pin_over")]
    assert (tier_of(fold, TERMS), fold.due_at()) == (("member", NOON, None), None)
    assert fold.postings == [], "what a level gives is for who reaches it"


def test_without_a_last_day_it_is_held_until_it_is_taken_off() -> None:
    fold = after(pin("gold"), now=days(5000))
    assert (tier_of(fold, TERMS), over_at(fold), fold.due_at()) == (("gold", NOON, None), None, None)
    fold = after(pin("gold"), unpin(days(9)))
    assert fold.moves[1:] == [TierMove(days(9), "member", "gold", "pin_over")]
    assert tier_of(fold, TERMS)[0] == "member"
    assert after(unpin(days(9))).moves == []


def test_a_day_that_is_over_and_a_level_that_is_not_there_change_nothing() -> None:
    evening = local("2026-03-02 23:00")
    for wrong in (pin("silver", "2026-03-01", evening), pin("platinum", at=evening)):
        fold = after(wrong)
        assert (fold.moves, fold.climb.pin) == ([], [])
        kept = after(pin("gold"), wrong)
        assert tier_of(kept, TERMS)[0] == "gold"
    today = after(pin("silver", "2026-03-02", evening))
    assert today.moves == [TierMove(evening, "silver", "member", "pinned")]


def test_the_later_of_two_holds() -> None:
    fold = after(pin("gold", "2026-03-10"), pin("silver", "2026-03-05", days(1), "q"), now=days(2))
    assert fold.moves[1:] == [TierMove(days(1), "silver", "gold", "pinned")]
    assert tier_of(fold, TERMS) == ("silver", days(1), date(2026, 3, 5).toordinal())


def test_what_is_earned_above_it_is_what_a_member_has() -> None:
    fold = after(order("A", "300.00", NOON), pin("silver", "2026-03-10", days(1)), now=days(2))
    assert [move.reason for move in fold.moves] == ["reached"]
    assert tier_of(fold, TERMS) == ("gold", NOON, date(2026, 12, 31).toordinal())
    assert fold.due_at() == min(local("2026-03-11 00:00"), fold.expiry_due or NOON)
    over = after(order("A", "300.00", NOON), pin("silver", "2026-03-10", days(1)), now=days(30))
    assert [move.reason for move in over.moves] == ["reached"]
    equal = after(order("A", "100.00", NOON), pin("silver", at=days(1)))
    assert tier_of(equal, TERMS) == ("silver", NOON, date(2026, 12, 31).toordinal())


def test_the_own_tier_comes_and_goes_below_it_unseen() -> None:
    facts = [pin("gold", "2027-05-01"), order("A", "100.00", days(1))]
    fold = after(*facts, now=days(400))
    assert [move.reason for move in fold.moves] == ["pinned"]
    assert (fold.climb.tier, tier_of(fold, TERMS)[0]) == ("member", "gold")
    ends = local("2027-05-02 00:00")
    fold.advance(ends)
    assert fold.moves[1:] == [TierMove(ends, "member", "gold", "pin_over")]


def test_who_loses_a_higher_tier_falls_to_the_level_that_staff_gave() -> None:
    fold = after(order("A", "300.00", NOON), pin("silver", at=days(1)), now=days(400))
    year = local("2027-01-01 00:00")
    assert fold.moves[1:] == [TierMove(year, "silver", "gold", "ended")]
    assert (fold.climb.tier, tier_of(fold, TERMS)) == ("member", ("silver", days(1), None))


def test_a_level_by_invitation_gives_to_whoever_is_invited_once() -> None:
    fold = after(pin("guest"), unpin(days(1)), pin("guest", at=days(2), name="again"))
    assert posted(fold) == [(f"tier guest {OWN_SOURCE} p", 9)]
    assert fold.climb.welcomed == ["guest"]
    assert posted(after(pin("silver"))) == []


def test_nobody_is_invited_by_climbing() -> None:
    fold = after(order("A", "300.00", NOON))
    assert posted(fold) == [("earn paid-A base", 300), ("tier silver paid-A", 50), ("tier gold paid-A", 70)]
    assert fold.moves == [TierMove(NOON, "gold", "member", "reached")]
    assert fold.climb.welcomed == ["silver", "gold"]
    step = after(order("A", "150.00", NOON), order("B", "150.00", days(1)))
    assert [name for name, _ in posted(step) if "tier" in name] == ["tier silver paid-A", "tier gold paid-B"]


def test_what_was_paid_on_another_account_is_not_paid_here() -> None:
    moved = [own("game.transferred", f"g{i}", days(i), merge=f"m{i}", welcomed=levels)
             for i, levels in enumerate([["silver"], ["gold", "silver"], []])]  # fmt: skip
    fold = after(*moved, order("A", "300.00", days(9)))
    assert fold.climb.welcomed == ["silver", "gold"]
    assert posted(fold) == [("earn paid-A base", 300)]


def test_of_what_came_from_another_account_the_highest_holds_and_of_equal_ones_the_longest() -> None:
    ends = [date(2026, 3, day).toordinal() for day in (10, 20, 30)]
    told = own("game.transferred", "g", days(1), merge="m", pins=[
        brought("silver"), brought("gold", "2026-03-20"), brought("gold", "2026-03-10"),
        brought("silver", "2026-03-30"), brought("gold", "2026-03-02")])  # fmt: skip
    fold = after(pin("guest", "2026-03-30"), told, now=days(2))
    assert fold.moves[1:] == [TierMove(days(1), "gold", "guest", "pinned")]
    assert tier_of(fold, TERMS) == ("gold", days(-9), ends[1])
    assert [one[:2] for one in fold.climb.beneath] == [
        ["gold", ends[0]], ["guest", ends[2]], ["silver", None], ["silver", ends[2]],
    ]  # fmt: skip
    first, second = local("2026-03-21 00:00"), local("2026-03-31 00:00")
    fold.advance(days(60))
    assert fold.moves[2:] == [
        TierMove(first, "guest", "gold", "pin_over"),
        TierMove(second, "silver", "guest", "pin_over"),
    ]
    assert (tier_of(fold, TERMS), fold.climb.beneath) == (("silver", days(-9), None), [])
    taken = after(pin("guest"), told, unpin(days(2)))
    assert (taken.climb.pin, taken.climb.beneath) == ([], [])
    later = after(pin("guest"), told, pin("silver", at=days(2), name="q"))
    assert (tier_of(later, TERMS)[0], later.climb.beneath) == ("silver", [])
    lower = after(pin("gold"), own("game.transferred", "g", days(1), merge="m", pins=[brought("silver")]))
    assert (len(lower.moves), tier_of(lower, TERMS)) == (1, ("gold", NOON, None))


def test_points_of_a_level_wait_as_those_of_an_order_do_and_climb_nothing() -> None:
    fold = after(order("A", "300.00", NOON), order("B", "20.00", days(1)), order("C", "19.99", days(2)))
    good, ends = local("2026-03-04 00:00"), local("2026-04-03 00:00")
    silver, gold = lot(fold, "tier silver paid-A"), lot(fold, "tier gold paid-A")
    assert (silver.at, silver.active_from, silver.expires_at, silver.promotional) == (NOON, good, ends, False)
    assert (gold.active_from, gold.expires_at, gold.promotional) == (good, local("2026-03-06 00:00"), True)
    assert gold.rank == f"20260302170000000000\x1f{SHOP}\x1fpaid-A\x1ftier:gold"
    each = lot(fold, "order paid-B tier:gold")
    assert (each.amount, each.remaining, each.kind, each.promotional) == (5, 5, "earned", False)
    assert (each.active_from, each.expires_at) == (local("2026-03-05 00:00"), local("2026-04-04 00:00"))
    assert [name for name, _ in posted(fold) if name.startswith("order")] == ["order paid-B tier:gold"]
    said = {one.cause.partition("|")[0]: one for one in fold.postings if one.cause[:4] in ("tier", "orde")}
    last, one = said["tier"], said["order"]
    assert json.loads(last.why) == {"k": "tier_entry", "points": 70, "tier": "gold"}
    assert json.loads(one.why) == {"k": "tier_order", "points": 5, "tier": "gold"}
    assert (one.kind, one.amount, one.at, one.rule, one.version, one.active_from, one.expires_at) == (
        "earned", 5, days(1), "", 1, each.active_from, each.expires_at)  # fmt: skip
    assert sum(row[2] for row in fold.climb.days) == 300 + 20 + 19


def test_points_of_a_level_that_wait_for_a_delivery_say_so() -> None:
    waiting = a_programme(points="  pending: {until: delivery, at_most_days: 30}", levels=LEVELS)
    fold = folded(line_of(waiting), [order("A", "100.00", NOON)])
    assert json.loads(fold.postings[-1].why) == {
        "k": "tier_entry", "points": 50, "tier": "silver", "until": "delivery"}  # fmt: skip
    assert lot(fold, "tier silver paid-A").active_from == local("2026-04-01 00:00")


def test_a_reward_of_a_level_is_told_and_has_no_points() -> None:
    levels = """  levels:
    - {slug: member, name: Member, per_order: {points: 2}}
    - {slug: silver, name: Silver, threshold: 100, entry: {reward: mug}}
"""
    mug = "  - {slug: mug, kind: product, name: Mug, price: 10}"
    fold = folded(line_of(a_programme(levels=levels, rewards=mug)), [order("A", "100.00", NOON)])
    entry = fold.postings[-1]
    assert (entry.cause, entry.kind, entry.amount, entry.version, entry.rule) == (
        f"tier|silver|{SHOP}|paid-A", "earned", 0, 1, "")  # fmt: skip
    assert json.loads(entry.why) == {"k": "tier_entry", "points": 0, "tier": "silver", "reward": "mug"}
    assert (entry.active_from, entry.expires_at) == (None, None)
    assert "tier silver paid-A" not in [one.cause for one in fold.lots.values()]
    assert ("order paid-A tier:member", 2) in posted(fold)
    free = folded(line_of(a_programme(levels=levels, rewards=mug)), [order("A", "0.00", NOON)])
    assert [name for name, _ in posted(free) if name.startswith("order")] == [], "nothing was bought"
    cent = folded(line_of(a_programme(levels=levels, rewards=mug)), [order("A", "0.01", NOON)])
    assert ("order paid-A tier:member", 2) in posted(cent)


def test_the_end_of_a_level_that_staff_gave_does_not_cut_short_the_grace_of_the_own_tier() -> None:
    grace = "  window: {kind: calendar_year}\n  downgrade: {policy: to_earned, grace_days: 10}"
    line = line_of(a_programme(points=POINTS, tiers=grace, levels=LEVELS))
    fold = folded(line, [order("A", "100.00", NOON), pin("gold", "2027-01-05", days(1))])
    fold.advance(local("2027-01-10 23:59"))
    assert (fold.climb.pin, fold.climb.tier, fold.moves[-1].reason) == ([], "silver", "pin_over")
    fold.advance(local("2027-01-11 00:00"))
    assert (fold.climb.tier, fold.moves[-1].reason) == ("member", "ended")


def test_who_loses_the_very_tier_that_staff_gave_has_it_still() -> None:
    fold = after(order("A", "100.00", NOON), pin("silver", at=days(1)), now=days(400))
    assert [move.reason for move in fold.moves] == ["reached"]
    assert (fold.climb.tier, tier_of(fold, TERMS)) == ("member", ("silver", days(1), None))


def test_who_climbs_above_it_is_told_so() -> None:
    fold = after(pin("silver", "2026-03-10"), order("A", "300.00", days(1)))
    assert [(move.at, move.tier, move.reason) for move in fold.moves[1:]] == [(days(1), "gold", "reached")]
    below = after(pin("gold", "2026-03-10"), order("A", "100.00", days(1)))
    assert (below.moves[1:], below.climb.tier, below.climb.welcomed) == ([], "silver", ["silver"])


def test_its_last_day_is_one_of_the_zone_in_which_it_was_given() -> None:
    moved = a_programme(points=POINTS, levels=LEVELS, zone="Europe/Berlin")
    fold = folded(
        line_of(a_programme(points=POINTS, levels=LEVELS), (moved, days(1))), [pin("silver", "2026-03-10")]
    )
    assert over_at(fold) == local("2026-03-11 00:00")


def test_what_is_free_or_paid_with_points_climbs_no_ladder_of_money() -> None:
    spend = "  basis: spend\n  window: {kind: calendar_year}"
    line = line_of(a_programme(points=POINTS, tiers=spend, levels=LEVELS))
    free = folded(line, [order("A", "0.00", NOON), an_order("B", "5.00", at=days(1), points_paid="5.00")])
    assert free.climb.days == []
    part = folded(line, [an_order("B", "5.00", at=days(1), points_paid="4.99")])
    assert [row[1] for row in part.climb.days] == [1]


def test_own_years_begin_with_the_first_day_by_the_shops_clock() -> None:
    window = "  window: {kind: anniversary}"
    line = line_of(a_programme(points=POINTS, tiers=window, levels=LEVELS))
    evening = local("2026-03-02 23:00")
    fold = folded(line, [order("A", "1.00", evening), order("B", "1.00", days(3))])
    assert fold.climb.joined == date(2026, 3, 2).toordinal()
    assert after(order("A", "1.00", evening)).climb.joined == 0
