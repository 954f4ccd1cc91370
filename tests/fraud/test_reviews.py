"""Friends who look like somebody who was here already: nothing is paid until staff have decided, and what follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.actions import joining, merging, referring, suspicions
from members.actions.erase import erase
from members.actions.joining import Wish
from members.actions.record import record
from members.prove import prove
from members.referral_tables import Referral
from members.suspicion_signs import Signs, digest, hidden, saw
from members.suspicion_tables import OPEN, PAID, Sign, Suspicion
from members.tables import Audit, FactRow
from members.way_tables import Staff
from rewards.tables import Lot
from tests.builders import NOW, a_refund, an_order, days, in_force
from tests.fraud.playing import SECRET
from tests.members.test_referring import FRIENDS, code_of, stand

pytestmark = pytest.mark.feature(84)
KIM = "support:kim"


def signs(**seen: str) -> Signs:
    return tuple((kind, digest(kind, value, SECRET)) for kind, value in seen.items())


@pytest.fixture(autouse=True)
def offered(session: Session) -> None:
    in_force(session, FRIENDS)


def ann_with(session: Session, **seen: str) -> UUID:
    return joining.join(session, "email:ann@shop.example", Wish(signs=signs(**seen)), NOW - days(40))


def friend(session: Session, code: str, name: str = "ben", at: float = 5, **seen: str) -> UUID:
    wish = Wish(invited=code, signs=signs(**seen))
    return joining.join(session, f"email:{name}@shop.example", wish, NOW - days(at))


def buys(
    session: Session,
    who: UUID,
    order: str = "1",
    at: float = 3,
    name: str = "ben",
    now: datetime = NOW,
    **more: str,
) -> None:
    fact = an_order(order, "40.00", at=NOW - days(at), subject=f"email:{name}@shop.example", **more)
    record(session, [hidden(fact, lambda: SECRET)], now)
    referring.follow(session, [who], now)


def rewards(session: Session, *members: UUID) -> list[int]:
    """Points of referrals that are on each account, pending or not."""
    lots = select(Lot.member_id, Lot.remaining).where(col(Lot.cause).like("referral|%"), Lot.remaining > 0)
    rows = session.exec(lots).all()
    return [sum(left for who, left in rows if who == member_id) for member_id in members]


def case(session: Session) -> Suspicion:
    return session.exec(select(Suspicion).execution_options(populate_existing=True)).one()


def decide(session: Session, verb: object, now: datetime = NOW) -> None:
    assert callable(verb)
    row = case(session)
    verb(session, (row.member_id, row.referral_id), suspicions.evidence(row), KIM, now)


def reason(session: Session) -> str:
    return session.exec(select(Referral.reason)).one()


def test_the_same_browser_holds_both_rewards_and_staff_let_them_go(session: Session) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), device="one")
    assert case(session).status == "", "nobody is asked before there is anything to pay"
    buys(session, ben)
    assert rewards(session, ann, ben) == [0, 0]
    assert (case(session).status, case(session).counted, reason(session)) == (OPEN, "device", "review")
    decide(session, suspicions.pay)
    assert rewards(session, ann, ben) == [500, 300]
    assert (case(session).status, case(session).actor, reason(session)) == (PAID, KIM, "")
    told = session.exec(select(Audit.actor, Audit.action).where(col(Audit.action).like("friend.%"))).all()
    assert told == [(KIM, "friend.paid")]
    decide(session, suspicions.refuse)
    assert rewards(session, ann, ben) == [0, 0], "what was let go before goes back"
    assert prove(session).flaws == []


def test_released_after_the_time_for_returns_they_can_be_used_at_once(session: Session) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), at=39, device="one")
    buys(session, ben, at=38)
    decide(session, suspicions.pay)
    lots = session.exec(select(Lot.active_from).where(col(Lot.cause).like("referral|%"))).all()
    assert lots == [NOW, NOW], "and their time begins with the decision"


def test_family_and_flatmates_are_paid_as_ever(session: Session) -> None:
    ann = ann_with(session, network="home", device="hers")
    buys(session, ann, "0", at=30, name="ann", address="1 Elm Street", payment="hers")
    ben = friend(session, code_of(session, ann), network="home", device="his")
    buys(session, ben, address="1, elm street", payment="his")
    assert rewards(session, ann, ben) == [500, 300]
    assert (case(session).counted, case(session).status) == ("address network", "")


@pytest.mark.parametrize(
    "order", list(permutations(("sign of ann", "sign of ben", "order", "refund of another")))
)
def test_what_is_found_does_not_depend_on_what_came_first(session: Session, order: tuple[str, ...]) -> None:
    ann = ann_with(session)
    ben = friend(session, code_of(session, ann))
    for step in order:
        if step == "sign of ann":
            saw(session, ann, signs(device="one"), NOW - days(2))
        elif step == "sign of ben":
            saw(session, ben, signs(device="one"), NOW - days(1))
        elif step == "order":
            record(session, [an_order("1", "40.00", at=NOW - days(3), subject="email:ben@shop.example")], NOW)
        else:
            record(session, [a_refund("9", ("1", "1.00"), at=NOW, subject="email:ben@shop.example")], NOW)
        referring.follow_late(session, NOW)
    referring.follow(session, [ben], NOW)
    found = (case(session).found, case(session).counted, case(session).status, rewards(session, ann, ben))
    since = (NOW - days(1)).isoformat()
    assert found == (f'{{"device": ["{since}", 1]}}', "device", OPEN, [0, 0])


def test_what_is_seen_after_the_points_can_be_used_takes_nothing_away(session: Session) -> None:
    ann = ann_with(session, device="hers")
    ben = friend(session, code_of(session, ann), at=39, device="his")
    buys(session, ben, at=38)
    assert rewards(session, ann, ben) == [500, 300]
    saw(session, ann, signs(device="his"), NOW)
    referring.follow_late(session, NOW)
    assert rewards(session, ann, ben) == [500, 300]
    assert case(session).status == ""


def test_a_decision_holds_until_something_of_another_kind_is_found(session: Session) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), device="one")
    buys(session, ben)
    decide(session, suspicions.pay)
    saw(session, ben, signs(device="two"), NOW - days(1))
    saw(session, ann, signs(device="two"), NOW - days(1))
    referring.follow(session, [ben], NOW)
    assert rewards(session, ann, ben) == [500, 300], "one more browser is nothing new"
    saw(session, ann, signs(payment="card"), NOW - days(1))
    saw(session, ben, signs(payment="card"), NOW - days(1))
    assert referring.follow_late(session, NOW) == [ben]
    assert (case(session).status, case(session).counted) == (OPEN, "device payment")
    assert rewards(session, ann, ben) == [0, 0]


def test_signs_that_are_forgotten_do_not_pay_by_themselves(session: Session) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), device="one")
    buys(session, ben)
    for sign in session.exec(select(Sign)).all():
        session.delete(sign)
    session.flush()
    referring.follow(session, [ben], NOW)
    erase(session, ann, "owner:ada", NOW)
    referring.follow(session, [ben], NOW)
    assert rewards(session, ben) == [0], "nor does whoever shared by being erased"


def test_a_member_says_something_to_it_once(session: Session) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), device="one")
    key = session.exec(select(Referral.referral_id)).one().hex
    with pytest.raises(Refusal, match="nothing to look at"):
        suspicions.appeal(session, ann, key, "Please", NOW)
    buys(session, ben)
    decide(session, suspicions.refuse)
    assert reason(session) == "refused"
    for who, words, code in ((ann, "x", "words_missing"), (ben, "It is me", "nothing_held")):
        with pytest.raises(Refusal) as refused:
            suspicions.appeal(session, who, key, words, NOW)
        assert refused.value.code == code
    suspicions.appeal(session, ann, key, "  We share  a computer at work ", NOW)
    assert (case(session).status, case(session).appeal) == (OPEN, "We share a computer at work")
    assert reason(session) == "review"
    with pytest.raises(Refusal, match="asked already"):
        suspicions.appeal(session, ann, key, "Once more", NOW)
    decide(session, suspicions.pay)
    assert rewards(session, ann, ben) == [500, 300]
    erase(session, ann, "owner:ada", NOW)
    assert case(session).appeal == "", "whoever is erased leaves no words behind"


@pytest.mark.parametrize("who", ["ann", "ben"])
def test_nobody_lets_go_what_would_be_paid_to_themselves(session: Session, who: str) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), device="one")
    buys(session, ben)
    mine = {"ann": ann, "ben": ben}[who]
    other = joining.join(session, "email:kim@shop.example", Wish(), NOW)
    session.add(Staff(staff_id="kim", name="Kim", email="kim@shop.example", role="support", created_at=NOW))
    merging.merge(session, mine, other, "One person", "owner:ada", NOW)
    with pytest.raises(Refusal, match="somebody else has to decide") as refused:
        decide(session, suspicions.pay)
    assert (refused.value.status, case(session).status) == (403, OPEN)
    decide(session, suspicions.refuse)
    row = case(session)
    suspicions.pay(session, (row.member_id, row.referral_id), suspicions.evidence(row), "owner:ada", NOW)
    assert case(session).status == PAID


def test_what_came_meanwhile_is_not_decided_unseen(session: Session) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), device="one")
    buys(session, ben)
    row, seen = case(session), suspicions.evidence(case(session))
    saw(session, ann, signs(payment="card"), NOW - days(1))
    saw(session, ben, signs(payment="card"), NOW - days(1))
    with pytest.raises(Refusal, match="changed meanwhile"):
        suspicions.pay(session, (row.member_id, row.referral_id), seen, KIM, NOW)
    decide(session, suspicions.refuse)
    with pytest.raises(Refusal, match="decided already"):
        decide(session, suspicions.refuse, NOW + timedelta(minutes=1))


def test_of_an_address_and_a_means_of_payment_hashes_alone_are_kept(session: Session) -> None:
    ann = ann_with(session)
    buys(session, ann, "0", name="ann", address="1 Elm Street", payment="card-4242")
    raw = an_order(
        "raw", "1.00", subject="email:ann@shop.example", address="Nobody hashed this", payment="nor this"
    )
    record(session, [raw], NOW)
    facts = " ".join(session.exec(select(FactRow.data)).all())
    for word in ("Elm Street", "card-4242", "hashed this", "nor this", "hmac:"):
        assert word not in facts
    kept = session.exec(select(Sign.kind, Sign.digest).where(Sign.member_id == ann)).all()
    assert sorted(kept) == sorted(signs(address="1 elm street", payment="card-4242"))
    assert digest("address", "1, ELM  street", SECRET) == digest("address", "1 Elm Street", SECRET)
    assert digest("address", "1 Elm Street", SECRET) != digest("address", "1 Elm Street", b"another secret")


def test_a_return_while_it_is_looked_at_leaves_nothing_to_decide(session: Session) -> None:
    ann = ann_with(session, device="one")
    ben = friend(session, code_of(session, ann), device="one")
    buys(session, ben)
    record(session, [a_refund("1", ("1", "40.00"), subject="email:ben@shop.example")], NOW)
    referring.follow(session, [ben], NOW)
    assert case(session).status == ""
    assert [balance for balance, _ in stand(session, ann, ben)] == [0, 0]
