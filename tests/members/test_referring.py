"""Bringing friends: any order of click, joining, order and refund ends the same, and both sides go together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import permutations
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from badges.tables import Award
from facts.events import Fact
from facts.refusals import Refusal
from members.actions import joining, referring
from members.actions.joining import Wish
from members.actions.record import record
from members.programme import apply, load
from members.prove import prove
from members.referral_codes import by_code, mine, read
from members.referral_tables import Referral, ReferralCode
from members.tables import FactRow, Standing
from rewards.tables import Lot
from tests.builders import NOW, PROGRAMME, a_refund, an_order, days, in_force

FRIENDS = (
    PROGRAMME
    + """
referrals:
  late_days: 14
  offers:
    - slug: give-get
      name: Give 5, get 5
      sharer: {points: 500}
      friend: {points: 300, promotional: true}
      order_min: "20.00"
      hold_days: 14
"""
)


def somebody(session: Session, name: str, at: int = 30) -> UUID:
    """A member who joined so many days ago."""
    return joining.join(session, f"email:{name}@shop.example", Wish(), NOW - days(at))


def code_of(session: Session, member_id: UUID) -> str:
    link = mine(session, member_id, NOW)
    assert link is not None
    return link.code


def bought(name: str, order: str, amount: str, at: float) -> Fact:
    return an_order(order, amount, at=NOW - days(at), subject=f"email:{name}@shop.example")


def stand(session: Session, *members: UUID) -> list[tuple[int, dict[str, tuple[int, str, str]]]]:
    """Balance and lots, by what they were opened for, of each."""
    found: list[tuple[int, dict[str, tuple[int, str, str]]]] = []
    for member_id in members:
        standing = session.get(Standing, member_id, populate_existing=True)
        lots = session.exec(
            select(Lot).where(Lot.member_id == member_id, col(Lot.remaining) != 0)
            .execution_options(populate_existing=True)
        )  # fmt: skip
        told = {
            f"{lot.cause.split('|')[0]} {lot.at.isoformat()}": (
                lot.remaining,
                str(lot.active_from),
                str(lot.expires_at),
            )
            for lot in lots
        }
        assert standing is not None
        found.append((standing.balance, told))
    return found


def status(session: Session, sharer: UUID) -> list[tuple[str, str]]:
    rows = session.exec(select(Referral).where(Referral.member_id == sharer))
    return [(row.said, row.reason) for row in rows]


@pytest.fixture(autouse=True)
def offered(session: Session) -> None:
    in_force(session, FRIENDS)


def test_both_get_their_points_and_both_lose_them(session: Session) -> None:
    sharer, friend = somebody(session, "ann"), somebody(session, "ben", 5)
    referring.bring(session, friend, code_of(session, sharer), "link", NOW)
    before = [balance for balance, _ in stand(session, sharer, friend)]
    record(session, [bought("ben", "1", "40.00", 3)], NOW)
    referring.follow(session, [friend], NOW)
    (mine_, lots), (theirs, _) = stand(session, sharer, friend)
    assert (mine_, theirs) == (before[0] + 500, before[1] + 300 + 40)
    [(points, active, _)] = [lot for name, lot in lots.items() if name.startswith("referral")]
    assert (points, active[:10]) == (500, "2026-12-03"), "on the local day fourteen days after the order"
    record(session, [a_refund("1", ("1", "40.00"), subject="email:ben@shop.example")], NOW)
    referring.follow(session, [friend], NOW)
    assert [balance for balance, _ in stand(session, sharer, friend)] == before
    assert prove(session).flaws == []


def test_doing_it_again_changes_nothing(session: Session) -> None:
    sharer, friend = somebody(session, "ann"), somebody(session, "ben", 5)
    referring.bring(session, friend, code_of(session, sharer), "link", NOW)
    record(session, [bought("ben", "1", "40.00", 3)], NOW)
    for _ in range(3):
        assert referring.follow(session, [friend, sharer], NOW) == 1
    facts = session.exec(select(FactRow.fact_id).where(col(FactRow.type).like("referral.%"))).all()
    assert len(facts) == 4  # joined, bought, and a reward each


def test_every_order_of_arrival_ends_the_same(session: Session) -> None:
    """R4: what is known of a friend comes in any order; balances, lots and steps are the same in the end."""
    sharer = somebody(session, "ann")
    code, ends = code_of(session, sharer), list[object]()
    for number, order in enumerate(permutations(["join", "small", "first", "second", "refund"])):
        if order.index("join") > 0 and number % 5:
            continue  # most of those in which orders wait for their owner are the same to the engine
        name = f"p{number}"
        friend = the_way(session, name, order, code)
        rows = session.exec(select(Referral).where(Referral.friend_id == friend)).one()
        reached = [(one[1], one[2], one[3], one[5], one[6]) for one in sorted_steps(rows)]
        [(balance, lots)] = stand(session, friend)
        ends.append((reached, balance, lots))
    assert len(ends) > 40
    assert all(end == ends[0] for end in ends)
    assert prove(session).flaws == []


def sorted_steps(row: Referral) -> Sequence[list[object]]:
    return sorted(json.loads(row.said), key=lambda one: (one[1], one[2], one[5]))


def the_way(session: Session, name: str, order: Sequence[str], code: str) -> UUID:
    facts = {
        "small": bought(name, f"{name}-0", "5.00", 4),
        "first": bought(name, f"{name}-1", "40.00", 3),
        "second": bought(name, f"{name}-2", "25.00", 2),
        "refund": a_refund(
            f"{name}-1", ("1", "40.00"), at=NOW - days(1), subject=f"email:{name}@shop.example"
        ),
    }
    friend: UUID | None = None
    for step in order:
        if step == "join":
            friend = somebody(session, name, 5)
            referring.bring(session, friend, code, "link", NOW)
        else:
            record(session, [facts[step]], NOW)
        if friend:
            referring.follow(session, [friend], NOW)
    assert friend is not None
    return friend


def test_the_second_purchase_becomes_the_first(session: Session) -> None:
    sharer, friend = somebody(session, "ann"), somebody(session, "ben", 5)
    referring.bring(session, friend, code_of(session, sharer), "code", NOW)
    record(session, [bought("ben", "1", "40.00", 4), bought("ben", "2", "50.00", 2)], NOW)
    referring.follow(session, [friend], NOW)
    record(session, [a_refund("1", ("1", "40.00"), subject="email:ben@shop.example")], NOW)
    referring.follow(session, [friend], NOW)
    [(_, lots)] = stand(session, sharer)
    [(points, active, _)] = [lot for name, lot in lots.items() if name.startswith("referral")]
    assert (points, active[:10]) == (500, "2026-12-04"), "by the order that is left"


def test_nobody_is_brought_in_a_circle_or_twice_or_by_themselves(session: Session) -> None:
    ann, ben, cem = (somebody(session, name, 5) for name in ("ann", "ben", "cem"))
    referring.bring(session, ben, code_of(session, ann), "link", NOW)
    referring.bring(session, cem, code_of(session, ben), "link", NOW)
    for who, whose, code in ((ann, ann, "code_own"), (ann, cem, "code_circle"), (ann, ben, "code_circle"),
                             (cem, ann, "brought_already")):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            referring.bring(session, who, code_of(session, whose), "code", NOW)
        assert refused.value.code == code


def test_a_code_is_good_for_newcomers_only(session: Session) -> None:
    sharer, old, known = somebody(session, "ann"), somebody(session, "old", 15), somebody(session, "known", 5)
    code = code_of(session, sharer)
    with pytest.raises(Refusal) as refused:
        referring.bring(session, old, code, "code", NOW)
    assert refused.value.code == "code_late"
    record(session, [bought("known", "9", "40.00", 60), bought("known", "10", "40.00", 1)], NOW)
    referring.bring(session, known, code, "code", NOW)
    assert status(session, sharer)[0][1] == "not_new"
    assert stand(session, sharer)[0][1] == {}


def test_a_link_keeps_the_terms_that_it_was_shared_with(session: Session) -> None:
    ann, ben, cem = (somebody(session, name, 5) for name in ("ann", "ben", "cem"))
    old = code_of(session, ann)
    assert code_of(session, ann) == old
    apply(session, load(FRIENDS.replace("points: 500", "points: 50")), base=1, actor="test", now=NOW)
    new = code_of(session, ann)
    assert new != old
    for friend, code in ((ben, old), (cem, new)):
        referring.bring(session, friend, code, "link", NOW)
    record(session, [bought("ben", "1", "40.00", 1), bought("cem", "2", "40.00", 1)], NOW)
    referring.follow(session, [ben, cem], NOW)
    assert stand(session, ann)[0][0] == 550


def test_a_member_is_paid_for_so_many_friends(session: Session) -> None:
    limited = FRIENDS.replace("hold_days: 14", "hold_days: 14\n      per_member: 2")
    apply(session, load(limited), base=1, actor="test", now=NOW)
    ann = somebody(session, "ann")
    for number in range(4):
        friend = somebody(session, f"f{number}", 5)
        referring.bring(session, friend, code_of(session, ann), "link", NOW)
        record(session, [bought(f"f{number}", str(number), "40.00", 1)], NOW)
        referring.follow(session, [friend], NOW)
    assert stand(session, ann)[0][0] == 1000
    assert sorted(reason for _, reason in status(session, ann)) == ["", "", "full", "full"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("swift-otter-42", "swift-otter-42"), (" Swift Otter 42 ", "swift-otter-42"), ("https://club.example/r/swift-otter-42/",
     "swift-otter-42"), ("swift", ""), ("' OR 1=1 --", ""), ("", ""), ("a" * 9000, "")],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert read(typed) == code


def test_a_code_that_nobody_has(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        by_code(session, "swift-otter-42")
    assert refused.value.status == 404
    assert session.exec(select(ReferralCode)).all() == []


def test_who_joins_by_a_link_is_brought_by_its_owner(session: Session) -> None:
    sharer = somebody(session, "ann")
    wish = Wish(invited=code_of(session, sharer))
    friend = joining.join(session, "email:ben@shop.example", wish, NOW - days(1))
    [(said, _)] = status(session, sharer)
    assert "joined" in said
    record(session, [bought("ben", "1", "40.00", 0.5)], NOW)
    referring.follow(session, [friend], NOW)
    assert stand(session, sharer)[0][0] == 500


def test_a_code_named_at_the_till_counts(session: Session) -> None:
    """The link was opened on a telephone, and the purchase is made at the counter: the code is named there."""
    sharer = somebody(session, "ann")
    code = code_of(session, sharer)
    order = an_order("7", "40.00", at=NOW - days(1), subject="customer:77", codes=["SUMMER", code.upper()])
    [outcome] = record(session, [order], NOW)
    assert outcome.member_id is not None
    assert stand(session, sharer, outcome.member_id)[0][0] == 500
    assert stand(session, outcome.member_id)[0][0] == 340
    record(session, [a_refund("7", ("1", "40.00"), subject="customer:77")], NOW)
    referring.follow(session, [outcome.member_id], NOW)
    assert [balance for balance, _ in stand(session, sharer, outcome.member_id)] == [0, 0]


def test_a_badge_counts_friends_who_bought_twice(session: Session) -> None:
    badge = """
badges:
  - {slug: matchmaker, name: Matchmaker,
     criterion: {kind: count, at_least: 3, where: {type: referral.bought, fields: [{name: order, equals: 2}]}}}
"""
    apply(session, load(FRIENDS + badge), base=1, actor="test", now=NOW - days(30))
    ann = somebody(session, "ann", 29)
    for number in range(3):
        friend = somebody(session, f"f{number}", 5)
        referring.bring(session, friend, code_of(session, ann), "link", NOW)
        twice = [bought(f"f{number}", f"{number}-{one}", "40.00", 3 - one) for one in range(2)]
        record(session, twice, NOW)
        referring.follow(session, [friend], NOW)
    held = select(Award.slug).where(Award.member_id == ann, col(Award.revoked_at).is_(None))
    assert session.exec(held).all() == ["matchmaker"]
    record(session, [a_refund("0-1", ("1", "40.00"), subject="email:f0@shop.example")], NOW)
    referring.follow(session, [session.exec(select(Referral.friend_id).limit(1)).one()], NOW)
    everybody = session.exec(select(Referral.friend_id)).all()
    referring.follow(session, everybody, NOW)
    assert session.exec(held).all() == []
