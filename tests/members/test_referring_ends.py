"""Bringing friends where somebody leaves, is erased, turns out to be somebody else, or has spent it by then."""

from __future__ import annotations

import json
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members import bringing
from members.actions import own, referring
from members.actions.erase import erase
from members.actions.merging import merge, undo
from members.actions.record import record
from members.actions.staff import adjust
from members.own_records import sections
from members.programme import apply, load
from members.prove import prove
from members.referral_tables import Brought, Referral
from members.suspicion_tables import OPEN, Suspicion
from members.tables import FactRow
from tests.builders import NOW, a_fact, a_line, a_refund, an_order, days, in_force
from tests.members.test_referring import FRIENDS, bought, code_of, somebody, stand, status

ADA = "owner:ada"
AT_ONCE = FRIENDS.replace("hold_days: 14", "hold_days: 0")


@pytest.fixture
def refusing(session: Session) -> None:
    in_force(session, AT_ONCE.replace("points:\n", "points:\n  negative_balance: {policy: refuse}\n", 1))


@pytest.fixture
def offered(session: Session) -> None:
    in_force(session, AT_ONCE)


def two(session: Session) -> tuple[UUID, UUID]:
    """Ann, and Ben whom she has brought."""
    ann, ben = somebody(session, "ann"), somebody(session, "ben", 5)
    referring.bring(session, ben, code_of(session, ann), "link", NOW)
    return ann, ben


def buys(session: Session, friend: UUID, order: str, name: str = "ben", at: float = 3) -> None:
    record(session, [bought(name, order, "40.00", at)], NOW)
    referring.follow(session, [friend], NOW)


def returns(session: Session, friend: UUID, order: str, name: str = "ben") -> None:
    refund = a_refund(order, ("1", "40.00"), subject=f"email:{name}@shop.example")
    record(session, [refund], NOW)
    referring.follow(session, [friend], NOW)


def points(session: Session, *members: UUID) -> list[int]:
    return [balance for balance, _ in stand(session, *members)]


@pytest.mark.usefixtures("refusing")
def test_points_that_are_spent_and_cannot_be_taken_back_are_not_given_again(session: Session) -> None:
    ann, ben = two(session)
    buys(session, ben, "1")
    adjust(session, ann, -500, "Spent", ADA, NOW)
    for number in range(1, 4):
        returns(session, ben, str(number))
        buys(session, ben, str(number + 1))
    assert points(session, ann, ben) == [0, 340]
    returns(session, ben, "4")
    assert points(session, ann, ben) == [0, 0], "nothing of hers is there to be taken"
    record(session, [bought("ann", "a", "600.00", 10)], NOW)
    assert ben in referring.follow_late(session, NOW)
    assert points(session, ann, ben) == [100, 0], "and now it is, by an order of hers that came late"
    assert prove(session).flaws == []


@pytest.mark.parametrize("policy", ["debt, limit: 5000", "zero"])
def test_a_purchase_that_stands_in_pays_for_the_same_reward(session: Session, policy: str) -> None:
    changed = AT_ONCE.replace("points:\n", f"points:\n  negative_balance: {{policy: {policy}}}\n", 1)
    in_force(session, changed)
    ann, ben = two(session)
    for number in range(2):
        buys(session, ben, str(number), at=3 - number)
    adjust(session, ann, -500, "Spent", ADA, NOW)
    returns(session, ben, "0")
    assert points(session, ann) == [0]
    assert prove(session).flaws == []


@pytest.mark.usefixtures("offered")
def test_who_has_left_is_paid_when_they_come_back(session: Session) -> None:
    ann, ben = two(session)
    own.leave(session, ann, ADA, NOW)
    buys(session, ben, "1")
    assert points(session, ann, ben) == [0, 340]
    assert "rewarded" not in str(
        [one for one in json.loads(status(session, ann)[0][0]) if one[2] == "sharer"]
    )
    assert referring.follow_late(session, NOW + days(1)) == [ben]
    own.come_back(session, ann, ADA, NOW + days(2))
    assert referring.follow_late(session, NOW + days(2)) == [ben]
    assert points(session, ann, ben) == [500, 340]
    referring.follow_late(session, NOW + days(3))
    assert referring.follow_late(session, NOW + days(4)) == [], "nothing is left to be tried"
    facts = session.exec(select(FactRow.fact_id).where(col(FactRow.type) == "referral.rewarded")).all()
    assert len(facts) == len(set(facts)) == 2


@pytest.mark.usefixtures("offered")
def test_a_later_programme_changes_nothing_of_before(session: Session) -> None:
    ann, ben = somebody(session, "ann"), somebody(session, "ben", 5)
    record(session, [bought("ben", "0", "40.00", 12)], NOW)
    referring.bring(session, ben, code_of(session, ann), "link", NOW)
    paid = points(session, ann, ben)
    assert paid[0] == 500
    later = AT_ONCE.replace("late_days: 14", "late_days: 0")
    apply(session, load(later), base=1, actor="test", now=NOW + days(1))
    referring.follow(session, [ben], NOW + days(2))
    assert points(session, ann, ben) == paid


@pytest.mark.usefixtures("offered")
def test_who_is_erased_takes_nothing_from_whoever_brought_them(session: Session) -> None:
    ann, ben = two(session)
    buys(session, ben, "1")
    kept = session.get_one(Brought, ben).model_dump()
    erase(session, ben, ADA, NOW)
    assert session.get(Brought, ben) is None
    referring.follow(session, [ben], NOW)
    session.add(Brought(**kept))  # as it was left by those who were erased before
    session.flush()
    referring.follow(session, [ben], NOW)
    assert points(session, ann) == [500]


@pytest.mark.usefixtures("offered")
def test_who_is_erased_is_not_paid_and_their_friend_is(session: Session) -> None:
    ann, ben = two(session)
    erase(session, ann, ADA, NOW)
    buys(session, ben, "1")
    assert points(session, ann, ben) == [0, 340]
    assert referring.follow_late(session, NOW + days(1)) == [ben]
    assert referring.follow_late(session, NOW + days(2)) == [], "there is nothing to be tried again"


def test_postage_that_is_kept_is_no_purchase(session: Session) -> None:
    in_force(session, AT_ONCE.replace('order_min: "20.00"', 'order_min: "0"'))
    ann, ben = two(session)
    his = "email:ben@shop.example"
    record(session, [an_order("1", a_line("40.00"), at=NOW - days(1), subject=his, shipping="5.00")], NOW)
    referring.follow(session, [ben], NOW)
    assert points(session, ann) == [500]
    returns(session, ben, "1")
    assert points(session, ann) == [0]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("kept", ["sharer", "friend"])
def test_two_who_become_one_account_have_brought_nobody(session: Session, kept: str) -> None:
    ann, ben = two(session)
    buys(session, ben, "1")
    gone, into = (ben, ann) if kept == "sharer" else (ann, ben)
    merge(session, gone, into, "One person", ADA, NOW)
    assert referring.follow_late(session, NOW) == [ben]
    assert points(session, gone, into) == [0, 40]
    assert status(session, ann) == [("[]", "same")]
    with pytest.raises(Refusal) as refused:
        referring.bring(session, into, code_of(session, ann), "code", NOW)
    assert refused.value.code == "code_own"
    undo(session, gone, ADA, NOW + days(1))
    referring.follow_late(session, NOW + days(1))
    assert points(session, ann, ben) == [500, 340]
    assert prove(session).flaws == []


@pytest.mark.usefixtures("offered")
def test_an_old_customer_is_no_newcomer_by_another_account(session: Session) -> None:
    old = somebody(session, "old", 400)
    record(session, [bought("old", "0", "40.00", 300)], NOW)
    ann, ben = two(session)
    buys(session, ben, "1")
    assert points(session, ann, ben) == [500, 340]
    merge(session, old, ben, "One person", ADA, NOW)
    assert referring.follow(session, [old, ben], NOW) == 1
    assert points(session, ann, ben) == [0, 80]
    assert status(session, ann)[0][1] == "not_new"


@pytest.mark.usefixtures("offered")
def test_purchases_of_the_account_that_a_friend_has_now_count(session: Session) -> None:
    ann, ben = two(session)
    kept = somebody(session, "kept", 4)
    merge(session, ben, kept, "One person", ADA, NOW)
    referring.follow(session, [kept], NOW)
    record(session, [bought("kept", "1", "40.00", 1)], NOW)
    assert referring.brought(session, [kept]) == [ben]
    assert referring.follow_late(session, NOW) == [ben]
    assert points(session, ann, kept) == [500, 340]
    code = code_of(session, somebody(session, "cem"))
    with pytest.raises(Refusal) as refused:
        referring.bring(session, kept, code, "code", NOW)
    assert refused.value.code == "brought_already"


def test_a_member_over_the_limit_is_not_paid_and_the_friend_is(session: Session) -> None:
    in_force(session, AT_ONCE.replace("hold_days: 0", "hold_days: 0\n      per_member: 1"))
    ann, ben = two(session)
    cem = somebody(session, "cem", 5)
    referring.bring(session, cem, code_of(session, ann), "link", NOW)
    buys(session, ben, "1")
    buys(session, cem, "2", "cem")
    assert points(session, ann, ben, cem) == [500, 340, 340]
    assert sorted(reason for _, reason in status(session, ann)) == ["", "full"]
    returns(session, cem, "2", "cem")
    assert points(session, ann, ben, cem) == [500, 340, 0]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("joined", [3.0, 6.0])
def test_an_order_that_names_a_code_and_the_sign_up_come_in_either_order(
    session: Session, joined: float
) -> None:
    """R4: the order was made five days ago; its customer signed up before it, or afterwards."""
    ann, ends = somebody(session, "ann"), list[object]()
    code = code_of(session, ann)
    for number, order in enumerate(permutations(["order", "signed_up", "second"])):
        name = f"customer:{number}"
        first = an_order(f"{number}", "40.00", at=NOW - days(5), subject=name, codes=[code])
        facts = {
            "order": first,
            "second": an_order(f"{number}-2", "40.00", at=NOW - days(2), subject=name),
            "signed_up": a_fact(
                "member.signed_up", {}, at=NOW - days(joined), id=f"joined-{number}", subject=name
            ),
        }
        friends = [record(session, [facts[step]], NOW)[0].member_id for step in order]
        friend = friends[0]
        assert friend is not None
        referring.follow(session, [friend], NOW)
        row = session.exec(select(Referral).where(Referral.friend_id == friend)).one()
        reached = sorted(tuple(one[1:4]) for one in json.loads(row.said))
        ends.append((row.came_at, reached, points(session, friend)))
    assert ends == [ends[0]] * 6
    assert prove(session).flaws == []


def test_an_order_counts_by_when_the_code_was_named(session: Session) -> None:
    closing = (NOW - days(2)).isoformat()
    in_force(session, AT_ONCE.replace("hold_days: 0", f'hold_days: 0\n      closes: "{closing}"'))
    ann, ben = somebody(session, "ann"), somebody(session, "ben", 5)
    link = referring.open_link(session, ann, NOW - days(10))
    assert link is not None
    with pytest.raises(Refusal) as refused:
        referring.bring(session, ben, link.code, "code", NOW)
    assert refused.value.code == "offer_over"
    bringing.bring(session, ben, link.code, "order", NOW - days(3), NOW, record)
    assert session.get_one(Brought, ben).sharer_id == ann


def test_what_was_set_aside_for_an_order_is_no_money_of_the_friend(session: Session) -> None:
    """An order that says nothing of points was paid with what was set aside for it, here as in the ledger."""
    in_force(session, AT_ONCE + "paying: {share: 100}\n")
    ann, ben = two(session)
    adjust(session, ben, 5000, "A present of the shop", ADA, NOW - days(4))
    held = {"payment_id": "p", "order_id": "1", "points": 2500, "money": "25.00"}
    fact = a_fact("payment.held", held, at=NOW - days(3), subject=f"member:{ben}", internal=True)
    assert record(session, [fact], NOW)[0].status == "recorded"
    buys(session, ben, "1")  # 40.00, of which 15.00 in money: below the 20.00 that the offer asks for
    assert status(session, ann)[0][1] == "order_small"


@pytest.mark.feature(133)
def test_ones_own_data_tell_nothing_of_a_friends_orders(session: Session, offered: None) -> None:
    ann, ben = two(session)
    buys(session, ben, "pos-100482")
    told = {name: list(rows) for name, _, rows in sections(session, ann)}
    assert [one["earned"] for one in told["friends"]] == [500]
    assert "pos-100482" not in json.dumps(told["friends"])
    session.add(Suspicion(member_id=ann, referral_id=uuid4(), friend_id=ben, found="{}"))
    session.add(
        Suspicion(member_id=ann, referral_id=uuid4(), friend_id=ben, found="{}", status=OPEN, opened_at=NOW)
    )
    session.flush()
    told = {name: list(rows) for name, _, rows in sections(session, ann)}
    assert [one["status"] for one in told["looked_at"]] == [OPEN]
