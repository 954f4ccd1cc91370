"""Bringing friends on paper: which steps should stand, what they are worth, and over which periods is counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from facts.events import OWN_SOURCE
from facts.history import events
from rewards.referrals import (
    Limit,
    Milestone,
    Offer,
    Purchase,
    Reached,
    Referrals,
    Share,
    Step,
    milestones,
    period_of,
    purchases,
    steps,
)
from tests.builders import a_fact, a_refund, an_order
from tests.engine.wording import a_programme, local
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, lot, terms_of

CAME = datetime(2026, 3, 2, 17, tzinfo=UTC)  # noon in New York
GOOD = local("2026-03-16 00:00")  # fourteen days after CAME
TERMS = terms_of(a_programme(levels=ONE_LEVEL))
BOTH = Offer(slug="o", name={"en": "O"}, sharer=Share(points=500), friend=Share(points=300))


def days(count: float) -> datetime:
    return CAME + timedelta(days=count)


def bought(amount: int, at: float, name: str = "a") -> Purchase:
    return Purchase(days(at), name, amount)


def stand(
    *made: Purchase, offer: Offer = BOTH, late_days: int = 14, least: int = 0
) -> tuple[list[Step], str]:
    return steps(offer, late_days, least, CAME, made, TERMS)


JOINED = Step("joined", "sharer", CAME)


def test_who_only_joined_brings_no_points_and_nothing_stands_in_the_way() -> None:
    assert stand() == ([JOINED], "")


def test_the_first_purchase_pays_both_when_the_time_for_returns_is_over() -> None:
    good = local("2026-03-19 00:00")
    assert stand(bought(900, 3)) == (
        [JOINED, Step("bought", "sharer", days(3), "a", 1),
         Step("rewarded", "sharer", days(3), "a", 0, good), Step("rewarded", "friend", days(3), "a", 0, good)],
        "",
    )  # fmt: skip
    at_once = BOTH.model_copy(update={"hold_days": 0, "friend": None})
    assert stand(bought(900, 3), offer=at_once)[0][2:] == [
        Step("rewarded", "sharer", days(3), "a", 0, days(3))
    ]
    only_friend = BOTH.model_copy(update={"sharer": None})
    assert [step.side for step in stand(bought(900, 3), offer=only_friend)[0][2:]] == ["friend"]


def test_purchases_are_numbered_in_the_order_in_which_they_were_made() -> None:
    made = [bought(5, 4, "late"), bought(5, 2, "b"), bought(5, 2, "a"), bought(5, -1, "before")]
    wanted, reason = stand(*made)
    assert reason == ""
    assert [(step.about, step.order, step.at) for step in wanted if step.kind == "bought"] == [
        ("before", 1, CAME), ("a", 2, days(2)), ("b", 3, days(2)), ("late", 4, days(4))]  # fmt: skip
    assert [(step.about, step.at, step.active_from) for step in wanted if step.kind == "rewarded"] == [
        ("before", CAME, GOOD), ("before", CAME, GOOD)]  # fmt: skip


def test_ten_purchases_are_told() -> None:
    wanted, _ = stand(*(bought(5, number, f"{number:02}") for number in range(12)))
    assert [step.order for step in wanted if step.kind == "bought"] == list(range(1, 11))


def test_who_bought_long_before_is_no_newcomer() -> None:
    edge = Purchase(CAME - timedelta(days=14), "edge", 5)
    assert stand(edge)[1] == ""
    earlier = Purchase(edge.at - timedelta(microseconds=1), "earlier", 0)
    assert stand(earlier, bought(900, 3)) == ([JOINED], "not_new"), "even if it went back"


def test_what_is_too_small_counts_for_nothing() -> None:
    assert stand(bought(1_999, 1), least=2_000) == ([JOINED], "order_small")
    assert [step.about for step in stand(bought(1_999, 1, "s"), bought(2_000, 2, "l"), least=2_000)[0]] == [
        "", "l", "l", "l"]  # fmt: skip
    assert stand(bought(0, 1)) == ([JOINED], ""), "what went back altogether was never there"
    assert stand(bought(1, 1), least=2) == ([JOINED], "order_small")
    assert [step.kind for step in stand(bought(1, 1))[0]] == ["joined", "bought", "rewarded", "rewarded"]


def test_joining_pays_at_once_whatever_is_bought() -> None:
    joining = BOTH.model_copy(update={"paid": "joining"})
    paid = [Step("rewarded", side, CAME, "", 0, GOOD) for side in ("sharer", "friend")]
    assert stand(offer=joining) == ([JOINED, *paid], "")
    assert stand(bought(9, 1), offer=joining) == (
        [JOINED, Step("bought", "sharer", days(1), "a", 1), *paid], "")  # fmt: skip
    assert stand(bought(9, -20), offer=joining) == ([JOINED], "not_new")


def test_purchases_are_net_of_what_went_back_and_of_what_points_paid() -> None:
    facts = [
        an_order("A", "30.00", "10.00", at=days(1), points_paid="5.00"),
        a_refund("A", ("2", "10.00"), at=days(2)),
        a_fact("review.posted", {"review_id": "r"}, at=days(3), id="r"),
    ]
    assert purchases(events(facts)) == [Purchase(days(1), "shop.example/orders|A", 2_625)], (
        "a quarter of what was paid went back"
    )


def test_a_milestone_is_reached_at_one_moment_and_sure_when_all_who_led_there_are() -> None:
    two, three = Milestone(friends=2, points=50), Milestone(friends=3, points=90)
    now, then = Referrals(milestones=[two]), Referrals(milestones=[two, three])
    friends = [(days(5), days(6)), (days(1), days(40)), (days(3), days(20))]
    assert milestones(friends, lambda at: then if at >= days(5) else now) == [
        Reached(two, days(3), days(40)), Reached(three, days(5), days(40))]  # fmt: skip
    assert milestones(friends, lambda _: now) == [Reached(two, days(3), days(40))]
    late = [(days(1), days(2)), (days(3), days(50))]
    assert milestones(late, lambda _: now) == [Reached(two, days(3), days(50))]
    assert milestones(friends[:1], lambda _: then) == []


@pytest.mark.parametrize(
    ("per", "first", "after"),
    [("day", "2026-11-22", "2026-11-23"), ("week", "2026-11-16", "2026-11-23"),
     ("month", "2026-11-01", "2026-12-01"), ("year", "2026-01-01", "2027-01-01")],
)  # fmt: skip
def test_a_period_is_that_of_the_local_calendar(per: Any, first: str, after: str) -> None:
    zone, found = ZoneInfo("America/New_York"), (local(f"{first} 00:00"), local(f"{after} 00:00"))
    for moment in ("2026-11-22 00:00", "2026-11-22 12:00", "2026-11-22 23:59"):
        assert period_of(Limit(friends=1, per=per), local(moment), zone) == found


def test_a_week_begins_on_monday() -> None:
    zone = ZoneInfo("America/New_York")
    begins = [period_of(Limit(friends=1, per="week"), local(f"2026-11-{day} 12:00"), zone)[0]
              for day in range(15, 24)]  # fmt: skip
    assert begins == [local("2026-11-09 00:00"), *[local("2026-11-16 00:00")] * 7, local("2026-11-23 00:00")]


def test_the_first_open_offer_is_the_one() -> None:
    past = BOTH.model_copy(update={"slug": "past", "closes": days(1)})
    now = BOTH.model_copy(update={"slug": "now", "opens": days(1), "closes": days(3)})
    gone = BOTH.model_copy(update={"slug": "gone", "retired": True})
    last = BOTH.model_copy(update={"slug": "last"})
    found = Referrals(offers=[gone, past, now, last])
    moments = [0, 1 - 1e-9, 1, 3 - 1e-9, 3]
    chosen = [found.offer(days(moment)) for moment in moments]
    assert [one.slug for one in chosen if one] == ["past", "past", "now", "now", "last"]
    assert Referrals(offers=[gone]).offer(CAME) is None


def test_a_link_ends_with_its_days_or_with_its_offer() -> None:
    assert BOTH.over_at(CAME) is None
    assert BOTH.model_copy(update={"link_days": 5}).over_at(CAME) == days(5)
    for closes, over in ((days(3), days(3)), (days(9), days(5))):
        assert BOTH.model_copy(update={"link_days": 5, "closes": closes}).over_at(CAME) == over


def test_what_each_side_gets() -> None:
    assert (BOTH.share("sharer"), BOTH.share("friend")) == (Share(points=500), Share(points=300))
    assert not BOTH.brings_reward
    assert BOTH.model_copy(update={"friend": Share(reward="mug")}).brings_reward


@pytest.mark.parametrize(
    ("model", "wrong", "said"),
    [(Share, {}, "give points, or a reward"), (Offer, {"slug": "o", "name": "O"}, "an offer gives something"),
     (Offer, {"slug": "o", "name": "O", "friend": {"points": 1}, "opens": CAME, "closes": CAME}, "it ends before"),
     (Referrals, {"milestones": [{"friends": 2, "points": 1}, {"friends": 1, "points": 1}]}, "smallest"),
     (Referrals, {"milestones": [{"friends": 2, "points": 1}, {"friends": 2, "points": 9}]}, "each once")],
)  # fmt: skip
def test_terms_that_make_no_sense(model: Any, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        model.model_validate(wrong)


def rewarded(**data: Any) -> Any:
    said = {"referral": "r", "step": "1", "side": "friend", "offer": "o", "points": 40} | data
    return a_fact("referral.rewarded", said, at=CAME, id="r1", source=OWN_SOURCE, internal=True)


LINE = line_of(a_programme(points="  expiry: {kind: rolling, months: 1}", levels=ONE_LEVEL))


def test_what_is_brought_waits_and_lasts_from_the_day_on_which_it_is_good() -> None:
    fold = folded(LINE, [rewarded(active_from=GOOD.isoformat(), promotional=True)])
    (posting,) = fold.postings
    ends = local("2026-04-17 00:00")
    assert (posting.cause, posting.kind, posting.amount, posting.rule, posting.version) == (
        f"referral|{OWN_SOURCE}|r1", "earned", 40, "o", 1)  # fmt: skip
    assert (posting.at, posting.active_from, posting.expires_at) == (CAME, GOOD, ends)
    assert json.loads(posting.why) == {"k": "referral", "points": 40, "side": "friend", "offer": "o"}
    opened = lot(fold, f"referral {OWN_SOURCE} r1")
    assert (opened.active_from, opened.expires_at, opened.promotional) == (GOOD, ends, True)
    assert (opened.at, opened.rank, opened.amount) == (
        CAME, f"20260302170000000000\x1f{OWN_SOURCE}\x1fr1\x1freferral", 40)  # fmt: skip


def test_at_once_with_days_of_its_own() -> None:
    fold = folded(LINE, [rewarded(expires_days=3)])
    opened = lot(fold, f"referral {OWN_SOURCE} r1")
    assert (opened.active_from, opened.expires_at) == (CAME, local("2026-03-06 00:00"))
    assert not opened.promotional
    assert folded(LINE, [rewarded(points=0)]).postings == []


def test_a_milestone_names_its_friends() -> None:
    said = {"referral": "r", "step": "1", "friends": 5, "points": 90}
    fold = folded(
        LINE, [a_fact("referral.milestone", said, at=CAME, id="m", source=OWN_SOURCE, internal=True)]
    )
    assert left(fold) == {f"referral {OWN_SOURCE} m": 90}
    assert [(one.rule, json.loads(one.why)) for one in fold.postings] == [
        ("milestone", {"k": "referral", "points": 90, "friends": 5})]  # fmt: skip
