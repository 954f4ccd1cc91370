"""What happens by date alone while the fold walks on: lots expire, tiers end, each at its own moment."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from facts.events import Fact
from rewards.effects import Posting, TierMove
from rewards.fold import Fold
from tests.builders import SHOP, a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
BASE = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'
GIFT = "  - {kind: extra_points, slug: gift, points: 20, promotional: true, expires_days: 9, where: {skus: [sku-2]}}"
ROLLING = "  window: {kind: rolling, months: 2}\n  downgrade: {policy: one_step, grace_days: 5}"


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def midnight(text: str, hours: int = 5) -> datetime:
    return datetime.fromisoformat(text).replace(hour=hours, tzinfo=UTC)


def order(name: str, dollars: int, at: datetime = NOON) -> Fact:
    return an_order(name, f"{dollars}.00", at=at)


def moves(fold: Fold) -> list[tuple[str, str, str, datetime]]:
    return [(move.before, move.tier, move.reason, move.at) for move in fold.moves]


MONTHLY = a_programme(points="  expiry: {kind: rolling, months: 1}", earning=BASE + GIFT, levels=ONE_LEVEL)


def test_lots_expire_at_their_midnight_and_not_before() -> None:
    ends = midnight("2026-04-03", 4)
    fold = folded(line_of(MONTHLY), [order("A", 30)], ends - timedelta(microseconds=1))
    assert (left(fold), fold.last, fold.expiry_due) == (
        {"earn paid-A base": 30},
        (NOON, SHOP, "paid-A"),
        ends,
    )
    fold.advance(ends)
    cause = f"expire|earn|{SHOP}|paid-A|base"
    said = '{"k":"expired","points":30}'
    assert fold.postings[1] == Posting(cause, "expired", -30, ends, None, None, "", 1, said)
    assert lot(fold, "earn paid-A base").draws == [(cause, ends, 30)]
    assert (left(fold), fold.expiry_due, fold.last) == ({}, None, (ends, "", ""))


def test_each_lot_expires_at_its_own_moment_however_late_one_looks() -> None:
    facts = [an_order("A", "5.00", "1.00", at=NOON), order("B", 7, days(1)), order("C", 9, days(40))]
    fold = folded(line_of(MONTHLY), facts)
    assert [(cause, amount, posting.at) for (cause, amount), posting in
            zip(posted(fold), fold.postings, strict=True) if amount < 0] == [
        ("expire earn paid-A gift", -20, midnight("2026-03-12", 4)),
        ("expire earn paid-A base", -6, midnight("2026-04-03", 4)),
        ("expire earn paid-B base", -7, midnight("2026-04-04", 4))]  # fmt: skip
    assert left(fold) == {"earn paid-C base": 9}
    assert fold.expiry_due == midnight("2026-05-12", 4)


def test_lots_of_one_moment_expire_in_the_order_in_which_they_would_be_spent() -> None:
    facts = [order("B", 7, days(0.1)), order("A", 5), an_order("G", "0.50", "0.50", at=days(-20))]
    fold = folded(line_of(MONTHLY), facts, days(60))
    gone = [cause for cause, amount in posted(fold) if amount < 0]
    assert gone == ["expire earn paid-G gift", "expire earn paid-G base", "expire earn paid-A base",
                    "expire earn paid-B base"]  # fmt: skip


def test_what_is_spent_does_not_expire_and_what_is_held_does_not_either() -> None:
    fold = folded(
        line_of(MONTHLY), [order("A", 30), an_order("B", "1.00", at=days(1), points_paid="0.30")], days(60)
    )
    assert [cause for cause, amount in posted(fold) if amount < 0] == ["spend order:B"]
    held = a_fact("redemption.made", {"redemption_id": "r", "reward": "mug", "points": 12, "held": True},
                  at=days(1), id="made:r", source="regulars", internal=True)  # fmt: skip
    fold = folded(line_of(MONTHLY), [order("A", 30), held], days(60))
    assert left(fold) == {"hold regulars redemption:r": 12}
    assert posted(fold)[-1] == ("expire earn paid-A base", -18)
    assert fold.due_at() is None


def test_the_next_lot_to_expire_is_found_among_those_at_hand() -> None:
    fold = folded(line_of(MONTHLY), [order("B", 7, days(1)), order("A", 30)])
    assert fold.next_expiry() == fold.expiry_due == midnight("2026-04-03", 4)
    assert folded(line_of(MONTHLY), [order("A", 1)]).next_expiry() == midnight("2026-04-03", 4)
    assert (
        folded(line_of(a_programme(points="  expiry: {kind: never}")), [order("A", 30)]).next_expiry() is None
    )


# --- tiers ----------------------------------------------------------------------------------------------------


def test_a_year_that_is_over_takes_its_tier_along() -> None:
    ends = midnight("2027-01-01")
    fold = folded(line_of(), [order("A", 300)], ends - timedelta(microseconds=1))
    assert (fold.climb.tier, fold.due_at()) == ("gold", ends)
    fold.advance(ends)
    assert moves(fold) == [("member", "gold", "reached", NOON), ("gold", "member", "ended", ends)]
    assert fold.moves[1] == TierMove(ends, "member", "gold", "ended")
    assert (fold.climb.since, fold.climb.until, fold.last) == (ends, None, (ends, "", ""))
    assert fold.due_at() == midnight("2027-03-03")


def test_days_are_those_of_the_programme_and_not_of_the_machine() -> None:
    """In Tokyo a day begins at 15:00 UTC of the day before."""
    text = a_programme(zone="Asia/Tokyo", tiers=ROLLING)
    given = a_fact("points.adjusted", {"adjustment_id": "a", "points": 5, "reason": "eggs", "actor": "ann"}, id="a",
                   at=days(0), source="regulars", internal=True)  # fmt: skip
    fold = folded(line_of(text), [order("A", 300), given], days(70))
    assert lot(fold, "adjust regulars a").expires_at == lot(fold, "earn paid-A base").expires_at
    assert lot(fold, "earn paid-A base").expires_at == midnight("2027-03-03", 15)
    assert fold.climb.days[0][0] == midnight("2026-03-03").toordinal()
    assert moves(fold)[1] == ("gold", "silver", "ended", midnight("2026-05-07", 15))
    assert fold.climb.until == midnight("2026-07-07").toordinal()


def test_a_tier_falls_step_by_step_and_is_lent_in_between() -> None:
    fold = folded(line_of(a_programme(tiers=ROLLING)), [order("A", 300)], days(400))
    assert moves(fold) == [("member", "gold", "reached", NOON),
                           ("gold", "silver", "ended", midnight("2026-05-07", 4)),
                           ("silver", "member", "ended", midnight("2026-07-12", 4))]  # fmt: skip


def test_an_event_meets_the_tier_of_its_moment() -> None:
    fold = folded(
        line_of(),
        [order("A", 300), order("B", 10, midnight("2026-12-31", 20)), order("C", 10, midnight("2027-01-01"))],
    )
    assert posted(fold) == [("earn paid-A base", 300), ("earn paid-B base", 20), ("earn paid-C base", 10)]


@pytest.mark.parametrize(
    ("change", "tier", "moved"),
    [("2026-12-31", "gold", 1), ("2027-01-01", "gold", 1), ("2027-01-02", "member", 2)],
)
def test_the_version_in_force_when_a_tier_is_over_says_what_happens(
    change: str, tier: str, moved: int
) -> None:
    kept = a_programme(tiers="  window: {kind: calendar_year}\n  downgrade: {policy: none}")
    fold = folded(line_of("", (kept, midnight(change))), [order("A", 300)], midnight("2027-02-01"))
    assert (fold.climb.tier, len(fold.moves)) == (tier, moved)


def test_days_that_no_window_reaches_are_forgotten_on_the_way() -> None:
    fold = folded(line_of(), [order("A", 30), order("B", 30, days(801))])
    assert [row[0] for row in fold.climb.days] == [days(801).toordinal()]
    fold = folded(line_of(), [order("A", 30), order("B", 30, days(800))])
    assert len(fold.climb.days) == 2


def test_a_version_posts_under_its_own_number() -> None:
    fold = folded(line_of("", ("", days(1)), ("", days(40))), [order("A", 30), order("B", 30, days(1))])
    assert [posting.version for posting in fold.postings] == [1, 2]
    fold = folded(line_of(MONTHLY, (MONTHLY, days(20))), [order("A", 30)], days(60))
    assert [(posting.kind, posting.version) for posting in fold.postings] == [("earned", 1), ("expired", 2)]
    assert json.loads(fold.postings[1].why) == {"k": "expired", "points": 30}


def test_nobody_has_a_tier_before_the_first_event() -> None:
    fold = Fold(line_of())
    assert (fold.due_at(), fold.climb.tier) == (None, "")
    fold.advance(days(4000))
    assert (fold.last, fold.postings, fold.moves) == (None, [], [])
