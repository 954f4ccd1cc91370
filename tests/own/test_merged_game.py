"""What goes over with a merge besides points: badges, milestones, how far somebody is, rewards, consents, browsers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from badges.tables import Award, ScarceGrant
from facts.language import language
from members import consents, devices
from members.actions import record
from members.actions.merging import merge, undo
from members.actions.redeem import cancel, code_of, redeem
from members.actions.staff import adjust
from members.actions.telling import tell_once
from members.actions.vouchers import hand_over, use_code
from members.own_records import sections
from members.own_tables import Device
from members.prove import prove
from members.tables import Standing
from members.views.playing import play_for
from members.views.reached import reached
from rewards.redemption import State
from rewards.tables import Redemption
from tests.builders import NOW, PROGRAMME, a_refund, an_order, days, in_force, standing_of
from tests.own.test_merging import ADA, balance
from tests.rewards.test_redemption import REWARDS, SECRET

GAMES = """
badges:
  - {slug: star, name: Star, criterion: {kind: count, at_least: 1}, levels: [1, 2, 3], edition: 5}
  - {slug: big, name: Big, criterion: {kind: sum, of: amount, at_least: "50.00"}}
challenges:
  - slug: five
    name: Five
    criterion: {kind: count, at_least: 5}
    milestones: [{at: 2, prize: {points: 7}}, {at: 5, prize: {points: 70}}]
"""


def two(session: Session, points: str = "") -> tuple[UUID, UUID]:
    """Two orders, two levels of a badge and a milestone on the one; a large order on the other."""
    text = PROGRAMME.replace("rewards: []\n", REWARDS + GAMES)
    in_force(session, text.replace("  expiry:", f"{points}  expiry:"))
    facts = [an_order("1", "10.00", at=NOW - days(70)), an_order("2", "100.00", at=NOW - days(50)),
             an_order("3", "60.00", at=NOW - days(10), subject="customer:2")]  # fmt: skip
    record(session, facts, NOW)
    return standing_of(session, "1").member_id, standing_of(session, "2").member_id


def awards(session: Session, member_id: UUID) -> dict[tuple[str, int], Award]:
    """What stands, by slug and level: the newest of what was earned again."""
    query = select(Award).where(Award.member_id == member_id, col(Award.revoked_at).is_(None))
    rows = session.exec(query.order_by(col(Award.awarded_at)).execution_options(populate_existing=True))
    return {(one.slug, one.level): one for one in rows}


def awards_of(session: Session, member_id: UUID) -> list[Any]:
    return sorted((*name, one.awarded_at, one.edition) for name, one in awards(session, member_id).items())


@pytest.mark.feature(8)
def test_badges_keep_their_days_and_numbers_and_are_not_paid_twice(session: Session) -> None:
    old, new = two(session)
    before, points = awards(session, old), balance(session, old) + balance(session, new)
    mine = awards_of(session, new)
    assert set(before) == {("star", 1), ("star", 2), ("big", 1), ("five", 1)}
    merge(session, old, new, "One person", ADA, NOW)
    after = awards(session, new)
    assert set(after) == {("star", 1), ("star", 2), ("big", 1), ("five", 1)}
    assert after["star", 2].awarded_at == before["star", 2].awarded_at
    assert after["star", 2].edition == before["star", 2].edition
    assert after["five", 1].awarded_at == before["five", 1].awarded_at
    assert after["star", 1].awarded_at == NOW - days(10), "one's own stays"
    assert (balance(session, old), balance(session, new)) == (0, points)
    assert prove(session).flaws == []
    editions = session.exec(select(ScarceGrant.number).where(ScarceGrant.key == "badge:star")).all()
    assert len(editions) == len(set(editions)) + 1, "two levels of one badge have one number"
    undo(session, old, ADA, NOW + days(1))
    assert awards_of(session, new) == mine
    assert set(awards(session, old)) == set(before)
    assert prove(session).flaws == []


def to_say(session: Session, member_id: UUID, now: datetime) -> frozenset[str]:
    """What their next page would say that they reached."""
    return tell_once(session, member_id, reached(play_for(session, member_id, now, language("en"))), now)


def test_what_came_over_or_came_back_is_no_news(session: Session) -> None:
    old, new = two(session)
    for one in (old, new):
        to_say(session, one, NOW - days(60))
    merge(session, old, new, "One person", ADA, NOW)
    assert len(reached(play_for(session, new, NOW, language("en")))) == 3
    assert to_say(session, new, NOW) == frozenset()
    again = an_order("11", "1.00", at=NOW + days(1), subject="customer:2")
    record(session, [again], NOW + days(1))
    assert to_say(session, new, NOW + days(1)) == {"badge:star:0:3"}
    undo(session, old, ADA, NOW + days(2))
    assert to_say(session, old, NOW + days(2)) == frozenset()
    record(session, [an_order("12", "1.00", at=NOW + days(3), subject="customer:2")], NOW + days(3))
    assert to_say(session, new, NOW + days(3)) == {"badge:star:0:3"}, "they had it with the other account's"
    told = {name: list(rows) for name, _, rows in sections(session, new)}
    assert "badge:big:0:1" in told["boards"][0]["told"], "theirs to take along"


def test_who_is_further_goes_on_from_there(session: Session) -> None:
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    later = [an_order(str(n), "1.00", at=NOW + days(1), subject="customer:2") for n in (11, 12)]
    record(session, later[:1], NOW + days(1))
    assert ("star", 3) in awards(session, new), "two of the old account and this one"
    assert ("five", 2) not in awards(session, new)
    record(session, later[1:], NOW + days(1))
    record(session, [an_order("13", "1.00", at=NOW + days(1), subject="customer:1")], NOW + days(1))
    assert ("five", 2) in awards(session, new)
    undo(session, old, ADA, NOW + days(2))
    assert ("five", 2) not in awards(session, new)
    assert prove(session).flaws == []


def test_a_late_fact_before_the_merge_ends_in_the_same(session: Session) -> None:
    """The kept account's own history is weighed again from long before, and what came over stands as it did."""
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    before = awards_of(session, new)
    game = session.exec(select(Standing.game).where(Standing.member_id == new)).one()
    late = an_order("late", "1.00", at=NOW - days(100), subject="customer:2")
    record(session, [late], NOW + days(1))
    back = a_refund("late", ("1", "1.00"), at=NOW + days(1), subject="customer:2")
    record(session, [back], NOW + days(1))
    assert awards_of(session, new) == before
    assert session.exec(select(Standing.game).where(Standing.member_id == new)).one() == game
    assert prove(session).flaws == []


def test_what_goes_back_on_the_old_account_goes_back_on_the_other(session: Session) -> None:
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    (back,) = record(session, [a_refund("2", ("1", "100.00"), at=NOW + days(40))], NOW + days(40))
    assert back.status == "recorded"
    assert set(awards(session, new)) == {("star", 1), ("big", 1)}, (
        "its own; the second level and the milestone went"
    )
    assert balance(session, old) == 0
    assert prove(session).flaws == []


@pytest.mark.feature(8)
def test_rewards_that_wait_go_over_and_can_be_used_and_given_back(session: Session) -> None:
    old, new = two(session)
    coffee, bag = (redeem(session, old, slug, NOW, slug, SECRET) for slug in ("coffee", "bag"))
    mug = redeem(session, old, "mug", NOW, "mug", SECRET)
    redeem(session, new, "bag", NOW, "bag", SECRET)
    code = code_of(bag, SECRET)
    all_points = balance(session, old) + balance(session, new)
    ids = [coffee.redemption_id, bag.redemption_id, mug.redemption_id]
    merge(session, old, new, "One person", ADA, NOW)
    assert session.exec(select(Redemption).where(Redemption.member_id == old)).all() == []
    assert (balance(session, old), balance(session, new)) == (50, all_points - 50), (
        "what is set aside stays so"
    )
    assert code
    assert use_code(session, code, "till:1", NOW, SECRET).state == State.USED
    assert cancel(session, new, ids[0], NOW + days(1), f"member:{new}").state == State.CANCELLED
    assert (balance(session, old), balance(session, new)) == (50, all_points - 50 + 40)
    assert prove(session).flaws == []
    assert hand_over(session, new, ids[2], ADA, NOW + days(1)).state == State.USED
    assert (balance(session, old), balance(session, new)) == (0, all_points - 50 + 40)
    undo(session, old, ADA, NOW + days(2))
    theirs = session.exec(select(Redemption.redemption_id).where(Redemption.member_id == old)).all()
    assert set(theirs) == set(ids)
    assert prove(session).flaws == []


@pytest.mark.parametrize(
    ("policy", "status"), [("debt", "recorded"), ("zero", "recorded"), ("refuse", "refused")]
)  # fmt: skip
def test_a_return_after_a_merge_follows_the_policy_of_who_pays(
    session: Session, policy: str, status: str
) -> None:
    """The old account's points are on the other one, which has spent nearly all of them."""
    old, new = two(session, f"  negative_balance: {{policy: {policy}}}\n")
    merge(session, old, new, "One person", ADA, NOW)
    adjust(session, new, 20 - balance(session, new), "A test", ADA, NOW + days(0.5))
    before = balance(session, new)
    (back,) = record(session, [a_refund("2", ("1", "100.00"), at=NOW + days(1))], NOW + days(1))
    assert back.status == status
    assert balance(session, old) == 0
    if status == "refused":
        assert balance(session, new) == before
        assert back.refusal
        assert back.refusal.code == "balance_short"
        (again,) = record(session, [a_refund("2", ("1", "100.00"), at=NOW + days(1))], NOW + days(1))
        assert again.status == "refused", "it was never claimed, and may come again"
    elif policy == "zero":
        assert balance(session, new) == 0
    else:
        assert balance(session, new) == before - 107
    assert prove(session).flaws == []


def test_the_newest_word_on_letters_holds_and_browsers_stay_known(session: Session) -> None:
    old, new = two(session)
    consents.decide(session, new, "offers", "email", True, NOW - days(9))
    consents.decide(session, old, "programme", "email", True, NOW - days(8))
    consents.decide(session, old, "offers", "email", True, NOW - days(7))
    consents.decide(session, old, "offers", "email", False, NOW - days(6))
    devices.remember(session, old, b"a" * 32, "Chrome/Android", NOW, trusted=True)
    merge(session, old, new, "One person", ADA, NOW)
    assert consents.given(session, new) == {("programme", "email")}
    assert devices.known(session, new, b"a" * 32)
    undo(session, old, ADA, NOW + days(1))
    assert consents.given(session, new) == {("offers", "email")}
    assert [one.member_id for one in session.exec(select(Device))] == [old]


def test_a_level_that_was_paid_on_the_old_account_is_not_paid_again_when_news_of_it_come(
    session: Session,
) -> None:
    giving = PROGRAMME.replace("threshold: 100,", "threshold: 100, entry: {points: 4000},")
    in_force(session, giving.replace("rewards: []\n", "rewards: []\n" + GAMES))
    facts = [an_order("1", "110.00", at=NOW - days(20)), an_order("2", "5.00", at=NOW - days(19)),
             an_order("5", "1.00", at=NOW - days(18)),
             an_order("3", "50.00", at=NOW - days(10), subject="customer:2")]  # fmt: skip
    record(session, facts, NOW)
    old, new = standing_of(session, "1").member_id, standing_of(session, "2").member_id
    merge(session, old, new, "One person", ADA, NOW)
    record(session, [an_order("4", "60.00", at=NOW + days(1), subject="customer:2")], NOW + days(1))
    points = balance(session, new)
    record(session, [a_refund("2", ("1", "5.00"), at=NOW + days(2))], NOW + days(2))
    assert standing_of(session, "2").tier == "silver"
    assert balance(session, new) == points - 7, "neither the level nor the milestone is paid here as well"
    assert prove(session).flaws == []


def test_a_badge_that_ended_since_the_merge_stays_in_the_history_when_news_come(session: Session) -> None:
    short = (
        "badges:\n  - {slug: fresh, name: Fresh, criterion: {kind: count, at_least: 1}, expires_days: 12}\n"
    )
    in_force(session, PROGRAMME.replace("rewards: []\n", "rewards: []\n" + short))
    facts = [an_order("1", "10.00", at=NOW - days(9)), an_order("2", "4.00", at=NOW - days(8)),
             an_order("3", "6.00", at=NOW - days(30), subject="customer:2")]  # fmt: skip
    record(session, facts, NOW)
    old, new = standing_of(session, "1").member_id, standing_of(session, "2").member_id
    merge(session, old, new, "One person", ADA, NOW)
    before = awards_of(session, new)
    assert awards(session, new)["fresh", 1].awarded_at == NOW - days(9)
    record(session, [a_refund("2", ("1", "4.00"), at=NOW + days(9))], NOW + days(9))
    assert awards_of(session, new) == before
