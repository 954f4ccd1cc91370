"""What friends bring together, rewards of the catalogue for both, and for how many friends one member is paid."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import permutations
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.actions import own, referring
from members.actions.erase import erase
from members.actions.merging import merge, undo
from members.actions.record import record
from members.programme import apply, load
from members.prove import prove
from members.referral_tables import MilestonesSaid, Referral
from rewards.tables import Lot, Redemption
from tests.builders import NOW, a_refund, days, in_force
from tests.members.test_referring import FRIENDS, bought, code_of, somebody, stand, status

ADA = "owner:ada"
MANY = FRIENDS.replace(
    "  late_days: 14",
    "  late_days: 14\n  milestones: [{friends: 2, points: 70}, {friends: 3, points: 900, promotional: true}]",
)
GIFTS = """
rewards:
  - {slug: coffee, kind: product, name: Coffee, price: 400, value: "2.50", valid_days: 30}
"""
VOUCHERS = (
    FRIENDS.replace("sharer: {points: 500}", "sharer: {reward: coffee}")
    .replace("friend: {points: 300, promotional: true}", "friend: {points: 300, reward: coffee}")
    .replace("rewards: []", GIFTS)
)


def brings(session: Session, sharer: UUID, *names: str) -> list[UUID]:
    """Friends who came by the member's link five days ago."""
    found = [somebody(session, name, 5) for name in names]
    for friend in found:
        referring.bring(session, friend, code_of(session, sharer), "link", NOW)
    return found


def buys(session: Session, friend: UUID, name: str, at: float = 3, order: str = "") -> None:
    record(session, [bought(name, order or name, "40.00", at)], NOW)
    referring.follow(session, [friend], NOW)


def returns(session: Session, friend: UUID, name: str, now: datetime = NOW, order: str = "") -> None:
    refund = a_refund(order or name, ("1", "40.00"), at=now, subject=f"email:{name}@shop.example")
    record(session, [refund], now)
    referring.follow(session, [friend], now)


def reached(session: Session, sharer: UUID) -> list[tuple[int, str]]:
    """The milestones that stand: how many points, and from which day on."""
    lots = session.exec(
        select(Lot).where(Lot.member_id == sharer, col(Lot.cause).contains("|milestone:"), Lot.remaining > 0)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return sorted((lot.remaining, lot.active_from.isoformat()[:10]) for lot in lots)


def coffees(session: Session, member_id: UUID) -> list[str]:
    query = select(Redemption.state).where(Redemption.member_id == member_id, Redemption.price == 0)
    return sorted(session.exec(query))


def test_friends_who_count_bring_more_together_and_each_milestone_once(session: Session) -> None:
    in_force(session, MANY)
    ann = somebody(session, "ann")
    one, two, three, _ = brings(session, ann, "f1", "f2", "f3", "f4")
    assert reached(session, ann) == [], "who only came counts for nothing"
    buys(session, one, "f1", 3)
    buys(session, two, "f2", 1)
    assert reached(session, ann) == [(70, "2026-12-05")], "as sure as the last of the two"
    buys(session, three, "f3", 2)
    assert reached(session, ann) == [(70, "2026-12-04"), (900, "2026-12-05")]
    referring.follow(session, [one, two, three], NOW)
    assert stand(session, ann)[0][0] == 3 * 500 + 70 + 900
    returns(session, two, "f2")
    assert reached(session, ann) == [(70, "2026-12-04")]
    returns(session, one, "f1")
    returns(session, three, "f3")
    assert stand(session, ann)[0][0] == 0
    assert prove(session).flaws == []


def test_milestones_end_the_same_in_any_order(session: Session) -> None:
    """R4: purchases of three friends, one of which goes back, come to be known in any order."""
    in_force(session, MANY)
    ends = list[object]()
    for number, order in enumerate(permutations(["a", "b", "c", "back"])):
        ann = somebody(session, f"ann{number}")
        names = {one: f"{one}{number}" for one in "abc"}
        friends = dict(zip("abc", brings(session, ann, *names.values()), strict=True))
        for step in order:
            if step == "back":
                returns(session, friends["b"], names["b"])
            else:
                buys(session, friends[step], names[step], at=" cba".index(step))
        ends.append((reached(session, ann), stand(session, ann)[0][0]))
    assert ends == [ends[0]] * 24
    assert ends[0] == ([(70, "2026-12-05")], 2 * 500 + 70)
    assert prove(session).flaws == []


def test_accounts_that_are_merged_reach_milestones_together(session: Session) -> None:
    in_force(session, MANY)
    ann, other = somebody(session, "ann"), somebody(session, "anna")
    [one] = brings(session, ann, "f1")
    [two] = brings(session, other, "f2")
    buys(session, one, "f1")
    buys(session, two, "f2", 2)
    assert (reached(session, ann), reached(session, other)) == ([], [])
    merge(session, other, ann, "One person", ADA, NOW)
    referring.follow_late(session, NOW)
    assert stand(session, ann)[0][0] == 2 * 500 + 70
    undo(session, other, ADA, NOW + days(1))
    referring.follow_late(session, NOW + days(1))
    assert [balance for balance, _ in stand(session, ann, other)] == [500, 500]
    assert prove(session).flaws == []


def test_who_has_left_gets_a_milestone_when_they_come_back_and_who_is_erased_none(session: Session) -> None:
    in_force(session, MANY)
    ann = somebody(session, "ann")
    one, two = brings(session, ann, "f1", "f2")
    buys(session, one, "f1")
    own.leave(session, ann, ADA, NOW)
    buys(session, two, "f2")
    assert reached(session, ann) == []
    own.come_back(session, ann, ADA, NOW + days(1))
    referring.follow_late(session, NOW + days(1))
    assert [points for points, _ in reached(session, ann)] == [70]
    erase(session, ann, ADA, NOW + days(2))
    referring.follow(session, [one, two], NOW + days(2))
    assert session.exec(select(MilestonesSaid)).all() == []


def test_a_milestone_counts_from_its_publication_on(session: Session) -> None:
    in_force(session, FRIENDS)
    ann = somebody(session, "ann")
    one, two, three = brings(session, ann, "f1", "f2", "f3")
    buys(session, one, "f1")
    buys(session, two, "f2")
    apply(session, load(MANY), base=1, actor="test", now=NOW - days(1))
    buys(session, three, "f3", 0.5)
    assert [points for points, _ in reached(session, ann)] == [900]


def test_a_reward_waits_for_both_when_the_hold_is_over_and_goes_back_with_the_points(
    session: Session,
) -> None:
    in_force(session, VOUCHERS)
    ann = somebody(session, "ann")
    [ben] = brings(session, ann, "ben")
    buys(session, ben, "ben")
    assert (coffees(session, ann), coffees(session, ben)) == ([], [])
    assert referring.follow_late(session, NOW + days(10)) == [ben], "nobody has seen the purchase since"
    assert referring.follow_late(session, NOW + days(10)) == []
    later = NOW + days(12)
    assert referring.follow_late(session, later) == [ben]
    assert (coffees(session, ann), coffees(session, ben)) == (["reserved"], ["reserved"])
    assert referring.follow_late(session, later) == [], "and it is given once"
    returns(session, ben, "ben", later)
    assert (coffees(session, ann), coffees(session, ben)) == (["cancelled"], ["cancelled"])
    assert [balance for balance, _ in stand(session, ann, ben)] == [0, 0]
    assert prove(session).flaws == []


def test_a_reward_that_was_used_is_not_given_again(session: Session) -> None:
    """Whoever uses it, returns the purchase and buys once more has had theirs."""
    in_force(session, VOUCHERS.replace("hold_days: 14", "hold_days: 0"))
    ann = somebody(session, "ann")
    [ben] = brings(session, ann, "ben")
    buys(session, ben, "ben")
    for made in session.exec(select(Redemption)):
        made.state, made.used_at, made.closed_at = "used", NOW, NOW
        session.add(made)
    returns(session, ben, "ben")
    buys(session, ben, "ben", 1, order="again")
    assert (coffees(session, ann), coffees(session, ben)) == (["used"], ["used"])


@pytest.mark.parametrize("order", list(permutations(["first", "second", "back"])))
def test_rewards_end_the_same_in_any_order(session: Session, order: tuple[str, ...]) -> None:
    """R4: the first purchase goes back, the second stands in for it, in whichever order that is known."""
    in_force(session, VOUCHERS.replace("hold_days: 14", "hold_days: 0"))
    ann = somebody(session, "ann")
    [ben] = brings(session, ann, "ben")
    for step in order:
        if step == "back":
            returns(session, ben, "ben")
        else:
            buys(session, ben, "ben", 3 if step == "first" else 2, order="ben" if step == "first" else "two")
    [mine] = session.exec(select(Redemption).where(Redemption.member_id == ann))
    found = (mine.state, mine.reserved_at, mine.expires_at)
    assert found == ("reserved", NOW - days(2), NOW + days(28))


def test_a_member_is_paid_for_so_many_friends_in_a_month(session: Session) -> None:
    in_force(
        session, FRIENDS.replace("hold_days: 14", "hold_days: 14\n      per_member: {friends: 2, per: month}")
    )
    ann = somebody(session, "ann", 90)
    code = referring.open_link(session, ann, NOW - days(80))
    assert code is not None
    came = {"f1": 40.0, "f2": 39.0, "f3": 38.0, "f4": 5.0}
    for name, at in came.items():
        friend = somebody(session, name, int(at))
        referring.bring(session, friend, code.code, "link", NOW - days(at))
        buys(session, friend, name, at - 1)
    assert stand(session, ann)[0][0] == 3 * 500, "two of October, and the first of November"
    assert [reason for _, reason in sorted(status(session, ann), key=lambda one: one[1])] == [
        "",
        "",
        "",
        "full",
    ]


def test_a_link_ends_so_many_days_after_it_was_made_and_another_one_is_made(session: Session) -> None:
    in_force(session, FRIENDS.replace("hold_days: 14", "hold_days: 14\n      link_days: 30"))
    ann = somebody(session, "ann", 60)
    old = referring.open_link(session, ann, NOW - days(31))
    assert old is not None
    with pytest.raises(Refusal) as refused:
        referring.bring(session, somebody(session, "ben", 1), old.code, "link", NOW)
    assert refused.value.code == "offer_over"
    new = referring.open_link(session, ann, NOW)
    assert new is not None
    assert new.code != old.code
    assert referring.link_of(session, ann, NOW) == new


def test_offers_that_cannot_be_kept_are_not_published(session: Session) -> None:
    for wrong in (
        VOUCHERS.replace("{reward: coffee}", "{reward: cofee}"),
        VOUCHERS.replace("valid_days: 30", "valid_days: 30, stock: 3"),
        VOUCHERS.replace("sharer: {reward: coffee}", "sharer: {promotional: true}"),
        MANY.replace("friends: 3", "friends: 2"),
    ):
        with pytest.raises(Refusal):
            load(wrong)


def test_what_a_friend_brings_is_kept_with_the_referral(session: Session) -> None:
    in_force(session, FRIENDS)
    ann = somebody(session, "ann")
    [ben] = brings(session, ann, "ben")
    buys(session, ben, "ben")
    row = session.exec(select(Referral)).one()
    assert (row.counts_at, row.earned) == (NOW - days(3), 500)
    returns(session, ben, "ben")
    assert (row.counts_at, row.sure_at, row.earned) == (None, None, 0)
    assert json.loads(row.said)[0][1] == "joined"
